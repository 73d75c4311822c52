package sandbox

import (
	"slices"
	"strings"

	"tlsh/tl"
)

// messagesCheckChatInvite follows
// https://core.telegram.org/method/messages.checkChatInvite: members get the
// room, so do those who could read it in public, others a glance.
func messagesCheckChatInvite(c *call) (tl.Value, error) {
	r, in, err := c.usable()
	if err != nil {
		return tl.Value{}, err
	}
	if r.member(c.me) != nil {
		return c.new("chatInviteAlready").With("chat", c.chat(r)).Value(), nil
	}
	o := c.new("chatInvite").With("title", r.def.At("title")).With("photo", c.photo(r)).
		With("participants_count", tl.Int(int32(len(r.members)))).With("color", tl.Int(int32(r.id%7)))
	flags := map[string]bool{"channel": r.kind == channelPeer, "broadcast": r.broadcast(), "public": c.public(r),
		"megagroup": r.def.At("megagroup").AsBool(), "request_needed": in.asks || r.toggles["join_request_invites"]}
	for name, on := range flags {
		if on {
			o.With(name, tl.Bool(true))
		}
	}
	if r.about != "" {
		o.With("about", tl.String(r.about))
	}
	// Of the members those are shown whom one knows.
	var known []tl.Value
	for _, m := range r.members {
		if c.me.contacts[m.id] != nil && !r.broadcast() {
			known = append(known, c.user(m.person))
		}
	}
	if len(known) > 0 {
		o.With("participants", c.vector("User", known))
	}
	return o.Value(), nil
}

// messagesImportChatInvite follows
// https://core.telegram.org/method/messages.importChatInvite.
func messagesImportChatInvite(c *call) (tl.Value, error) {
	r, in, err := c.usable()
	switch {
	case err != nil:
		return tl.Value{}, err
	case r.member(c.me) != nil:
		return tl.Value{}, bad("USER_ALREADY_PARTICIPANT")
	case c.ban(r, c.me).kicked() && r.kind == channelPeer:
		return tl.Value{}, bad("CHANNEL_PRIVATE")
	case r.kind == channelPeer && c.crowded(c.me):
		return tl.Value{}, bad("CHANNELS_TOO_MUCH")
	case r.kind == chatPeer && len(r.members) >= maxChat:
		return tl.Value{}, bad("USERS_TOO_MUCH")
	case in.asks || r.toggles["join_request_invites"]:
		return tl.Value{}, c.ask(r, in)
	}
	in.importers = append(in.importers, importer{person: c.me, date: c.now})
	c.enroll(r, c.me, in.admin.id)
	r.bump()
	c.log(r, c.new("channelAdminLogEventActionParticipantJoinByInvite").With("invite", c.exported(r, in).Value()))
	list := []tl.Value{c.changed(r)}
	if r.kind == chatPeer {
		list = []tl.Value{c.tellMembers(r)}
	}
	action := c.new("messageActionChatJoinedByLink").With("inviter_id", tl.Long(in.admin.id))
	return c.joined(append(list, c.spoken(r, action)...)...)
}

// ask puts the caller among those who want to come in, and tells the admins who
// can let them: INVITE_REQUEST_SENT.
func (c *call) ask(r *room, in *invite) error {
	r.withdraw(c.me)
	r.invites.requests = append(r.invites.requests, &request{person: c.me, date: c.now, via: in})
	c.pending(r)
	return bad("INVITE_REQUEST_SENT")
}

// pending tells the admins who can let people in that there are other requests
// than before. It gives the update for the answer.
func (c *call) pending(r *room) tl.Value {
	update := func(v viewer) []tl.Value {
		return []tl.Value{v.new("updatePendingJoinRequests").With("peer", v.peerValue(r.peer)).
			With("requests_pending", tl.Int(int32(len(r.invites.requests)))).With("recent_requesters", r.requesters(v.world)).Value()}
	}
	for _, m := range r.members {
		if m.may("invite_users") {
			c.push(m.person, update)
		}
	}
	return update(c.viewer)[0]
}

// requesters are the ids of those who asked last.
func (r *room) requesters(w *world) tl.Value {
	var ids []tl.Value
	for _, q := range slices.Backward(r.invites.requests) {
		if len(ids) < 3 {
			ids = append(ids, tl.Long(q.id))
		}
	}
	return w.vector("long", ids)
}

// messagesHideChatJoinRequest follows
// https://core.telegram.org/method/messages.hideChatJoinRequest: letting
// somebody in, or not.
func messagesHideChatJoinRequest(c *call) (tl.Value, error) {
	r, err := c.inviters()
	if err != nil {
		return tl.Value{}, err
	}
	p, err := c.userBy(c.req.At("user_id"))
	if err != nil {
		return tl.Value{}, err
	}
	i := slices.IndexFunc(r.invites.requests, func(q *request) bool { return q.person == p })
	switch {
	case r.member(p) != nil:
		return tl.Value{}, bad("USER_ALREADY_PARTICIPANT")
	case i < 0:
		return tl.Value{}, bad("HIDE_REQUESTER_MISSING")
	}
	return c.decide(r, []*request{r.invites.requests[i]})
}

// messagesHideAllChatJoinRequests follows
// https://core.telegram.org/method/messages.hideAllChatJoinRequests.
func messagesHideAllChatJoinRequests(c *call) (tl.Value, error) {
	r, err := c.inviters()
	if err != nil {
		return tl.Value{}, err
	}
	list := slices.Clone(r.invites.requests)
	if v := c.req.At("link"); !v.IsNone() {
		in := r.invite(linkHash(v.AsString()))
		if in == nil {
			return tl.Value{}, bad("INVITE_HASH_EXPIRED")
		}
		list = slices.DeleteFunc(list, func(q *request) bool { return q.via != in })
	}
	if len(list) == 0 {
		return tl.Value{}, bad("HIDE_REQUESTER_MISSING")
	}
	return c.decide(r, list)
}

// decide lets those in who asked, when the request is approved.
func (c *call) decide(r *room, asked []*request) (tl.Value, error) {
	var list []tl.Value
	for _, q := range asked {
		r.withdraw(q.person)
		if c.req.At("approved").AsBool() && c.reachable(r, q.person) {
			list = append(list, c.admit(r, q)...)
		}
	}
	return c.done(append(list, c.pending(r))...)
}

// admit lets one in.
func (c *call) admit(r *room, q *request) []tl.Value {
	inviter := c.me.id
	event := c.new("chatInvitePublicJoinRequests").Value()
	if q.via != nil {
		inviter = q.via.admin.id
		q.via.importers = append(q.via.importers, importer{person: q.person, date: c.now, approvedBy: c.me.id})
		event = c.exported(r, q.via).Value()
	}
	c.enroll(r, q.person, inviter).byRequest = true
	r.bump()
	// It is the newcomer who speaks, and whom the log names.
	them := *c
	them.viewer = viewer{c.world, q.person}
	them.log(r, c.new("channelAdminLogEventActionParticipantJoinByRequest").With("invite", event).With("approved_by", tl.Long(c.me.id)))
	list := []tl.Value{c.changed(r, q.person)}
	if r.kind == chatPeer {
		list = []tl.Value{c.tellMembers(r)}
	}
	if r.broadcast() {
		return list
	}
	l := &letter{base: c.new("messageService").With("action", c.new("messageActionChatJoinedByRequest").Value()),
		author: q.person, to: r.peer, date: c.now}
	return append(list, c.tell(l)...)
}

// messagesGetChatInviteImporters follows
// https://core.telegram.org/method/messages.getChatInviteImporters: who came by
// a link, or with requested who wants to come in; newest first.
func messagesGetChatInviteImporters(c *call) (tl.Value, error) {
	r, err := c.inviters()
	if err != nil {
		return tl.Value{}, err
	}
	link, q := c.req.At("link"), strings.ToLower(c.req.At("q").AsString())
	if !link.IsNone() && q != "" {
		return tl.Value{}, bad("SEARCH_WITH_LINK_NOT_SUPPORTED")
	}
	var in *invite
	if !link.IsNone() {
		if in = r.invite(linkHash(link.AsString())); in == nil {
			return tl.Value{}, bad("INVITE_HASH_EXPIRED")
		}
	}
	all := c.came(r, in, q)
	rest := all
	if o := c.req.At("offset_user").Object(); !o.Is("inputUserEmpty") {
		p, err := c.userBy(o.Value())
		if err != nil {
			return tl.Value{}, err
		}
		if i := slices.IndexFunc(all, func(v tl.Value) bool { return v.Object().At("user_id").AsLong() == p.id }); i >= 0 {
			rest = all[i+1:]
		}
	}
	rest = rest[:min(len(rest), c.limit())]
	return c.withUsers(c.new("messages.chatInviteImporters").With("count", tl.Int(int32(len(all)))).
		With("importers", c.vector("ChatInviteImporter", rest))), nil
}

// came are those who came by the link (nil: any), or ask to, newest first.
func (c *call) came(r *room, in *invite, q string) (all []tl.Value) {
	if c.req.At("requested").AsBool() {
		for _, a := range slices.Backward(r.invites.requests) {
			if (in == nil || a.via == in) && c.matches(a.person, q) {
				all = append(all, c.new("chatInviteImporter").With("requested", tl.Bool(true)).With("user_id", tl.Long(a.id)).
					With("date", tl.Int(a.date)).Value())
			}
		}
		return all
	}
	var list []importer
	for _, x := range r.invites.links {
		if in == nil || x == in {
			list = append(list, x.importers...)
		}
	}
	slices.SortStableFunc(list, func(a, b importer) int { return int(b.date) - int(a.date) })
	for _, i := range list {
		if !c.matches(i.person, q) {
			continue
		}
		o := c.new("chatInviteImporter").With("user_id", tl.Long(i.id)).With("date", tl.Int(i.date))
		if i.byFolder {
			o.With("via_chatlist", tl.Bool(true))
		}
		if i.approvedBy != 0 {
			o.With("approved_by", tl.Long(i.approvedBy))
		}
		all = append(all, o.Value())
	}
	return all
}
