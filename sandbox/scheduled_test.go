package sandbox

import (
	"fmt"
	"testing"
	"time"
)

func TestScheduled(t *testing.T) {
	l := newLab(t, Config{World: village + `schedule @sam @alice message(id=4 peer_id=@alice date=2026-03-06T20:00 message="Good night") 8` + "\n"})
	sam, other, alice := l.as("@sam"), l.as("@sam"), l.as("@alice")
	at19 := start.Add(time.Hour).Unix()
	res := sam.do(fmt.Sprintf("messages.sendMessage peer=@alice message=Later clear_draft=true schedule_date=%d", at19))
	want(t, res, ".updates[0].id", "5", ".updates[1].message.message", `"Later"`, ".updates[1].message.date", "1772823600")
	want(t, other.next(), ".updates[0].message.id", "5")
	alice.quiet()
	v := sam.do("messages.getScheduledHistory peer=@alice hash=0")
	want(t, v, ".messages[0].message", `"Good night"`, ".messages[1].message", `"Later"`)
	var sum hashOf
	for _, m := range at(t, v, ".messages").Vector().Items {
		sum.add(m.Object().At("id").AsLong(), 0, m.Object().At("date").AsLong())
	}
	want(t, sam.do(fmt.Sprintf("messages.getScheduledHistory peer=@alice hash=%d", int64(sum))), "", "messages.messagesNotModified(count=2)")
	want(t, l.reborn().as("@sam").do("messages.getScheduledMessages peer=@alice id=[5 9]"), ".messages[0].message", `"Later"`)

	// With whatever is asked next.
	l.clock.add(time.Hour)
	alice.do("help.getNearestDc")
	want(t, alice.next(), ".updates[0].message.message", `"Later"`, ".updates[0].message.from_scheduled", "true", ".updates[0].message.date", "1772823600")
	want(t, other.next(), ".updates[0].message.message", `"Later"`)
	want(t, other.next(), ".updates[0].messages", "[5]", ".updates[0].sent_messages", "["+sam.top("@alice")+"]")

	res = sam.do("messages.sendScheduledMessages peer=@alice id=[4]")
	want(t, res, ".updates[0].message.message", `"Good night"`, ".updates[1].messages", "[4]")
	if !at(t, res, ".updates[0].message").Object().Is("message") || at(t, res, ".updates[0].message.reply_to.reply_to_msg_id").AsInt() == 0 {
		t.Errorf("the answer was lost: %s", show(res))
	}
	want(t, alice.next(), ".updates[0].message.message", `"Good night"`)
	sam.fails("messages.sendScheduledMessages peer=@alice id=[4]", "400 MESSAGE_ID_INVALID")
	sam.do(fmt.Sprintf("messages.sendMedia peer=me message=x media=inputMediaGeoPoint(inputGeoPoint(lat=1 long=2)) schedule_date=%d", at19+7200))
	want(t, sam.do("messages.deleteScheduledMessages peer=me id=[1 2]"), ".updates[0].messages", "[1]")
	want(t, sam.do("messages.getScheduledHistory peer=me hash=0"), ".messages", "[]")

	const far = " schedule_date=1900000000"
	sam.fails("messages.sendMedia peer=me message=x media=inputMediaGeoPoint(inputGeoPoint(lat=1 long=2))"+far, "400 SCHEDULE_DATE_TOO_LATE")
	for range maxScheduled {
		sam.do(fmt.Sprintf("messages.sendMessage peer=@bob message=x schedule_date=%d", at19+7200))
	}
	sam.fails(fmt.Sprintf("messages.sendMessage peer=@bob message=x schedule_date=%d", at19+7200), "400 SCHEDULE_TOO_MUCH")
	sam.fails(fmt.Sprintf("messages.sendMedia peer=@bob message=x schedule_date=%d media=inputMediaGeoPoint(inputGeoPoint(lat=1 long=2))", at19+7200), "400 SCHEDULE_TOO_MUCH")
	forward := "messages.forwardMessages from_peer=@alice id=[" + sam.top("@alice") + "] to_peer="
	sam.fails(forward+"@bob"+far, "400 SCHEDULE_DATE_TOO_LATE")
	sam.fails(fmt.Sprintf(forward+"@bob schedule_date=%d", at19+7200), "400 SCHEDULE_TOO_MUCH")
	want(t, sam.do(fmt.Sprintf(forward+"@carol schedule_date=%d", at19+7200)), ".updates[1].message.fwd_from.from_id", "peerUser(user_id=1001)",
		".updates[1].message.date", fmt.Sprint(at19+7200))
	l.roundTrip()
	carol := l.as("@carol")
	l.clock.add(2 * time.Hour)
	carol.do("help.getNearestDc")
	want(t, carol.next(), ".updates[0].message.from_scheduled", "true", ".updates[0].message.fwd_from.from_id", "peerUser(user_id=1001)")
	at19 += 7200
	// What is nearly now is sent now.
	want(t, sam.do(fmt.Sprintf("messages.sendMessage peer=@carol message=x schedule_date=%d", at19+5)), ".out", "true")
}
