package sandbox

import "tlsh/tl"

// marks sets what a message has gathered since it was sent, as the viewer sees
// it.
func (v viewer) marks(o *tl.Object, e *entry, with peer) {
	var list *history
	if e.to.kind == channelPeer {
		list = &v.room[e.to].box.history
	} else if d := v.me.dialogs[with]; d != nil {
		list = d.list
	}
	if list != nil && o.Is("message") && list.pinned(e.id) {
		o.With("pinned", tl.Bool(true))
	}
}
