package sandbox

import (
	"slices"

	"tlsh/tl"
)

// barArea is what a chat says about itself: the bar of actions for who is new,
// how many are online, what two people have in common, and what is behind a
// link, which here is nothing.
func barArea() area {
	return area{
		methods: map[string]method{
			"messages.getCommonChats":      {handle: messagesGetCommonChats},
			"messages.getOnlines":          {handle: messagesGetOnlines},
			"messages.getPeerSettings":     {handle: messagesGetPeerSettings},
			"messages.getWebPagePreview":   {handle: messagesGetWebPagePreview, heeds: "entities", errors: "MESSAGE_EMPTY"},
			"messages.hidePeerSettingsBar": {handle: messagesHidePeerSettingsBar},
			"messages.reportSpam":          {handle: messagesReportSpam},
		},
		words: map[string]func(*arguments){"nobar": func(a *arguments) {
			a.peersOf(func(p *person, with peer) { a.dialog(p, with).hidden = true })
		}},
		save: func(s *saver) {
			for _, p := range s.people {
				var hidden []peer
				for _, d := range s.dialogsOf(p) {
					if d.hidden {
						hidden = append(hidden, d.with)
					}
				}
				s.peers("nobar", p, hidden)
			}
		},
	}
}

// bar is the peerSettings of a chat (https://core.telegram.org/constructor/peerSettings):
// what may be done about somebody who writes and is no contact, until the bar is
// hidden.
func (v viewer) bar(with peer) tl.Value {
	o := v.new("peerSettings")
	p, d := v.byID[with.id], v.me.dialogs[with]
	if with.kind == userPeer && v.mayShow(p) {
		o.With("share_contact", tl.Bool(true))
	}
	if with.kind != userPeer || p == v.me || d == nil || d.hidden || v.me.contacts[p.id] != nil || v.me.blocks(p) || p.def.At("bot").AsBool() ||
		!slices.ContainsFunc(d.list.entries[:min(len(d.list.entries), 1)], func(e *entry) bool { return e.author == p }) {
		return o.Value()
	}
	return o.With("report_spam", tl.Bool(true)).With("add_contact", tl.Bool(true)).With("block_contact", tl.Bool(true)).Value()
}

// messagesGetPeerSettings follows
// https://core.telegram.org/method/messages.getPeerSettings.
func messagesGetPeerSettings(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	return c.complete(c.new("messages.peerSettings").With("settings", c.bar(with)), with).Value(), nil
}

// hideBar hides the bar of a chat from the caller.
func (c *call) hideBar() error {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return err
	}
	if d := c.dialog(c.me, with); !d.hidden {
		d.hidden = true
		c.push(c.me, func(v viewer) []tl.Value {
			return []tl.Value{v.new("updatePeerSettings").With("peer", v.peerValue(with)).With("settings", v.bar(with)).Value()}
		})
	}
	return nil
}

// messagesHidePeerSettingsBar follows
// https://core.telegram.org/method/messages.hidePeerSettingsBar.
func messagesHidePeerSettingsBar(c *call) (tl.Value, error) { return tl.Bool(true), c.hideBar() }

// messagesReportSpam follows
// https://core.telegram.org/method/messages.reportSpam. Nobody reads reports
// here; the bar goes.
func messagesReportSpam(c *call) (tl.Value, error) { return tl.Bool(true), c.hideBar() }

// messagesGetOnlines follows
// https://core.telegram.org/method/messages.getOnlines.
func messagesGetOnlines(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	r := c.room[with]
	if r == nil {
		return tl.Value{}, bad("PEER_ID_INVALID")
	}
	n := int32(0)
	for _, m := range r.members {
		if s := m.def.At("status").Object(); s.Is("userStatusOnline") && s.At("expires").AsInt() > c.now {
			n++
		}
	}
	return c.new("chatOnlines").With("onlines", tl.Int(n)).Value(), nil
}

// messagesGetCommonChats follows
// https://core.telegram.org/method/messages.getCommonChats: groups by falling
// id, those below max_id.
func messagesGetCommonChats(c *call) (tl.Value, error) {
	p, err := c.userBy(c.req.At("user_id"))
	if err != nil {
		return tl.Value{}, err
	}
	var all []*room
	for _, r := range c.rooms {
		if p != c.me && !r.broadcast() && r.member(p) != nil && r.member(c.me) != nil {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b *room) int { return int(b.id - a.id) })
	var chats []tl.Value
	last := c.req.At("max_id").AsLong()
	for _, r := range all {
		if (last <= 0 || r.id < last) && len(chats) < c.limit() {
			chats = append(chats, c.chat(r))
		}
	}
	o := c.new("messages.chats")
	if len(chats) < len(all) {
		o = c.new("messages.chatsSlice").With("count", tl.Int(int32(len(all))))
	}
	return o.With("chats", c.vector("Chat", chats)).Value(), nil
}

// messagesGetWebPagePreview follows
// https://core.telegram.org/method/messages.getWebPagePreview. There is no web
// here: behind every link is a webPageEmpty.
func messagesGetWebPagePreview(c *call) (tl.Value, error) {
	text := c.req.At("message").AsString()
	if text == "" {
		return tl.Value{}, bad("MESSAGE_EMPTY")
	}
	media := c.new("messageMediaEmpty")
	if vec := c.detect(text, c.req.At("entities")).Vector(); vec != nil {
		for _, v := range vec.Items {
			if e := v.Object(); e.Is("messageEntityUrl") {
				url := cutUnits(text, int(e.At("offset").AsInt()), int(e.At("length").AsInt()))
				media = c.new("messageMediaWebPage").With("webpage", c.new("webPageEmpty").With("id", tl.Long(0)).With("url", tl.String(url)).Value())
				break
			}
		}
	}
	return c.complete(c.new("messages.webPagePreview").With("media", media.Value())).Value(), nil
}
