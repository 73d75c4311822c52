package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Options of Read.
type Options struct {
	// Layer is used when the file does not say its layer; when it does, the
	// file is believed and a difference is a problem.
	Layer int
	// Trusted leaves out the comparison of every id with its CRC32, which is
	// the larger part of the work and known to hold for an embedded file.
	Trusted bool
}

// Read reads a TL file: definitions over one or several lines, // and /* */
// comments anywhere, ---types--- and ---functions--- sections, a layer in a
// comment ("// LAYER 228"). file names the source in problems. What cannot be
// used is reported and left out, the rest is read; the Schema is never nil.
func Read(file, src string, o Options) (*Schema, Problems) {
	r := newReader(file, src, o)
	r.scan()
	r.resolve()
	if r.s.Layer == 0 {
		r.s.Layer = o.Layer
	} else if o.Layer != 0 && o.Layer != r.s.Layer {
		r.problem(0, "", false, "the file says layer %d, not %d", r.s.Layer, o.Layer)
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
	return r.s, r.problems
}

func newReader(file, src string, o Options) *reader {
	src = strings.TrimPrefix(src, "\uFEFF")
	n := strings.Count(src, ";") + 1
	s := &Schema{types: make(map[string]*Type), ids: newIDTable(n)}
	s.constructors.grow(n)
	s.methods.grow(n / 2)
	s.classes.grow(n / 4)
	return &reader{file: file, src: src, opt: o, s: s}
}

type reader struct {
	file, src string
	opt       Options
	s         *Schema
	problems  Problems
	functions bool
	bare      []*Type // bare types that wait for their constructor

	defs    []Combinator // slabs, so that 2500 definitions are few allocations
	params  []Param
	classes []classAndType
	byBit   []uint64
	first   int // where the parameters of the present definition begin in params

	// The line of the last position asked for: positions come in order.
	lineOff, lineNo int
}

type classAndType struct {
	class Class
	boxed Type
}

func (r *reader) problem(off int, name string, dropped bool, format string, a ...any) {
	line, col := r.position(off)
	r.problems = append(r.problems, Problem{
		File: r.file, Line: line, Col: col, Name: name,
		Msg: fmt.Sprintf(format, a...), Dropped: dropped,
	})
}

func (r *reader) position(off int) (line, col int) {
	if off < r.lineOff {
		r.lineOff, r.lineNo = 0, 0
	}
	for {
		i := strings.IndexByte(r.src[r.lineOff:off], '\n')
		if i < 0 {
			return r.lineNo + 1, off - r.lineOff + 1
		}
		r.lineOff += i + 1
		r.lineNo++
	}
}

// scan splits the source into comments, section marks and definitions.
func (r *reader) scan() {
	src := r.src
	for i := 0; i < len(src); {
		switch c := src[i]; {
		case space(c) || c == ';':
			i++
		case strings.HasPrefix(src[i:], "//"):
			end := lineEnd(src, i)
			r.layer(src[i:end])
			i = end
		case strings.HasPrefix(src[i:], "/*"):
			i = r.blockComment(i)
		case strings.HasPrefix(src[i:], "---") || strings.HasPrefix(src[i:], "==="):
			end := lineEnd(src, i)
			r.section(i, src[i:end])
			i = end
		default:
			end, text := r.extent(i)
			r.definition(i, text)
			i = end
		}
	}
}

func (r *reader) blockComment(i int) int {
	if j := strings.Index(r.src[i:], "*/"); j >= 0 {
		return i + j + 2
	}
	r.problem(i, "", false, "comment is not closed: */ is missing")
	return len(r.src)
}

func (r *reader) section(off int, line string) {
	switch strings.Trim(line, "-= \t\r") {
	case "functions":
		r.functions = true
	case "types":
		r.functions = false
	default:
		if strings.HasPrefix(line, "---") {
			r.problem(off, "", false, "want ---types--- or ---functions---, got %.40q", line)
		}
	}
}

// layer takes the layer from a comment.
func (r *reader) layer(comment string) {
	f := strings.Fields(strings.ToLower(strings.TrimLeft(comment, "/")))
	if len(f) < 2 || strings.TrimSuffix(f[0], ":") != "layer" {
		return
	}
	if n, err := strconv.Atoi(f[1]); err == nil && n > 0 {
		r.s.Layer = n
	}
}

// extent finds where the definition that begins at off ends, and gives its
// text with comments blanked, so that offsets in it stay true. A definition
// ends at its semicolon; where that is missing, it ends before a line that
// clearly begins something else, so that one bad line costs only itself.
func (r *reader) extent(off int) (end int, text string) {
	src := r.src
	var blanked []byte
	blank := func(from, to int) {
		if blanked == nil {
			blanked = []byte(src[off:])
		}
		for i := from; i < to; i++ {
			if !space(src[i]) {
				blanked[i-off] = ' '
			}
		}
	}
	done := func(i int) string {
		if blanked != nil {
			return string(blanked[:i-off])
		}
		return src[off:i]
	}
	for i := off; i < len(src); i++ {
		switch c := src[i]; {
		case c == ';':
			return i + 1, done(i)
		case c == '/' && strings.HasPrefix(src[i:], "//"):
			to := lineEnd(src, i)
			r.layer(src[i:to])
			blank(i, to)
			i = to - 1
		case c == '/' && strings.HasPrefix(src[i:], "/*"):
			to := r.blockComment(i)
			blank(i, to)
			i = to - 1
		case c == '\n' && begins(src[i+1:]):
			r.problem(i, head(src[off:i]), false, "the semicolon is missing")
			return i + 1, done(i)
		}
	}
	r.problem(len(src), head(src[off:]), false, "the semicolon is missing")
	return len(src), done(len(src))
}

// begins reports that a line begins a section or, by its #id, a definition.
func begins(line string) bool {
	if strings.HasPrefix(line, "---") {
		return true
	}
	i := 0
	for i < len(line) && nameByte(line[i]) {
		i++
	}
	return i > 0 && i+1 < len(line) && line[i] == '#' && hexByte(line[i+1])
}

// head is the name that a text begins with.
func head(text string) string {
	i := 0
	for i < len(text) && nameByte(text[i]) {
		i++
	}
	return text[:i]
}

func lineEnd(s string, i int) int {
	if j := strings.IndexByte(s[i:], '\n'); j >= 0 {
		return i + j
	}
	return len(s)
}

func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func nameByte(c byte) bool {
	return c == '_' || c == '.' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func hexByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func validName(s string) bool {
	if s == "" || !('a' <= s[0] && s[0] <= 'z' || 'A' <= s[0] && s[0] <= 'Z') {
		return false
	}
	return head(s) == s && !strings.HasSuffix(s, ".") && !strings.Contains(s, "..")
}
