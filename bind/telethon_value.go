package bind

import (
	"math/big"
	"strings"
	"time"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// pythonValue binds what Python writes in its own way; ok is false for what
// binds as it does in the shell's own language.
func (c *checker) pythonValue(n syntax.Node, t *schema.Type, at place) (v tl.Value, ok bool) {
	switch n := n.(type) {
	case *syntax.String:
		return c.pythonString(n, t, at)
	case *syntax.Bytes:
		c.role(n, RoleString)
		return c.pythonBytes(n, []byte(n.Value), t, at), true
	case *syntax.Var:
		return tl.Value{}, c.uncalled(n)
	case *syntax.Call:
		if who := c.reference(n); who != nil {
			c.info.record(n.Name, Slot{Kind: SlotValue, Role: RoleCommand, Want: t, Next: -1})
			return c.value(who, t, at), true
		}
		if c.uploadFile(n) != nil {
			return c.pythonUpload(n, t, at)
		}
		if c.random(n, t, at) {
			return tl.Value{}, true
		}
		if v, ok := c.evaluate(n); ok {
			c.info.record(n.Name, Slot{Kind: SlotValue, Role: RoleCommand, Want: t, Next: -1})
			return c.pythonConvert(n, v, t, at), true
		}
		if owner, last := cutOwner(n.Name.Text); isOwnedByClient(owner) {
			c.friendly(n, last)
			return tl.Value{}, true
		}
	case *syntax.Word, *syntax.Binary, *syntax.Chain:
		v, ok := c.evaluate(n)
		if !ok {
			if ch, is := n.(*syntax.Chain); is {
				c.behind(ch)
				return tl.Value{}, true
			}
			c.mismatch(n, t, at)
			return tl.Value{}, true
		}
		return c.pythonConvert(n, v, t, at), true
	}
	return tl.Value{}, false
}

// uncalled refuses the name of a class without its parentheses.
func (c *checker) uncalled(n *syntax.Var) bool {
	if _, known := c.variable(n.Name); known || n.Name == "" {
		return false
	}
	s := n.Span()
	text := strings.TrimPrefix(c.src[s.From:s.To], "$")
	if defs := c.classes(text); len(defs) > 0 {
		c.errorf(n, "%s is a class, and its object is wanted", show(text)).Fix = "write " + text + "()"
		return true
	}
	return false
}

// pythonString binds a string. Where somebody is wanted it says who, as
// Telethon reads it: a username needs no @, and digits are a phone number.
func (c *checker) pythonString(n *syntax.String, t *schema.Type, at place) (tl.Value, bool) {
	switch {
	case IsPeer(t):
		c.role(n, RolePeer)
		c.hole(&Hole{Kind: HolePeer, Want: t, Node: n, Text: pythonRef(n.Value), Quoted: true}, at)
		return tl.Value{}, true
	case t.Kind == schema.KindTrue:
		c.role(n, RoleString)
		return tl.Bool(true), true
	}
	return tl.Value{}, false
}

// pythonRef is the reference that a string is in Telethon.
func pythonRef(s string) string {
	s = strings.TrimSpace(s)
	if s == "me" || s == "self" {
		return s
	}
	digits := strings.NewReplacer("+", "", "(", "", ")", "", " ", "", "-", "").Replace(s)
	if digits != "" && strings.Trim(digits, "0123456789") == "" && !strings.HasPrefix(s, "-") {
		return "+" + digits
	}
	if syntax.IsWord(s) && !strings.Contains(s, "-") && len(s) >= 3 && len(s) <= 32 {
		return "@" + s
	}
	return s
}

// pythonBytes binds bytes; Telethon takes them for a string too.
func (c *checker) pythonBytes(n syntax.Node, b []byte, t *schema.Type, at place) tl.Value {
	if !c.fits(n, len(b), at) {
		return tl.Value{}
	}
	switch t.Kind {
	case schema.KindString:
		return tl.String(string(b))
	case schema.KindTrue:
		return tl.Bool(true)
	}
	return c.convert(n, tl.Bytes(b), t, at)
}

// reference is who client.get_input_entity(…) and its like name, nil for any
// other call.
func (c *checker) reference(n *syntax.Call) syntax.Node {
	owner, last := cutOwner(n.Name.Text)
	switch {
	case isOwnedByClient(owner) && last == "get_me":
		return syntax.StringAt(n.Span(), "me")
	case len(n.Args) == 0 || n.Args[0].Name != nil && n.Args[0].Name.Text != "peer" && n.Args[0].Name.Text != "entity":
		return nil
	case isOwnedByClient(owner) && (last == "get_input_entity" || last == "get_entity"),
		owner == "utils" && (last == "get_input_peer" || last == "get_input_user" || last == "get_input_channel" || last == "get_peer"):
		return n.Args[0].Value
	}
	return nil
}

// wholly makes a hole of who client.get_entity(…) and client.get_me() name: the
// user, chat or channel itself.
func (c *checker) wholly(n *syntax.Call, at place) {
	first := len(c.info.Holes)
	if v := c.value(c.reference(n), c.schema.TypeOf("InputPeer"), place{put: func(tl.Value) {}}); !v.IsNone() {
		// An input object says who is meant, and is not who they are.
		c.hole(&Hole{Kind: HoleEntity, Node: n, Value: v}, at)
		return
	}
	for _, h := range c.info.Holes[first:] {
		h.Kind, h.Want, h.at = HoleEntity, nil, at
	}
	c.noteArgs(n)
}

// uploadFile is the path that client.upload_file(…) is given, nil for any other
// call and for a file that is no path.
func (c *checker) uploadFile(n *syntax.Call) *syntax.String {
	owner, last := cutOwner(n.Name.Text)
	if !isOwnedByClient(owner) || last != "upload_file" || len(n.Args) == 0 {
		return nil
	}
	if a := n.Args[0]; a.Name == nil || a.Name.Text == "file" {
		path, _ := a.Value.(*syntax.String)
		return path
	}
	return nil
}

// pythonUpload binds client.upload_file('…').
func (c *checker) pythonUpload(n *syntax.Call, t *schema.Type, at place) (tl.Value, bool) {
	c.noteArgs(n)
	path := c.uploadFile(n)
	c.slot(path, t, RoleString)
	if v, done := c.upload(n, path.Value, t, at); done {
		return v, true
	}
	e := c.mismatch(n, t, at)
	if def, _ := at.parameter(); def != nil {
		// In an earlier layer the file stood in its place.
		for i := range def.Params {
			if p := &def.Params[i]; p.Type.Name == "InputFile" {
				e.Fix = "name it: " + p.Name + "=…"
				break
			}
		}
	}
	return tl.Value{}, true
}

// random makes a hole of what Telethon's examples write for a random number.
func (c *checker) random(n *syntax.Call, t *schema.Type, at place) bool {
	if t.Kind != schema.KindInt && t.Kind != schema.KindLong {
		return false
	}
	switch owner, last := cutOwner(n.Name.Text); {
	case owner == "random" && (last == "randrange" || last == "randint" || last == "getrandbits"):
	case n.Name.Text == "int.from_bytes" && len(n.Args) > 0 && isUrandom(n.Args[0].Value):
	default:
		return false
	}
	c.info.record(n.Name, Slot{Kind: SlotValue, Role: RoleCommand, Want: t, Next: -1})
	c.hole(&Hole{Kind: HoleRandom, Want: t, Node: n}, at)
	return true
}

func isUrandom(n syntax.Node) bool {
	call, ok := n.(*syntax.Call)
	return ok && call.Name.Text == "os.urandom"
}

// pythonConvert makes a t of a value of Python's.
func (c *checker) pythonConvert(n syntax.Node, v pyValue, t *schema.Type, at place) tl.Value {
	c.role(n, v.role())
	switch x := v.v.(type) {
	case nil:
		if !v.bad {
			c.errorf(n, "%s wants %s, and None is nothing", at.path(), c.wants(t, at))
		}
	case bool:
		if t.Kind == schema.KindTrue || t.Kind == schema.KindBool {
			return tl.Bool(x)
		}
		return c.convert(n, tl.Bool(x), t, at)
	case *big.Int:
		return c.pythonInt(n, x, t, at)
	case float64:
		if t.Kind == schema.KindTrue {
			return tl.Bool(true)
		}
		return c.convert(n, tl.Double(x), t, at)
	case string:
		return c.value(syntax.StringAt(n.Span(), x), t, at)
	case []byte:
		return c.pythonBytes(n, x, t, at)
	case time.Duration:
		if def, p := at.parameter(); def != nil && dateName(p) {
			return c.pythonTime(n, pyTime{now: true, shift: x}, t, at)
		}
		return c.pythonInt(n, big.NewInt(int64(x/time.Second)), t, at)
	case pyTime:
		return c.pythonTime(n, x, t, at)
	}
	return tl.Value{}
}

func (c *checker) pythonInt(n syntax.Node, x *big.Int, t *schema.Type, at place) tl.Value {
	switch {
	case t.Kind == schema.KindTrue:
		return tl.Bool(true) // 0 sets a flag too: only None and False do not
	case t.Kind == schema.KindDouble:
		f, _ := new(big.Float).SetInt(x).Float64()
		return tl.Double(f)
	case !x.IsInt64(), t.Kind == schema.KindInt && x.Int64() != int64(int32(x.Int64())):
		c.errorf(n, "%s does not fit into %s", c.text(n), c.wants(t, at)).Partial = false
		return tl.Value{}
	}
	return c.convert(n, pyValue{v: x}.value(), t, at)
}

// pythonTime binds a point in time. One that is counted from now becomes a date
// of the shell's own, which is read when the request is sent.
func (c *checker) pythonTime(n syntax.Node, x pyTime, t *schema.Type, at place) tl.Value {
	if x.now {
		return c.value(syntax.StringAt(n.Span(), x.String()), t, at)
	}
	return c.pythonInt(n, big.NewInt(x.t.Unix()), t, at)
}

// dateName reports a parameter that Telethon takes for a date.
func dateName(p *schema.Param) bool {
	switch p.Name {
	case "expires", "expires_at", "was_online":
		return true
	}
	for _, part := range strings.Split(p.Name, "_") {
		if part == "date" || part == "until" || part == "since" {
			return true
		}
	}
	return false
}
