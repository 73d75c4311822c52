package bind

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tlsh/tl"
)

// moment is a date as it is spelt. Most need the clock or the time zone before
// they are a number of seconds.
type moment struct {
	now     bool          // counted from the clock, by shift
	shift   time.Duration // from now
	y, m, d int           // the day, where it is given in full
	days    int           // from today, where it is not
	weekday int           // 1 + time.Weekday of the next such day, or 0
	clock   time.Duration // since midnight
	zone    *time.Location
}

// fixed reports a date that needs neither clock nor zone.
func (m *moment) fixed() bool { return m.y != 0 && m.zone != nil }

// in is the date, with the clock and the zone of now where it needs them.
func (m *moment) in(now time.Time) time.Time {
	if m.now {
		return now.Add(m.shift)
	}
	zone := m.zone
	if zone == nil {
		zone = now.Location()
	}
	y, mon, d := m.y, time.Month(m.m), m.d
	if y == 0 {
		y, mon, d = now.In(zone).Date()
		d += m.days
		if m.weekday > 0 {
			ahead := (m.weekday - 1 - int(now.In(zone).Weekday()) + 7) % 7
			if ahead == 0 {
				ahead = 7
			}
			d += ahead
		}
	}
	h, rest := m.clock/time.Hour, m.clock%time.Hour
	return time.Date(y, mon, d, int(h), int(rest/time.Minute), int(rest%time.Minute/time.Second), 0, zone)
}

// dateForms says how a date is written.
const dateForms = `2026-12-31, "2026-12-31 18:00", now+2h, "tomorrow 9:00", monday, 18:00`

var errNoDate = errors.New("no date")

// readMoment reads a date. errNoDate says that the text does not look like one;
// any other error says what is wrong with it.
func readMoment(s string) (moment, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if rest, ok := strings.CutPrefix(s, "now"); ok {
		return fromNow(strings.TrimSpace(rest))
	}
	var m moment
	day, clock := splitDay(s)
	switch {
	case day == "":
	case day == "today":
	case day == "tomorrow":
		m.days = 1
	case day == "yesterday":
		m.days = -1
	case day[0] >= '0' && day[0] <= '9':
		if len(day) != len("2026-12-31") || day[4] != '-' || day[7] != '-' {
			return m, errNoDate
		}
		var ok [3]bool
		m.y, ok[0] = digits(day[:4], 4)
		m.m, ok[1] = digits(day[5:7], 2)
		m.d, ok[2] = digits(day[8:], 2)
		if !ok[0] || !ok[1] || !ok[2] {
			return m, errNoDate
		}
		if t := time.Date(m.y, time.Month(m.m), m.d, 0, 0, 0, 0, time.UTC); m.y == 0 || t.Day() != m.d || int(t.Month()) != m.m {
			return m, fmt.Errorf("there is no day %s", day)
		}
	default:
		if m.weekday = weekday(day); m.weekday == 0 {
			return m, errNoDate
		}
	}
	if clock == "" {
		if day == "" {
			return m, errNoDate
		}
		return m, nil
	}
	return m, m.readClock(clock)
}

// splitDay parts the day from the time of day, which a space or a T parts.
func splitDay(s string) (day, clock string) {
	if i := strings.IndexByte(s, ' '); i >= 0 {
		return s[:i], strings.TrimSpace(s[i:])
	}
	for i := 1; i < len(s)-1; i++ {
		if s[i] == 't' && s[i+1] >= '0' && s[i+1] <= '9' {
			return s[:i], s[i+1:]
		}
	}
	if strings.IndexByte(s, ':') > 0 {
		return "", s
	}
	return s, ""
}

func weekday(s string) int {
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if s == name || s == name[:3] {
			return int(d) + 1
		}
	}
	return 0
}

// readClock reads 18:00, 18:00:05, and a zone behind it: Z, +02:00 or +0200.
func (m *moment) readClock(s string) error {
	zoneAt := strings.IndexAny(s, "z+-")
	if zoneAt >= 0 {
		zone := s[zoneAt:]
		s = strings.TrimSpace(s[:zoneAt])
		off, ok := offset(zone)
		if !ok {
			return fmt.Errorf("%s is no time zone (Z, +02:00)", show(zone))
		}
		m.zone = time.UTC
		if off != 0 {
			m.zone = time.FixedZone("", off)
		}
	}
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return errNoDate
	}
	limits := [...]int{23, 59, 59}
	units := [...]time.Duration{time.Hour, time.Minute, time.Second}
	for i, p := range parts {
		n, ok := digits(p, 2)
		if !ok || i > 0 && len(p) != 2 {
			return errNoDate
		}
		if n > limits[i] {
			return fmt.Errorf("there is no time %s", s)
		}
		m.clock += time.Duration(n) * units[i]
	}
	return nil
}

// offset reads a zone as seconds east of UTC.
func offset(s string) (int, bool) {
	if s == "z" {
		return 0, true
	}
	h, m, colon := strings.Cut(s[1:], ":")
	if !colon && len(h) == 4 {
		h, m = h[:2], h[2:]
	} else if !colon {
		m = "00"
	}
	hours, ok1 := digits(h, 2)
	minutes, ok2 := digits(m, 2)
	if !ok1 || !ok2 || hours > 14 || minutes > 59 {
		return 0, false
	}
	sec := hours*3600 + minutes*60
	if s[0] == '-' {
		sec = -sec
	}
	return sec, true
}

// digits reads a number of one to most digits.
func digits(s string, most int) (int, bool) {
	if s == "" || len(s) > most || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// fromNow reads what follows now: nothing, +2h, -1d12h.
func fromNow(s string) (moment, error) {
	m := moment{now: true}
	if s == "" {
		return m, nil
	}
	if s[0] != '+' && s[0] != '-' {
		return m, errNoDate
	}
	sec, ok := interval(strings.TrimSpace(s[1:]))
	if !ok {
		return m, fmt.Errorf("%s is no time to add to now (30s 5m 2h 1d 1w 1mo 1y)", show(s[1:]))
	}
	m.shift = time.Duration(sec) * time.Second
	if s[0] == '-' {
		m.shift = -m.shift
	}
	return m, nil
}

// intervalUnits are what an interval is counted in, in seconds: a month has 30
// days and a year 365, as Telegram has them.
var intervalUnits = [...]struct {
	name string
	sec  int64
}{{"mo", 30 * 86400}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 7 * 86400}, {"y", 365 * 86400}}

// interval reads 30s, 5m, 2h, 1d, 1w, 1mo, 1y and sums such as 1h30m, in
// seconds that fit into an int.
func interval(s string) (sec int64, ok bool) {
	for s != "" {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n == 0 || n > 10 {
			return 0, false
		}
		count, _ := strconv.ParseInt(s[:n], 10, 64)
		s = s[n:]
		found := false
		for _, u := range intervalUnits {
			rest, is := strings.CutPrefix(s, u.name)
			if is && !found {
				sec, s, found = sec+count*u.sec, rest, true
			}
		}
		if !found || sec > math.MaxInt32 {
			return 0, false
		}
		ok = true
	}
	return sec, ok
}

// seconds is a date as the schema has it.
func seconds(t time.Time) (tl.Value, error) {
	n := t.Unix()
	if n < 0 || n > math.MaxInt32 {
		return tl.Value{}, fmt.Errorf("%s does not fit: a date is between 1970 and 2038-01-19", t.Format(time.DateOnly))
	}
	return tl.Int(int32(n)), nil
}

// Date is the value of a HoleClock: its Text with the clock of now, in the time
// zone of now where the text names none.
func (h *Hole) Date(now time.Time) (tl.Value, error) {
	m, err := readMoment(h.Text)
	if err != nil {
		return tl.Value{}, err
	}
	return seconds(m.in(now))
}
