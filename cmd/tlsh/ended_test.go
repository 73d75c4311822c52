//go:build unix

package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// signalled runs the program with -c 'echo begun' and these lines, sends it the signal
// once it has begun, and gives its status and what it said on stderr.
func signalled(t *testing.T, sig syscall.Signal, lines ...string) (status int, stderr string) {
	t.Helper()
	dir := t.TempDir()
	tlsh := linked(t, dir, "tlsh")
	args := []string{"--sandbox", "-c", "echo begun"}
	for _, l := range lines {
		args = append(args, "-c", l)
	}
	var told bytes.Buffer
	cmd := exec.Command(tlsh, args...)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+dir)
	cmd.Stderr = &told
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer stuck.Stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("it printed %q: %v\n%s", line, err, told.String())
	}
	if err := cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its status is asked for below
	return cmd.ProcessState.ExitCode(), told.String()
}

// A script ends with a status of its own whatever signal ends it, and never with
// Go's account of its goroutines.
func TestScriptEndedBySignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			status, stderr := signalled(t, sig, "sleep 60s", "echo never")
			if status != 130 || strings.Contains(stderr, "goroutine") {
				t.Errorf("status %d, and it said %s", status, stderr)
			}
		})
	}
}

// Where a file is wanted there may be a pipe whose other end nobody opens: Ctrl-C
// ends the wait for it.
func TestPipeInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, line := range []string{
		"source " + pipe, "upload.saveFilePart 1 0 file:" + pipe, "view file:" + pipe, "diff " + pipe, "help.getNearestDc | save " + pipe,
	} {
		t.Run(strings.Fields(line)[0], func(t *testing.T) {
			t.Parallel()
			if status, stderr := signalled(t, syscall.SIGINT, line); status != 130 {
				t.Errorf("status %d, and it said %s", status, stderr)
			}
		})
	}
	// A file that is uploaded has a size, and a pipe has none: it is not opened.
	for _, line := range []string{"upload " + pipe, "messages.sendMedia @alice media=file:" + pipe + ` message=""`} {
		if status, stderr := signalled(t, 0, line); status != 1 || !strings.Contains(stderr, "is no regular file") {
			t.Errorf("%s: status %d, and it said %s", line, status, stderr)
		}
	}
}

// At the prompt, too, and the prompt comes back.
func TestPipeInterruptedAtPrompt(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	p := openTerminal(t)
	p.wait("❯")
	p.keys("echo begun; source " + pipe + "\r")
	p.wait("begun\r\n")
	p.keys("\x03")
	p.wait("❯")
	p.keys("exit\r")
	p.exit(0)
}
