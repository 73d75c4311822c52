// Package syntax is the line language: a total, error-tolerant parser, a
// printer whose output parses back to the same tree, and the positions and
// diagnostics that the other packages use. It knows nothing of TL schemas.
package syntax

// Span is a half-open range of byte offsets into the source.
type Span struct{ From, To int }

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.To - s.From }

// Node is a part of the tree. Children are in source order, without overlap,
// and inside the span of their parent.
type Node interface {
	Span() Span
	Children() []Node
}

// node carries the span that every node has.
type node struct{ span Span }

// Span returns the bytes of the source that the node covers.
func (n *node) Span() Span { return n.span }

// File is what Parse returns: never nil, whatever the source. Tokens cover
// every byte of the source without a gap; white space and comments are in no
// other place.
type File struct {
	node
	Src    string
	Stmts  []*Stmt
	Tokens []Token
	Errs   Errors
}

// Stmt is one statement: [$x =] X [--option …] [| pipe …]. A word at its head
// that has the form of a name is a Call, also without arguments and also when
// it turns out to be a literal (true, inputPeerSelf, help): only the schema and
// the commands can tell. A word that cannot be a name (5, @alice, hex:00,
// t.me/x) is a Word.
//
// The span of a statement, of a Call without parentheses and of a Pipe goes on
// to what ends them, white space included, but not a comment.
type Stmt struct {
	node
	Assign  Node      // *Var ($x =, or x = before *Python), *Word (any other x =), or nil
	Await   *Word     // Python's await before X, or nil
	X       Node      // *Call, *Batch, *For, *Prefix, *Python, *Setup or a value; *Missing when there is none
	Options []*Option // wherever they stand, in source order
	Pipes   []*Pipe
}

// Call is a name with arguments: the head of a statement, or a nested
// constructor with its parentheses. A nested name without parentheses is a
// Word.
type Call struct {
	node
	Name   *Word
	Args   []*Arg
	Paren  bool // the arguments stand in ( )
	Closed bool // and the ) is there

	// opts are the statement's options that stand among the arguments; the
	// statement lists them too, but in the tree they are children of the call,
	// so that spans nest.
	opts []*Option
}

// Arg is one argument of a call. Name is nil when it is positional; Value is
// *Missing when nothing stands after the =.
type Arg struct {
	node
	Name  *Word // without the =
	Value Node
}

// Word is a bare word as it was spelt; what it means is for the schema to say.
type Word struct {
	node
	Text string
}

// String is a quoted string. Value has its escapes resolved and may hold any
// bytes.
type String struct {
	node
	Value  string
	Quote  string // `"`, `'` or `"""`
	Closed bool
}

// Tagged is a tag that touches a string: md"…", html"…", file:"…", b'…'.
type Tagged struct {
	node
	Tag   *Word // its spelling, with the colon if there is one
	Value *String
}

// List is [ … ], or with a tag int[ … ] and long[ … ].
type List struct {
	node
	Tag    *Word // nil, int or long
	Elems  []Node
	Closed bool
}

// Var is $name with its path.
type Var struct {
	node
	Name string // without the $; empty when missing
	Path []*Step
}

// StepKind says what a Step does.
type StepKind uint8

// The steps of a path.
const (
	StepField StepKind = iota // .name
	StepIndex                 // [n], negative counts from the end
	StepSlice                 // [a:b], either may be left out
	StepEach                  // []
)

// Step is one step of a path.
type Step struct {
	node
	Kind     StepKind
	Name     string // StepField
	Index    int    // StepIndex
	From, To *int   // StepSlice; nil when left out

	closed bool // it ends in its ]
}

// Batch is batch < … > [ordered].
type Batch struct {
	node
	Keyword *Word
	Body    []*Stmt
	Ordered *Word // nil when not ordered; another word than ordered is an error
	Closed  bool
}

// For is for $x in PATH < … >.
type For struct {
	node
	Keyword *Word
	Var     *Var
	In      Node
	Body    []*Stmt
	Closed  bool
}

// Option is --name or --name=value, an option of its statement.
type Option struct {
	node
	Name  *Word // without the dashes
	Value Node  // nil when there is none
}

// Pipe is one | stage: jq, save, table or !.
type Pipe struct {
	node
	Name    *Word // its Text is "!" for a shell command
	Options []*Word
	Args    []Node // save, table
	Raw     *Raw   // jq's filter and the shell's command; nil when missing
}

// Raw is source text that is passed on as it stands, or a quoted jq filter
// without its quotes.
type Raw struct {
	node
	Text   string
	Quote  string // as in String; empty when it is the rest of the line
	Closed bool   // its quote is closed
}

// Missing stands where something is wanted and nothing is there.
type Missing struct{ node }

// Bad covers source that fits nowhere.
type Bad struct{ node }

// Text is the text of a word or a string, "" for any other node.
func Text(n Node) string {
	switch n := n.(type) {
	case *Word:
		return n.Text
	case *String:
		return n.Value
	}
	return ""
}

// StringAt is a string that means what the source says at s in another way.
func StringAt(s Span, value string) *String {
	return &String{node: node{s}, Value: value, Quote: `"`, Closed: true}
}
