package sandbox

import (
	"encoding/binary"
	"io"
	"slices"

	"github.com/gotd/td/tgerr"

	"tlsh/srp"
	"tlsh/tl"
)

// login is what the sandbox knows of an auth key: an authorization, once
// somebody has signed in with it (https://core.telegram.org/api/auth).
type login struct {
	dc       int     // the data centre that the key was made with
	person   *person // nil: not signed in
	layer    int     // of the last initConnection; 0: none yet
	app      app     // that it named
	sessions []*session
	listens  bool  // one of its sessions has asked for updates
	seq      int32 // of the latest container without pts that it was told

	hash        int64 // names it in account.getAuthorizations
	created     int32
	active      int32        // when its latest request came
	parent      *login       // that exported it from another data centre; nil: signed in by itself
	gone        *tgerr.Error // what requests get that need somebody signed in; nil: AUTH_KEY_UNREGISTERED
	barred      *tgerr.Error // what every request gets; nil: nothing bars it
	settings    authSettings
	unconfirmed bool      // nobody has confirmed that it is the owner who signed in
	change      *sentCode // for another phone number
	takeout     int64     // the takeout session that goes on; 0: none

	sent    *sentCode
	pending *person // who has proved everything but the password

	group     srp.Params // with the salts of the next password, from account.getPassword
	challenge *challenge // about the present one, from the latest
	recoverBy int32      // until when a code to recover the password is good
	mail      *mail
	token     *loginToken
}

// app is what a client says of itself in initConnection.
type app struct {
	apiID                         int32
	device, system, version, lang string
}

// authSettings are those of account.changeAuthorizationSettings.
type authSettings struct{ noSecretChats, noCalls bool }

// session is a client's session. It gets updates from its first request on
// that is not wrapped in invokeWithoutUpdates
// (https://core.telegram.org/api/invoking).
type session struct {
	carrier carrier
	login   *login
	listed  bool
	updates bool
	// forgotten by the server: its carrier may still be live, but another session
	// has its id.
	forgotten bool
}

// carrier is what the sandbox needs of a [mtproto.ServerSession].
type carrier interface {
	Live() bool
	Send(body []byte) bool
}

// signIn makes the login a person's.
func (l *login) signIn(p *person) {
	l.signOut(nil)
	l.person, l.pending, l.gone, l.challenge = p, nil, nil, nil
	p.logins = append(p.logins, l)
}

// signOut ends it, with what it exported to other data centres. gone is what
// requests get from now on that need somebody signed in, nil the usual error.
func (l *login) signOut(gone *tgerr.Error) {
	if p := l.person; p != nil {
		p.logins = slices.DeleteFunc(p.logins, func(x *login) bool { return x == l })
		for _, x := range slices.Clone(p.logins) {
			if x.parent == l {
				x.signOut(gone)
			}
		}
	}
	l.person, l.pending, l.parent, l.challenge, l.gone = nil, nil, nil, nil, gone
}

// errPassword is what who has signed in but for the password gets
// (https://core.telegram.org/api/srp).
var errPassword = tgerr.New(401, "SESSION_PASSWORD_NEEDED")

// errUnregistered is what who is not signed in gets.
var errUnregistered = tgerr.New(401, "AUTH_KEY_UNREGISTERED")

// errRevoked is what the requests of a session get that another one has ended.
var errRevoked = tgerr.New(401, "SESSION_REVOKED")

// settled is how long a session has lasted that was there before the sandbox
// began, in seconds: it may end others.
const settled = 30 * 24 * 3600

// login is what is known of the auth key with that id. One that an exchange
// made begins as Config.SignInAll says.
func (s *Sandbox) login(keyID int64) *login {
	l := s.logins[keyID]
	if l == nil {
		_, dc := s.keys.find(keyID)
		l = &login{dc: dc}
		s.logins[keyID] = l
		if s.cfg.SignInAll != "" && l.dc != cdnDC {
			if p, err := s.world.lookup(s.cfg.SignInAll); err == nil {
				s.seated(l, p)
			}
		}
	}
	return l
}

// seated signs somebody in who has been for long.
func (s *Sandbox) seated(l *login, p *person) {
	l.signIn(p)
	l.active = int32(s.cfg.Now().Unix())
	l.created = l.active - settled
	l.hash = s.world.serialHash()
}

// serialHash is a number that is nobody else's and not 0.
func (w *world) serialHash() int64 { return w.serialID() | 1 }

// enter signs a person in by the caller's key, and tells their other sessions
// (https://core.telegram.org/api/auth#confirming-login).
func (c *call) signedIn(p *person) tl.Value {
	l := c.session.login
	l.signIn(p)
	l.created, l.active, l.hash, l.unconfirmed = c.now, c.now, c.serialHash(), true
	c.whisperNew(p, l)
	return c.new("auth.authorization").With("user", viewer{c.world, p}.user(p)).Value()
}

func (c *call) whisperNew(p *person, l *login) {
	c.whisper(p, func(v viewer) *tl.Object {
		return v.new("updateNewAuthorization").With("hash", tl.Long(l.hash)).With("unconfirmed", tl.Bool(true)).
			With("date", tl.Int(l.created)).With("device", tl.String(l.app.device)).With("location", tl.String("this machine"))
	})
}

// named takes what initConnection says of a client.
func (a *app) named(o *tl.Object) {
	*a = app{o.At("api_id").AsInt(), o.At("device_model").AsString(), o.At("system_version").AsString(),
		o.At("app_version").AsString(), o.At("lang_code").AsString()}
}

// authorization is a login as its owner sees it.
func (c *call) authorization(l *login) tl.Value {
	o := c.new("authorization").With("current", tl.Bool(l == c.session.login)).With("password_pending", tl.Bool(l.pending != nil)).
		With("unconfirmed", tl.Bool(l.unconfirmed)).
		With("encrypted_requests_disabled", tl.Bool(l.settings.noSecretChats)).With("call_requests_disabled", tl.Bool(l.settings.noCalls)).
		With("hash", tl.Long(l.hash)).With("device_model", tl.String(l.app.device)).With("platform", tl.String("")).
		With("system_version", tl.String(l.app.system)).With("api_id", tl.Int(l.app.apiID)).With("app_name", tl.String("")).
		With("app_version", tl.String(l.app.version)).With("date_created", tl.Int(l.created)).With("date_active", tl.Int(l.active)).
		With("ip", tl.String("127.0.0.1")).With("country", tl.String("")).With("region", tl.String(""))
	if l == c.session.login {
		// https://core.telegram.org/constructor/authorization: that of the present one is 0.
		o.With("hash", tl.Long(0))
	}
	return o.Value()
}

// random reads that many bytes.
func (c *call) random(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(c.s.cfg.Rand, b)
	return b, err
}

// randomLong is a random number that is not 0.
func (c *call) randomLong() (int64, error) {
	b, err := c.random(8)
	return int64(binary.LittleEndian.Uint64(append(b, make([]byte, 8)...)) | 1), err
}
