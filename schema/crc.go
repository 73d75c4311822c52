package schema

import (
	"hash/crc32"
	"strings"
)

// CRC is the constructor id that the text of the definition gives: the CRC32
// (IEEE) of its canonical form, which is the definition without its id and its
// semicolon, with bytes spelt as string, without conditional `true`
// parameters, and with < > { } taken out
// (https://core.telegram.org/mtproto/TL-formal, "Combinator identifiers").
func (c *Combinator) CRC() uint32 {
	var b strings.Builder
	b.Grow(len(c.text))
	eq := false
	for i, f := range strings.Fields(c.text) {
		if i == 0 {
			if j := strings.IndexByte(f, '#'); j >= 0 {
				f = f[:j]
			}
			b.WriteString(f)
			continue
		}
		if f == "=" {
			eq = true
		}
		if !eq && strings.HasSuffix(f, "?true") && strings.Contains(f, ":") {
			continue
		}
		b.WriteByte(' ')
		b.WriteString(canonical(f, eq))
	}
	return crc32.ChecksumIEEE([]byte(b.String()))
}

// canonical spells one word of a definition as its CRC32 wants it.
func canonical(f string, result bool) string {
	if !result {
		if s, ok := strings.CutSuffix(f, ":bytes"); ok {
			f = s + ":string"
		} else if s, ok := strings.CutSuffix(f, "?bytes"); ok {
			f = s + "?string"
		}
	}
	if strings.ContainsAny(f, "<>{}") {
		f = strings.NewReplacer("<", " ", ">", "", "{", "", "}", "").Replace(f)
	}
	return f
}
