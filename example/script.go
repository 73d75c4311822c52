package example

import (
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tlsh/tl"
)

// JavaScript writes the call for gramjs, as a module with its imports: a request
// is awaited from client.invoke, a constructor is a constant. Who was meant by
// name is named so where gramjs looks them up, as in [Python], and a random_id
// that fills itself is left to gramjs.
func JavaScript(c Call) string {
	w := &scriptWriter{classWriter{Call: c, library: &gramjs}}
	w.spelling = w
	body := ""
	if c.Object.Def().Method {
		body = "const result = await client.invoke(" + w.object(c.Object, 0, true) + ");"
	} else {
		body = "const value = " + w.object(c.Object, 0, false) + ";"
	}
	var b strings.Builder
	if w.imports["bigInt"] {
		b.WriteString("import bigInt from \"big-integer\";\n")
	}
	if w.imports["uploads"] {
		b.WriteString("import { statSync } from \"node:fs\";\n")
		b.WriteString("import { CustomFile } from \"telegram/client/uploads.js\";\n")
	}
	names := []string{"Api"}
	if w.imports["utils"] {
		names = append(names, "utils")
	}
	b.WriteString("import { " + strings.Join(names, ", ") + " } from \"telegram\";\n\n")
	return b.String() + body
}

type scriptWriter struct{ classWriter }

func (w *scriptWriter) object(o *tl.Object, depth int, top bool) string {
	def := o.Def()
	if b, is := truth(o); is {
		return strconv.FormatBool(b)
	}
	name := classCase(def.Name)
	if ns := def.Namespace(); ns != "" {
		name = ns + "." + classCase(def.Name[len(ns)+1:])
	}
	var items []string
	for i := range def.Params {
		at := spot{o, i, -1}
		if !o.Has(i) || w.random(at) {
			continue
		}
		items = append(items, camelCase(def.Params[i].Name)+": "+w.value(o.Field(i), def.Params[i].Type, at, depth+1, top))
	}
	if len(items) == 0 {
		return "new Api." + name + "()"
	}
	return group("new Api."+name+"({ ", items, " })", depth, w.indent, w.comma)
}

// camelCase makes from_peer fromPeer, as gramjs does with fields.
func camelCase(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '_' && i+1 < len(name) && isLower(name[i+1]) {
			i++
			b.WriteByte(name[i] - 'a' + 'A')
			continue
		}
		b.WriteByte(name[i])
	}
	return b.String()
}

func (w *scriptWriter) literal(v tl.Value) string {
	switch v.Kind() {
	case tl.KindInt:
		return strconv.FormatInt(v.AsLong(), 10)
	case tl.KindLong:
		w.imports.add("bigInt")
		if n := v.AsLong(); n > -(1<<53) && n < 1<<53 {
			return "bigInt(" + strconv.FormatInt(n, 10) + ")"
		}
		return "bigInt(\"" + strconv.FormatInt(v.AsLong(), 10) + "\")"
	case tl.KindInt128, tl.KindInt256:
		w.imports.add("bigInt")
		b := slices.Clone(v.AsBytes())
		slices.Reverse(b)
		return "bigInt(\"" + new(big.Int).SetBytes(b).String() + "\")"
	case tl.KindBool:
		return strconv.FormatBool(v.AsBool())
	case tl.KindString:
		return scriptString(v.AsString())
	case tl.KindBytes:
		return scriptBytes(v.AsBytes())
	}
	return "undefined"
}

// uploading is the upload of a file, as gramjs has it: it is told the size.
func (w *scriptWriter) uploading(path string) string {
	w.imports.add("uploads")
	name, at := scriptString(filepath.Base(path)), scriptString(path)
	return "await client.uploadFile({ file: new CustomFile(" + name + ", statSync(" + at + ").size, " + at + "), workers: 1 })"
}

func scriptBytes(b []byte) string {
	var h strings.Builder
	for _, c := range b {
		h.WriteString(hexByte(c))
	}
	return `Buffer.from("` + h.String() + `", "hex")`
}

// scriptString is a string literal; what is not UTF-8 is a Buffer, which gramjs
// takes too.
func scriptString(s string) string {
	if !utf8.ValidString(s) {
		return scriptBytes([]byte(s))
	}
	return gramjs.text(s)
}
