package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"tlsh/tl"
)

// complete checks that an answer, and every container in it, describes everybody
// whom it refers to. It knows who is meant by the schema's names alone, not by
// how the sandbox gathers them.
func (l *lab) complete(what string, v tl.Value) {
	for _, missing := range undescribed(v) {
		l.t.Errorf("%s: %s", what, missing)
	}
}

// namesOf says what the numbers in these fields are the ids of, beside those
// called user_id, chat_id and channel_id.
var namesOf = map[string]string{
	"inviter_id": "user", "admin_id": "user", "promoted_by": "user", "kicked_by": "user", "approved_by": "user",
	"new_creator_id": "user", "manager_id": "user", "recent_requesters": "user", "users": "user", "previous_users": "user",
	"close_friends": "user", "linked_chat_id": "channel", "migrated_from_chat_id": "chat", "broadcast_id": "channel",
	"personal_channel_id": "channel", "linked_monoforum_id": "channel",
}

// idKind is whose id a field holds: user, chat, channel, or "".
func idKind(field string) string {
	switch kind, ok := strings.CutSuffix(field, "_id"); {
	case ok && (kind == "user" || kind == "chat" || kind == "channel"):
		return kind
	case strings.HasSuffix(field, "bot_id"):
		return "user"
	}
	return namesOf[field]
}

// container is an object with users or chats: what stands in it refers to them.
type container struct {
	have  map[string]bool // user5, chat7, channel9
	kinds string          // which it can hold
	wrong []string
}

// undescribed lists who is referred to and not described, or described twice. A
// reference belongs to the innermost container around it that can hold such a
// one; what stands in none, as a short update, needs no description, nor what has
// an access hash with it, as an InputChannel.
func undescribed(v tl.Value) (wrong []string) {
	var walk func(path string, v tl.Value, around []*container)
	walk = func(path string, v tl.Value, around []*container) {
		if vec := v.Vector(); vec != nil {
			for i, it := range vec.Items {
				walk(fmt.Sprintf("%s[%d]", path, i), it, around)
			}
		}
		o := v.Object()
		if o == nil || strings.HasPrefix(o.Def().Name, "input") {
			return
		}
		if c := containerOf(o); c != nil {
			around = append(around[:len(around):len(around)], c)
			for _, twice := range c.wrong {
				wrong = append(wrong, path+"."+twice+" stands there twice")
			}
		}
		for i, f := range o.Fields() {
			name := o.Def().Params[i].Name
			ids := []tl.Value{f}
			if vec := f.Vector(); vec != nil {
				ids = vec.Items
			}
			for _, id := range ids {
				kind := idKind(name)
				if kind == "" || id.Kind() != tl.KindLong || id.AsLong() == 0 {
					continue
				}
				if key := fmt.Sprint(kind, id.AsLong()); !described(around, kind, key) {
					wrong = append(wrong, fmt.Sprintf("%s.%s names %s, who is missing from users and chats", path, name, key))
				}
			}
			walk(path+"."+name, f, around)
		}
	}
	walk("", v, nil)
	return wrong
}

func described(around []*container, kind, key string) bool {
	for i := len(around) - 1; i >= 0; i-- {
		if strings.Contains(around[i].kinds, kind) {
			return around[i].have[key]
		}
	}
	return true
}

// containerOf reads users and chats of an object; nil for one without. Vectors of
// ids that are called so are no descriptions.
func containerOf(o *tl.Object) *container {
	c := &container{have: map[string]bool{}}
	for _, list := range [...]string{"users", "chats"} {
		p := o.Def().Param(list)
		if p == nil || p.Type.Elem == nil || p.Type.Elem.Name != "User" && p.Type.Elem.Name != "Chat" {
			continue
		}
		if c.kinds += " user"; list == "chats" {
			c.kinds += " chat channel"
		}
		vec := o.At(list).Vector()
		if vec == nil {
			continue
		}
		for _, it := range vec.Items {
			kind := "user"
			if name := it.Object().Def().Name; strings.HasPrefix(name, "chat") {
				kind = "chat"
			} else if strings.HasPrefix(name, "channel") {
				kind = "channel"
			}
			key := fmt.Sprint(kind, it.Object().At("id").AsLong())
			if c.have[key] {
				c.wrong = append(c.wrong, key)
			}
			c.have[key] = true
		}
	}
	if c.kinds == "" {
		return nil
	}
	return c
}

// TestContract: the check itself finds what is missing, in a container inside
// another one, too.
func TestContract(t *testing.T) {
	l := newLab(t, Config{})
	w := l.world
	read := func(id int64) tl.Value {
		return w.new("updateReadHistoryOutbox").With("peer", w.peerValue(peer{userPeer, id})).
			With("max_id", tl.Int(1)).With("pts", tl.Int(1)).With("pts_count", tl.Int(1)).Value()
	}
	user := func(id int64) tl.Value { return w.new("user").With("id", tl.Long(id)).Value() }
	updates := func(users []tl.Value, list ...tl.Value) *tl.Object {
		return w.new("updates").With("updates", w.vector("Update", list)).With("users", w.vector("User", users)).
			With("chats", w.vector("Chat", nil)).With("date", tl.Int(1)).With("seq", tl.Int(0))
	}
	for _, c := range []struct {
		v    tl.Value
		want int
	}{
		{updates([]tl.Value{user(5)}, read(5)).Value(), 0},
		{updates([]tl.Value{user(5)}, read(6)).Value(), 1},
		{updates([]tl.Value{user(5), user(5)}, read(5)).Value(), 1},
		{w.new("messages.invitedUsers").With("updates", updates(nil, read(6)).Value()).With("missing_invitees", w.vector("MissingInvitee", nil)).Value(), 1},
		{w.new("updateShort").With("update", read(6)).With("date", tl.Int(1)).Value(), 0},
	} {
		if got := undescribed(c.v); len(got) != c.want {
			t.Errorf("%s: want %d complaints, got %q", show(c.v), c.want, got)
		}
	}
}
