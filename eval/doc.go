package eval

import (
	"context"

	"tlsh/manual"
	"tlsh/render"
	"tlsh/search"
	"tlsh/syntax"
)

// doc shows the page about a request, a constructor, a type or an error.
func (r *run) doc(_ context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) != 1 {
		return r.usage(call, "want doc NAME, as doc messages.sendMessage or doc FLOOD_WAIT")
	}
	m := r.manual()
	p, ok := m.Look(words[0])
	if !ok {
		return r.unknownName(call, words[0])
	}
	return r.page(p)
}

// typePage shows what makes, answers, takes and holds a type.
func (r *run) typePage(_ context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) != 1 {
		return r.usage(call, "want type NAME, as type InputPeer")
	}
	m := r.manual()
	class := r.cfg.Schema.Class(words[0])
	if class == nil {
		// The type of a constructor or of a request's result is meant.
		if def := r.cfg.Schema.Constructor(words[0]); def != nil {
			class = def.Result.Class
		} else if def := r.cfg.Schema.Method(words[0]); def != nil {
			class = def.Result.Class
		}
	}
	if class == nil {
		return r.unknownName(call, words[0])
	}
	return r.page(m.Type(class))
}

func (r *run) manual() *manual.Manual {
	return &manual.Manual{Schema: r.cfg.Schema}
}

func (r *run) page(p *manual.Page) Status {
	if r.cfg.Format != Tree {
		return r.document(p)
	}
	r.out = p.Append(r.out, r.cfg.View)
	r.flush()
	return OK
}

// unknownName says that there is nothing so called, and what is near.
func (r *run) unknownName(call *syntax.Call, name string) Status {
	e := &syntax.Error{Span: call.Args[0].Span(), Msg: "nothing is called " + render.Escape(syntax.Quote(name)) + " here"}
	for _, h := range r.Index().Find(name, 1) {
		if h.Kind == search.Parameter {
			e.Fix = h.Name + " is a parameter of " + h.Of
			continue
		}
		e.Fix = "did you mean " + h.Name + "?"
	}
	r.diagnose(e)
	return Usage
}
