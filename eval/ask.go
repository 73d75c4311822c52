package eval

import (
	"context"
	"errors"
)

// Question is what the person at the terminal is asked.
type Question struct {
	Text   string // ends in what stands before the answer, as "Code: "
	Secret bool   // the answer is not shown while it is typed, and kept nowhere
}

// ErrNobody says that nobody sits there to be asked: lines come from a script,
// a pipe or -c, and no terminal is at hand.
var ErrNobody = errors.New("nobody can be asked here: there is no terminal")

// Ask asks the person at the terminal and gives what they typed, without its
// newline. Keys typed before the question are no answer to it. Errors:
// ErrNobody; io.EOF for Ctrl-D; the context's cause, as Ctrl-C.
func (s *Shell) Ask(ctx context.Context, q Question) (string, error) {
	if s.cfg.Ask == nil {
		return "", ErrNobody
	}
	s.flush()
	return s.cfg.Ask(ctx, q)
}
