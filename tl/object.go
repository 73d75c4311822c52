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
//
// Its words are pointer, number, pointer, number, as those of two Values are, so
// that a decoder takes both from one piece of memory.
type Object struct {
	def  *schema.Combinator
	lo   uint64 // the present ones of the first 64 parameters
	vals *Value // the first of the present fields, which follow in order
	hi   uint64 // the present ones of the others
}

// bitset is a set of indices of parameters.
type bitset [schema.MaxParams / 64]uint64

func (s *bitset) has(i int) bool { return s[i>>6]&(1<<(i&63)) != 0 }

func (s *bitset) add(i int) { s[i>>6] |= 1 << (i & 63) }

func (s *bitset) remove(i int) { s[i>>6] &^= 1 << (i & 63) }

// pop takes the smallest index out of a set that is not empty.
func (s *bitset) pop() int {
	if s[0] != 0 {
		i := bits.TrailingZeros64(s[0])
		s[0] &= s[0] - 1
		return i
	}
	i := bits.TrailingZeros64(s[1])
	s[1] &= s[1] - 1
	return 64 + i
}

// New makes an object of def without any field.
func New(def *schema.Combinator) *Object { return &Object{def: def} }

// Def is the object's definition.
func (o *Object) Def() *schema.Combinator { return o.def }

// Is reports whether the object is the constructor or method called name.
func (o *Object) Is(name string) bool { return o != nil && o.def.Name == name }

// Value is the object as a Value.
func (o *Object) Value() Value { return Value{unsafe.Pointer(o), uint64(KindObject) << kindShift} }

// size is the number of present fields.
func (o *Object) size() int { return bits.OnesCount64(o.lo) + bits.OnesCount64(o.hi) }

// values are the present fields.
func (o *Object) values() []Value { return unsafe.Slice(o.vals, o.size()) }

// nth is the n-th present field, of which the caller made sure.
func (o *Object) nth(n int) *Value {
	return (*Value)(unsafe.Add(unsafe.Pointer(o.vals), n*int(unsafe.Sizeof(Value{}))))
}

// present are the parameters that are present.
func (o *Object) present() bitset { return bitset{o.lo, o.hi} }

// Has reports whether the i-th parameter is present.
func (o *Object) Has(i int) bool {
	set := o.present()
	return set.has(i)
}

// rank is the number of present fields before the i-th parameter.
func (o *Object) rank(i int) int {
	if i >= 64 {
		return bits.OnesCount64(o.lo) + bits.OnesCount64(o.hi&(1<<(i&63)-1))
	}
	return bits.OnesCount64(o.lo & (1<<i - 1))
}

// Field is the value of the i-th parameter, nothing when it is absent. A set
// `true` flag is Bool(true). The # parameters are never present: they are
// computed.
func (o *Object) Field(i int) Value {
	if !o.Has(i) {
		return Value{}
	}
	return o.values()[o.rank(i)]
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
	if v.isNarrow(KindBool) && !v.AsBool() && o.def.Params[i].Type.Kind == schema.KindTrue {
		v = Value{}
	}
	old, at := o.values(), o.rank(i)
	after := old[at:]
	if o.Has(i) {
		after = after[1:]
	}
	vals := make([]Value, 0, len(old)+1)
	vals = append(vals, old[:at]...)
	set := o.present()
	set.remove(i)
	if !v.IsNone() {
		vals = append(vals, v)
		set.add(i)
	}
	o.lo, o.hi = set[0], set[1]
	o.vals = unsafe.SliceData(append(vals, after...))
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

// Clone is a copy whose fields can be set without changing o: Set never writes
// where earlier fields stand. Nested objects and vectors are shared.
func (o *Object) Clone() *Object {
	c := *o
	return &c
}

// Fields goes over the present fields with the index of their parameter.
func (o *Object) Fields() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		present := o.present()
		for _, v := range o.values() {
			if !yield(present.pop(), v) {
				return
			}
		}
	}
}
