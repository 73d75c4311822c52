package syntax

import (
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, src := range readCases(f, "good.txt") {
		f.Add(src)
		for _, line := range strings.Split(src, "\n") {
			f.Add(line)
		}
	}
	for _, src := range hostile(300) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		tree := check(t, src)
		for off := 0; off <= len(src) && off < 200; off++ {
			path := PathAt(tree, off)
			if path[len(path)-1] != Node(tree) {
				t.Fatalf("%q: path at %d ends in %T", src, off, path[len(path)-1])
			}
			for i, n := range path {
				s := n.Span()
				if off < s.From || off > s.To {
					t.Fatalf("%q: path at %d has %T %v", src, off, n, s)
				}
				if i > 0 && (path[i-1].Span().From < s.From || path[i-1].Span().To > s.To) {
					t.Fatalf("%q: path at %d does not nest", src, off)
				}
			}
		}
		if len(src) <= 60 {
			fatal := len(tree.Errs.Fatal()) > 0
			for i := range src {
				if p := check(t, src[:i]); !fatal && len(p.Errs.Fatal()) > 0 {
					t.Fatalf("%q has no fatal error, its prefix %q has: %v", src, src[:i], p.Errs.Fatal().Err())
				}
			}
		}
	})
}

func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "hi", "a\"b'c\\", "\x00\x001\x1b[31m\x7f\u0085", "\xff\xc3", "日本\u202e\u200b\ufeff\u2028", "\n\t\r", `"""`, `a""`, "\U000e0041\ufffd\u00a0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Quote(s)
		if strings.ContainsFunc(q, hiddenInQuotes) || strings.ContainsFunc(q, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Fatalf("Quote(%q) = %q is not safe to print", s, q)
		}
		for _, quote := range []string{`"`, `'`, `"""`} {
			src := string(appendQuoted(nil, s, quote))
			file := check(t, "x "+src)
			if len(file.Errs) > 0 {
				t.Fatalf("%q as %s: %v", s, src, file.Errs.Err())
			}
			str, ok := file.Stmts[0].X.(*Call).Args[0].Value.(*String)
			if !ok || str.Value != s || str.Quote != quote || !str.Closed {
				t.Fatalf("%q as %s parses as %+v", s, src, str)
			}
		}
		if IsWord(s) {
			file := check(t, "x "+s+" a="+s+" ["+s+"]")
			args := file.Stmts[0].X.(*Call).Args
			if len(file.Errs) > 0 || len(args) != 3 || args[0].Name != nil {
				t.Fatalf("word %q: %v", s, file.Errs.Err())
			}
			for i, n := range []Node{args[0].Value, args[1].Value, args[2].Value.(*List).Elems[0]} {
				if w, ok := n.(*Word); !ok || w.Text != s {
					t.Fatalf("word %q at %d parses as %#v", s, i, n)
				}
			}
		}
	})
}

// hostile returns sources of n bytes or a little more that repeat what nests,
// opens or is unexpected.
func hostile(n int) []string {
	var list []string
	for _, unit := range []string{
		"(", "[", "\"", "'", "<", ">", ")", "]", ",", ";", "|", "$", "$x[", "=", "a=", "-", "--", "#", "\\", "\"\\q", "\n", " ",
		"f(", "f(a=", "[a=", "batch <", "batch ", "for ", "for $x in ", "for $x in y <", "a ", "a\n", "x = ", "await ", "$x = ", "|!", "| ", "f|",
		"f | jq ", "jq '", "\"\"\"", "\"\" ", "f([)]", "<>", "a<b>", "\x00", "\xff", "\u00a0", "\u202e", "int[", "md\"", "f | x\n", "a = b ", "f a =", "$x.", "$x.a", "$x[]",
		"f --a=", "\r\n", "batch <>ordered ", "f | table ", "f | save ", "f | save x |",
		"client(", "await f(", "client([", "A(-", "A('", "A(b'a' ", "A(x.y(", "A(x[0].y(", "A(1+", "A(1**-", "with (", "import a\n", "x = A(", "A(await ", "A(\n#", "A(1,", "client(x).y",
	} {
		list = append(list, strings.Repeat(unit, n/len(unit)+1))
	}
	return list
}
