package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"tlsh/tl"
)

func TestBasicGroup(t *testing.T) {
	l, anna, berta, cleo, dinah, egon, fritz := club(t)
	made := anna.do(`messages.createChat users=[@berta @cleo @berta] title=" Trio "`)
	want(t, made, ".missing_invitees", "[]", ".updates.updates[0].participants.participants[0]", "chatParticipantCreator(user_id=1)",
		".updates.updates[1].message.action", `messageActionChatCreate(title="Trio" users=[1 2 3])`, ".updates.chats[0].participants_count", "3")
	want(t, berta.nextOf("updateChatParticipants"), ".participants.participants[2].user_id", "3")
	want(t, berta.nextOf("updateNewMessage"), ".message.from_id.user_id", "1")
	anna.fails(`messages.createChat users=[@berta] title=" "`, "400 CHAT_TITLE_EMPTY")
	anna.fails(`messages.createChat users=[] title=x`, "400 USERS_TOO_FEW")
	l.world.byID[6].def.With("deleted", tlTrue)
	anna.fails(`messages.createChat users=[@fritz] title=x`, "400 INPUT_USER_DEACTIVATED")
	anna.fails(`messages.addChatUser chat_id=11 user_id=@fritz fwd_limit=0`, "400 INPUT_USER_DEACTIVATED")
	l.world.byID[6].def.With("deleted", tl.Value{})

	// Who comes gets what was last written.
	berta.do("messages.sendMessage peer=Trio message=hello")
	want(t, cleo.do("messages.addChatUser chat_id=11 user_id=@dinah fwd_limit=1"), ".updates.updates[1].message.action.users[0]", "4",
		".updates.updates[0].participants.version", "2")
	want(t, dinah.nextOf("updateNewMessage"), ".message.message", `"hello"`)
	want(t, dinah.do("messages.getHistory Trio"), ".messages[1].message", `"hello"`, ".messages[0].action.users[0]", "4")
	cleo.fails("messages.addChatUser chat_id=11 user_id=@dinah fwd_limit=1", "400 USER_ALREADY_PARTICIPANT")
	egon.fails("messages.addChatUser chat_id=11 user_id=@egon fwd_limit=1", "400 CHAT_ID_INVALID")
	anna.do("messages.editChatDefaultBannedRights peer=Trio banned_rights=chatBannedRights(invite_users=true until_date=0)")
	cleo.fails("messages.addChatUser chat_id=11 user_id=@egon fwd_limit=1", "403 CHAT_ADMIN_REQUIRED")

	anna.do("messages.editChatAdmin chat_id=11 user_id=@berta is_admin=true")
	want(t, dinah.nextOf("updateChatParticipantAdmin"), ".user_id", "2", ".is_admin", "true")
	want(t, dinah.do("messages.getFullChat 11"), ".full_chat.participants.participants[1]", "chatParticipantAdmin(user_id=2 inviter_id=1 date=2026-03-06T18:00:00)")
	berta.fails("messages.editChatAdmin chat_id=11 user_id=@cleo is_admin=true", "400 CHAT_ADMIN_REQUIRED")
	anna.fails("messages.editChatAdmin chat_id=11 user_id=@egon is_admin=true", "400 USER_NOT_PARTICIPANT")
	anna.fails("messages.editChatAdmin chat_id=11 user_id=me is_admin=false", "400 USER_CREATOR")
	anna.fails("messages.editChatAdmin chat_id=99 user_id=@cleo is_admin=true", "400 CHAT_ID_INVALID")

	// Removed, and left.
	dinah.fails("messages.deleteChatUser chat_id=11 user_id=@cleo", "400 CHAT_ADMIN_REQUIRED")
	cleo.fails("messages.deleteChatUser chat_id=11 user_id=@egon", "400 USER_NOT_PARTICIPANT")
	cleo.fails("messages.deleteChatUser chat_id=99 user_id=@egon", "400 CHAT_ID_INVALID")
	dinah.do("messages.sendMessage peer=Trio message=bye")
	cleo.do("messages.deleteChatUser chat_id=11 user_id=@dinah revoke_history=true") // she had brought her
	want(t, dinah.nextOf("updateDeleteMessages"), ".pts_count", "1")
	want(t, dinah.nextOf("updateChatParticipants"), ".participants", "chatParticipantsForbidden(chat_id=11)")
	dinah.fails("messages.sendMessage peer=Trio message=x", "403 CHAT_WRITE_FORBIDDEN")
	want(t, dinah.do("messages.getHistory Trio limit=1"), ".chats[0]", `chatForbidden(id=11 title="Trio")`)
	want(t, cleo.do("messages.deleteChatUser chat_id=11 user_id=me"), ".chats[0].left", "true")
	cleo.fails("messages.sendMessage peer=Trio message=x", "403 CHAT_WRITE_FORBIDDEN")
	if v := cleo.do("messages.getHistory Trio"); len(at(t, v, ".messages").Vector().Items) == 0 {
		t.Error("who left still has what was written")
	}
	l.roundTrip()

	berta.fails("messages.deleteChat 11", "400 CHAT_ADMIN_REQUIRED")
	fritz.fails("messages.deleteChat 11", "400 CHAT_ID_INVALID")
	anna.do("messages.deleteChat 11")
	berta.nextOf("updateChat")
	berta.fails("messages.getFullChat 11", "400 CHAT_ID_INVALID")
	l.roundTrip()
}

// TestLeavingCreator: a group without its creator stays one without.
func TestLeavingCreator(t *testing.T) {
	l, anna, berta, _, _, _, _ := club(t)
	anna.do("messages.deleteChatUser chat_id=10 user_id=me")
	l.roundTrip()
	berta.fails("messages.deleteChat 10", "400 CHAT_ADMIN_REQUIRED")
	if !strings.Contains(saved(t, l), "orphan -10\n") {
		t.Errorf("saved: %s", saved(t, l))
	}
}

func TestMigrateChat(t *testing.T) {
	l, anna, berta, cleo, _, egon, _ := club(t)
	anna.do("messages.editChatAdmin chat_id=10 user_id=@berta is_admin=true")
	berta.fails("messages.migrateChat 10", "403 CHAT_ADMIN_REQUIRED")
	egon.fails("messages.migrateChat 10", "400 CHAT_ID_INVALID")
	moved := anna.do("messages.migrateChat 10")
	want(t, moved, ".updates[2].message.action", "messageActionChatMigrateTo(channel_id=23)",
		".updates[3].message.action", `messageActionChannelMigrateFrom(title="walkers" chat_id=10)`)
	want(t, cleo.nextOf("updateNewMessage"), ".message.action.channel_id", "23")
	want(t, cleo.nextOf("updateNewChannelMessage"), ".message.action.chat_id", "10")
	want(t, cleo.do("messages.getChats [10]"), ".chats[0].deactivated", "true", ".chats[0].migrated_to.channel_id", "23")
	want(t, cleo.do("channels.getChannels [-1000000000023]"), ".chats[0].title", `"walkers"`, ".chats[0].participants_count", "3")
	want(t, berta.do("channels.getFullChannel -1000000000023"), ".full_chat.migrated_from_chat_id", "10", ".full_chat.migrated_from_max_id",
		fmt.Sprint(l.world.dialog(berta.who, peer{chatPeer, 10}).list.top().id))
	want(t, berta.do("channels.getChannels [-1000000000023]"), ".chats[0].admin_rights.ban_users", "true")
	cleo.fails("messages.sendMessage peer=-10 message=x", "403 CHAT_WRITE_FORBIDDEN")
	cleo.do("messages.sendMessage peer=-1000000000023 message=x")
	anna.fails("messages.migrateChat 10", "400 CHAT_ID_INVALID")
	l.roundTrip()
}
