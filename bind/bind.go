// Package bind checks a line against a schema. It visits the tree once and
// records for every node what the schema wanted there: the value, the holes
// that only the world can fill, the slots for completion and highlighting, and
// the diagnostics. Evaluator, completer, highlighter and signature line all
// read that one record, so they cannot disagree.
package bind

import (
	"strings"
	"time"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Env is what a check asks of the world around the line.
type Env interface {
	// Var is the value of $name.
	Var(name string) (tl.Value, bool)
	// Commands are the names of the shell's commands, in the order of help.
	Commands() []string
	// Getenv is the value of an environment variable, for env:NAME.
	Getenv(name string) (string, bool)
}

// Absence is what an Env may know besides: why there is no $name, and what to
// do; msg is "" where there is nothing special about it.
type Absence interface {
	Absent(name string) (msg, fix string)
}

// Absent is what an Env knows of why there is no $name, "" for nothing.
func Absent(env Env, name string) (msg, fix string) {
	if a, ok := env.(Absence); ok {
		return a.Absent(name)
	}
	return "", ""
}

// Kind says what a statement is.
type Kind uint8

// The kinds of a statement.
const (
	Empty   Kind = iota // nothing, or nothing that could be understood
	Request             // a TL method to call: Info.Value is its object
	Value               // a value to show or assign: Info.Value
	Command             // a command of the shell: Info.Call
	Batch               // batch < … >: Info.Batch
	For                 // for $x in PATH < … >: Info.Items and Info.Loop
	Pages               // pages N CALL: Info.Pages, and Info.Value as of a Request
	Watch               // watch TIME LINE: Info.Every and Info.Inner
	Alias               // alias NAME LINE: Info.Inner, whose values are not known
)

// Info is what the check of one statement found.
type Info struct {
	Kind    Kind
	Stmt    *syntax.Stmt
	Value   tl.Value
	Holes   []*Hole
	Call    *syntax.Call // Request, Pages, Command: the call in the tree
	Batch   []*Element   // in the order in which they are sent
	Ordered bool
	Loop    *syntax.For
	Pages   int   // how many, or AllPages
	Inner   *Info // Watch, Alias: the statement behind
	Every   time.Duration
	Items   []tl.Value // what $x goes over
	Diags   syntax.Errors
	// Local says that the diagnostics come from a path that leads nowhere in
	// the value at hand, so that the line itself may be right.
	Local bool

	// Both are nil where only the values are wanted.
	slots map[syntax.Node]Slot
	args  map[*syntax.Arg]int // the parameter that each argument is bound to
}

func newInfo(st *syntax.Stmt) *Info {
	return &Info{Stmt: st, slots: make(map[syntax.Node]Slot), args: make(map[*syntax.Arg]int)}
}

// record keeps what is wanted at a node, where anybody will ask.
func (in *Info) record(n syntax.Node, s Slot) {
	if in.slots != nil {
		in.slots[n] = s
	}
}

// within is an Info for a statement inside a block: it shares what is recorded
// of nodes.
func (in *Info) within(st *syntax.Stmt) *Info {
	return &Info{Stmt: st, slots: in.slots, args: in.args}
}

// Object is the request's object, or nil.
func (in *Info) Object() *tl.Object { return in.Value.Object() }

// Element is one request of a batch.
type Element struct {
	Name  string // of the variable that its result goes to, without $; or ""
	Value *tl.Object
	Stmt  *syntax.Stmt
}

// Check checks the i-th statement of a file. Errors of the file's own syntax
// are not repeated.
func Check(s *schema.Schema, f *syntax.File, i int, env Env) *Info {
	in := newInfo(f.Stmts[i])
	c := &checker{schema: s, env: env, info: in, src: f.Src}
	c.statement(in.Stmt)
	return in
}

// Outline is Check for who asks what is wanted where, and not what to type
// instead: no name is looked for that is near an unknown one.
func Outline(s *schema.Schema, f *syntax.File, st *syntax.Stmt, env Env) *Info {
	in := newInfo(st)
	c := &checker{schema: s, env: env, info: in, src: f.Src, outline: true}
	c.statement(in.Stmt)
	return in
}

// Values is Check for who wants the values and nothing else, as to run the statement:
// there are no slots. The statement may stand inside a block.
func Values(s *schema.Schema, f *syntax.File, st *syntax.Stmt, env Env) *Info {
	in := &Info{Stmt: st}
	c := &checker{schema: s, env: env, info: in, src: f.Src}
	c.statement(in.Stmt)
	return in
}

// Eval checks a value that stands by itself, as in a command's argument: what
// it is, follows from its spelling. There are no slots.
func Eval(s *schema.Schema, f *syntax.File, n syntax.Node, env Env) *Info {
	in := &Info{Kind: Value}
	c := &checker{schema: s, env: env, info: in, src: f.Src}
	in.Value = c.untyped(n, func(v tl.Value) { in.Value = v })
	return in
}

type checker struct {
	schema *schema.Schema
	env    Env
	info   *Info
	src    string
	loops  []loopVar // the variables of for blocks inside a batch
	later  []string  // the names given to results of the batch at hand
	python bool      // inside one of Telethon's forms
	// template says that this is the line of an alias: its placeholders and
	// variables have no values yet, and more may be given to it.
	template bool
	// outline says that nobody reads what an unknown name could have meant.
	outline bool
}

type loopVar struct {
	name  string
	value tl.Value
}

func (c *checker) variable(name string) (tl.Value, bool) {
	if c.template {
		return tl.Value{}, true
	}
	for i := len(c.loops) - 1; i >= 0; i-- {
		if c.loops[i].name == name {
			return c.loops[i].value, true
		}
	}
	return c.env.Var(name)
}

// statement checks one statement; its Info says what it turned out to be.
func (c *checker) statement(st *syntax.Stmt) {
	in := c.info
	if w, ok := st.Assign.(*syntax.Word); ok {
		c.notPython(w, w.Text, st)
	}
	switch x := st.X.(type) {
	case *syntax.Call:
		in.Call = x
		c.head(x)
	case *syntax.Batch:
		in.Kind, in.Ordered = Batch, x.Ordered != nil
		c.batch(x)
	case *syntax.For:
		in.Kind, in.Loop = For, x
		c.loop(x)
	case *syntax.Python:
		c.pythonStmt(x)
	case *syntax.Setup:
		c.setupLine(x)
	case *syntax.Prefix:
		c.prefix(x, st)
	case *syntax.Missing:
		in.record(x, Slot{Kind: SlotHead})
	case *syntax.Bad, nil:
	default:
		if w, ok := x.(*syntax.Word); ok && pythonWords[w.Text] != "" { // try:
			c.errorf(w, "%s is Python's, and is not run", show(w.Text)).Fix = pythonWords[w.Text]
			break
		}
		in.Kind = Value
		in.Value = c.untyped(x, func(v tl.Value) { in.Value = v })
	}
	if v, ok := st.Assign.(*syntax.Var); ok {
		in.record(v, Slot{Kind: SlotVar, Role: RoleVar})
		if v.Name == "_" || len(v.Path) > 0 {
			c.errorf(v, "a value is assigned to a whole variable, not to %s", c.text(v))
		}
		if v.Name != "" && strings.Trim(v.Name, "0123456789") == "" {
			c.errorf(v, "%s is a result of the session by its number, and is not assigned to", c.text(v)).Fix = "a name begins with a letter"
		}
		if in.Kind == Command && !c.gives(in.Call.Name.Text) {
			c.errorf(in.Call.Name, "a command gives no value to assign").Fix = "leave out " + c.text(v) + " ="
		}
	}
	c.pipes(st)
}

// gives reports a command that gives a value, to assign and to pipe on.
func gives(command string) bool {
	switch command {
	case "wait", "peer", "peers", "upload", "download", "echo", "encode", "decode", "vars", "whoami", "sessions", "profiles":
		return true
	}
	return false
}

// documents reports a command that gives a document, to pipe on.
func documents(command string) bool {
	switch command {
	case "search", "doc", "type", "example", "diff":
		return true
	}
	return false
}

func (c *checker) pipes(st *syntax.Stmt) {
	if c.info.Inner != nil {
		return // they are those of the statement behind
	}
	for _, p := range st.Pipes {
		if p.Name != nil {
			c.info.record(p.Name, Slot{Kind: SlotPipe, Role: RoleCommand})
		}
		for _, a := range p.Args {
			c.info.record(a, Slot{Kind: SlotArgument, Role: RoleString})
			if p.Name.Text == "save" {
				c.filePath(a)
			}
		}
	}
	switch {
	case c.info.Kind == Command && (c.gives(c.info.Call.Name.Text) || documents(c.info.Call.Name.Text)):
	case c.info.Kind == For, c.info.Kind == Command, c.info.Kind == Empty:
		if len(st.Pipes) > 0 {
			c.errorf(st.Pipes[0], "only a result can be piped on")
		}
	}
}

// head decides what a statement with a name at its head is.
func (c *checker) head(x *syntax.Call) {
	in, name := c.info, x.Name.Text
	if !x.Paren && !hasDot(name) && contains(c.env.Commands(), name) {
		in.Kind = Command
		in.record(x.Name, Slot{Kind: SlotHead, Role: RoleCommand})
		in.record(x, Slot{Kind: SlotArgument, Role: RoleNone})
		for _, a := range x.Args {
			in.record(a.Value, Slot{Kind: SlotArgument, Role: RoleString})
		}
		return
	}
	if !x.Paren && len(x.Args) == 0 && literal(name) {
		in.Kind = Value
		in.Value = c.untypedWord(x.Name, place{put: func(v tl.Value) { in.Value = v }})
		return
	}
	def := c.schema.Method(name)
	if def != nil {
		in.Kind = Request
	} else if def = c.schema.Constructor(name); def != nil {
		in.Kind = Value
	} else {
		in.record(x.Name, Slot{Kind: SlotHead})
		in.record(x, Slot{Kind: SlotHead})
		c.unknownHead(x)
		return
	}
	in.record(x.Name, Slot{Kind: SlotHead, Role: roleOf(def), Of: def})
	in.Value = c.arguments(x, def).Value()
}

// literal reports a word that is a value by its spelling alone: a truth, a
// number or tagged bytes. It goes before a TL name: true is the Bool here, not
// the constructor of True.
func literal(word string) bool {
	switch word {
	case "true", "false", "boolTrue", "boolFalse":
		return true
	}
	tag, _ := tagged(word)
	_, number := double(word)
	return tag != "" || number
}

func roleOf(def *schema.Combinator) Role {
	if def.Method {
		return RoleRequest
	}
	return RoleConstructor
}

func (c *checker) unknownHead(x *syntax.Call) {
	name := x.Name.Text
	if name == "" {
		return
	}
	if fix := c.telethonName(name); fix != "" {
		c.errorf(x.Name, "%s is Telethon's name", show(name)).Fix = "write " + fix
		return
	}
	if x.Paren && c.ofObject(x) {
		return
	}
	var e *syntax.Error
	switch {
	case pythonWords[name] != "":
		e = c.errorf(x.Name, "%s is Python's, and is not run", show(name))
		e.Fix = pythonWords[name]
		e.Partial = x.Span().To >= len(c.src)
	case hasDot(name):
		e = c.errorf(x.Name, "there is no request %s in layer %d", show(name), c.schema.Layer)
		if !c.outline {
			e.Fix = didYouMean(name, c.methodNames())
		}
	default:
		e = c.errorf(x.Name, "there is no command or request %s", show(name))
		if c.outline {
			break
		}
		e.Fix = didYouMean(name, append(append([]string{}, c.env.Commands()...), c.methodNames()...))
	}
	if c.info.Stmt.Assign != nil && !x.Paren && e.Fix == "" && !c.outline {
		e.Fix = "a text is quoted: " + syntax.Quote(strings.TrimSpace(c.src[x.Span().From:x.Span().To]))
	}
}

func (c *checker) methodNames() []string {
	names := make([]string, len(c.schema.Methods()))
	for i, m := range c.schema.Methods() {
		names[i] = m.Name
	}
	return names
}

func didYouMean(word string, among []string) string {
	if s := syntax.Suggest(word, among); s != "" {
		return "did you mean " + s + "?"
	}
	return ""
}

// loop checks for $x in PATH < … > standing by itself. Its body is checked
// anew for each item when it runs; here it is checked with the first one, so
// that the line is right while it is typed.
func (c *checker) loop(x *syntax.For) {
	in := c.info
	items, ok := c.loopItems(x)
	in.Items = items
	if !ok || x.Var == nil {
		return
	}
	var first tl.Value
	if len(items) > 0 {
		first = items[0]
	}
	// What the body gives to variables, $_ among them, is not known yet.
	loops := append(append([]loopVar{}, c.loops...), loopVar{"_", tl.Value{}})
	for _, st := range x.Body {
		if v, ok := st.Assign.(*syntax.Var); ok {
			loops = append(loops, loopVar{v.Name, tl.Value{}})
		}
	}
	loops = append(loops, loopVar{x.Var.Name, first})
	for _, st := range x.Body {
		sub := &checker{schema: c.schema, env: c.env, src: c.src, info: in.within(st), loops: loops, template: c.template}
		if len(items) > 0 {
			sub.statement(st)
		}
		sub.noOutside(st)
		in.Diags = append(in.Diags, sub.info.Diags...)
	}
}

func (c *checker) loopItems(x *syntax.For) ([]tl.Value, bool) {
	if x.Var != nil {
		c.info.record(x.Var, Slot{Kind: SlotVar, Role: RoleVar})
	}
	if _, missing := x.In.(*syntax.Missing); missing || x.In == nil {
		return nil, false
	}
	v := c.untyped(x.In, func(tl.Value) {})
	if v.IsNone() {
		return nil, false
	}
	vec := v.Vector()
	if vec == nil {
		c.errorf(x.In, "for goes over a Vector, and %s is %s", c.text(x.In), describe(v))
		return nil, false
	}
	return vec.Items, true
}

// noOutside refuses what would leave a block while it runs.
func (c *checker) noOutside(st *syntax.Stmt) {
	for _, p := range st.Pipes {
		if p.Name != nil && (p.Name.Text == "save" || p.Name.Text == "!") {
			c.errorf(p, "%s does not stand inside a block", p.Name.Text).Fix = "put it behind the > of the block"
		}
	}
}

// batch checks all requests of a batch; for blocks inside expand.
func (c *checker) batch(x *syntax.Batch) {
	if len(x.Body) == 0 && x.Closed {
		c.errorf(x, "the batch is empty").Fix = "batch < help.getConfig; help.getNearestDc >"
	}
	for _, st := range x.Body {
		c.element(st)
	}
	if x.Ordered != nil {
		c.info.record(x.Ordered, Slot{Kind: SlotOrdered, Role: RoleCommand})
	}
}

func (c *checker) element(st *syntax.Stmt) {
	sub := &checker{schema: c.schema, env: c.env, src: c.src, loops: c.loops, later: c.later,
		info: c.info.within(st), template: c.template}
	if f, ok := st.X.(*syntax.For); ok {
		c.expand(f)
		return
	}
	sub.statement(st)
	sub.noOutside(st)
	el := &Element{Stmt: st, Value: sub.info.Object()}
	switch sub.info.Kind {
	case Request:
	case Batch:
		sub.errorf(st.X, "a batch does not stand in a batch")
	case Empty:
	default:
		if sub.info.Kind == Command && c.aliased(sub.info.Call.Name.Text) {
			break // its line will stand there
		}
		sub.errorf(st.X, "only requests stand in a batch, and %s is none", c.text(st.X))
	}
	if v, ok := st.Assign.(*syntax.Var); ok && v.Name != "" {
		el.Name = v.Name
		c.later = append(c.later, v.Name)
	}
	c.info.Batch = append(c.info.Batch, el)
	c.info.Holes = append(c.info.Holes, sub.info.Holes...)
	c.info.Diags = append(c.info.Diags, sub.info.Diags...)
}

func (c *checker) expand(f *syntax.For) {
	items, ok := c.loopItems(f)
	if !ok || f.Var == nil {
		return
	}
	for _, item := range items {
		c.loops = append(c.loops, loopVar{f.Var.Name, item})
		for _, st := range f.Body {
			c.element(st)
		}
		c.loops = c.loops[:len(c.loops)-1]
	}
}
