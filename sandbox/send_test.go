package sandbox

import (
	"strings"
	"testing"
)

func TestSendMessage(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	other, bob := l.as("me"), l.as("@bob")

	sent := sam.do(`messages.sendMessage peer=@alice message="hi" entities=[messageEntityBold(offset=0 length=2)] silent=true`)
	want(t, sent, ".out", "true", ".date", "1772820000", ".entities[0].length", "2", ".pts_count", "1")
	id := show(at(t, sent, ".id"))

	news := alice.next()
	want(t, news, ".updates[0].message.message", `"hi"`, ".updates[0].message.peer_id.user_id", "1001",
		".updates[0].message.silent", "true", ".updates[0].pts_count", "1", ".seq", "0")
	if at(t, news, ".updates[0].message").Object().At("out").AsBool() {
		t.Error("what comes in is not out")
	}
	want(t, alice.do("updates.getState"), ".pts", show(at(t, news, ".updates[0].pts")))

	// The sender's other session learns of it with the same pts as the answer.
	mine := other.next()
	want(t, mine, ".updates[0].message.out", "true", ".updates[0].message.id", id, ".updates[0].pts", show(at(t, sent, ".pts")),
		".updates[0].message.from_id.user_id", "1001", ".updates[0].message.peer_id.user_id", "1002")
	sam.quiet()
	bob.quiet()

	hist := sam.do("messages.getHistory @alice limit=1")
	want(t, hist, ".messages[0].id", id, ".messages[0].message", `"hi"`)
	want(t, alice.do("messages.getHistory @sam limit=1"), ".messages[0].message", `"hi"`)
}

func TestSendMessageReplies(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	top := show(at(t, sam.do("messages.getHistory @alice limit=1"), ".messages[0].id"))
	theirs := show(at(t, alice.do("messages.getHistory @sam limit=1"), ".messages[0].id"))
	if top == theirs {
		t.Fatalf("the two have the same id %s: this test would see nothing", top)
	}
	sam.do(`messages.sendMessage peer=@alice message="yes" reply_to=inputReplyToMessage(reply_to_msg_id=` + top + ` quote_text="leave at eight" quote_offset=13)`)
	want(t, alice.next(), ".updates[0].message.reply_to.reply_to_msg_id", theirs,
		".updates[0].message.reply_to.quote_text", `"leave at eight"`, ".updates[0].message.reply_to.quote", "true")
	want(t, sam.do("messages.getHistory @alice limit=1"), ".messages[0].reply_to.reply_to_msg_id", top)

	// The answered message is still named when it is deleted.
	alice.do("messages.deleteMessages id=[" + theirs + "]")
	want(t, alice.do("messages.getHistory @sam limit=1"), ".messages[0].reply_to.reply_to_msg_id", theirs)
}

func TestSendMessagePlaces(t *testing.T) {
	l := newLab(t, Config{})
	sam, carol, bob := l.as("@sam"), l.as("@carol"), l.as("@bob")

	self := sam.do(`messages.sendMessage peer=me message="note"`)
	want(t, self, ".updates[0].id", show(at(t, self, ".updates[1].message.id")), ".updates[1].message.saved_peer_id.user_id", "1001")

	group := sam.do(`messages.sendMessage peer="Sunday hikers" message="here"`)
	want(t, group, ".out", "true")
	for _, c := range []*client{carol, bob} {
		want(t, c.next(), ".updates[0].message.peer_id.chat_id", "2001", ".updates[0].message.from_id.user_id", "1001",
			".chats[0].title", `"Sunday hikers"`, ".users[0].first_name", `"Sam"`)
	}
	post := carol.do(`messages.sendMessage peer=@harbour_news message="calm"`)
	want(t, post, ".updates[1].message.post", "true", ".updates[1].message.views", "1", ".updates[1].message.out", "true")
	pushed := sam.next()
	want(t, pushed, ".updates[0].message.post", "true", ".updates[0].pts", show(at(t, post, ".updates[1].pts")),
		".updates[0].message.id", show(at(t, post, ".updates[0].id")))
	if f := at(t, pushed, ".updates[0].message").Object().At("from_id"); !f.IsNone() {
		t.Errorf("a post names its author: %s", show(f))
	}
	// A basic group's and a private chat's messages share one sequence, a
	// channel's have their own.
	a, b := at(t, self, ".updates[0].id").AsInt(), at(t, group, ".id").AsInt()
	if b != a+1 {
		t.Errorf("ids %d and %d do not follow each other", a, b)
	}
}

func TestSendMessageErrors(t *testing.T) {
	l := newLab(t, Config{World: village + `
user(id=1900 first_name="" deleted=true)
chat(id=2900 title="closed" photo=chatPhotoEmpty participants_count=0 date=2026-01-01 version=1
  default_banned_rights=chatBannedRights(send_messages=true until_date=0))
members closed [@bob @sam]
channel(id=3900 title="private" photo=chatPhotoEmpty date=2026-01-01)
members private [@bob]
channel(id=3901 title="open" username="open_channel" broadcast=true photo=chatPhotoEmpty date=2026-01-01)
members @open_channel [@bob]
chat(id=2901 title="others" photo=chatPhotoEmpty participants_count=0 date=2026-01-01 version=1)
members others [@bob]
`})
	sam := l.as("@sam")
	long, emoji := strings.Repeat("x", 4096), strings.Repeat("👍", 2049)
	many := strings.Repeat("messageEntityBold(offset=0 length=1) ", 101)
	for _, c := range [][2]string{
		{`messages.sendMessage peer=@alice message=""`, "400 MESSAGE_EMPTY"},
		{`messages.sendMessage peer=@alice message=" \n\t "`, "400 MESSAGE_EMPTY"},
		{`messages.sendMessage peer=@alice message="` + long + `y"`, "400 MESSAGE_TOO_LONG"},
		{`messages.sendMessage peer=@alice message="` + emoji + `"`, "400 MESSAGE_TOO_LONG"},
		{`messages.sendMessage peer=inputPeerEmpty message=hi`, "400 PEER_ID_INVALID"},
		{`messages.sendMessage peer=@alice! message=hi`, "400 PEER_ID_INVALID"},
		{`messages.sendMessage peer=inputPeerUser(user_id=5 access_hash=5) message=hi`, "400 PEER_ID_INVALID"},
		{`messages.sendMessage peer=inputPeerChat(chat_id=5) message=hi`, "400 PEER_ID_INVALID"},
		{`messages.sendMessage peer=others message=hi`, "400 PEER_ID_INVALID"},
		{`messages.sendMessage peer=@harbour_news! message=hi`, "400 CHANNEL_INVALID"},
		{`messages.sendMessage peer=inputPeerChannel(channel_id=5 access_hash=5) message=hi`, "400 CHANNEL_INVALID"},
		{`messages.sendMessage peer="private" message=hi`, "400 CHANNEL_PRIVATE"},
		{`messages.sendMessage peer=@harbour_news message=hi`, "400 CHAT_ADMIN_REQUIRED"},
		{`messages.sendMessage peer=@open_channel message=hi`, "403 CHAT_WRITE_FORBIDDEN"},
		{`messages.sendMessage peer="closed" message=hi`, "403 CHAT_WRITE_FORBIDDEN"},
		{`messages.sendMessage peer=1900 message=hi`, "400 INPUT_USER_DEACTIVATED"},
		{`messages.sendMessage peer=@alice message=hi entities=[messageEntityBold(offset=1 length=2)]`, "400 ENTITY_BOUNDS_INVALID"},
		{`messages.sendMessage peer=@alice message=hi entities=[messageEntityBold(offset=-1 length=2)]`, "400 ENTITY_BOUNDS_INVALID"},
		{`messages.sendMessage peer=@alice message=hi entities=[` + many + `]`, "400 ENTITIES_TOO_LONG"},
		{`messages.sendMessage peer=@alice message=hi entities=[inputMessageEntityMentionName(0 2 @bob!)]`, "400 ENTITY_MENTION_USER_INVALID"},
		{`messages.sendMessage peer=@alice message=hi entities=[messageEntityMentionName(0 2 77)]`, "400 ENTITY_MENTION_USER_INVALID"},
		{`messages.sendMessage peer=@alice message=hi reply_to=inputReplyToMessage(reply_to_msg_id=9999)`, "400 REPLY_MESSAGE_ID_INVALID"},
		{`messages.sendMessage peer=@alice message=hi reply_to=inputReplyToMessage(reply_to_msg_id=7 quote_text="no such words")`, "400 REPLY_MESSAGE_ID_INVALID"},
		{`messages.sendMessage peer=@alice message=hi reply_to=inputReplyToMessage(reply_to_msg_id=7 reply_to_peer_id=@bob)`, "400 REPLY_MESSAGE_ID_INVALID"},
		{`messages.sendMessage peer=@alice message=hi reply_to=inputReplyToStory(peer=@bob story_id=1)`, "400 STORY_ID_INVALID"},
		{`messages.sendMessage peer=@alice message=hi schedule_date=1900000000`, "400 SCHEDULE_DATE_TOO_LATE"},
		{`messages.sendMessage peer=@alice message=hi schedule_date=2147483646`, "501 SANDBOX_PARAMETER_NOT_SIMULATED: schedule_date of being online"},
		{`messages.sendMessage peer=inputPeerUserFromMessage(@bob 9999 1002) message=hi`, "400 MSG_ID_INVALID"},
		{`messages.sendMessage peer=inputPeerUserFromMessage(inputPeerUserFromMessage(@bob 1 1002) 1 1002) message=hi`, "400 PEER_ID_INVALID"},
	} {
		sam.fails(c[0], c[1])
	}
	sam.do(`messages.sendMessage peer=@alice message="` + long + `"`)
	top := show(at(t, sam.do("messages.getHistory @alice limit=1"), ".messages[0].id"))
	sam.fails(`messages.sendMessage peer=@alice message=hi reply_to=inputReplyToMessage(reply_to_msg_id=`+top+` quote_text="no such words")`, "400 QUOTE_TEXT_INVALID")
	sam.fails(`messages.sendMessage peer=@alice message=hi reply_to=inputReplyToMessage(reply_to_msg_id=`+top+` reply_to_peer_id=@bob)`,
		"501 SANDBOX_PARAMETER_NOT_SIMULATED: reply_to.reply_to_peer_id of another chat")
	sam.fails(`messages.sendMessage peer=@alice message=hi reply_to=inputReplyToMessage(reply_to_msg_id=`+top+` todo_item_id=1)`,
		"501 SANDBOX_PARAMETER_NOT_SIMULATED: reply_to.todo_item_id")
}

func TestRandomID(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	sam.do("messages.sendMessage peer=@alice message=one random_id=77")
	want(t, alice.next(), ".updates[0].message.message", `"one"`)
	sam.fails("messages.sendMessage peer=@bob message=two random_id=77", "500 RANDOM_ID_DUPLICATE")
	alice.do("messages.sendMessage peer=@sam message=three random_id=77")
	sam.fails("messages.forwardMessages from_peer=me id=[1] random_id=[77] to_peer=@bob", "400 MESSAGE_ID_INVALID")
	alice.quiet()
	// A request that was refused for another reason has not used its id up.
	sam.fails(`messages.sendMessage peer=@alice message="" random_id=78`, "400 MESSAGE_EMPTY")
	sam.do("messages.sendMessage peer=@alice message=four random_id=78")
}

func TestForwardMessages(t *testing.T) {
	l := newLab(t, Config{})
	sam, bob := l.as("@sam"), l.as("@bob")
	hist := sam.do("messages.getHistory @alice limit=2")
	a, b := show(at(t, hist, ".messages[1].id")), show(at(t, hist, ".messages[0].id"))
	res := sam.do("messages.forwardMessages from_peer=@alice id=[" + a + " " + b + "] to_peer=@bob random_id=[5 6]")
	want(t, res, ".updates[0].random_id", "5", ".updates[1].random_id", "6", ".updates[0].id", show(at(t, res, ".updates[2].message.id")),
		".updates[3].message.fwd_from.from_id.user_id", "1002", ".updates[3].message.fwd_from.date", show(at(t, hist, ".messages[0].date")),
		".updates[2].message.message", show(at(t, hist, ".messages[1].message")))
	want(t, bob.next(), ".updates[0].message.fwd_from.from_id.user_id", "1002")
	bob.next()

	// To oneself: where it came from is kept; what is forwarded again keeps its
	// first author.
	saved := sam.do("messages.forwardMessages from_peer=@bob id=[" + show(at(t, res, ".updates[0].id")) + "] to_peer=me")
	want(t, saved, ".updates[1].message.fwd_from.from_id.user_id", "1002", ".updates[1].message.fwd_from.saved_from_peer.user_id", "1003",
		".updates[1].message.saved_peer_id.user_id", "1003")

	before := sam.do("messages.getHistory @harbour_news limit=1")
	post := show(at(t, before, ".messages[0].id"))
	fwd := sam.do("messages.forwardMessages from_peer=@harbour_news id=[" + post + "] to_peer=@bob")
	want(t, fwd, ".updates[1].message.fwd_from.channel_post", post, ".updates[1].message.fwd_from.from_id.channel_id", "3001")
	after := sam.do("messages.getHistory @harbour_news limit=1")
	if x, y := at(t, before, ".messages[0].forwards").AsInt(), at(t, after, ".messages[0].forwards").AsInt(); y != x+1 {
		t.Errorf("forwards: %d, then %d", x, y)
	}
	bare := sam.do("messages.forwardMessages from_peer=@alice id=[" + a + "] to_peer=@bob drop_author=true")
	if f := at(t, bare, ".updates[1].message").Object().At("fwd_from"); !f.IsNone() {
		t.Errorf("drop_author left %s", show(f))
	}
}

func TestForwardMessagesErrors(t *testing.T) {
	l := newLab(t, Config{World: village + `
chat(id=2900 title="sealed" noforwards=true photo=chatPhotoEmpty participants_count=0 date=2026-01-01 version=1)
members sealed [@bob @sam]
message(id=900 from_id=@bob peer_id="sealed" date=2026-03-06T10:00 message="secret")
`})
	sam := l.as("@sam")
	first := show(at(t, sam.do("messages.getHistory @bob limit=100"), ".messages[-1].id"))
	call := ""
	for _, m := range at(t, sam.do("messages.getHistory @bob limit=100"), ".messages").Vector().Items {
		if m.Object().Is("messageService") {
			call = show(m.Object().At("id"))
		}
	}
	sealed := show(at(t, sam.do(`messages.getHistory "sealed"`), ".messages[0].id"))
	for _, c := range [][2]string{
		{"messages.forwardMessages from_peer=@bob id=[] to_peer=me", "400 MESSAGE_IDS_EMPTY"},
		{"messages.forwardMessages from_peer=@bob id=[1 2] random_id=[1] to_peer=me", "400 RANDOM_ID_INVALID"},
		{"messages.forwardMessages from_peer=@bob id=[" + first + " " + first + "] random_id=[1 1] to_peer=me", "500 RANDOM_ID_DUPLICATE"},
		{"messages.forwardMessages from_peer=@bob id=[9999] to_peer=me", "400 MESSAGE_ID_INVALID"},
		{"messages.forwardMessages from_peer=@bob id=[" + call + "] to_peer=me", "400 MESSAGE_ID_INVALID"},
		{"messages.forwardMessages from_peer=@bob! id=[1] to_peer=me", "400 PEER_ID_INVALID"},
		{"messages.forwardMessages from_peer=@bob id=[1] to_peer=@harbour_news!", "400 CHANNEL_INVALID"},
		{"messages.forwardMessages from_peer=@bob id=[" + first + "] to_peer=@harbour_news", "400 CHAT_ADMIN_REQUIRED"},
		{`messages.forwardMessages from_peer="sealed" id=[` + sealed + "] to_peer=me", "400 CHAT_FORWARDS_RESTRICTED"},
	} {
		sam.fails(c[0], c[1])
	}
	sam.do("messages.sendMessage peer=@bob message=mine noforwards=true")
	mine := show(at(t, sam.do("messages.getHistory @bob limit=1"), ".messages[0].id"))
	sam.fails("messages.forwardMessages from_peer=@bob id=["+mine+"] to_peer=me", "400 CHAT_FORWARDS_RESTRICTED")
}
