package completer

import (
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// most is how many candidates are given: nobody scrolls further.
const most = 100

// list gathers candidates and ranks them.
type list struct {
	query   string
	items   []Item
	weights []int
}

func (l *list) add(it Item, weight int) {
	l.items = append(l.items, it)
	l.weights = append(l.weights, weight)
}

// String and Len make the list a fuzzy.Source.
func (l *list) String(i int) string { return l.items[i].Label }

// Len is the number of candidates.
func (l *list) Len() int { return len(l.items) }

// rank keeps what matches the query, the best first: the whole name, then a
// prefix of it or of the part behind its dot, then any subsequence, better ones
// by the score of sahilm/fuzzy; kinds that are wanted more before others.
func (c *completion) rank() {
	l := &c.list
	if l.query == "" {
		order := make([]int, len(l.items))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return l.weights[b] - l.weights[a] })
		for _, i := range order[:min(most, len(order))] {
			c.res.Items = append(c.res.Items, l.items[i])
		}
		return
	}
	type hit struct {
		item               Item
		tier, score, index int
	}
	var hits []hit
	for _, m := range fuzzy.FindFrom(l.query, l) {
		it := l.items[m.Index]
		it.Match = m.MatchedIndexes
		hits = append(hits, hit{it, tier(l.query, it.Label), m.Score + l.weights[m.Index], m.Index})
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		if a.tier != b.tier {
			return a.tier - b.tier
		}
		if a.tier <= prefix {
			// Equally good: what is wanted more, then the order of the schema,
			// whose first ones are the oldest and most used.
			if w := l.weights[b.index] - l.weights[a.index]; w != 0 {
				return w
			}
			return a.index - b.index
		}
		if a.score != b.score {
			return b.score - a.score
		}
		return len(a.item.Label) - len(b.item.Label)
	})
	for _, h := range hits[:min(most, len(hits))] {
		c.res.Items = append(c.res.Items, h.item)
	}
}

// prefix is the last tier in which the query begins a name.
const prefix = 3

// tier says how a query matches a name, 0 the best.
func tier(query, name string) int {
	q, n := strings.ToLower(query), strings.ToLower(name)
	local := n[strings.LastIndexByte(n, '.')+1:]
	switch {
	case n == q:
		return 0
	case local == q:
		return 1
	case strings.HasPrefix(n, q):
		return 2
	case strings.HasPrefix(local, q):
		return 3
	case strings.Contains(n, q):
		return 4
	}
	return 5
}
