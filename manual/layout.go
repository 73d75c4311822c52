package manual

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tlsh/render"
	"tlsh/schema/docs"
)

// textColumn is where descriptions begin beside names.
const textColumn = 26

// errorColumn is where they begin beside errors, whose names are longer.
const errorColumn = 36

// Append lays the page out for a terminal.
func (p *Page) Append(dst []byte, opt render.Options) []byte {
	w := render.NewProse(opt)
	switch p.Kind {
	case "method", "constructor":
		p.combinator(w)
	case "type":
		w.Title(p.Name, "type")
		p.about(w)
	case "error":
		w.Title(p.Name, fmt.Sprintf("error %d", p.Code))
		if p.Text != "" {
			w.Text(2, p.Text)
		} else {
			w.Text(2, strings.TrimSpace("The API's pages do not say what it means. "+docs.Code(p.Code)))
		}
		if p.Advice != "" {
			w.Text(2, p.Advice)
		}
		if len(p.By) == 0 {
			w.Text(2, "No request's page lists it.")
		}
		list(w, "Given by", p.By)
	case "parameter":
		p.uses(w)
	}
	if p.Kind == "type" || p.Kind == "constructor" {
		constructors(w, "Made by", p.Constructors)
		list(w, "Answered by", p.Returning)
		list(w, "Taken by", p.Accepting)
		list(w, "Held by", p.Containing)
	}
	p.see(w)
	return append(dst, w.Bytes()...)
}

// see is where to go on.
func (p *Page) see(w *render.Prose) {
	if p.URL != "" || len(p.Links)+len(p.Also) > 0 {
		w.Section("See")
	}
	if len(p.Also) > 0 {
		w.Text(2, strings.Join(p.Also, " "))
	}
	if p.URL != "" {
		w.Text(2, p.URL)
	}
	for _, l := range p.Links {
		w.Text(2, l)
	}
	if p.Text != "" && (p.Layer < p.Pages || p.Layer > p.Pages && p.lacks()) {
		w.Blank()
		w.Text(2, fmt.Sprintf("The descriptions are of layer %d, this schema is layer %d.", p.Pages, p.Layer))
	}
}

// lacks reports parameters without a description.
func (p *Page) lacks() bool {
	return slices.ContainsFunc(p.Params, func(q Param) bool { return q.Text == "" })
}

// uses are what the parameter is, and of what.
func (p *Page) uses(w *render.Prose) {
	w.Title(p.Name, "parameter")
	for _, u := range p.Uses {
		w.Blank()
		w.Item(2, 2, u.Type, "", u.Text)
		w.Text(4, strings.Join(u.Of, " "))
	}
}

// about is the description, and a word where there is none because the schema
// is newer.
func (p *Page) about(w *render.Prose) {
	switch {
	case p.Text != "":
		w.Text(2, p.Text)
	case p.Layer != p.Pages:
		w.Text(2, fmt.Sprintf("Nothing is known about it: the descriptions are of layer %d, this schema is layer %d.", p.Pages, p.Layer))
	}
}

func (p *Page) combinator(w *render.Prose) {
	result := p.Makes
	if p.Returns != nil {
		result = p.Returns.Type
	}
	w.Title(p.Name, "→ "+result)
	p.about(w)
	if p.Who != "" {
		w.Text(2, "Who may call it: "+p.Who+".")
	}
	if p.Asks != "" {
		w.Text(2, "Asks first: it "+p.Asks+".")
	}
	part := func(title string, keep func(Param) bool) {
		first := true
		for _, q := range p.Params {
			if !keep(q) {
				continue
			}
			if first {
				w.Section(title)
				first = false
			}
			q.append(w)
		}
	}
	part("Needs", func(q Param) bool { return !q.Optional && !q.Filled })
	part("Fills itself", func(q Param) bool { return q.Filled })
	part("May have", func(q Param) bool { return q.Optional })
	if p.Example != "" {
		w.Section("Example")
		w.Code(2, p.Example)
	}
	if p.Zone != "" {
		w.Text(2, "Dates are in "+p.Zone+" unless they name a zone: 2026-12-31T18:00Z, 18:00+02:00.")
	}
	if len(p.Errors) > 0 {
		w.Section("Errors")
		for _, e := range p.Errors {
			w.Item(2, errorColumn, fmt.Sprintf("%d %s", e.Code, e.Name), "", cmp.Or(e.Text, "Nothing is known of it."))
		}
	}
	if p.Returns != nil && len(p.Returns.Constructors) > 0 {
		constructors(w, "Answers "+p.Returns.Type, p.Returns.Constructors)
	}
	w.Section("TL")
	w.Code(2, p.Definition)
}

func (q Param) append(w *render.Prose) {
	w.Item(2, textColumn, q.Name, q.Type, q.Text)
	if q.Accepts != "" {
		w.Under(2, textColumn, "as "+q.Accepts)
	}
}

// constructors are those of a type, their fields a level down.
func constructors(w *render.Prose, title string, list []Made) {
	if len(list) == 0 {
		return
	}
	w.Section(title)
	for _, c := range list {
		w.Item(2, textColumn, c.Name, "", c.Text)
		for _, f := range c.Fields {
			name := f.Name
			if f.Optional {
				name += "?"
			}
			w.Item(6, textColumn+4, name, f.Type, f.Text)
		}
	}
}

func list(w *render.Prose, title string, names []string) {
	if len(names) == 0 {
		return
	}
	w.Section(fmt.Sprintf("%s (%d)", title, len(names)))
	w.Text(2, strings.Join(names, " "))
}
