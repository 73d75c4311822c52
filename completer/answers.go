package completer

import (
	_ "embed"
	"sync"

	"tlsh/schema"
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
		return shape{t: def.Result}
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
		return of(c.schema, "Update")
	}
	return shape{}
}
