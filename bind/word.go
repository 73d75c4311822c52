package bind

import (
	"math"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// word binds a bare word: what it means, the wanted type decides.
func (c *checker) word(n *syntax.Word, t *schema.Type, at place) tl.Value {
	switch t.Kind {
	case schema.KindString:
		c.role(n, RoleString)
		if tag, name := tagged(n.Text); tag == "env" {
			v, ok := c.env.Getenv(name)
			if !ok {
				c.errorf(n, "the environment has no %s", show(name))
			}
			return tl.String(v)
		}
		if !c.fits(n, len(n.Text), at) {
			return tl.Value{}
		}
		return tl.String(n.Text)
	case schema.KindInt, schema.KindLong:
		c.role(n, RoleNumber)
		if v, done := c.number(n, t, at); done {
			return v
		}
	case schema.KindDouble:
		c.role(n, RoleNumber)
		if f, ok := double(n.Text); ok {
			return tl.Double(f)
		}
	case schema.KindBool, schema.KindTrue:
		c.role(n, RoleBool)
		return c.boolean(n, t, at)
	case schema.KindBytes, schema.KindInt128, schema.KindInt256:
		c.role(n, RoleString)
		return c.bytes(n, t, at)
	case schema.KindBoxed, schema.KindBare, schema.KindAny:
		return c.object(n, t, at)
	}
	c.mismatch(n, t, at)
	return tl.Value{}
}

// number binds a whole number, or a word that the parameter takes for one. done
// is false when it is none.
func (c *checker) number(n *syntax.Word, t *schema.Type, at place) (w tl.Value, done bool) {
	v, ok := integer(n.Text)
	switch {
	case !ok:
		return c.numberText(n, n.Text, t, at)
	case !v.IsInt64() || t.Kind == schema.KindInt && (v.Int64() < math.MinInt32 || v.Int64() > math.MaxInt32):
		c.errorf(n, "%s does not fit into %s", c.text(n), plainWants(t)).Partial = false
	case t.Kind == schema.KindInt:
		return tl.Int(int32(v.Int64())), true
	default:
		return tl.Long(v.Int64()), true
	}
	return tl.Value{}, true
}

func (c *checker) boolean(n *syntax.Word, t *schema.Type, at place) tl.Value {
	switch n.Text {
	case "true", "boolTrue":
		return tl.Bool(true)
	case "false", "boolFalse":
		return tl.Bool(false)
	}
	e := c.mismatch(n, t, at)
	switch strings.ToLower(n.Text) {
	case "yes", "on", "1", "true":
		e.Fix = "write true"
	case "no", "off", "0", "false":
		e.Fix = "write false"
	}
	return tl.Value{}
}

func (c *checker) bytes(n *syntax.Word, t *schema.Type, at place) tl.Value {
	tag, rest := tagged(n.Text)
	var b []byte
	var err error
	switch {
	case tag == "hex":
		b, err = unhex(rest)
	case tag == "base64":
		b, err = unbase64(rest)
	case tag == "file" && t.Kind == schema.KindBytes && rest != "":
		if path, ok := c.pathIn(n, rest); ok {
			c.hole(&Hole{Kind: HoleFile, Want: t, Node: n, Text: path}, at)
		}
		return tl.Value{}
	default:
		e := c.mismatch(n, t, at)
		if t.Kind == schema.KindBytes {
			e.Fix = "quote it: " + syntax.Quote(n.Text)
		}
		return tl.Value{}
	}
	if err != nil {
		c.errorf(n, "%s: %v", at.path(), err)
		return tl.Value{}
	}
	switch {
	case !c.fits(n, len(b), at):
		return tl.Value{}
	case t.Kind == schema.KindBytes:
		return tl.Bytes(b)
	case t.Kind == schema.KindInt128 && len(b) == 16:
		return tl.Int128([16]byte(b))
	case t.Kind == schema.KindInt256 && len(b) == 32:
		return tl.Int256([32]byte(b))
	}
	c.errorf(n, "%s wants %s, and %d digits are there", at.path(), c.wants(t, at), 2*len(b))
	return tl.Value{}
}

// object binds a word where an object is wanted: a constructor without
// arguments, a reference to somebody, or what a cast makes of it.
func (c *checker) object(n *syntax.Word, t *schema.Type, at place) tl.Value {
	if def := c.named(n.Text, t); def != nil && !c.rather(n.Text, def, t) {
		c.info.record(n, Slot{Kind: SlotValue, Role: roleOf(def), Want: t, Of: def, Next: -1})
		return c.convert(n, c.bare(n, def).Value(), t, at)
	}
	if tag, text := tagged(n.Text); tag == "file" && Uploads(t) && text != "" {
		path, ok := c.pathIn(n, text)
		if !ok {
			return tl.Value{}
		}
		if v, done := c.upload(n, path, t, at); done {
			return v
		}
	}
	near, named := "", strings.HasPrefix(n.Text, "input") || strings.HasPrefix(n.Text, "peer")
	if named {
		// What looks like a constructor's name is not taken for a text.
		near = syntax.Suggest(n.Text, c.makers(t))
	}
	if near == "" {
		if v, done := c.objectText(n, n.Text, true, t, at); done {
			if c.info.slots[n].Role == RoleNone {
				c.role(n, RoleString)
			}
			return v
		}
	}
	if near == "" && !IsPeer(t) {
		near = syntax.Suggest(n.Text, append(c.makers(t), Choices(t)...))
	}
	if IsPeer(t) && near == "" {
		c.role(n, RolePeer)
		c.hole(&Hole{Kind: HolePeer, Want: t, Node: n, Text: n.Text}, at)
		return tl.Value{}
	}
	e := c.mismatch(n, t, at)
	if near != "" {
		e.Fix = "did you mean " + near + "?"
	} else if def := longDef(n.Text, t); def != nil {
		e.Fix = "write " + def.Name + "(…): it takes " + signature(def)
	} else if names := Choices(t); len(names) > 0 && len(names) <= 6 && Accepts(nil, nil, t) == t.Name {
		e.Fix = "one of " + strings.Join(names, ", ")
	}
	return tl.Value{}
}

// rather reports a word that is better read as something else than as the
// constructor of its name: in JSON, as a short word, and where the constructor
// makes another type and cannot stand without arguments anyway.
func (c *checker) rather(word string, def *schema.Combinator, t *schema.Type) bool {
	if t.Kind != schema.KindBoxed || def.Result.Class == t.Class {
		return false
	}
	return isJSON(t) && (literal(word) || word == "null") || needsValue(def) || shortDef(word, t) != nil
}

// named is the constructor called so, or the method where any object may
// stand, if it can stand where t is wanted without arguments or with a cast.
func (c *checker) named(name string, t *schema.Type) *schema.Combinator {
	if def := c.schema.Constructor(name); def != nil {
		return def
	}
	if t.Kind == schema.KindAny {
		return c.schema.Method(name)
	}
	return nil
}

// bare binds a definition that stands without arguments.
func (c *checker) bare(n *syntax.Word, def *schema.Combinator) *tl.Object {
	o := tl.New(def)
	b := &binding{checker: c, name: n, end: n.Span().To, def: def, o: o, given: make([]bool, len(def.Params))}
	b.complete()
	return o
}

func (c *checker) untypedWord(n *syntax.Word, at place) tl.Value {
	s := n.Text
	if _, ok := c.info.slots[n]; !ok {
		c.info.record(n, Slot{Kind: SlotValue, Next: -1})
	}
	if c.stands(n) {
		return tl.Value{}
	}
	tag, rest := tagged(s)
	switch tag {
	case "hex", "base64":
		c.role(n, RoleString)
		read := unhex
		if tag == "base64" {
			read = unbase64
		}
		b, err := read(rest)
		if err != nil {
			c.errorf(n, "%v", err)
			return tl.Value{}
		}
		return tl.Bytes(b)
	case "file":
		if rest != "" {
			c.role(n, RoleString)
			if path, ok := c.pathIn(n, rest); ok {
				c.hole(&Hole{Kind: HoleFile, Node: n, Text: path}, at)
			}
			return tl.Value{}
		}
	case "double":
		c.role(n, RoleNumber)
		if f, ok := double(s); ok {
			return tl.Double(f)
		}
		c.errorf(n, "double: wants 16 hexadecimal digits")
		return tl.Value{}
	case "env":
		v, ok := c.env.Getenv(rest)
		if !ok {
			c.errorf(n, "the environment has no %s", show(rest))
		}
		return tl.String(v)
	}
	switch s {
	case "true", "boolTrue":
		c.role(n, RoleBool)
		return tl.Bool(true)
	case "false", "boolFalse":
		c.role(n, RoleBool)
		return tl.Bool(false)
	}
	whole, ok := integer(s)
	if ok && whole.IsInt64() {
		c.role(n, RoleNumber)
		if i := whole.Int64(); i == int64(int32(i)) {
			return tl.Int(int32(i))
		}
		return tl.Long(whole.Int64())
	}
	// A whole number that fits nowhere keeps its digits: as a double it would lose some.
	if f, isDouble := double(s); isDouble && (!ok || strings.ContainsAny(s, ".eE")) {
		c.role(n, RoleNumber)
		return tl.Double(f)
	}
	if def := c.schema.Constructor(s); def != nil {
		c.info.record(n, Slot{Kind: SlotValue, Role: roleOf(def), Of: def, Next: -1})
		return c.bare(n, def).Value()
	}
	c.role(n, RoleString)
	return tl.String(s)
}
