package client

import (
	"context"
	"sync/atomic"

	"tlsh/mtproto"
	"tlsh/tl"
)

// Chain sends requests one behind the other.
type Chain struct {
	c      *Client
	broken atomic.Bool
}

// Chain begins a chain.
func (c *Client) Chain() *Chain { return &Chain{c: c} }

// Broken reports that a request of the chain had another outcome than a
// result, so that nothing more of it will run.
func (ch *Chain) Broken() bool { return ch.broken.Load() }

// Go sends the request behind those before it; wait gives what came of it.
func (ch *Chain) Go(ctx context.Context, req *tl.Object) (wait func() Outcome) {
	if ch.Broken() {
		return func() Outcome { return Outcome{State: mtproto.NotRun} }
	}
	o := Outcome{State: mtproto.Done}
	o.Value, o.Err = ch.c.Call(ctx, req)
	if o.Err != nil {
		o.State = mtproto.Failed
		ch.broken.Store(true)
	}
	return func() Outcome { return o }
}
