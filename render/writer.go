package render

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// writer lays out styled text on lines that are not wider than a width. What
// is put is safe already; words and quoted make it so.
type writer struct {
	b      []byte
	pal    *palette
	width  int
	col    int  // columns used on the line
	indent int  // of the line after one that is full
	gap    bool // a space is due
	// rigid forbids to begin a new line; over then says that one was needed.
	rigid, over bool
	out         *Stream // nil: b keeps everything
}

func newWriter(dst []byte, opt *Options) *writer {
	return &writer{b: dst, pal: opt.palette(), width: opt.width()}
}

// line begins a new line with that many spaces.
func (w *writer) line(indent int) {
	w.b = append(w.b, '\n')
	if !w.rigid {
		w.b = w.out.drain(w.b)
	}
	for range indent {
		w.b = append(w.b, ' ')
	}
	w.col, w.gap = indent, false
}

// wrap begins a new line because this one is full.
func (w *writer) wrap() {
	if w.rigid {
		w.over = true
		return
	}
	w.line(w.indent)
}

// space asks for a space before what comes next, if that is on the same line.
func (w *writer) space() { w.gap = true }

func (w *writer) gapWidth() int {
	if w.gap {
		return 1
	}
	return 0
}

// begin makes room for n columns that should stand together: on this line,
// after the space that was asked for, or else on the next.
func (w *writer) begin(n int) {
	gap := w.gapWidth()
	w.gap = false
	if w.col+gap+n > w.width && w.col > w.indent {
		w.wrap()
		if !w.rigid {
			return
		}
	}
	if gap > 0 {
		w.b = append(w.b, ' ')
		w.col++
	}
}

// put writes s, which is safe and has no newline, on this line if it fits, else
// on the next; what is wider than a whole line is cut into lines.
func (w *writer) put(st style, s string) {
	n := textWidth(s)
	w.begin(n)
	w.b = append(w.b, w.pal[st].on...)
	if w.col+n <= w.width || w.rigid {
		w.b = append(w.b, s...)
		w.col += n
		w.over = w.over || w.col > w.width
	} else {
		w.chop(st, s)
	}
	w.b = append(w.b, w.pal[st].off...)
}

// join writes three ASCII texts as one, as put does.
func (w *writer) join(st style, a, b, c string) {
	n := len(a) + len(b) + len(c)
	w.begin(n)
	if w.col+n > w.width && !w.rigid {
		w.put(st, a+b+c)
		return
	}
	w.b = append(w.b, w.pal[st].on...)
	w.b = append(append(append(w.b, a...), b...), c...)
	w.b = append(w.b, w.pal[st].off...)
	w.col += n
	w.over = w.over || w.col > w.width
}

// chop writes s, cut wherever a line ends.
func (w *writer) chop(st style, s string) {
	for len(s) > 0 {
		piece, n := cluster(s)
		w.piece(st, s[:piece], n)
		s = s[piece:]
	}
}

// piece writes what may not be cut, inside of the style st.
func (w *writer) piece(st style, s string, n int) {
	if w.col+n > w.width && w.col > w.indent {
		w.b = append(w.b, w.pal[st].off...)
		w.wrap()
		w.b = append(w.b, w.pal[st].on...)
	}
	w.b = append(w.b, s...)
	w.col += n
}

// words writes text of any origin, escaped, broken between its words.
func (w *writer) words(st style, s string) {
	s = Escape(s)
	for first := true; ; first = false {
		i := 0
		for i < len(s) && s[i] != ' ' {
			i++
		}
		if !first {
			w.space()
		}
		if i > 0 {
			w.put(st, s[:i])
		}
		if i == len(s) {
			return
		}
		s = s[i+1:]
	}
}

// maxCluster bounds the bytes that are taken as one grapheme cluster: a letter
// may carry any number of marks.
const maxCluster = 64

// cluster gives the bytes and the columns of the first grapheme cluster of s,
// which is not empty. It ends before the first rune that is not safe.
func cluster(s string) (n, width int) {
	if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return 1, 1
	}
	first, _, width, _ := uniseg.FirstGraphemeClusterInString(s[:min(len(s), 4*maxCluster)], -1)
	n = len(first)
	if n > maxCluster {
		n = maxCluster
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
	}
	if i := firstUnsafe(s[:n]); i > 0 {
		n = i
	}
	if n != len(first) {
		width = uniseg.StringWidth(s[:n])
	}
	return n, width
}

// textWidth is the number of columns of a safe text.
func textWidth(s string) int {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return uniseg.StringWidth(s)
		}
	}
	return len(s)
}

// quoted writes s between quotes with its escapes, over as many lines as it
// needs: a newline in it is written as \n and begins a line. After most columns
// it is cut, if that saves something, and the number of characters that are
// left is said.
func (w *writer) quoted(s string, most int) {
	w.begin(1)
	w.b = append(w.b, w.pal[text].on...)
	w.piece(text, `"`, 1)
	used := 0
	for len(s) > 0 {
		if used >= most && len(s) > 64 {
			break
		}
		if n := w.run(s, most-used); n > 0 {
			used += n
			s = s[n:]
			continue
		}
		n, columns := w.char(s)
		used += max(1, columns)
		s = s[n:]
	}
	w.piece(text, `"`, 1)
	w.b = append(w.b, w.pal[text].off...)
	if len(s) > 0 {
		w.space()
		w.rest(utf8.RuneCountInString(s), "characters")
	}
}

// rest says how much was left out.
func (w *writer) rest(n int, of string) {
	w.put(dim, "… "+strconv.Itoa(n)+" more "+of)
}

// run writes the plain ASCII text that s begins with, as far as the line
// reaches, and gives its length; 0 when there is none.
func (w *writer) run(s string, most int) int {
	n := 0
	for n < len(s) && s[n] >= ' ' && s[n] < 0x7f && s[n] != '"' && s[n] != '\\' {
		n++
	}
	if n < len(s) && s[n] >= utf8.RuneSelf {
		n-- // the last one may have marks
	}
	n = min(n, max(most, 1))
	if n <= 0 {
		return 0
	}
	room := w.width - w.col
	if n <= room || w.rigid {
		w.b = append(w.b, s[:n]...)
		w.col += n
		w.over = w.over || w.col > w.width
		return n
	}
	// Break after the last space that fits; a word that no line holds is cut
	// where this one ends.
	cut := room
	for cut > 0 && s[cut-1] != ' ' {
		cut--
	}
	if cut == 0 {
		word := strings.IndexByte(s[:n], ' ')
		if word < 0 {
			word = n
		}
		if word > w.width-w.indent || w.col <= w.indent {
			cut = room
		}
	}
	w.b = append(w.b, s[:cut]...)
	w.b = append(w.b, w.pal[text].off...)
	w.line(w.indent)
	w.b = append(w.b, w.pal[text].on...)
	return max(cut, 0)
}

// char writes the first character of s, which may be an escape, and gives its
// bytes in s and its columns.
func (w *writer) char(s string) (n, columns int) {
	r, n := utf8.DecodeRuneInString(s)
	var room [16]byte
	switch {
	case r == '"' || r == '\\':
		w.piece(text, string(append(room[:0], '\\', s[0])), 2)
		return n, 2
	case unsafeRune(r) || r == utf8.RuneError && n == 1:
		esc := appendEscapeOf(room[:0], r, s[0], n)
		w.piece(text, string(esc), len(esc))
		if r == '\n' && len(s) > 1 && !w.rigid {
			w.b = append(w.b, w.pal[text].off...)
			w.line(w.indent)
			w.b = append(w.b, w.pal[text].on...)
		}
		return n, len(esc)
	}
	n, columns = cluster(s)
	w.piece(text, s[:n], columns)
	return n, columns
}

// clip cuts a safe text to that many columns, the last one then being …
func clip(s string, columns int) string {
	if len(s) <= columns || textWidth(s) <= columns {
		return s
	}
	used, i := 0, 0
	for i < len(s) {
		n, w := cluster(s[i:])
		if used+w > columns-1 {
			break
		}
		used += w
		i += n
	}
	return s[:i] + "…"
}
