package search

import (
	"cmp"
	"slices"
)

// candidate is an entry and its score.
type candidate struct {
	entry int32
	score float32
}

// top keeps the best candidates, an entry once.
type top struct {
	limit int
	list  []candidate
	least float32
	wants func(entry int32) bool // nil: all
}

func newTop(limit int) *top { return &top{limit: limit, list: make([]candidate, 0, 4*limit)} }

func (t *top) add(c candidate) {
	if len(t.list) >= t.limit && c.score <= t.least || t.wants != nil && !t.wants(c.entry) {
		return
	}
	t.list = append(t.list, c)
	if len(t.list) == cap(t.list) {
		t.prune()
	}
}

func (t *top) prune() {
	slices.SortFunc(t.list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.entry, b.entry))
	})
	seen := t.list[:0]
	for _, c := range t.list {
		if !slices.ContainsFunc(seen, func(o candidate) bool { return o.entry == c.entry }) {
			seen = append(seen, c)
		}
		if len(seen) == t.limit {
			break
		}
	}
	t.list = seen
	if len(seen) == t.limit {
		t.least = seen[t.limit-1].score
	}
}

func (t *top) full() int { t.prune(); return len(t.list) }

func (t *top) best() float32 {
	if len(t.list) == 0 {
		return 0
	}
	return t.list[0].score
}

func (t *top) sorted() []candidate { t.prune(); return t.list }
