// Package markup reads Markdown and HTML into a text and its entities, as
// https://core.telegram.org/api/entities describes them. It knows no schema:
// what an entity is called there is for the caller to say.
package markup

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says what an entity does to its text.
type Kind uint8

// The kinds of an Entity.
const (
	Bold Kind = iota
	Italic
	Underline
	Strike
	Spoiler
	Code
	Pre     // Value is the language, or ""
	Link    // Value is the URL
	Mention // ID is the user's
	Emoji   // ID is the document's
	Quote   // Collapsed says that it is shown folded
)

// Entity is a part of a text that looks or acts differently. Offset and Length
// count UTF-16 code units, as Telegram does.
type Entity struct {
	Kind      Kind
	Offset    int
	Length    int
	Value     string
	ID        int64
	Collapsed bool
}

// Error says what in a marked-up text cannot be read, and at which byte of it.
type Error struct {
	Offset int
	Msg    string
	Fix    string
}

// Error gives the message and the fix.
func (e *Error) Error() string {
	if e.Fix != "" {
		return e.Msg + " (" + e.Fix + ")"
	}
	return e.Msg
}

// writer collects the plain text and counts its UTF-16 units.
type writer struct {
	text  strings.Builder
	units int
	ents  []Entity
}

func (w *writer) write(s string) {
	w.text.WriteString(s)
	w.units += units(s)
}

// end closes an entity that began at the offset which it has.
func (w *writer) end(e Entity) {
	e.Length = w.units - e.Offset
	w.ents = append(w.ents, e)
}

// units is the length of s in UTF-16 code units; a byte that is not UTF-8
// counts as the one unit of the character that stands in for it.
func units(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

// finish takes white space off both ends of the text, as the server does, cuts
// the entities to what is left, and puts them in order: by offset, the longer
// one first.
func (w *writer) finish() (string, []Entity) {
	text := strings.TrimRightFunc(w.text.String(), unicode.IsSpace)
	size := units(text)
	cut := strings.TrimLeftFunc(text, unicode.IsSpace)
	lead := size - units(cut)
	var out []Entity
	for _, e := range w.ents {
		from, to := max(e.Offset, lead)-lead, min(e.Offset+e.Length, size)-lead
		if from >= to {
			continue
		}
		e.Offset, e.Length = from, to-from
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length), cmp.Compare(a.Kind, b.Kind))
	})
	return cut, out
}

// link is the entity that a link to url makes: tg://user?id= is a mention and
// tg://emoji?id= a custom emoji.
func link(url string) Entity {
	for prefix, kind := range map[string]Kind{"tg://user?id=": Mention, "tg://emoji?id=": Emoji} {
		if digits, ok := strings.CutPrefix(url, prefix); ok {
			if id, err := strconv.ParseInt(digits, 10, 64); err == nil {
				return Entity{Kind: kind, ID: id}
			}
		}
	}
	return Entity{Kind: Link, Value: url}
}

// punctuation reports an ASCII character that a backslash takes the meaning
// from.
func punctuation(c byte) bool {
	return c < utf8.RuneSelf && (unicode.IsPunct(rune(c)) || unicode.IsSymbol(rune(c)))
}
