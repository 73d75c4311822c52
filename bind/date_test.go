package bind

import (
	"testing"
	"time"
)

// Dates in a zone with daylight saving, around its change on 2026-03-29: the
// clock stands on Saturday 2026-03-28 20:30.
func TestMomentZone(t *testing.T) {
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Skip(err)
	}
	now := time.Date(2026, 3, 28, 20, 30, 0, 0, vienna)
	for _, c := range [][2]string{
		{"now", "2026-03-28T20:30:00+01:00"},
		{"now+1d", "2026-03-29T21:30:00+02:00"}, // 24 hours
		{"tomorrow 20:30", "2026-03-29T20:30:00+02:00"},
		{"tomorrow", "2026-03-29T00:00:00+01:00"},
		{"tomorrow 12:00Z", "2026-03-29T12:00:00Z"},
		{"saturday", "2026-04-04T00:00:00+02:00"},
		{"Sun 3:00", "2026-03-29T03:00:00+02:00"},
		{"9:05:07", "2026-03-28T09:05:07+01:00"},
		{"23:30+14:00", "2026-03-29T23:30:00+14:00"}, // there it is Sunday already
		{"2026-07-01", "2026-07-01T00:00:00+02:00"},
		{"2024-02-29t00:00z", "2024-02-29T00:00:00Z"},
		{"YESTERDAY", "2026-03-27T00:00:00+01:00"},
		{"now-1mo", "2026-02-26T20:30:00+01:00"},
		{"now-1y", "2025-03-28T20:30:00+01:00"},
	} {
		m, err := readMoment(c[0])
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
		} else if got := m.in(now).Format(time.RFC3339); got != c[1] {
			t.Errorf("%s is %s, want %s", c[0], got, c[1])
		}
	}
}

func TestNoMoment(t *testing.T) {
	for _, s := range []string{"", " ", "soon", "1", "2026", "2026-1-1", "26-01-01", "2026-13-01", "2026-00-10", "0000-01-01",
		"2025-02-29", "24:00", "1:2", "12:60", "12:00:60", "tomorrow 9", "tomorrow x", "now2h", "now+", "now+2", "now++2h", "now+99999999999y",
		"2026-01-01T", "2026-01-01 10:00 CET", "2026-01-01T10:00+2:99", "mond", "t10:00", "10:00:00:00", ":", "-1:00", "+1:00"} {
		if m, err := readMoment(s); err == nil {
			t.Errorf("%q is read as %+v", s, m)
		}
	}
}

// Whatever the text, a date that is read is the same when it is written out.
func FuzzMoment(f *testing.F) {
	for _, s := range []string{"now+1h30m", "tomorrow 9:00", "2026-12-31T18:00:05+02:00", "mon", "18:00z", "2026-12-31 18:00 -0800"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		m, err := readMoment(s)
		if err != nil {
			return
		}
		at := m.in(now)
		if at.Year() > 9999 || at.Year() < 1 {
			return
		}
		full := at.Format("2006-01-02T15:04:05Z07:00")
		again, err := readMoment(full)
		if err != nil || !again.fixed() || !again.in(time.Time{}).Equal(at) {
			t.Fatalf("%q is %s, and that is %v (%v)", s, full, again.in(time.Time{}), err)
		}
	})
}
