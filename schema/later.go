package schema

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// later reads what definitions say when one of them is first asked for. A start
// needs some hundred of the 2461, and to read them all took a third of its time.
type later struct {
	mu     sync.Mutex
	reader *reader // nil where all was read at once
}

// readLater reads a file that is known to be in order, with a definition or a comment
// in each of its lines, as Read does, but leaves what the definitions say until they
// are asked for.
func readLater(file, src string) *Schema {
	r := newReader(file, src, Options{Trusted: true})
	r.s.rest.reader = r
	r.defs = make([]Combinator, strings.Count(src, ";"))
	for number := 1; src != ""; number++ {
		line, rest, _ := strings.Cut(src, "\n")
		switch src = rest; {
		case line == "":
		case strings.HasPrefix(line, "//"):
			r.layer(line)
		case strings.HasPrefix(line, "---"):
			r.section(0, line)
		default:
			r.outline(number, strings.TrimSuffix(line, ";"))
		}
	}
	return r.s
}

// finish gives c with all that its definition says.
func (s *Schema) finish(c *Combinator) *Combinator {
	if c == nil || c.read.Load() != 0 {
		return c
	}
	s.rest.mu.Lock()
	defer s.rest.mu.Unlock()
	if c.read.Load() == 0 {
		s.rest.reader.finish(c)
	}
	return c
}

// finished gives list with all that its definitions say.
func (s *Schema) finished(list []*Combinator) []*Combinator {
	for _, c := range list {
		s.finish(c)
	}
	return list
}

// finishAll reads what is left.
func (s *Schema) finishAll() {
	s.finished(s.constructors.list)
	s.finished(s.methods.list)
}

// vectorOf is the one type of this spelling, a Vector of elem.
func (s *Schema) vectorOf(spelling string, elem *Type) *Type {
	s.rest.mu.Lock()
	defer s.rest.mu.Unlock()
	t := s.types[spelling]
	if t == nil {
		t = &Type{Kind: KindVector, Name: spelling, Elem: elem}
		s.types[spelling] = t
	}
	return t
}

// outline takes from a definition its name, its id and its result, by which it is
// found.
func (r *reader) outline(number int, text string) {
	w, _, _ := strings.Cut(text, " ")
	name, hex, declared := strings.Cut(w, "#")
	c := r.combinator()
	c.Name, c.Declared, c.Method, c.text, c.schema = name, declared, r.functions, text, r.s
	if id, _ := strconv.ParseUint(hex, 16, 32); declared {
		c.ID = uint32(id)
	} else {
		c.ID = c.CRC()
	}
	c.Line = number
	c.Result = r.typ(text[strings.LastIndex(text, " = ")+3:], true)
	r.enter(c)
}

// finish reads what outline left out of c, and of the constructors that its bare
// types are.
func (r *reader) finish(c *Combinator) {
	todo := []*Combinator{c}
	for i := 0; i < len(todo); i++ {
		c := todo[i]
		_, _, at := word(c.text, 0)
		r.parameters(c, 0, c.text, at)
		r.plan(c)
		for _, t := range r.bare {
			if r.bind(t); t.Of.read.Load() == 0 && !slices.Contains(todo, t.Of) {
				todo = append(todo, t.Of)
			}
		}
		r.bare = r.bare[:0]
	}
	for _, c := range todo {
		c.read.Store(1)
	}
}
