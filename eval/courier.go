package eval

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"tlsh/client"
	"tlsh/files"
	"tlsh/tl"
)

// mover moves files for the account at hand; what names them for the line that
// tells how far it is.
func (r *run) mover(ctx context.Context, what string) (*files.Mover, error) {
	conn, err := r.connection(ctx)
	if err != nil {
		return nil, err
	}
	return &files.Mover{Schema: r.cfg.Schema, Caller: &courier{sh: r.Shell, conn: conn}, Rand: r.rand(), Progress: r.moved(what)}, nil
}

// rand gives the random numbers of requests.
func (s *Shell) rand() io.Reader {
	if s.cfg.Rand != nil {
		return s.cfg.Rand
	}
	return rand.Reader
}

// courier sends the requests of a file, several at once. A flood wait is slept
// once for all of them.
type courier struct {
	sh   *Shell
	conn Conn

	mu    sync.Mutex
	slept int // flood waits so far
}

// CallAt sends a request, and again after each flood wait that is slept.
func (c *courier) CallAt(ctx context.Context, at client.Site, req *tl.Object) (tl.Value, error) {
	for {
		c.mu.Lock()
		slept := c.slept
		c.mu.Unlock()
		// A part takes as long as it takes: a line may be slow, and one that is dead
		// is noticed by the connection.
		v, err := c.conn.CallAt(ctx, at, req)
		switch d := floodWait(err); {
		case err == nil, d == 0:
			return v, err
		case !c.sleep(ctx, d, slept):
			return v, errors.Join(ctx.Err(), err)
		}
	}
}

// sleep waits, unless another request did since slept of them were.
func (c *courier) sleep(ctx context.Context, d time.Duration, slept int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.slept > slept {
		return true
	}
	if !c.sh.sleepFlood(ctx, d) {
		return false
	}
	c.slept++
	return true
}

// moved tells how far a file is, a few times a second.
func (s *Shell) moved(what string) func(done, total int64) {
	if !s.cfg.ErrTerminal {
		return nil
	}
	const often = 200 * time.Millisecond
	begun := time.Now()
	last := begun
	first := int64(-1) // what was there already
	return func(done, total int64) {
		if first < 0 {
			first = done
		}
		now := time.Now()
		if now.Sub(last) < often {
			return
		}
		last = now
		s.countdown(progress(what, done, total, float64(done-first)/now.Sub(begun).Seconds()))
	}
}

// progress is a line about a file on its way; speed is in bytes a second.
func progress(what string, done, total int64, speed float64) string {
	if total < 0 {
		return fmt.Sprintf("%s  %s  %s/s", what, size(done), size(int64(speed)))
	}
	const width = 20
	full := int(done * width / max(total, 1))
	text := fmt.Sprintf("%s  [%-*s] %s of %s  %s/s", what, width, bars[:full], size(done), size(total), size(int64(speed)))
	if left := float64(total-done) / speed; speed > 0 && left >= 1 {
		text += fmt.Sprintf("  %s left", time.Duration(left*float64(time.Second)).Round(time.Second))
	}
	return text
}

const bars = "####################"

// size is a number of bytes for people.
func size(n int64) string {
	const k = 1024
	switch {
	case n < k:
		return fmt.Sprintf("%d B", n)
	case n < k*k:
		return fmt.Sprintf("%.1f KiB", float64(n)/k)
	case n < k*k*k:
		return fmt.Sprintf("%.1f MiB", float64(n)/(k*k))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(k*k*k))
}
