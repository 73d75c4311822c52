package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// str reads a string at its opening quote.
func (p *parser) str() *String {
	from := p.i
	quote := p.src[p.i : p.i+1]
	if strings.HasPrefix(p.src[p.i:], `"""`) {
		quote = p.src[p.i : p.i+3]
	}
	s := p.stringMem.alloc()
	s.Quote = quote
	var end int
	s.Value, end, s.Closed = p.unquote(p.i+len(quote), quote)
	p.emit(TokString, end)
	s.span = Span{from, end}
	if s.Closed || from == p.quoteAt && from > 0 {
		return s
	}
	fix := "add the closing " + quote
	if !p.eof() {
		fix = `end it on its line; use """…""" for text over several lines`
	}
	e := p.want("the closing "+quote+" of a string", fix)
	e.Related = Span{from, from + len(quote)}
	return s
}

// unquote reads the text of a string from i on, up to its closing quote, the
// end of the line or the end of the source.
func (p *parser) unquote(i int, quote string) (text string, end int, closed bool) {
	q, src := quote[0], p.src
	start := i
	var buf []byte
	for i < len(src) {
		switch c := src[i]; {
		case c == q && (len(quote) == 1 || strings.HasPrefix(src[i:], quote)):
			return joined(buf, src[start:i]), i + len(quote), true
		case c == '\n' && len(quote) == 1:
			return joined(buf, src[start:i]), i, false
		case c == '\\':
			buf = append(buf, src[start:i]...)
			n, ok := 0, false
			buf, n, ok = escape(buf, src[i:])
			if !ok {
				p.badEscape(i, n)
				buf = append(buf, src[i:i+n]...)
			}
			i += n
			start = i
		default:
			i++
		}
	}
	return joined(buf, src[start:]), len(src), false
}

func joined(buf []byte, rest string) string {
	if buf == nil {
		return rest
	}
	return string(append(buf, rest...))
}

// escape appends to dst what the escape at the beginning of s stands for, and
// returns the length of the escape. When it is none, the length is that of
// what was read as one.
func escape(dst []byte, s string) (out []byte, n int, ok bool) {
	if len(s) < 2 {
		return dst, 1, false
	}
	switch s[1] {
	case 'n':
		return append(dst, '\n'), 2, true
	case 't':
		return append(dst, '\t'), 2, true
	case 'r':
		return append(dst, '\r'), 2, true
	case '0':
		return append(dst, 0), 2, true
	case '\\', '"', '\'':
		return append(dst, s[1]), 2, true
	case 'x':
		n = 2
		for n < 4 && n < len(s) && isHex(s[n]) {
			n++
		}
		if n < 4 {
			return dst, n, false
		}
		v, _ := strconv.ParseUint(s[2:4], 16, 8)
		return append(dst, byte(v)), 4, true
	case 'u':
		return runeEscape(dst, s)
	case '\n':
		return dst, 1, false
	}
	_, size := utf8.DecodeRuneInString(s[1:])
	return dst, 1 + size, false
}

// runeEscape reads \u{…}.
func runeEscape(dst []byte, s string) (out []byte, n int, ok bool) {
	if len(s) < 3 || s[2] != '{' {
		return dst, 2, false
	}
	n = 3
	for n < len(s) && n < 10 && isHex(s[n]) {
		n++
	}
	if n >= len(s) || s[n] != '}' {
		return dst, n, false
	}
	v, err := strconv.ParseUint(s[3:n], 16, 32)
	n++
	if err != nil || v > utf8.MaxRune || 0xd800 <= v && v < 0xe000 {
		return dst, n, false
	}
	return utf8.AppendRune(dst, rune(v)), n, true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// badEscape says what is wrong with the escape of n bytes at i. One that is
// cut off by the end of the source is not reported: the string is unclosed.
func (p *parser) badEscape(i, n int) {
	text := p.src[i : i+n]
	if i+n >= len(p.src) && cutShort(text) {
		return
	}
	at := Span{i, i + n}
	switch {
	case len(text) == 1:
		p.fail(at, `\ at the end of the line is no escape`, `write \\ for a backslash, \n for a newline`)
	case text[1] == 'x':
		p.fail(at, `\x wants two hex digits`, `as in \x0f; write \\x for a backslash and x`)
	case text[1] == 'u' && len(text) == 2:
		p.fail(at, `\u wants its hex digits in braces`, uFix(p.src[i+2:]))
	case text[1] == 'u':
		p.fail(at, `\u{…} wants one to six hex digits of a character`, `as in \u{1f600}; write \\u for a backslash and u`)
	default:
		p.fail(at, "no escape "+printable(text), "write "+escapeFix(text))
	}
}

// cutShort reports whether more input could make an escape of text.
func cutShort(text string) bool {
	switch {
	case len(text) == 1:
		return true
	case text[1] == 'x':
		return true
	case text[1] == 'u':
		return len(text) < 10 && !strings.HasSuffix(text, "}")
	}
	return !utf8.FullRuneInString(text[1:])
}

func uFix(rest string) string {
	n := 0
	for n < len(rest) && n < 4 && isHex(rest[n]) {
		n++
	}
	if n == 4 {
		return `write \u{` + rest[:n] + `}`
	}
	return `as in \u{1f600}; write \\u for a backslash and u`
}

func escapeFix(text string) string {
	switch text[1] {
	case 'a':
		return `\x07`
	case 'b':
		return `\x08`
	case 'e':
		return `\x1b`
	case 'f':
		return `\x0c`
	case 'v':
		return `\x0b`
	}
	return `\\` + printable(text[1:])
}

// printable returns s as it is when it is seen as it is, else with escapes.
func printable(s string) string {
	q := AppendQuote(nil, s)
	q = q[1 : len(q)-1]
	if strings.ContainsAny(s, `\"'`) {
		return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`).Replace(string(q))
	}
	return string(q)
}
