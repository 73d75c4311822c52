package completer

import (
	"tlsh/bind"
	"tlsh/schema"
	"tlsh/schema/docs"
	"tlsh/syntax"
)

// Signature is the call around a place of a line.
type Signature struct {
	Def    *schema.Combinator `json:"-"`
	Name   string             `json:"name"`
	Method bool               `json:"-"`
	Result string             `json:"result"`
	Params []Parameter        `json:"params"` // what is required first
	// Missing are those that must be given yet.
	Missing []string `json:"missing"`
}

// Parameter is one of a Signature.
type Parameter struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Required bool   `json:"required"` // and does not fill itself
	Given    bool   `json:"given"`
	Current  bool   `json:"current"` // the cursor is in its value, or its value would be next
	// Accepts and Summary are told of the current one: the forms of its value,
	// and what it is for.
	Accepts string `json:"accepts,omitempty"`
	Summary string `json:"description,omitempty"`
}

// Current is the current parameter, nil when there is none.
func (s *Signature) Current() *Parameter {
	for i := range s.Params {
		if s.Params[i].Current {
			return &s.Params[i]
		}
	}
	return nil
}

// SignatureAt is the signature of the innermost call around the place cursor
// of src, nil outside of all.
func SignatureAt(s *schema.Schema, env Env, src string, cursor int) *Signature {
	cursor = max(0, min(cursor, len(src)))
	c := &completion{schema: s, env: env, world: env, file: syntax.Parse(src), cursor: cursor}
	c.path = syntax.PathAt(c.file, cursor)
	st := c.statement()
	if st == nil {
		return nil
	}
	c.scopes()
	c.info = bind.Outline(s, c.file, st, c.world)
	for c.info.Inner != nil {
		c.info = c.info.Inner
	}
	current := -1
	for _, n := range c.path {
		if arg, is := n.(*syntax.Arg); is && current < 0 {
			current = c.info.Param(arg)
		}
		call, is := n.(*syntax.Call)
		if !is || cursor <= call.Name.Span().To {
			continue
		}
		slot, ok := c.info.Slot(call)
		if !ok || slot.Kind != bind.SlotName || slot.Of == nil {
			continue
		}
		if current < 0 {
			current = slot.Next
		}
		return c.signature(slot, current)
	}
	return nil
}

func (c *completion) signature(slot bind.Slot, current int) *Signature {
	def := slot.Of
	sig := &Signature{Def: def, Name: def.Name, Method: def.Method, Result: def.Result.Name, Missing: []string{}}
	given := func(i int) bool { return i < len(slot.Given) && slot.Given[i] }
	spare := func(i int) bool {
		return def.Params[i].Optional() || bind.FillsItself(def, i) || bind.ToldByFile(def, i)
	}
	for _, last := range []bool{false, true} {
		for i := range def.Params {
			p := &def.Params[i]
			if p.Type.Kind == schema.KindFlags || spare(i) != last {
				continue
			}
			sp := Parameter{Name: p.Name, Type: p.Type.Name, Required: !last, Given: given(i), Current: i == current}
			if sp.Current {
				sp.Accepts = bind.Accepts(def, p, p.Type)
				if c.env.Index() != nil {
					sp.Summary = docs.Sentence(pageOf(def).Param(p.Name))
				}
			}
			if !last && !sp.Given {
				sig.Missing = append(sig.Missing, p.Name)
			}
			sig.Params = append(sig.Params, sp)
		}
	}
	return sig
}

// pageOf is what is known of a definition, nil for nothing.
func pageOf(def *schema.Combinator) *docs.Page {
	if def.Method {
		return docs.Method(def.Name)
	}
	return docs.Constructor(def.Name)
}
