package eval

import (
	"context"
	"fmt"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// help shows what can be done, or what a name looks like.
func (r *run) help(_ context.Context, call *syntax.Call) Status {
	words := r.words(call)
	switch len(words) {
	case 0:
		r.overview()
		return OK
	case 1:
	default:
		return r.usage(call, "want help, or help NAME")
	}
	name := words[0]
	s := r.cfg.Schema
	if def := s.Method(name); def != nil {
		r.definition(def)
		return OK
	}
	if def := s.Constructor(name); def != nil {
		r.definition(def)
		return OK
	}
	if class := s.Class(name); class != nil {
		r.class(class)
		return OK
	}
	for _, c := range commands() {
		if c.name == name {
			r.printf("%s\n    %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
			return OK
		}
	}
	e := &syntax.Error{Span: call.Args[0].Span(), Msg: "nothing is called so"}
	if near := syntax.Suggest(name, r.allNames()); near != "" {
		e.Fix = "did you mean " + near + "?"
	}
	r.diagnose(e)
	return Usage
}

func (r *run) allNames() []string {
	names := r.Commands()
	for _, list := range [][]*schema.Combinator{r.cfg.Schema.Methods, r.cfg.Schema.Constructors} {
		for _, d := range list {
			names = append(names, d.Name)
		}
	}
	for _, c := range r.cfg.Schema.Classes {
		names = append(names, c.Name)
	}
	return names
}

func (r *run) overview() {
	r.printf(`Type a request and what it needs:
    messages.sendMessage peer=@alice message="hi"       named
    messages.sendMessage @alice "hi"                    or in order
    $_.updates[0]                                       into the last result
    batch < help.getConfig; help.getNearestDc >         several in one container
    messages.getHistory @alice limit=3 | jq '.messages[].message'
    help messages.sendMessage                           what a request looks like

Commands:
`)
	for _, c := range commands() {
		if c.summary != "" {
			r.printf("    %-24s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
		}
	}
	r.printf("\nLayer %d: %d requests. Tab completes.\n", r.cfg.Schema.Layer, len(r.cfg.Schema.Methods))
}

// definition shows a request or constructor: its parameters, required ones
// first, and what it gives.
func (r *run) definition(def *schema.Combinator) {
	r.printf("%s → %s\n", def.Name, def.Result)
	var required, optional, auto []string
	dates := false
	for i := range def.Params {
		p := &def.Params[i]
		line := r.hanging(fmt.Sprintf("    %-24s ", p.Name), bind.Accepts(def, p, p.Type))
		dates = dates || bind.IsDate(def, p)
		switch {
		case p.Type.Kind == schema.KindFlags:
		case p.Optional():
			optional = append(optional, line)
		case bind.FillsItself(def, i):
			auto = append(auto, line)
		default:
			required = append(required, line)
		}
	}
	for _, part := range []struct {
		title string
		lines []string
	}{{"needs", required}, {"fills itself", auto}, {"may have", optional}} {
		if len(part.lines) > 0 {
			r.printf("  %s\n%s\n", part.title, strings.Join(part.lines, "\n"))
		}
	}
	r.printf("  %s\n", def)
	if dates {
		r.printf("  Dates are in %s unless they name a zone: 2026-12-31T18:00Z, 18:00+02:00.\n", r.cfg.Now().Format("MST (UTC-07:00)"))
	}
}

// hanging is the text behind the head, with its further lines below its first.
func (r *run) hanging(head, text string) string {
	width := r.cfg.View.Width
	if width <= 0 {
		width = 100
	}
	line, indent := head, strings.Repeat(" ", len(head))
	var b strings.Builder
	for i, word := range strings.Fields(text) {
		if i > 0 && len([]rune(line))+1+len([]rune(word)) > width {
			b.WriteString(line + "\n")
			line = indent
		} else if i > 0 {
			line += " "
		}
		line += word
	}
	return b.String() + line
}

// class shows a type: what makes it, what answers it and what takes it.
func (r *run) class(c *schema.Class) {
	r.printf("%s is made by\n", c.Name)
	for _, d := range c.Constructors {
		r.printf("    %s\n", d.Name)
	}
	var gives []string
	for _, m := range r.cfg.Schema.Methods {
		if m.Result == c.Type {
			gives = append(gives, "    "+m.Name)
		}
	}
	if len(gives) > 0 {
		r.printf("  and answered by\n%s\n", strings.Join(gives, "\n"))
	}
}
