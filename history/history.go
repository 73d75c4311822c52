package history

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	defaultEntries = 10_000
	defaultBytes   = 8 << 20
	// maxLine bounds one entry: a pasted file is not something to recall.
	maxLine = 256 << 10
)

// Options changes what Open does; the zero value is the usual choice.
type Options struct {
	// MaxEntries is how many different lines are kept, 10,000 when 0.
	MaxEntries int
	// MaxBytes is the size of the file in bytes beyond which it is compacted,
	// 8 MiB when 0.
	MaxBytes int64
	// Now is the clock, time.Now when nil.
	Now func() time.Time
}

// History is the history of one profile. Its methods may be called from any
// goroutine, and any number of processes may have the same file open.
type History struct {
	path string
	opt  Options

	mu      sync.Mutex
	entries []Entry // oldest first, each line once, at its newest place
}

// Open reads the history at path, making its folder (mode 0700) when there is
// none; the file itself (mode 0600) is made by the first Add. Lines of the file
// that cannot be read are skipped. An error means that the folder cannot be
// made or the file cannot be read.
func Open(path string, opt Options) (*History, error) {
	if opt.MaxEntries <= 0 {
		opt.MaxEntries = defaultEntries
	}
	if opt.MaxBytes <= 0 {
		opt.MaxBytes = defaultBytes
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	h := &History{path: path, opt: opt}
	return h, h.Reload()
}

// Reload reads the file again, so that what other shells have entered since
// Open is found too.
func (h *History) Reload() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	all, err := read(h.path)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	h.entries = newest(all, h.opt.MaxEntries)
	return nil
}

// Keep reports whether a line may enter the history at all: not when it is
// blank, begins with white space (the user's way to keep it out), or is longer
// than 256 KiB.
func Keep(line string) bool {
	if len(line) > maxLine || strings.TrimSpace(line) == "" {
		return false
	}
	return !strings.ContainsAny(line[:1], " \t\r\n")
}

// Add stores e at the end, after Redact; a line that Keep refuses is passed over
// without an error. When Add returns nil the entry has been handed to the
// operating system whole: it outlives this process, however that ends. On an
// error the entry is still found in this History, though not in the file.
func (h *History) Add(e Entry) error {
	if !Keep(e.Line) {
		return nil
	}
	e.Line = Redact(strings.TrimRight(e.Line, " \t\r\n"))
	if e.Time.IsZero() {
		e.Time = h.opt.Now()
	}
	b, err := encode(e)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remember(e)
	if err := h.write(b); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// remember puts e at the end of the entries, removing its older twin.
func (h *History) remember(e Entry) {
	if i := slices.IndexFunc(h.entries, func(o Entry) bool { return o.Line == e.Line }); i >= 0 {
		h.entries = slices.Delete(h.entries, i, i+1)
	}
	h.entries = append(h.entries, e)
	if n := len(h.entries) - h.opt.MaxEntries; n > 0 {
		h.entries = slices.Delete(h.entries, 0, n)
	}
}

// Clear forgets every line, in the file too.
func (h *History) Clear() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries = nil
	if err := h.empty(); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// Entries returns what was in the file at Open or Reload and what was added
// since, oldest first, each line once. The slice is the caller's.
func (h *History) Entries() []Entry {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.entries)
}

// Lines returns the lines of Entries, oldest first.
func (h *History) Lines() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make([]string, len(h.entries))
	for i, e := range h.entries {
		out[i] = e.Line
	}
	return out
}

// Search returns the entries whose line contains every word of words (separated
// by white space, letter case ignored), newest first, at most limit of them or
// all when limit is 0 or less. No words at all match everything.
func (h *History) Search(words string, limit int) []Entry {
	want := strings.Fields(strings.ToLower(words))
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []Entry
	for _, e := range slices.Backward(h.entries) {
		line := strings.ToLower(e.Line)
		if slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(line, w) }) {
			continue
		}
		out = append(out, e)
		if len(out) == limit {
			break
		}
	}
	return out
}

// read decodes the whole file, passing over what is torn or foreign. A file that
// does not exist is empty.
func read(path string) ([]Entry, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Entry
	for line := range bytes.Lines(b) {
		// An unfinished last line may still be a whole object that lost only
		// its newline, so it is tried like any other.
		if e, err := decode(bytes.TrimRight(line, "\r\n")); err == nil {
			out = append(out, e)
		}
	}
	return out, nil
}

// newest drops all but the last entry of each line, then all but the last limit.
func newest(all []Entry, limit int) []Entry {
	seen := make(map[string]bool, len(all))
	out := make([]Entry, 0, min(len(all), limit))
	for _, e := range slices.Backward(all) {
		if len(out) == limit {
			break
		}
		if !seen[e.Line] {
			seen[e.Line] = true
			out = append(out, e)
		}
	}
	slices.Reverse(out)
	return out
}
