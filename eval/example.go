package eval

import (
	"context"
	"encoding/json"

	"tlsh/example"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/search"
	"tlsh/syntax"
	"tlsh/tl"
)

// sample is the document of example.
type sample struct {
	Name   string          `json:"name"`
	Line   string          `json:"line"`
	Result json.RawMessage `json:"result,omitempty"` // of a request
	Note   string          `json:"note,omitempty"`
}

// notAnswer says what the shape of an answer is.
const notAnswer = "result is an example of what comes back, not an answer"

// example shows a line that calls a request, or makes a constructor, and what
// such a request answers.
func (r *run) example(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) != 1 {
		return r.usage(call, "want example NAME, as example messages.sendMessage")
	}
	def, line, st := r.sampleOf(call, words[0])
	if st != OK {
		return st
	}
	var answer tl.Value
	if def.Method {
		answer = example.Answer(r.cfg.Schema, def)
	}
	if r.wantsDocument() {
		doc := sample{Name: def.Name, Line: line}
		if !answer.IsNone() {
			doc.Result, doc.Note = render.AppendJSON(nil, answer), notAnswer
		}
		return r.document(ctx, doc)
	}
	r.printf("%s\n", render.Escape(line))
	if !answer.IsNone() {
		r.printf("# What comes back looks like this. It is an example, not an answer.\n")
		r.show(answer)
	}
	return OK
}

// definition is the request, else the constructor, of a name; nil for others.
func (r *run) definition(name string) *schema.Combinator {
	if def := r.cfg.Schema.Method(name); def != nil {
		return def
	}
	return r.cfg.Schema.Constructor(name)
}

// sampleOf is a request or a constructor by its name, with its example.
func (r *run) sampleOf(call *syntax.Call, name string) (*schema.Combinator, string, Status) {
	def := r.definition(name)
	if def == nil && r.cfg.Schema.Class(name) != nil {
		return nil, "", r.usage(call.Args[0], "%s is a type: type %s lists what makes it", name, name)
	}
	if def == nil {
		def = r.definition(r.meant(name, search.Method, search.Constructor))
	}
	if def == nil {
		return nil, "", r.unknownName(call, name)
	}
	line := example.Line(r.cfg.Schema, def)
	if line == "" {
		r.errorf("there is no example of %s", def.Name)
		return nil, "", Failed
	}
	return def, line, OK
}
