package example

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/tl"
)

// library is how a library for another language spells what Telethon and gramjs
// both have: literals, and who is meant by name.
type library struct {
	quote                 string // around a string
	unseen                string // the format of a rune that would not be seen
	nan, inf, less        string // what is no number, and what is above and below all
	point                 string // behind a double that is whole
	entity, user, channel string // the formats of an input peer that is looked up, and of one as a user and a channel
	indent                string
	comma                 bool // behind the last item of a group
}

var (
	telethon = library{
		quote: "'", unseen: `\U%08x`, nan: "float('nan')", inf: "float('inf')", less: "float('-inf')", point: ".0",
		entity: "await client.get_input_entity(%s)", user: "utils.get_input_user(%s)", channel: "utils.get_input_channel(%s)",
		indent: "    ",
	}
	gramjs = library{
		quote: `"`, unseen: `\u{%x}`, nan: "NaN", inf: "Infinity", less: "-Infinity",
		entity: "await client.getInputEntity(%s)", user: "utils.getInputUser(%s)", channel: "utils.getInputChannel(%s)",
		indent: "  ", comma: true,
	}
)

// spelling is what differs between the libraries: objects, the upload of a file,
// and literals of what is neither a double nor a list.
type spelling interface {
	object(o *tl.Object, depth int, top bool) string
	uploading(path string) string
	literal(v tl.Value) string
}

// classWriter writes a call for a library whose requests and constructors are
// classes.
type classWriter struct {
	Call
	*library
	spelling
	imports set
}

// value writes v, where a t is wanted; top says that the library looks up who
// stands there.
func (w *classWriter) value(v tl.Value, t *schema.Type, at spot, depth int, top bool) string {
	switch v.Kind() {
	case tl.KindDouble:
		return w.double(v.AsDouble())
	case tl.KindVector:
		var items []string
		for i, it := range v.Vector().Items {
			items = append(items, w.value(it, t.Elem, spot{at.of, at.param, i}, depth+1, top))
		}
		return group("[", items, "]", depth, w.indent, w.comma)
	case tl.KindObject:
		if path := w.upload(at); path != "" {
			return w.uploading(path)
		}
		if who := w.person(w.Call, t, at, top, &w.imports); who != "" {
			return who
		}
		return w.object(v.Object(), depth, v.Object().Def().Method)
	}
	return w.literal(v)
}

func (l *library) double(f float64) string {
	switch {
	case math.IsNaN(f):
		return l.nan
	case math.IsInf(f, 1):
		return l.inf
	case math.IsInf(f, -1):
		return l.less
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += l.point
	}
	return s
}

// text is a string literal of what is UTF-8.
func (l *library) text(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case string(r) == l.quote || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x20 || r == 0x7f:
			b.WriteString(`\x` + hexByte(byte(r)))
		case hidden(r):
			fmt.Fprintf(&b, l.unseen, r)
		default:
			b.WriteRune(r)
		}
	}
	return l.quote + b.String() + l.quote
}

// person is a reference by name as the library takes it where a t is wanted, ""
// where the object itself has to be written; top says that the library looks up
// who stands there. What it needs is added to the imports.
func (l *library) person(c Call, t *schema.Type, at spot, top bool, imports *set) string {
	ref := l.ref(c.who(at))
	if ref == "" || !bind.IsPeer(t) || t.Name == "Peer" {
		return ""
	}
	if top {
		return ref
	}
	entity := fmt.Sprintf(l.entity, ref)
	format := map[string]string{"InputPeer": "%s", "InputUser": l.user, "InputChannel": l.channel}[t.Name]
	if format == "" {
		return ""
	}
	if format != "%s" {
		imports.add("utils")
	}
	return fmt.Sprintf(format, entity)
}

// ref is a reference as the library takes it: me, a username without @, a marked
// id as a number; "" for any other.
func (l *library) ref(who string) string {
	name, at := strings.CutPrefix(who, "@")
	_, err := strconv.ParseInt(who, 10, 64)
	switch {
	case who == "me" || who == "self":
		return l.text("me")
	case err == nil && !strings.HasPrefix(who, "+"):
		return who
	case at && len(name) >= 3 && len(name) <= 32 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "":
		if strings.Trim(name, "0123456789") == "" {
			return "" // digits would be a phone number
		}
		return l.text(name)
	}
	return ""
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

// set is a set of words; its zero value is empty.
type set map[string]bool

func (s *set) add(word string) {
	if *s == nil {
		*s = set{}
	}
	(*s)[word] = true
}

// hidden reports a rune that would not be seen in code, or would change the
// order of what stands around it.
func hidden(r rune) bool {
	return r > 0x7e && !unicode.IsGraphic(r) || unicode.Is(unicode.Zs, r) && r != ' '
}

func hexByte(c byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[c>>4], digits[c&15]})
}
