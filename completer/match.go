package completer

import (
	"math/bits"
	"strings"
)

// The tiers of a match, the best first.
const (
	tierExact   = iota
	tierFold    // but for the case of letters
	tierPrefix  // the query begins the name
	tierLocal   // or what stands behind the name's last dot
	tierWord    // or one of its words
	tierHumps   // it is made of the first letters of its words
	tierInside  // it stands in the name
	tierTypo    // it is the name with something wrong
	tierLetters // its letters stand in the name in their order
	tierNone
)

// matched is how a query matches a name.
type matched struct {
	tier  int
	marks []int // the bytes of the name that it stands for
	done  bool  // nothing is left to match
}

// match matches a query with a name, down to tierInside.
func match(query, name string) matched {
	if query == "" {
		return matched{tier: tierPrefix}
	}
	at, tier := indexFold(name, query), tierInside
	switch {
	case at < 0:
		if marks := humps(query, name); marks != nil {
			return matched{tier: tierHumps, marks: marks}
		}
		return matched{tier: tierNone}
	case at == 0 && name == query:
		tier = tierExact
	case at == 0 && len(name) == len(query):
		tier = tierFold
	case at == 0:
		tier = tierPrefix
	default:
		if dot := strings.LastIndexByte(name, '.') + 1; dot > 0 && foldedAt(name, query, dot) {
			at, tier = dot, tierLocal
			break
		}
		for i := at; i+len(query) <= len(name); i++ {
			if beginsWord(name, i) && foldedAt(name, query, i) {
				at, tier = i, tierWord
				break
			}
		}
	}
	marks := make([]int, len(query))
	for i := range marks {
		marks[i] = at + i
	}
	return matched{tier: tier, marks: marks}
}

// indexFold is where query stands in name, whatever the case of ASCII letters;
// -1 for nowhere.
func indexFold(name, query string) int {
	for i := 0; i+len(query) <= len(name); i++ {
		if foldedAt(name, query, i) {
			return i
		}
	}
	return -1
}

func foldedAt(name, query string, i int) bool {
	if i+len(query) > len(name) {
		return false
	}
	for j := range len(query) {
		if lower(name[i+j]) != lower(query[j]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// beginsWord reports that a word of a name begins at i: behind a dot, a _ or
// another sign, and with a capital letter.
func beginsWord(name string, i int) bool {
	if i == 0 {
		return true
	}
	c, before := name[i], name[i-1]
	if !letter(before) && before < 0x80 {
		return letter(c) || c >= 0x80
	}
	return 'A' <= c && c <= 'Z' && !('A' <= before && before <= 'Z')
}

func letter(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' || '0' <= c && c <= '9' }

// humps finds a query of two letters and more among the first letters of the
// words of a name: sm in sendMessage. nil is not found.
func humps(query, name string) []int {
	if len(query) < 2 {
		return nil
	}
	var marks []int
	for i := 0; i < len(name) && len(marks) < len(query); i++ {
		if beginsWord(name, i) && lower(name[i]) == lower(query[len(marks)]) {
			marks = append(marks, i)
		}
	}
	if len(marks) < len(query) {
		return nil
	}
	return marks
}

// letters is the set of the letters and digits of a text, and a bit for all
// the rest.
func letters(s string) uint64 {
	var m uint64
	for i := range len(s) {
		switch c := lower(s[i]); {
		case 'a' <= c && c <= 'z':
			m |= 1 << (c - 'a')
		case '0' <= c && c <= '9':
			m |= 1 << (26 + c - '0')
		case c >= 0x80:
			m |= 1 << (40 + bits.OnesCount8(c))
		}
	}
	return m
}
