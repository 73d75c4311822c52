package completer

import (
	"strconv"
	"strings"

	"tlsh/bind"
	"tlsh/syntax"
)

// asAlias completes a value that an alias is given as what stands at its place in
// the line of the alias; it reports false where the cursor is at no such value.
func (c *completion) asAlias() bool {
	call := c.info.Call
	known, ok := c.env.(bind.Aliases)
	if !ok || c.info.Kind != bind.Command || call == nil || c.cursor <= call.Name.Span().To {
		return false
	}
	line, ok := known.Alias(call.Name.Text)
	if !ok {
		return false
	}
	typed := c.cursor // where the value at the cursor begins
	var given []string
	for _, a := range call.Args {
		sp := a.Span()
		switch {
		case sp.To < c.cursor || syntax.Closed(a.Value) && sp.To == c.cursor:
			given = append(given, c.file.Src[sp.From:sp.To])
		case sp.From < c.cursor:
			typed = sp.From
		}
	}
	before := lineBefore(line, given)
	if before == "" {
		return false
	}
	src := before + c.file.Src[typed:c.cursor]
	inner := Complete(c.schema, unaliased{c.env}, src, len(src))
	if inner.From < len(before) {
		return false
	}
	c.res = Result{From: typed + inner.From - len(before), To: c.cursor, Items: inner.Items}
	return true
}

// unaliased is a world without aliases, so that one which leads to itself leads
// nowhere.
type unaliased struct{ Env }

// lineBefore is the line of an alias up to the place of the value behind those
// given, "" where it takes no more.
func lineBefore(line string, given []string) string {
	places := bind.Placeholders(line)
	if len(places) == 0 {
		end := len(line)
		if f := syntax.Parse(line); len(f.Stmts) > 0 && f.Stmts[0].X != nil {
			end = f.Stmts[0].X.Span().To
		}
		return strings.TrimRight(line[:end], " \t") + " " + strings.Join(append(given, ""), " ")
	}
	var b strings.Builder
	done := 0
	for _, p := range places {
		b.WriteString(line[done:p[0]])
		done = p[1]
		what := line[p[2]:p[3]]
		n, _ := strconv.Atoi(what)
		switch {
		case what == "*":
			return b.String() + strings.Join(append(given, ""), " ")
		case n == len(given)+1:
			return b.String()
		case n <= len(given):
			b.WriteString(given[n-1])
		case p[4] >= 0:
			b.WriteString(line[p[4]:p[5]])
		default:
			b.WriteString("0")
		}
	}
	return ""
}
