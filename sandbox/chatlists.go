package sandbox

import (
	"slices"

	"tlsh/tl"
)

// chatlistsArea is folders that are shared by a link
// (https://core.telegram.org/api/folders#shared-folders).
func chatlistsArea() area {
	return area{
		methods: map[string]method{
			"chatlists.checkChatlistInvite": {handle: chatlistsCheckChatlistInvite, errors: "INVITE_SLUG_EMPTY INVITE_SLUG_EXPIRED"},
			"chatlists.deleteExportedInvite": {handle: chatlistsDeleteExportedInvite,
				errors: "FILTER_ID_INVALID FILTER_NOT_SUPPORTED INVITE_SLUG_EMPTY INVITE_SLUG_EXPIRED"},
			"chatlists.editExportedInvite": {handle: chatlistsEditExportedInvite, heeds: "title peers",
				errors: "CHANNELS_TOO_MUCH CHAT_ADMIN_REQUIRED FILTER_ID_INVALID FILTER_NOT_SUPPORTED INVITE_SLUG_EMPTY INVITE_SLUG_EXPIRED PEERS_LIST_EMPTY"},
			"chatlists.exportChatlistInvite": {handle: chatlistsExportChatlistInvite,
				errors: "CHANNELS_TOO_MUCH CHAT_ADMIN_REQUIRED CHATLISTS_TOO_MUCH FILTER_ID_INVALID FILTER_NOT_SUPPORTED INVITES_TOO_MUCH PEERS_LIST_EMPTY"},
			"chatlists.getChatlistUpdates":          {handle: chatlistsGetChatlistUpdates, errors: "FILTER_ID_INVALID FILTER_NOT_SUPPORTED"},
			"chatlists.getExportedInvites":          {handle: chatlistsGetExportedInvites, errors: "FILTER_ID_INVALID"},
			"chatlists.getLeaveChatlistSuggestions": {handle: chatlistsGetLeaveChatlistSuggestions, errors: "FILTER_ID_INVALID FILTER_NOT_SUPPORTED"},
			"chatlists.hideChatlistUpdates":         {handle: chatlistsHideChatlistUpdates, errors: "FILTER_ID_INVALID FILTER_NOT_SUPPORTED"},
			"chatlists.joinChatlistInvite": {handle: chatlistsJoinChatlistInvite,
				errors: "CHANNELS_TOO_MUCH CHATLISTS_TOO_MUCH FILTER_INCLUDE_EMPTY FILTERS_TOO_MUCH INVITE_SLUG_EMPTY INVITE_SLUG_EXPIRED"},
			"chatlists.joinChatlistUpdates": {handle: chatlistsJoinChatlistUpdates,
				errors: "CHANNELS_TOO_MUCH FILTER_ID_INVALID FILTER_INCLUDE_EMPTY FILTER_NOT_SUPPORTED"},
			"chatlists.leaveChatlist": {handle: chatlistsLeaveChatlist, errors: "FILTER_ID_INVALID FILTER_NOT_SUPPORTED"},
		},
		words: map[string]func(*arguments){"chatlist": chatlistWord, "joinedlist": joinedlistWord},
		save:  saveChatlists,
	}
}

// The limits of accounts without and with Premium
// (https://core.telegram.org/api/config: chatlist_invites_limit_default,
// chatlists_joined_limit_default and their like).
const (
	maxChatlistInvites, maxChatlistInvitesPremium = 3, 100
	maxChatlists, maxChatlistsPremium             = 2, 20
)

const chatlistPrefix = "https://t.me/addlist/"

// chatlist is a link to a folder of somebody's.
type chatlist struct {
	slug, title string
	owner       *person
	filter      int32 // the folder
	peers       []peer
}

// joinedlist is where a folder of somebody's came from.
type joinedlist struct {
	slug   string // of a chatlist, if that is still there
	joined []peer // the rooms that they joined by it
	hidden []peer // those that came later, and are not wanted
}

// chatlist is the link with that slug, nil when there is none (any more).
func (w *world) chatlist(slug string) *chatlist {
	for _, l := range w.chatlists {
		if l.slug == slug {
			return l
		}
	}
	return nil
}

// chatlistsOf are the links to a folder, in the order of their making.
func (w *world) chatlistsOf(p *person, filter int32) (list []*chatlist) {
	for _, l := range w.chatlists {
		if l.owner == p && l.filter == filter {
			list = append(list, l)
		}
	}
	return list
}

// dropFolder forgets the links to a folder, and where it came from.
func (w *world) dropFolder(p *person, filter int32) {
	delete(p.joinedlists, filter)
	w.chatlists = slices.DeleteFunc(w.chatlists, func(l *chatlist) bool { return l.owner == p && l.filter == filter })
}

// opens tells whether a room can be shared by p: a public one by everybody, a
// private one by who may make links to it. Basic groups are converted first.
func (w *world) opens(r *room, p *person) bool {
	if r == nil || r.shut() || r.kind != channelPeer {
		return false
	}
	return w.public(r) || r.member(p).may("invite_users")
}

// offered are the rooms of a link that it still leads the caller into; none for a
// link that is gone, nil.
func (c *call) offered(l *chatlist) (list []peer) {
	if l == nil {
		return nil
	}
	for _, p := range l.peers {
		if r := c.room[p]; c.opens(r, l.owner) && !c.ban(r, c.me).kicked() {
			list = append(list, p)
		}
	}
	return list
}

func (c *call) peerList(list []peer) tl.Value {
	items := make([]tl.Value, len(list))
	for i, p := range list {
		items[i] = c.peerValue(p)
	}
	return c.vector("Peer", items)
}

// exportedList is a link as its owner sees it.
func (c *call) exportedList(l *chatlist) *tl.Object {
	return c.new("exportedChatlistInvite").With("title", tl.String(l.title)).
		With("url", tl.String(chatlistPrefix+l.slug)).With("peers", c.peerList(l.peers))
}

// folder is the caller's folder that the request is about. Error:
// FILTER_ID_INVALID.
func (c *call) folder() (*tl.Object, error) {
	id := c.req.At("chatlist").Object().At("filter_id").AsInt()
	for _, f := range c.me.filters {
		if filterID(f) == id && id != 0 {
			return f, nil
		}
	}
	return nil, bad("FILTER_ID_INVALID")
}

// sharedFolder is folder for one that is shared by a link, by the caller or by
// another. Error: FILTER_NOT_SUPPORTED.
func (c *call) sharedFolder() (*tl.Object, error) {
	f, err := c.folder()
	if err == nil && !f.Is("dialogFilterChatlist") {
		err = bad("FILTER_NOT_SUPPORTED")
	}
	return f, err
}

// joinedFolder is folder for one that came by a link.
func (c *call) joinedFolder() (*tl.Object, *joinedlist, error) {
	f, err := c.sharedFolder()
	if err != nil {
		return nil, nil, err
	}
	j := c.me.joinedlists[filterID(f)]
	if j == nil {
		return nil, nil, bad("FILTER_NOT_SUPPORTED")
	}
	return f, j, nil
}

// namedIn are the dialogs that a folder names.
func namedIn(f *tl.Object) (list []peer) {
	for _, name := range [...]string{"pinned_peers", "include_peers"} {
		for _, v := range f.At(name).Vector().Items {
			list = append(list, inputPeerOf(v))
		}
	}
	return list
}

// refile puts another folder in the place of the one with its id, or behind all,
// and tells the caller's other sessions. It gives the update for the answer.
func (c *call) refile(f *tl.Object) tl.Value {
	list := slices.Clone(c.folders())
	if i := slices.IndexFunc(list, func(x *tl.Object) bool { return filterID(x) == filterID(f) }); i >= 0 {
		list[i] = f
	} else {
		list = append(list, f)
	}
	c.me.filters = list
	u := c.new("updateDialogFilter").With("id", tl.Int(filterID(f))).With("filter", c.shown(f.Value()))
	c.own(u)
	return u.Value()
}

// shareable are the rooms of a request that its folder has and the caller can
// share; basic groups become supergroups by it. Errors: PEERS_LIST_EMPTY,
// CHAT_ADMIN_REQUIRED, CHANNELS_TOO_MUCH.
func (c *call) shareable(f *tl.Object) (list []peer, err error) {
	named := namedIn(f)
	for _, v := range c.req.At("peers").Vector().Items {
		p, err := c.target(v)
		switch r := c.room[p]; {
		case err != nil:
			return nil, err
		case r == nil || !slices.Contains(named, p):
			return nil, bad("PEER_ID_INVALID")
		case r.kind == chatPeer && (r.shut() || r.member(c.me) == nil || !r.member(c.me).creator), r.kind == channelPeer && !c.opens(r, c.me):
			return nil, bad("CHAT_ADMIN_REQUIRED")
		case r.kind == chatPeer && c.crowded(c.me):
			return nil, bad("CHANNELS_TOO_MUCH")
		}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return nil, bad("PEERS_LIST_EMPTY")
	}
	return list, nil
}

// upgrade turns the basic groups among these into supergroups, in the folder too.
func (c *call) upgrade(f *tl.Object, list []peer) (*tl.Object, []peer) {
	other := c.aside()
	for i, p := range list {
		if p.kind != chatPeer {
			continue
		}
		to, _ := other.migrate(c.room[p])
		list[i] = to.peer
		f = rewrite(f.Value(), func(o *tl.Object) (tl.Value, bool) {
			return viewer{world: c.world}.inputPeer(to.peer), inputPeerOf(o.Value()) == p
		}).Object()
	}
	return f, list
}

// chatlistsExportChatlistInvite follows
// https://core.telegram.org/method/chatlists.exportChatlistInvite: a folder that
// says by itself what belongs to it cannot be shared.
func chatlistsExportChatlistInvite(c *call) (tl.Value, error) {
	f, err := c.folder()
	switch {
	case err != nil:
		return tl.Value{}, err
	case f.Is("dialogFilter") && selects(f), c.me.joinedlists[filterID(f)] != nil:
		return tl.Value{}, bad("FILTER_NOT_SUPPORTED")
	}
	invites, lists := c.me.chatlistLimits()
	peers, err := c.shareable(f)
	switch {
	case err != nil:
		return tl.Value{}, err
	case len(c.chatlistsOf(c.me, filterID(f))) >= invites:
		return tl.Value{}, bad("INVITES_TOO_MUCH")
	case f.Is("dialogFilter") && c.me.sharedFolders() >= lists:
		return tl.Value{}, bad("CHATLISTS_TOO_MUCH")
	}
	f, peers = c.upgrade(f, peers)
	l := &chatlist{slug: c.newSlug(), title: c.req.At("title").AsString(), owner: c.me, filter: filterID(f), peers: peers}
	c.chatlists = append(c.chatlists, l)
	f = c.asChatlist(f).With("has_my_invites", tl.Bool(true))
	c.refile(f)
	return c.new("chatlists.exportedChatlistInvite").With("filter", c.shown(f.Value())).With("invite", c.exportedList(l).Value()).Value(), nil
}

// selects reports a folder to which dialogs belong, or not, without being named.
func selects(f *tl.Object) bool {
	for _, flag := range [...]string{"contacts", "non_contacts", "groups", "broadcasts", "bots", "exclude_muted", "exclude_read", "exclude_archived"} {
		if f.At(flag).AsBool() {
			return true
		}
	}
	return len(f.At("exclude_peers").Vector().Items) > 0
}

// chatlistLimits are how many links to a folder, and how many folders that are
// shared, the person can have.
func (p *person) chatlistLimits() (invites, lists int) {
	if p.premium() {
		return maxChatlistInvitesPremium, maxChatlistsPremium
	}
	return maxChatlistInvites, maxChatlists
}

// sharedFolders counts the folders that are shared, by the person or by others.
func (p *person) sharedFolders() (n int) {
	for _, f := range p.filters {
		if f.Is("dialogFilterChatlist") {
			n++
		}
	}
	return n
}

// asChatlist is a folder in the form that can be shared.
func (c *call) asChatlist(f *tl.Object) *tl.Object {
	o := c.new("dialogFilterChatlist")
	for _, name := range [...]string{"title_noanimate", "id", "title", "emoticon", "color", "pinned_peers", "include_peers"} {
		o.With(name, f.At(name))
	}
	return o
}

// newSlug follows from the owner and how many links there are.
func (c *call) newSlug() string {
	for n := int64(len(c.chatlists)); ; n++ {
		if slug := linkLetters(c.me.seed+n*1_000_003, c.me); c.chatlist(slug) == nil {
			return slug
		}
	}
}

// ownList is the link that the request names, to a folder of the caller's.
// Errors: INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED.
func (c *call) ownList() (*tl.Object, *chatlist, error) {
	f, err := c.sharedFolder()
	if err != nil {
		return nil, nil, err
	}
	slug := c.req.At("slug").AsString()
	l := c.chatlist(slug)
	switch {
	case slug == "":
		err = bad("INVITE_SLUG_EMPTY")
	case l == nil || l.owner != c.me || l.filter != filterID(f):
		err = bad("INVITE_SLUG_EXPIRED")
	}
	return f, l, err
}

// chatlistsEditExportedInvite follows
// https://core.telegram.org/method/chatlists.editExportedInvite.
func chatlistsEditExportedInvite(c *call) (tl.Value, error) {
	f, l, err := c.ownList()
	if err != nil {
		return tl.Value{}, err
	}
	if !c.req.At("peers").IsNone() {
		peers, err := c.shareable(f)
		if err != nil {
			return tl.Value{}, err
		}
		after, peers := c.upgrade(f, peers)
		if l.peers = peers; after != f {
			c.aside().refile(after)
		}
	}
	if t := c.req.At("title"); !t.IsNone() {
		l.title = t.AsString()
	}
	return c.exportedList(l).Value(), nil
}

// chatlistsDeleteExportedInvite follows
// https://core.telegram.org/method/chatlists.deleteExportedInvite. Who came by the
// link keeps the folder.
func chatlistsDeleteExportedInvite(c *call) (tl.Value, error) {
	f, l, err := c.ownList()
	if err != nil {
		return tl.Value{}, err
	}
	c.chatlists = slices.DeleteFunc(c.chatlists, func(x *chatlist) bool { return x == l })
	if len(c.chatlistsOf(c.me, l.filter)) == 0 {
		c.refile(f.Clone().With("has_my_invites", tl.Value{}))
	}
	return tl.Bool(true), nil
}

// chatlistsGetExportedInvites follows
// https://core.telegram.org/method/chatlists.getExportedInvites.
func chatlistsGetExportedInvites(c *call) (tl.Value, error) {
	f, err := c.folder()
	if err != nil {
		return tl.Value{}, err
	}
	var items []tl.Value
	for _, l := range c.chatlistsOf(c.me, filterID(f)) {
		items = append(items, c.exportedList(l).Value())
	}
	return c.complete(c.new("chatlists.exportedInvites").With("invites", c.vector("ExportedChatlistInvite", items))).Value(), nil
}
