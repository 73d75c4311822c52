package guard

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Reports hold no secret, can be read by nobody else, and do not pile up.
func TestReport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	now := time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)
	var said bytes.Buffer
	c := Config{Dir: dir, Program: "tlsh test", Err: &said, Now: func() time.Time { return now },
		Redact: func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") }}
	for range maxReports + 5 {
		c.Report("panic: password hunter2\n\ngoroutine 1 [running]:\n" + strings.Repeat("x", 2*maxReport))
		now = now.Add(time.Second)
	}
	files, err := filepath.Glob(filepath.Join(dir, "crash-*.txt"))
	if err != nil || len(files) != maxReports || !strings.HasSuffix(files[0], "crash-20260306-180005.000.txt") {
		t.Fatalf("%d reports, %v: %v", len(files), err, files)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	text := string(b[:200])
	if !strings.HasPrefix(text, "tlsh test\n2026-03-06T18:00:05Z\n") || !strings.Contains(text, "panic: password ***\n") || len(b) > maxReport+1000 {
		t.Errorf("%d bytes, beginning\n%s", len(b), text)
	}
	for path, want := range map[string]os.FileMode{files[0]: 0o600, dir: 0o700} {
		if st, err := os.Stat(path); err != nil || st.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, st.Mode(), err)
		}
	}
	if got := said.String(); strings.Count(got, "\n") != maxReports+5 || strings.Contains(got, "goroutine") || !strings.Contains(got, files[0]) {
		t.Errorf("said %q", got)
	}
	said.Reset()
	c.Dir = filepath.Join(files[0], "no folder")
	c.Report("panic: x")
	if got := said.String(); !strings.Contains(got, "could not be kept") || strings.Contains(got, "panic") {
		t.Errorf("said %q", got)
	}
}

func TestCrashed(t *testing.T) {
	for text, want := range map[string]bool{
		"panic: x\n\ngoroutine 1": true, "fatal error: concurrent map writes\n": true, "log: a line\npanic: y": true,
		"SIGQUIT: quit\n": true, "runtime: out of memory": true, "": false, "a line of a library\n": false, "no panic: here": false,
	} {
		if got := crashed([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
