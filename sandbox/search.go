package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"tlsh/tl"
)

// searchArea is finding messages (https://core.telegram.org/api/search).
func searchArea() area {
	return area{methods: map[string]method{
		"messages.getSearchCounters": {handle: messagesGetSearchCounters, heeds: "saved_peer_id top_msg_id",
			errors: "FROM_PEER_INVALID"},
		"messages.getSearchResultsCalendar": {handle: messagesGetSearchResultsCalendar, heeds: "saved_peer_id",
			errors: "FILTER_NOT_SUPPORTED FROM_PEER_INVALID"},
		"messages.getSearchResultsPositions": {handle: messagesGetSearchResultsPositions, heeds: "saved_peer_id",
			errors: "FILTER_NOT_SUPPORTED FROM_PEER_INVALID"},
		"messages.search": {handle: messagesSearch, heeds: "from_id saved_peer_id top_msg_id",
			errors: "FROM_PEER_INVALID SEARCH_QUERY_EMPTY"},
		"messages.searchGlobal": {handle: messagesSearchGlobal, heeds: "broadcasts_only groups_only users_only folder_id",
			errors: "FOLDER_ID_INVALID SEARCH_QUERY_EMPTY"},
		"messages.searchSentMedia": {handle: messagesSearchSentMedia, errors: "FILTER_NOT_SUPPORTED"},
	}}
}

// query is what messages are looked for by.
type query struct {
	viewer
	words  []string // in lower case; each begins a word of the text
	filter *tl.Object
	from   *peer // who wrote it
	saved  *peer // in Saved Messages: whose they were
	top    int32 // in this thread; 0: any
	after  int32 // dates in between; 0: any
	before int32
}

// query reads q, filter and the restrictions of the request; inputPeerEmpty
// restricts nothing, as gotd's client sends it. Errors: those of target,
// FROM_PEER_INVALID.
func (c *call) query(filter *tl.Object) (*query, error) {
	q := &query{viewer: c.viewer, filter: filter}
	has := func(name string) bool { return c.req.Def().Param(name) != nil && !c.req.At(name).IsNone() }
	if has("q") {
		q.words = tokens(strings.ToLower(c.req.At("q").AsString()))
	}
	for name, to := range map[string]**peer{"from_id": &q.from, "saved_peer_id": &q.saved} {
		if !has(name) || c.req.At(name).Object().Is("inputPeerEmpty") {
			continue
		}
		p, err := c.target(c.req.At(name))
		if err != nil {
			return nil, bad("FROM_PEER_INVALID")
		}
		*to = &p
	}
	if has("top_msg_id") {
		q.top = c.req.At("top_msg_id").AsInt()
	}
	if has("min_date") {
		q.after, q.before = c.req.At("min_date").AsInt(), c.req.At("max_date").AsInt()
	}
	return q, nil
}

// tokens are the words of a text, with the # or $ before them if there is one.
func tokens(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r != '_' && r != '#' && r != '$' && r != '@' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && r < 0x2190
	})
}

// matches reports whether a message is what is looked for.
func (q *query) matches(e *entry) bool {
	if q.after > 0 && e.date < q.after || q.before > 0 && e.date > q.before {
		return false
	}
	if q.from != nil && e.author.peer != *q.from && !(e.to == *q.from && q.room[e.to] != nil && q.room[e.to].broadcast()) {
		return false
	}
	if q.saved != nil && (e.with(q.me) != q.me.peer || e.savedFrom(q.me) != *q.saved) {
		return false
	}
	if q.top > 0 {
		if t := e.top(); e.to.kind != channelPeer || t == nil || t.idIn(q.room[e.to].box) != q.top {
			return false
		}
	}
	return q.filtered(e) && q.texted(e)
}

// savedFrom is whose a message in Saved Messages is: who it was forwarded from,
// or the person's own (https://core.telegram.org/api/saved-messages).
func (l *letter) savedFrom(me *person) peer {
	if p := peerOf(l.base.At("saved_peer_id")); p.kind != noPeer {
		return p
	}
	return me.peer
}

// texted reports whether each word that is looked for begins one of the text.
func (q *query) texted(e *entry) bool {
	if len(q.words) == 0 {
		return true
	}
	if e.service() {
		return false
	}
	have := tokens(strings.ToLower(e.base.At("message").AsString()))
	if m := e.base.At("media").Object(); m.Is("messageMediaDocument") {
		if d := q.store.documents[m.At("document").Object().At("id").AsLong()]; d != nil {
			have = append(have, tokens(strings.ToLower(fileName(d)))...)
		}
	}
	for _, w := range q.words {
		if !slices.ContainsFunc(have, func(h string) bool {
			return strings.HasPrefix(h, w) || strings.HasPrefix(strings.TrimLeft(h, "#$@"), w)
		}) {
			return false
		}
	}
	return true
}

// fileName is the name that a document carries.
func fileName(d *document) string {
	for _, v := range d.attributes {
		if o := v.Object(); o.Is("documentAttributeFilename") {
			return o.At("file_name").AsString()
		}
	}
	return ""
}

// filterKinds are the filters that want one of the kinds of what is sent (see
// sendKind).
var filterKinds = map[string]string{
	"inputMessagesFilterPhotos": "send_photos", "inputMessagesFilterVideo": "send_videos",
	"inputMessagesFilterPhotoVideo": "send_photos send_videos", "inputMessagesFilterDocument": "send_docs",
	"inputMessagesFilterGif": "send_gifs", "inputMessagesFilterVoice": "send_voices", "inputMessagesFilterMusic": "send_audios",
	"inputMessagesFilterRoundVoice": "send_roundvideos send_voices", "inputMessagesFilterRoundVideo": "send_roundvideos",
	"inputMessagesFilterPoll": "send_polls",
}

// filtered reports whether a message passes the MessagesFilter.
func (q *query) filtered(e *entry) bool {
	media := e.base.At("media").Object()
	action := e.base.At("action").Object()
	switch name := q.filter.Def().Name; name {
	case "inputMessagesFilterEmpty":
		return true
	case "inputMessagesFilterUrl":
		return hasURL(e.base) || media.Is("messageMediaWebPage")
	case "inputMessagesFilterGeo":
		return media.Is("messageMediaGeo") || media.Is("messageMediaVenue") || media.Is("messageMediaGeoLive")
	case "inputMessagesFilterContacts":
		return media.Is("messageMediaContact")
	case "inputMessagesFilterMyMentions":
		return q.mentions(e.letter, q.me)
	case "inputMessagesFilterPinned":
		return q.listOf(e.letter, q.reader(e.letter)).pinned(e.id)
	case "inputMessagesFilterChatPhotos":
		return action.Is("messageActionChatEditPhoto")
	case "inputMessagesFilterPhoneCalls":
		return action.Is("messageActionPhoneCall") && (!q.filter.At("missed").AsBool() || action.At("reason").Object().Is("phoneCallDiscardReasonMissed"))
	default:
		kinds, ok := filterKinds[name]
		return ok && media != nil && word(kinds, q.sendKind(e.base))
	}
}

// reader is whose copy of a letter the viewer sees: nil for a channel's.
func (v viewer) reader(l *letter) *person {
	if l.to.kind == channelPeer {
		return nil
	}
	return v.me
}

func hasURL(base *tl.Object) bool {
	vec := base.At("entities").Vector()
	return vec != nil && slices.ContainsFunc(vec.Items, func(v tl.Value) bool {
		return v.Object().Is("messageEntityUrl") || v.Object().Is("messageEntityTextUrl")
	})
}

// found are the messages of a history that match.
func (q *query) found(h *history) *history {
	out := &history{}
	if q.filter.Is("inputMessagesFilterPinned") {
		// They are few, and known.
		for _, id := range h.pins {
			if e := h.find(id); e != nil && q.matches(e) {
				out.entries = append(out.entries, e)
			}
		}
		return out
	}
	for _, e := range h.entries {
		if q.matches(e) {
			out.entries = append(out.entries, e)
		}
	}
	return out
}

// messagesSearch follows https://core.telegram.org/method/messages.search. With
// inputPeerEmpty it looks through all private chats and basic groups. The hash
// is as that of messages.getHistory.
func messagesSearch(c *call) (tl.Value, error) {
	q, err := c.query(c.req.At("filter").Object())
	if err != nil {
		return tl.Value{}, err
	}
	var with peer
	all := &c.me.box.history
	if in := c.req.At("peer"); !in.Object().Is("inputPeerEmpty") {
		if with, err = c.target(in); err != nil {
			return tl.Value{}, err
		}
		all = c.history(with)
	} else if len(q.words) == 0 && q.filter.Is("inputMessagesFilterEmpty") {
		return tl.Value{}, bad("SEARCH_QUERY_EMPTY")
	}
	h := q.found(all)
	page, skipped := c.page(h)
	if c.unchanged(page) {
		return c.new("messages.messagesNotModified").With("count", tl.Int(int32(len(h.entries)))).Value(), nil
	}
	return c.messages(page, with, len(h.entries), skipped), nil
}

// messagesSearchGlobal follows
// https://core.telegram.org/method/messages.searchGlobal: the newest first,
// whatever the chat. offset_rate is the next_rate of the page before, the date of
// its last message.
func messagesSearchGlobal(c *call) (tl.Value, error) {
	q, err := c.query(c.req.At("filter").Object())
	if err != nil {
		return tl.Value{}, err
	}
	if len(q.words) == 0 && q.filter.Is("inputMessagesFilterEmpty") {
		return tl.Value{}, bad("SEARCH_QUERY_EMPTY")
	}
	folder := c.req.At("folder_id")
	if n := folder.AsInt(); n != 0 && n != archive {
		return tl.Value{}, bad("FOLDER_ID_INVALID")
	}
	var all []*entry
	for _, d := range c.sorted(c.me) {
		if (folder.IsNone() || d.folder == folder.AsInt()) && c.searched(d.with) {
			all = append(all, q.found(c.history(d.with)).entries...)
		}
	}
	slices.SortFunc(all, c.later)
	from := 0
	if rate := c.req.At("offset_rate").AsInt(); rate > 0 {
		after, err := c.offsetPeer()
		if err != nil {
			return tl.Value{}, err
		}
		id := c.req.At("offset_id").AsInt()
		from, _ = slices.BinarySearchFunc(all, rate, func(e *entry, rate int32) int { return int(rate) - int(e.date) })
		for from < len(all) && all[from].date == rate {
			from++
			if e := all[from-1]; e.id == id && e.with(c.me) == after {
				break
			}
		}
	}
	page := all[from:min(from+c.limit(), len(all))]
	items := make([]tl.Value, len(page))
	for i, e := range page {
		items[i] = c.message(e)
	}
	o := c.new("messages.messagesSlice").With("count", tl.Int(int32(len(all))))
	if from+len(page) < len(all) {
		o.With("next_rate", tl.Int(page[len(page)-1].date))
	}
	return c.list(o, items), nil
}

// messagesSearchSentMedia follows
// https://core.telegram.org/method/messages.searchSentMedia: what the caller has
// sent of one kind, whatever the chat, the newest first, and but once.
func messagesSearchSentMedia(c *call) (tl.Value, error) {
	filter := c.req.At("filter").Object()
	if _, ok := filterKinds[filter.Def().Name]; !ok || filter.Is("inputMessagesFilterPoll") {
		return tl.Value{}, bad("FILTER_NOT_SUPPORTED")
	}
	q, err := c.query(filter)
	if err != nil {
		return tl.Value{}, err
	}
	q.from = &c.me.peer
	var all []*entry
	for _, d := range c.sorted(c.me) {
		all = append(all, q.found(c.history(d.with)).entries...)
	}
	slices.SortFunc(all, c.later)
	seen := map[int64]bool{}
	var items []tl.Value
	for _, e := range all {
		media := e.base.At("media").Object()
		id := cmp.Or(media.At("photo").Object().At("id").AsLong(), media.At("document").Object().At("id").AsLong())
		if !seen[id] && len(items) < c.limit() {
			seen[id] = true
			items = append(items, c.message(e))
		}
	}
	return c.list(c.new("messages.messages"), items), nil
}

// later orders messages of several dialogs, the newest first.
func (c *call) later(a, b *entry) int {
	x, y := a.with(c.me), b.with(c.me)
	return cmp.Or(cmp.Compare(b.date, a.date), cmp.Compare(x.kind, y.kind), cmp.Compare(x.id, y.id), cmp.Compare(b.id, a.id))
}

// offsetPeer is the peer of the request's offset, the zero peer for none.
func (c *call) offsetPeer() (peer, error) {
	if in := c.req.At("offset_peer"); !in.Object().Is("inputPeerEmpty") {
		return c.target(in)
	}
	return peer{}, nil
}

// searched reports whether the request looks in such a dialog.
func (c *call) searched(with peer) bool {
	r := c.room[with]
	switch {
	case c.req.At("broadcasts_only").AsBool():
		return r != nil && r.broadcast()
	case c.req.At("groups_only").AsBool():
		return r != nil && !r.broadcast()
	case c.req.At("users_only").AsBool():
		return r == nil
	}
	return true
}

// messagesGetSearchCounters follows
// https://core.telegram.org/method/messages.getSearchCounters.
func messagesGetSearchCounters(c *call) (tl.Value, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	var items []tl.Value
	for _, f := range c.req.At("filters").Vector().Items {
		q, err := c.query(f.Object())
		if err != nil {
			return tl.Value{}, err
		}
		n := len(q.found(c.history(with)).entries)
		items = append(items, c.new("messages.searchCounter").With("filter", f).With("count", tl.Int(int32(n))).Value())
	}
	return c.vector("messages.SearchCounter", items), nil
}

// allFound are the messages of a conversation that pass the request's filter.
// Error: FILTER_NOT_SUPPORTED for none and for those that look into messages of
// the person alone.
func (c *call) allFound() (peer, *history, error) {
	with, err := c.target(c.req.At("peer"))
	if err != nil {
		return peer{}, nil, err
	}
	q, err := c.query(c.req.At("filter").Object())
	if err != nil {
		return peer{}, nil, err
	}
	switch q.filter.Def().Name {
	case "inputMessagesFilterEmpty", "inputMessagesFilterMyMentions":
		return peer{}, nil, bad("FILTER_NOT_SUPPORTED")
	}
	return with, q.found(c.history(with)), nil
}

// messagesGetSearchResultsPositions follows
// https://core.telegram.org/method/messages.getSearchResultsPositions.
func messagesGetSearchResultsPositions(c *call) (tl.Value, error) {
	_, h, err := c.allFound()
	if err != nil {
		return tl.Value{}, err
	}
	total := len(h.entries)
	end := total
	if id := c.req.At("offset_id").AsInt(); id > 0 {
		end = h.index(id)
	}
	var items []tl.Value
	for i := end - 1; i >= 0 && len(items) < c.limit(); i-- {
		e := h.entries[i]
		items = append(items, c.new("searchResultPosition").With("msg_id", tl.Int(e.id)).With("date", tl.Int(e.date)).
			With("offset", tl.Int(int32(total-1-i))).Value())
	}
	return c.new("messages.searchResultsPositions").With("count", tl.Int(int32(total))).
		With("positions", c.vector("SearchResultsPosition", items)).Value(), nil
}

// messagesGetSearchResultsCalendar follows
// https://core.telegram.org/method/messages.getSearchResultsCalendar: days of
// UTC, the newest first, each with its newest message.
func messagesGetSearchResultsCalendar(c *call) (tl.Value, error) {
	with, h, err := c.allFound()
	if err != nil {
		return tl.Value{}, err
	}
	const day = 86400
	end := len(h.entries)
	if id := c.req.At("offset_id").AsInt(); id > 0 {
		end = h.index(id)
	}
	if date := c.req.At("offset_date").AsInt(); date > 0 {
		for end > 0 && h.entries[end-1].date >= date {
			end--
		}
	}
	var periods, messages []tl.Value
	for i := end - 1; i >= 0 && len(periods) < maxPage; {
		top := h.entries[i]
		midnight := top.date - top.date%day
		first, n := top, int32(0)
		for ; i >= 0 && h.entries[i].date >= midnight; i-- {
			first = h.entries[i]
			n++
		}
		periods = append(periods, c.new("searchResultsCalendarPeriod").With("date", tl.Int(midnight)).With("min_msg_id", tl.Int(first.id)).
			With("max_msg_id", tl.Int(top.id)).With("count", tl.Int(n)).Value())
		messages = append(messages, c.message(top))
	}
	o := c.new("messages.searchResultsCalendar").With("count", tl.Int(int32(len(h.entries)))).With("min_date", tl.Int(0)).With("min_msg_id", tl.Int(0)).
		With("periods", c.vector("SearchResultsCalendarPeriod", periods)).With("messages", c.vector("Message", messages))
	if len(h.entries) > 0 {
		o.With("min_date", tl.Int(h.entries[0].date)).With("min_msg_id", tl.Int(h.entries[0].id))
	}
	return c.complete(o, with).Value(), nil
}
