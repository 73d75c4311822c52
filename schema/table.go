package schema

import "hash/maphash"

// table finds what has a name, and keeps the order in the file. It is an
// open-addressing table, a quarter of the size of a map: all of it is made at each
// start, and memory that is touched first costs more than all else there.
type table[T interface {
	comparable
	name() string
}] struct {
	list  []T
	slots []uint32 // 0, or an index into list and 1
	seed  maphash.Seed
}

func (c *Combinator) name() string { return c.Name }
func (c *Class) name() string      { return c.Name }

func (t *table[T]) find(name string) (found T) {
	if len(t.slots) == 0 {
		return found
	}
	if at := t.slots[t.slot(name)]; at != 0 {
		return t.list[at-1]
	}
	return found
}

// slot is where name is, or the free place where it belongs.
func (t *table[T]) slot(name string) uint64 {
	mask := uint64(len(t.slots) - 1)
	i := maphash.String(t.seed, name) & mask
	for t.slots[i] != 0 && t.list[t.slots[i]-1].name() != name {
		i = (i + 1) & mask
	}
	return i
}

// add adds what has a name that is not there yet.
func (t *table[T]) add(d T) {
	t.list = append(t.list, d)
	if 2*len(t.list) > len(t.slots) {
		t.grow(2 * len(t.slots))
		return
	}
	t.slots[t.slot(d.name())] = uint32(len(t.list))
}

// grow makes room for n names.
func (t *table[T]) grow(n int) {
	if len(t.slots) == 0 {
		t.seed = maphash.MakeSeed()
	}
	size := 16
	for size < 2*n {
		size *= 2
	}
	t.slots = make([]uint32, size)
	for i, d := range t.list {
		t.slots[t.slot(d.name())] = uint32(i + 1)
	}
}

// idTable is an open-addressing table: constructor ids are CRC32s, so they are
// their own hash, and a look-up costs a few nanoseconds where a map's costs
// twenty.
type idTable struct {
	slots []*Combinator
	mask  uint32
	n     int
}

func newIDTable(n int) idTable {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return idTable{slots: make([]*Combinator, size), mask: uint32(size - 1)}
}

func (t *idTable) find(id uint32) *Combinator {
	if t.slots == nil {
		return nil
	}
	for i := id & t.mask; ; i = (i + 1) & t.mask {
		c := t.slots[i]
		if c == nil || c.ID == id {
			return c
		}
	}
}

// add keeps the first definition of an id and returns it when there was one.
func (t *idTable) add(c *Combinator) (first *Combinator) {
	if 2*(t.n+1) > len(t.slots) {
		old := t.slots
		*t = newIDTable(len(old))
		for _, o := range old {
			if o != nil {
				t.add(o)
			}
		}
	}
	for i := c.ID & t.mask; ; i = (i + 1) & t.mask {
		if t.slots[i] == nil {
			t.slots[i] = c
			t.n++
			return nil
		}
		if t.slots[i].ID == c.ID {
			return t.slots[i]
		}
	}
}

func (t *idTable) replace(old, by *Combinator) {
	for i, c := range t.slots {
		if c == old {
			t.slots[i] = by
		}
	}
}
