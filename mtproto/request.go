package mtproto

import (
	"context"
	"errors"
	"fmt"
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
	Arrived                  // the server executed it; the result was lost
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
	case Arrived:
		return "done, result lost"
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
	// Unknown; *ArrivedError when Arrived.
	Err error
}

// ok tells whether what is chained to the request goes on.
func (o *Outcome) ok() bool { return o.State == Done || o.State == Arrived }

// Request is one request and what its sender knows of it, which the bytes do
// not say.
type Request struct {
	// Body is the boxed TL object. It must stay unchanged until there is an
	// outcome.
	Body []byte
	// Repeatable says that executing it twice does no harm. It is sent again
	// when its fate cannot be known, and after errors 500 and -503.
	Repeatable bool
	// RandomID says that it holds a random_id by which the server refuses a
	// second execution (RANDOM_ID_DUPLICATE). It is sent again like a repeatable
	// one, with the same random_id, since the bytes are the same; and that error
	// then means [Arrived].
	RandomID bool
}

// BatchOptions say how [Conn.DoAll] sends its requests.
type BatchOptions struct {
	// Ordered chains each request to the one before it by invokeAfterMsg.
	Ordered bool
	// Window is how many of an ordered batch may be without an answer at once;
	// default Limits.ContainerMessages. MSG_WAIT_TIMEOUT halves it.
	Window int
	// KeepGoing runs what follows a request that failed nevertheless, in order.
	KeepGoing bool
	// OnFlood is asked to wait when the server answers FLOOD_WAIT_X,
	// FLOOD_PREMIUM_WAIT_X or SLOWMODE_WAIT_X: it sleeps for wait and says true,
	// then the refused request, and in an ordered batch what follows it, is sent
	// again; or it says false at once or when ctx (which ends with the Conn)
	// does, then the error is the outcome. One call at a time for a batch, on a
	// goroutine of its own. nil: such errors are outcomes.
	OnFlood func(ctx context.Context, wait time.Duration) bool
}

// Call sends one request and waits for its result: the boxed TL object, the
// caller's to keep. body must stay unchanged until Call returns, and after
// that too if ctx ended the wait.
//
// Errors: *tgerr.Error for rpc_error; *LostError when ctx or the session
// ended first (the session goes on in the former case), or when the connection
// was lost and the server cannot tell what became of it; *BadMsgError;
// *CheckError or *LimitError when the answer cannot be read; *LimitError when
// body is too large.
func (c *Conn) Call(ctx context.Context, body []byte) ([]byte, error) {
	o := c.Do(ctx, Request{Body: body})
	return o.Body, o.Err
}

// Do is [Conn.Call] for a request of which more is known. A request that is no
// TL object or too large is NotRun.
func (c *Conn) Do(ctx context.Context, r Request) Outcome {
	if err := ctx.Err(); err != nil {
		return Outcome{NotRun, nil, &LostError{Cause: err}}
	}
	if err := c.check(r.Body); err != nil {
		return Outcome{NotRun, nil, err}
	}
	b := newBatch(1)
	b.calls[0].set(c, r)
	c.start(b, nil)
	return c.await(ctx, b)[0]
}

// Batch sends the requests together: as one container, or as few as the limits
// allow. The outcomes stand in the requests' order. With ordered, each is
// chained to the one before it by invokeAfterMsg: they are executed in order,
// and after one that has an error the rest is not run; as many as a container
// takes are on their way at once. The bodies must stay unchanged as for Call.
//
// The error is not nil only when nothing was sent: an empty batch, one with a
// request that is no TL object or over the limits, or a ctx that has ended. When
// ctx ends, the outcomes so far are returned, the others as *LostError.
func (c *Conn) Batch(ctx context.Context, bodies [][]byte, ordered bool) ([]Outcome, error) {
	list := make([]Request, len(bodies))
	for i, b := range bodies {
		list[i].Body = b
	}
	return c.DoAll(ctx, list, BatchOptions{Ordered: ordered})
}

// DoAll is [Conn.Batch] for requests of which more is known.
func (c *Conn) DoAll(ctx context.Context, list []Request, o BatchOptions) ([]Outcome, error) {
	if len(list) == 0 {
		return nil, errors.New("a batch needs at least one request")
	}
	if err := ctx.Err(); err != nil {
		return nil, &LostError{Cause: err}
	}
	for i, r := range list {
		if err := c.check(r.Body); err != nil {
			return nil, fmt.Errorf("request %d of %d: %w", i+1, len(list), err)
		}
	}
	b := newBatch(len(list))
	var g *chain
	if o.Ordered || o.OnFlood != nil {
		g = c.newChain(o)
	}
	for i := range b.calls {
		b.calls[i].set(c, list[i])
	}
	c.start(b, g)
	return c.await(ctx, b), nil
}

// check is whether the body can be sent at all.
func (c *Conn) check(body []byte) error {
	switch {
	case len(body) < 4 || len(body)&3 != 0:
		return fmt.Errorf("%d bytes are no TL object (want a multiple of 4)", len(body))
	case len(body) > c.cfg.Limits.MessageBytes:
		return &LimitError{"request", c.cfg.Limits.MessageBytes, len(body)}
	}
	return nil
}

func (k *call) set(c *Conn, r Request) {
	k.body, k.repeat = r.Body, r.Repeatable || r.RandomID
	k.packed = c.zip.pack(r.Body, c.cfg.Limits.GzipBytes)
}

// start queues the calls for the writer, as the next of the chain if there is
// one.
func (c *Conn) start(b *batch, g *chain) {
	c.mu.Lock()
	err := c.err
	if err == nil && g != nil {
		err = g.stopped
	}
	if err != nil {
		for i := range b.calls {
			c.finish(&b.calls[i], Outcome{NotRun, nil, &LostError{Cause: err}})
		}
		c.mu.Unlock()
		return
	}
	for i := range b.calls {
		k := &b.calls[i]
		c.s.ord++
		k.ord = c.s.ord
		if g != nil {
			g.link(k)
		}
		if g != nil && g.ordered {
			c.hold(k)
		} else {
			c.s.queue = append(c.s.queue, k)
		}
	}
	if g != nil {
		c.release(g)
	}
	lone := len(c.s.queue) == 1 && len(c.s.pending) == 0 && len(c.s.queue[0].body) <= maxInline
	away := c.link == nil
	c.mu.Unlock()
	if away {
		c.hasten()
	}
	if !lone || !c.writeNow() {
		c.rouse()
	}
}

// await waits for a batch's outcomes.
func (c *Conn) await(ctx context.Context, b *batch) []Outcome {
	select {
	case <-b.done:
	case <-ctx.Done():
		c.abandon(b, ctx.Err())
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	list := make([]Outcome, len(b.calls))
	for i := range b.calls {
		list[i] = b.calls[i].result(ctx.Err())
	}
	return list
}

// result is the call's outcome, or that the wait ended before there was one.
func (c *call) result(cause error) Outcome {
	if c.state == callFinished {
		return c.outcome
	}
	return Outcome{State: Unknown, Err: &LostError{Sent: true, Cause: cause}}
}

// abandon gives up waiting for a batch: what is queued never leaves, and what
// is on its way is not sent again. (What is to be sent once more was refused by
// the server: it was not run either, unless an earlier sending may have been.)
func (c *Conn) abandon(b *batch, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.cause = cause
	if g := b.calls[0].chain; g != nil {
		defer c.freeze(g)()
	}
	for i := range b.calls {
		switch k := &b.calls[i]; k.state {
		case callQueued, callHeld:
			c.finish(k, k.unsent(cause))
		case callAsleep:
			c.finish(k, k.outcome)
		}
	}
}
