package oracle

import (
	"bytes"
	"testing"

	"github.com/gotd/td/bin"

	"tlsh/schema"
	"tlsh/tl"
)

// bytesOf are a sample's bytes, written by gotd, and our type of it.
func bytesOf(tb testing.TB, s sample) ([]byte, *schema.Type) {
	b, err := encode(s.value)
	if err != nil {
		tb.Fatalf("%s: %v", s.name, err)
	}
	typ := schema.Current().TypeOf(s.typ)
	if typ == nil {
		tb.Fatalf("%s: no type %s", s.name, s.typ)
	}
	return b, typ
}

// The samples mean the same to both, so that the speeds can be compared.
func TestSamples(t *testing.T) {
	for _, s := range samples() {
		b, typ := bytesOf(t, s)
		v, err := tl.Decode(schema.Current(), b, typ)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		again, err := tl.Append(nil, v, typ)
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%s: %v: bytes differ", s.name, err)
		}
		x := s.empty()
		if err := x.Decode(&bin.Buffer{Buf: b}); err != nil {
			t.Fatalf("%s: gotd: %v", s.name, err)
		}
		theirs, err := encode(x)
		if err != nil || !bytes.Equal(b, theirs) {
			t.Fatalf("%s: gotd: %v: bytes differ", s.name, err)
		}
		t.Logf("%-12s %6d bytes", s.name, len(b))
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, s := range samples() {
		data, typ := bytesOf(b, s)
		b.Run(s.name+"/tlsh", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tl.Decode(schema.Current(), data, typ); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(s.name+"/gotd", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				x := s.empty()
				if err := x.Decode(&bin.Buffer{Buf: data}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Both write into a buffer that is used again, as a connection's writer does.
func BenchmarkEncode(b *testing.B) {
	for _, s := range samples() {
		data, typ := bytesOf(b, s)
		v, err := tl.Decode(schema.Current(), data, typ)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.name+"/tlsh", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				if buf, err = tl.Append(buf[:0], v, typ); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(s.name+"/gotd", func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			var buf bin.Buffer
			for b.Loop() {
				buf.Reset()
				if err := s.value.Encode(&buf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
