package syntax

import "slices"

// Equal reports whether a and b are the same tree but for spans, and for how
// their strings and numbers were spelt: which quotes, which escapes.
func Equal(a, b Node) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch a := a.(type) {
	case *File:
		b, ok := b.(*File)
		return ok && slices.EqualFunc(a.Stmts, b.Stmts, equalStmt)
	case *Stmt:
		b, ok := b.(*Stmt)
		return ok && equalStmt(a, b)
	case *Call:
		b, ok := b.(*Call)
		return ok && a.Paren == b.Paren && equalWord(a.Name, b.Name) && slices.EqualFunc(a.Args, b.Args, equalArg)
	case *Arg:
		b, ok := b.(*Arg)
		return ok && equalArg(a, b)
	case *Word:
		b, ok := b.(*Word)
		return ok && equalWord(a, b)
	case *String:
		b, ok := b.(*String)
		return ok && a.Value == b.Value
	case *Tagged:
		b, ok := b.(*Tagged)
		return ok && equalWord(a.Tag, b.Tag) && a.Value.Value == b.Value.Value
	case *List:
		b, ok := b.(*List)
		return ok && equalWord(a.Tag, b.Tag) && slices.EqualFunc(a.Elems, b.Elems, Equal)
	case *Var:
		b, ok := b.(*Var)
		return ok && equalVar(a, b)
	case *Step:
		b, ok := b.(*Step)
		return ok && equalStep(a, b)
	case *Batch:
		b, ok := b.(*Batch)
		return ok && equalWord(a.Ordered, b.Ordered) && slices.EqualFunc(a.Body, b.Body, equalStmt)
	case *For:
		b, ok := b.(*For)
		return ok && equalVar(a.Var, b.Var) && Equal(a.In, b.In) && slices.EqualFunc(a.Body, b.Body, equalStmt)
	case *Python:
		b, ok := b.(*Python)
		return ok && Equal(a.X, b.X)
	case *Chain:
		b, ok := b.(*Chain)
		return ok && Equal(a.X, b.X) && slices.EqualFunc(a.Path, b.Path, equalStep) &&
			(a.Call == nil) == (b.Call == nil) && (a.Call == nil || Equal(a.Call, b.Call))
	case *Binary:
		b, ok := b.(*Binary)
		return ok && equalWord(a.Op, b.Op) && Equal(a.X, b.X) && Equal(a.Y, b.Y)
	case *Bytes:
		b, ok := b.(*Bytes)
		return ok && a.Value == b.Value
	case *Setup:
		b, ok := b.(*Setup)
		return ok && a.Text == b.Text
	case *Prefix:
		b, ok := b.(*Prefix)
		return ok && equalWord(a.Keyword, b.Keyword) && Equal(a.How, b.How) && Equal(a.X, b.X)
	case *Option:
		b, ok := b.(*Option)
		return ok && equalOption(a, b)
	case *Pipe:
		b, ok := b.(*Pipe)
		return ok && equalPipe(a, b)
	case *Raw:
		b, ok := b.(*Raw)
		return ok && a.Text == b.Text
	case *Missing:
		_, ok := b.(*Missing)
		return ok
	case *Bad:
		_, ok := b.(*Bad)
		return ok
	}
	return false
}

func equalStmt(a, b *Stmt) bool {
	return Equal(a.Assign, b.Assign) && equalWord(a.Await, b.Await) && Equal(a.X, b.X) &&
		slices.EqualFunc(a.Options, b.Options, equalOption) && slices.EqualFunc(a.Pipes, b.Pipes, equalPipe)
}

func equalWord(a, b *Word) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Text == b.Text
}

func equalArg(a, b *Arg) bool { return equalWord(a.Name, b.Name) && Equal(a.Value, b.Value) }

func equalVar(a, b *Var) bool {
	return a.Name == b.Name && slices.EqualFunc(a.Path, b.Path, equalStep)
}

func equalStep(a, b *Step) bool {
	return a.Kind == b.Kind && a.Name == b.Name && a.Index == b.Index && equalBound(a.From, b.From) && equalBound(a.To, b.To)
}

func equalBound(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func equalOption(a, b *Option) bool { return equalWord(a.Name, b.Name) && Equal(a.Value, b.Value) }

func equalPipe(a, b *Pipe) bool {
	if a.Raw == nil || b.Raw == nil {
		if a.Raw != b.Raw {
			return false
		}
	} else if a.Raw.Text != b.Raw.Text {
		return false
	}
	return equalWord(a.Name, b.Name) && slices.EqualFunc(a.Options, b.Options, equalWord) && slices.EqualFunc(a.Args, b.Args, Equal)
}
