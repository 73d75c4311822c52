package sandbox

import (
	"fmt"
	"slices"

	"tlsh/tl"
)

// readingArea is who has seen and read what, and histories as a whole.
func readingArea() area {
	return area{
		methods: map[string]method{
			"messages.deleteHistory": {handle: messagesDeleteHistory, heeds: "just_clear revoke min_date max_date",
				errors: "CHAT_ADMIN_REQUIRED MAX_DATE_INVALID MIN_DATE_INVALID"},
			"messages.getMessageEditData": {handle: messagesGetMessageEditData,
				errors: "MESSAGE_AUTHOR_REQUIRED MESSAGE_EDIT_TIME_EXPIRED MESSAGE_ID_INVALID"},
			"messages.getMessageReadParticipants": {handle: messagesGetMessageReadParticipants,
				errors: "CHAT_TOO_BIG MSG_ID_INVALID MSG_TOO_OLD"},
			"messages.getMessagesViews": {handle: messagesGetMessagesViews},
			"messages.getOutboxReadDate": {handle: messagesGetOutboxReadDate,
				errors: "MESSAGE_ID_INVALID MESSAGE_NOT_READ_YET MESSAGE_TOO_OLD USER_PRIVACY_RESTRICTED YOUR_PRIVACY_RESTRICTED"},
			"messages.sendScreenshotNotification": {handle: messagesSendScreenshotNotification,
				errors: "PEER_ID_INVALID RANDOM_ID_DUPLICATE REPLY_MESSAGE_ID_INVALID"},
			"messages.setTyping": {handle: messagesSetTyping, heeds: "top_msg_id",
				errors: "CHAT_WRITE_FORBIDDEN USER_IS_BLOCKED"},
		},
		words: map[string]func(*arguments){"readat": readAtWord, "viewed": viewedWord},
		save:  saveReading,
	}
}

// readMark says when a dialog was read up to a message.
type readMark struct{ id, date int32 }

// maxReads bounds how many of them a dialog keeps: only the latest matter.
const maxReads = 1000

// The limits of read marks (https://core.telegram.org/api/config#client-configuration:
// chat_read_mark_size_threshold, chat_read_mark_expire_period).
const (
	maxReadGroup = 100
	readExpires  = 7 * 86400
)

// read notes that everything up to a message is read.
func (d *dialog) read(id, date int32) {
	d.readIn = id
	if len(d.reads) == maxReads {
		d.reads = slices.Clone(d.reads[maxReads/2:])
	}
	d.reads = append(d.reads, readMark{id, date})
}

// readDate is when a message was read, 0 when that is not known.
func (d *dialog) readDate(id int32) int32 {
	for _, m := range d.reads {
		if m.id >= id {
			return m.date
		}
	}
	return 0
}

// messagesGetOutboxReadDate follows
// https://core.telegram.org/method/messages.getOutboxReadDate: private chats
// only.
func messagesGetOutboxReadDate(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	if with.kind != userPeer {
		return tl.Value{}, bad("PEER_ID_INVALID")
	}
	e := c.history(with).find(c.req.At("msg_id").AsInt())
	if e == nil || e.author != c.me {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	other := c.byID[with.id]
	d := other.dialogs[c.me.peer]
	id := e.idIn(other.box)
	switch {
	case other.hidesReading():
		return tl.Value{}, forbidden("USER_PRIVACY_RESTRICTED")
	case c.me.hidesReading() && !c.me.def.At("premium").AsBool():
		return tl.Value{}, forbidden("YOUR_PRIVACY_RESTRICTED")
	case d == nil || d.readIn < id:
		return tl.Value{}, bad("MESSAGE_NOT_READ_YET")
	case c.now-e.date > readExpires || d.readDate(id) == 0:
		return tl.Value{}, bad("MESSAGE_TOO_OLD")
	}
	return c.new("outboxReadDate").With("date", tl.Int(d.readDate(id))).Value(), nil
}

// messagesGetMessageReadParticipants follows
// https://core.telegram.org/method/messages.getMessageReadParticipants.
func messagesGetMessageReadParticipants(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	r := c.room[with]
	if r == nil || r.broadcast() {
		return tl.Value{}, bad("PEER_ID_INVALID")
	}
	e := c.history(with).find(c.req.At("msg_id").AsInt())
	switch {
	case e == nil:
		return tl.Value{}, bad("MSG_ID_INVALID")
	case len(r.members) > maxReadGroup:
		return tl.Value{}, bad("CHAT_TOO_BIG")
	case c.now-e.date > readExpires:
		return tl.Value{}, bad("MSG_TOO_OLD")
	}
	var items []tl.Value
	for _, m := range r.members {
		id := e.id
		if r.kind == chatPeer {
			id = e.idIn(m.box)
		}
		d := m.dialogs[r.peer]
		if m.person == e.author || d == nil || id == 0 || d.readIn < id || d.readDate(id) == 0 {
			continue
		}
		items = append(items, c.new("readParticipantDate").With("user_id", tl.Long(m.id)).With("date", tl.Int(d.readDate(id))).Value())
	}
	return c.vector("ReadParticipantDate", items), nil
}

// messagesGetMessagesViews follows
// https://core.telegram.org/method/messages.getMessagesViews. Everybody counts
// once.
func messagesGetMessagesViews(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	var items []tl.Value
	for _, id := range c.req.At("id").Vector().Items {
		o := c.new("messageViews")
		if e := c.history(with).find(id.AsInt()); e != nil && !e.base.At("views").IsNone() {
			if c.req.At("increment").AsBool() {
				c.view(e)
			}
			o.With("views", e.base.At("views")).With("forwards", e.base.At("forwards"))
			if n := c.replies(e.letter); n != nil {
				o.With("replies", n.Value())
			}
		}
		items = append(items, o.Value())
	}
	return c.complete(c.new("messages.messageViews").With("views", c.vector("MessageViews", items)), with).Value(), nil
}

// view counts the caller among those who have seen a post.
func (c *call) view(e *entry) {
	if e.author == c.me || e.viewed[c.me.id] {
		return
	}
	if e.letter.viewed == nil {
		e.letter.viewed = map[int64]bool{}
	}
	e.letter.viewed[c.me.id] = true
	n := e.base.At("views").AsInt() + 1
	e.base = e.base.Clone().With("views", tl.Int(n))
	if r := c.room[e.to]; r != nil && r.kind == channelPeer {
		id := e.id
		c.whisperRoom(r, func(v viewer) *tl.Object {
			return v.new("updateChannelMessageViews").With("channel_id", tl.Long(r.id)).With("id", tl.Int(id)).With("views", tl.Int(n))
		})
	}
}

// messagesGetMessageEditData follows
// https://core.telegram.org/method/messages.getMessageEditData.
func messagesGetMessageEditData(c *call) (tl.Value, error) {
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
	o := c.new("messages.messageEditData")
	if !e.base.At("media").IsNone() {
		o.With("caption", tl.Bool(true))
	}
	return o.Value(), nil
}

// messagesDeleteHistory follows
// https://core.telegram.org/method/messages.deleteHistory: private chats and
// basic groups only, and all at once. In a group only its creator deletes for
// all.
func messagesDeleteHistory(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	after, before := c.req.At("min_date"), c.req.At("max_date")
	revoke := c.req.At("revoke").AsBool()
	switch {
	case with.kind == channelPeer:
		return tl.Value{}, bad("PEER_ID_INVALID")
	case revoke && with.kind == chatPeer && !c.room[with].member(c.me).creator:
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	case !after.IsNone() && after.AsInt() < 0:
		return tl.Value{}, bad("MIN_DATE_INVALID")
	case !before.IsNone() && before.AsInt() < after.AsInt():
		return tl.Value{}, bad("MAX_DATE_INVALID")
	}
	var found []*entry
	last := c.req.At("max_id").AsInt()
	for _, e := range c.history(with).entries {
		if (last <= 0 || e.id <= last) && e.date >= after.AsInt() && (before.IsNone() || e.date <= before.AsInt()) {
			found = append(found, e)
		}
	}
	n := c.discard(found, revoke)
	return c.affectedHistory(c.me.box, n), nil
}

// discard deletes messages for the caller, or for all, and tells it; it gives how
// many of them were the caller's copies.
func (c *call) discard(found []*entry, revoke bool) int {
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
	return len(gone[c.me])
}

// readAtWord: readat PERSON PEER [ID DATE …], of saved files.
func readAtWord(a *arguments) {
	p, with := a.person(), a.peer("whose messages")
	of := a.list("ids and dates")
	var marks []readMark
	for of.more() {
		id := of.number("an id")
		if date := of.date(); !of.bad {
			marks = append(marks, readMark{id, date})
		}
	}
	if !a.bad && !of.bad {
		a.dialog(p, with).reads = marks
	}
}

// viewedWord: viewed NUMBER [PERSON …]: who is among the views of a post.
func viewedWord(a *arguments) {
	l := a.message()
	for of := a.list("people"); of.more(); {
		if p := of.person(); !of.bad && !a.bad {
			if l.viewed == nil {
				l.viewed = map[int64]bool{}
			}
			l.viewed[p.id] = true
		}
	}
}

func saveReading(s *saver) {
	for _, p := range s.people {
		for _, d := range s.dialogsOf(p) {
			if len(d.reads) == 0 {
				continue
			}
			s.buf = append(s.buf, "readat "+s.ref(p.peer)+" "+s.ref(d.with)+" ["...)
			for _, m := range d.reads {
				s.buf = fmt.Appendf(s.buf, " %d ", m.id)
				s.buf = s.value(s.buf, tl.Int(m.date), "date", false)
			}
			s.line(" ]")
		}
	}
	for _, l := range s.numbered() {
		s.who("viewed", l, l.viewed)
	}
}

// who writes a command with a message and some of the people; nothing for none.
func (s *saver) who(name string, l *letter, set map[int64]bool) {
	if len(set) == 0 {
		return
	}
	s.buf = fmt.Appendf(s.buf, "%s %d [", name, s.number[l])
	for _, p := range s.people {
		if set[p.id] {
			s.buf = append(s.buf, " "+s.ref(p.peer)...)
		}
	}
	s.line(" ]")
}
