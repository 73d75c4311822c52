package mtproto

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
)

// lively is a puppet's client that connects again, quickly.
func lively(c *Config) {
	c.NoReconnect = false
	c.Limits.RetryMin, c.Limits.RetryMax = time.Millisecond, 4*time.Millisecond
}

// send starts requests as a batch and gives the outcomes later.
func (p *puppet) batch(o BatchOptions, list ...Request) chan []Outcome {
	out := make(chan []Outcome, 1)
	go func() {
		l, err := p.conn.DoAll(context.Background(), list, o)
		if err != nil {
			p.t.Error(err)
		}
		out <- l
	}()
	return out
}

// want reads the client's next message, which is to have this constructor.
func (p *puppet) want(id uint32) message {
	p.t.Helper()
	list := p.next()
	if len(list) != 1 || peekID(list[0].body) != id {
		p.t.Fatalf("%d messages, the first %x; want one, %08x", len(list), list[0].body, id)
	}
	return list[0]
}

// cutOff ends the connection and waits for the next one.
func (p *puppet) cutOff() {
	p.t.Helper()
	p.f.conn.Close()
	p.accept()
}

// asked reads the question for the states of these messages and answers it.
func (p *puppet) asked(ids []int64, info ...byte) {
	p.t.Helper()
	m := p.want(idMsgsStateReq)
	r := &reader{b: m.body[4:]}
	if got := r.longs(); fmt.Sprint(got) != fmt.Sprint(ids) {
		p.t.Fatalf("asked about %d, want %d", got, ids)
	}
	p.say(putBytes(putLong(putID(nil, idMsgsStateInfo), m.id), info))
}

// What was on its way at a cut is asked after, in the same session, and is sent
// again only where that is safe.
func TestStatesAfterCut(t *testing.T) {
	const again, waits, lost = 1, 2, 3
	for _, c := range []struct {
		name  string
		state byte
		req   Request
		what  int
	}{
		{"not received", 2, Request{}, again},
		{"too high", 3, Request{}, again},
		{"received", 4, Request{}, waits},
		{"received, repeatable", 4, Request{Repeatable: true}, waits},
		{"being processed", 4 | 32, Request{}, waits},
		{"forgotten", 1, Request{}, lost},
		{"forgotten, repeatable", 1, Request{Repeatable: true}, again},
		{"forgotten, random_id", 1, Request{RandomID: true}, again},
		{"no state", 0, Request{}, lost},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPuppet(t, lively)
			c.req.Body = request(reqEcho, 1, 0)
			out := p.batch(BatchOptions{}, c.req)
			first, session := p.want(reqEcho), p.h.session
			p.cutOff()
			p.asked([]int64{first.id}, c.state)
			if p.h.session != session {
				t.Error("another session")
			}
			id := first.id
			if c.what == again {
				m := p.want(reqEcho)
				if id = m.id; id <= first.id {
					t.Errorf("sent again as %d after %d", id, first.id)
				}
			}
			if c.what != lost {
				p.say(result(id, putID(nil, resEcho)))
			}
			o := (<-out)[0]
			var le *LostError
			if c.what == lost && (o.State != Unknown || !errors.As(o.Err, &le) || !le.Sent) || c.what != lost && o.State != Done {
				t.Errorf("%v %v", o.State, o.Err)
			}
			p.works()
			if g := <-p.gaps; g != GapReconnected {
				t.Errorf("gap %v", g)
			}
		})
	}
}

// Nothing is sent after a cut, and nothing chained, until the states are known;
// then what is missing is chained to what has arrived.
func TestChainAfterCut(t *testing.T) {
	p := newPuppet(t, lively)
	out := p.batch(BatchOptions{Ordered: true}, Request{Body: request(reqEcho, 0, 0)}, Request{Body: request(reqEcho, 1, 0)}, Request{Body: request(reqEcho, 2, 0)})
	list := p.next()
	p.cutOff()
	other := p.call(9)
	m := p.want(idMsgsStateReq)
	for p.conn.queued() == 0 {
		time.Sleep(time.Millisecond)
	}
	p.say(putBytes(putLong(putID(nil, idMsgsStateInfo), m.id), []byte{4, 2, 2}))
	again := p.next()
	if len(again) != 3 || longAt(again[0].body, 4) != list[0].id || longAt(again[1].body, 4) != again[0].id || peekID(again[2].body) != reqEcho {
		t.Fatalf("sent again: %x", again)
	}
	p.say(result(list[0].id, putID(nil, resEcho)))
	p.say(result(again[2].id, putID(nil, resEcho)))
	p.say(result(again[0].id, rpcErr(400, "REAL")))
	p.say(result(again[1].id, rpcErr(400, "MSG_WAIT_FAILED")))
	l := <-out
	if l[0].State != Done || l[1].State != Failed || l[2].State != NotRun || (<-other).State != Done {
		t.Errorf("%v", l)
	}
}

// RANDOM_ID_DUPLICATE says "done" after our own resend, and is an error else.
func TestArrived(t *testing.T) {
	p := newPuppet(t, lively)
	req := Request{Body: request(reqEcho, 1, 0), RandomID: true}
	for _, again := range []bool{false, true} {
		out := p.batch(BatchOptions{}, req)
		m := p.want(reqEcho)
		if again {
			p.cutOff()
			p.asked([]int64{m.id}, 1)
			m = p.want(reqEcho)
		}
		p.say(result(m.id, rpcErr(500, "RANDOM_ID_DUPLICATE")))
		if !again { // an error 500, so it is tried again
			for range p.conn.cfg.Limits.Retries {
				m = p.want(reqEcho)
				p.say(result(m.id, rpcErr(500, "RANDOM_ID_DUPLICATE")))
			}
		}
		o := (<-out)[0]
		var ae *ArrivedError
		if again && (o.State != Arrived || !errors.As(o.Err, &ae)) || !again && o.State != Failed || !tgerr.Is(o.Err, "RANDOM_ID_DUPLICATE") {
			t.Errorf("sent again %v: %v %v", again, o.State, o.Err)
		}
	}
}

// An answer that is there is asked for.
func TestAnswerAskedFor(t *testing.T) {
	p := newPuppet(t, lively)
	out := p.call(1)
	m := p.want(reqEcho)
	p.cutOff()
	p.asked([]int64{m.id}, 4|64)
	ask := p.want(idMsgResendAns)
	r := &reader{b: ask.body[4:]}
	if got := r.longs(); len(got) != 1 || got[0] != m.id {
		t.Errorf("asked for the answers to %d", got)
	}
	p.say(result(m.id, putID(nil, resEcho)))
	if o := <-out; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

// new_session_created instead of states: what came before is unknown, unless it
// may be repeated.
func TestForgottenAfterCut(t *testing.T) {
	p := newPuppet(t, lively)
	out := p.batch(BatchOptions{}, Request{Body: request(reqEcho, 0, 0)}, Request{Body: request(reqEcho, 1, 0), RandomID: true})
	list := p.next()
	p.cutOff()
	m := p.want(idMsgsStateReq)
	p.say(putLong(putLong(putLong(putID(nil, idNewSession), m.id), 1), 55))
	again := p.want(reqEcho)
	if intAt(again.body, 4) != 1 || again.id <= list[1].id {
		t.Errorf("sent again: %x", again.body)
	}
	p.say(putBytes(putLong(putID(nil, idMsgsStateInfo), m.id), []byte{2, 2})) // which is not to be believed any more
	p.say(result(again.id, putID(nil, resEcho)))
	l := <-out
	var le *LostError
	if l[0].State != Unknown || !errors.As(l[0].Err, &le) || l[1].State != Done {
		t.Errorf("%v", l)
	}
	p.works()
}

// A server that does not answer the question, or badly, leaves it unknown.
func TestNoStates(t *testing.T) {
	for name, answer := range map[string][]byte{"silent": nil, "short": {}, "long": {4, 4}} {
		t.Run(name, func(t *testing.T) {
			p := newPuppet(t, func(c *Config) {
				lively(c)
				c.Limits.AskAfter = 50 * time.Millisecond
				c.Limits.AckDelay = 20 * time.Millisecond
			})
			out := p.call(1)
			p.want(reqEcho)
			p.cutOff()
			m := p.want(idMsgsStateReq)
			if answer != nil {
				p.say(putBytes(putLong(putID(nil, idMsgsStateInfo), m.id), answer))
			} else {
				for range maxAsks - 1 {
					p.want(idMsgsStateReq)
				}
			}
			if o := <-out; o.State != Unknown {
				t.Errorf("%v %v", o.State, o.Err)
			}
		})
	}
}

// A failed check ends the connection, not the session, and changes nothing of it.
func TestCheckThenReconnect(t *testing.T) {
	var mu sync.Mutex
	var states []Connection
	p := newPuppet(t, func(c *Config) {
		lively(c)
		c.OnState = func(s Connection) { mu.Lock(); states = append(states, s); mu.Unlock() }
	})
	out := p.call(1)
	m := p.want(reqEcho)
	auth, session := p.conn.Auth(), p.h.session
	p.raw(sealed(p.t, p.seal, header{session: p.h.session + 1, msgID: p.id(3), seqno: 1}, pushed(1)))
	p.accept()
	p.asked([]int64{m.id}, 4)
	p.say(result(m.id, putID(nil, resEcho)))
	if o := <-out; o.State != Done || p.conn.Auth() != auth || p.h.session != session {
		t.Errorf("%v %v; auth %v, want %v", o.State, o.Err, p.conn.Auth(), auth)
	}
	p.works()
	mu.Lock()
	defer mu.Unlock()
	var ce *CheckError
	if len(states) != 4 || states[2].State != Reconnecting || !errors.As(states[2].Cause, &ce) || states[3].State != Connected {
		t.Errorf("told %v", states)
	}
}

// -404 and -444 end the Conn, with the key kept; others mean to come back, -429
// not before five seconds.
func TestTransportErrorsReconnecting(t *testing.T) {
	for _, code := range []int{404, 429, 444, 500} {
		var mu sync.Mutex
		var next []time.Duration
		p := newPuppet(t, func(c *Config) {
			lively(c)
			c.OnState = func(s Connection) {
				mu.Lock()
				if s.State == Reconnecting {
					next = append(next, s.Next)
				}
				mu.Unlock()
			}
		})
		out := p.call(1)
		p.next()
		p.raw(putInt(nil, int32(-code)))
		if code == 404 || code == 444 {
			o := <-out
			<-p.conn.Done()
			var te *TransportError
			if !errors.As(p.conn.Err(), &te) || te.Code != code || !errors.As(o.Err, &te) {
				t.Errorf("-%d: %v", code, p.conn.Err())
			}
		} else {
			for {
				mu.Lock()
				n := len(next)
				mu.Unlock()
				if n > 0 {
					break
				}
				time.Sleep(time.Millisecond)
			}
			mu.Lock()
			if p.conn.Err() != nil || (next[0] >= 5*time.Second) != (code == 429) {
				t.Errorf("-%d: %v, next try after %v", code, p.conn.Err(), next[0])
			}
			mu.Unlock()
		}
		if p.conn.Auth().Key.ID() != p.key.ID() {
			t.Errorf("-%d: the key was replaced", code)
		}
		p.conn.Close()
	}
}

// A server that has fallen silent is left for a new connection.
func TestSilenceThenReconnect(t *testing.T) {
	p := newPuppet(t, func(c *Config) { lively(c); c.Limits.PingEvery = 50 * time.Millisecond })
	out := p.call(1)
	m := p.want(reqEcho)
	p.accept()
	p.asked([]int64{m.id}, 2)
	p.say(result(p.want(reqEcho).id, putID(nil, resEcho)))
	if o := <-out; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

// After a jump of the wall clock the server is asked for a sign of life at once.
func TestWakeUp(t *testing.T) {
	var mu sync.Mutex
	asleep, looks := time.Duration(0), 0
	p := newPuppet(t, func(c *Config) {
		c.Limits.AckDelay = 20 * time.Millisecond
		c.Now = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			looks++
			return time.Now().Add(asleep)
		}
	})
	p.call(1)
	p.want(reqEcho)
	for begun := 0; ; time.Sleep(time.Millisecond) { // until the clock has been looked at
		mu.Lock()
		if begun == 0 {
			begun = looks
		} else if looks > begun+3 {
			asleep = 3 * time.Second
			mu.Unlock()
			break
		}
		mu.Unlock()
	}
	p.want(idPingDelay)
}

// A request that nobody answers is asked after, and sent again if it was lost on
// the way.
func TestAskedAfter(t *testing.T) {
	p := newPuppet(t, func(c *Config) { c.Limits.AskAfter, c.Limits.AckDelay = 30*time.Millisecond, 10*time.Millisecond })
	out := p.call(1)
	m := p.want(reqEcho)
	p.asked([]int64{m.id}, 4|32) // it works on it
	p.asked([]int64{m.id}, 1)    // which is no reason to give up while the connection lasts
	p.asked([]int64{m.id}, 2)
	again := p.want(reqEcho)
	p.say(result(again.id, putID(nil, resEcho)))
	if o := <-out; o.State != Done || again.id == m.id {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

// The call that was to initialise the session is lost: it is wrapped again.
func TestInitLost(t *testing.T) {
	p := newPuppet(t, func(c *Config) {
		lively(c)
		c.Wrap = func(q []byte) []byte { return append(putID(nil, reqInit), q...) }
	})
	gone := p.call(0)
	m := p.want(reqInit)
	p.cutOff()
	p.asked([]int64{m.id}, 1)
	if o := <-gone; o.State != Unknown {
		t.Errorf("%v %v", o.State, o.Err)
	}
	first := p.call(1)
	m = p.want(reqInit)
	second := p.call(2)
	p.cutOff()
	p.asked([]int64{m.id}, 2)
	m = p.want(reqInit)
	p.say(result(m.id, putID(nil, resEcho)))
	if o := <-first; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
	m = p.want(reqEcho)
	p.cutOff()
	p.asked([]int64{m.id}, 1)
	if o := <-second; o.State != Unknown {
		t.Errorf("%v %v", o.State, o.Err)
	}
	p.works()
}

// What its caller has given up is not sent again.
func TestAbandonedIsNotRepeated(t *testing.T) {
	p := newPuppet(t, lively)
	ctx, cancel := context.WithCancel(context.Background())
	out := make(chan Outcome)
	go func() { out <- p.conn.Do(ctx, Request{Body: request(reqEcho, 1, 0), Repeatable: true}) }()
	m := p.want(reqEcho)
	cancel()
	var lost *LostError
	if o := <-out; o.State != Unknown || !errors.As(o.Err, &lost) || !lost.Sent {
		t.Errorf("%v %v", o.State, o.Err)
	}
	p.cutOff()
	p.asked([]int64{m.id}, 2)
	p.works()
}

// After code 33 the next session begins, and nothing in it is chained to what
// is still unanswered in the one before, nor asked after in it.
func TestChainAcrossSessions(t *testing.T) {
	p := newPuppet(t, lively)
	ch := p.conn.Chain(ChainOptions{})
	first := ch.Go(Request{Body: request(reqEcho, 1, 0)})
	a, session := p.want(reqEcho), p.h.session
	second := ch.Go(Request{Body: request(reqEcho, 2, 0)})
	b := p.want(idInvokeAfterMsg)
	p.send(p.id(1), 0, putInt(putInt(putLong(putID(nil, idBadMsg), b.id), p.h.seqno), 33))
	p.say(pushed(1))
	<-p.up // so it has been read
	other := p.call(3)
	m := p.want(reqEcho)
	if intAt(m.body, 4) != 3 || p.h.session == session {
		t.Fatalf("%x came in session %d", m.body, p.h.session)
	}
	renewed := p.h.session
	p.say(putLong(putLong(putLong(putID(nil, idNewSession), m.id), 1), 55)) // of the new one alone
	p.h.session = session
	p.say(result(a.id, putID(nil, resEcho)))
	if o := first.Outcome(context.Background()); o.State != Done {
		t.Errorf("first: %v %v", o.State, o.Err)
	}
	b = p.want(reqEcho) // free of its predecessor
	if intAt(b.body, 4) != 2 || p.h.session != renewed {
		t.Errorf("%x came in session %d", b.body, p.h.session)
	}
	p.say(result(b.id, putID(nil, resEcho)))
	p.say(result(m.id, putID(nil, resEcho)))
	if o, x := second.Outcome(context.Background()), <-other; o.State != Done || x.State != Done {
		t.Errorf("second: %v %v; other: %v", o.State, o.Err, x)
	}
}

// At a cut, what waits in a session given up before cannot be asked after.
func TestCutInOldSession(t *testing.T) {
	p := newPuppet(t, lively)
	out := p.batch(BatchOptions{}, Request{Body: request(reqEcho, 1, 0)})
	p.want(reqEcho)
	again := p.batch(BatchOptions{}, Request{Body: request(reqEcho, 2, 0), Repeatable: true})
	p.want(reqEcho)
	refused := p.call(3)
	m := p.want(reqEcho)
	p.send(p.id(1), 0, putInt(putInt(putLong(putID(nil, idBadMsg), m.id), p.h.seqno), 33))
	m = p.want(reqEcho)
	p.cutOff()
	p.asked([]int64{m.id}, 4)
	p.say(result(m.id, putID(nil, resEcho)))
	if o := <-refused; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
	if o := (<-out)[0]; o.State != Unknown {
		t.Errorf("%v %v", o.State, o.Err)
	}
	m = p.want(reqEcho)
	p.say(result(m.id, putID(nil, resEcho)))
	if o := (<-again)[0]; o.State != Done || intAt(m.body, 4) != 2 {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

// A server that sees the parity of a msg_seqno otherwise gets it as it wants.
func TestParityMended(t *testing.T) {
	p := newPuppet(t, lively)
	out := p.call(1)
	m := p.want(reqEcho)
	p.cutOff()
	ask := p.want(idMsgsStateReq)
	for _, code := range []int{34, 35} {
		if ask.seqno&1 != int32(35-code) {
			t.Fatalf("seqno %d before code %d", ask.seqno, code)
		}
		p.send(p.id(1), 0, putInt(putInt(putLong(putID(nil, idBadMsg), ask.id), ask.seqno), int32(code)))
		ask = p.want(idMsgsStateReq)
	}
	p.say(putBytes(putLong(putID(nil, idMsgsStateInfo), ask.id), []byte{4}))
	p.say(result(m.id, putID(nil, resEcho)))
	if o := <-out; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

// A call does not sit out a long wait for the next try.
func TestCallHurries(t *testing.T) {
	t.Parallel()
	p := newPuppet(t, func(c *Config) {
		c.NoReconnect = false
		c.Limits.RetryMin, c.Limits.RetryMax = 200*time.Second, 200*time.Second // the first wait is 25 s at least
	})
	first := p.call(1)
	p.say(result(p.want(reqEcho).id, putID(nil, resEcho)))
	<-first
	p.f.conn.Close()
	for p.conn.connected() {
		time.Sleep(time.Millisecond)
	}
	out := p.call(2)
	p.accept() // within 10 s
	p.answers(idPing, reqEcho)
	if o := <-out; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

func (c *Conn) connected() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link != nil
}

// answers reads what comes, first this, until the request is there, and answers it.
func (p *puppet) answers(first, request uint32) {
	p.t.Helper()
	seen := false
	for {
		for _, m := range p.next() {
			switch peekID(m.body) {
			case first:
				seen = true
			case request:
				if !seen {
					p.t.Errorf("%08x came before %08x", request, first)
				}
				p.say(result(m.id, putID(nil, resEcho)))
				return
			}
		}
	}
}
