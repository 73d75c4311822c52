package example

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tlsh/schema"
	"tlsh/tl"
)

// Python writes the call for Telethon, with its imports: a request is awaited
// from client, a constructor is bound to value. Somebody who was meant by name is
// named so where Telethon looks them up, which is in the request's own
// parameters; inside other objects client.get_input_entity does. A random_id
// that fills itself is Telethon's to fill.
func Python(c Call) string {
	w := &pythonWriter{classWriter{Call: c, library: &telethon}}
	w.spelling = w
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

type pythonWriter struct{ classWriter }

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
	return group(w.class(def)+"(", items, ")", depth, w.indent, w.comma)
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

// uploading is the upload of a file, as Telethon has it.
func (w *pythonWriter) uploading(path string) string {
	return "await client.upload_file(" + pythonString(path) + ")"
}

func (w *pythonWriter) literal(v tl.Value) string {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		return strconv.FormatInt(v.AsLong(), 10)
	case tl.KindBool:
		if v.AsBool() {
			return "True"
		}
		return "False"
	case tl.KindString:
		return pythonString(v.AsString())
	case tl.KindBytes, tl.KindInt128, tl.KindInt256:
		return "b" + pythonBytes(v.AsBytes())
	}
	return "None"
}

// pythonString is a string literal; of bytes that are not UTF-8 it is one of
// bytes, which Telethon takes too.
func pythonString(s string) string {
	if !utf8.ValidString(s) {
		return "b" + pythonBytes([]byte(s))
	}
	return telethon.text(s)
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
