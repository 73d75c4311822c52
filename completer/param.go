package completer

import (
	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// The weights of what can stand where an argument can.
const (
	weightRequired = 50
	weightShown    = 40 // the best values for the next parameter
	weightOptional = 30
	weightSpare    = 20 // the other values
	weightAuto     = 10 // parameters that fill themselves
)

// params offers what can stand in a gap among the arguments of a call: names of
// parameters, and values for the one that the next value without a name fills.
func (c *completion) params(slot bind.Slot, n syntax.Node) {
	if slot.Of == nil {
		return
	}
	c.names(slot)
	if slot.Next >= 0 {
		c.values(slot.Of.Params[slot.Next].Type, slot.Of, slot.Next, 3)
	}
}

// names offers the parameters that have no value yet: what is required first,
// what fills itself last, and of what is optional first what the schema has
// behind the last one given.
func (c *completion) names(slot bind.Slot) {
	def := slot.Of
	last := -1
	for i, given := range slot.Given {
		if given && def.Params[i].Optional() {
			last = i
		}
	}
	for i := range def.Params {
		switch {
		case def.Params[i].Optional():
		case bind.FillsItself(def, i), bind.ToldByFile(def, i):
			c.name(slot, i, weightAuto)
		default:
			c.name(slot, i, weightRequired)
		}
	}
	for k := range def.Params {
		if i := (last + 1 + k) % len(def.Params); def.Params[i].Optional() {
			c.name(slot, i, weightOptional)
		}
	}
}

// name offers the i-th parameter, unless it has its value.
func (c *completion) name(slot bind.Slot, i, weight int) {
	p := &slot.Of.Params[i]
	if p.Type.Kind == schema.KindFlags || i < len(slot.Given) && slot.Given[i] && !c.atName(p.Name) {
		return
	}
	text := p.Name + "="
	if c.atNamed() {
		text = p.Name
	} else if p.Type.Kind == schema.KindTrue {
		text += c.truth(true)
	}
	c.list.add(candidate{Item: Item{Text: text, Label: p.Name, Kind: Param}, weight: weight, def: slot.Of, param: i})
}

// atNamed reports that the cursor stands in a name that has its = already.
func (c *completion) atNamed() bool {
	arg, ok := c.parent(0).(*syntax.Arg)
	return ok && arg.Name != nil && c.path[0] == syntax.Node(arg.Name)
}

// atName reports that the cursor stands in the name of that parameter.
func (c *completion) atName(name string) bool {
	w, ok := c.path[0].(*syntax.Word)
	return ok && c.atNamed() && w.Text == name
}

// truth spells a Bool.
func (c *completion) truth(v bool) string {
	switch {
	case c.python && v:
		return "True"
	case c.python:
		return "False"
	case v:
		return "true"
	}
	return "false"
}

// paramNote says what a parameter takes, and whether it must be given.
func paramNote(def *schema.Combinator, i int) string {
	p := &def.Params[i]
	switch {
	case bind.FillsItself(def, i):
		return p.Type.Name + ", fills itself"
	case bind.ToldByFile(def, i):
		return p.Type.Name + ", else as the file says"
	case p.Optional():
		return p.Type.Name + ", optional"
	}
	return p.Type.Name
}

// needed are the parameters of def that must be given.
func needed(def *schema.Combinator) []string {
	var out []string
	for i := range def.Params {
		p := &def.Params[i]
		if !p.Optional() && p.Type.Kind != schema.KindFlags && !bind.FillsItself(def, i) && !bind.ToldByFile(def, i) {
			out = append(out, p.Name)
		}
	}
	return out
}
