package vt

import "slices"

// Resize gives the screen another size.
func (v *Screen) Resize(cols, rows int) {
	if v.Cuts {
		v.cut(cols, rows)
	} else {
		v.rewrap(cols, rows)
	}
	v.pending = false
}

// cut drops what does not fit the width, and rows at the top where the cursor would
// not fit the height.
func (v *Screen) cut(cols, rows int) {
	if over := v.Y + 1 - rows; over > 0 {
		v.Scrolled = append(v.Scrolled, v.Lines[:over]...)
		v.Lines, v.Y = v.Lines[over:], v.Y-over
	}
	v.Lines = v.Lines[:min(len(v.Lines), rows)]
	v.Cols, v.Rows, v.X = cols, rows, min(v.X, cols-1)
	for y := range v.Lines {
		fit := v.blank()
		copy(fit.Cells, v.Lines[y].Cells)
		if next := v.Lines[y].Cells; len(next) > cols && next[cols].Text == "" { // half of a wide one
			fit.Cells[cols-1] = Cell{Text: " "}
		}
		v.Lines[y] = fit
	}
	v.fill()
}

// rewrap joins the rows that go on on the next one, what has scrolled out too, and
// breaks all of them to the width. The cursor stays at its character, and the screen
// is what is lowest.
func (v *Screen) rewrap(cols, rows int) {
	all := append(slices.Clone(v.Scrolled), v.Lines...)
	at := len(v.Scrolled) + v.Y
	end := len(all)
	for end > at+1 && len(trimmed(all[end-1].Cells, 0)) == 0 {
		end--
	}
	v.Cols, v.Rows = cols, rows
	var out []Row
	row, col := 0, 0 // of the cursor
	for i := 0; i < end; {
		var cells []Cell
		offset := -1
		for more := true; more && i < end; i++ {
			if i == at {
				offset = len(cells) + v.X
			}
			cells = append(cells, all[i].Cells...)
			if more = all[i].Soft; more && i+1 < end && len(all[i+1].Cells) > 1 && all[i+1].Cells[1].Text == "" {
				cells = trimmed(cells, len(cells)-1) // the cell that the wide one had no room in
			}
		}
		first := len(out)
		broken, down, right := v.breakCells(trimmed(cells, offset), offset)
		if out = append(out, broken...); offset >= 0 {
			row, col = first+down, right
		}
	}
	top := max(0, min(len(out)-rows, row)) // the cursor is seen, whatever is below it
	v.Scrolled, v.Lines = out[:top:top], out[top:min(len(out), top+rows)]
	v.X, v.Y = col, row-top
	v.fill()
}

// trimmed leaves out the blanks at the end of a line, beyond the cursor's offset.
func trimmed(cells []Cell, offset int) []Cell {
	n := len(cells)
	for n > max(0, offset) && cells[n-1].Text == " " && cells[n-1].SGR == "" {
		n--
	}
	return cells[:n]
}

// breakCells breaks one line to the width, and says where its offset is then.
func (v *Screen) breakCells(cells []Cell, offset int) (out []Row, down, col int) {
	at := 0
	for {
		n := min(len(cells), v.Cols)
		if n > 1 && n < len(cells) && cells[n].Text == "" { // not within a wide one
			n--
		}
		r := v.blank()
		copy(r.Cells, cells[:n])
		if offset >= at && (offset < at+n || len(cells) == n) {
			down, col = len(out), offset-at
		}
		at, cells = at+n, cells[n:]
		r.Soft = len(cells) > 0
		if out = append(out, r); !r.Soft {
			break
		}
	}
	for col >= v.Cols { // the cursor stands beyond the text
		out[len(out)-1].Soft = true
		out = append(out, v.blank())
		down, col = down+1, col-v.Cols
	}
	return out, down, col
}

// fill adds blank rows at the bottom.
func (v *Screen) fill() {
	for len(v.Lines) < v.Rows {
		v.Lines = append(v.Lines, v.blank())
	}
}
