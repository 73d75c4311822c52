package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// storyLine posts a story of a photo that the client has uploaded as 1.
func storyLine(peer, rules, rest string, random int) string {
	return fmt.Sprintf(`stories.sendStory peer=%s media=inputMediaUploadedPhoto(file=%%s) privacy_rules=[%s] random_id=%d %s`, peer, rules, random, rest)
}

const allowAll = "inputPrivacyValueAllowAll"

func TestStories(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta, cleo, egon := l.as("@anna"), l.as("@berta"), l.as("@cleo"), l.as("@egon")
	again := l.as("@anna")
	berta.do(`contacts.addContact id=@anna first_name=Ann last_name="" phone=""`)
	cleo.do(`contacts.addContact id=@anna first_name=Ann last_name="" phone=""`)
	again.nextOf("updateUser")
	file := anna.put(1, "a.png", pngOf(200, 300), 65536)
	post := func(peer, rules, rest string, random int) string {
		return fmt.Sprintf(storyLine(peer, rules, rest, random), file)
	}
	want(t, anna.do("stories.canSendStory me"), ".count_remains", "3")
	res := anna.do(post("me", allowAll, `caption="Look #here"`, 101))
	want(t, res, ".updates[0]", "updateStoryID(id=1 random_id=101)", ".updates[1].story.caption", `"Look #here"`, ".updates[1].story.entities[0].length", "5",
		".updates[1].story.out", "true", ".updates[1].story.public", "true", ".updates[1].story.expire_date", "1772906400",
		".updates[1].story.media.photo.id", "1", ".updates[1].story.privacy[0]", "privacyValueAllowAll()", ".updates[1].story.views.views_count", "0",
		".users[0].stories_max_id.max_id", "1")
	want(t, again.nextOf("updateStory"), ".story.id", "1")
	got := berta.nextOf("updateStory")
	want(t, got, ".peer.user_id", "1", ".story.caption", `"Look #here"`, ".story.out", "false")
	lacks(t, got, ".story.views")
	lacks(t, got, ".story.privacy")
	// For some alone; who is no contact of hers sees none of it.
	want(t, anna.do(post("me", "inputPrivacyValueDisallowUsers(users=[@cleo]) inputPrivacyValueAllowContacts", "pinned=true noforwards=true", 102)), ".updates[1].story.contacts", "true")
	want(t, berta.nextOf("updateStory"), ".story.id", "2", ".story.noforwards", "true")
	want(t, cleo.do("stories.getPeerStories @anna"), ".stories.stories[0].id", "1")
	if n := len(at(t, cleo.do("stories.getPeerStories @anna"), ".stories.stories").Vector().Items); n != 1 {
		t.Errorf("Cleo sees %d stories", n)
	}
	anna.do("contacts.editCloseFriends [2]")
	want(t, anna.do(post("me", "inputPrivacyValueAllowCloseFriends inputPrivacyValueAllowUsers(users=[@egon])", "", 103)), ".updates[1].story.close_friends", "true", ".updates[1].story.selected_contacts", "true")
	want(t, egon.do("stories.getPeerStories @anna"), ".stories.stories[1].id", "3", ".users[0].stories_max_id.max_id", "3")
	anna.fails(post("me", allowAll, "", 104), "400 STORIES_TOO_MUCH")
	anna.fails("stories.canSendStory me", "400 STORIES_TOO_MUCH")
	want(t, berta.do("stories.getPeerMaxIDs [@anna @cleo]"), "[0].max_id", "3", "[1]", "recentStory()")

	// Everything at once, with what one has seen of it.
	all := berta.do("stories.getAllStories")
	want(t, all, ".count", "3", ".peer_stories[0].peer.user_id", "1", ".peer_stories[0].stories[1].id", "2", ".users[0].id", "1")
	state := show(at(t, all, ".state"))
	want(t, berta.do("stories.getAllStories state="+state), "", "stories.allStoriesNotModified(state="+state+" stealth_mode=storiesStealthMode)")
	want(t, berta.do("stories.getAllStories next=true state="+state), ".peer_stories", "[]")
	berta2 := l.as("@berta")
	want(t, berta.do("stories.readStories peer=@anna max_id=2"), "", "[1 2]")
	want(t, berta2.nextOf("updateReadStories"), ".max_id", "2", ".peer.user_id", "1")
	want(t, berta.do("stories.readStories peer=@anna max_id=2"), "", "[]")
	want(t, berta.do("stories.getPeerStories @anna"), ".stories.max_read_id", "2")
	want(t, berta.do("stories.getAllReadPeerStories"), ".updates[0].max_id", "2")
	berta.do("stories.togglePeerStoriesHidden peer=@anna hidden=true")
	berta.do("stories.togglePeerStoriesHidden peer=@anna hidden=true")
	berta2.nextOf("updateUser")
	want(t, berta.do("stories.getAllStories"), ".peer_stories", "[]")
	want(t, berta.do("stories.getAllStories hidden=true"), ".peer_stories[0].peer.user_id", "1", ".users[0].stories_hidden", "true")
	l.roundTrip()
	berta.do("stories.togglePeerStoriesHidden peer=@anna hidden=false")
	want(t, berta.do("stories.togglePeerStoriesHidden peer=@club_news hidden=true"), "", "true")

	// Reactions, and who has seen it.
	react := "stories.sendReaction peer=@anna story_id=%d reaction=%s"
	want(t, berta.do(fmt.Sprintf(react, 1, "reactionEmoji(emoticon=👍) add_to_recent=true")), ".updates[0].reaction.emoticon", `"👍"`, ".updates[0].peer.user_id", "1")
	want(t, anna.nextOf("updateNewStoryReaction"), ".story_id", "1", ".peer.user_id", "2")
	want(t, berta.do("stories.getStoriesByID peer=@anna id=[1 9]"), ".stories[0].sent_reaction.emoticon", `"👍"`, ".stories[1]", "storyItemDeleted(id=9)")
	cleo.do("stories.incrementStoryViews peer=@anna id=[1 2 9]")
	want(t, anna.do("stories.getStoriesViews peer=me id=[1 2 9]"), ".views[0].views_count", "2", ".views[0].reactions[0].count", "1", ".views[0].recent_viewers", "[3 2]",
		".views[1].views_count", "1", ".views[2].views_count", "0")
	list := "stories.getStoryViewsList peer=me id=1 limit=%d offset=%q "
	want(t, anna.do(fmt.Sprintf(list, 10, "")), ".count", "2", ".views[0].user_id", "3", ".views[1].reaction.emoticon", `"👍"`, ".reactions_count", "1")
	page := anna.do(fmt.Sprintf(list, 1, "") + "reactions_first=true")
	want(t, page, ".views[0].user_id", "2", ".next_offset", `"1"`)
	want(t, anna.do(fmt.Sprintf(list, 1, "1")+"forwards_first=true"), ".views[0].user_id", "3")
	want(t, anna.do(fmt.Sprintf(list, 10, "")+"just_contacts=true q=cle"), ".count", "1", ".views[0].user_id", "3")
	l.roundTrip()
	berta.do(fmt.Sprintf(react, 1, "reactionEmpty"))
	want(t, anna.do(fmt.Sprintf(list, 10, "")), ".reactions_count", "0", ".views_count", "2")

	// An edit, after which Egon sees one more and Berta one less.
	edit := "stories.editStory peer=me id=%d %s"
	want(t, anna.do(fmt.Sprintf(edit, 1, `caption="Seen" entities=[]`)), ".updates[0].story.edited", "true", ".updates[0].story.caption", `"Seen"`)
	berta.nextOf("updateStory")
	want(t, berta.nextOf("updateStory"), ".story.caption", `"Seen"`)
	want(t, anna.do(fmt.Sprintf(edit, 1, "privacy_rules=[inputPrivacyValueAllowUsers(users=[@egon])]")), ".updates[0].story.selected_contacts", "true")
	want(t, berta.nextOf("updateStory"), ".story", "storyItemDeleted(id=1)")
	anna.fails(fmt.Sprintf(edit, 1, `caption="Seen" entities=[]`), "400 STORY_NOT_MODIFIED")
	anna.fails(fmt.Sprintf(edit, 9, `caption="Seen" entities=[]`), "400 STORY_ID_INVALID")
	anna.fails(fmt.Sprintf(edit, 1, "media=inputMediaEmpty"), "400 MEDIA_EMPTY")
	anna.fails(fmt.Sprintf(edit, 1, "media=inputMediaDice(emoticon=🎲)"), "400 MEDIA_TYPE_INVALID")
	anna.fails(fmt.Sprintf(edit, 1, "entities=[] caption="+long(201)), "400 MEDIA_CAPTION_TOO_LONG")
	anna.fails(fmt.Sprintf(edit, 1, "caption=x entities=[messageEntityBold(0 5)]"), "400 ENTITY_BOUNDS_INVALID")
	berta.fails("stories.editStory peer=@anna id=1 caption=x entities=[]", "400 PEER_ID_INVALID")
	anna.do(fmt.Sprintf(edit, 1, "media=inputMediaUploadedPhoto(file="+anna.put(2, "b.png", pngOf(100, 100), 65536)+")"))

	// A day later all are in the archive, and one in the profile.
	l.clock.add(storyPeriod * time.Second)
	want(t, berta.do("stories.getPeerStories @anna"), ".stories.stories", "[]")
	want(t, berta.do("stories.getPinnedStories peer=@anna limit=10"), ".count", "1", ".stories[0].id", "2", ".stories[0].pinned", "true")
	want(t, berta.do("users.getFullUser @anna"), ".full_user.stories_pinned_available", "true")
	want(t, anna.do("stories.getStoriesArchive peer=me limit=10"), ".count", "3", ".stories[0].id", "3")
	want(t, anna.do("stories.getStoriesArchive peer=me limit=10 offset_id=3"), ".stories[0].id", "2")
	berta.fails("stories.getStoriesArchive peer=@anna limit=10", "400 PEER_ID_INVALID")
	want(t, anna.do("stories.togglePinned peer=me id=[1 2 9] pinned=true"), "", "[1]")
	want(t, anna.do("stories.togglePinnedToTop peer=me id=[1 2]"), "", "true")
	want(t, anna.do("stories.getPinnedStories peer=me limit=10"), ".pinned_to_top", "[1 2]")
	l.roundTrip()
	anna.fails("stories.togglePinnedToTop peer=me id=[3]", "400 STORY_ID_INVALID")
	want(t, anna.do("stories.togglePinned peer=me id=[1] pinned=false"), "", "[1]")
	want(t, anna.do("stories.deleteStories peer=me id=[2 9]"), "", "[2]")
	want(t, berta.nextOf("updateStory"), ".story", "storyItemDeleted(id=2)")
	want(t, anna.do("stories.getPinnedStories peer=me limit=10"), ".count", "0")
	l.roundTrip()

	// No more than seven in a week.
	for n := range 5 {
		file = anna.put(1, "a.png", pngOf(200, 300), 65536) // the parts of a file are forgotten
		anna.do(post("me", allowAll, "", 200+n))
		l.clock.add(storyPeriod * time.Second / 2)
	}
	if _, err := anna.call("stories.canSendStory me"); err == nil || !strings.Contains(err.Error(), "STORY_SEND_FLOOD_WEEKLY") {
		t.Errorf("the eighth of a week: %v", err)
	}
	if _, err := anna.call(post("me", allowAll, "", 300)); err == nil || !strings.Contains(err.Error(), "STORY_SEND_FLOOD_WEEKLY") {
		t.Errorf("the eighth of a week: %v", err)
	}
}

func TestStoryErrors(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta, egon := l.as("@anna"), l.as("@berta"), l.as("@egon")
	file := anna.put(1, "a.png", pngOf(200, 300), 65536)
	post := func(peer, rules, rest string, random int) string {
		return fmt.Sprintf(storyLine(peer, rules, rest, random), file)
	}
	anna.fails(post("@berta", allowAll, "", 1), "400 PEER_ID_INVALID")
	anna.fails("stories.canSendStory @berta", "400 PEER_ID_INVALID")
	anna.fails(post("me", allowAll, "period=21600", 1), "400 STORY_PERIOD_INVALID")
	anna.fails(post("me", allowAll, "period=5", 1), "400 STORY_PERIOD_INVALID")
	anna.fails(post("me", allowAll, "caption="+long(201), 1), "400 MEDIA_CAPTION_TOO_LONG")
	anna.fails(post("me", allowAll, "caption=x entities=[messageEntityBold(0 5)]", 1), "400 ENTITY_BOUNDS_INVALID")
	anna.fails(post("me", "inputPrivacyValueAllowUsers(users=[@berta!])", "", 1), "400 USER_ID_INVALID")
	anna.fails("stories.sendStory peer=me media=inputMediaEmpty privacy_rules=[] random_id=1", "400 MEDIA_EMPTY")
	anna.fails("stories.sendStory peer=me media=inputMediaDice(emoticon=🎲) privacy_rules=[] random_id=1", "400 MEDIA_TYPE_INVALID")
	anna.fails(`stories.sendStory peer=me media=inputMediaUploadedDocument(file=`+file+` mime_type="text/plain" attributes=[]) privacy_rules=[] random_id=1`, "400 MEDIA_TYPE_INVALID")
	berta.fails("stories.readStories peer=@anna max_id=1", "400 STORIES_NEVER_CREATED")
	berta.fails("stories.getStoriesByID peer=@anna id=[1]", "400 STORIES_NEVER_CREATED")
	berta.fails("stories.sendReaction peer=@anna story_id=1 reaction=reactionEmpty", "400 STORIES_NEVER_CREATED")
	anna.do(post("me", allowAll, "", 1))
	anna.fails(post("me", allowAll, "", 1), "500 RANDOM_ID_DUPLICATE")
	berta.fails("stories.readStories peer=@anna max_id=0", "400 MAX_ID_INVALID")
	berta.fails("stories.getStoriesByID peer=@anna id=[]", "400 STORY_ID_EMPTY")
	berta.fails("stories.sendReaction peer=@anna story_id=0 reaction=reactionEmpty", "400 STORY_ID_EMPTY")
	berta.fails("stories.sendReaction peer=@anna story_id=9 reaction=reactionEmpty", "400 STORY_ID_INVALID")
	berta.fails("stories.sendReaction peer=@anna story_id=1 reaction=reactionEmoji(emoticon=x)", "400 REACTION_INVALID")
	berta.fails("stories.incrementStoryViews peer=@anna id=[]", "400 STORY_ID_EMPTY")
	berta.fails("stories.getStoriesViews peer=@anna id=[1]", "400 PEER_ID_INVALID")
	anna.fails("stories.getStoriesViews peer=me id=[]", "400 STORY_ID_EMPTY")
	berta.fails(`stories.getStoryViewsList peer=@anna id=1 offset="" limit=1`, "400 PEER_ID_INVALID")
	anna.fails(`stories.getStoryViewsList peer=me id=9 offset="" limit=1`, "400 STORY_ID_INVALID")
	anna.fails("stories.deleteStories peer=me id=[]", "400 STORY_ID_EMPTY")
	berta.fails("stories.deleteStories peer=@anna id=[1]", "400 PEER_ID_INVALID")
	anna.fails("stories.togglePinned peer=me id=[] pinned=true", "400 STORY_ID_EMPTY")
	berta.fails("stories.togglePinned peer=@anna id=[1] pinned=true", "400 PEER_ID_INVALID")
	berta.fails("stories.togglePinnedToTop peer=@anna id=[1]", "400 PEER_ID_INVALID")
	want(t, berta.do("stories.exportStoryLink peer=@anna id=1"), "", `exportedStoryLink(link="https://t.me/anna/s/1")`)
	berta.fails("stories.exportStoryLink peer=@anna id=0", "400 STORY_ID_EMPTY")
	berta.fails("stories.exportStoryLink peer=@anna id=9", "400 STORY_ID_INVALID")
	berta.fails("stories.exportStoryLink peer=club id=1", "400 USER_PUBLIC_MISSING")

	// Who is on a blocklist sees none.
	anna.do("contacts.block @berta my_stories_from=true")
	want(t, berta.do("stories.getPeerStories @anna"), ".stories.stories", "[]")
	want(t, egon.do("stories.getPeerStories @anna"), ".stories.stories[0].id", "1")
}

// TestChannelStories: channels have stories, too.
func TestChannelStories(t *testing.T) {
	l := newLab(t, Config{World: clubWorld})
	anna, berta, cleo, egon := l.as("@anna"), l.as("@berta"), l.as("@cleo"), l.as("@egon")
	file := anna.put(1, "a.png", pngOf(200, 300), 65536)
	want(t, anna.do(fmt.Sprintf(storyLine("@club_news", allowAll, "", 1), file)), ".updates[1].peer.channel_id", "21", ".updates[1].story.from_id.user_id", "1", ".chats[0].stories_max_id.max_id", "1")
	got := cleo.nextOf("updateStory")
	want(t, got, ".peer.channel_id", "21", ".story.public", "true", ".story.views.views_count", "0")
	lacks(t, got, ".story.from_id")
	want(t, egon.do("stories.getPeerStories @club_news"), ".stories.stories[0].id", "1")
	want(t, cleo.do("stories.getAllStories"), ".peer_stories[0].peer.channel_id", "21", ".chats[0].id", "21")
	want(t, cleo.do("channels.getFullChannel @club_news"), ".full_chat.stories.stories[0].id", "1")
	cleo.do("stories.sendReaction peer=@club_news story_id=1 reaction=reactionEmoji(emoticon=👍)")
	want(t, anna.do("stories.getStoriesViews peer=@club_news id=[1]"), ".views[0].reactions_count", "1")
	cleo.do("stories.togglePeerStoriesHidden peer=@club_news hidden=true")
	want(t, cleo.do("channels.getChannels [@club_news]"), ".chats[0].stories_hidden", "true")
	want(t, anna.do("stories.getChatsToSend"), ".chats[1].id", "21")
	want(t, berta.do("stories.getChatsToSend"), ".chats", "[]")
	for _, line := range []string{"stories.canSendStory @club_news", fmt.Sprintf(storyLine("@club_news", allowAll, "", 2), file), "stories.editStory peer=@club_news id=1 caption=x entities=[]",
		"stories.deleteStories peer=@club_news id=[1]", "stories.togglePinned peer=@club_news id=[1] pinned=true", "stories.togglePinnedToTop peer=@club_news id=[1]",
		"stories.getStoriesArchive peer=@club_news limit=1", "stories.getStoriesViews peer=@club_news id=[1]", `stories.getStoryViewsList peer=@club_news id=1 offset="" limit=1`} {
		berta.fails(line, "400 CHAT_ADMIN_REQUIRED")
	}
	l.roundTrip()
}
