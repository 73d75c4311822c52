package mtproto

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Test requests: an id, a number, filling. The handler below answers them.
const (
	reqEcho  = 0x11111111 // result: resEcho, the same number and filling
	reqFail  = 0x22222222 // rpc_error 400 TEST_FAIL_<number>
	reqLater = 0x33333333 // answered by another goroutine after some ms
	reqInit  = 0x44444444 // a wrapper: the rest is a request
	resEcho  = 0x99999999
)

func request(id uint32, n, fill int) []byte {
	b := putInt(putID(nil, id), int32(n))
	return append(b, bytes.Repeat([]byte{1, 2, 3, 4}, fill/4)...)
}

// ledger is what the test server was asked to execute, in order.
type ledger struct {
	mu    sync.Mutex
	list  []int
	inits int
	later sync.WaitGroup
}

func (l *ledger) executed() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]int(nil), l.list...)
}

func (l *ledger) Handle(ctx context.Context, s *ServerSession, msgID int64, body []byte) ([]byte, error) {
	if peekID(body) == reqInit {
		l.mu.Lock()
		l.inits++
		l.mu.Unlock()
		s.Data = true
		body = body[4:]
	}
	n := int(intAt(body, 4))
	l.mu.Lock()
	l.list = append(l.list, n)
	l.mu.Unlock()
	switch peekID(body) {
	case reqEcho:
		return append(putID(nil, resEcho), body[4:]...), nil
	case reqFail:
		return nil, tgerr.New(400, fmt.Sprintf("TEST_FAIL_%d", n))
	case reqLater:
		answer := append(putID(nil, resEcho), body[4:]...)
		l.later.Go(func() {
			time.Sleep(5 * time.Millisecond)
			s.Answer(msgID, answer, nil)
		})
		return nil, ErrLater
	}
	return nil, errors.New("what is this")
}

// world is a running server and a way to connect to it.
type world struct {
	*Server
	addr string
	key  AuthKey
	led  *ledger
}

func newWorld(t testing.TB, change func(*Server)) *world {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	key, err := GenerateAuthKey(crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	led := &ledger{}
	w := &world{Server: &Server{Handler: led}, addr: ln.Addr().String(), key: key, led: led}
	w.OnError = func(_ net.Addr, err error) { t.Logf("server: %v", err) }
	if change != nil {
		change(w.Server)
	}
	w.AddKey(key)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx, ln) }()
	t.Cleanup(func() {
		led.later.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return w
}

func (w *world) dial(ctx context.Context) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", w.addr)
}

// connect makes a client with the shared key.
func (w *world) connect(t testing.TB, change func(*Config)) *Conn {
	t.Helper()
	cfg := Config{Dial: w.dial, Auth: &Auth{Key: w.key, Salt: w.AddKey(w.key)}}
	if change != nil {
		change(&cfg)
	}
	c, err := Connect(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// traces collects events.
type traces struct {
	mu   sync.Mutex
	list []TraceEvent
}

func (x *traces) add(e TraceEvent) {
	x.mu.Lock()
	x.list = append(x.list, e)
	x.mu.Unlock()
}

func (x *traces) count(f func(TraceEvent) bool) (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range x.list {
		n += b2i(f(e))
	}
	return n
}

// frames counts what was sent, by top-level message; acks alone do not count.
func (x *traces) frames() int {
	return x.count(func(e TraceEvent) bool { return e.Out && e.Container == 0 && e.ID != idMsgsAck })
}

func echo(t testing.TB, c *Conn, n int) {
	t.Helper()
	got, err := c.Call(context.Background(), request(reqEcho, n, 16))
	if err != nil {
		t.Fatal(err)
	}
	if want := append(putID(nil, resEcho), request(reqEcho, n, 16)[4:]...); !bytes.Equal(got, want) {
		t.Fatalf("got %x, want %x", got, want)
	}
}

func TestCall(t *testing.T) {
	for _, tr := range []Transport{Abridged, Intermediate, PaddedIntermediate, Full} {
		for _, obf := range []bool{false, true} {
			if obf && tr == Full {
				continue
			}
			t.Run(fmt.Sprint(tr, " obfuscated ", obf), func(t *testing.T) {
				w := newWorld(t, nil)
				c := w.connect(t, func(c *Config) { c.Transport, c.Obfuscate = tr, obf })
				for n := range 20 {
					echo(t, c, n)
				}
				_, err := c.Call(context.Background(), request(reqFail, 7, 0))
				if rpc, ok := tgerr.As(err); !ok || rpc.Type != "TEST_FAIL" || rpc.Argument != 7 || rpc.Code != 400 {
					t.Errorf("error: %v", err)
				}
				if _, err := c.Call(context.Background(), request(0x55555555, 0, 0)); !tgerr.Is(err, "INTERNAL_SERVER_ERROR") {
					t.Errorf("error of a handler that is no RPC error: %v", err)
				}
				if err := c.Ping(context.Background()); err != nil {
					t.Errorf("ping: %v", err)
				}
				big := request(reqEcho, 1, 3<<20)
				got, err := c.Call(context.Background(), big)
				if err != nil || !bytes.Equal(got[4:], big[4:]) {
					t.Errorf("3 MB: %d bytes, %v", len(got), err)
				}
				incompressible := make([]byte, 1<<20)
				crand.Read(incompressible)
				binary.LittleEndian.PutUint32(incompressible, reqEcho)
				got, err = c.Call(context.Background(), incompressible)
				if err != nil || !bytes.Equal(got[4:], incompressible[4:]) {
					t.Errorf("1 MB of random bytes: %d bytes, %v", len(got), err)
				}
			})
		}
	}
}

func TestBadRequests(t *testing.T) {
	w := newWorld(t, nil)
	c := w.connect(t, func(c *Config) { c.Limits.MessageBytes = 100 })
	ctx := context.Background()
	for _, bad := range [][]byte{nil, {1, 2, 3}, make([]byte, 6)} {
		if _, err := c.Call(ctx, bad); err == nil {
			t.Errorf("%d bytes taken", len(bad))
		}
	}
	var limit *LimitError
	if _, err := c.Call(ctx, make([]byte, 104)); !errors.As(err, &limit) || limit.Got != 104 || limit.Limit != 100 {
		t.Errorf("over the limit: %v", err)
	}
	if _, err := c.Batch(ctx, nil, false); err == nil {
		t.Error("empty batch taken")
	}
	if _, err := c.Batch(ctx, [][]byte{request(reqEcho, 1, 0), {1}}, true); err == nil {
		t.Error("batch with a bad request taken")
	}
	echo(t, c, 1)
	if got := w.led.executed(); len(got) != 1 {
		t.Errorf("executed %v, want only the last", got)
	}
}

// A batch is one container, also the first of a session.
func TestBatchIsOneContainer(t *testing.T) {
	w := newWorld(t, nil)
	var tr traces
	c := w.connect(t, func(c *Config) { c.Trace = tr.add })
	var bodies [][]byte
	for n := range 50 {
		id := uint32(reqEcho)
		if n%10 == 3 {
			id = reqFail
		}
		bodies = append(bodies, request(id, n, 16))
	}
	list, err := c.Batch(context.Background(), bodies, false)
	if err != nil {
		t.Fatal(err)
	}
	for n, o := range list {
		switch {
		case n%10 == 3 && (o.State != Failed || !tgerr.Is(o.Err, "TEST_FAIL")):
			t.Errorf("%d: %v %v", n, o.State, o.Err)
		case n%10 != 3 && (o.State != Done || int(intAt(o.Body, 4)) != n):
			t.Errorf("%d: %v %x %v", n, o.State, o.Body, o.Err)
		}
	}
	if tr.frames() != 1 {
		t.Errorf("%d frames, want 1", tr.frames())
	}
	in := tr.count(func(e TraceEvent) bool { return !e.Out && e.ReqMsgID != 0 && e.Container != 0 })
	if in != 50 {
		t.Errorf("%d answers came in a container, want 50", in)
	}
}

// Calls queued before the first write: the first alone, for initConnection,
// then containers as full as allowed.
func TestInitThenContainers(t *testing.T) {
	w := newWorld(t, nil)
	var tr traces
	inits := 0
	c := w.connect(t, func(c *Config) {
		c.Trace = tr.add
		c.Wrap = func(q []byte) []byte { return append(putID(nil, reqInit), q...) }
		c.OnInit = func() { inits++ }
	})
	var bodies [][]byte
	for n := range 2001 {
		bodies = append(bodies, request(reqEcho, n, 8))
	}
	list, err := c.Batch(context.Background(), bodies, false)
	if err != nil {
		t.Fatal(err)
	}
	for n, o := range list {
		if o.State != Done || int(intAt(o.Body, 4)) != n {
			t.Fatalf("%d: %v %v", n, o.State, o.Err)
		}
	}
	if tr.frames() != 21 {
		t.Errorf("%d frames, want 1 + 20", tr.frames())
	}
	if inits != 1 || w.led.inits != 1 {
		t.Errorf("%d wrapped calls, OnInit %d times", w.led.inits, inits)
	}
	echo(t, c, 5)
	if w.led.inits != 1 {
		t.Error("wrapped again")
	}
}

func TestInitAgain(t *testing.T) {
	var fail string
	w := newWorld(t, func(s *Server) {
		led := s.Handler
		s.Handler = HandlerFunc(func(ctx context.Context, x *ServerSession, id int64, body []byte) ([]byte, error) {
			if x.Data == nil && peekID(body) != reqInit {
				return nil, tgerr.New(400, fail)
			}
			if peekID(body) == reqInit && fail == "CONNECTION_LAYER_INVALID" {
				return nil, tgerr.New(400, fail)
			}
			return led.Handle(ctx, x, id, body)
		})
	})
	wrap := func(c *Config) {
		c.Initialized = true // and the server has forgotten
		c.Wrap = func(q []byte) []byte { return append(putID(nil, reqInit), q...) }
	}
	fail = "CONNECTION_NOT_INITED"
	c := w.connect(t, wrap)
	list, err := c.Batch(context.Background(), [][]byte{request(reqEcho, 1, 0), request(reqEcho, 2, 0), request(reqEcho, 3, 0)}, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range list {
		if o.State != Done {
			t.Errorf("%d: %v %v", i, o.State, o.Err)
		}
	}
	if got := fmt.Sprint(w.led.executed()); got != "[1 2 3]" {
		t.Errorf("executed %s", got)
	}
	fail = "CONNECTION_LAYER_INVALID" // for good
	c = w.connect(t, wrap)
	for range 2 {
		if _, err := c.Call(context.Background(), request(reqEcho, 9, 0)); !tgerr.Is(err, "CONNECTION_LAYER_INVALID") {
			t.Errorf("layer refused: %v", err)
		}
	}
}

func TestOrdered(t *testing.T) {
	w := newWorld(t, nil)
	var tr traces
	c := w.connect(t, func(c *Config) { c.Trace = tr.add; c.Limits.ContainerMessages = 30 })
	var bodies [][]byte
	for n := range 100 {
		id := uint32(reqEcho)
		switch {
		case n == 70:
			id = reqFail
		case n%7 == 0:
			id = reqLater
		}
		bodies = append(bodies, request(id, n, 8))
	}
	list, err := c.Batch(context.Background(), bodies, true)
	if err != nil {
		t.Fatal(err)
	}
	for n, o := range list {
		want := Done
		if n == 70 {
			want = Failed
		} else if n > 70 {
			want = NotRun
			var not *NotRunError
			if !errors.As(o.Err, &not) || not.Index != 70 || !tgerr.Is(o.Err, "TEST_FAIL") {
				t.Errorf("%d: %v", n, o.Err)
			}
		}
		if o.State != want {
			t.Errorf("%d: %v %v, want %v", n, o.State, o.Err, want)
		}
	}
	got := w.led.executed()
	for i, n := range got {
		if i != n {
			t.Fatalf("executed %v: out of order", got)
		}
	}
	if len(got) != 71 {
		t.Errorf("%d executed, want 71", len(got))
	}
	if n := tr.count(func(e TraceEvent) bool { return e.Out && e.After != 0 }); n == 0 {
		t.Error("nothing was chained")
	}
}

// A batch far over the limits of a container is as many as it takes, in order.
func TestLargeBatch(t *testing.T) {
	w := newWorld(t, nil)
	var tr traces
	c := w.connect(t, func(c *Config) { c.Trace = tr.add; c.Limits.ContainerMessages = 5000 })
	const n = 20000
	bodies := make([][]byte, n)
	for i := range bodies {
		bodies[i] = request(reqEcho, i, 0)
	}
	bodies[15000] = request(reqFail, 15000, 0)
	list, err := c.Batch(context.Background(), bodies, true)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range list {
		want := Done
		if i == 15000 {
			want = Failed
		} else if i > 15000 {
			want = NotRun
		}
		if o.State != want || want == Done && int(intAt(o.Body, 4)) != i {
			t.Fatalf("%d: %v %v", i, o.State, o.Err)
		}
	}
	for i, m := range w.led.executed() {
		if i != m {
			t.Fatalf("%d was executed as number %d", m, i)
		}
	}
	tr.mu.Lock()
	events := slices.Clone(tr.list)
	tr.mu.Unlock()
	if most := slices.MaxFunc(events, func(a, b TraceEvent) int { return a.Messages - b.Messages }); most.Messages > maxContainerMessages {
		t.Errorf("a container of %d", most.Messages)
	}
	bodies = bodies[:8] // by bytes
	for i := range bodies {
		bodies[i] = make([]byte, 300_000)
		crand.Read(bodies[i])
		binary.LittleEndian.PutUint32(bodies[i], reqEcho)
	}
	if list, err = c.Batch(context.Background(), bodies, false); err != nil {
		t.Fatal(err)
	}
	for i, o := range list {
		if o.State != Done || !bytes.Equal(o.Body[4:], bodies[i][4:]) {
			t.Errorf("%d: %v %v", i, o.State, o.Err)
		}
	}
	if most := tr.count(func(e TraceEvent) bool { return e.Out && e.Size > maxContainerBytes }); most != 0 {
		t.Errorf("%d messages of more than 1 MB", most)
	}
}

// Concurrent callers share frames; none is lost or mixed up.
func TestConcurrentCalls(t *testing.T) {
	w := newWorld(t, nil)
	var tr traces
	c := w.connect(t, func(c *Config) { c.Trace = tr.add })
	const n = 500
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			got, err := c.Call(context.Background(), request(reqEcho, i, 4*(i%50)))
			if err != nil || int(intAt(got, 4)) != i || len(got) != 8+4*(i%50) {
				t.Errorf("%d: %d bytes, %v", i, len(got), err)
			}
		})
	}
	wg.Wait()
	if f := tr.frames(); f >= n {
		t.Errorf("%d frames for %d calls: nothing was merged", f, n)
	}
}

func TestSaltChange(t *testing.T) {
	w := newWorld(t, nil)
	var mu sync.Mutex
	var told []int64
	c := w.connect(t, func(c *Config) {
		c.Auth.Salt = 12345
		c.OnAuth = func(a Auth) { mu.Lock(); told = append(told, a.Salt); mu.Unlock() }
	})
	for range 3 {
		var bodies [][]byte
		for n := range 20 {
			bodies = append(bodies, request(reqEcho, n, 8))
		}
		list, err := c.Batch(context.Background(), bodies, true)
		if err != nil {
			t.Fatal(err)
		}
		for n, o := range list {
			if o.State != Done || int(intAt(o.Body, 4)) != n {
				t.Fatalf("%d: %v %v", n, o.State, o.Err)
			}
		}
		salt := w.RotateSalts(w.key.ID())
		if c.Auth().Salt == salt {
			t.Fatal("the salt did not change")
		}
	}
	if got := w.led.executed(); len(got) != 60 {
		t.Errorf("%d executed, want 60", len(got))
	}
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 3 {
		t.Errorf("OnAuth told %d salts, want 3", len(told))
	}
}

func TestClockWrong(t *testing.T) {
	for _, off := range []time.Duration{-24 * time.Hour, 24 * time.Hour, 40 * time.Second, -6 * time.Minute} {
		t.Run(off.String(), func(t *testing.T) {
			w := newWorld(t, nil)
			var tr traces
			c := w.connect(t, func(c *Config) {
				c.Now = func() time.Time { return time.Now().Add(off) }
				c.Trace = tr.add
			})
			list, err := c.Batch(context.Background(), [][]byte{request(reqEcho, 1, 0), request(reqEcho, 2, 0)}, true)
			if err != nil || list[0].State != Done || list[1].State != Done {
				t.Fatalf("%v %v", list, err)
			}
			if f := tr.frames(); f != 2 {
				t.Errorf("%d frames, want 2: one refused, one right", f)
			}
			if got := c.Auth().TimeOffset + off; got.Abs() > 2*time.Second {
				t.Errorf("offset is wrong by %v", got)
			}
			echo(t, c, 3)
		})
	}
}

func TestUpdatesInOrder(t *testing.T) {
	w := newWorld(t, nil)
	var mu sync.Mutex
	var got []int
	gaps := 0
	enough := make(chan struct{})
	c := w.connect(t, func(c *Config) {
		c.OnGap = func(Gap) { gaps++ }
		c.OnUpdate = func(_ int64, body []byte) {
			mu.Lock()
			defer mu.Unlock()
			if got = append(got, int(intAt(body, 4))); len(got) == 1000 {
				close(enough)
			}
		}
	})
	echo(t, c, 0)
	sessions := w.Sessions(w.key.ID())
	if len(sessions) != 1 || !sessions[0].Live() {
		t.Fatalf("sessions: %v", sessions)
	}
	for i := range 1000 {
		if !sessions[0].Send(request(0x77777777, i, 12)) {
			t.Fatal("not live")
		}
		if i%100 == 0 {
			echo(t, c, i)
		}
	}
	<-enough
	for i, n := range got {
		if i != n {
			t.Fatalf("update %d came as number %d", n, i)
		}
	}
	if gaps != 1 {
		t.Errorf("%d gaps, want 1, for the new session", gaps)
	}
	c.Close()
}

func TestContextAbandonsTheWaitOnly(t *testing.T) {
	hold := make(chan struct{})
	w := newWorld(t, func(s *Server) {
		led := s.Handler
		s.Handler = HandlerFunc(func(ctx context.Context, x *ServerSession, id int64, body []byte) ([]byte, error) {
			if intAt(body, 4) == 99 {
				<-hold
			}
			return led.Handle(ctx, x, id, body)
		})
	})
	c := w.connect(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { _, err := c.Call(ctx, request(reqEcho, 99, 0)); ended <- err }()
	for c.inFlight() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	var lost *LostError
	if err := <-ended; !errors.As(err, &lost) || !lost.Sent || !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	close(hold)
	echo(t, c, 1)
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Call(canceled, request(reqEcho, 2, 0)); !errors.As(err, &lost) || lost.Sent {
		t.Errorf("call with an ended context: %v", err)
	}
	if _, err := c.Batch(canceled, [][]byte{request(reqEcho, 2, 0)}, false); !errors.As(err, &lost) || lost.Sent {
		t.Errorf("batch with an ended context: %v", err)
	}
}

// What waits for initConnection when its caller gives up is not sent.
func TestContextEndsBeforeSending(t *testing.T) {
	p := newPuppet(t, func(c *Config) { c.Wrap = func(q []byte) []byte { return append(putID(nil, reqInit), q...) } })
	first := p.call(1)
	req := p.next()[0]
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { _, err := p.conn.Call(ctx, request(reqEcho, 2, 0)); ended <- err }()
	for p.conn.queued() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	var lost *LostError
	if err := <-ended; !errors.As(err, &lost) || lost.Sent || !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
	p.say(result(req.id, putID(nil, resEcho)))
	<-first
	p.works() // its next request is that of this, not number 2
}

func (c *Conn) queued() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.s.queue)
}

func (c *Conn) inFlight() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.s.pending)
}

func TestCloseAndLoss(t *testing.T) {
	hold := make(chan struct{})
	w := newWorld(t, func(s *Server) {
		s.Handler = HandlerFunc(func(ctx context.Context, x *ServerSession, id int64, body []byte) ([]byte, error) {
			select {
			case <-hold:
			case <-ctx.Done():
			}
			return nil, tgerr.New(500, "LATE")
		})
	})
	c := w.connect(t, nil)
	ended := make(chan []Outcome)
	go func() {
		l, err := c.Batch(context.Background(), [][]byte{request(reqEcho, 1, 0), request(reqEcho, 2, 0)}, true)
		if err != nil {
			t.Error(err)
		}
		ended <- l
	}()
	for c.inFlight() < 2 {
		time.Sleep(time.Millisecond)
	}
	if c.Err() != nil {
		t.Errorf("Err before the end: %v", c.Err())
	}
	c.Close()
	for i, o := range <-ended {
		var lost *LostError
		if o.State != Unknown || !errors.As(o.Err, &lost) || !lost.Sent || !errors.Is(o.Err, ErrClosed) {
			t.Errorf("%d: %v %v", i, o.State, o.Err)
		}
	}
	<-c.Done()
	if c.Err() != ErrClosed {
		t.Errorf("Err: %v", c.Err())
	}
	_, err := c.Call(context.Background(), request(reqEcho, 3, 0))
	var lost *LostError
	if !errors.As(err, &lost) || lost.Sent {
		t.Errorf("call after Close: %v", err)
	}
	if err := c.Ping(context.Background()); !errors.Is(err, ErrClosed) {
		t.Errorf("ping after Close: %v", err)
	}
	close(hold)
}

func TestSilence(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	key, _ := GenerateAuthKey(crand.Reader)
	c, err := Connect(context.Background(), Config{
		Dial:   func(ctx context.Context) (net.Conn, error) { return net.Dial("tcp", ln.Addr().String()) },
		Auth:   &Auth{Key: key},
		Limits: Limits{PingEvery: 10 * time.Millisecond},

		NoReconnect: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	<-c.Done()
	if c.Err() != ErrSilent {
		t.Errorf("ended by %v", c.Err())
	}
}

// With a fixed clock and fixed randomness the client's bytes are the same in
// every run, so that traces can serve as goldens.
func TestDeterministic(t *testing.T) {
	run := func() (first []byte, events []TraceEvent) {
		w := newWorld(t, nil)
		at := time.Unix(1700000000, 0)
		var mu sync.Mutex
		var tr traces
		c := w.connect(t, func(c *Config) {
			c.Auth.Key, _ = NewAuthKey(bytes.Repeat([]byte{9}, 256))
			w.AddKey(c.Auth.Key)
			c.Auth.Salt = 1
			c.Now = func() time.Time { return at }
			c.Rand = &counting{}
			c.Trace = tr.add
			c.Dial = func(ctx context.Context) (net.Conn, error) {
				nc, err := w.dial(ctx)
				return recorded{nc, &mu, &first}, err
			}
		})
		list, err := c.Batch(context.Background(), [][]byte{request(reqEcho, 1, 8), request(reqEcho, 2, 8)}, true)
		if err != nil || list[1].State != Done {
			t.Fatal(list, err)
		}
		c.Close()
		return first, tr.list
	}
	a, ea := run()
	b, eb := run()
	if !bytes.Equal(a, b) || len(a) < 100 {
		t.Errorf("two runs differ:\n%x\n%x", a, b)
	}
	if len(ea) < 3 || fmt.Sprint(ea[:3]) != fmt.Sprint(eb[:3]) {
		t.Errorf("two traces differ:\n%v\n%v", ea, eb)
	}
}

// counting is a random source for tests: it counts.
type counting struct {
	mu sync.Mutex
	n  byte
}

func (c *counting) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range b {
		c.n++
		b[i] = c.n
	}
	return len(b), nil
}

// recorded keeps the first bytes that a client writes.
type recorded struct {
	net.Conn
	mu    *sync.Mutex
	first *[]byte
}

func (r recorded) Write(b []byte) (int, error) {
	r.mu.Lock()
	if len(*r.first) == 0 {
		*r.first = bytes.Clone(b)
	}
	r.mu.Unlock()
	return r.Conn.Write(b)
}
