package completer

import (
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// offer gathers the candidates for the innermost place that wants something.
func (c *completion) offer() {
	if _, at := around[*syntax.Python](c); at >= 0 {
		c.python = true
	}
	switch n := c.path[0].(type) {
	case *syntax.Word:
		c.replace(n.Span())
		if _, ok := c.parent(0).(*syntax.Option); ok {
			c.options()
			return
		}
		if c.pipeWord(n) {
			return
		}
	case *syntax.Var:
		c.variable(n)
		return
	case *syntax.Step:
		c.step(n)
		return
	case *syntax.String:
		c.quoted(n)
		return
	case *syntax.Raw:
		c.raw(n)
		return
	case *syntax.Option:
		c.options()
		return
	case *syntax.Pipe:
		c.pipeGap(n)
		return
	case *syntax.Tagged, *syntax.Bytes, *syntax.Setup:
		return
	}
	if !c.closed() {
		c.betweenValues()
		if c.sends() && !c.comma {
			c.classes("")
			return
		}
		c.slots()
	}
}

// betweenValues sees whether the cursor stands behind a value of a Telethon form
// that has no comma yet: what is offered then brings it, and takes the place of
// the white space.
func (c *completion) betweenValues() {
	switch c.path[0].(type) {
	case *syntax.Call, *syntax.List, *syntax.Arg:
	default:
		return
	}
	before := strings.TrimRight(c.file.Src[:c.cursor], " \t\r\n")
	if c.comma = c.python && before != "" && strings.IndexByte("([,=", before[len(before)-1]) < 0; c.comma {
		c.res.From = len(before)
	}
}

// closed reports that the cursor touches the end of something that is closed:
// nothing can stand there but a space.
func (c *completion) closed() bool {
	if _, word := c.path[0].(*syntax.Word); word || c.cursor == 0 {
		return false
	}
	return strings.IndexByte(")]>\"'", c.file.Src[c.cursor-1]) >= 0
}

// slots offers what the check wanted at the innermost node that has a slot.
func (c *completion) slots() {
	for i, n := range c.path {
		slot, ok := c.info.Slot(n)
		if !ok {
			if c.unslotted(i, n) {
				return
			}
			continue
		}
		switch slot.Kind {
		case bind.SlotHead:
			if call, is := n.(*syntax.Call); is && c.cursor > call.Name.Span().To {
				return // behind a name that nothing is called
			}
			c.heads(c.headKind(i))
		case bind.SlotName:
			c.params(slot, n)
		case bind.SlotValue:
			c.value(i, n, slot)
		case bind.SlotPipe:
			c.pipes()
		case bind.SlotOrdered:
			c.ordered()
		case bind.SlotArgument:
			if p, prefix := c.parent(i).(*syntax.Prefix); prefix {
				c.hows(p)
			} else {
				c.arguments()
			}
		}
		return
	}
}

// unslotted offers what can stand where the check recorded nothing, and reports
// that this is all.
func (c *completion) unslotted(i int, n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Stmt:
		switch x := n.X.(type) {
		case *syntax.Missing:
			c.heads(c.headKind(i))
		case *syntax.Batch:
			if x.Closed && x.Ordered == nil && len(n.Pipes) == 0 && c.cursor > x.Span().To {
				c.ordered()
			}
		}
		return true
	case *syntax.Batch:
		if n.Closed {
			c.ordered()
		} else if c.opened(n.Body, n.Keyword) {
			c.heads(headRequest)
		}
		return true
	case *syntax.For:
		c.forPart(n)
		return true
	case *syntax.Prefix:
		if c.cursor > n.How.Span().To {
			c.heads(c.headKind(i))
		} else {
			c.hows(n)
		}
		return true
	}
	return false
}

// opened reports that the cursor stands where a statement of a block can begin.
func (c *completion) opened(body []*syntax.Stmt, after syntax.Node) bool {
	if c.cursor < after.Span().To {
		return false
	}
	before := strings.TrimRight(c.file.Src[after.Span().To:c.cursor], " \t")
	for _, end := range []string{"<", ";", "\n"} {
		if strings.HasSuffix(before, end) {
			return true
		}
	}
	return false
}

// forPart offers what a for wants: in, what it goes over, and statements.
func (c *completion) forPart(n *syntax.For) {
	if c.cursor < n.Keyword.Span().To {
		return
	}
	before := strings.TrimRight(c.file.Src[n.Keyword.Span().To:c.cursor], " \t")
	switch {
	case n.Var.Name != "" && before == "$"+n.Var.Name && strings.HasSuffix(c.file.Src[:c.cursor], " "):
		c.list.add(candidate{Item: Item{Text: "in ", Label: "in", Kind: Command, Description: "what it goes over"}})
	case strings.HasSuffix(before, " in") && len(before) < c.cursor-n.Keyword.Span().To:
		c.variables(nil, nil, 0)
	case c.opened(n.Body, n.In):
		c.heads(headAny)
	}
}

// value offers what can stand at a node where a value is wanted.
func (c *completion) value(i int, n syntax.Node, slot bind.Slot) {
	want, def, p := slot.Want, (*schema.Combinator)(nil), 0
	arg, at := around[*syntax.Arg](c)
	if at >= 0 {
		if owner, ok := c.callSlot(at); ok {
			def, p = owner.Of, max(0, c.info.Param(arg))
			if c.info.Param(arg) < 0 {
				def = nil
			}
		}
	}
	l, list := n.(*syntax.List)
	if list = list && c.cursor > l.Span().From; list {
		if want == nil || want.Kind != schema.KindVector {
			return
		}
		want = want.Elem
	}
	if want == nil {
		c.untyped(def, p)
	} else {
		c.values(want, def, p, 0)
	}
	// A positional word may yet become the name of a parameter.
	if at == i+1 && arg.Name == nil && i == 0 && !list {
		if outer, ok := c.callSlot(at); ok {
			if p := c.info.Param(arg); p >= 0 {
				outer.Given = append([]bool(nil), outer.Given...)
				outer.Given[p] = false
			}
			c.names(outer)
		}
	}
}

// callSlot is the slot of the call around the i-th node of the path.
func (c *completion) callSlot(i int) (bind.Slot, bool) {
	for _, n := range c.path[i+1:] {
		if call, ok := n.(*syntax.Call); ok {
			s, ok := c.info.Slot(call)
			return s, ok && s.Of != nil && s.Kind == bind.SlotName
		}
	}
	return bind.Slot{}, false
}

func (c *completion) ordered() {
	c.list.add(candidate{Item: Item{Text: "ordered", Label: "ordered", Kind: Value, Description: "one after the other"}})
}

// options offers the options of a statement.
func (c *completion) options() {
	n, at := around[*syntax.Option](c)
	if at < 0 || n.Value != nil {
		return
	}
	c.replace(n.Span())
	switch {
	case c.info.Kind == bind.Command:
		c.commandOptions()
	default:
		c.list.add(candidate{Item: Item{Text: "--dry-run", Label: "--dry-run", Kind: Command, Description: "print TL and hex, send nothing"}})
	}
}

// hows offers what can stand between a prefix and the statement behind it.
func (c *completion) hows(p *syntax.Prefix) {
	offer := func(what string, words ...string) {
		for _, w := range words {
			c.list.add(candidate{Item: Item{Text: w, Label: w, Kind: Value, Description: what}})
		}
	}
	switch p.Keyword.Text {
	case "pages":
		offer("how many pages", "all", "2", "3", "5", "10")
	case "watch":
		offer("how often", "1s", "5s", "10s", "1m")
	case "alias":
		c.argument("alias", "NAME", nil)
	}
}
