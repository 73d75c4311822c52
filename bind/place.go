package bind

import (
	"strconv"

	"tlsh/schema"
	"tlsh/tl"
)

// place is where a value goes: a parameter of an object, or an element of the
// vector that is one.
type place struct {
	call  *binding   // the call that the parameter belongs to; nil outside one
	of    *tl.Object // nil where a value stands by itself
	param int
	items []tl.Value // of the vector, nil where the whole parameter is meant
	i     int        // the element's index
	name  string     // what goes before [i], where that is not the parameter's path
	put   func(tl.Value)
}

// at is the place of the i-th of the vector's items.
func (p place) at(i int, items []tl.Value) place {
	if p.items != nil {
		p.name = p.path()
	}
	p.items, p.i = items, i
	return p
}

// set puts the value into its place.
func (p *place) set(v tl.Value) {
	switch {
	case p.items != nil:
		p.items[p.i] = v
	case p.of != nil:
		p.of.Set(p.param, v)
	case p.put != nil:
		p.put(v)
	}
}

// path names the place as messages do: messages.sendMessage.peer,
// users.getUsers.id[0]; "" where a value stands by itself.
func (p *place) path() string {
	s := p.name
	if s == "" && p.of != nil {
		def := p.of.Def()
		s = def.Name + "." + def.Params[p.param].Name
	}
	if p.items != nil {
		s += "[" + strconv.Itoa(p.i) + "]"
	}
	return s
}

// parameter is the one that the value is for, with its definition; nil outside a call.
func (p *place) parameter() (*schema.Combinator, *schema.Param) {
	if p.of == nil {
		return nil, nil
	}
	def := p.of.Def()
	return def, &def.Params[p.param]
}
