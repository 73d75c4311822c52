package repl

import (
	"context"
	"sync/atomic"

	"tlsh/bind"
	"tlsh/completer"
	"tlsh/eval"
	"tlsh/repl/editor"
	"tlsh/schema"
	"tlsh/syntax"
)

// host answers the editor from the check of the line. It works on a snapshot
// of the shell, as it may be asked while a line runs.
type host struct {
	*prompt
	snapshot atomic.Pointer[eval.Snapshot]
}

// refresh takes the shell as it is now.
func (h *host) refresh() { h.snapshot.Store(h.shell.Snapshot()) }

// Complete gives the candidates for a place of the line.
func (h *host) Complete(_ context.Context, text string, cursor int) editor.Completions {
	res := completer.Complete(h.shell.Schema(), h.snapshot.Load(), text, cursor)
	out := editor.Completions{From: res.From, To: res.To}
	for _, it := range res.Items {
		out.Items = append(out.Items, editor.Candidate{
			Text: it.Text, Label: it.Label, Kind: string(it.Kind), Role: kindRole(it.Kind),
			Description: it.Description, Match: it.Match,
		})
	}
	return out
}

func kindRole(k completer.Kind) editor.Role {
	switch k {
	case completer.Request:
		return editor.Request
	case completer.Constructor:
		return editor.Constructor
	case completer.Command:
		return editor.Command
	case completer.Param:
		return editor.Parameter
	case completer.Variable:
		return editor.Variable
	case completer.Peer:
		return editor.Peer
	}
	return editor.Plain
}

// checks checks every statement of a text, also those inside blocks.
func (h *host) checks(f *syntax.File) []*bind.Info {
	infos := make([]*bind.Info, len(f.Stmts))
	for i := range f.Stmts {
		infos[i] = bind.Check(h.shell.Schema(), f, i, h.snapshot.Load())
	}
	return infos
}

// Highlight gives the colours of a line.
func (h *host) Highlight(text string) []editor.Span {
	f := syntax.Parse(text)
	var out []editor.Span
	for _, t := range f.Tokens {
		if t.Kind == syntax.TokComment {
			out = append(out, editor.Span{From: t.Span.From, To: t.Span.To, Role: editor.Comment})
		}
	}
	var errs syntax.Errors
	errs = append(errs, f.Errs...)
	for _, in := range h.checks(f) {
		syntax.Walk(in.Stmt, func(n syntax.Node) bool {
			if s, ok := in.Slot(n); ok && s.Role != bind.RoleNone {
				if _, call := n.(*syntax.Call); !call {
					out = append(out, editor.Span{From: n.Span().From, To: n.Span().To, Role: roles[s.Role]})
				}
			}
			return true
		})
		errs = append(errs, in.Diags...)
	}
	for _, e := range errs {
		if !e.Partial {
			out = append(out, editor.Span{From: e.Span.From, To: e.Span.To, Role: editor.Error})
		}
	}
	return out
}

var roles = [...]editor.Role{
	bind.RoleNone: editor.Plain, bind.RoleRequest: editor.Request, bind.RoleConstructor: editor.Constructor,
	bind.RoleParam: editor.Parameter, bind.RoleString: editor.String, bind.RoleNumber: editor.Number,
	bind.RoleBool: editor.Number, bind.RolePeer: editor.Peer, bind.RoleVar: editor.Variable,
	bind.RoleCommand: editor.Command, bind.RoleError: editor.Error,
}

// Hint is the signature of the call at the cursor with its current parameter
// marked, and what is wrong with the line, if anything more input cannot cure.
func (h *host) Hint(text string, cursor int) []editor.Segment {
	f := syntax.Parse(text)
	var out []editor.Segment
	for _, in := range h.checks(f) {
		if sp := in.Stmt.Span(); cursor < sp.From || cursor > sp.To {
			continue
		}
		out = h.signature(f, in, cursor)
	}
	if e := h.firstError(f); e != nil {
		if len(out) > 0 {
			out = append(out, editor.Segment{Text: "\n"})
		}
		out = append(out, editor.Segment{Text: e.Msg, Role: editor.Error})
		if e.Fix != "" {
			out = append(out, editor.Segment{Text: "  " + e.Fix, Role: editor.Good})
		}
	}
	return out
}

func (h *host) firstError(f *syntax.File) *syntax.Error {
	errs := f.Errs.Fatal()
	for _, in := range h.checks(f) {
		errs = append(errs, in.Diags.Fatal()...)
	}
	if len(errs) == 0 {
		return nil
	}
	return errs[0]
}

// signature shows the call around the cursor.
func (h *host) signature(f *syntax.File, in *bind.Info, cursor int) []editor.Segment {
	current := -1
	for _, n := range syntax.PathAt(f, cursor) {
		if arg, is := n.(*syntax.Arg); is && current < 0 {
			current = in.Param(arg)
		}
		s, ok := in.Slot(n)
		if !ok {
			continue
		}
		if call, is := n.(*syntax.Call); is && s.Kind == bind.SlotName && s.Of != nil && cursor > call.Name.Span().To {
			if current < 0 {
				current = s.Next
			}
			return segments(s, current)
		}
	}
	return nil
}

func segments(s bind.Slot, current int) []editor.Segment {
	out := []editor.Segment{{Text: s.Of.Name, Role: editor.Request}}
	if !s.Of.Method {
		out[0].Role = editor.Constructor
	}
	add := func(i int, text string, role editor.Role) {
		if i == current {
			role = editor.Current
		}
		out = append(out, editor.Segment{Text: " "}, editor.Segment{Text: text, Role: role})
	}
	given := func(i int) bool { return i < len(s.Given) && s.Given[i] }
	optional := func(i int) bool { return s.Of.Params[i].Optional() || bind.FillsItself(s.Of, i) }
	for i, p := range s.Of.Params {
		if p.Type.Kind == schema.KindFlags || optional(i) {
			continue
		}
		role := editor.Plain
		if given(i) {
			role = editor.Dim
		}
		add(i, p.Name+":"+p.Type.Name, role)
	}
	for i, p := range s.Of.Params {
		if i == current && optional(i) {
			add(i, p.Name+":"+p.Type.Name, editor.Current)
		} else if p.Type.Kind != schema.KindFlags && optional(i) && !given(i) {
			add(i, "["+p.Name+"]", editor.Dim)
		}
	}
	return append(out, editor.Segment{Text: " → " + s.Of.Result.Name, Role: editor.Dim})
}

// Whole reports that Enter runs the text.
func (h *host) Whole(text string) bool { return syntax.Whole(text) }

// Prompt is what stands before the line.
func (h *host) Prompt() []editor.Segment {
	role := editor.Plain
	if h.cfg.Sandbox {
		role = editor.Good
	}
	return []editor.Segment{{Text: h.snapshot.Load().Short, Role: role}, {Text: "❯ "}}
}

// History gives the lines entered before.
func (h *host) History() []string {
	if h.history == nil {
		return nil
	}
	return h.history.Lines()
}
