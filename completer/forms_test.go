package completer_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"tlsh/example"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/tl"
	"tlsh/tl/tltest"
)

// forms are what a line of a request may stand in.
var forms = []struct{ name, before, behind string }{
	{"assigned", "$x = ", ""},
	{"for", "for $x in $_.messages < ", " >"},
	{"for in a batch", "batch < for $x in $list < ", " > > ordered"},
	{"watch", "watch 5s ", ""},
	{"batch", "batch < help.getConfig; $b = ", "; help.getNearestDc > ordered"},
	{"alias", "alias mine ", ""},
	{"option", "", " --dry-run"},
	{"piped", "", " | jq -r '.users[0].id'"},
	{"second", "help.getConfig; ", ""},
}

// randomObject is the value that a line of a request gives.
func randomObject(def *schema.Combinator, r *rand.Rand) *tl.Object {
	g := tltest.New(schema.Current(), uint64(def.ID)^11)
	g.Depth = 2
	g.Text = func(*rand.Rand) string { return []string{"", "hi", "two words", "it's", "@alice"}[r.IntN(5)] }
	g.Bytes = func(*rand.Rand) []byte { return make([]byte, r.IntN(3)) }
	return g.Object(def)
}

// What is offered inside blocks, behind words that take a line, and inside of
// Telethon's forms, once inserted, still checks; with TLSH_EVERY_CUT for every
// request and at every byte.
func TestFormsCheck(t *testing.T) {
	every := os.Getenv("TLSH_EVERY_CUT") != ""
	e := world()
	r := rand.New(rand.NewPCG(3, 4))
	counts := map[string]int{}
	try := func(form, line string) {
		switch errs := fatal(e, line); {
		case form == "telethon" && strings.Contains(line, "=False"):
			return // there it unsets an optional Bool, and what must go together may be torn
		case len(errs) > 0:
			t.Errorf("%s: %s: %v", form, line, errs.Err())
			return
		}
		cuts := r.Perm(len(line) + 1)
		if !every {
			cuts = cuts[:min(2, len(cuts))]
		}
		for _, cut := range cuts {
			counts[form] += offersCheck(t, e, line[:cut], 8)
		}
	}
	for i, def := range schema.Current().Methods() {
		if !every && i%3 != 0 {
			continue
		}
		o := randomObject(def, r)
		line := string(render.AppendSource(nil, o.Value()))
		for k, f := range forms {
			if every || k == r.IntN(len(forms)) {
				try(f.name, f.before+line+f.behind)
			}
		}
		_, python, _ := strings.Cut(example.Python(example.Call{Object: o}), "\n\n")
		try("telethon", python)
	}
	t.Logf("%v", counts)
}
