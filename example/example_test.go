package example

import (
	"slices"
	"strings"
	"testing"

	"tlsh/schema"
)

// The lines written by hand are sorted, each once, and check.
func TestLines(t *testing.T) {
	s := schema.Current()
	var names []string
	for line := range strings.Lines(linesText) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "#" || name == "" {
			continue
		}
		names = append(names, name)
		def := s.Method(name)
		if def == nil {
			t.Errorf("there is no %s", name)
			continue
		}
		if line = strings.TrimSpace(line); Line(s, def) != line {
			t.Errorf("%s: %v", line, faults(s, line))
		}
	}
	if !slices.IsSorted(names) {
		t.Error("the lines are not sorted")
	}
	if n := len(slices.Compact(names)); n != len(lines()) || n < 100 {
		t.Errorf("%d names, %d lines", n, len(lines()))
	}
}

// Every request and every constructor has a line that checks.
func TestEveryLine(t *testing.T) {
	s := schema.Current()
	for _, list := range [][]*schema.Combinator{s.Methods(), s.Constructors()} {
		made := 0
		for _, def := range list {
			if line := Line(s, def); line == "" {
				w := writer{schema: s, tables: []table{values()}}
				line = w.statement(def)
				t.Errorf("%s: %v", line, faults(s, line))
				continue
			}
			made++
		}
		t.Logf("%d of %d", made, len(list))
	}
}

// What requests need has a value that was thought of, and every value of the
// table is used.
func TestValues(t *testing.T) {
	s := schema.Current()
	missed := map[string]string{}
	w := writer{schema: s, tables: []table{values()}, used: map[string]bool{}}
	for _, def := range s.Methods() {
		w.missed = func(key string) { missed[key] = def.Name }
		w.statement(def)
	}
	for key, name := range missed {
		t.Errorf("values.txt has nothing for %s, as in %s", key, name)
	}
	w.missed = nil
	for _, def := range s.Constructors() {
		w.statement(def)
	}
	for key := range values() {
		if !w.used[key] {
			t.Errorf("nothing uses %s", key)
		}
	}
}
