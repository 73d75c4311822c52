package syntax

import "strings"

// value reads a value at a character that is neither white space nor one of
// , ; | ) ] < > and takes at least one byte.
func (p *parser) value() Node {
	switch p.peek() {
	case '"', '\'':
		return p.str()
	case '$':
		return p.variable()
	case '[':
		return p.list(nil)
	case '(':
		return p.group()
	}
	end, hidden := wordEnd(p.src, p.i)
	text := p.src[p.i:end]
	p.reportHidden(hidden, end)
	var next byte
	if end < len(p.src) {
		next = p.src[end]
	}
	switch next {
	case '(':
		return p.call(end)
	case '[':
		if text == "int" || text == "long" {
			return p.list(p.word(TokTag, end))
		}
	case '"', '\'':
		if isStringTag(text) {
			t := &Tagged{Tag: p.word(TokTag, end)}
			t.Value = p.str()
			t.span = Span{t.Tag.span.From, p.i}
			return t
		}
	}
	return p.word(TokWord, end)
}

// isStringTag lists the words that may touch the string after them.
func isStringTag(s string) bool {
	switch s {
	case "md", "html", "file:", "b":
		return true
	}
	return false
}

// word makes a word of everything up to end.
func (p *parser) word(k TokenKind, end int) *Word {
	w := p.wordMem.alloc()
	w.span = Span{p.i, end}
	w.Text = p.src[p.i:end]
	p.emit(k, end)
	return w
}

// reportHidden says that a word holds a character that is not seen.
func (p *parser) reportHidden(at, end int) {
	if at >= 0 && at < end {
		r := []rune(p.src[at:end])[0]
		n := len(string(r))
		p.fail(Span{at, at + n}, "a word cannot hold the invisible character "+strings.Trim(Quote(string(r)), `"`), "put the text in quotes and write it as an escape")
	}
}

// touching reads the value that touches the = before the cursor. owner is how
// messages call what has the =, empty for what they should say.
func (p *parser) touching(owner, empty string) Node {
	if !p.eof() && spaceAt(p.src, p.i) == 0 {
		switch p.peek() {
		case '\n', ',', ';', '|', ')', ']', '<', '>':
		default:
			return p.value()
		}
	}
	owner = clip(owner)
	fix := empty
	if !p.eof() && spaceAt(p.src, p.i) > 0 && !p.blankToEnd() {
		fix = "the value touches its =: " + owner + "=…"
	}
	p.want("a value after "+owner+"=", fix)
	return p.missing()
}

// blankToEnd reports whether nothing but white space follows on the line.
func (p *parser) blankToEnd() bool {
	for i := p.i; i < len(p.src) && p.src[i] != '\n'; {
		n := spaceAt(p.src, i)
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// clip cuts a name for a message.
func clip(s string) string {
	if q := show(s); len(q) > len(s)+2 || len(s) > 32 {
		return strings.Trim(q, `"`)
	}
	return s
}

// call reads name( … ), with the name up to end.
func (p *parser) call(end int) Node {
	name := p.src[p.i:end]
	switch {
	case isPath(name):
	case strings.HasPrefix(name, "@") && isPath(name[1:]) && strings.Contains(name, "."):
		p.fail(Span{p.i, end}, "a decorator of Python's is not run", "updates on shows what comes, and wait FILTER gives one of them")
	default:
		p.fail(Span{p.i, end}, "want a name before (, found "+show(name), "put a space or a comma between two values, and text in quotes")
	}
	c := &Call{Name: p.word(TokWord, end), Paren: true}
	return p.parens(c)
}

// group reads a ( that touches no name.
func (p *parser) group() Node {
	p.fail(Span{p.i, p.i + 1}, "want a name that touches this (", "for an object: constructor(field=value), for a list: [a b]")
	c := &Call{Name: p.word(TokWord, p.i), Paren: true}
	return p.parens(c)
}

// parens reads the ( … ) of a call.
func (p *parser) parens(c *Call) Node {
	from := c.Name.span.From
	open := Span{p.i, p.i + 1}
	if !p.enter() {
		return &Bad{node{Span{from, p.i}}}
	}
	p.emit(TokPunct, p.i+1)
	p.parenDepth++
	p.arguments(c, nil, ')')
	p.parenDepth--
	p.depth--
	c.Closed = p.close(')', open)
	c.span = Span{from, p.i}
	return c
}

// close takes the closing bracket, or says that the one at open has none.
func (p *parser) close(c byte, open Span) bool {
	if p.peek() == c {
		p.emit(TokPunct, p.i+1)
		return true
	}
	what := opener(c)
	fix := "add the closing " + string(c)
	if c == '>' {
		what, fix = "<", "add the closing >"
		if p.rawGt {
			fix = "without quotes a filter takes the rest of the line, with a > too"
		}
	}
	p.want(string(c)+" to close "+what, fix).Related = open
	return false
}

// list reads [ … ], after its tag if there is one.
func (p *parser) list(tag *Word) Node {
	l := &List{Tag: tag}
	from, open := p.i, Span{p.i, p.i + 1}
	if tag != nil {
		from = tag.span.From
	}
	if !p.enter() {
		return &Bad{node{Span{from, p.i}}}
	}
	p.emit(TokPunct, p.i+1)
	p.listDepth++
	comma := true
	for p.more(']', &comma) {
		if eq := nameEnd(p.src, p.i); eq >= 0 {
			name := p.src[p.i:eq]
			p.fail(Span{p.i, eq + 1}, "a list holds values, not parameters, found "+clip(name)+"=", "for an object: constructor("+clip(name)+"=…), for text: put it in quotes")
			p.emit(TokBad, eq+1)
			if v := p.touching(name, ""); !isMissing(v) {
				l.Elems = append(l.Elems, v)
				p.glued(v)
			}
			continue
		}
		v := p.value()
		if l.Elems == nil {
			l.Elems = make([]Node, 0, 4)
		}
		l.Elems = append(l.Elems, v)
		p.glued(v)
	}
	p.listDepth--
	p.depth--
	l.Closed = p.close(']', open)
	l.span = Span{from, p.i}
	return l
}

func isMissing(n Node) bool {
	_, ok := n.(*Missing)
	return ok
}

// more passes what stands between values: white space, commas, what fits
// nowhere. It reports whether a value follows; if not, the cursor is at the
// closing bracket c (0 in a statement without one) or at what ends all of it.
// comma says whether a comma, or nothing yet, came before.
func (p *parser) more(c byte, comma *bool) bool {
	for {
		p.giveUp()
		p.blank(c != 0)
		if p.eof() {
			return false
		}
		switch b := p.src[p.i]; b {
		case ',':
			if *comma {
				p.fail(Span{p.i, p.i + 1}, "nothing stands before this comma", "take the comma out")
				p.emit(TokBad, p.run())
			} else {
				p.emit(TokPunct, p.i+1)
			}
			*comma = true
		case '\n', ';', '|':
			return false
		case ')':
			if p.parenDepth > 0 {
				return false
			}
			p.strayCloser()
		case ']':
			if p.listDepth > 0 {
				return false
			}
			p.strayCloser()
		case '>':
			if p.blocks > 0 && p.stray == 0 {
				return false
			}
			p.strayCloser()
		case '<':
			p.strayCloser()
		default:
			*comma = false
			return true
		}
	}
}

// arguments reads the arguments of a call up to its closing bracket, or, when
// c is 0, to the end of the statement st, with the statement's options.
func (p *parser) arguments(call *Call, st *Stmt, c byte) {
	comma := true
	for p.more(c, &comma) {
		if c == 0 && p.atOption() {
			call.opts = append(call.opts, p.option(st))
			continue
		}
		if c == 0 && p.src[p.i] == '(' && len(call.Args) == 0 {
			p.fail(Span{p.i, p.i + 1}, "the ( of a call touches its name", clip(call.Name.Text)+"(…)")
		}
		if p.src[p.i] == '=' {
			if p.spaced(call) {
				continue
			}
			p.fail(Span{p.i, p.i + 1}, "a value does not begin with =", "name=value has no spaces; put text that begins with = in quotes")
		}
		if call.Args == nil {
			call.Args = make([]*Arg, 0, 4)
		}
		call.Args = append(call.Args, p.arg())
	}
}

// arg reads one argument.
func (p *parser) arg() *Arg {
	a := p.argMem.alloc()
	from := p.i
	if eq := nameEnd(p.src, p.i); eq >= 0 {
		w := p.wordMem.alloc()
		w.span = Span{p.i, eq}
		w.Text = p.src[p.i:eq]
		a.Name = w
		p.emit(TokName, eq+1)
		a.Value = p.touching(w.Text, `for empty text: `+clip(w.Text)+`=""`)
	} else {
		a.Value = p.value()
	}
	a.span = Span{from, p.i}
	p.glued(a)
	return a
}

// spaced takes name = value in the arguments, says that the = has no spaces
// around it, and reads it as what was meant.
func (p *parser) spaced(call *Call) bool {
	if len(call.Args) == 0 {
		return false
	}
	a := call.Args[len(call.Args)-1]
	w, ok := a.Value.(*Word)
	n := len(p.toks)
	if a.Name != nil || !ok || !isName(w.Text) || p.toks[n-1].Kind != TokSpace || p.toks[n-1].Span.From != w.span.To || p.i+1 < len(p.src) && p.src[p.i+1] == '=' {
		return false
	}
	p.fail(Span{p.i, p.i + 1}, "no space stands around the = of a parameter", clip(w.Text)+"=…")
	p.emit(TokBad, p.i+1)
	p.blank(call.Paren)
	a.Name, a.Value = w, p.touching(w.Text, "")
	a.span.To = a.Value.Span().To
	p.glued(a)
	return true
}

// glued says that something touches the end of a value which may not.
func (p *parser) glued(n Node) {
	if p.eof() {
		return
	}
	c := p.src[p.i]
	switch c {
	case '\n', ',', ';', '|', ')', ']', '<', '>', '#':
		return
	}
	if classes[c].has(cSpace) || c >= 0x80 && spaceAt(p.src, p.i) > 0 {
		return
	}
	switch a := n.(type) {
	case *Arg:
		n = a.Value
	case *Option:
		n = a.Value
		if n == nil {
			n = a.Name
		}
	}
	if p.full() {
		return
	}
	end := p.i + 1
	if !classes[c].has(cStop) {
		end = p.shortEnd()
	}
	msg, fix := gluedMessage(n, c)
	if msg != "" {
		p.fail(Span{p.i, end}, msg, fix)
		p.quoteAt = p.i
	}
}

// gluedMessage says what is wrong when a character c touches the end of n.
func gluedMessage(n Node, c byte) (msg, fix string) {
	quote := c == '"' || c == '\''
	switch n := n.(type) {
	case *Missing, *Bad:
		return "", ""
	case *Word:
		switch {
		case c == '[' && isPath(n.Text):
			return "only int[…] and long[…] touch their bracket", "to index a variable: $" + clip(n.Text) + "[…]; else put a space before ["
		case quote && strings.ContainsAny(n.Text, "{}"):
			return "a string touches the word before it", "this looks like JSON; an object is written constructor(field=value), and JSON as a whole is quoted: '{…}'"
		case quote && (strings.EqualFold(n.Text, "r") || strings.EqualFold(n.Text, "f") || strings.EqualFold(n.Text, "u") || strings.EqualFold(n.Text, "rb") || n.Text == "B"):
			return "a string has no prefix " + n.Text, "take the " + n.Text + " away; bytes are b'…'"
		case quote && strings.HasSuffix(n.Text, ":"):
			return "only file:, md, html and b touch a string", "after " + clip(n.Text) + " no quotes are needed"
		case quote:
			return "a string touches the word before it", "put a space between, or the whole text in quotes"
		}
	case *String, *Tagged:
		if s, ok := n.(*String); ok && quote && s.Value == "" && len(s.Quote) == 1 {
			return "something touches the end of an empty string", `for text over several lines: """…"""`
		}
		return "something touches the end of a string", `put a space between; a quote inside a string is written \" or \'`
	case *Var:
		if c == '=' {
			return "only a statement begins with $x =", "a parameter is written name=value, without $"
		}
		return "a path goes on with .name or [ ]", "put a space between two values"
	case *Call:
		if c == '.' {
			return "a path follows a variable only", "keep it first: $x = …, then $x.name"
		}
	}
	return "a value touches the one before it", "put a space between"
}
