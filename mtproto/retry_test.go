package mtproto

import (
	"context"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
)

// Errors 500 and -503 are tried again for what may be repeated, and told after
// some tries; MSG_WAIT_* and other errors are not.
func TestRetries(t *testing.T) {
	p := newPuppet(t, func(c *Config) { lively(c); c.Limits.Retries = 2 })
	for _, c := range []struct {
		repeat bool
		code   int
		sent   int
	}{{true, 500, 3}, {true, -503, 3}, {false, 500, 1}, {false, -503, 1}, {true, 400, 1}} {
		out := p.batch(BatchOptions{}, Request{Body: request(reqEcho, 1, 0), Repeatable: c.repeat})
		for range c.sent {
			p.say(result(p.want(reqEcho).id, rpcErr(c.code, "INTERNAL")))
		}
		if o := (<-out)[0]; o.State != Failed || !tgerr.Is(o.Err, "INTERNAL") {
			t.Errorf("%v: %v %v", c, o.State, o.Err)
		}
	}
	out := p.batch(BatchOptions{}, Request{Body: request(reqEcho, 1, 0), Repeatable: true})
	p.say(result(p.want(reqEcho).id, rpcErr(500, "INTERNAL")))
	p.say(result(p.want(reqEcho).id, putID(nil, resEcho)))
	if o := (<-out)[0]; o.State != Done {
		t.Errorf("%v %v", o.State, o.Err)
	}
}

// A slept flood wait sends the tail again, chained anew; one that nobody sleeps
// is an error.
func TestFloodWait(t *testing.T) {
	for _, sleeps := range []bool{true, false} {
		for _, name := range []string{"FLOOD_WAIT_7", "FLOOD_PREMIUM_WAIT_7", "SLOWMODE_WAIT_7"} {
			p := newPuppet(t, nil)
			told := make(chan time.Duration, 10)
			out := p.batch(BatchOptions{Ordered: true, OnFlood: func(_ context.Context, d time.Duration) bool { told <- d; return sleeps }},
				Request{Body: request(reqEcho, 0, 0)}, Request{Body: request(reqEcho, 1, 0)}, Request{Body: request(reqEcho, 2, 0)})
			list := p.next()
			p.say(box(message{p.id(1), 1, result(list[0].id, putID(nil, resEcho))}, message{p.id(1), 3, result(list[1].id, rpcErr(420, name))},
				message{p.id(1), 5, result(list[2].id, rpcErr(400, "MSG_WAIT_FAILED"))}))
			if d := <-told; d != 7*time.Second {
				t.Errorf("told to wait %v", d)
			}
			if sleeps {
				var again []message
				for len(again) < 2 {
					again = append(again, p.next()...)
				}
				if peekID(again[0].body) != reqEcho || longAt(again[1].body, 4) != again[0].id {
					t.Errorf("sent again: %x", again)
				}
				p.say(result(again[0].id, putID(nil, resEcho)))
				p.say(result(again[1].id, putID(nil, resEcho)))
			}
			l := <-out
			if sleeps && (l[1].State != Done || l[2].State != Done) || !sleeps && (l[1].State != Failed || l[2].State != NotRun) {
				t.Errorf("%s, slept %v: %v", name, sleeps, l)
			}
		}
	}
}

// The requests of an unordered batch that are told to wait, wait together.
func TestFloodWaitUnordered(t *testing.T) {
	p := newPuppet(t, nil)
	told, hold := make(chan time.Duration, 10), make(chan bool)
	out := p.batch(BatchOptions{OnFlood: func(_ context.Context, d time.Duration) bool { told <- d; return <-hold }},
		Request{Body: request(reqEcho, 0, 0)}, Request{Body: request(reqEcho, 1, 0)})
	list := p.next()
	p.say(result(list[0].id, rpcErr(420, "FLOOD_WAIT_3")))
	p.say(result(list[1].id, rpcErr(420, "FLOOD_WAIT_3")))
	p.say(pushed(1))
	<-p.up
	hold <- true
	again := p.next()
	if len(again) != 2 || len(told) != 1 {
		t.Fatalf("%d sent again, told %d times", len(again), len(told))
	}
	for _, m := range again {
		p.say(result(m.id, putID(nil, resEcho)))
	}
	for _, o := range <-out {
		if o.State != Done {
			t.Errorf("%v %v", o.State, o.Err)
		}
	}
}

// Closing ends a wait for a flood.
func TestCloseWhileAsleep(t *testing.T) {
	p := newPuppet(t, nil)
	begun := make(chan bool)
	out := p.batch(BatchOptions{Ordered: true, OnFlood: func(ctx context.Context, d time.Duration) bool { close(begun); <-ctx.Done(); return false }},
		Request{Body: request(reqEcho, 0, 0)}, Request{Body: request(reqEcho, 1, 0)})
	list := p.next()
	p.say(result(list[0].id, rpcErr(420, "FLOOD_WAIT_3")))
	<-begun
	p.conn.Close()
	if l := <-out; l[0].State != Failed || l[1].State == Done {
		t.Errorf("%v", l)
	}
}

// A request that waited in vain for one that still has no answer is not sent
// again before that has one.
func TestTimeoutHolds(t *testing.T) {
	p := newPuppet(t, nil)
	out := p.batch(BatchOptions{Ordered: true}, Request{Body: request(reqEcho, 0, 0)}, Request{Body: request(reqEcho, 1, 0)})
	list := p.next()
	p.say(result(list[1].id, rpcErr(500, "MSG_WAIT_TIMEOUT")))
	p.say(pushed(1))
	<-p.up
	pinged := make(chan error, 1)
	go func() { pinged <- p.conn.Ping(context.Background()) }()
	ping := p.want(idPing) // and nothing before it
	p.say(putLong(putLong(putID(nil, idPong), ping.id), 1))
	if err := <-pinged; err != nil {
		t.Error(err)
	}
	p.say(result(list[0].id, putID(nil, resEcho)))
	p.say(result(p.want(reqEcho).id, putID(nil, resEcho)))
	for i, o := range <-out {
		if o.State != Done {
			t.Errorf("%d: %v %v", i, o.State, o.Err)
		}
	}
}
