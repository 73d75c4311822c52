package main

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"tlsh/account"
	"tlsh/eval"
	"tlsh/mtproto"
	"tlsh/profile"
	"tlsh/sandbox"
	"tlsh/schema"
)

// inSandbox is the sandbox in this process, which starts when the first request
// needs it. Client and server share a key made for the process. With a profile
// the people met are kept in its files; without one nothing is.
type inSandbox struct {
	p       *program
	schema  *schema.Schema
	profile string // "" keeps nothing
	files   *profiles

	onStart func() // what is to be said when it starts, or nil

	ctx     context.Context
	cancel  context.CancelFunc
	serving sync.WaitGroup
	once    sync.Once
	sb      *sandbox.Sandbox
	addr    *net.TCPAddr
	err     error // of starting
}

// sandboxTarget is the sandbox in this process. A world of one's own is read at
// once, and who one wants to be is looked up, so that a mistake in them is told
// before anything runs.
func (p *program) sandboxTarget(ctx context.Context, s *schema.Schema, name string) (*target, error) {
	in := &inSandbox{p: p, schema: s, profile: name, files: p.profiles(s)}
	in.ctx, in.cancel = context.WithCancel(ctx)
	if p.world != "" || p.as != "" {
		if err := in.look(p.as); err != nil {
			in.cancel()
			return nil, err
		}
	}
	return &target{
		sandbox: true, onStart: func(say func()) { in.onStart = say }, account: in.as(p.as), login: in.login, use: in.use, others: in.others, profiles: in.files,
		knobs: func(words []string) (string, error) {
			sb, err := in.start()
			if err != nil {
				return "", err
			}
			return sb.Command(words)
		},
		close: func() error { in.cancel(); in.serving.Wait(); return in.files.close() },
	}, nil
}

// start gives the sandbox, starting it where that was not done yet.
func (in *inSandbox) start() (*sandbox.Sandbox, error) {
	in.once.Do(func() {
		if in.onStart != nil {
			in.onStart()
		}
		cfg := sandbox.Config{Schema: in.schema}
		if cfg.Now, in.err = in.p.sandboxClock(); in.err != nil {
			return
		}
		if in.sb, in.err = in.p.newSandbox(cfg, in.p.world); in.err != nil {
			return
		}
		var ln net.Listener
		if ln, in.err = sandbox.Listen(in.ctx, "127.0.0.1:0"); in.err != nil {
			return
		}
		in.addr, _ = ln.Addr().(*net.TCPAddr)
		in.serving.Go(func() { _ = in.sb.Serve(in.ctx, ln) })
	})
	return in.sb, in.err
}

// look starts the sandbox, and says whether somebody is there.
func (in *inSandbox) look(name string) error {
	sb, err := in.start()
	if err != nil {
		return err
	}
	if _, err := sb.Home(name); err != nil {
		return fmt.Errorf("--as: %w", err)
	}
	return nil
}

const sandboxWhere = "the sandbox inside tlsh: nothing leaves this machine"

// as is the account of one of the people; "" is the world's default person.
func (in *inSandbox) as(name string) eval.Account {
	short := "sandbox"
	if name != "" {
		short += " " + name
	}
	a := eval.Account{Name: name, Place: eval.PlaceSandbox, History: in.files.folder.SandboxHistory(in.profile), Short: short, DC: sandbox.DefaultDC, Where: sandboxWhere, InFlight: sandboxInFlight}
	a.Self = func() string {
		sb, err := in.start()
		if err != nil {
			return ""
		}
		who, err := sb.Who(name)
		if err != nil {
			return ""
		}
		return who
	}
	var kept *profile.Profile
	if in.profile != "" {
		kept = in.files.open(in.files.folder.Sandbox(in.profile, name), in.profile, "sandbox")
		a.Peers = kept.People
	}
	a.Connect = func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
		if kept != nil {
			if err := kept.File.Check(); err != nil {
				return nil, err
			}
		}
		sb, err := in.start()
		if err != nil {
			return nil, err
		}
		home, err := sb.Home(name)
		if err != nil {
			return nil, err
		}
		auth, err := sb.SignIn(name)
		if err != nil {
			return nil, err
		}
		return in.connect(ctx, hooks, &sharedKeys{sb: sb, home: home, keys: map[int]mtproto.Auth{home: auth}})
	}
	return a
}

// login is an account that nobody is signed in with, to try signing in.
func (in *inSandbox) login(string) (eval.Account, error) {
	sb, err := in.start()
	if err != nil {
		return eval.Account{}, err
	}
	a := in.as("")
	a.Peers = nil
	a.Connect = func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
		return in.connect(ctx, hooks, &sharedKeys{sb: sb, home: sb.DC(), keys: map[int]mtproto.Auth{}})
	}
	return a, nil
}

// connect connects to the data centres of the sandbox, which all listen at one
// address.
func (in *inSandbox) connect(ctx context.Context, hooks eval.Hooks, keys *sharedKeys) (eval.Conn, error) {
	env := &account.Environment{Name: "sandbox", DC: keys.home}
	for _, dc := range keys.sb.DCs() {
		env.Addresses = append(env.Addresses, account.Address{DC: dc, Host: in.addr.IP.String(), Port: in.addr.Port, OnePort: true})
	}
	c, err := account.Connect(ctx, account.Config{Client: clientConfig(in.schema, hooks), Environment: env, Keyring: keys})
	if err != nil {
		return nil, err
	}
	return c, nil
}

// sharedKeys are the keys that an account shares with the sandbox in this
// process: made when they are needed, without a key exchange, and kept nowhere.
type sharedKeys struct {
	sb *sandbox.Sandbox

	mu   sync.Mutex
	home int
	keys map[int]mtproto.Auth
}

// Key makes sharedKeys an account.Keyring.
func (k *sharedKeys) Key(dc int, _ []int64) (*mtproto.Auth, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	auth, ok := k.keys[dc]
	if !ok {
		var err error
		if auth, err = k.sb.Key(dc); err != nil {
			return nil, err
		}
		k.keys[dc] = auth
	}
	return &auth, nil
}

// Add is never asked for: there are no key exchanges.
func (k *sharedKeys) Add(_ int, made mtproto.Auth) (mtproto.Auth, error) { return made, nil }

// Note takes in a salt and a time offset.
func (k *sharedKeys) Note(dc int, now mtproto.Auth) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[dc] = now
}

// Home is the account's data centre.
func (k *sharedKeys) Home() (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.home, nil
}

// SetHome moves it.
func (k *sharedKeys) SetHome(dc int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.home = dc
	return nil
}

// Addresses are none but the environment's.
func (k *sharedKeys) Addresses() ([]account.Address, time.Time, error) { return nil, time.Time{}, nil }

// SetAddresses keeps nothing.
func (k *sharedKeys) SetAddresses([]account.Address, time.Time) error { return nil }

// use is one of the people, or a profile on Telegram.
func (in *inSandbox) use(name string) (eval.Account, error) {
	sb, err := in.start()
	if err != nil {
		return eval.Account{}, err
	}
	who, err := sb.Who(name)
	if err != nil {
		if a, other := in.files.use(name); other == nil {
			return a, nil
		}
		return eval.Account{}, err
	}
	if first, err := sb.Who(in.p.as); err == nil && first == who {
		who = in.p.as
	}
	return in.as(who), nil
}

// others are the people that have names.
func (in *inSandbox) others() []eval.Choice {
	sb, err := in.start()
	if err != nil {
		return nil
	}
	var out []eval.Choice
	for _, who := range sb.People() {
		if who.Username != "" {
			out = append(out, eval.Choice{Word: "@" + who.Username, Description: who.Name})
		}
	}
	return append(out, in.files.others()...)
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
