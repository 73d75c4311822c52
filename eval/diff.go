package eval

import (
	"context"
	"fmt"

	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
)

// diff tells what a layer added, removed and changed: `diff OLD.tl` against the
// schema at hand, or `diff OLD.tl NEW.tl`.
func (r *run) diff(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	if len(words) == 0 || len(words) > 2 {
		return r.usage(call, "want diff OLD.tl, to compare it with this layer, or diff OLD.tl NEW.tl")
	}
	schemas := [2]*schema.Schema{1: r.cfg.Schema}
	for i, name := range words {
		s, err := readSchema(ctx, name)
		if interrupted(ctx, err) {
			return Interrupted
		}
		if err != nil {
			r.diagnose(&syntax.Error{Span: call.Args[i].Span(), Msg: render.Escape(err.Error())})
			return Failed
		}
		schemas[i] = s
	}
	changes := schema.Diff(schemas[0], schemas[1])
	if r.wantsDocument() {
		return r.document(ctx, changeDocument(schemas, changes))
	}
	r.showChanges(schemas, changes)
	return OK
}

// maxSchema is the longest TL file that is read, in bytes: a layer has some 400 KB.
const maxSchema = 64 << 20

// readSchema reads a TL file; what could not be used of it is left out.
func readSchema(ctx context.Context, name string) (*schema.Schema, error) {
	b, err := readAll(ctx, name, maxSchema)
	if err == nil && len(b) > maxSchema {
		err = fmt.Errorf("%s has more than %s, and no TL file has", name, size(maxSchema))
	}
	if err != nil {
		return nil, err
	}
	// The ids are taken as the file has them: a layer is compared, not used.
	s, _ := schema.Read(name, string(b), schema.Options{Trusted: true})
	if len(s.Methods()) == 0 && len(s.Constructors()) == 0 {
		return nil, fmt.Errorf("%s: there is no TL definition in it", name)
	}
	return s, nil
}

func (r *run) showChanges(schemas [2]*schema.Schema, changes []schema.Change) {
	w := render.NewProse(r.cfg.View)
	w.Title(layerName(schemas[0])+" → "+layerName(schemas[1])+":", count(changes))
	const column = 40
	for _, part := range []struct {
		title  string
		what   string
		method bool
	}{
		{"Requests added", schema.Added, true}, {"Requests removed", schema.Removed, true}, {"Requests changed", schema.Changed, true},
		{"Constructors added", schema.Added, false}, {"Constructors removed", schema.Removed, false}, {"Constructors changed", schema.Changed, false},
	} {
		first := true
		for i := range changes {
			c := &changes[i]
			if c.What != part.what || c.Method() != part.method {
				continue
			}
			if first {
				w.Section(part.title)
				first = false
			}
			if c.What != schema.Changed {
				def := c.New
				if def == nil {
					def = c.Old
				}
				w.Code(2, def.String())
				continue
			}
			if len(c.Fields) == 0 {
				w.Item(2, column, c.Name(), "", "the order of its fields")
				continue
			}
			w.Item(2, column, c.Name(), "", "")
			for _, f := range c.Fields {
				w.Item(6, column, sign(f.What)+" "+f.Name, "", between(f))
			}
		}
	}
	r.out = append(r.out, w.Bytes()...)
	r.flush()
}

func layerName(s *schema.Schema) string {
	if s.Layer == 0 {
		return "a layer without a number"
	}
	return fmt.Sprintf("layer %d", s.Layer)
}

func count(changes []schema.Change) string {
	n := map[string]int{}
	for _, c := range changes {
		n[c.What]++
	}
	return fmt.Sprintf("%d added, %d removed, %d changed", n[schema.Added], n[schema.Removed], n[schema.Changed])
}

func sign(what string) string {
	switch what {
	case schema.Added:
		return "+"
	case schema.Removed:
		return "-"
	}
	return "~"
}

func between(f schema.FieldChange) string {
	switch f.What {
	case schema.Added:
		return f.New
	case schema.Removed:
		return f.Old
	}
	return f.Old + " → " + f.New
}

// layerChanges is diff's document.
type layerChanges struct {
	From    int           `json:"from"` // layers; 0 where the file does not say
	To      int           `json:"to"`
	Changes []layerChange `json:"changes"`
}

type layerChange struct {
	Change string        `json:"change"`
	Kind   string        `json:"kind"`
	Name   string        `json:"name"`
	Old    string        `json:"old,omitempty"`
	New    string        `json:"new,omitempty"`
	Fields []fieldChange `json:"fields,omitempty"`
}

type fieldChange struct {
	Change string `json:"change"`
	Name   string `json:"name"`
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`
}

func changeDocument(schemas [2]*schema.Schema, changes []schema.Change) layerChanges {
	d := layerChanges{From: schemas[0].Layer, To: schemas[1].Layer, Changes: []layerChange{}}
	for i := range changes {
		c := &changes[i]
		l := layerChange{Change: c.What, Kind: "constructor", Name: c.Name()}
		if c.Method() {
			l.Kind = "method"
		}
		if c.Old != nil {
			l.Old = c.Old.String()
		}
		if c.New != nil {
			l.New = c.New.String()
		}
		for _, f := range c.Fields {
			name := f.Name
			if name == "→" {
				name = "result"
			}
			l.Fields = append(l.Fields, fieldChange{f.What, name, f.Old, f.New})
		}
		d.Changes = append(d.Changes, l)
	}
	return d
}
