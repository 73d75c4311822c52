package docs

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run -C gen .

// pagesData is the text that gen writes, packed; gen/main.go says how it reads.
//
//go:embed docs.gz
var pagesData []byte

// Site is where the pages of the API are; a Link is relative to it.
const Site = "https://core.telegram.org/"

// Who says who may call a request.
type Who uint8

// Who may call a request.
const (
	Unknown Who = iota // the pages at hand do not say
	Users              // people alone
	Bots               // bots alone
	Both
)

// String is the same in words.
func (w Who) String() string {
	switch w {
	case Users:
		return "users only"
	case Bots:
		return "bots only"
	case Both:
		return "users and bots"
	}
	return "unknown"
}

// Page is what is known about a request, a constructor or a type.
type Page struct {
	Name   string
	Text   string   // plain text, one paragraph; "" when there is none
	Links  []string // pages of the API that it mentions, relative to Site: "api/stars"
	Params []Param  // those with a description, sorted by name; of a type none
	Who    Who      // of a request
	Errors []Throw  // of a request: those that its page lists
}

// Param describes a parameter or a field.
type Param struct {
	Name, Text string
	Links      []string
}

// Throw is an error that a request can give.
type Throw struct {
	Code    int
	Pattern string // %d for a number in it: FLOOD_WAIT_%d
}

// Param is the description of a parameter, "" when there is none.
func (p *Page) Param(name string) string {
	if p != nil {
		for _, q := range p.Params {
			if q.Name == name {
				return q.Text
			}
		}
	}
	return ""
}

// Summary is the first sentence.
func (p *Page) Summary() string {
	if p == nil {
		return ""
	}
	return Sentence(p.Text)
}

// Sentence is the first sentence of a text, without its full stop.
func Sentence(text string) string {
	for i := 0; i < len(text); i++ {
		j := strings.IndexByte(text[i:], '.')
		if j < 0 {
			return text
		}
		i += j
		// A full stop ends a sentence where a space follows, and not inside of
		// abbreviations and names.
		if rest := text[i+1:]; rest == "" || rest[0] == ' ' && !strings.HasSuffix(text[:i], "i.e") && !strings.HasSuffix(text[:i], "e.g") && !strings.HasSuffix(text[:i], "etc") {
			return text[:i]
		}
	}
	return text
}

// URL is the address of the page.
func (p *Page) URL(kind string) string { return Site + kind + "/" + p.Name }

// pages is all that docs.gz holds.
type pages struct {
	layer                        int
	methods, constructors, types map[string]*Page
	errors                       map[string]string   // prose by pattern
	codes                        map[string]int      // by pattern
	throws                       map[string][]string // requests by pattern, sorted
}

// all reads docs.gz, when something of it is first asked for.
var all = sync.OnceValue(func() *pages {
	text, err := unpack()
	if err == nil {
		var ps *pages
		if ps, err = readPages(text); err == nil {
			return ps
		}
	}
	panic("docs.gz: " + err.Error()) // the file is a part of the program, and a test reads it
})

func unpack() (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(pagesData))
	if err != nil {
		return "", err
	}
	var text strings.Builder
	text.Grow(1 << 20)
	_, err = io.Copy(&text, z)
	return text.String(), err
}

func readPages(src string) (*pages, error) {
	ps := &pages{
		methods: make(map[string]*Page, 800), constructors: make(map[string]*Page, 1700), types: make(map[string]*Page, 600),
		errors: map[string]string{}, codes: map[string]int{}, throws: map[string][]string{},
	}
	var at *Page
	for n := 1; src != ""; n++ {
		var line string
		line, src, _ = strings.Cut(src, "\n")
		kind, rest, _ := strings.Cut(line, "\t")
		f := [3]string{}
		f[0], rest, _ = strings.Cut(rest, "\t")
		f[1], f[2], _ = strings.Cut(rest, "\t")
		page := func(into map[string]*Page) {
			at = &Page{Name: f[0], Text: f[1], Links: strings.Fields(f[2])}
			into[f[0]] = at
		}
		var err error
		switch {
		case kind == "L":
			ps.layer, err = strconv.Atoi(f[0])
		case kind == "x":
			ps.errors[f[1]] = f[2]
			ps.codes[f[1]], err = strconv.Atoi(f[0])
		case kind == "m":
			page(ps.methods)
		case kind == "c":
			page(ps.constructors)
		case kind == "t":
			page(ps.types)
		case at == nil:
			err = fmt.Errorf("%q belongs to nothing", kind)
		case kind == "p":
			at.Params = append(at.Params, Param{f[0], f[1], strings.Fields(f[2])})
		case kind == "e":
			t := Throw{Pattern: f[1]}
			t.Code, err = strconv.Atoi(f[0])
			at.Errors = append(at.Errors, t)
			ps.throws[f[1]] = append(ps.throws[f[1]], at.Name)
		case kind == "w":
			at.Who = map[string]Who{"users": Users, "bots": Bots, "both": Both}[f[0]]
		default:
			err = fmt.Errorf("there is no kind %q", kind)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return ps, nil
}

// Layer is the layer that the pages describe.
func Layer() int { return all().layer }

// Method, Constructor and Type are what is known about a TL name, nil when
// nothing is: the schema may be newer than the pages.
func Method(name string) *Page { return all().methods[name] }

// Constructor is what is known about a constructor; see Method.
func Constructor(name string) *Page { return all().constructors[name] }

// Type is what is known about a type; see Method.
func Type(name string) *Page { return all().types[name] }

// Patterns are the errors of which something is known, sorted.
func Patterns() []string {
	codes, mine := all().codes, table()
	list := make([]string, 0, len(codes)+len(mine))
	for p := range codes {
		list = append(list, p)
	}
	for p := range mine {
		if codes[p] == 0 {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	return list
}

// Thrown is what the pages say of an error by its pattern, with its code and
// the requests that list it, sorted; code 0 when they do not know it.
func Thrown(pattern string) (text string, code int, by []string) {
	ps := all()
	return ps.errors[pattern], ps.codes[pattern], ps.throws[pattern]
}
