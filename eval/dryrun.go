package eval

import (
	"context"
	"errors"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/tl"
)

// rehearse shows what would leave, and sends nothing: each request as TL source
// and, when nothing of it needs the network, as bytes.
func (r *run) rehearse(ctx context.Context, in *bind.Info, reqs []*tl.Object, ordered bool) Status {
	for _, h := range in.Holes {
		v, err := r.answer(ctx, h, nowhere{})
		if errors.Is(err, errNowhere) {
			r.note("%s: %s needs the network: a hole stays", h.Path, render.Escape(h.Text))
			continue
		}
		if err != nil {
			return r.holeFailed(ctx, in, h, err)
		}
		h.Fill(v)
	}
	source := *r.Shell
	source.cfg.Format, source.flow, source.out = TL, nil, nil
	for i, q := range reqs {
		source.show(q.Value())
		if ordered && i > 0 {
			r.note("request %d goes after request %d (invokeAfterMsg)", i+1, i)
		}
		if b, err := tl.Encode(q); err == nil {
			_, _ = r.cfg.Out.Write(append(render.AppendHex(nil, b), '\n'))
		}
	}
	return OK
}

var errNowhere = errors.New("this needs the network")

// nowhere is a network that is not there.
type nowhere struct{}

// Call says that nothing is sent.
func (nowhere) Call(context.Context, *tl.Object) (tl.Value, error) {
	return tl.Value{}, errNowhere
}
