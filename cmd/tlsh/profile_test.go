package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tlsh/mtproto"
	"tlsh/sandbox"
	"tlsh/store"
)

// serve runs a sandbox for other clients and gives its address.
func serve(t *testing.T, key mtproto.PrivateKey, addr string) (at string, stop func()) {
	t.Helper()
	sb, err := sandbox.New(sandbox.Config{Keys: []mtproto.PrivateKey{key}, SignInAll: "me"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ln, err := sandbox.Listen(ctx, addr)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = sb.Serve(ctx, ln) }()
	return ln.Addr().String(), func() { cancel(); <-done }
}

// A second start on a server makes no new key exchange: it is signed in as
// before, and knows whom the first one met. Another RSA key gets another auth
// key, and a server that does not know the key never gets a new one by itself.
func TestServerProfile(t *testing.T) {
	dir := t.TempDir()
	bin := linked(t, dir, "tlsh")
	key, err := mtproto.GeneratePrivateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pem := filepath.Join(dir, "key.pem")
	if err := os.WriteFile(pem, key.Public().PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	addr, stop := serve(t, key, "127.0.0.1:0")
	run := func(line string, more ...string) (out, errs string) {
		t.Helper()
		cmd := exec.Command(bin, append([]string{"--server", addr, "--server-key", pem, "-c", line}, more...)...)
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, "state"))
		var o, e bytes.Buffer
		cmd.Stdout, cmd.Stderr = &o, &e
		_ = cmd.Run() // what it printed tells
		return o.String(), e.String()
	}
	file := filepath.Join(dir, "state", "tlsh", "servers", strings.ReplaceAll(addr, ":", "_"), "default.db")
	stored := func() store.Key {
		t.Helper()
		st := store.Open(file)
		defer st.Close()
		k, ok, err := st.Key("server "+addr, 2, []int64{key.Public().Fingerprint()})
		if err != nil || !ok {
			t.Fatalf("no key is stored: %v", err)
		}
		return k
	}
	if out, errs := run("messages.sendMessage @bob first"); !strings.Contains(out, `"_":"up`) {
		t.Fatalf("%s\n%s", out, errs)
	}
	first := stored()
	if first.Layer == 0 || first.Made.IsZero() {
		t.Errorf("%+v", first)
	}
	if out, errs := run("messages.sendMessage bob second"); !strings.Contains(out, `"_":"up`) {
		t.Fatalf("%s\n%s", out, errs)
	}
	if !bytes.Equal(stored().Key, first.Key) {
		t.Error("a second key exchange was made")
	}
	if out, _ := run("peers bob", "--profile", "other"); strings.TrimSpace(out) != "[]" {
		t.Errorf("another profile knows %s", out)
	}
	// The same address, made anew: the server does not know the key.
	stop()
	_, stop = serve(t, key, addr)
	defer stop()
	if out, errs := run("help.getNearestDc"); strings.Contains(out, "nearestDc") || !strings.Contains(errs, "remove "+file) {
		t.Errorf("%s\n%s", out, errs)
	}
	if !bytes.Equal(stored().Key, first.Key) {
		t.Error("the key was replaced because somebody said that it is not known")
	}
}
