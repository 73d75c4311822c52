package completer

import (
	"slices"
	"strings"
	"sync"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// Recent remembers which values were given to which parameters. It may be used
// from several goroutines.
type Recent struct {
	schema *schema.Schema
	mu     sync.RWMutex
	values map[string][]string // by owner.param, newest first; "" holds requests, "owner." those called after it
	last   string              // the request that was added last
}

// NewRecent makes an empty memory.
func NewRecent(s *schema.Schema) *Recent {
	return &Recent{schema: s, values: map[string][]string{}}
}

// manyKept is how many values of a parameter are kept, and longestKept how long
// one may be, in bytes.
const (
	manyKept    = 20
	longestKept = 80
)

// hidden stands in lines of the history where a secret was.
const hidden = "***"

// Add takes in a line that was run, as the history has it: with its secrets
// hidden already. env is what the line is checked against; it must be safe to ask
// on the goroutine that calls.
func (r *Recent) Add(env bind.Env, line string) {
	f := syntax.Parse(line)
	if len(f.Errs) > 0 {
		return
	}
	for i := range f.Stmts {
		in := bind.Check(r.schema, f, i, env)
		syntax.Walk(f.Stmts[i], func(n syntax.Node) bool {
			call, ok := n.(*syntax.Call)
			if !ok {
				return true
			}
			slot, ok := in.Slot(call)
			if !ok || slot.Kind != bind.SlotName || slot.Of == nil {
				return true
			}
			if slot.Of.Method {
				r.called(slot.Of.Name)
			}
			for _, a := range call.Args {
				if p := in.Param(a); p >= 0 {
					sp := a.Value.Span()
					r.keep(slot.Of.Name+"."+slot.Of.Params[p].Name, strings.TrimSpace(line[sp.From:sp.To]))
				}
			}
			return true
		})
	}
}

// called takes in that a request was called.
func (r *Recent) called(name string) {
	r.mu.Lock()
	last := r.last
	r.last = name
	r.mu.Unlock()
	if last != "" && last != name {
		r.keep(last+".", name)
	}
	r.keep("", name)
}

// keep puts a value in front, unless it is secret, long, or hangs on a variable.
func (r *Recent) keep(key, value string) {
	if value == "" || len(value) > longestKept || strings.Contains(value, hidden) || strings.ContainsAny(value, "$\n") {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.values[key]
	if i := slices.Index(list, value); i >= 0 {
		list = slices.Delete(list, i, i+1)
	}
	list = slices.Insert(list, 0, value)
	r.values[key] = list[:min(len(list), manyKept)]
}

// Values are those given to a parameter, newest first; requests, with both
// names empty; those called after owner, with no parameter.
func (r *Recent) Values(owner, param string) []string {
	if r == nil {
		return nil
	}
	key := ""
	if owner != "" {
		key = owner + "." + param
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.values[key])
}
