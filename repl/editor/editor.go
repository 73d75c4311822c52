package editor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// ErrClosed is returned by ReadLine after Close, and when Close ends it.
var ErrClosed = errors.New("line editor is closed")

// errBusy is returned by a second ReadLine at the same time.
var errBusy = errors.New("a line is being read already")

// PanicError is returned by ReadLine for a panic of the host or the editor. The
// terminal has been put back then; the line is lost.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("panic in the line editor: %v\n%s", e.Value, e.Stack)
}

// Config says how to edit; only Host must be set.
type Config struct {
	Host Host
	// MenuRows is how many candidates are shown at once, 8 when 0.
	MenuRows int
	// EscapeDelay is how long after an Escape the rest of a key may come, 40 ms
	// when 0.
	EscapeDelay time.Duration
	// Edit has a text edited by a program of the user's, for Ctrl-X Ctrl-E; the
	// terminal is as it was found then. nil means that there is none.
	Edit func(text string) (string, error)
	// Now is the clock that says how long ago a line was entered; time.Now when nil.
	Now func() time.Time
	// Getenv looks up TERM, NO_COLOR, COLORTERM and COLORFGBG; os.Getenv when nil.
	Getenv func(string) string
}

// Editor reads lines from the controlling terminal.
type Editor struct {
	cfg    Config
	host   Host
	term   terminal
	runner runner
	screen *screen
	assist *assist
	title  title
	news   news

	// What outlives a line, owned by the goroutine in ReadLine.
	decoder decoder
	keys    []key // typed ahead
	killed  string

	depth Depth

	mu         sync.Mutex
	color      bool   // any at all
	theme      string // of Themes
	background string // light, dark, or "" for unknown
	asked      bool   // for the background
	closed     bool
	stale      bool          // Refresh was called
	reading    chan struct{} // closed when the line being read is done; nil when none is
}

// New opens the controlling terminal. It returns an error that wraps ErrNoTerminal
// where there is none or TERM is empty or "dumb". One Editor at a time may be open
// in a process.
func New(cfg Config) (*Editor, error) {
	if cfg.Getenv == nil {
		cfg.Getenv = os.Getenv
	}
	if term := cfg.Getenv("TERM"); term == "" || term == "dumb" {
		return nil, fmt.Errorf("%w: TERM is %q", ErrNoTerminal, term)
	}
	term, err := openTerminal("")
	if err != nil {
		return nil, err
	}
	return newEditor(cfg, term, newSession()), nil
}

func newEditor(cfg Config, term terminal, run runner) *Editor {
	if cfg.MenuRows <= 0 {
		cfg.MenuRows = 8
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.EscapeDelay <= 0 {
		cfg.EscapeDelay = 40 * time.Millisecond
	}
	e := &Editor{
		cfg: cfg, host: cfg.Host, term: term, runner: run,
		screen: &screen{out: term, size: term.size},
		assist: newAssist(cfg.Host, term.wake),
	}
	e.news.print = e.screen.above
	e.depth, e.color, e.theme, e.background = Colors16, true, "auto", ""
	if get := cfg.Getenv; get != nil {
		e.screen.cuts = cutting(get)
		e.depth, e.color, e.background = DepthOf(get), get("NO_COLOR") == "", background(get("COLORFGBG"))
	}
	e.restyle()
	return e
}

// ReadLine edits one statement and returns its text, with "\n" between its lines
// and without one at the end. The error is io.EOF for Ctrl-D on an empty line and
// for a terminal that has gone, the context's cause when ctx ends it, ErrClosed, a
// *PanicError, or one of the terminal. However it ends, the terminal is back in the
// mode that New found. Keys typed before the call are taken, and what follows the
// end of the line is kept for the next call.
func (e *Editor) ReadLine(ctx context.Context) (text string, err error) {
	if err := e.start(); err != nil {
		return "", err
	}
	defer e.end()
	if err := ctx.Err(); err != nil {
		return "", context.Cause(ctx)
	}
	if err := e.term.raw(); err != nil {
		return "", fmt.Errorf("terminal: %w", errors.Join(err, e.term.restore()))
	}
	defer func() {
		if rerr := e.term.restore(); rerr != nil && err == nil {
			err = fmt.Errorf("terminal: %w", rerr)
		}
	}()
	defer e.screen.abandon()
	defer context.AfterFunc(ctx, e.term.wake)()
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	var ed *edit
	e.runner.run(func() {
		ed = newEdit(e)
		ed.loop(ctx)
	})
	if ed.err != nil {
		return "", ed.err
	}
	return strings.TrimRight(ed.line.text, "\n"), nil
}

// start takes the right to read a line.
func (e *Editor) start() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return ErrClosed
	case e.reading != nil:
		return errBusy
	}
	e.reading = make(chan struct{})
	return nil
}

func (e *Editor) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.reading)
	e.reading = nil
}

func (e *Editor) isClosed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// Above prints text, which may hold several lines and SGR sequences, above the line
// being edited, or at the cursor when none is. Other control characters are shown
// escaped. It may be called from any goroutine; the error is the terminal's.
func (e *Editor) Above(text string) error {
	if e.isClosed() {
		return ErrClosed
	}
	return e.screen.above(text)
}

// News is Above for what passes by, such as updates: at most so many rows are printed
// as can be read. A screenful is printed at once, ten rows a second from then on; what
// comes faster waits for its turn, and when too much waits only a number is shown.
func (e *Editor) News(text string) error {
	return e.news.put(text)
}

// Status shows what is going on while no line is edited, as a countdown, in a row that
// is taken away by whatever is printed next, and by "". It may be called from any
// goroutine; what others write to the terminal should come after a Status("").
func (e *Editor) Status(text string) error {
	if e.isClosed() {
		return ErrClosed
	}
	return e.screen.setStatus(text)
}

// Refresh says that the host would answer differently now: prompt, colours and help
// are asked for again, and candidates when the menu is open. It may be called from
// any goroutine.
func (e *Editor) Refresh() {
	e.mu.Lock()
	e.stale = true
	e.mu.Unlock()
	e.term.wake()
}

// refreshed reports whether Refresh was called since it was asked last.
func (e *Editor) refreshed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	was := e.stale
	e.stale = false
	return was
}

// Hold keeps keys that are typed while a command runs from being echoed into its
// output; they wait for the next ReadLine, and Ctrl-C is a signal. release puts the
// mode back that New found: call it before the next ReadLine, and around programs
// that use the terminal themselves.
func (e *Editor) Hold() (release func() error, err error) {
	if e.isClosed() {
		return nil, ErrClosed
	}
	if err := e.term.quiet(); err != nil {
		return nil, fmt.Errorf("terminal: %w", err)
	}
	return sync.OnceValue(e.term.restore), nil
}

// closeWait bounds how long Close waits for a host that does not come back.
const closeWait = time.Second

// Close puts the terminal back, from whatever goroutine, ends a ReadLine and the
// background work, and waits for both, but not for ever for a host that hangs. It
// may be called again.
func (e *Editor) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	reading := e.reading
	e.mu.Unlock()
	e.news.close()
	e.untitle()
	err := e.term.restore()
	e.assist.close()
	e.term.wake()
	limit := time.After(closeWait)
	if reading != nil {
		select {
		case <-reading:
		case <-limit:
			return errors.Join(err, errors.New("line editor: the host does not come back"))
		}
	}
	select {
	case <-e.assist.done:
	case <-limit:
		return errors.Join(err, errors.New("line editor: the host does not come back"))
	}
	e.screen.mu.Lock() // somebody may be in Above
	defer e.screen.mu.Unlock()
	return errors.Join(err, e.term.close())
}

// hold is how long bytes that may be the beginning of a key are held back.
func (e *Editor) hold() time.Duration {
	if e.decoder.pasting || e.decoder.answering() {
		return 10 * e.cfg.EscapeDelay
	}
	return e.cfg.EscapeDelay
}

// wait is the time-out for reading: 0 unless bytes are held back until quiet.
func (e *Editor) wait(quiet time.Time) time.Duration {
	if !e.decoder.waiting() {
		return 0
	}
	return max(time.Until(quiet), time.Millisecond)
}
