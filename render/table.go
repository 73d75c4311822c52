package render

import (
	"math"
	"strconv"
	"strings"
	"time"

	"tlsh/schema"
	"tlsh/tl"
)

// Table lays out rows of cells in columns as wide as their widest cell, in
// display cells. All rows are measured first, then appended; it keeps none of
// them. The text of a cell is safe already, as Cell and Escape make it.
type Table struct {
	columns []column
	fitted  bool
}

type column struct {
	title string
	width int
	right bool // every cell is a number
	seen  bool
}

// columnGap is the space between two columns.
const columnGap = 2

// narrowColumn is the width under which no column is cut for the sake of the
// others.
const narrowColumn = 8

// NewTable makes a table with these titles.
func NewTable(titles ...string) *Table {
	t := &Table{}
	for _, s := range titles {
		s = Escape(s)
		t.columns = append(t.columns, column{title: s, width: textWidth(s)})
	}
	return t
}

// Measure takes in the width of the i-th cell of a row; number says that it is
// one. Numbers stand at the right, when all cells of a column are numbers or
// empty.
func (t *Table) Measure(i int, cell string, number bool) {
	if cell == "" {
		return
	}
	c := &t.columns[i]
	c.width = max(c.width, textWidth(cell))
	c.right = number && (c.right || !c.seen)
	c.seen = true
}

// fit makes the table no wider than width, by cutting its widest columns.
func (t *Table) fit(width int) {
	if t.fitted {
		return
	}
	t.fitted = true
	total := columnGap * (len(t.columns) - 1)
	for i := range t.columns {
		t.columns[i].width = min(t.columns[i].width, width)
		total += t.columns[i].width
	}
	for total > width {
		widest := 0
		for i := range t.columns {
			if t.columns[i].width >= t.columns[widest].width {
				widest = i
			}
		}
		if t.columns[widest].width <= narrowColumn {
			return // lines are cut at their end
		}
		t.columns[widest].width--
		total--
	}
}

// AppendHeader appends the line of the titles.
func (t *Table) AppendHeader(dst []byte, opt Options) []byte {
	titles := make([]string, len(t.columns))
	for i := range t.columns {
		titles[i] = t.columns[i].title
	}
	return t.appendLine(dst, titles, field, opt)
}

// AppendRow appends the line of a row.
func (t *Table) AppendRow(dst []byte, cells []string, opt Options) []byte {
	return t.appendLine(dst, cells, plain, opt)
}

func (t *Table) appendLine(dst []byte, cells []string, st style, opt Options) []byte {
	width := opt.width()
	t.fit(width)
	pal := opt.palette()
	used, due := 0, 0 // columns written, and spaces before the next text
	for i := range t.columns {
		c := &t.columns[i]
		cell := clip(cells[i], c.width)
		n := textWidth(cell)
		if c.right {
			due += c.width - n
		}
		if room := width - used - due; n > room {
			if room < 1 {
				break
			}
			cell = clip(cell, room)
			n = textWidth(cell)
		}
		if n > 0 {
			dst = appendSpaces(dst, due)
			dst = append(append(append(dst, pal[st].on...), cell...), pal[st].off...)
			used += due + n
			due = 0
		}
		if !c.right {
			due += c.width - n
		}
		due += columnGap
	}
	return append(dst, '\n')
}

func appendSpaces(dst []byte, n int) []byte {
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

// Cell is a value on one line for a table, safe on a terminal: dates as dates,
// people by the name that is known. of is the object that v is the field param
// of; both may be nil. number says that it is one.
func Cell(v tl.Value, of *schema.Combinator, param *schema.Param, opt Options) (text string, number bool) {
	switch v.Kind() {
	case tl.KindNone:
		return "", false
	case tl.KindString:
		return Escape(v.AsString()), false
	case tl.KindInt:
		if param != nil && isDate(param) {
			return cellDate(v.AsInt(), opt), false
		}
		return strconv.FormatInt(v.AsLong(), 10), true
	case tl.KindLong:
		return strconv.FormatInt(v.AsLong(), 10), true
	case tl.KindDouble:
		return string(appendDecimal(nil, v.AsDouble())), true
	case tl.KindVector:
		items := v.Vector().Items
		if words, ok := texts(items); ok {
			return words, false
		}
		if !flat(items) || len(items) > 8 {
			return "[" + strconv.Itoa(len(items)) + "]", false
		}
	case tl.KindObject:
		if s := cellPeer(v.Object(), opt); s != "" {
			return s, false
		}
	}
	t := newTree(nil, opt)
	t.width, t.rigid = noLimit, true
	t.pal = &noColors
	t.value(v, place{of, param}, 0)
	return string(t.b), false
}

// texts are texts one after the other; ok is false where there is anything else.
func texts(items []tl.Value) (joined string, ok bool) {
	words := make([]string, len(items))
	for i, it := range items {
		if it.Kind() != tl.KindString {
			return "", false
		}
		words[i] = Escape(it.AsString())
	}
	return strings.Join(words, ", "), true
}

func cellDate(n int32, opt Options) string {
	switch n {
	case 0:
		return "" // how the API says never
	case math.MaxInt32:
		return "forever"
	}
	loc := opt.Location
	if loc == nil {
		loc = time.UTC
	}
	return time.Unix(int64(n), 0).In(loc).Format("2006-01-02 15:04:05")
}

// cellPeer is the name of a Peer, or its kind and id; "" of anything else.
func cellPeer(o *tl.Object, opt Options) string {
	kind, id := "", int64(0)
	for _, k := range [...]struct{ def, kind, field string }{
		{"peerUser", "user", "user_id"}, {"peerChat", "chat", "chat_id"}, {"peerChannel", "channel", "channel_id"},
	} {
		if o.Is(k.def) {
			kind, id = k.kind, o.At(k.field).AsLong()
		}
	}
	if kind == "" {
		return ""
	}
	if opt.Names != nil {
		if s := opt.Names(kind, id); s != "" {
			return clip(Escape(s), nameColumns)
		}
	}
	return kind + " " + strconv.FormatInt(id, 10)
}
