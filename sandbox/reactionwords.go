package sandbox

import (
	"cmp"
	"slices"
	"strconv"

	"tlsh/tl"
)

// reactionArg reads an emoji, or a custom emoji's document id.
func (a *arguments) reactionArg() *tl.Object {
	s, n := a.text("an emoji, or the document id of a custom one")
	if a.bad {
		return nil
	}
	if id, err := strconv.ParseInt(s, 10, 64); err == nil {
		return a.new("reactionCustomEmoji").With("document_id", tl.Long(id))
	}
	if !word(reactionEmoji, bareEmoji(s)) || s == "" {
		a.failAt(n, "%s is no reaction", strconv.Quote(s))
		a.bad = true
		return nil
	}
	return a.new("reactionEmoji").With("emoticon", tl.String(bareEmoji(s)))
}

// reactWord: react NUMBER PERSON EMOJI [DATE] [big] [unread]
func reactWord(a *arguments) {
	l, p, what := a.message(), a.person(), a.reactionArg()
	if a.bad {
		return
	}
	x := reacted{who: p, what: what, date: l.date}
	for a.more() {
		switch s, n := a.text("a date, big or unread"); s {
		case "big":
			x.big = true
		case "unread":
			x.unread = true
		default:
			at, ok := parseDate(s)
			if !ok {
				a.failAt(n, "want a date as 2026-03-06T18:00, in UTC, or big, or unread")
				return
			}
			x.date = int32(at + a.shift)
		}
	}
	a.last = append(a.last, func() {
		l.reacted = append(l.reacted, x)
		a.unreadReactions(l)
	})
}

// reactionsWord: reactions ROOM chatReactions…
func reactionsWord(a *arguments) {
	r := a.roomRef()
	if o := a.object("ChatReactions"); !a.bad {
		r.reactions = o
	}
}

func reactionRecentWord(a *arguments) {
	p := a.person()
	for of := a.list("emoji"); of.more(); {
		if o := of.reactionArg(); !of.bad && !a.bad {
			p.reacting.recent = append(p.reacting.recent, o)
		}
	}
}

func reactionFavoriteWord(a *arguments) {
	p := a.person()
	if o := a.reactionArg(); !a.bad {
		p.reacting.favorite = o
	}
}

func saveReactions(s *saver) {
	for _, l := range s.numbered() {
		for _, x := range l.reacted {
			s.buf = append(s.buf, "react "+strconv.Itoa(int(s.number[l]))+" "+s.ref(x.who.peer)+" "+reactionName(x.what)+" "...)
			s.buf = s.value(s.buf, tl.Int(x.date), "date", false)
			if x.big {
				s.buf = append(s.buf, " big"...)
			}
			if x.unread {
				s.buf = append(s.buf, " unread"...)
			}
			s.line("")
		}
	}
	for _, r := range s.rooms {
		if r.reactions != nil {
			s.buf = append(s.buf, "reactions "+s.ref(r.peer)+" "...)
			s.buf = s.value(s.buf, r.reactions.Value(), "", true)
			s.line("")
		}
	}
	for _, p := range s.people {
		if f := p.reacting.favorite; f != nil {
			s.line("reactionfavorite %s %s", s.ref(p.peer), reactionName(f))
		}
		if len(p.reacting.recent) > 0 {
			s.buf = append(s.buf, "reactionrecent "+s.ref(p.peer)+" ["...)
			for _, o := range p.reacting.recent {
				s.buf = append(s.buf, " "+reactionName(o)...)
			}
			s.line(" ]")
		}
	}
}

// numbered are the messages of the file in their order.
func (s *saver) numbered() []*letter {
	list := make([]*letter, 0, len(s.number))
	for l := range s.number {
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b *letter) int { return cmp.Compare(s.number[a], s.number[b]) })
	return list
}
