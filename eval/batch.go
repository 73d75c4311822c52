package eval

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/bind"
	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/tl"
)

// batch sends the requests of a batch together. Everything is checked and
// every reference resolved before anything leaves.
func (r *run) batch(ctx context.Context, in *bind.Info) Status {
	reqs := make([]*tl.Object, len(in.Batch))
	for i, el := range in.Batch {
		reqs[i] = el.Value
	}
	if len(reqs) == 0 {
		// A for block inside expanded to nothing.
		return r.finish(ctx, in, batchValue(nil))
	}
	if r.dryRun(in) {
		return r.rehearse(ctx, in, reqs, in.Ordered)
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
	r.remember(in, reqs[len(reqs)-1], in.Holes)
	began := time.Now()
	outs, err := conn.Batch(ctx, reqs, client.BatchOptions{Ordered: in.Ordered, OnFlood: r.sleepFlood})
	if err != nil {
		return r.failed(ctx, in, err)
	}
	took := time.Since(began)
	v := batchValue(outs)
	for i, o := range outs {
		if o.State != mtproto.Done {
			continue
		}
		r.cache.Learn(o.Value)
		if name := in.Batch[i].Name; name != "" {
			r.set(name, o.Value)
		}
	}
	r.set("_", v)
	r.results.add(v)
	status := r.finish(ctx, in, v)
	status = Worse(status, r.summary(ctx, outs))
	r.tellTime(took)
	return status
}

// batchValue is the batch's value: {"_":"batch","results":[…]}.
func batchValue(outs []client.Outcome) tl.Value {
	s := schema.Shell()
	items := make([]tl.Value, len(outs))
	for i, o := range outs {
		items[i] = outcomeValue(s, o)
	}
	return tl.New(s.Constructor("batch")).With("results", tl.VectorOf(s.TypeOf("Object"), items...)).Value()
}

func outcomeValue(s *schema.Schema, o client.Outcome) tl.Value {
	var rpc *tgerr.Error
	switch {
	case o.State == mtproto.Done && !o.Value.IsNone():
		return o.Value
	case errors.As(o.Err, &rpc) && o.State == mtproto.Failed:
		return rpcValue(rpc)
	case o.State == mtproto.NotRun:
		return tl.New(s.Constructor("not_run")).Value()
	}
	return tl.New(s.Constructor("unknown")).Value()
}

// rpcValue is a failed request's document.
func rpcValue(e *tgerr.Error) tl.Value {
	return tl.New(schema.Shell().Constructor("rpc_error")).
		With("error_code", tl.Int(int32(e.Code))).With("error_message", tl.String(e.Message)).Value()
}

// summary tells how many succeeded and why the others did not.
func (r *run) summary(ctx context.Context, outs []client.Outcome) Status {
	good := 0
	var bad []string // by their places in $_, as the tree has them
	var first error
	for i, o := range outs {
		if o.State == mtproto.Done && o.Err == nil {
			good++
			continue
		}
		if first == nil {
			first = o.Err
		}
		if len(bad) < 10 {
			bad = append(bad, fmt.Sprintf("results[%d] %s", i, outcomeText(o)))
		}
	}
	if good == len(outs) {
		if r.cfg.Interactive {
			r.note("%d of %d succeeded", good, len(outs))
		}
		return OK
	}
	if more := len(outs) - good - len(bad); more > 0 {
		bad = append(bad, fmt.Sprintf("and %d more", more))
	}
	r.errorf("%d of %d succeeded; %s", good, len(outs), strings.Join(bad, ", "))
	if ctx.Err() != nil {
		return Interrupted
	}
	var rpc *tgerr.Error
	if !errors.As(first, &rpc) {
		return statusOf(first)
	}
	return Failed
}

func outcomeText(o client.Outcome) string {
	var rpc *tgerr.Error
	switch {
	case errors.As(o.Err, &rpc) && o.State == mtproto.Failed:
		return rpc.Message
	case o.State == mtproto.NotRun:
		return "not run"
	case o.State == mtproto.Arrived:
		return "done, its result was lost"
	case o.State == mtproto.Unknown:
		return "outcome unknown"
	}
	return o.Err.Error()
}
