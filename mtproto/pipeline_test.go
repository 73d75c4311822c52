package mtproto

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
)

// laborer works on a session's requests one after the other, each for a while.
type laborer struct {
	led   *ledger
	work  time.Duration
	queue chan func()
	tasks sync.WaitGroup
}

func newLaborer(t testing.TB, led *ledger, work time.Duration) *laborer {
	l := &laborer{led: led, work: work, queue: make(chan func(), 1<<16)}
	l.tasks.Go(func() {
		for f := range l.queue {
			time.Sleep(l.work)
			f()
		}
	})
	t.Cleanup(func() { close(l.queue); l.tasks.Wait() })
	return l
}

func (l *laborer) Handle(ctx context.Context, s *ServerSession, id int64, body []byte) ([]byte, error) {
	body = slices.Clone(body)
	l.queue <- func() {
		res, err := l.led.Handle(ctx, s, id, body)
		s.Answer(id, res, err)
	}
	return nil, ErrLater
}

// In a pipeline everything is executed in order; after a failure nothing is,
// unless it is to keep going: then only what failed is missing.
func TestPipeline(t *testing.T) {
	for _, window := range []int{1, 2, 10, 100} {
		for _, keep := range []bool{false, true} {
			t.Run(fmt.Sprint(window, " keep going ", keep), func(t *testing.T) {
				w := newWorld(t, nil)
				c := w.connect(t, nil)
				ch := c.Chain(ChainOptions{Window: window, KeepGoing: keep})
				const n = 300
				fails := func(i int) bool { return i == 150 || i == 151 || i == 290 }
				var all []*Pending
				for i := range n {
					id := uint32(reqEcho)
					if fails(i) {
						id = reqFail
					} else if i%11 == 0 {
						id = reqLater
					}
					if err := ch.Room(context.Background()); err != nil {
						t.Fatal(err)
					}
					if open, sent := ch.InFlight(); open > 2*window || sent > window {
						t.Errorf("%d without an outcome, %d sent; the window is %d", open, sent, window)
					}
					all = append(all, ch.Go(Request{Body: request(id, i, 0)}))
				}
				if err := ch.Drain(context.Background()); err != nil {
					t.Fatal(err)
				}
				if ch.Broken() == keep {
					t.Errorf("broken: %v", ch.Broken())
				}
				for i, p := range all {
					want := Done
					switch {
					case !keep && i > 150:
						want = NotRun
					case fails(i):
						want = Failed
					}
					o := p.Outcome(context.Background())
					var not *NotRunError
					if o.State != want || want == Done && int(intAt(o.Body, 4)) != i ||
						want == NotRun && (!errors.As(o.Err, &not) || not.Index != 150 || !tgerr.Is(o.Err, "TEST_FAIL")) {
						t.Fatalf("%d: %v %v, want %v", i, o.State, o.Err, want)
					}
				}
				got := w.led.executed()
				if !slices.IsSorted(got) || len(got) != n && keep || len(got) != 151 && !keep {
					t.Errorf("executed %v", got)
				}
			})
		}
	}
}

// What was not sent can be taken back; what was sent gets its outcome.
func TestPipelineStop(t *testing.T) {
	p := newPuppet(t, nil)
	ch := p.conn.Chain(ChainOptions{Window: 2})
	var all []*Pending
	for i := range 5 {
		all = append(all, ch.Go(Request{Body: request(reqEcho, i, 0)}))
	}
	var list []message
	for len(list) < 2 {
		list = append(list, p.next()...)
	}
	if _, sent := all[1].Sent(); !sent {
		t.Error("the second does not say that it was sent")
	}
	if _, sent := all[2].Sent(); sent {
		t.Error("the third says that it was sent")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var lost *LostError
	if o := all[1].Outcome(ctx); o.State != Unknown || !errors.As(o.Err, &lost) || !lost.Sent {
		t.Errorf("%v %v", o.State, o.Err)
	}
	if o := all[2].Outcome(ctx); o.State != NotRun {
		t.Errorf("%v %v", o.State, o.Err)
	}
	if err := ch.Drain(ctx); err != context.Canceled {
		t.Errorf("Drain: %v", err)
	}
	why := errors.New("Ctrl-C")
	ch.Stop(why)
	all = append(all, ch.Go(Request{Body: request(reqEcho, 5, 0)}))
	bad := ch.Go(Request{Body: []byte{1}})
	for _, m := range list {
		p.say(result(m.id, putID(nil, resEcho)))
	}
	for i, q := range all {
		o := q.Outcome(context.Background())
		if i < 2 && o.State != Done || i >= 2 && (o.State != NotRun || !errors.Is(o.Err, why)) {
			t.Errorf("%d: %v %v", i, o.State, o.Err)
		}
	}
	if o := bad.Outcome(context.Background()); o.State != NotRun || o.Err == nil {
		t.Errorf("%v %v", o.State, o.Err)
	}
	p.works()
}

// Against a server that works for a while on each request, a window that it can
// work off before a chained request times out costs no message more; a larger
// one is halved until it fits.
func TestPipelineMessages(t *testing.T) {
	for _, c := range []struct {
		window int
		most   float64
	}{{10, 1.2}, {400, 3}} {
		var led *ledger
		w := newWorld(t, func(s *Server) {
			led = s.Handler.(*ledger)
			s.Handler = newLaborer(t, led, 2*time.Millisecond)
			s.waitLimit = 100 * time.Millisecond
		})
		var tr traces
		conn := w.connect(t, func(cfg *Config) { cfg.Trace = tr.add })
		ch := conn.Chain(ChainOptions{Window: c.window})
		const n = 500
		var all []*Pending
		for i := range n {
			all = append(all, ch.Go(Request{Body: request(reqEcho, i, 0)}))
		}
		for i, p := range all {
			if o := p.Outcome(context.Background()); o.State != Done {
				t.Fatalf("%d: %v %v", i, o.State, o.Err)
			}
		}
		if got := led.executed(); !slices.IsSorted(got) || len(got) != n {
			t.Errorf("window %d: executed %v", c.window, got)
		}
		sent := tr.count(func(e TraceEvent) bool { return e.Out && e.ID == reqEcho })
		t.Logf("window %d: %.2f messages a request", c.window, float64(sent)/n)
		if float64(sent) > c.most*n {
			t.Errorf("window %d: %d messages for %d requests", c.window, sent, n)
		}
	}
}

// MSG_WAIT_TIMEOUT halves the window, once for all that were sent with it; at 1
// nothing is chained any more.
func TestTimeoutHalves(t *testing.T) {
	p := newPuppet(t, nil)
	var list []Request
	for i := range 20 {
		list = append(list, Request{Body: request(reqEcho, i, 0)})
	}
	out := p.batch(BatchOptions{Ordered: true, Window: 8}, list...)
	for done, window := 0, 8; done < 20; {
		var got []message
		for len(got) < min(window, 20-done) {
			got = append(got, p.next()...)
		}
		if len(got) != min(window, 20-done) {
			t.Fatalf("%d messages with a window of %d and %d done", len(got), window, done)
		}
		for i, m := range got {
			if chained := peekID(m.body) == idInvokeAfterMsg; chained != (i > 0) {
				t.Fatalf("message %d of %d chained: %v", i, len(got), chained)
			}
		}
		for _, m := range got[1:] {
			p.say(result(m.id, rpcErr(500, "MSG_WAIT_TIMEOUT")))
		}
		p.say(result(got[0].id, putID(nil, resEcho)))
		done++
		window = max(1, window/2)
	}
	for i, o := range <-out {
		if o.State != Done {
			t.Errorf("%d: %v %v", i, o.State, o.Err)
		}
	}
}

// A request that the server could not execute for code 20, and one whose frame
// it never answers, are asked after.
func TestServerFaults(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect(t, nil)
	echo(t, c, 0)
	w.SetFaults(Faults{TooOld: 2})
	var list [][]byte
	for i := range 4 {
		list = append(list, request(reqEcho, 10+i, 0))
	}
	for range 4 {
		l, err := c.Batch(context.Background(), list, true)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range l {
			if o.State != Done || int(intAt(o.Body, 4)) != 10+i {
				t.Errorf("%d: %v %v", i, o.State, o.Err)
			}
		}
	}
	w.SetFaults(Faults{TooOld: 1, ForgetsStates: true})
	l, err := c.Batch(context.Background(), list, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range l {
		if o.State != Unknown {
			t.Errorf("%d: %v %v", i, o.State, o.Err)
		}
	}
	w.SetFaults(Faults{TooOld: 1}) // for ever
	var bad *BadMsgError
	if o := c.Do(context.Background(), Request{Body: list[0]}); o.State == Done || !errors.As(o.Err, &bad) || bad.Code != 20 {
		t.Errorf("%v %v", o.State, o.Err)
	}
	w.SetFaults(Faults{})
	echo(t, c, 1)
	if n := w.ForgetSessions(w.key.ID()); n != 1 {
		t.Errorf("%d sessions forgotten", n)
	}
	echo(t, c, 2)
	if got := w.led.executed(); len(got) != 3+16 {
		t.Errorf("executed %v", got)
	}
}

// The clock jumps while the session runs: one message is refused, then all goes on.
func TestClockJumps(t *testing.T) {
	for _, off := range []time.Duration{-24 * time.Hour, 24 * time.Hour, -time.Minute, time.Minute} {
		w := newWorld(t, nil)
		var mu sync.Mutex
		jump := time.Duration(0)
		var tr traces
		c := w.connect(t, func(c *Config) {
			c.Trace = tr.add
			c.Now = func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return time.Now().Add(jump)
			}
		})
		echo(t, c, 1)
		before := tr.frames()
		mu.Lock()
		jump = off
		mu.Unlock()
		echo(t, c, 2)
		if n := tr.frames() - before; n > 2 {
			t.Errorf("%v: %d frames, want one refused and one right at most", off, n)
		}
		echo(t, c, 3)
	}
}

// The server's clock jumps while the session runs.
func TestServerClockJumps(t *testing.T) {
	for _, off := range []time.Duration{-24 * time.Hour, 24 * time.Hour, -time.Minute, time.Minute, -6 * time.Minute} {
		var skew atomic.Int64
		w := newWorld(t, func(s *Server) {
			s.Now = func() time.Time { return time.Now().Add(time.Duration(skew.Load())) }
		})
		var tr traces
		c := w.connect(t, func(c *Config) { c.Trace = tr.add })
		echo(t, c, 1)
		skew.Store(int64(off))
		echo(t, c, 2)
		echo(t, c, 3)
		if n := tr.frames(); n > 6 {
			t.Errorf("%v: %d frames for 3 calls", off, n)
		}
		if got := (c.Auth().TimeOffset - off).Abs(); got > 35*time.Second {
			t.Errorf("%v: the offset is wrong by %v", off, got)
		}
	}
}
