// Package table lays the elements of a list out as the rows of a table: which of its
// fields are the columns, and what stands in their cells. The rows are values of TL, or
// JSON as gojq has it.
package table

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/itchyny/gojq"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Table is a table at work.
type Table struct {
	View render.Options

	rows    []any // tl.Value, or JSON as gojq has it
	columns []column
}

// column is a path from a row.
type column struct {
	title string
	path  []*syntax.Step // nil: the row itself
	name  bool           // the row's constructor
	at    syntax.Node    // where it was asked for; nil: chosen by itself
}

// Column adds a column, which is a path of fields as a person types it, or _ for the
// constructor. at is where it was asked for. It reports false where the text is no
// such path.
func (t *Table) Column(text string, at syntax.Node) bool {
	c, ok := columnOf(text)
	c.at = at
	if ok {
		t.columns = append(t.columns, c)
	}
	return ok
}

// Values adds the elements that v is about as rows: its own if it is a Vector; else
// those of its first Vector of objects, of people and chats only when there is no
// other; else v itself. Where no column was asked for, those of the rows' type are
// chosen, unless no row has anything there.
func (t *Table) Values(v tl.Value) {
	rows := mainVector(v)
	for _, row := range rows {
		t.rows = append(t.rows, row)
	}
	if len(t.columns) == 0 && len(rows) > 0 {
		t.columns = defaultColumns(rows)
		t.dropEmpty()
	}
}

// JSON adds the elements of a list, or what is none, as rows.
func (t *Table) JSON(v any) {
	if list, ok := v.([]any); ok {
		t.rows = append(t.rows, list...)
	} else {
		t.rows = append(t.rows, v)
	}
}

// Empty reports a table without rows.
func (t *Table) Empty() bool { return len(t.rows) == 0 }

// Unknown is an error about a column that no row can have, or nil.
func (t *Table) Unknown() *syntax.Error {
	var names []string
	for _, row := range t.rows {
		v, ok := row.(tl.Value)
		if !ok || v.Object() == nil {
			return nil
		}
		for i := range v.Object().Def().Params {
			if n := v.Object().Def().Params[i].Name; !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	for _, c := range t.columns {
		if len(t.rows) == 0 || c.at == nil || c.name || slices.Contains(names, c.path[0].Name) {
			continue
		}
		e := &syntax.Error{Span: c.at.Span(), Msg: fmt.Sprintf("no row has a field %s", render.Escape(c.path[0].Name))}
		if s := syntax.Suggest(c.path[0].Name, names); s != "" {
			e.Fix = "did you mean " + s + "?"
		}
		return e
	}
	return nil
}

// held is how much text is written at once, in bytes.
const held = 1 << 16

// Write measures all rows and then writes them, so that none of the text is
// kept. It stops when ctx does. Without rows and without columns that were asked for
// there is nothing to write.
func (t *Table) Write(ctx context.Context, w io.Writer) error {
	if len(t.columns) == 0 {
		if t.columns = jsonColumns(t.rows); len(t.columns) == 0 {
			return nil
		}
	}
	titles := make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i] = c.title
	}
	layout := render.NewTable(titles...)
	cells := make([]string, len(t.columns))
	for _, row := range t.rows {
		for i := range t.columns {
			text, number := t.cell(row, &t.columns[i])
			layout.Measure(i, text, number)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	b := layout.AppendHeader(nil, t.View)
	for _, row := range t.rows {
		for i := range t.columns {
			cells[i], _ = t.cell(row, &t.columns[i])
		}
		if b = layout.AppendRow(b, cells, t.View); len(b) > held {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = nil
		}
	}
	_, err := w.Write(b)
	return err
}

// cell is the text of a row's column; "" where it has none.
func (t *Table) cell(row any, c *column) (text string, number bool) {
	v, ok := row.(tl.Value)
	if !ok {
		return jsonCell(row, c)
	}
	if c.name {
		if o := v.Object(); o != nil {
			return o.Def().Name, false
		}
		return "", false
	}
	if len(c.path) == 0 {
		return render.Cell(v, nil, nil, t.View)
	}
	// The object that has the last field says what the field is.
	head, last := c.path[:len(c.path)-1], c.path[len(c.path)-1]
	of, err := bind.Walk(v, head)
	if err != nil {
		return "", false
	}
	if o := of.Object(); o != nil && last.Kind == syntax.StepField {
		def := o.Def()
		p := def.Param(last.Name)
		if p != nil && p.Type.Kind == schema.KindTrue && o.At(last.Name).IsNone() {
			return "", false
		}
		return render.Cell(o.At(last.Name), def, p, t.View)
	}
	w, err := bind.Walk(v, c.path)
	if err != nil {
		return "", false
	}
	return render.Cell(w, nil, nil, t.View)
}

// jsonCell is the text of what jq gave.
func jsonCell(row any, c *column) (text string, number bool) {
	if c.name {
		c = &column{path: []*syntax.Step{{Kind: syntax.StepField, Name: "_"}}}
	}
	for _, st := range c.path {
		row = jsonStep(row, st)
	}
	switch v := row.(type) {
	case nil:
		return "", false
	case string:
		return render.Escape(v), false
	}
	b, err := gojq.Marshal(row)
	if err != nil {
		return "", false
	}
	b = render.SafeJSON(b)
	return string(b), len(b) > 0 && bytes.IndexByte([]byte("-0123456789"), b[0]) >= 0
}

// jsonStep is what a step of a path leads to; nil where it leads nowhere.
func jsonStep(v any, st *syntax.Step) any {
	switch v := v.(type) {
	case map[string]any:
		if st.Kind == syntax.StepField {
			return v[st.Name]
		}
	case []any:
		i := st.Index
		if i < 0 {
			i += len(v)
		}
		if st.Kind == syntax.StepIndex && i >= 0 && i < len(v) {
			return v[i]
		}
		if st.Kind == syntax.StepEach {
			return v
		}
	}
	return nil
}
