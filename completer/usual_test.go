package completer_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tlsh/bind"
	"tlsh/completer"
	"tlsh/schema"
	"tlsh/syntax"
)

// session is a world that remembers what was entered.
type session struct {
	*env
	recent *completer.Recent
}

func (s session) Recent(owner, param string) []string { return s.recent.Values(owner, param) }

// entered are the lines that a document shows behind its prompts.
var entered = regexp.MustCompile(`(?m)^> (.+)$`)

// requestAt is the request that a statement calls, "" for none.
func requestAt(f *syntax.File, i int, e bind.Env) string {
	in := bind.Check(schema.Current(), f, i, e)
	if in.Kind != bind.Request && in.Kind != bind.Pages || in.Object() == nil {
		return ""
	}
	return in.Object().Def().Name
}

// Where nothing is typed, what is called next is among the first ten for most
// lines of the tour, though every other request could be.
func TestNext(t *testing.T) {
	text, err := os.ReadFile("../docs/tour.md")
	if err != nil {
		t.Fatal(err)
	}
	w := world()
	e := session{w, completer.NewRecent(schema.Current())}
	var calls, ten, fresh, freshTen int
	met := map[string]bool{}
	for _, m := range entered.FindAllStringSubmatch(string(text), -1) {
		line := m[1]
		want := requestAt(syntax.Parse(line), 0, e)
		if want != "" {
			res := completer.Complete(schema.Current(), e, "", 0)
			in := place(res, want) <= 10
			calls++
			if in {
				ten++
			}
			if !met[want] {
				fresh++
				if in {
					freshTen++
				}
			}
			met[want] = true
		}
		e.recent.Add(e, line)
	}
	t.Logf("of %d calls %.0f %% were among the first ten; of %d requests called for the first time, %.0f %%",
		calls, 100*float64(ten)/float64(calls), fresh, 100*float64(freshTen)/float64(fresh))
	if calls < 40 || ten*100 < calls*40 {
		t.Error("too few")
	}
}

// What was called after the last request goes before what was called lately and
// what is common.
func TestNextLearned(t *testing.T) {
	e := session{world(), completer.NewRecent(schema.Current())}
	first := func(n int) []string {
		var out []string
		for _, it := range completer.Complete(schema.Current(), e, "", 0).Items[:n] {
			out = append(out, it.Text)
		}
		return out
	}
	if got := first(10); got[0] != "help" || !slices.Contains(got, "messages.getDialogs") {
		t.Errorf("at first: %s", strings.Join(got, " "))
	}
	for _, line := range []string{"help.getConfig", "langpack.getLanguages", "messages.getDialogs", "contacts.getContacts", "help.getConfig"} {
		e.recent.Add(e, line)
	}
	if got := first(3); !slices.Equal(got, []string{"help.getConfig", "langpack.getLanguages", "contacts.getContacts"}) {
		t.Errorf("after what is known: %s", strings.Join(got, " "))
	}
	if got := first(10); !slices.Contains(got, "help.getNearestDc") {
		t.Errorf("what tends to follow is not there: %s", strings.Join(got, " "))
	}
}

// The table names requests, and calls common what other libraries made methods
// of.
func TestUsual(t *testing.T) {
	text, err := os.ReadFile("usual.txt")
	if err != nil {
		t.Fatal(err)
	}
	friendly, err := os.ReadFile("../search/friendly.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		name, list, ok := strings.Cut(line, ": ")
		if !ok || line[0] == '#' {
			continue
		}
		names := strings.Fields(list)
		if name != "common" {
			names = append(names, name)
		}
		for _, m := range names {
			if schema.Current().Method(m) == nil {
				t.Errorf("there is no request %s", m)
			}
			if name == "common" && !strings.Contains(string(friendly), " "+m) {
				t.Errorf("no friendly method leads to %s", m)
			}
		}
	}
}
