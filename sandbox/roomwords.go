package sandbox

import (
	"slices"
	"time"

	"tlsh/syntax"
	"tlsh/tl"
)

// roomWords are the fixture's commands for what is in a room beside its
// members and admins.
func roomWords() map[string]func(*arguments) {
	return map[string]func(*arguments){
		"joined": joinedWord, "promoted": promotedWord, "rank": rankWord, "banned": bannedWord, "left": leftWord,
		"slowmode": slowmodeWord, "toggled": toggledWord, "discussion": discussionWord, "photo": photoWord,
		"closed": closedWord, "orphan": orphanWord, "approved": approvedWord, "adminlog": adminlogWord, "available": availableWord,
	}
}

// date reads a moment, as far in the past as the fixture's other dates.
func (a *arguments) date() int32 {
	s, n := a.text("a date")
	if a.bad {
		return 0
	}
	at, ok := parseDate(s)
	if !ok {
		a.failAt(n, "want a date as 2026-03-06T18:00, in UTC")
		a.bad = true
	}
	return int32(at + a.shift)
}

// member reads a room and one of its members.
func (a *arguments) member() (*room, *member) {
	r, p := a.roomRef(), a.person()
	if a.bad {
		return nil, nil
	}
	m := r.member(p)
	if m == nil {
		a.fail("%s is no member of it", syntax.Quote(p.name()))
		a.bad = true
	}
	return r, m
}

func joinedWord(a *arguments) {
	_, m := a.member()
	date := a.date()
	by := int64(0)
	if a.more() {
		if p := a.person(); p != nil {
			by = p.id
		}
	}
	if a.bad {
		return
	}
	m.date = date
	if by != 0 {
		m.inviter = by
	}
}

func promotedWord(a *arguments) {
	_, m := a.member()
	if by := a.person(); !a.bad {
		m.promotedBy = by.id
	}
}

func rankWord(a *arguments) {
	_, m := a.member()
	rank, n := a.text("a title")
	switch {
	case a.bad:
	case validRank(rank) != nil:
		a.failAt(n, "%s cannot be a title: want up to %d characters and no emoji", syntax.Quote(rank), maxRank)
	default:
		m.rank = rank
	}
}

func bannedWord(a *arguments) {
	r, p := a.roomRef(), a.person()
	rights := a.object("ChatBannedRights")
	if a.bad {
		return
	}
	b := &ban{person: p, rights: rights, date: a.clock}
	if len(r.members) > 0 {
		b.by = r.members[0].id
	}
	if a.more() {
		if by := a.person(); by != nil {
			b.by = by.id
		}
	}
	if a.more() {
		b.date = a.date()
	}
	switch {
	case a.bad:
	case b.kicked() && r.member(p) != nil:
		a.fail("%s is a member: who is banned with view_messages is none", syntax.Quote(p.name()))
	default:
		r.setBan(b)
	}
}

func leftWord(a *arguments) {
	r := a.roomRef()
	for of := a.list("people"); of.more(); {
		p := of.person()
		if of.bad || a.bad {
			return
		}
		if r.member(p) != nil || slices.Contains(r.left, p) {
			a.fail("%s is a member, or has left already", syntax.Quote(p.name()))
			return
		}
		r.left = append(r.left, p)
	}
}

func slowmodeWord(a *arguments) {
	r, n := a.roomRef(), a.number("how many seconds")
	switch {
	case a.bad:
	case !slices.Contains(slowSteps[:], n):
		a.fail("the slow mode of a supergroup is one of %v seconds", slowSteps)
	default:
		r.ownSlow = time.Duration(n) * time.Second
	}
}

// toggleNames are the settings of a room that neither chat nor channel holds.
var toggleNames = [...]string{"antispam", "hidden_prehistory", "join_request_invites", "participants_hidden"}

func toggledWord(a *arguments) {
	r := a.roomRef()
	for a.more() {
		name, n := a.text("a setting")
		if a.bad {
			return
		}
		if !slices.Contains(toggleNames[:], name) {
			a.unknown(n, "setting", name, toggleNames[:])
			return
		}
		r.set(name, true)
	}
}

// set turns one of the toggleNames on or off.
func (r *room) set(name string, on bool) {
	if r.toggles == nil {
		r.toggles = map[string]bool{}
	}
	if on {
		r.toggles[name] = true
	} else {
		delete(r.toggles, name)
	}
}

func discussionWord(a *arguments) {
	ch, g := a.roomRef(), a.roomRef()
	switch {
	case a.bad:
	case !ch.broadcast() || g.kind != channelPeer || g.broadcast():
		a.fail("want a channel, and the supergroup where its posts are talked about")
	case ch.discussion != nil || g.discussion != nil:
		a.fail("one of these is linked already")
	default:
		ch.discussion, g.discussion = g, ch
	}
}

func photoWord(a *arguments) {
	r := a.roomRef()
	o := a.object("Photo")
	if a.bad {
		return
	}
	if id := o.At("id").AsLong(); a.store.photos[id] == nil {
		a.fail("there is no picture %d above this line", id)
		return
	}
	r.photo = o
}

func closedWord(a *arguments) {
	if r := a.roomRef(); !a.bad {
		r.closed = true
	}
}

// orphanWord says that a group's creator has left it.
func orphanWord(a *arguments) {
	if r := a.roomRef(); !a.bad {
		for _, m := range r.members {
			m.creator = false
		}
	}
}

// approvedWord says who came by a request that was approved.
func approvedWord(a *arguments) {
	r := a.roomRef()
	for of := a.list("members"); of.more(); {
		p := of.person()
		if of.bad || a.bad {
			return
		}
		m := r.member(p)
		if m == nil {
			a.fail("%s is no member of it", syntax.Quote(p.name()))
			return
		}
		m.byRequest = true
	}
}

func availableWord(a *arguments) {
	p, r := a.person(), a.roomRef()
	id := a.number("the newest id that is hidden")
	if !a.bad {
		a.last = append(a.last, func() { a.dialog(p, r.peer).minID = id })
	}
}

func adminlogWord(a *arguments) {
	r := a.roomRef()
	id, date, by := a.number("its number"), a.date(), a.person()
	action := a.object("ChannelAdminLogEventAction")
	switch {
	case a.bad:
	case r.kind != channelPeer || int64(id) <= r.lastLogged():
		a.fail("want a channel or supergroup, and numbers that grow")
	default:
		r.log = append(r.log, logged{int64(id), date, by, action})
	}
}

func (s *saver) when(date int32) string {
	return time.Unix(int64(date), 0).UTC().Format(dateLayout)
}

// rooms writes what roomWords reads.
func (s *saver) roomState() {
	for _, r := range s.rooms {
		ref := s.ref(r.peer)
		for _, m := range r.members {
			s.line("joined %s %s %s %s", ref, s.ref(m.peer), s.when(m.date), s.ref(peer{userPeer, m.inviter}))
			if m.promotedBy != 0 {
				s.line("promoted %s %s %s", ref, s.ref(m.peer), s.ref(peer{userPeer, m.promotedBy}))
			}
			if m.rank != "" {
				s.line("rank %s %s %s", ref, s.ref(m.peer), syntax.Quote(m.rank))
			}
		}
		for _, b := range r.bans {
			if s.ban(r, b.person) != b {
				continue // it has ended
			}
			by := b.by
			if by == 0 {
				by = b.id
			}
			s.line("banned %s %s %s %s %s", ref, s.ref(b.peer), s.text(b.rights.Value()), s.ref(peer{userPeer, by}), s.when(b.date))
		}
		if len(r.left) > 0 {
			s.buf = append(s.buf, "left "+ref+" ["...)
			for _, p := range r.left {
				s.buf = append(s.buf, " "+s.ref(p.peer)...)
			}
			s.line(" ]")
		}
		if r.ownSlow > 0 {
			s.line("slowmode %s %d", ref, int(r.ownSlow/time.Second))
		}
		for _, name := range toggleNames {
			if r.toggles[name] {
				s.line("toggled %s %s", ref, name)
			}
		}
		if r.photo != nil {
			s.line("photo %s %s", ref, s.text(r.photo.Value()))
		}
		if len(r.members) > 0 && !r.members[0].creator {
			s.line("orphan %s", ref)
		}
		for _, m := range r.members {
			if m.byRequest {
				s.line("approved %s [ %s ]", ref, s.ref(m.peer))
			}
		}
		if r.closed {
			s.line("closed %s", ref)
		}
		if r.discussion != nil && r.broadcast() {
			s.line("discussion %s %s", ref, s.ref(r.discussion.peer))
		}
		for _, l := range r.log {
			s.line("adminlog %s %d %s %s %s", ref, l.id, s.when(l.date), s.ref(l.by.peer), s.text(l.action.Value()))
		}
	}
	for _, p := range s.people {
		for _, d := range s.dialogsOf(p) {
			if d.minID > 0 {
				s.line("available %s %s %d", s.ref(p.peer), s.ref(d.with), d.minID)
			}
		}
	}
}

// text is a value as an argument of a command.
func (s *saver) text(v tl.Value) string { return string(s.value(nil, v, "", true)) }
