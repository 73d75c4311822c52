package tl

import (
	"encoding/binary"
	"fmt"
	"unsafe"

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
// Memory stays within 14×len(b) plus 96 KiB, whatever b holds.
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
	v, e := d.value(t, 0)
	if e != nil {
		if o := v.Object(); o != nil {
			e.within(o.def.Name)
		}
		return v, d.off, d.notes, e
	}
	return v, d.off, d.notes, nil
}

type decoder struct {
	s   *schema.Schema
	b   []byte
	off int
	// owed are the bytes that the elements still to come of unfinished vectors
	// take at least, and empty the elements that take none. So a vector gets the
	// memory that its length asks for, and all together still no more than the
	// input is worth.
	owed, empty int
	arena
	notes []Note
}

// fail ends decoding here: the rest stays as raw bytes.
func (d *decoder) fail(format string, a ...any) (Value, *Error) {
	e := &Error{Offset: d.off, Msg: fmt.Sprintf(format, a...)}
	v := Raw(d.b[d.off:])
	return v, e
}

func (d *decoder) short(t *schema.Type, need int) (Value, *Error) {
	return d.fail("want %s of %d bytes, only %d are left", t, need, len(d.b)-d.off)
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

func (d *decoder) value(t *schema.Type, depth int) (Value, *Error) {
	b := d.b[d.off:]
	switch t.Kind {
	case schema.KindInt:
		if len(b) < 4 {
			return d.short(t, 4)
		}
		d.off += 4
		return narrow(KindInt, binary.LittleEndian.Uint32(b)), nil
	case schema.KindLong:
		if len(b) < 8 {
			return d.short(t, 8)
		}
		d.off += 8
		return wideNumber(KindLong, binary.LittleEndian.Uint64(b)), nil
	case schema.KindDouble:
		if len(b) < 8 {
			return d.short(t, 8)
		}
		d.off += 8
		return wideNumber(KindDouble, binary.LittleEndian.Uint64(b)), nil
	case schema.KindString:
		return d.text(t, KindString)
	case schema.KindBytes:
		return d.text(t, KindBytes)
	case schema.KindInt128:
		return d.fixed(t, 16, KindInt128)
	case schema.KindInt256:
		return d.fixed(t, 32, KindInt256)
	case schema.KindTrue:
		return Bool(true), nil
	case schema.KindBool:
		return d.bool(t)
	}
	if depth > MaxDepth {
		return d.fail("nested deeper than %d", MaxDepth)
	}
	switch t.Kind {
	case schema.KindBoxed, schema.KindAny:
		return d.boxed(t, depth)
	case schema.KindVector:
		return d.vector(t, depth)
	case schema.KindBare:
		if t.Of == nil {
			return d.fail("the schema has no constructor %s", t)
		}
		return d.object(t.Of, depth)
	}
	return d.fail("cannot read %s", t)
}

// text reads string and bytes (see encoder.text).
func (d *decoder) text(t *schema.Type, kind Kind) (Value, *Error) {
	b := d.b[d.off:]
	if len(b) < 4 {
		return d.short(t, 4)
	}
	n, skip := int(b[0]), 1
	switch n {
	case 254:
		n, skip = int(b[1])|int(b[2])<<8|int(b[3])<<16, 4
		if n < 254 {
			d.note("the length %d was written in its long form", n)
		}
	case 255:
		return d.fail("want the length of a %s, got byte 255", t)
	}
	total := (skip + n + 3) &^ 3
	if total > len(b) {
		return d.fail("want a %s of %d bytes, only %d are left", t, n, len(b)-skip)
	}
	d.off += total
	if n == 0 {
		return data(kind, nil, 0), nil
	}
	return data(kind, &b[skip], n), nil
}

func (d *decoder) fixed(t *schema.Type, n int, kind Kind) (Value, *Error) {
	b := d.b[d.off:]
	if len(b) < n {
		return d.short(t, n)
	}
	d.off += n
	return data(kind, &b[0], n), nil
}

func (d *decoder) bool(t *schema.Type) (Value, *Error) {
	b := d.b[d.off:]
	if len(b) < 4 {
		return d.short(t, 4)
	}
	switch id := binary.LittleEndian.Uint32(b); id {
	case schema.BoolTrueID:
		d.off += 4
		return Bool(true), nil
	case schema.BoolFalseID:
		d.off += 4
		return Bool(false), nil
	default:
		v, e := d.fail("want boolTrue or boolFalse, got #%08x", id)
		e.ID = d.unknown(id)
		return v, e
	}
}

func (d *decoder) unknown(id uint32) uint32 {
	if d.s.ByID(id) == nil {
		return id
	}
	return 0
}

// boxed reads a constructor id and the constructor's fields.
func (d *decoder) boxed(t *schema.Type, depth int) (Value, *Error) {
	b := d.b[d.off:]
	if len(b) < 4 {
		return d.short(t, 4)
	}
	id := binary.LittleEndian.Uint32(b)
	c := d.s.ByID(id)
	switch {
	case t.Kind == schema.KindAny && (id == schema.BoolTrueID || id == schema.BoolFalseID):
		d.off += 4
		return Bool(id == schema.BoolTrueID), nil
	case t.Kind == schema.KindAny && id == schema.VectorID:
		return d.fail("a Vector stands where its element type is not known")
	case c == nil:
		v, e := d.fail("want %s, got constructor #%08x, which layer %d does not have", t, id, d.s.Layer)
		e.ID = id
		return v, e
	case t.Kind == schema.KindBoxed && !makes(c, t):
		return d.fail("want %s, got %s of %s", t, c.Name, c.Result)
	}
	d.off += 4
	return d.object(c, depth)
}

func (d *decoder) object(c *schema.Combinator, depth int) (Value, *Error) {
	o := &d.objs.take(1, d.off, len(d.b))[0]
	o.def = c
	// Where nothing is optional, the fields get their place at once; elsewhere
	// they are gathered on the stack.
	var direct []Value
	if len(c.Params) > 0 && !hasFlags(c) {
		direct = d.vals.take(len(c.Params), d.off, len(d.b))
	}
	base := d.stack.n
	var words [schema.MaxFlags]uint32
	var err *Error
	for i := range c.Params {
		p := &c.Params[i]
		if p.Flag >= 0 && words[p.Word&(schema.MaxFlags-1)]>>(p.Bit&31)&1 == 0 {
			continue
		}
		var v Value
		left := d.b[d.off:]
		switch kind := p.Type.Kind; {
		case kind == schema.KindInt && len(left) >= 4: // the most frequent, without a call
			d.off += 4
			v = narrow(KindInt, binary.LittleEndian.Uint32(left))
		case kind == schema.KindTrue:
			v = Bool(true)
		case kind == schema.KindLong && len(left) >= 8:
			d.off += 8
			v = wideNumber(KindLong, binary.LittleEndian.Uint64(left))
		case kind == schema.KindFlags:
			if len(left) < 4 {
				_, err = d.short(p.Type, 4)
				break
			}
			d.off += 4
			w := binary.LittleEndian.Uint32(left)
			words[p.Word&(schema.MaxFlags-1)] = w
			if w&^p.Mask != 0 {
				d.note("%s.%s has unknown bits %#x", c.Name, p.Name, w&^p.Mask)
			}
			continue
		default:
			n := len(d.notes)
			v, err = d.value(p.Type, depth+1)
			if len(d.notes) > n {
				d.within(n, p.Name)
			}
		}
		switch {
		case p.Type.Kind == schema.KindFlags: // cut off
		case direct != nil:
			direct[i] = v
			o.present.add(i)
		default:
			d.stack.push(v)
			o.present.add(i)
		}
		if err != nil {
			err.within(p.Name)
			break
		}
	}
	if direct == nil {
		direct = d.pop(base)
	}
	o.vals = unsafe.SliceData(direct)
	return o.Value(), err
}

func hasFlags(c *schema.Combinator) bool {
	for i := range c.Params {
		if c.Params[i].Type.Kind == schema.KindFlags {
			return true
		}
	}
	return false
}

// pop moves what is on the stack above base to its place.
func (d *decoder) pop(base int) []Value {
	n := d.stack.n - base
	if n == 0 {
		return nil
	}
	out := d.vals.take(n, d.off, len(d.b))
	d.stack.pop(out)
	return out
}

func (d *decoder) vector(t *schema.Type, depth int) (Value, *Error) {
	if !t.Bare {
		b := d.b[d.off:]
		if len(b) < 4 {
			return d.short(t, 4)
		}
		if id := binary.LittleEndian.Uint32(b); id != schema.VectorID {
			v, e := d.fail("want %s, got constructor #%08x", t, id)
			e.ID = d.unknown(id)
			return v, e
		}
		d.off += 4
	}
	b := d.b[d.off:]
	if len(b) < 4 {
		return d.short(t, 4)
	}
	count := binary.LittleEndian.Uint32(b)
	left, size := len(b)-4-d.owed, minSize(t.Elem)
	if size == 0 {
		d.empty += int(min(count, maxEmpty+1))
	}
	if int64(count)*int64(size) > int64(left) || d.empty > maxEmpty {
		return d.fail("a %s of %d elements cannot be in the %d bytes that are left", t, count, len(b)-4)
	}
	d.off += 4
	vec := &d.vecs.take(1, d.off, len(d.b))[0]
	vec.Elem = t.Elem
	if kind := scalarKind(t.Elem); kind != KindNone {
		vec.Items = d.scalars(int(count), kind)
		return vec.Value(), nil
	}
	d.owed += int(count) * size
	vec.Items = d.vals.take(int(count), d.off, len(d.b))
	for i := range vec.Items {
		d.owed -= size
		n := len(d.notes)
		v, err := d.value(t.Elem, depth+1)
		vec.Items[i] = v
		if len(d.notes) > n {
			d.within(n, fmt.Sprintf("[%d]", i))
		}
		if err != nil {
			err.within(fmt.Sprintf("[%d]", i))
			vec.Items = vec.Items[:i+1]
			return vec.Value(), err
		}
	}
	return vec.Value(), nil
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

// scalars reads n numbers, which are known to be there.
func (d *decoder) scalars(n int, kind Kind) []Value {
	items := d.vals.take(n, d.off, len(d.b))
	b := d.b[d.off:]
	if kind == KindInt {
		d.off += 4 * n
		b = b[:4*n]
		for i := range items {
			items[i] = narrow(KindInt, binary.LittleEndian.Uint32(b))
			b = b[4:]
		}
		return items
	}
	d.off += 8 * n
	b = b[:8*n]
	for i := range items {
		items[i] = wideNumber(kind, binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	return items
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
