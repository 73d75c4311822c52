package eval

import (
	"bufio"
	"fmt"
	"io"
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

// What never ends a statement is refused, and not kept until the memory is full:
// a line without an end, and lines in a bracket.
func TestEndless(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"line":  &endless{text: strings.Repeat("x", 1<<16)},
		"lines": io.MultiReader(strings.NewReader("echo [\n"), &endless{text: strings.Repeat(" ", 1<<20) + "\n"}),
	} {
		units := make(chan unit)
		go readUnits(t.Context(), r, name, units)
		if u := <-units; u.err != errUnit {
			t.Errorf("%s: %v", name, u.err)
		}
	}
	if line, err := readLine(bufio.NewReaderSize(strings.NewReader(strings.Repeat("x", 99)+"\ny"), 16), 100); len(line) != 100 || err != nil {
		t.Errorf("%d bytes, %v", len(line), err)
	}
	if _, err := readLine(bufio.NewReader(strings.NewReader(strings.Repeat("x", 100)+"\n")), 100); err != errUnit {
		t.Errorf("a byte too many: %v", err)
	}
}

// endless reads as a text again and again.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
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
