package render

import (
	"encoding/base64"
	"encoding/hex"
	"iter"
	"math"
	"strconv"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// AppendSource appends v as one line of the line language that gives v again:
// name(field=value …) with every field that is present, in the order of the
// schema, strings quoted, bytes as hex: or base64:, a set `true` flag as
// name=true, vectors as [ … ]. At the top, where nothing says the type, int and
// long vectors are int[ … ] and long[ … ]. Doubles keep their bits: the
// shortest decimal, or double: with 16 hexadecimal digits for NaN. What could
// not be decoded stands as hex:.
func AppendSource(dst []byte, v tl.Value) []byte {
	return (*Stream)(nil).Source(dst, v)
}

// AppendSourceLines is AppendSource with colour and, where a call or a list is
// wider than Options.Width, over several lines inside its brackets, where a
// newline is white space. Without a width it is one line. A single value that
// is too wide stays whole, or it could not be pasted back.
func AppendSourceLines(dst []byte, v tl.Value, opt Options) []byte {
	return (*Stream)(nil).SourceLines(dst, v, opt)
}

// Words says what stands in source for a value that is not known, or that cannot
// be used again: for a parameter of an object, or with i of 0 and more for an
// element of the Vector that it is. "" leaves the value as it is.
type Words func(of *tl.Object, param, i int) string

// AppendSourceWords is AppendSource with words for some of the values.
func AppendSourceWords(dst []byte, v tl.Value, words Words) []byte {
	e := &sourceEncoder{b: dst, pal: &noColors, limit: -1, words: words}
	e.top(v)
	return e.b
}

// inlineBytes is up to which length bytes are hexadecimal: keys and hashes are
// known by their hexadecimal form, longer data is shorter in base64.
const inlineBytes = 32

type sourceEncoder struct {
	b     []byte
	pal   *palette
	width int // of a line; 0: all on one line
	depth int
	start int // of the line in b
	ink   int // bytes of the line that are colour
	limit int // while measuring: where in b to give up; else -1
	out   *Stream
	lines bool // the view has several: text is given away where one begins
	words Words
}

func (e *sourceEncoder) styled(s style, word string) {
	e.on(s)
	e.b = append(e.b, word...)
	e.off(s)
}

func (e *sourceEncoder) on(s style) {
	e.b = append(e.b, e.pal[s].on...)
	e.ink += len(e.pal[s].on)
}

func (e *sourceEncoder) off(s style) {
	e.b = append(e.b, e.pal[s].off...)
	e.ink += len(e.pal[s].off)
}

// full reports, while measuring, that the value does not fit, and else that
// nobody takes it.
func (e *sourceEncoder) full() bool {
	return e.limit >= 0 && len(e.b) > e.limit || e.out.stopped()
}

// top writes a value where nothing says its type.
func (e *sourceEncoder) top(v tl.Value) {
	if o := v.Object(); o != nil {
		e.object(o, true)
		return
	}
	if w := v.Vector(); w != nil && w.Elem != nil {
		switch w.Elem.Kind {
		case schema.KindInt:
			e.styled(typing, "int")
		case schema.KindLong:
			e.styled(typing, "long")
		}
	}
	e.value(v)
}

func (e *sourceEncoder) value(v tl.Value) {
	switch v.Kind() {
	case tl.KindObject:
		e.object(v.Object(), false)
	case tl.KindVector:
		e.vector(v.Vector())
	case tl.KindString:
		e.on(text)
		e.b = syntax.AppendQuote(e.b, v.AsString())
		e.off(text)
	case tl.KindNone:
	default:
		e.on(number)
		e.scalar(v)
		e.off(number)
	}
}

func (e *sourceEncoder) scalar(v tl.Value) {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		e.b = strconv.AppendInt(e.b, v.AsLong(), 10)
	case tl.KindBool:
		e.b = strconv.AppendBool(e.b, v.AsBool())
	case tl.KindDouble:
		e.b = appendDouble(e.b, v.AsDouble())
	case tl.KindBytes:
		b := v.AsBytes()
		switch {
		case len(b) == 0:
			e.b = append(e.b, `""`...)
		case len(b) <= inlineBytes:
			e.b = hex.AppendEncode(append(e.b, "hex:"...), b)
		default:
			e.b = base64.StdEncoding.AppendEncode(append(e.b, "base64:"...), b)
		}
	case tl.KindInt128, tl.KindInt256, tl.KindRaw:
		e.b = hex.AppendEncode(append(e.b, "hex:"...), v.AsBytes())
	}
}

// appendDouble writes a double so that reading it gives the same bits.
func appendDouble(b []byte, f float64) []byte {
	switch bits := math.Float64bits(f); {
	case f != f:
		const digits = 16
		b = append(b, "double:"...)
		for i := digits - 1; i >= 0; i-- {
			b = append(b, hexDigits[bits>>(4*i)&15])
		}
		return b
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	case f == 0 && bits != 0:
		return append(b, "-0.0"...) // -0 could be read as an integer first
	}
	return strconv.AppendFloat(b, f, 'g', -1, 64)
}

// object writes a call. A name alone is enough where a value is wanted; at the
// head of a statement it could be a command.
func (e *sourceEncoder) object(o *tl.Object, top bool) {
	def, width := o.Def(), e.width
	if e.fits(o.Value()) {
		e.width = 0
	}
	e.styled(typing, def.Name)
	n := 0
	fields := o.Fields()
	if e.words != nil {
		fields = e.open(o)
	}
	for i, v := range fields {
		e.separate('(', n)
		n++
		e.on(field)
		e.b = append(e.b, def.Params[i].Name...)
		e.b = append(e.b, '=')
		e.off(field)
		e.field(o, i, v)
		if e.full() {
			break
		}
	}
	if n > 0 {
		e.shut(')')
	} else if top {
		e.b = append(e.b, "()"...)
	}
	e.width = width
}

// open are the fields that are present and those that words stand for.
func (e *sourceEncoder) open(o *tl.Object) iter.Seq2[int, tl.Value] {
	return func(yield func(int, tl.Value) bool) {
		for i := range o.Def().Params {
			if v := o.Field(i); (!v.IsNone() || e.words(o, i, -1) != "") && !yield(i, v) {
				return
			}
		}
	}
}

// field writes the value of a parameter, or the words for it.
func (e *sourceEncoder) field(o *tl.Object, i int, v tl.Value) {
	w := v.Vector()
	switch {
	case e.words == nil:
		e.value(v)
	case e.words(o, i, -1) != "":
		e.b = append(e.b, e.words(o, i, -1)...)
	case w == nil || len(w.Items) == 0:
		e.value(v)
	default:
		for k, it := range w.Items {
			e.separate('[', k)
			if words := e.words(o, i, k); words != "" {
				e.b = append(e.b, words...)
			} else {
				e.value(it)
			}
		}
		e.shut(']')
	}
}

func (e *sourceEncoder) vector(w *tl.Vector) {
	width := e.width
	if len(w.Items) == 0 {
		e.b = append(e.b, "[]"...)
		return
	}
	if e.fits(w.Value()) {
		e.width = 0
	}
	for i, v := range w.Items {
		e.separate('[', i)
		e.value(v)
		if e.full() {
			break
		}
	}
	e.shut(']')
	e.width = width
}

// separate writes what stands before the i-th item of a bracket.
func (e *sourceEncoder) separate(open byte, i int) {
	if i == 0 {
		e.b = append(e.b, open)
		e.depth++
	}
	switch {
	case e.width != 0:
		e.newline()
	case i > 0:
		e.b = append(e.b, ' ')
	}
	if !e.lines {
		e.b = e.out.drain(e.b)
	}
}

func (e *sourceEncoder) shut(c byte) {
	e.depth--
	if e.width != 0 {
		e.newline()
	}
	e.b = append(e.b, c)
}

func (e *sourceEncoder) newline() {
	e.b = e.out.drain(append(e.b, '\n'))
	e.start, e.ink = len(e.b), 0
	for range e.depth {
		e.b = append(e.b, ' ', ' ')
	}
}

// fits reports, where lines have a width, whether v ends within it on this
// line, with the bracket that may follow. It writes about a line at most, and
// takes it back. Bytes stand for columns here: a line that is broken early is
// no harm.
func (e *sourceEncoder) fits(v tl.Value) bool {
	if e.width == 0 {
		return false
	}
	probe := sourceEncoder{b: e.b, pal: &noColors, limit: e.start + e.ink + e.width - 1}
	probe.value(v)
	e.b = probe.b[:len(e.b)]
	return !probe.full()
}
