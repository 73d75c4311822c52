// Package schema holds TL definitions: it reads TL files of any layer, and
// carries the current layer and MTProto's own schema inside. TL names stay TL
// strings everywhere; what a definition means is in its Combinator, Param and
// Type, which the codec, the checker and the views are driven by.
package schema

import (
	"strings"
	"sync"
	"sync/atomic"
)

// VectorID is the constructor id of a boxed vector:
// vector#1cb5c415 {t:Type} # [ t ] = Vector t.
const VectorID = 0x1cb5c415

// BoolTrueID and BoolFalseID are the two constructors of Bool. TrueID is the
// constructor of True, which appears on the wire only when boxed.
const (
	BoolTrueID  = 0x997275b5
	BoolFalseID = 0xbc799737
	TrueID      = 0x3fedd339
)

// MaxParams is the largest number of parameters that a definition may have.
// The largest of layer 228, channelFull, has 69.
const MaxParams = 128

// MaxFlags is the largest number of # parameters that a definition may have.
// Layer 228 has definitions with two.
const MaxFlags = 8

// Kind tells how a value of a Type is laid out on the wire.
type Kind uint8

// The kinds of a Type.
const (
	KindInvalid Kind = iota
	KindInt          // int: 4 bytes
	KindLong         // long: 8 bytes
	KindDouble       // double: 8 bytes, IEEE 754
	KindString       // string: length, bytes, padding to 4
	KindBytes        // bytes: laid out as string
	KindInt128       // int128: 16 bytes
	KindInt256       // int256: 32 bytes
	KindTrue         // true: nothing on the wire, its flag says it all
	KindBool         // Bool: one of two constructor ids
	KindFlags        // #: 4 bytes, computed from the parameters that hang on it
	KindVector       // Vector<t>, or with Bare vector<t>: no constructor id
	KindBoxed        // a constructor of Class, its id first
	KindBare         // the parameters of Constructor without its id
	KindAny          // !X, X or Object: any boxed value
)

// Type is the type of a parameter or a result.
type Type struct {
	Kind  Kind
	Bare  bool        // KindVector: without constructor id and boxed elements
	Name  string      // as TL spells it: InputPeer, Vector<long>, %Message, !X
	Elem  *Type       // KindVector: the element's type
	Class *Class      // KindBoxed: the TL type
	Of    *Combinator // KindBare: the one constructor
}

// String is the type as TL spells it.
func (t *Type) String() string {
	if t == nil {
		return "nothing"
	}
	return t.Name
}

// Class is a TL type: a name and the constructors that make values of it.
// (It is called so because Go and TL both use "type" for other things too.)
type Class struct {
	Name   string
	Type   *Type         // the boxed type of this name
	makers []*Combinator // in the order of the file
	schema *Schema
}

// Constructors are what makes values of the class, in the order of the file.
func (c *Class) Constructors() []*Combinator { return c.schema.finished(c.makers) }

// Enum reports that no constructor of the class has parameters.
func (c *Class) Enum() bool {
	for _, k := range c.Constructors() {
		if len(k.Params) > 0 {
			return false
		}
	}
	return len(c.makers) > 0
}

// Param is one parameter of a definition, in the order of the wire.
type Param struct {
	Name string
	Type *Type
	// Flag is the index, in the definition's Params, of the # parameter that
	// says whether this one is present, and Bit the bit in it (0 to 31).
	// Flag is -1 for a parameter that is always there. Word is the ordinal of
	// that # parameter (or of this one, if it is one) among the definition's.
	Flag int
	Bit  int
	Word int
	// Mask holds, for a # parameter, the bits that some parameter hangs on.
	Mask uint32
	// What follows is for the codec. Kind is the Type's. Run counts the required
	// parameters of the same Kind from this one on, at least 1. Bits is the bit of Plan.Mask that the parameter hangs
	// on, 0 if there is none.
	Kind Kind
	Run  uint8
	Bits uint64
}

// Optional reports that a flag decides whether the parameter is present.
func (p *Param) Optional() bool { return p.Flag >= 0 }

// Combinator is a definition: a constructor of a type, or a method.
type Combinator struct {
	Name     string
	ID       uint32
	Params   []Param
	Result   *Type
	Method   bool
	Declared bool   // the id stands in the file; otherwise it is the CRC32
	Generic  string // the type variable of {X:Type}, without braces
	Line     int    // in its file, from 1
	Plan     Plan   // for the codec
	schema   *Schema
	text     string
	read     atomic.Uint32 // 1 once Params, Generic and Plan are there
}

// Index is the position of the parameter called name, or -1.
func (c *Combinator) Index(name string) int {
	for i := range c.Params {
		if c.Params[i].Name == name {
			return i
		}
	}
	return -1
}

// Param is the parameter called name, or nil.
func (c *Combinator) Param(name string) *Param {
	if i := c.Index(name); i >= 0 {
		return &c.Params[i]
	}
	return nil
}

// Schema is the schema that the definition belongs to.
func (c *Combinator) Schema() *Schema { return c.schema }

// Namespace is the part of the name before its dot, or "".
func (c *Combinator) Namespace() string {
	if i := strings.IndexByte(c.Name, '.'); i >= 0 {
		return c.Name[:i]
	}
	return ""
}

// String is the definition as its file has it, on one line, without comments.
func (c *Combinator) String() string {
	return strings.Join(strings.Fields(c.text), " ")
}

// Schema is a set of definitions. What it says is not changed after it was read,
// and it may be used from several goroutines.
type Schema struct {
	// Layer is the API layer, 0 when neither the file nor the caller said it
	// (MTProto's own schema has none).
	Layer int

	constructors table[*Combinator]
	methods      table[*Combinator]
	classes      table[*Class]
	ids          idTable

	rest  later
	types map[string]*Type // by their spelling, but base types and those of classes

	named struct {
		once sync.Once
		defs map[string][]*Combinator
	}
}

// Constructors are all of them, in the order of the file.
func (s *Schema) Constructors() []*Combinator { return s.finished(s.constructors.list) }

// Methods are all of them, in the order of the file.
func (s *Schema) Methods() []*Combinator { return s.finished(s.methods.list) }

// Classes are the TL types, in the order in which the definitions that make or
// return them stand in the file, or in which they are mentioned first.
func (s *Schema) Classes() []*Class {
	s.finishAll()
	return s.classes.list
}

// Named are the definitions whose name is this one when namespaces, capitals
// and underscores do not count, constructors first.
func (s *Schema) Named(name string) []*Combinator {
	s.named.once.Do(func() {
		s.named.defs = make(map[string][]*Combinator, len(s.constructors.list)+len(s.methods.list))
		for _, list := range [][]*Combinator{s.constructors.list, s.methods.list} {
			for _, c := range list {
				key := foldName(c.Name)
				s.named.defs[key] = append(s.named.defs[key], c)
			}
		}
	})
	return s.finished(s.named.defs[foldName(name)])
}

func foldName(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// Constructor is the constructor called name, or nil.
func (s *Schema) Constructor(name string) *Combinator {
	return s.finish(s.constructors.find(name))
}

// Method is the method called name, or nil.
func (s *Schema) Method(name string) *Combinator { return s.finish(s.methods.find(name)) }

// Class is the TL type called name, or nil.
func (s *Schema) Class(name string) *Class { return s.classes.find(name) }

// ByID is the definition with that constructor id, or nil. Where several share
// an id (TDLib's invokeWith…Prefix), it is the first of the file that can be
// decoded whole.
func (s *Schema) ByID(id uint32) *Combinator { return s.finish(s.ids.find(id)) }

// TypeOf gives the type spelt as in a TL file ("Vector<long>", "InputPeer"),
// or nil if the schema does not have it.
func (s *Schema) TypeOf(spelling string) *Type {
	if t := Base(spelling); t != nil {
		return t
	}
	if c := s.classes.find(spelling); c != nil {
		return c.Type
	}
	if rest, ok := strings.CutPrefix(spelling, "Vector<"); ok && strings.HasSuffix(rest, ">") {
		if e := s.TypeOf(rest[:len(rest)-1]); e != nil {
			return s.vectorOf(spelling, e)
		}
		return nil
	}
	s.finishAll()
	s.rest.mu.Lock()
	defer s.rest.mu.Unlock()
	return s.types[spelling]
}
