package search

import "strings"

// words takes a name or a text apart into lower-case words: at everything that
// is no letter or digit, and at the humps of CamelCase. each is called with a
// word and where it begins.
func words(s string, each func(word string, at int)) {
	from := -1
	flush := func(to int) {
		if from >= 0 && to > from {
			each(strings.ToLower(s[from:to]), from)
		}
		from = -1
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case !alnum(c):
			flush(i)
			continue
		case from < 0:
			from = i
			continue
		}
		prev := s[i-1]
		hump := upper(c) && (lower(prev) || digit(prev)) ||
			upper(c) && upper(prev) && i+1 < len(s) && lower(s[i+1])
		if hump {
			flush(i)
			from = i
		}
	}
	flush(len(s))
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
func lower(c byte) bool { return c >= 'a' && c <= 'z' }
func digit(c byte) bool { return c >= '0' && c <= '9' }

// alnum takes what is not ASCII for a letter.
func alnum(c byte) bool { return upper(c) || lower(c) || digit(c) || c >= 0x80 }

// fold is a name without its case and separators: messages.sendMessage and
// messages_send_message are the same.
func fold(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; upper(c) {
			b.WriteByte(c | 0x20)
		} else if alnum(c) {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// mask has a bit for each letter and digit of a folded name.
func mask(folded string) uint64 {
	var m uint64
	for i := range len(folded) {
		switch c := folded[i]; {
		case lower(c):
			m |= 1 << (c - 'a')
		case digit(c):
			m |= 1 << (26 + c - '0')
		default:
			m |= 1 << 36
		}
	}
	return m
}

// stem takes the endings off an English word that do not change what is meant:
// deletes, deleted and deleting are delet.
func stem(w string) string {
	n := len(w)
	switch {
	case n > 4 && strings.HasSuffix(w, "ies"):
		w = w[:n-3] + "y"
	case n > 5 && strings.HasSuffix(w, "ing"):
		w = undouble(w[:n-3])
	case n > 4 && strings.HasSuffix(w, "ed"):
		w = undouble(w[:n-2])
	case n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u' && w[n-2] != 'i':
		w = w[:n-1]
	}
	if n = len(w); n > 3 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	return w
}

// undouble makes pin of pinn.
func undouble(w string) string {
	n := len(w)
	if n > 3 && w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' {
		return w[:n-1]
	}
	return w
}

// empty are words that say nothing of what is looked for.
func empty(w string) bool {
	switch w {
	case "a", "an", "the", "of", "to", "in", "on", "at", "for", "is", "are", "be", "it", "its", "my", "i", "you", "your", "with",
		"and", "or", "from", "by", "as", "how", "do", "can", "this", "that", "some", "somebody", "someone", "his", "her", "their", "please", "want", "am", "than", "then", "just", "also", "need", "would", "should", "could", "will", "let", "us", "he", "she", "him", "these", "those", "another", "every", "everything":
		return true
	}
	return false
}

// weak are words that say little of what is looked for.
func weak(w string) bool {
	switch w {
	case "make", "take", "give", "get", "fetch", "show", "list", "whether", "several", "all", "any", "one", "away", "into", "out", "up", "off", "using",
		"when", "what", "which", "where", "there", "has", "have", "was", "not", "no", "without", "only", "own", "them", "they", "me", "we", "our", "use", "telegram", "specific", "particular", "certain", "given", "does", "did", "about", "who", "right", "now", "back", "method", "function", "api":
		return true
	}
	return false
}

// phrase is a text by its words that say something, a space on both sides of
// each.
func phrase(text string) string {
	var b strings.Builder
	words(text, func(w string, _ int) {
		if !empty(w) {
			b.WriteString(" " + w)
		}
	})
	b.WriteByte(' ')
	return b.String()
}

// distance is how many letters have to be put in, left out, changed or swapped
// with their neighbour to make b of a; most+1 where that is more than most.
func distance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	var rows [3][64]int
	if len(b) >= len(rows[0]) {
		return most + 1
	}
	for j := range len(b) + 1 {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, now := &rows[(i-1)%3], &rows[i%3], &rows[(i+1)%3]
		now[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			best = min(best, d)
		}
		if best > most+1 { // a swap may still win one back
			return most + 1
		}
	}
	return min(rows[(len(a)+1)%3][len(b)], most+1)
}

// tolerated is how many letters of a word of that length may be wrong.
func tolerated(length int) int {
	switch {
	case length < 4:
		return 0
	case length < 8:
		return 1
	}
	return 2
}
