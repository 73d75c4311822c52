package sandbox

import "testing"

// TestLanguages: the texts of apps, for who is not signed in, too.
func TestLanguages(t *testing.T) {
	l := newLabWithKey(t, Config{})
	c := l.newcomer(2)
	want(t, c.do("langpack.getLanguages lang_pack=tdesktop"), "[0].lang_code", `"en"`, "[0].strings_count", "8")
	want(t, c.do("langpack.getLanguage lang_pack=ios lang_code=en"), ".native_name", `"English"`)
	want(t, c.do("langpack.getLangPack lang_pack=tdesktop lang_code=en"), ".version", "1", ".strings[0].value", `"Cancel"`, ".strings[1].one_value", `"{count} member"`)
	want(t, c.do("langpack.getDifference lang_pack=tdesktop lang_code=en from_version=1"), ".from_version", "1", ".strings", "[]")
	want(t, c.do("langpack.getStrings lang_pack=tdesktop lang_code=en keys=[lng_cancel nothing]"), "[0].value", `"Cancel"`, "[1]", `langPackStringDeleted(key="nothing")`)
	for _, line := range []string{"getLanguage lang_code=en", "getLangPack lang_code=en", "getDifference lang_code=en from_version=0", "getStrings lang_code=en keys=[]", "getLanguages"} {
		c.fails("langpack."+line+" lang_pack=abacus", "400 LANG_PACK_INVALID")
	}
	for _, line := range []string{"getLanguage", "getLangPack", "getDifference from_version=0", "getStrings keys=[]"} {
		c.fails("langpack."+line+" lang_pack=ios lang_code=tlh", "400 LANG_CODE_NOT_SUPPORTED")
	}
	sam := l.as("@sam")
	want(t, sam.do("messages.getEmojiKeywordsLanguages lang_codes=[de]"), "", `[emojiLanguage(lang_code="en")]`)
	want(t, sam.do("messages.getEmojiKeywords lang_code=en"), ".keywords[1].keyword", `"boat"`, ".keywords[1].emoticons", `["⛵" "🚤"]`)
	want(t, sam.do("messages.getEmojiKeywords lang_code=de"), ".keywords", "[]")
	want(t, sam.do("messages.getEmojiKeywordsDifference lang_code=en from_version=1"), ".keywords", "[]", ".version", "1")
}
