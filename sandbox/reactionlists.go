package sandbox

import (
	"hash/fnv"
	"slices"
	"strings"

	"tlsh/tl"
)

// messagesGetAvailableReactions follows
// https://core.telegram.org/method/messages.getAvailableReactions. Their
// animations are not to be had here: they are documentEmpty.
func messagesGetAvailableReactions(c *call) (tl.Value, error) {
	sum := int32(hashReactions(c.allReactions()))
	if sum == c.req.At("hash").AsInt() {
		return c.new("messages.availableReactionsNotModified").Value(), nil
	}
	none := c.new("documentEmpty").With("id", tl.Long(0)).Value()
	var items []tl.Value
	for _, e := range strings.Fields(reactionEmoji) {
		o := c.new("availableReaction").With("reaction", tl.String(e)).With("title", tl.String(e))
		for _, name := range [...]string{"static_icon", "appear_animation", "select_animation", "activate_animation", "effect_animation"} {
			o.With(name, none)
		}
		items = append(items, o.Value())
	}
	return c.new("messages.availableReactions").With("hash", tl.Int(sum)).With("reactions", c.vector("AvailableReaction", items)).Value(), nil
}

func (w *world) allReactions() []*tl.Object {
	var list []*tl.Object
	for _, e := range strings.Fields(reactionEmoji) {
		list = append(list, w.new("reactionEmoji").With("emoticon", tl.String(e)))
	}
	return list
}

func hashReactions(list []*tl.Object) int64 {
	h := fnv.New64a()
	for _, o := range list {
		h.Write([]byte(reactionName(o) + " "))
	}
	return int64(h.Sum64() >> 1)
}

// reactionList is a messages.Reactions, cut to the request's limit if it has
// one.
func (c *call) reactionList(list []*tl.Object) tl.Value {
	if n := int(c.req.At("limit").AsInt()); n > 0 {
		list = list[:min(n, len(list))]
	}
	sum := hashReactions(list)
	if sum == c.req.At("hash").AsLong() {
		return c.new("messages.reactionsNotModified").Value()
	}
	items := make([]tl.Value, len(list))
	for i, o := range list {
		items[i] = o.Value()
	}
	return c.new("messages.reactions").With("hash", tl.Long(sum)).With("reactions", c.vector("Reaction", items)).Value()
}

// messagesGetTopReactions follows
// https://core.telegram.org/method/messages.getTopReactions: those that the
// caller used lately, then the others.
func messagesGetTopReactions(c *call) (tl.Value, error) {
	list := slices.Clone(c.me.reacting.recent)
	for _, o := range c.allReactions() {
		if !slices.ContainsFunc(list, func(x *tl.Object) bool { return reactionName(x) == reactionName(o) }) {
			list = append(list, o)
		}
	}
	return c.reactionList(list), nil
}

// messagesGetRecentReactions follows
// https://core.telegram.org/method/messages.getRecentReactions.
func messagesGetRecentReactions(c *call) (tl.Value, error) {
	return c.reactionList(c.me.reacting.recent), nil
}

// messagesGetDefaultTagReactions follows
// https://core.telegram.org/method/messages.getDefaultTagReactions.
func messagesGetDefaultTagReactions(c *call) (tl.Value, error) {
	return c.reactionList(c.allReactions()), nil
}

// messagesClearRecentReactions follows
// https://core.telegram.org/method/messages.clearRecentReactions.
func messagesClearRecentReactions(c *call) (tl.Value, error) {
	c.me.reacting.recent = nil
	c.own(c.new("updateRecentReactions"))
	return tl.Bool(true), nil
}

// messagesSetDefaultReaction follows
// https://core.telegram.org/method/messages.setDefaultReaction.
func messagesSetDefaultReaction(c *call) (tl.Value, error) {
	o, err := c.validReaction(c.req.At("reaction").Object())
	if err != nil {
		return tl.Value{}, bad("REACTION_INVALID")
	}
	c.me.reacting.favorite = o
	return tl.Bool(true), nil
}
