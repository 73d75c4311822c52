//go:build unix

package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"tlsh/internal/vt"
)

// terminal is the program on a real pty.
type terminal struct {
	t          testing.TB
	cmd        *exec.Cmd
	tty, slave *os.File
	found      *term.State // before the program began
	state      string      // its XDG_STATE_HOME

	mu     sync.Mutex
	screen bytes.Buffer // everything written so far
	seen   int          // what has been waited for
	vt     *vt.Screen   // what that looks like
	wrote  func(*vt.Screen)
}

func openTerminal(t *testing.T, env ...string) *terminal {
	t.Helper()
	return openProgram(t, 100, 40, "tlsh", env...)
}

// openProgram is openTerminal for a size, in columns and rows, and a program of
// TestMain's.
func openProgram(t *testing.T, cols, rows int, program string, env ...string) *terminal {
	t.Helper()
	dir := t.TempDir()
	tlsh := linked(t, dir, program)
	return openCommand(t, cols, rows, dir, exec.Command(tlsh), env...)
}

// openCommand starts a command on a terminal of its own. What it keeps is in dir.
func openCommand(t testing.TB, cols, rows int, dir string, cmd *exec.Cmd, env ...string) *terminal {
	t.Helper()
	p := &terminal{t: t, state: filepath.Join(dir, "state"), vt: vt.New(cols, rows), cmd: cmd}
	p.cmd.Env = append(os.Environ(), "TERM=xterm", "TZ=UTC", "NO_COLOR=1",
		"XDG_STATE_HOME="+filepath.Join(dir, "state"), "XDG_CONFIG_HOME="+filepath.Join(dir, "config"), "TLSH_SANDBOX_CLOCK=2026-03-06T18:00:00Z")
	p.cmd.Env = append(p.cmd.Env, env...)
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pty: %v", err)
	}
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: uint16(rows), Cols: uint16(cols)}); err != nil {
		t.Fatal(err)
	}
	p.vt.OnAskCursor = func(answer string) { _, _ = ptmx.WriteString(answer) } // or it has ended
	p.tty, p.slave = ptmx, tty                                                 // kept open, so that the mode outlives the process
	if p.found, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = tty, tty, tty
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.tty.Close(); _ = p.slave.Close() })
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := p.tty.Read(b)
			p.mu.Lock()
			p.screen.Write(b[:n])
			_, _ = p.vt.Write(b[:n])
			if p.wrote != nil {
				p.wrote(p.vt)
			}
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return p
}

func (p *terminal) keys(s string) {
	p.t.Helper()
	if _, err := p.tty.WriteString(s); err != nil {
		p.t.Fatal(err)
	}
}

// wait waits until text has been written since the last wait.
func (p *terminal) wait(text string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		p.mu.Lock()
		s := p.screen.String()
		i := strings.Index(s[p.seen:], text)
		if i >= 0 {
			p.seen += i + len(text)
		}
		p.mu.Unlock()
		if i >= 0 {
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.t.Fatalf("%q did not come; after what was waited for: %q", text, p.screen.String()[p.seen:])
}

// look gives what the terminal shows to a function.
func (p *terminal) look(f func(*vt.Screen)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(p.vt)
}

// shows waits until the screen has the text.
func (p *terminal) shows(text string) {
	p.t.Helper()
	p.until("screen with "+text, func(v *vt.Screen) bool { return strings.Contains(v.Text(), text) })
}

// until waits for a screen.
func (p *terminal) until(what string, ok func(*vt.Screen) bool) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		var is bool
		var text string
		p.look(func(v *vt.Screen) { is, text = ok(v), v.Text() })
		if is {
			return
		}
		if time.Now().After(end) {
			p.t.Fatalf("no %s; the screen is\n%s", what, text)
		}
	}
}

func (p *terminal) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

func (p *terminal) exit(want int) {
	p.t.Helper()
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		p.t.Fatal("it does not end")
	}
	if got := p.cmd.ProcessState.ExitCode(); got != want {
		p.t.Errorf("exit status %d, want %d", got, want)
	}
	p.asFound()
}

// asFound checks that the terminal is in the mode in which the program found it.
func (p *terminal) asFound() {
	p.t.Helper()
	if !p.isFound() {
		p.t.Error("the terminal was not left as it was found")
	}
}

// isFound reports whether the terminal is in the mode in which it was found.
func (p *terminal) isFound() bool {
	p.t.Helper()
	now, err := term.GetState(int(p.slave.Fd()))
	if err != nil {
		p.t.Fatal(err)
	}
	return *now == *p.found
}

// The prompt as a person meets it.
func TestPrompt(t *testing.T) {
	p := openTerminal(t)
	p.wait("connected to the sandbox")
	p.wait("❯")
	p.keys("messages.getHistory @alice limit=1\r")
	p.wait("messages.messagesSlice")
	p.wait("Bob wants to leave at eight")
	p.wait("❯")
	p.keys("$_.messages[0].id\r")
	p.wait("26")
	p.wait("❯")
	p.keys("$kept = help.getNearestDc\r") // what is assigned is shown
	p.wait("$2 = nearestDc(")
	p.wait("❯")
	p.keys("echo 41\r") // a value that has no number is given none
	p.wait("?2004l41\r\n")
	p.wait("❯")
	p.keys("$2.this_dc\r")
	p.wait("?2004l2\r\n")
	p.wait("❯")
	p.keys(`messages.sendMessage peer=@alice mesage="hi"` + "\r")
	p.wait("has no parameter mesage")
	p.wait("did you mean message?")
	p.wait("❯")
	p.keys("messages.sendMessage @alice hi\x03") // Ctrl-C clears the line
	p.keys("echo begun; sleep 60\r")
	p.wait("begun\r\n")
	p.keys("\x03") // and stops what runs
	p.wait("❯")
	p.keys("batch <\rhelp.getNearestDc\r>\r")
	p.wait("nearestDc(")
	p.wait("1 of 1 succeeded")
	p.wait("❯")
	p.keys("messages.sendM")
	menu := func(v *vt.Screen) bool { return strings.Contains(v.Text(), "messages.sendMultiMedia") }
	p.until("the menu", menu)
	p.keys("\x1b")
	p.until("no menu", func(v *vt.Screen) bool { return !menu(v) })
	p.keys("\x15\x04") // Ctrl-U, then Ctrl-D on the empty line
	p.exit(0)
}

// copy puts its text into the terminal's clipboard, through tmux too, and not
// into that of a terminal without escapes.
func TestClipboard(t *testing.T) {
	const text = "help.getConfig"
	escape := "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(text)) + "\a"
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"plain": {nil, escape},
		"tmux":  {[]string{"TMUX=/tmp/x"}, "\x1bPtmux;\x1b" + escape + "\x1b\\"},
	} {
		t.Run(name, func(t *testing.T) {
			p := openTerminal(t, c.env...)
			p.wait("❯")
			p.keys("copy help.getConfig\r")
			p.wait(c.want)
			p.wait("copied, if the terminal allows it")
			p.keys("exit\r")
			p.exit(0)
		})
	}
	p := openTerminal(t, "TERM=dumb")
	p.wait("sandbox dc2> ")
	p.keys("copy help.getConfig\necho done\n")
	p.wait("done")
	p.mu.Lock()
	defer p.mu.Unlock()
	if strings.Contains(p.screen.String(), "]52;") {
		t.Error("a dumb terminal got an escape")
	}
}

// A terminal that cannot be drawn on gets plain lines.
func TestDumb(t *testing.T) {
	p := openTerminal(t, "TERM=dumb")
	p.wait("sandbox dc2> ")
	p.keys("users.getUsers(\n")
	p.wait("> ")
	p.keys("half a line\x03") // Ctrl-C drops all of it, and nothing else
	p.wait("sandbox dc2> ")
	p.keys("echo begun; sleep 60\n")
	p.wait("begun\r\n")
	p.keys("\x03")
	p.wait("sandbox dc2> ")
	p.keys("users.getUsers(\n")
	p.wait("> ")
	p.keys("[me])\n")
	p.wait("username:    \"sam\"")
	p.wait("sandbox dc2> ")
	p.keys("exit\n")
	p.exit(0)
}

// Where nothing is known of the terminal, nothing but text goes there.
func TestUnknownTerminal(t *testing.T) {
	p := openTerminal(t, "TERM=", "NO_COLOR=")
	p.wait("sandbox dc2> ")
	p.keys("help.getNearestDc\n")
	p.wait("nearestDc(country")
	p.wait("sandbox dc2> ")
	p.keys("nosuch\n")
	p.wait("nosuch\r\n")
	p.wait("sandbox dc2> ")
	p.keys("exit\n")
	p.exit(0)
	p.mu.Lock()
	defer p.mu.Unlock()
	if bytes.ContainsRune(p.screen.Bytes(), 0x1b) {
		t.Errorf("escapes are sent: %q", p.screen.String())
	}
}
