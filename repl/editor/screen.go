package editor

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// screen draws views on a terminal and keeps what is there, so that only rows that
// differ are sent. Cursor movements are relative: nobody knows on which row of the
// terminal the prompt stands.
type screen struct {
	out   io.Writer
	size  func() (cols, rows int)
	style style

	mu         sync.Mutex
	view       *view  // nil when no line is being edited
	status     string // the row at the cursor while none is
	shown      []row
	cx, cy     int    // the cursor within shown
	up         int    // how many of the terminal's rows shown begins above the cursor
	cols, high int    // the size it was drawn for
	redraw     bool   // all of it, for another size
	cuts       bool   // the terminal cuts rows that become too long, and does not break them
	sure       bool   // that this, or its contrary, has been seen
	late       string // what is to stand above, once the place of what is shown is known
	b          strings.Builder
	err        error // the first failed write
}

// erase empties the terminal from the first column of a row on. The step aside is
// for tmux, which moves what is cleared from its very first cell to its history.
const erase = "\x1b[K\x1b[C\x1b[J\r"

// begin starts a prompt on a row of its own: if the cursor is not in the first
// column, a mark says that what stands there has no newline, and enough blanks to
// wrap follow it. In the first column all of that lands on the prompt's own row.
func (s *screen) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	cols, _ := s.size()
	s.unstatus()
	s.b.WriteString(s.style.sgr(attr{role: Dim}) + "⏎" + s.style.sgr(attr{}) +
		strings.Repeat(" ", cols-1) + "\r" + erase)
	s.flush()
}

// show draws v in the place of what is shown.
func (s *screen) show(v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view = v
	s.draw(false)
	s.flush()
}

// finish draws v a last time and leaves it; a prompt begun later is another.
func (s *screen) finish(v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view = v
	s.draw(len(s.shown) == 0)
	s.leave()
	s.flush()
}

// restyle draws in another style from now on.
func (s *screen) restyle(st style) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.style = st
	if cols, high := s.size(); s.view != nil && cols == s.cols && high == s.high {
		s.draw(true)
		s.flush()
	}
}

// vanish takes what is shown off the screen; the cursor is where it began.
func (s *screen) vanish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view != nil {
		s.reflow()
		s.home()
		s.b.WriteString(erase + s.late)
		s.view, s.shown, s.cx, s.cy, s.up, s.late = nil, nil, 0, 0, 0, ""
		s.flush()
	}
}

// send writes a sequence that moves nothing.
func (s *screen) send(sequence string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.WriteString(sequence)
	s.flush()
}

// abandon leaves the line as it stands, with the cursor below it.
func (s *screen) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.view != nil {
		s.leave()
		s.flush()
	}
}

// leave moves below what is shown and forgets it.
func (s *screen) leave() {
	s.down(len(s.shown) - 1 - s.cy)
	s.b.WriteString("\r\n" + s.late)
	s.view, s.shown, s.cx, s.cy, s.up, s.late = nil, nil, 0, 0, 0, ""
}

// clear empties the terminal and draws the view at its top.
func (s *screen) clear(v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view = v
	s.b.WriteString("\x1b[H\x1b[2J")
	s.up = 0
	s.draw(true)
	s.flush()
}

// above puts text on rows of its own above the prompt, or at the cursor when there
// is none.
func (s *screen) above(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	text = clean(text, s.style.color)
	if text == "" {
		return s.err
	}
	if cols, high := s.size(); s.view != nil && (cols != s.cols || high != s.high) && len(s.shown) > 0 {
		s.late += text // the line's loop draws as soon as it knows where
		return s.err
	}
	if s.view != nil {
		s.home()
		s.b.WriteString(erase)
	}
	status := s.status
	s.unstatus()
	s.b.WriteString(text)
	if s.view != nil {
		s.draw(true)
	}
	s.restatus(status)
	s.flush()
	return s.err
}

// setStatus shows a row at the cursor, or takes it away.
func (s *screen) setStatus(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unstatus()
	if s.view == nil {
		s.restatus(text)
	}
	s.flush()
	return s.err
}

// unstatus takes the status away.
func (s *screen) unstatus() {
	if s.status != "" {
		s.status = ""
		s.b.WriteString("\r\x1b[K")
	}
}

// restatus writes it, cut so that it never wraps.
func (s *screen) restatus(text string) {
	if text == "" {
		return
	}
	cols, _ := s.size()
	p := newPen(cols, s.style)
	p.cut(appendCells(nil, text, attr{role: Dim}), cols-1)
	s.status = text
	s.b.WriteString(p.row().text)
}

// home moves to the first row and column of what is shown.
func (s *screen) home() {
	if s.up > 0 {
		fmt.Fprintf(&s.b, "\x1b[%dA", s.up)
	}
	s.b.WriteByte('\r')
	s.up = 0
}

func (s *screen) down(n int) {
	if n > 0 {
		fmt.Fprintf(&s.b, "\x1b[%dB", n)
	}
}

// reflow finds the cursor's row anew where nobody has waited for the terminal to tell.
func (s *screen) reflow() {
	if cols, high := s.size(); cols != s.cols || high != s.high {
		s.replace(cols, high, -1)
	}
}

// draw writes what turns the shown rows into those of the view.
func (s *screen) draw(all bool) {
	s.reflow()
	if s.late != "" {
		s.home()
		s.b.WriteString(erase + s.late)
		s.late, s.redraw = "", true
	}
	all = all || s.redraw || len(s.shown) == 0
	s.redraw = false
	f := layout(s.view, s.cols, s.high, s.style)
	if !all && f.cx == s.cx && f.cy == s.cy && slices.Equal(f.rows, s.shown) {
		return
	}
	if len(f.rows) > s.high {
		all = true // it scrolls: rows cannot be reached one by one
	}
	s.b.WriteString("\x1b[?25l")
	s.home()
	y := 0
	if all {
		s.b.WriteString(erase)
		for i, r := range f.rows {
			if i > 0 {
				s.b.WriteString("\r\n")
			}
			s.b.WriteString(r.text)
		}
		y = len(f.rows) - 1
	} else {
		y = s.patch(f.rows)
	}
	if n := y - f.cy; n > 0 {
		fmt.Fprintf(&s.b, "\x1b[%dA", n)
	} else {
		s.down(-n)
	}
	s.b.WriteByte('\r')
	if f.cx > 0 {
		fmt.Fprintf(&s.b, "\x1b[%dC", f.cx)
	}
	s.b.WriteString("\x1b[?25h")
	s.shown, s.cx, s.cy, s.up = f.rows, f.cx, f.cy, f.cy
}

// patch writes the rows that differ from the shown ones, beginning on the first,
// and returns the row on which it ends.
func (s *screen) patch(rows []row) (y int) {
	for i, r := range rows {
		if i < len(s.shown) && s.shown[i] == r {
			continue
		}
		if i < len(s.shown) {
			s.down(i - y)
			s.b.WriteByte('\r')
		} else {
			s.down(i - 1 - y) // rows below may not exist yet: a newline makes them
			s.b.WriteString("\r\n")
		}
		y = i
		s.b.WriteString(r.text)
		if r.width < s.cols {
			s.b.WriteString("\x1b[K")
		}
	}
	if len(rows) < len(s.shown) {
		s.down(len(rows) - y)
		s.b.WriteString("\r\x1b[J")
		y = len(rows)
	}
	return y
}

// flush sends what has been written.
func (s *screen) flush() {
	if _, err := io.WriteString(s.out, s.b.String()); err != nil && s.err == nil {
		s.err = err
	}
	s.b.Reset()
}

// clean makes text fit to be put on a raw terminal: lines end with "\r\n", the last
// too; SGR sequences stay if color says so, and isolates; other control characters are
// shown escaped.
func clean(text string, color bool) string {
	text = strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\r\n", "\n")
	if text == "" {
		return ""
	}
	var b strings.Builder
	var buf [8]glyph
	for len(text) > 0 {
		if n := sgrLen(text); n > 0 {
			if color {
				b.WriteString(text[:n])
			}
			text = text[n:]
			continue
		}
		n := cluster(text)
		switch text[:n] {
		case "\n":
			b.WriteString("\r\n")
		case "\u2068", "\u2069": // isolates keep a row in order, and move nothing outside them
			b.WriteString(text[:n])
		default:
			for _, g := range glyphs(buf[:0], text[:n]) {
				b.WriteString(g.text)
			}
		}
		text = text[n:]
	}
	if color {
		b.WriteString("\x1b[0m")
	}
	b.WriteString("\r\n")
	return b.String()
}

// sgrLen is the length of the SGR sequence that s begins with, or 0.
func sgrLen(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
