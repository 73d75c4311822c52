package bind

import (
	"strings"

	"tlsh/markup"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// entitiesOf is the index of the parameter that holds the entities of def's
// i-th parameter, or -1: entities for a message, text or caption, and
// NAME_entities for NAME or NAME_text.
func entitiesOf(def *schema.Combinator, i int) int {
	p := &def.Params[i]
	if p.Type.Kind != schema.KindString {
		return -1
	}
	names := []string{p.Name + "_entities", strings.TrimSuffix(p.Name, "_text") + "_entities"}
	switch p.Name {
	case "message", "text", "caption":
		names = append(names, "entities")
	}
	for _, name := range names {
		if j := def.Index(name); j >= 0 && isEntities(def.Params[j].Type) {
			return j
		}
	}
	return -1
}

func isEntities(t *schema.Type) bool {
	return t.Kind == schema.KindVector && t.Elem.Name == "MessageEntity"
}

// marked binds md"…" and html"…".
func (c *checker) marked(n *syntax.Tagged, t *schema.Type, at place) tl.Value {
	c.role(n, RoleString)
	var plain string
	var ents []markup.Entity
	if n.Tag.Text == "md" {
		plain, ents = markup.Markdown(n.Value.Value)
	} else {
		var err error
		if plain, ents, err = markup.HTML(n.Value.Value); err != nil {
			c.badMarkup(n, err)
			return tl.Value{}
		}
	}
	items := make([]tl.Value, len(ents))
	for i, e := range ents {
		items[i] = c.entity(n, e)
	}
	vec := tl.VectorOf(c.schema.TypeOf("MessageEntity"), items...)
	if t == nil || t.Kind != schema.KindString {
		v, ok := c.make("textWithEntities", "text", tl.String(plain), "entities", vec)
		if t == nil || ok && t.Name == "TextWithEntities" {
			return v
		}
		c.mismatch(n, t, at)
		return tl.Value{}
	}
	if !c.fits(n, len(plain), at) || !c.withEntities(n, vec, at) {
		return tl.Value{}
	}
	return tl.String(plain)
}

// badMarkup shows an error at its place in the text.
func (c *checker) badMarkup(n *syntax.Tagged, err error) {
	d := c.errorf(n, "%v", err)
	if e, ok := err.(*markup.Error); ok {
		d.Msg, d.Fix = e.Msg, e.Fix
		from := n.Value.Span().From + len(n.Value.Quote)
		if s := n.Value.Value; strings.HasPrefix(c.src[from:], s) && e.Offset < len(s) {
			d.Span = syntax.Span{From: from + e.Offset, To: from + e.Offset + 1}
		}
	}
}

// withEntities puts the entities of a text beside it.
func (c *checker) withEntities(n syntax.Node, vec tl.Value, at place) bool {
	def, _ := at.parameter()
	j := -1
	if def != nil && at.items == nil {
		j = entitiesOf(def, at.param)
	}
	if j < 0 {
		e := c.errorf(n, "%s has no room for entities", orThis(at.path()))
		e.Partial = false
		e.Fix = "give plain text"
		return false
	}
	if at.call != nil {
		if at.call.given[j] {
			c.twice(n, def, j)
			return false
		}
		at.call.marked = append(at.call.marked, j)
		at.call.given[j] = true
	}
	text, ents := &def.Params[at.param], &def.Params[j]
	// Without any, they are left out, unless the text's own flag says that they
	// are there.
	if len(vec.Vector().Items) > 0 || !ents.Optional() || ents.Flag == text.Flag && ents.Bit == text.Bit {
		at.of.Set(j, vec)
	}
	return true
}

func (c *checker) twice(n syntax.Node, def *schema.Combinator, j int) {
	c.errorf(n, "%s are given twice: by themselves and in the text", def.Params[j].Name).Fix = "leave one of them out"
}

// entity makes a MessageEntity.
func (c *checker) entity(n syntax.Node, e markup.Entity) tl.Value {
	name := ""
	switch e.Kind {
	case markup.Bold:
		name = "messageEntityBold"
	case markup.Italic:
		name = "messageEntityItalic"
	case markup.Underline:
		name = "messageEntityUnderline"
	case markup.Strike:
		name = "messageEntityStrike"
	case markup.Spoiler:
		name = "messageEntitySpoiler"
	case markup.Code:
		name = "messageEntityCode"
	case markup.Pre:
		name = "messageEntityPre"
	case markup.Link:
		name = "messageEntityTextUrl"
	case markup.Mention:
		name = "inputMessageEntityMentionName"
	case markup.Emoji:
		name = "messageEntityCustomEmoji"
	case markup.Quote:
		name = "messageEntityBlockquote"
	}
	v, ok := c.make(name, "offset", tl.Int(int32(e.Offset)), "length", tl.Int(int32(e.Length)))
	if !ok {
		c.errorf(n, "this layer has no %s", name)
		return v
	}
	o := v.Object()
	switch e.Kind {
	case markup.Pre:
		o.With("language", tl.String(e.Value))
	case markup.Link:
		o.With("url", tl.String(e.Value))
	case markup.Emoji:
		o.With("document_id", tl.Long(e.ID))
	case markup.Quote:
		o.With("collapsed", tl.Bool(e.Collapsed))
	case markup.Mention:
		i := o.Def().Index("user_id")
		c.convert(n, tl.Long(e.ID), o.Def().Params[i].Type, place{of: o, param: i})
	}
	return v
}
