package main

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test scripts run this program as tlsh.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tlsh": mainInTests, "tlsh-panics": panics})
}

// linked makes a file in dir that is one of TestMain's programs, and gives its path:
// the test binary is the program that it is called by the name of.
func linked(t testing.TB, dir, program string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, program)
	if err := os.Symlink(self, file); err != nil {
		t.Fatal(err)
	}
	return file
}

// The scripts run whole processes against a fresh sandbox whose clock stands
// still.
func TestScripts(t *testing.T) {
	there := new(pretends)
	testscript.Run(t, testscript.Params{
		Dir:   "testdata",
		Setup: quiet,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"paint": paint, "grows": grows, "telegram": there.start, "knob": there.knob,
		},
		UpdateScripts: os.Getenv("UPDATE") != "",
	})
}

// quiet is the environment of a fresh machine.
func quiet(env *testscript.Env) error {
	env.Setenv("TLSH_SANDBOX_CLOCK", "2026-03-06T18:00:00Z")
	env.Setenv("TZ", "UTC")
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Setenv("SHELL", "/bin/sh")
	media, err := filepath.Abs("../../mediainfo/testdata")
	env.Setenv("MEDIA", media)
	return err
}

// paint FILE WIDTH HEIGHT makes a picture, a PNG.
func paint(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("paint FILE WIDTH HEIGHT")
	}
	w, werr := strconv.Atoi(args[1])
	h, herr := strconv.Atoi(args[2])
	ts.Check(errors.Join(werr, herr))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 128, 255})
		}
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(errors.Join(png.Encode(f, img), f.Close()))
}

// grows PATTERN SIZE waits until a file whose name matches has so many bytes.
func grows(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("grows PATTERN SIZE")
	}
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		names, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		for _, name := range names {
			if st, err := os.Stat(name); err == nil && st.Size() >= size {
				return
			}
		}
	}
	ts.Fatalf("no file %s has grown to %d bytes", args[0], size)
}

// The sessions of the README are true: each console block is run as a script
// and must print what stands there.
func TestReadme(t *testing.T) { testPage(t, "../../README.md", runConsole) }

// testPage holds a page of the documentation against what its sessions print now.
// UPDATE=1 writes that into the page.
func testPage(t *testing.T, file string, run func(t *testing.T, page string) string) {
	t.Helper()
	file, err := filepath.Abs(file) // run may change the folder
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := run(t, string(b))
	if out == string(b) {
		return
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the sessions of %s print something else; UPDATE=1 go test ./cmd/tlsh -run %s writes it there:\n%s", filepath.Base(file), t.Name(), firstDifference(string(b), out))
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one is longer"
}
