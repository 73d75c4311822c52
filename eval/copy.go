package eval

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/example"
	"tlsh/history"
	"tlsh/render"
	"tlsh/syntax"
	"tlsh/tl"
)

// sent is a request that has left.
type sent struct {
	call example.Call
	line string // as it was typed; "" where it stands only with variables, or in Python
}

// remember keeps the request that leaves, for copy. open are the holes that it
// had.
func (r *run) remember(in *bind.Info, o *tl.Object, open []*bind.Hole) {
	s := &sent{call: example.Call{Object: o, Open: open}}
	_, python := in.Stmt.X.(*syntax.Python)
	if in.Call != nil && in.Object() == o && !python && !usesVars(in.Call) {
		sp := in.Call.Span()
		s.line = r.file.Src[sp.From:sp.To]
	}
	r.Shell.sent = s
}

// languages are what a request can be copied as.
var languages = []string{"tl", "json", "go", "python", "js"}

// copying reads the arguments of copy.
func (r *run) copying(call *syntax.Call) (name, as string, st Status) {
	const want = "want copy [NAME] [as go|python|js|json|tl]"
	words := r.words(call)
	as = "tl"
	if n := len(words); n >= 2 && words[n-2] == "as" {
		as, words = words[n-1], words[:n-2]
		if !slices.Contains(languages, as) {
			e := &syntax.Error{Span: call.Args[n-1].Span(), Msg: "a request is copied as go, python, js, json or tl"}
			if s := syntax.Suggest(as, languages); s != "" {
				e.Fix = "did you mean " + s + "?"
			}
			r.diagnose(e)
			return "", "", Usage
		}
	}
	if len(words) > 1 || len(words) == 1 && words[0] == "as" {
		return "", "", r.usage(call, want)
	}
	if len(words) == 1 {
		name = words[0]
	}
	return name, as, OK
}

// copy gives the last request that was sent, or the example of a named one, as
// a line or as another language has it: on Out, and where that is a terminal in
// its clipboard too. Nothing of it is kept.
func (r *run) copy(ctx context.Context, call *syntax.Call) Status {
	name, as, st := r.copying(call)
	if st != OK {
		return st
	}
	s := r.Shell.sent
	switch {
	case name != "":
		if s, st = r.namedCall(ctx, call, name); st != OK {
			return st
		}
	case s == nil:
		r.errorf("no request was sent yet: copy NAME gives the example of one")
		return Failed
	default:
		s = r.passable(s)
	}
	text := r.written(s, as)
	if !r.cfg.Terminal {
		r.printf("%s\n", text)
		return OK
	}
	r.emit(append(render.AppendLines(nil, text), '\n'))
	return r.toClipboard(text)
}

// passable is a request that was sent without its secrets, of which a word is
// said.
func (r *run) passable(s *sent) *sent {
	c, hidden := withoutSecrets(s.call)
	line := history.Redact(s.line)
	if len(hidden) == 0 && line == s.line {
		return s
	}
	if len(hidden) > 0 {
		r.note("secrets are left out: %s", strings.Join(hidden, ", "))
	} else {
		r.note("secrets are left out")
	}
	return &sent{call: c, line: line}
}

// namedCall is the example of a request or a constructor. Who it is about is
// asked of the cache alone; whoever is not known there has a stand-in.
func (r *run) namedCall(ctx context.Context, call *syntax.Call, name string) (*sent, Status) {
	_, line, st := r.sampleOf(call, name)
	if st != OK {
		return nil, st
	}
	c, _ := example.Read(r.cfg.Schema, line)
	for _, h := range c.Open {
		if h.Kind == bind.HoleRandom {
			continue
		}
		v, err := r.answer(ctx, h, nowhere{})
		if err != nil && h.Kind != bind.HolePeer {
			return nil, r.holeFailed(ctx, &bind.Info{}, h, err)
		}
		if err != nil {
			if errors.Is(err, context.Canceled) {
				return nil, Interrupted
			}
			v = example.StandIn(r.cfg.Schema, h)
		}
		h.Fill(v)
	}
	return &sent{call: c, line: line}, OK
}

// written is a request in a language.
func (r *run) written(s *sent, as string) string {
	switch as {
	case "go":
		return example.Go(s.call)
	case "python":
		return example.Python(s.call)
	case "js":
		return example.JavaScript(s.call)
	}
	if as == "tl" && s.line != "" {
		return s.line
	}
	// What filled itself does so again: a server takes a random_id only once.
	for _, h := range s.call.Open {
		if h.Kind == bind.HoleRandom && h.Node == nil {
			h.Of.Set(h.Param, tl.Value{})
		}
	}
	if as == "tl" {
		return example.Source(s.call)
	}
	v := example.Unspent(s.call)
	if r.cfg.Terminal {
		return string(render.AppendJSONIndent(nil, v, render.Options{}))
	}
	return string(render.AppendJSON(nil, v))
}
