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
	_, err := c.writeFrame(false)
	c.writing.Unlock()
	if err != nil {
		c.fail(err)
	}
	return true
}

// writeLoop sends what is ready. Only who holds writing gives out msg_id and
// seqno and writes, so they are in wire order.
func (c *Conn) writeLoop() {
	every := min(c.cfg.Limits.PingEvery, c.cfg.Limits.AckDelay) / 2
	tick := time.NewTicker(max(every, time.Millisecond))
	defer tick.Stop()
	for {
		acks := false
		select {
		case <-c.done:
			return
		case <-tick.C:
			acks = true
			c.idle()
		case <-c.wake:
			// Whoever is about to call gets the chance to, so that calls made at
			// once leave at once. It costs a lone caller nothing.
			runtime.Gosched()
		}
		for more := true; more; {
			var err error
			c.writing.Lock()
			more, err = c.writeFrame(acks)
			c.writing.Unlock()
			if err != nil {
				c.fail(err)
				return
			}
		}
	}
}

// idle asks for a sign of life when the server has been silent, and gives it
// up when there is none; and asks for salts before they run out.
func (c *Conn) idle() {
	limit := c.cfg.Limits.PingEvery
	silent := time.Since(c.began) - time.Duration(c.heard.Load())
	if silent >= 2*limit && time.Since(c.pinged) >= limit && c.pinged.After(time.Now().Add(-silent)) {
		c.fail(ErrSilent)
		return
	}
	const refresh = time.Minute // below the delay that ping_delay_disconnect names
	if silent >= limit && time.Since(c.pinged) >= limit || time.Since(c.pinged) >= refresh && time.Since(c.began) >= refresh {
		c.pinged = time.Now()
		c.pingID++
		delay := 2*refresh + limit
		c.note(&call{kind: callPing, body: putInt(putLong(putID(nil, idPingDelay), c.pingID), int32(delay/time.Second))})
	}
	if time.Since(c.began) < refresh {
		return // a short run needs no salts beyond the first
	}
	c.mu.Lock()
	now := c.s.now(c.cfg.Now())
	known := len(c.s.salts) > 0 && int64(c.s.salts[len(c.s.salts)-1].since) > now.Unix()
	asked := slices.ContainsFunc(c.s.service, func(k *call) bool { return k.kind == callSalts })
	for _, k := range c.s.pending {
		asked = asked || k.kind == callSalts
	}
	c.mu.Unlock()
	if !known && !asked {
		c.note(&call{kind: callSalts, body: putInt(putID(nil, idGetFutureSalts), 32)})
	}
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
func (c *Conn) writeFrame(acks bool) (more bool, err error) {
	if cap(c.out.buf) > keepBuffer+1<<16 {
		c.out.buf = nil
	}
	c.mu.Lock()
	if c.err != nil {
		c.mu.Unlock()
		return false, nil
	}
	now := c.cfg.Now()
	size := c.choose()
	if len(c.out.calls) == 0 && (len(c.s.acks) == 0 || !acks && len(c.s.acks) < ackNow) {
		c.mu.Unlock()
		return false, nil
	}
	h, buf := c.pack(now, size)
	c.out.buf = buf
	c.mu.Unlock()

	for _, e := range c.out.trace {
		c.cfg.Trace(e)
	}
	if buf, err = c.out.seal.seal(buf, h); err != nil {
		return false, err
	}
	c.out.buf, err = c.f.write(buf)
	return err == nil, err
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
	for _, k := range s.queue {
		if k.state != callQueued || !c.chained(k) {
			used++
			continue
		}
		switch {
		case s.init == initDone:
			if !c.take(r, k, len(k.payload())+afterHead) {
				return used
			}
			used++
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

// chained readies a queued call that has a predecessor; false when it is not to
// be sent now: it has got an outcome, or waits for that of its predecessor.
func (c *Conn) chained(k *call) bool {
	if k.prev == nil {
		return true
	}
	switch {
	case k.prev.state == callFinished && k.prev.outcome.State != Done:
		c.finish(k, k.notRun())
		return false
	case k.prev.state == callParked:
		k.state = callParked
		return false
	}
	return true
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
	head := p.begin(k.kind == callRequest)
	k.after = 0
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
	e.ID, e.Again = peekID(k.body), k.tries > 0 || k.inits > 0
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

// again queues a call once more, in its old place among the others, and behind
// it those of its chain that wait for it. Conn.mu is held.
func (c *Conn) again(k *call) {
	for ; k != nil; k = k.next {
		if k.state == callFlying {
			delete(c.s.pending, k.msgID)
		}
		if k.wrapped {
			k.wrapped = false
			if c.s.init == initFlying {
				c.s.init = initNeeded
			}
		}
		k.state = callQueued
		if k.kind != callRequest {
			c.s.service = append(c.s.service, k)
		} else {
			at, _ := slices.BinarySearchFunc(c.s.queue, k.ord, func(k *call, ord int64) int { return int(k.ord - ord) })
			c.s.queue = slices.Insert(c.s.queue, at, k)
		}
		if k.next == nil || k.next.state != callParked {
			break
		}
	}
	c.rouse()
}
