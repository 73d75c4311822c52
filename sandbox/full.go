package sandbox

import (
	"slices"
	"time"

	"tlsh/tl"
)

// channelsGetFullChannel follows
// https://core.telegram.org/method/channels.getFullChannel and
// https://core.telegram.org/constructor/channelFull.
func channelsGetFullChannel(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	m, d := r.member(c.me), c.me.dialogs[r.peer]
	if d == nil || m == nil {
		d = &dialog{with: r.peer, list: new(history)}
	}
	full := c.new("channelFull").With("id", tl.Long(r.id)).With("about", tl.String(r.about)).
		With("participants_count", tl.Int(int32(len(r.members)))).With("chat_photo", c.files(c.photo(r))).
		With("read_inbox_max_id", tl.Int(d.readIn)).With("read_outbox_max_id", tl.Int(d.readOut)).
		With("unread_count", tl.Int(d.unread(c.me))).With("notify_settings", c.notifySettings(c.me, about{with: r.peer})).
		With("bot_info", c.botsIn(r)).With("pts", tl.Int(r.box.pts))
	c.fullFlags(full, r, m)
	c.fullCounts(full, r, m)
	if r.slow > 0 {
		full.With("slowmode_seconds", tl.Int(int32(r.slow/time.Second)))
		if left := c.slowed(r); left > 0 {
			full.With("slowmode_next_send_date", tl.Int(c.now+int32(seconds(left))))
		}
	}
	if r.discussion != nil {
		full.With("linked_chat_id", tl.Long(r.discussion.id))
	}
	if d.minID > 0 {
		full.With("available_min_id", tl.Int(d.minID))
	}
	if from := c.origin(r); from != nil && c.me.dialogs[from.peer] != nil {
		full.With("migrated_from_chat_id", tl.Long(from.id)).With("migrated_from_max_id", tl.Int(0))
		if top := c.me.dialogs[from.peer].list.top(); top != nil {
			full.With("migrated_from_max_id", tl.Int(top.id))
		}
	}
	c.fullInvites(full, r, m)
	c.fullStories(full, r.peer)
	c.fullDialog(full, r.peer)
	return c.complete(c.new("messages.chatFull").With("full_chat", full.Value()), r.peer).Value(), nil
}

// photo is the whole photo of a room.
func (v viewer) photo(r *room) tl.Value {
	if r.photo == nil {
		return v.new("photoEmpty").With("id", tl.Long(0)).Value()
	}
	return v.files(r.photo.Value())
}

// fullFlags sets what the viewer may do, and the room's settings.
func (c *call) fullFlags(full *tl.Object, r *room, m *member) {
	creator := m != nil && m.creator
	hidden := r.broadcast() || r.toggles["participants_hidden"]
	for name, on := range map[string]bool{
		"can_view_participants": m != nil && (m.admin() || !hidden), "can_set_username": creator, "can_delete_channel": creator,
		"hidden_prehistory": r.toggles["hidden_prehistory"], "antispam": r.toggles["antispam"],
		"participants_hidden": r.toggles["participants_hidden"], "can_view_stats": m.admin(),
	} {
		if on {
			full.With(name, tl.Bool(true))
		}
	}
}

// fullCounts sets how many members of each kind there are; those of the banned
// are for admins.
func (c *call) fullCounts(full *tl.Object, r *room, m *member) {
	var online, kicked, banned int32
	for _, x := range r.members {
		if s := x.def.At("status").Object(); s.Is("userStatusOnline") && s.At("expires").AsInt() > c.now {
			online++
		}
	}
	for _, b := range r.bans {
		switch {
		case c.ban(r, b.person) != b:
		case b.kicked():
			kicked++
		default:
			banned++
		}
	}
	if !r.broadcast() {
		full.With("online_count", tl.Int(online))
	}
	if m.admin() {
		full.With("admins_count", tl.Int(r.admins())).With("kicked_count", tl.Int(kicked)).With("banned_count", tl.Int(banned))
	}
	if pins := c.history(r.peer).pins; len(pins) > 0 {
		full.With("pinned_msg_id", tl.Int(slices.Max(pins)))
	}
}

// fullInvites sets the viewer's own link, and who wants to come in, for those
// who manage that.
func (c *call) fullInvites(full *tl.Object, r *room, m *member) {
	if !m.admin() || !m.may("invite_users") {
		return
	}
	for _, in := range r.invites.links {
		if in.admin == c.me && in.permanent && !in.revoked {
			full.With("exported_invite", c.exported(r, in).Value())
		}
	}
	if n := len(r.invites.requests); n > 0 {
		full.With("requests_pending", tl.Int(int32(n))).With("recent_requesters", r.requesters(c.world))
	}
}

// admins counts the administrators of a room, its creator among them.
func (r *room) admins() (n int32) {
	for _, m := range r.members {
		if m.admin() {
			n++
		}
	}
	return n
}

// messagesGetFullChat follows
// https://core.telegram.org/method/messages.getFullChat.
func messagesGetFullChat(c *call) (tl.Value, error) {
	r := c.room[peer{chatPeer, c.req.At("chat_id").AsLong()}]
	if r == nil || r.member(c.me) == nil {
		return tl.Value{}, bad("CHAT_ID_INVALID")
	}
	full := c.new("chatFull").With("id", tl.Long(r.id)).With("about", tl.String(r.about)).
		With("participants", c.chatParticipants(r)).With("notify_settings", c.notifySettings(c.me, about{with: r.peer}))
	if bots := c.botsIn(r); len(bots.Vector().Items) > 0 {
		full.With("bot_info", bots)
	}
	m := r.member(c.me)
	if r.photo != nil {
		full.With("chat_photo", c.files(c.photo(r)))
	}
	if m.creator {
		full.With("can_set_username", tl.Bool(true))
	}
	if pins := c.history(r.peer).pins; len(pins) > 0 {
		full.With("pinned_msg_id", tl.Int(slices.Max(pins)))
	}
	c.fullInvites(full, r, m)
	c.fullDialog(full, r.peer)
	return c.complete(c.new("messages.chatFull").With("full_chat", full.Value()), r.peer).Value(), nil
}
