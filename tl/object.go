package tl

import (
	"iter"
	"math/bits"
	"unsafe"

	"tlsh/schema"
)

// Object is a constructor or a method with its fields. Only present fields
// take room: a bit set says which they are, so that a hostile message of many
// small objects costs little more than its own bytes.
type Object struct {
	def     *schema.Combinator
	present [schema.MaxParams / 64]uint64
	vals    []Value // of the present fields, in order
}

// New makes an object of def without any field.
func New(def *schema.Combinator) *Object { return &Object{def: def} }

// Def is the object's definition.
func (o *Object) Def() *schema.Combinator { return o.def }

// Is reports whether the object is the constructor or method called name.
func (o *Object) Is(name string) bool { return o != nil && o.def.Name == name }

// Value is the object as a Value.
func (o *Object) Value() Value { return Value{ref: unsafe.Pointer(o), kind: KindObject} }

// Has reports whether the i-th parameter is present.
func (o *Object) Has(i int) bool { return o.present[i>>6]&(1<<(i&63)) != 0 }

// rank is the number of present fields before the i-th parameter.
func (o *Object) rank(i int) int {
	n := bits.OnesCount64(o.present[i>>6] & (1<<(i&63) - 1))
	if i >= 64 {
		n += bits.OnesCount64(o.present[0])
	}
	return n
}

// Field is the value of the i-th parameter, nothing when it is absent. A set
// `true` flag is Bool(true). The # parameters are never present: they are
// computed.
func (o *Object) Field(i int) Value {
	if !o.Has(i) {
		return Value{}
	}
	return o.vals[o.rank(i)]
}

// Lookup is the value of the parameter called name; ok is false when the
// definition has no such parameter. An absent field gives nothing and true.
func (o *Object) Lookup(name string) (v Value, ok bool) {
	if o == nil {
		return Value{}, false
	}
	i := o.def.Index(name)
	if i < 0 {
		return Value{}, false
	}
	return o.Field(i), true
}

// At is the value of the parameter called name, nothing when it is absent or
// the definition (or the object, which may be nil) has no such parameter.
func (o *Object) At(name string) Value {
	v, _ := o.Lookup(name)
	return v
}

// Set gives the i-th parameter a value; nothing takes it away, and so does
// Bool(false) where the parameter is a `true` flag.
func (o *Object) Set(i int, v Value) {
	if v.kind == KindBool && v.num == 0 && o.def.Params[i].Type.Kind == schema.KindTrue {
		v = Value{}
	}
	at, has := o.rank(i), o.Has(i)
	switch {
	case v.IsNone() && has:
		o.vals = append(o.vals[:at:at], o.vals[at+1:]...)
		o.present[i>>6] &^= 1 << (i & 63)
	case v.IsNone():
	case has:
		o.vals[at] = v
	default:
		vals := make([]Value, 0, max(len(o.vals)+1, 4))
		vals = append(vals, o.vals[:at]...)
		vals = append(vals, v)
		o.vals = append(vals, o.vals[at:]...)
		o.present[i>>6] |= 1 << (i & 63)
	}
}

// With sets the parameter called name and returns the object, for building one
// in a single expression. A name that the definition does not have is left
// out: another layer may lack it.
func (o *Object) With(name string, v Value) *Object {
	if i := o.def.Index(name); i >= 0 {
		o.Set(i, v)
	}
	return o
}

// Clone is a copy whose fields can be set without changing o. Nested objects
// and vectors are shared.
func (o *Object) Clone() *Object {
	c := *o
	c.vals = append([]Value(nil), o.vals...)
	return &c
}

// Fields goes over the present fields with the index of their parameter.
func (o *Object) Fields() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		n := 0
		for w, word := range o.present {
			for word != 0 {
				i := w*64 + bits.TrailingZeros64(word)
				word &= word - 1
				if !yield(i, o.vals[n]) {
					return
				}
				n++
			}
		}
	}
}

// flags computes the # parameter with index i from the present fields.
func (o *Object) flags(i int) uint32 {
	var f uint32
	n := 0
	for w, word := range o.present {
		for word != 0 {
			j := w*64 + bits.TrailingZeros64(word)
			word &= word - 1
			if p := &o.def.Params[j]; p.Flag == i {
				f |= 1 << p.Bit
			}
			n++
		}
	}
	return f
}
