package eval

import (
	"context"
	"errors"
	"slices"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/tl"
)

// rehearse shows what would leave, and sends nothing: each request as TL source
// and, when nothing of it needs the network, as bytes.
func (r *run) rehearse(ctx context.Context, in *bind.Info, reqs []*tl.Object, ordered bool) Status {
	if st := r.fillHere(ctx, in); st != OK {
		return st
	}
	for _, q := range reqs {
		r.unknown(in, q)
	}
	// What comes back is not known, and may stand in the lines below.
	r.assign(in, tl.Value{})
	for _, el := range in.Batch {
		if el.Name != "" {
			r.set(el.Name, tl.Value{})
		}
	}
	r.set("_", tl.Value{})
	source := *r.Shell
	source.cfg.Format, source.flow, source.out = TL, nil, nil
	for i, q := range reqs {
		source.show(q.Value())
		if ordered && i > 0 {
			r.note("request %d goes after request %d (invokeAfterMsg)", i+1, i)
		}
		if b, err := tl.Encode(q); err == nil {
			r.emit(append(render.AppendHex(nil, b), '\n'))
		}
	}
	return OK
}

// fillHere fills the holes that need no network, and tells of the others.
func (r *run) fillHere(ctx context.Context, in *bind.Info) Status {
	for _, h := range in.Holes {
		v, err := r.answer(ctx, h, nowhere{})
		if errors.Is(err, errNowhere) {
			r.note("%s%s needs the network: a hole stays", at(h.Path), render.Escape(h.Text))
			continue
		}
		if err != nil {
			return r.holeFailed(ctx, in, h, err)
		}
		h.Fill(v)
	}
	return OK
}

// at begins a remark about a place.
func at(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}

// unknown tells of what a request needs and only an answer before it will say.
func (r *run) unknown(in *bind.Info, req *tl.Object) {
	def := req.Def()
	for i := range def.Params {
		p := &def.Params[i]
		hole := slices.ContainsFunc(in.Holes, func(h *bind.Hole) bool { return h.Of == req && h.Param == i })
		if !p.Optional() && p.Type.Kind != schema.KindFlags && !req.Has(i) && !hole {
			r.note("%s.%s is known only when the lines before it run: a hole stays", def.Name, p.Name)
		}
	}
}

var errNowhere = errors.New("this needs the network, and a dry run sends nothing")

// nowhere is a network that is not there.
type nowhere struct{}

// Call says that nothing is sent.
func (nowhere) Call(context.Context, *tl.Object) (tl.Value, error) {
	return tl.Value{}, errNowhere
}
