package eval

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/gotd/td/tgerr"

	"tlsh/bind"
	"tlsh/mtproto"
	"tlsh/profile"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/store"
	"tlsh/tl"
)

// show prints a value on Out in the Shell's format.
func (s *Shell) show(v tl.Value) { _ = s.print(context.Background(), v, "") }

// print prints a value, called label if that is not empty, on Out in the
// Shell's format. A long one leaves while it is made, and Ctrl-C ends it.
func (s *Shell) print(ctx context.Context, v tl.Value, label string) Status {
	if s.pageable() || s.orders() {
		return s.toScreen(ctx, func(w io.Writer) error { return s.write(w, v, label) })
	}
	st := &s.stream
	s.taker = patient{ctx, s.cfg.Out}
	st.Reset(&s.taker)
	s.out = append(s.format(st, s.out, v, label), '\n')
	if err := st.Err(); err != nil {
		s.out = nil
		return s.notWritten(ctx, err)
	}
	if s.flow == nil || len(s.out) > maxHeld {
		s.flush()
	}
	return OK
}

// notWritten tells that Out takes no more.
func (s *Shell) notWritten(ctx context.Context, err error) Status {
	if interrupted(ctx, err) {
		s.errorf("interrupted: the rest is not printed; $_ holds it")
		return Interrupted
	}
	s.errorf("%v", err)
	return Failed
}

// toScreen lets write fill the screen, and the pager where there is too much.
func (s *Shell) toScreen(ctx context.Context, write func(io.Writer) error) Status {
	return s.toScreenOf(ctx, s.screen(ctx), write)
}

// toScreenOf is toScreen for one that is ready.
func (s *Shell) toScreenOf(ctx context.Context, sc *screen, write func(io.Writer) error) Status {
	s.flush()
	err := write(sc)
	if sc.left(err) {
		err = nil
	}
	closed := sc.Close()
	if err == nil && closed != nil {
		err = closed
	}
	var t *told
	switch {
	case err == nil:
		return OK
	case errors.As(err, &t):
		return t.status
	}
	return s.notWritten(ctx, err)
}

// write writes a value with a newline behind it.
func (s *Shell) write(w io.Writer, v tl.Value, label string) error {
	st := render.NewStream(w)
	b := append(s.format(st, nil, v, label), '\n')
	if err := st.Err(); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}

// maxHeld is how much of a script's output is held while more of it is at hand.
const maxHeld = 1 << 16

// flush writes what show holds: in a script, where several answers come at
// once, they leave together.
func (s *Shell) flush() {
	if len(s.out) > 0 {
		s.emit(s.out)
		s.out = s.out[:0]
	}
	if cap(s.out) > 16*maxHeld {
		s.out = nil
	}
}

// emit writes to Out, and keeps the first error for reached.
func (s *Shell) emit(b []byte) {
	if _, err := s.cfg.Out.Write(b); err != nil && s.unwritten == nil {
		s.unwritten = err
	}
}

// reached tells that something since the last call did not reach Out, as on a full
// disk: what nobody got is no success.
func (s *Shell) reached() Status {
	err := s.unwritten
	if err == nil {
		return OK
	}
	s.unwritten = nil
	s.errorf("%v", err)
	return Failed
}

// format appends the value in the Shell's format, without a newline at its end;
// what is long goes through st.
func (s *Shell) format(st *render.Stream, dst []byte, v tl.Value, label string) []byte {
	switch s.cfg.Format {
	case JSON:
		if s.cfg.Terminal {
			return st.JSONIndent(dst, v, s.cfg.View)
		}
		return st.JSON(dst, v)
	case JSONL:
		return st.JSON(dst, v)
	case TL:
		if !s.cfg.Terminal {
			return st.Source(dst, v)
		}
		return st.SourceLines(dst, v, s.cfg.View)
	case Raw:
		b, err := tl.Append(nil, v, tl.TypeOf(v))
		if err != nil {
			s.errorf("raw: %v", err)
			return dst
		}
		return st.Hex(dst, b)
	}
	view := s.cfg.View
	view.Label = label
	return st.Tree(dst, v, view)
}

// measure takes in how wide the terminal is now, for all that is laid out from here on.
func (s *Shell) measure() {
	columns := s.columns()
	if columns == 0 || s.watching {
		return
	}
	if s.cfg.Terminal {
		s.cfg.View.Width = columns
	}
	if s.cfg.ErrTerminal {
		s.cfg.ErrView.Width = columns
	}
}

// columns is how wide the terminal is now, 0 where that cannot be known.
func (s *Shell) columns() int {
	if s.cfg.Size == nil {
		return 0
	}
	columns, _ := s.cfg.Size()
	return max(columns, 0)
}

func (s *Shell) errln(b []byte) { _, _ = s.cfg.Err.Write(append(b, '\n')) }

// errorf writes an error in prose.
func (s *Shell) errorf(format string, a ...any) {
	s.errln(render.Failure(nil, fmt.Errorf(format, a...), s.cfg.ErrView))
}

// note writes a remark that is no error. On a terminal one that is too long for a row
// is broken between its words.
func (s *Shell) note(format string, a ...any) {
	text := fmt.Sprintf(format, a...)
	if s.cfg.ErrTerminal && len(text) > s.cfg.ErrView.Width {
		s.errln([]byte(s.laidOut(text, 0)))
		return
	}
	s.errln(render.AppendEscape(nil, text))
}

// failed tells why a statement failed, in prose and, in the formats for
// machines, as a document.
func (r *run) failed(ctx context.Context, in *bind.Info, err error) Status {
	r.measure() // it may have waited for long
	switch {
	case interrupted(ctx, err):
		r.interruptedNote(err)
		return Interrupted
	case errors.Is(err, errNowhere):
		r.note("%v", err)
		return OK
	}
	var rpc *tgerr.Error
	if errors.As(err, &rpc) {
		if r.Shell.failure == "" {
			r.Shell.failure = rpc.Message
		}
		if r.cfg.Format == JSON || r.cfg.Format == JSONL {
			r.show(rpcValue(rpc))
		}
		r.errln(render.Failure(nil, err, r.cfg.ErrView))
		r.ended(rpc)
		return statusOf(err)
	}
	var arrived *mtproto.ArrivedError
	var lost *mtproto.LostError
	if errors.As(err, &arrived) || errors.As(err, &lost) && lost.Sent {
		if r.cfg.Format == JSON || r.cfg.Format == JSONL {
			r.show(tl.New(schema.Shell().Constructor("unknown")).Value())
		}
	}
	if arrived != nil {
		r.note("it was executed; its result was lost with the connection")
		return OK
	}
	var te *tl.Error
	if errors.As(err, &te) {
		r.errln(render.Failure(nil, err, r.cfg.ErrView))
		return Failed
	}
	r.errorf("%v", err)
	var refused *mtproto.TransportError
	if errors.As(err, &refused) && refused.Code == 404 && r.KeyLost != "" {
		r.note("%s", r.KeyLost)
	}
	return statusOf(err)
}

func (s *Shell) interruptedNote(err error) {
	var lost *mtproto.LostError
	switch {
	case errors.As(err, &lost) && lost.Sent:
		s.errorf("interrupted: the request was sent, and may have been executed")
	default:
		s.errorf("interrupted: nothing was sent")
	}
}

// statusOf is the exit status that an error of a request stands for.
func statusOf(err error) Status {
	var rpc *tgerr.Error
	var bad *mtproto.BadMsgError
	var limit *mtproto.LimitError
	var lost *mtproto.LostError
	var file *store.Error
	var nobody *SignInError
	var locked *profile.PassphraseError
	switch {
	case errors.As(err, &nobody), errors.As(err, &locked):
		return SignIn
	case errors.As(err, &lost) && lost.Sent, errors.As(err, &file):
		return Failed
	case errors.As(err, &rpc):
		if rpc.Code == 401 || rpc.IsType("AUTH_KEY_DUPLICATED") {
			return SignIn
		}
		return Failed
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &bad), errors.As(err, &limit):
		return Failed
	}
	return NoConnection
}
