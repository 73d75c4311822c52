package sandbox

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"tlsh/mtproto"
	"tlsh/schema"
)

// DefaultDC is the data centre number of a sandbox whose Config names none.
const DefaultDC = 2

// Config says what a [Sandbox] is made of. The zero Config is the embedded
// world, with which only clients in this process can talk: others need Keys.
type Config struct {
	// Schema is the API's schema, and so the one layer that is served; nil:
	// [schema.Current].
	Schema *schema.Schema
	// Layers are the schemas of other layers that clients may speak: their
	// requests are read by them, and what they are told is said in them as far as
	// they can say it. A client of any other layer gets CONNECTION_LAYER_INVALID.
	Layers []*schema.Schema
	// World is the source of a fixture; "": the embedded one.
	World string
	// WorldFile names that source in errors; default "world.tlsh".
	WorldFile string

	// Now is the world's clock, which dates messages; default time.Now. The
	// dates of a fixture that has a `now` line move along with it: at the start
	// of the sandbox that line's moment is Now. The protocol itself runs on the
	// real clock.
	Now func() time.Time
	// Rand is the source of keys and of everything else random; default
	// crypto/rand. It is read from several goroutines.
	Rand io.Reader

	// DC is the data centre that it says it is to who names none, and in which
	// people are at home unless the fixture says otherwise; default [DefaultDC].
	DC int
	// Keys are the RSA keys of key exchanges; none: every exchange is refused.
	// They live in memory only.
	Keys []mtproto.PrivateKey
	// SignInAll, when not empty, is the person ("@alice", or "me" for the
	// fixture's default person) as whom every auth key made by an exchange is
	// signed in from the beginning. When empty such a key is nobody's until
	// auth.signIn: requests that need a user get AUTH_KEY_UNREGISTERED.
	SignInAll string

	// Faults are what it does wrong from the beginning; see [Sandbox.SetFaults].
	Faults Faults
	// Ledger is how many requests [Sandbox.Ledger] keeps; default
	// [DefaultLedger], -1: none.
	Ledger int

	// HoldManners keeps the manners of people from being done by the real clock:
	// [Sandbox.Manners] does them.
	HoldManners bool

	// OnError is told why a connection ended, when it was neither side's wish.
	OnError func(remote net.Addr, err error)
	// Trace is as in [mtproto.Config].
	Trace func(mtproto.TraceEvent)
	// Limits bound sizes and times; zero fields take the engine's defaults.
	Limits mtproto.Limits
}

// Person is one of the people of the world, for choosing and showing.
type Person struct {
	ID       int64
	Username string // without @; "" when there is none
	Name     string // first and last name
	Phone    string // digits only, as TL has it; "" when there is none
	Bot      bool
	Default  bool // the fixture's default person

	// What another client needs to sign in as them. Nothing of it is a secret.
	DC       int    // where they are at home
	Code     string // that auth.sendCode sends, by phone or e-mail; "" for a bot
	Email    string // to which it goes; "": it goes to the phone
	Password string // the two-step password; "" when there is none, or only they know it
	Token    string // a bot's
}

// Sandbox is the server and its world. Its methods may be called from any
// goroutine.
type Sandbox struct {
	cfg      Config
	schema   *schema.Schema
	methods  map[string]method
	dialects map[int]*dialect
	keys     *keyring
	net      *network
	skew     atomic.Int64                           // nanoseconds; Faults.Skew for those that do not hold mu
	watch    func(name string, m method, err error) // of the tests: what a handler gave; else nil

	// mu guards all below: one request at a time changes or reads the world.
	mu       sync.Mutex
	world    *world
	logins   map[int64]*login   // by auth_key_id
	guesses  map[string]guesses // by phone number
	bound    map[int64]binding  // temporary keys, by auth_key_id
	exported []exported
	tokens   []*loginToken       // those of the latest minutes
	cdn      map[string]*cdnFile // by location
	addr     net.Addr            // of the latest listener of all data centres, for help.getConfig
	hosts    map[*host]struct{}
	faults   Faults
	rules    rules
	queries  map[int64]*botQuery // that wait for a bot, by query_id
	ledger   ledger
}

// New parses the world and makes a sandbox of it. Nothing listens yet. Errors:
// *[WorldError] for a bad fixture; otherwise what is wrong in the Config.
func New(cfg Config) (*Sandbox, error) {
	if cfg.Schema == nil {
		cfg.Schema = schema.Current()
	}
	if cfg.World == "" {
		cfg.World = embeddedWorld
	}
	if cfg.WorldFile == "" {
		cfg.WorldFile = "world.tlsh"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	cfg.Rand = &lockedReader{r: cfg.Rand}
	if cfg.DC == 0 {
		cfg.DC = DefaultDC
	}
	if cfg.Ledger == 0 {
		cfg.Ledger = DefaultLedger
	}
	cfg.Ledger = max(cfg.Ledger, 0)
	if err := speaks(cfg.Schema); err != nil {
		return nil, err
	}
	layers, err := dialects(cfg.Schema, cfg.Layers)
	if err != nil {
		return nil, err
	}
	w, errs := load(cfg.Schema, cfg.World, cfg.Now())
	if len(errs) > 0 {
		return nil, &WorldError{File: cfg.WorldFile, Src: cfg.World, Errs: errs}
	}
	w.dc = int32(cfg.DC)
	s := &Sandbox{cfg: cfg, schema: cfg.Schema, methods: methods(), dialects: layers, world: w, logins: make(map[int64]*login), guesses: make(map[string]guesses), bound: make(map[int64]binding),
		keys: &keyring{keys: make(map[int64]keptKey)}, net: newNetwork(), hosts: make(map[*host]struct{}),
		queries: make(map[int64]*botQuery), rules: rules{now: time.Now}, ledger: ledger{size: cfg.Ledger}}
	if cfg.SignInAll != "" {
		if _, err := w.lookup(cfg.SignInAll); err != nil {
			return nil, err
		}
	}
	if err := s.SetFaults(cfg.Faults); err != nil {
		return nil, err
	}
	return s, nil
}

// SignIn makes a key as [Sandbox.Key] does, already signed in as that person, in
// their data centre: "@alice", a username, an id, or "" and "me" for the fixture's
// default person. The error lists the people when there is no such person.
func (s *Sandbox) SignIn(person string) (mtproto.Auth, error) {
	s.mu.Lock()
	p, err := s.world.lookup(person)
	home := 0
	if err == nil {
		home = s.world.homeOf(p)
	}
	s.mu.Unlock()
	if err != nil {
		return mtproto.Auth{}, err
	}
	auth, err := s.Key(home)
	if err != nil {
		return mtproto.Auth{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seated(s.login(auth.Key.ID()), p)
	return auth, nil
}

// Who is the person that SignIn would sign in, as "@alice", or by id where
// there is no username.
func (s *Sandbox) Who(person string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.world.lookup(person)
	if err != nil {
		return "", err
	}
	if name := s.world.username(p.peer); name != "" {
		return "@" + name, nil
	}
	return strconv.FormatInt(p.id, 10), nil
}

// Methods are the names of the methods that it simulates, sorted.
func (s *Sandbox) Methods() []string { return slices.Sorted(maps.Keys(s.methods)) }

// People are the world's people in the order of the fixture, but for the one as
// whom the server speaks.
func (s *Sandbox) People() []Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	people := make([]Person, 0, len(s.world.people))
	for _, p := range s.world.people {
		if p.id == serviceID {
			continue
		}
		x := Person{ID: p.id, Username: s.world.username(p.peer), Name: p.name(), Phone: p.def.At("phone").AsString(),
			Bot: p.bot != nil, Default: p == s.world.self, DC: s.world.homeOf(p), Email: p.email, Token: p.botToken()}
		switch {
		case p.bot != nil:
		case p.email != "":
			x.Code = emailCode(x.DC)
		default:
			x.Code = loginCode(x.DC)
		}
		if p.secret != nil {
			x.Password = p.secret.text
		}
		people = append(people, x)
	}
	return people
}

// DC is the data centre that it says it is to who names none.
func (s *Sandbox) DC() int { return s.cfg.DC }

// Save writes the present state of the world as a fixture, which [New] reads
// back into the same world.
func (s *Sandbox) Save(w io.Writer) error {
	s.mu.Lock()
	src := s.world.save(s.cfg.Now())
	s.mu.Unlock()
	_, err := w.Write(src)
	return err
}

// Listen opens a TCP listener for [Sandbox.Serve]: "127.0.0.1:0" for any free
// port. An address that is not a loopback one is refused, as whoever reaches
// the sandbox can act as its people.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: want HOST:PORT, as 127.0.0.1:0: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("sandbox: %q is not a loopback address; want 127.0.0.1 or ::1, as whoever reaches the sandbox can act as its people", host)
	}
	var lc net.ListenConfig
	lc.SetMultipathTCP(false) // there is one path
	ln, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	// What localhost means is the machine's to say.
	if a, ok := ln.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		ln.Close()
		return nil, fmt.Errorf("sandbox: %s is not a loopback address", ln.Addr())
	}
	return ln, nil
}

// lockedReader lets one source of randomness be read from several goroutines.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}
