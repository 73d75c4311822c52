package render

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands between these is ordered by itself and counts as one neutral character
// for what is around it (FSI and PDI of Unicode's bidirectional algorithm, UAX #9).
const (
	isolateBegin = "\u2068"
	isolateEnd   = "\u2069"
)

// vteReorders is the first version of VTE that reorders rows, 0.58, as VTE_VERSION has it.
const vteReorders = 5800

// Reorders reports a terminal that shows right-to-left text in its own order, and so may
// move what follows on the row, unless that text is isolated: VTE (GNOME's and others),
// mintty, mlterm. Within tmux and screen nothing is known about the one outside.
func Reorders(getenv func(string) (string, bool)) bool {
	term, _ := getenv("TERM")
	if strings.HasPrefix(term, "screen") || strings.HasPrefix(term, "tmux") {
		return false
	}
	vte, _ := getenv("VTE_VERSION")
	version, _ := strconv.Atoi(vte) // 0 for any other terminal
	program, _ := getenv("TERM_PROGRAM")
	_, mlterm := getenv("MLTERM")
	return version >= vteReorders || program == "mintty" || mlterm
}

// Isolate appends text to dst with each phrase of right-to-left letters isolated, so
// that a terminal that reorders a row leaves everything else of it in its place. A
// phrase ends at a letter of another direction, a quote, a second blank and the end of
// the row, whichever comes first. The text is safe already: SGR sequences are all that
// it holds of escapes.
func Isolate(dst, text []byte) []byte {
	if bytes.IndexFunc(text, rightToLeft) < 0 {
		return append(dst, text...)
	}
	end := -1 // of the phrase as far as it is known, in dst
	leave := func() {
		if end >= 0 {
			dst = slices.Insert(dst, end, []byte(isolateEnd)...)
			end = -1
		}
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == 0x1b:
			n = max(1, sgrLen(text))
		case rightToLeft(r):
			if end < 0 {
				dst = append(dst, isolateBegin...)
			}
			dst = append(dst, text[:n]...)
			end, text = len(dst), text[n:]
			continue
		case end == len(dst) && unicode.Is(unicode.M, r): // a mark on the letter before
			dst = append(dst, text[:n]...)
			end, text = len(dst), text[n:]
			continue
		case r == '\n', r == '\t', r == '"', r == ' ' && n < len(text) && text[n] == ' ', unicode.IsLetter(r):
			leave()
		}
		dst, text = append(dst, text[:n]...), text[n:]
	}
	leave()
	return dst
}

// rightToLeft reports a letter that is written from right to left: those of the blocks
// that Unicode keeps for such scripts.
func rightToLeft(r rune) bool {
	switch {
	case r < 0x590:
		return false
	case r <= 0x8ff, r >= 0xfb1d && r <= 0xfdff, r >= 0xfe70 && r <= 0xfeff,
		r >= 0x10800 && r <= 0x10fff, r >= 0x1e800 && r <= 0x1efff:
		return unicode.IsLetter(r)
	}
	return false
}

// sgrLen is the length of the SGR sequence that text begins with, 0 if it is none.
func sgrLen(text []byte) int {
	for i := 2; i < len(text) && text[1] == '['; i++ {
		switch c := text[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && c != ':' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
