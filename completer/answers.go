package completer

import (
	_ "embed"
	"sync"

	"tlsh/schema"
	"tlsh/search"
	"tlsh/syntax"
)

//go:embed documents.tl
var documentsTL string

// Documents defines what commands answer in JSON alone: its functions are the
// commands.
var Documents = sync.OnceValue(func() *schema.Schema {
	s, _ := schema.Read("documents.tl", documentsTL, schema.Options{Trusted: true})
	return s
})

// answer is the shape of what a command gives to a pipe.
func (c *completion) answer(call *syntax.Call) shape {
	name := call.Name.Text
	if def := Documents().Method(name); def != nil {
		out := shape{t: def.Result}
		if m := c.named(call); name == "example" && m != nil {
			out.of = []shape{{t: m.Result}}
		}
		return out
	}
	of := func(s *schema.Schema, spelling string) shape { return shape{t: s.TypeOf(spelling)} }
	switch own := schema.Shell(); name {
	case "peers":
		return of(own, "Vector<KnownPeer>")
	case "peer":
		if len(call.Args) == 1 {
			return of(own, "KnownPeer")
		}
		if t := c.schema.TypeOf(syntax.Text(call.Args[len(call.Args)-1].Value)); len(call.Args) == 3 && t != nil { // REF as TYPE
			return shape{t: t}
		}
	case "history":
		return of(own, "Vector<Entered>")
	case "vars":
		return of(own, "Vector<Variable>")
	case "set":
		return of(own, "Vector<Setting>")
	case "alias":
		return of(own, "Vector<Alias>")
	case "profiles":
		return of(own, "Vector<KeptProfile>")
	case "download":
		return of(own, "Download")
	case "upload":
		return of(c.schema, "InputFile")
	case "whoami":
		return of(c.schema, "User")
	case "sessions":
		return of(c.schema, "account.Authorizations")
	case "wait":
		update := of(c.schema, "Update")
		if u := c.schema.Constructor(argument(call)); u != nil && update.t != nil && u.Result.Class == update.t.Class {
			update = bare(u)
		}
		return bare(own.Constructor("update"), update)
	}
	return shape{}
}

// argument is the first argument of a command as a text, "" without one.
func argument(call *syntax.Call) string {
	if len(call.Args) == 0 {
		return ""
	}
	return syntax.Text(call.Args[0].Value)
}

// named is the request that a command is given, by its name with or without a
// namespace; nil where it is given something else.
func (c *completion) named(call *syntax.Call) *schema.Combinator {
	name := argument(call)
	if m := c.schema.Method(name); m != nil || c.env.Index() == nil {
		return m
	}
	for _, h := range c.env.Index().Named(name) {
		if h.Kind == search.Method {
			return c.schema.Method(h.Name)
		}
	}
	return nil
}
