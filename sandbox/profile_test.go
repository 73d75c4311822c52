package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tlsh/tl"
)

// about skips what is pushed until an update of that constructor, and gives it.
func (c *client) until(name string) *tl.Object {
	c.lab.t.Helper()
	for {
		v := c.next().Object()
		if v.Is("updateShort") {
			if u := v.At("update").Object(); u.Is(name) {
				return u
			}
			continue
		}
		for _, u := range v.At("updates").Vector().Items {
			if u.Object().Is(name) {
				return u.Object()
			}
		}
	}
}

// TestProfile: who knows somebody is told of a new name, username, status and
// birthday, and sees them.
func TestProfile(t *testing.T) {
	l := newLab(t, Config{World: guarded})
	sam, second, alice := l.as("@sam"), l.as("@sam"), l.as("@alice")
	sam.fails(`account.updateProfile first_name=" "`, "400 FIRSTNAME_INVALID")
	sam.fails(`account.updateProfile last_name="`+long(65)+`"`, "400 FIRSTNAME_INVALID")
	sam.fails(`account.updateProfile about="`+long(71)+`"`, "400 ABOUT_TOO_LONG")
	l.as("@erin").do(`account.updateProfile about="` + long(140) + `"`)
	want(t, sam.do(`account.updateProfile first_name="Samuel" last_name="" about="rowing"`), ".first_name", `"Samuel"`)
	for _, c := range []*client{second, alice} {
		u := c.until("updateUserName").Value()
		want(t, u, ".user_id", "1001", ".first_name", `"Samuel"`, ".last_name", `""`, ".usernames[0].username", `"sam"`)
		c.until("updateUser")
	}
	want(t, alice.do("users.getFullUser @sam"), ".full_user.about", `"rowing"`, ".users[0].first_name", `"Samuel"`)

	for name, wrong := range map[string]string{"a": "USERNAME_INVALID", "alice": "USERNAME_OCCUPIED", "free": "USERNAME_PURCHASE_AVAILABLE"} {
		sam.fails(`account.checkUsername "`+name+`"`, "400 "+wrong)
		sam.fails(`account.updateUsername "`+name+`"`, "400 "+wrong)
	}
	want(t, sam.do("account.checkUsername sam_rows"), "", "true")
	sam.fails("account.updateUsername sam", "400 USERNAME_NOT_MODIFIED")
	want(t, sam.do("account.updateUsername sam_rows"), ".username", `"sam_rows"`)
	want(t, alice.until("updateUserName").Value(), ".usernames[0].username", `"sam_rows"`)

	sam.do("account.updateStatus offline=true")
	want(t, alice.until("updateUserStatus").Value(), ".user_id", "1001", ".status", "userStatusOffline(was_online=2026-03-06T18:00:00)")
	sam.do("account.updateStatus offline=false")
	want(t, alice.until("updateUserStatus").Value(), ".status", "userStatusOnline(expires=2026-03-06T18:05:00)")
	l.clock.add(10 * time.Minute)
	want(t, alice.do("users.getUsers [@sam_rows]"), "[0].status", "userStatusOffline(was_online=2026-03-06T18:05:00)")

	for _, b := range []string{"birthday(0 1)", "birthday(31 4)", "birthday(30 2)", "birthday(29 2 year=2025)", "birthday(1 13)", "birthday(1 1 year=1899)", "birthday(1 1 year=2027)"} {
		sam.fails("account.updateBirthday birthday="+b, "400 BIRTHDAY_INVALID")
	}
	sam.do("account.updateBirthday birthday=birthday(29 2 year=2024)")
	alice.until("updateUser")
	want(t, alice.do("users.getFullUser @sam_rows"), ".full_user.birthday", "birthday(day=29 month=2 year=2024)")
	l.as("@bob").do("account.updateBirthday")

	sam.fails("account.updateEmojiStatus emojiStatus(document_id=7)", "400 DOCUMENT_INVALID")
	sam.fails("account.updateEmojiStatus inputEmojiStatusCollectible(collectible_id=7)", "400 COLLECTIBLE_INVALID")
	sam.do("account.updateEmojiStatus emojiStatusEmpty")
	want(t, alice.until("updateUserEmojiStatus").Value(), ".user_id", "1001")
	l.mu.Lock()
	l.world.store.documents[77] = &document{id: 77}
	l.mu.Unlock()
	sam.do("account.updateEmojiStatus emojiStatus(document_id=77)")
	want(t, alice.do("users.getUsers [@sam_rows]"), "[0].emoji_status", "emojiStatus(document_id=77)")
}

// TestOwnUsernames: several names of one person.
func TestOwnUsernames(t *testing.T) {
	l := newLab(t, Config{World: village + `user(id=1060 first_name="Many" phone="9996621060" usernames=[username(username="many" editable=true active=true) username(username="more" active=true) username(username="rest")])` + "\n"})
	c := l.as("1060")
	c.fails(`account.reorderUsernames order=["many" "more"]`, "400 USERNAME_NOT_MODIFIED")
	c.fails(`account.reorderUsernames order=["many" "rest"]`, "400 ORDER_INVALID")
	c.do(`account.reorderUsernames order=["more" "many"]`)
	c.fails(`account.toggleUsername username="none" active=true`, "400 USERNAME_INVALID")
	c.fails(`account.toggleUsername username="more" active=true`, "400 USERNAME_NOT_MODIFIED")
	c.do(`account.toggleUsername username="rest" active=true`)
	want(t, c.do("users.getUsers [inputUserSelf]"), "[0].usernames[0].username", `"more"`, "[0].usernames[2].active", "true")
	l.mu.Lock()
	for i := range 8 {
		l.world.assign(c.who.peer, handle{fmt.Sprint("extra", i), false, i < 7})
	}
	l.mu.Unlock()
	c.fails(`account.toggleUsername username="extra7" active=true`, "400 USERNAMES_ACTIVE_TOO_MUCH")
}

// TestPrivacy: rules decide who sees phone, last seen, photo, bio and birthday.
func TestPrivacy(t *testing.T) {
	l := newLab(t, Config{World: guarded + `
picture 950 2026-03-01T10:00 paint 3 90 60
portrait 951 2026-03-01T10:00 paint 4 90 90
photos @sam [951]
birthday @sam birthday(1 2 year=1990)
`})
	sam, second, alice, erin := l.as("@sam"), l.as("@sam"), l.as("@alice"), l.as("@erin")
	want(t, sam.do("account.getPrivacy inputPrivacyKeyPhoneNumber"), ".rules", "[privacyValueDisallowAll]")
	want(t, sam.do("account.getPrivacy inputPrivacyKeyBirthday"), ".rules", "[privacyValueAllowContacts]")
	want(t, sam.do("account.getPrivacy inputPrivacyKeyChatInvite"), ".rules", "[privacyValueAllowAll]")
	sam.fails("account.setPrivacy inputPrivacyKeyAbout []", "400 PRIVACY_VALUE_INVALID")
	sam.fails("account.setPrivacy inputPrivacyKeyAbout [inputPrivacyValueAllowAll inputPrivacyValueAllowAll]", "400 PRIVACY_VALUE_INVALID")
	sam.fails("account.setPrivacy inputPrivacyKeyAbout [inputPrivacyValueAllowChatParticipants(chats=["+strings.Repeat("1 ", 1001)+"])]", "400 PRIVACY_TOO_LONG")

	// Erin is no contact of Sam's, Alice is.
	full := erin.do("users.getFullUser @sam").Object()
	if !full.At("full_user").Object().At("birthday").IsNone() || !at(t, full.Value(), ".users[0]").Object().At("phone").IsNone() {
		t.Errorf("Erin sees more than contacts: %s", show(full.Value()))
	}
	want(t, alice.do("users.getFullUser @sam"), ".full_user.birthday.year", "1990")
	set := func(key, rules string) { sam.do("account.setPrivacy inputPrivacyKey" + key + " [" + rules + "]") }
	set("PhoneNumber", "inputPrivacyValueDisallowUsers(users=[@bob]) inputPrivacyValueAllowAll")
	want(t, second.until("updatePrivacy").Value(), ".key", "privacyKeyPhoneNumber()", ".rules[0].users", "[1003]")
	want(t, sam.do("account.getPrivacy inputPrivacyKeyPhoneNumber"), ".users[0].id", "1003", ".rules[1]", "privacyValueAllowAll()")
	want(t, erin.do("users.getUsers [@sam]"), "[0].phone", `"9996621001"`)
	set("About", "inputPrivacyValueAllowContacts")
	if v := erin.do("users.getFullUser @sam"); !at(t, v, ".full_user").Object().At("about").IsNone() {
		t.Errorf("Erin sees the bio: %s", show(v))
	}
	want(t, alice.do("users.getFullUser @sam"), ".full_user.about", `"Trying things out"`)
	want(t, erin.do("users.getUsers [@sam]"), "[0].photo.photo_id", "951")
	set("ProfilePhoto", "inputPrivacyValueAllowUsers(users=[@alice])")
	if v := at(t, erin.do("users.getUsers [@sam]"), "[0]").Object(); !v.At("photo").IsNone() {
		t.Errorf("Erin sees the photo: %s", show(v.Value()))
	}
	want(t, alice.do("users.getUsers [@sam]"), "[0].photo.photo_id", "951")
	set("StatusTimestamp", "inputPrivacyValueAllowPremium")
	want(t, alice.do("users.getUsers [@sam]"), "[0].status", "userStatusRecently()")
	want(t, erin.do("users.getUsers [@sam]"), "[0].status", "userStatusOnline(expires=2026-03-06T18:05:00)")
	// Whoever hides theirs does not see that of those from whom they hide it.
	want(t, sam.do("users.getUsers [@alice]"), "[0].status", "userStatusRecently(by_me=true)")
	want(t, sam.do("users.getUsers [@erin]"), "[0].status", "userStatusLastWeek()")
	set("AddedByPhone", "inputPrivacyValueAllowContacts")
	erin.fails("contacts.resolvePhone 9996621001", "400 PHONE_NOT_OCCUPIED")
	want(t, alice.do("contacts.resolvePhone 9996621001"), ".peer.user_id", "1001")

	for rule, yes := range map[string]bool{
		"inputPrivacyValueAllowBots": false, "inputPrivacyValueDisallowBots inputPrivacyValueAllowAll": true, "inputPrivacyValueAllowCloseFriends": false,
		"inputPrivacyValueDisallowContacts inputPrivacyValueAllowAll": false, "inputPrivacyValueAllowChatParticipants(chats=[2001])": true,
		"inputPrivacyValueDisallowChatParticipants(chats=[3002]) inputPrivacyValueAllowAll": false, "inputPrivacyValueDisallowAll": false,
	} {
		set("About", rule)
		l.mu.Lock()
		if got := l.world.allows(sam.who, "About", alice.who); got != yes {
			t.Errorf("%s: Alice may %v, want %v", rule, got, yes)
		}
		l.mu.Unlock()
	}

	erin.fails("account.setGlobalPrivacySettings globalPrivacySettings(noncontact_peers_paid_stars=5)", "501 SANDBOX_PARAMETER_NOT_SIMULATED: noncontact_peers_paid_stars")
	sam.fails("account.setGlobalPrivacySettings globalPrivacySettings(new_noncontact_peers_require_premium=true)", "403 PREMIUM_ACCOUNT_REQUIRED")
	sam.fails("account.setGlobalPrivacySettings globalPrivacySettings(archive_and_mute_new_noncontact_peers=true)", "400 AUTOARCHIVE_NOT_AVAILABLE")
	erin.do("account.setGlobalPrivacySettings globalPrivacySettings(new_noncontact_peers_require_premium=true keep_archived_folders=true)")
	want(t, erin.do("account.getGlobalPrivacySettings"), "", "globalPrivacySettings(keep_archived_folders=true new_noncontact_peers_require_premium=true)")
	erin.do("account.setGlobalPrivacySettings globalPrivacySettings")
	want(t, erin.do("account.getGlobalPrivacySettings"), "", "globalPrivacySettings()")

	var saved, again strings.Builder
	l.Save(&saved)
	s, err := New(Config{World: saved.String(), Now: l.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	if s.Save(&again); saved.String() != again.String() {
		t.Error("a saved world is saved otherwise")
	}
	if !strings.Contains(saved.String(), "\nprivacy @sam StatusTimestamp [ privacyValueAllowPremium") {
		t.Error("the saved world has not the rules")
	}
	for line, want := range map[string]string{"privacy @sam Nothing []": "there is no privacy key \"Nothing\"", "privacy @sam About [5]": "want a PrivacyRule",
		"birthday @sam birthday(31 2)": "there is no such day", "globalprivacy @sam 5": "want a GlobalPrivacySettings"} {
		if _, err := New(Config{World: village + line}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", line, want, err)
		}
	}
}

// TestNotify: what somebody wants to hear of, of a chat and of all.
func TestNotify(t *testing.T) {
	l := newLab(t, Config{})
	sam, second := l.as("@sam"), l.as("@sam")
	want(t, sam.do("account.getNotifySettings inputNotifyUsers"), "", "peerNotifySettings(show_previews=true silent=false mute_until=0)")
	want(t, sam.do("account.getNotifySettings inputNotifyPeer(peer=@alice)"), "", "peerNotifySettings()")
	sam.fails("account.updateNotifySettings inputNotifyPeer(peer=@alice) inputPeerNotifySettings(mute_until=-1)", "400 SETTINGS_INVALID")
	sam.do("account.updateNotifySettings inputNotifyPeer(peer=@alice) inputPeerNotifySettings(mute_until=1772900000 silent=true sound=notificationSoundNone)")
	u := second.until("updateNotifySettings").Value()
	want(t, u, ".peer.peer.user_id", "1002", ".notify_settings.mute_until", "1772900000", ".notify_settings.ios_sound", "notificationSoundNone()")
	want(t, sam.do("users.getFullUser @alice"), ".full_user.notify_settings.silent", "true")
	want(t, sam.do("messages.getPeerDialogs [@alice]"), ".dialogs[0].notify_settings.mute_until", "1772900000")
	sam.do("account.updateNotifySettings inputNotifyBroadcasts inputPeerNotifySettings(show_previews=false)")
	sam.do("account.updateNotifySettings inputNotifyPeer(peer=@harbour_news) inputPeerNotifySettings(sound=notificationSoundDefault)")
	sam.do(`account.updateNotifySettings inputNotifyForumTopic(peer=-1000000003002 top_msg_id=1) inputPeerNotifySettings(silent=true)`)
	sam.do("account.updateNotifySettings inputNotifyChats inputPeerNotifySettings(mute_until=0)")
	want(t, sam.do("account.getNotifySettings inputNotifyBroadcasts"), ".show_previews", "false")

	// What is muted in the archive counts apart.
	sam.do("folders.editPeerFolders folder_peers=[inputFolderPeer(peer=@alice folder_id=1) inputFolderPeer(peer=@bob folder_id=1)]")
	l.as("@alice").do("messages.sendMessage @sam one")
	l.as("@bob").do("messages.sendMessage @sam two")
	list := sam.do("messages.getDialogs offset_peer=inputPeerEmpty folder_id=0")
	var archive *tl.Object
	for _, v := range at(t, list, ".dialogs").Vector().Items {
		if v.Object().Is("dialogFolder") {
			archive = v.Object()
		}
	}
	muted, loud := archive.At("unread_muted_peers_count").AsInt(), archive.At("unread_unmuted_peers_count").AsInt()
	if muted != 1 || loud != 1 {
		t.Errorf("%d muted and %d other chats in the archive, want 1 and 1: %s", muted, loud, show(list))
	}
	want(t, sam.do("channels.getFullChannel @harbour_news"), ".full_chat.notify_settings.android_sound", "notificationSoundDefault()")
	count := func(line string, want int) {
		t.Helper()
		if n := len(at(t, sam.do(line), ".updates").Vector().Items); n != want {
			t.Errorf("%s: want %d, got %d", line, want, n)
		}
	}
	count("account.getNotifyExceptions", 2)
	count("account.getNotifyExceptions compare_sound=true", 3)
	count("account.getNotifyExceptions compare_sound=true peer=inputNotifyBroadcasts", 1)
	count("account.getNotifyExceptions compare_stories=true peer=inputNotifyPeer(peer=@alice)", 1)

	var saved, again strings.Builder
	l.Save(&saved)
	s, err := New(Config{World: saved.String(), Now: l.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	if s.Save(&again); saved.String() != again.String() {
		t.Error("a saved world is saved otherwise")
	}
	sam.do("account.updateNotifySettings inputNotifyPeer(peer=@alice) inputPeerNotifySettings")
	want(t, sam.do("account.getNotifySettings inputNotifyPeer(peer=@alice)"), "", "peerNotifySettings()")
	sam.do("account.resetNotifySettings")
	count("account.getNotifyExceptions compare_sound=true", 0)
	for line, want := range map[string]string{"notify @sam @alice 5": "want an InputPeerNotifySettings", "notify @sam nobody inputPeerNotifySettings": "there is no"} {
		if _, err := New(Config{World: village + line}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", line, want, err)
		}
	}
}

// TestPrivacyDeeds: rules decide what others may do with somebody.
func TestPrivacyDeeds(t *testing.T) {
	l := newLab(t, Config{World: guarded})
	sam, alice, erin := l.as("@sam"), l.as("@alice"), l.as("@erin")
	for _, key := range []string{"ChatInvite", "Forwards", "VoiceMessages"} {
		alice.do("account.setPrivacy inputPrivacyKey" + key + " [inputPrivacyValueDisallowUsers(users=[@sam]) inputPrivacyValueAllowAll]")
	}
	made := sam.do("messages.createChat users=[@alice @bob] title=Rowing")
	want(t, made, ".missing_invitees[0].user_id", "1002", ".updates.updates[0].participants.participants[1].user_id", "1003")
	id := at(t, made, ".updates.updates[0].participants.chat_id").AsLong()
	want(t, sam.do(fmt.Sprintf("messages.addChatUser %d @alice fwd_limit=0", id)), ".missing_invitees[0].user_id", "1002")
	alice.do("messages.sendMessage @sam hello")
	got := sam.until("updateNewMessage").At("message").Object().At("id").AsInt()
	hidden := sam.do(fmt.Sprintf("messages.forwardMessages from_peer=@alice id=[%d] to_peer=@bob", got))
	head := at(t, hidden, ".updates[1].message.fwd_from").Object()
	want(t, head.Value(), ".from_name", `"Alice Moreau"`)
	if !head.At("from_id").IsNone() {
		t.Errorf("a link to Alice: %s", show(head.Value()))
	}
	sam.do(`upload.saveFilePart file_id=9 file_part=0 bytes="OggS"`)
	const voice = `messages.sendMedia %s media=inputMediaUploadedDocument(file=inputFile(9 1 "v.ogg" "") mime_type="audio/ogg" attributes=[documentAttributeAudio(duration=1 voice=true)]) message=""`
	sam.fails(fmt.Sprintf(voice, "@alice"), "400 VOICE_MESSAGES_FORBIDDEN")
	sam.do(fmt.Sprintf(voice, "@bob"))
	want(t, sam.do("users.getFullUser @alice"), ".full_user.voice_messages_forbidden", "true")
	if v := at(t, erin.do("users.getFullUser @alice"), ".full_user").Object(); v.At("voice_messages_forbidden").AsBool() {
		t.Error("Erin may send no voice messages")
	}
	made = erin.do("messages.createChat users=[@alice] title=Trains")
	want(t, made, ".missing_invitees", "[]")

	// When a message was read.
	sent := at(t, sam.do("messages.sendMessage @alice read?"), ".id").AsInt()
	alice.do("messages.readHistory @sam max_id=999")
	line := fmt.Sprintf("messages.getOutboxReadDate @alice msg_id=%d", sent)
	sam.do(line)
	alice.do("account.setGlobalPrivacySettings globalPrivacySettings(hide_read_marks=true)")
	sam.fails(line, "403 USER_PRIVACY_RESTRICTED")
	alice.do("account.setGlobalPrivacySettings globalPrivacySettings")
	sam.do("account.setGlobalPrivacySettings globalPrivacySettings(hide_read_marks=true)")
	sam.fails(line, "403 YOUR_PRIVACY_RESTRICTED")
}
