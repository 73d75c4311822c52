package eval

import (
	"context"
	"slices"
	"sync"
	"time"

	"tlsh/client"
)

// maxNews is how many updates are kept for wait; the oldest go first.
const maxNews = 10_000

// news are the updates of one account that no `wait` has taken yet, in order
// of arrival. The connection's goroutine puts them in.
type news struct {
	mu   sync.Mutex
	list []arrival // what was read of it stays as it is: it is only appended to, or replaced
	last uint64
	came chan struct{} // closed and replaced when one is put in
}

// arrival is an update and its number, counted from 1.
type arrival struct {
	n uint64
	client.Update
}

func newNews() *news { return &news{came: make(chan struct{})} }

func (n *news) put(u client.Update) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.list) >= maxNews {
		n.list = slices.Clone(n.list[maxNews/2:])
	}
	n.last++
	n.list = append(n.list, arrival{n.last, u})
	close(n.came)
	n.came = make(chan struct{})
}

// newest is the number of the last update that came.
func (n *news) newest() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.last
}

// forget drops what came up to the update with that number.
func (n *news) forget(upTo uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = slices.DeleteFunc(slices.Clone(n.list), func(a arrival) bool { return a.n <= upTo })
}

// take gives the oldest update that is accepted, and takes it out. It waits
// for one as long as ctx and the time allow. Errors: context.DeadlineExceeded,
// context.Canceled, accept's.
func (n *news) take(ctx context.Context, timeout time.Duration, accept func(client.Update) (bool, error)) (client.Update, error) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for seen := uint64(0); ; {
		n.mu.Lock()
		list, came := n.list, n.came
		n.mu.Unlock()
		for _, a := range list {
			if a.n <= seen {
				continue
			}
			seen = a.n
			ok, err := accept(a.Update)
			if err != nil {
				return client.Update{}, err
			}
			if ok {
				n.remove(a.n)
				return a.Update, nil
			}
		}
		select {
		case <-came:
		case <-timer.C:
			return client.Update{}, context.DeadlineExceeded
		case <-ctx.Done():
			return client.Update{}, ctx.Err()
		}
	}
}

func (n *news) remove(number uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = slices.DeleteFunc(slices.Clone(n.list), func(a arrival) bool { return a.n == number })
}
