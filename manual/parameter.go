package manual

import (
	"cmp"
	"slices"

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
// described first, and of these those of the most owners.
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
	slices.SortStableFunc(p.Uses, func(a, b Use) int {
		if (a.Text == "") != (b.Text == "") {
			return cmp.Compare(b.Text, a.Text) // what is said comes first
		}
		return cmp.Compare(len(b.Of), len(a.Of))
	})
	return p, len(p.Uses) > 0
}
