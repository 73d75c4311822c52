package bind

import (
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// wantsGroup reports a parameter that is the bare id of a basic group: the chat_id
// of a request, and the ids of messages.getChats. t is its type, or that of an
// element.
func wantsGroup(def *schema.Combinator, p *schema.Param, t *schema.Type) bool {
	return def != nil && p != nil && def.Method && t.Kind == schema.KindLong && (p.Name == "chat_id" || def.Name == "messages.getChats")
}

// group leaves the id of a basic group open to a text or an object that says which.
// A number stands for itself. done is false where none is wanted, or the value is no
// such thing.
func (c *checker) group(n syntax.Node, v tl.Value, t *schema.Type, at place) (w tl.Value, done bool) {
	if def, p := at.parameter(); !wantsGroup(def, p, t) {
		return tl.Value{}, false
	}
	_, quoted := n.(*syntax.String)
	h := &Hole{Kind: HolePeer, Want: t, Node: n, Quoted: quoted}
	switch o := v.Object(); {
	case v.Kind() == tl.KindString:
		h.Text = v.AsString()
	case o == nil || !peerLike(o) || o.Def().Result.Name == "User" || o.Def().Result.Name == "InputUser":
		return tl.Value{}, false
	case o.Is("channel") || o.Is("channelForbidden"):
		c.errorf(n, "%s wants a basic group, and this is a channel or a supergroup", orThis(at.path())).Fix = "the requests of channels.… take those"
		return tl.Value{}, true
	case o.Is("chat") || !o.At("chat_id").IsNone():
		return tl.Value{}, false // its own id is the one
	default:
		h.Value = v
	}
	c.role(n, RolePeer)
	c.hole(h, at)
	return tl.Value{}, true
}
