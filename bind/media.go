package bind

import (
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// media makes an input form of what an object shows: a photo, a document, or
// for InputMedia anything else that a message can carry.
func (c *checker) media(n syntax.Node, o *tl.Object, t *schema.Type, at place) (tl.Value, bool) {
	if t.Name == "InputFileLocation" {
		if v, done := c.otherLocation(n, o); done {
			return v, true
		}
	}
	var all []*tl.Object
	gatherMedia(o, &all)
	var fit []*tl.Object
	for _, m := range all {
		if t.Name == "InputMedia" || t.Name == "InputFileLocation" || t.Name == "InputRichFile" || t.Name == "InputStickeredMedia" ||
			(m.Is("photo") || m.Is("inputPhoto")) == (t.Name == "InputPhoto" || t.Name == "InputChatPhoto") && file(m) {
			fit = append(fit, m)
		}
	}
	if len(fit) > 1 {
		c.errorf(n, "%s wants %s: there are %d of them in %s, choose one by its path", at.path(), t.Name, len(fit), describe(o.Value()))
		return tl.Value{}, true
	}
	if len(fit) == 0 {
		return tl.Value{}, false
	}
	m := fit[0]
	if t.Name == "InputMedia" {
		return c.inputMedia(n, m)
	}
	id, ok := c.fileID(m)
	if !ok {
		return tl.Value{}, false
	}
	kind := "Document"
	if id.Object().Is("inputPhoto") {
		kind = "Photo"
	}
	switch t.Name {
	case "InputChatPhoto":
		return c.make("inputChatPhoto", "id", id)
	case "InputRichFile", "InputStickeredMedia":
		return c.make(lowerFirst(t.Name)+kind, "id", id)
	case "InputFileLocation":
		size := ""
		if kind == "Photo" {
			if size = largest(m); size == "" {
				return tl.Value{}, false
			}
		}
		v, ok := c.copied("input"+kind+"FileLocation", m, "id", "access_hash", "file_reference")
		v.Object().With("thumb_size", tl.String(size))
		return v, ok
	}
	return id, true
}

// file reports a photo or a document.
func file(m *tl.Object) bool {
	switch m.Def().Name {
	case "photo", "inputPhoto", "document", "inputDocument":
		return true
	}
	return false
}

// fileID is the InputPhoto or InputDocument of a photo or a document.
func (c *checker) fileID(m *tl.Object) (tl.Value, bool) {
	switch m.Def().Name {
	case "inputPhoto", "inputDocument":
		return m.Value(), true
	case "photo", "document":
		name := m.Def().Name
		return c.copied("input"+strings.ToUpper(name[:1])+name[1:], m, "id", "access_hash", "file_reference")
	}
	return tl.Value{}, false
}

// inputMedia makes the InputMedia of a photo, a document or a message's media.
func (c *checker) inputMedia(n syntax.Node, m *tl.Object) (tl.Value, bool) {
	if file(m) {
		id, ok := c.fileID(m)
		name := "inputMediaDocument"
		if id.Object().Is("inputPhoto") {
			name = "inputMediaPhoto"
		}
		if !ok {
			return id, false
		}
		return c.make(name, "id", id)
	}
	point := func(name string, fields ...string) (tl.Value, bool) {
		g := geo(m)
		if m.Is("inputGeoPoint") {
			v, ok := c.make(name, "geo_point", m.Value())
			return v, ok
		}
		if g == nil {
			return tl.Value{}, false
		}
		in, _ := c.copied("inputGeoPoint", g, "lat", "long", "accuracy_radius")
		v, ok := c.copied(name, m, fields...)
		v.Object().With("geo_point", in)
		return v, ok
	}
	switch m.Def().Name {
	case "geoPoint", "inputGeoPoint", "messageMediaGeo":
		return point("inputMediaGeoPoint")
	case "messageMediaGeoLive":
		return point("inputMediaGeoLive", "heading", "period", "proximity_notification_radius")
	case "messageMediaVenue":
		return point("inputMediaVenue", "title", "address", "provider", "venue_id", "venue_type")
	case "messageMediaContact":
		return c.copied("inputMediaContact", m, "phone_number", "first_name", "last_name", "vcard")
	case "messageMediaPoll":
		return c.copied("inputMediaPoll", m, "poll")
	case "poll":
		return c.make("inputMediaPoll", "poll", m.Value())
	case "messageMediaDice":
		return c.copied("inputMediaDice", m, "emoticon")
	case "messageMediaToDo":
		return c.copied("inputMediaTodo", m, "todo")
	case "todoList":
		return c.make("inputMediaTodo", "todo", m.Value())
	case "messageMediaStory":
		return c.withPeer(n, "inputMediaStory", m.At("peer"), "id", m.At("id"))
	case "updateStory":
		return c.withPeer(n, "inputMediaStory", m.At("peer"), "id", m.At("story").Object().At("id"))
	case "webPage":
		return c.copied("inputMediaWebPage", m, "url")
	case "game", "inputGameID":
		id, _ := c.copied("inputGameID", m, "id", "access_hash")
		return c.make("inputMediaGame", "id", id)
	}
	return tl.Value{}, false
}

// gatherMedia collects what an object shows: of a message its media, of a media
// the photo or document in it, each once.
func gatherMedia(o *tl.Object, out *[]*tl.Object) {
	if o == nil {
		return
	}
	into := func(fields ...string) {
		for _, f := range fields {
			v := o.At(f)
			if vec := v.Vector(); vec != nil {
				for _, it := range vec.Items {
					gatherMedia(it.Object(), out)
				}
				continue
			}
			gatherMedia(v.Object(), out)
		}
	}
	switch o.Def().Name {
	case "photo", "document", "inputPhoto", "inputDocument":
		id := o.At("id").AsLong()
		for _, m := range *out {
			if file(m) && m.At("id").AsLong() == id {
				return
			}
		}
		*out = append(*out, o)
	case "geoPoint", "inputGeoPoint", "messageMediaGeo", "messageMediaGeoLive", "messageMediaVenue", "messageMediaContact",
		"messageMediaPoll", "poll", "messageMediaDice", "messageMediaToDo", "todoList", "messageMediaStory", "updateStory",
		"webPage", "game", "inputGameID":
		*out = append(*out, o)
	case "messageMediaPhoto", "messageMediaDocument", "messageMediaWebPage", "messageMediaGame":
		into("photo", "document", "webpage", "game")
	case "messageMediaPaidMedia", "messageExtendedMedia":
		into("extended_media", "media")
	case "wallPaper", "theme":
		into("document")
	case "starGift", "starGiftUnique":
		into("sticker")
	case "inputMediaPhoto", "inputMediaDocument", "inputChatPhoto":
		into("id")
	case "userFull":
		into("profile_photo")
	case "channelFull", "chatFull":
		into("chat_photo")
	default:
		into("media", "message", "messages", "update", "updates", "photo", "photos", "cover", "full_user", "full_chat", "story")
		if len(*out) == 0 {
			into("documents", "stickers", "gifs", "stories")
		}
	}
}

// largest is the type of a photo's largest size, "" when it has none to load.
func largest(photo *tl.Object) string {
	name, most := "", int64(-1)
	if vec := photo.At("sizes").Vector(); vec != nil {
		for _, s := range vec.Items {
			switch o := s.Object(); o.Def().Name {
			case "photoSize", "photoSizeProgressive", "photoCachedSize":
				if px := o.At("w").AsLong() * o.At("h").AsLong(); px > most {
					name, most = o.At("type").AsString(), px
				}
			}
		}
	}
	return name
}

// otherLocation is where a file lies that is no photo or document by itself.
func (c *checker) otherLocation(n syntax.Node, o *tl.Object) (tl.Value, bool) {
	switch o.Def().Name {
	case "encryptedFile":
		return c.copied("inputEncryptedFileLocation", o, "id", "access_hash")
	case "secureFile":
		return c.copied("inputSecureFileLocation", o, "id", "access_hash")
	case "user", "chat", "channel":
		if id := o.At("photo").Object().At("photo_id"); !id.IsNone() {
			return c.withPeer(n, "inputPeerPhotoFileLocation", o.Value(), "photo_id", id, "big", tl.Bool(true))
		}
	case "stickerSet", "messages.stickerSet", "stickerSetCovered":
		s := stickerSet(o)
		if version := s.At("thumb_version"); !version.IsNone() {
			set, _ := c.copied("inputStickerSetID", s, "id", "access_hash")
			return c.make("inputStickerSetThumb", "stickerset", set, "thumb_version", version)
		}
	}
	return tl.Value{}, false
}
