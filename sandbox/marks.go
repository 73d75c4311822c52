package sandbox

import "tlsh/tl"

// marks sets what a message has gathered since it was sent, as the viewer sees
// it.
func (v viewer) marks(o *tl.Object, e *entry, with peer) {
	d := v.me.dialogs[with]
	var list *history
	if e.to.kind == channelPeer {
		list = &v.room[e.to].box.history
	} else if d != nil {
		list = d.list
	}
	if v.mentions(e.letter, v.me) {
		o.With("mentioned", tl.Bool(true))
	}
	if v.unseen(e, d) {
		o.With("media_unread", tl.Bool(true))
	}
	if o.Is("messageService") {
		return
	}
	if list != nil && list.pinned(e.id) {
		o.With("pinned", tl.Bool(true))
	}
	if n := v.replies(e.letter); n != nil {
		o.With("replies", n.Value())
	}
	if len(e.reacted) > 0 {
		o.With("reactions", v.reactions(e.letter).Value())
	}
	if m := o.At("media").Object(); m.Is("messageMediaPoll") {
		if p := v.polls[m.At("poll").Object().At("id").AsLong()]; p != nil {
			o.With("media", v.pollMedia(p))
		}
	}
}
