package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tlsh/syntax"
)

// Cut closes every connection that there is, at once, and returns how many.
// Sessions live on: clients may come back.
func (s *Sandbox) Cut() int { return s.net.each((*wire).sever) }

// Silence makes every connection that there is half-open: it carries nothing
// any more, in neither direction, and is not closed. It returns how many.
func (s *Sandbox) Silence() int {
	return s.net.each(func(w *wire) { w.silent.Store(true) })
}

// ChangeSalts makes all server salts invalid, as if time had passed: every
// client's next message gets bad_server_salt.
func (s *Sandbox) ChangeSalts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changeSalts()
}

// changeSalts does it for every key that has been used. mu is held.
func (s *Sandbox) changeSalts() {
	for h := range s.hosts {
		for id := range s.logins {
			h.server.RotateSalts(id)
		}
	}
}

// Forget makes the server forget all sessions, with what came in them and their
// answers, as a real one may at any time: each one's next message begins it anew
// (new_session_created), and it gets no updates before. Nobody is signed out. It
// returns how many there were.
func (s *Sandbox) Forget() (sessions int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, l := range s.logins {
		for _, sess := range l.sessions {
			sess.forgotten = true
		}
		l.sessions = nil
		for h := range s.hosts {
			sessions += h.server.ForgetSessions(id)
		}
	}
	return sessions
}

func doSilence(s *Sandbox, args []string) (string, error) {
	if err := none("silence", args); err != nil {
		return "", err
	}
	return plural(s.Silence(), "connection") + " silent\n", nil
}

func doForget(s *Sandbox, args []string) (string, error) {
	if err := none("forget", args); err != nil {
		return "", err
	}
	return plural(s.Forget(), "session") + " forgotten\n", nil
}

func doOff(s *Sandbox, args []string) (string, error) {
	if err := none("off", args); err != nil {
		return "", err
	}
	return "all knobs are off\n", s.SetFaults(Faults{})
}

func doPeople(s *Sandbox, args []string) (string, error) {
	if err := none("people", args); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range s.People() {
		name := ""
		if p.Username != "" {
			name = "@" + p.Username
		}
		line := fmt.Sprintf("%-14s  %-10d  %-22s", name, p.ID, p.Name)
		line += p.signIn()
		if p.Default {
			line += "  the default"
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String(), nil
}

// signIn is what another client needs to sign in as somebody.
func (p Person) signIn() string {
	if p.Bot {
		return "  bot " + p.Token
	}
	line := ""
	if p.Phone != "" {
		line = "  +" + p.Phone + "  code " + p.Code
	}
	if p.Email != "" {
		line += " by e-mail"
	}
	if p.Password != "" {
		line += "  password " + syntax.Quote(p.Password)
	}
	return line + fmt.Sprintf("  data centre %d", p.DC)
}

func doMethods(s *Sandbox, args []string) (string, error) {
	if err := none("methods", args); err != nil {
		return "", err
	}
	return strings.Join(s.Methods(), "\n") + "\n", nil
}

// shownLedger is how many entries are shown to those who do not say.
const shownLedger = 20

func doLedger(s *Sandbox, args []string) (string, error) {
	n := shownLedger
	if len(args) > 0 {
		word, err := one("ledger", "a number of requests", args)
		if err != nil {
			return "", err
		}
		if n, err = count("ledger", "how many requests", word); err != nil {
			return "", err
		}
	}
	s.mu.Lock()
	list, all := s.ledger.last(n), s.ledger.n
	s.mu.Unlock()
	var b strings.Builder
	for _, e := range list {
		b.WriteString(e.String() + "\n")
	}
	fmt.Fprintf(&b, "%d of %s\n", len(list), plural(int(all), "request"))
	return b.String(), nil
}

// String is the entry on one line: number, time, session_id, msg_id, method,
// random_id, and what came of it.
func (e Entry) String() string {
	random := "-"
	if len(e.RandomID) > 0 {
		words := make([]string, len(e.RandomID))
		for i, id := range e.RandomID {
			words[i] = strconv.FormatInt(id, 10)
		}
		random = strings.Join(words, ",")
	}
	outcome := e.Outcome()
	if e.Executed && outcome != "ok" {
		outcome += ", yet executed"
	}
	method := e.Method
	if method == "" {
		method = "-"
	}
	return fmt.Sprintf("%d  %s  session %016x  msg %d  %s  random_id %s  %s",
		e.N, e.Time.UTC().Format(time.RFC3339), uint64(e.Session), e.MsgID, method, random, outcome)
}

// doSave replaces the file in one step, so that it is never half a world.
func doSave(s *Sandbox, args []string) (string, error) {
	name, err := one("save", "a file name", args)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := s.Save(&b); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".world-*") // mode 0600: it may have passwords and tokens
	if e, ok := errors.AsType[*os.PathError](err); ok {
		e.Path = name // what was asked for
	}
	if err != nil {
		return "", fmt.Errorf("sandbox: save: %w", err)
	}
	_, err = f.Write(b.Bytes())
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("sandbox: save: %w", err)
	}
	return fmt.Sprintf("%d bytes written\n", b.Len()), nil
}
