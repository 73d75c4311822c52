package peers

import (
	"context"
	"fmt"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

func (r *Resolver) ask(ctx context.Context, req *tl.Object) (tl.Value, error) {
	v, err := r.Caller.Call(ctx, req)
	if err == nil {
		r.Cache.Learn(v)
	}
	return v, err
}

// once asks a question that was not asked before.
func (r *Resolver) once(question string, ask func() (*Entity, error)) (*Entity, error) {
	if a, ok := r.asked[question]; ok {
		return a.e, a.err
	}
	e, err := ask()
	if r.asked == nil {
		r.asked = map[string]answer{}
	}
	r.asked[question] = answer{e, err}
	return e, err
}

func (r *Resolver) lacks(method, text string) error {
	return &Error{Msg: fmt.Sprintf("%s is not in this layer, so %s cannot be resolved", method, text)}
}

// askFor resolves a name by a request that answers contacts.resolvedPeer.
func (r *Resolver) askFor(ctx context.Context, method, param, value, text string) (*Entity, error) {
	return r.once(param+" "+foldASCII(value), func() (*Entity, error) {
		def := r.Schema.Method(method)
		if def == nil {
			return nil, r.lacks(method, text)
		}
		v, err := r.ask(ctx, tl.New(def).With(param, tl.String(value)))
		if err != nil {
			return nil, err
		}
		return r.resolved(v, method, text)
	})
}

// resolved is whom a contacts.resolvedPeer names.
func (r *Resolver) resolved(v tl.Value, method, text string) (*Entity, error) {
	kind, id := peerID(v.Object().At("peer").Object())
	if e := r.Cache.ByID(kind, id); e != nil {
		return e, nil
	}
	return nil, &Error{Msg: fmt.Sprintf("the server's answer to %s does not say who %s is", method, text)}
}

// foldASCII folds the case of a username, which has no other letters.
func foldASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// me is the account itself, asked of the server when it is not known.
func (r *Resolver) me(ctx context.Context) (*Entity, error) {
	if e := r.Cache.Self(); e != nil {
		return e, nil
	}
	return r.once("me", func() (*Entity, error) {
		def := r.Schema.Method("users.getUsers")
		if def == nil {
			return nil, r.lacks("users.getUsers", "me")
		}
		vec := tl.VectorOf(r.Schema.TypeOf("InputUser"), r.build("inputUserSelf"))
		if _, err := r.ask(ctx, tl.New(def).With("id", vec)); err != nil {
			return nil, err
		}
		if e := r.Cache.Self(); e != nil {
			return e, nil
		}
		return nil, &Error{Msg: "the server did not say who me is"}
	})
}

// id finds who has a bare id of that kind and is not known. A basic group needs
// no access hash. Others are asked for with the hash 0, to which the server
// answers where the account may: to bots, and for people of the contacts.
func (r *Resolver) id(ctx context.Context, kind Kind, id int64) (*Entity, error) {
	if kind == Chat {
		return &Entity{Kind: kind, ID: id}, nil
	}
	return r.once(fmt.Sprint(kind, " ", id), func() (*Entity, error) {
		unknown := &Error{
			Msg: fmt.Sprintf("no %s with the id %d is known here, and an id alone is not enough to reach one", kind, id),
			Fix: "use the @username once, or read a conversation that they are in",
		}
		method, list, input := "users.getUsers", "InputUser", "inputUser"
		if kind == Channel {
			method, list, input = "channels.getChannels", "InputChannel", "inputChannel"
		}
		def := r.Schema.Method(method)
		if def == nil {
			return nil, unknown
		}
		vec := tl.VectorOf(r.Schema.TypeOf(list), r.build(input, kind.String()+"_id", tl.Long(id), "access_hash", tl.Long(0)))
		_, err := r.ask(ctx, tl.New(def).With("id", vec))
		if rpc, ok := tgerr.As(err); ok && (rpc.Code == 400 || rpc.Code == 403 || rpc.Code == 406) {
			unknown.Msg += ", says the server too: " + rpc.Message
			return nil, unknown
		}
		if err != nil {
			return nil, err
		}
		if e := r.Cache.ByID(kind, id); e != nil {
			return e, nil
		}
		return nil, unknown
	})
}
