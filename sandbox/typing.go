package sandbox

import "tlsh/tl"

// messagesSetTyping follows
// https://core.telegram.org/method/messages.setTyping. What somebody does in a
// broadcast channel, or for themselves, nobody is told.
func messagesSetTyping(c *call) (tl.Value, error) {
	to, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	r := c.room[to]
	if r == nil {
		if to != c.me.peer && c.byID[to.id].blocks(c.me) {
			return tl.Value{}, forbidden("USER_IS_BLOCKED")
		}
		if to != c.me.peer {
			c.whisper(c.byID[to.id], func(v viewer) *tl.Object {
				return v.new("updateUserTyping").With("user_id", tl.Long(c.me.id)).With("action", c.req.At("action"))
			})
		}
		return tl.Bool(true), nil
	}
	if r.member(c.me) == nil || r.shut() {
		return tl.Value{}, forbidden("CHAT_WRITE_FORBIDDEN")
	}
	if r.broadcast() {
		return tl.Bool(true), nil
	}
	c.whisperRoom(r, func(v viewer) *tl.Object {
		o := v.new("updateChatUserTyping").With("chat_id", tl.Long(r.id))
		if r.kind == channelPeer {
			o = v.new("updateChannelUserTyping").With("channel_id", tl.Long(r.id)).With("top_msg_id", c.req.At("top_msg_id"))
		}
		return o.With("from_id", v.peerValue(c.me.peer)).With("action", c.req.At("action"))
	})
	return tl.Bool(true), nil
}
