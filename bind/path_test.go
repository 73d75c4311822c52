package bind_test

import (
	"fmt"
	"testing"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// paths goes over every path that the schema admits from v: fields, present or
// not, elements from both ends, slices and all elements. depth bounds how deep.
func paths(v tl.Value, path string, depth int, visit func(path string, want tl.Value, absent bool)) {
	if depth == 0 {
		return
	}
	if o := v.Object(); o != nil {
		for i := range o.Def().Params {
			p := &o.Def().Params[i]
			if p.Type.Kind == schema.KindFlags {
				continue
			}
			w, at := o.Field(i), path+"."+p.Name
			absent := w.IsNone()
			if absent && p.Type.Kind == schema.KindTrue {
				w, absent = tl.Bool(false), false
			}
			visit(at, w, absent)
			paths(w, at, depth-1, visit)
		}
	}
	vec := v.Vector()
	if vec == nil {
		return
	}
	n := len(vec.Items)
	for i, it := range vec.Items {
		at := fmt.Sprintf("%s[%d]", path, i)
		visit(at, it, false)
		visit(fmt.Sprintf("%s[%d]", path, i-n), it, false)
		paths(it, at, depth-1, visit)
	}
	visit(fmt.Sprintf("%s[%d]", path, n), tl.Value{}, true)
	visit(path+"[]", v, false)
	visit(path+"[:]", v, false)
	if n > 0 {
		visit(path+"[1:]", tl.VectorOf(vec.Elem, vec.Items[1:]...), false)
		visit(path+"[:-1]", tl.VectorOf(vec.Elem, vec.Items[:n-1]...), false)
		over(vec, path, visit)
	}
}

// over goes over the fields of all elements: those that lack one are skipped.
func over(vec *tl.Vector, path string, visit func(string, tl.Value, bool)) {
	first := vec.Items[0].Object()
	if first == nil {
		return
	}
	for i := range first.Def().Params {
		p := &first.Def().Params[i]
		if p.Type.Kind == schema.KindFlags {
			continue
		}
		var all []tl.Value
		for _, it := range vec.Items {
			q := it.Object().Def().Param(p.Name)
			if q == nil || q.Type.Kind == schema.KindFlags {
				continue
			}
			w := it.Object().At(p.Name)
			if w.IsNone() && q.Type.Kind == schema.KindTrue {
				w = tl.Bool(false)
			}
			if !w.IsNone() {
				all = append(all, w)
			}
		}
		visit(path+"[]."+p.Name, tl.VectorOf(nil, all...), false)
	}
}

// Of a random value of every definition, every path that the schema admits can
// be read: by Walk, and as a line that begins with $x.
func TestEveryPath(t *testing.T) {
	s := schema.Current()
	read, lacking := 0, 0
	e := env{vars: map[string]tl.Value{}}
	for _, list := range [][]*schema.Combinator{s.Constructors(), s.Methods()} {
		for _, def := range list {
			g := tltest.New(s, uint64(def.ID)^7)
			g.Depth = 2
			v := g.Object(def).Value()
			e.vars["x"] = v
			paths(v, "$x", 4, func(path string, want tl.Value, absent bool) {
				f, in := check(t, path+"\n", e)
				if len(f.Errs) > 0 {
					t.Fatalf("%s of %s: %v", path, def.Name, f.Errs.Err())
				}
				got, err := bind.Walk(v, f.Stmts[0].X.(*syntax.Var).Path)
				if absent {
					lacking++
					if err == nil || len(in[0].Diags) == 0 || !in[0].Local {
						t.Fatalf("%s of %s is not there, and gives no error", path, def.Name)
					}
					return
				}
				read++
				if err != nil || len(in[0].Diags) > 0 {
					t.Fatalf("%s of %s: %v %v", path, def.Name, err, in[0].Diags.Err())
				}
				if !tl.Equal(got, want) || !tl.Equal(in[0].Value, want) {
					t.Fatalf("%s of %s gives something else", path, def.Name)
				}
			})
		}
	}
	t.Logf("%d paths read, %d that are not there told", read, lacking)
}
