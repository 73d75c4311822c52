// Package client is an account over connections: it speaks TL values where
// mtproto speaks bytes, introduces itself to the server with the schema's
// layer, and hands on updates.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/tl"
)

// App is how the client introduces itself (initConnection).
type App struct {
	ID      int32 // api_id
	Device  string
	System  string
	Version string
	Lang    string // ISO 639-1
}

// Config says how a Client connects. Schema, Dial and App are needed.
type Config struct {
	Schema *schema.Schema
	App    App
	Dial   func(ctx context.Context) (net.Conn, error)
	DC     int
	// Obfuscate is mtproto.Config's.
	Obfuscate bool
	Keys      []mtproto.PublicKey // needed when Auth is nil
	Auth      *mtproto.Auth       // the known key
	OnAuth    func(mtproto.Auth)  // as mtproto.Config's
	// OnUpdate is given the updates in order of arrival, one by one and from one
	// goroutine; nil: they are dropped.
	OnUpdate func(Update)
	// OnMissed says, in its place between OnUpdate's calls, that updates may have
	// been missed.
	OnMissed func(*Missed)
	Trace    func(mtproto.TraceEvent)
	// OnClock is told when the local clock turned out to be wrong by more than a
	// few seconds, and how far the server's is ahead.
	OnClock func(ahead time.Duration)
	// OnNotes is told what of a result decoding dropped: bits of flags that the
	// schema does not know, long forms of short strings.
	OnNotes func([]tl.Note)
	// OnState is told how the connection fares, as mtproto.Config's.
	OnState func(mtproto.Connection)
}

// Client is a connection to one data centre as one account. Its methods may be
// called from any number of goroutines.
type Client struct {
	schema  *schema.Schema
	conn    *mtproto.Conn
	dc      int
	onNotes func([]tl.Note)
}

// Connect opens the connection. ctx bounds Connect alone. The errors are those
// of mtproto.Connect.
func Connect(ctx context.Context, cfg Config) (*Client, error) {
	wrap, err := introduction(cfg.Schema, cfg.App)
	if err != nil {
		return nil, err
	}
	c := &Client{schema: cfg.Schema, dc: cfg.DC, onNotes: cfg.OnNotes}
	mc := mtproto.Config{
		Dial: cfg.Dial, DC: cfg.DC, Obfuscate: cfg.Obfuscate, Keys: cfg.Keys, Auth: cfg.Auth, OnAuth: cfg.watchClock(),
		Wrap: wrap, Trace: cfg.Trace, OnState: cfg.OnState,
	}
	cfg.watchUpdates(&mc)
	c.conn, err = mtproto.Connect(ctx, mc)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// wrongClock is how far a clock may be off before that is worth telling.
const wrongClock = 5 * time.Second

// watchClock is OnAuth with an eye on the time offset.
func (cfg *Config) watchClock() func(mtproto.Auth) {
	known := time.Duration(0)
	if cfg.Auth != nil {
		known = cfg.Auth.TimeOffset
	}
	return func(a mtproto.Auth) {
		if d := a.TimeOffset - known; d.Abs() >= wrongClock && cfg.OnClock != nil {
			cfg.OnClock(a.TimeOffset)
		}
		known = a.TimeOffset
		if cfg.OnAuth != nil {
			cfg.OnAuth(a)
		}
	}
}

// introduction makes the wrapper of a connection's first call:
// invokeWithLayer(initConnection(query)), https://core.telegram.org/api/invoking.
func introduction(s *schema.Schema, app App) (func(query []byte) []byte, error) {
	with, init := s.Method("invokeWithLayer"), s.Method("initConnection")
	if with == nil || init == nil {
		return nil, fmt.Errorf("the schema has no invokeWithLayer or no initConnection: a connection cannot begin with it")
	}
	if s.Layer == 0 {
		return nil, fmt.Errorf("the schema does not say its layer: give it with --layer")
	}
	hello := tl.New(init).
		With("api_id", tl.Int(app.ID)).With("device_model", tl.String(app.Device)).
		With("system_version", tl.String(app.System)).With("app_version", tl.String(app.Version)).
		With("system_lang_code", tl.String(app.Lang)).With("lang_pack", tl.String("")).
		With("lang_code", tl.String(app.Lang))
	wrap := func(query []byte) ([]byte, error) {
		inner := hello.Clone().With("query", tl.Raw(query))
		return tl.Encode(tl.New(with).With("layer", tl.Int(int32(s.Layer))).With("query", inner.Value()))
	}
	// Once is enough to know that every query can be wrapped.
	if _, err := wrap(nil); err != nil {
		return nil, err
	}
	return func(query []byte) []byte {
		b, err := wrap(query)
		if err != nil {
			return query
		}
		return b
	}, nil
}

// Auth is the key, salt and time offset as they are now.
func (c *Client) Auth() mtproto.Auth { return c.conn.Auth() }

// Close ends the connection and waits for its goroutines.
func (c *Client) Close() error { return c.conn.Close() }

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.conn.Done() }

// Outcome is what came of one request.
type Outcome struct {
	State mtproto.State
	Value tl.Value // the result; what was understood of it when Err is a *tl.Error
	Err   error
}

// Call sends one request and decodes its result. Errors: those of
// mtproto.Conn.Call; *mtproto.ArrivedError when it was executed and its result
// is lost; *tl.Error for a request that cannot be encoded (nothing was sent) or
// a result that cannot be decoded (the value holds its beginning).
func (c *Client) Call(ctx context.Context, req *tl.Object) (tl.Value, error) {
	r, err := request(req)
	if err != nil {
		return tl.Value{}, err
	}
	o := c.outcome(req, c.conn.Do(ctx, r))
	return o.Value, o.Err
}

// outcome decodes what came of a request.
func (c *Client) outcome(req *tl.Object, o mtproto.Outcome) Outcome {
	if o.State != mtproto.Done {
		return Outcome{State: o.State, Err: o.Err}
	}
	v, n, notes, err := tl.DecodePrefix(c.schema, o.Body, Result(req))
	if err == nil && n < len(o.Body) {
		err = &tl.Error{Path: core(req).Def().Name, Offset: n, Msg: fmt.Sprintf("%d bytes are left over", len(o.Body)-n)}
	}
	if len(notes) > 0 && c.onNotes != nil {
		c.onNotes(notes)
	}
	return Outcome{State: o.State, Value: v, Err: err}
}

// BatchOptions are mtproto's.
type BatchOptions = mtproto.BatchOptions

// Batch sends the requests together, as mtproto.Conn.DoAll does. All are
// encoded before any leaves.
func (c *Client) Batch(ctx context.Context, reqs []*tl.Object, opt BatchOptions) ([]Outcome, error) {
	list := make([]mtproto.Request, len(reqs))
	for i, r := range reqs {
		var err error
		if list[i], err = request(r); err != nil {
			return nil, fmt.Errorf("request %d: %w", i+1, err)
		}
	}
	outs, err := c.conn.DoAll(ctx, list, opt)
	if err != nil {
		return nil, err
	}
	results := make([]Outcome, len(outs))
	for i, o := range outs {
		results[i] = c.outcome(reqs[i], o)
	}
	return results, nil
}

// Result is the type of what the request answers. A wrapper such as
// invokeWithLayer answers what the request inside does.
func Result(req *tl.Object) *schema.Type { return core(req).Def().Result }

// OutcomeOf is what Call's answer says of the request.
func OutcomeOf(v tl.Value, err error) Outcome {
	var lost *mtproto.LostError
	var arrived *mtproto.ArrivedError
	var rpc *tgerr.Error
	o := Outcome{State: mtproto.NotRun, Value: v, Err: err}
	switch {
	case err == nil:
		o.State = mtproto.Done
	case errors.As(err, &rpc):
		o.State = mtproto.Failed
	case errors.As(err, &arrived):
		o.State = mtproto.Arrived
	case errors.As(err, &lost) && lost.Sent, !v.IsNone():
		o.State = mtproto.Unknown
	}
	return o
}
