package sandbox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// stickersArea is sticker sets, and the stickers and GIFs that people keep at
// hand (https://core.telegram.org/api/stickers, https://core.telegram.org/api/gifs).
func stickersArea() area {
	return area{
		methods: map[string]method{
			"messages.clearRecentStickers": {handle: messagesClearRecentStickers, heeds: "attached"},
			"messages.faveSticker":         {handle: messagesFaveSticker, errors: "STICKER_ID_INVALID"},
			"messages.getAttachedStickers": {handle: messagesGetAttachedStickers, errors: "MEDIA_EMPTY"},
			"messages.getAllStickers":      {handle: messagesGetAllStickers},
			"messages.getArchivedStickers": {handle: messagesGetArchivedStickers, heeds: "masks emojis"},
			"messages.getEmojiStickers":    {handle: messagesGetEmojiStickers},
			"messages.getFavedStickers":    {handle: messagesGetFavedStickers},
			"messages.getFeaturedStickers": {handle: messagesGetFeaturedStickers},
			"messages.getMaskStickers":     {handle: messagesGetMaskStickers},
			"messages.getRecentStickers":   {handle: messagesGetRecentStickers, heeds: "attached"},
			"messages.getSavedGifs":        {handle: messagesGetSavedGifs},
			"messages.getStickerSet":       {handle: messagesGetStickerSet, errors: "STICKERSET_INVALID"},
			"messages.getStickers":         {handle: messagesGetStickers, errors: "EMOTICON_EMPTY"},
			"messages.installStickerSet":   {handle: messagesInstallStickerSet, errors: "STICKERSET_INVALID"},
			"messages.reorderStickerSets":  {handle: messagesReorderStickerSets, heeds: "masks emojis"},
			"messages.saveGif":             {handle: messagesSaveGif, errors: "GIF_ID_INVALID"},
			"messages.saveRecentSticker":   {handle: messagesSaveRecentSticker, heeds: "attached", errors: "STICKER_ID_INVALID"},
			"messages.searchStickerSets":   {handle: messagesSearchStickerSets, heeds: "exclude_featured"},
			"messages.uninstallStickerSet": {handle: messagesUninstallStickerSet, errors: "STICKERSET_INVALID"},
		},
		words: map[string]func(*arguments){
			"stickerset": stickersetWord, "stickers": stickersWord, "faved": atHandWord("faved"),
			"recentstickers": atHandWord("recentstickers"), "gifs": atHandWord("gifs"),
		},
		save: saveStickers,
	}
}

// The limits of what is kept at hand (https://core.telegram.org/api/config#client-configuration:
// stickers_faved_limit_default, saved_gifs_limit_default).
const (
	maxFaved  = 5
	maxRecent = 200
	maxGifs   = 200
)

// stickerSet is a set of stickers, masks or custom emoji, whose documents are
// in the storage.
type stickerSet struct {
	def   *tl.Object // stickerSet, without what depends on the viewer
	packs []tl.Value // stickerPack
	docs  []*document
}

func (s *stickerSet) id() int64 { return s.def.At("id").AsLong() }

// kind is "" for stickers, else the flag of masks or emojis.
func (s *stickerSet) kind() string {
	for _, flag := range [...]string{"masks", "emojis"} {
		if s.def.At(flag).AsBool() {
			return flag
		}
	}
	return ""
}

// kept are the stickers and GIFs that somebody has at hand.
type kept struct {
	sets          []installed // in their order
	faved, recent []int64     // documents, the newest first
	gifs          []int64
}

type installed struct {
	set      *stickerSet
	date     int32
	archived bool
}

// setValue is a set as the viewer has it. hash follows from what is in it.
func (v viewer) setValue(s *stickerSet) *tl.Object {
	var sum hashOf
	for _, d := range s.docs {
		sum.add(d.id)
	}
	o := s.def.Clone().With("access_hash", tl.Long(accessHash(fileSeed(s.id()), v.me))).With("count", tl.Int(int32(len(s.docs)))).
		With("hash", tl.Int(int32(sum)&0x7fffffff))
	for _, has := range v.me.kept.sets {
		if has.set == s {
			o.With("installed_date", tl.Int(has.date))
			if has.archived {
				o.With("archived", tl.Bool(true))
			}
		}
	}
	return o
}

// setBy is the set that an InputStickerSet names. Error: STICKERSET_INVALID.
func (c *call) setBy(v tl.Value) (*stickerSet, error) {
	o := v.Object()
	for _, s := range c.stickers {
		switch {
		case o.Is("inputStickerSetID") && s.id() == o.At("id").AsLong() && c.knows(fileSeed(s.id()), o),
			o.Is("inputStickerSetShortName") && strings.EqualFold(s.def.At("short_name").AsString(), o.At("short_name").AsString()):
			return s, nil
		}
	}
	return nil, tgerr.New(406, "STICKERSET_INVALID")
}

func (v viewer) docs(list []*document) tl.Value {
	items := make([]tl.Value, len(list))
	for i, d := range list {
		items[i] = v.documentOf(d)
	}
	return v.vector("Document", items)
}

// messagesGetStickerSet follows
// https://core.telegram.org/method/messages.getStickerSet.
func messagesGetStickerSet(c *call) (tl.Value, error) {
	s, err := c.setBy(c.req.At("stickerset"))
	if err != nil {
		return tl.Value{}, err
	}
	set := c.setValue(s)
	if want := c.req.At("hash").AsInt(); want != 0 && want == set.At("hash").AsInt() {
		return c.new("messages.stickerSetNotModified").Value(), nil
	}
	return c.fullSet(s).Value(), nil
}

func (v viewer) fullSet(s *stickerSet) *tl.Object {
	return v.new("messages.stickerSet").With("set", v.setValue(s).Value()).With("packs", v.vector("StickerPack", s.packs)).
		With("keywords", v.vector("StickerKeyword", nil)).With("documents", v.docs(s.docs))
}

// covered is a set with its first sticker.
func (v viewer) covered(s *stickerSet) tl.Value {
	if len(s.docs) == 0 {
		return v.new("stickerSetNoCovered").With("set", v.setValue(s).Value()).Value()
	}
	return v.new("stickerSetCovered").With("set", v.setValue(s).Value()).With("cover", v.documentOf(s.docs[0])).Value()
}

// allSets are the caller's sets of a kind. The hash is that of the sets' own
// hashes.
func (c *call) allSets(kind string) (tl.Value, error) {
	var sum hashOf
	var items []tl.Value
	for _, has := range c.me.kept.sets {
		if !has.archived && has.set.kind() == kind {
			o := c.setValue(has.set)
			sum.add(o.At("hash").AsLong())
			items = append(items, o.Value())
		}
	}
	if want := c.req.At("hash").AsLong(); want != 0 && want == int64(sum) {
		return c.new("messages.allStickersNotModified").Value(), nil
	}
	return c.new("messages.allStickers").With("hash", tl.Long(int64(sum))).With("sets", c.vector("StickerSet", items)).Value(), nil
}

// messagesGetAllStickers follows
// https://core.telegram.org/method/messages.getAllStickers.
func messagesGetAllStickers(c *call) (tl.Value, error) { return c.allSets("") }

// messagesGetMaskStickers follows
// https://core.telegram.org/method/messages.getMaskStickers.
func messagesGetMaskStickers(c *call) (tl.Value, error) { return c.allSets("masks") }

// messagesGetEmojiStickers follows
// https://core.telegram.org/method/messages.getEmojiStickers.
func messagesGetEmojiStickers(c *call) (tl.Value, error) { return c.allSets("emojis") }

// flagged sets the flag of a kind of sets in an update about them.
func flagged(o *tl.Object, kind string) *tl.Object {
	if kind != "" {
		o.With(kind, tl.Bool(true))
	}
	return o
}

// messagesInstallStickerSet follows
// https://core.telegram.org/method/messages.installStickerSet. A set that is
// new comes first.
func messagesInstallStickerSet(c *call) (tl.Value, error) {
	s, err := c.setBy(c.req.At("stickerset"))
	if err != nil {
		return tl.Value{}, err
	}
	archived := c.req.At("archived").AsBool()
	c.me.kept.drop(s)
	c.me.kept.sets = slices.Insert(c.me.kept.sets, 0, installed{s, c.now, archived})
	if archived {
		c.own(flagged(c.new("updateStickerSets"), s.kind()))
	} else {
		c.push(c.me, func(v viewer) []tl.Value {
			return []tl.Value{v.new("updateNewStickerSet").With("stickerset", v.fullSet(s).Value()).Value()}
		})
	}
	return c.new("messages.stickerSetInstallResultSuccess").Value(), nil
}

func (k *kept) drop(s *stickerSet) {
	k.sets = slices.DeleteFunc(k.sets, func(x installed) bool { return x.set == s })
}

// messagesUninstallStickerSet follows
// https://core.telegram.org/method/messages.uninstallStickerSet.
func messagesUninstallStickerSet(c *call) (tl.Value, error) {
	s, err := c.setBy(c.req.At("stickerset"))
	if err != nil {
		return tl.Value{}, err
	}
	c.me.kept.drop(s)
	c.own(flagged(c.new("updateStickerSets"), s.kind()))
	return tl.Bool(true), nil
}

// messagesReorderStickerSets follows
// https://core.telegram.org/method/messages.reorderStickerSets. Sets that the
// order does not name follow behind it.
func messagesReorderStickerSets(c *call) (tl.Value, error) {
	kind := ""
	for _, flag := range [...]string{"masks", "emojis"} {
		if c.req.At(flag).AsBool() {
			kind = flag
		}
	}
	place := map[int64]int{}
	ids := c.req.At("order").Vector().Items
	for i, id := range ids {
		place[id.AsLong()] = i - len(ids)
	}
	slices.SortStableFunc(c.me.kept.sets, func(a, b installed) int { return cmp.Compare(place[a.set.id()], place[b.set.id()]) })
	c.own(flagged(c.new("updateStickerSetsOrder").With("order", c.req.At("order")), kind))
	return tl.Bool(true), nil
}

// messagesGetArchivedStickers follows
// https://core.telegram.org/method/messages.getArchivedStickers.
func messagesGetArchivedStickers(c *call) (tl.Value, error) {
	var all []*stickerSet
	for _, has := range c.me.kept.sets {
		if k := has.set.kind(); has.archived && (k == "masks") == c.req.At("masks").AsBool() && (k == "emojis") == c.req.At("emojis").AsBool() {
			all = append(all, has.set)
		}
	}
	from := slices.IndexFunc(all, func(s *stickerSet) bool { return s.id() == c.req.At("offset_id").AsLong() }) + 1
	var items []tl.Value
	for _, s := range all[from:min(from+c.limit(), len(all))] {
		items = append(items, c.covered(s))
	}
	return c.new("messages.archivedStickers").With("count", tl.Int(int32(len(all)))).With("sets", c.vector("StickerSetCovered", items)).Value(), nil
}

// messagesGetFeaturedStickers follows
// https://core.telegram.org/method/messages.getFeaturedStickers. Nothing is
// advertised here.
func messagesGetFeaturedStickers(c *call) (tl.Value, error) {
	return c.new("messages.featuredStickers").With("hash", tl.Long(0)).With("count", tl.Int(0)).
		With("sets", c.vector("StickerSetCovered", nil)).With("unread", tl.VectorOf(c.schema.TypeOf("long"))).Value(), nil
}

// messagesSearchStickerSets follows
// https://core.telegram.org/method/messages.searchStickerSets: by the beginnings
// of words of the title, and by the short name.
func messagesSearchStickerSets(c *call) (tl.Value, error) {
	q := strings.ToLower(strings.TrimSpace(c.req.At("q").AsString()))
	var sum hashOf
	var items []tl.Value
	for _, s := range c.stickers {
		names := append(tokens(strings.ToLower(s.def.At("title").AsString())), strings.ToLower(s.def.At("short_name").AsString()))
		if s.kind() == "" && q != "" && slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, q) }) {
			sum.add(s.id())
			items = append(items, c.covered(s))
		}
	}
	if want := c.req.At("hash").AsLong(); want != 0 && want == int64(sum) {
		return c.new("messages.foundStickerSetsNotModified").Value(), nil
	}
	return c.new("messages.foundStickerSets").With("hash", tl.Long(int64(sum))).With("sets", c.vector("StickerSetCovered", items)).Value(), nil
}

// messagesGetStickers follows
// https://core.telegram.org/method/messages.getStickers: those of the caller's
// sets for an emoji.
func messagesGetStickers(c *call) (tl.Value, error) {
	emoji := bareEmoji(c.req.At("emoticon").AsString())
	if emoji == "" {
		return tl.Value{}, bad("EMOTICON_EMPTY")
	}
	var list []*document
	for _, has := range c.me.kept.sets {
		if has.set.kind() != "" || has.archived {
			continue
		}
		for _, v := range has.set.packs {
			if bareEmoji(v.Object().At("emoticon").AsString()) != emoji {
				continue
			}
			for _, id := range v.Object().At("documents").Vector().Items {
				if d := c.store.documents[id.AsLong()]; d != nil {
					list = append(list, d)
				}
			}
		}
	}
	sum := hashDocs(list)
	if want := c.req.At("hash").AsLong(); want != 0 && want == sum {
		return c.new("messages.stickersNotModified").Value(), nil
	}
	return c.new("messages.stickers").With("hash", tl.Long(sum)).With("stickers", c.docs(list)).Value(), nil
}

func hashDocs(list []*document) int64 {
	var sum hashOf
	for _, d := range list {
		sum.add(d.id)
	}
	return int64(sum)
}

// atHand are the documents with those ids.
func (w *world) atHand(ids []int64) (list []*document) {
	for _, id := range ids {
		if d := w.store.documents[id]; d != nil {
			list = append(list, d)
		}
	}
	return list
}

// packsOf are the emoji of these stickers, as their attributes say.
func (w *world) packsOf(list []*document) tl.Value {
	byEmoji := map[string][]tl.Value{}
	var order []string
	for _, d := range list {
		for _, a := range d.attributes {
			if o := a.Object(); o.Is("documentAttributeSticker") {
				alt := o.At("alt").AsString()
				if byEmoji[alt] == nil {
					order = append(order, alt)
				}
				byEmoji[alt] = append(byEmoji[alt], tl.Long(d.id))
			}
		}
	}
	var items []tl.Value
	for _, alt := range order {
		items = append(items, w.new("stickerPack").With("emoticon", tl.String(alt)).
			With("documents", tl.VectorOf(w.schema.TypeOf("long"), byEmoji[alt]...)).Value())
	}
	return w.vector("StickerPack", items)
}

// messagesGetFavedStickers follows
// https://core.telegram.org/method/messages.getFavedStickers.
func messagesGetFavedStickers(c *call) (tl.Value, error) {
	list := c.atHand(c.me.kept.faved)
	sum := hashDocs(list)
	if want := c.req.At("hash").AsLong(); want != 0 && want == sum {
		return c.new("messages.favedStickersNotModified").Value(), nil
	}
	return c.new("messages.favedStickers").With("hash", tl.Long(sum)).With("packs", c.packsOf(list)).With("stickers", c.docs(list)).Value(), nil
}

// messagesGetRecentStickers follows
// https://core.telegram.org/method/messages.getRecentStickers. Stickers on
// photos and videos (attached) are not sent here.
func messagesGetRecentStickers(c *call) (tl.Value, error) {
	var list []*document
	if !c.req.At("attached").AsBool() {
		list = c.atHand(c.me.kept.recent)
	}
	sum := hashDocs(list)
	if want := c.req.At("hash").AsLong(); want != 0 && want == sum {
		return c.new("messages.recentStickersNotModified").Value(), nil
	}
	dates := make([]int32, len(list))
	for i, d := range list {
		dates[i] = d.date
	}
	return c.new("messages.recentStickers").With("hash", tl.Long(sum)).With("packs", c.packsOf(list)).With("stickers", c.docs(list)).
		With("dates", ints(c.schema, dates)).Value(), nil
}

// messagesGetSavedGifs follows
// https://core.telegram.org/method/messages.getSavedGifs.
func messagesGetSavedGifs(c *call) (tl.Value, error) {
	list := c.atHand(c.me.kept.gifs)
	sum := hashDocs(list)
	if want := c.req.At("hash").AsLong(); want != 0 && want == sum {
		return c.new("messages.savedGifsNotModified").Value(), nil
	}
	return c.new("messages.savedGifs").With("hash", tl.Long(sum)).With("gifs", c.docs(list)).Value(), nil
}

// toHand puts the document of the request at the head of a list, or takes it
// out of that. kind is what the document has to be.
func (c *call) toHand(list []int64, limit int, kind, refusal string, off bool) ([]int64, error) {
	d, err := c.documentBy(c.req.At("id"))
	if err != nil {
		return nil, err
	}
	if d == nil || documentKind(d.attributes) != kind {
		return nil, bad(refusal)
	}
	list = slices.DeleteFunc(slices.Clone(list), func(id int64) bool { return id == d.id })
	if !off {
		list = slices.Insert(list, 0, d.id)
	}
	return list[:min(len(list), limit)], nil
}

// usedSticker puts a sticker that the caller has sent among their recent ones,
// and its set on top if the request says so.
func (c *call) usedSticker(l *letter) {
	m := l.base.At("media").Object()
	if !m.Is("messageMediaDocument") {
		return
	}
	d := c.store.documents[m.At("document").Object().At("id").AsLong()]
	if d == nil || documentKind(d.attributes) != "send_stickers" {
		return
	}
	list := slices.DeleteFunc(slices.Clone(c.me.kept.recent), func(id int64) bool { return id == d.id })
	list = slices.Insert(list, 0, d.id)
	c.me.kept.recent = list[:min(len(list), maxRecent)]
	c.own(c.new("updateRecentStickers"))
	i := slices.IndexFunc(c.me.kept.sets, func(x installed) bool { return slices.Contains(x.set.docs, d) })
	if i > 0 && c.req.At("update_stickersets_order").AsBool() {
		has := c.me.kept.sets[i]
		c.me.kept.sets = slices.Insert(slices.Delete(c.me.kept.sets, i, i+1), 0, has)
		c.own(flagged(c.new("updateMoveStickerSetToTop").With("stickerset", tl.Long(has.set.id())), has.set.kind()))
	}
}

// messagesFaveSticker follows
// https://core.telegram.org/method/messages.faveSticker. The oldest goes where
// there are too many.
func messagesFaveSticker(c *call) (tl.Value, error) {
	list, err := c.toHand(c.me.kept.faved, c.me.limited(maxFaved), "send_stickers", "STICKER_ID_INVALID", c.req.At("unfave").AsBool())
	if err != nil {
		return tl.Value{}, err
	}
	c.me.kept.faved = list
	c.own(c.new("updateFavedStickers"))
	return tl.Bool(true), nil
}

// messagesSaveRecentSticker follows
// https://core.telegram.org/method/messages.saveRecentSticker.
func messagesSaveRecentSticker(c *call) (tl.Value, error) {
	list, err := c.toHand(c.me.kept.recent, maxRecent, "send_stickers", "STICKER_ID_INVALID", c.req.At("unsave").AsBool())
	if err != nil {
		return tl.Value{}, err
	}
	c.me.kept.recent = list
	c.own(c.new("updateRecentStickers"))
	return tl.Bool(true), nil
}

// messagesClearRecentStickers follows
// https://core.telegram.org/method/messages.clearRecentStickers.
func messagesClearRecentStickers(c *call) (tl.Value, error) {
	if !c.req.At("attached").AsBool() {
		c.me.kept.recent = nil
		c.own(c.new("updateRecentStickers"))
	}
	return tl.Bool(true), nil
}

// messagesSaveGif follows https://core.telegram.org/method/messages.saveGif.
func messagesSaveGif(c *call) (tl.Value, error) {
	list, err := c.toHand(c.me.kept.gifs, c.me.limited(maxGifs), "send_gifs", "GIF_ID_INVALID", c.req.At("unsave").AsBool())
	if err != nil {
		return tl.Value{}, err
	}
	c.me.kept.gifs = list
	c.own(c.new("updateSavedGifs"))
	return tl.Bool(true), nil
}
