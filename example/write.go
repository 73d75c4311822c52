package example

import (
	_ "embed"
	"strings"
	"sync"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

//go:embed values.txt
var valuesText string

//go:embed answers.txt
var answersText string

// table gives the source of a value by what it is for: definition.parameter,
// type:parameter, or type.
type table map[string]string

// values are what stands in lines, answers what stands in results besides.
var (
	values  = sync.OnceValue(func() table { return readTable(valuesText) })
	answers = sync.OnceValue(func() table { return readTable(answersText) })
)

func readTable(text string) table {
	m := table{}
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && key[0] != '#' {
			m[key] = strings.TrimSpace(value)
		}
	}
	return m
}

// writer writes values as source, by tables, of which the first counts most.
type writer struct {
	schema *schema.Schema
	tables []table
	// answers says that what is written is an answer: objects are what comes
	// most, and not what is quickest typed.
	answers bool
	// used, if it is not nil, learns the keys that were found, and missed what
	// had none and got a value by its type alone.
	used   map[string]bool
	missed func(key string)
}

func (w *writer) find(keys ...string) (string, bool) {
	for _, t := range w.tables {
		for _, k := range keys {
			if v, ok := t[k]; ok {
				if w.used != nil {
					w.used[k] = true
				}
				return v, true
			}
		}
	}
	return "", false
}

// statement is a line that calls def or makes it. Who it is about stands first
// and needs no name.
func (w *writer) statement(def *schema.Combinator) string {
	if !def.Method {
		return w.call(def, 0)
	}
	var b strings.Builder
	b.WriteString(def.Name)
	who := true
	for i := range def.Params {
		p := &def.Params[i]
		if !needed(def, i) {
			continue
		}
		t := p.Type
		if t.Kind == schema.KindVector {
			t = t.Elem
		}
		who = who && bind.IsPeer(t)
		b.WriteByte(' ')
		if !who {
			b.WriteString(p.Name + "=")
		}
		b.WriteString(w.value(def, p, p.Type, 0))
	}
	return b.String()
}

// needed reports a parameter that must be given.
func needed(def *schema.Combinator, i int) bool {
	p := &def.Params[i]
	return !p.Optional() && p.Type.Kind != schema.KindFlags && !bind.FillsItself(def, i)
}

// call makes def inside a line.
func (w *writer) call(def *schema.Combinator, depth int) string {
	var args []string
	for i := range def.Params {
		if p := &def.Params[i]; needed(def, i) {
			args = append(args, p.Name+"="+w.value(def, p, p.Type, depth))
		}
	}
	return def.Name + "(" + strings.Join(args, " ") + ")"
}

// deep is where nesting ends: lists are empty there.
const deep = 5

// value is the source of a t for the parameter p of def.
func (w *writer) value(def *schema.Combinator, p *schema.Param, t *schema.Type, depth int) string {
	if v, ok := w.find(def.Name+"."+p.Name, t.Name+":"+p.Name, t.Name); ok {
		return v
	}
	switch t.Kind {
	case schema.KindVector:
		if depth >= deep {
			return "[]"
		}
		return "[" + w.value(def, p, t.Elem, depth+1) + "]"
	case schema.KindBool, schema.KindTrue:
		return "true"
	case schema.KindBoxed:
		return w.object(t, depth)
	case schema.KindBare:
		return w.call(t.Of, depth+1)
	case schema.KindAny:
		return "help.getConfig"
	}
	if v := w.byName(def, p, t); v != "" {
		return v
	}
	if w.missed != nil {
		w.missed(t.Name + ":" + p.Name)
	}
	switch t.Kind {
	case schema.KindString:
		return syntax.Quote(strings.ReplaceAll(p.Name, "_", " "))
	case schema.KindBytes:
		return "hex:0102030405060708"
	case schema.KindInt128:
		return "hex:" + strings.Repeat("01", 16)
	case schema.KindInt256:
		return "hex:" + strings.Repeat("01", 32)
	}
	return "1"
}

// byName is a value of an answer by what its field is called.
func (w *writer) byName(def *schema.Combinator, p *schema.Param, t *schema.Type) string {
	ends := func(end string) bool { return strings.HasSuffix(p.Name, end) }
	switch {
	case !w.answers:
	case t.Kind == schema.KindInt && bind.IsDate(def, p):
		return moment.Format("2006-01-02T15:04Z")
	case t.Kind == schema.KindInt && ends("_ms"):
		return "1000"
	case t.Kind == schema.KindInt && (ends("_count") || ends("_limit") || ends("_max")):
		return "20"
	case t.Kind == schema.KindLong && (ends("_id") || ends("_ids")):
		return "4503599627370505"
	case t.Kind == schema.KindString && (ends("_url") || p.Name == "url"):
		return `"https://example.org/tides"`
	}
	return ""
}

// object is the plainest value of a type: a word where there is one, else the
// constructor that wants least. One that says that there is nothing comes last.
func (w *writer) object(t *schema.Type, depth int) string {
	if w.answers {
		return w.call(first(t), depth+1)
	}
	words := bind.Choices(t)
	best, least := -1, 0
	for i, d := range t.Class.Constructors() {
		n := 0
		for k := range d.Params {
			if needed(d, k) {
				n++
			}
		}
		if nothing(d) {
			n += 1000
		}
		if best < 0 || n < least {
			best, least = i, n
		}
	}
	d := t.Class.Constructors()[best]
	if !strings.HasSuffix(words[best], "(…)") {
		return words[best]
	}
	return w.call(d, depth+1)
}

// first is the constructor that an answer usually has: the first one that does
// not say that there is nothing.
func first(t *schema.Type) *schema.Combinator {
	for _, d := range t.Class.Constructors() {
		if !nothing(d) {
			return d
		}
	}
	return t.Class.Constructors()[0]
}

// nothing reports a constructor that says that there is nothing, or nothing new.
func nothing(def *schema.Combinator) bool {
	for _, end := range [...]string{"Empty", "None", "NotModified", "Forbidden", "Unavailable", "Unsupported", "TooLong"} {
		if strings.HasSuffix(def.Name, end) {
			return true
		}
	}
	return false
}
