package sandbox

import (
	"slices"
	"strconv"
	"strings"

	"tlsh/syntax"
	"tlsh/tl"
)

// albumsArea is the stories of a profile put into albums
// (https://core.telegram.org/api/stories#story-albums), and finding stories by
// their hashtags.
func albumsArea() area {
	const change = "ALBUM_ID_INVALID CHAT_ADMIN_REQUIRED PEER_ID_INVALID"
	return area{
		methods: map[string]method{
			"stories.createAlbum":     {handle: storiesCreateAlbum, errors: "CHAT_ADMIN_REQUIRED PEER_ID_INVALID STORY_ID_INVALID TITLE_INVALID"},
			"stories.deleteAlbum":     {handle: storiesDeleteAlbum, errors: change},
			"stories.getAlbums":       {handle: storiesGetAlbums},
			"stories.getAlbumStories": {handle: storiesGetAlbumStories, errors: "ALBUM_ID_INVALID"},
			"stories.reorderAlbums":   {handle: storiesReorderAlbums, errors: change},
			"stories.searchPosts":     {handle: storiesSearchPosts, heeds: "hashtag peer", errors: "HASHTAG_INVALID"},
			"stories.updateAlbum":     {handle: storiesUpdateAlbum, heeds: "title delete_stories add_stories order", errors: change + " STORY_ID_INVALID TITLE_INVALID"},
		},
		words: map[string]func(*arguments){"storyalbum": storyAlbumWord},
		save:  saveAlbums,
	}
}

// album is some stories of somebody's profile under a name.
type album struct {
	id    int32
	title string
	list  []int32 // ids of stories in their order
}

// maxAlbumTitle is how long the name of an album can be, in UTF-16 units.
const maxAlbumTitle = 12

func (b *storyboard) album(id int32) *album {
	if i := slices.IndexFunc(b.albums, func(a *album) bool { return a.id == id }); i >= 0 {
		return b.albums[i]
	}
	return nil
}

// in are the ids of the albums that have a story.
func (b *storyboard) in(id int32) (ids []int32) {
	for _, a := range b.albums {
		if slices.Contains(a.list, id) {
			ids = append(ids, a.id)
		}
	}
	return ids
}

// forget takes a deleted story out of what lists stories.
func (b *storyboard) forget(id int32) {
	same := func(x int32) bool { return x == id }
	b.onTop = slices.DeleteFunc(b.onTop, same)
	for _, a := range b.albums {
		a.list = slices.DeleteFunc(a.list, same)
	}
}

// storyAlbum is an album as the viewer sees it; the picture of its first photo
// stands for it.
func (v viewer) storyAlbum(of peer, a *album) tl.Value {
	o := v.new("storyAlbum").With("album_id", tl.Int(a.id)).With("title", tl.String(a.title))
	for _, s := range v.inAlbum(of, a) {
		if media := v.files(s.base.At("media")).Object(); media.Is("messageMediaPhoto") {
			return o.With("icon_photo", media.At("photo")).Value()
		}
	}
	return o.Value()
}

// inAlbum are the stories of an album that the viewer sees.
func (v viewer) inAlbum(of peer, a *album) (list []*story) {
	for _, id := range a.list {
		if s := v.board(of).find(id); s != nil && v.sees(of, s) {
			list = append(list, s)
		}
	}
	return list
}

// albumOf is the album of the request, of a peer whose stories the caller may
// edit. Errors: those of poster, ALBUM_ID_INVALID.
func (c *call) albumOf() (peer, *album, error) {
	of, err := c.poster("edit_stories")
	if err != nil {
		return peer{}, nil, err
	}
	a := c.board(of).album(c.req.At("album_id").AsInt())
	if a == nil {
		return peer{}, nil, bad("ALBUM_ID_INVALID")
	}
	return of, a, nil
}

// fill puts stories into an album. Error: STORY_ID_INVALID.
func (c *call) fill(of peer, list []int32, with tl.Value) ([]int32, error) {
	for _, v := range with.Vector().Items {
		if c.board(of).find(v.AsInt()) == nil {
			return nil, bad("STORY_ID_INVALID")
		}
		if !slices.Contains(list, v.AsInt()) {
			list = append(list, v.AsInt())
		}
	}
	return list, nil
}

// albumTitle reads the title of the request. Error: TITLE_INVALID.
func (c *call) albumTitle() (string, error) {
	title := strings.TrimSpace(c.req.At("title").AsString())
	if title == "" || units(title) > maxAlbumTitle {
		return "", bad("TITLE_INVALID")
	}
	return title, nil
}

// storiesCreateAlbum follows https://core.telegram.org/method/stories.createAlbum.
func storiesCreateAlbum(c *call) (tl.Value, error) {
	of, err := c.poster("edit_stories")
	if err != nil {
		return tl.Value{}, err
	}
	title, err := c.albumTitle()
	if err != nil {
		return tl.Value{}, err
	}
	list, err := c.fill(of, nil, c.req.At("stories"))
	if err != nil {
		return tl.Value{}, err
	}
	b := c.board(of)
	b.lastAlbum++
	a := &album{id: b.lastAlbum, title: title, list: list}
	b.albums = append(b.albums, a)
	return c.storyAlbum(of, a), nil
}

// storiesUpdateAlbum follows https://core.telegram.org/method/stories.updateAlbum.
// Stories that the order does not name follow behind it.
func storiesUpdateAlbum(c *call) (tl.Value, error) {
	of, a, err := c.albumOf()
	if err != nil {
		return tl.Value{}, err
	}
	title, list := a.title, slices.Clone(a.list)
	if !c.req.At("title").IsNone() {
		if title, err = c.albumTitle(); err != nil {
			return tl.Value{}, err
		}
	}
	if gone := c.req.At("delete_stories"); !gone.IsNone() {
		for _, v := range gone.Vector().Items {
			list = slices.DeleteFunc(list, func(id int32) bool { return id == v.AsInt() })
		}
	}
	if more := c.req.At("add_stories"); !more.IsNone() {
		if list, err = c.fill(of, list, more); err != nil {
			return tl.Value{}, err
		}
	}
	if order := c.req.At("order"); !order.IsNone() {
		var first []int32
		for _, v := range order.Vector().Items {
			if !slices.Contains(list, v.AsInt()) {
				return tl.Value{}, bad("STORY_ID_INVALID")
			}
			first = append(first, v.AsInt())
		}
		list = append(first, slices.DeleteFunc(list, func(id int32) bool { return slices.Contains(first, id) })...)
	}
	a.title, a.list = title, list
	return c.storyAlbum(of, a), nil
}

// storiesDeleteAlbum follows https://core.telegram.org/method/stories.deleteAlbum:
// the stories stay.
func storiesDeleteAlbum(c *call) (tl.Value, error) {
	of, a, err := c.albumOf()
	if err != nil {
		return tl.Value{}, err
	}
	b := c.board(of)
	b.albums = slices.DeleteFunc(b.albums, func(x *album) bool { return x == a })
	return tl.Bool(true), nil
}

// storiesReorderAlbums follows
// https://core.telegram.org/method/stories.reorderAlbums. Albums that the order
// does not name follow behind it.
func storiesReorderAlbums(c *call) (tl.Value, error) {
	of, err := c.poster("edit_stories")
	if err != nil {
		return tl.Value{}, err
	}
	b := c.board(of)
	var first []*album
	for _, v := range c.req.At("order").Vector().Items {
		a := b.album(v.AsInt())
		if a == nil || slices.Contains(first, a) {
			return tl.Value{}, bad("ALBUM_ID_INVALID")
		}
		first = append(first, a)
	}
	b.albums = append(first, slices.DeleteFunc(slices.Clone(b.albums), func(a *album) bool { return slices.Contains(first, a) })...)
	return tl.Bool(true), nil
}

// storiesGetAlbums follows https://core.telegram.org/method/stories.getAlbums.
func storiesGetAlbums(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	var items []tl.Value
	if b := c.board(of); b != nil {
		for _, a := range b.albums {
			items = append(items, c.storyAlbum(of, a))
		}
	}
	o := c.new("stories.albums").With("hash", tl.Long(0)).With("albums", c.vector("StoryAlbum", items))
	hash := int64(hashOfValue(o))
	if c.req.At("hash").AsLong() == hash {
		return c.new("stories.albumsNotModified").Value(), nil
	}
	return o.With("hash", tl.Long(hash)).Value(), nil
}

// storiesGetAlbumStories follows
// https://core.telegram.org/method/stories.getAlbumStories: in the order of the
// album.
func storiesGetAlbumStories(c *call) (tl.Value, error) {
	of, err := c.target(c.req.At("peer"))
	if err != nil {
		return tl.Value{}, err
	}
	var a *album
	if b := c.board(of); b != nil {
		a = b.album(c.req.At("album_id").AsInt())
	}
	if a == nil {
		return tl.Value{}, bad("ALBUM_ID_INVALID")
	}
	all := c.inAlbum(of, a)
	page := cutPage(all, int(c.req.At("offset").AsInt()), c.limit())
	o := c.new("stories.stories").With("count", tl.Int(int32(len(all)))).With("stories", c.storyItems(of, page))
	return c.complete(o, of).Value(), nil
}

// storiesSearchPosts follows https://core.telegram.org/method/stories.searchPosts:
// those for everybody that have the hashtag, the newest first. No story here has
// areas on it.
func storiesSearchPosts(c *call) (tl.Value, error) {
	tag := "#" + strings.ToLower(strings.TrimPrefix(c.req.At("hashtag").AsString(), "#"))
	if len(tag) < 2 || strings.ContainsAny(tag[1:], "# \t\n") {
		return tl.Value{}, bad("HASHTAG_INVALID")
	}
	only := peer{}
	if v := c.req.At("peer"); !v.IsNone() {
		var err error
		if only, err = c.target(v); err != nil {
			return tl.Value{}, err
		}
	}
	type found struct {
		of peer
		s  *story
	}
	var all []found
	for _, of := range c.storytellers() {
		for _, s := range c.board(of).list {
			forAll := of.kind == channelPeer && c.public(c.room[of]) || slices.ContainsFunc(s.rules, func(r *tl.Object) bool { return r.Is("privacyValueAllowAll") })
			if (only == peer{} || of == only) && forAll && c.sees(of, s) && slices.Contains(tokens(strings.ToLower(s.base.At("caption").AsString())), tag) {
				all = append(all, found{of, s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return int(b.s.date) - int(a.s.date) })
	from, _ := strconv.Atoi(c.req.At("offset").AsString())
	page := cutPage(all, from, c.limit())
	items := make([]tl.Value, len(page))
	for i, f := range page {
		items[i] = c.new("foundStory").With("peer", c.peerValue(f.of)).With("story", c.storyItem(f.of, f.s).Value()).Value()
	}
	o := c.new("stories.foundStories").With("count", tl.Int(int32(len(all)))).With("stories", c.vector("FoundStory", items))
	if next := max(from, 0) + len(page); next < len(all) {
		o.With("next_offset", tl.String(strconv.Itoa(next)))
	}
	return c.complete(o).Value(), nil
}

// storytellers are all who can have stories, people first.
func (w *world) storytellers() (list []peer) {
	for _, p := range w.people {
		list = append(list, p.peer)
	}
	for _, r := range w.rooms {
		if r.kind == channelPeer {
			list = append(list, r.peer)
		}
	}
	return list
}

// storyAlbumWord: storyalbum PEER ID "TITLE" [ID …].
func storyAlbumWord(a *arguments) {
	_, b := a.storyboard()
	x := &album{id: a.number("the id of an album")}
	x.title, _ = a.text("the name of an album")
	for of := a.list("ids of stories"); of.more(); {
		id := of.number("the id of a story")
		switch {
		case of.bad || a.bad:
			a.bad = true
		case b.find(id) == nil:
			a.fail("there is no story %d above this line", id)
			a.bad = true
		default:
			x.list = append(x.list, id)
		}
	}
	switch {
	case a.bad:
	case x.id <= 0 || b.album(x.id) != nil || x.title == "":
		a.fail("want an album with an id from 1 on that is not there yet, and a name")
	default:
		b.albums, b.lastAlbum = append(b.albums, x), max(b.lastAlbum, x.id)
	}
}

func saveAlbums(s *saver) {
	for _, of := range s.storytellers() {
		for _, a := range s.board(of).albums {
			ids := make([]int64, len(a.list))
			for i, id := range a.list {
				ids[i] = int64(id)
			}
			s.line("storyalbum %s %d %s %s", s.ref(of), a.id, syntax.Quote(a.title), idList(ids))
		}
	}
}
