package tl

import (
	"encoding/binary"
	"fmt"

	"tlsh/schema"
)

// What Decode accepts at most. No answer of the API comes near.
const (
	MaxDepth = 128     // nesting of objects and vectors
	MaxSize  = 1 << 30 // bytes of the whole input
	// maxEmpty bounds all elements that take no bytes; others are bounded by the
	// bytes that remain.
	maxEmpty = 4096
	maxNotes = 16
)

// Note says that decoding dropped something that encoding will not bring back.
type Note struct{ Path, Msg string }

// Decode gives the value of type t that b holds, all of it. Strings and bytes
// in the result share b's memory: b must not be changed afterwards.
//
// On an error, which is an *Error with TL path and offset, the Value holds what
// was understood before it, and the rest of b as KindRaw where it stopped.
// An Object takes 32 bytes, and each field that is present 16. With the layer
// that is built in, memory stays within 30×len(b) plus 96 KiB, whatever b holds:
// users with all their `true` flags, which take no bytes, need the most.
func Decode(s *schema.Schema, b []byte, t *schema.Type) (Value, error) {
	v, n, _, err := DecodePrefix(s, b, t)
	if err != nil {
		return v, err
	}
	if n < len(b) {
		return v, &Error{Offset: n, Msg: fmt.Sprintf("%d bytes are left over", len(b)-n)}
	}
	return v, nil
}

// DecodePrefix is Decode for a value at the beginning of b: n is its length in
// bytes. notes says what encoding the value will not bring back.
func DecodePrefix(s *schema.Schema, b []byte, t *schema.Type) (v Value, n int, notes []Note, err error) {
	if len(b) > MaxSize {
		return Raw(b), 0, nil, &Error{Msg: fmt.Sprintf("%d bytes are more than %d", len(b), MaxSize)}
	}
	d := decoder{s: s, b: b, arena: newArena(len(b))}
	n, e := d.value(t, &v, 0, 0)
	if e != nil {
		if o := v.Object(); o != nil {
			e.within(o.def.Name)
		}
		return v, n, d.notes, e
	}
	return v, n, d.notes, nil
}

// A decoder's methods read a value at the offset off into *dst, which is zero,
// and give the offset behind it. On an error they give the offset where they
// stopped, and *dst is what they have.
type decoder struct {
	s *schema.Schema
	b []byte
	// owed are the bytes that the elements still to come of unfinished vectors
	// take at least, and empty the elements that take none. So a vector gets the
	// memory that its length asks for, and all together still no more than the
	// input is worth.
	owed, empty int
	arena
	notes []Note
}

// fail ends decoding here: the rest stays as raw bytes.
func (d *decoder) fail(dst *Value, off int, format string, a ...any) (int, *Error) {
	*dst = Raw(d.b[off:])
	return off, &Error{Offset: off, Msg: fmt.Sprintf(format, a...)}
}

func (d *decoder) short(t *schema.Type, dst *Value, off, need int) (int, *Error) {
	return d.fail(dst, off, "want %s of %d bytes, only %d are left", t, need, len(d.b)-off)
}

// failID is fail where the constructor id stands that was not expected.
func (d *decoder) failID(dst *Value, off int, id uint32, format string, a ...any) (int, *Error) {
	off, err := d.fail(dst, off, format, a...)
	if d.s.ByID(id) == nil {
		err.ID = id
	}
	return off, err
}

func (d *decoder) note(format string, a ...any) {
	if len(d.notes) < maxNotes {
		d.notes = append(d.notes, Note{Msg: fmt.Sprintf(format, a...)})
	}
}

// within puts a path element before the notes made since there were n.
func (d *decoder) within(n int, elem string) {
	for i := n; i < len(d.notes); i++ {
		e := Error{Path: d.notes[i].Path}
		e.within(elem)
		d.notes[i].Path = e.Path
	}
}

func (d *decoder) value(t *schema.Type, dst *Value, off, depth int) (int, *Error) {
	b := d.b[off:]
	switch t.Kind {
	case schema.KindInt:
		if len(b) < 4 {
			return d.short(t, dst, off, 4)
		}
		*dst = narrow(KindInt, binary.LittleEndian.Uint32(b))
		return off + 4, nil
	case schema.KindLong:
		if len(b) < 8 {
			return d.short(t, dst, off, 8)
		}
		*dst = wideNumber(KindLong, binary.LittleEndian.Uint64(b))
		return off + 8, nil
	case schema.KindDouble:
		if len(b) < 8 {
			return d.short(t, dst, off, 8)
		}
		*dst = wideNumber(KindDouble, binary.LittleEndian.Uint64(b))
		return off + 8, nil
	case schema.KindString:
		return d.text(t, KindString, dst, off)
	case schema.KindBytes:
		return d.text(t, KindBytes, dst, off)
	case schema.KindInt128:
		return d.fixed(t, 16, KindInt128, dst, off)
	case schema.KindInt256:
		return d.fixed(t, 32, KindInt256, dst, off)
	case schema.KindTrue:
		*dst = Bool(true)
		return off, nil
	case schema.KindBool:
		return d.bool(t, dst, off)
	}
	if depth > MaxDepth {
		return d.fail(dst, off, "nested deeper than %d", MaxDepth)
	}
	switch t.Kind {
	case schema.KindBoxed, schema.KindAny:
		return d.boxed(t, dst, off, depth)
	case schema.KindVector:
		return d.vector(t, dst, off, depth)
	case schema.KindBare:
		if t.Of == nil {
			return d.fail(dst, off, "the schema has no constructor %s", t)
		}
		return d.object(t.Of, dst, off, depth)
	}
	return d.fail(dst, off, "cannot read %s", t)
}

// text reads string and bytes (see encoder.text).
func (d *decoder) text(t *schema.Type, kind Kind, dst *Value, off int) (int, *Error) {
	b := d.b[off:]
	if len(b) < 4 {
		return d.short(t, dst, off, 4)
	}
	n, skip := int(b[0]), 1
	switch n {
	case 254:
		n, skip = int(b[1])|int(b[2])<<8|int(b[3])<<16, 4
		if n < 254 {
			d.note("the length %d was written in its long form", n)
		}
	case 255:
		return d.fail(dst, off, "want the length of a %s, got byte 255", t)
	}
	total := (skip + n + 3) &^ 3
	if total > len(b) {
		return d.fail(dst, off, "want a %s of %d bytes, only %d are left", t, n, len(b)-skip)
	}
	if n == 0 {
		*dst = data(kind, nil, 0)
	} else {
		*dst = data(kind, &b[skip], n)
	}
	return off + total, nil
}

func (d *decoder) fixed(t *schema.Type, n int, kind Kind, dst *Value, off int) (int, *Error) {
	b := d.b[off:]
	if len(b) < n {
		return d.short(t, dst, off, n)
	}
	*dst = data(kind, &b[0], n)
	return off + n, nil
}

func (d *decoder) bool(t *schema.Type, dst *Value, off int) (int, *Error) {
	b := d.b[off:]
	if len(b) < 4 {
		return d.short(t, dst, off, 4)
	}
	switch id := binary.LittleEndian.Uint32(b); id {
	case schema.BoolTrueID:
		*dst = Bool(true)
	case schema.BoolFalseID:
		*dst = Bool(false)
	default:
		return d.failID(dst, off, id, "want boolTrue or boolFalse, got #%08x", id)
	}
	return off + 4, nil
}

// boxed reads a constructor id and the constructor's fields.
func (d *decoder) boxed(t *schema.Type, dst *Value, off, depth int) (int, *Error) {
	b := d.b[off:]
	if len(b) < 4 {
		return d.short(t, dst, off, 4)
	}
	if depth > MaxDepth {
		return d.fail(dst, off, "nested deeper than %d", MaxDepth)
	}
	id := binary.LittleEndian.Uint32(b)
	c := d.s.ByID(id)
	switch {
	case c != nil && c.Plan.Makes == t:
		// what is wanted, mostly
	case t.Kind == schema.KindAny && (id == schema.BoolTrueID || id == schema.BoolFalseID):
		*dst = Bool(id == schema.BoolTrueID)
		return off + 4, nil
	case t.Kind == schema.KindAny && id == schema.VectorID:
		return d.fail(dst, off, "a Vector stands where its element type is not known")
	case c == nil:
		return d.failID(dst, off, id, "want %s, got constructor #%08x, which layer %d does not have", t, id, d.s.Layer)
	case t.Kind == schema.KindBoxed && !makes(c, t):
		return d.fail(dst, off, "want %s, got %s of %s", t, c.Name, c.Result)
	}
	return d.object(c, dst, off+4, depth)
}

func (d *decoder) vector(t *schema.Type, dst *Value, off, depth int) (int, *Error) {
	if !t.Bare {
		b := d.b[off:]
		if len(b) < 4 {
			return d.short(t, dst, off, 4)
		}
		if id := binary.LittleEndian.Uint32(b); id != schema.VectorID {
			return d.failID(dst, off, id, "want %s, got constructor #%08x", t, id)
		}
		off += 4
	}
	b := d.b[off:]
	if len(b) < 4 {
		return d.short(t, dst, off, 4)
	}
	count := binary.LittleEndian.Uint32(b)
	left, size := len(b)-4-d.owed, minSize(t.Elem)
	if size == 0 {
		d.empty += int(min(count, maxEmpty+1))
	}
	if int64(count)*int64(size) > int64(left) || d.empty > maxEmpty {
		return d.fail(dst, off, "a %s of %d elements cannot be in the %d bytes that are left", t, count, len(b)-4)
	}
	off += 4
	vec := &d.vecs.take(1, off, len(d.b))[0]
	*vec = Vector{t.Elem, d.vals.take(int(count), off, len(d.b))}
	*dst = vec.Value()
	if kind := scalarKind(t.Elem); kind != KindNone {
		return d.scalars(vec.Items, kind, off), nil
	}
	d.owed += int(count) * size
	for i := range vec.Items {
		var err *Error
		d.owed -= size
		n := len(d.notes)
		if t.Elem.Kind == schema.KindBoxed {
			off, err = d.boxed(t.Elem, &vec.Items[i], off, depth+1)
		} else {
			off, err = d.value(t.Elem, &vec.Items[i], off, depth+1)
		}
		if len(d.notes) > n {
			d.within(n, fmt.Sprintf("[%d]", i))
		}
		if err != nil {
			vec.Items = vec.Items[:i+1]
			return off, within(err, i)
		}
	}
	return off, nil
}

// scalarKind is the kind of a type whose values are 4 or 8 bytes of number.
func scalarKind(t *schema.Type) Kind {
	switch t.Kind {
	case schema.KindInt:
		return KindInt
	case schema.KindLong:
		return KindLong
	case schema.KindDouble:
		return KindDouble
	}
	return KindNone
}

// scalars reads numbers, which are known to be there.
func (d *decoder) scalars(items []Value, kind Kind, off int) int {
	b := d.b[off:]
	if kind == KindInt {
		for i := range items {
			items[i] = narrow(KindInt, binary.LittleEndian.Uint32(b))
			b = b[4:]
		}
		return off + 4*len(items)
	}
	for i := range items {
		items[i] = wideNumber(kind, binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	return off + 8*len(items)
}

// minSize is the least number of bytes that a value of type t takes, counting
// no deeper than one level.
func minSize(t *schema.Type) int {
	switch t.Kind {
	case schema.KindLong, schema.KindDouble:
		return 8
	case schema.KindInt128:
		return 16
	case schema.KindInt256:
		return 32
	case schema.KindTrue:
		return 0
	case schema.KindBare:
		if t.Of == nil {
			return 4
		}
		for i := range t.Of.Params {
			p := &t.Of.Params[i]
			if p.Flag < 0 && p.Type.Kind != schema.KindTrue && p.Type.Kind != schema.KindBare {
				return 4
			}
		}
		return 0
	}
	return 4
}
