package bind

import (
	"fmt"
	"strconv"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// lookup is the value of a variable and its path. A variable that is not there
// is an error of the line; a path that leads nowhere is one of the value.
func (c *checker) lookup(n *syntax.Var) (tl.Value, bool) {
	if n.Name == "" {
		return tl.Value{}, false
	}
	v, ok := c.variable(n.Name)
	if !ok {
		if contains(c.later, n.Name) {
			c.errorf(n, "$%s is a result of this batch, and known only when all of it ran", n.Name).Partial = false
			return v, false
		}
		e := c.errorf(n, "there is no variable $%s", n.Name)
		if n.Name == "_" {
			e.Msg = "there is no last result yet: $_ is empty"
		}
		if msg, fix := Absent(c.env, n.Name); msg != "" {
			e.Msg, e.Fix = msg, fix
		}
		e.Partial = e.Partial && len(n.Path) == 0
		return v, false
	}
	if v.IsNone() {
		// What a line before will answer, or the item of a for block that is only
		// being typed.
		return v, false
	}
	w, err := Walk(v, n.Path)
	if err != nil {
		at := syntax.Node(n)
		if err.Step != nil {
			at = err.Step
		}
		e := c.errorf(at, "%s", err.Msg)
		e.Fix = err.Fix
		c.info.Local = true
		c.role(n, RoleError)
		return tl.Value{}, false
	}
	return w, true
}

func (c *checker) variableValue(n *syntax.Var, t *schema.Type, at place) tl.Value {
	c.role(n, RoleVar)
	v, ok := c.lookup(n)
	if !ok {
		c.unknown(n, t, at)
		return tl.Value{}
	}
	return c.convert(n, v, t, at)
}

// unknown leaves open what a variable will hold that is there and has no value
// yet.
func (c *checker) unknown(n *syntax.Var, t *schema.Type, at place) {
	if c.pending(n) {
		c.hole(&Hole{Kind: HoleLater, Want: t, Node: n, Text: syntax.Print(n)}, at)
	}
}

// pending reports a variable that is there and has no value yet.
func (c *checker) pending(n *syntax.Var) bool {
	v, ok := c.variable(n.Name)
	return ok && v.IsNone()
}

// convert makes a t of a value that is known, by the casts that need only the
// schema. A user, chat or channel where an input form of it is wanted becomes
// a hole, as its access hash may have to be found.
func (c *checker) convert(n syntax.Node, v tl.Value, t *schema.Type, at place) tl.Value {
	if u := inside(v.Object()); u != nil {
		v = u.Value()
	}
	switch t.Kind {
	case schema.KindInt, schema.KindLong:
		if w, done := c.group(n, v, t, at); done {
			return w
		}
		if w, ok := toNumber(v, t.Kind); ok {
			return w
		}
		if w, done := c.numberOf(n, v, t, at); done {
			return w
		}
	case schema.KindDouble:
		switch v.Kind() {
		case tl.KindDouble:
			return v
		case tl.KindInt, tl.KindLong:
			return tl.Double(float64(v.AsLong()))
		}
	case schema.KindString:
		switch v.Kind() {
		case tl.KindString:
			return v
		case tl.KindInt, tl.KindLong:
			return tl.String(strconv.FormatInt(v.AsLong(), 10))
		case tl.KindObject:
			if o := v.Object(); o.Is("textWithEntities") && o.At("entities").Vector() != nil {
				if !c.withEntities(n, o.At("entities"), at) {
					return tl.Value{}
				}
				return o.At("text")
			}
		}
	case schema.KindBytes:
		switch v.Kind() {
		case tl.KindBytes, tl.KindString:
			return tl.Bytes(v.AsBytes())
		}
	case schema.KindInt128, schema.KindInt256:
		switch b := v.AsBytes(); {
		case t.Kind == schema.KindInt128 && len(b) == 16 && v.Kind() != tl.KindString:
			return tl.Int128([16]byte(b))
		case t.Kind == schema.KindInt256 && len(b) == 32 && v.Kind() != tl.KindString:
			return tl.Int256([32]byte(b))
		}
	case schema.KindBool, schema.KindTrue:
		if v.Kind() == tl.KindBool {
			return v
		}
	case schema.KindVector:
		return c.convertVector(n, v, t, at)
	case schema.KindAny:
		switch v.Kind() {
		case tl.KindObject, tl.KindBool:
			return v
		case tl.KindVector:
			if v.Vector().Elem != nil {
				return v
			}
		}
	case schema.KindBoxed, schema.KindBare:
		return c.convertObject(n, v, t, at)
	}
	return c.refuse(n, v, t, at)
}

func (c *checker) refuse(n syntax.Node, v tl.Value, t *schema.Type, at place) tl.Value {
	where := orThis(at.path())
	what := describe(v)
	if o := v.Object(); o != nil && !o.Def().Method {
		what += ", which makes " + article(o.Def().Result.Name)
	}
	e := c.errorf(n, "%s wants %s, not %s", where, c.wants(t, at), what)
	if _, ok := n.(*syntax.Var); ok && !c.outline {
		e.Fix = c.inside(n, v, t, at)
	}
	return tl.Value{}
}

// orThis is the path of a place, or what stands for one that has none.
func orThis(path string) string {
	if path == "" {
		return "this place"
	}
	return path
}

func toNumber(v tl.Value, k schema.Kind) (tl.Value, bool) {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
	default:
		return v, false
	}
	n := v.AsLong()
	if k == schema.KindLong {
		return tl.Long(n), true
	}
	return tl.Int(int32(n)), n == int64(int32(n))
}

func (c *checker) convertVector(n syntax.Node, v tl.Value, t *schema.Type, at place) tl.Value {
	src := []tl.Value{v}
	if vec := v.Vector(); vec != nil {
		src = vec.Items
	}
	items := make([]tl.Value, len(src))
	for i, it := range src {
		items[i] = c.convert(n, it, t.Elem, at.at(i, items))
	}
	return tl.VectorOf(t.Elem, items...)
}

func (c *checker) convertObject(n syntax.Node, v tl.Value, t *schema.Type, at place) tl.Value {
	o := v.Object()
	if o != nil && !o.Def().Method {
		if t.Kind == schema.KindBare && o.Def() == t.Of || t.Kind == schema.KindBoxed && o.Def().Result.Class == t.Class {
			return v
		}
	}
	if IsPeer(t) {
		switch v.Kind() {
		case tl.KindInt, tl.KindLong:
			c.hole(&Hole{Kind: HolePeer, Want: t, Node: n, Text: strconv.FormatInt(v.AsLong(), 10)}, at)
			return tl.Value{}
		case tl.KindString:
			who := v.AsString()
			if c.python {
				who = pythonRef(who)
			}
			c.hole(&Hole{Kind: HolePeer, Want: t, Node: n, Text: who, Quoted: true}, at)
			return tl.Value{}
		case tl.KindObject:
			if peerLike(o) {
				c.hole(&Hole{Kind: HolePeer, Want: t, Node: n, Value: v}, at)
				return tl.Value{}
			}
		}
	}
	if w, done := c.cast(n, v, t, at); done {
		return w
	}
	return c.refuse(n, v, t, at)
}

// cast makes an object of another value, where it has a form that t takes.
func (c *checker) cast(n syntax.Node, v tl.Value, t *schema.Type, at place) (tl.Value, bool) {
	if t.Kind != schema.KindBoxed {
		return tl.Value{}, false
	}
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		return c.objectNumber(n, v.AsLong(), t, at)
	case tl.KindString:
		return c.objectText(n, v.AsString(), false, t, at)
	case tl.KindObject:
		if !v.Object().Def().Method {
			return c.inputForm(n, v.Object(), t, at)
		}
	case tl.KindVector, tl.KindDouble, tl.KindBool:
		if isJSON(t) {
			return c.jsonOf(n, v, t, at)
		}
	}
	return tl.Value{}, false
}

// peerLike reports an object that is, or names, somebody.
func peerLike(o *tl.Object) bool {
	def := o.Def()
	if def.Method {
		return false
	}
	switch def.Result.Name {
	case "User", "Chat", "UserFull", "ChatFull", "InputPeer", "InputUser", "InputChannel", "NotifyPeer", "InputNotifyPeer", "InputDialogPeer", "DialogPeer":
		return true
	}
	// Whatever has a peer or the id of one: messages, dialogs, participants.
	for i := range def.Params {
		switch p := &def.Params[i]; p.Name {
		case "peer", "peer_id", "chat", "full_user", "full_chat", "participant":
			if p.Type.Kind == schema.KindBoxed {
				return true
			}
		case "user_id", "chat_id", "channel_id":
			if p.Type.Kind == schema.KindLong {
				return true
			}
		}
	}
	return false
}

// numberOf makes a number of a text or an object, by what the parameter means.
func (c *checker) numberOf(n syntax.Node, v tl.Value, t *schema.Type, at place) (tl.Value, bool) {
	if v.Kind() == tl.KindString {
		return c.numberText(n, v.AsString(), t, at)
	}
	o := v.Object()
	if o == nil || o.Def().Method {
		return tl.Value{}, false
	}
	def, p := at.parameter()
	if id, ok := ownID(o, p); ok {
		return toNumber(id, t.Kind)
	}
	var id tl.Value
	var err error
	switch m := meaningOf(def, p, t); {
	case m.sense == senseStory:
		id, err = storyID(o)
	case m.sense == senseMessage, p == nil && t.Kind == schema.KindInt:
		id, err = messageID(v)
	default:
		return tl.Value{}, false
	}
	if err != nil {
		c.errorf(n, "%s wants %s: %v", orThis(at.path()), c.wants(t, at), err)
		return tl.Value{}, true
	}
	return toNumber(id, t.Kind)
}

// messageID is the id of the one message that a result holds: a message, or
// what sending one answered.
func messageID(v tl.Value) (tl.Value, error) {
	ids := map[int64]bool{}
	gatherMessages(v, ids)
	if len(ids) == 1 {
		for id := range ids {
			return tl.Int(int32(id)), nil
		}
	}
	if len(ids) == 0 {
		return tl.Value{}, fmt.Errorf("there is no message in %s", describe(v))
	}
	return tl.Value{}, fmt.Errorf("there are %d messages in %s, choose one by its path", len(ids), describe(v))
}

func gatherMessages(v tl.Value, ids map[int64]bool) {
	o := v.Object()
	if o == nil {
		return
	}
	switch o.Def().Name {
	case "message", "messageService", "messageEmpty", "updateShortSentMessage", "updateMessageID", "updateShortMessage", "updateShortChatMessage":
		ids[o.At("id").AsLong()] = true
	case "updateNewMessage", "updateNewChannelMessage", "updateNewScheduledMessage", "updateEditMessage", "updateEditChannelMessage":
		gatherMessages(o.At("message"), ids)
	case "updateShort":
		gatherMessages(o.At("update"), ids)
	case "updates", "updatesCombined":
		if vec := o.At("updates").Vector(); vec != nil {
			for _, u := range vec.Items {
				gatherMessages(u, ids)
			}
		}
	default:
		if vec := o.At("messages").Vector(); vec != nil {
			for _, m := range vec.Items {
				gatherMessages(m, ids)
			}
		}
	}
}
