package sandbox

import (
	"maps"
	"math"
	"strconv"
	"strings"

	"tlsh/bind"
	"tlsh/syntax"
	"tlsh/tl"
)

// arguments reads the arguments of a fixture's command one after the other.
type arguments struct {
	*loader
	word string // the command
	rest []*syntax.Arg
	bad  bool
}

func (a *arguments) next(what string) syntax.Node {
	if a.bad {
		return nil
	}
	if len(a.rest) == 0 {
		a.fail("want %s at the end of this line", what)
		a.bad = true
		return nil
	}
	arg := a.rest[0]
	a.rest = a.rest[1:]
	if arg.Name != nil {
		a.failAt(arg, "want %s, not a named parameter", what)
		a.bad = true
		return nil
	}
	return arg.Value
}

func (a *arguments) text(what string) (string, syntax.Node) {
	n := a.next(what)
	switch n.(type) {
	case nil:
	case *syntax.Word, *syntax.String:
		return syntax.Text(n), n
	default:
		a.failAt(n, "want %s", what)
		a.bad = true
	}
	return "", a.at
}

// peer reads a reference to somebody.
func (a *arguments) peer(what string) peer {
	s, n := a.text(what)
	if a.bad {
		return peer{}
	}
	p := a.ref(n, s)
	a.bad = p.kind == noPeer
	return p
}

func (a *arguments) person() *person {
	p := a.peer("one of the people")
	if !a.bad && p.kind != userPeer {
		a.fail("want one of the people, not a group or channel")
		a.bad = true
	}
	return a.byID[p.id]
}

func (a *arguments) roomRef() *room {
	p := a.peer("a group or channel")
	if !a.bad && p.kind == userPeer {
		a.fail("want a group or channel, not one of the people")
		a.bad = true
	}
	return a.room[p]
}

func (a *arguments) number(what string) int32 { return int32(a.whole(what, 32)) }

func (a *arguments) long(what string) int64 { return a.whole(what, 64) }

func (a *arguments) whole(what string, bits int) int64 {
	s, n := a.text(what)
	if a.bad {
		return 0
	}
	v, err := strconv.ParseInt(s, 10, bits)
	if err != nil || v == math.MinInt32 {
		a.failAt(n, "want %s, a whole number", what)
		a.bad = true
	}
	return v
}

// list reads [ … ] and gives its elements as arguments.
func (a *arguments) list(what string) *arguments {
	n := a.next(what)
	l, ok := n.(*syntax.List)
	if !ok {
		if n != nil {
			a.failAt(n, "want %s in [ ]", what)
		}
		a.bad = true
		return &arguments{loader: a.loader, bad: true}
	}
	sub := &arguments{loader: a.loader}
	for _, e := range l.Elems {
		sub.rest = append(sub.rest, &syntax.Arg{Value: e})
	}
	return sub
}

// object reads a value of the boxed type, as a nested constructor. Who it
// names stands above.
func (a *arguments) object(class string) *tl.Object {
	n := a.next(article(class))
	if a.bad {
		return nil
	}
	in := bind.Eval(a.schema, a.file, n, env{})
	a.errs = append(a.errs, in.Diags...)
	for _, h := range in.Holes {
		a.fill(h)
	}
	o := in.Value.Object()
	switch {
	case len(in.Diags) > 0:
		a.bad = true
	case o == nil || o.Def().Result.Name != class:
		a.failAt(n, "want %s", article(class))
		a.bad = true
	}
	if a.bad {
		return nil
	}
	return o
}

func article(class string) string {
	if strings.ContainsRune("AEIOUaeiou", rune(class[0])) {
		return "an " + class
	}
	return "a " + class
}

// unknown fails for a word that is none of those known, and says which is near.
func (a *arguments) unknown(n syntax.Node, what, word string, known []string) {
	a.failAt(n, "there is no %s %s", what, syntax.Quote(word))
	if near := syntax.Suggest(word, known); near != "" {
		a.errs[len(a.errs)-1].Fix = "did you mean " + near + "?"
	} else {
		a.errs[len(a.errs)-1].Fix = "there are " + strings.Join(known, ", ")
	}
	a.bad = true
}

func (a *arguments) more() bool { return !a.bad && len(a.rest) > 0 }

// words are the commands of a fixture; world.tlsh says what each means.
func words() map[string]func(*arguments) {
	all := map[string]func(*arguments){
		"now": nowWord, "me": meWord, "about": aboutWord, "contacts": contactsWord,
		"members": func(a *arguments) { a.loader.members(a) }, "admin": func(a *arguments) { a.loader.admin(a) },
		"unread": func(a *arguments) { a.reading("unread", a) }, "read": func(a *arguments) { a.reading("read", a) },
		"box": func(a *arguments) { a.loader.box(a) }, "copies": func(a *arguments) { a.copied(a) },
	}
	for _, ar := range areas() {
		maps.Copy(all, ar.words)
	}
	return all
}

// command does what a line of the fixture that is no constructor says.
func (l *loader) command(c *syntax.Call) {
	a := &arguments{loader: l, word: c.Name.Text, rest: c.Args}
	if do := l.words[c.Name.Text]; do != nil {
		do(a)
	}
	if a.more() {
		l.failAt(a.rest[0], "%s takes no more than this", c.Name.Text)
	}
}

func nowWord(a *arguments) {
	s, n := a.text("a date")
	if _, ok := parseDate(s); !ok && !a.bad {
		a.failAt(n, "want a date as 2026-03-06T18:00, in UTC")
	}
	if a.told {
		a.fail("there is a now already")
	}
	a.told = true
}

func meWord(a *arguments) {
	if p := a.person(); !a.bad {
		a.self = p
	}
}

func aboutWord(a *arguments) {
	who := a.peer("somebody")
	s, _ := a.text("a text")
	if p := a.byID[who.id]; who.kind == userPeer && p != nil && !a.bad {
		p.about = s
	} else if r := a.room[who]; r != nil && !a.bad {
		r.about = s
	}
}

func (l *loader) members(a *arguments) {
	r := a.roomRef()
	for of := a.list("people"); of.more(); {
		p := of.person()
		if of.bad || a.bad {
			return
		}
		if r.member(p) != nil {
			l.fail("%s is a member already", syntax.Quote(p.name()))
			return
		}
		m := &member{person: p, creator: len(r.members) == 0, date: r.def.At("date").AsInt(), inviter: p.id}
		if !m.creator {
			m.inviter = r.members[0].id
		}
		r.seat(m)
	}
}

func (l *loader) admin(a *arguments) {
	r, p := a.roomRef(), a.person()
	if a.bad {
		return
	}
	m := r.member(p)
	if m == nil {
		l.fail("%s is no member of it", syntax.Quote(p.name()))
		return
	}
	rights := l.new("chatAdminRights")
	for a.more() {
		name, n := a.text("a right")
		if def := rights.Def(); def.Index(name) < 0 || !def.Param(name).Optional() {
			var names []string
			for _, p := range def.Params {
				if p.Optional() {
					names = append(names, p.Name)
				}
			}
			a.unknown(n, "right", name, names)
			return
		}
		rights.With(name, tl.Bool(true))
	}
	m.rights = rights
	if !m.creator {
		m.promotedBy = r.members[0].id
	}
}

// reading says what of a conversation somebody has read: `unread` by the number
// of the newest incoming messages that they have not, `read` by ids.
func (l *loader) reading(name string, a *arguments) {
	p, with := a.person(), a.peer("whose messages")
	n := a.number("how many")
	var out int32
	if name == "read" {
		out = a.number("an id")
	}
	if a.bad {
		return
	}
	l.last = append(l.last, func() {
		d := l.dialog(p, with)
		if name == "read" {
			d.readIn, d.readOut = n, out
			return
		}
		d.readIn = 0
		for i := len(d.list.entries) - 1; i >= 0; i-- {
			e := d.list.entries[i]
			if e.author != p {
				if n--; n < 0 {
					d.readIn = e.id
					break
				}
			}
		}
		l.unreadOut(p, d)
	})
}

// unreadOut lets the other side of a private chat know what p has not read.
func (l *loader) unreadOut(p *person, d *dialog) {
	if d.with.kind != userPeer || d.with == p.peer {
		return
	}
	theirs := l.dialog(l.byID[d.with.id], p.peer)
	theirs.readOut = 0
	if e := d.list.find(d.readIn); e != nil {
		theirs.readOut = e.idIn(l.byID[d.with.id].box)
	}
}

func (l *loader) box(a *arguments) {
	who := a.peer("whose box")
	last, pts := a.number("the last id"), a.number("the pts")
	if a.bad {
		return
	}
	b := l.boxAt(who)
	if b == nil {
		l.fail("a basic group has no box of its own")
		return
	}
	l.last = append(l.last, func() { b.last, b.pts = max(b.last, last), max(b.pts, pts) })
}

func (l *loader) boxAt(who peer) *box {
	if who.kind == userPeer {
		return l.byID[who.id].box
	}
	return l.room[who].box
}

// copied says who has a message, and under which id.
func (l *loader) copied(a *arguments) {
	d := l.drafts[a.number("the number of a message")]
	if d == nil && !a.bad {
		l.fail("there is no such message above this line")
		return
	}
	of := a.list("whose copies")
	if d != nil && !a.bad {
		d.copies = []copied{}
	}
	for of.more() {
		who := of.peer("whose copy")
		id := of.number("its id there")
		if of.bad || a.bad {
			return
		}
		b := l.boxAt(who)
		if b == nil || id == 0 {
			l.fail("want people, or the channel, each with the id of their copy")
			return
		}
		d.copies = append(d.copies, copied{b, id})
	}
}
