package mtproto

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// link is one connection of a Conn.
type link struct {
	f     *framer
	began time.Time
	heard atomic.Int64 // when something was last received, nanoseconds since began
	good  atomic.Bool  // a frame came that passed all checks

	pinged   time.Time     // writeLoop's: when the last ping was queued
	patience time.Duration // writeLoop's: how long its answer may take

	once sync.Once
	err  error // set before f.conn is closed
}

// cut closes the connection; the first cause counts. Its reader sees to what
// follows.
func (l *link) cut(err error) {
	l.once.Do(func() {
		l.err = err
		l.f.conn.Close()
	})
}

// silent is how long nothing has been received.
func (l *link) silent() time.Duration {
	return time.Since(l.began) - time.Duration(l.heard.Load())
}

// dial makes a connection, without saying anything on it.
func (c *Conn) dial(ctx context.Context) (*link, error) {
	nc, err := c.cfg.Dial(ctx)
	if err != nil {
		return nil, err
	}
	f, err := newFramer(nc, c.cfg.Transport, c.cfg.Obfuscate, c.cfg.DC, c.cfg.Limits, c.cfg.Rand)
	if err != nil {
		nc.Close()
		return nil, err
	}
	return &link{f: f, began: time.Now()}, nil
}

// run receives from one connection after the other until the Conn ends. Only
// here is anything received.
func (c *Conn) run(l *link) {
	for again := false; ; again = true {
		l.cut(c.read(l, again))
		if !c.unlink(l) {
			return
		}
		if l = c.redial(l.err); l == nil {
			return
		}
	}
}

// read receives until the connection is lost; again tells that it is not the
// session's first.
func (c *Conn) read(l *link, again bool) error {
	for {
		payload, err := l.f.read()
		if err == nil {
			l.heard.Store(int64(time.Since(l.began)))
			err = c.receive(payload)
		}
		if err != nil {
			return err
		}
		if !l.good.Load() {
			l.good.Store(true)
			c.in.tries = 0
			if again {
				c.tell(Connection{State: Connected})
			}
		}
	}
}

// unlink takes note that a connection is lost; false when no other one is to
// follow.
func (c *Conn) unlink(l *link) bool {
	var te *TransportError
	if errors.As(l.err, &te) && (te.Code == 404 || te.Code == 444) || c.cfg.NoReconnect {
		c.fail(l.err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = nil
	if c.err != nil {
		return false
	}
	c.lost.at, c.lost.cause = time.Now(), l.err
	var other []*call // of sessions that the next connection cannot ask about
	for _, k := range c.s.pending {
		switch {
		case k.kind == callPing:
			c.again(k)
		case k.kind != callRequest:
			c.ground(k)
		case k.session != c.s.id:
			other = append(other, k)
		default:
			c.doubt(k)
		}
	}
	c.unknown(other, errUnknown)
	c.s.service = slices.DeleteFunc(c.s.service, func(k *call) bool { return k.kind == callStates })
	return true
}

// redial connects again, with longer and longer waits between the tries; nil
// when the Conn has ended.
func (c *Conn) redial(cause error) *link {
	for {
		wait := c.backOff(cause)
		c.in.tries++
		c.tell(Connection{Reconnecting, cause, c.in.tries, wait})
		if !c.pause(wait, cause) {
			return nil
		}
		ctx, cancel := context.WithTimeout(c.ctx, c.cfg.Limits.Handshake)
		l, err := c.dial(ctx)
		cancel()
		if err != nil {
			cause = err
			c.mu.Lock()
			c.lost.cause = err
			c.mu.Unlock()
			continue
		}
		c.ups.put(update{gap: GapReconnected})
		if c.relink(l) {
			return l
		}
		l.cut(ErrClosed)
		return nil
	}
}

// relink puts a new connection to use; the first thing said on it asks for what
// is in doubt, or for a sign of life, so that the server knows where to send
// updates.
func (c *Conn) relink(l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return false
	}
	c.link = l
	if c.ask(nil); c.s.doubts == 0 {
		c.s.ord++
		c.s.service = append(c.s.service, &call{kind: callPing, body: putLong(putID(nil, idPing), c.s.ord)})
	}
	c.rouse()
	return true
}

// flooded is the least wait after -429, which says that there are too many
// connections already.
const flooded = 5 * time.Second

// backOff is how long to wait before the next try.
func (c *Conn) backOff(cause error) time.Duration {
	wait := min(c.cfg.Limits.RetryMin<<min(c.in.tries, 16), c.cfg.Limits.RetryMax)
	if c.in.tries == 0 {
		wait /= 4 // most losses are of the connection alone
	}
	wait = c.jitter(wait)
	var te *TransportError
	if errors.As(cause, &te) && te.Code == 429 {
		wait += flooded
	}
	return wait
}

// jitter is between half of d and all of it, so that the clients of a server
// that went away do not come back all at once.
func (c *Conn) jitter(d time.Duration) time.Duration {
	var b [2]byte
	if _, err := io.ReadFull(c.cfg.Rand, b[:]); err != nil {
		return d
	}
	return d/2 + d/2*time.Duration(binary.LittleEndian.Uint16(b[:]))/(1<<16)
}

// hasten shortens the wait for the next try.
func (c *Conn) hasten() {
	select {
	case c.hurry <- struct{}{}:
	default:
	}
}

// pause waits before a try. A call that is waiting shortens a long wait, but
// not one that the server asked for. false when the Conn has ended.
func (c *Conn) pause(wait time.Duration, cause error) bool {
	var te *TransportError
	hurry := c.hurry
	if errors.As(cause, &te) {
		hurry = nil
	}
	least := min(wait, time.Second)
	select {
	case <-time.After(least):
	case <-c.done:
		return false
	}
	if wait -= least; wait <= 0 {
		return true
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-hurry:
	case <-c.done:
		return false
	}
	return true
}

// idle is what the writer does now and then: it asks for a sign of life when the
// server has been silent, and gives the connection up when there is none; it
// asks for salts before they run out, and after requests that nobody answers.
// jumped tells that the wall clock has jumped: the computer may have slept.
func (c *Conn) idle(jumped bool) {
	c.mu.Lock()
	l := c.link
	if l == nil {
		if c.err == nil && time.Since(c.lost.at) >= c.cfg.Limits.Offline {
			c.giveUp(c.lost.cause)
		}
		if jumped {
			c.hasten() // the network of a computer that slept is likely back
		}
		c.mu.Unlock()
		return
	}
	c.overdue()
	c.mu.Unlock()

	limit := c.cfg.Limits.PingEvery
	silent, since := l.silent(), time.Since(l.pinged)
	if l.patience > 0 && since >= l.patience && silent >= since {
		l.cut(ErrSilent)
		return
	}
	if silent < since { // heard since
		l.patience = 0
	}
	const refresh = time.Minute // below the delay that ping_delay_disconnect names
	age := time.Since(l.began)
	wake := jumped && (l.patience == 0 || l.patience > wakeLimit)
	if silent >= limit && l.patience == 0 || age >= refresh && since >= refresh || wake {
		l.pinged, l.patience = time.Now(), limit
		if wake {
			l.patience = min(limit, wakeLimit)
		}
		delay := 2*refresh + limit
		c.note(&call{kind: callNote, body: putInt(putLong(putID(nil, idPingDelay), int64(age)), int32(delay/time.Second))})
	}
	if age >= refresh { // a short run needs no salts beyond the first
		c.refreshSalts()
	}
}

// wakeLimit is how long the server may take to answer after the wall clock has
// jumped.
const wakeLimit = 2500 * time.Millisecond

// refreshSalts asks for salts when none is known for later.
func (c *Conn) refreshSalts() {
	c.mu.Lock()
	now := c.s.now(c.now())
	known := len(c.s.salts) > 0 && int64(c.s.salts[len(c.s.salts)-1].since) > now.Unix()
	asked := slices.ContainsFunc(c.s.service, func(k *call) bool { return k.kind == callSalts })
	for _, k := range c.s.pending {
		asked = asked || k.kind == callSalts
	}
	c.mu.Unlock()
	if !known && !asked {
		c.note(&call{kind: callSalts, body: putInt(putID(nil, idGetFutureSalts), 32)})
	}
}

// jump notices that the wall clock has moved against the monotonic one.
type jump struct{ wall, mono time.Time }

// noticed tells whether it has, by more than a little, since the last call. wall
// is what Config.Now says.
func (j *jump) noticed(wall time.Time) bool {
	was, mono := *j, time.Now()
	wall = wall.Round(0)
	*j = jump{wall, mono}
	return !was.mono.IsZero() && (wall.Sub(was.wall)-mono.Sub(was.mono)).Abs() > 2*time.Second
}
