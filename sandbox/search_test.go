package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"tlsh/tl"
)

// texts are the texts of the messages of an answer, service messages as -.
func texts(t testing.TB, v tl.Value) string {
	t.Helper()
	var out []string
	for _, m := range at(t, v, ".messages").Vector().Items {
		if s := m.Object().At("message").AsString(); s != "" {
			out = append(out, strings.Fields(s)[0])
		} else {
			out = append(out, "-")
		}
	}
	return strings.Join(out, " ")
}

func TestSearch(t *testing.T) {
	l := newLab(t, Config{World: village + "pin 65\n"})
	sam := l.as("@sam")
	for _, c := range [][2]string{
		{`peer=@alice q="MAP"`, "Morning!"},
		{`peer=@alice q="sun eig"`, ""},
		{`peer=@alice q="eig bob"`, "Bob"},
		{`peer=@alice q=""`, "Bob Are Good The Yes. The Just Morning!"},
		{`peer=@alice q="" from_id=@sam`, "Good The Just"},
		{`peer=@alice q="" min_date=1772668800 max_date=1772755200`, "Good The"},
		{`peer="Sunday hikers" q="#walk"`, "This"},
		{`peer="Sunday hikers" q=walk`, "This Welcome,"},
		{`peer="Sunday hikers" q="" filter=inputMessagesFilterPinned`, "@carol"},
		{`peer=@carol q="" filter=inputMessagesFilterUrl`, "Paid"},
		{`peer=@bob q="" filter=inputMessagesFilterPhoneCalls`, "-"},
		{`peer=@bob q="" filter=inputMessagesFilterPhoneCalls(missed=true)`, ""},
		{`peer=@bob q="" filter=inputMessagesFilterPhotos`, ""},
		{`peer="Book club" q="" from_id=@alice`, "Chapter"},
		{`peer=me q="" saved_peer_id=me`, "Ferry Shopping:"},
		{`peer=inputPeerEmpty q="ferry"`, "Ferry"},
		{`peer=@harbour_news q=slip`, "Low"},
	} {
		line := "messages.search " + c[0]
		for name, value := range map[string]string{"filter": "inputMessagesFilterEmpty", "min_date": "0", "max_date": "0"} {
			if !strings.Contains(c[0], name+"=") {
				line += " " + name + "=" + value
			}
		}
		line += " offset_id=0 add_offset=0 limit=20 max_id=0 min_id=0 hash=0"
		if got := texts(t, sam.do(line)); got != c[1] {
			t.Errorf("%s: want %q, got %q", c[0], c[1], got)
		}
	}
	const rest = " filter=inputMessagesFilterEmpty min_date=0 max_date=0 offset_id=0 add_offset=0 max_id=0 min_id=0"
	page := sam.do("messages.search peer=@alice q=the limit=1 hash=0" + rest)
	want(t, page, ".count", "3")
	var sum hashOf
	sum.add(at(t, page, ".messages[0].id").AsLong(), at(t, page, ".messages[0].edit_date").AsLong())
	want(t, sam.do(fmt.Sprintf("messages.search peer=@alice q=the limit=1 hash=%d%s", int64(sum), rest)), "", "messages.messagesNotModified(count=3)")
	sam.fails("messages.search peer=inputPeerEmpty q=\"\" limit=1 hash=0"+rest, "400 SEARCH_QUERY_EMPTY")
	sam.fails("messages.search peer=@alice q=\"\" from_id=@bob! limit=1 hash=0"+rest, "400 FROM_PEER_INVALID")
	want(t, sam.do("messages.search peer=@alice q=map from_id=inputPeerEmpty limit=1 hash=0"+rest), ".messages[0].id", "16")
	sam.fails("messages.search peer=@alice! q=\"\" limit=1 hash=0"+rest, "400 PEER_ID_INVALID")

	want(t, sam.do("messages.getSearchCounters peer=\"Sunday hikers\" filters=[inputMessagesFilterPinned inputMessagesFilterEmpty]"), "[0].count", "1", "[1].count", "8")
}

func TestSearchGlobal(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	const rest = " filter=inputMessagesFilterEmpty min_date=0 max_date=0"
	v := sam.do("messages.searchGlobal q=ferry offset_rate=0 offset_peer=inputPeerEmpty offset_id=0 limit=1" + rest)
	want(t, v, ".count", "2", ".messages[0].peer_id.user_id", "1001")
	next := sam.do("messages.searchGlobal q=ferry offset_rate=" + show(at(t, v, ".next_rate")) + " offset_peer=me offset_id=" + show(at(t, v, ".messages[0].id")) + " limit=1" + rest)
	want(t, next, ".messages[0].peer_id.channel_id", "3001")
	if !next.Object().At("next_rate").IsNone() {
		t.Error("there is a page behind the last")
	}
	const first = " offset_rate=0 offset_peer=inputPeerEmpty offset_id=0 limit=10"
	for flags, n := range map[string]string{"broadcasts_only=true": "1", "groups_only=true": "0", "users_only=true": "1", "folder_id=1": "0"} {
		want(t, sam.do("messages.searchGlobal q=ferry "+flags+first+rest), ".count", n)
	}
	sam.fails("messages.searchGlobal q=\"\""+first+rest, "400 SEARCH_QUERY_EMPTY")
	sam.fails("messages.searchGlobal q=x folder_id=4"+first+rest, "400 FOLDER_ID_INVALID")
}

func TestSearchResults(t *testing.T) {
	l := newLab(t, Config{World: village + "pin 61\npin 64\npin 65\n"})
	sam := l.as("@sam")
	v := sam.do(`messages.getSearchResultsPositions peer="Sunday hikers" filter=inputMessagesFilterPinned offset_id=0 limit=2`)
	want(t, v, ".count", "3", ".positions[1].offset", "1")
	next := sam.do(`messages.getSearchResultsPositions peer="Sunday hikers" filter=inputMessagesFilterPinned limit=2 offset_id=` + show(at(t, v, ".positions[1].msg_id")))
	want(t, next, ".positions[0].offset", "2")
	v = sam.do(`messages.getSearchResultsCalendar peer="Sunday hikers" filter=inputMessagesFilterPinned offset_id=0 offset_date=0`)
	want(t, v, ".periods[0].count", "2", ".periods[1].count", "1", ".messages[1].message", `"Welcome, everybody. First walk next Sunday?"`)
	want(t, sam.do(`messages.getSearchResultsCalendar peer="Sunday hikers" filter=inputMessagesFilterPinned offset_id=0 offset_date=1769904000`), ".periods[0].count", "1")
	sam.fails(`messages.getSearchResultsPositions peer=@alice filter=inputMessagesFilterEmpty limit=2 offset_id=0`, "400 FILTER_NOT_SUPPORTED")
	sam.fails(`messages.getSearchResultsCalendar peer=@alice filter=inputMessagesFilterEmpty offset_date=0 offset_id=0`, "400 FILTER_NOT_SUPPORTED")
}

func TestSetTyping(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice, dave := l.as("@sam"), l.as("@alice"), l.as("@dave_builds")
	sam.do("messages.setTyping peer=@alice action=sendMessageTypingAction")
	want(t, alice.next(), ".update.user_id", "1001", ".update.action", "sendMessageTypingAction()")
	sam.do(`messages.setTyping peer="Sunday hikers" action=sendMessageTypingAction`)
	want(t, alice.next(), ".update.chat_id", "2001", ".update.from_id.user_id", "1001")
	sam.do(`messages.setTyping peer="Book club" action=sendMessageCancelAction`)
	want(t, dave.next(), ".update.channel_id", "3002")
	sam.do("messages.setTyping peer=@harbour_news action=sendMessageTypingAction")
	dave.fails("messages.setTyping peer=@harbour_news action=sendMessageTypingAction", "403 CHAT_WRITE_FORBIDDEN")
}

func TestReadDates(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	id := show(at(t, sam.do("messages.sendMessage peer=@alice message=hi"), ".id"))
	sam.fails("messages.getOutboxReadDate peer=@alice msg_id="+id, "400 MESSAGE_NOT_READ_YET")
	l.clock.add(5e9)
	alice.do("messages.readHistory peer=@sam max_id=0")
	want(t, sam.do("messages.getOutboxReadDate peer=@alice msg_id="+id), "", "outboxReadDate(date=2026-03-06T18:00:05)")
	want(t, l.reborn().as("@sam").do("messages.getOutboxReadDate peer=@alice msg_id="+id), "", "outboxReadDate(date=2026-03-06T18:00:00)")
	sam.fails("messages.getOutboxReadDate peer=@alice msg_id=9999", "400 MESSAGE_ID_INVALID")
	sam.fails("messages.getOutboxReadDate peer=@harbour_news msg_id=1", "400 PEER_ID_INVALID")

	sam.do(`messages.sendMessage peer="Book club" message=hi`)
	alice.do(`channels.readHistory "Book club" max_id=0`)
	top := sam.top(`"Book club"`)
	want(t, sam.do(`messages.getMessageReadParticipants peer="Book club" msg_id=`+top), "", "[readParticipantDate(user_id=1002 date=2026-03-06T18:00:05)]")
	sam.fails(`messages.getMessageReadParticipants peer="Book club" msg_id=999`, "400 MSG_ID_INVALID")
	sam.fails(`messages.getMessageReadParticipants peer="Book club" msg_id=2`, "400 MSG_TOO_OLD")
	l.clock.add(8 * 86400e9)
	sam.fails("messages.getOutboxReadDate peer=@alice msg_id="+id, "400 MESSAGE_TOO_OLD")
	var crowd strings.Builder
	for i := range 100 {
		fmt.Fprintf(&crowd, "user(id=%d first_name=x)\n", 5000+i)
	}
	crowd.WriteString(`members "Sunday hikers" [`)
	for i := range 100 {
		fmt.Fprintf(&crowd, " %d", 5000+i)
	}
	big := newLab(t, Config{World: village + crowd.String() + " ]\n"}).as("@sam")
	big.fails(`messages.getMessageReadParticipants peer="Sunday hikers" msg_id=`+big.top(`"Sunday hikers"`), "400 CHAT_TOO_BIG")
}

func TestViews(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	top := sam.top("@harbour_news")
	want(t, sam.do("messages.getMessagesViews peer=@harbour_news id=["+top+"] increment=true"), ".views[0].views", "132")
	want(t, sam.do("messages.getMessagesViews peer=@harbour_news id=["+top+" 999] increment=true"), ".views[0].views", "132", ".views[1]", "messageViews()")
	again := l.reborn().as("@sam")
	want(t, again.do("messages.getMessagesViews peer=@harbour_news id=["+top+"] increment=true"), ".views[0].views", "132")
	want(t, l.as("@bob").do("messages.getMessagesViews peer=@harbour_news id=["+top+"] increment=true"), ".views[0].views", "133")
}

func TestEditData(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	sam.do(`messages.sendMedia peer=@alice message="" media=inputMediaGeoPoint(inputGeoPoint(lat=1 long=2))`)
	want(t, sam.do("messages.getMessageEditData peer=@alice id="+sam.top("@alice")), ".caption", "true")
	sam.fails("messages.getMessageEditData peer=@alice id=9999", "400 MESSAGE_ID_INVALID")
	sam.fails("messages.getMessageEditData peer=@bob id="+show(at(t, sam.do("messages.getHistory @bob"), ".messages[-1].id")), "403 MESSAGE_AUTHOR_REQUIRED")
	sam.fails("messages.getMessageEditData peer=@bob id="+show(at(t, sam.do("messages.getHistory @bob"), ".messages[-2].id")), "400 MESSAGE_EDIT_TIME_EXPIRED")
}

func TestDeleteHistory(t *testing.T) {
	l := newLab(t, Config{})
	sam, bob, alice := l.as("@sam"), l.as("@bob"), l.as("@alice")
	want(t, sam.do("messages.deleteHistory peer=@bob max_id=0 min_date=1772390040 max_date=1772390040"), ".pts_count", "1", ".offset", "0")
	want(t, sam.do("messages.deleteHistory peer=@bob max_id=0 just_clear=true"), ".pts_count", "4")
	want(t, sam.do("messages.getHistory @bob"), ".messages", "[]")
	if v := bob.do("messages.getHistory @sam"); len(at(t, v, ".messages").Vector().Items) != 5 {
		t.Errorf("Bob lost his messages: %s", show(v))
	}
	sam.do("messages.deleteHistory peer=@alice max_id=0 revoke=true")
	want(t, alice.do("messages.getHistory @sam"), ".messages", "[]")
	sam.fails(`messages.deleteHistory peer="Sunday hikers" max_id=0 revoke=true`, "400 CHAT_ADMIN_REQUIRED")
	sam.fails(`messages.deleteHistory peer=me max_id=0 min_date=-1 max_date=0`, "400 MIN_DATE_INVALID")
	sam.fails(`messages.deleteHistory peer=me max_id=0 min_date=5 max_date=1`, "400 MAX_DATE_INVALID")
	sam.fails("messages.deleteHistory peer=@harbour_news max_id=0", "400 PEER_ID_INVALID")
}

// TestSentMedia: what one has sent oneself, each file once.
func TestSentMedia(t *testing.T) {
	l := newLab(t, Config{World: village + `
picture 71 2026-03-05T19:54 paint 17 64 64
picture 72 2026-03-05T19:54 paint 18 64 64
message(id=201 from_id=@sam peer_id=@bob date=2026-03-05T10:00 message="A gull" media=messageMediaPhoto(photo=photoEmpty(id=71)))
message(id=202 from_id=@sam peer_id="Sunday hikers" date=2026-03-05T11:00 message="The same gull" media=messageMediaPhoto(photo=photoEmpty(id=71)))
message(id=203 from_id=@sam peer_id="Book club" date=2026-03-05T12:00 message="A boat" media=messageMediaPhoto(photo=photoEmpty(id=72)))
message(id=204 from_id=@alice peer_id=@sam date=2026-03-05T13:00 message="Another gull" media=messageMediaPhoto(photo=photoEmpty(id=71)))
`})
	sam := l.as("@sam")
	res := sam.do(`messages.searchSentMedia q="" filter=inputMessagesFilterPhotos limit=10`)
	want(t, res, ".messages[0].message", `"A boat"`, ".messages[1].message", `"The same gull"`, ".messages[-1].message", `"The same gull"`)
	want(t, sam.do(`messages.searchSentMedia q=gull filter=inputMessagesFilterPhotoVideo limit=1`), ".messages[0].message", `"The same gull"`)
	sam.fails(`messages.searchSentMedia q="" filter=inputMessagesFilterUrl limit=10`, "400 FILTER_NOT_SUPPORTED")
	photo := at(t, res, ".messages[0].media.photo").Object()
	in := l.world.new("inputPhoto").With("id", photo.At("id")).With("access_hash", photo.At("access_hash")).With("file_reference", photo.At("file_reference"))
	want(t, sam.do("messages.getAttachedStickers media=inputStickeredMediaPhoto(id="+show(in.Value())+")"), "", "[]")
	sam.fails("messages.getAttachedStickers media=inputStickeredMediaPhoto(id=inputPhotoEmpty)", "400 MEDIA_EMPTY")
	sam.fails("messages.getAttachedStickers media=inputStickeredMediaDocument(id=inputDocumentEmpty)", "400 MEDIA_EMPTY")
}
