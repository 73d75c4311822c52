package syntax

import "strings"

// batch reads batch < … > [ordered].
func (p *parser) batch() Node {
	b := &Batch{}
	from := p.i
	b.Keyword = p.word(TokKeyword, p.i+len("batch"))
	p.blank(false)
	if p.header("batch", false) {
		b.Body, b.Closed = p.block()
		if b.Closed {
			b.Ordered = p.ordered()
		}
	}
	b.span = Span{from, p.i}
	if !b.Closed {
		b.span.To = max(b.Keyword.span.To, p.spanEnd())
	}
	return b
}

// header passes what wrongly stands before the < of a block and reports
// whether the < is there. said tells that something is wrong already.
func (p *parser) header(kw string, said bool) bool {
	if p.peek() == '<' {
		return true
	}
	switch {
	case said:
	case p.atWord("ordered"):
		p.want("< after "+kw, "ordered stands after the >: batch < … > ordered")
	default:
		p.want("< after "+kw, kw+" < … >")
	}
	for !p.atEnd() && p.peek() != '<' {
		switch {
		case p.peek() == ',':
			p.emit(TokBad, p.run())
		case !p.strayCloser():
			p.value()
		}
		p.blank(false)
	}
	return p.peek() == '<'
}

// block reads < … >.
func (p *parser) block() (body []*Stmt, closed bool) {
	open := Span{p.i, p.i + 1}
	if !p.enter() {
		return nil, false
	}
	p.emit(TokPunct, p.i+1)
	stray := p.stray
	p.stray = 0
	p.blocks++
	body = p.stmts()
	p.blocks--
	p.depth--
	p.stray = stray
	if p.peek() != '>' {
		p.close('>', open)
		return body, false
	}
	p.emit(TokPunct, p.i+1)
	return body, true
}

// ordered reads the word after the > of a batch.
func (p *parser) ordered() *Word {
	at := p.i
	for at < len(p.src) { // look ahead: without a word the batch ends at its >
		n := spaceAt(p.src, at)
		if n == 0 {
			break
		}
		at += n
	}
	if at >= len(p.src) || !(classes[p.src[at]].has(cIdent) || p.src[at] >= 0x80) {
		return nil
	}
	p.blank(false)
	end, _ := wordEnd(p.src, p.i)
	if p.src[p.i:end] == "ordered" {
		return p.word(TokKeyword, end)
	}
	w := p.word(TokWord, end)
	fix := "the next statement begins on a new line or after ;"
	if Suggest(w.Text, []string{"ordered"}) != "" || strings.EqualFold(w.Text, "ordered") {
		fix = "did you mean ordered?"
	}
	if p.eof() && strings.HasPrefix("ordered", w.Text) {
		p.want("ordered or the end of the statement after >", "did you mean ordered?").Span = w.span
	} else {
		p.fail(w.span, "want ordered or the end of the statement after >, found "+show(w.Text), fix)
	}
	p.glued(w)
	return w
}

// forLoop reads for $x in PATH < … >.
func (p *parser) forLoop() Node {
	f := &For{}
	from, before := p.i, len(p.errs)
	f.Keyword = p.word(TokKeyword, p.i+len("for"))
	p.blank(false)
	f.Var = p.loopVar()
	p.blank(false)
	p.in()
	p.blank(false)
	if p.atEnd() || strings.IndexByte("<,)]>", p.peek()) >= 0 {
		p.want("what to go through after in", "as in for $m in $_.messages < … >")
		f.In = p.missing()
	} else {
		f.In = p.value()
		p.glued(f.In)
	}
	p.blank(false)
	if p.header("for $"+clip(f.Var.Name)+" in …", len(p.errs) > before) {
		f.Body, f.Closed = p.block()
	}
	f.span = Span{from, p.i}
	if !f.Closed {
		f.span.To = max(f.In.Span().To, p.spanEnd())
	}
	return f
}

// loopVar reads the variable of a for.
func (p *parser) loopVar() *Var {
	if p.peek() == '$' {
		v := p.variable()
		if len(v.Path) > 0 {
			p.fail(v.span, "the variable of a for has no path", "$"+v.Name)
		}
		return v
	}
	v := p.varMem.alloc()
	v.span = p.missing().span
	if end := identEnd(p.src, p.i); end > p.i && !p.atWord("in") {
		v.Name = p.src[p.i:end]
		v.span.To = end
		p.fail(v.span, "want a variable after for, found "+show(v.Name), "$"+clip(v.Name))
		p.emit(TokVar, end)
		return v
	}
	p.want("a variable after for", "as in for $m in $_.messages < … >")
	return v
}

// in reads the in of a for.
func (p *parser) in() {
	if p.atWord("in") {
		p.emit(TokKeyword, p.i+len("in"))
		return
	}
	if p.peek() == 'i' && p.i+1 == len(p.src) {
		p.emit(TokKeyword, p.i+1)
	}
	p.want("in after the variable of a for", "as in for $m in $_.messages < … >")
}
