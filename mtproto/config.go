package mtproto

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"io"
	"net"
	"time"
)

// Auth is what a client must keep between runs to go on without a key
// exchange.
type Auth struct {
	Key        AuthKey
	Salt       int64         // the server salt valid now; a wrong one costs one round trip
	TimeOffset time.Duration // server's clock minus Config.Now's; a wrong one costs one round trip
	// Fingerprint is that of the server's RSA key with which the exchange was
	// made; 0 for a key that was not exchanged. The Conn does not look at it.
	Fingerprint int64
}

// Config says how a [Conn] is made. Dial is the only field without a default.
type Config struct {
	// Dial opens the TCP connection to the data centre.
	Dial func(ctx context.Context) (net.Conn, error)
	// Transport is the framing; the default, Abridged, is the shortest.
	Transport Transport
	// Obfuscate hides the framing in AES-CTR (transport obfuscation). Not with Full.
	Obfuscate bool
	// DC is the data centre's number, told to the server in the key exchange
	// and in the obfuscated header (add 10000 for Telegram's test servers).
	DC int
	// Keys are the server's RSA keys, needed when Auth is nil.
	Keys []PublicKey
	// Auth is the known key; nil: a key exchange is made.
	Auth *Auth
	// OnAuth is told the key after an exchange, and every later change of salt
	// or time offset. Called from the engine's goroutines, one call at a time:
	// it must not block and must not call the Conn.
	OnAuth func(Auth)

	// Wrap wraps the first call, usually as
	// invokeWithLayer(initConnection(query)). That call goes alone, others wait
	// until one wrapped call has succeeded. After CONNECTION_NOT_INITED or
	// CONNECTION_LAYER_INVALID the refused call is wrapped and sent again, once.
	// nil: nothing is wrapped. It must return a new slice and must not block.
	Wrap func(query []byte) []byte
	// Initialized says that the server already has an initConnection of this
	// layer saved with the auth key, so that the first call goes bare.
	Initialized bool
	// OnInit is told when a wrapped call has succeeded; rules as for OnAuth.
	OnInit func()

	// OnUpdate is given what answers no call: in order of arrival, from one
	// goroutine, which may take its time without holding up results. body is
	// the callee's to keep.
	OnUpdate func(msgID int64, body []byte)
	// OnGap says, in its place between OnUpdate's calls, that updates may have
	// been lost before it: the server began a new session
	// (new_session_created), or the queue of updates overflowed.
	OnGap func(Gap)

	// OnState is told how the connection fares: what a user should see as
	// "reconnecting". One call at a time, in order; rules as for OnAuth.
	OnState func(Connection)
	// NoReconnect makes the Conn end with its first connection.
	NoReconnect bool

	// Trace is given every message in and out, each direction in wire order, one
	// at a time; but one sent and one received may come at once. It must be quick
	// and must not call the Conn. nil: no cost.
	Trace func(TraceEvent)

	// Now is the clock (default time.Now). Its monotonic reading is used where
	// it has one, so that a jump of the wall clock does no harm; a jump makes
	// the connection be tested, since the computer may have slept.
	Now func() time.Time
	// Rand is the source of everything random (default crypto/rand); read from
	// several goroutines.
	Rand io.Reader
	// Limits bound sizes and times; zero fields take the defaults.
	Limits Limits
}

// Gap says why updates may be missing.
type Gap int

// The reasons for a [Gap].
const (
	GapNewSession  Gap = iota + 1 // new_session_created
	GapOverflow                   // Limits.UpdateBytes or UpdateCount exceeded
	GapReconnected                // the connection was away for a while
)

// String is the reason in words.
func (g Gap) String() string {
	switch g {
	case GapNewSession:
		return "the server began the session anew"
	case GapOverflow:
		return "more came than was taken"
	case GapReconnected:
		return "the connection was away"
	}
	return fmt.Sprintf("gap %d", int(g))
}

// ConnState is how a Conn's connection fares.
type ConnState int

// The states of a [Connection].
const (
	Connecting   ConnState = iota + 1 // the first connection is being made
	Connected                         // after a loss: the server has been heard again
	Reconnecting                      // lost, another try follows
)

// String is the state in words.
func (s ConnState) String() string {
	switch s {
	case Connecting:
		return "connecting"
	case Connected:
		return "connected"
	case Reconnecting:
		return "reconnecting"
	}
	return "no state"
}

// Connection is what Config.OnState is told.
type Connection struct {
	State ConnState
	Cause error         // Reconnecting: why the connection was lost, or the last try failed
	Try   int           // Reconnecting: the number of the try that follows, from 1
	Next  time.Duration // Reconnecting: the wait before it; a new call may shorten it
}

// Limits bound what one connection takes and gives, in both roles.
type Limits struct {
	ContainerMessages int // messages in one container sent; default 100, at most 1020
	ContainerBytes    int // bytes of one container's body sent; default and at most 1<<20
	MessageBytes      int // bytes of one request or result body; default 1<<24-1024
	FrameBytes        int // bytes of one received frame; default 1<<24
	UnzippedBytes     int // bytes of one unpacked gzip_packed received; default 1<<25
	GzipBytes         int // from this size on, bodies are packed when that makes them smaller; default 4096; -1: never
	UpdateCount       int // updates (and gaps) waiting for OnUpdate; default 1<<16
	UpdateBytes       int // bytes of updates waiting for OnUpdate; default 1<<26

	Handshake time.Duration // for each step of the key exchange; default 20 s
	Write     time.Duration // for writing one frame; default 20 s
	PingEvery time.Duration // silence after which the peer is asked; double: [ErrSilent]; default 7 s
	AckDelay  time.Duration // how long an ack waits for company; default 5 s
	AskAfter  time.Duration // a request without an answer for so long is asked after (msgs_state_req); default 10 s
	RetryMin  time.Duration // the first wait before connecting again, or before a request that met a 500 is sent again; doubled each time; default 300 ms
	RetryMax  time.Duration // the longest of these waits; default 30 s
	Offline   time.Duration // calls that find no connection for so long end with *LostError, while connecting is still tried; default 1 min
	Retries   int           // how often a repeatable request is sent again after errors 500 and -503; default 4; -1: never
}

const (
	maxContainerMessages = 1020
	maxContainerBytes    = 1 << 20
)

func (l Limits) withDefaults() Limits {
	bytes := func(v *int, def int) {
		if *v == 0 {
			*v = def
		}
	}
	span := func(v *time.Duration, def time.Duration) {
		if *v <= 0 {
			*v = def
		}
	}
	bytes(&l.ContainerMessages, 100)
	bytes(&l.ContainerBytes, maxContainerBytes)
	bytes(&l.MessageBytes, 1<<24-1024)
	bytes(&l.FrameBytes, 1<<24)
	bytes(&l.UnzippedBytes, 1<<25)
	bytes(&l.GzipBytes, 4096)
	bytes(&l.UpdateCount, 1<<16)
	bytes(&l.UpdateBytes, 1<<26)
	l.ContainerMessages = max(1, min(l.ContainerMessages, maxContainerMessages))
	l.ContainerBytes = max(1024, min(l.ContainerBytes, maxContainerBytes))
	span(&l.Handshake, 20*time.Second)
	span(&l.Write, 20*time.Second)
	span(&l.PingEvery, 7*time.Second)
	span(&l.AckDelay, 5*time.Second)
	span(&l.AskAfter, 10*time.Second)
	span(&l.RetryMin, 300*time.Millisecond)
	span(&l.RetryMax, 30*time.Second)
	span(&l.Offline, time.Minute)
	bytes(&l.Retries, 4)
	return l
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = crand.Reader
	}
	c.Limits = c.Limits.withDefaults()
	return c
}

// TraceEvent is one message as it crossed the wire. It holds no payload, so
// nothing in it is secret.
type TraceEvent struct {
	Time      time.Time
	Out       bool  // sent, else received
	SessionID int64 // the session's random id
	MsgID     int64
	Seqno     int32
	Container int64         // msg_id of the container it travelled in; 0: alone
	Messages  int           // for a container: how many it holds
	ID        uint32        // constructor id of the body, inside gzip_packed and rpc_result
	Size      int           // bytes of the body as sent, gzip_packed if it was
	Acks      int           // for msgs_ack: how many ids
	ReqMsgID  int64         // for what answers a request: that request's msg_id
	Latency   time.Duration // for what answers a request: since it was written
	Again     bool          // a request that is sent again, with a new msg_id
	After     int64         // a request sent: the msg_id it is chained to by invokeAfterMsg
	Wrapped   bool          // a request sent inside Config.Wrap
	Code      int           // error_code of bad_msg_notification, bad_server_salt and rpc_error
}
