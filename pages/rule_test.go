package pages

import (
	"slices"
	"strings"
	"testing"

	"tlsh/schema"
)

// hasPaging reports a request with a parameter that says where an answer begins.
func hasPaging(def *schema.Combinator) bool {
	for i := range def.Params {
		p := &def.Params[i]
		switch {
		case strings.HasPrefix(p.Name, "offset"), p.Name == "add_offset", p.Name == "next_offset",
			p.Name == "limit", p.Name == "max_id", p.Name == "min_id":
			return true
		}
	}
	return false
}

// Every request of the layer with paging parameters is in the table, once, and
// nothing else is.
func TestPagesComplete(t *testing.T) {
	rules := table()
	known := map[string]bool{}
	for _, m := range schema.Current().Methods() {
		pages, single := rules.pages[m.Name] != nil, rules.single[m.Name] != ""
		known[m.Name] = true
		switch {
		case hasPaging(m) && !pages && !single:
			t.Errorf("%s is not in pages.txt", m.Name)
		case pages && single:
			t.Errorf("%s is in pages.txt twice", m.Name)
		case !hasPaging(m) && (pages || single):
			t.Errorf("%s has nothing to page with", m.Name)
		}
	}
	n := 0
	for line := range strings.Lines(source) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] == "#" {
			continue
		}
		n++
		if !known[words[1]] {
			t.Errorf("the layer has no %s", words[1])
		}
	}
	if n != len(rules.pages)+len(rules.single) {
		t.Errorf("%d lines for %d requests", n, len(rules.pages)+len(rules.single))
	}
}

// What the table names is in the schema, and has a type that can be put there.
func TestPagesTypes(t *testing.T) {
	for name, p := range table().pages {
		def := schema.Current().Method(name)
		if def == nil || def.Result.Class == nil {
			t.Errorf("%s gives no object", name)
			continue
		}
		list := fieldOf(def.Result.Class, p.Field)
		if list == nil || list.Kind != schema.KindVector {
			t.Errorf("%s: its result has no Vector %s", name, p.Field)
			continue
		}
		for _, n := range p.Next {
			param := def.Param(n.Param)
			if param == nil {
				t.Errorf("%s has no parameter %s", name, n.Param)
				continue
			}
			for i, from := range n.Path {
				class := list.Elem.Class
				if n.How == Const || n.How == OfLast && i > 0 {
					continue
				}
				if n.How == OfResult && i == 0 {
					class = def.Result.Class
				}
				at := fieldOf(class, from)
				if at == nil {
					t.Errorf("%s: %s comes from %s, which %s does not have", name, n.Param, from, class.Type.Name)
					continue
				}
				if n.How == OfLast && len(n.Path) > 1 {
					at = fieldOf(at.Class, n.Path[1])
				}
				if at == nil || !slices.Contains(fits[param.Type.Name], at.Name) {
					t.Errorf("%s: %s:%s comes from %s, which is another type", name, n.Param, param.Type.Name, strings.Join(n.Path, "."))
				}
			}
		}
	}
}

// fits are the types of fields from which a parameter's type is made.
var fits = map[string][]string{
	"int": {"int"}, "long": {"long", "int"}, "string": {"string"},
	"InputPeer": {"Peer"}, "InputUser": {"long"},
}

// fieldOf is the type of a field that a constructor of the class has.
func fieldOf(class *schema.Class, name string) *schema.Type {
	if class == nil {
		return nil
	}
	for _, c := range class.Constructors() {
		if p := c.Param(name); p != nil {
			return p.Type
		}
	}
	return nil
}
