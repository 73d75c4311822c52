package peers

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gotd/td/tgerr"
)

var (
	asAlice  = same("inputPeerUser(5 50)", "inputUser(5 50)", noChannel, "peerUser(5)")
	asNews   = same("inputPeerChannel(9 90)", noUser, "inputChannel(9 90)", "peerChannel(9)")
	asGroup  = same("inputPeerChat(8)", group+"user", group+"channel", "peerChat(8)")
	asMe     = same("inputPeerSelf()", "inputUserSelf()", noChannel, "peerUser(1)")
	asPavel  = same("inputPeerUser(7 70)", "inputUser(7 70)", noChannel, "peerUser(7)")
	asBot    = same("inputPeerUser(30 300)", "inputUser(30 300)", "! no channel with the id 30", "peerUser(30)")
	asOwn    = same("inputPeerChannel(31 310)", noUser, "inputChannel(31 310)", "peerChannel(31)")
	asSender = same("inputPeerUserFromMessage(inputPeerChannel(9 90) 34 42)", "inputUserFromMessage(inputPeerChannel(9 90) 34 42)", noChannel, "peerUser(42)")
	asSource = same("inputPeerChannelFromMessage(inputPeerChannel(9 90) 34 43)", noUser, "inputChannelFromMessage(inputPeerChannel(9 90) 34 43)", "peerChannel(43)")
)

// Every form of a reference, as every type that can be wanted.
func TestText(t *testing.T) {
	for _, c := range []struct {
		forms string // one a line
		want  outcomeList
	}{
		{"me\nself", asMe},
		{`@alice
@ALICE
@al_coll
alice
al_coll
t.me/alice
T.me/Alice
https://t.me/alice/12?x=1
t.me/s/alice
telegram.me/alice
telegram.dog/alice
telegram.dev/alice
alice.t.me
https://alice.t.me/5
tg://resolve?domain=alice
tg:resolve?domain=alice&post=3
tg://resolve?phone=15551234
tg://user?id=5
+15551234
+1 (555) 12-34
t.me/+15551234
Alice B
alice b`, asAlice},
		{"@news\nnews\nt.me/news/5/44\nt.me/c/9/44\nt.me/c/9/3/44\ntg://privatepost?channel=9&post=44\n-1000000000009\nt.me/+member\nt.me/joinchat/member\ntg://join?invite=member", asNews},
		{"Group\ngroup\n-8\nt.me/+group", asGroup},
		{"-77", same("inputPeerChat(77)", group+"user", group+"channel", "peerChat(77)")},
		{"@durov\nt.me/durov\n+49 30 1234", asPavel},
		{"30", asBot},
		{"-1000000000031", asOwn},
		{"t.me/+peek", same("inputPeerChannel(32 320)", noUser, "inputChannel(32 320)", "peerChannel(32)")},
		{"Sender\n42", asSender},
		{"Source\n43\n-1000000000043", asSource},
		// Known in passing, without a message: by the username.
		{"Passing\n40", same("inputPeerUser(40 400)", "inputUser(40 400)", noChannel, "peerUser(40)")},
		{"Shadow\n41", same("! met only in passing", "! met only in passing", noChannel, "peerUser(41)").refused()},
		{"5", asAlice}, {"9", asNews}, {"8", asGroup},
		{"@al_off", all("! NOT_THERE")}, // an inactive username leads nowhere
		{"@nobody\nt.me/nobody", all("! USERNAME_NOT_OCCUPIED")},
		{"@liar", all("! does not say who @liar is")},
		{"@ab\n@a b\nt.me/addstickers/x", all("! is no")},
		{"nobody\nNobody At All", all("! known here")},
		{"Twin", all(`! 2 peers are called "Twin" (give the @username or the id: -18, -19)`)},
		{"t.me/+stranger", all(`! t.me/+stranger invites to "Club", where you are not a member yet (join with messages.importChatInvite hash=stranger)`)},
		{"t.me/+gone", all("! INVITE_HASH_EXPIRED")},
		{"http://example.com/x", all("! is no link to somebody")},
		{"", all("! the reference is empty")},
		{"0", all("! is nobody's id")},
	} {
		for form := range strings.SplitSeq(c.forms, "\n") {
			for i, want := range wants {
				r, _ := world(t)
				v, err := r.Text(context.Background(), form, strings.Contains(form, " "), r.Schema.TypeOf(want))
				outcome(t, form+" as "+want, v, err, c.want[i])
			}
		}
	}
	// With an id that nobody has, a Peer alone can be made.
	for form, want := range map[string]outcomeList{
		"77":             same("! no user with the id 77 is known here", "! no user with the id 77", "! no channel with the id 77", "peerUser(77)").refused(),
		"-1997852516352": same("! the server too: CHANNEL_INVALID", noUser, "! CHANNEL_INVALID", "peerChannel(997852516352)").refused(),
		"-1000000000500": same("! INTERNAL", noUser, "! INTERNAL", "peerChannel(500)").refused(),
	} {
		for i := range wants {
			r, _ := world(t)
			v, err := r.Text(context.Background(), form, false, r.Schema.TypeOf(wants[i]))
			outcome(t, form+" as "+wants[i], v, err, want[i])
		}
	}
}

// refused are outcomes in which what wraps a refused InputPeer is refused too.
func (o outcomeList) refused() outcomeList {
	o[3], o[4] = o[0], o[0]
	return o
}

// Every object that is, or names, somebody, as every type.
func TestObject(t *testing.T) {
	unknown := same("! no user with the id 555 is known here", "! no user", noChannel, "peerUser(555)").refused()
	for _, c := range []struct {
		src  string
		want outcomeList
	}{
		{"peerUser(5)", asAlice}, {"peerChannel(9)", asNews}, {"peerChat(8)", asGroup}, {"peerUser(30)", asBot.channel(noChannel)}, {"peerUser(555)", unknown},
		{`user(id=33 access_hash=330 first_name="New")`, same("inputPeerUser(33 330)", "inputUser(33 330)", noChannel, "peerUser(33)")},
		{`user(id=5 min=true access_hash=99 first_name="Other")`, asAlice},
		{`user(id=42 min=true first_name="Sender")`, asSender},
		{"userEmpty(5)", asAlice},
		{"chat(id=8 title='Group' photo=chatPhotoEmpty participants_count=1 date=1 version=1)", asGroup},
		{"chatForbidden(id=8 title='Group')", asGroup}, {"chatEmpty(8)", asGroup},
		{"channelForbidden(id=9 access_hash=90 title='News')", asNews},
		{"inputPeerSelf", asMe}, {"inputUserSelf", asMe},
		{"inputPeerUser(44 440)", same("inputPeerUser(44 440)", "inputUser(44 440)", noChannel, "peerUser(44)")},
		{"inputUser(5 0)", same("inputPeerUser(5 0)", "inputUser(5 0)", noChannel, "peerUser(5)")},
		{"inputChannel(44 440)", same("inputPeerChannel(44 440)", noUser, "inputChannel(44 440)", "peerChannel(44)")},
		{"inputPeerChat(8)", asGroup},
		{"inputPeerUserFromMessage(inputPeerChannel(9 90) 34 42)", asSender},
		{"inputUserFromMessage(inputPeerChannel(9 90) 34 42)", asSender},
		{"inputUserFromMessage(inputPeerChannel(9 90) 34 5)", asAlice},
		{"inputChannelFromMessage(inputPeerChannel(9 90) 34 43)", asSource},
		{"inputPeerEmpty", same("inputPeerEmpty()", "inputUserEmpty()", "inputChannelEmpty()", "! means nobody in particular")},
		{"inputDialogPeer(inputPeerUser(5 50))", asAlice}, {"inputNotifyPeer(inputPeerSelf)", asMe}, {"dialogPeer(peerUser(5))", asAlice},
		{"notifyPeer(peerChannel(9))", asNews}, {"notifyForumTopic(peerChannel(9) 3)", asNews.notify("inputNotifyForumTopic(inputPeerChannel(9 90) 3)")},
		{"dialogPeerFolder(1)", all("! means nobody in particular").dialog("inputDialogPeerFolder(1)")},
		{"notifyUsers", all("! means nobody in particular").notify("inputNotifyUsers()")},
		{"inputNotifyBroadcasts", all("! means nobody in particular").notify("inputNotifyBroadcasts()")},
		{"message(id=1 peer_id=peerUser(5) date=1 message='')", asAlice},
		{"messageEmpty(id=1 peer_id=peerUser(5))", asAlice}, {"messageEmpty(1)", all("! does not say in which conversation it is")},
		// In a room a message is the room's, and its sender where a user is wanted.
		{"message(id=1 peer_id=peerChannel(9) from_id=peerUser(5) date=1 message='')", asNews.user("inputUser(5 50)")},
		{"message(id=1 peer_id=peerChat(8) from_id=peerChannel(9) date=1 message='')", asGroup.user("! the sender of this message is a channel")},
		{"message(id=35 peer_id=peerChat(8) from_id=peerUser(600) date=1 message='')", asGroup.user("inputUserFromMessage(inputPeerChat(8) 35 600)")},
		{"dialog(peer=peerChannel(9) top_message=1 read_inbox_max_id=1 read_outbox_max_id=1 unread_count=0 unread_mentions_count=0 unread_reactions_count=0 unread_poll_votes_count=0 notify_settings=peerNotifySettings)", asNews},
		{"contact(user_id=5 mutual=true)", asAlice}, {"contactStatus(user_id=5 status=userStatusRecently)", asAlice},
		{"chatParticipant(user_id=5 inviter_id=1 date=1)", asAlice}, {"chatParticipantCreator(5)", asAlice},
		{"channelParticipant(user_id=5 date=1)", asAlice}, {"channelParticipantBanned(peer=peerUser(5) kicked_by=1 date=1 banned_rights=chatBannedRights(until_date=0))", asAlice},
		{"peerBlocked(peer_id=peerUser(5) date=1)", asAlice}, {"sendAsPeer(peer=peerChannel(9))", asNews}, {"topPeer(peer=peerUser(5) rating=1)", asAlice},
		{"contacts.resolvedPeer(peer=peerUser(5) chats=[] users=[])", asAlice},
		{"chatInviteAlready(chat=chat(id=8 title='Group' photo=chatPhotoEmpty participants_count=1 date=1 version=1))", asGroup},
		{"inputPeerPhotoFileLocation(peer=inputPeerUser(5 50) photo_id=1)", asAlice},
		{"photoEmpty(1)", all("! photoEmpty does not say who is meant")},
	} {
		for i, want := range wants {
			r, _ := world(t)
			v, err := r.Object(context.Background(), value(t, c.src).Object(), r.Schema.TypeOf(want))
			outcome(t, c.src+" as "+want, v, err, c.want[i])
		}
	}
}

// outcomeList has one outcome for each of wants.
type outcomeList [len(wants)]string

func (o outcomeList) with(i int, s string) outcomeList { o[i] = s; return o }

func (o outcomeList) user(s string) outcomeList    { return o.with(1, s) }
func (o outcomeList) channel(s string) outcomeList { return o.with(2, s) }
func (o outcomeList) dialog(s string) outcomeList  { return o.with(3, s) }
func (o outcomeList) notify(s string) outcomeList  { return o.with(4, s) }

// The network is asked once for a name in a statement, whatever it is wanted
// as and however it is written, and never for a bare one.
func TestAsks(t *testing.T) {
	r, srv := world(t)
	for _, ref := range []string{"@durov", "@Durov", "t.me/durov", "durov", "nobody_here", "alice", "-8", "@nobody", "@nobody", "77", "77"} {
		for _, want := range wants {
			_, _ = r.Text(context.Background(), ref, false, r.Schema.TypeOf(want))
		}
	}
	want := "contacts.resolveUsername(durov), contacts.resolveUsername(nobody), users.getUsers([inputUser(77 0)]), channels.getChannels([inputChannel(77 0)])"
	if got := strings.Join(srv.asked, ", "); got != want {
		t.Errorf("asked %s; want %s", got, want)
	}
}

// What is wrong is an *Error, what the server refuses is the Caller's.
func TestErrors(t *testing.T) {
	r, _ := world(t)
	var own *Error
	if _, err := r.Text(context.Background(), "@news", false, r.Schema.TypeOf("InputUser")); !errors.As(err, &own) || err.Error() != "@news is a channel; a user is wanted here" {
		t.Error(err)
	}
	if _, err := r.Text(context.Background(), "@nobody", false, r.Schema.TypeOf("InputUser")); !tgerr.Is(err, "USERNAME_NOT_OCCUPIED") {
		t.Error(err)
	}
}

func TestEntity(t *testing.T) {
	r, _ := world(t)
	ctx := context.Background()
	for ref, want := range map[string]int64{"me": 1, "@alice": 5, "-8": 8, "@durov": 7, "30": 30, "t.me/+peek": 32, "41": 41} {
		if e, err := r.TextEntity(ctx, ref, false); err != nil || e.ID != want {
			t.Errorf("%s: %+v, %v", ref, e, err)
		}
	}
	if e, err := r.ObjectEntity(ctx, value(t, "inputPeerUser(5 50)").Object()); err != nil || e.Title != "Alice B" {
		t.Errorf("%+v, %v", e, err)
	}
	for _, src := range []string{"inputPeerEmpty", "photoEmpty(1)", "peerUser(77)"} {
		if e, err := r.ObjectEntity(ctx, value(t, src).Object()); err == nil {
			t.Errorf("%s: %+v", src, e)
		}
	}
	if _, err := r.TextEntity(ctx, "@x", false); err == nil {
		t.Error("@x is somebody")
	}
}
