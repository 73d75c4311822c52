package sandbox

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"tlsh/mtproto"
)

// host is the server on one listener.
type host struct {
	s      *Sandbox
	server *mtproto.Server
	ctx    context.Context
	end    context.CancelFunc

	mu   sync.Mutex
	shut bool
	work sync.WaitGroup // requests that are worked on
}

func (s *Sandbox) newHost(ctx context.Context) *host {
	h := &host{s: s}
	h.ctx, h.end = context.WithCancel(ctx)
	h.server = &mtproto.Server{
		Handler: h,
		DCs:     s.dcs(),
		Keys:    s.cfg.Keys,
		Store:   s.keys,
		OnError: s.ended,
		Trace:   s.cfg.Trace,
		Now:     s.clock,
		Rand:    s.cfg.Rand,
		Limits:  s.cfg.Limits,
	}
	return h
}

// dcs are the data centres that this server is: all that there are, on one port.
// Test servers' numbers are 10000 above.
func (s *Sandbox) dcs() []int {
	list := []int{s.cfg.DC, 10000 + s.cfg.DC}
	for dc := 1; dc <= maxDC; dc++ {
		if dc != s.cfg.DC {
			list = append(list, dc, 10000+dc)
		}
	}
	return list
}

// ended passes on why a connection ended, unless the sandbox has cut it.
func (s *Sandbox) ended(remote net.Addr, err error) {
	if s.cfg.OnError != nil && !errors.Is(err, errCut) {
		s.cfg.OnError(remote, err)
	}
}

// clock is the protocol's.
func (s *Sandbox) clock() time.Time { return time.Now().Add(time.Duration(s.skew.Load())) }

// Serve answers clients on ln until ctx ends or the listener fails; then it
// closes the listener and all connections and waits for their goroutines. nil
// when ctx ended. It may be called again with another listener, also at the same
// time: the world stays, and so do the auth keys, but not the sessions.
func (s *Sandbox) Serve(ctx context.Context, ln net.Listener) error {
	h := s.newHost(ctx)
	defer h.end()
	s.mu.Lock()
	s.addr = ln.Addr()
	s.hosts[h] = struct{}{}
	h.server.SetFaults(s.faults.protocol())
	s.mu.Unlock()
	l := &entrance{Listener: ln, h: h}
	err := h.server.Serve(h.ctx, l)
	for _, w := range l.wires { // what is still on its way is not waited for
		w.sever()
	}
	l.running.Wait()
	s.mu.Lock()
	delete(s.hosts, h)
	if len(s.hosts) == 0 {
		s.dropDeeds()
	}
	s.mu.Unlock()
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// entrance is a host's listener.
type entrance struct {
	net.Listener
	h *host

	wires   []*wire
	running sync.WaitGroup
}

// Accept gives the next connection, on the sandbox's network.
func (l *entrance) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	w := l.h.s.net.attach(nc)
	l.wires = append(slices.DeleteFunc(l.wires, func(o *wire) bool { return o.broken.Load() }), w)
	l.running.Go(w.run)
	return w, nil
}

// Close ends accepting, and waits for the requests that are worked on: after it
// the server waits for what answering them began.
func (l *entrance) Close() error {
	h := l.h
	h.end()
	err := l.Listener.Close()
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
	h.work.Wait()
	return err
}

// begin announces a request that will be worked on; false at the end.
func (h *host) begin() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.shut {
		return false
	}
	h.work.Add(1)
	return true
}

// keyring keeps all auth keys in memory, beside the store of the Config.
type keyring struct {
	store mtproto.KeyStore // or nil

	mu   sync.Mutex
	keys map[int64]mtproto.AuthKey
}

func (k *keyring) add(key mtproto.AuthKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[key.ID()] = key
}

// Load finds a key.
func (k *keyring) Load(id int64) (mtproto.AuthKey, error) {
	k.mu.Lock()
	key, ok := k.keys[id]
	k.mu.Unlock()
	if ok || k.store == nil {
		return key, nil
	}
	return k.store.Load(id)
}

// Save keeps a key that an exchange made.
func (k *keyring) Save(key mtproto.AuthKey) error {
	if k.store != nil {
		if err := k.store.Save(key); err != nil {
			return err
		}
	}
	k.add(key)
	return nil
}
