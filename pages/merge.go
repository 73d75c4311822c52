package pages

import (
	"slices"
	"strings"

	"tlsh/schema"
	"tlsh/tl"
)

// Merge makes one result of several pages: the first page with the elements of
// all, each once, in the order in which they came. The count stays as the
// server told it first; where the next page would begin is as the last page
// says it, so that one can go on by hand.
type Merge struct {
	Pages int // how many came

	rule  *Rule
	first *tl.Object
	last  *tl.Object
	lists map[string]*pageList // the vectors, by field
}

type pageList struct {
	elem  *schema.Type
	items []tl.Value
	seen  map[string]struct{} // keys of items; nil: nothing is left out
}

// NewMerge begins without a page.
func NewMerge(rule *Rule) *Merge { return &Merge{rule: rule, lists: map[string]*pageList{}} }

// Add takes in a page and reports whether there may be more.
func (m *Merge) Add(page *tl.Object) bool {
	if m.Pages > 0 && page.Def().Param(m.rule.Field) == nil {
		return false // not modified, or another answer without the list
	}
	m.Pages++
	if m.first == nil {
		m.first = page
	}
	m.last = page
	before := m.Size()
	for i, v := range page.Fields() {
		p := &page.Def().Params[i]
		if w := v.Vector(); w != nil {
			m.list(p.Name, w).add(w.Items)
		}
	}
	if m.Size() == before && !m.cursor() {
		return false
	}
	if count, ok := m.Count(); ok {
		return m.Size() < count || m.cursor()
	}
	// Where there are slices, what is none is everything.
	return !sliced(page.Def())
}

// cursor reports that the result itself says where the next page begins.
func (m *Merge) cursor() bool {
	for _, n := range m.rule.Next {
		if n.How == OfResult && len(n.Path) == 1 {
			return true
		}
	}
	return false
}

// list is what came of a field. Elements are told apart by what they are; where
// the server keeps the place itself, it keeps them apart too.
func (m *Merge) list(name string, w *tl.Vector) *pageList {
	l := m.lists[name]
	if l == nil {
		l = &pageList{elem: w.Elem}
		if name != m.rule.Field || !m.cursor() {
			l.seen = map[string]struct{}{}
		}
		m.lists[name] = l
	}
	return l
}

func (l *pageList) add(items []tl.Value) {
	for _, v := range items {
		if l.seen != nil {
			k := elementKey(v)
			if _, ok := l.seen[k]; ok {
				continue
			}
			l.seen[k] = struct{}{}
		}
		l.items = append(l.items, v)
	}
}

// Size is the number of elements that came.
func (m *Merge) Size() int {
	if l := m.lists[m.rule.Field]; l != nil {
		return len(l.items)
	}
	return 0
}

// Count is how many there are in all, where the server says it.
func (m *Merge) Count() (int, bool) {
	for _, name := range []string{"count", "total_count"} {
		if m.last.Def().Index(name) >= 0 {
			return int(m.last.At(name).AsInt()), true
		}
	}
	return 0, false
}

// Value is the merged result.
func (m *Merge) Value() tl.Value {
	if m.Pages == 1 {
		return m.first.Value()
	}
	out, def := m.first.Clone(), m.first.Def()
	for i := range def.Params {
		p := &def.Params[i]
		if l := m.lists[p.Name]; l != nil {
			out.Set(i, tl.VectorOf(l.elem, l.items...))
			continue
		}
		if !strings.HasPrefix(p.Name, "next_") && !strings.HasSuffix(p.Name, "_next_offset") {
			continue
		}
		switch v, _ := m.last.Lookup(p.Name); {
		case !v.IsNone():
			out.Set(i, v)
		case p.Optional():
			out.Set(i, tl.Value{})
		}
	}
	return out.Value()
}

// sliced reports that a result's type has a constructor for a part besides this
// one for the whole: messages.dialogs and messages.dialogsSlice.
func sliced(def *schema.Combinator) bool {
	if def.Result.Class == nil {
		return false
	}
	return slices.ContainsFunc(def.Result.Class.Constructors(), func(c *schema.Combinator) bool {
		return strings.EqualFold(c.Name, def.Name+"Slice")
	})
}

// identity are the fields by which an element is known, as far as it has them.
var identity = [...]string{"peer_id", "peer", "id", "user_id", "msg_id", "link", "url", "set"}

// elementKey tells an element from all others of its list, whatever else of it
// changed between two pages.
func elementKey(v tl.Value) string {
	o := v.Object()
	if o == nil {
		b, _ := tl.Append(nil, v, tl.TypeOf(v))
		return string(b)
	}
	var b []byte
	for _, name := range identity {
		i := o.Def().Index(name)
		if i < 0 || !o.Has(i) {
			continue
		}
		f := o.Field(i)
		if s := f.Object(); s != nil && name == "set" && s.Def().Index("id") >= 0 {
			f = s.At("id")
		}
		b = append(append(b, name...), '=')
		b, _ = tl.Append(b, f, tl.TypeOf(f))
	}
	if b == nil {
		b, _ = tl.Append(nil, v, tl.TypeOf(v))
	}
	return string(b)
}
