package store

import (
	"database/sql"
	"errors"
	"time"
)

// Account is whose the profile is, and how it introduces itself to Telegram.
type Account struct {
	Environment string // as Key's
	APIID       int32  // api_id of https://my.telegram.org
	APIHash     Secret // api_hash, which goes with it
	DC          int    // the account's home; 0: not known
	User        int64  // 0: nobody
	Bot         bool
	Name        string // first and last name
	Username    string // without @
	Phone       string // digits
	SignedIn    time.Time
	SignedOut   time.Time // or when the server said that it was ended; zero: not since SignedIn
}

// In reports that somebody is signed in.
func (a *Account) In() bool { return a.User != 0 && a.SignedOut.IsZero() }

// Account reads whose profile this is; ok is false where nothing was kept of
// that yet. The secret stays encrypted, as Key's does.
func (s *Store) Account() (a Account, ok bool, err error) {
	db, err := s.open()
	if err != nil {
		return a, false, err
	}
	a, ok, err = readAccount(db)
	return a, ok, s.wrap(err)
}

func readAccount(db interface {
	QueryRow(query string, args ...any) *sql.Row
}) (a Account, ok bool, err error) {
	var in, out int64
	err = db.QueryRow(`SELECT environment, api_id, api_hash, dc, user, bot, name, username, phone, signed_in, signed_out FROM account`).
		Scan(&a.Environment, &a.APIID, (*[]byte)(&a.APIHash), &a.DC, &a.User, &a.Bot, &a.Name, &a.Username, &a.Phone, &in, &out)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, false, nil
	}
	a.SignedIn, a.SignedOut = fromUnix(in), fromUnix(out)
	return a, err == nil, err
}

// ChangeAccount lets change alter what is kept of the account, in one
// transaction. When it is somebody else afterwards, whom the one before knew is
// forgotten.
func (s *Store) ChangeAccount(change func(a *Account) error) error {
	return s.write(func(tx *sql.Tx) error {
		a, _, err := readAccount(tx)
		if err != nil {
			return err
		}
		was := a.User
		if err := change(&a); err != nil {
			return err
		}
		if was != 0 && a.User != was {
			if err := forget(tx); err != nil {
				return err
			}
		}
		_, err = tx.Exec(`INSERT OR REPLACE INTO account
			(one, environment, api_id, api_hash, dc, user, bot, name, username, phone, signed_in, signed_out)
			VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.Environment, a.APIID, append([]byte{}, a.APIHash...), a.DC, a.User, a.Bot, a.Name, a.Username, a.Phone, toUnix(a.SignedIn), toUnix(a.SignedOut))
		return err
	})
}

// SignOut forgets the keys, whose they were and whom that account knew. How the
// profile introduces itself stays, and so do the future auth tokens, with the one
// that signing out gave; nil where it gave none.
func (s *Store) SignOut(at time.Time, token Secret) error {
	return s.write(func(tx *sql.Tx) error {
		if err := forget(tx); err != nil {
			return err
		}
		if token != nil {
			if err := addToken(tx, token); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`DELETE FROM auth_keys; UPDATE account SET user = 0, signed_out = ?`, at.Unix())
		return err
	})
}

// DropKeys forgets the keys alone: none of them opens anything any more.
func (s *Store) DropKeys() error {
	return s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`DELETE FROM auth_keys`)
		return err
	})
}

// Address is where servers of a data centre listen
// (https://core.telegram.org/constructor/dcOption).
type Address struct {
	DC                          int
	Host                        string
	Port                        int
	Media, CDN, Static, OnePort bool
}

// Addresses are those that the servers told last, and until when they are good.
func (s *Store) Addresses() (list []Address, until time.Time, err error) {
	db, err := s.open()
	if err != nil {
		return nil, until, err
	}
	rows, err := db.Query(`SELECT dc, host, port, media, cdn, static, one_port, until FROM addresses ORDER BY place`)
	if err != nil {
		return nil, until, s.wrap(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a Address
		var sec int64
		if err := rows.Scan(&a.DC, &a.Host, &a.Port, &a.Media, &a.CDN, &a.Static, &a.OnePort, &sec); err != nil {
			return nil, until, s.wrap(err)
		}
		list, until = append(list, a), fromUnix(sec)
	}
	return list, until, s.wrap(rows.Err())
}

// SaveAddresses stores them in the place of those before.
func (s *Store) SaveAddresses(list []Address, until time.Time) error {
	return s.writeSoon(func(tx *sql.Tx) error {
		if _, err := tx.Exec(`DELETE FROM addresses`); err != nil {
			return err
		}
		for i, a := range list {
			if _, err := tx.Exec(`INSERT INTO addresses (place, dc, host, port, media, cdn, static, one_port, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				i, a.DC, a.Host, a.Port, a.Media, a.CDN, a.Static, a.OnePort, toUnix(until)); err != nil {
				return err
			}
		}
		return nil
	})
}

// toUnix and fromUnix keep the zero time as 0.
func toUnix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromUnix(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0)
}
