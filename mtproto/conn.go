package mtproto

import (
	"context"
	"errors"
)

// State is what is known of a request's execution.
type State int

// The states of an [Outcome].
const (
	Done    State = iota + 1 // the server answered with a result
	Failed                   // the server answered with rpc_error
	NotRun                   // the server did not execute it, and will not
	Unknown                  // sent, but no answer came: it may have been executed
)

// String is the state in words.
func (s State) String() string {
	switch s {
	case Done:
		return "done"
	case Failed:
		return "failed"
	case NotRun:
		return "not run"
	case Unknown:
		return "unknown"
	}
	return "no outcome"
}

// Outcome is what came of one request.
type Outcome struct {
	State State
	// Body is the result, boxed as TL says (a bare type's result as the server
	// sent it), unpacked; set when State is Done. It is the caller's to keep.
	Body []byte
	// Err is nil when State is Done; *tgerr.Error when Failed; *NotRunError,
	// *BadMsgError, *LimitError or *LostError when NotRun; *LostError or
	// *BadMsgError when Unknown.
	Err error
}

// Conn is a client's session with one data centre over one connection. Its
// methods may be called from any number of goroutines.
type Conn struct{}

// Connect dials, exchanges keys when cfg.Auth is nil, and starts the session.
// With a known key nothing is sent before the first call. ctx bounds Connect
// alone. Errors: those of Dial, *ExchangeError, *TransportError.
func Connect(ctx context.Context, cfg Config) (*Conn, error) { return nil, errors.ErrUnsupported }

// Call sends one request and waits for its result: the boxed TL object, the
// caller's to keep. body must stay unchanged until Call returns, and after
// that too if ctx ended the wait.
//
// Errors: *tgerr.Error for rpc_error; *LostError when ctx or the connection
// ended first (the session goes on in the former case); *BadMsgError;
// *LimitError.
func (c *Conn) Call(ctx context.Context, body []byte) ([]byte, error) {
	return nil, errors.ErrUnsupported
}

// Batch sends the requests together: as one container, or as few as the limits
// allow. The outcomes stand in the requests' order. With ordered, each is
// chained to the one before it by invokeAfterMsg: they are executed in order,
// and after one that has an error the rest is not run. The bodies must stay
// unchanged as for Call.
//
// The error is not nil only when nothing was sent: an empty batch, or one that
// is over the limits. When ctx ends, the outcomes so far are returned, the
// others as *LostError.
func (c *Conn) Batch(ctx context.Context, bodies [][]byte, ordered bool) ([]Outcome, error) {
	return nil, errors.ErrUnsupported
}

// Ping asks for a sign of life and waits for it.
func (c *Conn) Ping(ctx context.Context) error { return errors.ErrUnsupported }

// Auth is the key, salt and time offset as they are now.
func (c *Conn) Auth() Auth { return Auth{} }

// Close ends the connection and waits for its goroutines. Waiting calls get a
// *LostError with cause [ErrClosed]. It may be called more than once; it must
// not be called from a callback of Config.
func (c *Conn) Close() error { return errors.ErrUnsupported }

// Done is closed when the connection has ended, for whatever reason.
func (c *Conn) Done() <-chan struct{} { return nil }

// Err is why the connection ended; nil while it has not. [ErrClosed] after
// Close; else *TransportError, *CheckError, *FrameError, [ErrSilent] or the
// network's error.
func (c *Conn) Err() error { return errors.ErrUnsupported }
