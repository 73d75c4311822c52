package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

// storyboard reads whose stories a line is about.
func (a *arguments) storyboard() (peer, *storyboard) {
	of := a.peer("whose stories")
	if a.bad {
		return of, nil
	}
	b := a.board(of)
	if b == nil {
		a.fail("a basic group has no stories")
		a.bad = true
	}
	return of, b
}

// storyWord: story PEER storyItem(…) [PERSON], what stands there for others left
// out; privacy says who sees it, PERSON who posted it for a channel.
func storyWord(a *arguments) {
	of, b := a.storyboard()
	o := a.object("StoryItem")
	if a.bad {
		return
	}
	if !o.Is("storyItem") || o.At("id").AsInt() <= 0 || b.find(o.At("id").AsInt()) != nil {
		a.fail("want a storyItem with an id that is not there yet")
		return
	}
	s := &story{id: o.At("id").AsInt(), date: o.At("date").AsInt(), expire: o.At("expire_date").AsInt(), base: o, from: a.byID[of.id]}
	if rules := o.At("privacy").Vector(); rules != nil {
		for _, r := range rules.Items {
			s.rules = append(s.rules, r.Object())
		}
	}
	if a.more() {
		if s.from = a.person(); a.bad {
			return
		}
	}
	if o.At("privacy").IsNone() {
		s.rules = privacyRules{a.new("privacyValueAllowAll")}
	}
	for _, name := range [...]string{"out", "public", "contacts", "close_friends", "selected_contacts", "privacy", "views", "sent_reaction", "from_id", "albums"} {
		o.With(name, tl.Value{})
	}
	b.list = append(b.list, s)
	slices.SortFunc(b.list, func(x, y *story) int { return cmp.Compare(x.id, y.id) })
	b.last = max(b.last, s.id)
}

// storyViewWord: storyview PEER ID PERSON DATE [EMOJI], who has seen a story, and
// reacted how.
func storyViewWord(a *arguments) {
	_, b := a.storyboard()
	id := a.number("the id of a story")
	p, date := a.person(), a.date()
	if a.bad {
		return
	}
	s := b.find(id)
	if s == nil {
		a.fail("there is no story %d above this line", id)
		return
	}
	seen := &storySeen{person: p, date: date}
	if a.more() {
		if seen.reaction = a.reactionArg(); a.bad {
			return
		}
	}
	s.views = append(s.views, seen)
}

// storiesReadWord: storiesread PERSON PEER ID.
func storiesReadWord(a *arguments) {
	p := a.person()
	of, _ := a.storyboard()
	id := a.number("the id of a story")
	if a.bad {
		return
	}
	if p.watching.read == nil {
		p.watching.read = map[peer]int32{}
	}
	p.watching.read[of] = id
}

// storiesHiddenWord: storieshidden PERSON [PEER …].
func storiesHiddenWord(a *arguments) {
	a.peersOf(func(p *person, of peer) {
		if p.watching.hidden == nil {
			p.watching.hidden = map[peer]bool{}
		}
		p.watching.hidden[of] = true
	})
}

// storiesOnTopWord: storiesontop PEER [ID …].
func storiesOnTopWord(a *arguments) {
	_, b := a.storyboard()
	for of := a.list("ids of stories"); of.more(); {
		if id := of.number("the id of a story"); !of.bad && !a.bad {
			b.onTop = append(b.onTop, id)
		}
	}
}

// lastStoryWord: laststory PEER ID, the newest id that a story has had.
func lastStoryWord(a *arguments) {
	_, b := a.storyboard()
	if id := a.number("an id"); !a.bad {
		b.last = max(b.last, id)
	}
}

func saveStories(s *saver) {
	write := func(of peer) {
		b := s.board(of)
		if b == nil || b.last == 0 {
			return
		}
		for _, x := range b.list {
			o := x.base.Clone().With("id", tl.Int(x.id)).With("date", tl.Int(x.date)).With("expire_date", tl.Int(x.expire)).
				With("privacy", s.privacyValue(x.rules))
			by := ""
			if of.kind == channelPeer && x.from != nil {
				by = " " + s.ref(x.from.peer)
			}
			s.line("story %s %s%s", s.ref(of), s.text(o.Value()), by)
			for _, v := range x.views {
				reaction := ""
				if v.reaction != nil {
					reaction = " " + reactionName(v.reaction)
				}
				s.line("storyview %s %d %s %s%s", s.ref(of), x.id, s.ref(v.peer), s.when(v.date), reaction)
			}
		}
		s.line("laststory %s %d", s.ref(of), b.last)
		if len(b.onTop) > 0 {
			ids := make([]int64, len(b.onTop))
			for i, id := range b.onTop {
				ids[i] = int64(id)
			}
			s.line("storiesontop %s %s", s.ref(of), idList(ids))
		}
	}
	for _, p := range s.people {
		write(p.peer)
	}
	for _, r := range s.rooms {
		write(r.peer)
	}
	for _, p := range s.people {
		for _, of := range (viewer{s.world, p}).sortedRead() {
			s.line("storiesread %s %s %d", s.ref(p.peer), s.ref(of), p.watching.read[of])
		}
		var hidden []peer
		for of := range p.watching.hidden {
			hidden = append(hidden, of)
		}
		slices.SortFunc(hidden, func(a, b peer) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) })
		s.peers("storieshidden", p, hidden)
	}
}
