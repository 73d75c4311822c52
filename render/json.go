package render

import (
	"encoding/base64"
	"encoding/hex"
	"math"
	"strconv"
	"unicode/utf8"

	"tlsh/tl"
)

// AppendJSON appends v as one line of JSON: an object is {"_":name, field:…}
// with the fields that are present under their TL names, in the order of the
// schema; numbers have their exact digits, 64-bit ones too; bytes are standard
// base64, int128 and int256 hexadecimal; Bool and Vector are bare, a set `true`
// flag is true. What JSON cannot hold stands as an object: NaN and infinities
// as {"_":"double","value":"nan"}, a string that is not UTF-8 as
// {"_":"bytes","base64":…}, bytes that could not be decoded as
// {"_":"raw","base64":…}. Only nothing at all (the zero Value) is null.
//
// Characters that a terminal could act on are escaped as JSON does, so that
// the text is safe to show.
func AppendJSON(dst []byte, v tl.Value) []byte {
	return (*Stream)(nil).JSON(dst, v)
}

// AppendJSONIndent is AppendJSON over several lines with two spaces a level,
// and with colour if opt says so; otherwise only white space differs. Lines
// are not cut to Options.Width: that would not be JSON.
func AppendJSONIndent(dst []byte, v tl.Value, opt Options) []byte {
	return (*Stream)(nil).JSONIndent(dst, v, opt)
}

type jsonEncoder struct {
	b     []byte
	pal   *palette // nil: no colour
	lines bool
	depth int
	out   *Stream
}

func (e *jsonEncoder) on(s style) {
	if e.pal != nil {
		e.b = append(e.b, e.pal[s].on...)
	}
}

func (e *jsonEncoder) off(s style) {
	if e.pal != nil {
		e.b = append(e.b, e.pal[s].off...)
	}
}

func (e *jsonEncoder) newline() {
	if !e.lines {
		return
	}
	e.b = append(e.b, '\n')
	for range e.depth {
		e.b = append(e.b, ' ', ' ')
	}
}

func (e *jsonEncoder) value(v tl.Value) {
	switch v.Kind() {
	case tl.KindObject:
		e.object(v.Object())
	case tl.KindVector:
		e.vector(v.Vector().Items)
	case tl.KindString:
		e.on(text)
		e.str(v.AsString())
		e.off(text)
	case tl.KindBytes:
		e.on(text)
		e.b = append(e.b, '"')
		e.b = base64.StdEncoding.AppendEncode(e.b, v.AsBytes())
		e.b = append(e.b, '"')
		e.off(text)
	case tl.KindInt128, tl.KindInt256:
		e.on(text)
		e.b = append(e.b, '"')
		e.b = hex.AppendEncode(e.b, v.AsBytes())
		e.b = append(e.b, '"')
		e.off(text)
	case tl.KindRaw:
		e.b = append(e.b, `{"_":"raw","base64":"`...)
		e.b = base64.StdEncoding.AppendEncode(e.b, v.AsBytes())
		e.b = append(e.b, `"}`...)
	default:
		e.on(number)
		e.scalar(v)
		e.off(number)
	}
}

func (e *jsonEncoder) scalar(v tl.Value) {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		e.b = strconv.AppendInt(e.b, v.AsLong(), 10)
	case tl.KindBool:
		e.b = strconv.AppendBool(e.b, v.AsBool())
	case tl.KindDouble:
		switch f := v.AsDouble(); {
		case math.IsNaN(f):
			e.b = append(e.b, `{"_":"double","value":"nan"}`...)
		case math.IsInf(f, 1):
			e.b = append(e.b, `{"_":"double","value":"inf"}`...)
		case math.IsInf(f, -1):
			e.b = append(e.b, `{"_":"double","value":"-inf"}`...)
		default:
			e.b = strconv.AppendFloat(e.b, f, 'g', -1, 64)
		}
	default:
		e.b = append(e.b, "null"...)
	}
}

func (e *jsonEncoder) object(o *tl.Object) {
	def := o.Def()
	e.depth++
	e.b = append(e.b, '{')
	e.newline()
	e.key("_")
	e.on(typing)
	e.b = append(e.b, '"')
	e.b = append(e.b, def.Name...) // the reader lets only identifiers be names
	e.b = append(e.b, '"')
	e.off(typing)
	for i, v := range o.Fields() {
		if e.b = e.out.drain(e.b); e.out.stopped() {
			return
		}
		e.b = append(e.b, ',')
		e.newline()
		e.key(def.Params[i].Name)
		e.value(v)
	}
	e.depth--
	e.newline()
	e.b = append(e.b, '}')
}

func (e *jsonEncoder) key(k string) {
	e.on(field)
	e.b = append(e.b, '"')
	e.b = append(e.b, k...)
	e.b = append(e.b, '"')
	e.off(field)
	e.b = append(e.b, ':')
	if e.lines {
		e.b = append(e.b, ' ')
	}
}

func (e *jsonEncoder) vector(items []tl.Value) {
	if len(items) == 0 {
		e.b = append(e.b, "[]"...)
		return
	}
	e.depth++
	e.b = append(e.b, '[')
	for i, v := range items {
		if e.b = e.out.drain(e.b); e.out.stopped() {
			return
		}
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.newline()
		e.value(v)
	}
	e.depth--
	e.newline()
	e.b = append(e.b, ']')
}

// str appends s as a JSON string (RFC 8259, section 7).
func (e *jsonEncoder) str(s string) {
	begin := len(e.b)
	e.b = append(e.b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < 0x7f {
			i++
			continue
		}
		r, n := rune(c), 1
		if c >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				e.b = append(e.b[:begin], `{"_":"bytes","base64":"`...)
				e.b = base64.StdEncoding.AppendEncode(e.b, []byte(s))
				e.b = append(e.b, `"}`...)
				return
			}
			if !unsafeRune(r) {
				i += n
				continue
			}
		}
		e.b = append(e.b, s[from:i]...)
		e.b = appendJSONEscape(e.b, r)
		i += n
		from = i
	}
	e.b = append(e.b, s[from:]...)
	e.b = append(e.b, '"')
}

func appendJSONEscape(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	if r >= 0x10000 {
		r -= 0x10000
		b = appendJSONUnit(b, 0xd800+r>>10)
		r = 0xdc00 + r&0x3ff
	}
	return appendJSONUnit(b, r)
}

func appendJSONUnit(b []byte, u rune) []byte {
	return append(b, '\\', 'u', hexDigits[u>>12&15], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}
