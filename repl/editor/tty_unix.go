//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package editor

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"tlsh/guard"
)

// tty is the controlling terminal. Its descriptors are used directly: an os.File
// would make them non-blocking for all who share the terminal.
type tty struct {
	fd    int
	saved unix.Termios // as found by openTerminal
	// early counts the bytes typed before raw, in which the terminal had turned
	// each Enter into a newline.
	early int

	wakeR int // a pipe that ends the wait for keys
	// wakeMu guards wakeW, which is -1 when closed, and keys that did not come
	// from the terminal.
	wakeMu sync.Mutex
	wakeW  int
	own    []byte

	// mu guards the mode: Close may restore while a line is read.
	mu   sync.Mutex
	stop func()
}

// openTerminal opens the terminal at path, /dev/tty if empty.
func openTerminal(path string) (terminal, error) {
	if path == "" {
		path = "/dev/tty"
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNoTerminal, path, err)
	}
	t := &tty{fd: fd, wakeR: -1, wakeW: -1, stop: func() {}}
	saved, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", ErrNoTerminal, path, err), t.close())
	}
	t.saved = *saved
	var p [2]int
	syscall.ForkLock.RLock()
	err = unix.Pipe(p[:])
	if err == nil {
		unix.CloseOnExec(p[0])
		unix.CloseOnExec(p[1])
		t.wakeR, t.wakeW = p[0], p[1]
	}
	syscall.ForkLock.RUnlock()
	for _, fd := range p {
		if err == nil {
			err = unix.SetNonblock(fd, true)
		}
	}
	if err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

// bracketed paste on and off
const (
	pasteOn  = "\x1b[?2004h"
	pasteOff = "\x1b[?2004l"
)

func (t *tty) raw() error {
	n := t.quieted()
	n.Lflag &^= unix.ISIG
	t.mu.Lock()
	defer t.mu.Unlock()
	now, err := unix.IoctlGetTermios(t.fd, getTermios)
	if err != nil {
		return err
	}
	if err := t.set(&n); err != nil {
		return err
	}
	t.early = 0
	if now.Iflag&unix.ICRNL != 0 {
		if t.early, err = unix.IoctlGetInt(t.fd, inputPending); err != nil {
			return err
		}
	}
	t.stop()
	t.stop = t.watch(func() {
		t.typed(suspendKey)
		t.wake()
	})
	_, err = io.WriteString(t, pasteOn)
	return err
}

// quieted is the terminal's own mode without echo and line assembly.
func (t *tty) quieted() unix.Termios {
	n := t.saved
	n.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	n.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.IEXTEN
	n.Oflag |= unix.OPOST
	n.Cc[unix.VMIN], n.Cc[unix.VTIME] = 1, 0
	return n
}

func (t *tty) quiet() error {
	n := t.quieted()
	n.Lflag |= unix.ISIG
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop()
	t.stop = t.watch(func() {
		// Nobody reads; the terminal is given back for the time of the stop.
		_ = t.set(&t.saved)
		guard.Pause(os.Getpid())
		_ = t.set(&n)
	})
	return t.set(&n)
}

func (t *tty) cooked(echo bool) error {
	n := t.saved
	n.Iflag |= unix.ICRNL
	n.Lflag |= unix.ISIG | unix.ICANON | unix.ECHO | unix.ECHOE | unix.ECHOK
	if !echo {
		n.Lflag &^= unix.ECHO
		n.Lflag |= unix.ECHONL
	}
	n.Oflag |= unix.OPOST
	t.mu.Lock()
	defer t.mu.Unlock()
	t.early = 0
	return unix.IoctlSetTermios(t.fd, setFlushed, &n)
}

func (t *tty) restore() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fd < 0 {
		return nil // closed, and restored before
	}
	t.stop()
	t.stop = func() {}
	_, err := io.WriteString(t, pasteOff)
	return errors.Join(t.set(&t.saved), err)
}

// set changes the mode without dropping what has been typed already.
func (t *tty) set(n *unix.Termios) error {
	for {
		err := unix.IoctlSetTermios(t.fd, setTermios, n)
		if err != unix.EINTR {
			return err
		}
	}
}

// watch wakes the reader when the window changes its size, and calls suspend when
// somebody wants the program to stop, until stop.
func (t *tty) watch(suspend func()) (stop func()) {
	changed := make(chan os.Signal, 1)
	wanted := make(chan os.Signal, 1)
	done := make(chan struct{})
	var wg sync.WaitGroup
	signal.Notify(changed, syscall.SIGWINCH)
	signal.Notify(wanted, syscall.SIGTSTP)
	wg.Go(func() {
		for {
			select {
			case <-changed:
				t.wake()
			case <-wanted:
				suspend()
			case <-done:
				return
			}
		}
	})
	return func() {
		signal.Stop(changed)
		signal.Stop(wanted)
		close(done)
		wg.Wait()
	}
}

// suspendKey is what the terminal sends for Ctrl-Z.
const suspendKey = 0x1a

// typed puts a key before those that the terminal has.
func (t *tty) typed(key byte) {
	t.wakeMu.Lock()
	defer t.wakeMu.Unlock()
	t.own = append(t.own, key)
}

// ownKeys takes what typed put.
func (t *tty) ownKeys() []byte {
	t.wakeMu.Lock()
	defer t.wakeMu.Unlock()
	own := t.own
	t.own = nil
	return own
}

// suspend stops the whole job, as the terminal itself would.
func (t *tty) suspend() error {
	guard.Pause(0)
	return nil
}

// read uses select(2), since poll(2) does not know terminals on every system.
func (t *tty) read(timeout time.Duration) ([]byte, error) {
	var limit *unix.Timeval
	if timeout > 0 {
		tv := unix.NsecToTimeval(timeout.Nanoseconds())
		limit = &tv
	}
	wake := t.wakeR
	if max(t.fd, wake) >= unix.FD_SETSIZE {
		return nil, fmt.Errorf("descriptor %d of the terminal is beyond what select takes", max(t.fd, wake))
	}
	var fds unix.FdSet
	fds.Set(t.fd)
	fds.Set(wake)
	n, err := unix.Select(max(t.fd, wake)+1, &fds, nil, nil, limit)
	if err == unix.EINTR || n == 0 && err == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	buf := make([]byte, 4096)
	if fds.IsSet(wake) {
		_, _ = unix.Read(wake, buf) // only empties it
	}
	if own := t.ownKeys(); len(own) > 0 {
		return own, nil
	}
	if !fds.IsSet(t.fd) {
		return nil, nil
	}
	n, err = unix.Read(t.fd, buf)
	switch {
	case err == unix.EINTR || err == unix.EAGAIN:
		return nil, nil
	case err == unix.EIO || n == 0 && err == nil: // hung up
		return nil, io.EOF
	case err != nil:
		return nil, err
	}
	for i := range buf[:min(n, t.early)] {
		if buf[i] == '\n' {
			buf[i] = '\r'
		}
	}
	t.early = max(t.early-n, 0)
	return buf[:n], nil
}

func (t *tty) wake() {
	t.wakeMu.Lock()
	defer t.wakeMu.Unlock()
	if t.wakeW >= 0 {
		_, _ = unix.Write(t.wakeW, []byte{1}) // a full pipe wakes as well
	}
}

func (t *tty) size() (cols, rows int) {
	ws, err := unix.IoctlGetWinsize(t.fd, unix.TIOCGWINSZ)
	if err != nil || ws.Col == 0 || ws.Row == 0 {
		return 80, 24
	}
	return int(ws.Col), int(ws.Row)
}

// Write puts all of b on the screen.
func (t *tty) Write(b []byte) (int, error) {
	for done := 0; done < len(b); {
		n, err := unix.Write(t.fd, b[done:])
		if err != nil && err != unix.EINTR && err != unix.EAGAIN {
			return done, err
		}
		done += max(n, 0)
	}
	return len(b), nil
}

func (t *tty) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wakeMu.Lock()
	defer t.wakeMu.Unlock()
	var errs []error
	for _, fd := range []int{t.fd, t.wakeR, t.wakeW} {
		if fd >= 0 {
			errs = append(errs, unix.Close(fd))
		}
	}
	t.fd, t.wakeR, t.wakeW = -1, -1, -1
	return errors.Join(errs...)
}
