package example

import (
	"strings"

	"tlsh/schema"
)

// acronyms are the words that github.com/gotd/td's generator writes in capitals.
var acronyms = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("ACL API ASCII AWS CPU CSS DNS EOF GB GUID HTML HTTP HTTPS ID IP JSON KB LHS MAC MB " +
		"QPS RAM RHS RPC SLA SMTP SQL SSH SSO TCP TLS TTL UDP UI UID URI URL UTF8 UUID VM XML XMPP XSRF XSS SMS CDN DC PFS " +
		"P2P SHA256 SHA1 MD5 SRP 2FA ISO") {
		m[w] = true
	}
	return m
}()

// goName is a TL name without a namespace as gotd spells it: peer_id is PeerID.
func goName(name string) string {
	var b strings.Builder
	for _, w := range goWords(name) {
		up := strings.ToUpper(w)
		last := len(up) - 1
		switch {
		case up == "TCPO":
			b.WriteString("TCPObfuscated")
		case up == "SMSJOBS":
			b.WriteString("SMSJobs")
		case acronyms[up]:
			b.WriteString(up)
		case acronyms[up[:last]]: // a plural: IDs
			b.WriteString(up[:last] + strings.ToLower(up[last:]))
		default:
			b.WriteString(up[:1] + w[1:])
		}
	}
	return b.String()
}

// goWords are the words of a name: what _ parts, or where there is none what a
// capital begins. Digits part nothing.
func goWords(name string) []string {
	if strings.Contains(name, "_") {
		return strings.FieldsFunc(name, func(r rune) bool { return r == '_' })
	}
	var words []string
	from := 0
	for i := 1; i < len(name); i++ {
		prev, c := name[i-1], name[i]
		switch {
		case isLower(prev) && isUpper(c):
			words = append(words, name[from:i])
			from = i
		case isUpper(prev) && isLower(c) && i-1 > from:
			words = append(words, name[from:i-1])
			from = i - 1
		}
	}
	return append(words, name[from:])
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// goFull is a name with its namespace before it.
func goFull(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, ".") {
		b.WriteString(goName(part))
	}
	return b.String()
}

// goStruct is the struct that a definition is for gotd.
func goStruct(def *schema.Combinator) string {
	if def.Method {
		return goFull(def.Name) + "Request"
	}
	return goFull(def.Name)
}

// goType is the Go type of a field.
func goType(t *schema.Type) string {
	switch t.Kind {
	case schema.KindInt:
		return "int"
	case schema.KindLong:
		return "int64"
	case schema.KindDouble:
		return "float64"
	case schema.KindString:
		return "string"
	case schema.KindBytes:
		return "[]byte"
	case schema.KindInt128:
		return "bin.Int128"
	case schema.KindInt256:
		return "bin.Int256"
	case schema.KindTrue, schema.KindBool:
		return "bool"
	case schema.KindVector:
		return "[]" + goType(t.Elem)
	case schema.KindBoxed:
		if single(t) {
			return "tg." + goStruct(t.Class.Constructors()[0])
		}
		return "tg." + goFull(t.Name) + "Class"
	case schema.KindBare:
		return "tg." + goStruct(t.Of)
	}
	return "bin.Object"
}

// single reports a type with one constructor, whose struct gotd uses in its
// place.
func single(t *schema.Type) bool {
	return t.Kind == schema.KindBare || t.Kind == schema.KindBoxed && len(t.Class.Constructors()) == 1
}
