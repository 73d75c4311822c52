package sandbox

import "tlsh/tl"

// messagesGetAttachedStickers follows
// https://core.telegram.org/method/messages.getAttachedStickers. Nobody here
// pastes stickers onto pictures: what is uploaded with some is refused.
func messagesGetAttachedStickers(c *call) (tl.Value, error) {
	in := c.req.At("media").Object()
	there := false
	var err error
	if in.Is("inputStickeredMediaPhoto") {
		var p *picture
		p, err = c.photoBy(in.At("id"))
		there = p != nil
	} else {
		var d *document
		d, err = c.documentBy(in.At("id"))
		there = d != nil
	}
	if err == nil && !there {
		err = bad("MEDIA_EMPTY")
	}
	return c.vector("StickerSetCovered", nil), err
}
