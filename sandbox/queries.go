package sandbox

import (
	"strconv"
	"strings"
	"time"

	"tlsh/mtproto"
	"tlsh/tl"
)

// botQuery is a request that waits for what a bot answers: an inline query, or a
// button that was pressed.
type botQuery struct {
	id    int64
	c     *call
	bot   *person
	timer *time.Timer
	take  func(answer *tl.Object) (tl.Value, error) // the bot's request, as the answer of this one
}

// answerTime is how long a bot has for its answer, by the real clock. The pages
// say no more than that there is an end to it.
const answerTime = 10 * time.Second

// answerer is a carrier of sessions that takes answers later.
type answerer interface {
	Answer(msgID int64, result []byte, err error) bool
}

// askBot tells a bot of a query and has the request wait for its answer. A bot that
// nobody runs, and that has no manner for it, gives none. Error:
// BOT_RESPONSE_TIMEOUT.
func (c *call) askBot(bot *person, verb, text string, take func(*tl.Object) (tl.Value, error), tell func(v viewer, id int64) *tl.Object) (tl.Value, error) {
	q := &botQuery{id: c.serialID(), c: c, bot: bot, take: take}
	if !c.listens(bot) && !c.mannered(bot, verb, text) {
		return tl.Value{}, bad("BOT_RESPONSE_TIMEOUT")
	}
	c.s.queries[q.id] = q
	q.timer = time.AfterFunc(answerTime, func() {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		q.finish(tl.Value{}, bad("BOT_RESPONSE_TIMEOUT"))
	})
	c.push(bot, func(v viewer) []tl.Value { return []tl.Value{tell(v, q.id).Value()} })
	c.provokeQuery(q, verb, text)
	return tl.Value{}, mtproto.ErrLater
}

// listens reports whether a session of somebody is there to hear.
func (w *world) listens(p *person) bool {
	for _, l := range p.logins {
		for _, sess := range l.sessions {
			if sess.updates && sess.carrier.Live() {
				return true
			}
		}
	}
	return false
}

// finish answers the request that waits, once. mu is held.
func (q *botQuery) finish(v tl.Value, err error) {
	s := q.c.s
	if s.queries[q.id] != q {
		return
	}
	q.timer.Stop()
	delete(s.queries, q.id)
	res, err := q.c.outcome(s.methods[q.c.method], v, err)
	res, err = s.settle(q.c, res, err)
	if a, ok := q.c.session.carrier.(answerer); ok {
		a.Answer(q.c.id.msg, res, err)
	}
}

// answers gives the query that a bot's request answers. Error: QUERY_ID_INVALID.
func (c *call) answers() (*botQuery, error) {
	q := c.s.queries[c.req.At("query_id").AsLong()]
	if q == nil || q.bot != c.me {
		return nil, bad("QUERY_ID_INVALID")
	}
	return q, nil
}

// dropQueries forgets what waits, when nobody can be answered any more. mu is
// held.
func (s *Sandbox) dropQueries() {
	for id, q := range s.queries {
		q.timer.Stop()
		delete(s.queries, id)
	}
}

// fits are the manners of a bot for a query: those whose text the query holds.
func (w *world) fits(bot *person, verb, text string) (list []*manner) {
	for _, m := range w.manners.rules {
		if m.who == bot && m.verb == verb && strings.Contains(strings.ToLower(text), strings.ToLower(m.text)) {
			list = append(list, m)
		}
	}
	return list
}

// mannered reports a bot that has an answer to a query by itself.
func (w *world) mannered(bot *person, verb, text string) bool {
	return len(w.fits(bot, verb, text)) > 0
}

// provokeQuery has the manners of a bot answer a query.
func (c *call) provokeQuery(q *botQuery, verb, text string) {
	if list := c.fits(q.bot, verb, text); len(list) > 0 && len(c.manners.due) < maxDeeds {
		c.s.plan(&deed{manner: list[0], query: q})
	}
}

// answerQuery answers a query as the manners of the caller, a bot, say: a button
// with the first that fits, an inline query with an article for each.
func (c *call) answerQuery(d *deed) {
	id := tl.Long(d.query.id)
	c.method = "messages.setBotCallbackAnswer"
	c.req = tl.New(c.schema.Method(c.method)).With("query_id", id).With("message", tl.String(d.with)).With("cache_time", tl.Int(0))
	if d.verb == "finds" {
		c.method = "messages.setInlineBotResults"
		var results []tl.Value
		for i, m := range c.fits(c.me, "finds", d.query.c.req.At("query").AsString()) {
			title, _, _ := strings.Cut(m.with, "\n")
			results = append(results, c.new("inputBotInlineResult").With("id", tl.String(strconv.Itoa(i+1))).With("type", tl.String("article")).
				With("title", tl.String(title)).With("send_message", c.new("inputBotInlineMessageText").With("message", tl.String(m.with)).Value()).Value())
		}
		c.req = tl.New(c.schema.Method(c.method)).With("query_id", id).With("results", c.vector("InputBotInlineResult", results)).With("cache_time", tl.Int(0))
	}
	_, _ = c.s.methods[c.method].handle(c)
}
