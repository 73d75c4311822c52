package profile

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"tlsh/account"
	"tlsh/mtproto"
	"tlsh/peers"
	"tlsh/store"
)

// Profile is one account's file. It is opened when it is first used. Its methods
// may be called from any goroutine.
type Profile struct {
	File        *store.Store
	People      *peers.Cache
	Name        string
	environment string // where alone its keys are good
	layer       int

	mu    sync.Mutex
	noted map[int]*noted // keys, by data centre
	key   *key           // of the secrets; nil while they are locked or open anyway
}

// noted is an auth key as it is now, and as it is in the file.
type noted struct {
	now, saved mtproto.Auth
}

// Environment is where alone the profile's keys are good: "telegram",
// "telegram test", "server HOST:PORT", "sandbox".
func (p *Profile) Environment() string { return p.environment }

// Open names a profile's file, and the environment in which its keys are good.
// layer is the TL layer that is spoken with them.
func Open(path, name, environment string, layer int) *Profile {
	st := store.Open(path)
	return &Profile{File: st, People: peers.NewStored(st), Name: name, environment: environment, layer: layer, noted: map[int]*noted{}}
}

// Close writes what is left to write.
func (p *Profile) Close() error {
	return errors.Join(p.flush(), p.People.Close(), p.File.Close())
}

// flush writes the salts and time offsets that have changed.
func (p *Profile) flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for dc, n := range p.noted {
		if n.now == n.saved || n.saved.Key.IsZero() {
			continue
		}
		err := p.File.NoteKey(store.Key{Environment: p.environment, DC: dc, Fingerprint: n.now.Fingerprint, ID: n.now.Key.ID(),
			Salt: n.now.Salt, TimeOffset: n.now.TimeOffset, Layer: p.layer})
		if err == nil {
			n.saved = n.now
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Key makes a Profile an account.Keyring.
func (p *Profile) Key(dc int, fingerprints []int64) (*mtproto.Auth, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.noted[dc]; n != nil {
		for _, f := range fingerprints {
			if f == n.now.Fingerprint {
				a := n.now
				return &a, nil
			}
		}
	}
	row, ok, err := p.File.Key(p.environment, dc, fingerprints)
	if err != nil || !ok {
		return nil, err
	}
	a, err := p.auth(row)
	if err != nil {
		return nil, err
	}
	p.noted[dc] = &noted{a, a}
	return &a, nil
}

// auth is a stored key as the protocol wants it. mu is held.
func (p *Profile) auth(row store.Key) (a mtproto.Auth, err error) {
	secret, err := p.open(row.Key)
	if err != nil {
		return a, err
	}
	key, err := mtproto.NewAuthKey(secret)
	if err != nil {
		return a, fmt.Errorf("the profile's file %s: %w", p.File.Path(), err)
	}
	return mtproto.Auth{Key: key, Salt: row.Salt, TimeOffset: row.TimeOffset, Fingerprint: row.Fingerprint}, nil
}

// Add keeps a key that was just made. The first of a file may be another
// account's than before: who was known is forgotten.
func (p *Profile) Add(dc int, made mtproto.Auth) (mtproto.Auth, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := p.File.Keys()
	if err == nil && n == 0 {
		err = p.File.Forget()
	}
	if err != nil {
		return made, err
	}
	secret, err := p.seal(made.Key.Bytes())
	if err != nil {
		return made, err
	}
	row, err := p.File.AddKey(store.Key{Environment: p.environment, DC: dc, Fingerprint: made.Fingerprint, Key: secret, ID: made.Key.ID(),
		Salt: made.Salt, TimeOffset: made.TimeOffset, Layer: p.layer, Made: time.Now()})
	if err != nil {
		return made, err
	}
	kept := made
	if row.ID != made.Key.ID() {
		if kept, err = p.auth(row); err != nil {
			return made, err
		}
	}
	p.noted[dc] = &noted{kept, kept}
	return kept, nil
}

// Note takes in a salt and a time offset that have changed.
func (p *Profile) Note(dc int, now mtproto.Auth) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.noted[dc]; n != nil && n.now.Key.Equal(now.Key) {
		n.now = now
	}
}

// Home is the account's data centre.
func (p *Profile) Home() (int, error) {
	a, _, err := p.File.Account()
	return a.DC, err
}

// SetHome keeps another home.
func (p *Profile) SetHome(dc int) error {
	return p.change(func(a *store.Account) { a.DC = dc })
}

// Addresses are the servers' addresses as they were told last.
func (p *Profile) Addresses() ([]account.Address, time.Time, error) {
	rows, until, err := p.File.Addresses()
	list := make([]account.Address, len(rows))
	for i, r := range rows {
		list[i] = account.Address(r)
	}
	return list, until, err
}

// SetAddresses keeps the servers' addresses.
func (p *Profile) SetAddresses(list []account.Address, until time.Time) error {
	rows := make([]store.Address, len(list))
	for i, a := range list {
		rows[i] = store.Address(a)
	}
	return p.File.SaveAddresses(rows, until)
}

// Account is whose the profile is; the zero Account where nobody has ever signed
// in.
func (p *Profile) Account() (store.Account, error) {
	a, _, err := p.File.Account()
	return a, err
}

// App is the api_id and api_hash with which the profile introduces itself; 0 and
// "" where it has none yet. ask is as Unlock's.
func (p *Profile) App(ctx context.Context, ask Ask) (id int32, hash string, err error) {
	a, ok, err := p.File.Account()
	if err != nil || !ok || len(a.APIHash) == 0 {
		return a.APIID, "", err
	}
	if err := p.Unlock(ctx, ask); err != nil {
		return 0, "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	secret, err := p.open(a.APIHash)
	return a.APIID, string(secret), err
}

// SetApp keeps the api_id and api_hash.
func (p *Profile) SetApp(id int32, hash string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	sealed, err := p.seal([]byte(hash))
	if err != nil {
		return err
	}
	return p.change(func(a *store.Account) { a.APIID, a.APIHash = id, sealed })
}

// Person is who signed in.
type Person struct {
	ID                    int64
	Name, Username, Phone string
	Bot                   bool
	DC                    int // home
}

// PersonName is a name with its username, either of which may be missing.
func PersonName(name, username string) string {
	if username != "" {
		name = strings.TrimSpace(name + " @" + username)
	}
	return name
}

// SignedIn keeps who has signed in. Somebody else than before knows other
// people.
func (p *Profile) SignedIn(who Person, at time.Time) error {
	return p.change(func(a *store.Account) {
		a.User, a.Name, a.Username, a.Phone, a.Bot = who.ID, who.Name, who.Username, who.Phone, who.Bot
		a.DC, a.SignedIn, a.SignedOut = who.DC, at, time.Time{}
	})
}

func (p *Profile) change(f func(*store.Account)) error {
	return p.File.ChangeAccount(func(a *store.Account) error {
		a.Environment = p.environment
		f(a)
		return nil
	})
}

// Ended keeps that the server has ended the sign-in. The keys stay: they are
// what there is to look into, until somebody signs in again.
func (p *Profile) Ended(at time.Time) error {
	return p.change(func(a *store.Account) { a.SignedOut = at })
}

// Anew forgets keys that open nothing any more, before somebody signs in again.
func (p *Profile) Anew() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.noted)
	return p.File.DropKeys()
}

// SignedOut forgets the keys, which open nothing any more, and whom the account
// knew. token is the future auth token that the server gave for the next sign-in,
// nil for none.
func (p *Profile) SignedOut(at time.Time, token []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	sealed, err := p.seal(token)
	if err != nil {
		return err
	}
	clear(p.noted)
	return p.File.SignOut(at, sealed)
}

// Tokens are the future auth tokens: what the server gave when somebody signed in
// or out with this profile, so that it asks them for no code the next time
// (https://core.telegram.org/api/auth#future-auth-tokens). The profile is unlocked.
func (p *Profile) Tokens() ([][]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept, err := p.File.Tokens()
	list := make([][]byte, 0, len(kept))
	for _, t := range kept {
		plain, err := p.open(t)
		if err != nil {
			return nil, err
		}
		list = append(list, plain)
	}
	return list, err
}

// AddToken keeps a future auth token.
func (p *Profile) AddToken(token []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	sealed, err := p.seal(token)
	if err != nil {
		return err
	}
	return p.File.AddToken(sealed)
}
