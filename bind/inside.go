package bind

import (
	"cmp"
	"slices"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// inside says which part of a variable's value is what was wanted, where the whole
// is not: an element of a list, the group in the answer that made it. It is "" where
// nothing is.
func (c *checker) inside(n syntax.Node, v tl.Value, t *schema.Type, at place) string {
	if vec := v.Vector(); vec != nil {
		if len(vec.Items) > 0 && c.suits(n, vec.Items[0], t, at) {
			return "choose one of its elements: " + c.text(n) + "[0]"
		}
		return ""
	}
	if v.Object() == nil || t.Kind != schema.KindBoxed && t.Kind != schema.KindBare {
		return ""
	}
	level := []part{{c.text(n), v}}
	for range 3 { // messages.InvitedUsers has Updates, and that has chats
		level = parts(level)
		if i := slices.IndexFunc(level, func(p part) bool { return c.suits(n, p.value, t, at) }); i >= 0 {
			return "did you mean " + level[i].path + "?"
		}
	}
	return ""
}

// part is an object in a value, and the path to it.
type part struct {
	path  string
	value tl.Value
}

// parts are the objects one step further in: of chats first, then of users, as
// answers hold whom they speak of in these. A list is entered by its first element.
func parts(of []part) (out []part) {
	first := []string{"users", "chats"}
	for _, p := range of {
		o := p.value.Object()
		var here []part
		rank := map[string]int{}
		for i, v := range o.Fields() {
			name := o.Def().Params[i].Name
			next := part{p.path + "." + name, v}
			if vec := v.Vector(); vec != nil && len(vec.Items) > 0 {
				next = part{next.path + "[0]", vec.Items[0]}
			}
			if next.value.Object() != nil {
				here = append(here, next)
				rank[next.path] = slices.Index(first, name)
			}
		}
		slices.SortStableFunc(here, func(a, b part) int { return cmp.Compare(rank[b.path], rank[a.path]) })
		out = append(out, here...)
	}
	return out
}

// suits reports that a t can be made of v.
func (c *checker) suits(n syntax.Node, v tl.Value, t *schema.Type, at place) bool {
	sub := *c
	sub.outline = true // nobody reads what it says
	sub.info = &Info{Stmt: c.info.Stmt, Kind: c.info.Kind}
	sub.convert(n, v, t, at)
	return len(sub.info.Diags) == 0 && !slices.ContainsFunc(sub.info.Holes, notMeant)
}

// notMeant reports that somebody of the wrong kind fills a hole: that is told when
// they are looked for, as most are known by a name only.
func notMeant(h *Hole) bool {
	o := h.Value.Object()
	if h.Kind != HolePeer || o == nil {
		return false
	}
	switch h.Want.Name {
	case "InputUser":
		return o.Def().Result.Name == "Chat"
	case "InputChannel":
		return o.Def().Result.Name == "User" || strings.HasPrefix(o.Def().Name, "chat")
	}
	return false
}
