package sandbox

import (
	"testing"
	"time"
)

func (c *client) top(peer string) string {
	c.lab.t.Helper()
	return show(at(c.lab.t, c.do("messages.getHistory "+peer+" limit=1"), ".messages[0].id"))
}

func TestEditMessage(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	sam.do("messages.sendMessage peer=@alice message=helo")
	alice.next()
	id, theirs := sam.top("@alice"), alice.top("@sam")
	l.clock.add(time.Minute)
	res := sam.do("messages.editMessage peer=@alice id=" + id + " message=hello entities=[messageEntityItalic(0 5)]")
	want(t, res, ".updates[0].message.message", `"hello"`, ".updates[0].message.edit_date", "1772820060",
		".updates[0].message.date", "1772820000", ".updates[0].message.id", id, ".updates[0].pts_count", "1")
	want(t, alice.next(), ".updates[0].message.message", `"hello"`, ".updates[0].message.id", theirs, ".updates[0].message.entities[0].length", "5")
	want(t, alice.do("messages.getHistory @sam limit=1"), ".messages[0].message", `"hello"`)

	carol := l.as("@carol")
	post := carol.top("@harbour_news")
	l.clock.add(90 * 24 * time.Hour)
	want(t, carol.do("messages.editMessage peer=@harbour_news id="+post+` message="closed"`), ".updates[0].message.message", `"closed"`)
	want(t, sam.next(), ".updates[0].message.message", `"closed"`)
	// Alice may edit what Carol posted, Bob may not.
	alice.do("messages.editMessage peer=@harbour_news id=" + post + ` message="open"`)
	l.as("@bob").fails("messages.editMessage peer=@harbour_news id="+post+` message="mine"`, "403 MESSAGE_AUTHOR_REQUIRED")
	// One's own notes are never too old.
	note := sam.do("messages.getHistory me")
	sam.do("messages.editMessage peer=me id=" + show(at(t, note, ".messages[1].id")) + " message=x")
}

func TestEditMessageErrors(t *testing.T) {
	l := newLab(t, Config{World: village + `
channel(id=3901 title="open" username="open_channel" photo=chatPhotoEmpty date=2026-01-01)
members @open_channel [@bob]
message(id=900 from_id=@bob peer_id=@open_channel date=2026-03-06T10:00 message="hello")
message(id=901 from_id=@sam peer_id=@alice date=2026-03-06T17:59 message="look" media=messageMediaGeo(geoPointEmpty))
`})
	sam := l.as("@sam")
	photo := sam.top("@alice")
	sam.do("messages.editMessage peer=@alice id=" + photo + ` message=""`)
	sam.do("messages.sendMessage peer=@alice message=one")
	own := sam.top("@alice")
	sam.do("messages.forwardMessages from_peer=@alice id=[" + own + "] to_peer=@bob")
	long := make([]byte, 1025)
	for i := range long {
		long[i] = 'x'
	}
	for _, c := range [][2]string{
		{"messages.editMessage peer=@alice id=" + own + " message=one", "400 MESSAGE_NOT_MODIFIED"},
		{"messages.editMessage peer=@alice id=" + own, "400 MESSAGE_NOT_MODIFIED"},
		{"messages.editMessage peer=@alice id=" + own + ` message=""`, "400 MESSAGE_EMPTY"},
		{"messages.editMessage peer=@alice id=" + own + ` message="` + string(long) + string(long) + string(long) + string(long) + `"`, "400 MESSAGE_TOO_LONG"},
		{"messages.editMessage peer=@alice id=" + own + ` message=x entities=[messageEntityBold(0 2)]`, "400 ENTITY_BOUNDS_INVALID"},
		{"messages.editMessage peer=@alice id=" + photo + ` message="` + string(long) + `"`, "400 MEDIA_CAPTION_TOO_LONG"},
		{"messages.editMessage peer=@alice id=9999 message=x", "400 MESSAGE_ID_INVALID"},
		{"messages.editMessage peer=@bob id=" + own + " message=x", "400 MESSAGE_ID_INVALID"},
		{"messages.editMessage peer=@harbour_news id=1 message=x", "400 MESSAGE_ID_INVALID"},
		{"messages.editMessage peer=@alice! id=1 message=x", "400 PEER_ID_INVALID"},
		{"messages.editMessage peer=@bob id=" + sam.top("@bob") + " message=x", "403 MESSAGE_AUTHOR_REQUIRED"},
		{"messages.editMessage peer=@open_channel id=1 message=x", "403 CHAT_WRITE_FORBIDDEN"},
		{"messages.editMessage peer=@alice id=" + own + " media=inputMediaEmpty", "400 MEDIA_NEW_INVALID"},
	} {
		sam.fails(c[0], c[1])
	}
	l.clock.add(49 * time.Hour)
	sam.fails("messages.editMessage peer=@alice id="+own+" message=x", "400 MESSAGE_EDIT_TIME_EXPIRED")
}

func TestDeleteMessages(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	sam.do("messages.sendMessage peer=@alice message=one")
	sam.do("messages.sendMessage peer=@alice message=two")
	alice.next()
	alice.next()
	two := sam.top("@alice")
	pts := at(t, sam.do("updates.getState"), ".pts").AsInt()

	// For oneself alone.
	gone := sam.do("messages.deleteMessages id=[" + two + " " + two + " 9999]")
	want(t, gone, ".pts_count", "1")
	if got := at(t, gone, ".pts").AsInt(); got != pts+1 {
		t.Errorf("pts: want %d, got %d", pts+1, got)
	}
	want(t, sam.do("messages.getHistory @alice limit=1"), ".messages[0].message", `"one"`)
	want(t, sam.do("messages.getMessages id=["+two+"]"), ".messages[0]", "messageEmpty(id="+two+")")
	want(t, alice.do("messages.getHistory @sam limit=1"), ".messages[0].message", `"two"`)
	alice.quiet()

	// For both.
	one, theirs := sam.top("@alice"), show(at(t, alice.do("messages.getHistory @sam limit=2"), ".messages[1].id"))
	want(t, sam.do("messages.deleteMessages revoke=true id=["+one+"]"), ".pts_count", "1")
	want(t, alice.next(), ".updates[0].messages", "["+theirs+"]", ".updates[0].pts_count", "1")
	want(t, alice.do("messages.getHistory @sam limit=1"), ".messages[0].message", `"two"`)
	want(t, sam.do("messages.deleteMessages id=[]"), ".pts_count", "0")

	// In a group: one's own for all, others' only as its creator.
	group := sam.top(`"Sunday hikers"`)
	sam.fails("messages.deleteMessages revoke=true id=["+group+"]", "403 MESSAGE_DELETE_FORBIDDEN")
	sam.do(`messages.sendMessage peer="Sunday hikers" message=oops`)
	alice.next()
	bob := l.as("@bob")
	bob.do("messages.deleteMessages revoke=true id=[" + bob.top(`"Sunday hikers"`) + "]")
	want(t, alice.next(), ".updates[0].pts_count", "1")
	if sam.top(`"Sunday hikers"`) != group {
		t.Error("what the creator deletes for all is still there")
	}
}

func TestChannelsDeleteMessages(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice, carol := l.as("@sam"), l.as("@alice"), l.as("@carol")
	post := sam.top("@harbour_news")
	sam.fails("channels.deleteMessages channel=@harbour_news id=["+post+"]", "403 MESSAGE_DELETE_FORBIDDEN")
	sam.fails("channels.deleteMessages channel=@harbour_news! id=["+post+"]", "400 CHANNEL_INVALID")
	sam.fails("channels.deleteMessages channel=inputChannelEmpty id=["+post+"]", "400 CHANNEL_INVALID")
	res := carol.do("channels.deleteMessages channel=@harbour_news id=[" + post + "]")
	want(t, res, ".pts_count", "1")
	want(t, sam.next(), ".updates[0].channel_id", "3001", ".updates[0].messages", "["+post+"]", ".updates[0].pts", show(at(t, res, ".pts")))
	want(t, carol.do("channels.deleteMessages channel=@harbour_news id=["+post+"]"), ".pts_count", "0")
	// In the book club Alice may delete what Sam wrote.
	sam.do(`messages.sendMessage peer="Book club" message="It was the lighthouse keeper"`)
	alice.next() // of the post
	alice.next()
	alice.do(`channels.deleteMessages channel="Book club" id=[` + sam.top(`"Book club"`) + "]")
	want(t, sam.next(), ".updates[0].channel_id", "3002")
}

func TestReadHistory(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	other := l.as("@sam")
	before := sam.do("messages.getPeerDialogs [@alice]")
	want(t, before, ".dialogs[0].unread_count", "2")
	unread := at(t, before, ".state.unread_count").AsInt()

	top, theirs := sam.top("@alice"), alice.top("@sam")
	prior := show(at(t, sam.do("messages.getHistory @alice limit=2"), ".messages[1].id"))
	want(t, sam.do("messages.readHistory @alice max_id="+prior), ".pts_count", "1")
	alice.next()
	want(t, other.next(), ".updates[0].still_unread_count", "1", ".updates[0].max_id", prior)
	want(t, sam.do("messages.readHistory @alice max_id=0"), ".pts_count", "1")
	want(t, alice.next(), ".updates[0].max_id", theirs, ".updates[0].peer.user_id", "1001", ".updates[0].pts_count", "1")
	want(t, other.next(), ".updates[0].still_unread_count", "0", ".updates[0].max_id", top, ".updates[0].peer.user_id", "1002")
	want(t, sam.do("messages.readHistory @alice max_id=0"), ".pts_count", "0")
	want(t, sam.do("messages.readHistory @alice max_id=1"), ".pts_count", "0")
	want(t, sam.do("messages.getPeerDialogs [@alice]"), ".dialogs[0].unread_count", "0", ".dialogs[0].read_inbox_max_id", top)
	want(t, alice.do("messages.getPeerDialogs [@sam]"), ".dialogs[0].read_outbox_max_id", theirs)
	if got := at(t, sam.do("updates.getState"), ".unread_count").AsInt(); got != unread-2 {
		t.Errorf("unread: want %d, got %d", unread-2, got)
	}
	want(t, sam.do("messages.readHistory @erin max_id=0"), ".pts_count", "0")
	sam.fails("messages.readHistory @harbour_news max_id=0", "400 PEER_ID_INVALID")
	sam.fails("messages.readHistory @alice! max_id=0", "400 PEER_ID_INVALID")

	// What one writes oneself does not make it unread; what comes in does.
	sam.do("messages.sendMessage peer=@alice message=ok")
	want(t, sam.do("messages.getPeerDialogs [@alice]"), ".dialogs[0].unread_count", "0")
	alice.do("messages.sendMessage peer=@sam message=good")
	want(t, sam.do("messages.getPeerDialogs [@alice]"), ".dialogs[0].unread_count", "1")
}

func TestChannelsReadHistory(t *testing.T) {
	l := newLab(t, Config{})
	sam, other, dave := l.as("@sam"), l.as("@sam"), l.as("@dave_builds")
	want(t, sam.do("messages.getPeerDialogs [@harbour_news]"), ".dialogs[0].unread_count", "2")
	want(t, sam.do("channels.readHistory @harbour_news max_id=0"), "", "true")
	want(t, other.next(), ".updates[0].channel_id", "3001", ".updates[0].still_unread_count", "0")
	want(t, sam.do("messages.getPeerDialogs [@harbour_news]"), ".dialogs[0].unread_count", "0")
	want(t, sam.do("channels.readHistory @harbour_news max_id=1"), "", "true")
	sam.fails("channels.readHistory @harbour_news! max_id=0", "400 CHANNEL_INVALID")
	dave.fails("channels.readHistory @harbour_news max_id=0", "400 CHANNEL_PRIVATE")
	dave.fails(`channels.readHistory inputChannelFromMessage(@sam 1 3001) max_id=0`, "400 CHANNEL_INVALID")
}
