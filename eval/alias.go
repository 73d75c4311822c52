package eval

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tlsh/bind"
	"tlsh/history"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Alias is the line that a name stands for (bind.Aliases).
func (s *Shell) Alias(name string) (line string, ok bool) {
	line, ok = s.aliases[name]
	return line, ok
}

// alias lists the aliases, or shows one. Defining one is defineAlias.
func (r *run) alias(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	names := slices.Sorted(maps.Keys(r.aliases))
	if len(words) > 0 {
		if _, ok := r.aliases[words[0]]; !ok {
			return r.unknownAlias(call.Args[0], words[0])
		}
		names = words[:1]
	}
	if r.cfg.Format != Tree {
		def := schema.Shell().Constructor("alias")
		var items []tl.Value
		for _, n := range names {
			items = append(items, tl.New(def).With("name", tl.String(n)).With("line", tl.String(r.aliases[n])).Value())
		}
		return r.print(ctx, tl.VectorOf(def.Result, items...), "")
	}
	if len(names) == 0 {
		r.note("there are none: alias NAME LINE makes one")
	}
	for _, n := range names {
		r.emit(append(render.AppendLines([]byte("alias "+n+" "), r.aliases[n]), '\n'))
	}
	return OK
}

func (r *run) unknownAlias(at syntax.Node, name string) Status {
	e := &syntax.Error{Span: at.Span(), Msg: "there is no alias " + render.Escape(name)}
	if near := syntax.Suggest(name, slices.Collect(maps.Keys(r.aliases))); near != "" {
		e.Fix = "did you mean " + near + "?"
	}
	r.diagnose(e)
	return Usage
}

// aliasArgs are the values that the line of an alias takes, as help shows them.
func aliasArgs(line string) string {
	var args []string
	for _, p := range bind.Placeholders(line) {
		a := line[p[0]:p[1]]
		if p[4] >= 0 {
			a = "[" + a + "]"
		}
		if !slices.Contains(args, a) {
			args = append(args, a)
		}
	}
	return strings.Join(args, " ")
}

// unalias forgets aliases.
func (r *run) unalias(_ context.Context, call *syntax.Call) Status {
	if len(call.Args) == 0 {
		return r.usage(call, "want unalias NAME")
	}
	for i, name := range r.words(call) {
		if _, ok := r.aliases[name]; !ok {
			return r.unknownAlias(call.Args[i], name)
		}
		delete(r.Shell.aliases, name)
	}
	return OK
}

// defineAlias keeps the line behind alias NAME.
func (r *run) defineAlias(in *bind.Info) Status {
	x := in.Stmt.X.(*syntax.Prefix)
	line := strings.TrimSpace(r.file.Src[x.X.Span().From:in.Stmt.Span().To])
	r.Shell.aliases[syntax.Text(x.How)] = line
	return OK
}

// maxExpansion bounds what a line can grow to by its aliases, in bytes.
const maxExpansion = 1 << 20

// expand puts the lines in the place of the aliases at the heads of statements,
// with the values that follow them; it gives the text as it is where there is
// none. An alias within itself is what it would be without the alias.
func (s *Shell) expand(f *syntax.File, within []string) (string, syntax.Errors) {
	if len(s.aliases) == 0 {
		return f.Src, nil
	}
	var out strings.Builder
	var errs syntax.Errors
	done := 0
	for _, call := range s.aliasCalls(f, within) {
		text, err := s.expansion(f, call, within)
		if err == nil && out.Len()+len(text) > maxExpansion {
			err = tooLong(call)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		sp := call.call.Span()
		out.WriteString(f.Src[done:sp.From])
		out.WriteString(text)
		done = sp.From + len(strings.TrimRight(f.Src[sp.From:sp.To], " \t")) // the space behind stays
	}
	if len(errs) > 0 {
		return f.Src, errs
	}
	out.WriteString(f.Src[done:])
	return out.String(), nil
}

// aliasCall is the use of an alias.
type aliasCall struct {
	call *syntax.Call
	stmt *syntax.Stmt
}

// aliasCalls are the uses of aliases in a text, in order. What stands behind the
// word alias is kept as it is.
func (s *Shell) aliasCalls(f *syntax.File, within []string) []aliasCall {
	var found []aliasCall
	var stmt *syntax.Stmt
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Stmt:
			stmt = n
		case *syntax.Prefix:
			return n.Keyword.Text != "alias"
		case *syntax.Call:
			_, ok := s.aliases[n.Name.Text]
			if ok && !n.Paren && isHead(stmt, n) && !slices.Contains(within, n.Name.Text) {
				found = append(found, aliasCall{n, stmt})
				return false
			}
		}
		return true
	})
	return found
}

// isHead reports that the call is what the statement runs.
func isHead(st *syntax.Stmt, call *syntax.Call) bool {
	if st == nil {
		return false
	}
	x := st.X
	for {
		p, ok := x.(*syntax.Prefix)
		if !ok {
			return x == call
		}
		x = p.X
	}
}

// expansion is the line of an alias with its values in it: those without a name
// in the placeholders, or behind the call where there are none, and all others
// behind the call.
func (s *Shell) expansion(f *syntax.File, use aliasCall, within []string) (string, *syntax.Error) {
	name := use.call.Name.Text
	line := s.aliases[name]
	source := func(n syntax.Node) string { sp := n.Span(); return strings.TrimSpace(f.Src[sp.From:sp.To]) }
	var values, behind []string
	for _, a := range use.call.Args {
		if a.Name == nil {
			values = append(values, source(a))
		} else {
			behind = append(behind, source(a))
		}
	}
	for _, o := range use.stmt.Options {
		if sp := o.Span(); sp.From >= use.call.Span().From && sp.To <= use.call.Span().To {
			behind = append(behind, source(o))
		}
	}
	places := bind.Placeholders(line)
	if len(places) == 0 {
		values, behind = nil, append(values, behind...)
	}
	filled, used, missing := fillPlaces(line, places, values)
	switch {
	case len(filled) > maxExpansion:
		return "", tooLong(use)
	case missing > 0:
		return "", &syntax.Error{Span: use.call.Name.Span(), Msg: fmt.Sprintf("the alias %s wants a value for {%d}: %s", name, missing, history.Redact(line))}
	case used < len(values):
		return "", &syntax.Error{Span: use.call.Args[used].Span(), Msg: fmt.Sprintf("the alias %s takes %d values: %s", name, used, history.Redact(line))}
	}
	filled = insertBehind(filled, behind)
	inner := syntax.Parse(filled)
	text, errs := s.expand(inner, append(within, name))
	if len(errs) > 0 {
		return "", &syntax.Error{Span: use.call.Span(), Msg: fmt.Sprintf("the alias %s: %s", name, errs[0].Msg), Fix: errs[0].Fix}
	}
	return text, nil
}

func tooLong(use aliasCall) *syntax.Error {
	return &syntax.Error{Span: use.call.Name.Span(), Msg: "the line grows too long by its aliases"}
}

// fillPlaces puts values into the placeholders of a line. used is how many of
// them the line can take; missing is the number of one that is wanted and was not
// given.
func fillPlaces(line string, places [][]int, values []string) (filled string, used, missing int) {
	var b strings.Builder
	done := 0
	for _, p := range places {
		if b.Len() > maxExpansion {
			break // nobody reads more of it
		}
		b.WriteString(line[done:p[0]])
		done = p[1]
		what := line[p[2]:p[3]]
		if what == "*" {
			b.WriteString(strings.Join(values, " "))
			used = len(values)
			continue
		}
		n, _ := strconv.Atoi(what)
		used = max(used, n)
		switch {
		case n <= len(values):
			b.WriteString(values[n-1])
		case p[4] >= 0:
			b.WriteString(line[p[4]:p[5]])
		case missing == 0:
			missing = n
		}
	}
	b.WriteString(line[done:])
	return b.String(), min(used, len(values)), missing
}

// insertBehind puts words behind what a line runs, before its pipes.
func insertBehind(line string, words []string) string {
	if len(words) == 0 {
		return line
	}
	at := len(line)
	if f := syntax.Parse(line); len(f.Stmts) > 0 && f.Stmts[0].X != nil {
		at = f.Stmts[0].X.Span().To
	}
	head := strings.TrimRight(line[:at], " \t")
	return head + " " + strings.Join(words, " ") + " " + line[at:]
}
