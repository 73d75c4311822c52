package mtproto

import "sync"

// updates is the queue between the reader and OnUpdate. The reader never waits:
// when the limits are reached, what comes is dropped and a gap marked.
type updates struct {
	count, bytes int // limits
	wake         chan struct{}

	mu    sync.Mutex
	list  []update
	total int // bytes in list
	lost  bool
}

type update struct {
	msgID int64
	body  []byte
	gap   Gap // not 0: this is a gap
}

func (u *updates) init(l Limits) {
	u.count, u.bytes = l.UpdateCount, l.UpdateBytes
	u.wake = make(chan struct{}, 1)
}

// put queues an update, or a gap.
func (u *updates) put(x update) {
	u.mu.Lock()
	switch {
	case len(u.list) < u.count && u.total+len(x.body) <= u.bytes:
		u.list = append(u.list, x)
		u.total += len(x.body)
		u.lost = false
	case !u.lost: // one mark for all that is dropped in a row
		u.list = append(u.list, update{gap: GapOverflow})
		u.lost = true
	}
	u.mu.Unlock()
	select {
	case u.wake <- struct{}{}:
	default:
	}
}

// take empties the queue.
func (u *updates) take() []update {
	u.mu.Lock()
	defer u.mu.Unlock()
	list := u.list
	u.list, u.total = nil, 0
	return list
}

// updateLoop gives out the updates one by one, in order, until the connection
// has ended and, unless it was closed by its owner, the queue is empty.
func (c *Conn) updateLoop() {
	for {
		ended := false
		select {
		case <-c.ups.wake:
		case <-c.done:
			ended = true
		}
		for _, u := range c.ups.take() {
			if ended = isClosed(c.done); ended && c.Err() == ErrClosed {
				return
			}
			switch {
			case u.gap != 0 && c.cfg.OnGap != nil:
				c.cfg.OnGap(u.gap)
			case u.gap == 0 && c.cfg.OnUpdate != nil:
				c.cfg.OnUpdate(u.msgID, u.body)
			}
		}
		if ended {
			return
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
