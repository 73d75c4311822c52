package oracle

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/session"
	"github.com/gotd/td/telegram"
	"github.com/gotd/td/telegram/dcs"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"github.com/gotd/td/transport"
	"go.uber.org/goleak"

	"tlsh/mtproto"
	"tlsh/sandbox"
)

// patience bounds every test here: what has not come by then does not come.
const patience = 5 * time.Minute

// framing is a way in which gotd's client frames what it sends over TCP. Not
// among them: obfuscated full, as the obfuscated header has no tag for it; and
// MTProxy, websocket and HTTP, which are no transports of a data centre's TCP
// port.
type framing struct {
	name string
	dcs.PlainOptions
}

func framings() []framing {
	return []framing{
		{"intermediate", dcs.PlainOptions{Protocol: transport.Intermediate}},
		{"abridged", dcs.PlainOptions{Protocol: transport.Abridged}},
		{"padded", dcs.PlainOptions{Protocol: transport.PaddedIntermediate}},
		{"full", dcs.PlainOptions{Protocol: transport.Full}},
		{"obfuscated intermediate", dcs.PlainOptions{Protocol: transport.Intermediate, Obfuscated: true}},
		{"obfuscated abridged", dcs.PlainOptions{Protocol: transport.Abridged, Obfuscated: true}},
		{"obfuscated padded", dcs.PlainOptions{Protocol: transport.PaddedIntermediate, Obfuscated: true}},
	}
}

// lab is a sandbox that listens, as gotd's client needs to know it.
type lab struct {
	addr   *net.TCPAddr
	key    telegram.PublicKey
	packed atomic.Int64 // messages that came as gzip_packed

	sandbox *sandbox.Sandbox
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// serve starts a sandbox. When the test ends, nothing of it may be left.
func serve(t *testing.T, key *rsa.PrivateKey, cfg sandbox.Config) *lab {
	t.Helper()
	t.Cleanup(func() { goleak.VerifyNone(t) })
	ours, err := mtproto.NewPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	w := &lab{key: telegram.PublicKey{RSA: &key.PublicKey}}
	cfg.Keys = []mtproto.PrivateKey{ours}
	cfg.Trace = func(e mtproto.TraceEvent) {
		if !e.Out && e.ID == proto.GZIPTypeID {
			w.packed.Add(1)
		}
	}
	cfg.OnError = func(_ net.Addr, err error) {
		// gotd's client hangs up without reading what is still on its way, and in
		// the middle of what it writes.
		if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the sandbox ended the connection: %v", err)
		}
	}
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.sandbox = s
	ln, err := sandbox.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.addr = ln.Addr().(*net.TCPAddr)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return w
}

// gotdClient is gotd's client, connected.
type gotdClient struct {
	*tg.Client // the API
	core       *telegram.Client
	ctx        context.Context // ends with the connection
	journal    *journal
	hangUp     func()
}

// connect runs gotd's client until the test ends or hangUp is called. It does
// not connect again after a failure.
func (w *lab) connect(t *testing.T, way dcs.PlainOptions, storage telegram.SessionStorage, onUpdate telegram.UpdateHandler, between ...telegram.Middleware) *gotdClient {
	t.Helper()
	return w.run(t, newJournal(gotdSays()), telegram.Options{
		Resolver:            dcs.Plain(way),
		SessionStorage:      storage,
		UpdateHandler:       onUpdate,
		Middlewares:         between,
		ReconnectionBackoff: func() backoff.BackOff { return &backoff.StopBackOff{} },
	})
}

// roam is connect for a client that may have to go to another data centre: then
// it hangs up and connects again.
func (w *lab) roam(t *testing.T, onUpdate telegram.UpdateHandler) *gotdClient {
	t.Helper()
	says := gotdSays()
	maps.Copy(says, migrationSays())
	return w.run(t, newJournal(says), telegram.Options{
		Resolver:            dcs.Plain(framings()[0].PlainOptions),
		UpdateHandler:       onUpdate,
		AllowCDN:            true,
		ReconnectionBackoff: func() backoff.BackOff { return backoff.NewConstantBackOff(time.Millisecond) },
	})
}

// run runs gotd's client with these options and those that all have.
func (w *lab) run(t *testing.T, journal *journal, o telegram.Options) *gotdClient {
	t.Helper()
	c := &gotdClient{journal: journal}
	o.PublicKeys, o.DC, o.Logger = []telegram.PublicKey{w.key}, sandbox.DefaultDC, c.journal
	o.DCList = dcs.List{Options: []tg.DCOption{{ID: sandbox.DefaultDC, IPAddress: w.addr.IP.String(), Port: w.addr.Port}}}
	c.core = telegram.NewClient(1, "hash", o)
	c.Client = c.core.API()
	ready, stop, done := make(chan context.Context), make(chan struct{}), make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	go func() {
		done <- c.core.Run(ctx, func(ctx context.Context) error {
			ready <- ctx
			select {
			case <-stop:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	c.hangUp = sync.OnceFunc(func() {
		c.journal.close()
		close(stop)
		if err := <-done; err != nil {
			t.Errorf("gotd's client: %v", err)
		}
		cancel()
		c.journal.judge(t)
	})
	select {
	case c.ctx = <-ready:
		t.Cleanup(c.hangUp)
	case err := <-done:
		cancel()
		t.Fatalf("gotd's client did not connect: %v\n%s", err, c.journal)
	}
	return c
}

// TestGotdClient lets gotd's client do a day's work in the sandbox, over each
// of its transports. Every connection begins with a key exchange.
func TestGotdClient(t *testing.T) {
	key := newKey(t)
	for _, f := range framings() {
		t.Run(f.name, func(t *testing.T) {
			w := serve(t, key, sandbox.Config{SignInAll: "me"})
			c := w.connect(t, f.PlainOptions, nil, ignore)
			c.looksAround(t, w)
			alice := c.resolve(t, "alice")
			c.writes(t, alice)
			c.errs(t, alice)
			c.packs(t, w, alice)
			c.hurries(t, alice)
			if err := c.core.Ping(c.ctx); err != nil {
				t.Errorf("ping: %v", err)
			}
			c.journal.saw(t, "Auth key generated", "Session created", "Got future salts", "Got self", "Decompressed", "Pong")
		})
	}
}

// ignore makes gotd's client subscribe to updates.
var ignore = telegram.UpdateHandlerFunc(func(context.Context, tg.UpdatesClass) error { return nil })

func (c *gotdClient) looksAround(t *testing.T, w *lab) {
	t.Helper()
	cfg, err := c.HelpGetConfig(c.ctx)
	if err != nil {
		t.Fatalf("help.getConfig: %v", err)
	}
	if cfg.ThisDC != sandbox.DefaultDC || len(cfg.DCOptions) != 5 || cfg.DCOptions[0].Port != w.addr.Port {
		t.Errorf("help.getConfig: this_dc %d at %v, want %d at %v", cfg.ThisDC, cfg.DCOptions, sandbox.DefaultDC, w.addr)
	}
	us, err := c.UsersGetUsers(c.ctx, []tg.InputUserClass{&tg.InputUserSelf{}})
	if err != nil || len(us) != 1 {
		t.Fatalf("users.getUsers: %v, %v", us, err)
	}
	if me, ok := us[0].(*tg.User); !ok || !me.Self || me.Username != "sam" {
		t.Errorf("users.getUsers: %v, want sam himself", us[0])
	}
}

func (c *gotdClient) resolve(t *testing.T, name string) *tg.InputPeerUser {
	t.Helper()
	r, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: name})
	if err != nil {
		t.Fatalf("contacts.resolveUsername %s: %v", name, err)
	}
	for _, u := range r.Users {
		if u, ok := u.(*tg.User); ok && u.Username == name {
			if p, ok := r.Peer.(*tg.PeerUser); !ok || p.UserID != u.ID {
				t.Fatalf("contacts.resolveUsername %s: the peer is %v, the user %d", name, r.Peer, u.ID)
			}
			return u.AsInputPeer()
		}
	}
	t.Fatalf("contacts.resolveUsername %s: not among %v", name, r.Users)
	return nil
}

// send sends a message and returns its id.
func (c *gotdClient) send(to tg.InputPeerClass, text string, random int64) (int, error) {
	r, err := c.MessagesSendMessage(c.ctx, &tg.MessagesSendMessageRequest{Peer: to, Message: text, RandomID: random})
	if err != nil {
		return 0, err
	}
	if short, ok := r.(*tg.UpdateShortSentMessage); ok { // to a person, of plain text
		if !short.Out || short.PtsCount != 1 {
			return 0, errors.New("the answer is " + short.String())
		}
		return short.ID, nil
	}
	us, ok := r.(*tg.Updates)
	if !ok {
		return 0, errors.New("the answer is " + r.TypeName())
	}
	id := 0
	for _, u := range us.Updates {
		switch u := u.(type) {
		case *tg.UpdateMessageID:
			if u.RandomID == random {
				id = u.ID
			}
		case *tg.UpdateNewMessage:
			if m, ok := u.Message.(*tg.Message); !ok || m.ID != id || m.Message != text || !m.Out {
				return 0, errors.New("another message came back: " + u.Message.String())
			}
		}
	}
	if id == 0 {
		return 0, errors.New("no updateMessageID came back")
	}
	return id, nil
}

// latest are the newest messages of a chat, by id.
func (c *gotdClient) latest(t *testing.T, with tg.InputPeerClass, limit int) map[int]*tg.Message {
	t.Helper()
	r, err := c.MessagesGetHistory(c.ctx, &tg.MessagesGetHistoryRequest{Peer: with, Limit: limit})
	if err != nil {
		t.Fatalf("messages.getHistory: %v", err)
	}
	all, ok := r.AsModified()
	if !ok {
		t.Fatalf("messages.getHistory: %v", r)
	}
	found := map[int]*tg.Message{}
	for _, m := range all.GetMessages() {
		if m, ok := m.(*tg.Message); ok {
			found[m.ID] = m
		}
	}
	return found
}

func (c *gotdClient) writes(t *testing.T, to *tg.InputPeerUser) {
	t.Helper()
	id, err := c.send(to, "hi from gotd", 1)
	if err != nil {
		t.Fatalf("messages.sendMessage: %v", err)
	}
	if m := c.latest(t, to, 3)[id]; m == nil || m.Message != "hi from gotd" || !m.Out {
		t.Errorf("messages.getHistory: message %d is %v", id, m)
	}
	edit := &tg.MessagesEditMessageRequest{Peer: to, ID: id}
	edit.SetMessage("hi again")
	if _, err := c.MessagesEditMessage(c.ctx, edit); err != nil {
		t.Fatalf("messages.editMessage: %v", err)
	}
	if m := c.latest(t, to, 3)[id]; m == nil || m.Message != "hi again" || m.EditDate == 0 {
		t.Errorf("after messages.editMessage: message %d is %v", id, m)
	}
	gone, err := c.MessagesDeleteMessages(c.ctx, &tg.MessagesDeleteMessagesRequest{Revoke: true, ID: []int{id}})
	if err != nil || gone.PtsCount != 1 {
		t.Fatalf("messages.deleteMessages: %v, %v", gone, err)
	}
	if m := c.latest(t, to, 3)[id]; m != nil {
		t.Errorf("after messages.deleteMessages there is still %v", m)
	}
}

// errs wants the API's errors as gotd's tgerr.
func (c *gotdClient) errs(t *testing.T, to *tg.InputPeerUser) {
	t.Helper()
	check := func(what string, err error, code int, want string) {
		t.Helper()
		if e, ok := tgerr.As(err); !ok || e.Code != code || e.Message != want {
			t.Errorf("%s: want %d %s, got %v", what, code, want, err)
		}
	}
	_, err := c.send(to, "", 2)
	check("an empty message", err, 400, "MESSAGE_EMPTY")
	_, err = c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: "nobody_here"})
	check("an unknown name", err, 400, "USERNAME_NOT_OCCUPIED")
	_, err = c.send(&tg.InputPeerUser{UserID: to.UserID, AccessHash: to.AccessHash + 1}, "hi", 3)
	check("a wrong access hash", err, 400, "PEER_ID_INVALID")
	_, err = c.PaymentsGetStarsTopupOptions(c.ctx)
	check("a method that is not simulated", err, 501, "SANDBOX_METHOD_NOT_SIMULATED")
}

// packs sends and reads what is long enough for gzip_packed, both ways.
func (c *gotdClient) packs(t *testing.T, w *lab, to *tg.InputPeerUser) {
	t.Helper()
	text := strings.Repeat("Contour lines do not lie. ", 150)
	text = text[:len(text)-1] // the API trims
	before := w.packed.Load()
	id, err := c.send(to, text, 4)
	if err != nil {
		t.Fatalf("a long message: %v", err)
	}
	if w.packed.Load() == before {
		t.Error("a long message did not come as gzip_packed")
	}
	if m := c.latest(t, to, 100)[id]; m == nil || m.Message != text {
		t.Errorf("a long message came back otherwise: %v", m)
	}
}

// hurries makes 50 calls at once, whose answers must not be mixed up.
func (c *gotdClient) hurries(t *testing.T, to *tg.InputPeerUser) {
	t.Helper()
	const calls = 50
	var sent sync.Map // text to id
	var wg sync.WaitGroup
	names := []string{"alice", "bob", "carol", "erin", "dave_builds"}
	for i := range calls {
		wg.Go(func() {
			if i%2 == 0 {
				text := fmt.Sprintf("number %d", i)
				id, err := c.send(to, text, int64(1000+i))
				if err != nil {
					t.Errorf("%s: %v", text, err)
				}
				sent.Store(text, id)
				return
			}
			name := names[i%len(names)]
			r, err := c.ContactsResolveUsername(c.ctx, &tg.ContactsResolveUsernameRequest{Username: name})
			if err != nil {
				t.Errorf("contacts.resolveUsername %s: %v", name, err)
			} else if u, ok := r.Users[0].(*tg.User); !ok || u.Username != name {
				t.Errorf("contacts.resolveUsername %s: %v", name, r.Users)
			}
		})
	}
	wg.Wait()
	have := c.latest(t, to, 100)
	count := 0
	sent.Range(func(text, id any) bool {
		if m := have[id.(int)]; m == nil || m.Message != text {
			t.Errorf("%q is not in the history under id %d: %v", text, id, m)
		}
		count++
		return true
	})
	if count != calls/2 {
		t.Errorf("%d messages sent, want %d", count, calls/2)
	}
}

// TestGotdReturns brings gotd's client back with the key of an earlier
// connection: no exchange is made, and the sandbox still knows whose it is.
func TestGotdReturns(t *testing.T) {
	w := serve(t, newKey(t), sandbox.Config{})
	storage := &session.StorageMemory{}
	way := framings()[0].PlainOptions
	first := w.connect(t, way, storage, ignore)
	_, err := first.UsersGetUsers(first.ctx, []tg.InputUserClass{&tg.InputUserSelf{}})
	if !tgerr.Is(err, "AUTH_KEY_UNREGISTERED") {
		t.Errorf("before sign-in: %v", err)
	}
	first.signIn(t, "+999 66 21002")
	first.hangUp()
	again := w.connect(t, way, storage, ignore)
	self, err := again.core.Self(again.ctx)
	if err != nil || self.Username != "alice" {
		t.Errorf("back again: %v, %v, want alice", self, err)
	}
	again.journal.saw(t, "Key already exists")
	again.journal.lacks(t, "Generating new auth key")
}

// signIn signs in with the code that everybody has in the sandbox.
func (c *gotdClient) signIn(t *testing.T, phone string) *tg.User {
	t.Helper()
	sent, err := c.AuthSendCode(c.ctx, &tg.AuthSendCodeRequest{PhoneNumber: phone, APIID: 1, APIHash: "hash"})
	if err != nil {
		t.Fatalf("auth.sendCode: %v", err)
	}
	code, ok := sent.(*tg.AuthSentCode)
	if !ok {
		t.Fatalf("auth.sendCode: %v", sent)
	}
	a, err := c.core.Auth().SignIn(c.ctx, phone, "22222", code.PhoneCodeHash)
	if err != nil {
		t.Fatalf("auth.signIn: %v", err)
	}
	u, ok := a.User.AsNotEmpty()
	if !ok {
		t.Fatalf("auth.signIn: %v", a)
	}
	return u
}
