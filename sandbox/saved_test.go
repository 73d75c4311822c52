package sandbox

import (
	"fmt"
	"testing"
	"time"
)

func TestSavedDialogs(t *testing.T) {
	l := newLab(t, Config{})
	sam, other := l.as("@sam"), l.as("@sam")
	for i, from := range []string{"@alice", "@bob", "@carol", "@dave_builds", "@harbour_news"} {
		l.clock.add(time.Second)
		sam.do(fmt.Sprintf("messages.forwardMessages from_peer=%s id=[%s] to_peer=me random_id=[%d]", from, sam.lastText(from), 100+i))
		other.next()
	}
	const first = " offset_date=0 offset_id=0 offset_peer=inputPeerEmpty hash=0"
	v := sam.do("messages.getSavedDialogs limit=2" + first)
	want(t, v, ".count", "6", ".dialogs[0].peer.channel_id", "3001", ".dialogs[1].peer.user_id", "1005")
	next := sam.do("messages.getSavedDialogs limit=2 offset_date=0 offset_id=" + show(at(t, v, ".dialogs[1].top_message")) + " offset_peer=@dave_builds hash=0")
	want(t, next, ".dialogs[0].peer.user_id", "1004", ".dialogs[1].peer.user_id", "1003")
	var sum hashOf
	for i, m := range at(t, v, ".messages").Vector().Items {
		sum.add(peerOf(at(t, v, fmt.Sprintf(".dialogs[%d].peer", i))).id, m.Object().At("id").AsLong(), m.Object().At("date").AsLong())
	}
	want(t, sam.do(fmt.Sprintf("messages.getSavedDialogs limit=2 offset_date=0 offset_id=0 offset_peer=inputPeerEmpty hash=%d", int64(sum))), "", "messages.savedDialogsNotModified(count=6)")

	sam.do("messages.toggleSavedDialogPin pinned=true peer=@bob")
	want(t, other.next(), ".updates[0].peer.peer.user_id", "1003", ".updates[0].pinned", "true")
	sam.do("messages.toggleSavedDialogPin pinned=true peer=@alice")
	other.next()
	want(t, sam.do("messages.getSavedDialogs limit=2"+first), ".dialogs[0].peer.user_id", "1002", ".dialogs[0].pinned", "true", ".dialogs[1].peer.user_id", "1003")
	want(t, sam.do("messages.getSavedDialogs exclude_pinned=true limit=2"+first), ".count", "4", ".dialogs[0].peer.channel_id", "3001")
	sam.do("messages.reorderPinnedSavedDialogs order=[@bob]")
	want(t, other.next(), ".updates[0].order[1].peer.user_id", "1002")
	want(t, l.reborn().as("@sam").do("messages.getPinnedSavedDialogs"), ".dialogs[0].peer.user_id", "1003", ".dialogs[1].peer.user_id", "1002")
	sam.do("messages.toggleSavedDialogPin peer=@alice")
	want(t, sam.do("messages.getPinnedSavedDialogs"), ".dialogs[-1].peer.user_id", "1003")

	const page = " offset_id=0 offset_date=0 add_offset=0 limit=10 max_id=0 min_id=0"
	h := sam.do("messages.getSavedHistory peer=me" + page + " hash=0")
	if got := texts(t, h); got != "Ferry Shopping:" {
		t.Errorf("own notes: %q", got)
	}
	sum = 0
	for _, m := range at(t, h, ".messages").Vector().Items {
		sum.add(m.Object().At("id").AsLong(), m.Object().At("date").AsLong())
	}
	want(t, sam.do(fmt.Sprintf("messages.getSavedHistory peer=me%s hash=%d", page, int64(sum))), "", "messages.messagesNotModified(count=2)")
	want(t, sam.do("messages.deleteSavedHistory peer=@carol max_id=0"), ".pts_count", "1")
	want(t, sam.do("messages.getSavedHistory peer=@carol"+page+" hash=0"), ".messages", "[]")
	sam.fails("messages.toggleSavedDialogPin pinned=true peer=@carol", "400 PEER_HISTORY_EMPTY")
	sam.fails("messages.toggleSavedDialogPin pinned=true peer=inputDialogPeerFolder(1)", "400 FOLDER_ID_INVALID")
	sam.fails("messages.reorderPinnedSavedDialogs order=[inputDialogPeerFolder(1)]", "400 FOLDER_ID_INVALID")
	sam.fails(`messages.reorderPinnedSavedDialogs order=[@alice @bob @carol @dave_builds me "Sunday hikers"]`, "400 PINNED_DIALOGS_TOO_MUCH")
	sam.do("messages.forwardMessages from_peer=@carol id=[" + sam.lastText("@carol") + "] to_peer=me")
	for _, p := range []string{"@alice", "@carol", "@dave_builds", "@harbour_news"} {
		sam.do("messages.toggleSavedDialogPin pinned=true peer=" + p)
	}
	sam.fails("messages.toggleSavedDialogPin pinned=true peer=me", "400 PINNED_DIALOGS_TOO_MUCH")
}

func TestBar(t *testing.T) {
	l := newLab(t, Config{World: village + "user(id=1950 first_name=Zed username=zed_new)\nmessage(id=950 from_id=@zed_new peer_id=@sam date=2026-03-06T12:00 message=\"Buy\")\n"})
	sam, other := l.as("@sam"), l.as("@sam")
	want(t, sam.do("messages.getPeerSettings @zed_new"), ".settings", "peerSettings(report_spam=true add_contact=true block_contact=true)")
	want(t, sam.do("messages.getPeerSettings @alice"), ".settings", "peerSettings()")
	want(t, sam.do("users.getFullUser @zed_new"), ".full_user.settings.report_spam", "true")
	sam.do("messages.hidePeerSettingsBar @zed_new")
	want(t, other.next(), ".updates[0].settings", "peerSettings()")
	want(t, sam.do("messages.getPeerSettings @zed_new"), ".settings", "peerSettings()")
	want(t, l.reborn().as("@sam").do("messages.getPeerSettings @zed_new"), ".settings", "peerSettings()")
	sam.do("messages.reportSpam @dave_builds")
	want(t, sam.do(`messages.getOnlines "Sunday hikers"`), "", "chatOnlines(onlines=2)")
	sam.fails("messages.getOnlines @alice", "400 PEER_ID_INVALID")
	want(t, sam.do("messages.getCommonChats user_id=@alice max_id=0 limit=10"), ".chats[0].id", "3002", ".chats[1].id", "2001")
	want(t, sam.do("messages.getCommonChats user_id=@alice max_id=3002 limit=10"), ".count", "2", ".chats[0].id", "2001")
	want(t, sam.do(`messages.getWebPagePreview message="see https://a.example/x."`), ".media.webpage", `webPageEmpty(id=0 url="https://a.example/x")`)
	want(t, sam.do(`messages.getWebPagePreview message="nothing"`), ".media", "messageMediaEmpty()")
	sam.fails(`messages.getWebPagePreview message=""`, "400 MESSAGE_EMPTY")
}

func TestHistoryTTL(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice, carol := l.as("@sam"), l.as("@alice"), l.as("@carol")
	const day = 86400
	res := sam.do(fmt.Sprintf("messages.setHistoryTTL peer=@alice period=%d", day))
	want(t, res, ".updates[0].ttl_period", "86400", ".updates[1].message.action.period", "86400")
	want(t, alice.next(), ".updates[0].peer.user_id", "1001", ".updates[0].ttl_period", "86400")
	alice.next()
	id := show(at(t, alice.do("messages.sendMessage peer=@sam message=brief"), ".id"))
	want(t, alice.do("messages.getHistory @sam limit=1"), ".messages[0].ttl_period", "86400")
	want(t, alice.do("messages.getPeerDialogs [@sam]"), ".dialogs[0].ttl_period", "86400")
	want(t, l.reborn().as("@alice").do("users.getFullUser @sam"), ".full_user.ttl_period", "86400")
	sam.next()
	l.clock.add(day * time.Second)
	carol.do("help.getNearestDc")
	want(t, sam.next(), ".updates[0].pts_count", "1")
	want(t, alice.next(), ".updates[0].messages", "["+id+"]")
	if got := texts(t, sam.do("messages.getHistory @alice limit=1")); got != "-" {
		t.Errorf("still there: %s", got)
	}
	sam.fails(fmt.Sprintf("messages.setHistoryTTL peer=@alice period=%d", day), "400 CHAT_NOT_MODIFIED")
	sam.fails("messages.setHistoryTTL peer=@alice period=77", "400 TTL_PERIOD_INVALID")
	sam.fails(fmt.Sprintf("messages.setHistoryTTL peer=@harbour_news period=%d", day), "400 CHAT_ADMIN_REQUIRED")
	carol.do(fmt.Sprintf("messages.setHistoryTTL peer=@harbour_news period=%d", day))
	want(t, l.reborn().as("@sam").do("channels.getFullChannel @harbour_news"), ".full_chat.ttl_period", "86400")

	sam.do(fmt.Sprintf("messages.setDefaultHistoryTTL %d", day))
	want(t, l.reborn().as("@sam").do("messages.getDefaultHistoryTTL"), "", "defaultHistoryTTL(period=86400)")
	sam.do("messages.sendMessage peer=@erin message=new")
	want(t, l.as("@erin").do("messages.getHistory @sam"), ".messages[0].ttl_period", "86400")
	sam.fails("messages.setDefaultHistoryTTL 5", "400 TTL_PERIOD_INVALID")
}
