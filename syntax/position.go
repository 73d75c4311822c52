package syntax

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Position returns the line and the column of the byte offset off, both from
// 1; the column counts runes, and a byte that is not UTF-8 as one. An offset
// outside the source is taken as its nearest end.
func Position(src string, off int) (line, col int) {
	off = max(0, min(off, len(src)))
	before := src[:off]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// Lines finds lines and positions in one source over and over without reading
// it from its beginning each time.
type Lines struct {
	src    string
	starts []int
}

// NewLines indexes src.
func NewLines(src string) *Lines {
	l := &Lines{src: src, starts: make([]int, 1, 1+strings.Count(src, "\n"))}
	for i := 0; ; {
		n := strings.IndexByte(src[i:], '\n')
		if n < 0 {
			return l
		}
		i += n + 1
		l.starts = append(l.starts, i)
	}
}

// Count returns the number of lines; a source that ends in a newline has an
// empty last one.
func (l *Lines) Count() int { return len(l.starts) }

// Span returns the bytes of the line (from 1) without its newline; the empty
// span for a line that is not there.
func (l *Lines) Span(line int) Span {
	if line < 1 || line > len(l.starts) {
		return Span{}
	}
	from, to := l.starts[line-1], len(l.src)
	if line < len(l.starts) {
		to = l.starts[line] - 1
	}
	if to > from && l.src[to-1] == '\r' && line < len(l.starts) {
		to--
	}
	return Span{from, to}
}

// Text returns the line (from 1) without its newline.
func (l *Lines) Text(line int) string {
	s := l.Span(line)
	return l.src[s.From:s.To]
}

// Position is as the function Position.
func (l *Lines) Position(off int) (line, col int) {
	off = max(0, min(off, len(l.src)))
	line = sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > off })
	return line, utf8.RuneCountInString(l.src[l.starts[line-1]:off]) + 1
}
