// Package guard keeps whoever runs the program safe from how it may end: it runs as
// a child of a small parent, which puts the terminal back when the child ends in a way
// that no program can do anything about (a panic in any goroutine, a fatal error of
// the runtime, a kill), gives the exit status that stands for that, and keeps what the
// runtime wrote of it in a file instead of on standard error.
//
// Go has no hook for the end of a process, and whoever puts a terminal back must do
// it before the user's shell takes it again: so it is the process that the shell
// waits for.
package guard

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Config says where reports go and how they are told.
type Config struct {
	// Dir is the folder of reports, which is made when there is one.
	Dir string
	// Program is the name and version of the program.
	Program string
	// Redact takes what is secret out of a text.
	Redact func(string) string
	// Err is where the sentence goes.
	Err io.Writer
	// Terminal says that Err is a terminal: what the program may have begun on it is
	// ended.
	Terminal bool
	// Interrupts says that SIGINT ends the program, and is passed on when the parent
	// alone is sent it. At a prompt it is a key, which the terminal sends to both.
	Interrupts bool
	// Now names reports; time.Now when nil.
	Now func() time.Time
}

const (
	// maxReport bounds a report, in bytes.
	maxReport = 1 << 20
	// maxReports is how many are kept.
	maxReports = 10
)

// Report keeps a trace in a file and tells, in one sentence, that there is one. The
// trace is what the runtime writes of a panic.
func (c Config) Report(trace string) {
	file, err := c.write(trace)
	if err != nil {
		fmt.Fprintf(c.Err, "tlsh met an error of its own and stopped; what happened could not be kept: %v\n", err)
		return
	}
	fmt.Fprintf(c.Err, "tlsh met an error of its own and stopped; what happened is in %s\n", file)
}

func (c Config) write(trace string) (file string, err error) {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return "", err
	}
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	if len(trace) > maxReport {
		trace = trace[:maxReport] + "\n…\n"
	}
	if c.Redact != nil {
		lines := strings.Split(trace, "\n")
		for i, l := range lines {
			lines[i] = c.Redact(l)
		}
		trace = strings.Join(lines, "\n")
	}
	at := now()
	text := fmt.Sprintf("%s\n%s\n%s %s/%s\n\n%s", c.Program, at.Format(time.RFC3339), runtime.Version(), runtime.GOOS, runtime.GOARCH, trace)
	file = filepath.Join(c.Dir, "crash-"+at.Format("20060102-150405.000")+".txt")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", err
	}
	c.prune()
	return file, nil
}

// prune removes the oldest reports beyond those that are kept. Their names sort by
// their time.
func (c Config) prune() {
	files, err := fs.Glob(os.DirFS(c.Dir), "crash-*.txt")
	if err != nil {
		return
	}
	slices.Sort(files)
	for _, f := range files[:max(0, len(files)-maxReports)] {
		_ = os.Remove(filepath.Join(c.Dir, f)) // one too many is no harm
	}
}

// crashed reports whether what a process wrote to its standard error, and nothing
// else of tlsh does, is the runtime's account of its end.
func crashed(trace []byte) bool {
	for _, mark := range []string{"panic: ", "fatal error: ", "runtime: ", "SIG"} {
		if bytes.HasPrefix(trace, []byte(mark)) || bytes.Contains(trace, []byte("\n"+mark)) {
			return true
		}
	}
	return false
}

// bounded keeps the first bytes that are written to it.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
