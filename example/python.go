package example

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/tl"
)

// Python writes the call for Telethon, with its imports: a request is awaited
// from client, a constructor is bound to value. Somebody who was meant by name is
// named so where Telethon looks them up, which is in the request's own
// parameters; inside other objects client.get_input_entity does. A random_id
// that fills itself is Telethon's to fill.
func Python(c Call) string {
	w := &pythonWriter{Call: c}
	def := c.Object.Def()
	body := ""
	if def.Method {
		w.imports.add("functions")
		body = "result = await client(" + w.object(c.Object, 0, true) + ")"
	} else {
		body = "value = " + w.object(c.Object, 0, false)
	}
	var b strings.Builder
	if w.imports["utils"] {
		b.WriteString("from telethon import utils\n")
	}
	var names []string
	for _, n := range [...]string{"functions", "types"} {
		if w.imports[n] {
			names = append(names, n)
		}
	}
	if len(names) > 0 {
		b.WriteString("from telethon.tl import " + strings.Join(names, ", ") + "\n\n")
	}
	return b.String() + body
}

type pythonWriter struct {
	Call
	imports set
}

// truth is what a constructor of Bool or True means; other libraries have no
// class for it.
func truth(o *tl.Object) (value, is bool) {
	switch o.Def().Name {
	case "true", "boolTrue":
		return true, true
	case "boolFalse":
		return false, true
	}
	return false, false
}

// class is the name that Telethon's generator gives a class, with its module.
func (w *pythonWriter) class(def *schema.Combinator) string {
	module, suffix := "types.", ""
	if def.Method {
		module, suffix = "functions.", "Request"
	}
	w.imports.add(strings.TrimSuffix(module, "."))
	name := def.Name
	if ns := def.Namespace(); ns != "" {
		module += ns + "."
		name = name[len(ns)+1:]
	}
	return module + classCase(name) + suffix
}

// classCase makes sendMessage SendMessage: what begins or follows a _ is a
// capital, and the _ goes. Telethon and gramjs name their classes so.
func classCase(name string) string {
	var b strings.Builder
	for i, part := range strings.Split(name, "_") {
		if part != "" && (i == 0 || isLower(part[0])) {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		b.WriteString(part)
	}
	return b.String()
}

// object is the call of a class; top says that Telethon looks up who stands in
// its parameters.
func (w *pythonWriter) object(o *tl.Object, depth int, top bool) string {
	def := o.Def()
	if b, is := truth(o); is {
		return classCase(strconv.FormatBool(b))
	}
	order := pythonOrder(def)
	// A name that is a word of Python's own cannot be written, a position can.
	positional := 0
	for n, i := range order {
		if pythonWords[def.Params[i].Name] && o.Has(i) {
			positional = n + 1
		}
	}
	var items []string
	for n, i := range order {
		at := spot{o, i, -1}
		absent := !o.Has(i) || w.random(at)
		name := def.Params[i].Name + "="
		switch {
		case n < positional && absent:
			items = append(items, "None")
			continue
		case absent:
			continue
		case n < positional:
			name = ""
		case name == "self=":
			name = "is_self="
		}
		items = append(items, name+w.value(o.Field(i), def.Params[i].Type, at, depth+1, top))
	}
	return group(w.class(def)+"(", items, ")", depth, "    ", false)
}

// pythonWords are those that cannot name an argument.
var pythonWords = func() set {
	var s set
	for _, w := range strings.Fields("False None True and as assert async await break class continue def del elif else except " +
		"finally for from global if import in is lambda nonlocal not or pass raise return try while with yield") {
		s.add(w)
	}
	return s
}()

// pythonOrder are the parameters as Telethon has them: what is optional, and
// random_id, comes last.
func pythonOrder(def *schema.Combinator) []int {
	var order, last []int
	for i := range def.Params {
		switch p := &def.Params[i]; {
		case p.Type.Kind == schema.KindFlags:
		case p.Optional() || p.Name == "random_id":
			last = append(last, i)
		default:
			order = append(order, i)
		}
	}
	return slices.Concat(order, last)
}

func (w *pythonWriter) value(v tl.Value, t *schema.Type, at spot, depth int, top bool) string {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		return strconv.FormatInt(v.AsLong(), 10)
	case tl.KindDouble:
		return pythonDouble(v.AsDouble())
	case tl.KindBool:
		if v.AsBool() {
			return "True"
		}
		return "False"
	case tl.KindString:
		return pythonString(v.AsString())
	case tl.KindBytes, tl.KindInt128, tl.KindInt256:
		return "b" + pythonBytes(v.AsBytes())
	case tl.KindVector:
		var items []string
		for i, it := range v.Vector().Items {
			items = append(items, w.value(it, t.Elem, spot{at.of, at.param, i}, depth+1, top))
		}
		return group("[", items, "]", depth, "    ", false)
	case tl.KindObject:
		if who := w.person(t, at, top); who != "" {
			return who
		}
		return w.object(v.Object(), depth, v.Object().Def().Method)
	}
	return "None"
}

// person is a reference by name as Telethon takes it there, "" where the object
// itself has to be written.
func (w *pythonWriter) person(t *schema.Type, at spot, top bool) string {
	ref := libraryRef(w.who(at), pythonString)
	if ref == "" || !bind.IsPeer(t) || t.Name == "Peer" {
		return ""
	}
	if top {
		return ref
	}
	entity := "await client.get_input_entity(" + ref + ")"
	switch t.Name {
	case "InputPeer":
		return entity
	case "InputUser":
		w.imports.add("utils")
		return "utils.get_input_user(" + entity + ")"
	case "InputChannel":
		w.imports.add("utils")
		return "utils.get_input_channel(" + entity + ")"
	}
	return ""
}

// libraryRef is a reference as Telethon and gramjs take it, quoted by quote: me,
// a username without @, a marked id as a number; "" for any other.
func libraryRef(who string, quote func(string) string) string {
	name, at := strings.CutPrefix(who, "@")
	_, err := strconv.ParseInt(who, 10, 64)
	switch {
	case who == "me" || who == "self":
		return quote("me")
	case err == nil && !strings.HasPrefix(who, "+"):
		return who
	case at && len(name) >= 3 && len(name) <= 32 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "":
		if strings.Trim(name, "0123456789") == "" {
			return "" // digits would be a phone number
		}
		return quote(name)
	}
	return ""
}

func pythonDouble(f float64) string {
	switch {
	case math.IsNaN(f):
		return "float('nan')"
	case math.IsInf(f, 1):
		return "float('inf')"
	case math.IsInf(f, -1):
		return "float('-inf')"
	case f == 0 && math.Signbit(f):
		return "-0.0"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// pythonString is a string literal; of bytes that are not UTF-8 it is one of
// bytes, which Telethon takes too.
func pythonString(s string) string {
	if !utf8.ValidString(s) {
		return "b" + pythonBytes([]byte(s))
	}
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x20 || r == 0x7f:
			b.WriteString(`\x` + hexByte(byte(r)))
		case hidden(r):
			b.WriteString(unicodeEscape(r, `\U%08x`))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + "'"
}

func pythonBytes(data []byte) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, c := range data {
		switch {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c < ' ' || c > '~':
			b.WriteString(`\x` + hexByte(c))
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}
