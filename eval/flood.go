package eval

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gotd/td/tgerr"

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
func (s *Shell) sleepFlood(ctx context.Context, d time.Duration) bool {
	if d <= 0 || d > s.cfg.MaxWait {
		return false
	}
	s.note("flood wait: the server wants %s before it is sent again; Ctrl-C ends the wait", d)
	end := time.Now().Add(d)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	done := time.NewTimer(d)
	defer done.Stop()
	defer s.countdown("")
	for {
		select {
		case <-done.C:
			return true
		case <-ctx.Done():
			return false
		case <-tick.C:
			s.countdown(fmt.Sprintf("%d s left", int(time.Until(end).Seconds()+0.5)))
		}
	}
}

// countdown shows how long it is still, where that can be taken away again.
func (s *Shell) countdown(text string) {
	switch {
	case s.cfg.Status != nil:
		s.cfg.Status(text)
	case s.cfg.ErrTerminal:
		// A line that wraps could not be rewritten.
		if columns := s.cfg.ErrView.Width; columns > 0 {
			r := []rune(text)
			text = string(r[:min(len(r), columns-1)])
		}
		_, _ = fmt.Fprintf(s.cfg.Err, "\r\x1b[K%s", text)
	}
}

// tellTime says how long a request took, where that is wanted (set timing).
func (s *Shell) tellTime(d time.Duration) {
	if s.timing {
		s.note("took %s", shortTime(d))
	}
}

// timeout bounds how long an answer is waited for (set timeout).
func (s *Shell) timeout(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.cfg.Timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.cfg.Timeout)
}

// call sends one request, and again after each flood wait that is slept: the
// same object, so that its random_id stays.
func (s *Shell) call(ctx context.Context, conn Conn, req *tl.Object) (tl.Value, error) {
	return s.retry(ctx, func(ctx context.Context) (tl.Value, error) { return conn.Call(ctx, req) })
}

// retry sends something, and again after each flood wait that is slept.
func (s *Shell) retry(ctx context.Context, send func(context.Context) (tl.Value, error)) (tl.Value, error) {
	for {
		wait, cancel := s.timeout(ctx)
		v, err := send(wait)
		cancel()
		if err == nil || !s.sleepFlood(ctx, floodWait(err)) {
			if floodWait(err) > 0 && ctx.Err() != nil {
				err = ctx.Err() // Ctrl-C ended the wait
			}
			return v, err
		}
	}
}
