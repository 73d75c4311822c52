package mtproto

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gotd/td/tgerr"
)

// chain is what the requests of an ordered batch or a pipeline share; with
// ordered unset, their flood waits alone. Guarded by Conn.mu.
//
// Its calls are released to the session's queue in order, at most window of
// them without an outcome. The writer chains each to its predecessor while that
// has no answer.
//
// Source: https://core.telegram.org/api/invoking#sequential-requests.
type chain struct {
	ordered   bool
	window    int
	round     int // one more each time the window was halved
	keepGoing bool
	onFlood   func(ctx context.Context, wait time.Duration) bool

	last    *call   // the newest
	count   int     // of all
	open    int     // without an outcome
	active  int     // released, without an outcome
	held    []*call // not released, in order
	broken  bool    // one had another outcome than a result
	frozen  bool    // release does nothing
	stopped error
	asleep  []*call // wait for onFlood
	less    *sync.Cond
}

func (c *Conn) newChain(o BatchOptions) *chain {
	g := &chain{ordered: o.Ordered, window: o.Window, keepGoing: o.KeepGoing, onFlood: o.OnFlood}
	if g.window <= 0 {
		g.window = c.cfg.Limits.ContainerMessages
	}
	return g
}

// link makes k the chain's newest.
func (g *chain) link(k *call) {
	k.chain, k.index = g, g.count
	if g.ordered {
		k.prev, g.last = g.last, k
	}
	g.count++
	g.open++
}

// hold puts a call into its chain's list, in its place. Conn.mu is held.
func (c *Conn) hold(k *call) {
	g := k.chain
	if k.released {
		k.released = false
		g.active--
	}
	k.state = callHeld
	at := len(g.held)
	if at > 0 && g.held[at-1].ord > k.ord {
		at, _ = slices.BinarySearchFunc(g.held, k.ord, byOrd)
	}
	g.held = slices.Insert(g.held, at, k)
	c.s.chains[g] = struct{}{}
}

func byOrd(k *call, ord int64) int { return int(k.ord - ord) }

// release sends on what the window and the order allow. Conn.mu is held.
func (c *Conn) release(g *chain) {
	if !g.ordered || g.frozen || c.err != nil {
		return
	}
	g.frozen = true
	used := 0
	for ; used < len(g.held); used++ {
		k := g.held[used]
		if k.state != callHeld {
			continue
		}
		if g.active >= g.window {
			break
		}
		if ok, never := c.releasable(k); never {
			c.finish(k, k.notRun())
			continue
		} else if !ok {
			break
		}
		k.released = true
		g.active++
		c.enqueue(k)
	}
	clear(g.held[:used])
	if g.held = g.held[used:]; len(g.held) == 0 {
		g.held = nil
		delete(c.s.chains, g)
	}
	g.frozen = false
}

// freeze keeps a chain from releasing calls until the returned function is
// called. Conn.mu is held.
func (c *Conn) freeze(g *chain) (thaw func()) {
	g.frozen = true
	return func() {
		g.frozen = false
		c.release(g)
	}
}

// stop ends what has not been sent. Conn.mu is held.
func (g *chain) stop(c *Conn, cause error) {
	if g.stopped != nil {
		return
	}
	g.stopped = cause
	defer c.freeze(g)()
	for _, k := range c.s.pending {
		if k.chain == g && k.owner != nil {
			k.owner.cause = cause
		}
	}
	held, asleep := g.held, g.asleep
	g.held, g.asleep = nil, nil
	delete(c.s.chains, g)
	for _, k := range c.s.queue {
		if k.chain == g {
			c.finish(k, k.unsent(cause))
		}
	}
	for _, k := range asleep {
		c.finish(k, k.outcome)
	}
	for _, k := range held {
		c.finish(k, k.unsent(cause))
	}
}

// releasable tells whether a held call can be sent now; never: its predecessor's
// outcome forbids it.
func (c *Conn) releasable(k *call) (ok, never bool) {
	p := k.prev
	if p == nil {
		return true, false
	}
	switch p.state {
	case callFinished:
		ok = p.outcome.ok() || k.chain.keepGoing
		return ok, !ok
	case callQueued:
		return true, false
	case callFlying:
		// Not across sessions, and not again to the one that it waited for in vain.
		return p.session == c.s.id && !p.doubt && !(k.waited && k.after == p.msgID), false
	}
	return false, false
}

// enqueue puts a request into the session's queue, in its place. Conn.mu is held.
func (c *Conn) enqueue(k *call) {
	k.state = callQueued
	q := c.s.queue
	at := len(q)
	if at > 0 && q[at-1].ord > k.ord {
		at, _ = slices.BinarySearchFunc(q, k.ord, byOrd)
	}
	c.s.queue = slices.Insert(q, at, k)
	c.rouse()
}

// chained readies a queued call that has a predecessor; false when it is not to
// be sent now: it has got an outcome, or is held.
func (c *Conn) chained(k *call) bool {
	if k.prev == nil {
		return true
	}
	ok, never := c.releasable(k)
	switch {
	case never:
		c.finish(k, k.notRun())
	case !ok:
		c.hold(k)
	}
	return ok
}

// chainFinished takes note of an outcome. Conn.mu is held.
func (c *Conn) chainFinished(k *call) {
	g := k.chain
	if g.open--; k.released {
		k.released = false
		g.active--
	}
	g.broken = g.broken || !k.outcome.ok() && !g.keepGoing
	if g.less != nil {
		g.less.Broadcast()
	}
	c.release(g)
}

// notRun is the outcome of a call whose predecessor has another one than a
// result: the first cause is named.
func (k *call) notRun() Outcome {
	before := &k.prev.outcome
	var first *NotRunError
	if before.State == NotRun && errors.As(before.Err, &first) {
		return Outcome{NotRun, nil, first}
	}
	return Outcome{NotRun, nil, &NotRunError{k.prev.index, before.Err}}
}

// again queues a call once more, in its old place among the others. Conn.mu is
// held.
func (c *Conn) again(k *call) {
	c.ground(k)
	c.unwrap(k)
	switch {
	case c.err != nil:
		c.finish(k, k.unsent(c.err))
	case k.owner != nil && k.owner.cause != nil:
		c.finish(k, k.unsent(k.owner.cause))
	case k.kind != callRequest:
		k.state = callQueued
		c.s.service = append(c.s.service, k)
	case k.chain != nil && k.chain.ordered:
		c.hold(k)
		c.release(k.chain)
	default:
		c.enqueue(k)
	}
	c.rouse()
}

// waited handles MSG_WAIT_FAILED and MSG_WAIT_TIMEOUT: "not executed, the cause
// is elsewhere". The call is held until its predecessor has an outcome or has
// been sent again.
func (c *Conn) waited(k *call, timeout bool) {
	if g := k.chain; timeout && k.round == g.round {
		g.window = max(1, g.window/2)
		g.round++
	}
	k.waited = true
	c.again(k)
}

// sleepy tells whether an error asks for a wait and the call's owner is to be
// asked to wait.
func sleepy(k *call, e *tgerr.Error) bool {
	if k.chain == nil || k.chain.onFlood == nil || k.chain.stopped != nil || k.owner.cause != nil {
		return false
	}
	switch e.Type {
	case "FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT":
		return e.Argument >= 0
	}
	return false
}

// sleep puts a call aside until its owner has waited. What follows it in its
// chain is refused by the server and held meanwhile. Conn.mu is held.
func (c *Conn) sleep(k *call, o Outcome, wait time.Duration) {
	g := k.chain
	c.lay(k, o)
	if g.asleep = append(g.asleep, k); len(g.asleep) > 1 {
		return // it wakes with those that sleep already
	}
	c.tasks.Go(func() {
		waited := g.onFlood(c.ctx, wait)
		c.mu.Lock()
		defer c.mu.Unlock()
		list := g.asleep
		g.asleep = nil
		for _, k := range list {
			switch {
			case k.state != callAsleep:
			case waited:
				c.again(k)
			default:
				c.finish(k, k.outcome)
			}
		}
	})
}

// retry sends a repeatable call again after a while that grows. Conn.mu is held.
func (c *Conn) retry(k *call, o Outcome) {
	c.lay(k, o)
	wait := min(c.cfg.Limits.RetryMin<<min(k.tries, 10), c.cfg.Limits.RetryMax)
	k.tries++
	time.AfterFunc(c.jitter(wait), func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if k.state == callAsleep {
			c.again(k)
		}
	})
}

// lay puts a call to sleep; o is its outcome if it never wakes.
func (c *Conn) lay(k *call, o Outcome) {
	c.ground(k)
	k.state, k.outcome = callAsleep, o
	c.s.asleep[k] = struct{}{}
}
