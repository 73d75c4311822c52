package bind

import (
	"strings"
	"testing"

	"tlsh/schema"
	"tlsh/syntax"
)

// The lines that stand for Telethon's friendly methods begin with a request of
// the schema that has the parameters they name, or with a command.
func TestFriendlyLines(t *testing.T) {
	s := schema.Current()
	c := &checker{schema: s, info: newInfo(nil)}
	for method, f := range friendlyLines {
		line := c.friendlyLine(f.line, nil)
		if strings.HasPrefix(line, "client(") {
			continue
		}
		file := syntax.Parse(strings.ReplaceAll(line, "…", "1"))
		if len(file.Errs) > 0 {
			t.Errorf("%s: %s: %v", method, line, file.Errs.Err())
			continue
		}
		x := file.Stmts[0].X
		if p, ok := x.(*syntax.Prefix); ok {
			x = p.X
		}
		call, ok := x.(*syntax.Call)
		if !ok || !hasDot(call.Name.Text) {
			continue
		}
		def := s.Method(call.Name.Text)
		if def == nil {
			t.Errorf("%s: there is no request %s", method, call.Name.Text)
			continue
		}
		positional := 0
		for _, a := range call.Args {
			switch {
			case a.Name == nil:
				positional++
			case def.Index(a.Name.Text) < 0:
				t.Errorf("%s: %s has no parameter %s", method, def.Name, a.Name.Text)
			}
		}
		b := &binding{checker: c, def: def, given: make([]bool, len(def.Params))}
		for range positional {
			i := b.next()
			if i < 0 {
				t.Errorf("%s: %s takes fewer values without a name", method, def.Name)
				break
			}
			b.given[i] = true
		}
		for _, a := range call.Args {
			if a.Name != nil && def.Index(a.Name.Text) >= 0 {
				b.given[def.Index(a.Name.Text)] = true
			}
		}
		if i := b.next(); i >= 0 && positional+len(call.Args) > 0 {
			t.Errorf("%s: %s lacks %s", method, line, def.Params[i].Name)
		}
	}
}
