package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
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
	account eval.Account
	use     func(name string) (eval.Account, error) // other accounts that can be had there; nil: none
	close   func() error
	sandbox bool
	others  func() []eval.Choice                 // whom use knows
	knobs   func(words []string) (string, error) // of the sandbox
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
	profile, err := p.profileName()
	switch {
	case err != nil:
		return nil, err
	case p.server != "":
		return p.serverTarget(s, profile)
	case p.sandbox:
		return p.sandboxTarget(ctx, s, profile)
	case p.testDC:
		p.status = eval.SignIn
		return nil, fmt.Errorf("the test data centres need a signed-in account, and none has signed in here")
	case profile != "":
		p.status = eval.SignIn
		return nil, fmt.Errorf("profile %q is not signed in", profile)
	}
	t, err := p.sandboxTarget(ctx, s, "")
	if err == nil {
		t.notice = "tlsh: no account has signed in here: this is the sandbox"
	}
	return t, err
}

// sandboxTarget starts the sandbox in this process when the first request
// needs it. Client and server share a key made for this process. With a profile
// the people met are kept in its files; without one nothing is.
func (p *program) sandboxTarget(ctx context.Context, s *schema.Schema, profile string) (*target, error) {
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
	files := keeping{}
	// as is the account of one of the people; "" is the world's default person.
	as := func(name string) eval.Account {
		short := "sandbox"
		if name != "" {
			short += " " + name
		}
		account := eval.Account{
			Name: name, Place: eval.PlaceSandbox, History: sandboxHistory(profile), Short: short, Where: "the sandbox inside tlsh: nothing leaves this machine",
			Connect: func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
				if once.Do(start); err != nil {
					return nil, err
				}
				auth, err := sb.SignIn(name)
				if err != nil {
					return nil, err
				}
				cfg := clientConfig(s, addr, hooks)
				cfg.DC, cfg.Auth = sb.DC(), &auth
				return client.Connect(ctx, cfg)
			},
		}
		if profile != "" {
			known, connect := files.open(sandboxFile(profile, name)), account.Connect
			account.Peers = known.people
			account.Connect = func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
				if err := known.file.Check(); err != nil {
					return nil, err
				}
				return connect(ctx, hooks)
			}
		}
		return account
	}
	t := &target{sandbox: true, account: as(p.as)}
	t.use = func(name string) (eval.Account, error) {
		if once.Do(start); err != nil {
			return eval.Account{}, err
		}
		who, err := sb.Who(name)
		if err != nil {
			return eval.Account{}, err
		}
		if first, err := sb.Who(p.as); err == nil && first == who {
			who = p.as
		}
		return as(who), nil
	}
	t.others = func() []eval.Choice {
		if once.Do(start); err != nil {
			return nil
		}
		var out []eval.Choice
		for _, who := range sb.People() {
			if who.Username != "" {
				out = append(out, eval.Choice{Word: "@" + who.Username, Description: who.Name})
			}
		}
		return out
	}
	t.knobs = func(words []string) (string, error) {
		if once.Do(start); err != nil {
			return "", err
		}
		return sb.Command(words)
	}
	t.close = func() error { cancel(); wg.Wait(); return files.close() }
	return t, nil
}

// knobs are the words that the command sandbox takes.
func knobs() []eval.Choice {
	var out []eval.Choice
	for _, k := range sandbox.Knobs() {
		out = append(out, eval.Choice{Word: k.Name, Description: strings.TrimSpace(k.Args + "  " + k.Help), Args: k.Args})
	}
	return out
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

// serverTarget connects to an MTProto server whose public key is in a file. The
// auth key made with it and the people met there are kept in the profile's file.
func (p *program) serverTarget(s *schema.Schema, profile string) (*target, error) {
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
	files := keeping{}
	ring := &keyring{kept: files.open(serverFile(p.server, profile)), environment: "server " + p.server, dc: p.dc, layer: s.Layer, keys: keys}
	t := &target{}
	t.account = eval.Account{
		Place: eval.PlaceServer, History: historyFile(serverFile(p.server, profile)), Short: p.server, Where: fmt.Sprintf("%s, data centre %d", p.server, p.dc), Peers: ring.people,
		KeyLost: fmt.Sprintf("if the server was made anew, begin anew here too: remove %s, or name another --profile", ring.file.Path()),
	}
	t.account.Connect = func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
		auth, err := ring.load()
		if err != nil {
			return nil, err
		}
		cfg := clientConfig(s, p.server, hooks)
		cfg.DC, cfg.Keys, cfg.Auth, cfg.OnAuth = p.dc, keys, auth, ring.note
		c, err := client.Connect(ctx, cfg)
		if err != nil {
			return nil, err
		}
		if err := ring.save(); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		return c, nil
	}
	t.close = func() error { return errors.Join(ring.save(), files.close()) }
	return t, nil
}

// clientConfig is a client that tells everything to the shell's hooks.
func clientConfig(s *schema.Schema, addr string, hooks eval.Hooks) client.Config {
	return client.Config{
		Schema: s, App: app(), Dial: dialer(addr), Trace: hooks.Trace, OnState: hooks.State, OnNotes: hooks.Notes, OnClock: hooks.Clock,
		OnUpdate: hooks.Update, OnMissed: hooks.Missed,
	}
}

func dialer(addr string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
}
