package bind

import (
	_ "embed"
	"regexp"
	"slices"
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
	kind EffectKind  // what it does where no condition holds
	what string      // why it is asked about, or why it is not
	when []condition // of which one has it destroy something
}

// condition is about what a request is given.
type condition struct {
	path   []string // a parameter, and a field within it
	of     string   // the constructor that it is made with; "" for any
	absent bool     // it must not be given
}

// effects is the table, by the names of requests.
var effects = sync.OnceValue(func() map[string]effect {
	kinds := map[string]EffectKind{"reads": Reads, "acts": Acts, "destroys": Destroys}
	m := map[string]effect{}
	for line := range strings.Lines(effectsTable) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		kind, ok := kinds[word]
		if !ok {
			continue
		}
		name, what, _ := strings.Cut(rest, " ")
		e := effect{kind: kind, what: what}
		if inner, bracket := strings.CutPrefix(what, "["); bracket {
			given, after, _ := strings.Cut(inner, "] ")
			for _, c := range strings.Fields(given) {
				e.when = append(e.when, readCondition(c))
			}
			if e.what = after; kind == Destroys {
				e.kind = Acts
			}
		}
		m[name] = e
	}
	return m
})

// readCondition reads PARAM, !PARAM, PARAM.FIELD or PARAM:CONSTRUCTOR.
func readCondition(text string) condition {
	var c condition
	text, c.absent = strings.CutPrefix(text, "!")
	text, c.of, _ = strings.Cut(text, ":")
	c.path = strings.Split(text, ".")
	return c
}

// holds reports that a request is as the condition says. What is false or 0 counts
// as not given.
func (c condition) holds(req *tl.Object) bool {
	v := req.Value()
	for _, name := range c.path {
		if v.Kind() != tl.KindObject {
			return c.absent
		}
		v = v.Object().At(name)
	}
	if c.of != "" {
		return v.Kind() == tl.KindObject && v.Object().Def().Name == c.of
	}
	return !nothing(v) != c.absent
}

// nothing reports a value that is not there, false or 0.
func nothing(v tl.Value) bool {
	switch v.Kind() {
	case tl.KindBool:
		return !v.AsBool()
	case tl.KindInt:
		return v.AsInt() == 0
	case tl.KindLong:
		return v.AsLong() == 0
	}
	return v.IsNone()
}

// destructive is how a request is called that deletes or ends something, spending
// how one is that pays or gives something away.
var (
	destructive = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(delete|reset|leave|terminate|clear|remove|discard|destroy|drop|uninstall|unregister|revoke|deactivate|logOut|unpinAll)`)
	})
	spending = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(pay|buy|purchase|spend|bid|transfer|convert|craft|refund|redeem|launchPrepaid|(send|fulfill).*(Payment|Paid|Stars|Gift))`)
	})
)

// lastName is the name of a request without its namespace.
func lastName(method string) string { return method[strings.LastIndexByte(method, '.')+1:] }

// EffectOf says what a request does. Of one that the table does not have, as
// those of another layer, the name decides whether it is asked about.
func EffectOf(req *tl.Object) Effect {
	def := req.Def()
	if inner := carried(req); inner != nil {
		return EffectOf(inner)
	}
	e := effectOf(def.Name)
	out := Effect{Kind: e.kind, Method: def.Name}
	if slices.ContainsFunc(e.when, func(c condition) bool { return c.holds(req) }) {
		out.Kind = Destroys
	}
	if out.Kind == Destroys {
		out.What = e.what
	}
	return out
}

// effectOf is the line of the table, or what the name says where there is none.
func effectOf(method string) effect {
	e, known := effects()[method]
	if known {
		return e
	}
	switch name := lastName(method); {
	case destructive().MatchString(name):
		return effect{kind: Destroys, what: "deletes or ends something, by its name; nobody has reviewed it"}
	case spending().MatchString(name):
		return effect{kind: Destroys, what: "pays or gives something away, by its name; nobody has reviewed it"}
	}
	return effect{}
}

// Warning says of a request that destroys something what that is, and where it does
// not always what it is given then ("with revoke", "without filter"). Both are empty
// of one that never does.
func Warning(def *schema.Combinator) (what, when string) {
	e := effectOf(def.Name)
	if e.kind != Destroys && e.when == nil {
		return "", ""
	}
	for i, c := range e.when {
		switch {
		case i == 0:
		case i < len(e.when)-1:
			when += ", "
		default:
			when += " or "
		}
		if c.absent {
			when += "without "
		} else if i == 0 || e.when[i-1].absent {
			when += "with "
		}
		when += strings.Join(c.path, ".")
		if c.of != "" {
			when += "=" + c.of
		}
	}
	return e.what, when
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
