package sandbox

import (
	"fmt"
	"slices"

	"tlsh/tl"
)

// threadsArea is the threads of supergroups, and what is said in a discussion
// group of a channel's posts (https://core.telegram.org/api/threads,
// https://core.telegram.org/api/discussion).
func threadsArea() area {
	return area{
		methods: map[string]method{
			"messages.getDiscussionMessage": {handle: messagesGetDiscussionMessage},
			"messages.getReplies":           {handle: messagesGetReplies},
			"messages.readDiscussion":       {handle: messagesReadDiscussion},
		},
		words: map[string]func(*arguments){"discussed": discussedWord, "threadread": threadReadWord},
		save:  saveThreads,
	}
}

// top is the message of a supergroup that the thread of a letter is about: the
// one that it answers, or whose answers it answers; nil for what answers
// nothing.
func (l *letter) top() *letter {
	if l.thread == nil && l.reply != nil && l.to.kind == channelPeer && l.reply.to == l.to {
		if l.thread = l.reply.top(); l.thread == nil {
			l.thread = l.reply
		}
	}
	return l.thread
}

// topOf is the id of the message that the thread of a channel's message is
// about, 0 for none.
func (c *call) topOf(e *entry) int32 {
	if t := e.top(); t != nil {
		return t.idIn(c.room[e.to].box)
	}
	return 0
}

// add and remove keep the threads of a channel's box with its messages.
func (b *box) add(e *entry) {
	b.history.add(e)
	if t := e.top(); t != nil {
		t.answers.add(e)
	}
}

func (b *box) remove(id int32) {
	if e := b.find(id); e != nil && e.top() != nil {
		e.top().answers.remove(id)
	}
	b.history.remove(id)
}

// repliers is how many of the newest who answered a post are told.
const repliers = 3

// replies are the answers to a message, as the viewer sees them: in a
// supergroup those of its thread, of a channel's post those in the discussion
// group. It is nil where there are none to count.
func (v viewer) replies(l *letter) *tl.Object {
	r := v.room[l.to]
	if r == nil || r.kind != channelPeer {
		return nil
	}
	o := v.new("messageReplies")
	about := l
	if l.copy != nil && r.discussion != nil {
		about = l.copy
		r = r.discussion
		o.With("comments", tl.Bool(true)).With("channel_id", tl.Long(r.id))
	}
	if len(about.answers.entries) == 0 && about.post == nil {
		return nil
	}
	if about.to != r.peer {
		return nil
	}
	o.With("replies", tl.Int(int32(len(about.answers.entries)))).With("replies_pts", tl.Int(r.box.pts))
	if top := about.answers.top(); top != nil {
		o.With("max_id", tl.Int(top.id))
	}
	if about.post == nil {
		return o
	}
	var list []tl.Value
	seen := map[*person]bool{}
	for _, e := range slices.Backward(about.answers.entries) {
		if len(list) < repliers && !seen[e.author] {
			seen[e.author] = true
			list = append(list, v.peerValue(e.author.peer))
		}
	}
	if len(list) > 0 {
		o.With("recent_repliers", v.vector("Peer", list))
	}
	if d := v.me.dialogs[r.peer]; d != nil && d.threads[about] > 0 {
		o.With("read_max_id", tl.Int(d.threads[about]))
	}
	return o
}

// discuss puts a copy of a new post into the channel's discussion group, where
// it is pinned.
func (c *call) discuss(l *letter) {
	r := c.room[l.to]
	if r == nil || !r.broadcast() || r.discussion == nil || l.service() {
		return
	}
	id := l.idIn(r.box)
	base := c.new("message").With("fwd_from", c.new("messageFwdHeader").With("from_id", c.peerValue(r.peer)).With("date", tl.Int(l.date)).
		With("channel_post", tl.Int(id)).With("saved_from_peer", c.peerValue(r.peer)).With("saved_from_msg_id", tl.Int(id)).Value())
	for _, name := range [...]string{"message", "entities", "media", "invert_media", "grouped_id"} {
		base.With(name, l.base.At(name))
	}
	l.copy = &letter{base: base, author: l.author, to: r.discussion.peer, date: l.date, post: l}
	own := c.post(l.copy)[0]
	g := r.discussion
	g.box.pin(own.entry.id, true)
	c.notify(nil, g, g.box.change(pinEvent(g.peer, []int32{own.entry.id}, true), 1))
}

// threadAsked is the group's message whose thread the request names, by itself or by
// the channel's post that it is a copy of. Error: MSG_ID_INVALID.
func (c *call) threadAsked() (*room, *entry, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return nil, nil, err
	}
	r := c.room[with]
	if r == nil || r.kind != channelPeer {
		return nil, nil, bad("PEER_ID_INVALID")
	}
	e := c.history(with).find(c.req.At("msg_id").AsInt())
	if e != nil && r.broadcast() {
		l := e.letter.copy
		if r = r.discussion; r == nil || l == nil || l.to != r.peer {
			return nil, nil, bad("MSG_ID_INVALID")
		}
		e = r.box.find(l.idIn(r.box))
	}
	if e == nil {
		return nil, nil, bad("MSG_ID_INVALID")
	}
	return r, e, nil
}

// messagesGetReplies follows
// https://core.telegram.org/method/messages.getReplies, with the pages and the
// hash of messages.getHistory.
func messagesGetReplies(c *call) (tl.Value, error) {
	r, e, err := c.threadAsked()
	if err != nil {
		return tl.Value{}, err
	}
	h := &e.letter.answers
	page, skipped := c.page(h)
	if c.unchanged(page) {
		return c.new("messages.messagesNotModified").With("count", tl.Int(int32(len(h.entries)))).Value(), nil
	}
	return c.messages(page, r.peer, len(h.entries), skipped), nil
}

// messagesGetDiscussionMessage follows
// https://core.telegram.org/method/messages.getDiscussionMessage.
func messagesGetDiscussionMessage(c *call) (tl.Value, error) {
	r, e, err := c.threadAsked()
	if err != nil {
		return tl.Value{}, err
	}
	d := c.dialog(c.me, r.peer)
	read := d.threads[e.letter]
	unread := int32(0)
	for i := e.answers.index(read + 1); i < len(e.answers.entries); i++ {
		if e.answers.entries[i].author != c.me {
			unread++
		}
	}
	o := c.new("messages.discussionMessage").With("messages", c.vector("Message", []tl.Value{c.message(e)})).With("unread_count", tl.Int(unread))
	if top := e.answers.top(); top != nil {
		o.With("max_id", tl.Int(top.id))
	}
	if read > 0 {
		o.With("read_inbox_max_id", tl.Int(read))
	}
	return c.complete(o, r.peer).Value(), nil
}

// messagesReadDiscussion follows
// https://core.telegram.org/method/messages.readDiscussion.
func messagesReadDiscussion(c *call) (tl.Value, error) {
	r, e, err := c.threadAsked()
	if err != nil {
		return tl.Value{}, err
	}
	d := c.dialog(c.me, r.peer)
	id := c.req.At("read_max_id").AsInt()
	if top := e.answers.top(); top == nil {
		return tl.Bool(true), nil
	} else if id <= 0 || id > top.id {
		id = top.id
	}
	if id <= d.threads[e.letter] {
		return tl.Bool(true), nil
	}
	if d.threads == nil {
		d.threads = map[*letter]int32{}
	}
	d.threads[e.letter] = id
	o := c.new("updateReadChannelDiscussionInbox").With("channel_id", tl.Long(r.id)).With("top_msg_id", tl.Int(e.id)).With("read_max_id", tl.Int(id))
	if p := e.letter.post; p != nil {
		o.With("broadcast_id", tl.Long(p.to.id)).With("broadcast_post", tl.Int(p.idIn(c.room[p.to].box)))
	}
	c.own(o)
	return tl.Bool(true), nil
}

// discussedWord: discussed NUMBER NUMBER: a channel's post, and its copy in the
// discussion group.
func discussedWord(a *arguments) {
	post, dup := a.message(), a.message()
	if a.bad {
		return
	}
	post.copy, dup.post = dup, post
}

// threadReadWord: threadread PERSON NUMBER ID: up to which answer of a thread
// somebody has read.
func threadReadWord(a *arguments) {
	p, l := a.person(), a.message()
	id := a.number("an id")
	if a.bad {
		return
	}
	d := a.dialog(p, l.to)
	if d.threads == nil {
		d.threads = map[*letter]int32{}
	}
	d.threads[l] = id
}

func saveThreads(s *saver) {
	for _, l := range s.numbered() {
		if l.copy != nil && s.number[l.copy] != 0 {
			s.line("discussed %d %d", s.number[l], s.number[l.copy])
		}
		for _, p := range s.people {
			if d := p.dialogs[l.to]; d != nil && d.threads[l] > 0 {
				s.buf = fmt.Appendf(s.buf, "threadread %s %d %d\n", s.ref(p.peer), s.number[l], d.threads[l])
			}
		}
	}
}
