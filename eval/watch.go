package eval

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/syntax"
)

// watch runs watch TIME LINE: the line again and again, until Ctrl-C or until it
// fails. On a terminal the screen shows the last result, what is new in it
// marked; elsewhere one result follows the other.
func (r *run) watch(ctx context.Context, in *bind.Info) Status {
	x := in.Stmt.X.(*syntax.Prefix)
	part := *in.Stmt
	part.X, part.Assign = x.X, nil
	line := strings.TrimSpace(r.file.Src[x.X.Span().From:in.Stmt.Span().To])
	var before []string
	tick := time.NewTicker(in.Every)
	defer tick.Stop()
	for round := 0; ; round++ {
		if round > 0 {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return Interrupted
			}
		}
		text, st := r.once(ctx, &part)
		if st != OK {
			r.emit([]byte(text))
			return st
		}
		if !r.cfg.Terminal {
			r.emit([]byte(text))
			continue
		}
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		r.repaint(fmt.Sprintf("every %s: %s", in.Every, line), lines, changed(before, lines, round))
		before = lines
	}
}

// once runs a statement, checked anew, and gives what it printed.
func (r *run) once(ctx context.Context, st *syntax.Stmt) (string, Status) {
	var out bytes.Buffer
	sh := r.Shell
	sh.measure()
	to, pager, width := sh.cfg.Out, sh.pager, sh.cfg.View.Width
	sh.flush()
	sh.cfg.Out, sh.pager, sh.watching = &out, PagerOff, true
	if sh.cfg.Terminal && width > 2*len(unmarked) {
		sh.cfg.View.Width = width - len(unmarked)
	}
	status := r.perform(ctx, bind.Values(r.cfg.Schema, r.file, st, r.env))
	sh.flush()
	sh.cfg.Out, sh.pager, sh.cfg.View.Width, sh.watching = to, pager, width, false
	return out.String(), status
}

// changed says which lines were not there before. In the first round nothing is
// new.
func changed(before, now []string, round int) []bool {
	marks := make([]bool, len(now))
	left := map[string]int{}
	for _, l := range before {
		left[l]++
	}
	for i, l := range now {
		if left[l] == 0 {
			marks[i] = round > 0
			continue
		}
		left[l]--
	}
	return marks
}

// unmarked stands before a line that is as it was.
const unmarked = "  "

// repaint fills the screen with a result. What it has no room for is counted.
func (r *run) repaint(head string, lines []string, marks []bool) {
	columns, rows := 80, 24
	if r.cfg.Size != nil {
		columns, rows = r.cfg.Size()
	}
	dumb := r.dumb()
	var b strings.Builder
	if !dumb {
		b.WriteString("\x1b[H\x1b[2J")
	}
	head += "   " + r.now().Format(time.TimeOnly)
	title := []rune(render.Escape(head))
	b.WriteString(string(title[:min(len(title), columns)]) + "\n")
	room := max(1, rows-3)
	for i, l := range lines {
		if i == room && len(lines) > room+1 && !dumb {
			fmt.Fprintf(&b, "  … %d more lines\n", len(lines)-i)
			break
		}
		mark := unmarked
		if marks[i] {
			mark = r.marked("▌ ")
		}
		b.WriteString(mark + l + "\n")
	}
	r.emit([]byte(b.String()))
}

// marked is a text in the colour of what is new.
func (r *run) marked(text string) string {
	if !r.cfg.View.Color {
		return text
	}
	return "\x1b[33m" + text + "\x1b[0m"
}

// dumb reports a terminal on which nothing can be drawn, or of which nothing is
// known.
func (s *Shell) dumb() bool {
	term, _ := s.cfg.Getenv("TERM")
	return term == "dumb" || term == ""
}
