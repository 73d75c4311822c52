package syntax

import (
	"errors"
	"fmt"
)

// Error is a diagnostic with its place. The packages above use it for what
// they find too.
type Error struct {
	Span    Span   // where; may be empty, at the end of the source
	Msg     string // what was wanted and what was given; safe on a terminal
	Fix     string // what to type instead; empty when nothing is likely
	Related Span   // another place that matters, as the bracket that is open; empty when there is none
	Partial bool   // input appended to the source could cure it
}

// Error returns the message and the fix, with the place in bytes from 1; who
// has the source shows the line and a caret instead.
func (e *Error) Error() string {
	if e.Fix != "" {
		return fmt.Sprintf("byte %d: %s (%s)", e.Span.From+1, e.Msg, e.Fix)
	}
	return fmt.Sprintf("byte %d: %s", e.Span.From+1, e.Msg)
}

// Errors are diagnostics in the order in which they were found.
type Errors []*Error

// Err returns nil when there are none, the only one, or all joined; each is
// found again by errors.As.
func (l Errors) Err() error {
	switch len(l) {
	case 0:
		return nil
	case 1:
		return l[0]
	}
	all := make([]error, len(l))
	for i, e := range l {
		all[i] = e
	}
	return errors.Join(all...)
}

// Fatal returns those that no further input can cure.
func (l Errors) Fatal() Errors {
	var out Errors
	for _, e := range l {
		if !e.Partial {
			out = append(out, e)
		}
	}
	return out
}

// Partial reports whether there are errors and further input could cure every
// one of them.
func (l Errors) Partial() bool {
	for _, e := range l {
		if !e.Partial {
			return false
		}
	}
	return len(l) > 0
}
