package peers

import (
	"slices"
	"strings"
	"time"

	"tlsh/schema"
	"tlsh/tl"
)

// freshFor is how old what is known may be before the same is noted again, so
// that Entity.Seen is right within it.
const freshFor = time.Hour

// Learn takes the users, chats and channels out of v, at any depth. A min
// constructor never replaces what a full one said; what is known of somebody
// from min constructors alone comes with the message they were seen in
// (https://core.telegram.org/api/min). The file is written later, in the
// background.
func (c *Cache) Learn(v tl.Value) {
	l := lesson{cache: c}
	if c.keeper != nil {
		l.now = c.now()
	}
	l.gather(v)
	if len(l.found) == 0 {
		return
	}
	if l.now.IsZero() {
		l.now = c.now()
	}
	for _, e := range l.found {
		e.Seen = l.now
	}
	l.context(v)
	l.account()
	c.mu.Lock()
	l.found = slices.DeleteFunc(l.found, func(e *Entity) bool { return !c.add(e) })
	c.mu.Unlock()
	if c.keeper != nil {
		c.keeper.put(l.found)
	}
}

// account makes sure that, when the account itself is found, it is known who it
// was in the file: what another account knew is of no use.
func (l *lesson) account() {
	for _, e := range l.found {
		if e.Self && l.cache.keeper != nil {
			l.cache.Self()
			return
		}
	}
}

// lesson is one value to learn from.
type lesson struct {
	cache *Cache
	now   time.Time // the zero time where nothing is kept: Seen then need not follow
	found []*Entity
}

func (l *lesson) gather(v tl.Value) {
	switch v.Kind() {
	case tl.KindVector:
		items := v.Vector().Items
		if len(items) > 0 && items[0].Kind() != tl.KindObject && items[0].Kind() != tl.KindVector {
			return
		}
		for _, it := range items {
			l.gather(it)
		}
	case tl.KindObject:
		o := v.Object()
		if kind := entityKind(o); kind != 0 && !l.known(kind, o) {
			l.found = append(l.found, entity(o))
		}
		for _, f := range o.Fields() {
			if k := f.Kind(); k == tl.KindObject || k == tl.KindVector {
				l.gather(f)
			}
		}
	}
}

// entityKind says who the object is, 0 when it is nobody.
func entityKind(o *tl.Object) Kind {
	switch o.Def().Name {
	case "user":
		return User
	case "chat", "chatForbidden":
		return Chat
	case "channel", "channelForbidden":
		return Channel
	}
	return 0
}

// entity is what the object says of somebody, nil when it is something else.
func entity(o *tl.Object) *Entity {
	e := &Entity{
		Kind: entityKind(o), ID: o.At("id").AsLong(), Hash: o.At("access_hash").AsLong(), Min: o.At("min").AsBool(),
		silent: o.Def().Index("username") < 0,
	}
	// Strings are copied: a decoded one would keep the whole answer in memory.
	switch e.Kind {
	case User:
		e.Self = o.At("self").AsBool()
		e.Phone = strings.Clone(o.At("phone").AsString())
		e.Title = strings.TrimSpace(o.At("first_name").AsString() + " " + o.At("last_name").AsString())
	case Chat, Channel:
		e.Title = strings.Clone(o.At("title").AsString())
	default:
		return nil
	}
	e.names(o)
	return e
}

// names reads username, which is an active one, and usernames, which has the
// others too.
func (e *Entity) names(o *tl.Object) {
	if u := o.At("username").AsString(); u != "" {
		e.Usernames = append(e.Usernames, strings.Clone(u))
	}
	vec := o.At("usernames").Vector()
	if vec == nil {
		return
	}
	for _, it := range vec.Items {
		u := it.Object()
		list := &e.Inactive
		if u.At("active").AsBool() {
			list = &e.Usernames
		}
		if name := u.At("username").AsString(); name != "" && !slices.Contains(*list, name) {
			*list = append(*list, strings.Clone(name))
		}
	}
}

// fields are where a definition has what is looked at for every person of every
// result: finding them by name each time would be most of the work. -1 is nowhere.
type fields struct {
	id, hash, min, self, phone, first, last, title, username, usernames int
}

func (c *Cache) fieldsOf(def *schema.Combinator) *fields {
	if f, ok := c.defs.Load(def); ok {
		return f.(*fields)
	}
	f, _ := c.defs.LoadOrStore(def, &fields{
		id: def.Index("id"), hash: def.Index("access_hash"), min: def.Index("min"), self: def.Index("self"), phone: def.Index("phone"),
		first: def.Index("first_name"), last: def.Index("last_name"), title: def.Index("title"),
		username: def.Index("username"), usernames: def.Index("usernames"),
	})
	return f.(*fields)
}

// field is the i-th field of o, nothing where i is nowhere.
func field(o *tl.Object, i int) tl.Value {
	if i < 0 {
		return tl.Value{}
	}
	return o.Field(i)
}

// known reports that the object says nothing new, as most do. It allocates
// nothing.
func (l *lesson) known(kind Kind, o *tl.Object) bool {
	f := l.cache.fieldsOf(o.Def())
	e := l.cache.peek(key{kind, field(o, f.id).AsLong()})
	if e == nil || !l.now.IsZero() && l.now.Sub(e.Seen) > freshFor {
		return false
	}
	min := field(o, f.min).AsBool()
	switch {
	case min && !e.Min:
		return true
	case min && e.In == Message{}:
		return false // the message it comes with may name it
	case min != e.Min || e.Hash != field(o, f.hash).AsLong() || !e.named(o, f):
		return false
	case kind != User:
		return e.Title == field(o, f.title).AsString()
	}
	first, last := field(o, f.first).AsString(), field(o, f.last).AsString()
	same := e.Title == first && last == ""
	if !same && first != "" && last != "" && len(e.Title) == len(first)+1+len(last) {
		same = e.Title[:len(first)] == first && e.Title[len(first)] == ' ' && e.Title[len(first)+1:] == last
	}
	return same && e.Phone == field(o, f.phone).AsString() && e.Self == field(o, f.self).AsBool()
}

// named reports that the object says the usernames that the entity has.
func (e *Entity) named(o *tl.Object, f *fields) bool {
	if f.username < 0 {
		return true
	}
	active, inactive := e.Usernames, e.Inactive
	if u := field(o, f.username).AsString(); u != "" {
		if len(active) == 0 || active[0] != u {
			return false
		}
		active = active[1:]
	}
	if vec := field(o, f.usernames).Vector(); vec != nil {
		for _, it := range vec.Items {
			u := it.Object()
			list := &inactive
			if u.At("active").AsBool() {
				list = &active
			}
			name := u.At("username").AsString()
			if len(*list) > 0 && (*list)[0] == name {
				*list = (*list)[1:]
			} else if list != &active || len(e.Usernames) == 0 || e.Usernames[0] != name {
				return false
			}
		}
	}
	return len(active)+len(inactive) == 0
}

// context notes, for those found who are known from a min constructor alone, a
// message of v that mentions them.
func (l *lesson) context(v tl.Value) {
	wanted := map[key]*Entity{}
	for _, e := range l.found {
		if e.Min {
			wanted[key{e.Kind, e.ID}] = e
		}
	}
	if len(wanted) > 0 {
		mentions(v, Message{}, wanted)
	}
}

// mentions walks v; in is the message around it.
func mentions(v tl.Value, in Message, wanted map[key]*Entity) {
	switch v.Kind() {
	case tl.KindVector:
		for _, it := range v.Vector().Items {
			mentions(it, in, wanted)
		}
	case tl.KindObject:
		o := v.Object()
		if o.Def().Result.Name == "Message" {
			if kind, id := peerID(o.At("peer_id").Object()); kind != 0 {
				in = Message{kind, id, o.At("id").AsInt()}
			}
		}
		if in.Msg != 0 {
			if kind, id := peerID(o); kind != 0 {
				mention(key{kind, id}, in, wanted)
			}
			if bot := o.At("via_bot_id").AsLong(); bot != 0 {
				mention(key{User, bot}, in, wanted)
			}
		}
		for _, f := range o.Fields() {
			if k := f.Kind(); k == tl.KindObject || k == tl.KindVector {
				mentions(f, in, wanted)
			}
		}
	}
}

func mention(k key, in Message, wanted map[key]*Entity) {
	// Who is found in their own history is not named by it.
	if e := wanted[k]; e != nil && k != (key{in.Kind, in.ID}) {
		e.In = in
	}
}
