package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// runConsole replaces what stands under each "$ command" of the ```console
// blocks by what the command prints, on stdout and stderr together.
func runConsole(t *testing.T, doc string) string {
	t.Helper()
	dir := t.TempDir()
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	linked(t, bin, "tlsh")
	sh := &console{dir: dir, env: append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "TZ=UTC", "COLUMNS=80",
		"XDG_STATE_HOME="+filepath.Join(dir, "state"), "TLSH_SANDBOX_CLOCK=2026-03-06T18:00:00Z")}
	var out strings.Builder
	inside := false
	for line := range strings.SplitSeq(doc, "\n") {
		switch {
		case line == "```console":
			inside = true
		case line == "```":
			inside = false
		case inside && strings.HasPrefix(line, "$ "):
			out.WriteString(line + "\n")
			out.WriteString(sh.run(t, line[2:]))
			continue
		case inside:
			continue
		}
		out.WriteString(line + "\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}

type console struct {
	dir, status string
	env         []string
}

func (c *console) run(t *testing.T, line string) string {
	t.Helper()
	line = strings.ReplaceAll(line, "go run ./cmd/tlsh", "tlsh")
	// Each command has a shell of its own; $? is that of the one before.
	cmd := exec.Command("/bin/sh", "-c", "(exit "+zero(c.status)+"); "+line+"\nstatus=$?; printf '\\n%s' $status >\""+filepath.Join(c.dir, "status")+"\"")
	cmd.Dir, cmd.Env = c.dir, c.env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	b, err := os.ReadFile(filepath.Join(c.dir, "status"))
	if err != nil {
		t.Fatal(err)
	}
	c.status = strings.TrimSpace(string(b))
	return out.String()
}

func zero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}
