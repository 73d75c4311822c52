package completer

import (
	"cmp"
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/pages"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// pipes offers the stages of a pipe.
func (c *completion) pipes() {
	for _, p := range []struct{ word, text string }{
		{"jq", "[-r] [-c] FILTER  a jq filter over the JSON"}, {"table", "[FIELD …]  rows and columns"},
		{"save", "FILE [--force]  write it to a file"}, {"!", "COMMAND  to a command of the system's shell"},
	} {
		c.list.add(candidate{Item: Item{Text: p.word, Label: p.word, Kind: Command, Description: p.text}, doubt: true})
	}
}

// pipeWord offers an argument or an option of a stage, if the word is one.
func (c *completion) pipeWord(n *syntax.Word) bool {
	p, ok := c.parent(0).(*syntax.Pipe)
	if !ok || n == p.Name {
		return false
	}
	if slices.Contains(p.Options, n) {
		c.pipeOptions(p, n.Text)
		return true
	}
	switch p.Name.Text {
	case "table":
		base, typed := "", n.Text[:c.cursor-n.Span().From]
		if dot := strings.LastIndexByte(typed, '.'); dot >= 0 {
			base = typed[:dot]
			c.replace(syntax.Span{From: n.Span().From + dot + 1, To: n.Span().To})
		}
		c.columns(p, base)
	case "save":
		c.fileArgument("")
	}
	return true
}

func (c *completion) pipeOptions(p *syntax.Pipe, typed string) {
	switch p.Name.Text {
	case "jq":
		c.list.add(candidate{Item: Item{Text: "-r", Label: "-r", Kind: Command, Description: "strings without quotes"}})
		c.list.add(candidate{Item: Item{Text: "-c", Label: "-c", Kind: Command, Description: "each on one line"}})
	case "save":
		if !p.Has("--force") || typed != "" {
			c.list.add(candidate{Item: Item{Text: "--force", Label: "--force", Kind: Command, Description: "overwrite the file"}})
		}
	}
}

// pipeGap offers what can stand behind the name or the arguments of a stage.
func (c *completion) pipeGap(p *syntax.Pipe) {
	if !strings.HasSuffix(c.file.Src[:c.cursor], " ") {
		return
	}
	switch p.Name.Text {
	case "jq":
		for _, f := range c.input(p).fields() {
			c.list.add(f.candidate("." + f.name))
		}
		c.pipeOptions(p, "")
	case "table":
		c.columns(p, "")
	case "save":
		if len(p.Args) == 0 {
			c.fileArgument("")
		}
		c.pipeOptions(p, "")
	}
}

// shape is what is known of a value in a pipe: the value, or its type.
type shape struct {
	v tl.Value
	t *schema.Type
}

// input is what comes into a stage of the statement's pipe.
func (c *completion) input(p *syntax.Pipe) shape {
	st := c.statement()
	if st == nil || len(st.Pipes) == 0 || st.Pipes[0] != p {
		return shape{}
	}
	switch c.info.Kind {
	case bind.Request, bind.Pages:
		if o := c.info.Object(); o != nil {
			return shape{t: o.Def().Result}
		}
	case bind.Value:
		return shape{v: c.info.Value}
	case bind.Command:
		return c.answer(c.info.Call)
	case bind.Batch:
		return shape{t: &schema.Type{Kind: schema.KindBare, Name: "batch", Of: schema.Shell().Constructor("batch")}}
	}
	return shape{}
}

// part is a field that a shape may have.
type part struct {
	name string
	of   string // its type
	// How many definitions of the shape always have it, and may have it.
	always, has int
}

func (p part) candidate(text string) candidate {
	return candidate{Item: Item{Text: text, Label: text, Kind: Field, Description: p.of}}
}

// defs are the definitions that a shape may be of.
func (s shape) defs() []*schema.Combinator {
	switch {
	case s.v.Object() != nil:
		return []*schema.Combinator{s.v.Object().Def()}
	case s.t == nil:
	case s.t.Kind == schema.KindBoxed:
		return s.t.Class.Constructors()
	case s.t.Kind == schema.KindBare && s.t.Of != nil:
		return []*schema.Combinator{s.t.Of}
	}
	return nil
}

// fields are those of the shape, each once: what is there, or what the most of
// its definitions always have, goes first, and then what the most of them may
// have.
func (s shape) fields() []part {
	var out []part
	at := map[string]int{}
	for _, d := range s.defs() {
		for i := range d.Params {
			p := &d.Params[i]
			if p.Type.Kind == schema.KindFlags {
				continue
			}
			k, seen := at[p.Name]
			if !seen {
				k = len(out)
				at[p.Name] = k
				out = append(out, part{name: p.Name, of: p.Type.Name})
			}
			out[k].has++
			if o := s.v.Object(); o != nil && !o.At(p.Name).IsNone() || o == nil && !p.Optional() {
				out[k].always++
			}
		}
	}
	slices.SortStableFunc(out, func(a, b part) int { return cmp.Or(b.always-a.always, b.has-a.has) })
	return out
}

// field is what a field of the shape holds.
func (s shape) field(name string) shape {
	if o := s.v.Object(); o != nil {
		return shape{v: o.At(name)}
	}
	for _, d := range s.defs() {
		if p := d.Param(name); p != nil {
			return shape{t: p.Type}
		}
	}
	return shape{}
}

// elem is an element of the shape.
func (s shape) elem() shape {
	switch {
	case s.v.Vector() != nil && len(s.v.Vector().Items) > 0:
		return shape{v: s.v.Vector().Items[0]}
	case s.t != nil && s.t.Kind == schema.KindVector:
		return shape{t: s.t.Elem}
	}
	return shape{}
}

// list reports that the shape is a Vector.
func (s shape) list() bool {
	return s.v.Vector() != nil || s.t != nil && s.t.Kind == schema.KindVector
}

// rows are what a table shows of the shape: its elements, or those of the list
// that it is about.
func (s shape) rows(paged string) shape {
	if s.list() {
		return s.elem()
	}
	if paged != "" {
		return s.field(paged).elem()
	}
	for _, f := range s.fields() {
		if in := s.field(f.name); in.list() && len(in.elem().defs()) > 0 {
			return in.elem()
		}
	}
	return s
}

// columns offers the fields that a table can show, behind a path.
func (c *completion) columns(p *syntax.Pipe, base string) {
	paged := ""
	if o := c.info.Object(); o != nil && c.info.Kind != bind.Value {
		if pg, _ := pages.Of(o.Def()); pg != nil {
			paged = pg.Field
		}
	}
	rows := c.input(p).rows(paged)
	if base != "" {
		for name := range strings.SplitSeq(base, ".") {
			if rows = rows.field(name); rows.list() {
				rows = rows.elem()
			}
		}
	}
	for _, f := range rows.fields() {
		c.list.add(f.candidate(f.name))
	}
}

// raw offers the fields that the jq filter at the cursor goes into.
func (c *completion) raw(n *syntax.Raw) {
	p, ok := c.parent(0).(*syntax.Pipe)
	if !ok || p.Name.Text != "jq" || n.Closed && c.cursor == n.Span().To {
		return
	}
	from := n.Span().From + len(n.Quote)
	if c.cursor < from {
		return
	}
	in, typed, ok := jqPlace(c.file.Src[from:c.cursor], c.input(p))
	if !ok {
		return
	}
	end := c.cursor
	for end < n.Span().To && identByte(c.file.Src[end]) {
		end++
	}
	c.replace(syntax.Span{From: c.cursor - len(typed), To: end})
	for _, f := range in.fields() {
		c.list.add(f.candidate(f.name))
	}
}

func identByte(b byte) bool { return letter(b) || b == '_' }
