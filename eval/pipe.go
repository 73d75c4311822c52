package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"

	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// output is what a stage of a pipe gives: a value, or else text that it writes
// when somebody takes it. An error that was told already is a *told.
type output struct {
	value tl.Value
	write func(ctx context.Context, w io.Writer) error
}

// told is an error that the user was told of.
type told struct{ status Status }

// Error says that there is nothing more to say.
func (*told) Error() string { return "told already" }

// pipe sends a value through the stages behind a statement. Between stages
// there is text: a value becomes JSON or what -o says, jq reads JSON. All
// stages are checked before the first one runs.
func (r *run) pipe(ctx context.Context, pipes []*syntax.Pipe, v tl.Value) Status {
	return r.pipeOutput(ctx, pipes, output{value: v, write: func(ctx context.Context, w io.Writer) error { return r.plainText(ctx, w, v) }})
}

// pipeOutput is pipe for what a first stage gave.
func (r *run) pipeOutput(ctx context.Context, pipes []*syntax.Pipe, out output) Status {
	for i, p := range pipes {
		last := i == len(pipes)-1
		var st Status
		switch p.Name.Text {
		case "jq":
			out, st = r.jq(p, out, last && r.cfg.Terminal)
		case "table":
			out, st = r.table(p, out, last)
		case "save":
			return r.save(ctx, p, out)
		case "!":
			r.flush()
			return r.judge(ctx, r.userPipe(ctx, p, out))
		default:
			e := &syntax.Error{Span: p.Name.Span(), Msg: "there is no pipe to " + render.Escape(p.Name.Text), Fix: "jq, table, save or !command"}
			r.diagnose(e)
			return Usage
		}
		if st != OK {
			return st
		}
	}
	sc := r.screen(ctx)
	sc.exact = len(pipes) > 0 && pipes[len(pipes)-1].Name.Text == "jq"
	return r.toScreenOf(ctx, sc, func(w io.Writer) error { return out.write(ctx, w) })
}

// judge is the status that an error of a stage stands for; it tells it unless
// that was done.
func (r *run) judge(ctx context.Context, err error) Status {
	var t *told
	switch {
	case err == nil:
		return OK
	case errors.As(err, &t):
		return t.status
	case ctx.Err() != nil:
		return Interrupted
	}
	r.errorf("%v", err)
	return Failed
}

// plainText writes what save and ! receive of a value: what -o says, JSON when
// that is the tree.
func (r *run) plainText(ctx context.Context, w io.Writer, v tl.Value) error {
	plain := *r.Shell
	plain.cfg.Terminal = false
	plain.cfg.View.Width, plain.cfg.View.Color = 0, false
	if plain.cfg.Format == Tree {
		plain.cfg.Format = JSONL
	}
	return plain.write(&patient{ctx, w}, v, "")
}

// userPipe gives the text to a command of the user's shell, which is always the
// last stage: what it prints goes to Out. A command that does not read all of
// it, as head does, is no failure.
func (r *run) userPipe(ctx context.Context, p *syntax.Pipe, from output) error {
	cmd := r.userCommand(p.Raw.Text)
	if !r.cfg.Interactive {
		// At a prompt the terminal itself sends Ctrl-C to the command, which may
		// mean something else by it, as less does.
		run := exec.CommandContext(ctx, cmd.Path, cmd.Args[1:]...)
		run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
		run.WaitDelay = 2 * time.Second
		cmd = run
	}
	cmd.Stdout, cmd.Stderr = r.cfg.Out, r.cfg.Err
	defer r.lend()()
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("!%s: %w", p.Raw.Text, err)
	}
	in := &commandInput{w: stdin}
	fed := make(chan error, 1)
	go func() {
		err := from.write(ctx, in)
		_ = stdin.Close()
		if in.closed.Load() {
			err = nil
		}
		fed <- err
	}()
	err = cmd.Wait()
	if ferr := <-fed; ferr != nil {
		return ferr
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return &told{Interrupted}
	case errors.As(err, &exit):
		if s, ok := exit.Sys().(syscall.WaitStatus); ok && s.Signaled() && s.Signal() == syscall.SIGINT {
			return &told{Interrupted}
		}
	}
	if err != nil {
		return fmt.Errorf("!%s: %w", p.Raw.Text, err)
	}
	return nil
}

// commandInput is the standard input of a command, which may close it.
type commandInput struct {
	w      io.Writer
	closed atomic.Bool
}

// Write writes b while the command reads.
func (c *commandInput) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	if err != nil {
		c.closed.Store(true)
	}
	return n, err
}
