package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
	"go.uber.org/goleak"

	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/sandbox"
	"tlsh/schema"
	"tlsh/tl"
)

// memory is a Keyring that forgets with the test.
type memory struct {
	mu    sync.Mutex
	home  int
	keys  map[int]mtproto.Auth
	made  int // keys that an exchange made
	list  []Address
	until time.Time
}

func (m *memory) Key(dc int, prints []int64) (*mtproto.Auth, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.keys[dc]
	if !ok {
		return nil, nil
	}
	return &a, nil
}

func (m *memory) Add(dc int, made mtproto.Auth) (mtproto.Auth, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.made++
	if old, ok := m.keys[dc]; ok {
		return old, nil
	}
	m.keys[dc] = made
	return made, nil
}

func (m *memory) Note(dc int, now mtproto.Auth) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[dc] = now
}

func (m *memory) Home() (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.home, nil
}

func (m *memory) SetHome(dc int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.home = dc
	return nil
}

func (m *memory) Addresses() ([]Address, time.Time, error) { return m.list, m.until, nil }

func (m *memory) SetAddresses(list []Address, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list, m.until = list, until
	return nil
}

var rsaKey = sync.OnceValues(func() (mtproto.PrivateKey, error) { return mtproto.GeneratePrivateKey(rand.Reader) })

// world is a sandbox with several data centres, and what an account needs of it.
type world struct {
	*sandbox.Sandbox
	t    *testing.T
	env  *Environment
	keys *memory
}

// newWorld serves a sandbox with these lines added to its world.
func newWorld(t *testing.T, lines string) *world {
	t.Helper()
	t.Cleanup(func() { goleak.VerifyNone(t) })
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	cfg := sandbox.Config{Keys: []mtproto.PrivateKey{key}}
	if lines != "" {
		plain, err := sandbox.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		var src bytes.Buffer
		if err := plain.Save(&src); err != nil {
			t.Fatal(err)
		}
		cfg.World = src.String() + lines
	}
	sb, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ln, err := sandbox.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = sb.Serve(ctx, ln) }()
	t.Cleanup(func() { cancel(); <-done })
	at := ln.Addr().(*net.TCPAddr)
	w := &world{Sandbox: sb, t: t, keys: &memory{keys: map[int]mtproto.Auth{}}}
	// Where the other data centres are, the config says.
	w.env = &Environment{Name: "test", DC: 2, Keys: []mtproto.PublicKey{key.Public()},
		Addresses: []Address{{DC: 2, Host: at.IP.String(), Port: at.Port, OnePort: true}}}
	return w
}

// signIn gives the account a person's key.
func (w *world) signIn(person string) {
	w.t.Helper()
	home, err := w.Home(person)
	if err != nil {
		w.t.Fatal(err)
	}
	auth, err := w.SignIn(person)
	if err != nil {
		w.t.Fatal(err)
	}
	w.keys.keys[home], w.keys.home = auth, home
}

func (w *world) connect(idle time.Duration) (*Conn, context.Context) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	w.t.Cleanup(cancel)
	c, err := Connect(ctx, Config{Environment: w.env, Keyring: w.keys, Idle: idle, Client: client.Config{
		Schema: schema.Current(), App: client.App{ID: 1, Device: "d", System: "s", Version: "v", Lang: "en"},
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = c.Close() })
	return c, ctx
}

func (w *world) knob(words ...string) string {
	w.t.Helper()
	out, err := w.Command(words)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// asked counts how often a method was asked for.
func (w *world) asked(method string) int {
	w.t.Helper()
	return strings.Count(w.knob("ledger", "1000"), " "+method)
}

func req(name string, params ...any) *tl.Object {
	s := schema.Current()
	def := s.Method(name)
	if def == nil {
		def = s.Constructor(name)
	}
	o := tl.New(def)
	for i := 0; i < len(params); i += 2 {
		o.With(params[i].(string), params[i+1].(tl.Value))
	}
	return o
}

// thisDC is the data centre that answers.
func thisDC(v tl.Value) int { return int(v.Object().At("this_dc").AsInt()) }

// part is an upload of one byte, which every data centre takes of who is signed
// in.
func part(id int64) *tl.Object {
	return req("upload.saveFilePart", "file_id", tl.Long(id), "file_part", tl.Int(0), "bytes", tl.Bytes([]byte{1}))
}

// Another data centre is connected to when it is needed, at the address that the
// config names; the authorization is brought along once; what is idle is closed,
// and opened again.
func TestSites(t *testing.T) {
	w := newWorld(t, "")
	w.signIn("me")
	c, ctx := w.connect(20 * time.Millisecond)
	for i := range 3 {
		if _, err := c.CallAt(ctx, client.Site{DC: 4, Kind: client.Media}, part(int64(i+1))); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.asked("auth.importAuthorization"); n != 1 {
		t.Errorf("the authorization was brought %d times", n)
	}
	if v, err := c.CallAt(ctx, client.Site{DC: 4, Kind: client.Media}, req("help.getNearestDc")); err != nil || thisDC(v) != 4 {
		t.Errorf("%v, %v", v, err)
	}
	if w.keys.made != 1 || len(w.keys.list) == 0 {
		t.Errorf("%d keys were made, %d addresses are kept", w.keys.made, len(w.keys.list))
	}
	s := c.site(client.Site{DC: 4, Kind: client.Media})
	closed := func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return s.client == nil
	}
	for end := time.Now().Add(30 * time.Second); !closed(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the idle connection stays open")
		}
	}
	if _, err := c.CallAt(ctx, client.Site{DC: 4, Kind: client.Media}, part(9)); err != nil {
		t.Fatal(err)
	}
	if n := w.asked("auth.importAuthorization"); n != 1 || w.keys.made != 1 {
		t.Errorf("after a pause the authorization was brought %d times, and %d keys made", n, w.keys.made)
	}
	// The home's own media servers know the account.
	if v, err := c.CallAt(ctx, client.Site{Kind: client.Media}, req("help.getNearestDc")); err != nil || thisDC(v) != 2 {
		t.Errorf("%v, %v", v, err)
	}
	// What a person may do at home alone goes there, wherever it was sent.
	if v, err := c.CallAt(ctx, client.Site{DC: 4}, req("users.getUsers", "id", tl.VectorOf(schema.Current().TypeOf("InputUser"), req("inputUserSelf").Value()))); err != nil || len(v.Vector().Items) != 1 {
		t.Errorf("%v, %v", v, err)
	}
	var unreachable *client.SiteError
	if _, err := c.CallAt(ctx, client.Site{DC: 9}, part(1)); !errors.As(err, &unreachable) {
		t.Errorf("data centre 9: %v", err)
	}
}

// Many calls at once bring the authorization once.
func TestSitesAtOnce(t *testing.T) {
	w := newWorld(t, "")
	w.signIn("me")
	c, ctx := w.connect(0)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := c.CallAt(ctx, client.Site{DC: 3 + i%2}, part(int64(i+1))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.asked("auth.importAuthorization"); n != 2 || w.keys.made != 2 {
		t.Errorf("the authorization was brought %d times, %d keys were made", n, w.keys.made)
	}
}

// Who is not signed in follows to where they belong; the home is kept.
func TestMoves(t *testing.T) {
	w := newWorld(t, "home @bob 4\n")
	c, ctx := w.connect(0)
	first := c.current()
	send := req("auth.sendCode", "phone_number", tl.String("9996621003"), "api_id", tl.Int(1), "api_hash", tl.String("x"), "settings", req("codeSettings").Value())
	v, err := c.Call(ctx, send)
	if err != nil || !v.Object().Is("auth.sentCode") || c.Home() != 4 || w.keys.home != 4 {
		t.Fatalf("%v, %v; home %d, kept %d", v, err, c.Home(), w.keys.home)
	}
	select {
	case <-c.Done():
		t.Error("moving ended the connection")
	default:
	}
	if c.current() == first {
		t.Error("the connection is the same")
	}
	// A second move to where one is does nothing.
	if err := c.Move(ctx, 4); err != nil || w.keys.made != 2 {
		t.Errorf("%v; %d keys were made", err, w.keys.made)
	}
	if err := c.Move(ctx, 77); err == nil || c.Home() != 4 {
		t.Errorf("a move to nowhere: %v, home %d", err, c.Home())
	}
}

// A request in a batch that belongs elsewhere is answered there, in its place,
// and in an ordered batch what stands behind it comes after it.
func TestBatchMigrates(t *testing.T) {
	for name, ordered := range map[string]bool{"together": false, "ordered": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "")
			w.signIn("me")
			c, ctx := w.connect(0)
			w.knob("fail", "303", "STATS_MIGRATE_4", "upload.saveFilePart", "once")
			outs, err := c.Batch(ctx, []*tl.Object{req("help.getNearestDc"), part(5), req("help.getNearestDc")}, client.BatchOptions{Ordered: ordered})
			if err != nil || len(outs) != 3 {
				t.Fatal(outs, err)
			}
			for i, o := range outs {
				if o.Err != nil || o.State != mtproto.Done {
					t.Errorf("request %d: %+v", i, o)
				}
			}
			if n := w.asked("auth.importAuthorization"); n != 1 {
				t.Errorf("the authorization was brought %d times", n)
			}
		})
	}
}

// Servers that send a request round in circles do not keep it for ever.
func TestCircles(t *testing.T) {
	w := newWorld(t, "")
	w.signIn("me")
	c, ctx := w.connect(0)
	w.knob("fail", "303", "FILE_MIGRATE_3", "upload.saveFilePart")
	if _, err := c.Call(ctx, part(1)); !tgerr.Is(err, "FILE_MIGRATE") {
		t.Errorf("%v", err)
	}
}

// Whoever has lost the account's authorization says so, and nothing is replaced.
func TestUnauthorized(t *testing.T) {
	w := newWorld(t, "")
	c, ctx := w.connect(0)
	if _, err := c.CallAt(ctx, client.Site{DC: 4}, part(1)); !tgerr.Is(err, "AUTH_KEY_UNREGISTERED") {
		t.Errorf("%v", err)
	}
	key := w.keys.keys[2]
	w.knob("reject", "every", "1")
	_, err := c.Call(ctx, req("help.getNearestDc"))
	var refused *mtproto.TransportError
	if !errors.As(err, &refused) || refused.Code != 404 {
		t.Errorf("%v", err)
	}
	<-c.Done()
	if !w.keys.keys[2].Key.Equal(key.Key) {
		t.Error("the key was replaced")
	}
}
