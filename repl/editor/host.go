package editor

import (
	"context"
	"time"
)

// Host supplies what the editor shows and decides by. Offsets are bytes into the
// UTF-8 text; texts use "\n" between lines. Highlight, Pair, Whole, Picks, Prompt and
// History run between a key and its effect and must return at once; Hint and Complete run on
// another goroutine, possibly at the same time as those. None may call ReadLine,
// Hold or Close; Above and Refresh are welcome from anywhere. The editor keeps the
// slices it gets, and the host must not change them afterwards.
type Host interface {
	// Complete returns the candidates for the place cursor of text. It returns
	// soon after ctx is done, which happens when the text has changed.
	Complete(ctx context.Context, text string, cursor int) Completions
	// Hint returns the help below the line for the place cursor: its segments
	// form one row, or several where they contain "\n".
	Hint(text string, cursor int) []Segment
	// Highlight returns the roles of parts of text; what it leaves out is plain.
	Highlight(text string) []Span
	// Pair returns the offsets of the bracket before or at the cursor and of the one
	// that belongs to it; ok is false where there are no two.
	Pair(text string, cursor int) (one, other int, ok bool)
	// Follow returns what belongs behind a candidate that was taken into text, the
	// cursor after it, and the places in that, in bytes, where something is to be
	// typed, the first one first; nothing for most.
	Follow(text string, cursor int) (insert string, stops []int)
	// Whole reports whether Enter runs text; else it begins a new line.
	Whole(text string) bool
	// Picks reports that text is no line but a search: Enter takes the best
	// candidate into the line instead of running it, and Escape leaves it.
	Picks(text string) bool
	// Prompt returns what stands before the first line.
	Prompt() []Segment
	// History returns what was entered before, oldest first. Where that takes a
	// while and nobody waits for it, ready is false; Refresh says when it is there.
	// Once it was, it is not asked again in the same ReadLine.
	History(wait bool) (past []Past, ready bool)
}

// Role says what a piece of text is; the editor's style table decides how that
// looks.
type Role uint8

// The roles. Error is laid over others in Highlight (it underlines and keeps the
// colour beneath); everywhere else it is a colour of its own.
const (
	Plain Role = iota
	Request
	Parameter
	Constructor
	String
	Number
	Peer
	Variable
	Command
	Comment
	Operator
	Error
	Dim
	// Current marks the parameter under the cursor in a hint; a row too wide
	// for the screen is shifted so that it is seen.
	Current
	// Good, Warn and Alert are for the prompt, such as a sandbox, a test data
	// centre and a real account.
	Good
	Warn
	Alert
	escaped // what stands for a control character
)

// Segment is a run of text in one role. Control characters in it are shown
// escaped.
type Segment struct {
	Text string
	Role Role
}

// Span gives text[From:To] a role. Where spans overlap the later one counts, except
// that Error is laid over.
type Span struct {
	From, To int
	Role     Role
}

// Past is something entered before.
type Past struct {
	Text string
	// When it was entered and how it ended, such as "ok"; both may be missing.
	When    time.Time
	Outcome string
}

// Completions are the candidates to put in the place of text[From:To].
type Completions struct {
	From, To int
	Items    []Candidate
}

// Candidate is one row of the menu.
type Candidate struct {
	// Text is inserted, the cursor after it.
	Text string
	// Label is shown, Text when empty.
	Label string
	// Kind is a short word, such as "request"; Role colours the label.
	Kind string
	Role Role
	// Description is cut where the row ends.
	Description string
	// Whole says that nothing goes on with it: a blank is put behind it at the end
	// of a line, when it is taken.
	Whole bool
	// Match holds the offsets into the label of the bytes that matched what was
	// typed, ascending.
	Match []int
}

func (c Candidate) label() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Text
}
