package eval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/tl"
)

// floodWait is how long the server wants a request to wait before it is sent
// again, 0 for any other error.
// Source: https://core.telegram.org/api/errors, code 420.
func floodWait(err error) time.Duration {
	var rpc *tgerr.Error
	if !errors.As(err, &rpc) || !rpc.IsOneOf("FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT") {
		return 0
	}
	return time.Duration(rpc.Argument) * time.Second
}

// sleepFlood waits as long as the server wants, with a countdown on a terminal.
// It reports false, without waiting, when that is longer than --max-wait, and
// when ctx ends first.
func (s *Shell) sleepFlood(ctx context.Context, err error) bool {
	d := floodWait(err)
	if d <= 0 || d > s.cfg.MaxWait {
		return false
	}
	var rpc *tgerr.Error
	errors.As(err, &rpc)
	s.note("%s: waiting %s, then sending again; Ctrl-C ends the wait", rpc.Message, d)
	end := time.Now().Add(d)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	done := time.NewTimer(d)
	defer done.Stop()
	for {
		select {
		case <-done.C:
			s.countdown("")
			return true
		case <-ctx.Done():
			s.countdown("")
			return false
		case <-tick.C:
			s.countdown(fmt.Sprintf("%d s left", int(time.Until(end).Seconds()+0.5)))
		}
	}
}

// countdown rewrites the last line of a terminal.
func (s *Shell) countdown(text string) {
	if s.cfg.ErrTerminal {
		_, _ = fmt.Fprintf(s.cfg.Err, "\r\x1b[K%s", text)
	}
}

// call sends one request, and again after each flood wait that is slept: the
// same object, so that its random_id stays.
func (s *Shell) call(ctx context.Context, conn Conn, req *tl.Object) (tl.Value, error) {
	for {
		v, err := conn.Call(ctx, req)
		if err == nil || !s.sleepFlood(ctx, err) {
			return v, err
		}
	}
}

// callBatch sends a batch, and after a flood wait that is slept what it kept
// from being executed: in an ordered one the request that was refused and all
// behind it, so that order holds; in another the requests that were refused.
func (s *Shell) callBatch(ctx context.Context, conn Conn, reqs []*tl.Object, ordered bool) ([]client.Outcome, error) {
	all := make([]client.Outcome, len(reqs))
	left := make([]int, len(reqs))
	for i := range left {
		left[i] = i
	}
	for {
		part := make([]*tl.Object, len(left))
		for i, n := range left {
			part[i] = reqs[n]
		}
		outs, err := conn.Batch(ctx, part, ordered)
		if err != nil {
			if len(part) == len(reqs) {
				return nil, err
			}
			for _, n := range left {
				all[n] = client.Outcome{State: mtproto.NotRun, Err: err}
			}
			return all, nil
		}
		var again []int
		var flood error
		for i, o := range outs {
			all[left[i]] = o
			wait := floodWait(o.Err) > 0
			if wait && floodWait(o.Err) > floodWait(flood) {
				flood = o.Err
			}
			if wait || ordered && len(again) > 0 && o.State == mtproto.NotRun {
				again = append(again, left[i])
			}
		}
		if len(again) == 0 || !s.sleepFlood(ctx, flood) {
			return all, nil
		}
		left = again
	}
}
