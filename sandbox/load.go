package sandbox

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tlsh/bind"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

//go:embed world.tlsh
var embeddedWorld string

// env is the world around a fixture's lines: there are no variables, and a
// fixture does not depend on the environment.
type env struct{}

func (env) Var(string) (tl.Value, bool)  { return tl.Value{}, false }
func (env) Commands() []string           { return wordNames() }
func (env) Getenv(string) (string, bool) { return "", false }

// wordNames are the commands of a fixture, sorted.
var wordNames = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(words())) })

// load reads a fixture. now is the clock at the start.
func load(s *schema.Schema, src string, now time.Time) (*world, syntax.Errors) {
	l := &loader{
		world: &world{polls: map[int64]*poll{}, schema: s, byID: map[int64]*person{}, room: map[peer]*room{}, names: map[string]peer{}, owned: map[peer][]handle{},
			store: storage{photos: map[int64]*picture{}, documents: map[int64]*document{}}},
		file: syntax.Tree(src), drafts: map[int32]*draft{}, words: words(), mentioned: map[*dialog]bool{},
	}
	if l.errs = l.file.Errs; len(l.errs) > 0 {
		return nil, l.errs
	}
	l.dates(now)
	for in := range l.checks() {
		l.at = in.Stmt
		l.statement(in)
	}
	if l.at = l.file; l.self == nil && len(l.people) > 0 {
		l.self = l.people[0]
	}
	if len(l.people) == 0 {
		l.fail("the world has nobody in it: want at least one user(id=… first_name=…)")
	}
	if len(l.errs) == 0 {
		l.settle()
	}
	return l.world, l.errs
}

type loader struct {
	*world
	file      *syntax.File
	words     map[string]func(*arguments)
	errs      syntax.Errors
	at        syntax.Node // what errors are about
	drafts    map[int32]*draft
	order     []*draft
	told      bool             // what now is
	shift     int64            // from the fixture's dates to the clock's, in seconds
	clock     int32            // the present, in Unix time
	mentioned map[*dialog]bool // the dialogs whose unread mentions a line tells
	last      []func()         // what waits until all messages are in their boxes
}

// draft is a message of the fixture before it is in any box.
type draft struct {
	letter
	at     syntax.Node
	reply  int32 // the number of the message that it answers
	copies []copied
}

// checks are the statements' checks, which go ahead on another processor: of the
// world they need nothing. They are over when the channel is closed.
func (l *loader) checks() <-chan *bind.Info {
	ahead := make(chan *bind.Info, len(l.file.Stmts))
	go func() {
		defer close(ahead)
		for _, st := range l.file.Stmts {
			ahead <- bind.Values(l.schema, l.file, st, env{})
		}
	}()
	return ahead
}

func (l *loader) fail(format string, a ...any) { l.failAt(l.at, format, a...) }

func (l *loader) failAt(n syntax.Node, format string, a ...any) {
	l.errs = append(l.errs, &syntax.Error{Span: n.Span(), Msg: fmt.Sprintf(format, a...)})
}

func (l *loader) statement(in *bind.Info) {
	l.errs = append(l.errs, in.Diags...)
	for _, h := range in.Holes {
		l.fill(h)
	}
	if len(in.Diags) > 0 {
		return
	}
	switch o := in.Object(); {
	case in.Kind == bind.Empty:
	case in.Kind == bind.Command:
		l.command(in.Call)
	case in.Kind != bind.Value || o == nil || in.Stmt.Assign != nil || len(in.Stmt.Pipes) > 0:
		l.fail("a fixture holds constructors (user, chat, channel, message, messageService) and %s", strings.Join(wordNames(), ", "))
	case o.Is("user"):
		l.addPerson(o)
	case o.Is("chat"):
		l.addRoom(o, chatPeer)
	case o.Is("channel"):
		l.addRoom(o, channelPeer)
	case o.Is("message"), o.Is("messageService"):
		l.addMessage(o)
	default:
		l.fail("a fixture has no use for %s; want user, chat, channel, message or messageService", o.Def().Name)
	}
}

// fill resolves a reference to somebody who stands above.
func (l *loader) fill(h *bind.Hole) {
	n := h.Node
	if n == nil {
		n = l.at
	}
	if h.Kind != bind.HolePeer || h.Want.Name != "Peer" && h.Want.Name != "InputPeer" {
		l.failAt(n, "%s cannot be filled in a fixture", h.Path)
		return
	}
	p := l.ref(n, h.Text)
	if p.kind == noPeer {
		p = peer{userPeer, 0}
	}
	if h.Want.Name == "InputPeer" {
		h.Fill(viewer{world: l.world}.inputPeer(p))
		return
	}
	h.Fill(l.peerValue(p))
}

// ref finds somebody, or says that there is nobody so called.
func (l *loader) ref(n syntax.Node, text string) peer {
	p := l.find(text)
	if p.kind == noPeer {
		names := make([]string, 0, len(l.names))
		for name := range l.names {
			names = append(names, "@"+name)
		}
		slices.Sort(names)
		l.failAt(n, "there is no %s above this line", syntax.Quote(text))
		if near := syntax.Suggest("@"+strings.TrimPrefix(text, "@"), names); near != "" {
			l.errs[len(l.errs)-1].Fix = "did you mean " + near + "?"
		}
	}
	return p
}

// seed is what a fixture says of access_hash, or something of the id.
func seed(o *tl.Object) int64 {
	if v := o.At("access_hash"); !v.IsNone() {
		return v.AsLong()
	}
	return o.At("id").AsLong() * 0x5851f42d4c957f2d
}

func (l *loader) addPerson(o *tl.Object) {
	id := o.At("id").AsLong()
	switch {
	case id <= 0:
		l.fail("the id of a user is above 0, not %d", id)
	case l.byID[id] != nil:
		l.fail("there is a user %d already", id)
	}
	l.takeNames(o, l.world.addPerson(o).peer)
}

// addPerson puts somebody into the world; o, a user, is theirs from now on.
func (w *world) addPerson(o *tl.Object) *person {
	id := o.At("id").AsLong()
	p := &person{peer: peer{userPeer, id}, seed: seed(o), contacts: map[int64]*contact{}, shows: map[int64]bool{}, box: &box{},
		dialogs: map[peer]*dialog{}, random: map[int64]bool{}}
	for _, name := range [...]string{"self", "contact", "mutual_contact", "access_hash", "photo", "bot_can_edit"} {
		o.With(name, tl.Value{})
	}
	p.def = o
	if o.At("bot").AsBool() {
		p.bot = &botState{}
	}
	w.people = append(w.people, p)
	w.byID[id] = p
	return p
}

func (l *loader) addRoom(o *tl.Object, kind peerKind) {
	r := &room{peer: peer{kind, o.At("id").AsLong()}, seed: seed(o)}
	switch {
	case r.id <= 0:
		l.fail("the id of a chat is above 0, not %d", r.id)
	case l.room[r.peer] != nil:
		l.fail("there is a %s %d already", o.Def().Name, r.id)
	}
	if kind == channelPeer {
		r.box = &box{}
	}
	for _, name := range [...]string{"creator", "left", "admin_rights", "banned_rights", "access_hash", "participants_count", "slowmode_enabled", "has_link"} {
		if p := o.Def().Param(name); p != nil && p.Optional() {
			o.With(name, tl.Value{})
		}
	}
	r.def = o
	l.rooms = append(l.rooms, r)
	l.room[r.peer] = r
	l.takeNames(o, r.peer)
}

func (l *loader) addMessage(o *tl.Object) {
	d := &draft{at: l.at}
	d.base = o
	d.date = o.At("date").AsInt()
	d.to = peerOf(o.At("peer_id"))
	r := l.room[d.to]
	if from := peerOf(o.At("from_id")); from.kind != noPeer {
		d.author = l.byID[from.id]
	} else if r != nil && r.kind == channelPeer && len(r.members) > 0 {
		d.author = r.members[0].person
	}
	number := o.At("id").AsInt()
	switch {
	case len(l.errs) > 0 && (d.to.id == 0 || d.author == nil):
		return
	case l.drafts[number] != nil:
		l.fail("there is a message %d already", number)
	case d.to.kind == userPeer && l.byID[d.to.id] == nil || d.to.kind != userPeer && r == nil:
		l.fail("peer_id names nobody who stands above")
	case d.author == nil:
		l.fail("from_id has to say who of the people wrote this")
	}
	if head := o.At("reply_to").Object(); head != nil {
		if v := head.At("reply_to_msg_id"); !v.IsNone() {
			d.reply = v.AsInt()
		}
		o.With("reply_to", head.Clone().With("reply_to_msg_id", tl.Value{}).Value())
	}
	for _, name := range [...]string{"out", "post", "from_id"} {
		o.With(name, tl.Value{})
	}
	l.takePoll(d)
	l.drafts[number] = d
	l.order = append(l.order, d)
}

// settle puts the messages into their boxes: first those whose ids are told by
// `copies`, then the others by date. Then it does what waited for that.
func (l *loader) settle() {
	for _, d := range l.order {
		if d.reply != 0 {
			to := l.drafts[d.reply]
			if to == nil || to == d {
				l.failAt(d.at, "there is no message %d to reply to", d.reply)
				continue
			}
			d.letter.reply = &to.letter
		}
	}
	var rest []*draft
	for _, d := range l.order {
		if d.copies == nil {
			rest = append(rest, d)
		}
	}
	for _, d := range l.order {
		if d.copies != nil {
			l.noteBot(&d.letter)
		}
		for _, c := range d.copies {
			l.place(d, c)
		}
	}
	slices.SortStableFunc(rest, func(a, b *draft) int { return int(a.date) - int(b.date) })
	for _, d := range rest {
		// Where copies are told, the author may have gone since.
		if r := l.room[d.to]; r != nil && r.member(d.author) == nil {
			l.failAt(d.at, "%s is no member of %s", syntax.Quote(d.author.name()), syntax.Quote(r.def.At("title").AsString()))
			continue
		}
		l.deliver(&d.letter)
	}
	l.readAll()
	for _, do := range l.last {
		do()
	}
	for _, d := range l.order {
		l.noteFading(&d.letter)
	}
	for _, p := range l.people {
		for _, d := range p.dialogs {
			if !l.mentioned[d] {
				d.mentions = l.mentionsUnread(p, d)
			}
		}
	}
	l.beginBoxes()
}

// readAll marks everything as read, by all; the lines of the fixture say what is not.
func (l *loader) readAll() {
	for _, p := range l.people {
		for _, d := range p.dialogs {
			if top := d.list.top(); top != nil {
				d.readIn, d.readOut = top.id, top.id
			}
		}
	}
	for _, r := range l.rooms {
		for _, m := range r.members {
			d := l.dialog(m.person, r.peer)
			if top := d.list.top(); top != nil && r.kind == channelPeer {
				d.readIn = top.id
			}
		}
	}
}

// beginBoxes has the boxes tell of nothing that the fixture did: a difference from
// before it is too long.
func (l *loader) beginBoxes() {
	for _, p := range l.people {
		p.box.log, p.box.since = nil, p.box.pts
	}
	for _, r := range l.rooms {
		if r.box != nil {
			r.box.log, r.box.since = nil, r.box.pts
		}
	}
}

// place gives a box its copy under a known id; a negative id was deleted.
func (l *loader) place(d *draft, c copied) {
	id := max(c.id, -c.id)
	c.box.last = max(c.box.last, id)
	c.box.pts++
	d.letter.copies = append(d.letter.copies, copied{c.box, id})
	if c.id < 0 {
		return
	}
	e := &entry{id, &d.letter}
	if c.box.find(id) != nil {
		l.failAt(d.at, "the id %d is given twice", id)
		return
	}
	c.box.add(e)
	for _, p := range l.people {
		if p.box == c.box {
			l.dialog(p, d.with(p)).list.add(e)
		}
	}
}

// isDate reports a parameter whose number is a date.
func isDate(name string) bool {
	return name == "date" || strings.HasSuffix(name, "_date") || name == "was_online" || name == "expires"
}

const dateLayout = "2006-01-02T15:04:05"

// parseDate reads a date in UTC, with as much of the time as is wanted.
func parseDate(s string) (int64, bool) {
	s = strings.TrimSuffix(s, "Z")
	for _, layout := range [...]string{dateLayout, "2006-01-02T15:04", "2006-01-02"} {
		if len(layout) != len(s) {
			continue
		}
		t, err := time.Parse(layout, s)
		return t.Unix(), err == nil
	}
	return 0, false
}

// dates turns the dates of the fixture into numbers, moved by as much as its
// `now` is away from the clock.
func (l *loader) dates(now time.Time) {
	l.clock = int32(now.Unix())
	for _, st := range l.file.Stmts {
		if c, ok := st.X.(*syntax.Call); ok && c.Name.Text == "now" && len(c.Args) == 1 {
			if base, ok := parseDate(syntax.Text(c.Args[0].Value)); ok {
				l.shift = now.Unix() - base
			}
		}
	}
	syntax.Walk(l.file, func(n syntax.Node) bool {
		if a, ok := n.(*syntax.Arg); ok && a.Name != nil && isDate(a.Name.Text) {
			if w, ok := a.Value.(*syntax.Word); ok {
				if d, ok := parseDate(w.Text); ok {
					w.Text = strconv.FormatInt(d+l.shift, 10)
				}
			}
		}
		return true
	})
}
