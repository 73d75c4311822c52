package sandbox

import (
	"cmp"
	"slices"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// editTime is how long an own message may be edited, in seconds, as
// help.getConfig says too.
const editTime = 172800

// messagesEditMessage follows
// https://core.telegram.org/method/messages.editMessage.
func messagesEditMessage(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	e := c.history(with).find(c.req.At("id").AsInt())
	if e == nil || e.service() {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	if err := c.editable(e, with); err != nil {
		return tl.Value{}, err
	}
	limit, tooLong := maxMessage, "MESSAGE_TOO_LONG"
	media := !e.base.At("media").IsNone()
	if media {
		limit, tooLong = maxCaption, "MEDIA_CAPTION_TOO_LONG"
	}
	v := c.req.At("message")
	if v.IsNone() {
		v = e.base.At("message")
	}
	entities, err := c.text(v.AsString(), limit, tooLong)
	switch {
	case err != nil:
		return tl.Value{}, err
	case v.AsString() == "" && !media:
		return tl.Value{}, bad("MESSAGE_EMPTY")
	case tl.Equal(v, e.base.At("message")) && tl.Equal(entities, e.base.At("entities")):
		return tl.Value{}, bad("MESSAGE_NOT_MODIFIED")
	}
	var before tl.Value
	if with.kind == channelPeer {
		before = c.asWritten(e)
	}
	e.base = e.base.Clone().With("message", v).With("entities", entities).With("edit_date", tl.Int(c.now))
	if with.kind == channelPeer {
		c.log(c.room[with], c.new("channelAdminLogEventActionEditMessage").With("prev_message", before).With("new_message", c.asWritten(e)))
	}
	var own tl.Value
	c.copies(e.letter, func(b *box, p *person, r *room, has *entry) {
		ev := b.change(event{kind: eventEdit, entry: has}, 1)
		c.notify(p, r, ev)
		if p == c.me || r != nil {
			own = c.update(ev, r)
		}
	})
	return c.updates(c.now, own).Value(), nil
}

// editable refuses who may not edit a message.
func (c *call) editable(e *entry, with peer) error {
	if r := c.room[with]; with.kind == channelPeer {
		m := r.member(c.me)
		if m == nil {
			return tgerr.New(403, "CHAT_WRITE_FORBIDDEN")
		}
		if r.broadcast() && m.may("edit_messages") {
			return nil
		}
	}
	switch {
	case e.author != c.me || !e.base.At("fwd_from").IsNone():
		return tgerr.New(403, "MESSAGE_AUTHOR_REQUIRED")
	case with != c.me.peer && c.now-e.date > editTime:
		return bad("MESSAGE_EDIT_TIME_EXPIRED")
	}
	return nil
}

// copies visits those copies of a letter that are not deleted: the box, its
// owner or the channel, and the copy.
func (c *call) copies(l *letter, visit func(*box, *person, *room, *entry)) {
	each := func(b *box, p *person, r *room) {
		if id := l.idIn(b); id != 0 {
			if e := b.find(id); e != nil {
				visit(b, p, r, e)
			}
		}
	}
	switch r := c.room[l.to]; l.to.kind {
	case channelPeer:
		each(r.box, nil, r)
	case chatPeer:
		for _, m := range r.members {
			each(m.box, m.person, nil)
		}
	default:
		each(l.author.box, l.author, nil)
		if l.to != l.author.peer {
			each(c.byID[l.to.id].box, c.byID[l.to.id], nil)
		}
	}
}

// messagesDeleteMessages follows
// https://core.telegram.org/method/messages.deleteMessages: private chats and
// basic groups only. Ids that are not there are passed over.
func messagesDeleteMessages(c *call) (tl.Value, error) {
	revoke := c.req.At("revoke").AsBool()
	found := c.chosen(&c.me.box.history)
	for _, e := range found {
		// In private chats both may delete everything for both; in groups the
		// author and admins may.
		if revoke && e.to.kind == chatPeer && e.author != c.me && !c.room[e.to].member(c.me).may("delete_messages") {
			return tl.Value{}, tgerr.New(403, "MESSAGE_DELETE_FORBIDDEN")
		}
	}
	gone := map[*person][]int32{}
	for _, e := range found {
		c.copies(e.letter, func(b *box, p *person, _ *room, has *entry) {
			if p == c.me || revoke {
				b.remove(has.id)
				p.dialogs[has.with(p)].list.remove(has.id)
				gone[p] = append(gone[p], has.id)
			}
		})
	}
	for _, p := range c.people {
		if ids := gone[p]; len(ids) > 0 {
			c.notify(p, nil, p.box.change(event{kind: eventDelete, ids: ids}, int32(len(ids))))
		}
	}
	return c.affected(c.me.box, len(gone[c.me])), nil
}

// channelsDeleteMessages follows
// https://core.telegram.org/method/channels.deleteMessages.
func channelsDeleteMessages(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	m := r.member(c.me)
	found := c.chosen(&r.box.history)
	for _, e := range found {
		if m == nil || e.author != c.me && !m.may("delete_messages") {
			return tl.Value{}, tgerr.New(403, "MESSAGE_DELETE_FORBIDDEN")
		}
	}
	ids := make([]int32, len(found))
	for i, e := range found {
		if m.admin() {
			c.log(r, c.new("channelAdminLogEventActionDeleteMessage").With("message", c.asWritten(e)))
		}
		r.box.remove(e.id)
		ids[i] = e.id
	}
	if len(ids) > 0 {
		c.notify(nil, r, r.box.change(event{kind: eventDelete, ids: ids}, int32(len(ids))))
	}
	return c.affected(r.box, len(ids)), nil
}

// chosen are the entries that the request's id names, each once.
func (c *call) chosen(h *history) []*entry {
	var found []*entry
	for _, id := range c.req.At("id").Vector().Items {
		if e := h.find(id.AsInt()); e != nil {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b *entry) int { return cmp.Compare(a.id, b.id) })
	return slices.Compact(found)
}

func (c *call) affected(b *box, n int) tl.Value {
	return c.new("messages.affectedMessages").With("pts", tl.Int(b.pts)).With("pts_count", tl.Int(int32(n))).Value()
}

// messagesReadHistory follows
// https://core.telegram.org/method/messages.readHistory: private chats and
// basic groups only.
func messagesReadHistory(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	if with.kind == channelPeer {
		return tl.Value{}, bad("PEER_ID_INVALID")
	}
	d := c.dialog(c.me, with)
	c.mark(d, false)
	upTo := c.upTo(d.list)
	if upTo == nil || upTo.id <= d.readIn {
		return c.affected(c.me.box, 0), nil
	}
	first := d.readIn
	d.readIn = upTo.id
	ev := c.me.box.change(event{kind: eventReadIn, with: with, max: upTo.id, still: d.unread(c.me)}, 1)
	c.notify(c.me, nil, ev)
	c.receipts(d, first)
	return c.affected(c.me.box, 1), nil
}

// upTo is the newest message of a history that max_id covers; 0 covers all.
func (c *call) upTo(h *history) *entry {
	id := c.req.At("max_id").AsInt()
	if id <= 0 {
		return h.top()
	}
	if i := h.index(id); i < len(h.entries) && h.entries[i].id == id {
		return h.entries[i]
	} else if i > 0 {
		return h.entries[i-1]
	}
	return nil
}

// receipts tells the authors of what the caller has just read, after the id
// first and up to the dialog's readIn, that it was read.
func (c *call) receipts(d *dialog, first int32) {
	last := map[*person]*entry{}
	for i := d.list.index(first + 1); i < len(d.list.entries) && d.list.entries[i].id <= d.readIn; i++ {
		if e := d.list.entries[i]; e.author != c.me {
			last[e.author] = e
		}
	}
	for _, p := range c.people {
		e := last[p]
		if e == nil {
			continue
		}
		theirs := p.dialogs[e.with(p)]
		id := e.idIn(p.box)
		if theirs == nil || id <= theirs.readOut {
			continue
		}
		theirs.readOut = id
		c.notify(p, nil, p.box.change(event{kind: eventReadOut, with: theirs.with, max: id}, 1))
	}
}

// channelsReadHistory follows
// https://core.telegram.org/method/channels.readHistory.
func channelsReadHistory(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if r.member(c.me) == nil {
		return tl.Value{}, bad("CHANNEL_PRIVATE")
	}
	d := c.dialog(c.me, r.peer)
	c.mark(d, false)
	upTo := c.upTo(d.list)
	if upTo == nil || upTo.id <= d.readIn {
		return tl.Bool(true), nil
	}
	d.readIn = upTo.id
	c.push(c.me, func(v viewer) []tl.Value {
		return []tl.Value{v.new("updateReadChannelInbox").With("channel_id", tl.Long(r.id)).With("max_id", tl.Int(d.readIn)).
			With("still_unread_count", tl.Int(d.unread(v.me))).With("pts", tl.Int(r.box.pts)).Value()}
	})
	return tl.Bool(true), nil
}
