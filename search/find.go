package search

import (
	"slices"
	"strings"
	"sync"

	"github.com/sahilm/fuzzy"

	"tlsh/schema/docs"
)

// Hit is something that was found.
type Hit struct {
	Kind    Kind
	Name    string
	Of      string // the request or constructor whose Parameter it is
	Summary string // its first sentence, "" where nothing is known
	Match   []int  // the bytes of Name that were looked for, ascending
}

// query is what is looked for, in its several readings.
type query struct {
	raw    string
	full   string // folded
	mask   uint64
	terms  []term
	shout  bool // written as errors are: PEER_ID_INVALID
	dotted bool
	long   bool // several words
	plain  bool // no capitals and no dots: said, and not spelt as a name
	words  []string
	phrase string // its words as those of entry.also
	fault  bool   // it speaks of what went wrong
	asks   Kind   // which it says that it wants, "" for none
	event  bool   // it wants an update: update when …
	// classes are the stems of the words that may say which kind of thing is
	// wanted: its last one, and the one before of, with, in, when …
	classes [2]string
}

// term is a word of the query and the terms of the index that it may mean.
type term struct {
	stem   string
	weight float32 // of the best of them
	weak   bool
	means  []meaning
}

type meaning struct {
	term int32
	how  float32 // 1 exactly; less for a beginning or a typo
}

// scratch is the memory of one Find.
type scratch struct {
	score []float32 // by entry: what its terms say
	got   []float32 // by entry: the best of the term at hand
	seen  []int32   // the entries that have a score
	cover []float32 // by entry: the share of the query that it has
	named []uint8   // by entry: how many words of its name the query has
	now   []int32   // the entries that the term at hand met
	means []meant   // by term of the index: what the query means by it
	meant []int32   // the terms that it means
}

// meant is how well a term of the index is meant by the query, and by which of
// the query's.
type meant struct {
	how  float32
	term uint8
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Find gives the best hits for what somebody typed, at most limit of them,
// best first.
func (x *Index) Find(text string, limit int) []Hit { return x.FindOf(text, limit) }

// FindOf is Find among the given kinds alone; no kinds are all.
func (x *Index) FindOf(text string, limit int, kinds ...Kind) []Hit {
	q := x.read(text)
	if q.full == "" || limit <= 0 {
		return nil
	}
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	sc.reset(len(x.entries), len(x.terms))
	x.byTerms(q, sc)
	best := newTop(limit)
	if len(kinds) > 0 {
		best.wants = func(n int32) bool { return slices.Contains(kinds, x.entries[n].kind) }
	}
	x.byName(q, sc, best)
	x.byIDs(q, best)
	x.byFriend(q, best)
	if best.full() < limit && best.best() < 60 && !q.long {
		x.bySubsequence(q, sc, best)
	}
	hits := make([]Hit, 0, limit)
	for _, c := range best.sorted() {
		e := &x.entries[c.entry]
		hits = append(hits, Hit{Kind: e.kind, Name: e.name, Of: e.of, Summary: e.summary, Match: marks(e, q)})
	}
	if h, ok := x.ofOwner(text); ok && (len(kinds) == 0 || slices.Contains(kinds, Parameter)) {
		hits = slices.DeleteFunc(hits, func(o Hit) bool { return o.Kind == Parameter && o.Name == h.Name })
		hits = slices.Insert(hits, 0, h)
		hits = hits[:min(limit, len(hits))]
	}
	return hits
}

// Named gives what a text names, whatever its case and its separators are: by
// the whole name, by the name without its namespace, by an id, as Telethon
// spells it or as a library's method is called. It is empty where the text is
// only like a name.
func (x *Index) Named(text string) []Hit {
	const many = 10
	q := x.read(text)
	friends := x.friendly[q.full]
	id, byID := x.hexID(q)
	return slices.DeleteFunc(x.FindOf(text, many, Method, Constructor, Type, Error), func(h Hit) bool {
		local := h.Name[strings.LastIndexByte(h.Name, '.')+1:]
		return fold(h.Name) != q.full && !(h.Kind == Method && fold(local) == q.full) &&
			!(byID && h.Name == x.entries[id].name) &&
			!slices.ContainsFunc(friends, func(n int32) bool { return h.Name == x.entries[n].name })
	})
}

// Fame says how common a request is: 0 for one that is rarely looked for, more for
// the others.
func (x *Index) Fame(name string) int { return int(x.fames[name]) }

// spaces are what libraries put before the names of the API.
var spaces = map[string]bool{
	"telethon": true, "tl": true, "functions": true, "types": true, "pyrogram": true, "raw": true, "api": true, "tg": true,
	"client": true, "bot": true, "app": true, "self": true, "mtcute": true, "tlrpc": true, "td": true, "errors": true, "rpcerrorlist": true,
}

// bare takes off what libraries put around names: await, their own packages,
// TL_ and the brackets of a call.
func bare(text string) string {
	name := strings.TrimSpace(strings.TrimPrefix(text, "await "))
	if def, id, ok := strings.Cut(name, "#"); ok && def != "" && strings.Trim(id, "0123456789abcdef") == "" {
		name = def // as TL has it: messages.sendMessage#545cd15a
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "TL_"), "()")
	for {
		space, rest, ok := strings.Cut(name, ".")
		if !ok || rest == "" || !spaces[strings.ToLower(space)] {
			return name
		}
		name = rest
	}
}

func (x *Index) read(text string) *query {
	raw := strings.TrimSpace(text)
	name := bare(raw)
	if rest, ok := strings.CutSuffix(name, "Request"); ok && rest != "" && len(x.byFold[fold(name)]) == 0 {
		name = rest
	}
	if p := docs.Pattern(raw); p != "" {
		name = p // FLOOD_WAIT_30 is FLOOD_WAIT_%d
	}
	thrown := x.thrown(name)
	if thrown != "" {
		name = thrown
	}
	name = short.Replace(name)
	q := &query{raw: name, full: fold(name), dotted: strings.Contains(name, ".")}
	q.mask = mask(q.full)
	q.shout = thrown != "" || strings.ToUpper(name) == name && strings.Contains(name, "_")
	n := 0
	q.long = strings.ContainsAny(raw, " _")
	q.plain = !q.dotted && name == strings.ToLower(name)
	q.hints()
	last := lastOf(name)
	words(name, func(w string, at int) {
		n++
		if n <= maxTerms && !empty(w) && !(q.asks != "" && kindOf(w) == q.asks) {
			t := x.term(stem(w), at == last)
			if weak(w) {
				t.weight, t.weak = t.weight*faint, true
			}
			q.terms = append(q.terms, t)
			q.words = append(q.words, w)
		}
	})
	q.phrase = phrase(name)
	if len(q.terms) == 0 {
		words(name, func(w string, _ int) {
			if len(q.terms) < maxTerms {
				q.terms = append(q.terms, x.term(stem(w), true))
			}
		})
	}
	return q
}

// maxTerms is how many words of a query are looked for.
const maxTerms = 12

// faint is how much a weak word weighs of what it otherwise would.
const faint = 0.4

// alike is how much a word says that means the same as the one looked for.
const alike = 0.7

// term finds the terms that a word may mean: itself, those that it begins, those
// that mean the same, and where there is none, those that a typo away are. The
// last word of a query may yet go on; of another two letters are all of it.
func (x *Index) term(w string, last bool) term {
	t := term{stem: w}
	i, exact := slices.BinarySearch(x.terms, w)
	if exact {
		t.means = append(t.means, meaning{int32(i), 1})
		t.weight = x.weights[i]
		i++
	}
	if len(w) > 2 || len(w) == 2 && last {
		for n := 0; i < len(x.terms) && strings.HasPrefix(x.terms[i], w) && n < 40; i, n = i+1, n+1 {
			how := 0.4 + 0.5*float32(len(w))/float32(len(x.terms[i]))
			t.means = append(t.means, meaning{int32(i), how})
			if !exact {
				t.weight = max(t.weight, x.weights[i])
			}
		}
	}
	for _, i := range x.same[w] {
		t.means = append(t.means, meaning{i, alike})
		if !exact {
			t.weight = max(t.weight, x.weights[i])
		}
	}
	most := tolerated(len(w))
	if exact || most == 0 || len(t.means) > 0 && len(w) < 6 {
		return t
	}
	m := mask(w)
	for i, o := range x.terms {
		if d := bitsOf(m ^ x.masks[i]); d > 2*most {
			continue
		}
		if d := distance(w, o, most); d <= most && d > 0 {
			t.means = append(t.means, meaning{int32(i), 0.75 - 0.2*float32(d-1)})
			t.weight = max(t.weight, x.weights[i])
		}
	}
	return t
}

func (sc *scratch) reset(n, terms int) {
	if len(sc.score) < n {
		*sc = scratch{score: make([]float32, n), got: make([]float32, n), cover: make([]float32, n), named: make([]uint8, n), means: sc.means}
	}
	if len(sc.means) < terms {
		sc.means = make([]meant, terms)
		sc.meant = sc.meant[:0]
	}
	for _, t := range sc.meant {
		sc.means[t] = meant{}
	}
	sc.meant = sc.meant[:0]
	for _, e := range sc.seen {
		sc.score[e], sc.cover[e], sc.named[e] = 0, 0, 0
	}
	sc.seen = sc.seen[:0]
}

// byTerms adds up, entry by entry, what the words of the query say.
func (x *Index) byTerms(q *query, sc *scratch) {
	var total, strong float32
	for i := range q.terms {
		t := &q.terms[i]
		w := t.weight
		if len(t.means) == 0 {
			w = rarity(len(x.entries), 0) / 2 // nobody knows the word
		}
		total += w
		if !t.weak {
			strong += w
		}
		sc.now = sc.now[:0]
		for _, m := range t.means {
			if m.how > sc.means[m.term].how {
				sc.means[m.term] = meant{m.how, uint8(i)}
				sc.meant = append(sc.meant, m.term)
			}
			for _, p := range x.postings[m.term] {
				if sc.got[p.entry] == 0 {
					sc.now = append(sc.now, p.entry)
				}
				sc.got[p.entry] = max(sc.got[p.entry], m.how*p.weight)
				if m.how == 1 && p.weight == inName {
					sc.named[p.entry]++
				}
			}
		}
		for _, e := range sc.now {
			if sc.score[e] == 0 {
				sc.seen = append(sc.seen, e)
			}
			sc.score[e] += w * sc.got[e]
			sc.cover[e] += w
			sc.got[e] = 0
		}
	}
	if total == 0 {
		return
	}
	for _, e := range sc.seen {
		cover := sc.cover[e] / total
		// A name that has words which nobody asked for is less likely meant.
		spare := float32(max(0, x.entries[e].words-len(q.terms)))
		sc.score[e] = 55*(sc.score[e]/total)*(0.35+0.65*cover) - 1.2*min(spare, 5)
		for _, w := range q.words {
			if strings.Contains(x.entries[e].full, w) {
				sc.score[e]++ // as it is spelt
			}
		}
		if x.entries[e].wholly(int(sc.named[e])) {
			sc.score[e] += wholeName
		}
		sc.score[e] += x.said(&x.entries[e], q, sc, strong)
	}
}

// wholeName is what it adds that the query has all words of a name.
const wholeName = 7

// wholly reports that n words of the query are all of a name's.
func (e *entry) wholly(n int) bool {
	return n >= e.words && e.words > 1 && e.kind != Parameter && e.kind != Error
}

// byName scores every entry by its name as a whole, and puts together what
// name and words say.
func (x *Index) byName(q *query, sc *scratch, best *top) {
	most := tolerated(len(q.full))
	for i := range x.entries {
		e := &x.entries[i]
		if best.wants != nil && !best.wants(int32(i)) {
			continue
		}
		words := sc.score[i]
		missing := q.mask &^ e.mask
		if missing != 0 && words == 0 && bitsOf(missing) > most {
			continue
		}
		var whole float32
		if missing == 0 {
			whole = x.whole(q, e)
		}
		if whole < 60 && most > 0 && bitsOf(q.mask^e.mask) <= 2*most {
			whole = max(whole, typo(q, e, most))
		}
		if whole <= 0 && words <= 0 {
			continue
		}
		best.add(candidate{int32(i), max(whole, words) + 0.25*max(0, min(whole, words)) + prior(q, e)})
	}
}

// bestKnown is what a famous name has before a usual one.
const bestKnown = 1

// asked is what that has which a query asks for by its kind.
const asked = 30

// prior is what is known of an entry before anybody asks: requests are looked
// for more often than constructors, and these than types, the more when the
// query is no name.
func prior(q *query, e *entry) float32 {
	if q.asks == e.kind || q.event && e.class == "updat" {
		return asked
	}
	switch e.kind {
	case Method:
		switch {
		case e.fame == rare:
			return 4
		case q.plain:
			return 13 + bestKnown*float32(e.fame-usual)
		}
		return 9 + bestKnown*float32(e.fame-usual)
	case Constructor:
		switch {
		case e.class != "" && slices.Contains(q.classes[:], e.class):
			return 9
		case q.plain && e.fame > rare:
			return -1
		case q.plain:
			return -8
		}
		return 1
	case Command:
		return 6
	case Type:
		if q.plain {
			return -11
		}
	case Parameter:
		if q.raw == e.name && (q.long || e.alone) {
			return 2
		}
		return -16
	case Error:
		switch {
		case q.shout:
			return 12
		case q.fault:
			return 2
		}
		return -8
	}
	return 0
}

// names are those entries, for fuzzy.
type names struct {
	*Index
	of []int32
}

func (n names) String(i int) string { return n.entries[n.of[i]].name }
func (n names) Len() int            { return len(n.of) }

// bySubsequence finds names that have the letters of the query in their order.
func (x *Index) bySubsequence(q *query, sc *scratch, best *top) {
	if len(q.full) < 3 {
		return
	}
	sc.now = sc.now[:0]
	for i := range x.entries {
		e := &x.entries[i]
		if q.mask&^e.mask == 0 && (e.kind != Error || q.shout) && e.kind != Parameter {
			sc.now = append(sc.now, int32(i))
		}
	}
	for _, m := range fuzzy.FindFromNoSort(q.raw, names{x, sc.now}) {
		n := sc.now[m.Index]
		best.add(candidate{n, max(1, min(24, float32(m.Score)/4)) + prior(q, &x.entries[n])})
	}
}
