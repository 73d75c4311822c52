package sandbox

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tlsh/syntax"
)

// one wants exactly one argument.
func one(knob, want string, args []string) (string, error) {
	if len(args) != 1 {
		return "", fmt.Errorf("sandbox: %s wants %s, not %d words", knob, want, len(args))
	}
	return args[0], nil
}

// span reads a time as 50ms, 1h30m, 1d or -1d12h. Of a lone number nobody can
// tell the unit, but where bare gives it one.
func span(knob, word string, bare time.Duration) (time.Duration, error) {
	wrong := fmt.Errorf("sandbox: %s wants a time as 50ms, 2s, 5m or 1d, not %s", knob, syntax.Quote(word))
	digits, sign := strings.TrimPrefix(word, "+"), time.Duration(1)
	if rest, ok := strings.CutPrefix(word, "-"); ok {
		digits, sign = rest, -1
	}
	if digits == "" || strings.ContainsAny(digits[:1], "+-") {
		return 0, wrong
	}
	if n, err := strconv.ParseInt(digits, 10, 32); err == nil && (bare != 0 || n == 0) {
		return sign * time.Duration(n) * bare, nil
	}
	var total time.Duration
	if d, rest, ok := strings.Cut(digits, "d"); ok {
		n, err := strconv.ParseInt(d, 10, 32)
		if err != nil || n > math.MaxInt64/int64(24*time.Hour) {
			return 0, wrong
		}
		total, digits = time.Duration(n)*24*time.Hour, rest
		if rest == "" {
			return sign * total, nil
		}
	}
	d, err := time.ParseDuration(digits)
	if err != nil || total+d < total {
		return 0, wrong
	}
	return sign * (total + d), nil
}

// count reads a number of things, at least 1.
func count(knob, what, word string) (int, error) {
	n, err := strconv.ParseInt(word, 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("sandbox: %s wants %s, a number from 1 on, not %s", knob, what, syntax.Quote(word))
	}
	return int(n), nil
}

func setLatency(s *Sandbox, args []string) (string, error) {
	word, err := one("latency", "a time", args)
	if err != nil {
		return "", err
	}
	d, err := span("latency", word, 0)
	if err != nil {
		return "", err
	}
	return "", s.change(func(f *Faults) error { f.Latency = d; return nil })
}

func setWork(s *Sandbox, args []string) (string, error) {
	word, err := one("work", "a time", args)
	if err != nil {
		return "", err
	}
	d, err := span("work", word, 0)
	if err != nil {
		return "", err
	}
	return "", s.change(func(f *Faults) error { f.Work = d; return nil })
}

func setSkew(s *Sandbox, args []string) (string, error) {
	word, err := one("skew", "a time", args)
	if err != nil {
		return "", err
	}
	d, err := span("skew", word, 0)
	if err != nil {
		return "", err
	}
	return "", s.change(func(f *Faults) error { f.Skew = d; return nil })
}

func setLoss(s *Sandbox, args []string) (string, error) {
	word, err := one("loss", "a share as 1% or 0.01", args)
	if err != nil {
		return "", err
	}
	number, isPercent := strings.CutSuffix(word, "%")
	x, err := strconv.ParseFloat(number, 64)
	if isPercent {
		x /= 100
	}
	if err != nil || !(x >= 0 && x <= 1) {
		return "", fmt.Errorf("sandbox: loss wants a share as 1%% or 0.01, at most all, not %s", syntax.Quote(word))
	}
	return "", s.change(func(f *Faults) error { f.Loss = x; return nil })
}

// percent writes a share, exactly.
func percent(x float64) string { return strconv.FormatFloat(100*x, 'g', 10, 64) + "%" }

func setCut(s *Sandbox, args []string) (string, error) {
	if len(args) == 0 {
		return plural(s.Cut(), "connection") + " cut\n", nil
	}
	word, err := one("cut", "a number of bytes, or two as 100-5000", args)
	if err != nil {
		return "", err
	}
	low, high, ok := strings.Cut(word, "-")
	if !ok {
		high = low
	}
	from, err1 := strconv.ParseInt(low, 10, 64)
	to, err2 := strconv.ParseInt(high, 10, 64)
	if err1 != nil || err2 != nil || from < 1 || to < from {
		return "", fmt.Errorf("sandbox: cut wants a number of bytes, or two as 100-5000, not %s", syntax.Quote(word))
	}
	return "", s.change(func(f *Faults) error { f.Cut = Span{from, to}; return nil })
}

// String writes a span as the cut knob reads it.
func (sp Span) String() string {
	if sp.Min == sp.Max {
		return strconv.FormatInt(sp.Min, 10)
	}
	return fmt.Sprintf("%d-%d", sp.Min, sp.Max)
}

func setSalt(s *Sandbox, args []string) (string, error) {
	if len(args) == 0 {
		s.ChangeSalts()
		return "the salts are new\n", nil
	}
	n, err := every("salt", "every how many requests", args)
	if err != nil {
		return "", err
	}
	return "", s.change(func(f *Faults) error { f.Salts = n; return nil })
}

func setStale(s *Sandbox, args []string) (string, error) {
	n, err := every("stale", "every how many frames", args)
	if err != nil {
		return "", err
	}
	return "", s.change(func(f *Faults) error { f.Stale = n; return nil })
}

func setReject(s *Sandbox, args []string) (string, error) {
	n, err := every("reject", "every how many frames", args)
	if err != nil {
		return "", err
	}
	return "", s.change(func(f *Faults) error { f.Rejects = n; return nil })
}

// every reads "every 3" or "3".
func every(knob, want string, args []string) (int, error) {
	if len(args) > 0 && args[0] == "every" {
		args = args[1:]
	}
	word, err := one(knob, want, args)
	if err != nil {
		return 0, err
	}
	return count(knob, want, word)
}

func setDoubt(s *Sandbox, args []string) (string, error) {
	if len(args) != 1 || args[0] != "on" {
		return "", stray("doubt", "on or off", strings.Join(args, " "))
	}
	return "", s.change(func(f *Faults) error { f.Doubt = true; return nil })
}

func setSeed(s *Sandbox, args []string) (string, error) {
	word, err := one("seed", "a number", args)
	if err != nil {
		return "", err
	}
	n, err := strconv.ParseUint(word, 10, 64)
	if err != nil {
		return "", fmt.Errorf("sandbox: seed wants a number from 0 on, not %s", syntax.Quote(word))
	}
	return "", s.change(func(f *Faults) error { f.Seed = n; return nil })
}

// rule is what the words of a flood or failure have in common.
type rule struct {
	method         string
	every          int
	once, executed bool
	rest           []string // what is none of these, in order
}

// parseRule takes METHOD, every N, once and executed out of the words.
func parseRule(knob string, words []string) (r rule, err error) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		number, every := strings.CutPrefix(w, "every=")
		switch {
		case w == "every" && i+1 == len(words):
			return r, fmt.Errorf("sandbox: %s: want a number after every, as every 10", knob)
		case w == "every" || every:
			if !every {
				i++
				number = words[i]
			}
			if r.every, err = count(knob+" every", "how many requests", number); err != nil {
				return r, err
			}
		case w == "once":
			r.once = true
		case w == "executed":
			r.executed = true
		case r.method == "" && strings.Contains(w, ".") && w[0]|0x20 >= 'a' && w[0]|0x20 <= 'z':
			r.method = w
		default:
			r.rest = append(r.rest, w)
		}
	}
	if r.every == 1 {
		r.every = 0 // the same
	}
	if r.once && r.every > 1 {
		return r, fmt.Errorf("sandbox: %s: want every %d or once, not both", knob, r.every)
	}
	return r, nil
}

// stray is the error for a word that belongs to nothing.
func stray(knob, want, word string) error {
	return unknown(knob+" wants "+want+", and has no use for", word, []string{"every", "once", "executed", "off"})
}

func setFlood(s *Sandbox, args []string) (string, error) {
	const want = "TIME [METHOD] [every N|once], as 5s messages.sendMessage"
	if len(args) == 0 {
		return "", fmt.Errorf("sandbox: flood wants %s", want)
	}
	wait, err := span("flood", args[0], time.Second)
	if err != nil {
		return "", err
	}
	r, err := parseRule("flood", args[1:])
	switch {
	case err != nil:
		return "", err
	case r.executed:
		return "", stray("flood", want, "executed")
	case len(r.rest) > 0:
		return "", stray("flood", want, r.rest[0])
	}
	return "", s.change(func(f *Faults) error {
		f.Floods = append(slices.DeleteFunc(f.Floods, func(o Flood) bool { return o.Method == r.method }),
			Flood{Wait: wait, Method: r.method, Every: r.every, Once: r.once})
		return nil
	})
}

// String writes a rule as the flood knob reads it.
func (r Flood) String() string { return r.Wait.String() + often(r.Method, r.Every, r.Once) }

func often(method string, every int, once bool) (text string) {
	if method != "" {
		text += " " + method
	}
	if every > 1 {
		text += fmt.Sprintf(" every %d", every)
	}
	if once {
		text += " once"
	}
	return text
}

func setFail(s *Sandbox, args []string) (string, error) {
	const want = "[CODE] [MESSAGE] [METHOD] [every N|once] [executed], as 500 messages.getHistory once"
	r, err := parseRule("fail", args)
	if err != nil {
		return "", err
	}
	fail := Failure{Method: r.method, Every: r.every, Once: r.once, Executed: r.executed}
	for i, w := range r.rest {
		n, err := strconv.ParseInt(w, 10, 32)
		switch {
		case err == nil && i == 0 && n != 0:
			fail.Code = int(n)
		case err != nil && fail.Message == "" && isErrorName(w):
			fail.Message = w
		default:
			return "", stray("fail", want, w)
		}
	}
	fail = fail.filled()
	return "", s.change(func(f *Faults) error {
		f.Failures = append(slices.DeleteFunc(f.Failures, func(o Failure) bool { return o.Method == fail.Method }), fail)
		return nil
	})
}

// isErrorName reports what looks like an error_message of the API: capitals,
// digits and _, or the one that is not, Timeout.
func isErrorName(w string) bool {
	for _, r := range []byte(w) {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return w == "Timeout"
		}
	}
	return len(w) <= 100
}

// filled puts in what is left out.
func (r Failure) filled() Failure {
	if r.Code == 0 {
		r.Code = 500
	}
	if r.Message == "" {
		if r.Message = "INTERNAL_SERVER_ERROR"; r.Code == -503 {
			r.Message = "Timeout"
		}
	}
	return r
}

// String writes a rule as the fail knob reads it.
func (r Failure) String() string {
	r = r.filled()
	text := fmt.Sprintf("%d %s", r.Code, r.Message) + often(r.Method, r.Every, r.Once)
	if r.Executed {
		text += " executed"
	}
	return text
}

func setSlowMode(s *Sandbox, args []string) (string, error) {
	if len(args) == 0 {
		return "", fmt.Errorf(`sandbox: slowmode wants TIME ["ROOM"], as 10s "Book club"`)
	}
	wait, err := span("slowmode", args[0], time.Second)
	if err != nil {
		return "", err
	}
	r := SlowMode{Wait: wait, Room: strings.Join(args[1:], " ")}
	return "", s.change(func(f *Faults) error {
		f.SlowModes = append(slices.DeleteFunc(f.SlowModes, func(o SlowMode) bool { return o.Room == r.Room }), r)
		return nil
	})
}

// String writes a rule as the slowmode knob reads it.
func (r SlowMode) String() string {
	if r.Room == "" {
		return r.Wait.String()
	}
	return r.Wait.String() + " " + syntax.Quote(r.Room)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
