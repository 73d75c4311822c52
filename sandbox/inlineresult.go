package sandbox

import (
	"strings"

	"tlsh/tl"
)

// resultTypes are what an inline result can be
// (https://core.telegram.org/constructor/inputBotInlineResult).
const resultTypes = "article photo gif video audio voice file geo venue contact sticker game"

// inlineResult is a result as people see it, and what it sends.
func (c *call) inlineResult(in *tl.Object) (*tl.Object, inlineMedia, error) {
	switch {
	case in.Def().Param("type") != nil && !word(resultTypes, in.At("type").AsString()):
		return nil, inlineMedia{}, bad("RESULT_TYPE_INVALID")
	case in.At("type").AsString() == "article" && in.At("title").AsString() == "":
		return nil, inlineMedia{}, bad("ARTICLE_TITLE_EMPTY")
	}
	var own tl.Value // the photo or document of the result itself
	shown := c.new("botInlineMediaResult").With("id", in.At("id")).With("type", in.At("type"))
	switch in.Def().Name {
	case "inputBotInlineResult":
		shown = c.new("botInlineResult")
		for _, name := range [...]string{"id", "type", "title", "description", "url"} {
			shown.With(name, in.At(name))
		}
		for _, name := range [...]string{"thumb", "content"} {
			if doc := in.At(name).Object(); doc != nil {
				if !isURL(doc.At("url").AsString()) {
					return nil, inlineMedia{}, bad("WEBDOCUMENT_URL_INVALID")
				}
				shown.With(name, c.new("webDocumentNoProxy").With("url", doc.At("url")).With("size", doc.At("size")).
					With("mime_type", doc.At("mime_type")).With("attributes", doc.At("attributes")).Value())
			}
		}
	case "inputBotInlineResultPhoto":
		p, err := c.photoBy(in.At("photo"))
		if err == nil && p == nil {
			err = bad("PHOTO_INVALID")
		}
		if err != nil {
			return nil, inlineMedia{}, err
		}
		own = c.photoMedia(in, p)
		shown.With("photo", c.photoRef(p))
	case "inputBotInlineResultDocument":
		d, err := c.documentBy(in.At("document"))
		if err == nil && d == nil {
			err = bad("DOCUMENT_INVALID")
		}
		if err != nil {
			return nil, inlineMedia{}, err
		}
		own = c.documentMedia(in, d)
		shown.With("document", c.documentRef(d)).With("title", in.At("title")).With("description", in.At("description"))
	default:
		return nil, inlineMedia{}, notSimulated("results." + in.Def().Name)
	}
	message, sends, err := c.inlineMessage(in.At("send_message").Object(), own)
	if err != nil {
		return nil, inlineMedia{}, err
	}
	return shown.With("send_message", message.Value()), sends, nil
}

// inlineMessage is what a result sends, as people see it beforehand and as it
// will stand in the message. own is the file of the result.
func (c *call) inlineMessage(in *tl.Object, own tl.Value) (*tl.Object, inlineMedia, error) {
	name := in.Def().Name
	var sends inlineMedia
	var err error
	if sends.markup, err = c.markup(in.At("reply_markup").Object(), peer{}); err != nil {
		return nil, sends, err
	}
	sends.message = tl.String("")
	shown := c.new(strings.Replace(name, "inputBot", "bot", 1)).With("reply_markup", sends.markup)
	switch name {
	case "inputBotInlineMessageText", "inputBotInlineMessageMediaAuto":
		auto := name == "inputBotInlineMessageMediaAuto"
		limit, tooLong := maxMessage, "MESSAGE_TOO_LONG"
		if auto {
			limit, tooLong = maxCaption, "MEDIA_CAPTION_TOO_LONG"
		}
		if sends.entities, err = c.text(in, limit, tooLong); err != nil {
			return nil, sends, err
		}
		sends.message, sends.invert = in.At("message"), in.At("invert_media")
		switch {
		case auto && own.IsNone():
			return nil, sends, bad("SEND_MESSAGE_MEDIA_INVALID")
		case auto:
			sends.media = own
		case strings.TrimSpace(in.At("message").AsString()) == "":
			return nil, sends, bad("MESSAGE_EMPTY")
		default:
			shown.With("no_webpage", in.At("no_webpage"))
		}
		return shown.With("message", in.At("message")).With("entities", sends.entities).With("invert_media", in.At("invert_media")), sends, nil
	case "inputBotInlineMessageMediaGeo":
		media := "inputMediaGeoPoint"
		if !in.At("period").IsNone() {
			media = "inputMediaGeoLive"
		}
		sends.media, err = c.inlinePlace(media, in, shown)
	case "inputBotInlineMessageMediaVenue":
		sends.media, err = c.inlinePlace("inputMediaVenue", in, shown)
	case "inputBotInlineMessageMediaContact":
		for _, f := range [...]string{"phone_number", "first_name", "last_name", "vcard"} {
			shown.With(f, in.At(f))
		}
		sends.media = c.contactMedia(in)
	default:
		return nil, sends, notSimulated("results.send_message." + name)
	}
	return shown, sends, err
}

// inlinePlace is the media of a place that a result sends, and shown with it.
func (c *call) inlinePlace(media string, in, shown *tl.Object) (tl.Value, error) {
	place := c.new(media)
	for i := range in.Fields() {
		if name := in.Def().Params[i].Name; place.Def().Param(name) != nil {
			place.With(name, in.At(name))
		}
	}
	v, err := c.place(place)
	if err != nil {
		return tl.Value{}, err
	}
	for _, name := range [...]string{"geo", "heading", "period", "proximity_notification_radius", "title", "address", "provider", "venue_id", "venue_type"} {
		if shown.Def().Param(name) != nil && v.Object().Def().Param(name) != nil {
			shown.With(name, v.Object().At(name))
		}
	}
	return v, nil
}

// inlineID is the id by which a bot edits a message that was sent through it
// (https://core.telegram.org/constructor/inputBotInlineMessageID64).
func (v viewer) inlineID(l *letter) tl.Value {
	id := l.copies[0].id
	return v.new("inputBotInlineMessageID64").With("dc_id", tl.Int(v.dc)).With("owner_id", tl.Long(v.boxOwner(l))).
		With("id", tl.Int(id)).With("access_hash", tl.Long(accessHash(int64(id), v.me))).Value()
}

// boxOwner is in whose box a letter has its first id: its author's, or the
// channel's, negative.
func (w *world) boxOwner(l *letter) int64 {
	if l.to.kind == channelPeer {
		return -l.to.id
	}
	for _, p := range w.people {
		if l.copies[0].box == p.box {
			return p.id
		}
	}
	return 0
}

// inlineLetter is the message that an inline id names, if it was sent through the
// caller; else nil.
func (c *call) inlineLetter(in *tl.Object) *letter {
	var b *box
	owner, id := in.At("owner_id").AsLong(), in.At("id").AsInt()
	if p := c.byID[owner]; p != nil {
		b = p.box
	} else if r := c.room[peer{channelPeer, -owner}]; r != nil {
		b = r.box
	}
	if b == nil || in.At("access_hash").AsLong() != accessHash(int64(id), c.me) {
		return nil
	}
	if e := b.find(id); e != nil && e.base.At("via_bot_id").AsLong() == c.me.id {
		return e.letter
	}
	return nil
}

// messagesEditInlineBotMessage follows
// https://core.telegram.org/method/messages.editInlineBotMessage.
func messagesEditInlineBotMessage(c *call) (tl.Value, error) {
	l := c.inlineLetter(c.req.At("id").Object())
	if l == nil || len(l.copies) == 0 {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	base := l.base.Clone()
	if v := c.req.At("message"); !v.IsNone() {
		entities, err := c.text(c.req, maxMessage, "MESSAGE_TOO_LONG")
		switch {
		case err != nil:
			return tl.Value{}, err
		case v.AsString() == "" && base.At("media").IsNone():
			return tl.Value{}, bad("MESSAGE_EMPTY")
		}
		base.With("message", v).With("entities", c.detect(v.AsString(), entities))
	}
	markup, err := c.markup(c.req.At("reply_markup").Object(), l.to)
	if err != nil {
		return tl.Value{}, err
	}
	base.With("reply_markup", markup)
	if tl.Equal(base.Value(), l.base.Value()) {
		return tl.Value{}, bad("MESSAGE_NOT_MODIFIED")
	}
	l.base = base.With("edit_date", tl.Int(c.now))
	c.aside().tellEdit(l)
	return tl.Bool(true), nil
}
