package peers

import (
	"context"
	"strings"
	"testing"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// Strangers are asked for together, once each; what the server said of them is
// what their references give.
func TestAhead(t *testing.T) {
	r, srv := world(t)
	ctx := context.Background()
	rounds := 0
	r.Together = func(ctx context.Context, reqs []*tl.Object) ([]tl.Value, []error) {
		rounds++
		values, errs := make([]tl.Value, len(reqs)), make([]error, len(reqs))
		for i, q := range reqs {
			values[i], errs[i] = srv.Call(ctx, q)
		}
		return values, errs
	}
	r.Ahead(ctx, []string{"@durov", "t.me/Durov/5", "@alice", "nobody_here", "+15551234", "@nobody", "me", "@x", "77"})
	if got := strings.Join(srv.asked, ", "); rounds != 1 || got != "contacts.resolveUsername(durov), contacts.resolveUsername(nobody)" {
		t.Errorf("%d rounds: %s", rounds, got)
	}
	want := r.Schema.TypeOf("InputPeer")
	if v, err := r.Text(ctx, "@durov", false, want); err != nil || text(v) != "inputPeerUser(7 70)" {
		t.Errorf("%s, %v", text(v), err)
	}
	if _, err := r.Text(ctx, "@nobody", false, want); !tgerr.Is(err, "USERNAME_NOT_OCCUPIED") {
		t.Error(err)
	}
	if len(srv.asked) != 2 {
		t.Errorf("asked again: %s", srv.asked[2:])
	}
	// One stranger alone is asked for when it is his turn.
	r.Ahead(ctx, []string{"@somebody", "@alice"})
	if rounds != 1 {
		t.Error("one was asked for ahead")
	}
}
