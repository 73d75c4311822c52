package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"tlsh/tl"
)

// replica is what a client makes of its updates, by the rules of
// https://core.telegram.org/api/updates.
type replica struct {
	*mate
	facets []facet
	only   bool // it counts, and knows nothing
	moody  bool // it goes away and comes back, and loses some of what it is told
	nap    int  // for how many more operations it is away

	pts, qts, date, seq int32
	channels            map[int64]int32 // their pts
	state               map[string]string
	stale               map[string]bool  // prefixes of what has to be asked for again
	own                 map[int32]string // the keys of the messages of one's own box
	said                bool             // it has complained
	expires             map[string]int32 // when what the keys stand for is over
}

func newReplica(m *mate) *replica {
	r := &replica{mate: m, facets: facets()}
	r.reset()
	m.lose = func() bool {
		// Every so many pushes, not at random: a lost one must not change what is done.
		return r.moody && len(m.s.world.people[0].box.log)%29 == 3
	}
	return r
}

// reset asks for everything.
func (r *replica) reset() {
	r.queue = r.queue[:0]
	st := r.must("updates.getState").Object()
	r.pts, r.qts, r.date, r.seq = st.At("pts").AsInt(), st.At("qts").AsInt(), st.At("date").AsInt(), st.At("seq").AsInt()
	r.channels, r.state, r.stale, r.own = map[int64]int32{}, map[string]string{}, map[string]bool{}, map[int32]string{}
	r.expires = map[string]int32{}
	eachDialog(r.mate, func(d *tl.Object) {
		if p := peerOf(d.At("peer")); p.kind == channelPeer {
			r.channels[p.id] = d.At("pts").AsInt()
		}
	})
	if r.only {
		return
	}
	for _, f := range r.facets {
		f.load(r.mate, func(key, value string) { r.set(f.name+"/"+key, value) })
	}
}

func (r *replica) set(key, value string) {
	r.state[key] = value
	delete(r.stale, key)
	if rest, ok := strings.CutPrefix(key, "message/"); ok && !strings.HasPrefix(rest, "-100") {
		var with int64
		var id int32
		fmt.Sscanf(rest, "%d/%d", &with, &id)
		r.own[id] = key
	}
}

// drop forgets a key, or what is below it.
func (r *replica) drop(key string) {
	delete(r.state, key)
	if strings.HasSuffix(key, "/") {
		for k := range r.state {
			if strings.HasPrefix(k, key) {
				delete(r.state, k)
			}
		}
	}
}

// forget makes a client ask again for a key, or for what is below it.
func (r *replica) forget(prefix string) { r.stale[prefix] = true }

func (r *replica) isStale(key string) bool {
	for prefix := range r.stale {
		if key == prefix || strings.HasSuffix(prefix, "/") && strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// listen takes what was pushed. A moody one may be away.
func (r *replica) listen() {
	if r.moody {
		switch n := len(r.s.world.people[1].box.log); {
		case r.away && r.nap <= 0:
			r.comeBack()
		case !r.away && n%61 == 5:
			r.away, r.nap = true, 20+n%50
		}
		r.nap--
	}
	for _, v := range r.pushed() {
		r.take(v)
	}
}

func (r *replica) comeBack() {
	r.away = false
	r.difference()
}

// take applies an Updates.
func (r *replica) take(v tl.Value) {
	o := v.Object()
	switch o.Def().Name {
	case "updateShort":
		r.apply(o.At("update").Object())
		return
	case "updates":
	default:
		r.t.Fatalf("unexpected %s", o.Def().Name)
	}
	if seq := o.At("seq").AsInt(); seq != 0 {
		if seq <= r.seq {
			return
		}
		if seq > r.seq+1 {
			r.gap("seq", r.seq, seq)
			r.difference()
			return
		}
		// What has no seq must not move the date: something before it may be missing.
		r.seq, r.date = seq, max(r.date, o.At("date").AsInt())
	}
	r.see(o)
	for _, u := range o.At("updates").Vector().Items {
		r.ordered(u.Object())
	}
}

// gap is what only one that loses something may find.
func (r *replica) gap(what string, have, got int32) {
	if !r.moody && !r.said {
		r.said = true
		r.t.Errorf("%s: after %s %d came %d", r.who.name(), what, have, got)
	}
}

// ordered applies an update if it is the next of its sequence.
func (r *replica) ordered(u *tl.Object) {
	if q := u.Def().Index("qts"); q >= 0 {
		if qts := u.At("qts").AsInt(); qts == r.qts+1 {
			r.qts = qts
			r.apply(u)
		} else if qts > r.qts+1 {
			r.difference()
		}
		return
	}
	if u.Def().Index("pts_count") < 0 {
		r.apply(u)
		return
	}
	pts, n := u.At("pts").AsInt(), u.At("pts_count").AsInt()
	if ch := channelOf(u); ch != 0 {
		have, known := r.channels[ch]
		switch {
		case !known || pts <= have && n > 0:
		case have+n == pts:
			r.channels[ch] = pts
			r.apply(u)
		default:
			r.gap(fmt.Sprint(u.Def().Name, " pts of ", ch), have, pts-n)
			r.channelDifference(ch)
		}
		return
	}
	switch {
	case pts <= r.pts && n > 0:
	case r.pts+n == pts:
		r.pts = pts
		r.apply(u)
	default:
		r.gap(u.Def().Name+" pts", r.pts, pts-n)
		r.difference()
	}
}

// channelOf is the channel whose pts an update has, else 0.
func channelOf(u *tl.Object) int64 {
	if u.Def().Index("channel_id") >= 0 {
		return u.At("channel_id").AsLong()
	}
	if m := u.At("message").Object(); m != nil {
		if p := peerOf(m.At("peer_id")); p.kind == channelPeer {
			return p.id
		}
	}
	return 0
}

// apply changes what the replica knows.
func (r *replica) apply(u *tl.Object) {
	switch name := u.Def().Name; name {
	case "updateChannelTooLong":
		if id := u.At("channel_id").AsLong(); r.channels[id] != 0 && r.channels[id] != u.At("pts").AsInt() {
			r.channelDifference(id)
		}
	case "updateChannel":
		r.recheck(u.At("channel_id").AsLong())
	}
	if r.only {
		return
	}
	for _, f := range r.facets {
		if hear := f.hear[u.Def().Name]; hear != nil {
			hear(r, u)
		}
	}
}

// see takes note of the users and chats of an answer.
func (r *replica) see(o *tl.Object) {
	if r.only {
		return
	}
	for _, v := range o.At("users").Vector().Items {
		r.state["user/"+marked(peer{userPeer, v.Object().At("id").AsLong()})] = userCanon(v)
		r.seeContact(v.Object())
	}
	for _, v := range o.At("chats").Vector().Items {
		r.state["chat/"+marked(peerOfChat(v))] = chatCanon(v)
	}
}

func peerOfChat(v tl.Value) peer {
	kind := chatPeer
	if strings.HasPrefix(v.Object().Def().Name, "channel") {
		kind = channelPeer
	}
	return peer{kind, v.Object().At("id").AsLong()}
}

// recheck finds out what the replica is to a channel now.
func (r *replica) recheck(id int64) {
	ref := marked(peer{channelPeer, id})
	v, err := r.ask("messages.getPeerDialogs peers=[" + ref + "]")
	in := false
	if err == nil {
		for _, x := range v.Object().At("chats").Vector().Items {
			in = in || peerOfChat(x) == peer{channelPeer, id} && x.Object().Is("channel") && !x.Object().At("left").AsBool()
		}
	}
	_, known := r.channels[id]
	switch {
	case !in:
		delete(r.channels, id)
		for _, f := range [...]string{"message/", "read/", "unread/", "draft/", "marked/", "story/"} {
			r.drop(f + ref + "/")
			r.drop(f + ref)
		}
	case !known:
		d := v.Object().At("dialogs").Vector().Items[0].Object()
		r.channels[id] = d.At("pts").AsInt()
		if r.only {
			return
		}
		r.see(v.Object())
		r.set("read/"+ref, readCanon(d))
		eachMessage(r.mate, ref, func(m tl.Value) { r.set("message/"+messageKey(m), messageCanon(m)) })
		r.forget("draft/" + ref)
		r.forget("notify/" + ref)
		r.forget("story/" + ref + "/")
		r.forget("ontop/")
	}
}

func (r *replica) difference() {
	if r.pts == 0 { // it has no state to go on from
		r.reset()
		return
	}
	for range 1000 {
		o := r.must(fmt.Sprintf("updates.getDifference pts=%d date=%d qts=%d", r.pts, r.date, r.qts)).Object()
		st := o.At("state").Object()
		switch o.Def().Name {
		case "updates.differenceEmpty":
			r.date, r.seq = o.At("date").AsInt(), o.At("seq").AsInt()
			return
		case "updates.differenceTooLong":
			r.reset()
			return
		case "updates.differenceSlice":
			st = o.At("intermediate_state").Object()
		}
		r.pts, r.qts, r.date, r.seq = st.At("pts").AsInt(), st.At("qts").AsInt(), st.At("date").AsInt(), st.At("seq").AsInt()
		r.missed(o, "updateNewMessage")
		if o.Is("updates.difference") {
			return
		}
	}
	r.t.Fatalf("%s: the difference has no end", r.who.name())
}

func (r *replica) channelDifference(id int64) {
	for range 1000 {
		v, err := r.ask(fmt.Sprintf("updates.getChannelDifference channel=%s filter=channelMessagesFilterEmpty pts=%d limit=50", marked(peer{channelPeer, id}), r.channels[id]))
		if err != nil {
			r.recheck(id) // not in it any more
			return
		}
		o := v.Object()
		switch o.Def().Name {
		case "updates.channelDifferenceEmpty":
			return
		case "updates.channelDifferenceTooLong":
			r.drop("message/" + marked(peer{channelPeer, id}) + "/")
			delete(r.channels, id)
			r.recheck(id)
			return
		}
		r.channels[id] = o.At("pts").AsInt()
		r.missed(o, "updateNewChannelMessage")
		if o.At("final").AsBool() {
			return
		}
	}
	r.t.Fatalf("%s: the difference of %d has no end", r.who.name(), id)
}

// missed applies the messages and updates of a difference.
func (r *replica) missed(o *tl.Object, as string) {
	r.see(o)
	for _, m := range o.At("new_messages").Vector().Items {
		r.apply(tl.New(r.s.schema.Constructor(as)).With("message", m))
	}
	for _, u := range o.At("other_updates").Vector().Items {
		r.apply(u.Object())
	}
}

// answered counts what an answer tells of the changes that it made.
func (r *replica) answered(req *tl.Object, v tl.Value, line string) {
	o := v.Object()
	switch {
	case o == nil:
	case o.Is("updates"):
		r.said = r.said || r.t.Failed()
		r.take(v)
		if r.said && !r.t.Failed() {
			r.t.Errorf("the answer of %s", line)
		}
	case o.Is("messages.invitedUsers"), o.Is("messages.chatInviteJoinResultOk"):
		r.answered(req, o.At("updates"), line)
	case o.Is("updateShortSentMessage"), o.Def().Index("pts_count") >= 0:
		pts, n := o.At("pts").AsInt(), o.At("pts_count").AsInt()
		have := r.pts
		channel := channelNamed(req)
		if channel != 0 {
			have = r.channels[channel]
		}
		if have+n != pts {
			r.t.Errorf("%s: %s: pts was %d, and is %d after %d changes", r.who.name(), line, have, pts, n)
		}
		if channel != 0 {
			r.channels[channel] = pts
		} else {
			r.pts = pts
		}
	}
}

// channelNamed is the channel that a request is about, else 0.
func channelNamed(req *tl.Object) int64 {
	for _, name := range [...]string{"channel", "peer"} {
		if i := req.Def().Index(name); i >= 0 {
			if o := req.At(name).Object(); o.Def().Index("channel_id") >= 0 {
				return o.At("channel_id").AsLong()
			}
		}
	}
	return 0
}

// derive works out what follows from the rest.
func (r *replica) derive() {
	for key, at := range r.expires {
		if at <= int32(r.s.cfg.Now().Unix()) {
			r.drop(key)
		}
	}
	unread := map[string]int{}
	in := map[string]int32{}
	for key, value := range r.state {
		if ref, ok := strings.CutPrefix(key, "read/"); ok {
			var i, o int32
			fmt.Sscanf(value, "%d %d", &i, &o)
			in[ref], unread[ref] = i, 0
		}
	}
	there := map[string]bool{} // the conversations that have a message
	for key, value := range r.state {
		if rest, ok := strings.CutPrefix(key, "message/"); ok {
			var with int64
			var id int32
			fmt.Sscanf(rest, "%d/%d", &with, &id)
			ref := fmt.Sprint(with)
			there[ref] = true
			if id > in[ref] && !strings.Contains(value, "(out=true") {
				unread[ref]++
			}
		}
	}
	for ref, n := range unread {
		if !there[ref] { // a conversation without a message is no dialog
			delete(r.state, "read/"+ref)
			continue
		}
		if !slices.ContainsFunc([]string{"read/" + ref, "message/" + ref + "/"}, r.isStale) {
			var i, o int32
			fmt.Sscanf(r.state["read/"+ref], "%d %d", &i, &o)
			r.state["read/"+ref] = fmt.Sprint(i, o, " unread ", n)
		}
	}
}
