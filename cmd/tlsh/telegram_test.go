package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tlsh/account"
	"tlsh/mtproto"
	"tlsh/sandbox"
)

// What the tests call Telegram is a sandbox of theirs: this program is given its
// data centres, and never those of Telegram.

// telegramVariable says to the program under test where that is.
const telegramVariable = "TEST_TELEGRAM"

// mainInTests is main, but for where Telegram is.
func mainInTests() {
	io := stdStreams()
	io.telegram = func(test bool) *account.Environment {
		real := account.Telegram(test)
		env := &account.Environment{Name: real.Name, DC: real.DC, Test: test, Obfuscate: real.Obfuscate, Refresh: real.Refresh}
		addr, pem, ok := strings.Cut(os.Getenv(telegramVariable), " ")
		if !ok {
			return env // there are no addresses, and so no connections
		}
		host, port, err := net.SplitHostPort(addr)
		if err == nil {
			env.Keys, err = mtproto.ParsePublicKeys([]byte(pem))
		}
		if err != nil {
			panic(err)
		}
		n, _ := strconv.Atoi(port)
		for dc := 1; dc <= 5; dc++ {
			env.Addresses = append(env.Addresses, account.Address{DC: dc, Host: host, Port: n, OnePort: true})
		}
		return env
	}
	if file := os.Getenv(clockVariable); file != "" {
		io.now = func() time.Time { return clock(file) }
	}
	os.Exit(int(execute(os.Args[1:], io)))
}

// clockVariable names a file with the time, for the program under test and its
// Telegram alike.
const clockVariable = "TEST_CLOCK"

// clock is the time that stands in a file.
func clock(file string) time.Time {
	b, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	t, err := time.Parse(time.RFC3339, string(b))
	if err != nil {
		panic(err)
	}
	return t
}

// testKey is the RSA key of the tests' Telegram; making one takes long.
var testKey = sync.OnceValues(func() (mtproto.PrivateKey, error) { return mtproto.GeneratePrivateKey(rand.Reader) })

// pretend is a sandbox that is the tests' Telegram.
type pretend struct {
	*sandbox.Sandbox
	address  *net.TCPAddr
	key      mtproto.PublicKey
	print    int64  // of key
	variable string // of the environment
	stop     func()
}

// environment is where it is, for a client in the test.
func (p *pretend) environment() *account.Environment {
	return &account.Environment{Name: "telegram", DC: p.DC(), Keys: []mtproto.PublicKey{p.key},
		Addresses: []account.Address{{DC: p.DC(), Host: p.address.IP.String(), Port: p.address.Port, OnePort: true}}}
}

// runTelegram starts one.
func runTelegram(cfg sandbox.Config, address string) (*pretend, error) {
	key, err := testKey()
	if err != nil {
		return nil, err
	}
	cfg.Keys = []mtproto.PrivateKey{key}
	sb, err := sandbox.New(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ln, err := sandbox.Listen(ctx, address)
	if err != nil {
		cancel()
		return nil, err
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = sb.Serve(ctx, ln) }()
	return &pretend{Sandbox: sb, address: ln.Addr().(*net.TCPAddr), key: key.Public(), print: key.Fingerprint(),
		variable: fmt.Sprintf("%s %s", ln.Addr(), key.Public().PEM()), stop: func() { cancel(); <-done }}, nil
}

// pretends are the Telegrams of the scripts that run.
type pretends struct{ running sync.Map }

// start is the command `telegram [FILE]` of the test scripts: from then on there
// is a Telegram, which ends with the script. The file's lines are added to its
// world.
func (p *pretends) start(ts *testscript.TestScript, _ bool, args []string) {
	cfg := sandbox.Config{}
	if len(args) == 1 {
		plain, err := sandbox.New(cfg)
		ts.Check(err)
		var world bytes.Buffer
		ts.Check(plain.Save(&world))
		cfg.World, cfg.WorldFile = world.String()+ts.ReadFile(args[0]), args[0]
	}
	sb, err := runTelegram(cfg, "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(telegramVariable, sb.variable)
	p.running.Store(ts, sb)
	ts.Defer(func() { p.running.Delete(ts); sb.stop() })
}

// knob is the command `knob WORD …`: it turns a knob of the script's Telegram.
func (p *pretends) knob(ts *testscript.TestScript, neg bool, args []string) {
	sb, ok := p.running.Load(ts)
	if !ok {
		ts.Fatalf("there is no telegram in this script")
	}
	out, err := sb.(*pretend).Command(args)
	if (err != nil) != neg {
		ts.Fatalf("knob %q: %v", args, err)
	}
	ts.Logf("%s", out)
}
