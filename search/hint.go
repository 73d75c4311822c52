package search

import "strings"

// short are the forms of speech that words would take apart.
var short = strings.NewReplacer("n't", " not", "n’t", " not", "'s", "", "’s", "")

// hints reads what a query of several plain words says of the kind of thing that
// is looked for: of something that went wrong, an error; and what a last word
// names, as in "new message update" or "photo filter", a constructor of such a
// type.
func (q *query) hints() {
	if !q.plain || len(q.words) < 2 {
		return
	}
	words(q.raw, func(w string, _ int) { q.fault = q.fault || faulty(w) })
	q.class = stem(q.words[len(q.words)-1])
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
