package bind

import (
	"fmt"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// SlotKind says what stands, or could stand, at a place of the line.
type SlotKind uint8

// The kinds of a slot.
const (
	SlotNone     SlotKind = iota
	SlotHead              // a request, a constructor or a command at the head of a statement
	SlotName              // the name of a parameter of Of, or a positional value of it
	SlotValue             // a value of Want
	SlotVar               // a variable's name
	SlotArgument          // an argument of a command, or of a pipe
	SlotPipe              // the name of a pipe stage
	SlotOrdered           // the word behind the > of a batch
)

// Role says what a node turned out to be, for colours.
type Role uint8

// The roles of a node.
const (
	RoleNone Role = iota
	RoleRequest
	RoleConstructor
	RoleParam
	RoleString
	RoleNumber
	RoleBool
	RolePeer
	RoleVar
	RoleCommand
	RoleError
)

// Slot is what the schema wanted at a node.
type Slot struct {
	Kind SlotKind
	Role Role
	// Want is the type of a SlotValue; nil where any value may stand.
	Want *schema.Type
	// Of is the definition whose name (SlotHead, SlotValue) or parameters
	// (SlotName) stand here.
	Of *schema.Combinator
	// Given are the parameters of Of that have a value already (SlotName).
	Given []bool
	// Next is the index in Of.Params of the parameter that a positional value
	// would fill (SlotName), or -1.
	Next int
}

// Slot is what was wanted at the node n.
func (in *Info) Slot(n syntax.Node) (Slot, bool) {
	s, ok := in.slots[n]
	return s, ok
}

// Param is the index, among the parameters of its call's definition, of the one
// that the argument was bound to; -1 when it was bound to none.
func (in *Info) Param(a *syntax.Arg) int {
	if i, ok := in.args[a]; ok {
		return i
	}
	return -1
}

// SlotAt is what was wanted at the byte offset off of the file, and the node
// that stands there: the innermost node with a slot.
func (in *Info) SlotAt(f *syntax.File, off int) (syntax.Node, Slot, bool) {
	for _, n := range syntax.PathAt(f, off) {
		s, ok := in.slots[n]
		if !ok {
			continue
		}
		if l, is := n.(*syntax.List); is && off > l.Span().From {
			// Inside the brackets an element is wanted, not the vector.
			s.Role = RoleNone
			if s.Want != nil && s.Want.Kind == schema.KindVector {
				s.Want = s.Want.Elem
			}
		}
		return n, s, true
	}
	return nil, Slot{}, false
}

// errorf adds a diagnostic at n. What stands open at the very end of the
// source may yet become right.
func (c *checker) errorf(n syntax.Node, format string, a ...any) *syntax.Error {
	e := &syntax.Error{Span: n.Span(), Msg: fmt.Sprintf(format, a...)}
	e.Partial = n.Span().To >= len(strings.TrimRight(c.src, " \t")) && !syntax.Closed(n)
	c.info.Diags = append(c.info.Diags, e)
	if s, ok := c.info.slots[n]; ok && !e.Partial {
		s.Role = RoleError
		c.info.record(n, s)
	}
	return e
}

func (c *checker) text(n syntax.Node) string {
	s := n.Span()
	return show(strings.TrimSpace(c.src[s.From:s.To]))
}

// show is a piece of the line as a message quotes it: short, on one line, and
// safe on a terminal.
func show(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	if syntax.IsWord(s) {
		return s
	}
	q := syntax.Quote(s)
	if inner := q[1 : len(q)-1]; strings.ReplaceAll(inner, `\"`, `"`) == s {
		return s
	}
	return q
}

// describe names a value in a message.
func describe(v tl.Value) string {
	switch v.Kind() {
	case tl.KindObject:
		return article(v.Object().Def().Name)
	case tl.KindVector:
		if e := v.Vector().Elem; e != nil {
			return "a Vector<" + e.Name + ">"
		}
		return "a Vector"
	case tl.KindNone:
		return "nothing"
	}
	return article(v.Kind().String())
}

func article(s string) string {
	if s != "" && strings.ContainsRune("aeiouAEIOU", rune(s[0])) && !strings.HasPrefix(s, "us") && !strings.HasPrefix(s, "Us") {
		return "an " + s
	}
	return "a " + s
}

func hasDot(s string) bool { return strings.IndexByte(s, '.') >= 0 }

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
