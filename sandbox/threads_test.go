package sandbox

import "testing"

func TestDiscussion(t *testing.T) {
	l := newLab(t, Config{World: village + `
channel(id=3950 title="Quay talk" megagroup=true photo=chatPhotoEmpty date=2026-01-01)
members "Quay talk" [@carol @bob @sam]
discussion @harbour_news "Quay talk"
`})
	carol, sam, bob := l.as("@carol"), l.as("@sam"), l.as("@bob")
	const group = `"Quay talk"`
	post := show(at(t, carol.do(`messages.sendMessage peer=@harbour_news message="Pier 2 is shut"`), ".updates[0].id"))
	copied := bob.do("messages.getDiscussionMessage peer=@harbour_news msg_id=" + post)
	want(t, copied, ".messages[0].from_id.channel_id", "3001", ".messages[0].fwd_from.channel_post", post, ".messages[0].pinned", "true",
		".messages[0].replies.comments", "false", ".messages[0].replies.replies", "0", ".unread_count", "0")
	top := show(at(t, copied, ".messages[0].id"))
	first := show(at(t, bob.do(`messages.sendMessage peer=`+group+` message=Since reply_to=inputReplyToMessage(reply_to_msg_id=`+top+`)`), ".updates[0].id"))
	res := sam.do(`messages.sendMessage peer=` + group + ` message=Monday reply_to=inputReplyToMessage(reply_to_msg_id=` + first + `)`)
	want(t, res, ".updates[1].message.reply_to.reply_to_top_id", top, ".updates[1].message.reply_to.reply_to_msg_id", first)
	second := show(at(t, res, ".updates[0].id"))

	v := bob.do("messages.getMessagesViews peer=@harbour_news id=[" + post + "] increment=false")
	want(t, v, ".views[0].replies.replies", "2", ".views[0].replies.comments", "true", ".views[0].replies.channel_id", "3950",
		".views[0].replies.max_id", second, ".views[0].replies.recent_repliers[0].user_id", "1001")
	const page = " offset_id=0 offset_date=0 add_offset=0 limit=10 max_id=0 min_id=0"
	if got := texts(t, bob.do("messages.getReplies peer=@harbour_news msg_id="+post+page+" hash=0")); got != "Monday Since" {
		t.Errorf("comments: %s", got)
	}
	if got := texts(t, bob.do("messages.getReplies peer="+group+" msg_id="+top+page+" hash=0")); got != "Monday Since" {
		t.Errorf("the thread: %s", got)
	}
	var sum hashOf
	for _, m := range at(t, bob.do("messages.getReplies peer="+group+" msg_id="+top+page+" hash=0"), ".messages").Vector().Items {
		sum.add(m.Object().At("id").AsLong(), m.Object().At("date").AsLong())
	}
	want(t, bob.do("messages.getReplies peer="+group+" msg_id="+top+page+" hash="+show(tlLong(int64(sum)))), "", "messages.messagesNotModified(count=2)")

	other := l.as("@bob")
	want(t, bob.do("messages.getDiscussionMessage peer=@harbour_news msg_id="+post), ".unread_count", "1", ".max_id", second)
	bob.do("messages.readDiscussion peer=@harbour_news msg_id=" + post + " read_max_id=0")
	want(t, other.next(), ".updates[0].broadcast_post", post, ".updates[0].read_max_id", second)
	want(t, bob.do("messages.getDiscussionMessage peer=@harbour_news msg_id="+post), ".unread_count", "0", ".read_inbox_max_id", second)
	again := l.reborn().as("@bob")
	want(t, again.do("messages.getDiscussionMessage peer=@harbour_news msg_id="+post), ".unread_count", "0", ".messages[0].replies.replies", "2")

	// An edit of the post is one of its copy; a deleted comment is not counted.
	carol.do("messages.editMessage peer=@harbour_news id=" + post + ` message="Pier 3 is shut"`)
	want(t, bob.do("messages.getDiscussionMessage peer=@harbour_news msg_id="+post), ".messages[0].message", `"Pier 3 is shut"`)
	sam.do("channels.deleteMessages channel=" + group + " id=[" + second + "]")
	want(t, bob.do("messages.getMessagesViews peer=@harbour_news id=["+post+"] increment=false"), ".views[0].replies.replies", "1")
	bob.fails("messages.getReplies peer=@harbour_news msg_id=2"+page+" hash=0", "400 MSG_ID_INVALID")
	bob.fails("messages.getDiscussionMessage peer=@harbour_news msg_id=999", "400 MSG_ID_INVALID")
	bob.fails("messages.readDiscussion peer=@sam msg_id=1 read_max_id=0", "400 PEER_ID_INVALID")
}
