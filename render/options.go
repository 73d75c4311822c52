// Package render turns values and errors into text: the tree, JSON, source and
// hexadecimal views of a value, and the diagnostics.
//
// What came from the network is not trusted: no view lets a control byte, an
// escape sequence, a bidirectional control or a byte that is not UTF-8 through
// to the terminal; visible escapes stand for them.
//
// All functions append to a slice and return it, without a newline at the end
// (Escape and its like apart, they are short), and may be called from several
// goroutines.
package render

import "time"

// Options say how the views for people look. The zero Options are plain text
// without a limit of width, with times in UTC.
type Options struct {
	// Width is the number of columns of the terminal, in cells. Nothing is
	// wider; values under MinWidth count as MinWidth. 0 means no limit.
	Width int
	// Color turns styles on (SGR sequences, of 16 colours that both dark and
	// light backgrounds show).
	Color bool
	// Names gives the name that is known for an id, "" when none is. kind is
	// "user", "chat" or "channel", id is as TL has it (positive, unmarked). It
	// may be called more than once for an id, so it should be quick; nil knows
	// nobody. What it gives is escaped and cut here.
	Names func(kind string, id int64) string
	// Location is the time zone of dates; nil is UTC.
	Location *time.Location
	// Label stands before a tree, dim: $3 gives "$3 = message". "" is none.
	Label string
	// File names the source of a diagnostic; "" is a line typed at the prompt.
	File string
	// Line is the number of the source's first line in that file; 0 means 1.
	Line int
}

// MinWidth is the narrowest terminal that Options.Width can describe.
const MinWidth = 16

// noLimit stands for the width of a file: no line reaches it.
const noLimit = 1 << 40

func (o *Options) width() int {
	switch {
	case o.Width <= 0:
		return noLimit
	case o.Width < MinWidth:
		return MinWidth
	}
	return o.Width
}

func (o *Options) palette() *palette {
	if o.Color {
		return colors()
	}
	return &noColors
}
