package eval

import (
	"bufio"
	"context"
	"io"
	"strings"

	"tlsh/bind"
	"tlsh/syntax"
	"tlsh/tl"
)

// Script runs lines as they come from r. A statement runs as soon as it is
// whole; one that is still open when the input ends is an error with its place.
// name is the file's, "" for a pipe.
func (s *Shell) Script(ctx context.Context, r io.Reader, name string) Status {
	if name == "" {
		name = "stdin"
	}
	in := bufio.NewReaderSize(r, 1<<16)
	status := OK
	var g gatherer
	line := 0
	for {
		l, err := in.ReadString('\n')
		if err != nil && err != io.EOF && ctx.Err() == nil {
			s.errorf("%s: %v", name, err)
			return Worse(status, Failed)
		}
		if l != "" {
			line++
			g.add(l)
		}
		end := err != nil
		if g.lines > 0 && (end || g.whole()) {
			first := line - g.lines + 1
			st := s.Run(ctx, Source{Text: g.take(), File: name, Line: first})
			status = Worse(status, st)
			if s.leave || ctx.Err() != nil || st != OK && !s.cfg.KeepGoing {
				break
			}
		}
		if end {
			break
		}
	}
	if ctx.Err() != nil {
		return Interrupted
	}
	return status
}

// gatherer gathers lines until they are whole. Parsing an open block again at
// each of its lines would cost the square of their number, so it waits for a
// line that has what closes the outermost bracket.
type gatherer struct {
	text   strings.Builder
	lines  int
	last   string
	closer string // what the outermost open bracket waits for; "" means anything
	failed int    // how often the closer was there and the text was not whole
	check  int    // the number of lines at which it is parsed in any case
}

func (g *gatherer) add(l string) {
	g.text.WriteString(l)
	g.lines++
	g.last = l
}

func (g *gatherer) take() string {
	s := g.text.String()
	*g = gatherer{}
	return s
}

// patience is how many lines with a closer in vain are parsed before only those
// count that begin with it.
const patience = 64

// whole reports that the lines can run: what is wrong with them, if anything,
// more lines would not cure.
func (g *gatherer) whole() bool {
	worth := g.closer == "" || strings.Contains(g.last, g.closer)
	if worth && g.failed > patience {
		worth = strings.HasPrefix(strings.TrimLeft(g.last, " \t"), g.closer)
	}
	if !worth && g.lines < g.check {
		return false
	}
	f := syntax.Parse(g.text.String())
	if !f.Errs.Partial() {
		return true
	}
	g.failed++
	g.check = 2 * g.lines
	g.closer = closer(f)
	return false
}

// closer is what closes the outermost bracket that is open.
func closer(f *syntax.File) string {
	open := len(f.Src)
	for _, e := range f.Errs {
		if e.Related != (syntax.Span{}) && e.Related.From < open {
			open = e.Related.From
		}
	}
	if open == len(f.Src) {
		return ""
	}
	switch f.Src[open] {
	case '<':
		return ">"
	case '(':
		return ")"
	case '[':
		return "]"
	case '"':
		return `"""`
	}
	return ""
}

// literal reads the text of --set NAME=VALUE: a value of the language, else a
// string.
func (s *Shell) literal(text string) tl.Value {
	f := syntax.Parse(text)
	if len(f.Errs) == 0 && len(f.Stmts) == 1 && f.Stmts[0].Assign == nil && len(f.Stmts[0].Pipes) == 0 {
		x := f.Stmts[0].X
		if c, ok := x.(*syntax.Call); ok && !c.Paren && len(c.Args) == 0 {
			x = c.Name
		}
		in := bind.Eval(s.cfg.Schema, f, x, s)
		if len(in.Diags) == 0 && len(in.Holes) == 0 && !in.Value.IsNone() {
			return in.Value
		}
	}
	return tl.String(text)
}
