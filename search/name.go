package search

import (
	"slices"
	"strings"
)

// whole scores how the query stands in a name, 0 where it does not.
func (x *Index) whole(q *query, e *entry) float32 {
	switch e.kind {
	case Parameter, Error:
		return whole1(q, e)
	case Command:
		return wholeCommand(q, e)
	}
	base := e.full[e.base:]
	ratio := float32(len(q.full)) / float32(len(e.full))
	switch {
	case q.raw == e.name:
		return 130
	case q.full == e.full && e.kind != Method && q.plain && q.long:
		return 74 // words that happen to be all of a constructor's name
	case q.full == e.full:
		return 115
	case q.full == base && q.plain && e.fame == rare:
		return 79
	case q.full == base:
		return 92
	case strings.HasPrefix(base, "get") && base[3:] == q.full:
		return 86
	case strings.HasPrefix(base, q.full) && ends(q, e, e.base+len(q.full)) && q.plain && q.long:
		return 62 + 6*float32(len(q.full))/float32(len(base)) // said, and there is more to the name
	case strings.HasPrefix(base, q.full) && ends(q, e, e.base+len(q.full)):
		return 70 + 6*float32(len(q.full))/float32(len(base))
	case strings.HasPrefix(base, "get") && strings.HasPrefix(base[3:], q.full) && ends(q, e, e.base+3+len(q.full)):
		return 60 + 20*float32(len(q.full))/float32(len(base))
	case strings.HasPrefix(e.full, q.full) && ends(q, e, len(q.full)):
		return 56 + 20*ratio
	}
	if at := strings.Index(e.full, q.full); at >= 0 && len(q.full) >= 2 && ends(q, e, at+len(q.full)) {
		if slices.Contains(e.starts, uint8(at)) {
			return 46 + 18*ratio
		}
		if len(q.full) >= 3 {
			return 26 + 18*ratio
		}
		return 0
	}
	return humps(q, e)
}

// ends reports that what was found in a name up to that place is not only the
// beginning of its last word, where several words are asked for.
func ends(q *query, e *entry, to int) bool {
	return !q.long || to == len(e.full) || slices.Contains(e.starts, uint8(to))
}

// whole1 is whole for what is rarely looked for: parameters and errors.
func whole1(q *query, e *entry) float32 {
	switch {
	case q.raw == e.name && (q.long || q.shout || e.alone):
		return 98
	case q.full == e.full:
		return 66
	case strings.HasPrefix(e.full, q.full):
		return 34 + 20*float32(len(q.full))/float32(len(e.full))
	}
	return 0
}

// wholeCommand is whole for a command of the shell: below what makes a request
// of the same words.
func wholeCommand(q *query, e *entry) float32 {
	switch {
	case q.full == e.full:
		return 88
	case strings.HasPrefix(e.full, q.full):
		return 60 + 20*float32(len(q.full))/float32(len(e.full))
	}
	return 0
}

// humps scores a query made of the beginnings of a name's words: gfc, crU,
// getFU.
func humps(q *query, e *entry) float32 {
	if len(q.full) < 2 || q.long {
		return 0
	}
	within := e.initials
	for i, s := range e.starts {
		if int(s) == e.base {
			within = e.initials[i:]
			break
		}
	}
	switch q.full {
	case within:
		return 66
	case e.initials:
		return 64
	}
	if strings.HasPrefix(within, q.full) || strings.HasPrefix(e.initials, q.full) {
		return 52 + 10*float32(len(q.full))/float32(len(e.initials))
	}
	if used := takeHumps(q.full, e, 0, 0); used > 0 {
		return 30 + 16*float32(used)/float32(len(e.starts)) + 8*float32(len(q.full))/float32(len(e.full))
	}
	return 0
}

// takeHumps matches rest against the words of a name from the k-th on, each
// letter at a word's beginning or after one that was matched; it gives how
// many words were used, 0 for no match.
func takeHumps(rest string, e *entry, k, depth int) int {
	if rest == "" {
		return depth
	}
	if depth > 8 {
		return 0
	}
	for ; k < len(e.starts); k++ {
		from, to := int(e.starts[k]), len(e.full)
		if k+1 < len(e.starts) {
			to = int(e.starts[k+1])
		}
		n := common(rest, e.full[from:to])
		for ; n > 0; n-- {
			if used := takeHumps(rest[n:], e, k+1, depth+1); used > 0 {
				return used
			}
		}
	}
	return 0
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// typo scores a name of which a few letters are wrong in the query.
func typo(q *query, e *entry, most int) float32 {
	base := e.full[e.base:]
	d := distance(q.full, base, most)
	if d > most && e.base > 0 {
		d = distance(q.full, e.full, most)
	}
	if what, ok := strings.CutPrefix(base, "get"); ok && d > most && e.kind == Method {
		d = distance(q.full, what, most)
	}
	if d > most || d == 0 {
		return 0
	}
	return 72 - 9*float32(d)
}
