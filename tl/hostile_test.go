package tl_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// Decoding n bytes, whatever they are, allocates at most hostileFactor×n bytes
// plus hostileBase. The worst there is in the current layer are users with all
// flags that take no bytes set: 20 bytes, for which there are an Object of 32 and
// 31 Values of 16, so 27×n. Objects of four bytes in a vector come to 12×n. The
// base is what
// unfinished objects one in the other reserve, and the path in the error.
const (
	hostileFactor = 30
	hostileBase   = 96 << 10
)

func words(ws ...uint32) []byte {
	var b []byte
	for _, w := range ws {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// flagsOf sets, in a constructor's n-th # parameter, the bits on which only `true`
// parameters hang.
func flagsOf(s *schema.Schema, name string, n int) uint32 {
	var set, unset uint32
	for _, p := range s.Constructor(name).Params {
		switch {
		case !p.Optional() || p.Word != n:
		case p.Type.Kind == schema.KindTrue:
			set |= 1 << p.Bit
		default:
			unset |= 1 << p.Bit
		}
	}
	return set &^ unset
}

// hostile are inputs that say much and hold little. Each is about 256 KiB.
func hostile(s *schema.Schema) map[string][]byte {
	const size = 256 << 10
	id := func(name string) uint32 { return s.Constructor(name).ID }
	fill := func(head []byte, unit []byte) []byte {
		return append(head, bytes.Repeat(unit, (size-len(head))/len(unit))...)
	}
	tiny := words(id("inputPeerSelf"))
	out := map[string][]byte{
		// A vector that is full of the smallest objects, and one that ends early.
		"tiny objects":      fill(words(s.Method("users.getUsers").ID, schema.VectorID, size/4-3), words(id("inputUserSelf"))),
		"tiny, then a word": append(fill(words(s.Method("users.getUsers").ID, schema.VectorID, size/4-2), words(id("inputUserSelf"))), 1, 2, 3, 4),
		// Counts up to what the rest could just hold, and far beyond.
		"count that fits":  fill(words(id("messages.messages"), schema.VectorID, size/4-4), []byte{0, 0, 0, 0}),
		"count of 2^31":    fill(words(id("messages.messages"), schema.VectorID, 1<<31), tiny),
		"count of 2^32-1":  fill(words(id("messages.messages"), schema.VectorID, 1<<32-1), tiny),
		"longs, cut short": fill(words(s.Method("contacts.getStatuses").ID), []byte{9}),
		// Objects one in the other.
		"deep text":     fill(nil, words(id("textBold"))),
		"deep requests": fill(nil, words(s.Method("invokeWithLayer").ID, 228)),
		"deep vectors":  fill(nil, words(id("jsonArray"), schema.VectorID, 64)),
		// Objects with many required parameters that end at once.
		"wide objects": fill(words(id("jsonArray"), schema.VectorID, size/64), words(id("jsonObject"), schema.VectorID, 1, id("jsonObjectValue"), 0, id("jsonNull"))),
		"strings":      fill(words(id("help.termsOfService")), []byte{254, 255, 255, 255}),
	}
	// Objects of almost nothing but flags that take no bytes: the most there are.
	user := words(id("user"), flagsOf(s, "user", 0), flagsOf(s, "user", 1), 0, 0)
	users := words(id("users.users"), schema.VectorID, 0)
	n := (size - len(users)) / len(user)
	users = append(words(id("users.users"), schema.VectorID, uint32(n)), bytes.Repeat(user, n)...)
	out["flags alone"] = users
	out["deep and wide"] = fill(nil, words(s.Method("initConnection").ID, 0, 0, 0, 0, 0, 0, 0, 0))
	deep := words(id("jsonArray"), schema.VectorID, 0)
	for n := uint32(size / 12); len(deep) < size; n-- {
		deep = append(deep[:len(deep)-4], words(n, id("jsonArray"), schema.VectorID, 0)...)
	}
	out["deep vectors, each as long as may be"] = deep
	r := rand.New(rand.NewPCG(1, 2))
	g := tltest.New(s, 5)
	b, _ := tl.Encode(g.Object(s.Constructor("messages.channelMessages")))
	for len(b) < size {
		more, _ := tl.Encode(g.Object(s.Constructor("message")))
		b = append(b, more...)
	}
	for range 100 {
		b[r.IntN(len(b))] = byte(r.Uint32())
	}
	out["a good beginning"] = b
	return out
}

func TestHostile(t *testing.T) {
	s := schema.Current()
	any := &schema.Type{Kind: schema.KindAny, Name: "Object"}
	for name, b := range hostile(s) {
		// Prefixes too: the memory is in proportion to what is there.
		for _, b := range [][]byte{b, b[:len(b)/16], b[:len(b)/256]} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			v, err := tl.Decode(s, b, any)
			runtime.ReadMemStats(&after)
			got := int(after.TotalAlloc - before.TotalAlloc)
			t.Logf("%-38s %7d bytes: allocated %8d, x%.1f  %v", name, len(b), got, float64(got)/float64(len(b)), err)
			if got > hostileFactor*len(b)+hostileBase {
				t.Errorf("%s: %d bytes made %d", name, len(b), got)
			}
			runtime.KeepAlive(v)
		}
	}
}
