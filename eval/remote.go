package eval

import (
	"context"
	"fmt"

	"tlsh/bind"
	"tlsh/files"
	"tlsh/peers"
	"tlsh/ref"
	"tlsh/syntax"
	"tlsh/tl"
)

// origin asks the server anew for what a file was found in.
type origin func(ctx context.Context) (tl.Value, error)

// filesAt finds the files that an argument names: those of the photos and
// documents in a value, a location, the message or the story that a link leads
// to, the photo of somebody. There is at least one.
func (r *run) filesAt(ctx context.Context, node syntax.Node) ([]*files.Found, Status) {
	var v tl.Value
	var again origin
	var err error
	h := &bind.Hole{Kind: bind.HolePeer, Node: node}
	switch n := node.(type) {
	case *syntax.Word:
		h.Text = n.Text
	case *syntax.String:
		h.Text, h.Quoted = n.Value, true
	default:
		var st Status
		if v, st = r.evaluate(ctx, node); st != OK {
			return nil, st
		}
		if v.Kind() == tl.KindString {
			h.Text, h.Quoted, v = v.AsString(), true, tl.Value{}
		}
	}
	if v.IsNone() {
		again = func(ctx context.Context) (tl.Value, error) { return r.lookUp(ctx, h) }
		if v, err = again(ctx); err != nil {
			return nil, r.holeFailed(ctx, r.stmt, h, err)
		}
	}
	found, err := r.filesOf(ctx, v, again)
	if err != nil {
		return nil, r.holeFailed(ctx, r.stmt, h, err)
	}
	return found, OK
}

// lookUp gets what a text leads to: a message, stories, or somebody.
func (r *run) lookUp(ctx context.Context, h *bind.Hole) (tl.Value, error) {
	res := r.resolver(caller{r.Shell})
	if peer, id, ok := ref.Post(h.Text); ok {
		e, err := res.TextEntity(ctx, peer, false)
		if err != nil {
			return tl.Value{}, err
		}
		return r.messageOf(ctx, e, id)
	}
	if peer, id, ok := bind.StoryLink(h.Text); ok {
		in, err := res.Text(ctx, peer, false, r.cfg.Schema.TypeOf("InputPeer"))
		if err != nil {
			return tl.Value{}, err
		}
		return r.query(ctx, "stories.getStoriesByID", "peer", in, "id", tl.VectorOf(r.cfg.Schema.TypeOf("int"), tl.Int(id)))
	}
	e, err := who(ctx, h, res)
	if err != nil {
		return tl.Value{}, err
	}
	return r.person(ctx, e)
}

// person gets somebody as the server shows them now.
func (r *run) person(ctx context.Context, e *peers.Entity) (tl.Value, error) {
	peer := r.peerOf(e)
	method, list := "users.getUsers", "InputUser"
	in := tl.Long(e.ID)
	switch e.Kind {
	case peers.Chat:
		method, list = "messages.getChats", "long"
	case peers.Channel:
		method, list = "channels.getChannels", "InputChannel"
	}
	t := r.cfg.Schema.TypeOf(list)
	if e.Kind != peers.Chat {
		var err error
		if in, err = r.resolver(caller{r.Shell}).Object(ctx, peer, t); err != nil {
			return tl.Value{}, err
		}
	}
	v, err := r.query(ctx, method, "id", tl.VectorOf(t, in))
	if err != nil {
		return v, err
	}
	if o := v.Object(); o != nil {
		v = o.At("chats")
	}
	if vec := v.Vector(); vec != nil && len(vec.Items) == 1 {
		return vec.Items[0], nil
	}
	return tl.Value{}, &localError{fmt.Sprintf("the server does not show who %s is", e.Title)}
}

// peerOf is the Peer of an entity.
func (r *run) peerOf(e *peers.Entity) *tl.Object {
	kind := e.Kind.String()
	name := map[peers.Kind]string{peers.User: "peerUser", peers.Chat: "peerChat", peers.Channel: "peerChannel"}[e.Kind]
	return tl.New(r.cfg.Schema.Constructor(name)).With(kind+"_id", tl.Long(e.ID))
}

// messageOf gets one message of somebody's history.
func (r *run) messageOf(ctx context.Context, e *peers.Entity, id int32) (tl.Value, error) {
	t := r.cfg.Schema.TypeOf("InputMessage")
	ids := tl.VectorOf(t, tl.New(r.cfg.Schema.Constructor("inputMessageID")).With("id", tl.Int(id)).Value())
	if e.Kind != peers.Channel {
		return r.query(ctx, "messages.getMessages", "id", ids)
	}
	in, err := r.resolver(caller{r.Shell}).Object(ctx, r.peerOf(e), r.cfg.Schema.TypeOf("InputChannel"))
	if err != nil {
		return tl.Value{}, err
	}
	return r.query(ctx, "channels.getMessages", "channel", in, "id", ids)
}

// query sends a request of fields given by name and value, and learns from
// its answer.
func (r *run) query(ctx context.Context, method string, fields ...any) (tl.Value, error) {
	def := r.cfg.Schema.Method(method)
	if def == nil {
		return tl.Value{}, &localError{method + " is not in this layer"}
	}
	req := tl.New(def)
	for i := 0; i+1 < len(fields); i += 2 {
		req.With(fields[i].(string), fields[i+1].(tl.Value))
	}
	v, err := caller{r.Shell}.Call(ctx, req)
	if err == nil {
		r.cache.Learn(v)
	}
	return v, err
}

// ofMessage is how to ask again for a message.
func (r *run) ofMessage(m *tl.Object) origin {
	return func(ctx context.Context) (tl.Value, error) {
		e, err := r.resolver(caller{r.Shell}).ObjectEntity(ctx, m.At("peer_id").Object())
		if err != nil {
			return tl.Value{}, err
		}
		return r.messageOf(ctx, e, m.At("id").AsInt())
	}
}

// holders adds to by the messages in a value, by the ids of the photos and
// documents that they have.
func holders(v tl.Value, by map[int64]*tl.Object) {
	if vec := v.Vector(); vec != nil {
		for _, it := range vec.Items {
			holders(it, by)
		}
		return
	}
	o := v.Object()
	if o == nil {
		return
	}
	if o.Def().Result.Name != "Message" {
		for _, f := range o.Fields() {
			holders(f, by)
		}
		return
	}
	if o.At("peer_id").Object() != nil {
		for _, f := range bind.Files(v) {
			by[f.At("id").AsLong()] = o
		}
	}
}

// filesOf finds the files of a value.
func (r *run) filesOf(ctx context.Context, v tl.Value, again origin) ([]*files.Found, error) {
	media := bind.Files(v)
	if len(media) == 0 {
		if web := webDocuments(v, nil); len(web) > 0 {
			return r.webFiles(ctx, web)
		}
		f, err := r.otherFile(ctx, v)
		if err != nil {
			return nil, err
		}
		return []*files.Found{f}, nil
	}
	found := make([]*files.Found, len(media))
	in := map[int64]*tl.Object{}
	holders(v, in)
	for i, m := range media {
		location, err := r.location(ctx, m.Value())
		if err != nil {
			return nil, err
		}
		f := files.Find(m, location)
		from := again
		if m := in[f.ID]; from == nil && m != nil {
			from = r.ofMessage(m)
		}
		if from != nil {
			f.Refresh = r.refresh(from, f.ID, location.At("thumb_size"))
		}
		found[i] = f
	}
	return found, nil
}

// location makes an InputFileLocation of a value.
func (r *run) location(ctx context.Context, v tl.Value) (*tl.Object, error) {
	at, holes, err := bind.Cast(r.cfg.Schema, v, r.cfg.Schema.TypeOf("InputFileLocation"))
	if err != nil {
		return nil, err
	}
	for _, h := range holes {
		w, err := r.answer(ctx, h, caller{r.Shell})
		if err != nil {
			return nil, err
		}
		h.Fill(w)
	}
	return at.Object(), nil
}

// otherFile is the file of a value that shows no photo or document: a location,
// somebody with a photo of theirs, a set of stickers with a thumbnail.
func (r *run) otherFile(ctx context.Context, v tl.Value) (*files.Found, error) {
	o := v.Object()
	if o == nil {
		return nil, &localError{"there is no file in " + typeName(v)}
	}
	location, err := r.location(ctx, v)
	if err != nil {
		e, perr := r.resolver(caller{r.Shell}).ObjectEntity(ctx, o)
		if perr != nil {
			return nil, &localError{"there is no file in " + o.Def().Name}
		}
		if kind := o.Def().Result.Name; kind == "User" || kind == "Chat" {
			return nil, &localError{e.Title + " shows no photo"}
		}
		if v, err = r.person(ctx, e); err != nil {
			return nil, err
		}
		return r.otherFile(ctx, v)
	}
	return files.Find(o, location), nil
}

// refresh finds a file again, in the size that it had.
func (r *run) refresh(again origin, id int64, size tl.Value) func(context.Context) (*tl.Object, error) {
	return func(ctx context.Context) (*tl.Object, error) {
		v, err := again(ctx)
		if err != nil {
			return nil, err
		}
		for _, m := range bind.Files(v) {
			if m.At("id").AsLong() != id {
				continue
			}
			location, err := r.location(ctx, m.Value())
			if err == nil && !size.IsNone() {
				location.With("thumb_size", size)
			}
			return location, err
		}
		return nil, &localError{"the message has another file by now"}
	}
}
