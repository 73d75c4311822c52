package store

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Entity is a user, a basic group or a channel as it was last seen.
type Entity struct {
	Kind uint8 // 1 is a user, 2 a basic group, 3 a channel
	ID   int64 // bare
	Hash int64 // access_hash, 0 when not known
	// Min says that it is known from min constructors alone, and In in which
	// message.
	Min       bool
	In        Message
	Self      bool       // the account itself
	Usernames []Username // in the order of the server; nil where that was not said
	Phone     string     // digits
	Title     string     // a title, or first and last name
	Seen      time.Time  // in whole seconds
}

// Username is one of an entity's usernames.
type Username struct {
	Name   string
	Active bool // an inactive one leads nowhere
}

// Message is a message in a conversation; its zero value is none.
type Message struct {
	Kind uint8 // of the peer with whom the conversation is
	ID   int64
	Msg  int32
}

// Fold is how titles and usernames are compared: in lower case.
func Fold(s string) string { return strings.ToLower(s) }

const upsert = `INSERT INTO entities (kind, id, access_hash, min, self, title, folded, phone, in_kind, in_id, in_msg, seen)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (kind, id) DO UPDATE SET
		access_hash = coalesce(excluded.access_hash, CASE WHEN min = 0 THEN access_hash END),
		min = excluded.min, self = excluded.self, title = excluded.title, folded = excluded.folded, phone = excluded.phone,
		in_kind = excluded.in_kind, in_id = excluded.in_id, in_msg = excluded.in_msg, seen = excluded.seen
	WHERE excluded.min = 0 OR entities.min = 1`

// Learn stores the entities in one transaction. One that is min never replaces
// one that is not; a username belongs to whoever had it last. When the account
// itself is among them and is another than before, everybody known before is
// forgotten: access hashes are an account's own.
func (s *Store) Learn(entities []Entity) error {
	return s.writeSoon(func(tx *sql.Tx) error {
		l := learning{tx: tx}
		for _, q := range []struct {
			st  **sql.Stmt
			sql string
		}{
			{&l.put, upsert},
			{&l.drop, "DELETE FROM usernames WHERE kind = ? AND id = ?"},
			{&l.name, "INSERT OR REPLACE INTO usernames (name, spelling, kind, id, place, active) VALUES (?, ?, ?, ?, ?, ?)"},
		} {
			st, err := s.prepare(q.sql)
			if err != nil {
				return err
			}
			*q.st = tx.Stmt(st)
		}
		for i := range entities {
			if entities[i].Self {
				if err := l.account(entities[i].ID); err != nil {
					return err
				}
			}
		}
		for i := range entities {
			if err := l.entity(&entities[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// learning is one transaction of Learn.
type learning struct {
	tx              *sql.Tx
	put, drop, name *sql.Stmt
}

// account forgets everybody when id is another account than before.
func (l *learning) account(id int64) error {
	var others int
	if err := l.tx.QueryRow("SELECT count(*) FROM entities WHERE self = 1 AND id <> ?", id).Scan(&others); err != nil || others == 0 {
		return err
	}
	return forget(l.tx)
}

func (l *learning) entity(e *Entity) error {
	var hash any
	if e.Hash != 0 {
		hash = e.Hash
	}
	res, err := l.put.Exec(e.Kind, e.ID, hash, e.Min, e.Self, e.Title, Fold(e.Title), e.Phone, e.In.Kind, e.In.ID, e.In.Msg, e.Seen.Unix())
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err // a min one met a full one
	}
	if e.Usernames == nil {
		return nil
	}
	if _, err := l.drop.Exec(e.Kind, e.ID); err != nil {
		return err
	}
	for i, u := range e.Usernames {
		if _, err := l.name.Exec(Fold(u.Name), u.Name, e.Kind, e.ID, i, u.Active); err != nil {
			return err
		}
	}
	return nil
}

// Forget removes everybody.
func (s *Store) Forget() error { return s.write(forget) }

func forget(tx *sql.Tx) error {
	_, err := tx.Exec("DELETE FROM entities; DELETE FROM usernames;")
	return err
}

const columns = "SELECT e.kind, e.id, e.access_hash, e.min, e.self, e.title, e.phone, e.in_kind, e.in_id, e.in_msg, e.seen FROM entities e "

// Entity is the one with that kind and bare id; ok is false where there is none.
func (s *Store) Entity(kind uint8, id int64) (e Entity, ok bool, err error) {
	return s.one(columns+"WHERE e.kind = ? AND e.id = ?", kind, id)
}

// Username is who has that active username, whatever its case.
func (s *Store) Username(name string) (e Entity, ok bool, err error) {
	return s.one(columns+"JOIN usernames u ON u.kind = e.kind AND u.id = e.id WHERE u.name = ? AND u.active = 1", Fold(name))
}

// Phone is who has that number, in digits.
func (s *Store) Phone(digits string) (e Entity, ok bool, err error) {
	return s.one(columns+"WHERE e.phone = ? AND e.phone <> ''", digits)
}

// Self is the account itself.
func (s *Store) Self() (e Entity, ok bool, err error) {
	return s.one(columns + "WHERE e.self = 1")
}

// Titled are those with that title or name, whatever its case, but not more
// than limit.
func (s *Store) Titled(title string, limit int) ([]Entity, error) {
	return s.list(columns+"WHERE e.folded = ? ORDER BY e.kind, e.id LIMIT ?", Fold(title), limit)
}

// Recent are those seen last, but not more than limit.
func (s *Store) Recent(limit int) ([]Entity, error) {
	return s.list(columns+"ORDER BY e.seen DESC, e.kind, e.id LIMIT ?", limit)
}

// Count is how many are known.
func (s *Store) Count() (n int, err error) {
	st, err := s.prepare("SELECT count(*) FROM entities")
	if err != nil {
		return 0, err
	}
	return n, s.wrap(st.QueryRow().Scan(&n))
}

// Search lists those in whose title, usernames or phone every word stands, or
// whose bare or marked id it is, ordered by title, but not more than limit. It
// reads everybody.
func (s *Store) Search(words []string, limit int) ([]Entity, error) {
	var where []string
	var args []any
	for _, w := range words {
		name := Fold(strings.TrimPrefix(w, "@"))
		part := `(instr(e.folded, ?) > 0 OR (e.kind, e.id) IN (SELECT kind, id FROM usernames WHERE instr(name, ?) > 0)`
		args = append(args, name, name)
		if digits, plus := strings.CutPrefix(w, "+"); plus {
			part += " OR instr(e.phone, ?) = 1"
			args = append(args, digits)
		} else {
			part += " OR instr(e.phone, ?) > 0"
			args = append(args, digits)
		}
		if id, err := strconv.ParseInt(w, 10, 64); err == nil {
			part += " OR e.id = ? OR e.kind = 2 AND e.id = ? OR e.kind = 3 AND e.id = ?"
			args = append(args, id, -id, -id-1_000_000_000_000)
		}
		where = append(where, part+")")
	}
	order := "ORDER BY e.folded, e.kind, e.id LIMIT ?"
	if len(where) > 0 {
		// The + keeps SQLite from going through the index, which would look every
		// row up by itself: https://www.sqlite.org/optoverview.html.
		order = "WHERE " + strings.Join(where, " AND ") + " " + strings.Replace(order, "e.folded", "+e.folded", 1)
	}
	return s.list(columns+order, append(args, limit)...)
}

func (s *Store) one(query string, args ...any) (Entity, bool, error) {
	st, err := s.prepare(query)
	if err != nil {
		return Entity{}, false, err
	}
	e, err := scan(st.QueryRow(args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Entity{}, false, nil
	}
	if err == nil {
		err = s.usernames(&e)
	}
	return e, err == nil, s.wrap(err)
}

func (s *Store) list(query string, args ...any) ([]Entity, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	rows, err := db.Query(query, args...)
	if err != nil {
		return nil, s.wrap(err)
	}
	defer rows.Close()
	var out []Entity
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, s.wrap(err)
		}
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		return nil, s.wrap(err)
	}
	for i := range out {
		if err := s.usernames(&out[i]); err != nil {
			return nil, s.wrap(err)
		}
	}
	return out, nil
}

func scan(row interface{ Scan(...any) error }) (Entity, error) {
	var e Entity
	var hash sql.NullInt64
	var seen int64
	err := row.Scan(&e.Kind, &e.ID, &hash, &e.Min, &e.Self, &e.Title, &e.Phone, &e.In.Kind, &e.In.ID, &e.In.Msg, &seen)
	e.Hash, e.Seen = hash.Int64, time.Unix(seen, 0)
	return e, err
}

func (s *Store) usernames(e *Entity) error {
	st, err := s.prepare("SELECT spelling, active FROM usernames WHERE kind = ? AND id = ? ORDER BY place")
	if err != nil {
		return err
	}
	rows, err := st.Query(e.Kind, e.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var u Username
		if err := rows.Scan(&u.Name, &u.Active); err != nil {
			return err
		}
		e.Usernames = append(e.Usernames, u)
	}
	return rows.Err()
}
