package tltest

import (
	"fmt"
	"math"
	"strings"

	"tlsh/tl"
)

// Dump spells a value with its definitions' and parameters' names, so that it
// can be compared with the same spelling of another implementation's value:
//
//	messages.getMessages{id:[inputMessageID{id:7}]}
//
// Absent fields are left out, numbers are decimal, doubles are their bits,
// strings and bytes are quoted as Go does, int128 and int256 are hexadecimal.
func Dump(v tl.Value) string {
	var b strings.Builder
	dump(&b, v)
	return b.String()
}

func dump(b *strings.Builder, v tl.Value) {
	switch v.Kind() {
	case tl.KindInt, tl.KindLong:
		fmt.Fprint(b, v.AsLong())
	case tl.KindDouble:
		fmt.Fprintf(b, "%016x", math.Float64bits(v.AsDouble()))
	case tl.KindBool:
		fmt.Fprint(b, v.AsBool())
	case tl.KindString, tl.KindBytes:
		fmt.Fprintf(b, "%q", v.AsBytes())
	case tl.KindInt128, tl.KindInt256:
		fmt.Fprintf(b, "%x", v.AsBytes())
	case tl.KindVector:
		b.WriteByte('[')
		for i, e := range v.Vector().Items {
			if i > 0 {
				b.WriteByte(' ')
			}
			dump(b, e)
		}
		b.WriteByte(']')
	case tl.KindObject:
		dumpObject(b, v.Object())
	default:
		fmt.Fprintf(b, "<%s %x>", v.Kind(), v.AsBytes())
	}
}

func dumpObject(b *strings.Builder, o *tl.Object) {
	switch {
	case o.Is("boolTrue"), o.Is("boolFalse"):
		fmt.Fprint(b, o.Is("boolTrue")) // as the decoder gives them
		return
	}
	b.WriteString(o.Def().Name + "{")
	first := true
	for i, v := range o.Fields() {
		if !first {
			b.WriteByte(' ')
		}
		first = false
		b.WriteString(o.Def().Params[i].Name + ":")
		dump(b, v)
	}
	b.WriteByte('}')
}
