package peers

import (
	"context"
	"fmt"
	"strings"

	"tlsh/schema"
	"tlsh/tl"
)

// object finds whom an object is, or names. kind is the only one that is of
// use, or 0.
func (r *Resolver) object(ctx context.Context, o *tl.Object, kind Kind) (subject, error) {
	s := subject{text: o.Def().Name}
	if e := entity(o); e != nil {
		s.e = r.known(e)
		return s, nil
	}
	switch name := o.Def().Name; {
	case fixed(name):
		s.fixed = o
		return s, nil
	case name == "inputPeerSelf" || name == "inputUserSelf":
		s.self = true
		return s, nil
	case strings.HasPrefix(name, "input") && strings.HasSuffix(name, "FromMessage"):
		return r.inputFromMessage(ctx, o)
	case o.Def().Result.Name == "Message":
		return r.message(o, kind)
	}
	// What holds a peer, or somebody whole.
	for _, field := range [...]string{"peer_id", "peer", "chat", "full_user", "full_chat", "participant", "user"} {
		if p := o.At(field).Object(); p != nil {
			inner, err := r.object(ctx, p, kind)
			if err == nil && inner.fixed == nil {
				inner.text, inner.topic = s.text, o.At("top_msg_id").AsInt()
				if p.Def().Result.Name != "Peer" {
					inner.text = p.Def().Name
				}
			}
			return inner, err
		}
	}
	of, id := peerID(o)
	if of == 0 {
		return s, &Error{Msg: fmt.Sprintf("%s does not say who is meant", s.text)}
	}
	if hash := o.At("access_hash"); !hash.IsNone() {
		s.e, s.given = &Entity{Kind: of, ID: id, Hash: hash.AsLong()}, true
		return s, nil
	}
	if s.e = r.Cache.ByID(of, id); s.e == nil {
		s.e, s.stub = &Entity{Kind: of, ID: id}, true
	}
	return s, nil
}

// fixed lists what means nobody in particular.
func fixed(name string) bool {
	switch name {
	case "inputPeerEmpty", "inputUserEmpty", "inputChannelEmpty", "dialogPeerFolder", "inputDialogPeerFolder",
		"notifyUsers", "notifyChats", "notifyBroadcasts", "inputNotifyUsers", "inputNotifyChats", "inputNotifyBroadcasts":
		return true
	}
	return false
}

// fixedAs gives what means nobody in particular as a want.
func (r *Resolver) fixedAs(s subject, want *schema.Type) (tl.Value, error) {
	name := s.fixed.Def().Name
	switch {
	case strings.HasSuffix(name, "Empty"):
		if v := r.build(inputOf(want) + "Empty"); want.Name != "Peer" && !v.IsNone() {
			return r.wrap(s, want, v), nil
		}
	case strings.HasSuffix(name, "Folder") && want.Name == "InputDialogPeer":
		return r.build("inputDialogPeerFolder", "folder_id", s.fixed.At("folder_id")), nil
	case strings.Contains(strings.ToLower(name), "notify") && want.Name == "InputNotifyPeer":
		return r.build("inputNotify" + name[strings.Index(strings.ToLower(name), "notify")+len("notify"):]), nil
	}
	return tl.Value{}, &Error{Msg: fmt.Sprintf("%s means nobody in particular, and %s is wanted here", name, want.Name)}
}

// message means the conversation that it is in; where a user is wanted and the
// conversation is not with one, its sender.
func (r *Resolver) message(o *tl.Object, kind Kind) (subject, error) {
	s := subject{text: o.Def().Name}
	peer, id := peerID(o.At("peer_id").Object())
	if from, fromID := peerID(o.At("from_id").Object()); kind == User && peer != User && from != 0 {
		s.text = "the sender of this message"
		s.e = r.Cache.ByID(from, fromID)
		if s.e == nil {
			s.e = &Entity{Kind: from, ID: fromID, Min: true, In: Message{peer, id, o.At("id").AsInt()}}
		}
		return s, nil
	}
	if peer == 0 {
		return s, &Error{Msg: fmt.Sprintf("this %s does not say in which conversation it is", s.text)}
	}
	if s.e = r.Cache.ByID(peer, id); s.e == nil {
		s.e, s.stub = &Entity{Kind: peer, ID: id}, true
	}
	return s, nil
}

// inputFromMessage reads inputPeerUserFromMessage and its like.
func (r *Resolver) inputFromMessage(ctx context.Context, o *tl.Object) (subject, error) {
	s := subject{text: o.Def().Name}
	kind, id := peerID(o)
	if s.e = r.Cache.ByID(kind, id); s.e != nil && !s.e.Min {
		return s, nil
	}
	room, err := r.object(ctx, o.At("peer").Object(), 0)
	if err != nil {
		return s, err
	}
	in := Message{Msg: o.At("msg_id").AsInt()}
	if room.e != nil {
		in.Kind, in.ID = room.e.Kind, room.e.ID
	}
	s.e = &Entity{Kind: kind, ID: id, Min: true, In: in}
	return s, nil
}

// peerID reads who a Peer, InputPeer, InputUser, InputChannel or something else
// with an id of somebody means; o may be nil.
func peerID(o *tl.Object) (Kind, int64) {
	if o == nil {
		return 0, 0
	}
	switch o.Def().Name {
	case "userFull", "userEmpty":
		return User, o.At("id").AsLong()
	case "chatFull", "chatEmpty":
		return Chat, o.At("id").AsLong()
	case "channelFull":
		return Channel, o.At("id").AsLong()
	}
	for _, f := range [...]struct {
		field string
		kind  Kind
	}{{"user_id", User}, {"chat_id", Chat}, {"channel_id", Channel}} {
		if v := o.At(f.field); v.Kind() == tl.KindLong {
			return f.kind, v.AsLong()
		}
	}
	return 0, 0
}
