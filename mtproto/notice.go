package mtproto

import (
	"encoding/binary"
	"io"
	"slices"
)

// futureSalts keeps the salts of an answer to our own get_future_salts.
func (c *Conn) futureSalts(r *reader, e *TraceEvent) {
	reqID, _, n := r.int64(), r.int32(), int(r.int32())
	if r.bad || n < 0 || n > len(r.b)/16 || !c.answered(reqID, callSalts, e) {
		return
	}
	salts := make([]futureSalt, n)
	for i := range salts {
		salts[i] = futureSalt{r.int32(), r.int32(), r.int64()}
	}
	slices.SortFunc(salts, func(a, b futureSalt) int { return int(int64(a.since) - int64(b.since)) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.s.salts = salts
}

// newSession takes note that the server has begun the session anew: messages
// before the first it names are not known to it any more.
//
// Source: service_messages#new-session-creation-notification.
func (c *Conn) newSession(r *reader) {
	first, _, salt := r.int64(), r.int64(), r.int64()
	if r.bad {
		return
	}
	c.mu.Lock()
	changed := c.s.auth.Salt != salt
	c.s.auth.Salt = salt
	var lost []*call
	for _, k := range c.s.pending {
		// A container may be named in place of what is in it. What was sent in a
		// session before this one is not meant.
		if k.msgID < first && k.top < first && k.session == c.in.session {
			lost = append(lost, k)
		}
	}
	c.unknown(lost, errForgotten)
	c.mu.Unlock()
	if changed {
		c.authChanged()
	}
	c.ups.put(update{gap: GapNewSession})
}

// refused mends what the server refused, and sends it again: with the new salt,
// by the corrected clock, in a new session or in a smaller container. A notice
// that names no message of ours is not heeded.
//
// Source: service_messages_about_messages#notice-of-ignored-error-message.
func (c *Conn) refused(m message, r *reader, salt bool, e *TraceEvent) {
	bad, _, code := r.int64(), r.int32(), int(r.int32())
	var newSalt int64
	if salt {
		code, newSalt = 48, r.int64()
	}
	if r.bad {
		return
	}
	e.ReqMsgID, e.Code = bad, code
	var fresh [8]byte
	if code == 17 || code == 32 || code == 33 {
		if _, err := io.ReadFull(c.cfg.Rand, fresh[:]); err != nil {
			c.fail(err)
			return
		}
	}
	c.mu.Lock()
	if !c.s.ours(bad) {
		c.mu.Unlock()
		return
	}
	before := c.s.auth
	mended := true
	now := c.now()
	off := idTime(m.id).Sub(now)
	// What a session before this one is told is mended already.
	current := c.in.session == c.s.id
	if drift := off - c.s.auth.TimeOffset; current && (code == 16 || code == 17 || drift > maxFuture || drift < -maxFuture) {
		c.s.auth.TimeOffset = off
	}
	switch code {
	case 48:
		c.s.auth.Salt, c.s.salts = newSalt, nil
	case 17, 32, 33:
		if current {
			c.s.renew(int64(binary.LittleEndian.Uint64(fresh[:])))
		}
	case 64:
		if n := c.inContainer(bad); n > 1 {
			c.s.limit = max(1, min(c.s.limit, n)/2)
		}
	case 16, 18, 19, 34, 35:
	default:
		mended = false
	}
	c.resend(bad, code, mended)
	after := c.s.auth
	c.mu.Unlock()
	if before != after {
		c.authChanged()
	}
}

// inContainer counts what of a container is still without an answer.
func (c *Conn) inContainer(top int64) (n int) {
	for _, k := range c.s.pending {
		n += b2i(k.top == top && k.msgID != top)
	}
	return n
}

// resend queues the refused message, or all of the refused container's, once
// more; or tells their callers, when that would not help. Conn.mu is held.
func (c *Conn) resend(bad int64, code int, mended bool) {
	var calls []*call
	for _, k := range c.s.pending {
		if k.msgID == bad || k.top == bad {
			calls = append(calls, k)
		}
	}
	slices.SortFunc(calls, func(a, b *call) int { return int(a.ord - b.ord) })
	asked := false
	for _, k := range calls {
		if code == 20 && k.kind == callRequest && !k.old && k.tries < maxTries {
			k.old = true
			k.tries++
			c.doubt(k)
			asked = true
			continue
		}
		if k.msgID == bad && (code == 34 && k.odd || code == 35 && !k.odd) {
			k.flip = !k.flip
		}
		if k.tries++; mended && k.tries <= maxTries {
			c.again(k)
			continue
		}
		state := NotRun
		if code == 20 || k.maybe {
			state = Unknown
		}
		c.finish(k, Outcome{state, nil, &BadMsgError{code, bad}})
	}
	if asked {
		c.ask(nil)
	}
	c.rouse()
}

// detailed learns of an answer that the server does not send by itself: it is
// asked for, or acknowledged when it is there already.
//
// Source: service_messages_about_messages#extended-voluntary-communication-of-status-of-one-message.
func (c *Conn) detailed(r *reader, reqID int64, e *TraceEvent) {
	answer := r.int64()
	if r.bad {
		return
	}
	e.ReqMsgID = reqID
	if c.in.seen.get(answer) != nil {
		c.in.acks = append(c.in.acks, answer)
		return
	}
	c.note(&call{kind: callNote, body: putLongs(putID(nil, idMsgResendReq), []int64{answer})})
}

// states tells the server which of its messages have arrived.
//
// Source: service_messages_about_messages#request-for-message-status-information.
func (c *Conn) states(m message, r *reader) {
	ids := r.longs()
	if r.bad || len(ids) > maxAcks {
		return
	}
	c.note(&call{kind: callNote, body: putBytes(putLong(putID(nil, idMsgsStateInfo), m.id), c.in.seen.states(ids))})
}
