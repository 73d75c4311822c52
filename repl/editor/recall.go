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
		ed.lines, ed.asked = ed.e.host.History(), true
	}
	return ed.lines
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

// search is an incremental search through the history, newest first.
type search struct {
	query    string
	typed    line // what giving up comes back to
	at       int  // index of the entry found
	from, to int  // the match in it
	failed   bool // nothing (further) matches
}

func (ed *edit) beginSearch() {
	ed.dismiss()
	ed.search = &search{typed: ed.line, at: len(ed.history())}
}

// find shows the nearest entry from index i on, in direction step, that contains
// the query.
func (ed *edit) find(i, step int) {
	s, lines := ed.search, ed.history()
	s.failed = false
	if s.query == "" {
		s.at, s.from, s.to = len(lines), 0, 0
		ed.line = s.typed
		return
	}
	for ; i >= 0 && i < len(lines); i += step {
		from, to, ok := indexFold(lines[i].Text, s.query)
		if !ok || i != s.at && lines[i].Text == ed.line.text && s.to > 0 {
			continue
		}
		s.at, s.from, s.to = i, from, to
		ed.line = line{text: lines[i].Text}.to(from)
		return
	}
	s.failed = true
}

// indexFold finds query in s without regard to letter case.
func indexFold(s, query string) (from, to int, ok bool) {
	if i := strings.Index(s, query); i >= 0 {
		return i, i + len(query), true
	}
	low := strings.ToLower(s)
	i := strings.Index(low, strings.ToLower(query))
	if i < 0 {
		return 0, 0, false
	}
	if len(low) != len(s) { // some letter changed its length: found, place unknown
		return 0, 0, true
	}
	return i, i + len(strings.ToLower(query)), true
}

// searchHint is the row that shows the search.
func (s *search) hint() []Segment {
	out := []Segment{{Text: "search: ", Role: Command}, {Text: s.query, Role: Plain}, {Text: "▏", Role: Dim}}
	if s.failed {
		out = append(out, Segment{Text: "  nothing more", Role: Error})
	}
	return out
}
