package bind

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"

	"tlsh/schema"
	"tlsh/tl"
)

//go:embed effects.txt
var effectsTable string

// EffectKind says how far the effect of a request goes.
type EffectKind uint8

// The kinds of an effect. A request that nobody has reviewed acts.
const (
	Acts     EffectKind = iota // it changes something
	Reads                      // it changes nothing that anybody sees
	Destroys                   // it deletes, ends, gives away or pays what does not come back
)

// Effect is what a request does.
type Effect struct {
	Kind EffectKind
	// Method is the request that does it: the innermost one of those that carry
	// another, as invokeWithLayer does.
	Method string
	// What says of one that destroys what that is, as "deletes contacts".
	What string
}

// effect is a line of effects.txt.
type effect struct {
	kind EffectKind
	what string
	when []string // the parameters of which one must be given; nil for always
}

// effects is the table, by the names of requests.
var effects = sync.OnceValue(func() map[string]effect {
	m := map[string]effect{}
	for line := range strings.Lines(effectsTable) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, what, _ := strings.Cut(rest, " ")
		switch kind {
		case "reads":
			m[name] = effect{kind: Reads}
		case "acts":
			m[name] = effect{kind: Acts, what: what}
		case "destroys":
			e := effect{kind: Destroys, what: what}
			if given, after, ok := strings.Cut(strings.TrimPrefix(what, "["), "] "); ok && what[0] == '[' {
				e.when, e.what = strings.Fields(given), after
			}
			m[name] = e
		}
	}
	return m
})

// destructive is how a request is called that deletes or ends something.
var destructive = regexp.MustCompile(`^(delete|reset|leave|terminate|clear|remove|discard|destroy|drop|uninstall|unregister|revoke|deactivate|logOut|unpinAll)`)

// lastName is the name of a request without its namespace.
func lastName(method string) string { return method[strings.LastIndexByte(method, '.')+1:] }

// EffectOf says what a request does. Of one that the table does not have, as
// those of another layer, the name decides whether it is asked about.
func EffectOf(req *tl.Object) Effect {
	def := req.Def()
	if inner := carried(req); inner != nil {
		return EffectOf(inner)
	}
	e, known := effects()[def.Name]
	out := Effect{Kind: e.kind, Method: def.Name}
	if e.kind == Destroys {
		out.What = e.what
	}
	switch {
	case !known && destructive.MatchString(lastName(def.Name)):
		out.Kind, out.What = Destroys, "deletes or ends something, by its name; nobody has reviewed it"
	case e.kind == Destroys && e.when != nil && !anyGiven(req, e.when):
		out.Kind, out.What = Acts, ""
	}
	return out
}

// carried is the request inside one that carries it, nil for any other.
func carried(req *tl.Object) *tl.Object {
	def := req.Def()
	if def.Generic == "" {
		return nil
	}
	for i := range def.Params {
		if def.Params[i].Type.Kind == schema.KindAny {
			return req.Field(i).Object()
		}
	}
	return nil
}

// anyGiven reports that one of the parameters is given, and is not false.
func anyGiven(req *tl.Object, names []string) bool {
	for _, n := range names {
		v := req.At(n)
		if !v.IsNone() && !(v.Kind() == tl.KindBool && !v.AsBool()) {
			return true
		}
	}
	return false
}
