package render

import (
	"slices"
	"strconv"
	"strings"

	"tlsh/schema"
	"tlsh/tl"
)

// AppendLine is an object on one line, shortened to what a person wants to see
// of an update that passes by: its constructor, and its fields with names for
// ids, without those that only count (pts, access_hash and their like), and
// the fields of a message in it as if they were its own.
func AppendLine(dst []byte, v tl.Value, opt Options) []byte {
	w := newWriter(dst, &opt)
	l := &line{writer: w, opt: opt}
	if o := v.Object(); o != nil {
		w.put(typing, o.Def().Name)
		l.fields(o, 0)
	} else {
		text, _ := Cell(v, nil, nil, opt)
		w.put(plain, text)
	}
	return w.b
}

// line writes fields until the width is used up.
type line struct {
	*writer
	opt  Options
	full bool
}

// unsaid are the fields that AppendLine passes over: everywhere, or in what an update
// is about.
func unsaid(name string, depth int) bool {
	switch name {
	case "pts", "pts_count", "qts", "seq", "date", "access_hash", "random_id", "file_reference", "hash", "entities", "reply_markup":
		return true
	case "ttl_period":
		return depth > 0
	}
	return false
}

// said are the fields of a message that matter most, in the order in which a person
// wants them.
var said = [...]string{"id", "from_id", "peer_id", "message", "action", "media"}

// fields writes those of an object: of a message first what matters, of all the flags
// last.
func (l *line) fields(o *tl.Object, depth int) {
	def := o.Def()
	about := o.Is("message") || o.Is("messageService")
	if about {
		for _, name := range said {
			if i := def.Index(name); i >= 0 && !o.At(name).IsNone() {
				l.field(def, &def.Params[i], o.At(name), depth)
			}
		}
	}
	var flags []string
	for i, f := range o.Fields() {
		p := &def.Params[i]
		switch {
		case l.full:
			return
		case unsaid(p.Name, depth), p.Type.Kind == schema.KindFlags, about && slices.Contains(said[:], p.Name):
		case p.Type.Kind == schema.KindTrue:
			if f.AsBool() {
				flags = append(flags, p.Name)
			}
		default:
			l.field(def, p, f, depth)
		}
	}
	for _, name := range flags {
		l.labelled("", name, plain)
	}
}

func (l *line) field(def *schema.Combinator, p *schema.Param, f tl.Value, depth int) {
	inner := f.Object()
	switch {
	case inner != nil && p.Name == "message" && depth == 0:
		l.fields(inner, depth+1)
	case inner != nil && cellPeer(inner, l.opt) != "":
		l.labelled(p.Name, cellPeer(inner, l.opt), name)
	case inner.Is("messageReactions"):
		l.labelled(p.Name, "["+reactionCounts(inner)+"]", text)
	case inner.Is("reactionEmoji"):
		l.labelled(p.Name, Escape(inner.At("emoticon").AsString()), text)
	case inner != nil:
		l.labelled(p.Name, inner.Def().Name, typing)
		if depth < 2 {
			l.fields(inner, depth+1)
		}
	case f.Kind() == tl.KindString && f.AsString() == "" && depth > 0: // media without a text
	case f.Kind() == tl.KindString:
		// A text too long for the row is worth its beginning.
		const most, least = 60, 5
		room := l.opt.width() - 2 - l.col - len(p.Name) - len(` =""`)
		if room < least {
			room = most
		}
		l.labelled(p.Name, `"`+clip(Escape(f.AsString()), min(room, most))+`"`, text)
	default:
		l.scalar(f, def, p)
	}
}

// reactionCounts are the emoji of a messageReactions, and how many gave each.
func reactionCounts(o *tl.Object) string {
	var list []string
	results := o.At("results").Vector()
	if results == nil {
		return ""
	}
	for _, v := range results.Items {
		x := v.Object()
		what := x.At("reaction").Object()
		emoji := ""
		switch {
		case what.Is("reactionEmoji"):
			emoji = Escape(what.At("emoticon").AsString())
		case what.Is("reactionCustomEmoji"):
			emoji = strconv.FormatInt(what.At("document_id").AsLong(), 10)
		case what != nil:
			emoji = what.Def().Name
		}
		list = append(list, emoji+" "+strconv.FormatInt(x.At("count").AsLong(), 10))
	}
	return strings.Join(list, ", ")
}

func (l *line) scalar(f tl.Value, def *schema.Combinator, p *schema.Param) {
	if kind := entity(def, p); kind != "" && f.Kind() == tl.KindLong && l.opt.Names != nil {
		if who := l.opt.Names(kind, f.AsLong()); who != "" {
			l.labelled(p.Name, clip(Escape(who), nameColumns), name)
			return
		}
	}
	text, _ := Cell(f, def, p, l.opt)
	l.labelled(p.Name, text, number)
}

// labelled writes name=text, or notes that there is no room for it.
func (l *line) labelled(name, text string, st style) {
	if l.full {
		return
	}
	size := 1 + textWidth(text)
	if name != "" {
		size += len(name) + 1
	}
	if l.col+size > l.opt.width()-2 {
		l.full = true
		l.put(plain, " …")
		return
	}
	l.put(plain, " ")
	if name != "" {
		l.put(field, name)
		l.put(plain, "=")
	}
	l.put(st, text)
}
