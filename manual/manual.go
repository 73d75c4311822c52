// Package manual puts together what is known about a name of the API: its
// definition from the schema, its description, errors and callers from
// schema/docs, and the forms in which values are written from bind. A page is
// data first; Append lays it out for a terminal.
package manual

import (
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/schema/docs"
)

// Page is a page about a request, a constructor, a type, a parameter or an error.
// What does not apply to its kind is empty. Its JSON is the document of -o json.
type Page struct {
	Kind    string `json:"kind"` // method, constructor, type, parameter or error
	Name    string `json:"name"`
	Layer   int    `json:"layer"`             // of the schema
	Pages   int    `json:"pages"`             // the layer that the descriptions are of
	Summary string `json:"summary,omitempty"` // the first sentence of Text
	Text    string `json:"text,omitempty"`
	URL     string `json:"url,omitempty"`

	ID         string   `json:"id,omitempty"`         // in hexadecimal, as dde8a54c
	Definition string   `json:"definition,omitempty"` // in TL
	Params     []Param  `json:"params,omitempty"`     // required ones first, then those that fill themselves
	Returns    *Class   `json:"returns,omitempty"`    // of a request
	Makes      string   `json:"makes,omitempty"`      // of a constructor: the type
	Who        string   `json:"who,omitempty"`        // may call it
	Asks       string   `json:"asks,omitempty"`       // what it does that a person is asked about first
	Errors     []Error  `json:"errors,omitempty"`
	Example    string   `json:"example,omitempty"` // a line that checks
	Also       []string `json:"also,omitempty"`    // names to look at next, the nearest first
	Links      []string `json:"links,omitempty"`
	Zone       string   `json:"zone,omitempty"` // of dates, where a parameter is one

	// Of a type, and of a constructor as its type's:
	Constructors []Made   `json:"constructors,omitempty"`
	Returning    []string `json:"returning,omitempty"`  // requests that answer it
	Accepting    []string `json:"accepting,omitempty"`  // requests that take it
	Containing   []string `json:"containing,omitempty"` // constructors that hold it

	// Of an error:
	Code   int      `json:"code,omitempty"`
	Advice string   `json:"advice,omitempty"`
	By     []string `json:"by,omitempty"` // requests that list it

	Uses []Use `json:"uses,omitempty"` // of a parameter
}

// Param is a parameter or a field.
type Param struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Optional bool   `json:"optional,omitempty"`
	Filled   bool   `json:"filled,omitempty"`  // fills itself
	Accepts  string `json:"accepts,omitempty"` // the forms besides the type's own
	Text     string `json:"text,omitempty"`
}

// Class is a type with its constructors, a level down.
type Class struct {
	Type         string `json:"type"`
	Text         string `json:"text,omitempty"`
	Constructors []Made `json:"constructors,omitempty"`
}

// Made is a constructor of a type, with its fields.
type Made struct {
	Name   string  `json:"name"`
	Text   string  `json:"text,omitempty"`
	Fields []Param `json:"fields,omitempty"`
}

// Error is an error that a request may give.
type Error struct {
	Code int    `json:"code"`
	Name string `json:"name"`
	Text string `json:"text,omitempty"`
}

// Manual writes pages for a schema.
type Manual struct {
	Schema *schema.Schema
	// Example gives a line that calls the request, or makes the constructor.
	Example func(*schema.Combinator) string
	// Zone is that of dates which name none, as "UTC (UTC+00:00)".
	Zone string
}

// Look gives the page about a name: of a request, a constructor, a type, an
// error or a parameter, in this order; ok is false when there is nothing so
// called.
func (m *Manual) Look(name string) (p *Page, ok bool) {
	s := m.Schema
	if def := s.Method(name); def != nil {
		return m.method(def), true
	}
	if def := s.Constructor(name); def != nil {
		return m.constructor(def), true
	}
	if c := s.Class(name); c != nil {
		return m.Type(c), true
	}
	// An error may be named as it came, as the lists have it, or without the
	// number at its end.
	shouted := strings.ReplaceAll(strings.ToUpper(name), "%D", "%d")
	for _, message := range []string{shouted, shouted + "_X"} {
		if pattern := docs.Pattern(message); pattern != "" {
			return m.failure(message, pattern), true
		}
	}
	return m.parameter(name)
}

func (m *Manual) page(kind, name string, d *docs.Page) *Page {
	p := &Page{Kind: kind, Name: name, Layer: m.Schema.Layer, Pages: docs.Layer()}
	if d != nil {
		p.Summary, p.Text, p.URL = d.Summary(), d.Text, d.URL(kind)
		for _, l := range d.Links {
			p.Links = append(p.Links, docs.Site+l)
		}
	}
	return p
}

func (m *Manual) method(def *schema.Combinator) *Page {
	d := docs.Method(def.Name)
	p := m.page("method", def.Name, d)
	m.define(p, def, d)
	p.Who = docs.Unknown.String()
	p.Returns = m.class(def.Result)
	p.Asks = asks(def)
	if d == nil {
		return p
	}
	p.Who = d.Who.String()
	for _, e := range d.Errors {
		x, _ := docs.Error(e.Pattern)
		p.Errors = append(p.Errors, Error{e.Code, e.Pattern, x.Meaning})
	}
	slices.SortStableFunc(p.Errors, func(a, b Error) int { return a.Code - b.Code })
	return p
}

// asks says what a request destroys, and when: "pays in Stars, with allow_paid_stars".
func asks(def *schema.Combinator) string {
	what, when := bind.Warning(def)
	if when == "" {
		return what
	}
	return what + ", " + when
}

func (m *Manual) constructor(def *schema.Combinator) *Page {
	d := docs.Constructor(def.Name)
	p := m.page("constructor", def.Name, d)
	m.define(p, def, d)
	p.Makes = def.Result.Name
	if def.Result.Class != nil {
		m.uses(p, def.Result.Class)
	}
	return p
}

// define says what the schema has.
func (m *Manual) define(p *Page, def *schema.Combinator, d *docs.Page) {
	p.ID = hex(def.ID)
	p.Definition = def.String()
	p.Params = params(def, d)
	p.Also = m.also(def, d)
	if m.Example != nil {
		p.Example = m.Example(def)
	}
	if slices.ContainsFunc(def.Params, func(q schema.Param) bool { return bind.IsDate(def, &q) }) {
		p.Zone = m.Zone
	}
}

func hex(id uint32) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 8)
	for i := range b {
		b[i] = digits[id>>(28-4*i)&15]
	}
	return string(b)
}

// params are the parameters in the order of help: those that must be given,
// those that fill themselves, those that may be given.
func params(def *schema.Combinator, d *docs.Page) []Param {
	var needed, filled, optional []Param
	for i := range def.Params {
		p := &def.Params[i]
		if p.Type.Kind == schema.KindFlags {
			continue
		}
		q := Param{Name: p.Name, Type: p.Type.Name, Optional: p.Optional(), Text: d.Param(p.Name)}
		if _, forms, ok := strings.Cut(bind.Accepts(def, p, p.Type), " ("); ok && (p.Type.Kind != schema.KindInt && p.Type.Kind != schema.KindLong || bind.Means(def, p)) {
			q.Accepts = strings.TrimPrefix(strings.TrimSuffix(forms, ")"), "or ")
		}
		switch {
		case q.Optional:
			optional = append(optional, q)
		case def.Method && bind.FillsItself(def, i), bind.ToldByFile(def, i):
			q.Filled = true
			filled = append(filled, q)
		default:
			needed = append(needed, q)
		}
	}
	return append(append(needed, filled...), optional...)
}

// class is a type with its constructors and their fields.
func (m *Manual) class(t *schema.Type) *Class {
	c := &Class{Type: t.Name}
	for t.Kind == schema.KindVector {
		t = t.Elem
	}
	if d := docs.Type(t.Name); d != nil {
		c.Text = d.Text
	}
	if t.Class != nil {
		c.Constructors = made(t.Class)
	}
	return c
}

func made(c *schema.Class) []Made {
	var out []Made
	for _, def := range c.Constructors() {
		d := docs.Constructor(def.Name)
		out = append(out, Made{Name: def.Name, Text: d.Summary(), Fields: fields(def, d)})
	}
	return out
}

func fields(def *schema.Combinator, d *docs.Page) []Param {
	var out []Param
	for i := range def.Params {
		p := &def.Params[i]
		if p.Type.Kind != schema.KindFlags {
			out = append(out, Param{Name: p.Name, Type: p.Type.Name, Optional: p.Optional(), Text: docs.Sentence(d.Param(p.Name))})
		}
	}
	return out
}

// Type is the page about a type.
func (m *Manual) Type(c *schema.Class) *Page {
	d := docs.Type(c.Name)
	p := m.page("type", c.Name, d)
	p.Constructors = made(c)
	m.uses(p, c)
	return p
}

// uses lists who answers, takes and holds a type.
func (m *Manual) uses(p *Page, c *schema.Class) {
	is := func(t *schema.Type) bool {
		for t.Kind == schema.KindVector {
			t = t.Elem
		}
		return t.Class == c || t.Kind == schema.KindBare && t.Of != nil && t.Of.Result.Class == c
	}
	has := func(def *schema.Combinator) bool {
		return slices.ContainsFunc(def.Params, func(q schema.Param) bool { return is(q.Type) })
	}
	for _, def := range m.Schema.Methods() {
		if is(def.Result) {
			p.Returning = append(p.Returning, def.Name)
		}
		if has(def) {
			p.Accepting = append(p.Accepting, def.Name)
		}
	}
	for _, def := range m.Schema.Constructors() {
		if has(def) {
			p.Containing = append(p.Containing, def.Name)
		}
	}
}

// failure is the page about an error.
func (m *Manual) failure(name, pattern string) *Page {
	x, _ := docs.Error(name)
	_, code, by := docs.Thrown(pattern)
	if code == 0 {
		code = x.Code
	}
	return &Page{Kind: "error", Name: pattern, Layer: m.Schema.Layer, Pages: docs.Layer(), Code: code,
		Summary: docs.Sentence(x.Meaning), Text: x.Meaning, Advice: x.Advice, By: by, URL: docs.ErrorsPage}
}
