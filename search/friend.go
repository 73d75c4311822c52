package search

import (
	"slices"
	"strings"
)

// byFriend finds the requests behind a library's friendly method: by its name,
// by the beginning of that, or with a typo in it.
func (x *Index) byFriend(q *query, best *top) {
	give := func(key string, score float32) {
		for i, n := range x.friendly[key] {
			best.add(candidate{n, score - float32(2*i)})
		}
	}
	if _, ok := x.friendly[q.full]; ok {
		give(q.full, 112)
		return
	}
	const (
		short = 5 // below it a beginning says too little
		many  = 5
	)
	if len(q.full) < short {
		return
	}
	at, _ := slices.BinarySearch(x.friends, q.full)
	for n := 0; n < many && at+n < len(x.friends) && strings.HasPrefix(x.friends[at+n], q.full); n++ {
		give(x.friends[at+n], 40+40*float32(len(q.full))/float32(len(x.friends[at+n])))
	}
	most := tolerated(len(q.full))
	if most < 2 {
		return
	}
	for _, key := range x.friends {
		if bitsOf(q.mask^mask(key)) > 2*most {
			continue
		}
		if d := distance(q.full, key, most); d <= most {
			give(key, 84-12*float32(d))
		}
	}
}
