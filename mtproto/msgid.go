package mtproto

import (
	"slices"
	"time"
)

// The low two bits of a msg_id say who sent it.
//
// Source: description#message-identifier-msg-id.
const (
	lowClient   = 0
	lowResponse = 1 // server, answering
	lowServer   = 3 // server, of itself
)

// Bounds of a msg_id's time against the receiver's clock.
const (
	maxPast   = 300 * time.Second
	maxFuture = 30 * time.Second
)

// idGen makes msg_ids that strictly grow.
type idGen struct{ last int64 }

// next is a msg_id for the moment t (the server's time), or just above the
// last one when the clock has not moved since.
func (g *idGen) next(t time.Time, low int64) int64 {
	id := t.Unix()<<32 | int64(uint64(t.Nanosecond())<<32/1e9)&^3
	if id <= g.last {
		id = g.last&^3 + 4
	}
	g.last = id | low
	return g.last
}

// idTime is the moment that a msg_id names.
func idTime(id int64) time.Time {
	return time.Unix(id>>32, int64(uint64(uint32(id))*1e9>>32))
}

// window remembers the last msg_ids received, sorted, so that none is taken
// twice: when it is full, what lies below it is refused.
//
// Source: security_guidelines, "Checking msg_id".
type window struct {
	size  int
	full  bool
	floor int64 // the first id of all: what lies below is of a time that is not known
	seen  []seen
}

// seen is one message received, and what became of it.
type seen struct {
	id    int64
	seqno int32
	flags uint8
}

// What a server notes of a request in its window.
const (
	seenContainer uint8 = 1 << iota
	seenRequest
	seenRunning
	seenDone
	seenFailed
)

// find is the position of id, or where it belongs.
func (w *window) find(id int64) (int, bool) {
	n := len(w.seen)
	if n == 0 || id > w.seen[n-1].id {
		return n, false
	}
	return slices.BinarySearchFunc(w.seen, id, func(s seen, id int64) int {
		switch {
		case s.id < id:
			return -1
		case s.id > id:
			return 1
		}
		return 0
	})
}

// get is the entry of id; nil when it was not received or is forgotten. It is
// valid until the next add.
func (w *window) get(id int64) *seen {
	if i, ok := w.find(id); ok {
		return &w.seen[i]
	}
	return nil
}

// old tells that id lies below what is remembered.
func (w *window) old(id int64) bool {
	return w.full && id < w.seen[0].id
}

// add remembers id; false when it is there already or too old.
func (w *window) add(id int64, seqno int32, flags uint8) bool {
	i, ok := w.find(id)
	if ok || w.old(id) {
		return false
	}
	w.seen = slices.Insert(w.seen, i, seen{id, seqno, flags})
	if len(w.seen) >= 2*w.size {
		w.seen = append(w.seen[:0], w.seen[len(w.seen)-w.size:]...)
		w.full = true
	}
	return true
}

// remove forgets id.
func (w *window) remove(id int64) {
	if i, ok := w.find(id); ok {
		w.seen = slices.Delete(w.seen, i, i+1)
	}
}

// states is the info of msgs_state_info: one byte for each id.
//
// Source: service_messages_about_messages#informational-message-regarding-status-of-messages.
func (w *window) states(ids []int64) []byte {
	const (
		needsNoAck = 16 // nothing is owed for it
		processing = 32
	)
	info := make([]byte, len(ids))
	for i, id := range ids {
		s := w.get(id)
		switch {
		case s == nil && (w.old(id) || id < w.floor || len(w.seen) == 0):
			info[i] = stateForgotten
		case s == nil && id > w.seen[len(w.seen)-1].id:
			info[i] = stateTooHigh
		case s == nil:
			info[i] = stateNotCame
		case s.flags&seenRunning != 0:
			info[i] = stateCame | processing
		case s.flags&(seenDone|seenFailed) != 0:
			info[i] = stateCame | stateAnswered
		case s.seqno&1 == 0:
			info[i] = stateCame | needsNoAck
		default:
			info[i] = stateCame
		}
	}
	return info
}
