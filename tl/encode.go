package tl

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"unsafe"

	"tlsh/schema"
)

// maxString is the largest string or bytes: its length has 24 bits
// (https://core.telegram.org/mtproto/serialize, "Base types").
const maxString = 1<<24 - 1

// Encode gives the boxed bytes of an object: constructor id, then fields, with
// the flags words computed from the fields that are present.
func Encode(o *Object) ([]byte, error) { return Append(nil, o.Value(), anyType) }

var anyType = &schema.Type{Kind: schema.KindAny, Name: "Object"}

// TypeOf is a type that v has whatever it stands in: its own if that is a base
// type, else any boxed one.
func TypeOf(v Value) *schema.Type {
	if t := schema.Base(v.Kind().String()); t != nil {
		return t
	}
	return anyType
}

// Append appends the bytes of v as the type t to dst. The error is an *Error
// with the path of the value that cannot be written so.
func Append(dst []byte, v Value, t *schema.Type) ([]byte, error) {
	e := encoder{dst[:cap(dst)]}
	var at int
	var err *Error
	if t.Kind == schema.KindAny && v.isRef(KindObject) { // a request
		at, err = e.object((*Object)(v.ref), len(dst), 0, 0, false)
	} else {
		at, err = e.value(v, t, len(dst), 0)
	}
	if err != nil {
		if o := v.Object(); o != nil {
			err.within(o.def.Name)
		}
		return dst, err
	}
	return e.b[:at], nil
}

// An encoder's methods write a value at the offset at of b, which is all usable,
// and give the offset behind it.
type encoder struct{ b []byte }

// room gives b with at least n bytes at the offset at.
func (e *encoder) room(at, n int) []byte {
	if len(e.b)-at < n {
		e.grow(at, n)
	}
	return e.b
}

// grow is not inlined, so that room can be.
//
//go:noinline
func (e *encoder) grow(at, n int) {
	b := slices.Grow(e.b[:at], n)
	e.b = b[:cap(b)]
}

// put32 writes v at the offset at of b. It is PutUint32(b[at:], v), without the
// slice, whose capacity would have to be computed: the two checks are made
// before the address is taken.
func put32(b []byte, at int, v uint32) {
	_ = b[at+3]
	binary.LittleEndian.PutUint32((*[4]byte)(unsafe.Pointer(&b[at]))[:], v)
}

// put64 is put32 for 8 bytes.
func put64(b []byte, at int, v uint64) {
	_ = b[at+7]
	binary.LittleEndian.PutUint64((*[8]byte)(unsafe.Pointer(&b[at]))[:], v)
}

func encodeError(format string, a ...any) *Error {
	return &Error{Offset: -1, Msg: fmt.Sprintf(format, a...)}
}

// value writes v where the schema wants t.
func (e *encoder) value(v Value, t *schema.Type, at, depth int) (int, *Error) {
	switch t.Kind {
	case schema.KindInt:
		if v.isNarrow(KindInt) {
			return e.word(uint32(v.num), at), nil
		}
	case schema.KindLong:
		if v.isWide(KindLong) {
			put64(e.room(at, 8), at, v.num)
			return at + 8, nil
		}
	case schema.KindDouble:
		if v.isWide(KindDouble) {
			put64(e.room(at, 8), at, v.num)
			return at + 8, nil
		}
	case schema.KindString, schema.KindBytes:
		if k := v.Kind(); k == KindString && t.Kind == schema.KindString || k == KindBytes && t.Kind == schema.KindBytes {
			if n := v.num & maxLength; n > maxString {
				return at, encodeError("%d bytes are more than TL can hold, %d", n, maxString)
			}
			return e.text(&v, at, 0), nil
		}
	case schema.KindBool:
		if v.isNarrow(KindBool) {
			return e.word(boolID(v), at), nil
		}
	case schema.KindInt128:
		if v.Kind() == KindInt128 {
			return e.raw(v.text(), at), nil
		}
	case schema.KindInt256:
		if v.Kind() == KindInt256 {
			return e.raw(v.text(), at), nil
		}
	case schema.KindTrue:
		if v.isNarrow(KindBool) {
			return at, nil
		}
	case schema.KindBoxed:
		if o := v.Object(); o != nil && makes(o.def, t) {
			return e.object(o, at, 0, depth, false)
		}
	case schema.KindVector:
		if w := v.Vector(); w != nil {
			return e.vector(w.Items, t.Elem, t.Bare, at, depth)
		}
	case schema.KindBare:
		if o := v.Object(); o != nil && o.def == t.Of {
			return e.object(o, at, 0, depth, true)
		}
	case schema.KindAny:
		return e.any(v, t, at, depth)
	}
	return at, mismatch(v, t)
}

// makes reports that c is a constructor of the boxed type t.
func makes(c *schema.Combinator, t *schema.Type) bool {
	return (c.Result == t || c.Result.Class == t.Class) && !c.Method
}

func mismatch(v Value, t *schema.Type) *Error {
	if o := v.Object(); o != nil {
		return encodeError("want %s, have %s", t, o.def.Name)
	}
	return encodeError("want %s, have %s", t, v.Kind())
}

func tooDeep() *Error { return encodeError("nested deeper than %d", MaxDepth) }

func boolID(v Value) uint32 {
	if v.AsBool() {
		return schema.BoolTrueID
	}
	return schema.BoolFalseID
}

func (e *encoder) word(w uint32, at int) int {
	put32(e.room(at, 4), at, w)
	return at + 4
}

func (e *encoder) raw(s []byte, at int) int {
	return at + copy(e.room(at, len(s))[at:], s)
}

// any writes a value that says itself what it is.
func (e *encoder) any(v Value, t *schema.Type, at, depth int) (int, *Error) {
	switch v.Kind() {
	case KindObject:
		return e.object(v.Object(), at, 0, depth, false)
	case KindBool:
		return e.word(boolID(v), at), nil
	case KindRaw:
		return e.raw(v.text(), at), nil
	case KindVector:
		if w := v.Vector(); w.Elem != nil {
			return e.vector(w.Items, w.Elem, false, at, depth)
		}
		return at, encodeError("the vector's element type is not known")
	}
	return at, mismatch(v, t)
}

func (e *encoder) vector(items []Value, elem *schema.Type, bare bool, at, depth int) (int, *Error) {
	if depth > MaxDepth {
		return at, tooDeep()
	}
	b := e.room(at, 8)
	if !bare {
		put32(b, at, schema.VectorID)
		at += 4
	}
	put32(b, at, uint32(len(items)))
	at += 4
	if elem.Kind == schema.KindLong {
		return e.longs(items, elem, at)
	}
	for i := range items {
		var err *Error
		if v := &items[i]; v.isRef(KindObject) && (*Object)(v.ref).def.Plan.Makes == elem {
			at, err = e.object((*Object)(v.ref), at, 0, depth+1, false)
		} else {
			at, err = e.value(*v, elem, at, depth+1)
		}
		if err != nil {
			return at, within(err, i)
		}
	}
	return at, nil
}

func within(err *Error, i int) *Error {
	err.within(fmt.Sprintf("[%d]", i))
	return err
}

// longs writes the elements of a Vector<long>: the vectors that are long are
// mostly of ids.
func (e *encoder) longs(items []Value, elem *schema.Type, at int) (int, *Error) {
	end := at + 8*len(items)
	out := e.room(at, 8*len(items))[at:end]
	for rest := items; len(rest) >= 4 && len(out) >= 32; rest, out = rest[4:], out[32:] {
		v, b := (*[4]Value)(rest), (*[32]byte)(out)
		if !v[0].isWide(KindLong) || !v[1].isWide(KindLong) || !v[2].isWide(KindLong) || !v[3].isWide(KindLong) {
			break // the loop below finds it
		}
		binary.LittleEndian.PutUint64(b[0:], v[0].num)
		binary.LittleEndian.PutUint64(b[8:], v[1].num)
		binary.LittleEndian.PutUint64(b[16:], v[2].num)
		binary.LittleEndian.PutUint64(b[24:], v[3].num)
	}
	for i := len(items) - len(out)/8; i < len(items); i++ {
		v := &items[i]
		if !v.isWide(KindLong) {
			return at, within(mismatch(*v, elem), i)
		}
		put64(e.b, at+8*i, v.num)
	}
	return end, nil
}

// text writes string and bytes: a length of one byte up to 253, else 254 and
// three bytes; then the bytes; then zeros up to a multiple of four. spare is the
// room that is wanted behind it.
func (e *encoder) text(v *Value, at, spare int) int {
	s := v.text()
	if len(s) > 253 {
		return e.longText(s, at, spare)
	}
	total := (len(s) + 4) &^ 3
	b := e.room(at, total+spare)
	put32(b, at+total-4, 0)
	b[at] = byte(len(s))
	copy(b[at+1:], s)
	return at + total
}

func (e *encoder) longText(s []byte, at, spare int) int {
	total := (len(s) + 7) &^ 3
	b := e.room(at, total+spare)
	put32(b, at+total-4, 0)
	put32(b, at, 254|uint32(len(s))<<8)
	copy(b[at+4:], s)
	return at + total
}

// object writes the constructor id, unless bare, and the fields of an object, and
// leaves room for spare bytes.
func (e *encoder) object(o *Object, at, spare, depth int, bare bool) (int, *Error) {
	plan := &o.def.Plan
	spare += int(plan.Room)
	b := e.room(at, spare)
	if !bare {
		put32(b, at, o.def.ID)
		at += 4
	}
	if plan.Required&^o.lo != 0 || plan.None || depth > MaxDepth {
		return e.inOrder(o, at, spare, depth)
	}
	params := o.def.Params
	if plan.Lead != 0 {
		// In a loop of its own: so the one over the fields keeps more in registers.
		var flags uint64
		for set := o.lo &^ plan.Required; set != 0; set &= set - 1 {
			flags |= params[bits.TrailingZeros64(set)].Bits
		}
		put32(b, at, uint32(flags))
		at += 4
		if plan.Lead == 2 {
			put32(b, at, uint32(flags>>32))
			at += 4
		}
	}
	n := -1
	for set := o.lo; set != 0; set &= set - 1 {
		n++
		p, v := &params[bits.TrailingZeros64(set)], o.nth(n)
		// The most frequent kinds, without a call; what does not fit them is
		// left to value.
		switch p.Kind {
		case schema.KindInt:
			if v.isNarrow(KindInt) {
				put32(e.b, at, uint32(v.num))
				at += 4
				continue
			}
		case schema.KindLong:
			if v.isWide(KindLong) {
				put64(e.b, at, v.num)
				at += 8
				continue
			}
		case schema.KindTrue:
			if v.isNarrow(KindBool) {
				continue
			}
		case schema.KindString:
			if v.isText(KindString) {
				at = e.text(v, at, spare)
				continue
			}
		case schema.KindBytes:
			if v.isText(KindBytes) {
				at = e.text(v, at, spare)
				continue
			}
		case schema.KindBoxed:
			if v.isRef(KindObject) {
				var err *Error
				if c := (*Object)(v.ref); c.def.Plan.Makes == p.Type {
					if at, err = e.object(c, at, spare, depth+1, false); err != nil {
						err.within(p.Name)
						return at, err
					}
					continue
				}
			}
		}
		var err *Error
		if p.Kind == schema.KindVector && v.isRef(KindVector) {
			at, err = e.vector((*Vector)(v.ref).Items, p.Type.Elem, p.Type.Bare, at, depth+1)
		} else {
			at, err = e.value(*v, p.Type, at, depth+1)
		}
		if err != nil {
			err.within(p.Name)
			return at, err
		}
		e.room(at, spare)
	}
	return at, nil
}

// inOrder writes the fields of any definition one after the other: of those that
// have no plan, and where a field is missing.
func (e *encoder) inOrder(o *Object, at, spare, depth int) (int, *Error) {
	if depth > MaxDepth {
		return at, tooDeep()
	}
	vals := o.values()
	for i := range o.def.Params {
		p := &o.def.Params[i]
		var err *Error
		switch {
		case o.Has(i):
			at, err = e.value(vals[0], p.Type, at, depth+1)
			vals = vals[1:]
		case p.Type.Kind == schema.KindFlags:
			at = e.word(o.flags(i), at)
		case p.Flag < 0 && p.Type.Kind != schema.KindTrue: // that takes no bytes
			err = encodeError("is required and missing, want %s", p.Type)
		}
		if err != nil {
			err.within(p.Name)
			return at, err
		}
	}
	e.room(at, spare)
	return at, nil
}

// flags computes the i-th parameter, which is a #.
func (o *Object) flags(i int) uint32 {
	var w uint32
	for j := range o.def.Params {
		if p := &o.def.Params[j]; p.Flag == i && o.Has(j) {
			w |= 1 << p.Bit
		}
	}
	return w
}
