package eval

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/client"
	"tlsh/schema"
	"tlsh/tl"
)

func TestProgress(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		speed       float64
		want        string
	}{
		{0, 1000, 0, "a.bin  [                    ] 0 B of 1000 B  0 B/s"},
		{512 << 10, 10 << 20, 1 << 20, "a.bin  [#                   ] 512.0 KiB of 10.0 MiB  1.0 MiB/s  10s left"},
		{5 << 30, 5 << 30, 1 << 20, "a.bin  [####################] 5.0 GiB of 5.0 GiB  1.0 MiB/s"},
		{700, -1, 100, "a.bin  700 B  100 B/s"},
		{0, 0, 5, "a.bin  [                    ] 0 B of 0 B  5 B/s"},
	} {
		if got := progress("a.bin", c.done, c.total, c.speed); got != c.want {
			t.Errorf("%q\nwant %q", got, c.want)
		}
	}
}

// flooded answers FLOOD_WAIT_1 to its first requests, once all of them have come.
type flooded struct {
	server
	coming sync.WaitGroup
	calls  atomic.Int32
	first  int32
}

func (f *flooded) CallAt(context.Context, client.Site, *tl.Object) (tl.Value, error) {
	if f.calls.Add(1) > f.first {
		return tl.Bool(true), nil
	}
	f.coming.Done()
	f.coming.Wait()
	return tl.Value{}, tgerr.New(420, "FLOOD_WAIT_1")
}

// Requests that go together wait for one flood wait, not for one each.
func TestCourierFlood(t *testing.T) {
	sh, _, errs := shellOn(nil, func(c *Config) { c.MaxWait = time.Minute })
	const together = 3
	f := &flooded{first: together}
	f.coming.Add(together)
	c := &courier{sh: sh, conn: f}
	var calls sync.WaitGroup
	for range together {
		calls.Go(func() {
			if _, err := c.CallAt(context.Background(), client.Site{}, tl.New(schema.Current().Method("help.getConfig"))); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if n := strings.Count(errs.String(), "flood wait"); n != 1 {
		t.Errorf("%d flood waits were slept: %s", n, errs)
	}
}
