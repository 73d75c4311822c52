package schema

import "math/bits"

// Plan is what a codec wants to know about a definition at once, made when the
// file is read, so that it goes over the parameters that are present and no
// others. A set of parameters has bit i for the i-th.
type Plan struct {
	// Required are the parameters that no flag decides on, without #.
	Required uint64
	// Mask has the bits of the # parameters that some parameter hangs on: bit 0
	// to 31 of the first, then those of the second. ByBit gives, for each bit of
	// Mask from the lowest on, the parameters that hang on it.
	Mask  uint64
	ByBit []uint64
	// Makes is the boxed type of whose values this is a constructor, else nil.
	Makes *Type
	// Room is the most that the constructor id, the # parameters and the fields
	// of a fixed size take together, in bytes.
	Room uint16
	// Lead is the number of # parameters, at most two, which stand before all
	// that takes bytes.
	Lead uint8
	// None reports that there is no such plan, but for Makes and Room: there are
	// more than 64 parameters, more than two # or one after other fields.
	None bool
}

// fixedSize is what a value of kind k takes on the wire, 0 where that varies.
func (k Kind) fixedSize() int {
	switch k {
	case KindInt, KindFlags, KindBool:
		return 4
	case KindLong, KindDouble:
		return 8
	case KindInt128:
		return 16
	case KindInt256:
		return 32
	}
	return 0
}

// plan fills in the definition's Plan and its parameters' Kind, Run and Bits.
func (r *reader) plan(c *Combinator) {
	pl := &c.Plan
	room, leading := 4, true
	for i := range c.Params {
		p := &c.Params[i]
		k := p.Type.Kind
		p.Kind, p.Run = k, 1
		room += k.fixedSize()
		switch {
		case k == KindFlags && leading && pl.Lead < 2:
			pl.Mask |= uint64(p.Mask) << (32 * pl.Lead)
			pl.Lead++
		case k == KindFlags:
			pl.None = true
		case k != KindTrue:
			leading = false
		}
		if p.Flag < 0 && k != KindFlags {
			pl.Required |= 1 << i
		} else if p.Flag >= 0 && p.Word < int(pl.Lead) {
			p.Bits = 1 << (32*p.Word + p.Bit)
		}
	}
	pl.Room = uint16(room)
	if !c.Method && c.Result.Kind == KindBoxed {
		pl.Makes = c.Result
	}
	for i := len(c.Params) - 2; i >= 0; i-- {
		p, q := &c.Params[i], &c.Params[i+1]
		if p.Flag < 0 && q.Flag < 0 && p.Kind == q.Kind {
			p.Run = q.Run + 1
		}
	}
	if len(c.Params) > 64 {
		pl.None = true
	}
	if pl.None || pl.Mask == 0 {
		return
	}
	n := bits.OnesCount64(pl.Mask)
	if len(r.byBit) < n {
		r.byBit = make([]uint64, 512)
	}
	pl.ByBit, r.byBit = r.byBit[:n:n], r.byBit[n:]
	for i := range c.Params {
		if bit := c.Params[i].Bits; bit != 0 {
			at := bits.OnesCount64(pl.Mask & (bit - 1))
			pl.ByBit[at] |= 1 << i
		}
	}
}
