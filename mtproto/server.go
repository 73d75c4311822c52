package mtproto

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// Handler answers a server's requests.
type Handler interface {
	// Handle answers the request body that came as message msgID of s: a boxed
	// TL object, already unpacked and without invokeAfterMsg, but with
	// invokeWithLayer and its like. One session's requests come one at a time,
	// in wire order. body is valid during the call only.
	//
	// The result is a boxed TL object (or a bare one where TL says so); it must
	// not be changed afterwards. An error that is (or wraps) a *tgerr.Error
	// becomes rpc_error with its code and message; any other becomes
	// 500 INTERNAL_SERVER_ERROR. [ErrLater] says that s.Answer will follow.
	Handle(ctx context.Context, s *ServerSession, msgID int64, body []byte) ([]byte, error)
}

// HandlerFunc makes a function a [Handler].
type HandlerFunc func(ctx context.Context, s *ServerSession, msgID int64, body []byte) ([]byte, error)

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, s *ServerSession, msgID int64, body []byte) ([]byte, error) {
	return f(ctx, s, msgID, body)
}

// ErrLater is returned by a [Handler] that will answer with
// [ServerSession.Answer]; the session's next requests are handled meanwhile.
var ErrLater = errors.New("answer follows")

// KeyStore keeps the auth keys that key exchanges make, so that clients can
// come back after a restart. It is called from several goroutines.
type KeyStore interface {
	// Load finds the key with this auth_key_id; the zero key when there is none.
	Load(id int64) (AuthKey, error)
	// Save keeps a new key. The exchange fails when it fails.
	Save(key AuthKey) error
}

// Server is the other end of [Conn]: it accepts every TCP transport, exchanges
// keys, checks what clients send as strictly as the protocol says, and gives
// their requests to Handler. Set the fields before Serve.
type Server struct {
	// Handler answers the requests. Needed.
	Handler Handler
	// DCs are the data centre numbers that key exchanges may name (a client that
	// names another gets -444); empty: any.
	DCs []int
	// Keys are the RSA keys offered in key exchanges; none: every exchange is
	// refused, and only keys given to AddKey or found in Store work.
	Keys []PrivateKey
	// Store keeps the keys made; nil: in memory only.
	Store KeyStore

	// OnSession is told of a new session before its first request. A session
	// outlives its connections.
	OnSession func(*ServerSession)
	// OnError is told why a connection ended, when it was neither side's wish.
	OnError func(remote net.Addr, err error)
	// Trace is as in [Config].
	Trace func(TraceEvent)

	Now    func() time.Time // default time.Now
	Rand   io.Reader        // default crypto/rand; read from several goroutines
	Limits Limits
}

// AddKey makes the server know a key without an exchange, e.g. one shared with
// a client in the same process, and returns the salt that is valid for it now.
func (s *Server) AddKey(key AuthKey) (salt int64) { return 0 }

// RotateSalts makes every salt of this key invalid, as if time had passed, and
// returns the new one: the clients' next messages get bad_server_salt.
func (s *Server) RotateSalts(keyID int64) (salt int64) { return 0 }

// Serve accepts connections until ctx ends or the listener fails; then it
// closes the listener and the connections and waits for their goroutines. nil
// when ctx ended.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error { return errors.ErrUnsupported }

// Sessions lists the sessions known for an auth key, in no order.
func (s *Server) Sessions(keyID int64) []*ServerSession { return nil }

// ServerSession is one client session, as the server sees it. It outlives the
// connections that carry it.
type ServerSession struct {
	// Data is the handler's own, for what it must remember of a session (layer,
	// user). Safe to use inside Handle and OnSession; elsewhere lock.
	Data any
}

// ID is the client's random session_id.
func (s *ServerSession) ID() int64 { return 0 }

// KeyID is the auth_key_id under which the session runs.
func (s *ServerSession) KeyID() int64 { return 0 }

// Live tells whether a connection carries the session now.
func (s *ServerSession) Live() bool { return false }

// Send pushes a boxed TL object (an Updates, usually) to every live connection
// of the session, under one msg_id, so that the client takes it once. It does
// not block: what a slow client does not take is queued up to a limit, then
// its connection is closed. false when no connection is live. body must not be
// changed afterwards.
func (s *ServerSession) Send(body []byte) bool { return false }

// Answer gives the result or the error (as Handle would) of a request for which
// Handle returned [ErrLater]. false when there is no such request.
func (s *ServerSession) Answer(msgID int64, result []byte, err error) bool { return false }
