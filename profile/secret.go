package profile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"tlsh/store"
)

// Ask asks for the passphrase of a profile.
type Ask func(ctx context.Context, profile string) (string, error)

// key opens the secrets of a file.
type key struct {
	identity  *age.X25519Identity // nil while it is locked
	recipient *age.X25519Recipient
}

// PassphraseError tells that a passphrase does not open a profile, or that there
// was none.
type PassphraseError struct {
	Profile string
	Cause   error
}

// Error says whose passphrase is wanted, and where it is taken from.
func (e *PassphraseError) Error() string {
	return fmt.Sprintf("the keys of profile %q are encrypted, and the passphrase does not open them: %v (it is asked for at a terminal, or taken from TLSH_PASSPHRASE)", e.Profile, e.Cause)
}

// Unwrap is what was wrong.
func (e *PassphraseError) Unwrap() error { return e.Cause }

// work is the cost of a passphrase as the logarithm of scrypt's N, which wants
// 64 MiB then.
const work = 16

// Locked reports that the secrets are encrypted, and not opened yet.
func (p *Profile) Locked() (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.load()
	return err == nil && p.key != nil && p.key.identity == nil, err
}

// Encrypted reports that the secrets are encrypted.
func (p *Profile) Encrypted() (bool, error) {
	_, ok, err := p.File.Lock()
	return ok, err
}

// load reads the lock, once. mu is held.
func (p *Profile) load() (store.Lock, error) {
	l, ok, err := p.File.Lock()
	if err != nil || !ok {
		p.key = nil
		return l, err
	}
	r, err := age.ParseX25519Recipient(l.Recipient)
	if err != nil {
		return l, fmt.Errorf("the profile's file %s: %w", p.File.Path(), err)
	}
	if p.key == nil || p.key.recipient.String() != l.Recipient {
		p.key = &key{recipient: r}
	}
	return l, nil
}

// Unlock opens the secrets, asking for the passphrase where they are encrypted
// and locked. Errors: *PassphraseError.
func (p *Profile) Unlock(ctx context.Context, ask Ask) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, err := p.load()
	if err != nil || p.key == nil || p.key.identity != nil {
		return err
	}
	pass, err := ask(ctx, p.Name)
	if err != nil {
		return &PassphraseError{p.Name, err}
	}
	scrypt, err := age.NewScryptIdentity(pass)
	if err != nil {
		return &PassphraseError{p.Name, err}
	}
	text, err := decrypt(l.Identity, scrypt)
	if err != nil {
		return &PassphraseError{p.Name, errors.New("it is another one")}
	}
	p.key.identity, err = age.ParseX25519Identity(string(text))
	return err
}

// open is a secret as it was before seal. mu is held.
func (p *Profile) open(secret store.Secret) ([]byte, error) {
	if !bytes.HasPrefix(secret, []byte("age-encryption.org/")) {
		return secret, nil
	}
	if p.key == nil || p.key.identity == nil {
		return nil, &PassphraseError{p.Name, errors.New("it was not given")}
	}
	return decrypt(secret, p.key.identity)
}

// seal is a secret as the file takes it: encrypted where its others are. mu is
// held.
func (p *Profile) seal(secret []byte) (store.Secret, error) {
	if _, err := p.load(); err != nil || p.key == nil || len(secret) == 0 {
		return secret, err
	}
	return encrypt(secret, p.key.recipient)
}

// Encrypt encrypts the auth keys, the api_hash and the future auth tokens with a
// passphrase. What else the file has, whom the account met among it, stays as it
// is.
func (p *Profile) Encrypt(passphrase string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.load(); err != nil {
		return err
	}
	if p.key != nil && p.key.identity == nil {
		return &PassphraseError{p.Name, errors.New("it was not given")}
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	scrypt, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return err
	}
	scrypt.SetWorkFactor(work)
	wrapped, err := encrypt([]byte(identity.String()), scrypt)
	if err != nil {
		return err
	}
	err = p.File.Relock(&store.Lock{Recipient: identity.Recipient().String(), Identity: wrapped}, func(s store.Secret) (store.Secret, error) {
		plain, err := p.open(s)
		if err != nil {
			return nil, err
		}
		return encrypt(plain, identity.Recipient())
	})
	if err == nil {
		p.key = &key{identity, identity.Recipient()}
	}
	return err
}

// Decrypt leaves the secrets to the file's permissions again. The profile is
// unlocked.
func (p *Profile) Decrypt() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.File.Relock(nil, func(s store.Secret) (store.Secret, error) { return p.open(s) })
	if err == nil {
		p.key = nil
	}
	return err
}

func encrypt(plain []byte, to age.Recipient) (store.Secret, error) {
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func decrypt(secret []byte, with age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(secret), with)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
