package sandbox

import "tlsh/tl"

// channelsDeleteHistory follows
// https://core.telegram.org/method/channels.deleteHistory: up to max_id, for
// oneself alone, or as an admin for everyone.
func channelsDeleteHistory(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	upTo := c.upTo(c.history(r.peer))
	if c.req.At("for_everyone").AsBool() {
		if _, err := c.admin(r, "delete_messages", 400); err != nil {
			return tl.Value{}, err
		}
		_, list := c.wipe(r, func(e *entry) bool { return upTo != nil && e.id <= upTo.id })
		return c.done(list...)
	}
	if r.member(c.me) == nil {
		return tl.Value{}, bad("CHANNEL_PARICIPANT_MISSING") // the API's spelling
	}
	d := c.dialog(c.me, r.peer)
	if upTo == nil {
		return c.done()
	}
	d.minID = upTo.id
	d.readIn = max(d.readIn, upTo.id)
	update := func(v viewer) []tl.Value {
		return []tl.Value{v.new("updateChannelAvailableMessages").With("channel_id", tl.Long(r.id)).
			With("available_min_id", tl.Int(upTo.id)).Value(),
			v.new("updateReadChannelInbox").With("channel_id", tl.Long(r.id)).With("max_id", tl.Int(d.readIn)).
				With("still_unread_count", tl.Int(d.unread(v.me))).With("pts", tl.Int(r.box.pts)).Value()}
	}
	c.push(c.me, update)
	return c.done(update(c.viewer)...)
}

// wipe deletes messages of a channel for everybody. It gives how many, and the
// updates for the answer.
func (c *call) wipe(r *room, which func(*entry) bool) (n int, list []tl.Value) {
	var ids []int32
	for _, e := range r.box.entries {
		if which(e) {
			ids = append(ids, e.id)
		}
	}
	for _, id := range ids {
		r.box.remove(id)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	ev := r.box.change(event{kind: eventDelete, ids: ids}, int32(len(ids)))
	c.notify(nil, r, ev)
	return len(ids), []tl.Value{c.update(ev, r)}
}

// channelsDeleteParticipantHistory follows
// https://core.telegram.org/method/channels.deleteParticipantHistory.
func channelsDeleteParticipantHistory(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.admin(r, "delete_messages", 400); err != nil {
		return tl.Value{}, err
	}
	who, err := c.target(c.req.At("participant"))
	if err != nil {
		return tl.Value{}, err
	}
	if who.kind != userPeer {
		return tl.Value{}, bad("PARTICIPANT_ID_INVALID")
	}
	n, _ := c.wipe(r, func(e *entry) bool { return e.author.peer == who })
	return c.affectedHistory(r.box, n), nil
}
