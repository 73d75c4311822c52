package syntax

// Prefix is a word that does something with the statement behind it, and how:
// pages 3 messages.getHistory @alice.
type Prefix struct {
	node
	Keyword *Word
	How     Node // *Missing when it is not there
	X       Node // what a statement may run; *Missing when there is none
}

// Children returns the keyword, how, and what is run.
func (p *Prefix) Children() []Node { return []Node{p.Keyword, p.How, p.X} }

// prefixes are the words that begin a Prefix, and what follows each, for
// messages. One that may stand alone, or with its how alone, is a command then.
var prefixes = []struct {
	word, how, fix string
	alone          bool
}{
	{word: "pages", how: "how many pages, or all,", fix: "as in pages 3 messages.getHistory @alice"},
	{word: "watch", how: "how often", fix: "as in watch 5s messages.getHistory @alice limit=3"},
	{word: "alias", how: "its name", fix: "as in alias last messages.getHistory {1} limit={2:1}", alone: true},
}

// atPrefix gives the place in prefixes of the word at the cursor, -1 when it is
// none of them.
func (p *parser) atPrefix() int {
	for i := range prefixes {
		if p.atWord(prefixes[i].word) && !p.touches(len(prefixes[i].word)) {
			return i
		}
	}
	return -1
}

// prefix reads a prefix and what it stands before.
func (p *parser) prefix(st *Stmt, which int) Node {
	x := &Prefix{}
	what := &prefixes[which]
	from := p.i
	x.Keyword = p.word(TokKeyword, p.i+len(what.word))
	p.blank(false)
	x.How, x.X = p.missing(), p.missing()
	switch {
	case what.alone && p.atEnd():
		return p.bare(x)
	case p.atEnd() || p.peek() == ',' || p.peek() == '<' || p.peek() == ')' || p.peek() == ']' || p.peek() == '>':
		p.want(what.how+" after "+what.word, what.fix)
		x.X = p.missing()
	case !p.enter():
	default:
		x.How = p.value()
		p.glued(x.How)
		p.blank(false)
		x.X = p.missing()
		if what.alone && p.atEnd() {
			p.depth--
			return p.bare(x)
		}
		if p.atEnd() {
			p.want("a request after "+what.word+" "+clip(Text(x.How)), what.fix)
		} else {
			p.head(st)
			x.X, st.X = st.X, nil
		}
		p.depth--
	}
	x.span = Span{from, max(x.X.Span().To, x.How.Span().To)}
	return x
}

// bare is a prefix that stands before nothing, as the command that it is then.
func (p *parser) bare(x *Prefix) Node {
	c := &Call{Name: x.Keyword}
	if _, none := x.How.(*Missing); !none {
		c.Args = []*Arg{{node: node{x.How.Span()}, Value: x.How}}
	}
	c.span = Span{x.Keyword.span.From, max(x.Keyword.span.To, p.spanEnd())}
	return c
}
