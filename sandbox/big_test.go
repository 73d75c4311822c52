package sandbox

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tlsh/tl"
)

// TestIncoming: the count of what came in is right, however it is counted.
func TestIncoming(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	people := []*person{{}, {}, {}}
	indexed, plain := &history{byAuthor: map[*person][]int32{}}, &history{}
	for id := int32(1); id < 400; id++ {
		e := &entry{id: id, letter: &letter{author: people[rng.IntN(3)]}}
		indexed.add(e)
		plain.add(e)
		if rng.IntN(3) == 0 {
			gone := 1 + rng.Int32N(id)
			indexed.remove(gone)
			plain.remove(gone)
		}
		p, after := people[rng.IntN(3)], rng.Int32N(id+2)
		want := 0
		for _, e := range plain.entries {
			if e.id > after && e.author != p {
				want++
			}
		}
		if got := indexed.incoming(p, after); got != want {
			t.Fatalf("after %d: want %d, got %d", after, want, got)
		}
		if got := (&history{entries: plain.entries}).incoming(p, after); got != want {
			t.Fatalf("after %d, without an index: want %d, got %d", after, want, got)
		}
	}
}

// TestSeats: a room with many members finds each, also after some have left.
func TestSeats(t *testing.T) {
	r := &room{}
	people := make([]*person, 100)
	for i := range people {
		people[i] = &person{}
		r.seat(&member{person: people[i]})
	}
	for i, p := range people {
		if m := r.member(p); m == nil || m.person != p {
			t.Fatalf("member %d is not found", i)
		}
		if i%2 == 0 {
			r.expel(p, false)
		}
	}
	for i, p := range people {
		if m := r.member(p); (m == nil) != (i%2 == 0) {
			t.Errorf("member %d: %v", i, m)
		}
	}
	r.seat(&member{person: people[0]})
	if r.member(people[0]) == nil || len(r.members) != 51 {
		t.Errorf("who comes back is not found among %d", len(r.members))
	}
}

// crowded is a world with a long conversation of two, all of it unread by one
// of them, and a large channel in which everybody listens who is asked to.
func crowded(b *testing.B, messages, members int) *direct {
	d := newDirect(b, "@sam")
	w := d.world
	base := w.new("message").With("message", tl.String("a message of a usual length, more or less"))
	sam, alice := w.byID[1001], w.byID[1002]
	for i := range messages {
		w.deliver(&letter{base: base, author: alice, to: sam.peer, date: int32(i)})
	}
	r := w.room[peer{channelPeer, 3001}]
	for i := range members {
		p := &person{peer: peer{userPeer, int64(10_000 + i)}, def: w.new("user").With("id", tl.Long(int64(10_000+i))).With("first_name", tl.String("Extra")),
			box: &box{}, dialogs: map[peer]*dialog{}, random: map[int64]bool{}, contacts: map[int64]*contact{}}
		w.people = append(w.people, p)
		w.byID[p.id] = p
		r.seat(&member{person: p})
	}
	return d
}

// BenchmarkPages reads a page of each kind where a million messages are.
func BenchmarkPages(b *testing.B) {
	const million = 1_000_000
	d := crowded(b, million, 0)
	for _, c := range []struct{ name, line string }{
		{"newest", "messages.getHistory @alice limit=100"},
		{"middle", fmt.Sprintf("messages.getHistory @alice limit=100 offset_id=%d", million/2)},
		{"by date", fmt.Sprintf("messages.getHistory @alice limit=100 offset_date=%d", million/3)},
		{"around", fmt.Sprintf("messages.getHistory @alice limit=100 offset_id=%d add_offset=-50", million/2)},
		{"oldest", "messages.getHistory @alice limit=100 offset_id=60"},
		{"getMessages", fmt.Sprintf("messages.getMessages [5 700 %d %d]", million/2, million-5)},
		{"getDialogs", "messages.getDialogs offset_peer=inputPeerEmpty limit=100"},
		{"getPeerDialogs", "messages.getPeerDialogs [@alice]"},
		{"getState", "updates.getState"},
		{"search newest", `messages.search @alice q="" filter=inputMessagesFilterEmpty limit=100`},
		{"search words", `messages.search @alice q="usual" filter=inputMessagesFilterEmpty limit=100`},
	} {
		b.Run(c.name, func(b *testing.B) {
			body := d.line(b, "@sam", c.line)
			if _, err := d.ask(body); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.ask(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkFanOut posts in a channel of many members, few or many of whom
// listen.
func BenchmarkFanOut(b *testing.B) {
	for _, c := range []struct{ members, listening int }{{100, 0}, {10_000, 0}, {10_000, 100}, {10_000, 1000}} {
		b.Run(fmt.Sprintf("%d members, %d listening", c.members, c.listening), func(b *testing.B) {
			d := crowded(b, 0, c.members)
			for _, p := range d.world.people[len(d.world.people)-c.listening:] {
				l := &login{layer: d.schema.Layer}
				l.signIn(p)
				(&session{carrier: &direct{Sandbox: d.Sandbox}, login: l}).subscribe()
			}
			d.sess.login.signIn(d.world.byID[1004])
			req := d.bindFor(b, "@carol", `messages.sendMessage peer=@harbour_news message="a message of a usual length, more or less"`)
			n, at := int64(0), req.Def().Index("random_id")
			b.ReportAllocs()
			for b.Loop() {
				n++
				req.Set(at, tl.Long(n))
				body, _ := tl.Encode(req)
				if _, err := d.ask(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
