package bind

import (
	"fmt"
	"slices"
	"strings"

	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// arguments binds the arguments of a call to the parameters of def.
func (c *checker) arguments(x *syntax.Call, def *schema.Combinator) *tl.Object {
	o := tl.New(def)
	b := &binding{checker: c, name: x.Name, args: x.Args, end: x.Span().To, closed: syntax.Closed(x), def: def, o: o, given: make([]bool, len(def.Params))}
	for _, a := range x.Args {
		if a.Name != nil {
			b.named(a)
		} else {
			b.positional(a)
		}
	}
	c.info.record(x, Slot{Kind: SlotName, Of: def, Given: b.given, Next: b.next()})
	b.complete()
	return o
}

type binding struct {
	*checker
	name   *syntax.Word
	args   []*syntax.Arg
	end    int // of the call
	closed bool
	def    *schema.Combinator
	o      *tl.Object
	given  []bool
	names  bool  // a named argument was seen
	bad    bool  // an argument could not be bound: what is missing is not told
	marked []int // the parameters that have their value from md"…" or html"…"
	taken  int   // how many were given by position, None among them: Telethon's forms
}

func (b *binding) named(a *syntax.Arg) {
	b.names = true
	slot := Slot{Kind: SlotName, Role: RoleParam, Of: b.def, Given: b.given, Next: -1}
	b.info.record(a.Name, slot)
	i := b.def.Index(b.paramName(a.Name.Text))
	switch {
	case i < 0:
		b.bad = true
		e := b.errorf(a.Name, "%s has no parameter %s", b.def.Name, show(a.Name.Text))
		near := didYouMean(a.Name.Text, b.names_())
		switch kin := kinOf(a.Name.Text, b.names_()); {
		case near != "":
			e.Fix = near
		case kin != "":
			e.Fix = "did you mean " + kin + "?"
		default:
			e.Fix = "it takes " + signature(b.def)
		}
		b.untyped(a.Value, func(tl.Value) {})
		return
	case b.def.Params[i].Type.Kind == schema.KindFlags:
		b.bad = true
		b.errorf(a.Name, "%s is computed from the optional parameters that are given", a.Name.Text)
		return
	case b.given[i]:
		b.bad = true
		if slices.Contains(b.marked, i) {
			b.twice(a.Name, b.def, i)
			break
		}
		b.errorf(a.Name, "%s has its value already", a.Name.Text)
	}
	b.bindParam(i, a)
}

// kinOf is the first of the names that goes on where word ends, or the other way
// round, each at an _: reply_to for the reply_to_msg_id of earlier layers; "" for
// none.
func kinOf(word string, names []string) string {
	for _, n := range names {
		if strings.HasPrefix(word, n+"_") || strings.HasPrefix(n, word+"_") {
			return n
		}
	}
	return ""
}

func (b *binding) positional(a *syntax.Arg) {
	i := b.next()
	if b.names || i < 0 {
		b.bad = true
		var e *syntax.Error
		if b.names {
			e = b.errorf(a, "a value without a name stands before the named ones")
		} else {
			e = b.errorf(a, "%s takes no further value without a name", b.def.Name)
		}
		if word, ok := a.Value.(*syntax.Word); ok && b.def.Index(word.Text) >= 0 {
			e.Fix = "write " + word.Text + "=…"
		} else if flag := b.bareFlag(); flag != "" {
			e.Fix = "a word by itself sets no flag: write " + flag + "=true"
		} else if name := b.onlyOption(); name != "" && !b.names {
			e.Fix = "what is optional is named: write " + name + "=…"
		} else {
			e.Fix = "it takes " + signature(b.def)
		}
		b.info.record(a.Value, Slot{Kind: SlotName, Role: RoleError, Of: b.def, Given: b.given, Next: -1})
		b.untyped(a.Value, func(tl.Value) {})
		return
	}
	b.taken++
	b.bindParam(i, a)
}

// bareFlag is the word among the values without names so far that is the name of
// a flag, "" when there is none.
func (b *binding) bareFlag() string {
	for _, a := range b.args {
		word, ok := a.Value.(*syntax.Word)
		if !ok || a.Name != nil {
			continue
		}
		if i := b.def.Index(word.Text); i >= 0 && b.def.Params[i].Type.Kind == schema.KindTrue {
			return word.Text
		}
	}
	return ""
}

// onlyOption is the name of the optional parameter, where the call takes nothing
// else any more; "" otherwise.
func (b *binding) onlyOption() string {
	name := ""
	for i := range b.def.Params {
		switch p := &b.def.Params[i]; {
		case p.Type.Kind == schema.KindFlags || b.given[i]:
		case !p.Optional() || name != "":
			return ""
		default:
			name = p.Name
		}
	}
	return name
}

// next is the parameter that the next positional value fills: the first
// required one that has no value and does not fill itself.
func (b *binding) next() int {
	if b.names {
		return -1
	}
	if b.python {
		return pythonParam(b.def, b.taken)
	}
	for i := range b.def.Params {
		p := &b.def.Params[i]
		if !b.given[i] && !p.Optional() && p.Type.Kind != schema.KindFlags && !FillsItself(b.def, i) {
			return i
		}
	}
	return -1
}

func (b *binding) bindParam(i int, a *syntax.Arg) {
	p, n := &b.def.Params[i], a.Value
	if b.info.args != nil {
		b.info.args[a] = i
	}
	if b.python && b.unset(i, n) {
		return
	}
	b.given[i] = true
	if _, missing := n.(*syntax.Missing); missing {
		b.bad = true
	}
	if v := b.value(n, p.Type, place{call: b, of: b.o, param: i}); !v.IsNone() {
		b.o.Set(i, v)
	}
}

// complete fills what fills itself, and reports what is missing and the
// parameters that share a flag bit but are not given together.
func (b *binding) complete() {
	var missing []string
	var taken [schema.MaxFlags]uint32 // the flag bits of what is given
	for i, given := range b.given {
		if p := &b.def.Params[i]; given && p.Optional() && b.o.Has(i) {
			taken[p.Word] |= 1 << p.Bit
		}
	}
	for i := range b.def.Params {
		p := &b.def.Params[i]
		switch {
		case b.given[i] || p.Type.Kind == schema.KindFlags:
		case p.Optional():
			if taken[p.Word]&(1<<p.Bit) != 0 {
				b.shared(i)
			}
		case FillsItself(b.def, i):
			b.fill(i)
		case ToldByFile(b.def, i) && b.tell(i):
		default:
			missing = append(missing, p.Name+":"+p.Type.Name)
		}
	}
	if len(missing) == 0 || b.bad || b.template {
		return
	}
	at := b.name.Span()
	e := &syntax.Error{Span: at, Msg: fmt.Sprintf("%s needs %s", b.def.Name, strings.Join(missing, ", "))}
	e.Partial = b.open()
	b.info.Diags = append(b.info.Diags, e)
}

// open reports that the call stands open at the end of the source, so that more
// arguments may come.
func (b *binding) open() bool {
	return !b.closed && b.end >= len(strings.TrimRight(b.src, " \t"))
}

// shared checks an absent optional parameter against those that hang on the
// same flag bit: together or not at all. A `true` flag follows the others.
func (b *binding) shared(i int) {
	p := &b.def.Params[i]
	for j := range b.def.Params {
		q := &b.def.Params[j]
		if j == i || q.Flag != p.Flag || q.Bit != p.Bit || !b.given[j] || !b.o.Has(j) {
			continue
		}
		if p.Type.Kind == schema.KindTrue {
			b.o.Set(i, tl.Bool(true))
			return
		}
		e := b.errorf(b.name, "%s and %s are given together or not at all", q.Name, p.Name)
		e.Fix = "add " + p.Name + "=…"
		e.Partial = b.open()
		return
	}
}

func (b *binding) fill(i int) {
	p := &b.def.Params[i]
	if p.Name == "random_id" {
		b.hole(&Hole{Kind: HoleRandom, Want: p.Type}, place{of: b.o, param: i})
		return
	}
	b.o.Set(i, b.zero(p.Type))
}

// names_ are the names that can be given.
func (b *binding) names_() []string {
	var out []string
	for i := range b.def.Params {
		if b.def.Params[i].Type.Kind != schema.KindFlags {
			out = append(out, b.def.Params[i].Name)
		}
	}
	return out
}

// signature lists the parameters, required ones first and optional ones in
// brackets, as long as they are not too many.
func signature(def *schema.Combinator) string {
	var req, opt []string
	for i := range def.Params {
		p := &def.Params[i]
		switch {
		case p.Type.Kind == schema.KindFlags:
		case p.Optional() || FillsItself(def, i) || ToldByFile(def, i):
			opt = append(opt, "["+p.Name+"]")
		default:
			req = append(req, p.Name)
		}
	}
	if len(opt) > 6 {
		opt = append(opt[:6], "…")
	}
	all := append(req, opt...)
	if len(all) == 0 {
		return "no parameters"
	}
	return strings.Join(all, " ")
}
