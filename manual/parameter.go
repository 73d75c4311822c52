package manual

import (
	"cmp"
	"slices"
	"strings"

	"tlsh/schema"
	"tlsh/schema/docs"
)

// Use is what a parameter is where it is of one type and one description, and
// whose it is there.
type Use struct {
	Type string   `json:"type"`
	Text string   `json:"text,omitempty"`
	Of   []string `json:"of"` // requests first
}

// parameter is the page about all parameters and fields of a name: those that are
// described first, of these those of requests, and of these the ones that most
// people call.
func (m *Manual) parameter(name string) (*Page, bool) {
	p := m.page("parameter", name, nil)
	take := func(def *schema.Combinator, d *docs.Page) {
		for i := range def.Params {
			q := &def.Params[i]
			if q.Name != name || q.Type.Kind == schema.KindFlags {
				continue
			}
			u := Use{Type: q.Type.Name, Text: d.Param(name)}
			at := slices.IndexFunc(p.Uses, func(o Use) bool { return o.Type == u.Type && o.Text == u.Text })
			if at < 0 {
				at = len(p.Uses)
				p.Uses = append(p.Uses, u)
			}
			p.Uses[at].Of = append(p.Uses[at].Of, def.Name)
		}
	}
	for _, def := range m.Schema.Methods() {
		take(def, docs.Method(def.Name))
	}
	for _, def := range m.Schema.Constructors() {
		take(def, docs.Constructor(def.Name))
	}
	standing := func(u Use) int {
		switch m := m.Schema.Method(u.Of[0]); {
		case m == nil:
			return 2
		case m.Namespace() != "messages":
			return 1
		}
		return 0
	}
	slices.SortStableFunc(p.Uses, func(a, b Use) int {
		if (a.Text == "") != (b.Text == "") {
			return cmp.Compare(b.Text, a.Text) // what is said comes first
		}
		return cmp.Or(standing(a)-standing(b), m.place(a)-m.place(b))
	})
	return p, len(p.Uses) > 0
}

// ParameterOf is the page about a parameter or field by its owner's name and its
// own: messages.sendMessage.silent. ok is false when there is none.
func (m *Manual) ParameterOf(name string) (p *Page, ok bool) {
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return nil, false
	}
	owner, name := name[:at], name[at+1:]
	p, _ = m.parameter(name)
	p.Uses = slices.DeleteFunc(p.Uses, func(u Use) bool { return !slices.Contains(u.Of, owner) })
	for i := range p.Uses {
		p.Uses[i].Of = []string{owner}
	}
	return p, len(p.Uses) > 0
}

// place is where in the schema the first owner stands: the oldest requests are
// those that are called most.
func (m *Manual) place(u Use) int {
	if def := m.Schema.Method(u.Of[0]); def != nil {
		return def.Line
	}
	return -len(u.Of) // of constructors, what the most of them have
}
