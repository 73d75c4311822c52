package completer

import (
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/pages"
	"tlsh/syntax"
)

// pipes offers the stages of a pipe.
func (c *completion) pipes() {
	for _, w := range bind.Words() {
		if w.Pipe {
			c.list.add(candidate{Item: Item{Text: w.Name, Label: w.Name, Kind: Command, Description: w.Args + "  " + w.Summary}, doubt: true})
		}
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

// input is what comes into a stage of the statement's pipe.
func (c *completion) input(p *syntax.Pipe) shape {
	st := c.statement()
	if st == nil || len(st.Pipes) == 0 || st.Pipes[0] != p {
		return shape{}
	}
	return c.result(c.info)
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
	c.jqFields(from, n.Span().To, c.input(p))
}

// jqFields offers the fields that a jq filter, which begins and ends at those
// bytes of the line, goes into at the cursor, over a value of the shape in.
func (c *completion) jqFields(from, to int, in shape) {
	in, typed, ok := jqPlace(c.file.Src[from:c.cursor], in)
	if !ok {
		return
	}
	end := c.cursor
	for end < to && identByte(c.file.Src[end]) {
		end++
	}
	c.replace(syntax.Span{From: c.cursor - len(typed), To: end})
	for _, f := range in.fields() {
		c.list.add(f.candidate(f.name))
	}
}

func identByte(b byte) bool { return letter(b) || b == '_' }
