package eval

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"tlsh/render"
	"tlsh/schema"
)

// The overview fits a screen of 24 rows and 80 columns, with the prompt below it,
// and has every command once.
func TestOverview(t *testing.T) {
	var out bytes.Buffer
	sh := New(Config{Schema: schema.Current(), Out: &out, Err: &out, View: render.Options{Width: 80}, Format: Tree})
	sh.Run(context.Background(), Source{Text: "help"})
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) > 22 {
		t.Errorf("it has %d lines:\n%s", len(lines), out.String())
	}
	for _, l := range lines {
		if n := len([]rune(l)); n > 80 {
			t.Errorf("%d columns: %s", n, l)
		}
	}
	var names []string
	for _, g := range groups {
		names = append(names, g.names...)
	}
	for _, c := range commands() {
		i := slices.Index(names, c.name)
		switch {
		case c.summary == "": // another spelling
		case i < 0:
			t.Errorf("the overview does not have %s", c.name)
		default:
			names = slices.Delete(names, i, i+1)
		}
	}
	if len(names) > 0 {
		t.Errorf("the overview has %v too often, or what is no command", names)
	}
}
