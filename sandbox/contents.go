package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tlsh/tl"
)

// contentsArea is what a person has to see or hear in a message beside reading
// it: that they are mentioned, or reacted to, or a voice message
// (https://core.telegram.org/api/mentions).
func contentsArea() area {
	return area{
		methods: map[string]method{
			"channels.readMessageContents": {handle: channelsReadMessageContents},
			"messages.getUnreadMentions":   {handle: messagesGetUnreadMentions, heeds: "top_msg_id"},
			"messages.readMentions":        {handle: messagesReadMentions, heeds: "top_msg_id"},
			"messages.readMessageContents": {handle: messagesReadMessageContents},
		},
		words: map[string]func(*arguments){"mentions": mentionsWord, "heard": heardWord},
		save:  saveContents,
	}
}

// mentions reports that a message in a group names p, or answers them.
func (w *world) mentions(l *letter, p *person) bool {
	r := w.room[l.to]
	if r == nil || r.broadcast() || l.author == p {
		return false
	}
	return l.repliesTo() && l.reply.author == p || w.namesIn(l)[p.id]
}

// repliesTo reports a message that answers another. What is said in a topic answers
// the message that made it, and means nobody by that.
func (l *letter) repliesTo() bool {
	return l.reply != nil && !l.reply.base.At("action").Object().Is("messageActionTopicCreate")
}

// named is whom a text mentions, as it was when these entities were written:
// usernames change hands.
type named struct {
	entities *tl.Vector
	people   map[int64]bool
}

// namesIn is whom a letter's entities mention. What was found stays until an edit.
func (w *world) namesIn(l *letter) map[int64]bool {
	vec := l.base.At("entities").Vector()
	if vec == nil {
		return nil
	}
	if l.named.entities == vec {
		return l.named.people
	}
	l.named = named{vec, map[int64]bool{}}
	for _, v := range vec.Items {
		switch e := v.Object(); {
		case e.Is("messageEntityMentionName"):
			l.named.people[e.At("user_id").AsLong()] = true
		case e.Is("messageEntityMention"):
			name := cutUnits(l.base.At("message").AsString(), int(e.At("offset").AsInt()), int(e.At("length").AsInt()))
			if who, ok := w.byName(strings.TrimPrefix(name, "@")); ok && who.kind == userPeer {
				l.named.people[who.id] = true
			}
		}
	}
	return l.named.people
}

// cutUnits is a part of a text, by UTF-16 units.
func cutUnits(s string, offset, length int) string {
	from, to, n := len(s), len(s), 0
	for i := 0; i < len(s); {
		if n == offset {
			from = i
		}
		if n == offset+length {
			to = i
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if n++; r > 0xffff {
			n++
		}
		i += size
	}
	if from > to {
		return ""
	}
	return s[from:to]
}

// noteMentions puts a new letter among the unread mentions of those whom it
// mentions.
func (w *world) noteMentions(l *letter) {
	r := w.room[l.to]
	if r == nil || r.broadcast() || l.service() || l.reply == nil && l.base.At("entities").IsNone() {
		return
	}
	for _, m := range r.members {
		if w.mentions(l, m.person) {
			b := m.box
			if r.kind == channelPeer {
				b = r.box
			}
			if id := l.idIn(b); b.find(id) != nil {
				w.dialog(m.person, r.peer).mentions.set(id, true)
			}
		}
	}
}

// audible reports a message that is heard or watched: a voice or round video
// message.
func (l *letter) audible() bool {
	m := l.base.At("media").Object()
	return m.Is("messageMediaDocument") && (m.At("voice").AsBool() || m.At("round").AsBool())
}

// unseen reports what media_unread says of a message to the viewer.
func (v viewer) unseen(e *entry, d *dialog) bool {
	if d != nil && d.mentions.has(e.id) {
		return true
	}
	if !e.audible() {
		return false
	}
	if e.author == v.me && e.to != v.me.peer {
		return len(e.heard) == 0
	}
	return e.author != v.me && !e.heard[v.me.id]
}

// readContents marks what these messages hold as seen by the caller, tells
// that, and gives how many there were of which it was news.
func (c *call) readContents(with peer, found []*entry) int {
	d := c.dialog(c.me, with)
	var ids []int32
	for _, e := range found {
		news := d.mentions.has(e.id) || d.reacted.has(e.id)
		d.mentions.set(e.id, false)
		if d.reacted.has(e.id) {
			for i := range e.letter.reacted {
				e.letter.reacted[i].unread = false
			}
			d.reacted.set(e.id, false)
		}
		if e.audible() && e.author != c.me && !e.heard[c.me.id] {
			news = true
			if e.letter.heard == nil {
				e.letter.heard = map[int64]bool{}
			}
			e.letter.heard[c.me.id] = true
			if with.kind != channelPeer && len(e.heard) == 1 {
				c.tellHeard(e)
			}
		}
		if news {
			ids = append(ids, e.id)
		}
	}
	switch {
	case len(ids) == 0:
	case with.kind == channelPeer:
		c.own(c.new("updateChannelReadMessagesContents").With("channel_id", tl.Long(with.id)).With("messages", ints(c.schema, ids)))
		return 0
	default:
		c.notify(c.me, nil, c.me.box.change(contentsEvent(ids, c.now), int32(len(ids))))
	}
	return len(ids)
}

// tellHeard tells the author of a voice message that somebody has heard it.
func (c *call) tellHeard(e *entry) {
	p := e.author
	id := e.idIn(p.box)
	if p.box.find(id) != nil {
		c.notify(p, nil, p.box.change(contentsEvent([]int32{id}, c.now), 1))
	}
}

func contentsEvent(ids []int32, date int32) event {
	return event{kind: eventOther, tell: func(v viewer, _ *room) *tl.Object {
		return v.new("updateReadMessagesContents").With("messages", ints(v.schema, ids)).With("date", tl.Int(date))
	}}
}

// messagesReadMessageContents follows
// https://core.telegram.org/method/messages.readMessageContents: private chats
// and basic groups only.
func messagesReadMessageContents(c *call) (tl.Value, error) {
	n := 0
	byDialog := map[peer][]*entry{}
	var order []peer
	for _, e := range c.chosen(&c.me.box.history) {
		with := e.with(c.me)
		if byDialog[with] == nil {
			order = append(order, with)
		}
		byDialog[with] = append(byDialog[with], e)
	}
	for _, with := range order {
		n += c.readContents(with, byDialog[with])
	}
	return c.affected(c.me.box, n), nil
}

// channelsReadMessageContents follows
// https://core.telegram.org/method/channels.readMessageContents.
func channelsReadMessageContents(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	c.readContents(r.peer, c.chosen(c.history(r.peer)))
	return tl.Bool(true), nil
}

// messagesGetUnreadMentions follows
// https://core.telegram.org/method/messages.getUnreadMentions.
func messagesGetUnreadMentions(c *call) (tl.Value, error) {
	return c.unreadOf(func(d *dialog) idSet { return d.mentions })
}

// messagesReadMentions follows
// https://core.telegram.org/method/messages.readMentions.
func messagesReadMentions(c *call) (tl.Value, error) {
	return c.readOf(func(d *dialog) idSet { return d.mentions })
}

// mentionsWord: mentions PERSON PEER [NUMBER …], the mentions not yet seen;
// without it, those in messages that are not read.
func mentionsWord(a *arguments) {
	p, with := a.person(), a.peer("where")
	var list []*letter
	for of := a.list("numbers of messages"); of.more(); {
		if l := of.message(); !of.bad {
			list = append(list, l)
		}
		a.bad = a.bad || of.bad
	}
	if a.bad {
		return
	}
	a.last = append(a.last, func() {
		d := a.dialog(p, with)
		d.mentions, a.mentioned[d] = nil, true
		for _, l := range list {
			b := p.box
			if with.kind == channelPeer {
				b = a.room[with].box
			}
			if id := l.idIn(b); d.list.find(id) != nil {
				d.mentions.set(id, true)
			}
		}
	})
}

// mentionsUnread are the mentions in what a person has not read.
func (w *world) mentionsUnread(p *person, d *dialog) (ids idSet) {
	for i := len(d.list.entries) - 1; i >= 0 && d.list.entries[i].id > d.readIn; i-- {
		if e := d.list.entries[i]; w.mentions(e.letter, p) {
			ids.set(e.id, true)
		}
	}
	return ids
}

// heardWord: heard NUMBER [PERSON …]
func heardWord(a *arguments) {
	l := a.message()
	for of := a.list("people"); of.more(); {
		if p := of.person(); !of.bad && !a.bad {
			if l.heard == nil {
				l.heard = map[int64]bool{}
			}
			l.heard[p.id] = true
		}
	}
}

func saveContents(s *saver) {
	for _, p := range s.people {
		for _, d := range s.dialogsOf(p) {
			now := d.mentions.in(d.list)
			if slices.Equal(now, s.mentionsUnread(p, d)) {
				continue
			}
			s.buf = append(s.buf, "mentions "+s.ref(p.peer)+" "+s.ref(d.with)+" ["...)
			for _, id := range now {
				s.buf = fmt.Appendf(s.buf, " %d", s.number[d.list.find(id).letter])
			}
			s.line(" ]")
		}
	}
	for _, l := range s.numbered() {
		s.who("heard", l, l.heard)
	}
}
