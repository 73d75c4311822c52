package mtproto

import (
	"context"
	"encoding/binary"
	"io"
	"time"
)

// receive checks one opened message as a server must, and acts on it or refuses
// it with a notice. An error closes the connection.
func (c *serverConn) receive(ctx context.Context, h header, body []byte) error {
	if ok, salt := c.s.checkSalt(c.key, h.salt); !ok {
		x := c.s.session(c.key, h.session)
		c.notice(x, h, 48, salt)
		return nil
	}
	x := c.s.session(c.key, h.session)
	x.work.Lock()
	defer x.work.Unlock()
	x.used.Store(c.s.now().Unix())
	top := message{h.msgID, h.seqno, body}
	code := c.checkTop(top)
	if code == 0 {
		code = c.split(top)
	}
	if code == 0 && c.s.tooOld(c.list) {
		code = 20
	}
	var fresh []bool
	if code == 0 {
		x.mu.Lock()
		fresh, code = x.admit(c.list, top, len(c.list) != 1 || c.list[0].id != top.id)
		x.mu.Unlock()
	}
	if code != 0 {
		c.notice(x, h, code, 0)
		return nil
	}
	if err := c.attach(x, top.id); err != nil {
		return err
	}
	for i, m := range c.list {
		if !fresh[i] {
			c.again(x, m.id)
			continue
		}
		c.trace(x, m, top)
		c.message(ctx, x, m)
	}
	return nil
}

// checkTop checks what stands in a frame's header.
//
// Source: service_messages_about_messages#notice-of-ignored-error-message.
func (c *serverConn) checkTop(top message) (code int) {
	age := c.s.now().Sub(idTime(top.id))
	switch {
	case top.id&3 != lowClient:
		return 18
	case age > maxPast:
		return 16
	case age < -maxFuture:
		return 17
	}
	return 0
}

// split cuts a frame into its messages, into list.
func (c *serverConn) split(top message) (code int) {
	if peekID(top.body) == idGzipPacked {
		body, err := c.s.zip.unpack(top.body, c.s.limits.UnzippedBytes)
		if err == nil && peekID(body) == idContainer {
			top.body = body
		}
	}
	if c.list = append(c.list[:0], top); peekID(top.body) != idContainer {
		return 0
	}
	var err error
	if c.list, err = unpack(c.list[:0], top.body); err != nil {
		c.list = c.list[:0]
		return 64
	}
	for _, m := range c.list {
		if m.id >= top.id {
			return 64
		}
		if m.id&3 != lowClient {
			return 18
		}
	}
	return 0
}

// admit takes a frame's messages into the window: all of them, or none and the
// code says why. fresh tells which were not received before. mu is held.
func (x *ServerSession) admit(list []message, top message, container bool) (fresh []bool, code int) {
	if s := x.seen.get(top.id); container && s != nil && s.flags&seenContainer == 0 {
		return nil, 19
	}
	if container && top.seqno&1 != 0 {
		return nil, 34
	}
	fresh = make([]bool, len(list))
	undo := func(code int) ([]bool, int) {
		for i, m := range list {
			if fresh[i] {
				x.seen.remove(m.id)
			}
		}
		return nil, code
	}
	for i, m := range list {
		if x.seen.get(m.id) != nil || x.denied.get(m.id) != nil {
			continue // sent again, or twice in one container: taken once
		}
		if x.seen.old(m.id) {
			return undo(20)
		}
		if code := x.parity(m); code != 0 {
			return undo(code)
		}
		if code := x.order(m.id, m.seqno); code != 0 {
			return undo(code)
		}
		flags := seenRunning
		if id := peekID(m.body); isService(id) && id != idGzipPacked {
			flags = 0
		}
		fresh[i] = x.seen.add(m.id, m.seqno, flags)
	}
	if !container || x.seen.get(top.id) != nil {
		return fresh, 0
	}
	if code := x.order(top.id, top.seqno); code != 0 {
		return undo(code)
	}
	x.seen.add(top.id, top.seqno, seenContainer)
	return fresh, 0
}

// parity checks a msg_seqno's lowest bit: requests are content, acks are not;
// of the other service messages both are met.
func (x *ServerSession) parity(m message) (code int) {
	odd := m.seqno&1 == 1
	switch id := peekID(m.body); {
	case odd && (id == idMsgsAck || id == idContainer):
		return 34
	case !odd && !isService(id):
		return 35
	}
	return 0
}

// order checks a msg_seqno against those of the messages next to it by msg_id.
func (x *ServerSession) order(id int64, seqno int32) (code int) {
	i, _ := x.seen.find(id)
	if i > 0 {
		if p := x.seen.seen[i-1].seqno; p > seqno || p == seqno && seqno&1 == 1 {
			return 32
		}
	}
	if i < len(x.seen.seen) {
		if n := x.seen.seen[i].seqno; n < seqno || n == seqno && seqno&1 == 1 {
			return 33
		}
	}
	return 0
}

// isService tells the messages of MTProto's own that a client may send.
func isService(id uint32) bool {
	switch id {
	case idMsgsAck, idContainer, idPing, idPingDelay, idGetFutureSalts, idMsgsStateReq, idMsgResendReq,
		idMsgResendAns, idMsgsStateInfo, idMsgsAllInfo, idDestroySession, idHTTPWait, idDropAnswer, idMsgCopy, idGzipPacked:
		return true
	}
	return false
}

// notice refuses a frame with bad_msg_notification or bad_server_salt.
func (c *serverConn) notice(x *ServerSession, h header, code int, salt int64) {
	b := putID(nil, idBadMsg)
	if code == 48 {
		b = putID(nil, idBadSalt)
	}
	b = putInt(putInt(putLong(b, h.msgID), h.seqno), int32(code))
	if code == 48 {
		b = putLong(b, salt)
	}
	c.put(outgoing{session: x, body: b, low: lowResponse})
}

// attach makes the session live on this connection, and says so to the client
// when it is a new one. first is the frame's msg_id; what is inside lies below.
func (c *serverConn) attach(x *ServerSession, first int64) error {
	x.mu.Lock()
	live := false
	for _, y := range x.live {
		live = live || y == c
	}
	if !live {
		x.live = append(x.live, c)
		c.sessions = append(c.sessions, x)
	}
	greeted := x.greeted
	x.greeted = true
	for _, m := range c.list {
		first = min(first, m.id)
	}
	if !greeted {
		x.seen.floor = first
	} else if !live {
		c.comeBack(x)
	}
	x.mu.Unlock()
	if greeted {
		return nil
	}
	if c.s.OnSession != nil {
		c.s.OnSession(x)
	}
	var unique [8]byte
	if _, err := io.ReadFull(c.s.rand(), unique[:]); err != nil {
		return err
	}
	c.s.mu.Lock()
	salt := x.key.salt(c.s.now())
	c.s.mu.Unlock()
	b := putLong(putID(nil, idNewSession), first)
	b = putLong(putLong(b, int64(binary.LittleEndian.Uint64(unique[:]))), salt)
	c.put(outgoing{session: x, body: b, content: true, low: lowServer})
	return nil
}

// comeBack sends what the client has not acknowledged on its new connection:
// small answers as they are, of large ones only that they are there. mu is held.
//
// Source: service_messages_about_messages#extended-voluntary-communication-of-status-of-one-message.
func (c *serverConn) comeBack(x *ServerSession) {
	for _, m := range c.list {
		if peekID(m.body) == idMsgsAck {
			for _, id := range (&reader{b: m.body[4:]}).longs() {
				x.answers.drop(id)
			}
		}
	}
	const small = 1 << 14
	for _, m := range x.answers.unacked() {
		if m.size() <= small {
			c.put(m)
			continue
		}
		b := putLong(putLong(putID(nil, idMsgDetailed), m.reqID), m.msgID)
		c.put(outgoing{session: x, body: putInt(putInt(b, int32(m.size())), 0), low: lowServer})
	}
}

func (c *serverConn) trace(x *ServerSession, m, top message) {
	if c.s.Trace == nil {
		return
	}
	e := TraceEvent{Time: c.s.now(), SessionID: x.id, MsgID: m.id, Seqno: m.seqno, ID: peekID(m.body), Size: len(m.body)}
	if m.id != top.id {
		e.Container, e.Messages = top.id, len(c.list)
	}
	if r := (&reader{b: m.body}); r.uint32() == idInvokeAfterMsg {
		e.After = r.int64()
		e.ID = peekID(r.b)
	}
	c.s.Trace(e)
}

// again sends the answer once more to a request that came once more.
func (c *serverConn) again(x *ServerSession, reqID int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if id, ok := x.answers.byReq[reqID]; ok {
		c.put(x.answers.byID[id])
	}
}

// message acts on one message of a client. work is held.
func (c *serverConn) message(ctx context.Context, x *ServerSession, m message) {
	body := m.body
	if peekID(body) == idGzipPacked {
		var err error
		if body, err = c.s.zip.unpack(body, c.s.limits.UnzippedBytes); err != nil {
			c.put(outgoing{session: x, reqID: m.id, content: true, low: lowResponse,
				body: putBytes(putInt(putID(nil, idRPCError), 400), []byte("INPUT_REQUEST_INVALID"))})
			return
		}
	}
	if !isService(peekID(body)) {
		x.request(ctx, c, m.id, body)
		return
	}
	answer := func(b []byte) { c.put(outgoing{session: x, body: b, low: lowResponse}) }
	r := &reader{b: body[4:]}
	switch peekID(body) {
	case idMsgsAck:
		x.mu.Lock()
		for _, id := range r.longs() {
			x.answers.drop(id)
		}
		x.mu.Unlock()
	case idPing:
		answer(putLong(putLong(putID(nil, idPong), m.id), r.int64()))
	case idPingDelay:
		answer(putLong(putLong(putID(nil, idPong), m.id), r.int64()))
		if delay := r.int32(); !r.bad && delay > 0 {
			c.idle = min(time.Duration(delay)*time.Second, idleLimit)
		}
	case idGetFutureSalts:
		answer(c.s.futureSalts(x.key, m.id, r.int32()))
	case idMsgsStateReq:
		ids := r.longs()
		x.mu.Lock()
		info := x.seen.states(ids)
		x.deny(ids, info)
		if c.s.Faults().ForgetsStates {
			for i := range info {
				info[i] = stateForgotten
			}
		}
		x.mu.Unlock()
		answer(putBytes(putLong(putID(nil, idMsgsStateInfo), m.id), info))
	case idMsgResendReq:
		c.resend(x, m.id, r.longs(), false)
	case idMsgResendAns:
		c.resend(x, m.id, r.longs(), true)
	case idDestroySession:
		id := r.int64()
		if id != x.id && c.s.destroy(x.key, id) {
			answer(putLong(putID(nil, idDestroyOK), id))
		} else {
			answer(putLong(putID(nil, idDestroyNone), id))
		}
	case idDropAnswer:
		c.put(outgoing{session: x, reqID: m.id, content: true, low: lowResponse, body: x.dropAnswer(r.int64())})
	}
}

// resend sends those of the named answers again that are still kept, and tells
// what is known when one is not. They are named by their own msg_ids or by
// those of their requests.
func (c *serverConn) resend(x *ServerSession, msgID int64, ids []int64, byRequest bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	const most = 1000 // one small request must not set a flood going
	missing := false
	for _, id := range ids[:min(len(ids), most)] {
		if byRequest {
			id = x.answers.byReq[id]
		}
		m, ok := x.answers.byID[id]
		if ok {
			c.put(m)
		}
		missing = missing || !ok
	}
	if missing {
		info := x.seen.states(ids)
		c.put(outgoing{session: x, low: lowResponse, body: putBytes(putLong(putID(nil, idMsgsStateInfo), msgID), info)})
	}
}

// dropAnswer answers rpc_drop_answer: it forgets the answer, not the execution.
//
// Source: service_messages#cancellation-of-an-rpc-query.
func (x *ServerSession) dropAnswer(reqID int64) []byte {
	x.mu.Lock()
	defer x.mu.Unlock()
	if id, ok := x.answers.byReq[reqID]; ok {
		m := x.answers.byID[id]
		x.answers.drop(id)
		return putInt(putInt(putLong(putID(nil, idAnswerDropped), id), m.seqno), int32(m.size()))
	}
	if s := x.seen.get(reqID); s != nil && s.flags&seenRunning != 0 {
		s.flags = s.flags&^seenRunning | seenFailed
		return putID(nil, idAnswerDropRunning)
	}
	return putID(nil, idAnswerUnknown)
}
