package sandbox

import (
	"strings"
	"testing"
)

func TestReactions(t *testing.T) {
	l := newLab(t, Config{World: village + "react 61 @alice 👍 2026-01-12T10:00 unread\nreact 61 @carol 👍\nreact 61 @sam ❤ big\n"})
	sam, bob, alice := l.as("@sam"), l.as("@bob"), l.as("@alice")
	group := `"Sunday hikers"`
	first := show(at(t, sam.do("messages.getHistory "+group), ".messages[-2].id"))
	bobs := show(at(t, bob.do("messages.getHistory "+group), ".messages[-2].id"))
	want(t, sam.do("messages.getMessagesReactions "+group+" ["+first+"]"), ".updates[0].reactions.results[0].count", "2",
		".updates[0].reactions.results[1].chosen_order", "1", ".updates[0].reactions.recent_reactions[0].big", "true",
		".updates[0].reactions.recent_reactions[0].my", "true", ".updates[0].reactions.can_see_list", "true")
	want(t, bob.do("messages.getUnreadReactions peer="+group+" offset_id=0 add_offset=0 limit=10 max_id=0 min_id=0"), ".messages[0].reactions.recent_reactions[2].unread", "true")
	want(t, bob.do("messages.getPeerDialogs ["+group+"]"), ".dialogs[0].unread_reactions_count", "1")

	res := sam.do("messages.sendReaction peer=" + group + " msg_id=" + first + ` add_to_recent=true reaction=[reactionEmoji("👍")]`)
	want(t, res, ".updates[0].reactions.results[0].count", "3", ".updates[0].reactions.results[0].chosen_order", "1")
	want(t, alice.next(), ".updates[0].peer.chat_id", "2001", ".updates[0].reactions.results[0].count", "3")
	want(t, bob.next(), ".updates[0].reactions.recent_reactions[0].unread", "true", ".updates[0].msg_id", bobs)
	want(t, l.reborn().as("@bob").do("messages.getMessagesReactions "+group+" ["+bobs+"]"), ".updates[0].reactions.recent_reactions[0].unread", "true",
		".updates[0].reactions.results[0].count", "3")
	want(t, bob.do("messages.readReactions peer="+group), ".pts_count", "1")
	want(t, bob.do("messages.getPeerDialogs ["+group+"]"), ".dialogs[0].unread_reactions_count", "0")

	list := sam.do("messages.getMessageReactionsList peer=" + group + " id=" + first + " limit=2")
	want(t, list, ".count", "3", ".reactions[0].peer_id.user_id", "1001", ".next_offset", `"2"`)
	want(t, sam.do("messages.getMessageReactionsList peer="+group+" id="+first+" limit=2 offset=2"), ".reactions[0].peer_id.user_id", "1002")
	want(t, sam.do("messages.getMessageReactionsList peer="+group+" id="+first+` limit=2 reaction=reactionEmoji("❤️")`), ".count", "0")

	// In a channel nobody sees who it was.
	post := sam.top("@harbour_news")
	v := sam.do("messages.sendReaction peer=@harbour_news msg_id=" + post + ` reaction=[reactionEmoji("🔥")]`)
	if o := at(t, v, ".updates[0].reactions").Object(); !o.At("recent_reactions").IsNone() || o.At("can_see_list").AsBool() {
		t.Errorf("a channel tells %s", show(o.Value()))
	}
	sam.do("messages.sendReaction peer=@harbour_news msg_id=" + post)
	want(t, sam.do("messages.getMessagesReactions @harbour_news ["+post+"]"), ".updates[0].reactions.results", "[]")

	erin := l.as("@erin") // premium
	erin.do("messages.sendReaction peer=@harbour_news msg_id=" + post + ` reaction=[reactionEmoji("🔥") reactionEmoji("👍")]`)
	for _, c := range [][2]string{
		{"peer=@alice msg_id=9999 reaction=[]", "400 MESSAGE_ID_INVALID"},
		{"peer=@alice! msg_id=1 reaction=[]", "400 PEER_ID_INVALID"},
		{"peer=@alice msg_id=" + sam.top("@alice") + " reaction=[]", "400 MESSAGE_NOT_MODIFIED"},
		{"peer=@alice msg_id=" + sam.top("@alice") + ` reaction=[reactionEmoji("x")]`, "400 REACTION_INVALID"},
		{"peer=@alice msg_id=" + sam.top("@alice") + " reaction=[reactionEmpty]", "400 REACTION_EMPTY"},
		{"peer=@alice msg_id=" + sam.top("@alice") + " reaction=[reactionCustomEmoji(5)]", "400 DOCUMENT_INVALID"},
		{"peer=@alice msg_id=" + sam.top("@alice") + " reaction=[reactionPaid]", "501 SANDBOX_PARAMETER_NOT_SIMULATED: reactionPaid"},
		{"peer=@alice msg_id=" + sam.top("@alice") + ` reaction=[reactionEmoji("👍") reactionEmoji("👎")]`, "400 REACTIONS_TOO_MANY"},
	} {
		sam.fails("messages.sendReaction "+c[0], c[1])
	}
	l.as("@dave_builds").fails("messages.sendReaction peer=@harbour_news msg_id="+post+` reaction=[reactionEmoji("👍")]`, "403 CHAT_WRITE_FORBIDDEN")
	sam.fails("messages.getMessageReactionsList peer=@harbour_news id="+post+" limit=2", "403 BROADCAST_FORBIDDEN")
	sam.fails("messages.getMessageReactionsList peer=@alice id=9999 limit=2", "400 MSG_ID_INVALID")
	sam.fails("messages.getMessageReactionsList peer=@alice id="+sam.top("@alice")+" limit=2 offset=x", "400 OFFSET_INVALID")
}

func TestReactionLists(t *testing.T) {
	l := newLab(t, Config{World: village + "reactionrecent @sam [🔥]\nreactionfavorite @sam 👍\n"})
	sam, other := l.as("@sam"), l.as("@sam")
	want(t, sam.do("messages.getRecentReactions limit=5 hash=0"), ".reactions[0].emoticon", `"🔥"`)
	top := sam.do("messages.getTopReactions limit=3 hash=0")
	want(t, top, ".reactions[0].emoticon", `"🔥"`, ".reactions[1].emoticon", `"👍"`)
	want(t, sam.do("messages.getTopReactions limit=3 hash="+show(at(t, top, ".hash"))), "", "messages.reactionsNotModified()")
	all := sam.do("messages.getAvailableReactions hash=0")
	if n := len(at(t, all, ".reactions").Vector().Items); n != len(strings.Fields(reactionEmoji)) {
		t.Errorf("%d reactions", n)
	}
	want(t, sam.do("messages.getAvailableReactions hash="+show(at(t, all, ".hash"))), "", "messages.availableReactionsNotModified()")
	sam.do("messages.getDefaultTagReactions hash=0")
	sam.do(`messages.setDefaultReaction reactionEmoji("😁")`)
	if !strings.Contains(l.saved(), "reactionfavorite @sam 😁") {
		t.Error("the favourite is not saved")
	}
	sam.fails(`messages.setDefaultReaction reactionEmoji("z")`, "400 REACTION_INVALID")
	sam.do("messages.clearRecentReactions")
	want(t, other.next(), ".updates[0]", "updateRecentReactions()")
	want(t, sam.do("messages.getRecentReactions limit=5 hash=0"), ".reactions", "[]")

	alice, sams := l.as("@alice"), sam.top("@harbour_news")
	carol := l.as("@carol")
	set := `messages.setChatAvailableReactions peer=@harbour_news available_reactions=chatReactionsSome([reactionEmoji("👍")])`
	alice.fails(set, "400 CHAT_ADMIN_REQUIRED")
	carol.do(set)
	want(t, sam.next(), ".updates[0].channel_id", "3001")
	carol.fails(set, "400 CHAT_NOT_MODIFIED")
	carol.fails(`messages.setChatAvailableReactions peer=@harbour_news available_reactions=chatReactionsSome([reactionEmoji("z")])`, "400 REACTION_INVALID")
	carol.fails(`messages.setChatAvailableReactions peer=@sam available_reactions=chatReactionsNone`, "400 PEER_ID_INVALID")
	sam.fails("messages.sendReaction peer=@harbour_news msg_id="+sams+` reaction=[reactionEmoji("🔥")]`, "400 REACTION_INVALID")
	l.reborn().as("@sam").fails("messages.sendReaction peer=@harbour_news msg_id="+sams+` reaction=[reactionEmoji("🔥")]`, "400 REACTION_INVALID")
}

func TestMentions(t *testing.T) {
	l := newLab(t, Config{})
	sam, bob := l.as("@sam"), l.as("@bob")
	group := `"Sunday hikers"`
	bob.do("messages.sendMessage peer=" + group + ` message="@sam, look"`)
	want(t, sam.next(), ".updates[0].message.mentioned", "true", ".updates[0].message.media_unread", "true",
		".updates[0].message.entities[0]", "messageEntityMention(offset=0 length=4)")
	bob.do("messages.sendMessage peer=" + group + ` message="hey you" entities=[inputMessageEntityMentionName(4 3 @sam)]`)
	sam.next()
	want(t, sam.do("messages.getPeerDialogs ["+group+"]"), ".dialogs[0].unread_mentions_count", "2")
	const page = " offset_id=0 add_offset=0 limit=10 max_id=0 min_id=0"
	want(t, sam.do("messages.getUnreadMentions peer="+group+page), ".messages[1].message", `"@sam, look"`)
	top := sam.top(group)
	res := sam.do("messages.readMessageContents [" + top + "]")
	want(t, res, ".pts_count", "1")
	want(t, sam.do("messages.getPeerDialogs ["+group+"]"), ".dialogs[0].unread_mentions_count", "1")
	want(t, l.reborn().as("@sam").do("messages.getPeerDialogs ["+group+"]"), ".dialogs[0].unread_mentions_count", "1")
	want(t, sam.do("messages.readMentions peer="+group), ".pts_count", "1")
	want(t, sam.do("messages.getUnreadMentions peer="+group+page), ".messages", "[]")

	// In a supergroup, by an answer.
	dave := l.as("@dave_builds")
	dave.do(`messages.sendMessage peer="Book club" message=Right reply_to=inputReplyToMessage(reply_to_msg_id=4)`)
	want(t, sam.next(), ".updates[0].message.mentioned", "true")
	sam.do(`channels.readMessageContents "Book club" [` + sam.top(`"Book club"`) + "]")
	want(t, sam.do(`messages.getPeerDialogs ["Book club"]`), ".dialogs[0].unread_mentions_count", "0")
	want(t, l.reborn().as("@sam").do(`messages.getPeerDialogs ["Book club"]`), ".dialogs[0].unread_mentions_count", "0")
}

// TestMentionStays: who was mentioned stays so under another username.
func TestMentionStays(t *testing.T) {
	l := newLab(t, Config{})
	bob, sam := l.as("@bob"), l.as("@sam")
	bob.do(`messages.sendMessage peer="Sunday hikers" message="@sam look"`)
	id := show(at(t, sam.nextOf("updateNewMessage"), ".message.id"))
	sam.do("account.updateUsername username=sam_again")
	want(t, sam.do("messages.getMessages id=[inputMessageID("+id+")]"), ".messages[0].mentioned", "true")
}
