package ref

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	name := func(s string) Ref { return Ref{Kind: Username, Text: s} }
	channel := func(id int64, msg ...int32) Ref {
		r := Ref{Kind: ID, ID: id, Of: Channel}
		if len(msg) > 0 {
			r.Msg = msg[0]
		}
		if len(msg) > 1 {
			r.Topic = msg[1]
		}
		return r
	}
	invite := Ref{Kind: Invite, Text: "AbC_-1"}
	for _, c := range []struct {
		text string
		want Ref
	}{
		{"me", Ref{Kind: Self}}, {" self ", Ref{Kind: Self}},
		{"@alice", name("alice")}, {"@A_9", name("A_9")},
		{"alice", Ref{Kind: Name, Text: "alice"}}, {"Me", Ref{Kind: Name, Text: "Me"}},
		{"t.me/alice", name("alice")}, {"T.ME/alice/", name("alice")}, {"www.t.me/alice", name("alice")},
		{"https://t.me/alice?start=x", name("alice")}, {"HTTP://telegram.me/alice#x", name("alice")},
		{"telegram.dog/alice", name("alice")}, {"telegram.dev/alice", name("alice")},
		{"alice.t.me", name("alice")}, {"https://alice.t.me/", name("alice")}, {"t.me/s/alice", name("alice")},
		{"https://t.me/alice/123", Ref{Kind: Username, Text: "alice", Msg: 123}},
		{"alice.t.me/123", Ref{Kind: Username, Text: "alice", Msg: 123}},
		{"t.me/s/alice/123", Ref{Kind: Username, Text: "alice", Msg: 123}},
		{"t.me/alice/7/123?single", Ref{Kind: Username, Text: "alice", Msg: 123, Topic: 7}},
		{"t.me/alice/123?thread=7", Ref{Kind: Username, Text: "alice", Msg: 123, Topic: 7}},
		{"t.me/alice/app", name("alice")}, {"t.me/alice/s/5", name("alice")}, {"t.me/alice/a/b/c", name("alice")},
		{"t.me/c/9", channel(9)}, {"t.me/c/9/44", channel(9, 44)}, {"https://t.me/c/9/5/44", channel(9, 44, 5)},
		{"t.me/c/-1000000000009/44", channel(9, 44)},
		{"t.me/+AbC_-1", invite}, {"https://t.me/joinchat/AbC_-1", invite}, {"tg://join?invite=AbC_-1", invite},
		{"t.me/+15551234567", Ref{Kind: Phone, Text: "15551234567"}},
		{"tg://resolve?domain=alice", name("alice")}, {"tg:resolve?domain=alice", name("alice")},
		{"TG://resolve?domain=alice&post=5&thread=2", Ref{Kind: Username, Text: "alice", Msg: 5, Topic: 2}},
		{"tg://resolve?phone=+1555", Ref{Kind: Phone, Text: "1555"}},
		{"tg://privatepost?channel=9&post=44", channel(9, 44)}, {"tg://privatepost?channel=9", channel(9)},
		{"tg://user?id=5", Ref{Kind: ID, ID: 5, Of: User}},
		{"+15551234567", Ref{Kind: Phone, Text: "15551234567"}}, {"+1 (555) 123-45.67", Ref{Kind: Phone, Text: "15551234567"}},
		{"+ 1\u00a0555\u202f123", Ref{Kind: Phone, Text: "1555123"}},
		{"5", Ref{Kind: ID, ID: 5}}, {"1_000", Ref{Kind: ID, ID: 1000}}, {"-123", Ref{Kind: ID, ID: 123, Of: Chat}},
		{"-1000000000009", channel(9)}, {"-1001234567890", channel(1234567890)}, {"-1997852516352", channel(997852516352)},
	} {
		if got, err := Parse(c.text, strings.Contains(strings.TrimSpace(c.text), " ")); err != nil || got != c.want {
			t.Errorf("%q: %+v, %v; want %+v", c.text, got, err, c.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "empty"}, {"  ", "empty"}, {"@", "not a username"}, {"@ab", "not a username"}, {"@a b", "not a username"}, {"@аlice", "not a username"},
		{"@" + strings.Repeat("a", 33), "not a username"}, {"t.me/", "not a username"}, {"t.me", "not a username"},
		{"t.me/addstickers/Cats", "no link to somebody"}, {"t.me/joinchat", "no link"}, {"t.me/joinchat/a b", "no invitation"},
		{"t.me/+", "without its hash"}, {"t.me/c/x/5", "no channel's id"}, {"t.me/c/0/5", "no channel's id"}, {"t.me/c/9/x", "no message's id"},
		{"t.me/alice/0", "no message's id"}, {"t.me/alice/99999999999", "no message's id"}, {"t.me/%zz", "no link"},
		{"tg://resolve", "no link"}, {"tg://resolve?domain=a%zz", "no link"}, {"tg://user?id=x", "no user's id"}, {"tg://privatepost?channel=-3", "no channel's id"},
		{"http://example.com/x", "no link to somebody"}, {"+", "not a phone"}, {"+12x", "not a phone"}, {"+1234567890123456", "3 to 15"},
		{"0", "nobody's id"}, {"-1000000000000", "nobody's id"}, {"9223372036854775808", "too large"}, {"-9223372036854775808", "too large"}, {"4503599627370496", "too large"},
	} {
		if got, err := Parse(c.text, false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %+v, %v; want an error with %q", c.text, got, err, c.want)
		}
	}
}

// What stands in quotes may be any title.
func TestTitles(t *testing.T) {
	for _, s := range []string{"+", "++", "News: today", "a/b", "my self"} {
		if got, err := Parse(s, true); err != nil || got != (Ref{Kind: Name, Text: s}) {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
}

func TestPost(t *testing.T) {
	for _, c := range []struct {
		text, peer string
		msg        int32
	}{
		{"t.me/alice/5", "@alice", 5}, {"t.me/c/9/1/5", "-1000000000009", 5}, {"tg://privatepost?channel=9&post=5", "-1000000000009", 5},
		{"t.me/alice", "", 0}, {"@alice", "", 0}, {"5", "", 0}, {"t.me/c/9", "", 0}, {"t.me/c/x/5", "", 0}, {"", "", 0},
	} {
		peer, msg, ok := Post(c.text)
		if peer != c.peer || msg != c.msg || ok != (c.msg != 0) {
			t.Errorf("%q: %q %d %v", c.text, peer, msg, ok)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"me", "@abc", "t.me/c/1/2/3", "tg://resolve?phone=1", "tg:join?invite=x", "+1 2 3", "-100", "-1001", "a.t.me/5", "https://t.me/joinchat/x", "'", "t.me/%2b5", "t.me?x", ".t.me"} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, quoted bool) {
		r, err := Parse(s, quoted)
		if err != nil {
			if (r != Ref{}) && r.Kind != ID {
				t.Errorf("%q: %+v beside %v", s, r, err)
			}
			return
		}
		switch r.Kind {
		case Self:
		case ID:
			if r.ID <= 0 || r.ID >= MaxID {
				t.Errorf("%q gives the id %d", s, r.ID)
			}
		case Username, Name, Phone, Invite:
			if r.Text == "" {
				t.Errorf("%q gives an empty reference", s)
			}
		default:
			t.Errorf("%q gives %+v", s, r)
		}
		if r.Msg < 0 || r.Topic < 0 {
			t.Errorf("%q gives %+v", s, r)
		}
		if peer, msg, ok := Post(s); ok {
			// Without its message the link names the same peer.
			again, err := Parse(peer, false)
			again.Msg, again.Topic = r.Msg, r.Topic
			if err != nil || msg != r.Msg || again != r {
				t.Errorf("%q is a post in %q, which gives %+v, %v; want %+v", s, peer, again, err, r)
			}
		}
	})
}
