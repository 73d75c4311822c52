package eval

import (
	"context"
	"fmt"
	"strings"

	"tlsh/bind"
	"tlsh/peers"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// peer gives what is known of somebody, asking the network when that is
// nothing, or the input object for them: the counterparts of Telethon's
// get_entity and get_input_entity.
func (r *run) peer(ctx context.Context, call *syntax.Call) Status {
	want, st := r.peerWords(call)
	if st != OK {
		return st
	}
	h, st := r.reference(ctx, call.Args[0].Value)
	if st != OK {
		return st
	}
	res := r.resolver(caller{r.Shell})
	if want != nil {
		h.Want = want
		v, err := r.answerBy(ctx, h, res)
		if err != nil {
			return r.holeFailed(ctx, r.stmt, h, err)
		}
		r.result(v)
		return r.finish(ctx, r.stmt, v)
	}
	e, err := who(ctx, h, res)
	if err != nil {
		return r.holeFailed(ctx, r.stmt, h, err)
	}
	v := peerValue(e)
	r.result(v)
	return r.finish(ctx, r.stmt, v)
}

// peerWords reads REF, or REF as TYPE; the type is nil where none is named.
func (r *run) peerWords(call *syntax.Call) (*schema.Type, Status) {
	words := r.words(call)
	switch {
	case len(words) == 1 && call.Args[0].Name == nil:
		return nil, OK
	case len(words) != 3 || words[1] != "as":
		e := &syntax.Error{Span: call.Span(), Msg: "want peer REF, or peer REF as TYPE"}
		if len(words) > 1 {
			e.Fix = "quote a name or a number with spaces"
		}
		r.diagnose(e)
		return nil, Usage
	}
	t := r.cfg.Schema.TypeOf(words[2])
	if !bind.IsPeer(t) {
		e := &syntax.Error{Span: call.Args[2].Span(), Msg: render.Escape(words[2]) + " is no type that a reference can become"}
		names := bind.PeerTypes()
		if e.Fix = "one of " + strings.Join(names, ", "); syntax.Suggest(words[2], names) != "" {
			e.Fix = "did you mean " + syntax.Suggest(words[2], names) + "?"
		}
		r.diagnose(e)
		return nil, Usage
	}
	return t, OK
}

// reference is what stands for somebody, as a hole: a text, or an object that a
// variable or a constructor gives.
func (r *run) reference(ctx context.Context, node syntax.Node) (*bind.Hole, Status) {
	h := &bind.Hole{Kind: bind.HolePeer, Node: node}
	switch n := node.(type) {
	case *syntax.String:
		h.Text, h.Quoted = n.Value, true
		return h, OK
	case *syntax.Word:
		if h.Text = n.Text; r.cfg.Schema.Constructor(n.Text) == nil {
			return h, OK
		}
	}
	v, st := r.evaluate(ctx, node)
	if st != OK {
		return nil, st
	}
	switch v.Kind() {
	case tl.KindObject:
		h.Value = v
	case tl.KindString:
		h.Text, h.Quoted = v.AsString(), true
	case tl.KindInt, tl.KindLong:
		h.Text = fmt.Sprint(v.AsLong())
	default:
		return nil, r.usage(node, "this is nobody: it is %s", typeName(v))
	}
	return h, OK
}

// maxPeers is how many peers a list of them shows.
const maxPeers = 1000

// peers lists who is known: a table for people, a Vector of documents for
// machines and for what follows.
func (r *run) peers(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	found, more := r.cache.Search(words, maxPeers)
	if more {
		r.note("more than %d are known: these are the first; add words to narrow it", maxPeers)
	}
	items := make([]tl.Value, len(found))
	for i, e := range found {
		items[i] = peerValue(e)
	}
	v := tl.VectorOf(schema.Shell().TypeOf("KnownPeer"), items...)
	switch {
	case !r.bare():
		return r.finish(ctx, r.stmt, v)
	case len(items) > 0:
		return r.showTable(ctx, v)
	case len(words) == 0:
		r.note("nobody was met so far: results and updates bring people")
	default:
		r.note("nobody of those met so far is called so; contacts.search asks the server")
	}
	return OK
}

// peerValue is what is known of somebody as a document.
func peerValue(e *peers.Entity) tl.Value {
	s := schema.Shell()
	o := tl.New(s.Constructor("peer")).
		With("self", tl.Bool(e.Self)).With("min", tl.Bool(e.Min)).With("kind", tl.String(e.Kind.String())).
		With("id", tl.Long(e.ID)).With("marked_id", tl.Long(e.Marked())).With("title", tl.String(e.Title)).
		With("usernames", texts(s, e.Usernames)).With("seen_at", tl.Int(int32(max(e.Seen.Unix(), 0))))
	if e.Hash != 0 {
		o.With("access_hash", tl.Long(e.Hash))
	}
	if len(e.Inactive) > 0 {
		o.With("inactive_usernames", texts(s, e.Inactive))
	}
	if e.Phone != "" {
		o.With("phone", tl.String(e.Phone))
	}
	return o.Value()
}

func texts(s *schema.Schema, list []string) tl.Value {
	items := make([]tl.Value, len(list))
	for i, t := range list {
		items[i] = tl.String(t)
	}
	return tl.VectorOf(s.TypeOf("string"), items...)
}
