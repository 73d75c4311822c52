package client

import (
	_ "embed"
	"strings"
	"sync"

	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/tl"
)

//go:embed repeatable.txt
var repeatTable string

// repeats says what a second execution of a request does: "repeats",
// "random_id", or "" where it may do harm.
var repeats = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(repeatTable) {
		if what, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && what != "#" {
			m[name] = what
		}
	}
	return m
})

// request is the request as the engine wants it.
func request(req *tl.Object) (mtproto.Request, error) {
	body, err := tl.Encode(req)
	what := repeats()[core(req).Def().Name]
	return mtproto.Request{Body: body, Repeatable: what == "repeats", RandomID: what == "random_id"}, err
}

// core is the request inside wrappers such as invokeWithLayer.
func core(req *tl.Object) *tl.Object {
	def := req.Def()
	for i := range def.Params {
		if def.Generic != "" && def.Params[i].Type.Kind == schema.KindAny {
			if inner := req.Field(i).Object(); inner != nil {
				return core(inner)
			}
		}
	}
	return req
}
