// Package peers knows people: it learns users, chats and channels from every
// decoded object, keeps them in the profile's file, and answers a reference
// (@name, me, an id, a link, an object) as the TL type that is wanted.
package peers

import (
	"strings"
	"sync"
	"time"

	"tlsh/ref"
	"tlsh/store"
)

// Kind is what an Entity is.
type Kind uint8

// The kinds of an Entity.
const (
	User    Kind = iota + 1 // a person or a bot
	Chat                    // a basic group
	Channel                 // a channel or a supergroup
)

var kinds = [...]Kind{User, Chat, Channel}

// String is the kind in a word: user, chat or channel.
func (k Kind) String() string {
	switch k {
	case User:
		return ref.User
	case Chat:
		return ref.Chat
	case Channel:
		return ref.Channel
	}
	return "nobody"
}

func kindOf(of string) Kind {
	for _, k := range kinds {
		if k.String() == of {
			return k
		}
	}
	return 0
}

// Entity is what is known of a user, chat or channel. One that a Cache gave is
// not changed any more.
type Entity struct {
	Kind Kind
	ID   int64 // bare: as the constructors have it
	Hash int64 // access_hash, 0 when not known; chats have none
	// Min says that it is known from min constructors alone: Hash does not name
	// it, but the message In does (https://core.telegram.org/api/min).
	Min  bool
	In   Message
	Self bool // the signed-in user
	// Usernames are the active ones, the main one first; Inactive are those that
	// lead nowhere (https://core.telegram.org/constructor/username).
	Usernames []string
	Inactive  []string
	Phone     string    // digits
	Title     string    // a user's first and last name, or the title
	Seen      time.Time // when a server last said so, within an hour

	silent bool // the constructor cannot say usernames: those known stay
}

// Message is a message, and in whose history it is. Its zero value is none.
type Message struct {
	Kind Kind
	ID   int64 // bare
	Msg  int32
}

// Marked is the id as the Bot API and Telethon mark it: N for a user, -N for a
// basic group, -100N for a channel.
func (e *Entity) Marked() int64 { return ref.Mark(e.Kind.String(), e.ID) }

// Name is how the entity is shown: @username, else its title.
func (e *Entity) Name() string {
	if len(e.Usernames) > 0 {
		return "@" + e.Usernames[0]
	}
	return e.Title
}

// whole reports that an input object can be made of it.
func (e *Entity) whole() bool { return e != nil && !e.Min && (e.Hash != 0 || e.Kind == Chat) }

type key struct {
	kind Kind
	id   int64
}

// Cache holds entities: those met in this process in memory, those of earlier
// ones in the profile's file, if there is one. It may be used from several
// goroutines.
type Cache struct {
	now     func() time.Time
	keeper  *keeper  // nil: nothing is kept
	defs    sync.Map // of *schema.Combinator: its *fields
	mu      sync.RWMutex
	byID    map[key]*Entity
	byName  map[string]key // lower case
	byPhone map[string]key
	self    int64
	absent  map[key]bool // asked of the file in vain, to show a name
	recent  bool         // those that the file had last are here
	version uint64       // counts what was learned
}

// NewCache makes an empty cache that is kept in memory alone.
func NewCache() *Cache {
	c := &Cache{now: time.Now, absent: map[key]bool{}}
	c.clear()
	return c
}

// NewStored makes a cache that is kept in st. The file is read only for who is
// looked up, and written in the background. Close ends that; st stays open.
func NewStored(st *store.Store) *Cache {
	c := NewCache()
	c.keeper = newKeeper(st)
	return c
}

// OnError sets what is told, once, when the file cannot be read or written: the
// cache then goes on in memory. It is called from any goroutine. Without it the
// error is told by Close.
func (c *Cache) OnError(f func(error)) {
	if c.keeper != nil {
		c.keeper.tell(f)
	}
}

// Flush waits until everything learned is in the file.
func (c *Cache) Flush() {
	if c.keeper != nil {
		c.keeper.flush()
	}
}

// Close writes what is left to write. The error is what kept something from
// being written, unless OnError's function was told.
func (c *Cache) Close() error {
	if c.keeper == nil {
		return nil
	}
	return c.keeper.close()
}

func (c *Cache) clear() {
	c.byID, c.byName, c.byPhone = map[key]*Entity{}, map[string]key{}, map[string]key{}
	clear(c.absent)
}

// add takes the entity in; c.mu is held. It reports whether it said something:
// a min constructor says nothing of who is known from a full one.
func (c *Cache) add(e *Entity) bool {
	k := key{e.Kind, e.ID}
	old := c.byID[k]
	if old != nil && !old.Min && e.Min {
		return false
	}
	if e.Self && c.self != 0 && c.self != e.ID {
		// Another account: access hashes are an account's own.
		c.clear()
		old = nil
		if c.keeper != nil {
			c.keeper.drop()
		}
	}
	if old != nil {
		if e.Hash == 0 && !old.Min {
			e.Hash = old.Hash
		}
		if e.silent {
			e.Usernames, e.Inactive = old.Usernames, old.Inactive
		}
		for _, n := range old.Usernames {
			if n = store.Fold(n); c.byName[n] == k {
				delete(c.byName, n)
			}
		}
		if c.byPhone[old.Phone] == k {
			delete(c.byPhone, old.Phone)
		}
	}
	c.byID[k] = e
	delete(c.absent, k)
	for _, n := range e.Usernames {
		c.byName[store.Fold(n)] = k
	}
	if e.Phone != "" {
		c.byPhone[e.Phone] = k
	}
	if e.Self {
		c.self = e.ID
	}
	c.version++
	return true
}

// Version changes whenever somebody new, or something new of somebody, is learned.
func (c *Cache) Version() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.version
}

// peek is the entity in memory, or nil.
func (c *Cache) peek(k key) *Entity {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byID[k]
}

// Name is how an entity is shown beside its id, "" when it is not known. kind
// is "user", "chat" or "channel".
func (c *Cache) Name(kind string, id int64) string {
	k := key{kindOf(kind), id}
	c.mu.RLock()
	e, absent := c.byID[k], c.absent[k]
	c.mu.RUnlock()
	if e == nil && !absent && k.kind != 0 {
		if e = c.ByID(k.kind, id); e == nil && c.keeper != nil {
			c.mu.Lock()
			c.absent[k] = true
			c.mu.Unlock()
		}
	}
	if e == nil {
		return ""
	}
	return e.Name()
}

// contains reports that the word stands in a name, the title or the phone, or
// is the id.
func (e *Entity) contains(word string, id int64, isID bool) bool {
	if isID && (id == e.ID || id == e.Marked()) {
		return true
	}
	for _, names := range [...][]string{e.Usernames, e.Inactive} {
		for _, n := range names {
			if strings.Contains(store.Fold(n), word) {
				return true
			}
		}
	}
	return strings.Contains(store.Fold(e.Title), word) || e.Phone != "" && strings.Contains("+"+e.Phone, word)
}
