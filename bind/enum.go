package bind

import (
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
)

// short is a constructor that a word may stand for.
type short struct {
	word string
	def  *schema.Combinator
}

// shorts are the short words for the constructors of t that need no
// parameters: what is left of their names without what (nearly) all names of
// the type begin and end with. photos is inputMessagesFilterPhotos, typing is
// sendMessageTypingAction.
func shorts(t *schema.Type) []short {
	if t.Kind != schema.KindBoxed || len(t.Class.Constructors()) < 2 || t.Name == "RichText" || IsPeer(t) && t.Name != "InputNotifyPeer" {
		return nil // or a word there is a text, or a name
	}
	all := t.Class.Constructors()
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.Name[strings.LastIndexByte(d.Name, '.')+1:]
	}
	// Most means three of four: a few stand aside (speakingInGroupCallAction).
	most := func(has func(string) bool) bool {
		n := 0
		for _, s := range names {
			if has(s) {
				n++
			}
		}
		return 4*n >= 3*len(names)
	}
	prefix, suffix := "", ""
	for _, name := range names {
		for i := 1; i <= len(name); i++ {
			if i < len(name) && !upper(name[i]) {
				continue
			}
			p := name[:i]
			if len(p) > len(prefix) && most(func(s string) bool { return s == p || strings.HasPrefix(s, p) && upper(s[len(p)]) }) {
				prefix = p
			}
		}
		if i := strings.LastIndexFunc(name, func(r rune) bool { return r < 0x80 && upper(byte(r)) }); i > 0 {
			s := name[i:]
			if len(s) > len(suffix) && most(func(n string) bool { return strings.HasSuffix(n, s) }) {
				suffix = s
			}
		}
	}
	var out []short
	for i, d := range all {
		rest, ok := strings.CutPrefix(names[i], prefix)
		if !ok || prefix == "" || needsValue(d) {
			continue
		}
		if r := strings.TrimSuffix(rest, suffix); r != "" {
			rest = r
		}
		if rest != "" {
			out = append(out, short{lowerFirst(rest), d})
		}
	}
	return out
}

func upper(c byte) bool { return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' }

// lowerFirst writes PhoneP2P as phoneP2P, and URL as url.
func lowerFirst(s string) string {
	n := 1
	for n < len(s) && upper(s[n]) && (n+1 == len(s) || upper(s[n+1])) {
		n++
	}
	return strings.ToLower(s[:n]) + s[n:]
}

// needsValue reports that def cannot stand without arguments.
func needsValue(def *schema.Combinator) bool {
	for i := range def.Params {
		p := &def.Params[i]
		if !p.Optional() && p.Type.Kind != schema.KindFlags && !FillsItself(def, i) {
			return true
		}
	}
	return false
}

// shortDef is the constructor of t that the word stands for, or nil.
func shortDef(word string, t *schema.Type) *schema.Combinator {
	for _, s := range shorts(t) {
		if strings.EqualFold(s.word, word) {
			return s.def
		}
	}
	return nil
}

// longDef is the constructor of t, one that needs arguments, whose name ends in
// the word, or has a long one in it; or nil.
func longDef(word string, t *schema.Type) *schema.Combinator {
	if t.Kind != schema.KindBoxed || len(word) < 3 {
		return nil
	}
	const long = 5
	var in *schema.Combinator
	for _, d := range t.Class.Constructors() {
		name, word := strings.ToLower(d.Name), strings.ToLower(word)
		switch {
		case !needsValue(d):
		case strings.HasSuffix(name, word):
			return d
		case in == nil && len(word) >= long && strings.Contains(name, word):
			in = d
		}
	}
	return in
}

// Choices are the words that a person would type where a t is wanted: short
// ones, and the names of constructors with parameters.
func Choices(t *schema.Type) []string {
	if t.Kind != schema.KindBoxed {
		return nil
	}
	byDef := map[*schema.Combinator]string{}
	for _, s := range shorts(t) {
		byDef[s.def] = s.word
	}
	out := make([]string, len(t.Class.Constructors()))
	for i, d := range t.Class.Constructors() {
		switch word := byDef[d]; {
		case word != "":
			out[i] = word
		case needsValue(d):
			out[i] = d.Name + "(…)"
		default:
			out[i] = d.Name
		}
	}
	return out
}

// enum binds a short word.
func (c *checker) enum(n syntax.Node, word string, t *schema.Type) *schema.Combinator {
	def := shortDef(word, t)
	if def != nil {
		c.info.record(n, Slot{Kind: SlotValue, Role: RoleConstructor, Want: t, Of: def, Next: -1})
	}
	return def
}
