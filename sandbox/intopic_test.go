package sandbox

import (
	"fmt"
	"testing"
)

// forumWorld is a forum with a topic of three messages, a closed one, and a bot.
const forumWorld = `now 2026-03-06T18:00
user(id=1 first_name=Ann username=anna phone="1")
user(id=2 first_name=Bert username=berta phone="2")
user(id=8 first_name=Cat username=cat_bot bot=true bot_info_version=1 bot_inline_placeholder="cats")
manner @cat_bot finds "cat" "A cat"
channel(id=20 title=forum megagroup=true forum=true photo=chatPhotoEmpty date=2026-01-01)
members forum [@anna @berta]
messageService(id=1 from_id=@anna peer_id=forum date=2026-01-01 action=messageActionChannelCreate(title=forum))
messageService(id=2 from_id=@anna peer_id=forum date=2026-01-02 action=messageActionTopicCreate(title=Boats icon_color=7322096))
message(id=3 from_id=@anna peer_id=forum date=2026-01-03 message=one reply_to=messageReplyHeader(reply_to_msg_id=2))
message(id=4 from_id=@anna peer_id=forum date=2026-01-03 message=two reply_to=messageReplyHeader(reply_to_msg_id=2))
messageService(id=5 from_id=@anna peer_id=forum date=2026-01-04 action=messageActionTopicCreate(title=Ice icon_color=7322096))
message(id=6 from_id=@berta peer_id=@anna date=2026-01-04 message=private)
topic forum 2 Boats 7322096
topic forum 5 Ice 7322096 closed
`

// TestIntoTopic: what is sent goes into the topic that its reply_to names, also where
// the message that is answered is there no more, and what is forwarded into that of
// top_msg_id.
func TestIntoTopic(t *testing.T) {
	l := newLab(t, Config{World: forumWorld})
	anna, berta := l.as("@anna"), l.as("@berta")
	anna.do("channels.deleteMessages forum [4]")
	anna.do("messages.createForumTopic peer=forum title=Gone") // 6
	anna.do("messages.deleteTopicHistory peer=forum top_msg_id=6")
	file := again(at(t, berta.do(`messages.uploadMedia peer=forum media=inputMediaUploadedDocument(file=`+berta.put(1, "a.txt", []byte("a"), 1024)+
		` mime_type="text/plain" attributes=[])`), ".document").Object())
	query := show(at(t, berta.do(`messages.getInlineBotResults bot=@cat_bot peer=forum query=cat offset=""`), ".query_id"))
	reply := func(msg, top int) string {
		s := fmt.Sprintf("reply_to=inputReplyToMessage(reply_to_msg_id=%d", msg)
		if top != 0 {
			s += fmt.Sprintf(" top_msg_id=%d", top)
		}
		return s + ")"
	}
	for _, send := range map[string]func(reply string) string{
		"sendMessage": func(reply string) string { return "messages.sendMessage forum message=x " + reply },
		"sendMedia": func(reply string) string {
			return `messages.sendMedia forum message="" media=inputMediaDice("🎲") ` + reply
		},
		"sendMultiMedia": func(reply string) string {
			berta.random++
			return fmt.Sprintf(`messages.sendMultiMedia forum multi_media=[inputSingleMedia(media=inputMediaDocument(id=%s) random_id=%d message="")] %s`,
				file, 2000+berta.random, reply)
		},
		"sendInlineBotResult": func(reply string) string {
			berta.random++
			return fmt.Sprintf("messages.sendInlineBotResult forum query_id=%s id=%q random_id=%d %s", query, "1", 1000+berta.random, reply)
		},
	} {
		sent := berta.do(send(reply(3, 2)))
		want(t, sent, ".updates[1].message.reply_to.reply_to_msg_id", "3", ".updates[1].message.reply_to.reply_to_top_id", "2",
			".updates[1].message.reply_to.forum_topic", "true")
		// The second message was deleted; its topic is there.
		want(t, berta.do(send(reply(4, 2))), ".updates[1].message.reply_to.reply_to_msg_id", "2", ".updates[1].message.reply_to.forum_topic", "true")
		berta.fails(send(reply(4, 0)), "400 REPLY_MESSAGE_ID_INVALID")
		berta.fails(send(reply(4, 99)), "400 REPLY_MESSAGE_ID_INVALID")
		berta.fails(send(reply(4, 6)), "400 TOPIC_DELETED")
		berta.fails(send(reply(5, 0)), "406 TOPIC_CLOSED")
	}
	forward := "messages.forwardMessages from_peer=@anna id=[1] to_peer=forum "
	want(t, berta.do(forward+"top_msg_id=2"), ".updates[1].message.reply_to.reply_to_msg_id", "2", ".updates[1].message.reply_to.forum_topic", "true",
		".updates[1].message.message", `"private"`)
	lacks(t, berta.do(forward+"top_msg_id=1"), ".updates[1].message.reply_to")
	berta.fails(forward+"top_msg_id=5", "406 TOPIC_CLOSED")
	berta.fails(forward+"top_msg_id=6", "400 TOPIC_DELETED")
	lacks(t, berta.do("messages.forwardMessages from_peer=forum id=[3] to_peer=@anna top_msg_id=2"), ".updates[1].message.reply_to")
}
