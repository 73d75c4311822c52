// Package files moves files between this machine and Telegram: in parts, several
// of them on their way at once (https://core.telegram.org/api/files). It knows
// neither disks nor terminals: bytes come from a reader and go to a writer.
package files

import (
	"context"
	"fmt"
	"io"
	"sync"

	"tlsh/client"
	"tlsh/schema"
	"tlsh/tl"
)

// Caller sends requests of one account, from any number of goroutines.
type Caller interface {
	// CallAt sends a request to certain servers and gives its answer. Errors: an
	// RPC error; *client.SiteError where the servers cannot be reached. Bytes of
	// the request are not looked at any more once it has returned.
	CallAt(ctx context.Context, at client.Site, req *tl.Object) (tl.Value, error)
}

// Limits of https://core.telegram.org/api/files.
const (
	// PartSize is how many bytes a part has, but for the last: the most that an
	// upload allows, and a size that a download allows.
	PartSize = 512 << 10
	// MaxParts is how many parts the file of a premium account has at most; for
	// others it is half of that, which the server says.
	MaxParts = 8000
	// Big is the size from which on a file is a big one, of which no checksum is
	// sent.
	Big = 10 << 20
	// Together is how many parts are on their way at once.
	Together = 4
)

// Mover uploads and downloads for one account.
type Mover struct {
	Schema *schema.Schema
	Caller Caller
	// Rand gives the ids of uploads.
	Rand io.Reader
	// Progress is told how many bytes of how many were moved, -1 where that is
	// not known, from one goroutine at a time; nil: nobody wants to know.
	Progress func(done, total int64)
}

// Error says what is wrong with a file, or with where it lies.
type Error struct {
	Msg string
	Fix string
}

// Error gives the message and the fix.
func (e *Error) Error() string {
	if e.Fix != "" {
		return e.Msg + " (" + e.Fix + ")"
	}
	return e.Msg
}

// request begins a request; a layer may lack it.
func (m *Mover) request(name string) (*tl.Object, error) {
	def := m.Schema.Method(name)
	if def == nil {
		return nil, &Error{Msg: fmt.Sprintf("%s is not in layer %d", name, m.Schema.Layer)}
	}
	return tl.New(def), nil
}

// tally counts the bytes that were moved.
type tally struct {
	mu          sync.Mutex
	done, total int64
	tell        func(done, total int64)
}

func (m *Mover) tally(done, total int64) *tally {
	t := &tally{done: done, total: total, tell: m.Progress}
	t.add(0)
	return t
}

func (t *tally) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += int64(n)
	if t.tell != nil {
		t.tell(t.done, t.total)
	}
}
