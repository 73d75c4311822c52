package bind

import (
	"math"
	"math/big"
	"strings"
	"time"

	"tlsh/syntax"
)

// pyFunction computes the functions of Python's own that people write in
// requests: dates, intervals and conversions.
func (c *checker) pyFunction(n *syntax.Call) (v pyValue, ok bool) {
	switch name := n.Name.Text; name {
	case "datetime", "datetime.datetime", "datetime.date", "date", "dt.datetime":
		return c.pyDatetime(n), true
	case "timedelta", "datetime.timedelta", "dt.timedelta":
		return c.pyTimedelta(n), true
	case "datetime.now", "datetime.utcnow", "datetime.datetime.now", "datetime.datetime.utcnow", "dt.datetime.now", "time.time":
		c.looseArgs(n)
		return pyValue{v: pyTime{now: true}}, true
	case "float", "int", "str", "bytes.fromhex", "bytes":
		if len(n.Args) == 1 && n.Args[0].Name == nil {
			return c.pyConversion(n, name, c.operand(n.Args[0].Value)), true
		}
		return c.wrong(n, "%s() takes one value here", name), true
	}
	return pyValue{}, false
}

func (c *checker) pyConversion(n *syntax.Call, name string, x pyValue) pyValue {
	if x.bad {
		return x
	}
	s, isText := x.v.(string)
	switch name {
	case "float":
		if f, ok := toFloat(x.v); ok {
			return pyValue{v: f}
		}
		switch strings.TrimLeft(strings.ToLower(strings.TrimSpace(s)), "+") {
		case "inf", "infinity":
			return pyValue{v: math.Inf(1)}
		case "-inf", "-infinity":
			return pyValue{v: math.Inf(-1)}
		case "nan":
			return pyValue{v: math.Float64frombits(0x7ff8000000000000)} // Python's; Go's has another bit
		}
		if f, ok := double(s); ok && isText {
			return pyValue{v: f}
		}
	case "int":
		switch v := x.v.(type) {
		case *big.Int, pyTime:
			return x
		case float64:
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				i, _ := big.NewFloat(math.Trunc(v)).Int(nil)
				return pyValue{v: i}
			}
		}
		if i, ok := new(big.Int).SetString(strings.TrimSpace(s), 10); ok && isText {
			return pyValue{v: i}
		}
	case "str":
		switch v := x.v.(type) {
		case string:
			return x
		case *big.Int:
			return pyValue{v: v.String()}
		}
	case "bytes.fromhex":
		if b, err := unhex(strings.Join(strings.Fields(s), "")); err == nil && isText {
			return pyValue{v: b}
		}
	case "bytes":
		if b, ok := x.v.([]byte); ok {
			return pyValue{v: b}
		}
	}
	return c.wrong(n, "%s cannot be computed here", c.text(n))
}

// pyNumbers reads the arguments of a call that takes numbers, by position and
// by name, each between a least and a most.
func (c *checker) pyNumbers(n *syntax.Call, names []string) (vals map[string]float64, rest []*syntax.Arg, ok bool) {
	vals = map[string]float64{}
	for i, a := range n.Args {
		name := ""
		if a.Name != nil {
			name = a.Name.Text
			c.info.record(a.Name, Slot{Kind: SlotName, Role: RoleParam, Next: -1})
		} else if i < len(names) {
			name = names[i]
		}
		known := false
		for _, k := range names {
			known = known || k == name
		}
		if !known {
			rest = append(rest, a)
			continue
		}
		v := c.operand(a.Value)
		f, isNumber := toFloat(v.v)
		if v.bad || !isNumber || math.Abs(f) > 1e12 {
			if !v.bad {
				c.errorf(a.Value, "%s takes a number, not %s", c.text(n.Name), c.text(a.Value))
			}
			return nil, nil, false
		}
		vals[name] = f
	}
	return vals, rest, true
}

// pyDatetime computes datetime(year, month, day, …). Without a zone it is UTC,
// as Telethon takes it.
func (c *checker) pyDatetime(n *syntax.Call) pyValue {
	names := []string{"year", "month", "day", "hour", "minute", "second", "microsecond"}
	vals, rest, ok := c.pyNumbers(n, names)
	if !ok {
		return pyValue{bad: true}
	}
	zone := time.UTC
	for _, a := range rest {
		if a.Name == nil || a.Name.Text != "tzinfo" {
			return c.wrong(a, "datetime() takes year, month, day, hour, minute, second, microsecond and tzinfo")
		}
		if zone, ok = c.pyZone(a.Value); !ok {
			return pyValue{bad: true}
		}
	}
	for _, k := range names[:3] {
		if _, ok := vals[k]; !ok {
			if !n.Closed {
				return pyValue{bad: true}
			}
			return c.wrong(n, "datetime() needs year, month and day")
		}
	}
	v := make([]int, len(names))
	for i, k := range names {
		v[i] = int(vals[k])
	}
	t := time.Date(v[0], time.Month(v[1]), v[2], v[3], v[4], v[5], v[6]*1000, zone)
	if t.Year() != v[0] || int(t.Month()) != v[1] || t.Day() != v[2] || t.Hour() != v[3] || t.Minute() != v[4] || t.Second() != v[5] {
		return c.wrong(n, "there is no such date: %s", c.text(n))
	}
	return pyValue{v: pyTime{t: t}}
}

// pyZone reads timezone.utc and timezone(timedelta(hours=2)).
func (c *checker) pyZone(n syntax.Node) (*time.Location, bool) {
	switch n := n.(type) {
	case *syntax.Var:
		switch c.src[n.Span().From:n.Span().To] {
		case "timezone.utc", "datetime.timezone.utc", "pytz.utc", "datetime.UTC", "UTC", "pytz.UTC":
			return time.UTC, true
		}
	case *syntax.Word:
		if n.Text == "None" {
			return time.UTC, true
		}
	case *syntax.Call:
		if (n.Name.Text == "timezone" || n.Name.Text == "datetime.timezone") && len(n.Args) == 1 {
			if v, ok := c.evaluate(n.Args[0].Value); ok {
				if d, ok := v.v.(time.Duration); ok {
					return time.FixedZone("", int(d/time.Second)), true
				}
			}
		}
	}
	c.errorf(n, "%s is no time zone that is read here", c.text(n)).Fix = "tzinfo=timezone.utc, or timezone(timedelta(hours=2))"
	return nil, false
}

var deltaUnits = []struct {
	name string
	unit time.Duration
}{
	{"days", 24 * time.Hour}, {"seconds", time.Second}, {"microseconds", time.Microsecond},
	{"milliseconds", time.Millisecond}, {"minutes", time.Minute}, {"hours", time.Hour}, {"weeks", 7 * 24 * time.Hour},
}

// pyTimedelta computes timedelta(days=1, …).
func (c *checker) pyTimedelta(n *syntax.Call) pyValue {
	names := make([]string, len(deltaUnits))
	for i, u := range deltaUnits {
		names[i] = u.name
	}
	vals, rest, ok := c.pyNumbers(n, names)
	if !ok {
		return pyValue{bad: true}
	}
	if len(rest) > 0 {
		return c.wrong(rest[0], "timedelta() takes days, seconds, microseconds, milliseconds, minutes, hours and weeks")
	}
	sum := 0.0
	for _, u := range deltaUnits {
		sum += vals[u.name] * float64(u.unit)
	}
	if math.Abs(sum) >= math.MaxInt64 {
		return c.wrong(n, "%s is too long", c.text(n))
	}
	return pyValue{v: time.Duration(sum)}
}
