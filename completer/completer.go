// Package completer turns a place in a line into ranked candidates. It parses
// the whole line and asks the check what is wanted there, so that it works at
// any depth and offers what would check.
package completer

import (
	"io/fs"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/search"
	"tlsh/syntax"
)

// Env is what completion asks of the world around the line.
type Env interface {
	bind.Env
	// Vars are the names of the variables.
	Vars() []string
	// CommandSummary is a command's arguments, as help shows them, and what it
	// does.
	CommandSummary(name string) (args, summary string)
	// People are those known; nil is nobody.
	People() *People
	// Index is what names are looked for in, with what is said of them; nil
	// while it is not ready, as then names alone are matched.
	Index() *search.Index
	// Recent are values given before to a parameter of a request or a
	// constructor, as they were spelt, newest first. With both names empty they
	// are requests, with no parameter those that were called after the owner.
	Recent(owner, param string) []string
	// ReadDir lists a folder.
	ReadDir(name string) ([]fs.DirEntry, error)
	// Choices are what a command takes for an argument that is called so, as
	// NAME of use and of set, and what each is; for -- they are its options.
	Choices(command, argument string, before []string) []Choice
}

// Choice is one of the words that a command takes.
type Choice struct {
	Word, Description string
	Args              string // what follows it, as the args of CommandSummary
}

// Kind says what a candidate is.
type Kind string

// The kinds of a candidate.
const (
	Request     Kind = "request"
	Constructor Kind = "constructor"
	Type        Kind = "type"
	Error       Kind = "error"
	Command     Kind = "command"
	Param       Kind = "parameter"
	Variable    Kind = "variable"
	Field       Kind = "field"
	Peer        Kind = "peer"
	Value       Kind = "value"
	File        Kind = "file"
)

// Item is a candidate.
type Item struct {
	Text        string `json:"text"`  // what is inserted
	Label       string `json:"label"` // what is shown: the name
	Kind        Kind   `json:"kind"`
	Description string `json:"description"`
	Match       []int  `json:"-"` // the bytes of Label that were matched
}

// Result is what can stand in place of the bytes From to To of the line.
type Result struct {
	From  int    `json:"from"`
	To    int    `json:"to"`
	Items []Item `json:"items"`
}

// Complete gives the candidates for the place cursor (a byte offset) of src,
// the best first. Each of them can stand there: what then is wrong, more input
// can cure.
func Complete(s *schema.Schema, env Env, src string, cursor int) Result {
	cursor = max(0, min(cursor, len(src)))
	c := &completion{schema: s, env: env, world: env, file: syntax.Parse(src), cursor: cursor, res: Result{From: cursor, To: cursor}}
	c.path = syntax.PathAt(c.file, cursor)
	c.run()
	return c.res
}

// completion is one call of Complete.
type completion struct {
	schema *schema.Schema
	env    Env
	world  bind.Env // env, and the variables that there will be at the cursor
	file   *syntax.File
	path   []syntax.Node // at the cursor, innermost first
	cursor int
	info   *bind.Info
	python bool // inside one of Telethon's forms
	comma  bool // which a value must have before it
	res    Result
	list   list
}

func (c *completion) run() {
	st := c.statement()
	if st == nil {
		if c.fresh() {
			c.heads(headAny)
		}
		c.rank()
		return
	}
	c.scopes()
	c.info = bind.Outline(c.schema, c.file, st, c.world)
	for c.info.Inner != nil {
		c.info = c.info.Inner
	}
	if c.asAlias() {
		return
	}
	c.offer()
	c.rank()
}

// fresh reports that a statement can begin at the cursor.
func (c *completion) fresh() bool {
	if n := len(c.path); n > 1 {
		return false
	}
	before := strings.TrimRight(c.file.Src[:c.cursor], " \t")
	return before == "" || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, ";")
}

// statement is the innermost statement at the cursor, nil in a gap.
func (c *completion) statement() *syntax.Stmt {
	for _, n := range c.path {
		switch n := n.(type) {
		case *syntax.Stmt:
			return n
		}
	}
	return nil
}

// replace makes the candidates stand for the bytes of the span; what is
// searched is its part before the cursor.
func (c *completion) replace(sp syntax.Span) {
	c.res.From, c.res.To = sp.From, sp.To
	c.list.query = c.file.Src[sp.From:max(sp.From, c.cursor)]
}

// parent is the node around the i-th of the path, nil around the file.
func (c *completion) parent(i int) syntax.Node {
	if i+1 < len(c.path) {
		return c.path[i+1]
	}
	return nil
}

// around is the innermost node of a type around the cursor, and where in the
// path it stands; -1 where there is none.
func around[T syntax.Node](c *completion) (n T, at int) {
	for i, p := range c.path {
		if n, ok := p.(T); ok {
			return n, i
		}
	}
	return n, -1
}
