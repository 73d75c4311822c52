package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

// ttlArea is messages that delete themselves
// (https://core.telegram.org/api/self-destruct#auto-deleting-messages). They go
// with the first request that comes when their time is over.
func ttlArea() area {
	return area{
		methods: map[string]method{
			"messages.getDefaultHistoryTTL": {handle: messagesGetDefaultHistoryTTL},
			"messages.setDefaultHistoryTTL": {handle: messagesSetDefaultHistoryTTL, errors: "TTL_PERIOD_INVALID"},
			"messages.setHistoryTTL": {handle: messagesSetHistoryTTL,
				errors: "CHAT_ADMIN_REQUIRED CHAT_NOT_MODIFIED TTL_PERIOD_INVALID"},
		},
		words: map[string]func(*arguments){"ttl": ttlWord, "defaultttl": defaultTTLWord},
		save:  saveTTL,
	}
}

const (
	ttlStep = 86400
	maxTTL  = 366 * 86400
)

// validTTL reports a number of seconds after which messages can be deleted: 0
// for never, or whole days up to a year.
func validTTL(period int32) bool {
	return period >= 0 && period <= maxTTL && period%ttlStep == 0
}

// ttl is after how many seconds messages of a person's dialog are deleted; 0:
// never.
func (w *world) ttl(p *person, with peer) int32 {
	if r := w.room[with]; r != nil {
		return r.ttl
	}
	if d := p.dialogs[with]; d != nil {
		return d.ttl
	}
	return 0
}

// messagesSetHistoryTTL follows
// https://core.telegram.org/method/messages.setHistoryTTL. It holds for what is
// sent from now on.
func messagesSetHistoryTTL(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	period := c.req.At("period").AsInt()
	r := c.room[with]
	if r != nil {
		if _, err := c.admin(r, "change_info", 400); err != nil {
			return tl.Value{}, err
		}
	}
	switch {
	case !validTTL(period):
		return tl.Value{}, bad("TTL_PERIOD_INVALID")
	case c.ttl(c.me, with) == period:
		return tl.Value{}, bad("CHAT_NOT_MODIFIED")
	}
	update := func(of peer) func(v viewer) []tl.Value {
		return func(v viewer) []tl.Value {
			o := v.new("updatePeerHistoryTTL").With("peer", v.peerValue(of))
			if period > 0 {
				o.With("ttl_period", tl.Int(period))
			}
			return []tl.Value{o.Value()}
		}
	}
	if r != nil {
		r.ttl = period
		c.pushRoom(r, update(with))
	} else {
		c.dialog(c.me, with).ttl = period
		c.push(c.me, update(with))
		if other := c.byID[with.id]; other != c.me {
			c.dialog(other, c.me.peer).ttl = period
			c.push(other, update(c.me.peer))
		}
	}
	base := c.new("messageService").With("action", c.new("messageActionSetMessagesTTL").With("period", tl.Int(period)).Value())
	own := c.post(&letter{base: base, author: c.me, to: with, date: c.now})[0]
	news := c.update(own.event, nil)
	if own.to == nil {
		news = c.update(own.event, r)
	}
	return c.updates(c.now, append(update(with)(c.viewer), news)...).Value(), nil
}

// fades gives a new letter the time of its chat.
func (w *world) fades(l *letter) {
	if period := w.ttl(l.author, l.to); period > 0 && !l.service() && l.base.At("ttl_period").IsNone() {
		l.base.With("ttl_period", tl.Int(period))
	}
	w.noteFading(l)
}

// end is when a letter deletes itself, 0 for never.
func (l *letter) end() int32 {
	if n := l.base.At("ttl_period").AsInt(); n > 0 {
		return l.date + n
	}
	return 0
}

// noteFading keeps the letters that delete themselves in the order of that.
func (w *world) noteFading(l *letter) {
	if l.end() == 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(w.fading, l.end()+1, func(x *letter, end int32) int { return cmp.Compare(x.end(), end) })
	w.fading = slices.Insert(w.fading, i, l)
}

// fade deletes for everybody what has had its time.
func (s *Sandbox) fade() {
	w := s.world
	for len(w.fading) > 0 && w.fading[0].end() <= w.now {
		l := w.fading[0]
		w.fading = w.fading[1:]
		c := s.actor(l.author)
		c.copies(l, func(b *box, p *person, r *room, has *entry) {
			b.remove(has.id)
			if p != nil {
				p.dialogs[has.with(p)].list.remove(has.id)
			}
			c.notify(p, r, b.change(event{kind: eventDelete, ids: []int32{has.id}}, 1))
		})
	}
}

// messagesGetDefaultHistoryTTL follows
// https://core.telegram.org/method/messages.getDefaultHistoryTTL.
func messagesGetDefaultHistoryTTL(c *call) (tl.Value, error) {
	return c.new("defaultHistoryTTL").With("period", tl.Int(c.me.ttl)).Value(), nil
}

// messagesSetDefaultHistoryTTL follows
// https://core.telegram.org/method/messages.setDefaultHistoryTTL. It is that of
// private chats that begin from now on with a message of the caller's.
func messagesSetDefaultHistoryTTL(c *call) (tl.Value, error) {
	period := c.req.At("period").AsInt()
	if !validTTL(period) {
		return tl.Value{}, bad("TTL_PERIOD_INVALID")
	}
	c.me.ttl = period
	return tl.Bool(true), nil
}

// beginTTL gives a private chat in which nothing was ever said the default of
// who begins it.
func (w *world) beginTTL(l *letter) {
	if l.to.kind != userPeer || l.author.ttl == 0 || l.to == l.author.peer || l.service() {
		return
	}
	if d := w.dialog(l.author, l.to); d.list.top() == nil && d.ttl == 0 {
		d.ttl = l.author.ttl
		w.dialog(w.byID[l.to.id], l.author.peer).ttl = l.author.ttl
	}
}

// ttlWord: ttl PERSON PEER SECONDS, or ttl ROOM SECONDS
func ttlWord(a *arguments) {
	who := a.peer("a group, a channel, or one of the people")
	with := peer{}
	if who.kind == userPeer {
		with = a.peer("with whom")
	}
	n := a.number("how many seconds")
	switch {
	case a.bad:
	case !validTTL(n) || n == 0:
		a.fail("want whole days, in seconds, up to %d", maxTTL)
	case who.kind == userPeer:
		a.dialog(a.byID[who.id], with).ttl = n
	default:
		a.room[who].ttl = n
	}
}

func defaultTTLWord(a *arguments) {
	p, n := a.person(), a.number("how many seconds")
	if !a.bad && !validTTL(n) {
		a.fail("want whole days, in seconds, up to %d", maxTTL)
	} else if !a.bad {
		p.ttl = n
	}
}

func saveTTL(s *saver) {
	for _, p := range s.people {
		if p.ttl > 0 {
			s.line("defaultttl %s %d", s.ref(p.peer), p.ttl)
		}
		for _, d := range s.dialogsOf(p) {
			if d.ttl > 0 {
				s.line("ttl %s %s %d", s.ref(p.peer), s.ref(d.with), d.ttl)
			}
		}
	}
	for _, r := range s.rooms {
		if r.ttl > 0 {
			s.line("ttl %s %d", s.ref(r.peer), r.ttl)
		}
	}
}

// fullDialog sets what a full chat or user tells of the viewer's dialog with it.
func (v viewer) fullDialog(full *tl.Object, with peer) {
	d := v.me.dialogs[with]
	if d == nil {
		d = &dialog{with: with, list: new(history)}
	}
	if n := len(d.list.pins); n > 0 {
		full.With("pinned_msg_id", tl.Int(d.list.pins[n-1]))
	}
	if d.folder != 0 {
		full.With("folder_id", tl.Int(d.folder))
	}
	if len(d.scheduled.list) > 0 {
		full.With("has_scheduled", tl.Bool(true))
	}
	if n := v.ttl(v.me, with); n > 0 {
		full.With("ttl_period", tl.Int(n))
	}
	if r := v.room[with]; r != nil {
		if r.reactions != nil {
			full.With("available_reactions", r.reactions.Value())
		} else {
			full.With("available_reactions", v.new("chatReactionsAll").Value())
		}
	}
}
