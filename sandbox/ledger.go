package sandbox

import (
	"errors"
	"fmt"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// Entry is one request in the ledger: what came of it here, whether or not the
// client was ever told.
type Entry struct {
	N        int64     // counts the requests from 1 on, also those forgotten
	Time     time.Time // the world's clock when it was answered
	KeyID    int64     // auth_key_id
	Session  int64     // session_id
	MsgID    int64     // the request's msg_id
	Person   int64     // user id of the one who is signed in; 0: nobody
	Method   string    // inside invokeWithLayer and its like; "" when it is no method of the layer
	RandomID []int64   // of random_id, which is one number or several; nil when the method has none
	// Executed says that the world did what was asked. A request may be executed
	// and yet refused (see [Failure]).
	Executed bool
	// Code and Message are the rpc_error that was the answer; 0 and "" for a
	// result.
	Code    int
	Message string
}

// Outcome is "ok", or the error as "400 MESSAGE_EMPTY".
func (e Entry) Outcome() string {
	if e.Code == 0 && e.Message == "" {
		return "ok"
	}
	return fmt.Sprintf("%d %s", e.Code, e.Message)
}

// DefaultLedger is how many requests the ledger of a sandbox keeps whose Config
// does not say.
const DefaultLedger = 1 << 16

// ledger is a ring of the latest entries. Guarded by Sandbox.mu.
type ledger struct {
	size int
	list []Entry
	n    int64 // entries ever
}

func (l *ledger) add(e Entry) {
	l.n++
	e.N = l.n
	if len(l.list) < l.size {
		l.list = append(l.list, e)
	} else if l.size > 0 {
		l.list[(l.n-1)%int64(l.size)] = e
	}
}

// last are the latest n entries, oldest first.
func (l *ledger) last(n int) []Entry {
	n = min(n, len(l.list))
	out := make([]Entry, 0, n)
	for i := l.n - int64(n); i < l.n; i++ {
		out = append(out, l.list[i%int64(l.size)])
	}
	return out
}

// Ledger is what came of the latest requests, oldest first: at most as many as
// Config.Ledger says. What the server's protocol refuses by itself, as
// MSG_WAIT_FAILED, is not in it: those requests never reached the world.
func (s *Sandbox) Ledger() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.last(len(s.ledger.list))
}

// record writes down what came of a request. s.mu is held.
func (s *Sandbox) record(c *call, id requestID, err error) {
	e := Entry{Time: c.at, KeyID: id.key, Session: id.session, MsgID: id.msg, Method: c.method,
		RandomID: randomIDs(c.req), Executed: c.executed}
	if c.me != nil {
		e.Person = c.me.id
	}
	if err != nil {
		e.Code, e.Message = 500, "INTERNAL_SERVER_ERROR"
		var rpc *tgerr.Error
		if errors.As(err, &rpc) {
			e.Code, e.Message = rpc.Code, rpc.Message
		}
	}
	s.ledger.add(e)
}

func randomIDs(req *tl.Object) []int64 {
	if req == nil || req.Def().Param("random_id") == nil {
		return nil
	}
	v := req.At("random_id")
	if vec := v.Vector(); vec != nil {
		ids := make([]int64, len(vec.Items))
		for i, it := range vec.Items {
			ids[i] = it.AsLong()
		}
		return ids
	}
	return []int64{v.AsLong()}
}

// requestID names one request of a client.
type requestID struct{ key, session, msg int64 }
