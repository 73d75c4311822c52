package sandbox

import (
	"crypto/rand"
	"fmt"
	"testing"

	"tlsh/schema"
	"tlsh/tl"
)

var cryptoRand = rand.Reader

// direct is a session without a connection, for what is measured or fuzzed
// without the wire.
type direct struct {
	*Sandbox
	sess *session
	got  [][]byte
}

func (d *direct) Live() bool            { return true }
func (d *direct) Send(body []byte) bool { d.got = append(d.got[:0], body); return true }

func newDirect(t testing.TB, person string) *direct {
	t.Helper()
	s, err := New(Config{World: village, Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	auth, err := s.SignIn(person)
	if err != nil {
		t.Fatal(err)
	}
	d := &direct{Sandbox: s}
	d.sess = &session{carrier: d, login: s.logins[auth.Key.ID()]}
	d.sess.login.layer = s.schema.Layer
	return d
}

func (d *direct) ask(body []byte) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.answer(d.sess, requestID{}, body)
}

// line encodes the request of a line as that person.
func (d *direct) line(t testing.TB, person, line string) []byte {
	t.Helper()
	who, err := d.world.lookup(person)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{lab: &lab{Sandbox: d.Sandbox, t: t}, who: who}
	return encode(t, c.bind(line))
}

func BenchmarkNew(b *testing.B) {
	schema.Current()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(Config{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSendMessage(b *testing.B) {
	d := newDirect(b, "@sam")
	req := d.bindFor(b, "@sam", `messages.sendMessage peer=@alice message="hi there"`)
	at := req.Def().Index("random_id")
	n := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		n++
		req.Set(at, tl.Long(n))
		body, _ := tl.Encode(req)
		if _, err := d.ask(body); err != nil {
			b.Fatal(err)
		}
	}
}

func (d *direct) bindFor(t testing.TB, person, line string) *tl.Object {
	who, _ := d.world.lookup(person)
	return (&client{lab: &lab{Sandbox: d.Sandbox, t: t}, who: who}).bind(line)
}

// BenchmarkGetHistory reads pages of a hundred, from a chat of a thousand
// messages and from one of a million.
func BenchmarkGetHistory(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := newDirect(b, "@sam")
			base := d.world.new("message").With("message", tl.String("a message of a usual length, more or less"))
			sam, alice := d.world.byID[1001], d.world.byID[1002]
			for i := range n {
				d.world.deliver(&letter{base: base, author: sam, to: alice.peer, date: int32(i)})
			}
			body := d.line(b, "@sam", fmt.Sprintf("messages.getHistory @alice limit=100 offset_id=%d", n/2))
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				if _, err := d.ask(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzRequest: whatever is sent is answered, with a result of the method's type
// or with an rpc_error.
func FuzzRequest(f *testing.F) {
	d := newDirect(f, "@sam")
	for _, line := range []string{
		"help.getConfig", `messages.sendMessage peer=@alice message="hi" entities=[messageEntityBold(0 1)]`, "messages.getHistory @alice",
		`messages.getHistory "Sunday hikers" limit=2`, "messages.getDialogs offset_peer=inputPeerEmpty", "users.getUsers id=[me @bob]",
		"messages.forwardMessages from_peer=@alice id=[1 2] to_peer=me", "messages.deleteMessages id=[1 2 3] revoke=true",
		"messages.editMessage peer=@alice id=2 message=x", "messages.readHistory @alice max_id=0", "contacts.resolveUsername username=bob",
		"channels.getMessages channel=@harbour_news id=[1]", "channels.readHistory @harbour_news max_id=0",
		"updates.getDifference pts=1 date=1 qts=0", `users.getFullUser inputUserFromMessage("Sunday hikers" 1 1003)`,
		"updates.getChannelDifference channel=@harbour_news filter=channelMessagesFilterEmpty pts=1 limit=2",
		`auth.sendCode phone_number="+9996621004" api_id=1 api_hash="" settings=codeSettings`, "messages.getPeerDialogs [@alice]",
		"messages.getFullChat 2001", "channels.getFullChannel @harbour_news", "contacts.getContacts", "auth.logOut",
		"messages.getMessages id=[1 inputMessageReplyTo(5) inputMessagePinned]",
	} {
		f.Add(d.line(f, "@sam", line))
	}
	f.Add(wrapper(d.schema, int32(d.schema.Layer))(d.line(f, "@sam", "help.getConfig")))
	f.Add([]byte{})
	f.Add([]byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, body []byte) {
		d := newDirect(t, "@sam")
		res, err := d.ask(append([]byte(nil), body...))
		if err != nil {
			if got := rpcError(err); got == err.Error() {
				t.Fatalf("%x: no rpc_error: %v", body, err)
			}
			return
		}
		if d.schema.ByID(leading(body)).Generic != "" {
			return // which request is inside, and so the type, is not told here
		}
		v, err := tl.Decode(d.schema, res, d.schema.ByID(leading(body)).Result)
		if err != nil {
			t.Fatalf("%x: %v", body, err)
		}
		l := &lab{Sandbox: d.Sandbox, t: t}
		l.complete(d.schema.ByID(leading(body)).Name, v)
	})
}
