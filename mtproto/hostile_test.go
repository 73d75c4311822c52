package mtproto

import (
	"bytes"
	"compress/gzip"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
)

// puppet is a server that a test leads by hand: it reads the client's messages
// and sends whatever the test wants, under a good key unless told otherwise.
type puppet struct {
	t    *testing.T
	key  AuthKey
	f    *framer
	open *sealer
	seal *sealer
	ids  idGen
	h    header // of the client's last frame
	conn *Conn
	ln   net.Listener
	up   chan []byte
	gaps chan Gap
}

func newPuppet(t *testing.T, change func(*Config)) *puppet {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	key, _ := newTestKey(t)
	p := &puppet{t: t, key: key, ln: ln, up: make(chan []byte, 10000), gaps: make(chan Gap, 100)}
	cfg := Config{
		Dial:     func(ctx context.Context) (net.Conn, error) { return net.Dial("tcp", ln.Addr().String()) },
		Auth:     &Auth{Key: key},
		OnUpdate: func(_ int64, b []byte) { p.up <- b },
		OnGap:    func(g Gap) { p.gaps <- g },

		NoReconnect: true,
	}
	if change != nil {
		change(&cfg)
	}
	if p.conn, err = Connect(context.Background(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.conn.Close() })
	p.accept()
	p.open = newSealer(key.secret, fromClient, nil)
	p.seal = newSealer(key.secret, fromServer, crand.Reader)
	return p
}

// accept waits for the client's next connection.
func (p *puppet) accept() {
	p.t.Helper()
	p.ln.(*net.TCPListener).SetDeadline(time.Now().Add(time.Minute))
	nc, err := p.ln.Accept()
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(time.Minute))
	p.f = &framer{conn: nc, kind: Abridged, server: true, maxIn: 1 << 24}
	p.h = header{}
}

// next is the client's next frame as messages, without acks.
func (p *puppet) next() []message {
	p.t.Helper()
	for {
		if p.h == (header{}) {
			if tag, err := p.f.take(1); err != nil || tag[0] != 0xef {
				p.t.Fatal(tag, err)
			}
		}
		payload, err := p.f.read()
		if err != nil {
			p.t.Fatal(err)
		}
		h, body, err := p.open.open(payload)
		if err != nil {
			p.t.Fatal(err)
		}
		p.h = h
		list := []message{{h.msgID, h.seqno, body}}
		if peekID(body) == idContainer {
			if list, err = unpack(nil, body); err != nil {
				p.t.Fatal(err)
			}
		}
		var rest []message
		for _, m := range list {
			if peekID(m.body) != idMsgsAck {
				m.body = bytes.Clone(m.body)
				rest = append(rest, m)
			}
		}
		if len(rest) > 0 {
			return rest
		}
	}
}

func (p *puppet) id(low int64) int64 { return p.ids.next(time.Now(), low) }

func (p *puppet) raw(payload []byte) {
	p.t.Helper()
	if _, err := p.f.write(append(make([]byte, frameRoom), payload...)); err != nil {
		p.t.Fatal(err)
	}
}

// send sends one message with this msg_id.
func (p *puppet) send(id int64, seqno int32, body []byte) {
	p.t.Helper()
	p.raw(sealed(p.t, p.seal, header{session: p.h.session, msgID: id, seqno: seqno}, body))
}

// say sends a message in good order.
func (p *puppet) say(body []byte) { p.t.Helper(); p.send(p.id(lowServer), 1, body) }

func result(req int64, body []byte) []byte {
	return append(putLong(putID(nil, idRPCResult), req), body...)
}

func rpcErr(code int, text string) []byte {
	return putBytes(putInt(putID(nil, idRPCError), int32(code)), []byte(text))
}

func box(list ...message) []byte {
	b := putContainerHead(nil, len(list))
	for _, m := range list {
		b = append(putInt(putInt(putLong(b, m.id), m.seqno), int32(len(m.body))), m.body...)
	}
	return b
}

func pushed(n int) []byte { return request(0x77777777, n, 0) }

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return putBytes(putID(nil, idGzipPacked), out.Bytes())
}

// call starts a call and gives its outcome later.
func (p *puppet) call(n int) chan Outcome {
	out := make(chan Outcome, 1)
	go func() {
		list, err := p.conn.Batch(context.Background(), [][]byte{request(reqEcho, n, 0)}, false)
		if err != nil {
			p.t.Error(err)
		}
		out <- list[0]
	}()
	return out
}

// ends waits for the client to close the connection because of this check.
func (p *puppet) ends(check string) {
	p.t.Helper()
	select {
	case <-p.conn.Done():
	case <-time.After(time.Minute):
		p.t.Fatalf("the client went on; want it to end by %q", check)
	}
	var c *CheckError
	if err := p.conn.Err(); !errors.As(err, &c) || c.Check != check {
		p.t.Errorf("ended by %v, want %q", err, check)
	}
	select {
	case u := <-p.up:
		p.t.Errorf("a refused frame had an effect: %x", u)
	default:
	}
}

// works shows that the session still does, and that nothing of before was kept
// back.
func (p *puppet) works() {
	p.t.Helper()
	out := p.call(4242)
	for {
		for _, m := range p.next() {
			if peekID(m.body) == reqEcho && intAt(m.body, 4) != 4242 {
				p.t.Errorf("request %d was sent", intAt(m.body, 4))
			}
			if peekID(m.body) == reqEcho && intAt(m.body, 4) == 4242 {
				p.say(result(m.id, putID(nil, resEcho)))
				if o := <-out; o.State != Done {
					p.t.Errorf("%v %v", o.State, o.Err)
				}
				return
			}
		}
	}
}

// Each check of what is received ends the connection, and nothing is used.
func TestReceiveChecks(t *testing.T) {
	for name, c := range map[string]struct {
		check string
		send  func(p *puppet)
	}{
		"msg_key": {"msg_key", func(p *puppet) {
			b := sealed(p.t, p.seal, header{session: p.h.session, msgID: p.id(3), seqno: 1}, pushed(1))
			b[len(b)-1] ^= 1
			p.raw(b)
		}},
		"another key": {"msg_key", func(p *puppet) {
			other, _ := newTestKey(p.t)
			p.raw(sealed(p.t, newSealer(other.secret, fromServer, crand.Reader), header{session: p.h.session, msgID: p.id(3)}, pushed(1)))
		}},
		"reflected": {"msg_key", func(p *puppet) {
			p.raw(sealed(p.t, newSealer(p.key.secret, fromClient, crand.Reader), header{session: p.h.session, msgID: p.id(3)}, pushed(1)))
		}},
		"plain text": {"msg_key", func(p *puppet) { p.raw(putPlain(p.id(1), make([]byte, 64))[frameRoom:]) }},
		"session": {"session_id", func(p *puppet) {
			p.raw(sealed(p.t, p.seal, header{session: p.h.session + 1, msgID: p.id(3), seqno: 1}, pushed(1)))
		}},
		"padding": {"padding", func(p *puppet) {
			p.raw(craft(p.key.secret, fromServer, header{session: p.h.session, msgID: p.id(3)}, 8, append(pushed(1), make([]byte, 8)...)))
		}},
		"too much padding": {"padding", func(p *puppet) {
			p.raw(craft(p.key.secret, fromServer, header{session: p.h.session, msgID: p.id(3)}, 8, append(pushed(1), make([]byte, 1032)...)))
		}},
		"length": {"length", func(p *puppet) {
			p.raw(craft(p.key.secret, fromServer, header{session: p.h.session, msgID: p.id(3)}, 7, append(pushed(1), make([]byte, 24)...)))
		}},
		"parity 0": {"msg_id", func(p *puppet) { p.send(p.id(3)&^3, 1, pushed(1)) }},
		"parity 2": {"msg_id", func(p *puppet) { p.send(p.id(3)&^3|2, 1, pushed(1)) }},
		"too old":  {"msg_id", func(p *puppet) { p.send(p.ids.next(time.Now().Add(-310*time.Second), 3), 1, pushed(1)) }},
		"too new":  {"msg_id", func(p *puppet) { p.send(p.ids.next(time.Now().Add(40*time.Second), 3), 1, pushed(1)) }},
		"too new, answering nothing": {"msg_id", func(p *puppet) {
			p.send(p.ids.next(time.Now().Add(40*time.Second), 1), 1, result(p.h.msgID+4, putID(nil, resEcho)))
		}},
		"old box": {"msg_id", func(p *puppet) {
			p.send(p.ids.next(time.Now().Add(-310*time.Second), 3), 0, box(message{p.id(3), 1, pushed(1)}))
		}},
		"inner even": {"msg_id", func(p *puppet) {
			p.send(p.id(3), 0, box(message{p.id(3), 1, pushed(2)}, message{p.id(3) - 1, 1, pushed(1)}))
		}},
		"box even": {"msg_id", func(p *puppet) { m := message{p.id(3), 1, pushed(1)}; p.send(p.id(3)+1, 0, box(m)) }},
		"box in box": {"container", func(p *puppet) {
			p.send(p.id(3), 0, box(message{p.id(3), 1, pushed(2)}, message{p.id(3), 0, box(message{p.id(3), 1, pushed(1)})}))
		}},
		"box cut": {"container", func(p *puppet) {
			b := box(message{p.id(3), 1, pushed(1)}, message{p.id(3), 1, pushed(2)})
			p.send(p.id(3), 0, b[:len(b)-4])
		}},
		"box with a rest": {"container", func(p *puppet) { p.send(p.id(3), 0, append(box(message{p.id(3), 1, pushed(1)}), 0, 0, 0, 0)) }},
		"box of 1021": {"container", func(p *puppet) {
			list := make([]message, 1021)
			for i := range list {
				list[i] = message{p.id(3), 1, pushed(i)}
			}
			p.send(p.id(3), 0, box(list...))
		}},
		"box of -1": {"container", func(p *puppet) { p.send(p.id(3), 0, putInt(putID(nil, idContainer), -1)) }},
		"box length 6": {"container", func(p *puppet) {
			odd := append(pushed(1), make([]byte, 2)...) // twice, so that all else is right
			p.send(p.id(3), 0, box(message{p.id(3), 1, odd}, message{p.id(3), 1, odd}))
		}},
		"positive number": {"frame", func(p *puppet) { p.raw(putInt(nil, 404)) }},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPuppet(t, nil)
			out := p.call(1)
			p.next()
			c.send(p)
			p.ends(c.check)
			if o := <-out; o.State != Unknown {
				t.Errorf("the call: %v %v", o.State, o.Err)
			}
		})
	}
}

func TestTransportErrors(t *testing.T) {
	for _, code := range []int{404, 429, 444, 500} {
		p := newPuppet(t, nil)
		out := p.call(1)
		p.next()
		p.raw(putInt(nil, int32(-code)))
		o := <-out
		var te *TransportError
		if !errors.As(o.Err, &te) || te.Code != code || !strings.Contains(te.Error(), fmt.Sprint(code)) {
			t.Errorf("-%d: %v", code, o.Err)
		}
		if p.conn.Auth().Key.ID() != p.key.ID() {
			t.Errorf("-%d: the key was replaced", code)
		}
	}
}

func TestFrameTooLong(t *testing.T) {
	p := newPuppet(t, func(c *Config) { c.Limits.FrameBytes = 1 << 16 })
	p.call(1)
	p.next()
	if _, err := p.f.conn.Write([]byte{0x7f, 0xff, 0xff, 0xff}); err != nil { // 64 MB announced
		t.Fatal(err)
	}
	<-p.conn.Done()
	var fe *FrameError
	if !errors.As(p.conn.Err(), &fe) {
		t.Errorf("ended by %v", p.conn.Err())
	}
}

// What was received once has no effect the second time: a frame, a message of a
// container, and what lies below the window.
func TestReplay(t *testing.T) {
	p := newPuppet(t, nil)
	p.call(1)
	req := p.next()[0]
	old := p.id(3)
	one := sealed(t, p.seal, header{session: p.h.session, msgID: p.id(3), seqno: 1}, pushed(1))
	p.raw(one)
	p.raw(bytes.Clone(one))
	inner := message{p.id(3), 1, pushed(2)}
	p.send(p.id(3), 0, box(inner, inner))
	p.send(inner.id, 1, pushed(2))
	p.send(p.id(3), 0, box(inner, message{p.id(3), 1, pushed(3)}))
	for i := range 20 { // fill the window twice
		var list []message
		for j := range 1000 {
			list = append(list, message{p.id(3), 0, pushed(100 + 1000*i + j)})
		}
		p.send(p.id(3), 0, box(list...))
		for len(p.up) < 3+1000*(i+1) && i < 9 { // the channel holds 10000
			time.Sleep(time.Millisecond)
		}
		if i == 9 {
			break
		}
	}
	for len(p.up) < 10000 {
		time.Sleep(time.Millisecond)
	}
	for i := range 10000 {
		want := i + 1
		if i >= 3 {
			want = 100 + i - 3
		}
		if got := int(intAt(<-p.up, 4)); got != want {
			t.Fatalf("update %d came as number %d", got, i)
		}
	}
	p.send(old, 1, pushed(-1)) // below the window by now
	p.raw(bytes.Clone(one))
	p.say(result(req.id, putID(nil, resEcho)))
	p.works()
	for len(p.up) > 0 {
		if got := int(intAt(<-p.up, 4)); got < 100 {
			t.Errorf("update %d came again", got)
		}
	}
}

// Every content message is acknowledged, inner ones too, and no other.
func TestAcks(t *testing.T) {
	var tr traces
	p := newPuppet(t, func(c *Config) { c.Limits.AckDelay = 20 * time.Millisecond; c.Trace = tr.add })
	out := p.call(1)
	req := p.next()[0]
	a, b, c, d := p.id(3), p.id(1), p.id(3), p.id(3)
	p.send(p.id(3), 2, box(message{a, 1, pushed(1)}, message{b, 3, result(req.id, putID(nil, resEcho))}, message{c, 4, putLong(putLong(putID(nil, idPong), 1), 1)}))
	p.send(d, 5, pushed(2))
	<-out
	want := map[int64]bool{a: true, b: true, d: true}
	for len(want) > 0 {
		payload, err := p.f.read()
		if err != nil {
			t.Fatalf("%d acks missing: %v", len(want), err)
		}
		_, body, err := p.open.open(payload)
		if err != nil {
			t.Fatal(err)
		}
		if peekID(body) != idMsgsAck {
			t.Fatalf("%08x came", peekID(body))
		}
		r := &reader{b: body[4:]}
		for _, id := range r.longs() {
			if !want[id] {
				t.Errorf("ack of %d, which is not owed", id)
			}
			delete(want, id)
		}
	}
}

// What cannot be read hurts nothing but itself.
func TestOneBadMessage(t *testing.T) {
	p := newPuppet(t, func(c *Config) { c.Limits.UnzippedBytes = 1 << 16 })
	out := p.call(1)
	req := p.next()[0]
	bomb := zipped(make([]byte, 1<<16+1))
	for _, bad := range [][]byte{
		putID(nil, idRPCResult), putID(nil, idNewSession), putID(nil, idBadSalt), putInt(putID(nil, idBadMsg), 1),
		putID(nil, idFutureSalts), putID(nil, idPong), putInt(putID(nil, idMsgsAck), 5), putID(nil, idMsgDetailed),
		putInt(putInt(putID(nil, idMsgsStateReq), idVector), 1<<30), putID(nil, idGzipPacked),
		putBytes(putID(nil, idGzipPacked), []byte("no gzip")), zipped(zipped(pushed(1))), bomb,
		putLong(putLong(putLong(putID(nil, idRPCResult), 12345), 1), 2),
	} {
		p.send(p.id(3), 0, box(message{p.id(3), 1, bad}, message{p.id(3), 1, pushed(7)}))
		if got := <-p.up; intAt(got, 4) != 7 {
			t.Errorf("%08x: the message behind it came as %x", peekID(bad), got)
		}
	}
	p.say(zipped(pushed(8)))
	if got := <-p.up; !bytes.Equal(got, pushed(8)) {
		t.Errorf("packed update: %x", got)
	}
	p.say(zipped(box(message{p.id(3), 1, pushed(9)})))
	if got := <-p.up; !bytes.Equal(got, pushed(9)) {
		t.Errorf("packed container: %x", got)
	}
	p.say(result(req.id, zipped(putLong(putID(nil, resEcho), 77))))
	if o := <-out; o.State != Done || !bytes.Equal(o.Body, putLong(putID(nil, resEcho), 77)) {
		t.Errorf("packed result: %v", o)
	}
	for name, bad := range map[string][]byte{"bomb": bomb, "nested": zipped(zipped(pushed(1))), "rpc_error": putID(nil, idRPCError)} {
		out := p.call(2)
		p.say(result(p.next()[0].id, bad))
		if o := <-out; o.State != Unknown || o.Err == nil {
			t.Errorf("%s: %v %v", name, o.State, o.Err)
		}
	}
	p.works()
}

// Containers of a batch of three are refused, and mended.
func TestRefusedContainer(t *testing.T) {
	for _, code := range []int{16, 17, 18, 19, 32, 33, 34, 35, 48, 64} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			p := newPuppet(t, nil)
			out := make(chan []Outcome, 1)
			go func() {
				l, err := p.conn.Batch(context.Background(), [][]byte{request(reqEcho, 0, 0), request(reqEcho, 1, 0), request(reqEcho, 2, 0)}, true)
				if err != nil {
					t.Error(err)
				}
				out <- l
			}()
			before := p.next()
			if len(before) != 3 {
				t.Fatalf("%d messages", len(before))
			}
			session, top := p.h.session, p.h.msgID
			b := putInt(putInt(putLong(putID(nil, idBadMsg), top), p.h.seqno), int32(code))
			if code == 48 {
				b = putLong(putInt(putInt(putLong(putID(nil, idBadSalt), top), p.h.seqno), 48), 99)
			}
			p.send(p.id(1), 0, b)
			var after []message
			for len(after) < 3 {
				after = append(after, p.next()...)
				if code == 64 && len(after) == 3 && p.h.msgID != after[2].id {
					t.Error("the container was not made smaller")
				}
			}
			for i, m := range after {
				if m.id <= before[2].id && code != 17 || m.id == before[i].id {
					t.Errorf("message %d has no new id", i)
				}
				r := &reader{b: m.body}
				if i > 0 {
					r.want(idInvokeAfterMsg)
					if got := r.int64(); got != after[i-1].id {
						t.Errorf("message %d is chained to %d, want %d", i, got, after[i-1].id)
					}
				}
				if r.want(reqEcho); r.bad || int(r.int32()) != i {
					t.Errorf("message %d holds %x", i, m.body)
				}
				if want := int32(2*i + 1); (code == 17 || code == 32 || code == 33) && m.seqno != want {
					t.Errorf("seqno %d in the new session, want %d", m.seqno, want)
				}
			}
			if renewed := p.h.session != session; renewed != (code == 17 || code == 32 || code == 33) {
				t.Errorf("new session: %v", renewed)
			}
			if code == 48 && p.h.salt != 99 {
				t.Errorf("salt %d, want 99", p.h.salt)
			}
			p.h.session = session // answers may still come in the old one
			for _, m := range after {
				p.say(result(m.id, putID(nil, resEcho)))
			}
			for i, o := range <-out {
				if o.State != Done {
					t.Errorf("%d: %v %v", i, o.State, o.Err)
				}
			}
		})
	}
}

// Refusals that nothing mends end; one that cannot be known is unknown.
func TestRefusedForGood(t *testing.T) {
	p := newPuppet(t, nil)
	refuse := func(code int) {
		p.send(p.id(1), 0, putInt(putInt(putLong(putID(nil, idBadMsg), p.h.msgID), p.h.seqno), int32(code)))
	}
	for code, want := range map[int]State{20: Unknown, 77: NotRun} {
		out := p.call(1)
		req := p.next()[0]
		refuse(code)
		if code == 20 {
			ask := p.next()[0]
			r := &reader{b: ask.body}
			if r.want(idMsgsStateReq); r.bad || r.longs()[0] != req.id {
				t.Errorf("after code 20 came %x, want a question for its state", ask.body)
			}
			p.say(putBytes(putLong(putID(nil, idMsgsStateInfo), ask.id), []byte{1}))
		}
		var bad *BadMsgError
		if o := <-out; o.State != want || !errors.As(o.Err, &bad) || bad.Code != code {
			t.Errorf("code %d: %v %v", code, o.State, o.Err)
		}
	}
	out := p.call(2)
	for range maxTries + 1 {
		p.next()
		refuse(18)
	}
	if o := <-out; o.State != NotRun {
		t.Errorf("%v %v", o.State, o.Err)
	}
	p.works()
}

// A notice about a message that was never sent changes nothing.
func TestForeignNotice(t *testing.T) {
	p := newPuppet(t, nil)
	p.call(1)
	req := p.next()[0]
	before := p.conn.Auth()
	p.say(putLong(putInt(putInt(putLong(putID(nil, idBadSalt), req.id+4), 1), 48), 666))
	p.send(p.ids.next(time.Now().Add(20*time.Second), 1), 0, putInt(putInt(putLong(putID(nil, idBadMsg), req.id+4), 1), 16))
	p.say(pushed(1))
	<-p.up
	if p.conn.Auth() != before {
		t.Errorf("%v, want %v", p.conn.Auth(), before)
	}
}

// A clock that is wrong by days is mended by the notice, though its time is out
// of bounds; the rest of such a frame is not used.
func TestNoticeOutOfTime(t *testing.T) {
	p := newPuppet(t, nil)
	out := p.call(1)
	req := p.next()[0]
	ahead := time.Now().Add(48 * time.Hour)
	p.ids.next(ahead, 3)
	a, b := p.id(3), p.id(1)
	p.send(p.id(3), 0, box(message{a, 1, pushed(666)},
		message{b, 0, putInt(putInt(putLong(putID(nil, idBadMsg), req.id), 1), 16)}))
	again := p.next()[0]
	if d := idTime(again.id).Sub(ahead).Abs(); d > 5*time.Second {
		t.Errorf("new id is %v from the server's time", d)
	}
	p.say(result(again.id, putID(nil, resEcho)))
	if o := <-out; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
	if len(p.up) != 0 {
		t.Error("an update out of time was used")
	}
}

// A pong answers a ping only, and an rpc_result a request only.
func TestAnswersOfAnotherKind(t *testing.T) {
	p := newPuppet(t, nil)
	out := p.call(1)
	req := p.next()[0]
	pinged := make(chan error, 1)
	go func() { pinged <- p.conn.Ping(context.Background()) }()
	ping := p.next()[0]
	p.say(putLong(putLong(putID(nil, idPong), req.id), 1))
	p.say(result(ping.id, putID(nil, resEcho)))
	p.say(pushed(1))
	<-p.up
	if len(out) != 0 || len(pinged) != 0 || p.conn.inFlight() != 2 {
		t.Errorf("%d calls wait, want 2", p.conn.inFlight())
	}
	p.say(putLong(putLong(putID(nil, idPong), ping.id), 1))
	p.say(result(req.id, putID(nil, resEcho)))
	if err := <-pinged; err != nil {
		t.Errorf("ping: %v", err)
	}
	if o := <-out; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

func TestNewSessionForgets(t *testing.T) {
	p := newPuppet(t, nil)
	first, second := p.call(1), (chan Outcome)(nil)
	a := p.next()[0]
	second = p.call(2)
	b := p.next()[0]
	p.say(putLong(putLong(putLong(putID(nil, idNewSession), b.id), 1), 55))
	if o := <-first; o.State != Unknown {
		t.Errorf("request %d before the new session: %v %v", a.id, o.State, o.Err)
	}
	p.say(result(b.id, putID(nil, resEcho)))
	if o := <-second; o.State != Done {
		t.Errorf("request of the new session: %v %v", o.State, o.Err)
	}
	if g := <-p.gaps; g != GapNewSession || p.conn.Auth().Salt != 55 {
		t.Errorf("gap %v, salt %d", g, p.conn.Auth().Salt)
	}
}

// future_salts count only as the answer to our question.
func TestFutureSalts(t *testing.T) {
	p := newPuppet(t, nil)
	salts := func(req int64, salt int64) []byte {
		now := int32(time.Now().Unix())
		b := putInt(putInt(putLong(putID(nil, idFutureSalts), req), now), 1)
		return putLong(putInt(putInt(b, now-10), now+1000), salt)
	}
	out := p.call(1)
	req := p.next()[0]
	p.say(salts(req.id, 666))
	p.say(salts(12345, 666))
	p.say(result(req.id, putID(nil, resEcho)))
	<-out
	p.conn.note(&call{kind: callSalts, body: putInt(putID(nil, idGetFutureSalts), 32)})
	ask := p.next()[0]
	if p.h.salt != 0 {
		t.Errorf("salt %d was taken from an answer that nobody asked for", p.h.salt)
	}
	p.say(salts(ask.id, 77))
	p.say(pushed(1))
	<-p.up
	p.call(2)
	p.next()
	if p.h.salt != 77 {
		t.Errorf("salt %d, want 77", p.h.salt)
	}
}

func TestServerAsks(t *testing.T) {
	p := newPuppet(t, nil)
	p.call(1)
	p.next()
	known := p.id(3)
	p.send(known, 1, pushed(1))
	ask := p.id(3)
	p.send(ask, 1, putLongs(putID(nil, idMsgsStateReq), []int64{known, known + 1, known + 1<<40}))
	m := p.next()[0]
	r := &reader{b: m.body}
	r.want(idMsgsStateInfo)
	if req, info := r.int64(), r.bytes(); r.bad || req != ask || len(info) != 3 || info[0]&7 != 4 || info[1] != 2 || info[2] != 3 {
		t.Errorf("msgs_state_info %x", m.body)
	}
	answer := p.id(1) + 1<<34
	p.say(putInt(putInt(putLong(putID(nil, idMsgNewDetailed), answer), 40), 0))
	m = p.next()[0]
	r = &reader{b: m.body}
	r.want(idMsgResendReq)
	if ids := r.longs(); len(ids) != 1 || ids[0] != answer {
		t.Errorf("msg_resend_req %x", m.body)
	}
}

// MSG_WAIT_* is no outcome: the cause is the predecessor's.
func TestWaitErrors(t *testing.T) {
	for _, name := range []string{"MSG_WAIT_FAILED", "MSG_WAIT_TIMEOUT"} {
		for _, code := range []int{400, 500, -503} {
			p := newPuppet(t, nil)
			out := make(chan []Outcome, 1)
			var reqs []Request
			for i := range 4 { // repeatable, but a 500 of this name is no reason to repeat
				reqs = append(reqs, Request{Body: request(reqEcho, i, 0), Repeatable: true})
			}
			go func() {
				l, _ := p.conn.DoAll(context.Background(), reqs, BatchOptions{Ordered: true})
				out <- l
			}()
			list := p.next()
			p.say(result(list[1].id, rpcErr(code, name)))
			p.say(result(list[2].id, rpcErr(code, name)))
			p.say(result(list[3].id, rpcErr(code, name)))
			p.say(result(list[0].id, putID(nil, resEcho))) // only slow
			list = p.next()
			if len(list) != 3 || peekID(list[0].body) != reqEcho || peekID(list[1].body) != idInvokeAfterMsg ||
				longAt(list[1].body, 4) != list[0].id || longAt(list[2].body, 4) != list[1].id {
				t.Fatalf("the tail came as %d messages", len(list))
			}
			p.say(result(list[1].id, rpcErr(code, name)))
			p.say(result(list[0].id, rpcErr(400, "REAL")))
			p.say(result(list[2].id, rpcErr(code, name)))
			l := <-out
			if l[0].State != Done || l[1].State != Failed || !tgerr.Is(l[1].Err, "REAL") {
				t.Errorf("%v", l)
			}
			for _, o := range l[2:] {
				var not *NotRunError
				if o.State != NotRun || !errors.As(o.Err, &not) || not.Index != 1 || !tgerr.Is(o.Err, "REAL") {
					t.Errorf("%v %v", o.State, o.Err)
				}
			}
		}
	}
}

func TestUpdateOverflow(t *testing.T) {
	hold, begun := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var got []string
	var mu sync.Mutex
	p := newPuppet(t, func(c *Config) {
		c.Limits.UpdateCount = 10
		c.OnGap = func(g Gap) { mu.Lock(); got = append(got, fmt.Sprint("gap", int(g))); mu.Unlock() }
		c.OnUpdate = func(_ int64, b []byte) {
			once.Do(func() { close(begun) })
			<-hold
			mu.Lock()
			got = append(got, fmt.Sprint(intAt(b, 4)))
			mu.Unlock()
		}
	})
	out := p.call(1)
	req := p.next()[0]
	p.say(pushed(0))
	<-begun
	for i := range 30 {
		p.say(pushed(i + 1))
	}
	p.say(result(req.id, putID(nil, resEcho)))
	<-out // the reader was not held up
	close(hold)
	for {
		mu.Lock()
		n := len(got)
		mu.Unlock()
		if n >= 12 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	mu.Lock()
	defer mu.Unlock()
	if s := strings.Join(got, " "); s != "0 1 2 3 4 5 6 7 8 9 10 gap2" {
		t.Errorf("got %s", s)
	}
}
