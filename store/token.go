package store

import "database/sql"

// MaxTokens is how many future auth tokens are kept, the latest
// (https://core.telegram.org/api/auth#future-auth-tokens).
const MaxTokens = 20

// Tokens are the future auth tokens, from the oldest on. They stay encrypted, as
// Key's key does.
func (s *Store) Tokens() (list []Secret, err error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	list, err = readTokens(db)
	return list, s.wrap(err)
}

func readTokens(db interface {
	Query(query string, args ...any) (*sql.Rows, error)
}) (list []Secret, err error) {
	rows, err := db.Query(`SELECT token FROM tokens ORDER BY place`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t Secret
		if err := rows.Scan((*[]byte)(&t)); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// AddToken stores a future auth token, and forgets the oldest beyond MaxTokens.
func (s *Store) AddToken(token Secret) error {
	return s.write(func(tx *sql.Tx) error { return addToken(tx, token) })
}

func addToken(tx *sql.Tx, token Secret) error {
	if _, err := tx.Exec(`INSERT INTO tokens (token) VALUES (?)`, []byte(token)); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM tokens WHERE place NOT IN (SELECT place FROM tokens ORDER BY place DESC LIMIT ?)`, MaxTokens)
	return err
}

// DropTokens forgets the future auth tokens.
func (s *Store) DropTokens() error {
	return s.write(func(tx *sql.Tx) error {
		_, err := tx.Exec(`DELETE FROM tokens`)
		return err
	})
}
