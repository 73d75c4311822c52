package sandbox

import "tlsh/tl"

// What people store may hold InputPeers: folders, drafts. They are kept with
// no access_hash in them, and get that of whoever sees them.

// inputPeer is how the viewer names somebody in requests.
func (v viewer) inputPeer(p peer) tl.Value {
	switch p.kind {
	case userPeer:
		o := v.new("inputPeerUser").With("user_id", tl.Long(p.id)).With("access_hash", tl.Long(0))
		if q := v.byID[p.id]; q != nil && v.me != nil {
			o.With("access_hash", tl.Long(accessHash(q.seed, v.me)))
		}
		return o.Value()
	case chatPeer:
		return v.new("inputPeerChat").With("chat_id", tl.Long(p.id)).Value()
	case channelPeer:
		o := v.new("inputPeerChannel").With("channel_id", tl.Long(p.id)).With("access_hash", tl.Long(0))
		if r := v.room[p]; r != nil && v.me != nil {
			o.With("access_hash", tl.Long(accessHash(r.seed, v.me)))
		}
		return o.Value()
	}
	return v.new("inputPeerEmpty").Value()
}

// inputPeerOf is whom an InputPeer names, whatever its access_hash; the zero
// peer for other values.
func inputPeerOf(v tl.Value) peer {
	o := v.Object()
	switch {
	case o.Is("inputPeerUser"):
		return peer{userPeer, o.At("user_id").AsLong()}
	case o.Is("inputPeerChat"):
		return peer{chatPeer, o.At("chat_id").AsLong()}
	case o.Is("inputPeerChannel"):
		return peer{channelPeer, o.At("channel_id").AsLong()}
	}
	return peer{}
}

// kept is a value of a request as it is stored: its InputPeers are checked as
// call.target does, and lose their hashes.
func (c *call) kept(v tl.Value) (tl.Value, error) {
	var failed error
	out := rewrite(v, func(o *tl.Object) (tl.Value, bool) {
		if o.Def().Result.Name != "InputPeer" {
			return tl.Value{}, false
		}
		p, err := c.target(o.Value())
		if err != nil {
			failed = err
			return o.Value(), true
		}
		return viewer{world: c.world}.inputPeer(p), true
	})
	return out, failed
}

// shown is a stored value with the viewer's hashes.
func (v viewer) shown(val tl.Value) tl.Value {
	return rewrite(val, func(o *tl.Object) (tl.Value, bool) {
		p := inputPeerOf(o.Value())
		if p.kind == noPeer {
			return tl.Value{}, false
		}
		return v.inputPeer(p), true
	})
}

// rewrite copies a value with those objects replaced for which f gives another.
func rewrite(v tl.Value, f func(*tl.Object) (tl.Value, bool)) tl.Value {
	if vec := v.Vector(); vec != nil {
		items := make([]tl.Value, len(vec.Items))
		for i, it := range vec.Items {
			items[i] = rewrite(it, f)
		}
		return tl.VectorOf(vec.Elem, items...)
	}
	o := v.Object()
	if o == nil {
		return v
	}
	if w, ok := f(o); ok {
		return w
	}
	out := o.Clone()
	for i, field := range o.Fields() {
		out.Set(i, rewrite(field, f))
	}
	return out.Value()
}

// own pushes an update that has no pts to the caller's other sessions.
func (c *call) own(u *tl.Object) {
	c.push(c.me, func(viewer) []tl.Value { return []tl.Value{u.Value()} })
}
