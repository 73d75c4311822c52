package sandbox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// topic is a topic of a forum (https://core.telegram.org/api/forum): the
// messages that answer, one after the other, the one that made it, whose id is
// the topic's.
type topic struct {
	root           *letter // nil: General, which is there from the beginning
	title          string
	color          int32
	closed, hidden bool
}

// generalTopic is the id of the topic of all that answers no other's root.
const generalTopic = 1

// topicColors are those that a topic's icon can have.
var topicColors = [...]int32{0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F}

const (
	maxTopicTitle   = 128 // UTF-16 units
	maxPinnedTopics = 5
)

// general is the topic General, kept once it is not as it was.
func (r *room) general() *topic {
	if len(r.topics) == 0 || r.topics[0].root != nil {
		r.topics = slices.Insert(r.topics, 0, newGeneral())
	}
	return r.topics[0]
}

func newGeneral() *topic { return &topic{title: "General", color: topicColors[0]} }

func (t *topic) id(r *room) int32 {
	if t.root == nil {
		return generalTopic
	}
	return t.root.idIn(r.box)
}

// topic is the topic with that id, else nil.
func (r *room) topic(id int32) *topic {
	r.general()
	for _, t := range r.topics {
		if t.id(r) == id {
			return t
		}
	}
	return nil
}

// topicOf is the topic that a message of a forum is in.
func (r *room) topicOf(l *letter) *topic {
	root := l.top()
	for _, t := range r.topics {
		if t.root != nil && (t.root == l || t.root == root) {
			return t
		}
	}
	return r.general()
}

// open refuses who writes into a topic that is closed: TOPIC_CLOSED. Those who
// run topics may.
func (c *call) open(l *letter) error {
	r := c.room[l.to]
	if l.to.kind != channelPeer || !r.def.At("forum").AsBool() {
		return nil
	}
	if t := r.topicOf(l); t.closed && !c.runs(r, t) {
		return tgerr.New(406, "TOPIC_CLOSED")
	}
	return nil
}

// runs reports who may change a topic: admins with manage_topics, and who made it.
func (c *call) runs(r *room, t *topic) bool {
	return r.member(c.me).may("manage_topics") || t.root != nil && t.root.author == c.me
}

// forum is the forum of peer. Errors: CHANNEL_FORUM_MISSING, PEER_ID_INVALID.
func (c *call) forum() (*room, error) {
	r, err := c.roomOf(c.req.At("peer"))
	if err == nil && !r.def.At("forum").AsBool() {
		err = bad("CHANNEL_FORUM_MISSING")
	}
	return r, err
}

// chosenTopic is the topic of the forum that the request names, which the
// caller may change. Errors: those of forum, TOPIC_ID_INVALID,
// CHAT_ADMIN_REQUIRED.
func (c *call) chosenTopic(param string) (*room, *topic, error) {
	r, err := c.forum()
	if err != nil {
		return nil, nil, err
	}
	t := r.topic(c.req.At(param).AsInt())
	switch {
	case t == nil:
		return nil, nil, bad("TOPIC_ID_INVALID")
	case !c.runs(r, t):
		return nil, nil, bad("CHAT_ADMIN_REQUIRED")
	}
	return r, t, nil
}

// topicTitle reads a title. Error: TOPIC_TITLE_EMPTY.
func (c *call) topicTitle() (string, error) {
	title := strings.TrimSpace(c.req.At("title").AsString())
	if title == "" || units(title) > maxTopicTitle {
		return "", bad("TOPIC_TITLE_EMPTY")
	}
	return title, nil
}

// channelsToggleForum follows
// https://core.telegram.org/method/channels.toggleForum.
func channelsToggleForum(c *call) (tl.Value, error) {
	r, on, err := c.setting("")
	tabs := c.req.At("tabs").AsBool() && on
	switch {
	case err != nil:
		return tl.Value{}, err
	case !r.member(c.me).creator:
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	case on && r.discussion != nil:
		return tl.Value{}, bad("CHAT_DISCUSSION_UNALLOWED")
	}
	tabbed := r.flag("forum_tabs", tabs)
	if !r.flag("forum", on) && !tabbed {
		return tl.Value{}, errNotModified
	}
	return c.toggled(r, "ToggleForum", on)
}

// messagesCreateForumTopic follows
// https://core.telegram.org/method/messages.createForumTopic.
func messagesCreateForumTopic(c *call) (tl.Value, error) {
	r, err := c.forum()
	if err == nil {
		err = c.needs(r, "manage_topics", 400)
	}
	if err != nil {
		return tl.Value{}, err
	}
	title, err := c.topicTitle()
	if err != nil {
		return tl.Value{}, err
	}
	color := c.req.At("icon_color").AsInt()
	if !slices.Contains(topicColors[:], color) {
		color = topicColors[len(r.topics)%len(topicColors)]
	}
	random := c.req.At("random_id").AsLong()
	if err := c.once(random); err != nil {
		return tl.Value{}, err
	}
	action := c.new("messageActionTopicCreate").With("title", tl.String(title)).With("icon_color", tl.Int(color))
	l := &letter{base: c.new("messageService").With("action", action.Value()), author: c.me, to: r.peer, date: c.now}
	t := &topic{root: l, title: title, color: color}
	r.general()
	r.topics = append(r.topics, t)
	list := c.tell(l)
	c.log(r, c.new("channelAdminLogEventActionCreateTopic").With("topic", c.topicAsLogged(r, t)))
	own := c.new("updateMessageID").With("id", tl.Int(t.id(r))).With("random_id", tl.Long(random)).Value()
	return c.done(append([]tl.Value{own}, list...)...)
}

// messagesEditForumTopic follows
// https://core.telegram.org/method/messages.editForumTopic: General alone can be
// hidden, and is closed then.
func messagesEditForumTopic(c *call) (tl.Value, error) {
	r, t, err := c.chosenTopic("topic_id")
	if err != nil {
		return tl.Value{}, err
	}
	next := *t
	action := c.new("messageActionTopicEdit")
	if v := c.req.At("title"); !v.IsNone() {
		if next.title, err = c.topicTitle(); err != nil {
			return tl.Value{}, err
		}
	}
	if v := c.req.At("closed"); !v.IsNone() {
		next.closed = v.AsBool()
	}
	if v := c.req.At("hidden"); !v.IsNone() {
		if t.root != nil {
			return tl.Value{}, bad("TOPIC_ID_INVALID")
		}
		next.hidden = v.AsBool()
		next.closed = next.closed || next.hidden
	}
	if next == *t {
		return tl.Value{}, bad("TOPIC_NOT_MODIFIED")
	}
	if next.title != t.title {
		action.With("title", tl.String(next.title))
	}
	if next.closed != t.closed {
		action.With("closed", tl.Bool(next.closed))
	}
	if next.hidden != t.hidden {
		action.With("hidden", tl.Bool(next.hidden))
	}
	before := c.topicAsLogged(r, t)
	*t = next
	c.log(r, c.new("channelAdminLogEventActionEditTopic").With("prev_topic", before).With("new_topic", c.topicAsLogged(r, t)))
	l := &letter{base: c.new("messageService").With("action", action.Value()), author: c.me, to: r.peer, date: c.now, reply: t.root}
	return c.done(c.tell(l)...)
}

// topicAsLogged is a topic as it stands in the log.
func (c *call) topicAsLogged(r *room, t *topic) tl.Value {
	return c.forumTopic(r, t, &threadState{}).With("short", tl.Bool(true)).With("my", tl.Value{}).Value()
}

// threadState is what a viewer has of a topic: its newest message, and how many
// are unread.
type threadState struct {
	top    *entry
	unread int32
}

// forumTopic is a topic as the viewer sees it.
func (v viewer) forumTopic(r *room, t *topic, s *threadState) *tl.Object {
	from, date := v.peerValue(r.peer), r.def.At("date")
	if len(r.members) > 0 {
		from = v.peerValue(r.members[0].peer)
	}
	if t.root != nil {
		from, date = v.peerValue(t.root.author.peer), tl.Int(t.root.date)
	}
	o := v.new("forumTopic").With("id", tl.Int(t.id(r))).With("date", date).With("peer", v.peerValue(r.peer)).
		With("title", tl.String(t.title)).With("icon_color", tl.Int(t.color)).With("from_id", from).
		With("unread_count", tl.Int(s.unread)).With("unread_mentions_count", tl.Int(0)).With("unread_reactions_count", tl.Int(0)).
		With("unread_poll_votes_count", tl.Int(0)).With("notify_settings", v.notifySettings(v.me, about{with: r.peer, topic: t.id(r)})).
		With("top_message", tl.Int(t.id(r))).With("read_inbox_max_id", tl.Int(0)).With("read_outbox_max_id", tl.Int(0))
	if s.top != nil {
		o.With("top_message", tl.Int(s.top.id))
	}
	if d := v.me.dialogs[r.peer]; d != nil {
		o.With("read_inbox_max_id", tl.Int(d.readIn)).With("read_outbox_max_id", tl.Int(d.readOut))
	}
	for name, on := range map[string]bool{"my": t.root != nil && t.root.author == v.me, "closed": t.closed, "hidden": t.hidden,
		"pinned": slices.Contains(r.topicPins, t)} {
		if on {
			o.With(name, tl.Bool(true))
		}
	}
	return o
}

// threads are what the caller has of each topic. It looks from the newest
// message back until every topic has been met and nothing more is unread.
func (c *call) threads(r *room) map[*topic]*threadState {
	all := map[*topic]*threadState{}
	r.general()
	for _, t := range r.topics {
		all[t] = &threadState{}
	}
	var readIn int32
	if d := c.me.dialogs[r.peer]; d != nil && r.member(c.me) != nil {
		readIn = d.readIn
	} else {
		readIn = r.box.last
	}
	missing := len(all)
	for _, e := range slices.Backward(c.history(r.peer).entries) {
		if missing == 0 && e.id <= readIn {
			break
		}
		s := all[r.topicOf(e.letter)]
		if s.top == nil {
			s.top = e
			missing--
		}
		if e.id > readIn && e.author != c.me {
			s.unread++
		}
	}
	return all
}

// sortedTopics are a forum's topics: those on top in their order, then by their
// newest message.
func (r *room) sortedTopics(states map[*topic]*threadState) []*topic {
	list := slices.Clone(r.topics)
	newest := func(t *topic) int32 {
		if top := states[t].top; top != nil {
			return top.id
		}
		return t.id(r)
	}
	place := func(t *topic) int {
		if i := slices.Index(r.topicPins, t); i >= 0 {
			return i
		}
		return len(r.topicPins)
	}
	slices.SortStableFunc(list, func(a, b *topic) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(newest(b), newest(a)))
	})
	return list
}

// messagesGetForumTopics follows
// https://core.telegram.org/method/messages.getForumTopics; a page goes on
// behind offset_topic.
func messagesGetForumTopics(c *call) (tl.Value, error) {
	r, err := c.forum()
	if err != nil {
		return tl.Value{}, err
	}
	states := c.threads(r)
	q := strings.ToLower(c.req.At("q").AsString())
	all := slices.DeleteFunc(r.sortedTopics(states), func(t *topic) bool { return !strings.Contains(strings.ToLower(t.title), q) })
	page := all
	if id := c.req.At("offset_topic").AsInt(); id != 0 {
		if i := slices.IndexFunc(all, func(t *topic) bool { return t.id(r) == id }); i >= 0 {
			page = all[i+1:]
		}
	}
	page = page[:min(len(page), c.limit())]
	items := make([]tl.Value, len(page))
	for i, t := range page {
		items[i] = c.forumTopic(r, t, states[t]).Value()
	}
	return c.forumTopics(r, len(all), items, page, states), nil
}

// forumTopics is a messages.ForumTopics with the newest message of each topic.
func (c *call) forumTopics(r *room, count int, items []tl.Value, page []*topic, states map[*topic]*threadState) tl.Value {
	var tops []tl.Value
	for _, t := range page {
		if top := states[t].top; top != nil {
			tops = append(tops, c.message(top))
		}
	}
	o := c.new("messages.forumTopics").With("count", tl.Int(int32(count))).With("topics", c.vector("ForumTopic", items)).
		With("messages", c.vector("Message", tops)).With("pts", tl.Int(r.box.pts))
	return c.complete(o, r.peer).Value()
}

// messagesGetForumTopicsByID follows
// https://core.telegram.org/method/messages.getForumTopicsByID: what is not
// there is forumTopicDeleted.
func messagesGetForumTopicsByID(c *call) (tl.Value, error) {
	r, err := c.forum()
	if err != nil {
		return tl.Value{}, err
	}
	states := c.threads(r)
	var items []tl.Value
	var page []*topic
	for _, v := range c.req.At("topics").Vector().Items {
		t := r.topic(v.AsInt())
		if t == nil {
			items = append(items, c.new("forumTopicDeleted").With("id", v).Value())
			continue
		}
		page = append(page, t)
		items = append(items, c.forumTopic(r, t, states[t]).Value())
	}
	return c.forumTopics(r, len(items), items, page, states), nil
}

// messagesUpdatePinnedForumTopic follows
// https://core.telegram.org/method/messages.updatePinnedForumTopic.
func messagesUpdatePinnedForumTopic(c *call) (tl.Value, error) {
	r, t, err := c.chosenTopic("topic_id")
	if err == nil && !r.member(c.me).may("manage_topics") {
		err = bad("CHAT_ADMIN_REQUIRED")
	}
	if err != nil {
		return tl.Value{}, err
	}
	on := c.req.At("pinned").AsBool()
	switch {
	case on == slices.Contains(r.topicPins, t):
		return tl.Value{}, bad("PINNED_TOPIC_NOT_MODIFIED")
	case on && len(r.topicPins) >= maxPinnedTopics:
		return tl.Value{}, bad("PINNED_TOO_MUCH")
	}
	event := c.new("channelAdminLogEventActionPinTopic")
	if !on {
		event.With("prev_topic", c.topicAsLogged(r, t))
		r.topicPins = slices.DeleteFunc(r.topicPins, func(x *topic) bool { return x == t })
	} else {
		r.topicPins = slices.Insert(r.topicPins, 0, t)
		event.With("new_topic", c.topicAsLogged(r, t))
	}
	c.log(r, event)
	return c.toAll(r, func(v viewer) tl.Value {
		o := v.new("updatePinnedForumTopic").With("peer", v.peerValue(r.peer)).With("topic_id", tl.Int(t.id(r)))
		if on {
			o.With("pinned", tl.Bool(true))
		}
		return o.Value()
	})
}

// toAll tells all members of an update without pts, and answers with it.
func (c *call) toAll(r *room, update func(viewer) tl.Value) (tl.Value, error) {
	for _, p := range r.everybody() {
		c.push(p, func(v viewer) []tl.Value { return []tl.Value{update(v)} })
	}
	return c.done(update(c.viewer))
}

// messagesReorderPinnedForumTopics follows
// https://core.telegram.org/method/messages.reorderPinnedForumTopics: force
// takes those away that are not in the order.
func messagesReorderPinnedForumTopics(c *call) (tl.Value, error) {
	r, err := c.forum()
	if err == nil {
		_, err = c.admin(r, "manage_topics", 400)
	}
	if err != nil {
		return tl.Value{}, err
	}
	var pins []*topic
	for _, v := range c.req.At("order").Vector().Items {
		t := r.topic(v.AsInt())
		if t == nil || slices.Contains(pins, t) || !slices.Contains(r.topicPins, t) {
			return tl.Value{}, bad("TOPIC_ID_INVALID")
		}
		pins = append(pins, t)
	}
	if !c.req.At("force").AsBool() {
		for _, t := range r.topicPins {
			if !slices.Contains(pins, t) {
				pins = append(pins, t)
			}
		}
	}
	r.topicPins = pins
	order := make([]int32, len(pins))
	for i, t := range pins {
		order[i] = t.id(r)
	}
	return c.toAll(r, func(v viewer) tl.Value {
		return v.new("updatePinnedForumTopics").With("peer", v.peerValue(r.peer)).With("order", ints(v.schema, order)).Value()
	})
}

// messagesDeleteTopicHistory follows
// https://core.telegram.org/method/messages.deleteTopicHistory: the topic goes
// with its messages. General stays.
func messagesDeleteTopicHistory(c *call) (tl.Value, error) {
	r, err := c.forum()
	if err != nil {
		return tl.Value{}, err
	}
	t := r.topic(c.req.At("top_msg_id").AsInt())
	switch {
	case t == nil || t.root == nil:
		return tl.Value{}, bad("TOPIC_ID_INVALID")
	case !r.member(c.me).may("delete_messages"):
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	}
	c.log(r, c.new("channelAdminLogEventActionDeleteTopic").With("topic", c.topicAsLogged(r, t)))
	n, _ := c.wipe(r, func(e *entry) bool { return r.topicOf(e.letter) == t })
	gone := func(x *topic) bool { return x == t }
	r.topics, r.topicPins = slices.DeleteFunc(r.topics, gone), slices.DeleteFunc(r.topicPins, gone)
	return c.affectedHistory(r.box, n), nil
}

// inTopic says in the header of an answer which topic it is in, where the
// message that it answers does not say it.
func (v viewer) inTopic(head *tl.Object, e *entry) *tl.Object {
	if r := v.room[e.to]; e.to.kind == channelPeer && r.def.At("forum").AsBool() {
		if t := r.topicOf(e.letter); t.root != nil {
			head.With("forum_topic", tl.Bool(true))
			if t.root != e.reply {
				head.With("reply_to_top_id", tl.Int(t.id(r)))
			}
		}
	} else if t := e.top(); t != nil && t != e.reply {
		head.With("reply_to_top_id", tl.Int(t.idIn(r.box)))
	}
	return head
}
