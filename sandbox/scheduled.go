package sandbox

import (
	"cmp"
	"fmt"
	"slices"

	"tlsh/tl"
)

// scheduledArea is messages that are sent later
// (https://core.telegram.org/api/scheduled-messages). They are sent with the
// first request that comes when their time is there.
func scheduledArea() area {
	return area{
		methods: map[string]method{
			"messages.deleteScheduledMessages": {handle: messagesDeleteScheduledMessages},
			"messages.getScheduledHistory":     {handle: messagesGetScheduledHistory},
			"messages.getScheduledMessages":    {handle: messagesGetScheduledMessages},
			"messages.sendScheduledMessages": {handle: messagesSendScheduledMessages,
				errors: "MESSAGE_ID_INVALID"},
		},
		words: map[string]func(*arguments){"schedule": scheduleWord},
		save:  saveScheduled,
	}
}

// The limits of scheduling: how many messages wait in one chat, how far ahead,
// and what is so near that it is sent at once.
const (
	maxScheduled = 100
	scheduleMost = 366 * 86400
	scheduleSoon = 10
	// whenOnline in place of a date asks to wait until the other is online.
	whenOnline = 0x7ffffffe
)

// scheduled are a person's messages for one chat that wait, by id.
type scheduled struct {
	list []*entry
	last int32 // the newest id given
}

func (s *scheduled) find(id int32) *entry {
	for _, e := range s.list {
		if e.id == id {
			return e
		}
	}
	return nil
}

// asked is when the request wants its messages sent; 0: now. Errors:
// SCHEDULE_DATE_TOO_LATE.
func (c *call) asked() (int32, error) {
	v := c.req.At("schedule_date")
	switch date := v.AsInt(); {
	case v.IsNone() || date <= c.now+scheduleSoon:
		return 0, nil
	case date == whenOnline:
		return 0, notSimulated("schedule_date of being online")
	case date-c.now > scheduleMost:
		return 0, bad("SCHEDULE_DATE_TOO_LATE")
	default:
		return date, nil
	}
}

// schedule puts letters among those that wait and answers with them. Errors:
// SCHEDULE_TOO_MUCH.
func (c *call) schedule(letters []*letter, date int32, random []int64) (tl.Value, error) {
	d := c.dialog(c.me, letters[0].to)
	if len(d.scheduled.list)+len(letters) > maxScheduled {
		return tl.Value{}, bad("SCHEDULE_TOO_MUCH")
	}
	var list, news []tl.Value
	for i, l := range letters {
		l.date = date
		e := c.wait(d, l)
		list = append(list, c.new("updateMessageID").With("id", tl.Int(e.id)).With("random_id", tl.Long(random[i])).Value())
		news = append(news, c.new("updateNewScheduledMessage").With("message", c.message(e)).Value())
	}
	c.push(c.me, func(viewer) []tl.Value { return news })
	return c.updates(c.now, append(list, news...)...).Value(), nil
}

// wait puts one letter among those that wait.
func (w *world) wait(d *dialog, l *letter) *entry {
	d.scheduled.last++
	e := &entry{d.scheduled.last, l}
	d.scheduled.list = append(d.scheduled.list, e)
	if w.due == 0 || l.date < w.due {
		w.due = l.date
	}
	return e
}

// sendDue sends what was scheduled for now or earlier, of everybody.
func (s *Sandbox) sendDue() {
	w := s.world
	if w.due == 0 || w.due > w.now {
		return
	}
	type waiting struct {
		p *person
		d *dialog
		e *entry
	}
	var all []waiting
	w.due = 0
	for _, p := range w.people {
		for _, d := range w.dialogsOf(p) {
			for _, e := range d.scheduled.list {
				if e.date <= w.now {
					all = append(all, waiting{p, d, e})
				} else if w.due == 0 || e.date < w.due {
					w.due = e.date
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b waiting) int { return cmp.Compare(a.e.date, b.e.date) })
	for _, x := range all {
		s.actor(x.p).dispatchWaiting(x.d, []*entry{x.e})
	}
}

// dispatchWaiting sends messages that waited, and takes from the list those that cannot
// be sent any more. It gives their updates for the caller.
func (c *call) dispatchWaiting(d *dialog, list []*entry) (updates []tl.Value) {
	var ids, sent []int32
	for _, e := range list {
		ids = append(ids, e.id)
		d.scheduled.list = slices.DeleteFunc(d.scheduled.list, func(x *entry) bool { return x == e })
		if c.writable(d.with, c.sendKind(e.base)) != nil {
			continue
		}
		l := e.letter
		l.date = c.now
		l.base = l.base.Clone().With("from_scheduled", tl.Bool(true))
		own := c.post(l)[0]
		sent = append(sent, own.entry.id)
		var channel *room
		if own.to == nil {
			channel = c.room[l.to]
		}
		updates = append(updates, c.update(own.event, channel))
	}
	return append(updates, c.dropScheduled(d.with, ids, sent))
}

// dropScheduled tells the caller's other sessions that messages do not wait any
// more, and what those that were sent became.
func (c *call) dropScheduled(with peer, ids, sent []int32) tl.Value {
	o := c.new("updateDeleteScheduledMessages").With("peer", c.peerValue(with)).With("messages", ints(c.schema, ids))
	if len(sent) > 0 {
		o.With("sent_messages", ints(c.schema, sent))
	}
	c.own(o)
	return o.Value()
}

// messagesGetScheduledHistory follows
// https://core.telegram.org/method/messages.getScheduledHistory. The hash is
// that of each message's id, date of the last edit, and date.
func messagesGetScheduledHistory(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	list := slices.Clone(c.dialog(c.me, with).scheduled.list)
	slices.SortStableFunc(list, func(a, b *entry) int { return cmp.Or(cmp.Compare(b.date, a.date), cmp.Compare(b.id, a.id)) })
	var sum hashOf
	for _, e := range list {
		sum.add(int64(e.id), e.base.At("edit_date").AsLong(), int64(e.date))
	}
	if want := c.req.At("hash").AsLong(); want != 0 && want == int64(sum) {
		return c.new("messages.messagesNotModified").With("count", tl.Int(int32(len(list)))).Value(), nil
	}
	return c.scheduledMessages(list, with), nil
}

func (c *call) scheduledMessages(list []*entry, with peer) tl.Value {
	items := make([]tl.Value, len(list))
	for i, e := range list {
		items[i] = c.message(e)
	}
	return c.list(c.new("messages.messages"), items, with)
}

// chosenScheduled are the waiting messages that the request names.
func (c *call) chosenScheduled() (*dialog, []*entry, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return nil, nil, err
	}
	d := c.dialog(c.me, with)
	var list []*entry
	for _, id := range c.req.At("id").Vector().Items {
		if e := d.scheduled.find(id.AsInt()); e != nil && !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	return d, list, nil
}

// messagesGetScheduledMessages follows
// https://core.telegram.org/method/messages.getScheduledMessages.
func messagesGetScheduledMessages(c *call) (tl.Value, error) {
	d, list, err := c.chosenScheduled()
	if err != nil {
		return tl.Value{}, err
	}
	return c.scheduledMessages(list, d.with), nil
}

// messagesSendScheduledMessages follows
// https://core.telegram.org/method/messages.sendScheduledMessages.
func messagesSendScheduledMessages(c *call) (tl.Value, error) {
	d, list, err := c.chosenScheduled()
	if err != nil {
		return tl.Value{}, err
	}
	if len(list) == 0 {
		return tl.Value{}, bad("MESSAGE_ID_INVALID")
	}
	return c.updates(c.now, c.dispatchWaiting(d, list)...).Value(), nil
}

// messagesDeleteScheduledMessages follows
// https://core.telegram.org/method/messages.deleteScheduledMessages. Ids that
// are not there are passed over.
func messagesDeleteScheduledMessages(c *call) (tl.Value, error) {
	d, list, err := c.chosenScheduled()
	if err != nil {
		return tl.Value{}, err
	}
	ids := make([]int32, len(list))
	for i, e := range list {
		ids[i] = e.id
		d.scheduled.list = slices.DeleteFunc(d.scheduled.list, func(x *entry) bool { return x == e })
	}
	return c.updates(c.now, c.dropScheduled(d.with, ids, nil)).Value(), nil
}

// scheduleWord: schedule PERSON PEER message(id=… date=… peer_id=… message=…)
// [NUMBER], with the message that it answers.
func scheduleWord(a *arguments) {
	p, with := a.person(), a.peer("to whom")
	base := a.object("Message")
	var reply *letter
	if a.more() {
		reply = a.message()
	}
	if a.bad {
		return
	}
	id := base.At("id").AsInt()
	d := a.dialog(p, with)
	if !base.Is("message") || id <= 0 || d.scheduled.find(id) != nil {
		a.fail("want message(…) with an id above 0, another one for each that waits there")
		return
	}
	l := &letter{base: base, author: p, to: with, date: base.At("date").AsInt(), reply: reply}
	d.scheduled.last = max(d.scheduled.last, id-1)
	last := d.scheduled.last
	d.scheduled.last = id - 1
	a.wait(d, l)
	d.scheduled.last = max(last, id)
}

func saveScheduled(s *saver) {
	for _, p := range s.people {
		for _, d := range s.dialogsOf(p) {
			for _, e := range d.scheduled.list {
				o := e.base.Clone().With("id", tl.Int(e.id)).With("date", tl.Int(e.date)).With("peer_id", s.peerValue(d.with))
				s.buf = append(s.buf, "schedule "+s.ref(p.peer)+" "+s.ref(d.with)+" "...)
				s.buf = s.value(s.buf, o.Value(), "", false)
				if n := s.number[e.reply]; n != 0 {
					s.buf = fmt.Appendf(s.buf, " %d", n)
				}
				s.line("")
			}
		}
	}
}
