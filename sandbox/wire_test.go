package sandbox

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

// wired is a wire and the client's end of it, over TCP.
func wired(t *testing.T, f Faults) (*network, *wire, net.Conn) {
	t.Helper()
	ln, err := Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	far, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	near, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	n := newNetwork()
	n.set(f)
	w := n.attach(near)
	done := make(chan struct{})
	go func() { w.run(); close(done) }()
	t.Cleanup(func() { far.Close(); w.sever(); <-done })
	far.SetDeadline(time.Now().Add(time.Minute))
	return n, w, far
}

// TestWireCut: a cut comes after exactly so many bytes, in whichever direction
// they went.
func TestWireCut(t *testing.T) {
	for _, latency := range []time.Duration{0, time.Millisecond} {
		for _, c := range []struct{ limit, in, out, wantIn, wantOut int }{
			{1000, 0, 1500, 0, 1000},
			{1000, 400, 900, 400, 600},
			{1000, 1000, 10, 1000, 0},
			{1000, 1200, 0, 1000, 0},
			{1, 1, 1, 1, 0},
		} {
			_, w, far := wired(t, Faults{Latency: latency, Cut: Span{int64(c.limit), int64(c.limit)}})
			far.Write(bytes.Repeat([]byte{1}, c.in))
			got, err := io.ReadFull(w, make([]byte, c.in))
			if got != c.wantIn || got < c.in && !errors.Is(err, errCut) {
				t.Errorf("%+v: %d bytes came in, %v", c, got, err)
			}
			if c.out > 0 {
				w.Write(bytes.Repeat([]byte{2}, c.out))
				all, _ := io.ReadAll(far)
				if len(all) != c.wantOut {
					t.Errorf("%+v: %d bytes went out", c, len(all))
				}
			}
		}
	}
}

// TestWireCutChanges: a limit set later counts from then on, and off is off.
func TestWireCutChanges(t *testing.T) {
	n, w, far := wired(t, Faults{})
	w.Write(make([]byte, 500))
	n.set(Faults{Cut: Span{100, 100}})
	w.Write(make([]byte, 60))
	n.set(Faults{})
	w.Write(make([]byte, 500))
	n.set(Faults{Cut: Span{10, 10}})
	w.Write(make([]byte, 500))
	if all, _ := io.ReadAll(far); len(all) != 500+60+500+10 {
		t.Errorf("%d bytes", len(all))
	}
}

// TestSeed: the same seed, the same cuts and losses; another one, others.
func TestSeed(t *testing.T) {
	throw := func(seed uint64) (list []any) {
		n := newNetwork()
		n.set(Faults{Seed: seed, Loss: 0.5, Cut: Span{1, 1 << 40}})
		for range 20 {
			n.mu.Lock()
			list = append(list, n.length())
			n.mu.Unlock()
			list = append(list, n.loses())
		}
		return list
	}
	same := func(a, b []any) bool {
		for i := range a {
			if a[i] != b[i] {
				return false
			}
		}
		return true
	}
	if !same(throw(7), throw(7)) || same(throw(7), throw(8)) {
		t.Error("cuts do not follow the seed")
	}
}

// TestWireClose: what was written arrives before the connection is closed, and
// reading has ended.
func TestWireClose(t *testing.T) {
	_, w, far := wired(t, Faults{Latency: 20 * time.Millisecond})
	w.Write([]byte("last "))
	w.Write([]byte("words"))
	w.Close()
	if _, err := w.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading after Close: %v", err)
	}
	if all, err := io.ReadAll(far); string(all) != "last words" || err != nil {
		t.Errorf("%q, %v", all, err)
	}
}
