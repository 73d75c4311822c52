package tl

// arena is where a decoder gets its memory from: slabs, so that an answer is few
// allocations, whose sizes follow what the input has needed up to now, so that
// little of them stays unused.
type arena struct {
	objs slab[Object]
	vecs slab[Vector]
	vals slab[Value]
	// stack gathers fields whose number is not known beforehand.
	stack stack
}

// newArena begins with a little more than a typical answer needs: an Object for
// 36 bytes, a Value for 9, a Vector for 200.
func newArena(input int) arena {
	return arena{
		objs: slab[Object]{next: min(input/36, 128) + 1},
		vecs: slab[Vector]{next: min(input/200, 128) + 1},
		vals: slab[Value]{next: min(input/9, 128) + 2},
	}
}

// maxSlab is the most elements that are allocated before they are needed.
const maxSlab = 512

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
		// What remains needs as much, byte for byte, as what was read.
		size = 1 + s.used*(input-off)/(off+1)
	}
	size = max(n, min(size, maxSlab))
	s.used += size
	s.free = make([]T, size)
}

// stack is a stack of Values whose beginning needs no allocation.
type stack struct {
	n    int
	room [48]Value
	more []Value // what does not fit in room
}

func (s *stack) push(v Value) {
	if s.n < len(s.room) {
		s.room[s.n] = v
	} else {
		s.more = append(s.more, v)
	}
	s.n++
}

// pop takes the topmost len(out) values away, in the order they were pushed.
func (s *stack) pop(out []Value) {
	base := s.n - len(out)
	s.n = base
	if base < len(s.room) {
		out = out[copy(out, s.room[base:]):]
		base = len(s.room)
	}
	base -= len(s.room)
	copy(out, s.more[base:])
	s.more = s.more[:base]
}
