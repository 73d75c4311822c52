package syntax

import (
	"unicode"
	"unicode/utf8"
)

// class says what an ASCII byte may be part of.
type class uint8

const (
	cSpace  class = 1 << iota // white space other than a newline
	cStop                     // ends a word
	cIdent                    // letters, digits and _
	cDigit                    // 0-9
	cLetter                   // A-Z, a-z
	cCtrl                     // control bytes that are no white space
)

var classes = func() (t [256]class) {
	for c := range t {
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f':
			t[c] = cSpace | cStop
		case c == '\n' || c < utf8.RuneSelf && isStop(byte(c)):
			t[c] = cStop
		case c < ' ' || c == 0x7f:
			t[c] = cCtrl
		case '0' <= c && c <= '9':
			t[c] = cIdent | cDigit
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			t[c] = cIdent | cLetter
		case c == '_':
			t[c] = cIdent
		}
	}
	return t
}()

func isStop(c byte) bool {
	switch c {
	case ',', ';', '|', '(', ')', '[', ']', '<', '>', '"', '\'':
		return true
	}
	return false
}

func (c class) has(want class) bool { return c&want != 0 }

// spaceAt returns the length of the white space character, other than a
// newline, that src has at i; 0 when there is none. A byte order mark counts
// at the beginning of the source.
func spaceAt(src string, i int) int {
	c := src[i]
	if c < utf8.RuneSelf {
		if classes[c].has(cSpace) {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(src[i:])
	if r != utf8.RuneError && unicode.IsSpace(r) || r == 0xfeff && i == 0 {
		return n
	}
	return 0
}

// wordEnd returns where the word that begins at i ends, and the place of the
// first character in it that a word cannot show, -1 when there is none.
func wordEnd(src string, i int) (end, hidden int) {
	hidden = -1
	for i < len(src) {
		c := src[i]
		if c < utf8.RuneSelf {
			k := classes[c]
			if k.has(cStop) {
				break
			}
			if k.has(cCtrl) && hidden < 0 {
				hidden = i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(src[i:])
		if unicode.IsSpace(r) {
			break
		}
		if hidden < 0 && !(r == utf8.RuneError && n == 1) && hiddenInWord(r) {
			hidden = i
		}
		i += n
	}
	return i, hidden
}

// hiddenInWord says of a rune that it changes how text is shown without being
// seen, so that a bare word with it may not be what it seems. The joiners are
// let through: scripts and emoji need them.
func hiddenInWord(r rune) bool {
	if r == 0x200c || r == 0x200d {
		return false
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
}

// identEnd returns where the run of letters, digits and _ at i ends.
func identEnd(src string, i int) int {
	for i < len(src) && classes[src[i]].has(cIdent) {
		i++
	}
	return i
}

// nameEnd returns the place of the = when src has name= at i, else -1.
func nameEnd(src string, i int) int {
	if i >= len(src) || !classes[src[i]].has(cIdent) || classes[src[i]].has(cDigit) {
		return -1
	}
	end := identEnd(src, i)
	if end < len(src) && src[end] == '=' {
		return end
	}
	return -1
}

// isName reports whether s has the form of a name: [A-Za-z_][A-Za-z0-9_]*.
func isName(s string) bool {
	return s != "" && !classes[s[0]].has(cDigit) && identEnd(s, 0) == len(s)
}

// isPath reports whether s is a name with dots, as TL names are.
func isPath(s string) bool {
	if s == "" || classes[s[0]].has(cDigit) || s[0] == '.' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '.' && !classes[s[i]].has(cIdent) {
			return false
		}
	}
	return true
}

// isHead says of the first word of a statement whether it is the name of
// something to run, or a value: a number, a peer, a tagged word.
func isHead(s string) bool {
	if s == "" || classes[s[0]].has(cDigit) {
		return false
	}
	switch s[0] {
	case '+', '-', '@', '.', '=':
		return false
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ':', '/', '+', '@':
			return false
		}
	}
	return true
}
