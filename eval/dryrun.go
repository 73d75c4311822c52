package eval

import (
	"context"
	"errors"
	"slices"

	"tlsh/bind"
	"tlsh/example"
	"tlsh/render"
	"tlsh/tl"
)

// rehearse shows what would leave, and sends nothing: each request as TL source
// and, when nothing of it is open, as bytes.
func (r *run) rehearse(ctx context.Context, in *bind.Info, reqs []*tl.Object, ordered bool) Status {
	open, st := r.fillHere(ctx, in)
	if st != OK {
		return st
	}
	// What comes back is not known, and may stand in the lines below.
	r.assign(in, tl.Value{})
	for _, el := range in.Batch {
		if el.Name != "" {
			r.set(el.Name, tl.Value{})
		}
	}
	r.set("_", tl.Value{})
	for i, q := range reqs {
		r.showOpen(q.Value(), open)
		if ordered && i > 0 {
			r.note("request %d goes after request %d (invokeAfterMsg)", i+1, i)
		}
		if b, err := tl.Encode(q); err == nil && !isOpen(q.Value(), open) {
			r.emit(append(render.AppendHex(nil, b), '\n'))
		}
	}
	return OK
}

// fillHere fills the holes that need no network, and tells of the others, which
// it gives.
func (r *run) fillHere(ctx context.Context, in *bind.Info) (open []*bind.Hole, st Status) {
	for _, h := range in.Holes {
		v, err := r.answer(ctx, h, nowhere{})
		switch {
		case err == nil:
			h.Fill(v)
			continue
		case !errors.Is(err, errNowhere):
			return nil, r.holeFailed(ctx, in, h, err)
		case h.Kind == bind.HoleLater:
			r.note("%s%s is known only when the lines before it run: a hole stays", at(h.Path), render.Escape(h.Text))
		case h.Kind == bind.HoleStored: // its file was told of
		case h.Text == "":
			r.note("%s%s needs the network: a hole stays", at(h.Path), render.Escape(example.Typed(h)))
		default:
			r.note("%s%s needs the network: a hole stays", at(h.Path), render.Escape(h.Text))
		}
		open = append(open, h)
	}
	return open, OK
}

// showOpen shows a value as source, with what was typed where a hole is.
func (r *run) showOpen(v tl.Value, open []*bind.Hole) {
	source := *r.Shell
	source.cfg.Format, source.flow, source.out = TL, nil, nil
	if !isOpen(v, open) {
		source.show(v)
		return
	}
	text := render.AppendSourceWords(nil, v, example.Words(open))
	r.emit(append(render.AppendLines(nil, string(text)), '\n'))
}

// isOpen reports that one of the holes is somewhere in a value.
func isOpen(v tl.Value, open []*bind.Hole) bool {
	if vec := v.Vector(); vec != nil {
		return slices.ContainsFunc(vec.Items, func(it tl.Value) bool { return isOpen(it, open) })
	}
	o := v.Object()
	if o == nil {
		return false
	}
	if slices.ContainsFunc(open, func(h *bind.Hole) bool { return h.Of == o }) {
		return true
	}
	for _, f := range o.Fields() {
		if isOpen(f, open) {
			return true
		}
	}
	return false
}

// at begins a remark about a place.
func at(path string) string {
	if path == "" {
		return ""
	}
	return path + ": "
}

var errNowhere = errors.New("this needs the network, and a dry run sends nothing")

// nowhere is a network that is not there.
type nowhere struct{}

// Call says that nothing is sent.
func (nowhere) Call(context.Context, *tl.Object) (tl.Value, error) {
	return tl.Value{}, errNowhere
}
