package peers

import (
	"sync"
	"time"

	"tlsh/store"
)

const (
	// linger is how long what was learned waits for more, so that many results
	// share one transaction.
	linger = 20 * time.Millisecond
	// maxDirty bounds those who wait to be written: beyond it learning waits.
	maxDirty = 1 << 15
	// maxBatch bounds a transaction, so that other shells wait for milliseconds.
	maxBatch = 500
)

// keeper writes what a Cache learns into the profile's file, in the background.
// Somebody who is learned twice meanwhile is written once.
type keeper struct {
	mu      sync.Mutex
	changed *sync.Cond
	st      *store.Store
	dirty   map[key]*Entity
	writing bool // a batch is on its way into the file
	running bool
	hurry   chan struct{} // closed when somebody waits for what is dirty
	stopped bool
	done    sync.WaitGroup
	err     error
	onError func(error)
	told    bool
}

func newKeeper(st *store.Store) *keeper {
	k := &keeper{st: st, dirty: map[key]*Entity{}, hurry: make(chan struct{})}
	k.changed = sync.NewCond(&k.mu)
	return k
}

// file is the store, nil when it failed before.
func (k *keeper) file() *store.Store {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return nil
	}
	return k.st
}

// put takes in who is to be written.
func (k *keeper) put(found []*Entity) {
	if len(found) == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.dirty) >= maxDirty && k.err == nil && !k.stopped {
		k.changed.Wait()
	}
	if k.err != nil || k.stopped {
		return
	}
	for _, e := range found {
		k.dirty[key{e.Kind, e.ID}] = e
	}
	if !k.running {
		k.running = true
		k.done.Go(k.run)
	}
}

// run writes until nothing is left; put begins it anew.
func (k *keeper) run() {
	for {
		k.mu.Lock()
		hurry := k.hurry
		k.mu.Unlock()
		t := time.NewTimer(linger)
		select {
		case <-t.C:
		case <-hurry:
		}
		t.Stop()
		k.mu.Lock()
		batch := k.dirty
		if len(batch) == 0 || k.err != nil {
			k.running = false
			k.changed.Broadcast()
			k.mu.Unlock()
			return
		}
		k.dirty, k.writing = map[key]*Entity{}, true
		k.changed.Broadcast()
		k.mu.Unlock()
		err := k.write(batch)
		k.mu.Lock()
		k.writing = false
		k.changed.Broadcast()
		k.mu.Unlock()
		if err != nil {
			k.fail(err)
		}
	}
}

// write puts the batch into the file, the account itself first: when it is
// another than before, the file forgets everybody.
func (k *keeper) write(batch map[key]*Entity) error {
	rows := make([]store.Entity, 0, len(batch))
	for _, e := range batch {
		rows = append(rows, pack(e))
		if e.Self {
			last := len(rows) - 1
			rows[0], rows[last] = rows[last], rows[0]
		}
	}
	for len(rows) > 0 {
		n := min(len(rows), maxBatch)
		if err := k.st.Learn(rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// drop forgets who waits to be written.
func (k *keeper) drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.dirty)
}

// fail ends the use of the file, and tells why.
func (k *keeper) fail(err error) {
	k.mu.Lock()
	first := k.err == nil
	if first {
		k.err = err
		clear(k.dirty)
	}
	f := k.onError
	tell := first && f != nil
	k.told = k.told || tell
	k.changed.Broadcast()
	k.mu.Unlock()
	if tell {
		f(err)
	}
}

func (k *keeper) tell(f func(error)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.onError = f
}

// flush waits until what is dirty now is written.
func (k *keeper) flush() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.running && k.err == nil && (len(k.dirty) > 0 || k.writing) {
		close(k.hurry)
		k.hurry = make(chan struct{})
		k.changed.Wait()
	}
}

// close writes what is left and ends the goroutine.
func (k *keeper) close() error {
	k.mu.Lock()
	k.stopped = true
	close(k.hurry)
	k.hurry = make(chan struct{})
	k.mu.Unlock()
	k.flush()
	k.done.Wait()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.told {
		return nil
	}
	return k.err
}
