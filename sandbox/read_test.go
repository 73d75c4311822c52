package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tlsh/tl"
)

func ids(t *testing.T, v tl.Value) string {
	t.Helper()
	var out []string
	for _, m := range at(t, v, ".messages").Vector().Items {
		out = append(out, m.Object().At("message").AsString())
	}
	return strings.Join(out, " ")
}

// TestGetHistoryPages walks a chat of twenty messages that are a minute apart:
// the k-th says k.
func TestGetHistoryPages(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	id := map[int]string{}
	for k := 1; k <= 20; k++ {
		id[k] = show(at(t, sam.do(fmt.Sprintf("messages.sendMessage peer=@erin message=%d", k)), ".id"))
		l.clock.add(time.Minute)
	}
	for _, c := range [][2]string{
		{"limit=3", "20 19 18"},
		{"limit=0", "20 19 18 17 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1"},
		{"limit=3 offset_id=" + id[18], "17 16 15"},
		{"limit=3 offset_id=" + id[18] + " add_offset=2", "15 14 13"},
		{"limit=3 offset_id=" + id[18] + " add_offset=-1", "18 17 16"},
		{"limit=4 offset_id=" + id[18] + " add_offset=-4", "20 19 18"},
		{"limit=2 offset_id=" + id[18] + " add_offset=-3", "20 19"},
		{"limit=2 add_offset=19", "1"},
		{"limit=2 add_offset=25", ""},
		{"limit=2 add_offset=-5", ""},
		{"limit=3 max_id=" + id[5], "4 3 2"},
		{"limit=100 min_id=" + id[17], "20 19 18"},
		{"limit=100 min_id=" + id[17] + " max_id=" + id[20], "19 18"},
		{"limit=1 min_id=" + id[17] + " offset_id=" + id[20], "19"},
		{"limit=100 min_id=" + id[10] + " max_id=" + id[5], ""},
		{"limit=2 min_id=2147483647", ""},
		{"limit=2 offset_id=1", ""},
		{"limit=2 offset_id=2147483647", "20 19"},
		{"limit=2 offset_date=1772820120", "2 1"},
		{"limit=2 offset_date=1772820180", "3 2"},
		{"limit=2 offset_date=1", ""},
		{"limit=1 offset_date=2000000000", "20"},
		{"limit=2147483647 add_offset=2147483647", ""},
		{"limit=-1 max_id=-1 min_id=-5 add_offset=17", "3 2 1"},
	} {
		if got := ids(t, sam.do("messages.getHistory @erin "+c[0])); got != c[1] {
			t.Errorf("%s: want %q, got %q", c[0], c[1], got)
		}
	}
	want(t, sam.do("messages.getHistory @erin limit=2 offset_id="+id[18]), ".count", "20", ".offset_id_offset", "3")
	if v := sam.do("messages.getHistory @erin"); !v.Object().Is("messages.messages") {
		t.Errorf("a whole history is messages.messages, not %s", v.Object().Def().Name)
	}
	for range 100 {
		sam.do("messages.sendMessage peer=@erin message=more")
	}
	for _, limit := range []string{"0", "100", "101", "1000"} {
		if n := len(at(t, sam.do("messages.getHistory @erin limit="+limit), ".messages").Vector().Items); n != 100 {
			t.Errorf("limit=%s: %d messages", limit, n)
		}
	}
	// Who is no member may read a channel that has a username.
	want(t, l.as("@dave_builds").do("messages.getHistory @harbour_news limit=2"), ".count", "5", ".chats[0].left", "true")
	want(t, l.as("@alice").do("messages.getHistory @erin"), ".messages", "[]", ".users[0].first_name", `"Erin"`)
	want(t, sam.do("messages.getHistory @harbour_news limit=2"), ".count", "5", ".messages[1].views", "240", ".chats[0].left", "false")
}

func TestGetHistoryHash(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	hash := func() string {
		var sum hashOf
		for _, m := range at(t, sam.do("messages.getHistory @alice limit=5"), ".messages").Vector().Items {
			date := m.Object().At("edit_date")
			if date.IsNone() {
				date = m.Object().At("date")
			}
			sum.add(m.Object().At("id").AsLong(), date.AsLong())
		}
		return fmt.Sprint(int64(sum))
	}
	first := hash()
	want(t, sam.do("messages.getHistory @alice limit=5 hash="+first), "", "messages.messagesNotModified(count=8)")
	l.clock.add(time.Second)
	sam.do("messages.sendMessage peer=@alice message=new")
	if v := sam.do("messages.getHistory @alice limit=5 hash=" + first); v.Object().Is("messages.messagesNotModified") {
		t.Error("a new message is a change")
	}
	second := hash()
	l.clock.add(time.Second)
	sam.do("messages.editMessage peer=@alice id=" + sam.top("@alice") + " message=newer")
	if v := sam.do("messages.getHistory @alice limit=5 hash=" + second); v.Object().Is("messages.messagesNotModified") {
		t.Error("an edit is a change")
	}
}

// TestHash compares with the example values of an independent computation:
// of 1, 2, 3 by the steps of core.telegram.org/api/offsets.
func TestHash(t *testing.T) {
	var h hashOf
	h.add(1)
	if h != 1 {
		t.Errorf("of 1: %d", h)
	}
	h.add(2)
	// 1 ^ 1>>21 = 1; ^ 1<<35; that ^ that>>4; + 2.
	x := uint64(1) ^ 1<<35
	if x = (x ^ x>>4) + 2; uint64(h) != x {
		t.Errorf("of 1, 2: want %d, got %d", x, uint64(h))
	}
}

func TestGetHistoryErrors(t *testing.T) {
	l := newLab(t, Config{})
	erin := l.as("@erin")
	erin.fails("messages.getHistory @sam!", "400 PEER_ID_INVALID")
	erin.fails("messages.getHistory inputPeerEmpty", "400 PEER_ID_INVALID")
	erin.fails(`messages.getHistory "Sunday hikers"`, "400 PEER_ID_INVALID")
	erin.fails("messages.getHistory @harbour_news!", "400 CHANNEL_INVALID")
	l.as("@bob").fails(`messages.getHistory "Book club"`, "400 CHANNEL_PRIVATE")
}

func TestGetMessages(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	hist := sam.do("messages.getHistory @alice limit=100")
	var answer, question string
	for _, m := range at(t, hist, ".messages").Vector().Items {
		if r := m.Object().At("reply_to").Object(); r != nil {
			answer, question = show(m.Object().At("id")), show(r.At("reply_to_msg_id"))
		}
	}
	res := sam.do("messages.getMessages id=[" + answer + " inputMessageReplyTo(" + answer + ") inputMessageReplyTo(" + question + ") 9999]")
	want(t, res, ".messages[0].id", answer, ".messages[1].id", question, ".messages[1].message", `"The scale says 1:25000, is that right?"`,
		".messages[2]", "messageEmpty(id="+question+")", ".messages[3]", "messageEmpty(id=9999)")
	sam.fails("messages.getMessages id=[inputMessagePinned]", "400 MESSAGE_ID_INVALID")

	want(t, sam.do("channels.getMessages channel=@harbour_news id=[2 77]"), ".messages[0].views", "412", ".messages[1]", "messageEmpty(id=77)", ".count", "2")
	// The ids of a channel are not those of one's own box.
	if v := at(t, sam.do("messages.getMessages id=[2]"), ".messages[0]"); v.Object().At("post").AsBool() {
		t.Errorf("a channel's message: %s", show(v))
	}
	sam.fails("channels.getMessages channel=@harbour_news! id=[2]", "400 CHANNEL_INVALID")
	sam.fails("channels.getMessages channel=@harbour_news id=[]", "400 MESSAGE_IDS_EMPTY")
	sam.fails("channels.getMessages channel=@harbour_news id=[inputMessagePinned]", "400 MESSAGE_ID_INVALID")
	l.as("@bob").fails(`channels.getMessages channel="Book club" id=[1]`, "400 CHANNEL_PRIVATE")
}

func TestGetDialogs(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	const all = "messages.getDialogs offset_peer=inputPeerEmpty "
	full := sam.do(all + "limit=100")
	dialogs := at(t, full, ".dialogs").Vector().Items
	if !full.Object().Is("messages.dialogs") || len(dialogs) != 8 {
		t.Fatalf("%d dialogs: %s", len(dialogs), show(full))
	}
	want(t, full, ".dialogs[0].peer.user_id", "1002", ".dialogs[0].unread_count", "2", ".dialogs[0].top_message", show(at(t, full, ".messages[0].id")),
		".dialogs[1].peer.chat_id", "2001", ".dialogs[1].unread_count", "1")

	// Page by page, three at a time, as a client does it.
	var got []string
	offset := ""
	for page := 0; page < 5; page++ {
		peer := "inputPeerEmpty"
		if n := len(got); n > 0 {
			peer = strings.TrimPrefix(got[n-1], "peer")
		}
		v := sam.do("messages.getDialogs limit=3 offset_peer=" + ref(peer) + offset)
		items := at(t, v, ".dialogs").Vector().Items
		if len(items) == 0 {
			break
		}
		want(t, v, ".count", "8")
		for _, d := range items {
			got = append(got, show(d.Object().At("peer")))
		}
		last := at(t, v, ".messages[-1]").Object()
		offset = fmt.Sprintf(" offset_date=%d offset_id=%d", last.At("date").AsInt(), last.At("id").AsInt())
	}
	var whole []string
	for _, d := range dialogs {
		whole = append(whole, show(d.Object().At("peer")))
	}
	if strings.Join(got, ",") != strings.Join(whole, ",") {
		t.Errorf("page by page:\n%v\nwant\n%v", got, whole)
	}
	// By the peer alone.
	want(t, sam.do("messages.getDialogs limit=3 offset_peer=@alice"), ".dialogs[0].peer.chat_id", "2001")

	var sum hashOf
	for i, d := range dialogs {
		m := at(t, full, fmt.Sprintf(".messages[%d]", i)).Object()
		date := m.At("edit_date")
		if date.IsNone() {
			date = m.At("date")
		}
		o := d.Object()
		sum.add(peerOf(o.At("peer")).id, o.At("top_message").AsLong(), date.AsLong(), o.At("read_inbox_max_id").AsLong(), o.At("read_outbox_max_id").AsLong())
	}
	want(t, sam.do(fmt.Sprintf("%slimit=100 hash=%d", all, int64(sum))), "", "messages.dialogsNotModified(count=8)")
	sam.do("messages.readHistory @alice max_id=0")
	if v := sam.do(fmt.Sprintf("%slimit=100 hash=%d", all, int64(sum))); !v.Object().Is("messages.dialogs") {
		t.Errorf("reading is a change, got %s", show(v))
	}
	want(t, sam.do(all+"folder_id=1"), ".dialogs", "[]")
	want(t, sam.do(all+"folder_id=0 exclude_pinned=true limit=1"), ".count", "8")
	sam.fails(all+"folder_id=7", "400 FOLDER_ID_INVALID")
	sam.fails("messages.getDialogs offset_peer=@alice!", "400 OFFSET_PEER_ID_INVALID")

	// A message brings its dialog to the top, and a new one into being.
	l.clock.add(time.Second)
	sam.do("messages.sendMessage peer=@erin message=hello")
	want(t, sam.do(all), ".dialogs[0].peer.user_id", "1006")
	sam.fails("messages.getPeerDialogs [inputDialogPeerFolder(7)]", "400 FOLDER_ID_INVALID")
	sam.fails("messages.getPeerDialogs [@alice!]", "400 PEER_ID_INVALID")
}

// ref makes the source of a Peer a reference that the tests' bind understands.
func ref(peer string) string {
	var id int64
	switch {
	case sscan(peer, "User(user_id=%d)", &id):
		return fmt.Sprint(id)
	case sscan(peer, "Chat(chat_id=%d)", &id):
		return fmt.Sprint(-id)
	case sscan(peer, "Channel(channel_id=%d)", &id):
		return fmt.Sprint(-1_000_000_000_000 - id)
	}
	return peer
}

func sscan(s, format string, id *int64) bool {
	n, err := fmt.Sscanf(s, format, id)
	return n == 1 && err == nil
}
