package client

import (
	"testing"

	"tlsh/schema"
	"tlsh/tl"
)

func TestSplit(t *testing.T) {
	s := schema.Current()
	n := func(name string) *tl.Object { return tl.New(s.Constructor(name)) }
	status := n("updateUserStatus").With("user_id", tl.Long(5)).With("status", n("userStatusEmpty").Value()).Value()
	typing := n("updateUserTyping").With("user_id", tl.Long(6)).With("action", n("sendMessageTypingAction").Value()).Value()
	both := n("updates").With("updates", tl.VectorOf(s.TypeOf("Update"), status, typing)).With("users", tl.VectorOf(s.TypeOf("User"))).
		With("chats", tl.VectorOf(s.TypeOf("Chat"))).With("date", tl.Int(99)).With("seq", tl.Int(0)).Value()
	got := split(s, both)
	if len(got) != 2 || !tl.Equal(got[0].Value, status) || !tl.Equal(got[1].Value, typing) || got[1].Date != 99 || !tl.Equal(got[0].In, both) {
		t.Errorf("updates: %v", got)
	}
	short := n("updateShort").With("update", typing).With("date", tl.Int(7)).Value()
	if got := split(s, short); len(got) != 1 || !tl.Equal(got[0].Value, typing) || got[0].Date != 7 {
		t.Errorf("updateShort: %v", got)
	}
	if got := split(s, n("updatesTooLong").Value()); len(got) != 1 || !got[0].Value.Object().Is("updatesTooLong") {
		t.Errorf("updatesTooLong: %v", got)
	}
}

// A short message is the updateNewMessage that the same message would have
// come as.
func TestShortMessages(t *testing.T) {
	s := schema.Current()
	n := func(name string) *tl.Object { return tl.New(s.Constructor(name)) }
	user := func(id int64) tl.Value { return n("peerUser").With("user_id", tl.Long(id)).Value() }
	for _, c := range []struct {
		short, want *tl.Object
	}{
		{n("updateShortMessage").With("id", tl.Int(1)).With("user_id", tl.Long(5)).With("message", tl.String("hi")).With("silent", tl.Bool(true)),
			n("message").With("id", tl.Int(1)).With("peer_id", user(5)).With("message", tl.String("hi")).With("silent", tl.Bool(true))},
		{n("updateShortChatMessage").With("id", tl.Int(1)).With("from_id", tl.Long(5)).With("chat_id", tl.Long(8)).With("message", tl.String("hi")),
			n("message").With("id", tl.Int(1)).With("peer_id", n("peerChat").With("chat_id", tl.Long(8)).Value()).With("from_id", user(5)).With("message", tl.String("hi"))},
	} {
		c.short.With("pts", tl.Int(10)).With("pts_count", tl.Int(1)).With("date", tl.Int(3))
		c.want.With("date", tl.Int(3))
		want := n("updateNewMessage").With("message", c.want.Value()).With("pts", tl.Int(10)).With("pts_count", tl.Int(1)).Value()
		got := split(s, c.short.Value())
		if len(got) != 1 || !tl.Equal(got[0].Value, want) || got[0].Date != 3 {
			t.Errorf("%s: got %v, want %v", c.short.Def().Name, got[0].Value, want)
		}
		if _, err := tl.Encode(got[0].Value.Object()); err != nil {
			t.Error(err)
		}
	}
}
