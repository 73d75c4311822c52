package sandbox

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tlsh/tl"
)

// pollsArea is polls (https://core.telegram.org/api/poll).
func pollsArea() area {
	return area{
		methods: map[string]method{
			"messages.getPollResults": {handle: messagesGetPollResults,
				errors: "MESSAGE_ID_INVALID"},
			"messages.getPollVotes": {handle: messagesGetPollVotes, heeds: "option offset",
				errors: "BROADCAST_FORBIDDEN MSG_ID_INVALID OFFSET_INVALID POLL_VOTE_REQUIRED"},
			"messages.sendVote": {handle: messagesSendVote,
				errors: "CHAT_WRITE_FORBIDDEN MESSAGE_ID_INVALID MESSAGE_POLL_CLOSED OPTION_INVALID OPTIONS_TOO_MUCH REVOTE_NOT_ALLOWED"},
		},
		words: map[string]func(*arguments){"vote": voteWord, "serial": serialWord},
		save:  savePolls,
	}
}

// The limits of polls, in characters and pieces.
const (
	maxQuestion = 255
	maxAnswer   = 100
	maxSolution = 200
	maxAnswers  = 12
	minAnswers  = 2
	// recentVoters is how many of the newest voters a public poll shows.
	recentVoters = 3
)

// poll is a poll, wherever its message was sent or forwarded to.
type poll struct {
	def      *tl.Object // poll
	author   *person
	correct  map[string]bool // options of a quiz
	solution *tl.Object      // pollResults with solution and solution_entities alone; nil: none
	votes    []vote          // in the order of time
	letters  []*letter       // whose media it is
}

// vote is somebody's choice; they have one in each poll.
type vote struct {
	who     *person
	options []string
	date    int32
}

func (p *poll) id() int64 { return p.def.At("id").AsLong() }

func (p *poll) is(flag string) bool { return p.def.At(flag).AsBool() }

// closed reports a poll that was closed, or whose time is over.
func (p *poll) closed(now int32) bool {
	end := p.def.At("close_date").AsInt()
	return p.is("closed") || end > 0 && now >= end
}

func (p *poll) of(who *person) *vote {
	for i := range p.votes {
		if p.votes[i].who == who {
			return &p.votes[i]
		}
	}
	return nil
}

func (p *poll) options() (list []string) {
	for _, v := range p.def.At("answers").Vector().Items {
		list = append(list, string(v.Object().At("option").AsBytes()))
	}
	return list
}

// pollMedia is the messageMediaPoll that the viewer sees.
func (v viewer) pollMedia(p *poll) tl.Value {
	return v.new("messageMediaPoll").With("poll", v.pollValue(p)).With("results", v.pollResults(p)).Value()
}

func (v viewer) pollValue(p *poll) tl.Value {
	o := p.def.Clone()
	if p.closed(v.now) {
		o.With("closed", tl.Bool(true))
	}
	if p.author == v.me {
		o.With("creator", tl.Bool(true))
	}
	var sum hashOf
	for _, x := range p.votes {
		sum.add(x.who.id, int64(x.date))
	}
	return o.With("hash", tl.Long(int64(sum))).Value()
}

// pollResults are the results that the viewer may see: the votes for each
// option after their own vote or the end, else only how many there were.
func (v viewer) pollResults(p *poll) tl.Value {
	o := v.new("pollResults").With("total_voters", tl.Int(int32(len(p.votes))))
	mine := p.of(v.me)
	public := p.is("public_voters")
	if public {
		o.With("recent_voters", v.recent(p, ""))
	}
	if mine == nil && !p.closed(v.now) || p.is("hide_results_until_close") && !p.closed(v.now) && p.author != v.me {
		if mine == nil {
			return o.Value()
		}
	}
	var items []tl.Value
	for _, option := range p.options() {
		n := int32(0)
		for _, x := range p.votes {
			if slices.Contains(x.options, option) {
				n++
			}
		}
		a := v.new("pollAnswerVoters").With("option", tl.Bytes([]byte(option)))
		if !p.is("hide_results_until_close") || p.closed(v.now) || p.author == v.me {
			recent := tl.VectorOf(v.schema.TypeOf("Peer"))
			if public {
				recent = v.recent(p, option)
			}
			a.With("voters", tl.Int(n)).With("recent_voters", recent)
		}
		if mine != nil && slices.Contains(mine.options, option) {
			a.With("chosen", tl.Bool(true))
		}
		if p.correct[option] {
			a.With("correct", tl.Bool(true))
		}
		items = append(items, a.Value())
	}
	o.With("results", v.vector("PollAnswerVoters", items))
	if p.solution != nil {
		o.With("solution", p.solution.At("solution")).With("solution_entities", p.solution.At("solution_entities"))
	}
	return o.Value()
}

// recent are the newest voters, of one option if it is not empty.
func (v viewer) recent(p *poll, option string) tl.Value {
	var list []tl.Value
	for _, x := range slices.Backward(p.votes) {
		if len(list) < recentVoters && (option == "" || slices.Contains(x.options, option)) {
			list = append(list, v.peerValue(x.who.peer))
		}
	}
	return v.vector("Peer", list)
}

// newPoll checks the inputMediaPoll of a request and makes the poll. Errors:
// POLL_ANSWERS_INVALID, POLL_ANSWER_INVALID, POLL_OPTION_DUPLICATE,
// POLL_OPTION_INVALID, POLL_QUESTION_INVALID, QUIZ_CORRECT_ANSWERS_EMPTY,
// QUIZ_CORRECT_ANSWERS_TOO_MUCH, QUIZ_CORRECT_ANSWER_INVALID,
// QUIZ_MULTIPLE_INVALID, POLL_CLOSE_DATE_INVALID.
func (c *call) newPoll(in *tl.Object) (*poll, error) {
	def := in.At("poll").Object().Clone()
	if n := units(def.At("question").Object().At("text").AsString()); n == 0 || n > maxQuestion {
		return nil, bad("POLL_QUESTION_INVALID")
	}
	answers := def.At("answers").Vector().Items
	if len(answers) < minAnswers || len(answers) > maxAnswers {
		return nil, bad("POLL_ANSWERS_INVALID")
	}
	p := &poll{def: def, author: c.me, correct: map[string]bool{}}
	items := make([]tl.Value, len(answers))
	seen := map[string]bool{}
	for i, v := range answers {
		a := v.Object()
		option := []byte(strconv.Itoa(i))
		if a.Is("pollAnswer") {
			option = a.At("option").AsBytes()
		}
		text := a.At("text").Object().At("text").AsString()
		switch {
		case units(text) == 0 || units(text) > maxAnswer:
			return nil, bad("POLL_ANSWER_INVALID")
		case !a.At("media").IsNone():
			return nil, notSimulated("poll.answers.media")
		case len(option) == 0 || len(option) > 100:
			return nil, bad("POLL_OPTION_INVALID")
		case seen[string(option)]:
			return nil, bad("POLL_OPTION_DUPLICATE")
		}
		seen[string(option)] = true
		items[i] = c.new("pollAnswer").With("text", a.At("text")).With("option", tl.Bytes(bytes.Clone(option))).Value()
	}
	def.With("answers", c.vector("PollAnswer", items))
	if period := def.At("close_period").AsInt(); period > 0 && def.At("close_date").IsNone() {
		def.With("close_date", tl.Int(c.now+period))
	} else if end := def.At("close_date"); !end.IsNone() && end.AsInt() <= c.now {
		return nil, bad("POLL_CLOSE_DATE_INVALID")
	}
	if err := p.quiz(c, in); err != nil {
		return nil, err
	}
	def.With("id", tl.Long(c.serialID())).With("closed", tl.Value{}).With("creator", tl.Value{})
	return p, nil
}

// quiz takes over the right answers and their explanation.
func (p *poll) quiz(c *call, in *tl.Object) error {
	right := in.At("correct_answers").Vector()
	switch {
	case !p.is("quiz"):
		return nil
	case p.is("multiple_choice"):
		return bad("QUIZ_MULTIPLE_INVALID")
	case right == nil || len(right.Items) == 0:
		return bad("QUIZ_CORRECT_ANSWERS_EMPTY")
	case len(right.Items) > 1:
		return bad("QUIZ_CORRECT_ANSWERS_TOO_MUCH")
	}
	options := p.options()
	i := int(right.Items[0].AsInt())
	if i < 0 || i >= len(options) {
		return bad("QUIZ_CORRECT_ANSWER_INVALID")
	}
	p.correct[options[i]] = true
	if text := in.At("solution"); !text.IsNone() && text.AsString() != "" {
		entities := in.At("solution_entities")
		if entities.IsNone() {
			entities = c.vector("MessageEntity", nil)
		}
		if units(text.AsString()) > maxSolution {
			return bad("POLL_SOLUTION_INVALID")
		}
		p.solution = c.new("pollResults").With("solution", text).With("solution_entities", entities)
	}
	return nil
}

// pollIn is the poll of a message, nil where it is none.
func (w *world) pollIn(l *letter) *poll {
	m := l.base.At("media").Object()
	if !m.Is("messageMediaPoll") {
		return nil
	}
	return w.polls[m.At("poll").Object().At("id").AsLong()]
}

// notePoll remembers a new letter as one that shows a poll.
func (w *world) notePoll(l *letter) {
	if p := w.pollIn(l); p != nil && !slices.Contains(p.letters, l) {
		p.letters = append(p.letters, l)
	}
}

// pollTarget is the message of the request and its poll.
func (c *call) pollTarget(id, missing string) (*entry, *poll, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return nil, nil, err
	}
	e := c.history(with).find(c.req.At(id).AsInt())
	if e == nil || c.pollIn(e.letter) == nil {
		return nil, nil, bad(missing)
	}
	return e, c.pollIn(e.letter), nil
}

// messagesSendVote follows https://core.telegram.org/method/messages.sendVote.
// No options take a vote back.
func messagesSendVote(c *call) (tl.Value, error) {
	e, p, err := c.pollTarget("msg_id", "MESSAGE_ID_INVALID")
	if err != nil {
		return tl.Value{}, err
	}
	if r := c.room[e.to]; r != nil && r.member(c.me) == nil {
		return tl.Value{}, forbidden("CHAT_WRITE_FORBIDDEN")
	}
	if p.closed(c.now) {
		return tl.Value{}, bad("MESSAGE_POLL_CLOSED")
	}
	var chosen []string
	all := p.options()
	for _, v := range c.req.At("options").Vector().Items {
		option := string(v.AsBytes())
		if !slices.Contains(all, option) {
			return tl.Value{}, bad("OPTION_INVALID")
		}
		if !slices.Contains(chosen, option) {
			chosen = append(chosen, option)
		}
	}
	switch {
	case len(chosen) > 1 && !p.is("multiple_choice"):
		return tl.Value{}, bad("OPTIONS_TOO_MUCH")
	case p.of(c.me) != nil && (p.is("quiz") || p.is("revoting_disabled")):
		return tl.Value{}, bad("REVOTE_NOT_ALLOWED")
	}
	p.votes = slices.DeleteFunc(p.votes, func(x vote) bool { return x.who == c.me })
	if len(chosen) > 0 {
		p.votes = append(p.votes, vote{c.me, chosen, c.now})
	}
	c.tellPoll(p)
	return c.updates(c.now, c.pollUpdate(e, p)).Value(), nil
}

func (v viewer) pollUpdate(e *entry, p *poll) tl.Value {
	return v.new("updateMessagePoll").With("peer", v.peerValue(e.with(v.me))).With("msg_id", tl.Int(e.id)).
		With("poll_id", tl.Long(p.id())).With("poll", v.pollValue(p)).With("results", v.pollResults(p)).Value()
}

// tellPoll tells everybody who has a message with the poll how it stands.
func (c *call) tellPoll(p *poll) {
	for _, l := range p.letters {
		c.copies(l, func(_ *box, who *person, r *room, has *entry) {
			tell := func(v viewer) []tl.Value { return []tl.Value{v.pollUpdate(has, p)} }
			if r == nil {
				c.push(who, tell)
			} else {
				c.pushRoom(r, tell)
			}
		})
	}
}

// closePoll closes a poll for an edit of its message.
func (c *call) closePoll(p *poll) {
	p.def = p.def.Clone().With("closed", tl.Bool(true))
	c.tellPoll(p)
}

// messagesGetPollResults follows
// https://core.telegram.org/method/messages.getPollResults.
func messagesGetPollResults(c *call) (tl.Value, error) {
	e, p, err := c.pollTarget("msg_id", "MESSAGE_ID_INVALID")
	if err != nil {
		return tl.Value{}, err
	}
	return c.updates(c.now, c.pollUpdate(e, p)).Value(), nil
}

// messagesGetPollVotes follows
// https://core.telegram.org/method/messages.getPollVotes: the newest first; an
// offset is how many went before.
func messagesGetPollVotes(c *call) (tl.Value, error) {
	e, p, err := c.pollTarget("id", "MSG_ID_INVALID")
	if err != nil {
		return tl.Value{}, err
	}
	switch r := c.room[e.to]; {
	case !p.is("public_voters") || r != nil && r.broadcast():
		return tl.Value{}, forbidden("BROADCAST_FORBIDDEN")
	case p.of(c.me) == nil && !p.closed(c.now) && p.author != c.me:
		return tl.Value{}, forbidden("POLL_VOTE_REQUIRED")
	}
	option := c.req.At("option")
	var list []tl.Value
	for _, x := range slices.Backward(p.votes) {
		head := func(name string) *tl.Object {
			return c.new(name).With("peer", c.peerValue(x.who.peer)).With("date", tl.Int(x.date))
		}
		switch {
		case !option.IsNone() && !slices.Contains(x.options, string(option.AsBytes())):
		case !option.IsNone():
			list = append(list, head("messagePeerVoteInputOption").Value())
		case len(x.options) == 1:
			list = append(list, head("messagePeerVote").With("option", tl.Bytes([]byte(x.options[0]))).Value())
		default:
			options := make([]tl.Value, len(x.options))
			for i, s := range x.options {
				options[i] = tl.Bytes([]byte(s))
			}
			list = append(list, head("messagePeerVoteMultiple").With("options", tl.VectorOf(c.schema.TypeOf("bytes"), options...)).Value())
		}
	}
	page, next, err := c.offsetPage(list)
	if err != nil {
		return tl.Value{}, err
	}
	o := c.new("messages.votesList").With("count", tl.Int(int32(len(list)))).With("votes", c.vector("MessagePeerVote", page))
	if next != "" {
		o.With("next_offset", tl.String(next))
	}
	return c.complete(o).Value(), nil
}

// takePoll makes a poll of the media of a fixture's message: of its results the
// right answers and the explanation count, the votes stand in lines of their own.
func (l *loader) takePoll(d *draft) {
	m := d.base.At("media").Object()
	if !m.Is("messageMediaPoll") {
		return
	}
	def := m.At("poll").Object()
	id := def.At("id").AsLong()
	if p := l.polls[id]; p != nil {
		p.letters = append(p.letters, &d.letter)
		return
	}
	p := &poll{def: def, author: d.author, correct: map[string]bool{}, letters: []*letter{&d.letter}}
	results := m.At("results").Object()
	if vec := results.At("results").Vector(); vec != nil {
		for _, v := range vec.Items {
			if v.Object().At("correct").AsBool() {
				p.correct[string(v.Object().At("option").AsBytes())] = true
			}
		}
	}
	if s := results.At("solution"); !s.IsNone() {
		p.solution = l.new("pollResults").With("solution", s).With("solution_entities", results.At("solution_entities"))
	}
	l.polls[id] = p
}

// savedPoll is the media of a message as a fixture says it.
func (s *saver) savedPoll(p *poll) tl.Value {
	results := s.new("pollResults")
	if p.solution != nil {
		results = p.solution.Clone()
	}
	var items []tl.Value
	for _, option := range p.options() {
		if p.correct[option] {
			items = append(items, s.new("pollAnswerVoters").With("option", tl.Bytes([]byte(option))).With("correct", tl.Bool(true)).Value())
		}
	}
	if len(items) > 0 {
		results.With("results", s.vector("PollAnswerVoters", items))
	}
	return s.new("messageMediaPoll").With("poll", p.def.Value()).With("results", results.Value()).Value()
}

// voteWord: vote NUMBER PERSON [ANSWER …] [DATE]; answers are counted from 1.
func voteWord(a *arguments) {
	l, p := a.message(), a.person()
	var nth []int32
	of := a.list("numbers of answers")
	for of.more() {
		nth = append(nth, of.number("the number of an answer"))
	}
	if a.bad || of.bad {
		return
	}
	x := vote{who: p, date: l.date}
	if a.more() {
		x.date = a.date()
	}
	q := a.pollIn(l)
	if q == nil {
		a.fail("that message holds no poll")
		return
	}
	options := q.options()
	for _, n := range nth {
		if n < 1 || int(n) > len(options) {
			a.fail("the poll has no answer %d: want 1 to %d", n, len(options))
			return
		}
		x.options = append(x.options, options[n-1])
	}
	if len(x.options) == 0 || q.of(p) != nil {
		a.fail("want one line, with at least one answer, for each who voted")
		return
	}
	q.votes = append(q.votes, x)
}

// serialWord: serial NUMBER, of saved files: how many ids serialID gave.
func serialWord(a *arguments) {
	n := a.number("how many")
	if !a.bad {
		a.serial = int64(n)
	}
}

func savePolls(s *saver) {
	if s.serial > 0 {
		s.line("serial %d", s.serial)
	}
	done := map[*poll]bool{}
	for _, l := range s.numbered() {
		p := s.pollIn(l)
		if p == nil || done[p] {
			continue
		}
		done[p] = true
		all := p.options()
		for _, x := range p.votes {
			nth := make([]string, len(x.options))
			for i, option := range x.options {
				nth[i] = strconv.Itoa(slices.Index(all, option) + 1)
			}
			s.buf = fmt.Appendf(s.buf, "vote %d %s [%s] ", s.number[l], s.ref(x.who.peer), strings.Join(nth, " "))
			s.buf = s.value(s.buf, tl.Int(x.date), "date", false)
			s.line("")
		}
	}
}
