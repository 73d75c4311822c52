package syntax

import "strings"

// python reads an expression where a statement wants what it runs.
func (p *parser) python() Node {
	from, before := p.i, len(p.errs)
	x := &Python{}
	x.X = p.pyExpr()
	if len(p.errs) > before {
		p.errs = p.errs[:before+1] // the others follow from the first
	}
	x.span = Span{from, max(x.X.Span().To, p.pyEnd(from))}
	return x
}

// pyEnd is where a node ends that began at from and was read up to the cursor:
// before the white space and the comments that stand there.
func (p *parser) pyEnd(from int) int {
	for i := len(p.toks) - 1; i >= 0 && p.toks[i].Span.From >= from; i-- {
		switch p.toks[i].Kind {
		case TokSpace, TokNewline, TokComment:
		default:
			return p.toks[i].Span.To
		}
	}
	return from
}

// pyRanks says how tight Python's operators bind.
var pyRanks = map[string]int{"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "**": 4}

// signRank is how tight a sign binds: looser than **, tighter than the others.
const signRank = 3

// pyExpr reads an expression. Operators stand inside brackets only: outside,
// what follows is the statement's options and pipes.
func (p *parser) pyExpr() Node { return p.pyBinary(1) }

func (p *parser) pyBinary(rank int) Node {
	p.pyBlank()
	from := p.i
	var x Node
	if c := p.peek(); p.py > 0 && (c == '-' || c == '+') {
		if !p.enter() {
			return &Bad{node{Span{from, p.i}}}
		}
		op := p.word(TokPunct, p.i+1)
		y := p.pyBinary(signRank)
		p.depth--
		x = &Binary{node: node{Span{from, max(op.span.To, y.Span().To)}}, Op: op, Y: y}
	} else {
		x = p.pyPrimary()
	}
	depth := p.depth // what stands left of an operator is deeper with each
	defer func() { p.depth = depth }()
	for p.py > 0 {
		p.pyBlank()
		op := p.pyOperator()
		r := pyRanks[op]
		if r < rank || op == "" || !p.enter() {
			break
		}
		b := &Binary{X: x, Op: p.word(TokPunct, p.i+len(op))}
		next := r + 1
		if op == "**" { // from the right, and a sign may follow
			next = signRank
		}
		b.Y = p.pyBinary(next)
		b.span = Span{from, max(b.Op.span.To, b.Y.Span().To)}
		x = b
	}
	return x
}

// pyOperator is the operator at the cursor, or "".
func (p *parser) pyOperator() string {
	if p.i+1 < len(p.src) {
		if two := p.src[p.i : p.i+2]; pyRanks[two] > 0 {
			return two
		}
	}
	if !p.eof() && pyRanks[p.src[p.i:p.i+1]] > 0 {
		return p.src[p.i : p.i+1]
	}
	return ""
}

// pyBlank passes white space; inside brackets lines and comments too.
func (p *parser) pyBlank() { p.blank(p.py > 0) }

// pyPrimary reads a literal, a name, a call or what brackets hold, and what
// goes on behind it.
func (p *parser) pyPrimary() Node {
	from := p.i
	if p.eof() {
		p.want("a value", "")
		return p.missing()
	}
	var x Node
	switch c := p.src[p.i]; {
	case c == '$':
		x = p.variable()
	case p.pyQuote(p.i) >= 0:
		x = p.pyString()
	case classes[c].has(cDigit), c == '.' && p.i+1 < len(p.src) && classes[p.src[p.i+1]].has(cDigit):
		x = p.word(TokWord, p.numberEnd())
	case classes[c].has(cIdent):
		if p.src[p.i:identEnd(p.src, p.i)] == "await" && p.i+len("await") < len(p.src) && !classes[p.src[p.i+len("await")]].has(cIdent) {
			return p.pyAwait()
		}
		x = p.pyName()
	case c == '[' || c == '(':
		x = p.pyBrackets()
	default:
		return p.pyWrong()
	}
	return p.pyTrail(from, x)
}

func (p *parser) pyAwait() Node {
	if !p.enter() {
		return &Bad{node{Span{p.i, p.i}}}
	}
	p.emit(TokKeyword, p.i+len("await"))
	p.pyBlank()
	x := p.pyPrimary()
	p.depth--
	return x
}

// pyWrong passes what no value begins with.
func (p *parser) pyWrong() Node {
	from := p.i
	switch p.src[p.i] {
	case '{':
		p.fail(Span{p.i, p.i + 1}, "a Python dict or set has no counterpart", "an object is written Class(field=value), a list [a, b]")
	case ',', ')', ']', '\n', ';', '|', '<', '>':
		p.want("a value", "")
		return p.missing()
	case '*':
		p.fail(Span{p.i, p.run()}, "Python's * takes arguments apart, and that is not run", "write them one by one")
	default:
		p.want("a value", "")
	}
	end, _ := wordEnd(p.src, p.i)
	p.emit(TokBad, max(end, p.i+1))
	return &Bad{node{Span{from, p.i}}}
}

// numberEnd is where the number at the cursor ends, as far as its characters go.
func (p *parser) numberEnd() int {
	end := p.i
	hex := strings.HasPrefix(p.src[p.i:], "0x") || strings.HasPrefix(p.src[p.i:], "0X")
	for end < len(p.src) {
		c := p.src[end]
		sign := (c == '+' || c == '-') && !hex && end > p.i && (p.src[end-1] == 'e' || p.src[end-1] == 'E')
		if !classes[c].has(cIdent) && c != '.' && !sign {
			break
		}
		end++
	}
	return end
}

// pyName reads a name: True, None, a path of a variable, or a call.
func (p *parser) pyName() Node {
	end := identEnd(p.src, p.i)
	switch p.src[p.i:end] {
	case "True", "False", "None":
		return p.word(TokWord, end)
	}
	for end+1 < len(p.src) && p.src[end] == '.' && classes[p.src[end+1]].has(cIdent) && !classes[p.src[end+1]].has(cDigit) {
		end = identEnd(p.src, end+1)
	}
	owner, last, _ := cutLast(p.src[p.i:end])
	if p.at(end, '(') && (owner == "" || !Shows(last)) {
		return p.pyCall(p.word(TokWord, end))
	}
	v := p.varMem.alloc()
	from := p.i
	end = identEnd(p.src, p.i)
	v.Name = p.src[p.i:end]
	p.emit(TokVar, end)
	v.span = Span{from, end}
	return v
}

// pyTrail reads what goes on behind x: .name, [n] and the call of a method.
func (p *parser) pyTrail(from int, x Node) Node {
	depth := p.depth // each call is deeper in the tree than the one before
	defer func() { p.depth = depth }()
	for {
		var path []*Step
		if v, ok := x.(*Var); ok {
			path = v.Path
		}
		for {
			s := p.pyStep(x)
			if s == nil {
				break
			}
			path = append(path, s)
			if s.Kind != StepField && !s.closed {
				break
			}
		}
		v, isVar := x.(*Var)
		if isVar {
			v.Path, v.span.To = path, p.trailEnd(from, path)
		}
		if !p.at(p.i, '(') {
			if isVar || len(path) == 0 {
				return x
			}
			return &Chain{node: node{Span{from, p.trailEnd(from, path)}}, X: x, Path: path}
		}
		if len(path) == 0 || path[len(path)-1].Kind != StepField || path[len(path)-1].Name == "" || !p.enter() {
			p.fail(Span{p.i, p.i + 1}, "what stands here cannot be called", "")
			p.pyBrackets()
			return &Bad{node{Span{from, p.i}}}
		}
		last := path[len(path)-1]
		path = path[: len(path)-1 : len(path)-1]
		w := p.wordMem.alloc()
		w.span = Span{last.span.From + 1, last.span.To}
		w.Text = last.Name
		ch := &Chain{X: x, Path: path}
		if isVar {
			v.Path, ch.Path = path, nil
			v.span.To = last.span.From
		}
		ch.Call, _ = p.pyCall(w).(*Call)
		if ch.Call == nil {
			return &Bad{node{Span{from, p.i}}}
		}
		ch.span = Span{from, ch.Call.span.To}
		x = ch
	}
}

// trailEnd is where a value ends that began at from and has path behind it: a
// step without its ] goes on over the white space before the cursor.
func (p *parser) trailEnd(from int, path []*Step) int {
	end := p.pyEnd(from)
	if len(path) > 0 {
		end = max(end, path[len(path)-1].span.To)
	}
	return end
}

// pyStep reads one step of a path behind x, nil when none stands there.
func (p *parser) pyStep(x Node) *Step {
	switch x.(type) {
	case *Missing, *Bad:
		return nil
	}
	switch p.peek() {
	case '.':
		return p.field()
	case '[':
		return p.index()
	}
	return nil
}

// pyCall reads the ( … ) of a call whose name was read.
func (p *parser) pyCall(name *Word) Node {
	c := &Call{Name: name, Paren: true}
	from, open := name.span.From, Span{p.i, p.i + 1}
	if !p.enter() {
		return &Bad{node{Span{from, p.i}}}
	}
	p.emit(TokPunct, p.i+1)
	p.pyItems(')', func() { c.Args = append(c.Args, p.pyArg()) })
	p.depth--
	c.Closed = p.close(')', open)
	c.span = Span{from, p.i}
	return c
}

// pyArg reads one argument; white space may stand around the = of its name.
func (p *parser) pyArg() *Arg {
	a := p.argMem.alloc()
	from := p.i
	if end := identEnd(p.src, p.i); end > p.i && !classes[p.src[p.i]].has(cDigit) && p.isAssign(end) {
		w := p.wordMem.alloc()
		w.span = Span{p.i, end}
		w.Text = p.src[p.i:end]
		a.Name = w
		p.emit(TokName, end)
		p.pyBlank()
		p.emit(TokPunct, p.i+1)
	}
	a.Value = p.pyExpr()
	a.span = Span{from, max(a.Value.Span().To, p.pyEnd(from))}
	return a
}

// pyBrackets reads [ … ] and ( … ): a list, a tuple, or one value in brackets.
func (p *parser) pyBrackets() Node {
	closer := byte(']')
	if p.peek() == '(' {
		closer = ')'
	}
	l := &List{}
	from, open := p.i, Span{p.i, p.i + 1}
	if !p.enter() {
		return &Bad{node{Span{from, p.i}}}
	}
	p.emit(TokPunct, p.i+1)
	comma := p.pyItems(closer, func() { l.Elems = append(l.Elems, p.pyExpr()) })
	p.depth--
	l.Closed = p.close(closer, open)
	l.span = Span{from, p.i}
	if closer == ')' && len(l.Elems) == 1 && !comma {
		return l.Elems[0]
	}
	return l
}

// pyItems reads what stands between commas up to the closing bracket c, and
// reports whether there was a comma.
func (p *parser) pyItems(c byte, each func()) (comma bool) {
	p.py++
	defer func() { p.py-- }()
	for {
		p.giveUp()
		p.pyBlank()
		if p.eof() || p.peek() == c {
			return comma
		}
		from := p.i
		each()
		p.pyBlank()
		switch {
		case p.eof() || p.peek() == c:
			return comma
		case p.peek() == ',' && p.i > from:
			comma = true
			p.emit(TokPunct, p.i+1)
		default:
			p.pyStray(c)
		}
	}
}

// pyStray passes what stands where a comma or the closing bracket c is wanted.
func (p *parser) pyStray(c byte) {
	end := identEnd(p.src, p.i)
	switch word := p.src[p.i:end]; word {
	case "for":
		p.fail(Span{p.i, end}, "a comprehension is not run", "for $x in $list < … >, inside batch < … > to send all at once")
	case "if", "else", "and", "or", "not", "in", "is", "lambda":
		p.fail(Span{p.i, end}, "Python's "+word+" is not run here", "write the value itself")
	default:
		e := p.want(", or "+string(c), "between two values stands a comma")
		if end == len(p.src) && len(word) <= 2 && strings.Trim(word, "bBfFrRuU") == "" {
			e.Span.To, e.Partial, p.ended = end, true, true // the next string may begin so
		}
	}
	p.emit(TokBad, max(end, p.i+1))
}
