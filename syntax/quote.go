package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// Quote returns s as a string of the language that is safe to print on a
// terminal: control bytes, bidirectional controls and everything else that is
// not seen stand as escapes, and so do bytes that are not UTF-8. Parsed again
// it gives exactly s.
func Quote(s string) string {
	return string(AppendQuote(make([]byte, 0, len(s)+2), s))
}

// AppendQuote appends Quote(s) to dst.
func AppendQuote(dst []byte, s string) []byte { return appendQuoted(dst, s, `"`) }

// appendQuoted writes s between the given quotes. Between triple quotes
// newlines and tabs stand as they are.
func appendQuoted(dst []byte, s, quote string) []byte {
	dst = append(dst, quote...)
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			bad := r == utf8.RuneError && n == 1
			if !bad && !hiddenInQuotes(r) {
				i += n
				continue
			}
			dst = append(dst, s[from:i]...)
			if bad {
				dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
			} else {
				dst = appendRune(dst, r)
			}
			i += n
			from = i
			continue
		}
		if plain(s, i, quote) {
			i++
			continue
		}
		dst = append(dst, s[from:i]...)
		i++
		from = i
		switch {
		case c == '\\' || c == '"' || c == '\'':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == 0 && !(i < len(s) && classes[s[i]].has(cDigit)): // \01 reads as octal to people
			dst = append(dst, '\\', '0')
		default:
			dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	dst = append(dst, s[from:]...)
	return append(dst, quote...)
}

// plain reports whether the ASCII byte s[i] stands for itself between quote.
func plain(s string, i int, quote string) bool {
	switch c := s[i]; c {
	case '\\':
		return false
	case '"':
		if len(quote) == 3 { // alone it is text, but never three, and never the last
			return i+1 < len(s) && s[i+1] != '"'
		}
		return quote != `"`
	case '\'':
		return quote != `'`
	case '\n', '\t':
		return len(quote) == 3
	default:
		return c >= ' ' && c != 0x7f
	}
}

// hiddenInQuotes says of a rune beyond ASCII that it is written as an escape.
func hiddenInQuotes(r rune) bool {
	if !unicode.IsPrint(r) {
		return true
	}
	switch {
	case r == 0x034f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x2800, r == 0x3164, r == 0xffa0:
		return true // fillers and joiners that show nothing
	case 0x180b <= r && r <= 0x180f, 0xfe00 <= r && r <= 0xfe0d, 0xe0100 <= r && r <= 0xe01ef:
		return true // variation selectors, but for the two that emoji use
	}
	return false
}

func appendRune(dst []byte, r rune) []byte {
	dst = append(dst, '\\', 'u', '{')
	shift := 0
	for r>>(shift+4) != 0 {
		shift += 4
	}
	for ; shift >= 0; shift -= 4 {
		dst = append(dst, hexDigits[r>>shift&15])
	}
	return append(dst, '}')
}

// IsWord reports whether s may stand unquoted as a value and still mean the
// text s. It is careful: what looks like a number, a literal, a date, a peer
// or a tag is refused, and so is everything that is not letters, digits, _
// and - after a letter.
func IsWord(s string) bool {
	if s == "" || len(s) > 64 || !classes[s[0]].has(cLetter) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i]; !classes[c].has(cIdent) && c != '-' {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "none", "null", "nil", "inf", "infinity", "nan", "now", "today", "tomorrow", "yesterday", "me", "self":
		return false
	}
	return true
}

// show returns s for a message: quoted, and cut when it is long.
func show(s string) string {
	const most = 32
	if len(s) <= most {
		return Quote(s)
	}
	cut := most
	for cut > most-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return Quote(s[:cut]) + "…"
}
