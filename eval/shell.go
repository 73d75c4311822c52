// Package eval runs lines: it checks a statement, fills its holes, sends its
// requests, keeps the variables and shows what came. It knows nothing of
// terminals: input comes as text, output goes to two writers.
package eval

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"tlsh/client"
	"tlsh/history"
	"tlsh/mediainfo"
	"tlsh/peers"
	"tlsh/render"
	"tlsh/schema"
	"tlsh/search"
	"tlsh/tl"
	"tlsh/tutorial"
)

// Conn is what a Shell needs of a connection; *client.Client is one, to a single
// data centre.
type Conn interface {
	peers.Caller
	// CallAt sends one request to certain servers, as files need.
	CallAt(ctx context.Context, at client.Site, req *tl.Object) (tl.Value, error)
	Batch(ctx context.Context, reqs []*tl.Object, opt client.BatchOptions) ([]client.Outcome, error)
	Chain(client.ChainOptions) *client.Chain
	Done() <-chan struct{}
	Close() error
}

// Format is how results are printed.
type Format string

// The formats of -o and set output.
const (
	Tree  Format = "tree"
	JSON  Format = "json"
	JSONL Format = "jsonl"
	TL    Format = "tl"
	Raw   Format = "raw"
)

// Formats are all of them.
var Formats = [...]Format{Tree, JSON, JSONL, TL, Raw}

// Config says how a Shell works. Schema, Account.Connect, Out and Err are
// needed.
type Config struct {
	Schema  *schema.Schema
	Account Account   // who the Shell is at first
	Out     io.Writer // results
	Err     io.Writer // everything else
	Format  Format
	View    render.Options // of results; Names is set by the Shell
	ErrView render.Options // of diagnostics
	// Terminal says that Out is one: JSON is indented there, and source wrapped.
	Terminal bool
	// Reorders says that the terminal shows right-to-left text in its own order, as
	// render.Reorders has it.
	Reorders bool
	// Size is the size of that terminal as it is now; nil where it has none. Then
	// View.Width counts, and there is no pager.
	Size func() (columns, rows int)
	// Lend gives that terminal, in the mode in which it was found, to a program of
	// the user's, until back is called; nil where it is in that mode anyway.
	Lend func() (back func())
	// Ask asks the person at the terminal, see Shell.Ask; nil where nobody is
	// there.
	Ask func(ctx context.Context, q Question) (string, error)
	// CourseFile keeps how far the person is in the tutorial; "" keeps nothing.
	CourseFile string
	// Edit has a text edited by the user's editor, ErrUnsaved where that saved nothing;
	// nil where there is no terminal.
	Edit func(text string) (string, error)
	// Interactive says that a person sits at a prompt: assignments are shown.
	Interactive bool
	// ErrTerminal says that Err is a terminal, on which a line can be rewritten.
	ErrTerminal bool
	// MaxWait is the longest flood wait that is slept; a longer one is an error.
	MaxWait time.Duration
	// Timeout is how long the answer to a request is waited for; 0 is for ever.
	// A batch and a file take as long as they take.
	Timeout time.Duration
	DryRun  bool
	Yes     bool // nothing is asked before requests that destroy something
	// InFlight is how many requests of a script are on the wire at once: 1 means
	// strictly one by one, 0 what the account says.
	InFlight int
	// Rate is how many requests of a script are sent a second: less than 0 is no
	// limit, 0 what the account says.
	Rate      float64
	KeepGoing bool
	Args      []string          // $args
	Vars      map[string]string // --set NAME=VALUE
	Getenv    func(string) (string, bool)
	Rand      io.Reader // of random_id
	// Now is the clock of dates such as now+2h; dates that name no zone are in
	// its zone. nil means time.Now.
	Now func() time.Time
	// Sandbox does what the words of the command sandbox say (sandbox.Command);
	// nil where the shell is connected to something else.
	Sandbox func(words []string) (string, error)
	// Knobs are the words that Sandbox knows.
	Knobs []Choice
	// Use is another account that can be had here, by its name; nil where there
	// is only one.
	Use func(name string) (Account, error)
	// Others are the names that Use knows, and who they are; nil where that is
	// not known.
	Others func() []Choice
	// Login is the account of a profile for `login` to sign in with, "" for the one
	// that is chosen; nil where nobody can sign in.
	Login func(profile string) (Account, error)
	// Profiles are the accounts that are kept; nil where none are.
	Profiles Profiles
	// Above prints a line that comes while nobody waits for it; nil means Err.
	Above func(line string)
	// News prints an update that came, or leaves it out when they come faster than
	// can be read; nil means Above.
	News func(line string)
	// Met is called when an update told of somebody new, from the connection's
	// goroutine; nil means that nobody wants to know.
	Met func()
	// Status shows what is going on, as a countdown, until something else is printed
	// or "" takes it away; nil where nothing can be taken away.
	Status func(text string)
}

// Shell runs lines for one account. It is used from one goroutine.
type Shell struct {
	cfg Config
	*account
	accounts []*account // all that were used, the first one first
	vars     map[string]tl.Value
	// histories are the histories opened so far, by their files.
	histories map[string]*history.History
	aliases   map[string]string
	line      string           // the one that ran last
	course    *tutorial.Course // nil while nobody takes it
	// failure is the first error of the server's in the line at hand.
	failure  string
	names    []string // of vars, in the order of first assignment
	results  results
	pager    PagerMode
	theme    Theme
	confirm  Confirm
	title    bool
	watching bool // a line runs again and again
	timing   bool
	readOnly bool
	zone     *time.Location // of dates without one; nil: the clock's
	granted  bool           // what destroys something may go, until the line ends
	leave    bool
	depth    int // of source within source
	tracing  *atomic.Bool
	watched  *watched // of updates: what is printed of them
	index    func() *search.Index
	uploads  map[int64]mediainfo.Info // what was uploaded, by the ids of the InputFiles
	sent     *sent                    // the request that left last, for copy
	flow     *pipeline                // of the script that runs; nil where lines run one by one
	out      []byte                   // what show holds back; it belongs to whoever judges results
	stream   render.Stream            // and so do the way of what is too long to hold,
	taker    patient                  // and who takes it
	// unwritten is the first error of writing to Out that was not told yet; it
	// belongs to whoever judges results, too.
	unwritten error
	placed    bool // what was told of the statement at hand has its place; theirs as well
}

// New makes a Shell. A value of --set that is no value of the language is kept
// as a string.
func New(cfg Config) *Shell {
	s := &Shell{cfg: cfg, vars: map[string]tl.Value{}, histories: map[string]*history.History{}, aliases: map[string]string{}, tracing: new(atomic.Bool), watched: new(watched), pager: PagerAuto, theme: ThemeAuto, confirm: ConfirmAuto, title: true}
	if cfg.Yes {
		s.confirm = ConfirmOff
	}
	s.index = newIndex(&s.cfg)
	s.become(newAccount(cfg.Account))
	s.accounts = []*account{s.account}
	if s.cfg.Now == nil {
		s.cfg.Now = time.Now
	}
	if s.cfg.Getenv == nil {
		s.cfg.Getenv = func(string) (string, bool) { return "", false }
	}
	args := make([]tl.Value, len(cfg.Args))
	for i, a := range cfg.Args {
		args[i] = tl.String(a)
	}
	s.vars["args"] = tl.VectorOf(cfg.Schema.TypeOf("string"), args...)
	for _, name := range slices.Sorted(maps.Keys(cfg.Vars)) {
		s.set(name, s.literal(cfg.Vars[name]))
	}
	return s
}

// Close ends the connections.
func (s *Shell) Close() error {
	var errs []error
	for _, a := range s.accounts {
		if a.conn != nil {
			errs = append(errs, a.conn.Close())
		}
	}
	return errors.Join(errs...)
}

// Leave reports that exit was called.
func (s *Shell) Leave() bool { return s.leave }

// Schema is the schema that lines are checked against.
func (s *Shell) Schema() *schema.Schema { return s.cfg.Schema }

// Peers is the cache of the people met so far.
func (s *Shell) Peers() *peers.Cache { return s.cache }

// Var is the value of $name (bind.Env): a variable, $_ the last result, or $1,
// $2 … the results of the session.
func (s *Shell) Var(name string) (tl.Value, bool) {
	if v, ok := s.vars[name]; ok {
		return v, true
	}
	if name == "update" {
		return s.watched.latest()
	}
	return s.results.get(name)
}

// Vars are the names of the variables, in the order of first assignment.
func (s *Shell) Vars() []string { return s.names }

// Getenv reads the environment (bind.Env).
func (s *Shell) Getenv(name string) (string, bool) { return s.cfg.Getenv(name) }

func (s *Shell) set(name string, v tl.Value) {
	if _, ok := s.vars[name]; !ok && name != "_" {
		s.names = append(s.names, name)
	}
	s.vars[name] = v
}

// result takes in what a request answered.
func (s *Shell) result(v tl.Value) {
	s.set("_", v)
	s.results.add(v)
	s.cache.Learn(v)
}

// Snapshot is what completion and highlighting need of a Shell at one moment.
// It stays as it is while the Shell runs lines, and is safe to ask meanwhile: it
// has copies, and nothing of the Shell itself.
type Snapshot struct {
	Spot    // what the prompt says of it
	cache   *peers.Cache
	vars    map[string]tl.Value
	names   []string
	results numbers
	now     map[string]string // the settings
	lines   map[string]string // the aliases

	getenv func(string) (string, bool)
	knobs  []Choice
	others func() []Choice
}

// Snapshot takes one.
func (s *Shell) Snapshot() *Snapshot {
	n := &Snapshot{
		Spot: s.Spot(), cache: s.cache, vars: make(map[string]tl.Value, len(s.vars)), names: slices.Clone(s.names), results: s.results.numbers(),
		now: s.settingValues(), lines: maps.Clone(s.aliases), getenv: s.cfg.Getenv, knobs: s.cfg.Knobs, others: s.cfg.Others,
	}
	for k, v := range s.vars {
		n.vars[k] = v
	}
	for i, v := range s.results.kept {
		n.vars[strconv.Itoa(s.results.first()+i)] = v
	}
	return n
}

// Var is the value that $name had.
func (n *Snapshot) Var(name string) (tl.Value, bool) { v, ok := n.vars[name]; return v, ok }

// Absent says why there was no $name (bind.Absence).
func (n *Snapshot) Absent(name string) (msg, fix string) { return n.results.absent(name) }

// Getenv reads the environment (bind.Env).
func (n *Snapshot) Getenv(name string) (string, bool) { return n.getenv(name) }

// Alias is the line that a name stood for (bind.Aliases).
func (n *Snapshot) Alias(name string) (line string, ok bool) {
	line, ok = n.lines[name]
	return line, ok
}

// Vars are the names of the variables there were.
func (n *Snapshot) Vars() []string { return n.names }
