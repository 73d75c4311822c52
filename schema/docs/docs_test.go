package docs

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTable(t *testing.T) {
	entries, err := readErrors(errorsText)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 120 {
		t.Errorf("%d errors", len(entries))
	}
	pattern := regexp.MustCompile(`^[A-Za-z0-9]+(_([A-Z0-9]+|%d))*$`)
	for _, e := range entries {
		if !pattern.MatchString(e.pattern) {
			t.Errorf("%q is not the name of an error", e.pattern)
		}
		if Code(e.code) == "" {
			t.Errorf("%s: code %d", e.pattern, e.code)
		}
		for _, s := range []string{e.meaning, e.advice} {
			if !utf8.ValidString(s) || !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "…") {
				t.Errorf("%s: not a sentence: %q", e.pattern, s)
			}
			if !strings.Contains(e.pattern, "%d") && strings.Contains(s, "%") {
				t.Errorf("%s: no number to fill in: %q", e.pattern, s)
			}
		}
	}
}

func TestError(t *testing.T) {
	for _, c := range []struct{ message, pattern, meaning string }{
		{"PEER_ID_INVALID", "PEER_ID_INVALID", "The peer is not one"},
		{"FLOOD_WAIT_30", "FLOOD_WAIT_%d", "again in 30 seconds."},
		{"FLOOD_WAIT_1", "FLOOD_WAIT_%d", "again in 1 second."},
		{"FLOOD_WAIT_0", "FLOOD_WAIT_%d", "again in 0 seconds."},
		{"FLOOD_WAIT_3661", "FLOOD_WAIT_%d", "again in 1 hour 1 minute."},
		{"FLOOD_WAIT_86403", "FLOOD_WAIT_%d", "again in 1 day."},
		{"FLOOD_WAIT_X", "FLOOD_WAIT_%d", "again in some time."},
		{"FLOOD_WAIT_%d", "FLOOD_WAIT_%d", "again in some time."},
		{"FLOOD_WAIT_99999999999999999999", "FLOOD_WAIT_%d", "again in some time."},
		{"2FA_CONFIRM_WAIT_86400", "2FA_CONFIRM_WAIT_%d", "in 1 day."},
		{"FILE_PART_5_MISSING", "FILE_PART_%d_MISSING", "Part 5 of"},
		{"INTERDC_2_CALL_ERROR", "INTERDC_%d_CALL_ERROR", "data centre 2."},
		{"EMAIL_UNCONFIRMED_6", "EMAIL_UNCONFIRMED_%d", "has 6 characters"},
		{"PHONE_MIGRATE_4", "PHONE_MIGRATE_%d", "data centre 4."},
	} {
		x, ok := Error(c.message)
		if !ok || x.Pattern != c.pattern || !strings.Contains(x.Meaning, c.meaning) {
			t.Errorf("%s: %v %+v", c.message, ok, x)
		}
	}
	for _, m := range []string{"", "_", "NO_SUCH_THING", "FLOOD_WAIT_", "FLOOD_WAIT_3x", "flood_wait_3", strings.Repeat("9_", 10000)} {
		if x, ok := Error(m); ok {
			t.Errorf("%.20q is known: %+v", m, x)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for src, want := range map[string]string{
		"A 400\nx.\n":                       "line 1: A needs a meaning and an advice",
		"\nA\nx.\n> y.\n":                   `line 2: want a pattern and a code, got "A"`,
		"A 400\nx.\n> y.\nz.\n":             "line 4: A has a third line",
		"A 400\nx.\n> y.\n\nA 400\nx\n> y.": "line 5: A stands twice",
	} {
		if _, err := readErrors(src); err == nil || err.Error() != want {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func BenchmarkError(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Error("FLOOD_WAIT_30")
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := readErrors(errorsText); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzError(f *testing.F) {
	for _, s := range []string{"FLOOD_WAIT_30", "2FA_CONFIRM_WAIT_1", "_9__X_%d", "FILE_PART_007_MISSING", "\xff_1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, ok := Error(s)
		if ok != (x.Pattern != "") || ok && (strings.Contains(x.Meaning, "%") || strings.Contains(x.Advice, "%")) {
			t.Errorf("%q: %v %+v", s, ok, x)
		}
	})
}
