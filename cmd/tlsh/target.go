package main

import (
	"context"
	"errors"
	"runtime"
	"slices"

	"tlsh/client"
	"tlsh/eval"
	"tlsh/profile"
	"tlsh/schema"
)

// target is where the shell connects.
type target struct {
	account  eval.Account
	use      func(name string) (eval.Account, error) // other accounts that can be had there
	others   func() []eval.Choice                    // whom use knows
	profiles eval.Profiles
	login    func(profile string) (eval.Account, error) // the account to sign in with
	close    func() error
	sandbox  bool
	knobs    func(words []string) (string, error) // of the sandbox
	notice   string                               // said on stderr when a place is first used that nobody chose
	onStart  func(say func())                     // what to do when the sandbox starts
}

// How many requests of a script are in flight. Real servers refuse what waits
// longer than half a second for its predecessor, so that long chains gain nothing
// there.
const (
	sandboxInFlight = 100
	serverInFlight  = 10
)

// telegramRate is how many requests of a script a second Telegram is sent, unless
// --rate says otherwise: below what it begins to answer with FLOOD_WAIT for most
// requests.
const telegramRate = 10

// appID is the api_id that clients name where any will do: the sandbox and
// other servers of one's own. Telegram itself wants one's own.
const appID = 1

// target chooses where to connect: a server that is named, the sandbox when it
// is asked for, and the sandbox too where no account has ever signed in; else the
// profile.
func (p *program) target(ctx context.Context, s *schema.Schema) (*target, error) {
	name, err := p.profileName()
	if err == nil {
		err = p.onePlace()
	}
	switch {
	case err != nil:
		return nil, err
	case p.server != "":
		return p.serverTarget(s, name)
	case p.sandbox:
		return p.sandboxTarget(ctx, s, name)
	}
	files := p.profiles(s)
	if name == "" {
		known, err := files.signedInOnce()
		switch {
		case err != nil:
			return nil, err
		case len(known) == 0 && !p.testDC:
			t, err := p.sandboxTarget(ctx, s, "")
			if err != nil {
				return nil, err
			}
			t.login = files.login
			t.notice = "tlsh: no account has signed in here: this is the sandbox"
			return t, nil
		case len(known) == 1:
			name = known[0]
		case len(known) == 0 || slices.Contains(known, profile.Default):
			name = profile.Default
		default:
			return files.choose(known), nil
		}
	}
	if p.as != "" {
		return nil, errors.New("--as is for the sandbox, and here is an account: say --sandbox, too")
	}
	return files.target(name)
}

// onePlace refuses flags that name two places, or that belong to another than is
// named: what was meant for the sandbox must not happen elsewhere.
func (p *program) onePlace() error {
	switch {
	case p.sandbox && p.server != "", p.sandbox && p.testDC, p.server != "" && p.testDC:
		return errors.New("--sandbox, --server and --test-dc are three places: name one")
	case p.serverKey != "" && p.server == "":
		return errors.New("--server-key goes with --server HOST:PORT")
	case p.world != "" && !p.sandbox:
		return errors.New("--world is for the sandbox: say --sandbox, too")
	case p.as != "" && (p.server != "" || p.testDC):
		return errors.New("--as is for the sandbox: elsewhere one is who has signed in")
	}
	return nil
}

// clientConfig is a client that tells everything to the shell's hooks.
func clientConfig(s *schema.Schema, hooks eval.Hooks) client.Config {
	return client.Config{
		Schema: s, App: client.App{ID: appID, Device: "tlsh", System: runtime.GOOS, Version: version(), Lang: "en"},
		Trace: hooks.Trace, OnState: hooks.State, OnNotes: hooks.Notes, OnClock: hooks.Clock, OnUpdate: hooks.Update, OnMissed: hooks.Missed,
	}
}
