package syntax

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// maxDepth limits how deep brackets and blocks nest, so that hostile
	// source cannot exhaust the stack.
	maxDepth = 200
	// maxErrors limits how many errors one source gives; after the last of
	// them the rest is not read.
	maxErrors = 100
)

// parser reads the source once, from the front. Every byte it passes goes
// into a token, so tokens cover the source by construction.
type parser struct {
	src  string
	i    int
	toks []Token
	// treeOnly forgets the tokens of a statement when it is over.
	treeOnly bool
	errs     Errors

	depth      int // of brackets and blocks
	parenDepth int // ( that are open
	listDepth  int // [ that are open
	blocks     int // < that are open
	py         int // ( and [ that are open in Python
	stray      int // < without batch or for, whose > is not reported again

	dead  bool // a comment has begun: nothing appended can go on with the statement
	ended bool // what is missing at the end of the source has been said

	quoteAt int  // a quote that has been reported already, 0 for none
	rawGt   bool // raw text took a > to the end of its line

	wordMem   slab[Word]
	argMem    slab[Arg]
	stringMem slab[String]
	varMem    slab[Var]
	stepMem   slab[Step]
}

// slab hands out values from chunks: a line of the usual length costs a few
// allocations instead of one for every node.
type slab[T any] struct{ buf []T }

func (s *slab[T]) alloc() *T {
	if len(s.buf) == cap(s.buf) {
		s.buf = make([]T, 0, min(max(4, 2*cap(s.buf)), 256))
	}
	s.buf = s.buf[:len(s.buf)+1]
	return &s.buf[len(s.buf)-1]
}

// Parse reads src, whatever it is: the tree is never nil, File.Tokens cover
// every byte, and File.Errs says what is wrong and which of it more input
// could cure. It takes time in proportion to the length of src.
func Parse(src string) *File {
	p := &parser{src: src}
	f := p.file()
	f.Tokens = p.toks
	return f
}

// Tree is Parse for who has no use for the tokens: a long text has more of them
// than of anything else.
func Tree(src string) *File { return (&parser{src: src, treeOnly: true}).file() }

func (p *parser) file() *File {
	most := 4096
	if p.treeOnly {
		most = 64
	}
	p.toks = make([]Token, 0, min(len(p.src)/3+4, most))
	f := &File{Src: p.src}
	f.Stmts = p.stmts()
	f.span = Span{0, len(p.src)}
	p.checkUTF8()
	f.Errs = p.errs
	return f
}

// checkUTF8 reports the first byte that is not UTF-8. It stays where it is in
// the tree; a line that came through a wrong encoding is not sent on by chance.
func (p *parser) checkUTF8() {
	if utf8.ValidString(p.src) {
		return
	}
	for i, r := range p.src {
		if r != utf8.RuneError {
			continue
		}
		if _, n := utf8.DecodeRuneInString(p.src[i:]); n != 1 {
			continue
		}
		if !utf8.FullRuneInString(p.src[i:]) {
			if len(p.errs) == 0 {
				p.errs = append(p.errs, &Error{Span: Span{i, len(p.src)}, Msg: "the line ends within a character of UTF-8", Partial: true})
			}
			return
		}
		hex := fmt.Sprintf("%02x", p.src[i])
		e := &Error{Span: Span{i, i + 1}, Msg: "byte 0x" + hex + " is not UTF-8",
			Fix: `to send that byte, write \x` + hex + " in a string"}
		if i == 0 && (strings.HasPrefix(p.src, "\xff\xfe") || strings.HasPrefix(p.src, "\xfe\xff")) {
			e = &Error{Span: Span{0, 2}, Msg: "this is UTF-16, and not UTF-8", Fix: "save the file as UTF-8"}
		}
		p.errs = append(p.errs, e)
		return
	}
}

// Whole reports whether Enter at a prompt should run src: always, unless the
// line lacks nothing but more lines, as with an open bracket, an open block,
// """ or a | at the end.
func Whole(src string) bool {
	return !Parse(src + "\n").Errs.Partial()
}

// emit makes a token of everything up to to.
func (p *parser) emit(k TokenKind, to int) {
	if to > p.i {
		p.toks = append(p.toks, Token{k, Span{p.i, to}})
		p.i = to
	}
}

func (p *parser) eof() bool { return p.i >= len(p.src) }

// peek returns the byte at the cursor, 0 at the end of the source. The byte 0
// is a control byte that no case looks for, so the two need no telling apart.
func (p *parser) peek() byte {
	if p.i < len(p.src) {
		return p.src[p.i]
	}
	return 0
}

// blank passes white space and comments, and newlines too if lines is set.
func (p *parser) blank(lines bool) {
	for p.i < len(p.src) {
		switch c := p.src[p.i]; {
		case c == '\n':
			if !lines {
				return
			}
			p.dead = false
			p.emit(TokNewline, p.i+1)
		case c == '#':
			end := len(p.src)
			if n := strings.IndexByte(p.src[p.i:], '\n'); n >= 0 {
				end = p.i + n
			}
			p.dead = !lines
			p.emit(TokComment, end)
		default:
			end := p.i
			for end < len(p.src) {
				n := spaceAt(p.src, end)
				if n == 0 {
					break
				}
				end += n
			}
			if end == p.i {
				return
			}
			p.emit(TokSpace, end)
		}
	}
}

// spanEnd is where a node ends that reaches up to the cursor, without a
// comment before it.
func (p *parser) spanEnd() int {
	if n := len(p.toks); p.dead && n > 0 && p.toks[n-1].Kind == TokComment {
		return p.toks[n-1].Span.From
	}
	return p.i
}

// missing stands at the cursor, before a comment.
func (p *parser) missing() *Missing {
	at := p.spanEnd()
	return &Missing{node{Span{at, at}}}
}

// fail records an error that no further input can cure. Of several at one
// place only the first is kept: the others follow from it.
func (p *parser) fail(s Span, msg, fix string) *Error {
	e := &Error{Span: s, Msg: msg, Fix: fix}
	n := len(p.errs)
	if n >= maxErrors || n > 0 && p.errs[n-1].Span.From == s.From && !p.errs[n-1].Partial {
		return e
	}
	p.errs = append(p.errs, e)
	return e
}

// full reports whether so many errors are recorded that no more will be.
func (p *parser) full() bool { return len(p.errs) >= maxErrors }

// giveUp takes the rest of the source as bad when there are too many errors:
// hostile source shall not cost a tree of its size.
func (p *parser) giveUp() {
	if p.full() && !p.eof() {
		p.emit(TokBad, len(p.src))
		p.ended = true
	}
}

// want records that something is missing at the cursor. At the end of the
// source more input could bring it; there the innermost thing that is missing
// is said, and nothing else.
func (p *parser) want(what, fix string) *Error {
	at := Span{p.i, p.i}
	if p.full() && !p.eof() {
		return &Error{Span: at}
	}
	if !p.eof() || p.dead {
		return p.fail(at, "want "+what+", found "+p.found(), fix)
	}
	e := &Error{Span: at, Msg: "want " + what + ", found the end of the input", Fix: fix, Partial: true}
	if !p.ended {
		p.ended = true
		p.errs = append(p.errs, e)
	}
	return e
}

// found describes what stands at the cursor.
func (p *parser) found() string {
	switch {
	case p.eof():
		return "the end of the input"
	case p.src[p.i] == '\n':
		return "the end of the line"
	case p.src[p.i] == '"' || p.src[p.i] == '\'':
		return "a string"
	case p.src[p.i] < utf8.RuneSelf && classes[p.src[p.i]].has(cStop):
		if classes[p.src[p.i]].has(cSpace) {
			return "a space"
		}
		return p.src[p.i : p.i+1]
	}
	return show(p.src[p.i:p.shortEnd()])
}

// shortEnd returns where the word at the cursor ends, or a place in it that is
// far enough for a message: a message must not cost reading a long word.
func (p *parser) shortEnd() int {
	end, _ := wordEnd(p.src[:min(p.i+64, len(p.src))], p.i)
	return end
}

// run returns the end of the run of equal bytes at the cursor: hostile source
// that repeats one of them costs one token.
func (p *parser) run() int {
	c, end := p.src[p.i], p.i
	for end < len(p.src) && p.src[end] == c {
		end++
	}
	return end
}

// enter is called before a bracket or a block is read. When the nesting is too
// deep it takes the rest of the source as bad and returns false.
func (p *parser) enter() bool {
	if p.depth < maxDepth {
		p.depth++
		return true
	}
	p.fail(Span{p.i, p.i + 1}, "brackets and blocks nest deeper than 200", "keep a part in a variable: $x = …")
	p.emit(TokBad, len(p.src))
	p.ended = true
	return false
}

// strayCloser takes ) ] or > that nothing opened, or < that opens nothing. It
// reports whether it took anything.
func (p *parser) strayCloser() bool {
	c := p.peek()
	if c == 0 || strings.IndexByte(")]><", c) < 0 {
		return false
	}
	end := p.run()
	at := Span{p.i, p.i + 1}
	switch {
	case c == '<':
		p.stray += end - p.i
		p.fail(at, "< opens a block only after batch, or for $x in …", "put text that holds < in quotes")
	case c == '>' && p.stray > 0:
		end = min(end, p.i+p.stray)
		p.stray -= end - p.i
	case c == '>':
		p.fail(at, "> closes no block", "put text that holds > in quotes")
	case c == ')' && p.listDepth > 0:
		p.fail(at, "want ] to close [, found )", "")
	case c == ']' && p.parenDepth > 0:
		p.fail(at, "want ) to close (, found ]", "")
	default:
		p.fail(at, string(c)+" closes nothing: no "+opener(c)+" is open here", "")
	}
	p.emit(TokBad, end)
	return true
}

func opener(c byte) string {
	if c == ')' {
		return "("
	}
	return "["
}

// atEnd reports whether the statement ends at the cursor, or a pipe begins.
func (p *parser) atEnd() bool {
	if p.eof() {
		return true
	}
	switch p.src[p.i] {
	case '\n', ';', '|':
		return true
	case '>':
		return p.blocks > 0 && p.stray == 0
	}
	return false
}
