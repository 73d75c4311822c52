package editor

import "strings"

// view is all that the screen shows of a line being edited. It is never changed
// once made, so any goroutine may draw it.
type view struct {
	prompt []Segment
	line   line
	spans  []Span
	// found are the offsets of the bytes that a history search matched.
	found []int
	// ghost is shown pale behind the text.
	ghost string
	// pairs are the offsets of brackets that belong together.
	pairs       []int
	hint        []Segment
	items       []Candidate
	chosen, top int // the chosen candidate or -1, the first one shown
	menuRows    int
	// wide says that the labels of the menu matter most.
	wide bool
	// last says that the line is finished: all of it is shown, without help and
	// menu, and tail after it.
	last bool
	tail string
}

// row is one row of the screen, with its width in cells.
type row struct {
	text  string
	width int
}

// frame is a view laid out for one size of the screen.
type frame struct {
	rows   []row
	cx, cy int
}

const (
	maxHintRows = 3
	// maxPaint bounds the bytes of a text that is coloured.
	maxPaint = 256 << 10
	// maxMargin is the widest prompt that later lines are lined up with.
	maxMargin = 24
)

// layout lays v out for a screen of cols by rows. The frame is never higher than
// the screen, except for a finished line, which scrolls by.
func layout(v *view, cols, rows int, st style) frame {
	body := layoutText(v, cols, st)
	if v.last {
		return body
	}
	hint := layoutHint(v.hint, cols, st)
	hint = hint[:min(len(hint), max(0, rows-1))]
	left := rows - len(hint)
	menu := min(len(v.items), v.menuRows, left-min(len(body.rows), max(1, left/2)))
	if over := len(body.rows) - (left - menu); over > 0 {
		// Show the part around the cursor.
		from := min(max(0, body.cy-(left-menu)/2), over)
		body.rows = body.rows[from : from+left-menu]
		body.cy -= from
	}
	body.rows = append(body.rows, hint...)
	body.rows = append(body.rows, layoutMenu(v, menu, cols, st)...)
	return body
}

// layoutText lays out the prompt and the text.
func layoutText(v *view, cols int, st style) frame {
	p := newPen(cols, st)
	for _, s := range v.prompt {
		p.write(s.Text, attr{role: s.Role})
	}
	margin := p.w
	if len(p.rows) > 0 || margin > min(maxMargin, cols/3) {
		margin = 2
	}
	attrs := paint(v)
	text := v.line.text
	f := frame{cx: -1}
	var buf [8]glyph
	for i := 0; i < len(text); {
		n := cluster(text[i:])
		var a attr
		if i < len(attrs) {
			a = attrs[i]
		}
		if text[i] == '\n' {
			if i == v.line.at {
				f.cx, f.cy = p.cursor(1)
			}
			p.wrap()
			p.write(strings.Repeat(" ", max(0, margin-2))+"│ ", attr{role: Dim})
			i += n
			continue
		}
		gs := glyphs(buf[:0], text[i:i+n])
		if i == v.line.at {
			f.cx, f.cy = p.cursor(gs[0].width)
		}
		for _, g := range gs {
			p.put(g, a)
		}
		i += n
	}
	if f.cx < 0 {
		pale := appendCells(nil, v.ghost, attr{role: Dim})
		next := 1
		if len(pale) > 0 {
			next = pale[0].width
		}
		f.cx, f.cy = p.cursor(next)
		p.cut(pale, cols-p.w)
	}
	p.write(v.tail, attr{role: Dim})
	p.wrap()
	f.rows = p.rows
	return f
}

// paint gives each byte of the text its look.
func paint(v *view) []attr {
	if len(v.line.text) > maxPaint {
		return nil
	}
	out := make([]attr, len(v.line.text))
	for _, s := range v.spans {
		for i := max(0, s.From); i < min(s.To, len(out)); i++ {
			if s.Role == Error {
				out[i].wrong = true
			} else {
				out[i].role = s.Role
			}
		}
	}
	for _, marks := range [][]int{v.pairs, v.found} {
		for _, i := range marks {
			if i >= 0 && i < len(out) {
				out[i].matched = true
			}
		}
	}
	return out
}

// layoutHint lays out the help: a row a line, cut to the width of the screen.
func layoutHint(segs []Segment, cols int, st style) []row {
	lines := [][]Segment{nil}
	for _, s := range segs {
		for i, part := range strings.Split(s.Text, "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			if part != "" {
				lines[len(lines)-1] = append(lines[len(lines)-1], Segment{Text: part, Role: s.Role})
			}
		}
	}
	var out []row
	for _, l := range lines[:min(len(lines), maxHintRows)] {
		if len(l) > 0 {
			out = append(out, hintRow(l, cols, st))
		}
	}
	return out
}

// hintRow lays out one row of help, shifted so that the current parameter is seen.
func hintRow(segs []Segment, cols int, st style) row {
	var all []cell
	from, to := 0, 0 // the cells of the current parameter
	for _, s := range segs {
		if s.Role == Current && to == 0 {
			from = len(all)
		}
		all = appendCells(all, s.Text, attr{role: s.Role})
		if s.Role == Current {
			to = len(all)
		}
	}
	skip := 0
	if cellWidth(all[:to]) > cols-1 {
		for skip < from && cellWidth(all[skip:to]) > cols-2 {
			skip++
		}
	}
	p := newPen(cols, st)
	if skip > 0 {
		p.put(glyph{text: "…", width: 1}, attr{role: Dim})
	}
	p.cut(all[skip:], cols-p.w)
	return p.row()
}

// layoutMenu lays out n rows of candidates.
func layoutMenu(v *view, n, cols int, st style) []row {
	if n <= 0 {
		return nil
	}
	top := min(max(v.top, v.chosen-n+1), len(v.items)-n)
	if v.chosen >= 0 {
		top = min(top, v.chosen)
	}
	shown := v.items[top : top+n]
	label, kind, about := 0, 0, 0
	for _, c := range shown {
		label = max(label, width(c.label()))
		kind = max(kind, width(c.Kind))
		about = max(about, width(c.Description))
	}
	most := max(8, cols/2)
	if cols < 60 { // names that differ at their ends must be told apart
		kind, most = 0, max(8, cols*2/3)
	}
	if v.wide {
		most = max(most, cols-6-min(kind, cols/4)-min(about, cols/4))
	}
	label = min(label, most)
	out := make([]row, n)
	for i, c := range shown {
		p := newPen(cols, st)
		chosen := top+i == v.chosen
		p.cut(menuLabel(c, chosen), label+1)
		p.pad(label+2, attr{chosen: chosen})
		if kind > 0 {
			p.cut(appendCells(nil, c.Kind, attr{role: Dim, chosen: chosen}), min(kind, cols/4))
			p.pad(label+2+min(kind, cols/4)+1, attr{chosen: chosen})
		}
		p.cut(appendCells(nil, c.Description, attr{role: Dim, chosen: chosen}), cols-2-p.w)
		p.pad(cols-2, attr{chosen: chosen})
		if n < len(v.items) { // where in the list this is
			bar := glyph{text: " ", width: 1}
			if from := top * n / len(v.items); i >= from && i <= from+n*n/len(v.items) {
				bar.text = "▐"
			}
			p.put(bar, attr{role: Dim})
		}
		out[i] = p.row()
	}
	return out
}

// menuLabel is the label of a candidate with its matched bytes marked.
func menuLabel(c Candidate, chosen bool) []cell {
	text, matches := c.label(), c.Match
	cells := []cell{{glyph{text: " ", width: 1}, attr{chosen: chosen}}}
	for i := 0; i < len(text); {
		n := cluster(text[i:])
		a := attr{role: c.Role, chosen: chosen}
		for len(matches) > 0 && matches[0] < i+n {
			a.matched = a.matched || matches[0] >= i
			matches = matches[1:]
		}
		cells = appendCells(cells, text[i:i+n], a)
		i += n
	}
	return cells
}
