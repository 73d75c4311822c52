package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tlsh/account"
	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/profile"
	"tlsh/sandbox"
	"tlsh/schema"
	"tlsh/store"
	"tlsh/tl"
)

// kills is how often the program is killed: TLSH_KILLS, a few where that is not
// set.
func kills(t *testing.T) int {
	t.Helper()
	n := 12
	if text := os.Getenv("TLSH_KILLS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatalf("TLSH_KILLS=%s: %v", text, err)
		}
	}
	return n
}

// Whenever the program is killed, while it signs in, moves to another data
// centre, saves, encrypts or decrypts: the profile can be read, a key that was
// there is there, and the same, and in the end the account signs in and works.
func TestKilledSigningIn(t *testing.T) {
	dir := t.TempDir()
	bin := linked(t, dir, "tlsh")
	plain, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var world bytes.Buffer
	if err := plain.Save(&world); err != nil {
		t.Fatal(err)
	}
	world.WriteString("home @bob 4\n")
	there, err := runTelegram(sandbox.Config{World: world.String()}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer there.stop()
	as := func(name string, lines ...string) *exec.Cmd {
		args := []string{"--profile", name}
		for _, l := range lines {
			args = append(args, "-c", l)
		}
		cmd := exec.Command(bin, args...)
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, "state"), telegramVariable+"="+there.variable,
			"TLSH_API_ID=17", "TLSH_API_HASH=0123456789abcdef", "TLSH_PASSPHRASE=correct horse")
		return cmd
	}
	name := "bob"
	command := func(lines ...string) *exec.Cmd { return as(name, lines...) }
	login := "login --phone +9996621003 --code 44444"
	watch := func() *watchedProfile {
		return &watchedProfile{t: t, path: profile.Folder(filepath.Join(dir, "state", "tlsh")).Telegram(false, name), keys: map[int]mtproto.AuthKey{}, print: there.print}
	}
	w := watch()
	random := rand.New(rand.NewPCG(1, 2))
	began := time.Now()
	if out, err := as("other", login).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// How long a run takes that is not killed: one that signs in, and others.
	took := map[bool]time.Duration{false: time.Since(began), true: time.Since(began) / 4}
	signedIn, killed := false, 0
	for i := range kills(t) {
		lines := []string{login}
		if signedIn && random.IntN(4) == 0 { // another profile begins
			name, signedIn = fmt.Sprint("bob", i), false
			w = watch()
		}
		if signedIn {
			lines = [][]string{{`messages.sendMessage @sam "again"`}, {"profiles encrypt"}, {"profiles decrypt"}, {"help.getConfig", "peers"}}[random.IntN(4)]
		}
		cmd := command(lines...)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		stop := time.AfterFunc(time.Duration(random.Int64N(int64(took[signedIn])*5/4)), func() { _ = cmd.Process.Kill() })
		began := time.Now()
		err := cmd.Wait()
		if stop.Stop() {
			took[signedIn] = max(time.Since(began), 20*time.Millisecond)
			if err != nil {
				t.Fatalf("run %d: %v\n%s", i, err, &out)
			}
		} else {
			killed++
		}
		signedIn = w.check(i, strings.Join(lines, "; "))
	}
	t.Logf("%d runs, %d of them killed; %d keys", kills(t), killed, len(w.keys))
	if !signedIn {
		if out, err := command(login).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	out, err := command(`messages.sendMessage @sam "at last"`, "help.getNearestDc").CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"this_dc":4`) {
		t.Errorf("%v\n%s", err, out)
	}
	w.check(-1, "the end")
	if list := store.SetAside(w.path); len(list) > 0 {
		t.Errorf("files were put aside: %q", list)
	}
}

// watchedProfile is a profile that others write, and what was in it so far.
type watchedProfile struct {
	t     *testing.T
	path  string
	print int64
	keys  map[int]mtproto.AuthKey
}

// check reads the profile, and reports whether somebody is signed in.
func (w *watchedProfile) check(run int, did string) bool {
	w.t.Helper()
	if _, err := os.Stat(w.path); err != nil {
		if len(w.keys) > 0 {
			w.t.Fatalf("run %d (%s): the profile is gone", run, did)
		}
		return false
	}
	p := profile.Open(w.path, "bob", "telegram", 1)
	fail := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatalf("run %d (%s): %v", run, did, err)
		}
	}
	fail(p.Unlock(context.Background(), func(context.Context, string) (string, error) { return "correct horse", nil }))
	for dc := 1; dc <= 5; dc++ {
		a, err := p.Key(dc, []int64{w.print})
		fail(err)
		was, had := w.keys[dc]
		switch {
		case a == nil && had:
			fail(fmt.Errorf("the key for data centre %d is lost", dc))
		case a == nil:
		case had && !was.Equal(a.Key):
			fail(fmt.Errorf("the key for data centre %d is another", dc))
		default:
			w.keys[dc] = a.Key
		}
	}
	kept, err := p.Account()
	fail(err)
	if kept.In() && (kept.DC != 4 || kept.User != 1003) {
		fail(errors.New("somebody else is signed in"))
	}
	fail(p.Close())
	return kept.In()
}

// Ten thousand times −404 and forged frames in place of answers, as whoever sits
// on the line can send them: the stored key stays what it is, and works
// afterwards. TLSH_FORGED says how many.
func TestForged(t *testing.T) {
	n := 300
	if text := os.Getenv("TLSH_FORGED"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	there, err := runTelegram(sandbox.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer there.stop()
	path := filepath.Join(t.TempDir(), "p", "x.db")
	p := profile.Open(path, "x", "telegram", 1)
	auth, err := there.SignIn("me")
	if err != nil {
		t.Fatal(err)
	}
	auth.Fingerprint = there.print
	if _, err := p.Add(2, auth); err != nil {
		t.Fatal(err)
	}
	liar := newLiar(t, auth.Key.ID())
	env := there.environment()
	connect := func(ctx context.Context, dial account.DialFunc) (*account.Conn, error) {
		return account.Connect(ctx, account.Config{Environment: env, Keyring: p, Dial: dial,
			Client: client.Config{Schema: schema.Current(), App: client.App{ID: 17, Device: "d", System: "s", Version: "v", Lang: "en"}}})
	}
	ask := tl.New(schema.Current().Method("help.getNearestDc"))
	for i := range n {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		c, err := connect(ctx, func(context.Context, string, string) (net.Conn, error) { return liar.dial() })
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			select {
			case <-liar.believed: // the client has done with the lie
			case <-ctx.Done():
			}
			cancel()
		}()
		if v, err := c.Call(ctx, ask); err == nil {
			t.Fatalf("lie %d was believed: %v", i, v)
		}
		_ = c.Close()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Fatalf("lie %d holds the client up", i)
		}
		cancel()
	}
	check := func() {
		t.Helper()
		if got, err := p.Key(2, []int64{there.print}); err != nil || got == nil || !got.Key.Equal(auth.Key) {
			t.Fatalf("the key is %v, %v", got, err)
		}
		if count, err := p.File.Keys(); err != nil || count != 1 {
			t.Fatalf("%d keys, %v", count, err)
		}
	}
	check()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = profile.Open(path, "x", "telegram", 1)
	defer p.Close()
	check()
	c, err := connect(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	self := tl.New(schema.Current().Method("users.getUsers")).With("id", tl.VectorOf(schema.Current().TypeOf("InputUser"), tl.New(schema.Current().Constructor("inputUserSelf")).Value()))
	if v, err := c.Call(t.Context(), self); err != nil {
		t.Errorf("%v, %v", v, err)
	}
}

// liar answers whatever a client sends with something that no server sends.
type liar struct {
	t        *testing.T
	key      int64
	n        atomic.Int64
	believed chan struct{}
}

func newLiar(t *testing.T, key int64) *liar {
	return &liar{t: t, key: key, believed: make(chan struct{})}
}

// dial gives the client's end of a connection with the liar.
func (l *liar) dial() (net.Conn, error) {
	client, server := net.Pipe()
	go l.serve(server, l.n.Add(1))
	return client, nil
}

func (l *liar) serve(conn net.Conn, n int64) {
	defer conn.Close()
	said := make([]byte, 64<<10)
	size, err := io.ReadAtLeast(conn, said, 9)
	if err != nil {
		return
	}
	if _, err := conn.Write(l.lie(n, said[:size])); err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, conn) // until the client hangs up
	select {
	case l.believed <- struct{}{}:
	case <-time.After(time.Second): // it has hung up for another reason
	}
}

// lie is a frame of the abridged transport.
func (l *liar) lie(n int64, said []byte) []byte {
	noise := make([]byte, 88)
	random := rand.New(rand.NewPCG(uint64(n), 7))
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	frame := func(b []byte) []byte { return append([]byte{byte(len(b) / 4)}, b...) }
	code := func(c int32) []byte { return frame(binary.LittleEndian.AppendUint32(nil, uint32(-c))) }
	switch n % 7 {
	case 0:
		return code(404)
	case 1: // with the right auth_key_id
		binary.LittleEndian.PutUint64(noise, uint64(l.key))
		return frame(noise)
	case 2: // with another
		return frame(noise)
	case 3: // unencrypted
		copy(noise, make([]byte, 8))
		binary.LittleEndian.PutUint32(noise[16:], uint32(len(noise)-20))
		return frame(noise)
	case 4: // its own words
		echo := bytes.Clone(said)
		if echo[0] == 0xef {
			echo = echo[1:]
		}
		return echo
	case 5:
		return code(444)
	}
	return code(404)
}
