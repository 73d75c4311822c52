package eval

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"tlsh/bind"
	"tlsh/client"
	"tlsh/files"
	"tlsh/peers"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// request sends the request of a statement and shows its result.
func (r *run) request(ctx context.Context, in *bind.Info) Status {
	if r.dryRun(in) {
		return r.rehearse(ctx, in, []*tl.Object{in.Object()}, false)
	}
	if st := r.guard(ctx, in); st != OK {
		return st
	}
	if st := r.fill(ctx, in); st != OK {
		return st
	}
	conn, err := r.connection(ctx)
	if err != nil {
		return r.failed(ctx, in, err)
	}
	r.remember(in, in.Object(), in.Holes)
	began := time.Now()
	v, err := r.call(ctx, conn, in.Object())
	took := time.Since(began)
	st := r.settle(ctx, in, v, err)
	r.tellTime(took)
	return st
}

// settle takes in what a request answered.
func (r *run) settle(ctx context.Context, in *bind.Info, v tl.Value, err error) Status {
	if err != nil {
		if !v.IsNone() {
			r.show(v)
		}
		return r.failed(ctx, in, err)
	}
	r.result(v)
	return r.finish(ctx, in, v)
}

// fill fills the holes of a statement, before anything of it leaves. Equal
// references are asked once, whatever type they are for.
func (r *run) fill(ctx context.Context, in *bind.Info) Status {
	if r.dryRun(in) {
		_, st := r.fillHere(ctx, in)
		return st
	}
	res := r.resolver(caller{r.Shell})
	if len(in.Holes) > 1 {
		res.Together = r.together
		res.Ahead(ctx, references(in.Holes))
	}
	for _, h := range in.Holes {
		v, err := r.answerBy(ctx, h, res)
		if err != nil {
			return r.holeFailed(ctx, in, h, err)
		}
		h.Fill(v)
	}
	return OK
}

// references are the texts of the holes that name somebody.
func references(holes []*bind.Hole) []string {
	var texts []string
	for _, h := range holes {
		if h.Kind == bind.HolePeer && h.Value.IsNone() {
			texts = append(texts, h.Text)
		}
	}
	return texts
}

// together sends requests in one container.
func (r *run) together(ctx context.Context, reqs []*tl.Object) ([]tl.Value, []error) {
	values, errs := make([]tl.Value, len(reqs)), make([]error, len(reqs))
	conn, err := r.connection(ctx)
	var outs []client.Outcome
	if err == nil {
		outs, err = conn.Batch(ctx, reqs, client.BatchOptions{OnFlood: r.sleepFlood})
	}
	for i := range reqs {
		if errs[i] = err; err == nil {
			values[i], errs[i] = outs[i].Value, outs[i].Err
		}
	}
	return values, errs
}

// resolver answers the references of one statement.
func (r *run) resolver(net peers.Caller) *peers.Resolver {
	return &peers.Resolver{Schema: r.cfg.Schema, Cache: r.cache, Caller: net}
}

func (r *run) answer(ctx context.Context, h *bind.Hole, net peers.Caller) (tl.Value, error) {
	return r.answerBy(ctx, h, r.resolver(net))
}

// answerBy gives what fills the hole.
func (r *run) answerBy(ctx context.Context, h *bind.Hole, res *peers.Resolver) (tl.Value, error) {
	switch h.Kind {
	case bind.HoleRandom:
		return r.random(h)
	case bind.HoleFile:
		return readFile(ctx, h.Text)
	case bind.HoleUpload:
		return r.uploaded(ctx, h, res.Caller)
	case bind.HoleStored:
		return r.storedOnce(ctx, h, res.Caller)
	case bind.HoleAttributes:
		return r.attributes(h)
	case bind.HoleLater:
		if res.Caller == (nowhere{}) {
			return tl.Value{}, errNowhere
		}
		return tl.Value{}, &localError{"what " + h.Text + " is, only a line before says that was not sent"}
	case bind.HoleClock:
		v, err := h.Date(r.now())
		if err != nil {
			return v, &localError{err.Error()}
		}
		return v, nil
	}
	if h.Kind == bind.HoleEntity {
		return r.entity(ctx, h, res)
	}
	if h.Want.Kind == schema.KindLong {
		return groupID(ctx, h, res)
	}
	if o := h.Value.Object(); o != nil {
		return res.Object(ctx, o, h.Want)
	}
	return res.Text(ctx, h.Text, h.Quoted, h.Want)
}

// entity gets whom a hole names as the server shows them.
func (r *run) entity(ctx context.Context, h *bind.Hole, res *peers.Resolver) (tl.Value, error) {
	e, err := who(ctx, h, res)
	if err == nil && res.Caller == (nowhere{}) {
		err = errNowhere
	}
	if err != nil {
		return tl.Value{}, err
	}
	return r.person(ctx, e)
}

// groupID is the bare id of the basic group that a hole names.
func groupID(ctx context.Context, h *bind.Hole, res *peers.Resolver) (tl.Value, error) {
	e, err := who(ctx, h, res)
	if err != nil {
		return tl.Value{}, err
	}
	if e.Kind != peers.Chat {
		return tl.Value{}, &peers.Error{Msg: fmt.Sprintf("%s is a %s; a basic group is wanted here", e.Name(), e.Kind)}
	}
	return tl.Long(e.ID), nil
}

// who is what is known of whom a hole names, asking the network when that is
// nothing.
func who(ctx context.Context, h *bind.Hole, res *peers.Resolver) (*peers.Entity, error) {
	if o := h.Value.Object(); o != nil {
		return res.ObjectEntity(ctx, o)
	}
	return res.TextEntity(ctx, h.Text, h.Quoted)
}

// caller connects only when the resolver has to ask.
type caller struct{ s *Shell }

// Call sends the request over the Shell's connection.
func (c caller) Call(ctx context.Context, req *tl.Object) (tl.Value, error) {
	conn, err := c.s.connection(ctx)
	if err != nil {
		return tl.Value{}, err
	}
	return c.s.call(ctx, conn, req)
}

// random makes a random_id: as many as the request's id has where a vector is
// wanted.
func (r *run) random(h *bind.Hole) (tl.Value, error) {
	src := r.rand()
	one := func(k schema.Kind) (tl.Value, error) {
		var b [8]byte
		if _, err := io.ReadFull(src, b[:]); err != nil {
			return tl.Value{}, err
		}
		n := binary.LittleEndian.Uint64(b[:])
		if k == schema.KindInt {
			return tl.Int(int32(n)), nil
		}
		return tl.Long(int64(n)), nil
	}
	if h.Want.Kind != schema.KindVector {
		return one(h.Want.Kind)
	}
	var items []tl.Value
	if ids := h.Of.At("id").Vector(); ids != nil {
		items = make([]tl.Value, len(ids.Items))
	}
	for i := range items {
		v, err := one(h.Want.Elem.Kind)
		if err != nil {
			return tl.Value{}, err
		}
		items[i] = v
	}
	return tl.VectorOf(h.Want.Elem, items...), nil
}

func readFile(ctx context.Context, path string) (tl.Value, error) {
	b, err := readAll(ctx, path, bind.MaxValue)
	if interrupted(ctx, err) {
		return tl.Value{}, err
	}
	if err != nil {
		return tl.Value{}, &localError{err.Error()}
	}
	if len(b) > bind.MaxValue {
		return tl.Value{}, &localError{fmt.Sprintf("%s has more than the %d bytes that a request can hold", path, bind.MaxValue)}
	}
	return tl.Bytes(b), nil
}

// localError is a step of the shell's own that failed.
type localError struct{ msg string }

func (e *localError) Error() string { return e.msg }

// holeFailed tells why a hole could not be filled, at its place in the line.
func (r *run) holeFailed(ctx context.Context, in *bind.Info, h *bind.Hole, err error) Status {
	at := func(msg, fix string) {
		if h.Node == nil {
			r.errorf("%s: %s", h.Path, msg)
			return
		}
		r.diagnose(&syntax.Error{Span: h.Node.Span(), Msg: msg, Fix: fix})
	}
	switch e := err.(type) {
	case *peers.Error:
		at(e.Msg, e.Fix)
		return Usage
	case *files.Error:
		at(render.Escape(e.Msg), e.Fix)
		return Failed
	case *localError:
		at(e.Error(), "")
		return Failed
	}
	if interrupted(ctx, err) && (h.Kind == bind.HoleUpload || h.Kind == bind.HoleStored) {
		r.errorf("interrupted: the file was being uploaded, and nothing else was sent")
		return Interrupted
	}
	status := r.failed(ctx, in, err)
	if status == Interrupted || status == NoConnection || in.Kind == bind.Command {
		return status
	}
	switch h.Kind {
	case bind.HolePeer:
		at("this reference was asked for first; the request itself was not sent", "")
	case bind.HoleUpload, bind.HoleStored:
		at("this file is uploaded first; the request itself was not sent", "")
	}
	return status
}
