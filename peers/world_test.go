package peers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/gotd/td/tgerr"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// noEnv is a line that stands by itself.
type noEnv struct{}

func (noEnv) Var(string) (tl.Value, bool)  { return tl.Value{}, false }
func (noEnv) Commands() []string           { return nil }
func (noEnv) Getenv(string) (string, bool) { return "", false }

// value reads a value of the language.
func value(t testing.TB, src string) tl.Value {
	t.Helper()
	f := syntax.Parse(src)
	if len(f.Errs) > 0 || len(f.Stmts) != 1 {
		t.Fatalf("%s: %v", src, f.Errs)
	}
	in := bind.Check(schema.Current(), f, 0, noEnv{})
	if len(in.Diags) > 0 || len(in.Holes) > 0 {
		t.Fatalf("%s: %v, %d holes", src, in.Diags, len(in.Holes))
	}
	return in.Value
}

// server answers what a Resolver asks, and keeps the questions.
type server struct {
	t     testing.TB
	asked []string
}

// answers are what the server says to a question; what begins with ! is an
// error, and what is not there is one too.
var answers = map[string]string{
	"contacts.resolveUsername(durov)":                      `contacts.resolvedPeer(peer=peerUser(7) chats=[] users=[user(id=7 access_hash=70 first_name="Pavel" username="durov")])`,
	"contacts.resolveUsername(Passing)":                    `contacts.resolvedPeer(peer=peerUser(40) chats=[] users=[user(id=40 access_hash=400 first_name="Passing" username="Passing")])`,
	"contacts.resolveUsername(liar)":                       `contacts.resolvedPeer(peer=peerUser(1234) chats=[] users=[])`,
	"contacts.resolvePhone(49301234)":                      `contacts.resolvedPeer(peer=peerUser(7) chats=[] users=[user(id=7 access_hash=70 first_name="Pavel" phone="49301234")])`,
	"users.getUsers([inputUser(30 0)])":                    `[user(id=30 access_hash=300 bot=true bot_info_version=1 first_name="Bot")]`,
	"users.getUsers([inputUser(77 0)])":                    `[userEmpty(77)]`,
	"channels.getChannels([inputChannel(31 0)])":           `messages.chats(chats=[channel(id=31 access_hash=310 title="Own" photo=chatPhotoEmpty date=1)])`,
	"messages.checkChatInvite(member)":                     `chatInviteAlready(chat=channel(id=9 access_hash=90 title="News" username="news" photo=chatPhotoEmpty date=1))`,
	"messages.checkChatInvite(group)":                      `chatInviteAlready(chat=chat(id=8 title="Group" photo=chatPhotoEmpty participants_count=1 date=1 version=1))`,
	"messages.checkChatInvite(peek)":                       `chatInvitePeek(chat=channel(id=32 access_hash=320 title="Peek" photo=chatPhotoEmpty date=1) expires=9)`,
	"messages.checkChatInvite(stranger)":                   `chatInvite(title="Club" photo=photoEmpty(0) participants_count=5 color=0)`,
	"messages.checkChatInvite(gone)":                       `!400 INVITE_HASH_EXPIRED`,
	"channels.getChannels([inputChannel(500 0)])":          `!500 INTERNAL`,
	"users.getUsers([inputUserSelf()])":                    `[user(id=1 access_hash=10 self=true first_name="Me")]`,
	"contacts.resolveUsername(nobody)":                     `!400 USERNAME_NOT_OCCUPIED`,
	"channels.getChannels([inputChannel(997852516352 0)])": `!400 CHANNEL_INVALID`,
}

func (s *server) Call(_ context.Context, req *tl.Object) (tl.Value, error) {
	q := text(req.Value())
	s.asked = append(s.asked, q)
	a, ok := answers[q]
	if code, err, isErr := strings.Cut(a, " "); !ok || isErr && strings.HasPrefix(code, "!") {
		if !ok {
			return tl.Value{}, tgerr.New(400, "NOT_THERE")
		}
		n := 0
		fmt.Sscan(code[1:], &n)
		return tl.Value{}, tgerr.New(n, err)
	}
	return value(s.t, a), nil
}

// people are whom every test knows.
const people = `updates(
	users=[
		user(id=1 access_hash=10 self=true first_name="Me" username="me_myself"),
		user(id=5 access_hash=50 first_name="Alice" last_name="B" phone="15551234" usernames=[
			username(username="Alice" active=true editable=true) username(username="al_coll" active=true) username(username="al_off")]),
		user(id=41 access_hash=1 min=true first_name="Shadow"),
		user(id=40 access_hash=2 min=true first_name="Passing" username="Passing"),
		user(id=42 min=true first_name="Sender")],
	chats=[
		chat(id=8 title="Group" photo=chatPhotoEmpty participants_count=1 date=1 version=1),
		chat(id=18 title="Twin" photo=chatPhotoEmpty participants_count=1 date=1 version=1),
		chat(id=19 title="twin" photo=chatPhotoEmpty participants_count=1 date=1 version=1),
		channel(id=9 access_hash=90 title="News" username="news" photo=chatPhotoEmpty date=1),
		channel(id=43 min=true title="Source" photo=chatPhotoEmpty date=1)],
	updates=[updateNewChannelMessage(message=message(id=34 peer_id=peerChannel(9) from_id=peerUser(42) date=1 message="x"
		fwd_from=messageFwdHeader(date=1 from_id=peerChannel(43))) pts=1 pts_count=1)],
	date=1 seq=1)`

func world(t testing.TB) (*Resolver, *server) {
	srv := &server{t: t}
	c := NewCache()
	c.Learn(value(t, people))
	return &Resolver{Schema: schema.Current(), Cache: c, Caller: srv}, srv
}

// text shows an object as name(field field).
func text(v tl.Value) string {
	switch v.Kind() {
	case tl.KindObject:
		var parts []string
		for _, f := range v.Object().Fields() {
			parts = append(parts, text(f))
		}
		return v.Object().Def().Name + "(" + strings.Join(parts, " ") + ")"
	case tl.KindVector:
		var parts []string
		for _, it := range v.Vector().Items {
			parts = append(parts, text(it))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case tl.KindString:
		return v.AsString()
	case tl.KindInt, tl.KindLong:
		return fmt.Sprint(v.AsLong())
	case tl.KindNone:
		return "nothing"
	}
	return v.Kind().String()
}

// wants are the types that a reference can become, in the order of the tables.
var wants = [...]string{"InputPeer", "InputUser", "InputChannel", "InputDialogPeer", "InputNotifyPeer", "Peer"}

// same are the outcomes for all of wants that follow from three of them.
func same(peer, user, channel, bare string) outcomeList {
	return outcomeList{peer, user, channel, "inputDialogPeer(" + peer + ")", "inputNotifyPeer(" + peer + ")", bare}
}

// all is the same outcome for all of wants.
func all(s string) (out outcomeList) {
	for i := range out {
		out[i] = s
	}
	return out
}

const (
	noChannel = "! is a user; a channel is wanted here"
	noUser    = "! is a channel; a user is wanted here"
	group     = "! is a basic group; a "
)

// outcome compares what came with what was wanted: "! part of the message".
func outcome(t *testing.T, what string, v tl.Value, err error, want string) {
	t.Helper()
	part, refused := strings.CutPrefix(want, "! ")
	switch {
	case refused && (err == nil || !strings.Contains(err.Error(), part)):
		t.Errorf("%s: %s, %v; want an error with %q", what, text(v), err, part)
	case !refused && (err != nil || text(v) != want):
		t.Errorf("%s: %s, %v; want %s", what, text(v), err, want)
	}
}
