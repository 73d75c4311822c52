package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tlsh/tl"
)

func TestGetDifference(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	state := sam.do("updates.getState")
	pts := at(t, state, ".pts").AsInt()
	diff := func(pts int32, more string) tl.Value {
		return sam.do(fmt.Sprintf("updates.getDifference pts=%d date=1 qts=0%s", pts, more))
	}
	if v := diff(pts, ""); !v.Object().Is("updates.differenceEmpty") {
		t.Fatalf("nothing has happened, got %s", show(v))
	}
	alice.do("messages.sendMessage peer=@sam message=one")
	alice.do("messages.sendMessage peer=@sam message=two")
	alice.do("messages.sendMessage peer=@sam message=three")
	alice.do("messages.editMessage peer=@sam id=" + alice.top("@sam") + " message=drei")
	gone := at(t, alice.do("messages.getHistory @sam limit=2"), ".messages[1].id")
	alice.do("messages.deleteMessages revoke=true id=[" + show(gone) + "]")
	sam.do("messages.readHistory @alice max_id=0")

	v := diff(pts, "")
	want(t, v, ".new_messages[0].message", `"one"`, ".new_messages[1].message", `"drei"`, ".other_updates[0].message.message", `"drei"`,
		".other_updates[1].pts_count", "1", ".other_updates[2].still_unread_count", "0", ".state.pts", fmt.Sprint(pts+6))
	part := diff(pts, " pts_limit=4")
	want(t, part, ".intermediate_state.pts", fmt.Sprint(pts+4), ".other_updates[0].message.message", `"drei"`)
	rest := diff(pts+4, "")
	want(t, rest, ".state.pts", fmt.Sprint(pts+6), ".new_messages", "[]")
	want(t, diff(pts, " pts_total_limit=3"), "", fmt.Sprintf("updates.differenceTooLong(pts=%d)", pts+6))
	want(t, diff(1, ""), "", fmt.Sprintf("updates.differenceTooLong(pts=%d)", pts+6))
	sam.fails("updates.getDifference pts=0 date=1 qts=0", "400 PERSISTENT_TIMESTAMP_EMPTY")
	sam.fails("updates.getDifference pts=-1 date=1 qts=0", "400 PERSISTENT_TIMESTAMP_INVALID")
	sam.fails("updates.getDifference pts=99999 date=1 qts=0", "400 PERSISTENT_TIMESTAMP_INVALID")
	sam.fails(fmt.Sprintf("updates.getDifference pts=%d date=0 qts=0", pts), "400 DATE_EMPTY")
}

func TestGetChannelDifference(t *testing.T) {
	l := newLab(t, Config{})
	sam, carol := l.as("@sam"), l.as("@carol")
	diff := func(pts int32) tl.Value {
		return sam.do(fmt.Sprintf("updates.getChannelDifference channel=@harbour_news filter=channelMessagesFilterEmpty pts=%d limit=2", pts))
	}
	want(t, diff(5), "", "updates.channelDifferenceEmpty(final=true pts=5)")
	carol.do("messages.sendMessage peer=@harbour_news message=one")
	carol.do("messages.sendMessage peer=@harbour_news message=two")
	carol.do("messages.editMessage peer=@harbour_news id=" + carol.top("@harbour_news") + " message=zwei")
	want(t, diff(5), ".pts", "7", ".final", "false", ".new_messages[1].message", `"zwei"`)
	want(t, diff(7), ".pts", "8", ".final", "true", ".other_updates[0].message.message", `"zwei"`)
	want(t, diff(1), ".dialog.pts", "8", ".messages[0].message", `"zwei"`)
	for _, c := range [][2]string{
		{"channel=@harbour_news filter=channelMessagesFilterEmpty pts=0 limit=1", "400 PERSISTENT_TIMESTAMP_EMPTY"},
		{"channel=@harbour_news filter=channelMessagesFilterEmpty pts=9 limit=1", "400 PERSISTENT_TIMESTAMP_INVALID"},
		{"channel=@harbour_news! filter=channelMessagesFilterEmpty pts=1 limit=1", "400 CHANNEL_INVALID"},
		{"channel=@harbour_news filter=channelMessagesFilter([messageRange(1 2)]) pts=1 limit=1", "400 RANGES_INVALID"},
	} {
		sam.fails("updates.getChannelDifference "+c[0], c[1])
	}
}

// TestForgottenChanges: a box remembers the latest changes only.
func TestForgottenChanges(t *testing.T) {
	b := &box{}
	for range maxLog + 1 {
		b.change(event{}, 1)
	}
	if _, ok := b.missed(0); ok {
		t.Error("the first change should be forgotten")
	}
	ev, ok := b.missed(b.since)
	if !ok || len(ev) != int(b.pts-b.since) || ev[0].pts != b.since+1 {
		t.Errorf("after pts %d: %d changes, %v", b.since, len(ev), ok)
	}
	if ev, ok := b.missed(b.pts); !ok || len(ev) != 0 {
		t.Errorf("nothing is missed after the last, got %d, %v", len(ev), ok)
	}
}

// account is what a client makes of the updates that it sees.
type account struct {
	pts    int32
	missed map[int32][]tl.Value // by the pts before them
	texts  map[int32]string
}

func (a *account) take(v tl.Value) {
	list := v.Object().At("updates").Vector().Items
	for _, u := range list {
		if n := u.Object().At("pts_count"); !n.IsNone() && u.Object().At("channel_id").IsNone() && peerOf(u.Object().At("message").Object().At("peer_id")).kind != channelPeer {
			before := u.Object().At("pts").AsInt() - n.AsInt()
			a.missed[before] = append(a.missed[before], u)
		}
	}
	for {
		us := a.missed[a.pts]
		if len(us) == 0 {
			return
		}
		delete(a.missed, a.pts)
		for _, u := range us {
			o := u.Object()
			a.pts = o.At("pts").AsInt()
			switch o.Def().Name {
			case "updateNewMessage", "updateEditMessage":
				m := o.At("message").Object()
				a.texts[m.At("id").AsInt()] = m.At("message").AsString()
			case "updateDeleteMessages":
				for _, id := range o.At("messages").Vector().Items {
					delete(a.texts, id.AsInt())
				}
			}
		}
	}
}

// TestSessionsAgree lets people do random things and watches from a second
// session of each: what it makes of its updates alone is what it then reads.
func TestSessionsAgree(t *testing.T) {
	l := newLab(t, Config{})
	rnd := rand.New(rand.NewPCG(1, 2))
	names := []string{"@sam", "@alice", "@bob"}
	var doers, watchers []*client
	var accounts []*account
	for _, n := range names {
		doers, watchers = append(doers, l.as(n)), append(watchers, l.as(n))
		w := watchers[len(watchers)-1]
		accounts = append(accounts, &account{pts: at(t, w.do("updates.getState"), ".pts").AsInt(), missed: map[int32][]tl.Value{}, texts: map[int32]string{}})
	}
	peers := append([]string{`"Sunday hikers"`, "me"}, names...)
	for i := range 400 {
		c := doers[rnd.IntN(len(doers))]
		p := peers[rnd.IntN(len(peers))]
		var ids []string
		for _, m := range at(t, c.do("messages.getHistory "+p+" limit=6"), ".messages").Vector().Items {
			ids = append(ids, show(m.Object().At("id")))
		}
		line := fmt.Sprintf("messages.sendMessage peer=%s message=m%d", p, i)
		if len(ids) > 0 {
			id := ids[rnd.IntN(len(ids))]
			line = []string{line, line,
				fmt.Sprintf("messages.editMessage peer=%s id=%s message=e%d", p, id, i),
				fmt.Sprintf("messages.deleteMessages id=[%s] revoke=%t", id, rnd.IntN(2) == 0),
				fmt.Sprintf("messages.forwardMessages from_peer=%s id=[%s] to_peer=%s", p, id, peers[rnd.IntN(len(peers))]),
				fmt.Sprintf("messages.readHistory %s max_id=%s", p, id),
			}[rnd.IntN(6)]
		}
		c.call(line)
		l.clock.add(time.Second)
	}
	for i, w := range watchers {
		a := accounts[i]
		state := at(t, w.do("updates.getState"), ".pts").AsInt()
		for a.pts < state {
			a.take(w.next())
		}
		if a.pts != state || len(a.missed) > 0 {
			t.Errorf("%s: pts %d, and the state is %d", names[i], a.pts, state)
		}
		have := map[int32]string{}
		for _, p := range peers {
			for offset := "0"; ; {
				ms := at(t, w.do("messages.getHistory "+p+" limit=100 offset_id="+offset), ".messages").Vector().Items
				for _, m := range ms {
					have[m.Object().At("id").AsInt()] = m.Object().At("message").AsString()
					offset = show(m.Object().At("id"))
				}
				if len(ms) == 0 {
					break
				}
			}
		}
		for id, text := range a.texts {
			if have[id] != text {
				t.Errorf("%s: message %d: the updates say %q, the history %q", names[i], id, text, have[id])
			}
		}
		if len(a.texts) < 20 {
			t.Errorf("%s saw %d messages: too few to mean anything", names[i], len(a.texts))
		}
	}
}

// TestSavedWorld: what was saved is read back into a world that answers the
// same and saves the same.
func TestSavedWorld(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice, carol := l.as("@sam"), l.as("@alice"), l.as("@carol")
	sam.do(`messages.sendMessage peer=@alice message="a \"quote\", a\nnewline" entities=[messageEntityTextUrl(0 3 "https://x.example")]`)
	top := alice.top("@sam")
	alice.do("messages.sendMessage peer=@sam message=answer reply_to=inputReplyToMessage(reply_to_msg_id=" + top + ")")
	alice.do("messages.deleteMessages id=[" + top + "]")
	sam.do("messages.editMessage peer=@alice id=" + show(at(t, sam.do("messages.getHistory @alice limit=2"), ".messages[1].id")) + " message=edited")
	carol.do("messages.sendMessage peer=@harbour_news message=post")
	sam.do("messages.deleteMessages id=[" + sam.top("me") + "]")
	sam.do("messages.readHistory @alice max_id=0")

	var first, second sink
	if err := l.Save(&first); err != nil {
		t.Fatal(err)
	}
	m := newLab(t, Config{World: string(first), WorldFile: "saved"})
	m.clock.t = l.clock.now()
	if err := m.Save(&second); err != nil {
		t.Fatal(err)
	}
	if string(first) != string(second) {
		t.Errorf("saved:\n%s\nsaved again:\n%s", first, second)
	}
	for _, name := range []string{"@sam", "@alice", "@carol"} {
		a, b := l.as(name), m.as(name)
		for _, line := range []string{
			"messages.getDialogs offset_peer=inputPeerEmpty", "updates.getState", "contacts.getContacts",
			`messages.getHistory "Sunday hikers"`, "messages.getHistory @harbour_news", "messages.getHistory me",
			"messages.getHistory @sam", "messages.getHistory @alice", "users.getFullUser @alice",
			"channels.getFullChannel @harbour_news", "messages.getFullChat 2001",
		} {
			x, y := a.do(line), b.do(line)
			if show(x) != show(y) {
				t.Errorf("%s, %s:\n%s\n%s", name, line, show(x), show(y))
			}
		}
	}
	// Ids go on from where they were: the newest note is deleted, and its id
	// not given again.
	x := at(t, sam.do("messages.sendMessage peer=@alice message=x"), ".id").AsInt()
	if y := at(t, m.as("@sam").do("messages.sendMessage peer=@alice message=x"), ".id").AsInt(); x != y {
		t.Errorf("the next id is %d there and %d here", x, y)
	}
}

type sink []byte

func (s *sink) Write(b []byte) (int, error) { *s = slices.Concat(*s, b); return len(b), nil }
