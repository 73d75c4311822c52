package render_test

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"tlsh/render"
)

func table(opt render.Options, titles string, rows ...string) string {
	t := render.NewTable(strings.Split(titles, "|")...)
	number := func(s string) bool { return s != "" && strings.Trim(s, "-0123456789") == "" }
	for _, r := range rows {
		for i, c := range strings.Split(r, "|") {
			t.Measure(i, c, number(c))
		}
	}
	b := t.AppendHeader(nil, opt)
	for _, r := range rows {
		b = t.AppendRow(b, strings.Split(r, "|"), opt)
	}
	return string(b)
}

func TestTable(t *testing.T) {
	for _, c := range []struct {
		name  string
		width int
		got   []string
		want  string
	}{
		{"numbers at the right", 0, []string{"id|n|text", "1|-5|a", "100|7|bc"}, " id   n  text\n  1  -5  a\n100   7  bc\n"},
		{"one word makes a column of words", 0, []string{"id|v", "1|5", "2|x"}, "id  v\n 1  5\n 2  x\n"},
		{"absent is empty, and no space stands at the end", 0, []string{"id|a|b", "1||x", "2|y|"}, "id  a  b\n 1     x\n 2  y\n"},
		{"wide and joined characters count as they are shown", 0, []string{"a|b", "日本|x", "👨‍👩‍👧|y", "é|z"}, "a     b\n日本  x\n👨‍👩‍👧    y\né     z\n"},
		{"the widest is cut", 24, []string{"id|text|n", "1|a long line of text that goes on|5"}, "id  text               n\n 1  a long line of t…  5\n"},
		{"no column is cut to nothing", 16, []string{"aaaaaaaaaa|bbbbbbbbbb|cccccccccc", "1|2|3"}, ""},
		{"no rows", 0, []string{"id|text"}, "id  text\n"},
		{"no columns but one", 0, []string{"v", "", "x"}, "v\n\nx\n"},
	} {
		got := table(render.Options{Width: c.width}, c.got[0], c.got[1:]...)
		if c.want != "" && got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
		for line := range strings.Lines(got) {
			if w := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); c.width > 0 && w > c.width {
				t.Errorf("%s: %q is %d wide", c.name, line, w)
			}
		}
	}
	if got := table(render.Options{Color: true}, "id", "1"); !strings.Contains(strings.SplitAfter(got, "\n")[0], "\x1b[") || strings.Contains(strings.SplitAfter(got, "\n")[1], "\x1b") {
		t.Errorf("the titles alone are coloured: %q", got)
	}
}

func TestAppendLines(t *testing.T) {
	for in, want := range map[string]string{
		"a\tb\nc": "a\tb\nc", "a\rb": `a\rb`, "\x1b[2J\n": "\\x1b[2J\n", "\xff": `\xff`, "": "", "日本\u202e": `日本\u{202e}`,
	} {
		if got := string(render.AppendLines(nil, in)); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

func TestSafeJSON(t *testing.T) {
	for in, want := range map[string]string{
		"{\"a\":\"b\u202e\"}": `{"a":"b\u202e"}`, "\"\u009b\"": `"\u009b"`, "\"\x7f\"": `"\u007f"`, `"日本"`: `"日本"`,
		"\"\U000e0041\"": `"\udb40\udc41"`, "[1]": "[1]",
	} {
		if got := string(render.SafeJSON([]byte(in))); got != want {
			t.Errorf("%q becomes %s, want %s", in, got, want)
		}
	}
}
