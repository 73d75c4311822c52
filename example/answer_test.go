package example

import (
	"testing"

	"tlsh/schema"
	"tlsh/tl"
)

// Every request has an example of its answer, which is of its type, and every
// line of the table is used.
func TestAnswers(t *testing.T) {
	s := schema.Current()
	used := map[string]bool{}
	for _, def := range s.Methods() {
		v := Answer(s, def)
		if def.Generic == "" {
			w := writer{schema: s, tables: []table{answers(), values()}, answers: true, used: used}
			w.answer(def.Result)
			if _, err := tl.Append(nil, v, def.Result); err != nil {
				t.Errorf("%s: %v", def.Name, err)
			}
			continue
		}
		if v.IsNone() {
			t.Errorf("%s has no answer", def.Name)
		}
	}
	for key := range answers() {
		if !used[key] {
			t.Errorf("nothing uses %s", key)
		}
	}
}
