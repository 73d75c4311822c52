package sandbox

import (
	"sort"

	"tlsh/tl"
)

// maxPage is the most that one page of messages or dialogs holds, and what a
// limit of 0 asks for.
const maxPage = 100

// hashOf is how the API condenses a list of numbers, for "nothing changed"
// (https://core.telegram.org/api/offsets#hash-generation).
type hashOf uint64

func (h *hashOf) add(ns ...int64) {
	x := uint64(*h)
	for _, n := range ns {
		x ^= x >> 21
		x ^= x << 35
		x ^= x >> 4
		x += uint64(n)
	}
	*h = hashOf(x)
}

// limit is the request's limit within what a page holds.
func (c *call) limit() int {
	n := int(c.req.At("limit").AsInt())
	if n <= 0 || n > maxPage {
		return maxPage
	}
	return n
}

// messagesGetHistory follows
// https://core.telegram.org/method/messages.getHistory and
// https://core.telegram.org/api/offsets. The hash is that of each message's id
// and its date, of the last edit if there was one.
func messagesGetHistory(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	h := c.history(with)
	page, skipped := c.page(h)
	if c.unchanged(page) {
		return c.new("messages.messagesNotModified").With("count", tl.Int(int32(len(h.entries)))).Value(), nil
	}
	return c.messages(page, with, len(h.entries), skipped), nil
}

// unchanged reports whether the request's hash is that of the page: the caller
// has it already.
func (c *call) unchanged(page []*entry) bool {
	want := c.req.At("hash").AsLong()
	if want == 0 {
		return false
	}
	var sum hashOf
	for _, e := range page {
		sum.add(int64(e.id), int64(e.edited()))
	}
	return int64(sum) == want
}

// page are the entries of a history that the request asks for, newest first,
// and how many newer ones there are.
func (c *call) page(h *history) (page []*entry, skipped int) {
	lo, hi := 0, len(h.entries)
	if id := c.req.At("min_id").AsInt(); id > 0 {
		lo = h.index(id) // as far as the first id above it
		if lo < hi && h.entries[lo].id == id {
			lo++
		}
	}
	if id := c.req.At("max_id").AsInt(); id > 0 {
		hi = h.index(id)
	}
	// start is the position, counted from the newest, of the first entry older
	// than the offset; the window of limit entries is then moved by add_offset.
	start := len(h.entries) - hi
	if id := c.req.At("offset_id").AsInt(); id > 0 {
		start = max(start, len(h.entries)-h.index(id))
	} else if date := c.req.At("offset_date").AsInt(); date > 0 {
		older := sort.Search(len(h.entries), func(i int) bool { return h.entries[i].date >= date })
		start = max(start, len(h.entries)-older)
	}
	from := start + int(c.req.At("add_offset").AsInt())
	to := from + c.limit()
	from, to = max(from, len(h.entries)-hi), min(to, len(h.entries)-lo)
	for i := from; i < to; i++ {
		page = append(page, h.entries[len(h.entries)-1-i])
	}
	return page, from
}

// messages is a messages.Messages of these entries of a conversation that holds
// total of them.
func (c *call) messages(page []*entry, with peer, total, skipped int) tl.Value {
	items := make([]tl.Value, len(page))
	for i, e := range page {
		items[i] = c.message(e)
	}
	var o *tl.Object
	switch {
	case with.kind == channelPeer:
		o = c.new("messages.channelMessages").With("pts", tl.Int(c.room[with].box.pts)).With("count", tl.Int(int32(total)))
	case len(page) < total:
		o = c.new("messages.messagesSlice").With("count", tl.Int(int32(total)))
	default:
		o = c.new("messages.messages")
	}
	if skipped > 0 && len(page) > 0 {
		o.With("offset_id_offset", tl.Int(int32(skipped)))
	}
	return c.list(o, items, with)
}

// list puts messages into an answer that has no topics.
func (c *call) list(o *tl.Object, items []tl.Value, with ...peer) tl.Value {
	o.With("messages", c.vector("Message", items))
	if t := o.Def().Param("topics"); t != nil {
		o.With("topics", tl.VectorOf(t.Type.Elem))
	}
	return c.complete(o, with...).Value()
}

// messagesGetMessages follows
// https://core.telegram.org/method/messages.getMessages: private chats and
// basic groups only.
func messagesGetMessages(c *call) (tl.Value, error) {
	items, err := c.named(c.me.box)
	if err != nil {
		return tl.Value{}, err
	}
	return c.list(c.new("messages.messages"), items), nil
}

// channelsGetMessages follows
// https://core.telegram.org/method/channels.getMessages.
func channelsGetMessages(c *call) (tl.Value, error) {
	r, err := c.channel(c.req.At("channel"))
	if err != nil {
		return tl.Value{}, err
	}
	items, err := c.named(r.box)
	if err != nil {
		return tl.Value{}, err
	}
	if len(items) == 0 {
		return tl.Value{}, bad("MESSAGE_IDS_EMPTY")
	}
	o := c.new("messages.channelMessages").With("pts", tl.Int(r.box.pts)).With("count", tl.Int(int32(len(items))))
	return c.list(o, items, r.peer), nil
}

// named are the messages of a box that the request's Vector<InputMessage>
// names, messageEmpty for what is not there.
func (c *call) named(b *box) ([]tl.Value, error) {
	ids := c.req.At("id").Vector().Items
	items := make([]tl.Value, len(ids))
	for i, v := range ids {
		in := v.Object()
		id := in.At("id").AsInt()
		e := b.find(id)
		switch in.Def().Name {
		case "inputMessageID":
		case "inputMessageReplyTo":
			if e != nil && e.reply != nil {
				id = e.reply.idIn(b)
				e = b.find(id)
			} else {
				e = nil
			}
		default:
			return nil, bad("MESSAGE_ID_INVALID")
		}
		if e == nil {
			items[i] = c.new("messageEmpty").With("id", tl.Int(id)).Value()
			continue
		}
		items[i] = c.message(e)
	}
	return items, nil
}
