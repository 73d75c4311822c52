package editor

import (
	"strings"

	prompt "github.com/c-bata/go-prompt"
)

// stops are the places of a candidate that still want a value, the next one first, as
// what stands behind each of them: that stays as it is while the value is typed.
type stops []string

// follow adds to a candidate that was taken what belongs behind it, and goes to the
// first place where something is to be typed.
func (ed *edit) follow(c Candidate) {
	l := ed.line
	insert, at := ed.e.host.Follow(l.text, l.at)
	switch {
	case insert != "" && len(at) > 0:
		next := l.insert(insert)
		ed.line = next.to(l.at + at[0])
		ed.stops = nil
		for _, i := range at[1:] {
			ed.stops = append(ed.stops, next.text[l.at+i:])
		}
	case c.Whole && ed.jump():
	case c.Whole && l.at == len(l.text) && !strings.HasSuffix(l.text, " "):
		ed.line = l.insert(" ")
		ed.padded = true
	}
}

// jump goes to the next place that wants a value, if there is one behind the cursor.
func (ed *edit) jump() bool {
	for len(ed.stops) > 0 {
		tail := ed.stops[0]
		ed.stops = ed.stops[1:]
		at := len(ed.line.text) - len(tail)
		if at > ed.line.at && strings.HasSuffix(ed.line.text, tail) {
			ed.line = ed.line.to(at)
			ed.edited = true
			return true
		}
	}
	return false
}

// unpad takes back the blank behind a candidate when what is typed next stands better
// without it, or is one.
func (ed *edit) unpad(k key) {
	if !ed.padded {
		return
	}
	ed.padded = false
	if k.name == prompt.NotDefined && !k.alt && k.text != "" && strings.IndexByte(" .,;:)]=([", k.text[0]) >= 0 {
		l := ed.line
		ed.line = l.replace(l.at-1, l.at, "")
	}
}
