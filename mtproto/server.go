package mtproto

import (
	"context"
	crand "crypto/rand"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
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
	//
	// While Handle works the session's connection is not read: pings wait, and
	// answers of the same container leave together when all are ready.
	Handle(ctx context.Context, s *ServerSession, msgID int64, body []byte) ([]byte, error)
}

// HandlerFunc makes a function a [Handler].
type HandlerFunc func(ctx context.Context, s *ServerSession, msgID int64, body []byte) ([]byte, error)

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, s *ServerSession, msgID int64, body []byte) ([]byte, error) {
	return f(ctx, s, msgID, body)
}

// ErrLater is returned by a [Handler] that will answer with
// [ServerSession.Answer]; the session's next requests are handled meanwhile,
// except those chained to this one by invokeAfterMsg, which wait.
var ErrLater = errors.New("answer follows")

// KeyStore keeps the auth keys that key exchanges make, so that clients can
// come back after a restart. It is called from several goroutines.
type KeyStore interface {
	// Load finds the key with this auth_key_id; the zero key when there is none.
	Load(id int64) (AuthKey, error)
	// Save keeps a new key, made for the data centre dc: the one that the exchange
	// named, else the one that the connection's obfuscation did, 0 where neither
	// said. The exchange fails when it fails.
	Save(key AuthKey, dc int) error
}

// Server is the other end of [Conn]: it accepts every TCP transport, exchanges
// keys, checks what clients send as strictly as the protocol says, and gives
// their requests to Handler. Set the fields before Serve and leave them then.
type Server struct {
	// Handler answers the requests. Needed.
	Handler Handler
	// DCs are the data centre numbers that key exchanges and obfuscated
	// connections may name (a client that names another gets -444); empty: any.
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
	// Trace is as in [Config]; called from several goroutines.
	Trace func(TraceEvent)

	Now    func() time.Time // default time.Now
	Rand   io.Reader        // default crypto/rand; read from several goroutines
	Limits Limits           // GzipBytes, MessageBytes and the container's as in Config; UpdateCount and UpdateBytes bound what waits for a slow client

	mu     sync.Mutex
	keys   map[int64]*serverKey
	zip    zipper
	tasks  sync.WaitGroup
	limits Limits
	once   sync.Once
	ctx    context.Context // of Serve, for what a handler finishes later
	faults atomic.Pointer[Faults]
	frames atomic.Int64 // with requests, while Faults.TooOld is set
	sealed atomic.Int64 // encrypted frames, while Faults.Rejects is set

	waitLimit time.Duration // default waitLimit; shorter in tests
}

// maxSessions is how many sessions one auth key may have at once; beyond it
// those without a connection are forgotten, the longest unused first.
const maxSessions = 256

// serverKey is an auth key and what belongs to it. Guarded by Server.mu, but
// for the key itself.
type serverKey struct {
	key      AuthKey
	first    int64 // the salt that the key exchange gave; valid like the others
	firstTil int64 // Unix time
	epoch    uint32
	sessions map[int64]*ServerSession
	newest   knownSalt // computed once a period, not for each message
	used     knownSalt // the last one that a client used and that was valid
	gone     atomic.Bool
}

// knownSalt is a salt and when it was looked at.
type knownSalt struct {
	ok           bool
	salt, period int64
	epoch        uint32
}

func (s *Server) rand() io.Reader {
	if s.Rand == nil {
		return crand.Reader
	}
	return s.Rand
}

func (s *Server) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// serves tells whether this server is the data centre dc.
func (s *Server) serves(dc int) bool {
	return len(s.DCs) == 0 || slices.Contains(s.DCs, dc) || slices.Contains(s.DCs, plainDC(dc))
}

// plainDC is a data centre's number without what clients add to it: a sign for
// media, 10000 for test servers.
func plainDC(dc int) int {
	if dc < 0 {
		dc = -dc
	}
	if dc > 10000 {
		dc -= 10000
	}
	return dc
}

// AddKey makes the server know a key without an exchange, e.g. one shared with
// a client in the same process, and returns the salt that is valid for it now.
func (s *Server) AddKey(key AuthKey) (salt int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addKey(key).salt(s.now())
}

func (s *Server) addKey(key AuthKey) *serverKey {
	if k := s.keys[key.ID()]; k != nil {
		return k
	}
	k := &serverKey{key: key, sessions: map[int64]*ServerSession{}}
	if s.keys == nil {
		s.keys = map[int64]*serverKey{}
	}
	s.keys[key.ID()] = k
	return k
}

// RotateSalts makes every salt of this key invalid, as if time had passed, and
// returns the new one: the clients' next messages get bad_server_salt. 0 for an
// unknown key.
func (s *Server) RotateSalts(keyID int64) (salt int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.keys[keyID]
	if k == nil {
		return 0
	}
	k.epoch++
	k.firstTil = 0
	return k.salt(s.now())
}

// DropKey makes the server know a key no more, nor the sessions under it: who
// comes with it gets -404. Of Store it is the caller's to take it out, before.
func (s *Server) DropKey(keyID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.keys[keyID]; k != nil {
		k.gone.Store(true)
		delete(s.keys, keyID)
	}
}

// takes keeps a new key; false when its id is another key's already.
func (s *Server) takes(key AuthKey) bool {
	known, err := s.find(key.ID())
	return err == nil && known == nil
}

// find is the key with this id; nil when there is none.
func (s *Server) find(id int64) (*serverKey, error) {
	s.mu.Lock()
	k := s.keys[id]
	s.mu.Unlock()
	if k != nil || s.Store == nil {
		return k, nil
	}
	key, err := s.Store.Load(id)
	if err != nil || key.IsZero() {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addKey(key), nil
}

// Serve accepts connections until ctx ends or the listener fails; then it
// closes the listener and the connections and waits for their goroutines. nil
// when ctx ended. Call it once.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if s.Handler == nil {
		return errors.New("mtproto: Server.Handler is not set")
	}
	s.once.Do(func() { s.limits = s.Limits.withDefaults() })
	inner, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.ctx = inner
	s.mu.Unlock()
	stop := context.AfterFunc(inner, func() { ln.Close() })
	defer func() {
		cancel()
		stop()
		ln.Close()
		s.tasks.Wait()
	}()
	for {
		nc, err := ln.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			var temporary interface{ Temporary() bool }
			if errors.As(err, &temporary) && temporary.Temporary() {
				select { // e.g. no file descriptors left: others will be closed
				case <-time.After(50 * time.Millisecond):
					continue
				case <-ctx.Done():
					return nil
				}
			}
			return err
		}
		s.tasks.Go(func() { s.serveConn(inner, nc) })
	}
}

func (s *Server) base() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ctx
}

// Sessions lists the sessions known for an auth key, in no order.
func (s *Server) Sessions(keyID int64) []*ServerSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*ServerSession
	if k := s.keys[keyID]; k != nil {
		for _, x := range k.sessions {
			list = append(list, x)
		}
	}
	return list
}

// session finds or makes the session.
func (s *Server) session(k *serverKey, id int64) *ServerSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := k.sessions[id]; x != nil {
		return x
	}
	if len(k.sessions) >= maxSessions {
		var oldest *ServerSession
		for _, y := range k.sessions {
			if !y.Live() && (oldest == nil || y.used.Load() < oldest.used.Load()) {
				oldest = y
			}
		}
		if oldest != nil {
			delete(k.sessions, oldest.id)
		}
	}
	x := &ServerSession{id: id, key: k, server: s}
	x.seen.size, x.denied.size = 4*maxContainerMessages, 4*maxContainerMessages
	x.answers.init()
	k.sessions[id] = x
	return x
}

// destroy forgets a session; false when there is none.
func (s *Server) destroy(k *serverKey, id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := k.sessions[id]
	delete(k.sessions, id)
	return ok
}
