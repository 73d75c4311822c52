package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s := Open(path)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fresh(t *testing.T) *Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "a folder?", "50% #1.db"))
}

func learn(t *testing.T, s *Store, es ...Entity) {
	t.Helper()
	for i := range es {
		if es[i].Usernames == nil {
			es[i].Usernames = []Username{}
		}
	}
	if err := s.Learn(es); err != nil {
		t.Fatal(err)
	}
}

func names(list ...string) []Username {
	var out []Username
	for _, n := range list {
		name, off := strings.CutPrefix(n, "-")
		out = append(out, Username{name, !off})
	}
	return out
}

func at(sec int64) time.Time { return time.Unix(sec, 0) }

func TestEntityRoundTrip(t *testing.T) {
	s := fresh(t)
	want := []Entity{
		{Kind: 1, ID: 5, Hash: -1 << 63, Usernames: names("Alice", "-old_alice", "al"), Phone: "15551234", Title: "Алиса 'B'", Seen: at(100)},
		{Kind: 2, ID: 5, Usernames: nil, Title: "Группа", Seen: at(101)},
		{Kind: 3, ID: 1<<52 - 1, Hash: 1<<63 - 1, Min: true, In: Message{2, 5, 34}, Title: "\x1b[31m\x00", Seen: at(102)},
		{Kind: 1, ID: 1, Self: true, Title: "Me", Seen: at(103)},
	}
	learn(t, s, append([]Entity(nil), want...)...)
	for _, w := range want {
		got, ok, err := s.Entity(w.Kind, w.ID)
		if err != nil || !ok || !reflect.DeepEqual(got, w) {
			t.Errorf("%+v, %v, %v; want %+v", got, ok, err, w)
		}
	}
	for _, c := range []struct {
		what string
		get  func() (Entity, bool, error)
		want int64 // 0: nobody
	}{
		{"ALICE", func() (Entity, bool, error) { return s.Username("ALICE") }, 5},
		{"al", func() (Entity, bool, error) { return s.Username("al") }, 5},
		{"inactive", func() (Entity, bool, error) { return s.Username("old_alice") }, 0},
		{"phone", func() (Entity, bool, error) { return s.Phone("15551234") }, 5},
		{"no phone", func() (Entity, bool, error) { return s.Phone("") }, 0},
		{"self", s.Self, 1},
		{"unknown", func() (Entity, bool, error) { return s.Entity(1, 77) }, 0},
	} {
		if e, ok, err := c.get(); err != nil || ok != (c.want != 0) || e.ID != c.want {
			t.Errorf("%s: %+v, %v, %v", c.what, e, ok, err)
		}
	}
	if list, err := s.Titled("алиса 'b'", 5); err != nil || len(list) != 1 || list[0].ID != 5 {
		t.Errorf("titled: %+v, %v", list, err)
	}
	if list, err := s.Recent(2); err != nil || len(list) != 2 || list[0].ID != 1 {
		t.Errorf("recent: %+v, %v", list, err)
	}
}

func TestSearch(t *testing.T) {
	s := fresh(t)
	learn(t, s, Entity{Kind: 1, ID: 5, Usernames: names("Alice", "-was_alice"), Phone: "15551234", Title: "Alice 100%"},
		Entity{Kind: 2, ID: 8, Title: "Group of Alice"}, Entity{Kind: 3, ID: 9, Usernames: names("news"), Title: "_News_"})
	for _, c := range []struct{ words, want string }{
		{"", "_News_, Alice 100%, Group of Alice"}, {"alice", "Alice 100%, Group of Alice"}, {"@was_", "Alice 100%"}, {"%", "Alice 100%"},
		{"_", "_News_, Alice 100%"}, {"alice group", "Group of Alice"}, {"+1555", "Alice 100%"}, {"5", "Alice 100%"}, {"-8", "Group of Alice"},
		{"-1000000000009", "_News_"}, {"nobody", ""}, {"GROUP", "Group of Alice"}, {`\`, ""}, {"'", ""},
	} {
		list, err := s.Search(strings.Fields(c.words), 10)
		var got []string
		for _, e := range list {
			got = append(got, e.Title)
		}
		if err != nil || strings.Join(got, ", ") != c.want {
			t.Errorf("%q: %q, %v; want %s", c.words, got, err, c.want)
		}
	}
	if list, err := s.Search(nil, 2); err != nil || len(list) != 2 {
		t.Errorf("limit: %d, %v", len(list), err)
	}
}

func TestLearnMerges(t *testing.T) {
	s := fresh(t)
	get := func(kind uint8, id int64) Entity {
		t.Helper()
		e, _, err := s.Entity(kind, id)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	learn(t, s, Entity{Kind: 1, ID: 1, Hash: 10, Min: true, Title: "Min"})
	learn(t, s, Entity{Kind: 1, ID: 1, Title: "Full"})
	if e := get(1, 1); e.Hash != 0 || e.Min || e.Title != "Full" {
		t.Errorf("a min hash was taken for a full one: %+v", e)
	}
	learn(t, s, Entity{Kind: 1, ID: 1, Hash: 11, Title: "Full", Usernames: names("One")})
	learn(t, s, Entity{Kind: 1, ID: 1, Hash: 12, Min: true, Title: "Min again", Usernames: names("two")})
	if e := get(1, 1); e.Hash != 11 || e.Min || e.Title != "Full" || len(e.Usernames) != 1 {
		t.Errorf("a min one replaced a full one: %+v", e)
	}
	learn(t, s, Entity{Kind: 1, ID: 1, Title: "No hash", Usernames: names("One")})
	if e := get(1, 1); e.Hash != 11 || e.Title != "No hash" {
		t.Errorf("the hash was lost: %+v", e)
	}
	if err := s.Learn([]Entity{{Kind: 1, ID: 1, Title: "Forbidden"}}); err != nil || len(get(1, 1).Usernames) != 1 {
		t.Errorf("usernames that were not said were lost: %v", err)
	}
	learn(t, s, Entity{Kind: 3, ID: 1, Hash: 5, Usernames: names("ONE")})
	if e, ok, _ := s.Username("one"); !ok || e.Kind != 3 || len(get(1, 1).Usernames) != 0 {
		t.Errorf("the username did not move: %+v", e)
	}
	learn(t, s, Entity{Kind: 1, ID: 2, Self: true})
	if n, _ := s.Count(); n != 3 {
		t.Errorf("%d are known, want 3", n)
	}
	learn(t, s, Entity{Kind: 1, ID: 9, Hash: 1, Title: "Met by the other"}, Entity{Kind: 1, ID: 3, Self: true})
	if n, _ := s.Count(); n != 2 {
		t.Errorf("%d are known after a change of account, want 2", n)
	}
	if e, ok, _ := s.Self(); !ok || e.ID != 3 {
		t.Errorf("self is %+v", e)
	}
}

func TestKeys(t *testing.T) {
	s := fresh(t)
	secret := bytes.Repeat([]byte{0xA7}, 256)
	k := Key{Environment: "server a:1", DC: 2, Fingerprint: -7, Key: secret, Salt: -5, TimeOffset: -3 * time.Second, Layer: 200, Made: at(50)}
	k.ID = 99
	add := func(k Key) Key {
		t.Helper()
		got, err := s.AddKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := add(k); !reflect.DeepEqual(got, k) {
		t.Errorf("%+v", got)
	}
	k.Salt = 6
	if err := s.NoteKey(k); err != nil {
		t.Fatal(err)
	}
	// A key that is there stays, whatever comes.
	other := k
	other.Key, other.ID, other.Salt = bytes.Repeat([]byte{1}, 256), 100, 7
	if got := add(other); !reflect.DeepEqual(got, k) {
		t.Errorf("%+v", got)
	}
	if err := s.NoteKey(other); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := s.Key("server a:1", 2, []int64{1, -7}); err != nil || !ok || !reflect.DeepEqual(got, k) {
		t.Errorf("%+v, %v, %v", got, ok, err)
	}
	for _, c := range []struct {
		env   string
		dc    int
		print int64
	}{{"server b:1", 2, -7}, {"server a:1", 1, -7}, {"server a:1", 2, 7}} {
		if _, ok, err := s.Key(c.env, c.dc, []int64{c.print}); ok || err != nil {
			t.Errorf("%+v: a key that was made elsewhere is used (%v)", c, err)
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		if text := fmt.Sprintf(verb, k); strings.Contains(strings.ToLower(text), "a7") || strings.Contains(text, "167") {
			t.Errorf("%s shows the key: %s", verb, text)
		}
	}
	k.Key, k.DC = secret[:255], 3
	if _, err := s.AddKey(k); err == nil || strings.Contains(err.Error(), "a7") {
		t.Errorf("a short key: %v", err)
	}
}

// Nobody else may read the file or what stands beside it.
func TestPermissions(t *testing.T) {
	root := filepath.Join(t.TempDir(), "tlsh")
	dir := filepath.Join(root, "profiles")
	s := open(t, filepath.Join(dir, "x.db"))
	if _, err := os.Stat(dir); err == nil {
		t.Error("there is a folder before the first use")
	}
	learn(t, s, Entity{Kind: 1, ID: 5})
	want := map[string]os.FileMode{"": 0o700, "x.db": 0o600, "x.db-wal": 0o600, "x.db-shm": 0o600, "x.db.lock": 0o600}
	for name, mode := range want {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%q: %v, %v; want %v", name, info.Mode(), err, mode)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// What others can read is refused, until its owner has judged that.
	for _, c := range []struct {
		path        string
		wide, right os.FileMode
		fix         string
	}{{s.Path(), 0o644, 0o600, "chmod 600"}, {s.Path(), 0o620, 0o600, "0620"}, {dir, 0o755, 0o700, "chmod 700"}, {root, 0o777, 0o755, "chmod go-w"}, {root, 0o720, os.ModeSticky | 0o777, "0720"}} {
		if err := os.Chmod(c.path, c.wide); err != nil {
			t.Fatal(err)
		}
		var e *Error
		if err := open(t, s.Path()).Check(); !errors.As(err, &e) || e.Path != c.path || !strings.Contains(err.Error(), c.fix) {
			t.Errorf("%s with %o: %v", c.path, c.wide, err)
		}
		if err := os.Chmod(c.path, c.right); err != nil {
			t.Fatal(err)
		}
		if err := open(t, s.Path()).Check(); err != nil {
			t.Error(err)
		}
	}
}

// A file of the first version keeps what it has.
func TestMigrateFrom1(t *testing.T) {
	s := Open(filepath.Join(t.TempDir(), "p", "old.db"))
	if err := s.private(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+s.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.migrate(db, migrations[:1]); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO entities VALUES (1, 5, 50, 0, 0, 'Alice', 'alice', '', 0, 0, 0, 7);
		INSERT INTO usernames VALUES ('alice', 'Alice', 1, 5, 0, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, s.path)
	if e, ok, err := s.Username("alice"); err != nil || !ok || e.Hash != 50 || e.Title != "Alice" {
		t.Errorf("%+v, %v, %v", e, ok, err)
	}
	if _, _, err := s.Key("x", 1, nil); err != nil {
		t.Error(err)
	}
	var version int
	if err := s.db.QueryRow("PRAGMA user_version").Scan(&version); err != nil || version != len(migrations) {
		t.Errorf("version %d, %v", version, err)
	}
}

// What cannot be used is told with its name. What is damaged is put aside, whole;
// the rest is left as it is.
func TestRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p [1]*")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	good := filepath.Join(dir, "good.db")
	s := Open(good)
	for i := range 200 {
		learn(t, s, Entity{Kind: 1, ID: int64(i + 1), Title: strings.Repeat("x", 100)})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	hurt := bytes.Clone(whole)
	for i := 4096; i < len(hurt); i++ {
		hurt[i] = byte(i * 7)
	}
	change := func(statement string) []byte {
		path := filepath.Join(dir, "change.db")
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Exec(statement)
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"text.db":   {[]byte("this is no database, but a text of more than a few bytes\n"), "is damaged"},
		"hurt.db":   {hurt, "is damaged"},
		"newer.db":  {change("PRAGMA user_version = 99"), "written by a newer tlsh: it has version 99"},
		"others.db": {change("PRAGMA application_id = 5"), "belongs to another program"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		s := Open(path)
		_, _, err := s.Entity(1, 5)
		var e *Error
		if !errors.As(err, &e) || e.Path != path || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
		_ = s.Close()
		if c.want == "is damaged" {
			aside := SetAside(path)
			if _, err := os.Stat(path); err == nil || len(aside) != 1 {
				t.Fatalf("%s is where it was; aside: %q", name, aside)
			}
			path = aside[0]
		}
		if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, c.content) {
			t.Errorf("%s was changed (%v)", name, err)
		}
	}
	folder := filepath.Join(dir, "folder.db")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Open(folder).Check(); err == nil || !strings.Contains(err.Error(), "is no file") {
		t.Errorf("a folder in its place: %v", err)
	}
	if err := Open(filepath.Join(good, "x.db")).Check(); err == nil {
		t.Error("a folder that is a file was taken")
	}
}

func TestClosed(t *testing.T) {
	s := Open(filepath.Join(t.TempDir(), "p", "x.db"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Learn([]Entity{{Kind: 1, ID: 1}}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A disk that is full loses nothing of what was there.
func TestFullDisk(t *testing.T) {
	s := fresh(t)
	k := Key{Environment: "telegram", DC: 2, Fingerprint: 7, Key: bytes.Repeat([]byte{0xA7}, 256), ID: 5, Made: at(50)}
	if _, err := s.AddKey(k); err != nil {
		t.Fatal(err)
	}
	var conns [maxConns]*sql.Conn
	for i := range conns { // the limit is a connection's
		var err error
		if conns[i], err = s.db.Conn(t.Context()); err == nil {
			_, err = conns[i].ExecContext(t.Context(), "PRAGMA max_page_count = 1")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range conns {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	many := make([]Entity, 2000)
	for i := range many {
		many[i] = Entity{Kind: 1, ID: int64(i + 1), Title: strings.Repeat("x", 200)}
	}
	var e *Error
	if err := s.Learn(many); !errors.As(err, &e) || e.Msg != "cannot grow" {
		t.Errorf("%v", err)
	}
	if got, ok, err := s.Key("telegram", 2, []int64{7}); err != nil || !ok || !bytes.Equal(got.Key, k.Key) {
		t.Errorf("%v, %v", ok, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, s.Path())
	if got, ok, err := s.Key("telegram", 2, []int64{7}); err != nil || !ok || !bytes.Equal(got.Key, k.Key) || len(SetAside(s.Path())) > 0 {
		t.Errorf("%v, %v", ok, err)
	}
}

// What a server believes in is on the disk when it is stored, whoever had the
// connection before; what it tells again waits for no disk.
func TestDurable(t *testing.T) {
	s := fresh(t)
	level := func(write func(func(*sql.Tx) error) error) (n int) {
		t.Helper()
		if err := write(func(tx *sql.Tx) error { return tx.QueryRow("PRAGMA synchronous").Scan(&n) }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const normal, full = 1, 2 // https://www.sqlite.org/pragma.html#pragma_synchronous
	for range 2 * maxConns {
		if n := level(s.write); n != full {
			t.Errorf("a commit that must last has level %d", n)
		}
		if n := level(s.writeSoon); n != normal {
			t.Errorf("a commit that need not last has level %d", n)
		}
	}
}

// The latest tokens are kept, as many as the API allows, the oldest first.
func TestTokens(t *testing.T) {
	s := fresh(t)
	for i := range MaxTokens + 5 {
		var err error
		if token := (Secret{byte(i)}); i%2 == 0 {
			err = s.AddToken(token)
		} else {
			err = s.SignOut(at(9), token)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	list, err := s.Tokens()
	if err != nil || len(list) != MaxTokens || list[0][0] != 5 || list[MaxTokens-1][0] != MaxTokens+4 {
		t.Errorf("%d tokens, %v", len(list), err)
	}
	if err := s.SignOut(at(9), nil); err != nil {
		t.Fatal(err)
	}
	if list, _ := s.Tokens(); len(list) != MaxTokens {
		t.Errorf("%d tokens after one that gave none", len(list))
	}
	if err := s.DropTokens(); err != nil {
		t.Fatal(err)
	}
	if list, _ := s.Tokens(); len(list) != 0 {
		t.Errorf("%d tokens when they were forgotten", len(list))
	}
}
