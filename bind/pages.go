package bind

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"tlsh/schema"
	"tlsh/syntax"
)

//go:embed pages.txt
var pagesTable string

// Paging is how a request is asked for its next page.
type Paging struct {
	Field string // the Vector of its result that is paged through
	Next  []NextParam
}

// NextParam says what a parameter is for the next page.
type NextParam struct {
	Param string
	How   NextHow
	// Path leads to the value: of the last element, or, for NextOfResult, Path[0]
	// is a field of the result and Path[1], if there is one, of the last element
	// instead. For NextConst it is the value's spelling.
	Path []string
}

// NextHow says where the value of a parameter comes from.
type NextHow uint8

// The sources of a parameter for the next page.
const (
	NextOfLast   NextHow = iota // a field of the last element
	NextCount                   // as it was, and the number of elements that came
	NextOfResult                // a field of the result, else of the last element
	NextDate                    // the date of the message that a field of the last element names
	NextConst                   // always the same
)

type pageRules struct {
	pages  map[string]*Paging
	single map[string]string
}

var pageTable = sync.OnceValue(func() pageRules {
	t := pageRules{map[string]*Paging{}, map[string]string{}}
	for line := range strings.Lines(pagesTable) {
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
		p := &Paging{Field: words[2]}
		for _, w := range words[3:] {
			p.Next = append(p.Next, nextParam(w))
		}
		t.pages[words[1]] = p
	}
	return t
})

func nextParam(w string) NextParam {
	param, what, _ := strings.Cut(w, "=")
	n := NextParam{Param: param}
	switch {
	case what == "+":
		n.How = NextCount
	case what[0] == '^':
		n.How, n.Path = NextOfResult, strings.Split(what[1:], "|")
	case what[0] == '@':
		n.How, n.Path = NextDate, []string{what[1:]}
	case what == "0" || what == "true":
		n.How, n.Path = NextConst, []string{what}
	default:
		n.Path = strings.Split(what, ".")
	}
	return n
}

// PagingOf is how a request is paged through. When it cannot be, why says it.
func PagingOf(def *schema.Combinator) (p *Paging, why string) {
	t := pageTable()
	if p := t.pages[def.Name]; p != nil {
		return p, ""
	}
	if why := t.single[def.Name]; why != "" {
		return nil, why
	}
	return nil, "it has no pages"
}

// AllPages is Info.Pages of pages all.
const AllPages = -1

// pages checks pages N CALL.
func (c *checker) pages(x *syntax.Prefix) {
	in := c.info
	how := syntax.Text(x.How)
	n, err := strconv.Atoi(how)
	_, missing := x.How.(*syntax.Missing)
	switch {
	case how == "all":
		in.Pages = AllPages
	case err == nil && n > 0:
		in.Pages = n
	case !missing:
		c.errorf(x.How, "pages wants a number from 1, or all, and this is %s", c.text(x.How)).Fix = "pages 3 " + strings.TrimSpace(c.src[x.X.Span().From:x.X.Span().To])
	}
	call, ok := x.X.(*syntax.Call)
	if !ok {
		if _, missing := x.X.(*syntax.Missing); missing {
			in.record(x.X, Slot{Kind: SlotHead})
			return
		}
		c.errorf(x.X, "only a request has pages")
		return
	}
	in.Call = call
	c.head(call)
	if in.Kind == Empty {
		return // told already
	}
	if in.Kind != Request {
		c.errorf(call.Name, "only a request has pages, and %s is none", c.text(call.Name))
		in.Kind = Empty
		return
	}
	in.Kind = Pages
	def := in.Object().Def()
	if _, why := PagingOf(def); why != "" {
		c.errorf(call.Name, "%s cannot be paged through: %s", def.Name, why)
	}
}
