package sandbox

import (
	"strings"
	"testing"
	"time"

	"tlsh/tl"
)

// text is a string at a path.
func text(t testing.TB, v tl.Value, path string) string { return at(t, v, path).AsString() }

func hashIn(t testing.TB, v tl.Value, path string) string {
	return strings.TrimPrefix(text(t, v, path), linkPrefix)
}

func TestExportInvites(t *testing.T) {
	l, anna, berta, cleo, _, _, _ := club(t)
	export := func(more string) string { return "messages.exportChatInvite peer=club " + more }
	first := berta.do(export(""))
	want(t, first, ".permanent", "true", ".admin_id", "2")
	if again := berta.do(export("")); show(again) != show(first) {
		t.Errorf("the permanent link is one: %s and %s", show(first), show(again))
	}
	l.clock.add(time.Minute)
	renewed := berta.do(export("legacy_revoke_permanent=true"))
	if text(t, renewed, ".link") == text(t, first, ".link") {
		t.Error("a renewed link is another")
	}
	berta.fails(export("expire_date=5"), "400 EXPIRE_DATE_INVALID")
	berta.fails(export("usage_limit=100000"), "400 USAGE_LIMIT_INVALID")
	berta.fails(export("usage_limit=1 request_needed=true"), "400 USAGE_LIMIT_INVALID")
	cleo.fails(export(""), "400 CHAT_ADMIN_REQUIRED")
	extra := berta.do(export(`usage_limit=3 expire_date=1772900000 title="for friends"`))
	want(t, extra, ".usage_limit", "3", ".title", `"for friends"`)
	link := text(t, extra, ".link")

	list := func(c *client, more string) tl.Value {
		return c.do("messages.getExportedChatInvites peer=club " + more)
	}
	want(t, list(berta, "admin_id=me limit=10"), ".count", "2", ".invites[0].link", `"`+link+`"`)
	want(t, list(berta, "admin_id=me limit=10 offset_date=1 offset_link="+`"`+link+`"`), ".invites[0].permanent", "true")
	want(t, list(anna, "admin_id=@berta limit=10 revoked=true"), ".count", "1", ".invites[0].revoked", "true", ".users[0].id", "2")
	berta.fails("messages.getExportedChatInvites peer=club admin_id=@anna limit=1", "400 CHAT_ADMIN_REQUIRED")
	berta.fails("messages.getExportedChatInvites peer=club admin_id=inputUserEmpty limit=1", "400 ADMIN_ID_INVALID")

	one := func(method, link, more string) string {
		return "messages." + method + ` peer=club link="` + link + `" ` + more
	}
	want(t, anna.do(one("getExportedChatInvite", link, "")), ".invite.usage_limit", "3")
	cleo.fails(one("getExportedChatInvite", link, ""), "400 CHAT_ADMIN_REQUIRED")
	anna.fails(one("getExportedChatInvite", "https://t.me/+nowhere", ""), "400 INVITE_HASH_EXPIRED")
	want(t, berta.do(one("editExportedChatInvite", link, "usage_limit=5")), ".invite.usage_limit", "5", ".invite.start_date", "1772820060")
	berta.fails(one("editExportedChatInvite", link, "usage_limit=-1"), "400 USAGE_LIMIT_INVALID")
	berta.fails(one("editExportedChatInvite", link, "expire_date=1"), "400 EXPIRE_DATE_INVALID")
	berta.fails(one("editExportedChatInvite", "nowhere", ""), "400 INVITE_HASH_EXPIRED")
	berta.fails(one("editExportedChatInvite", text(t, renewed, ".link"), "usage_limit=5"), "400 CHAT_INVITE_PERMANENT")
	cleo.fails(one("editExportedChatInvite", link, ""), "400 CHAT_ADMIN_REQUIRED")
	berta.fails(one("deleteExportedChatInvite", link, ""), "400 INVITE_REVOKED_MISSING")
	berta.fails(one("deleteExportedChatInvite", "nowhere", ""), "400 INVITE_HASH_EXPIRED")
	cleo.fails(one("deleteExportedChatInvite", link, ""), "400 CHAT_ADMIN_REQUIRED")
	want(t, berta.do(one("editExportedChatInvite", link, "revoked=true")), ".invite.revoked", "true")
	want(t, berta.do(one("editExportedChatInvite", text(t, renewed, ".link"), "revoked=true")), ".new_invite.permanent", "true", ".invite.revoked", "true")
	want(t, anna.do("messages.getAdminsWithInvites club"), ".admins", "[chatAdminWithInvites(admin_id=2 invites_count=1 revoked_invites_count=3)]")
	berta.fails("messages.getAdminsWithInvites club", "400 CHAT_ADMIN_REQUIRED")
	l.roundTrip()
	berta.do(one("deleteExportedChatInvite", link, ""))
	berta.fails("messages.deleteRevokedExportedChatInvites peer=club admin_id=@anna", "400 CHAT_ADMIN_REQUIRED")
	berta.fails("messages.deleteRevokedExportedChatInvites peer=club admin_id=inputUserEmpty", "400 ADMIN_ID_INVALID")
	berta.do("messages.deleteRevokedExportedChatInvites peer=club admin_id=me")
	want(t, anna.do("messages.getAdminsWithInvites club"), ".admins[0].revoked_invites_count", "0")
	want(t, berta.do("channels.getFullChannel club"), ".full_chat.exported_invite.permanent", "true")
}

func TestImportInvite(t *testing.T) {
	l, anna, berta, cleo, dinah, egon, fritz := club(t)
	hash := hashIn(t, anna.do("messages.exportChatInvite peer=club usage_limit=1"), ".link")
	want(t, egon.do("messages.checkChatInvite "+hash), ".title", `"club"`, ".participants_count", "5", ".megagroup", "true")
	want(t, cleo.do("messages.checkChatInvite "+hash), ".chat.id", "20")
	egon.fails(`messages.checkChatInvite ""`, "400 INVITE_HASH_EMPTY")
	egon.fails(`messages.checkChatInvite "a b"`, "400 INVITE_HASH_INVALID")
	egon.fails(`messages.checkChatInvite abcdef`, "406 INVITE_HASH_EXPIRED")
	egon.fails(`messages.importChatInvite ""`, "400 INVITE_HASH_EMPTY")
	egon.fails(`messages.importChatInvite "a b"`, "400 INVITE_HASH_INVALID")
	dinah.fails("messages.importChatInvite "+hash, "400 CHANNEL_PRIVATE")
	want(t, egon.do("messages.importChatInvite "+hash), ".updates.updates[1].message.action", "messageActionChatJoinedByLink(inviter_id=1)")
	want(t, cleo.nextOf("updateNewChannelMessage"), ".message.from_id.user_id", "5")
	cleo.fails("messages.importChatInvite "+hash, "406 INVITE_HASH_EXPIRED") // used up
	open := hashIn(t, anna.do("messages.exportChatInvite peer=club expire_date=1772820600"), ".link")
	cleo.fails("messages.importChatInvite "+open, "400 USER_ALREADY_PARTICIPANT")
	want(t, anna.do("messages.getChatInviteImporters peer=club offset_date=0 offset_user=inputUserEmpty limit=9 link="+hash), ".count", "1", ".importers[0].user_id", "5")
	l.clock.add(time.Hour)
	dinah.fails("messages.checkChatInvite "+open, "406 INVITE_HASH_EXPIRED")

	// A basic group's link.
	group := hashIn(t, anna.do("messages.exportChatInvite peer=walkers"), ".link")
	want(t, dinah.do("messages.importChatInvite "+group), ".updates.updates[1].message.action.inviter_id", "1")
	berta.nextOf("updateChatParticipants")

	// Asking to be let in.
	fritz.do("channels.leaveChannel club")
	asks := hashIn(t, berta.do("messages.exportChatInvite peer=club request_needed=true"), ".link")
	want(t, fritz.do("messages.checkChatInvite "+asks), ".request_needed", "true")
	fritz.fails("messages.importChatInvite "+asks, "400 INVITE_REQUEST_SENT")
	want(t, berta.nextOf("updatePendingJoinRequests"), ".requests_pending", "1", ".recent_requesters", "[6]")
	want(t, berta.do("channels.getFullChannel club"), ".full_chat.requests_pending", "1")
	importers := "messages.getChatInviteImporters peer=club offset_date=0 offset_user=inputUserEmpty limit=9 "
	want(t, berta.do(importers+"requested=true q=fri"), ".importers[0]", "chatInviteImporter(requested=true user_id=6 date=2026-03-06T19:00:00)")
	want(t, berta.do(importers+"requested=true q=x"), ".count", "0")
	want(t, berta.do("messages.getChatInviteImporters peer=club offset_date=0 offset_user=@fritz limit=9 requested=true"), ".count", "1", ".importers", "[]")
	berta.fails(importers+"q=x link="+asks, "400 SEARCH_WITH_LINK_NOT_SUPPORTED")
	berta.fails(importers+"link=nowhere", "400 INVITE_HASH_EXPIRED")
	cleo.fails(importers, "400 CHAT_ADMIN_REQUIRED")
	l.roundTrip()
	hide := func(who, more string) string {
		return "messages.hideChatJoinRequest peer=club user_id=" + who + " " + more
	}
	cleo.fails(hide("@fritz", ""), "400 CHAT_ADMIN_REQUIRED")
	berta.fails(hide("@dinah", ""), "400 HIDE_REQUESTER_MISSING")
	berta.fails(hide("@egon", ""), "400 USER_ALREADY_PARTICIPANT")
	want(t, berta.do(hide("@fritz", "approved=true")), ".updates[1].message.action", "messageActionChatJoinedByRequest()", ".updates[2].requests_pending", "0")
	fritz.nextOf("updateChannel")
	want(t, fritz.do("channels.getParticipant channel=club participant=me"), ".participant.via_request", "true", ".participant.inviter_id", "2")
	l.roundTrip()

	// All at once, for a public channel that lets nobody in unasked.
	anna.do("channels.updateUsername channel=talk username=talk_talk")
	anna.do("channels.toggleJoinRequest channel=talk enabled=true apply_to_invites=true")
	egon.fails("channels.joinChannel talk", "400 INVITE_REQUEST_SENT")
	fritz.fails("channels.joinChannel talk", "400 INVITE_REQUEST_SENT")
	all := "messages.hideAllChatJoinRequests peer=talk "
	anna.fails(all+"link=nowhere", "400 INVITE_HASH_EXPIRED")
	berta.fails(all, "400 CHAT_ADMIN_REQUIRED")
	want(t, anna.do(all+"approved=true"), ".updates[1].message.from_id.user_id", "5", ".updates[3].message.from_id.user_id", "6")
	anna.fails(all, "400 HIDE_REQUESTER_MISSING")
	want(t, anna.do(`channels.getAdminLog channel=talk q="" max_id=0 min_id=0 limit=1`), ".events[0].user_id", "6",
		".events[0].action", "channelAdminLogEventActionParticipantJoinByRequest(invite=chatInvitePublicJoinRequests approved_by=1)")
	l.roundTrip()
}

func TestInviteWords(t *testing.T) {
	const good = clubWorld + `invite club chatInviteExported(link="https://t.me/+abcdefgh" admin_id=2 date=2026-02-01 usage_limit=9 title="x")
imported club "https://t.me/+abcdefgh" @cleo 2026-02-03 @anna
requested club @egon 2026-03-05 "https://t.me/+abcdefgh"
`
	l := newLab(t, Config{World: good})
	l.roundTrip()
	want(t, l.as("@anna").do("messages.getExportedChatInvite peer=club link=abcdefgh"), ".invite.usage", "1", ".invite.requested", "1")
	for line, want := range map[string]string{
		`invite club chatInvitePublicJoinRequests`:                                   "want chatInviteExported",
		`invite club chatInviteExported(link="abcdefgh" admin_id=2 date=2026-02-01)`: "a link of its own",
		`invite club chatInviteExported(link="zzz" admin_id=77 date=2026-02-01)`:     "admin_id names nobody",
		`imported club zzz @cleo 2026-02-03`:                                         "no such link",
		`requested club @cleo 2026-02-03`:                                            "is a member already",
	} {
		if _, err := New(Config{World: good + line + "\n"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %s, got %v", line, want, err)
		}
	}
}
