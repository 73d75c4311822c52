package sandbox

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// The limits of texts, as help.getConfig says them too.
const (
	maxMessage  = 4096 // UTF-16 units
	maxCaption  = 1024 // UTF-16 units
	maxEntities = 100
)

// units is the length of a text in UTF-16 units, in which the API counts
// lengths and offsets (https://core.telegram.org/api/entities#entity-length).
func units(s string) int {
	n := 0
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if n++; r > 0xffff {
			n++
		}
		s = s[size:]
	}
	return n
}

// messagesSendMessage follows
// https://core.telegram.org/method/messages.sendMessage.
func messagesSendMessage(c *call) (tl.Value, error) {
	to, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	text := c.req.At("message").AsString()
	entities, err := c.text(c.req, maxMessage, "MESSAGE_TOO_LONG")
	if err != nil {
		return tl.Value{}, err
	}
	if strings.TrimSpace(text) == "" {
		return tl.Value{}, bad("MESSAGE_EMPTY")
	}
	entities = c.detect(text, entities)
	base := c.new("message").With("message", tl.String(text)).With("entities", entities)
	v, err := c.dispatch(to, []*tl.Object{base}, []int64{c.req.At("random_id").AsLong()})
	if err != nil || to == c.me.peer || to.kind == channelPeer || !v.Object().At("updates").Vector().Items[1].Object().Is("updateNewMessage") {
		return v, err
	}
	// What was sent is known to the caller; the rest of it is told in short.
	news := v.Object().At("updates").Vector().Items[1].Object()
	m := news.At("message").Object()
	return c.new("updateShortSentMessage").With("out", tl.Bool(true)).With("id", m.At("id")).
		With("pts", news.At("pts")).With("pts_count", news.At("pts_count")).
		With("date", m.At("date")).With("entities", entities).Value(), nil
}

// draft is a new message of the caller's. Posts have counters, of who has seen
// them (so far their author) and of who has passed them on.
func (c *call) draft(base *tl.Object, to peer) *letter {
	if r := c.room[to]; to.kind == channelPeer && r.broadcast() {
		base.With("views", tl.Int(1)).With("forwards", tl.Int(0))
		if r.def.At("signatures").AsBool() {
			base.With("post_author", tl.String(c.me.name()))
		}
	}
	return &letter{base: base, author: c.me, to: to, date: c.now}
}

// once refuses a random_id that the caller has used before
// (https://core.telegram.org/api/errors: RANDOM_ID_DUPLICATE).
func (c *call) once(ids ...int64) error {
	for i, id := range ids {
		if c.me.random[id] || slices.Contains(ids[:i], id) {
			return tgerr.New(500, "RANDOM_ID_DUPLICATE")
		}
	}
	for _, id := range ids {
		c.me.random[id] = true
	}
	return nil
}

// post delivers the letter and tells everybody concerned. The caller's own copy
// comes first.
func (c *call) post(l *letter) []delivery {
	c.wroteTo(l.to)
	c.beginTTL(l)
	c.fades(l)
	ds := c.deliver(l)
	c.noteMentions(l)
	c.notePoll(l)
	i := slices.IndexFunc(ds, func(d delivery) bool { return d.to == c.me })
	if i > 0 {
		ds[0], ds[i] = ds[i], ds[0]
	}
	for _, d := range ds {
		var channel *room
		if d.to == nil {
			channel = c.room[l.to]
		}
		c.notify(d.to, channel, d.event)
	}
	c.discuss(l)
	c.provoke(l)
	return ds
}

// sent is the answer of what sends: which random_id got which id, and the new
// messages.
func (c *call) sent(ds []delivery, random []int64) *tl.Object {
	list := make([]tl.Value, 0, 2*len(ds))
	for i, d := range ds {
		list = append(list, c.new("updateMessageID").With("id", tl.Int(d.entry.id)).With("random_id", tl.Long(random[i])).Value())
	}
	for _, d := range ds {
		var channel *room
		if d.to == nil {
			channel = c.room[d.entry.to]
		}
		list = append(list, c.update(d.event, channel))
	}
	return c.updates(c.now, list...)
}

// text checks the length of the message and the entities of a request, or of
// one part of an album, and gives these as they are stored
// (https://core.telegram.org/api/entities).
func (c *call) text(o *tl.Object, limit int, tooLong string) (tl.Value, error) {
	length := units(o.At("message").AsString())
	if length > limit {
		return tl.Value{}, bad(tooLong)
	}
	vec := o.At("entities").Vector()
	if vec == nil || len(vec.Items) == 0 {
		return tl.Value{}, nil
	}
	if len(vec.Items) > maxEntities {
		return tl.Value{}, bad("ENTITIES_TOO_LONG")
	}
	items := make([]tl.Value, len(vec.Items))
	for i, v := range vec.Items {
		e := v.Object()
		from, n := e.At("offset").AsLong(), e.At("length").AsLong()
		if from < 0 || n <= 0 || from+n > int64(length) {
			return tl.Value{}, bad("ENTITY_BOUNDS_INVALID")
		}
		switch {
		case e.Is("inputMessageEntityMentionName"):
			p, err := c.userBy(e.At("user_id"))
			if err != nil {
				return tl.Value{}, bad("ENTITY_MENTION_USER_INVALID")
			}
			v = c.new("messageEntityMentionName").With("offset", e.At("offset")).With("length", e.At("length")).
				With("user_id", tl.Long(p.id)).Value()
		case e.Is("messageEntityMentionName"):
			if c.byID[e.At("user_id").AsLong()] == nil {
				return tl.Value{}, bad("ENTITY_MENTION_USER_INVALID")
			}
		}
		items[i] = v
	}
	return c.vector("MessageEntity", items), nil
}

// replyTo makes the letter an answer (https://core.telegram.org/api/discussion#replies).
func (c *call) replyTo(l *letter, in *tl.Object) error {
	if in == nil {
		return nil
	}
	switch {
	case in.Is("inputReplyToStory"):
		return c.replyToStory(l, in)
	case !in.Is("inputReplyToMessage"):
		return notSimulated("reply_to." + in.Def().Name)
	}
	var err error
	if l.reply, err = c.answered(l.to, in); err != nil {
		return err
	}
	head := c.new("messageReplyHeader")
	for i, v := range in.Fields() {
		switch p := in.Def().Params[i]; p.Name {
		case "reply_to_msg_id", "top_msg_id": // see answered
		case "reply_to_peer_id":
			with, err := c.target(v)
			if err != nil {
				return err
			}
			if with != l.to {
				return notSimulated("reply_to.reply_to_peer_id of another chat")
			}
		case "quote_text":
			head.With("quote", tl.Bool(true)).With("quote_text", v)
		case "quote_offset", "quote_entities":
			head.With(p.Name, v)
		default:
			return notSimulated("reply_to." + p.Name)
		}
	}
	if q := head.At("quote_text").AsString(); !strings.Contains(l.reply.base.At("message").AsString(), q) {
		return bad("QUOTE_TEXT_INVALID")
	}
	l.base.With("reply_to", head.Value())
	return nil
}

// answered is what an inputReplyToMessage answers in a chat. Where that is there no
// more, the answer still goes into its topic
// (https://core.telegram.org/constructor/inputReplyToMessage). Errors:
// REPLY_MESSAGE_ID_INVALID, TOPIC_DELETED.
func (c *call) answered(to peer, in *tl.Object) (*letter, error) {
	top := in.At("top_msg_id").AsInt()
	for _, id := range [...]int32{in.At("reply_to_msg_id").AsInt(), top} {
		if e := c.history(to).find(id); e != nil {
			return e.letter, nil
		}
	}
	if r := c.room[to]; r != nil && r.def.At("forum").AsBool() && top > 0 && top <= r.box.last {
		return nil, bad("TOPIC_DELETED")
	}
	return nil, bad("REPLY_MESSAGE_ID_INVALID")
}

// replyToStory makes the letter an answer to a story, which goes to whose it is
// (https://core.telegram.org/api/stories#reacting-and-replying-to-stories). Error:
// STORY_ID_INVALID.
func (c *call) replyToStory(l *letter, in *tl.Object) error {
	of, err := c.target(in.At("peer"))
	if err != nil {
		return err
	}
	id := in.At("story_id")
	b := c.board(of)
	if of != l.to || b == nil || b.find(id.AsInt()) == nil || !c.sees(of, b.find(id.AsInt())) {
		return bad("STORY_ID_INVALID")
	}
	l.base.With("reply_to", c.new("messageReplyStoryHeader").With("peer", c.peerValue(of)).With("story_id", id).Value())
	return nil
}

// messagesForwardMessages follows
// https://core.telegram.org/method/messages.forwardMessages.
func messagesForwardMessages(c *call) (tl.Value, error) {
	from, err := c.target(c.req.At("from_peer"))
	if err != nil {
		return tl.Value{}, err
	}
	to, err := c.target(c.req.At("to_peer"))
	if err != nil {
		return tl.Value{}, err
	}
	entries, random, err := c.forwardable(from)
	if err != nil {
		return tl.Value{}, err
	}
	into, err := c.topicInto(to)
	if err != nil {
		return tl.Value{}, err
	}
	letters := make([]*letter, len(entries))
	kinds := make([]string, len(entries))
	for i, e := range entries {
		letters[i], kinds[i] = c.forwarded(e, from, to), c.sendKind(e.base)
		letters[i].reply = into
	}
	if err := c.writable(to, kinds...); err != nil {
		return tl.Value{}, err
	}
	if err := c.open(letters[0]); err != nil {
		return tl.Value{}, err
	}
	c.regroup(letters)
	later, err := c.asked()
	if err == nil && later == 0 {
		err = c.slow(to, len(letters))
	}
	if err != nil {
		return tl.Value{}, err
	}
	if err := c.once(random...); err != nil {
		return tl.Value{}, err
	}
	if later != 0 {
		return c.schedule(letters, later, random)
	}
	ds := make([]delivery, len(letters))
	for i, l := range letters {
		ds[i] = c.post(l)[0]
		if n := entries[i].base.At("forwards"); !n.IsNone() {
			entries[i].base = entries[i].base.Clone().With("forwards", tl.Int(n.AsInt()+1))
		}
	}
	return c.sent(ds, random).Value(), nil
}

// forwardable are the messages that the request's id names, which may be passed on,
// with their random_ids. Errors: MESSAGE_IDS_EMPTY, RANDOM_ID_INVALID,
// MESSAGE_ID_INVALID, CHAT_FORWARDS_RESTRICTED.
func (c *call) forwardable(from peer) (entries []*entry, numbers []int64, err error) {
	ids, random := c.req.At("id").Vector().Items, c.req.At("random_id").Vector().Items
	switch {
	case len(ids) == 0:
		return nil, nil, bad("MESSAGE_IDS_EMPTY")
	case len(random) != len(ids):
		return nil, nil, bad("RANDOM_ID_INVALID")
	}
	if r := c.room[from]; r != nil && r.def.At("noforwards").AsBool() {
		return nil, nil, bad("CHAT_FORWARDS_RESTRICTED")
	}
	for i, id := range ids {
		e := c.history(from).find(id.AsInt())
		switch {
		case e == nil || e.service():
			return nil, nil, bad("MESSAGE_ID_INVALID")
		case e.base.At("noforwards").AsBool():
			return nil, nil, bad("CHAT_FORWARDS_RESTRICTED")
		}
		entries, numbers = append(entries, e), append(numbers, random[i].AsLong())
	}
	return entries, numbers, nil
}

// topicInto is the message that made the topic which top_msg_id names, to put what is
// forwarded into it; nil where none is named, and for General, which nothing made.
// Error: TOPIC_DELETED.
func (c *call) topicInto(to peer) (*letter, error) {
	top := c.req.At("top_msg_id").AsInt()
	r := c.room[to]
	if top == 0 || r == nil || !r.def.At("forum").AsBool() {
		return nil, nil
	}
	t := r.topic(top)
	if t == nil {
		return nil, bad("TOPIC_DELETED")
	}
	return t.root, nil
}

// regroup makes new albums of those parts of albums that are forwarded together.
func (c *call) regroup(letters []*letter) {
	groups := map[int64][]*letter{}
	for _, l := range letters {
		if v := l.base.At("grouped_id"); !v.IsNone() {
			groups[v.AsLong()] = append(groups[v.AsLong()], l)
		}
	}
	for _, l := range letters {
		v := l.base.At("grouped_id")
		group := groups[v.AsLong()]
		if v.IsNone() || len(group) == 0 {
			continue
		}
		next := tl.Value{}
		if len(group) > 1 {
			next = tl.Long(c.serialID())
		}
		delete(groups, v.AsLong())
		for _, x := range group {
			x.base.With("grouped_id", next)
		}
	}
}

// forwarded is a copy of a message for another peer, with the header that says
// whose it is (https://core.telegram.org/constructor/messageFwdHeader).
func (c *call) forwarded(e *entry, from, to peer) *letter {
	base := c.new("message").With("silent", c.req.At("silent")).With("noforwards", c.req.At("noforwards"))
	for _, name := range [...]string{"message", "entities", "media", "invert_media", "grouped_id", "via_bot_id"} {
		base.With(name, e.base.At(name))
	}
	if c.req.At("drop_media_captions").AsBool() && !e.base.At("media").IsNone() {
		base.With("message", tl.String("")).With("entities", tl.Value{})
	}
	l := c.draft(base, to)
	// Without its author a message is dropped of its captions too, says the page.
	if c.req.At("drop_author").AsBool() || c.req.At("drop_media_captions").AsBool() {
		return l
	}
	head := e.base.At("fwd_from").Object()
	if head == nil {
		head = c.new("messageFwdHeader").With("date", tl.Int(e.date))
		if r := c.room[e.to]; e.to.kind == channelPeer && r.broadcast() {
			head.With("from_id", c.peerValue(e.to)).With("channel_post", tl.Int(e.id))
		} else if c.allows(e.author, "Forwards", c.me) {
			head.With("from_id", c.peerValue(e.author.peer))
		} else { // https://core.telegram.org/api/privacy: no link to the account
			head.With("from_name", tl.String(e.author.name()))
		}
	} else {
		head = head.Clone().With("saved_from_peer", tl.Value{}).With("saved_from_msg_id", tl.Value{})
	}
	if to == c.me.peer {
		head.With("saved_from_peer", c.peerValue(from)).With("saved_from_msg_id", tl.Int(e.id))
		base.With("saved_peer_id", c.peerValue(from))
	}
	base.With("fwd_from", head.Value())
	return l
}

// notSimulated refuses a part of a parameter that is not simulated.
func notSimulated(what string) error {
	return tgerr.New(501, "SANDBOX_PARAMETER_NOT_SIMULATED: "+what)
}
