package tl

import "unsafe"

// arena is where a decoder gets its memory from: slabs, so that an answer is few
// allocations, whose sizes follow what the input has needed up to now, so that
// little of them stays unused.
type arena struct {
	vals slab[Value] // of Objects too
	vecs slab[Vector]
}

// newArena begins with a little more than a typical answer needs: a Value for 6
// bytes, a Vector for 256.
func newArena(input int) arena {
	return arena{
		vals: slab[Value]{next: min(input/6+2, maxSlab)},
		vecs: slab[Vector]{next: min(input/256, maxSlab/16) + 1},
	}
}

// maxSlab is the most elements that are allocated before they are needed. A
// slab of so many Values fills a size class of Go's allocator.
const maxSlab = 1023

type slab[T any] struct {
	free []T
	used int // elements of former slabs
	next int // size of the next one, unless the input taught another
}

// take gives n elements. off of input bytes have been read.
func (s *slab[T]) take(n, off, input int) []T {
	if n > len(s.free) {
		s.grow(n, off, input)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

func (s *slab[T]) grow(n, off, input int) {
	size := s.next
	if s.used > 0 {
		// What remains needs as much, byte for byte, as what was read; or no more
		// than was thought at first, which is often true of the end of an answer.
		left := input - off
		read := s.used * left / (off + 1)
		size = 1 + min(read, max(read/2, s.next*left/(input+1)))
	}
	size = max(n, min(size, maxSlab))
	s.used += size
	s.free = make([]T, size)
}

// objectSize is the number of Values that an Object takes the place of.
const objectSize = int(unsafe.Sizeof(Object{}) / unsafe.Sizeof(Value{}))

// object gives an Object and the memory of n fields behind it. It is taken from
// the Values: to the garbage collector, which knows only which words are
// pointers, an Object looks like two of them.
func (a *arena) object(n, off, input int) (*Object, []Value) {
	room := a.vals.take(objectSize+n, off, input)
	o, vals := (*Object)(unsafe.Pointer(&room[0])), room[objectSize:]
	if n > 0 {
		o.vals = &vals[0]
	}
	return o, vals
}
