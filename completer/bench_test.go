package completer_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tlsh/completer"
	"tlsh/schema"
)

// crowd is the world with many people.
func crowd(n int) *env {
	e := world()
	list := make([]completer.Person, n)
	first := []string{"Alice", "Bob", "Carol", "Dmitri", "Eve", "Farah", "Giulia", "Hiro", "Ines", "Jonas"}
	for i := range list {
		name := first[i%len(first)]
		list[i] = completer.Person{Kind: "user", Title: fmt.Sprintf("%s Smith %d", name, i), ID: int64(i + 1)}
		if i%3 != 0 {
			list[i].Username = fmt.Sprintf("%s_%d", name, i)
		}
		if i%10 == 9 {
			list[i].Kind = "channel"
		}
	}
	e.people = completer.NewPeople(list)
	return e
}

// BenchmarkKeystroke types lines letter by letter, with 5,000 people known and
// the search index warm, and reports the median and the 99th percentile of a
// keystroke.
func BenchmarkKeystroke(b *testing.B) {
	e := crowd(5000)
	type stroke struct{ line string }
	var typed []stroke
	for _, l := range lines {
		for i := range l {
			typed = append(typed, stroke{line: l[:i+1]})
		}
	}
	for _, s := range typed {
		completer.Complete(schema.Current(), e, s.line, len(s.line))
	}
	times := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		line := typed[i%len(typed)].line
		start := time.Now()
		completer.Complete(schema.Current(), e, line, len(line))
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(times[len(times)-1].Microseconds()), "max-µs")
}

func BenchmarkComplete(b *testing.B) {
	e := crowd(5000)
	for _, c := range []struct{ name, src string }{
		{"request", "messages.sendM"},
		{"namespace", "messages."},
		{"letter", "m"},
		{"empty", ""},
		{"meaning", "forwa"},
		{"parameter", "messages.sendMessage @alice hi si"},
		{"gap", "messages.sendMessage @alice "},
		{"value", "messages.sendMessage @alice hi reply_to=inp"},
		{"peer", "messages.sendMessage smi"},
		{"peers", "messages.sendMessage peer="},
		{"variable", "messages.deleteMessages id=[$_.messages[0]."},
		{"any", "echo $"},
		{"jq", "messages.getHistory @alice | jq '.messages[] | select(.out) | .me"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				completer.Complete(schema.Current(), e, c.src, len(c.src))
			}
		})
	}
}
