package sandbox

import (
	"testing"
)

// saved is the world as a fixture; it checks that loading it and saving it
// again gives the same.
func (l *lab) saved() string {
	l.t.Helper()
	var first, second sink
	if err := l.Save(&first); err != nil {
		l.t.Fatal(err)
	}
	again, err := New(Config{World: string(first), Now: l.clock.now})
	if err != nil {
		l.t.Fatalf("%v\n%s", err, first)
	}
	if again.Save(&second); string(first) != string(second) {
		l.t.Errorf("saved:\n%s\nsaved again:\n%s", first, second)
	}
	return string(first)
}

// reborn is a lab with the world that this one saves.
func (l *lab) reborn() *lab {
	l.t.Helper()
	next := newLab(l.t, Config{World: l.saved()})
	return next
}

func TestPins(t *testing.T) {
	l := newLab(t, Config{World: village + "pin 5\npin 7 @sam\npin 82\n"})
	sam, alice, bob := l.as("@sam"), l.as("@alice"), l.as("@bob")
	pins := func(c *client, with string) string {
		n := ""
		for _, m := range at(t, c.do("messages.getHistory "+with), ".messages").Vector().Items {
			if m.Object().At("pinned").AsBool() {
				n += " " + show(m.Object().At("id"))
			}
		}
		return n
	}
	if a, b, ch := pins(sam, "@alice"), pins(alice, "@sam"), pins(bob, "@harbour_news"); len(a) < 4 || b == "" || ch != " 3" {
		t.Errorf("of the fixture: %q %q %q", a, b, ch)
	}
	// For both, with a service message.
	id := sam.top("@alice")
	want(t, sam.do("messages.unpinAllMessages @alice"), ".pts_count", "2")
	want(t, alice.next(), ".updates[0].messages", "[12]", ".updates[0].pinned", "false")
	res := sam.do("messages.updatePinnedMessage peer=@alice id=" + id)
	want(t, res, ".updates[0].messages", "["+id+"]", ".updates[0].pinned", "true", ".updates[1].message.action", "messageActionPinMessage()",
		".updates[1].message.reply_to.reply_to_msg_id", id)
	want(t, alice.next(), ".updates[0].peer.user_id", "1001", ".updates[0].pinned", "true")
	want(t, alice.next(), ".updates[0].message.action", "messageActionPinMessage()")
	if pins(alice, "@sam") == "" {
		t.Error("Alice does not see the pin")
	}
	sam.fails("messages.updatePinnedMessage peer=@alice id="+id, "400 CHAT_NOT_MODIFIED")
	sam.fails("messages.updatePinnedMessage peer=@alice id=9999", "400 MESSAGE_ID_INVALID")
	sam.fails("messages.updatePinnedMessage peer=@harbour_news id=2", "400 CHAT_ADMIN_REQUIRED")
	sam.fails("messages.unpinAllMessages @harbour_news", "400 CHAT_ADMIN_REQUIRED")
	// For oneself: nobody else is told.
	sam.do("messages.updatePinnedMessage peer=@bob pm_oneside=true id=" + sam.top("@bob"))
	bob.quiet()
	// In a channel, for all.
	alice.do("messages.updatePinnedMessage peer=@harbour_news silent=true id=2")
	want(t, bob.next(), ".updates[0].channel_id", "3001", ".updates[0].messages", "[2]")
	want(t, bob.next(), ".updates[0].message.silent", "true")
	again := l.reborn()
	for _, with := range []string{"@alice", "@bob", "@harbour_news"} {
		if a, b := pins(sam, with), pins(again.as("@sam"), with); a != b || a == "" {
			t.Errorf("%s: pinned %q, after saving %q", with, a, b)
		}
	}
	// What is deleted is not pinned.
	sam.do("messages.deleteMessages id=[" + id + "] revoke=true")
	if p := pins(alice, "@sam"); p != "" {
		t.Errorf("still pinned: %s", p)
	}
	sam.do("messages.updatePinnedMessage peer=@alice unpin=false id=" + sam.lastText("@alice"))
	want(t, sam.do("messages.updatePinnedMessage peer=@alice unpin=true id="+sam.lastText("@alice")), ".updates[0].pinned", "false")
}

// lastText is the id of the newest message that is no service message.
func (c *client) lastText(with string) string {
	c.lab.t.Helper()
	for _, m := range at(c.lab.t, c.do("messages.getHistory "+with), ".messages").Vector().Items {
		if m.Object().Is("message") {
			return show(m.Object().At("id"))
		}
	}
	c.lab.t.Fatalf("no message with %s", with)
	return ""
}

func TestDrafts(t *testing.T) {
	l := newLab(t, Config{World: village + `draft @sam @carol draftMessage(date=2026-03-06T10:00 message="Thank" reply_to=inputReplyToMessage(reply_to_msg_id=3 reply_to_peer_id=@alice))` + "\n"})
	sam, other := l.as("@sam"), l.as("@sam")
	want(t, sam.do("messages.getAllDrafts"), ".updates[0].draft.message", `"Thank"`, ".updates[0].peer.user_id", "1004")
	sam.do(`messages.saveDraft peer=@alice message="Yes, and" entities=[messageEntityBold(0 3)]`)
	want(t, other.next(), ".updates[0].peer.user_id", "1002", ".updates[0].draft.message", `"Yes, and"`)
	want(t, sam.do("messages.getPeerDialogs [@alice]"), ".dialogs[0].draft.entities[0].length", "3")
	want(t, l.reborn().as("@sam").do("messages.getAllDrafts"), ".updates[0].draft.message", `"Yes, and"`, ".updates[1].draft.reply_to.reply_to_msg_id", "3")
	sam.do("messages.sendMessage peer=@alice message=hi clear_draft=true")
	for range 2 {
		u := at(t, other.next(), ".updates[0]")
		if u.Object().Is("updateDraftMessage") {
			want(t, u, ".draft.date", "1772820000")
		}
	}
	sam.do(`messages.saveDraft peer=@bob message="a"`)
	sam.do(`messages.saveDraft peer=@bob message=""`)
	want(t, sam.do("messages.getAllDrafts"), ".updates[0].peer.user_id", "1004")
	sam.do("messages.clearAllDrafts")
	want(t, sam.do("messages.getAllDrafts"), ".updates", "[]")
	sam.fails(`messages.saveDraft peer=@bob message="a" entities=[messageEntityBold(0 3)]`, "400 ENTITY_BOUNDS_INVALID")
	sam.fails(`messages.saveDraft peer=@bob message="a" entities=[inputMessageEntityMentionName(0 1 @bob!)]`, "400 ENTITY_MENTION_USER_INVALID")
	sam.fails(`messages.saveDraft peer=@bob message="`+long(4097)+`"`, "400 MESSAGE_TOO_LONG")
	sam.fails(`messages.saveDraft peer=@bob message="a" entities=[`+repeat("messageEntityBold(0 1) ", 101)+`]`, "400 ENTITIES_TOO_LONG")
	sam.fails(`messages.saveDraft peer=@bob! message="a"`, "400 PEER_ID_INVALID")
}
