package editor

import "strings"

// cell is a glyph and its look.
type cell struct {
	glyph
	attr
}

// appendCells appends the cells of s, all looking like a.
func appendCells(dst []cell, s string, a attr) []cell {
	var buf [8]glyph
	for len(s) > 0 {
		n := cluster(s)
		for _, g := range glyphs(buf[:0], s[:n]) {
			dst = append(dst, cell{g, a})
		}
		s = s[n:]
	}
	return dst
}

func cellWidth(cells []cell) int {
	w := 0
	for _, c := range cells {
		w += c.width
	}
	return w
}

// pen writes cells into rows of a fixed width.
type pen struct {
	cols  int
	style style
	rows  []row

	b   strings.Builder // of the row begun
	w   int
	now attr
}

func newPen(cols int, st style) *pen { return &pen{cols: cols, style: st} }

// put writes one glyph, on the next row if it does not fit on this one.
func (p *pen) put(g glyph, a attr) {
	if g.escape {
		a.role = escaped
	}
	if g.width > p.cols {
		g = glyph{text: "?", width: 1}
	}
	if p.w+g.width > p.cols {
		p.wrap()
	}
	if a != p.now {
		p.b.WriteString(p.style.sgr(a))
		p.now = a
	}
	p.b.WriteString(g.text)
	p.w += g.width
}

func (p *pen) write(s string, a attr) {
	for _, c := range appendCells(nil, s, a) {
		p.put(c.glyph, c.attr)
	}
}

// cut writes cells into at most room columns, the last an ellipsis if they need
// more.
func (p *pen) cut(cells []cell, room int) {
	whole := cellWidth(cells) <= room
	for _, c := range cells {
		if !whole && c.width+1 > room {
			if room > 0 {
				p.put(glyph{text: "…", width: 1}, c.attr)
			}
			return
		}
		p.put(c.glyph, c.attr)
		room -= c.width
	}
}

// pad fills the row up to the column.
func (p *pen) pad(column int, a attr) {
	for p.w < min(column, p.cols) {
		p.put(glyph{text: " ", width: 1}, a)
	}
}

// cursor returns where a cursor stands before a glyph of width w.
func (p *pen) cursor(w int) (x, y int) {
	if p.w+min(w, p.cols) > p.cols {
		p.wrap()
	}
	return p.w, len(p.rows)
}

// wrap ends the row.
func (p *pen) wrap() { p.rows = append(p.rows, p.row()) }

// row takes the row begun.
func (p *pen) row() row {
	if p.now != (attr{}) {
		p.b.WriteString(p.style.sgr(attr{}))
	}
	r := row{p.b.String(), p.w}
	p.b.Reset()
	p.w, p.now = 0, attr{}
	return r
}
