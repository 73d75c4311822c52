package eval

import (
	"context"
	"fmt"
	"io"

	"tlsh/render"
	"tlsh/syntax"
	"tlsh/table"
	"tlsh/tl"
)

// table shows the elements of a Vector as rows: the value itself, or what its
// result is about, or the JSON that a stage before it wrote.
func (r *run) table(p *syntax.Pipe, from output, last bool) (output, Status) {
	t := r.newTable(last)
	for _, a := range p.Args {
		if !t.Column(syntax.Text(a), a) {
			r.diagnose(&syntax.Error{Span: a.Span(), Msg: "a column of a table is a path of fields", Fix: "as in | table id from_id.user_id message"})
			return output{}, Usage
		}
	}
	return output{write: func(ctx context.Context, w io.Writer) error {
		if err := fillTable(ctx, t, from); err != nil {
			return err
		}
		if e := t.Unknown(); e != nil {
			r.diagnose(e)
			return &told{Usage}
		}
		if t.Empty() {
			r.note("the table has no rows")
		}
		return t.Write(ctx, w)
	}}, OK
}

// showTable shows the list that a value is about as a table.
func (r *run) showTable(ctx context.Context, v tl.Value) Status {
	t := r.newTable(true)
	t.Values(v)
	return r.toScreen(ctx, func(w io.Writer) error { return t.Write(ctx, w) })
}

// newTable is a table for a terminal, if it is shown and there is one.
func (r *run) newTable(shown bool) *table.Table {
	if shown && r.cfg.Terminal {
		return &table.Table{View: r.cfg.View}
	}
	return &table.Table{View: render.Options{Names: r.cfg.View.Names, Location: r.cfg.View.Location}}
}

// fillTable adds the rows.
func fillTable(ctx context.Context, t *table.Table, from output) error {
	if !from.value.IsNone() {
		t.Values(from.value)
		return nil
	}
	err := from.jq(ctx, func(v any) error {
		t.JSON(v)
		return nil
	})
	if je, ok := err.(*jqError); ok {
		return fmt.Errorf("table wants JSON: %w", je.err)
	}
	return err
}
