package mtproto

import (
	"fmt"
	"testing"
	"time"
)

// What the server has said it did not receive, it does not execute when it comes
// late by the old connection.
func TestServerDeniesLate(t *testing.T) {
	w := newWorld(t, nil)
	old, fresh := newRogue(t, w), newRogue(t, w)
	begin := old.id()
	old.send(begin, 1, request(reqEcho, 0, 0))
	old.answered(begin, 0)
	late := old.id()
	fresh.ids = old.ids
	ask := fresh.id()
	fresh.send(ask, 4, putLongs(putID(nil, idMsgsStateReq), []int64{late}))
	fresh.answered(begin, 0) // which it has not acknowledged
	if m := fresh.next(); peekID(m.body) != idMsgsStateInfo {
		t.Fatalf("%x", m.body)
	}
	old.send(late, 3, request(reqEcho, 1, 0))
	old.send(old.id(), 4, box(message{late, 3, request(reqEcho, 1, 0)}))
	again := fresh.id()
	fresh.send(again, 5, request(reqEcho, 2, 0))
	fresh.answered(again, 2)
	ping := old.ids.next(time.Now().Add(time.Millisecond), lowClient)
	old.send(ping, 6, putLong(putID(nil, idPing), 1))
	for peekID(old.next().body) != idPong {
	}
	if got := fmt.Sprint(w.led.executed()); got != "[0 2]" {
		t.Errorf("executed %s", got)
	}
}

// Answers are there again after a lost connection: small ones at once, large
// ones when they are asked for, by their own msg_id or by the request's.
func TestServerKeepsAnswers(t *testing.T) {
	w := newWorld(t, func(s *Server) { s.Limits.GzipBytes = -1 })
	r := newRogue(t, w)
	small, large := r.id(), r.id()
	r.send(small, 1, request(reqEcho, 1, 0))
	r.answered(small, 1)
	r.send(large, 3, request(reqEcho, 2, 1<<15))
	r.answered(large, 2)
	r.f.conn.Close()
	n := newRogue(t, w)
	n.ids = r.ids
	n.send(n.id(), 4, putLong(putID(nil, idPing), 1))
	n.answered(small, 1)
	m := n.next()
	if peekID(m.body) != idMsgDetailed || longAt(m.body, 4) != large {
		t.Fatalf("%x", m.body)
	}
	answer := longAt(m.body, 12)
	if m = n.next(); peekID(m.body) != idPong {
		t.Fatalf("%x", m.body)
	}
	n.send(n.id(), 4, putLongs(putID(nil, idMsgResendReq), []int64{answer}))
	n.answered(large, 2)
	n.send(n.id(), 4, putLongs(putID(nil, idMsgResendAns), []int64{large}))
	n.answered(large, 2)
	n.send(n.id(), 4, putLongs(putID(nil, idMsgResendAns), []int64{large + 4}))
	if m = n.next(); peekID(m.body) != idMsgsStateInfo {
		t.Errorf("%x", m.body)
	}
}

// Two refusals of one session begin one new session, and only the first sets
// the clock: the ids of the session that is given up may be of another time.
func TestRefusedTwice(t *testing.T) {
	p := newPuppet(t, nil)
	first := p.call(1)
	a := p.want(reqEcho)
	second := p.call(2)
	b := p.want(reqEcho)
	session := p.h.session
	refuse := func(m message, at time.Time) {
		var ids idGen
		h := header{session: session, msgID: ids.next(at, lowResponse)}
		p.raw(sealed(t, p.seal, h, putInt(putInt(putLong(putID(nil, idBadMsg), m.id), m.seqno), 17)))
	}
	past := time.Now().Add(-48 * time.Hour)
	refuse(a, past)
	a = p.want(reqEcho)
	renewed := p.h.session
	refuse(b, time.Now())
	b = p.want(reqEcho)
	if renewed == session || p.h.session != renewed {
		t.Errorf("sessions %d, %d, %d", session, renewed, p.h.session)
	}
	for _, m := range []message{a, b} {
		if d := idTime(m.id).Sub(past).Abs(); d > 5*time.Second {
			t.Errorf("an id is wrong by %v", d)
		}
		p.send(p.ids.next(past.Add(time.Second), lowResponse), 1, result(m.id, putID(nil, resEcho)))
	}
	for _, out := range []chan Outcome{first, second} {
		if o := <-out; o.State != Done {
			t.Errorf("%v %v", o.State, o.Err)
		}
	}
}
