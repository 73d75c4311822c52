package tl

import (
	"encoding/binary"
	"math/bits"
	"unsafe"

	"tlsh/schema"
)

// object reads the fields of c. Its leading flags words say how many there are,
// so that they get their place at once, and the loop goes over those alone.
func (d *decoder) object(c *schema.Combinator, dst *Value, off, depth int) (int, *Error) {
	plan := &c.Plan
	present := plan.Required
	if plan.None || len(d.b)-off < 4*int(plan.Lead) {
		return d.inOrder(c, dst, off, depth)
	}
	if plan.Lead != 0 {
		flags := uint64(binary.LittleEndian.Uint32(d.b[off:]))
		off += 4
		if plan.Lead == 2 {
			flags |= uint64(binary.LittleEndian.Uint32(d.b[off:])) << 32
			off += 4
		}
		if unknown := flags &^ plan.Mask; unknown != 0 {
			d.unknownBits(c, 0, uint32(unknown))
			d.unknownBits(c, 1, uint32(unknown>>32))
		}
		for f := flags & plan.Mask; f != 0; f &= f - 1 {
			present |= plan.ByBit[bits.OnesCount64(plan.Mask&(f&-f-1))]
		}
	}
	o, vals := d.arena.object(bits.OnesCount64(present), off, len(d.b))
	o.def, o.lo = c, present
	*dst = o.Value()
	return d.fields(o, vals, off, depth)
}

// unknownBits makes a note of the bits of the word-th # that mean nothing.
func (d *decoder) unknownBits(c *schema.Combinator, word int, unknown uint32) {
	if unknown == 0 {
		return
	}
	for i := range c.Params {
		if p := &c.Params[i]; p.Type.Kind == schema.KindFlags && p.Word == word {
			d.note("%s.%s has unknown bits %#x", c.Name, p.Name, unknown)
		}
	}
}

// fields reads the parameters that are present in o into vals.
func (d *decoder) fields(o *Object, vals []Value, off, depth int) (int, *Error) {
	b, params := d.b, o.def.Params
	for set := o.lo; len(vals) > 0; set &= set - 1 {
		i := bits.TrailingZeros64(set)
		p, v := &params[i], &vals[0]
		switch p.Kind {
		case schema.KindInt:
			run := int(p.Run)
			if len(b)-off < 4*run || len(vals) < run {
				break
			}
			for j := range vals[:run] {
				vals[j].num = uint64(KindInt)<<kindShift | uint64(binary.LittleEndian.Uint32(b[off:]))
				off += 4
			}
			vals = vals[run:]
			set &^= (1<<run - 2) << i // but the first, which the loop takes away
			continue
		case schema.KindLong:
			if len(b)-off < 8 {
				break
			}
			*v = wideNumber(KindLong, binary.LittleEndian.Uint64(b[off:]))
			off += 8
			vals = vals[1:]
			continue
		case schema.KindTrue:
			v.num = uint64(KindBool)<<kindShift | 1
			vals = vals[1:]
			continue
		case schema.KindString:
			if len(b)-off < 4 {
				break
			}
			n := int(b[off])
			total := (n + 4) &^ 3
			if n == 0 || n > 253 || total > len(b)-off {
				break
			}
			*v = Value{unsafe.Pointer(&b[off+1]), uint64(KindString)<<kindShift | uint64(n)}
			off += total
			vals = vals[1:]
			continue
		}
		var err *Error
		notes := len(d.notes)
		if p.Kind == schema.KindBoxed {
			off, err = d.boxed(p.Type, v, off, depth+1)
		} else {
			off, err = d.value(p.Type, v, off, depth+1)
		}
		if len(d.notes) > notes {
			d.within(notes, p.Name)
		}
		if err != nil {
			return off, o.cut(err, i)
		}
		vals = vals[1:]
	}
	return off, nil
}

// inOrder reads the fields of any definition one after the other: of those that
// have no plan, and where the input ends in the flags.
func (d *decoder) inOrder(c *schema.Combinator, dst *Value, off, depth int) (int, *Error) {
	o, _ := d.arena.object(0, off, len(d.b))
	o.def = c
	*dst = o.Value()
	var words [schema.MaxFlags]uint32
	var present bitset
	var room [16]Value
	var err *Error
	vals := room[:0]
	for i := range c.Params {
		p := &c.Params[i]
		if p.Flag >= 0 && words[p.Word]>>p.Bit&1 == 0 {
			continue
		}
		var v Value
		notes := len(d.notes)
		if p.Type.Kind == schema.KindFlags {
			if len(d.b)-off < 4 {
				_, err = d.short(p.Type, &v, off, 4)
				err.within(p.Name)
				break
			}
			words[p.Word] = binary.LittleEndian.Uint32(d.b[off:])
			off += 4
			d.unknownBits(c, p.Word, words[p.Word]&^p.Mask)
			continue
		}
		off, err = d.value(p.Type, &v, off, depth+1)
		d.within(notes, p.Name)
		vals = append(vals, v)
		present.add(i)
		if err != nil {
			err.within(p.Name)
			break
		}
	}
	o.lo, o.hi = present[0], present[1]
	own := d.vals.take(len(vals), off, len(d.b))
	copy(own, vals)
	o.vals = unsafe.SliceData(own)
	return off, err
}

// cut leaves out what comes after the i-th parameter, at which err came up.
func (o *Object) cut(err *Error, i int) *Error {
	err.within(o.def.Params[i].Name)
	o.lo &= 2<<i - 1
	return err
}
