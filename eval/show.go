package eval

import (
	"context"
	"errors"
	"fmt"

	"github.com/gotd/td/tgerr"

	"tlsh/bind"
	"tlsh/mtproto"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/tl"
)

// show prints a value on Out in the Shell's format.
func (s *Shell) show(v tl.Value) {
	s.out = append(s.format(s.out, v), '\n')
	if s.flow == nil || len(s.out) > maxHeld {
		s.flush()
	}
}

// maxHeld is how much of a script's output is held while more of it is at hand.
const maxHeld = 1 << 16

// flush writes what show holds: in a script, where several answers come at
// once, they leave together.
func (s *Shell) flush() {
	if len(s.out) > 0 {
		_, _ = s.cfg.Out.Write(s.out)
		s.out = s.out[:0]
	}
	if cap(s.out) > 16*maxHeld {
		s.out = nil
	}
}

// format appends the value in the Shell's format, without a newline at its end.
func (s *Shell) format(dst []byte, v tl.Value) []byte {
	switch s.cfg.Format {
	case JSON:
		if s.cfg.Terminal {
			return render.AppendJSONIndent(dst, v, s.cfg.View)
		}
		return render.AppendJSON(dst, v)
	case JSONL:
		return render.AppendJSON(dst, v)
	case TL:
		if !s.cfg.Terminal {
			return render.AppendSource(dst, v)
		}
		return render.AppendSourceLines(dst, v, s.cfg.View)
	case Raw:
		b, err := tl.Append(nil, v, typeOf(v))
		if err != nil {
			s.errorf("raw: %v", err)
			return dst
		}
		return render.AppendHex(dst, b)
	}
	return render.AppendTree(dst, v, s.cfg.View)
}

// typeOf is the type that a value has by itself.
func typeOf(v tl.Value) *schema.Type {
	name := "Object"
	switch v.Kind() {
	case tl.KindInt, tl.KindLong, tl.KindDouble, tl.KindString, tl.KindBytes, tl.KindInt128, tl.KindInt256:
		name = v.Kind().String()
	}
	return schema.Current().TypeOf(name)
}

func (s *Shell) errln(b []byte) { _, _ = s.cfg.Err.Write(append(b, '\n')) }

// errorf writes an error in prose.
func (s *Shell) errorf(format string, a ...any) {
	s.errln(render.Failure(nil, fmt.Errorf(format, a...), s.cfg.ErrView))
}

// note writes a remark that is no error.
func (s *Shell) note(format string, a ...any) {
	s.errln(render.AppendEscape(nil, fmt.Sprintf(format, a...)))
}

// failed tells why a statement failed, in prose and, in the formats for
// machines, as a document.
func (r *run) failed(ctx context.Context, in *bind.Info, err error) Status {
	if interrupted(ctx, err) {
		r.interruptedNote(err)
		return Interrupted
	}
	var rpc *tgerr.Error
	if errors.As(err, &rpc) {
		if r.cfg.Format == JSON || r.cfg.Format == JSONL {
			r.show(rpcValue(rpc))
		}
		r.errln(render.Failure(nil, err, r.cfg.ErrView))
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
	switch {
	case errors.As(err, &lost) && lost.Sent:
		return Failed
	case errors.As(err, &rpc):
		if rpc.Code == 401 {
			return SignIn
		}
		return Failed
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &bad), errors.As(err, &limit):
		return Failed
	}
	return NoConnection
}
