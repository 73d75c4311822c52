package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// reactionsArea is reactions to messages (https://core.telegram.org/api/reactions).
func reactionsArea() area {
	return area{
		methods: map[string]method{
			"messages.clearRecentReactions":   {handle: messagesClearRecentReactions},
			"messages.getAvailableReactions":  {handle: messagesGetAvailableReactions},
			"messages.getDefaultTagReactions": {handle: messagesGetDefaultTagReactions},
			"messages.getMessageReactionsList": {handle: messagesGetMessageReactionsList, heeds: "reaction offset",
				errors: "BROADCAST_FORBIDDEN MSG_ID_INVALID OFFSET_INVALID"},
			"messages.getMessagesReactions": {handle: messagesGetMessagesReactions},
			"messages.getRecentReactions":   {handle: messagesGetRecentReactions},
			"messages.getTopReactions":      {handle: messagesGetTopReactions},
			"messages.getUnreadReactions":   {handle: messagesGetUnreadReactions, heeds: "top_msg_id"},
			"messages.readReactions":        {handle: messagesReadReactions, heeds: "top_msg_id"},
			"messages.sendReaction": {handle: messagesSendReaction, heeds: "big add_to_recent reaction",
				errors: "CHAT_WRITE_FORBIDDEN DOCUMENT_INVALID MESSAGE_ID_INVALID MESSAGE_NOT_MODIFIED PREMIUM_ACCOUNT_REQUIRED REACTIONS_TOO_MANY REACTION_EMPTY REACTION_INVALID"},
			"messages.setChatAvailableReactions": {handle: messagesSetChatAvailableReactions, heeds: "reactions_limit",
				errors: "CHAT_ADMIN_REQUIRED CHAT_NOT_MODIFIED REACTION_INVALID"},
			"messages.setDefaultReaction": {handle: messagesSetDefaultReaction,
				errors: "REACTION_INVALID"},
		},
		words: map[string]func(*arguments){"react": reactWord, "reactions": reactionsWord, "reactionrecent": reactionRecentWord, "reactionfavorite": reactionFavoriteWord},
		save:  saveReactions,
	}
}

// The limits of reactions (https://core.telegram.org/api/config#client-configuration:
// reactions_uniq_max, reactions_user_max_default, reactions_user_max_premium),
// and how many of the newest a message shows with their authors.
const (
	maxReactionKinds    = 11
	maxReactions        = 1
	maxPremiumReactions = 3
	recentReactions     = 3
	maxRecentReactions  = 50
)

// reactionEmoji are the emoji that can be reactions.
const reactionEmoji = "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"

// reacted is one reaction of somebody's to a message.
type reacted struct {
	who    *person
	what   *tl.Object // reactionEmoji or reactionCustomEmoji
	date   int32
	big    bool
	unread bool // by the message's author
}

// reacting is what somebody has of reactions besides those to messages.
type reacting struct {
	favorite *tl.Object
	recent   []*tl.Object // the newest first
}

// reactionName is an emoji, or the id of a custom emoji's document in digits.
func reactionName(o *tl.Object) string {
	if o.Is("reactionCustomEmoji") {
		return strconv.FormatInt(o.At("document_id").AsLong(), 10)
	}
	return bareEmoji(o.At("emoticon").AsString())
}

// bareEmoji is an emoji without the mark that asks for its coloured form, which
// clients send or not.
func bareEmoji(s string) string { return strings.ReplaceAll(s, "\ufe0f", "") }

// validReaction checks a reaction that the caller wants to use. Errors:
// REACTION_EMPTY, REACTION_INVALID, DOCUMENT_INVALID, PREMIUM_ACCOUNT_REQUIRED.
func (c *call) validReaction(o *tl.Object) (*tl.Object, error) {
	switch o.Def().Name {
	case "reactionEmoji":
		name := bareEmoji(o.At("emoticon").AsString())
		if name == "" || !word(reactionEmoji, name) {
			return nil, bad("REACTION_INVALID")
		}
		return c.new("reactionEmoji").With("emoticon", tl.String(name)), nil
	case "reactionCustomEmoji":
		switch {
		case c.store.documents[o.At("document_id").AsLong()] == nil:
			return nil, bad("DOCUMENT_INVALID")
		case !c.me.premium():
			return nil, forbidden("PREMIUM_ACCOUNT_REQUIRED")
		}
		return o, nil
	case "reactionPaid":
		return nil, tgerr.New(501, "SANDBOX_PARAMETER_NOT_SIMULATED: reactionPaid")
	}
	return nil, bad("REACTION_EMPTY")
}

// admits tells whether a room lets a reaction be used in it.
func (r *room) admits(o *tl.Object) bool {
	if r == nil || r.reactions == nil || r.reactions.Is("chatReactionsAll") {
		return true
	}
	if r.reactions.Is("chatReactionsNone") {
		return false
	}
	return slices.ContainsFunc(r.reactions.At("reactions").Vector().Items, func(v tl.Value) bool {
		return reactionName(v.Object()) == reactionName(o)
	})
}

// messagesSendReaction follows
// https://core.telegram.org/method/messages.sendReaction.
func messagesSendReaction(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	e := c.history(with).find(c.req.At("msg_id").AsInt())
	if e == nil || e.service() {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	r := c.room[with]
	if r != nil && r.member(c.me) == nil {
		return tl.Value{}, forbidden("CHAT_WRITE_FORBIDDEN")
	}
	mine, err := c.reactionsAsked(r)
	if err != nil {
		return tl.Value{}, err
	}
	old := e.reactionsOf(c.me)
	if slices.EqualFunc(old, mine, func(a reacted, b *tl.Object) bool { return reactionName(a.what) == reactionName(b) }) {
		return tl.Value{}, bad("MESSAGE_NOT_MODIFIED")
	}
	next := slices.DeleteFunc(slices.Clone(e.reacted), func(x reacted) bool { return x.who == c.me })
	for _, o := range mine {
		at := reacted{who: c.me, what: o, date: c.now, big: c.req.At("big").AsBool(), unread: e.author != c.me}
		if i := slices.IndexFunc(old, func(x reacted) bool { return reactionName(x.what) == reactionName(o) }); i >= 0 {
			at = old[i]
		}
		next = append(next, at)
	}
	kinds := map[string]bool{}
	for _, x := range next {
		kinds[reactionName(x.what)] = true
	}
	if len(kinds) > maxReactionKinds {
		return tl.Value{}, bad("REACTIONS_TOO_MANY")
	}
	e.reacted = next
	c.unreadReactions(e.letter)
	if c.req.At("add_to_recent").AsBool() {
		c.useReactions(mine)
	}
	return c.updates(c.now, c.tellReactions(e)).Value(), nil
}

// reactionsAsked are those of the request, checked.
func (c *call) reactionsAsked(r *room) ([]*tl.Object, error) {
	vec := c.req.At("reaction").Vector()
	if vec == nil {
		return nil, nil
	}
	limit := maxReactions
	if c.me.premium() {
		limit = maxPremiumReactions
	}
	if len(vec.Items) > limit {
		return nil, bad("REACTIONS_TOO_MANY")
	}
	var list []*tl.Object
	for _, v := range vec.Items {
		o, err := c.validReaction(v.Object())
		if err != nil {
			return nil, err
		}
		if !r.admits(o) {
			return nil, bad("REACTION_INVALID")
		}
		if !slices.ContainsFunc(list, func(x *tl.Object) bool { return reactionName(x) == reactionName(o) }) {
			list = append(list, o)
		}
	}
	return list, nil
}

func (l *letter) reactionsOf(p *person) (list []reacted) {
	for _, x := range l.reacted {
		if x.who == p {
			list = append(list, x)
		}
	}
	return list
}

// unreadReactions keeps the author's list of messages with unread reactions.
func (w *world) unreadReactions(l *letter) {
	r := w.room[l.to]
	if r != nil && r.broadcast() {
		return
	}
	b := l.author.box
	if l.to.kind == channelPeer {
		b = r.box
	}
	id := l.idIn(b)
	if b.find(id) == nil {
		return
	}
	unread := slices.ContainsFunc(l.reacted, func(x reacted) bool { return x.unread })
	w.dialog(l.author, l.with(l.author)).reacted.set(id, unread)
}

// idSet is a set of message ids, growing.
type idSet []int32

func (s *idSet) set(id int32, on bool) {
	i, ok := slices.BinarySearch(*s, id)
	switch {
	case ok == on:
	case on:
		*s = slices.Insert(*s, i, id)
	default:
		*s = slices.Delete(*s, i, i+1)
	}
}

func (s idSet) has(id int32) bool {
	_, ok := slices.BinarySearch(s, id)
	return ok
}

// in are the ids of the set that the history still has.
func (s idSet) in(h *history) idSet {
	return slices.DeleteFunc(slices.Clone(s), func(id int32) bool { return h.find(id) == nil })
}

// useReactions puts reactions at the head of the caller's recent ones.
func (c *call) useReactions(list []*tl.Object) {
	for _, o := range list {
		recent := slices.DeleteFunc(c.me.reacting.recent, func(x *tl.Object) bool { return reactionName(x) == reactionName(o) })
		recent = slices.Insert(recent, 0, o)
		c.me.reacting.recent = recent[:min(len(recent), maxRecentReactions)]
	}
	if len(list) > 0 {
		c.own(c.new("updateRecentReactions"))
	}
}

// tellOf pushes an update that has no pts, about a letter, to all who have it,
// and gives that for the caller, whose copy is e.
func (c *call) tellOf(e *entry, update func(v viewer, e *entry) tl.Value) tl.Value {
	c.copies(e.letter, func(_ *box, p *person, r *room, has *entry) {
		tell := func(v viewer) []tl.Value { return []tl.Value{update(v, has)} }
		if r == nil {
			c.push(p, tell)
		} else {
			c.pushRoom(r, tell)
		}
	})
	return update(c.viewer, e)
}

func (c *call) tellReactions(e *entry) tl.Value {
	return c.tellOf(e, func(v viewer, e *entry) tl.Value { return v.reactionsUpdate(e) })
}

func (v viewer) reactionsUpdate(e *entry) tl.Value {
	o := v.new("updateMessageReactions").With("peer", v.peerValue(e.with(v.me))).With("msg_id", tl.Int(e.id))
	if t := e.top(); t != nil {
		o.With("top_msg_id", tl.Int(t.idIn(v.room[e.to].box)))
	}
	return o.With("reactions", v.reactions(e.letter).Value()).Value()
}

// reactions are those to a letter, as the viewer sees them: the most frequent
// first. In a broadcast channel nobody sees who gave them.
func (v viewer) reactions(l *letter) *tl.Object {
	type count struct {
		o     *tl.Object
		n     int32
		order int32 // of the viewer's own, from 1
	}
	var counts []*count
	byName := map[string]*count{}
	mine := int32(0)
	for _, x := range l.reacted {
		k := byName[reactionName(x.what)]
		if k == nil {
			k = &count{o: x.what}
			byName[reactionName(x.what)] = k
			counts = append(counts, k)
		}
		k.n++
		if x.who == v.me {
			mine++
			k.order = mine
		}
	}
	slices.SortStableFunc(counts, func(a, b *count) int { return cmp.Compare(b.n, a.n) })
	results := make([]tl.Value, len(counts))
	for i, k := range counts {
		o := v.new("reactionCount").With("reaction", k.o.Value()).With("count", tl.Int(k.n))
		if k.order > 0 {
			o.With("chosen_order", tl.Int(k.order))
		}
		results[i] = o.Value()
	}
	all := v.new("messageReactions").With("results", v.vector("ReactionCount", results))
	if l.to == l.author.peer {
		all.With("reactions_as_tags", tl.Bool(true))
	}
	if r := v.room[l.to]; r == nil || !r.broadcast() {
		all.With("can_see_list", tl.Bool(true))
		var recent []tl.Value
		for i := len(l.reacted) - 1; i >= 0 && len(recent) < recentReactions; i-- {
			recent = append(recent, v.peerReaction(l, l.reacted[i]))
		}
		all.With("recent_reactions", v.vector("MessagePeerReaction", recent))
	}
	return all
}

func (v viewer) peerReaction(l *letter, x reacted) tl.Value {
	o := v.new("messagePeerReaction").With("peer_id", v.peerValue(x.who.peer)).With("date", tl.Int(x.date)).With("reaction", x.what.Value())
	if x.big {
		o.With("big", tl.Bool(true))
	}
	if x.who == v.me {
		o.With("my", tl.Bool(true))
	}
	if x.unread && l.author == v.me {
		o.With("unread", tl.Bool(true))
	}
	return o.Value()
}

// messagesGetMessagesReactions follows
// https://core.telegram.org/method/messages.getMessagesReactions.
func messagesGetMessagesReactions(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	var list []tl.Value
	for _, id := range c.req.At("id").Vector().Items {
		if e := c.history(with).find(id.AsInt()); e != nil && !e.service() {
			list = append(list, c.reactionsUpdate(e))
		}
	}
	return c.updates(c.now, list...).Value(), nil
}

// messagesGetMessageReactionsList follows
// https://core.telegram.org/method/messages.getMessageReactionsList: the newest
// first; an offset is how many went before.
func messagesGetMessageReactionsList(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	if r := c.room[with]; r != nil && r.broadcast() {
		return tl.Value{}, forbidden("BROADCAST_FORBIDDEN")
	}
	e := c.history(with).find(c.req.At("id").AsInt())
	if e == nil || e.service() {
		return tl.Value{}, bad("MSG_ID_INVALID")
	}
	var list []tl.Value
	want := c.req.At("reaction").Object()
	for _, x := range slices.Backward(e.reacted) {
		if want == nil || reactionName(want) == reactionName(x.what) {
			list = append(list, c.peerReaction(e.letter, x))
		}
	}
	page, next, err := c.offsetPage(list)
	if err != nil {
		return tl.Value{}, err
	}
	o := c.new("messages.messageReactionsList").With("count", tl.Int(int32(len(list)))).With("reactions", c.vector("MessagePeerReaction", page))
	if next != "" {
		o.With("next_offset", tl.String(next))
	}
	return c.complete(o).Value(), nil
}

// offsetPage is the page of a list that the request's limit and its offset, a
// text, ask for, and the offset of the next. Error: OFFSET_INVALID.
func (c *call) offsetPage(list []tl.Value) (page []tl.Value, next string, err error) {
	from := 0
	if s := c.req.At("offset").AsString(); s != "" {
		if from, err = strconv.Atoi(s); err != nil || from < 0 {
			return nil, "", bad("OFFSET_INVALID")
		}
	}
	from = min(from, len(list))
	to := min(from+c.limit(), len(list))
	if to < len(list) {
		next = strconv.Itoa(to)
	}
	return list[from:to], next, nil
}

// messagesGetUnreadReactions follows
// https://core.telegram.org/method/messages.getUnreadReactions.
func messagesGetUnreadReactions(c *call) (tl.Value, error) {
	return c.unreadOf(func(d *dialog) idSet { return d.reacted })
}

// unreadOf are the messages of a dialog whose ids are in one of its sets.
func (c *call) unreadOf(set func(*dialog) idSet) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	d := c.dialog(c.me, with)
	h := &history{}
	for _, id := range set(d).in(d.list) {
		e := d.list.find(id)
		if top := c.req.At("top_msg_id").AsInt(); top == 0 || c.topOf(e) == top {
			h.entries = append(h.entries, e)
		}
	}
	page, skipped := c.page(h)
	return c.messages(page, with, len(h.entries), skipped), nil
}

// messagesReadReactions follows
// https://core.telegram.org/method/messages.readReactions.
func messagesReadReactions(c *call) (tl.Value, error) {
	return c.readOf(func(d *dialog) idSet { return d.reacted })
}

// readOf reads the contents of the messages of a dialog whose ids are in one of
// its sets.
func (c *call) readOf(set func(*dialog) idSet) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	d := c.dialog(c.me, with)
	var found []*entry
	for _, id := range set(d).in(d.list) {
		e := d.list.find(id)
		if top := c.req.At("top_msg_id").AsInt(); top == 0 || c.topOf(e) == top {
			found = append(found, e)
		}
	}
	n := c.readContents(with, found)
	return c.affectedHistory(c.boxOf(with), n), nil
}

// messagesSetChatAvailableReactions follows
// https://core.telegram.org/method/messages.setChatAvailableReactions.
func messagesSetChatAvailableReactions(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	r := c.room[with]
	if r == nil {
		return tl.Value{}, bad("PEER_ID_INVALID")
	}
	if _, err := c.admin(r, "change_info", 400); err != nil {
		return tl.Value{}, err
	}
	next := c.req.At("available_reactions")
	if next.Object().Is("chatReactionsSome") {
		for _, v := range next.Object().At("reactions").Vector().Items {
			if o := v.Object(); !o.Is("reactionCustomEmoji") && !word(reactionEmoji, bareEmoji(o.At("emoticon").AsString())) {
				return tl.Value{}, bad("REACTION_INVALID")
			}
		}
	}
	now := r.reactions
	if now == nil {
		now = c.new("chatReactionsAll")
	}
	if tl.Equal(now.Value(), next) {
		return tl.Value{}, bad("CHAT_NOT_MODIFIED")
	}
	r.reactions = next.Object()
	tell := func(v viewer) tl.Value {
		if r.kind == channelPeer {
			return v.new("updateChannel").With("channel_id", tl.Long(r.id)).Value()
		}
		return v.new("updateChat").With("chat_id", tl.Long(r.id)).Value()
	}
	c.pushRoom(r, func(v viewer) []tl.Value { return []tl.Value{tell(v)} })
	return c.updates(c.now, tell(c.viewer)).Value(), nil
}
