package mtproto

import (
	"slices"
	"time"
)

// session is what of a client's session outlives a connection: its id, clock,
// salts and counters, the calls without an answer and the acks not yet sent.
// Guarded by Conn.mu.
type session struct {
	id      int64
	old     []int64 // ids given up after code 17, 32 or 33; their answers still count
	ids     idGen
	content int32 // content messages sent, for msg_seqno
	auth    Auth
	salts   []futureSalt // sorted by when they begin
	limit   int          // messages in one container; halved by code 64

	init    initState
	queue   []*call // requests not yet sent, in order of ord
	service []*call // service messages not yet sent
	pending map[int64]*call
	acks    []int64
	ackedAt time.Time // when the first of acks came
	asleep  map[*call]struct{}
	chains  map[*chain]struct{} // those with calls that are held
	doubts  int                 // pending calls in doubt: meanwhile no request is sent
	asked   time.Time           // when their states were
	asks    int                 // how often, since there were none
	sent    [128]int64          // msg_ids of the last frames
	sentAt  int
	ord     int64
}

type initState int

const (
	initDone   initState = iota // calls go as they are
	initNeeded                  // the next one is wrapped and goes alone
	initFlying                  // it is on its way, the others wait
)

// futureSalt is one entry of future_salts.
type futureSalt struct {
	since, until int32 // Unix time of the server
	salt         int64
}

// now is the server's time for the moment local of [Conn.now].
func (s *session) now(local time.Time) time.Time { return local.Add(s.auth.TimeOffset) }

// salt is the one valid at t, the server's time.
func (s *session) salt(t time.Time) int64 {
	for len(s.salts) > 0 && int64(s.salts[0].since) <= t.Unix() {
		s.auth.Salt = s.salts[0].salt
		s.salts = s.salts[1:]
	}
	return s.auth.Salt
}

// seqno is the next msg_seqno: twice the content messages before it, plus one
// if it is one itself.
func (s *session) seqno(content bool) int32 {
	n := 2 * s.content
	if content {
		s.content++
		n++
	}
	return n
}

// renew begins a new session for what follows; answers to what was sent in the
// one before still count.
func (s *session) renew(id int64) {
	if s.old = append(s.old, s.id); len(s.old) > 8 {
		s.old = s.old[1:]
	}
	s.id, s.ids, s.content = id, idGen{}, 0
	s.acks = s.acks[:0] // they are of that one
}

func (s *session) knows(id int64) bool { return id == s.id || slices.Contains(s.old, id) }

// sentFrame remembers a frame's msg_id, so that a notice about it is believed.
func (s *session) sentFrame(id int64) {
	s.sent[s.sentAt%len(s.sent)] = id
	s.sentAt++
}

// ours tells whether id names a message that was sent lately.
func (s *session) ours(id int64) bool {
	return s.pending[id] != nil || slices.Contains(s.sent[:], id)
}

// call is one request, or one service message, from its queueing to its
// outcome. Guarded by Conn.mu, but for body and packed.
type call struct {
	body   []byte // as the caller gave it
	packed []byte // as gzip_packed; nil if that is not smaller
	kind   callKind
	repeat bool // executing it twice does no harm, or the server prevents it
	owner  *batch
	chain  *chain // the order or the flood waits it shares with others; may be nil
	prev   *call  // ordered: the one before it; nil once this one has an outcome
	index  int    // in its batch or chain

	ord      int64 // its place in the queue, kept when it is sent again
	state    callState
	session  int64 // the one it was written in
	msgID    int64
	top      int64 // msg_id of its container, or its own
	after    int64 // the msg_id that it was chained to when written; 0: none
	round    int   // the chain's when it was written
	released bool  // counts in its chain's window
	waited   bool  // refused by MSG_WAIT_* since it was written
	wrapped  bool  // written with Config.Wrap
	doubt    bool  // written, then the connection was lost: its fate is asked
	maybe    bool  // an earlier sending may have been executed
	old      bool  // code 20 was had once already
	flip     bool  // the server wants the other parity of msg_seqno
	odd      bool  // what parity it was written with
	resent   bool  // written for the second time or more
	inits    int8  // times it was sent again for want of initConnection
	tries    int8  // times it was sent again for another reason
	at       time.Time
	asked    time.Time // when its state was asked
	wire     []byte    // the wrapped form, while it is being written
	ids      []int64   // of a callStates: whose states it asks
	outcome  Outcome   // while asleep: what it becomes if it is not sent again
}

type callKind uint8

const (
	callRequest callKind = iota // content; rpc_result answers it
	callPing                    // ping: pong answers it
	callSalts                   // get_future_salts: future_salts answers it
	callStates                  // msgs_state_req: msgs_state_info answers it
	callNote                    // nothing answers it, it is forgotten once written
)

type callState uint8

const (
	callQueued   callState = iota // in the session's queue
	callFlying                    // written, no answer yet
	callHeld                      // in its chain's list, not to be sent now
	callAsleep                    // refused for a while: a flood wait, or a 500
	callFinished                  // outcome is set
)

// content tells whether the call counts as a content message: what the server
// has to acknowledge or to answer, unless it sees that otherwise.
func (c *call) content() bool {
	return (c.kind == callRequest || c.kind == callStates) != c.flip
}

// payload is what of the call goes on the wire, without invokeAfterMsg.
func (c *call) payload() []byte {
	switch {
	case c.wire != nil:
		return c.wire
	case c.packed != nil:
		return c.packed
	}
	return c.body
}

// unsent is the outcome of a call that will not be sent, or not once more.
func (c *call) unsent(cause error) Outcome {
	if c.maybe {
		return Outcome{Unknown, nil, &LostError{Sent: true, Cause: cause}}
	}
	return Outcome{NotRun, nil, &LostError{Cause: cause}}
}

// batch is a set of calls that one caller waits for.
type batch struct {
	calls []call
	one   [1]call // calls' storage when there is one
	left  int
	cause error         // not nil: nobody waits any more, for this reason
	done  chan struct{} // closed when left is 0
}

func newBatch(n int) *batch {
	b := &batch{left: n, done: make(chan struct{})}
	b.calls = b.one[:]
	if n != 1 {
		b.calls = make([]call, n)
	}
	for i := range b.calls {
		b.calls[i].owner, b.calls[i].index = b, i
	}
	return b
}
