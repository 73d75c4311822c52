package eval

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"tlsh/schema"
)

// A person at a real account is asked before anything of the statement leaves: not
// even a connection is opened for what they refuse.
func TestAsked(t *testing.T) {
	const deletes = "messages.deleteHistory me max_id=0"
	for _, c := range []struct {
		name   string
		place  Place
		cfg    Config
		before string // a line that is run first
		line   string
		answer string
		err    error
		asked  bool
		sent   bool
	}{
		{name: "no", line: deletes, answer: "n", asked: true},
		{name: "an empty answer", line: deletes, asked: true},
		{name: "Ctrl-D", line: deletes, err: io.EOF, asked: true},
		{name: "nobody there", line: deletes, err: ErrNobody, asked: true},
		{name: "yes", line: deletes, answer: " Yes ", asked: true, sent: true},
		{name: "inside another request", line: "invokeWithLayer 228 query=auth.logOut", answer: "n", asked: true},
		{name: "the command for it", line: "logout", answer: "n", asked: true},
		{name: "reading", line: "messages.getHistory me", sent: true},
		{name: "paying", line: "messages.sendMessage me hi allow_paid_stars=5", answer: "n", asked: true},
		{name: "paying nothing", line: "messages.sendMessage me hi allow_paid_stars=0", sent: true},
		{name: "deleting by leaving out", line: "messages.updateDialogFilter id=2", answer: "n", asked: true},
		{name: "a search that is paid for", before: "set read-only on", line: "channels.searchPosts query=x allow_paid_stars=5"},
		{name: "a search that is free", before: "set read-only on", line: "channels.searchPosts query=x", sent: true},
		{name: "--yes", cfg: Config{Yes: true}, line: deletes, sent: true},
		{name: "set confirm off", before: "set confirm off", line: deletes, sent: true},
		{name: "the sandbox", place: PlaceSandbox, line: deletes, sent: true},
		{name: "a server", place: PlaceServer, line: deletes, answer: "n", asked: true},
		{name: "a dry run", line: deletes + " --dry-run"},
		{name: "read-only", before: "set read-only on", line: "messages.sendMessage me hi"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			asked, connected := "", false
			cfg := c.cfg
			cfg.Schema, cfg.Out, cfg.Err, cfg.Interactive, cfg.Format = schema.Current(), &out, &out, true, Tree
			cfg.Account = Account{Short: "main", Place: c.place, Connect: func(context.Context, Hooks) (Conn, error) {
				connected = true
				return nil, errors.New("no network in this test")
			}}
			cfg.Ask = func(_ context.Context, q Question) (string, error) { asked = q.Text; return c.answer, c.err }
			sh := New(cfg)
			sh.Run(context.Background(), Source{Text: c.before})
			status := sh.Run(context.Background(), Source{Text: c.line})
			if (asked != "") != c.asked || connected != c.sent || c.asked && !strings.Contains(asked, "as main?") {
				t.Errorf("asked %q, connected %v, status %d:\n%s", asked, connected, status, out.String())
			}
			if c.asked && !c.sent && (status != Failed || !strings.Contains(out.String(), "not sent")) {
				t.Errorf("status %d:\n%s", status, out.String())
			}
		})
	}
}
