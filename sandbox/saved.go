package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

// savedArea is Saved Messages by whose they were
// (https://core.telegram.org/api/saved-messages).
func savedArea() area {
	return area{
		methods: map[string]method{
			"messages.deleteSavedHistory":    {handle: messagesDeleteSavedHistory, heeds: "min_date max_date"},
			"messages.getPinnedSavedDialogs": {handle: messagesGetPinnedSavedDialogs},
			"messages.getSavedDialogs":       {handle: messagesGetSavedDialogs, heeds: "exclude_pinned"},
			"messages.getSavedHistory":       {handle: messagesGetSavedHistory},
			"messages.reorderPinnedSavedDialogs": {handle: messagesReorderPinnedSavedDialogs, heeds: "force",
				errors: "FOLDER_ID_INVALID PINNED_DIALOGS_TOO_MUCH"},
			"messages.toggleSavedDialogPin": {handle: messagesToggleSavedDialogPin, heeds: "pinned",
				errors: "FOLDER_ID_INVALID PEER_HISTORY_EMPTY PINNED_DIALOGS_TOO_MUCH"},
		},
		words: map[string]func(*arguments){"savedontop": savedOntopWord},
		save:  saveSaved,
	}
}

// maxPinnedSaved is saved_dialogs_pinned_limit_default of
// https://core.telegram.org/api/config#client-configuration.
const maxPinnedSaved = 5

// savedDialog is what the caller saved of one peer.
type savedDialog struct {
	of   peer
	list *history
}

// savedDialogs are the caller's: those on top in their order, and the others,
// newest first.
func (c *call) savedDialogs() (pinned, rest []*savedDialog) {
	byPeer := map[peer]*savedDialog{}
	for _, e := range c.history(c.me.peer).entries {
		of := e.savedFrom(c.me)
		if byPeer[of] == nil {
			byPeer[of] = &savedDialog{of: of, list: &history{}}
			rest = append(rest, byPeer[of])
		}
		byPeer[of].list.entries = append(byPeer[of].list.entries, e)
	}
	for _, of := range c.me.savedPins {
		if d := byPeer[of]; d != nil {
			pinned = append(pinned, d)
		}
	}
	rest = slices.DeleteFunc(rest, func(d *savedDialog) bool { return slices.Contains(pinned, d) })
	slices.SortFunc(rest, func(a, b *savedDialog) int { return cmp.Compare(b.list.top().id, a.list.top().id) })
	return pinned, rest
}

// messagesGetSavedDialogs follows
// https://core.telegram.org/method/messages.getSavedDialogs. The hash is that of
// each one's peer id, top message, and that one's date.
func messagesGetSavedDialogs(c *call) (tl.Value, error) {
	after, err := c.offsetPeer()
	if err != nil {
		return tl.Value{}, err
	}
	pinned, rest := c.savedDialogs()
	all := rest
	if !c.req.At("exclude_pinned").AsBool() {
		all = append(slices.Clone(pinned), rest...)
	}
	page := all
	if id := c.req.At("offset_id").AsInt(); id > 0 || after.kind != noPeer {
		page = nil
		for i, d := range all {
			if d.of == after || after.kind == noPeer && d.list.top().id < id {
				if d.of == after {
					i++
				}
				page = all[i:]
				break
			}
		}
	}
	return c.savedPage(page[:min(len(page), c.limit())], len(all), c.req.At("hash").AsLong()), nil
}

func (c *call) savedPage(page []*savedDialog, total int, hash int64) tl.Value {
	var sum hashOf
	items, tops := make([]tl.Value, len(page)), make([]tl.Value, len(page))
	for i, d := range page {
		top := d.list.top()
		sum.add(d.of.id, int64(top.id), int64(top.edited()))
		o := c.new("savedDialog").With("peer", c.peerValue(d.of)).With("top_message", tl.Int(top.id))
		if slices.Contains(c.me.savedPins, d.of) {
			o.With("pinned", tl.Bool(true))
		}
		items[i], tops[i] = o.Value(), c.message(top)
	}
	if hash != 0 && hash == int64(sum) {
		return c.new("messages.savedDialogsNotModified").With("count", tl.Int(int32(total))).Value()
	}
	o := c.new("messages.savedDialogs")
	if len(page) < total {
		o = c.new("messages.savedDialogsSlice").With("count", tl.Int(int32(total)))
	}
	return c.complete(o.With("dialogs", c.vector("SavedDialog", items)).With("messages", c.vector("Message", tops))).Value()
}

// messagesGetPinnedSavedDialogs follows
// https://core.telegram.org/method/messages.getPinnedSavedDialogs.
func messagesGetPinnedSavedDialogs(c *call) (tl.Value, error) {
	pinned, _ := c.savedDialogs()
	return c.savedPage(pinned, len(pinned), 0), nil
}

// savedHistory is what the caller saved of the request's peer.
func (c *call) savedHistory() (*history, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return nil, err
	}
	pinned, rest := c.savedDialogs()
	for _, d := range append(pinned, rest...) {
		if d.of == of {
			return d.list, nil
		}
	}
	return &history{}, nil
}

// messagesGetSavedHistory follows
// https://core.telegram.org/method/messages.getSavedHistory.
func messagesGetSavedHistory(c *call) (tl.Value, error) {
	h, err := c.savedHistory()
	if err != nil {
		return tl.Value{}, err
	}
	page, skipped := c.page(h)
	if c.unchanged(page) {
		return c.new("messages.messagesNotModified").With("count", tl.Int(int32(len(h.entries)))).Value(), nil
	}
	return c.messages(page, c.me.peer, len(h.entries), skipped), nil
}

// messagesDeleteSavedHistory follows
// https://core.telegram.org/method/messages.deleteSavedHistory.
func messagesDeleteSavedHistory(c *call) (tl.Value, error) {
	h, err := c.savedHistory()
	if err != nil {
		return tl.Value{}, err
	}
	last, after, before := c.req.At("max_id").AsInt(), c.req.At("min_date").AsInt(), c.req.At("max_date")
	var found []*entry
	for _, e := range h.entries {
		if (last <= 0 || e.id <= last) && e.date >= after && (before.IsNone() || e.date <= before.AsInt()) {
			found = append(found, e)
		}
	}
	return c.affectedHistory(c.me.box, c.discard(found, false)), nil
}

// savedBy is the peer of an InputDialogPeer. Error: FOLDER_ID_INVALID.
func (c *call) savedBy(v tl.Value) (peer, error) {
	if !v.Object().Is("inputDialogPeer") {
		return peer{}, bad("FOLDER_ID_INVALID")
	}
	return c.target(v.Object().At("peer"))
}

// messagesToggleSavedDialogPin follows
// https://core.telegram.org/method/messages.toggleSavedDialogPin.
func messagesToggleSavedDialogPin(c *call) (tl.Value, error) {
	of, err := c.savedBy(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	on := c.req.At("pinned").AsBool()
	if slices.Contains(c.me.savedPins, of) == on {
		return tl.Bool(true), nil
	}
	pinned, rest := c.savedDialogs()
	switch {
	case !on:
		c.me.savedPins = slices.DeleteFunc(c.me.savedPins, func(p peer) bool { return p == of })
	case !slices.ContainsFunc(rest, func(d *savedDialog) bool { return d.of == of }):
		return tl.Value{}, bad("PEER_HISTORY_EMPTY")
	case len(pinned) >= c.me.limited(maxPinnedSaved):
		return tl.Value{}, bad("PINNED_DIALOGS_TOO_MUCH")
	default:
		c.me.savedPins = slices.Insert(c.me.savedPins, 0, of)
	}
	o := c.new("updateSavedDialogPinned").With("peer", c.dialogPeer(of))
	if on {
		o.With("pinned", tl.Bool(true))
	}
	c.own(o)
	return tl.Bool(true), nil
}

// messagesReorderPinnedSavedDialogs follows
// https://core.telegram.org/method/messages.reorderPinnedSavedDialogs, as
// messages.reorderPinnedDialogs.
func messagesReorderPinnedSavedDialogs(c *call) (tl.Value, error) {
	var order []peer
	for _, v := range c.req.At("order").Vector().Items {
		of, err := c.savedBy(v)
		if err != nil {
			return tl.Value{}, err
		}
		if !slices.Contains(order, of) {
			order = append(order, of)
		}
	}
	for _, of := range c.me.savedPins {
		if !c.req.At("force").AsBool() && !slices.Contains(order, of) {
			order = append(order, of)
		}
	}
	if len(order) > c.me.limited(maxPinnedSaved) {
		return tl.Value{}, bad("PINNED_DIALOGS_TOO_MUCH")
	}
	c.me.savedPins = order
	items := make([]tl.Value, len(order))
	for i, of := range order {
		items[i] = c.dialogPeer(of)
	}
	c.own(c.new("updatePinnedSavedDialogs").With("order", c.vector("DialogPeer", items)))
	return tl.Bool(true), nil
}

func savedOntopWord(a *arguments) {
	a.peersOf(func(p *person, of peer) { p.savedPins = append(p.savedPins, of) })
}

func saveSaved(s *saver) {
	for _, p := range s.people {
		s.peers("savedontop", p, p.savedPins)
	}
}
