package sandbox

import (
	"slices"

	"tlsh/tl"
)

// maxChat is how many members a basic group can have, as help.getConfig says
// too.
const maxChat = 200

// messagesCreateChat follows https://core.telegram.org/method/messages.createChat.
func messagesCreateChat(c *call) (tl.Value, error) {
	title, err := c.titled()
	if err != nil {
		return tl.Value{}, err
	}
	var people []*person
	for _, v := range c.req.At("users").Vector().Items {
		p, err := c.userBy(v)
		switch {
		case err != nil:
			return tl.Value{}, err
		case p.def.At("deleted").AsBool():
			return tl.Value{}, bad("INPUT_USER_DEACTIVATED")
		case p != c.me && !slices.Contains(people, p):
			people = append(people, p)
		}
	}
	switch {
	case len(people) == 0:
		return tl.Value{}, bad("USERS_TOO_FEW")
	case len(people) >= maxChat:
		return tl.Value{}, bad("USERS_TOO_MUCH")
	}
	def := c.new("chat").With("title", tl.String(title)).With("participants_count", tl.Int(0)).With("version", tl.Int(1)).
		With("default_banned_rights", c.new("chatBannedRights").With("until_date", tl.Int(0)).Value())
	r := c.found(def, chatPeer)
	ids := []int64{c.me.id}
	var missing []*person
	for _, p := range people {
		if !c.invitable(r, p) {
			missing = append(missing, p)
			continue
		}
		c.enroll(r, p, c.me.id)
		ids = append(ids, p.id)
	}
	list := []tl.Value{c.tellMembers(r)}
	list = append(list, c.proclaim(r, c.new("messageActionChatCreate").With("title", tl.String(title)).With("users", c.longs(ids...)))...)
	return c.invited(missing, list...)
}

// tellMembers tells everybody in a basic group, and those who have just gone,
// who is in it. It gives the update for the answer.
func (c *call) tellMembers(r *room, gone ...*person) tl.Value {
	update := func(v viewer) []tl.Value {
		return []tl.Value{v.new("updateChatParticipants").With("participants", v.chatParticipants(r)).Value()}
	}
	for _, p := range append(r.everybody(), gone...) {
		c.push(p, update)
	}
	return update(c.viewer)[0]
}

// messagesAddChatUser follows
// https://core.telegram.org/method/messages.addChatUser: the newest fwd_limit
// messages of the group are given to who comes.
func messagesAddChatUser(c *call) (tl.Value, error) {
	r, err := c.groupOf(c.req.At("chat_id").AsLong())
	if err != nil {
		return tl.Value{}, err
	}
	p, err := c.userBy(c.req.At("user_id"))
	switch {
	case err != nil:
		return tl.Value{}, err
	case !c.lets(r, c.me, "invite_users"):
		return tl.Value{}, forbidden("CHAT_ADMIN_REQUIRED")
	case p.def.At("deleted").AsBool():
		return tl.Value{}, bad("INPUT_USER_DEACTIVATED")
	case r.member(p) != nil:
		return tl.Value{}, bad("USER_ALREADY_PARTICIPANT")
	case c.me.blocks(p):
		return tl.Value{}, bad("YOU_BLOCKED_USER")
	case p.blocks(c.me):
		return tl.Value{}, bad("USER_IS_BLOCKED")
	case len(r.members) >= maxChat:
		return tl.Value{}, bad("USERS_TOO_MUCH")
	}
	if !c.invitable(r, p) {
		return c.invited([]*person{p})
	}
	c.enroll(r, p, c.me.id)
	r.bump()
	c.handOver(r, p, int(c.req.At("fwd_limit").AsInt()))
	list := []tl.Value{c.tellMembers(r)}
	return c.invited(nil, append(list, c.proclaim(r, c.new("messageActionChatAddUser").With("users", c.longs(p.id)))...)...)
}

// handOver gives who comes into a basic group the newest n messages that the
// caller has of it.
func (c *call) handOver(r *room, p *person, n int) {
	entries := c.dialog(c.me, r.peer).list.entries
	for _, e := range entries[len(entries)-min(max(n, 0), maxPage, len(entries)):] {
		if e.idIn(p.box) == 0 && c.hears(p, e.letter) {
			d := c.put(e.letter, p, r.peer)
			c.notify(p, nil, d.event)
		}
	}
}

// messagesDeleteChatUser follows
// https://core.telegram.org/method/messages.deleteChatUser: leaving, or removing
// somebody, which admins may, and who brought them.
func messagesDeleteChatUser(c *call) (tl.Value, error) {
	r, err := c.groupOf(c.req.At("chat_id").AsLong())
	if err != nil {
		return tl.Value{}, err
	}
	p, err := c.userBy(c.req.At("user_id"))
	if err != nil {
		return tl.Value{}, err
	}
	mine, m := r.member(c.me), r.member(p)
	switch {
	case m == nil:
		return tl.Value{}, bad("USER_NOT_PARTICIPANT")
	case p != c.me && (m.creator || !mine.may("ban_users") && m.inviter != c.me.id || m.rights != nil && !mine.creator):
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	}
	list := c.proclaim(r, c.new("messageActionChatDeleteUser").With("user_id", tl.Long(p.id)))
	if c.req.At("revoke_history").AsBool() {
		list = append(list, c.erase(r, func(e *entry) bool { return e.author == p && !e.service() })...)
	}
	r.expel(p, p == c.me)
	r.bump()
	return c.done(append([]tl.Value{c.tellMembers(r, p)}, list...)...)
}

// erase deletes messages of a basic group for all of its members. It gives the
// updates for the answer.
func (c *call) erase(r *room, which func(*entry) bool) (own []tl.Value) {
	for _, m := range r.members {
		list := c.dialog(m.person, r.peer).list
		var ids []int32
		for _, e := range list.entries {
			if which(e) {
				ids = append(ids, e.id)
			}
		}
		for _, id := range ids {
			list.remove(id)
			m.box.remove(id)
		}
		if len(ids) > 0 {
			ev := m.box.change(event{kind: eventDelete, ids: ids}, int32(len(ids)))
			c.notify(m.person, nil, ev)
			if m.person == c.me {
				own = append(own, c.update(ev, nil))
			}
		}
	}
	return own
}

// messagesEditChatAdmin follows
// https://core.telegram.org/method/messages.editChatAdmin.
func messagesEditChatAdmin(c *call) (tl.Value, error) {
	r, err := c.groupOf(c.req.At("chat_id").AsLong())
	if err != nil {
		return tl.Value{}, err
	}
	p, err := c.userBy(c.req.At("user_id"))
	if err != nil {
		return tl.Value{}, err
	}
	on, m := c.req.At("is_admin").AsBool(), r.member(p)
	switch {
	case !r.member(c.me).creator:
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	case m == nil:
		return tl.Value{}, bad("USER_NOT_PARTICIPANT")
	case m.creator:
		return tl.Value{}, bad("USER_CREATOR")
	}
	m.rights, m.promotedBy = nil, 0
	if on {
		m.rights = c.allRights(r).With("add_admins", tl.Value{})
		m.promotedBy = c.me.id
	}
	r.bump()
	for _, q := range r.everybody() {
		c.push(q, func(v viewer) []tl.Value {
			return []tl.Value{v.new("updateChatParticipantAdmin").With("chat_id", tl.Long(r.id)).With("user_id", tl.Long(p.id)).
				With("is_admin", tl.Bool(on)).With("version", r.def.At("version")).Value()}
		})
	}
	return tl.Bool(true), nil
}

// messagesDeleteChat follows
// https://core.telegram.org/method/messages.deleteChat: everybody keeps what was
// written.
func messagesDeleteChat(c *call) (tl.Value, error) {
	r, err := c.groupOf(c.req.At("chat_id").AsLong())
	if err != nil {
		return tl.Value{}, err
	}
	if !r.member(c.me).creator {
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	}
	people := r.everybody()
	c.close(r)
	c.changed(r, people...)
	return tl.Bool(true), nil
}

// messagesMigrateChat follows
// https://core.telegram.org/method/messages.migrateChat and
// https://core.telegram.org/api/channel#migration: all members are in the
// supergroup then, and nobody can write to the group.
func messagesMigrateChat(c *call) (tl.Value, error) {
	r, err := c.groupOf(c.req.At("chat_id").AsLong())
	switch {
	case err != nil:
		return tl.Value{}, err
	case !r.member(c.me).creator:
		return tl.Value{}, forbidden("CHAT_ADMIN_REQUIRED")
	case c.crowded(c.me):
		return tl.Value{}, bad("CHANNELS_TOO_MUCH")
	}
	_, list := c.migrate(r)
	return c.done(list...)
}

// migrate makes a supergroup of a basic group. It gives the updates for the
// answer.
func (c *call) migrate(r *room) (to *room, list []tl.Value) {
	def := c.new("channel").With("title", r.def.At("title")).With("megagroup", tl.Bool(true)).
		With("default_banned_rights", r.def.At("default_banned_rights")).With("noforwards", r.def.At("noforwards"))
	to = c.found(def, channelPeer)
	to.def.With("photo", r.def.At("photo"))
	to.photo, to.about = r.photo, r.about
	for _, m := range r.members {
		if m.person != c.me {
			n := c.enroll(to, m.person, m.inviter)
			n.rights, n.rank, n.promotedBy = m.rights, m.rank, m.promotedBy
		}
	}
	// Who is told of the group's end can still see that it ends.
	list = c.proclaim(r, c.new("messageActionChatMigrateTo").With("channel_id", tl.Long(to.id)))
	r.flag("deactivated", true)
	r.def.With("migrated_to", c.new("inputChannel").With("channel_id", tl.Long(to.id)).With("access_hash", tl.Long(0)).Value())
	r.invites = inviting{}
	list = append([]tl.Value{c.changed(r, r.everybody()...), c.changed(to, to.everybody()...)}, list...)
	return to, append(list, c.proclaim(to, c.new("messageActionChannelMigrateFrom").
		With("title", r.def.At("title")).With("chat_id", tl.Long(r.id)))...)
}

// origin is the basic group that a supergroup was, nil when it was none.
func (w *world) origin(r *room) *room {
	for _, x := range w.rooms {
		if to := x.def.At("migrated_to").Object(); x.kind == chatPeer && to != nil && to.At("channel_id").AsLong() == r.id {
			return x
		}
	}
	return nil
}
