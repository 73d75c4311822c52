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
	Key         Secret // 256 bytes
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
	rows, err := db.Query(`SELECT fingerprint, key, salt, time_offset, layer, made FROM auth_keys
		WHERE environment = ? AND dc = ? ORDER BY made DESC`, environment, dc)
	if err != nil {
		return k, false, s.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		k = Key{Environment: environment, DC: dc}
		var made int64
		if err := rows.Scan(&k.Fingerprint, (*[]byte)(&k.Key), &k.Salt, &k.TimeOffset, &k.Layer, &made); err != nil {
			return Key{}, false, s.wrap(err)
		}
		if k.Made = time.Unix(made, 0); slices.Contains(fingerprints, k.Fingerprint) {
			return k, true, nil
		}
	}
	return Key{}, false, s.wrap(rows.Err())
}

// SaveKey stores the key in the place of the one before, if there was one with
// the same environment, data centre and fingerprint.
func (s *Store) SaveKey(k Key) error {
	return s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT OR REPLACE INTO auth_keys (environment, dc, fingerprint, key, salt, time_offset, layer, made)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			k.Environment, k.DC, k.Fingerprint, []byte(k.Key), k.Salt, k.TimeOffset, k.Layer, k.Made.Unix())
		return err
	})
}
