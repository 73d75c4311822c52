package bind

import (
	"fmt"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// inputForm makes the t that stands for an object which came from the server:
// the InputDocument of a document, the InputMedia of a message. done is false
// when o has no such form.
func (c *checker) inputForm(n syntax.Node, o *tl.Object, t *schema.Type, at place) (v tl.Value, done bool) {
	class := o.Def().Result.Name
	if class == "InputFile" {
		return c.ofInputFile(n, o, t, at)
	}
	switch t.Name {
	case "InputMessage", "InputReplyTo":
		return c.answerTo(n, o, t, at)
	case "InputPhoto", "InputDocument", "InputMedia", "InputChatPhoto", "InputFileLocation", "InputRichFile", "InputStickeredMedia":
		return c.media(n, o, t, at)
	case "InputGeoPoint":
		if g := geo(o); g != nil {
			return c.copied("inputGeoPoint", g, "lat", "long", "accuracy_radius")
		}
	case "InputEncryptedChat":
		if id := o.At("id"); class == "EncryptedChat" && !o.At("access_hash").IsNone() {
			return c.make("inputEncryptedChat", "chat_id", id, "access_hash", o.At("access_hash"))
		}
	case "InputStickerSet":
		if s := stickerSet(o); s != nil {
			if s.Def().Result.Name == "InputStickerSet" {
				return s.Value(), true
			}
			return c.copied("inputStickerSetID", s, "id", "access_hash")
		}
	case "InputGroupCall":
		return c.groupCall(o)
	case "InputPhoneCall":
		if o.Is("phone.phoneCall") {
			o = o.At("phone_call").Object()
		}
		if o != nil && o.Def().Result.Name == "PhoneCall" && !o.At("access_hash").IsNone() {
			return c.copied("inputPhoneCall", o, "id", "access_hash")
		}
	case "InputInvoice":
		if o.Is("message") {
			return c.withPeer(n, "inputInvoiceMessage", o.At("peer_id"), "msg_id", o.At("id"))
		}
	case "InputChatlist":
		if class == "DialogFilter" && !o.At("id").IsNone() {
			return c.make("inputChatlistDialogFilter", "filter_id", o.At("id"))
		}
	case "InputSavedStarGift":
		if id := o.At("msg_id"); o.Is("savedStarGift") && !id.IsNone() {
			return c.make("inputSavedStarGiftUser", "msg_id", id)
		}
	case "InputStarGiftAuction":
		if class == "StarGift" {
			return c.make("inputStarGiftAuction", "gift_id", o.At("id"))
		}
	case "Reaction", "EmojiStatus":
		return c.emoji(o, t)
	case "BotCommandScope":
		if peerLike(o) {
			return c.withPeer(n, "botCommandScopePeer", o.Value())
		}
	case "DataJSON", "JSONValue":
		return c.jsonOf(n, o.Value(), t, at)
	}
	return c.identified(o, t)
}

// groupCall makes the form of a call, or of what has one.
func (c *checker) groupCall(o *tl.Object) (tl.Value, bool) {
	if call := o.At("call").Object(); call != nil && !o.Def().Method {
		if call.Def().Result.Name == "InputGroupCall" {
			return call.Value(), true
		}
		o = call
	}
	if o.Def().Result.Name != "GroupCall" || o.At("access_hash").IsNone() {
		return tl.Value{}, false
	}
	return c.copied("inputGroupCall", o, "id", "access_hash")
}

// identities are the objects whose form is nothing but what identifies them: within is
// the constructor that may stand around one, and field where it has it.
var identities = [...]struct {
	want, of, makes string
	fields          []string
	within, field   string
}{
	{want: "InputGame", of: "game", makes: "inputGameID", fields: []string{"id", "access_hash"}, within: "messageMediaGame", field: "game"},
	{want: "InputEncryptedFile", of: "encryptedFile", makes: "inputEncryptedFile", fields: []string{"id", "access_hash"}},
	{want: "InputWallPaper", of: "wallPaper", makes: "inputWallPaper", fields: []string{"id", "access_hash"}},
	{want: "InputWallPaper", of: "wallPaperNoFile", makes: "inputWallPaperNoFile", fields: []string{"id"}},
	{want: "InputTheme", of: "theme", makes: "inputTheme", fields: []string{"id", "access_hash"}},
	{want: "InputBotApp", of: "botApp", makes: "inputBotAppID", fields: []string{"id", "access_hash"}, within: "messages.botApp", field: "app"},
	{want: "InputQuickReplyShortcut", of: "quickReply", makes: "inputQuickReplyShortcutId", fields: []string{"shortcut_id"}},
	{want: "InputAiComposeTone", of: "aiComposeTone", makes: "inputAiComposeToneID", fields: []string{"id", "access_hash"}},
}

// identified makes the form of one of the identities.
func (c *checker) identified(o *tl.Object, t *schema.Type) (tl.Value, bool) {
	for _, f := range identities {
		if f.want != t.Name {
			continue
		}
		inner := o
		if f.within != "" && o.Is(f.within) {
			inner = o.At(f.field).Object()
		}
		if inner != nil && inner.Is(f.of) {
			return c.copied(f.makes, inner, f.fields...)
		}
	}
	return tl.Value{}, false
}

// copied builds a constructor of fields that another object has too.
func (c *checker) copied(name string, from *tl.Object, fields ...string) (tl.Value, bool) {
	v, ok := c.make(name)
	for _, f := range fields {
		v.Object().With(f, from.At(f))
	}
	return v, ok
}

// answerTo makes what answers a message or a story.
func (c *checker) answerTo(n syntax.Node, o *tl.Object, t *schema.Type, at place) (tl.Value, bool) {
	if t.Name == "InputReplyTo" {
		switch story := o.At("story").Object(); {
		case o.Is("updateStory") && story != nil:
			return c.withPeer(n, "inputReplyToStory", o.At("peer"), "story_id", story.At("id"))
		case o.Is("messageMediaStory"):
			return c.withPeer(n, "inputReplyToStory", o.At("peer"), "story_id", o.At("id"))
		case o.Is("storyItem") && !o.At("from_id").IsNone():
			return c.withPeer(n, "inputReplyToStory", o.At("from_id"), "story_id", o.At("id"))
		}
	}
	id, err := messageID(o.Value())
	if err != nil {
		if o.Def().Result.Name == "Updates" || !o.At("messages").IsNone() {
			c.errorf(n, "%s wants %s: %v", at.path(), c.wants(t, at), err)
			return tl.Value{}, true
		}
		return tl.Value{}, false
	}
	return c.objectNumber(n, id.AsLong(), t, at)
}

// geo is the point that an object is, or holds.
func geo(o *tl.Object) *tl.Object {
	switch o.Def().Name {
	case "geoPoint":
		return o
	case "messageMediaGeo", "messageMediaGeoLive", "messageMediaVenue", "channelLocation", "businessLocation":
		for _, f := range []string{"geo", "geo_point"} {
			if g := o.At(f).Object(); g.Is("geoPoint") {
				return g
			}
		}
	case "message":
		if m := o.At("media").Object(); m != nil {
			return geo(m)
		}
	}
	return nil
}

// stickerSet is the StickerSet or InputStickerSet that an object is, or holds.
func stickerSet(o *tl.Object) *tl.Object {
	switch o.Def().Name {
	case "stickerSet":
		return o
	case "document":
		if vec := o.At("attributes").Vector(); vec != nil {
			for _, a := range vec.Items {
				if s := a.Object().At("stickerset").Object(); s != nil && !s.Is("inputStickerSetEmpty") {
					return s
				}
			}
		}
		return nil
	}
	if s := o.At("set").Object(); s.Is("stickerSet") {
		return s
	}
	if s := o.At("stickerset").Object(); s != nil {
		return s
	}
	return nil
}

// emoji makes the Reaction or EmojiStatus that an object means.
func (c *checker) emoji(o *tl.Object, t *schema.Type) (tl.Value, bool) {
	if r := o.At("reaction").Object(); r != nil && t.Name == "Reaction" && r.Def().Result == t {
		return r.Value(), true // a reactionCount, a messagePeerReaction
	}
	if !o.Is("document") {
		return tl.Value{}, false
	}
	if t.Name == "Reaction" {
		return c.make("reactionCustomEmoji", "document_id", o.At("id"))
	}
	return c.make("emojiStatus", "document_id", o.At("id"))
}

// storyID is the id of a story, or of the update or the media that holds one.
func storyID(o *tl.Object) (tl.Value, error) {
	if o == nil {
		return tl.Value{}, fmt.Errorf("there is no story in it")
	}
	switch o.Def().Name {
	case "storyItem", "storyItemSkipped", "storyItemDeleted", "messageMediaStory", "updateStoryID":
		return o.At("id"), nil
	case "updateStory":
		return storyID(o.At("story").Object())
	case "updates":
		if vec := o.At("updates").Vector(); vec != nil {
			for _, u := range vec.Items {
				if id, err := storyID(u.Object()); err == nil {
					return id, nil
				}
			}
		}
	}
	return tl.Value{}, fmt.Errorf("there is no story in %s", describe(o.Value()))
}
