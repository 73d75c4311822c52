package mtproto

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// quiet answers every request with the same bytes, so that only the protocol
// costs.
func quiet(s *Server) {
	answer := request(resEcho, 1, 56)
	s.Handler = HandlerFunc(func(context.Context, *ServerSession, int64, []byte) ([]byte, error) { return answer, nil })
}

// counted is a connection that counts bytes and writes.
type counted struct {
	net.Conn
	out, in, writes *atomic.Int64
}

func (c counted) Write(b []byte) (int, error) {
	c.out.Add(int64(len(b)))
	c.writes.Add(1)
	return c.Conn.Write(b)
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.in.Add(int64(n))
	return n, err
}

// BenchmarkOneByOne is the rate of calls made one after another, and beside it
// that of bare TCP with frames of the same sizes: the price of the protocol.
func BenchmarkOneByOne(b *testing.B) {
	var out, in int
	b.Run("calls", func(b *testing.B) {
		w := newWorld(b, quiet)
		var sent, got, writes atomic.Int64
		c := w.connect(b, func(c *Config) {
			c.Dial = func(ctx context.Context) (net.Conn, error) {
				nc, err := w.dial(ctx)
				return counted{nc, &sent, &got, &writes}, err
			}
		})
		body := request(reqEcho, 1, 56)
		ctx := context.Background()
		if _, err := c.Call(ctx, body); err != nil {
			b.Fatal(err)
		}
		s0, g0 := sent.Load(), got.Load()
		b.ReportAllocs()
		b.ResetTimer()
		n := 0
		for b.Loop() {
			if _, err := c.Call(ctx, body); err != nil {
				b.Fatal(err)
			}
			n++
		}
		out, in = int(sent.Load()-s0)/n, int(got.Load()-g0)/n
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "calls/s")
		b.ReportMetric(float64(out), "B-out/op")
		b.ReportMetric(float64(in), "B-in/op")
	})
	b.Run("bare TCP", func(b *testing.B) {
		if out == 0 {
			out, in = 189, 125
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		defer ln.Close()
		go func() {
			nc, err := ln.Accept()
			if err != nil {
				return
			}
			defer nc.Close()
			req, ans := make([]byte, out), make([]byte, in)
			for {
				if _, err := io.ReadFull(nc, req); err != nil {
					return
				}
				if _, err := nc.Write(ans); err != nil {
					return
				}
			}
		}()
		nc, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		defer nc.Close()
		req, ans := make([]byte, out), make([]byte, in)
		n := 0
		for b.Loop() {
			if _, err := nc.Write(req); err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadFull(nc, ans); err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "calls/s")
	})
}

// BenchmarkPiped is the rate with many requests in flight: batches of 100, four
// at a time.
func BenchmarkPiped(b *testing.B) {
	for _, ordered := range []bool{false, true} {
		name := "batches"
		if ordered {
			name = "ordered batches"
		}
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, quiet)
			c := w.connect(b, nil)
			bodies := slices.Repeat([][]byte{request(reqEcho, 1, 56)}, 100)
			b.ReportAllocs()
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			b.ResetTimer()
			for range 4 {
				wg.Go(func() {
					for left.Add(-100) > -100 {
						list, err := c.Batch(context.Background(), bodies, ordered)
						if err != nil || list[99].State != Done {
							b.Error(list, err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
		})
	}
}

// BenchmarkConcurrent lets 2000 goroutines call once at the same time and
// reports the median number of frames that they leave in.
func BenchmarkConcurrent(b *testing.B) {
	const callers = 2000
	w := newWorld(b, quiet)
	var sent, got, writes atomic.Int64
	c := w.connect(b, func(c *Config) {
		c.Dial = func(ctx context.Context) (net.Conn, error) {
			nc, err := w.dial(ctx)
			return counted{nc, &sent, &got, &writes}, err
		}
	})
	body := request(reqEcho, 1, 56)
	echo := func() {
		if _, err := c.Call(context.Background(), body); err != nil {
			b.Error(err)
		}
	}
	echo()
	var frames []int64
	for b.Loop() {
		before := writes.Load()
		var wg sync.WaitGroup
		for range callers {
			wg.Go(echo)
		}
		wg.Wait()
		frames = append(frames, writes.Load()-before)
	}
	slices.Sort(frames)
	b.ReportMetric(float64(frames[len(frames)/2]), "frames/2000")
	b.ReportMetric(float64(callers*len(frames))/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkPipeline is the rate of a Chain, fed by one goroutine and drained by
// another, as a script's lines are.
func BenchmarkPipeline(b *testing.B) {
	for _, window := range []int{10, 100, 1000, 10000} {
		b.Run(fmt.Sprint("window ", window), func(b *testing.B) {
			w := newWorld(b, quiet)
			var sent, got, writes atomic.Int64
			c := w.connect(b, func(c *Config) {
				c.Dial = func(ctx context.Context) (net.Conn, error) {
					nc, err := w.dial(ctx)
					return counted{nc, &sent, &got, &writes}, err
				}
			})
			ctx := context.Background()
			ch := c.Chain(ChainOptions{Window: window})
			body := request(reqEcho, 1, 56)
			waiting := make(chan *Pending, 2*window)
			done := make(chan struct{})
			go func() {
				defer close(done)
				for p := range waiting {
					if o := p.Outcome(ctx); o.State != Done {
						b.Error(o.Err)
					}
				}
			}()
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if err := ch.Room(ctx); err != nil {
					b.Fatal(err)
				}
				waiting <- ch.Go(Request{Body: body})
			}
			close(waiting)
			<-done
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			b.ReportMetric(float64(b.N)/float64(writes.Load()), "calls/frame")
		})
	}
}

// slow is a connection whose bytes take a while to arrive, both ways.
type slow struct {
	net.Conn
	in, out chan late
	rest    []byte
	done    chan struct{}
	once    *sync.Once
}

type late struct {
	at time.Time
	b  []byte
}

func newSlow(nc net.Conn, delay time.Duration) *slow {
	s := &slow{Conn: nc, in: make(chan late, 1024), out: make(chan late, 1024), done: make(chan struct{}), once: new(sync.Once)}
	go func() {
		defer close(s.in)
		for {
			buf := make([]byte, 1<<16)
			n, err := nc.Read(buf)
			if err != nil {
				return
			}
			select {
			case s.in <- late{time.Now().Add(delay), buf[:n]}:
			case <-s.done:
				return
			}
		}
	}()
	go func() {
		for {
			select {
			case l := <-s.out:
				time.Sleep(time.Until(l.at))
				nc.Write(l.b)
			case <-s.done:
				return
			}
		}
	}()
	return s
}

func (s *slow) Write(b []byte) (int, error) {
	s.out <- late{time.Now().Add(25 * time.Millisecond), slices.Clone(b)}
	return len(b), nil
}

func (s *slow) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		l, ok := <-s.in
		if !ok {
			return 0, io.EOF
		}
		time.Sleep(time.Until(l.at))
		s.rest = l.b
	}
	n := copy(b, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *slow) Close() error {
	s.once.Do(func() { close(s.done) })
	return s.Conn.Close()
}

// BenchmarkFar is how many round trips of 50 ms a lone call and an ordered batch
// of 100 take.
func BenchmarkFar(b *testing.B) {
	w := newWorld(b, quiet)
	c := w.connect(b, func(c *Config) {
		c.Dial = func(ctx context.Context) (net.Conn, error) {
			nc, err := w.dial(ctx)
			if err != nil {
				return nil, err
			}
			return newSlow(nc, 25*time.Millisecond), nil
		}
	})
	bodies := slices.Repeat([][]byte{request(reqEcho, 1, 56)}, 100)
	for name, n := range map[string]int{"call": 1, "ordered 100": 100} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				list, err := c.Batch(context.Background(), bodies[:n], true)
				if err != nil || list[n-1].State != Done {
					b.Fatal(list, err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/0.05, "round-trips")
		})
	}
}
