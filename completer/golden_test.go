package completer_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"tlsh/completer"
	"tlsh/schema"
)

const goldens = "testdata/places.txt"

// Each line of testdata/places.txt that begins with > is a line with its cursor
// as ‸; below it stand the first candidates, with what each would make of the
// line's part that it replaces. UPDATE=1 writes them.
func TestPlaces(t *testing.T) {
	b, err := os.ReadFile(goldens)
	if err != nil {
		t.Fatal(err)
	}
	e, n := world(), 0
	var out strings.Builder
	for line := range strings.Lines(string(b)) {
		place, ok := strings.CutPrefix(line, "> ")
		if !ok {
			if strings.HasPrefix(line, "#") {
				out.WriteString("\n" + line)
			}
			continue
		}
		n++
		place = strings.TrimSuffix(place, "\n")
		cursor := strings.Index(place, "‸")
		src := strings.ReplaceAll(strings.Replace(place, "‸", "", 1), "⏎", "\n")
		if cursor < 0 {
			t.Fatalf("%s: no cursor", place)
		}
		cursor = len(strings.ReplaceAll(place[:cursor], "⏎", "\n"))
		fmt.Fprintf(&out, "\n> %s\n", place)
		res := completer.Complete(schema.Current(), e, src, cursor)
		if len(res.Items) == 0 {
			out.WriteString("  nothing\n")
		}
		const shown = 6
		for _, it := range res.Items[:min(shown, len(res.Items))] {
			fmt.Fprintf(&out, "  %s\n", strings.TrimRight(fmt.Sprintf("%-32s %-11s %s", it.Text, it.Kind, clip(it.Description)), " "))
		}
		if more := len(res.Items) - shown; more > 0 {
			fmt.Fprintf(&out, "  and %d\n", more)
		}
	}
	got := strings.TrimPrefix(out.String(), "\n")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(goldens, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(b) {
		t.Errorf("got\n%s", diff(string(b), got))
	}
	t.Logf("%d places", n)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 70 {
		return string(r[:69]) + "…"
	}
	return s
}

// diff is the first place where two texts differ, with the place's header.
func diff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	head := ""
	for i := range g {
		if strings.HasPrefix(g[i], "> ") {
			head = g[i]
		}
		if i >= len(w) || w[i] != g[i] {
			old := "nothing"
			if i < len(w) {
				old = w[i]
			}
			return head + "\n" + g[i] + "\nwanted\n" + old
		}
	}
	return "too little"
}
