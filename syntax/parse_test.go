package syntax

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// check verifies everything that holds for the tree of any source.
func check(t testing.TB, src string) *File {
	t.Helper()
	f := Parse(src)
	at := 0
	for _, k := range f.Tokens {
		if k.Span.From != at || k.Span.To <= at {
			t.Fatalf("%q: token %v %v after byte %d", src, k.Kind, k.Span, at)
		}
		at = k.Span.To
	}
	if at != len(src) {
		t.Fatalf("%q: tokens end at %d of %d", src, at, len(src))
	}
	nest(t, src, f)
	bare := *f
	if bare.Tokens = nil; !reflect.DeepEqual(Tree(src), &bare) {
		t.Fatalf("%q: another tree without tokens", src)
	}
	partial := 0
	for _, e := range f.Errs {
		if e.Span.From < 0 || e.Span.From > e.Span.To || e.Span.To > len(src) || e.Msg == "" {
			t.Fatalf("%q: error %+v", src, e)
		}
		if s := e.Error() + e.Fix; !utf8.ValidString(s) || strings.ContainsFunc(s, hiddenInQuotes) && !strings.Contains(src, "\u00ad") {
			t.Fatalf("%q: error is not safe to print: %q", src, s)
		}
		if e.Partial {
			partial++
			if e.Span.To != len(src) {
				t.Fatalf("%q: partial error away from the end: %+v", src, e)
			}
		}
	}
	if partial > 1 {
		t.Fatalf("%q: %d partial errors", src, partial)
	}
	if len(f.Errs.Fatal()) == 0 {
		roundTrip(t, f)
	}
	return f
}

// nest verifies that children are inside their parent, in order, and never nil.
func nest(t testing.TB, src string, n Node) {
	t.Helper()
	s := n.Span()
	at := s.From
	for _, k := range n.Children() {
		if k == nil {
			t.Fatalf("%q: nil child in %T", src, n)
		}
		ks := k.Span()
		if ks.From < at || ks.To < ks.From || ks.To > s.To {
			t.Fatalf("%q: %T %v in %T %v after %d", src, k, ks, n, s, at)
		}
		at = ks.To
		nest(t, src, k)
	}
	switch n := n.(type) {
	case *Stmt:
		if n.X == nil {
			t.Fatalf("%q: statement without X", src)
		}
	case *Arg:
		if n.Value == nil {
			t.Fatalf("%q: argument without value", src)
		}
	case *Word:
		if src[n.span.From:n.span.To] != n.Text {
			t.Fatalf("%q: word %q at %v", src, n.Text, n.span)
		}
	}
}

// roundTrip verifies that the printed tree parses to the same tree. A tree
// that lacks its end need not.
func roundTrip(t testing.TB, f *File) {
	t.Helper()
	if len(f.Errs) > 0 {
		return
	}
	out := Print(f)
	g := Parse(out)
	if len(g.Errs) > 0 {
		t.Fatalf("%q prints as %q: %v", f.Src, out, g.Errs.Err())
	}
	if !Equal(f, g) {
		t.Fatalf("%q prints as %q, which is another tree: %q", f.Src, out, Print(g))
	}
	if again := Print(g); again != out {
		t.Fatalf("%q prints as %q, then as %q", f.Src, out, again)
	}
}

// readCases reads cases separated by lines of four dashes.
func readCases(t testing.TB, name string) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var cases []string
	for _, c := range strings.Split(string(b), "\n----\n") {
		cases = append(cases, strings.TrimSuffix(c, "\n----\n"))
	}
	return cases
}

// Every good case has no error, and each of its prefixes none that more input
// could not cure.
func TestGood(t *testing.T) {
	for _, src := range readCases(t, "good.txt") {
		f := check(t, src)
		if err := f.Errs.Err(); err != nil {
			t.Errorf("%s\n%v", src, err)
		}
		for i := range src {
			f := check(t, src[:i])
			if fatal := f.Errs.Fatal(); len(fatal) > 0 {
				t.Errorf("prefix %q: %v", src[:i], fatal.Err())
			}
		}
		for i := 0; i < len(src); i++ { // in the middle of a rune too
			if fatal := Parse(src[:i]).Errs.Fatal(); len(fatal) > 0 {
				t.Errorf("prefix %q: %v", src[:i], fatal.Err())
			}
		}
	}
}
