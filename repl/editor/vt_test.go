package editor

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// vtCell is one cell of the emulated screen; the right half of a wide one is empty.
type vtCell struct{ text, sgr string }

// vtRow is one row; soft says that it goes on on the next one.
type vtRow struct {
	cells []vtCell
	soft  bool
}

// vt interprets what is written to a terminal, as far as the editor uses it: cursor
// movement, erasing, SGR and wrapping at the margin with the wrap pending. What it
// does not know it records.
type vt struct {
	cols, rows int
	screen     []vtRow
	scrolled   []vtRow
	x, y       int
	pending    bool
	sgr        string
	hidden     bool
	paste      bool
	unknown    []string
	rest       string
	written    int
	answer     func() // is called when the background is asked for
	title      string
	titles     []string // the stack of them
}

func newVT(cols, rows int) *vt {
	v := &vt{cols: cols, rows: rows}
	for range rows {
		v.screen = append(v.screen, v.blank())
	}
	return v
}

func (v *vt) blank() vtRow {
	r := vtRow{cells: make([]vtCell, v.cols)}
	for i := range r.cells {
		r.cells[i].text = " "
	}
	return r
}

func (v *vt) write(b []byte) {
	v.written += len(b)
	s := v.rest + string(b)
	v.rest = ""
	for len(s) > 0 {
		if s[0] == 0x1b {
			n := sequence([]byte(s), false)
			if n == 0 {
				v.rest = s
				return
			}
			v.escape(s[:n])
			s = s[n:]
			continue
		}
		if s[0] < 0x20 || s[0] == 0x7f {
			v.control(s[0])
			s = s[1:]
			continue
		}
		if !utf8.FullRuneInString(s) {
			v.rest = s
			return
		}
		c, rest, w, _ := uniseg.FirstGraphemeClusterInString(s, -1)
		v.put(c, w)
		s = rest
	}
}

func (v *vt) control(c byte) {
	switch c {
	case '\r':
		v.x, v.pending = 0, false
	case '\n':
		v.pending = false
		v.newline()
	default:
		v.unknown = append(v.unknown, fmt.Sprintf("%q", c))
	}
}

func (v *vt) newline() {
	if v.y+1 < v.rows {
		v.y++
		return
	}
	v.scrolled = append(v.scrolled, v.screen[0])
	v.screen = append(v.screen[1:], v.blank())
}

func (v *vt) put(c string, w int) {
	if w <= 0 {
		v.unknown = append(v.unknown, fmt.Sprintf("zero width %q", c))
		return
	}
	if v.pending || v.x+w > v.cols {
		v.screen[v.y].soft = true
		v.x, v.pending = 0, false
		v.newline()
	}
	row := v.screen[v.y].cells
	row[v.x] = vtCell{c, v.sgr}
	for i := 1; i < w; i++ {
		row[v.x+i] = vtCell{"", v.sgr}
	}
	v.x += w
	if v.x == v.cols {
		v.x, v.pending = v.cols-1, true
	}
}

func (v *vt) escape(s string) {
	if s == askBackground {
		if v.answer != nil {
			v.answer()
		}
		return
	}
	if title, ok := strings.CutPrefix(s, titleSet); ok {
		v.title = strings.TrimSuffix(title, titleEnd)
		return
	}
	body := strings.TrimPrefix(s, "\x1b[")
	if body == s || body == "" {
		v.unknown = append(v.unknown, fmt.Sprintf("%q", s))
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
		v.sgr = strings.TrimPrefix(strings.TrimPrefix(params, "0"), ";")
	case final == 'A':
		v.y = max(0, v.y-n)
	case final == 'B':
		v.y = min(v.rows-1, v.y+n)
	case final == 'C':
		v.x = min(v.cols-1, v.x+n)
	case final == 'H' && params == "":
		v.x, v.y = 0, 0
	case final == 'J' && params == "":
		v.eraseRow(v.y, v.x)
		for y := v.y + 1; y < v.rows; y++ {
			v.screen[y] = v.blank()
		}
	case final == 'J' && params == "2":
		for y := range v.screen {
			v.screen[y] = v.blank()
		}
	case final == 'K' && params == "":
		v.eraseRow(v.y, v.x)
	case body == "22;0t":
		v.titles = append(v.titles, v.title)
	case body == "23;0t" && len(v.titles) > 0:
		v.title, v.titles = v.titles[len(v.titles)-1], v.titles[:len(v.titles)-1]
	case body == "?25l" || body == "?25h":
		v.hidden = final == 'l'
	case body == "?2004l" || body == "?2004h":
		v.paste = final == 'h'
	default:
		v.unknown = append(v.unknown, fmt.Sprintf("%q", s))
	}
}

func (v *vt) eraseRow(y, from int) {
	for x := from; x < v.cols; x++ {
		v.screen[y].cells[x] = vtCell{text: " "}
	}
	v.screen[y].soft = false
}

// resize breaks rows that no longer fit and moves what does not fit the height out
// at the top, as terminals that reflow do. Rows are not joined again, since the
// editor ends each with a newline; soft rows of other output are beyond it.
func (v *vt) resize(cols, rows int) {
	old, oy, ox := v.screen, v.y, v.x
	for len(old) > oy+1 && strings.TrimSpace(textOf(old[len(old)-1])) == "" {
		old = old[:len(old)-1]
	}
	v.cols, v.rows = cols, rows
	var out []vtRow
	for i, r := range old {
		cells := r.cells
		used := len(cells)
		for used > 0 && cells[used-1].text == " " && cells[used-1].sgr == "" && !(i == oy && used <= ox) {
			used--
		}
		cells = cells[:used]
		first := len(out)
		for {
			n := min(len(cells), cols)
			nr := v.blank()
			copy(nr.cells, cells[:n])
			cells = cells[n:]
			nr.soft = len(cells) > 0
			out = append(out, nr)
			if len(cells) == 0 {
				break
			}
		}
		if i == oy {
			v.y, v.x = first+ox/cols, ox%cols
			for len(out) <= v.y {
				out = append(out, v.blank())
			}
		}
	}
	if over := len(out) - rows; over > 0 { // rows below the cursor go first
		out = out[:len(out)-min(over, len(out)-1-v.y)]
	}
	if over := len(out) - rows; over > 0 {
		v.scrolled = append(v.scrolled, out[:over]...)
		out, v.y = out[over:], v.y-over
	}
	for len(out) < rows {
		out = append(out, v.blank())
	}
	v.screen, v.pending = out, false
}

func textOf(r vtRow) string {
	var b strings.Builder
	for _, c := range r.cells {
		b.WriteString(c.text)
	}
	return strings.TrimRight(b.String(), " ")
}

// text is the screen without its styles and without the blank rows at its end.
func (v *vt) text() string {
	var rows []string
	for _, r := range v.screen {
		rows = append(rows, textOf(r))
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// all is text with what has scrolled out before it.
func (v *vt) all() string {
	var b strings.Builder
	for _, r := range v.scrolled {
		b.WriteString(textOf(r) + "\n")
	}
	return b.String() + v.text()
}

// legend gives each style that occurs a letter.
type legend struct {
	letters map[string]byte
	styles  []string
}

func (l *legend) letter(sgr string) byte {
	if sgr == "" {
		return ' '
	}
	if l.letters == nil {
		l.letters = map[string]byte{}
	}
	if _, ok := l.letters[sgr]; !ok {
		l.letters[sgr] = byte('a' + len(l.styles))
		l.styles = append(l.styles, sgr)
	}
	return l.letters[sgr]
}

// dump is the screen for a golden file: rows with a bar, the cursor's with an arrow
// before it, and below each row that has them the letters of its styles.
func (v *vt) dump(l *legend) string {
	var b strings.Builder
	last := len(strings.Split(v.text(), "\n"))
	for y, r := range v.screen[:max(last, v.y+1)] {
		mark := "|"
		if y == v.y {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s%s\n", mark, textOf(r))
		var styles strings.Builder
		for _, c := range r.cells {
			styles.WriteByte(l.letter(c.sgr))
		}
		if s := strings.TrimRight(styles.String(), " "); s != "" {
			b.WriteString("~" + s + "\n")
		}
	}
	fmt.Fprintf(&b, "cursor %d\n", v.x)
	return b.String()
}
