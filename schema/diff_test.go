package schema

import (
	"fmt"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	read := func(src string) *Schema {
		s, problems := Read("test.tl", src, Options{Layer: 1, Trusted: true})
		if len(problems.Dropped()) > 0 {
			t.Fatal(problems)
		}
		return s
	}
	from := read(`
int ? = Int; long ? = Long; string ? = String; true#3fedd339 = True;
keep#1 a:int = Keep;
moved#2 a:int b:int = Keep;
grows#3 flags:# a:int b:flags.0?string = Keep;
gone#4 = Keep;
---functions---
ask#5 a:int = Keep;
old#6 = Keep;
answer#7 = Keep;
`)
	to := read(`
int ? = Int; long ? = Long; string ? = String; true#3fedd339 = True;
keep#1 a:int = Keep;
moved#12 b:int a:int = Keep;
grows#13 flags:# a:long b:flags.1?string c:flags.2?true = Keep;
other#14 = Other;
fresh#15 = Keep;
---functions---
ask#16 a:int d:Vector<long> = Keep;
answer#17 = Other;
`)
	var b strings.Builder
	for _, c := range Diff(from, to) {
		fmt.Fprintf(&b, "%s %s\n", c.What, c.Name())
		for _, f := range c.Fields {
			fmt.Fprintf(&b, "  %s %s %q %q\n", f.What, f.Name, f.Old, f.New)
		}
	}
	want := `changed ask
  added d "" "Vector<long>"
changed answer
  changed → "Keep" "Other"
removed old
changed moved
changed grows
  changed a "int" "long"
  changed b "flags.0?string" "flags.1?string"
  added c "" "flags.2?true"
added other
added fresh
removed gone
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if d := Diff(from, from); len(d) != 0 {
		t.Errorf("a schema differs from itself: %v", d)
	}
	if d := Diff(from, to); len(Diff(to, from)) != len(d) {
		t.Error("the way back has another number of changes")
	}
}
