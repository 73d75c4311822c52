package peers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tlsh/ref"
	"tlsh/schema"
	"tlsh/tl"
)

// Caller sends a request.
type Caller interface {
	Call(ctx context.Context, req *tl.Object) (tl.Value, error)
}

// Error says why a reference does not name somebody who can stand there. The
// line is wrong: its request was not sent.
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

// Resolver answers the references of one statement for one account: equal
// questions are asked of the server once in its life, whatever type they are
// for. It is used from one goroutine.
type Resolver struct {
	Schema *schema.Schema
	Cache  *Cache
	Caller Caller
	// Together sends several requests at once and gives what came of each; nil
	// where that cannot be done.
	Together func(ctx context.Context, reqs []*tl.Object) ([]tl.Value, []error)

	asked map[string]answer
}

// answer is what came of a question to the server.
type answer struct {
	e   *Entity
	err error
}

// subject is whom a reference means.
type subject struct {
	text string  // as messages name it
	e    *Entity // nil for the account itself, and beside fixed
	self bool
	// fixed is what means nobody in particular, or says all by itself: the …Empty
	// constructors, folders, all users at once.
	fixed *tl.Object
	// given says that e was given with its access hash, whatever that is; stub
	// that nothing but its kind and id is known.
	given, stub bool
	topic       int32 // of a forum, where notifications of one are meant; else 0
}

// Text answers a reference in text form as a value of want. quoted says that
// it stood in quotes. The cache is asked first, then the network; a bare name
// is never asked of the network. The error is an *Error, or the Caller's.
func (r *Resolver) Text(ctx context.Context, text string, quoted bool, want *schema.Type) (tl.Value, error) {
	s, err := r.text(ctx, text, quoted, wantedKind(want))
	if err != nil {
		return tl.Value{}, err
	}
	return r.give(ctx, s, want)
}

// Object answers an object that is, or names, somebody as a value of want:
// people and rooms, peers and input peers of any type, messages (where a user
// is wanted, their sender), dialogs, participants and whatever else has a peer.
func (r *Resolver) Object(ctx context.Context, o *tl.Object, want *schema.Type) (tl.Value, error) {
	r.Cache.Learn(o.Value())
	s, err := r.object(ctx, o, wantedKind(want))
	if err != nil {
		return tl.Value{}, err
	}
	return r.give(ctx, s, want)
}

// TextEntity is what is known of whom a reference in text form means, asking
// the network when that is nothing.
func (r *Resolver) TextEntity(ctx context.Context, text string, quoted bool) (*Entity, error) {
	s, err := r.text(ctx, text, quoted, 0)
	if err != nil {
		return nil, err
	}
	return r.entity(ctx, s)
}

// ObjectEntity is what is known of whom an object is, or names.
func (r *Resolver) ObjectEntity(ctx context.Context, o *tl.Object) (*Entity, error) {
	r.Cache.Learn(o.Value())
	s, err := r.object(ctx, o, 0)
	if err != nil {
		return nil, err
	}
	return r.entity(ctx, s)
}

func (r *Resolver) entity(ctx context.Context, s subject) (*Entity, error) {
	switch {
	case s.self:
		return r.me(ctx)
	case s.fixed != nil:
		return nil, &Error{Msg: fmt.Sprintf("%s means nobody in particular", s.text)}
	}
	if s.stub {
		return r.id(ctx, s.e.Kind, s.e.ID)
	}
	return r.known(s.e), nil
}

// wantedKind is the only kind that can become a want, 0 where all can.
func wantedKind(want *schema.Type) Kind {
	switch want.Name {
	case "InputUser":
		return User
	case "InputChannel":
		return Channel
	}
	return 0
}

// text finds whom a reference in text form means. kind is the only one that is
// of use, or 0.
func (r *Resolver) text(ctx context.Context, text string, quoted bool, kind Kind) (subject, error) {
	p, err := ref.Parse(text, quoted)
	if err != nil {
		e := &Error{Msg: err.Error()}
		var re *ref.Error
		if errors.As(err, &re) {
			e.Fix = re.Fix
		}
		return subject{}, e
	}
	s := subject{text: text}
	switch p.Kind {
	case ref.Self:
		s.self = true
		return s, nil
	case ref.Username:
		s.e, err = r.username(ctx, p.Text, text)
	case ref.Phone:
		if s.e = r.Cache.ByPhone(p.Text); s.e == nil {
			s.e, err = r.askFor(ctx, "contacts.resolvePhone", "phone", p.Text, text)
		}
	case ref.ID:
		s.e, s.stub = r.byID(p, text, quoted, kind)
	case ref.Invite:
		s.e, err = r.invite(ctx, p.Text, text)
	default:
		s.e, err = r.bare(p.Text, text)
	}
	return s, err
}

func (r *Resolver) username(ctx context.Context, name, text string) (*Entity, error) {
	if e := r.Cache.ByUsername(name); e != nil && !e.Min {
		return e, nil
	}
	return r.askFor(ctx, "contacts.resolveUsername", "username", name, text)
}

func (r *Resolver) bare(name, text string) (*Entity, error) {
	if e := r.Cache.ByUsername(name); e != nil {
		return e, nil
	}
	switch found := r.Cache.Titled(name); len(found) {
	case 1:
		return found[0], nil
	case 0:
	default:
		marks := make([]string, len(found))
		for i, e := range found {
			marks[i] = fmt.Sprint(e.Marked())
		}
		return nil, &Error{Msg: fmt.Sprintf("%d peers are called %q", len(found), name), Fix: "give the @username or the id: " + strings.Join(marks, ", ")}
	}
	e := &Error{Msg: fmt.Sprintf("nobody called %q is known here", text)}
	if _, err := ref.Parse("@"+name, false); err == nil {
		e.Fix = "@" + name + " asks the server"
	} else {
		e.Fix = "messages.getDialogs gets the conversations; peers lists who is known"
	}
	return nil, e
}

// byID finds who has an id. Without a mark it may be of anybody who is known;
// the server is asked for a user, as a bare id means one to Telethon.
func (r *Resolver) byID(p ref.Ref, text string, quoted bool, kind Kind) (e *Entity, stub bool) {
	of := kindOf(p.Of)
	if of != 0 {
		if e := r.Cache.ByID(of, p.ID); e != nil {
			return e, false
		}
		return &Entity{Kind: of, ID: p.ID}, true
	}
	if kind == 0 {
		kind = User
	}
	for _, k := range [...]Kind{kind, User, Channel, Chat} {
		if e := r.Cache.ByID(k, p.ID); e != nil {
			return e, false
		}
	}
	if quoted {
		if found := r.Cache.Titled(strings.TrimSpace(text)); len(found) == 1 {
			return found[0], false
		}
	}
	return &Entity{Kind: kind, ID: p.ID}, true
}

// invite finds the room that an invitation leads to, if the account is in it or
// may look at it (https://core.telegram.org/method/messages.checkChatInvite).
func (r *Resolver) invite(ctx context.Context, hash, text string) (*Entity, error) {
	return r.once("invite "+hash, func() (*Entity, error) {
		def := r.Schema.Method("messages.checkChatInvite")
		if def == nil {
			return nil, r.lacks("messages.checkChatInvite", text)
		}
		v, err := r.ask(ctx, tl.New(def).With("hash", tl.String(hash)))
		if err != nil {
			return nil, err
		}
		o := v.Object()
		if chat := o.At("chat").Object(); chat != nil {
			if e := entity(chat); e != nil {
				return r.known(e), nil
			}
		}
		what := "somewhere"
		if title := o.At("title").AsString(); title != "" {
			what = fmt.Sprintf("to %q", title)
		}
		return nil, &Error{Msg: fmt.Sprintf("%s invites %s, where you are not a member yet", text, what), Fix: "join with messages.importChatInvite hash=" + hash}
	})
}

// known is what the cache has of the entity, else the entity.
func (r *Resolver) known(e *Entity) *Entity {
	if k := r.Cache.ByID(e.Kind, e.ID); k != nil {
		return k
	}
	return e
}

// give makes a value of want of the subject.
func (r *Resolver) give(ctx context.Context, s subject, want *schema.Type) (tl.Value, error) {
	switch {
	case s.fixed != nil:
		return r.fixedAs(s, want)
	case s.self && want.Name == "Peer":
		e, err := r.me(ctx)
		if err != nil {
			return tl.Value{}, err
		}
		s.e = e
	case s.self && want.Name == "InputChannel":
		return tl.Value{}, &Error{Msg: s.text + " is a user; a channel is wanted here"}
	case s.self:
		return r.wrap(s, want, r.build(inputOf(want)+"Self")), nil
	}
	if err := wrongKind(s, want); err != nil {
		return tl.Value{}, err
	}
	if want.Name == "Peer" {
		k := s.e.Kind.String()
		return r.build("peer"+upper(k), k+"_id", tl.Long(s.e.ID)), nil
	}
	if s.stub {
		var err error
		if s.e, err = r.id(ctx, s.e.Kind, s.e.ID); err != nil {
			return tl.Value{}, err
		}
	}
	if s.e.Min {
		return r.fromMin(ctx, s, want)
	}
	return r.wrap(s, want, r.input(inputOf(want), s.e)), nil
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// inputOf begins the names of the constructors that name somebody where want
// stands: inputUser, inputChannel or inputPeer.
func inputOf(want *schema.Type) string {
	switch want.Name {
	case "InputUser":
		return "inputUser"
	case "InputChannel":
		return "inputChannel"
	}
	return "inputPeer"
}

// wrap puts an InputPeer into what is wanted around it.
func (r *Resolver) wrap(s subject, want *schema.Type, v tl.Value) tl.Value {
	switch want.Name {
	case "InputDialogPeer":
		return r.build("inputDialogPeer", "peer", v)
	case "InputNotifyPeer":
		if s.topic != 0 {
			return r.build("inputNotifyForumTopic", "peer", v, "top_msg_id", tl.Int(s.topic))
		}
		return r.build("inputNotifyPeer", "peer", v)
	}
	return v
}

// wrongKind says that somebody of another kind is wanted.
func wrongKind(s subject, want *schema.Type) error {
	kind := wantedKind(want)
	if kind == 0 || kind == s.e.Kind {
		return nil
	}
	is := "a " + s.e.Kind.String()
	if s.e.Kind == Chat {
		is = "a basic group"
	}
	return &Error{Msg: fmt.Sprintf("%s is %s; a %s is wanted here", s.text, is, kind)}
}

// input is the entity as an InputPeer, InputUser or InputChannel.
func (r *Resolver) input(base string, e *Entity) tl.Value {
	name := base
	if base == "inputPeer" {
		name += upper(e.Kind.String())
	}
	if e.Kind == Chat {
		return r.build(name, "chat_id", tl.Long(e.ID))
	}
	return r.build(name, e.Kind.String()+"_id", tl.Long(e.ID), "access_hash", tl.Long(e.Hash))
}

// fromMin names somebody who is known from min constructors alone: by a message
// that mentions them, else by their username
// (https://core.telegram.org/api/min).
func (r *Resolver) fromMin(ctx context.Context, s subject, want *schema.Type) (tl.Value, error) {
	e, base := s.e, inputOf(want)
	if e.In.Msg != 0 {
		room := r.Cache.ByID(e.In.Kind, e.In.ID)
		if room == nil && e.In.Kind == Chat {
			room = &Entity{Kind: Chat, ID: e.In.ID}
		}
		name := base + "FromMessage"
		if base == "inputPeer" {
			name = base + upper(e.Kind.String()) + "FromMessage"
		}
		if room.whole() && r.Schema.Constructor(name) != nil {
			return r.wrap(s, want, r.build(name, "peer", r.input("inputPeer", room), "msg_id", tl.Int(e.In.Msg), e.Kind.String()+"_id", tl.Long(e.ID))), nil
		}
	}
	if len(e.Usernames) > 0 {
		full, err := r.askFor(ctx, "contacts.resolveUsername", "username", e.Usernames[0], s.text)
		if err != nil {
			return tl.Value{}, err
		}
		if full.Kind == e.Kind && full.ID == e.ID && !full.Min {
			return r.wrap(s, want, r.input(base, full)), nil
		}
	}
	return tl.Value{}, &Error{
		Msg: fmt.Sprintf("%s was met only in passing: the server gave a min constructor, which has no usable access hash, and no message is known that names the %s", s.text, e.Kind),
		Fix: "read a message of theirs, as with messages.getHistory, or use a @username",
	}
}

// build makes an object of fields given by name and value. One whose
// constructor the layer lacks is nothing, which encoding reports with its place.
func (r *Resolver) build(name string, fields ...any) tl.Value {
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
