//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/term"
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
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil { // the whole job, as the terminal would
		t.Fatal(err)
	}
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

// edit runs what the editor saved, and nothing when it was left without saving: a line
// that one had second thoughts about is not run again.
func TestEditUnsaved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "edit")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntest -e "+dir+"/saves && cp \"$1\" \"$1.new\" && mv \"$1.new\" \"$1\"\nexit 0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := openTerminal(t, "VISUAL=", "EDITOR="+script)
	p.wait("❯")
	p.keys("$n = 41\r")
	p.wait("❯")
	p.keys("$n; echo ran\r")
	p.wait("\r\nran\r\n")
	p.wait("❯")
	p.keys("edit\r")
	p.wait("nothing was saved: nothing is run\r\n")
	p.wait("❯")
	if err := os.WriteFile(filepath.Join(dir, "saves"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.keys("edit\r")
	p.wait("41\r\nran\r\n")
	p.wait("❯")
	p.keys("\x04")
	p.exit(0)
}

// panicWhen names a file; when it appears a goroutine that nobody waits for panics.
const panicWhen = "TLSH_TEST_PANIC_WHEN"

// panics is tlsh with a mistake in it.
func panics() {
	if file := os.Getenv(panicWhen); file != "" && os.Getenv("TLSH_GUARDED") != "" { // not in the guarding parent
		go func() {
			for {
				if b, err := os.ReadFile(file); err == nil && len(b) > 0 {
					panic(errors.New(string(b)))
				}
				time.Sleep(5 * time.Millisecond)
			}
		}()
	}
	main()
}

// A panic in any goroutine leaves the terminal as it was found, with one sentence on
// it, and a report that holds no secret.
func TestPanic(t *testing.T) {
	for name, keys := range map[string]string{"prompt": "messages.sendMessage @al", "line": "echo begun; sleep 60\r", "paste": "\x1b[200~half a paste"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "now")
			p := openProgram(t, 100, 40, "tlsh-panics", panicWhen+"="+file)
			p.wait("❯")
			p.keys(keys)
			if name == "line" {
				p.wait("begun\r\n")
			}
			if err := os.WriteFile(file, []byte("told to, password=hunter2 \x1b[2J"), 0o600); err != nil {
				t.Fatal(err)
			}
			p.wait("tlsh met an error of its own and stopped; what happened is in ")
			p.wait(".txt\r\n")
			p.exit(1)
			p.mu.Lock()
			shown := p.screen.String()
			p.mu.Unlock()
			for _, never := range []string{"goroutine", "panic", "hunter2", ".go:"} {
				if strings.Contains(shown, never) {
					t.Errorf("%s is on the terminal: %q", never, shown)
				}
			}
			reported(t, p.state)
		})
	}
}

// reported looks for the one report of a panic that was told to.
func reported(t *testing.T, state string) {
	t.Helper()
	reports, err := filepath.Glob(filepath.Join(state, "tlsh", "crash-*.txt"))
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports: %v, %v", reports, err)
	}
	if st, err := os.Stat(reports[0]); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the report: %v, %v", st.Mode(), err)
	}
	b, err := os.ReadFile(reports[0])
	if err != nil {
		t.Fatal(err)
	}
	if text := string(b); !strings.Contains(text, "told to") || !strings.Contains(text, "goroutine") || strings.Contains(text, "hunter2") {
		t.Errorf("the report is\n%s", text)
	}
}

// So it is in scripts, pipes and the sandbox by itself, where nobody looks on: one
// sentence, status 1, and the report.
func TestPanicScripted(t *testing.T) {
	const line = "echo begun; sleep 60\n"
	for _, c := range []struct {
		name, stdin, begun string
		args               []string
	}{
		{name: "a script", args: []string{"script.tlsh"}, begun: "begun"},
		{name: "a pipe", stdin: line, begun: "begun"},
		{name: "the sandbox", args: []string{"sandbox"}, begun: "address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			program := linked(t, dir, "tlsh-panics")
			if err := os.WriteFile(filepath.Join(dir, "script.tlsh"), []byte(line), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(program, c.args...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, "state"), panicWhen+"="+filepath.Join(dir, "now"))
			cmd.Stdin = strings.NewReader(c.stdin)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.StdoutPipe()
			if err == nil {
				err = cmd.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), c.begun); {
			}
			if err := os.WriteFile(filepath.Join(dir, "now"), []byte("told to, password=hunter2 \x1b[2J"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, out)
			_ = cmd.Wait()
			said := stderr.String()
			for _, never := range []string{"goroutine", "panic", "hunter2", ".go:", "\x1b"} {
				if strings.Contains(said, never) {
					t.Errorf("%q is on standard error: %q", never, said)
				}
			}
			if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(said, "tlsh met an error of its own and stopped; what happened is in ") {
				t.Errorf("%v: %q", cmd.ProcessState, said)
			}
			reported(t, filepath.Join(dir, "state"))
		})
	}
}

// After -c on a terminal there is a parent.
func TestPanicCommand(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "now")
	p := openProgram(t, 100, 40, "tlsh-panics", panicWhen+"="+file)
	p.wait("❯")
	program := p.cmd.Path
	p.keys("\x04")
	p.exit(0)
	dir := t.TempDir()
	p = openCommand(t, 100, 40, dir, exec.Command(program, "-c", "echo begun; sleep 60"), panicWhen+"="+file)
	p.wait("begun")
	if err := os.WriteFile(file, []byte("told to, password=hunter2 \x1b[2J"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.wait("tlsh met an error of its own and stopped; what happened is in ")
	p.exit(1)
	reported(t, p.state)
}

// Signals that only the parent is sent reach a script, and so does a kill.
func TestScriptEnded(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			program := linked(t, dir, "tlsh")
			cmd := exec.Command(program)
			cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(dir, "state"))
			cmd.Stdin = strings.NewReader("echo begun; sleep 600\n")
			out, err := cmd.StdoutPipe()
			if err == nil {
				err = cmd.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "begun"); {
			}
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, out) // ends when both of them have
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); sig != syscall.SIGKILL && code != 130 {
				t.Errorf("%v", cmd.ProcessState)
			}
		})
	}
}

// A shell that is killed takes nothing with it that would use the terminal further.
func TestKilled(t *testing.T) {
	t.Parallel()
	p := openTerminal(t)
	p.wait("❯")
	p.keys("half a line")
	p.signal(syscall.SIGKILL)
	_ = p.cmd.Wait()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		now, err := term.GetState(int(p.slave.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		if *now == *p.found {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the terminal is not put back")
		}
	}
}
