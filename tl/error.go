package tl

import "fmt"

// Error says where in a value encoding or decoding stopped.
type Error struct {
	Path   string // "messages.messages.messages[3].from_id", "" for the top
	Offset int    // decoding: the byte at which it stopped; encoding: -1
	Msg    string // what was wanted and what was there
	// ID is the constructor id that the schema does not have, else 0.
	ID uint32
}

// Error gives "path: message at byte n".
func (e *Error) Error() string {
	s := e.Msg
	if e.Path != "" {
		s = e.Path + ": " + s
	}
	if e.Offset >= 0 {
		s += fmt.Sprintf(" (at byte %d)", e.Offset)
	}
	return s
}

// within puts an element before the path of an error on its way up.
func (e *Error) within(elem string) {
	switch {
	case e.Path == "" || e.Path[0] == '[':
		e.Path = elem + e.Path
	default:
		e.Path = elem + "." + e.Path
	}
}
