package mtproto

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// State is what is known of a request's execution.
type State int

// The states of an [Outcome].
const (
	Done    State = iota + 1 // the server answered with a result
	Failed                   // the server answered with rpc_error
	NotRun                   // the server did not execute it, and will not
	Unknown                  // sent, but no answer came: it may have been executed
)

// String is the state in words.
func (s State) String() string {
	switch s {
	case Done:
		return "done"
	case Failed:
		return "failed"
	case NotRun:
		return "not run"
	case Unknown:
		return "unknown"
	}
	return "no outcome"
}

// Outcome is what came of one request.
type Outcome struct {
	State State
	// Body is the result, boxed as TL says (a bare type's result as the server
	// sent it), unpacked; set when State is Done. It is the caller's to keep.
	Body []byte
	// Err is nil when State is Done; *tgerr.Error when Failed; *NotRunError,
	// *BadMsgError or *LostError when NotRun; *LostError, *BadMsgError,
	// *CheckError or *LimitError (an answer came that cannot be read) when
	// Unknown.
	Err error
}

// Conn is a client's session with one data centre over one connection. Its
// methods may be called from any number of goroutines.
type Conn struct {
	cfg   Config
	f     *framer
	zip   zipper
	key   *authSecret
	wake  chan struct{} // the writer has something to do
	done  chan struct{}
	tasks sync.WaitGroup
	ups   updates

	heard  atomic.Int64 // when something was last received, nanoseconds since began
	began  time.Time
	pinged time.Time // writeLoop's: when the last ping was queued
	pingID int64     // writeLoop's

	mu   sync.Mutex
	s    session
	err  error
	told sync.Mutex // one OnAuth or OnInit at a time

	writing sync.Mutex // held while a frame is packed and written
	out     struct {   // whoever holds writing; reused from frame to frame
		seal  *sealer
		buf   []byte
		calls []*call
		acks  []int64
		trace []TraceEvent
	}
	in struct { // the reader's
		open  *sealer
		seen  window
		list  []message
		acks  []int64
		trace []TraceEvent
	}
}

// Connect dials, exchanges keys when cfg.Auth is nil, and starts the session.
// With a known key nothing is sent before the first call. ctx bounds Connect
// alone. Errors: those of Dial, *ExchangeError (with *TransportError or the
// network's error inside).
func Connect(ctx context.Context, cfg Config) (*Conn, error) {
	cfg = cfg.withDefaults()
	if cfg.Dial == nil {
		return nil, errors.New("mtproto: Config.Dial is not set")
	}
	var id [8]byte
	if _, err := io.ReadFull(cfg.Rand, id[:]); err != nil {
		return nil, fmt.Errorf("session_id: %w", err)
	}
	nc, err := cfg.Dial(ctx)
	if err != nil {
		return nil, err
	}
	f, err := newFramer(nc, cfg.Transport, cfg.Obfuscate, cfg.DC, cfg.Limits, cfg.Rand)
	if err != nil {
		nc.Close()
		return nil, err
	}
	auth := cfg.Auth
	if auth == nil || auth.Key.IsZero() {
		stop := context.AfterFunc(ctx, func() { nc.Close() })
		made, err := exchangeKeys(ctx, f, &cfg)
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			nc.Close()
			return nil, err
		}
		auth = &made
		if cfg.OnAuth != nil {
			cfg.OnAuth(made)
		}
	}
	c := &Conn{
		cfg: cfg, f: f, key: auth.Key.secret,
		wake: make(chan struct{}, 1), done: make(chan struct{}), began: time.Now(),
	}
	c.s = session{
		id: int64(binary.LittleEndian.Uint64(id[:])), auth: *auth,
		limit: cfg.Limits.ContainerMessages, pending: map[int64]*call{},
	}
	if cfg.Wrap != nil && !cfg.Initialized {
		c.s.init = initNeeded
	}
	c.out.seal = newSealer(c.key, fromClient, cfg.Rand)
	c.in.open = newSealer(c.key, fromServer, nil)
	c.in.seen.size = 4 * maxContainerMessages
	c.ups.init(cfg.Limits)
	c.tasks.Go(c.writeLoop)
	c.tasks.Go(c.readLoop)
	c.tasks.Go(c.updateLoop)
	return c, nil
}

// Call sends one request and waits for its result: the boxed TL object, the
// caller's to keep. body must stay unchanged until Call returns, and after
// that too if ctx ended the wait.
//
// Errors: *tgerr.Error for rpc_error; *LostError when ctx or the connection
// ended first (the session goes on in the former case); *BadMsgError;
// *CheckError or *LimitError when the answer cannot be read; *LimitError when
// body is too large.
func (c *Conn) Call(ctx context.Context, body []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, &LostError{Cause: err}
	}
	list := [1][]byte{body}
	b, err := c.start(list[:], false)
	if err != nil {
		return nil, err
	}
	select {
	case <-b.done:
	case <-ctx.Done():
		c.abandon(b, ctx.Err())
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	o := b.calls[0].result(ctx.Err())
	return o.Body, o.Err
}

// Batch sends the requests together: as one container, or as few as the limits
// allow. The outcomes stand in the requests' order. With ordered, each is
// chained to the one before it by invokeAfterMsg: they are executed in order,
// and after one that has an error the rest is not run. All of the chain is sent
// at once, as many to a container as Limits.ContainerMessages says. The bodies
// must stay unchanged as for Call.
//
// The error is not nil only when nothing was sent: an empty batch, one with a
// request that is no TL object or over the limits, or a ctx that has ended. When ctx ends, the
// outcomes so far are returned, the others as *LostError.
func (c *Conn) Batch(ctx context.Context, bodies [][]byte, ordered bool) ([]Outcome, error) {
	if len(bodies) == 0 {
		return nil, errors.New("a batch needs at least one request")
	}
	if err := ctx.Err(); err != nil {
		return nil, &LostError{Cause: err}
	}
	b, err := c.start(bodies, ordered)
	if err != nil {
		return nil, err
	}
	select {
	case <-b.done:
	case <-ctx.Done():
		c.abandon(b, ctx.Err())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]Outcome, len(b.calls))
	for i := range b.calls {
		list[i] = b.calls[i].result(ctx.Err())
	}
	return list, nil
}

// result is the call's outcome, or that the wait ended before there was one.
func (c *call) result(cause error) Outcome {
	if c.state == callFinished {
		return c.outcome
	}
	return Outcome{State: Unknown, Err: &LostError{Sent: true, Cause: cause}}
}

// start checks the requests and queues them for the writer.
func (c *Conn) start(bodies [][]byte, ordered bool) (*batch, error) {
	for i, body := range bodies {
		switch {
		case len(body) < 4 || len(body)&3 != 0:
			return nil, fmt.Errorf("request %d of %d: %d bytes are no TL object (want a multiple of 4)", i+1, len(bodies), len(body))
		case len(body) > c.cfg.Limits.MessageBytes:
			return nil, &LimitError{"request", c.cfg.Limits.MessageBytes, len(body)}
		}
	}
	b := newBatch(bodies, ordered)
	for i := range b.calls {
		b.calls[i].packed = c.zip.pack(b.calls[i].body, c.cfg.Limits.GzipBytes)
	}
	c.mu.Lock()
	if c.err != nil {
		defer c.mu.Unlock()
		for i := range b.calls {
			c.finish(&b.calls[i], Outcome{NotRun, nil, &LostError{Cause: c.err}})
		}
		return b, nil
	}
	for i := range b.calls {
		c.s.ord++
		b.calls[i].ord = c.s.ord
		c.s.queue = append(c.s.queue, &b.calls[i])
	}
	lone := len(c.s.queue) == 1 && len(c.s.pending) == 0 && len(bodies[0]) <= maxInline
	c.mu.Unlock()
	if !lone || !c.writeNow() {
		c.rouse()
	}
	return b, nil
}

// rouse tells the writer to look.
func (c *Conn) rouse() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// abandon gives up waiting for a batch: what is queued never leaves. (What is
// queued once more, or waits for its predecessor to be so, was refused by the
// server: it was not run either.)
func (c *Conn) abandon(b *batch, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range b.calls {
		if k := &b.calls[i]; k.state == callQueued || k.state == callParked {
			c.finish(k, Outcome{NotRun, nil, &LostError{Cause: cause}})
		}
	}
}

// finish sets a call's outcome and what follows from it for the next of its
// chain. Conn.mu is held.
func (c *Conn) finish(k *call, o Outcome) {
	if k.state == callFinished {
		return
	}
	if k.state == callFlying {
		delete(c.s.pending, k.msgID)
	}
	k.state, k.outcome = callFinished, o
	if b := k.owner; b != nil {
		if b.left--; b.left == 0 {
			close(b.done)
		}
	}
	if next := k.next; next != nil && next.state == callParked {
		if o.State == Done {
			c.again(next)
		} else {
			c.finish(next, next.notRun())
		}
	}
}

// notRun is the outcome of a call whose predecessor has another one than a
// result: the first cause is named.
func (k *call) notRun() Outcome {
	before := k.prev.outcome
	if before.State == Unknown { // refused, but for a cause that is not known
		return Outcome{NotRun, nil, &NotRunError{k.prev.index, before.Err}}
	}
	var first *NotRunError
	if errors.As(before.Err, &first) {
		return Outcome{NotRun, nil, first}
	}
	return Outcome{NotRun, nil, &NotRunError{k.prev.index, before.Err}}
}

// Ping asks for a sign of life and waits for it. Errors: *LostError.
func (c *Conn) Ping(ctx context.Context) error {
	b := newBatch([][]byte{nil}, false)
	k := &b.calls[0]
	k.kind = callPing
	c.mu.Lock()
	if c.err != nil {
		defer c.mu.Unlock()
		return &LostError{Cause: c.err}
	}
	c.s.ord++
	k.body = putLong(putID(nil, idPing), c.s.ord)
	c.s.service = append(c.s.service, k)
	c.mu.Unlock()
	c.rouse()
	select {
	case <-b.done:
	case <-ctx.Done():
		c.abandon(b, ctx.Err())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return k.result(ctx.Err()).Err
}

// Auth is the key, salt and time offset as they are now.
func (c *Conn) Auth() Auth {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.s.auth
}

// authChanged tells OnAuth. Conn.mu must not be held.
func (c *Conn) authChanged() {
	if c.cfg.OnAuth == nil {
		return
	}
	c.told.Lock()
	defer c.told.Unlock()
	c.cfg.OnAuth(c.Auth())
}

// Close ends the connection and waits for its goroutines. Waiting calls get a
// *LostError with cause [ErrClosed]. It may be called more than once; it must
// not be called from a callback of Config. The error is always nil.
func (c *Conn) Close() error {
	c.fail(ErrClosed)
	c.tasks.Wait()
	return nil
}

// Done is closed when the connection has ended, for whatever reason.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err is why the connection ended; nil while it has not. [ErrClosed] after
// Close; else *TransportError, *CheckError, *FrameError, [ErrSilent] or the
// network's error.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// fail ends the connection; the first cause counts.
func (c *Conn) fail(err error) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err = err
	close(c.done)
	for _, k := range c.s.queue {
		o := Outcome{NotRun, nil, &LostError{Cause: err}}
		c.finish(k, o)
	}
	for _, k := range c.s.service {
		c.finish(k, Outcome{NotRun, nil, &LostError{Cause: err}})
	}
	for _, k := range c.s.pending {
		c.finish(k, Outcome{Unknown, nil, &LostError{Sent: true, Cause: err}})
	}
	c.s.queue, c.s.service = nil, nil
	c.mu.Unlock()
	c.f.conn.Close()
}
