package bind

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"tlsh/syntax"
)

// Aliases is what an Env may know besides: the names that stand for lines.
type Aliases interface {
	// Alias is the line that the name stands for.
	Alias(name string) (line string, ok bool)
}

// placeholder matches what stands in the line of an alias for a value that is
// given to it: {1}, {2:10} with what it is otherwise, {*} for all values.
var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{([1-9][0-9]?|\*)(?::([^{}]*))?\}`) })

// Placeholders finds the places of {1}, {2:10} and {*} in the line of an alias:
// the offsets of the whole, of what it names, and of what it is otherwise (-1
// where it does not say).
func Placeholders(line string) [][]int { return placeholder().FindAllStringSubmatchIndex(line, -1) }

// stands reports a word that holds a placeholder, in the line of an alias.
func (c *checker) stands(n *syntax.Word) bool {
	if !c.template || !placeholder().MatchString(n.Text) {
		return false
	}
	c.role(n, RoleVar)
	return true
}

// prefix checks what stands behind a word that does something with it.
func (c *checker) prefix(x *syntax.Prefix, st *syntax.Stmt) {
	c.info.record(x.Keyword, Slot{Kind: SlotHead, Role: RoleCommand})
	c.info.record(x.How, Slot{Kind: SlotArgument, Role: RoleNumber})
	switch x.Keyword.Text {
	case "pages":
		c.pages(x)
	case "watch":
		c.watch(x, st)
	case "alias":
		c.alias(x, st)
	}
}

// watch checks watch TIME LINE.
func (c *checker) watch(x *syntax.Prefix, st *syntax.Stmt) {
	how := syntax.Text(x.How)
	every, ok := interval(how)
	c.info.Every = time.Duration(every) * time.Second
	if d, err := time.ParseDuration(how); err == nil {
		c.info.Every, ok = d, true
	}
	if _, missing := x.How.(*syntax.Missing); !missing && (!ok || c.info.Every < MinEvery) {
		c.errorf(x.How, "watch wants a time from %s, and this is %s", MinEvery, c.text(x.How)).Fix = "watch 5s " + strings.TrimSpace(c.src[x.X.Span().From:x.X.Span().To])
	}
	c.nothingGiven(x, st)
	c.inner(x, st, c.template)
	c.info.Kind = Watch
}

// MinEvery is how often watch can run a line at most.
const MinEvery = 100 * time.Millisecond

// alias checks alias NAME LINE. The values that the line is given, and the
// variables it reads, are not known yet.
func (c *checker) alias(x *syntax.Prefix, st *syntax.Stmt) {
	c.info.record(x.How, Slot{Kind: SlotArgument, Role: RoleCommand})
	name, ok := x.How.(*syntax.Word)
	_, missing := x.How.(*syntax.Missing)
	switch {
	case missing:
	case !ok || !aliasName().MatchString(name.Text):
		c.errorf(x.How, "the name of an alias has letters, digits, _ and -, and this is %s", c.text(x.How))
	case contains(c.env.Commands(), name.Text) && !c.aliased(name.Text), name.Text == "batch", name.Text == "for":
		c.errorf(x.How, "%s is a command", name.Text)
	}
	c.nothingGiven(x, st)
	c.inner(x, st, true)
	c.info.Kind = Alias
}

var aliasName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`) })

// nothingGiven refuses an assignment of what gives no value.
func (c *checker) nothingGiven(x *syntax.Prefix, st *syntax.Stmt) {
	if v, ok := st.Assign.(*syntax.Var); ok {
		c.errorf(x.Keyword, "%s gives no value to assign", x.Keyword.Text).Fix = "leave out " + c.text(v) + " ="
	}
}

// inner checks the statement that stands behind a prefix: Info.Inner.
func (c *checker) inner(x *syntax.Prefix, st *syntax.Stmt, template bool) {
	part := *st
	part.X, part.Assign = x.X, nil
	sub := &checker{schema: c.schema, env: c.env, src: c.src, info: c.info.within(&part), loops: c.loops, later: c.later,
		outline: c.outline, template: template}
	sub.statement(&part)
	c.info.Inner = sub.info
	c.info.Diags = append(c.info.Diags, sub.info.Diags...)
	c.info.Local = c.info.Local || sub.info.Local
}

// aliased reports a name that stands for a line.
func (c *checker) aliased(name string) bool {
	a, ok := c.env.(Aliases)
	if !ok {
		return false
	}
	_, ok = a.Alias(name)
	return ok
}

// gives reports a command that gives a value, or an alias, whose line may.
func (c *checker) gives(command string) bool { return Gives(command) || c.aliased(command) }
