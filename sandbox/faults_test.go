package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tlsh/mtproto"
	"tlsh/tl"
)

// command runs words that must be right.
func (l *lab) command(words ...string) string {
	l.t.Helper()
	out, err := l.Command(words)
	if err != nil {
		l.t.Fatalf("%q: %v", words, err)
	}
	return out
}

// codes counts the error codes of what a client received.
type codes struct {
	mu   sync.Mutex
	seen map[int]int
}

func (c *codes) trace(e mtproto.TraceEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[int]int{}
	}
	if !e.Out && e.Code != 0 {
		c.seen[e.Code]++
	}
}

func (c *codes) count(code int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[code]
}

// watched is l.as with an eye on error codes.
func (l *lab) watched(name string, cfg mtproto.Config) (*client, *codes) {
	l.t.Helper()
	auth, err := l.SignIn(name)
	if err != nil {
		l.t.Fatal(err)
	}
	seen := &codes{}
	cfg.Auth, cfg.Trace = &auth, seen.trace
	c := l.connect(cfg)
	c.who, _ = l.world.lookup(name)
	c.do("updates.getState")
	return c, seen
}

// outcomes are what the ledger says of a method: the outcomes, in order.
func (l *lab) outcomes(method string) (list []string) {
	for _, e := range l.Ledger() {
		if e.Method == method {
			list = append(list, e.Outcome())
		}
	}
	return list
}

// TestLatencyChanges: a latency set while a connection is in use is felt, and
// mixes up nothing when it goes.
func TestLatencyChanges(t *testing.T) {
	l := newLab(t, Config{})
	sam, alice := l.as("@sam"), l.as("@alice")
	l.command("latency", "40ms")
	begin := time.Now()
	sam.do("help.getNearestDc")
	if took := time.Since(begin); took < 40*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
	for i := range 30 {
		if i == 15 {
			l.command("latency", "off")
		}
		sam.conn.Call(t.Context(), encode(t, sam.bind("help.getNearestDc")))
		l.as("@bob").do(fmt.Sprintf("messages.sendMessage peer=@alice message=m%d random_id=%d", i, i+1))
		want(t, alice.next(), ".updates[0].message.message", fmt.Sprintf("%q", fmt.Sprint("m", i)))
		if i == 3 {
			l.command("latency", "1ms")
		}
	}
}

// TestWork: work takes its time, beside other work, but not beside that of a
// predecessor; and too long a wait for that ends.
func TestWork(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	l.command("work", "30ms")
	var bodies [][]byte
	for i := range 4 {
		bodies = append(bodies, encode(t, sam.bind(fmt.Sprintf("messages.sendMessage peer=@alice message=m%d", i))))
	}
	begin := time.Now()
	out, err := sam.conn.Batch(t.Context(), bodies, true)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < 4*30*time.Millisecond {
		t.Errorf("a chain of four took %v", took)
	}
	for i, o := range out {
		if o.Err != nil {
			t.Errorf("%d: %v", i, o.Err)
		}
	}
	var order []int64
	for _, e := range l.Ledger() {
		if e.Method == "messages.sendMessage" {
			order = append(order, e.RandomID...)
		}
	}
	if !slices.Equal(order, []int64{1, 2, 3, 4}) {
		t.Errorf("executed in the order %v", order)
	}
	// A ping is no work.
	l.command("work", "1h")
	ctx, cancel := context.WithCancel(t.Context())
	stuck := make(chan error)
	go func() {
		_, err := sam.conn.Call(ctx, bodies[0])
		stuck <- err
	}()
	if err := sam.conn.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-stuck; err == nil {
		t.Error("an hour has passed")
	}
}

// TestWorkChainTimesOut: who waits for a predecessor longer than half a second
// is told, and not executed.
func TestWorkChainTimesOut(t *testing.T) {
	l := newLab(t, Config{})
	sam, seen := l.watched("@sam", mtproto.Config{})
	l.command("work", "600ms")
	bodies := [][]byte{encode(t, sam.bind("messages.sendMessage peer=@alice message=a")), encode(t, sam.bind("messages.sendMessage peer=@alice message=b"))}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := sam.conn.Batch(ctx, bodies, true); err != nil {
		t.Fatal(err)
	}
	if seen.count(500) == 0 {
		t.Error("no MSG_WAIT_TIMEOUT came")
	}
	var order []int64
	for _, e := range l.Ledger() {
		order = append(order, e.RandomID...)
	}
	if len(order) == 0 || order[0] != 1 || len(order) > 1 && order[1] != 2 || len(order) > 2 {
		t.Errorf("executed in the order %v", order)
	}
}

// unanswered calls, waits until that was executed, and a little for an answer,
// which is an error as any other end is.
func (c *client) unanswered(line string) error {
	c.lab.t.Helper()
	req := c.bind(line)
	ctx, cancel := context.WithCancel(c.lab.t.Context())
	defer cancel()
	ended := make(chan error, 1)
	before := len(c.lab.outcomes(req.Def().Name))
	go func() {
		_, err := c.conn.Call(ctx, encode(c.lab.t, req))
		ended <- err
	}()
	for len(c.lab.outcomes(req.Def().Name)) == before {
		select {
		case err := <-ended:
			return fmt.Errorf("an end before it was executed: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	select {
	case err := <-ended:
		return fmt.Errorf("an end: %v", err)
	case <-time.After(200 * time.Millisecond):
		return nil
	}
}

// TestLoss: what is lost was executed, and is told when it is asked after.
func TestLoss(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	l.command("loss", "100%")
	if err := sam.unanswered("messages.sendMessage peer=@alice message=lost"); err != nil {
		t.Fatalf("want no answer, got %v", err)
	}
	if got := l.outcomes("messages.sendMessage"); !slices.Equal(got, []string{"ok"}) {
		t.Errorf("the ledger says %v", got)
	}
	// The transport loses single frames: the connection is not silent.
	l.command("loss", "off")
	sam.do("help.getNearestDc")
}

// TestLossOfObfuscated: where no frame can be missing the connection falls
// silent, and another one is as good as new.
func TestLossOfObfuscated(t *testing.T) {
	for name, cfg := range map[string]mtproto.Config{"obfuscated": {Obfuscate: true}, "full": {Transport: mtproto.Full}} {
		l := newLab(t, Config{})
		sam, _ := l.watched("@sam", cfg)
		l.command("loss", "1")
		if err := sam.unanswered("help.getNearestDc"); err != nil {
			t.Errorf("%s: want no answer, got %v", name, err)
		}
		l.command("loss", "off")
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		if _, err := sam.conn.Call(ctx, encode(t, sam.bind("help.getNearestDc"))); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: want silence, got %v", name, err)
		}
		cancel()
		if got := l.command("cut"); got != "1 connection cut\n" {
			t.Errorf("%s: %q", name, got)
		}
		sam.do("help.getNearestDc")
	}
}

// TestSilence: a silent connection swallows what comes and is not closed.
func TestSilence(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	if got := l.command("silence"); got != "1 connection silent\n" {
		t.Error(got)
	}
	before := len(l.Ledger())
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := sam.conn.Call(ctx, encode(t, sam.bind("help.getNearestDc"))); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("want no answer, got %v", err)
	}
	if after := len(l.Ledger()); after != before {
		t.Error("a request got through")
	}
	l.as("@sam").do("help.getNearestDc") // new connections are as they should be
	l.command("cut")
	sam.do("help.getNearestDc")
}

// TestCut: sessions outlive their connections.
func TestCut(t *testing.T) {
	l := newLab(t, Config{OnError: noError(t)})
	sam := l.as("@sam")
	for i := range 5 {
		if n := l.Cut(); n == 0 {
			t.Errorf("%d: nothing to cut", i)
		}
		sam.do("help.getNearestDc")
	}
	sessions := map[int64]bool{}
	for _, e := range l.Ledger() {
		sessions[e.Session] = true
	}
	if len(sessions) != 1 {
		t.Errorf("%d sessions", len(sessions))
	}
}

// TestCutAfterBytes: a connection is cut wherever its bytes end, and nothing is
// lost, doubled or reordered.
func TestCutAfterBytes(t *testing.T) {
	l := newLab(t, Config{OnError: noError(t), Faults: Faults{Cut: Span{800, 3000}, Seed: 7}})
	sam := l.as("@sam")
	const sends = 60
	for i := range sends {
		o := sam.conn.Do(t.Context(), mtproto.Request{RandomID: true,
			Body: encode(t, sam.bind(fmt.Sprintf("messages.sendMessage peer=@bob message=m%d", i)))})
		if o.State != mtproto.Done && o.State != mtproto.Arrived {
			t.Fatalf("%d: %v: %v", i, o.State, o.Err)
		}
	}
	l.command("cut", "off")
	var order []int64
	for _, e := range l.Ledger() {
		if e.Method == "messages.sendMessage" && e.Executed {
			order = append(order, e.RandomID...)
		}
	}
	if len(order) != sends || !slices.IsSorted(order) {
		t.Errorf("executed: %v", order)
	}
	if v := l.as("@sam").do("messages.getHistory @bob limit=60"); show(at(t, v, ".messages[0].message")) != fmt.Sprintf(`"m%d"`, sends-1) {
		t.Errorf("the last message is %s", show(at(t, v, ".messages[0].message")))
	}
}

// TestSalt: new salts cost a message and no answer.
func TestSalt(t *testing.T) {
	l := newLab(t, Config{})
	sam, seen := l.watched("@sam", mtproto.Config{})
	if n := seen.count(48); n != 0 {
		t.Errorf("%d bad salts before any change", n)
	}
	l.command("salt")
	sam.do("help.getNearestDc")
	if n := seen.count(48); n != 1 {
		t.Errorf("%d bad salts after one change", n)
	}
	l.command("salt", "every", "3")
	for range 10 {
		sam.do("help.getNearestDc")
	}
	if n := seen.count(48); n < 3 {
		t.Errorf("%d bad salts after changes at every third request", n)
	}
}

// TestSkew: the server's clock is wrong, the world's is not.
func TestSkew(t *testing.T) {
	for _, skew := range []string{"1d", "-1d", "90s"} {
		l := newLab(t, Config{})
		sam, seen := l.watched("@sam", mtproto.Config{})
		l.command("skew", skew)
		want(t, sam.do("help.getConfig"), ".date", "1772820000")
		if skew != "90s" && seen.count(16)+seen.count(17)+seen.count(48) == 0 {
			t.Errorf("%s: the server noticed nothing", skew)
		}
		// From the beginning, too.
		want(t, l.as("@bob").do("help.getConfig"), ".date", "1772820000")
	}
}

// TestForget: a server that has forgotten its sessions still knows its keys,
// also those made by an exchange, and nobody is signed out.
func TestForget(t *testing.T) {
	key, err := mtproto.GeneratePrivateKey(cryptoRand)
	if err != nil {
		t.Fatal(err)
	}
	l := newLab(t, Config{Keys: []mtproto.PrivateKey{key}, SignInAll: "@bob"})
	gaps := make(chan mtproto.Gap, 100)
	bob := l.connect(mtproto.Config{Keys: []mtproto.PublicKey{key.Public()}, OnGap: func(g mtproto.Gap) { gaps <- g }})
	bob.who, _ = l.world.lookup("@bob")
	bob.do("updates.getState")
	for len(gaps) > 0 {
		<-gaps
	}
	if got := l.command("forget"); got != "1 session forgotten\n" {
		t.Error(got)
	}
	// What it sends before it notices may be lost with the session.
	req := bob.bind("users.getUsers id=[inputUserSelf]")
	o := bob.conn.Do(t.Context(), mtproto.Request{Body: encode(t, req), Repeatable: true})
	if o.Err != nil {
		t.Fatal(o.Err)
	}
	v, err := tl.Decode(l.schema, o.Body, req.Def().Result)
	if err != nil {
		t.Fatal(err)
	}
	want(t, v, "[0].first_name", `"Bob"`)
	for {
		select {
		case g := <-gaps:
			if g != mtproto.GapNewSession {
				continue
			}
			l.as("@sam").do("messages.sendMessage peer=@bob message=once")
			want(t, bob.next(), ".updates[0].message.message", `"once"`)
			bob.quiet()
			return
		case <-time.After(time.Minute):
			t.Fatal("the client was not told of a new session")
		}
	}
}

// TestDoubt: a server that cannot tell leaves outcomes unknown, unless it is
// asked to repeat.
func TestDoubt(t *testing.T) {
	l := newLab(t, Config{Faults: Faults{Doubt: true, Work: 100 * time.Millisecond}})
	sam := l.as("@sam")
	outcome := make(chan mtproto.Outcome)
	go func() {
		outcome <- sam.conn.Do(t.Context(), mtproto.Request{Body: encode(t, sam.bind("messages.sendMessage peer=@alice message=a"))})
	}()
	// Nothing tells from outside when it has arrived: cut until it is unknown, or
	// done before.
	for {
		select {
		case o := <-outcome:
			if o.State != mtproto.Unknown && o.State != mtproto.Done {
				t.Errorf("%v: %v", o.State, o.Err)
			}
			return
		case <-time.After(10 * time.Millisecond):
			l.command("cut")
		}
	}
}

// TestStale: what is refused with code 20 is not executed, and comes again.
func TestStale(t *testing.T) {
	l := newLab(t, Config{})
	sam, seen := l.watched("@sam", mtproto.Config{})
	l.command("stale", "every", "2")
	for i := range 4 {
		sam.do(fmt.Sprintf("messages.sendMessage peer=@alice message=m%d", i))
	}
	if n := seen.count(20); n == 0 {
		t.Error("nothing was refused")
	}
	if got := l.outcomes("messages.sendMessage"); !slices.Equal(got, []string{"ok", "ok", "ok", "ok"}) {
		t.Errorf("the ledger says %v", got)
	}
}

// TestFaultsWhileServing changes everything under load; the race detector looks
// on.
func TestFaultsWhileServing(t *testing.T) {
	l := newLab(t, Config{})
	var clients sync.WaitGroup
	stop := make(chan struct{})
	for _, name := range []string{"@sam", "@alice", "@bob"} {
		c := l.as(name)
		body := encode(t, c.bind("messages.getHistory @carol limit=3"))
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					c.conn.Do(t.Context(), mtproto.Request{Body: body, Repeatable: true})
				}
			}
		})
	}
	for i := range 60 {
		for _, words := range [][]string{{"latency", "1ms"}, {"work", "1ms"}, {"cut", "2000-9000"}, {"salt"}, {"flood", "1", "every", "50"},
			{"fail", "every", "20"}, {"seed", fmt.Sprint(i)}, {"salt", "every", "20"}, {"cut"}, {"ledger"}, {"off"}} {
			l.command(words...)
		}
		if i%20 == 0 {
			l.command("forget")
		}
	}
	close(stop)
	clients.Wait()
	l.as("@sam").do("help.getNearestDc")
}

// TestBadFaults: a Config that cannot be is refused, and so is a change, which
// then changes nothing.
func TestBadFaults(t *testing.T) {
	for i, f := range []Faults{
		{Latency: -1}, {Latency: time.Hour}, {Work: -1}, {Loss: 2}, {Loss: -0.1}, {Cut: Span{5, 2}}, {Cut: Span{0, 2}}, {Cut: Span{-1, -1}},
		{Salts: -1}, {Skew: 1 << 62}, {Floods: []Flood{{}}}, {Floods: []Flood{{Wait: 1500 * time.Millisecond}}},
		{Floods: []Flood{{Wait: time.Second, Method: "no.such"}}}, {Failures: []Failure{{Every: -1}}}, {SlowModes: []SlowMode{{}}},
		{SlowModes: []SlowMode{{Wait: time.Second, Room: "Sunday hikers"}}}, {Failures: make([]Failure, maxRules+1)},
	} {
		if _, err := New(Config{Faults: f}); err == nil {
			t.Errorf("%d: %+v is taken", i, f)
		}
	}
	s, err := New(Config{Faults: Faults{Work: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetFaults(Faults{Loss: 3}); err == nil || s.Faults().Work != time.Second {
		t.Errorf("%v, %+v", err, s.Faults())
	}
	got := s.Faults()
	got.Floods = append(got.Floods, Flood{Wait: time.Second})
	if len(s.Faults().Floods) != 0 {
		t.Error("the caller's copy is the sandbox's")
	}
}

// TestLedger: it forgets the oldest and says what came of each.
func TestLedger(t *testing.T) {
	l := newLab(t, Config{Ledger: 3})
	sam := l.as("@sam")
	sam.do("messages.sendMessage peer=@alice message=one random_id=5")
	sam.fails(`messages.sendMessage peer=@alice message="" random_id=6`, "400 MESSAGE_EMPTY")
	sam.fails("messages.forwardMessages from_peer=@alice id=[1 2] to_peer=@bob random_id=[8 9]", "400 MESSAGE_ID_INVALID")
	sam.do("help.getNearestDc")
	list := l.Ledger()
	if len(list) != 3 {
		t.Fatalf("%d entries", len(list))
	}
	for i, want := range []Entry{
		{N: 3, Method: "messages.sendMessage", RandomID: []int64{6}, Code: 400, Message: "MESSAGE_EMPTY"},
		{N: 4, Method: "messages.forwardMessages", RandomID: []int64{8, 9}, Code: 400, Message: "MESSAGE_ID_INVALID"},
		{N: 5, Method: "help.getNearestDc", Executed: true},
	} {
		got := list[i]
		if got.Session == 0 || got.KeyID == 0 || got.MsgID == 0 || got.Person != 1001 || !got.Time.Equal(start) || i > 0 && got.MsgID <= list[i-1].MsgID {
			t.Errorf("%d: %+v", i, got)
		}
		if got.N != want.N || got.Method != want.Method || !slices.Equal(got.RandomID, want.RandomID) || got.Executed != want.Executed || got.Outcome() != want.Outcome() {
			t.Errorf("%d: want %+v, got %+v", i, want, got)
		}
	}
	none := newLab(t, Config{Ledger: -1})
	none.as("@sam")
	if len(none.Ledger()) != 0 {
		t.Error("a ledger that was not wanted")
	}
}
