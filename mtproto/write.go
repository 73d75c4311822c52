package mtproto

import (
	"runtime"
	"slices"
	"time"
)

// maxAcks is how many acks go in one msgs_ack; more than ackNow of them do not
// wait for company.
const (
	maxAcks = 8192
	ackNow  = 512
)

// afterHead is what invokeAfterMsg puts before a request.
const afterHead = 4 + 8

// maxTries bounds how often one request is sent again.
const maxTries = 8

// maxInline is the largest request that its caller may write itself: one that
// the socket's buffer takes at once.
const maxInline = 1 << 13

// writeNow lets the caller of a lone request write it: with nothing queued and
// nothing in flight there is nobody to share a frame with, and waking the
// writer would cost a sixth of the round trip on loopback. false when somebody
// else is writing.
func (c *Conn) writeNow() bool {
	if !c.writing.TryLock() {
		return false
	}
	c.writeFrame(false)
	c.writing.Unlock()
	return true
}

// writeLoop sends what is ready. Only who holds writing gives out msg_id and
// seqno and writes, so they are in wire order.
func (c *Conn) writeLoop() {
	every := min(c.cfg.Limits.PingEvery/2, c.cfg.Limits.AckDelay/2, c.cfg.Limits.Offline/2, time.Second)
	tick := time.NewTicker(max(every, time.Millisecond))
	defer tick.Stop()
	var clock jump
	for {
		acks := false
		select {
		case <-c.done:
			return
		case <-tick.C:
			acks = c.acksDue()
			c.idle(clock.noticed(c.cfg.Now()))
		case <-c.wake:
			// Whoever is about to call gets the chance to, so that calls made at
			// once leave at once. It costs a lone caller nothing.
			runtime.Gosched()
		}
		for more := true; more; {
			c.writing.Lock()
			more = c.writeFrame(acks)
			c.writing.Unlock()
		}
	}
}

// acksDue tells whether acks have waited long enough for company.
func (c *Conn) acksDue() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.s.acks) > 0 && time.Since(c.s.ackedAt) >= c.cfg.Limits.AckDelay/2
}

// maxNotes bounds the service messages that wait, so that a server that asks
// without reading cannot fill the memory.
const maxNotes = 1024

// note queues a service message.
func (c *Conn) note(k *call) {
	c.mu.Lock()
	if c.err == nil && len(c.s.service) < maxNotes {
		c.s.service = append(c.s.service, k)
	}
	c.mu.Unlock()
	c.rouse()
}

// writeFrame packs and sends one frame of what is ready; more tells that it
// sent one, so that there may be another. Acks alone are sent only if acks says
// so or there are many. writing is held.
func (c *Conn) writeFrame(acks bool) (more bool) {
	if cap(c.out.buf) > keepBuffer+1<<16 {
		c.out.buf = nil
	}
	c.mu.Lock()
	l := c.link
	if c.err != nil || l == nil {
		c.mu.Unlock()
		return false
	}
	now := c.now()
	size := c.choose()
	if len(c.out.calls) == 0 && (len(c.s.acks) == 0 || !acks && len(c.s.acks) < ackNow) {
		c.mu.Unlock()
		return false
	}
	h, buf := c.pack(now, size)
	c.out.buf = buf
	c.mu.Unlock()

	for _, e := range c.out.trace {
		c.cfg.Trace(e)
	}
	buf, err := c.out.seal.seal(buf, h)
	if err == nil {
		buf, err = l.f.write(buf)
	}
	if c.out.buf = buf; err != nil {
		l.cut(err) // its reader ends, and sees to the rest
	}
	return err == nil
}

// room is what a frame may still hold while it is being chosen.
type room struct {
	size  int // of the container's body so far
	count int // messages in it
}

// choose takes from the queues what goes into the next frame, within the
// limits: into out.calls, and how many acks into out.acks. It returns the size
// of a container's body of all that. Conn.mu is held.
func (c *Conn) choose() (size int) {
	s := &c.s
	c.out.calls, c.out.acks = c.out.calls[:0], c.out.acks[:0]
	r := room{size: 8}
	if n := min(len(s.acks), maxAcks); n > 0 {
		c.out.acks = append(c.out.acks, s.acks[:n]...)
		r.size += messageHead + 12 + 8*n
		r.count++
	}
	used := 0
	for _, k := range s.service {
		if k.state == callQueued && !c.take(&r, k, len(k.body)) {
			break
		}
		used++
	}
	s.service = drop(s.service, used)
	s.queue = drop(s.queue, c.chooseRequests(&r))
	// What does not fit into a container goes alone, and the acks later.
	if len(c.out.calls) == 1 && r.size > c.cfg.Limits.ContainerBytes || s.limit == 1 && len(c.out.calls) > 0 {
		c.out.acks = c.out.acks[:0]
	}
	return r.size
}

// take chooses a call of n bytes if there is room for it: for a first one there
// always is.
func (c *Conn) take(r *room, k *call, n int) bool {
	if len(c.out.calls) > 0 && (len(c.out.calls) >= c.s.limit || r.count >= maxContainerMessages ||
		r.size+messageHead+n > c.cfg.Limits.ContainerBytes) {
		return false
	}
	c.out.calls = append(c.out.calls, k)
	r.size += messageHead + n
	r.count++
	return true
}

// chooseRequests chooses from the queue of requests, in order, and returns how
// many of it are done with. While the session is to be initialised there goes
// one alone, wrapped, and the others wait for its success.
func (c *Conn) chooseRequests(r *room) (used int) {
	s := &c.s
	if s.doubts > 0 {
		return 0 // what is chained must not overtake what may have to be sent again
	}
	for ; used < len(s.queue); used++ { // which may grow meanwhile, behind used
		k := s.queue[used]
		if k.state != callQueued || !c.chained(k) {
			continue
		}
		switch {
		case s.init == initDone:
			if !c.take(r, k, len(k.payload())+afterHead) {
				return used
			}
		case s.init == initNeeded && len(c.out.calls) == 0:
			k.wire = c.cfg.Wrap(k.body)
			if packed := c.zip.pack(k.wire, c.cfg.Limits.GzipBytes); packed != nil {
				k.wire = packed
			}
			c.take(r, k, len(k.wire)+afterHead)
			s.init, k.wrapped = initFlying, true
			return used + 1
		default:
			return used
		}
	}
	return used
}

// drop removes the first n of a queue and lets their calls be collected.
func drop(q []*call, n int) []*call {
	if n == len(q) {
		clear(q)
		return q[:0]
	}
	clear(q[:n])
	return q[n:]
}

// pack gives the chosen messages their ids, in wire order, and lays them out in
// the outgoing buffer. Conn.mu is held.
func (c *Conn) pack(now time.Time, size int) (header, []byte) {
	s := &c.s
	at := s.now(now)
	s.acks = s.acks[:copy(s.acks, s.acks[len(c.out.acks):])]
	p := packer{c: c, now: now, at: at, lone: len(c.out.calls)+b2i(len(c.out.acks) > 0) == 1}
	p.buf = slices.Grow(c.out.buf[:0], bodyStart+size+64)[:bodyStart]
	c.out.trace = c.out.trace[:0]
	n := len(c.out.calls) + b2i(len(c.out.acks) > 0)
	if !p.lone {
		p.buf = putContainerHead(p.buf, n)
	}
	if len(c.out.acks) > 0 {
		head := p.begin(false)
		p.buf = putAck(p.buf, c.out.acks)
		p.end(head, nil)
	}
	for _, k := range c.out.calls {
		p.add(k)
	}
	if !p.lone {
		// Above all that is inside, and neither content itself.
		p.h.msgID, p.h.seqno = s.ids.next(at, lowClient), s.seqno(false)
		if c.cfg.Trace != nil {
			c.traceContainer(now, p.h, n, len(p.buf)-bodyStart)
		}
	}
	for _, k := range c.out.calls {
		k.top = p.h.msgID
	}
	s.sentFrame(p.h.msgID)
	p.h.salt, p.h.session = s.salt(at), s.id
	return p.h, p.buf
}

// packer lays out one frame.
type packer struct {
	c    *Conn
	now  time.Time // the clock
	at   time.Time // the server's
	lone bool      // no container around
	h    header    // of the last message begun
	buf  []byte
}

// begin gives the next message its ids and, in a container, its head.
func (p *packer) begin(content bool) (head int) {
	p.h.msgID, p.h.seqno = p.c.s.ids.next(p.at, lowClient), p.c.s.seqno(content)
	if head = len(p.buf); !p.lone {
		p.buf = putInt(putInt(putLong(p.buf, p.h.msgID), p.h.seqno), 0)
	}
	return head
}

// end sets the length of the message that began at head; k nil for acks.
func (p *packer) end(head int, k *call) {
	size := len(p.buf) - head
	if !p.lone {
		size -= messageHead
		setInt(p.buf, head+12, int32(size))
	}
	if p.c.cfg.Trace != nil {
		p.c.out.trace = append(p.c.out.trace, p.c.traced(k, p.now, p.h, size))
	}
}

// add lays out a call, chained to its predecessor if that has no answer yet.
func (p *packer) add(k *call) {
	k.odd, k.resent = k.content(), k.msgID != 0
	head := p.begin(k.odd)
	k.after, k.waited, k.session = 0, false, p.c.s.id
	if k.chain != nil {
		k.round = k.chain.round
	}
	if k.prev != nil && k.prev.state == callFlying {
		k.after = k.prev.msgID
		p.buf = putLong(putID(p.buf, idInvokeAfterMsg), k.after)
	}
	p.buf = append(p.buf, k.payload()...)
	k.wire, k.msgID, k.at = nil, p.h.msgID, p.now
	if k.state = callFlying; k.kind == callNote {
		k.state = callFinished
	} else {
		p.c.s.pending[k.msgID] = k
	}
	p.end(head, k)
}

// traced is the event of one message sent; k nil for acks.
func (c *Conn) traced(k *call, now time.Time, h header, size int) TraceEvent {
	e := TraceEvent{Time: now, Out: true, SessionID: c.s.id, MsgID: h.msgID, Seqno: h.seqno, Size: size}
	if k == nil {
		e.ID, e.Acks = idMsgsAck, len(c.out.acks)
		return e
	}
	e.ID, e.Again = peekID(k.body), k.resent
	e.After, e.Wrapped = k.after, k.wrapped
	return e
}

func (c *Conn) traceContainer(now time.Time, h header, n, size int) {
	for i := range c.out.trace {
		c.out.trace[i].Container = h.msgID
	}
	c.out.trace = append(c.out.trace, TraceEvent{Time: now, Out: true, SessionID: c.s.id,
		MsgID: h.msgID, Seqno: h.seqno, ID: idContainer, Messages: n, Size: size})
}
