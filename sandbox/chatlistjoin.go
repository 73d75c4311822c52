package sandbox

import (
	"slices"

	"tlsh/syntax"
	"tlsh/tl"
)

// linked is the link of a request to another's, or the own, folder. Errors:
// INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED.
func (c *call) linked() (*chatlist, error) {
	slug := c.req.At("slug").AsString()
	if slug == "" {
		return nil, bad("INVITE_SLUG_EMPTY")
	}
	l := c.chatlist(slug)
	if len(c.offered(l)) == 0 {
		return nil, bad("INVITE_SLUG_EXPIRED")
	}
	return l, nil
}

// importedAs is the caller's folder that a link leads to, nil when there is none.
func (c *call) importedAs(l *chatlist) *tl.Object {
	for _, f := range c.me.filters {
		id := filterID(f)
		if j := c.me.joinedlists[id]; j != nil && j.slug == l.slug || l.owner == c.me && l.filter == id {
			return f
		}
	}
	return nil
}

// without are the peers of a list that another one has not, in order.
func without(list, other []peer) (rest []peer) {
	for _, p := range list {
		if !slices.Contains(other, p) {
			rest = append(rest, p)
		}
	}
	return rest
}

// shownOpen is complete for an answer about rooms that a link opens: they are
// seen as by who has left, though they be private.
func (c *call) shownOpen(o *tl.Object, rooms []peer) tl.Value {
	c.complete(o)
	for i, v := range o.At("chats").Vector().Items {
		p := peer{channelPeer, v.Object().At("id").AsLong()}
		if v.Object().Is("channelForbidden") && slices.Contains(rooms, p) {
			o.At("chats").Vector().Items[i] = c.openRoom(c.room[p]).Value()
		}
	}
	return o.Value()
}

// chatlistsCheckChatlistInvite follows
// https://core.telegram.org/method/chatlists.checkChatlistInvite.
func chatlistsCheckChatlistInvite(c *call) (tl.Value, error) {
	l, err := c.linked()
	if err != nil {
		return tl.Value{}, err
	}
	offered := c.offered(l)
	if f := c.importedAs(l); f != nil {
		missing := without(offered, namedIn(f))
		return c.shownOpen(c.new("chatlists.chatlistInviteAlready").With("filter_id", tl.Int(filterID(f))).
			With("missing_peers", c.peerList(missing)).With("already_peers", c.peerList(without(offered, missing))), offered), nil
	}
	o := c.new("chatlists.chatlistInvite").With("peers", c.peerList(offered))
	for _, f := range l.owner.filters {
		if filterID(f) == l.filter {
			o.With("title", f.At("title")).With("title_noanimate", f.At("title_noanimate")).With("emoticon", f.At("emoticon"))
		}
	}
	return c.shownOpen(o, offered), nil
}

// wantedRooms are the rooms of a request, which are among those that a link
// offers. Error: FILTER_INCLUDE_EMPTY.
func (c *call) wantedRooms(offered []peer) (list []peer, err error) {
	for _, v := range c.req.At("peers").Vector().Items {
		p := inputPeerOf(v)
		if !slices.Contains(offered, p) || !c.knows(c.room[p].seed, v.Object()) {
			return nil, bad("PEER_ID_INVALID")
		}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return nil, bad("FILTER_INCLUDE_EMPTY")
	}
	return list, nil
}

// come lets the caller into the rooms that a link opens, and files them in a
// folder. Where admins have to let people in, they are asked, and the room is
// filed all the same.
func (c *call) come(l *chatlist, f *tl.Object, j *joinedlist, wanted []peer) (tl.Value, error) {
	var list []tl.Value
	for _, p := range wanted {
		r := c.room[p]
		switch {
		case r.member(c.me) != nil:
			continue
		case r.def.At("join_request").AsBool():
			_ = c.ask(r, nil) // its only outcome is that the request was sent
			continue
		}
		list = append(list, c.comeInto(r, l)...)
		j.joined = append(j.joined, p)
	}
	include := slices.Clone(f.At("include_peers").Vector().Items)
	for _, p := range without(wanted, namedIn(f)) {
		include = append(include, viewer{world: c.world}.inputPeer(p))
	}
	u := c.refile(f.Clone().With("include_peers", c.vector("InputPeer", include)))
	j.hidden = without(j.hidden, wanted)
	return c.done(append([]tl.Value{u}, list...)...)
}

// comeInto lets the caller into one room: into a private one by the link that
// who shares the folder has to it.
func (c *call) comeInto(r *room, l *chatlist) []tl.Value {
	if c.public(r) {
		c.enroll(r, c.me, c.me.id)
		c.log(r, c.new("channelAdminLogEventActionParticipantJoin"))
		return append([]tl.Value{c.changed(r)}, c.spoken(r, c.new("messageActionChatAddUser").With("users", c.longs(c.me.id)))...)
	}
	in := c.permanent(r, l.owner)
	in.importers = append(in.importers, importer{person: c.me, date: c.now, byFolder: true})
	c.enroll(r, c.me, l.owner.id)
	c.log(r, c.new("channelAdminLogEventActionParticipantJoinByInvite").With("via_chatlist", tl.Bool(true)).With("invite", c.exported(r, in).Value()))
	return append([]tl.Value{c.changed(r)}, c.spoken(r, c.new("messageActionChatJoinedByLink").With("inviter_id", tl.Long(l.owner.id)))...)
}

// chatlistsJoinChatlistInvite follows
// https://core.telegram.org/method/chatlists.joinChatlistInvite.
func chatlistsJoinChatlistInvite(c *call) (tl.Value, error) {
	l, err := c.linked()
	if err != nil {
		return tl.Value{}, err
	}
	wanted, err := c.wantedRooms(c.offered(l))
	if err != nil {
		return tl.Value{}, err
	}
	f := c.importedAs(l)
	switch _, lists := c.me.chatlistLimits(); {
	case f != nil:
	case c.me.sharedFolders() >= lists:
		return tl.Value{}, bad("CHATLISTS_TOO_MUCH")
	case len(c.folders()) > c.me.limited(maxFilters):
		return tl.Value{}, bad("FILTERS_TOO_MUCH")
	default:
		f = c.newFolder(l)
	}
	if err := c.roomFor(wanted); err != nil {
		return tl.Value{}, err
	}
	j := c.me.joinedlists[filterID(f)]
	if j == nil {
		j = &joinedlist{slug: l.slug}
		if l.owner != c.me {
			c.me.keepList(filterID(f), j)
		}
	}
	return c.come(l, f, j, wanted)
}

// roomFor refuses rooms that would be too many for the caller, before they are in
// any. Error: CHANNELS_TOO_MUCH.
func (c *call) roomFor(wanted []peer) error {
	n := 0
	for _, p := range wanted {
		if c.room[p].member(c.me) == nil {
			n++
		}
	}
	for _, r := range c.rooms {
		if r.kind == channelPeer && r.member(c.me) != nil {
			n++
		}
	}
	if n > maxChannels {
		return bad("CHANNELS_TOO_MUCH")
	}
	return nil
}

// keepList writes down where a folder came from.
func (p *person) keepList(filter int32, j *joinedlist) {
	if p.joinedlists == nil {
		p.joinedlists = map[int32]*joinedlist{}
	}
	p.joinedlists[filter] = j
}

// newFolder is the folder of a link with the first id that the caller has
// not, and nothing in it.
func (c *call) newFolder(l *chatlist) *tl.Object {
	var of *tl.Object
	for _, f := range l.owner.filters {
		if filterID(f) == l.filter {
			of = f
		}
	}
	id := int32(2)
	for slices.ContainsFunc(c.folders(), func(f *tl.Object) bool { return filterID(f) == id }) {
		id++
	}
	none := c.vector("InputPeer", nil)
	return c.asChatlist(of).With("id", tl.Int(id)).With("color", tl.Value{}).With("pinned_peers", none).With("include_peers", none)
}

// missing are the rooms of the link by which a folder came that were put there
// later, and are neither in it nor unwanted.
func (c *call) missing(f *tl.Object, j *joinedlist) []peer {
	return without(without(c.offered(c.chatlist(j.slug)), namedIn(f)), j.hidden)
}

// chatlistsGetChatlistUpdates follows
// https://core.telegram.org/method/chatlists.getChatlistUpdates.
func chatlistsGetChatlistUpdates(c *call) (tl.Value, error) {
	f, j, err := c.joinedFolder()
	if err != nil {
		return tl.Value{}, err
	}
	missing := c.missing(f, j)
	return c.shownOpen(c.new("chatlists.chatlistUpdates").With("missing_peers", c.peerList(missing)), missing), nil
}

// chatlistsHideChatlistUpdates follows
// https://core.telegram.org/method/chatlists.hideChatlistUpdates.
func chatlistsHideChatlistUpdates(c *call) (tl.Value, error) {
	f, j, err := c.joinedFolder()
	if err != nil {
		return tl.Value{}, err
	}
	missing := c.missing(f, j)
	j.hidden = append(j.hidden, missing...)
	return tl.Bool(true), nil
}

// chatlistsJoinChatlistUpdates follows
// https://core.telegram.org/method/chatlists.joinChatlistUpdates.
func chatlistsJoinChatlistUpdates(c *call) (tl.Value, error) {
	f, j, err := c.joinedFolder()
	if err != nil {
		return tl.Value{}, err
	}
	l := c.chatlist(j.slug)
	wanted, err := c.wantedRooms(c.offered(l))
	if err != nil {
		return tl.Value{}, err
	}
	if err := c.roomFor(wanted); err != nil {
		return tl.Value{}, err
	}
	return c.come(l, f, j, wanted)
}

// chatlistsGetLeaveChatlistSuggestions follows
// https://core.telegram.org/method/chatlists.getLeaveChatlistSuggestions: the
// rooms that were joined along with the folder.
func chatlistsGetLeaveChatlistSuggestions(c *call) (tl.Value, error) {
	_, j, err := c.joinedFolder()
	if err != nil {
		return tl.Value{}, err
	}
	var list []peer
	for _, p := range j.joined {
		if r := c.room[p]; r != nil && r.member(c.me) != nil {
			list = append(list, p)
		}
	}
	return c.peerList(list), nil
}

// chatlistsLeaveChatlist follows
// https://core.telegram.org/method/chatlists.leaveChatlist: the folder is gone,
// and the caller out of those rooms, but for their own.
func chatlistsLeaveChatlist(c *call) (tl.Value, error) {
	f, err := c.sharedFolder()
	if err != nil {
		return tl.Value{}, err
	}
	var rooms []*room
	for _, v := range c.req.At("peers").Vector().Items {
		r, err := c.roomOf(v)
		switch {
		case err != nil:
			return tl.Value{}, err
		case !slices.Contains(namedIn(f), r.peer):
			return tl.Value{}, bad("PEER_ID_INVALID")
		}
		rooms = append(rooms, r)
	}
	var list []tl.Value
	for _, r := range rooms {
		if m := r.member(c.me); m != nil && !m.creator {
			list = append(list, c.leave(r)...)
		}
	}
	id := filterID(f)
	c.me.filters = slices.DeleteFunc(slices.Clone(c.me.filters), func(x *tl.Object) bool { return filterID(x) == id })
	c.dropFolder(c.me, id)
	u := c.new("updateDialogFilter").With("id", tl.Int(id))
	c.own(u)
	return c.done(append([]tl.Value{u.Value()}, list...)...)
}

// sharedFilter reads the number of a folder of a person's that can be shared.
func (a *arguments) sharedFilter(p *person) int32 {
	id := a.number("the number of a folder")
	if a.bad {
		return 0
	}
	if !slices.ContainsFunc(p.filters, func(f *tl.Object) bool { return filterID(f) == id && f.Is("dialogFilterChatlist") }) {
		a.fail("%s has no folder %d that is shared above this line: want one of dialogFilterChatlist(…)", syntax.Quote(p.name()), id)
		a.bad = true
	}
	return id
}

// roomList reads [ROOM …].
func (a *arguments) roomList(what string) (list []peer) {
	for of := a.list(what); of.more(); {
		if r := of.roomRef(); of.bad {
			a.bad = true
		} else {
			list = append(list, r.peer)
		}
	}
	return list
}

// chatlistWord: chatlist PERSON ID "SLUG" "TITLE" [ROOM …]
func chatlistWord(a *arguments) {
	p := a.person()
	l := &chatlist{owner: p}
	if !a.bad {
		l.filter = a.sharedFilter(p)
	}
	l.slug, _ = a.text("what stands behind " + chatlistPrefix)
	l.title, _ = a.text("the name of the link")
	l.peers = a.roomList("the rooms that it leads into")
	switch {
	case a.bad:
	case l.slug == "" || a.chatlist(l.slug) != nil:
		a.fail("want a link of its own, not %s", syntax.Quote(l.slug))
	default:
		a.chatlists = append(a.chatlists, l)
	}
}

// joinedlistWord: joinedlist PERSON ID "SLUG" [ROOM …] [ROOM …]
func joinedlistWord(a *arguments) {
	p := a.person()
	if a.bad {
		return
	}
	id := a.sharedFilter(p)
	slug, _ := a.text("the link by which it came")
	j := &joinedlist{slug: slug, joined: a.roomList("the rooms that were joined by it"), hidden: a.roomList("the rooms that are not wanted")}
	if !a.bad {
		p.keepList(id, j)
	}
}

func saveChatlists(s *saver) {
	for _, l := range s.chatlists {
		s.line("chatlist %s %d %s %s %s", s.ref(l.owner.peer), l.filter, syntax.Quote(l.slug), syntax.Quote(l.title), s.refs(l.peers))
	}
	for _, p := range s.people {
		for _, f := range p.filters {
			if j := p.joinedlists[filterID(f)]; j != nil {
				s.line("joinedlist %s %d %s %s %s", s.ref(p.peer), filterID(f), syntax.Quote(j.slug), s.refs(j.joined), s.refs(j.hidden))
			}
		}
	}
}
