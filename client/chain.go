package client

import (
	"context"

	"tlsh/mtproto"
	"tlsh/tl"
)

// ChainOptions are mtproto's.
type ChainOptions = mtproto.ChainOptions

// Chain sends requests one behind the other, several on their way at once, in
// the order in which they are given (mtproto.Chain).
type Chain struct {
	c     *Client
	chain *mtproto.Chain
}

// Chain begins a chain.
func (c *Client) Chain(opt ChainOptions) *Chain { return &Chain{c: c, chain: c.conn.Chain(opt)} }

// Pending is a request of a Chain on its way.
type Pending struct {
	c       *Client
	req     *tl.Object
	pending *mtproto.Pending // nil when it was not run, because of err
	err     error
}

// Go gives the next request, waiting while the window is full. A request that
// cannot be encoded is not run.
func (ch *Chain) Go(ctx context.Context, req *tl.Object) *Pending {
	p := &Pending{c: ch.c, req: req}
	r, err := request(req)
	if err == nil {
		err = ch.chain.Room(ctx)
	}
	if p.err = err; err == nil {
		p.pending = ch.chain.Go(r)
	}
	return p
}

// Ready reports that Outcome would not wait.
func (p *Pending) Ready() bool {
	if p.pending == nil {
		return true
	}
	select {
	case <-p.pending.Done():
		return true
	default:
		return false
	}
}

// Outcome waits for what came of the request, as mtproto.Pending.Outcome does.
func (p *Pending) Outcome(ctx context.Context) Outcome {
	if p.pending == nil {
		return Outcome{State: mtproto.NotRun, Err: p.err}
	}
	return p.c.outcome(p.req, p.pending.Outcome(ctx))
}
