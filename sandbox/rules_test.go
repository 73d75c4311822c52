package sandbox

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// floodLab has a clock by which clients would sleep.
func floodLab(t *testing.T) (*lab, *clock) {
	l := newLab(t, Config{})
	c := &clock{t: start}
	l.mu.Lock()
	l.rules.now = c.now
	l.mu.Unlock()
	return l, c
}

func TestFlood(t *testing.T) {
	l, clock := floodLab(t)
	sam, alice := l.as("@sam"), l.as("@alice")
	const dc = "help.getNearestDc"
	l.command("flood", "5s", dc)
	sam.fails(dc, "420 FLOOD_WAIT_5")
	clock.add(1500 * time.Millisecond)
	sam.fails(dc, "420 FLOOD_WAIT_4")
	alice.fails(dc, "420 FLOOD_WAIT_5") // everybody waits for themselves
	sam.do("updates.getState")          // another method
	l.command("latency", "1ms")         // another knob: the wait goes on
	sam.fails(dc, "420 FLOOD_WAIT_4")
	clock.add(3500 * time.Millisecond)
	sam.do(dc)
	sam.fails(dc, "420 FLOOD_WAIT_5")
	l.command("flood", "off")
	sam.do(dc)

	l.command("flood", "3/"+dc+"/every/3")
	sam.do(dc)
	sam.do(dc)
	sam.fails(dc, "420 FLOOD_WAIT_3")
	clock.add(3 * time.Second)
	for range 3 {
		sam.do(dc)
	}
	sam.fails(dc, "420 FLOOD_WAIT_3")

	l.command("flood", "2", "once", dc) // in place of the other rule
	sam.fails(dc, "420 FLOOD_WAIT_2")
	clock.add(2 * time.Second)
	for range 5 {
		sam.do(dc)
	}
	l.command("flood", "1m")
	sam.fails("updates.getState", "420 FLOOD_WAIT_60")
}

// TestFloodExecutesNothing: what was refused was not done, and its random_id is
// still good.
func TestFloodExecutesNothing(t *testing.T) {
	l, clock := floodLab(t)
	sam := l.as("@sam")
	l.command("flood", "1s", "messages.sendMessage")
	const send = "messages.sendMessage peer=@alice message=hi random_id=77"
	sam.fails(send, "420 FLOOD_WAIT_1")
	clock.add(time.Second)
	sam.do(send)
	if got := l.outcomes("messages.sendMessage"); !slices.Equal(got, []string{"420 FLOOD_WAIT_1", "ok"}) {
		t.Errorf("the ledger says %v", got)
	}
}

func TestFail(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	const dc = "help.getNearestDc"
	l.command("fail")
	l.command("fail", dc)
	sam.fails(dc, "500 INTERNAL_SERVER_ERROR")
	sam.fails(dc, "500 INTERNAL_SERVER_ERROR")
	l.command("fail", "-503", dc, "every", "2")
	sam.do(dc)
	sam.fails(dc, "-503 Timeout")
	l.command("fail", "403", "CHAT_WRITE_FORBIDDEN", dc, "once")
	sam.fails(dc, "403 CHAT_WRITE_FORBIDDEN")
	sam.do(dc)
	l.command("fail", "off")

	// An error, and yet it is done.
	const send = "messages.sendMessage peer=@alice message=hi random_id=77"
	l.command("fail", "messages.sendMessage", "executed", "once")
	sam.fails(send, "500 INTERNAL_SERVER_ERROR")
	sam.fails(send, "500 RANDOM_ID_DUPLICATE")
	var done []bool
	for _, e := range l.Ledger() {
		if e.Method == "messages.sendMessage" {
			done = append(done, e.Executed)
		}
	}
	if !slices.Equal(done, []bool{true, false}) {
		t.Errorf("executed: %v", done)
	}
}

func TestSlowMode(t *testing.T) {
	l, clock := floodLab(t)
	sam, erin, alice := l.as("@sam"), l.as("@erin"), l.as("@alice")
	l.command("slowmode", "10s", "Book club")
	n := 100
	send := func() string {
		n++
		return fmt.Sprintf(`messages.sendMessage peer="Book club" message=hi random_id=%d`, n)
	}
	sam.do(send())
	clock.add(3500 * time.Millisecond)
	sam.fails(send(), "420 SLOWMODE_WAIT_7")
	ids := []string{}
	for i := range 2 {
		ids = append(ids, show(at(t, sam.do("messages.getHistory @alice limit=2"), fmt.Sprintf(".messages[%d].id", i))))
	}
	sam.fails(fmt.Sprintf(`messages.forwardMessages from_peer=@alice id=%v to_peer="Book club"`, ids), "400 SLOWMODE_MULTI_MSGS_DISABLED")
	for _, admin := range []*client{erin, alice} { // the creator and an admin
		admin.do(send())
		admin.do(send())
	}
	sam.do("messages.sendMessage peer=@alice message=hi")
	full := sam.do(`channels.getFullChannel "Book club"`)
	want(t, full, ".full_chat.slowmode_seconds", "10", ".full_chat.slowmode_next_send_date", "1772820007", ".chats[0].slowmode_enabled", "true")
	clock.add(6500 * time.Millisecond)
	sam.do(send())
	l.command("slowmode", "off")
	sam.do(send())
	l.command("slowmode", "5")
	sam.fails(send(), "420 SLOWMODE_WAIT_5")
}
