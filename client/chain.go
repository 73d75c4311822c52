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

// Go gives the next request, waiting while the window is full; wait gives what
// came of it. A request that cannot be encoded is not run.
func (ch *Chain) Go(ctx context.Context, req *tl.Object) (wait func(context.Context) Outcome) {
	r, err := request(req)
	if err == nil {
		err = ch.chain.Room(ctx)
	}
	if err != nil {
		return func(context.Context) Outcome { return Outcome{State: mtproto.NotRun, Err: err} }
	}
	p := ch.chain.Go(r)
	return func(ctx context.Context) Outcome { return ch.c.outcome(req, p.Outcome(ctx)) }
}
