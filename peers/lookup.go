package peers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tlsh/store"
)

// ByID is the entity with that kind and bare id, or nil. The file is asked when
// memory does not know it well enough to name it.
func (c *Cache) ByID(kind Kind, id int64) *Entity {
	e := c.peek(key{kind, id})
	if c.keeper == nil || e.whole() {
		return e
	}
	kept, ok := read(c, func(s *store.Store) (store.Entity, bool, error) { return s.Entity(uint8(kind), id) })
	if !ok {
		return e
	}
	return c.adopt(kept)
}

// ByUsername is the entity with that username, without @ and whatever its
// case, or nil.
func (c *Cache) ByUsername(name string) *Entity {
	return c.find(func() (key, bool) { k, ok := c.byName[store.Fold(name)]; return k, ok },
		func(s *store.Store) (store.Entity, bool, error) { return s.Username(name) },
		func(e *Entity) bool {
			return slices.ContainsFunc(e.Usernames, func(n string) bool { return strings.EqualFold(n, name) })
		})
}

// ByPhone is the user with that number, in digits, or nil.
func (c *Cache) ByPhone(digits string) *Entity {
	return c.find(func() (key, bool) { k, ok := c.byPhone[digits]; return k, ok },
		func(s *store.Store) (store.Entity, bool, error) { return s.Phone(digits) },
		func(e *Entity) bool { return e.Phone == digits })
}

// Self is the signed-in user, nil while it is not known.
func (c *Cache) Self() *Entity {
	return c.find(func() (key, bool) { return key{User, c.self}, c.self != 0 },
		(*store.Store).Self, func(e *Entity) bool { return e.Self })
}

// find looks into memory, then into the file. still says whether an entity is
// the one that is looked for, since memory may know better than the file.
func (c *Cache) find(memory func() (key, bool), file func(*store.Store) (store.Entity, bool, error), still func(*Entity) bool) *Entity {
	c.mu.RLock()
	k, ok := memory()
	c.mu.RUnlock()
	if ok {
		return c.ByID(k.kind, k.id)
	}
	if c.keeper == nil {
		return nil
	}
	if kept, ok := read(c, file); ok {
		if e := c.adopt(kept); still(e) {
			return e
		}
	}
	return nil
}

// adopt takes in what the file has of somebody, unless memory knows better.
func (c *Cache) adopt(kept store.Entity) *Entity {
	e := unpack(kept)
	k := key{e.Kind, e.ID}
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.byID[k]
	switch {
	case old == nil:
	case old.Min && !e.Min:
	case old.Min != e.Min || !e.Seen.After(old.Seen):
		if old.Hash != 0 || e.Min {
			return old
		}
		// A full constructor without its access hash: the file remembers it.
		known := *old
		known.Hash, e = e.Hash, &known
	}
	c.add(e)
	return e
}

// Titled are the entities with exactly that title, whatever its case: at most
// a few.
func (c *Cache) Titled(title string) []*Entity {
	const most = 10
	fold := store.Fold(title)
	if c.keeper != nil {
		c.Flush()
		kept, ok := read(c, func(s *store.Store) ([]store.Entity, bool, error) {
			list, err := s.Titled(title, most)
			return list, true, err
		})
		if ok {
			return unpackAll(kept)
		}
	}
	return c.filter(func(e *Entity) bool { return store.Fold(e.Title) == fold }, most)
}

// Search lists the entities in whose usernames, title or phone each of the
// words stands, or whose bare or marked id it is, ordered by title; everybody
// when there are no words. more says that there are others beyond the limit.
func (c *Cache) Search(words []string, limit int) (found []*Entity, more bool) {
	ok := false
	if c.keeper != nil {
		c.Flush()
		var kept []store.Entity
		kept, ok = read(c, func(s *store.Store) ([]store.Entity, bool, error) {
			list, err := s.Search(words, limit+1)
			return list, true, err
		})
		found = unpackAll(kept)
	}
	if !ok {
		found = c.filter(matcher(words), limit+1)
	}
	if len(found) > limit {
		return found[:limit], true
	}
	return found, false
}

func matcher(words []string) func(*Entity) bool {
	return func(e *Entity) bool {
		for _, w := range words {
			id, err := strconv.ParseInt(w, 10, 64)
			if !e.contains(store.Fold(strings.TrimPrefix(w, "@")), id, err == nil) {
				return false
			}
		}
		return true
	}
}

// Known are the entities at hand without a search: those met in this process,
// and some of those that earlier ones met last. They are ordered by title.
func (c *Cache) Known() []*Entity {
	const few = 500
	c.mu.Lock()
	first := c.keeper != nil && !c.recent
	c.recent = true
	c.mu.Unlock()
	if first {
		kept, _ := read(c, func(s *store.Store) ([]store.Entity, bool, error) {
			list, err := s.Recent(few)
			return list, true, err
		})
		for _, e := range kept {
			c.adopt(e)
		}
	}
	return c.filter(func(*Entity) bool { return true }, -1)
}

// filter gives those in memory that match, ordered by title, up to a limit that
// is not negative.
func (c *Cache) filter(match func(*Entity) bool, limit int) []*Entity {
	c.mu.RLock()
	var out []*Entity
	for _, e := range c.byID {
		if match(e) {
			out = append(out, e)
		}
	}
	c.mu.RUnlock()
	slices.SortFunc(out, func(a, b *Entity) int {
		if n := strings.Compare(store.Fold(a.Title), store.Fold(b.Title)); n != 0 {
			return n
		}
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	if limit >= 0 && len(out) > limit {
		out = out[:limit]
	}
	return out
}

// read asks the file; an error is told, and is no answer.
func read[T any](c *Cache, ask func(*store.Store) (T, bool, error)) (T, bool) {
	var none T
	st := c.keeper.file()
	if st == nil {
		return none, false
	}
	v, ok, err := ask(st)
	if err != nil {
		c.keeper.fail(err)
		return none, false
	}
	return v, ok
}

func unpackAll(list []store.Entity) []*Entity {
	out := make([]*Entity, len(list))
	for i, e := range list {
		out[i] = unpack(e)
	}
	return out
}

// unpack makes an Entity of a row.
func unpack(k store.Entity) *Entity {
	e := &Entity{
		Kind: Kind(k.Kind), ID: k.ID, Hash: k.Hash, Min: k.Min, In: Message{Kind(k.In.Kind), k.In.ID, k.In.Msg},
		Self: k.Self, Phone: k.Phone, Title: k.Title, Seen: k.Seen,
	}
	for _, u := range k.Usernames {
		if u.Active {
			e.Usernames = append(e.Usernames, u.Name)
		} else {
			e.Inactive = append(e.Inactive, u.Name)
		}
	}
	return e
}

// pack makes a row of an Entity.
func pack(e *Entity) store.Entity {
	k := store.Entity{
		Kind: uint8(e.Kind), ID: e.ID, Hash: e.Hash, Min: e.Min, In: store.Message{Kind: uint8(e.In.Kind), ID: e.In.ID, Msg: e.In.Msg},
		Self: e.Self, Phone: e.Phone, Title: e.Title, Seen: e.Seen,
	}
	if e.silent && len(e.Usernames)+len(e.Inactive) == 0 {
		return k // those in the file stay
	}
	k.Usernames = make([]store.Username, 0, len(e.Usernames)+len(e.Inactive))
	for _, n := range e.Usernames {
		k.Usernames = append(k.Usernames, store.Username{Name: n, Active: true})
	}
	for _, n := range e.Inactive {
		k.Usernames = append(k.Usernames, store.Username{Name: n})
	}
	return k
}
