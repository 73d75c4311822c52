package editor

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is a text and the place of the cursor in it, a byte offset that is always
// the border of a grapheme. Its methods return the changed line.
type line struct {
	text string
	at   int
}

// bol and eol are the borders of the logical line that holds offset at.
func (l line) bol(at int) int { return strings.LastIndexByte(l.text[:at], '\n') + 1 }

func (l line) eol(at int) int {
	if n := strings.IndexByte(l.text[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(l.text)
}

// to moves the cursor to offset at, or on to the end of the grapheme it is inside.
func (l line) to(at int) line {
	at = min(max(at, 0), len(l.text))
	i := l.bol(at)
	for i < at {
		i += cluster(l.text[i:])
	}
	return line{l.text, i}
}

// replace puts s in the place of text[from:to] and the cursor after it.
func (l line) replace(from, to int, s string) line {
	return line{text: l.text[:from] + s + l.text[to:]}.to(from + len(s))
}

func (l line) insert(s string) line { return l.replace(l.at, l.at, s) }

func (l line) left() int {
	if l.at == 0 {
		return 0
	}
	if l.text[l.at-1] == '\n' {
		return l.at - 1
	}
	return l.at - lastCluster(l.text[l.bol(l.at):l.at])
}

func (l line) right() int {
	if l.at == len(l.text) {
		return l.at
	}
	return l.at + cluster(l.text[l.at:])
}

func wordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func notSpace(r rune) bool { return !unicode.IsSpace(r) }

// wordLeft returns where the word before the cursor begins, where a word is made of
// runes that in accepts.
func (l line) wordLeft(in func(rune) bool) int {
	at, inside := l.at, false
	for at > 0 {
		r, n := utf8.DecodeLastRuneInString(l.text[:at])
		if inside && !in(r) {
			break
		}
		inside = inside || in(r)
		at -= n
	}
	return at
}

// wordRight returns where the word at or after the cursor ends.
func (l line) wordRight(in func(rune) bool) int {
	at, inside := l.at, false
	for at < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[at:])
		if inside && !in(r) {
			break
		}
		inside = inside || in(r)
		at += n
	}
	return at
}

// column is the width of what stands before the cursor on its logical line.
func (l line) column() int { return width(l.text[l.bol(l.at):l.at]) }

// atColumn moves the cursor into the logical line that begins at bol, to the cell
// column or the end.
func (l line) atColumn(bol, column int) line {
	i, end := bol, l.eol(bol)
	for w := 0; i < end; {
		n := cluster(l.text[i:end])
		if w += width(l.text[i : i+n]); w > column {
			break
		}
		i += n
	}
	return line{l.text, i}
}

// up moves the cursor to the logical line above, to the cell column; ok is false on
// the first one.
func (l line) up(column int) (_ line, ok bool) {
	bol := l.bol(l.at)
	if bol == 0 {
		return l, false
	}
	return l.atColumn(l.bol(bol-1), column), true
}

// down is up's opposite.
func (l line) down(column int) (_ line, ok bool) {
	eol := l.eol(l.at)
	if eol == len(l.text) {
		return l, false
	}
	return l.atColumn(eol+1, column), true
}

// swap exchanges the graphemes around the cursor, or the last two at the end of a
// line.
func (l line) swap() line {
	at := l.at
	if at == l.eol(at) && at > 0 {
		at = l.left()
	}
	if at <= l.bol(at) || at == l.eol(at) {
		return l
	}
	from := line{l.text, at}.left()
	to := line{l.text, at}.right()
	return l.replace(from, to, l.text[at:to]+l.text[from:at])
}

// indent is the white space that the cursor's logical line begins with, as far as
// the cursor.
func (l line) indent() string {
	s := l.text[l.bol(l.at):l.at]
	return s[:len(s)-len(strings.TrimLeft(s, " \t"))]
}
