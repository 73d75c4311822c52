package sandbox

import (
	"fmt"
	"time"

	"github.com/gotd/td/tgerr"
)

// rules are the faults of requests at work. Guarded by Sandbox.mu.
type rules struct {
	now    func() time.Time // what clients sleep by: not the world's clock, which may stand still
	floods []*flood
	fails  []*failing
	wrote  map[peer]map[int64]time.Time // when somebody last wrote to a supergroup
}

// flood is a [Flood] with how far everybody is.
type flood struct {
	Flood
	turns map[int64]*turn // by user id
}

// turn is how far somebody is.
type turn struct {
	calls   int
	until   time.Time
	waiting bool // the next call after until passes
	over    bool
}

// failing is a [Failure] with its count.
type failing struct {
	Failure
	calls int
	over  bool
}

// set takes over the rules; those that were there already go on.
func (r *rules) set(f Faults) {
	floods, fails := r.floods, r.fails
	r.floods, r.fails = nil, nil
	for _, x := range f.Floods {
		next := &flood{Flood: x, turns: map[int64]*turn{}}
		for _, old := range floods {
			if old.Flood == x {
				next = old
			}
		}
		r.floods = append(r.floods, next)
	}
	for _, x := range f.Failures {
		next := &failing{Failure: x}
		for _, old := range fails {
			if old.Failure == x {
				next = old
			}
		}
		r.fails = append(r.fails, next)
	}
}

// before refuses a request that must wait, or fails without being executed.
func (r *rules) before(c *call) error {
	for _, f := range r.floods {
		if f.Method == "" || f.Method == c.method {
			if wait := f.call(c.who(), r.now()); wait > 0 {
				return tgerr.New(420, fmt.Sprintf("FLOOD_WAIT_%d", wait))
			}
		}
	}
	return r.fail(c, false)
}

// after tells a failure in place of the result of a request that was executed.
func (r *rules) after(c *call) error { return r.fail(c, true) }

func (r *rules) fail(c *call, executed bool) error {
	for _, f := range r.fails {
		if f.Executed != executed || f.over || f.Method != "" && f.Method != c.method {
			continue
		}
		if f.calls++; f.calls%max(f.Every, 1) == 0 {
			f.over = f.Once
			e := f.filled()
			return tgerr.New(e.Code, e.Message)
		}
	}
	return nil
}

// who is the caller's user id, 0 before sign-in.
func (c *call) who() int64 {
	if c.me == nil {
		return 0
	}
	return c.me.id
}

// call is how many seconds a call has to wait; 0: it passes.
func (f *flood) call(who int64, now time.Time) int {
	t := f.turns[who]
	if t == nil {
		t = &turn{}
		f.turns[who] = t
	}
	switch {
	case now.Before(t.until):
		return seconds(t.until.Sub(now))
	case t.waiting:
		t.waiting = false
		return 0
	case t.over:
		return 0
	}
	if t.calls++; t.calls%max(f.Every, 1) != 0 {
		return 0
	}
	t.until, t.waiting, t.over = now.Add(f.Wait), true, f.Once
	return seconds(f.Wait)
}

// seconds rounds up, as who sleeps that long must not be refused again.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// slowModes gives every supergroup its slow mode: that of the rule that names
// it, else that of the rule for all. mu is held.
func (s *Sandbox) slowModes(rules []SlowMode) {
	for _, r := range s.world.rooms {
		r.slow = r.ownSlow
		if r.kind != channelPeer || r.broadcast() {
			continue
		}
		every := true
		for _, x := range rules {
			if x.Room == "" && every {
				r.slow, every = x.Wait, false
			} else if s.world.find(x.Room) == r.peer {
				r.slow, every = x.Wait, false
			}
		}
	}
}

// exempt reports an admin, whom no slow mode holds.
func (r *room) exempt(p *person) bool {
	m := r.member(p)
	return m != nil && (m.creator || m.rights != nil)
}

// slowed is how long the caller has to wait before writing to the room again.
func (c *call) slowed(r *room) time.Duration {
	if r.slow == 0 || r.exempt(c.me) {
		return 0
	}
	last, ok := c.s.rules.wrote[r.peer][c.me.id]
	if !ok {
		return 0
	}
	return max(0, r.slow-c.s.rules.now().Sub(last))
}

// slow refuses what comes too early for a supergroup's slow mode, or more than
// one message at a time. Errors: SLOWMODE_WAIT_X,
// SLOWMODE_MULTI_MSGS_DISABLED.
func (c *call) slow(to peer, messages int) error {
	r := c.room[to]
	if r == nil || r.slow == 0 {
		return nil
	}
	if messages > 1 && !r.exempt(c.me) {
		return bad("SLOWMODE_MULTI_MSGS_DISABLED")
	}
	if left := c.slowed(r); left > 0 {
		return tgerr.New(420, fmt.Sprintf("SLOWMODE_WAIT_%d", seconds(left)))
	}
	return nil
}

// wroteTo remembers when the caller wrote to a supergroup.
func (c *call) wroteTo(to peer) {
	if r := c.room[to]; r == nil || r.slow == 0 {
		return
	}
	w := &c.s.rules.wrote
	if *w == nil {
		*w = map[peer]map[int64]time.Time{}
	}
	if (*w)[to] == nil {
		(*w)[to] = map[int64]time.Time{}
	}
	(*w)[to][c.me.id] = c.s.rules.now()
}
