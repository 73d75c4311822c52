package search

import "strings"

// short are the forms of speech that words would take apart.
var short = strings.NewReplacer("n't", " not", "n’t", " not", "'s", "", "’s", "")

// hints reads what a query of several plain words says of the kind of thing that
// is looked for: an error, by that word or because it speaks of something that went
// wrong; a type, a constructor; and what its last word names, or the one before of,
// with and their like, as in "new message update" or "button with a link", a
// constructor of such a type.
func (q *query) hints() {
	if !q.plain || !q.long {
		return
	}
	n, before := 0, ""
	words(q.raw, func(w string, _ int) {
		q.fault = q.fault || faulty(w)
		if k := kindOf(w); k != "" {
			q.asks = k
		}
		switch {
		case joins(w):
			q.event = q.event || n == 1 && before == "update" && w != "in"
			if q.classes[1] == "" {
				q.classes[1] = stem(before)
			}
		case !empty(w):
			n++
			q.classes[0] = stem(w)
		}
		before = w
	})
	if n < 2 {
		q.classes, q.asks, q.event = [2]string{}, "", false
	}
}

// kindOf is the kind that a word asks for, "" for other words.
func kindOf(w string) Kind {
	switch w {
	case "error", "errors", "exception":
		return Error
	case "type", "types":
		return Type
	case "constructor", "constructors":
		return Constructor
	}
	return ""
}

// joins are words behind the one that says what is wanted.
func joins(w string) bool {
	switch w {
	case "of", "with", "in", "when", "for", "that", "about", "which":
		return true
	}
	return false
}

// lastOf is where the last word of a text begins.
func lastOf(text string) (at int) {
	words(text, func(_ string, from int) { at = from })
	return at
}

// faulty are words of those who speak of an error.
func faulty(w string) bool {
	switch w {
	case "error", "cannot", "not", "already", "invalid", "wrong", "bad", "expired", "too", "forbidden", "denied", "refused", "failed", "fails",
		"required", "missing", "banned", "limited", "unknown", "nobody", "must", "unsupported", "occupied", "taken", "empty", "why":
		return true
	}
	return false
}

// lastWord is the stem of the last word of a type's name: of MessagesFilter,
// filter.
func lastWord(class string) string {
	var last string
	words(class, func(w string, _ int) { last = w })
	return stem(last)
}

// thrown is the error that a name in capitals and small letters is, as libraries
// call their exceptions: FloodWaitError, PeerIdInvalid. It is empty for others.
func (x *Index) thrown(name string) string {
	if strings.ToLower(name) == name || strings.ContainsAny(name, "_ .") {
		return ""
	}
	name = fold(strings.TrimSuffix(name, "Error"))
	for _, key := range []string{name, name + "d"} { // the number, %d
		for _, n := range x.byFold[key] {
			if e := &x.entries[n]; e.kind == Error && (key == name || strings.HasSuffix(e.name, "_%d")) {
				return e.name
			}
		}
	}
	return ""
}
