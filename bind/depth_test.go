package bind_test

import (
	"strings"
	"testing"

	"tlsh/render"
	"tlsh/schema"
	"tlsh/tl"
)

// A cast works the same wherever its type is wanted: as a parameter of each
// request and each constructor, as an element of a vector and in its place, and
// the same from a literal as from a variable that holds it.
func TestCastAnywhere(t *testing.T) {
	const photo = `photo(id=11 access_hash=12 file_reference=hex:0a date=1 sizes=[] dc_id=2)`
	const doc = `document(id=21 access_hash=22 file_reference=hex:0b date=1 mime_type="" size=5 dc_id=2 attributes=[])`
	for _, c := range []struct{ want, text, source string }{
		{"InputMessage", "5", "inputMessageID(id=5)"},
		{"InputMessage", "t.me/durov/5", "inputMessageID(id=5)"},
		{"InputReplyTo", "5", "inputReplyToMessage(reply_to_msg_id=5)"},
		{"InputPhoto", photo, "inputPhoto(id=11 access_hash=12 file_reference=hex:0a)"},
		{"InputDocument", doc, "inputDocument(id=21 access_hash=22 file_reference=hex:0b)"},
		{"InputMedia", photo, "inputMediaPhoto(id=inputPhoto(id=11 access_hash=12 file_reference=hex:0a))"},
		{"InputMedia", "messageMediaDocument(document=" + doc + ")", "inputMediaDocument(id=inputDocument(id=21 access_hash=22 file_reference=hex:0b))"},
		{"InputFileLocation", doc, `inputDocumentFileLocation(id=21 access_hash=22 file_reference=hex:0b thumb_size="")`},
		{"InputChatPhoto", photo, "inputChatPhoto(id=inputPhoto(id=11 access_hash=12 file_reference=hex:0a))"},
		{"InputGame", `game(id=1 access_hash=2 short_name="" title="" description="" photo=photoEmpty(1))`, "inputGameID(id=1 access_hash=2)"},
		{"InputEncryptedFile", "encryptedFile(1 2 3 4 5)", "inputEncryptedFile(id=1 access_hash=2)"},
		{"InputGeoPoint", `"48.2 16.3"`, "inputGeoPoint(lat=48.2 long=16.3)"},
		{"InputGeoPoint", "geoPoint(long=16.3 lat=48.2 access_hash=1)", "inputGeoPoint(lat=48.2 long=16.3)"},
		{"InputStickerSet", "HotCherry", `inputStickerSetShortName(short_name="HotCherry")`},
		{"InputWallPaper", "t.me/bg/x", `inputWallPaperSlug(slug="x")`},
		{"InputTheme", "t.me/addtheme/x", `inputThemeSlug(slug="x")`},
		{"InputGroupCall", "t.me/call/x", `inputGroupCallSlug(slug="x")`},
		{"InputQuickReplyShortcut", "hello", `inputQuickReplyShortcut(shortcut="hello")`},
		{"InputChatlist", "5", "inputChatlistDialogFilter(filter_id=5)"},
		{"Reaction", "👍", `reactionEmoji(emoticon="👍")`},
		{"Reaction", "5368324170671202286", "reactionCustomEmoji(document_id=5368324170671202286)"},
		{"EmojiStatus", "5368324170671202286", "emojiStatus(document_id=5368324170671202286)"},
		{"TextWithEntities", `"a b"`, `textWithEntities(text="a b" entities=[])`},
		{"TextWithEntities", `md"**a**"`, `textWithEntities(text="a" entities=[messageEntityBold(offset=0 length=1)])`},
		{"DataJSON", `"{}"`, `dataJSON(data="{}")`},
		{"DataJSON", "[1 2]", `dataJSON(data="[1,2]")`},
		{"JSONValue", `"[null]"`, "jsonArray(value=[jsonNull])"},
		{"MessagesFilter", "photos", "inputMessagesFilterPhotos"},
		{"ChannelParticipantsFilter", "admins", "channelParticipantsAdmins"},
		{"InputPrivacyKey", "phoneNumber", "inputPrivacyKeyPhoneNumber"},
		{"InputPrivacyRule", "disallowAll", "inputPrivacyValueDisallowAll"},
		{"SendMessageAction", "typing", "sendMessageTypingAction"},
		{"TopPeerCategory", "groups", "topPeerCategoryGroups"},
		{"BaseTheme", "night", "baseThemeNight"},
		{"BotCommandScope", "chatAdmins", "botCommandScopeChatAdmins"},
		{"ReportReason", "spam", "inputReportReasonSpam"},
	} {
		e := env{vars: map[string]tl.Value{}}
		_, in := check(t, "$v = "+c.text+"\n", e)
		if v := in[0].Value; !v.IsNone() {
			e.vars["v"] = v
		} else {
			// A word that is no value by itself is one in quotes.
			e.vars["v"] = tl.String(c.text)
		}
		n := 0
		for _, list := range [][]*schema.Combinator{schema.Current().Methods(), schema.Current().Constructors()} {
			for _, def := range list {
				for i := range def.Params {
					p := &def.Params[i]
					for _, v := range []string{c.text, "$v"} {
						switch {
						case p.Type.Name == c.want:
							castIn(t, def, p, v, c.source, e)
						case p.Type.Kind == schema.KindVector && p.Type.Elem.Name == c.want:
							castIn(t, def, p, "["+v+" "+v+"]", "["+c.source+" "+c.source+"]", e)
							if !strings.HasPrefix(v, "[") {
								castIn(t, def, p, v, "["+c.source+"]", e)
							}
						default:
							continue
						}
						n++
					}
				}
			}
		}
		if n == 0 {
			t.Errorf("nothing wants a %s", c.want)
		}
	}
}

// castIn binds the value to the parameter alone, and wants its source.
func castIn(t *testing.T, def *schema.Combinator, p *schema.Param, value, want string, e env) {
	t.Helper()
	line := def.Name + "(" + p.Name + "=" + value + ")"
	f, ins := check(t, line+"\n", e)
	errs := f.Errs
	for _, d := range ins[0].Diags {
		// What else the definition needs is not given here.
		if !strings.HasPrefix(d.Msg, def.Name+" needs ") && !strings.HasSuffix(d.Msg, " are given together or not at all") {
			errs = append(errs, d)
		}
	}
	if len(errs) > 0 {
		t.Errorf("%s: %v", line, errs.Err())
		return
	}
	// By itself, a constructor without arguments is written with ().
	if got := strings.TrimSuffix(string(render.AppendSource(nil, ins[0].Value.Object().At(p.Name))), "()"); got != want {
		t.Errorf("%s\n got  %s\n want %s", line, got, want)
	}
}
