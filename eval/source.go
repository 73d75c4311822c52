package eval

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"tlsh/render"
	"tlsh/syntax"
)

// maxSource bounds how deep source may stand within source.
const maxSource = 16

func (r *run) source(ctx context.Context, call *syntax.Call) Status {
	if len(call.Args) != 1 || call.Args[0].Name != nil {
		return r.usage(call, "want source FILE; a name with spaces is quoted")
	}
	path, st := r.path(call.Args[0].Value)
	if st != OK {
		return st
	}
	if r.depth >= maxSource {
		return r.usage(call, "source stands within source %d times already", maxSource)
	}
	f, err := Open(ctx, path)
	if interrupted(ctx, err) {
		return Interrupted
	}
	if err != nil {
		r.diagnose(&syntax.Error{Span: call.Args[0].Span(), Msg: render.Escape(err.Error())})
		return Failed
	}
	defer f.Close()
	r.Shell.depth++
	defer func() { r.Shell.depth-- }()
	return r.Script(ctx, f, path)
}

// Startup runs the lines of a file with which a person's sessions begin, one
// after the other: what is wrong with one is told, and the next one runs. A file
// that is not there has none.
func (s *Shell) Startup(ctx context.Context, path string) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		s.errorf("%v", err)
		return
	}
	defer f.Close()
	s.depth++
	defer func() { s.depth-- }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	units := make(chan unit)
	go readUnits(ctx, f, path, units)
	for u := range units {
		if u.err != nil {
			s.errorf("%s: %v", path, u.err)
			return
		}
		if s.Run(ctx, u.src); s.leave || ctx.Err() != nil {
			return
		}
	}
}

// Line is the text that ran last, as it was entered, or as edit left it.
func (s *Shell) Line() string { return s.line }

// ErrUnsaved says that the editor was left without saving the text.
var ErrUnsaved = errors.New("the editor saved nothing")

// edit has the last line edited in the user's editor, and runs what comes back.
func (r *run) edit(ctx context.Context, call *syntax.Call) Status {
	switch {
	case r.cfg.Edit == nil:
		return r.usage(call, "there is no terminal to edit on")
	case r.depth > 0:
		return r.usage(call, "edit stands at the prompt")
	}
	text, err := r.cfg.Edit(r.Private(r.line))
	if errors.Is(err, ErrUnsaved) {
		r.note("nothing was saved: nothing is run")
		return OK
	}
	if err != nil {
		r.errorf("%v", err)
		return Failed
	}
	if strings.TrimSpace(text) == "" {
		r.note("nothing is left to run")
		return OK
	}
	r.errln(render.AppendLines(nil, text))
	r.Shell.line = text
	r.Shell.depth++ // it is no line of its own
	defer func() { r.Shell.depth-- }()
	return r.Run(ctx, Source{Text: text})
}
