package sandbox

import (
	"cmp"
	"encoding/binary"
	"slices"

	"tlsh/tl"
)

// Updates reach the people in four ways (https://core.telegram.org/api/updates):
//
//   - [call.notify]: changes of a message box, counted by pts. getDifference and
//     getChannelDifference tell them from the box's log.
//   - [call.push] and [call.pushRoom]: other changes that last, counted by seq for
//     each authorization. getDifference tells them again, by date.
//   - [call.pushQts]: what only bots and secret chats hear of, counted by qts.
//   - [call.whisper]: what is over soon, as who is typing. Nobody hears of it later.
//
// The caller's own session is left out: its answer says what it did.

// note is a lasting change without pts, kept for who was away.
type note struct {
	n    int64 // counts the notes of the world
	date int32
	tell func(viewer) []tl.Value
}

// notes are the latest of somebody, or of a room, oldest first.
type notes struct {
	list []note
	lost int32 // the date of the newest one that is forgotten
}

// maxNotes bounds what is kept of notes.
const maxNotes = 1000

func (ns *notes) add(n note) {
	if len(ns.list) == maxNotes {
		ns.lost = ns.list[maxNotes/2-1].date
		ns.list = slices.Clone(ns.list[maxNotes/2:])
	}
	ns.list = append(ns.list, n)
}

// since are the notes of that date and later: a date is a whole second, so that
// those of its own may be told twice, which changes nothing. ok is false when
// some are forgotten.
func (ns *notes) since(date int32) (list []note, ok bool) {
	if date <= ns.lost {
		return nil, false
	}
	i, _ := slices.BinarySearchFunc(ns.list, date, func(n note, date int32) int { return cmp.Compare(n.date, date) })
	return ns.list[i:], true
}

// note makes one of now. Dates never go back, whatever the clock does.
func (w *world) note(tell func(viewer) []tl.Value) note {
	w.noted++
	w.notedAt = max(w.notedAt, w.now)
	return note{n: w.noted, date: w.notedAt, tell: tell}
}

// push tells a person's sessions of a lasting change without pts, and remembers
// it for those that are away. tell is called once, now.
func (c *call) push(to *person, tell func(viewer) []tl.Value) {
	list := tell(viewer{c.world, to})
	if len(list) == 0 {
		return
	}
	to.notes.add(c.note(func(viewer) []tl.Value { return list }))
	c.send(to, counted, func(v viewer) *tl.Object { return v.updates(c.now, list...) })
}

// pushRoom is push for all members of a room, who see it each in their way.
// tell may be called again much later, for a member who was away: it says how
// things are, and must be right then too.
func (c *call) pushRoom(r *room, tell func(viewer) []tl.Value) {
	r.notes.add(c.note(tell))
	for _, m := range r.members {
		c.send(m.person, counted, func(v viewer) *tl.Object {
			if list := tell(v); len(list) > 0 {
				return v.updates(c.now, list...)
			}
			return nil
		})
	}
}

// whisper tells a person's sessions of something that does not last, as one
// updateShort. It is not remembered.
func (c *call) whisper(to *person, tell func(viewer) *tl.Object) {
	c.send(to, transient, func(v viewer) *tl.Object {
		return v.new("updateShort").With("update", tell(v).Value()).With("date", tl.Int(c.now))
	})
}

// whisperRoom is whisper for all members of a room but the caller.
func (c *call) whisperRoom(r *room, tell func(viewer) *tl.Object) {
	for _, m := range r.members {
		if m.person != c.me {
			c.whisper(m.person, tell)
		}
	}
}

// pushQts tells a bot's sessions of an update that has a qts, which is set here.
func (c *call) pushQts(to *person, tell func(viewer) *tl.Object) {
	to.qts.last++
	o := tell(viewer{c.world, to}).With("qts", tl.Int(to.qts.last))
	to.qts.add(o)
	c.send(to, transient, func(v viewer) *tl.Object { return v.updates(c.now, o.Value()) })
}

// qtsLog is the latest updates that qts counts, in order.
type qtsLog struct {
	last int32
	list []*tl.Object
}

func (q *qtsLog) add(o *tl.Object) {
	if len(q.list) == maxNotes {
		q.list = slices.Clone(q.list[maxNotes/2:])
	}
	q.list = append(q.list, o)
}

// since are the updates after qts; ok is false when some are forgotten.
func (q *qtsLog) since(qts int32) (list []*tl.Object, ok bool) {
	first := q.last - int32(len(q.list)) // the qts before the first of list
	if qts < first {
		return nil, false
	}
	return q.list[min(int(qts-first), len(q.list)):], true
}

// notify pushes one change to all who have the box: the person, or a channel's
// members and whoever looks at it at present.
func (c *call) notify(to *person, channel *room, ev event) {
	tell := func(p *person) {
		if channel != nil && ev.entry != nil && !c.hears(p, ev.entry.letter) {
			return
		}
		c.send(p, transient, func(v viewer) *tl.Object { return v.updates(c.now, v.update(ev, channel)) })
	}
	if channel == nil {
		tell(to)
		return
	}
	channel.box.date = c.now
	for _, m := range channel.members {
		tell(m.person)
	}
	for _, p := range channel.guests(c.now) {
		if channel.member(p) == nil {
			tell(p)
		}
	}
}

// guest looks at a channel of which they are no member.
type guest struct {
	*person
	until int32
}

// guestTime is for how many seconds getChannelDifference subscribes who is no
// member to a public channel's updates
// (https://core.telegram.org/api/updates#subscribing-to-updates-of-channels-supergroups).
const guestTime = 30

func (r *room) welcome(p *person, now int32) {
	r.looking = slices.DeleteFunc(r.looking, func(g guest) bool { return g.person == p || g.until < now })
	r.looking = append(r.looking, guest{p, now + guestTime})
}

func (r *room) guests(now int32) []*person {
	var list []*person
	for _, g := range r.looking {
		if g.until >= now {
			list = append(list, g.person)
		}
	}
	return list
}

// counting says whether an authorization counts a container by its seq.
type counting bool

const (
	counted   counting = true
	transient counting = false
)

// send gives all sessions of a person, but the caller's, what make makes; it is
// called only when somebody listens, and may give nil for nothing. A container
// that is counted has the next seq of its authorization, which the caller's own
// has not: the session that asks would miss one.
func (c *call) send(to *person, count counting, make func(viewer) *tl.Object) {
	p := parcel{make: func() *tl.Object { return make(viewer{c.world, to}) }}
	for _, l := range to.logins {
		// An authorization that was carried to another data centre gets none.
		if l.parent == nil && !c.sendTo(l, count, &p) {
			return
		}
	}
}

// sendTo is send for one authorization; false when there is nothing to be sent.
func (c *call) sendTo(l *login, count counting, p *parcel) bool {
	seq := int32(0)
	if bool(count) && l.listens && l != c.session.login {
		l.seq++
		seq = l.seq
	}
	for _, sess := range l.sessions {
		if sess == c.session || !sess.updates || !sess.carrier.Live() {
			continue
		}
		if p.o == nil {
			if p.o = p.make(); p.o == nil {
				return false
			}
		}
		d, _ := c.s.dialect(l.layer)
		body := p.body(d)
		if body == nil {
			continue
		}
		if count {
			// The last word of updates is its seq, in every layer.
			body = slices.Clone(body)
			binary.LittleEndian.PutUint32(body[len(body)-4:], uint32(seq))
		}
		sess.carrier.Send(body)
	}
	return true
}

// parcel is an Updates on its way to somebody's sessions, encoded once for each
// layer that they speak.
type parcel struct {
	make  func() *tl.Object // called when somebody listens; may give nil
	o     *tl.Object
	own   []byte
	other map[*dialect][]byte
}

// body is what is sent in that layer, nil for nothing.
func (p *parcel) body(d *dialect) []byte {
	var err error
	if d == nil {
		if p.own == nil {
			p.own, err = tl.Encode(p.o)
		}
		if err != nil {
			return nil
		}
		return p.own
	}
	body, ok := p.other[d]
	if !ok {
		if body, err = d.push(p.o); err != nil {
			return nil
		}
		if p.other == nil {
			p.other = map[*dialect][]byte{}
		}
		p.other[d] = body
	}
	return body
}

// aside is the same call for what its answer does not tell: the session that asks
// gets the updates of it as all others do.
func (c *call) aside() *call {
	other := *c
	other.session = &session{login: &login{person: c.me}}
	return &other
}

// actor is a call with which a person does something here without a client: all
// their sessions are told.
func (s *Sandbox) actor(p *person) *call {
	at := s.cfg.Now()
	s.world.now = int32(at.Unix())
	return &call{viewer: viewer{s.world, p}, s: s, session: &session{login: &login{person: p}}, at: at, now: s.world.now}
}
