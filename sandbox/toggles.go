package sandbox

import (
	"slices"
	"time"

	"tlsh/tl"
)

// toggled finishes the change of a setting of a room: it is logged, and all
// members are told.
func (c *call) toggled(r *room, event string, on bool) (tl.Value, error) {
	c.log(r, c.toggle(event, on))
	return c.done(c.changed(r, r.everybody()...))
}

// setting is what the methods that turn something of a supergroup on or off
// begin with: the room, and that the caller has the right.
func (c *call) setting(right string) (r *room, on bool, err error) {
	if r, err = c.supergroup(c.req.At("channel")); err == nil {
		_, err = c.admin(r, right, 400)
	}
	return r, c.req.At("enabled").AsBool(), err
}

var errNotModified = bad("CHAT_NOT_MODIFIED")

// channelsToggleSignatures follows
// https://core.telegram.org/method/channels.toggleSignatures.
func channelsToggleSignatures(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err == nil {
		_, err = c.admin(r, "change_info", 400)
	}
	if err == nil && !r.broadcast() {
		err = bad("CHAT_ID_INVALID")
	}
	if err != nil {
		return tl.Value{}, err
	}
	on := c.req.At("signatures_enabled").AsBool()
	signed := r.flag("signatures", on)
	if profiles := c.req.At("profiles_enabled").AsBool(); r.flag("signature_profiles", profiles) {
		c.log(r, c.toggle("ToggleSignatureProfiles", profiles))
	} else if !signed {
		return tl.Value{}, errNotModified
	}
	if !signed {
		return c.done(c.changed(r, r.everybody()...))
	}
	return c.toggled(r, "ToggleSignatures", on)
}

// channelsTogglePreHistoryHidden follows
// https://core.telegram.org/method/channels.togglePreHistoryHidden: who joins
// from now on does not see what was written before.
func channelsTogglePreHistoryHidden(c *call) (tl.Value, error) {
	r, on, err := c.setting("change_info")
	switch {
	case err != nil:
		return tl.Value{}, err
	case r.toggles["hidden_prehistory"] == on:
		return tl.Value{}, errNotModified
	case on && r.discussion != nil:
		return tl.Value{}, bad("CHAT_LINK_EXISTS")
	case on && r.def.At("forum").AsBool():
		return tl.Value{}, bad("FORUM_ENABLED")
	}
	r.set("hidden_prehistory", on)
	return c.toggled(r, "TogglePreHistoryHidden", on)
}

// channelsToggleJoinToSend follows
// https://core.telegram.org/method/channels.toggleJoinToSend: whether who
// comments on a channel's posts has to be in its discussion group.
func channelsToggleJoinToSend(c *call) (tl.Value, error) {
	r, on, err := c.setting("change_info")
	switch {
	case err != nil:
		return tl.Value{}, err
	case r.discussion == nil:
		return tl.Value{}, bad("CHAT_ID_INVALID")
	case !r.flag("join_to_send", on):
		return tl.Value{}, errNotModified
	}
	return c.done(c.changed(r, r.everybody()...))
}

// channelsToggleJoinRequest follows
// https://core.telegram.org/method/channels.toggleJoinRequest.
func channelsToggleJoinRequest(c *call) (tl.Value, error) {
	r, on, err := c.setting("ban_users")
	switch {
	case err != nil:
		return tl.Value{}, err
	case on && !c.public(r) && r.discussion == nil:
		return tl.Value{}, bad("CHAT_PUBLIC_REQUIRED")
	}
	links := on && c.req.At("apply_to_invites").AsBool()
	modified := r.toggles["join_request_invites"] != links
	r.set("join_request_invites", links)
	if !r.flag("join_request", on) && !modified {
		return tl.Value{}, errNotModified
	}
	return c.toggled(r, "ToggleInvites", !on)
}

// channelsToggleAntiSpam follows
// https://core.telegram.org/method/channels.toggleAntiSpam. There is no spam
// here to find.
func channelsToggleAntiSpam(c *call) (tl.Value, error) {
	r, on, err := c.setting("delete_messages")
	switch {
	case err != nil:
		return tl.Value{}, err
	case r.toggles["antispam"] == on:
		return tl.Value{}, errNotModified
	}
	r.set("antispam", on)
	return c.toggled(r, "ToggleAntiSpam", on)
}

// minHidden is how many members a supergroup has that can hide them, as
// hidden_members_group_size_min of help.getAppConfig says too.
const minHidden = 100

// channelsToggleParticipantsHidden follows
// https://core.telegram.org/method/channels.toggleParticipantsHidden.
func channelsToggleParticipantsHidden(c *call) (tl.Value, error) {
	r, on, err := c.setting("ban_users")
	switch {
	case err != nil:
		return tl.Value{}, err
	case r.toggles["participants_hidden"] == on:
		return tl.Value{}, errNotModified
	case on && len(r.members) < minHidden:
		return tl.Value{}, bad("PARTICIPANTS_TOO_FEW")
	}
	r.set("participants_hidden", on)
	return c.done(c.changed(r, r.everybody()...))
}

// channelsToggleSlowMode follows
// https://core.telegram.org/method/channels.toggleSlowMode. A [SlowMode] goes
// before what is set here.
func channelsToggleSlowMode(c *call) (tl.Value, error) {
	r, _, err := c.setting("ban_users")
	n := c.req.At("seconds").AsInt()
	if err != nil {
		return tl.Value{}, err
	}
	old := int32(r.ownSlow / time.Second)
	switch {
	case !slices.Contains(slowSteps[:], n):
		return tl.Value{}, bad("SECONDS_INVALID")
	case old == n:
		return tl.Value{}, errNotModified
	}
	r.ownSlow = time.Duration(n) * time.Second
	c.s.slowModes(c.s.faults.SlowModes)
	c.log(r, c.changeOf("ToggleSlowMode", tl.Int(old), tl.Int(n)))
	return c.done(c.changed(r, r.everybody()...))
}

// messagesToggleNoForwards follows
// https://core.telegram.org/method/messages.toggleNoForwards, for groups and
// channels: their creators say whether what is written there can be passed on.
func messagesToggleNoForwards(c *call) (tl.Value, error) {
	r, err := c.roomOf(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	on := c.req.At("enabled").AsBool()
	switch m := r.member(c.me); {
	case m == nil || !m.creator:
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	case !r.flag("noforwards", on):
		return tl.Value{}, errNotModified
	}
	return c.toggled(r, "ToggleNoForwards", on)
}

// channelsSetDiscussionGroup follows
// https://core.telegram.org/method/channels.setDiscussionGroup and
// https://core.telegram.org/api/discussion: inputChannelEmpty in one place ends
// the link of the other.
func channelsSetDiscussionGroup(c *call) (tl.Value, error) {
	ch, err := c.linkable("broadcast", true, "BROADCAST_ID_INVALID")
	if err != nil {
		return tl.Value{}, err
	}
	g, err := c.linkable("group", false, "MEGAGROUP_ID_INVALID")
	if err != nil {
		return tl.Value{}, err
	}
	switch {
	case ch == nil && g == nil:
		return tl.Value{}, bad("BROADCAST_ID_INVALID")
	case ch == nil:
		if ch, g = g.discussion, nil; ch == nil {
			return tl.Value{}, bad("LINK_NOT_MODIFIED")
		}
	case ch.discussion == g:
		return tl.Value{}, bad("LINK_NOT_MODIFIED")
	case g != nil && g.toggles["hidden_prehistory"]:
		return tl.Value{}, bad("MEGAGROUP_PREHISTORY_HIDDEN")
	case g != nil && g.discussion != nil:
		return tl.Value{}, bad("MEGAGROUP_ID_INVALID")
	}
	c.link(ch, g)
	return tl.Bool(true), nil
}

// linkable is the room of a parameter of channels.setDiscussionGroup, nil for
// inputChannelEmpty.
func (c *call) linkable(name string, broadcast bool, wrong string) (*room, error) {
	v := c.req.At(name)
	if v.Object().Is("inputChannelEmpty") {
		return nil, nil
	}
	r, err := c.channel(v)
	if err == nil && (r.broadcast() != broadcast || r.def.At("forum").AsBool()) {
		err = bad(wrong)
	}
	if err == nil {
		_, err = c.admin(r, "change_info", 400)
	}
	return r, err
}

// link makes g the discussion group of ch, nil: none, and tells both and the
// one that was it before.
func (c *call) link(ch, g *room) {
	old := ch.discussion
	id := func(r *room) tl.Value {
		if r == nil {
			return tl.Long(0)
		}
		return tl.Long(r.id)
	}
	event := func(prev, next *room) *tl.Object { return c.changeOf("ChangeLinkedChat", id(prev), id(next)) }
	ch.discussion = g
	c.log(ch, event(old, g))
	if old != nil {
		old.discussion = nil
		old.flag("join_to_send", false)
		c.log(old, event(ch, nil))
		c.changed(old, old.everybody()...)
	}
	if g != nil {
		g.discussion = ch
		c.log(g, event(nil, ch))
		c.changed(g, g.everybody()...)
	}
	c.changed(ch, ch.everybody()...)
}

// channelsGetGroupsForDiscussion follows
// https://core.telegram.org/method/channels.getGroupsForDiscussion: the basic
// groups of the caller's, and the supergroups that they run.
func channelsGetGroupsForDiscussion(c *call) (tl.Value, error) {
	var chats []tl.Value
	for _, r := range c.rooms {
		m := r.member(c.me)
		switch {
		case m == nil || r.shut() || r.broadcast() || r.discussion != nil || r.def.At("forum").AsBool():
		case r.kind == chatPeer && m.creator, r.kind == channelPeer && m.may("change_info"):
			chats = append(chats, c.chat(r))
		}
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", chats)).Value(), nil
}
