package history_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tlsh/history"
)

func at(second int) time.Time { return time.Date(2026, 1, 2, 3, 4, second, 0, time.UTC) }

func open(t *testing.T, path string, opt history.Options) *history.History {
	t.Helper()
	h, err := history.Open(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func add(t *testing.T, h *history.History, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if err := h.Add(history.Entry{Line: l, Time: at(0)}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "profile", "history.jsonl")
	h := open(t, path, history.Options{Now: func() time.Time { return at(9) }})
	want := []history.Entry{
		{Line: "batch <\n  help.getConfig\n>", Time: at(1), Duration: 120 * time.Millisecond, Outcome: "ok"},
		{Line: "not UTF-8: \xff", Time: at(2), Outcome: "PEER_ID_INVALID"},
		{Line: "<&>\u2028", Time: at(9)},
	}
	for i, e := range want {
		if i == 2 {
			e.Time = time.Time{} // the clock's
		}
		if err := h.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	for name, got := range map[string]*history.History{"the same": h, "opened again": open(t, path, history.Options{})} {
		if d := cmp.Diff(want, got.Entries()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	for p, mode := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700, path + ".lock": 0o600} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, want %v", filepath.Base(p), info.Mode().Perm(), mode)
		}
	}
}

func TestDeduplicatedAndLimited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	h := open(t, path, history.Options{MaxEntries: 3})
	add(t, h, "a", "b", "a", "c", "d", "a")
	want := []string{"c", "d", "a"}
	if d := cmp.Diff(want, h.Lines()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want, open(t, path, history.Options{MaxEntries: 3}).Lines()); d != "" {
		t.Error(d)
	}
}

// What is added before the file has been read, or while it is, stands behind what the
// file holds, each line once.
func TestLoadedLate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	var want []string
	old := open(t, path, history.Options{})
	for i := range 2000 {
		want = append(want, fmt.Sprintf("line %d", i))
	}
	add(t, old, want...)
	h := open(t, path, history.Options{})
	if h.Loaded() {
		t.Error("opening has read the file")
	}
	add(t, h, "early", "line 5")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := h.Load(); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := h.Reload(); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range 50 {
		add(t, h, fmt.Sprintf("late %d", i))
	}
	wg.Wait()
	want = append(slices.Delete(want, 5, 6), "early", "line 5")
	for i := range 50 {
		want = append(want, fmt.Sprintf("late %d", i))
	}
	if !h.Loaded() {
		t.Error("it is not loaded")
	}
	for name, got := range map[string][]string{"here": h.Lines(), "opened again": open(t, path, history.Options{}).Lines()} {
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// A variable that is used as a secret was one: what it was given is hidden in what was
// entered here, and what it is given from now on; what others entered stays.
func TestVariableOfSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	add(t, open(t, path, history.Options{}), `$x = "of another day"`)
	h := open(t, path, history.Options{})
	add(t, h, `$x = "hunter2"; echo done`, `$y = "kept"`, `$x = account.getPassword`, `auth.checkPassword password=$x`, `$x = 'hunter3'`)
	want := []string{`$x = "of another day"`, `$x = ***; echo done`, `$y = "kept"`, `$x = account.getPassword`, `auth.checkPassword password=$x`, `$x = ***`}
	for name, got := range map[string][]string{"here": h.Lines(), "in the file": open(t, path, history.Options{}).Lines()} {
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
}

func TestSearch(t *testing.T) {
	h := open(t, filepath.Join(t.TempDir(), "h"), history.Options{})
	add(t, h, "messages.sendMessage @alice hi", "help.getConfig", "messages.getHistory @alice")
	lines := func(es []history.Entry) (out []string) {
		for _, e := range es {
			out = append(out, e.Line)
		}
		return out
	}
	if d := cmp.Diff([]string{"messages.getHistory @alice", "messages.sendMessage @alice hi"}, lines(h.Search("ALICE messages", 0))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"messages.getHistory @alice"}, lines(h.Search("alice", 1))); d != "" {
		t.Error(d)
	}
	if got := h.Search("nothing like it", 0); got != nil {
		t.Errorf("got %v", got)
	}
	if got := len(h.Search("", 0)); got != 3 {
		t.Errorf("no words found %d", got)
	}
}

func TestKeptOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	h := open(t, path, history.Options{})
	add(t, h, " secret plan", "", "\n", "\tx", strings.Repeat("x", 1<<20), "login +4917012345 54321", "auth.checkPassword password=hunter2")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"plan", "4917012345", "54321", "hunter2", "xx"} {
		if strings.Contains(string(b), s) {
			t.Errorf("%q is in the file", s)
		}
	}
	if d := cmp.Diff([]string{"login ***", "auth.checkPassword password=***"}, h.Lines()); d != "" {
		t.Error(d)
	}
}

// A file cut at any byte loses at most the entry that was cut, and takes new ones.
func TestTorn(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "h")
	add(t, open(t, path, history.Options{}), "first", "second")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := strings.IndexByte(string(whole), '\n') + 1
	for cut := first; cut <= len(whole); cut++ {
		p := filepath.Join(dir, fmt.Sprint(cut))
		if err := os.WriteFile(p, whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		add(t, open(t, p, history.Options{}), "third")
		want := []string{"first", "third"}
		if cut >= len(whole)-1 {
			want = []string{"first", "second", "third"}
		}
		if d := cmp.Diff(want, open(t, p, history.Options{}).Lines()); d != "" {
			t.Fatalf("cut at %d of %d: %s", cut, len(whole), d)
		}
		if info, _ := os.Stat(p); info.Mode().Perm() != 0o600 {
			t.Fatalf("mode %v", info.Mode())
		}
	}
}

func TestCompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	h := open(t, path, history.Options{MaxBytes: 4000})
	for i := range 500 {
		add(t, h, fmt.Sprintf("line %d", i), "again")
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 4000 {
			t.Fatalf("%d bytes after %d lines", info.Size(), i)
		}
	}
	got := open(t, path, history.Options{}).Lines()
	if n := len(got); n < 20 || got[n-1] != "again" || got[n-2] != "line 499" || got[n-3] != "line 498" {
		t.Errorf("kept %q", got)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
	// One entry alone over the limit stays.
	add(t, h, strings.Repeat("y", 9000))
	if got := open(t, path, history.Options{}).Lines(); len(got) != 1 {
		t.Errorf("kept %d", len(got))
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := history.Open(filepath.Join(dir, "file", "h"), history.Options{}); err == nil {
		t.Error("a file as folder was taken")
	}
	if _, err := history.Open(dir, history.Options{}); err == nil {
		t.Error("a folder as file was taken")
	}
	path := filepath.Join(dir, "gone", "h")
	h := open(t, path, history.Options{})
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if err := h.Add(history.Entry{Line: "x"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("err = %v", err)
	}
	if d := cmp.Diff([]string{"x"}, h.Lines()); d != "" {
		t.Error(d)
	}
}

// Several shells of one process write while compactions happen: no line is lost.
func TestConcurrent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h")
	var wg sync.WaitGroup
	for w := range 4 {
		h := open(t, path, history.Options{MaxBytes: 1 << 20})
		wg.Go(func() {
			for i := range 100 {
				if err := h.Add(history.Entry{Line: fmt.Sprintf("shell %d line %d", w, i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(open(t, path, history.Options{}).Lines()); n != 400 {
		t.Errorf("%d lines", n)
	}
}

const childPath = "TLSH_HISTORY_TEST_CHILD"

// TestMain turns this binary into a shell that enters lines until it is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		h, err := history.Open(path, history.Options{MaxBytes: 64 << 10})
		if err != nil {
			panic(err)
		}
		for i := 0; ; i++ {
			line := fmt.Sprintf("pid %d line %d", os.Getpid(), i)
			if err := h.Add(history.Entry{Line: line}); err != nil {
				panic(err)
			}
			fmt.Println(line)
		}
	}
	os.Exit(m.Run())
}

// Processes are killed while they write and compact one file: what the last of
// them acknowledged is there, and every line of the file but torn ones reads.
func TestKilled(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "h")
	for range 12 {
		var acknowledged []string
		cmds := make([]*exec.Cmd, 2)
		last := make([]string, len(cmds))
		var wg sync.WaitGroup
		for i := range cmds {
			cmd := exec.Command(exe)
			cmd.Env = append(os.Environ(), childPath+"="+path)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			cmds[i] = cmd
			wg.Go(func() {
				lines := bufio.NewScanner(out)
				for n := 0; lines.Scan(); n++ {
					last[i] = lines.Text()
					if n == 25 {
						if err := cmd.Process.Kill(); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		for _, cmd := range cmds {
			_ = cmd.Wait() // killed
		}
		acknowledged = append(acknowledged, last...)
		got := open(t, path, history.Options{}).Lines()
		for _, l := range acknowledged {
			if l == "" || !slices.Contains(got, l) {
				t.Fatalf("acknowledged %q is not among %d lines", l, len(got))
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"line":"a","time":"2026-01-02T03:04:05Z"}` + "\n{"))
	f.Add([]byte("\n\n\x00{}\n[]\nnull"))
	f.Add([]byte(`{"raw":"/w==","time":"2026-01-02T03:04:05Z"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "h")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		h := open(t, path, history.Options{})
		before := len(h.Lines())
		add(t, h, "the new line")
		got := open(t, path, history.Options{}).Lines()
		if len(got) == 0 || got[len(got)-1] != "the new line" || len(got) < before {
			t.Fatalf("%d lines before, now %q", before, got)
		}
	})
}
