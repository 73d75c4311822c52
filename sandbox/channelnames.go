package sandbox

import (
	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// maxPublic is how many public channels one person can have made.
const maxPublic = 10

// publicOf are the public channels that the person has made.
func (w *world) publicOf(p *person) (list []*room) {
	for _, r := range w.rooms {
		if m := r.member(p); r.kind == channelPeer && m != nil && m.creator && w.public(r) {
			list = append(list, r)
		}
	}
	return list
}

// channelsGetAdminedPublicChannels follows
// https://core.telegram.org/method/channels.getAdminedPublicChannels.
func channelsGetAdminedPublicChannels(c *call) (tl.Value, error) {
	list := c.publicOf(c.me)
	if c.req.At("check_limit").AsBool() && len(list) >= maxPublic {
		return tl.Value{}, bad("CHANNELS_ADMIN_PUBLIC_TOO_MUCH")
	}
	chats := make([]tl.Value, len(list))
	for i, r := range list {
		chats[i] = c.chat(r)
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", chats)).Value(), nil
}

// channelsCheckUsername follows
// https://core.telegram.org/method/channels.checkUsername; inputChannelEmpty
// asks for a channel that is yet to be made.
func channelsCheckUsername(c *call) (tl.Value, error) {
	var p peer
	if v := c.req.At("channel"); !v.Object().Is("inputChannelEmpty") {
		r, err := c.channel(v)
		if err != nil {
			return tl.Value{}, err
		}
		p = r.peer
	}
	if (p.kind == noPeer || !c.public(c.room[p])) && len(c.publicOf(c.me)) >= maxPublic {
		return tl.Value{}, bad("CHANNELS_ADMIN_PUBLIC_TOO_MUCH")
	}
	if err := c.freeUsername(p, c.req.At("username").AsString()); err != nil {
		return tl.Value{}, err
	}
	return tl.Bool(true), nil
}

// channelsUpdateUsername follows
// https://core.telegram.org/method/channels.updateUsername: a supergroup that
// becomes public hides nothing of its past.
func channelsUpdateUsername(c *call) (tl.Value, error) {
	r, err := c.ownChannel(403)
	if err != nil {
		return tl.Value{}, err
	}
	name, old := c.req.At("username").AsString(), c.editableName(r.peer)
	if name != "" && !c.public(r) && len(c.publicOf(c.me)) >= maxPublic {
		return tl.Value{}, bad("CHANNELS_ADMIN_PUBLIC_TOO_MUCH")
	}
	if err := c.chooseUsername(r.peer, name); err != nil {
		return tl.Value{}, err
	}
	if name != "" {
		r.set("hidden_prehistory", false)
	}
	c.log(r, c.changeOf("ChangeUsername", tl.String(old), tl.String(name)))
	c.changed(r, r.everybody()...)
	return tl.Bool(true), nil
}

// ownChannel is the channel of the request, which the caller made, else
// CHAT_ADMIN_REQUIRED.
func (c *call) ownChannel(code int) (*room, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return nil, err
	}
	if m := r.member(c.me); m == nil || !m.creator {
		return nil, tgerr.New(code, "CHAT_ADMIN_REQUIRED")
	}
	return r, nil
}

// editableName is the username that its owner chose, "" when there is none.
func (w *world) editableName(p peer) string {
	for _, h := range w.usernames(p) {
		if h.editable {
			return h.name
		}
	}
	return ""
}

// renamed logs a change of a channel's usernames and tells its members.
func (c *call) renamed(r *room, before []handle) (tl.Value, error) {
	names := func(list []handle) tl.Value {
		var items []tl.Value
		for _, h := range list {
			if h.active {
				items = append(items, tl.String(h.name))
			}
		}
		return c.vector("string", items)
	}
	c.log(r, c.changeOf("ChangeUsernames", names(before), names(c.usernames(r.peer))))
	c.changed(r, r.everybody()...)
	return tl.Bool(true), nil
}

// channelsReorderUsernames follows
// https://core.telegram.org/method/channels.reorderUsernames: the active ones.
func channelsReorderUsernames(c *call) (tl.Value, error) {
	r, err := c.ownChannel(400)
	if err != nil {
		return tl.Value{}, err
	}
	var order []string
	for _, v := range c.req.At("order").Vector().Items {
		order = append(order, v.AsString())
	}
	before := c.usernames(r.peer)
	if !c.reorder(r.peer, order) {
		return tl.Value{}, bad("ORDER_INVALID")
	}
	return c.renamed(r, before)
}

// channelsToggleUsername follows
// https://core.telegram.org/method/channels.toggleUsername.
func channelsToggleUsername(c *call) (tl.Value, error) {
	r, err := c.ownChannel(400)
	if err != nil {
		return tl.Value{}, err
	}
	before := c.usernames(r.peer)
	if err := c.toggleUsername(r.peer, c.req.At("username").AsString(), c.req.At("active").AsBool()); err != nil {
		return tl.Value{}, err
	}
	return c.renamed(r, before)
}

// channelsDeactivateAllUsernames follows
// https://core.telegram.org/method/channels.deactivateAllUsernames.
func channelsDeactivateAllUsernames(c *call) (tl.Value, error) {
	r, err := c.ownChannel(400)
	if err != nil {
		return tl.Value{}, err
	}
	before := c.usernames(r.peer)
	for _, h := range before {
		c.activate(r.peer, h.name, false)
	}
	return c.renamed(r, before)
}
