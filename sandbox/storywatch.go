package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tlsh/tl"
)

// storiesGetAllStories follows https://core.telegram.org/method/stories.getAllStories:
// whose stories are newest comes first, oneself before all others. All fit on one
// page; the state is that of what is there.
func storiesGetAllStories(c *call) (tl.Value, error) {
	hidden := c.req.At("hidden").AsBool()
	type shelf struct {
		of   peer
		list []*story
	}
	var shelves []shelf
	add := func(of peer) {
		if list := c.active(of); c.watches(of) && len(list) > 0 && c.me.watching.hidden[of] == hidden {
			shelves = append(shelves, shelf{of, list})
		}
	}
	for _, p := range c.people {
		add(p.peer)
	}
	for _, r := range c.rooms {
		if r.kind == channelPeer {
			add(r.peer)
		}
	}
	newest := func(s shelf) int32 { return s.list[len(s.list)-1].date }
	slices.SortStableFunc(shelves, func(a, b shelf) int {
		return cmp.Or(-cmp.Compare(mine(a.of, c.me), mine(b.of, c.me)), cmp.Compare(newest(b), newest(a)))
	})
	var sum hashOf
	count := 0
	items := make([]tl.Value, len(shelves))
	for i, s := range shelves {
		items[i] = c.peerStories(s.of, s.list).Value()
		sum.add(s.of.id, int64(c.me.watching.read[s.of]))
		for _, x := range s.list {
			sum.add(int64(x.id), int64(x.edits))
		}
		count += len(s.list)
	}
	state := strconv.FormatUint(uint64(sum), 16)
	stealth := c.new("storiesStealthMode").Value()
	asked := c.req.At("state").AsString()
	switch next := c.req.At("next").AsBool(); {
	case asked == state && !next:
		return c.new("stories.allStoriesNotModified").With("state", tl.String(state)).With("stealth_mode", stealth).Value(), nil
	case asked != "" && next: // there is no other page
		items = nil
	}
	o := c.new("stories.allStories").With("count", tl.Int(int32(count))).With("state", tl.String(state)).
		With("peer_stories", c.vector("PeerStories", items)).With("stealth_mode", stealth)
	return c.complete(o).Value(), nil
}

// mine is 1 for the peer of a person themselves, else 0.
func mine(of peer, p *person) int {
	if of == p.peer {
		return 1
	}
	return 0
}

// storiesGetPeerStories follows
// https://core.telegram.org/method/stories.getPeerStories.
func storiesGetPeerStories(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	return c.complete(c.new("stories.peerStories").With("stories", c.peerStories(of, c.active(of)).Value())).Value(), nil
}

// storyPage answers with a part of somebody's stories, the newest first, those
// below offset_id.
func (c *call) storyPage(of peer, which func(*story) bool) *tl.Object {
	var all, page []*story
	if b := c.board(of); b != nil {
		for _, s := range slices.Backward(b.list) {
			if which(s) {
				all = append(all, s)
			}
		}
	}
	from := c.req.At("offset_id").AsInt()
	for _, s := range all {
		if (from <= 0 || s.id < from) && len(page) < c.limit() {
			page = append(page, s)
		}
	}
	return c.new("stories.stories").With("count", tl.Int(int32(len(all)))).With("stories", c.storyItems(of, page))
}

// storiesGetPinnedStories follows
// https://core.telegram.org/method/stories.getPinnedStories.
func storiesGetPinnedStories(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	o := c.storyPage(of, func(s *story) bool { return s.pinned() && c.sees(of, s) })
	if b := c.board(of); b != nil && len(b.onTop) > 0 {
		o.With("pinned_to_top", ints(c.schema, b.onTop))
	}
	return c.complete(o, of).Value(), nil
}

// storiesGetStoriesArchive follows
// https://core.telegram.org/method/stories.getStoriesArchive: those that are over.
func storiesGetStoriesArchive(c *call) (tl.Value, error) {
	of, err := c.poster("edit_stories")
	if err != nil {
		return tl.Value{}, err
	}
	return c.complete(c.storyPage(of, func(s *story) bool { return c.now >= s.expire }), of).Value(), nil
}

// storyPeer is whose stories a request is about, when there were any. Error:
// STORIES_NEVER_CREATED.
func (c *call) storyPeer() (peer, *storyboard, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return peer{}, nil, err
	}
	b := c.board(of)
	if b == nil || b.last == 0 {
		return peer{}, nil, bad("STORIES_NEVER_CREATED")
	}
	return of, b, nil
}

// storiesGetStoriesByID follows
// https://core.telegram.org/method/stories.getStoriesByID: what is not there for
// the caller is storyItemDeleted.
func storiesGetStoriesByID(c *call) (tl.Value, error) {
	of, b, err := c.storyPeer()
	ids := c.req.At("id").Vector().Items
	if err == nil && len(ids) == 0 {
		err = bad("STORY_ID_EMPTY")
	}
	if err != nil {
		return tl.Value{}, err
	}
	items := make([]tl.Value, len(ids))
	for i, id := range ids {
		if s := b.find(id.AsInt()); s != nil && c.sees(of, s) {
			items[i] = c.storyItem(of, s).Value()
		} else {
			items[i] = c.new("storyItemDeleted").With("id", id).Value()
		}
	}
	o := c.new("stories.stories").With("count", tl.Int(int32(len(items)))).With("stories", c.vector("StoryItem", items))
	return c.complete(o, of).Value(), nil
}

// look notes that the caller has seen a story; their own do not count.
func (c *call) look(of peer, s *story) *storySeen {
	seen := s.seenBy(c.me)
	if seen == nil && of != c.me.peer {
		seen = &storySeen{person: c.me, date: c.now}
		s.views = append(s.views, seen)
	}
	return seen
}

// storiesReadStories follows https://core.telegram.org/method/stories.readStories:
// the answer is which were new.
func storiesReadStories(c *call) (tl.Value, error) {
	of, _, err := c.storyPeer()
	if err != nil {
		return tl.Value{}, err
	}
	upTo := c.req.At("max_id").AsInt()
	if upTo <= 0 {
		return tl.Value{}, bad("MAX_ID_INVALID")
	}
	w := &c.me.watching
	var ids []int32
	for _, s := range c.active(of) {
		if s.id <= upTo && s.id > w.read[of] {
			c.look(of, s)
			ids = append(ids, s.id)
		}
	}
	if len(ids) > 0 {
		if w.read == nil {
			w.read = map[peer]int32{}
		}
		w.read[of] = ids[len(ids)-1]
		c.own(c.storiesRead(of).Object())
	}
	return ints(c.schema, ids), nil
}

// storiesRead is the update that says up to which story of somebody the viewer
// has seen them.
func (v viewer) storiesRead(of peer) tl.Value {
	return v.new("updateReadStories").With("peer", v.peerValue(of)).With("max_id", tl.Int(v.me.watching.read[of])).Value()
}

// storiesGetAllReadPeerStories follows
// https://core.telegram.org/method/stories.getAllReadPeerStories.
func storiesGetAllReadPeerStories(c *call) (tl.Value, error) {
	var list []tl.Value
	for _, of := range c.sortedRead() {
		list = append(list, c.storiesRead(of))
	}
	return c.done(list...)
}

// sortedRead are the peers whose stories the viewer has seen, in an order that is
// always the same.
func (v viewer) sortedRead() []peer {
	var list []peer
	for of := range v.me.watching.read {
		list = append(list, of)
	}
	slices.SortFunc(list, func(a, b peer) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id)) })
	return list
}

// storiesIncrementStoryViews follows
// https://core.telegram.org/method/stories.incrementStoryViews.
func storiesIncrementStoryViews(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	ids := c.req.At("id").Vector().Items
	if err == nil && len(ids) == 0 {
		err = bad("STORY_ID_EMPTY")
	}
	if err != nil {
		return tl.Value{}, err
	}
	for _, id := range ids {
		if b := c.board(of); b != nil && b.find(id.AsInt()) != nil && c.sees(of, b.find(id.AsInt())) {
			c.look(of, b.find(id.AsInt()))
		}
	}
	return tl.Bool(true), nil
}

// storiesGetStoriesViews follows
// https://core.telegram.org/method/stories.getStoriesViews.
func storiesGetStoriesViews(c *call) (tl.Value, error) {
	of, err := c.poster("edit_stories")
	ids := c.req.At("id").Vector().Items
	if err == nil && len(ids) == 0 {
		err = bad("STORY_ID_EMPTY")
	}
	if err != nil {
		return tl.Value{}, err
	}
	items := make([]tl.Value, len(ids))
	var also []peer
	for i, id := range ids {
		views := c.new("storyViews").With("views_count", tl.Int(0))
		if s := c.board(of).find(id.AsInt()); s != nil {
			views = c.storyViews(s, true)
			for _, x := range s.views[max(0, len(s.views)-recentViewers):] {
				also = append(also, x.peer)
			}
		}
		items[i] = views.Value()
	}
	return c.complete(c.new("stories.storyViews").With("views", c.vector("StoryViews", items)), also...).Value(), nil
}

// storiesGetStoryViewsList follows
// https://core.telegram.org/method/stories.getStoryViewsList: the latest first. An
// offset is how many came before.
func storiesGetStoryViewsList(c *call) (tl.Value, error) {
	of, err := c.poster("edit_stories")
	if err != nil {
		return tl.Value{}, err
	}
	s := c.board(of).find(c.req.At("id").AsInt())
	if s == nil {
		return tl.Value{}, bad("STORY_ID_INVALID")
	}
	q := strings.ToLower(c.req.At("q").AsString())
	var list []*storySeen
	reactions := int32(0)
	for _, x := range slices.Backward(s.views) {
		if x.reaction != nil {
			reactions++
		}
		if (!c.req.At("just_contacts").AsBool() || c.me.contacts[x.id] != nil) && c.matches(x.person, q) {
			list = append(list, x)
		}
	}
	if c.req.At("reactions_first").AsBool() || c.req.At("forwards_first").AsBool() {
		slices.SortStableFunc(list, func(a, b *storySeen) int {
			return cmp.Compare(min(1, len(reactionOf(b))), min(1, len(reactionOf(a))))
		})
	}
	from, _ := strconv.Atoi(c.req.At("offset").AsString())
	page := cutPage(list, from, c.limit())
	items := make([]tl.Value, len(page))
	for i, x := range page {
		o := c.new("storyView").With("user_id", tl.Long(x.id)).With("date", tl.Int(x.date))
		setFlag(o, "blocked", c.me.blocks(x.person))
		setFlag(o, "blocked_my_stories_from", c.me.blocked.stories.has(x.peer))
		if x.reaction != nil {
			o.With("reaction", x.reaction.Value())
		}
		items[i] = o.Value()
	}
	o := c.new("stories.storyViewsList").With("count", tl.Int(int32(len(list)))).With("views_count", tl.Int(int32(len(s.views)))).
		With("forwards_count", tl.Int(0)).With("reactions_count", tl.Int(reactions)).With("views", c.vector("StoryView", items))
	if from+len(page) < len(list) {
		o.With("next_offset", tl.String(strconv.Itoa(max(from, 0)+len(page))))
	}
	return c.complete(o).Value(), nil
}

// reactionOf is what somebody reacted with, "" for nothing.
func reactionOf(x *storySeen) string {
	if x.reaction == nil {
		return ""
	}
	return reactionName(x.reaction)
}

// storiesSendReaction follows https://core.telegram.org/method/stories.sendReaction.
func storiesSendReaction(c *call) (tl.Value, error) {
	of, b, err := c.storyPeer()
	if err != nil {
		return tl.Value{}, err
	}
	id := c.req.At("story_id").AsInt()
	s := b.find(id)
	switch {
	case id == 0:
		return tl.Value{}, bad("STORY_ID_EMPTY")
	case s == nil || !c.sees(of, s) || of == c.me.peer:
		return tl.Value{}, bad("STORY_ID_INVALID")
	}
	in := c.req.At("reaction").Object()
	reaction := in
	if !in.Is("reactionEmpty") {
		if reaction, err = c.validReaction(in); err != nil {
			return tl.Value{}, bad("REACTION_INVALID")
		}
	}
	seen := c.look(of, s)
	if seen.reaction = reaction; in.Is("reactionEmpty") {
		seen.reaction = nil
	} else if c.req.At("add_to_recent").AsBool() {
		c.useReactions([]*tl.Object{reaction})
	}
	if of.kind == userPeer {
		c.push(c.byID[of.id], func(v viewer) []tl.Value {
			return []tl.Value{v.new("updateNewStoryReaction").With("story_id", tl.Int(id)).With("peer", v.peerValue(c.me.peer)).With("reaction", reaction.Value()).Value()}
		})
	}
	sent := c.new("updateSentStoryReaction").With("peer", c.peerValue(of)).With("story_id", tl.Int(id)).With("reaction", reaction.Value())
	c.own(sent)
	return c.done(sent.Value())
}

// storiesGetPeerMaxIDs follows https://core.telegram.org/method/stories.getPeerMaxIDs.
func storiesGetPeerMaxIDs(c *call) (tl.Value, error) {
	var items []tl.Value
	for _, v := range c.req.At("id").Vector().Items {
		of, err := c.target(v)
		if err != nil {
			return tl.Value{}, err
		}
		items = append(items, c.recentStory(of).Value())
	}
	return c.vector("RecentStory", items), nil
}

// storiesTogglePeerStoriesHidden follows
// https://core.telegram.org/method/stories.togglePeerStoriesHidden.
func storiesTogglePeerStoriesHidden(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	c.hideStories(of, c.req.At("hidden").AsBool())
	return tl.Bool(true), nil
}

// storiesToggleAllStoriesHidden follows
// https://core.telegram.org/method/stories.toggleAllStoriesHidden: of all others
// whose stories are to be seen now.
func storiesToggleAllStoriesHidden(c *call) (tl.Value, error) {
	for _, of := range c.storytellers() {
		if of != c.me.peer && c.watches(of) && len(c.active(of)) > 0 {
			c.hideStories(of, c.req.At("hidden").AsBool())
		}
	}
	return tl.Bool(true), nil
}

// hideStories hides the stories of somebody from the caller, or shows them again.
func (c *call) hideStories(of peer, on bool) {
	w := &c.me.watching
	if w.hidden[of] == on {
		return
	}
	if w.hidden == nil {
		w.hidden = map[peer]bool{}
	}
	if w.hidden[of] = true; !on {
		delete(w.hidden, of)
	}
	if r := c.room[of]; r != nil {
		c.own(c.refresh(r).Object())
	} else {
		c.own(c.userChanged(c.byID[of.id]).Object())
	}
}
