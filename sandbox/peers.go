package sandbox

import (
	"tlsh/tl"
)

// target is the peer that an InputPeer names
// (https://core.telegram.org/api/peers). Errors: PEER_ID_INVALID,
// CHANNEL_INVALID, CHANNEL_PRIVATE, MSG_ID_INVALID.
func (c *call) target(v tl.Value) (peer, error) {
	o := v.Object()
	switch o.Def().Name {
	case "inputPeerSelf":
		return c.me.peer, nil
	case "inputPeerUser":
		if p := c.byID[o.At("user_id").AsLong()]; p != nil && c.knows(p.seed, o) {
			return p.peer, nil
		}
	case "inputPeerUserFromMessage":
		return c.fromMessage(o, peer{userPeer, o.At("user_id").AsLong()}, "PEER_ID_INVALID")
	case "inputPeerChat":
		// Who has been in a group keeps what they have of it.
		if r := c.room[peer{chatPeer, o.At("chat_id").AsLong()}]; r != nil && (r.member(c.me) != nil || c.me.dialogs[r.peer] != nil) {
			return r.peer, nil
		}
	case "inputPeerChannel":
		r, err := c.channelBy(o)
		if err != nil {
			return peer{}, err
		}
		return r.peer, nil
	case "inputPeerChannelFromMessage":
		p, err := c.fromMessage(o, peer{channelPeer, o.At("channel_id").AsLong()}, "CHANNEL_INVALID")
		if err != nil {
			return peer{}, err
		}
		_, err = c.readable(c.room[p])
		return p, err
	}
	return peer{}, bad("PEER_ID_INVALID")
}

// knows compares the access_hash of an input constructor.
func (c *call) knows(seed int64, o *tl.Object) bool {
	return o.At("access_hash").AsLong() == accessHash(seed, c.me)
}

// user is the person that an InputUser names. Error: USER_ID_INVALID,
// MSG_ID_INVALID.
func (c *call) userBy(v tl.Value) (*person, error) {
	o := v.Object()
	switch o.Def().Name {
	case "inputUserSelf":
		return c.me, nil
	case "inputUser":
		if p := c.byID[o.At("user_id").AsLong()]; p != nil && c.knows(p.seed, o) {
			return p, nil
		}
	case "inputUserFromMessage":
		p, err := c.fromMessage(o, peer{userPeer, o.At("user_id").AsLong()}, "USER_ID_INVALID")
		if err != nil {
			return nil, err
		}
		return c.byID[p.id], nil
	}
	return nil, bad("USER_ID_INVALID")
}

// channel is the channel that an InputChannel names. Errors: CHANNEL_INVALID,
// CHANNEL_PRIVATE, MSG_ID_INVALID.
func (c *call) channel(v tl.Value) (*room, error) {
	o := v.Object()
	switch o.Def().Name {
	case "inputChannel":
		return c.channelBy(o)
	case "inputChannelFromMessage":
		p, err := c.fromMessage(o, peer{channelPeer, o.At("channel_id").AsLong()}, "CHANNEL_INVALID")
		if err != nil {
			return nil, err
		}
		return c.readable(c.room[p])
	}
	return nil, bad("CHANNEL_INVALID")
}

// channelBy reads channel_id and access_hash.
func (c *call) channelBy(o *tl.Object) (*room, error) {
	r := c.room[peer{channelPeer, o.At("channel_id").AsLong()}]
	if r == nil || !c.knows(r.seed, o) {
		return nil, bad("CHANNEL_INVALID")
	}
	return c.readable(r)
}

// readable refuses a private channel to who is no member, and any to who was
// removed from it. What is talked about in public is public too
// (https://core.telegram.org/api/discussion).
func (c *call) readable(r *room) (*room, error) {
	public := c.public(r) || r.discussion != nil && !r.broadcast() && c.public(r.discussion)
	if r.closed || r.member(c.me) == nil && (!public || c.ban(r, c.me).kicked()) {
		return nil, bad("CHANNEL_PRIVATE")
	}
	return r, nil
}

// fromMessage finds who is known only by a message that refers to them
// (https://core.telegram.org/api/min).
func (c *call) fromMessage(o *tl.Object, who peer, unknown string) (peer, error) {
	// The chain of messages of messages is short in practice; what is deeper
	// than one is not worth following.
	if in := o.At("peer").Object(); in.Is("inputPeerUserFromMessage") || in.Is("inputPeerChannelFromMessage") {
		return peer{}, bad("PEER_ID_INVALID")
	}
	with, err := c.target(o.At("peer"))
	if err != nil {
		return peer{}, err
	}
	e := c.history(with).find(o.At("msg_id").AsInt())
	if e == nil {
		return peer{}, bad("MSG_ID_INVALID")
	}
	g := gathering{world: c.world, seen: make(map[peer]bool)}
	g.walk(c.message(e))
	if !g.seen[who] || c.byID[who.id] == nil && c.room[who] == nil {
		return peer{}, bad(unknown)
	}
	return who, nil
}

// history is what the caller has of the conversation with that peer.
func (c *call) history(with peer) *history {
	d := c.me.dialogs[with]
	if with.kind == channelPeer {
		h := &c.room[with].box.history
		if d != nil && d.minID > 0 {
			h = &history{entries: h.entries[h.index(d.minID+1):], pins: h.pins}
		}
		return h
	}
	if d != nil {
		return d.list
	}
	return new(history)
}
