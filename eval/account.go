package eval

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"tlsh/peers"
	"tlsh/profile"
	"tlsh/render"
)

// Account is who a Shell is, and where.
type Account struct {
	Name  string // as `use` takes it; "" for the one that the Shell begins with
	Place Place  // what kind of place it is in
	// History is the file of its profile's history; "" keeps none.
	History string
	Where   string // in full, for whoami and the banner
	// Short is the same for the prompt: the profile, the sandbox, a server.
	Short string
	DC    int // the data centre where it is at home; 0 where that is not known
	// Self is who that is, as @sam, for the banner; nil where Where says it.
	Self func() string
	// Connect opens the connection; it is called when a request first needs it,
	// and again after it was lost.
	Connect func(ctx context.Context, hooks Hooks) (Conn, error)
	// Peers are the people it knows; nil: nobody yet. Access hashes are for one
	// account alone, so no two share a Cache.
	Peers *peers.Cache
	// KeyLost is what to do when the server does not know the account's key; "" is
	// nothing. A key is never replaced by itself: whoever sits on the line can
	// claim that it is not known.
	KeyLost string
	// Profile is what is kept of the account; nil where nothing is but Peers.
	Profile *profile.Profile
	// InFlight and Rate bound what a script sends, where Config's do not: how many
	// requests are on the wire at once, and how many are sent a second. 0 is one by
	// one, and no limit.
	InFlight int
	Rate     float64
}

// account is an Account at work. Those that were left with `use` stay
// connected, and what comes for them is kept.
type account struct {
	Account
	conn  Conn
	cache *peers.Cache
	lost  *atomic.Bool // the connection was lost, and that was told
	news  *news
	// listening is the connection on which updates were asked for.
	listening Conn
	nobody    bool // after logout, where nothing is kept of who it was
}

func newAccount(a Account) *account {
	cache := a.Peers
	if cache == nil {
		cache = peers.NewCache()
	}
	return &account{Account: a, cache: cache, lost: new(atomic.Bool), news: newNews()}
}

// connection gives the account's connection, opening it when there is none.
func (s *Shell) connection(ctx context.Context) (Conn, error) {
	a := s.account
	if s.cfg.DryRun {
		return nil, errNowhere
	}
	if a.conn != nil {
		select {
		case <-a.conn.Done():
			_ = a.conn.Close()
			a.conn = nil
		default:
			return a.conn, nil
		}
	}
	if err := a.signedIn(); err != nil {
		return nil, err
	}
	c, err := a.Connect(ctx, s.hooks(a))
	if err != nil {
		return nil, err
	}
	a.conn = c
	return c, nil
}

// SignInError tells that nobody is signed in where that is needed: status 4.
type SignInError struct{ Msg string }

// Error is what is wrong, and what to do.
func (e *SignInError) Error() string { return e.Msg }

// signedIn refuses to connect to Telegram for nobody.
func (a *account) signedIn() error {
	if a.Profile == nil || a.Place != PlaceTelegram && a.Place != PlaceTest {
		return nil
	}
	name := a.Profile.Name
	if a.Profile.Exists() {
		kept, err := a.Profile.Account()
		if err != nil || kept.In() {
			return err
		}
		if !kept.SignedOut.IsZero() {
			return &SignInError{fmt.Sprintf("profile %q is signed out since %s: login signs in again", name, kept.SignedOut.Format(time.DateTime))}
		}
	}
	return &SignInError{fmt.Sprintf("profile %q is not signed in: login does that", name)}
}

// NeedsLogin reports that nobody is signed in where somebody has to be.
func (s *Shell) NeedsLogin() bool {
	var nobody *SignInError
	return errors.As(s.account.signedIn(), &nobody)
}

// inFlight is how many requests of a script are on the wire at once.
func (s *Shell) inFlight() int {
	if s.cfg.InFlight != 0 {
		return s.cfg.InFlight
	}
	return s.account.InFlight
}

// rate is how many requests of a script are sent a second; 0 is no limit.
func (s *Shell) rate() float64 {
	if s.cfg.Rate != 0 {
		return max(s.cfg.Rate, 0)
	}
	return s.account.Rate
}

// become makes the account the one that lines are run for.
func (s *Shell) become(a *account) {
	s.account = a
	s.cfg.View.Names = a.cache.Name
	a.cache.OnError(func(err error) {
		s.above(render.Escape(err.Error()) + "; who is met from now on is not kept")
	})
}

// Where says where the shell is connected, and as whom, in full and short.
func (s *Shell) Where() (where, short string) { return s.account.Where, s.account.Short }
