package eval

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"

	"tlsh/render"
)

// patient writes to a writer that may block, until its context ends. What it
// was given last may still be written afterwards, so it must not be changed
// when Write failed.
type patient struct {
	ctx context.Context
	w   io.Writer
}

// Write writes b, or fails with the context's error.
func (p *patient) Write(b []byte) (int, error) {
	if p.ctx.Done() == nil {
		return p.w.Write(b)
	}
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	w := p.w
	go func() {
		n, err := w.Write(b)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return r.n, r.err
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	}
}

// PagerMode is the setting pager.
type PagerMode string

// The modes of the pager, which there is at the prompt only.
const (
	PagerOff  PagerMode = "off"
	PagerAuto PagerMode = "auto" // for what is longer than the screen
	PagerOn   PagerMode = "on"   // for every result
)

// PagerModes are all of them.
var PagerModes = [...]PagerMode{PagerAuto, PagerOn, PagerOff}

// screen takes the text of one result: to Out, or, where that is a terminal
// that a person sits at and the text is longer than it, to their pager.
type screen struct {
	sh      *Shell
	ctx     context.Context
	command string // of the pager; "" is none
	rows    int
	columns int
	exact   bool // it is to be as it came, see orders

	held  []byte // until it is known whether it is long
	cmd   *exec.Cmd
	stdin io.WriteCloser
	back  func() // takes the terminal back
}

// pageable reports that a result may go to a pager.
func (s *Shell) pageable() bool {
	return s.flow == nil && s.cfg.Interactive && s.cfg.Terminal && s.cfg.Size != nil && s.pager != PagerOff
}

func (s *Shell) screen(ctx context.Context) *screen {
	sc := &screen{sh: s, ctx: ctx}
	if s.pageable() {
		sc.command = s.pagerCommand()
		sc.columns, sc.rows = s.cfg.Size()
	}
	return sc
}

// pagerCommand is the user's pager, less where they have chosen none; "" where
// there is none.
func (s *Shell) pagerCommand() string {
	if s.dumb() {
		return ""
	}
	if p, set := s.cfg.Getenv("PAGER"); set {
		if p == "cat" {
			return ""
		}
		return strings.TrimSpace(p)
	}
	if _, err := exec.LookPath("less"); err != nil {
		return ""
	}
	return "less"
}

// Write takes text.
func (sc *screen) Write(b []byte) (int, error) {
	switch {
	case sc.stdin != nil:
		return sc.stdin.Write(b)
	case sc.command == "":
		if _, err := (&patient{sc.ctx, sc.sh.cfg.Out}).Write(sc.ordered(b)); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	sc.held = append(sc.held, b...)
	if sc.sh.pager != PagerOn && sc.lines() < sc.rows {
		return len(b), nil
	}
	held := sc.held
	sc.held = nil
	if err := sc.start(); err != nil {
		sc.command = ""
		sc.sh.note("no pager: %v; set pager off keeps it away", err)
		_, err = sc.sh.cfg.Out.Write(held)
		return len(b), err
	}
	_, err := sc.stdin.Write(held)
	return len(b), err
}

// orders reports that what a person reads on the terminal has its right-to-left phrases
// isolated. JSON and TL are there to be pasted back and stay as they are.
func (s *Shell) orders() bool {
	return s.cfg.Reorders && s.cfg.Terminal && s.cfg.Format == Tree && s.flow == nil
}

// ordered is a text of which no right-to-left phrase moves what is beside it.
func (sc *screen) ordered(text []byte) []byte {
	if sc.exact || !sc.sh.orders() {
		return text
	}
	return render.Isolate(nil, text)
}

// lines is how many rows the text needs, at least.
func (sc *screen) lines() int {
	n := bytes.Count(sc.held, []byte("\n"))
	if !sc.sh.cfg.View.Color && sc.columns > 0 {
		n = max(n, len(sc.held)/(4*sc.columns)) // no character has more than 4 bytes
	}
	return n
}

// start starts the pager. Ctrl-C is the pager's while it runs. A program that is not
// there is no pager: the shell would say so, and the text would be lost.
func (sc *screen) start() error {
	if name := strings.Fields(sc.command)[0]; !strings.ContainsAny(name, "=$`\"'\\~(){};&|<>") {
		if _, err := exec.LookPath(name); err != nil {
			return err
		}
	}
	sc.cmd = sc.sh.userCommand(sc.command)
	if _, set := sc.sh.cfg.Getenv("LESS"); !set {
		sc.cmd.Env = append(os.Environ(), "LESS=FRX")
	}
	sc.cmd.Stdout, sc.cmd.Stderr = sc.sh.cfg.Out, sc.sh.cfg.Err
	stdin, err := sc.cmd.StdinPipe()
	if err != nil {
		return err
	}
	sc.back = sc.sh.lend()
	if err := sc.cmd.Start(); err != nil {
		sc.back()
		return err
	}
	sc.stdin = stdin
	return nil
}

// lend gives the terminal to a program of the user's, until back.
func (s *Shell) lend() (back func()) {
	if s.cfg.Lend == nil {
		return func() {}
	}
	return s.cfg.Lend()
}

// Close ends the text, and waits until the person has left the pager.
func (sc *screen) Close() error {
	if sc.stdin == nil {
		if len(sc.held) == 0 {
			return nil
		}
		_, err := sc.sh.cfg.Out.Write(sc.ordered(sc.held))
		return err
	}
	_ = sc.stdin.Close()
	_ = sc.cmd.Wait() // how a pager ends says nothing about the result
	sc.back()
	return nil
}

// left reports an error of writing to a pager that the person has left.
func (sc *screen) left(err error) bool {
	return err != nil && sc.stdin != nil && !errors.Is(err, context.Canceled)
}

// userCommand is a command line for the user's shell.
func (s *Shell) userCommand(line string) *exec.Cmd {
	shell, ok := s.cfg.Getenv("SHELL")
	if !ok || shell == "" {
		shell = "/bin/sh"
	}
	return exec.Command(shell, "-c", line)
}
