package account

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"tlsh/client"
	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/tl"
)

// Keyring keeps what an account needs from one run to the next.
type Keyring interface {
	// Key is the auth key for a data centre that was made with one of these RSA
	// keys, nil where there is none.
	Key(dc int, fingerprints []int64) (*mtproto.Auth, error)
	// Add keeps a key that was just made, and is called before it is used. Where
	// there is one already, made at the same time by another process, that one is
	// given back: it stays, and is to be used.
	Add(dc int, made mtproto.Auth) (mtproto.Auth, error)
	// Note takes in a salt and a time offset that have changed. It is quick, and
	// never changes a key.
	Note(dc int, now mtproto.Auth)
	// Home is the account's data centre, 0 where that is not known.
	Home() (dc int, err error)
	SetHome(dc int) error
	// Addresses are those that the servers told last, and until when they are
	// good.
	Addresses() (list []Address, until time.Time, err error)
	SetAddresses(list []Address, until time.Time) error
}

// Config says what a Conn is made of. Client, Environment and Keyring are
// needed.
type Config struct {
	// Client has the schema, how the client introduces itself and who is told what.
	// Where it connects, and with which keys, the Conn decides.
	Client      client.Config
	Environment *Environment
	Keyring     Keyring
	Dial        DialFunc      // nil: a net.Dialer's
	Idle        time.Duration // after which a connection to another data centre is closed; 0: 2 minutes
	Now         func() time.Time
}

// Conn is an account's connection. Its methods may be called from any number of
// goroutines.
type Conn struct {
	cfg    Config
	schema *schema.Schema
	ctx    context.Context // ends with the Conn
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	done   chan struct{}
	end    sync.Once

	moving sync.Mutex // held while the home moves

	mu        sync.Mutex
	home      int
	main      *client.Client
	retired   []*client.Client // homes that were left; closed at the end
	sites     map[client.Site]*site
	addresses []Address // told by the servers
	until     time.Time // addresses are good
	cdnKeys   map[int][]mtproto.PublicKey
	refreshed bool // the addresses were asked for
}

const idleTime = 2 * time.Minute

// Connect opens the connection to the account's home, making an auth key where
// there is none. ctx bounds Connect alone. Errors: the Keyring's,
// *client.SiteError, those of client.Connect.
func Connect(ctx context.Context, cfg Config) (*Conn, error) {
	if cfg.Dial == nil {
		cfg.Dial = new(net.Dialer).DialContext
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Idle <= 0 {
		cfg.Idle = idleTime
	}
	c := &Conn{cfg: cfg, schema: cfg.Client.Schema, done: make(chan struct{}), sites: map[client.Site]*site{}}
	var err error
	if c.home, err = cfg.Keyring.Home(); err != nil {
		return nil, err
	}
	if c.home == 0 {
		c.home = cfg.Environment.DC
	}
	if c.addresses, c.until, err = cfg.Keyring.Addresses(); err != nil {
		return nil, err
	}
	if c.main, err = c.open(ctx, client.Site{DC: c.home}, cfg.Environment.Keys, true); err != nil {
		return nil, err
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.watch(c.main)
	c.tasks.Go(c.tend)
	return c, nil
}

// open connects to a site. Only the home tells how it fares, and what comes
// unasked.
func (c *Conn) open(ctx context.Context, at client.Site, keys []mtproto.PublicKey, home bool) (*client.Client, error) {
	env := c.cfg.Environment
	c.mu.Lock()
	list := places(append(c.addresses[:len(c.addresses):len(c.addresses)], env.Addresses...), at)
	c.mu.Unlock()
	if len(list) == 0 {
		return nil, &client.SiteError{Site: at, Reason: "no address of it is known"}
	}
	prints := make([]int64, len(keys))
	for i, k := range keys {
		prints[i] = k.Fingerprint()
	}
	auth, err := c.cfg.Keyring.Key(at.DC, prints)
	if err != nil {
		return nil, err
	}
	cfg := c.cfg.Client
	if !home {
		cfg.OnUpdate, cfg.OnMissed, cfg.OnState, cfg.OnClock = nil, nil, nil, nil
	}
	cfg.Dial = func(ctx context.Context) (net.Conn, error) { return dial(ctx, c.cfg.Dial, list) }
	cfg.DC, cfg.Keys, cfg.Auth = env.tag(at.DC, at.Kind == client.Media && list[0].Media), keys, auth
	cfg.Obfuscate = env.Obfuscate
	cfg.OnAuth = func(a mtproto.Auth) { c.cfg.Keyring.Note(at.DC, a) }
	cl, err := client.Connect(ctx, cfg)
	if err != nil || auth != nil {
		return cl, err
	}
	kept, err := c.cfg.Keyring.Add(at.DC, cl.Auth())
	switch {
	case err != nil:
		return nil, errors.Join(err, cl.Close())
	case kept.Key.Equal(cl.Auth().Key):
		return cl, nil
	}
	// Another shell of the account has made a key meanwhile: one is enough.
	_ = cl.Close()
	cfg.Auth = &kept
	return client.Connect(ctx, cfg)
}

// watch ends the Conn with its home's connection.
func (c *Conn) watch(main *client.Client) {
	c.tasks.Go(func() {
		select {
		case <-main.Done():
		case <-c.ctx.Done():
			return
		}
		c.mu.Lock()
		still := c.main == main
		c.mu.Unlock()
		if still {
			c.end.Do(func() { close(c.done) })
		}
	})
}

// current is the connection to the home.
func (c *Conn) current() *client.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.main
}

// Home is the number of the account's data centre.
func (c *Conn) Home() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.home
}

// Done is closed when the connection to the home has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Close ends all connections and waits for their goroutines.
func (c *Conn) Close() error {
	c.mu.Lock()
	c.cancel()
	list := append(c.retired, c.main)
	for _, s := range c.sites {
		if s.client != nil {
			list = append(list, s.client)
		}
	}
	c.mu.Unlock()
	var errs []error
	for _, cl := range list {
		errs = append(errs, cl.Close())
	}
	c.end.Do(func() { close(c.done) })
	c.tasks.Wait()
	return errors.Join(errs...)
}

// Chain sends requests one behind the other to the home, as client.Client does.
// A migration is not followed within a chain: MigrationOf finds it in the
// outcomes, and Call sends again what was not run.
func (c *Conn) Chain(opt client.ChainOptions) *client.Chain { return c.current().Chain(opt) }

// maxHops bounds how often a request is sent on to another data centre.
const maxHops = 4

// Call sends one request to where it belongs: to the home, and on to another
// data centre where the server says so. Errors: those of client.Client.Call,
// and what keeps the other data centre from being reached.
func (c *Conn) Call(ctx context.Context, req *tl.Object) (tl.Value, error) {
	v, err := c.current().Call(ctx, req)
	if err == nil {
		c.freshen()
		return v, nil
	}
	if m, moved := client.MigrationOf(err); moved {
		return c.follow(ctx, m, req)
	}
	return v, err
}

// follow sends a request again to where the server says that it belongs.
func (c *Conn) follow(ctx context.Context, m client.Migration, req *tl.Object) (tl.Value, error) {
	for hop := 1; ; hop++ {
		var v tl.Value
		var err error
		if m.Home() {
			// Before somebody has signed in there is no authorization to take along.
			signed := m.What == "USER" && !strings.HasPrefix(req.Def().Name, "auth.")
			if err = c.move(ctx, m.DC, signed); err == nil {
				v, err = c.current().Call(ctx, req)
			}
		} else {
			v, err = c.callAt(ctx, client.Site{DC: m.DC}, req)
		}
		next, moved := client.MigrationOf(err)
		if !moved || hop == maxHops {
			return v, err
		}
		m = next
	}
}

// Batch sends requests together, as client.Client does. Those that belong
// elsewhere follow one by one, and in an ordered batch what comes behind them.
func (c *Conn) Batch(ctx context.Context, reqs []*tl.Object, opt client.BatchOptions) ([]client.Outcome, error) {
	outs, err := c.current().Batch(ctx, reqs, opt)
	if err != nil {
		return nil, err
	}
	for i := range outs {
		m, moved := client.MigrationOf(outs[i].Err)
		if !moved || outs[i].State != mtproto.Failed {
			continue
		}
		outs[i] = client.OutcomeOf(c.follow(ctx, m, reqs[i]))
		if opt.Ordered && !opt.KeepGoing && outs[i].Err == nil && i+1 < len(outs) {
			rest, err := c.Batch(ctx, reqs[i+1:], opt)
			if err == nil {
				copy(outs[i+1:], rest)
			}
			return outs, nil
		}
	}
	return outs, nil
}
