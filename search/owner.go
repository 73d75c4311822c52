package search

import (
	"strings"

	"tlsh/schema"
	"tlsh/schema/docs"
)

// ofOwner is the parameter that a text names with whose it is: sendMessage silent,
// messages.sendMessage.silent.
func (x *Index) ofOwner(text string) (Hit, bool) {
	text = strings.TrimSpace(text)
	at := strings.LastIndexAny(text, " .")
	if at <= 0 || at == len(text)-1 {
		return Hit{}, false
	}
	spelt, name := bare(strings.TrimSpace(text[:at])), text[at+1:]
	if strings.Contains(spelt, " ") || strings.ToLower(spelt) == spelt && !strings.Contains(spelt, ".") {
		return Hit{}, false // words, and no name
	}
	owner := fold(spelt)
	for i := range x.entries {
		e := &x.entries[i]
		if e.kind != Method && e.kind != Constructor || len(e.full) < len(owner) || e.full != owner && (e.kind != Method || e.full[e.base:] != owner) {
			continue
		}
		def, page := x.schema.Method(e.name), docs.Method
		if e.kind == Constructor {
			def, page = x.schema.Constructor(e.name), docs.Constructor
		}
		for j := range def.Params {
			if p := &def.Params[j]; p.Name == name && p.Type.Kind != schema.KindFlags {
				return Hit{Kind: Parameter, Name: name, Of: e.name, Summary: docs.Sentence(page(e.name).Param(name)), Match: span(0, len(name))}, true
			}
		}
	}
	return Hit{}, false
}
