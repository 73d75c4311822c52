package sandbox

import (
	"strings"
	"testing"

	"tlsh/tl"
)

// club is a lab of clubWorld with everybody signed in.
func club(t *testing.T) (l *lab, anna, berta, cleo, dinah, egon, fritz *client) {
	l = newLab(t, Config{World: clubWorld})
	return l, l.as("@anna"), l.as("@berta"), l.as("@cleo"), l.as("@dinah"), l.as("@egon"), l.as("@fritz")
}

// nextOf skips what is pushed until an update of that kind comes.
func (c *client) nextOf(name string) tl.Value {
	c.lab.t.Helper()
	for range 100 {
		for _, u := range at(c.lab.t, c.next(), ".updates").Vector().Items {
			if u.Object().Is(name) {
				return u
			}
		}
	}
	c.lab.t.Fatalf("%s: no %s", c.who.name(), name)
	return tl.Value{}
}

const noRights = "chatAdminRights"

func TestCreateAndDeleteChannel(t *testing.T) {
	l, anna, berta, _, _, egon, _ := club(t)
	made := anna.do(`channels.createChannel title=" New " about="What is new" broadcast=true`)
	want(t, made, ".updates[0].channel_id", "23", ".updates[1].message.action", `messageActionChannelCreate(title="New")`,
		".updates[1].pts", "2", ".chats[0].creator", "true", ".chats[0].broadcast", "true", ".updates[1].message.post", "true")
	want(t, anna.do("channels.getFullChannel New"), ".full_chat.about", `"What is new"`, ".full_chat.can_delete_channel", "true")
	want(t, anna.do(`channels.createChannel title=Talks about="" megagroup=true forum=true`), ".chats[0].megagroup", "true", ".chats[0].forum", "true",
		".chats[0].admin_rights.manage_topics", "true")
	anna.fails(`channels.createChannel title=" " about=x`, "400 CHAT_TITLE_EMPTY")
	anna.fails("channels.createChannel title=x about="+strings.Repeat("a", 256), "400 CHAT_ABOUT_TOO_LONG")
	anna.do("channels.inviteToChannel channel=New users=[@berta]")
	berta.nextOf("updateChannel")
	berta.fails("channels.deleteChannel New", "400 CHAT_ADMIN_REQUIRED")

	want(t, anna.do("channels.deleteChannel @club_news"), ".chats[0]", `channelForbidden(broadcast=true id=21 access_hash=`+
		show(tl.Long(accessHash(l.world.room[peer{channelPeer, 21}].seed, anna.who)))+` title="news")`)
	want(t, berta.nextOf("updateChannel"), ".channel_id", "21")
	egon.fails("contacts.resolveUsername club_news", "400 USERNAME_NOT_OCCUPIED")
	anna.fails("channels.getFullChannel -1000000000021", "400 CHANNEL_PRIVATE")
	l.roundTrip()
}

// roundTrip wants the world as it is to be saved and read back.
func (l *lab) roundTrip() {
	l.t.Helper()
	first := saved(l.t, l)
	again, err := New(Config{World: first, Now: l.clock.now})
	if err != nil {
		l.t.Fatalf("%v\n%s", err, first)
	}
	if second := saved(l.t, &lab{Sandbox: again, t: l.t}); second != first {
		a, b := strings.Split(first, "\n"), strings.Split(second, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				l.t.Errorf("saved: %s\nagain: %s", a[i], b[i])
				return
			}
		}
		l.t.Errorf("saved %d lines, again %d", len(a), len(b))
	}
}

func TestEditRoom(t *testing.T) {
	l, anna, berta, cleo, _, egon, fritz := club(t)
	want(t, berta.do(`channels.editTitle channel=club title=clubhouse`), ".updates[1].message.action", `messageActionChatEditTitle(title="clubhouse")`,
		".chats[0].title", `"clubhouse"`)
	want(t, cleo.nextOf("updateNewChannelMessage"), ".message.from_id.user_id", "2")
	berta.fails("channels.editTitle channel=clubhouse title=clubhouse", "400 CHAT_NOT_MODIFIED")
	berta.fails(`channels.editTitle channel=clubhouse title=""`, "400 CHAT_TITLE_EMPTY")
	cleo.fails("channels.editTitle channel=clubhouse title=x", "403 CHAT_ADMIN_REQUIRED")
	want(t, cleo.do("messages.editChatTitle chat_id=10 title=runners"), ".updates[0].chat_id", "10", ".chats[0].title", `"runners"`)
	want(t, anna.nextOf("updateNewMessage"), ".message.action.title", `"runners"`)
	cleo.fails("messages.editChatTitle chat_id=10 title=runners", "400 CHAT_NOT_MODIFIED")
	cleo.fails("messages.editChatTitle chat_id=10 title=\"\"", "400 CHAT_TITLE_EMPTY")
	egon.fails("messages.editChatTitle chat_id=10 title=x", "400 CHAT_ID_INVALID")

	anna.do("messages.editChatAbout peer=clubhouse about=nice")
	want(t, anna.do("channels.getFullChannel clubhouse"), ".full_chat.about", `"nice"`)
	anna.fails("messages.editChatAbout peer=clubhouse about=nice", "400 CHAT_ABOUT_NOT_MODIFIED")
	anna.fails("messages.editChatAbout peer=clubhouse about="+strings.Repeat("a", 256), "400 CHAT_ABOUT_TOO_LONG")
	fritz.fails("messages.editChatAbout peer=clubhouse about=x", "400 CHAT_ADMIN_REQUIRED")
	anna.fails("messages.editChatAbout peer=@berta about=x", "400 PEER_ID_INVALID")

	// What everybody may do.
	want(t, berta.do("messages.editChatDefaultBannedRights peer=clubhouse banned_rights=chatBannedRights(send_polls=true until_date=0)"),
		".updates[0].default_banned_rights.send_polls", "true", ".updates[0].version", "0")
	fritz.nextOf("updateChatDefaultBannedRights")
	berta.fails("messages.editChatDefaultBannedRights peer=clubhouse banned_rights=chatBannedRights(send_polls=true until_date=0)", "400 CHAT_NOT_MODIFIED")
	berta.fails("messages.editChatDefaultBannedRights peer=clubhouse banned_rights=chatBannedRights(view_messages=true until_date=0)", "400 BANNED_RIGHTS_INVALID")
	berta.fails("messages.editChatDefaultBannedRights peer=clubhouse banned_rights=chatBannedRights(until_date=9)", "400 UNTIL_DATE_INVALID")
	fritz.fails("messages.editChatDefaultBannedRights peer=clubhouse banned_rights=chatBannedRights(until_date=0)", "400 CHAT_ADMIN_REQUIRED")
	want(t, anna.do("messages.editChatDefaultBannedRights peer=runners banned_rights=chatBannedRights(change_info=true until_date=0)"), ".updates[0].version", "2")
	cleo.fails("messages.editChatTitle chat_id=10 title=x", "400 CHAT_ADMIN_REQUIRED")

	// Links to messages.
	want(t, anna.do("channels.exportMessageLink channel=@club_news id=1"), ".link", `"https://t.me/club_news/1"`)
	want(t, anna.do("channels.exportMessageLink channel=clubhouse id=2"), "", `exportedMessageLink(link="https://t.me/c/20/2" html="")`)
	anna.fails("channels.exportMessageLink channel=clubhouse id=99", "400 MESSAGE_ID_INVALID")
	cleo.fails("channels.exportMessageLink channel=clubhouse id=1", "400 MESSAGE_ID_INVALID") // hidden from her
	want(t, berta.do("channels.getMessageAuthor channel=@club_news id=1"), ".id", "1")
	berta.fails("channels.getMessageAuthor channel=@club_news id=9", "400 MESSAGE_ID_INVALID")
	cleo.fails("channels.getMessageAuthor channel=@club_news id=1", "400 CHAT_ADMIN_REQUIRED")
	want(t, anna.do("channels.getChannelRecommendations channel=@club_news"), ".chats", "[]")
	want(t, anna.do("channels.reportSpam channel=clubhouse participant=@cleo id=[3]"), "", "true")
	cleo.fails("channels.reportSpam channel=clubhouse participant=@anna id=[1]", "400 CHAT_ADMIN_REQUIRED")
	l.roundTrip()
}

func TestJoinAndLeave(t *testing.T) {
	l, anna, _, cleo, dinah, egon, fritz := club(t)
	want(t, egon.do("channels.joinChannel @club_news"), ".updates.updates", `[updateChannel(channel_id=21)]`, ".updates.chats[0].participants_count", "4")
	egon.fails("channels.joinChannel @club_news", "400 USER_ALREADY_PARTICIPANT")
	want(t, egon.do("channels.joinChannel talk"), ".updates.updates[1].message.action", "messageActionChatAddUser(users=[5])")
	want(t, anna.nextOf("updateNewChannelMessage"), ".message.action.users[0]", "5")
	dinah.fails("channels.joinChannel club", "400 CHANNEL_PRIVATE")
	want(t, egon.do("channels.leaveChannel talk"), ".updates[1].message.action", "messageActionChatDeleteUser(user_id=5)", ".chats[0].left", "true")
	egon.fails("channels.leaveChannel talk", "400 USER_NOT_PARTICIPANT")
	anna.fails("channels.leaveChannel talk", "400 USER_CREATOR")
	want(t, fritz.do("channels.leaveChannel club"), ".chats[0].left", "true")
	fritz.fails("channels.getFullChannel club", "400 CHANNEL_PRIVATE")
	want(t, anna.do(`channels.getAdminLog channel=club q="" max_id=0 min_id=0 limit=10`), ".events[0].user_id", "6",
		".events[0].action", "channelAdminLogEventActionParticipantLeave()", ".events[1].id", "4")

	// By invitation; what was written before is hidden from the newcomer.
	res := anna.do("channels.inviteToChannel channel=club users=[@egon @berta]")
	want(t, res, ".missing_invitees", "[]", ".updates.updates[1].message.action", "messageActionChatAddUser(users=[5])")
	egon.nextOf("updateChannel")
	if v := egon.do("messages.getHistory club"); len(at(t, v, ".messages").Vector().Items) != 1 {
		t.Errorf("the past is hidden, yet there is %s", show(v))
	}
	want(t, anna.do("channels.inviteToChannel channel=club users=[@egon]"), ".updates.updates", "[]")
	l.world.byID[6].def.With("deleted", tlTrue)
	anna.fails("channels.inviteToChannel channel=club users=[@fritz]", "400 INPUT_USER_DEACTIVATED")
	anna.fails("channels.inviteToChannel channel=@club_news users=[@robo_bot]", "400 USER_BOT")
	cleo.fails("channels.inviteToChannel channel=club users=[@dinah]", "400 USER_KICKED")
	cleo.fails("channels.inviteToChannel channel=@club_news users=[@dinah]", "403 CHAT_ADMIN_REQUIRED")
	dinah.fails("channels.inviteToChannel channel=@club_news users=[@cleo]", "403 CHAT_WRITE_FORBIDDEN")
	anna.do("channels.inviteToChannel channel=club users=[@dinah]") // who may ban may take it back
	want(t, dinah.do("channels.getParticipant channel=club participant=inputPeerSelf"), ".participant.inviter_id", "1")
	l.world.byID[6].def.With("deleted", tl.Value{})
	l.roundTrip()
}

func TestGetParticipants(t *testing.T) {
	_, anna, _, cleo, dinah, egon, _ := club(t)
	ids := func(c *client, filter string) string {
		t.Helper()
		var list []string
		for _, v := range at(t, c.do("channels.getParticipants channel=club filter="+filter+" offset=0 limit=100 hash=0"), ".participants").Vector().Items {
			o := v.Object()
			id := o.At("user_id")
			if id.IsNone() {
				id = o.At("peer").Object().At("user_id")
			}
			list = append(list, show(id))
		}
		return strings.Join(list, " ")
	}
	for filter, want := range map[string]string{
		"channelParticipantsRecent": "7 6 3 2 1", "channelParticipantsAdmins": "1 2", "channelParticipantsBots": "7",
		"channelParticipantsKicked(q=\"\")": "4", "channelParticipantsKicked(q=x)": "", "channelParticipantsBanned(q=\"\")": "3",
		"channelParticipantsSearch(q=ber)": "2", `channelParticipantsSearch(q="@ANN")`: "1", "channelParticipantsContacts(q=\"\")": "3 2",
		"channelParticipantsMentions": "7 6 3 2",
	} {
		if got := ids(anna, filter); got != want {
			t.Errorf("%s: want %q, got %q", filter, want, got)
		}
	}
	cleo.fails("channels.getParticipants channel=club filter=channelParticipantsRecent offset=0 limit=0 hash=0", "403 CHAT_ADMIN_REQUIRED") // hidden
	if got := ids(cleo, "channelParticipantsAdmins"); got != "1 2" {
		t.Errorf("admins are not hidden, got %q", got)
	}
	want(t, anna.do("channels.getParticipant channel=club participant=@berta"), ".participant.rank", `"second"`, ".participant.promoted_by", "1", ".participant.can_edit", "true")
	want(t, anna.do("channels.getParticipant channel=club participant=me"), ".participant.admin_rights.add_admins", "true")
	want(t, anna.do("channels.getParticipant channel=club participant=@dinah"), ".participant.left", "true", ".participant.kicked_by", "1")
	want(t, cleo.do("channels.getParticipant channel=@club_news participant=me"), ".participant", "channelParticipantSelf(user_id=3 inviter_id=1 date=2026-01-01T00:00:00)")
	anna.fails("channels.getParticipant channel=club participant=@egon", "400 USER_NOT_PARTICIPANT")
	anna.fails("channels.getParticipant channel=club participant=@club_news", "400 PARTICIPANT_ID_INVALID")
	egon.fails("channels.getParticipant channel=@club_news participant=@anna", "403 CHAT_ADMIN_REQUIRED")
	dinah.fails("channels.getParticipant channel=club participant=@anna", "400 CHANNEL_PRIVATE")
}

func TestEditAdmin(t *testing.T) {
	l, anna, berta, cleo, _, egon, fritz := club(t)
	edit := func(who, rights, more string) string {
		return "channels.editAdmin channel=club user_id=" + who + " admin_rights=" + rights + more
	}
	want(t, berta.do(edit("@fritz", "chatAdminRights(change_info=true)", ` rank="helper"`)), ".updates[0].channel_id", "20")
	fritz.nextOf("updateChannel")
	want(t, fritz.do("channels.getChannels [club]"), ".chats[0].admin_rights", "chatAdminRights(change_info=true)")
	berta.fails(edit("@anna", noRights, ""), "400 USER_CREATOR")
	berta.fails(edit("@cleo", "chatAdminRights(pin_messages=true)", ""), "403 RIGHT_FORBIDDEN")
	anna.fails(edit("@cleo", "chatAdminRights(post_messages=true)", ""), "403 RIGHT_FORBIDDEN")
	fritz.fails(edit("@cleo", "chatAdminRights(change_info=true)", ""), "403 CHAT_ADMIN_REQUIRED")
	cleo.fails(edit("@fritz", noRights, ""), "403 CHAT_ADMIN_REQUIRED")
	anna.fails(edit("@fritz", noRights, ` rank="much much too long a title"`), "400 ADMIN_RANK_INVALID")
	anna.fails(edit("@fritz", noRights, ` rank="the 👑"`), "400 ADMIN_RANK_EMOJI_NOT_ALLOWED")
	l.world.byID[5].def.With("deleted", tlTrue)
	anna.fails(edit("@egon", noRights, ""), "400 INPUT_USER_DEACTIVATED")
	l.world.byID[5].def.With("deleted", tl.Value{})
	// Who is no member comes by it, with the right to invite.
	want(t, anna.do(edit("@egon", "chatAdminRights(add_admins=true)", "")), ".updates[1].message.action.users[0]", "5")
	egon.fails(edit("@dinah", noRights, ""), "400 USER_KICKED")
	egon.fails("channels.editAdmin channel=club user_id=@robo_bot admin_rights=chatAdminRights(ban_users=true)", "403 RIGHT_FORBIDDEN")
	fritz.do("channels.leaveChannel club")
	egon.fails(edit("@fritz", noRights, ""), "403 CHAT_ADMIN_INVITE_REQUIRED")
	want(t, anna.do(edit("@egon", noRights, "")), ".updates[0].channel_id", "20")
	want(t, anna.do("channels.getParticipant channel=club participant=@egon"), ".participant.user_id", "5")
	anna.do(edit("me", "chatAdminRights(anonymous=true)", ` rank="founder"`))
	want(t, anna.do("channels.getParticipant channel=club participant=me"), ".participant.rank", `"founder"`, ".participant.admin_rights.anonymous", "true")

	anna.do(`messages.editChatParticipantRank peer=club participant=@berta rank="third"`)
	anna.fails(`messages.editChatParticipantRank peer=club participant=@berta rank="much much too long a title"`, "400 ADMIN_RANK_INVALID")
	anna.fails(`messages.editChatParticipantRank peer=club participant=@berta rank="👑"`, "400 ADMIN_RANK_EMOJI_NOT_ALLOWED")
	anna.fails(`messages.editChatParticipantRank peer=club participant=@dinah rank=x`, "400 PARTICIPANT_ID_INVALID")
	berta.fails(`messages.editChatParticipantRank peer=club participant=@anna rank=x`, "400 CHAT_ADMIN_REQUIRED")
	log := anna.do(`channels.getAdminLog channel=club q="" max_id=0 min_id=0 limit=2`)
	want(t, log, ".events[0].action", `channelAdminLogEventActionParticipantEditRank(user_id=2 prev_rank="second" new_rank="third")`,
		".events[1].action.new_participant.rank", `"founder"`)
	l.roundTrip()
}

func TestEditBanned(t *testing.T) {
	l, anna, berta, cleo, dinah, egon, fritz := club(t)
	edit := func(who, rights string) string {
		return "channels.editBanned channel=club participant=" + who + " banned_rights=chatBannedRights(" + rights + ")"
	}
	berta.do(edit("@fritz", "send_messages=true until_date=1772830000"))
	fritz.nextOf("updateChannel")
	want(t, fritz.do("channels.getChannels [club]"), ".chats[0].banned_rights.until_date", "1772830000")
	fritz.fails("messages.sendMessage peer=club message=x", "400 CHAT_RESTRICTED")
	berta.do(edit("@fritz", "view_messages=true until_date=5")) // too soon: for ever
	want(t, fritz.nextOf("updateNewChannelMessage"), ".message.action", "messageActionChatDeleteUser(user_id=6)")
	fritz.nextOf("updateChannel")
	fritz.fails("channels.getChannels [club]", "400 CHANNEL_PRIVATE")
	want(t, anna.do("channels.getParticipant channel=club participant=@fritz"), ".participant.banned_rights.until_date", "0")
	berta.do(edit("@fritz", "until_date=0"))
	anna.fails("channels.getParticipant channel=club participant=@fritz", "400 USER_NOT_PARTICIPANT")
	anna.do("channels.editAdmin channel=club user_id=@cleo admin_rights=chatAdminRights(ban_users=true)")
	cleo.fails(edit("@berta", "view_messages=true until_date=0"), "400 USER_ADMIN_INVALID")
	cleo.fails(edit("me", "view_messages=true until_date=0"), "400 PARTICIPANT_ID_INVALID")
	anna.fails("channels.editBanned channel=@club_news participant=@cleo banned_rights=chatBannedRights(send_polls=true until_date=0)", "406 BANNED_RIGHTS_INVALID")
	egon.fails("channels.editBanned channel=@club_news participant=@cleo banned_rights=chatBannedRights(view_messages=true until_date=0)", "403 CHAT_ADMIN_REQUIRED")
	anna.do("channels.editBanned channel=@club_news participant=@egon banned_rights=chatBannedRights(view_messages=true until_date=0)")
	egon.fails("channels.getFullChannel @club_news", "400 CHANNEL_PRIVATE")
	// A ban that has ended lets in again.
	anna.do("channels.editBanned channel=@club_news participant=@dinah banned_rights=chatBannedRights(view_messages=true until_date=1772830000)")
	dinah.fails("channels.joinChannel @club_news", "400 CHANNEL_PRIVATE")
	l.clock.add(4 * 3600e9)
	dinah.do("channels.joinChannel @club_news")

	// The log knows the kinds of events.
	count := func(limits, filter string) int {
		t.Helper()
		return len(at(t, anna.do("channels.getAdminLog channel=club q=\"\" limit=100 "+limits+" "+filter), ".events").Vector().Items)
	}
	const all = "max_id=0 min_id=0"
	for _, c := range []struct {
		limits, filter string
		want           int
	}{
		{all, "", 5}, {all, "events_filter=channelAdminLogEventsFilter(kick=true)", 1}, {all, "admins=[@anna]", 1},
		{all, "events_filter=channelAdminLogEventsFilter(ban=true unkick=true)", 2}, {"max_id=5 min_id=0", "", 1}, {"max_id=0 min_id=5", "", 3},
		{all, "events_filter=channelAdminLogEventsFilter(promote=true)", 1}, {all, "events_filter=channelAdminLogEventsFilter(leave=true)", 0},
	} {
		if got := count(c.limits, c.filter); got != c.want {
			t.Errorf("%s %s: want %d events, got %d", c.limits, c.filter, c.want, got)
		}
	}
	want(t, anna.do(`channels.getAdminLog channel=club q=old max_id=0 min_id=0 limit=9`), ".events[0].id", "4")
	fritz.fails(`channels.getAdminLog channel=@club_news q="" max_id=0 min_id=0 limit=9`, "403 CHAT_ADMIN_REQUIRED")
	l.roundTrip()
	l.clock.add(48 * 3600e9)
	if got := count(all, ""); got != 0 {
		t.Errorf("after two days the log is empty, not %d", got)
	}
}

// TestLogOfMessages: what became of messages stands in the log, as it was.
func TestLogOfMessages(t *testing.T) {
	l, anna, berta, cleo, _, _, _ := club(t)
	cleo.do("messages.sendMessage peer=club message=three")
	cleo.do("messages.editMessage peer=club id=4 message=drei")
	berta.do("channels.deleteMessages channel=club id=[4]")
	want(t, anna.do(`channels.getAdminLog channel=club q="DREI" max_id=0 min_id=0 limit=9`),
		".events[0].action.message.message", `"drei"`, ".events[0].user_id", "2",
		".events[1].action.prev_message.message", `"three"`, ".events[1].action.new_message.from_id.user_id", "3")
	l.roundTrip()
	// What is forwarded is of a kind too.
	l.mu.Lock()
	m := l.world.byID[3].box.entries[0]
	m.base = m.base.Clone().With("media", l.world.new("messageMediaPhoto").Value())
	l.mu.Unlock()
	cleo.fails("messages.forwardMessages from_peer=walkers to_peer=club id=["+show(tl.Int(m.id))+"]", "403 CHAT_SEND_MEDIA_FORBIDDEN")
}
