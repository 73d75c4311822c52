package sandbox

import (
	"slices"

	"tlsh/tl"
)

// pinsArea is pinned messages (https://core.telegram.org/api/pin).
func pinsArea() area {
	return area{
		methods: map[string]method{
			"messages.unpinAllMessages": {handle: messagesUnpinAllMessages, heeds: "top_msg_id",
				errors: "CHAT_ADMIN_REQUIRED"},
			"messages.updatePinnedMessage": {handle: messagesUpdatePinnedMessage, heeds: "silent unpin pm_oneside",
				errors: "CHAT_ADMIN_REQUIRED CHAT_NOT_MODIFIED MESSAGE_ID_INVALID"},
		},
		words: map[string]func(*arguments){"pin": pinWord},
		save:  savePins,
	}
}

// pinned reports whether a message of the history is pinned.
func (h *history) pinned(id int32) bool {
	_, ok := slices.BinarySearch(h.pins, id)
	return ok
}

// pin pins or unpins a message; it reports whether that changed anything.
func (h *history) pin(id int32, on bool) bool {
	i, ok := slices.BinarySearch(h.pins, id)
	switch {
	case ok == on:
		return false
	case on:
		h.pins = slices.Insert(h.pins, i, id)
	default:
		h.pins = slices.Delete(h.pins, i, i+1)
	}
	return true
}

// listOf is the history in which somebody's copy of a letter stands; p is nil
// for a channel's.
func (w *world) listOf(l *letter, p *person) *history {
	if p == nil {
		return &w.room[l.to].box.history
	}
	return w.dialog(p, l.with(p)).list
}

// pinner refuses who may not pin messages there. Error: CHAT_ADMIN_REQUIRED.
func (c *call) pinner(with peer) error {
	r := c.room[with]
	if r == nil {
		return nil
	}
	m := r.member(c.me)
	right := "pin_messages"
	if r.broadcast() {
		right = "edit_messages"
	}
	if m.may(right) || !r.broadcast() && c.lets(r, c.me, right) {
		return nil
	}
	return bad("CHAT_ADMIN_REQUIRED")
}

// pinEvent tells that messages of a dialog were pinned or unpinned.
func pinEvent(with peer, ids []int32, on bool) event {
	return event{kind: eventOther, tell: func(v viewer, channel *room) *tl.Object {
		o := v.new("updatePinnedMessages").With("peer", v.peerValue(with))
		if channel != nil {
			o = v.new("updatePinnedChannelMessages").With("channel_id", tl.Long(channel.id))
		}
		if on {
			o.With("pinned", tl.Bool(true))
		}
		return o.With("messages", ints(v.schema, ids))
	}}
}

// messagesUpdatePinnedMessage follows
// https://core.telegram.org/method/messages.updatePinnedMessage. What is pinned
// for all is told by a service message too.
func messagesUpdatePinnedMessage(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	if err := c.pinner(with); err != nil {
		return tl.Value{}, err
	}
	id, on := c.req.At("id").AsInt(), !c.req.At("unpin").AsBool()
	h := c.history(with)
	e := h.find(id)
	switch {
	case e == nil || e.service():
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	case h.pinned(id) == on:
		return tl.Value{}, bad("CHAT_NOT_MODIFIED")
	}
	alone := with.kind == userPeer && c.req.At("pm_oneside").AsBool()
	var list []tl.Value
	c.copies(e.letter, func(b *box, p *person, r *room, has *entry) {
		if alone && p != c.me || !c.listOf(has.letter, p).pin(has.id, on) {
			return
		}
		ev := b.change(pinEvent(has.place(p), []int32{has.id}, on), 1)
		c.notify(p, r, ev)
		if p == c.me || r != nil {
			list = append(list, c.update(ev, r))
		}
	})
	if on && !alone {
		list = append(list, c.announce(with, "messageActionPinMessage", e.letter))
	}
	return c.updates(c.now, list...).Value(), nil
}

// place is the peer of the dialog in which p has the letter; p is nil for a
// channel's box.
func (l *letter) place(p *person) peer {
	if p == nil {
		return l.to
	}
	return l.with(p)
}

// announce posts a service message of the caller's with an action that says no
// more than its name, about a letter, and gives the update for the caller.
func (c *call) announce(to peer, action string, about *letter) tl.Value {
	base := c.new("messageService").With("action", c.new(action).Value()).With("silent", c.req.At("silent")).
		With("reply_to", c.new("messageReplyHeader").Value())
	own := c.post(&letter{base: base, author: c.me, to: to, date: c.now, reply: about})[0]
	if own.to == nil {
		return c.update(own.event, c.room[to])
	}
	return c.update(own.event, nil)
}

// messagesUnpinAllMessages follows
// https://core.telegram.org/method/messages.unpinAllMessages.
func messagesUnpinAllMessages(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	if err := c.pinner(with); err != nil {
		return tl.Value{}, err
	}
	h := c.history(with)
	topic := c.req.At("top_msg_id").AsInt()
	type place struct {
		box  *box
		p    *person
		r    *room
		with peer
		ids  []int32
	}
	var places []*place
	for _, id := range slices.Clone(h.pins) {
		e := h.find(id)
		if topic != 0 && c.topOf(e) != topic && id != topic {
			continue
		}
		c.copies(e.letter, func(b *box, p *person, r *room, has *entry) {
			if !c.listOf(has.letter, p).pin(has.id, false) {
				return
			}
			i := slices.IndexFunc(places, func(x *place) bool { return x.box == b })
			if i < 0 {
				i, places = len(places), append(places, &place{box: b, p: p, r: r, with: has.place(p)})
			}
			places[i].ids = append(places[i].ids, has.id)
		})
	}
	b, n := c.boxOf(with), 0
	for _, x := range places {
		c.notify(x.p, x.r, x.box.change(pinEvent(x.with, x.ids, false), int32(len(x.ids))))
		if x.box == b {
			n = len(x.ids)
		}
	}
	return c.affectedHistory(b, n), nil
}

// boxOf is the box in which the caller has a conversation.
func (c *call) boxOf(with peer) *box {
	if with.kind == channelPeer {
		return c.room[with].box
	}
	return c.me.box
}

// affectedHistory is the answer of what changes many messages, all at once.
func (c *call) affectedHistory(b *box, n int) tl.Value {
	return c.new("messages.affectedHistory").With("pts", tl.Int(b.pts)).With("pts_count", tl.Int(int32(n))).
		With("offset", tl.Int(0)).Value()
}

// message reads the number of a message that stands above.
func (a *arguments) message() *letter {
	n := a.number("the number of a message")
	if a.bad {
		return nil
	}
	d := a.drafts[n]
	if d == nil {
		a.fail("there is no message %d above this line", n)
		a.bad = true
		return nil
	}
	return &d.letter
}

// pinWord: pin NUMBER [PERSON …], for all or in the copies of those people.
func pinWord(a *arguments) {
	l := a.message()
	var only []*person
	for a.more() {
		if p := a.person(); !a.bad {
			only = append(only, p)
		}
	}
	if a.bad {
		return
	}
	a.last = append(a.last, func() {
		for _, has := range l.copies {
			if has.box.find(has.id) == nil {
				continue
			}
			owner := a.ownerOf(has.box)
			if owner == nil || len(only) == 0 || slices.Contains(only, owner) {
				a.listOf(l, owner).pin(has.id, true)
			}
		}
	})
}

// ownerOf is whose box that is, nil for a channel's.
func (w *world) ownerOf(b *box) *person {
	for _, p := range w.people {
		if p.box == b {
			return p
		}
	}
	return nil
}

func savePins(s *saver) {
	type pin struct {
		l    *letter
		line string
	}
	var pins []pin
	done := map[*letter]bool{}
	add := func(h *history) {
		for _, id := range h.pins {
			l := h.find(id).letter
			if done[l] {
				continue
			}
			done[l] = true
			all, names := true, ""
			for _, has := range l.copies {
				if has.box.find(has.id) == nil {
					continue
				}
				owner := s.ownerOf(has.box)
				if s.listOf(l, owner).pinned(has.id) {
					if owner != nil {
						names += " " + s.ref(owner.peer)
					}
				} else {
					all = false
				}
			}
			if all {
				names = ""
			}
			pins = append(pins, pin{l, names})
		}
	}
	for _, p := range s.people {
		for _, d := range s.dialogsOf(p) {
			add(d.list)
		}
	}
	for _, r := range s.rooms {
		if r.box != nil {
			add(&r.box.history)
		}
	}
	slices.SortFunc(pins, func(a, b pin) int { return int(s.number[a.l] - s.number[b.l]) })
	for _, p := range pins {
		s.line("pin %d%s", s.number[p.l], p.line)
	}
}
