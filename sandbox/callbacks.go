package sandbox

import (
	"bytes"

	"tlsh/tl"
)

// maxCallback is the longest answer to a button that was pressed, in UTF-16
// units (https://core.telegram.org/bots/api#answercallbackquery).
const maxCallback = 200

// pressed is an answer that a client may keep for some time.
type pressed struct {
	answer *tl.Object
	until  int32
}

// messagesGetBotCallbackAnswer follows
// https://core.telegram.org/method/messages.getBotCallbackAnswer and
// https://core.telegram.org/api/bots/buttons#callback-queries: the answer comes
// when the bot has given it.
func messagesGetBotCallbackAnswer(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	e := c.history(with).find(c.req.At("msg_id").AsInt())
	if e == nil || !e.base.At("reply_markup").Object().Is("replyInlineMarkup") {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	bot := e.author
	if via := e.base.At("via_bot_id"); !via.IsNone() {
		bot = c.byID[via.AsLong()]
	}
	data := c.req.At("data").AsBytes()
	if !hasButton(e.base.At("reply_markup").Object(), data) {
		return tl.Value{}, bad("DATA_INVALID")
	}
	if old := e.pressed[string(data)]; old.answer != nil && c.now < old.until {
		return old.answer.Value(), nil
	}
	letter := e.letter
	take := func(in *tl.Object) (tl.Value, error) {
		o := c.new("messages.botCallbackAnswer").With("alert", in.At("alert")).With("message", in.At("message")).
			With("url", in.At("url")).With("cache_time", in.At("cache_time"))
		setFlag(o, "has_url", !in.At("url").IsNone())
		if n := in.At("cache_time").AsInt(); n > 0 {
			if letter.pressed == nil {
				letter.pressed = map[string]pressed{}
			}
			letter.pressed[string(data)] = pressed{o, c.now + n}
		}
		return o.Value(), nil
	}
	return c.askBot(bot, "pressed", string(data), take, func(v viewer, id int64) *tl.Object {
		if bot != letter.author {
			return v.new("updateInlineBotCallbackQuery").With("query_id", tl.Long(id)).With("user_id", tl.Long(c.me.id)).
				With("msg_id", v.inlineID(letter)).With("chat_instance", tl.Long(chatInstance(with, c.me))).With("data", tl.Bytes(data))
		}
		at := letter.with(bot)
		return v.new("updateBotCallbackQuery").With("query_id", tl.Long(id)).With("user_id", tl.Long(c.me.id)).With("peer", v.peerValue(at)).
			With("msg_id", tl.Int(letter.idIn(c.s.boxOf(bot, at)))).With("chat_instance", tl.Long(chatInstance(with, c.me))).With("data", tl.Bytes(data))
	})
}

// chatInstance is the number by which bots know a chat without knowing it.
func chatInstance(with peer, p *person) int64 {
	ids := []int64{int64(with.kind), with.id, 0}
	if with.kind == userPeer { // the same for both
		ids[1], ids[2] = min(with.id, p.id), max(with.id, p.id)
	}
	var sum hashOf
	sum.add(ids...)
	x := uint64(sum) * 0x9e3779b97f4a7c15
	return int64(x ^ x>>29)
}

// hasButton reports a callback button with that data.
func hasButton(markup *tl.Object, data []byte) bool {
	for _, row := range markup.At("rows").Vector().Items {
		for _, b := range row.Object().At("buttons").Vector().Items {
			if o := b.Object(); o.Is("keyboardButtonCallback") && bytes.Equal(o.At("data").AsBytes(), data) {
				return true
			}
		}
	}
	return false
}

// messagesSetBotCallbackAnswer follows
// https://core.telegram.org/method/messages.setBotCallbackAnswer.
func messagesSetBotCallbackAnswer(c *call) (tl.Value, error) {
	q, err := c.answers()
	switch {
	case err != nil:
		return tl.Value{}, err
	case q.c.method != "messages.getBotCallbackAnswer":
		return tl.Value{}, bad("QUERY_ID_INVALID")
	case units(c.req.At("message").AsString()) > maxCallback:
		return tl.Value{}, bad("MESSAGE_TOO_LONG")
	case !c.req.At("url").IsNone() && !isURL(c.req.At("url").AsString()):
		return tl.Value{}, bad("URL_INVALID")
	}
	q.finish(q.take(c.req))
	return tl.Bool(true), nil
}
