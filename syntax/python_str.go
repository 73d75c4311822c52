package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// pyQuote gives the length of the prefix of the string that begins at i: r, b,
// f, u and their pairs, in either case. It is -1 when no string begins there.
func (p *parser) pyQuote(i int) int {
	for n := range 3 {
		if i+n >= len(p.src) {
			return -1
		}
		switch p.src[i+n] {
		case '"', '\'':
			return n
		case 'r', 'R', 'b', 'B', 'f', 'F', 'u', 'U':
		default:
			return -1
		}
	}
	return -1
}

// pyString reads a string and those that follow it: Python joins them.
func (p *parser) pyString() Node {
	from := p.i
	var buf []byte
	closed, isBytes := true, false
	for end := from; ; {
		n := p.pyQuote(p.i)
		prefix := strings.ToLower(p.src[p.i : p.i+n])
		isBytes = isBytes || strings.Contains(prefix, "b")
		if strings.Contains(prefix, "f") {
			p.fail(Span{p.i, p.i + n}, "an f-string is not run", "write the whole text, or a variable where its value goes")
		}
		buf, closed = p.pyPiece(buf, prefix)
		end = p.i
		next := p.i
		if p.py > 0 {
			next = p.pyGap(p.i)
		}
		if !closed || next == p.i && p.pyQuote(next) != 0 || p.pyQuote(next) < 0 {
			if isBytes {
				return &Bytes{node: node{Span{from, end}}, Value: string(buf), Closed: closed}
			}
			s := p.stringMem.alloc()
			s.span = Span{from, end}
			s.Value, s.Quote, s.Closed = string(buf), `'`, closed
			return s
		}
		p.pyBlank()
	}
}

// pyGap is where the white space, the lines and the comments at i end.
func (p *parser) pyGap(i int) int {
	for i < len(p.src) {
		switch n := spaceAt(p.src, i); {
		case n > 0:
			i += n
		case p.src[i] == '\n':
			i++
		case p.src[i] == '#':
			for i < len(p.src) && p.src[i] != '\n' {
				i++
			}
		default:
			return i
		}
	}
	return i
}

// pyPiece reads one string at its prefix and appends its text.
func (p *parser) pyPiece(dst []byte, prefix string) (text []byte, closed bool) {
	from := p.i
	i := p.i + len(prefix)
	quote := p.src[i : i+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(p.src[i:], triple) {
		quote = triple
	}
	raw, isBytes := strings.Contains(prefix, "r"), strings.Contains(prefix, "b")
	i += len(quote)
	start := i
	for i < len(p.src) && !closed {
		c := p.src[i]
		if c == '\n' && len(quote) == 1 {
			break
		}
		switch {
		case strings.HasPrefix(p.src[i:], quote):
			closed = true
			dst = append(dst, p.src[start:i]...)
			i += len(quote)
			start = i
		case c == '\\' && raw:
			i = min(i+2, len(p.src))
		case c == '\\':
			dst = append(dst, p.src[start:i]...)
			n := 0
			dst, n = p.pyEscape(dst, i, isBytes)
			i += n
			start = i
		case isBytes && c >= utf8.RuneSelf:
			_, n := utf8.DecodeRuneInString(p.src[i:])
			p.fail(Span{i, i + n}, "bytes hold ASCII only", `write \x and two hex digits for a byte`)
			i += n
		default:
			i++
		}
	}
	dst = append(dst, p.src[start:i]...)
	p.emit(TokString, i)
	if !closed {
		fix := "add the closing " + quote
		if !p.eof() {
			fix = `end it on its line; use """…""" for text over several lines`
		}
		p.want("the closing "+quote+" of a string", fix).Related = Span{from, from + len(prefix) + len(quote)}
	}
	return dst, closed
}

// pyEscape appends what the escape at i stands for and gives its length. One
// that Python does not know stands for itself.
func (p *parser) pyEscape(dst []byte, i int, isBytes bool) ([]byte, int) {
	s := p.src[i:]
	if len(s) < 2 {
		return dst, len(s)
	}
	const simple, stands = `\'"abfnrtv`, "\\'\"\a\b\f\n\r\t\v"
	if k := strings.IndexByte(simple, s[1]); k >= 0 {
		return append(dst, stands[k]), 2
	}
	switch {
	case s[1] == '\n':
		return dst, 2
	case '0' <= s[1] && s[1] <= '7':
		n := 2
		for n < 4 && n < len(s) && '0' <= s[n] && s[n] <= '7' {
			n++
		}
		v, _ := strconv.ParseUint(s[1:n], 8, 16)
		return pyRune(dst, rune(v), isBytes), n
	case s[1] == 'x':
		return p.pyHex(dst, i, 2, isBytes)
	case s[1] == 'u' && !isBytes:
		return p.pyHex(dst, i, 4, false)
	case s[1] == 'U' && !isBytes:
		return p.pyHex(dst, i, 8, false)
	case s[1] == 'N' && !isBytes && len(s) > 2 && s[2] == '{':
		p.fail(Span{i, i + 3}, `\N{…} is not read`, `write the character itself, or \u and its four hex digits`)
		return dst, 3
	}
	_, n := utf8.DecodeRuneInString(s[1:])
	return append(dst, s[:1+n]...), 1 + n
}

// pyHex reads \xNN, \uNNNN or \UNNNNNNNN. Two that are a pair of surrogates
// make one character, as JSON writes it.
func (p *parser) pyHex(dst []byte, i, digits int, isBytes bool) ([]byte, int) {
	n := 2
	for n < 2+digits && i+n < len(p.src) && isHex(p.src[i+n]) {
		n++
	}
	if n < 2+digits {
		if i+n < len(p.src) {
			p.fail(Span{i, i + n}, "\\"+p.src[i+1:i+2]+" wants "+strconv.Itoa(digits)+" hex digits", `write \\ for a backslash`)
		}
		return dst, n
	}
	v, _ := strconv.ParseUint(p.src[i+2:i+n], 16, 64)
	if 0xd800 <= v && v < 0xdc00 && i+n+6 <= len(p.src) && p.src[i+n:i+n+2] == `\u` {
		if low, err := strconv.ParseUint(p.src[i+n+2:i+n+6], 16, 32); err == nil && 0xdc00 <= low && low < 0xe000 {
			return utf8.AppendRune(dst, rune(0x10000+(v-0xd800)<<10+(low-0xdc00))), n + 6
		}
	}
	if v > utf8.MaxRune || 0xd800 <= v && v < 0xe000 {
		if i+n+6 > len(p.src) && v <= utf8.MaxRune {
			return dst, n // its other half may follow
		}
		p.fail(Span{i, i + n}, "there is no such character", "")
		return dst, n
	}
	return pyRune(dst, rune(v), isBytes), n
}

func pyRune(dst []byte, r rune, isBytes bool) []byte {
	if isBytes {
		return append(dst, byte(r))
	}
	return utf8.AppendRune(dst, r)
}

// appendPython writes s as a literal of Python: text, or bytes.
func appendPython(dst []byte, s string, isBytes bool) []byte {
	if isBytes {
		dst = append(dst, 'b')
	}
	dst = append(dst, '\'')
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if !isBytes {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		i += n
		switch {
		case r == '\\' || r == '\'':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r < ' ' || r == 0x7f || isBytes && r > 0x7f:
			dst = append(dst, '\\', 'x', hexDigits[r>>4&15], hexDigits[r&15])
		case r >= utf8.RuneSelf && hiddenInQuotes(r):
			dst = appendHex(dst, r)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '\'')
}

// appendHex writes a character as \uNNNN or \UNNNNNNNN.
func appendHex(dst []byte, r rune) []byte {
	digits := 4
	dst = append(dst, '\\', 'u')
	if r > 0xffff {
		digits = 8
		dst[len(dst)-1] = 'U'
	}
	for k := digits - 1; k >= 0; k-- {
		dst = append(dst, hexDigits[r>>(4*k)&15])
	}
	return dst
}
