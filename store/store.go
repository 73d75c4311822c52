// Package store keeps what a profile remembers between two runs, in one SQLite
// file: who was met, and the auth keys. It stores columns, never TL, so that a
// file outlives the layer it was written with.
//
// Several processes may use one file at once: it is in WAL mode, writers wait
// for each other (BEGIN IMMEDIATE, busy_timeout), and readers never wait
// (https://www.sqlite.org/wal.html). A process that is killed loses what it had
// not committed and harms nothing else.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"modernc.org/sqlite"
)

// Store is one profile's file. It is opened when it is first used, and may be
// used from several goroutines. Errors are *Error.
type Store struct {
	path string

	mu     sync.Mutex
	db     *sql.DB
	stmts  map[string]*sql.Stmt
	err    error // why it could not be opened
	closed bool

	found fs.FileInfo            // the file that was opened
	aside atomic.Pointer[string] // where it is put when it is closed, as it is damaged
}

// Open names the file of a profile. Nothing is read or made before the first
// use: the folder then gets mode 0700, the file 0600.
func Open(path string) *Store { return &Store{path: path} }

// Path is the file.
func (s *Store) Path() string { return s.path }

// Check opens the file, so that one that cannot be used is told at once.
func (s *Store) Check() error {
	_, err := s.open()
	return err
}

// Error says what is wrong with a profile's file. It never holds anything that
// the file does.
type Error struct {
	Path string
	Msg  string // "is damaged"
	Fix  string // what to do, or ""
	Err  error  // SQLite's or the system's, or nil
}

// Error names the file and says what is wrong.
func (e *Error) Error() string {
	text := fmt.Sprintf("the profile's file %s %s", e.Path, e.Msg)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	if e.Fix != "" {
		text += " (" + e.Fix + ")"
	}
	return text
}

// Unwrap is SQLite's error or the system's.
func (e *Error) Unwrap() error { return e.Err }

// The primary result codes (https://www.sqlite.org/rescode.html) that are told
// in other words than SQLite's.
const (
	codeBusy    = 5
	codeIO      = 10
	codeCorrupt = 11
	codeFull    = 13
	codeNotADB  = 26
)

// code is the primary result code of an SQLite error, 0 of another one.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// wrap says in which file the error is.
func (s *Store) wrap(err error) error {
	var own *Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	e := &Error{Path: s.path, Msg: "cannot be used", Err: err}
	switch code(err) {
	case codeCorrupt, codeNotADB:
		e.Msg, e.Fix = "is damaged", "it is kept as "+s.damaged()+"; what was not lost in it can be saved there with sqlite3"
	case codeFull:
		e.Msg = "cannot grow"
	case codeIO:
		e.Msg, e.Fix = "cannot be read or written", "a disk that is full does that, or one that is broken"
	case codeBusy:
		e.Msg, e.Fix = "is held by another program", "something keeps it locked for long"
	}
	return e
}

// busyTimeout is how long a writer waits for the others, in milliseconds. They
// hold the lock for milliseconds.
const busyTimeout = 30_000

// open opens the file if that was not done yet. It is held against other
// processes that open or close it, as SQLite changes the mode of the journal,
// and removes it, only when it is alone.
func (s *Store) open() (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil || s.err != nil {
		return s.db, s.err
	}
	if s.closed {
		return nil, &Error{Path: s.path, Msg: "was closed already"}
	}
	db, err := s.start()
	if err != nil {
		s.err = errors.Join(s.wrap(err), s.setAside())
		return nil, s.err
	}
	s.db, s.stmts = db, map[string]*sql.Stmt{}
	return db, nil
}

func (s *Store) start() (*sql.DB, error) {
	if err := s.private(); err != nil {
		return nil, err
	}
	lock := flock.New(s.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return nil, err
	}
	defer lock.Close() // the kernel gives it back, too, when its holder dies
	dsn := fmt.Sprintf("file:%s?_txlock=immediate&_pragma=busy_timeout(%d)&_pragma=synchronous("+durable+")&_pragma=secure_delete(1)",
		(&url.URL{Path: filepath.ToSlash(s.path)}).EscapedPath(), busyTimeout)
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	if s.found, err = os.Stat(s.path); err == nil {
		err = s.migrate(db, migrations[:])
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// maxConns are a writer and the readers beside it.
const maxConns = 3

// private makes the folder and the file for their owner alone, and refuses those
// that others can read or write. SQLite gives the files beside it (-wal, -shm)
// the mode of the file itself.
func (s *Store) private() error {
	dir := filepath.Dir(s.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := own(dir, 0o700); err != nil {
		return err
	}
	if err := kept(filepath.Dir(dir)); err != nil {
		return err
	}
	// A file that is there is not opened here: closing it would give up the
	// locks that SQLite holds on it for this process (fcntl(2)).
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if info, err := os.Stat(s.path); err == nil && !info.Mode().IsRegular() {
			return &Error{Path: s.path, Msg: "is no file: something else has that name"}
		}
		return own(s.path, 0o600)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// own refuses what others may use: what stands in it may be known to them
// already, which only its owner can judge.
func own(path string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&^mode == 0 || runtime.GOOS == "windows" {
		return nil
	}
	return &Error{Path: path, Msg: fmt.Sprintf("is open to others: its mode is %04o, at most %04o is safe", info.Mode().Perm(), mode),
		Fix: fmt.Sprintf("if nobody else can have read it, chmod %o it", mode)}
}

// kept refuses a folder in which others could put another one in the place of the
// profile's. Where the sticky bit is set they cannot.
func kept(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 == 0 || info.Mode()&fs.ModeSticky != 0 || runtime.GOOS == "windows" {
		return nil
	}
	return &Error{Path: dir, Msg: fmt.Sprintf("is open to others: its mode is %04o, and who writes there can replace what is in it", info.Mode().Perm()),
		Fix: "if nobody else can have done so, chmod go-w it"}
}

// damaged decides where the file is put aside.
func (s *Store) damaged() string {
	to := fmt.Sprintf("%s%s%s", s.path, damagedMark, time.Now().UTC().Format("20060102T150405"))
	if !s.aside.CompareAndSwap(nil, &to) {
		to = *s.aside.Load()
	}
	return to
}

// damagedMark stands between the name of a profile's file and when it was put
// aside.
const damagedMark = ".damaged-"

// SetAside lists the damaged files that were put aside in place of path.
func SetAside(path string) []string {
	all, _ := os.ReadDir(filepath.Dir(path)) // where there is no folder, nothing is in it
	var list []string
	for _, e := range all {
		if name := e.Name(); strings.HasPrefix(name, filepath.Base(path)+damagedMark) && !strings.HasSuffix(name, "-wal") {
			list = append(list, filepath.Join(filepath.Dir(path), name))
		}
	}
	return list
}

// setAside puts a damaged file out of the way, with its journal, so that nothing
// of it is lost or written over. Another process may have been first.
func (s *Store) setAside() error {
	to := s.aside.Load()
	if to == nil || s.found == nil {
		return nil
	}
	if now, err := os.Stat(s.path); err != nil || !os.SameFile(now, s.found) {
		return nil
	}
	if err := os.Rename(s.path, *to); err != nil {
		return err
	}
	if err := os.Rename(s.path+"-wal", *to+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// prepare gives the statement, prepared once.
func (s *Store) prepare(query string) (*sql.Stmt, error) {
	db, err := s.open()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.stmts[query]; st != nil {
		return st, nil
	}
	st, err := db.Prepare(query)
	if err != nil {
		return nil, s.wrap(err)
	}
	s.stmts[query] = st
	return st, nil
}

// What a commit waits for (https://www.sqlite.org/pragma.html#pragma_synchronous).
// In WAL mode neither can harm the file; they differ in what a power cut takes.
const (
	durable = "FULL"   // the disk has it: nothing is taken
	soon    = "NORMAL" // nothing: the commits since the last one that was durable
)

// write runs f in one transaction, which holds the lock of writers from its
// beginning. When it returns, what f wrote is on the disk: a server believes in
// an auth key from the first request on, and a key that is lost then can never be
// signed out.
func (s *Store) write(f func(tx *sql.Tx) error) error { return s.commit(durable, f) }

// writeSoon is write for what a server tells again: it waits for no disk.
func (s *Store) writeSoon(f func(tx *sql.Tx) error) error { return s.commit(soon, f) }

func (s *Store) commit(synchronous string, f func(tx *sql.Tx) error) error {
	db, err := s.open()
	if err != nil {
		return err
	}
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return s.wrap(err)
	}
	defer conn.Close() // gives it back to the pool
	// It holds for a connection, and who had this one last may have wanted another.
	if _, err := conn.ExecContext(ctx, "PRAGMA synchronous = "+synchronous); err != nil {
		return s.wrap(err)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return s.wrap(err)
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // f's error is the one to tell
		return s.wrap(err)
	}
	return s.wrap(tx.Commit())
}

// Close closes the file, if it was opened. The Store cannot be used afterwards.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.db == nil {
		return nil
	}
	lock := flock.New(s.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return s.wrap(err)
	}
	defer lock.Close() // the kernel gives it back, too, when its holder dies
	for _, st := range s.stmts {
		_ = st.Close() // the file is closed next
	}
	err := s.db.Close()
	s.db, s.stmts, s.err = nil, nil, &Error{Path: s.path, Msg: "was closed already"}
	return errors.Join(s.wrap(err), s.setAside())
}
