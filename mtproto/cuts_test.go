package mtproto

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
)

// cutter is a proxy before a server that cuts connections after a number of
// bytes, in either direction.
type cutter struct {
	ln    net.Listener
	to    string
	tasks sync.WaitGroup

	mu   sync.Mutex
	next func(cuts int) (out, in int) // bytes that the next connection may carry; -1: any
	cuts int
	live map[net.Conn]bool
}

func newCutter(t testing.TB, to string, next func(cuts int) (out, in int)) *cutter {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &cutter{ln: ln, to: to, next: next, live: map[net.Conn]bool{}}
	p.tasks.Go(p.accept)
	t.Cleanup(func() {
		ln.Close()
		p.cutAll()
		p.tasks.Wait()
	})
	return p
}

func (p *cutter) accept() {
	for {
		a, err := p.ln.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("tcp", p.to)
		if err != nil {
			a.Close()
			continue
		}
		p.mu.Lock()
		out, in := p.next(p.cuts)
		p.live[a], p.live[b] = true, true
		p.mu.Unlock()
		end := func() {
			p.mu.Lock()
			delete(p.live, a)
			delete(p.live, b)
			p.mu.Unlock()
			a.Close()
			b.Close()
		}
		p.tasks.Go(func() { p.copy(b, a, out); end() })
		p.tasks.Go(func() { p.copy(a, b, in); end() })
	}
}

func (p *cutter) copy(to, from net.Conn, most int) {
	var err error
	if most < 0 {
		_, err = io.Copy(to, from)
	} else {
		_, err = io.CopyN(to, from, int64(most))
	}
	if err == nil && most >= 0 {
		p.mu.Lock()
		p.cuts++
		p.mu.Unlock()
	}
}

func (p *cutter) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.live {
		c.Close()
	}
}

func (p *cutter) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuts
}

func (p *cutter) dial(ctx context.Context) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", p.ln.Addr().String())
}

// wantCuts is how many connections a test cuts: few, or what TLSH_CUTS says.
// The full measure is TLSH_CUTS=1000 go test -run Cuts ./mtproto.
func wantCuts(t *testing.T, few int) int {
	s := os.Getenv("TLSH_CUTS")
	if s == "" {
		return few
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("TLSH_CUTS=%q: want a number of cuts", s)
	}
	return n
}

// dedup executes a request once for each number, as a server does by random_id.
type dedup struct {
	led  *ledger
	mu   sync.Mutex
	seen map[int]bool
}

func (d *dedup) Handle(ctx context.Context, s *ServerSession, id int64, body []byte) ([]byte, error) {
	n := int(intAt(body, 4))
	d.mu.Lock()
	again := d.seen[n]
	d.seen[n] = true
	d.mu.Unlock()
	if again {
		return nil, tgerr.New(500, "RANDOM_ID_DUPLICATE")
	}
	return d.led.Handle(ctx, s, id, body)
}

// tally compares outcomes with what the server executed.
type tally struct {
	t      *testing.T
	counts map[State]int
	told   map[int]State
}

func (x *tally) note(n int, o Outcome) {
	x.t.Helper()
	if x.told == nil {
		x.told, x.counts = map[int]State{}, map[State]int{}
	}
	x.told[n] = o.State
	x.counts[o.State]++
	switch o.State {
	case Done:
		if int(intAt(o.Body, 4)) != n {
			x.t.Errorf("request %d got the answer of %d", n, intAt(o.Body, 4))
		}
	case Failed:
		if rpc, ok := tgerr.As(o.Err); !ok || rpc.Type != "TEST_FAIL" || rpc.Argument != n {
			x.t.Errorf("request %d: %v", n, o.Err)
		}
	case NotRun, Unknown, Arrived:
		if o.Err == nil {
			x.t.Errorf("request %d: %v without a reason", n, o.State)
		}
	}
}

// agree wants each number executed at most once, in order, and as was told.
func (x *tally) agree(executed []int, ordered bool) {
	x.t.Helper()
	if ordered && !slices.IsSorted(executed) {
		x.t.Errorf("executed out of order")
	}
	times := map[int]int{}
	for _, n := range executed {
		times[n]++
	}
	for n, st := range x.told {
		ran := times[n]
		if ran > 1 {
			x.t.Errorf("request %d was executed %d times", n, ran)
		}
		if (st == Done || st == Failed || st == Arrived) && ran != 1 || st == NotRun && ran != 0 {
			x.t.Errorf("request %d: told %v, executed %d times", n, st, ran)
		}
	}
}

// Random cuts over single requests, ordered batches of 4 and containers of 100:
// nothing is lost, doubled or reordered, and every outcome told is true.
func TestCuts(t *testing.T) {
	for _, c := range []struct {
		name           string
		size           int
		ordered, pipe  bool
		repeat, forget bool
		most           int // bytes of a connection
	}{
		{name: "single", size: 1, most: 1500},
		{name: "ordered", size: 4, ordered: true, most: 3000},
		{name: "container", size: 100, most: 20000},
		{name: "pipeline", size: 100, pipe: true, ordered: true, most: 10000},
		{name: "random_id", size: 4, ordered: true, repeat: true, most: 3000},
		{name: "forgotten", size: 4, ordered: true, forget: true, most: 3000},
		{name: "forgotten random_id", size: 4, repeat: true, forget: true, most: 3000},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(s *Server) {
				s.OnError = nil
				if c.repeat {
					s.Handler = &dedup{led: s.Handler.(*ledger), seen: map[int]bool{}}
				}
			})
			want := wantCuts(t, 40)
			rnd := rand.New(rand.NewPCG(1, 2))
			p := newCutter(t, w.addr, func(cuts int) (out, in int) {
				if cuts >= want {
					return -1, -1
				}
				if c.forget && rnd.IntN(4) == 0 {
					w.ForgetSessions(w.key.ID())
				}
				if out, in = -1, rnd.IntN(c.most); rnd.IntN(2) == 0 {
					out, in = in, -1
				}
				return out, in
			})
			conn := w.connect(t, func(cfg *Config) {
				cfg.Dial = p.dial
				cfg.Limits.RetryMin, cfg.Limits.RetryMax = time.Millisecond, 4*time.Millisecond
				cfg.Limits.AskAfter = 2 * time.Second
			})
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
			defer cancel()
			x := tally{t: t}
			var chain *Chain
			if c.pipe {
				chain = conn.Chain(ChainOptions{Window: 20, KeepGoing: true})
			}
			n := 0
			for p.count() < want && ctx.Err() == nil {
				list := make([]Request, c.size)
				for i := range list {
					id := uint32(reqEcho)
					switch k := (n + i) % 37; {
					case k == 5:
						id = reqFail
					case k == 9 && !c.ordered:
						id = reqLater
					}
					list[i] = Request{Body: request(id, n+i, 8), RandomID: c.repeat}
				}
				switch {
				case c.pipe:
					var all []*Pending
					for _, r := range list {
						all = append(all, chain.Go(r))
					}
					for i, q := range all {
						x.note(n+i, q.Outcome(ctx))
					}
				case c.size == 1:
					x.note(n, conn.Do(ctx, list[0]))
				default:
					outs, err := conn.DoAll(ctx, list, BatchOptions{Ordered: c.ordered})
					if err != nil {
						t.Fatal(err)
					}
					for i, o := range outs {
						x.note(n+i, o)
					}
				}
				n += c.size
			}
			if ctx.Err() != nil {
				t.Fatalf("after %d requests and %d cuts: %v", n, p.count(), ctx.Err())
			}
			x.agree(w.led.executed(), c.ordered && !c.repeat)
			t.Logf("%d requests, %d cuts: %s", n, p.count(), fmt.Sprint(x.counts))
			if !c.forget && x.counts[Unknown] != 0 {
				t.Errorf("%d outcomes are unknown, though the server could tell", x.counts[Unknown])
			}
			if c.repeat && x.counts[Unknown] != 0 {
				t.Errorf("%d outcomes of requests with random_id are unknown", x.counts[Unknown])
			}
		})
	}
}

// Without a connection for long, calls end; then the session goes on.
func TestOffline(t *testing.T) {
	w := newWorld(t, func(s *Server) { s.OnError = nil })
	var mu sync.Mutex
	var states []Connection
	up := true
	p := newCutter(t, w.addr, func(int) (int, int) { return -1, -1 })
	c := w.connect(t, func(cfg *Config) {
		cfg.Dial = func(ctx context.Context) (net.Conn, error) {
			mu.Lock()
			defer mu.Unlock()
			if !up {
				return nil, errors.New("no route")
			}
			return p.dial(ctx)
		}
		cfg.OnState = func(s Connection) { mu.Lock(); states = append(states, s); mu.Unlock() }
		cfg.Limits = Limits{RetryMin: time.Millisecond, RetryMax: 5 * time.Millisecond, Offline: 50 * time.Millisecond}
	})
	echo(t, c, 1)
	mu.Lock()
	up = false
	mu.Unlock()
	p.cutAll()
	for c.connected() {
		time.Sleep(time.Millisecond)
	}
	o := c.Do(context.Background(), Request{Body: request(reqEcho, 2, 0)})
	var lost *LostError
	if o.State != NotRun || !errors.As(o.Err, &lost) || lost.Sent || lost.Cause.Error() != "no route" {
		t.Errorf("%v %v", o.State, o.Err)
	}
	mu.Lock()
	up = true
	mu.Unlock()
	echo(t, c, 3)
	mu.Lock()
	defer mu.Unlock()
	if len(states) < 4 || states[0].State != Connecting || states[1].State != Connected || states[2].State != Reconnecting ||
		states[2].Cause == nil || states[2].Try != 1 || states[len(states)-1].State != Connected {
		t.Errorf("states told: %v", states)
	}
	if got := fmt.Sprint(w.led.executed()); got != "[1 3]" {
		t.Errorf("executed %s", got)
	}
}
