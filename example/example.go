// Package example writes lines that show a request: complete, with plausible
// values, and checked. Where the sandbox simulates the request they run there,
// for they name its people and messages. It makes the shape of an answer, and
// writes a request in other languages for other libraries.
package example

import (
	_ "embed"
	"strings"
	"sync"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

//go:embed lines.txt
var linesText string

// lines are the lines written by hand, by the name of their request.
var lines = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(linesText) {
		line = strings.TrimSpace(line)
		if name, _, _ := strings.Cut(line, " "); name != "" && name[0] != '#' {
			m[name] = line
		}
	}
	return m
})

// Line is a line that calls the request def, or makes the constructor, with
// plausible values of what is required and, for the commonest, of what makes it
// useful. It checks against s; it is "" where none is known that does, which
// may happen in another layer only. The same def gives the same line.
func Line(s *schema.Schema, def *schema.Combinator) string {
	if def.Method {
		if line := lines()[def.Name]; line != "" && checks(s, line) {
			return line
		}
	}
	w := writer{schema: s, tables: []table{values()}}
	if line := w.statement(def); checks(s, line) {
		return line
	}
	return ""
}

func checks(s *schema.Schema, line string) bool {
	in := check(s, line)
	return in != nil && in.Value.Object() != nil
}

// check is what bind finds in a line, nil when it is wrong.
func check(s *schema.Schema, line string) *bind.Info {
	f := syntax.Parse(line)
	if len(f.Errs) > 0 || len(f.Stmts) != 1 {
		return nil
	}
	in := bind.Values(s, f, f.Stmts[0], nobody{})
	if len(in.Diags) > 0 {
		return nil
	}
	return in
}

// Read checks a line of Line's and gives what it calls or makes, with its holes
// open; ok is false for a line that does not check.
func Read(s *schema.Schema, line string) (c Call, ok bool) {
	in := check(s, line)
	if in == nil || in.Value.Object() == nil {
		return c, false
	}
	return Call{Object: in.Value.Object(), Open: in.Holes}, true
}

// nobody is a world without variables, commands and environment (bind.Env).
type nobody struct{}

// Var finds nothing.
func (nobody) Var(string) (tl.Value, bool) { return tl.Value{}, false }

// Commands are none.
func (nobody) Commands() []string { return nil }

// Getenv finds nothing.
func (nobody) Getenv(string) (string, bool) { return "", false }
