package eval

import (
	"slices"

	"tlsh/example"
	"tlsh/history"
	"tlsh/tl"
)

// unsaid stands in what is copied where a secret was.
const unsaid = "***"

// withoutSecrets is a request as it may be passed on: passwords, codes, tokens and
// keys are left out. It gives their names too; where there are none the call is
// the same.
func withoutSecrets(c example.Call) (example.Call, []string) {
	h := hider{copies: map[*tl.Object]*tl.Object{}}
	o := h.object(c.Object)
	if len(h.hidden) == 0 {
		return c, nil
	}
	out := example.Call{Object: o}
	for _, hole := range c.Open {
		moved := *hole
		if of := h.copies[hole.Of]; of != nil {
			moved.Of = of
		}
		out.Open = append(out.Open, &moved)
	}
	return out, h.hidden
}

// hider copies objects without their secrets.
type hider struct {
	copies map[*tl.Object]*tl.Object
	hidden []string // the names of the parameters, each once
}

func (h *hider) object(o *tl.Object) *tl.Object {
	out := o.Clone()
	h.copies[o] = out
	def := o.Def()
	for i, v := range o.Fields() {
		out.Set(i, h.value(def.Name, def.Params[i].Name, v))
	}
	return out
}

func (h *hider) value(owner, name string, v tl.Value) tl.Value {
	secret := func(text string) bool {
		if !history.Secret(owner, name, text) {
			return false
		}
		if !slices.Contains(h.hidden, name) {
			h.hidden = append(h.hidden, name)
		}
		return true
	}
	switch v.Kind() {
	case tl.KindString:
		if secret(v.AsString()) {
			return tl.String(unsaid)
		}
	case tl.KindBytes:
		if secret(string(v.AsBytes())) {
			return tl.Bytes([]byte(unsaid))
		}
	case tl.KindVector:
		vec := v.Vector()
		items := make([]tl.Value, len(vec.Items))
		for i, it := range vec.Items {
			items[i] = h.value(owner, name, it)
		}
		return tl.VectorOf(vec.Elem, items...)
	case tl.KindObject:
		return h.object(v.Object()).Value()
	}
	return v
}
