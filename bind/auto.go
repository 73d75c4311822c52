package bind

import (
	"strings"

	"tlsh/schema"
	"tlsh/tl"
)

// FillsItself reports that the i-th parameter of def gets its value by itself
// when it is required and not given: random_id of type int, long or
// Vector<long> in requests and input… constructors, and the paging and cache
// parameters of requests that only read.
func FillsItself(def *schema.Combinator, i int) bool {
	p := &def.Params[i]
	if p.Optional() {
		return false
	}
	if p.Name == "random_id" {
		if !def.Method && !strings.HasPrefix(def.Name, "input") {
			return false
		}
		switch p.Type.Kind {
		case schema.KindInt, schema.KindLong:
			return true
		case schema.KindVector:
			return def.Method && p.Type.Elem.Kind == schema.KindLong && def.Index("id") >= 0
		}
		return false
	}
	return def.Method && paging(p) && effects()[def.Name].kind == Reads
}

// paging reports a parameter that pages through or caches an answer, of a type
// that has a zero.
func paging(p *schema.Param) bool {
	switch p.Name {
	case "add_offset", "limit", "min_id", "max_id", "min_date", "max_date":
		return p.Type.Kind == schema.KindInt || p.Type.Kind == schema.KindLong
	case "hash":
		return p.Type.Kind == schema.KindLong
	}
	if !strings.HasPrefix(p.Name, "offset") {
		return false
	}
	switch p.Type.Kind {
	case schema.KindInt, schema.KindLong, schema.KindString:
		return true
	case schema.KindBoxed:
		return p.Type.Name == "InputPeer" || p.Type.Name == "InputUser"
	}
	return false
}

// zero is the value with which paging begins.
func (c *checker) zero(t *schema.Type) tl.Value {
	switch t.Kind {
	case schema.KindInt:
		return tl.Int(0)
	case schema.KindLong:
		return tl.Long(0)
	case schema.KindString:
		return tl.String("")
	case schema.KindBoxed:
		name := "inputPeerEmpty"
		if t.Name == "InputUser" {
			name = "inputUserEmpty"
		}
		if def := c.schema.Constructor(name); def != nil {
			return tl.New(def).Value()
		}
	}
	return tl.Value{}
}
