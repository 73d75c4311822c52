package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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

	reading sync.Mutex // held while the file is read, which may take long

	mu      sync.Mutex
	loaded  bool    // entries has what is in the file
	entries []Entry // oldest first, each line once, at its newest place
	// late is what was added while entries lacked the file, or it was being read.
	late     []Entry
	underway bool

	// own are the lines that were added here, and secret the variables that one of
	// them has used as a secret.
	own    map[string]bool
	secret map[string]bool
}

// Open is the history at path. It makes its folder (mode 0700) when there is none;
// the file itself (mode 0600) is made by the first Add. What the file holds is read by
// Load, or when it is first asked for. An error means that the folder cannot be made
// or the file cannot be read.
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
	if err := readable(path); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return &History{path: path, opt: opt, own: map[string]bool{}, secret: map[string]bool{}}, nil
}

// readable reports why a file cannot be read; one that is not there can be made.
func readable(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Read(make([]byte, 1)); err != nil && err != io.EOF { // as of a folder
		return err
	}
	return nil
}

// Load reads the file, unless that has been done. A long history takes a while: a
// prompt loads it on a goroutine, and lines are added meanwhile. Lines of the file
// that cannot be read are skipped.
func (h *History) Load() error {
	h.reading.Lock()
	defer h.reading.Unlock()
	if h.Loaded() {
		return nil
	}
	return h.load()
}

// Loaded reports that Entries, Lines and Search need not read the file first.
func (h *History) Loaded() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.loaded
}

// Reload reads the file again, so that what other shells have entered since is
// found too.
func (h *History) Reload() error {
	h.reading.Lock()
	defer h.reading.Unlock()
	return h.load()
}

// load reads the file while lines may be added; h.reading is held.
func (h *History) load() error {
	h.mu.Lock()
	h.underway = true
	h.mu.Unlock()
	stored, err := read(h.path, h.opt.MaxEntries)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.underway = false
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	late := h.late
	h.entries, h.loaded, h.late = stored, true, nil
	for _, e := range late {
		h.remember(e)
	}
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

// Add stores e at the end, after Redact; a variable that it gives where a secret is
// wanted is one, and its value is hidden in the lines that were added here before. A line that Keep refuses is passed over
// without an error. When Add returns nil the entry has been handed to the
// operating system whole: it outlives this process, however that ends. On an
// error the entry is still found in this History, though not in the file.
func (h *History) Add(e Entry) error {
	if !Keep(e.Line) {
		return nil
	}
	line := strings.TrimRight(e.Line, " \t\r\n")
	if e.Time.IsZero() {
		e.Time = h.opt.Now()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.suspect(secretVariables(line)); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	e.Line = redact(line, h.secret)
	b, err := encode(e)
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	h.own[e.Line] = true
	h.remember(e)
	if err := h.write(b); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// remember puts e at the end of the entries, removing its older twin.
func (h *History) remember(e Entry) {
	if !h.loaded || h.underway {
		h.late = append(h.late, e)
	}
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
	h.reading.Lock()
	defer h.reading.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entries, h.late, h.loaded = nil, nil, true
	clear(h.own)
	if err := h.empty(); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// Entries returns what was in the file when it was read and what was added since,
// oldest first, each line once. The slice is the caller's. A file that cannot be read
// any more is as if it were empty; Load tells.
func (h *History) Entries() []Entry {
	_ = h.Load()
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.entries)
}

// Lines returns the lines of Entries, oldest first.
func (h *History) Lines() []string {
	entries := h.Entries()
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Line
	}
	return out
}

// Search returns the entries whose line contains every word of words (separated
// by white space, letter case ignored), newest first, at most limit of them or
// all when limit is 0 or less. No words at all match everything.
func (h *History) Search(words string, limit int) []Entry {
	want := strings.Fields(strings.ToLower(words))
	_ = h.Load() // as Entries
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

// read gives the newest entries of a file, at most limit, oldest first and each line
// once, at its newest place. What is torn or foreign is passed over; a file that does
// not exist is empty. It decodes from the end, and no more than it needs.
func read(path string, limit int) ([]Entry, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool)
	var out []Entry
	for len(b) > 0 && len(out) < limit {
		b = bytes.TrimRight(b, "\r\n")
		from := bytes.LastIndexByte(b, '\n') + 1
		// An unfinished last line may still be a whole object that lost only
		// its newline, so it is tried like any other.
		if e, err := decode(b[from:]); err == nil && !seen[e.Line] {
			seen[e.Line] = true
			out = append(out, e)
		}
		b = b[:from]
	}
	slices.Reverse(out)
	return out, nil
}
