package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// Secret is what must never be shown: it prints as a word, whatever the verb.
type Secret []byte

// Format writes no byte of the secret.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "(secret)") }

// MarshalText refuses, so that no encoder writes the secret.
func (Secret) MarshalText() ([]byte, error) { return nil, errors.New("a secret is not written") }

// Key is an auth key, and where alone it may be used
// (https://core.telegram.org/mtproto/auth_key).
type Key struct {
	Environment string // "server HOST:PORT", …
	DC          int
	Fingerprint int64  // of the server's RSA key with which it was made
	Key         Secret // 256 bytes; more when it is encrypted (Lock)
	ID          int64  // its auth_key_id; 0: not known
	Salt        int64
	TimeOffset  time.Duration // the server's clock minus ours
	Layer       int           // the TL layer last spoken with it
	Made        time.Time     // in whole seconds
}

// Key is the newest one made in that environment with that data centre and one
// of these RSA keys; ok is false where there is none.
func (s *Store) Key(environment string, dc int, fingerprints []int64) (k Key, ok bool, err error) {
	db, err := s.open()
	if err != nil {
		return k, false, err
	}
	rows, err := db.Query(`SELECT fingerprint, key, key_id, salt, time_offset, layer, made FROM auth_keys
		WHERE environment = ? AND dc = ? ORDER BY made DESC`, environment, dc)
	if err != nil {
		return k, false, s.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		k = Key{Environment: environment, DC: dc}
		var made int64
		if err := rows.Scan(&k.Fingerprint, (*[]byte)(&k.Key), &k.ID, &k.Salt, &k.TimeOffset, &k.Layer, &made); err != nil {
			return Key{}, false, s.wrap(err)
		}
		if k.Made = time.Unix(made, 0); slices.Contains(fingerprints, k.Fingerprint) {
			return k, true, nil
		}
	}
	return Key{}, false, s.wrap(rows.Err())
}

// AddKey stores a key that was just made, unless there is one already of the
// same environment, data centre and fingerprint, which another process has made
// meanwhile. It gives the one that is stored: a key that may be signed in is
// never replaced.
func (s *Store) AddKey(k Key) (stored Key, err error) {
	err = s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO auth_keys (environment, dc, fingerprint, key, key_id, salt, time_offset, layer, made)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			k.Environment, k.DC, k.Fingerprint, []byte(k.Key), k.ID, k.Salt, k.TimeOffset, k.Layer, k.Made.Unix())
		return err
	})
	if err != nil {
		return Key{}, err
	}
	stored, ok, err := s.Key(k.Environment, k.DC, []int64{k.Fingerprint})
	if err == nil && !ok {
		err = &Error{Path: s.path, Msg: "has lost a key that was just stored"}
	}
	return stored, err
}

// NoteKey stores the salt, the time offset and the layer of a key that is
// there; the key itself is never changed.
func (s *Store) NoteKey(k Key) error {
	return s.writeSoon(func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE auth_keys SET salt = ?, time_offset = ?, layer = ?, key_id = ?
			WHERE environment = ? AND dc = ? AND fingerprint = ? AND key_id IN (?, 0)`,
			k.Salt, k.TimeOffset, k.Layer, k.ID, k.Environment, k.DC, k.Fingerprint, k.ID)
		return err
	})
}

// Keys counts the auth keys.
func (s *Store) Keys() (n int, err error) {
	db, err := s.open()
	if err != nil {
		return 0, err
	}
	return n, s.wrap(db.QueryRow(`SELECT count(*) FROM auth_keys`).Scan(&n))
}
