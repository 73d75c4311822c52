package mtproto

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
)

// rogue is a client that a test leads by hand against a real server.
type rogue struct {
	t    testing.TB
	w    *world
	f    *framer
	seal *sealer
	open *sealer
	ids  idGen
	h    header // of what it sends: salt, session
	in   []message
}

func newRogue(t testing.TB, w *world) *rogue {
	t.Helper()
	nc, err := w.dial(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(time.Minute))
	f, err := newFramer(nc, Intermediate, false, 0, Limits{}.withDefaults(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &rogue{t: t, w: w, f: f, seal: newSealer(w.key.secret, fromClient, crand.Reader),
		open: newSealer(w.key.secret, fromServer, nil), h: header{salt: w.AddKey(w.key), session: 5}}
}

func (r *rogue) id() int64 { return r.ids.next(time.Now(), lowClient) }

func (r *rogue) send(id int64, seqno int32, body []byte) {
	r.t.Helper()
	h := r.h
	h.msgID, h.seqno = id, seqno
	frameOf(r.t, r.f, sealed(r.t, r.seal, h, body))
}

// next is the server's next message, out of its container, that is not
// new_session_created.
func (r *rogue) next() message {
	r.t.Helper()
	for {
		for len(r.in) > 0 {
			m := r.in[0]
			r.in = r.in[1:]
			if peekID(m.body) != idNewSession {
				return m
			}
		}
		p, err := r.f.read()
		if err != nil {
			r.t.Fatal(err)
		}
		if len(p) == 4 {
			return message{body: bytes.Clone(p)}
		}
		h, body, err := r.open.open(p)
		if err != nil {
			r.t.Fatal(err)
		}
		if h.session != r.h.session || h.msgID&1 == 0 {
			r.t.Fatalf("header %v", h)
		}
		body = bytes.Clone(body)
		r.in = append(r.in, message{h.msgID, h.seqno, body})
		if peekID(body) == idContainer {
			if h.seqno&1 == 1 {
				r.t.Error("the container has an odd seqno")
			}
			if r.in, err = unpack(nil, body); err != nil {
				r.t.Fatal(err)
			}
			for _, m := range r.in {
				if m.id >= h.msgID {
					r.t.Error("inner msg_id not below the container's")
				}
			}
		}
	}
}

// refused wants a notice of this code about id.
func (r *rogue) refused(id int64, code int) {
	r.t.Helper()
	m := r.next()
	want := uint32(idBadMsg)
	if code == 48 {
		want = idBadSalt
	}
	if peekID(m.body) != want || longAt(m.body, 4) != id || int(intAt(m.body, 16)) != code {
		r.t.Errorf("answer %x, want %08x about %d with code %d", m.body, want, id, code)
	}
}

// answered wants the result of id, with this number inside.
func (r *rogue) answered(id int64, n int) {
	r.t.Helper()
	m := r.next()
	if peekID(m.body) != idRPCResult || longAt(m.body, 4) != id || peekID(m.body[12:]) != resEcho || int(intAt(m.body, 16)) != n || m.seqno&1 != 1 {
		r.t.Errorf("answer %x (seqno %d), want the result of %d", m.body, m.seqno, id)
	}
}

func TestServerChecks(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		send func(r *rogue, id int64) int64 // after one good request of seqno 1; what is refused
	}{
		"salt": {48, func(r *rogue, id int64) int64 { r.h.salt++; r.send(id, 3, request(reqEcho, 9, 0)); return id }},
		"too old": {16, func(r *rogue, _ int64) int64 {
			id := new(idGen).next(time.Now().Add(-310*time.Second), 0)
			r.send(id, 3, request(reqEcho, 9, 0))
			return id
		}},
		"too new": {17, func(r *rogue, _ int64) int64 {
			id := new(idGen).next(time.Now().Add(40*time.Second), 0)
			r.send(id, 3, request(reqEcho, 9, 0))
			return id
		}},
		"low bits": {18, func(r *rogue, id int64) int64 { r.send(id|1, 3, request(reqEcho, 9, 0)); return id | 1 }},
		"inner low bits": {18, func(r *rogue, id int64) int64 {
			top := r.id()
			r.send(top, 4, box(message{id | 2, 3, request(reqEcho, 9, 0)}))
			return top
		}},
		"container id taken": {19, func(r *rogue, id int64) int64 {
			r.send(id, 3, request(reqEcho, 1, 0))
			r.answered(id, 1)
			r.send(id, 4, box(message{id - 4, 3, request(reqEcho, 9, 0)}))
			return id
		}},
		"seqno again": {32, func(r *rogue, id int64) int64 { r.send(id, 1, request(reqEcho, 9, 0)); return id }},
		"seqno lower": {32, func(r *rogue, id int64) int64 {
			r.send(id, 7, request(reqEcho, 1, 0))
			r.answered(id, 1)
			id = r.id()
			r.send(id, 5, request(reqEcho, 9, 0))
			return id
		}},
		"seqno higher": {33, func(r *rogue, id int64) int64 {
			later := r.id()
			r.send(later, 3, request(reqEcho, 1, 0))
			r.answered(later, 1)
			r.send(id, 5, request(reqEcho, 9, 0))
			return id
		}},
		"ack odd": {34, func(r *rogue, id int64) int64 { r.send(id, 3, putAck(nil, []int64{1})); return id }},
		"container odd": {34, func(r *rogue, id int64) int64 {
			top := r.id()
			r.send(top, 5, box(message{id, 3, request(reqEcho, 9, 0)}))
			return top
		}},
		"request even": {35, func(r *rogue, id int64) int64 { r.send(id, 2, request(reqEcho, 9, 0)); return id }},
		"inner seqno": {32, func(r *rogue, id int64) int64 {
			second, top := r.id(), r.id()
			r.send(top, 6, box(message{id, 3, request(reqEcho, 9, 0)}, message{second, 3, request(reqEcho, 9, 0)}))
			return top
		}},
		"container below": {64, func(r *rogue, id int64) int64 {
			inner := r.id()
			r.send(id, 4, box(message{inner, 3, request(reqEcho, 9, 0)}))
			return id
		}},
		"nested": {64, func(r *rogue, id int64) int64 {
			mid, top := r.id(), r.id()
			r.send(top, 4, box(message{mid, 4, box(message{id, 3, request(reqEcho, 9, 0)})}))
			return top
		}},
		"count": {64, func(r *rogue, id int64) int64 { r.send(id, 2, putContainerHead(nil, 1021)); return id }},
		"cut": {64, func(r *rogue, id int64) int64 {
			top := r.id()
			b := box(message{id, 3, request(reqEcho, 9, 8)})
			r.send(top, 4, b[:len(b)-4])
			return top
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			r := newRogue(t, w)
			first := r.id()
			r.send(first, 1, request(reqEcho, 0, 0))
			r.answered(first, 0)
			r.refused(c.send(r, r.id()), c.code)
			for _, n := range w.led.executed() {
				if n == 9 {
					t.Error("the refused request was executed")
				}
			}
			// The refused one left no trace: what follows in good order is taken.
			r.h.salt = w.AddKey(w.key)
			id := r.id()
			r.send(id, 9, request(reqEcho, 2, 0))
			r.answered(id, 2)
		})
	}
}

// A container is refused as a whole: the good ones in it count as never received.
func TestServerUndoesContainer(t *testing.T) {
	w := newWorld(t, nil)
	r := newRogue(t, w)
	a, b, top := r.id(), r.id(), r.id()
	r.send(top, 4, box(message{a, 1, request(reqEcho, 1, 0)}, message{b, 1, request(reqEcho, 2, 0)}))
	r.refused(top, 32)
	r.send(a, 1, request(reqEcho, 1, 0))
	r.answered(a, 1)
}

// Empty frames, containers and requests hurt nobody.
func TestServerEmpty(t *testing.T) {
	w := newWorld(t, nil)
	r := newRogue(t, w)
	r.send(r.id(), 0, box())
	for i, empty := range [][]byte{nil, putLong(putID(nil, idInvokeAfterMsg), 0), zipped(nil)} {
		id := r.id()
		r.send(id, int32(2*i+1), empty)
		m := r.next()
		if code, _, ok := rpcError(m.body[12:]); !ok || code != 400 || longAt(m.body, 4) != id {
			t.Errorf("%x: %x", empty, m.body)
		}
	}
	id := r.id()
	r.send(id, 9, request(reqEcho, 1, 0))
	r.answered(id, 1)
	after := r.id()
	r.send(after, 11, putLong(putID(nil, idInvokeAfterMsg), id))
	if code, text, _ := rpcError(r.next().body[12:]); code != 400 || text != "INPUT_REQUEST_TOO_SHORT" {
		t.Errorf("%d %s", code, text)
	}
}

// What lies below all that is remembered cannot be told from a repetition.
func TestServerForgets(t *testing.T) {
	w := newWorld(t, nil)
	r := newRogue(t, w)
	old, lone := r.id(), r.id()
	for range 10 {
		var list []message
		for range 1000 {
			list = append(list, message{r.id(), 0, putLong(putID(nil, idPing), 1)})
		}
		r.send(r.id(), 0, box(list...))
		for range list {
			if m := r.next(); peekID(m.body) != idPong {
				t.Fatalf("%x", m.body)
			}
		}
	}
	r.send(lone, 0, putLong(putID(nil, idPing), 2))
	r.refused(lone, 20)
	r.send(lone, 0, box(message{old, 1, request(reqEcho, 9, 0)}))
	r.refused(lone, 20)
	if got := w.led.executed(); len(got) != 0 {
		t.Errorf("executed %v", got)
	}
}

// A request that comes again is not executed again; its answer comes again
// until it is acknowledged.
func TestServerRepeats(t *testing.T) {
	w := newWorld(t, nil)
	r := newRogue(t, w)
	id := r.id()
	r.send(id, 1, request(reqEcho, 7, 0))
	m := r.next()
	r.send(id, 1, request(reqEcho, 7, 0))
	if again := r.next(); again.id != m.id || again.seqno != m.seqno || !bytes.Equal(again.body, m.body) {
		t.Errorf("%v, want %v once more", again, m)
	}
	ask := r.id()
	r.send(ask, 2, putLongs(putID(nil, idMsgResendReq), []int64{m.id}))
	if again := r.next(); again.id != m.id {
		t.Errorf("msg_resend_req gave %v", again)
	}
	ask = r.id()
	r.send(ask, 2, putLongs(putID(nil, idMsgsStateReq), []int64{id, ask + 4, id + 1, id - 1<<40}))
	state := r.next()
	rd := &reader{b: state.body}
	rd.want(idMsgsStateInfo)
	if req, info := rd.int64(), rd.bytes(); req != ask || len(info) != 4 || info[0]&7 != 4 || info[1] != 3 || info[2] != 2 || info[3] != 1 {
		t.Errorf("states %x", state.body)
	}
	r.send(r.id(), 2, putAck(nil, []int64{m.id}))
	r.send(id, 1, request(reqEcho, 7, 0))
	ping := r.id()
	r.send(ping, 2, putLong(putID(nil, idPing), 11))
	if pong := r.next(); peekID(pong.body) != idPong || longAt(pong.body, 4) != ping || longAt(pong.body, 12) != 11 {
		t.Errorf("after the ack came %x, want the pong alone", pong.body)
	}
	if got := fmt.Sprint(w.led.executed()); got != "[7]" {
		t.Errorf("executed %s", got)
	}
}

func TestServerServices(t *testing.T) {
	w := newWorld(t, nil)
	r := newRogue(t, w)
	id := r.id()
	r.send(id, 0, putInt(putID(nil, idGetFutureSalts), 3))
	rd := &reader{b: r.next().body}
	rd.want(idFutureSalts)
	req, now, n := rd.int64(), rd.int32(), rd.int32()
	if req != id || n != 3 || time.Since(time.Unix(int64(now), 0)).Abs() > 5*time.Second {
		t.Errorf("future_salts of %d: %d at %d", req, n, now)
	}
	since, until, salt := rd.int32(), rd.int32(), rd.int64()
	if since > now || until <= now || salt != w.AddKey(w.key) {
		t.Errorf("first salt %d from %d to %d at %d", salt, since, until, now)
	}
	r.send(r.id(), 0, putLong(putID(nil, idDestroySession), 77))
	if m := r.next(); peekID(m.body) != idDestroyNone {
		t.Errorf("destroyed a session that is not there: %x", m.body)
	}
	other := newRogue(t, w)
	other.h.session = 77
	oid := other.id()
	other.send(oid, 1, request(reqEcho, 1, 0))
	other.answered(oid, 1)
	r.send(r.id(), 0, putLong(putID(nil, idDestroySession), 77))
	if m := r.next(); peekID(m.body) != idDestroyOK {
		t.Errorf("session not destroyed: %x", m.body)
	}
	for _, x := range w.Sessions(w.key.ID()) {
		if x.ID() == 77 {
			t.Error("the session is still there")
		}
	}
	a, drop := r.id(), r.id()
	r.send(a, 1, request(reqEcho, 3, 0))
	m := r.next()
	r.send(drop, 2, putLong(putID(nil, idDropAnswer), a))
	if got := r.next(); peekID(got.body[12:]) != idAnswerDropped || longAt(got.body, 16) != m.id {
		t.Errorf("rpc_drop_answer: %x", got.body)
	}
}

// invokeAfterMsg: never after a failed one, nor after one that never came.
func TestServerAfter(t *testing.T) {
	w := newWorld(t, nil)
	r := newRogue(t, w)
	after := func(id int64, b []byte) []byte { return append(putLong(putID(nil, idInvokeAfterMsg), id), b...) }
	failed := func(id int64, text string) {
		t.Helper()
		m := r.next()
		if longAt(m.body, 4) != id {
			t.Errorf("answer to %d, want %d", longAt(m.body, 4), id)
		}
		if _, got, ok := rpcError(m.body[12:]); !ok || got != text {
			t.Errorf("answer %q, want %q", got, text)
		}
	}
	a, b, c, d, e := r.id(), r.id(), r.id(), r.id(), r.id()
	r.send(a, 1, request(reqEcho, 0, 0))
	r.answered(a, 0)
	r.send(b, 3, after(a, request(reqFail, 1, 0)))
	failed(b, "TEST_FAIL_1")
	r.send(c, 5, after(b, request(reqEcho, 2, 0)))
	failed(c, "MSG_WAIT_FAILED")
	r.send(d, 7, after(c, request(reqEcho, 3, 0)))
	failed(d, "MSG_WAIT_FAILED")
	r.send(e, 9, after(a+1, request(reqEcho, 4, 0)))
	failed(e, "MSG_WAIT_FAILED")
	f, g := r.id(), r.id()
	r.send(f, 11, request(reqLater, 5, 0))
	r.send(g, 13, after(f, z(t, request(reqEcho, 6, 400))))
	r.answered(f, 5)
	if m := r.next(); longAt(m.body, 4) != g {
		t.Errorf("%x", m.body)
	}
	h := r.id()
	r.send(h, 15, after(h, request(reqEcho, 7, 0)))
	failed(h, "MSG_WAIT_FAILED")
	if got := fmt.Sprint(w.led.executed()); got != "[0 1 5 6]" {
		t.Errorf("executed %s", got)
	}
}

func z(t *testing.T, b []byte) []byte {
	p := new(zipper).pack(b, 1)
	if p == nil {
		t.Fatal("not packed")
	}
	return p
}

// One that waits longer than half a second is told so, and is not executed.
func TestServerWaitTimeout(t *testing.T) {
	var held struct {
		s  *ServerSession
		id int64
	}
	ran := 0
	w := newWorld(t, func(s *Server) {
		s.Handler = HandlerFunc(func(_ context.Context, x *ServerSession, id int64, body []byte) ([]byte, error) {
			if intAt(body, 4) == 1 {
				held.s, held.id = x, id
				return nil, ErrLater
			}
			ran++
			return putInt(putID(nil, resEcho), 2), nil
		})
	})
	r := newRogue(t, w)
	a, b, c := r.id(), r.id(), r.id()
	r.send(a, 1, request(reqEcho, 1, 0))
	r.send(b, 3, append(putLong(putID(nil, idInvokeAfterMsg), a), request(reqEcho, 2, 0)...))
	m := r.next()
	if _, text, _ := rpcError(m.body[12:]); longAt(m.body, 4) != b || text != "MSG_WAIT_TIMEOUT" {
		t.Errorf("%x", m.body)
	}
	r.send(c, 5, request(reqEcho, 2, 0)) // not chained: not held up
	r.answered(c, 2)
	if !held.s.Answer(held.id, nil, tgerr.New(420, "FLOOD_WAIT_3")) || held.s.Answer(held.id, nil, nil) {
		t.Error("Answer: want true once")
	}
	m = r.next()
	if code, text, _ := rpcError(m.body[12:]); longAt(m.body, 4) != a || text != "FLOOD_WAIT_3" || code != 420 {
		t.Errorf("%x", m.body)
	}
	if ran != 1 {
		t.Errorf("%d executed, want 1", ran)
	}
}

func TestServerTransportErrors(t *testing.T) {
	w := newWorld(t, func(s *Server) { s.DCs = []int{2} })
	r := newRogue(t, w)
	other, _ := newTestKey(t)
	r.seal = newSealer(other.secret, fromClient, crand.Reader)
	r.send(r.id(), 1, request(reqEcho, 1, 0))
	if m := r.next(); intAt(m.body, 0) != -404 {
		t.Errorf("unknown key: %x", m.body)
	}
	r = newRogue(t, w) // an exchange without an RSA key
	frameOf(t, r.f, putPlain(r.id(), append(putID(nil, idReqPQMulti), make([]byte, 16)...))[frameRoom:])
	if m := r.next(); intAt(m.body, 0) != -404 {
		t.Errorf("exchange: %x", m.body)
	}
	nc, err := w.dial(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	f, err := newFramer(nc, Abridged, true, 4, Limits{}.withDefaults(), crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	frameOf(t, f, make([]byte, 64))
	if p, err := f.read(); err != nil || len(p) != 4 || intAt(p, 0) != -444 {
		t.Errorf("wrong data centre: %x %v", p, err)
	}
}

// The answers of one container leave in one container; large ones are packed.
func TestServerPacks(t *testing.T) {
	var tr traces
	w := newWorld(t, func(s *Server) { s.Trace = tr.add; s.Limits.GzipBytes = 1000 })
	r := newRogue(t, w)
	var list []message
	for i := range 10 {
		list = append(list, message{r.id(), int32(2*i + 1), request(reqEcho, i, 400*i)})
	}
	r.send(r.id(), 20, box(list...))
	zips := 0
	for i, m := range list {
		got := r.next()
		if longAt(got.body, 4) != m.id {
			t.Fatalf("answer %d is to %d", i, longAt(got.body, 4))
		}
		body := got.body[12:]
		zips += b2i(peekID(body) == idGzipPacked)
		if body, err := Unzip(body, 1<<20); err != nil || !bytes.Equal(body[4:], m.body[4:]) {
			t.Errorf("answer %d: %x %v", i, body, err)
		}
	}
	if n := tr.count(func(e TraceEvent) bool { return e.Out && e.Container != 0 }); n != 11 {
		t.Errorf("%d messages in containers, want 11 (10 answers and new_session_created)", n)
	}
	if zips != 7 {
		t.Errorf("%d packed, want 7", zips)
	}
}

// A session lives on when its connection ends; what is pushed to several
// connections of it is one message.
func TestServerSessions(t *testing.T) {
	made := make(chan *ServerSession, 10)
	w := newWorld(t, func(s *Server) { s.OnSession = func(x *ServerSession) { made <- x } })
	a, b := newRogue(t, w), newRogue(t, w)
	id := a.id()
	a.send(id, 1, request(reqEcho, 1, 0))
	a.answered(id, 1)
	first := id
	id = a.id()
	b.send(id, 3, request(reqEcho, 2, 0))
	b.answered(first, 1) // not acknowledged: it may have been lost with a connection
	b.answered(id, 2)
	x := <-made
	if len(made) != 0 || x.ID() != 5 || x.KeyID() != w.key.ID() {
		t.Errorf("session %d of key %d", x.ID(), x.KeyID())
	}
	x.Send(request(0x77777777, 1, 0))
	ma, mb := a.next(), b.next()
	if ma.id != mb.id || ma.seqno != mb.seqno || ma.id&3 != lowServer {
		t.Errorf("pushed as %d and %d", ma.id, mb.id)
	}
	a.f.conn.Close()
	b.f.conn.Close()
	for x.Live() {
		time.Sleep(time.Millisecond)
	}
	if x.Send(request(0x77777777, 2, 0)) {
		t.Error("sent though nobody is there")
	}
	c := newRogue(t, w)
	id = a.id()
	c.send(id, 1, request(reqEcho, 9, 0))
	c.refused(id, 32) // the session remembers
}

// A client that does not read is cut off; the sender is never held up.
func TestServerSlowClient(t *testing.T) {
	made := make(chan *ServerSession, 1)
	w := newWorld(t, func(s *Server) {
		s.OnSession = func(x *ServerSession) { made <- x }
		s.Limits.UpdateBytes = 1 << 20
		s.OnError = func(net.Addr, error) {}
	})
	r := newRogue(t, w)
	id := r.id()
	r.send(id, 1, request(reqEcho, 1, 0))
	r.answered(id, 1)
	x := <-made
	big := request(0x77777777, 1, 1<<16)
	for n := 0; x.Send(big); n++ {
		if n > 100000 {
			t.Fatal("never cut off")
		}
	}
}
