package syntax

// Python is an expression in Python's syntax, as it is pasted from Telethon's
// documentation. Inside it a name is a *Var without its $ unless it is called,
// a tuple is a *List, and strings have Python's escapes. Parentheses that only
// group and an await inside leave no node.
type Python struct {
	node
	X Node
}

// Chain goes on behind a value: with a path, with the call of a method, or
// with both. A variable has its path itself.
type Chain struct {
	node
	X    Node
	Path []*Step
	Call *Call // nil when the path is all
}

// Binary is X Op Y in Python; X is nil for a sign.
type Binary struct {
	node
	Op   *Word // + - * / // % **
	X, Y Node
}

// Bytes is Python's b'…'.
type Bytes struct {
	node
	Value  string
	Closed bool
}

// Setup is a line of Python that gets ready what the shell has anyway: an
// import, with TelegramClient(…) as client:, async def main():.
type Setup struct {
	node
	Text string // as it stands
}

// Children returns the expression.
func (n *Python) Children() []Node { return []Node{n.X} }

// Children returns the value, the steps and the call.
func (n *Chain) Children() []Node {
	kids := []Node{n.X}
	for _, s := range n.Path {
		kids = append(kids, s)
	}
	if n.Call != nil {
		kids = append(kids, n.Call)
	}
	return kids
}

// Children returns the operands and the operator between them.
func (n *Binary) Children() []Node {
	if n.X == nil {
		return []Node{n.Op, n.Y}
	}
	return []Node{n.X, n.Op, n.Y}
}

// Children returns nil: bytes have no parts.
func (n *Bytes) Children() []Node { return nil }

// Children returns nil: what only gets ready is not looked into.
func (n *Setup) Children() []Node { return nil }
