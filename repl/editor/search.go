package editor

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	prompt "github.com/c-bata/go-prompt"
	"github.com/sahilm/fuzzy"
)

// maxFound bounds how many entries a search of the history lists.
const maxFound = 200

// search looks for words or letters in the history as they are typed. The entries
// found stand in a list below, newest first: those that hold the words, then those
// that hold the letters in their order. The chosen one stands in the line.
type search struct {
	query  string
	typed  line // what giving up comes back to
	folded []string
	found  []hit
	chosen int // -1 while nothing is
	top    int
}

// hit is an entry found, and the offsets of the bytes in it that matched.
type hit struct {
	past  Past
	match []int
}

func (ed *edit) beginSearch() {
	ed.dismiss()
	ed.search = &search{typed: ed.line, folded: foldPast(ed.history())}
	ed.lookUp()
}

// lookUp finds the entries for the query as it is now and chooses the first, or
// none while there is no query.
func (ed *edit) lookUp() {
	s := ed.search
	s.found, s.top, s.chosen = findPast(ed.history(), s.folded, s.query), 0, -1
	if strings.TrimSpace(s.query) != "" && len(s.found) > 0 {
		s.chosen = 0
	}
	ed.showFound()
}

// showFound puts the chosen entry into the line.
func (ed *edit) showFound() {
	s := ed.search
	if s.chosen < 0 {
		ed.line = s.typed
		return
	}
	h := s.found[s.chosen]
	at := len(h.past.Text)
	if len(h.match) > 0 {
		at = h.match[0]
	}
	ed.line = line{text: h.past.Text}.to(at)
	s.top = min(s.top, s.chosen)
	s.top = max(s.top, s.chosen-ed.menuRows()+1)
}

// step moves by n entries towards the older ones.
func (ed *edit) step(n int) {
	s := ed.search
	if len(s.found) > 0 {
		s.chosen = min(max(s.chosen+n, 0), len(s.found)-1)
		ed.showFound()
	}
}

// foldPast gives the letters of every entry one case, for one search.
func foldPast(past []Past) []string {
	out := make([]string, len(past))
	for i := range past {
		out[i] = strings.ToLower(past[i].Text)
	}
	return out
}

// maxScored bounds how many of the newest entries are weighed for their letters.
const maxScored = 500

// findPast lists the entries that hold every word of the query, whatever the case
// of the letters, newest first; then, if there are few, those that hold its letters
// in their order, the best first. folded are the entries of past in one case.
func findPast(past []Past, folded []string, query string) []hit {
	words := strings.Fields(strings.ToLower(query))
	letters := strings.Join(words, "")
	var out []hit
	var scored newest
	for i := len(past) - 1; i >= 0 && len(out) < maxFound; i-- {
		if match, ok := matchWords(folded[i], words); ok {
			if len(folded[i]) != len(past[i].Text) {
				match = nil // some letter changed its length: found, place unknown
			}
			out = append(out, hit{past[i], match})
		} else if len(scored) < maxScored && inOrder(folded[i], letters) {
			scored = append(scored, past[i])
		}
	}
	if len(words) == 0 {
		return out
	}
	for _, m := range fuzzy.FindFrom(letters, scored) {
		if len(out) >= maxFound {
			break
		}
		out = append(out, hit{scored[m.Index], m.MatchedIndexes})
	}
	return out
}

// newest are entries, the newest first, as fuzzy wants them: of equally good ones the
// first counts.
type newest []Past

func (n newest) String(i int) string { return n[i].Text }
func (n newest) Len() int            { return len(n) }

// matchWords reports whether all words are in text, and the offsets of their bytes.
func matchWords(text string, words []string) (match []int, ok bool) {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return nil, false
		}
	}
	for _, w := range words {
		from := strings.Index(text, w)
		for i := from; i < from+len(w); i++ {
			match = append(match, i)
		}
	}
	slices.Sort(match)
	return slices.Compact(match), true
}

// inOrder reports whether text has the letters in their order.
func inOrder(text, letters string) bool {
	for letters != "" {
		_, n := utf8.DecodeRuneInString(letters)
		i := strings.Index(text, letters[:n])
		if i < 0 {
			return false
		}
		text, letters = text[i+n:], letters[n:]
	}
	return true
}

// pressSearch does what a key means while the history is searched. Keys that are
// not the search's take the entry found and then mean what they always do.
func (ed *edit) pressSearch(k key) (done bool) {
	s := ed.search
	switch {
	case k.paste || k.name == prompt.NotDefined && !k.alt:
		if text := printable(k.text); text != "" {
			s.query += text
			ed.lookUp()
		}
		return true
	case k.alt:
		ed.takeFound()
		return false
	}
	switch k.name {
	case prompt.Backspace, prompt.ControlH:
		if s.query != "" {
			s.query = s.query[:len(s.query)-lastCluster(s.query)]
			ed.lookUp()
		}
	case prompt.ControlW, prompt.ControlU:
		q := line{text: s.query, at: len(s.query)}
		if s.query = ""; k.name == prompt.ControlW {
			s.query = q.text[:q.wordLeft(notSpace)]
		}
		ed.lookUp()
	case prompt.ControlR, prompt.Down, prompt.ControlN:
		ed.step(1)
	case prompt.ControlS, prompt.Up, prompt.ControlP:
		ed.step(-1)
	case prompt.PageDown:
		ed.step(ed.menuRows())
	case prompt.PageUp:
		ed.step(-ed.menuRows())
	case prompt.Escape, prompt.ControlG, prompt.ControlC:
		ed.line, ed.search = s.typed, nil
		ed.dismiss()
	case prompt.Enter, prompt.ControlM, prompt.Tab:
		ed.takeFound()
		ed.move(len(ed.line.text))
	default:
		ed.takeFound()
		return false
	}
	return true
}

// takeFound ends the search with the entry it shows.
func (ed *edit) takeFound() {
	s := ed.search
	ed.search = nil
	ed.dismiss()
	if ed.line.text != s.typed.text {
		ed.remember(s.typed)
		ed.recall = recall{}
	}
}

// printable drops what a search cannot show.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// hint is the row that shows the search.
func (s *search) hint() []Segment {
	out := []Segment{{Text: "history: ", Role: Command}, {Text: s.query, Role: Plain}, {Text: "▏", Role: Dim}}
	switch {
	case len(s.found) == 0:
		out = append(out, Segment{Text: "  nothing holds this", Role: Error})
	case s.query == "":
		out = append(out, Segment{Text: "  type what it holds; Enter takes, Esc leaves", Role: Dim})
	}
	return out
}

// items are the rows of the list: the line, when it was entered, and how it ended.
func (s *search) items(now time.Time) []Candidate {
	out := make([]Candidate, len(s.found))
	for i, h := range s.found {
		out[i] = Candidate{Label: oneRow(h.past.Text), Kind: ago(now, h.past.When), Description: h.past.Outcome, Match: h.match}
	}
	return out
}

// oneRow has a blank for each newline, so that offsets stay as they are.
func oneRow(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// ago is how long ago something was, as people say it.
func ago(now, then time.Time) string {
	d := now.Sub(then)
	switch {
	case then.IsZero():
		return ""
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	case d < 7*24*time.Hour:
		return fmt.Sprintf("%d d ago", int(d.Hours()/24))
	}
	return then.In(now.Location()).Format("2 Jan 2006")
}
