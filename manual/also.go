package manual

import (
	"slices"
	"strings"

	"tlsh/schema"
	"tlsh/schema/docs"
)

// mostAlso is how many names a page sends on to.
const mostAlso = 8

// also are the names to look at next: what the descriptions mention, and then
// the requests that do the same elsewhere (messages.readHistory,
// channels.readHistory) or something else with the same thing
// (account.getPrivacy, account.setPrivacy).
func (m *Manual) also(def *schema.Combinator, d *docs.Page) []string {
	var out []string
	add := func(name string) {
		if name != def.Name && len(out) < mostAlso && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if d != nil {
		for _, text := range append([]string{d.Text}, texts(d.Params)...) {
			m.mentioned(text, add)
		}
	}
	if !def.Method {
		return out
	}
	space, local := split(def.Name)
	for _, same := range [...]func(s, l string) bool{
		func(_, l string) bool { return l == local },
		func(s, l string) bool { return s == space && tail(l) != "" && tail(l) == tail(local) },
	} {
		for _, o := range m.Schema.Methods() {
			if same(split(o.Name)) {
				add(o.Name)
			}
		}
	}
	return out
}

func texts(params []docs.Param) []string {
	out := make([]string, len(params))
	for i := range params {
		out[i] = params[i].Text
	}
	return out
}

// mentioned finds names of the schema in a text: those of requests, and those of
// constructors and types that no English word can be taken for.
func (m *Manual) mentioned(text string, add func(name string)) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		word = strings.TrimRight(word, ".")
		spelt := strings.IndexFunc(word, func(r rune) bool { return r == '.' || r >= 'A' && r <= 'Z' }) > 0
		if spelt && (m.Schema.Method(word) != nil || m.Schema.Constructor(word) != nil || m.Schema.Class(word) != nil) {
			add(word)
		}
	}
}

func split(name string) (space, local string) {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return "", name
}

// tail is a local name without its first word: History of getHistory.
func tail(local string) string {
	if i := strings.IndexFunc(local, func(r rune) bool { return r >= 'A' && r <= 'Z' }); i > 0 {
		return local[i:]
	}
	return ""
}
