package pages

import (
	"math"

	"tlsh/schema"
	"tlsh/tl"
)

// ByResult reports that the result itself says where the next page begins, so
// that an empty page is not the end.
func (r *Rule) ByResult() bool {
	for _, n := range r.Next {
		if n.How != OfResult || len(n.Path) > 1 {
			return false
		}
	}
	return true
}

// Value is what the parameter is for the page behind this one, whose elements are
// items, before it is made one of the parameter's type. None means that there is no
// next page.
func (n Param) Value(req, page *tl.Object, items []tl.Value) tl.Value {
	switch n.How {
	case Count:
		return Number(req.At(n.Param).AsLong()+int64(len(items)), req.Def().Param(n.Param).Type)
	case Const:
		if n.Path[0] == "true" {
			return tl.Bool(true)
		}
		return Number(0, req.Def().Param(n.Param).Type)
	case OfResult:
		v := page.At(n.Path[0])
		if v.IsNone() && len(n.Path) > 1 {
			v = lastWith(items, n.Path[1:])
		}
		if v.Kind() == tl.KindString && v.AsString() == "" {
			return tl.Value{}
		}
		return v
	case Date:
		return dateOf(page, items)
	}
	return lastWith(items, n.Path)
}

// Number is n as an int or a long, whichever t is.
func Number(n int64, t *schema.Type) tl.Value {
	if t.Kind == schema.KindInt {
		return tl.Int(int32(max(math.MinInt32, min(math.MaxInt32, n))))
	}
	return tl.Long(n)
}

// lastWith is what a path of fields leads to in the last element that has it.
func lastWith(items []tl.Value, path []string) tl.Value {
	for i := len(items) - 1; i >= 0; i-- {
		v := items[i]
		for _, name := range path {
			o := v.Object()
			if o == nil || o.Def().Index(name) < 0 {
				v = tl.Value{}
				break
			}
			v = o.At(name)
		}
		if !v.IsNone() {
			return v
		}
	}
	return tl.Value{}
}

// dateOf is the date of the last element's top message. Forum topics that are
// ordered by their creation have it themselves.
func dateOf(page *tl.Object, items []tl.Value) tl.Value {
	if page.Def().Index("order_by_create_date") >= 0 && page.At("order_by_create_date").AsBool() {
		return lastWith(items, []string{"date"})
	}
	messages := page.At("messages").Vector()
	for i := len(items) - 1; messages != nil && i >= 0; i-- {
		o := items[i].Object()
		if o == nil || o.Def().Index("top_message") < 0 {
			continue
		}
		for _, m := range messages.Items {
			mo := m.Object()
			if mo == nil || mo.Def().Index("date") < 0 || !tl.Equal(mo.At("id"), o.At("top_message")) {
				continue
			}
			if tl.Equal(mo.At("peer_id"), o.At("peer")) {
				return mo.At("date")
			}
		}
	}
	return tl.Int(0)
}
