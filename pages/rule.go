// Package pages knows how a request is asked for its next page, and makes one result
// of several pages.
package pages

import (
	_ "embed"
	"strings"
	"sync"

	"tlsh/schema"
)

//go:embed pages.txt
var source string

// Rule is how a request is asked for its next page.
type Rule struct {
	Field string // the Vector of its result that is paged through
	Next  []Param
}

// Param says what a parameter is for the next page.
type Param struct {
	Param string
	How   How
	// Path leads to the value: of the last element, or, for OfResult, Path[0]
	// is a field of the result and Path[1], if there is one, of the last element
	// instead. For Const it is the value's spelling.
	Path []string
}

// How says where the value of a parameter comes from.
type How uint8

// The sources of a parameter for the next page.
const (
	OfLast   How = iota // a field of the last element
	Count               // as it was, and the number of elements that came
	OfResult            // a field of the result, else of the last element
	Date                // the date of the message that a field of the last element names
	Const               // always the same
)

// rules are those of the table, and why other requests have no pages.
type rules struct {
	pages  map[string]*Rule
	single map[string]string
}

var table = sync.OnceValue(func() rules {
	t := rules{map[string]*Rule{}, map[string]string{}}
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if method, ok := strings.CutPrefix(line, "single "); ok {
			method, why, _ := strings.Cut(method, " ")
			t.single[method] = why
			continue
		}
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "pages" {
			continue
		}
		p := &Rule{Field: words[2]}
		for _, w := range words[3:] {
			p.Next = append(p.Next, paramOf(w))
		}
		t.pages[words[1]] = p
	}
	return t
})

func paramOf(w string) Param {
	param, what, _ := strings.Cut(w, "=")
	n := Param{Param: param}
	switch {
	case what == "+":
		n.How = Count
	case what[0] == '^':
		n.How, n.Path = OfResult, strings.Split(what[1:], "|")
	case what[0] == '@':
		n.How, n.Path = Date, []string{what[1:]}
	case what == "0" || what == "true":
		n.How, n.Path = Const, []string{what}
	default:
		n.Path = strings.Split(what, ".")
	}
	return n
}

// Of is how a request is paged through. When it cannot be, why says it.
func Of(def *schema.Combinator) (p *Rule, why string) {
	t := table()
	if p := t.pages[def.Name]; p != nil {
		return p, ""
	}
	if why := t.single[def.Name]; why != "" {
		return nil, why
	}
	return nil, "it has no pages"
}
