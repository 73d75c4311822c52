package sandbox

import (
	"slices"

	"tlsh/tl"
)

// member is somebody's place in a room.
type member struct {
	*person
	creator    bool
	rights     *tl.Object // chatAdminRights of an admin, else nil
	rank       string     // what an admin or the creator is called there
	promotedBy int64      // who made them an admin
	inviter    int64
	date       int32
	byRequest  bool // joined by a request that was approved
}

// admin reports who has any rights of an administrator, the creator too.
func (m *member) admin() bool { return m != nil && (m.creator || m.rights != nil) }

// ban is what a room forbids one person, who may be a member (restricted), or
// not be one any more (kicked, with view_messages).
type ban struct {
	*person
	rights *tl.Object // chatBannedRights
	by     int64
	date   int32
}

// kicked reports a ban from the room itself.
func (b *ban) kicked() bool { return b != nil && b.rights.At("view_messages").AsBool() }

// ban is what the room forbids p at present, nil for nothing.
func (w *world) ban(r *room, p *person) *ban {
	for _, b := range r.bans {
		if until := b.rights.At("until_date").AsInt(); b.person == p && (until == 0 || until > w.now) {
			return b
		}
	}
	return nil
}

// setBan replaces what the room forbids a person; no rights lift it.
func (r *room) setBan(b *ban) {
	r.bans = slices.DeleteFunc(r.bans, func(x *ban) bool { return x.person == b.person })
	if bans(b.rights) {
		r.bans = append(r.bans, b)
	}
}

// bans reports chatBannedRights that forbid anything.
func bans(rights *tl.Object) bool {
	for i := range rights.Fields() {
		if rights.Def().Params[i].Optional() {
			return true
		}
	}
	return false
}

// enroll makes p a member: what kept them out is over.
func (c *call) enroll(r *room, p *person, inviter int64) *member {
	m := &member{person: p, inviter: inviter, date: c.now}
	r.seat(m)
	r.left = slices.DeleteFunc(r.left, func(x *person) bool { return x == p })
	// Who comes back after a removal that has ended is as free as who is let in.
	r.bans = slices.DeleteFunc(r.bans, func(b *ban) bool { return b.person == p && b.kicked() })
	r.withdraw(p)
	d := c.dialog(p, r.peer)
	if top := d.list.top(); top != nil && r.kind == channelPeer {
		d.readIn = max(d.readIn, top.id)
		if r.toggles["hidden_prehistory"] {
			d.minID = top.id
		}
		// Who was away when they left and came back has read all of it too.
		c.push(p, func(v viewer) []tl.Value {
			return []tl.Value{v.new("updateReadChannelInbox").With("channel_id", tl.Long(r.id)).With("max_id", tl.Int(d.readIn)).
				With("still_unread_count", tl.Int(0)).With("pts", tl.Int(r.box.pts)).Value()}
		})
	}
	return m
}

// expel ends a membership. Who left of their own will sees the room as one
// that they left.
func (r *room) expel(p *person, left bool) {
	r.members = slices.DeleteFunc(r.members, func(m *member) bool { return m.person == p })
	delete(r.seats, p)
	if left {
		r.left = append(r.left, p)
	}
	p.lose(r)
}

// lose takes a channel out of somebody's dialogs; a basic group's messages are
// their own.
func (p *person) lose(r *room) {
	if r.kind == channelPeer {
		delete(p.dialogs, r.peer)
		p.pins = slices.DeleteFunc(p.pins, func(x peer) bool { return x == r.peer })
	}
}

// participant is a ChannelParticipant as the viewer sees it: of a member, of
// who is banned, else channelParticipantLeft.
func (v viewer) participant(r *room, p *person) *tl.Object {
	m, b := r.member(p), v.ban(r, p)
	rank := func(o *tl.Object) *tl.Object {
		if m != nil && m.rank != "" {
			o.With("rank", tl.String(m.rank))
		}
		return o.With("user_id", tl.Long(p.id))
	}
	switch {
	case b != nil:
		o := v.new("channelParticipantBanned").With("peer", v.peerValue(p.peer)).With("kicked_by", tl.Long(b.by)).
			With("date", tl.Int(b.date)).With("banned_rights", b.rights.Value())
		if m == nil {
			o.With("left", tl.Bool(true))
		}
		return o
	case m == nil:
		return v.new("channelParticipantLeft").With("peer", v.peerValue(p.peer))
	case m.creator:
		return rank(v.new("channelParticipantCreator")).With("admin_rights", v.adminRights(r, m).Value())
	case m.rights != nil:
		o := rank(v.new("channelParticipantAdmin")).With("promoted_by", tl.Long(m.promotedBy)).
			With("date", tl.Int(m.date)).With("admin_rights", m.rights.Value())
		if p == v.me {
			o.With("self", tl.Bool(true)).With("inviter_id", tl.Long(m.inviter))
		}
		if v.canEdit(r, m) {
			o.With("can_edit", tl.Bool(true))
		}
		return o
	case p == v.me:
		o := rank(v.new("channelParticipantSelf")).With("inviter_id", tl.Long(m.inviter)).With("date", tl.Int(m.date))
		if m.byRequest {
			o.With("via_request", tl.Bool(true))
		}
		return o
	}
	return rank(v.new("channelParticipant")).With("date", tl.Int(m.date))
}

// canEdit reports an admin whose rights the viewer may change: the creator may
// for all, an admin for those whom they promoted.
func (v viewer) canEdit(r *room, m *member) bool {
	mine := r.member(v.me)
	if mine == nil || m.creator {
		return false
	}
	return mine.creator || mine.may("add_admins") && (m.rights == nil || m.promotedBy == v.me.id)
}

// chatParticipant is a member of a basic group.
func (w *world) chatParticipant(m *member) tl.Value {
	name := "chatParticipant"
	switch {
	case m.creator:
		name = "chatParticipantCreator"
	case m.rights != nil:
		name = "chatParticipantAdmin"
	}
	o := w.new(name).With("user_id", tl.Long(m.id))
	if !m.creator {
		o.With("inviter_id", tl.Long(m.inviter)).With("date", tl.Int(m.date))
	}
	if m.rank != "" {
		o.With("rank", tl.String(m.rank))
	}
	return o.Value()
}

// chatParticipants are the members of a basic group, for those who are one.
func (v viewer) chatParticipants(r *room) tl.Value {
	if r.member(v.me) == nil {
		return v.new("chatParticipantsForbidden").With("chat_id", tl.Long(r.id)).Value()
	}
	items := make([]tl.Value, len(r.members))
	for i, m := range r.members {
		items[i] = v.chatParticipant(m)
	}
	return v.new("chatParticipants").With("chat_id", tl.Long(r.id)).With("version", r.def.At("version")).
		With("participants", v.vector("ChatParticipant", items)).Value()
}

// nextID is the id of a new room.
func (w *world) nextID(kind peerKind) int64 {
	var last int64
	for _, r := range w.rooms {
		if r.kind == kind {
			last = max(last, r.id)
		}
	}
	return last + 1
}

// found makes a new room with its creator.
func (c *call) found(def *tl.Object, kind peerKind) *room {
	id := c.nextID(kind)
	def.With("id", tl.Long(id)).With("date", tl.Int(c.now)).With("photo", c.new("chatPhotoEmpty").Value())
	r := &room{peer: peer{kind, id}, def: def}
	r.seed = seed(def)
	if kind == channelPeer {
		r.box = &box{}
		r.box.pts = 1
	}
	c.rooms = append(c.rooms, r)
	c.room[r.peer] = r
	m := c.enroll(r, c.me, c.me.id)
	m.creator = true
	return r
}

// close ends a room: nobody is in it any more, its names are free, and its
// messages are gone from the channel's box.
func (c *call) close(r *room) {
	for _, m := range r.members {
		m.lose(r)
	}
	r.members, r.seats, r.left, r.bans, r.closed = nil, nil, nil, nil, true
	r.invites = inviting{}
	c.release(r.peer)
	if r.discussion != nil {
		r.discussion.discussion, r.discussion = nil, nil
	}
	if r.box != nil {
		r.box.history = history{}
	}
}
