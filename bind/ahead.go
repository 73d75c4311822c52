package bind

import (
	"strings"

	"tlsh/syntax"
	"tlsh/tl"
)

// Ahead is the world as the statements of a text will find it, one after the
// other: what those before give to variables is there, though what it holds is
// not known before they ran.
type Ahead struct {
	Env
	bound map[string]*Info
	names []string // the keys of bound, in the order of the statements
	any   bool
}

// NewAhead is the world before the first statement of a text.
func NewAhead(env Env) *Ahead { return &Ahead{Env: env, bound: map[string]*Info{}} }

// Var gives nothing for a variable whose value is not known yet.
func (a *Ahead) Var(name string) (tl.Value, bool) {
	if _, ok := a.bound[name]; ok || a.any || a.numbered(name) {
		return tl.Value{}, true
	}
	return a.Env.Var(name)
}

// numbered reports the number of a result, where there will be one more.
func (a *Ahead) numbered(name string) bool {
	_, ok := a.bound["_"]
	return ok && name != "" && strings.Trim(name, "0123456789") == ""
}

// Giver is the statement, or the request of a batch, whose result $name will be,
// nil where that is not known; ok is false where no statement gives it one.
func (a *Ahead) Giver(name string) (in *Info, ok bool) {
	in, ok = a.bound[name]
	return in, ok
}

// Names are the variables that the statements so far give something to, in their
// order.
func (a *Ahead) Names() []string { return a.names }

// bind takes in that a statement gives something to $name.
func (a *Ahead) bind(name string, in *Info) {
	if name == "" {
		return
	}
	if _, ok := a.bound[name]; !ok {
		a.names = append(a.names, name)
	}
	a.bound[name] = in
}

// Absent says why there is no $name (Absence).
func (a *Ahead) Absent(name string) (msg, fix string) { return Absent(a.Env, name) }

// Alias is the line that a name stands for (Aliases).
func (a *Ahead) Alias(name string) (line string, ok bool) {
	if known, is := a.Env.(Aliases); is {
		return known.Alias(name)
	}
	return "", false
}

// Past takes in what a statement, once it ran, will have given to variables.
func (a *Ahead) Past(in *Info) {
	assigned := func(st *syntax.Stmt, in *Info) {
		if v, ok := st.Assign.(*syntax.Var); ok {
			a.bind(v.Name, in)
		}
	}
	assigned(in.Stmt, in)
	switch in.Kind {
	case Request, Pages, Batch, Watch:
		a.bind("_", in)
	case For:
		a.bind("_", nil)
		syntax.Walk(in.Stmt, func(n syntax.Node) bool {
			if st, ok := n.(*syntax.Stmt); ok && st != in.Stmt {
				assigned(st, nil)
			}
			return true
		})
	case Command:
		if _, ok := a.Alias(in.Call.Name.Text); ok {
			a.bind("_", nil) // its line may give a result
		}
		switch in.Call.Name.Text {
		case "wait", "upload", "peer", "decode", "whoami", "sessions":
			a.bind("_", in)
		case "source":
			a.any = true
		}
	}
	for _, el := range in.Batch {
		var one *Info
		if el.Value != nil {
			one = &Info{Kind: Request, Stmt: el.Stmt, Value: el.Value.Value()}
		}
		a.bind(el.Name, one)
	}
}
