package schema

import "strings"

// base are the types that no definition makes.
var base = [...]Type{
	{Kind: KindInt, Name: "int"}, {Kind: KindLong, Name: "long"}, {Kind: KindDouble, Name: "double"},
	{Kind: KindString, Name: "string"}, {Kind: KindBytes, Name: "bytes"}, {Kind: KindInt128, Name: "int128"},
	{Kind: KindInt256, Name: "int256"}, {Kind: KindTrue, Name: "true"}, {Kind: KindBool, Name: "Bool"},
	{Kind: KindFlags, Name: "#"}, {Kind: KindAny, Name: "!X"}, {Kind: KindAny, Name: "X"}, {Kind: KindAny, Name: "Object"},
}

// Base is the type of a base name (int, string, Bool, …), or nil.
func Base(name string) *Type {
	for i := range base {
		if base[i].Name == name {
			return &base[i]
		}
	}
	return nil
}

// typ gives the type spelt so, nil when it cannot be read. Equal spellings
// share one Type.
func (r *reader) typ(spelling string, result bool) *Type {
	if t := Base(spelling); t != nil {
		return t
	}
	if k := r.s.classes.find(spelling); k != nil {
		return k.Type
	}
	if t := r.s.types[spelling]; t != nil {
		return t
	}
	t := r.newType(spelling, result)
	if t != nil && t.Class == nil {
		r.s.types[spelling] = t
	}
	return t
}

func (r *reader) newType(spelling string, result bool) *Type {
	if len(spelling) == 2 && spelling[0] == '!' && validName(spelling[1:]) {
		return &Type{Kind: KindAny, Name: spelling}
	}
	if i := strings.IndexByte(spelling, '<'); i >= 0 {
		name, rest := spelling[:i], spelling[i+1:]
		if !strings.HasSuffix(rest, ">") || !strings.EqualFold(strings.TrimPrefix(name, "%"), "vector") {
			return nil
		}
		elem := r.typ(rest[:len(rest)-1], false)
		if elem == nil || elem.Kind == KindFlags {
			return nil
		}
		return &Type{Kind: KindVector, Bare: name != "Vector", Name: spelling, Elem: elem}
	}
	name := strings.TrimPrefix(spelling, "%")
	if !validName(name) {
		// "Vector t" is the result of the built-in definition of vectors.
		return nil
	}
	if name != spelling || !result && lower(name) {
		t := &Type{Kind: KindBare, Name: spelling}
		r.bare = append(r.bare, t)
		return t
	}
	return r.class(name).Type
}

// lower reports that the name, without its namespace, is a constructor's.
func lower(name string) bool {
	c := name[strings.LastIndexByte(name, '.')+1:]
	return c != "" && 'a' <= c[0] && c[0] <= 'z'
}

func (r *reader) class(name string) *Class {
	c := r.s.classes.find(name)
	if c == nil {
		if len(r.classes) == 0 {
			r.classes = make([]classAndType, 128)
		}
		made := &r.classes[0]
		r.classes = r.classes[1:]
		c = &made.class
		c.Name, c.Type, c.schema = name, Base(name), r.s
		if c.Type == nil {
			made.boxed = Type{Kind: KindBoxed, Name: name, Class: c}
			c.Type = &made.boxed
		}
		r.s.classes.add(c)
	}
	return c
}

// resolve finds the constructors of bare types and reports the types that
// nothing makes. A definition that needs such a type stays: only that field
// cannot be read or written.
func (r *reader) resolve() {
	for _, t := range r.bare {
		r.bind(t)
	}
	for _, list := range [][]*Combinator{r.s.constructors.list, r.s.methods.list} {
		for _, c := range list {
			for i := range c.Params {
				if t := c.Params[i].Type; !t.known() {
					r.problem(r.offset(c, c.Params[i].Name), c.Name, false, "nothing makes a %s", t)
				}
			}
			if c.Method && !c.Result.known() {
				r.problem(r.offset(c, "="), c.Name, false, "nothing makes a %s", c.Result)
			}
		}
	}
}

// bind finds the constructor of a bare type.
func (r *reader) bind(t *Type) {
	name := strings.TrimPrefix(t.Name, "%")
	if t.Of = r.s.constructors.find(name); t.Of == nil {
		if k := r.s.classes.find(name); k != nil && len(k.makers) == 1 {
			t.Of = k.makers[0]
		}
	}
}

func (t *Type) known() bool {
	switch t.Kind {
	case KindVector:
		return t.Elem.known()
	case KindBoxed:
		return len(t.Class.makers) > 0
	case KindBare:
		return t.Of != nil
	}
	return true
}

// offset finds a word of a definition in the file, for a problem's position.
func (r *reader) offset(c *Combinator, name string) int {
	off := 0
	for n := 1; n < c.Line; n++ {
		off = lineEnd(r.src, off) + 1
	}
	if i := strings.Index(r.src[off:], " "+name); i >= 0 {
		return off + i + 1
	}
	return off
}
