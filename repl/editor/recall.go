package editor

import "strings"

// recall walks through the history with Up and Down, over the entries that begin
// with what stood before the cursor when the walk began.
type recall struct {
	active bool
	prefix string
	typed  line // what Down comes back to
	at     int  // index of the shown entry, len(lines) for typed
}

// history asks the host once a line.
func (ed *edit) history() []Past {
	if !ed.asked {
		ed.lines, ed.asked = ed.e.host.History(true)
	}
	return ed.lines
}

// pastReady reports whether history answers at once.
func (ed *edit) pastReady() bool {
	if !ed.asked {
		ed.lines, ed.asked = ed.e.host.History(false)
	}
	return ed.asked
}

// recallOlder shows the next older entry, if there is one.
func (ed *edit) recallOlder() {
	lines := ed.history()
	r := &ed.recall
	if !r.active {
		*r = recall{active: true, prefix: ed.line.text[:ed.line.at], typed: ed.line, at: len(lines)}
	}
	for i := min(r.at, len(lines)) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i].Text, r.prefix) && lines[i].Text != ed.line.text {
			r.at = i
			ed.line = line{lines[i].Text, len(lines[i].Text)}
			return
		}
	}
}

// recallNewer shows the next newer entry, and after the newest what was typed.
func (ed *edit) recallNewer() {
	r := &ed.recall
	if !r.active {
		return
	}
	lines := ed.history()
	for i := r.at + 1; i < len(lines); i++ {
		if strings.HasPrefix(lines[i].Text, r.prefix) && lines[i].Text != ed.line.text {
			r.at = i
			ed.line = line{lines[i].Text, len(lines[i].Text)}
			return
		}
	}
	ed.line, ed.recall = r.typed, recall{}
}
