package mtproto

import (
	"slices"
	"time"
)

// What a msgs_state_info says of a message, in the lowest three bits, and two of
// the flags above them.
//
// Source: service_messages_about_messages#informational-message-regarding-status-of-messages.
const (
	stateMask      = 7
	stateForgotten = 1
	stateNotCame   = 2
	stateTooHigh   = 3
	stateCame      = 4
	stateAnswered  = 64
)

// askAtOnce is how many messages one msgs_state_req asks about.
const askAtOnce = 1000

// maxAsks is how often the states of what is in doubt are asked for, when not
// even that is answered.
const maxAsks = 3

// doubt marks a written request whose fate is not known. Until it is, no request
// is sent. Conn.mu is held.
func (c *Conn) doubt(k *call) {
	if !k.doubt {
		k.doubt = true
		c.s.doubts++
	}
}

// ask queues questions for the states of the calls named, or of all that are in
// doubt. Conn.mu is held.
func (c *Conn) ask(calls []*call) {
	if calls == nil && c.s.doubts == 0 {
		return
	}
	if calls == nil {
		for _, k := range c.s.pending {
			if k.doubt {
				calls = append(calls, k)
			}
		}
		c.s.asked = time.Now()
		c.s.asks++
	}
	slices.SortFunc(calls, func(a, b *call) int { return int(a.ord - b.ord) })
	for part := range slices.Chunk(calls, askAtOnce) {
		q := &call{kind: callStates}
		for _, k := range part {
			k.asked = time.Now()
			q.ids = append(q.ids, k.msgID)
		}
		q.body = putLongs(putID(nil, idMsgsStateReq), q.ids)
		c.s.service = append(c.s.service, q)
	}
	c.rouse()
}

// statesTold acts on the answer to a question of ours.
func (c *Conn) statesTold(r *reader, e *TraceEvent) {
	reqID, info := r.int64(), r.bytes()
	if r.bad {
		return
	}
	c.mu.Lock()
	q := c.s.pending[reqID]
	c.mu.Unlock()
	if q == nil || !c.answered(reqID, callStates, e) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var ready []int64
	var lost, missing []*call
	for i, id := range q.ids {
		k := c.s.pending[id]
		if k == nil || k.kind != callRequest {
			continue
		}
		state := byte(stateForgotten) // for an answer that is too short, too
		if i < len(info) && len(info) == len(q.ids) {
			state = info[i]
		}
		switch state & stateMask {
		case stateNotCame, stateTooHigh:
			missing = append(missing, k)
		case stateCame:
			c.believe(k)
			if state&stateAnswered != 0 {
				ready = append(ready, id)
			}
		default:
			if k.doubt {
				lost = append(lost, k)
			}
		}
	}
	c.unknown(lost, errUnknown)
	for _, k := range missing {
		k.old = false
		c.again(k)
	}
	if len(ready) > 0 {
		c.s.service = append(c.s.service, &call{kind: callNote, body: putLongs(putID(nil, idMsgResendAns), ready)})
		c.rouse()
	}
}

// believe ends the doubt about a call that the server has. Conn.mu is held.
func (c *Conn) believe(k *call) {
	if !k.doubt {
		return
	}
	c.sure(k)
	if k.chain != nil {
		c.release(k.chain)
	}
}

// sure ends a call's doubt, whatever came of it. Conn.mu is held.
func (c *Conn) sure(k *call) {
	if !k.doubt {
		return
	}
	k.doubt = false
	if c.s.doubts--; c.s.doubts == 0 {
		c.s.asks = 0
		c.rouse()
	}
}

// unknown ends calls whose fate cannot be known; those that may be executed
// twice are sent again. Conn.mu is held.
func (c *Conn) unknown(calls []*call, cause error) {
	slices.SortFunc(calls, func(a, b *call) int { return int(a.ord - b.ord) })
	for _, k := range calls {
		switch {
		case k.kind != callRequest:
			if k.kind == callPing {
				c.again(k)
			} else {
				c.ground(k)
			}
		case k.repeat && k.tries < maxTries:
			k.tries++
			k.maybe = true
			c.again(k)
		case k.old:
			c.finish(k, Outcome{Unknown, nil, &BadMsgError{20, k.msgID}})
		default:
			c.finish(k, Outcome{Unknown, nil, &LostError{Sent: true, Cause: cause}})
		}
	}
}

// overdue asks after requests that have been without an answer for long, and
// gives up asking after those in doubt when not even that is answered. Conn.mu
// is held.
func (c *Conn) overdue() {
	limit := c.cfg.Limits.AskAfter
	if c.s.doubts > 0 {
		if time.Since(c.s.asked) < limit {
			return
		}
		var lost []*call
		for _, k := range c.s.pending {
			switch {
			case k.kind == callStates:
				c.ground(k) // the next question asks for more
			case k.doubt:
				lost = append(lost, k)
			}
		}
		if c.s.asks < maxAsks {
			c.ask(nil)
			return
		}
		c.unknown(lost, errUnknown)
		return
	}
	var late []*call
	now := c.now()
	for _, k := range c.s.pending {
		if k.kind == callRequest && k.session == c.s.id && now.Sub(k.at) >= limit && time.Since(k.asked) >= limit {
			late = append(late, k)
		}
	}
	if len(late) > 0 {
		c.ask(late)
	}
}
