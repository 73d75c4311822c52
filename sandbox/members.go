package sandbox

import (
	"slices"
	"strings"

	"tlsh/tl"
)

// joined is the answer of what lets the caller into a room.
func (c *call) joined(list ...tl.Value) (tl.Value, error) {
	return c.new("messages.chatInviteJoinResultOk").With("updates", c.updates(c.now, list...).Value()).Value(), nil
}

// channelsJoinChannel follows
// https://core.telegram.org/method/channels.joinChannel.
func channelsJoinChannel(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	switch {
	case err != nil:
		return tl.Value{}, err
	case r.member(c.me) != nil:
		return tl.Value{}, bad("USER_ALREADY_PARTICIPANT")
	case c.crowded(c.me):
		return tl.Value{}, bad("CHANNELS_TOO_MUCH")
	case r.def.At("join_request").AsBool():
		return tl.Value{}, c.ask(r, nil)
	}
	c.enroll(r, c.me, c.me.id)
	c.log(r, c.new("channelAdminLogEventActionParticipantJoin"))
	list := []tl.Value{c.changed(r)}
	return c.joined(append(list, c.spoken(r, c.new("messageActionChatAddUser").With("users", c.longs(c.me.id)))...)...)
}

func (c *call) longs(ids ...int64) tl.Value {
	items := make([]tl.Value, len(ids))
	for i, id := range ids {
		items[i] = tl.Long(id)
	}
	return c.vector("long", items)
}

// channelsLeaveChannel follows
// https://core.telegram.org/method/channels.leaveChannel.
func channelsLeaveChannel(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	m := (*member)(nil)
	if err == nil {
		m = r.member(c.me)
	}
	switch {
	case err != nil:
		return tl.Value{}, err
	case m == nil:
		return tl.Value{}, bad("USER_NOT_PARTICIPANT")
	case m.creator:
		return tl.Value{}, bad("USER_CREATOR")
	}
	return c.done(c.leave(r)...)
}

// leave takes the caller out of a room. It gives the updates for the answer.
func (c *call) leave(r *room) []tl.Value {
	list := c.spoken(r, c.new("messageActionChatDeleteUser").With("user_id", tl.Long(c.me.id)))
	if r.kind == channelPeer {
		c.log(r, c.new("channelAdminLogEventActionParticipantLeave"))
	}
	r.expel(c.me, true)
	if r.kind == channelPeer {
		return append([]tl.Value{c.changed(r)}, list...)
	}
	r.bump()
	return append([]tl.Value{c.tellMembers(r, c.me)}, list...)
}

// reachable tells whether the caller may put p into a room without asking
// them: not into a channel when p is in too many.
func (c *call) reachable(r *room, p *person) bool {
	return r.kind != channelPeer || !c.crowded(p)
}

// invitable is reachable for who has not asked to come in: their privacy rules
// may forbid it.
func (c *call) invitable(r *room, p *person) bool {
	return c.reachable(r, p) && c.allows(p, "ChatInvite", c.me)
}

// invited is a messages.InvitedUsers.
func (c *call) invited(missing []*person, list ...tl.Value) (tl.Value, error) {
	items := make([]tl.Value, len(missing))
	for i, p := range missing {
		items[i] = c.new("missingInvitee").With("user_id", tl.Long(p.id)).Value()
	}
	u := c.updates(c.now, list...)
	if len(missing) > 0 {
		// The answer has no users of its own beside those of its updates.
		also := make([]peer, len(missing))
		for i, p := range missing {
			also[i] = p.peer
		}
		u = c.complete(u, also...)
	}
	return c.new("messages.invitedUsers").With("updates", u.Value()).With("missing_invitees", c.vector("MissingInvitee", items)).Value(), nil
}

// channelsInviteToChannel follows
// https://core.telegram.org/method/channels.inviteToChannel. Members are passed
// over.
func channelsInviteToChannel(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err == nil && r.member(c.me) == nil {
		err = forbidden("CHAT_WRITE_FORBIDDEN")
	}
	if err == nil {
		err = c.needs(r, "invite_users", 403)
	}
	if err != nil {
		return tl.Value{}, err
	}
	var come, missing []*person
	for _, v := range c.req.At("users").Vector().Items {
		p, err := c.userBy(v)
		switch {
		case err != nil:
			return tl.Value{}, err
		case p.def.At("deleted").AsBool():
			return tl.Value{}, bad("INPUT_USER_DEACTIVATED")
		case r.broadcast() && p.def.At("bot").AsBool():
			return tl.Value{}, bad("USER_BOT")
		case p.blocks(c.me):
			return tl.Value{}, bad("USER_BLOCKED")
		case c.ban(r, p).kicked() && !r.member(c.me).may("ban_users"):
			return tl.Value{}, bad("USER_KICKED")
		case r.member(p) != nil || slices.Contains(come, p) || slices.Contains(missing, p):
		case !c.invitable(r, p):
			missing = append(missing, p)
		default:
			come = append(come, p)
		}
	}
	if len(come) == 0 {
		return c.invited(missing)
	}
	return c.invited(missing, c.bring(r, come)...)
}

// bring makes people members by the caller's invitation.
func (c *call) bring(r *room, people []*person) []tl.Value {
	ids := make([]int64, len(people))
	for i, p := range people {
		c.enroll(r, p, c.me.id)
		c.log(r, c.new("channelAdminLogEventActionParticipantInvite").With("participant", c.asLogged(r, p)))
		ids[i] = p.id
	}
	list := []tl.Value{c.changed(r, people...)}
	return append(list, c.spoken(r, c.new("messageActionChatAddUser").With("users", c.longs(ids...)))...)
}

// asLogged is somebody's place as it stands in the log: as nobody of them sees it.
func (c *call) asLogged(r *room, p *person) tl.Value {
	return viewer{c.world, &person{}}.participant(r, p).Value()
}

// channelsGetParticipant follows
// https://core.telegram.org/method/channels.getParticipant.
func channelsGetParticipant(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	who, err := c.target(c.req.At("participant"))
	if err != nil {
		return tl.Value{}, err
	}
	p := c.byID[who.id]
	switch {
	case who.kind != userPeer:
		return tl.Value{}, bad("PARTICIPANT_ID_INVALID")
	case p != c.me && r.broadcast() && !r.member(c.me).admin():
		return tl.Value{}, forbidden("CHAT_ADMIN_REQUIRED")
	case r.member(p) == nil && c.ban(r, p) == nil:
		return tl.Value{}, bad("USER_NOT_PARTICIPANT")
	}
	o := c.new("channels.channelParticipant").With("participant", c.participant(r, p).Value())
	return c.complete(o, r.peer, p.peer).Value(), nil
}

// maxParticipants is the most that one page of members holds.
const maxParticipants = 200

// channelsGetParticipants follows
// https://core.telegram.org/method/channels.getParticipants: who came last
// comes first, admins in the order of joining. The hash is that of the ids.
func channelsGetParticipants(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	filter := c.req.At("filter").Object()
	if !r.member(c.me).admin() {
		hidden := r.broadcast() || r.toggles["participants_hidden"] && !filter.Is("channelParticipantsAdmins") && !filter.Is("channelParticipantsBots")
		if hidden || filter.Is("channelParticipantsKicked") || filter.Is("channelParticipantsBanned") {
			return tl.Value{}, forbidden("CHAT_ADMIN_REQUIRED")
		}
	}
	all := c.filtered(r, filter)
	from := min(max(int(c.req.At("offset").AsInt()), 0), len(all))
	n := int(c.req.At("limit").AsInt())
	if n <= 0 || n > maxParticipants {
		n = maxParticipants
	}
	page := all[from:min(from+n, len(all))]
	var sum hashOf
	items := make([]tl.Value, len(page))
	also := []peer{r.peer}
	for i, p := range page {
		sum.add(p.id)
		items[i] = c.participant(r, p).Value()
		also = append(also, p.peer)
	}
	if want := c.req.At("hash").AsLong(); want != 0 && want == int64(sum) {
		return c.new("channels.channelParticipantsNotModified").Value(), nil
	}
	o := c.new("channels.channelParticipants").With("count", tl.Int(int32(len(all)))).With("participants", c.vector("ChannelParticipant", items))
	return c.complete(o, also...).Value(), nil
}

// filtered are those whom a ChannelParticipantsFilter lets pass.
func (c *call) filtered(r *room, filter *tl.Object) (list []*person) {
	q := strings.ToLower(filter.At("q").AsString())
	name := filter.Def().Name
	if name == "channelParticipantsKicked" || name == "channelParticipantsBanned" {
		for _, b := range r.bans {
			if c.ban(r, b.person) == b && b.kicked() == (name == "channelParticipantsKicked") && c.matches(b.person, q) {
				list = append(list, b.person)
			}
		}
		return list
	}
	for _, m := range r.members {
		ok := c.matches(m.person, q)
		switch name {
		case "channelParticipantsAdmins":
			ok = m.admin()
		case "channelParticipantsBots":
			ok = m.def.At("bot").AsBool()
		case "channelParticipantsContacts":
			ok = ok && c.me.contacts[m.id] != nil
		case "channelParticipantsMentions":
			ok = ok && m.person != c.me
		}
		if ok {
			list = append(list, m.person)
		}
	}
	if name != "channelParticipantsAdmins" {
		slices.Reverse(list)
	}
	return list
}

// matches reports somebody one of whose names has a word that begins with q,
// in lower case; "" is part of every name.
func (w *world) matches(p *person, q string) bool {
	if q == "" {
		return true
	}
	for word := range strings.FieldsSeq(strings.ToLower(p.name())) {
		if strings.HasPrefix(word, q) {
			return true
		}
	}
	for _, h := range w.usernames(p.peer) {
		if h.active && strings.HasPrefix(strings.ToLower(h.name), strings.TrimPrefix(q, "@")) {
			return true
		}
	}
	return strings.HasPrefix(strings.ToLower(p.name()), q)
}
