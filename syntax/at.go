package syntax

// Closed reports whether n ends in its own bracket or quote, so that what is
// typed at its end is no longer part of it.
func Closed(n Node) bool {
	switch n := n.(type) {
	case *Call:
		return n.Paren && n.Closed
	case *List:
		return n.Closed
	case *String:
		return n.Closed
	case *Tagged:
		return n.Value.Closed
	case *Raw:
		return n.Closed
	case *Step:
		return n.closed
	case *Arg:
		return Closed(n.Value)
	case *Option:
		return n.Value != nil && Closed(n.Value)
	case *Batch:
		return n.Closed && n.Ordered == nil
	case *For:
		return n.Closed
	case *Python:
		return Closed(n.X)
	case *Chain:
		return n.Call != nil && Closed(n.Call) || n.Call == nil && Closed(n.Path[len(n.Path)-1])
	case *Bytes:
		return n.Closed
	case *Prefix:
		return Closed(n.X)
	}
	return false
}

// PathAt returns the nodes that the cursor at off is in, innermost first and
// the file last. A cursor at the end of a node is in it unless the node is
// Closed; between two nodes that touch it is in the left one then. A
// statement, a call without parentheses and a pipe reach up to what ends them,
// so that a cursor in a gap between arguments, or after the last one, is in
// them.
func PathAt(f *File, off int) []Node {
	off = max(0, min(off, len(f.Src)))
	path := []Node{f}
	for n := Node(f); n != nil; {
		n = childAt(n, off)
		if n != nil {
			path = append(path, n)
		}
	}
	for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
		path[i], path[j] = path[j], path[i]
	}
	return path
}

func childAt(n Node, off int) Node {
	for _, k := range n.Children() {
		s := k.Span()
		if _, step := k.(*Step); s.From > off || step && s.From == off {
			return nil // before the . or [ of a step the cursor is at what has the path
		}
		if off < s.To || off == s.To && !Closed(k) {
			return k
		}
	}
	return nil
}
