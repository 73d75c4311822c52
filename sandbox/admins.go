package sandbox

import (
	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

const (
	maxAdmins = 50 // beside the creator
	// A ban that ends sooner than minBan or later than maxBan from now, in
	// seconds, is one for ever (https://core.telegram.org/constructor/chatBannedRights).
	minBan = 30
	maxBan = 366 * 86400
)

// channelsEditAdmin follows
// https://core.telegram.org/method/channels.editAdmin and
// https://core.telegram.org/api/rights: no rights make an admin an ordinary
// member. Who is none is invited.
func channelsEditAdmin(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	mine, err := c.admin(r, "", 403)
	if err != nil {
		return tl.Value{}, err
	}
	p, err := c.userBy(c.req.At("user_id"))
	if err != nil {
		return tl.Value{}, err
	}
	rights, m := c.req.At("admin_rights").Object(), r.member(p)
	if err := c.promotable(r, mine, p, rights); err != nil {
		return tl.Value{}, err
	}
	rank := c.req.At("rank").AsString()
	if err := validRank(rank); err != nil {
		return tl.Value{}, err
	}
	before := c.asLogged(r, p)
	r.setBan(&ban{person: p, rights: c.new("chatBannedRights")})
	var list []tl.Value
	if m == nil {
		list = c.bring(r, []*person{p})
		m = r.member(p)
	}
	m.rights, m.rank, m.promotedBy = nil, "", 0
	if len(fields(rights)) > 0 {
		m.rights, m.rank = rights, rank
		if !m.creator {
			m.promotedBy = c.me.id
		}
	}
	if m.creator {
		m.rank = rank
	}
	c.log(r, c.new("channelAdminLogEventActionParticipantToggleAdmin").With("prev_participant", before).
		With("new_participant", c.asLogged(r, p)))
	if u := c.changed(r, p); len(list) == 0 {
		list = []tl.Value{u}
	}
	return c.done(list...)
}

// fields are the names of an object's flags that are set.
func fields(o *tl.Object) (names []string) {
	for i := range o.Fields() {
		if p := o.Def().Params[i]; p.Optional() {
			names = append(names, p.Name)
		}
	}
	return names
}

// promotable refuses what an admin may not make of somebody.
func (c *call) promotable(r *room, mine *member, p *person, rights *tl.Object) error {
	m := r.member(p)
	switch {
	case m != nil && m.creator && p != c.me:
		return bad("USER_CREATOR")
	case !mine.may("add_admins"), m.admin() && p != c.me && !c.canEdit(r, m):
		return forbidden("CHAT_ADMIN_REQUIRED")
	case p.def.At("deleted").AsBool():
		return bad("INPUT_USER_DEACTIVATED")
	case m == nil && c.ban(r, p).kicked() && !mine.may("ban_users"):
		return bad("USER_KICKED")
	case m == nil && !mine.may("invite_users"):
		return forbidden("CHAT_ADMIN_INVITE_REQUIRED")
	case m == nil && !c.reachable(r, p):
		return forbidden("USER_CHANNELS_TOO_MUCH")
	}
	for _, name := range fields(rights) {
		posts := name == "post_messages" || name == "edit_messages"
		if posts && !r.broadcast() || !mine.may(name) {
			return forbidden("RIGHT_FORBIDDEN")
		}
	}
	if !m.admin() && len(fields(rights)) > 0 && r.admins() > maxAdmins {
		return bad("ADMINS_TOO_MUCH")
	}
	return nil
}

// channelsEditBanned follows
// https://core.telegram.org/method/channels.editBanned: with view_messages
// somebody is removed and cannot come back, without any right they are free
// again.
func channelsEditBanned(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "ban_users", 403); err != nil {
		return tl.Value{}, err
	}
	who, err := c.target(c.req.At("participant"))
	if err != nil {
		return tl.Value{}, err
	}
	rights, p := c.req.At("banned_rights").Object().Clone(), c.byID[who.id]
	m := r.member(p)
	switch {
	case who.kind != userPeer || p == c.me:
		return tl.Value{}, bad("PARTICIPANT_ID_INVALID")
	case m.admin() && !c.canEdit(r, m):
		return tl.Value{}, bad("USER_ADMIN_INVALID")
	case r.broadcast() && bans(rights) && !rights.At("view_messages").AsBool():
		return tl.Value{}, tgerr.New(406, "BANNED_RIGHTS_INVALID")
	}
	if until := rights.At("until_date").AsInt(); until < c.now+minBan || until > c.now+maxBan {
		rights.With("until_date", tl.Int(0))
	}
	return c.restrict(r, p, rights)
}

// restrict sets what a person may not do in a channel, and tells them.
func (c *call) restrict(r *room, p *person, rights *tl.Object) (tl.Value, error) {
	before, m := c.asLogged(r, p), r.member(p)
	b := &ban{person: p, rights: rights, by: c.me.id, date: c.now}
	var list []tl.Value
	if m != nil && b.kicked() {
		list = c.spoken(r, c.new("messageActionChatDeleteUser").With("user_id", tl.Long(p.id)))
		r.expel(p, false)
	}
	if m != nil && bans(rights) {
		m.rights, m.rank, m.promotedBy = nil, "", 0
	}
	r.setBan(b)
	r.withdraw(p)
	c.log(r, c.new("channelAdminLogEventActionParticipantToggleBan").With("prev_participant", before).
		With("new_participant", c.asLogged(r, p)))
	return c.done(append([]tl.Value{c.changed(r, p)}, list...)...)
}

// messagesEditChatParticipantRank follows
// https://core.telegram.org/method/messages.editChatParticipantRank, for admins:
// what they are called in the room.
func messagesEditChatParticipantRank(c *call) (tl.Value, error) {
	r, err := c.roomOf(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	who, err := c.target(c.req.At("participant"))
	if err != nil {
		return tl.Value{}, err
	}
	mine, m := r.member(c.me), r.member(c.byID[who.id])
	rank := c.req.At("rank").AsString()
	switch {
	case who.kind != userPeer || m == nil:
		return tl.Value{}, bad("PARTICIPANT_ID_INVALID")
	case !m.admin() || m != mine && !c.canEdit(r, m):
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	}
	if err := validRank(rank); err != nil {
		return tl.Value{}, err
	}
	c.log(r, c.new("channelAdminLogEventActionParticipantEditRank").With("user_id", tl.Long(m.id)).
		With("prev_rank", tl.String(m.rank)).With("new_rank", tl.String(rank)))
	m.rank = rank
	return c.done(c.changed(r, m.person))
}
