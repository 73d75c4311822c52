package schema

import "fmt"

// The ways in which a definition or a field differs.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// Change is a definition that two schemas do not have alike.
type Change struct {
	What   string      // Added, Removed or Changed
	Old    *Combinator // nil when added
	New    *Combinator // nil when removed
	Fields []FieldChange
}

// FieldChange is a difference within a definition: of a parameter, or of the
// result, then with the name "→".
type FieldChange struct {
	What     string // Added, Removed or Changed
	Name     string
	Old, New string // as TL has it: flags.3?string, long; "" where there is none
}

// Name is that of the definition.
func (c *Change) Name() string { return c.def().Name }

// Method reports that the definition is a request.
func (c *Change) Method() bool { return c.def().Method }

func (c *Change) def() *Combinator {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

// Diff lists what is different in the schema to, against the schema from:
// requests first, then constructors, each in the order of their file, with
// those removed at the end. Definitions are matched by name. One whose fields
// moved only is Changed without Fields, as its id is another.
func Diff(from, to *Schema) []Change {
	changes := diff(from.Methods(), to.Methods(), from.Method, to.Method)
	return append(changes, diff(from.Constructors(), to.Constructors(), from.Constructor, to.Constructor)...)
}

func diff(from, to []*Combinator, old, now func(string) *Combinator) []Change {
	var out []Change
	for _, n := range to {
		switch o := old(n.Name); {
		case o == nil:
			out = append(out, Change{What: Added, New: n})
		case o.ID != n.ID || !sameFields(o, n):
			out = append(out, Change{What: Changed, Old: o, New: n, Fields: fieldChanges(o, n)})
		}
	}
	for _, o := range from {
		if now(o.Name) == nil {
			out = append(out, Change{What: Removed, Old: o})
		}
	}
	return out
}

func sameFields(o, n *Combinator) bool {
	if len(o.Params) != len(n.Params) || o.Result.Name != n.Result.Name {
		return false
	}
	for i := range o.Params {
		if o.Params[i].Name != n.Params[i].Name || o.spell(i) != n.spell(i) {
			return false
		}
	}
	return true
}

func fieldChanges(o, n *Combinator) []FieldChange {
	var out []FieldChange
	for i := range n.Params {
		name := n.Params[i].Name
		now := n.spell(i)
		switch j := o.Index(name); {
		case j < 0:
			out = append(out, FieldChange{Added, name, "", now})
		case o.spell(j) != now:
			out = append(out, FieldChange{Changed, name, o.spell(j), now})
		}
	}
	for i := range o.Params {
		if name := o.Params[i].Name; n.Index(name) < 0 {
			out = append(out, FieldChange{Removed, name, o.spell(i), ""})
		}
	}
	if o.Result.Name != n.Result.Name {
		out = append(out, FieldChange{Changed, "→", o.Result.Name, n.Result.Name})
	}
	return out
}

// spell is the type of the i-th parameter as a TL file has it.
func (c *Combinator) spell(i int) string {
	p := &c.Params[i]
	if p.Type.Kind == KindFlags {
		return "#"
	}
	if !p.Optional() {
		return p.Type.Name
	}
	return fmt.Sprintf("%s.%d?%s", c.Params[p.Flag].Name, p.Bit, p.Type.Name)
}
