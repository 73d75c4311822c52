package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tlsh/eval"
)

// The tour is true: what it types, in one session from its first line to its
// last, prints what stands below it.
func TestTour(t *testing.T) { testPage(t, "../../docs/tour.md", runTour) }

// pageBuffer is what a terminal shows: both streams, in the order of writing.
type pageBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *pageBuffer) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(b)
}

// scriptPlace is what tells which line of a script failed. The tour is read as what
// is typed at a prompt, where that is plain.
var scriptPlace = regexp.MustCompile(`(?m)^stdin:\d+:\d+: the line that failed\n.*\n +\^+\n`)

// runTour types the lines behind "> " of the ```tlsh blocks, and replaces what
// stands below each by what it prints.
func runTour(t *testing.T, doc string) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("TLSH_SANDBOX_CLOCK", "2026-03-06T18:00:00Z")
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	t.Setenv("TZ", "UTC")
	mark := func(n int) string { return fmt.Sprintf("-- end of line %d --", n) }
	var script strings.Builder
	typed := 0
	tourLines(doc, func(line string) string {
		typed++
		fmt.Fprintf(&script, "%s\necho %q\n", line, mark(typed))
		return ""
	})
	var page pageBuffer
	getenv := func(name string) (string, bool) {
		if name == "COLUMNS" {
			return "80", true
		}
		return os.LookupEnv(name)
	}
	started := time.Now()
	status := execute([]string{"--sandbox", "-o", "tree", "--keep-going", "--in-flight", "1"},
		streams{in: strings.NewReader(script.String()), out: &page, err: &page, getenv: getenv})
	t.Logf("%d lines in %v", typed, time.Since(started).Round(time.Millisecond))
	if status != eval.Failed {
		t.Errorf("status %d, want %d: the tour types good lines, and some are refused", status, eval.Failed)
	}
	rest, n := page.b.String(), 0
	return tourLines(doc, func(line string) string {
		n++
		printed, after, ok := strings.Cut(rest, mark(n)+"\n")
		if !ok {
			t.Fatalf("%s: did not end:\n%s", line, rest)
		}
		rest = after
		return scriptPlace.ReplaceAllString(printed, "")
	})
}

// tourLines gives the text with what print says below each typed line.
func tourLines(doc string, print func(line string) string) string {
	var out strings.Builder
	inside := false
	for line := range strings.SplitAfterSeq(doc, "\n") {
		bare := strings.TrimSuffix(line, "\n")
		typed, isTyped := strings.CutPrefix(bare, "> ")
		switch {
		case inside && isTyped:
			out.WriteString(line + print(typed))
			continue
		case inside && bare != "```":
			continue
		}
		out.WriteString(line)
		inside = bare == "```tlsh"
	}
	return out.String()
}
