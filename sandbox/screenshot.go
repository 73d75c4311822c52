package sandbox

import "tlsh/tl"

// messagesSendScreenshotNotification follows
// https://core.telegram.org/method/messages.sendScreenshotNotification: the other
// side of a private chat is told that a picture was taken of it, of one message or,
// with 0 in place of its id, of none.
func messagesSendScreenshotNotification(c *call) (tl.Value, error) {
	to, err := c.target(c.req.At("peer"))
	switch {
	case err != nil:
		return tl.Value{}, err
	case to.kind != userPeer || to == c.me.peer:
		return tl.Value{}, bad("PEER_ID_INVALID")
	}
	if err := c.writable(to); err != nil {
		return tl.Value{}, err
	}
	l := &letter{base: c.new("messageService").With("action", c.new("messageActionScreenshotTaken").Value()), author: c.me, to: to, date: c.now}
	in := c.req.At("reply_to").Object()
	if !in.Is("inputReplyToMessage") {
		return tl.Value{}, notSimulated("reply_to." + in.Def().Name)
	}
	if id := in.At("reply_to_msg_id").AsInt(); id != 0 {
		e := c.history(to).find(id)
		if e == nil {
			return tl.Value{}, bad("REPLY_MESSAGE_ID_INVALID")
		}
		l.reply = e.letter
	}
	random := c.req.At("random_id").AsLong()
	if err := c.once(random); err != nil {
		return tl.Value{}, err
	}
	return c.sent(c.post(l)[:1], []int64{random}).Value(), nil
}
