package sandbox

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tlsh/tl"
)

// operation is something that the model test does at random. Areas add theirs
// to operations.
type operation struct {
	name string
	// line is a line of the language, "" when there is nothing to do it to. What
	// it makes may be refused by the API, as long as it is done often enough.
	line func(a *actor) string
}

func operations() []operation {
	// Those of rooms twice: much of it needs several steps.
	return slices.Concat(messageOperations(), dialogOperations(), roomOperations(), roomOperations(), reactionOperations(), peopleOperations(), accountOperations(), botOperations(), storyOperations())
}

// facet is one part of what a client knows. Areas add theirs to facets.
type facet struct {
	name string // all of its keys begin with it and a slash
	// load asks for everything.
	load func(m *mate, put func(key, value string))
	// hear applies updates, by their names.
	hear map[string]func(r *replica, u *tl.Object)
	// more says that who follows updates may know of things for which one that
	// asks for everything has no reason to ask.
	more bool
}

func facets() []facet {
	return []facet{messageFacet(), readFacet(), chatFacet(), userFacet(), draftFacet(), topFacet(), filterFacet(), markFacet(), scheduledFacet(), blockFacet(), contactFacet(), notifyFacet(), storyFacet()}
}

// TestModel lets several people do many random things, and wants every session
// that follows updates to know in the end what one knows that asks for
// everything. TLSH_MODEL is how many things are done, TLSH_MODEL_SEED how they
// are chosen.
func TestModel(t *testing.T) {
	number, seed := 4000, uint64(1)
	if s := os.Getenv("TLSH_MODEL"); s != "" {
		number, _ = strconv.Atoi(s)
	}
	if s := os.Getenv("TLSH_MODEL_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	clock := &clock{t: start}
	s, err := New(Config{World: modelWorld, Now: clock.now, Ledger: -1, Rand: rand.NewChaCha8([32]byte{byte(seed)})})
	if err != nil {
		t.Fatal(err)
	}
	m := &model{t: t, s: s, rng: newRng(seed), count: map[string]int{}, refused: map[string]map[string]int{}}
	for _, p := range s.People() {
		a := &actor{mate: m.mate(p.ID), model: m}
		if p.Bot {
			m.bot = a
			continue
		}
		a.counts = newReplica(a.mate)
		a.counts.only = true
		m.actors = append(m.actors, a)
		m.replicas = append(m.replicas, newReplica(m.mate(p.ID)), newReplica(m.mate(p.ID)))
		m.replicas[len(m.replicas)-1].moody = true
	}
	began := time.Now()
	m.run(number, clock)
	t.Logf("%d operations in %v: %.0f a second", number, time.Since(began).Round(time.Millisecond), float64(number)/time.Since(began).Seconds())
	for _, r := range m.replicas {
		if r.moody {
			r.comeBack()
		}
		m.compare(r)
	}
	for _, o := range operations() {
		if m.count[o.name] == 0 && number >= 4000 {
			t.Errorf("%s was never done; refused: %v", o.name, m.refused[o.name])
		}
	}
}

type model struct {
	t        *testing.T
	s        *Sandbox
	rng      *rand.Rand
	actors   []*actor
	bot      *actor // it does what bots do, and counts nothing
	replicas []*replica
	count    map[string]int
	refused  map[string]map[string]int
	texts    int
}

// actor is a session that does things. It only watches whether the counters of
// what it is told have no gaps.
type actor struct {
	*mate
	model  *model
	counts *replica
}

// mate is a session of one of the people, without a connection.
type mate struct {
	t     *testing.T
	s     *Sandbox
	who   *person
	sess  *session
	bind  *client
	queue [][]byte
	away  bool        // nothing reaches it
	lose  func() bool // whether a push is lost
}

func (m *mate) Live() bool { return !m.away }

// Send takes a push.
func (m *mate) Send(body []byte) bool {
	if m.lose == nil || !m.lose() {
		m.queue = append(m.queue, body)
	}
	return true
}

func (m *model) mate(id int64) *mate {
	auth, err := m.s.SignIn(fmt.Sprint(id))
	if err != nil {
		m.t.Fatal(err)
	}
	x := &mate{t: m.t, s: m.s, who: m.s.world.byID[id]}
	x.sess = &session{carrier: x, login: m.s.logins[auth.Key.ID()]}
	x.sess.login.layer = m.s.schema.Layer
	x.bind = &client{lab: &lab{Sandbox: m.s, t: m.t}, who: x.who, random: m.rng.Int64()}
	return x
}

// ask sends a line.
func (m *mate) ask(line string) (tl.Value, error) {
	return m.request(m.bind.bind(line))
}

func (m *mate) request(req *tl.Object) (tl.Value, error) {
	body, err := tl.Encode(req)
	if err != nil {
		m.t.Fatal(err)
	}
	m.s.mu.Lock()
	res, err := m.s.answer(m.sess, requestID{}, body)
	m.s.mu.Unlock()
	if err != nil {
		return tl.Value{}, err
	}
	v, err := tl.Decode(m.s.schema, res, req.Def().Result)
	if err != nil {
		m.t.Fatalf("%s: %v", req.Def().Name, err)
	}
	m.bind.lab.complete(req.Def().Name, v)
	return v, nil
}

// must is ask for what has to succeed.
func (m *mate) must(line string) tl.Value {
	m.t.Helper()
	v, err := m.ask(line)
	if err != nil {
		m.t.Fatalf("%s: %s: %v", m.who.name(), line, err)
	}
	return v
}

// pushed empties the queue.
func (m *mate) pushed() []tl.Value {
	var list []tl.Value
	for _, body := range m.queue {
		v, err := tl.Decode(m.s.schema, body, m.s.schema.TypeOf("Updates"))
		if err != nil {
			m.t.Fatalf("pushed: %v", err)
		}
		m.bind.lab.complete("pushed", v)
		list = append(list, v)
	}
	m.queue = m.queue[:0]
	return list
}

func (m *model) run(number int, clock *clock) {
	all := operations()
	for done := 0; done < number && !m.t.Failed(); {
		a := m.actors[m.rng.IntN(len(m.actors))]
		o := all[m.rng.IntN(len(all))]
		if o.isBots() {
			a = m.bot
			a.pushed()
		}
		line := o.line(a)
		if line == "" {
			continue
		}
		clock.add(time.Duration(m.rng.IntN(3)) * time.Second)
		req := a.bind.bind(line)
		v, err := a.request(req)
		for _, r := range m.replicas {
			r.listen()
		}
		for _, b := range m.actors {
			b.counts.listen() // the answer comes after what was pushed before it
		}
		if err != nil {
			if m.refused[o.name] == nil {
				m.refused[o.name] = map[string]int{}
			}
			m.refused[o.name][rpcError(err)]++
			if strings.HasPrefix(rpcError(err), "5") {
				m.t.Fatalf("%s: %v", line, err)
			}
			continue
		}
		done++
		m.count[o.name]++
		if a != m.bot {
			a.counts.answered(req, v, line)
		}
	}
}

// compare wants a replica to know what a session knows that has just begun.
func (m *model) compare(r *replica) {
	fresh := map[string]string{}
	x := m.mate(r.who.id)
	for _, f := range facets() {
		f.load(x, func(key, value string) { fresh[f.name+"/"+key] = value })
	}
	r.derive()
	wrong := 0
	for _, key := range slices.Sorted(maps.Keys(fresh)) {
		if got, ok := r.state[key]; got != fresh[key] && !r.isStale(key) && wrong < 5 {
			wrong++
			m.t.Errorf("%s (moody %v): %s:\nknows %v %s\nis    %s", r.who.name(), r.moody, key, ok, got, fresh[key])
		}
	}
	for _, f := range facets() {
		for key, got := range r.state {
			if _, ok := fresh[key]; !ok && !f.more && strings.HasPrefix(key, f.name+"/") && !r.isStale(key) && wrong < 5 {
				wrong++
				m.t.Errorf("%s (moody %v): knows %s %s, which is not there", r.who.name(), r.moody, key, got)
			}
		}
	}
}

// canon writes a value without what no update tells.
func canon(v tl.Value, without ...string) string {
	o := v.Object().Clone()
	for _, name := range without {
		if i := o.Def().Index(name); i >= 0 && o.Def().Params[i].Optional() {
			o.Set(i, tl.Value{})
		}
	}
	return fileRefs.ReplaceAllString(show(o.Value()), "")
}

// fileRefs are file references, which are others every hour.
var fileRefs = regexp.MustCompile(`file_reference=hex:[0-9a-f]+ `)

// The choices of an actor.

func pick[T any](m *model, list []T) (x T) {
	if len(list) > 0 {
		x = list[m.rng.IntN(len(list))]
	}
	return x
}

// text is one that was not there before.
func (a *actor) text() string {
	a.model.texts++
	return strconv.Quote(fmt.Sprintf("%s %d", pick(a.model, []string{"tea", "map 🗺", "ferry", "a *bold* word", "rope"}), a.model.texts))
}

// marked is how a line names a peer by its id.
func marked(p peer) string {
	switch p.kind {
	case chatPeer:
		return strconv.FormatInt(-p.id, 10)
	case channelPeer:
		return strconv.FormatInt(-1_000_000_000_000-p.id, 10)
	}
	return strconv.FormatInt(p.id, 10)
}

// person is one of the people, oneself too.
func (a *actor) person() peer { return pick(a.model, a.s.world.people).peer }

// room is a room of these kinds that the actor is in.
func (a *actor) room(ok func(*room) bool) *room {
	var list []*room
	for _, r := range a.s.world.rooms {
		if !r.closed && r.member(a.who) != nil && ok(r) {
			list = append(list, r)
		}
	}
	return pick(a.model, list)
}

func anyRoom(*room) bool     { return true }
func isChat(r *room) bool    { return r.kind == chatPeer && r.def.At("migrated_to").IsNone() }
func isGroup(r *room) bool   { return r.kind == channelPeer && !r.broadcast() }
func inChannel(r *room) bool { return r.kind == channelPeer }

// peer is a person, or a room that the actor is in.
func (a *actor) peer() peer {
	if a.model.rng.IntN(2) == 0 {
		if r := a.room(anyRoom); r != nil {
			return r.peer
		}
	}
	return a.person()
}

// private is a peer whose messages are in the actor's own box.
func (a *actor) private() peer {
	if a.model.rng.IntN(3) == 0 {
		if r := a.room(isChat); r != nil {
			return r.peer
		}
	}
	return a.person()
}

// message is one of the latest messages of a conversation, 0 when there is none.
func (a *actor) message(with peer, ok func(*entry) bool) int32 {
	d := a.who.dialogs[with]
	if d == nil {
		return 0
	}
	var ids []int32
	for i := len(d.list.entries) - 1; i >= 0 && len(ids) < 20; i-- {
		if e := d.list.entries[i]; ok(e) {
			ids = append(ids, e.id)
		}
	}
	return pick(a.model, ids)
}

func anyMessage(*entry) bool       { return true }
func spoken(e *entry) bool         { return !e.service() }
func (a *actor) own(e *entry) bool { return e.author == a.who && !e.service() }

func (a *actor) coin() bool { return a.model.rng.IntN(2) == 0 }

func newRng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2)) }
