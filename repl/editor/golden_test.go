package editor

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tlsh/internal/vt"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestScreens types keys and compares the screen after each step with a golden
// file: text, styles and cursor.
func TestScreens(t *testing.T) {
	for _, c := range []struct {
		name       string
		cols, rows int
		host       func(*toy)
		change     func(*Config)
		steps      []string // keys; "=COLSxROWS" resizes, "^TEXT" prints above, "~THEME" sets a theme
	}{
		{name: "typing", cols: 60, rows: 8, steps: []string{"messages.sendMessage @alice", " \"hi", " there\"", "<C-a><C-Right><Esc>", "<A-d><A-d>", "<C-y>", "<C-_><C-_>"}},
		{name: "menu", cols: 60, rows: 9, steps: []string{"mess", "<Tab>", "<Tab>", "<Tab>", "<Tab><Enter>", "@bob", "<Esc>"}},
		{name: "menu-escape", cols: 60, rows: 9, steps: []string{"get", "<Tab><Tab>", "<Esc>", "<Tab>", "<Down>", "<Up><Up><Up>", "x"}},
		{name: "menu-scroll", cols: 44, rows: 9, host: func(h *toy) {
			for i := range 30 {
				h.names = append(h.names, fmt.Sprintf("many.number%02d", i))
			}
		}, steps: []string{"many", "<S-Tab>", "<PgUp>", "<PgUp><PgUp><PgUp><PgUp>", "<Up>"}},
		{name: "menu-single", cols: 60, rows: 6, steps: []string{"getUs<Tab>", "<C-w>getUs", "<Down>"}},
		{name: "lines", cols: 50, rows: 10, steps: []string{"batch <lt><Enter>", "  help.getConfig<Enter>", "users.getUsers 日本<Enter><Back><Back>>", "<Up><Up>", "<End><Down>", "<C-a>x"}},
		{name: "wrap", cols: 40, rows: 8, steps: []string{strings.Repeat("0123456789", 6), "<C-a>", "日", "<C-e>日本語日本語日", "<Back>"}},
		{name: "full-row", cols: 40, rows: 6, steps: []string{strings.Repeat("x", 31), "<Left>", "<Right>", "<A-Enter>y<Up>", "<Del>"}},
		{name: "graphemes", cols: 50, rows: 5, steps: []string{"👨‍👩‍👧é🇩🇪각", "<Back>", "<Back>", "<Back>", "<Back>", "à́b<Left><Back>"}},
		{name: "right-to-left", cols: 50, rows: 5, steps: []string{"say \"שלום עולם\" مرحبا", "<Left><Left>", "<C-Left><C-Left>", "<C-w>", "<Paste>\u2067x\u2069\u200f</Paste>"}},
		{name: "unsafe", cols: 60, rows: 6, steps: []string{"<Paste>a\x1b[31mb\x07\x00\x9b\u009b\u202etxt.exe\u2066\u200b\xff\ttab\u0301</Paste>", "<C-a><Right><Right>", "<Del>"}},
		{name: "paste", cols: 50, rows: 9, steps: []string{"<Paste>one <lt>\r\ntwo\rthree\n</Paste>", "<Back>", "<Enter>"}},
		{name: "history", cols: 60, rows: 9, host: func(h *toy) {
			h.history = []string{"help.getConfig", "batch <\n  help.getConfig\n>", "users.getUsers", "help.getConfig", "help.nothing"}
		}, steps: []string{"help.", "<Up>", "<Up>", "<Up>", "<Down>", "<Down>", "<C-u><Up><Up><Up>", "<Up>", "<Up><Up>"}},
		{name: "search", cols: 70, rows: 10, host: func(h *toy) {
			now := stopped()
			h.past = []Past{{"help.getConfig", now.Add(-9 * 24 * time.Hour), "ok"}, {"messages.sendMessage @alice \"hi\"", now.Add(-49 * time.Hour), "PEER_FLOOD"},
				{"users.getUsers", now.Add(-90 * time.Minute), "ok"}, {"batch <\n  help.getConfig\n>", now.Add(-time.Minute), "ok"}, {"messages.getHistory @alice", now, "ok"}, {Text: "old"}}
		}, steps: []string{"typed<C-r>", "ALI", "<C-r>", "<C-r>", "<C-s>", "<C-w>", "gtcnf", "<C-u>hi sendM", "<Esc>", "<C-r>users<Tab>", "!<C-_><C-_>", "<C-r>conf<Down><Enter>", "<C-c><C-r>zzzz", "<C-g>"}},
		{name: "search-narrow", cols: 40, rows: 8, host: func(h *toy) {
			for i := range 30 {
				h.past = append(h.past, Past{fmt.Sprintf("messages.sendMessage @somebody \"number %d\"", i), stopped().Add(time.Duration(i-30) * time.Hour), "ok"})
			}
		}, steps: []string{"<C-r>", "<Down>", "<PgDn>", "<PgUp><Up>", "2", "<Left>"}},
		{name: "above", cols: 50, rows: 8, steps: []string{"one <lt><Enter>two", "^an \x1b[1;34mupdate\x1b[0m \x1b]0;title\x07\x1b[2Jarrived", "^two\nrows\n", " three", "^" + strings.Repeat("long ", 12)}},
		{name: "resize", cols: 60, rows: 8, steps: []string{"before <lt><Enter>" + strings.Repeat("0123456789", 4), "=40x8", "=100x12", "=40x5", "<C-a>", "=41x5", "x"}},
		{name: "ghost", cols: 50, rows: 8, host: func(h *toy) {
			h.history = []string{"users.getUsers @alice", "batch <\n  help.getConfig\n>", "messages.sendMessage @bob \"日本 " + strings.Repeat("long ", 12) + "\""}
		}, steps: []string{"users.getUsers", "<A-f>", "<Right>", "<C-u>bat", "<End>", "<C-c>messages.sendM", "<Left>", "<Right>", "<C-Right><C-Right>", "zzz", "<C-c>/mess"}},
		{name: "pairs", cols: 50, rows: 8, steps: []string{"batch <lt> one >", "<Left>", "<C-a>"}},
		{name: "external", cols: 50, rows: 8, change: func(c *Config) {
			c.Edit = func(text string) (string, error) {
				if text == "bad" {
					return "", errors.New("vi: exit status 1")
				}
				return "edited <\n" + text + "\n>\n", nil
			}
		}, steps: []string{"one <lt><Enter>two<C-x><C-e>", "<C-_>", "<C-c>bad<C-x><C-e>", "<C-x>y<C-x><C-u>"}},
		{name: "suspend", cols: 50, rows: 8, steps: []string{"users <lt><Enter>half", "<C-z>", "x"}},
		{name: "theme", cols: 60, rows: 8, change: func(c *Config) {
			c.Getenv = environment("TERM=xterm-256color", "COLORTERM=truecolor", "COLORFGBG=0;15")
		}, steps: []string{"messages.sendMessage @bob \"hi\"", "~dark", "~terminal", "~auto"}},
		{name: "theme-256", cols: 60, rows: 8, change: func(c *Config) {
			c.Getenv = environment("TERM=xterm-256color", "COLORFGBG=15;default;0")
		}, steps: []string{"messages.sendMessage @bob \"hi\"", "~light"}},
		{name: "stops", cols: 60, rows: 8, host: func(h *toy) {
			h.complete = func(_ context.Context, text string, cursor int) Completions {
				c := Completions{From: wordAt(text, cursor), To: cursor}
				switch word := text[c.From:cursor]; {
				case word == "in":
					c.Items = []Candidate{{Text: "inputAB("}, {Text: "input", Whole: true}}
				case strings.HasSuffix(word, "=v"):
					c.From = cursor - 1
					c.Items = []Candidate{{Text: "value", Whole: true}}
				}
				return c
			}
		}, steps: []string{"in", "<Tab><Enter>", "5<Tab>", "v<Tab>", "x<C-c>", "in<Tab><Tab><Enter>", ")", "<C-c>in<Tab><Enter>x<C-a><Tab>"}},
		{name: "menu-narrow", cols: 40, rows: 8, host: func(h *toy) {
			h.names = []string{"messages.getMessagesViews", "messages.getMessageReactionsList", "messages.getMessages"}
		}, steps: []string{"mess", "<Tab>"}},
		{name: "clear", cols: 50, rows: 5, steps: []string{"^some output", "he", "<C-l>"}},
		{name: "cancel", cols: 50, rows: 8, steps: []string{"users.getUsers", "<C-c>", "help<Tab>", "<C-c>", "<C-c>"}},
		{name: "no-colour", cols: 60, rows: 8, change: func(c *Config) { c.Getenv = environment("NO_COLOR=1") }, steps: []string{"mess", "<Tab>", "<Enter>\"x", "^\x1b[31mred\x1b[0m text"}},
		{name: "hint", cols: 40, rows: 8, host: func(h *toy) {
			h.hint = func(string, int) []Segment {
				return []Segment{{"messages.forwardMessages from_peer:InputPeer ", Dim}, {"id:Vector<int>", Current}, {" to_peer:InputPeer", Dim}, {"\nid is missing", Error}}
			}
		}, steps: []string{"x"}},
		{name: "tall", cols: 40, rows: 6, steps: []string{"<Paste>" + numbered(20) + "</Paste>", "<Up><Up><Up><Up>", "<A-<>", "<Enter>"}},
		{name: "tiny", cols: 12, rows: 2, steps: []string{"mess", "<Tab>", "<Esc>ages and more"}},
		{name: "long-prompt", cols: 40, rows: 5, host: func(h *toy) {
			h.prompt = []Segment{{"a profile with a long name, data centre 4", Alert}, {"> ", Plain}}
		}, steps: []string{"x <lt><Enter>y"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			host := newToy()
			if c.host != nil {
				c.host(host)
			}
			change := func(cfg *Config) {
				cfg.Now = stopped
				if c.change != nil {
					c.change(cfg)
				}
			}
			r := newRig(t, c.cols, c.rows, host, change).start()
			var got strings.Builder
			var l vt.Legend
			for _, step := range c.steps {
				var w, h int
				switch {
				case strings.HasPrefix(step, "^"):
					if err := r.e.Above(step[1:]); err != nil {
						t.Fatal(err)
					}
					r.settle()
				case step[0] == '~':
					if err := r.e.SetTheme(step[1:]); err != nil {
						t.Fatal(err)
					}
					r.settle()
				case step[0] == '=':
					if _, err := fmt.Sscanf(step, "=%dx%d", &w, &h); err != nil {
						t.Fatal(err)
					}
					r.resize(w, h)
				default:
					r.press(step)
				}
				fmt.Fprintf(&got, "%q\n%s\n", step, r.term.vt.Dump(&l))
			}
			got.WriteString(l.String())
			golden(t, c.name, got.String())
		})
	}
}

// environment looks variables up in a list of NAME=VALUE.
func environment(list ...string) func(string) string {
	return func(name string) string {
		for _, e := range list {
			if v, ok := strings.CutPrefix(e, name+"="); ok {
				return v
			}
		}
		return ""
	}
}

// stopped is a clock that stands still.
func stopped() time.Time { return time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC) }

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Error(d)
	}
}
