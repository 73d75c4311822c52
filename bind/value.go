package bind

import (
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// value binds the node n to the type t. It gives nothing where there is a hole
// or an error.
func (c *checker) value(n syntax.Node, t *schema.Type, at place) tl.Value {
	c.slot(n, t, RoleNone)
	if t.Kind == schema.KindVector {
		return c.vector(n, t, at)
	}
	if c.python {
		if v, ok := c.pythonValue(n, t, at); ok {
			return v
		}
	}
	switch n := n.(type) {
	case *syntax.Missing:
		c.errorf(n, "want a value for %s: %s", at.path(), c.wants(t, at)).Partial = n.Span().To >= len(c.src)
	case *syntax.Bad:
	case *syntax.Word:
		if c.stands(n) {
			return tl.Value{}
		}
		return c.word(n, t, at)
	case *syntax.String:
		return c.str(n, t, at)
	case *syntax.Tagged:
		return c.tag(n, t, at)
	case *syntax.Call:
		return c.nested(n, t, at)
	case *syntax.Var:
		return c.variableValue(n, t, at)
	case *syntax.List:
		if isJSON(t) {
			if v := c.untyped(n, func(tl.Value) {}); !v.IsNone() {
				return c.convert(n, v, t, at)
			}
			return tl.Value{}
		}
		c.mismatch(n, t, at)
	default:
		c.mismatch(n, t, at)
	}
	return tl.Value{}
}

func (c *checker) slot(n syntax.Node, t *schema.Type, role Role) {
	c.info.record(n, Slot{Kind: SlotValue, Want: t, Role: role, Next: -1})
}

func (c *checker) role(n syntax.Node, r Role) {
	s := c.info.slots[n]
	s.Role = r
	c.info.record(n, s)
}

// mismatch says that the node cannot be a t.
func (c *checker) mismatch(n syntax.Node, t *schema.Type, at place) *syntax.Error {
	return c.errorf(n, "%s wants %s, not %s", at.path(), c.wants(t, at), c.text(n))
}

// vector binds [ … ]; where a vector is wanted, one element may stand for it.
func (c *checker) vector(n syntax.Node, t *schema.Type, at place) tl.Value {
	l, ok := n.(*syntax.List)
	if !ok {
		switch n := n.(type) {
		case *syntax.Missing, *syntax.Bad:
			c.errorf(n, "want a value for %s: %s", at.path(), c.wants(t, at)).Partial = n.Span().To >= len(c.src)
			return tl.Value{}
		case *syntax.Var:
			v, ok := c.lookup(n)
			if !ok {
				c.unknown(n, t, at)
				return tl.Value{}
			}
			if v.Kind() == tl.KindVector {
				return c.convert(n, v, t, at)
			}
		}
		items := make([]tl.Value, 1)
		items[0] = c.value(n, t.Elem, at.at(0, items))
		s := c.info.slots[n]
		s.Want = t
		c.info.record(n, s)
		return tl.VectorOf(t.Elem, items...)
	}
	if l.Tag != nil && l.Tag.Text != t.Elem.Name {
		c.errorf(l.Tag, "%s wants %s, not %s[…]", at.path(), t, l.Tag.Text)
		return tl.Value{}
	}
	// Splices make the vector longer, so its places are counted first.
	size := 0
	spliced := make([][]tl.Value, len(l.Elems))
	for i, e := range l.Elems {
		if v, ok := e.(*syntax.Var); ok && overAll(v) {
			c.slot(v, t, RoleVar)
			w, ok := c.lookup(v)
			switch {
			case ok && w.Kind() == tl.KindVector:
				spliced[i] = w.Vector().Items
			case c.pending(v):
				spliced[i] = make([]tl.Value, 1) // it stands for as many as there will be
			}
			size += len(spliced[i])
			continue
		}
		size++
	}
	items := make([]tl.Value, size)
	k := 0
	for i, e := range l.Elems {
		if v, ok := e.(*syntax.Var); ok && overAll(v) {
			for _, w := range spliced[i] {
				if w.IsNone() {
					c.unknown(v, t.Elem, at.at(k, items))
				} else {
					items[k] = c.convert(v, w, t.Elem, at.at(k, items))
				}
				k++
			}
			continue
		}
		if v := c.value(e, t.Elem, at.at(k, items)); !v.IsNone() {
			items[k] = v
		}
		k++
	}
	return tl.VectorOf(t.Elem, items...)
}

// overAll reports a path that gives a list: $x[], $_.messages[].id.
func overAll(v *syntax.Var) bool {
	for _, s := range v.Path {
		if s.Kind == syntax.StepEach {
			return true
		}
	}
	return false
}

// MaxValue is the largest string or bytes that a request may hold, in bytes: a
// message of MTProto that leaves in a container has no more
// (https://core.telegram.org/mtproto/service_messages#containers).
const MaxValue = 1 << 20

// fits reports a value that is too large for a request, before it is sent.
func (c *checker) fits(n syntax.Node, size int, at place) bool {
	if c.info.Kind != Request || size <= MaxValue {
		return true
	}
	e := c.errorf(n, "%s has %d bytes, and a request can hold %d", at.path(), size, MaxValue)
	e.Partial = false
	e.Fix = "send it as a file: messages.sendMedia with media=file:PATH"
	return false
}

// str binds a quoted string.
func (c *checker) str(n *syntax.String, t *schema.Type, at place) tl.Value {
	c.role(n, RoleString)
	switch t.Kind {
	case schema.KindString, schema.KindBytes:
		if !c.fits(n, len(n.Value), at) {
			return tl.Value{}
		}
		if t.Kind == schema.KindString {
			return tl.String(n.Value)
		}
		return tl.Bytes([]byte(n.Value))
	}
	if IsPeer(t) {
		c.role(n, RolePeer)
		c.hole(&Hole{Kind: HolePeer, Want: t, Node: n, Text: n.Value, Quoted: true}, at)
		return tl.Value{}
	}
	if t.Kind == schema.KindBoxed {
		if v, done := c.objectText(n, n.Value, false, t, at); done {
			return v
		}
	} else if v, done := c.numberText(n, n.Value, t, at); done {
		return v
	}
	e := c.mismatch(n, t, at)
	if plain(n.Value) && (t.Kind != schema.KindBoxed && t.Kind != schema.KindAny || c.schema.Constructor(n.Value) != nil) {
		e.Fix = "without the quotes: " + n.Value
	}
	return tl.Value{}
}

// plain reports that s without quotes would be one word.
func plain(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(",;|()[]<>\"'`#=\\", r) {
			return false
		}
	}
	return s != ""
}

func (c *checker) hole(h *Hole, at place) {
	h.Of, h.Param, h.Path, h.at = at.of, at.param, at.path(), at
	c.info.Holes = append(c.info.Holes, h)
}

// tag binds a tag that touches a string.
func (c *checker) tag(n *syntax.Tagged, t *schema.Type, at place) tl.Value {
	switch {
	case n.Tag.Text == "md" || n.Tag.Text == "html":
		return c.marked(n, t, at)
	case n.Tag.Text == "file:" && t.Kind == schema.KindBytes:
		c.role(n, RoleString)
		c.hole(&Hole{Kind: HoleFile, Want: t, Node: n, Text: n.Value.Value}, at)
	case t.Kind == schema.KindString:
		c.errorf(n, "a tag does not act where a string is wanted").Fix = "quote all of it, or leave out " + n.Tag.Text
	default:
		if n.Tag.Text == "file:" {
			if v, done := c.upload(n, n.Value.Value, t, at); done {
				return v
			}
		}
		c.mismatch(n, t, at)
	}
	return tl.Value{}
}

// nested binds a constructor with its parentheses, or a request where any
// object may stand.
func (c *checker) nested(n *syntax.Call, t *schema.Type, at place) tl.Value {
	def := c.constructor(n.Name, t, at)
	if def == nil {
		for _, a := range n.Args {
			if a.Name != nil {
				c.info.record(a.Name, Slot{Kind: SlotName, Next: -1})
			}
			c.untyped(a.Value, func(tl.Value) {})
		}
		return tl.Value{}
	}
	c.info.record(n.Name, Slot{Kind: SlotValue, Role: roleOf(def), Want: t, Of: def, Next: -1})
	o := c.arguments(n, def)
	return c.convert(n, o.Value(), t, at)
}

// constructor finds the definition called so where a t is wanted.
func (c *checker) constructor(name *syntax.Word, t *schema.Type, at place) *schema.Combinator {
	if c.python {
		return c.classOf(name, t, at)
	}
	c.slot(name, t, RoleNone)
	def := c.schema.Constructor(name.Text)
	if def == nil && IsPeer(t) {
		def = c.capitalPeer(name.Text)
	}
	if def == nil && t.Kind == schema.KindAny {
		def = c.schema.Method(name.Text)
	}
	if def != nil {
		return def
	}
	e := c.errorf(name, "there is no constructor %s, and %s wants %s", show(name.Text), at.path(), c.wants(t, at))
	if c.outline {
		return nil
	}
	if def := longDef(name.Text, t); def != nil {
		e.Fix = "did you mean " + def.Name + "?"
	} else if e.Fix = didYouMean(name.Text, c.makers(t)); e.Fix == "" {
		e.Fix = didYouMean(name.Text, c.allConstructors())
	}
	return nil
}

// capitalPeer is the Peer that Telethon writes with a capital letter:
// PeerUser(5), PeerChat(5), PeerChannel(5).
func (c *checker) capitalPeer(name string) *schema.Combinator {
	switch name {
	case "PeerUser", "PeerChat", "PeerChannel":
		return c.schema.Constructor("p" + name[1:])
	}
	return nil
}

// makers are the names of what makes a t.
func (c *checker) makers(t *schema.Type) []string {
	var out []string
	switch t.Kind {
	case schema.KindBoxed:
		for _, d := range t.Class.Constructors() {
			out = append(out, d.Name)
		}
	case schema.KindAny:
		return c.methodNames()
	}
	return out
}

func (c *checker) allConstructors() []string {
	out := make([]string, len(c.schema.Constructors()))
	for i, d := range c.schema.Constructors() {
		out[i] = d.Name
	}
	return out
}

// untyped binds a value where any may stand: what it is, its spelling says.
func (c *checker) untyped(n syntax.Node, put func(tl.Value)) tl.Value {
	if _, ok := c.info.slots[n]; !ok {
		c.info.record(n, Slot{Kind: SlotValue, Next: -1})
	}
	if c.python {
		return c.pythonUntyped(n)
	}
	at := place{put: put}
	switch n := n.(type) {
	case *syntax.Word:
		return c.untypedWord(n, at)
	case *syntax.String:
		c.role(n, RoleString)
		return tl.String(n.Value)
	case *syntax.Var:
		c.role(n, RoleVar)
		v, _ := c.lookup(n)
		return v
	case *syntax.List:
		return c.untypedList(n)
	case *syntax.Call:
		def := c.schema.Constructor(n.Name.Text)
		if def == nil {
			def = c.capitalPeer(n.Name.Text)
		}
		if def == nil {
			def = c.schema.Method(n.Name.Text)
		}
		if def == nil {
			c.slot(n.Name, nil, RoleNone)
			c.errorf(n.Name, "there is no constructor %s", show(n.Name.Text)).Fix = didYouMean(n.Name.Text, c.allConstructors())
			return tl.Value{}
		}
		c.info.record(n.Name, Slot{Kind: SlotValue, Role: roleOf(def), Of: def, Next: -1})
		return c.arguments(n, def).Value()
	case *syntax.Tagged:
		switch n.Tag.Text {
		case "file:":
			c.hole(&Hole{Kind: HoleFile, Node: n, Text: n.Value.Value}, at)
		case "md", "html":
			return c.marked(n, nil, at)
		}
	}
	return tl.Value{}
}

func (c *checker) untypedList(n *syntax.List) tl.Value {
	var elem *schema.Type
	if n.Tag != nil {
		if elem = c.schema.TypeOf(n.Tag.Text); elem != nil {
			return c.vector(n, &schema.Type{Kind: schema.KindVector, Name: "Vector<" + n.Tag.Text + ">", Elem: elem}, place{name: n.Tag.Text})
		}
	}
	items := make([]tl.Value, 0, len(n.Elems))
	var all tl.Value
	for _, e := range n.Elems {
		k := len(items)
		v := c.untyped(e, func(v tl.Value) { all.Vector().Items[k] = v })
		if w, ok := e.(*syntax.Var); ok && overAll(w) && v.Kind() == tl.KindVector {
			items = append(items, v.Vector().Items...)
			continue
		}
		items = append(items, v)
	}
	all = tl.VectorOf(commonType(items), items...)
	return all
}

// commonType is the type that all the values have, or nil.
func commonType(items []tl.Value) *schema.Type {
	var t *schema.Type
	for i, v := range items {
		var u *schema.Type
		switch v.Kind() {
		case tl.KindObject:
			u = v.Object().Def().Result
		case tl.KindVector, tl.KindNone, tl.KindRaw:
			return nil
		default:
			u = schema.Base(v.Kind().String())
		}
		if i > 0 && (u == nil || t == nil || u.Name != t.Name) {
			return nil
		}
		t = u
	}
	return t
}
