package syntax

import "strings"

var pipeNames = []string{"jq", "save", "table", "!"}

// pipe reads one stage at its |.
func (p *parser) pipe() *Pipe {
	pi := &Pipe{}
	from := p.i
	p.emit(TokPunct, p.i+1)
	if p.peek() == '|' {
		p.fail(Span{p.i, p.i + 1}, "want jq, save, table or !command after |, found |", "statements are separated by ; or a newline")
		p.emit(TokBad, p.run())
	}
	p.blank(true)
	end, _ := wordEnd(p.src, p.i)
	switch {
	case p.peek() == '!':
		pi.Name = p.word(TokPipe, p.i+1)
		p.raw(pi, "a shell command after !", "as in | !less")
		p.notInBlock(pi)
	case end == p.i:
		pi.Name = p.word(TokPipe, p.i)
		p.want("jq, save, table or !command after |", "")
	default:
		pi.Name = p.word(TokPipe, end)
		switch pi.Name.Text {
		case "jq":
			p.jq(pi)
		case "save":
			p.save(pi)
		case "table":
			p.table(pi)
		default:
			p.unknownPipe(pi)
		}
	}
	p.blank(false)
	if !p.atEnd() {
		p.pipeRest(pi)
	}
	pi.span = Span{from, max(pi.Name.span.To, p.spanEnd())}
	return pi
}

// pipeRest passes what is too much after a stage.
func (p *parser) pipeRest(pi *Pipe) {
	fix := ""
	if pi.Name.Text == "jq" {
		fix = "put the whole filter in quotes"
	}
	if pi.Name.Text != "" || p.peek() != '!' {
		p.fail(Span{p.i, p.i + 1}, "want | or the end of the statement after "+clip(pi.Name.Text)+", found "+p.found(), fix)
	}
	for !p.atEnd() {
		if !p.strayCloser() {
			if p.peek() == ',' {
				p.emit(TokBad, p.run())
			} else {
				p.value()
			}
		}
		p.blank(false)
	}
}

// notInBlock refuses a stage that has no place in a block.
func (p *parser) notInBlock(pi *Pipe) {
	if p.blocks > 0 {
		p.fail(pi.Name.span, "no pipe to "+pi.Name.Text+" inside < >", "put it after the >")
	}
}

// rawEnd returns where the rest of the line ends, without white space at its
// end, and the place of the first control byte in it, -1 when there is none.
func (p *parser) rawEnd() (end, ctrl int) {
	end, ctrl = p.i, -1
	for i := p.i; i < len(p.src) && p.src[i] != '\n'; i++ {
		switch k := classes[p.src[i]]; {
		case k.has(cSpace):
			continue
		case k.has(cCtrl) && ctrl < 0:
			ctrl = i
		}
		end = i + 1
	}
	return end, ctrl
}

// raw takes the rest of the line.
func (p *parser) raw(pi *Pipe, what, fix string) {
	p.spaces()
	end, ctrl := p.rawEnd()
	if end == p.i {
		p.want(what, fix)
		return
	}
	p.rawControl(ctrl)
	pi.Raw = &Raw{node: node{Span{p.i, end}}, Text: p.src[p.i:end]}
	p.rawGt = p.blocks > 0 && strings.Contains(pi.Raw.Text, ">")
	p.emit(TokRaw, end)
}

// rawControl says that raw text holds a control byte.
func (p *parser) rawControl(at int) {
	if at >= 0 {
		p.fail(Span{at, at + 1}, "a control byte "+strings.Trim(Quote(p.src[at:at+1]), `"`)+" stands here", "take it out")
	}
}

// spaces passes ASCII white space only: before raw text a # is no comment.
func (p *parser) spaces() {
	end := p.i
	for end < len(p.src) && classes[p.src[end]].has(cSpace) {
		end++
	}
	p.emit(TokSpace, end)
}

// jq reads [-r] [-c] FILTER.
func (p *parser) jq(pi *Pipe) {
	p.jqOptions(pi)
	if c := p.peek(); c != '"' && c != '\'' {
		p.raw(pi, "a filter after jq", "jq . shows everything")
		return
	}
	p.jqString(pi)
	p.jqOptions(pi)
	if p.atDash() {
		p.emit(TokOption, p.i+1)
		p.want("-r or -c after -", "")
	}
}

// jqOptions reads words of a dash and a letter or another dash; -1 and -.x are
// filters.
func (p *parser) jqOptions(pi *Pipe) {
	for {
		p.spaces()
		i := p.i + 1
		if p.peek() != '-' || i >= len(p.src) || !classes[p.src[i]].has(cLetter) && p.src[i] != '-' {
			return
		}
		end, _ := wordEnd(p.src, p.i)
		w := p.word(TokOption, end)
		pi.Options = append(pi.Options, w)
		if strings.Trim(w.Text[1:], "rc") != "" {
			p.fail(w.span, "jq has the options -r and -c here, found "+show(w.Text), "put a filter that begins with - in quotes")
		}
	}
}

// jqString reads a quoted filter. Between single and triple quotes everything
// is literal; between double quotes \" and \\ are escapes, as in a shell, and
// every other backslash stays for jq.
func (p *parser) jqString(pi *Pipe) {
	from := p.i
	quote := p.src[p.i : p.i+1]
	if strings.HasPrefix(p.src[p.i:], `"""`) {
		quote = `"""`
	}
	r := &Raw{Quote: quote}
	pi.Raw = r
	var text []byte
	start, i := p.i+len(quote), p.i+len(quote)
	ctrl := -1
scan:
	for i < len(p.src) {
		switch c := p.src[i]; {
		case c == '\n' && len(quote) == 1:
			break scan
		case c == '\\' && quote == `"` && i+1 < len(p.src) && (p.src[i+1] == '"' || p.src[i+1] == '\\'):
			text = append(text, p.src[start:i]...)
			start = i + 1
			i++
		case c == quote[0] && strings.HasPrefix(p.src[i:], quote):
			r.Closed = true
			break scan
		case classes[c].has(cCtrl) && ctrl < 0:
			ctrl = i
		}
		i++
	}
	r.Text = string(append(text, p.src[start:i]...))
	if r.Closed {
		i += len(quote)
	}
	p.rawControl(ctrl)
	p.emit(TokRaw, i)
	r.span = Span{from, i}
	if !r.Closed {
		e := p.want("the closing "+quote+" of the filter", `end it on its line; use """…""" for a filter over several lines`)
		e.Related = Span{from, from + len(quote)}
	}
	// what touches the closing quote is said by pipeRest
}

// save reads FILE [--force].
func (p *parser) save(pi *Pipe) {
	for {
		p.blank(false)
		if p.atEnd() {
			break
		}
		if p.atOption() || len(pi.Args) > 0 && p.atDash() {
			p.pipeOption(pi, "--force")
			continue
		}
		if len(pi.Args) > 0 || strings.IndexByte("<,)]>", p.peek()) >= 0 {
			break
		}
		v := p.value()
		pi.Args = append(pi.Args, v)
		p.glued(v)
	}
	if len(pi.Args) == 0 {
		p.want("the name of a file after save", "as in | save history.json")
	}
	p.notInBlock(pi)
}

// table reads the fields to show.
func (p *parser) table(pi *Pipe) {
	comma := true
	for p.more(0, &comma) {
		if p.atOption() {
			p.pipeOption(pi, "")
			continue
		}
		v := p.value()
		pi.Args = append(pi.Args, v)
		p.glued(v)
	}
}

// pipeOption reads --name; known is the only one there is, if any.
func (p *parser) pipeOption(pi *Pipe, known string) {
	end, _ := wordEnd(p.src, p.i)
	w := p.word(TokOption, end)
	pi.Options = append(pi.Options, w)
	switch {
	case known != "" && w.Text == known:
	case known != "" && p.eof() && strings.HasPrefix(known, w.Text):
		p.want(known, "").Span = w.span
	case known != "":
		p.fail(w.span, pi.Name.Text+" has only the option "+known+", found "+show(w.Text), known)
	case w.Text == "--" && p.eof():
		// It may become a word, as --0 is.
		p.want("a value after --", "").Span = w.span
	default:
		p.fail(w.span, pi.Name.Text+" has no options, found "+show(w.Text), "options of the statement stand before the |")
	}
	p.glued(w)
}

// unknownPipe says that there is no such stage, and takes the rest of the line.
func (p *parser) unknownPipe(pi *Pipe) {
	name := pi.Name.Text
	fix := "for a shell command: | !" + clip(name) + " …"
	if s := Suggest(name, pipeNames); s != "" {
		fix = "did you mean " + s + "?"
	}
	if p.eof() && prefixOf(name, pipeNames) {
		p.want("jq, save, table or !command after |", "").Span = pi.Name.span
		return
	}
	p.fail(pi.Name.span, "want jq, save, table or !command after |, found "+show(name), fix)
	p.spaces()
	if end, _ := p.rawEnd(); end > p.i {
		pi.Raw = &Raw{node: node{Span{p.i, end}}, Text: p.src[p.i:end]}
		p.emit(TokRaw, end)
	}
}

func prefixOf(s string, among []string) bool {
	for _, a := range among {
		if strings.HasPrefix(a, s) {
			return true
		}
	}
	return false
}
