package render

import (
	"testing"

	"tlsh/schema"
	"tlsh/tl"
)

// TestAppendLine: of an update that passes by one sees what was said before how it
// is marked.
func TestAppendLine(t *testing.T) {
	s := schema.Current()
	made := func(name string) *tl.Object { return tl.New(s.Constructor(name)) }
	alice := made("peerUser").With("user_id", tl.Long(777)).Value()
	group := made("peerChat").With("chat_id", tl.Long(5)).Value()
	reply := made("messageReplyHeader").With("reply_to_msg_id", tl.Int(27)).Value()
	reactions := made("messageReactions").With("can_see_list", tl.Bool(true)).With("results", tl.VectorOf(s.TypeOf("ReactionCount"),
		made("reactionCount").With("reaction", made("reactionEmoji").With("emoticon", tl.String("👍")).Value()).With("count", tl.Int(2)).Value(),
		made("reactionCount").With("reaction", made("reactionCustomEmoji").With("document_id", tl.Long(7)).Value()).With("count", tl.Int(1)).Value(),
		made("reactionCount").With("reaction", made("reactionPaid").Value()).With("count", tl.Int(3)).Value(),
	)).Value()
	named := func(kind string, id int64) string {
		if kind == "chat" {
			return "Sunday hikers"
		}
		return "@alice"
	}
	message := made("message").With("mentioned", tl.Bool(true)).With("media_unread", tl.Bool(true)).With("id", tl.Int(31)).
		With("from_id", alice).With("peer_id", group).With("reply_to", reply).With("date", tl.Int(1)).With("ttl_period", tl.Int(60))
	arrived := func(m *tl.Object) *tl.Object {
		return made("updateNewMessage").With("message", m.Value()).With("pts", tl.Int(1)).With("pts_count", tl.Int(1))
	}
	for _, c := range []struct {
		width int
		o     *tl.Object
		want  string
	}{
		{100, arrived(message.Clone().With("message", tl.String("to all"))),
			`updateNewMessage id=31 from_id=@alice peer_id=Sunday hikers message="to all" …`},
		{200, arrived(message.Clone().With("message", tl.String("to all"))),
			`updateNewMessage id=31 from_id=@alice peer_id=Sunday hikers message="to all" reply_to=messageReplyHeader reply_to_msg_id=27 mentioned media_unread`},
		{80, arrived(message.Clone().With("message", tl.String("a text that is longer than what there is room for"))),
			`updateNewMessage id=31 from_id=@alice peer_id=Sunday hikers message="a text …" …`},
		{200, arrived(message.Clone().With("message", tl.String("")).With("media", made("messageMediaDice").With("value", tl.Int(2)).With("emoticon", tl.String("🎲")).Value())),
			`updateNewMessage id=31 from_id=@alice peer_id=Sunday hikers media=messageMediaDice value=2 emoticon="🎲" reply_to=messageReplyHeader reply_to_msg_id=27 mentioned media_unread`},
		{100, made("updateMessageReactions").With("peer", alice).With("msg_id", tl.Int(25)).With("reactions", reactions),
			"updateMessageReactions peer=@alice msg_id=25 reactions=[👍 2, 7 1, reactionPaid 3]"},
		{100, made("updatePinnedMessages").With("pinned", tl.Bool(true)).With("peer", alice).With("messages", tl.VectorOf(s.TypeOf("int"), tl.Int(27))).With("pts", tl.Int(1)).With("pts_count", tl.Int(1)),
			"updatePinnedMessages peer=@alice messages=[27] pinned"},
		{100, made("updatePeerHistoryTTL").With("peer", alice).With("ttl_period", tl.Int(86400)), "updatePeerHistoryTTL peer=@alice ttl_period=86400"},
		{30, made("updatePeerHistoryTTL").With("peer", alice).With("ttl_period", tl.Int(86400)), "updatePeerHistoryTTL …"},
	} {
		if got := string(AppendLine(nil, c.o.Value(), Options{Width: c.width, Names: named})); got != c.want {
			t.Errorf("at %d columns:\nwant %s\n got %s", c.width, c.want, got)
		}
	}
}
