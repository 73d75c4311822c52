package mtproto

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Conn is a client's session with one data centre. It outlives the connections
// that carry it: when one is lost, another is made, and what was on its way is
// asked after and, where that is safe, sent again. Its methods may be called
// from any number of goroutines.
type Conn struct {
	cfg    Config
	zip    zipper
	key    *authSecret
	wake   chan struct{} // the writer has something to do
	hurry  chan struct{} // a call waits for a connection
	done   chan struct{}
	ctx    context.Context // ends with the Conn
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	ups    updates
	began  time.Time // by cfg.Now

	mu   sync.Mutex
	link *link // nil: there is no connection now
	lost struct {
		at    time.Time
		cause error
	}
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
		open    *sealer
		seen    window
		session int64 // of the frame at hand
		list    []message
		acks    []int64
		tries   int // to connect again, since the server was last heard
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
	c := &Conn{
		cfg: cfg, wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1),
		done: make(chan struct{}), began: cfg.Now(),
	}
	c.tell(Connection{State: Connecting})
	l, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	auth := cfg.Auth
	if auth == nil || auth.Key.IsZero() {
		stop := context.AfterFunc(ctx, func() { l.f.conn.Close() })
		made, err := exchangeKeys(ctx, l.f, &c.cfg)
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if err != nil {
			l.f.conn.Close()
			return nil, err
		}
		auth = &made
		if cfg.OnAuth != nil {
			cfg.OnAuth(made)
		}
	}
	c.s = session{
		id: int64(binary.LittleEndian.Uint64(id[:])), auth: *auth,
		limit: cfg.Limits.ContainerMessages, pending: map[int64]*call{},
		asleep: map[*call]struct{}{}, chains: map[*chain]struct{}{},
	}
	if cfg.Wrap != nil && !cfg.Initialized {
		c.s.init = initNeeded
	}
	c.key = auth.Key.secret
	c.out.seal = newSealer(c.key, fromClient, cfg.Rand)
	c.in.open = newSealer(c.key, fromServer, nil)
	c.in.seen.size = 4 * maxContainerMessages
	c.ups.init(cfg.Limits)
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.link = l
	c.tell(Connection{State: Connected})
	c.tasks.Go(c.writeLoop)
	c.tasks.Go(func() { c.run(l) })
	c.tasks.Go(c.updateLoop)
	return c, nil
}

// now is Config.Now's time at the beginning plus what has passed since, so that
// a jump of the wall clock is no jump of msg_ids.
func (c *Conn) now() time.Time { return c.began.Add(c.cfg.Now().Sub(c.began)) }

// rouse tells the writer to look.
func (c *Conn) rouse() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// finish sets a call's outcome and what follows from it for its chain. Conn.mu
// is held.
func (c *Conn) finish(k *call, o Outcome) {
	if k.state == callFinished {
		return
	}
	c.ground(k)
	if k.wrapped && c.s.init == initFlying {
		c.s.init = initNeeded
	}
	k.state, k.outcome, k.prev = callFinished, o, nil
	if b := k.owner; b != nil {
		if b.left--; b.left == 0 {
			close(b.done)
		}
	}
	if k.chain != nil {
		c.chainFinished(k)
	}
}

// ground takes a call from where its state has put it. Conn.mu is held.
func (c *Conn) ground(k *call) {
	switch k.state {
	case callFlying:
		if c.s.pending[k.msgID] == k {
			delete(c.s.pending, k.msgID)
		}
		c.sure(k)
	case callAsleep:
		delete(c.s.asleep, k)
	}
}

// Ping asks for a sign of life and waits for it. Errors: *LostError.
func (c *Conn) Ping(ctx context.Context) error {
	b := newBatch(1)
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

// tell tells OnState. Only Connect and then the reader call it.
func (c *Conn) tell(s Connection) {
	if c.cfg.OnState != nil {
		c.cfg.OnState(s)
	}
}

// Close ends the session's work and waits for its goroutines. Waiting calls get
// a *LostError with cause [ErrClosed]. It may be called more than once; it must
// not be called from a callback of Config. The error is always nil.
func (c *Conn) Close() error {
	c.fail(ErrClosed)
	c.tasks.Wait()
	return nil
}

// Done is closed when the Conn has ended: by Close, or because no connection
// would help (a rejected key, a wrong data centre; any loss with
// Config.NoReconnect).
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err is why the Conn ended; nil while it has not. [ErrClosed] after Close;
// *TransportError with code 404 (the server rejected the key) or 444 (it is
// another data centre); with Config.NoReconnect also other codes, *CheckError,
// *FrameError, [ErrSilent] and the network's error.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// fail ends the Conn; the first cause counts.
func (c *Conn) fail(err error) {
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return
	}
	c.err = err
	close(c.done)
	c.giveUp(err)
	l := c.link
	c.mu.Unlock()
	c.cancel()
	if l != nil {
		l.cut(err)
	}
}

// giveUp ends all calls: those that were not sent are not run, the others
// unknown. Conn.mu is held.
func (c *Conn) giveUp(err error) {
	queue := c.s.queue
	c.s.queue = nil
	for g := range c.s.chains {
		queue = append(queue, g.held...)
		g.held = nil
	}
	clear(c.s.chains)
	queue = append(queue, c.s.service...)
	c.s.service = nil
	for _, k := range c.s.pending {
		c.finish(k, Outcome{Unknown, nil, &LostError{Sent: true, Cause: err}})
	}
	for k := range c.s.asleep {
		c.finish(k, k.outcome)
	}
	for _, k := range queue {
		c.finish(k, k.unsent(err))
	}
}
