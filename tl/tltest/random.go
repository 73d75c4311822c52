// Package tltest makes random values of any definition, for tests of all that
// works on values. It is not part of the program.
package tltest

import (
	"math"
	"math/rand/v2"

	"tlsh/schema"
	"tlsh/tl"
)

// Gen makes values of one schema.
type Gen struct {
	Rand   *rand.Rand
	Schema *schema.Schema
	// Depth is where nesting stops: optional fields are left out, vectors are
	// empty and the constructor with the fewest parameters is taken. 0 means 3.
	Depth int
	// Text makes the contents of strings; nil means a mix of ASCII, runes of
	// all sorts, control bytes and bytes that are not UTF-8.
	Text func(r *rand.Rand) string
	// Bytes makes the contents of bytes values; nil means a length up to 361.
	Bytes func(r *rand.Rand) []byte
	// Any are the definitions that stand where any object may (!X, Object);
	// nil means all methods of the schema.
	Any []*schema.Combinator
}

// EdgeLength is the length of a string at or beside one where its form on the
// wire changes: the end of the one-byte length (253), of two bytes of the
// three-byte one (2^16), and every remainder of the padding.
func EdgeLength(r *rand.Rand) int {
	switch r.IntN(40) {
	case 0:
		return 1<<16 - 3 + r.IntN(6)
	case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12:
		return 250 + r.IntN(10)
	}
	return r.IntN(12)
}

// New is a generator with its own seed.
func New(s *schema.Schema, seed uint64) *Gen {
	return &Gen{Rand: rand.New(rand.NewPCG(seed, seed)), Schema: s}
}

// Object makes a random object of def.
func (g *Gen) Object(def *schema.Combinator) *tl.Object { return g.object(def, 0) }

func (g *Gen) depth() int {
	if g.Depth == 0 {
		return 3
	}
	return g.Depth
}

func (g *Gen) object(def *schema.Combinator, depth int) *tl.Object {
	o := tl.New(def)
	// Parameters that share a flag bit are there together or not at all.
	bits := map[[2]int]bool{}
	for i := range def.Params {
		p := &def.Params[i]
		if p.Type.Kind == schema.KindFlags {
			continue
		}
		if p.Optional() {
			key := [2]int{p.Flag, p.Bit}
			on, seen := bits[key]
			if !seen {
				on = depth < g.depth() && g.Rand.IntN(2) == 0
				bits[key] = on
			}
			if !on {
				continue
			}
		}
		o.Set(i, g.value(p.Type, depth))
	}
	return o
}

// Value makes a random value of type t.
func (g *Gen) Value(t *schema.Type) tl.Value { return g.value(t, 0) }

func (g *Gen) value(t *schema.Type, depth int) tl.Value {
	r := g.Rand
	switch t.Kind {
	case schema.KindInt:
		return tl.Int(int32(r.Uint32()) >> r.IntN(32))
	case schema.KindLong:
		return tl.Long(int64(r.Uint64()) >> r.IntN(64))
	case schema.KindDouble:
		switch r.IntN(12) {
		case 0:
			return tl.Double(math.Inf(1 - 2*r.IntN(2)))
		case 1:
			return tl.Double(math.Float64frombits(r.Uint64()))
		}
		return tl.Double(r.NormFloat64() * math.Pow(10, float64(r.IntN(30)-15)))
	case schema.KindString:
		return tl.String(g.text())
	case schema.KindBytes:
		if g.Bytes != nil {
			return tl.Bytes(g.Bytes(r))
		}
		return tl.Bytes(g.bytes(r.IntN(20) * r.IntN(20)))
	case schema.KindInt128:
		return tl.Int128([16]byte(g.bytes(16)))
	case schema.KindInt256:
		return tl.Int256([32]byte(g.bytes(32)))
	case schema.KindTrue:
		return tl.Bool(true)
	case schema.KindBool:
		return tl.Bool(r.IntN(2) == 0)
	case schema.KindVector:
		n := 0
		if depth < g.depth() {
			n = r.IntN(3)
		}
		items := make([]tl.Value, n)
		for i := range items {
			items[i] = g.value(t.Elem, depth+1)
		}
		return tl.VectorOf(t.Elem, items...)
	case schema.KindBoxed:
		return g.object(g.pick(t.Class.Constructors(), depth), depth+1).Value()
	case schema.KindBare:
		return g.object(t.Of, depth+1).Value()
	case schema.KindAny:
		list := g.Any
		if list == nil {
			list = g.Schema.Methods()
		}
		return g.object(g.pick(list, depth), depth+1).Value()
	}
	return tl.Value{}
}

func (g *Gen) pick(cs []*schema.Combinator, depth int) *schema.Combinator {
	best := cs[g.Rand.IntN(len(cs))]
	if depth > g.depth() {
		for _, c := range cs {
			if len(c.Params) < len(best.Params) {
				best = c
			}
		}
	}
	return best
}

func (g *Gen) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.Rand.Uint32())
	}
	return b
}

func (g *Gen) text() string {
	if g.Text != nil {
		return g.Text(g.Rand)
	}
	r := g.Rand
	switch r.IntN(8) {
	case 0:
		return ""
	case 1:
		return string(g.bytes(r.IntN(12)))
	case 2:
		return []string{"hi", "true", "-5", "@alice", "hex:00", "a b", "\"'`", "null", "me", "$x"}[r.IntN(10)]
	}
	b := make([]rune, r.IntN(1+r.IntN(300)))
	for i := range b {
		switch r.IntN(10) {
		case 0:
			b[i] = rune(r.IntN(0x20))
		case 1:
			b[i] = []rune{'\u202e', '\u200b', '\u2066', 0x7f, 0x9b, '\ufeff', '\u2028'}[r.IntN(7)]
		case 2:
			b[i] = rune(0x1f300 + r.IntN(0x300))
		case 3:
			b[i] = rune(0x400 + r.IntN(0x200))
		default:
			b[i] = rune(0x20 + r.IntN(0x5f))
		}
	}
	return string(b)
}
