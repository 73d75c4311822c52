package tl

import (
	"encoding/binary"
	"fmt"
	"slices"

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
	b, err := appendValue(dst, v, t, 0)
	if err != nil {
		if o := v.Object(); o != nil {
			err.within(o.def.Name)
		}
		return dst, err
	}
	return b, nil
}

func encodeError(format string, a ...any) *Error {
	return &Error{Offset: -1, Msg: fmt.Sprintf(format, a...)}
}

// appendValue writes v where the schema wants t.
func appendValue(b []byte, v Value, t *schema.Type, depth int) ([]byte, *Error) {
	switch t.Kind {
	case schema.KindInt:
		if v.isNarrow(KindInt) {
			return binary.LittleEndian.AppendUint32(b, uint32(v.num)), nil
		}
	case schema.KindLong:
		if v.isWide(KindLong) {
			return binary.LittleEndian.AppendUint64(b, v.num), nil
		}
	case schema.KindDouble:
		if v.isWide(KindDouble) {
			return binary.LittleEndian.AppendUint64(b, v.num), nil
		}
	case schema.KindString, schema.KindBytes:
		if k := v.Kind(); k == KindString && t.Kind == schema.KindString || k == KindBytes && t.Kind == schema.KindBytes {
			if n := v.num & maxLength; n > maxString {
				return b, encodeError("%d bytes are more than TL can hold, %d", n, maxString)
			}
			return appendText(b, v.text()), nil
		}
	case schema.KindBool:
		if v.isNarrow(KindBool) {
			return appendID(b, boolID(v)), nil
		}
	case schema.KindInt128:
		if v.Kind() == KindInt128 {
			return append(b, v.text()...), nil
		}
	case schema.KindInt256:
		if v.Kind() == KindInt256 {
			return append(b, v.text()...), nil
		}
	case schema.KindTrue:
		if v.isNarrow(KindBool) {
			return b, nil
		}
	case schema.KindBoxed:
		if o := v.Object(); o != nil && makes(o.def, t) {
			return appendFields(appendID(b, o.def.ID), o, depth)
		}
	case schema.KindVector:
		if w := v.Vector(); w != nil {
			return appendVector(b, w.Items, t.Elem, t.Bare, depth)
		}
	case schema.KindBare:
		if o := v.Object(); o != nil && o.def == t.Of {
			return appendFields(b, o, depth)
		}
	case schema.KindAny:
		return appendAny(b, v, t, depth)
	}
	return b, mismatch(v, t)
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

func appendID(b []byte, id uint32) []byte { return binary.LittleEndian.AppendUint32(b, id) }

// appendAny writes a value that says itself what it is.
func appendAny(b []byte, v Value, t *schema.Type, depth int) ([]byte, *Error) {
	switch v.Kind() {
	case KindObject:
		o := v.Object()
		return appendFields(appendID(b, o.def.ID), o, depth)
	case KindBool:
		return appendID(b, boolID(v)), nil
	case KindRaw:
		return append(b, v.text()...), nil
	case KindVector:
		if w := v.Vector(); w.Elem != nil {
			return appendVector(b, w.Items, w.Elem, false, depth)
		}
		return b, encodeError("the vector's element type is not known")
	}
	return b, mismatch(v, t)
}

func appendVector(b []byte, items []Value, elem *schema.Type, bare bool, depth int) ([]byte, *Error) {
	if depth > MaxDepth {
		return b, tooDeep()
	}
	if !bare {
		b = appendID(b, schema.VectorID)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(items)))
	if elem.Kind == schema.KindLong {
		return appendLongs(b, items, elem)
	}
	for i, v := range items {
		var err *Error
		if b, err = appendValue(b, v, elem, depth+1); err != nil {
			return b, within(err, i)
		}
	}
	return b, nil
}

func within(err *Error, i int) *Error {
	err.within(fmt.Sprintf("[%d]", i))
	return err
}

// appendLongs writes the elements of a Vector<long>: the vectors that are long
// are mostly of ids.
func appendLongs(b []byte, items []Value, elem *schema.Type) ([]byte, *Error) {
	at := len(b)
	b = slices.Grow(b, 8*len(items))[:at+8*len(items)]
	out := b[at:]
	for i, v := range items {
		if !v.isWide(KindLong) || len(out) < 8 {
			return b[:at], within(mismatch(v, elem), i)
		}
		binary.LittleEndian.PutUint64(out, v.num)
		out = out[8:]
	}
	return b, nil
}

// appendFields writes the fields of an object. A flags word is written as zero
// first; each field that hangs on it then sets its bit.
func appendFields(b []byte, o *Object, depth int) ([]byte, *Error) {
	if depth > MaxDepth {
		return b, tooDeep()
	}
	var words [schema.MaxFlags]int // where they stand
	var err *Error
	params, vals := o.def.Params, o.values()
	mask := o.present[0]
	for i := range params {
		p := &params[i]
		if i == 64 {
			mask = o.present[1]
		}
		has := mask&1 != 0
		mask >>= 1
		if !has {
			if p.Flag < 0 {
				if p.Type.Kind == schema.KindFlags {
					words[p.Word&(schema.MaxFlags-1)] = len(b)
					b = append(b, 0, 0, 0, 0)
				} else if err = missing(p); err != nil {
					return b, err
				}
			}
			continue
		}
		v := vals[0]
		vals = vals[1:]
		if p.Flag >= 0 {
			b[words[p.Word&(schema.MaxFlags-1)]+p.Bit>>3] |= 1 << (p.Bit & 7)
		}
		// The most frequent kinds, without a call; what does not fit them is
		// left to appendValue.
		t := p.Type
		switch t.Kind {
		case schema.KindInt:
			if v.isNarrow(KindInt) {
				b = binary.LittleEndian.AppendUint32(b, uint32(v.num))
				continue
			}
		case schema.KindLong:
			if v.isWide(KindLong) {
				b = binary.LittleEndian.AppendUint64(b, v.num)
				continue
			}
		case schema.KindTrue:
			if v.isNarrow(KindBool) {
				continue
			}
		case schema.KindString:
			if v.Kind() == KindString && v.num&maxLength <= maxString {
				b = appendText(b, v.text())
				continue
			}
		case schema.KindBoxed:
			if c := v.Object(); c != nil && makes(c.def, t) {
				if b, err = appendFields(appendID(b, c.def.ID), c, depth+1); err != nil {
					err.within(p.Name)
					return b, err
				}
				continue
			}
		}
		if b, err = appendValue(b, v, t, depth+1); err != nil {
			err.within(p.Name)
			return b, err
		}
	}
	return b, nil
}

// missing is the error of a parameter that is neither there nor optional.
func missing(p *schema.Param) *Error {
	if p.Type.Kind == schema.KindTrue {
		return nil // it takes no bytes
	}
	err := encodeError("is required and missing, want %s", p.Type)
	err.within(p.Name)
	return err
}

// appendText writes string and bytes: a length of one byte up to 253, else 254
// and three bytes; then the bytes; then zeros up to a multiple of four.
func appendText(b, s []byte) []byte {
	n, head := len(s), 1
	if n > 253 {
		head = 4
	}
	at, total := len(b), (head+n+3)&^3
	b = slices.Grow(b, total)[:at+total]
	out := b[at:]
	binary.LittleEndian.PutUint32(out[total-4:], 0)
	if head == 1 {
		out[0] = byte(n)
	} else {
		binary.LittleEndian.PutUint32(out, 254|uint32(n)<<8)
	}
	copy(out[head:], s)
	return b
}
