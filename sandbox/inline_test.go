package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tlsh/tl"
)

// later is the answer of a line that waits.
type later struct {
	v   tl.Value
	err error
}

// begin sends a line and does not wait for its answer.
func (c *client) begin(line string) chan later {
	req := c.bind(line)
	ch := make(chan later, 1)
	go func() {
		v, err := c.send(req)
		ch <- later{v, err}
	}()
	return ch
}

func (l *lab) await(ch chan later) tl.Value {
	l.t.Helper()
	select {
	case x := <-ch:
		if x.err != nil {
			l.t.Fatalf("it came to nothing: %v", x.err)
		}
		return x.v
	case <-time.After(time.Minute):
		l.t.Fatal("no answer came")
	}
	return tl.Value{}
}

const oneArticle = `inputBotInlineResult(id=%q type=article title=%q send_message=inputBotInlineMessageText(message=%q%s))`

func TestInline(t *testing.T) {
	l := newLab(t, Config{World: botWorld})
	anna, berta, bot := l.as("@anna"), l.as("@berta"), l.as("@inline_bot")
	ask := `messages.getInlineBotResults bot=@inline_bot peer=@berta query=%q offset=""`
	waits := anna.begin(fmt.Sprintf(ask, "cats"))
	q := bot.nextOf("updateBotInlineQuery")
	want(t, q, ".query", `"cats"`, ".user_id", "1", ".peer_type", "inlineQueryPeerTypePM()")
	id := show(at(t, q, ".query_id"))
	answer := func(rest string) string { return "messages.setInlineBotResults query_id=" + id + " " + rest }
	results := func(list ...string) string { return "results=[" + strings.Join(list, " ") + "] cache_time=" }

	// What is wrong is the bot's to hear; the query waits on.
	bot.fails(answer(results(fmt.Sprintf(oneArticle, "1", "", "x", ""))+"0"), "400 ARTICLE_TITLE_EMPTY")
	bot.fails(answer(results(fmt.Sprintf(oneArticle, "", "T", "x", ""))+"0"), "400 RESULT_ID_INVALID")
	bot.fails(answer(results(fmt.Sprintf(oneArticle, "1", "T", "x", ""), fmt.Sprintf(oneArticle, "1", "T", "x", ""))+"0"), "400 RESULT_ID_DUPLICATE")
	bot.fails(answer(results(fmt.Sprintf(oneArticle, "1", "T", " ", ""))+"0"), "400 MESSAGE_EMPTY")
	bot.fails(answer(results(fmt.Sprintf(oneArticle, "1", "T", long(maxMessage+1), ""))+"0"), "400 MESSAGE_TOO_LONG")
	bot.fails(answer(results(strings.Repeat(fmt.Sprintf(oneArticle, "1", "T", "x", "")+" ", maxInlineResults+1))+"0"), "400 RESULTS_TOO_MUCH")
	bot.fails(answer(results(`inputBotInlineResult(id=1 type=song send_message=inputBotInlineMessageText(message=x))`)+"0"), "400 RESULT_TYPE_INVALID")
	bot.fails(answer(results(`inputBotInlineResult(id=1 type=photo send_message=inputBotInlineMessageMediaAuto(message=x))`)+"0"), "400 SEND_MESSAGE_MEDIA_INVALID")
	bot.fails(answer(results(`inputBotInlineResult(id=1 type=photo send_message=inputBotInlineMessageMediaAuto(message=`+long(maxCaption+1)+`))`)+"0"), "400 MEDIA_CAPTION_TOO_LONG")
	bot.fails(answer(results(`inputBotInlineResult(id=1 type=geo send_message=inputBotInlineMessageMediaGeo(geo_point=inputGeoPointEmpty))`)+"0"), "400 GEO_POINT_INVALID")
	bot.fails(answer(results(`inputBotInlineResult(id=1 type=geo send_message=inputBotInlineMessageMediaGeo(geo_point=inputGeoPoint(1.0 1.0) period=1))`)+"0"), "400 MEDIA_INVALID")
	bot.fails(answer(results(`inputBotInlineResult(id=1 type=article title=T thumb=inputWebDocument(url=nowhere size=1 mime_type="image/png" attributes=[]) send_message=inputBotInlineMessageText(message=x))`)+"0"), "400 WEBDOCUMENT_URL_INVALID")
	bot.fails(answer(results(`inputBotInlineResultPhoto(id=1 type=photo photo=inputPhotoEmpty send_message=inputBotInlineMessageMediaAuto(message=x))`)+"0"), "400 PHOTO_INVALID")
	bot.fails(answer(results(`inputBotInlineResultDocument(id=1 type=file document=inputDocumentEmpty send_message=inputBotInlineMessageMediaAuto(message=x))`)+"0"), "400 DOCUMENT_INVALID")
	bot.fails(answer(results(fmt.Sprintf(oneArticle, "1", "T", "x", ""))+"0 next_offset="+long(65)), "400 NEXT_OFFSET_INVALID")
	for pm, err := range map[string]string{`text="" start_param=x`: "SWITCH_PM_TEXT_EMPTY", `text=x start_param=""`: "START_PARAM_EMPTY", `text=x start_param="?"`: "START_PARAM_INVALID"} {
		bot.fails(answer(results()+"0 switch_pm=inlineBotSwitchPM("+pm+")"), "400 "+err)
	}
	bot.fails("messages.setInlineBotResults query_id=5 "+results()+"0", "400 QUERY_ID_INVALID")
	bot.fails("messages.setBotCallbackAnswer query_id="+id+" cache_time=0", "400 QUERY_ID_INVALID")

	keys := ` reply_markup=replyInlineMarkup(rows=[keyboardButtonRow(buttons=[keyboardButtonCallback(text=More data=hex:01)])])`
	bot.do(answer(results(fmt.Sprintf(oneArticle, "a", "A cat", "Here is a cat #cat", keys),
		`inputBotInlineResult(id=b type=venue title=Home thumb=inputWebDocument(url="https://x.example/t.png" size=1 mime_type="image/png" attributes=[]) send_message=inputBotInlineMessageMediaVenue(geo_point=inputGeoPoint(1.0 2.0) title=Home address=x provider="" venue_id="" venue_type=""))`,
		`inputBotInlineResult(id=c type=contact send_message=inputBotInlineMessageMediaContact(phone_number="2" first_name=Bert last_name="" vcard=""))`) +
		`60 next_offset=2 gallery=true switch_pm=inlineBotSwitchPM(text=Settings start_param=settings)`))
	res := l.await(waits)
	want(t, res, ".query_id", id, ".results[0].title", `"A cat"`, ".results[0].send_message.message", `"Here is a cat #cat"`, ".next_offset", `"2"`, ".cache_time", "60",
		".results[1].thumb.url", `"https://x.example/t.png"`, ".switch_pm.text", `"Settings"`, ".gallery", "true")
	// The same again is there for others, too, for a minute.
	want(t, berta.do(fmt.Sprintf(ask[:strings.Index(ask, "peer=")]+"peer=me query=%q offset=\"\"", "cats")), ".query_id", id)

	send := `messages.sendInlineBotResult peer=%s random_id=%d query_id=%s id=%q`
	sent := anna.do(fmt.Sprintf(send, "@berta", 11, id, "a"))
	want(t, sent, ".updates[1].message.via_bot_id", "8", ".updates[1].message.message", `"Here is a cat #cat"`,
		".updates[1].message.entities[0]", "messageEntityHashtag(offset=14 length=4)", ".updates[1].message.reply_markup.rows[0].buttons[0].text", `"More"`)
	want(t, berta.nextOf("updateNewMessage"), ".message.via_bot_id", "8")
	chosen := bot.nextOf("updateBotInlineSend")
	want(t, chosen, ".id", `"a"`, ".query", `"cats"`, ".user_id", "1")
	want(t, anna.do(fmt.Sprintf(send, "walkers", 12, id, "b")), ".updates[1].message.media.title", `"Home"`)
	want(t, anna.do(fmt.Sprintf(send, "@club_news", 13, id, "c")+" hide_via=true"), ".updates[1].message.media.user_id", "2")
	anna.fails(fmt.Sprintf(send, "@berta", 14, "0", "a"), "400 QUERY_ID_EMPTY")
	anna.fails(fmt.Sprintf(send, "@berta", 14, id, ""), "400 RESULT_ID_EMPTY")
	anna.fails(fmt.Sprintf(send, "@berta", 14, id, "z"), "400 RESULT_ID_INVALID")
	anna.fails(fmt.Sprintf(send, "@berta", 14, "17", "a"), "400 INLINE_RESULT_EXPIRED")
	anna.fails(fmt.Sprintf(send, "@berta", 11, id, "a"), "500 RANDOM_ID_DUPLICATE")
	anna.fails(fmt.Sprintf(send, "@berta", 15, id, "a")+" reply_to=inputReplyToMessage(reply_to_msg_id=999)", "400 REPLY_MESSAGE_ID_INVALID")
	anna.fails(fmt.Sprintf(send, "@berta", 15, id, "a")+" reply_to=inputReplyToStory(peer=@berta story_id=9)", "400 STORY_ID_INVALID")

	// The bot edits what was sent through it, and its buttons are pressed.
	inline := show(at(t, chosen, ".msg_id"))
	want(t, bot.do(`messages.editInlineBotMessage id=`+inline+` message="A dog"`+keys), "", "true")
	want(t, anna.nextOf("updateEditMessage"), ".message.message", `"A dog"`)
	want(t, berta.nextOf("updateEditMessage"), ".message.message", `"A dog"`, ".message.via_bot_id", "8")
	bot.fails(`messages.editInlineBotMessage id=`+inline+` message="A dog"`+keys, "400 MESSAGE_NOT_MODIFIED")
	bot.fails(`messages.editInlineBotMessage id=`+inline+` message=""`+keys, "400 MESSAGE_EMPTY")
	bot.fails(`messages.editInlineBotMessage id=`+inline+` message=`+long(maxMessage+1), "400 MESSAGE_TOO_LONG")
	bot.fails(`messages.editInlineBotMessage id=inputBotInlineMessageID64(2 1 1 1) message=x`, "400 MESSAGE_ID_INVALID")
	theirs := show(at(t, berta.do("messages.getHistory peer=@anna limit=1"), ".messages[0].id"))
	waits = berta.begin("messages.getBotCallbackAnswer peer=@anna msg_id=" + theirs + " data=hex:01")
	press := bot.nextOf("updateInlineBotCallbackQuery")
	want(t, press, ".msg_id", inline, ".user_id", "2", ".data", "hex:01")
	bot.do("messages.setBotCallbackAnswer query_id=" + show(at(t, press, ".query_id")) + " message=Meow cache_time=0")
	want(t, l.await(waits), ".message", `"Meow"`)

	anna.fails(`messages.getInlineBotResults bot=@berta peer=me query=x offset=""`, "400 BOT_INVALID")
	anna.fails(`messages.getInlineBotResults bot=@robo_bot peer=me query=x offset=""`, "400 BOT_INLINE_DISABLED")
	anna.fails(`messages.getInlineBotResults bot=@inline_bot peer=me query=x offset="" geo_point=inputGeoPoint(100.0 1.0)`, "400 GEO_POINT_INVALID")
	bot.conn.Close()
	l.gone(bot)
	anna.fails(`messages.getInlineBotResults bot=@inline_bot peer=inputPeerEmpty query=x offset=""`, "400 BOT_RESPONSE_TIMEOUT")
	l.roundTrip()
}

// gone waits until the server knows that a client's connection has ended.
func (l *lab) gone(c *client) {
	l.t.Helper()
	for range 2000 {
		l.mu.Lock()
		there := l.world.listens(c.who)
		l.mu.Unlock()
		if !there {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	l.t.Fatal("the connection does not end")
}

func TestButtons(t *testing.T) {
	l := newLab(t, Config{World: botWorld})
	anna, robo := l.as("@anna"), l.as("@robo_bot")
	send := `messages.sendMessage peer=@anna message="Choose" reply_markup=`
	row := "replyInlineMarkup(rows=[keyboardButtonRow(buttons=[%s])])"
	robo.do(send + fmt.Sprintf(row, `keyboardButtonCallback(text=Yes data="y") keyboardButtonUrl(text=Site url="https://x.example") inputKeyboardButtonUserProfile(text=Ann user_id=@anna) keyboardButtonCopy(text=Copy copy_text=abc) keyboardButtonSwitchInline(text=Share query=q)`))
	got := anna.nextOf("updateNewMessage")
	want(t, got, ".message.reply_markup.rows[0].buttons[0].data", "hex:79", ".message.reply_markup.rows[0].buttons[2].user_id", "1")
	id := show(at(t, got, ".message.id"))
	robo.do(send + "replyKeyboardMarkup(rows=[keyboardButtonRow(buttons=[keyboardButton(text=Yes) keyboardButtonRequestPhone(text=Phone)])])")
	robo.do(send + "replyKeyboardHide")
	robo.do(send + `replyKeyboardForceReply(placeholder="Say")`)
	for markup, err := range map[string]string{
		"replyInlineMarkup(rows=[])":                                                      "REPLY_MARKUP_INVALID",
		"replyInlineMarkup(rows=[keyboardButtonRow(buttons=[])])":                         "REPLY_MARKUP_INVALID",
		fmt.Sprintf(row, `keyboardButtonCallback(text="" data="y")`):                      "REPLY_MARKUP_INVALID",
		fmt.Sprintf(row, strings.Repeat("keyboardButtonCallback(text=x data=\"y\") ", 9)): "REPLY_MARKUP_TOO_LONG",
		fmt.Sprintf(row, "keyboardButton(text=x)"):                                        "BUTTON_TYPE_INVALID",
		fmt.Sprintf(row, `keyboardButtonCallback(text=x data="")`):                        "BUTTON_DATA_INVALID",
		fmt.Sprintf(row, `keyboardButtonCallback(text=x data="`+long(65)+`")`):            "BUTTON_DATA_INVALID",
		fmt.Sprintf(row, `keyboardButtonUrl(text=x url=nowhere)`):                         "BUTTON_URL_INVALID",
		fmt.Sprintf(row, `keyboardButtonCopy(text=x copy_text="")`):                       "BUTTON_COPY_TEXT_INVALID",
		fmt.Sprintf(row, `inputKeyboardButtonUserProfile(text=x user_id=@anna!)`):         "BUTTON_USER_INVALID",
	} {
		robo.fails(send+markup, "400 "+err)
	}
	anna.fails(`messages.sendMessage peer=@robo_bot message=x reply_markup=replyKeyboardHide`, "400 REPLY_MARKUP_INVALID")
	robo.fails(send+fmt.Sprintf(row, "keyboardButtonGame(text=x)"), "501 SANDBOX_PARAMETER_NOT_SIMULATED: reply_markup.keyboardButtonGame")

	// A button is pressed.
	press := "messages.getBotCallbackAnswer peer=@robo_bot msg_id=" + id + " data="
	waits := anna.begin(press + `"y"`)
	q := robo.nextOf("updateBotCallbackQuery")
	want(t, q, ".user_id", "1", ".peer.user_id", "1", ".data", "hex:79")
	query := "messages.setBotCallbackAnswer query_id=" + show(at(t, q, ".query_id"))
	robo.fails(query+" cache_time=0 message="+long(201), "400 MESSAGE_TOO_LONG")
	robo.fails(query+" cache_time=0 url=x", "400 URL_INVALID")
	robo.fails("messages.setBotCallbackAnswer query_id=1 cache_time=0", "400 QUERY_ID_INVALID")
	robo.do(query + ` cache_time=60 alert=true message="Done" url="https://x.example"`)
	want(t, l.await(waits), "", `messages.botCallbackAnswer(alert=true has_url=true message="Done" url="https://x.example" cache_time=60)`)
	robo.fails(query+" cache_time=0", "400 QUERY_ID_INVALID")
	want(t, anna.do(press+`"y"`), ".message", `"Done"`) // kept for a minute
	anna.fails(press+`"n"`, "400 DATA_INVALID")
	anna.fails("messages.getBotCallbackAnswer peer=@robo_bot msg_id=1 data=hex:01", "400 MESSAGE_ID_INVALID")
	l.roundTrip()

	// An edit without buttons takes them away.
	mine := show(at(t, q, ".msg_id"))
	robo.do("messages.editMessage peer=@anna id=" + mine + " message=Chosen")
	lacks(t, anna.nextOf("updateEditMessage"), ".message.reply_markup")
	robo.do("messages.editMessage peer=@anna id=" + mine + " message=Again reply_markup=" + fmt.Sprintf(row, `keyboardButtonCallback(text=Yes data="y")`))
	want(t, anna.nextOf("updateEditMessage"), ".message.reply_markup.rows[0].buttons[0].text", `"Yes"`)

	// Nobody is there who could answer.
	l.clock.add(2 * time.Minute)
	robo.conn.Close()
	l.gone(robo)
	anna.fails(press+`"y"`, "400 BOT_RESPONSE_TIMEOUT")
}

// TestBotManners: bots of the fixture answer by themselves.
func TestBotManners(t *testing.T) {
	l := newLab(t, Config{World: botWorld + `manner @robo_bot answers "/start" "Hello" keys replyInlineMarkup(rows=[keyboardButtonRow(buttons=[keyboardButtonCallback(text=Yes data="yes")])])
manner @robo_bot pressed "yes" "You said yes"
manner @inline_bot finds "" "Nothing in particular"
manner @inline_bot finds "cat" "A cat"
`, HoldManners: true})
	anna := l.as("@anna")
	anna.do("messages.sendMessage @robo_bot /start")
	l.Manners()
	m := anna.nextOf("updateNewMessage")
	want(t, m, ".message.message", `"Hello"`, ".message.reply_markup.rows[0].buttons[0].text", `"Yes"`)
	waits := anna.begin("messages.getBotCallbackAnswer peer=@robo_bot msg_id=" + show(at(t, m, ".message.id")) + ` data="yes"`)
	l.mannersSoon()
	want(t, l.await(waits), ".message", `"You said yes"`)
	waits = anna.begin(`messages.getInlineBotResults bot=@inline_bot peer=me query="a cat" offset=""`)
	l.mannersSoon()
	want(t, l.await(waits), ".results[0].title", `"Nothing in particular"`, ".results[1].title", `"A cat"`)
	l.roundTrip()
}

// mannersSoon does what a request that is on its way makes somebody do.
func (l *lab) mannersSoon() {
	l.t.Helper()
	for range 2000 {
		if l.Manners() > 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	l.t.Fatal("nobody does anything")
}
