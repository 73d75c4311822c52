package render

import (
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

// unsaid are the fields that AppendLine passes over.
func unsaid(name string) bool {
	switch name {
	case "pts", "pts_count", "qts", "seq", "date", "access_hash", "random_id", "file_reference", "hash", "entities", "reply_markup", "ttl_period":
		return true
	}
	return false
}

func (l *line) fields(o *tl.Object, depth int) {
	def := o.Def()
	for i, f := range o.Fields() {
		p := &def.Params[i]
		if unsaid(p.Name) || p.Type.Kind == schema.KindFlags {
			continue
		}
		inner := f.Object()
		switch {
		case p.Type.Kind == schema.KindTrue:
			if f.AsBool() {
				l.labelled("", p.Name, plain)
			}
		case inner != nil && p.Name == "message" && depth == 0:
			l.fields(inner, depth+1)
		case inner != nil && cellPeer(inner, l.opt) != "":
			l.labelled(p.Name, cellPeer(inner, l.opt), name)
		case inner != nil:
			l.labelled(p.Name, inner.Def().Name, typing)
			if depth < 2 {
				l.fields(inner, depth+1)
			}
		case f.Kind() == tl.KindString:
			// A text too long for the row is worth its beginning.
			const most, least = 60, 12
			room := l.opt.width() - 2 - l.col - len(p.Name) - len(` =""`)
			if room < least {
				room = most
			}
			l.labelled(p.Name, `"`+clip(Escape(f.AsString()), min(room, most))+`"`, text)
		default:
			l.scalar(f, def, p)
		}
		if l.full {
			return
		}
	}
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
