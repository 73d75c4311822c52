package sandbox

import (
	"fmt"
	"slices"

	"github.com/gotd/td/tgerr"
)

// revocations are the errors with which a server ends a session that a client
// believes to be good, with their codes.
var revocations = map[string]int{"AUTH_KEY_UNREGISTERED": 401, "SESSION_REVOKED": 401, "SESSION_EXPIRED": 401, "USER_DEACTIVATED": 401,
	"USER_DEACTIVATED_BAN": 401, "AUTH_KEY_DUPLICATED": 406}

// Revoke ends all sessions of somebody, as if they had done so elsewhere: their
// requests get that error from now on, until they sign in again. After
// AUTH_KEY_DUPLICATED no request is answered at all with the key. It returns how
// many there were.
func (s *Sandbox) Revoke(person, message string) (sessions int, err error) {
	code, ok := revocations[message]
	if !ok {
		names := make([]string, 0, len(revocations))
		for name := range revocations {
			names = append(names, name)
		}
		slices.Sort(names)
		return 0, fmt.Errorf("%w (they are %v)", unknown("revoke: there is no error", message, names), names)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.world.lookup(person)
	if err != nil {
		return 0, err
	}
	for len(p.logins) > 0 {
		l := p.logins[0]
		l.signOut(tgerr.New(code, message))
		if message == "AUTH_KEY_DUPLICATED" {
			l.barred = l.gone
		}
		sessions++
	}
	return sessions, nil
}

// Lose makes the server know the auth keys of somebody's sessions no more: who
// comes with one gets −404. It returns how many there were.
func (s *Sandbox) Lose(person string) (keys int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.world.lookup(person)
	if err != nil {
		return 0, err
	}
	for id, l := range s.logins {
		if l.person == p {
			l.signOut(nil)
			delete(s.logins, id)
			s.dropKey(id)
			keys++
		}
	}
	return keys, nil
}

func doRevoke(s *Sandbox, args []string) (string, error) {
	if len(args) == 0 || len(args) > 2 {
		return "", fmt.Errorf("sandbox: revoke wants PERSON [ERROR], as @alice USER_DEACTIVATED")
	}
	args = append(args, "SESSION_REVOKED")
	n, err := s.Revoke(args[0], args[1])
	if err != nil {
		return "", err
	}
	return plural(n, "session") + " revoked\n", nil
}

func doLose(s *Sandbox, args []string) (string, error) {
	who, err := one("lose", "one of the people, as @alice", args)
	if err != nil {
		return "", err
	}
	n, err := s.Lose(who)
	if err != nil {
		return "", err
	}
	return plural(n, "key") + " lost\n", nil
}
