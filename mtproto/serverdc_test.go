package mtproto

import (
	"context"
	"errors"
	"testing"
)

// dcStore remembers for which data centre the latest key was.
type dcStore struct {
	memStore
	dc chan int
}

func (s *dcStore) Save(k AuthKey, dc int) error {
	s.dc <- dc
	return s.memStore.Save(k, dc)
}

// TestExchangeDC: the server is told which data centre a client has named in the
// exchange, without what stands for media and test servers.
func TestExchangeDC(t *testing.T) {
	for named, want := range map[int]int{4: 4, -4: 4, 10002: 2, -10002: 2} {
		store := &dcStore{memStore: memStore{keys: map[int64]AuthKey{}}, dc: make(chan int, 1)}
		w := newWorld(t, func(s *Server) { withKeys(s); s.Store = store; s.DCs = []int{2, 4} })
		w.connect(t, func(c *Config) { c.DC = named; c.Auth = nil; c.Keys = []PublicKey{testKey().Public()} })
		if dc := <-store.dc; dc != want {
			t.Errorf("%d: the server was told %d, want %d", named, dc, want)
		}
	}
}

// wants404 calls and wants the transport error 404.
func wants404(t *testing.T, c *Conn, why string) {
	t.Helper()
	_, err := c.Call(context.Background(), request(reqEcho, 9, 0))
	var te *TransportError
	if !errors.As(err, &te) || te.Code != 404 {
		t.Errorf("%s: want the transport error 404, got %v", why, err)
	}
}

// TestDropKey: a key that the server has dropped is unknown at once, to a
// connection that has used it as well.
func TestDropKey(t *testing.T) {
	w := newWorld(t, nil)
	c, late := w.connect(t, nil), w.connect(t, nil)
	echo(t, c, 1)
	w.DropKey(1) // nobody's
	w.DropKey(w.key.ID())
	wants404(t, c, "the connection that was there")
	wants404(t, late, "a connection that had not used it")
	w.AddKey(w.key)
	echo(t, w.connect(t, nil), 2)
}

// TestRejects: what is refused leaves the key good.
func TestRejects(t *testing.T) {
	w := newWorld(t, nil)
	w.SetFaults(Faults{Rejects: 1, Code: 404})
	wants404(t, w.connect(t, nil), "while all are rejected")
	w.SetFaults(Faults{})
	echo(t, w.connect(t, nil), 2)
}
