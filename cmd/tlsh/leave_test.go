//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Whatever ends the program at the prompt or while a line runs, the terminal is
// left as it was found.
func TestEndedBySignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			p := openTerminal(t)
			p.wait("❯")
			p.keys("messages.sendMessage @al")
			p.wait("@al")
			p.signal(sig)
			p.exit(130)
		})
		t.Run(sig.String()+" while a line runs", func(t *testing.T) {
			t.Parallel()
			p := openTerminal(t)
			p.wait("❯")
			p.keys("echo begun; sleep 60\r")
			p.wait("begun\r\n")
			p.signal(sig)
			p.exit(130)
		})
	}
}

// A signal that Ctrl-C would be while a line runs stops nothing at the prompt.
func TestInterruptedAtPrompt(t *testing.T) {
	t.Parallel()
	p := openTerminal(t)
	p.wait("❯")
	p.keys("echo hal")
	p.signal(syscall.SIGINT)
	p.keys("f\r")
	p.wait("half\r\n")
	p.wait("❯")
	p.keys("\x04")
	p.exit(0)
}

// Ctrl-X Ctrl-E has the line edited by $VISUAL or $EDITOR; what it says comes back
// into the line and is not run.
func TestExternalEditor(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "edit")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nstty -a | grep -q ' icanon' && echo LENT $1\nprintf 'echo \"edited\"\\n' >>\"$2\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := openTerminal(t, "EDITOR=false", "VISUAL="+script+" word")
	p.wait("❯")
	p.keys("echo one\x18\x05")
	p.wait("LENT word")
	p.wait("edited")
	p.keys(";echo two\r")
	p.wait("one\r\n")
	p.wait("edited\r\n")
	p.wait("two\r\n")
	p.wait("❯")
	p.keys("\x04")
	p.exit(0)
}
