package editor

import (
	"fmt"
	"strings"
	"time"

	"github.com/rivo/uniseg"
)

// A window that changes its size has its terminal break and join rows before anybody
// is told, and perhaps several times: where the prompt stands then, only the terminal
// knows. So nothing is drawn until the size has stayed the same for a moment, and the
// terminal is asked for its cursor and for its size, which must be the one that the
// system tells: some terminals tell it late.

// probe asks for the cursor's place, and then for that of the last cell. Both are
// answered by CPR, see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html.
const probe = "\x1b[6n\x1b7\x1b[9999;9999H\x1b[6n\x1b8"

const (
	// sizeSettle is how long a size must stay before something is drawn for it.
	sizeSettle = 30 * time.Millisecond
	// sizeAnswer bounds the wait for the answers.
	sizeAnswer = 250 * time.Millisecond
	// sizeTries bounds how often a terminal is asked whose size is another than
	// the system's.
	sizeTries = 10
)

// place is an answer of the terminal: a row and a column from 1 on.
type place struct{ row, col int }

// readPlace reads a CPR.
func readPlace(reply string) (p place, ok bool) {
	_, err := fmt.Sscanf(reply, "\x1b[%d;%dR", &p.row, &p.col)
	return p, err == nil
}

// resizing is the way from a size that changed to a frame that is drawn for it.
type resizing struct {
	cols, rows int
	next       time.Time // when there is something to do; zero when nothing is under way
	tries      int
	asked      bool
	probed     time.Time // when the last question left
	cursor     place
	// open are the answers that are to come, of which the last two count.
	open int
}

// answer takes an answer of the terminal.
func (r *resizing) answer(p place) (size place, whole bool) {
	if r.open == 0 {
		return p, false
	}
	r.open--
	switch r.open {
	case 1:
		r.cursor = p
	case 0:
		return p, r.asked
	}
	return p, false
}

// settled reports whether a frame can be drawn; where it cannot, resize.next says when
// to ask again.
func (ed *edit) settled() bool {
	e, r := ed.e, &ed.resize
	cols, rows := e.term.size()
	now := time.Now()
	switch {
	case !e.screen.moved(cols, rows):
		r.next, r.tries, r.asked = time.Time{}, 0, false
		return true
	case cols != r.cols || rows != r.rows || r.next.IsZero():
		r.cols, r.rows, r.next, r.tries, r.asked = cols, rows, now.Add(sizeSettle), 0, false
		return false
	case now.Before(r.next):
		return false
	case !r.asked:
		r.asked, r.probed, r.next, r.open = true, now, now.Add(sizeAnswer), r.open+2
		e.screen.send(probe)
		return false
	}
	// It does not answer.
	r.next, r.open = time.Time{}, 0
	e.screen.relocate(cols, rows, -1)
	return true
}

// located takes an answer of the terminal; with the second one the frame finds its
// place.
func (ed *edit) located(p place) {
	r := &ed.resize
	size, whole := r.answer(p)
	if !whole {
		return
	}
	cols, rows := ed.e.term.size()
	if cols != r.cols || rows != r.rows {
		return // settled begins anew
	}
	if (size != place{rows, cols}) && r.tries < sizeTries {
		r.asked, r.next, r.tries = false, time.Now().Add(sizeSettle), r.tries+1
		return
	}
	r.next, r.tries, r.asked = time.Time{}, 0, false
	ed.e.screen.relocate(cols, rows, r.cursor.col-1)
}

// settle waits until a frame can be drawn; keys are kept.
func (ed *edit) settle() {
	e := ed.e
	for ed.err == nil && !e.isClosed() && !ed.settled() {
		in, err := e.term.read(ed.untilResized())
		if err != nil {
			return // whoever reads next has it again
		}
		e.keys = e.decoder.feed(e.keys, in)
		ed.takeReplies()
	}
}

// untilResized is how long it is until settled has something to do, 0 when nothing is
// under way.
func (ed *edit) untilResized() time.Duration {
	if ed.resize.next.IsZero() {
		return 0
	}
	return max(time.Until(ed.resize.next), time.Millisecond)
}

// moved reports that what is shown was drawn for another size.
func (s *screen) moved(cols, rows int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view != nil && len(s.shown) > 0 && (cols != s.cols || rows != s.high)
}

// relocate finds the cursor's row within what is shown, for a terminal that now has
// another size and its cursor in that column, -1 if that is not known.
func (s *screen) relocate(cols, rows, col int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace(cols, rows, col)
}

// replace is relocate; the lock is held.
func (s *screen) replace(cols, rows, col int) {
	s.cols, s.high, s.redraw = cols, rows, true
	if len(s.shown) == 0 {
		return
	}
	y := 0
	for _, r := range s.shown[:s.cy] {
		n, _ := breakRow(r.text, cols, r.width)
		y += n + 1
	}
	n, x := breakRow(s.shown[s.cy].text, cols, s.cx)
	if y += n; x == cols {
		y, x = y+1, 0
	}
	cut := min(s.cx, cols-1)
	behind := x == 0 && s.cx > 0 && col == cols-1 // after the last cell of the row above
	switch {
	case col < 0, col == x && col == cut, behind && col == cut:
		// Nobody knows, or both kinds of terminal have it there.
		if behind {
			y--
		}
		if s.cuts {
			y = s.cy
		}
	case col == x:
		s.cuts, s.sure = false, true
	case behind:
		s.cuts, s.sure, y = false, true, y-1
	case col == cut, col < cut && !s.sure:
		// Rows were cut, and may have been cut narrower than they are now.
		s.cuts, s.sure, y = true, s.sure || col == cut, s.cy
	case s.cuts:
		y = s.cy
	}
	s.up = y
}

// breakRow finds where the column x of a row is when the terminal breaks the row to a
// width: how many rows further down, and in which column, which is the width itself
// behind a full row.
func breakRow(text string, cols, x int) (down, col int) {
	for text != "" && x > 0 {
		if n := sgrLen(text); n > 0 {
			text = text[n:]
			continue
		}
		_, rest, w, _ := uniseg.FirstGraphemeClusterInString(text, -1)
		if col+w > cols {
			down, col = down+1, 0
		}
		col, x, text = col+w, x-w, rest
	}
	if x > 0 { // the cursor stands beyond the text
		return down + (col+x)/cols, (col + x) % cols
	}
	for text != "" {
		n := sgrLen(text)
		if n == 0 {
			_, _, w, _ := uniseg.FirstGraphemeClusterInString(text, -1)
			if col+w > cols { // the cursor goes down with what it stands on
				return down + 1, 0
			}
			break
		}
		text = text[n:]
	}
	return down, col
}

// cutting reports a terminal that, as far as its variables tell, cuts rows that become
// too long, where others break them: xterm, st, GNU screen and the Linux console.
func cutting(get func(string) string) bool {
	switch kind, _, _ := strings.Cut(get("TERM"), "-"); kind {
	case "xterm":
		return get("XTERM_VERSION") != ""
	case "screen":
		return get("STY") != "" && get("TMUX") == ""
	case "linux", "st":
		return true
	}
	return false
}

// takeReplies takes the terminal's answers out of the keys.
func (ed *edit) takeReplies() {
	keys := ed.e.keys[:0:0]
	for _, k := range ed.e.keys {
		if k.reply == "" {
			keys = append(keys, k)
			continue
		}
		ed.reply(k.reply)
	}
	ed.e.keys = keys
}

// reply takes an answer of the terminal.
func (ed *edit) reply(text string) {
	if p, ok := readPlace(text); ok {
		ed.located(p)
		return
	}
	if strings.HasPrefix(text, backgroundReply) {
		ed.asking = time.Time{}
		ed.e.learnBackground(text)
	}
}
