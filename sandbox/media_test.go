package sandbox

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"tlsh/tl"
)

func TestSendMedia(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	geo := "geo_point=inputGeoPoint(lat=54.5 long=18.25)"
	res := sam.do(`messages.sendMedia peer=@alice message="" media=inputMediaVenue(` + geo + ` title=Office address="Pier 3" provider="" venue_id="" venue_type="")`)
	want(t, res, ".updates[1].message.media.title", "\"Office\"", ".updates[1].message.media.geo.lat", "double:404b400000000000")
	want(t, alice.next(), ".updates[0].message.media.address", `"Pier 3"`)
	res = sam.do(`messages.sendMedia peer=@alice message="" media=inputMediaContact(phone_number="9996621003" first_name=Bob last_name="" vcard="")`)
	want(t, res, ".updates[1].message.media.user_id", "1003")
	want(t, alice.next(), ".updates[0].message.media.first_name", `"Bob"`)
	res = sam.do(`messages.sendMedia peer=@alice message="" media=inputMediaDice("🎲")`)
	if n := at(t, res, ".updates[1].message.media.value").AsInt(); n < 1 || n > 6 {
		t.Errorf("a die shows %d", n)
	}
	want(t, alice.next(), ".updates[0].message.media.value", show(at(t, res, ".updates[1].message.media.value")))
	dice := show(at(t, res, ".updates[0].id"))
	live := show(at(t, sam.do(`messages.sendMedia peer=@alice message="" media=inputMediaGeoLive(`+geo+` period=900)`), ".updates[0].id"))
	alice.next()
	sam.do(`messages.editMessage peer=@alice id=` + live + ` media=inputMediaGeoLive(geo_point=inputGeoPoint(lat=1 long=2))`)
	want(t, alice.next(), ".updates[0].message.media.period", "900", ".updates[0].message.media.geo.lat", "double:3ff0000000000000")
	sam.do(`messages.editMessage peer=@alice id=` + live + ` media=inputMediaGeoLive(stopped=true geo_point=inputGeoPoint(lat=1 long=2))`)
	want(t, alice.next(), ".updates[0].message.media.period", "0")
	want(t, sam.do(`messages.sendMedia peer=@alice message="see https://a.example" media=inputMediaWebPage(optional=true url="https://a.example")`),
		".updates[1].message.entities[0]", "messageEntityUrl(offset=4 length=17)")
	want(t, sam.do("messages.uploadMedia peer=@alice media=inputMediaGeoPoint("+geo+")"), ".geo.lat", "double:404b400000000000")
	for _, c := range [][2]string{
		{"id=" + dice + ` media=inputMediaWebPage(url="https://a.example")`, "400 MEDIA_PREV_INVALID"},
		{"id=" + live + ` media=inputMediaDice("🎲")`, "400 MEDIA_PREV_INVALID"},
		{"id=" + live + " media=inputMediaGeoLive(geo_point=inputGeoPointEmpty)", "400 GEO_POINT_INVALID"},
		{"id=" + live + " media=inputMediaGeoLive(" + geo + " period=3)", "400 MEDIA_INVALID"},
		{"id=" + sam.lastText("@alice") + ` media=inputMediaDice("🎲")`, "400 MEDIA_NEW_INVALID"},
	} {
		sam.fails("messages.editMessage peer=@alice "+c[0], c[1])
	}
}

func TestSendMediaErrors(t *testing.T) {
	l := newLab(t, Config{World: village + `
user(id=1900 first_name=Gone deleted=true)
channel(id=3900 title="open" username="open_group" megagroup=true photo=chatPhotoEmpty date=2026-01-01)
members @open_group [@bob @carol]
channel(id=3901 title="slow" megagroup=true photo=chatPhotoEmpty date=2026-01-01)
members "slow" [@bob @sam]
`})
	sam := l.as("@sam")
	geo := "geo_point=inputGeoPoint(lat=54.5 long=18.25)"
	poll := func(question, answers, flags, more string) string {
		return `media=inputMediaPoll(poll=poll(id=0 question=textWithEntities("` + question + `" []) answers=[` + answers + `] hash=0 ` + flags + ") " + more + ")"
	}
	answer := func(text, option string) string {
		return `pollAnswer(text=textWithEntities("` + text + `" []) option=` + option + `) `
	}
	two := answer("a", "hex:00") + answer("b", "hex:01")
	for _, c := range [][2]string{
		{"media=inputMediaEmpty", "400 MEDIA_EMPTY"},
		{`media=inputMediaWebPage(optional=true url="x")`, "400 MEDIA_EMPTY"},
		{`media=inputMediaWebPage(url="x")`, "400 WEBPAGE_NOT_FOUND"},
		{"media=inputMediaGeoPoint(inputGeoPointEmpty)", "400 GEO_POINT_INVALID"},
		{"media=inputMediaGeoPoint(inputGeoPoint(lat=91 long=2))", "400 GEO_POINT_INVALID"},
		{"media=inputMediaGeoLive(" + geo + " period=1)", "400 MEDIA_INVALID"},
		{`media=inputMediaDice("x")`, "400 EMOTICON_INVALID"},
		{poll("", two, "", ""), "400 POLL_QUESTION_INVALID"},
		{poll(long(256), two, "", ""), "400 POLL_QUESTION_INVALID"},
		{poll("q", answer("a", "hex:00"), "", ""), "400 POLL_ANSWERS_INVALID"},
		{poll("q", repeat(two, 7), "", ""), "400 POLL_ANSWERS_INVALID"},
		{poll("q", answer("", "hex:00")+answer("b", "hex:01"), "", ""), "400 POLL_ANSWER_INVALID"},
		{poll("q", answer("a", "hex:00")+answer("b", "hex:00"), "", ""), "400 POLL_OPTION_DUPLICATE"},
		{poll("q", answer("a", `""`)+answer("b", "hex:00"), "", ""), "400 POLL_OPTION_INVALID"},
		{poll("q", two, "close_date=5", ""), "400 POLL_CLOSE_DATE_INVALID"},
		{poll("q", two, "quiz=true", ""), "400 QUIZ_CORRECT_ANSWERS_EMPTY"},
		{poll("q", two, "quiz=true", "correct_answers=[0 1]"), "400 QUIZ_CORRECT_ANSWERS_TOO_MUCH"},
		{poll("q", two, "quiz=true", "correct_answers=[7]"), "400 QUIZ_CORRECT_ANSWER_INVALID"},
		{poll("q", two, "quiz=true multiple_choice=true", "correct_answers=[0]"), "400 QUIZ_MULTIPLE_INVALID"},
		{poll("q", two, "quiz=true", `correct_answers=[0] solution="`+long(201)+`" solution_entities=[]`), "400 POLL_SOLUTION_INVALID"},
		{`media=inputMediaStory(@bob 1)`, "501 SANDBOX_PARAMETER_NOT_SIMULATED: media.inputMediaStory"},
	} {
		sam.fails(`messages.sendMedia peer=@alice message="" `+c[0], c[1])
	}
	point := " media=inputMediaGeoPoint(inputGeoPoint(lat=1 long=2))"
	for _, c := range [][2]string{
		{`peer=@alice message="` + long(1025) + `"`, "400 MEDIA_CAPTION_TOO_LONG"},
		{`peer=@alice message=hi entities=[messageEntityBold(1 2)]`, "400 ENTITY_BOUNDS_INVALID"},
		{`peer=@alice message=hi entities=[` + repeat("messageEntityBold(0 1) ", 101) + `]`, "400 ENTITIES_TOO_LONG"},
		{`peer=@alice message=hi entities=[inputMessageEntityMentionName(0 1 @bob!)]`, "400 ENTITY_MENTION_USER_INVALID"},
		{`peer=@harbour_news message=""`, "400 CHAT_ADMIN_REQUIRED"},
		{`peer=@open_group message=""`, "403 CHAT_WRITE_FORBIDDEN"},
		{`peer=1900 message=""`, "400 INPUT_USER_DEACTIVATED"},
		{`peer=@alice message="" reply_to=inputReplyToMessage(reply_to_msg_id=9999)`, "400 REPLY_MESSAGE_ID_INVALID"},
		{`peer=@alice message="" reply_to=inputReplyToMessage(reply_to_msg_id=` + sam.top("@alice") + ` quote_text="no such words")`, "400 QUOTE_TEXT_INVALID"},
	} {
		sam.fails(`messages.sendMedia `+c[0]+point, c[1])
	}
	sam.do("messages.sendMedia peer=@alice message=\"\" random_id=9" + point)
	sam.fails("messages.sendMedia peer=@alice message=\"\" random_id=9"+point, "500 RANDOM_ID_DUPLICATE")
	for media, want := range map[string]string{
		"inputMediaEmpty": "400 MEDIA_EMPTY", `inputMediaDice("🎲")`: "400 MEDIA_INVALID", "inputMediaGeoPoint(inputGeoPointEmpty)": "400 GEO_POINT_INVALID",
	} {
		sam.fails("messages.uploadMedia peer=@alice media="+media, want)
	}
}

// painted is a picture to upload.
func painted(t testing.TB) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 400, 300))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// again names a file that an answer holds as an InputPhoto or InputDocument.
func again(o *tl.Object) string {
	name := "inputPhoto"
	if o.Is("document") {
		name = "inputDocument"
	}
	return name + "(" + show(o.At("id")) + " " + show(o.At("access_hash")) + " " + show(o.At("file_reference")) + ")"
}

func TestSendFiles(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	res := sam.do(`messages.sendMedia peer=@alice message="The #map" media=inputMediaUploadedPhoto(spoiler=true file=` + sam.put(1, "a.png", painted(t), 1024) + ")")
	want(t, res, ".updates[1].message.media.spoiler", "true", ".updates[1].message.entities[0]", "messageEntityHashtag(offset=4 length=4)")
	got := alice.next()
	photo := at(t, got, ".updates[0].message.media.photo").Object()
	want(t, photo.Value(), ".sizes[0].w", "320")
	// Alice passes it on by what she was told.
	alice.do("messages.sendMedia peer=@bob message=\"\" media=inputMediaPhoto(id=" + again(photo) + ")")
	doc := at(t, alice.do(`messages.uploadMedia peer=@sam media=inputMediaUploadedDocument(file=`+alice.put(2, "walk.gpx", []byte("<gpx/>"), 1024)+
		` mime_type="application/gpx+xml" attributes=[])`), ".document").Object()
	want(t, doc.Value(), ".attributes[0].file_name", `"walk.gpx"`, ".size", "6")
	res = alice.do("messages.sendMultiMedia peer=@sam multi_media=[inputSingleMedia(media=inputMediaPhoto(id=" + again(photo) + `) random_id=5 message="one") ` +
		"inputSingleMedia(media=inputMediaDocument(id=" + again(doc) + `) random_id=6 message="two")]`)
	group := show(at(t, res, ".updates[2].message.grouped_id"))
	want(t, res, ".updates[3].message.grouped_id", group, ".updates[0].random_id", "5", ".updates[3].message.message", `"two"`)
	want(t, sam.next(), ".updates[0].message.grouped_id", group)
	sam.next()
	// What is forwarded together stays together, as a new album.
	ids := show(at(t, res, ".updates[0].id")) + " " + show(at(t, res, ".updates[1].id"))
	fwd := alice.do("messages.forwardMessages from_peer=@sam id=[" + ids + "] to_peer=@bob")
	if a, b := show(at(t, fwd, ".updates[2].message.grouped_id")), show(at(t, fwd, ".updates[3].message.grouped_id")); a != b || a == group {
		t.Errorf("albums: %s, forwarded %s and %s", group, a, b)
	}
	const rest = ` q="" min_date=0 max_date=0 offset_id=0 add_offset=0 limit=20 max_id=0 min_id=0 hash=0`
	if s := texts(t, sam.do("messages.search peer=@alice filter=inputMessagesFilterDocument"+rest)); s != "two" {
		t.Errorf("documents: %q", s)
	}
	if s := texts(t, sam.do("messages.search peer=@alice filter=inputMessagesFilterEmpty"+strings.Replace(rest, `q=""`, "q=gpx", 1))); s != "two" {
		t.Errorf("by file name: %q", s)
	}
	if s := texts(t, l.reborn().as("@sam").do("messages.search peer=@alice filter=inputMessagesFilterPhotoVideo"+rest)); s != "one The" {
		t.Errorf("photos after saving: %q", s)
	}
	// The photo of a message is replaced.
	id := show(at(t, res, ".updates[0].id"))
	alice.do("messages.editMessage peer=@sam id=" + id + " media=inputMediaUploadedPhoto(file=" + alice.put(3, "b.png", painted(t), 1024) + ")")
	want(t, sam.next(), ".updates[0].message.message", `"one"`)

	// A voice message is heard.
	voice := func() string {
		return "media=inputMediaUploadedDocument(file=" + alice.put(4, "v.ogg", []byte("OggS"), 1024) + " mime_type=\"audio/ogg\" attributes=[documentAttributeAudio(voice=true duration=3)])"
	}
	sent := alice.do(`messages.sendMedia peer=@sam message="" ` + voice())
	want(t, sent, ".updates[1].message.media_unread", "true", ".updates[1].message.media.voice", "true")
	want(t, sam.next(), ".updates[0].message.media_unread", "true")
	want(t, sam.do("messages.readMessageContents ["+sam.top("@alice")+"]"), ".pts_count", "1")
	bobs := l.as("@bob")
	_ = bobs
	for {
		if u := at(t, alice.next(), ".updates[0]"); u.Object().Is("updateReadMessagesContents") {
			want(t, u, ".messages[0]", show(at(t, sent, ".updates[0].id")))
			break
		}
	}
	want(t, sam.do("messages.readMessageContents ["+sam.top("@alice")+"]"), ".pts_count", "0")
	if m := at(t, l.reborn().as("@alice").do("messages.getHistory @sam limit=1"), ".messages[0]"); m.Object().At("media_unread").AsBool() {
		t.Error("after saving it is not heard")
	}
}

func TestSendMultiMediaErrors(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	one := func(media, more string) string {
		return "messages.sendMultiMedia peer=@alice multi_media=[inputSingleMedia(media=" + media + " random_id=7 " + more + ")]"
	}
	const dice = `inputMediaDice("🎲")`
	for _, c := range [][2]string{
		{"messages.sendMultiMedia peer=@alice multi_media=[]", "400 MULTI_MEDIA_EMPTY"},
		{"messages.sendMultiMedia peer=@alice multi_media=[" + repeat("inputSingleMedia(media="+dice+` random_id=7 message="") `, 11) + "]", "400 MULTI_MEDIA_TOO_LONG"},
		{one(dice, `message=""`), "400 MEDIA_INVALID"},
		{one(dice, `message="`+long(1025)+`"`), "400 MEDIA_CAPTION_TOO_LONG"},
		{one(dice, `message=a entities=[messageEntityBold(0 2)]`), "400 ENTITY_BOUNDS_INVALID"},
		{one(dice, `message=a entities=[`+repeat("messageEntityBold(0 1) ", 101)+`]`), "400 ENTITIES_TOO_LONG"},
		{one(dice, `message=a entities=[inputMessageEntityMentionName(0 1 @bob!)]`), "400 ENTITY_MENTION_USER_INVALID"},
		{one("inputMediaPhoto(inputPhoto(1 2 hex:00))", `message=""`), "400 MEDIA_EMPTY"},
	} {
		sam.fails(c[0], c[1])
	}
	sam.fails(`messages.sendMedia peer=@alice message="" media=inputMediaDocument(inputDocument(1 2 hex:00))`, "400 MEDIA_EMPTY")
	sam.fails(`messages.sendMedia peer=@alice message="" media=inputMediaPhoto(id=inputPhoto(1 2 hex:00) ttl_seconds=5)`, "501 SANDBOX_PARAMETER_NOT_SIMULATED: media.ttl_seconds")
}

func TestSendMediaHeldBack(t *testing.T) {
	l := newLab(t, Config{World: village + `
channel(id=3901 title="slow" megagroup=true photo=chatPhotoEmpty date=2026-01-01)
members "slow" [@bob @sam]
slowmode "slow" 60
`})
	sam, bob := l.as("@sam"), l.as("@bob")
	const dice = ` message="" media=inputMediaDice("🎲")`
	sam.do(`messages.sendMedia peer="slow"` + dice)
	sam.fails(`messages.sendMedia peer="slow"`+dice, "420 SLOWMODE_WAIT_60")
	bob.do(`channels.toggleForum channel="slow" enabled=true tabs=false`)
	res := bob.do(`messages.createForumTopic peer="slow" title=Ice`)
	topic := show(at(t, res, ".updates[0].id"))
	bob.do(`messages.editForumTopic peer="slow" topic_id=` + topic + " closed=true")
	sam.fails(`messages.sendMedia peer="slow" reply_to=inputReplyToMessage(reply_to_msg_id=`+topic+`)`+dice, "406 TOPIC_CLOSED")
}

func TestCustomReactions(t *testing.T) {
	l := newLab(t, Config{World: village + `document 500 2026-03-01 "image/webp" [] "x"` + "\n"})
	sam, erin := l.as("@sam"), l.as("@erin")
	const what = " reaction=[reactionCustomEmoji(500)]"
	sam.fails("messages.sendReaction peer=@harbour_news msg_id="+sam.top("@harbour_news")+what, "403 PREMIUM_ACCOUNT_REQUIRED")
	want(t, erin.do("messages.sendReaction peer=@harbour_news msg_id="+erin.top("@harbour_news")+what), ".updates[0].reactions.results[0].reaction.document_id", "500")
	want(t, l.reborn().as("@erin").do("messages.getMessagesReactions @harbour_news ["+erin.top("@harbour_news")+"]"), ".updates[0].reactions.results[0].reaction.document_id", "500")
}
