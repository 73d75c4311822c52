package schema

import (
	"strconv"
	"strings"
)

// word gives the next word of text at or after i, and the offset behind it.
func word(text string, i int) (w string, at, next int) {
	for i < len(text) && space(text[i]) {
		i++
	}
	at = i
	for i < len(text) && !space(text[i]) {
		i++
	}
	return text[at:i], at, i
}

// definition reads one definition and adds it to the schema.
func (r *reader) definition(off int, text string) {
	w, _, i := word(text, 0)
	name, hex, declared := strings.Cut(w, "#")
	if !validName(name) {
		r.problem(off, "", true, "%.40q is not the name of a definition", w)
		return
	}
	c := r.combinator()
	c.Name, c.text, c.schema, c.Method, c.Declared = name, text, r.s, r.functions, declared
	c.Line, _ = r.position(off)
	if declared {
		id, err := strconv.ParseUint(hex, 16, 32)
		if err != nil {
			r.problem(off+len(name), name, true, "constructor id #%.20s is not one to eight hexadecimal digits", hex)
			return
		}
		c.ID = uint32(id)
	}
	i, ok := r.parameters(c, off, text, i)
	if !ok {
		return
	}
	result := strings.TrimSpace(text[i:])
	if strings.ContainsAny(result, " \t\r\n") {
		result = strings.Join(strings.Fields(result), " ")
	}
	if result == "" {
		r.problem(off+len(text), name, true, "the result type is missing after =")
		return
	}
	if c.Result = r.typ(result, true); c.Result == nil {
		r.problem(off+i+1, name, true, "cannot read the type %.40q", result)
		return
	}
	if !declared {
		c.ID = c.CRC()
	} else if !r.opt.Trusted {
		if crc := c.CRC(); crc != c.ID {
			r.problem(off+len(name), name, false, "id #%08x is not the CRC32 of the definition, #%08x", c.ID, crc)
		}
	}
	r.plan(c)
	r.add(c, off)
}

// parameters reads up to the = and gives the offset behind it.
func (r *reader) parameters(c *Combinator, off int, text string, i int) (int, bool) {
	r.first = len(r.params)
	for {
		w, at, next := word(text, i)
		i = next
		switch {
		case w == "":
			r.problem(off+len(text), c.Name, true, "the = and the result type are missing")
			return i, false
		case w == "=":
			c.Params = r.params[r.first:len(r.params):len(r.params)]
			return i, true
		case w == "?":
			// A base definition (string ? = String): boxed, it is its id and
			// then the bare value.
			t := Base(c.Name)
			if t == nil {
				r.problem(off+at, c.Name, true, "? stands only in the definition of a base type")
				return i, false
			}
			r.param(Param{Name: "value", Type: t, Flag: -1})
		case w[0] == '{':
			g, ok := strings.CutSuffix(w, ":Type}")
			if !ok {
				r.problem(off+at, c.Name, true, "want a type variable such as {X:Type}, got %.40q", w)
				return i, false
			}
			c.Generic = g[1:]
		default:
			p, ok := r.parameter(c, off+at, w)
			if !ok {
				return i, false
			}
			if len(r.params)-r.first == MaxParams {
				r.problem(off+at, c.Name, true, "more than %d parameters", MaxParams)
				return i, false
			}
			r.param(p)
		}
	}
}

// parameter reads name:type, name:flags.N?type or name:#.
func (r *reader) parameter(c *Combinator, off int, w string) (p Param, ok bool) {
	p.Flag = -1
	name, spelling, ok := strings.Cut(w, ":")
	if !ok {
		// The built-in vector and the repeated base types are not read.
		quiet := c.Name == "vector" || c.Name == "int128" || c.Name == "int256"
		if !quiet {
			r.problem(off, c.Name, true, "want name:type, got %.40q", w)
		}
		return p, false
	}
	if !validName(name) || strings.Contains(name, ".") {
		r.problem(off, c.Name, true, "%.40q is not the name of a parameter", name)
		return p, false
	}
	p.Name = name
	for _, q := range r.params[r.first:] {
		if q.Name == name {
			r.problem(off, c.Name, true, "parameter %s stands twice", name)
			return p, false
		}
	}
	off += len(name) + 1
	if cond, rest, has := strings.Cut(spelling, "?"); has {
		if !r.condition(c, &p, off, cond) {
			return p, false
		}
		off += len(cond) + 1
		spelling = rest
	}
	if p.Type = r.typ(spelling, false); p.Type == nil {
		r.problem(off, c.Name, true, "cannot read the type %.40q", spelling)
		return p, false
	}
	if p.Type.Kind == KindFlags {
		for _, q := range r.params[r.first:] {
			if q.Type.Kind == KindFlags {
				p.Word++
			}
		}
		if p.Word == MaxFlags || p.Flag >= 0 {
			r.problem(off, c.Name, true, "want at most %d flags fields, none of them conditional", MaxFlags)
			return p, false
		}
	}
	return p, true
}

// condition reads flags.N.
func (r *reader) condition(c *Combinator, p *Param, off int, cond string) bool {
	field, bit, ok := strings.Cut(cond, ".")
	n, err := strconv.Atoi(bit)
	if !ok || err != nil {
		r.problem(off, c.Name, true, "want a condition such as flags.3, got %.40q", cond)
		return false
	}
	if n < 0 || n > 31 {
		r.problem(off, c.Name, true, "%s has no bit %d: a flags field has bits 0 to 31", field, n)
		return false
	}
	for i, q := range r.params[r.first:] {
		if q.Name == field && q.Type.Kind == KindFlags {
			p.Flag, p.Bit, p.Word = i, n, q.Word
			r.params[r.first+i].Mask |= 1 << n
			return true
		}
	}
	r.problem(off, c.Name, true, "there is no flags field %s:# before %s", field, p.Name)
	return false
}

// add enters the definition, reporting names and ids that stand twice.
func (r *reader) add(c *Combinator, off int) {
	if old := r.s.names(c).find(c.Name); old != nil {
		r.problem(off, c.Name, true, "the name stands already in line %d", old.Line)
		return
	}
	c.read.Store(1)
	if old := r.enter(c); old != nil {
		r.problem(off, c.Name, false, "id #%08x is shared with %s in line %d", c.ID, old.Name, old.Line)
		if c.Generic != "" && old.Generic == "" {
			r.s.ids.replace(old, c)
		}
	}
}

// enter makes the definition one of the schema's, and gives the one that had its id
// before.
func (r *reader) enter(c *Combinator) (sameID *Combinator) {
	r.s.names(c).add(c)
	if c.Method {
		return r.s.ids.add(c)
	}
	k := c.Result.Class
	if k == nil && (c.Result.Kind == KindBool || c.Result.Kind == KindAny) {
		k = r.class(c.Result.Name)
	}
	if k != nil {
		k.makers = append(k.makers, c)
	}
	return r.s.ids.add(c)
}

// names is the table that a definition stands in.
func (s *Schema) names(c *Combinator) *table[*Combinator] {
	if c.Method {
		return &s.methods
	}
	return &s.constructors
}

func (r *reader) combinator() *Combinator {
	if len(r.defs) == 0 {
		r.defs = make([]Combinator, 256)
	}
	c := &r.defs[0]
	r.defs = r.defs[1:]
	return c
}

// param appends to the slab; a definition that does not fit moves to a new one
// with its earlier parameters, while those handed out keep the old one.
func (r *reader) param(p Param) {
	if len(r.params) == cap(r.params) {
		slab := make([]Param, 0, 1024)
		r.params = append(slab, r.params[r.first:]...)
		r.first = 0
	}
	r.params = append(r.params, p)
}
