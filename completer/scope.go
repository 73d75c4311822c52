package completer

import (
	"slices"

	"tlsh/bind"
	"tlsh/syntax"
	"tlsh/tl"
)

// scope adds the variables of a for block to the world.
type scope struct {
	bind.Env
	vars map[string]shape
}

// Var is the value of $name.
func (s scope) Var(name string) (tl.Value, bool) {
	if in, ok := s.vars[name]; ok {
		return in.v, true
	}
	return s.Env.Var(name)
}

// scopes makes the world what it will be at the cursor: with what the statements
// before give to variables, and the variables of the for blocks around it.
func (c *completion) scopes() {
	c.past(c.file.Stmts)
	for i := len(c.path) - 1; i >= 0; i-- {
		f, ok := c.path[i].(*syntax.For)
		if !ok || f.Var == nil || f.Var.Name == "" || c.cursor <= f.In.Span().To {
			continue
		}
		s := scope{c.world, map[string]shape{f.Var.Name: c.goesOver(f).elem()}}
		if _, batch := around[*syntax.Batch](c); batch < 0 {
			s.vars["_"] = shape{} // the last result, which is not there yet
		}
		c.world = s
		c.past(f.Body)
	}
}

// past takes in what the statements of a block in front of the cursor's give to
// variables.
func (c *completion) past(block []*syntax.Stmt) {
	n := slices.IndexFunc(block, func(st *syntax.Stmt) bool {
		return slices.Contains(c.path, syntax.Node(st)) || st.Span().To >= c.cursor
	})
	if n < 0 {
		n = len(block)
	}
	if n == 0 {
		return
	}
	ahead := bind.NewAhead(c.world)
	c.world = ahead
	for _, st := range block[:n] {
		ahead.Past(bind.Outline(c.schema, c.file, st, ahead))
	}
}

// goesOver is the shape of what a for goes over.
func (c *completion) goesOver(f *syntax.For) shape {
	if _, missing := f.In.(*syntax.Missing); missing {
		return shape{}
	}
	in := bind.Eval(c.schema, c.file, f.In, c.world)
	if v, ok := f.In.(*syntax.Var); ok && in.Value.IsNone() {
		over := c.known(v.Name).along(v.Path)
		if n := len(v.Path); !over.list() && n > 0 && slices.ContainsFunc(v.Path, func(st *syntax.Step) bool { return st.Kind == syntax.StepEach }) {
			return listOf(over) // a step over all made a Vector of it
		}
		return over
	}
	return shape{v: in.Value}
}

// varNames are the names of all variables: those of the for blocks around the
// cursor and of the statements before it, the last result, and the others, the
// newest first.
func (c *completion) varNames() []string {
	var names []string
	add := func(list []string) {
		for _, name := range list {
			if name != "_" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for w, added := c.world, true; added; {
		switch at := w.(type) {
		case scope:
			for name := range at.vars {
				add([]string{name})
			}
			w = at.Env
		case *bind.Ahead:
			newest := slices.Clone(at.Names())
			slices.Reverse(newest)
			add(newest)
			w = at.Env
		default:
			added = false
		}
	}
	names = append(names, "_")
	all := slices.Clone(c.env.Vars())
	slices.Reverse(all)
	add(all)
	return names
}
