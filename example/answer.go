package example

import (
	"time"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/tl"
)

// moment is when the examples of answers come: what the sandbox's world describes.
var moment = time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)

// Answer is the shape of what a request answers, with plausible values in what is
// always there: an example, and no answer of anybody. A request that carries
// another answers as that one does. It is nothing where the schema does not say
// what comes.
func Answer(s *schema.Schema, def *schema.Combinator) tl.Value {
	t := def.Result
	if def.Generic != "" {
		if c, ok := Read(s, Line(s, def)); ok {
			t = answerOf(c.Object)
		}
	}
	w := writer{schema: s, tables: []table{answers(), values()}, answers: true}
	return w.answer(t)
}

// answer makes a value of t.
func (w *writer) answer(t *schema.Type) tl.Value {
	switch t.Kind {
	case schema.KindBool, schema.KindTrue:
		return tl.Bool(true)
	case schema.KindInt:
		return tl.Int(26)
	case schema.KindLong:
		return tl.Long(1002)
	case schema.KindString:
		return tl.String("Hello")
	case schema.KindVector:
		if v := w.answer(t.Elem); !v.IsNone() {
			return tl.VectorOf(t.Elem, v)
		}
	case schema.KindBoxed:
		text, ok := w.find(t.Name)
		if v := w.read(text); ok && !v.IsNone() {
			return v
		}
		return w.read(w.call(first(t), 0))
	case schema.KindBare:
		return w.read(w.call(t.Of, 0))
	}
	return tl.Value{}
}

// read gives the object that a text makes, nothing when the schema has none such.
func (w *writer) read(text string) tl.Value {
	c, ok := Read(w.schema, text)
	if !ok {
		return tl.Value{}
	}
	for _, h := range c.Open {
		switch h.Kind {
		case bind.HoleClock:
			if v, err := h.Date(moment); err == nil {
				h.Fill(v)
			}
		case bind.HolePeer:
			h.Fill(StandIn(w.schema, h))
		}
	}
	return c.Object.Value()
}
