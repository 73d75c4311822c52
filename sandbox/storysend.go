package sandbox

import (
	"fmt"
	"slices"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// storiesLeft is how many stories the caller can still post as a peer. Errors:
// STORIES_TOO_MUCH, STORY_SEND_FLOOD_WEEKLY_X. Nobody has to boost a channel here.
func (c *call) storiesLeft(of peer) (int, error) {
	most, week := maxStories, weekStories
	if c.me.premium() || of.kind == channelPeer {
		most, week = maxStoriesPremium, weekStoriesPremium
	}
	b := c.board(of)
	const seconds = 7 * 86400
	first := slices.IndexFunc(b.list, func(s *story) bool { return s.date > c.now-seconds })
	posted := 0
	if first >= 0 {
		posted = len(b.list) - first
	}
	running := 0
	for _, s := range b.list {
		if c.now < s.expire {
			running++
		}
	}
	switch {
	case running >= most:
		return 0, bad("STORIES_TOO_MUCH")
	case posted >= week:
		return 0, bad(fmt.Sprintf("STORY_SEND_FLOOD_WEEKLY_%d", b.list[first].date+seconds-c.now))
	}
	return min(most-running, week-posted), nil
}

// storiesCanSendStory follows https://core.telegram.org/method/stories.canSendStory.
func storiesCanSendStory(c *call) (tl.Value, error) {
	of, err := c.poster("post_stories")
	if err != nil {
		return tl.Value{}, err
	}
	n, err := c.storiesLeft(of)
	if err != nil {
		return tl.Value{}, err
	}
	return c.new("stories.canSendStoryCount").With("count_remains", tl.Int(int32(n))).Value(), nil
}

// storyMedia is the media of a story: a photo or a video. Errors: MEDIA_EMPTY,
// MEDIA_TYPE_INVALID, those of call.fileMedia.
func (c *call) storyMedia(in *tl.Object) (tl.Value, error) {
	switch in.Def().Name {
	case "inputMediaEmpty":
		return tl.Value{}, bad("MEDIA_EMPTY")
	case "inputMediaUploadedPhoto", "inputMediaPhoto", "inputMediaUploadedDocument", "inputMediaDocument":
	default:
		return tl.Value{}, bad("MEDIA_TYPE_INVALID")
	}
	media, err := c.fileMedia(in)
	if err == nil && media.Object().Is("messageMediaDocument") && !media.Object().At("video").AsBool() {
		err = bad("MEDIA_TYPE_INVALID")
	}
	return media, err
}

// storyText puts the caption of the request into a story. Errors:
// MEDIA_CAPTION_TOO_LONG, those of call.text.
func (c *call) storyText(o *tl.Object) error {
	caption := c.req.At("caption")
	limit := maxStoryText
	if c.me.premium() {
		limit = maxStoryTextPremium
	}
	entities, err := c.text(c.new("inputBotInlineMessageText").With("message", caption).With("entities", c.req.At("entities")), limit, "MEDIA_CAPTION_TOO_LONG")
	if err != nil {
		return err
	}
	if caption.AsString() == "" {
		caption = tl.Value{}
	}
	o.With("caption", caption).With("entities", c.detect(caption.AsString(), entities))
	return nil
}

// storiesSendStory follows https://core.telegram.org/method/stories.sendStory.
func storiesSendStory(c *call) (tl.Value, error) {
	of, err := c.poster("post_stories")
	if err != nil {
		return tl.Value{}, err
	}
	if _, err := c.storiesLeft(of); err != nil {
		return tl.Value{}, err
	}
	period := int32(storyPeriod)
	if v := c.req.At("period"); !v.IsNone() {
		period = v.AsInt()
	}
	if !slices.Contains([]int32{21600, 43200, storyPeriod, 2 * storyPeriod}, period) || period != storyPeriod && !c.me.premium() {
		return tl.Value{}, bad("STORY_PERIOD_INVALID")
	}
	rules, _, err := c.rulesAsked(c.req.At("privacy_rules"))
	if err != nil {
		return tl.Value{}, err
	}
	base := c.new("storyItem").With("pinned", c.req.At("pinned")).With("noforwards", c.req.At("noforwards"))
	if err := c.storyText(base); err != nil {
		return tl.Value{}, err
	}
	media, err := c.storyMedia(c.req.At("media").Object())
	if err != nil {
		return tl.Value{}, err
	}
	random := c.req.At("random_id").AsLong()
	if err := c.once(random); err != nil {
		return tl.Value{}, err
	}
	b := c.board(of)
	b.last++
	s := &story{id: b.last, date: c.now, expire: c.now + period, from: c.me, base: base.With("media", media), rules: rules}
	b.list = append(b.list, s)
	return c.done(c.new("updateStoryID").With("id", tl.Int(s.id)).With("random_id", tl.Long(random)).Value(), c.tellStory(of, s, nil))
}

// tellStory tells everybody who watches somebody's stories what has become of one,
// and gives the update for the answer. before are those who saw it until then, nil
// when nobody did: to who sees it no more, it is deleted.
func (c *call) tellStory(of peer, s *story, before map[*person]bool) tl.Value {
	update := func(v viewer) tl.Value {
		item := v.new("storyItemDeleted").With("id", tl.Int(s.id))
		if c.board(of).find(s.id) != nil && v.sees(of, s) {
			item = v.storyItem(of, s)
		} else if !before[v.me] && v.me != c.me {
			return tl.Value{}
		}
		return v.new("updateStory").With("peer", v.peerValue(of)).With("story", item.Value()).Value()
	}
	for _, p := range c.people {
		v := viewer{c.world, p}
		if u := update(v); v.watches(of) && !u.IsNone() {
			c.push(p, func(viewer) []tl.Value { return []tl.Value{u} })
		}
	}
	return update(c.viewer)
}

// storyWatchers are those who see a story now and are told of it.
func (w *world) storyWatchers(of peer, s *story) map[*person]bool {
	all := map[*person]bool{}
	for _, p := range w.people {
		if v := (viewer{w, p}); v.watches(of) && v.sees(of, s) {
			all[p] = true
		}
	}
	return all
}

// storiesEditStory follows https://core.telegram.org/method/stories.editStory.
func storiesEditStory(c *call) (tl.Value, error) {
	of, err := c.poster("edit_stories")
	if err != nil {
		return tl.Value{}, err
	}
	s := c.board(of).find(c.req.At("id").AsInt())
	if s == nil {
		return tl.Value{}, bad("STORY_ID_INVALID")
	}
	base, rules := s.base.Clone(), s.rules
	if !c.req.At("caption").IsNone() {
		if err := c.storyText(base); err != nil {
			return tl.Value{}, err
		}
	}
	if in := c.req.At("media").Object(); in != nil {
		media, err := c.storyMedia(in)
		if err != nil {
			return tl.Value{}, err
		}
		base.With("media", media)
	}
	if v := c.req.At("privacy_rules"); !v.IsNone() {
		if rules, _, err = c.rulesAsked(v); err != nil {
			return tl.Value{}, err
		}
	}
	same := tl.Equal(base.Value(), s.base.Value())
	if same && tl.Equal(c.privacyValue(rules), c.privacyValue(s.rules)) {
		return tl.Value{}, bad("STORY_NOT_MODIFIED")
	}
	before := c.storyWatchers(of, s)
	if !same {
		base.With("edited", tl.Bool(true))
	}
	s.base, s.rules = base, rules
	s.edits++
	return c.done(c.tellStory(of, s, before))
}

// storiesDeleteStories follows
// https://core.telegram.org/method/stories.deleteStories.
func storiesDeleteStories(c *call) (tl.Value, error) {
	return c.eachStory("delete_stories", func(of peer, s *story) bool {
		b, before := c.board(of), c.storyWatchers(of, s)
		b.list = slices.DeleteFunc(b.list, func(x *story) bool { return x == s })
		b.forget(s.id)
		c.tellStory(of, s, before)
		return true
	})
}

// storiesTogglePinned follows https://core.telegram.org/method/stories.togglePinned:
// which stories stay in the profile.
func storiesTogglePinned(c *call) (tl.Value, error) {
	on := c.req.At("pinned").AsBool()
	return c.eachStory("edit_stories", func(of peer, s *story) bool {
		if s.pinned() == on {
			return false
		}
		before := c.storyWatchers(of, s)
		s.base = s.base.Clone().With("pinned", tl.Bool(on))
		if b := c.board(of); !on {
			b.onTop = slices.DeleteFunc(b.onTop, func(id int32) bool { return id == s.id })
		}
		c.tellStory(of, s, before)
		return true
	})
}

// eachStory does something with the stories of the request, and answers with the
// ids of those that it was done with.
func (c *call) eachStory(right string, do func(peer, *story) bool) (tl.Value, error) {
	of, err := c.poster(right)
	if err == nil && len(c.req.At("id").Vector().Items) == 0 {
		err = bad("STORY_ID_EMPTY")
	}
	if err != nil {
		return tl.Value{}, err
	}
	var done []int32
	for _, v := range c.req.At("id").Vector().Items {
		if s := c.board(of).find(v.AsInt()); s != nil && do(of, s) {
			done = append(done, s.id)
		}
	}
	return ints(c.schema, done), nil
}

// storiesTogglePinnedToTop follows
// https://core.telegram.org/method/stories.togglePinnedToTop: the list is the
// whole one.
func storiesTogglePinnedToTop(c *call) (tl.Value, error) {
	of, err := c.poster("edit_stories")
	if err != nil {
		return tl.Value{}, err
	}
	var ids []int32
	for _, v := range c.req.At("id").Vector().Items {
		s := c.board(of).find(v.AsInt())
		if s == nil || !s.pinned() || slices.Contains(ids, s.id) || len(ids) == maxStoriesOnTop {
			return tl.Value{}, bad("STORY_ID_INVALID")
		}
		ids = append(ids, s.id)
	}
	c.board(of).onTop = ids
	return tl.Bool(true), nil
}

// storiesGetChatsToSend follows
// https://core.telegram.org/method/stories.getChatsToSend.
func storiesGetChatsToSend(c *call) (tl.Value, error) {
	var chats []tl.Value
	for _, r := range c.rooms {
		if r.kind == channelPeer && !r.shut() && c.mayPost(r.peer, "post_stories") {
			chats = append(chats, c.chat(r))
		}
	}
	return c.new("messages.chats").With("chats", c.vector("Chat", chats)).Value(), nil
}

// storiesExportStoryLink follows
// https://core.telegram.org/method/stories.exportStoryLink and
// https://core.telegram.org/api/links#story-links.
func storiesExportStoryLink(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	id := c.req.At("id").AsInt()
	name := c.username(of)
	b := c.board(of)
	switch {
	case id == 0:
		return tl.Value{}, bad("STORY_ID_EMPTY")
	case name == "":
		return tl.Value{}, bad("USER_PUBLIC_MISSING")
	case b.find(id) == nil || !c.sees(of, b.find(id)):
		return tl.Value{}, tgerr.New(400, "STORY_ID_INVALID")
	}
	return c.new("exportedStoryLink").With("link", tl.String(fmt.Sprintf("https://t.me/%s/s/%d", name, id))).Value(), nil
}
