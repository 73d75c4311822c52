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

// host is one life of the server on a listener: it ends when the sandbox
// forgets its sessions, and another one follows.
type host struct {
	s      *Sandbox
	server *mtproto.Server
	ctx    context.Context
	end    context.CancelFunc
	door   chan struct{} // closed when nothing is accepted any more
	ended  chan struct{}

	mu     sync.Mutex
	shut   bool
	shutBy sync.Once
	work   sync.WaitGroup // requests that are worked on
}

// accepted is what a listener gave.
type accepted struct {
	conn net.Conn
	err  error
}

func (s *Sandbox) newHost(ctx context.Context) *host {
	h := &host{s: s, door: make(chan struct{}), ended: make(chan struct{})}
	h.ctx, h.end = context.WithCancel(ctx)
	h.server = &mtproto.Server{
		Handler: h,
		DCs:     []int{s.cfg.DC, -s.cfg.DC, 10000 + s.cfg.DC, -10000 - s.cfg.DC},
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
// time: the world stays, and so do the auth keys.
func (s *Sandbox) Serve(ctx context.Context, ln net.Listener) error {
	s.mu.Lock()
	s.addr = ln.Addr()
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	in := make(chan accepted)
	var accepting sync.WaitGroup
	accepting.Go(func() { s.accept(ctx, ln, in) })
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer func() {
		cancel()
		stop()
		ln.Close()
		accepting.Wait()
	}()
	for {
		h := s.newHost(ctx)
		s.mu.Lock()
		s.hosts[h] = struct{}{}
		s.mu.Unlock()
		l := &entrance{h: h, in: in, addr: ln.Addr()}
		err := h.server.Serve(h.ctx, l)
		for _, w := range l.wires { // what is still on its way is not waited for
			w.sever()
		}
		l.running.Wait()
		s.mu.Lock()
		delete(s.hosts, h)
		s.mu.Unlock()
		close(h.ended)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// accept passes on what the listener gives, whoever is the host.
func (s *Sandbox) accept(ctx context.Context, ln net.Listener, in chan<- accepted) {
	for {
		nc, err := ln.Accept()
		select {
		case in <- accepted{nc, err}:
		case <-ctx.Done():
			if err == nil {
				nc.Close()
			}
			return
		}
		var temporary interface{ Temporary() bool }
		if err != nil && !(errors.As(err, &temporary) && temporary.Temporary()) {
			return
		}
	}
}

// entrance is a host's listener.
type entrance struct {
	h    *host
	in   <-chan accepted
	addr net.Addr

	wires   []*wire
	running sync.WaitGroup
}

// Accept gives the next connection, on the sandbox's network.
func (l *entrance) Accept() (net.Conn, error) {
	select {
	case a := <-l.in:
		if a.err != nil {
			return nil, a.err
		}
		w := l.h.s.net.attach(a.conn)
		l.wires = append(slices.DeleteFunc(l.wires, func(o *wire) bool { return o.broken.Load() }), w)
		l.running.Go(w.run)
		return w, nil
	case <-l.h.door:
		return nil, net.ErrClosed
	}
}

// Addr is the address of the real listener.
func (l *entrance) Addr() net.Addr { return l.addr }

// Close ends accepting, and waits for the requests that are worked on: after it
// the server waits for what answering them began.
func (l *entrance) Close() error {
	h := l.h
	h.end()
	h.shutBy.Do(func() { close(h.door) })
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
	h.work.Wait()
	return nil
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
