package completer

import (
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/search"
	"tlsh/syntax"
)

// slotOf is one place in the arguments of a command, as its help writes them:
// NAME, on|off, [as TYPE].
type slotOf struct {
	words  []string // what is meant as it stands
	meant  []string // what capitals stand for
	depth  int      // how many brackets it stands in, with which it may be left out
	begins bool     // it is the first in its brackets
}

// argumentSlots reads the help of a command's arguments: capitals stand for a
// value, [] may be left out, | is or, … goes on.
func argumentSlots(args string) []slotOf {
	var out []slotOf
	depth := 0
	for _, f := range strings.Fields(args) {
		s := slotOf{begins: strings.HasPrefix(f, "[")}
		depth += strings.Count(f, "[")
		s.depth = depth
		depth -= strings.Count(f, "]")
		for _, w := range strings.Split(strings.Trim(f, "[]"), "|") {
			w = strings.Trim(w, `'"`)
			if strings.ToUpper(w) == w && w != "" {
				s.meant = append(s.meant, w)
			} else if tag, _, ok := strings.Cut(w, "…"); ok {
				if tag != "" {
					s.words = append(s.words, tag)
				}
			} else if kind := w[strings.LastIndexByte(w, '.')+1:]; kind != w {
				s.meant = append(s.meant, "FILE."+kind) // OLD.tl
			} else if w != "" {
				s.words = append(s.words, w)
			}
		}
		out = append(out, s)
	}
	return out
}

// next are the places that can come behind the words given.
func next(slots []slotOf, given []string) []slotOf {
	at := 0
	for _, w := range given {
		if i := slices.IndexFunc(slots[min(at, len(slots)):], func(s slotOf) bool { return slices.Contains(s.words, w) }); i >= 0 {
			at += i + 1
		} else {
			at++
		}
	}
	if at >= len(slots) {
		return nil
	}
	out := slots[at : at+1 : at+1]
	// What is optional may be passed over, up to where the next brackets begin.
	for i := at + 1; i < len(slots) && slots[at].depth > 0; i++ {
		if slots[i].depth <= slots[at].depth && (slots[i].begins || slots[i].depth == 0) {
			out = append(out, slots[i])
		}
	}
	return out
}

// awaited are the places that the argument of a command at the cursor may be for,
// and the words before it.
func (c *completion) awaited() (places []slotOf, before []string) {
	call := c.info.Call
	if call == nil {
		return nil, nil
	}
	command := call.Name.Text
	var given []string
	for _, a := range call.Args {
		if sp := a.Span(); sp.To < c.cursor {
			given = append(given, strings.Trim(c.file.Src[sp.From:sp.To], `"'`))
		}
	}
	args, _ := c.env.CommandSummary(command)
	before = given
	for {
		deeper := c.deeper(command, args, &given, before)
		if deeper == "" {
			return next(argumentSlots(args), given), before
		}
		args = deeper
	}
}

// arguments offers what a command takes at the cursor.
func (c *completion) arguments() {
	places, before := c.awaited()
	if c.info.Call != nil && c.list.query == "" {
		c.commandOptions()
	}
	for _, s := range places {
		for _, w := range s.words {
			if path, ok := strings.CutPrefix(c.list.query, w); ok && w == "file:" {
				for _, cand := range c.files(w, path, false) {
					c.list.add(cand)
				}
				continue
			}
			if !strings.HasPrefix(w, "--") {
				c.list.add(c.plain(w, "", ""))
			}
		}
		for _, m := range s.meant {
			c.argument(c.info.Call.Name.Text, m, before)
		}
	}
}

// filter offers the fields that the filter for updates in the quotes at the cursor
// goes into; it reports false where no filter is wanted.
func (c *completion) filter(n *syntax.String) bool {
	places, _ := c.awaited()
	if !slices.ContainsFunc(places, func(s slotOf) bool { return slices.Contains(s.meant, "FILTER") }) {
		return false
	}
	if from := n.Span().From + len(n.Quote); c.cursor >= from {
		// It sees the update, or the document of one where it reads .update.
		update := shape{t: c.schema.TypeOf("Update")}
		c.jqFields(from, n.Span().To, shape{t: objectType(), of: []shape{update, bare(schema.Shell().Constructor("update"), update)}})
	}
	return true
}

// commandOptions offers the options that a command takes and does not have yet.
func (c *completion) commandOptions() {
	for _, o := range c.env.Choices(c.info.Call.Name.Text, "--", nil) {
		given := slices.ContainsFunc(c.info.Stmt.Options, func(g *syntax.Option) bool {
			return "--"+g.Name.Text == o.Word && c.cursor > g.Span().To
		})
		if !given {
			c.list.add(candidate{Item: Item{Text: o.Word, Label: o.Word, Kind: Command, Description: strings.TrimSpace(o.Args + "  " + o.Description)}})
		}
	}
}

// deeper is what follows a choice among the words given, as those of a knob of
// the sandbox; the words up to it are taken off.
func (c *completion) deeper(command, args string, given *[]string, before []string) string {
	slots := argumentSlots(args)
	if len(*given) == 0 || len(slots) == 0 {
		return ""
	}
	for _, m := range slots[0].meant {
		for _, ch := range c.env.Choices(command, m, before[:len(before)-len(*given)]) {
			if ch.Word == (*given)[0] && ch.Args != "" {
				*given = (*given)[1:]
				return ch.Args
			}
		}
	}
	return ""
}

// argument offers what a word in capitals stands for.
func (c *completion) argument(command, meant string, before []string) {
	if choices := c.env.Choices(command, meant, before); len(choices) > 0 {
		for _, ch := range choices {
			cand := c.plain(ch.Word, "", ch.Description)
			if strings.HasPrefix(ch.Word, "@") {
				cand.Kind = Peer
			}
			c.list.add(cand)
		}
		return
	}
	switch meant {
	case "METHOD":
		c.allNames(command, meant)
	case "NAME":
		if slices.Contains([]string{"help", "doc", "type", "example", "copy"}, command) {
			c.allNames(command, meant)
		}
	case "REF":
		if t := c.schema.TypeOf("InputPeer"); t != nil {
			_, inString := c.path[0].(*syntax.String)
			for _, cand := range c.people(t, inString) {
				c.list.add(cand)
			}
		}
		for _, cand := range c.variablesFor(want{t: c.schema.TypeOf("InputPeer")}) {
			c.list.add(cand)
		}
	case "TYPE":
		for _, n := range bind.PeerTypes() {
			c.list.add(candidate{Item: Item{Text: n, Label: n, Kind: Type}})
		}
	case "UPDATE":
		if t := c.schema.TypeOf("Update"); t != nil && t.Class != nil {
			for _, d := range t.Class.Constructors() {
				c.list.add(candidate{Item: Item{Text: d.Name, Label: d.Name, Kind: Constructor}, def: d, param: -1})
			}
		}
	case "FILE", "PATH":
		c.fileArgument("")
	case "FILE.tl":
		c.fileArgument(".tl")
	case "VALUE":
		c.untyped(nil, 0)
	case "CALL", "LINE":
		c.heads(headAny)
	}
}

// fileArgument offers files for the word or the string at the cursor, those with
// an ending and folders where there are any.
func (c *completion) fileArgument(ending string) {
	typed := c.list.query
	s, quotes := c.path[0].(*syntax.String)
	if quotes {
		typed = c.file.Src[min(c.cursor, s.Span().From+1):c.cursor]
	}
	all := c.files("", typed, quotes)
	fits := func(cand candidate) bool {
		return strings.HasSuffix(cand.Label, ending) || strings.HasSuffix(cand.Label, "/")
	}
	some := slices.ContainsFunc(all, fits)
	for _, cand := range all {
		if cand.match.done = true; !some || fits(cand) {
			c.list.add(cand)
		}
	}
}

// allNames offers the names that there are pages about, or those of requests
// or types alone.
func (c *completion) allNames(command, meant string) {
	kinds := []search.Kind{search.Method, search.Constructor, search.Type, search.Error, search.Parameter}
	switch {
	case command == "type":
		kinds = []search.Kind{search.Type}
	case meant == "METHOD":
		kinds = []search.Kind{search.Method}
	case command == "example", command == "copy":
		kinds = []search.Kind{search.Method, search.Constructor}
	}
	if command == "help" {
		c.list.add(c.plain("commands", "", "what each command does"))
		for _, cand := range c.commands(headAny) {
			cand.Text = cand.Label
			c.list.add(cand)
		}
		c.pipes()
	}
	index, query := c.env.Index(), c.list.query
	if index == nil || query == "" {
		for _, cand := range c.plainNames(kinds) {
			c.list.add(cand)
		}
		return
	}
	sorted := c.list.sort()
	c.list.items, c.list.ranked = sorted, true
	if strings.Contains(query, ".") && kinds[0] == search.Method {
		for _, cand := range c.begun(query) {
			c.list.add(cand)
		}
	}
	for _, h := range index.FindOf(query, manyHeads, kinds...) {
		if !c.offered(h.Name) {
			c.list.add(c.hit(h))
		}
	}
}

// hit is what the index found as a candidate: its name.
func (c *completion) hit(h search.Hit) candidate {
	it := Item{Text: h.Name, Label: h.Name, Kind: Request, Description: h.Summary}
	switch h.Kind {
	case search.Constructor:
		it.Kind = Constructor
	case search.Type:
		it.Kind = Type
	case search.Error:
		it.Kind = Error
	case search.Parameter:
		it.Kind = Param
	}
	return candidate{Item: it, match: matched{marks: h.Match}}
}

// plainNames are names of the schema without the index.
func (c *completion) plainNames(kinds []search.Kind) []candidate {
	var out []candidate
	add := func(list []*schema.Combinator, kind Kind) {
		for _, d := range list {
			if match(c.list.query, d.Name).tier < tierNone {
				out = append(out, candidate{Item: Item{Text: d.Name, Label: d.Name, Kind: kind}, def: d, param: -1})
			}
		}
	}
	if c.list.query == "" && kinds[0] == search.Method {
		kinds = kinds[:1] // of thousands, those that are asked for most
	}
	for _, k := range kinds {
		switch k {
		case search.Method:
			out = append(out, c.plainRequests(c.list.query, headRequest)...)
		case search.Constructor:
			add(c.schema.Constructors(), Constructor)
		case search.Type:
			for _, cl := range c.types() {
				if match(c.list.query, cl.Name).tier < tierNone {
					out = append(out, candidate{Item: Item{Text: cl.Name, Label: cl.Name, Kind: Type}})
				}
			}
		}
	}
	return out
}

// types are all types, those that the most requests answer first.
func (c *completion) types() []*schema.Class {
	answers := map[*schema.Class]int{}
	for _, m := range c.schema.Methods() {
		answers[m.Result.Class]++
	}
	out := slices.Clone(c.schema.Classes())
	slices.SortStableFunc(out, func(a, b *schema.Class) int { return answers[b] - answers[a] })
	return out
}

// Search gives what a text being typed means, for a search as one types:
// candidates whose Text is the line to go on with.
func Search(index *search.Index, text string) []Item {
	const many = 50
	var out []Item
	for _, h := range index.Find(text, many) {
		it := Item{Text: h.Name + " ", Label: h.Name, Kind: Kind(h.Kind), Description: h.Summary, Match: h.Match}
		switch h.Kind {
		case search.Constructor, search.Error:
			it.Text = "doc " + h.Name
		case search.Type:
			it.Text = "type " + h.Name
		case search.Parameter:
			it.Text = h.Of + " "
			it.Description = strings.TrimSpace("of " + h.Of + "  " + h.Summary)
		}
		out = append(out, it)
	}
	return out
}
