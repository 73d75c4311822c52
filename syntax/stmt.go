package syntax

// stmts reads statements up to the > of the block, or the end of the source.
func (p *parser) stmts() []*Stmt {
	var list []*Stmt
	for {
		p.giveUp()
		p.blank(true)
		if p.eof() {
			return list
		}
		switch p.peek() {
		case ';':
			p.emit(TokPunct, p.run())
			continue
		case '>':
			if p.blocks > 0 && p.stray == 0 {
				return list
			}
			p.strayCloser()
			continue
		}
		list = append(list, p.stmt())
		if p.treeOnly && p.blocks == 0 {
			p.toks = p.toks[:0]
		}
	}
}

// stmt reads one statement. It always takes at least one byte: the callers
// stand before something that is no separator.
func (p *parser) stmt() *Stmt {
	st := &Stmt{}
	from := p.i
	p.dead = false
	if is, colon := p.atSetup(); is {
		st.X = p.setup(colon)
		if colon {
			st.span = st.X.Span()
			return st
		}
	} else {
		p.assign(st)
		p.await(st)
	}
	before := len(p.errs)
	if p.isPython(st) {
		st.X = p.python()
	} else {
		p.head(st)
	}
	p.tail(st, len(p.errs) > before)
	for p.giveUp(); p.peek() == '|'; p.giveUp() {
		st.Pipes = append(st.Pipes, p.pipe())
	}
	st.span = Span{from, max(from, p.spanEnd())}
	return st
}

// assign reads $x = or Python's x = if the statement begins with it; before one
// of Telethon's forms, a text or a number both name a variable. A statement that begins with a $ and
// is no assignment leaves its variable in st.X.
func (p *parser) assign(st *Stmt) {
	c := p.peek()
	if c == '$' {
		v := p.variable()
		if !p.isAssign(p.i) {
			st.X = v
			return
		}
		st.Assign = v
		if len(v.Path) > 0 {
			p.fail(v.span, "only a whole variable can be assigned, not a part of it", "$"+v.Name+" = …")
		}
		p.blank(false)
		p.emit(TokPunct, p.i+1)
		p.blank(false)
		return
	}
	if eq := nameEnd(p.src, p.i); eq >= 0 {
		name := p.src[p.i:eq]
		p.fail(Span{p.i, eq + 1}, "a parameter comes after the name of what it belongs to", "to keep a value: $"+clip(name)+" = …")
		st.Assign = p.word(TokWord, eq)
		p.emit(TokPunct, p.i+1)
		p.blank(false)
		return
	}
	if !classes[c].has(cIdent) || classes[c].has(cDigit) {
		return
	}
	end := identEnd(p.src, p.i)
	if end < len(p.src) && spaceAt(p.src, end) > 0 && p.isAssign(end) {
		w := p.word(TokVar, end)
		st.Assign = w
		p.blank(false)
		p.emit(TokPunct, p.i+1)
		p.blank(false)
		if !p.eof() && (p.atPython(p.i) || p.atWord("await") && !p.touches(len("await")) || p.atLiteral() || isPyName(w.Text) && p.atPyValue()) {
			v := p.varMem.alloc()
			v.span, v.Name = w.span, w.Text
			st.Assign = v
		}
	}
}

// atLiteral reports that a quoted text or a number begins at the cursor, which
// means the same in Python.
func (p *parser) atLiteral() bool {
	i := p.i
	if p.src[i] == '"' || p.src[i] == '\'' {
		return true
	}
	if p.src[i] == '-' {
		i++
	}
	return i < len(p.src) && classes[p.src[i]].has(cDigit)
}

// isAssign reports whether, after white space from i on, a single = follows.
func (p *parser) isAssign(i int) bool {
	for i < len(p.src) {
		n := spaceAt(p.src, i)
		if n == 0 {
			break
		}
		i += n
	}
	return i < len(p.src) && p.src[i] == '=' && !(i+1 < len(p.src) && p.src[i+1] == '=')
}

// await reads Python's await.
func (p *parser) await(st *Stmt) {
	const kw = "await"
	if st.X != nil || !p.atWord(kw) || p.touches(len(kw)) {
		return
	}
	st.Await = p.word(TokKeyword, p.i+len(kw))
	p.blank(false)
}

// atWord reports whether the word at the cursor is exactly w.
func (p *parser) atWord(w string) bool {
	if len(p.src)-p.i < len(w) || p.src[p.i:p.i+len(w)] != w {
		return false
	}
	end, _ := wordEnd(p.src, p.i)
	return end-p.i == len(w)
}

// touches reports whether a bracket or a quote stands n bytes further.
func (p *parser) touches(n int) bool {
	if p.i+n >= len(p.src) {
		return false
	}
	switch p.src[p.i+n] {
	case '(', '[', '"', '\'':
		return true
	}
	return false
}

// head reads what the statement runs or shows, with its arguments.
func (p *parser) head(st *Stmt) {
	if st.X != nil {
		p.glued(st.X)
		return
	}
	for p.atOption() {
		o := p.option(st)
		if o.Name.Text != "" {
			p.fail(o.span, "an option comes after what is run", "")
		}
		p.blank(false)
	}
	if p.atEnd() {
		p.want("a request, a command or a value", "")
		st.X = p.missing()
		return
	}
	from := p.i
	switch c := p.peek(); {
	case c == ',':
		p.fail(Span{p.i, p.i + 1}, "nothing stands before this comma", "")
		p.emit(TokBad, p.run())
		st.X = &Bad{node{Span{from, p.i}}}
		return
	case p.strayCloser():
		st.X = &Bad{node{Span{from, p.i}}}
		return
	case p.atWord("batch") && !p.touches(len("batch")):
		st.X = p.batch()
		return
	case p.atWord("for") && !p.touches(len("for")):
		st.X = p.forLoop()
		return
	}
	if i := p.atPrefix(); i >= 0 {
		st.X = p.prefix(st, i)
		return
	}
	x := p.value()
	w, ok := x.(*Word)
	if !ok || !isHead(w.Text) {
		if ok && w.Text[0] == '=' {
			p.fail(w.span, "nothing stands before this =", "to keep a value: $name = …")
		}
		st.X = x
		p.glued(x)
		return
	}
	c := &Call{Name: w}
	st.X = c
	if !p.atEnd() && p.peek() != '<' { // foo< is told by what < needs
		p.glued(w)
	}
	p.arguments(c, st, 0)
	c.span = Span{w.span.From, max(w.span.To, p.spanEnd())}
}

// tail reads the options after a value, a block or a closed call, and says
// that nothing else may follow, unless something is said about the statement
// already.
func (p *parser) tail(st *Stmt, said bool) {
	for {
		p.giveUp()
		p.blank(false)
		if p.atEnd() {
			return
		}
		if p.atOption() || p.atDash() {
			p.option(st)
			continue
		}
		if p.peek() == '<' || p.peek() == ')' || p.peek() == ']' || p.peek() == '>' {
			p.strayCloser()
			continue
		}
		from := p.i
		var found string
		if !said {
			found = p.found()
		}
		if p.peek() == ',' {
			p.emit(TokBad, p.run())
		} else {
			p.value()
		}
		if !said {
			msg, fix := whole(st.X)
			p.fail(Span{from, p.i}, msg+", but "+found+" follows", fix)
		}
		said = true
	}
}

// whole says of the statement's main part why nothing may follow it.
func whole(x Node) (msg, fix string) {
	switch x := x.(type) {
	case *Prefix:
		return whole(x.X)
	case *Call:
		return "the statement is whole after )", "put arguments inside the parentheses"
	case *Batch:
		return "only ordered, options and pipes come after the > of a batch", ""
	case *For:
		return "only options and pipes come after the > of a for", ""
	}
	return "a value at the head of a statement stands alone", "begin with the name of a request or a command"
}

// atOption reports whether --name stands at the cursor; --5 is a word.
func (p *parser) atOption() bool {
	if p.peek() != '-' || p.i+1 >= len(p.src) || p.src[p.i+1] != '-' {
		return false
	}
	return p.i+2 >= len(p.src) || !classes[p.src[p.i+2]].has(cDigit)
}

// atDash reports whether the source ends in a - that begins a word: where
// nothing but an option may follow, it is one half typed.
func (p *parser) atDash() bool { return p.peek() == '-' && p.i+1 == len(p.src) }

// option reads --name or --name=value.
func (p *parser) option(st *Stmt) *Option {
	from := p.i
	end, hidden := wordEnd(p.src, p.i)
	eq := -1
	for j := p.i; j < end; j++ {
		if p.src[j] == '=' {
			eq = j
			break
		}
	}
	o := &Option{}
	st.Options = append(st.Options, o)
	stop := end
	if eq >= 0 {
		stop = eq
	}
	p.reportHidden(hidden, stop)
	name := min(from+2, stop) // at the end of the source one dash may stand alone
	o.Name = p.wordMem.alloc()
	o.Name.span = Span{name, stop}
	o.Name.Text = p.src[name:stop]
	if eq < 0 {
		p.emit(TokOption, stop)
	} else {
		p.emit(TokOption, stop+1)
	}
	switch {
	case o.Name.Text == "":
		p.want("the name of an option after --", "put a value that begins with -- in quotes")
	case !isOptionName(o.Name.Text):
		p.fail(o.Name.span, "an option's name has letters, digits and -, found "+show(o.Name.Text), "put a value that begins with -- in quotes")
	}
	if eq >= 0 {
		o.Value = p.touching("--"+o.Name.Text, "")
	}
	o.span = Span{from, p.i}
	p.glued(o)
	return o
}

func isOptionName(s string) bool {
	if !classes[s[0]].has(cLetter) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] != '-' && !classes[s[i]].has(cIdent) {
			return false
		}
	}
	return true
}
