package search

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tlsh/schema"
	"tlsh/schema/docs"
)

var index = sync.OnceValue(func() *Index { return New(schema.Current()) })

// wanted is a line of queries.txt.
type wanted struct {
	class, query string
	names        []string
}

// evaluations are the files of queries, in the order they were written.
var evaluations = []string{"queries.txt", "queries-2.txt", "queries-3.txt", "queries-4.txt"}

// queries reads all of them.
func queries(t testing.TB) []wanted {
	t.Helper()
	var out []wanted
	for _, file := range evaluations {
		out = append(out, queriesOf(t, file)...)
	}
	return out
}

func queriesOf(t testing.TB, file string) []wanted {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []wanted
	class := ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if h, ok := strings.CutPrefix(line, "## "); ok {
			class = h
		}
		if q, names, ok := strings.Cut(line, " -> "); ok && !strings.HasPrefix(line, "# ") {
			out = append(out, wanted{class, q, strings.Fields(names)})
		}
	}
	return out
}

// place is where the first right name stands among the hits, from 0; -1 for
// nowhere.
func place(hits []Hit, names []string) int {
	return slices.IndexFunc(hits, func(h Hit) bool { return slices.Contains(names, h.Name) })
}

// TestQueries is the evaluation: how often what is wanted comes first, and how
// often among the first five.
func TestQueries(t *testing.T) {
	for _, file := range evaluations {
		t.Run(file, func(t *testing.T) {
			all := evaluate(t, queriesOf(t, file))
			if all.n < 100 || all.first*100 < all.n*80 || all.five*100 < all.n*95 {
				t.Error("too few")
			}
		})
	}
}

// score counts queries, and those whose right name came first and among five.
type score struct{ n, first, five int }

func (s *score) add(at int) {
	s.n++
	if at == 0 {
		s.first++
	}
	if at >= 0 && at < 5 {
		s.five++
	}
}

// evaluate asks them all, prints what did not come first and what each class
// came to, and gives the sum.
func evaluate(t *testing.T, list []wanted) score {
	all, classes := score{}, map[string]*score{}
	var order []string
	for _, w := range list {
		c := classes[w.class]
		if c == nil {
			c = new(score)
			classes[w.class] = c
			order = append(order, w.class)
		}
		hits := index().Find(w.query, 10)
		at := place(hits, w.names)
		all.add(at)
		c.add(at)
		if at != 0 {
			var got []string
			for _, h := range hits[:min(5, len(hits))] {
				got = append(got, h.Name)
			}
			t.Logf("%-10s %-40q place %d: %s", w.class, w.query, at+1, strings.Join(got, " "))
		}
	}
	for _, name := range order {
		c := classes[name]
		t.Logf("%-24s %3d queries, first %3d, among five %3d", name, c.n, c.first, c.five)
	}
	t.Logf("all: %d queries, first %.1f %%, among five %.1f %%", all.n, 100*float64(all.first)/float64(all.n), 100*float64(all.five)/float64(all.n))
	return all
}

// Every request is first for its full name; constructors and types are among
// the first three.
func TestFullNames(t *testing.T) {
	s := schema.Current()
	for _, m := range s.Methods() {
		if hits := index().Find(m.Name, 3); len(hits) == 0 || hits[0].Name != m.Name || hits[0].Kind != Method {
			t.Errorf("%s: %+v", m.Name, hits)
		}
	}
	for _, c := range s.Constructors() {
		if place(index().Find(c.Name, 3), []string{c.Name}) < 0 {
			t.Errorf("%s: %+v", c.Name, index().Find(c.Name, 3))
		}
	}
	for _, c := range s.Classes() {
		if place(index().Find(c.Name, 3), []string{c.Name}) < 0 {
			t.Errorf("%s: %+v", c.Name, index().Find(c.Name, 3))
		}
	}
}

// The tables and the evaluation name what there is.
func TestTables(t *testing.T) {
	s := schema.Current()
	there := map[string]bool{}
	for i := range index().entries {
		there[index().entries[i].name] = true
	}
	seen := map[string]bool{}
	for _, w := range queries(t) {
		for _, name := range w.names {
			if !there[name] {
				t.Errorf("%q wants %s, which is not there", w.query, name)
			}
		}
		if seen[w.query] {
			t.Errorf("%q stands twice", w.query)
		}
		seen[w.query] = true
	}
	errors := docs.Patterns()
	for name := range table(alsoText) {
		name = strings.TrimLeft(name, "-+")
		if _, known := slices.BinarySearch(errors, name); !known && s.Method(name) == nil && s.Constructor(name) == nil {
			t.Errorf("also.txt: there is no %s", name)
		}
	}
	for name, list := range table(friendlyText) {
		for m := range strings.FieldsSeq(list) {
			if s.Method(m) == nil {
				t.Errorf("friendly.txt: %s: there is no request %s", name, m)
			}
		}
	}
}

// What a query says of the kind that is looked for.
func TestKinds(t *testing.T) {
	for _, c := range []struct {
		query string
		want  Hit
	}{
		{"messages.sendMessage silent", Hit{Kind: Parameter, Name: "silent", Of: "messages.sendMessage"}},
		{"forwardMessages.drop_author", Hit{Kind: Parameter, Name: "drop_author", Of: "messages.forwardMessages"}},
		{"inputMediaPoll solution", Hit{Kind: Parameter, Name: "solution", Of: "inputMediaPoll"}},
		{"PeerIdInvalid", Hit{Kind: Error, Name: "PEER_ID_INVALID"}},
		{"errors.FileMigrateError", Hit{Kind: Error, Name: "FILE_MIGRATE_%d"}},
		{"be5335", Hit{Kind: Method, Name: "upload.getFile"}},
		{"#be53", Hit{Kind: Method, Name: "upload.getFile"}},
		{"0xbe5335be", Hit{Kind: Method, Name: "upload.getFile"}},
		{"-1101843010", Hit{Kind: Method, Name: "upload.getFile"}},
		{"location filter", Hit{Kind: Constructor, Name: "inputMessagesFilterGeo"}},
	} {
		hits := index().Find(c.query, 1)
		if len(hits) != 1 || hits[0].Kind != c.want.Kind || hits[0].Name != c.want.Name || c.want.Of != "" && hits[0].Of != c.want.Of {
			t.Errorf("%q: %+v", c.query, hits)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, w := range queries(f) {
		f.Add(w.query)
	}
	for _, s := range []string{"", " ", ".", "\xff", "ÄÖ", strings.Repeat("a", 500), "%", "_", "x y z w v u t s r q p o n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, q string) {
		hits := index().Find(q, 10)
		if len(hits) > 10 {
			t.Fatalf("%d hits", len(hits))
		}
		for i, h := range hits {
			for j, o := range h.Match {
				if o < 0 || o >= len(h.Name) || j > 0 && o <= h.Match[j-1] {
					t.Fatalf("%q marks %v of %s", q, h.Match, h.Name)
				}
			}
			if slices.ContainsFunc(hits[:i], func(o Hit) bool { return o.Name == h.Name && o.Kind == h.Kind }) {
				t.Fatalf("%s twice", h.Name)
			}
		}
	})
}

func TestWords(t *testing.T) {
	for s, want := range map[string]string{
		"messages.sendMessage": "messages send message", "PEER_ID_INVALID": "peer id invalid", "inputMessageID": "input message id",
		"getURLNow": "get url now", "help.getNearestDc": "help get nearest dc", "int128": "int128", "": "", "..": "", "DcOption2": "dc option2",
	} {
		var got []string
		words(s, func(w string, _ int) { got = append(got, w) })
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "abxc", 1}, {"abcd", "badc", 2}, {"history", "histroy", 1}, {"a", "xyz", 3}, {"", "", 0}} {
		if got := distance(c.a, c.b, 2); got != min(c.want, 3) {
			t.Errorf("%s %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New(schema.Current())
	}
}

// BenchmarkKeystroke types every query of the evaluation letter by letter, and
// reports the median and the 99th percentile of a keystroke.
func BenchmarkKeystroke(b *testing.B) {
	var typed []string
	for _, w := range queries(b) {
		for i := range w.query {
			typed = append(typed, w.query[:i+1])
		}
	}
	index().Find("warm", 10)
	times := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		index().Find(typed[i%len(typed)], 10)
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
}
