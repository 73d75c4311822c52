package syntax

import (
	"strconv"
	"strings"
)

// Print returns n as source of the language in its canonical form: one line
// for a statement, a line for each statement of a file or a block, two spaces
// of indent. Parsed again, the output of a tree without fatal errors gives an
// Equal tree; what is missing or bad prints as nothing.
func Print(n Node) string {
	if n == nil {
		return ""
	}
	p := &printer{buf: make([]byte, 0, 128)}
	p.node(n)
	return string(p.buf)
}

type printer struct {
	buf    []byte
	indent int
}

func (p *printer) str(s string) { p.buf = append(p.buf, s...) }

func (p *printer) node(n Node) {
	switch n := n.(type) {
	case *File:
		for i, s := range n.Stmts {
			if i > 0 {
				p.str("\n")
			}
			p.stmt(s)
		}
	case *Stmt:
		p.stmt(n)
	case *Call:
		p.call(n)
	case *Arg:
		if n.Name != nil {
			p.str(n.Name.Text)
			p.str("=")
		}
		p.node(n.Value)
	case *Word:
		p.str(n.Text)
	case *String:
		p.buf = appendQuoted(p.buf, n.Value, quoteOf(n.Quote))
	case *Tagged:
		p.str(n.Tag.Text)
		p.node(n.Value)
	case *List:
		p.list(n)
	case *Var:
		p.str("$")
		p.str(n.Name)
		for _, s := range n.Path {
			p.step(s)
		}
	case *Step:
		p.step(n)
	case *Batch:
		p.batch(n)
	case *For:
		p.loop(n)
	case *Python:
		p.python(n.X)
	case *Chain, *Binary, *Bytes:
		p.python(n)
	case *Setup:
		p.str(n.Text)
	case *Prefix:
		p.str(n.Keyword.Text)
		p.str(" ")
		p.node(n.How)
		p.str(" ")
		p.node(n.X)
	case *Option:
		p.option(n)
	case *Pipe:
		p.pipe(n)
	case *Raw:
		p.str(n.Text)
	}
}

func (p *printer) list(n *List) {
	if n.Tag != nil {
		p.str(n.Tag.Text)
	}
	p.str("[")
	for i, e := range n.Elems {
		if i > 0 {
			p.str(" ")
		}
		p.node(e)
	}
	p.str("]")
}

func (p *printer) batch(n *Batch) {
	p.str("batch ")
	p.block(n.Body)
	if n.Ordered != nil {
		p.str(" ")
		p.str(n.Ordered.Text)
	}
}

func (p *printer) loop(n *For) {
	p.str("for ")
	p.node(n.Var)
	p.str(" in ")
	p.node(n.In)
	p.str(" ")
	p.block(n.Body)
}

func (p *printer) option(n *Option) {
	p.str("--")
	p.str(n.Name.Text)
	if n.Value != nil {
		p.str("=")
		p.node(n.Value)
	}
}

func quoteOf(q string) string {
	if q == `'` || q == `"""` {
		return q
	}
	return `"`
}

func (p *printer) stmt(s *Stmt) {
	if v, ok := s.Assign.(*Var); ok && isPythonNode(s.X) && isPyName(v.Name) && len(v.Path) == 0 {
		p.str(v.Name)
		p.str(" = ")
	} else if s.Assign != nil {
		p.node(s.Assign)
		p.str(" = ")
	}
	if s.Await != nil {
		p.str(s.Await.Text)
		p.str(" ")
	}
	p.node(s.X)
	for _, o := range s.Options {
		p.str(" ")
		p.node(o)
	}
	for _, pi := range s.Pipes {
		p.str(" | ")
		p.pipe(pi)
	}
}

func (p *printer) call(c *Call) {
	p.str(c.Name.Text)
	if c.Paren {
		p.str("(")
	}
	for i, a := range c.Args {
		if i > 0 || !c.Paren {
			p.str(" ")
		}
		p.node(a)
	}
	if c.Paren {
		p.str(")")
	}
}

func (p *printer) step(s *Step) {
	switch s.Kind {
	case StepField:
		p.str(".")
		p.str(s.Name)
		return
	case StepIndex:
		p.str("[")
		p.buf = strconv.AppendInt(p.buf, int64(s.Index), 10)
	case StepSlice:
		p.str("[")
		if s.From != nil {
			p.buf = strconv.AppendInt(p.buf, int64(*s.From), 10)
		}
		p.str(":")
		if s.To != nil {
			p.buf = strconv.AppendInt(p.buf, int64(*s.To), 10)
		}
	case StepEach:
		p.str("[")
	}
	p.str("]")
}

func (p *printer) block(body []*Stmt) {
	if len(body) == 0 {
		p.str("< >")
		return
	}
	p.str("<\n")
	p.indent++
	for _, s := range body {
		p.line()
		p.stmt(s)
		p.str("\n")
	}
	p.indent--
	p.line()
	p.str(">")
}

func (p *printer) line() {
	for range p.indent {
		p.str("  ")
	}
}

func (p *printer) pipe(pi *Pipe) {
	p.str(pi.Name.Text)
	if pi.Name.Text == "!" {
		if pi.Raw != nil {
			p.str(pi.Raw.Text)
		}
		return
	}
	for _, o := range pi.Options {
		p.str(" ")
		p.str(o.Text)
	}
	for _, a := range pi.Args {
		p.str(" ")
		p.node(a)
	}
	if pi.Raw != nil {
		p.str(" ")
		p.filter(pi.Raw.Text)
	}
}

// filter writes a jq filter between the quotes that can hold it.
func (p *printer) filter(s string) {
	switch {
	case strings.Contains(s, "\n"):
		p.str(`"""` + s + `"""`)
	case strings.Contains(s, "'"):
		p.str(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`)
	default:
		p.str("'" + s + "'")
	}
}
