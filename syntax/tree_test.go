package syntax

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// dump writes a tree for the eye: every kind of node has its own brackets.
func dump(n Node) string {
	var kids []string
	for _, k := range n.Children() {
		kids = append(kids, dump(k))
	}
	in := func(name string) string {
		return "(" + strings.Join(append([]string{name}, kids...), " ") + ")"
	}
	switch n := n.(type) {
	case *File:
		return strings.Join(kids, " ; ")
	case *Stmt:
		switch {
		case n.Assign != nil && n.Await != nil:
			return "{" + kids[0] + " := await " + strings.Join(kids[2:], " ") + "}"
		case n.Assign != nil:
			return "{" + kids[0] + " := " + strings.Join(kids[1:], " ") + "}"
		case len(kids) == 1:
			return kids[0]
		}
		return "{" + strings.Join(kids, " ") + "}"
	case *Call:
		if n.Paren {
			return in("call()")
		}
		return in("call")
	case *Arg:
		if n.Name != nil {
			return n.Name.Text + "=" + kids[1]
		}
		return kids[0]
	case *Word:
		return n.Text
	case *String:
		return n.Quote + strings.Trim(strconv.Quote(n.Value), `"`) + n.Quote
	case *Tagged:
		return in("tagged")
	case *List:
		return "[" + strings.Join(kids, " ") + "]"
	case *Var:
		return "$" + n.Name + strings.Join(kids, "")
	case *Step:
		switch n.Kind {
		case StepField:
			return "." + n.Name
		case StepIndex:
			return fmt.Sprintf("[%d]", n.Index)
		case StepSlice:
			return "[" + bound(n.From) + ":" + bound(n.To) + "]"
		}
		return "[]"
	case *Batch:
		return in("block")
	case *For:
		return in("loop")
	case *Prefix:
		return in("prefix")
	case *Option:
		return in("option")
	case *Pipe:
		return in("pipe")
	case *Raw:
		return "‹" + strconv.Quote(n.Text) + "›"
	case *Python:
		return in("py")
	case *Chain:
		return in("chain")
	case *Binary:
		return in("op")
	case *Bytes:
		return "b" + strconv.Quote(n.Value)
	case *Setup:
		return "«" + strings.ReplaceAll(n.Text, "\n", "⏎") + "»"
	case *Missing:
		return "∅"
	case *Bad:
		return "✗"
	}
	return fmt.Sprintf("%T", n)
}

func bound(i *int) string {
	if i == nil {
		return ""
	}
	return strconv.Itoa(*i)
}

// pairs reads lines SOURCE ⇒ RESULT; in the source ⏎ stands for a newline.
func pairs(t *testing.T, name string, each func(src, want string)) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n := 0
	for sc := bufio.NewScanner(file); sc.Scan(); {
		if sc.Text() == "" {
			continue
		}
		src, want, ok := strings.Cut(sc.Text(), " ⇒ ")
		if !ok {
			t.Fatalf("%s: nothing beside %q", name, sc.Text())
		}
		n++
		each(strings.ReplaceAll(src, "⏎", "\n"), want)
	}
	if n == 0 {
		t.Fatalf("%s holds no case", name)
	}
}

// The trees of sources, also of broken ones.
func TestTree(t *testing.T) {
	pairs(t, "tree.txt", func(src, want string) {
		if got := dump(check(t, src)); got != want {
			t.Errorf("%s ⇒ %s\nwant %s", strings.ReplaceAll(src, "\n", "⏎"), got, want)
		}
	})
}

// Every bad line has the error that stands beside it, as COLUMN: MESSAGE (FIX),
// with … after those that more input could cure and ¶ between several.
func TestBad(t *testing.T) {
	pairs(t, "bad.txt", func(src, want string) {
		if got := describe(check(t, src)); got != want {
			t.Errorf("%s ⇒ %s\nwant %s", strings.ReplaceAll(src, "\n", "⏎"), got, want)
		}
	})
}

// describe writes the errors as bad.txt has them.
func describe(f *File) string {
	var b strings.Builder
	for i, e := range f.Errs {
		if i > 0 {
			b.WriteString(" ¶ ")
		}
		line, col := Position(f.Src, e.Span.From)
		if line > 1 {
			b.WriteString(strconv.Itoa(line) + ":")
		}
		b.WriteString(strconv.Itoa(col) + ": " + e.Msg)
		if e.Fix != "" {
			b.WriteString(" (" + e.Fix + ")")
		}
		if e.Partial {
			b.WriteString(" …")
		}
	}
	return b.String()
}

// The cursor ^ is in the nodes that stand beside it, innermost first.
func TestPathAt(t *testing.T) {
	pairs(t, "at.txt", func(src, want string) {
		off := strings.IndexByte(src, '^')
		if off < 0 {
			t.Fatalf("no cursor in %q", src)
		}
		f := Parse(src[:off] + src[off+1:])
		var names []string
		for _, n := range PathAt(f, off) {
			name := strings.TrimPrefix(fmt.Sprintf("%T", n), "*syntax.")
			switch n := n.(type) {
			case *Word:
				name += ":" + n.Text
			case *Arg:
				if n.Name != nil {
					name += ":" + n.Name.Text
				}
			case *Call:
				name += ":" + n.Name.Text
			}
			names = append(names, name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s ⇒ %s\nwant %s", strings.ReplaceAll(src, "\n", "⏎"), got, want)
		}
	})
}
