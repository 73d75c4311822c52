package sandbox

import (
	"fmt"
	"strings"
	"testing"
)

// crowdWorld is one in which limits are reached: Anna and Berta are in as many
// channels as can be, ten of which are public, and groups are full.
func crowdWorld() string {
	var b strings.Builder
	names := []string{"anna", "berta", "cleo"}
	for i := 4; i <= 210; i++ {
		names = append(names, fmt.Sprintf("person_%d", i))
	}
	for i, n := range names {
		fmt.Fprintf(&b, "user(id=%d first_name=N username=%s phone=\"%d\")\n", i+1, n, i+1)
	}
	room := func(kind string, id int, more string, members []string) {
		fmt.Fprintf(&b, "%s(id=%d photo=chatPhotoEmpty date=2026-01-01 %s)\nmembers -%d [@%s]\n", kind, id, more,
			map[string]int{"chat": 0, "channel": 1_000_000_000_000}[kind]+id, strings.Join(members, " @"))
	}
	for i := range maxChannels {
		name := ""
		if i < maxPublic {
			name = fmt.Sprintf(" username=public_%d", i)
		}
		room("channel", 1000+i, fmt.Sprintf("title=c%d broadcast=true%s", i, name), names[:2])
	}
	room("chat", 10, "title=full participants_count=0 version=1", names[2:202])
	room("chat", 11, "title=annas participants_count=0 version=1", []string{"anna", "cleo"})
	room("chat", 12, "title=cleos participants_count=0 version=1", []string{"cleo", "person_4"})
	room("channel", 9000, "title=many megagroup=true username=many_admins", names[2:160])
	room("channel", 9001, "title=named broadcast=true usernames=[username(username=first_name editable=true active=true) username(username=spare)]", names[2:4])
	for _, n := range names[3 : 3+maxAdmins] {
		fmt.Fprintf(&b, "admin @many_admins @%s change_info\n", n)
	}
	for i := range maxActiveUsernames {
		fmt.Fprintf(&b, "user(id=%d first_name=x usernames=[username(username=solo_%d active=true)])\n", 500+i, i)
	}
	return b.String()
}

func TestLimits(t *testing.T) {
	l := newLab(t, Config{World: crowdWorld()})
	anna, cleo := l.as("@anna"), l.as("@cleo")
	anna.fails("channels.createChannel title=one about=two", "400 CHANNELS_TOO_MUCH")
	anna.fails("channels.joinChannel @many_admins", "400 CHANNELS_TOO_MUCH")
	anna.fails("messages.migrateChat 11", "400 CHANNELS_TOO_MUCH")
	anna.fails("channels.getAdminedPublicChannels check_limit=true", "400 CHANNELS_ADMIN_PUBLIC_TOO_MUCH")
	anna.fails("channels.checkUsername channel=inputChannelEmpty username=another", "400 CHANNELS_ADMIN_PUBLIC_TOO_MUCH")
	anna.fails("channels.updateUsername channel=c40 username=another", "400 CHANNELS_ADMIN_PUBLIC_TOO_MUCH")
	if v := anna.do("channels.getAdminedPublicChannels"); len(at(t, v, ".chats").Vector().Items) != maxPublic {
		t.Errorf("public channels: %s", show(v))
	}
	// Who is in too many channels does not get into another by being invited.
	want(t, cleo.do("channels.inviteToChannel channel=@many_admins users=[@anna]"), ".missing_invitees[0].user_id", "1")
	cleo.fails("channels.editAdmin channel=@many_admins user_id=@anna admin_rights=chatAdminRights(change_info=true)", "403 USER_CHANNELS_TOO_MUCH")
	cleo.fails("channels.editAdmin channel=@many_admins user_id=@person_150 admin_rights=chatAdminRights(change_info=true)", "400 ADMINS_TOO_MUCH")
	cleo.do("channels.toggleParticipantsHidden channel=@many_admins enabled=true")
	cleo.fails("channels.toggleParticipantsHidden channel=@many_admins enabled=true", "400 CHAT_NOT_MODIFIED")
	l.as("@person_150").fails("channels.getParticipants channel=@many_admins filter=channelParticipantsRecent offset=0 limit=10 hash=0", "403 CHAT_ADMIN_REQUIRED")

	cleo.fails("messages.addChatUser chat_id=10 user_id=@person_205 fwd_limit=0", "400 USERS_TOO_MUCH")
	var users []string
	for i := 4; i <= 205; i++ {
		users = append(users, fmt.Sprintf("@person_%d", i))
	}
	cleo.fails("messages.createChat title=big users=["+strings.Join(users, " ")+"]", "400 USERS_TOO_MUCH")
	full := show(at(t, cleo.do("messages.exportChatInvite peer=full"), ".link"))[len(`"`+linkPrefix):]
	full = strings.TrimSuffix(full, `"`)
	l.as("@person_206").fails("messages.importChatInvite hash="+full, "400 USERS_TOO_MUCH")
	many := strings.Trim(show(at(t, cleo.do("messages.exportChatInvite peer=@many_admins"), ".link")), `"`)
	anna.fails("messages.importChatInvite hash="+strings.TrimPrefix(many, linkPrefix), "400 CHANNELS_TOO_MUCH")

	// Pages of members, and the hash of one.
	page := cleo.do("channels.getParticipants channel=@many_admins filter=channelParticipantsRecent offset=10 limit=3 hash=0")
	want(t, page, ".count", "158", ".participants[0].user_id", "150", ".participants[2].user_id", "148")
	var sum hashOf
	sum.add(150, 149, 148)
	if v := cleo.do(fmt.Sprintf("channels.getParticipants channel=@many_admins filter=channelParticipantsRecent offset=10 limit=3 hash=%d", int64(sum))); !v.Object().Is("channels.channelParticipantsNotModified") {
		t.Errorf("the same page is not modified: %s", show(v))
	}
	if v := cleo.do("channels.getParticipants channel=@many_admins filter=channelParticipantsRecent offset=1000 limit=3 hash=0"); len(at(t, v, ".participants").Vector().Items) != 0 {
		t.Errorf("behind the last one there is %s", show(v))
	}
}
