// Package tl is the value model and the only codec: bytes become a Value once
// and a Value becomes bytes once, both driven by a schema.Schema.
package tl

import (
	"math"
	"unsafe"

	"tlsh/schema"
)

// Kind says what a Value holds.
type Kind uint8

// The kinds of a Value.
const (
	KindNone   Kind = iota // nothing: an absent field
	KindInt                // int32
	KindLong               // int64
	KindDouble             // float64
	KindBool               // Bool, and a `true` flag that is set
	KindString             // string, any bytes
	KindBytes              // bytes
	KindInt128             // 16 bytes
	KindInt256             // 32 bytes
	KindVector             // *Vector
	KindObject             // *Object
	KindRaw                // bytes that could not be decoded
)

var kindNames = [...]string{"nothing", "int", "long", "double", "Bool", "string", "bytes", "int128", "int256", "Vector", "object", "raw bytes"}

// String is the kind as TL names it.
func (k Kind) String() string { return kindNames[k] }

// Value is any TL value. The zero Value is "nothing", as an absent field is.
// Numbers and booleans are held inside; the others point to their data, which
// must not be changed. Values are copied freely.
type Value struct {
	ref  unsafe.Pointer // *byte, *Object or *Vector
	num  uint64         // the number's bits, or the length in bytes
	kind Kind
}

// Int is a TL int.
func Int(v int32) Value { return Value{num: uint64(uint32(v)), kind: KindInt} }

// Long is a TL long.
func Long(v int64) Value { return Value{num: uint64(v), kind: KindLong} }

// Double is a TL double. The bits of a NaN are kept.
func Double(v float64) Value { return Value{num: math.Float64bits(v), kind: KindDouble} }

// Bool is a TL Bool, or the presence of a `true` flag.
func Bool(v bool) Value {
	if v {
		return Value{num: 1, kind: KindBool}
	}
	return Value{kind: KindBool}
}

// String is a TL string; it may hold any bytes.
func String(v string) Value {
	return Value{ref: unsafe.Pointer(unsafe.StringData(v)), num: uint64(len(v)), kind: KindString}
}

func data(kind Kind, v []byte) Value {
	return Value{ref: unsafe.Pointer(unsafe.SliceData(v)), num: uint64(len(v)), kind: kind}
}

// Bytes is TL bytes. v must not be changed afterwards.
func Bytes(v []byte) Value { return data(KindBytes, v) }

// Raw is what could not be decoded. v must not be changed afterwards.
func Raw(v []byte) Value { return data(KindRaw, v) }

// Int128 is a TL int128, in the order of the wire.
func Int128(v [16]byte) Value { return data(KindInt128, v[:]) }

// Int256 is a TL int256, in the order of the wire.
func Int256(v [32]byte) Value { return data(KindInt256, v[:]) }

// Kind says what the value holds.
func (v Value) Kind() Kind { return v.kind }

// IsNone reports an absent field.
func (v Value) IsNone() bool { return v.kind == KindNone }

// AsInt is the number of a KindInt, else 0.
func (v Value) AsInt() int32 {
	if v.kind != KindInt {
		return 0
	}
	return int32(v.num)
}

// AsLong is the number of a KindLong or KindInt, else 0.
func (v Value) AsLong() int64 {
	switch v.kind {
	case KindLong:
		return int64(v.num)
	case KindInt:
		return int64(int32(v.num))
	}
	return 0
}

// AsDouble is the number of a KindDouble, else 0.
func (v Value) AsDouble() float64 {
	if v.kind != KindDouble {
		return 0
	}
	return math.Float64frombits(v.num)
}

// AsBool is the truth of a KindBool, else false.
func (v Value) AsBool() bool { return v.kind == KindBool && v.num == 1 }

// AsString is the text of a KindString, else "".
func (v Value) AsString() string {
	if v.kind != KindString {
		return ""
	}
	return unsafe.String((*byte)(v.ref), int(v.num))
}

// AsBytes are the bytes of a KindBytes, KindRaw, KindInt128, KindInt256 or
// KindString, else nil. They must not be changed.
func (v Value) AsBytes() []byte {
	switch v.kind {
	case KindBytes, KindRaw, KindInt128, KindInt256, KindString:
		return unsafe.Slice((*byte)(v.ref), int(v.num))
	}
	return nil
}

// Vector is the vector of a KindVector, else nil.
func (v Value) Vector() *Vector {
	if v.kind != KindVector {
		return nil
	}
	return (*Vector)(v.ref)
}

// Object is the object of a KindObject, else nil.
func (v Value) Object() *Object {
	if v.kind != KindObject {
		return nil
	}
	return (*Object)(v.ref)
}

// Vector is a TL vector. Elem is the type of its elements as the schema gives
// it, or nil where it is not known.
type Vector struct {
	Elem  *schema.Type
	Items []Value
}

// VectorOf makes a vector of elem. items must not be changed afterwards.
func VectorOf(elem *schema.Type, items ...Value) Value {
	return (&Vector{Elem: elem, Items: items}).Value()
}

// Value is the vector as a Value.
func (v *Vector) Value() Value { return Value{ref: unsafe.Pointer(v), kind: KindVector} }

// Equal reports whether a and b are the same value: the same kinds, numbers
// (doubles by their bits), bytes, constructors and fields.
func Equal(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case KindVector:
		x, y := a.Vector().Items, b.Vector().Items
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case KindObject:
		x, y := a.Object(), b.Object()
		if x.def != y.def || x.present != y.present {
			return false
		}
		for i := range x.vals {
			if !Equal(x.vals[i], y.vals[i]) {
				return false
			}
		}
		return true
	case KindString, KindBytes, KindRaw, KindInt128, KindInt256:
		return string(a.AsBytes()) == string(b.AsBytes())
	}
	return a.num == b.num
}
