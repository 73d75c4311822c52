package peers

import (
	"context"
	"fmt"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Caller sends a request. What it answers is learned by whoever calls.
type Caller interface {
	Call(ctx context.Context, req *tl.Object) (tl.Value, error)
}

// Error says why a reference does not name somebody who can stand there. The
// line is wrong: nothing was sent for it.
type Error struct {
	Msg string
	Fix string
}

// Error gives the message and the fix.
func (e *Error) Error() string {
	if e.Fix != "" {
		return e.Msg + " (" + e.Fix + ")"
	}
	return e.Msg
}

// Resolver answers references for one account.
type Resolver struct {
	Schema *schema.Schema
	Cache  *Cache
	Caller Caller
}

// Text answers a reference in text form as a value of want. quoted says that
// it stood in quotes. The cache is asked first, then the network; a bare name
// is never asked of the network. The error is an *Error, or the Caller's.
func (r *Resolver) Text(ctx context.Context, text string, quoted bool, want *schema.Type) (tl.Value, error) {
	p, err := parse(text, quoted)
	if err != nil {
		return tl.Value{}, &Error{Msg: err.Error()}
	}
	if p.kind == refSelf {
		return r.self(ctx, want)
	}
	e, err := r.find(ctx, p, text, want)
	if err != nil {
		return tl.Value{}, err
	}
	return r.as(e, text, want)
}

// self answers me: most types have a constructor for it that needs no id.
func (r *Resolver) self(ctx context.Context, want *schema.Type) (tl.Value, error) {
	switch want.Name {
	case "InputUser":
		return r.build("inputUserSelf"), nil
	case "InputPeer":
		return r.build("inputPeerSelf"), nil
	case "InputDialogPeer":
		return r.wrap("inputDialogPeer", r.build("inputPeerSelf")), nil
	case "InputNotifyPeer":
		return r.wrap("inputNotifyPeer", r.build("inputPeerSelf")), nil
	case "InputChannel":
		return tl.Value{}, &Error{Msg: "me is a user; a channel is wanted here"}
	}
	e := r.Cache.Self()
	if e == nil {
		def := r.Schema.Method("users.getUsers")
		if def == nil {
			return tl.Value{}, &Error{Msg: "users.getUsers is not in this layer, so who me is cannot be asked"}
		}
		vec := tl.VectorOf(r.Schema.TypeOf("InputUser"), r.build("inputUserSelf"))
		if _, err := r.ask(ctx, tl.New(def).With("id", vec)); err != nil {
			return tl.Value{}, err
		}
		if e = r.Cache.Self(); e == nil {
			return tl.Value{}, &Error{Msg: "the server did not say who me is"}
		}
	}
	return r.as(e, "me", want)
}

func (r *Resolver) ask(ctx context.Context, req *tl.Object) (tl.Value, error) {
	v, err := r.Caller.Call(ctx, req)
	if err == nil {
		r.Cache.Learn(v)
	}
	return v, err
}

func (r *Resolver) find(ctx context.Context, p ref, text string, want *schema.Type) (*Entity, error) {
	switch p.kind {
	case refUsername:
		if e := r.Cache.ByUsername(p.text); e != nil && !e.Min {
			return e, nil
		}
		return r.askFor(ctx, "contacts.resolveUsername", "username", p.text, text)
	case refPhone:
		for _, e := range r.Cache.Search("+" + p.text) {
			if e.Phone == p.text {
				return e, nil
			}
		}
		return r.askFor(ctx, "contacts.resolvePhone", "phone", p.text, text)
	case refID:
		return r.byID(p, text, want)
	case refInvite:
		return nil, &Error{Msg: fmt.Sprintf("%s is an invitation, not somebody", text), Fix: "see it with messages.checkChatInvite hash=" + p.text}
	}
	return r.bare(p.text, text)
}

// askFor resolves a name by a request that answers contacts.resolvedPeer.
func (r *Resolver) askFor(ctx context.Context, method, param, value, text string) (*Entity, error) {
	def := r.Schema.Method(method)
	if def == nil {
		return nil, &Error{Msg: fmt.Sprintf("%s is not in this layer, so %s cannot be resolved", method, text)}
	}
	v, err := r.ask(ctx, tl.New(def).With(param, tl.String(value)))
	if err != nil {
		return nil, err
	}
	kind, id := peerID(v.Object().At("peer").Object())
	if e := r.Cache.ByID(kind, id); e != nil {
		return e, nil
	}
	return nil, &Error{Msg: fmt.Sprintf("the server's answer to %s does not say who %s is", method, text)}
}

func (r *Resolver) bare(name, text string) (*Entity, error) {
	if e := r.Cache.ByUsername(name); e != nil {
		return e, nil
	}
	switch found := r.Cache.titled(name); len(found) {
	case 1:
		return found[0], nil
	case 0:
	default:
		return nil, &Error{Msg: fmt.Sprintf("%d peers are called %s", len(found), syntax.Quote(name)), Fix: "give the @username or the id"}
	}
	e := &Error{Msg: fmt.Sprintf("nobody called %s is known here", syntax.Quote(text))}
	if !strings.ContainsAny(name, " ") {
		e.Fix = "@" + name + " asks the server"
	}
	return nil, e
}

func (r *Resolver) byID(p ref, text string, want *schema.Type) (*Entity, error) {
	kinds := []Kind{User, Channel, Chat}
	if p.peer != 0 {
		kinds = []Kind{p.peer}
	}
	for _, k := range kinds {
		if e := r.Cache.ByID(k, p.id); e != nil {
			return e, nil
		}
	}
	if p.peer == Chat {
		// A basic group needs no access hash.
		return &Entity{Kind: Chat, ID: p.id}, nil
	}
	if want.Name == "Peer" && p.peer != 0 {
		return &Entity{Kind: p.peer, ID: p.id}, nil
	}
	what := "user or channel"
	if p.peer == Channel {
		what = "channel"
	}
	return nil, &Error{Msg: fmt.Sprintf("no %s with id %s is known here, and an id alone is not enough to reach one", what, text),
		Fix: "use its @username once, or give inputPeerUser(ID HASH)"}
}

// Object answers an object that is, or names, somebody as a value of want.
func (r *Resolver) Object(ctx context.Context, o *tl.Object, want *schema.Type) (tl.Value, error) {
	r.Cache.Learn(o.Value())
	name := o.Def().Name
	if e := entity(o); e != nil {
		if known := r.Cache.ByID(e.Kind, e.ID); known != nil {
			e = known
		}
		return r.as(e, name, want)
	}
	switch o.Def().Result.Name {
	case "InputPeer", "InputUser", "InputChannel":
		if strings.HasSuffix(name, "Self") {
			return r.self(ctx, want)
		}
	case "Message", "Dialog", "InputDialogPeer", "InputNotifyPeer", "DialogPeer":
		for _, field := range []string{"peer_id", "peer"} {
			if p := o.At(field).Object(); p != nil {
				return r.Object(ctx, p, want)
			}
		}
	}
	kind, id := peerID(o)
	if kind == 0 {
		return tl.Value{}, &Error{Msg: fmt.Sprintf("%s does not say who is meant", name)}
	}
	if hash := o.At("access_hash"); !hash.IsNone() {
		return r.as(&Entity{Kind: kind, ID: id, Hash: hash.AsLong()}, name, want)
	}
	e := r.Cache.ByID(kind, id)
	if e == nil {
		if kind != Chat && want.Name != "Peer" {
			return tl.Value{}, &Error{Msg: fmt.Sprintf("the %s with id %d is not known here", kind, id), Fix: "use its @username once"}
		}
		e = &Entity{Kind: kind, ID: id}
	}
	return r.as(e, name, want)
}

// peerID reads who a Peer, InputPeer, InputUser or InputChannel means.
func peerID(o *tl.Object) (Kind, int64) {
	for _, f := range []struct {
		field string
		kind  Kind
	}{{"user_id", User}, {"chat_id", Chat}, {"channel_id", Channel}} {
		if v := o.At(f.field); !v.IsNone() {
			return f.kind, v.AsLong()
		}
	}
	return 0, 0
}

// as gives the entity as a value of want.
func (r *Resolver) as(e *Entity, text string, want *schema.Type) (tl.Value, error) {
	switch want.Name {
	case "InputPeer":
		return r.inputPeer(e), nil
	case "InputDialogPeer":
		return r.wrap("inputDialogPeer", r.inputPeer(e)), nil
	case "InputNotifyPeer":
		return r.wrap("inputNotifyPeer", r.inputPeer(e)), nil
	case "Peer":
		name := "peer" + strings.ToUpper(e.Kind.String()[:1]) + e.Kind.String()[1:]
		return r.with(name, e.Kind.String()+"_id", tl.Long(e.ID)), nil
	case "InputUser":
		if e.Kind == User {
			return r.with("inputUser", "user_id", tl.Long(e.ID), "access_hash", tl.Long(e.Hash)), nil
		}
	case "InputChannel":
		if e.Kind == Channel {
			return r.with("inputChannel", "channel_id", tl.Long(e.ID), "access_hash", tl.Long(e.Hash)), nil
		}
	}
	wanted := strings.ToLower(strings.TrimPrefix(want.Name, "Input"))
	err := &Error{Msg: fmt.Sprintf("%s is a %s; a %s is wanted here", text, e.Kind, wanted)}
	if e.Kind == Chat {
		err.Msg = fmt.Sprintf("%s is a basic group; a %s is wanted here", text, wanted)
	}
	return tl.Value{}, err
}

func (r *Resolver) inputPeer(e *Entity) tl.Value {
	switch e.Kind {
	case User:
		return r.with("inputPeerUser", "user_id", tl.Long(e.ID), "access_hash", tl.Long(e.Hash))
	case Channel:
		return r.with("inputPeerChannel", "channel_id", tl.Long(e.ID), "access_hash", tl.Long(e.Hash))
	}
	return r.with("inputPeerChat", "chat_id", tl.Long(e.ID))
}

func (r *Resolver) build(name string) tl.Value { return r.with(name) }

func (r *Resolver) wrap(name string, peer tl.Value) tl.Value { return r.with(name, "peer", peer) }

// with builds a constructor of fields given by name and value. One that the
// layer lacks gives nothing, which encoding reports with its place.
func (r *Resolver) with(name string, fields ...any) tl.Value {
	def := r.Schema.Constructor(name)
	if def == nil {
		return tl.Value{}
	}
	o := tl.New(def)
	for i := 0; i+1 < len(fields); i += 2 {
		o.With(fields[i].(string), fields[i+1].(tl.Value))
	}
	return o.Value()
}
