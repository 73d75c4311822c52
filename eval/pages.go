package eval

import (
	"context"
	"fmt"
	"math"
	"time"

	"tlsh/bind"
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
	rule, _ := bind.PagingOf(def)
	p := &walker{run: r, rule: rule, req: in.Object(), merge: newMerge(rule), asked: map[string]bool{}}
	began := time.Now()
	err := p.walk(ctx, in.Pages)
	took := time.Since(began)
	defer func() { r.tellTime(took) }() // behind what came
	r.countdown("")
	if p.merge.n == 0 {
		return r.failed(ctx, in, err)
	}
	v := p.merge.value()
	r.result(v)
	if err == nil {
		return r.finish(ctx, in, v)
	}
	return r.cutShort(ctx, in, p.merge, err)
}

// cutShort keeps what came before a page failed, or before Ctrl-C. A script
// that was interrupted still gets it where it wanted it.
func (r *run) cutShort(ctx context.Context, in *bind.Info, m *merge, err error) Status {
	v := m.value()
	if interrupted(ctx, err) {
		r.errorf("interrupted after %d pages: %d %s came, which $_ holds", m.n, m.size(), m.rule.Field)
		if !r.cfg.Interactive {
			return Worse(Interrupted, r.finish(context.WithoutCancel(ctx), in, v))
		}
		r.assign(in, v)
		return Interrupted
	}
	r.assign(in, v)
	st := r.failed(ctx, in, err)
	r.note("$_ holds the %d %s of the %d pages before", m.size(), m.rule.Field, m.n)
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
	rule  *bind.Paging
	req   *tl.Object
	merge *merge
	asked map[string]bool // the requests so far: none is sent twice
}

// walk asks for n pages, or for all. A page that is shorter than its limit is
// not taken for the end: servers leave out what one may not see. The end is a
// page with nothing new, the count that the server told, or an answer that says
// that it is whole.
func (p *walker) walk(ctx context.Context, n int) error {
	for n == bind.AllPages || p.merge.n < n {
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
		more := p.merge.add(page)
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
	text := fmt.Sprintf("page %d", p.merge.n)
	if n > 0 {
		text += fmt.Sprintf(" of %d", n)
	}
	text += fmt.Sprintf(": %d", p.merge.size())
	if count, ok := p.merge.count(); ok {
		text += fmt.Sprintf(" of %d", count)
	}
	p.countdown(text + " " + p.rule.Field)
}

// next is the request for the page behind this one, nil when that is the last.
func (p *walker) next(ctx context.Context, page *tl.Object) (*tl.Object, error) {
	items := page.At(p.rule.Field).Vector()
	if items == nil || len(items.Items) == 0 && !p.byResult() {
		return nil, nil
	}
	req, def := p.req.Clone(), p.req.Def()
	for _, n := range p.rule.Next {
		i := def.Index(n.Param)
		if i < 0 {
			continue // another layer
		}
		v, err := p.nextValue(ctx, n, &def.Params[i], page, items.Items)
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

// byResult reports that the result itself says where the next page begins, so
// that an empty page is not the end.
func (p *walker) byResult() bool {
	for _, n := range p.rule.Next {
		if n.How != bind.NextOfResult || len(n.Path) > 1 {
			return false
		}
	}
	return true
}

// nextValue is what a parameter is for the next page; none means that there is
// no next page.
func (p *walker) nextValue(ctx context.Context, n bind.NextParam, param *schema.Param, page *tl.Object, items []tl.Value) (tl.Value, error) {
	var v tl.Value
	switch n.How {
	case bind.NextCount:
		old := p.req.At(n.Param).AsLong()
		return whole(old+int64(len(items)), param.Type), nil
	case bind.NextConst:
		if n.Path[0] == "true" {
			return tl.Bool(true), nil
		}
		return whole(0, param.Type), nil
	case bind.NextOfResult:
		v = page.At(n.Path[0])
		if v.IsNone() && len(n.Path) > 1 {
			v = lastWith(items, n.Path[1:])
		}
		if v.Kind() == tl.KindString && v.AsString() == "" {
			return tl.Value{}, nil
		}
	case bind.NextDate:
		v = dateOf(page, items)
	default:
		v = lastWith(items, n.Path)
	}
	return p.fit(ctx, v, param.Type)
}

// whole is a number of the type.
func whole(n int64, t *schema.Type) tl.Value {
	if t.Kind == schema.KindInt {
		return tl.Int(int32(max(math.MinInt32, min(math.MaxInt32, n))))
	}
	return tl.Long(n)
}

// fit makes the value one of the parameter's type: a number wider, somebody
// their input form.
func (p *walker) fit(ctx context.Context, v tl.Value, t *schema.Type) (tl.Value, error) {
	switch {
	case v.IsNone():
		return v, nil
	case t.Kind == schema.KindInt || t.Kind == schema.KindLong:
		return whole(v.AsLong(), t), nil
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

// lastWith is what a path of fields leads to in the last element that has it.
func lastWith(items []tl.Value, path []string) tl.Value {
	for i := len(items) - 1; i >= 0; i-- {
		v := items[i]
		for _, name := range path {
			o := v.Object()
			if o == nil || o.Def().Index(name) < 0 {
				v = tl.Value{}
				break
			}
			v = o.At(name)
		}
		if !v.IsNone() {
			return v
		}
	}
	return tl.Value{}
}

// dateOf is the date of the last element's top message. Forum topics that are
// ordered by their creation have it themselves.
func dateOf(page *tl.Object, items []tl.Value) tl.Value {
	if page.Def().Index("order_by_create_date") >= 0 && page.At("order_by_create_date").AsBool() {
		return lastWith(items, []string{"date"})
	}
	messages := page.At("messages").Vector()
	for i := len(items) - 1; messages != nil && i >= 0; i-- {
		o := items[i].Object()
		if o == nil || o.Def().Index("top_message") < 0 {
			continue
		}
		for _, m := range messages.Items {
			mo := m.Object()
			if mo == nil || mo.Def().Index("date") < 0 || !tl.Equal(mo.At("id"), o.At("top_message")) {
				continue
			}
			if tl.Equal(mo.At("peer_id"), o.At("peer")) {
				return mo.At("date")
			}
		}
	}
	return tl.Int(0)
}
