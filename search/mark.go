package search

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

func bitsOf(m uint64) int { return bits.OnesCount64(m) }

// marks are the bytes of a name that the query asks for: all of it together,
// its words, or its letters in their order.
func marks(e *entry, q *query) []int {
	lower := strings.ToLower(e.name)
	if at := strings.Index(lower, strings.ToLower(q.raw)); at >= 0 {
		return span(at, len(q.raw))
	}
	var out []int
	words(e.name, func(w string, from int) {
		for i := range q.terms {
			t := q.terms[i].stem
			switch {
			case stem(w) == t:
				out = append(out, span(from, len(w))...)
				return
			case strings.HasPrefix(w, t):
				out = append(out, span(from, len(t))...)
				return
			}
		}
	})
	if len(out) > 0 || q.long {
		return out
	}
	if m := fuzzy.Find(q.full, []string{e.name}); len(m) > 0 {
		out = m[0].MatchedIndexes
		slices.Sort(out)
	}
	return out
}

func span(from, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = from + i
	}
	return out
}
