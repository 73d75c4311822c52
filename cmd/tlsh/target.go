package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"time"

	"tlsh/client"
	"tlsh/eval"
	"tlsh/mtproto"
	"tlsh/sandbox"
	"tlsh/schema"
)

// target is where the shell connects.
type target struct {
	connect func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error)
	close   func()
	sandbox bool
	knobs   func(words []string) (string, error) // of the sandbox
	name    string                               // short, for the prompt
	where   string                               // for whoami and the banner
	notice  string                               // said on stderr where nobody chose the sandbox
}

// appID is the api_id that clients name where any will do: the sandbox and
// other servers of one's own. Telegram itself wants one's own.
const appID = 1

func app() client.App {
	return client.App{ID: appID, Device: "tlsh", System: runtime.GOOS, Version: version(), Lang: "en"}
}

// target chooses where to connect: a server that is named, the sandbox when it
// is asked for, and the sandbox too where no account has ever signed in.
func (p *program) target(ctx context.Context, s *schema.Schema) (*target, error) {
	profile := p.profile
	if profile == "" {
		profile, _ = p.getenv("TLSH_PROFILE")
	}
	switch {
	case p.server != "":
		return p.serverTarget(s)
	case p.sandbox:
		return p.sandboxTarget(ctx, s)
	case p.testDC:
		p.status = eval.SignIn
		return nil, fmt.Errorf("the test data centres need a signed-in account, and none has signed in here")
	case profile != "":
		p.status = eval.SignIn
		return nil, fmt.Errorf("profile %q is not signed in", profile)
	}
	t, err := p.sandboxTarget(ctx, s)
	if err == nil {
		t.notice = "tlsh: no account has signed in here: this is the sandbox"
	}
	return t, err
}

// sandboxTarget starts the sandbox in this process when the first request
// needs it. Client and server share a key made for this process.
func (p *program) sandboxTarget(ctx context.Context, s *schema.Schema) (*target, error) {
	var (
		once sync.Once
		sb   *sandbox.Sandbox
		addr string
		err  error
		wg   sync.WaitGroup
	)
	ctx, cancel := context.WithCancel(ctx)
	start := func() {
		cfg := sandbox.Config{Schema: s}
		if cfg.Now, err = p.sandboxClock(); err != nil {
			return
		}
		if sb, err = sandbox.New(cfg); err != nil {
			return
		}
		var ln net.Listener
		if ln, err = sandbox.Listen(ctx, "127.0.0.1:0"); err != nil {
			return
		}
		addr = ln.Addr().String()
		wg.Go(func() { _ = sb.Serve(ctx, ln) })
	}
	t := &target{sandbox: true, name: "sandbox", where: "the sandbox inside tlsh: nothing leaves this machine"}
	if p.as != "" {
		t.name = "sandbox " + p.as
	}
	t.connect = func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
		if once.Do(start); err != nil {
			return nil, err
		}
		auth, err := sb.SignIn(p.as)
		if err != nil {
			return nil, err
		}
		return client.Connect(ctx, client.Config{
			Schema: s, App: app(), DC: sb.DC(), Auth: &auth, Dial: dialer(addr), Trace: hooks.Trace, OnState: hooks.State, OnNotes: hooks.Notes, OnClock: hooks.Clock,
		})
	}
	t.knobs = func(words []string) (string, error) {
		if once.Do(start); err != nil {
			return "", err
		}
		return sb.Command(words)
	}
	t.close = func() { cancel(); wg.Wait() }
	return t, nil
}

// sandboxClock is the clock of the sandbox's world: TLSH_SANDBOX_CLOCK stops it
// at a moment (RFC 3339), so that what a script prints is the same every day.
func (p *program) sandboxClock() (func() time.Time, error) {
	text, _ := p.getenv("TLSH_SANDBOX_CLOCK")
	if text == "" {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, fmt.Errorf("TLSH_SANDBOX_CLOCK: %w", err)
	}
	return func() time.Time { return t }, nil
}

// serverTarget connects to an MTProto server whose public key is in a file.
func (p *program) serverTarget(s *schema.Schema) (*target, error) {
	if p.serverKey == "" {
		return nil, fmt.Errorf("--server wants --server-key FILE: the server is known by its public key")
	}
	b, err := os.ReadFile(p.serverKey)
	if err != nil {
		return nil, fmt.Errorf("--server-key: %w", err)
	}
	keys, err := mtproto.ParsePublicKeys(b)
	if err != nil {
		return nil, fmt.Errorf("--server-key %s: %w", p.serverKey, err)
	}
	if _, _, err := net.SplitHostPort(p.server); err != nil {
		return nil, fmt.Errorf("--server %s: want HOST:PORT", p.server)
	}
	var auth *mtproto.Auth
	t := &target{name: p.server, where: fmt.Sprintf("%s, data centre %d", p.server, p.dc), close: func() {}}
	t.connect = func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
		c, err := client.Connect(ctx, client.Config{
			Schema: s, App: app(), DC: p.dc, Keys: keys, Auth: auth, Dial: dialer(p.server), Trace: hooks.Trace, OnState: hooks.State, OnNotes: hooks.Notes, OnClock: hooks.Clock,
		})
		if err != nil {
			return nil, err
		}
		a := c.Auth()
		auth = &a
		return c, nil
	}
	return t, nil
}

func dialer(addr string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
}
