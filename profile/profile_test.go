package profile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tlsh/mtproto"
	"tlsh/store"
)

func fresh(t *testing.T) (*Profile, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p", "x.db")
	return reopen(t, path), path
}

func reopen(t *testing.T, path string) *Profile {
	t.Helper()
	p := Open(path, "x", "telegram", 200)
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func newKey(t *testing.T, fill byte) mtproto.Auth {
	t.Helper()
	key, err := mtproto.NewAuthKey(bytes.Repeat([]byte{fill}, 256))
	if err != nil {
		t.Fatal(err)
	}
	return mtproto.Auth{Key: key, Salt: int64(fill), Fingerprint: 7}
}

func answer(pass string) Ask {
	return func(context.Context, string) (string, error) { return pass, nil }
}

// A key is kept with the data centre, the environment and the RSA key that it
// was made with, and used nowhere else; its salt follows.
func TestKeyring(t *testing.T) {
	p, path := fresh(t)
	made := newKey(t, 0xA5)
	if got, err := p.Add(2, made); err != nil || got != made {
		t.Fatal(got, err)
	}
	later := made
	later.Salt, later.TimeOffset = 99, time.Second
	p.Note(2, later)
	p.Note(3, newKey(t, 1)) // not a key of this profile
	foreign := newKey(t, 0x5A)
	foreign.Salt = 1234
	p.Note(2, foreign)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = reopen(t, path)
	if got, err := p.Key(2, []int64{1, 7}); err != nil || got == nil || !got.Key.Equal(made.Key) || got.Salt != 99 || got.TimeOffset != time.Second {
		t.Errorf("%+v, %v", got, err)
	}
	for _, dc := range []int{1, 3} {
		if got, err := p.Key(dc, []int64{7}); got != nil || err != nil {
			t.Errorf("data centre %d has a key: %v, %v", dc, got, err)
		}
	}
	if got, err := p.Key(2, []int64{8}); got != nil || err != nil {
		t.Errorf("another RSA key: %v, %v", got, err)
	}
	other := Open(path, "x", "telegram test", 200)
	defer other.Close()
	if got, err := other.Key(2, []int64{7}); got != nil || err != nil {
		t.Errorf("another environment: %v, %v", got, err)
	}
	// Whoever makes a key at the same time is given the one that is there.
	if got, err := p.Add(2, newKey(t, 0x11)); err != nil || !got.Key.Equal(made.Key) {
		t.Errorf("%v, %v", got, err)
	}
}

// Of several shells that make a key at once all go on with the same one.
func TestKeyringShells(t *testing.T) {
	_, path := fresh(t)
	const shells = 8
	got := make([]mtproto.Auth, shells)
	var wg sync.WaitGroup
	for i := range shells {
		p := reopen(t, path)
		wg.Go(func() {
			var err error
			if got[i], err = p.Add(2, newKey(t, byte(i+1))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, a := range got[1:] {
		if !a.Key.Equal(got[0].Key) {
			t.Fatal("two shells have different keys")
		}
	}
}

// The file holds no secret in the clear once it is encrypted, wherever the
// secrets came from; without the passphrase they are not to be had, and with it
// they are what they were.
func TestEncrypt(t *testing.T) {
	p, path := fresh(t)
	ctx := context.Background()
	before, after := newKey(t, 0xA5), newKey(t, 0xB6)
	hash := "0123456789abcdef0123456789abcdef"
	if _, err := p.Add(2, before); err != nil {
		t.Fatal(err)
	}
	if err := p.SetApp(17, hash); err != nil {
		t.Fatal(err)
	}
	first, last := []byte("a token of the first logout"), []byte("a token of the last logout")
	if err := p.AddToken(first); err != nil {
		t.Fatal(err)
	}
	clear := func() (n int) {
		files, _ := filepath.Glob(path + "*")
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range [][]byte{before.Key.Bytes()[:64], after.Key.Bytes()[:64], []byte(hash), first, last} {
				n += bytes.Count(b, secret)
			}
		}
		return n
	}
	if clear() == 0 {
		t.Fatal("the test does not find secrets that are there")
	}
	if err := p.Encrypt("correct horse"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Add(4, after); err != nil { // the profile needs no passphrase for that
		t.Fatal(err)
	}
	if err := p.AddToken(last); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if n := clear(); n != 0 {
		t.Errorf("%d secrets stand in the file", n)
	}
	p = reopen(t, path)
	var wrong *PassphraseError
	if _, err := p.Key(2, []int64{7}); !errors.As(err, &wrong) {
		t.Errorf("a locked key: %v", err)
	}
	if err := p.Unlock(ctx, answer("horse correct")); !errors.As(err, &wrong) || strings.Contains(err.Error(), "horse") {
		t.Errorf("another passphrase: %v", err)
	}
	if _, err := p.Tokens(); !errors.As(err, &wrong) {
		t.Errorf("locked tokens: %v", err)
	}
	if locked, err := p.Locked(); !locked || err != nil {
		t.Error(locked, err)
	}
	if err := p.Unlock(ctx, answer("correct horse")); err != nil {
		t.Fatal(err)
	}
	for dc, want := range map[int]mtproto.Auth{2: before, 4: after} {
		if got, err := p.Key(dc, []int64{7}); err != nil || got == nil || !got.Key.Equal(want.Key) {
			t.Errorf("data centre %d: %v, %v", dc, got, err)
		}
	}
	if id, got, err := p.App(ctx, answer("")); err != nil || id != 17 || got != hash {
		t.Errorf("%d, %v", id, err)
	}
	if got, err := p.Tokens(); err != nil || len(got) != 2 || !bytes.Equal(got[0], first) || !bytes.Equal(got[1], last) {
		t.Errorf("tokens %q, %v", got, err)
	}
	if err := p.Decrypt(); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = reopen(t, path)
	if got, err := p.Key(4, []int64{7}); err != nil || got == nil || !got.Key.Equal(after.Key) {
		t.Errorf("%v, %v", got, err)
	}
}

// Neither the profile nor what is told of it shows a secret.
func TestShowsNothing(t *testing.T) {
	p, _ := fresh(t)
	if _, err := p.Add(2, newKey(t, 0xA5)); err != nil {
		t.Fatal(err)
	}
	if err := p.SetApp(17, "0123456789abcdef"); err != nil {
		t.Fatal(err)
	}
	a, err := p.Account()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{a, &a, Info{Account: a}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, "0123456789") || strings.Contains(text, "30313233") {
				t.Errorf("%s shows it: %s", verb, text)
			}
		}
	}
}

// Who signs in, out and in again: the same person keeps whom they know.
func TestSignInOut(t *testing.T) {
	p, path := fresh(t)
	sam, now := Person{ID: 5, Name: "Sam", DC: 2}, time.Unix(1_800_000_000, 0)
	know := func() int {
		n := 0
		st := store.Open(path)
		defer st.Close()
		if _, ok, err := st.Entity(1, 9); err != nil {
			t.Fatal(err)
		} else if ok {
			n++
		}
		return n
	}
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := p.Add(2, newKey(t, 1))
	step(err)
	step(p.SignedIn(sam, now))
	step(p.File.Learn([]store.Entity{{Kind: 1, ID: 9, Title: "Nine"}}))
	if a, err := p.Account(); err != nil || !a.In() || a.User != 5 || a.DC != 2 {
		t.Fatalf("%+v, %v", a, err)
	}
	step(p.Ended(now.Add(time.Hour)))
	if a, _ := p.Account(); a.In() || know() != 1 {
		t.Error("an ended sign-in is one, or forgets")
	}
	if n, err := p.File.Keys(); err != nil || n != 1 {
		t.Errorf("%d keys after the server's word, %v", n, err)
	}
	step(p.Anew())
	step(p.SignedIn(sam, now))
	if know() != 1 {
		t.Error("the same person does not know anybody any more")
	}
	step(p.SignedIn(Person{ID: 6}, now))
	if know() != 0 {
		t.Error("another person knows whom the one before knew")
	}
	step(p.File.Learn([]store.Entity{{Kind: 1, ID: 9}}))
	step(p.SignedOut(now, []byte("tok")))
	if n, err := p.File.Keys(); err != nil || n != 0 || know() != 0 {
		t.Errorf("%d keys after logout, %v", n, err)
	}
	if got, err := p.Tokens(); err != nil || len(got) != 1 || string(got[0]) != "tok" {
		t.Errorf("tokens after logout: %q, %v", got, err)
	}
}

// Each profile is listed with the environment that its keys are for.
func TestList(t *testing.T) {
	f := Folder(filepath.Join(t.TempDir(), "any [name]*"))
	want := map[string]string{
		f.Telegram(false, "z"): "telegram", f.Telegram(false, "a"): "telegram",
		f.Telegram(true, "t"): "telegram test", f.Server("h:1", "s"): "server h:1",
	}
	for path, environment := range want {
		p := Open(path, "x", environment, 1)
		if err := p.SignedIn(Person{ID: 5, Name: "Sam"}, time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// Of one whose file was put aside, its folder says it.
	if err := os.WriteFile(f.Telegram(true, "lost")+".damaged-20260102-030405", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := f.List()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, in := range list {
		got = append(got, in.Name+" "+in.Environment)
		if in.Err != nil || (in.Account.User != 5) != (in.Name == "lost") || len(in.Damaged) > 0 != (in.Name == "lost") {
			t.Errorf("%+v", in)
		}
	}
	if text := strings.Join(got, ", "); text != "a telegram, z telegram, lost telegram test, t telegram test, s server h:1" {
		t.Error(text)
	}
}

func TestNames(t *testing.T) {
	for name, ok := range map[string]bool{"work": true, "a-b_c.9": true, "AZaz09": true, "a:b": false, "a@b": false, "a[b": false, "a`b": false, "a{b": false, "": false, ".x": false, "a/b": false, "..": false, "ä": false, strings.Repeat("x", 65): false} {
		if err := CheckName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
	f := Folder("/s")
	for _, c := range [][2]string{
		{f.Sandbox("work", ""), "/s/sandbox/work.db"}, {f.Sandbox("work", "@Bob"), "/s/sandbox/work@bob.db"},
		{f.Server("[::1]:4430", ""), "/s/servers/___1__4430/default.db"}, {f.Telegram(false, "w"), "/s/telegram/w.db"}, {f.Telegram(true, "w"), "/s/test/w.db"},
		{f.SandboxHistory(""), "/s/sandbox.history"}, {f.SandboxHistory("w"), "/s/sandbox/w.history"},
	} {
		if filepath.ToSlash(c[0]) != c[1] {
			t.Errorf("%s, want %s", c[0], c[1])
		}
	}
}
