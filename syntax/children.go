package syntax

import "slices"

// inOrder sorts the few children of a node whose fields do not say in which
// order the source has them.
func inOrder(kids []Node) []Node {
	slices.SortStableFunc(kids, func(a, b Node) int { return a.Span().From - b.Span().From })
	return kids
}

// Children returns the statements.
func (f *File) Children() []Node {
	kids := make([]Node, len(f.Stmts))
	for i, s := range f.Stmts {
		kids[i] = s
	}
	return kids
}

// Children returns the target of the assignment, await, what is run, the
// options that are not among a call's arguments, and the pipes.
func (s *Stmt) Children() []Node {
	kids := make([]Node, 0, 3+len(s.Options)+len(s.Pipes))
	if s.Assign != nil {
		kids = append(kids, s.Assign)
	}
	if s.Await != nil {
		kids = append(kids, s.Await)
	}
	kids = append(kids, s.X)
	x := s.X.Span()
	for _, o := range s.Options {
		if o.span.From < x.From || o.span.From >= x.To {
			kids = append(kids, o)
		}
	}
	for _, p := range s.Pipes {
		kids = append(kids, p)
	}
	if len(s.Options) > 0 {
		return inOrder(kids)
	}
	return kids
}

// Children returns the name, the arguments, and the statement's options that
// stand among them.
func (c *Call) Children() []Node {
	kids := make([]Node, 0, 1+len(c.Args)+len(c.opts))
	kids = append(kids, c.Name)
	for _, a := range c.Args {
		kids = append(kids, a)
	}
	if len(c.opts) == 0 {
		return kids
	}
	for _, o := range c.opts {
		kids = append(kids, o)
	}
	return inOrder(kids)
}

// Children returns the name, if there is one, and the value.
func (a *Arg) Children() []Node {
	if a.Name == nil {
		return []Node{a.Value}
	}
	return []Node{a.Name, a.Value}
}

// Children returns nil: a word has no parts.
func (w *Word) Children() []Node { return nil }

// Children returns nil: a string has no parts.
func (s *String) Children() []Node { return nil }

// Children returns the tag and the string.
func (t *Tagged) Children() []Node { return []Node{t.Tag, t.Value} }

// Children returns the tag, if there is one, and the elements.
func (l *List) Children() []Node {
	if l.Tag == nil {
		return l.Elems[:len(l.Elems):len(l.Elems)]
	}
	return append([]Node{l.Tag}, l.Elems...)
}

// Children returns the steps of the path.
func (v *Var) Children() []Node {
	kids := make([]Node, len(v.Path))
	for i, s := range v.Path {
		kids[i] = s
	}
	return kids
}

// Children returns nil: a step has no parts.
func (s *Step) Children() []Node { return nil }

// Children returns the keyword, the statements, and ordered, if it is there.
func (b *Batch) Children() []Node {
	kids := make([]Node, 0, 2+len(b.Body))
	kids = append(kids, b.Keyword)
	for _, s := range b.Body {
		kids = append(kids, s)
	}
	if b.Ordered != nil {
		kids = append(kids, b.Ordered)
	}
	return kids
}

// Children returns the keyword, the variable, what it runs over, and the
// statements.
func (f *For) Children() []Node {
	kids := make([]Node, 0, 3+len(f.Body))
	kids = append(kids, f.Keyword, f.Var, f.In)
	for _, s := range f.Body {
		kids = append(kids, s)
	}
	return kids
}

// Children returns the name, and the value if there is one.
func (o *Option) Children() []Node {
	if o.Value == nil {
		return []Node{o.Name}
	}
	return []Node{o.Name, o.Value}
}

// Children returns the name, options, arguments and raw text, in source order.
func (p *Pipe) Children() []Node {
	kids := make([]Node, 0, 2+len(p.Options)+len(p.Args))
	kids = append(kids, p.Name)
	for _, o := range p.Options {
		kids = append(kids, o)
	}
	kids = append(kids, p.Args...)
	if p.Raw != nil {
		kids = append(kids, p.Raw)
	}
	return inOrder(kids)
}

// Has reports whether the stage has the option, as in Has("--force") or
// Has("-r"); one-letter options may be joined (-rc).
func (p *Pipe) Has(option string) bool {
	for _, o := range p.Options {
		if o.Text == option {
			return true
		}
		joined := len(option) == 2 && len(o.Text) > 2 && o.Text[0] == '-' && o.Text[1] != '-'
		if joined && slices.Contains([]byte(o.Text[1:]), option[1]) {
			return true
		}
	}
	return false
}

// Children returns nil: raw text has no parts.
func (r *Raw) Children() []Node { return nil }

// Children returns nil.
func (m *Missing) Children() []Node { return nil }

// Children returns nil.
func (b *Bad) Children() []Node { return nil }

// Walk calls visit for n and, when visit returns true, for its children,
// outermost first and in source order.
func Walk(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	for _, k := range n.Children() {
		Walk(k, visit)
	}
}
