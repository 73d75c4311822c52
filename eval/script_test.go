package eval

import (
	"fmt"
	"strings"
	"testing"
)

// The gatherer says "whole" at the very line that ends a statement.
func TestGatherer(t *testing.T) {
	for _, lines := range [][]string{
		{"help.getConfig\n"},
		{"\n"},
		{"batch <\n", "help.getConfig\n", "> ordered\n"},
		{"batch <\n", "messages.sendMessage me \"a > b\"\n", "messages.sendMessage me (x)\n", "  > | jq .\n"},
		{"x |\n", "jq '.' |\n", "jq '.' |\n", "jq '.' |\n", "save f\n"},
		{"users.getUsers(\n", "id=[\n", "me\n", "]\n", ")\n"},
		{"echo \"\"\"a\n", "b\n", "c\"\"\"\n"},
		{"echo \"a\n"}, // a bad line, and no more lines cure it
	} {
		var g gatherer
		for i, l := range lines {
			g.add(l)
			if got, want := g.whole(), i == len(lines)-1; got != want {
				t.Errorf("%q: whole after line %d: %v", lines, i+1, got)
			}
		}
		if g.take("", 1).Text != strings.Join(lines, "") || g.lines != 0 {
			t.Errorf("%q", lines)
		}
	}
}

// A long batch is gathered in time that grows with its length, also when what
// looks like its end stands in every line.
func BenchmarkGather(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				var g gatherer
				g.add("batch <\n")
				for range n {
					g.add("  messages.sendMessage me \"a > b\"\n")
					if g.whole() {
						b.Fatal("whole")
					}
				}
			}
		})
	}
}
