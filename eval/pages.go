package eval

import (
	"context"
	"fmt"
	"time"

	"tlsh/bind"
	"tlsh/pages"
	"tlsh/schema"
	"tlsh/tl"
)

// pageSize is the limit of a page where the line says none: the most that
// servers give at once.
const pageSize = 100

// pages runs pages N CALL: the request again and again, with its offsets moved
// on, and what came as one result.
func (r *run) pages(ctx context.Context, in *bind.Info) Status {
	setPageSize(in.Object())
	if r.dryRun(in) {
		r.note("the first page; the others follow from what comes")
		return r.rehearse(ctx, in, []*tl.Object{in.Object()}, false)
	}
	if st := r.guard(ctx, in); st != OK {
		return st
	}
	if st := r.fill(ctx, in); st != OK {
		return st
	}
	def := in.Object().Def()
	rule, _ := pages.Of(def)
	p := &walker{run: r, rule: rule, req: in.Object(), merge: pages.NewMerge(rule), asked: map[string]bool{}}
	began := time.Now()
	err := p.walk(ctx, in.Pages)
	took := time.Since(began)
	defer func() { r.tellTime(took) }() // behind what came
	r.countdown("")
	if p.merge.Pages == 0 {
		return r.failed(ctx, in, err)
	}
	v := p.merge.Value()
	r.result(v)
	if err == nil {
		return r.finish(ctx, in, v)
	}
	return p.cutShort(ctx, in, err)
}

// cutShort keeps what came before a page failed, or before Ctrl-C. A script
// that was interrupted still gets it where it wanted it.
func (p *walker) cutShort(ctx context.Context, in *bind.Info, err error) Status {
	m := p.merge
	v := m.Value()
	if interrupted(ctx, err) {
		p.errorf("interrupted after %d pages: %d %s came, which $_ holds", m.Pages, m.Size(), p.rule.Field)
		if !p.cfg.Interactive {
			return Worse(Interrupted, p.finish(context.WithoutCancel(ctx), in, v))
		}
		p.assign(in, v)
		return Interrupted
	}
	p.assign(in, v)
	st := p.failed(ctx, in, err)
	p.note("$_ holds the %d %s of the %d pages before", m.Size(), p.rule.Field, m.Pages)
	return st
}

// setPageSize gives a request without a limit that of a page.
func setPageSize(req *tl.Object) {
	if i := req.Def().Index("limit"); i >= 0 && req.Field(i).AsInt() == 0 {
		req.Set(i, tl.Int(pageSize))
	}
}

// walker walks through the pages of one request.
type walker struct {
	*run
	rule  *pages.Rule
	req   *tl.Object
	merge *pages.Merge
	asked map[string]bool // the requests so far: none is sent twice
}

// walk asks for n pages, or for all. A page that is shorter than its limit is
// not taken for the end: servers leave out what one may not see. The end is a
// page with nothing new, the count that the server told, or an answer that says
// that it is whole.
func (p *walker) walk(ctx context.Context, n int) error {
	for n == bind.AllPages || p.merge.Pages < n {
		conn, err := p.connection(ctx)
		if err != nil {
			return err
		}
		if p.flow != nil && !p.flow.pace(ctx) {
			return ctx.Err()
		}
		v, err := p.call(ctx, conn, p.req)
		if err != nil {
			return err
		}
		page := v.Object()
		if page == nil {
			return fmt.Errorf("%s answered with no page", p.req.Def().Name)
		}
		p.cache.Learn(v)
		more := p.merge.Add(page)
		if !more {
			return nil
		}
		p.progress(n)
		next, err := p.next(ctx, page)
		if next == nil || err != nil {
			return err
		}
		p.req = next
	}
	return nil
}

// progress tells how far it is, where a line can be rewritten.
func (p *walker) progress(n int) {
	text := fmt.Sprintf("page %d", p.merge.Pages)
	if n > 0 {
		text += fmt.Sprintf(" of %d", n)
	}
	text += fmt.Sprintf(": %d", p.merge.Size())
	if count, ok := p.merge.Count(); ok {
		text += fmt.Sprintf(" of %d", count)
	}
	p.countdown(text + " " + p.rule.Field)
}

// next is the request for the page behind this one, nil when that is the last.
func (p *walker) next(ctx context.Context, page *tl.Object) (*tl.Object, error) {
	items := page.At(p.rule.Field).Vector()
	if items == nil || len(items.Items) == 0 && !p.rule.ByResult() {
		return nil, nil
	}
	req, def := p.req.Clone(), p.req.Def()
	for _, n := range p.rule.Next {
		i := def.Index(n.Param)
		if i < 0 {
			continue // another layer
		}
		v, err := p.fit(ctx, n.Value(p.req, page, items.Items), def.Params[i].Type)
		if err != nil {
			return nil, err
		}
		if v.IsNone() {
			return nil, nil
		}
		req.Set(i, v)
	}
	b, err := tl.Encode(req)
	if err != nil || p.asked[string(b)] {
		return nil, err
	}
	p.asked[string(b)] = true
	return req, nil
}

// fit makes the value one of the parameter's type: a number wider, somebody
// their input form.
func (p *walker) fit(ctx context.Context, v tl.Value, t *schema.Type) (tl.Value, error) {
	switch {
	case v.IsNone():
		return v, nil
	case t.Kind == schema.KindInt || t.Kind == schema.KindLong:
		return pages.Number(v.AsLong(), t), nil
	case t.Kind != schema.KindBoxed:
		return v, nil
	}
	if v.Kind() == tl.KindLong {
		v = tl.New(p.cfg.Schema.Constructor("peerUser")).With("user_id", v).Value()
	}
	if v.Object() == nil {
		return tl.Value{}, nil
	}
	return p.answer(ctx, &bind.Hole{Kind: bind.HolePeer, Want: t, Value: v}, caller{p.Shell})
}
