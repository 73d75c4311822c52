package eval

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"tlsh/bind"
	"tlsh/syntax"
	"tlsh/tl"
)

// Script runs lines as they come from r. A statement runs as soon as it is
// whole; one that is still open when the input ends is an error with its place.
// Several requests are kept in flight (Config.InFlight), in the order of the
// lines. name is the file's, "" for a pipe. When the script stops before its
// input ends, a read that blocks is left behind.
func (s *Shell) Script(ctx context.Context, r io.Reader, name string) Status {
	if name == "" {
		name = "stdin"
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	units := make(chan unit)
	go readUnits(ctx, r, name, units)
	if s.inFlight() > 1 && s.flow == nil {
		s.flow = newPipeline(ctx, s)
		status := s.units(ctx, units, s.flow.stopped)
		status = Worse(status, s.flow.close())
		s.flow = nil
		return status
	}
	var stop chan struct{}
	if s.flow != nil {
		stop = s.flow.stopped // a script within a script
	}
	return s.units(ctx, units, stop)
}

// units runs the units of a script until they end, one fails, or stop is
// closed.
func (s *Shell) units(ctx context.Context, units <-chan unit, stop <-chan struct{}) Status {
	status := OK
	for {
		select {
		case <-ctx.Done():
			return Interrupted
		case <-stop:
			return status
		case u, ok := <-units:
			if !ok {
				return status
			}
			if u.err != nil {
				s.errorf("%s: %v", u.src.File, u.err)
				return Worse(status, Failed)
			}
			st := s.Run(ctx, u.src)
			status = Worse(status, st)
			if ctx.Err() != nil {
				return Interrupted
			}
			if s.leave || st != OK && !s.cfg.KeepGoing {
				return status
			}
		}
	}
}

// unit is a whole statement of a script, or several that share lines.
type unit struct {
	src Source
	err error // of reading
}

// readUnits reads lines and sends them on as soon as they are whole.
func readUnits(ctx context.Context, r io.Reader, name string, units chan<- unit) {
	defer close(units)
	send := func(u unit) bool {
		select {
		case units <- u:
			return true
		case <-ctx.Done():
			return false
		}
	}
	in := bufio.NewReaderSize(r, 1<<16)
	var g gatherer
	line := 0
	for {
		l, err := readLine(in, maxUnit-g.text.Len())
		if l != "" {
			line++
			g.add(l)
		}
		if err != nil && err != io.EOF {
			send(unit{src: Source{File: name}, err: err})
			return
		}
		end := err == io.EOF
		if g.lines > 0 && (end || g.whole()) {
			first := line - g.lines + 1
			if !send(unit{src: g.take(name, first)}) {
				return
			}
		}
		if end {
			return
		}
	}
}

// maxUnit is the longest statement of a script, in bytes: more is something else
// than a script, and does not fill the memory.
const maxUnit = 64 << 20

var errUnit = errors.New("a statement has more than 64 MiB: this is no script")

// readLine reads a line with its end, of at most so many bytes.
func readLine(in *bufio.Reader, most int) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if line = append(line, part...); len(line) > most {
			return "", errUnit
		}
		if err != bufio.ErrBufferFull {
			return string(line), err
		}
	}
}

// gatherer gathers lines until they are whole. Parsing an open block again at
// each of its lines would cost the square of their number, so it waits for a
// line that has what closes the outermost bracket.
type gatherer struct {
	text   strings.Builder
	lines  int
	last   string
	closer string       // what the outermost open bracket waits for; "" means anything
	failed int          // how often the closer was there and the text was not whole
	check  int          // the number of lines at which it is parsed in any case
	parsed *syntax.File // the lines, when they are whole
}

func (g *gatherer) add(l string) {
	g.text.WriteString(l)
	g.lines++
	g.last = l
}

// take gives what was gathered as a Source, and begins anew.
func (g *gatherer) take(file string, line int) Source {
	s := Source{Text: g.text.String(), File: file, Line: line, file: g.parsed}
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
		g.parsed = f
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
