package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

func TestForum(t *testing.T) {
	l, anna, berta, cleo, _, _, fritz := club(t)
	anna.fails("messages.createForumTopic peer=club title=x", "400 CHANNEL_FORUM_MISSING")
	anna.fails("messages.getForumTopics peer=club offset_date=0 offset_id=0 offset_topic=0 limit=9", "400 CHANNEL_FORUM_MISSING")
	anna.fails("messages.getForumTopicsByID peer=club topics=[1]", "400 CHANNEL_FORUM_MISSING")
	anna.fails("messages.editForumTopic peer=club topic_id=1 title=x", "400 CHANNEL_FORUM_MISSING")
	anna.fails("messages.deleteTopicHistory peer=club top_msg_id=1", "400 CHANNEL_FORUM_MISSING")
	anna.fails("messages.updatePinnedForumTopic peer=club topic_id=1 pinned=true", "400 CHANNEL_FORUM_MISSING")
	anna.fails("messages.reorderPinnedForumTopics peer=club order=[1]", "400 CHANNEL_FORUM_MISSING")
	anna.fails("channels.toggleForum channel=talk enabled=true tabs=false", "400 CHAT_DISCUSSION_UNALLOWED")
	anna.fails("channels.toggleForum channel=@club_news enabled=true tabs=false", "400 CHAT_ID_INVALID")
	berta.fails("channels.toggleForum channel=club enabled=true tabs=false", "400 CHAT_ADMIN_REQUIRED")
	want(t, anna.do("channels.toggleForum channel=club enabled=true tabs=true"), ".chats[0].forum", "true", ".chats[0].forum_tabs", "true")
	anna.fails("channels.toggleForum channel=club enabled=true tabs=true", "400 CHAT_NOT_MODIFIED")

	made := cleo.do(`messages.createForumTopic peer=club title=" Walks " icon_color=16766590 random_id=77`)
	want(t, made, ".updates[0]", "updateMessageID(id=4 random_id=77)", ".updates[1].message.action", `messageActionTopicCreate(title="Walks" icon_color=16766590)`)
	want(t, fritz.nextOf("updateNewChannelMessage"), ".message.action.title", `"Walks"`)
	cleo.fails("messages.createForumTopic peer=club title=x random_id=77", "500 RANDOM_ID_DUPLICATE")
	cleo.fails(`messages.createForumTopic peer=club title=""`, "400 TOPIC_TITLE_EMPTY")
	anna.do("messages.editChatDefaultBannedRights peer=club banned_rights=chatBannedRights(manage_topics=true until_date=0)")
	cleo.fails("messages.createForumTopic peer=club title=x", "400 CHAT_ADMIN_REQUIRED")
	berta.do("messages.createForumTopic peer=club title=Boats")

	// Messages say in which topic they are, their answers too.
	anna.do("messages.sendMessage peer=club message=one reply_to=inputReplyToMessage(reply_to_msg_id=4)")
	want(t, fritz.nextOf("updateNewChannelMessage"), ".message.action.title", `"Boats"`)
	want(t, fritz.nextOf("updateNewChannelMessage"), ".message.reply_to", "messageReplyHeader(forum_topic=true reply_to_msg_id=4)")
	anna.do("messages.sendMessage peer=club message=two reply_to=inputReplyToMessage(reply_to_msg_id=6)")
	want(t, fritz.nextOf("updateNewChannelMessage"), ".message.reply_to", "messageReplyHeader(forum_topic=true reply_to_msg_id=6 reply_to_top_id=4)")

	// What is said in a topic does not mean who made it.
	want(t, cleo.do("messages.getPeerDialogs [club]"), ".dialogs[0].unread_mentions_count", "0")

	topics := func(more string) string {
		t.Helper()
		var list []string
		for _, v := range at(t, fritz.do("messages.getForumTopics peer=club offset_date=0 offset_id=0 limit=9 "+more), ".topics").Vector().Items {
			o := v.Object()
			list = append(list, fmt.Sprintf("%s:%s/%s", show(o.At("id")), show(o.At("top_message")), show(o.At("unread_count"))))
		}
		return strings.Join(list, " ")
	}
	for more, want := range map[string]string{"offset_topic=0": "4:7/3 5:5/1 1:3/0", "offset_topic=4": "5:5/1 1:3/0", "offset_topic=0 q=oat": "5:5/1"} {
		if got := topics(more); got != want {
			t.Errorf("%s: want %s, got %s", more, want, got)
		}
	}
	want(t, fritz.do("messages.getForumTopicsByID peer=club topics=[1 99 4]"), ".topics[0].title", `"General"`, ".topics[1]", "forumTopicDeleted(id=99)",
		".topics[2].title", `"Walks"`, ".messages[1].id", "7")

	edit := func(id, more string) string { return "messages.editForumTopic peer=club topic_id=" + id + " " + more }
	fritz.fails(edit("4", "title=x"), "400 CHAT_ADMIN_REQUIRED")
	cleo.fails(edit("4", `title=""`), "400 TOPIC_TITLE_EMPTY")
	cleo.fails(edit("99", "title=x"), "400 TOPIC_ID_INVALID")
	cleo.fails(edit("4", "title=Walks"), "400 TOPIC_NOT_MODIFIED")
	berta.fails(edit("4", "hidden=true"), "400 TOPIC_ID_INVALID")
	want(t, cleo.do(edit("4", "title=Strolls closed=true")), ".updates[0].message.action", `messageActionTopicEdit(title="Strolls" closed=true)`,
		".updates[0].message.reply_to.reply_to_msg_id", "4")
	fritz.fails("messages.sendMessage peer=club message=x reply_to=inputReplyToMessage(reply_to_msg_id=4)", "406 TOPIC_CLOSED")
	berta.do(edit("1", "hidden=true"))
	fritz.fails("messages.sendMessage peer=club message=x", "406 TOPIC_CLOSED")

	pin := func(id, on string) string {
		return "messages.updatePinnedForumTopic peer=club topic_id=" + id + " pinned=" + on
	}
	want(t, berta.do(pin("5", "true")), ".updates[0]", "updatePinnedForumTopic(pinned=true peer=peerChannel(channel_id=20) topic_id=5)")
	fritz.nextOf("updatePinnedForumTopic")
	berta.do(pin("1", "true"))
	cleo.fails(pin("4", "true"), "400 CHAT_ADMIN_REQUIRED")
	berta.fails(pin("5", "true"), "400 PINNED_TOPIC_NOT_MODIFIED")
	berta.fails(pin("98", "true"), "400 TOPIC_ID_INVALID")
	want(t, berta.do("messages.reorderPinnedForumTopics peer=club order=[5]"), ".updates[0].order", "[5 1]")
	berta.fails("messages.reorderPinnedForumTopics peer=club order=[4]", "400 TOPIC_ID_INVALID")
	cleo.fails("messages.reorderPinnedForumTopics peer=club order=[5]", "400 CHAT_ADMIN_REQUIRED")
	if got := topics("offset_topic=0"); !strings.HasPrefix(got, "5:5/1 1:") {
		t.Errorf("pinned topics come first, in their order: %s", got)
	}
	l.roundTrip()
	want(t, anna.do(`channels.getAdminLog channel=club q="" max_id=0 min_id=0 limit=1`), ".events[0].action.new_topic.title", `"General"`)
	for i := range 4 {
		made := berta.do("messages.createForumTopic peer=club title=more")
		id := show(at(t, made, ".updates[0].id"))
		if i < 3 {
			berta.do(pin(id, "true"))
		} else {
			berta.fails(pin(id, "true"), "400 PINNED_TOO_MUCH")
		}
	}
	berta.do("messages.reorderPinnedForumTopics peer=club force=true order=[]")

	cleo.fails("messages.deleteTopicHistory peer=club top_msg_id=4", "400 CHAT_ADMIN_REQUIRED")
	anna.fails("messages.deleteTopicHistory peer=club top_msg_id=1", "400 TOPIC_ID_INVALID")
	want(t, anna.do("messages.deleteTopicHistory peer=club top_msg_id=4"), ".pts_count", "4", ".offset", "0")
	want(t, fritz.nextOf("updateDeleteChannelMessages"), ".messages", "[4 6 7 8]")
	l.roundTrip()
}

func TestTopicWords(t *testing.T) {
	const good = `user(id=1 first_name=A username=anna)
channel(id=20 title=forum megagroup=true forum=true photo=chatPhotoEmpty date=2026-01-01)
members forum [@anna]
messageService(id=1 from_id=@anna peer_id=forum date=2026-01-01 action=messageActionTopicCreate(title=Old icon_color=7322096))
message(id=2 from_id=@anna peer_id=forum date=2026-01-02 message=hi reply_to=messageReplyHeader(reply_to_msg_id=1))
message(id=3 from_id=@anna peer_id=@anna date=2026-01-02 message=hi)
topic forum 1 "New" 7322096 closed
topic forum 0 "Lobby" 7322096 closed hidden
topicpins forum [1]
`
	l := newLab(t, Config{World: good})
	l.roundTrip()
	want(t, l.as("@anna").do("messages.getForumTopics peer=forum offset_date=0 offset_id=0 offset_topic=0 limit=9"), ".topics[0].title", `"New"`,
		".topics[0].pinned", "true", ".topics[0].top_message", "2", ".topics[1].title", `"Lobby"`, ".topics[1].hidden", "true")
	for line, want := range map[string]string{
		`topic forum 1 "x" 1`:      "a topic already",
		`topic forum 9 "x" 1`:      "has no message 9",
		`topic forum 3 "x" 1`:      "has no message 3",
		`topic forum 2 "x" 1 shut`: "want closed or hidden",
		`topicpins forum [2]`:      "no topic above",
	} {
		if _, err := New(Config{World: good + line + "\n"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %s, got %v", line, want, err)
		}
	}
}

func TestDeleteHistories(t *testing.T) {
	l, anna, berta, cleo, _, egon, fritz := club(t)
	fritz.fails("channels.deleteHistory channel=club for_everyone=true max_id=0", "400 CHAT_ADMIN_REQUIRED")
	egon.fails("channels.deleteHistory channel=@club_news max_id=0", "400 CHANNEL_PARICIPANT_MISSING")
	want(t, fritz.do("channels.deleteHistory channel=club max_id=2"), ".updates[0]", "updateChannelAvailableMessages(channel_id=20 available_min_id=2)")
	if v := fritz.do("messages.getHistory club"); len(at(t, v, ".messages").Vector().Items) != 1 {
		t.Errorf("what is cleared is gone for oneself: %s", show(v))
	}
	want(t, fritz.do("channels.getFullChannel club"), ".full_chat.available_min_id", "2")
	l.roundTrip()
	want(t, berta.do("channels.deleteParticipantHistory channel=club participant=@cleo"), ".pts_count", "1")
	want(t, cleo.nextOf("updateDeleteChannelMessages"), ".messages", "[3]")
	fritz.fails("channels.deleteParticipantHistory channel=club participant=@cleo", "400 CHAT_ADMIN_REQUIRED")
	berta.fails("channels.deleteParticipantHistory channel=club participant=@club_news", "400 PARTICIPANT_ID_INVALID")
	want(t, anna.do("channels.deleteHistory channel=club for_everyone=true max_id=0"), ".updates[0].messages", "[1 2]")
	l.roundTrip()
}
