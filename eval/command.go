package eval

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tlsh/bind"
	"tlsh/peers"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// command is one of the shell's own commands.
type command struct {
	name    string
	args    string // as help shows them
	summary string
	run     func(r *run, ctx context.Context, call *syntax.Call) Status
}

// commands are all of them, in the order of help.
func commands() []command {
	return []command{
		{"help", "[NAME]", "what can be done here, what a command takes, or the page about a name", (*run).help},
		{"search", "WORDS", "requests, constructors, types, parameters and errors, by name, piece, initials or meaning", (*run).search},
		{"doc", "NAME", "what is known of a request, constructor, type, parameter or error", (*run).doc},
		{"example", "NAME", "a line that calls a request, and what comes back", (*run).example},
		{"copy", "[NAME] [as tl|json|go|python|js]", "the last request, or an example, as a line or as another language has it", (*run).copy},
		{"type", "NAME", "what makes a type, and which requests answer and take it", (*run).typePage},
		{"diff", "OLD.tl [NEW.tl]", "what a layer added, removed and changed", (*run).diff},
		{"peer", "REF [as TYPE]", "what is known of somebody, or the input object for them", (*run).peer},
		{"peers", "[WORDS]", "the people, groups and channels met so far", (*run).peers},
		{"pages", "N|all CALL", "a request that gives its answer in pages, N of them as one result", (*run).noCall},
		{"vars", "", "the variables and what they hold", (*run).vars},
		{"set", "[NAME VALUE]", "what the settings are, or change one", (*run).setting},
		{"alias", "[NAME [LINE]]", "a word that stands for a line, with {1}, {2:10} and {*} for what follows it", (*run).alias},
		{"unalias", "NAME", "forget an alias", (*run).unalias},
		{"watch", "TIME LINE", "a line again and again, what is new in its result marked", (*run).noCall},
		{"encode", "VALUE", "the hex bytes of a value", (*run).encode},
		{"decode", "hex:…", "the value that bytes hold", (*run).decode},
		{"echo", "VALUE", "print a value", (*run).echo},
		{"download", "REF [to PATH]", "the files of a message, a photo, a document or somebody", (*run).download},
		{"view", "REF|file:…", "a picture of a message, a photo, somebody or this machine, drawn on the terminal", (*run).pictures},
		{"upload", "FILE", "send a file's bytes, and get the InputFile that a request takes", (*run).upload},
		{"sandbox", "[KNOB …]", "the sandbox's knobs: latency, faults, its ledger, save FILE", (*run).sandbox},
		{"use", "NAME", "be somebody else: in the sandbox one of its people, as @bob", (*run).use},
		{"updates", "on|off|UPDATE|'FILTER'", "print updates as they come: all, those of a name, or those that a jq filter accepts", (*run).updates},
		{"wait", "UPDATE|'FILTER' [TIME]", "the next update of a name, as updateNewMessage, or that a jq filter accepts, as a value", (*run).wait},
		{"trace", "on|off", "print every message of the protocol, in and out", (*run).trace},
		{"login", "[--phone +NUMBER|--bot TOKEN|--qr] [--profile NAME]", "sign in to Telegram, asking for what is needed", (*run).login},
		{"logout", "[--local] [--forget]", "sign out, and forget the account's keys", (*run).logout},
		{"sessions", "[end HASH|others]", "where the account is signed in; end one of these, or all others", (*run).sessions},
		{"profiles", "[encrypt|decrypt [NAME]]", "the accounts that are kept; encrypt their keys with a passphrase", (*run).profiles},
		{"whoami", "", "where this shell is connected, and as whom", (*run).whoami},
		{"history", "[WORDS] [--all|--clear]", "the lines entered before: when, how long they took, how they ended", (*run).history},
		{"source", "FILE", "run the lines of a file here", (*run).source},
		{"edit", "", "the last line in your editor, and then run it", (*run).edit},
		{"sleep", "TIME", "wait, as 5s or 300ms", (*run).sleep},
		{"tutorial", "[next|stop|again]", "learn the shell in five steps, in the sandbox", (*run).tutorial},
		{"exit", "", "leave (also quit, \\q, Ctrl-D)", (*run).exit},
		{"quit", "", "", (*run).exit},
		{`\q`, "", "", (*run).exit},
	}
}

// Commands are the names of the commands, and the aliases behind them (bind.Env).
func (s *Shell) Commands() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return append(names, slices.Sorted(maps.Keys(s.aliases))...)
}

// CommandSummary is a command's arguments and what it does, for completion.
func (s *Shell) CommandSummary(name string) (args, summary string) {
	for _, c := range commands() {
		if c.name == name {
			return c.args, c.summary
		}
	}
	if line, ok := s.aliases[name]; ok {
		return aliasArgs(line), "alias of " + line
	}
	return "", ""
}

func (r *run) command(ctx context.Context, in *bind.Info) Status {
	for _, c := range commands() {
		if c.name == in.Call.Name.Text {
			r.stmt = in
			if st := r.surplus(c, in); st != OK {
				return st
			}
			if r.open(in) {
				return OK
			}
			return c.run(r, ctx, in.Call)
		}
	}
	return r.usage(in.Call, "there is no such command")
}

// surplus refuses what a command would pass over: `exit 3` is not 0.
func (r *run) surplus(c command, in *bind.Info) Status {
	if options := in.Stmt.Options; len(options) > 0 && len(optionsOf(c.name)) == 0 {
		return r.usage(options[0], "%s has no option --%s", c.name, options[0].Name.Text)
	}
	if c.args == "" && len(in.Call.Args) > 0 {
		return r.usage(in.Call.Args[0], "%s takes nothing", c.name)
	}
	return OK
}

// usage reports a wrong use of a command.
func (r *run) usage(at syntax.Node, format string, a ...any) Status {
	r.diagnose(&syntax.Error{Span: at.Span(), Msg: fmt.Sprintf(format, a...)})
	return Usage
}

// words are the arguments of a command as texts.
func (r *run) words(call *syntax.Call) []string {
	var out []string
	for _, a := range call.Args {
		t := syntax.Text(a.Value)
		if t == "" {
			sp := a.Span()
			t = r.file.Src[sp.From:sp.To]
		}
		out = append(out, t)
	}
	return out
}

// argument evaluates the one value that a command wants.
func (r *run) argument(ctx context.Context, call *syntax.Call) (tl.Value, Status) {
	if len(call.Args) != 1 || call.Args[0].Name != nil {
		return tl.Value{}, r.usage(call, "%s wants one value", call.Name.Text)
	}
	return r.evaluate(ctx, call.Args[0].Value)
}

// evaluate gives the value that an argument of a command is.
func (r *run) evaluate(ctx context.Context, node syntax.Node) (tl.Value, Status) {
	in := bind.Eval(r.cfg.Schema, r.file, node, r.env)
	in.Stmt = r.stmt.Stmt
	st := r.checked(in)
	if st == OK {
		st = r.fill(ctx, in)
	}
	if st != OK {
		return tl.Value{}, st
	}
	return in.Value, OK
}

// path is the path of a file of this machine that an argument of a command or a
// pipe is.
func (r *run) path(node syntax.Node) (string, Status) {
	in := bind.FilePath(r.cfg.Schema, r.file, node, r.env)
	return in.Value.AsString(), r.checked(in)
}

// checked tells what is wrong with an argument.
func (r *run) checked(in *bind.Info) Status {
	r.diagnoseAll(in.Diags)
	switch {
	case in.Local:
		return Failed
	case len(in.Diags) > 0:
		return Usage
	}
	return OK
}

// open leaves open, in a dry run, what a command gives, and reports that it cannot be
// run for want of what a line before would give.
func (r *run) open(in *bind.Info) bool {
	if !r.cfg.DryRun {
		return false
	}
	r.assign(in, tl.Value{})
	open := false
	for _, a := range in.Call.Args {
		syntax.Walk(a.Value, func(n syntax.Node) bool {
			if v, ok := n.(*syntax.Var); ok {
				if of, there := r.env.Var(v.Name); there && of.IsNone() {
					r.note("%s is known only when the lines before it run: %s is left out", render.Escape(syntax.Print(v)), in.Call.Name.Text)
					open = true
				}
			}
			return !open
		})
	}
	return open
}

func (r *run) echo(ctx context.Context, call *syntax.Call) Status {
	v, st := r.argument(ctx, call)
	if st != OK {
		return st
	}
	if v.Kind() == tl.KindString && r.bare() {
		r.emit(append(render.AppendEscape(nil, v.AsString()), '\n'))
		return OK
	}
	return r.finish(ctx, r.stmt, v)
}

// bare reports that the value of the command at hand is for a person alone: it
// is neither kept nor piped on, nor printed for a machine.
func (r *run) bare() bool {
	st := r.stmt.Stmt
	return r.cfg.Format == Tree && st.Assign == nil && len(st.Pipes) == 0
}

func (r *run) encode(ctx context.Context, call *syntax.Call) Status {
	v, st := r.argument(ctx, call)
	if st != OK {
		return st
	}
	b, err := tl.Append(nil, v, tl.TypeOf(v))
	if err != nil {
		r.errln(render.Failure(nil, err, r.cfg.ErrView))
		return Usage
	}
	if st := r.stmt.Stmt; st.Assign != nil || len(st.Pipes) > 0 {
		return r.finish(ctx, r.stmt, tl.String(string(render.AppendHex(nil, b))))
	}
	r.emit(append(render.AppendHex(nil, b), '\n'))
	return OK
}

// decode reads a boxed value of the API's schema, or else of MTProto's own.
func (r *run) decode(ctx context.Context, call *syntax.Call) Status {
	v, st := r.argument(ctx, call)
	if st != OK {
		return st
	}
	b := v.AsBytes()
	if v.Kind() == tl.KindString {
		// What encode gave.
		if hexed, err := hex.DecodeString(v.AsString()); err == nil && len(hexed) > 0 {
			v, b = tl.Bytes(hexed), hexed
		}
	}
	if v.Kind() != tl.KindBytes {
		return r.usage(call.Args[0], "decode wants bytes: hex:… or base64:…")
	}
	object := r.cfg.Schema.TypeOf("Object")
	out, n, notes, err := tl.DecodePrefix(r.cfg.Schema, b, object)
	if err != nil {
		if m, mn, mnotes, merr := tl.DecodePrefix(schema.MTProto(), b, object); merr == nil {
			out, n, notes, err = m, mn, mnotes, nil
		}
	}
	if err == nil && n < len(b) {
		err = &tl.Error{Offset: n, Msg: fmt.Sprintf("%d bytes are left over", len(b)-n)}
	}
	if err != nil {
		if out.Object() != nil {
			r.show(out)
		}
		r.errln(render.Failure(nil, err, r.cfg.ErrView))
		return Failed
	}
	r.result(out)
	r.notKept(notes)
	return r.finish(ctx, r.stmt, out)
}

func (r *run) printf(format string, a ...any) { r.emit(fmt.Appendf(nil, format, a...)) }

func (r *run) whoami(ctx context.Context, _ *syntax.Call) Status {
	r.note("%s", r.account.Where)
	def := r.cfg.Schema.Method("users.getUsers")
	res := peers.Resolver{Schema: r.cfg.Schema, Cache: r.cache, Caller: caller{r.Shell}}
	self, err := res.Text(ctx, "me", false, r.cfg.Schema.TypeOf("InputUser"))
	if err != nil || def == nil {
		return r.failed(ctx, &bind.Info{}, err)
	}
	v, err := caller{r.Shell}.Call(ctx, tl.New(def).With("id", tl.VectorOf(r.cfg.Schema.TypeOf("InputUser"), self)))
	if err != nil {
		return r.failed(ctx, &bind.Info{}, err)
	}
	if vec := v.Vector(); vec != nil && len(vec.Items) == 1 {
		v = vec.Items[0]
	}
	r.result(v)
	return r.finish(ctx, r.stmt, v)
}

// sandbox turns the knobs of the sandbox that the shell is connected to.
func (r *run) sandbox(_ context.Context, call *syntax.Call) Status {
	if r.cfg.Sandbox == nil {
		return r.usage(call.Name, "the shell is not connected to its own sandbox, but to %s", r.account.Where)
	}
	out, err := r.cfg.Sandbox(r.words(call))
	if err != nil {
		return r.usage(call, "%s", err)
	}
	for line := range strings.Lines(out) {
		r.printf("%s\n", render.Escape(strings.TrimSuffix(line, "\n")))
	}
	return OK
}

func (r *run) sleep(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) != 1 {
		return r.usage(call, "sleep wants a time, as 5s or 300ms")
	}
	d, ok := duration(words[0])
	if !ok {
		return r.usage(call.Args[0], "sleep wants a time, as 5s or 300ms")
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return OK
	case <-ctx.Done():
		return Interrupted
	}
}

func (r *run) exit(context.Context, *syntax.Call) Status {
	r.Shell.leave = true
	return OK
}
