package syntax

func isPythonNode(n Node) bool {
	_, ok := n.(*Python)
	return ok
}

// isPyName reports that a variable's name, without its $, is read as one in
// Python.
func isPyName(s string) bool {
	switch s {
	case "True", "False", "None", "await", "import", "from", "async", "with", "def", "if", "batch", "for":
		return false
	}
	return isName(s)
}

// python writes n in Python's syntax.
func (p *printer) python(n Node) {
	switch n := n.(type) {
	case *String:
		p.buf = appendPython(p.buf, n.Value, false)
	case *Bytes:
		p.buf = appendPython(p.buf, n.Value, true)
	case *List:
		p.str("[")
		for i, e := range n.Elems {
			if i > 0 {
				p.str(", ")
			}
			p.python(e)
		}
		p.str("]")
	case *Call:
		p.str(n.Name.Text)
		p.str("(")
		for i, a := range n.Args {
			if i > 0 {
				p.str(", ")
			}
			if a.Name != nil {
				p.str(a.Name.Text)
				p.str("=")
			}
			p.python(a.Value)
		}
		p.str(")")
	case *Var:
		if isPyName(n.Name) {
			p.str(n.Name)
			for _, s := range n.Path {
				p.step(s)
			}
			return
		}
		p.node(n)
	case *Chain:
		p.chain(n)
	case *Binary:
		if n.X != nil {
			p.operand(n.X)
			p.str(" ")
		}
		p.str(n.Op.Text)
		if n.X != nil {
			p.str(" ")
		}
		p.operand(n.Y)
	default:
		p.node(n)
	}
}

// operand writes a part of an expression, in brackets where it has parts itself.
func (p *printer) operand(n Node) {
	if _, ok := n.(*Binary); !ok {
		p.python(n)
		return
	}
	p.str("(")
	p.python(n)
	p.str(")")
}

func (p *printer) chain(n *Chain) {
	switch x := n.X.(type) {
	case *Var:
		if n.Call != nil && Shows(n.Call.Name.Text) {
			p.python(x)
			break
		}
		p.node(x) // with its $, as the path would be part of a name without it
	case *Word, *Binary:
		p.str("(")
		p.python(x)
		p.str(")")
	default:
		p.python(x)
	}
	for _, s := range n.Path {
		p.step(s)
	}
	if n.Call != nil {
		p.str(".")
		p.python(n.Call)
	}
}
