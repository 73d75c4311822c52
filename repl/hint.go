package repl

import (
	"strings"

	"tlsh/bind"
	"tlsh/completer"
	"tlsh/repl/editor"
	"tlsh/syntax"
)

// Hint is the signature of the call at the cursor with its current parameter
// marked, what that takes and is for, and what is wrong with the line, if
// anything more input cannot cure.
func (h *host) Hint(text string, cursor int) []editor.Segment {
	if h.Picks(text) {
		return []editor.Segment{{Text: "search: words, pieces of names, initials, ids; Enter takes, Esc leaves", Role: editor.Dim}}
	}
	h.ref.ready(h.shell, h.world.Load(), h.History, h.redraw)
	var out []editor.Segment
	if sig := completer.SignatureAt(h.shell.Schema(), h.world.Load(), text, cursor); sig != nil {
		out = signature(sig)
	}
	if e := h.firstError(syntax.Parse(text)); e != nil {
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

// redraw has the editor ask again.
func (p *prompt) redraw() {
	if ed := p.editor.Load(); ed != nil {
		ed.Refresh()
	}
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

// checks checks every statement of a text, also those inside blocks, as those
// before it leave the variables.
func (h *host) checks(f *syntax.File) []*bind.Info {
	env := bind.NewAhead(h.world.Load())
	infos := make([]*bind.Info, len(f.Stmts))
	for i := range f.Stmts {
		infos[i] = bind.Check(h.shell.Schema(), f, i, env)
		env.Past(infos[i])
	}
	return infos
}

// signature shows a signature: in a row the parameters, those that are given
// pale, and below what the current one takes.
func signature(s *completer.Signature) []editor.Segment {
	out := []editor.Segment{{Text: s.Name, Role: editor.Request}}
	if !s.Method {
		out[0].Role = editor.Constructor
	}
	for i := range s.Params {
		p := &s.Params[i]
		seg := editor.Segment{Text: p.Name + ":" + p.Type, Role: editor.Plain}
		switch {
		case p.Current:
			seg.Role = editor.Current
		case p.Required && p.Given:
			seg.Role = editor.Dim
		case p.Given:
			continue
		case !p.Required:
			seg = editor.Segment{Text: "[" + p.Name + "]", Role: editor.Dim}
		}
		out = append(out, editor.Segment{Text: " "}, seg)
	}
	out = append(out, editor.Segment{Text: " → " + s.Result, Role: editor.Dim})
	var below []editor.Segment
	if p := s.Current(); p != nil {
		below = append(below, editor.Segment{Text: p.Name + ": ", Role: editor.Parameter}, editor.Segment{Text: p.Accepts, Role: editor.Plain})
		if p.Summary != "" {
			below = append(below, editor.Segment{Text: "  " + p.Summary, Role: editor.Dim})
		}
	}
	if len(s.Missing) > 0 {
		text := "needs " + strings.Join(s.Missing, ", ")
		if len(below) > 0 {
			text += "  "
		}
		below = append([]editor.Segment{{Text: text, Role: editor.Warn}}, below...)
	}
	if len(below) > 0 {
		out = append(append(out, editor.Segment{Text: "\n"}), below...)
	}
	return out
}
