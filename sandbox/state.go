package sandbox

import "tlsh/tl"

// updatesArea is what a client missed.
func updatesArea() area {
	return area{methods: map[string]method{
		"updates.getChannelDifference": {handle: updatesGetChannelDifference, heeds: "force",
			errors: "PERSISTENT_TIMESTAMP_EMPTY PERSISTENT_TIMESTAMP_INVALID RANGES_INVALID"},
		"updates.getDifference": {handle: updatesGetDifference, heeds: "pts_limit pts_total_limit qts_limit",
			errors: "DATE_EMPTY PERSISTENT_TIMESTAMP_EMPTY PERSISTENT_TIMESTAMP_INVALID"},
		"updates.getState": {handle: updatesGetState},
	}}
}

// maxDifference is how many changes one difference tells at most.
const maxDifference = 1000

// state is where the caller's updates are. There are no secret chats, so that
// qts does not move, and seq counts nothing.
func (c *call) state() tl.Value {
	var unread int32
	for _, d := range c.sorted(c.me) {
		unread += d.unread(c.me)
	}
	return c.stateAt(c.me.box.pts).With("unread_count", tl.Int(unread)).Value()
}

func (c *call) stateAt(pts int32) *tl.Object {
	return c.new("updates.state").With("pts", tl.Int(pts)).With("qts", tl.Int(0)).With("date", tl.Int(c.now)).
		With("seq", tl.Int(0)).With("unread_count", tl.Int(0))
}

// updatesGetState follows https://core.telegram.org/method/updates.getState.
func updatesGetState(c *call) (tl.Value, error) { return c.state(), nil }

// updatesGetDifference follows
// https://core.telegram.org/method/updates.getDifference.
func updatesGetDifference(c *call) (tl.Value, error) {
	pts := c.req.At("pts").AsInt()
	switch {
	case pts == 0:
		return tl.Value{}, bad("PERSISTENT_TIMESTAMP_EMPTY")
	case pts < 0 || pts > c.me.box.pts:
		return tl.Value{}, bad("PERSISTENT_TIMESTAMP_INVALID")
	case c.req.At("date").AsInt() == 0:
		return tl.Value{}, bad("DATE_EMPTY")
	}
	missed, ok := c.me.box.missed(pts)
	total := c.req.At("pts_total_limit").AsInt()
	if !ok || total > 0 && c.me.box.pts-pts > total {
		return c.new("updates.differenceTooLong").With("pts", tl.Int(c.me.box.pts)).Value(), nil
	}
	if len(missed) == 0 {
		return c.new("updates.differenceEmpty").With("date", tl.Int(c.now)).With("seq", tl.Int(0)).Value(), nil
	}
	limit := maxDifference
	if n := int(c.req.At("pts_limit").AsInt()); n > 0 && n < limit {
		limit = n
	}
	o := c.new("updates.difference").With("state", c.state())
	if len(missed) > limit {
		missed = missed[:limit]
		o = c.new("updates.differenceSlice").With("intermediate_state", c.stateAt(missed[limit-1].pts).Value())
	}
	o.With("new_encrypted_messages", c.vector("EncryptedMessage", nil))
	return c.difference(o, missed, c.me.box, nil), nil
}

// difference puts changes into an answer: new messages, if they are still
// there, and everything else as updates.
func (c *call) difference(o *tl.Object, missed []event, b *box, channel *room) tl.Value {
	var messages, others []tl.Value
	for _, ev := range missed {
		switch ev.kind {
		case eventNew:
			if b.find(ev.entry.id) != nil {
				messages = append(messages, c.message(ev.entry))
			}
		case eventEdit:
			if b.find(ev.entry.id) != nil {
				others = append(others, c.update(ev, channel))
			}
		default:
			others = append(others, c.update(ev, channel))
		}
	}
	o.With("new_messages", c.vector("Message", messages)).With("other_updates", c.vector("Update", others))
	return c.complete(o).Value()
}

// updatesGetChannelDifference follows
// https://core.telegram.org/method/updates.getChannelDifference.
func updatesGetChannelDifference(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if !c.req.At("filter").Object().Is("channelMessagesFilterEmpty") {
		return tl.Value{}, bad("RANGES_INVALID")
	}
	pts := c.req.At("pts").AsInt()
	switch {
	case pts == 0:
		return tl.Value{}, bad("PERSISTENT_TIMESTAMP_EMPTY")
	case pts < 0 || pts > r.box.pts:
		return tl.Value{}, bad("PERSISTENT_TIMESTAMP_INVALID")
	}
	missed, ok := r.box.missed(pts)
	if !ok {
		d := c.me.dialogs[r.peer]
		if d == nil {
			d = &dialog{with: r.peer, list: &r.box.history}
		}
		o := c.new("updates.channelDifferenceTooLong").With("final", tl.Bool(true)).With("dialog", c.dialogValue(d))
		var tops []tl.Value
		for i := len(d.list.entries) - 1; i >= 0 && len(tops) < c.limit(); i-- {
			tops = append(tops, c.message(d.list.entries[i]))
		}
		return c.list(o, tops, r.peer), nil
	}
	if len(missed) == 0 {
		return c.new("updates.channelDifferenceEmpty").With("final", tl.Bool(true)).With("pts", tl.Int(pts)).Value(), nil
	}
	final := true
	if n := c.limit(); len(missed) > n {
		missed, final = missed[:n], false
	}
	o := c.new("updates.channelDifference").With("final", tl.Bool(final)).With("pts", tl.Int(missed[len(missed)-1].pts))
	return c.difference(o, missed, r.box, r), nil
}
