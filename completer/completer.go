// Package completer turns a place in a line into ranked candidates. It parses
// the whole line and asks the check what is wanted there, so that it works at
// any depth and offers what would check.
package completer

import (
	"fmt"
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// Env is what completion asks of the world around the line.
type Env interface {
	bind.Env
	// Vars are the names of the variables.
	Vars() []string
	// CommandSummary is a command's arguments and what it does.
	CommandSummary(name string) (args, summary string)
	// People are references to the people known, as @name, with who they are.
	People() (refs, names []string)
}

// Kind says what a candidate is.
type Kind string

// The kinds of a candidate.
const (
	Request     Kind = "request"
	Constructor Kind = "constructor"
	Command     Kind = "command"
	Param       Kind = "parameter"
	Variable    Kind = "variable"
	Peer        Kind = "peer"
	Value       Kind = "value"
)

// Item is a candidate.
type Item struct {
	Text        string // what is inserted
	Label       string // what is shown: the name
	Kind        Kind
	Description string
	Match       []int // the bytes of Label that were matched
}

// Result is what can stand in place of the bytes From to To of the line.
type Result struct {
	From, To int
	Items    []Item
}

// Complete gives the candidates for the place cursor (a byte offset) of src,
// the best first.
func Complete(s *schema.Schema, env Env, src string, cursor int) Result {
	cursor = max(0, min(cursor, len(src)))
	c := &completion{schema: s, env: env, file: syntax.Parse(src), cursor: cursor, res: Result{From: cursor, To: cursor}}
	c.path = syntax.PathAt(c.file, cursor)
	c.run()
	return c.res
}

type completion struct {
	schema *schema.Schema
	env    Env
	file   *syntax.File
	path   []syntax.Node // at the cursor, innermost first
	cursor int
	info   *bind.Info
	res    Result
	list   list
}

func (c *completion) run() {
	st := c.statement()
	if st == nil {
		if c.fresh() {
			c.heads()
			c.rank()
		}
		return
	}
	c.info = bind.CheckStmt(c.schema, c.file, st, c.env)
	switch n := c.path[0].(type) {
	case *syntax.Word:
		c.replace(n.Span())
	case *syntax.Var:
		c.variable(n)
		return
	case *syntax.String, *syntax.Raw, *syntax.Step, *syntax.Tagged:
		return
	}
	if c.closed() {
		return
	}
	c.offer()
	c.rank()
}

// fresh reports that a statement can begin at the cursor.
func (c *completion) fresh() bool {
	before := strings.TrimRight(c.file.Src[:c.cursor], " \t")
	return before == "" || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, ";")
}

// closed reports that the cursor touches the end of something that is closed:
// nothing can stand there but a space.
func (c *completion) closed() bool {
	if _, word := c.path[0].(*syntax.Word); word || c.cursor == 0 {
		return false
	}
	return strings.IndexByte(")]>\"'", c.file.Src[c.cursor-1]) >= 0
}

// statement is the innermost statement at the cursor, nil in a gap.
func (c *completion) statement() *syntax.Stmt {
	for _, n := range c.path {
		if st, ok := n.(*syntax.Stmt); ok {
			return st
		}
	}
	return nil
}

// replace makes the candidates stand for the word at the cursor; what is
// searched is its part before the cursor.
func (c *completion) replace(sp syntax.Span) {
	c.res.From, c.res.To = sp.From, sp.To
	c.word(c.file.Src[sp.From:c.cursor])
}

func (c *completion) word(w string) { c.list.query = w }

// offer gathers the candidates for the innermost place that has a slot.
func (c *completion) offer() {
	for i, n := range c.path {
		slot, ok := c.info.Slot(n)
		if !ok {
			switch n := n.(type) {
			case *syntax.Stmt:
				if _, missing := n.X.(*syntax.Missing); missing && n.Assign == nil {
					c.heads()
				}
				return
			case *syntax.Batch:
				if n.Closed {
					c.list.add(Item{Text: "ordered", Label: "ordered", Kind: Value, Description: "one after the other"}, 0)
					return
				}
			}
			continue
		}
		switch slot.Kind {
		case bind.SlotHead:
			c.heads()
			return
		case bind.SlotName:
			c.params(slot)
			if slot.Next >= 0 {
				c.values(slot.Of.Params[slot.Next].Type)
			}
			return
		case bind.SlotValue:
			if l, is := n.(*syntax.List); is && c.cursor > l.Span().From && slot.Want != nil {
				if slot.Want.Kind == schema.KindVector {
					c.values(slot.Want.Elem)
				}
				return
			}
			if slot.Want != nil {
				c.values(slot.Want)
			}
			// A positional word may yet become the name of a parameter.
			if arg, is := parent(c.path, i).(*syntax.Arg); is && arg.Name == nil && i == 0 {
				if outer, ok := c.callSlot(i); ok {
					outer.Given = slices.Clone(outer.Given)
					if p := c.info.Param(arg); p >= 0 {
						outer.Given[p] = false
					}
					c.params(outer)
				}
			}
			return
		case bind.SlotPipe:
			for _, p := range []string{"jq", "save", "table", "!"} {
				c.list.add(Item{Text: p, Label: p, Kind: Command}, 0)
			}
			return
		case bind.SlotOrdered:
			c.list.add(Item{Text: "ordered", Label: "ordered", Kind: Value, Description: "one after the other"}, 0)
			return
		case bind.SlotArgument:
			c.arguments()
			return
		}
	}
}

func parent(path []syntax.Node, i int) syntax.Node {
	if i+1 < len(path) {
		return path[i+1]
	}
	return nil
}

// callSlot is the slot of the call around the i-th node of the path.
func (c *completion) callSlot(i int) (bind.Slot, bool) {
	for _, n := range c.path[i+1:] {
		if call, ok := n.(*syntax.Call); ok {
			s, ok := c.info.Slot(call)
			return s, ok && s.Of != nil
		}
	}
	return bind.Slot{}, false
}

// heads offers what can begin a statement.
func (c *completion) heads() {
	for _, name := range c.env.Commands() {
		args, summary := c.env.CommandSummary(name)
		if summary == "" {
			continue
		}
		c.list.add(Item{Text: name, Label: name, Kind: Command, Description: strings.TrimSpace(args + "  " + summary)}, 2)
	}
	for _, m := range c.schema.Methods {
		c.list.add(Item{Text: m.Name, Label: m.Name, Kind: Request, Description: "→ " + m.Result.Name}, weight(m))
	}
}

// weight puts the namespaces that most people use before the others.
func weight(m *schema.Combinator) int {
	switch m.Namespace() {
	case "messages":
		return 3
	case "users", "contacts", "channels", "help":
		return 2
	}
	return 1
}

// params offers the names of the parameters that have no value yet, required
// ones first.
func (c *completion) params(slot bind.Slot) {
	if slot.Of == nil {
		return
	}
	for i := range slot.Of.Params {
		p := &slot.Of.Params[i]
		if p.Type.Kind == schema.KindFlags || i < len(slot.Given) && slot.Given[i] && !c.atName(p.Name) {
			continue
		}
		weight, note := 4, ""
		switch {
		case p.Optional():
			weight, note = 2, ", optional"
		case bind.FillsItself(slot.Of, i):
			weight, note = 1, ", fills itself"
		}
		text := p.Name + "="
		if p.Type.Kind == schema.KindTrue {
			text += "true"
		}
		c.list.add(Item{Text: c.named(text), Label: p.Name, Kind: Param, Description: p.Type.Name + note}, weight)
	}
}

// named is the text that names a parameter: what stands behind the name at the
// cursor already has its =.
func (c *completion) named(text string) string {
	if arg, ok := parent(c.path, 0).(*syntax.Arg); ok && arg.Name == c.path[0] {
		name, _, _ := strings.Cut(text, "=")
		return name
	}
	return text
}

// atName reports that the cursor stands in the name of that parameter.
func (c *completion) atName(name string) bool {
	w, ok := c.path[0].(*syntax.Word)
	return ok && w.Text == name
}

// values offers what can stand where t is wanted.
func (c *completion) values(t *schema.Type) {
	if t.Kind == schema.KindVector && t.Elem != nil {
		t = t.Elem
	}
	switch t.Kind {
	case schema.KindBool, schema.KindTrue:
		c.list.add(Item{Text: "true", Label: "true", Kind: Value}, 5)
		c.list.add(Item{Text: "false", Label: "false", Kind: Value}, 5)
	case schema.KindBoxed:
		if bind.IsPeer(t) {
			c.people(t)
		}
		for _, d := range t.Class.Constructors {
			c.list.add(constructor(d), 5)
		}
	case schema.KindAny:
		for _, m := range c.schema.Methods {
			c.list.add(Item{Text: m.Name, Label: m.Name, Kind: Request, Description: "→ " + m.Result.Name}, 1)
		}
	}
	if c.list.query == "" || strings.HasPrefix(c.list.query, "$") {
		for _, v := range c.env.Vars() {
			c.list.add(Item{Text: "$" + v, Label: "$" + v, Kind: Variable}, 1)
		}
	}
}

func constructor(d *schema.Combinator) Item {
	it := Item{Text: d.Name, Label: d.Name, Kind: Constructor}
	var need []string
	for i := range d.Params {
		p := &d.Params[i]
		if !p.Optional() && p.Type.Kind != schema.KindFlags && !bind.FillsItself(d, i) {
			need = append(need, p.Name)
		}
	}
	if len(need) > 0 {
		it.Text += "("
		it.Description = strings.Join(need, " ")
	}
	return it
}

func (c *completion) people(t *schema.Type) {
	if t.Name != "InputChannel" {
		c.list.add(Item{Text: "me", Label: "me", Kind: Peer, Description: "yourself"}, 6)
	}
	refs, names := c.env.People()
	for i, r := range refs {
		c.list.add(Item{Text: r, Label: r, Kind: Peer, Description: names[i]}, 6)
	}
}

// arguments offers what a command takes: names where it takes a name.
func (c *completion) arguments() {
	call := c.info.Call
	if call == nil {
		return
	}
	switch call.Name.Text {
	case "help":
		for _, m := range c.schema.Methods {
			c.list.add(Item{Text: m.Name, Label: m.Name, Kind: Request, Description: "→ " + m.Result.Name}, 3)
		}
		for _, d := range c.schema.Constructors {
			c.list.add(Item{Text: d.Name, Label: d.Name, Kind: Constructor, Description: d.Result.Name}, 2)
		}
	case "set":
		for _, n := range []string{"output", "color", "timeout", "max-wait", "keep-going", "dry-run"} {
			c.list.add(Item{Text: n, Label: n, Kind: Value}, 1)
		}
	case "peer":
		refs, names := c.env.People()
		for i, r := range refs {
			c.list.add(Item{Text: r, Label: r, Kind: Peer, Description: names[i]}, 1)
		}
	}
}

// variable offers the variables whose name is being typed.
func (c *completion) variable(n *syntax.Var) {
	if len(n.Path) > 0 {
		return
	}
	c.replace(n.Span())
	for _, v := range append(c.env.Vars(), "_") {
		d := ""
		if val, ok := c.env.Var(v); ok {
			if o := val.Object(); o != nil {
				d = o.Def().Name
			} else {
				d = fmt.Sprint(val.Kind())
			}
		}
		c.list.add(Item{Text: "$" + v, Label: "$" + v, Kind: Variable, Description: d}, 1)
	}
	c.rank()
}
