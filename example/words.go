package example

import (
	"strings"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// Words says what was typed where holes are: @alice, file:a.png, $m.id.
func Words(open []*bind.Hole) render.Words {
	c := Call{Open: open}
	return func(of *tl.Object, param, i int) string {
		if h := c.hole(spot{of, param, i}); h != nil {
			return Typed(h)
		}
		return ""
	}
}

// Typed is what stands in a line for a hole. What was typed in Python is said as
// the shell's own language has it.
func Typed(h *bind.Hole) string {
	_, variable := h.Node.(*syntax.Var)
	quoted, isString := h.Node.(*syntax.String)
	switch {
	case h.Kind == bind.HoleUpload || h.Kind == bind.HoleFile:
		return "file:" + word(h.Text)
	case h.Kind == bind.HolePeer && h.Value.Object() != nil && !variable:
		return string(render.AppendSource(nil, h.Value))
	case h.Kind == bind.HolePeer && isString && quoted.Value != h.Text:
		return word(h.Text)
	}
	return syntax.Print(h.Node)
}

// word is a text as it stands in a line, in quotes where it needs them.
func word(s string) string {
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(",;|()[]<>\"'`#=\\", r) {
			return syntax.Quote(s)
		}
	}
	if s == "" {
		return syntax.Quote(s)
	}
	return s
}

// Source is the call as a line, complete. A file that was uploaded for it stands
// as file:PATH: what it became, the server forgets once it was used.
func Source(c Call) string {
	return string(render.AppendSourceWords(nil, c.Object.Value(), func(of *tl.Object, param, i int) string {
		if path := c.upload(spot{of, param, i}); path != "" {
			return "file:" + word(path)
		}
		return ""
	}))
}

// Unspent is the value of the call with the text file:PATH for each file that was
// uploaded for it, as [Source] has it.
func Unspent(c Call) tl.Value { return c.unspent(c.Object.Value(), spot{}) }

func (c Call) unspent(v tl.Value, at spot) tl.Value {
	if path := c.upload(at); path != "" {
		return tl.String("file:" + path)
	}
	if vec := v.Vector(); vec != nil {
		items := make([]tl.Value, len(vec.Items))
		for i, it := range vec.Items {
			items[i] = c.unspent(it, spot{at.of, at.param, i})
		}
		return tl.VectorOf(vec.Elem, items...)
	}
	o := v.Object()
	if o == nil {
		return v
	}
	cp := o.Clone()
	for i, f := range o.Fields() {
		cp.Set(i, c.unspent(f, spot{o, i, -1}))
	}
	return cp.Value()
}
