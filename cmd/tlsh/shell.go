package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/adrg/xdg"
	"golang.org/x/term"

	"tlsh/account"
	"tlsh/eval"
	"tlsh/guard"
	"tlsh/history"
	"tlsh/render"
	"tlsh/repl"
	"tlsh/repl/editor"
)

func stdStreams() streams {
	stderr, guarded := guard.Inside()
	if !guarded {
		stderr = os.Stderr
	}
	return streams{
		in: os.Stdin, out: os.Stdout, err: stderr,
		inTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		outTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		errTerminal: term.IsTerminal(int(stderr.Fd())),
		getenv:      os.LookupEnv,
		alone:       !guarded,
		telegram:    account.Telegram,
	}
}

// guard says what is done about an error of the program's own.
func (p *program) guard() guard.Config {
	return guard.Config{Dir: stateFile(""), Program: "tlsh " + version(), Redact: history.Redact, Err: p.err, Terminal: p.errTerminal}
}

// underGuard runs the program again as a child of this one, and reports that this
// was done: p.status is then the child's. lasting says that it may run for long. A
// second process costs a third of the start of -c, so that what runs shortly, and has
// no terminal to be spoilt, goes without.
func (p *program) underGuard(cfg guard.Config, lasting bool) bool {
	if !p.alone || !lasting && !p.errTerminal {
		return false
	}
	status, ok := guard.Run(cfg)
	if ok {
		p.status = eval.Status(status)
	}
	return ok
}

// prompts reports that a person is to type the lines.
func (p *program) prompts(args []string) bool {
	return len(p.lines) == 0 && len(args) == 0 && p.inTerminal
}

// shell runs lines: of -c, of a script, of a pipe, or typed at the prompt.
func (p *program) shell(ctx context.Context, args []string) error {
	cover := p.guard()
	cover.Interrupts = !p.prompts(args)
	if p.underGuard(cover, len(p.lines) == 0) {
		return nil
	}
	cfg, err := p.config(args)
	if err != nil {
		return err
	}
	if err := checkHome(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	target, err := p.target(ctx, cfg.Schema)
	if err != nil {
		return err
	}
	defer func() {
		if err := target.close(); err != nil {
			p.complain(err)
		}
	}()
	cfg.Account, cfg.Use, cfg.Others, cfg.Sandbox = target.account, target.use, target.others, target.knobs
	if target.sandbox {
		cfg.Knobs = knobs()
	}
	cfg.Login, cfg.Profiles = target.login, target.profiles
	cfg.Rate, cfg.InFlight = p.rate, p.inFlight
	if cfg.InFlight < 0 || !(cfg.Rate >= 0) || cfg.MaxWait < 0 {
		return fmt.Errorf("--in-flight, --rate and --max-wait are numbers from 0")
	}
	if p.rateSet && p.rate == 0 {
		cfg.Rate = -1
	}
	cfg.CourseFile = stateFile("tutorial")
	interactive := p.prompts(args)
	cfg.Interactive = interactive
	if p.inTerminal {
		cfg.Ask = func(ctx context.Context, q eval.Question) (string, error) { return editor.Ask(ctx, q.Text, q.Secret) }
	}
	if !interactive {
		if target.notice != "" {
			target.onStart(func() { fmt.Fprintln(p.err, target.notice) })
		}
		ctx, stop := ending(ctx)
		defer stop()
		sh := eval.New(cfg)
		defer sh.Close()
		p.status, err = p.script(ctx, sh, args)
		return err
	}
	p.status, err = repl.Prompt(ctx, repl.Config{
		Shell: cfg, In: p.in, Getenv: p.getenv, Startup: p.startupFile(),
	})
	return err
}

// patience is how long a signal has to end the program before another one does
// whatever it is at. A terminal's signal comes twice where there is a guard: from
// the terminal and from the parent.
const patience = time.Second

// ending gives a context that ends with the signals that end a program.
func ending(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	context.AfterFunc(ctx, func() { time.AfterFunc(patience, stop) })
	return ctx, stop
}

// startupFile is the file with which sessions at the prompt begin: tlshrc in the
// folder of settings of the XDG base directory specification.
func (p *program) startupFile() string {
	if p.noRC {
		return ""
	}
	return filepath.Join(xdg.ConfigHome, "tlsh", "tlshrc")
}

func (p *program) script(ctx context.Context, sh *eval.Shell, args []string) (eval.Status, error) {
	switch {
	case len(p.lines) > 0:
		status := eval.OK
		for _, l := range p.lines {
			if ctx.Err() != nil {
				return eval.Interrupted, nil
			}
			status = eval.Worse(status, sh.Run(ctx, eval.Source{Text: l}))
			if status != eval.OK && !p.keepGoing || sh.Leave() {
				break
			}
		}
		return status, nil
	case len(args) > 0:
		f, err := eval.Open(ctx, args[0])
		if ctx.Err() != nil {
			return eval.Interrupted, nil
		}
		if err != nil {
			return eval.Usage, noScript(sh, args, err)
		}
		defer f.Close()
		return sh.Script(ctx, f, args[0]), nil
	}
	return sh.Script(ctx, interruptible(ctx, p.in), ""), nil
}

// noScript says of a script that is not there how the line is run that was meant.
func noScript(sh *eval.Shell, args []string, err error) error {
	if errors.Is(err, fs.ErrNotExist) && (slices.Contains(sh.Commands(), args[0]) || sh.Schema().Method(args[0]) != nil) {
		return fmt.Errorf("%s is a line of the shell and no script: tlsh -c '%s'", args[0], history.Redact(strings.Join(args, " ")))
	}
	return err
}

// interruptible ends a blocked read when ctx does, so that Ctrl-C is heard
// while a script waits for input.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	if f, ok := r.(*os.File); ok {
		context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Now()); _ = f.Close() })
	}
	return r
}

// config gathers what the flags say about the shell itself.
func (p *program) config(args []string) (eval.Config, error) {
	var cfg eval.Config
	s, err := p.loadSchema()
	if err != nil {
		return cfg, err
	}
	cfg.Schema, cfg.Out, cfg.Err, cfg.Getenv, cfg.Now = s, p.out, p.err, p.getenv, p.now
	cfg.KeepGoing, cfg.DryRun, cfg.Yes, cfg.MaxWait, cfg.Timeout = p.keepGoing, p.dryRun, p.yes, p.maxWait, time.Minute
	cfg.Terminal, cfg.ErrTerminal, cfg.Reorders = p.outTerminal, p.errTerminal, render.Reorders(p.getenv)
	if cfg.Format, err = p.format(); err != nil {
		return cfg, err
	}
	if cfg.View.Color, err = p.colored(p.outTerminal); err != nil {
		return cfg, err
	}
	if cfg.ErrView.Color, err = p.colored(p.errTerminal); err != nil {
		return cfg, err
	}
	cfg.View.Location = time.Local
	cfg.View.Width = p.width(p.out, p.outTerminal)
	if f, ok := p.out.(*os.File); ok && p.outTerminal {
		cfg.Size = func() (columns, rows int) {
			columns, rows, _ = term.GetSize(int(f.Fd()))
			return columns, rows
		}
	}
	if cfg.ErrView.Width = p.width(p.err, p.errTerminal); cfg.ErrView.Width == 0 {
		cfg.ErrView.Width = 100 // prose, and excerpts of long lines
	}
	if cfg.Vars, err = p.settings(); err != nil {
		return cfg, err
	}
	if len(args) > 0 {
		cfg.Args = args[1:]
	}
	return cfg, nil
}

// width is the terminal's, 80 where it does not say. Elsewhere it is what
// COLUMNS says, else there is no limit.
func (p *program) width(w io.Writer, terminal bool) int {
	if f, ok := w.(*os.File); ok && terminal {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n >= render.MinWidth {
			return n
		}
		return 80
	}
	text, _ := p.getenv("COLUMNS")
	if n, err := strconv.Atoi(text); err == nil && n >= render.MinWidth {
		return n
	}
	return 0
}

// stateFile is a file of the program's own, in the state folder of the XDG base
// directory specification.
func stateFile(name string) string { return filepath.Join(xdg.StateHome, "tlsh", name) }
