package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/adrg/xdg"

	"tlsh/account"
	"tlsh/eval"
	"tlsh/profile"
	"tlsh/schema"
)

// profileName is the --profile that is named, else TLSH_PROFILE; "" is none.
func (p *program) profileName() (string, error) {
	name := p.profile
	if name == "" {
		name, _ = p.getenv("TLSH_PROFILE")
	}
	if name == "" {
		return "", nil
	}
	if err := profile.CheckName(name); err != nil {
		return "", fmt.Errorf("--profile %w", err)
	}
	return name, nil
}

// profiles are all that a run opened, by their files.
type profiles struct {
	p      *program
	schema *schema.Schema
	folder profile.Folder
	opened map[string]*profile.Profile
}

func (p *program) profiles(s *schema.Schema) *profiles {
	return &profiles{p: p, schema: s, folder: profile.Folder(filepath.Join(xdg.StateHome, "tlsh")), opened: map[string]*profile.Profile{}}
}

func (f *profiles) open(path, name, environment string) *profile.Profile {
	if f.opened[path] == nil {
		f.opened[path] = profile.Open(path, name, environment, f.schema.Layer)
	}
	return f.opened[path]
}

// close writes what is left to write.
func (f *profiles) close() error {
	var errs []error
	for _, one := range f.opened {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// telegram opens a profile on Telegram, or on its test servers with --test-dc.
func (f *profiles) telegram(name string) (*profile.Profile, *account.Environment) {
	env := f.p.telegram(f.p.testDC)
	return f.open(f.folder.Telegram(f.p.testDC, name), name, env.Name), env
}

// signedInOnce are the profiles on Telegram in which somebody has signed in, be it
// that they are signed out again, or that the file is damaged.
func (f *profiles) signedInOnce() ([]string, error) {
	names, err := f.folder.Accounts(f.p.testDC)
	var out []string
	for _, name := range names {
		prof, _ := f.telegram(name)
		if prof.Exists() {
			a, err := prof.Account()
			if err == nil && a.SignedIn.IsZero() {
				continue
			}
		}
		out = append(out, name)
	}
	return out, err
}

// remote is the account of a profile on servers elsewhere.
func (f *profiles) remote(prof *profile.Profile, env *account.Environment, a eval.Account) eval.Account {
	a.Peers, a.Profile, a.History = prof.People, prof, prof.History()
	a.Connect = func(ctx context.Context, hooks eval.Hooks) (eval.Conn, error) {
		if err := prof.Unlock(ctx, hooks.Passphrase); err != nil {
			return nil, err
		}
		kept, err := prof.Account()
		if err != nil {
			return nil, err
		}
		cfg := clientConfig(f.schema, hooks)
		if kept.APIID != 0 {
			cfg.App.ID = kept.APIID
		}
		c, err := account.Connect(ctx, account.Config{Client: cfg, Environment: env, Keyring: prof})
		if err != nil {
			return nil, err
		}
		return c, nil
	}
	return a
}

// account is that of a profile on Telegram.
func (f *profiles) account(name string) (eval.Account, error) {
	if err := profile.CheckName(name); err != nil {
		return eval.Account{}, err
	}
	prof, env := f.telegram(name)
	a := eval.Account{Name: name, Place: eval.PlaceTelegram, Short: name, InFlight: serverInFlight, Rate: telegramRate, Where: "Telegram",
		KeyLost: fmt.Sprintf(`try again later, and from another network: whoever sits on the line can claim this. Where it stays so, "logout --local" forgets the key of profile %q, and "login" makes another`, name)}
	if f.p.testDC {
		a.Place, a.Short, a.Where, a.Rate = eval.PlaceTest, name+" test", "Telegram's test servers", 0
	}
	who := "nobody is signed in"
	if prof.Exists() {
		kept, err := prof.Account()
		if err != nil {
			return a, err
		}
		if kept.In() {
			who = profile.PersonName(kept.Name, kept.Username) + ", data centre " + strconv.Itoa(kept.DC)
			a.DC = kept.DC
		}
	}
	a.Where += fmt.Sprintf(", profile %q: %s", name, who)
	return f.remote(prof, env, a), nil
}

// use is a profile on Telegram that somebody has signed in to.
func (f *profiles) use(name string) (eval.Account, error) {
	prof, _ := f.telegram(name)
	if profile.CheckName(name) != nil || !prof.Exists() {
		names, _ := f.folder.Accounts(f.p.testDC)
		return eval.Account{}, noProfile(name, names)
	}
	return f.account(name)
}

// noProfile tells that nothing has that name, and which names there are.
func noProfile(name string, names []string) error {
	fix := `"login --profile NAME" makes one`
	if len(names) > 0 {
		fix = "there are " + strings.Join(names, ", ")
	}
	return fmt.Errorf("there is no profile %q (%s)", name, fix)
}

// others are the profiles on Telegram.
func (f *profiles) others() []eval.Choice {
	names, _ := f.folder.Accounts(f.p.testDC)
	out := make([]eval.Choice, len(names))
	for i, n := range names {
		out[i] = eval.Choice{Word: n, Description: "profile"}
	}
	return out
}

// login is the account of the profile to sign in with; "" is the one that is
// named, else the default one.
func (f *profiles) login(name string) (eval.Account, error) {
	if name == "" {
		var err error
		if name, err = f.p.profileName(); err != nil {
			return eval.Account{}, err
		}
	}
	if name == "" {
		name = profile.Default
	}
	return f.account(name)
}

// List tells of all profiles that there are (eval.Profiles).
func (f *profiles) List() ([]profile.Info, error) { return f.folder.List() }

// Named is a profile on Telegram by its name (eval.Profiles).
func (f *profiles) Named(name string) (*profile.Profile, error) {
	if _, err := f.use(name); err != nil {
		return nil, err
	}
	prof, _ := f.telegram(name)
	return prof, nil
}

// target connects to Telegram with a profile.
func (f *profiles) target(name string) (*target, error) {
	a, err := f.account(name)
	if err != nil {
		f.p.status = eval.Failed
		return nil, errors.Join(err, f.close())
	}
	return &target{account: a, use: f.use, others: f.others, profiles: f, close: f.close, login: func(other string) (eval.Account, error) {
		if other == "" {
			other = name
		}
		return f.login(other)
	}}, nil
}

// choose is where several profiles have signed in and none is named: what needs
// one is refused, and use and login work.
func (f *profiles) choose(known []string) *target {
	msg := "several profiles have signed in here: choose one of them with --profile or use: " + strings.Join(known, ", ")
	a := eval.Account{Place: eval.PlaceTelegram, Short: "no profile", Where: "nothing: " + msg,
		Connect: func(context.Context, eval.Hooks) (eval.Conn, error) { return nil, &eval.SignInError{Msg: msg} }}
	return &target{account: a, use: f.use, others: f.others, profiles: f, close: f.close, login: f.login}
}
