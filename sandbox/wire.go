package sandbox

import (
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// network is the connections, and what is wrong with them.
type network struct {
	latency atomic.Int64  // nanoseconds
	loss    atomic.Uint64 // a float64's bits

	mu    sync.Mutex // guards what follows
	wires map[*wire]struct{}
	cut   Span
	seed  uint64
	dice  *rand.Rand
}

func newNetwork() *network {
	return &network{wires: map[*wire]struct{}{}, dice: rand.New(rand.NewPCG(0, 0))}
}

// set takes over the faults that are the network's.
func (n *network) set(f Faults) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.latency.Store(int64(f.Latency))
	n.loss.Store(math.Float64bits(f.Loss))
	if f.Seed != n.seed {
		n.seed, n.dice = f.Seed, rand.New(rand.NewPCG(f.Seed, 0))
	}
	if f.Cut != n.cut {
		n.cut = f.Cut
		for w := range n.wires {
			w.left.Store(n.length())
		}
	}
}

// length is how many bytes a connection lives. mu is held.
func (n *network) length() int64 {
	if n.cut.Max == 0 {
		return math.MaxInt64 / 2
	}
	return n.cut.Min + n.dice.Int64N(n.cut.Max-n.cut.Min+1)
}

// loses throws the dice for one frame.
func (n *network) loses() bool {
	p := math.Float64frombits(n.loss.Load())
	if p == 0 {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dice.Float64() < p
}

// each visits the connections and returns how many there are.
func (n *network) each(visit func(*wire)) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	for w := range n.wires {
		visit(w)
	}
	return len(n.wires)
}

// attach puts a connection onto the network; its run is the caller's to start.
func (n *network) attach(nc net.Conn) *wire {
	w := &wire{Conn: nc, net: n, queue: make(chan late, 1024), closed: make(chan struct{}), severed: make(chan struct{})}
	n.mu.Lock()
	w.left.Store(n.length())
	n.wires[w] = struct{}{}
	n.mu.Unlock()
	return w
}

// wire is the server's end of a connection that may be slow, lose, be cut or
// fall silent.
type wire struct {
	net.Conn
	net    *network
	left   atomic.Int64 // bytes until it is cut
	silent atomic.Bool  // nothing gets through
	broken atomic.Bool  // it was cut, and severed is closed
	plain  atomic.Bool  // each Write is one frame, and none depends on another
	head   []byte       // the first bytes that came; the reader's

	writing sync.Mutex   // writes go out in their order
	behind  atomic.Int64 // writes in queue
	queue   chan late
	closed  chan struct{} // by Close
	severed chan struct{} // by a cut
	once    [2]sync.Once  // for the closing of these two
}

// errCut is what the server hears of a connection that was cut here.
var errCut = errors.New("cut by the sandbox")

// late is a write that is on its way.
type late struct {
	at time.Time
	b  []byte
}

// Write sends b, or a copy of it later.
func (w *wire) Write(b []byte) (int, error) {
	if w.net.loses() {
		if w.plain.Load() {
			return len(b), nil
		}
		w.silent.Store(true)
	}
	if w.silent.Load() {
		return len(b), nil
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	delay := time.Duration(w.net.latency.Load())
	if delay == 0 && w.behind.Load() == 0 {
		return w.send(b)
	}
	w.behind.Add(1)
	select {
	case w.queue <- late{time.Now().Add(delay), slices.Clone(b)}:
		return len(b), nil
	case <-w.closed:
		return 0, net.ErrClosed
	case <-w.severed:
		return 0, errCut
	}
}

// send writes as much of b as is left before the cut.
func (w *wire) send(b []byte) (int, error) {
	left := w.left.Add(-int64(len(b)))
	if left >= 0 {
		n, err := w.Conn.Write(b)
		if err != nil && w.broken.Load() {
			err = errCut
		}
		return n, err
	}
	n := 0
	if keep := int64(len(b)) + left; keep > 0 {
		n, _ = w.Conn.Write(b[:keep])
	}
	w.sever()
	return n, errCut
}

// Read is the connection's, until a Close or a cut.
func (w *wire) Read(b []byte) (int, error) {
	for {
		n, err := w.Conn.Read(b)
		switch {
		case w.broken.Load():
			return 0, errCut
		case err != nil:
			select {
			case <-w.closed:
				err = net.ErrClosed
			default:
			}
			return n, err
		case w.silent.Load():
			continue
		}
		if len(w.head) < 4 {
			w.sniff(b[:n])
		}
		left := w.left.Add(-int64(n))
		if left >= 0 {
			return n, nil
		}
		w.sever()
		if keep := int64(n) + left; keep > 0 {
			return int(keep), nil
		}
		return 0, errCut
	}
}

// sniff tells from the first bytes whether frames can be lost one by one: those
// of the abridged and the intermediate transports can
// (https://core.telegram.org/mtproto/mtproto-transports).
func (w *wire) sniff(b []byte) {
	w.head = append(w.head, b[:min(len(b), 4-len(w.head))]...)
	switch {
	case len(w.head) > 0 && w.head[0] == 0xef:
		w.plain.Store(true)
	case len(w.head) == 4 && (string(w.head) == "\xee\xee\xee\xee" || string(w.head) == "\xdd\xdd\xdd\xdd"):
		w.plain.Store(true)
	}
}

// SetDeadline sets both deadlines.
func (w *wire) SetDeadline(t time.Time) error {
	if err := w.SetReadDeadline(t); err != nil {
		return err
	}
	return w.SetWriteDeadline(t)
}

// sever cuts the connection, at once and in mid-frame.
func (w *wire) sever() {
	w.broken.Store(true)
	w.once[1].Do(func() { close(w.severed) })
	w.Conn.Close()
}

// Close ends reading at once; what is on its way still arrives, as a transport
// error must, before the connection is closed.
func (w *wire) Close() error {
	w.once[0].Do(func() {
		w.Conn.SetReadDeadline(time.Unix(1, 0))
		w.Conn.SetWriteDeadline(time.Now().Add(time.Duration(w.net.latency.Load()) + lastWrite))
		close(w.closed)
	})
	return nil
}

// The time for a client to take what is sent late, and what is left at the end.
const (
	lateWrite = 20 * time.Second
	lastWrite = time.Second
)

// run sends what is late, and closes the connection in the end.
func (w *wire) run() {
	defer func() {
		w.sever()
		w.net.mu.Lock()
		delete(w.net.wires, w)
		w.net.mu.Unlock()
	}()
	for {
		select {
		case l := <-w.queue:
			if !w.deliver(l, lateWrite) {
				return
			}
		case <-w.severed:
			return
		case <-w.closed:
			for {
				select {
				case l := <-w.queue:
					if !w.deliver(l, lastWrite) {
						return
					}
				default:
					return
				}
			}
		}
	}
}

// deliver sends one late write when it is due.
func (w *wire) deliver(l late, limit time.Duration) bool {
	defer w.behind.Add(-1)
	if wait := time.Until(l.at); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-w.severed:
			return false
		}
	}
	if w.silent.Load() {
		return true
	}
	// The deadline that the writer set was for the time when it wrote.
	w.Conn.SetWriteDeadline(time.Now().Add(limit))
	_, err := w.send(l.b)
	return err == nil
}
