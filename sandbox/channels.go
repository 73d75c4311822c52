package sandbox

import (
	"fmt"

	"tlsh/tl"
)

// maxAbout is the longest description of a room, in UTF-16 units.
const maxAbout = 255

// channelsCreateChannel follows
// https://core.telegram.org/method/channels.createChannel.
func channelsCreateChannel(c *call) (tl.Value, error) {
	title, err := c.titled()
	about := c.req.At("about").AsString()
	switch {
	case err != nil:
		return tl.Value{}, err
	case units(about) > maxAbout:
		return tl.Value{}, bad("CHAT_ABOUT_TOO_LONG")
	case c.crowded(c.me):
		return tl.Value{}, bad("CHANNELS_TOO_MUCH")
	}
	def := c.new("channel").With("title", tl.String(title))
	if forum := c.req.At("forum").AsBool(); forum || c.req.At("megagroup").AsBool() {
		def.With("megagroup", tl.Bool(true)).With("default_banned_rights", c.new("chatBannedRights").With("until_date", tl.Int(0)).Value())
		if forum {
			def.With("forum", tl.Bool(true))
		}
	} else {
		def.With("broadcast", tl.Bool(true))
	}
	r := c.found(def, channelPeer)
	r.about = about
	list := []tl.Value{c.changed(r)}
	return c.done(append(list, c.proclaim(r, c.new("messageActionChannelCreate").With("title", tl.String(title)))...)...)
}

// channelsDeleteChannel follows
// https://core.telegram.org/method/channels.deleteChannel.
func channelsDeleteChannel(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if m := r.member(c.me); m == nil || !m.creator {
		return tl.Value{}, bad("CHAT_ADMIN_REQUIRED")
	}
	people := r.everybody()
	c.close(r)
	return c.done(c.changed(r, people...))
}

// channelsEditTitle follows
// https://core.telegram.org/method/channels.editTitle.
func channelsEditTitle(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	return c.retitle(r, 403)
}

// messagesEditChatTitle follows
// https://core.telegram.org/method/messages.editChatTitle.
func messagesEditChatTitle(c *call) (tl.Value, error) {
	r, err := c.groupOf(c.req.At("chat_id").AsLong())
	if err != nil {
		return tl.Value{}, err
	}
	return c.retitle(r, 400)
}

// retitle gives a room another title. code is that of CHAT_ADMIN_REQUIRED.
func (c *call) retitle(r *room, code int) (tl.Value, error) {
	title, err := c.titled()
	if err == nil {
		err = c.needs(r, "change_info", code)
	}
	old := r.def.At("title")
	switch {
	case err != nil:
		return tl.Value{}, err
	case old.AsString() == title:
		return tl.Value{}, bad("CHAT_NOT_MODIFIED")
	}
	r.def.With("title", tl.String(title))
	c.log(r, c.changeOf("ChangeTitle", old, tl.String(title)))
	list := []tl.Value{c.changed(r, r.everybody()...)}
	return c.done(append(list, c.proclaim(r, c.new("messageActionChatEditTitle").With("title", tl.String(title)))...)...)
}

// messagesEditChatAbout follows
// https://core.telegram.org/method/messages.editChatAbout.
func messagesEditChatAbout(c *call) (tl.Value, error) {
	r, err := c.roomOf(c.req.At("peer"))
	if err == nil {
		err = c.needs(r, "change_info", 400)
	}
	about := c.req.At("about").AsString()
	switch {
	case err != nil:
		return tl.Value{}, err
	case units(about) > maxAbout:
		return tl.Value{}, bad("CHAT_ABOUT_TOO_LONG")
	case about == r.about:
		return tl.Value{}, bad("CHAT_ABOUT_NOT_MODIFIED")
	}
	c.log(r, c.changeOf("ChangeAbout", tl.String(r.about), tl.String(about)))
	r.about = about
	c.changed(r, r.everybody()...)
	return tl.Bool(true), nil
}

// needs refuses a caller who may not do in a room what lets names, with
// CHAT_ADMIN_REQUIRED.
func (c *call) needs(r *room, right string, code int) error {
	if c.lets(r, c.me, right) {
		return nil
	}
	if code == 403 {
		return forbidden("CHAT_ADMIN_REQUIRED")
	}
	return bad("CHAT_ADMIN_REQUIRED")
}

// messagesEditChatDefaultBannedRights follows
// https://core.telegram.org/method/messages.editChatDefaultBannedRights.
func messagesEditChatDefaultBannedRights(c *call) (tl.Value, error) {
	r, err := c.roomOf(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "ban_users", 400); err != nil {
		return tl.Value{}, err
	}
	rights, old := c.req.At("banned_rights"), r.def.At("default_banned_rights")
	if old.IsNone() {
		old = c.new("chatBannedRights").With("until_date", tl.Int(0)).Value()
	}
	switch o := rights.Object(); {
	case r.broadcast() || o.At("view_messages").AsBool():
		return tl.Value{}, bad("BANNED_RIGHTS_INVALID")
	case o.At("until_date").AsInt() != 0:
		return tl.Value{}, bad("UNTIL_DATE_INVALID")
	case tl.Equal(rights, old):
		return tl.Value{}, bad("CHAT_NOT_MODIFIED")
	}
	r.def.With("default_banned_rights", rights)
	r.bump()
	c.log(r, c.new("channelAdminLogEventActionDefaultBannedRights").With("prev_banned_rights", old).With("new_banned_rights", rights))
	tell := func(v viewer) []tl.Value {
		version := int32(0)
		if r.kind == chatPeer {
			version = r.def.At("version").AsInt()
		}
		return []tl.Value{v.new("updateChatDefaultBannedRights").With("peer", v.peerValue(r.peer)).
			With("default_banned_rights", rights).With("version", tl.Int(version)).Value()}
	}
	for _, p := range r.everybody() {
		c.push(p, tell)
	}
	return c.done(tell(c.viewer)...)
}

// channelsExportMessageLink follows
// https://core.telegram.org/method/channels.exportMessageLink and
// https://core.telegram.org/api/links#message-links.
func channelsExportMessageLink(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	e := c.history(r.peer).find(c.req.At("id").AsInt())
	if e == nil {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	link, html := fmt.Sprintf("https://t.me/c/%d/%d", r.id, e.id), ""
	if name := c.username(r.peer); name != "" {
		link = fmt.Sprintf("https://t.me/%s/%d", name, e.id)
		html = fmt.Sprintf(`<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="%s/%d" data-width="100%%"></script>`, name, e.id)
	}
	switch {
	case c.req.At("thread").AsBool() && e.reply != nil:
		link += fmt.Sprintf("?thread=%d", e.reply.idIn(r.box))
	case !c.req.At("grouped").AsBool() && !e.base.At("grouped_id").IsNone():
		link += "?single"
	}
	return c.new("exportedMessageLink").With("link", tl.String(link)).With("html", tl.String(html)).Value(), nil
}

// channelsGetMessageAuthor follows
// https://core.telegram.org/method/channels.getMessageAuthor: who of the admins
// wrote what stands there in the room's own name.
func channelsGetMessageAuthor(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "", 400); err != nil {
		return tl.Value{}, err
	}
	e := r.box.find(c.req.At("id").AsInt())
	if e == nil {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	return c.user(e.author), nil
}

// channelsGetChannelRecommendations follows
// https://core.telegram.org/method/channels.getChannelRecommendations: in so
// small a world no channel is like another.
func channelsGetChannelRecommendations(c *call) (tl.Value, error) {
	if v := c.req.At("channel"); !v.IsNone() {
		if _, err := c.channel(v); err != nil {
			return tl.Value{}, err
		}
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", nil)).Value(), nil
}

// channelsReportSpam follows
// https://core.telegram.org/method/channels.reportSpam: nobody reads the
// reports.
func channelsReportSpam(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "", 400); err != nil {
		return tl.Value{}, err
	}
	if _, err := c.target(c.req.At("participant")); err != nil {
		return tl.Value{}, err
	}
	return tl.Bool(true), nil
}
