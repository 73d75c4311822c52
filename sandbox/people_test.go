package sandbox

import "testing"

func TestGetUsers(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	res := sam.do("users.getUsers id=[inputUserSelf @alice @erin @bob! inputUserEmpty]")
	want(t, res, "[0].self", "true", "[0].phone", `"9996621001"`, "[1].contact", "true", "[1].mutual_contact", "true",
		"[1].phone", `"9996621002"`, "[3]", "userEmpty(id=1003)", "[4]", "userEmpty(id=0)", "[2].premium", "true")
	if p := at(t, res, "[2]").Object().At("phone"); !p.IsNone() {
		t.Errorf("Erin's number is not for Sam: %s", show(p))
	}
	// Everybody has access hashes of their own.
	hash := show(at(t, res, "[1].access_hash"))
	bob := l.as("@bob")
	want(t, bob.do("users.getUsers id=[inputUser(user_id=1002 access_hash="+hash+")]"), "[0]", "userEmpty(id=1002)")
	want(t, sam.do("users.getUsers id=[inputUser(user_id=1002 access_hash="+hash+")]"), "[0].first_name", `"Alice"`)
}

func TestGetFullUser(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	want(t, sam.do("users.getFullUser @alice"), ".full_user.about", `"Cartographer. Ask me about contour lines."`,
		".full_user.common_chats_count", "2", ".users[0].first_name", `"Alice"`)
	want(t, sam.do("users.getFullUser inputUserSelf"), ".full_user.common_chats_count", "0", ".users[0].self", "true")
	if v := at(t, sam.do("users.getFullUser @dave_builds"), ".full_user").Object().At("about"); !v.IsNone() {
		t.Errorf("Dave says nothing about himself, got %s", show(v))
	}
	sam.fails("users.getFullUser @alice!", "400 USER_ID_INVALID")
	sam.fails("users.getFullUser inputUserEmpty", "400 USER_ID_INVALID")

	// Known by a message alone.
	group := at(t, sam.do(`messages.getHistory "Sunday hikers" limit=1`), ".messages[0]").Object()
	want(t, sam.do(`users.getFullUser inputUserFromMessage("Sunday hikers" `+show(group.At("id"))+" 1003)"), ".users[0].first_name", `"Bob"`)
	sam.fails(`users.getFullUser inputUserFromMessage("Sunday hikers" `+show(group.At("id"))+" 1006)", "400 USER_ID_INVALID")
	sam.fails(`users.getFullUser inputUserFromMessage("Sunday hikers" 9999 1003)`, "400 MSG_ID_INVALID")
	sam.fails(`users.getFullUser inputUserFromMessage(@bob! 1 1003)`, "400 PEER_ID_INVALID")
}

func TestResolveUsername(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	res := sam.do("contacts.resolveUsername username=alice")
	want(t, res, ".peer.user_id", "1002", ".users[0].first_name", `"Alice"`, ".chats", "[]")
	want(t, sam.do("contacts.resolveUsername username=HARBOUR_News"), ".peer.channel_id", "3001", ".chats[0].broadcast", "true")
	for name, err := range map[string]string{
		"nobody_here": "400 USERNAME_NOT_OCCUPIED", `"@alice"`: "400 USERNAME_INVALID", `""`: "400 USERNAME_INVALID",
		"ab": "400 USERNAME_INVALID", `"1abc"`: "400 USERNAME_INVALID", "a__b": "400 USERNAME_INVALID", "abcd_": "400 USERNAME_INVALID",
		`"a b c d"`: "400 USERNAME_INVALID", "abcdefghijklmnopqrstuvwxyzabcdefg": "400 USERNAME_INVALID",
	} {
		sam.fails("contacts.resolveUsername username="+name, err)
	}
	sam.fails("contacts.resolveUsername username=alice referer=x", "501 SANDBOX_PARAMETER_NOT_SIMULATED: referer")
	// The hash that it gives is good for writing.
	hash := show(at(t, res, ".users[0].access_hash"))
	sam.do("messages.sendMessage peer=inputPeerUser(user_id=1002 access_hash=" + hash + ") message=hi")
}

func TestResolvePhone(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	want(t, sam.do(`contacts.resolvePhone phone="+999 66 2 1006"`), ".peer.user_id", "1006", ".users[0].first_name", `"Erin"`)
	sam.fails(`contacts.resolvePhone phone="+1"`, "400 PHONE_NOT_OCCUPIED")
	sam.fails(`contacts.resolvePhone phone=""`, "400 PHONE_NOT_OCCUPIED")
}

func TestGetContacts(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	res := sam.do("contacts.getContacts")
	want(t, res, ".saved_count", "4", ".contacts[0]", "contact(user_id=1002 mutual=true)", ".contacts[3]", "contact(user_id=1005 mutual=false)")
	var sum hashOf
	sum.add(4, 1002, 1003, 1004, 1005)
	req := sam.bind("contacts.getContacts")
	v, err := sam.send(req.With("hash", tlLong(int64(sum))))
	if err != nil || !v.Object().Is("contacts.contactsNotModified") {
		t.Errorf("%s, %v", show(v), err)
	}
	want(t, l.as("@erin").do("contacts.getContacts"), ".contacts", "[]")
}

func TestRooms(t *testing.T) {
	l := newLab(t, Config{})
	sam, carol, bob, dave := l.as("@sam"), l.as("@carol"), l.as("@bob"), l.as("@dave_builds")
	want(t, sam.do(`channels.getChannels [@harbour_news "Book club"]`), ".chats[0].username", `"harbour_news"`,
		".chats[0].participants_count", "5", ".chats[1].megagroup", "true")
	want(t, carol.do("channels.getChannels [@harbour_news]"), ".chats[0].creator", "true", ".chats[0].admin_rights.post_messages", "true")
	want(t, l.as("@alice").do("channels.getChannels [@harbour_news]"), ".chats[0].admin_rights.edit_messages", "true")
	want(t, dave.do("channels.getChannels [@harbour_news]"), ".chats[0].left", "true")
	bob.fails(`channels.getChannels ["Book club"]`, "400 CHANNEL_PRIVATE")
	sam.fails("channels.getChannels [@harbour_news!]", "400 CHANNEL_INVALID")
	sam.fails("channels.getChannels [inputChannelEmpty]", "400 CHANNEL_INVALID")

	want(t, sam.do("channels.getFullChannel @harbour_news"), ".full_chat.about", `"Ferries, tides and closures"`, ".full_chat.unread_count", "2",
		".full_chat.pts", "5", ".chats[0].id", "3001")
	want(t, carol.do("channels.getFullChannel @harbour_news"), ".full_chat.admins_count", "2", ".full_chat.can_view_participants", "true")
	want(t, dave.do("channels.getFullChannel @harbour_news"), ".full_chat.unread_count", "0")
	sam.fails("channels.getFullChannel @harbour_news!", "400 CHANNEL_INVALID")
	bob.fails(`channels.getFullChannel "Book club"`, "400 CHANNEL_PRIVATE")

	want(t, sam.do("messages.getChats [2001]"), ".chats[0].title", `"Sunday hikers"`, ".chats[0].participants_count", "4")
	want(t, bob.do("messages.getChats [2001]"), ".chats[0].creator", "true")
	sam.fails("messages.getChats [77]", "400 CHAT_ID_INVALID")
	dave.fails("messages.getChats [2001]", "400 CHAT_ID_INVALID")
	want(t, sam.do("messages.getFullChat 2001"), ".full_chat.participants.participants[0]", "chatParticipantCreator(user_id=1003)",
		".full_chat.participants.participants[2].user_id", "1001", ".full_chat.about", `"Slow walks, good sandwiches"`, ".chats[0].participants_count", "4")
	sam.fails("messages.getFullChat 77", "400 CHAT_ID_INVALID")
	dave.fails("messages.getFullChat 2001", "400 CHAT_ID_INVALID")
}
