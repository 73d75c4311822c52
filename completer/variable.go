package completer

import (
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// want is what a variable is wanted for.
type want struct {
	t      *schema.Type // nil: anything
	def    *schema.Combinator
	p      int
	vector bool // a Vector, to go over
}

// fits reports that a value can stand there.
func (c *completion) fits(v tl.Value, w want) bool {
	switch {
	case v.IsNone():
		return true // of a for block that is only being typed
	case w.vector:
		return v.Kind() == tl.KindVector
	case w.t == nil:
		return true
	}
	return bind.Fits(c.schema, c.world, v, w.t, w.def, w.p)
}

// means reports a path that leads to more than a number or a text that happens
// to fit: an object, or a field that is called as what is wanted is.
func (w want) means(path string, v tl.Value) bool {
	if w.vector || v.Object() != nil {
		return true
	}
	return w.def != nil && strings.HasSuffix(path, "."+w.def.Params[w.p].Name)
}

// suits is fits for what is only known by its type.
func (c *completion) suits(s shape, w want) bool {
	number := func(t *schema.Type) bool {
		return t.Kind == schema.KindInt || t.Kind == schema.KindLong || t.Kind == schema.KindDouble
	}
	switch {
	case !s.v.IsNone():
		return c.fits(s.v, w)
	case s.none():
		return true
	case w.vector:
		return s.list()
	case w.t == nil || w.t.Kind == schema.KindAny:
		return true
	case w.t.Kind == schema.KindVector:
		return s.list() && c.suits(s.elem(), want{t: w.t.Elem})
	case w.t.Kind == schema.KindBoxed:
		return slices.ContainsFunc(s.defs(), func(d *schema.Combinator) bool { return d.Result.Class == w.t.Class })
	case number(w.t):
		return number(s.t)
	case w.t.Kind == schema.KindBool || w.t.Kind == schema.KindTrue:
		return s.t.Kind == schema.KindBool || s.t.Kind == schema.KindTrue
	}
	return s.t.Kind == w.t.Kind
}

// leads reports that something in what has the shape may fit, if not itself.
func (s shape) leads() bool {
	return leads(s.v) || s.list() && s.elem().leads() || len(s.defs()) > 0
}

// variableOf is a variable, or a path, of which the type is known.
func (c *completion) variableOf(text string, s shape) candidate {
	cand := variable(text, s.v)
	if s.v.IsNone() && s.t != nil {
		cand.Description = s.t.Name
	}
	return cand
}

// leads reports that something in a value may fit, if not the value itself.
func leads(v tl.Value) bool {
	vec := v.Vector()
	return v.Object() != nil || vec != nil && len(vec.Items) > 0
}

// The bounds of the search for paths that fit.
const (
	manyVars  = 30
	deepest   = 4
	probes    = 60 // values of one variable that are tried
	pathsEach = 3  // paths of one variable that are offered
)

// fitting are the variables that can stand where a t is wanted, and paths into
// them.
func (c *completion) fitting(t *schema.Type, def *schema.Combinator, p int) []candidate {
	return c.variablesFor(want{t: t, def: def, p: p})
}

// variables offers what a for may go over.
func (c *completion) variables(t *schema.Type, def *schema.Combinator, p int) {
	w := want{t: t, def: def, p: p}
	if f, at := around[*syntax.For](c); at >= 0 && c.cursor <= f.In.Span().To {
		w.vector = true
	}
	for _, cand := range c.variablesFor(w) {
		c.list.add(cand)
	}
}

func (c *completion) variablesFor(w want) []candidate {
	if q := c.list.query; q != "" && q[0] != '$' {
		return nil
	}
	var out, later []candidate
	names := c.varNames()
	for _, name := range names[:min(len(names), manyVars)] {
		v, ok := c.world.Var(name)
		if !ok {
			continue
		}
		if known := c.known(name); v.IsNone() && !known.none() {
			cand := c.variableOf("$"+name, known)
			if c.suits(known, w) {
				out = append(out, cand)
			} else if known.leads() {
				later = append(later, cand)
			}
			continue
		}
		if c.fits(v, w) {
			out = append(out, variable("$"+name, v))
		} else if leads(v) {
			later = append(later, variable("$"+name, v))
		} else {
			continue
		}
		if w.vector || w.t != nil && (w.t.Kind == schema.KindBoxed || w.t.Kind == schema.KindInt || w.t.Kind == schema.KindLong) {
			out = append(out, c.paths("$"+name, v, w)...)
		}
	}
	return append(out, later...)
}

func variable(text string, v tl.Value) candidate {
	return candidate{Item: Item{Text: text, Label: text, Kind: Variable, Description: what(v)}}
}

// what says what a value is.
func what(v tl.Value) string {
	switch v.Kind() {
	case tl.KindObject:
		return v.Object().Def().Name
	case tl.KindVector:
		if e := v.Vector().Elem; e != nil {
			return "Vector<" + e.Name + ">"
		}
		return "Vector"
	case tl.KindNone:
		return "known when it runs"
	}
	return v.Kind().String()
}

// paths are the shortest paths into a value to what fits.
func (c *completion) paths(text string, v tl.Value, w want) []candidate {
	type at struct {
		text string
		v    tl.Value
		deep int
	}
	var out []candidate
	queue := []at{{text, v, 0}}
	for tried := 0; len(queue) > 0 && tried < probes && len(out) < pathsEach; tried++ {
		n := queue[0]
		queue = queue[1:]
		if n.deep > 0 && c.fits(n.v, w) && w.means(n.text, n.v) {
			out = append(out, variable(n.text, n.v))
			continue
		}
		if n.deep == deepest {
			continue
		}
		if vec := n.v.Vector(); vec != nil && len(vec.Items) > 0 {
			queue = append(queue, at{n.text + "[0]", vec.Items[0], n.deep + 1})
		}
		for _, f := range fieldsOf(n.v) {
			if leads(f.v) || !w.vector && f.v.Kind() != tl.KindBool {
				queue = append(queue, at{n.text + "." + f.name, f.v, n.deep + 1})
			}
		}
	}
	return out
}

// field is a field that an object has.
type field struct {
	name string
	v    tl.Value
}

func fieldsOf(v tl.Value) []field {
	o := v.Object()
	if o == nil {
		return nil
	}
	var out []field
	def := o.Def()
	for i := range def.Params {
		p := &def.Params[i]
		if p.Type.Kind == schema.KindFlags {
			continue
		}
		if w := o.At(p.Name); !w.IsNone() {
			out = append(out, field{p.Name, w})
		} else if p.Type.Kind == schema.KindTrue {
			out = append(out, field{p.Name, tl.Bool(false)})
		}
	}
	return out
}

// wanted is what the variable at the cursor is for.
func (c *completion) wanted(n *syntax.Var) want {
	var w want
	slot, ok := c.info.Slot(n)
	if ok && slot.Kind == bind.SlotValue {
		w.t = slot.Want
	}
	if arg, at := around[*syntax.Arg](c); at >= 0 {
		if owner, ok := c.callSlot(at); ok && c.info.Param(arg) >= 0 {
			w.def, w.p = owner.Of, c.info.Param(arg)
		}
	}
	if f, at := around[*syntax.For](c); at >= 0 && f.In == syntax.Node(n) {
		w.vector = true
	}
	return w
}

// variable offers the variables whose name is being typed, and how the path of
// one goes on.
func (c *completion) variable(n *syntax.Var) {
	if c.python {
		c.pythonName(n)
		return
	}
	if f, ok := c.parent(0).(*syntax.For); ok && f.Var == n {
		return
	}
	w := c.wanted(n)
	if len(n.Path) > 0 {
		if last := n.Path[len(n.Path)-1]; c.cursor == n.Span().To && syntax.Closed(last) {
			c.goOn(n, len(n.Path), c.cursor, w)
		}
		return
	}
	c.replace(n.Span())
	target := false
	if st := c.statement(); st != nil {
		target = st.Assign == syntax.Node(n)
	}
	for _, cand := range c.variablesFor(w) {
		c.list.add(cand)
	}
	if _, ok := c.world.Var(n.Name); ok && !target && c.cursor == n.Span().To {
		c.inside("$"+n.Name, c.known(n.Name), false, w)
	}
}

// step offers the fields and elements of what the path leads to before the
// step at the cursor.
func (c *completion) step(n *syntax.Step) {
	v, at := around[*syntax.Var](c)
	if at < 0 {
		return
	}
	if c.python {
		c.pythonName(v)
		return
	}
	i := slices.Index(v.Path, n)
	c.goOn(v, i, n.Span().From, c.wanted(v))
	c.res.To = n.Span().To
	c.list.query = c.file.Src[c.res.From:c.cursor]
}

// goOn offers how a path goes on behind its first i steps, from a place of the
// line on.
func (c *completion) goOn(n *syntax.Var, i, from int, w want) {
	v, ok := c.world.Var(n.Name)
	if !ok {
		return
	}
	in, many := c.known(n.Name), each(n.Path[:i])
	if in.v.IsNone() {
		in = in.along(n.Path[:i])
	} else if v, err := bind.Walk(v, n.Path[:i]); err != nil {
		return
	} else if in = (shape{v: v}); many {
		in = in.anyOf()
	}
	c.res.From, c.res.To = from, from
	c.list.query = ""
	c.inside("", in, many, w)
}

// each reports a path with a step over all elements, so that what it leads to is
// a Vector.
func each(path []*syntax.Step) bool {
	return slices.ContainsFunc(path, func(st *syntax.Step) bool { return st.Kind == syntax.StepEach })
}

// inside offers the fields of an object and the elements of a Vector, after a
// text; what fits goes before what may lead on. many says that the text leads to
// several of them, of which the fields are a Vector.
func (c *completion) inside(before string, in shape, many bool, w want) {
	add := func(step string, s shape, weight int) {
		if many {
			s = listOf(s)
		}
		if !c.suits(s, w) {
			if !s.leads() {
				return
			}
			weight -= weightShown
		}
		cand := c.variableOf(before+step, s)
		cand.Kind, cand.weight = Field, weight
		c.list.add(cand)
	}
	if in.list() {
		n := 2 // of a Vector to come nobody knows how many
		if vec := in.v.Vector(); vec != nil {
			n = len(vec.Items)
		}
		if n > 0 {
			add("[0]", in.at(0), weightShown)
			if n > 1 {
				add("[-1]", in.last(), weightShown)
			}
			if w.t == nil {
				add("[]", in, weightShown)
			}
		}
		return
	}
	if update := in.shown(); !update.none() {
		c.inside(before, update, many, w)
	}
	if in.v.Object() != nil {
		for _, f := range fieldsOf(in.v) {
			add("."+f.name, shape{v: f.v}, weightShown)
		}
		return
	}
	for _, f := range in.fields() {
		add("."+f.name, in.field(f.name), weightShown)
	}
}

// pythonName offers what a name inside one of Telethon's forms may become.
func (c *completion) pythonName(n *syntax.Var) {
	if c.sends() {
		c.replace(n.Span())
		c.classes(c.list.query)
		return
	}
	if len(n.Path) > 0 {
		return
	}
	c.replace(n.Span())
	arg, at := around[*syntax.Arg](c)
	if at < 0 {
		return
	}
	outer, ok := c.callSlot(at)
	if !ok {
		return
	}
	if p := c.info.Param(arg); p >= 0 {
		c.values(outer.Of.Params[p].Type, outer.Of, p, 0)
		outer.Given = append([]bool(nil), outer.Given...)
		outer.Given[p] = false
	}
	if arg.Name == nil && c.path[1] == syntax.Node(arg) {
		c.names(outer)
	}
	for i := range c.list.items {
		c.list.items[i].doubt = true
	}
}

// quoted offers who can stand in the quotes at the cursor.
func (c *completion) quoted(n *syntax.String) {
	if syntax.Closed(n) && c.cursor == n.Span().To {
		return
	}
	if tag, ok := c.parent(0).(*syntax.Tagged); ok {
		if tag.Tag.Text == "file:" {
			c.replace(tag.Span())
			for _, cand := range c.files("file:", c.file.Src[min(c.cursor, n.Span().From+1):c.cursor], true) {
				c.list.add(cand)
			}
			c.list.ranked = true
		}
		return
	}
	slot, ok := c.info.Slot(n)
	if !ok || len(n.Quote) != 1 {
		return
	}
	c.replace(n.Span())
	if slot.Kind == bind.SlotArgument {
		if !c.filter(n) {
			c.arguments()
		}
		return
	}
	t := slot.Want
	if t != nil && t.Kind == schema.KindVector {
		t = t.Elem
	}
	if slot.Kind != bind.SlotValue || !bind.IsPeer(t) {
		return
	}
	for _, cand := range c.people(t, true) {
		if c.python {
			cand.Text = n.Quote + strings.Trim(cand.Label, `"`) + n.Quote
			cand.doubt = strings.ContainsAny(cand.Label, `\'`)
		}
		cand.match.done = true
		c.list.add(cand)
	}
}
