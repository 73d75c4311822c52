//go:build unix

package guard

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// marker is the environment variable by which the child knows what it is. Its
// descriptors follow the standard ones: the terminal's standard error, and a pipe
// that ends when the parent does.
const (
	marker = "TLSH_GUARDED"

	errorFD    = 3
	lifelineFD = 4
)

// Inside reports that this process is a guarded child, and gives what stderr is for
// it: the descriptor of that number is the runtime's alone. It must be called once,
// before anything else of this package.
func Inside() (stderr *os.File, ok bool) {
	if os.Getenv(marker) == "" {
		return nil, false
	}
	os.Unsetenv(marker)
	unix.CloseOnExec(errorFD)
	unix.CloseOnExec(lifelineFD)
	debug.SetTraceback("all")
	lifeline := os.NewFile(lifelineFD, "lifeline")
	go func() {
		// The process that the user's shell waited for is gone: it will use the
		// terminal, and so nobody else may.
		_, _ = lifeline.Read(make([]byte, 1))
		_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
	}()
	return os.NewFile(errorFD, "stderr"), true
}

// Run runs this program again, as a child that owns the terminal of standard input,
// if that is one, and returns its exit status. ok is false, and nothing has happened,
// where no child can be had.
func Run(cfg Config) (status int, ok bool) {
	exe, err := os.Executable()
	if err != nil {
		return 0, false
	}
	found, err := term.GetState(int(os.Stdin.Fd()))
	if err != nil {
		found = nil // standard input is no terminal
	}
	trace, child, closeOurs, err := start(exe)
	if err != nil {
		return 0, false
	}
	defer closeOurs()
	var wrote bounded
	wrote.most = maxReport
	var reading sync.WaitGroup
	reading.Go(func() {
		_, _ = io.Copy(&wrote, trace) // ends when the child has
		trace.Close()
	})
	state := follow(child.Process.Pid, cfg.Interrupts)
	if found != nil {
		_ = term.Restore(int(os.Stdin.Fd()), found)
	}
	reading.Wait()
	switch {
	case crashed(wrote.Bytes()), state.Signaled() && fault(state.Signal()):
		cfg.tidy()
		if state.Signaled() {
			wrote.WriteString("ended by the signal: " + state.Signal().String() + "\n")
		}
		cfg.Report(wrote.String())
		return 1, true
	case state.Signaled():
		cfg.tidy()
		return 128 + int(state.Signal()), true
	}
	return state.ExitStatus(), true
}

// fault reports whether a signal is one that a process brings on itself.
func fault(s syscall.Signal) bool {
	switch s {
	case syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGILL, syscall.SIGFPE, syscall.SIGABRT, syscall.SIGTRAP:
		return true
	}
	return false
}

// tidy ends what a program may have begun on the terminal: pastes in brackets, a hidden
// cursor, colours, a row.
func (c Config) tidy() {
	if c.Terminal {
		_, _ = io.WriteString(c.Err, "\x1b[?2004l\x1b[?25h\x1b[0m\r\n")
	}
}

// start starts the child. trace is what it writes to its standard error.
func start(exe string) (trace *os.File, child *exec.Cmd, closeOurs func(), err error) {
	trace, theirs, err := os.Pipe()
	if err != nil {
		return nil, nil, nil, err
	}
	alive, ours, err := os.Pipe()
	if err != nil {
		trace.Close()
		theirs.Close()
		return nil, nil, nil, err
	}
	child = &exec.Cmd{
		Path: exe, Args: os.Args, Env: append(os.Environ(), marker+"=1"),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: theirs, ExtraFiles: []*os.File{os.Stderr, alive},
	}
	err = child.Start()
	theirs.Close()
	alive.Close()
	if err != nil {
		trace.Close()
		ours.Close()
		return nil, nil, nil, err
	}
	return trace, child, func() { ours.Close() }, nil
}

// settle is how long a child that stopped may take to go on by itself, when the shell
// told the whole job at once.
const settle = 50 * time.Millisecond

// follow waits for the child. Signals that somebody sends to the parent are for it;
// those of the terminal reach both by themselves, and one that comes twice is one.
// When the child stops, the parent does, and with it what the user's shell waits for.
func follow(pid int, interrupts bool) syscall.WaitStatus {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	own := make(chan os.Signal, 1)
	signal.Notify(own, syscall.SIGTSTP) // not the parent's to act on
	if interrupts {
		signal.Notify(signals, syscall.SIGINT)
	} else {
		signal.Notify(own, syscall.SIGINT)
	}
	done := make(chan struct{})
	var passing sync.WaitGroup
	passing.Go(func() {
		for {
			select {
			case s := <-signals:
				_ = syscall.Kill(pid, s.(syscall.Signal))
			case <-own:
			case <-done:
				return
			}
		}
	})
	defer passing.Wait()
	defer close(done)
	for {
		var ws syscall.WaitStatus
		if _, err := syscall.Wait4(pid, &ws, syscall.WUNTRACED, nil); err == syscall.EINTR {
			continue
		} else if err != nil {
			return 1 << 8 // somebody else has waited: as if it had ended with status 1
		}
		if !ws.Stopped() {
			return ws
		}
		time.Sleep(settle)
		switch p, _ := syscall.Wait4(pid, &ws, syscall.WNOHANG|syscall.WCONTINUED, nil); {
		case p == pid && !ws.Continued():
			return ws
		case p != pid:
			Pause(os.Getpid())
			_ = syscall.Kill(pid, syscall.SIGCONT)
		}
	}
}

// notStopped is how long after the signal to stop it is certain that it was
// dropped.
const notStopped = 200 * time.Millisecond

// Pause stops a process, or the group for 0, and returns when it goes on, and not
// before: another thread may be the one that the signal stops first. A job that no
// shell could let go on is not stopped: the kernel drops the signal there.
func Pause(pid int) {
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	sig, undo := stopper()
	defer undo()
	if syscall.Kill(pid, sig) != nil {
		return
	}
	select {
	case <-goesOn:
	case <-time.After(notStopped):
	}
}
