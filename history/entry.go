package history

import (
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"
)

// Entry is one entered statement, which may span several lines.
type Entry struct {
	// Line is the text as entered, after Redact, with "\n" between its lines.
	Line string
	// Time is when it was entered; Add fills it when it is zero.
	Time time.Time
	// Duration is how long it ran, kept in whole milliseconds; 0 when unknown.
	Duration time.Duration
	// Outcome is a short word about its end, such as "ok" or an RPC error
	// name; empty when unknown.
	Outcome string
}

// record is an Entry as it stands in the file.
type record struct {
	Line string `json:"line,omitempty"`
	// Raw replaces Line where the text is not UTF-8, which JSON cannot hold.
	Raw     []byte    `json:"raw,omitempty"`
	Time    time.Time `json:"time"`
	Millis  int64     `json:"ms,omitempty"`
	Outcome string    `json:"outcome,omitempty"`
}

var errNoLine = errors.New("record has no line")

// encode returns the record of e with its closing newline.
func encode(e Entry) ([]byte, error) {
	r := record{Line: e.Line, Time: e.Time.UTC(), Millis: e.Duration.Milliseconds(), Outcome: e.Outcome}
	if !utf8.ValidString(e.Line) {
		r.Line, r.Raw = "", []byte(e.Line)
	}
	b, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// decode reads one line of the file, without its newline.
func decode(b []byte) (Entry, error) {
	var r record
	if err := json.Unmarshal(b, &r); err != nil {
		return Entry{}, err
	}
	if r.Raw != nil {
		r.Line = string(r.Raw)
	}
	if r.Line == "" {
		return Entry{}, errNoLine
	}
	return Entry{
		Line:     r.Line,
		Time:     r.Time,
		Duration: time.Duration(r.Millis) * time.Millisecond,
		Outcome:  r.Outcome,
	}, nil
}
