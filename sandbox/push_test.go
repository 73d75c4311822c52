package sandbox

import (
	"fmt"
	"testing"
	"time"

	"tlsh/tl"
)

// act does something in the world as one of the people, with no session.
func (l *lab) act(who string, do func(c *call)) {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.world.lookup(who)
	if err != nil {
		l.t.Fatal(err)
	}
	do(l.actor(p))
}

// renamed is a lasting update without pts about somebody.
func renamed(c *call, who int64, name string) func(viewer) []tl.Value {
	return func(v viewer) []tl.Value {
		return []tl.Value{v.new("updateUserName").With("user_id", tl.Long(who)).With("first_name", tl.String(name)).
			With("last_name", tl.String("")).With("usernames", v.vector("Username", nil)).Value()}
	}
}

// TestPush: what lasts and has no pts is counted by seq for each
// authorization, and told again by getDifference, in order and each once.
func TestPush(t *testing.T) {
	l := newLab(t, Config{})
	sam, phone, alice := l.as("@sam"), l.as("@sam"), l.as("@alice")
	state := sam.do("updates.getState")
	want(t, state, ".seq", "0", ".qts", "0")
	pts, date := at(t, state, ".pts").AsInt(), at(t, state, ".date").AsInt()
	l.clock.add(time.Minute)
	tell := func(name string) {
		l.act("@bob", func(c *call) { c.push(c.byID[1001], renamed(c, 1003, name)) })
	}
	tell("B")
	tell("Bo")
	tell("B")
	for i, name := range []string{"B", "Bo", "B"} {
		for _, c := range []*client{sam, phone} {
			want(t, c.next(), ".seq", fmt.Sprint(i+1), ".updates[0].first_name", `"`+name+`"`, ".users[0].id", "1003", ".date", fmt.Sprint(date+60))
		}
	}
	alice.quiet()
	diff := fmt.Sprintf("updates.getDifference pts=%d date=%d qts=0", pts, date)
	v := sam.do(diff)
	want(t, v, ".state.seq", "3", ".state.date", fmt.Sprint(date+60), ".other_updates[0].first_name", `"Bo"`, ".other_updates[1].first_name", `"B"`)
	if n := len(at(t, v, ".other_updates").Vector().Items); n != 2 {
		t.Errorf("want 2 updates, got %d", n)
	}
	want(t, sam.do(fmt.Sprintf("updates.getDifference pts=%d date=%d qts=0", pts, date+61)), "",
		"updates.differenceEmpty(date=2026-03-06T18:01:00 seq=3)")

	// The session that does it is not told, and its authorization does not count it.
	l.act("@carol", func(c *call) {
		c.post(c.draft(c.new("message").With("message", tl.String("x")), peer{channelPeer, 3001}))
	})
	sam.next()
	want(t, phone.next(), ".updates[0].message.message", `"x"`, ".seq", "0")
	sam.do(`channels.readHistory @harbour_news max_id=0`)
	want(t, phone.next(), ".seq", "4", ".updates[0].still_unread_count", "0")
	want(t, sam.do("updates.getState"), ".seq", "3")
	want(t, phone.do("updates.getState"), ".seq", "4")
}

// TestWhisper: what does not last is told once, to who listens.
func TestWhisper(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	state := sam.do("updates.getState")
	l.act("@bob", func(c *call) {
		c.whisper(c.byID[1001], func(v viewer) *tl.Object {
			return v.new("updateUserTyping").With("user_id", tl.Long(1003)).With("action", v.new("sendMessageTypingAction").Value())
		})
		c.whisperRoom(c.room[peer{chatPeer, 2001}], func(v viewer) *tl.Object {
			return v.new("updateChatUserTyping").With("chat_id", tl.Long(2001)).With("from_id", v.peerValue(c.me.peer)).
				With("action", v.new("sendMessageTypingAction").Value())
		})
	})
	want(t, sam.next(), "", "updateShort(update=updateUserTyping(user_id=1003 action=sendMessageTypingAction) date="+
		time.Unix(at(t, state, ".date").AsLong(), 0).UTC().Format(dateLayout)+")")
	want(t, sam.next(), ".update.chat_id", "2001")
	if v := sam.do(fmt.Sprintf("updates.getDifference pts=%s date=1 qts=0", show(at(t, state, ".pts")))); !v.Object().Is("updates.differenceEmpty") {
		t.Errorf("nothing should be left of it, got %s", show(v))
	}
}

// TestPushQts: what qts counts is told from its own log.
func TestPushQts(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	pts := show(at(t, sam.do("updates.getState"), ".pts"))
	for range 3 {
		l.act("@bob", func(c *call) {
			c.pushQts(c.byID[1001], func(v viewer) *tl.Object {
				return v.new("updateBotStopped").With("user_id", tl.Long(1003)).With("date", tl.Int(c.now)).With("stopped", tl.Bool(true))
			})
		})
	}
	want(t, sam.next(), ".updates[0].qts", "1")
	v := sam.do("updates.getDifference pts=" + pts + " date=1 qts=1")
	want(t, v, ".other_updates[0].qts", "2", ".other_updates[1].qts", "3", ".state.qts", "3")
	if v := sam.do("updates.getDifference pts=" + pts + " date=1 qts=3"); !v.Object().Is("updates.differenceEmpty") {
		t.Errorf("nothing is missed, got %s", show(v))
	}
	q := qtsLog{}
	for range maxNotes + 1 {
		q.last++
		q.add(nil)
	}
	if _, ok := q.since(0); ok {
		t.Error("the first should be forgotten")
	}
	if list, ok := q.since(maxNotes); !ok || len(list) != 1 {
		t.Errorf("one is missed, got %d, %v", len(list), ok)
	}
	if list, ok := q.since(maxNotes + 50); !ok || len(list) != 0 {
		t.Errorf("nothing is missed, got %d, %v", len(list), ok)
	}
}

// TestPushRoom: what all members of a room are told reaches those who were away,
// as it is to each of them, and nobody else.
func TestPushRoom(t *testing.T) {
	l := newLab(t, Config{})
	sam, dave := l.as("@sam"), l.as("@dave_builds")
	state := sam.do("updates.getState")
	l.clock.add(time.Minute)
	l.act("@alice", func(c *call) {
		c.pushRoom(c.room[peer{channelPeer, 3001}], func(v viewer) []tl.Value {
			return []tl.Value{v.new("updateUserName").With("user_id", tl.Long(v.me.id)).With("first_name", tl.String(v.me.name())).
				With("last_name", tl.String("")).With("usernames", v.vector("Username", nil)).Value()}
		})
	})
	want(t, sam.next(), ".seq", "1", ".updates[0].user_id", "1001")
	dave.quiet()
	v := sam.do("updates.getDifference pts=" + show(at(t, state, ".pts")) + " date=" + fmt.Sprint(at(t, state, ".date").AsInt()) + " qts=0")
	want(t, v, ".other_updates[0].user_id", "1001", ".state.seq", "1")
}

// TestForgottenNotes: who was away for too long begins anew.
func TestForgottenNotes(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	pts := show(at(t, sam.do("updates.getState"), ".pts"))
	l.act("@bob", func(c *call) {
		for i := range maxNotes + 1 {
			c.world.now = c.now + int32(i)
			c.push(c.byID[1001], renamed(c, 1003, "B"))
		}
	})
	if v := sam.do("updates.getDifference pts=" + pts + " date=1 qts=0"); !v.Object().Is("updates.differenceTooLong") {
		t.Errorf("want differenceTooLong, got %s", show(v))
	}
	want(t, sam.do(fmt.Sprintf("updates.getDifference pts=%s date=%d qts=0", pts, start.Unix()+maxNotes)), ".other_updates[0].first_name", `"B"`)
}

// TestChannelsChanged: getDifference says which channels have changed.
func TestChannelsChanged(t *testing.T) {
	l := newLab(t, Config{})
	sam, carol := l.as("@sam"), l.as("@carol")
	state := sam.do("updates.getState")
	l.clock.add(time.Minute)
	carol.do("messages.sendMessage peer=@harbour_news message=one")
	v := sam.do("updates.getDifference pts=" + show(at(t, state, ".pts")) + " date=" + fmt.Sprint(at(t, state, ".date").AsInt()) + " qts=0")
	full := sam.do("channels.getFullChannel @harbour_news")
	want(t, v, ".other_updates", "[updateChannelTooLong(channel_id=3001 pts="+show(at(t, full, ".full_chat.pts"))+")]", ".chats[0].id", "3001")
}

// TestGuests: who looks at a public channel hears of it for a while.
func TestGuests(t *testing.T) {
	l := newLab(t, Config{})
	dave, carol := l.as("@dave_builds"), l.as("@carol")
	look := "updates.getChannelDifference channel=@harbour_news filter=channelMessagesFilterEmpty pts=1 limit=10"
	dave.quiet()
	want(t, dave.do(look), ".timeout", fmt.Sprint(guestTime))
	dave.do(look)
	carol.do("messages.sendMessage peer=@harbour_news message=one")
	want(t, dave.next(), ".updates[0].message.message", `"one"`)
	l.clock.add((guestTime + 1) * time.Second)
	carol.do("messages.sendMessage peer=@harbour_news message=two")
	dave.quiet()
	if v := carol.do(look); !v.Object().At("timeout").IsNone() {
		t.Errorf("a member has no need to ask again: %s", show(v))
	}
}
