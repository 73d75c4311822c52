package render

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"tlsh/syntax"
)

// Diagnostic appends what is wrong with a line, for people: the place as
// line:column (with the file's name, or when src has more than one line), the
// message, the source line with a caret under the place, and the fix. A related
// place is underlined too, on its own line if it has one. src is shown with
// escapes for all that is not text, and of a long line only the part around the
// place, so that nothing is wider than Options.Width. Places outside of src
// count as its nearest end.
func Diagnostic(dst []byte, src string, e *syntax.Error, opt Options) []byte {
	w := newWriter(dst, &opt)
	w.indent = 2
	if opt.File != "" || strings.ContainsRune(src, '\n') {
		w.words(dim, opt.position(src, e.Span.From)+":")
		w.space()
	}
	w.words(fault, e.Msg)
	main := within(src, e.Span)
	related := within(src, e.Related)
	has := e.Related != syntax.Span{}
	same := has && lineOf(src, main.From) == lineOf(src, related.From)
	if same {
		w.excerpt(src, main, &related)
	} else {
		w.excerpt(src, main, nil)
	}
	if has && !same {
		w.line(2)
		w.words(dim, "see "+opt.position(src, related.From)+":")
		w.excerpt(src, related, nil)
	}
	if e.Fix != "" {
		w.line(2)
		w.words(fix, e.Fix)
	}
	return w.b
}

func (o *Options) position(src string, off int) string {
	line, col := syntax.Position(src, off)
	s := strconv.Itoa(line+max(o.Line, 1)-1) + ":" + strconv.Itoa(col)
	if o.File != "" {
		s = o.File + ":" + s
	}
	return s
}

// within brings a span into the source.
func within(src string, s syntax.Span) syntax.Span {
	s.From = max(0, min(s.From, len(src)))
	s.To = max(s.From, min(s.To, len(src)))
	return s
}

// lineOf is the line that holds the offset, without its newline.
func lineOf(src string, off int) syntax.Span {
	from := strings.LastIndexByte(src[:off], '\n') + 1
	to := len(src)
	if i := strings.IndexByte(src[off:], '\n'); i >= 0 {
		to = off + i
	}
	return syntax.Span{From: from, To: to}
}

// A character on the screen takes at most four bytes a column, marks apart.
const bytesPerColumn = 4

// cell is a piece of a source line as it is shown.
type cell struct {
	text  string
	width int
	from  int // in the source
	to    int
}

// excerpt writes the source line of a span, and carets under the span. also is
// another span of that line to underline, or nil.
func (w *writer) excerpt(src string, at syntax.Span, also *syntax.Span) {
	const indent = 2
	room := min(w.width, 1000) - indent
	line := lineOf(src, at.From)
	if strings.HasSuffix(src[line.From:line.To], "\r") && at.From < line.To {
		line.To--
	}
	cells, caret := cells(src, line, at.From, room)
	first, last := window(cells, caret, at, room)
	w.line(indent)
	mark := newMarks(at, also)
	if first > 0 || len(cells) > 0 && cells[0].from > line.From {
		w.b = append(w.b, w.pal[dim].on...)
		w.b = append(w.b, "…"...)
		w.b = append(w.b, w.pal[dim].off...)
		mark.add(" ", 1, style(0))
	}
	for _, c := range cells[first:last] {
		w.b = append(w.b, c.text...)
		mark.cell(c)
	}
	if last < len(cells) || len(cells) > 0 && cells[len(cells)-1].to < line.To {
		w.b = append(w.b, w.pal[dim].on...)
		w.b = append(w.b, "…"...)
		w.b = append(w.b, w.pal[dim].off...)
	} else {
		mark.end(line.To)
	}
	w.line(indent)
	mark.append(w)
}

// cells takes apart as much of a line as can matter on a screen around off;
// caret is the index of the cell that holds off.
func cells(src string, line syntax.Span, off, room int) (out []cell, caret int) {
	from := max(line.From, off-bytesPerColumn*room)
	for from > line.From && !utf8.RuneStart(src[from]) {
		from--
	}
	to := min(line.To, off+2*bytesPerColumn*room)
	for i := from; i < to; {
		if i <= off {
			caret = len(out)
		}
		c := cell{from: i}
		r, n := utf8.DecodeRuneInString(src[i:line.To])
		switch {
		case r == '\t':
			c.text, c.width = "    ", 4
		case unsafeRune(r) || r == utf8.RuneError && n == 1:
			c.text = string(appendEscapeOf(nil, r, src[i], n))
			c.width = len(c.text)
		default:
			n, c.width = cluster(src[i:line.To])
			c.text = src[i : i+n]
		}
		i += n
		c.to = i
		out = append(out, c)
	}
	if len(out) > 0 && out[len(out)-1].to <= off {
		caret = len(out)
	}
	return out, caret
}

// window chooses the cells that fit into room with an … at each end: from the
// line's beginning if the caret is seen then, else from two thirds before it.
func window(cells []cell, caret int, at syntax.Span, room int) (first, last int) {
	width := 0
	for i := 0; i < len(cells) && (i <= caret || cells[i].from < at.To); i++ {
		width += cells[i].width
	}
	total := width
	for i := caret + 1; i < len(cells) && total <= room; i++ {
		if cells[i].from >= at.To {
			total += cells[i].width
		}
	}
	if caret == len(cells) {
		width++ // the caret stands behind the text
		total++
	}
	if total <= room-2 {
		return 0, len(cells)
	}
	if width > room-3 {
		// Go back from the caret while there is room before it, and for it: an
		// escape may take most of a narrow screen.
		most := (room - 3) / 2
		if caret < len(cells) {
			most = min(most, room-3-cells[caret].width)
		}
		back := 0
		for first = min(caret, len(cells)); first > 0 && back+cells[first-1].width <= most; first-- {
			back += cells[first-1].width
		}
	}
	used := 0
	for last = first; last < len(cells) && used+cells[last].width <= room-3; last++ {
		used += cells[last].width
	}
	return first, last
}

// marks is the line of carets.
type marks struct {
	at, also syntax.Span
	has      bool
	found    bool // the main span has its caret
	spot     int  // 1 + the part under which it belongs, were it wider
	parts    []markPart
}

type markPart struct {
	text  string
	width int
	style style
}

func newMarks(at syntax.Span, also *syntax.Span) *marks {
	m := &marks{at: at}
	if also != nil {
		m.also, m.has = *also, true
	}
	return m
}

func (m *marks) add(text string, width int, st style) {
	m.parts = append(m.parts, markPart{text, width, st})
}

// cell adds what stands under a cell.
func (m *marks) cell(c cell) {
	switch {
	case m.at.From < c.to && c.from < m.at.To || m.at.From == m.at.To && c.from <= m.at.From && m.at.From < c.to:
		m.found = m.found || c.width > 0
		if m.spot == 0 {
			m.spot = len(m.parts) + 1
		}
		m.add("^", c.width, fault)
	case m.has && (m.also.From < c.to && c.from < m.also.To || m.also.From == m.also.To && c.from == m.also.From):
		m.add("~", c.width, dim)
	default:
		m.add(" ", c.width, plain)
	}
}

// end adds the caret of a place at the end of the line.
func (m *marks) end(to int) {
	if !m.found && m.spot == 0 && m.at.From >= to {
		m.found = true
		m.add("^", 1, fault)
	}
}

// settle gives a place that takes no columns the caret under what follows it.
func (m *marks) settle() {
	if m.found || m.spot == 0 {
		return
	}
	for i := m.spot - 1; i < len(m.parts); i++ {
		if m.parts[i].width > 0 {
			m.parts[i].text, m.parts[i].style = "^", fault
			return
		}
	}
	m.add("^", 1, fault)
}

func (m *marks) append(w *writer) {
	m.settle()
	for len(m.parts) > 0 && m.parts[len(m.parts)-1].text == " " {
		m.parts = m.parts[:len(m.parts)-1]
	}
	for i := 0; i < len(m.parts); {
		st := m.parts[i].style
		w.b = append(w.b, w.pal[st].on...)
		for ; i < len(m.parts) && m.parts[i].style == st; i++ {
			for range m.parts[i].width {
				w.b = append(w.b, m.parts[i].text...)
			}
		}
		w.b = append(w.b, w.pal[st].off...)
	}
}
