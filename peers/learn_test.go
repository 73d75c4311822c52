package peers

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tlsh/store"
	"tlsh/tl"
)

func learnAll(t testing.TB, c *Cache, srcs ...string) {
	t.Helper()
	for _, s := range srcs {
		c.Learn(value(t, s))
	}
}

// A min constructor never replaces what a full one said, a username that moved
// belongs to its new owner, and what a constructor cannot say stays.
func TestLearn(t *testing.T) {
	for _, kept := range []bool{false, true} {
		c := NewCache()
		if kept {
			c = stored(t, filepath.Join(t.TempDir(), "p", "x.db"))
		}
		learnAll(t, c, people, `user(id=5 access_hash=999 min=true first_name="Min" username="min")`)
		alice := c.ByID(User, 5)
		if e := alice; e.Hash != 50 || e.Title != "Alice B" || e.Min {
			t.Errorf("%+v", e)
		}
		// Each thing alone that a full constructor says anew is learned.
		said := func(hash, last, phone, name string) string {
			return fmt.Sprintf(`user(id=77 access_hash=%s first_name="Ann" last_name="%s" phone="%s" username="%s")`, hash, last, phone, name)
		}
		learnAll(t, c, said("1", "L", "111", "ann77"), said("2", "L", "111", "ann77"))
		if e := c.ByID(User, 77); e.Hash != 2 {
			t.Errorf("a new access hash is not learned: %+v", e)
		}
		learnAll(t, c, said("2", "M", "111", "ann77"), said("2", "M", "222", "ann77"))
		if e := c.ByID(User, 77); e.Title != "Ann M" || e.Phone != "222" {
			t.Errorf("a new name or phone is not learned: %+v", e)
		}
		learnAll(t, c, said("2", "M", "222", "ann78"))
		if e := c.ByUsername("ann78"); e == nil || e.ID != 77 || c.ByUsername("ann77") != nil {
			t.Errorf("a new username is not learned: %+v", e)
		}
		learnAll(t, c, `user(id=6 access_hash=60 first_name="Bob" username="alice")`, "channelForbidden(id=9 access_hash=90 title='News!')",
			`user(id=41 access_hash=410 first_name="Shadow")`, `user(id=5 first_name="Alice" last_name="B" phone="15551234" username="al_coll")`)
		if e := c.ByUsername("ALICE"); e == nil || e.ID != 6 {
			t.Errorf("%+v", e)
		}
		if e := c.ByID(User, 5); e.Hash != 50 || len(e.Usernames) != 1 || len(e.Inactive) != 0 {
			t.Errorf("the hash is gone, or the old names are not: %+v", e)
		}
		if e := c.ByUsername("news"); e == nil || e.Title != "News!" {
			t.Errorf("what channelForbidden cannot say is gone: %+v", e)
		}
		if e := c.ByID(User, 41); e.Min || e.Hash != 410 {
			t.Errorf("a full constructor does not replace a min one: %+v", e)
		}
		if e := c.ByID(User, 42); !e.Min || e.In != (Message{Channel, 9, 34}) {
			t.Errorf("the message around a min constructor is not known: %+v", e)
		}
		for _, n := range []struct {
			kind string
			id   int64
			want string
		}{{"user", 6, "@alice"}, {"channel", 9, "@news"}, {"chat", 8, "Group"}, {"user", 1234, ""}, {"user", 1234, ""}, {"thing", 8, ""}} {
			if got := c.Name(n.kind, n.id); got != n.want {
				t.Errorf("%s %d is called %q", n.kind, n.id, got)
			}
		}
		for words, want := range map[string]string{"group": "8", "alice": "5 6", "+1555": "5", "-1000000000009": "9", "al_coll alice": "5", "zzz": ""} {
			found, more := c.Search(strings.Fields(words), 10)
			var ids []string
			for _, e := range found {
				ids = append(ids, fmt.Sprint(e.ID))
			}
			if got := strings.Join(ids, " "); got != want || more {
				t.Errorf("%q finds %s, want %s", words, got, want)
			}
		}
		if found, more := c.Search(nil, 3); len(found) != 3 || !more {
			t.Errorf("%d found, more is %v", len(found), more)
		}
		learnAll(t, c, `messages.messages(messages=[message(id=7 peer_id=peerUser(88) date=1 message=x)] topics=[] chats=[] users=[user(id=88 min=true access_hash=1 first_name="Own")])`)
		if e := c.ByID(User, 88); !e.Min || e.In != (Message{}) {
			t.Errorf("somebody is named by a message of their own history: %+v", e)
		}
		if len(c.Known()) != 13 {
			t.Errorf("%d are known", len(c.Known()))
		}
	}
}

// Another account's access hashes are of no use.
func TestAnotherAccount(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p", "x.db")
	c := stored(t, path)
	learnAll(t, c, people)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = stored(t, path)
	if c.ByUsername("alice") == nil {
		t.Fatal("nothing was kept")
	}
	learnAll(t, c, `[user(id=6 access_hash=60 first_name="Bob" username="bob") user(id=2 access_hash=20 self=true first_name="Other")]`)
	c.Flush()
	for range 2 {
		if e := c.ByUsername("alice"); e != nil {
			t.Errorf("%+v", e)
		}
		if c.Self().ID != 2 || c.ByUsername("bob") == nil {
			t.Error("the new account is not known")
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		c = stored(t, path)
	}
}

func stored(t testing.TB, path string) *Cache {
	st := store.Open(path)
	c := NewStored(st)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// What one process learned the next one resolves, without having read it all.
func TestStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p", "x.db")
	c := stored(t, path)
	learnAll(t, c, people)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{
		"@alice": "inputPeerUser(5 50)", "al_coll": "inputPeerUser(5 50)", "+15551234": "inputPeerUser(5 50)", "5": "inputPeerUser(5 50)",
		"Group": "inputPeerChat(8)", "-1000000000009": "inputPeerChannel(9 90)", "42": "inputPeerUserFromMessage(inputPeerChannel(9 90) 34 42)",
		"@al_off": "! NOT_THERE", "Twin": "! 2 peers",
	} {
		r, _ := world(t)
		r.Cache = stored(t, path)
		v, err := r.Text(t.Context(), ref, false, r.Schema.TypeOf("InputPeer"))
		outcome(t, ref, v, err, want)
		if n := len(r.Cache.byID); n > 2 {
			t.Errorf("%s: %d entities were read", ref, n)
		}
	}
	c = stored(t, path)
	if e := c.Self(); e == nil || e.ID != 1 {
		t.Errorf("self is %+v", e)
	}
	if n := len(c.Known()); n != 10 {
		t.Errorf("%d are known", n)
	}
	// A min object in a later process does not hide who is known in full.
	c = stored(t, path)
	learnAll(t, c, `user(id=5 access_hash=999 min=true first_name="Min")`)
	if e := c.ByID(User, 5); e.Min || e.Hash != 50 {
		t.Errorf("%+v", e)
	}
	// Nor does a full one without the hash lose it.
	c = stored(t, path)
	learnAll(t, c, `user(id=5 first_name="Alicia" username="Alice")`)
	if e := c.ByUsername("alice"); e.Hash != 50 || e.Title != "Alicia" {
		t.Errorf("%+v", e)
	}
}

// Two shells at once: what one learns the other finds, and a username that has
// moved follows its owner.
func TestTwoCaches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p", "x.db")
	a, b := stored(t, path), stored(t, path)
	learnAll(t, a, people)
	a.Flush()
	if e := b.ByUsername("alice"); e == nil || e.ID != 5 {
		t.Fatalf("%+v", e)
	}
	learnAll(t, a, `user(id=70 access_hash=1 first_name="New" username="brand_new")`)
	a.Flush()
	if e := b.ByUsername("brand_new"); e == nil || e.ID != 70 {
		t.Errorf("%+v", e)
	}
}

// A file that fails is told once, and the cache goes on in memory.
func TestFileFails(t *testing.T) {
	st := store.Open(filepath.Join(t.TempDir(), "p", "x.db"))
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	c := NewStored(st)
	told := make(chan error, 10)
	c.OnError(func(err error) { told <- err })
	learnAll(t, c, people)
	c.Flush()
	learnAll(t, c, `user(id=70 access_hash=1 first_name="New" username="brand_new")`)
	if e := c.ByUsername("brand_new"); e == nil || c.ByUsername("never") != nil {
		t.Errorf("%+v", e)
	}
	if found, _ := c.Search([]string{"alice"}, 5); len(found) != 1 {
		t.Errorf("%d found", len(found))
	}
	if err := c.Close(); err != nil {
		t.Errorf("told twice: %v", err)
	}
	if len(told) != 1 {
		t.Errorf("told %d times", len(told))
	}
	c = NewStored(st)
	learnAll(t, c, people)
	if err := c.Close(); err == nil {
		t.Error("nobody was told")
	}
}

// What says nothing new costs no memory, whatever is kept and however many
// usernames there are.
func TestKnownAllocatesNothing(t *testing.T) {
	c := stored(t, filepath.Join(t.TempDir(), "p", "x.db"))
	v := value(t, people)
	now := time.Now()
	c.now = func() time.Time { return now }
	c.Learn(v)
	full := []tl.Value{}
	for _, u := range v.Object().At("users").Vector().Items {
		if !u.Object().At("min").AsBool() {
			full = append(full, u)
		}
	}
	full = append(full, v.Object().At("chats"))
	some := tl.VectorOf(nil, full...)
	if n := testing.AllocsPerRun(100, func() { c.Learn(some) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	// After a while the same is noted again, with its time.
	now = now.Add(2 * freshFor)
	c.Learn(some)
	if e := c.ByID(User, 5); !e.Seen.Equal(now) {
		t.Errorf("seen %v, want %v", e.Seen, now)
	}
}
