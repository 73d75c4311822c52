package mtproto

import (
	"context"
	"sync"
	"time"
)

// ChainOptions say how a [Chain] sends its requests.
type ChainOptions struct {
	// Window is how many requests may be without an answer at once; default 10,
	// which suits real servers; 1: one by one. MSG_WAIT_TIMEOUT halves it.
	Window int
	// KeepGoing and OnFlood are as in [BatchOptions].
	KeepGoing bool
	OnFlood   func(ctx context.Context, wait time.Duration) bool
}

// Chain is a pipeline: requests that are executed in the order in which they
// are given, several of them on their way at once. Each is chained to the one
// before it by invokeAfterMsg while that has no answer. After one whose outcome
// is neither Done nor Arrived, those that follow are NotRun (with a
// *NotRunError), unless KeepGoing is set: then one that was refused only
// because of its predecessor is sent again without it, still in order.
//
// Its methods may be called from several goroutines. It needs no closing.
type Chain struct {
	c *Conn
	g *chain
}

// Chain begins a pipeline.
func (c *Conn) Chain(o ChainOptions) *Chain {
	if o.Window <= 0 {
		o.Window = 10
	}
	g := c.newChain(BatchOptions{Ordered: true, Window: o.Window, KeepGoing: o.KeepGoing, OnFlood: o.OnFlood})
	g.less = sync.NewCond(&c.mu)
	return &Chain{c, g}
}

// Go gives the next request and does not wait, neither for the answer nor for
// room in the window. A request that is no TL object or too large is NotRun and
// no part of the chain.
func (ch *Chain) Go(r Request) *Pending {
	c, b := ch.c, newBatch(1)
	k := &b.calls[0]
	if err := c.check(r.Body); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.finish(k, Outcome{NotRun, nil, err})
		return &Pending{c, b}
	}
	k.set(c, r)
	c.start(b, ch.g)
	return &Pending{c, b}
}

// Room waits until little is left to send: until less than twice the window is
// without an outcome; when it was more, until it is at most one and a half
// windows, so that requests leave in groups. nil, or ctx's error.
func (ch *Chain) Room(ctx context.Context) error {
	full := false
	return ch.wait(ctx, func(g *chain) bool {
		full = full || g.open >= 2*g.window
		return !full || g.open <= g.window+g.window/2
	})
}

// Drain waits until every request given so far has an outcome. nil, or ctx's
// error.
func (ch *Chain) Drain(ctx context.Context) error {
	return ch.wait(ctx, func(g *chain) bool { return g.open == 0 })
}

func (ch *Chain) wait(ctx context.Context, ready func(*chain) bool) error {
	c := ch.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if ready(ch.g) {
		return nil
	}
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		ch.g.less.Broadcast()
	})
	defer stop()
	for !ready(ch.g) {
		if err := ctx.Err(); err != nil {
			return err
		}
		ch.g.less.Wait()
	}
	return nil
}

// Broken reports that nothing more that is given will run: a request had
// another outcome than a result (and KeepGoing is not set), the chain was
// stopped, or the Conn has ended.
func (ch *Chain) Broken() bool {
	ch.c.mu.Lock()
	defer ch.c.mu.Unlock()
	return ch.g.broken || ch.g.stopped != nil || ch.c.err != nil
}

// Stop makes those requests NotRun, with cause in a *LostError, that have not
// been sent. What is on its way gets its outcome, but is not sent again; what is
// given later is NotRun too. cause nil: an error that says "stopped".
func (ch *Chain) Stop(cause error) {
	if cause == nil {
		cause = errStopped
	}
	c := ch.c
	c.mu.Lock()
	defer c.mu.Unlock()
	ch.g.stop(c, cause)
}

// InFlight is how many requests have been given and have no outcome yet, and
// how many of these have been sent.
func (ch *Chain) InFlight() (open, sent int) {
	ch.c.mu.Lock()
	defer ch.c.mu.Unlock()
	for _, k := range ch.c.s.pending {
		sent += b2i(k.chain == ch.g)
	}
	return ch.g.open, sent
}

// Pending is a request of a [Chain] on its way.
type Pending struct {
	c *Conn
	b *batch
}

// Done is closed when there is an outcome.
func (p *Pending) Done() <-chan struct{} { return p.b.done }

// Outcome waits for the outcome. When ctx ends first, it is Unknown or NotRun
// with a *LostError, as far as is known now; the request goes on, and Outcome
// may be called again.
func (p *Pending) Outcome(ctx context.Context) Outcome {
	select {
	case <-p.b.done:
		return p.b.calls[0].outcome
	default:
	}
	select {
	case <-p.b.done:
		return p.b.calls[0].outcome
	case <-ctx.Done():
	}
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	k := &p.b.calls[0]
	if k.state != callFinished && k.state != callFlying {
		return k.unsent(ctx.Err())
	}
	return k.result(ctx.Err())
}

// Sent tells whether the request has left, and when.
func (p *Pending) Sent() (time.Time, bool) {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	k := &p.b.calls[0]
	return k.at, !k.at.IsZero()
}
