package bind

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"tlsh/ref"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// numberText makes an int of a text that is no number, by what the parameter
// means: a date, an interval, a colour, the link of a message. done is false
// when the text has no such form.
func (c *checker) numberText(n syntax.Node, s string, t *schema.Type, at place) (v tl.Value, done bool) {
	if t.Kind != schema.KindInt {
		return c.group(n, tl.String(s), t, at)
	}
	def, p := at.parameter()
	m := meaningOf(def, p, t)
	if w, ok := m.word(s); ok {
		return tl.Int(w), true
	}
	switch m.sense {
	case senseDate:
		return c.date(n, s, t, at)
	case sensePeriod:
		if sec, ok := interval(s); ok {
			return tl.Int(int32(sec)), true
		}
	case senseDays:
		if sec, ok := interval(s); ok {
			if sec%86400 != 0 {
				c.errorf(n, "%s counts days, and %s is no number of whole days", at.path(), show(s))
				return tl.Value{}, true
			}
			return tl.Int(int32(sec / 86400)), true
		}
	case senseColour:
		if rgb, ok := colour(s); ok {
			return tl.Int(rgb), true
		}
	case senseMessage:
		if _, id, ok := ref.Post(s); ok {
			return tl.Int(id), true
		}
	case senseStory:
		if _, id, ok := StoryLink(s); ok {
			return tl.Int(id), true
		}
	}
	return tl.Value{}, false
}

// date makes a date of a text; one that hangs on the clock or on the time zone
// is a hole.
func (c *checker) date(n syntax.Node, s string, t *schema.Type, at place) (tl.Value, bool) {
	m, err := readMoment(s)
	if err == errNoDate {
		if _, ok := interval(s); ok {
			c.mismatch(n, t, at).Fix = "from now on: now+" + s
			return tl.Value{}, true
		}
		return tl.Value{}, false
	}
	v := tl.Value{}
	if err == nil {
		// In whichever zone: what does not fit at all is told now.
		v, err = seconds(m.in(time.Unix(1e9, 0).UTC()))
	}
	if err != nil {
		c.errorf(n, "%s: %v", at.path(), err)
		return tl.Value{}, true
	}
	if m.fixed() {
		return v, true
	}
	c.hole(&Hole{Kind: HoleClock, Want: t, Node: n, Text: s}, at)
	return tl.Value{}, true
}

// colour reads #rrggbb and #rgb.
func colour(s string) (int32, bool) {
	h, ok := strings.CutPrefix(s, "#")
	if ok && len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	if !ok || len(h) != 6 {
		return 0, false
	}
	n, err := strconv.ParseUint(h, 16, 24)
	return int32(n), err == nil
}

// objectText makes an object of a text that is no constructor's name. word says
// that it stands without quotes, so that a short word may be meant. done is
// false when the text has no form that t takes.
func (c *checker) objectText(n syntax.Node, s string, word bool, t *schema.Type, at place) (v tl.Value, done bool) {
	if word {
		if num, ok := integer(s); ok && num.IsInt64() {
			c.role(n, RoleNumber)
			return c.objectNumber(n, num.Int64(), t, at)
		}
	}
	if word || t.Name != "InputStickerSet" {
		// In quotes, a sticker set's name is a name.
		if def := c.enum(n, s, t); def != nil {
			return tl.New(def).Value(), true
		}
	}
	switch t.Name {
	case "InputMessage", "InputReplyTo":
		if _, id, ok := ref.Post(s); ok {
			return c.objectNumber(n, int64(id), t, at)
		}
		if peer, id, ok := StoryLink(s); ok && t.Name == "InputReplyTo" {
			return c.withPeer(n, "inputReplyToStory", tl.String(peer), "story_id", tl.Int(id))
		}
	case "InputGeoPoint":
		return c.geoPoint(n, s, at)
	case "InputStickerSet":
		name, isLink := slug(s, "addstickers", "addemoji")
		if isLink || isName(name) {
			return c.make("inputStickerSetShortName", "short_name", tl.String(name))
		}
	case "InputWallPaper":
		name, _ := slug(s, "bg")
		return c.makeSlug("inputWallPaperSlug", name)
	case "InputTheme":
		name, _ := slug(s, "addtheme")
		return c.makeSlug("inputThemeSlug", name)
	case "InputGroupCall":
		name, _ := slug(s, "call")
		return c.makeSlug("inputGroupCallSlug", name)
	case "InputInvoice":
		name, _ := slug(s, "invoice")
		if dollar, ok := strings.CutPrefix(lastPart(s), "$"); ok {
			name = dollar
		}
		return c.makeSlug("inputInvoiceSlug", name)
	case "InputSavedStarGift":
		name, _ := slug(s, "nft")
		return c.makeSlug("inputSavedStarGiftSlug", name)
	case "InputStarGiftAuction":
		name, _ := slug(s, "auction")
		return c.makeSlug("inputStarGiftAuctionSlug", name)
	case "InputQuickReplyShortcut":
		return c.make("inputQuickReplyShortcut", "shortcut", tl.String(s))
	case "AccountDaysTTL":
		if sec, ok := interval(s); ok && sec%86400 == 0 {
			return c.objectNumber(n, sec/86400, t, at)
		}
	case "InputCollectible":
		if name, ok := strings.CutPrefix(s, "@"); ok {
			return c.make("inputCollectibleUsername", "username", tl.String(name))
		}
		if strings.HasPrefix(s, "+") {
			return c.make("inputCollectiblePhone", "phone", tl.String(strings.TrimPrefix(s, "+")))
		}
	case "BotCommandScope":
		if strings.HasPrefix(s, "@") {
			return c.withPeer(n, "botCommandScopePeer", tl.String(s))
		}
	case "Reaction":
		if isEmoji(s) {
			return c.make("reactionEmoji", "emoticon", tl.String(s))
		}
	case "TextWithEntities":
		return c.make("textWithEntities", "text", tl.String(s), "entities", tl.VectorOf(c.schema.TypeOf("MessageEntity")))
	case "RichText":
		return c.make("textPlain", "text", tl.String(s))
	case "DataJSON", "JSONValue":
		return c.jsonText(n, s, t, at)
	}
	return tl.Value{}, false
}

// objectNumber makes an object of a number.
func (c *checker) objectNumber(n syntax.Node, id int64, t *schema.Type, at place) (v tl.Value, done bool) {
	small := id == int64(int32(id))
	switch t.Name {
	case "InputMessage":
		return c.makeIf(small, "inputMessageID", "id", tl.Int(int32(id)))
	case "InputReplyTo":
		return c.makeIf(small, "inputReplyToMessage", "reply_to_msg_id", tl.Int(int32(id)))
	case "InputChatlist":
		return c.makeIf(small, "inputChatlistDialogFilter", "filter_id", tl.Int(int32(id)))
	case "InputQuickReplyShortcut":
		return c.makeIf(small, "inputQuickReplyShortcutId", "shortcut_id", tl.Int(int32(id)))
	case "InputSavedStarGift":
		return c.makeIf(small, "inputSavedStarGiftUser", "msg_id", tl.Int(int32(id)))
	case "InputStarGiftAuction":
		return c.make("inputStarGiftAuction", "gift_id", tl.Long(id))
	case "AccountDaysTTL":
		return c.makeIf(small, "accountDaysTTL", "days", tl.Int(int32(id)))
	case "Reaction":
		return c.makeIf(!small, "reactionCustomEmoji", "document_id", tl.Long(id))
	case "EmojiStatus":
		return c.makeIf(!small, "emojiStatus", "document_id", tl.Long(id))
	case "TextWithEntities", "RichText", "DataJSON", "JSONValue":
		return c.objectText(n, strconv.FormatInt(id, 10), false, t, at)
	}
	return tl.Value{}, false
}

// make builds a constructor of fields given by name and value; ok is false when
// the layer lacks it.
func (c *checker) make(name string, fields ...any) (v tl.Value, ok bool) {
	def := c.schema.Constructor(name)
	if def == nil {
		return tl.Value{}, false
	}
	o := tl.New(def)
	for i := 0; i+1 < len(fields); i += 2 {
		o.With(fields[i].(string), fields[i+1].(tl.Value))
	}
	return o.Value(), true
}

func (c *checker) makeIf(cond bool, name string, fields ...any) (tl.Value, bool) {
	if !cond {
		return tl.Value{}, false
	}
	return c.make(name, fields...)
}

func (c *checker) makeSlug(name, slug string) (tl.Value, bool) {
	ok := slug != "" && strings.Trim(slug, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-~.") == ""
	return c.makeIf(ok, name, "slug", tl.String(slug))
}

// withPeer builds a constructor whose parameter peer is a reference, and so a
// hole.
func (c *checker) withPeer(n syntax.Node, name string, peer tl.Value, fields ...any) (tl.Value, bool) {
	v, ok := c.make(name, fields...)
	o := v.Object()
	if i := -1; ok {
		if i = o.Def().Index("peer"); i >= 0 {
			if w := c.convert(n, peer, o.Def().Params[i].Type, place{of: o, param: i}); !w.IsNone() {
				o.Set(i, w)
			}
		}
	}
	return v, ok
}

// telegram is what comes behind the host of a link of Telegram's.
func telegram(s string) (path string, ok bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	for _, host := range [...]string{"t.me/", "telegram.me/", "telegram.dog/"} {
		if len(s) > len(host) && strings.EqualFold(s[:len(host)], host) {
			path, _, _ = strings.Cut(s[len(host):], "?")
			return strings.TrimSuffix(path, "/"), true
		}
	}
	return "", false
}

// slug takes the name out of t.me/KIND/NAME and tg://KIND?…=NAME; any other text
// without a slash is the name itself.
func slug(s string, kinds ...string) (name string, link bool) {
	path, is := telegram(s)
	for _, k := range kinds {
		if name, ok := strings.CutPrefix(path, k+"/"); is && ok {
			return name, true
		}
		if query, ok := strings.CutPrefix(s, "tg://"+k+"?"); ok {
			_, name, _ := strings.Cut(query, "=")
			return name, true
		}
	}
	if is || strings.Contains(s, "/") {
		return "", false
	}
	return s, false
}

func lastPart(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// StoryLink reads t.me/NAME/s/ID.
func StoryLink(s string) (peer string, id int32, ok bool) {
	path, is := telegram(s)
	name, number, found := strings.Cut(path, "/s/")
	n, err := strconv.ParseInt(number, 10, 32)
	if !is || !found || err != nil || n <= 0 || name == "" || strings.Contains(name, "/") {
		return "", 0, false
	}
	return "@" + name, int32(n), true
}

// isName reports a sticker set's short name.
func isName(s string) bool {
	if s == "" || len(s) > 64 || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// isEmoji is generous: which emoji are reactions, the server knows.
func isEmoji(s string) bool {
	symbol := false
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar {
			return false
		}
		symbol = symbol || r > 0x7f
	}
	return symbol
}

// geoPoint reads latitude and longitude in degrees, with a space or a comma
// between them.
func (c *checker) geoPoint(n syntax.Node, s string, at place) (tl.Value, bool) {
	f := strings.FieldsFunc(strings.TrimPrefix(s, "geo:"), func(r rune) bool { return r == ' ' || r == ',' })
	if len(f) != 2 {
		return tl.Value{}, false
	}
	lat, ok1 := double(f[0])
	long, ok2 := double(f[1])
	if !ok1 || !ok2 {
		return tl.Value{}, false
	}
	for _, d := range []struct {
		name  string
		value float64
		most  float64
	}{{"latitude", lat, 90}, {"longitude", long, 180}} {
		if !(d.value >= -d.most && d.value <= d.most) {
			c.errorf(n, "%s: there is no %s of %v degrees", at.path(), d.name, d.value).Fix = `first the latitude, then the longitude: "48.2 16.3"`
			return tl.Value{}, true
		}
	}
	return c.make("inputGeoPoint", "lat", tl.Double(lat), "long", tl.Double(long))
}

// ownID is the id of an object where a parameter called NAME_id wants one: a
// user's for user_id, a document's for document_id.
func ownID(o *tl.Object, p *schema.Param) (tl.Value, bool) {
	if o == nil || p == nil || o.Def().Method {
		return tl.Value{}, false
	}
	stem, ok := strings.CutSuffix(p.Name, "_id")
	if !ok {
		return tl.Value{}, false
	}
	if v := o.At(p.Name); !v.IsNone() {
		return v, v.Kind() != tl.KindObject
	}
	stem = stem[strings.LastIndexByte(stem, '_')+1:]
	kind := strings.ToLower(o.Def().Result.Name + " " + o.Def().Name)
	switch stem {
	case "bot", "admin", "author", "inviter", "owner", "participant":
		stem = "user"
	case "emoji", "icon":
		stem = "document"
	}
	id := o.At("id")
	return id, strings.Contains(kind, stem) && !id.IsNone()
}
