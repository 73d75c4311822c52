package bind

import (
	"fmt"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// PathError says where a path leads nowhere.
type PathError struct {
	Step *syntax.Step
	Msg  string
	Fix  string
}

// Error gives the message.
func (e *PathError) Error() string { return e.Msg }

// Walk follows a path from v. A step over all elements ([] or a slice) makes
// the result a Vector, from which those elements are missing that lack a later
// field.
func Walk(v tl.Value, path []*syntax.Step) (tl.Value, *PathError) {
	for i, st := range path {
		switch st.Kind {
		case syntax.StepField:
			w, err := field(v, st)
			if err != nil {
				return tl.Value{}, err
			}
			v = w
		case syntax.StepIndex:
			w, err := index(v, st)
			if err != nil {
				return tl.Value{}, err
			}
			v = w
		case syntax.StepSlice:
			w, err := slice(v, st)
			if err != nil {
				return tl.Value{}, err
			}
			v = w
		case syntax.StepEach:
			return each(v, st, path[i+1:])
		}
	}
	return v, nil
}

func field(v tl.Value, st *syntax.Step) (tl.Value, *PathError) {
	o := v.Object()
	if o == nil {
		e := &PathError{Step: st, Msg: fmt.Sprintf("%s has no fields", describe(v))}
		if v.Kind() == tl.KindVector {
			e.Fix = "choose an element with [0], or all with []"
		}
		return tl.Value{}, e
	}
	if update := inside(o); update != nil && st.Name != "update" {
		o = update
	}
	def := o.Def()
	p := def.Param(st.Name)
	if p == nil || p.Type.Kind == schema.KindFlags {
		var names []string
		for i := range def.Params {
			names = append(names, def.Params[i].Name)
		}
		return tl.Value{}, &PathError{Step: st, Fix: didYouMean(st.Name, names),
			Msg: fmt.Sprintf("%s has no field %s", def.Name, show(st.Name))}
	}
	w := o.At(st.Name)
	if w.IsNone() {
		if p.Type.Kind == schema.KindTrue {
			return tl.Bool(false), nil
		}
		return tl.Value{}, &PathError{Step: st, Msg: fmt.Sprintf("%s is optional, and absent in this %s", st.Name, def.Name)}
	}
	return w, nil
}

// inside is the Update in the shell's document of one: its fields are reached
// as if they were the document's.
func inside(o *tl.Object) *tl.Object {
	if o != nil && o.Is("update") && o.Def().Result.Name == "ShellUpdate" {
		return o.At("update").Object()
	}
	return nil
}

func items(v tl.Value, st *syntax.Step) (*tl.Vector, *PathError) {
	if vec := v.Vector(); vec != nil {
		return vec, nil
	}
	return nil, &PathError{Step: st, Msg: fmt.Sprintf("brackets choose from a Vector, and this is %s", describe(v))}
}

func index(v tl.Value, st *syntax.Step) (tl.Value, *PathError) {
	vec, err := items(v, st)
	if err != nil {
		return tl.Value{}, err
	}
	n, i := len(vec.Items), st.Index
	if i < 0 {
		i += n
	}
	if i < 0 || i >= n {
		msg := fmt.Sprintf("there is no element %d: the Vector has %d", st.Index, n)
		if n == 0 {
			msg = fmt.Sprintf("there is no element %d: the Vector is empty", st.Index)
		}
		return tl.Value{}, &PathError{Step: st, Msg: msg}
	}
	return vec.Items[i], nil
}

func slice(v tl.Value, st *syntax.Step) (tl.Value, *PathError) {
	vec, err := items(v, st)
	if err != nil {
		return tl.Value{}, err
	}
	n := len(vec.Items)
	bound := func(p *int, otherwise int) int {
		if p == nil {
			return otherwise
		}
		if *p < 0 {
			return max(0, *p+n)
		}
		return min(*p, n)
	}
	from, to := bound(st.From, 0), bound(st.To, n)
	return tl.VectorOf(vec.Elem, vec.Items[from:max(from, to)]...), nil
}

func each(v tl.Value, st *syntax.Step, rest []*syntax.Step) (tl.Value, *PathError) {
	vec, err := items(v, st)
	if err != nil {
		return tl.Value{}, err
	}
	if len(rest) == 0 {
		return v, nil
	}
	var out []tl.Value
	var elem *schema.Type
	flat := false
	for _, s := range rest {
		flat = flat || s.Kind == syntax.StepEach
	}
	for _, it := range vec.Items {
		w, err := Walk(it, rest)
		if err != nil {
			continue
		}
		if flat && w.Kind() == tl.KindVector {
			out = append(out, w.Vector().Items...)
			elem = w.Vector().Elem
			continue
		}
		out = append(out, w)
		elem = typeOf(w, it, rest)
	}
	return tl.VectorOf(elem, out...), nil
}

// typeOf is the type that the schema gives a value reached by a path, nil
// where that is not one type.
func typeOf(w, from tl.Value, path []*syntax.Step) *schema.Type {
	if len(path) == 1 && path[0].Kind == syntax.StepField {
		if p := from.Object().Def().Param(path[0].Name); p != nil {
			return p.Type
		}
	}
	if o := w.Object(); o != nil {
		return o.Def().Result
	}
	return nil
}
