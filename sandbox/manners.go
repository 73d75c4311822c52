package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tlsh/syntax"
	"tlsh/tl"
)

// manner is what one of the people does by themselves when a message comes that
// holds some words.
type manner struct {
	who   *person
	verb  string
	text  string     // "": any message
	with  string     // of answers, finds and pressed: the answer; of reacts: the emoji
	keys  *tl.Object // of answers: a ReplyMarkup; nil: none
	to    peer       // of forwards
	in    peer       // a room; none: the private chats of the person
	after time.Duration
}

// mannered are the manners of a world, and what has to be done because of them.
type mannered struct {
	rules []*manner
	due   []*deed
	done  int64 // counts the deeds, for their random_ids
}

// deed is a manner that a letter has called for.
type deed struct {
	*manner
	letter *letter
	query  *botQuery // what it answers, of finds and pressed; else nil
	at     time.Time // of the real clock
	timer  *time.Timer
}

// mannersArea is no part of the API: it is what makes the people of a world do
// something.
func mannersArea() area {
	return area{words: map[string]func(*arguments){"manner": mannerWord}, save: saveManners}
}

// mannerVerbs are what manners can do, and whether a text or a peer follows.
var mannerVerbs = [...]struct{ name, object string }{
	{"answers", "text"}, {"forwards", "peer"}, {"reacts", "text"}, {"reads", ""}, {"types", ""},
	{"finds", "text"}, {"pressed", "text"},
}

// mannerWord: manner PERSON answers "TEXT" "ANSWER" [in ROOM] [after TIME], or
// forwards "TEXT" PEER, reacts "TEXT" "EMOJI", reads "TEXT", types "TEXT". Of
// bots also finds "TEXT" "ANSWER", for inline queries, and pressed "DATA" "ANSWER",
// for buttons; and answers may have keys replyInlineMarkup(…).
func mannerWord(a *arguments) {
	m := &manner{who: a.person()}
	verb, n := a.text("answers, forwards, reacts, reads, types, finds or pressed")
	if a.bad {
		return
	}
	i := slices.IndexFunc(mannerVerbs[:], func(v struct{ name, object string }) bool { return v.name == verb })
	if i < 0 {
		a.failAt(n, "want answers, forwards, reacts, reads, types, finds or pressed, not %s", syntax.Quote(verb))
		a.bad = true
		return
	}
	m.verb = verb
	m.text, _ = a.text(`the text that is waited for, "" for any`)
	switch mannerVerbs[i].object {
	case "text":
		m.with, _ = a.text("what is said")
	case "peer":
		m.to = a.peer("to whom")
	}
	for a.more() {
		switch word, n := a.text("in, after or keys"); word {
		case "keys":
			m.keys = a.object("ReplyMarkup")
		case "in":
			if r := a.roomRef(); !a.bad {
				m.in = r.peer
			}
		case "after":
			s, n := a.text("a time")
			var err error
			if m.after, err = time.ParseDuration(s); (err != nil || m.after < 0) && !a.bad {
				a.failAt(n, "want a time as 2s or 500ms, not %s", syntax.Quote(s))
				a.bad = true
			}
		default:
			if !a.bad {
				a.failAt(n, "want in ROOM, after TIME or keys ReplyMarkup, not %s", syntax.Quote(word))
				a.bad = true
			}
		}
	}
	if !a.bad {
		a.manners.rules = append(a.manners.rules, m)
	}
}

func saveManners(s *saver) {
	for _, m := range s.manners.rules {
		line := fmt.Sprintf("manner %s %s %s", s.ref(m.who.peer), m.verb, syntax.Quote(m.text))
		switch {
		case m.to.kind != noPeer:
			line += " " + s.ref(m.to)
		case m.verb != "reads" && m.verb != "types":
			line += " " + syntax.Quote(m.with)
		}
		if m.in.kind != noPeer {
			line += " in " + s.ref(m.in)
		}
		if m.keys != nil {
			line += " keys " + s.text(m.keys.Value())
		}
		if m.after > 0 {
			line += " after " + m.after.String()
		}
		s.line("%s", line)
	}
}

// wants reports a manner that a letter calls for.
func (w *world) wants(m *manner, l *letter) bool {
	switch {
	case m.who == l.author || l.service() || m.verb == "finds" || m.verb == "pressed":
		return false
	case m.in.kind == noPeer && l.to != m.who.peer, m.in.kind != noPeer && l.to != m.in:
		return false
	case m.in.kind != noPeer && (w.room[m.in].member(m.who) == nil || !w.hears(m.who, l)):
		return false
	}
	return saysWords(l.base.At("message").AsString(), m.text)
}

// saysWords reports that a text holds those words, in any case: "hi" stands in "Hi,
// Alice" and not in "this". What begins or ends with another sign than a letter, as
// "?", may stand anywhere.
func saysWords(text, words string) bool {
	text, words = strings.ToLower(text), strings.ToLower(words)
	if words == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(words)
	last, _ := utf8.DecodeLastRuneInString(words)
	for at := 0; ; at++ {
		i := strings.Index(text[at:], words)
		if i < 0 {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(words):])
		if !(inWord(before) && inWord(first)) && !(inWord(last) && inWord(after)) {
			return true
		}
	}
}

// inWord reports a letter, a sign on one, or a digit.
func inWord(r rune) bool { return unicode.In(r, unicode.L, unicode.M, unicode.N) }

// maxDeeds bounds what waits to be done.
const maxDeeds = 1000

// provoke has the manners done that a letter calls for: of each person the first
// of each kind. What is done by manners calls for none, so that two people never
// go on without end.
func (c *call) provoke(l *letter) {
	if c.byManner {
		return
	}
	var chosen []*manner
	for _, m := range c.manners.rules {
		same := func(o *manner) bool { return o.who == m.who && o.verb == m.verb }
		if len(c.manners.due) == maxDeeds || !c.wants(m, l) || slices.ContainsFunc(chosen, same) {
			continue
		}
		chosen = append(chosen, m)
		c.s.plan(&deed{manner: m, letter: l})
	}
}

// plan has a deed done when its time has come. mu is held.
func (s *Sandbox) plan(d *deed) {
	d.at = time.Now().Add(d.after)
	s.world.manners.due = append(s.world.manners.due, d)
	if len(s.hosts) > 0 && !s.cfg.HoldManners {
		d.timer = time.AfterFunc(d.after, func() { s.fulfil(d) })
	}
}

// fulfil does a deed whose time has come, unless it was done or dropped before.
func (s *Sandbox) fulfil(d *deed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.world.manners.due, d); i >= 0 {
		s.world.manners.due = slices.Delete(s.world.manners.due, i, i+1)
		s.perform(d)
	}
}

// Manners does at once what the manners of people are about to do, in the order
// in which they would, and returns how many things that were.
func (s *Sandbox) Manners() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.dropDeeds()
	slices.SortStableFunc(list, func(a, b *deed) int { return a.at.Compare(b.at) })
	for _, d := range list {
		s.perform(d)
	}
	return len(list)
}

// dropDeeds empties the list of what is to be done. mu is held.
func (s *Sandbox) dropDeeds() []*deed {
	list := s.world.manners.due
	s.world.manners.due = nil
	for _, d := range list {
		if d.timer != nil {
			d.timer.Stop()
		}
	}
	return list
}

// perform does a deed by the method that a client would call. What the API
// refuses, as to somebody who is blocked, is not done. mu is held.
func (s *Sandbox) perform(d *deed) {
	c := s.actor(d.who)
	c.byManner = true
	if d.query != nil {
		c.answerQuery(d)
		return
	}
	name, with := "", d.letter.with(d.who)
	if d.in.kind == channelPeer {
		with = d.in
	}
	id := d.letter.idIn(s.boxOf(d.who, with))
	if id == 0 || c.history(with).find(id) == nil {
		return // deleted since
	}
	s.world.manners.done++
	random := tl.Long(1<<62 + s.world.manners.done)
	req := func(method string) *tl.Object {
		name = method
		return tl.New(s.schema.Method(method))
	}
	switch d.verb {
	case "answers":
		c.req = req("messages.sendMessage").With("peer", c.inputPeer(with)).With("message", tl.String(d.with)).With("random_id", random)
		if d.keys != nil {
			c.req.With("reply_markup", d.keys.Value())
		}
		if with.kind != userPeer {
			c.req.With("reply_to", c.new("inputReplyToMessage").With("reply_to_msg_id", tl.Int(id)).Value())
		}
	case "forwards":
		c.req = req("messages.forwardMessages").With("from_peer", c.inputPeer(with)).With("to_peer", c.inputPeer(d.to)).
			With("id", ints(s.schema, []int32{id})).With("random_id", tl.VectorOf(s.schema.TypeOf("long"), random))
	case "reacts":
		emoji := c.new("reactionEmoji").With("emoticon", tl.String(d.with))
		c.req = req("messages.sendReaction").With("peer", c.inputPeer(with)).With("msg_id", tl.Int(id)).
			With("reaction", c.vector("Reaction", []tl.Value{emoji.Value()}))
	case "reads":
		c.req = req("messages.readHistory").With("peer", c.inputPeer(with)).With("max_id", tl.Int(id))
		if with.kind == channelPeer {
			in := c.new("inputChannel").With("channel_id", tl.Long(with.id)).With("access_hash", tl.Long(accessHash(c.room[with].seed, d.who)))
			c.req = req("channels.readHistory").With("channel", in.Value()).With("max_id", tl.Int(id))
		}
	case "types":
		c.req = req("messages.setTyping").With("peer", c.inputPeer(with)).With("action", c.new("sendMessageTypingAction").Value())
	}
	c.method = name
	_, _ = s.methods[name].handle(c)
}

// boxOf is the box that has somebody's messages with that peer.
func (s *Sandbox) boxOf(p *person, with peer) *box {
	if r := s.world.room[with]; with.kind == channelPeer {
		return r.box
	}
	return p.box
}

// doManners is the knob: do now what is about to be done.
func doManners(s *Sandbox, args []string) (string, error) {
	if word, err := one("manners", "now", args); err != nil || word != "now" {
		return "", fmt.Errorf("sandbox: want manners now")
	}
	return plural(s.Manners(), "thing") + " done\n", nil
}
