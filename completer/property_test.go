package completer_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"tlsh/completer"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl/tltest"
)

// randomLine is a valid line of a request with random values and named
// parameters, with or without parentheses.
func randomLine(def *schema.Combinator, r *rand.Rand) string {
	g := tltest.New(schema.Current(), uint64(def.ID)^5)
	g.Depth = 2
	g.Text = func(r *rand.Rand) string { return []string{"", "hi", "two words", "π\x00\"", "@alice"}[r.IntN(5)] }
	g.Bytes = func(r *rand.Rand) []byte { return make([]byte, r.IntN(5)) }
	line := string(render.AppendSource(nil, g.Object(def).Value()))
	if inner, ok := strings.CutPrefix(line, def.Name+"("); ok && r.IntN(2) == 0 {
		return def.Name + " " + strings.TrimSuffix(inner, ")")
	}
	return line
}

// wantedAt is the token that a line goes on with at a cut: a name, and where it
// begins; "" where it is no name that could be offered.
func wantedAt(f *syntax.File, cut int) (text string, from int) {
	for _, tok := range f.Tokens {
		if tok.Span.To < cut || tok.Span.To == cut && tok.Kind != syntax.TokWord || tok.Kind == syntax.TokSpace {
			continue
		}
		text = f.Src[tok.Span.From:tok.Span.To]
		s := schema.Current()
		switch {
		case tok.Kind == syntax.TokName:
		case tok.Kind == syntax.TokWord && (s.Method(text) != nil || s.Constructor(text) != nil || text == "true" || text == "false"):
		default:
			return "", 0
		}
		return text, tok.Span.From
	}
	return "", 0
}

// count is how many names were wanted, and how many were among the first ten.
type count struct{ n, ten int }

func (c count) share() float64 { return 100 * float64(c.ten) / float64(max(1, c.n)) }

// Random valid lines of every request are cut at some of their bytes, or with
// TLSH_EVERY_CUT at all: whatever is offered there, once inserted, still checks,
// and the name that the line goes on with is among the first ten.
func TestRandomLines(t *testing.T) {
	every := os.Getenv("TLSH_EVERY_CUT") != ""
	cuts, most := 4, 12
	if every {
		most = 100
	}
	e := world()
	r := rand.New(rand.NewPCG(1, 2))
	var typed, heads [4]count // nothing, less than half, half and more, all
	offered := 0
	for _, def := range schema.Current().Methods() {
		line := randomLine(def, r)
		f := syntax.Parse(line)
		if errs := fatal(e, line); len(errs) > 0 {
			t.Fatalf("%s: %v", line, errs.Err())
		}
		at := r.Perm(len(line) + 1)
		if !every {
			at = at[:min(cuts, len(at))]
		}
		for _, cut := range at {
			src := line[:cut]
			offered += offersCheck(t, e, src, most)
			want, from := wantedAt(f, cut)
			if want == "" || from > cut {
				continue // or a space comes first
			}
			tally, n := &typed, cut-from
			if strings.Contains(want, ".") {
				tally = &heads
			}
			class := &tally[1]
			switch {
			case n == 0:
				class = &tally[0]
			case n >= len(strings.TrimSuffix(want, "=")):
				class = &tally[3]
			case 2*n >= len(want):
				class = &tally[2]
			}
			class.n++
			res := completer.Complete(schema.Current(), e, src, cut)
			if p := min(place(res, want), place(res, want+"true")); p <= 10 {
				class.ten++
			} else if testing.Verbose() {
				t.Logf("%d of %s typed, and it is number %d: …%s", cut-from, want, p, src[max(0, len(src)-60):])
			}
		}
	}
	for i, name := range []string{"nothing of it typed", "less than half", "half and more", "all"} {
		t.Logf("%-20s of %5d parameters and values %.1f %%, of %5d requests %.1f %% among the first ten",
			name, typed[i].n, typed[i].share(), heads[i].n, heads[i].share())
	}
	t.Logf("%d candidates inserted", offered)
	// Of many hundred requests ten cannot be right after a letter or two.
	if typed[3].share()+heads[3].share() < 200 || typed[2].share() < 99 || heads[2].share() < 98 || typed[1].share() < 95 || typed[0].share() < 80 {
		t.Error("too few of the wanted names are among the first ten")
	}
}
