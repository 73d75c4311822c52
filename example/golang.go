package example

import (
	"go/format"
	"math"
	"slices"
	"strconv"
	"strings"

	"tlsh/schema"
	"tlsh/tl"
)

// Go writes the call for github.com/gotd/td: a statement that calls the method
// of api, a *tg.Client, or the expression of a constructor. Who was meant by
// name stands beside their input object in a comment; where the object is a
// stand-in, its access hash has to be filled in. A random_id that fills itself is
// rand.Int64() of math/rand/v2. Files are uploaded first, in statements of their
// own, by gotd's telegram/uploader.
func Go(c Call) string {
	w := goWriter{c, new([]string)}
	def := c.Object.Def()
	text := ""
	switch {
	case !def.Method:
		text = "value := " + w.object(c.Object, def.Result, 0)
	case goBox(def.Result) == "":
		// What answers as its query does has no method of its own.
		text = "var result " + goBox(answerOf(c.Object)) + "\nerr := " + group("api.Invoker().Invoke(ctx, ", []string{w.request(0), "&result"}, ")", 0, "\t", true)
	default:
		text = "result, err := api." + goFull(def.Name) + "(ctx" + w.arguments() + ")"
	}
	if len(*w.files) > 0 {
		text = w.uploads() + strings.Replace(text, "\nerr := ", "\nerr = ", 1)
	}
	// gofmt aligns the fields.
	const before = "package p\n\nfunc f() {\n"
	src, err := format.Source([]byte(before + text + "\n}\n"))
	if err != nil {
		return text
	}
	lines := strings.Split(strings.TrimSuffix(strings.TrimPrefix(string(src), before), "\n}\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "\t")
	}
	return strings.Join(lines, "\n")
}

type goWriter struct {
	Call
	files *[]string // that are uploaded first, each once
}

// uploads are the statements that upload the files, with telegram/uploader.
func (w goWriter) uploads() string {
	var b strings.Builder
	for i, path := range *w.files {
		b.WriteString(w.file(i) + ", err := uploader.NewUploader(api).FromPath(ctx, " + strconv.Quote(path) + ")\nif err != nil {\n\treturn err\n}\n")
	}
	return b.String()
}

// file is the variable of the i-th file.
func (w goWriter) file(i int) string {
	if i == 0 {
		return "file"
	}
	return "file" + strconv.Itoa(i+1)
}

// uploaded is the variable that holds the upload of a file.
func (w goWriter) uploaded(path string) string {
	i := slices.Index(*w.files, path)
	if i < 0 {
		i = len(*w.files)
		*w.files = append(*w.files, path)
	}
	return w.file(i)
}

// arguments are those of the method behind its context: the request, or the only
// parameter where it has no other.
func (w goWriter) arguments() string {
	o := w.Object
	def := o.Def()
	switch {
	case len(def.Params) == 0:
		return ""
	case len(def.Params) == 1 && !def.Params[0].Optional() && def.Params[0].Type.Kind != schema.KindFlags:
		return ", " + w.value(o.Field(0), def.Params[0].Type, spot{o, 0, -1}, 0)
	}
	return ", " + w.request(0)
}

func (w goWriter) request(depth int) string {
	return "&tg." + goStruct(w.Object.Def()) + w.fields(w.Object, depth)
}

// object is a struct, or where an interface is wanted the pointer to one.
func (w goWriter) object(o *tl.Object, t *schema.Type, depth int) string {
	text := "tg." + goStruct(o.Def()) + w.fields(o, depth)
	if single(t) {
		return text
	}
	return "&" + text
}

// fields are those of a struct in braces. gotd leaves a field out that has its
// zero value; its bit is then set by hand.
func (w goWriter) fields(o *tl.Object, depth int) string {
	def := o.Def()
	var items []string
	bits := map[int][]string{}
	for i := range def.Params {
		p := &def.Params[i]
		if p.Type.Kind == schema.KindFlags || !o.Has(i) && !w.random(spot{o, i, -1}) {
			continue
		}
		items = append(items, goName(p.Name)+": "+w.value(o.Field(i), p.Type, spot{o, i, -1}, depth+1))
		if p.Optional() && goZero(o.Field(i), p.Type) {
			bits[p.Flag] = append(bits[p.Flag], "1<<"+strconv.Itoa(p.Bit))
		}
	}
	for i := range def.Params {
		if set := bits[i]; set != nil {
			items = append([]string{goName(def.Params[i].Name) + ": " + strings.Join(set, " | ")}, items...)
		}
	}
	return group("{", items, "}", depth, "\t", true)
}

// goZero reports a value that is its Go type's zero.
func goZero(v tl.Value, t *schema.Type) bool {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		return v.AsLong() == 0
	case tl.KindDouble:
		return v.AsDouble() == 0
	case tl.KindBool:
		return !v.AsBool()
	case tl.KindString:
		return v.AsString() == ""
	case tl.KindInt128, tl.KindInt256:
		return strings.Trim(string(v.AsBytes()), "\x00") == ""
	case tl.KindObject:
		if !single(t) {
			return false
		}
		for i, f := range v.Object().Fields() {
			if p := &v.Object().Def().Params[i]; f.Kind() == tl.KindVector || f.Kind() == tl.KindBytes || !goZero(f, p.Type) {
				return false
			}
		}
		return true
	}
	return false
}

func (w goWriter) value(v tl.Value, t *schema.Type, at spot, depth int) string {
	if w.random(at) {
		switch t.Kind {
		case schema.KindInt:
			return "int(rand.Int32())"
		case schema.KindVector:
			ids := at.of.At("id").Vector()
			var items []string
			for range ids.Items {
				items = append(items, "rand.Int64()")
			}
			return group("[]int64{", items, "}", depth, "\t", true)
		}
		return "rand.Int64()"
	}
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		return strconv.FormatInt(v.AsLong(), 10)
	case tl.KindDouble:
		return goDouble(v.AsDouble())
	case tl.KindBool:
		return strconv.FormatBool(v.AsBool())
	case tl.KindString:
		return strconv.Quote(v.AsString())
	case tl.KindBytes:
		return "[]byte(" + goBytes(v.AsBytes()) + ")"
	case tl.KindInt128, tl.KindInt256:
		return goType(t) + goArray(v.AsBytes())
	case tl.KindVector:
		var items []string
		for i, it := range v.Vector().Items {
			item := w.value(it, t.Elem, spot{at.of, at.param, i}, depth+1)
			if single(t.Elem) {
				item = strings.TrimPrefix(item, goType(t.Elem)) // the slice says it
			}
			items = append(items, item)
		}
		return group(goType(t)+"{", items, "}", depth, "\t", true)
	case tl.KindObject:
		if o := v.Object(); o.Def().Method {
			return goWriter{Call{o, w.Open}, w.files}.request(depth)
		}
		if path := w.upload(at); path != "" {
			return w.uploaded(path)
		}
		return w.object(v.Object(), t, depth) + comment(w.who(at))
	}
	return "nil"
}

// comment names who is meant.
func comment(who string) string {
	if who == "" || who == "me" || who == "self" || strings.Contains(who, "*/") || strings.ContainsFunc(who, func(r rune) bool { return r < ' ' }) {
		return ""
	}
	return " /* " + who + " */"
}

func goDouble(f float64) string {
	switch {
	case math.IsNaN(f):
		return "math.NaN()"
	case math.IsInf(f, 0):
		return "math.Inf(" + strconv.Itoa(int(math.Copysign(1, f))) + ")"
	case f == 0 && math.Signbit(f):
		return "math.Copysign(0, -1)"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// goBytes is a string literal of any bytes: as text where it is one.
func goBytes(b []byte) string {
	for _, c := range b {
		if c < ' ' || c > '~' {
			var s strings.Builder
			for _, c := range b {
				s.WriteString(`\x` + hexByte(c))
			}
			return `"` + s.String() + `"`
		}
	}
	return strconv.Quote(string(b))
}

func goArray(b []byte) string {
	parts := make([]string, len(b))
	for i, c := range b {
		parts[i] = "0x" + hexByte(c)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// answerOf is the type of what a request answers: of the innermost query where
// one is carried.
func answerOf(o *tl.Object) *schema.Type {
	for o.Def().Generic != "" && o.At("query").Object() != nil {
		o = o.At("query").Object()
	}
	return o.Def().Result
}

// goBox is the Go type that an answer is decoded into; "" where the schema does
// not say what it is.
func goBox(t *schema.Type) string {
	switch t.Kind {
	case schema.KindAny:
		return ""
	case schema.KindBool:
		return "tg.BoolBox"
	case schema.KindVector:
		name := strings.TrimPrefix(goType(t.Elem), "tg.")
		return "tg." + strings.ToUpper(name[:1]) + name[1:] + "Vector"
	case schema.KindBoxed:
		if !single(t) {
			return "tg." + goFull(t.Name) + "Box"
		}
	}
	return goType(t)
}
