package sandbox

import (
	"slices"

	"tlsh/tl"
)

// box is a message box: ids in one sequence, and the pts that counts its
// changes. A person has one for private chats and basic groups together, a
// channel has its own (https://core.telegram.org/api/updates#message-related-event-sequences).
type box struct {
	history       // all messages, whatever the dialog
	last    int32 // the newest id given
	pts     int32
	log     []event // the latest changes, for getDifference
	since   int32   // the pts before the first one of log
	date    int32   // of a channel: when it changed last since the start
}

// letter is a message once, whoever has it; an entry is one's copy of it.
type letter struct {
	base    *tl.Object // message or messageService, without what depends on the viewer; replaced by edits
	author  *person
	to      peer
	date    int32
	reply   *letter
	thread  *letter // see letter.top
	answers history // in its thread
	copy    *letter // of a channel's post: what stands of it in the discussion group
	post    *letter // of such a copy: the post

	lastBot *person            // the bot that was the last one to say something in the room before it; nil: none
	named   named              // whom it mentions by their usernames
	reacted []reacted          // in the order of time
	heard   map[int64]bool     // who of its readers has heard a voice message, or watched a round one
	pressed map[string]pressed // what bots answered to its buttons, for a while
	viewed  map[int64]bool     // who is counted among the views of a post
	copies  []copied           // never forgotten, so that replies can name what was deleted
}

// copied says under which id a box got a letter.
type copied struct {
	box *box
	id  int32
}

type entry struct {
	id int32
	*letter
}

// idIn is the id that the letter has or had in the box, else 0.
func (l *letter) idIn(b *box) int32 {
	for _, c := range l.copies {
		if c.box == b {
			return c.id
		}
	}
	return 0
}

func (l *letter) service() bool { return l.base.Is("messageService") }

// edited is the date of the last edit, else the date.
func (l *letter) edited() int32 {
	if v := l.base.At("edit_date"); !v.IsNone() {
		return v.AsInt()
	}
	return l.date
}

// history is a list of messages by growing id.
type history struct {
	// byAuthor has the ids of everybody's messages, growing; nil until somebody
	// has wanted to know.
	byAuthor map[*person][]int32
	entries  []*entry
	pins     []int32 // the ids of those that are pinned, growing
}

// index is the position of the first entry whose id is at least id.
func (h *history) index(id int32) int {
	i, _ := slices.BinarySearchFunc(h.entries, id, func(e *entry, id int32) int { return int(e.id) - int(id) })
	return i
}

func (h *history) find(id int32) *entry {
	if i := h.index(id); i < len(h.entries) && h.entries[i].id == id {
		return h.entries[i]
	}
	return nil
}

func (h *history) top() *entry {
	if len(h.entries) == 0 {
		return nil
	}
	return h.entries[len(h.entries)-1]
}

func (h *history) add(e *entry) {
	h.entries = slices.Insert(h.entries, h.index(e.id), e)
	if h.byAuthor != nil {
		ids := h.byAuthor[e.author]
		i, _ := slices.BinarySearch(ids, e.id)
		h.byAuthor[e.author] = slices.Insert(ids, i, e.id)
	}
}

// incoming counts the messages after id that are not p's.
func (h *history) incoming(p *person, id int32) int {
	n := len(h.entries) - h.index(id+1)
	const few = 100
	if h.byAuthor == nil && n <= few {
		for _, e := range h.entries[len(h.entries)-n:] {
			if e.author == p {
				n--
			}
		}
		return n
	}
	if h.byAuthor == nil {
		h.byAuthor = map[*person][]int32{}
		for _, e := range h.entries {
			h.byAuthor[e.author] = append(h.byAuthor[e.author], e.id)
		}
	}
	own := h.byAuthor[p]
	i, _ := slices.BinarySearch(own, id+1)
	return n - (len(own) - i)
}

func (h *history) remove(id int32) {
	if i := h.index(id); i < len(h.entries) && h.entries[i].id == id {
		if h.byAuthor != nil {
			who := h.entries[i].author
			ids := h.byAuthor[who]
			if k, ok := slices.BinarySearch(ids, id); ok {
				h.byAuthor[who] = slices.Delete(ids, k, k+1)
			}
		}
		h.entries = slices.Delete(h.entries, i, i+1)
		h.pin(id, false)
	}
}

// event is a change of a box, as updates and getDifference tell it.
type event struct {
	kind       eventKind
	pts, count int32 // pts after it
	entry      *entry
	ids        []int32 // deleted
	with       peer    // read
	max, still int32   // read
	// tell makes the update of an eventOther, as the viewer sees it; channel is
	// as for viewer.update. pts and pts_count are set by that.
	tell func(v viewer, channel *room) *tl.Object
}

type eventKind uint8

const (
	eventNew eventKind = iota
	eventEdit
	eventDelete
	eventReadIn
	eventReadOut
	eventOther // any other change: tell says which
)

// maxLog bounds what a box remembers of its changes; who missed more gets
// differenceTooLong.
const maxLog = 10_000

// change counts and remembers a change.
func (b *box) change(e event, count int32) event {
	b.pts += count
	e.pts, e.count = b.pts, count
	if len(b.log) == maxLog {
		b.since = b.log[maxLog/2-1].pts
		b.log = slices.Clone(b.log[maxLog/2:])
	}
	b.log = append(b.log, e)
	return e
}

// missed are the changes after pts; ok is false when they are forgotten.
func (b *box) missed(pts int32) (events []event, ok bool) {
	if pts < b.since {
		return nil, false
	}
	i, _ := slices.BinarySearchFunc(b.log, pts+1, func(e event, pts int32) int { return int(e.pts) - int(pts) })
	return b.log[i:], true
}

// deliver puts the letter into every box that it belongs to and returns, box
// by box, what changed: for a channel its own box, else those of both people or
// of all members who hear of it.
func (w *world) deliver(l *letter) []delivery {
	var out []delivery
	w.noteBot(l)
	switch l.to.kind {
	case userPeer:
		other := w.byID[l.to.id]
		out = append(out, w.put(l, l.author, other.peer))
		if other != l.author {
			out = append(out, w.put(l, other, l.author.peer))
		}
	case chatPeer:
		for _, m := range w.room[l.to].members {
			if w.hears(m.person, l) {
				out = append(out, w.put(l, m.person, l.to))
			}
		}
	case channelPeer:
		b := w.room[l.to].box
		e := &entry{b.next(), l}
		l.copies = append(l.copies, copied{b, e.id})
		b.add(e)
		out = append(out, delivery{box: b, entry: e, event: b.change(event{kind: eventNew, entry: e}, 1)})
	}
	return out
}

// delivery says what a letter's arrival did to one box. to is nil for a
// channel's.
type delivery struct {
	box   *box
	to    *person
	entry *entry
	event event
}

func (w *world) put(l *letter, p *person, with peer) delivery {
	e := &entry{p.box.next(), l}
	w.enter(p, with, e)
	return delivery{box: p.box, to: p, entry: e, event: p.box.change(event{kind: eventNew, entry: e}, 1)}
}

// enter gives a person a copy with a known id.
func (w *world) enter(p *person, with peer, e *entry) {
	e.copies = append(e.copies, copied{p.box, e.id})
	p.box.add(e)
	w.dialog(p, with).list.add(e)
}

func (b *box) next() int32 {
	b.last++
	return b.last
}

// with is the peer of the dialog in which the person has the letter.
func (l *letter) with(p *person) peer {
	if l.to.kind == userPeer && l.to.id == p.id {
		return l.author.peer
	}
	return l.to
}

// serialID is a new id for what has one in the whole world: polls, albums. Those
// of one world differ, and do not tell how many there are.
func (w *world) serialID() int64 {
	w.serial++
	x := uint64(w.serial) * 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return int64((x ^ x>>31) >> 2)
}
