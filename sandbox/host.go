package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"tlsh/mtproto"
)

// host is the server on one listener.
type host struct {
	s      *Sandbox
	dc     int // which data centre listens; 0: all of them
	addr   net.Addr
	server *mtproto.Server
	ctx    context.Context
	end    context.CancelFunc

	mu   sync.Mutex
	shut bool
	work sync.WaitGroup // requests that are worked on
}

func (s *Sandbox) newHost(ctx context.Context, dc int, addr net.Addr) *host {
	h := &host{s: s, dc: dc, addr: addr}
	h.ctx, h.end = context.WithCancel(ctx)
	h.server = &mtproto.Server{
		Handler: h,
		DCs:     []int{dc},
		Keys:    s.cfg.Keys,
		Store:   h,
		OnError: s.ended,
		Trace:   s.cfg.Trace,
		Now:     s.clock,
		Rand:    s.cfg.Rand,
		Limits:  s.cfg.Limits,
	}
	if dc == 0 {
		h.server.DCs = append(s.centres(), cdnDC)
	}
	return h
}

// Load finds an auth key that was made with one of the data centres that listen
// here; with Save it makes a host a [mtproto.KeyStore].
func (h *host) Load(id int64) (mtproto.AuthKey, error) {
	key, dc := h.s.keys.find(id)
	if h.dc != 0 && dc != h.dc {
		return mtproto.AuthKey{}, nil
	}
	return key, nil
}

// Save keeps a key that an exchange made.
func (h *host) Save(key mtproto.AuthKey, dc int) error {
	if dc == 0 {
		if dc = h.dc; dc == 0 {
			dc = h.s.cfg.DC
		}
	}
	h.s.keys.add(key, dc)
	return nil
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
//
// All data centres listen there. To which of them a connection is, its key says:
// that is for the one that its exchange has named, else for [Sandbox.DC]. See
// [Sandbox.ServeDC] for clients that name none.
func (s *Sandbox) Serve(ctx context.Context, ln net.Listener) error { return s.serve(ctx, 0, ln) }

// ServeDC is Serve for one data centre, 1 to 5: clients that follow
// help.getConfig come here for it, and keys made with the others are not known
// here.
func (s *Sandbox) ServeDC(ctx context.Context, dc int, ln net.Listener) error {
	if !s.isDC(dc) {
		ln.Close()
		return fmt.Errorf("sandbox: there is no data centre %d; there are 1 to %d", dc, maxDC)
	}
	return s.serve(ctx, dc, ln)
}

// serve is both; dc is 0 for all data centres.
func (s *Sandbox) serve(ctx context.Context, dc int, ln net.Listener) error {
	h := s.newHost(ctx, dc, ln.Addr())
	defer h.end()
	s.mu.Lock()
	if dc == 0 {
		s.addr = h.addr
	}
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
		s.dropQueries()
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

// keyring keeps all auth keys, and with which data centre each was made.
type keyring struct {
	mu   sync.Mutex
	keys map[int64]keptKey
}

type keptKey struct {
	key mtproto.AuthKey
	dc  int
}

func (k *keyring) add(key mtproto.AuthKey, dc int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[key.ID()] = keptKey{key, dc}
}

// find gives a key and its data centre, the zero key when there is none.
func (k *keyring) find(id int64) (mtproto.AuthKey, int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	have := k.keys[id]
	return have.key, have.dc
}

// remove forgets a key.
func (k *keyring) remove(id int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, id)
}
