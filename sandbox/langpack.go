package sandbox

import (
	"slices"
	"strings"

	"tlsh/tl"
)

// langpackArea is the texts of apps in their languages
// (https://core.telegram.org/api/translations). Here they are in English, few, and
// the same for all apps; keywords of emoji are of that kind.
func langpackArea() area {
	const pack, both = "LANG_PACK_INVALID", "LANG_CODE_NOT_SUPPORTED LANG_PACK_INVALID"
	return area{methods: map[string]method{
		"langpack.getDifference": {handle: langpackGetDifference, anyone: true, errors: both},
		"langpack.getLangPack":   {handle: langpackGetLangPack, anyone: true, errors: both},
		"langpack.getLanguage":   {handle: langpackGetLanguage, anyone: true, errors: both},
		"langpack.getLanguages":  {handle: langpackGetLanguages, anyone: true, errors: pack},
		"langpack.getStrings":    {handle: langpackGetStrings, anyone: true, errors: both},

		"messages.getEmojiKeywords":           {handle: messagesGetEmojiKeywords},
		"messages.getEmojiKeywordsDifference": {handle: messagesGetEmojiKeywordsDifference},
		"messages.getEmojiKeywordsLanguages":  {handle: messagesGetEmojiKeywordsLanguages},
	}}
}

// langPacks are the apps that have texts
// (https://core.telegram.org/api/links#language-pack-links names some).
const langPacks = "android android_x ios macos tdesktop unigram weba webk"

// langVersion is the one version that the texts have.
const langVersion = 1

// appTexts are the texts by key, sorted. Those with a | are for one and for more.
var appTexts = [...][2]string{
	{"lng_cancel", "Cancel"},
	{"lng_chat_members", "{count} member|{count} members"},
	{"lng_contacts_header", "Contacts"},
	{"lng_intro_about", "A pretend Telegram on this machine"},
	{"lng_language_name", "English"},
	{"lng_menu_settings", "Settings"},
	{"lng_message_ph", "Write a message…"},
	{"lng_status_online", "online"},
}

// appText is a text as TL has it.
func (c *call) appText(t [2]string) tl.Value {
	if one, more, ok := strings.Cut(t[1], "|"); ok {
		return c.new("langPackStringPluralized").With("key", tl.String(t[0])).With("one_value", tl.String(one)).With("other_value", tl.String(more)).Value()
	}
	return c.new("langPackString").With("key", tl.String(t[0])).With("value", tl.String(t[1])).Value()
}

// packed checks lang_pack and lang_code of the request. Errors:
// LANG_PACK_INVALID, LANG_CODE_NOT_SUPPORTED.
func (c *call) packed() error {
	if !word(langPacks, c.req.At("lang_pack").AsString()) {
		return bad("LANG_PACK_INVALID")
	}
	if code := c.req.At("lang_code"); !code.IsNone() && code.AsString() != "en" {
		return bad("LANG_CODE_NOT_SUPPORTED")
	}
	return nil
}

// language is what there is of English.
func (c *call) language() tl.Value {
	n := tl.Int(int32(len(appTexts)))
	return c.new("langPackLanguage").With("official", tl.Bool(true)).With("name", tl.String("English")).With("native_name", tl.String("English")).
		With("lang_code", tl.String("en")).With("plural_code", tl.String("en")).With("strings_count", n).With("translated_count", n).
		With("translations_url", tl.String("https://translations.telegram.org/en/")).Value()
}

// texts are those since a version.
func (c *call) texts(from int32) tl.Value {
	var items []tl.Value
	for _, t := range appTexts {
		if from < langVersion {
			items = append(items, c.appText(t))
		}
	}
	return c.new("langPackDifference").With("lang_code", tl.String("en")).With("from_version", tl.Int(from)).
		With("version", tl.Int(langVersion)).With("strings", c.vector("LangPackString", items)).Value()
}

// langpackGetLangPack follows https://core.telegram.org/method/langpack.getLangPack.
func langpackGetLangPack(c *call) (tl.Value, error) { return c.texts(0), c.packed() }

// langpackGetDifference follows
// https://core.telegram.org/method/langpack.getDifference.
func langpackGetDifference(c *call) (tl.Value, error) {
	return c.texts(c.req.At("from_version").AsInt()), c.packed()
}

// langpackGetLanguage follows https://core.telegram.org/method/langpack.getLanguage.
func langpackGetLanguage(c *call) (tl.Value, error) { return c.language(), c.packed() }

// langpackGetLanguages follows
// https://core.telegram.org/method/langpack.getLanguages.
func langpackGetLanguages(c *call) (tl.Value, error) {
	return c.vector("LangPackLanguage", []tl.Value{c.language()}), c.packed()
}

// langpackGetStrings follows https://core.telegram.org/method/langpack.getStrings:
// a key that there is no text for is answered as deleted.
func langpackGetStrings(c *call) (tl.Value, error) {
	var items []tl.Value
	for _, key := range c.req.At("keys").Vector().Items {
		i := slices.IndexFunc(appTexts[:], func(t [2]string) bool { return t[0] == key.AsString() })
		if i < 0 {
			items = append(items, c.new("langPackStringDeleted").With("key", key).Value())
			continue
		}
		items = append(items, c.appText(appTexts[i]))
	}
	return c.vector("LangPackString", items), c.packed()
}

// emojiWords are English words for emoji.
var emojiWords = [...][2]string{
	{"anchor", "⚓"}, {"boat", "⛵ 🚤"}, {"book", "📖 📚"}, {"bread", "🍞 🥖"}, {"fish", "🐟"}, {"gull", "🐦"}, {"heart", "❤"},
	{"map", "🗺"}, {"rain", "🌧"}, {"sea", "🌊"}, {"ship", "🚢"}, {"sun", "☀"}, {"tea", "🍵"}, {"thumb", "👍 👎"}, {"wave", "🌊 👋"}, {"wind", "💨"},
}

// emojiKeywords are the words of a language since a version; of others than
// English there are none.
func (c *call) emojiKeywords(code string, from int32) tl.Value {
	var items []tl.Value
	for _, w := range emojiWords {
		if code != "en" || from >= langVersion {
			break
		}
		var emoji []tl.Value
		for _, e := range strings.Fields(w[1]) {
			emoji = append(emoji, tl.String(e))
		}
		items = append(items, c.new("emojiKeyword").With("keyword", tl.String(w[0])).With("emoticons", c.vector("string", emoji)).Value())
	}
	return c.new("emojiKeywordsDifference").With("lang_code", tl.String(code)).With("from_version", tl.Int(from)).
		With("version", tl.Int(langVersion)).With("keywords", c.vector("EmojiKeyword", items)).Value()
}

// messagesGetEmojiKeywords follows
// https://core.telegram.org/method/messages.getEmojiKeywords.
func messagesGetEmojiKeywords(c *call) (tl.Value, error) {
	return c.emojiKeywords(c.req.At("lang_code").AsString(), 0), nil
}

// messagesGetEmojiKeywordsDifference follows
// https://core.telegram.org/method/messages.getEmojiKeywordsDifference.
func messagesGetEmojiKeywordsDifference(c *call) (tl.Value, error) {
	return c.emojiKeywords(c.req.At("lang_code").AsString(), c.req.At("from_version").AsInt()), nil
}

// messagesGetEmojiKeywordsLanguages follows
// https://core.telegram.org/method/messages.getEmojiKeywordsLanguages: English,
// whatever else somebody speaks.
func messagesGetEmojiKeywordsLanguages(c *call) (tl.Value, error) {
	return c.vector("EmojiLanguage", []tl.Value{c.new("emojiLanguage").With("lang_code", tl.String("en")).Value()}), nil
}
