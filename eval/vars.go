package eval

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// vars lists the variables: their names, what they are, and a glance at what
// they hold. For machines it is a Vector of documents.
func (r *run) vars(ctx context.Context, _ *syntax.Call) Status {
	def := schema.Shell().Constructor("variable")
	var items []tl.Value
	add := func(name string, v tl.Value) {
		items = append(items, tl.New(def).With("name", tl.String(name)).With("type", tl.String(typeName(v))).
			With("value", tl.String(brief(v))).Value())
	}
	for _, name := range r.names {
		add(name, r.Shell.vars[name])
	}
	if v, ok := r.Var("_"); ok {
		add("_", v)
	}
	if !r.bare() {
		return r.finish(ctx, r.stmt, tl.VectorOf(def.Result, items...))
	}
	if len(items) == 0 {
		r.note("there are none: $x = … keeps a value")
	}
	for _, v := range items {
		o := v.Object()
		r.printf("$%-12s %-20s %s\n", o.At("name").AsString(), o.At("type").AsString(), render.Escape(o.At("value").AsString()))
	}
	return OK
}

// typeName is the TL type of a value.
func typeName(v tl.Value) string {
	switch v.Kind() {
	case tl.KindObject:
		return v.Object().Def().Result.Name
	case tl.KindVector:
		if e := v.Vector().Elem; e != nil {
			return "Vector<" + e.Name + ">"
		}
		return "Vector"
	case tl.KindBool:
		return "Bool"
	}
	return v.Kind().String()
}

// briefColumns is how much of a value vars shows.
const briefColumns = 60

var errEnough = errors.New("enough")

// enough takes the first piece of a text of any size.
type enough struct{ text []byte }

// Write keeps the beginning of b, and wants no more.
func (e *enough) Write(b []byte) (int, error) {
	e.text = append(e.text, b[:min(len(b), 4*briefColumns)]...)
	return 0, errEnough
}

// brief is a value on a short line.
func brief(v tl.Value) string {
	switch v.Kind() {
	case tl.KindObject:
		o := v.Object()
		for i, f := range o.Fields() {
			if w := f.Vector(); w != nil {
				return fmt.Sprintf("%s with %d %s", o.Def().Name, len(w.Items), o.Def().Params[i].Name)
			}
		}
	case tl.KindVector:
		if n := len(v.Vector().Items); n != 1 {
			return fmt.Sprintf("%d elements", n)
		}
	}
	var begin enough
	st := render.NewStream(&begin)
	text := st.Source(nil, v)
	if st.Err() != nil {
		text = begin.text
	}
	s := []rune(string(text))
	if len(s) > briefColumns {
		s = append(s[:briefColumns-1], '…')
	}
	return string(s)
}

// noCall answers for a word that stands before a request, where none came.
func (r *run) noCall(_ context.Context, call *syntax.Call) Status {
	return r.usage(call, "%s stands before a request", call.Name.Text)
}

// CanAssign reports that $name can be assigned to: a whole variable, and neither
// the last result nor one by its number.
func CanAssign(name string) bool {
	f := syntax.Parse("$" + name)
	if len(f.Errs) > 0 || len(f.Stmts) != 1 {
		return false
	}
	v, ok := f.Stmts[0].X.(*syntax.Var)
	return ok && v.Name == name && name != "_" && strings.Trim(name, "0123456789") != ""
}
