package eval

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"tlsh/history"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// History is the history of the profile that the shell is in, nil where there is
// none.
func (s *Shell) History() *history.History {
	path := s.account.History
	if path == "" {
		return nil
	}
	h, opened := s.histories[path]
	if !opened {
		var err error
		if h, err = history.Open(path, history.Options{}); err != nil {
			s.errorf("there is no history: %v", err)
			h = nil
		}
		s.histories[path] = h
	}
	return h
}

// shownLines is how many lines history shows where nothing says which.
const shownLines = 50

// history lists the lines entered before that hold all the words, newest last,
// each with when it was entered, how long it took and how it ended.
func (r *run) history(ctx context.Context, call *syntax.Call) Status {
	h := r.History()
	if h == nil {
		r.note("there is no history here")
		return OK
	}
	all := false
	for _, o := range r.stmt.Stmt.Options {
		switch {
		case o.Value == nil && o.Name.Text == "all":
			all = true
		case o.Value == nil && o.Name.Text == "clear" && len(call.Args) == 0:
			return r.clearHistory(h)
		default:
			return r.usage(o, "want history [WORDS], history --all or history --clear")
		}
	}
	if err := h.Reload(); err != nil { // what other shells have entered
		r.errorf("%v", err)
		return Failed
	}
	words := strings.Join(r.words(call), " ")
	found := h.Search(words, 0)
	if r.cfg.Format != Tree {
		return r.print(ctx, enteredValue(found), "")
	}
	older := 0
	if !all && len(found) > shownLines {
		older, found = len(found)-shownLines, found[:shownLines]
	}
	text := r.historyText(found)
	st := r.toScreen(ctx, func(w io.Writer) error { _, err := w.Write(text); return err })
	if older > 0 {
		r.note("%d older lines are not shown: history --all %s", older, words)
	}
	return st
}

func (r *run) clearHistory(h *history.History) Status {
	if err := h.Clear(); err != nil {
		r.errorf("%v", err)
		return Failed
	}
	return OK
}

// enteredValue is what was entered, newest last, as a value.
func enteredValue(found []history.Entry) tl.Value {
	def := schema.Shell().Constructor("entered")
	items := make([]tl.Value, len(found))
	for i, e := range found {
		items[len(found)-1-i] = tl.New(def).With("line", tl.String(e.Line)).With("time", tl.Int(int32(e.Time.Unix()))).
			With("milliseconds", tl.Long(e.Duration.Milliseconds())).With("outcome", tl.String(e.Outcome)).Value()
	}
	return tl.VectorOf(def.Result, items...)
}

// historyText is what was entered, newest last, a line each; the further lines
// of one that has several stand below it.
func (r *run) historyText(found []history.Entry) []byte {
	zone := r.cfg.View.Location
	if zone == nil {
		zone = time.Local
	}
	outcome := 2
	for _, e := range found {
		outcome = min(28, max(outcome, len(e.Outcome)))
	}
	var b []byte
	for i := range found {
		e := found[len(found)-1-i]
		head := fmt.Sprintf("%s  %8s  %-*s  ", e.Time.In(zone).Format("2006-01-02 15:04:05"), tookText(e), outcome, render.Escape(e.Outcome))
		for j, line := range strings.Split(e.Line, "\n") {
			if j > 0 {
				head = strings.Repeat(" ", len([]rune(head)))
			}
			b = append(b, head...)
			b = append(render.AppendEscape(b, line), '\n')
		}
	}
	return b
}

// tookText is how long a line ran.
func tookText(e history.Entry) string {
	switch {
	case e.Outcome == "":
		return ""
	case e.Duration < time.Millisecond:
		return "<1ms" // whole milliseconds are kept
	}
	return shortTime(e.Duration)
}

// shortTime is a duration with three digits or so: 12ms, 1.25s, 3m20s.
func shortTime(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
