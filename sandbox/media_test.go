package sandbox

import (
	"testing"
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
	l := newLab(t, Config{World: embeddedWorld + `
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
