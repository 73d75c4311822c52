package bind

import (
	"fmt"
	"slices"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
)

// className is the name that Telethon's generator gives the class of def,
// without its namespace: sendMessage is SendMessageRequest, and what follows a _
// is a capital.
func className(def *schema.Combinator) string {
	_, name := cutOwner(def.Name)
	var b strings.Builder
	up := true
	for i := 0; i < len(name); i++ {
		ch := name[i]
		switch {
		case ch == '_':
			up = i+1 < len(name) && 'a' <= name[i+1] && name[i+1] <= 'z' || i == 0
			continue
		case up && 'a' <= ch && ch <= 'z':
			ch -= 'a' - 'A'
		}
		up = false
		b.WriteByte(ch)
	}
	if def.Method {
		b.WriteString("Request")
	}
	return b.String()
}

// classPath is a class as Python names it: what kind of module it is taken
// from, its namespace and its own name.
type classPath struct {
	methods, types bool // functions.… or types.…; neither where none is named
	space, name    string
}

func readClass(text string) classPath {
	var p classPath
	for {
		head, rest, ok := strings.Cut(text, ".")
		if !ok {
			break
		}
		switch {
		case head == "functions":
			p.methods = true
		case head == "types":
			p.types = true
		case head == "telethon" || head == "tl" || head == "sync":
		default:
			p.space, p.name = head, rest
			return p
		}
		text = rest
	}
	p.name = text
	return p
}

// classes are the definitions that a name of Telethon's may mean.
func (c *checker) classes(text string) []*schema.Combinator {
	p := readClass(text)
	if p.name == "" || p.name[0] < 'A' || p.name[0] > 'Z' {
		return nil
	}
	var out []*schema.Combinator
	add := func(name string) {
		for _, def := range c.schema.Named(name) {
			switch {
			case className(def) != p.name, p.space != "" && def.Namespace() != p.space:
			case p.methods && !def.Method, p.types && def.Method:
			default:
				out = append(out, def)
			}
		}
	}
	add(p.name)
	if base, ok := strings.CutSuffix(p.name, "Request"); ok {
		add(base)
	}
	// types.Message is the one without a namespace, where there is one.
	if p.space == "" && (p.methods || p.types) {
		if root := slices.IndexFunc(out, func(d *schema.Combinator) bool { return d.Namespace() == "" }); root >= 0 {
			return out[root : root+1]
		}
	}
	return out
}

// chosen narrows what a name may mean: to what makes the wanted type, then to
// messages' own.
func (c *checker) chosen(defs []*schema.Combinator, want *schema.Type) []*schema.Combinator {
	if len(defs) > 1 && want != nil && want.Kind == schema.KindBoxed {
		var fit []*schema.Combinator
		for _, d := range defs {
			if !d.Method && d.Result.Class == want.Class {
				fit = append(fit, d)
			}
		}
		if len(fit) > 0 {
			defs = fit
		}
	}
	if len(defs) > 1 {
		for _, d := range defs {
			if d.Namespace() == "messages" {
				return []*schema.Combinator{d}
			}
		}
	}
	return defs
}

// classOf is the definition that a class of Telethon's is; want and at say
// where it stands, and are empty at the head of a statement.
func (c *checker) classOf(name *syntax.Word, want *schema.Type, at place) *schema.Combinator {
	c.slot(name, want, RoleNone)
	defs := c.chosen(c.classes(name.Text), want)
	switch len(defs) {
	case 1:
		return defs[0]
	case 0:
		c.noClass(name, want, at)
		return nil
	}
	names := make([]string, len(defs))
	for i, d := range defs {
		names[i] = pythonPath(d)
	}
	c.errorf(name, "%s is the name of %d classes", show(name.Text), len(defs)).Fix = "write " + strings.Join(names, " or ")
	return nil
}

// pythonPath is the whole name of a class: functions.messages.SendMessageRequest.
func pythonPath(d *schema.Combinator) string {
	p := "types."
	if d.Method {
		p = "functions."
	}
	if ns := d.Namespace(); ns != "" {
		p += ns + "."
	}
	return p + className(d)
}

// noClass says that a class is not there.
func (c *checker) noClass(name *syntax.Word, want *schema.Type, at place) {
	text := name.Text
	p := readClass(text)
	if def := c.schema.Method(text); def != nil {
		c.errorf(name, "%s is TL's name, and inside Telethon's forms classes stand", show(text)).Fix = "write " + pythonPath(def) + ", or the whole line in TL's names: " + def.Name + " …"
		return
	}
	if def := c.schema.Constructor(text); def != nil {
		c.errorf(name, "%s is TL's name, and inside Telethon's forms classes stand", show(text)).Fix = "write " + className(def)
		return
	}
	msg := fmt.Sprintf("there is no class %s of Telethon's in layer %d", show(text), c.schema.Layer)
	if path := at.path(); path != "" {
		msg = fmt.Sprintf("there is no class %s of Telethon's, and %s wants %s", show(text), path, c.wants(want, at))
	}
	e := c.errorf(name, "%s", msg)
	all := make([]string, 0, len(c.schema.Methods())+len(c.schema.Constructors()))
	for _, list := range [][]*schema.Combinator{c.schema.Methods(), c.schema.Constructors()} {
		for _, d := range list {
			if p.space == "" || d.Namespace() == p.space {
				all = append(all, className(d))
			}
		}
	}
	if e.Fix = didYouMean(p.name, all); e.Fix != "" {
		return
	}
	if base := p.name; p.space != "" {
		p.space = ""
		if defs := c.classes(base); len(defs) > 0 {
			e.Fix = "write " + pythonPath(defs[0])
		}
	}
}
