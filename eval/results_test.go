package eval

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"tlsh/tl"
)

// Results are numbered in scripts too; the last thousand are kept, whatever the
// number of those before, and an older one is told to be gone.
func TestResults(t *testing.T) {
	n := int32(0)
	sh, out, errs := shellOn(func(context.Context, *tl.Object) (tl.Value, error) {
		n++
		return tl.Int(n), nil
	}, func(c *Config) { c.KeepGoing = true })
	run := func(line string) Status {
		out.Reset()
		errs.Reset()
		return sh.Run(context.Background(), Source{Text: line})
	}
	if st := run("$1"); st != Usage || !strings.Contains(errs.String(), "there is no result $1 yet") {
		t.Errorf("status %d: %s", st, errs)
	}
	for i := 1; i <= 2*keptResults+500; i++ {
		run("help.getNearestDc")
		if len(sh.results.kept) > 2*keptResults {
			t.Fatalf("%d results are kept", len(sh.results.kept))
		}
		for _, back := range []int{0, min(i, keptResults) - 1} {
			if v, ok := sh.Var(strconv.Itoa(i - back)); !ok || v.AsInt() != int32(i-back) {
				t.Fatalf("after %d results $%d is %v", i, i-back, v.AsInt())
			}
		}
	}
	last := 2*keptResults + 500
	if st := run(fmt.Sprintf("echo $%d", last)); st != OK || out.String() != fmt.Sprintln(last) {
		t.Errorf("status %d, %q, %s", st, out, errs)
	}
	for line, want := range map[string]string{
		"$1":                        "the result $1 is no longer kept: the oldest is $",
		"echo $7":                   "the result $7 is no longer kept",
		"$999999":                   "there is no result $999999 yet: the last one is $2500",
		"$0":                        "there is no variable $0",
		"$1x":                       "there is no variable $1x",
		"for $i in [1] < echo $3 >": "no longer kept",
	} {
		if st := run(line); st == OK || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: status %d: %s", line, st, errs)
		}
	}
}

func TestVars(t *testing.T) {
	sh, out, _ := shellOn(nil, func(c *Config) {
		c.Format = Tree
		c.Vars = map[string]string{"limit": "5"}
	})
	lines := "$u = user(id=5 first_name=\"A\x1b[31m\")\n$l = [1 2 3]\n$s = \"" + strings.Repeat("x", 100) + "\"\n$one = [7]"
	if st := sh.Run(context.Background(), Source{Text: strings.ReplaceAll(lines, "\x1b", `\x1b`)}); st != OK {
		t.Fatal(st)
	}
	out.Reset()
	sh.Run(context.Background(), Source{Text: "vars"})
	want := `$limit        int                  5
$u            User                 user(id=5 first_name="A\x1b[31m")
$l            Vector<int>          3 elements
$s            string               "` + strings.Repeat("x", 58) + `…
$one          Vector<int>          int[7]
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out, want)
	}
	out.Reset()
	sh.Run(context.Background(), Source{Text: "set output json\nvars"})
	if want := `[{"_":"variable","name":"limit","type":"int","value":"5"},`; !strings.HasPrefix(out.String(), want) {
		t.Errorf("got %s", out)
	}
}

// At the prompt a result stands behind its number, and a value that has none stands
// by itself: no number leads elsewhere than to what is shown behind it.
func TestLabels(t *testing.T) {
	sh, out, errs := shellOn(func(context.Context, *tl.Object) (tl.Value, error) {
		return tl.Int(7), nil
	}, func(c *Config) { c.Format, c.Interactive, c.Terminal = Tree, true, true })
	for _, c := range []struct{ line, want string }{
		{"help.getNearestDc", "$1 = 7\n"},
		{"echo 5", "5\n"},
		{"echo [1 2]", "[1, 2]\n"},
		{"$x = 6", "6\n"},
		{"$1", "7\n"},
		{"encode 5", "05000000\n"},
		{"decode hex:b5757299", "$2 = true\n"},
		{"$2", "true\n"},
		{"$y = help.getNearestDc", "$3 = 7\n"},
		{"for $i in [1 2] < echo $i; help.getNearestDc >", "1\n$4 = 7\n2\n$5 = 7\n"},
		{"$_", "7\n"},
	} {
		out.Reset()
		if st := sh.Run(context.Background(), Source{Text: c.line}); st != OK || out.String() != c.want {
			t.Errorf("%s: status %d, %q, want %q: %s", c.line, st, out, c.want, errs)
		}
	}
}
