package sandbox

import (
	"slices"

	"tlsh/tl"
)

// The limits of inline mode (https://core.telegram.org/bots/api#answerinlinequery).
const (
	maxInlineResults = 50
	maxResultID      = 64 // bytes
	maxNextOffset    = 64 // bytes
	maxStartParam    = 64
	maxAnswered      = 1000 // answers that are kept, so that their results can be sent
)

// inlined are the latest answers of bots to inline queries, the newest last.
type inlined struct{ list []*inlineAnswer }

// inlineAnswer is what a bot answered to an inline query.
type inlineAnswer struct {
	id      int64 // query_id
	bot     *person
	user    *person // to whom alone; nil: everybody who asks the same
	query   string
	offset  string
	value   *tl.Object             // messages.botResults, without what depends on the viewer
	results map[string]*tl.Object  // InputBotInlineResult, by id
	until   int32                  // how long the same query gets it
	placed  map[string]inlineMedia // what a result sends
}

// inlineMedia is what a result sends: the parts of a message.
type inlineMedia struct{ message, entities, media, markup, invert tl.Value }

// messagesGetInlineBotResults follows
// https://core.telegram.org/method/messages.getInlineBotResults and
// https://core.telegram.org/api/bots/inline: the answer comes when the bot has
// given it, or one is there that is for this query.
func messagesGetInlineBotResults(c *call) (tl.Value, error) {
	bot, err := c.userBy(c.req.At("bot"))
	switch {
	case err != nil:
		return tl.Value{}, err
	case bot.bot == nil:
		return tl.Value{}, bad("BOT_INVALID")
	case bot.def.At("bot_inline_placeholder").IsNone():
		return tl.Value{}, bad("BOT_INLINE_DISABLED")
	}
	var with peer
	kind := tl.Value{}
	if in := c.req.At("peer"); !in.Object().Is("inputPeerEmpty") {
		if with, err = c.target(in); err != nil {
			return tl.Value{}, err
		}
		kind = c.inlinePeerType(with, bot)
	}
	text, offset := c.req.At("query").AsString(), c.req.At("offset").AsString()
	for _, a := range slices.Backward(c.world.inline.list) {
		if a.bot == bot && a.query == text && a.offset == offset && c.now < a.until && (a.user == nil || a.user == c.me) {
			return c.shownResults(a), nil
		}
	}
	geo := tl.Value{}
	if in := c.req.At("geo_point").Object(); in != nil && bot.def.At("bot_inline_geo").AsBool() {
		if geo, err = c.geoPoint(in); err != nil {
			return tl.Value{}, err
		}
	}
	var q int64
	take := func(in *tl.Object) (tl.Value, error) {
		a, err := viewer{c.world, bot}.inlineAnswer(c, in)
		if err != nil {
			return tl.Value{}, err
		}
		a.id, a.query, a.offset = q, text, offset
		if in.At("private").AsBool() {
			a.user = c.me
		}
		a.until = c.now + in.At("cache_time").AsInt()
		c.world.inline.keep(a)
		return c.shownResults(a), nil
	}
	return c.askBot(bot, "finds", text, take, func(v viewer, id int64) *tl.Object {
		q = id
		return v.new("updateBotInlineQuery").With("query_id", tl.Long(id)).With("user_id", tl.Long(c.me.id)).With("query", tl.String(text)).
			With("geo", geo).With("peer_type", kind).With("offset", tl.String(offset))
	})
}

// keep remembers an answer, and forgets the oldest.
func (in *inlined) keep(a *inlineAnswer) {
	if len(in.list) == maxAnswered {
		in.list = slices.Clone(in.list[maxAnswered/2:])
	}
	in.list = append(in.list, a)
}

// find is the answer to a query; nil when there is none any more.
func (in *inlined) find(id int64) *inlineAnswer {
	for _, a := range slices.Backward(in.list) {
		if a.id == id {
			return a
		}
	}
	return nil
}

// inlinePeerType is in what kind of chat an inline query was made.
func (c *call) inlinePeerType(with peer, bot *person) tl.Value {
	name := "inlineQueryPeerTypePM"
	switch r := c.room[with]; {
	case with == bot.peer:
		name = "inlineQueryPeerTypeSameBotPM"
	case with.kind == userPeer && c.byID[with.id].bot != nil:
		name = "inlineQueryPeerTypeBotPM"
	case with.kind == chatPeer:
		name = "inlineQueryPeerTypeChat"
	case with.kind == channelPeer && r.broadcast():
		name = "inlineQueryPeerTypeBroadcast"
	case with.kind == channelPeer:
		name = "inlineQueryPeerTypeMegagroup"
	}
	return c.new(name).Value()
}

// shownResults are the results of a bot as the caller sees them.
func (c *call) shownResults(a *inlineAnswer) tl.Value {
	o := a.value.Clone().With("query_id", tl.Long(a.id))
	return c.complete(c.files(o.Value()).Object()).Value()
}

// messagesSetInlineBotResults follows
// https://core.telegram.org/method/messages.setInlineBotResults.
func messagesSetInlineBotResults(c *call) (tl.Value, error) {
	q, err := c.answers()
	if err == nil && q.c.method != "messages.getInlineBotResults" {
		err = bad("QUERY_ID_INVALID")
	}
	if err != nil {
		return tl.Value{}, err
	}
	// What is wrong with the answer is the bot's to hear, and the query waits on.
	if _, err := c.inlineAnswer(c, c.req); err != nil {
		return tl.Value{}, err
	}
	q.finish(q.take(c.req))
	return tl.Bool(true), nil
}

// inlineAnswer reads the answer of the viewer, a bot, to an inline query. by is
// the call that works at it.
func (v viewer) inlineAnswer(by *call, in *tl.Object) (*inlineAnswer, error) {
	c := *by
	c.viewer = v
	results := in.At("results").Vector().Items
	a := &inlineAnswer{bot: v.me, results: map[string]*tl.Object{}, placed: map[string]inlineMedia{}}
	switch {
	case len(results) > maxInlineResults:
		return nil, bad("RESULTS_TOO_MUCH")
	case len(in.At("next_offset").AsString()) > maxNextOffset:
		return nil, bad("NEXT_OFFSET_INVALID")
	}
	if pm := in.At("switch_pm").Object(); pm != nil {
		switch {
		case pm.At("text").AsString() == "":
			return nil, bad("SWITCH_PM_TEXT_EMPTY")
		case pm.At("start_param").AsString() == "":
			return nil, bad("START_PARAM_EMPTY")
		case !isStartParam(pm.At("start_param").AsString()):
			return nil, bad("START_PARAM_INVALID")
		}
	}
	items := make([]tl.Value, len(results))
	for i, r := range results {
		o := r.Object()
		id := o.At("id").AsString()
		switch {
		case id == "" || len(id) > maxResultID:
			return nil, bad("RESULT_ID_INVALID")
		case a.results[id] != nil:
			return nil, bad("RESULT_ID_DUPLICATE")
		}
		shown, sends, err := c.inlineResult(o)
		if err != nil {
			return nil, err
		}
		a.results[id], a.placed[id], items[i] = o, sends, shown.Value()
	}
	a.value = c.new("messages.botResults").With("gallery", in.At("gallery")).With("query_id", tl.Long(0)).With("switch_pm", in.At("switch_pm")).
		With("results", c.vector("BotInlineResult", items)).With("cache_time", in.At("cache_time")).With("users", c.vector("User", nil))
	if next := in.At("next_offset"); next.AsString() != "" {
		a.value.With("next_offset", next)
	}
	return a, nil
}

// isStartParam reports what can follow a link to a bot
// (https://core.telegram.org/api/links#bot-links).
func isStartParam(s string) bool {
	for _, r := range []byte(s) {
		if (r|0x20 < 'a' || r|0x20 > 'z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return len(s) <= maxStartParam
}

// messagesSendInlineBotResult follows
// https://core.telegram.org/method/messages.sendInlineBotResult.
func messagesSendInlineBotResult(c *call) (tl.Value, error) {
	to, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	query, id := c.req.At("query_id").AsLong(), c.req.At("id").AsString()
	a := c.world.inline.find(query)
	switch {
	case query == 0:
		return tl.Value{}, bad("QUERY_ID_EMPTY")
	case id == "":
		return tl.Value{}, bad("RESULT_ID_EMPTY")
	case a == nil:
		return tl.Value{}, bad("INLINE_RESULT_EXPIRED")
	case a.results[id] == nil:
		return tl.Value{}, bad("RESULT_ID_INVALID")
	}
	if err := c.writable(to, "send_inline"); err != nil {
		return tl.Value{}, err
	}
	sends := a.placed[id]
	base := c.new("message").With("message", sends.message).With("entities", c.detect(sends.message.AsString(), sends.entities)).
		With("media", sends.media).With("reply_markup", sends.markup).With("invert_media", sends.invert)
	if !c.req.At("hide_via").AsBool() {
		base.With("via_bot_id", tl.Long(a.bot.id))
	}
	v, err := c.dispatch(to, []*tl.Object{base}, []int64{c.req.At("random_id").AsLong()})
	if err == nil && !sends.markup.IsNone() {
		if top := c.history(to).top(); top != nil && top.base == base { // else it is sent later
			c.toldSent(a, id, top.letter)
		}
	}
	return v, err
}

// toldSent lets a bot know that a result with buttons was sent, by an id with
// which it can edit the message.
func (c *call) toldSent(a *inlineAnswer, result string, l *letter) {
	c.push(a.bot, func(v viewer) []tl.Value {
		return []tl.Value{v.new("updateBotInlineSend").With("user_id", tl.Long(c.me.id)).With("query", tl.String(a.query)).
			With("id", tl.String(result)).With("msg_id", v.inlineID(l)).Value()}
	})
}
