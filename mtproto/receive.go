package mtproto

import (
	"fmt"
	"time"

	"github.com/gotd/td/tgerr"
)

// receive opens one frame, checks it, and acts on each of its messages. An
// error closes the connection; then nothing of the frame has had an effect.
func (c *Conn) receive(payload []byte) error {
	if len(payload) == 4 {
		return transportError(payload)
	}
	h, body, err := c.in.open.open(payload)
	if err != nil {
		return err
	}
	top := message{h.msgID, h.seqno, body}
	list, notices, err := c.admit(h, top)
	if err != nil {
		return err
	}
	c.in.acks, c.in.session = c.in.acks[:0], h.session
	for _, m := range list {
		if !notices || isNotice(m.body) {
			c.message(m, top)
		}
	}
	if c.in.list = list[:0]; len(c.in.acks) > 0 {
		c.mu.Lock()
		if h.session == c.s.id { // acks count within their session only
			if len(c.s.acks) == 0 {
				c.s.ackedAt = time.Now()
			}
			c.s.acks = append(c.s.acks, c.in.acks...)
		}
		many := len(c.s.acks) >= ackNow
		c.mu.Unlock()
		if many {
			c.rouse()
		}
	}
	return nil
}

// admit makes the checks that concern a whole frame and cuts it into messages.
// notices tells that its time is out of bounds, so that only bad_server_salt
// and bad_msg_notification may be heeded: they are how a wrong clock is mended.
//
// Source: security_guidelines, "Checking session_id", "Checking msg_id".
func (c *Conn) admit(h header, top message) (list []message, notices bool, err error) {
	c.mu.Lock()
	known, own := c.s.knows(h.session), c.s.id
	now := c.s.now(c.now())
	c.mu.Unlock()
	if !known {
		return nil, false, &CheckError{"session_id", fmt.Sprint(own), fmt.Sprint(h.session)}
	}
	list, err = c.split(c.in.list[:0], top)
	if err != nil {
		return nil, false, err
	}
	for _, m := range list {
		if m.id&1 == 0 {
			return nil, false, &CheckError{"msg_id", "the parity of a server's", fmt.Sprint(m.id)}
		}
	}
	if h.msgID&1 == 0 {
		return nil, false, &CheckError{"msg_id", "the parity of a server's", fmt.Sprint(h.msgID)}
	}
	if age := now.Sub(idTime(h.msgID)); (age > maxPast || age < -maxFuture) && !c.mended(h.msgID, list) {
		for _, m := range list {
			notices = notices || isNotice(m.body)
		}
		if !notices {
			return nil, false, &CheckError{"msg_id", "a time from 300 s ago to 30 s ahead", age.Round(time.Second).String() + " ago"}
		}
	}
	if (len(list) != 1 || list[0].id != h.msgID) && !notices && !c.in.seen.add(h.msgID, h.seqno, seenContainer) {
		return list[:0], false, nil // seen before, with all that is in it
	}
	return list, notices, nil
}

// mended sets the clock by a frame that is out of time, but answers what was
// asked in this session and has no answer yet: so it cannot be an old one, and
// our clock is wrong (a computer that slept a minute sends good msg_ids, and
// would find every answer to come from the future).
func (c *Conn) mended(id int64, list []message) bool {
	fresh := false
	c.mu.Lock()
	for _, m := range list {
		switch peekID(m.body) {
		case idRPCResult, idPong, idFutureSalts, idMsgsStateInfo:
			r := &reader{b: m.body[4:]}
			fresh = fresh || c.s.pending[r.int64()] != nil && !r.bad
		}
	}
	if fresh {
		c.s.auth.TimeOffset = idTime(id).Sub(c.now())
	}
	c.mu.Unlock()
	if fresh {
		c.authChanged()
	}
	return fresh
}

// split is the messages of a frame: those of a container, also of a packed one,
// or the lone one.
func (c *Conn) split(list []message, top message) ([]message, error) {
	if peekID(top.body) == idGzipPacked {
		if body, err := c.zip.unpack(top.body, c.cfg.Limits.UnzippedBytes); err == nil {
			top.body = body
		}
	}
	if peekID(top.body) == idContainer {
		return unpack(list, top.body)
	}
	return append(list, top), nil
}

func isNotice(body []byte) bool {
	id := peekID(body)
	return id == idBadMsg || id == idBadSalt
}

// message takes one message: only once, and acknowledged if it is content.
func (c *Conn) message(m, top message) {
	fresh := c.in.seen.add(m.id, m.seqno, 0)
	if m.seqno&1 == 1 && (fresh || !c.in.seen.old(m.id)) {
		c.in.acks = append(c.in.acks, m.id)
	}
	if !fresh {
		return
	}
	body := m.body
	if peekID(body) == idGzipPacked {
		var err error
		if body, err = c.zip.unpack(body, c.cfg.Limits.UnzippedBytes); err != nil {
			c.traceIn(m, top, TraceEvent{ID: idGzipPacked})
			return // nobody can read it, and the rest of the frame is sound
		}
	}
	e := TraceEvent{ID: peekID(body)}
	c.service(m, body, &e)
	c.traceIn(m, top, e)
}

func (c *Conn) traceIn(m, top message, e TraceEvent) {
	if c.cfg.Trace == nil {
		return
	}
	e.Time = c.now()
	e.MsgID, e.Seqno, e.Size = m.id, m.seqno, len(m.body)
	if m.id != top.id {
		e.Container = top.id
	}
	c.mu.Lock()
	e.SessionID = c.s.id
	c.mu.Unlock()
	c.cfg.Trace(e)
}

// service acts on one message by its constructor; what is none of MTProto's own
// is an update. A malformed one has no effect.
func (c *Conn) service(m message, body []byte, e *TraceEvent) {
	r := &reader{b: body[min(4, len(body)):]}
	switch peekID(body) {
	case idRPCResult:
		c.rpcResult(r, e)
	case idPong:
		reqID := r.int64()
		c.answered(reqID, callPing, e)
	case idFutureSalts:
		c.futureSalts(r, e)
	case idNewSession:
		c.newSession(r)
	case idBadSalt, idBadMsg:
		c.refused(m, r, peekID(body) == idBadSalt, e)
	case idMsgsAck:
		e.Acks = len(r.longs()) // an ack is no answer: what it says is not needed yet
	case idMsgDetailed:
		reqID := r.int64()
		c.detailed(r, reqID, e)
	case idMsgNewDetailed:
		c.detailed(r, 0, e)
	case idMsgsStateReq:
		c.states(m, r)
	case idMsgsStateInfo:
		c.statesTold(r, e)
	case idMsgsAllInfo, idMsgResendReq, idDestroyOK, idDestroyNone, idMsgCopy, idContainer:
		// Answers to what is not asked, and what has no use over TCP.
	default:
		if len(body) >= 4 {
			c.ups.put(update{msgID: m.id, body: append([]byte(nil), body...)})
		}
	}
}

// rpcResult gives a result to the call that waits for it.
func (c *Conn) rpcResult(r *reader, e *TraceEvent) {
	reqID := r.int64()
	if r.bad {
		return
	}
	e.ReqMsgID = reqID
	body, o := r.b, Outcome{State: Done}
	var err error
	if peekID(body) == idGzipPacked {
		body, err = c.zip.unpack(body, c.cfg.Limits.UnzippedBytes)
	} else if peekID(body) != idRPCError {
		body = append(make([]byte, 0, len(body)), body...)
	}
	e.ID = peekID(body)
	switch code, text, ok := 0, "", false; {
	case err != nil:
		o = Outcome{Unknown, nil, fmt.Errorf("the answer cannot be read: %w", err)}
	case e.ID == idRPCError:
		if code, text, ok = rpcError(body); !ok {
			o = Outcome{Unknown, nil, &CheckError{Check: "rpc_error", Got: "malformed"}}
			break
		}
		e.Code = code
		o = Outcome{Failed, nil, tgerr.New(code, text)}
	default:
		o.Body = body
	}
	c.mu.Lock()
	k := c.s.pending[reqID]
	if k == nil || k.kind != callRequest {
		c.mu.Unlock()
		return
	}
	if c.cfg.Trace != nil {
		e.Latency = c.now().Sub(k.at)
	}
	inited := c.settle(k, o)
	c.mu.Unlock()
	if inited && c.cfg.OnInit != nil {
		c.told.Lock()
		defer c.told.Unlock()
		c.cfg.OnInit()
	}
}

// settle finishes a call, or sends it again where the answer means that it was
// not executed for a cause outside of it. inited tells that the first wrapped
// call has succeeded. Conn.mu is held.
func (c *Conn) settle(k *call, o Outcome) (inited bool) {
	rpc, _ := o.Err.(*tgerr.Error)
	switch {
	case rpc == nil:
	case c.cfg.Wrap != nil && (rpc.Message == "CONNECTION_NOT_INITED" || rpc.Message == "CONNECTION_LAYER_INVALID"):
		if c.s.init == initDone || k.wrapped {
			c.s.init = initNeeded
		}
		c.rouse()
		if k.inits++; !k.wrapped && k.inits == 1 {
			c.again(k)
			return false
		}
	case k.after != 0 && (rpc.Message == "MSG_WAIT_FAILED" || rpc.Message == "MSG_WAIT_TIMEOUT"):
		c.waited(k, rpc.Message == "MSG_WAIT_TIMEOUT")
		return false
	case k.maybe && rpc.Message == "RANDOM_ID_DUPLICATE":
		o = Outcome{Arrived, nil, &ArrivedError{rpc}}
	case sleepy(k, rpc):
		c.unwrap(k)
		c.sleep(k, o, time.Duration(rpc.Argument)*time.Second)
		return false
	case k.repeat && (rpc.Code == 500 || rpc.Code == -503) && int(k.tries) < c.cfg.Limits.Retries:
		c.unwrap(k)
		c.retry(k, o)
		return false
	}
	if k.wrapped && c.s.init == initFlying {
		if c.s.init = initNeeded; o.State == Done {
			c.s.init, inited = initDone, true
		}
		c.rouse()
	}
	c.finish(k, o)
	return inited
}

// unwrap gives up a call's claim to be the one that initialises the session.
func (c *Conn) unwrap(k *call) {
	if k.wrapped {
		k.wrapped = false
		if c.s.init == initFlying {
			c.s.init = initNeeded
			c.rouse()
		}
	}
}

// answered finishes a service call of this kind.
func (c *Conn) answered(reqID int64, kind callKind, e *TraceEvent) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.s.pending[reqID]
	if k == nil || k.kind != kind {
		return false
	}
	e.ReqMsgID = reqID
	if c.cfg.Trace != nil {
		e.Latency = c.now().Sub(k.at)
	}
	c.finish(k, Outcome{State: Done})
	return true
}
