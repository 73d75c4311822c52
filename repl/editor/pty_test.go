//go:build linux || darwin || freebsd

package editor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"tlsh/internal/vt"
)

// childEnv makes this test binary a small shell on the terminal it is given.
const childEnv = "TLSH_EDITOR_TEST_CHILD"

// shellEnv names a shell that startShell starts in the place of this binary.
const shellEnv = "TLSH_EDITOR_TEST_SHELL"

// child reads lines and says what it got; some lines are commands.
func child() int {
	host := newToy()
	host.paint = func(text string) []Span {
		if strings.Contains(text, "boom") {
			panic("told to")
		}
		return (&toy{names: host.names}).Highlight(text)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	fmt.Println("STARTED")
	e, err := New(Config{Host: host})
	if err != nil {
		fmt.Printf("NEW %v\n", err)
		return 3
	}
	defer func() {
		if err := e.Close(); err != nil {
			fmt.Println("CLOSE", err)
		}
	}()
	for {
		text, err := e.ReadLine(ctx)
		var p *PanicError
		switch {
		case err == io.EOF:
			fmt.Println("BYE")
			return 0
		case errors.As(err, &p):
			fmt.Println("PANIC", p.Value)
			continue
		case err != nil:
			fmt.Println("ERROR", err)
			return 4
		}
		host.mu.Lock()
		host.history = append(host.history, text)
		host.mu.Unlock()
		if err := childCommand(e, text); err != nil {
			fmt.Println("ERROR", err)
			return 5
		}
	}
}

func childCommand(e *Editor, text string) error {
	switch text {
	case "hold", "work": // until Ctrl-C
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		if text == "hold" {
			release, err := e.Hold()
			if err != nil {
				return err
			}
			defer release()
		}
		fmt.Println("WORKING")
		<-ctx.Done()
		fmt.Println("INTERRUPTED")
	case "updates":
		go func() {
			for i := range 20 {
				if err := e.Above(fmt.Sprintf("update %d\n", i)); err != nil {
					panic(err)
				}
				time.Sleep(time.Millisecond)
			}
		}()
	case "partial":
		fmt.Print("no newline")
	default:
		fmt.Printf("GOT %d %q\n", len(text), text[max(0, len(text)-20):])
	}
	return nil
}

// shell is the child on a real pseudo-terminal, seen through an emulated screen.
type shell struct {
	t     testing.TB
	pty   *os.File
	tty   *os.File // the child's side, kept to look at its mode
	cmd   *exec.Cmd
	found *unix.Termios

	mu   sync.Mutex
	vt   *vt.Screen
	done chan struct{}
}

func startShell(t testing.TB, cols, rows int, env ...string) *shell {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	s := &shell{t: t, pty: master, tty: slave, vt: vt.New(cols, rows), done: make(chan struct{})}
	s.vt.OnAskCursor = func(answer string) { _, _ = io.WriteString(master, answer) } // or it has ended
	s.setSize(cols, rows)
	if s.found, err = unix.IoctlGetTermios(int(slave.Fd()), getTermios); err != nil {
		t.Fatal(err)
	}
	s.cmd = exec.Command(exe)
	for _, e := range env {
		if sh, ok := strings.CutPrefix(e, shellEnv+"="); ok {
			s.cmd = exec.Command(sh, "-i")
		}
	}
	s.cmd.Env = append(append(os.Environ(), childEnv+"=1", "TERM=xterm-256color", "NO_COLOR=", "GORACE=atexit_sleep_ms=0"), env...)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = slave, slave, slave
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		t.Skip("no controlling terminal can be given: ", err)
	}
	go func() {
		defer close(s.done)
		buf := make([]byte, 8192)
		for {
			n, err := master.Read(buf)
			s.mu.Lock()
			s.vt.Write(buf[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // it has usually ended
		_ = s.cmd.Wait()
		slave.Close()
		<-s.done // the other side is closed: reading ends
		master.Close()
	})
	return s
}

func (s *shell) setSize(cols, rows int) {
	if err := pty.Setsize(s.pty, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shell) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.pty, keys(text)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shell) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vt.All()
}

// expect waits until the screen, or what has scrolled out, ends with text.
func (s *shell) expect(text string) {
	s.t.Helper()
	s.until(text, func(all string) bool { return strings.HasSuffix(all, text) })
}

// seen waits until text is somewhere.
func (s *shell) seen(text string) {
	s.t.Helper()
	s.until(text, func(all string) bool { return strings.Contains(all, text) })
}

func (s *shell) until(what string, ok func(string) bool) {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(s.text()); {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited for %q; the terminal shows\n%s", what, s.text())
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// restored checks that the terminal is as it was before the child.
func (s *shell) restored() {
	s.t.Helper()
	now, err := unix.IoctlGetTermios(int(s.tty.Fd()), getTermios)
	if err != nil {
		s.t.Fatal(err)
	}
	if *now != *s.found {
		s.t.Errorf("the terminal is left as %+v, was %+v", *now, *s.found)
	}
	s.until("a terminal without paste, style or hidden cursor left on", func(string) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.vt.Paste && !s.vt.Hidden && s.vt.SGR == ""
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.vt.Unknown) > 0 {
		s.t.Errorf("the terminal got %v", s.vt.Unknown)
	}
}

// ends waits for the child.
func (s *shell) ends(status int) {
	s.t.Helper()
	_ = s.cmd.Wait() // the status is looked at
	if got := s.cmd.ProcessState.ExitCode(); got != status {
		s.t.Errorf("ended with %d, want %d; the terminal shows\n%s", got, status, s.text())
	}
	s.restored()
}

func TestPTYSession(t *testing.T) {
	s := startShell(t, 60, 12)
	s.expect("STARTED\nsandbox>")
	s.send("getUs")
	s.expect(" users.getUsers request about users.getUsers")
	s.send("<Tab>")
	s.seen("sandbox> users.getUsers")
	s.send("@bob<Enter>")
	s.expect("sandbox> users.getUsers @bob\nGOT 19 \"users.getUsers @bob\"\nsandbox>")
	s.send("half<C-c>")
	s.expect("sandbox> half^C\nsandbox>")
	s.send("one <lt><Enter>two ><Enter>")
	s.expect("sandbox> one <\n       │ two >\nGOT 11 \"one <\\ntwo >\"\nsandbox>")
	s.send("<Up><Up><Up><Enter>")
	s.expect("GOT 19 \"users.getUsers @bob\"\nsandbox>")
	s.send("partial<Enter>")
	s.expect("no newline⏎\nsandbox>")
	s.send("<C-d>")
	s.ends(0)
	s.seen("BYE")
}

func TestPTYPaste(t *testing.T) {
	s := startShell(t, 80, 24)
	s.expect("sandbox>")
	text := strings.TrimSuffix(numbered(200), "\n")
	s.send("<Paste>" + strings.ReplaceAll(text, "\n", "\r") + "</Paste>")
	s.expect("│ line 200")
	if all := s.text(); strings.Contains(all, "GOT") {
		t.Errorf("a paste was run:\n%s", all)
	}
	s.send("<Enter>")
	s.expect(fmt.Sprintf("GOT %d %q\nsandbox>", len(text), text[len(text)-20:]))
	s.send("<C-d>")
	s.ends(0)
	for i, l := range strings.Split(text, "\n") {
		if !strings.Contains(s.text(), l+"\n") {
			t.Errorf("row %d is not on the screen", i+1)
		}
	}
}

// Keys typed while a command runs come to the next line, not echoed in Hold, and
// Ctrl-C is a signal then.
func TestPTYTypedAhead(t *testing.T) {
	for _, command := range []string{"hold", "work"} {
		t.Run(command, func(t *testing.T) {
			s := startShell(t, 60, 12)
			s.expect("sandbox>")
			s.send(command + "<Enter>")
			s.seen("WORKING")
			if command == "work" {
				s.restored()
			}
			s.send("next line<Enter>more")
			// The signal flushes the queue of a terminal that assembles
			// lines itself, so the command is ended from outside.
			if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			s.expect("sandbox> next line\nGOT 9 \"next line\"\nsandbox> more")
			if command == "hold" {
				s.seen("WORKING\nINTERRUPTED\nsandbox> next line\n")
			}
			s.send("<C-c>hold<Enter>")
			s.until("a second WORKING", func(all string) bool { return strings.Count(all, "WORKING") == 2 })
			s.send("<C-c>")
			s.until("a second INTERRUPTED", func(all string) bool { return strings.Count(all, "INTERRUPTED") == 2 })
			s.expect("sandbox>")
			s.send("<C-d>")
			s.ends(0)
		})
	}
}

func TestPTYAbove(t *testing.T) {
	s := startShell(t, 60, 12)
	s.expect("sandbox>")
	s.send("updates<Enter>half a <lt><Enter>line")
	s.expect("update 19\nsandbox> half a <\n       │ line")
	for i := range 20 {
		s.seen(fmt.Sprintf("update %d\n", i))
	}
	s.send("><Enter>")
	s.expect("GOT 14 \"half a <\\nline>\"\nsandbox>")
	s.send("<C-d>")
	s.ends(0)
}

// The size changes again and again while keys come: no key is lost, and the prompt
// is drawn right for the last size.
func TestPTYResize(t *testing.T) {
	s := startShell(t, 80, 24)
	s.expect("sandbox>")
	text := strings.Repeat("0123456789", 12)
	for i, c := range text {
		s.send(string(c))
		cols, rows := 40+(i*37)%260, 5+i%40
		s.mu.Lock()
		s.vt.Resize(cols, rows)
		s.mu.Unlock()
		s.setSize(cols, rows)
	}
	s.mu.Lock()
	s.vt.Resize(50, 10)
	s.mu.Unlock()
	s.setSize(50, 10)
	s.send("<C-l>")
	s.expect("sandbox> " + text[:41] + "\n" + text[41:91] + "\n" + text[91:])
	s.send("<Enter>")
	s.expect("GOT 120 \"01234567890123456789\"\nsandbox>")
	s.send("<C-d>")
	s.ends(0)
}

func TestPTYEnds(t *testing.T) {
	t.Run("panic", func(t *testing.T) {
		s := startShell(t, 60, 12)
		s.expect("sandbox>")
		s.send("boom")
		s.seen("PANIC told to\nsandbox>")
		s.send("x<Enter>")
		s.seen("GOT 1 \"x\"")
		s.expect("sandbox>")
		s.send("<C-d>")
		s.ends(0)
	})
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			s := startShell(t, 60, 12)
			s.expect("sandbox>")
			s.send("half")
			s.seen("sandbox> half")
			if err := s.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			s.ends(4)
		})
	}
	t.Run("TERM=dumb", func(t *testing.T) {
		s := startShell(t, 60, 12, "TERM=dumb")
		s.seen("NEW no terminal to edit lines on")
		s.ends(3)
	})
	t.Run("no terminal", func(t *testing.T) {
		exe, err := os.Executable()
		if err != nil {
			t.Skip(err)
		}
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), childEnv+"=1", "TERM=xterm")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		out, err := cmd.Output()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 3 || !strings.Contains(string(out), "/dev/tty") {
			t.Errorf("%v: %s", err, out)
		}
	})
}

// A shell with job control stops and continues the editor, at the prompt and while
// a command runs, by the key and by a signal; each time the terminal is lent as it
// was found.
func TestPTYSuspend(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	s := startShell(t, 70, 14, "PS1=SH> ", "ENV=", shellEnv+"="+sh)
	s.seen("SH>")
	s.mu.Lock()
	s.vt.Unknown = nil
	s.mu.Unlock()
	s.send(exe + " 2>/dev/null\r")
	s.expect("STARTED\nsandbox>")
	stopped := 0
	stop := func(how func()) {
		t.Helper()
		stopped++
		how()
		s.until("the shell", func(all string) bool { return strings.Count(all, "topped") == stopped && strings.HasSuffix(all, "SH>") })
		if all := s.text(); runtime.GOOS == "linux" && strings.Contains(all, "tty output") {
			t.Errorf("the shell does not take it for an ordinary stop:\n%s", all)
		}
		s.restored()
	}
	stop(func() { s.send("half a <lt><Enter>line<C-z>") })
	s.send("fg\r")
	s.expect("sandbox> half a <\n       │ line")
	stop(func() { s.send("<C-z>") })
	s.send("fg\r")
	s.expect("sandbox> half a <\n       │ line")
	s.send("><Enter>")
	s.expect("GOT 14 \"half a <\\nline>\"\nsandbox>")
	s.send("hold<Enter>")
	s.seen("WORKING")
	stop(func() { s.send("<C-z>") })
	s.send("fg\r")
	s.until("the command again", func(all string) bool { return !strings.HasSuffix(all, "SH>") })
	s.send("<C-c>")
	s.expect("INTERRUPTED\nsandbox>")
	s.send("<C-d>")
	s.expect("BYE\nSH>")
	s.restored()
	s.send("exit\r")
	_ = s.cmd.Wait()
}

// BenchmarkKey measures the way from a key typed on a real pseudo-terminal to its
// effect on the screen, through another process.
func BenchmarkKey(b *testing.B) {
	s := startShell(b, 100, 30)
	s.expect("sandbox>")
	all := make([]time.Duration, 0, b.N)
	for i := 0; b.Loop(); i++ {
		s.mu.Lock()
		before := s.vt.X
		s.mu.Unlock()
		k := "x"
		if i%60 >= 30 {
			k = "<Back>"
		}
		start := time.Now()
		s.send(k)
		for moved := false; !moved; {
			s.mu.Lock()
			moved = s.vt.X != before && !s.vt.Hidden
			s.mu.Unlock()
		}
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
	s.send("<C-c><C-d>")
	_ = s.cmd.Wait()
}
