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
	base, poll, err := c.edited(e)
	switch {
	case err != nil:
		return tl.Value{}, err
	case poll != nil:
		c.closePoll(poll)
		return c.updates(c.now, c.pollUpdate(e, poll)).Value(), nil
	}
	var before tl.Value
	if with.kind == channelPeer {
		before = c.asWritten(e)
	}
	e.base = base
	if with.kind == channelPeer {
		c.log(c.room[with], c.new("channelAdminLogEventActionEditMessage").With("prev_message", before).With("new_message", c.asWritten(e)))
	}
	own := c.tellEdit(e.letter)
	if dup := e.letter.copy; dup != nil {
		for _, name := range [...]string{"message", "entities", "media", "edit_date"} {
			dup.base = dup.base.Clone().With(name, e.base.At(name))
		}
		c.tellEdit(dup)
	}
	return c.updates(c.now, own).Value(), nil
}

// tellEdit tells everybody who has a letter that it was edited, and gives the
// update for the caller.
func (c *call) tellEdit(l *letter) (own tl.Value) {
	c.copies(l, func(b *box, p *person, r *room, has *entry) {
		ev := b.change(event{kind: eventEdit, entry: has}, 1)
		c.notify(p, r, ev)
		if p == c.me || r != nil {
			own = c.update(ev, r)
		}
	})
	return own
}

// edited is a message as the request wants it, or the poll in it that the
// request closes: of a poll nothing else can be edited.
func (c *call) edited(e *entry) (*tl.Object, *poll, error) {
	old := e.base.At("media")
	media := old
	if in := c.req.At("media").Object(); in != nil {
		if p := c.pollIn(e.letter); p != nil {
			if !in.Is("inputMediaPoll") || !in.At("poll").Object().At("closed").AsBool() || p.closed(c.now) {
				return nil, nil, bad("MESSAGE_NOT_MODIFIED")
			}
			return nil, p, nil
		}
		var err error
		if media, err = c.mediaEdit(in, old.Object()); err != nil {
			return nil, nil, err
		}
	}
	limit, tooLong := maxMessage, "MESSAGE_TOO_LONG"
	if !media.IsNone() {
		limit, tooLong = maxCaption, "MEDIA_CAPTION_TOO_LONG"
	}
	v := c.req.At("message")
	entities := e.base.At("entities")
	if v.IsNone() {
		v = e.base.At("message")
	} else {
		var err error
		if entities, err = c.text(c.req, limit, tooLong); err != nil {
			return nil, nil, err
		}
		entities = c.detect(v.AsString(), entities)
	}
	base := e.base.Clone().With("message", v).With("entities", entities).With("media", media)
	if in := c.req.At("reply_markup").Object(); in != nil || c.me.bot != nil {
		markup, err := c.markup(in, e.to)
		if err != nil {
			return nil, nil, err
		}
		base.With("reply_markup", markup)
	}
	if !c.req.At("invert_media").IsNone() {
		base.With("invert_media", c.req.At("invert_media"))
	}
	switch {
	case v.AsString() == "" && media.IsNone():
		return nil, nil, bad("MESSAGE_EMPTY")
	case tl.Equal(base.Value(), e.base.Value()):
		return nil, nil, bad("MESSAGE_NOT_MODIFIED")
	}
	return base.With("edit_date", tl.Int(c.now)), nil, nil
}

// mediaEdit is the new media of a message. A live place moves or stops; other
// media take the place of each other where both are files.
func (c *call) mediaEdit(in, old *tl.Object) (tl.Value, error) {
	live := old.Is("messageMediaGeoLive")
	switch {
	case live && in.Is("inputMediaGeoLive") && in.At("stopped").AsBool():
		return old.Clone().With("period", tl.Int(0)).Value(), nil
	case live && in.Is("inputMediaGeoLive"):
		next := in.Clone()
		if next.At("period").IsNone() {
			next.With("period", old.At("period"))
		}
		return c.media(next)
	case live || old.Is("messageMediaDice") || old.Is("messageMediaContact") || old.Is("messageMediaGeo") || old.Is("messageMediaVenue"):
		return tl.Value{}, bad("MEDIA_PREV_INVALID")
	}
	switch in.Def().Name {
	case "inputMediaPhoto", "inputMediaDocument", "inputMediaUploadedPhoto", "inputMediaUploadedDocument", "inputMediaWebPage":
		return c.media(in)
	}
	return tl.Value{}, bad("MEDIA_NEW_INVALID")
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
		// Who has left still has what was written until then.
		for _, p := range c.people {
			each(p.box, p, nil)
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
	return c.affected(c.me.box, c.discard(found, revoke)), nil
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
	d.read(upTo.id, c.now)
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
	d.read(upTo.id, c.now)
	c.push(c.me, func(v viewer) []tl.Value {
		return []tl.Value{v.new("updateReadChannelInbox").With("channel_id", tl.Long(r.id)).With("max_id", tl.Int(d.readIn)).
			With("still_unread_count", tl.Int(d.unread(v.me))).With("pts", tl.Int(r.box.pts)).Value()}
	})
	return tl.Bool(true), nil
}
