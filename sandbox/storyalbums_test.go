package sandbox

import (
	"strings"
	"testing"
)

// storied is the village where Alice, Bob and a channel have stories.
const storied = `
picture 71 2026-03-05T19:54 paint 17 64 64
story @alice storyItem(pinned=true id=1 date=2026-03-06T12:00 expire_date=2026-03-07T12:00 caption="The #cliff path" media=messageMediaPhoto(photo=photoEmpty(id=71)))
story @alice storyItem(pinned=true id=2 date=2026-03-06T13:00 expire_date=2026-03-07T13:00 caption="Nothing" media=messageMediaPhoto(photo=photoEmpty(id=71)))
story @alice storyItem(id=3 date=2026-03-06T14:00 expire_date=2026-03-07T14:00 caption="#cliff for few" privacy=[privacyValueAllowUsers(users=[1003])] media=messageMediaPhoto(photo=photoEmpty(id=71)))
story @harbour_news storyItem(id=1 date=2026-03-06T15:00 expire_date=2026-03-07T15:00 caption="Closed: #Cliff" media=messageMediaPhoto(photo=photoEmpty(id=71))) @alice
story @bob storyItem(id=1 date=2026-03-06T15:30 expire_date=2026-03-07T15:30 caption="#cliffhanger" media=messageMediaPhoto(photo=photoEmpty(id=71)))
`

func TestStoryAlbums(t *testing.T) {
	l := newLab(t, Config{World: village + storied})
	alice, bob := l.as("@alice"), l.as("@bob")
	want(t, alice.do("stories.createAlbum peer=me title=Walks stories=[1 2 1]"), ".album_id", "1", ".title", `"Walks"`, ".icon_photo.id", "71")
	want(t, alice.do("stories.createAlbum peer=me title=\" Rest \" stories=[]"), ".album_id", "2", ".title", `"Rest"`)
	want(t, bob.do("stories.getAlbumStories peer=@alice album_id=1 offset=0 limit=1"), ".count", "2", ".stories[0].id", "1", ".stories[0].albums", "[1]", ".users[0].id", "1002")
	want(t, bob.do("stories.getAlbumStories peer=@alice album_id=1 offset=1 limit=1"), ".stories[0].id", "2")
	want(t, alice.do("stories.updateAlbum peer=me album_id=1 title=Paths add_stories=[3] delete_stories=[2] order=[3]"), ".title", `"Paths"`)
	want(t, bob.do("stories.getAlbumStories peer=@alice album_id=1 limit=9 offset=0"), ".stories[0].id", "3", ".stories[1].id", "1")
	want(t, l.as("@sam").do("stories.getAlbumStories peer=@alice album_id=1 limit=9 offset=0"), ".count", "1", ".stories[0].id", "1")
	want(t, alice.do("stories.reorderAlbums peer=me order=[2]"), "", "true")
	albums := bob.do("stories.getAlbums peer=@alice")
	want(t, albums, ".albums[0].album_id", "2", ".albums[1].title", `"Paths"`)
	want(t, bob.do("stories.getAlbums peer=@alice hash="+show(at(t, albums, ".hash"))), "", "stories.albumsNotModified()")
	want(t, bob.do("stories.getAlbums peer=\"Sunday hikers\""), ".albums", "[]")
	again := l.reborn().as("@bob")
	want(t, again.do("stories.getAlbumStories peer=@alice album_id=1 limit=9 offset=0"), ".stories[0].id", "3", ".stories[1].id", "1")
	want(t, again.do("stories.getAlbums peer=@alice"), ".albums[0].title", `"Rest"`)
	alice.do("stories.deleteStories peer=me id=[3]")
	want(t, bob.do("stories.getAlbumStories peer=@alice album_id=1 limit=9 offset=0"), ".count", "1")
	want(t, alice.do("stories.deleteAlbum peer=me album_id=1"), "", "true")
	want(t, alice.do("stories.createAlbum peer=me title=New stories=[]"), ".album_id", "3")

	alice.fails("stories.createAlbum peer=me title=\"\" stories=[]", "400 TITLE_INVALID")
	alice.fails("stories.createAlbum peer=me title=x stories=[9]", "400 STORY_ID_INVALID")
	alice.fails("stories.updateAlbum peer=me album_id=2 title="+long(13), "400 TITLE_INVALID")
	alice.fails("stories.updateAlbum peer=me album_id=2 add_stories=[9]", "400 STORY_ID_INVALID")
	alice.fails("stories.updateAlbum peer=me album_id=2 order=[1]", "400 STORY_ID_INVALID")
	alice.fails("stories.reorderAlbums peer=me order=[2 2]", "400 ALBUM_ID_INVALID")
	bob.fails("stories.getAlbumStories peer=@alice album_id=9 limit=1 offset=0", "400 ALBUM_ID_INVALID")
	for _, line := range []string{"updateAlbum peer=PEER album_id=1", "deleteAlbum peer=PEER album_id=1", "reorderAlbums peer=PEER order=[1]", "createAlbum peer=PEER title=x stories=[]"} {
		line = "stories." + line
		bob.fails(strings.Replace(line, "PEER", "@alice", 1), "400 PEER_ID_INVALID")
		bob.fails(strings.Replace(line, "PEER", "@harbour_news", 1), "400 CHAT_ADMIN_REQUIRED")
		if !strings.Contains(line, "create") {
			alice.fails(strings.Replace(line, "PEER", "me", 1), "400 ALBUM_ID_INVALID")
		}
	}
}

func TestSearchStories(t *testing.T) {
	l := newLab(t, Config{World: village + storied})
	sam := l.as("@sam")
	page := sam.do("stories.searchPosts hashtag=cliff offset=\"\" limit=1")
	want(t, page, ".count", "2", ".stories[0].peer.channel_id", "3001", ".next_offset", `"1"`)
	want(t, sam.do("stories.searchPosts hashtag=CLIFF offset=\"1\" limit=1"), ".stories[0].peer.user_id", "1002", ".stories[0].story.id", "1")
	want(t, sam.do("stories.searchPosts hashtag=cliff peer=@alice offset=\"\" limit=5"), ".count", "1")
	sam.fails("stories.searchPosts hashtag=\"a b\" offset=\"\" limit=5", "400 HASHTAG_INVALID")
	sam.fails("stories.searchPosts offset=\"\" limit=5", "400 HASHTAG_INVALID")

	// All at once out of sight, and back.
	sam.do("stories.toggleAllStoriesHidden hidden=true")
	want(t, sam.do("stories.getAllStories"), ".peer_stories", "[]")
	want(t, sam.do("stories.getAllStories hidden=true"), ".count", "4")
	sam.do("stories.toggleAllStoriesHidden hidden=false")
	want(t, sam.do("stories.getAllStories"), ".count", "4")
}

// TestReplyToStory: an answer to a story is a message to whose it is.
func TestReplyToStory(t *testing.T) {
	l := newLab(t, Config{World: village + storied})
	sam, alice := l.as("@sam"), l.as("@alice")
	const line = "messages.sendMessage peer=%s message=\"How steep is it?\" reply_to=inputReplyToStory(peer=@alice story_id=%s)"
	reply := func(to, id string) string {
		return strings.Replace(strings.Replace(line, "%s", to, 1), "%s", id, 1)
	}
	sam.do(reply("@alice", "1"))
	want(t, alice.next(), ".updates[0].message.reply_to.story_id", "1", ".updates[0].message.reply_to.peer.user_id", "1002")
	want(t, l.reborn().as("@alice").do("messages.getHistory @sam limit=1"), ".messages[0].reply_to.story_id", "1")
	sam.do(`messages.sendMedia peer=@alice media=inputMediaDice(emoticon=🎲) message="" reply_to=inputReplyToStory(peer=@alice story_id=2)`)
	for _, c := range [][2]string{{"@alice", "3"}, {"@alice", "9"}, {"@bob", "1"}} {
		sam.fails(reply(c[0], c[1]), "400 STORY_ID_INVALID")
	}
	sam.fails(`messages.sendMedia peer=@alice media=inputMediaDice(emoticon=🎲) message="" reply_to=inputReplyToStory(peer=@alice story_id=9)`, "400 STORY_ID_INVALID")
}

func TestReports(t *testing.T) {
	sam := newLab(t, Config{World: village + storied}).as("@sam")
	id := show(at(t, sam.do("messages.getHistory @alice limit=1"), ".messages[0].id"))
	for _, what := range []string{"messages.report peer=@alice id=[" + id + "]", "stories.report peer=@alice id=[1]"} {
		want(t, sam.do(what+` option=hex: message=""`), ".title", `"What is wrong?"`, ".options[4]", `messageReportOption(text="Something else" option=hex:34)`)
		want(t, sam.do(what+` option=hex:30 message=""`), "", "reportResultReported()")
		want(t, sam.do(what+` option=hex:34 message=""`), "", "reportResultAddComment(option=hex:34)")
		want(t, sam.do(what+` option=hex:34 message="It is a gull"`), "", "reportResultReported()")
		sam.fails(what+` option=hex:35 message=""`, "400 OPTION_INVALID")
	}
	sam.fails(`messages.report peer=@alice id=[999] option=hex: message=""`, "400 MESSAGE_ID_INVALID")
	sam.fails(`messages.report peer=@alice id=[] option=hex: message=""`, "400 MESSAGE_ID_INVALID")
	sam.fails(`stories.report peer=@alice id=[3] option=hex: message=""`, "400 STORY_ID_INVALID")
	sam.fails(`stories.report peer="Sunday hikers" id=[3] option=hex: message=""`, "400 STORY_ID_INVALID")
}
