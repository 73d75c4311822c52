package render

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Escape gives s on one line in a form that is safe on a terminal: control
// characters, bidirectional and other invisible controls and line separators
// stand as \n, \t, \r, \xNN or \u{…}, bytes that are not UTF-8 as \xNN. All
// else, backslashes too, stays: it is for messages, not for pasting back.
func Escape(s string) string {
	if i := firstUnsafe(s); i < 0 {
		return s
	}
	return string(AppendEscape(make([]byte, 0, len(s)+16), s))
}

// AppendEscape appends Escape(s) to dst.
func AppendEscape(dst []byte, s string) []byte {
	for len(s) > 0 {
		i := firstUnsafe(s)
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(dst, s[:i]...)
		r, n := utf8.DecodeRuneInString(s[i:])
		dst = appendEscapeOf(dst, r, s[i], n)
		s = s[i+n:]
	}
	return dst
}

// firstUnsafe is the offset of the first rune of s that must not reach a
// terminal, or of the first byte that is not UTF-8; -1 when there is none.
func firstUnsafe(s string) int {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if unsafeRune(r) || r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// unsafeRune reports whether a terminal could act on r, or hide it. The two
// joiners are let through: emoji and several scripts need them, and they do
// not reorder text.
func unsafeRune(r rune) bool {
	switch {
	case r < 0xa0:
		return r < ' ' || r >= 0x7f
	case r < 0x600:
		return r == 0xad
	case r == 0x200c || r == 0x200d:
		return false
	case r == 0x2028 || r == 0x2029:
		return true
	case 0xe0000 <= r && r <= 0xe0fff: // tags, and selectors that hide data
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// appendEscapeOf appends the escape of the rune r, which stands as n bytes of
// which c is the first.
func appendEscapeOf(dst []byte, r rune, c byte, n int) []byte {
	switch {
	case r == '\n':
		return append(dst, '\\', 'n')
	case r == '\t':
		return append(dst, '\\', 't')
	case r == '\r':
		return append(dst, '\\', 'r')
	case n == 1:
		return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
	}
	dst = append(dst, '\\', 'u', '{')
	shift := 4
	for r>>(shift+4) != 0 {
		shift += 4
	}
	for ; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[r>>shift&15])
	}
	return append(dst, '}')
}

// AppendLines appends s with its lines and tabs as they are, and all else that
// a terminal could act on escaped.
func AppendLines(dst []byte, s string) []byte {
	for len(s) > 0 {
		i := strings.IndexAny(s, "\n\t")
		if i < 0 {
			return AppendEscape(dst, s)
		}
		dst = append(AppendEscape(dst, s[:i]), s[i])
		s = s[i+1:]
	}
	return dst
}

// SafeJSON is JSON text with the characters that a terminal could act on
// escaped as JSON does. White space between values stays.
func SafeJSON(b []byte) []byte {
	var out []byte
	from := 0
	for i := 0; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf && c != 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if unsafeRune(r) || r == utf8.RuneError && n == 1 {
			out = appendJSONEscape(append(out, b[from:i]...), r)
			from = i + n
		}
		i += n
	}
	if from == 0 {
		return b
	}
	return append(out, b[from:]...)
}
