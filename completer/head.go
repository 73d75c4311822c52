package completer

import (
	"cmp"
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/pages"
	"tlsh/schema"
	"tlsh/schema/docs"
	"tlsh/search"
	"tlsh/syntax"
)

// headKind says what may begin a statement.
type headKind uint8

const (
	headAny     headKind = iota
	headRequest          // in a batch, behind await
	headGiven            // behind $x =
	headPaged            // behind pages N
)

// headKind is what may stand at the head that the i-th node of the path is, or
// is in.
func (c *completion) headKind(i int) headKind {
	if p, at := around[*syntax.Prefix](c); at >= 0 {
		if c.path[0] == p.Keyword || p.Keyword.Text != "pages" {
			return headAny
		}
		return headPaged
	}
	for _, n := range c.path[i:] {
		switch n := n.(type) {
		case *syntax.Stmt:
			if n.Await != nil {
				return headRequest
			}
			if n.Assign != nil {
				return headGiven
			}
		case *syntax.Batch:
			return headRequest
		}
	}
	return headAny
}

// manyHeads is how many requests are asked of the index.
const manyHeads = 25

// heads offers what can begin a statement.
func (c *completion) heads(kind headKind) {
	c.list.ranked = true
	query := c.list.query
	var first, rest []candidate
	for _, cand := range c.commands(kind) {
		switch m := match(query, cand.Label); {
		case query == "":
			rest = append(rest, cand)
		case m.tier <= tierPrefix:
			first = append(first, cand.marked(m))
		case m.tier < tierNone:
			rest = append(rest, cand.marked(m))
		}
	}
	slices.SortStableFunc(first, func(a, b candidate) int { return a.match.tier - b.match.tier })
	slices.SortStableFunc(rest, func(a, b candidate) int { return a.match.tier - b.match.tier })
	requests := c.requests(query, kind)
	const few = 4 // an exact command and the like leave room for requests
	if query == "" {
		next, common := c.likely()
		c.addRequests(next, kind)
		// Who has called nothing yet is shown the commands that help.
		first, rest = rest[:min(few, len(rest))], rest[min(few, len(rest)):]
		for _, cand := range first {
			c.list.add(cand)
		}
		c.addRequests(common, kind)
		first = nil
	} else {
		recent := c.env.Recent("", "")
		slices.SortStableFunc(requests, func(a, b candidate) int {
			return c.standing(b, recent) - c.standing(a, recent)
		})
	}
	for _, cand := range slices.Concat(first[:min(few, len(first))], requests, first[min(few, len(first)):], rest) {
		if query != "" || !c.offered(cand.Text) {
			c.list.add(cand)
		}
	}
}

// addRequests offers those of the names that are requests and may stand there,
// and were not offered yet.
func (c *completion) addRequests(names []string, kind headKind) {
	for _, name := range names {
		if def := c.schema.Method(name); def != nil && c.allowed(def, kind) && !c.offered(name) {
			c.list.add(c.request(def, nil))
		}
	}
}

func (c *completion) offered(text string) bool {
	return slices.ContainsFunc(c.list.items, func(o candidate) bool { return o.Text == text })
}

// standing is how near to what was typed a request is, beyond what the index
// says: named exactly, begun and run lately, begun, or only like it.
func (c *completion) standing(cand candidate, recent []string) int {
	query := c.list.query
	m := match(query, cand.Label)
	local := cand.Label[strings.LastIndexByte(cand.Label, '.')+1:]
	switch {
	case m.tier <= tierFold || m.tier == tierLocal && strings.EqualFold(local, query):
		return 3
	case m.tier <= tierLocal && slices.Contains(recent, cand.Text):
		return 2
	case m.tier <= tierLocal:
		return 1
	}
	return 0
}

// commands are the commands and the words that begin blocks.
func (c *completion) commands(kind headKind) []candidate {
	if kind == headRequest || kind == headPaged {
		return nil
	}
	var out []candidate
	for _, name := range c.env.Commands() {
		args, summary := c.env.CommandSummary(name)
		if summary == "" || kind == headGiven && !bind.Gives(name) && name != "pages" {
			continue
		}
		out = append(out, candidate{Item: Item{Text: name, Label: name, Kind: Command, Description: strings.TrimSpace(args + "  " + summary)}})
	}
	for _, w := range bind.Words() {
		if w.Pipe || w.Name == "for" && kind != headAny {
			continue
		}
		out = append(out, candidate{Item: Item{Text: w.Name + w.Opens, Label: w.Name, Kind: Command, Description: w.Args + "  " + w.Summary}})
	}
	return out
}

// allowed reports a request that may stand at a head of that kind.
func (c *completion) allowed(def *schema.Combinator, kind headKind) bool {
	if kind != headPaged {
		return true
	}
	p, _ := pages.Of(def)
	return p != nil
}

// requests are those that the query finds, best first.
func (c *completion) requests(query string, kind headKind) []candidate {
	index := c.env.Index()
	var out []candidate
	if index == nil || query == "" || kind == headPaged {
		return c.plainRequests(query, kind)
	}
	for _, h := range index.FindOf(query, manyHeads, search.Method) {
		if def := c.schema.Method(h.Name); def != nil {
			out = append(out, c.request(def, &h))
		}
	}
	// Of those that the query begins the index has the best known in front; of
	// these the oldest are the ones that are called most.
	const best = 12
	n := slices.IndexFunc(out, func(cand candidate) bool { return match(query, cand.Label).tier > tierLocal })
	if n < 0 {
		n = len(out)
	}
	slices.SortStableFunc(out[:min(n, best)], func(a, b candidate) int {
		return cmp.Or(namespaceWeight(b.def)-namespaceWeight(a.def), a.def.Line-b.def.Line)
	})
	if begun := c.begun(query); len(begun) > 0 {
		out = append(begun, slices.DeleteFunc(out, func(cand candidate) bool { return foldedAt(cand.Label, query, 0) })...)
	}
	if kind == headAny && !strings.Contains(query, ".") {
		out = append(out, c.valueHeads(query)...)
	}
	return out
}

// begun are all requests whose whole names a query begins, as messages. and mess:
// who types a namespace looks through it. What is called most goes first.
func (c *completion) begun(query string) []candidate {
	const short = 3 // below it a namespace is hardly meant
	if len(query) < short {
		return nil
	}
	type known struct {
		def  *schema.Combinator
		fame int
	}
	var all []known
	for _, m := range c.schema.Methods() {
		if foldedAt(m.Name, query, 0) {
			k := known{m, c.env.Index().Fame(m.Name)}
			if slices.Contains(usual().common, m.Name) {
				k.fame++
			}
			all = append(all, k)
		}
	}
	slices.SortStableFunc(all, func(a, b known) int { return b.fame - a.fame })
	out := make([]candidate, min(most, len(all)))
	for i := range out {
		out[i] = c.request(all[i].def, nil).marked(match(query, all[i].def.Name))
	}
	return out
}

// valueHeads are the constructors that a query begins: at the head one is a
// value.
func (c *completion) valueHeads(query string) []candidate {
	const few = 10
	var out []candidate
	for _, d := range c.schema.Constructors() {
		if len(out) < few && len(query) > 1 && foldedAt(d.Name, query, 0) {
			out = append(out, c.constructor(d).marked(match(query, d.Name)))
		}
	}
	return out
}

// plainRequests matches the names alone: while the index is not ready, and where
// but a few requests are wanted.
func (c *completion) plainRequests(query string, kind headKind) []candidate {
	type hit struct {
		def  *schema.Combinator
		tier int
		rank int
	}
	var hits []hit
	for _, m := range c.schema.Methods() {
		if !c.allowed(m, kind) {
			continue
		}
		if tier := match(query, m.Name).tier; tier < tierNone {
			hits = append(hits, hit{m, tier, -namespaceWeight(m)})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Or(a.tier-b.tier, a.rank-b.rank) })
	if len(hits) == 0 {
		return c.farRequests(query, kind)
	}
	out := make([]candidate, min(manyHeads, len(hits)))
	for i := range out {
		out[i] = c.request(hits[i].def, nil).marked(match(query, hits[i].def.Name))
	}
	return out
}

// farRequests are those that a query with something wrong may mean.
func (c *completion) farRequests(query string, kind headKind) []candidate {
	l := list{query: query}
	for _, m := range c.schema.Methods() {
		if c.allowed(m, kind) {
			l.add(c.request(m, nil))
		}
	}
	found := l.sort()
	return found[:min(manyHeads, len(found))]
}

// namespaceWeight puts the namespaces that most people use before the others.
func namespaceWeight(m *schema.Combinator) int {
	switch m.Namespace() {
	case "messages":
		return 3
	case "users", "contacts", "channels", "help":
		return 2
	}
	return 1
}

// request is a request as a candidate; h is where the index found it, or nil.
func (c *completion) request(def *schema.Combinator, h *search.Hit) candidate {
	cand := candidate{Item: Item{Text: def.Name, Label: def.Name, Kind: Request}, def: def, param: -1}
	if h != nil {
		cand.match = matched{marks: h.Match}
	}
	return cand
}

// describe says in a line what a candidate is, once it is known to be shown.
func (c *completion) describe(cand *candidate) {
	def := cand.def
	if def == nil || cand.Description != "" {
		return
	}
	known := c.env.Index() != nil // and so what is said of names is read
	var page *docs.Page
	if known {
		page = pageOf(def)
	}
	var head, text string
	switch {
	case cand.param >= 0:
		head, text = paramNote(def, cand.param), docs.Sentence(page.Param(def.Params[cand.param].Name))
	case def.Method:
		head, text = "→ "+def.Result.Name, page.Summary()
	default:
		head, text = strings.Join(needed(def), " "), page.Summary()
		if cand.Label != def.Name {
			head = strings.TrimSpace(def.Name + " " + head)
		}
	}
	switch {
	case head == "":
		cand.Description = text
	case text == "":
		cand.Description = head
	default:
		cand.Description = head + "  " + text
	}
}
