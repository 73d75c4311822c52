package sandbox

import (
	"cmp"
	"slices"

	"tlsh/tl"
)

// storiesArea is stories: what people and channels show for a day
// (https://core.telegram.org/api/stories).
func storiesArea() area {
	return area{
		methods: map[string]method{
			"stories.canSendStory": {handle: storiesCanSendStory,
				errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID STORIES_TOO_MUCH STORY_SEND_FLOOD_WEEKLY"},
			"stories.deleteStories": {handle: storiesDeleteStories, errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID STORY_ID_EMPTY"},
			"stories.editStory": {handle: storiesEditStory, heeds: "media caption entities privacy_rules",
				errors: "CHAT_ADMIN_REQUIRED ENTITY_BOUNDS_INVALID MEDIA_CAPTION_TOO_LONG MEDIA_EMPTY MEDIA_TYPE_INVALID PEER_ID_INVALID STORY_ID_INVALID STORY_NOT_MODIFIED"},
			"stories.exportStoryLink":       {handle: storiesExportStoryLink, errors: "STORY_ID_EMPTY STORY_ID_INVALID USER_PUBLIC_MISSING"},
			"stories.getAllReadPeerStories": {handle: storiesGetAllReadPeerStories},
			"stories.getAllStories":         {handle: storiesGetAllStories, heeds: "next hidden state"},
			"stories.getChatsToSend":        {handle: storiesGetChatsToSend},
			"stories.getPeerMaxIDs":         {handle: storiesGetPeerMaxIDs},
			"stories.getPeerStories":        {handle: storiesGetPeerStories},
			"stories.getPinnedStories":      {handle: storiesGetPinnedStories},
			"stories.getStoriesArchive":     {handle: storiesGetStoriesArchive, errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID"},
			"stories.getStoriesByID":        {handle: storiesGetStoriesByID, errors: "STORIES_NEVER_CREATED STORY_ID_EMPTY"},
			"stories.getStoriesViews":       {handle: storiesGetStoriesViews, errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID STORY_ID_EMPTY"},
			"stories.getStoryViewsList": {handle: storiesGetStoryViewsList, heeds: "just_contacts reactions_first forwards_first q",
				errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID STORY_ID_INVALID"},
			"stories.incrementStoryViews": {handle: storiesIncrementStoryViews, errors: "STORY_ID_EMPTY"},
			"stories.readStories":         {handle: storiesReadStories, errors: "MAX_ID_INVALID STORIES_NEVER_CREATED"},
			"stories.sendReaction": {handle: storiesSendReaction, heeds: "add_to_recent",
				errors: "REACTION_INVALID STORIES_NEVER_CREATED STORY_ID_EMPTY STORY_ID_INVALID"},
			"stories.sendStory": {handle: storiesSendStory, heeds: "pinned noforwards caption entities period",
				errors: "CHAT_ADMIN_REQUIRED ENTITY_BOUNDS_INVALID MEDIA_CAPTION_TOO_LONG MEDIA_EMPTY MEDIA_TYPE_INVALID PEER_ID_INVALID RANDOM_ID_DUPLICATE STORIES_TOO_MUCH STORY_PERIOD_INVALID STORY_SEND_FLOOD_WEEKLY"},
			"stories.toggleAllStoriesHidden":  {handle: storiesToggleAllStoriesHidden},
			"stories.togglePeerStoriesHidden": {handle: storiesTogglePeerStoriesHidden},
			"stories.togglePinned":            {handle: storiesTogglePinned, errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID STORY_ID_EMPTY"},
			"stories.togglePinnedToTop":       {handle: storiesTogglePinnedToTop, errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID STORY_ID_INVALID"},
		},
		words: map[string]func(*arguments){"story": storyWord, "storyview": storyViewWord, "storiesread": storiesReadWord,
			"storieshidden": storiesHiddenWord, "storiesontop": storiesOnTopWord, "laststory": lastStoryWord},
		save: saveStories,
	}
}

// The limits of stories (https://core.telegram.org/api/config#client-configuration).
const (
	storyPeriod         = 86400
	maxStories          = 3 // at a time: story_expiring_limit_default
	maxStoriesPremium   = 100
	weekStories         = 7 // stories_sent_weekly_limit_default
	weekStoriesPremium  = 70
	maxStoryText        = 200 // UTF-16 units: story_caption_length_limit_default
	maxStoryTextPremium = 2048
	maxStoriesOnTop     = 3 // stories_pinned_to_top_count_max
	recentViewers       = 3
)

// story is one story, as long as it is not deleted.
type story struct {
	id           int32
	date, expire int32
	from         *person    // who posted it
	base         *tl.Object // storyItem: caption, entities, media, noforwards, edited, pinned
	rules        privacyRules
	edits        int // since the start
	views        []*storySeen
}

// storySeen is who has seen a story, when, and how they reacted; the first comes
// first.
type storySeen struct {
	*person
	date     int32
	reaction *tl.Object // nil: none
}

// storyboard is the stories of a person or a channel, by growing id.
type storyboard struct {
	last  int32 // the newest id given
	list  []*story
	onTop []int32 // of the profile

	albums    []*album // in their order
	lastAlbum int32
}

// watching is what somebody has of the stories of others.
type watching struct {
	read   map[peer]int32 // up to which story they have seen
	hidden map[peer]bool
}

func (s *story) pinned() bool { return s.base.At("pinned").AsBool() }

func (b *storyboard) find(id int32) *story {
	for _, s := range b.list {
		if s.id == id {
			return s
		}
	}
	return nil
}

// board is the stories of a person or a channel; nil for a basic group.
func (w *world) board(p peer) *storyboard {
	if p.kind == userPeer {
		return &w.byID[p.id].stories
	}
	if r := w.room[p]; p.kind == channelPeer && r != nil {
		return &r.stories
	}
	return nil
}

// sees reports whether the viewer may see a story of somebody now: for a day, and
// later if it is in the profile; as far as its rules and the blocklists let them.
func (v viewer) sees(of peer, s *story) bool {
	if v.mayPost(of, "edit_stories") {
		return true
	}
	if v.now >= s.expire && !s.pinned() {
		return false
	}
	if of.kind == channelPeer {
		r := v.room[of]
		return r.member(v.me) != nil || v.public(r) && !v.ban(r, v.me).kicked()
	}
	owner := v.byID[of.id]
	return !owner.blocks(v.me) && !owner.blocked.stories.has(v.me.peer) && v.permits(owner, s.rules, v.me)
}

// active are the stories of somebody that the viewer sees and that are not over.
func (v viewer) active(of peer) (list []*story) {
	b := v.board(of)
	if b == nil {
		return nil
	}
	for _, s := range b.list {
		if v.now < s.expire && v.sees(of, s) {
			list = append(list, s)
		}
	}
	return list
}

// mayPost reports whether the viewer may do with the stories of a peer what the
// right says: with their own everything.
func (v viewer) mayPost(of peer, right string) bool {
	if of.kind == channelPeer {
		return v.room[of].member(v.me).may(right)
	}
	return of == v.me.peer
}

// poster is whose stories a request changes: the caller's own, or a channel's.
// Errors: PEER_ID_INVALID, CHAT_ADMIN_REQUIRED.
func (c *call) poster(right string) (peer, error) {
	of, err := c.target(c.req.At("peer"))
	switch {
	case err != nil:
		return peer{}, err
	case of.kind == channelPeer && !c.mayPost(of, right):
		return peer{}, bad("CHAT_ADMIN_REQUIRED")
	case !c.mayPost(of, right):
		return peer{}, bad("PEER_ID_INVALID")
	}
	return of, nil
}

// watches reports whether the stories of somebody are told to the viewer by
// themselves: their own, those of contacts and of the channels they are in.
func (v viewer) watches(of peer) bool {
	if of.kind == channelPeer {
		return v.room[of].member(v.me) != nil
	}
	return of == v.me.peer || v.me.contacts[of.id] != nil
}

// storyItem is a story as the viewer sees it.
func (v viewer) storyItem(of peer, s *story) *tl.Object {
	own := v.mayPost(of, "edit_stories")
	o := s.base.Clone().With("id", tl.Int(s.id)).With("date", tl.Int(s.date)).With("expire_date", tl.Int(s.expire)).
		With("media", v.files(s.base.At("media")))
	setFlag(o, "out", of == v.me.peer)
	for flag, rule := range map[string]string{"public": "privacyValueAllowAll", "close_friends": "privacyValueAllowCloseFriends",
		"contacts": "privacyValueAllowContacts", "selected_contacts": "privacyValueAllowUsers"} {
		setFlag(o, flag, of.kind == userPeer && slices.ContainsFunc(s.rules, func(r *tl.Object) bool { return r.Is(rule) }))
	}
	if of.kind == channelPeer {
		setFlag(o, "public", true)
		if own && s.from != nil {
			o.With("from_id", v.peerValue(s.from.peer))
		}
	}
	if own || of.kind == channelPeer {
		o.With("views", v.storyViews(s, own).Value())
	}
	if own && of.kind == userPeer {
		o.With("privacy", v.privacyValue(s.rules))
	}
	if ids := v.board(of).in(s.id); len(ids) > 0 {
		o.With("albums", ints(v.schema, ids))
	}
	if seen := s.seenBy(v.me); seen != nil && seen.reaction != nil {
		o.With("sent_reaction", seen.reaction.Value())
	}
	return o
}

func (s *story) seenBy(p *person) *storySeen {
	for _, x := range s.views {
		if x.person == p {
			return x
		}
	}
	return nil
}

// storyViews counts who has seen a story; by whom is for its owner.
func (v viewer) storyViews(s *story, own bool) *tl.Object {
	var order []string
	counts := map[string]int32{}
	what := map[string]*tl.Object{}
	total := int32(0)
	var recent []int64
	for _, x := range slices.Backward(s.views) {
		if own && len(recent) < recentViewers {
			recent = append(recent, x.id)
		}
		if x.reaction == nil {
			continue
		}
		name := reactionName(x.reaction)
		if counts[name]++; counts[name] == 1 {
			order, what[name] = append(order, name), x.reaction
		}
		total++
	}
	o := v.new("storyViews").With("views_count", tl.Int(int32(len(s.views))))
	if len(recent) > 0 {
		ids := make([]tl.Value, len(recent))
		for i, id := range recent {
			ids[i] = tl.Long(id)
		}
		o.With("has_viewers", tl.Bool(true)).With("recent_viewers", v.vector("long", ids))
	}
	if total > 0 {
		slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
		var items []tl.Value
		for _, name := range order {
			items = append(items, v.new("reactionCount").With("reaction", what[name].Value()).With("count", tl.Int(counts[name])).Value())
		}
		o.With("reactions", v.vector("ReactionCount", items)).With("reactions_count", tl.Int(total))
	}
	return o
}

// storyItems are stories as the viewer sees them.
func (v viewer) storyItems(of peer, list []*story) tl.Value {
	items := make([]tl.Value, len(list))
	for i, s := range list {
		items[i] = v.storyItem(of, s).Value()
	}
	return v.vector("StoryItem", items)
}

// peerStories are the stories of somebody that are not over.
func (v viewer) peerStories(of peer, list []*story) *tl.Object {
	o := v.new("peerStories").With("peer", v.peerValue(of)).With("stories", v.storyItems(of, list))
	if n := v.me.watching.read[of]; n > 0 {
		o.With("max_read_id", tl.Int(n))
	}
	return o
}

// recentStory is the newest story of somebody that the viewer sees.
func (v viewer) recentStory(of peer) *tl.Object {
	o := v.new("recentStory")
	if list := v.active(of); len(list) > 0 {
		o.With("max_id", tl.Int(list[len(list)-1].id))
	}
	return o
}

// showStories says in a user or channel that there are stories.
func (v viewer) showStories(o *tl.Object, of peer) {
	if b := v.board(of); b != nil && len(b.list) > 0 {
		if recent := v.recentStory(of); !recent.At("max_id").IsNone() {
			o.With("stories_max_id", recent.Value())
		}
	}
	setFlag(o, "stories_hidden", v.me.watching.hidden[of])
}

// fullStories puts the stories of somebody into what is known of them in full.
func (v viewer) fullStories(full *tl.Object, of peer) {
	if list := v.active(of); len(list) > 0 {
		full.With("stories", v.peerStories(of, list).Value())
	}
	setFlag(full, "stories_pinned_available", slices.ContainsFunc(v.board(of).list, func(s *story) bool { return s.pinned() && v.sees(of, s) }))
}
