package bind

import (
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Fits reports that a value stands for a t as it is, or by one of the casts.
// It is for the parameter p of def, or for an element of one; def may be nil.
func Fits(s *schema.Schema, env Env, v tl.Value, t *schema.Type, def *schema.Combinator, p int) bool {
	c := &checker{schema: s, env: env, info: newInfo(nil)}
	at := place{put: func(tl.Value) {}}
	if def != nil {
		at = place{of: tl.New(def), param: p}
	}
	c.convert(&syntax.Missing{}, v, t, at)
	return len(c.info.Diags) == 0
}

// Cast makes a t of a value that is known. The holes are what the world has to
// fill in it. The error is a *syntax.Error without a place, where v does not
// become a t.
func Cast(s *schema.Schema, v tl.Value, t *schema.Type) (w tl.Value, holes []*Hole, err error) {
	c := &checker{schema: s, info: newInfo(nil)}
	w = c.convert(&syntax.Missing{}, v, t, place{put: func(x tl.Value) { w = x }})
	if len(c.info.Diags) > 0 {
		return tl.Value{}, nil, c.info.Diags[0]
	}
	return w, c.info.Holes, nil
}

// Files are the photos and documents that a value shows: of a message those of
// its media, of several messages all of them, each once.
func Files(v tl.Value) []*tl.Object {
	var all, out []*tl.Object
	if vec := v.Vector(); vec != nil {
		for _, it := range vec.Items {
			gatherMedia(it.Object(), &all)
		}
	} else {
		gatherMedia(v.Object(), &all)
	}
	for _, m := range all {
		if file(m) {
			out = append(out, m)
			continue
		}
		// What a link or a game shows.
		for _, inner := range [...]string{"document", "photo"} {
			if o := m.At(inner).Object(); o != nil && file(o) {
				out = append(out, o)
				break
			}
		}
	}
	return out
}

// Gives reports a command that gives a value, to assign and to pipe on.
func Gives(command string) bool { return gives(command) }

// Marked reports that text in md"…" or html"…" may stand for the parameter.
func Marked(def *schema.Combinator, p int) bool { return entitiesOf(def, p) >= 0 }

// Short is a word that stands for a constructor.
type Short struct {
	Word string
	Def  *schema.Combinator
}

// Shorts are the short words for constructors of t.
func Shorts(t *schema.Type) []Short {
	list := shorts(t)
	out := make([]Short, len(list))
	for i, s := range list {
		out[i] = Short{s.word, s.def}
	}
	return out
}

// Samples are a few spellings of numbers that mean something: dates, periods,
// and the words that a parameter has for some of its numbers.
func Samples(def *schema.Combinator, p *schema.Param) []string {
	t := p.Type
	if t.Kind == schema.KindVector {
		t = t.Elem
	}
	m := meaningOf(def, p, t)
	var out []string
	for _, w := range m.words {
		out = append(out, w.word)
	}
	switch m.sense {
	case senseDate:
		if ahead(p.Name) {
			return append(out, "now+1h", "now+1d", `"tomorrow 9:00"`, "today", "monday", "18:00", "now")
		}
		out = append(out, "yesterday", "now-1h", "now-1d", "today", "now", `"yesterday 9:00"`, "now+1d")
	case sensePeriod:
		out = append(out, "30s", "5m", "1h", "1d", "1w")
	case senseDays:
		out = append(out, "1d", "7d", "30d")
	case senseColour:
		out = append(out, "0xff8800")
	}
	return out
}

// ahead reports a date that is usually to come, by its name.
func ahead(param string) bool {
	for _, word := range []string{"schedule", "until", "expire", "start_date", "close_date", "next"} {
		if strings.Contains(param, word) {
			return true
		}
	}
	return false
}

// ClassName is the name of the class that Telethon makes of def, without its
// namespace: SendMessageRequest, InputPeerUser.
func ClassName(def *schema.Combinator) string { return className(def) }
