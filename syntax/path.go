package syntax

import (
	"strconv"
	"strings"
)

// variable reads $name and the path that touches it.
func (p *parser) variable() *Var {
	from := p.i
	v := p.varMem.alloc()
	end := identEnd(p.src, p.i+1)
	v.Name = p.src[p.i+1 : end]
	p.emit(TokVar, end)
	if v.Name == "" {
		p.want("the name of a variable after $", "as in $x; put text that begins with $ in quotes")
	}
	for v.Name != "" && !p.eof() {
		var s *Step
		switch p.src[p.i] {
		case '.':
			s = p.field()
		case '[':
			s = p.index()
		}
		if s == nil {
			break
		}
		v.Path = append(v.Path, s)
		if s.Kind != StepField && !s.closed {
			break
		}
	}
	v.span = Span{from, p.i}
	return v
}

// field reads .name.
func (p *parser) field() *Step {
	s := p.stepMem.alloc()
	from := p.i
	end := identEnd(p.src, p.i+1)
	s.Kind, s.Name = StepField, p.src[p.i+1:end]
	p.emit(TokStep, end)
	s.span = Span{from, end}
	switch {
	case s.Name == "":
		p.want("the name of a field after .", "")
	case classes[s.Name[0]].has(cDigit):
		p.fail(s.span, "a field's name does not begin with a digit", "to take one of a list: ["+clip(s.Name)+"]")
	}
	return s
}

// index reads [n], [a:b] or [].
func (p *parser) index() *Step {
	s := p.stepMem.alloc()
	from, open := p.i, Span{p.i, p.i + 1}
	p.emit(TokPunct, p.i+1)
	p.blank(true)
	a := p.bound()
	p.blank(true)
	switch {
	case p.peek() == ':':
		p.emit(TokPunct, p.i+1)
		p.blank(true)
		s.Kind, s.From, s.To = StepSlice, a, p.bound()
		p.blank(true)
	case a != nil:
		s.Kind, s.Index = StepIndex, *a
	default:
		s.Kind = StepEach
	}
	if !p.eof() && p.peek() != ']' {
		p.badIndex(open)
	} else {
		s.closed = p.close(']', open)
	}
	s.span = Span{from, p.i}
	return s
}

// bound reads one number of an index, nil when there is none.
func (p *parser) bound() *int {
	end := p.i
	if p.peek() == '-' {
		end++
	}
	digits := end
	for end < len(p.src) && (classes[p.src[end]].has(cDigit) || p.src[end] == '_' && end > digits) {
		end++
	}
	if end == digits {
		if end > p.i {
			p.emit(TokStep, end)
			p.want("a number after -", "as in [-1] for the last")
			return new(int)
		}
		return nil
	}
	at := Span{p.i, end}
	text := strings.ReplaceAll(p.src[p.i:end], "_", "")
	p.emit(TokStep, end)
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		p.fail(at, "an index is a number between -2147483648 and 2147483647", "")
	}
	i := int(n)
	return &i
}

// badIndex says that something else than a number stands in the brackets of a
// path, and passes it.
func (p *parser) badIndex(open Span) {
	e := p.fail(Span{p.i, p.i + 1}, "want a number, a:b or nothing between [ and ], found "+p.found(), "as in [0], [-1], [2:5] or []; a field is .name")
	e.Related = open
	end := p.i
	for end < len(p.src) && p.src[end] != ']' {
		switch c := p.src[end]; {
		case c == '"' || c == '\'':
			end++
			continue
		case classes[c].has(cStop):
			p.emit(TokBad, end)
			return
		}
		end++
	}
	p.emit(TokBad, end)
	if p.peek() == ']' {
		p.emit(TokPunct, p.i+1)
	}
}
