package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// Confirm is the setting confirm.
type Confirm string

// When a request that destroys something is asked about, at the prompt. Scripts,
// pipes and -c are never asked.
const (
	ConfirmAuto Confirm = "auto" // everywhere but in the sandbox
	ConfirmOn   Confirm = "on"
	ConfirmOff  Confirm = "off"
)

// Confirms are all of them.
var Confirms = [...]Confirm{ConfirmAuto, ConfirmOn, ConfirmOff}

// Asks reports that a request that destroys something is asked about here.
func (s *Shell) Asks() bool {
	return s.cfg.Interactive && (s.confirm == ConfirmOn || s.confirm == ConfirmAuto && s.Place() != PlaceSandbox)
}

// free reports that a request may leave without a word.
func (s *Shell) free(req *tl.Object) bool {
	if !s.readOnly && !s.Asks() {
		return true
	}
	switch e := bind.EffectOf(req); e.Kind {
	case bind.Reads:
		return true
	case bind.Destroys:
		return false
	}
	return !s.readOnly
}

// guard stands before everything of a statement that leaves: set read-only on
// stops what does more than read, and a person is asked about what destroys
// something. It gives OK where all of it may go.
func (r *run) guard(ctx context.Context, in *bind.Info) Status {
	if in.Kind == bind.Batch {
		deeds := make([]deed, len(in.Batch))
		for i, el := range in.Batch {
			deeds[i] = deed{el.Value, el.Stmt.X}
		}
		return r.permit(ctx, deeds...)
	}
	var at syntax.Node = in.Stmt.X
	if in.Call != nil {
		at = in.Call.Name
	}
	return r.permit(ctx, deed{in.Object(), at})
}

// deed is a request and the place in the line that it comes from.
type deed struct {
	req *tl.Object
	at  syntax.Node
}

// may is guard for a command that sends a request of that name.
func (r *run) may(ctx context.Context, call *syntax.Call, method string) Status {
	def := r.cfg.Schema.Method(method)
	if def == nil {
		return OK // and the command says that there is none
	}
	return r.permit(ctx, deed{tl.New(def), call.Name})
}

// permit is guard for requests that a command sends.
func (r *run) permit(ctx context.Context, deeds ...deed) Status {
	var asked []bind.Effect
	for _, d := range deeds {
		if r.free(d.req) {
			continue
		}
		e := bind.EffectOf(d.req)
		if r.readOnly {
			r.diagnose(&syntax.Error{Span: d.at.Span(), Msg: e.Method + " does more than read, and the shell is read-only: nothing was sent", Fix: "set read-only off"})
			return Failed
		}
		if !slices.Contains(asked, e) {
			asked = append(asked, e)
		}
	}
	if len(asked) == 0 || r.granted {
		return OK
	}
	return r.confirmed(ctx, asked, len(deeds))
}

// confirmed asks about requests that destroy something, count of them in all.
func (r *run) confirmed(ctx context.Context, effects []bind.Effect, count int) Status {
	const most = 10
	var b strings.Builder
	for i, e := range effects {
		if i == most {
			fmt.Fprintf(&b, "… and %d more\n", len(effects)-most)
			break
		}
		fmt.Fprintf(&b, "%s %s.\n", e.Method, e.What)
	}
	what := "it"
	if count > 1 {
		what = fmt.Sprintf("all %d requests", count)
	}
	fmt.Fprintf(&b, "Send %s, as %s? [y/N, a: and the rest of the line] ", what, render.Escape(r.account.Short))
	answer, err := r.Ask(ctx, Question{Text: b.String()})
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "a", "all":
		r.granted = true
		return OK
	case "y", "yes":
		return OK
	}
	switch {
	case ctx.Err() != nil:
		r.note("not sent")
		return Interrupted
	case err != nil && !errors.Is(err, io.EOF):
		r.errorf("not sent: %v", err)
	default:
		r.note("not sent")
	}
	return Failed
}
