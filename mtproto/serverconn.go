package mtproto

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

// idleLimit is how long a connection may be silent if its client has not asked
// for another time with ping_delay_disconnect.
const idleLimit = 15 * time.Minute

// serverConn is one connection of a server. Its reader handles what comes and
// writes the answers; what others push, its writer sends.
type serverConn struct {
	s    *Server
	f    *framer
	key  *serverKey // of the last message opened
	open *sealer
	hs   serverExchange
	dc   int   // that the obfuscation named; 0: none
	ids  idGen // of unencrypted messages
	wake chan struct{}
	done chan struct{}
	idle time.Duration

	sessions []*ServerSession // whose live list names this connection; the reader's
	list     []message        // the reader's, reused

	queue struct {
		sync.Mutex
		list  []outgoing
		bytes int
		ended bool
	}
	write struct { // held while packing and writing, so that ids are in wire order
		sync.Mutex
		taken []outgoing
		left  []outgoing // not written, for want of a connection
		buf   []byte
		seal  *sealer
		key   *serverKey
	}
}

// outgoing is one message to a client.
type outgoing struct {
	session *ServerSession
	body    []byte
	reqID   int64 // not 0: an rpc_result to this request
	msgID   int64 // not 0: given already
	seqno   int32
	content bool
	low     int64
}

// size is the length of the message's body on the wire.
func (m *outgoing) size() int {
	if m.reqID != 0 {
		return 12 + len(m.body)
	}
	return len(m.body)
}

// errEnd ends a connection without being anyone's fault.
var errEnd = errors.New("connection ended")

func (s *Server) serveConn(ctx context.Context, nc net.Conn) {
	c := &serverConn{s: s, wake: make(chan struct{}, 1), done: make(chan struct{}), idle: idleLimit}
	c.hs = serverExchange{s: s}
	stop := context.AfterFunc(ctx, func() { nc.Close() })
	err := c.run(ctx, nc)
	stop()
	nc.Close()
	close(c.done)
	for _, x := range c.sessions {
		x.mu.Lock()
		x.live = slices.DeleteFunc(x.live, func(y *serverConn) bool { return y == c })
		x.mu.Unlock()
	}
	c.end()
	if err != nil && s.OnError != nil && ctx.Err() == nil && !errors.Is(err, io.EOF) && !errors.Is(err, errEnd) {
		s.OnError(nc.RemoteAddr(), err)
	}
}

func (c *serverConn) run(ctx context.Context, nc net.Conn) error {
	// A client has this long for its first frame, and between those of a key
	// exchange.
	nc.SetReadDeadline(time.Now().Add(c.s.limits.Handshake))
	f, dc, err := sniff(nc, c.s.limits, c.s.rand())
	if err != nil {
		return err
	}
	c.f, c.dc = f, dc
	if dc != 0 && !c.s.serves(dc) {
		return c.refuse(444)
	}
	c.s.tasks.Go(c.writeLoop)
	var until time.Time
	for {
		payload, err := f.read()
		if err != nil {
			return err
		}
		if len(payload) < 8 {
			return &CheckError{"frame", "at least 8 bytes", fmt.Sprint(len(payload))}
		}
		wait := c.s.limits.Handshake
		if id := int64(binary.LittleEndian.Uint64(payload)); id == 0 {
			err = c.plain(payload)
		} else {
			err = c.sealed(ctx, id, payload)
			wait = c.idle
		}
		if err != nil {
			return err
		}
		// A deadline costs as much as a small message: a second too few is right enough.
		if next := time.Now().Add(wait); next.Sub(until).Abs() > time.Second {
			until = next
			nc.SetReadDeadline(until)
		}
	}
}

// refuse sends a bare error number and ends the connection.
func (c *serverConn) refuse(code int) error {
	c.write.Lock()
	defer c.write.Unlock()
	if _, err := c.f.write(putInt(make([]byte, frameRoom, frameRoom+32), int32(-code))); err != nil {
		return err
	}
	return errEnd
}

// plain answers one message of a key exchange.
func (c *serverConn) plain(payload []byte) error {
	body, err := plainBody(payload, false)
	if err != nil {
		return err
	}
	answer, key, salt, err := c.hs.handle(body)
	if te := (*TransportError)(nil); errors.As(err, &te) {
		return c.refuse(te.Code)
	}
	if err != nil {
		// The reason is for this side's log: a client learns only that it failed.
		if c.s.OnError != nil {
			c.s.OnError(c.f.conn.RemoteAddr(), err)
		}
		return c.refuse(404)
	}
	if !key.IsZero() {
		if c.s.Store != nil {
			dc := c.hs.dc
			if dc == 0 {
				dc = c.dc
			}
			if err := c.s.Store.Save(key, plainDC(dc)); err != nil {
				return err
			}
		}
		c.s.mu.Lock()
		k := c.s.addKey(key)
		k.first, k.firstTil = salt, c.s.now().Unix()+saltPeriods*saltPeriod
		c.s.mu.Unlock()
	}
	if answer == nil {
		return nil
	}
	c.write.Lock()
	defer c.write.Unlock()
	_, err = c.f.write(putPlain(c.ids.next(c.s.now(), lowResponse), answer))
	return err
}

// sealed opens an encrypted message and acts on it.
func (c *serverConn) sealed(ctx context.Context, keyID int64, payload []byte) error {
	if code := c.s.rejects(); code != 0 {
		return c.refuse(code)
	}
	if c.key == nil || c.key.key.ID() != keyID || c.key.gone.Load() {
		k, err := c.s.find(keyID)
		if err != nil {
			return err
		}
		if k == nil {
			return c.refuse(404)
		}
		c.key, c.open = k, newSealer(k.key.secret, fromClient, nil)
	}
	h, body, err := c.open.open(payload)
	if err != nil {
		return err
	}
	err = c.receive(ctx, h, body)
	if err == nil {
		err = c.flush()
	}
	return err
}

// end hands the answers that have not left to the session's other connections.
func (c *serverConn) end() {
	c.write.Lock() // nothing is being written any more: the connection is closed
	c.queue.Lock()
	list := append(c.write.left, c.queue.list...)
	c.queue.list, c.queue.ended, c.write.left = nil, true, nil
	c.queue.Unlock()
	c.write.Unlock()
	for _, m := range list {
		if m.reqID != 0 && m.body != nil {
			m.session.redeliver(c, m)
		}
	}
}

// put queues a message; whoever calls it flushes or rouses the writer. false
// when the connection has ended.
func (c *serverConn) put(m outgoing) bool {
	q := &c.queue
	q.Lock()
	defer q.Unlock()
	if q.ended {
		return false
	}
	q.list = append(q.list, m)
	if q.bytes += len(m.body); m.low == lowServer && (len(q.list) > c.s.limits.UpdateCount || q.bytes > c.s.limits.UpdateBytes) {
		q.list = slices.DeleteFunc(q.list, func(m outgoing) bool { return m.reqID == 0 })
		q.bytes = 0
		c.f.conn.Close() // too slow a client; its reader ends the rest
	}
	return true
}

// rouse tells the writer that there is something to send; also for none (nil).
func (c *serverConn) rouse() {
	if c == nil {
		return
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *serverConn) writeLoop() {
	for {
		select {
		case <-c.done:
			return
		case <-c.wake:
			if err := c.flush(); err != nil {
				c.f.conn.Close() // the reader finds out and ends
				return
			}
		}
	}
}

// flush sends all that is queued: each run of messages of one session as one
// container, or more where the limits demand it.
func (c *serverConn) flush() error {
	c.write.Lock()
	defer c.write.Unlock()
	for {
		c.queue.Lock()
		list := c.queue.list
		c.queue.list, c.queue.bytes = c.write.taken[:0], 0
		c.queue.Unlock()
		c.write.taken = list
		if len(list) == 0 {
			return nil
		}
		for rest := list; len(rest) > 0; {
			n := c.cut(rest)
			if err := c.send(rest[:n]); err != nil {
				c.write.left = append(c.write.left, rest...)
				return err
			}
			rest = rest[n:]
		}
		clear(list)
	}
}

// cut is how many of the messages go into one frame.
func (c *serverConn) cut(list []outgoing) int {
	size := 8 + messageHead + list[0].size()
	for n := 1; n < len(list); n++ {
		size += messageHead + list[n].size()
		if list[n].session != list[0].session || n == c.s.limits.ContainerMessages || size > c.s.limits.ContainerBytes {
			return n
		}
	}
	return len(list)
}

// send packs, seals and writes one frame. write is held.
func (c *serverConn) send(list []outgoing) error {
	x := list[0].session
	now := c.s.now()
	c.s.mu.Lock()
	h := header{salt: x.key.salt(now), session: x.id}
	c.s.mu.Unlock()
	buf := append(c.write.buf[:0], make([]byte, bodyStart)...)
	lone := len(list) == 1
	if !lone {
		buf = putContainerHead(buf, len(list))
	}
	var events []TraceEvent
	x.mu.Lock()
	for i := range list {
		m := &list[i]
		if m.msgID == 0 {
			m.msgID, m.seqno = x.ids.next(now, m.low), x.seqno(m.content)
		}
		h.msgID, h.seqno = m.msgID, m.seqno
		if !lone {
			buf = putInt(putInt(putLong(buf, m.msgID), m.seqno), int32(m.size()))
		}
		if m.reqID != 0 {
			buf = putLong(putID(buf, idRPCResult), m.reqID)
			x.answers.add(*m)
		}
		buf = append(buf, m.body...)
		if c.s.Trace != nil {
			events = append(events, TraceEvent{Time: now, Out: true, SessionID: x.id, MsgID: m.msgID,
				Seqno: m.seqno, ID: peekID(m.body), Size: m.size(), ReqMsgID: m.reqID})
		}
	}
	if !lone {
		h.msgID, h.seqno = x.ids.next(now, lowServer), x.seqno(false)
	}
	x.mu.Unlock()
	for _, e := range events {
		if !lone {
			e.Container = h.msgID
		}
		c.s.Trace(e)
	}
	if c.write.key != x.key {
		c.write.key, c.write.seal = x.key, newSealer(x.key.key.secret, fromServer, c.s.rand())
	}
	buf, err := c.write.seal.seal(buf, h)
	if err != nil {
		return err
	}
	if c.write.buf, err = c.f.write(buf); cap(c.write.buf) > keepBuffer {
		c.write.buf = nil
	}
	return err
}
