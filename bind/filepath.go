package bind

import (
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// FilePath is the path of a file of this machine that stands where a command or a
// pipe wants one: a word or a text as it is spelt, file: before it or not, or the
// text that a variable holds. The path is the Info's Value.
func FilePath(s *schema.Schema, f *syntax.File, n syntax.Node, env Env) *Info {
	in := &Info{Kind: Value}
	c := &checker{schema: s, env: env, info: in, src: f.Src}
	if path := c.filePath(n); path != "" {
		in.Value = tl.String(path)
	}
	return in
}

// filePath is "" where there is no path, which was told, or where a variable has no
// value yet.
func (c *checker) filePath(n syntax.Node) string {
	switch x := n.(type) {
	case *syntax.Missing:
		return ""
	case *syntax.Word:
		path, tag := strings.CutPrefix(x.Text, "file:")
		if tag && path != "" {
			path, _ = c.pathIn(x, path)
			return path
		}
		if path != "" {
			return path
		}
	case *syntax.String:
		if x.Value != "" {
			return x.Value
		}
	case *syntax.Tagged:
		if x.Tag.Text == "file:" && x.Value.Value != "" {
			return x.Value.Value
		}
	case *syntax.Var:
		c.role(x, RoleVar)
		v, ok := c.lookup(x)
		if !ok || v.Kind() == tl.KindString && v.AsString() != "" {
			return v.AsString()
		}
		c.errorf(x, "a path is wanted here, and %s is %s", c.text(x), describe(v)).Fix = "keep the path as a text: $path = \"…\""
		return ""
	}
	c.errorf(n, "want the path of a file, as a word, a text or a variable that holds one").Fix = "a path with spaces is quoted"
	return ""
}

// pathIn is the path that stands behind file: without quotes: itself, or of $name
// the text that the variable holds. ok is false where it holds none.
func (c *checker) pathIn(n syntax.Node, text string) (path string, ok bool) {
	name, is := strings.CutPrefix(text, "$")
	if !is || c.python {
		return text, true
	}
	v, known := c.variable(name)
	switch {
	case !known:
		c.errorf(n, "there is no variable $%s", name).Fix = "a file that is called so is quoted: file:" + syntax.Quote(text)
	case v.Kind() == tl.KindString:
		return v.AsString(), true
	case !v.IsNone():
		c.errorf(n, "file: wants a path, and $%s is %s", name, describe(v)).Fix = "keep the path in a variable of its own: $path = …"
	}
	return "", false
}
