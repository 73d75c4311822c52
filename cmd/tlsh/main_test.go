package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test scripts run this program as tlsh.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tlsh": main})
}

// The scripts run whole processes against a fresh sandbox whose clock stands
// still.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		Setup:         quiet,
		UpdateScripts: os.Getenv("UPDATE") != "",
	})
}

// quiet is the environment of a fresh machine.
func quiet(env *testscript.Env) error {
	env.Setenv("TLSH_SANDBOX_CLOCK", "2026-03-06T18:00:00Z")
	env.Setenv("TZ", "UTC")
	env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
	env.Setenv("SHELL", "/bin/sh")
	return nil
}

// The sessions of the README are true: each console block is run as a script
// and must print what stands there.
func TestReadme(t *testing.T) {
	const file = "../../README.md"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := runConsole(t, string(b))
	if out == string(b) {
		return
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the README's sessions print something else; see it with UPDATE=1 go test ./cmd/tlsh:\n%s", firstDifference(string(b), out))
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
