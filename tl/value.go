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
//
// It is two words, since a decoded answer consists mostly of Values. The kind
// stands in the top byte of num, except for the two that need all its bits:
// their ref points into wide.
type Value struct {
	ref unsafe.Pointer // *byte, *Object, *Vector, into wide, or nil
	num uint64         // the kind, and the number's bits or the length in bytes
}

// wide is there for its addresses: the i-th marks a 64-bit number of Kind i.
var wide [KindDouble + 1]byte

const (
	kindShift = 56
	maxLength = 1<<kindShift - 1
)

func narrow(k Kind, bits uint32) Value { return Value{nil, uint64(k)<<kindShift | uint64(bits)} }

func wideNumber(k Kind, bits uint64) Value { return Value{unsafe.Pointer(&wide[k]), bits} }

// isNarrow reports that v is of kind k, an int or a Bool.
func (v Value) isNarrow(k Kind) bool {
	return v.num>>kindShift^uint64(k)|uint64(uintptr(v.ref)) == 0
}

// isWide reports that v is of kind k, a long or a double.
func (v Value) isWide(k Kind) bool { return v.ref == unsafe.Pointer(&wide[k]) }

// isPlain reports that v is neither a long nor a double, so that its num has its
// kind.
func (v *Value) isPlain() bool {
	return uintptr(v.ref)-uintptr(unsafe.Pointer(&wide)) >= uintptr(len(wide))
}

// isRef reports that v is of kind k, an object or a vector.
func (v *Value) isRef(k Kind) bool { return v.num == uint64(k)<<kindShift && v.isPlain() }

// isText reports that v is of kind k, a string or bytes, and not too long.
func (v *Value) isText(k Kind) bool {
	return v.num-uint64(k)<<kindShift <= maxString && v.isPlain()
}

// text are the bytes of a value that has some, which the caller made sure of.
func (v Value) text() []byte {
	return unsafe.Slice((*byte)(v.ref), int(v.num&maxLength))
}

func data(kind Kind, p *byte, n int) Value {
	if n == 0 {
		p = nil
	}
	return Value{unsafe.Pointer(p), uint64(kind)<<kindShift | uint64(n)}
}

// Int is a TL int.
func Int(v int32) Value { return narrow(KindInt, uint32(v)) }

// Long is a TL long.
func Long(v int64) Value { return wideNumber(KindLong, uint64(v)) }

// Double is a TL double. The bits of a NaN are kept.
func Double(v float64) Value { return wideNumber(KindDouble, math.Float64bits(v)) }

// Bool is a TL Bool, or the presence of a `true` flag.
func Bool(v bool) Value {
	if v {
		return narrow(KindBool, 1)
	}
	return narrow(KindBool, 0)
}

// String is a TL string; it may hold any bytes.
func String(v string) Value { return data(KindString, unsafe.StringData(v), len(v)) }

// Bytes is TL bytes. v must not be changed afterwards.
func Bytes(v []byte) Value { return data(KindBytes, unsafe.SliceData(v), len(v)) }

// Raw is what could not be decoded. v must not be changed afterwards.
func Raw(v []byte) Value { return data(KindRaw, unsafe.SliceData(v), len(v)) }

// Int128 is a TL int128, in the order of the wire.
func Int128(v [16]byte) Value { return data(KindInt128, &v[0], len(v)) }

// Int256 is a TL int256, in the order of the wire.
func Int256(v [32]byte) Value { return data(KindInt256, &v[0], len(v)) }

// Kind says what the value holds.
func (v Value) Kind() Kind {
	if i := uintptr(v.ref) - uintptr(unsafe.Pointer(&wide)); i < uintptr(len(wide)) {
		return Kind(i)
	}
	return Kind(v.num >> kindShift)
}

// IsNone reports an absent field.
func (v Value) IsNone() bool { return v.ref == nil && v.num == 0 }

// AsInt is the number of a KindInt, else 0.
func (v Value) AsInt() int32 {
	if !v.isNarrow(KindInt) {
		return 0
	}
	return int32(v.num)
}

// AsLong is the number of a KindLong or KindInt, else 0.
func (v Value) AsLong() int64 {
	switch v.Kind() {
	case KindLong:
		return int64(v.num)
	case KindInt:
		return int64(int32(v.num))
	}
	return 0
}

// AsDouble is the number of a KindDouble, else 0.
func (v Value) AsDouble() float64 {
	if !v.isWide(KindDouble) {
		return 0
	}
	return math.Float64frombits(v.num)
}

// AsBool is the truth of a KindBool, else false.
func (v Value) AsBool() bool { return v.isNarrow(KindBool) && v.num&1 == 1 }

// AsString is the text of a KindString, else "".
func (v Value) AsString() string {
	if v.Kind() != KindString {
		return ""
	}
	return unsafe.String((*byte)(v.ref), int(v.num&maxLength))
}

// AsBytes are the bytes of a KindBytes, KindRaw, KindInt128, KindInt256 or
// KindString, else nil. They must not be changed.
func (v Value) AsBytes() []byte {
	switch v.Kind() {
	case KindBytes, KindRaw, KindInt128, KindInt256, KindString:
		return v.text()
	}
	return nil
}

// Vector is the vector of a KindVector, else nil.
func (v Value) Vector() *Vector {
	if v.Kind() != KindVector {
		return nil
	}
	return (*Vector)(v.ref)
}

// Object is the object of a KindObject, else nil.
func (v Value) Object() *Object {
	if v.Kind() != KindObject {
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
func (v *Vector) Value() Value { return Value{unsafe.Pointer(v), uint64(KindVector) << kindShift} }

// Equal reports whether a and b are the same value: the same kinds, numbers
// (doubles by their bits), bytes, constructors and fields.
func Equal(a, b Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
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
		if x.def != y.def || x.present() != y.present() {
			return false
		}
		vs, ws := x.values(), y.values()
		for i := range vs {
			if !Equal(vs[i], ws[i]) {
				return false
			}
		}
		return true
	case KindString, KindBytes, KindRaw, KindInt128, KindInt256:
		return string(a.AsBytes()) == string(b.AsBytes())
	}
	return a.num == b.num
}
