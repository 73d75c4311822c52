package syntax

import (
	"errors"
	"strings"
	"testing"
)

func TestPosition(t *testing.T) {
	src := "ab\nж\xffd\r\n\nx"
	l := NewLines(src)
	for _, c := range []struct{ off, line, col int }{
		{-1, 1, 1}, {0, 1, 1}, {2, 1, 3}, {3, 2, 1}, {5, 2, 2}, {6, 2, 3}, {7, 2, 4}, {8, 2, 5}, {9, 3, 1}, {10, 4, 1}, {11, 4, 2}, {99, 4, 2},
	} {
		if line, col := Position(src, c.off); line != c.line || col != c.col {
			t.Errorf("Position(%d) = %d:%d, want %d:%d", c.off, line, col, c.line, c.col)
		}
		if line, col := l.Position(c.off); line != c.line || col != c.col {
			t.Errorf("Lines.Position(%d) = %d:%d, want %d:%d", c.off, line, col, c.line, c.col)
		}
	}
	if l.Count() != 4 || l.Text(2) != "ж\xffd" || l.Text(3) != "" || l.Text(4) != "x" || l.Text(0) != "" || l.Text(5) != "" {
		t.Errorf("lines: %d %q %q %q", l.Count(), l.Text(2), l.Text(3), l.Text(4))
	}
}

func TestErrors(t *testing.T) {
	var none Errors
	if none.Err() != nil || none.Partial() || none.Fatal() != nil {
		t.Error("no errors are not nil")
	}
	f := Parse("f \"\\q\" [")
	if len(f.Errs) != 2 || f.Errs.Partial() || len(f.Errs.Fatal()) != 1 {
		t.Fatal(f.Errs)
	}
	var e *Error
	if !errors.As(f.Errs.Err(), &e) || e.Span != (Span{3, 5}) {
		t.Errorf("first error %+v", e)
	}
	if open := f.Errs[1]; open.Related != (Span{7, 8}) || !open.Partial {
		t.Errorf("unclosed [: %+v", open)
	}
	if got := f.Errs[0].Error(); got != `byte 4: no escape \q (write \\q)` {
		t.Error(got)
	}
}

func TestWhole(t *testing.T) {
	for src, want := range map[string]bool{
		"": true, "f": true, "f a=": true, "f(": false, "f [": false, "f )(": true, "batch <": false, "batch < f": false,
		"batch": true, "for $m in": true, "for $m in $x < ": false, "f |": false, "f | # c": false, "f | jq": true, `f "a`: true, `f """a`: false,
		"$x =": true, "f | jq \"\"\"a": false, "$x[": false, "f(a # b": false, "# (": true, "f (": true,
	} {
		if Whole(src) != want {
			t.Errorf("Whole(%q) = %v: %v", src, !want, Parse(src+"\n").Errs)
		}
	}
}

func TestSuggest(t *testing.T) {
	names := []string{"messages.sendMessage", "messages.sendMedia", "message", "peer", "silent", "ordered", "jq"}
	for word, want := range map[string]string{
		"mesage": "message", "massege": "message", "pere": "peer", "PEER": "peer", "peer": "", "ordred": "ordered", "qj": "jq",
		"messages.sendMesage": "messages.sendMessage", "sendMessage": "messages.sendMessage", "sendmedia": "messages.sendMedia",
		"x": "", "": "", "entirely": "", "sielnt": "silent", "per": "peer", "q": "jq",
		strings.Repeat("a", 1000): "",
	} {
		if got := Suggest(word, names); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Suggest("aab", []string{"aaa", "aac"}); got != "aaa" {
		t.Errorf("of equally near ones %q", got)
	}
}

func TestTokens(t *testing.T) {
	f := Parse(`$x = f --a a=@b [1] "s" md"" $y.z | jq -r . # no` + "\nbatch < g > ordered # c")
	var got []string
	for _, k := range f.Tokens {
		if k.Kind != TokSpace {
			got = append(got, k.Kind.String()+":"+f.Src[k.Span.From:k.Span.To])
		}
	}
	want := `var:$x punct:= word:f option:--a name:a= word:@b punct:[ word:1 punct:] string:"s" tag:md string:"" var:$y step:.z punct:| pipe:jq option:-r raw:. # no ` +
		"newline:\n keyword:batch punct:< word:g punct:> keyword:ordered comment:# c"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("%s\nwant %s", s, want)
	}
	if k := f.TokenAt(1); k.Kind != TokVar {
		t.Errorf("token at 1: %v", k)
	}
	if k := f.TokenAt(len(f.Src)); k.Kind != TokComment {
		t.Errorf("token at the end: %v", k)
	}
	if (Parse("").TokenAt(0) != Token{}) {
		t.Error("a token in nothing")
	}
}

// Nothing that differs in meaning is equal.
func TestEqual(t *testing.T) {
	srcs := []string{
		"f", "g", "f()", "f a", "f a b", "f a=b", "f b=b", `f "a"`, `f md"a"`, `f html"a"`, `f md"b"`, "f [a]", "f [a b]", "f int[a]", "f long[a]", "f $a", "f $a.b", "f $a.c",
		"f $a[0]", "f $a[1]", "f $a[]", "f $a[0:]", "f $a[:0]", "f $a[0:0]", "f $a[:]", "f --a", "f --b", "f --a=b", "f --a=c", "f | jq .", "f | jq -r .", "f | jq .a", "f | table",
		"f | table a", "f | save a", "f | save a --force", "f | !a", "f | !b", "$x = f", "x = f", "$y = f", "await f", "batch < f >", "batch < f > ordered", "batch < f; f >",
		"for $x in $y < f >", "for $z in $y < f >", "for $x in $z < f >", "for $x in $y < g >", "f; g", "", "5", `"f"`, "f(", "f a=",
	}
	for i, a := range srcs {
		for j, b := range srcs {
			if a == "f()" && b == "f(" || a == "f(" && b == "f()" {
				continue // the missing ) is no difference
			}
			if Equal(Parse(a), Parse(b)) != (i == j) {
				t.Errorf("Equal(%q, %q) = %v", a, b, i != j)
			}
		}
	}
	if !Equal(Parse(`f  'a\x41', "b"`), Parse(`f "aA" 'b' # c`)) {
		t.Error("spelling makes a difference")
	}
	if Equal(nil, Parse("")) || !Equal(nil, nil) {
		t.Error("nil")
	}
}

// A script of hostile repetition gives few errors, in bounded depth.
func TestHostile(t *testing.T) {
	for _, src := range hostile(100_000) {
		f := Parse(src)
		if len(f.Errs) > maxErrors+1 {
			t.Errorf("%q…: %d errors", src[:8], len(f.Errs))
		}
		deepest := 0
		var walk func(n Node, depth int)
		walk = func(n Node, depth int) {
			deepest = max(deepest, depth)
			for _, k := range n.Children() {
				walk(k, depth+1)
			}
		}
		walk(f, 0)
		if deepest > 3*maxDepth+10 {
			t.Errorf("%q…: the tree is %d deep", src[:8], deepest)
		}
		for _, e := range f.Errs {
			if len(e.Error()) > 500 {
				t.Errorf("%q…: an error of %d bytes", src[:8], len(e.Error()))
			}
		}
	}
}

func TestPrintForms(t *testing.T) {
	for src, want := range map[string]string{
		"f  a ,b=c # d":              "f a b=c",
		"f(a,b=c,)":                  "f(a b=c)",
		"batch<a;b 'x'>ordered":      "batch <\n  a\n  b 'x'\n> ordered",
		"for $x in $y[]<batch<g>;h>": "for $x in $y[] <\n  batch <\n    g\n  >\n  h\n>",
		"batch < >":                  "batch < >",
		"f --a b|jq -r .a|!cat":      "f b --a | jq -r '.a|!cat'",
		"f | jq \".a'\" | table a":   `f | jq ".a'" | table a`,
		"$x=[1,2]; int[3]":           "$x = [1 2]\nint[3]",
		"f \"a\x1b\"":                `f "a\x1b"`,
	} {
		if got := Print(Parse(src)); got != want {
			t.Errorf("Print(%q) = %q, want %q", src, got, want)
		}
	}
	if Print(nil) != "" {
		t.Error("nil prints")
	}
	arg := Parse("f a=[1 $x.y[0:]]").Stmts[0].X.(*Call).Args[0]
	if got := Print(arg); got != "a=[1 $x.y[0:]]" {
		t.Errorf("an argument prints as %q", got)
	}
}
