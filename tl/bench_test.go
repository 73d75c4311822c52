package tl_test

import (
	"os"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
)

// sample is a result or a request as it comes in practice; the module oracle
// measures the same beside gotd's generated code.
type sample struct {
	name string
	typ  *schema.Type
	data []byte
}

func samples(tb testing.TB) []sample {
	s := schema.Current()
	out := []sample{
		{name: "history", typ: s.TypeOf("messages.Messages")},
		{name: "updates", typ: s.TypeOf("Updates")},
		{name: "userFull", typ: s.TypeOf("users.UserFull")},
		{name: "config", typ: s.TypeOf("Config")},
		{name: "sendMessage", typ: s.TypeOf("Object")},
	}
	for i := range out {
		b, err := os.ReadFile("testdata/samples/" + out[i].name + ".bin")
		if err != nil {
			tb.Fatal(err)
		}
		out[i].data = b
	}
	items := make([]tl.Value, 10000)
	for i := range items {
		items[i] = tl.Long(int64(i) * 0x123456789abcd)
	}
	longs := s.TypeOf("Vector<long>")
	b, err := tl.Append(nil, tl.VectorOf(longs.Elem, items...), longs)
	if err != nil {
		tb.Fatal(err)
	}
	return append(out, sample{"longs", longs, b})
}

func BenchmarkDecode(b *testing.B) {
	for _, x := range samples(b) {
		b.Run(x.name, func(b *testing.B) {
			b.SetBytes(int64(len(x.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tl.Decode(schema.Current(), x.data, x.typ); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, x := range samples(b) {
		v, err := tl.Decode(schema.Current(), x.data, x.typ)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(x.name, func(b *testing.B) {
			b.SetBytes(int64(len(x.data)))
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				if buf, err = tl.Append(buf[:0], v, x.typ); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
