package eval

import (
	"context"
	"errors"

	"tlsh/bind"
	"tlsh/history"
	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// Source is text to run, and where it came from.
type Source struct {
	Text string
	File string // "" at the prompt and for -c
	Line int    // the number of its first line, from 1; 0 means 1

	file *syntax.File // Text parsed, where that was done already
}

// Run runs the statements of the source one after the other. When the text is
// bad, nothing of it runs. It stops at the first statement that fails, unless
// the Shell keeps going; the status is then the worst.
func (s *Shell) Run(ctx context.Context, src Source) Status {
	s.measure()
	f := src.file
	if f == nil {
		f = syntax.Parse(src.Text)
	}
	if s.depth == 0 && !edits(f) {
		s.line = f.Src
	}
	text, errs := s.expand(f, nil)
	if text != f.Src {
		src.Text, f = text, syntax.Parse(text)
	}
	r := &run{Shell: s, src: src, file: f, env: s}
	errs = append(errs, f.Errs...)
	if len(errs) == 0 && !s.cfg.KeepGoing {
		errs = r.precheck()
	}
	if len(errs) > 0 {
		if !r.drain() {
			return OK
		}
		r.diagnoseAll(errs)
		return Usage
	}
	if s.cfg.Interactive && !waits(f) {
		s.news.forget(s.news.newest())
	}
	if s.depth == 0 {
		s.granted, s.failure = false, ""
	}
	status := OK
	for _, st := range f.Stmts {
		if ctx.Err() != nil {
			return Interrupted
		}
		if usesVars(st) && !r.drain() {
			break
		}
		r.sendings = &sendings{}
		status = Worse(status, r.perform(ctx, bind.Values(s.cfg.Schema, f, st, s)))
		if status != OK && !s.cfg.KeepGoing || s.leave || status == Interrupted {
			break
		}
	}
	return status
}

// edits reports a line that is edit: what it edits is the line before.
func edits(f *syntax.File) bool {
	if len(f.Stmts) != 1 {
		return false
	}
	c, ok := f.Stmts[0].X.(*syntax.Call)
	return ok && c.Name.Text == "edit"
}

// waits reports a line that begins with wait, which looks back to what came
// since the line before.
func waits(f *syntax.File) bool {
	if len(f.Stmts) == 0 {
		return true
	}
	c, ok := f.Stmts[0].X.(*syntax.Call)
	return ok && c.Name.Text == "wait"
}

// run is the running of one Source.
type run struct {
	*Shell
	src  Source
	file *syntax.File
	env  bind.Env   // the Shell, or what a for block adds to it
	stmt *bind.Info // the command at hand
	// sendings are the files of the statement at hand, its blocks included.
	sendings *sendings
	before   int    // how many results there were before the statement at hand
	lesson   lesson // what the statement at hand has done
}

// drain waits for what is in flight; it reports false when the script stops.
func (r *run) drain() bool { return r.flow == nil || r.flow.drain() }

// precheck checks all statements of a line before the first one runs, so that
// a mistake in the last does not leave the line half done. What the variables
// will be is not known then.
func (r *run) precheck() (errs syntax.Errors) {
	if len(r.file.Stmts) < 2 || usesVars(r.file) && !r.drain() {
		return nil
	}
	env := bind.NewAhead(r.Shell)
	for _, st := range r.file.Stmts {
		in := bind.Values(r.cfg.Schema, r.file, st, env)
		if !in.Local {
			errs = append(errs, in.Diags...)
		}
		env.Past(in)
	}
	return errs
}

// perform runs a statement that was checked.
func (r *run) perform(ctx context.Context, in *bind.Info) (status Status) {
	if len(in.Diags) == 0 && r.chainable(in) {
		if !r.local(ctx, in) {
			if !r.drain() {
				return OK
			}
			if st := r.fill(ctx, in); st != OK {
				return st
			}
		}
		return r.flow.submit(ctx, r, in)
	}
	if !r.drain() {
		return OK
	}
	if len(in.Diags) > 0 {
		r.diagnoseAll(in.Diags)
		if in.Local {
			return Failed
		}
		return Usage
	}
	if st := r.options(in); st != OK {
		return st
	}
	if in.Kind == bind.For {
		return r.loop(ctx, in)
	}
	r.placed, r.lesson, r.before = false, lesson{}, r.results.n
	// Everything but a block is over when it returns, and what it showed is seen.
	defer func() {
		r.drain()
		r.flush()
		status = Worse(status, r.reached())
		r.tellPlace(in, status)
		r.learn()
	}()
	switch in.Kind {
	case bind.Request:
		return r.request(ctx, in)
	case bind.Pages:
		return r.pages(ctx, in)
	case bind.Value:
		return r.value(ctx, in)
	case bind.Command:
		return r.command(ctx, in)
	case bind.Batch:
		return r.batch(ctx, in)
	case bind.Watch:
		return r.watch(ctx, in)
	case bind.Alias:
		return r.defineAlias(in)
	}
	return OK
}

// options checks the --options of a statement.
func (r *run) options(in *bind.Info) Status {
	if in.Kind == bind.Command || in.Inner != nil {
		return OK
	}
	for _, o := range in.Stmt.Options {
		if name := o.Name.Text; name != "dry-run" {
			e := &syntax.Error{Span: o.Span(), Msg: "there is no option --" + name + " here"}
			if s := syntax.Suggest(name, []string{"dry-run"}); s != "" {
				e.Fix = "did you mean --" + s + "?"
			}
			r.diagnose(e)
			return Usage
		}
	}
	return OK
}

func (r *run) dryRun(in *bind.Info) bool {
	for _, o := range in.Stmt.Options {
		if o.Name.Text == "dry-run" {
			return true
		}
	}
	return r.cfg.DryRun
}

// value runs a statement that is a value: it is shown, or assigned.
func (r *run) value(ctx context.Context, in *bind.Info) Status {
	if r.dryRun(in) {
		open, st := r.fillHere(ctx, in)
		if st != OK {
			return st
		}
		if isOpen(in.Value, open) && in.Stmt.Assign == nil && len(in.Stmt.Pipes) == 0 {
			r.showOpen(in.Value, open)
			return OK
		}
		return r.finish(ctx, in, in.Value)
	}
	if st := r.fill(ctx, in); st != OK {
		return st
	}
	return r.finish(ctx, in, in.Value)
}

// loop runs a for block: its statements for each item, in order.
func (r *run) loop(ctx context.Context, in *bind.Info) Status {
	if v, ok := in.Loop.In.(*syntax.Var); ok && r.dryRun(in) {
		if of, _ := r.env.Var(v.Name); of.IsNone() {
			r.note("%s is known only when the lines before it run: its block is left out", render.Escape(syntax.Print(v)))
		}
	}
	status := OK
	for _, item := range in.Items {
		inner := *r
		inner.env = &loopEnv{Env: r.env, name: in.Loop.Var.Name, value: item, drain: r.drain}
		for _, st := range in.Loop.Body {
			if ctx.Err() != nil {
				return Interrupted
			}
			status = Worse(status, inner.perform(ctx, bind.Values(r.cfg.Schema, r.file, st, inner.env)))
			if status == Interrupted || status != OK && !r.cfg.KeepGoing || r.leave {
				return status
			}
		}
	}
	return status
}

// Absent says why there is no $name.
func (e *loopEnv) Absent(name string) (msg, fix string) { return bind.Absent(e.Env, name) }

// loopEnv adds the variable of a for block.
type loopEnv struct {
	bind.Env
	name  string
	value tl.Value
	drain func() bool
}

// Var is the loop's item, else what the environment around it has once the
// requests of earlier rounds were answered.
func (e *loopEnv) Var(name string) (tl.Value, bool) {
	if name == e.name {
		return e.value, true
	}
	e.drain()
	return e.Env.Var(name)
}

// finish assigns, pipes on or shows the value of a statement.
func (r *run) finish(ctx context.Context, in *bind.Info, v tl.Value) Status {
	r.measure()
	r.lesson = lesson{in, v}
	assigned := r.assign(in, v)
	if v.IsNone() {
		return OK // a dry run: what it is, the network would say
	}
	if assigned && !r.cfg.Interactive && len(in.Stmt.Pipes) == 0 {
		return OK
	}
	if len(in.Stmt.Pipes) > 0 {
		return r.pipe(ctx, in.Stmt.Pipes, v)
	}
	label := ""
	if r.cfg.Interactive && r.cfg.Terminal && !r.watching && r.results.n > r.before { // it is a result by its number
		label = r.results.label()
	}
	return r.print(ctx, v, label)
}

// assign gives the value of a statement to its variable, if it has one.
func (r *run) assign(in *bind.Info, v tl.Value) bool {
	a, ok := in.Stmt.Assign.(*syntax.Var)
	if ok {
		r.set(a.Name, v)
	}
	return ok
}

// tellPlace tells which line of a script failed, where nothing that was told says
// so: what a server refuses has no place of its own.
func (r *run) tellPlace(in *bind.Info, status Status) {
	if status != Failed || r.src.File == "" || r.placed || in.Stmt == nil {
		return
	}
	at := in.Stmt.Span()
	if x := in.Stmt.X; x != nil {
		at = x.Span()
	}
	if c, ok := in.Stmt.X.(*syntax.Call); ok {
		at = c.Name.Span()
	}
	r.diagnose(&syntax.Error{Span: at, Msg: "the line that failed"})
}

// maxDiagnostics is how many of a line's mistakes are shown: what stands behind them
// is mostly their doing.
const maxDiagnostics = 10

// diagnoseAll shows the diagnostics of a line, the first ones of many.
func (r *run) diagnoseAll(errs syntax.Errors) {
	for i, e := range errs {
		if i == maxDiagnostics {
			r.note("… and %d more", len(errs)-i)
			return
		}
		r.diagnose(e)
	}
}

// diagnose shows a diagnostic with its place in the source.
func (r *run) diagnose(e *syntax.Error) {
	r.placed = true
	o := r.cfg.ErrView
	o.File, o.Line = r.src.File, r.src.Line
	text, secrets := history.Mask(r.src.Text)
	if len(secrets) > 0 {
		shown := *e
		shown.Msg, shown.Fix = without(e.Msg, secrets), without(e.Fix, secrets)
		e = &shown
	}
	r.errln(render.Diagnostic(nil, text, e, o))
}

// interrupted reports an error that is a cancelled context.
func interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, context.Canceled)
}
