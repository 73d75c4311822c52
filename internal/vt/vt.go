// Package vt is a small terminal emulator for tests and for pictures of sessions: it
// knows what tlsh and the shells around it write to a terminal, and records what it
// does not know.
package vt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Cell is one cell of the emulated screen; the right half of a wide one has no text.
type Cell struct {
	Text string
	SGR  string // the parameters that were in force, without a leading 0
}

// Row is one row; Soft says that it goes on on the next one.
type Row struct {
	Cells []Cell
	Soft  bool
}

// Screen interprets what is written to a terminal: cursor movement, erasing, SGR,
// titles, and wrapping at the margin with the wrap pending. What it does not know it
// records. It has no lock.
type Screen struct {
	Cols, Rows int
	Lines      []Row
	Scrolled   []Row // out at the top
	X, Y       int   // the cursor
	SGR        string
	Hidden     bool // the cursor
	Paste      bool // in brackets
	Title      string
	Unknown    []string
	// OnAskBackground is called when the terminal is asked for its background.
	OnAskBackground func()
	// OnAskCursor is called when it is asked for the cursor, with the answer.
	OnAskCursor func(answer string)
	// Cuts says that Resize cuts rows that become too long, as xterm does; else it
	// breaks them, and joins them again, as VTE, kitty or tmux do.
	Cuts bool

	pending bool
	kept    cursor   // by DECSC
	titles  []string // the stack of them
	rest    string   // of a sequence that has not come whole
}

// cursor is where it is.
type cursor struct {
	x, y    int
	sgr     string
	pending bool
}

// New is an empty screen.
func New(cols, rows int) *Screen {
	v := &Screen{Cols: cols, Rows: rows}
	for range rows {
		v.Lines = append(v.Lines, v.blank())
	}
	return v
}

func (v *Screen) blank() Row {
	r := Row{Cells: make([]Cell, v.Cols)}
	for i := range r.Cells {
		r.Cells[i].Text = " "
	}
	return r
}

// Write takes what a program writes. The error is always nil.
func (v *Screen) Write(b []byte) (int, error) {
	s := v.rest + string(b)
	v.rest = ""
	for len(s) > 0 {
		n := 1
		switch c := s[0]; {
		case c == 0x1b:
			if n = sequence(s); n > 0 {
				v.escape(s[:n])
			}
		case c < 0x20 || c == 0x7f:
			v.control(c)
		case !utf8.FullRuneInString(s):
			n = 0
		default:
			g, _, w, _ := uniseg.FirstGraphemeClusterInString(s, -1)
			v.put(g, w)
			n = len(g)
		}
		if n == 0 {
			v.rest = s
			break
		}
		s = s[n:]
	}
	return len(b), nil
}

// sequence is the length of the escape sequence that s begins with, 0 if it has not
// come whole.
func sequence(s string) int {
	switch {
	case len(s) < 2:
		return 0
	case s[1] == '[':
		for i := 2; i < len(s); i++ {
			if s[i] >= 0x40 && s[i] <= 0x7e {
				return i + 1
			}
		}
		return 0
	case s[1] == ']':
		for i := 2; i < len(s); i++ {
			if s[i] == 0x07 || s[i] == '\\' && s[i-1] == 0x1b {
				return i + 1
			}
		}
		return 0
	case s[1] == '(': // a character set
		if len(s) < 3 {
			return 0
		}
		return 3
	}
	return 2
}

func (v *Screen) control(c byte) {
	switch c {
	case '\r':
		v.X, v.pending = 0, false
	case '\n':
		v.pending = false
		v.newline()
	case '\b':
		v.X, v.pending = max(0, v.X-1), false
	case '\t':
		v.X, v.pending = min(v.X/8*8+8, v.Cols-1), false
	default:
		v.Unknown = append(v.Unknown, fmt.Sprintf("%q", c))
	}
}

func (v *Screen) newline() {
	if v.Y+1 < v.Rows {
		v.Y++
		return
	}
	v.Scrolled = append(v.Scrolled, v.Lines[0])
	v.Lines = append(v.Lines[1:], v.blank())
}

func (v *Screen) put(c string, w int) {
	if c == "\u2068" || c == "\u2069" {
		return // isolates, which a terminal that reorders nothing passes over
	}
	if w <= 0 {
		v.Unknown = append(v.Unknown, fmt.Sprintf("zero width %q", c))
		return
	}
	if v.pending || v.X+w > v.Cols {
		v.Lines[v.Y].Soft = true
		v.X, v.pending = 0, false
		v.newline()
	}
	row := v.Lines[v.Y].Cells
	row[v.X] = Cell{c, v.SGR}
	for i := 1; i < w; i++ {
		row[v.X+i] = Cell{"", v.SGR}
	}
	v.X += w
	if v.X == v.Cols {
		v.X, v.pending = v.Cols-1, true
	}
}

func (v *Screen) escape(s string) {
	if s == "\x1b]11;?\x1b\\" {
		if v.OnAskBackground != nil {
			v.OnAskBackground()
		}
		return
	}
	if s == "\x1b(B" {
		return // ASCII, which it is
	}
	if title, ok := strings.CutPrefix(s, "\x1b]2;"); ok {
		v.Title = strings.TrimSuffix(title, "\x07")
		return
	}
	switch s {
	case "\x1b7":
		v.kept = cursor{v.X, v.Y, v.SGR, v.pending}
		return
	case "\x1b8":
		v.X, v.Y, v.SGR, v.pending = min(v.kept.x, v.Cols-1), min(v.kept.y, v.Rows-1), v.kept.sgr, v.kept.pending
		return
	case "\x1b[6n":
		if v.OnAskCursor != nil {
			v.OnAskCursor(fmt.Sprintf("\x1b[%d;%dR", v.Y+1, v.X+1))
		}
		return
	}
	body := strings.TrimPrefix(s, "\x1b[")
	if body == s || body == "" {
		v.Unknown = append(v.Unknown, fmt.Sprintf("%q", s))
		return
	}
	params, final := body[:len(body)-1], body[len(body)-1]
	n, err := strconv.Atoi(params)
	if err != nil || n == 0 {
		n = 1
	}
	if final != 'm' && final != 'h' && final != 'l' {
		v.pending = false
	}
	switch {
	case final == 'm':
		v.SGR = strings.TrimPrefix(strings.TrimPrefix(params, "0"), ";")
	case final == 'A':
		v.Y = max(0, v.Y-n)
	case final == 'B':
		v.Y = min(v.Rows-1, v.Y+n)
	case final == 'C':
		v.X = min(v.Cols-1, v.X+n)
	case final == 'D':
		v.X = max(0, v.X-n)
	case final == 'H':
		row, col, _ := strings.Cut(params, ";")
		v.Y, v.X = v.position(row, v.Rows), v.position(col, v.Cols)
	case final == 'J' && params == "":
		v.eraseRow(v.Y, v.X)
		for y := v.Y + 1; y < v.Rows; y++ {
			v.Lines[y] = v.blank()
		}
	case final == 'J' && params == "2":
		for y := range v.Lines {
			v.Lines[y] = v.blank()
		}
	case final == 'K' && params == "":
		v.eraseRow(v.Y, v.X)
	case body == "22;0t":
		v.titles = append(v.titles, v.Title)
	case body == "23;0t" && len(v.titles) > 0:
		v.Title, v.titles = v.titles[len(v.titles)-1], v.titles[:len(v.titles)-1]
	case body == "?25l" || body == "?25h":
		v.Hidden = final == 'l'
	case body == "?2004l" || body == "?2004h":
		v.Paste = final == 'h'
	default:
		v.Unknown = append(v.Unknown, fmt.Sprintf("%q", s))
	}
}

// position is a row or column from 0 on, of most.
func (v *Screen) position(param string, most int) int {
	n, err := strconv.Atoi(param)
	if err != nil {
		return 0
	}
	return min(max(n, 1), most) - 1
}

func (v *Screen) eraseRow(y, from int) {
	for x := from; x < v.Cols; x++ {
		v.Lines[y].Cells[x] = Cell{Text: " "}
	}
	v.Lines[y].Soft = false
}

func textOf(r Row) string {
	var b strings.Builder
	for _, c := range r.Cells {
		b.WriteString(c.Text)
	}
	return strings.TrimRight(b.String(), " ")
}

// Text is the screen without its styles and without the blank rows at its end.
func (v *Screen) Text() string {
	var rows []string
	for _, r := range v.Lines {
		rows = append(rows, textOf(r))
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// All is Text with what has scrolled out before it.
func (v *Screen) All() string {
	var b strings.Builder
	for _, r := range v.Scrolled {
		b.WriteString(textOf(r) + "\n")
	}
	return b.String() + v.Text()
}

// letters stand for the styles of a Legend.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// Legend gives each style that occurs a letter.
type Legend struct{ Styles []string }

func (l *Legend) letter(sgr string) byte {
	if sgr == "" {
		return ' '
	}
	i := slices.Index(l.Styles, sgr)
	if i < 0 {
		i = len(l.Styles)
		l.Styles = append(l.Styles, sgr)
	}
	return letters[i%len(letters)]
}

// String lists the letters and what they stand for, a row each.
func (l *Legend) String() string {
	var b strings.Builder
	for i, s := range l.Styles {
		fmt.Fprintf(&b, "%c = %s\n", letters[i%len(letters)], s)
	}
	return b.String()
}

// Dump is the screen for a golden file: rows with a bar, the cursor's with an arrow
// before it, and below each row that has them the letters of its styles.
func (v *Screen) Dump(l *Legend) string {
	var b strings.Builder
	last := len(strings.Split(v.Text(), "\n"))
	for y, r := range v.Lines[:max(last, v.Y+1)] {
		mark := "|"
		if y == v.Y {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s%s\n", mark, textOf(r))
		var styles strings.Builder
		for _, c := range r.Cells {
			styles.WriteByte(l.letter(c.SGR))
		}
		if s := strings.TrimRight(styles.String(), " "); s != "" {
			b.WriteString("~" + s + "\n")
		}
	}
	fmt.Fprintf(&b, "cursor %d\n", v.X)
	return b.String()
}
