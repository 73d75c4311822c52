package bind

import (
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// pythonParam is the parameter that the n-th value without a name fills in
// Telethon's order: what is required as the schema has it, then what is
// optional and random_id, as the schema has it too. It is -1 behind the last.
func pythonParam(def *schema.Combinator, n int) int {
	for _, last := range []bool{false, true} {
		for i := range def.Params {
			p := &def.Params[i]
			if p.Type.Kind == schema.KindFlags || (p.Optional() || p.Name == "random_id") != last {
				continue
			}
			if n == 0 {
				return i
			}
			n--
		}
	}
	return -1
}

// paramName is the TL name of a parameter. Telethon calls self is_self, as
// Python's methods have a self of their own.
func (b *binding) paramName(name string) string {
	if b.python && name == "is_self" && b.def.Index(name) < 0 {
		return "self"
	}
	return name
}

// unset reports a value that leaves its parameter as if it was not given: None,
// and False where the parameter is optional.
func (b *binding) unset(i int, n syntax.Node) bool {
	w, ok := n.(*syntax.Word)
	p := &b.def.Params[i]
	if !ok || w.Text != "None" && (w.Text != "False" || !p.Optional()) {
		return false
	}
	b.slot(n, p.Type, RoleBool)
	if p.Optional() || p.Name == "random_id" {
		return true
	}
	if def := b.def; dateName(p) && p.Type.Kind == schema.KindInt {
		b.given[i] = true // no date is 0, as Telethon has it
		b.o.Set(i, tl.Int(0))
		return true
	} else if FillsItself(def, i) {
		return true
	}
	b.bad = true
	e := b.errorf(n, "%s.%s is required, and None is no %s", b.def.Name, p.Name, p.Type.Name)
	if IsPeer(p.Type) && p.Type.Name != "Peer" {
		e.Fix = "for nobody: " + p.Type.Name + "Empty()"
	}
	return true
}
