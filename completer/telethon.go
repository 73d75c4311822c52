package completer

import (
	"slices"
	"strings"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
)

// sends reports that the cursor is in the brackets of client(…), where a request is
// wanted, or a list of them.
func (c *completion) sends() bool {
	call, at := around[*syntax.Call](c)
	if at < 0 || !c.python || c.cursor <= call.Name.Span().To {
		return false
	}
	if len(call.Args) > 0 && call.Args[0].Span().To < c.cursor {
		return false // behind it come options
	}
	_, known := c.info.Slot(call)
	return !known && slices.Contains([]string{"client", "bot"}, call.Name.Text)
}

// functions is the module of requests.
const functions = "functions."

// classes offers the classes of requests, as Telethon has them, for what is typed
// of one: with or without functions. and the namespace.
func (c *completion) classes(typed string) {
	query := typed
	if at := strings.LastIndex(typed, functions); at >= 0 {
		query = typed[at+len(functions):]
	}
	query = strings.TrimSuffix(query, "Request")
	add := func(def *schema.Combinator) {
		name := functions + bind.ClassName(def)
		if space := def.Namespace(); space != "" {
			name = functions + space + "." + bind.ClassName(def)
		}
		c.list.add(candidate{Item: Item{Text: name + "(", Label: name, Kind: Request}, def: def, param: -1})
	}
	c.list.ranked = true
	if query == "" {
		for _, name := range usual().common {
			if def := c.schema.Method(name); def != nil {
				add(def)
			}
		}
		return
	}
	for _, cand := range c.requests(query, headRequest) {
		add(cand.def)
	}
}
