package eval

// Status is how a statement, and in the end the program, went: its exit status.
type Status int

// The exit statuses.
const (
	OK           Status = 0
	Failed       Status = 1   // a request or a local step (jq, save, path, time-out) failed
	Usage        Status = 2   // a bad line or bad flags
	NoConnection Status = 3   // no connection to the server
	SignIn       Status = 4   // the profile is not signed in
	Interrupted  Status = 130 // Ctrl-C
)

// Outcome says in a word how the line that ran last, with that status, ended: ok,
// the server's error, or what kind of failure it was.
func (s *Shell) Outcome(status Status) string {
	if status == Failed && s.failure != "" {
		return s.failure
	}
	switch status {
	case OK:
		return "ok"
	case Usage:
		return "bad line"
	case NoConnection:
		return "no connection"
	case SignIn:
		return "not signed in"
	case Interrupted:
		return "interrupted"
	}
	return "failed"
}

// Worse gives the one of two statuses that counts for a whole script:
// interrupted, no connection, sign-in, bad line, failed, in this order.
func Worse(a, b Status) Status {
	for _, s := range []Status{Interrupted, NoConnection, SignIn, Usage, Failed} {
		if a == s || b == s {
			return s
		}
	}
	return OK
}
