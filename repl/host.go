package repl

import (
	"context"
	"strings"
	"sync/atomic"

	"tlsh/bind"
	"tlsh/completer"
	"tlsh/history"
	"tlsh/repl/editor"
	"tlsh/syntax"
)

// host answers the editor from the check of the line. It works on a snapshot
// of the shell, as it may be asked while a line runs.
type host struct {
	*prompt
	world atomic.Pointer[World]
	ref   reference
}

func newHost(p *prompt) *host {
	h := &host{prompt: p}
	h.ref.recent = completer.NewRecent(p.shell.Schema())
	h.refresh()
	return h
}

// refresh takes the shell as it is now.
func (h *host) refresh() {
	if known := h.shell.History(); known != h.history.Swap(known) && known != nil {
		h.background.Go(func() { h.recall(known) })
	}
	h.world.Store(newWorld(h.shell, h.ref.recent, h.ref.index.Load))
}

// Complete gives the candidates for a place of the line, or what the search
// finds that the line is.
func (h *host) Complete(_ context.Context, text string, cursor int) editor.Completions {
	res := completer.Result{To: len(text)}
	if words, ok := searched(text); ok {
		res.Items = completer.Search(h.shell.Index(), words)
	} else {
		res = completer.Complete(h.shell.Schema(), h.world.Load(), text, cursor)
	}
	out := editor.Completions{From: res.From, To: res.To}
	for _, it := range res.Items {
		out.Items = append(out.Items, editor.Candidate{
			Text: it.Text, Label: it.Label, Kind: string(it.Kind), Role: kindRole(it.Kind),
			Description: it.Description, Match: it.Match, Whole: whole(it.Kind, it.Text),
		})
	}
	return out
}

// whole reports that nothing goes on with a candidate.
func whole(kind completer.Kind, text string) bool {
	switch kind {
	case completer.Request, completer.Command, completer.Peer, completer.Value, completer.Constructor:
		return !strings.HasSuffix(text, "(") && !strings.HasSuffix(text, " ") && !strings.HasSuffix(text, "=")
	case completer.Param: // one that stands with its value, as silent=true
		return strings.Contains(text, "=") && !strings.HasSuffix(text, "=")
	}
	return false
}

// Follow gives a constructor, when it has been taken, the parameters that it cannot be
// without, and its closing bracket.
func (h *host) Follow(text string, cursor int) (insert string, stops []int) {
	if cursor == 0 || text[cursor-1] != '(' || cursor < len(text) && strings.IndexByte(" ,;)]>\n", text[cursor]) < 0 {
		return "", nil
	}
	sig := completer.SignatureAt(h.shell.Schema(), h.world.Load(), text, cursor)
	if sig == nil || sig.Method {
		return "", nil
	}
	for i, name := range sig.Missing {
		if i > 0 {
			insert += " "
		}
		insert += name + "="
		stops = append(stops, len(insert))
	}
	if len(stops) == 0 {
		stops = append(stops, 0)
	}
	insert += ")"
	return insert, append(stops, len(insert))
}

// searched reports a line that is a search as one types: / and words.
func searched(text string) (words string, ok bool) {
	return strings.CutPrefix(text, "/")
}

// Picks reports that the text is a search, and not a line to run.
func (h *host) Picks(text string) bool { _, ok := searched(text); return ok }

func kindRole(k completer.Kind) editor.Role {
	switch k {
	case completer.Request:
		return editor.Request
	case completer.Constructor, completer.Type:
		return editor.Constructor
	case completer.Error:
		return editor.Error
	case completer.Command:
		return editor.Command
	case completer.Param:
		return editor.Parameter
	case completer.Variable, completer.Field:
		return editor.Variable
	case completer.Peer:
		return editor.Peer
	}
	return editor.Plain
}

// Highlight gives the colours of a line.
func (h *host) Highlight(text string) []editor.Span {
	if h.Picks(text) {
		return []editor.Span{{From: 0, To: 1, Role: editor.Command}}
	}
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

// Whole reports that Enter runs the text.
func (h *host) Whole(text string) bool { return syntax.Whole(text) }

// Prompt is what stands before the line.
func (h *host) Prompt() []editor.Segment {
	spot := h.world.Load().Spot
	out := []editor.Segment{{Text: spot.Short, Role: spotRole(spot)}}
	if rest := spotRest(spot); rest != "" {
		out = append(out, editor.Segment{Text: rest, Role: editor.Dim})
	}
	return append(out, editor.Segment{Text: "❯ "})
}

// recall reads a history, which may be long, beside the keys.
func (h *host) recall(known *history.History) {
	if err := known.Load(); err != nil {
		h.above("tlsh: " + err.Error())
	}
	h.redraw()
}

// History gives the lines entered before; not those of a history that is still being
// read, unless somebody waits for them.
func (h *host) History(wait bool) (past []editor.Past, ready bool) {
	known := h.history.Load()
	if known == nil {
		return nil, true
	}
	if !wait && !known.Loaded() {
		return nil, false
	}
	entries := known.Entries()
	out := make([]editor.Past, len(entries))
	for i, e := range entries {
		out[i] = editor.Past{Text: e.Line, When: e.Time, Outcome: e.Outcome}
	}
	return out, true
}

// Pair finds the bracket at the cursor, or right before it, and its other half.
func (h *host) Pair(text string, cursor int) (one, other int, ok bool) {
	near := func(i int) bool { return i >= 0 && i < len(text) && strings.IndexByte("()[]<>", text[i]) >= 0 }
	if !near(cursor) && !near(cursor-1) {
		return 0, 0, false
	}
	before := -1 // the partner of the bracket before the cursor counts when the one at it has none
	var open []int
	for _, t := range syntax.Parse(text).Tokens {
		at := t.Span.From
		if t.Kind != syntax.TokPunct || t.Span.To != at+1 || !near(at) {
			continue
		}
		if strings.IndexByte("([<", text[at]) >= 0 {
			open = append(open, at)
			continue
		}
		if len(open) == 0 {
			continue
		}
		from := open[len(open)-1]
		open = open[:len(open)-1]
		switch {
		case from == cursor:
			return from, at, true
		case at == cursor:
			return at, from, true
		case from == cursor-1:
			before = at
		case at == cursor-1:
			before = from
		}
	}
	return cursor - 1, before, before >= 0
}
