package completer

import (
	"slices"

	"github.com/sahilm/fuzzy"

	"tlsh/schema"
	"tlsh/syntax"
)

// most is how many candidates are given: nobody scrolls further.
const most = 100

// doubts is how many candidates are tried in the line.
const doubts = 25

// candidate is an Item that is not ranked yet.
type candidate struct {
	Item
	weight int
	also   string // another name that it is found by: who a peer is
	def    *schema.Combinator
	param  int // of def; -1 where def itself is meant
	match  matched
	order  int
	doubt  bool // it is given only if the line checks with it
}

// marked is the candidate with its match.
func (c candidate) marked(m matched) candidate {
	c.match = m
	return c
}

// list gathers candidates and ranks them.
type list struct {
	query  string
	items  []candidate
	ranked bool // they are in their order, and all match
}

func (l *list) add(c candidate) {
	c.order = len(l.items)
	l.items = append(l.items, c)
}

// unmatched are those that no other way found, for fuzzy.
type unmatched []*candidate

// String and Len make it a fuzzy.Source.
func (u unmatched) String(i int) string { return u[i].Label }

// Len is the number of candidates.
func (u unmatched) Len() int { return len(u) }

// enough is how many good matches make worse ones unwelcome.
const enough = 5

// sort keeps what matches the query, the best first: by how it matches, then by
// what is wanted more, then in the order in which it was offered.
func (l *list) sort() []candidate {
	if l.ranked {
		return l.items
	}
	kept := make([]candidate, 0, len(l.items))
	var left unmatched
	for i := range l.items {
		it := &l.items[i]
		if !it.match.done {
			it.match = match(l.query, it.Label)
			if it.match.tier == tierNone && it.also != "" {
				if m := match(l.query, it.also); m.tier < tierNone {
					it.match = matched{tier: max(m.tier, tierLocal)}
				}
			}
		}
		if it.match.tier < tierNone {
			kept = append(kept, *it)
		} else {
			left = append(left, it)
		}
	}
	if len(kept) < enough && len(l.query) >= 2 {
		kept = l.worse(kept, left)
	}
	slices.SortFunc(kept, func(a, b candidate) int {
		switch {
		case a.match.tier != b.match.tier:
			return a.match.tier - b.match.tier
		case a.weight != b.weight:
			return b.weight - a.weight
		}
		return a.order - b.order
	})
	return kept
}

// worse adds what a typo or the order of letters finds.
func (l *list) worse(kept []candidate, left unmatched) []candidate {
	if len(l.query) >= 4 && len(kept) == 0 {
		names := make([]string, len(left))
		for i, it := range left {
			names[i] = it.Label
		}
		if near := syntax.Suggest(l.query, names); near != "" {
			it := left[slices.Index(names, near)]
			it.match = matched{tier: tierTypo}
			kept = append(kept, *it)
		}
	}
	want := letters(l.query)
	left = slices.DeleteFunc(left, func(it *candidate) bool { return it.match.tier == tierTypo || want&^letters(it.Label) != 0 })
	for _, m := range fuzzy.FindFromNoSort(l.query, left) {
		it := left[m.Index]
		it.match = matched{tier: tierLetters, marks: m.MatchedIndexes}
		kept = append(kept, *it)
	}
	return kept
}

// rank puts the candidates in their order into the result.
func (c *completion) rank() {
	kept := c.list.sort()
	c.res.Items = make([]Item, 0, min(most, len(kept)))
	checked := 0
	for i := range kept {
		if len(c.res.Items) == most {
			break
		}
		if c.comma {
			kept[i].Text = ", " + kept[i].Text
		}
		if kept[i].doubt {
			if checked++; checked > doubts || !c.checks(kept[i].Text) {
				continue
			}
		}
		kept[i].Match = kept[i].match.marks
		c.describe(&kept[i])
		c.res.Items = append(c.res.Items, kept[i].Item)
	}
}
