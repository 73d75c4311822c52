package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

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

// state is where the caller's updates are
// (https://core.telegram.org/api/updates#update-handling): seq is that of the
// authorization that asks.
func (c *call) state() tl.Value {
	var unread int32
	for _, d := range c.sorted(c.me) {
		unread += d.unread(c.me)
	}
	return c.stateAt(c.me.box.pts, c.me.qts.last, c.now).With("unread_count", tl.Int(unread)).Value()
}

func (c *call) stateAt(pts, qts, date int32) *tl.Object {
	return c.new("updates.state").With("pts", tl.Int(pts)).With("qts", tl.Int(qts)).With("date", tl.Int(date)).
		With("seq", tl.Int(c.session.login.seq)).With("unread_count", tl.Int(0))
}

// updatesGetState follows https://core.telegram.org/method/updates.getState.
func updatesGetState(c *call) (tl.Value, error) { return c.state(), nil }

// updatesGetDifference follows
// https://core.telegram.org/method/updates.getDifference. Who has to ask a
// channel for its difference is told so by updateChannelTooLong.
func updatesGetDifference(c *call) (tl.Value, error) {
	pts, qts, date := c.req.At("pts").AsInt(), c.req.At("qts").AsInt(), c.req.At("date").AsInt()
	switch {
	case pts == 0:
		return tl.Value{}, bad("PERSISTENT_TIMESTAMP_EMPTY")
	case pts < 0 || pts > c.me.box.pts:
		return tl.Value{}, bad("PERSISTENT_TIMESTAMP_INVALID")
	case date == 0:
		return tl.Value{}, bad("DATE_EMPTY")
	}
	missed, ok := c.me.box.missed(pts)
	secret, secretOK := c.me.qts.since(qts)
	noted, notedOK := c.noted(date)
	total := c.req.At("pts_total_limit").AsInt()
	if !ok || !secretOK || !notedOK || total > 0 && c.me.box.pts-pts > total {
		return c.new("updates.differenceTooLong").With("pts", tl.Int(c.me.box.pts)).Value(), nil
	}
	if len(missed)+len(secret)+len(noted) == 0 {
		return c.new("updates.differenceEmpty").With("date", tl.Int(c.now)).With("seq", tl.Int(c.session.login.seq)).Value(), nil
	}
	limit := maxDifference
	if n := int(c.req.At("pts_limit").AsInt()); n > 0 && n < limit {
		limit = n
	}
	o := c.new("updates.difference").With("state", c.state())
	if len(missed) > limit {
		// What has no pts comes with the last slice.
		missed, noted = missed[:limit], nil
		o = c.new("updates.differenceSlice").With("intermediate_state", c.stateAt(missed[limit-1].pts, c.me.qts.last, date).Value())
	}
	o.With("new_encrypted_messages", c.vector("EncryptedMessage", nil))
	for _, u := range secret {
		noted = append(noted, u.Value())
	}
	return c.difference(o, missed, c.me.box, nil, noted...), nil
}

// noted are the lasting changes without pts since that date, of the caller and
// of the rooms they are in, each told once and in order; then which channels
// have changed. ok is false when some are forgotten.
func (c *call) noted(date int32) (list []tl.Value, ok bool) {
	all, ok := c.me.notes.since(date)
	if !ok {
		return nil, false
	}
	all = slices.Clone(all)
	var changed []*room
	for with := range c.me.dialogs {
		r := c.room[with]
		if r == nil || len(r.notes.list) == 0 && (r.box == nil || r.box.date < date) || r.member(c.me) == nil {
			continue
		}
		more, ok := r.notes.since(date)
		if !ok {
			return nil, false
		}
		all = append(all, more...)
		if r.box != nil && r.box.date >= date {
			changed = append(changed, r)
		}
	}
	slices.SortFunc(all, func(a, b note) int { return cmp.Compare(a.n, b.n) })
	var values []tl.Value
	for _, n := range all {
		values = append(values, n.tell(c.viewer)...)
	}
	list = lasts(values)
	slices.SortFunc(changed, func(a, b *room) int { return cmp.Compare(a.id, b.id) })
	for _, r := range changed {
		list = append(list, c.new("updateChannelTooLong").With("channel_id", tl.Long(r.id)).With("pts", tl.Int(r.box.pts)).Value())
	}
	return list, true
}

// lasts leaves out what is said again further on.
func lasts(values []tl.Value) []tl.Value {
	seen := make(map[string]bool, len(values))
	kept := len(values)
	for i := len(values) - 1; i >= 0; i-- {
		b, err := tl.Encode(values[i].Object())
		if err != nil || seen[string(b)] {
			continue
		}
		seen[string(b)] = true
		kept--
		values[kept] = values[i]
	}
	return values[kept:]
}

// difference puts changes into an answer: new messages, if they are still
// there, and everything else as updates; more are further updates.
func (c *call) difference(o *tl.Object, missed []event, b *box, channel *room, more ...tl.Value) tl.Value {
	var messages, others []tl.Value
	for _, ev := range missed {
		if channel != nil && ev.entry != nil && !c.hears(c.me, ev.entry.letter) {
			continue
		}
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
	others = append(others, more...)
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
	// Who is no member is told of what happens from now on for a while.
	guest := r.member(c.me) == nil
	if guest {
		r.welcome(c.me, c.now)
	}
	timed := func(o *tl.Object) *tl.Object {
		if guest {
			o.With("timeout", tl.Int(guestTime))
		}
		return o
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
			if e := d.list.entries[i]; c.hears(c.me, e.letter) {
				tops = append(tops, c.message(e))
			}
		}
		return c.list(timed(o), tops, r.peer), nil
	}
	if len(missed) == 0 {
		return timed(c.new("updates.channelDifferenceEmpty")).With("final", tl.Bool(true)).With("pts", tl.Int(pts)).Value(), nil
	}
	final := true
	if n := c.limit(); len(missed) > n {
		missed, final = missed[:n], false
	}
	o := timed(c.new("updates.channelDifference")).With("final", tl.Bool(final)).With("pts", tl.Int(missed[len(missed)-1].pts))
	return c.difference(o, missed, r.box, r), nil
}
