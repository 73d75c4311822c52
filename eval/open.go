package eval

import (
	"context"
	"io"
	"os"
	"time"
)

// Open opens a file of this machine for reading. A pipe with a name waits for its
// other end when it is opened, and for what comes when it is read: the end of ctx
// ends both.
func Open(ctx context.Context, path string) (*os.File, error) {
	return opened(ctx, func() (*os.File, error) { return os.Open(path) })
}

// opened opens a file, unless ctx ends first.
func opened(ctx context.Context, open func() (*os.File, error)) (*os.File, error) {
	type result struct {
		f   *os.File
		err error
	}
	done := make(chan result, 1)
	go func() {
		f, err := open()
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		if r.err == nil {
			context.AfterFunc(ctx, func() { _ = r.f.SetDeadline(time.Now()) }) // which files on a disk have no use for
		}
		return r.f, r.err
	case <-ctx.Done():
		go func() {
			if r := <-done; r.err == nil {
				_ = r.f.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// readAll reads a file that has at most so many bytes; of a longer one it gives
// one more.
func readAll(ctx context.Context, path string, most int64) ([]byte, error) {
	f, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return b, err
}
