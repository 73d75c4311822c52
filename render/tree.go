package render

import (
	"math"
	"strconv"
	"time"

	"tlsh/schema"
	"tlsh/tl"
)

// AppendTree appends v as a tree for people: constructor names with the flags
// that are set, a line for each field, vectors with type and number of
// elements, small objects and lists on one line, ids with the name that is
// known, dates as dates with the number beside them. Long strings and bytes are
// shortened, and how much is left is said; no element and no field is left out.
// No line is wider than Options.Width.
func AppendTree(dst []byte, v tl.Value, opt Options) []byte {
	return (*Stream)(nil).Tree(dst, v, opt)
}

func newTree(dst []byte, opt Options) tree {
	t := tree{writer: writer{b: dst, pal: opt.palette(), width: opt.width()}, opt: opt}
	if t.opt.Location == nil {
		t.opt.Location = time.UTC
	}
	// Below this column a line has room for any constructor's beginning.
	t.deepest = max(0, min(t.width/2, t.width-12))
	return t
}

// label writes what the value is called.
func (t *tree) label() {
	if s := t.opt.Label; s != "" && len(s)+2 < t.width/2 {
		t.put(dim, Escape(s)+" =")
		t.space()
	}
}

// Tree is AppendTree as a string.
func Tree(v tl.Value, opt Options) string { return string(AppendTree(nil, v, opt)) }

// Limits of what is shown of one value, in columns or bytes.
const (
	textColumns   = 1000 // of a string
	nameColumns   = 40   // of the name beside an id
	previewBytes  = 16   // of long bytes; up to twice as many are shown whole
	alignedName   = 16   // longest field name that the values are aligned to
	inlineFields  = 4    // of an object on one line
	inlineText    = 60   // bytes of a string in an object on one line
	inlineNesting = 3    // of objects on one line
)

type tree struct {
	writer
	opt     Options
	deepest int
	num     [40]byte
}

// place says what is known about a value from where it stands.
type place struct {
	def   *schema.Combinator // the object that it is a field of; nil at the top
	param *schema.Param
}

// value writes v, whose fields or elements stand deeper than depth columns.
func (t *tree) value(v tl.Value, at place, depth int) {
	switch v.Kind() {
	case tl.KindObject:
		t.object(v.Object(), depth)
	case tl.KindVector:
		t.vector(v.Vector(), at, depth)
	case tl.KindString:
		t.quoted(v.AsString(), textColumns)
	case tl.KindBytes, tl.KindRaw:
		t.bytes(v)
	case tl.KindInt128, tl.KindInt256:
		t.hex(v.AsBytes(), len(v.AsBytes()))
	case tl.KindNone:
		t.put(dim, "nothing")
	default:
		t.scalar(v, at)
	}
}

func (t *tree) scalar(v tl.Value, at place) {
	switch v.Kind() {
	case tl.KindBool:
		t.put(number, strconv.FormatBool(v.AsBool()))
	case tl.KindDouble:
		t.put(number, string(appendDecimal(t.num[:0], v.AsDouble())))
	case tl.KindInt:
		if at.param != nil && v.AsInt() != 0 && isDate(at.param) {
			t.date(v.AsInt())
			return
		}
		t.put(number, string(strconv.AppendInt(t.num[:0], v.AsLong(), 10)))
	case tl.KindLong:
		t.put(number, string(strconv.AppendInt(t.num[:0], v.AsLong(), 10)))
		if t.opt.Names == nil || at.param == nil {
			return
		}
		if kind := entity(at.def, at.param); kind != "" {
			if s := t.opt.Names(kind, v.AsLong()); s != "" {
				t.space()
				t.put(name, clip(Escape(s), nameColumns))
			}
		}
	}
}

// appendDecimal writes a double for people: NaN has no digits here.
func appendDecimal(b []byte, f float64) []byte {
	if math.IsNaN(f) {
		return append(b, "nan"...)
	}
	return appendDouble(b, f)
}

// date writes seconds since 1970 as a date, and the number itself if the line
// has room for it. The largest number is how the API says "for ever".
func (t *tree) date(n int32) {
	raw := strconv.AppendInt(t.num[:0], int64(n), 10)
	if n == math.MaxInt32 {
		t.put(date, "forever")
	} else {
		layout := "2006-01-02 15:04:05 -07:00"
		if t.opt.Location == time.UTC {
			layout = "2006-01-02 15:04:05 UTC"
		}
		if t.col+t.gapWidth()+len(layout) > t.width {
			layout = "2006-01-02 15:04:05"
		}
		var room [40]byte
		t.put(date, string(time.Unix(int64(n), 0).In(t.opt.Location).AppendFormat(room[:0], layout)))
	}
	if t.col+1+len(raw) <= t.width {
		t.space()
		t.put(dim, string(raw))
	}
}

// bytes writes the beginning in hexadecimal, and how many there are.
func (t *tree) bytes(v tl.Value) {
	b := v.AsBytes()
	if v.Kind() == tl.KindRaw {
		t.put(fault, "not decoded:")
		t.space()
	}
	if len(b) > 0 {
		shown := len(b)
		if shown > 2*previewBytes {
			shown = previewBytes
			if t.width < 60 {
				shown /= 2
			}
		}
		t.hex(b[:shown], len(b))
		t.space()
	}
	t.put(dim, plural(t.num[:0], len(b), "byte"))
	if s := readable(b); s != "" {
		t.space()
		t.put(dim, s)
	}
}

func (t *tree) hex(b []byte, of int) {
	var room [2*32 + 4]byte
	s := AppendHex(room[:0], b)
	if len(b) < of {
		s = append(s, "…"...)
	}
	t.put(number, string(s))
}

// readable shows the beginning of bytes that are mostly text, or "".
func readable(b []byte) string {
	b = b[:min(len(b), 2*previewBytes)]
	var room [2*previewBytes + 2]byte
	s, seen := append(room[:0], '"'), 0
	for _, c := range b {
		if ' ' <= c && c <= '~' {
			s = append(s, c)
			seen++
		} else {
			s = append(s, '.')
		}
	}
	if seen < 4 || seen*4 < len(b)*3 {
		return ""
	}
	return string(append(s, '"'))
}

func plural(b []byte, n int, of string) string {
	b = strconv.AppendInt(b, int64(n), 10)
	b = append(append(b, ' '), of...)
	if n != 1 {
		b = append(b, 's')
	}
	return string(b)
}

// object writes an object on one line if it is small, else its name and then
// its fields, a line each.
func (t *tree) object(o *tl.Object, depth int) {
	if t.rigid || small(o, inlineNesting) {
		a := t.try()
		if t.inline(o); t.settle(a) {
			return
		}
	}
	t.indent = t.bounded(depth + 4)
	def := o.Def()
	t.put(typing, def.Name)
	t.flags(o)
	depth = t.bounded(depth + 2)
	column := t.column(o)
	for i, v := range o.Fields() {
		p := &def.Params[i]
		if p.Type.Kind == schema.KindTrue {
			continue
		}
		if t.out.stopped() {
			return
		}
		t.line(depth)
		t.field(p.Name, column)
		t.indent = t.bounded(depth + 4)
		if at := t.col + t.gapWidth(); at <= t.width/2 {
			t.indent = at
		}
		t.value(v, place{def, p}, depth)
	}
}

// bounded keeps the depth such that something fits beside it.
func (t *tree) bounded(depth int) int { return min(depth, t.deepest) }

// column is where the values of an object's fields begin, behind the names.
func (t *tree) column(o *tl.Object) int {
	longest, def := 0, o.Def()
	for i := range o.Fields() {
		p := &def.Params[i]
		if n := len(p.Name); n > longest && n <= alignedName && p.Type.Kind != schema.KindTrue {
			longest = n
		}
	}
	return longest + 2
}

func (t *tree) field(name string, column int) {
	t.join(field, name, ":", "")
	if t.rigid || t.width < 60 || len(name)+1 >= column {
		t.space()
		return
	}
	for n := len(name) + 1; n < column && t.col < t.width; n++ {
		t.b = append(t.b, ' ')
		t.col++
	}
}

// flags writes the names of the `true` flags that are set: (out, silent).
func (t *tree) flags(o *tl.Object) {
	def, n := o.Def(), 0
	for i := range o.Fields() {
		p := &def.Params[i]
		if p.Type.Kind != schema.KindTrue {
			continue
		}
		if n == 0 {
			t.space()
			t.put(plain, "(")
		} else {
			t.put(plain, ",")
			t.space()
		}
		n++
		t.put(number, p.Name)
	}
	if n > 0 {
		t.put(plain, ")")
	}
}

// small reports whether an object may stand on one line: few fields, and in
// them no long text and only small objects, nested no deeper than depth.
func small(o *tl.Object, depth int) bool {
	n := 0
	for _, v := range o.Fields() {
		n++
		if n > inlineFields || !smallValue(v, depth) {
			return false
		}
	}
	return true
}

func smallValue(v tl.Value, depth int) bool {
	switch v.Kind() {
	case tl.KindString:
		return len(v.AsBytes()) <= inlineText
	case tl.KindBytes:
		return len(v.AsBytes()) <= previewBytes
	case tl.KindInt256, tl.KindRaw:
		return false
	case tl.KindVector:
		items := v.Vector().Items
		return len(items) == 0 || len(items) == 1 && depth > 0 && smallValue(items[0], depth-1)
	case tl.KindObject:
		return depth > 0 && small(v.Object(), depth-1)
	}
	return true
}

// attempt is the state before something is tried on one line.
type attempt struct {
	length, col      int
	gap, rigid, over bool
}

// try forbids new lines until settle.
func (t *tree) try() attempt {
	a := attempt{len(t.b), t.col, t.gap, t.rigid, t.over}
	t.rigid, t.over = true, false
	return a
}

// settle reports whether what was written since try fits on the line; if not,
// nothing of it stays. Inside of another attempt, that one fails instead.
func (t *tree) settle(a attempt) bool {
	fit := !t.over
	t.rigid, t.over = a.rigid, a.over
	if !fit && a.rigid {
		t.over = true
		return true
	}
	if !fit {
		t.b, t.col, t.gap = t.b[:a.length], a.col, a.gap
	}
	return fit
}

// inline writes name(flag, field: value, …).
func (t *tree) inline(o *tl.Object) {
	def, n := o.Def(), 0
	t.put(typing, def.Name)
	for i, v := range o.Fields() {
		if t.over {
			return
		}
		if n == 0 {
			t.put(plain, "(")
		} else {
			t.put(plain, ",")
			t.space()
		}
		n++
		p := &def.Params[i]
		if p.Type.Kind == schema.KindTrue {
			t.put(number, p.Name)
			continue
		}
		t.field(p.Name, 0)
		t.value(v, place{def, p}, 0)
	}
	if n > 0 {
		t.put(plain, ")")
	}
}

// vector writes a list on one line if it is short, else its type and number of
// elements and then the elements: numbers fill lines, all else has a line each
// with its index before it.
func (t *tree) vector(w *tl.Vector, at place, depth int) {
	if len(w.Items) == 0 {
		t.put(dim, "[]")
		return
	}
	if t.rigid || len(w.Items) <= 64 && flat(w.Items) {
		a := t.try()
		if t.list(w.Items, at); t.settle(a) {
			return
		}
	}
	t.indent = t.bounded(depth + 4)
	t.vectorHead(w)
	depth = t.bounded(depth + 2)
	if numbers(w.Items) {
		t.line(depth)
		t.indent = depth
		t.list(w.Items, at)
		return
	}
	for i, v := range w.Items {
		if t.out.stopped() {
			return
		}
		t.line(depth)
		t.indent = t.bounded(depth + 4)
		label := append(t.num[:0], '[')
		label = strconv.AppendInt(label, int64(i), 10)
		t.put(dim, string(append(label, ']')))
		t.space()
		t.value(v, at, depth)
	}
}

// vectorHead writes Vector<T> (n).
func (t *tree) vectorHead(w *tl.Vector) {
	elem := ""
	if w.Elem != nil {
		elem = w.Elem.Name
	}
	count := append(t.num[:0], '(')
	count = append(strconv.AppendInt(count, int64(len(w.Items)), 10), ')')
	t.begin(len("Vector<> ") + len(elem) + len(count))
	if elem == "" {
		t.put(typing, "Vector")
	} else {
		t.join(typing, "Vector<", elem, ">")
	}
	t.space()
	t.put(dim, string(count))
}

func (t *tree) list(items []tl.Value, at place) {
	t.put(plain, "[")
	for i, v := range items {
		if t.over {
			return
		}
		if i > 0 {
			t.put(plain, ",")
			t.space()
		}
		t.value(v, at, 0)
	}
	t.put(plain, "]")
}

// numbers reports that all items are numbers or booleans.
func numbers(items []tl.Value) bool {
	for _, v := range items {
		switch v.Kind() {
		case tl.KindInt, tl.KindLong, tl.KindDouble, tl.KindBool:
		default:
			return false
		}
	}
	return true
}

// flat reports that all items are short and none is an object.
func flat(items []tl.Value) bool {
	for _, v := range items {
		if k := v.Kind(); k == tl.KindObject || k == tl.KindVector || !smallValue(v, 0) {
			return false
		}
	}
	return true
}
