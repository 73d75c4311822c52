package completer

import (
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/schema/docs"
	"tlsh/search"
)

// values offers what can stand where a t is wanted, for the parameter p of def,
// or an element of it; def may be nil. Where it is not sure that a value comes
// next, the best of them go before the rest: shown says how many.
func (c *completion) values(t *schema.Type, def *schema.Combinator, p, shown int) {
	var out []candidate
	if !c.python {
		out = append(out, c.recent(def, p)...)
	}
	if t.Kind == schema.KindVector {
		out = append(out, c.plain("[", "", "a list of "+t.Elem.Name))
		t = t.Elem
	}
	out = append(out, c.typed(t, def, p)...)
	if !c.python {
		out = append(out, c.fitting(t, def, p)...)
	}
	seen := make(map[string]bool, len(out))
	n := 0
	for _, cand := range out {
		if seen[cand.Text] {
			continue
		}
		seen[cand.Text] = true
		n++
		cand.weight = weightSpare
		if shown == 0 || n <= shown {
			cand.weight = weightShown
		}
		c.list.add(cand)
	}
}

// plain is a value that its spelling says all of.
func (c *completion) plain(text, label, description string) candidate {
	if label == "" {
		label = text
	}
	return candidate{Item: Item{Text: text, Label: label, Kind: Value, Description: description}}
}

// typed are the values that a t has of itself.
func (c *completion) typed(t *schema.Type, def *schema.Combinator, p int) []candidate {
	var out []candidate
	switch t.Kind {
	case schema.KindBool, schema.KindTrue:
		out = append(out, c.plain(c.truth(true), "", ""), c.plain(c.truth(false), "", ""))
	case schema.KindInt:
		if def != nil && !c.python {
			for _, s := range bind.Samples(def, &def.Params[p]) {
				cand := c.plain(s, "", def.Params[p].Name)
				cand.also = strings.Trim(s, `"`)
				out = append(out, cand)
			}
		}
	case schema.KindString:
		if def != nil && !c.python && bind.Marked(def, p) {
			out = append(out, c.plain(`md"`, "", `text with **bold**, __italic__, [links](…)`), c.plain(`html"`, "", "text with <b>, <i>, <a href=…>"))
		}
	case schema.KindBytes:
		if strings.HasPrefix(c.list.query, "file:") {
			return c.files("file:", c.list.query[len("file:"):], false)
		}
		if !c.python {
			out = append(out, c.plain("hex:", "", "bytes in hexadecimal"), c.plain("base64:", "", "bytes in base64"), c.plain("file:", "", "the bytes of a file"))
		}
	case schema.KindInt128, schema.KindInt256:
		if !c.python {
			out = append(out, c.plain("hex:", "", "bytes in hexadecimal"))
		}
	case schema.KindBoxed:
		return c.boxed(t)
	case schema.KindBare:
		if t.Of != nil {
			out = append(out, c.constructor(t.Of))
		}
	case schema.KindVector:
		out = append(out, c.plain("[", "", "a list of "+t.Elem.Name))
	case schema.KindAny:
		if !c.python {
			for _, cand := range c.requests(c.list.query, headRequest) {
				cand.match.done = true
				cand.match.tier = tierLocal
				if len(needed(cand.def)) > 0 {
					cand.Text += "("
				}
				out = append(out, cand)
			}
		}
	}
	return out
}

// boxed are the values of a type with constructors: a file, people, and what makes
// it.
func (c *completion) boxed(t *schema.Type) []candidate {
	var out []candidate
	if bind.Uploads(t) && !c.python {
		if path, ok := strings.CutPrefix(c.list.query, "file:"); ok {
			return c.files("file:", path, false)
		}
		out = append(out, c.plain("file:", "", "a file of this computer, which is uploaded"))
	}
	// Of many people the first few, or those that the query means, leave room for
	// the constructors.
	const few = 5
	var who []candidate
	if bind.IsPeer(t) {
		who = c.people(t, false)
	}
	n := min(few, len(who))
	return slices.Concat(out, who[:n], c.makers(t), who[n:])
}

// makers are the constructors of a type: by short words, where there are, and
// by their names.
func (c *completion) makers(t *schema.Type) []candidate {
	out := c.makersOf(t)
	slices.SortStableFunc(out, func(a, b candidate) int { return c.seldom(a.def) - c.seldom(b.def) })
	bare := 0
	for _, d := range t.Class.Constructors() {
		if len(needed(d)) == 0 {
			bare++
		}
	}
	if 2*bare <= len(t.Class.Constructors()) {
		// Where most say something, the one that says that there is nothing is
		// hardly meant.
		slices.SortStableFunc(out, func(a, b candidate) int { return empty(a.def) - empty(b.def) })
	}
	return out
}

// seldom is 1 for a constructor that nobody means to write: of what is not known,
// and what is no longer used.
func (c *completion) seldom(d *schema.Combinator) int {
	known := c.env.Index() != nil // and so what is said of names is read
	if strings.HasSuffix(d.Name, "Unknown") || known && strings.HasPrefix(docs.Constructor(d.Name).Summary(), "DEPRECATED") {
		return 1
	}
	return 0
}

// empty is 1 for a constructor that says that there is nothing.
func empty(d *schema.Combinator) int {
	if strings.HasSuffix(d.Name, "Empty") {
		return 1
	}
	return 0
}

func (c *completion) makersOf(t *schema.Type) []candidate {
	var out []candidate
	if !c.python {
		for _, s := range bind.Shorts(t) {
			out = append(out, candidate{Item: Item{Text: s.Word, Label: s.Word, Kind: Constructor}, def: s.Def, param: -1})
		}
	}
	for _, d := range t.Class.Constructors() {
		out = append(out, c.constructor(d))
	}
	return out
}

// constructor is a constructor as a candidate: with its bracket open where
// fields must follow.
func (c *completion) constructor(d *schema.Combinator) candidate {
	name := d.Name
	if c.python {
		name = bind.ClassName(d)
	}
	it := Item{Text: name, Label: name, Kind: Constructor}
	if c.python || len(needed(d)) > 0 {
		it.Text += "("
	}
	return candidate{Item: it, def: d, param: -1, doubt: c.python}
}

// manyRecent is how many earlier values are offered.
const manyRecent = 5

// recent are the values given to a parameter before that still check.
func (c *completion) recent(def *schema.Combinator, p int) []candidate {
	if def == nil {
		return nil
	}
	var out []candidate
	for _, text := range c.env.Recent(def.Name, def.Params[p].Name) {
		if len(out) == manyRecent {
			break
		}
		out = append(out, candidate{Item: Item{Text: text, Label: text, Kind: Value, Description: "given before"}, doubt: true, also: strings.Trim(text, `"'@`)})
	}
	return out
}

// untyped offers what can stand where any value may.
func (c *completion) untyped(def *schema.Combinator, p int) {
	if c.python {
		c.list.add(c.plain("True", "", ""))
		c.list.add(c.plain("False", "", ""))
		return
	}
	c.variables(nil, nil, 0)
	if index := c.env.Index(); index != nil && c.list.query != "" {
		for _, h := range index.FindOf(c.list.query, manyHeads/2, search.Constructor) {
			// Those of Bool and True are typed true and false.
			if d := c.schema.Constructor(h.Name); d != nil && d.Result.Name != "Bool" && d.Result.Name != "True" {
				c.list.add(c.constructor(d))
			}
		}
	}
	for _, w := range []string{"true", "false"} {
		c.list.add(c.plain(w, "", ""))
	}
}
