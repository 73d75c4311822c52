package oracle

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"

	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/tl"
)

// ours is our client on gotd's server.
type ours struct {
	*client.Client
	t      *testing.T
	ctx    context.Context
	schema *schema.Schema
	pushed chan tl.Value
	trace  trace
}

// trace keeps what crossed the wire.
type trace struct {
	mu     sync.Mutex
	events []mtproto.TraceEvent
}

func (x *trace) add(e mtproto.TraceEvent) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.events = append(x.events, e)
}

func (x *trace) count(is func(mtproto.TraceEvent) bool) (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range x.events {
		if is(e) {
			n++
		}
	}
	return n
}

// clean wants nothing to have been sent again or refused.
func (x *trace) clean(t *testing.T) {
	t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range x.events {
		if e.Again || e.ID == mt.BadMsgNotificationTypeID || e.ID == mt.BadServerSaltTypeID {
			t.Errorf("on the wire: %+v", e)
		}
	}
}

func dialer(addr string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
}

func publicKeys(t *testing.T, key *rsa.PrivateKey) []mtproto.PublicKey {
	t.Helper()
	k, err := mtproto.NewPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return []mtproto.PublicKey{k}
}

func (s *gotdServer) connect(t *testing.T, cfg client.Config) *ours {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	c := &ours{t: t, ctx: ctx, schema: schema.Current(), pushed: make(chan tl.Value, 100)}
	cfg.Schema = c.schema
	cfg.App = client.App{ID: 17, Device: "a device", System: "a system", Version: "0.1", Lang: "en"}
	cfg.Dial, cfg.DC = dialer(s.addr), gotdID
	cfg.OnUpdate = func(u client.Update) { c.pushed <- u.Value }
	cfg.Trace = c.trace.add
	var err error
	if c.Client, err = client.Connect(ctx, cfg); err != nil {
		t.Fatalf("connect: %v\n%s", err, s.journal)
	}
	t.Cleanup(func() {
		c.Close()
		c.trace.clean(t)
	})
	return c
}

// req makes a request of its name and then names and values of parameters.
func (c *ours) req(name string, params ...any) *tl.Object {
	c.t.Helper()
	def := c.schema.Method(name)
	if def == nil {
		def = c.schema.Constructor(name)
	}
	o := tl.New(def)
	for i := 0; i < len(params); i += 2 {
		o.With(params[i].(string), params[i+1].(tl.Value))
	}
	return o
}

func (c *ours) do(name string, params ...any) tl.Value {
	c.t.Helper()
	v, err := c.Call(c.ctx, c.req(name, params...))
	if err != nil {
		c.t.Fatalf("%s: %v", name, err)
	}
	return v
}

// messages asks for messages by their ids.
func (c *ours) messages(ids ...int) *tl.Object {
	items := make([]tl.Value, len(ids))
	for i, id := range ids {
		items[i] = c.req("inputMessageID", "id", tl.Int(int32(id))).Value()
	}
	return c.req("messages.getMessages", "id", tl.VectorOf(c.schema.TypeOf("InputMessage"), items...))
}

// texts are the texts of the messages in an answer.
func texts(v tl.Value) (list []string) {
	for _, m := range v.Object().At("messages").Vector().Items {
		list = append(list, m.Object().At("message").AsString())
	}
	return list
}

// wantTexts wants the messages that messages asked for.
func wantTexts(t *testing.T, v tl.Value, ids ...int) {
	t.Helper()
	var want []string
	for _, id := range ids {
		want = append(want, fmt.Sprint("text of ", id))
	}
	if o := v.Object(); o == nil || !o.Is("messages.messages") {
		t.Errorf("messages %d: got %v", ids, v)
	} else if got := texts(v); !slices.Equal(got, want) {
		t.Errorf("messages %d: got %q", ids, got)
	}
}

// TestOnGotdServer lets our client do a day's work on gotd's server.
func TestOnGotdServer(t *testing.T) {
	key := newKey(t)
	s := runGotd(t, key, false)
	c := s.connect(t, client.Config{Keys: publicKeys(t, key)})
	c.looksAround(s)
	c.writes()
	c.errs()
	c.packs(s)
	c.hurries(s)
	c.batches(s)
	c.listens()
}

func (c *ours) looksAround(s *gotdServer) {
	t := c.t
	t.Helper()
	cfg := c.do("help.getConfig").Object()
	if cfg.At("this_dc").AsInt() != gotdID || cfg.At("me_url_prefix").AsString() != "https://t.me/" || len(cfg.At("dc_options").Vector().Items) != 1 {
		t.Errorf("help.getConfig: %v", cfg)
	}
	if dc := c.do("help.getNearestDc").Object(); dc.At("country").AsString() != "XX" || dc.At("nearest_dc").AsInt() != gotdID {
		t.Errorf("help.getNearestDc: %v", dc)
	}
	us := c.do("users.getUsers", "id", tl.VectorOf(c.schema.TypeOf("InputUser"), c.req("inputUserSelf").Value())).Vector()
	if us == nil || len(us.Items) != 2 || us.Items[0].Object().At("username").AsString() != "sam" || !us.Items[0].Object().At("self").AsBool() || !us.Items[1].Object().Is("userEmpty") {
		t.Errorf("users.getUsers: %v", us)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.layers) != 1 || s.layers[0] != tg.Layer || s.layers[0] != c.schema.Layer {
		t.Errorf("gotd saw invokeWithLayer %d, want once %d", s.layers, tg.Layer)
	}
	if len(s.inits) != 1 {
		t.Fatalf("gotd saw %d initConnection, want 1", len(s.inits))
	}
	if w := s.inits[0]; w.APIID != 17 || w.DeviceModel != "a device" || w.SystemVersion != "a system" || w.AppVersion != "0.1" || w.LangCode != "en" || w.SystemLangCode != "en" {
		t.Errorf("gotd saw %v", &w)
	}
}

func (c *ours) peer() tl.Value {
	r := c.do("contacts.resolveUsername", "username", tl.String("alice")).Object()
	u := r.At("users").Vector().Items[0].Object()
	if id := r.At("peer").Object().At("user_id").AsLong(); id != u.At("id").AsLong() {
		c.t.Errorf("contacts.resolveUsername: peer %d, user %d", id, u.At("id").AsLong())
	}
	return c.req("inputPeerUser", "user_id", u.At("id"), "access_hash", u.At("access_hash")).Value()
}

func (c *ours) writes() {
	c.t.Helper()
	peer := c.peer()
	c.do("messages.sendMessage", "peer", peer, "message", tl.String("hi from tlsh"), "random_id", tl.Long(1))
	if got := c.history(peer); !slices.Equal(got, []string{"hi from tlsh"}) {
		c.t.Errorf("messages.getHistory: %q", got)
	}
}

// history are the texts of a chat's newest messages.
func (c *ours) history(peer tl.Value) []string {
	c.t.Helper()
	zero := tl.Int(0)
	return texts(c.do("messages.getHistory", "peer", peer, "limit", tl.Int(5), "offset_id", zero,
		"offset_date", zero, "add_offset", zero, "max_id", zero, "min_id", zero, "hash", tl.Long(0)))
}

func (c *ours) errs() {
	c.t.Helper()
	_, err := c.Call(c.ctx, c.req("contacts.resolveUsername", "username", tl.String("nobody_here")))
	if e, ok := tgerr.As(err); !ok || e.Code != 400 || e.Message != "USERNAME_NOT_OCCUPIED" {
		c.t.Errorf("an unknown name: %v", err)
	}
}

// packs sends and reads what is packed.
func (c *ours) packs(s *gotdServer) {
	t := c.t
	t.Helper()
	before := s.journal.with("Got request", "type=gzip")
	text := strings.Repeat("Contour lines do not lie. ", 1000)
	peer := c.peer()
	c.do("messages.sendMessage", "peer", peer, "message", tl.String(text), "random_id", tl.Long(2))
	if s.journal.with("Got request", "type=gzip") == before {
		t.Errorf("gotd saw no gzip_packed\n%s", s.journal)
	}
	if got := c.history(peer); !slices.Contains(got, text) {
		t.Errorf("a long message came back otherwise")
	}
	ids := make([]int, long)
	for i := range ids {
		ids[i] = i
	}
	v, err := c.Call(c.ctx, c.messages(ids...))
	if err != nil {
		t.Fatalf("a packed answer: %v", err)
	}
	wantTexts(t, v, ids...)
}

// containers counts the containers that gotd's server has unpacked.
func (s *gotdServer) containers() int { return s.journal.with("Got request", "type=message_container") }

// hurries makes 50 calls at once, some of which leave in containers. How many
// is a matter of luck, so it is only logged.
func (c *ours) hurries(s *gotdServer) {
	c.t.Helper()
	before := s.containers()
	defer func() { c.t.Logf("50 calls at once: %d containers", s.containers()-before) }()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			v, err := c.Call(c.ctx, c.messages(i, 1000+i))
			if err != nil {
				c.t.Errorf("messages.getMessages %d: %v", i, err)
				return
			}
			wantTexts(c.t, v, i, 1000+i)
		})
	}
	wg.Wait()
}

// batches sends 20 requests as one container, and an ordered batch in which one
// fails.
func (c *ours) batches(s *gotdServer) {
	t := c.t
	t.Helper()
	before := s.containers()
	var reqs []*tl.Object
	for i := range 20 {
		reqs = append(reqs, c.messages(i))
	}
	outs, err := c.Batch(c.ctx, reqs, client.BatchOptions{})
	if err != nil || len(outs) != len(reqs) {
		t.Fatalf("batch: %d outcomes, %v", len(outs), err)
	}
	for i, o := range outs {
		if o.State != mtproto.Done || o.Err != nil {
			t.Errorf("batch: request %d: %v", i, o.Err)
			continue
		}
		wantTexts(t, o.Value, i)
	}
	if n := s.containers() - before; n != 1 {
		t.Errorf("gotd saw %d containers, want 1", n)
	}
	many := make([]int, 3*long) // packed, also within invokeAfterMsg
	for i := range many {
		many[i] = i
	}
	wrong := c.req("contacts.resolveUsername", "username", tl.String("nobody_here"))
	outs, err = c.Batch(c.ctx, []*tl.Object{c.messages(1), c.messages(many...), wrong, c.messages(3)}, client.BatchOptions{Ordered: true})
	if err != nil || len(outs) != 4 {
		t.Fatalf("ordered batch: %d outcomes, %v", len(outs), err)
	}
	want := []mtproto.State{mtproto.Done, mtproto.Done, mtproto.Failed, mtproto.NotRun}
	for i, o := range outs {
		if o.State != want[i] {
			t.Errorf("ordered batch: request %d: state %v, want %v: %v", i, o.State, want[i], o.Err)
		}
	}
	wantTexts(t, outs[1].Value, many...)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.after != 3 || s.inner != 1 {
		t.Errorf("gotd saw %d invokeAfterMsg, one of %d packed, want 3 and 1", s.after, s.inner)
	}
}

// listens gets an update pushed before an answer and one after it.
func (c *ours) listens() {
	t := c.t
	t.Helper()
	for len(c.pushed) > 0 {
		<-c.pushed
	}
	if pts := c.do("updates.getState").Object().At("pts").AsInt(); pts != 2 {
		t.Errorf("updates.getState: pts %d, want 2", pts)
	}
	for pts := range int32(2) {
		select {
		case v := <-c.pushed:
			u := v.Object()
			if !u.Is("updateNewMessage") || u.At("pts").AsInt() != pts+1 || u.At("message").Object().At("message").AsString() != fmt.Sprint("pushed ", pts+1) {
				t.Errorf("pushed: %v", u)
			}
		case <-c.ctx.Done():
			t.Fatal("no update came")
		}
	}
}

// TestFramingsOnGotdServer speaks every framing of mtproto to gotd's server.
func TestFramingsOnGotdServer(t *testing.T) {
	key := newKey(t)
	for _, f := range []mtproto.Transport{mtproto.Abridged, mtproto.Intermediate, mtproto.PaddedIntermediate, mtproto.Full} {
		for _, obfuscated := range []bool{false, true} {
			if obfuscated && f == mtproto.Full {
				continue // the obfuscated header has no tag for it
			}
			t.Run(fmt.Sprintf("%s obfuscated %t", f, obfuscated), func(t *testing.T) {
				s := runGotd(t, key, obfuscated)
				var x trace
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				c, err := mtproto.Connect(ctx, mtproto.Config{
					Dial: dialer(s.addr), DC: gotdID, Keys: publicKeys(t, key), Transport: f, Obfuscate: obfuscated, Trace: x.add,
				})
				if err != nil {
					t.Fatalf("connect: %v\n%s", err, s.journal)
				}
				defer c.Close()
				if err := c.Ping(ctx); err != nil {
					t.Errorf("ping: %v", err)
				}
				raw(ctx, t, c, f)
				x.clean(t)
			})
		}
	}
}

// raw asks for messages in requests of many sizes, which gotd encodes and whose
// answers it decodes, alone and in containers.
func raw(ctx context.Context, t *testing.T, c *mtproto.Conn, f mtproto.Transport) {
	t.Helper()
	var bodies [][]byte
	counts := []int{0, 1, 2, 3, 30, 31, 32, 33, 62, 63, 64, 126, 127, 128, 5000}
	for _, n := range counts {
		q := tg.MessagesGetMessagesRequest{ID: make([]tg.InputMessageClass, n)}
		for i := range q.ID {
			q.ID[i] = &tg.InputMessageID{ID: n + i}
		}
		body, err := encode(&q)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	check := func(n int, body []byte) {
		t.Helper()
		var got tg.MessagesMessages
		buf := &bin.Buffer{Buf: body}
		if err := got.Decode(buf); err != nil || buf.Len() > 0 || len(got.Messages) != n {
			t.Errorf("%s: of %d messages came %d, and %d bytes, %v", f, n, len(got.Messages), buf.Len(), err)
			return
		}
		for i, m := range got.Messages {
			if m.GetID() != n+i {
				t.Errorf("%s: message %d of %d is %v", f, i, n, m)
			}
		}
	}
	for i, n := range counts {
		body, err := c.Call(ctx, bodies[i])
		if err != nil {
			t.Fatalf("%s: %d messages: %v", f, n, err)
		}
		check(n, body)
	}
	outs, err := c.Batch(ctx, bodies, false)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range outs {
		if o.State != mtproto.Done {
			t.Errorf("%s: in a batch: %d messages: %v", f, counts[i], o.Err)
			continue
		}
		check(counts[i], o.Body)
	}
}

// TestReturnToGotdServer comes back with the key of an earlier connection, and
// with a key that gotd's server does not know.
func TestReturnToGotdServer(t *testing.T) {
	key := newKey(t)
	s := runGotd(t, key, false)
	first := s.connect(t, client.Config{Keys: publicKeys(t, key)})
	first.do("help.getConfig")
	auth := first.Auth()
	first.Close()
	again := s.connect(t, client.Config{Auth: &auth})
	// The first call, which initConnection goes around, is a packed one.
	many := make([]int, 3*long)
	v, err := again.Call(again.ctx, again.messages(many...))
	if err != nil {
		t.Fatalf("back again: %v\n%s", err, s.journal)
	}
	wantTexts(t, v, many...)
	if s.journal.with("Got request", "type=gzip") != 1 || len(s.inits) != 2 {
		t.Errorf("gotd saw %d initConnection, want 2, the second packed\n%s", len(s.inits), s.journal)
	}
	if n := s.journal.with("Starting key exchange", ""); n != 1 {
		t.Errorf("gotd's server made %d key exchanges, want 1", n)
	}

	strange, err := mtproto.GenerateAuthKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	lost := s.connect(t, client.Config{Auth: &mtproto.Auth{Key: strange}})
	_, err = lost.Call(lost.ctx, lost.req("help.getConfig"))
	var e *mtproto.TransportError
	if !errors.As(err, &e) || e.Code != 404 {
		t.Errorf("with a key that the server does not have: %v", err)
	}
}

// TestRefusedByGotdServer wants both refusals of gotd's server to be understood.
func TestRefusedByGotdServer(t *testing.T) {
	key := newKey(t)
	s := runGotd(t, key, false)
	connect := func(dc int, key *rsa.PrivateKey) error {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c, err := mtproto.Connect(ctx, mtproto.Config{Dial: dialer(s.addr), DC: dc, Keys: publicKeys(t, key)})
		if err == nil {
			c.Close()
		}
		return err
	}
	var refused *mtproto.ExchangeError
	var code *mtproto.TransportError
	if err := connect(gotdID+1, key); !errors.As(err, &refused) || !errors.As(err, &code) || code.Code != 444 {
		t.Errorf("another data centre's number: %v", err)
	}
	if err := connect(gotdID, newKey(t)); !errors.As(err, &refused) || refused.Step != "resPQ" {
		t.Errorf("another server's key: %v", err)
	}
}
