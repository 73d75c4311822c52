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
	var text strings.Builder
	first, line := 1, 0
	check := 1 // the number of lines at which an open text is parsed again
	lines := 0
	for {
		l, err := in.ReadString('\n')
		if l != "" {
			line++
			lines++
			text.WriteString(l)
		}
		if err != nil && err != io.EOF {
			s.errorf("%s: %v", name, err)
			return Worse(status, Failed)
		}
		end := err == io.EOF
		// Parsing an open block again at each of its lines would cost their
		// square: only a line that closes something is worth it, or a text that
		// has doubled.
		if lines > 0 && (end || lines >= check || strings.ContainsAny(l, ">)]\"")) {
			src := text.String()
			if end || whole(src) {
				st := s.Run(ctx, Source{Text: src, File: name, Line: first})
				status = Worse(status, st)
				if s.leave || ctx.Err() != nil || st != OK && !s.cfg.KeepGoing {
					break
				}
				text.Reset()
				first, lines, check = line+1, 0, 1
			} else if lines >= check {
				check = 2 * lines
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

// whole reports that a text can run: what is wrong with it, if anything, more
// lines would not cure.
func whole(src string) bool { return !syntax.Parse(src).Errs.Partial() }

// Whole reports that Enter runs the text at a prompt.
func Whole(src string) bool { return whole(src + "\n") }

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
