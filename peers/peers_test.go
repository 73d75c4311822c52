package peers

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gotd/td/tgerr"

	"tlsh/schema"
	"tlsh/tl"
)

// server answers contacts.resolveUsername for one name, and counts.
type server struct {
	asked []string
	user  tl.Value
}

var errNobody = errors.New("USERNAME_NOT_OCCUPIED")

func (s *server) Call(_ context.Context, req *tl.Object) (tl.Value, error) {
	name := req.At("username").AsString()
	s.asked = append(s.asked, req.Def().Name+" "+name)
	switch req.Def().Name {
	case "users.getUsers":
		return tl.VectorOf(nil), nil
	case "channels.getChannels":
		return tl.Value{}, tgerr.New(400, "CHANNEL_INVALID")
	case "messages.checkChatInvite":
		return tl.New(schema.Current().Constructor("chatInvite")).With("title", tl.String("Club")).Value(), nil
	}
	if name != "durov" {
		return tl.Value{}, errNobody
	}
	sc := schema.Current()
	return tl.New(sc.Constructor("contacts.resolvedPeer")).
		With("peer", tl.New(sc.Constructor("peerUser")).With("user_id", tl.Long(7)).Value()).
		With("chats", tl.VectorOf(sc.TypeOf("Chat"))).
		With("users", tl.VectorOf(sc.TypeOf("User"), s.user)).Value(), nil
}

func user(id, hash int64, name string, fields ...any) *tl.Object {
	o := tl.New(schema.Current().Constructor("user")).With("id", tl.Long(id)).With("access_hash", tl.Long(hash)).
		With("first_name", tl.String(name))
	for i := 0; i+1 < len(fields); i += 2 {
		o.With(fields[i].(string), fields[i+1].(tl.Value))
	}
	return o
}

func world() (*Resolver, *server) {
	s := schema.Current()
	srv := &server{user: user(7, 70, "Pavel", "username", tl.String("durov")).Value()}
	c := NewCache()
	photo := tl.New(s.Constructor("chatPhotoEmpty")).Value()
	c.Learn(tl.VectorOf(nil,
		user(1, 10, "Me", "self", tl.Bool(true), "username", tl.String("me_myself")).Value(),
		user(5, 50, "Alice", "last_name", tl.String("B"), "username", tl.String("Alice"), "phone", tl.String("123456")).Value(),
		tl.New(s.Constructor("chat")).With("id", tl.Long(8)).With("title", tl.String("Group")).With("photo", photo).Value(),
		tl.New(s.Constructor("channel")).With("id", tl.Long(9)).With("access_hash", tl.Long(90)).With("title", tl.String("News")).
			With("username", tl.String("news")).With("photo", photo).Value(),
	))
	return &Resolver{Schema: s, Cache: c, Caller: srv}, srv
}

// text shows an input object as name(field field).
func text(v tl.Value) string {
	o := v.Object()
	if o == nil {
		return "nothing"
	}
	var parts []string
	for _, f := range o.Fields() {
		if f.Kind() == tl.KindObject {
			parts = append(parts, text(f))
			continue
		}
		parts = append(parts, strings.TrimSpace(itoa(f.AsLong())))
	}
	return o.Def().Name + "(" + strings.Join(parts, " ") + ")"
}

func itoa(n int64) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestText(t *testing.T) {
	for _, c := range []struct{ ref, want, give string }{
		{"me", "InputPeer", "inputPeerSelf()"}, {"self", "InputUser", "inputUserSelf()"}, {"me", "Peer", "peerUser(1)"},
		{"me", "InputDialogPeer", "inputDialogPeer(inputPeerSelf())"}, {"me", "InputNotifyPeer", "inputNotifyPeer(inputPeerSelf())"},
		{"me", "InputChannel", "! me is a user; a channel is wanted here"},
		{"@alice", "InputPeer", "inputPeerUser(5 50)"}, {"@ALICE", "InputUser", "inputUser(5 50)"}, {"alice", "InputUser", "inputUser(5 50)"},
		{"t.me/alice", "InputPeer", "inputPeerUser(5 50)"}, {"https://t.me/alice/12?x=1", "InputPeer", "inputPeerUser(5 50)"},
		{"alice.t.me", "InputPeer", "inputPeerUser(5 50)"}, {"tg://resolve?domain=alice", "InputPeer", "inputPeerUser(5 50)"},
		{"tg://user?id=5", "InputPeer", "inputPeerUser(5 50)"}, {"+123 456", "InputPeer", "inputPeerUser(5 50)"}, {"5", "InputUser", "inputUser(5 50)"},
		{"Alice B", "InputPeer", "inputPeerUser(5 50)"}, {"-8", "InputPeer", "inputPeerChat(8)"}, {"Group", "Peer", "peerChat(8)"},
		{"-77", "InputPeer", "inputPeerChat(77)"}, {"-1000000000009", "InputChannel", "inputChannel(9 90)"},
		{"t.me/c/9/44", "InputPeer", "inputPeerChannel(9 90)"}, {"@news", "InputChannel", "inputChannel(9 90)"},
		{"@news", "InputUser", "! @news is a channel; a user is wanted here"}, {"@alice", "InputChannel", "! @alice is a user; a channel is wanted here"},
		{"Group", "InputUser", "! Group is a basic group; a user is wanted here"},
		{"@durov", "InputPeer", "inputPeerUser(7 70)"}, {"@nobody", "InputPeer", "! USERNAME_NOT_OCCUPIED"},
		{"nobody", "InputPeer", `! nobody called "nobody" is known here`}, {"@a b", "InputPeer", "is not a username"}, {"", "InputPeer", "is empty"},
		{"77", "InputPeer", "no user with the id 77 is known"}, {"-1000000000077", "InputChannel", "no channel with the id 77"},
		{"t.me/+abc", "InputPeer", `invites to "Club", where you are not a member yet (join with messages.importChatInvite hash=abc)`}, {"http://example.com/x", "InputPeer", "is no link to somebody"},
	} {
		r, _ := world()
		v, err := r.Text(context.Background(), c.ref, strings.Contains(c.ref, " "), r.Schema.TypeOf(c.want))
		got := text(v)
		if err != nil {
			got = "! " + err.Error()
		}
		if got != c.give && !(err != nil && strings.Contains(got, strings.TrimPrefix(c.give, "! "))) {
			t.Errorf("%q as %s: %s, want %s", c.ref, c.want, got, c.give)
		}
	}
}

// The network is asked once for a name, and never for a bare one.
func TestAsks(t *testing.T) {
	r, srv := world()
	want := r.Schema.TypeOf("InputPeer")
	for _, ref := range []string{"@durov", "@durov", "durov", "nobody_here", "alice", "-8"} {
		_, _ = r.Text(context.Background(), ref, false, want)
	}
	if len(srv.asked) != 1 || srv.asked[0] != "contacts.resolveUsername durov" {
		t.Errorf("asked %q", srv.asked)
	}
}

func TestObject(t *testing.T) {
	r, _ := world()
	s := r.Schema
	peer := func(name, field string, id int64) *tl.Object {
		return tl.New(s.Constructor(name)).With(field, tl.Long(id))
	}
	for _, c := range []struct {
		o    *tl.Object
		want string
		give string
	}{
		{peer("peerUser", "user_id", 5), "InputPeer", "inputPeerUser(5 50)"},
		{peer("peerChannel", "channel_id", 9), "InputChannel", "inputChannel(9 90)"},
		{peer("peerChat", "chat_id", 8), "InputPeer", "inputPeerChat(8)"},
		{user(33, 330, "New"), "InputUser", "inputUser(33 330)"},
		{peer("inputPeerUser", "user_id", 44).With("access_hash", tl.Long(440)), "InputUser", "inputUser(44 440)"},
		{tl.New(s.Constructor("inputPeerSelf")), "InputUser", "inputUserSelf()"},
		{tl.New(s.Constructor("messageEmpty")).With("id", tl.Int(1)).With("peer_id", peer("peerUser", "user_id", 5).Value()), "InputPeer", "inputPeerUser(5 50)"},
		{peer("peerUser", "user_id", 5), "InputChannel", "! a channel is wanted here"},
		{peer("peerUser", "user_id", 555), "InputPeer", "! no user with the id 555 is known here"},
	} {
		v, err := r.Object(context.Background(), c.o, s.TypeOf(c.want))
		got := text(v)
		if err != nil {
			got = "! " + err.Error()
		}
		if got != c.give && !(err != nil && strings.Contains(got, strings.TrimPrefix(c.give, "! "))) {
			t.Errorf("%s as %s: %s, want %s", c.o.Def().Name, c.want, got, c.give)
		}
	}
}

// A min constructor never replaces what a full one said, and a username that
// moved belongs to its new owner.
func TestLearn(t *testing.T) {
	r, _ := world()
	c := r.Cache
	c.Learn(user(5, 999, "Min", "min", tl.Bool(true)).Value())
	if e := c.ByID(User, 5); e.Hash != 50 || e.Title != "Alice B" {
		t.Errorf("%+v", e)
	}
	c.Learn(user(6, 60, "Bob", "username", tl.String("alice")).Value())
	if e := c.ByUsername("ALICE"); e == nil || e.ID != 6 {
		t.Errorf("%+v", e)
	}
	if c.Name("user", 6) != "@alice" || c.Name("channel", 9) != "@news" || c.Name("chat", 8) != "Group" || c.Name("user", 1234) != "" {
		t.Error("names")
	}
	if found, more := c.Search([]string{"group"}, 10); len(found) != 1 || more {
		t.Errorf("%d found", len(found))
	}
}
