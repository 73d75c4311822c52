package editor

import (
	"errors"
	"time"
)

// terminal is what the editor needs of one. Only wake and Write may be called from
// other goroutines than the one that reads.
type terminal interface {
	// raw begins to deliver single keys without echo, restore puts the terminal
	// back as it was found at the start.
	raw() error
	restore() error
	// quiet lets signals through but nothing be echoed, for the time that a
	// command runs; restore ends it too.
	quiet() error
	// cooked has the terminal assemble lines, for an answer to a question, and
	// drops what was typed before it; restore ends it.
	cooked(echo bool) error
	// suspend stops the program, in whatever mode the terminal is, until it is
	// told to go on; where nobody could tell it, it returns at once.
	suspend() error
	// read waits for keys, for wake, or for timeout unless that is 0. Without
	// keys it returns no bytes and no error. io.EOF means that nobody is there
	// any more.
	read(timeout time.Duration) ([]byte, error)
	wake()
	// size is never zero.
	size() (cols, rows int)
	Write([]byte) (int, error)
	close() error
}

// ErrNoTerminal is returned by New where there is no terminal to edit on, or one
// that cannot move its cursor; the caller reads plain lines then.
var ErrNoTerminal = errors.New("no terminal to edit lines on")
