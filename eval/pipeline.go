package eval

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"tlsh/bind"
	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/syntax"
)

// pipeline keeps several requests of a script in flight without changing what
// the script means: answers are taken, shown and judged in the order of the
// lines, and the first failure stops it.
type pipeline struct {
	sh    *Shell
	conn  Conn
	chain *client.Chain
	queue chan *flight
	open  sync.WaitGroup // flights that were not judged yet
	ended sync.WaitGroup // the goroutine that judges them

	mu      sync.Mutex
	status  Status
	stopped chan struct{} // closed at the first failure, unless the Shell keeps going
	lost    int           // requests whose outcome Ctrl-C left open
	next    time.Time     // when --rate lets the next request go
}

// flight is a request on its way.
type flight struct {
	run  *run
	in   *bind.Info
	sent *client.Pending
	at   time.Time // when it was sent
}

func newPipeline(ctx context.Context, s *Shell) *pipeline {
	p := &pipeline{sh: s, queue: make(chan *flight, s.inFlight()), stopped: make(chan struct{})}
	p.ended.Go(func() {
		for f := range p.queue {
			p.judge(ctx, f)
			if len(p.queue) == 0 {
				s.flush()
			}
			p.count(s.reached())
			p.open.Done()
		}
	})
	return p
}

// close waits for all flights and gives the worst status.
func (p *pipeline) close() Status {
	close(p.queue)
	p.ended.Wait()
	p.sh.flush()
	p.count(p.sh.reached())
	if p.lost > 0 {
		p.sh.errorf("interrupted: %d requests were on their way, and may have been executed", p.lost)
	}
	return p.status
}

// drain waits until everything in flight was judged. Afterwards the variables
// are what the lines before made them. It reports false when the script stops
// here.
func (p *pipeline) drain() bool {
	p.open.Wait()
	return !p.stop()
}

func (p *pipeline) stop() bool {
	select {
	case <-p.stopped:
		return true
	default:
		return false
	}
}

// judge takes the answer of the oldest flight.
func (p *pipeline) judge(ctx context.Context, f *flight) {
	o := p.outcome(ctx, f)
	if ctx.Err() != nil && o.Err != nil {
		p.interrupted(o)
		return
	}
	if p.stop() && o.State != mtproto.Done {
		return // refused because of the failure that stopped the script
	}
	took := time.Since(f.at)
	f.run.placed = false
	status := f.run.settle(ctx, f.in, o.Value, o.Err)
	f.run.tellPlace(f.in, status)
	f.run.tellTime(took)
	f.run.learn()
	p.count(status)
}

// count takes the status of a line in, and stops the script where it is to.
func (p *pipeline) count(status Status) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = Worse(p.status, status)
	if (status == Interrupted || status != OK && !p.sh.cfg.KeepGoing) && !p.stop() {
		close(p.stopped)
	}
}

// outcome waits for the answer; what was shown before it is seen meanwhile.
func (p *pipeline) outcome(ctx context.Context, f *flight) client.Outcome {
	if f.sent.Ready() {
		return p.followed(ctx, f, f.sent.Outcome(ctx))
	}
	p.sh.flush()
	wait, cancel := p.sh.timeout(ctx)
	defer cancel()
	return p.followed(wait, f, f.sent.Outcome(wait))
}

// followed sends a request again, by itself, that the server did not execute
// because it, or one before it, belongs to another data centre.
func (p *pipeline) followed(ctx context.Context, f *flight, o client.Outcome) client.Outcome {
	if _, moved := client.MigrationOf(o.Err); !moved || o.State != mtproto.Failed && o.State != mtproto.NotRun {
		return o
	}
	return client.OutcomeOf(p.conn.Call(ctx, f.in.Object()))
}

// interrupted counts what was on its way when Ctrl-C came.
func (p *pipeline) interrupted(o client.Outcome) {
	var lost *mtproto.LostError
	if errors.As(o.Err, &lost) && lost.Sent {
		p.lost++
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = Interrupted
	if !p.stop() {
		close(p.stopped)
	}
}

// submit puts a request in flight. Its holes are filled.
func (p *pipeline) submit(ctx context.Context, r *run, in *bind.Info) Status {
	conn, err := r.connection(ctx)
	if err != nil {
		return r.failed(ctx, in, err)
	}
	if conn != p.conn {
		if !p.drain() {
			return OK
		}
		p.conn = conn
		p.chain = conn.Chain(client.ChainOptions{
			Window: p.sh.inFlight(), KeepGoing: p.sh.cfg.KeepGoing, OnFlood: p.sh.sleepFlood,
		})
	}
	if !p.pace(ctx) {
		return Interrupted
	}
	r.remember(in, in.Object(), in.Holes)
	p.open.Add(1)
	p.queue <- &flight{run: r, in: in, at: time.Now(), sent: p.chain.Go(ctx, in.Object())}
	return OK
}

// pace waits until --rate lets the next request go.
func (p *pipeline) pace(ctx context.Context) bool {
	rate := p.sh.rate()
	if rate <= 0 {
		return true
	}
	now := time.Now()
	if p.next.After(now) {
		t := time.NewTimer(p.next.Sub(now))
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return false
		}
	} else {
		p.next = now
	}
	p.next = p.next.Add(time.Duration(float64(time.Second) / rate))
	return true
}

// alone are the beginnings of requests that are never in flight with others:
// what they change, the next request depends on.
var alone = [...]string{"auth.", "payments.", "upload.", "stats.", "account.updatePasswordSettings", "account.getPassword", "account.deleteAccount"}

// chainable reports a statement whose request may be in flight with others: it
// is nothing but a request, and all that follows from it is its result.
func (r *run) chainable(in *bind.Info) bool {
	if r.flow == nil || in.Kind != bind.Request || len(in.Stmt.Pipes)+len(in.Stmt.Options) > 0 || r.cfg.DryRun {
		return false
	}
	name := in.Object().Def().Name
	for _, a := range alone {
		if strings.HasPrefix(name, a) {
			return false
		}
	}
	return in.Object().Def().Generic == "" && r.free(in.Object())
}

// local fills the holes of a statement that need no network; it reports false
// when one is left.
func (r *run) local(ctx context.Context, in *bind.Info) bool {
	left := in.Holes[:0:0]
	for _, h := range in.Holes {
		v, err := r.answer(ctx, h, nowhere{})
		if err != nil {
			left = append(left, h)
			continue
		}
		h.Fill(v)
	}
	in.Holes = left
	return len(left) == 0
}

// usesVars reports that a node reads a variable.
func usesVars(n syntax.Node) bool {
	found := false
	syntax.Walk(n, func(n syntax.Node) bool {
		if st, ok := n.(*syntax.Stmt); ok && st.Assign != nil {
			// What is assigned is not read.
			for _, k := range st.Children() {
				if k != st.Assign && usesVars(k) {
					found = true
				}
			}
			return false
		}
		if _, ok := n.(*syntax.Var); ok {
			found = true
		}
		return !found
	})
	return found
}
