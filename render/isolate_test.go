package render

import (
	"strings"
	"testing"
)

// isolates shows FSI and PDI as brackets.
var isolates = strings.NewReplacer("\u2068", "⟦", "\u2069", "⟧")

func TestIsolate(t *testing.T) {
	for in, want := range map[string]string{
		"plain \"日本\" 5\n":                "plain \"日本\" 5\n",
		"title: \"שלום\" 123\n":           "title: \"⟦שלום⟧\" 123\n",
		"m: \"שלום, עולם 5!\" id: 7":      "m: \"⟦שלום, עולם⟧ 5!\" id: 7",
		"a שלום 5 עולם b":                 "a ⟦שלום 5 עולם⟧ b",
		"שלום  17  עולם\nمرحبا":           "⟦שלום⟧  17  ⟦עולם⟧\n⟦مرحبا⟧",
		"שָׁלוֹם.":                        "⟦שָׁלוֹם⟧.",
		"\x1b[33m\"שלום\"\x1b[0m 5":       "\x1b[33m\"⟦שלום⟧\"\x1b[0m 5",
		"\x1b[33mשל\x1b[1mום\x1b[0m 5 me": "\x1b[33m⟦של\x1b[1mום⟧\x1b[0m 5 me",
		"שלום @alice עולם":                "⟦שלום⟧ @alice ⟦עולם⟧",
		"\xd7":                            "\xd7",
	} {
		if got := isolates.Replace(string(Isolate(nil, []byte(in)))); got != want {
			t.Errorf("%q is isolated as %q, want %q", in, got, want)
		}
	}
}

// Nothing is lost, and on every row what is begun ends.
func FuzzIsolate(f *testing.F) {
	for _, s := range []string{"", "שלום", "a \"שלום\" 1\nمرحبا  2", "\x1b[1mש\x1b[0m", "\x1bש", "ש\x1b[\nשm", "ש\u0591 \xff", "ש \t\tש"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(s, "\u2068\u2069") {
			return
		}
		out := string(Isolate(nil, []byte(s)))
		if plain := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(out); plain != s {
			t.Fatalf("%q became %q", s, plain)
		}
		for _, row := range strings.Split(out, "\n") {
			depth := 0
			for _, r := range row {
				switch r {
				case 0x2068:
					depth++
				case 0x2069:
					depth--
				}
				if depth < 0 || depth > 1 {
					t.Fatalf("%q: isolates do not pair", row)
				}
			}
			if depth != 0 {
				t.Fatalf("%q: an isolate does not end", row)
			}
		}
	})
}

func TestReorders(t *testing.T) {
	for env, want := range map[string]bool{
		"": false, "VTE_VERSION=7600 TERM=xterm-256color": true, "VTE_VERSION=5202": false, "VTE_VERSION=7600 TERM=tmux-256color": false,
		"TERM_PROGRAM=mintty": true, "TERM_PROGRAM=iTerm.app": false, "MLTERM=3.9": true, "TERM=xterm-kitty": false,
	} {
		get := func(name string) (string, bool) {
			for _, e := range strings.Fields(env) {
				if v, ok := strings.CutPrefix(e, name+"="); ok {
					return v, true
				}
			}
			return "", false
		}
		if got := Reorders(get); got != want {
			t.Errorf("%s: %v", env, got)
		}
	}
}
