package bind

import (
	"strings"

	"tlsh/schema"
)

// Accepts says in a few words what can be written where a t is wanted: the type,
// and in brackets the forms that a value may have. def and p are the parameter
// that it is for, or the vector's that it is an element of; both may be nil. It
// is what help shows and what errors want.
func Accepts(def *schema.Combinator, p *schema.Param, t *schema.Type) string {
	switch t.Kind {
	case schema.KindInt:
		m := meaningOf(def, p, t)
		if forms := numberForms(m); forms != "" {
			return "int (" + forms + m.names() + ")"
		}
	case schema.KindLong:
		if wantsGroup(def, p, t) {
			return "long (the id of a basic group, its title, or the group)"
		}
	case schema.KindString:
		if def != nil && p != nil && p.Type == t && entitiesOf(def, def.Index(p.Name)) >= 0 {
			return `string (or md"**bold**", html"<b>bold</b>")`
		}
	case schema.KindVector:
		inner := Accepts(def, p, t.Elem)
		if _, forms, ok := strings.Cut(inner, " ("); ok && inner != plainWants(t.Elem) {
			return t.Name + " ([…] or one: " + forms
		}
		return t.Name + " ([…])"
	case schema.KindBoxed:
		if forms := objectForms(t); forms != "" {
			return t.Name + " (" + forms + ")"
		}
	}
	return plainWants(t)
}

// IsDate reports that the parameter p of def is a date, whose zone is that of
// the clock unless the text names one.
func IsDate(def *schema.Combinator, p *schema.Param) bool {
	t := p.Type
	if t.Kind == schema.KindVector {
		t = t.Elem
	}
	return meaningOf(def, p, t).sense == senseDate
}

// wants is Accepts of a place.
func (c *checker) wants(t *schema.Type, at place) string {
	def, p := at.parameter()
	return Accepts(def, p, t)
}

// plainWants describes a type by itself.
func plainWants(t *schema.Type) string {
	switch t.Kind {
	case schema.KindInt:
		return "int (a whole number of 32 bits)"
	case schema.KindLong:
		return "long (a whole number of 64 bits)"
	case schema.KindDouble:
		return "double (a number)"
	case schema.KindBool, schema.KindTrue:
		return "true or false"
	case schema.KindBytes:
		return `bytes (hex:…, base64:…, file:… or "…")`
	case schema.KindInt128:
		return "int128 (hex: and 32 digits)"
	case schema.KindInt256:
		return "int256 (hex: and 64 digits)"
	case schema.KindString:
		return "string"
	case schema.KindAny:
		return "a request"
	}
	return t.Name
}

// numberForms are the forms of a number that means something.
func numberForms(m meaning) string {
	switch m.sense {
	case senseDate:
		return "a date in local time: " + dateForms
	case sensePeriod:
		return "a time: 30s 5m 2h 1d 1w, or seconds"
	case senseDays:
		return "days: 30, 30d or 2w"
	case senseColour:
		return `a colour: 0xff8800 or "#ff8800"`
	case senseMessage:
		return "the number of a message, a message, or its link"
	case senseStory:
		return "the number of a story, a story, or its link"
	}
	return ""
}

// most is how many words a list of choices has in Accepts.
const most = 12

// objectForms are the forms of an object besides its constructors.
func objectForms(t *schema.Type) string {
	switch t.Name {
	case "InputNotifyPeer":
		return "@name, me, an id, users, chats, broadcasts or a constructor"
	case "InputMessage":
		return "the number of a message, a message, its link or a constructor"
	case "InputReplyTo":
		return "the number of a message, a message, a story, its link or a constructor"
	case "InputPhoto", "InputDocument", "InputChatPhoto":
		what := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(t.Name, "Input"), "Chat"))
		return "a " + what + ", a message with one, file:PATH or a constructor"
	case "InputMedia":
		return "file:PATH, a photo, document, message or its media, or a constructor"
	case "InputFile":
		return "file:PATH, what upload gave, or a constructor"
	case "InputFileLocation":
		return "a photo, document, message, user or chat, or a constructor"
	case "InputGeoPoint":
		return `"LATITUDE LONGITUDE", a geoPoint or a constructor`
	case "InputStickerSet":
		return "a short name, t.me/addstickers/NAME, a stickerSet or a constructor"
	case "InputWallPaper", "InputTheme":
		return "a slug, its link, a " + lowerFirst(strings.TrimPrefix(t.Name, "Input")) + " or a constructor"
	case "InputGroupCall", "InputInvoice", "InputSavedStarGift", "InputStarGiftAuction":
		return "a slug, its link or a constructor"
	case "InputQuickReplyShortcut":
		return "a name, a number, a quickReply or a constructor"
	case "InputChatlist":
		return "the number of a folder, or a constructor"
	case "InputCollectible":
		return "@name, +phone or a constructor"
	case "AccountDaysTTL":
		return "days: 180, 180d, 6mo or 1y"
	case "Reaction":
		return "an emoji, the id of a custom emoji, paid, empty"
	case "EmojiStatus":
		return "the id of a custom emoji, empty or a constructor"
	case "TextWithEntities":
		return `text, md"**bold**", html"<b>bold</b>"`
	case "RichText":
		return "text or a constructor"
	case "DataJSON", "JSONValue":
		return `JSON as text, a list or any value`
	}
	if IsPeer(t) {
		return "@name, me, an id or a constructor"
	}
	words := shorts(t)
	if len(words) == 0 {
		return ""
	}
	var list []string
	for _, w := range words {
		list = append(list, w.word)
	}
	if len(list) > most {
		list = append(list[:most], "…")
	}
	s := strings.Join(list, ", ")
	if len(words) < len(t.Class.Constructors()) {
		s += " or a constructor"
	}
	return s
}

// Means reports a number that is more than one: a date, a period, a message's.
func Means(def *schema.Combinator, p *schema.Param) bool {
	t := p.Type
	if t.Kind == schema.KindVector {
		t = t.Elem
	}
	return numberForms(meaningOf(def, p, t)) != ""
}
