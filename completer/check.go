package completer

import (
	"tlsh/bind"
	"tlsh/syntax"
)

// checks reports that text can stand at the cursor: the line has no error then
// that lies in it, and no further one that more input cannot cure.
func (c *completion) checks(text string) bool {
	src, from := c.file.Src, c.res.From
	f := syntax.Parse(src[:from] + text + src[c.res.To:])
	to := from + len(text)
	bad := 0
	for _, e := range c.errors(f, from) {
		if !e.Partial {
			bad++
		}
		if within := e.Span.From >= from && e.Span.To <= to && e.Span.Len() > 0; within {
			return false
		}
	}
	for _, e := range c.errors(c.file, c.cursor) {
		if !e.Partial && (e.Span.To < from || e.Span.From > c.res.To) {
			bad-- // it was there before
		}
	}
	return bad <= 0
}

// errors are those of a file's syntax and of the check of the statement at a
// place.
func (c *completion) errors(f *syntax.File, at int) syntax.Errors {
	errs := append(syntax.Errors(nil), f.Errs...)
	for _, n := range syntax.PathAt(f, at) {
		if st, ok := n.(*syntax.Stmt); ok {
			return append(errs, bind.Outline(c.schema, f, st, c.world).Diags...)
		}
	}
	return errs
}
