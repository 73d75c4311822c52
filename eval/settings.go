package eval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// setting is something about the shell that `set` changes.
type setting struct {
	name    string
	help    string
	offered []string // words that it takes; what else it takes, its error says
	show    func(*Shell) string
	// change takes a value; the error says what is wanted instead. A *told says
	// that the person knows already.
	change func(r *run, ctx context.Context, value string) error
}

// settings are all of them, in the order in which set lists them.
func settings() []setting {
	return []setting{
		choose("output", "how results are printed", Formats[:], func(s *Shell) *Format { return &s.cfg.Format }),
		flag("color", "colours", func(s *Shell) []*bool { return []*bool{&s.cfg.View.Color, &s.cfg.ErrView.Color} }),
		choose("theme", "the background that the prompt's colours are for", Themes[:], func(s *Shell) *Theme { return &s.theme }),
		choose("pager", "what is too long for the screen goes to your pager; on: everything", PagerModes[:], func(s *Shell) *PagerMode { return &s.pager }),
		flag("title", "the prompt names the place in the window's title", func(s *Shell) []*bool { return []*bool{&s.title} }),
		flag("timing", "tell how long each request took", func(s *Shell) []*bool { return []*bool{&s.timing} }),
		{"zone", "the time zone of dates, printed and typed", []string{"local", "UTC", "Europe/Berlin", "+02:00"}, (*Shell).zoneName, (*run).setZone},
		{"updates", "print updates as they come: on, off, the name of one, or a jq filter", []string{"on", "off"}, (*Shell).updatesName, (*run).setUpdates},
		choose("confirm", "ask before a request that destroys something; auto: not in the sandbox", Confirms[:], func(s *Shell) *Confirm { return &s.confirm }),
		flag("read-only", "send nothing but requests that only read", func(s *Shell) []*bool { return []*bool{&s.readOnly} }),
		flag("dry-run", "print TL and hex, send nothing", func(s *Shell) []*bool { return []*bool{&s.cfg.DryRun} }),
		flag("keep-going", "go on after a failed statement", func(s *Shell) []*bool { return []*bool{&s.cfg.KeepGoing} }),
		span("timeout", "how long an answer is waited for; off: for ever", func(s *Shell) *time.Duration { return &s.cfg.Timeout }),
		span("max-wait", "the longest flood wait that is slept; off: none is", func(s *Shell) *time.Duration { return &s.cfg.MaxWait }),
		{"in-flight", "requests of a script on the wire at once", []string{"1", "10", "100"},
			func(s *Shell) string { return strconv.Itoa(max(1, s.inFlight())) }, (*run).setInFlight},
		{"rate", "requests of a script a second; off: no limit", []string{"off", "1", "10", "30"}, (*Shell).rateName, (*run).setRate},
	}
}

// choose is a setting that is one of a few words.
func choose[T ~string](name, help string, words []T, at func(*Shell) *T) setting {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return setting{name, help, texts, func(s *Shell) string { return string(*at(s)) },
		func(r *run, _ context.Context, value string) error {
			if !slices.Contains(texts, value) {
				last := len(texts) - 1
				return fmt.Errorf("%s is %s or %s", name, strings.Join(texts[:last], ", "), texts[last])
			}
			*at(r.Shell) = T(value)
			return nil
		}}
}

// flag is a setting that is on or off.
func flag(name, help string, at func(*Shell) []*bool) setting {
	return setting{name, help, []string{"on", "off"}, func(s *Shell) string { return onOff(*at(s)[0]) },
		func(r *run, _ context.Context, value string) error {
			if value != "on" && value != "off" {
				return fmt.Errorf("%s is on or off", name)
			}
			for _, b := range at(r.Shell) {
				*b = value == "on"
			}
			return nil
		}}
}

// span is a setting that is a time, or off.
func span(name, help string, at func(*Shell) *time.Duration) setting {
	return setting{name, help, []string{"off", "10s", "30s", "1m", "5m"}, func(s *Shell) string { return timeText(*at(s)) },
		func(r *run, _ context.Context, value string) error {
			d, ok := duration(value)
			if !ok && value != "off" {
				return fmt.Errorf("%s is a time, as 30s, or off", name)
			}
			*at(r.Shell) = d
			return nil
		}}
}

// Theme is the setting theme.
type Theme string

// The themes: for which background the prompt's colours are.
const (
	ThemeAuto  Theme = "auto" // what the terminal says
	ThemeDark  Theme = "dark"
	ThemeLight Theme = "light"
	// ThemeTerminal is the sixteen colours of the terminal's own palette.
	ThemeTerminal Theme = "terminal"
)

// Themes are all of them.
var Themes = [...]Theme{ThemeAuto, ThemeDark, ThemeLight, ThemeTerminal}

// Setting is a setting's value as set shows it, "" for a name that is none.
func (s *Shell) Setting(name string) string {
	for _, st := range settings() {
		if st.name == name {
			return st.show(s)
		}
	}
	return ""
}

// setting shows the settings, or changes one.
func (r *run) setting(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	all := settings()
	switch len(words) {
	case 0:
		return r.listSettings(ctx, all)
	case 1, 2:
	default:
		return r.usage(call, "want set, set NAME, or set NAME VALUE")
	}
	i := slices.IndexFunc(all, func(s setting) bool { return s.name == words[0] })
	if i < 0 {
		names := make([]string, len(all))
		for i, s := range all {
			names[i] = s.name
		}
		e := &syntax.Error{Span: call.Args[0].Span(), Msg: "there is no setting " + render.Escape(words[0]), Fix: "set lists those that there are"}
		if s := syntax.Suggest(words[0], names); s != "" {
			e.Fix = "did you mean " + s + "?"
		}
		r.diagnose(e)
		return Usage
	}
	if len(words) == 1 {
		return r.listSettings(ctx, all[i:i+1])
	}
	err := all[i].change(r, ctx, words[1])
	var t *told
	switch {
	case err == nil:
		return OK
	case errors.As(err, &t):
		return t.status
	}
	return r.usage(call.Args[1], "%s", err)
}

// listSettings shows settings with their values and what they are for.
func (r *run) listSettings(ctx context.Context, list []setting) Status {
	if r.cfg.Format != Tree {
		def := schema.Shell().Constructor("setting")
		var items []tl.Value
		for _, s := range list {
			items = append(items, tl.New(def).With("name", tl.String(s.name)).With("value", tl.String(s.show(r.Shell))).Value())
		}
		return r.print(ctx, tl.VectorOf(def.Result, items...), "")
	}
	page := render.NewProse(r.cfg.View)
	for _, s := range list {
		page.Item(0, 12, s.name, s.show(r.Shell), s.help)
	}
	r.emit(page.Bytes())
	return OK
}

// settingValues are the settings as they are now.
func (s *Shell) settingValues() map[string]string {
	out := map[string]string{}
	for _, st := range settings() {
		out[st.name] = st.show(s)
	}
	return out
}

func (s *Shell) zoneName() string {
	if l := s.cfg.View.Location; l != nil && l != time.Local {
		return l.String()
	}
	return "local"
}

// setZone makes a zone the one of dates that are printed, and of those that are
// typed without one.
func (r *run) setZone(_ context.Context, value string) error {
	l, err := zone(value)
	if err != nil {
		return fmt.Errorf("zone is local, UTC, a name as Europe/Berlin, or an offset as +02:00: %w", err)
	}
	r.Shell.cfg.View.Location, r.Shell.cfg.ErrView.Location, r.Shell.zone = l, l, l
	return nil
}

func zone(name string) (*time.Location, error) {
	if name == "local" {
		return time.Local, nil
	}
	for _, form := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(form, name); err == nil {
			_, offset := t.Zone()
			return time.FixedZone(name, offset), nil
		}
	}
	return time.LoadLocation(name)
}

// now is the clock, in the zone of dates.
func (s *Shell) now() time.Time {
	if s.zone == nil {
		return s.cfg.Now()
	}
	return s.cfg.Now().In(s.zone)
}

func (r *run) setInFlight(_ context.Context, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return errors.New("in-flight is a number from 1; 1 is one by one")
	}
	r.Shell.cfg.InFlight = n
	return nil
}

func (s *Shell) rateName() string {
	if s.rate() <= 0 {
		return "off"
	}
	return strconv.FormatFloat(s.rate(), 'g', -1, 64)
}

func (r *run) setRate(_ context.Context, value string) error {
	n, err := strconv.ParseFloat(value, 64)
	if value == "off" {
		n, err = 0, nil
	}
	if err == nil && n == 0 {
		n = -1 // no limit of the account's either
	} else if err != nil || !(n > 0 && n <= 1e6) {
		return errors.New("rate is a number of requests a second, or off")
	}
	r.Shell.cfg.Rate = n
	return nil
}

// duration reads a time: 5s, 300ms, or a number of seconds.
func duration(s string) (time.Duration, bool) {
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return d, true
	}
	sec, err := strconv.ParseFloat(s, 64)
	if err != nil || !(sec >= 0 && sec <= 1e9) {
		return 0, false
	}
	return time.Duration(sec * float64(time.Second)), true
}

func timeText(d time.Duration) string {
	if d == 0 {
		return "off"
	}
	return d.String()
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}
