// Package repl is the shell at a terminal: it reads lines with the editor, or
// plainly where there is none, and runs them.
package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"tlsh/eval"
	"tlsh/history"
	"tlsh/repl/editor"
)

// Config says how the prompt works. Shell is needed.
type Config struct {
	Shell   eval.Config
	In      io.Reader // for plain input, where no line can be edited
	Startup string    // the file whose lines run first; "" is none
	Getenv  func(string) (string, bool)
}

// Prompt reads and runs lines until exit or Ctrl-D. Ctrl-C stops a request or
// clears the line, and never leaves.
func Prompt(ctx context.Context, cfg Config) (eval.Status, error) {
	p := &prompt{cfg: cfg}
	cfg.Shell.Above, cfg.Shell.News, cfg.Shell.Status = p.above, p.news, p.status
	met := newCalm(refreshAtMost, p.redraw)
	defer met.close()
	cfg.Shell.Met = met.call
	cfg.Shell.Lend, cfg.Shell.Edit = p.lend, p.edit
	p.shell = eval.New(cfg.Shell)
	defer p.shell.Close()
	defer p.background.Wait()
	if cfg.Startup != "" {
		p.startup(ctx)
	}
	p.banner()
	h := newHost(p)
	ed, err := editor.New(editor.Config{Host: h, Edit: p.revise, Getenv: func(name string) string {
		v, _ := cfg.Getenv(name)
		return v
	}})
	if errors.Is(err, editor.ErrNoTerminal) {
		return p.plain(ctx), nil
	}
	if err != nil {
		return eval.Failed, err
	}
	defer ed.Close()
	p.editor.Store(ed)
	ctx, stop := leaving(ctx)
	defer stop()
	for !p.shell.Leave() {
		h.refresh()
		p.dress(ed)
		line, err := ed.ReadLine(ctx)
		var broken *editor.PanicError
		switch {
		case errors.Is(err, io.EOF):
			return eval.OK, nil
		case errors.As(err, &broken):
			panic(broken) // it has come from another goroutine or through the editor; it is reported like any other
		case ctx.Err() != nil:
			return eval.Interrupted, nil
		case err != nil:
			return eval.Failed, err
		}
		if p.release, err = ed.Hold(); err != nil {
			return eval.Failed, err
		}
		p.run(ctx, line)
		if history.Keep(line) {
			h.ref.recent.Add(h.world.Load(), p.shell.Private(line))
		}
		if err := p.release(); err != nil {
			return eval.Failed, err
		}
	}
	return eval.OK, nil
}

// leaving gives a context that ends with the signals that end a program, so that
// the terminal is put back first. A Ctrl-C that comes as a signal while no line
// runs, sent from outside, has nothing to stop.
func leaving(ctx context.Context) (context.Context, context.CancelFunc) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	return ctx, func() {
		stop()
		signal.Stop(interrupts)
	}
}

type prompt struct {
	cfg     Config
	shell   *eval.Shell
	history atomic.Pointer[history.History] // of the profile at hand; nil where there is none
	editor  atomic.Pointer[editor.Editor]
	release func() error // ends the hold on the terminal while a line runs
	// background is what reads a history; it is waited for in the end.
	background sync.WaitGroup
	last       string // the line before
}

// lend gives the terminal, as it was found, to a program of the user's, until
// back.
func (p *prompt) lend() (back func()) {
	ed := p.editor.Load()
	if ed == nil || p.release == nil || p.release() != nil {
		return func() {}
	}
	return func() {
		if release, err := ed.Hold(); err == nil {
			p.release = release
		}
	}
}

// startup runs the lines with which a person's sessions begin; Ctrl-C ends them.
func (p *prompt) startup(ctx context.Context) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	p.shell.Startup(ctx, p.cfg.Startup)
}

// above prints a line over the prompt, whatever is being typed.
func (p *prompt) above(line string) {
	if ed := p.editor.Load(); ed == nil || ed.Above(line) != nil {
		fmt.Fprintln(p.cfg.Shell.Err, line)
	}
}

// news prints an update over the prompt, unless too many come.
func (p *prompt) news(line string) {
	if ed := p.editor.Load(); ed == nil || ed.News(line) != nil {
		fmt.Fprintln(p.cfg.Shell.Err, line)
	}
}

// status shows what is going on while a line runs.
func (p *prompt) status(text string) {
	if ed := p.editor.Load(); ed != nil {
		_ = ed.Status(text) // the next thing printed has the same error
	}
}

// run runs a line; Ctrl-C stops it.
func (p *prompt) run(ctx context.Context, line string) {
	if strings.TrimSpace(line) == "" {
		return
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	// It is remembered before it runs, as it may take long and end anyhow, and
	// again when it is known how it went.
	entry := history.Entry{Line: line, Time: time.Now()}
	if p.astray(line) {
		entry.Line = ""
	}
	p.last = line
	p.remember(entry)
	status := p.shell.Run(ctx, eval.Source{Text: line})
	if ran := p.shell.Line(); ran != "" && entry.Line != "" {
		entry.Line = ran // edit ran another one
	}
	entry.Duration, entry.Outcome = time.Since(entry.Time), p.shell.Outcome(status)
	p.remember(entry)
}

// astray reports a line that may be the code or password which the line before had
// asked for, typed when it asked no more: one word that means nothing here.
func (p *prompt) astray(line string) bool {
	word := strings.TrimSpace(line)
	if !history.SignsIn(p.last) || strings.ContainsAny(word, " \t\n") || strings.ContainsAny(word[:1], "$/#\\") {
		return false
	}
	if _, alias := p.shell.Alias(word); alias || slices.Contains(p.shell.Commands(), word) {
		return false
	}
	return p.shell.Schema().Method(word) == nil && p.shell.Schema().Constructor(word) == nil
}

// remember adds a line to the history.
func (p *prompt) remember(e history.Entry) {
	h := p.history.Load()
	if h == nil || !history.Keep(e.Line) {
		return
	}
	e.Line = p.shell.Private(e.Line)
	if err := h.Add(e); err != nil {
		fmt.Fprintln(p.cfg.Shell.Err, "tlsh:", err)
	}
}
