package mtproto

import (
	"bytes"
	crand "crypto/rand"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mtproxy"
	"github.com/gotd/td/mtproxy/obfuscated2"
	"github.com/gotd/td/proto/codec"
)

// wire is a net.Conn whose other side is two buffers.
type wire struct {
	in     io.Reader
	out    bytes.Buffer
	writes int
}

func (w *wire) Read(b []byte) (int, error) { return w.in.Read(b) }
func (w *wire) Write(b []byte) (int, error) {
	w.writes++
	return w.out.Write(b)
}
func (w *wire) Close() error                     { return nil }
func (w *wire) LocalAddr() net.Addr              { return nil }
func (w *wire) RemoteAddr() net.Addr             { return nil }
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// payloads of many sizes that look like encrypted messages.
func payloads() (list [][]byte) {
	for _, n := range []int{0, 1, 5, 29, 30, 31, 32, 63, 64, 500, 5000, 70000} {
		p := bytes.Repeat([]byte{byte(n + 1)}, cryptoHead+16*n)
		list = append(list, p)
	}
	return list
}

var allTransports = []Transport{Abridged, Intermediate, PaddedIntermediate, Full}

func frameOf(t testing.TB, f *framer, p []byte) {
	if _, err := f.write(append(make([]byte, frameRoom), p...)); err != nil {
		t.Fatal(err)
	}
}

// Our frames survive the way to our server and back, in one write each, however
// the bytes are cut on the way.
func TestFrames(t *testing.T) {
	for _, kind := range allTransports {
		for _, obf := range []bool{false, true} {
			if obf && kind == Full {
				continue
			}
			out := &wire{}
			client, err := newFramer(out, kind, obf, 2, Limits{}.withDefaults(), crand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range payloads() {
				frameOf(t, client, p)
			}
			if out.writes != len(payloads()) {
				t.Errorf("%v: %d writes for %d frames", kind, out.writes, len(payloads()))
			}
			for _, step := range []int{1, 7, 1 << 20} {
				in := &wire{in: &chunks{bytes.Clone(out.out.Bytes()), step}}
				server, dc, err := sniff(in, Limits{}.withDefaults(), crand.Reader)
				if err != nil {
					t.Fatalf("%v: %v", kind, err)
				}
				if server.kind != kind || obf != (server.enc != nil) || obf && dc != 2 {
					t.Fatalf("%v, obfuscated %v, was recognised as %v, data centre %d", kind, obf, server.kind, dc)
				}
				for i, p := range payloads() {
					got, err := server.read()
					if err != nil || !bytes.Equal(got, p) {
						t.Fatalf("%v: frame %d of %d bytes came as %d: %v", kind, i, len(p), len(got), err)
					}
				}
				if _, err := server.read(); err != io.EOF {
					t.Errorf("%v: %v at the end", kind, err)
				}
			}
		}
	}
}

// chunks gives at most step bytes a read.
type chunks struct {
	b    []byte
	step int
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), c.step)], c.b)
	c.b = c.b[n:]
	return n, nil
}

type gotdCodec interface {
	WriteHeader(io.Writer) error
	Write(io.Writer, *bin.Buffer) error
	Read(io.Reader, *bin.Buffer) error
}

// gotd reads our frames and we read gotd's.
func TestFramesAgainstGotd(t *testing.T) {
	make := func(kind Transport) gotdCodec {
		switch kind {
		case Abridged:
			return codec.Abridged{}
		case Intermediate:
			return codec.Intermediate{}
		case PaddedIntermediate:
			return codec.PaddedIntermediate{}
		}
		return &codec.Full{}
	}
	for _, kind := range allTransports {
		var stream bytes.Buffer
		theirs := make(kind)
		if err := theirs.WriteHeader(&stream); err != nil {
			t.Fatal(err)
		}
		for _, p := range payloads() {
			if err := theirs.Write(&stream, &bin.Buffer{Buf: bytes.Clone(p)}); err != nil {
				t.Fatal(err)
			}
		}
		back := &wire{in: &stream}
		ours, _, err := sniff(back, Limits{}.withDefaults(), crand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range payloads() {
			got, err := ours.read()
			if err != nil || !bytes.Equal(got, p) {
				t.Fatalf("%v: frame %d: %d bytes for %d, %v", kind, i, len(got), len(p), err)
			}
			frameOf(t, ours, p)
			var b bin.Buffer
			if err := theirs.Read(&back.out, &b); err != nil || !bytes.Equal(b.Buf, p) {
				t.Fatalf("%v: gotd read frame %d as %d bytes for %d: %v", kind, i, b.Len(), len(p), err)
			}
		}
	}
}

func TestObfuscationAgainstGotd(t *testing.T) {
	var stream bytes.Buffer
	theirs := obfuscated2.NewObfuscated2(crand.Reader, &stream)
	if err := theirs.Handshake([4]byte{0xee, 0xee, 0xee, 0xee}, 10003, mtproxy.Secret{}); err != nil {
		t.Fatal(err)
	}
	if err := (codec.Intermediate{}).Write(theirs, &bin.Buffer{Buf: payloads()[3]}); err != nil {
		t.Fatal(err)
	}
	server, dc, err := sniff(&wire{in: &stream}, Limits{}.withDefaults(), crand.Reader)
	if err != nil || dc != 10003 || server.kind != Intermediate {
		t.Fatalf("%v %d %v", server, dc, err)
	}
	if got, err := server.read(); err != nil || !bytes.Equal(got, payloads()[3]) {
		t.Errorf("%x %v", got, err)
	}

	out := &wire{}
	client, err := newFramer(out, PaddedIntermediate, true, -4, Limits{}.withDefaults(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	frameOf(t, client, payloads()[4])
	rw, meta, err := obfuscated2.Accept(&out.out, nil)
	if err != nil || meta.Protocol != [4]byte{0xdd, 0xdd, 0xdd, 0xdd} || int16(meta.DC) != -4 {
		t.Fatalf("%v %v", meta, err)
	}
	var b bin.Buffer
	if err := (codec.PaddedIntermediate{}).Read(rw, &b); err != nil || !bytes.Equal(b.Buf, payloads()[4]) {
		t.Errorf("%x %v", b.Buf, err)
	}
}

func TestObfuscationNeedsRandomness(t *testing.T) {
	if _, err := newFramer(&wire{}, Abridged, true, 1, Limits{}.withDefaults(), zeros{}); err == nil {
		t.Error("64 zero bytes were taken")
	}
	if _, err := newFramer(&wire{}, Full, true, 1, Limits{}.withDefaults(), crand.Reader); err == nil {
		t.Error("full was obfuscated")
	}
	if _, err := newFramer(&wire{}, Transport(9), false, 1, Limits{}.withDefaults(), crand.Reader); err == nil {
		t.Error("transport 9 was taken")
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// Bad streams end with an error, not with an allocation of what they announce.
func TestBadFrames(t *testing.T) {
	le := func(v ...uint32) (b []byte) {
		for _, x := range v {
			b = putInt(b, int32(x))
		}
		return b
	}
	for name, c := range map[string]struct {
		kind   Transport
		stream []byte
	}{
		"abridged 0":               {Abridged, []byte{0}},
		"abridged quick ack":       {Abridged, []byte{0x81, 0, 0, 0, 0}},
		"abridged 64 MB":           {Abridged, []byte{0x7f, 0xff, 0xff, 0xff}},
		"abridged cut head":        {Abridged, []byte{0x7f, 0xff}},
		"abridged cut":             {Abridged, []byte{2, 0, 0, 0, 0}},
		"intermediate 0":           {Intermediate, le(0)},
		"intermediate 3":           {Intermediate, le(3, 0)},
		"intermediate 7":           {Intermediate, le(7, 0, 0)},
		"intermediate 4 GB":        {Intermediate, le(0xfffffff0)},
		"intermediate limit":       {Intermediate, le(1<<24 + 4)},
		"intermediate cut":         {Intermediate, le(8, 0)},
		"padded 3":                 {PaddedIntermediate, le(3, 0)},
		"padded plain too long":    {PaddedIntermediate, le(24, 0, 0, 0, 0, 100, 0)},
		"padded plain of negative": {PaddedIntermediate, le(24, 0, 0, 0, 0, 0xfffffff0, 0)},
		"full 1":                   {Full, le(1, 0, 0)},
		"full 8":                   {Full, le(8, 0, 0)},
		"full 11":                  {Full, le(11, 0, 0)},
		"full 12":                  {Full, le(12, 0, 0)},
		"full 4 GB":                {Full, le(0xfffffff0, 0)},
		"full number":              {Full, binary.LittleEndian.AppendUint32(le(20, 5, 0, 0), crc32.ChecksumIEEE(le(20, 5, 0, 0)))},
		"full CRC":                 {Full, le(16, 0, 7, 8)},
	} {
		f := &framer{conn: &wire{in: bytes.NewReader(c.stream)}, kind: c.kind, maxIn: 1 << 24}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := f.read()
		runtime.ReadMemStats(&after)
		if err == nil || err == io.EOF {
			t.Errorf("%s: read %x, %v", name, got, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
			t.Errorf("%s: %d bytes allocated", name, grown)
		}
	}
	// 16 MB announced and 1 KB sent: only as much as has come is kept for.
	f := &framer{conn: &wire{in: bytes.NewReader(append(le(1<<24), make([]byte, 1024)...))}, kind: Intermediate, maxIn: 1 << 24}
	if _, err := f.read(); err != io.ErrUnexpectedEOF || len(f.in) > 1<<16 {
		t.Errorf("buffer of %d bytes, %v", len(f.in), err)
	}
	for _, start := range []string{"GET / HTTP/1.1\r\n", "POST /api", "HEAD /", "\x16\x03\x01\x02\x00", "x", string(make([]byte, 3))} {
		if f, _, err := sniff(&wire{in: bytes.NewReader([]byte(start))}, Limits{}.withDefaults(), crand.Reader); err == nil {
			t.Errorf("%q was recognised as %v", start, f.kind)
		}
	}
}

// FuzzFrame: whatever a peer sends, reading ends, gives payloads within the
// limit, and what is read can be framed and read again.
func FuzzFrame(f *testing.F) {
	for _, kind := range allTransports {
		for _, obf := range []bool{false, true} {
			out := &wire{}
			client, err := newFramer(out, kind, obf, 2, Limits{}.withDefaults(), crand.Reader)
			if err != nil {
				continue
			}
			for _, p := range payloads()[:6] {
				frameOf(f, client, p)
			}
			f.Add(out.out.Bytes(), uint8(kind), true)
			f.Add(out.out.Bytes(), uint8(kind), false)
		}
	}
	f.Add([]byte{0xef, 0x7f, 0xff, 0xff, 0xff}, uint8(0), true)
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0}, uint8(3), false)
	f.Fuzz(func(t *testing.T, data []byte, kind uint8, server bool) {
		limits := Limits{FrameBytes: 1 << 12}.withDefaults()
		var fr *framer
		var err error
		in := &wire{in: bytes.NewReader(data)}
		if server {
			if fr, _, err = sniff(in, limits, crand.Reader); err != nil {
				return
			}
		} else {
			fr = &framer{conn: in, kind: Transport(kind % 4), maxIn: limits.FrameBytes}
		}
		for range len(data) + 1 {
			p, err := fr.read()
			if err != nil {
				return
			}
			if len(p) < 4 || len(p) > limits.FrameBytes {
				t.Fatalf("payload of %d bytes", len(p))
			}
			if fr.kind == PaddedIntermediate || len(p)&3 != 0 {
				continue
			}
			out := &wire{}
			again, err := newFramer(out, fr.kind, false, 0, limits, crand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			frameOf(t, again, p)
			back, _, err := sniff(&wire{in: bytes.NewReader(out.out.Bytes())}, limits, crand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			if q, err := back.read(); err != nil || !bytes.Equal(p, q) {
				t.Fatalf("%v: %x came back as %x, %v", fr.kind, p, q, err)
			}
		}
		t.Fatal(fmt.Errorf("%d bytes gave more frames than bytes", len(data)))
	})
}
