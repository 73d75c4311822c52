package sandbox

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
	"go.uber.org/goleak"

	"tlsh/bind"
	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if run := flag.Lookup("test.run").Value.String(); code == 0 && run == "" && !testing.Short() && flag.Lookup("test.fuzz").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" {
		if missing := untested(); len(missing) > 0 {
			fmt.Printf("%d outcomes of handlers are not tested:\n%s\n", len(missing), strings.Join(missing, "\n"))
			code = 1
		}
	}
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

// seen are the outcomes of handlers that the tests had: "messages.sendMessage
// MESSAGE_EMPTY", or "messages.sendMessage ok".
var seen sync.Map

// untested lists the outcomes that methods declare and no test had.
func untested() (missing []string) {
	for name, m := range methods() {
		for _, outcome := range append(strings.Fields(m.errors), "ok") {
			if _, ok := seen.Load(name + " " + outcome); !ok {
				missing = append(missing, name+" "+outcome)
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// peerErrors are what call.target, call.userBy and call.channel give. No method
// declares them.
const peerErrors = "PEER_ID_INVALID CHANNEL_INVALID CHANNEL_PRIVATE MSG_ID_INVALID USER_ID_INVALID"

// writeErrors are what call.writable and call.slow give. No method has to declare
// them; TestWritable and TestSlowMode have them all.
const writeErrors = "CHAT_WRITE_FORBIDDEN CHAT_RESTRICTED CHAT_ADMIN_REQUIRED CHAT_GUEST_SEND_FORBIDDEN INPUT_USER_DEACTIVATED " +
	"YOU_BLOCKED_USER USER_IS_BLOCKED USER_IS_BOT PRIVACY_PREMIUM_REQUIRED VOICE_MESSAGES_FORBIDDEN " +
	"CHAT_SEND_MEDIA_FORBIDDEN CHAT_SEND_PLAIN_FORBIDDEN CHAT_SEND_PHOTOS_FORBIDDEN CHAT_SEND_VIDEOS_FORBIDDEN " +
	"CHAT_SEND_ROUNDVIDEOS_FORBIDDEN CHAT_SEND_AUDIOS_FORBIDDEN CHAT_SEND_VOICES_FORBIDDEN CHAT_SEND_DOCS_FORBIDDEN " +
	"CHAT_SEND_STICKERS_FORBIDDEN CHAT_SEND_GIFS_FORBIDDEN CHAT_SEND_GAME_FORBIDDEN CHAT_SEND_INLINE_FORBIDDEN " +
	"CHAT_SEND_POLL_FORBIDDEN CHAT_SEND_WEBPAGE_FORBIDDEN SLOWMODE_WAIT SLOWMODE_MULTI_MSGS_DISABLED"

// fileErrors are what call.uploaded, call.newPicture, call.photoBy and
// call.documentBy give. No method has to declare them; TestUploaded, TestPictures,
// TestDownload and TestDataCentres have them all.
const fileErrors = "FILE_PARTS_INVALID FILE_PART_MISSING FILE_PART_LENGTH_INVALID MD5_CHECKSUM_INVALID " +
	"FILE_REFERENCE_EMPTY FILE_REFERENCE_EXPIRED FILE_REFERENCE_INVALID " +
	"FILE_MIGRATE IMAGE_PROCESS_FAILED PHOTO_INVALID_DIMENSIONS PHOTO_SAVE_FILE_INVALID"

// watchOutcome holds a handler to the errors that it declares.
func watchOutcome(t testing.TB) func(string, method, error) {
	return func(name string, m method, err error) {
		outcome := "ok"
		if err != nil {
			var e *tgerr.Error
			if !errors.As(err, &e) {
				t.Errorf("%s: %v is no error of the API", name, err)
				return
			}
			outcome = e.Type
			if e.Code != 501 && !word(m.errors, outcome) && !word(peerErrors, outcome) && !word(writeErrors, outcome) && !word(markupErrors, outcome) && !word(fileErrors, outcome) {
				t.Errorf("%s gave %s, which it does not declare", name, outcome)
			}
		}
		seen.Store(name+" "+outcome, true)
	}
}

// clock is the world's clock in the tests: it stands still until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// village is the world of the tests: the embedded one may grow and change
// without them.
//
//go:embed testdata/village.tlsh
var village string

// start is the moment that both worlds describe.
var start = time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)

// lab is a sandbox that listens, and its clock.
type lab struct {
	*Sandbox
	t     testing.TB
	clock *clock
	addr  string
}

func newLab(t testing.TB, cfg Config) *lab {
	t.Helper()
	l := &lab{t: t, clock: &clock{t: start}}
	cfg.Now = l.clock.now
	if cfg.World == "" {
		cfg.World = village
	}
	var err error
	if l.Sandbox, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	l.watch = watchOutcome(t)
	l.addr = l.listen(l.Serve)
	return l
}

// listen serves at an address of its own until the test ends.
func (l *lab) listen(serve func(context.Context, net.Listener) error) (addr string) {
	l.t.Helper()
	ln, err := Listen(l.t.Context(), "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, ln) }()
	l.t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			l.t.Errorf("Serve: %v", err)
		}
	})
	return ln.Addr().String()
}

// dial connects to that address.
func dial(addr string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
}

// rsaKey is the key of all sandboxes of the tests that exchange keys.
var rsaKey = sync.OnceValue(func() mtproto.PrivateKey {
	key, err := mtproto.GeneratePrivateKey(cryptoRand)
	if err != nil {
		panic(err)
	}
	return key
})

// newLabWithKey is a lab in which keys can be exchanged.
func newLabWithKey(t testing.TB, cfg Config) *lab {
	t.Helper()
	cfg.Keys = []mtproto.PrivateKey{rsaKey()}
	return newLab(t, cfg)
}

// newcomer connects to a data centre with a new key, as nobody.
func (l *lab) newcomer(dc int) *client {
	l.t.Helper()
	return l.connect(mtproto.Config{Keys: []mtproto.PublicKey{rsaKey().Public()}, DC: dc})
}

// client is a session over TCP.
type client struct {
	lab    *lab
	who    *person
	conn   *mtproto.Conn
	pushed chan tl.Value
	random int64
}

// wrapper is invokeWithLayer(initConnection(…)) around a query.
func wrapper(s *schema.Schema, layer int32) func([]byte) []byte {
	head, err := tl.Encode(tl.New(s.Method("invokeWithLayer")).With("layer", tl.Int(layer)).With("query",
		tl.New(s.Method("initConnection")).With("api_id", tl.Int(1)).With("device_model", tl.String("test")).
			With("system_version", tl.String("1")).With("app_version", tl.String("1")).With("system_lang_code", tl.String("en")).
			With("lang_pack", tl.String("")).With("lang_code", tl.String("en")).
			With("query", tl.New(s.Method("help.getConfig")).Value()).Value()))
	if err != nil {
		panic(err)
	}
	head = head[:len(head)-4]
	return func(query []byte) []byte { return append(append([]byte(nil), head...), query...) }
}

func (l *lab) connect(cfg mtproto.Config) *client {
	l.t.Helper()
	c := &client{lab: l, pushed: make(chan tl.Value, 10_000)}
	if cfg.Dial == nil {
		cfg.Dial = dial(l.addr)
	}
	if cfg.DC == 0 {
		cfg.DC = l.DC()
	}
	if cfg.Wrap == nil {
		cfg.Wrap = wrapper(l.schema, int32(l.schema.Layer))
	}
	cfg.OnUpdate = func(_ int64, body []byte) {
		v, err := tl.Decode(l.schema, body, l.schema.TypeOf("Updates"))
		if err != nil {
			l.t.Errorf("pushed: %v", err)
			return
		}
		l.complete("pushed", v)
		c.pushed <- v
	}
	var err error
	if c.conn, err = mtproto.Connect(l.t.Context(), cfg); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { c.conn.Close() })
	return c
}

// as connects one of the people, ready for updates.
func (l *lab) as(name string) *client {
	l.t.Helper()
	auth, err := l.SignIn(name)
	if err != nil {
		l.t.Fatal(err)
	}
	c := l.connect(mtproto.Config{Auth: &auth})
	l.mu.Lock()
	c.who, _ = l.world.lookup(name)
	l.mu.Unlock()
	c.do("updates.getState")
	return c
}

// bind makes the request of a line, with the client's access hashes. Of a
// reference that ends in ! the hash is wrong.
func (c *client) bind(line string) *tl.Object {
	c.lab.t.Helper()
	f := syntax.Parse(line)
	in := bind.Check(c.lab.schema, f, 0, env{})
	if err := append(f.Errs, in.Diags...).Err(); err != nil || in.Kind != bind.Request {
		c.lab.t.Fatalf("%s: %v", line, err)
	}
	for _, h := range in.Holes {
		switch h.Kind {
		case bind.HolePeer:
			h.Fill(c.input(h.Text, h.Want.Name))
		case bind.HoleRandom:
			if h.Want.Kind != schema.KindVector {
				c.random++
				h.Fill(tl.Long(c.random))
				continue
			}
			var ids []tl.Value
			for range in.Object().At("id").Vector().Items {
				c.random++
				ids = append(ids, tl.Long(c.random))
			}
			h.Fill(tl.VectorOf(h.Want.Elem, ids...))
		}
	}
	return in.Object()
}

func (c *client) input(ref, class string) tl.Value {
	c.lab.mu.Lock()
	defer c.lab.mu.Unlock()
	return c.found(ref, class)
}

// found is input with the world's lock held.
func (c *client) found(ref, class string) tl.Value {
	w := c.lab.world
	name, wrong := strings.CutSuffix(ref, "!")
	p := w.find(name)
	if name == "me" {
		p = c.who.peer
	}
	if p.kind == noPeer {
		c.lab.t.Fatalf("no %s", ref)
	}
	if class == "InputDialogPeer" {
		return w.new("inputDialogPeer").With("peer", c.found(ref, "InputPeer")).Value()
	}
	hash := func(seed int64) tl.Value {
		if wrong {
			seed++
		}
		return tl.Long(accessHash(seed, c.who))
	}
	switch {
	case p.kind == userPeer && class == "InputUser":
		return w.new("inputUser").With("user_id", tl.Long(p.id)).With("access_hash", hash(w.byID[p.id].seed)).Value()
	case p.kind == userPeer:
		return w.new("inputPeerUser").With("user_id", tl.Long(p.id)).With("access_hash", hash(w.byID[p.id].seed)).Value()
	case p.kind == chatPeer:
		return w.new("inputPeerChat").With("chat_id", tl.Long(p.id)).Value()
	case class == "InputChannel":
		return w.new("inputChannel").With("channel_id", tl.Long(p.id)).With("access_hash", hash(w.room[p].seed)).Value()
	}
	return w.new("inputPeerChannel").With("channel_id", tl.Long(p.id)).With("access_hash", hash(w.room[p].seed)).Value()
}

// call sends a line and checks the answer against the schema and for people
// and chats that it refers to and does not describe.
func (c *client) call(line string) (tl.Value, error) {
	c.lab.t.Helper()
	return c.send(c.bind(line))
}

func (c *client) send(req *tl.Object) (tl.Value, error) {
	c.lab.t.Helper()
	body, err := tl.Encode(req)
	if err != nil {
		c.lab.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(c.lab.t.Context(), time.Minute)
	defer cancel()
	res, err := c.conn.Call(ctx, body)
	if err != nil {
		return tl.Value{}, err
	}
	v, err := tl.Decode(c.lab.schema, res, req.Def().Result)
	if err != nil {
		c.lab.t.Fatalf("%s: the answer is no %s: %v", req.Def().Name, req.Def().Result, err)
	}
	c.lab.complete(req.Def().Name, v)
	return v, nil
}

// do is call for what succeeds.
func (c *client) do(line string) tl.Value {
	c.lab.t.Helper()
	v, err := c.call(line)
	if err != nil {
		c.lab.t.Fatalf("%s: %v", line, err)
	}
	return v
}

// fails wants "400 MESSAGE_EMPTY" and its like.
func (c *client) fails(line, want string) {
	c.lab.t.Helper()
	v, err := c.call(line)
	if err == nil {
		c.lab.t.Errorf("%s: want %s, got %s", line, want, show(v))
		return
	}
	if got := rpcError(err); got != want {
		c.lab.t.Errorf("%s: want %s, got %s", line, want, got)
	}
}

func rpcError(err error) string {
	var e *tgerr.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%d %s", e.Code, e.Message)
	}
	return err.Error()
}

// next is the next pushed container; at once, as all is local.
func (c *client) next() tl.Value {
	c.lab.t.Helper()
	select {
	case v := <-c.pushed:
		return v
	case <-time.After(time.Minute):
		c.lab.t.Fatalf("%s: no update came", c.who.name())
	}
	return tl.Value{}
}

// quiet wants nothing to have been pushed.
func (c *client) quiet() {
	c.lab.t.Helper()
	for _, v := range c.rest() {
		c.lab.t.Errorf("%s: unexpected %s", c.who.name(), show(v))
	}
}

// quietOf wants nothing of that kind to have been pushed.
func (c *client) quietOf(name string) {
	c.lab.t.Helper()
	for _, v := range c.rest() {
		if strings.Contains(show(v), name+"(") {
			c.lab.t.Errorf("%s: unexpected %s in %s", c.who.name(), name, show(v))
		}
	}
}

// rest is what was pushed and not taken: Erin writes, in the club Fritz, and all
// that came before that is there.
func (c *client) rest() (list []tl.Value) {
	c.lab.t.Helper()
	writer := "@erin"
	if !slices.ContainsFunc(c.lab.People(), func(p Person) bool { return p.Username == "erin" }) {
		writer = "@fritz"
	}
	other := c.lab.as(writer)
	defer other.conn.Close()
	text := fmt.Sprint("rest ", time.Now().UnixNano())
	other.do(fmt.Sprintf("messages.sendMessage peer=%d message=%q random_id=%d", c.who.id, text, time.Now().UnixNano()))
	for {
		v := c.next()
		if strings.Contains(show(v), text) {
			return list
		}
		list = append(list, v)
	}
}

// at follows a path: ".messages[0].message".
func at(t testing.TB, v tl.Value, path string) tl.Value {
	t.Helper()
	f := syntax.Parse("$x" + path)
	x, ok := f.Stmts[0].X.(*syntax.Var)
	if !ok || len(f.Errs) > 0 {
		t.Fatalf("bad path %s", path)
	}
	w, err := bind.Walk(v, x.Path)
	if err != nil {
		t.Fatalf("%s: %v in %s", path, err, show(v))
	}
	return w
}

// show writes a value as source.
func show(v tl.Value) string {
	return string((&saver{world: &world{}}).value(nil, v, "", true))
}

// want compares what stands at paths with source: path, want, path, want …
func want(t testing.TB, v tl.Value, pairs ...string) {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := show(at(t, v, pairs[i])); got != pairs[i+1] {
			t.Errorf("%s: want %s, got %s\nin %s", pairs[i], pairs[i+1], got, show(v))
		}
	}
}

// lacks wants the field in which a path ends to be absent.
func lacks(t testing.TB, v tl.Value, path string) {
	t.Helper()
	i := strings.LastIndexByte(path, '.')
	if f := at(t, v, path[:i]).Object().At(path[i+1:]); !f.IsNone() {
		t.Errorf("%s: want nothing, got %s\nin %s", path, show(f), show(v))
	}
}

func tlLong(n int64) tl.Value { return tl.Long(n) }

// noError wants no connection to end for a reason that is nobody's wish.
func noError(t testing.TB) func(net.Addr, error) {
	return func(_ net.Addr, err error) { t.Errorf("a connection ended: %v", err) }
}

func repeat(s string, n int) string { return strings.Repeat(s, n) }

func long(n int) string { return strings.Repeat("x", n) }
