package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

// dialogsOf are a person's dialogs in a fixed order, whether there is a message
// in them or not.
func (w *world) dialogsOf(p *person) []*dialog {
	list := make([]*dialog, 0, len(p.dialogs))
	for _, d := range p.dialogs {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *dialog) int {
		return cmp.Or(cmp.Compare(a.with.kind, b.with.kind), cmp.Compare(a.with.id, b.with.id))
	})
	return list
}

// sorted are the dialogs that have a message, newest first.
func (w *world) sorted(p *person) []*dialog {
	var list []*dialog
	for _, d := range p.dialogs {
		if d.list.top() == nil {
			continue
		}
		if r := w.room[d.with]; r != nil && r.kind == channelPeer && r.member(p) == nil {
			continue
		}
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *dialog) int {
		x, y := a.list.top(), b.list.top()
		return cmp.Or(cmp.Compare(y.date, x.date), cmp.Compare(y.id, x.id),
			cmp.Compare(a.with.kind, b.with.kind), cmp.Compare(a.with.id, b.with.id))
	})
	return list
}

// archive is the folder of what is put aside; 0 is that of all other dialogs
// (https://core.telegram.org/api/folders#peer-folders).
const archive = 1

// filed are the dialogs in one folder: those on top in their order, and the
// others, newest first.
func (w *world) filed(p *person, folder int32) (pinned, rest []*dialog) {
	for _, d := range w.sorted(p) {
		if d.folder == folder && !slices.Contains(p.pins, d.with) {
			rest = append(rest, d)
		}
	}
	for _, with := range p.pins {
		if d := p.dialogs[with]; d != nil && d.folder == folder && d.list.top() != nil {
			pinned = append(pinned, d)
		}
	}
	return pinned, rest
}

// messagesGetDialogs follows
// https://core.telegram.org/method/messages.getDialogs and
// https://core.telegram.org/api/offsets. Those on top come first, on the first
// page; where folder_id is said to be 0, the archive stands there too as a
// dialogFolder. The hash is that of each dialog's peer id, top message, the date
// of that one's last edit, and what of it was read.
func messagesGetDialogs(c *call) (tl.Value, error) {
	var after peer
	if o := c.req.At("offset_peer").Object(); !o.Is("inputPeerEmpty") {
		p, err := c.target(o.Value())
		if err != nil {
			return tl.Value{}, bad("OFFSET_PEER_ID_INVALID")
		}
		after = p
	}
	folder := c.req.At("folder_id")
	if n := folder.AsInt(); n != 0 && n != archive {
		return tl.Value{}, bad("FOLDER_ID_INVALID")
	}
	pinned, rest := c.filed(c.me, folder.AsInt())
	if folder.IsNone() {
		more, others := c.filed(c.me, archive)
		pinned, rest = append(pinned, more...), append(rest, others...)
		slices.SortStableFunc(rest, func(a, b *dialog) int { return cmp.Compare(b.list.top().date, a.list.top().date) })
	}
	total := len(pinned) + len(rest)
	first := c.req.At("offset_date").AsInt() <= 0 && c.req.At("offset_id").AsInt() <= 0 && after.kind == noPeer
	page := rest[c.offset(rest, pinned, after):]
	switch {
	case c.req.At("exclude_pinned").AsBool():
		total = len(rest)
	case first:
		page = append(pinned, page...)
	}
	page = page[:min(c.limit(), len(page))]
	if want := c.req.At("hash").AsLong(); want != 0 {
		var sum hashOf
		for _, d := range page {
			top := d.list.top()
			sum.add(d.with.id, int64(top.id), int64(top.edited()), int64(d.readIn), int64(d.readOut))
		}
		if int64(sum) == want {
			return c.new("messages.dialogsNotModified").With("count", tl.Int(int32(total))).Value(), nil
		}
	}
	o := c.new("messages.dialogs")
	if len(page) < total {
		o = c.new("messages.dialogsSlice").With("count", tl.Int(int32(total)))
	}
	archived := first && !folder.IsNone() && folder.AsInt() == 0 && !c.req.At("exclude_pinned").AsBool()
	return c.dialogs(o, page, archived), nil
}

// offset is the index of the first dialog behind the offset of the request.
// (of those that are not on top).
func (c *call) offset(all, pinned []*dialog, after peer) int {
	date, id := c.req.At("offset_date").AsInt(), c.req.At("offset_id").AsInt()
	if date <= 0 && id <= 0 && after.kind == noPeer {
		return 0
	}
	if date <= 0 {
		// Without a date only the peer can tell the place.
		for i, d := range all {
			if d.with == after {
				return i + 1
			}
		}
		return 0
	}
	if slices.ContainsFunc(pinned, func(d *dialog) bool { return d.with == after && d.list.top().date == date }) {
		return 0
	}
	for i, d := range all {
		top := d.list.top()
		behind := cmp.Or(cmp.Compare(top.date, date), cmp.Compare(top.id, id))
		if behind < 0 {
			return i
		}
		if behind == 0 && d.with == after {
			return i + 1
		}
	}
	return len(all)
}

// dialogs puts dialogs and their top messages into an answer, behind the
// archive if that is asked for and not empty.
func (c *call) dialogs(o *tl.Object, page []*dialog, archived bool) tl.Value {
	items := make([]tl.Value, 0, len(page)+1)
	tops := make([]tl.Value, 0, len(page)+1)
	if archived {
		if folder, top := c.archiveValue(); folder != nil {
			items, tops = append(items, folder.Value()), append(tops, c.message(top))
		}
	}
	for _, d := range page {
		items = append(items, c.dialogValue(d))
		if top := d.list.top(); top != nil {
			tops = append(tops, c.message(top))
		}
	}
	return c.complete(o.With("dialogs", c.vector("Dialog", items)).With("messages", c.vector("Message", tops))).Value()
}

func (v viewer) dialogValue(d *dialog) tl.Value {
	o := v.new("dialog").With("peer", v.peerValue(d.with)).
		With("read_inbox_max_id", tl.Int(d.readIn)).With("read_outbox_max_id", tl.Int(d.readOut)).
		With("unread_count", tl.Int(d.unread(v.me))).With("unread_mentions_count", tl.Int(int32(len(d.mentions.in(d.list))))).
		With("unread_reactions_count", tl.Int(int32(len(d.reacted.in(d.list))))).With("unread_poll_votes_count", tl.Int(0)).
		With("notify_settings", v.notifySettings(v.me, about{with: d.with})).With("top_message", tl.Int(0))
	if top := d.list.top(); top != nil {
		o.With("top_message", tl.Int(top.id))
	}
	if slices.Contains(v.me.pins, d.with) {
		o.With("pinned", tl.Bool(true))
	}
	if d.marked {
		o.With("unread_mark", tl.Bool(true))
	}
	if d.folder != 0 {
		o.With("folder_id", tl.Int(d.folder))
	}
	if n := v.ttl(v.me, d.with); n > 0 {
		o.With("ttl_period", tl.Int(n))
	}
	if draft := d.drafts[0]; draft != nil {
		o.With("draft", v.shown(draft.Value()))
	}
	if r := v.room[d.with]; d.with.kind == channelPeer {
		o.With("pts", tl.Int(r.box.pts))
	}
	return o.Value()
}

// archiveValue is the archive as one of the dialogs, and the newest message in
// it; nil where it is empty.
func (c *call) archiveValue() (*tl.Object, *entry) {
	pinned, rest := c.filed(c.me, archive)
	all := append(pinned, rest...)
	if len(all) == 0 {
		return nil, nil
	}
	newest := all[0]
	var chats, messages, mutedChats, mutedMessages int32
	for _, d := range all {
		if d.list.top().date > newest.list.top().date {
			newest = d
		}
		switch n := d.unread(c.me); {
		case n == 0 && !d.marked:
		case c.muted(c.me, d.with):
			mutedChats, mutedMessages = mutedChats+1, mutedMessages+n
		default:
			chats, messages = chats+1, messages+n
		}
	}
	top := newest.list.top()
	folder := c.new("folder").With("id", tl.Int(archive)).With("title", tl.String("Archived chats"))
	return c.new("dialogFolder").With("pinned", tl.Bool(true)).With("folder", folder.Value()).
		With("peer", c.peerValue(newest.with)).With("top_message", tl.Int(top.id)).
		With("unread_muted_peers_count", tl.Int(mutedChats)).With("unread_unmuted_peers_count", tl.Int(chats)).
		With("unread_muted_messages_count", tl.Int(mutedMessages)).With("unread_unmuted_messages_count", tl.Int(messages)), top
}

// messagesGetPeerDialogs follows
// https://core.telegram.org/method/messages.getPeerDialogs. A folder stands for
// all dialogs in it.
func messagesGetPeerDialogs(c *call) (tl.Value, error) {
	var page []*dialog
	for _, v := range c.req.At("peers").Vector().Items {
		if o := v.Object(); o.Is("inputDialogPeerFolder") {
			folder := o.At("folder_id").AsInt()
			if folder != 0 && folder != archive {
				return tl.Value{}, bad("FOLDER_ID_INVALID")
			}
			pinned, rest := c.filed(c.me, folder)
			page = append(append(page, pinned...), rest...)
			continue
		}
		with, err := c.target(v.Object().At("peer"))
		if err != nil {
			return tl.Value{}, err
		}
		d := c.me.dialogs[with]
		if d == nil {
			d = &dialog{with: with, list: c.history(with)}
		}
		page = append(page, d)
	}
	return c.dialogs(c.new("messages.peerDialogs").With("state", c.state()), page, false), nil
}
