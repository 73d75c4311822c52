package syntax

import (
	"strings"
	"unicode/utf8"
)

// Suggest returns the one of among that was most likely meant by word, for
// "did you mean"; "" when nothing is near. Near means: at most one change for
// up to five runes, two for up to ten, three beyond, where a change inserts,
// drops or replaces a rune or swaps two neighbours. Case alone counts as no
// change, and a word given without its namespace ("sendMessage") is near the
// full name. Of equally near ones the first wins.
func Suggest(word string, among []string) string {
	if word == "" || len(word) > 200 {
		return ""
	}
	low := []rune(strings.ToLower(word))
	limit := 3
	switch {
	case len(low) <= 5:
		limit = 1
	case len(low) <= 10:
		limit = 2
	}
	best, suffix := "", ""
	var rows [3][]int
	for _, s := range among {
		if s == word {
			continue
		}
		if suffix == "" && len(s) > len(word)+1 && s[len(s)-len(word)-1] == '.' && strings.EqualFold(s[len(s)-len(word):], word) {
			suffix = s
		}
		n := utf8.RuneCountInString(s)
		if n-len(low) > limit || len(low)-n > limit {
			continue
		}
		if d := distance(low, []rune(strings.ToLower(s)), limit, &rows); d <= limit && d < max(n, len(low)) {
			if d == 0 {
				return s
			}
			best, limit = s, d-1
		}
	}
	if suffix != "" {
		return suffix
	}
	return best
}

// distance is the optimal string alignment distance of a and b, or more than
// limit as soon as it is known to be more. rows is scratch space.
func distance(a, b []rune, limit int, rows *[3][]int) int {
	for i := range rows {
		if cap(rows[i]) < len(b)+1 {
			rows[i] = make([]int, len(b)+1, 2*len(b)+8)
		}
		rows[i] = rows[i][:len(b)+1]
	}
	before, prev, cur := rows[0], rows[1], rows[2]
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			cur[j] = d
			least = min(least, d)
		}
		if least > limit+1 {
			return least
		}
		before, prev, cur = prev, cur, before
	}
	return prev[len(b)]
}
