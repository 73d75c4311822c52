package sandbox

import (
	"fmt"
	"slices"

	"tlsh/schema"
	"tlsh/tl"
)

// needed are the constructors that answers are built of. A schema that lacks
// one cannot be served.
var needed = [...]string{
	"user", "userEmpty", "chatForbidden", "channelForbidden", "peerUser", "peerChat", "peerChannel",
	"message", "messageEmpty", "messageReplyHeader", "messageFwdHeader", "messageEntityMentionName",
	"updates", "updateShortSentMessage", "updateMessageID", "updateNewMessage", "updateNewChannelMessage",
	"updateEditMessage", "updateEditChannelMessage", "updateDeleteMessages", "updateDeleteChannelMessages",
	"updateReadHistoryInbox", "updateReadHistoryOutbox", "updateReadChannelInbox",
	"messages.messages", "messages.messagesSlice", "messages.channelMessages", "messages.messagesNotModified",
	"messages.dialogs", "messages.dialogsSlice", "messages.dialogsNotModified", "dialog", "peerNotifySettings",
	"messages.affectedMessages", "messages.chats", "messages.chatFull", "messages.peerDialogs",
	"chatFull", "channelFull", "photoEmpty", "chatAdminRights",
	"chatParticipants", "chatParticipant", "chatParticipantCreator", "chatParticipantAdmin",
	"users.userFull", "userFull", "peerSettings", "contacts.resolvedPeer", "contacts.contacts",
	"contacts.contactsNotModified", "contact", "config", "dcOption", "nearestDc",
	"updates.state", "updates.difference", "updates.differenceSlice", "updates.differenceEmpty", "updates.differenceTooLong",
	"updates.channelDifference", "updates.channelDifferenceEmpty", "updates.channelDifferenceTooLong",
	"auth.sentCode", "auth.sentCodeTypeApp", "auth.authorization", "auth.loggedOut",
}

// speaks tells whether the schema has what answers are built of.
func speaks(s *schema.Schema) error {
	for _, name := range needed {
		if s.Constructor(name) == nil {
			return fmt.Errorf("sandbox: layer %d has no constructor %s, of which answers are built", s.Layer, name)
		}
	}
	return nil
}

// viewer sees the world as one person does.
type viewer struct {
	*world
	me *person
}

func (w *world) new(name string) *tl.Object { return tl.New(w.schema.Constructor(name)) }

// vector makes a Vector of the boxed type called class.
func (w *world) vector(class string, items []tl.Value) tl.Value {
	return tl.VectorOf(w.schema.TypeOf(class), items...)
}

func (w *world) peerValue(p peer) tl.Value {
	switch p.kind {
	case userPeer:
		return w.new("peerUser").With("user_id", tl.Long(p.id)).Value()
	case chatPeer:
		return w.new("peerChat").With("chat_id", tl.Long(p.id)).Value()
	case channelPeer:
		return w.new("peerChannel").With("channel_id", tl.Long(p.id)).Value()
	}
	return tl.Value{}
}

// peerOf reads a Peer.
func peerOf(v tl.Value) peer {
	o := v.Object()
	switch {
	case o.Is("peerUser"):
		return peer{userPeer, o.At("user_id").AsLong()}
	case o.Is("peerChat"):
		return peer{chatPeer, o.At("chat_id").AsLong()}
	case o.Is("peerChannel"):
		return peer{channelPeer, o.At("channel_id").AsLong()}
	}
	return peer{}
}

// user is how the viewer sees a person. Contacts have the names under which they
// were saved; who is blocked is not shown when somebody was online.
func (v viewer) user(p *person) tl.Value {
	o := v.withNames(p.def.Clone(), p.peer).With("access_hash", tl.Long(accessHash(p.seed, v.me)))
	if p == v.me {
		o.With("self", tl.Bool(true))
	}
	if !v.knowsNumber(p) {
		o.With("phone", tl.Value{})
	}
	if k := v.me.contacts[p.id]; k != nil {
		k.name(o.With("contact", tl.Bool(true)).With("mutual_contact", tl.Bool(p.contacts[v.me.id] != nil)))
	}
	if p.blocks(v.me) {
		o.With("status", tl.Value{})
	} else {
		o.With("status", v.status(p))
	}
	v.showPhoto(o, p)
	v.showStories(o, p.peer)
	if p.bot != nil && p.bot.owner == v.me {
		o.With("bot_can_edit", tl.Bool(true))
	}
	return o.Value()
}

// chat is how the viewer sees a basic group or a channel
// (https://core.telegram.org/api/channel).
func (v viewer) chat(r *room) tl.Value {
	m, left := r.member(v.me), slices.Contains(r.left, v.me)
	if r.kind == chatPeer {
		return v.group(r, m, left)
	}
	hash := tl.Long(accessHash(r.seed, v.me))
	b := v.ban(r, v.me)
	if r.closed || m == nil && (b.kicked() || !left && !v.public(r)) {
		o := v.new("channelForbidden").With("broadcast", r.def.At("broadcast")).With("megagroup", r.def.At("megagroup")).
			With("id", tl.Long(r.id)).With("access_hash", hash).With("title", r.def.At("title"))
		if b.kicked() && b.rights.At("until_date").AsInt() > 0 {
			o.With("until_date", b.rights.At("until_date"))
		}
		return o.Value()
	}
	return v.openRoom(r).Value()
}

// openRoom is how the viewer sees a channel that is not closed to them.
func (v viewer) openRoom(r *room) *tl.Object {
	hash := tl.Long(accessHash(r.seed, v.me))
	o := v.withNames(r.def.Clone(), r.peer).With("participants_count", tl.Int(int32(len(r.members)))).With("access_hash", hash)
	if r.slow > 0 {
		o.With("slowmode_enabled", tl.Bool(true))
	}
	v.showStories(o, r.peer)
	if r.discussion != nil {
		o.With("has_link", tl.Bool(true))
	}
	if b := v.ban(r, v.me); b != nil {
		o.With("banned_rights", b.rights.Value())
	}
	return v.standing(o, r, r.member(v.me))
}

// group is how the viewer sees a basic group: who was removed from it knows
// but its title.
func (v viewer) group(r *room, m *member, left bool) tl.Value {
	if m == nil && (!left || r.closed) {
		return v.new("chatForbidden").With("id", tl.Long(r.id)).With("title", r.def.At("title")).Value()
	}
	o := r.def.Clone().With("participants_count", tl.Int(int32(len(r.members))))
	if to := o.At("migrated_to").Object(); to != nil {
		if ch := v.room[peer{channelPeer, to.At("channel_id").AsLong()}]; ch != nil {
			o.With("migrated_to", to.Clone().With("access_hash", tl.Long(accessHash(ch.seed, v.me))).Value())
		}
	}
	return v.standing(o, r, m).Value()
}

// standing says what the viewer is in a room.
func (v viewer) standing(o *tl.Object, r *room, m *member) *tl.Object {
	if p := v.shownPhoto(r.peer); p != nil {
		o.With("photo", v.new("chatPhoto").With("photo_id", tl.Long(p.id)).With("dc_id", v.fileDC(p.dc)).Value())
	}
	switch {
	case m == nil:
		o.With("left", tl.Bool(true))
	case m.creator:
		o.With("creator", tl.Bool(true)).With("admin_rights", v.adminRights(r, m).Value())
	case m.rights != nil:
		o.With("admin_rights", m.rights.Value())
	}
	return o
}

// message is how the viewer sees an entry of one of their boxes, or of a
// channel's.
func (v viewer) message(e *entry) tl.Value {
	o := e.base.Clone()
	b := v.me.box
	if e.to.kind == channelPeer {
		b = v.room[e.to].box
	}
	with := e.with(v.me)
	out := e.author == v.me && e.post == nil
	o.With("id", tl.Int(e.id)).With("peer_id", v.peerValue(with)).With("date", tl.Int(e.date)).With("out", tl.Bool(out))
	switch {
	case e.to.kind == channelPeer && v.room[e.to].broadcast():
		o.With("post", tl.Bool(true))
	case with.kind == userPeer && !out:
		// In a private chat peer_id says who wrote what comes in.
	case e.post != nil:
		// The copy of a channel's post in the discussion group is the channel's.
		o.With("from_id", v.peerValue(e.post.to))
	default:
		o.With("from_id", v.peerValue(e.author.peer))
	}
	if with == v.me.peer && o.At("saved_peer_id").IsNone() {
		o.With("saved_peer_id", v.peerValue(with))
	}
	if e.reply != nil {
		head := o.At("reply_to").Object()
		if head == nil {
			head = v.new("messageReplyHeader")
		}
		if id := e.reply.idIn(b); id != 0 {
			o.With("reply_to", v.inTopic(head.Clone().With("reply_to_msg_id", tl.Int(id)), e).Value())
		} else {
			o.With("reply_to", tl.Value{})
		}
	}
	v.marks(o, e, with)
	for _, name := range [...]string{"media", "action"} {
		if f := o.At(name); !f.IsNone() {
			o.With(name, v.files(f))
		}
	}
	return o.Value()
}

// update is how the viewer is told of a change of a box; channel is nil for
// their own box.
func (v viewer) update(ev event, channel *room) tl.Value {
	var o *tl.Object
	switch ev.kind {
	case eventNew, eventEdit:
		name := [2][2]string{{"updateNewMessage", "updateEditMessage"}, {"updateNewChannelMessage", "updateEditChannelMessage"}}
		own := 0
		if channel != nil {
			own = 1
		}
		o = v.new(name[own][ev.kind]).With("message", v.message(ev.entry))
	case eventDelete:
		o = v.new("updateDeleteMessages")
		if channel != nil {
			o = v.new("updateDeleteChannelMessages").With("channel_id", tl.Long(channel.id))
		}
		o.With("messages", ints(v.schema, ev.ids))
	case eventReadIn:
		o = v.new("updateReadHistoryInbox").With("peer", v.peerValue(ev.with)).With("max_id", tl.Int(ev.max)).
			With("still_unread_count", tl.Int(ev.still))
	case eventReadOut:
		o = v.new("updateReadHistoryOutbox").With("peer", v.peerValue(ev.with)).With("max_id", tl.Int(ev.max))
	case eventOther:
		o = ev.tell(v, channel)
	}
	return o.With("pts", tl.Int(ev.pts)).With("pts_count", tl.Int(ev.count)).Value()
}

func ints(s *schema.Schema, ids []int32) tl.Value {
	items := make([]tl.Value, len(ids))
	for i, id := range ids {
		items[i] = tl.Int(id)
	}
	return tl.VectorOf(s.TypeOf("int"), items...)
}

// updates puts the list into an updates container with everybody it refers to.
// seq is 0: none of it is counted by seq, only by pts.
func (v viewer) updates(date int32, list ...tl.Value) *tl.Object {
	o := v.new("updates").With("updates", v.vector("Update", list)).With("date", tl.Int(date)).With("seq", tl.Int(0))
	return v.complete(o)
}

// complete sets users and chats of an answer to everybody that the rest of it
// refers to.
func (v viewer) complete(o *tl.Object, also ...peer) *tl.Object {
	g := gathering{world: v.world, seen: make(map[peer]bool)}
	for _, p := range also {
		g.add(p)
	}
	g.walk(o.Value())
	users := make([]tl.Value, 0, len(g.people))
	for _, p := range g.people {
		users = append(users, v.user(p))
	}
	chats := make([]tl.Value, 0, len(g.rooms))
	for _, r := range g.rooms {
		chats = append(chats, v.chat(r))
	}
	return o.With("users", v.vector("User", users)).With("chats", v.vector("Chat", chats))
}

// gathering finds who is referred to.
type gathering struct {
	*world
	seen   map[peer]bool
	people []*person
	rooms  []*room
}

func (g *gathering) add(p peer) {
	if g.seen[p] || p.id == 0 {
		return
	}
	g.seen[p] = true
	if p.kind == userPeer {
		if who := g.byID[p.id]; who != nil {
			g.people = append(g.people, who)
		}
	} else if r := g.room[p]; r != nil {
		g.rooms = append(g.rooms, r)
		if to := r.def.At("migrated_to").Object(); to != nil {
			g.add(peer{channelPeer, to.At("channel_id").AsLong()})
		}
	}
}

func (g *gathering) walk(v tl.Value) {
	if vec := v.Vector(); vec != nil {
		for _, it := range vec.Items {
			g.walk(it)
		}
		return
	}
	o := v.Object()
	if o == nil {
		return
	}
	params := o.Def().Params
	for i, f := range o.Fields() {
		switch f.Kind() {
		case tl.KindObject, tl.KindVector:
			g.walk(f)
			if ids := f.Vector(); ids != nil && (params[i].Name == "users" || params[i].Name == "recent_requesters") {
				for _, id := range ids.Items {
					g.add(peer{userPeer, id.AsLong()})
				}
			}
		case tl.KindLong:
			switch params[i].Name {
			case "user_id", "inviter_id", "via_bot_id", "bot_id", "promoted_by", "kicked_by", "admin_id", "approved_by", "new_creator_id":
				g.add(peer{userPeer, f.AsLong()})
			case "chat_id", "migrated_from_chat_id":
				g.add(peer{chatPeer, f.AsLong()})
			case "channel_id", "linked_chat_id", "broadcast_id":
				g.add(peer{channelPeer, f.AsLong()})
			}
		}
	}
}
