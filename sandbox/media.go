package sandbox

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"tlsh/tl"
)

// mediaErrors are those of call.media.
const mediaErrors = " EMOTICON_INVALID GEO_POINT_INVALID MEDIA_EMPTY MEDIA_INVALID POLL_ANSWERS_INVALID POLL_ANSWER_INVALID POLL_CLOSE_DATE_INVALID POLL_OPTION_DUPLICATE POLL_OPTION_INVALID POLL_QUESTION_INVALID POLL_SOLUTION_INVALID QUIZ_CORRECT_ANSWERS_EMPTY QUIZ_CORRECT_ANSWERS_TOO_MUCH QUIZ_CORRECT_ANSWER_INVALID QUIZ_MULTIPLE_INVALID WEBPAGE_NOT_FOUND"

// media makes the MessageMedia of an InputMedia
// (https://core.telegram.org/constructor/inputMediaGeoPoint and those beside
// it); none for an optional web page, as there is no web here.
func (c *call) media(in *tl.Object) (tl.Value, error) {
	switch in.Def().Name {
	case "inputMediaEmpty":
		return tl.Value{}, bad("MEDIA_EMPTY")
	case "inputMediaGeoPoint", "inputMediaGeoLive", "inputMediaVenue":
		return c.place(in)
	case "inputMediaContact":
		return c.contactMedia(in), nil
	case "inputMediaDice":
		return c.dice(in.At("emoticon").AsString())
	case "inputMediaPoll":
		for _, name := range [...]string{"attached_media", "solution_media"} {
			if !in.At(name).IsNone() {
				return tl.Value{}, notSimulated("media." + name)
			}
		}
		p, err := c.newPoll(in)
		if err != nil {
			return tl.Value{}, err
		}
		c.polls[p.id()] = p
		return c.new("messageMediaPoll").With("poll", p.def.Value()).With("results", c.new("pollResults").Value()).Value(), nil
	case "inputMediaWebPage":
		if in.At("optional").AsBool() {
			return tl.Value{}, nil
		}
		return tl.Value{}, bad("WEBPAGE_NOT_FOUND")
	}
	return c.fileMedia(in)
}

// fileMedia makes the media of a photo or document, sent anew or again.
func (c *call) fileMedia(in *tl.Object) (tl.Value, error) {
	for _, name := range [...]string{"stickers", "ttl_seconds", "video", "live_photo", "video_cover"} {
		if in.Def().Param(name) != nil && !in.At(name).IsNone() {
			return tl.Value{}, notSimulated("media." + name)
		}
	}
	switch in.Def().Name {
	case "inputMediaUploadedPhoto":
		f, err := c.uploaded(in.At("file"))
		if err != nil {
			return tl.Value{}, err
		}
		p, err := c.newPicture(f, false)
		if err != nil {
			return tl.Value{}, err
		}
		return c.photoMedia(in, p), nil
	case "inputMediaPhoto":
		p, err := c.photoBy(in.At("id"))
		if err != nil {
			return tl.Value{}, err
		}
		if p == nil {
			return tl.Value{}, bad("MEDIA_EMPTY")
		}
		return c.photoMedia(in, p), nil
	case "inputMediaUploadedDocument":
		return c.uploadedDocument(in)
	case "inputMediaDocument":
		d, err := c.documentBy(in.At("id"))
		if err != nil {
			return tl.Value{}, err
		}
		if d == nil {
			return tl.Value{}, bad("MEDIA_EMPTY")
		}
		return c.documentMedia(in, d), nil
	}
	return tl.Value{}, notSimulated("media." + in.Def().Name)
}

func (c *call) photoMedia(in *tl.Object, p *picture) tl.Value {
	return c.new("messageMediaPhoto").With("spoiler", in.At("spoiler")).With("photo", c.photoRef(p)).Value()
}

// uploadedDocument stores an uploaded file. force_file makes it one that is not
// played; nosound_video changes nothing, as videos are not
// converted here.
func (c *call) uploadedDocument(in *tl.Object) (tl.Value, error) {
	f, err := c.uploaded(in.At("file"))
	if err != nil {
		return tl.Value{}, err
	}
	var thumb blob
	if v := in.At("thumb"); !v.IsNone() {
		if thumb, err = c.uploaded(v); err != nil {
			return tl.Value{}, err
		}
	}
	var attributes []tl.Value
	for _, a := range in.At("attributes").Vector().Items {
		if !in.At("force_file").AsBool() || a.Object().Is("documentAttributeFilename") {
			attributes = append(attributes, a)
		}
	}
	d, err := c.newDocument(f, thumb, in.At("mime_type").AsString(), attributes)
	if err != nil {
		return tl.Value{}, err
	}
	return c.documentMedia(in, d), nil
}

func (c *call) documentMedia(in *tl.Object, d *document) tl.Value {
	o := c.new("messageMediaDocument").With("spoiler", in.At("spoiler")).With("document", c.documentRef(d)).
		With("video_timestamp", in.At("video_timestamp"))
	switch documentKind(d.attributes) {
	case "send_videos", "send_gifs":
		o.With("video", tl.Bool(true))
	case "send_roundvideos":
		o.With("video", tl.Bool(true)).With("round", tl.Bool(true))
	case "send_voices":
		o.With("voice", tl.Bool(true))
	}
	return o.Value()
}

// geoPoint makes the GeoPoint of an InputGeoPoint. Error: GEO_POINT_INVALID.
func (c *call) geoPoint(at *tl.Object) (tl.Value, error) {
	lat, long := at.At("lat").AsDouble(), at.At("long").AsDouble()
	if !at.Is("inputGeoPoint") || !(math.Abs(lat) <= 90 && math.Abs(long) <= 180) {
		return tl.Value{}, bad("GEO_POINT_INVALID")
	}
	return c.new("geoPoint").With("long", at.At("long")).With("lat", at.At("lat")).With("access_hash", tl.Long(c.serialID())).
		With("accuracy_radius", at.At("accuracy_radius")).Value(), nil
}

// place makes the media of a point on the map.
func (c *call) place(in *tl.Object) (tl.Value, error) {
	geo, err := c.geoPoint(in.At("geo_point").Object())
	if err != nil {
		return tl.Value{}, err
	}
	switch in.Def().Name {
	case "inputMediaVenue":
		o := c.new("messageMediaVenue").With("geo", geo)
		for _, name := range [...]string{"title", "address", "provider", "venue_id", "venue_type"} {
			o.With(name, in.At(name))
		}
		return o.Value(), nil
	case "inputMediaGeoLive":
		// For a minute to a day, or until it is stopped.
		period := in.At("period").AsInt()
		if period != math.MaxInt32 && (period < 60 || period > 86400) {
			return tl.Value{}, bad("MEDIA_INVALID")
		}
		return c.new("messageMediaGeoLive").With("geo", geo).With("period", tl.Int(period)).With("heading", in.At("heading")).
			With("proximity_notification_radius", in.At("proximity_notification_radius")).Value(), nil
	}
	return c.new("messageMediaGeo").With("geo", geo).Value(), nil
}

// contactMedia is somebody's number as it is passed on, with who has it here.
func (c *call) contactMedia(in *tl.Object) tl.Value {
	o := c.new("messageMediaContact").With("user_id", tl.Long(0))
	for _, name := range [...]string{"phone_number", "first_name", "last_name", "vcard"} {
		o.With(name, in.At(name))
	}
	if p := c.phoned(in.At("phone_number").AsString()); p != nil {
		o.With("user_id", tl.Long(p.id))
	}
	return o.Value()
}

// dice is an emoji that falls on one of its sides.
type dice struct {
	emoji string
	sides int64
}

var dices = [...]dice{{"🎲", 6}, {"🎯", 6}, {"🏀", 5}, {"⚽", 5}, {"🎰", 64}, {"🎳", 6}}

// dice throws what the emoji shows (https://core.telegram.org/api/dice). What
// falls follows from how many throws and other ids there were before.
func (c *call) dice(emoticon string) (tl.Value, error) {
	i := slices.IndexFunc(dices[:], func(d dice) bool { return d.emoji == bareEmoji(emoticon) })
	if i < 0 {
		return tl.Value{}, bad("EMOTICON_INVALID")
	}
	sides := dices[i].sides
	value := int32(c.serialID()%sides) + 1
	return c.new("messageMediaDice").With("value", tl.Int(value)).With("emoticon", tl.String(bareEmoji(emoticon))).Value(), nil
}

// messagesSendMedia follows https://core.telegram.org/method/messages.sendMedia.
func messagesSendMedia(c *call) (tl.Value, error) {
	to, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	caption := c.req.At("message").AsString()
	entities, err := c.text(c.req, maxCaption, "MEDIA_CAPTION_TOO_LONG")
	if err != nil {
		return tl.Value{}, err
	}
	media, err := c.media(c.req.At("media").Object())
	if err != nil {
		return tl.Value{}, err
	}
	if media.IsNone() && strings.TrimSpace(caption) == "" {
		return tl.Value{}, bad("MEDIA_EMPTY")
	}
	base := c.new("message").With("message", tl.String(caption)).With("entities", c.detect(caption, entities)).With("media", media)
	return c.dispatch(to, []*tl.Object{base}, []int64{c.req.At("random_id").AsLong()})
}

// messagesUploadMedia follows
// https://core.telegram.org/method/messages.uploadMedia.
func messagesUploadMedia(c *call) (tl.Value, error) {
	if _, err := c.target(c.req.At("peer")); err != nil {
		return tl.Value{}, err
	}
	in := c.req.At("media").Object()
	switch in.Def().Name {
	case "inputMediaPoll", "inputMediaDice", "inputMediaWebPage":
		return tl.Value{}, bad("MEDIA_INVALID")
	}
	v, err := c.media(in)
	return c.files(v), err
}

// maxAlbum is how many media one album holds.
const maxAlbum = 10

// messagesSendMultiMedia follows
// https://core.telegram.org/method/messages.sendMultiMedia and
// https://core.telegram.org/api/files#albums-grouped-media.
func messagesSendMultiMedia(c *call) (tl.Value, error) {
	to, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	items := c.req.At("multi_media").Vector().Items
	switch {
	case len(items) == 0:
		return tl.Value{}, bad("MULTI_MEDIA_EMPTY")
	case len(items) > maxAlbum:
		return tl.Value{}, bad("MULTI_MEDIA_TOO_LONG")
	}
	bases, random := make([]*tl.Object, len(items)), make([]int64, len(items))
	for i, v := range items {
		o := v.Object()
		random[i] = o.At("random_id").AsLong()
		entities, err := c.text(o, maxCaption, "MEDIA_CAPTION_TOO_LONG")
		if err != nil {
			return tl.Value{}, err
		}
		switch o.At("media").Object().Def().Name {
		case "inputMediaPhoto", "inputMediaDocument", "inputMediaUploadedPhoto", "inputMediaUploadedDocument":
		default:
			return tl.Value{}, bad("MEDIA_INVALID")
		}
		media, err := c.media(o.At("media").Object())
		if err != nil {
			return tl.Value{}, err
		}
		bases[i] = c.new("message").With("message", o.At("message")).
			With("entities", c.detect(o.At("message").AsString(), entities)).With("media", media)
	}
	if len(bases) > 1 {
		group := tl.Long(c.serialID())
		for _, b := range bases {
			b.With("grouped_id", group)
		}
	}
	return c.dispatch(to, bases, random)
}

// sendErrors are those of call.dispatch.
const sendErrors = " QUOTE_TEXT_INVALID RANDOM_ID_DUPLICATE REPLY_MESSAGE_ID_INVALID SCHEDULE_DATE_TOO_LATE SCHEDULE_TOO_MUCH SLOWMODE_WAIT STORY_ID_INVALID TOPIC_CLOSED TOPIC_DELETED"

// dispatch sends messages that belong together, now or later, as the request's
// options say, and answers with the ids and messages. Errors: those of
// writable, replyTo, open, slow and once.
func (c *call) dispatch(to peer, bases []*tl.Object, random []int64) (tl.Value, error) {
	letters := make([]*letter, len(bases))
	for i, base := range bases {
		if err := c.writable(to, c.sendKind(base)); err != nil {
			return tl.Value{}, err
		}
		l, err := c.compose(base, to)
		if err != nil {
			return tl.Value{}, err
		}
		letters[i] = l
	}
	later, err := c.asked()
	if err != nil {
		return tl.Value{}, err
	}
	if later == 0 {
		err = c.slow(to, 1)
	}
	if err != nil {
		return tl.Value{}, err
	}
	if err := c.once(random...); err != nil {
		return tl.Value{}, err
	}
	if c.req.At("clear_draft").AsBool() {
		c.dropDraft(to, 0)
	}
	if later != 0 {
		return c.schedule(letters, later, random)
	}
	ds := make([]delivery, len(letters))
	for i, l := range letters {
		ds[i] = c.post(l)[0]
		c.usedSticker(l)
	}
	return c.sent(ds, random).Value(), nil
}

// compose is a new letter of the caller's with the options that the methods for
// sending share.
func (c *call) compose(base *tl.Object, to peer) (*letter, error) {
	for _, name := range [...]string{"silent", "noforwards", "invert_media"} {
		if c.req.Def().Param(name) != nil {
			base.With(name, c.req.At(name))
		}
	}
	if in := c.req.At("reply_markup").Object(); in != nil {
		markup, err := c.markup(in, to)
		if err != nil {
			return nil, err
		}
		base.With("reply_markup", markup)
	}
	l := c.draft(base, to)
	if err := c.replyTo(l, c.req.At("reply_to").Object()); err != nil {
		return nil, err
	}
	return l, c.open(l)
}

// detect adds what the server finds in a text by itself, where no entity of the
// request stands: mentions, hashtags, cashtags, commands, addresses
// (https://core.telegram.org/api/entities).
func (c *call) detect(text string, entities tl.Value) tl.Value {
	if !strings.ContainsAny(text, "@#$/") {
		return entities
	}
	var items []tl.Value
	if vec := entities.Vector(); vec != nil {
		items = vec.Items
	}
	given := len(items)
	covered := func(from, to int32) bool {
		for _, v := range items[:given] {
			at := v.Object().At("offset").AsInt()
			if from < at+v.Object().At("length").AsInt() && at < to {
				return true
			}
		}
		return false
	}
	offset := int32(0) // in UTF-16 units
	for i := 0; i < len(text); {
		name, n := "", 0
		if i == 0 || !isWordByte(text[i-1]) && text[i-1] != '/' {
			name, n = found(text[i:])
		}
		size := n
		if name == "" {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		length := int32(units(text[i : i+size]))
		if name != "" && !covered(offset, offset+length) {
			items = append(items, c.new(name).With("offset", tl.Int(offset)).With("length", tl.Int(length)).Value())
		}
		i += size
		offset += length
	}
	if len(items) == given {
		return entities
	}
	return c.vector("MessageEntity", sortedEntities(items))
}

// found is the entity with which a text begins, and its length in bytes.
func found(s string) (name string, n int) {
	run := func(from int, ok func(byte) bool) int {
		for from < len(s) && ok(s[from]) {
			from++
		}
		return from
	}
	switch {
	case s[0] == '@':
		if n := run(1, isWordByte); n < len(s) && s[n] == '.' || !isUsername(s[1:n]) {
			return "", 0
		} else {
			return "messageEntityMention", n
		}
	case s[0] == '#':
		n := run(1, func(b byte) bool { return isWordByte(b) })
		if strings.Trim(s[1:n], "0123456789_") == "" {
			return "", 0
		}
		return "messageEntityHashtag", n
	case s[0] == '$':
		n := run(1, func(b byte) bool { return b >= 'A' && b <= 'Z' })
		if n == 1 || n > 9 || n < len(s) && isWordByte(s[n]) {
			return "", 0
		}
		return "messageEntityCashtag", n
	case s[0] == '/':
		n := run(1, func(b byte) bool { return isWordByte(b) && b < utf8.RuneSelf })
		if n == 1 || n > 33 || n < len(s) && s[n] == '/' {
			return "", 0
		}
		if n < len(s) && s[n] == '@' {
			if m := run(n+1, isWordByte); isUsername(s[n+1 : m]) {
				n = m
			}
		}
		return "messageEntityBotCommand", n
	case strings.HasPrefix(s, "https://"), strings.HasPrefix(s, "http://"):
		n := run(strings.Index(s, "//")+2, func(b byte) bool { return b > ' ' && !strings.ContainsRune("<>\"'`", rune(b)) })
		n = len(strings.TrimRight(s[:n], ".,:;!?)]}"))
		if n <= strings.Index(s, "//")+2 {
			return "", 0
		}
		return "messageEntityUrl", n
	}
	n = run(0, func(b byte) bool { return isWordByte(b) && b < utf8.RuneSelf || b == '.' || b == '-' || b == '+' })
	if n == 0 || n >= len(s) || s[n] != '@' {
		return "", 0
	}
	end := run(n+1, func(b byte) bool { return isWordByte(b) && b < utf8.RuneSelf || b == '.' || b == '-' })
	host := strings.TrimRight(s[n+1:end], ".-")
	if dot := strings.LastIndexByte(host, '.'); dot <= 0 || len(host)-dot < 3 {
		return "", 0
	}
	return "messageEntityEmail", n + 1 + len(host)
}

// isWordByte reports letters, digits, _ and every byte of what is not ASCII.
func isWordByte(b byte) bool {
	return b >= utf8.RuneSelf || b == '_' || b|0x20 >= 'a' && b|0x20 <= 'z' || b >= '0' && b <= '9'
}

// sortedEntities are entities by where they begin, the longer ones first.
func sortedEntities(items []tl.Value) []tl.Value {
	list := slices.Clone(items)
	slices.SortStableFunc(list, func(a, b tl.Value) int {
		x, y := a.Object(), b.Object()
		return cmp.Or(cmp.Compare(x.At("offset").AsInt(), y.At("offset").AsInt()), cmp.Compare(y.At("length").AsInt(), x.At("length").AsInt()))
	})
	return list
}
