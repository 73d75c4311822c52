package sandbox

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"tlsh/syntax"
	"tlsh/tl"
)

// save writes the world as a fixture.
func (w *world) save(now time.Time) []byte {
	s := &saver{world: w}
	s.line("now %s", now.UTC().Format(dateLayout))
	for _, p := range w.people {
		s.object(s.withNames(p.def.Clone(), p.peer).With("access_hash", tl.Long(p.seed)))
	}
	s.line("me %s", s.ref(w.self.peer))
	for _, p := range w.people {
		if p.about != "" {
			s.line("about %s %s", s.ref(p.peer), syntax.Quote(p.about))
		}
		if len(p.contacts) > 0 {
			s.buf = append(s.buf, "contacts "+s.ref(p.peer)+" ["...)
			for _, q := range w.people {
				if p.contacts[q.id] != nil {
					s.buf = append(s.buf, ' ')
					s.buf = append(s.buf, s.ref(q.peer)...)
				}
			}
			s.line(" ]")
		}
	}
	for _, r := range w.rooms {
		s.roomLines(r)
	}
	s.messages()
	for _, p := range w.people {
		s.line("box %s %d %d", s.ref(p.peer), p.box.last, p.box.pts)
		for _, d := range s.dialogsOf(p) {
			s.line("read %s %s %d %d", s.ref(p.peer), s.ref(d.with), d.readIn, d.readOut)
		}
	}
	for _, r := range w.rooms {
		if r.box != nil {
			s.line("box %s %d %d", s.ref(r.peer), r.box.last, r.box.pts)
		}
	}
	for _, a := range areas() {
		if a.save != nil {
			a.save(s)
		}
	}
	return s.buf
}

type saver struct {
	*world
	buf    []byte
	number map[*letter]int32 // of the messages in the file
}

func (s *saver) line(format string, a ...any) {
	s.buf = append(fmt.Appendf(s.buf, format, a...), '\n')
}

func (s *saver) object(o *tl.Object) {
	s.buf = append(s.value(s.buf, o.Value(), "", true), '\n')
}

// ref is how a fixture names somebody.
func (s *saver) ref(p peer) string {
	if name := s.username(p); name != "" {
		return "@" + name
	}
	switch p.kind {
	case chatPeer:
		return strconv.FormatInt(-p.id, 10)
	case channelPeer:
		return strconv.FormatInt(-1_000_000_000_000-p.id, 10)
	}
	return strconv.FormatInt(p.id, 10)
}

func (s *saver) roomLines(r *room) {
	o := s.withNames(r.def.Clone(), r.peer)
	if r.kind == channelPeer {
		o.With("access_hash", tl.Long(r.seed))
	}
	s.object(o)
	if r.about != "" {
		s.line("about %s %s", s.ref(r.peer), syntax.Quote(r.about))
	}
	s.buf = append(s.buf, "members "+s.ref(r.peer)+" ["...)
	for _, m := range r.members {
		s.buf = append(s.buf, " "+s.ref(m.peer)...)
	}
	s.line(" ]")
	for _, m := range r.members {
		if m.rights == nil {
			continue
		}
		s.buf = append(s.buf, "admin "+s.ref(r.peer)+" "+s.ref(m.peer)...)
		for i := range m.rights.Fields() {
			s.buf = append(s.buf, " "+m.rights.Def().Params[i].Name...)
		}
		s.line("")
	}
}

// messages writes every letter that somebody has, or that one of these answers,
// with the ids of all its copies; those of deleted ones are negative.
func (s *saver) messages() {
	var all []*letter
	seen := map[*letter]int32{}
	s.number = seen
	var add func(l *letter)
	add = func(l *letter) {
		if _, ok := seen[l]; ok || l == nil {
			return
		}
		seen[l] = 0
		add(l.reply)
		all = append(all, l)
	}
	owners := map[*box]peer{}
	boxes := make([]*box, 0, len(s.people)+len(s.rooms))
	for _, p := range s.people {
		boxes, owners[p.box] = append(boxes, p.box), p.peer
	}
	for _, r := range s.rooms {
		if r.box != nil {
			boxes, owners[r.box] = append(boxes, r.box), r.peer
		}
	}
	for _, b := range boxes {
		for _, e := range b.entries {
			add(e.letter)
		}
	}
	slices.SortStableFunc(all, func(a, b *letter) int { return cmp.Compare(a.date, b.date) })
	for i, l := range all {
		seen[l] = int32(i + 1)
	}
	for _, l := range all {
		o := l.base.Clone().With("id", tl.Int(seen[l])).With("date", tl.Int(l.date)).
			With("from_id", s.peerValue(l.author.peer)).With("peer_id", s.peerValue(l.to))
		if p := s.pollIn(l); p != nil {
			o.With("media", s.savedPoll(p))
		}
		if l.reply != nil {
			head := o.At("reply_to").Object()
			if head == nil {
				head = s.new("messageReplyHeader")
			}
			o.With("reply_to", head.Clone().With("reply_to_msg_id", tl.Int(seen[l.reply])).Value())
		}
		s.object(o)
		s.buf = fmt.Appendf(s.buf, "copies %d [", seen[l])
		for _, c := range l.copies {
			id := c.id
			if c.box.find(id) == nil {
				id = -id
			}
			s.buf = fmt.Appendf(s.buf, " %s %d", s.ref(owners[c.box]), id)
		}
		s.line(" ]")
	}
}

// value writes a value as the line language reads it back. name is that of its
// parameter; head says that it stands at the head of a statement, where a name
// always has its parentheses.
func (s *saver) value(dst []byte, v tl.Value, name string, head bool) []byte {
	switch v.Kind() {
	case tl.KindInt:
		if isDate(name) && v.AsInt() > 0 {
			return time.Unix(v.AsLong(), 0).UTC().AppendFormat(dst, dateLayout)
		}
		return strconv.AppendInt(dst, v.AsLong(), 10)
	case tl.KindLong:
		return strconv.AppendInt(dst, v.AsLong(), 10)
	case tl.KindDouble:
		return fmt.Appendf(dst, "double:%016x", math.Float64bits(v.AsDouble()))
	case tl.KindBool:
		return strconv.AppendBool(dst, v.AsBool())
	case tl.KindString:
		return syntax.AppendQuote(dst, v.AsString())
	case tl.KindBytes:
		if len(v.AsBytes()) == 0 {
			return append(dst, `""`...)
		}
		return hex.AppendEncode(append(dst, "hex:"...), v.AsBytes())
	case tl.KindInt128, tl.KindInt256:
		return hex.AppendEncode(append(dst, "hex:"...), v.AsBytes())
	case tl.KindVector:
		dst = append(dst, '[')
		for i, it := range v.Vector().Items {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = s.value(dst, it, name, false)
		}
		return append(dst, ']')
	case tl.KindObject:
		o := v.Object()
		p := peerOf(v)
		if p.kind == noPeer && o.At("access_hash").AsLong() == 0 {
			p = inputPeerOf(v)
		}
		if p.kind != noPeer && (s.room[p] != nil || p.kind == userPeer && s.byID[p.id] != nil) {
			return append(dst, s.ref(p)...)
		}
		dst = append(dst, o.Def().Name...)
		n := 0
		for i, f := range o.Fields() {
			param := &o.Def().Params[i]
			if n++; n == 1 {
				dst = append(dst, '(')
			} else {
				dst = append(dst, ' ')
			}
			dst = append(append(dst, param.Name...), '=')
			dst = s.value(dst, f, param.Name, false)
		}
		switch {
		case n > 0:
			dst = append(dst, ')')
		case head:
			dst = append(dst, "()"...)
		}
	}
	return dst
}
