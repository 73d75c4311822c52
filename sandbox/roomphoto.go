package sandbox

import (
	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// channelsEditPhoto follows
// https://core.telegram.org/method/channels.editPhoto.
func channelsEditPhoto(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	return c.portray(r, 403)
}

// messagesEditChatPhoto follows
// https://core.telegram.org/method/messages.editChatPhoto.
func messagesEditChatPhoto(c *call) (tl.Value, error) {
	r, err := c.groupOf(c.req.At("chat_id").AsLong())
	if err != nil {
		return tl.Value{}, err
	}
	return c.portray(r, 400)
}

// portray gives a room another photo, or none. code is that of
// CHAT_ADMIN_REQUIRED.
func (c *call) portray(r *room, code int) (tl.Value, error) {
	if err := c.needs(r, "change_info", code); err != nil {
		return tl.Value{}, err
	}
	p, err := c.roomPhoto()
	switch {
	case err != nil:
		return tl.Value{}, err
	case p == nil && r.photo == nil, p != nil && r.photo.At("id").AsLong() == p.id:
		return tl.Value{}, bad("CHAT_NOT_MODIFIED")
	}
	before := c.photo(r)
	action := c.new("messageActionChatDeletePhoto")
	r.photo = nil
	r.def.With("photo", c.new("chatPhotoEmpty").Value())
	if p != nil {
		r.photo = c.photoRef(p).Object()
		r.def.With("photo", c.new("chatPhoto").With("photo_id", tl.Long(p.id)).With("dc_id", tl.Int(int32(c.s.cfg.DC))).Value())
		action = c.new("messageActionChatEditPhoto").With("photo", c.photoRef(p))
	}
	c.log(r, c.new("channelAdminLogEventActionChangePhoto").With("prev_photo", before).With("new_photo", c.photo(r)))
	list := []tl.Value{c.changed(r, r.everybody()...)}
	return c.done(append(list, c.proclaim(r, action)...)...)
}

// roomPhoto is the photo of the request, uploaded or there already; nil for
// none. Error: PHOTO_INVALID.
func (c *call) roomPhoto() (*picture, error) {
	in := c.req.At("photo").Object()
	switch in.Def().Name {
	case "inputChatPhoto":
		p, err := c.photoBy(in.At("id"))
		if err == nil && p == nil {
			err = bad("PHOTO_INVALID")
		}
		return p, err
	case "inputChatUploadedPhoto":
		for i := range in.Fields() {
			if name := in.Def().Params[i].Name; name != "file" {
				return nil, tgerr.New(501, "SANDBOX_PARAMETER_NOT_SIMULATED: photo."+name)
			}
		}
		if in.At("file").IsNone() {
			return nil, bad("PHOTO_INVALID")
		}
		f, err := c.uploaded(in.At("file"))
		if err != nil {
			return nil, err
		}
		return c.newPicture(f, true)
	}
	return nil, nil
}
