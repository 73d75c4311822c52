package sandbox

import (
	"fmt"
	"slices"

	"tlsh/syntax"
)

// topicWords are the fixture's commands for the topics of forums:
//
//	topic ROOM NUMBER "TITLE" COLOR [closed] [hidden]
//	topicpins ROOM [NUMBER …]
//
// NUMBER is that of the message that made the topic, 0 for General.
func topicWords() map[string]func(*arguments) {
	return map[string]func(*arguments){"topic": topicWord, "topicpins": topicPinsWord}
}

// root reads the number of the message that made a topic.
func (a *arguments) root(r *room) *letter {
	n := a.number("the number of a message")
	if a.bad || n == 0 {
		return nil
	}
	d := a.drafts[n]
	if d == nil || d.to != r.peer {
		a.fail("the room has no message %d above this line", n)
		a.bad = true
		return nil
	}
	return &d.letter
}

func topicWord(a *arguments) {
	r := a.roomRef()
	if a.bad {
		return
	}
	t := &topic{root: a.root(r)}
	t.title, _ = a.text("a title")
	t.color = a.number("a colour")
	for a.more() {
		switch word, n := a.text("closed or hidden"); word {
		case "closed":
			t.closed = true
		case "hidden":
			t.hidden = true
		default:
			a.failAt(n, "want closed or hidden")
			a.bad = true
		}
	}
	switch same := slices.IndexFunc(r.topics, func(x *topic) bool { return x.root == t.root }); {
	case a.bad:
	case same >= 0 && t.root != nil:
		a.fail("this is a topic already")
	case same >= 0:
		r.topics[same] = t
	case t.root == nil:
		r.topics = slices.Insert(r.topics, 0, t)
	default:
		r.topics = append(r.topics, t)
	}
}

func topicPinsWord(a *arguments) {
	r := a.roomRef()
	of := a.list("numbers of topics")
	for of.more() {
		root := of.root(r)
		i := slices.IndexFunc(r.topics, func(t *topic) bool { return t.root == root })
		switch {
		case of.bad || a.bad:
			return
		case i < 0:
			a.fail("this is no topic above this line")
			return
		}
		r.topicPins = append(r.topicPins, r.topics[i])
	}
}

// topicState writes what topicWords reads.
func (s *saver) topicState() {
	for _, r := range s.rooms {
		ref := s.ref(r.peer)
		number := func(t *topic) int32 {
			if t.root == nil {
				return 0
			}
			return s.number[t.root]
		}
		for _, t := range r.topics {
			if t.root == nil && *t == *newGeneral() && !slices.Contains(r.topicPins, t) {
				continue
			}
			more := ""
			if t.closed {
				more += " closed"
			}
			if t.hidden {
				more += " hidden"
			}
			s.line("topic %s %d %s %d%s", ref, number(t), syntax.Quote(t.title), t.color, more)
		}
		if len(r.topicPins) > 0 {
			s.buf = append(s.buf, "topicpins "+ref+" ["...)
			for _, t := range r.topicPins {
				s.buf = fmt.Appendf(s.buf, " %d", number(t))
			}
			s.line(" ]")
		}
	}
}
