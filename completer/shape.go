package completer

import (
	"cmp"
	"slices"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// shape is what is known of a value: the value, or its type.
type shape struct {
	v tl.Value
	t *schema.Type
	// of are the shapes of the objects in it of which the type says no more than
	// that they are some, in their order: the results of a batch, an update shown.
	of []shape
}

// none reports that nothing is known.
func (s shape) none() bool { return s.v.IsNone() && s.t == nil }

// bare is the shape of what a definition makes.
func bare(def *schema.Combinator, of ...shape) shape {
	return shape{t: &schema.Type{Kind: schema.KindBare, Name: def.Name, Of: def}, of: of}
}

// listOf is a Vector of such shapes.
func listOf(s shape) shape {
	if s.t == nil {
		return shape{}
	}
	return shape{t: &schema.Type{Kind: schema.KindVector, Name: "Vector<" + s.t.Name + ">", Elem: s.t}, of: s.of}
}

// anyOf is any one of a Vector's elements.
func (s shape) anyOf() shape {
	const enough = 100 // to have met all constructors there are
	vec := s.v.Vector()
	if vec == nil {
		return s.elem()
	}
	var of []shape
	for _, v := range vec.Items[:min(len(vec.Items), enough)] {
		of = append(of, shape{v: v})
	}
	return shape{t: objectType(), of: of}
}

// objectType is the type of what may be any of several things.
func objectType() *schema.Type { return &schema.Type{Kind: schema.KindAny, Name: "Object"} }

// result is the shape of what a statement gives.
func (c *completion) result(in *bind.Info) shape {
	if in == nil {
		return shape{}
	}
	switch in.Kind {
	case bind.Request, bind.Pages:
		if o := in.Object(); o != nil {
			return shape{t: o.Def().Result}
		}
	case bind.Value:
		if v, ok := in.Stmt.X.(*syntax.Var); ok && in.Value.IsNone() {
			return c.known(v.Name).along(v.Path)
		}
		return shape{v: in.Value}
	case bind.Command:
		return c.answer(in.Call)
	case bind.Batch:
		results := make([]shape, len(in.Batch))
		for i, el := range in.Batch {
			if el.Value != nil {
				results[i].t = el.Value.Def().Result
			}
		}
		return bare(schema.Shell().Constructor("batch"), results...)
	}
	return shape{}
}

// known is the shape of a variable: its value, or what the statement will answer
// that gives it one.
func (c *completion) known(name string) shape {
	for w := c.world; ; {
		switch at := w.(type) {
		case scope:
			if s, ok := at.vars[name]; ok {
				return s
			}
			w = at.Env
		case *bind.Ahead:
			if in, ok := at.Giver(name); ok {
				return c.result(in)
			}
			w = at.Env
		default:
			v, _ := w.Var(name)
			return shape{v: v}
		}
	}
}

// along follows the steps of a path. A step over all elements leads to one of
// them.
func (s shape) along(path []*syntax.Step) shape {
	for _, st := range path {
		switch st.Kind {
		case syntax.StepField:
			if in := s.shown(); !in.none() && st.Name != "update" {
				s = in
			}
			s = s.field(st.Name)
		case syntax.StepIndex:
			s = s.at(st.Index)
		case syntax.StepEach:
			s = s.elem()
		}
	}
	return s
}

// shown is the update in the document of one, whose fields a path reaches through
// it.
func (s shape) shown() shape {
	if defs := s.defs(); len(defs) == 1 && defs[0] == schema.Shell().Constructor("update") {
		return s.field("update")
	}
	return shape{}
}

// part is a field that a shape may have.
type part struct {
	name string
	of   string // its type
	// How many definitions of the shape always have it, and may have it.
	always, has int
}

func (p part) candidate(text string) candidate {
	return candidate{Item: Item{Text: text, Label: text, Kind: Field, Description: p.of}}
}

// defs are the definitions that a shape may be of.
func (s shape) defs() []*schema.Combinator {
	switch {
	case s.v.Object() != nil:
		return []*schema.Combinator{s.v.Object().Def()}
	case s.t == nil:
	case s.t.Kind == schema.KindAny:
		var out []*schema.Combinator
		for _, o := range s.of {
			for _, d := range o.defs() {
				if !slices.Contains(out, d) {
					out = append(out, d)
				}
			}
		}
		return out
	case s.t.Kind == schema.KindBoxed:
		return s.t.Class.Constructors()
	case s.t.Kind == schema.KindBare && s.t.Of != nil:
		return []*schema.Combinator{s.t.Of}
	}
	return nil
}

// fields are those of the shape, each once: what is there, or what the most of
// its definitions always have, goes first, and then what the most of them may
// have.
func (s shape) fields() []part {
	var out []part
	at := map[string]int{}
	for _, d := range s.defs() {
		for i := range d.Params {
			p := &d.Params[i]
			if p.Type.Kind == schema.KindFlags {
				continue
			}
			k, seen := at[p.Name]
			if !seen {
				k = len(out)
				at[p.Name] = k
				out = append(out, part{name: p.Name, of: p.Type.Name})
			}
			out[k].has++
			if o := s.v.Object(); o != nil && !o.At(p.Name).IsNone() || o == nil && !p.Optional() {
				out[k].always++
			}
		}
	}
	slices.SortStableFunc(out, func(a, b part) int { return cmp.Or(b.always-a.always, b.has-a.has) })
	return out
}

// field is what a field of the shape holds.
func (s shape) field(name string) shape {
	if o := s.v.Object(); o != nil {
		return shape{v: o.At(name)}
	}
	if s.t != nil && s.t.Kind == schema.KindAny {
		for _, o := range s.of {
			if in := (shape{t: o.t, of: o.of}); o.v.IsNone() && !in.field(name).none() {
				return in.field(name)
			}
		}
	}
	for _, d := range s.defs() {
		if p := d.Param(name); p != nil {
			return shape{t: p.Type, of: s.of}
		}
	}
	return shape{}
}

// elem is an element of the shape.
func (s shape) elem() shape {
	switch {
	case s.v.Vector() != nil && len(s.v.Vector().Items) > 0:
		return shape{v: s.v.Vector().Items[0]}
	case s.t != nil && s.t.Kind == schema.KindVector:
		return shape{t: s.t.Elem, of: s.of}
	}
	return shape{}
}

// at is the i-th element of the shape, from the end where i is negative.
func (s shape) at(i int) shape {
	e := s.elem()
	if n := len(s.of); e.t != nil && e.t.Kind == schema.KindAny && n > 0 {
		if i < 0 {
			i += n
		}
		if i < 0 || i >= n {
			return shape{}
		}
		return s.of[i]
	}
	return e
}

// last is the last element of the shape.
func (s shape) last() shape {
	if vec := s.v.Vector(); vec != nil && len(vec.Items) > 0 {
		return shape{v: vec.Items[len(vec.Items)-1]}
	}
	return s.at(-1)
}

// list reports that the shape is a Vector.
func (s shape) list() bool {
	return s.v.Vector() != nil || s.t != nil && s.t.Kind == schema.KindVector
}

// rows are what a table shows of the shape: its elements, or those of the list
// that it is about.
func (s shape) rows(paged string) shape {
	if s.list() {
		return s.elem()
	}
	if paged != "" {
		return s.field(paged).elem()
	}
	for _, f := range s.fields() {
		if in := s.field(f.name); in.list() && len(in.elem().defs()) > 0 {
			return in.elem()
		}
	}
	return s
}
