package eval

import (
	"context"
	"io"
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/example"
	"tlsh/manual"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/search"
	"tlsh/syntax"
)

// doc shows the page about a request, a constructor, a type, an error or a
// parameter.
func (r *run) doc(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) != 1 {
		return r.usage(call, "want doc NAME, as doc messages.sendMessage or doc FLOOD_WAIT")
	}
	return r.pageAbout(ctx, call, words[0])
}

// pageAbout shows the page about a name. One that is spelt in another way, as in
// another library or without its namespace, is taken for what it names.
func (r *run) pageAbout(ctx context.Context, call *syntax.Call, name string) Status {
	m := r.manual()
	p, ok := m.Look(name)
	if !ok {
		p, ok = m.ParameterOf(name)
	}
	if !ok {
		p, ok = m.Look(r.meant(name))
	}
	if !ok {
		return r.unknownName(call, name)
	}
	return r.page(ctx, p)
}

// meant is what a name names that is spelt in another way, among the kinds; a word
// is said of it. It is "" where the name is only like one.
func (r *run) meant(name string, kinds ...search.Kind) string {
	named := r.Index().Named(name)
	if len(kinds) > 0 {
		named = slices.DeleteFunc(named, func(h search.Hit) bool { return !slices.Contains(kinds, h.Kind) })
	}
	if len(named) == 0 {
		return ""
	}
	text := named[0].Name + " is meant"
	if len(named) > 1 {
		text += "; there is " + named[1].Name + " too"
	}
	r.note("%s", text)
	return named[0].Name
}

// typePage shows what makes, answers, takes and holds a type.
func (r *run) typePage(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) != 1 {
		return r.usage(call, "want type NAME, as type InputPeer")
	}
	class := r.classOf(words[0])
	if class == nil {
		class = r.classOf(r.meant(words[0], search.Type, search.Method, search.Constructor))
	}
	if class == nil {
		return r.unknownName(call, words[0])
	}
	return r.page(ctx, r.manual().Type(class))
}

// classOf is the type of a name, or that of a constructor or of a request's result;
// nil for others.
func (r *run) classOf(name string) *schema.Class {
	if class := r.cfg.Schema.Class(name); class != nil {
		return class
	}
	if def := r.definition(name); def != nil {
		return def.Result.Class
	}
	return nil
}

func (r *run) manual() *manual.Manual {
	return &manual.Manual{
		Schema:  r.cfg.Schema,
		Example: func(def *schema.Combinator) string { return example.Line(r.cfg.Schema, def) },
		Zone:    r.now().Format("MST (UTC-07:00)"),
	}
}

func (r *run) page(ctx context.Context, p *manual.Page) Status {
	if r.wantsDocument() {
		return r.document(ctx, p)
	}
	return r.toScreen(ctx, func(w io.Writer) error {
		_, err := w.Write(p.Append(nil, r.cfg.View))
		return err
	})
}

// unknownName says that there is nothing so called, and what is near.
func (r *run) unknownName(call *syntax.Call, name string) Status {
	e := &syntax.Error{Span: call.Args[0].Span(), Msg: "nothing is called " + render.Escape(syntax.Quote(name)) + " here"}
	kinds := search.OfAPI()
	switch call.Name.Text {
	case "type":
		kinds = []search.Kind{search.Type}
	case "example", "copy":
		kinds = []search.Kind{search.Method, search.Constructor}
	}
	isWord := slices.ContainsFunc(bind.Words(), func(w bind.Word) bool { return w.Name == name })
	if _, summary := r.CommandSummary(name); summary != "" || isWord {
		e.Fix = name + " is a command: help " + name
	} else if strings.HasPrefix(name, "@") {
		e.Fix = "peer " + render.Escape(name) + " tells what is known of somebody"
	} else if hits := r.Index().FindOf(name, 1, kinds...); len(hits) > 0 {
		switch h := hits[0]; {
		case h.Kind == search.Parameter:
			e.Fix = h.Name + " is a parameter of " + h.Of
		case !scattered(h.Match) && (len(h.Match) > 0 || strings.Contains(name, " ")):
			e.Fix = "did you mean " + h.Name + "?"
		}
	}
	r.diagnose(e)
	return Usage
}

// scattered reports letters that were found one here and one there: a name that
// has them so is hardly meant.
func scattered(match []int) bool {
	const together = 3
	run := 0
	for i, at := range match {
		if i > 0 && at != match[i-1]+1 {
			run = 0
		}
		if run++; run == together {
			return false
		}
	}
	return len(match) >= together
}
