package eval

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/itchyny/gojq"

	"tlsh/bind"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// table shows the elements of a Vector as rows: the value itself, or what its
// result is about, or the JSON that a stage before it wrote.
func (r *run) table(p *syntax.Pipe, from output, last bool) (output, Status) {
	t := &tabled{view: render.Options{Names: r.cfg.View.Names, Location: r.cfg.View.Location}}
	if last && r.cfg.Terminal {
		t.view = r.view()
	}
	for _, a := range p.Args {
		c, ok := columnOf(syntax.Text(a))
		if !ok {
			r.diagnose(&syntax.Error{Span: a.Span(), Msg: "a column of a table is a path of fields", Fix: "as in | table id from_id.user_id message"})
			return output{}, Usage
		}
		c.at = a
		t.columns = append(t.columns, c)
	}
	return output{write: func(ctx context.Context, w io.Writer) error {
		if err := t.rowsOf(ctx, from); err != nil {
			return err
		}
		if e := t.unknown(); e != nil {
			r.diagnose(e)
			return &told{Usage}
		}
		return t.write(ctx, w)
	}}, OK
}

// tabled is a table at work.
type tabled struct {
	rows    []any // tl.Value, or JSON as jq has it
	columns []tableColumn
	view    render.Options
}

// tableColumn is a column: a path from a row.
type tableColumn struct {
	title string
	path  []*syntax.Step // nil: the row itself
	name  bool           // the row's constructor
	at    syntax.Node    // where it was asked for; nil: chosen by itself
}

// columnOf reads a path as a person types it.
func columnOf(text string) (tableColumn, bool) {
	if text == "_" {
		return tableColumn{title: text, name: true}, true
	}
	f := syntax.Parse("$x." + strings.TrimPrefix(text, "."))
	if text == "" || len(f.Errs) > 0 || len(f.Stmts) != 1 {
		return tableColumn{}, false
	}
	v, ok := f.Stmts[0].X.(*syntax.Var)
	if !ok || len(f.Stmts[0].Pipes)+len(f.Stmts[0].Options) > 0 {
		return tableColumn{}, false
	}
	return tableColumn{title: text, path: v.Path}, true
}

// rowsOf finds the rows, and the columns where none were asked for.
func (t *tabled) rowsOf(ctx context.Context, from output) error {
	if !from.value.IsNone() {
		for _, v := range mainVector(from.value) {
			t.rows = append(t.rows, v)
		}
		if len(t.columns) == 0 {
			t.columns = defaultColumns(mainVector(from.value))
			t.dropEmpty()
		}
		return nil
	}
	err := from.jq(ctx, func(v any) error {
		if list, ok := v.([]any); ok {
			t.rows = append(t.rows, list...)
		} else {
			t.rows = append(t.rows, v)
		}
		return nil
	})
	if len(t.columns) == 0 {
		t.columns = jsonColumns(t.rows)
	}
	if je, ok := err.(*jqError); ok {
		return fmt.Errorf("table wants JSON: %w", je.err)
	}
	return err
}

// mainVector are the elements that a value is about: its own if it is a
// Vector; else those of its first Vector of objects, of people and chats only
// when there is no other; else the value itself.
func mainVector(v tl.Value) []tl.Value {
	if w := v.Vector(); w != nil {
		return w.Items
	}
	o := v.Object()
	if o == nil {
		return []tl.Value{v}
	}
	var main, others *tl.Vector
	for i, f := range o.Fields() {
		w := f.Vector()
		if w == nil || w.Elem == nil {
			continue
		}
		if k := w.Elem.Kind; k != schema.KindBoxed && k != schema.KindBare && k != schema.KindAny {
			continue
		}
		switch o.Def().Params[i].Name {
		case "users", "chats":
			if others == nil || len(others.Items) == 0 {
				others = w
			}
		default:
			if main == nil {
				main = w
			}
		}
	}
	switch {
	case main != nil:
		return main.Items
	case others != nil && !hasBody(o):
		return others.Items
	}
	return []tl.Value{v}
}

// hasBody reports an object that is about one thing, which its users and chats
// only belong to: messages.chatFull.
func hasBody(o *tl.Object) bool {
	for i := range o.Fields() {
		if p := &o.Def().Params[i]; p.Type.Kind == schema.KindBoxed && p.Type.Class != nil {
			return true
		}
	}
	return false
}

// dropEmpty leaves out the columns, none of them asked for, in which no row has
// anything; the first one stays.
func (t *tabled) dropEmpty() {
	if len(t.rows) == 0 {
		return
	}
	t.columns = append(t.columns[:1:1], slices.DeleteFunc(slices.Clone(t.columns[1:]), func(c tableColumn) bool {
		return !slices.ContainsFunc(t.rows, func(row any) bool {
			text, _ := t.cell(row, &c)
			return text != ""
		})
	})...)
}

// unknown is a column that no row can have.
func (t *tabled) unknown() *syntax.Error {
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

// write measures all rows and then writes them, so that none of the text is
// kept.
func (t *tabled) write(ctx context.Context, w io.Writer) error {
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
	b := layout.AppendHeader(nil, t.view)
	for _, row := range t.rows {
		for i := range t.columns {
			cells[i], _ = t.cell(row, &t.columns[i])
		}
		if b = layout.AppendRow(b, cells, t.view); len(b) > maxHeld {
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
func (t *tabled) cell(row any, c *tableColumn) (text string, number bool) {
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
		return render.Cell(v, nil, nil, t.view)
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
		return render.Cell(o.At(last.Name), def, p, t.view)
	}
	w, err := bind.Walk(v, c.path)
	if err != nil {
		return "", false
	}
	return render.Cell(w, nil, nil, t.view)
}

// chosenColumns are the columns of the types that people look at most.
func chosenColumns(class string) []string {
	switch class {
	case "Message":
		return []string{"id", "date", "peer_id", "from_id", "message"}
	case "User":
		return []string{"id", "username", "first_name", "last_name", "phone"}
	case "Chat":
		return []string{"id", "title", "username", "participants_count"}
	case "Dialog":
		return []string{"peer", "top_message", "unread_count", "unread_mentions_count"}
	case "ChannelParticipant":
		return []string{"_", "user_id", "peer", "date", "rank"}
	case "PeerBlocked":
		return []string{"peer_id", "date"}
	case "ForumTopic":
		return []string{"id", "title", "date", "top_message", "unread_count"}
	case "ChannelAdminLogEvent":
		return []string{"id", "date", "user_id", "action"}
	case "Photo":
		return []string{"id", "date", "dc_id", "sizes"}
	case "Authorization":
		return []string{"hash", "current", "device_model", "platform", "app_name", "date_active", "ip", "country"}
	case "KeptProfile":
		return []string{"name", "environment", "user", "username", "dc", "signed_in", "keys", "encrypted", "note"}
	}
	return nil
}

// mostColumns is how many columns are chosen by themselves.
const mostColumns = 6

// defaultColumns are those of the rows' type, else the first fields that say
// something on one line and that a row has.
func defaultColumns(rows []tl.Value) []tableColumn {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	class, mixed := "", false
	for _, row := range rows {
		o := row.Object()
		if o == nil {
			return []tableColumn{{title: "value"}}
		}
		mixed = mixed || o.Def() != rows[0].Object().Def()
		if class == "" {
			class = o.Def().Result.Name
		}
	}
	if chosen := chosenColumns(class); chosen != nil {
		names = chosen
	} else {
		if mixed {
			add("_")
		}
		for _, row := range rows {
			for i := range row.Object().Fields() {
				if p := &row.Object().Def().Params[i]; len(names) < mostColumns && plainField(p.Type) {
					add(p.Name)
				}
			}
		}
	}
	var out []tableColumn
	for _, n := range names {
		c, _ := columnOf(n)
		out = append(out, c)
	}
	if len(out) == 0 {
		out = []tableColumn{{title: "_", name: true}}
	}
	return out
}

// plainField reports a type whose values say something in a cell.
func plainField(t *schema.Type) bool {
	switch t.Kind {
	case schema.KindInt, schema.KindLong, schema.KindDouble, schema.KindString, schema.KindBool:
		return true
	case schema.KindBoxed:
		return t.Name == "Peer"
	}
	return false
}

// jsonColumns are the keys of the rows that are no lists or objects, _ and id
// first.
func jsonColumns(rows []any) []tableColumn {
	var names []string
	for _, row := range rows {
		m, ok := row.(map[string]any)
		if !ok {
			return []tableColumn{{title: "value"}}
		}
		for k, v := range m {
			switch v.(type) {
			case map[string]any, []any:
				continue
			}
			if !slices.Contains(names, k) {
				names = append(names, k)
			}
		}
	}
	rank := func(s string) string {
		if s == "_" || s == "id" {
			return "\x00" + s
		}
		return s
	}
	sort.Slice(names, func(i, j int) bool { return rank(names[i]) < rank(names[j]) })
	var out []tableColumn
	for _, n := range names {
		out = append(out, tableColumn{title: n, path: []*syntax.Step{{Kind: syntax.StepField, Name: n}}})
	}
	return out
}

// jsonCell is the text of what jq gave.
func jsonCell(row any, c *tableColumn) (text string, number bool) {
	if c.name {
		c = &tableColumn{path: []*syntax.Step{{Kind: syntax.StepField, Name: "_"}}}
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
