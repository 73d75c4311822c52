package eval

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"tlsh/completer"
	"tlsh/manual"
	"tlsh/schema"
)

// What completion says of the documents is what is in them.
func TestDocuments(t *testing.T) {
	for class, v := range map[string]any{
		"Hit": hit{}, "Page": manual.Page{}, "Param": manual.Param{}, "Class": manual.Class{}, "Made": manual.Made{}, "Error": manual.Error{},
		"Use": manual.Use{}, "Sample": sample{}, "LayerChanges": layerChanges{}, "LayerChange": layerChange{}, "FieldChange": fieldChange{},
	} {
		c := completer.Documents().Class(class)
		if c == nil {
			t.Errorf("documents.tl has no %s", class)
			continue
		}
		var said, there []string
		for i := range c.Constructors()[0].Params {
			p := &c.Constructors()[0].Params[i]
			if p.Type.Kind == schema.KindFlags {
				continue
			}
			note := p.Name
			if p.Optional() {
				note += "?"
			}
			if p.Type.Kind == schema.KindVector {
				note += "[]"
			}
			said = append(said, note)
		}
		for f := range reflect.TypeOf(v).Fields() {
			tag := f.Tag.Get("json")
			name, options, _ := strings.Cut(tag, ",")
			if options == "omitempty" {
				name += "?"
			}
			if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() != reflect.Uint8 {
				name += "[]"
			}
			there = append(there, name)
		}
		if !slices.Equal(said, there) {
			t.Errorf("%s: documents.tl says %v, there are %v", class, said, there)
		}
	}
	for _, m := range completer.Documents().Methods() {
		if !slices.ContainsFunc(commands(), func(c command) bool { return c.name == m.Name }) {
			t.Errorf("documents.tl: there is no command %s", m.Name)
		}
	}
}
