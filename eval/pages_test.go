package eval

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/gotd/td/tgerr"

	"tlsh/client"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/tl"
)

// server answers requests by a function.
type server func(ctx context.Context, req *tl.Object) (tl.Value, error)

func (s server) Call(ctx context.Context, req *tl.Object) (tl.Value, error) { return s(ctx, req) }
func (s server) CallAt(ctx context.Context, _ client.Site, req *tl.Object) (tl.Value, error) {
	return s.Call(ctx, req)
}
func (s server) Batch(context.Context, []*tl.Object, client.BatchOptions) ([]client.Outcome, error) {
	panic("no batch here")
}
func (s server) Chain(client.ChainOptions) *client.Chain { panic("no chain here") }
func (s server) Done() <-chan struct{}                   { return nil }
func (s server) Close() error                            { return nil }

// shellOn is a Shell that is connected to s, and what it writes.
func shellOn(s server, change func(*Config)) (sh *Shell, out, errs *bytes.Buffer) {
	out, errs = new(bytes.Buffer), new(bytes.Buffer)
	cfg := Config{Schema: schema.Current(), Out: out, Err: errs, Format: JSON}
	if change != nil {
		change(&cfg)
	}
	sh = New(cfg)
	sh.conn = s
	return sh, out, errs
}

func vector(s *schema.Schema, elem string, items ...tl.Value) tl.Value {
	return tl.VectorOf(s.TypeOf(elem), items...)
}

// chat is a server with messages 1 … n of one private chat, which gives at most
// cut of them at once.
func chat(n, cut int, asked *[]string) server {
	s := schema.Current()
	return func(_ context.Context, req *tl.Object) (tl.Value, error) {
		from, limit := int(req.At("offset_id").AsInt()), min(cut, int(req.At("limit").AsInt()))
		*asked = append(*asked, fmt.Sprintf("%d/%d+%d", from, req.At("limit").AsInt(), req.At("add_offset").AsInt()))
		if from == 0 {
			from = n + 1
		}
		from -= int(req.At("add_offset").AsInt())
		var items []tl.Value
		for id := from - 1; id > 0 && len(items) < limit; id-- {
			items = append(items, tl.New(s.Constructor("message")).With("id", tl.Int(int32(id))).
				With("peer_id", tl.New(s.Constructor("peerUser")).With("user_id", tl.Long(5)).Value()).
				With("date", tl.Int(int32(1000+id))).With("message", tl.String(fmt.Sprint("m", id))).Value())
		}
		user := tl.New(s.Constructor("user")).With("id", tl.Long(5)).With("access_hash", tl.Long(6)).Value()
		return tl.New(s.Constructor("messages.messagesSlice")).With("count", tl.Int(int32(n))).
			With("messages", vector(s, "Message", items...)).With("topics", vector(s, "ForumTopic")).
			With("chats", vector(s, "Chat")).With("users", vector(s, "User", user)).Value(), nil
	}
}

func TestPagesOfHistory(t *testing.T) {
	for _, c := range []struct {
		name, line string
		n, cut     int
		asked      string
		got        int
		first      int32
	}{
		{"all", "pages all messages.getHistory user_peer", 250, 100, "0/100+0 151/100+0 51/100+0", 250, 250},
		{"two", "pages 2 messages.getHistory user_peer limit=10", 250, 100, "0/10+0 241/10+0", 20, 250},
		{"more than there are", "pages 9 messages.getHistory user_peer", 30, 100, "0/100+0", 30, 30},
		{"short pages are not the end", "pages all messages.getHistory user_peer", 10, 4, "0/100+0 7/100+0 3/100+0", 10, 10},
		{"from the middle", "pages all messages.getHistory user_peer offset_id=9 limit=5", 20, 100, "9/5+0 4/5+0 1/5+0", 8, 8},
		{"an offset counts once", "pages 2 messages.getHistory user_peer add_offset=3 limit=5", 20, 100, "0/5+3 13/5+0", 10, 17},
		{"nothing", "pages all messages.getHistory user_peer", 0, 100, "0/100+0", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked []string
			sh, out, errs := shellOn(chat(c.n, c.cut, &asked), nil)
			line := "$h = " + strings.Replace(c.line, "user_peer", "inputPeerUser(5 6)", 1)
			if st := sh.Run(context.Background(), Source{Text: line}); st != OK {
				t.Fatalf("status %d: %s", st, errs)
			}
			if got := strings.Join(asked, " "); got != c.asked {
				t.Errorf("asked %s, want %s", got, c.asked)
			}
			v, _ := sh.Var("h")
			items := v.Object().At("messages").Vector().Items
			if len(items) != c.got {
				t.Fatalf("%d messages, want %d", len(items), c.got)
			}
			for i, m := range items {
				if id := m.Object().At("id").AsInt(); id != c.first-int32(i) {
					t.Fatalf("message %d has id %d", i, id)
				}
			}
			if n := v.Object().At("count").AsInt(); int(n) != c.n {
				t.Errorf("count %d, want %d", n, c.n)
			}
			if n := len(v.Object().At("users").Vector().Items); n != 1 {
				t.Errorf("%d users, want the one", n)
			}
			if last, _ := sh.Var("_"); !tl.Equal(last, v) {
				t.Error("$_ is something else")
			}
			if one, _ := sh.Var("1"); !tl.Equal(one, v) {
				t.Error("$1 is something else")
			}
			if out.Len() > 0 {
				t.Errorf("an assignment printed %s", out)
			}
		})
	}
}

// Each way to ask for the next page, against a server that has three pages and
// checks what it is asked for.
func TestPagesNext(t *testing.T) {
	for _, c := range []struct {
		line  string
		pages []string // what the server answers
		next  []string // parameters of the requests behind the first one
		want  string   // of the result, as jq gives it
	}{
		{
			"pages all channels.getParticipants inputChannel(3 4) channelParticipantsRecent limit=2 | jq -c [.participants[].user_id]",
			[]string{
				"channels.channelParticipants(count=3 participants=[channelParticipant(user_id=1 date=1) channelParticipant(user_id=2 date=1)] chats=[] users=[])",
				"channels.channelParticipants(count=3 participants=[channelParticipant(user_id=3 date=1)] chats=[] users=[])",
			},
			[]string{"offset=2"}, "[1,2,3]",
		}, {
			"pages all messages.getMessageReactionsList inputPeerUser(5 6) 7 | jq -c '[[.reactions[].date],.next_offset]'",
			[]string{
				`messages.messageReactionsList(count=3 reactions=[messagePeerReaction(peer_id=peerUser(1) date=1 reaction=reactionEmpty)] chats=[] users=[] next_offset="a")`,
				`messages.messageReactionsList(count=3 reactions=[] chats=[] users=[] next_offset="b")`,
				`messages.messageReactionsList(count=3 reactions=[messagePeerReaction(peer_id=peerUser(1) date=3 reaction=reactionEmpty)] chats=[] users=[])`,
			},
			[]string{`offset="a"`, `offset="b"`}, "[[1,3],null]",
		}, {
			"pages all messages.searchGlobal q=x filter=inputMessagesFilterEmpty limit=1 | jq -c [.messages[].id]",
			[]string{
				"messages.messagesSlice(count=2 next_rate=77 messages=[message(id=5 peer_id=peerUser(9) date=50 message=x)] topics=[] chats=[] users=[user(id=9 access_hash=10)])",
				"messages.messagesSlice(count=2 messages=[message(id=5 peer_id=peerUser(8) date=40 message=x)] topics=[] chats=[] users=[user(id=8 access_hash=10)])",
			},
			[]string{"offset_rate=77 offset_peer=inputPeerUser(user_id=9 access_hash=10) offset_id=5"}, "[5,5]",
		}, {
			"pages 2 messages.getDialogs limit=1 | jq -c [.dialogs[].top_message]",
			[]string{
				"messages.dialogsSlice(count=9 dialogs=[dialog(peer=peerChat(3) top_message=11 read_inbox_max_id=0 read_outbox_max_id=0 unread_count=0 unread_mentions_count=0 unread_reactions_count=0 unread_poll_votes_count=0 notify_settings=peerNotifySettings())] messages=[message(id=11 peer_id=peerUser(4) date=1 message=no) message(id=11 peer_id=peerChat(3) date=500 message=x)] chats=[chat(id=3 title=c photo=chatPhotoEmpty participants_count=1 date=1 version=1)] users=[])",
				"messages.dialogsSlice(count=9 dialogs=[] messages=[] chats=[] users=[])",
			},
			[]string{"exclude_pinned=true offset_date=500 offset_id=11 offset_peer=inputPeerChat(chat_id=3)"}, "[11]",
		}, {
			"pages all channels.getAdminLog inputChannel(3 4) q='' | jq -c [.events[].id]",
			[]string{
				"channels.adminLogResults(events=[channelAdminLogEvent(id=9000000000000000009 date=1 user_id=1 action=channelAdminLogEventActionParticipantJoin) channelAdminLogEvent(id=9000000000000000007 date=1 user_id=1 action=channelAdminLogEventActionParticipantJoin)] chats=[] users=[])",
				"channels.adminLogResults(events=[] chats=[] users=[])",
			},
			[]string{"max_id=9000000000000000007"}, "[9000000000000000009,9000000000000000007]",
		}, {
			"pages all contacts.getBlocked | jq -c [.blocked[].date]",
			[]string{"contacts.blocked(blocked=[peerBlocked(peer_id=peerUser(1) date=4)] chats=[] users=[])"},
			nil, "[4]",
		}, {
			"pages all phone.getGroupParticipants inputGroupCall(1 2) ids=[] sources=[] offset='' limit=9 | jq -c .count",
			[]string{
				`phone.groupParticipants(count=3 participants=[] next_offset="x" chats=[] users=[] version=1)`,
				`phone.groupParticipants(count=3 participants=[] next_offset="y" chats=[] users=[] version=1)`,
				`phone.groupParticipants(count=3 participants=[] next_offset="x" chats=[] users=[] version=1)`,
			},
			[]string{`offset="x"`, `offset="y"`}, "3",
		},
	} {
		name, _, _ := strings.Cut(c.line, " |")
		t.Run(name, func(t *testing.T) {
			var asked []string
			var values *Shell
			n := 0
			serve := func(_ context.Context, req *tl.Object) (tl.Value, error) {
				if n > 0 {
					asked = append(asked, string(render.AppendSource(nil, req.Value())))
				}
				if n >= len(c.pages) {
					return tl.Value{}, fmt.Errorf("asked for page %d", n+1)
				}
				n++
				return values.literal(c.pages[n-1]), nil
			}
			sh, out, errs := shellOn(serve, nil)
			values = sh
			if st := sh.Run(context.Background(), Source{Text: c.line}); st != OK {
				t.Fatalf("status %d: %s", st, errs)
			}
			if got := strings.TrimSpace(out.String()); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if len(asked) != len(c.next) {
				t.Fatalf("asked for %d more pages, want %d: %q", len(asked), len(c.next), asked)
			}
			for i, want := range c.next {
				for _, part := range strings.SplitAfter(want, " ") {
					if !strings.Contains(asked[i], strings.TrimSpace(part)) {
						t.Errorf("page %d was asked for with %s, want %s", i+2, asked[i], want)
					}
				}
			}
		})
	}
}

// What came before a page fails, or before Ctrl-C, is kept.
func TestPagesCutShort(t *testing.T) {
	var asked []string
	good := chat(250, 100, &asked)
	for _, c := range []struct {
		name        string
		interactive bool
		cancel      bool
		status      Status
		out, err    string
	}{
		{"error", false, false, Failed, `{"_":"rpc_error","error_code":400,"error_message":"PEER_ID_INVALID"}` + "\n", "$_ holds the 200 messages of the 2 pages before"},
		{"ctrl-c in a script", false, true, Interrupted, "200\n", "interrupted after 2 pages: 200 messages came, which $_ holds"},
		{"ctrl-c at the prompt", true, true, Interrupted, "", "interrupted after 2 pages: 200 messages came, which $_ holds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			n := 0
			sh, out, errs := shellOn(func(ctx context.Context, req *tl.Object) (tl.Value, error) {
				if n++; n <= 2 {
					return good(ctx, req)
				}
				if c.cancel {
					cancel()
					return tl.Value{}, ctx.Err()
				}
				return tl.Value{}, tgerr.New(400, "PEER_ID_INVALID")
			}, func(cfg *Config) { cfg.Interactive = c.interactive })
			st := sh.Run(ctx, Source{Text: "$h = pages all messages.getHistory inputPeerUser(5 6) | jq '.messages|length'"})
			if st != c.status || out.String() != c.out || !strings.Contains(errs.String(), c.err) {
				t.Errorf("status %d, out %q, err %q", st, out, errs)
			}
			for _, name := range []string{"h", "_", "1"} {
				v, _ := sh.Var(name)
				if w := v.Object().At("messages").Vector(); w == nil || len(w.Items) != 200 {
					t.Errorf("$%s does not hold what came", name)
				}
			}
		})
	}
}

// A server that gives the same page for ever ends the walk.
func TestPagesTheSameForEver(t *testing.T) {
	n := 0
	var asked []string
	good := chat(1000, 10, &asked)
	sh, _, errs := shellOn(func(ctx context.Context, req *tl.Object) (tl.Value, error) {
		if n++; n > 10 {
			return tl.Value{}, fmt.Errorf("asked %d times", n)
		}
		req = req.Clone()
		req.Set(req.Def().Index("offset_id"), tl.Int(0))
		return good(ctx, req)
	}, nil)
	if st := sh.Run(context.Background(), Source{Text: "pages all messages.getHistory inputPeerUser(5 6)"}); st != OK || n != 2 {
		t.Errorf("status %d after %d requests: %s", st, n, errs)
	}
}

// Progress is one line that is rewritten, on a terminal only.
func TestPagesProgress(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		var asked []string
		sh, _, errs := shellOn(chat(25, 10, &asked), func(cfg *Config) { cfg.ErrTerminal = terminal })
		sh.Run(context.Background(), Source{Text: "$h = pages 2 messages.getHistory inputPeerUser(5 6)"})
		want := "\r\x1b[Kpage 1 of 2: 10 of 25 messages\r\x1b[Kpage 2 of 2: 20 of 25 messages\r\x1b[K"
		if !terminal {
			want = ""
		}
		if errs.String() != want {
			t.Errorf("terminal=%v: %q", terminal, errs)
		}
	}
}
