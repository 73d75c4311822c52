package sandbox

import (
	"cmp"

	"tlsh/tl"
)

// messagesGetDialogs follows
// https://core.telegram.org/method/messages.getDialogs and
// https://core.telegram.org/api/offsets. The hash is that of each dialog's
// peer id, top message, the date of that one's last edit, and what of it was
// read. There are no folders and nothing is pinned.
func messagesGetDialogs(c *call) (tl.Value, error) {
	var after peer
	if o := c.req.At("offset_peer").Object(); !o.Is("inputPeerEmpty") {
		p, err := c.target(o.Value())
		if err != nil {
			return tl.Value{}, bad("OFFSET_PEER_ID_INVALID")
		}
		after = p
	}
	all := c.sorted(c.me)
	switch folder := c.req.At("folder_id").AsInt(); folder {
	case 0:
	case 1: // the archive
		all = nil
	default:
		return tl.Value{}, bad("FOLDER_ID_INVALID")
	}
	start := c.offset(all, after)
	page := all[start:min(start+c.limit(), len(all))]
	if want := c.req.At("hash").AsLong(); want != 0 {
		var sum hashOf
		for _, d := range page {
			top := d.list.top()
			sum.add(d.with.id, int64(top.id), int64(top.edited()), int64(d.readIn), int64(d.readOut))
		}
		if int64(sum) == want {
			return c.new("messages.dialogsNotModified").With("count", tl.Int(int32(len(all)))).Value(), nil
		}
	}
	o := c.new("messages.dialogs")
	if len(page) < len(all) {
		o = c.new("messages.dialogsSlice").With("count", tl.Int(int32(len(all))))
	}
	return c.dialogs(o, page), nil
}

// offset is the index of the first dialog behind the offset of the request.
func (c *call) offset(all []*dialog, after peer) int {
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

// dialogs puts dialogs and their top messages into an answer.
func (c *call) dialogs(o *tl.Object, page []*dialog) tl.Value {
	items := make([]tl.Value, len(page))
	tops := make([]tl.Value, 0, len(page))
	for i, d := range page {
		items[i] = c.dialogValue(d)
		if top := d.list.top(); top != nil {
			tops = append(tops, c.message(top))
		}
	}
	return c.complete(o.With("dialogs", c.vector("Dialog", items)).With("messages", c.vector("Message", tops))).Value()
}

func (v viewer) dialogValue(d *dialog) tl.Value {
	o := v.new("dialog").With("peer", v.peerValue(d.with)).
		With("read_inbox_max_id", tl.Int(d.readIn)).With("read_outbox_max_id", tl.Int(d.readOut)).
		With("unread_count", tl.Int(d.unread(v.me))).With("unread_mentions_count", tl.Int(0)).
		With("unread_reactions_count", tl.Int(0)).With("unread_poll_votes_count", tl.Int(0)).
		With("notify_settings", v.new("peerNotifySettings").Value()).With("top_message", tl.Int(0))
	if top := d.list.top(); top != nil {
		o.With("top_message", tl.Int(top.id))
	}
	if r := v.room[d.with]; d.with.kind == channelPeer {
		o.With("pts", tl.Int(r.box.pts))
	}
	return o.Value()
}

// messagesGetPeerDialogs follows
// https://core.telegram.org/method/messages.getPeerDialogs.
func messagesGetPeerDialogs(c *call) (tl.Value, error) {
	var page []*dialog
	for _, v := range c.req.At("peers").Vector().Items {
		if !v.Object().Is("inputDialogPeer") {
			return tl.Value{}, bad("FOLDER_ID_INVALID")
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
	return c.dialogs(c.new("messages.peerDialogs").With("state", c.state()), page), nil
}
