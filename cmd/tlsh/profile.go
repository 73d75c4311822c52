package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"tlsh/mtproto"
	"tlsh/peers"
	"tlsh/store"
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
	if len(name) > 64 || !fileName(name) || name[0] == '.' {
		return "", fmt.Errorf("--profile %q: a name has letters, digits, _, - and dots, does not begin with a dot, and is not longer than 64", name)
	}
	return name, nil
}

func fileName(s string) bool {
	return s == strings.Map(safe, s)
}

// safe is the rune where it can stand in the name of a file, else _.
func safe(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_':
		return r
	}
	return '_'
}

// sandboxFile is what a profile remembers of one person's account in the
// sandbox; person is "" for the default one. Everybody has their own file, as
// access hashes are an account's own.
func sandboxFile(profile, person string) string {
	if person = strings.ToLower(strings.TrimPrefix(person, "@")); person != "" {
		profile += "@" + strings.Map(safe, person)
	}
	return stateFile(filepath.Join("sandbox", profile+".db"))
}

// sandboxHistory is the history of the sandbox, one for all of its people.
func sandboxHistory(profile string) string {
	if profile == "" {
		return stateFile("sandbox.history")
	}
	return historyFile(sandboxFile(profile, ""))
}

// historyFile is the history of the profile whose file that is: apart from every
// other place.
func historyFile(file string) string {
	return strings.TrimSuffix(file, ".db") + ".history"
}

// serverFile is what a profile remembers of an account on a server.
func serverFile(addr, profile string) string {
	if profile == "" {
		profile = "default"
	}
	return stateFile(filepath.Join("servers", strings.Map(safe, addr), profile+".db"))
}

// kept is what is remembered of an account from one run to the next. The
// folders keep the sandbox, servers and Telegram apart.
type kept struct {
	file   *store.Store
	people *peers.Cache
}

// keeping are all that a run opened, by their files.
type keeping map[string]*kept

func (k keeping) open(path string) *kept {
	if k[path] == nil {
		st := store.Open(path)
		k[path] = &kept{st, peers.NewStored(st)}
	}
	return k[path]
}

// close writes what is left to write.
func (k keeping) close() error {
	var errs []error
	for _, one := range k {
		errs = append(errs, one.people.Close(), one.file.Close())
	}
	return errors.Join(errs...)
}

// keyring is the auth key of one data centre of one server in a profile's file.
type keyring struct {
	*kept
	environment string
	dc, layer   int
	keys        []mtproto.PublicKey

	mu    sync.Mutex
	auth  *mtproto.Auth // nil while there is none
	saved mtproto.Auth
	made  time.Time
}

// load reads the key, if one was made with one of the server's RSA keys.
func (k *keyring) load() (*mtproto.Auth, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.auth != nil {
		a := *k.auth
		return &a, nil
	}
	prints := make([]int64, len(k.keys))
	for i, key := range k.keys {
		prints[i] = key.Fingerprint()
	}
	row, ok, err := k.file.Key(k.environment, k.dc, prints)
	if err != nil || !ok {
		return nil, err
	}
	key, err := mtproto.NewAuthKey(row.Key)
	if err != nil {
		return nil, fmt.Errorf("the profile's file %s: %w", k.file.Path(), err)
	}
	a := mtproto.Auth{Key: key, Salt: row.Salt, TimeOffset: row.TimeOffset, Fingerprint: row.Fingerprint}
	k.saved, k.made = a, row.Made
	k.auth = &a
	return &a, nil
}

// note takes in the key as it is now; save writes it.
func (k *keyring) note(a mtproto.Auth) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.auth = &a
}

// save writes the key when it has changed. A new one may be another account's:
// who was known by the one before is forgotten.
func (k *keyring) save() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.auth == nil || *k.auth == k.saved {
		return nil
	}
	if !k.auth.Key.Equal(k.saved.Key) {
		k.made = time.Now()
		if err := k.file.Forget(); err != nil {
			return err
		}
	}
	err := k.file.SaveKey(store.Key{
		Environment: k.environment, DC: k.dc, Fingerprint: k.auth.Fingerprint, Key: k.auth.Key.Bytes(),
		Salt: k.auth.Salt, TimeOffset: k.auth.TimeOffset, Layer: k.layer, Made: k.made,
	})
	if err == nil {
		k.saved = *k.auth
	}
	return err
}
