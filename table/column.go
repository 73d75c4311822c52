package table

import (
	"slices"
	"sort"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// columnOf reads a path as a person types it.
func columnOf(text string) (column, bool) {
	if text == "_" {
		return column{title: text, name: true}, true
	}
	f := syntax.Parse("$x." + strings.TrimPrefix(text, "."))
	if text == "" || len(f.Errs) > 0 || len(f.Stmts) != 1 {
		return column{}, false
	}
	v, ok := f.Stmts[0].X.(*syntax.Var)
	if !ok || len(f.Stmts[0].Pipes)+len(f.Stmts[0].Options) > 0 {
		return column{}, false
	}
	return column{title: text, path: v.Path}, true
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
func (t *Table) dropEmpty() {
	if len(t.rows) == 0 {
		return
	}
	t.columns = append(t.columns[:1:1], slices.DeleteFunc(slices.Clone(t.columns[1:]), func(c column) bool {
		return !slices.ContainsFunc(t.rows, func(row any) bool {
			text, _ := t.cell(row, &c)
			return text != ""
		})
	})...)
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
	case "KnownPeer":
		return []string{"kind", "marked_id", "usernames", "title", "phone"}
	case "KeptProfile":
		return []string{"name", "current", "environment", "user", "username", "dc", "signed_in", "keys", "encrypted", "note"}
	}
	return nil
}

// mostColumns is how many columns are chosen by themselves.
const mostColumns = 6

// defaultColumns are those of the rows' type, else the first fields that say
// something on one line and that a row has.
func defaultColumns(rows []tl.Value) []column {
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
			return []column{{title: "value"}}
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
	var out []column
	for _, n := range names {
		c, _ := columnOf(n)
		out = append(out, c)
	}
	if len(out) == 0 {
		out = []column{{title: "_", name: true}}
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
func jsonColumns(rows []any) []column {
	var names []string
	for _, row := range rows {
		m, ok := row.(map[string]any)
		if !ok {
			return []column{{title: "value"}}
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
	var out []column
	for _, n := range names {
		out = append(out, column{title: n, path: []*syntax.Step{{Kind: syntax.StepField, Name: n}}})
	}
	return out
}
