package sandbox

import (
	"slices"

	"tlsh/tl"
)

// foldersArea is the order of dialogs: which are on top, in the archive, in
// which folder (https://core.telegram.org/api/folders), and marked as unread.
func foldersArea() area {
	return area{
		methods: map[string]method{
			"folders.editPeerFolders": {handle: foldersEditPeerFolders,
				errors: "FOLDER_ID_INVALID"},
			"messages.getDialogFilters":          {handle: messagesGetDialogFilters},
			"messages.getDialogUnreadMarks":      {handle: messagesGetDialogUnreadMarks},
			"messages.getPinnedDialogs":          {handle: messagesGetPinnedDialogs, errors: "FOLDER_ID_INVALID"},
			"messages.getSuggestedDialogFilters": {handle: messagesGetSuggestedDialogFilters},
			"messages.markDialogUnread": {handle: messagesMarkDialogUnread, heeds: "unread",
				errors: "FOLDER_ID_INVALID"},
			"messages.reorderPinnedDialogs": {handle: messagesReorderPinnedDialogs, heeds: "force",
				errors: "FOLDER_ID_INVALID PINNED_DIALOGS_TOO_MUCH"},
			"messages.toggleDialogPin": {handle: messagesToggleDialogPin, heeds: "pinned",
				errors: "FOLDER_ID_INVALID PEER_HISTORY_EMPTY PINNED_DIALOGS_TOO_MUCH"},
			"messages.updateDialogFilter": {handle: messagesUpdateDialogFilter, heeds: "filter",
				errors: "FILTER_ID_INVALID FILTER_INCLUDE_EMPTY FILTER_NOT_SUPPORTED FILTER_TITLE_EMPTY FILTERS_TOO_MUCH INCLUDE_TOO_MUCH"},
			"messages.updateDialogFiltersOrder": {handle: messagesUpdateDialogFiltersOrder},
		},
		words: map[string]func(*arguments){
			"ontop": ontopWord, "archive": archiveWord, "marked": markedWord, "folder": folderWord,
		},
		save: saveFolders,
	}
}

// The limits of an account with premium are twice those of one without
// (https://core.telegram.org/api/config#client-configuration: dialogs_pinned_limit_default,
// dialogs_folder_pinned_limit_default, dialog_filters_limit_default,
// dialog_filters_chats_limit_default).
const (
	maxPinnedDialogs  = 5
	maxPinnedArchived = 100
	maxFilters        = 10
	maxFilterPeers    = 100
)

func (p *person) premium() bool { return p.def.At("premium").AsBool() }

// limited is a limit, or twice as much for who has premium.
func (p *person) limited(n int) int {
	if p.premium() {
		return 2 * n
	}
	return n
}

// dialogBy is the dialog of the caller that an InputDialogPeer names, made when
// there is none. Error: FOLDER_ID_INVALID for a folder.
func (c *call) dialogBy(v tl.Value) (*dialog, error) {
	if !v.Object().Is("inputDialogPeer") {
		return nil, bad("FOLDER_ID_INVALID")
	}
	with, err := c.target(v.Object().At("peer"))
	if err != nil {
		return nil, err
	}
	return c.dialog(c.me, with), nil
}

func (v viewer) dialogPeer(p peer) tl.Value {
	return v.new("dialogPeer").With("peer", v.peerValue(p)).Value()
}

// messagesToggleDialogPin follows
// https://core.telegram.org/method/messages.toggleDialogPin.
func messagesToggleDialogPin(c *call) (tl.Value, error) {
	d, err := c.dialogBy(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	on := c.req.At("pinned").AsBool()
	if slices.Contains(c.me.pins, d.with) == on {
		return tl.Bool(true), nil
	}
	if on {
		pinned, _ := c.filed(c.me, d.folder)
		switch {
		case d.list.top() == nil:
			return tl.Value{}, bad("PEER_HISTORY_EMPTY")
		case len(pinned) >= c.me.pinLimit(d.folder):
			return tl.Value{}, bad("PINNED_DIALOGS_TOO_MUCH")
		}
		c.me.pins = slices.Insert(c.me.pins, 0, d.with)
	} else {
		c.me.unpin(d.with)
	}
	c.push(c.me, func(v viewer) []tl.Value {
		o := v.new("updateDialogPinned").With("peer", v.dialogPeer(d.with))
		if on {
			o.With("pinned", tl.Bool(true))
		}
		return []tl.Value{inFolder(o, d.folder).Value()}
	})
	return tl.Bool(true), nil
}

func (p *person) pinLimit(folder int32) int {
	if folder == archive {
		return p.limited(maxPinnedArchived)
	}
	return p.limited(maxPinnedDialogs)
}

func (p *person) unpin(with peer) {
	p.pins = slices.DeleteFunc(p.pins, func(x peer) bool { return x == with })
}

// inFolder sets folder_id for what is not in the first one.
func inFolder(o *tl.Object, folder int32) *tl.Object {
	if folder != 0 {
		o.With("folder_id", tl.Int(folder))
	}
	return o
}

// messagesReorderPinnedDialogs follows
// https://core.telegram.org/method/messages.reorderPinnedDialogs. Those that
// are not in the order stay on top behind it, or with force do not.
func messagesReorderPinnedDialogs(c *call) (tl.Value, error) {
	folder := c.req.At("folder_id").AsInt()
	if folder != 0 && folder != archive {
		return tl.Value{}, bad("FOLDER_ID_INVALID")
	}
	var order []peer
	for _, v := range c.req.At("order").Vector().Items {
		d, err := c.dialogBy(v)
		if err != nil {
			return tl.Value{}, err
		}
		if d.folder == folder && !slices.Contains(order, d.with) && d.list.top() != nil {
			order = append(order, d.with)
		}
	}
	var others []peer
	for _, with := range c.me.pins {
		d := c.me.dialogs[with]
		switch {
		case d.folder != folder:
			others = append(others, with)
		case !c.req.At("force").AsBool() && !slices.Contains(order, with):
			order = append(order, with)
		}
	}
	if len(order) > c.me.pinLimit(folder) {
		return tl.Value{}, bad("PINNED_DIALOGS_TOO_MUCH")
	}
	c.me.pins = append(slices.Clone(order), others...)
	c.push(c.me, func(v viewer) []tl.Value {
		items := make([]tl.Value, len(order))
		for i, with := range order {
			items[i] = v.dialogPeer(with)
		}
		o := v.new("updatePinnedDialogs").With("order", v.vector("DialogPeer", items))
		return []tl.Value{inFolder(o, folder).Value()}
	})
	return tl.Bool(true), nil
}

// messagesGetPinnedDialogs follows
// https://core.telegram.org/method/messages.getPinnedDialogs.
func messagesGetPinnedDialogs(c *call) (tl.Value, error) {
	folder := c.req.At("folder_id").AsInt()
	if folder != 0 && folder != archive {
		return tl.Value{}, bad("FOLDER_ID_INVALID")
	}
	pinned, _ := c.filed(c.me, folder)
	return c.dialogs(c.new("messages.peerDialogs").With("state", c.state()), pinned, folder == 0), nil
}

// foldersEditPeerFolders follows
// https://core.telegram.org/method/folders.editPeerFolders. What changes its
// folder is not on top any more.
func foldersEditPeerFolders(c *call) (tl.Value, error) {
	type move struct {
		d      *dialog
		folder int32
	}
	var moves []move
	for _, v := range c.req.At("folder_peers").Vector().Items {
		o := v.Object()
		with, err := c.target(o.At("peer"))
		if err != nil {
			return tl.Value{}, err
		}
		folder := o.At("folder_id").AsInt()
		if folder != 0 && folder != archive {
			return tl.Value{}, bad("FOLDER_ID_INVALID")
		}
		moves = append(moves, move{c.dialog(c.me, with), folder})
	}
	var items []tl.Value
	for _, m := range moves {
		if m.d.folder == m.folder {
			continue
		}
		m.d.folder = m.folder
		c.me.unpin(m.d.with)
		items = append(items, c.new("folderPeer").With("peer", c.peerValue(m.d.with)).With("folder_id", tl.Int(m.folder)).Value())
	}
	if len(items) == 0 {
		return c.updates(c.now).Value(), nil
	}
	ev := c.me.box.change(event{kind: eventOther, tell: func(v viewer, _ *room) *tl.Object {
		return v.new("updateFolderPeers").With("folder_peers", v.vector("FolderPeer", items))
	}}, 1)
	c.notify(c.me, nil, ev)
	return c.updates(c.now, c.update(ev, nil)).Value(), nil
}

// messagesMarkDialogUnread follows
// https://core.telegram.org/method/messages.markDialogUnread.
func messagesMarkDialogUnread(c *call) (tl.Value, error) {
	d, err := c.dialogBy(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	c.mark(d, c.req.At("unread").AsBool())
	return tl.Bool(true), nil
}

// mark sets or takes away the unread mark of one of the caller's dialogs.
func (c *call) mark(d *dialog, on bool) {
	if d.marked == on {
		return
	}
	d.marked = on
	c.push(c.me, func(v viewer) []tl.Value {
		o := v.new("updateDialogUnreadMark").With("peer", v.dialogPeer(d.with))
		if on {
			o.With("unread", tl.Bool(true))
		}
		return []tl.Value{o.Value()}
	})
}

// messagesGetDialogUnreadMarks follows
// https://core.telegram.org/method/messages.getDialogUnreadMarks.
func messagesGetDialogUnreadMarks(c *call) (tl.Value, error) {
	var items []tl.Value
	for _, d := range c.dialogsOf(c.me) {
		if d.marked {
			items = append(items, c.dialogPeer(d.with))
		}
	}
	return c.vector("DialogPeer", items), nil
}

// messagesGetDialogFilters follows
// https://core.telegram.org/method/messages.getDialogFilters.
func messagesGetDialogFilters(c *call) (tl.Value, error) {
	items := []tl.Value{}
	for _, f := range c.folders() {
		items = append(items, c.shown(f.Value()))
	}
	return c.new("messages.dialogFilters").With("filters", c.vector("DialogFilter", items)).Value(), nil
}

// folders are the caller's, with that of all dialogs.
func (c *call) folders() []*tl.Object {
	if c.me.filters == nil {
		return []*tl.Object{c.new("dialogFilterDefault")}
	}
	return c.me.filters
}

// messagesGetSuggestedDialogFilters follows
// https://core.telegram.org/method/messages.getSuggestedDialogFilters. Nobody
// suggests anything here.
func messagesGetSuggestedDialogFilters(c *call) (tl.Value, error) {
	return c.vector("DialogFilterSuggested", nil), nil
}

// messagesUpdateDialogFilter follows
// https://core.telegram.org/method/messages.updateDialogFilter. With a folder
// the links to it are gone.
func messagesUpdateDialogFilter(c *call) (tl.Value, error) {
	id := c.req.At("id").AsInt()
	list := slices.Clone(c.folders())
	i := slices.IndexFunc(list, func(f *tl.Object) bool { return filterID(f) == id })
	filter, shared := c.req.At("filter"), i >= 0 && list[i].Is("dialogFilterChatlist")
	switch {
	case id < 2 || id > 255 || filter.IsNone() && i < 0:
		return tl.Value{}, bad("FILTER_ID_INVALID")
	case filter.IsNone():
		list = slices.Delete(list, i, i+1)
		c.dropFolder(c.me, id)
	case filter.Object().Is("dialogFilterDefault"), filter.Object().Is("dialogFilterChatlist") != shared:
		return tl.Value{}, bad("FILTER_NOT_SUPPORTED")
	default:
		f, err := c.filter(filter, id)
		if err != nil {
			return tl.Value{}, err
		}
		if shared {
			f.With("has_my_invites", list[i].At("has_my_invites"))
		}
		if filter = c.shown(f.Value()); i >= 0 {
			list[i] = f
			break
		}
		if len(list) > c.me.limited(maxFilters) {
			return tl.Value{}, bad("FILTERS_TOO_MUCH")
		}
		list = append(list, f)
	}
	c.me.filters = list
	c.push(c.me, func(v viewer) []tl.Value {
		o := v.new("updateDialogFilter").With("id", tl.Int(id))
		if !filter.IsNone() {
			o.With("filter", filter)
		}
		return []tl.Value{o.Value()}
	})
	return tl.Bool(true), nil
}

// filterID is the id of a folder; that of all dialogs has 0.
func filterID(f *tl.Object) int32 {
	if f.Is("dialogFilterDefault") {
		return 0
	}
	return f.At("id").AsInt()
}

// filter checks a folder of a request.
func (c *call) filter(v tl.Value, id int32) (*tl.Object, error) {
	kept, err := c.kept(v)
	if err != nil {
		return nil, err
	}
	f := kept.Object().With("id", tl.Int(id))
	included := len(f.At("pinned_peers").Vector().Items) + len(f.At("include_peers").Vector().Items)
	some := included > 0
	for _, flag := range [...]string{"contacts", "non_contacts", "groups", "broadcasts", "bots"} {
		some = some || f.At(flag).AsBool()
	}
	switch {
	case f.At("title").Object().At("text").AsString() == "":
		return nil, bad("FILTER_TITLE_EMPTY")
	case !some:
		return nil, bad("FILTER_INCLUDE_EMPTY")
	case included > c.me.limited(maxFilterPeers):
		return nil, bad("INCLUDE_TOO_MUCH")
	}
	return f, nil
}

// messagesUpdateDialogFiltersOrder follows
// https://core.telegram.org/method/messages.updateDialogFiltersOrder. Folders
// that the order does not name follow behind it.
func messagesUpdateDialogFiltersOrder(c *call) (tl.Value, error) {
	var list []*tl.Object
	rest := slices.Clone(c.folders())
	for _, id := range c.req.At("order").Vector().Items {
		if i := slices.IndexFunc(rest, func(f *tl.Object) bool { return filterID(f) == id.AsInt() }); i >= 0 {
			list = append(list, rest[i])
			rest = slices.Delete(rest, i, i+1)
		}
	}
	c.me.filters = append(list, rest...)
	c.own(c.new("updateDialogFilterOrder").With("order", c.req.At("order")))
	return tl.Bool(true), nil
}

// peersOf reads PERSON [PEER …], the form of several commands here.
func (a *arguments) peersOf(do func(p *person, with peer)) {
	p := a.person()
	for of := a.list("whose dialogs"); of.more(); {
		if with := of.peer("whose dialog"); !of.bad && !a.bad {
			do(p, with)
		}
	}
}

func ontopWord(a *arguments) {
	a.peersOf(func(p *person, with peer) {
		if !slices.Contains(p.pins, with) {
			a.dialog(p, with)
			p.pins = append(p.pins, with)
		}
	})
}

func archiveWord(a *arguments) {
	a.peersOf(func(p *person, with peer) { a.dialog(p, with).folder = archive })
}

func markedWord(a *arguments) {
	a.peersOf(func(p *person, with peer) { a.dialog(p, with).marked = true })
}

// folderWord: folder PERSON dialogFilter(…)
func folderWord(a *arguments) {
	p := a.person()
	f := a.object("DialogFilter")
	if a.bad {
		return
	}
	id := filterID(f)
	if id != 0 && (id < 2 || id > 255) {
		a.fail("want a folder with an id from 2 to 255, or dialogFilterDefault where all dialogs do not come first")
		return
	}
	if slices.ContainsFunc(p.filters, func(x *tl.Object) bool { return filterID(x) == id }) {
		a.fail("there is a folder %d already", id)
		return
	}
	p.filters = append(p.filters, f)
	a.last = append(a.last, func() {
		if !slices.ContainsFunc(p.filters, func(x *tl.Object) bool { return filterID(x) == 0 }) {
			p.filters = slices.Insert(p.filters, 0, a.new("dialogFilterDefault"))
		}
	})
}

func saveFolders(s *saver) {
	for _, p := range s.people {
		var archived, marked []peer
		for _, d := range s.dialogsOf(p) {
			if d.folder == archive {
				archived = append(archived, d.with)
			}
			if d.marked {
				marked = append(marked, d.with)
			}
		}
		s.peers("ontop", p, p.pins)
		s.peers("archive", p, archived)
		s.peers("marked", p, marked)
		for _, f := range p.filters {
			s.buf = append(s.buf, "folder "+s.ref(p.peer)+" "...)
			s.buf = s.value(s.buf, f.Value(), "", false)
			s.line("")
		}
	}
}

// peers writes a command with a person and a list; nothing for an empty one.
func (s *saver) peers(word string, p *person, list []peer) {
	if len(list) > 0 {
		s.line("%s %s %s", word, s.ref(p.peer), s.refs(list))
	}
}

// refs writes a list of them.
func (s *saver) refs(list []peer) string {
	out := "["
	for _, with := range list {
		out += " " + s.ref(with)
	}
	return out + " ]"
}
