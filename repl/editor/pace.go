package editor

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// What is read of passing news: a screenful at once, then so many rows a second.
// What comes faster waits, and what finds no place to wait is only counted.
const (
	paceBurst   = 20 // rows
	paceRate    = 10 // rows a second
	paceWaiting = 60 // rows
)

// pace decides what of the news is printed when. It has no clock of its own.
type pace struct {
	waiting []string
	rows    int // of those waiting
	// left counts what found no place. Until that has been told nothing more is
	// taken in, so that all stands in the order in which it came.
	left int
	// room is how many rows may be printed at the moment at.
	room float64
	at   time.Time
}

// offer takes in a text, and reports that it is to be printed at once.
func (p *pace) offer(now time.Time, text string) (print bool) {
	p.refill(now)
	n := rowsOf(text)
	switch {
	case len(p.waiting) == 0 && p.left == 0 && p.pay(n):
		return true
	case p.left > 0 || p.rows+n > paceWaiting:
		p.left++
	default:
		p.waiting, p.rows = append(p.waiting, text), p.rows+n
	}
	return false
}

// due takes out what may be printed now; again is how long it is until there may be
// more, 0 when nothing waits.
func (p *pace) due(now time.Time) (print []string, again time.Duration) {
	p.refill(now)
	for len(p.waiting) > 0 {
		n := rowsOf(p.waiting[0])
		if !p.pay(n) {
			return print, p.until(n)
		}
		print, p.waiting, p.rows = append(print, p.waiting[0]), p.waiting[1:], p.rows-n
	}
	if p.left > 0 {
		if !p.pay(1) {
			return print, p.until(1)
		}
		print, p.left = append(print, more(p.left)), 0
	}
	return print, 0
}

// rest takes out all, as its number.
func (p *pace) rest() (print string) {
	n := len(p.waiting) + p.left
	p.waiting, p.rows, p.left = nil, 0, 0
	if n == 0 {
		return ""
	}
	return more(n)
}

func (p *pace) refill(now time.Time) {
	if p.at.IsZero() {
		p.room = paceBurst
	} else {
		p.room = min(paceBurst, p.room+max(0, now.Sub(p.at).Seconds())*paceRate)
	}
	p.at = now
}

// pay takes the room for n rows, if there is so much; a text higher than all the
// room there can be takes all of it.
func (p *pace) pay(n int) bool {
	need := float64(min(n, paceBurst))
	if p.room < need {
		return false
	}
	p.room -= need
	return true
}

// until is how long it takes until there is room for n rows.
func (p *pace) until(n int) time.Duration {
	short := float64(min(n, paceBurst)) - p.room
	return max(time.Millisecond, time.Duration(short/paceRate*float64(time.Second)))
}

func rowsOf(text string) int { return 1 + strings.Count(strings.TrimSuffix(text, "\n"), "\n") }

func more(n int) string { return fmt.Sprintf("… %d more, faster than can be read", n) }

// news prints texts at a pace. Its timer's function is waited for by close.
type news struct {
	print func(text string) error

	mu     sync.Mutex
	pace   pace
	timer  *time.Timer // set while something waits
	closed bool
	wg     sync.WaitGroup
}

// put prints a text now, later, or as a part of a number.
func (n *news) put(text string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return ErrClosed
	}
	if n.pace.offer(time.Now(), text) {
		return n.print(text)
	}
	if n.timer == nil {
		n.later(time.Second / paceRate)
	}
	return nil
}

// later has due called; the lock is held.
func (n *news) later(d time.Duration) {
	n.wg.Add(1)
	n.timer = time.AfterFunc(d, func() {
		defer n.wg.Done()
		n.mu.Lock()
		defer n.mu.Unlock()
		n.timer = nil
		if n.closed {
			return
		}
		texts, again := n.pace.due(time.Now())
		if len(texts) > 0 {
			_ = n.print(strings.Join(texts, "\n")) // the screen keeps its error for the next who prints
		}
		if again > 0 {
			n.later(again)
		}
	})
}

// close prints how many are left.
func (n *news) close() {
	n.mu.Lock()
	n.closed = true
	if n.timer != nil && n.timer.Stop() {
		n.wg.Done()
	}
	rest := n.pace.rest()
	if rest != "" {
		_ = n.print(rest) // the terminal's errors are told by Close itself
	}
	n.mu.Unlock()
	n.wg.Wait()
}
