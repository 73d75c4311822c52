package eval

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"tlsh/render"
)

// wantsDocument reports that a command's answer is read by a program: it is JSON
// where results are not trees, and in a pipe always.
func (r *run) wantsDocument() bool {
	return r.cfg.Format != Tree || len(r.stmt.Stmt.Pipes) > 0
}

// document prints what has a shape of its own, and is no TL, as JSON, or sends it
// through the pipes of the statement.
func (r *run) document(ctx context.Context, v any) Status {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	pipes := r.stmt.Stmt.Pipes
	if r.cfg.Terminal && r.cfg.Format == JSON && len(pipes) == 0 {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(v); err != nil {
		r.errorf("%v", err)
		return Failed
	}
	text := []byte(b.String())
	if len(pipes) > 0 {
		return r.pipeOutput(ctx, pipes, output{write: func(_ context.Context, w io.Writer) error {
			_, err := w.Write(text)
			return err
		}})
	}
	if r.cfg.Terminal {
		text = render.SafeJSON(text)
	}
	return r.toScreen(ctx, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}
