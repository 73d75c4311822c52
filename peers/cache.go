// Package peers knows people: it learns users, chats and channels from every
// decoded object, and answers a reference (@name, me, an id, an object) as the
// TL type that is wanted.
package peers

import (
	"slices"
	"strings"
	"sync"

	"tlsh/tl"
)

// Kind is what an Entity is.
type Kind uint8

// The kinds of an Entity.
const (
	User    Kind = iota + 1 // a person or a bot
	Chat                    // a basic group
	Channel                 // a channel or a supergroup
)

// String is the kind in words.
func (k Kind) String() string {
	switch k {
	case User:
		return "user"
	case Chat:
		return "chat"
	case Channel:
		return "channel"
	}
	return "nobody"
}

// Entity is what is known of a user, chat or channel.
type Entity struct {
	Kind      Kind
	ID        int64    // bare: as the constructors have it
	Hash      int64    // access_hash, 0 when not known; chats have none
	Min       bool     // from a min constructor: Hash is not usable everywhere
	Self      bool     // the signed-in user
	Usernames []string // active ones, the main one first
	Phone     string   // digits
	Title     string   // a user's first and last name, or the title
}

// Name is how the entity is shown: @username, else its title.
func (e *Entity) Name() string {
	if len(e.Usernames) > 0 {
		return "@" + e.Usernames[0]
	}
	return e.Title
}

type key struct {
	kind Kind
	id   int64
}

// Cache holds entities. It may be used from several goroutines.
type Cache struct {
	mu     sync.RWMutex
	byID   map[key]*Entity
	byName map[string]key // lower case
	self   int64
}

// NewCache makes an empty cache.
func NewCache() *Cache {
	return &Cache{byID: map[key]*Entity{}, byName: map[string]key{}}
}

// Learn takes the users, chats and channels out of v, at any depth. A min
// constructor never replaces what a full one said.
func (c *Cache) Learn(v tl.Value) {
	var found []*Entity
	c.gather(v, &found)
	if len(found) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range found {
		c.add(e)
	}
}

func (c *Cache) gather(v tl.Value, found *[]*Entity) {
	switch v.Kind() {
	case tl.KindVector:
		items := v.Vector().Items
		if len(items) > 0 && items[0].Kind() != tl.KindObject && items[0].Kind() != tl.KindVector {
			return
		}
		for _, it := range items {
			c.gather(it, found)
		}
	case tl.KindObject:
		o := v.Object()
		if kind := kindOf(o); kind != 0 && !c.known(kind, o) {
			*found = append(*found, entity(o))
		}
		for _, f := range o.Fields() {
			if k := f.Kind(); k == tl.KindObject || k == tl.KindVector {
				c.gather(f, found)
			}
		}
	}
}

// entity is what the object says of somebody, nil when it is something else.
func entity(o *tl.Object) *Entity {
	e := &Entity{ID: o.At("id").AsLong(), Hash: o.At("access_hash").AsLong(), Min: o.At("min").AsBool()}
	e.Kind = kindOf(o)
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
	e.Usernames = usernames(o)
	return e
}

// kindOf says what the object is, 0 when it is nobody.
func kindOf(o *tl.Object) Kind {
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

// known reports that the object says nothing new, as most do.
func (c *Cache) known(kind Kind, o *tl.Object) bool {
	e := c.ByID(kind, o.At("id").AsLong())
	if e == nil || o.At("usernames").Kind() != tl.KindNone {
		return false
	}
	if o.At("min").AsBool() && !e.Min {
		return true
	}
	main := ""
	if len(e.Usernames) > 0 {
		main = e.Usernames[0]
	}
	if len(e.Usernames) > 1 || main != o.At("username").AsString() || e.Hash != o.At("access_hash").AsLong() || e.Min != o.At("min").AsBool() {
		return false
	}
	if kind != User {
		return e.Title == o.At("title").AsString()
	}
	first, last := o.At("first_name").AsString(), o.At("last_name").AsString()
	same := e.Title == first && last == ""
	if !same && first != "" && last != "" && len(e.Title) == len(first)+1+len(last) {
		same = e.Title[:len(first)] == first && e.Title[len(first)] == ' ' && e.Title[len(first)+1:] == last
	}
	return same && e.Phone == o.At("phone").AsString() && e.Self == o.At("self").AsBool()
}

func usernames(o *tl.Object) []string {
	var out []string
	if u := o.At("username").AsString(); u != "" {
		out = append(out, strings.Clone(u))
	}
	vec := o.At("usernames").Vector()
	if vec == nil {
		return out
	}
	for _, it := range vec.Items {
		u := it.Object()
		if name := u.At("username").AsString(); u.At("active").AsBool() && name != "" && !slices.Contains(out, name) {
			out = append(out, strings.Clone(name))
		}
	}
	return out
}

func (c *Cache) add(e *Entity) {
	k := key{e.Kind, e.ID}
	old := c.byID[k]
	if old != nil && !old.Min && e.Min {
		return
	}
	if old != nil {
		if e.Hash == 0 {
			e.Hash = old.Hash
		}
		for _, n := range old.Usernames {
			if c.byName[strings.ToLower(n)] == k {
				delete(c.byName, strings.ToLower(n))
			}
		}
	}
	c.byID[k] = e
	for _, n := range e.Usernames {
		c.byName[strings.ToLower(n)] = k
	}
	if e.Self {
		c.self = e.ID
	}
}

// ByID is the entity with that kind and bare id, or nil.
func (c *Cache) ByID(kind Kind, id int64) *Entity {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byID[key{kind, id}]
}

// ByUsername is the entity with that username, without @ and whatever its
// case, or nil.
func (c *Cache) ByUsername(name string) *Entity {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if k, ok := c.byName[strings.ToLower(name)]; ok {
		return c.byID[k]
	}
	return nil
}

// Self is the signed-in user, nil while it is not known.
func (c *Cache) Self() *Entity {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byID[key{User, c.self}]
}

// Name is how an entity is shown beside its id, "" when it is not known. kind
// is "user", "chat" or "channel".
func (c *Cache) Name(kind string, id int64) string {
	for _, k := range []Kind{User, Chat, Channel} {
		if k.String() == kind {
			if e := c.ByID(k, id); e != nil {
				return e.Name()
			}
		}
	}
	return ""
}

// Search lists the entities whose name, title or phone contains all the words,
// ordered by name; all of them when there are no words.
func (c *Cache) Search(words ...string) []*Entity {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []*Entity
	for _, e := range c.byID {
		hay := strings.ToLower(strings.Join(e.Usernames, " ") + " " + e.Title + " +" + e.Phone)
		if !slices.ContainsFunc(words, func(w string) bool {
			return !strings.Contains(hay, strings.ToLower(strings.TrimPrefix(w, "@")))
		}) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *Entity) int {
		if n := strings.Compare(strings.ToLower(a.Name()), strings.ToLower(b.Name())); n != 0 {
			return n
		}
		return int(a.ID - b.ID)
	})
	return out
}

// titled are the entities with exactly that title, whatever its case.
func (c *Cache) titled(title string) []*Entity {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var out []*Entity
	for _, e := range c.byID {
		if strings.EqualFold(e.Title, title) {
			out = append(out, e)
		}
	}
	return out
}
