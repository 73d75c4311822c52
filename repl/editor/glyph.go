package editor

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// tabWidth is the fixed width of a tab in the line; a terminal's tab stops would
// depend on the column.
const tabWidth = 4

// maxMarks bounds the runes of one grapheme that are sent to the terminal: longer
// ones are piles of marks that draw over other rows.
const maxMarks = 16

// glyph is what the terminal gets for one grapheme or for one rune of an unsafe one.
type glyph struct {
	text  string
	width int
	// escape says that text is a stand-in, not the text itself.
	escape bool
}

// cluster returns the length in bytes of the first grapheme of s, which is not
// empty. A newline is always one of its own.
func cluster(s string) int {
	if s[0] < utf8.RuneSelf && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return 1 // uniseg takes "\r\n" together; here it is two
	}
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(c)
}

// lastCluster returns the length in bytes of the last grapheme of s, which is not
// empty and begins at a grapheme's border.
func lastCluster(s string) int {
	if s[len(s)-1] < utf8.RuneSelf && (len(s) == 1 || s[len(s)-2] < utf8.RuneSelf) {
		return 1
	}
	n := 0
	for len(s) > 0 {
		n = cluster(s)
		s = s[n:]
	}
	return n
}

// glyphs appends to dst how the grapheme c is shown. No control character, no mark
// that changes the direction of text and nothing invisible passes.
func glyphs(dst []glyph, c string) []glyph {
	if len(c) == 1 && c[0] >= 0x20 && c[0] < 0x7f {
		return append(dst, glyph{text: c, width: 1})
	}
	if c == "\t" {
		return append(dst, glyph{text: "    "[:tabWidth], width: tabWidth})
	}
	if w := uniseg.StringWidth(c); w > 0 && safe(c) {
		return append(dst, glyph{text: c, width: w})
	}
	for i := 0; i < len(c); {
		r, n := utf8.DecodeRuneInString(c[i:])
		g := glyph{escape: true}
		switch {
		case r == utf8.RuneError && n == 1:
			g.text = fmt.Sprintf(`\x%02x`, c[i])
		case r < 0x20:
			g.text = "^" + string(r+'@')
		case r == 0x7f:
			g.text = "^?"
		case r > 0x20 && r < 0x7f || !hiddenRune(r) && uniseg.StringWidth(string(r)) > 0:
			g = glyph{text: string(r), width: uniseg.StringWidth(string(r))}
		default:
			g.text = fmt.Sprintf(`\u{%x}`, r)
		}
		if g.escape {
			g.width = len(g.text)
		}
		dst = append(dst, g)
		i += n
	}
	return dst
}

// safe reports whether a grapheme may go to the terminal as it is.
func safe(c string) bool {
	first, _ := utf8.DecodeRuneInString(c)
	runes := 0
	for i, r := range c {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(c[i:]); n == 1 {
				return false
			}
		}
		// Flags of regions are spelled with tags after a black flag; behind
		// anything else tags only hide text.
		tag := first == 0x1f3f4 && r >= 0xe0020 && r <= 0xe007f
		joiner := i > 0 && (r == 0x200c || r == 0x200d)
		if hiddenRune(r) && !tag && !joiner {
			return false
		}
		runes++
	}
	return runes <= maxMarks
}

// hiddenRune reports whether r is a control or format character, or blank though
// it is a letter or mark by its class.
func hiddenRune(r rune) bool {
	switch {
	case r == 0x34f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xffa0:
		return true
	case r >= 0xe0100 && r <= 0xe01ef: // variation selectors, a place to hide bytes
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// width returns how many cells s takes where it is on one row.
func width(s string) int {
	w := 0
	var buf [4]glyph
	for len(s) > 0 {
		n := cluster(s)
		for _, g := range glyphs(buf[:0], s[:n]) {
			w += g.width
		}
		s = s[n:]
	}
	return w
}
