// Package search finds requests, constructors, types, parameters and errors of
// the API by what somebody remembers of them: a name or a piece of it, its
// initials, words in any order, a typo, another library's name, an id, or what
// it is for.
package search

import (
	"cmp"
	_ "embed"
	"maps"
	"math"
	"slices"
	"strings"

	"tlsh/schema"
	"tlsh/schema/docs"
)

// also.txt are words that people use for a name, friendly.txt the friendly
// methods of other libraries, same.txt words that mean the same.
var (
	//go:embed also.txt
	alsoText string
	//go:embed friendly.txt
	friendlyText string
	//go:embed same.txt
	sameText string
)

// Kind is what a Hit is.
type Kind string

// The kinds of a Hit.
const (
	Method      Kind = "method"
	Constructor Kind = "constructor"
	Type        Kind = "type"
	Parameter   Kind = "parameter"
	Error       Kind = "error"
	Command     Kind = "command" // of the shell that gave its commands to New
)

// OfAPI are the kinds of what the API has, and not the shell.
func OfAPI() []Kind { return []Kind{Method, Constructor, Type, Parameter, Error} }

// Words are a command as New takes it: its name, and what is said of it.
type Words struct{ Name, Summary string }

// entry is something that can be found.
type entry struct {
	kind     Kind
	name     string
	of       string // whose parameter
	summary  string
	full     string // the folded name
	base     int    // where in full the part after the namespace begins
	starts   []uint8
	mask     uint64
	initials string   // of the words of the name
	also     []saying // what people say
	fame     fame
	words    int    // of the name
	class    string // of a constructor: the last word of its type
	alone    bool   // a parameter whose name nothing else is called by
}

// saying is something that people say for an entry.
type saying struct {
	text  string  // as phrase gives it
	terms []int32 // of its words
}

// fame is how common a name is.
type fame uint8

// The fames.
const (
	rare fame = iota
	usual
	famous
)

// posting says that a term stands in an entry, and how much that says.
type posting struct {
	entry  int32
	weight float32
}

// The weights of a term by where it stands.
const (
	inName      = 1.0
	inNamespace = 0.7
	inAlso      = 0.95
	inText      = 0.45
	inParam     = 0.25
)

// Index is what Find looks in. It does not change, and may be used from
// several goroutines.
type Index struct {
	schema   *schema.Schema
	entries  []entry
	byFold   map[string][]int32
	fames    map[string]fame // of requests
	byID     []idEntry       // sorted
	friendly map[string][]int32
	friends  []string           // the keys of friendly, sorted
	terms    []string           // sorted
	same     map[string][]int32 // by stem: the terms that mean the same
	postings [][]posting
	weights  []float32 // of the terms: the rarer the more
	masks    []uint64
}

// builder gathers the terms.
type builder struct {
	*Index
	also  map[string]spoken
	terms map[string]*[]posting
}

// New makes the index of a schema and a shell's commands. It reads all that
// schema/docs has, and takes some ten milliseconds.
func New(s *schema.Schema, commands ...Words) *Index {
	b := &builder{
		Index: &Index{schema: s, byFold: map[string][]int32{}, fames: map[string]fame{}, friendly: map[string][]int32{}},
		also:  readAlso(), terms: make(map[string]*[]posting, 8192),
	}
	for _, m := range s.Methods() {
		p := docs.Method(m.Name)
		n := b.add(entry{kind: Method, name: m.Name, summary: p.Summary()}, text(p))
		b.byID = append(b.byID, idEntry{m.ID, n})
		b.fames[m.Name] = b.entries[n].fame
		for i := range m.Params {
			b.terms1(n, m.Params[i].Name, inParam)
		}
	}
	for _, c := range s.Constructors() {
		p := docs.Constructor(c.Name)
		n := b.add(entry{kind: Constructor, name: c.Name, summary: p.Summary(), class: lastWord(c.Result.Name)}, text(p))
		b.byID = append(b.byID, idEntry{c.ID, n})
	}
	for _, c := range s.Classes() {
		t := c.Name
		p := docs.Type(t)
		b.add(entry{kind: Type, name: t, summary: p.Summary()}, text(p))
	}
	b.parameters(s)
	for _, pattern := range docs.Patterns() {
		meaning, _, _ := docs.Thrown(pattern)
		if x, ok := docs.Error(pattern); ok {
			meaning = x.Meaning
		}
		b.add(entry{kind: Error, name: pattern, summary: docs.Sentence(meaning)}, meaning)
	}
	for _, c := range commands {
		b.terms1(b.add(entry{kind: Command, name: c.Name, summary: c.Summary}, ""), c.Summary, inAlso)
	}
	slices.SortFunc(b.byID, func(a, o idEntry) int { return cmp.Compare(a.id, o.id) })
	b.friendlies(s)
	b.settle()
	b.synonyms()
	b.alone()
	return b.Index
}

func text(p *docs.Page) string {
	if p == nil {
		return ""
	}
	return p.Text
}

// table reads lines of a key and what belongs to it.
func table(src string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(src) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			key, rest, _ := strings.Cut(line, " ")
			out[key] = rest
		}
	}
	return out
}

// add puts an entry in, with the terms of its name and of its text.
func (b *builder) add(e entry, text string) int32 {
	n := int32(len(b.entries))
	e.full = fold(e.name)
	e.mask = mask(e.full)
	dot := strings.LastIndexByte(e.name, '.') + 1
	if dot > 0 {
		e.base = len(fold(e.name[:dot]))
	}
	at, initials := 0, make([]byte, 0, 8)
	words(e.name, func(w string, from int) {
		weight := inName
		if from < dot {
			weight = inNamespace
		} else {
			e.words++
		}
		e.starts = append(e.starts, uint8(at))
		initials = append(initials, w[0])
		at += len(w)
		b.term(n, stem(w), float32(weight))
	})
	e.initials = string(initials)
	var also string
	if e.kind != Parameter {
		said := b.also[e.name]
		also, e.fame = said.text, said.fame
		if also != "" {
			for p := range strings.SplitSeq(also, ",") {
				e.also = append(e.also, saying{text: phrase(p)})
			}
		}
	}
	b.entries = append(b.entries, e)
	b.byFold[e.full] = append(b.byFold[e.full], n)
	b.terms1(n, text, inText)
	b.terms1(n, also, inAlso)
	return n
}

// spoken is what people say for a name, and how common it is.
type spoken struct {
	text string
	fame fame
}

// readAlso reads also.txt.
func readAlso() map[string]spoken {
	out := make(map[string]spoken, 2048)
	for name, text := range table(alsoText) {
		switch name[0] {
		case '-':
			out[name[1:]] = spoken{text, rare}
		case '+':
			out[name[1:]] = spoken{text, famous}
		default:
			out[name] = spoken{text, usual}
		}
	}
	return out
}

// terms1 adds the words of a text to the terms of an entry.
func (b *builder) terms1(n int32, text string, weight float32) {
	words(text, func(w string, _ int) {
		if !empty(w) {
			b.term(n, stem(w), weight)
		}
	})
}

func (b *builder) term(n int32, t string, weight float32) {
	list := b.terms[t]
	if list == nil {
		list = new([]posting)
		b.terms[t] = list
	}
	if k := len(*list); k > 0 && (*list)[k-1].entry == n {
		(*list)[k-1].weight = max((*list)[k-1].weight, weight)
		return
	}
	*list = append(*list, posting{n, weight})
}

// parameters adds each name of a parameter once, as that of its best known
// owner.
func (b *builder) parameters(s *schema.Schema) {
	type owner struct {
		of, text string
		fame     fame
	}
	owners := make(map[string]owner, 4096)
	var names []string
	look := func(def *schema.Combinator, p *docs.Page) {
		mine := b.also[def.Name].fame
		for i := range def.Params {
			name := def.Params[i].Name
			if def.Params[i].Type.Kind == schema.KindFlags {
				continue
			}
			o, known := owners[name]
			if !known {
				names = append(names, name)
			}
			if !known || mine > o.fame || mine == o.fame && o.text == "" && p.Param(name) != "" {
				owners[name] = owner{def.Name, p.Param(name), mine}
			}
		}
	}
	for _, m := range s.Methods() {
		look(m, docs.Method(m.Name))
	}
	for _, c := range s.Constructors() {
		look(c, docs.Constructor(c.Name))
	}
	slices.Sort(names)
	for _, name := range names {
		o := owners[name]
		b.add(entry{kind: Parameter, name: name, of: o.of, summary: docs.Sentence(o.text)}, "")
	}
}

func (b *builder) friendlies(s *schema.Schema) {
	at := map[string]int32{}
	for i := range b.entries {
		if b.entries[i].kind == Method {
			at[b.entries[i].name] = int32(i)
		}
	}
	for name, list := range table(friendlyText) {
		for m := range strings.FieldsSeq(list) {
			if n, ok := at[m]; ok {
				key := fold(name)
				b.friendly[key] = append(b.friendly[key], n)
			}
		}
	}
	b.Index.friends = slices.Sorted(maps.Keys(b.friendly))
}

// alone finds the parameters whose name is no word of a request's name and
// nothing that people say for another: who types it means the parameter.
func (b *builder) alone() {
	const distinct = 5 // what is shorter may be initials, or the beginning of a word
	said := map[string]bool{}
	for i := range b.entries {
		for _, p := range b.entries[i].also {
			said[p.text] = true
		}
	}
	for i := range b.entries {
		e := &b.entries[i]
		if e.kind != Parameter || len(e.name) < distinct || e.words > 1 || len(b.byFold[e.full]) > 1 || said[" "+e.name+" "] {
			continue // of several words, its spelling says enough
		}
		t, ok := slices.BinarySearch(b.Index.terms, stem(e.name))
		e.alone = ok && !slices.ContainsFunc(b.postings[t], func(p posting) bool {
			return b.entries[p.entry].kind == Method && p.weight >= inNamespace && p.weight != inAlso
		})
	}
}

// synonyms finds the terms of the words that mean the same.
func (b *builder) synonyms() {
	b.same = map[string][]int32{}
	for line := range strings.Lines(sameText) {
		set := strings.Fields(line)
		if len(set) == 0 || set[0] == "#" {
			continue
		}
		for _, w := range set {
			key := stem(w)
			for _, o := range set {
				if i, ok := slices.BinarySearch(b.Index.terms, stem(o)); ok && stem(o) != key && !slices.Contains(b.same[key], int32(i)) {
					b.same[key] = append(b.same[key], int32(i))
				}
			}
		}
	}
}

// settle sorts the terms and weighs them by how rare they are.
func (b *builder) settle() {
	b.Index.terms = make([]string, 0, len(b.terms))
	for t := range b.terms {
		b.Index.terms = append(b.Index.terms, t)
	}
	slices.Sort(b.Index.terms)
	b.postings = make([][]posting, len(b.terms))
	b.weights = make([]float32, len(b.terms))
	b.masks = make([]uint64, len(b.terms))
	for i, t := range b.Index.terms {
		b.postings[i] = *b.terms[t]
		b.weights[i] = rarity(len(b.entries), len(b.postings[i]))
		b.masks[i] = mask(t)
	}
	for i := range b.entries {
		for j := range b.entries[i].also {
			p := &b.entries[i].also[j]
			for w := range strings.FieldsSeq(p.text) {
				if t, ok := slices.BinarySearch(b.Index.terms, stem(w)); ok {
					p.terms = append(p.terms, int32(t))
				}
			}
		}
	}
}

// rarity is the weight of a term that stands in n of all entries.
func rarity(all, n int) float32 {
	return float32(math.Log(1 + float64(all)/float64(n+1)))
}
