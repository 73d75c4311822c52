package tl

import (
	"encoding/binary"
	"fmt"

	"tlsh/schema"
)

// maxString is the largest string or bytes: its length has 24 bits
// (https://core.telegram.org/mtproto/serialize, "Base types").
const maxString = 1<<24 - 1

// Encode gives the boxed bytes of an object: constructor id, then fields, with
// the flags words computed from the fields that are present.
func Encode(o *Object) ([]byte, error) { return Append(nil, o.Value(), anyType) }

var anyType = &schema.Type{Kind: schema.KindAny, Name: "Object"}

// Append appends the bytes of v as the type t to dst. The error is an *Error
// with the path of the value that cannot be written so.
func Append(dst []byte, v Value, t *schema.Type) ([]byte, error) {
	e := encoder{b: dst}
	if err := e.value(v, t, 0); err != nil {
		if o := v.Object(); o != nil {
			err.within(o.def.Name)
		}
		return dst, err
	}
	return e.b, nil
}

type encoder struct{ b []byte }

func encodeError(format string, a ...any) *Error {
	return &Error{Offset: -1, Msg: fmt.Sprintf(format, a...)}
}

func (e *encoder) value(v Value, t *schema.Type, depth int) *Error {
	switch t.Kind {
	case schema.KindInt:
		if v.kind == KindInt {
			e.b = binary.LittleEndian.AppendUint32(e.b, uint32(v.num))
			return nil
		}
	case schema.KindLong:
		if v.kind == KindLong {
			e.b = binary.LittleEndian.AppendUint64(e.b, v.num)
			return nil
		}
	case schema.KindDouble:
		if v.kind == KindDouble {
			e.b = binary.LittleEndian.AppendUint64(e.b, v.num)
			return nil
		}
	case schema.KindString:
		if v.kind == KindString {
			return e.text(v.AsBytes())
		}
	case schema.KindBytes:
		if v.kind == KindBytes {
			return e.text(v.AsBytes())
		}
	case schema.KindBool:
		if v.kind == KindBool {
			e.id(boolID(v))
			return nil
		}
	case schema.KindInt128, schema.KindInt256:
		if v.kind == KindInt128 && t.Kind == schema.KindInt128 || v.kind == KindInt256 && t.Kind == schema.KindInt256 {
			e.b = append(e.b, v.AsBytes()...)
			return nil
		}
	case schema.KindTrue:
		if v.kind == KindBool {
			return nil
		}
	default:
		return e.compound(v, t, depth)
	}
	return mismatch(v, t)
}

func mismatch(v Value, t *schema.Type) *Error {
	if o := v.Object(); o != nil {
		return encodeError("want %s, have %s", t, o.def.Name)
	}
	return encodeError("want %s, have %s", t, v.kind)
}

func boolID(v Value) uint32 {
	if v.num == 1 {
		return schema.BoolTrueID
	}
	return schema.BoolFalseID
}

func (e *encoder) id(id uint32) { e.b = binary.LittleEndian.AppendUint32(e.b, id) }

// compound writes vectors and objects.
func (e *encoder) compound(v Value, t *schema.Type, depth int) *Error {
	if depth > MaxDepth {
		return encodeError("nested deeper than %d", MaxDepth)
	}
	switch t.Kind {
	case schema.KindVector:
		if v.kind == KindVector {
			return e.vector(v.Vector().Items, t.Elem, t.Bare, depth)
		}
	case schema.KindBoxed:
		if o := v.Object(); o != nil && !o.def.Method && o.def.Result.Class == t.Class {
			e.id(o.def.ID)
			return e.fields(o, depth)
		}
	case schema.KindBare:
		if o := v.Object(); o != nil && o.def == t.Of {
			return e.fields(o, depth)
		}
	case schema.KindAny:
		switch v.kind {
		case KindObject:
			o := v.Object()
			e.id(o.def.ID)
			return e.fields(o, depth)
		case KindBool:
			e.id(boolID(v))
			return nil
		case KindRaw:
			e.b = append(e.b, v.AsBytes()...)
			return nil
		case KindVector:
			if w := v.Vector(); w.Elem != nil {
				return e.vector(w.Items, w.Elem, false, depth)
			}
			return encodeError("the vector's element type is not known")
		}
	}
	return mismatch(v, t)
}

func (e *encoder) vector(items []Value, elem *schema.Type, bare bool, depth int) *Error {
	if !bare {
		e.id(schema.VectorID)
	}
	e.b = binary.LittleEndian.AppendUint32(e.b, uint32(len(items)))
	for i, v := range items {
		if err := e.value(v, elem, depth+1); err != nil {
			err.within(fmt.Sprintf("[%d]", i))
			return err
		}
	}
	return nil
}

func (e *encoder) fields(o *Object, depth int) *Error {
	n := 0
	params := o.def.Params
	for i := range params {
		p := &params[i]
		if !o.Has(i) {
			if p.Flag >= 0 {
				continue
			}
			if p.Type.Kind == schema.KindFlags {
				e.id(o.flags(i))
				continue
			}
			if p.Type.Kind == schema.KindTrue {
				continue
			}
			err := encodeError("is required and missing, want %s", p.Type)
			err.within(p.Name)
			return err
		}
		v := o.vals[n]
		n++
		if err := e.value(v, p.Type, depth+1); err != nil {
			err.within(p.Name)
			return err
		}
	}
	return nil
}

// text writes string and bytes: a length of one byte up to 253, else 254 and
// three bytes; then the bytes; then zeros up to a multiple of four.
func (e *encoder) text(s []byte) *Error {
	n := len(s)
	switch {
	case n < 254:
		e.b = append(e.b, byte(n))
		n++
	case n <= maxString:
		e.b = append(e.b, 254, byte(n), byte(n>>8), byte(n>>16))
	default:
		return encodeError("%d bytes are more than TL can hold, %d", n, maxString)
	}
	e.b = append(e.b, s...)
	switch n & 3 {
	case 1:
		e.b = append(e.b, 0, 0, 0)
	case 2:
		e.b = append(e.b, 0, 0)
	case 3:
		e.b = append(e.b, 0)
	}
	return nil
}
