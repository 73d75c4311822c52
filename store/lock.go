package store

import (
	"database/sql"
	"errors"
)

// Lock says to whom the secrets of a file are encrypted: the auth keys, the
// api_hash and the future auth tokens. Whoever writes one needs the recipient alone, so that a file takes
// new keys without its passphrase.
type Lock struct {
	Recipient string // of age's X25519
	Identity  []byte // its identity, encrypted with the passphrase
}

// Lock reads the file's; ok is false where its secrets are not encrypted.
func (s *Store) Lock() (l Lock, ok bool, err error) {
	db, err := s.open()
	if err != nil {
		return l, false, err
	}
	err = db.QueryRow(`SELECT recipient, identity FROM lock`).Scan(&l.Recipient, &l.Identity)
	if errors.Is(err, sql.ErrNoRows) {
		return Lock{}, false, nil
	}
	return l, err == nil, s.wrap(err)
}

// Relock changes every secret of the file and its lock, nil for none, in one
// transaction. What the secrets were before is wiped from the file.
func (s *Store) Relock(l *Lock, change func(Secret) (Secret, error)) error {
	err := s.write(func(tx *sql.Tx) error {
		if err := errors.Join(relockKeys(tx, change), relockTokens(tx, change)); err != nil {
			return err
		}
		var hash Secret
		switch err := tx.QueryRow(`SELECT api_hash FROM account`).Scan((*[]byte)(&hash)); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		case len(hash) > 0:
			changed, err := change(hash)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(`UPDATE account SET api_hash = ?`, []byte(changed)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`DELETE FROM lock`); err != nil || l == nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO lock (one, recipient, identity) VALUES (1, ?, ?)`, l.Recipient, l.Identity)
		return err
	})
	if err != nil {
		return err
	}
	// Deleted content stays in the file's free pages and in the journal until both
	// are written anew.
	db, err := s.open()
	if err != nil {
		return err
	}
	for _, q := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.Exec(q); err != nil {
			return s.wrap(err)
		}
	}
	return nil
}

func relockKeys(tx *sql.Tx, change func(Secret) (Secret, error)) error {
	type row struct {
		environment string
		dc          int
		print       int64
		key         Secret
	}
	rows, err := tx.Query(`SELECT environment, dc, fingerprint, key FROM auth_keys`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.environment, &r.dc, &r.print, (*[]byte)(&r.key)); err != nil {
			return err
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, r := range all {
		changed, err := change(r.key)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE auth_keys SET key = ? WHERE environment = ? AND dc = ? AND fingerprint = ?`,
			[]byte(changed), r.environment, r.dc, r.print); err != nil {
			return err
		}
	}
	return nil
}

func relockTokens(tx *sql.Tx, change func(Secret) (Secret, error)) error {
	list, err := readTokens(tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM tokens`); err != nil {
		return err
	}
	for _, t := range list {
		changed, err := change(t)
		if err == nil {
			err = addToken(tx, changed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
