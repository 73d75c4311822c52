package bind

import (
	"slices"
	"strings"

	"tlsh/syntax"
	"tlsh/tl"
)

// notPython refuses an assignment to name, without its $, of what is none of
// Telethon's forms.
func (c *checker) notPython(at syntax.Node, name string, st *syntax.Stmt) {
	e := c.errorf(at, "a variable begins with $")
	e.Fix = "write $" + name + " = …"
	// What is being typed may yet become one of the forms.
	e.Partial = st.Span().To >= len(c.src) && !closedStmt(st)
}

func closedStmt(st *syntax.Stmt) bool {
	return len(st.Pipes) > 0 || st.X != nil && syntax.Closed(st.X)
}

// pythonWords begin lines of Python that have another form here.
var pythonWords = map[string]string{
	"import": "only import NAME is passed over", "from": "only from NAME import NAME is passed over",
	"async": "only async with and async def main(): are passed over", "with": "only with … as client: is passed over",
	"def": "only def main(): is passed over", "if": "leave it out", "else:": "leave it out", "elif": "leave it out",
	"try:": "leave it out: of a batch every result is kept, failed or not, as $_.results[1]", "except": "leave it out: a failed request of a batch is $_.results[1]",
	"except:": "leave it out: a failed request of a batch is $_.results[1]", "finally:": "leave it out", "while": "for $x in $list < … > goes over a list",
	"return": "leave it out", "pass": "leave it out", "del": "leave it out", "assert": "leave it out", "raise": "leave it out", "lambda": "leave it out",
}

// setupLine passes a line of Python that gets ready what the shell has, and
// refuses one whose body would not run as it does in Python.
func (c *checker) setupLine(n *syntax.Setup) {
	text := strings.Join(strings.Fields(n.Text), " ")
	head, _, _ := strings.Cut(text, " ")
	if loop, ok := strings.CutPrefix(strings.TrimPrefix(text, "async "), "for "); ok {
		c.pythonLoop(n, loop)
		return
	}
	switch {
	case strings.HasPrefix(text, "def "), strings.HasPrefix(text, "async def "):
		if !strings.Contains(text, "()") {
			c.errorf(n, "a function with parameters is not run").Fix = "give its lines, with values in place of its parameters"
		}
	case head == "with", head == "async":
		if !strings.Contains(strings.ToLower(text), "client") {
			c.errorf(n, "of Python's with, only the one of a client is known").Fix = "leave the line out"
		}
	}
}

// pythonLoop refuses a loop of Python's, "x in list:", with how it is written here.
func (c *checker) pythonLoop(n *syntax.Setup, text string) {
	name, over, _ := strings.Cut(strings.TrimSuffix(text, ":"), " in ")
	e := c.errorf(n, "a loop of Python's is not run")
	e.Fix = "write for $" + name + " in $list < … >"
	f := syntax.Parse(over)
	if len(f.Errs) > 0 || len(f.Stmts) != 1 {
		return
	}
	switch x := f.Stmts[0].X.(type) {
	case *syntax.Python:
		call, ok := x.X.(*syntax.Call)
		if !ok {
			return
		}
		owner, method := cutOwner(call.Name.Text)
		if line, known := friendlyLines[method]; known && isOwnedByClient(owner) {
			e.Fix = "write " + c.friendlyLine(line.line, argsOf(call, line.params)) + ", then for $" + name + " in $_." + listOf(method) + " < … >"
		}
	case *syntax.Call:
		if first, _, _ := strings.Cut(x.Name.Text, "."); len(x.Args) == 0 && !x.Paren {
			if _, known := c.variable(first); known {
				e.Fix = "write for $" + name + " in $" + x.Name.Text + " < … >"
			}
		}
	}
}

// listOf is the field that has what a friendly method of Telethon's goes over.
func listOf(method string) string {
	_, what, _ := strings.Cut(method, "_")
	switch what {
	case "participants":
		return "users"
	case "admin_log":
		return "events"
	case "profile_photos":
		return "photos"
	}
	return what
}

// pythonStmt checks one of Telethon's forms. Inside it Python's rules hold.
func (c *checker) pythonStmt(x *syntax.Python) {
	c.python = true
	first := len(c.info.Diags)
	if !c.pythonKept(x.X) {
		c.pythonRun(x.X)
	}
	c.python = false
	// A name that is being typed may yet become a call.
	if end := len(strings.TrimRight(c.src, " \t")); !syntax.Closed(x) {
		for _, e := range c.info.Diags[first:] {
			e.Partial = e.Partial || e.Span.To+1 >= end
		}
	}
}

// pythonKept checks what stands behind x = and runs nothing: a list, or a name. It
// reports that this is all.
func (c *checker) pythonKept(n syntax.Node) bool {
	st := c.info.Stmt
	to, ok := st.Assign.(*syntax.Var)
	if !ok {
		return false
	}
	switch n := n.(type) {
	case *syntax.Var:
		// Of the shell's own language, which wants the $, where no variable is meant.
		if _, known := c.variable(n.Name); !known {
			c.slot(n, nil, RoleVar)
			c.notPython(to, to.Name, st)
			return true
		}
	case *syntax.Word:
		if n.Text == "None" {
			c.slot(n, nil, RoleBool)
			c.errorf(n, "None is no value to keep").Fix = "leave the line out"
			return true
		}
	case *syntax.List:
		v := c.pythonUntyped(n)
		if vec := v.Vector(); vec != nil && !slices.ContainsFunc(vec.Items, isRequest) {
			c.info.Kind, c.info.Value = Value, v
			return true
		}
	}
	return false
}

// isRequest reports the object of a request, and not of a constructor.
func isRequest(v tl.Value) bool { o := v.Object(); return o != nil && o.Def().Method }

// pythonRun checks what a statement in Python's syntax does.
func (c *checker) pythonRun(n syntax.Node) {
	in := c.info
	switch n := n.(type) {
	case *syntax.Call:
		c.pythonCall(n)
		return
	case *syntax.Chain:
		if len(n.Path) == 0 && n.Call != nil && syntax.Shows(n.Call.Name.Text) {
			c.pythonRun(n.X)
			return
		}
		c.behind(n)
		return
	case *syntax.List:
		c.errorf(n, "a list of requests is sent by client([…])").Fix = "client([A(…), B(…)]), or batch < … >"
		return
	case *syntax.Missing, *syntax.Bad:
		return
	}
	in.Kind = Value
	in.Value = c.pythonUntyped(n)
}

// behind refuses a path or a method behind the result of a call.
func (c *checker) behind(n *syntax.Chain) {
	at := syntax.Node(n)
	if len(n.Path) > 0 {
		at = n.Path[0]
	} else if n.Call != nil {
		at = n.Call.Name
	}
	s := n.Span()
	rest := strings.TrimSpace(c.src[n.X.Span().To:s.To])
	rest = strings.TrimLeft(rest, ")")
	e := c.errorf(at, "a path follows a variable only, and this is the result of a call")
	e.Fix = "keep it first: $x = …, then $x" + rest
	e.Partial = false
}

// idle are the calls that get ready what the shell has, or leave it.
var idle = map[string]bool{
	"TelegramClient": true, "StringSession": true, "MemorySession": true, "SQLiteSession": true,
	"start": true, "connect": true, "disconnect": true, "run_until_disconnected": true, "run_until_complete": true, "run": true, "main": true,
}

// pythonCall checks a call at the head of a statement.
func (c *checker) pythonCall(n *syntax.Call) {
	in, name := c.info, n.Name.Text
	owner, last := cutOwner(name)
	switch {
	case syntax.IsClient(name), in.Stmt != nil && in.Stmt.Await != nil && owner == "" && lower(name) && !idle[name]:
		in.record(n.Name, Slot{Kind: SlotValue, Role: RoleCommand, Next: -1})
		c.client(n)
	case name == "print":
		in.record(n.Name, Slot{Kind: SlotValue, Role: RoleCommand, Next: -1})
		c.print(n)
	case idle[last] && (owner == "" || owner == "asyncio" || isOwnedByClient(owner)):
		c.noteArgs(n)
	case c.reference(n) != nil:
		in.Kind = Value
		at := place{put: func(v tl.Value) { in.Value = v }}
		switch t := c.schema.TypeOf("InputPeer"); {
		case last == "get_entity" || last == "get_me":
			c.wholly(n, at)
		case t != nil:
			in.Value = c.value(n, t, at)
		}
	case c.uploadFile(n) != nil:
		in.Kind = Value
		in.Value, _ = c.pythonUpload(n, c.schema.TypeOf("InputFile"), place{put: func(v tl.Value) { in.Value = v }})
	case isOwnedByClient(owner):
		c.friendly(n, last)
	case c.ofObject(n):
		c.looseArgs(n)
	default:
		c.class(n)
	}
}

func lower(name string) bool { return name != "" && name[0] >= 'a' && name[0] <= 'z' }

// cutOwner parts a dotted name before its last part.
func cutOwner(name string) (owner, last string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "", name
	}
	return name[:i], name[i+1:]
}

func isOwnedByClient(owner string) bool {
	for ; owner != ""; owner, _ = cutOwner(owner) {
		if syntax.IsClient(owner) {
			return true
		}
	}
	return false
}

// noteArgs records the arguments of a call that is passed over.
func (c *checker) noteArgs(n *syntax.Call) {
	c.info.record(n.Name, Slot{Kind: SlotValue, Role: RoleCommand, Next: -1})
	for _, a := range n.Args {
		if a.Name != nil {
			c.info.record(a.Name, Slot{Kind: SlotName, Role: RoleParam, Next: -1})
		}
	}
}

// class checks the call of a class: a request to send, or a value.
func (c *checker) class(n *syntax.Call) {
	in := c.info
	in.Call = n
	def := c.classOf(n.Name, nil, place{})
	if def == nil {
		c.looseArgs(n)
		return
	}
	in.Kind = Value
	if def.Method {
		in.Kind = Request
	}
	in.record(n.Name, Slot{Kind: SlotHead, Role: roleOf(def), Of: def})
	in.Value = c.arguments(n, def).Value()
}

// looseArgs records the arguments of a call that is not known.
func (c *checker) looseArgs(n *syntax.Call) {
	for _, a := range n.Args {
		if a.Name != nil {
			c.info.record(a.Name, Slot{Kind: SlotName, Next: -1})
		}
		c.slot(a.Value, nil, RoleNone)
	}
}

// client checks client(request) and client([request, …], ordered=True).
func (c *checker) client(n *syntax.Call) {
	var what syntax.Node
	ordered := false
	for i, a := range n.Args {
		switch {
		case a.Name == nil && i == 0, a.Name != nil && a.Name.Text == "request" && what == nil:
			what = a.Value
		case a.Name != nil && a.Name.Text == "ordered", a.Name == nil && i == 1:
			ordered = c.truth(a.Value)
		case a.Name != nil && a.Name.Text == "flood_sleep_threshold":
			c.errorf(a.Name, "how long a flood wait is slept is not said request by request").Fix = "leave it out, and begin tlsh with --max-wait=60s"
		default:
			c.errorf(a, "client() takes a request, or a list of requests and ordered=True")
		}
		if a.Name != nil {
			c.info.record(a.Name, Slot{Kind: SlotName, Role: RoleParam, Next: -1})
		}
	}
	switch x := what.(type) {
	case nil:
		e := c.errorf(n.Name, "client() wants a request")
		e.Fix, e.Partial = "as in client(SendMessageRequest('me', 'Hello'))", !n.Closed
	case *syntax.List:
		c.info.Kind, c.info.Ordered = Batch, ordered
		c.clientList(x)
	default:
		c.request(x)
	}
}

// truth reads True or False where nothing else is meant.
func (c *checker) truth(n syntax.Node) bool {
	c.slot(n, nil, RoleBool)
	w, ok := n.(*syntax.Word)
	if !ok || w.Text != "True" && w.Text != "False" {
		c.errorf(n, "want True or False, found %s", c.text(n))
		return false
	}
	return w.Text == "True"
}

// clientList checks the requests of a list, which are sent together.
func (c *checker) clientList(l *syntax.List) {
	if len(l.Elems) == 0 && l.Closed {
		c.errorf(l, "the list of requests is empty").Fix = "client([GetConfigRequest(), GetNearestDcRequest()])"
	}
	for _, e := range l.Elems {
		sub := &checker{schema: c.schema, env: c.env, src: c.src, loops: c.loops, later: c.later,
			info: c.info.within(c.info.Stmt), python: true}
		sub.request(e)
		c.info.Batch = append(c.info.Batch, &Element{Stmt: c.info.Stmt, Value: sub.info.Object()})
		c.info.Holes = append(c.info.Holes, sub.info.Holes...)
		c.info.Diags = append(c.info.Diags, sub.info.Diags...)
	}
}

// request checks one request that the client is given.
func (c *checker) request(n syntax.Node) {
	call, ok := n.(*syntax.Call)
	if !ok {
		switch n.(type) {
		case *syntax.Missing, *syntax.Bad:
			return
		}
		c.errorf(n, "client() wants a request, not %s", c.text(n)).Fix = "as in client(SendMessageRequest('me', 'Hello'))"
		return
	}
	if owner, last := cutOwner(call.Name.Text); isOwnedByClient(owner) {
		c.friendly(call, last)
		return
	}
	c.class(call)
	if c.info.Kind == Value {
		c.errorf(call.Name, "%s is no request: client() sends requests", c.text(call.Name)).Fix = "without client(…) it is a value"
		c.info.Kind, c.info.Value = Empty, tl.Value{}
	}
}

// print checks print(x), which shows x.
func (c *checker) print(n *syntax.Call) {
	if len(n.Args) != 1 || n.Args[0].Name != nil {
		if n.Closed {
			c.errorf(n, "print() shows one value here, and %d are given", len(n.Args)).Fix = "a line for each: print(a)"
		}
		return
	}
	c.pythonRun(n.Args[0].Value)
}

// telethonName gives the TL name of a Telethon class such as
// SendMessageRequest where it stands without its arguments, or "".
func (c *checker) telethonName(name string) string {
	if defs := c.classes(name); len(defs) > 0 {
		return c.chosen(defs, nil)[0].Name
	}
	return ""
}

// pythonUntyped checks a value where any may stand.
func (c *checker) pythonUntyped(n syntax.Node) tl.Value {
	switch n := n.(type) {
	case *syntax.Var:
		c.slot(n, nil, RoleVar)
		if c.uncalled(n) {
			return tl.Value{}
		}
		v, _ := c.lookup(n)
		return v
	case *syntax.Missing, *syntax.Bad:
		return tl.Value{}
	case *syntax.Chain:
		if v, ok := c.evaluate(n); ok {
			return v.value()
		}
		c.behind(n)
		return tl.Value{}
	case *syntax.Call:
		if v, ok := c.evaluate(n); ok {
			return v.value()
		}
		def := c.classOf(n.Name, nil, place{})
		if def == nil {
			c.looseArgs(n)
			return tl.Value{}
		}
		c.info.record(n.Name, Slot{Kind: SlotValue, Role: roleOf(def), Of: def, Next: -1})
		return c.arguments(n, def).Value()
	}
	if v, ok := c.evaluate(n); ok {
		c.slot(n, nil, v.role())
		return v.value()
	}
	if l, ok := n.(*syntax.List); ok {
		items := make([]tl.Value, len(l.Elems))
		for i, e := range l.Elems {
			items[i] = c.pythonUntyped(e)
		}
		return tl.VectorOf(commonType(items), items...)
	}
	c.errorf(n, "%s is no value that can be shown", c.text(n))
	return tl.Value{}
}
