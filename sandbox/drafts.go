package sandbox

import (
	"maps"
	"slices"

	"tlsh/tl"
)

// draftsArea is drafts (https://core.telegram.org/api/drafts).
func draftsArea() area {
	return area{
		methods: map[string]method{
			"messages.clearAllDrafts": {handle: messagesClearAllDrafts},
			"messages.getAllDrafts":   {handle: messagesGetAllDrafts},
			"messages.saveDraft": {handle: messagesSaveDraft, heeds: "no_webpage invert_media reply_to entities",
				errors: "ENTITIES_TOO_LONG ENTITY_BOUNDS_INVALID ENTITY_MENTION_USER_INVALID MESSAGE_TOO_LONG"},
		},
		words: map[string]func(*arguments){"draft": draftWord},
		save:  saveDrafts,
	}
}

// messagesSaveDraft follows
// https://core.telegram.org/method/messages.saveDraft. A draft of nothing takes
// away what was there.
func messagesSaveDraft(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	text := c.req.At("message")
	entities, err := c.text(c.req, maxMessage, "MESSAGE_TOO_LONG")
	if err != nil {
		return tl.Value{}, err
	}
	reply, err := c.kept(c.req.At("reply_to"))
	if err != nil {
		return tl.Value{}, err
	}
	var topic int32
	if r := c.room[with]; r != nil && r.def.At("forum").AsBool() {
		topic = reply.Object().At("top_msg_id").AsInt()
	}
	if text.AsString() == "" && reply.IsNone() {
		c.dropDraft(with, topic)
		return tl.Bool(true), nil
	}
	draft := c.new("draftMessage").With("no_webpage", c.req.At("no_webpage")).With("invert_media", c.req.At("invert_media")).
		With("reply_to", reply).With("message", text).With("entities", entities).With("date", tl.Int(c.now))
	d := c.dialog(c.me, with)
	if d.drafts == nil {
		d.drafts = map[int32]*tl.Object{}
	}
	d.drafts[topic] = draft
	c.push(c.me, func(v viewer) []tl.Value { return []tl.Value{v.draftUpdate(with, topic, draft)} })
	return tl.Bool(true), nil
}

func (v viewer) draftUpdate(with peer, topic int32, draft *tl.Object) tl.Value {
	o := v.new("updateDraftMessage").With("peer", v.peerValue(with)).With("draft", v.shown(draft.Value()))
	if topic != 0 {
		o.With("top_msg_id", tl.Int(topic))
	}
	return o.Value()
}

// dropDraft takes a draft of the caller's away and tells their other sessions.
func (c *call) dropDraft(with peer, topic int32) {
	d := c.me.dialogs[with]
	if d == nil || d.drafts[topic] == nil {
		return
	}
	delete(d.drafts, topic)
	c.push(c.me, func(v viewer) []tl.Value {
		return []tl.Value{v.draftUpdate(with, topic, v.new("draftMessageEmpty").With("date", tl.Int(c.now)))}
	})
}

// eachDraft visits a person's drafts in a fixed order.
func (w *world) eachDraft(p *person, visit func(d *dialog, topic int32, draft *tl.Object)) {
	for _, d := range w.dialogsOf(p) {
		for _, topic := range slices.Sorted(maps.Keys(d.drafts)) {
			visit(d, topic, d.drafts[topic])
		}
	}
}

// messagesGetAllDrafts follows
// https://core.telegram.org/method/messages.getAllDrafts.
func messagesGetAllDrafts(c *call) (tl.Value, error) {
	var list []tl.Value
	c.eachDraft(c.me, func(d *dialog, topic int32, draft *tl.Object) {
		list = append(list, c.draftUpdate(d.with, topic, draft))
	})
	return c.updates(c.now, list...).Value(), nil
}

// messagesClearAllDrafts follows
// https://core.telegram.org/method/messages.clearAllDrafts.
func messagesClearAllDrafts(c *call) (tl.Value, error) {
	c.eachDraft(c.me, func(d *dialog, topic int32, _ *tl.Object) { c.dropDraft(d.with, topic) })
	return tl.Bool(true), nil
}

// draftWord: draft PERSON PEER draftMessage(…) [TOPIC]
func draftWord(a *arguments) {
	p, with := a.person(), a.peer("to whom")
	draft := a.object("DraftMessage")
	var topic int32
	if a.more() {
		topic = a.number("the topic")
	}
	if a.bad {
		return
	}
	if !draft.Is("draftMessage") {
		a.fail("want draftMessage(…): where there is no draft, there is no line")
		return
	}
	d := a.dialog(p, with)
	if d.drafts == nil {
		d.drafts = map[int32]*tl.Object{}
	}
	d.drafts[topic] = draft
}

func saveDrafts(s *saver) {
	for _, p := range s.people {
		s.eachDraft(p, func(d *dialog, topic int32, draft *tl.Object) {
			s.buf = append(s.buf, "draft "+s.ref(p.peer)+" "+s.ref(d.with)+" "...)
			s.buf = s.value(s.buf, draft.Value(), "", false)
			if topic != 0 {
				s.line(" %d", topic)
			} else {
				s.line("")
			}
		})
	}
}
