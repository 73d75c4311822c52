package editor

import "strings"

// ghost is the rest of the newest line of the history that begins with what is
// typed. It is shown pale behind the cursor, and is no part of the line until a
// key takes it.
type ghost struct {
	text string // what it belongs to
	rest string
}

// suggest looks for the ghost of the line as it is.
func (ed *edit) suggest() {
	if !ed.suggestible() {
		ed.ghost = ghost{}
		return
	}
	text := ed.line.text
	if ed.ghost.text == text {
		return
	}
	if ed.ghost = (ghost{}); !ed.pastReady() {
		return // it comes when the history is there
	}
	ed.ghost.text = text
	lines := ed.history()
	for i := len(lines) - 1; i >= 0; i-- {
		if past := lines[i].Text; len(past) > len(text) && strings.HasPrefix(past, text) {
			ed.ghost.rest = past[len(text):]
			return
		}
	}
}

// suggestible reports whether a ghost has a place: behind a text that somebody is
// typing at its end.
func (ed *edit) suggestible() bool {
	text := ed.line.text
	return ed.line.at == len(text) && !blank(text) && ed.search == nil && !ed.recall.active &&
		!ed.menu.choosing() && !ed.e.host.Picks(text)
}

// takeGhost takes the ghost into the line as far as the end that cut gives it, and
// reports whether there was one.
func (ed *edit) takeGhost(cut func(line) int) bool {
	ed.suggest()
	if ed.ghost.rest == "" {
		return false
	}
	whole := line{text: ed.line.text + ed.ghost.rest, at: ed.line.at}
	end := cut(whole)
	ed.change(line{text: whole.text[:end]}.to(end))
	ed.dismiss()
	return true
}

// The ends up to which a ghost is taken: all of it, or the next word.
func ghostEnd(l line) int  { return len(l.text) }
func ghostWord(l line) int { return l.wordRight(wordRune) }

// ghostRow is what of a ghost is shown: its first row.
func ghostRow(rest string) string {
	if first, _, more := strings.Cut(rest, "\n"); more {
		return first + " …"
	}
	return rest
}
