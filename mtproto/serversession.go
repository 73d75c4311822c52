package mtproto

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gotd/td/tgerr"
)

// ServerSession is one client session, as the server sees it. It outlives the
// connections that carry it.
type ServerSession struct {
	// Data is the handler's own, for what it must remember of a session (layer,
	// user). Safe to use inside Handle and OnSession; elsewhere lock.
	Data any

	id     int64
	key    *serverKey
	server *Server
	used   atomic.Int64 // Unix time of the last frame

	work sync.Mutex // held while a frame's requests are handled: one at a time

	mu      sync.Mutex
	live    []*serverConn
	ids     idGen
	content int32
	seen    window
	denied  window // what the client was told had not come: it must not come any more
	answers answers
	greeted bool               // new_session_created was sent
	waiting map[int64][]waiter // requests chained to one that is answered later
}

// waiter is a request that waits for its predecessor's outcome.
type waiter struct {
	msgID int64
	body  []byte
	timer *time.Timer
}

// waitLimit is how long a chained request waits before MSG_WAIT_TIMEOUT.
//
// Source: https://core.telegram.org/api/invoking#sequential-requests.
const waitLimit = 500 * time.Millisecond

// ID is the client's random session_id.
func (s *ServerSession) ID() int64 { return s.id }

// KeyID is the auth_key_id under which the session runs.
func (s *ServerSession) KeyID() int64 { return s.key.key.ID() }

// Live tells whether a connection carries the session now.
func (s *ServerSession) Live() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.live) > 0
}

// Send pushes a boxed TL object (an Updates, usually) to every live connection
// of the session, under one msg_id, so that the client takes it once. It does
// not block: what a slow client does not take is queued up to a limit, then
// its connection is closed. false when no connection is live. body must not be
// changed afterwards.
func (s *ServerSession) Send(body []byte) bool {
	s.mu.Lock()
	live := append([]*serverConn(nil), s.live...)
	m := outgoing{session: s, body: body, content: true, low: lowServer}
	if len(live) > 1 {
		m.msgID, m.seqno = s.ids.next(s.server.now(), lowServer), s.seqno(true)
	}
	s.mu.Unlock()
	for _, c := range live {
		c.put(m)
		c.rouse()
	}
	return len(live) > 0
}

// Answer gives the result or the error (as Handle would) of a request for which
// Handle returned [ErrLater]. false when there is no such request, or when the
// client has dropped it.
func (s *ServerSession) Answer(msgID int64, result []byte, err error) bool {
	s.mu.Lock()
	x := s.seen.get(msgID)
	if x == nil || x.flags&seenRunning == 0 {
		s.mu.Unlock()
		return false
	}
	s.note(msgID, err)
	var to *serverConn
	if n := len(s.live); n > 0 {
		to = s.live[n-1]
	}
	followers := s.released(msgID)
	s.mu.Unlock()
	s.reply(to, msgID, result, err)
	to.rouse()
	if len(followers) > 0 {
		s.server.tasks.Go(func() {
			s.work.Lock()
			defer s.work.Unlock()
			for _, w := range followers {
				s.execute(s.server.base(), to, w.msgID, w.body, err)
			}
			to.rouse()
		})
	}
	return true
}

// released takes the requests that wait for this one. mu is held.
func (s *ServerSession) released(msgID int64) []waiter {
	list := s.waiting[msgID]
	if list != nil {
		delete(s.waiting, msgID)
	}
	for _, w := range list {
		w.timer.Stop()
	}
	return list
}

// note keeps what became of a request. mu is held.
func (s *ServerSession) note(msgID int64, err error) {
	x := s.seen.get(msgID)
	if x == nil {
		return
	}
	x.flags &^= seenRunning
	if err != nil {
		x.flags |= seenFailed
	} else {
		x.flags |= seenDone
	}
}

// seqno is the next msg_seqno of what this server sends. mu is held.
func (s *ServerSession) seqno(content bool) int32 {
	n := 2 * s.content
	if content {
		s.content++
		n++
	}
	return n
}

// request handles one request of a frame, with its invokeAfterMsg. work is held.
func (s *ServerSession) request(ctx context.Context, c *serverConn, msgID int64, body []byte) {
	r := &reader{b: body}
	if r.uint32() != idInvokeAfterMsg {
		s.execute(ctx, c, msgID, body, nil)
		return
	}
	after := r.int64()
	if r.bad {
		s.finish(c, msgID, nil, tgerr.New(400, "INPUT_REQUEST_TOO_SHORT"))
		return
	}
	if peekID(r.b) == idGzipPacked {
		var err error
		if r.b, err = s.server.zip.unpack(r.b, s.server.limits.UnzippedBytes); err != nil {
			s.finish(c, msgID, nil, tgerr.New(400, "INPUT_REQUEST_INVALID"))
			return
		}
	}
	s.mu.Lock()
	x := s.seen.get(after)
	if x != nil && after < msgID && x.flags&seenRunning != 0 {
		s.wait(c, after, waiter{msgID: msgID, body: append([]byte(nil), r.b...)})
		s.mu.Unlock()
		return
	}
	done := x != nil && after < msgID && x.flags&seenDone != 0
	s.mu.Unlock()
	if !done { // failed, or nothing that came before
		s.finish(c, msgID, nil, tgerr.New(400, "MSG_WAIT_FAILED"))
		return
	}
	s.execute(ctx, c, msgID, r.b, nil)
}

// wait parks a request until its predecessor has an outcome. mu is held.
func (s *ServerSession) wait(c *serverConn, after int64, w waiter) {
	if s.waiting == nil {
		s.waiting = map[int64][]waiter{}
	}
	limit := s.server.waitLimit
	if limit == 0 {
		limit = waitLimit
	}
	w.timer = time.AfterFunc(limit, func() {
		s.mu.Lock()
		list := s.waiting[after]
		for i := range list {
			if list[i].msgID == w.msgID {
				s.waiting[after] = append(list[:i:i], list[i+1:]...)
				s.mu.Unlock()
				s.Answer(w.msgID, nil, tgerr.New(500, "MSG_WAIT_TIMEOUT"))
				return
			}
		}
		s.mu.Unlock()
	})
	s.waiting[after] = append(s.waiting[after], w)
}

// execute gives a request to the handler, unless the one that it waited for has
// failed. work is held.
func (s *ServerSession) execute(ctx context.Context, c *serverConn, msgID int64, body []byte, before error) {
	if before != nil {
		s.finish(c, msgID, nil, tgerr.New(400, "MSG_WAIT_FAILED"))
		return
	}
	if len(body) < 4 {
		s.finish(c, msgID, nil, tgerr.New(400, "INPUT_REQUEST_TOO_SHORT"))
		return
	}
	result, err := s.server.Handler.Handle(ctx, s, msgID, body)
	if errors.Is(err, ErrLater) {
		return
	}
	s.finish(c, msgID, result, err)
}

// finish ends a request and queues its answer; then come the requests that
// waited for it. work is held.
func (s *ServerSession) finish(c *serverConn, msgID int64, result []byte, err error) {
	s.mu.Lock()
	s.note(msgID, err)
	followers := s.released(msgID)
	s.mu.Unlock()
	s.reply(c, msgID, result, err)
	for _, w := range followers {
		s.execute(s.server.base(), c, w.msgID, w.body, err)
	}
}

// reply queues the rpc_result of a request on a connection, which may be nil:
// then the client gets it when it asks again.
func (s *ServerSession) reply(c *serverConn, msgID int64, result []byte, err error) {
	m := outgoing{session: s, reqID: msgID, content: true, low: lowResponse}
	if n := len(result); err == nil && (n < 4 || n&3 != 0 || n > s.server.limits.MessageBytes) {
		err = fmt.Errorf("result of %d bytes is no TL object", n)
	}
	if err != nil {
		code, text := 500, "INTERNAL_SERVER_ERROR"
		if e, ok := tgerr.As(err); ok {
			code, text = e.Code, e.Message
		}
		m.body = putBytes(putInt(putID(nil, idRPCError), int32(code)), []byte(text))
	} else if m.body = s.server.zip.pack(result, s.server.limits.GzipBytes); m.body == nil {
		m.body = result
	}
	if c == nil || !c.put(m) {
		s.redeliver(c, m)
	}
}

// redeliver sends an answer on the session's newest connection, since the one
// that it was meant for has ended; without any it is kept until the client
// comes back.
func (s *ServerSession) redeliver(from *serverConn, m outgoing) {
	s.mu.Lock()
	var to *serverConn
	for _, c := range s.live {
		if c != from {
			to = c
		}
	}
	if to == nil {
		if m.msgID == 0 {
			m.msgID, m.seqno = s.ids.next(s.server.now(), m.low), s.seqno(true)
		}
		s.answers.add(m)
	}
	s.mu.Unlock()
	if to != nil && !to.put(m) {
		s.redeliver(to, m)
		return
	}
	to.rouse()
}

// unacked is the answers that the client has not acknowledged, as sent. mu is
// held.
func (a *answers) unacked() []outgoing {
	var list []outgoing
	for _, id := range a.order {
		if m, ok := a.byID[id]; ok {
			list = append(list, m)
		}
	}
	return list
}

// deny takes note of what the client is told has not come, so that it is not
// executed should it come late, by the connection that was lost: the client
// sends it again under another msg_id. mu is held.
func (s *ServerSession) deny(ids []int64, info []byte) {
	for i, id := range ids {
		if st := info[i] & stateMask; st == stateNotCame || st == stateTooHigh {
			s.denied.add(id, 0, 0)
		}
	}
}

// answers are those that the client has not acknowledged, so that they can be
// sent again; the oldest give way when they are too many.
type answers struct {
	byID  map[int64]outgoing // by their own msg_id
	byReq map[int64]int64    // by the request's
	order []int64            // their msg_ids, as sent; may name some that are gone
	bytes int
}

const (
	keepAnswers     = 4096
	keepAnswerBytes = 16 << 20
)

func (a *answers) init() {
	a.byID, a.byReq = map[int64]outgoing{}, map[int64]int64{}
}

func (a *answers) add(m outgoing) {
	if _, ok := a.byID[m.msgID]; ok {
		return // sent again
	}
	a.byID[m.msgID], a.byReq[m.reqID] = m, m.msgID
	a.order = append(a.order, m.msgID)
	a.bytes += len(m.body)
	for len(a.byID) > keepAnswers || a.bytes > keepAnswerBytes && len(a.byID) > 1 {
		a.drop(a.order[0])
		a.order = a.order[1:]
	}
	if len(a.order) > 2*keepAnswers { // most are gone: acknowledged
		kept := a.order[:0]
		for _, id := range a.order {
			if _, ok := a.byID[id]; ok {
				kept = append(kept, id)
			}
		}
		a.order = kept
	}
}

// drop forgets an answer, by its own msg_id.
func (a *answers) drop(id int64) {
	if m, ok := a.byID[id]; ok {
		a.bytes -= len(m.body)
		delete(a.byID, id)
		delete(a.byReq, m.reqID)
	}
}
