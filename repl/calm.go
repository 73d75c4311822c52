package repl

import (
	"sync"
	"time"
)

// refreshAtMost is how often what is offered follows the people whom updates tell of.
const refreshAtMost = 300 * time.Millisecond

// calm calls a function soon after it is wanted, however often that is.
type calm struct {
	every time.Duration
	do    func()

	mu     sync.Mutex
	timer  *time.Timer // set while a call is to come
	closed bool
}

func newCalm(every time.Duration, do func()) *calm { return &calm{every: every, do: do} }

// call has the function called; it returns at once.
func (c *calm) call() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil || c.closed {
		return
	}
	c.timer = time.AfterFunc(c.every, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.timer = nil; !c.closed {
			c.do()
		}
	})
}

// close ends it; no call is under way afterwards.
func (c *calm) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.timer != nil {
		c.timer.Stop()
	}
}
