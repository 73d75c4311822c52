package sandbox

import (
	"cmp"
	"slices"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// sessionsArea is what somebody's authorizations are, and ending them
// (https://core.telegram.org/api/auth#managing-sessions).
func sessionsArea() area {
	return area{methods: map[string]method{
		"account.changeAuthorizationSettings": {handle: accountChangeAuthorizationSettings,
			heeds: "confirmed encrypted_requests_disabled call_requests_disabled", errors: "HASH_INVALID"},
		"account.getAuthorizations":      {handle: accountGetAuthorizations},
		"account.getWebAuthorizations":   {handle: accountGetWebAuthorizations},
		"account.resetAuthorization":     {handle: accountResetAuthorization, errors: "FRESH_RESET_AUTHORISATION_FORBIDDEN HASH_INVALID"},
		"account.resetWebAuthorizations": {handle: accountResetWebAuthorizations},
		"account.setAuthorizationTTL":    {handle: accountSetAuthorizationTTL, errors: "FRESH_RESET_AUTHORISATION_FORBIDDEN TTL_DAYS_INVALID"},
		"auth.dropTempAuthKeys":          {handle: authDropTempAuthKeys, anywhere: true},
		"auth.resetAuthorizations":       {handle: authResetAuthorizations, errors: "FRESH_RESET_AUTHORISATION_FORBIDDEN"},
	}}
}

// defaultSessionDays is after how many days an authorization ends that is not
// used, unless account.setAuthorizationTTL says otherwise.
const defaultSessionDays = 183

// day is one, in seconds.
const day = 24 * 3600

// fresh refuses a session that is too young to end others.
func (c *call) fresh() error {
	if c.now-c.session.login.created < day {
		return tgerr.New(406, "FRESH_RESET_AUTHORISATION_FORBIDDEN")
	}
	return nil
}

// authorizations are the caller's, the present one first and then the oldest
// first, and those that wait for the caller's password. What was carried to
// another data centre belongs to what it came from.
func (c *call) authorizations() []*login {
	var list []*login
	for _, l := range c.s.logins {
		if (l.person == c.me && l.parent == nil || l.pending == c.me) && !slices.Contains(list, l) { // a temporary key has that of its lasting one
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b *login) int {
		switch c.session.login {
		case a:
			return -1
		case b:
			return 1
		}
		return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.hash, b.hash))
	})
	return list
}

// byHash is one of the others; nil: there is none. The present one is 0.
func (c *call) byHash(hash int64) *login {
	for _, l := range c.authorizations() {
		if l.hash == hash && l != c.session.login {
			return l
		}
	}
	return nil
}

// accountGetAuthorizations follows
// https://core.telegram.org/method/account.getAuthorizations.
func accountGetAuthorizations(c *call) (tl.Value, error) {
	var items []tl.Value
	for _, l := range c.authorizations() {
		items = append(items, c.authorization(l))
	}
	return c.new("account.authorizations").With("authorization_ttl_days", tl.Int(c.me.sessionDays())).
		With("authorizations", c.vector("Authorization", items)).Value(), nil
}

func (p *person) sessionDays() int32 {
	if p.ttlDays == 0 {
		return defaultSessionDays
	}
	return p.ttlDays
}

// idle ends an authorization that was not used for too long.
func (l *login) idle(now int32) {
	if p := l.person; p != nil && p.ttlDays != 0 && int64(now)-int64(l.active) > int64(p.ttlDays)*day {
		l.signOut(nil)
	}
}

// accountSetAuthorizationTTL follows
// https://core.telegram.org/method/account.setAuthorizationTTL.
func accountSetAuthorizationTTL(c *call) (tl.Value, error) {
	days := c.req.At("authorization_ttl_days").AsInt()
	if days < 1 || days > 366 {
		return tl.Value{}, bad("TTL_DAYS_INVALID")
	}
	if err := c.fresh(); err != nil {
		return tl.Value{}, err
	}
	c.me.ttlDays = days
	return tl.Bool(true), nil
}

// accountChangeAuthorizationSettings follows
// https://core.telegram.org/method/account.changeAuthorizationSettings.
func accountChangeAuthorizationSettings(c *call) (tl.Value, error) {
	l := c.session.login
	if hash := c.req.At("hash").AsLong(); hash != 0 {
		l = c.byHash(hash)
	}
	if l == nil {
		return tl.Value{}, bad("HASH_INVALID")
	}
	if c.req.At("confirmed").AsBool() && l.unconfirmed {
		l.unconfirmed = false
		c.whisper(c.me, func(v viewer) *tl.Object { return v.new("updateNewAuthorization").With("hash", tl.Long(l.hash)) })
	}
	if v := c.req.At("encrypted_requests_disabled"); !v.IsNone() {
		l.settings.noSecretChats = v.AsBool()
	}
	if v := c.req.At("call_requests_disabled"); !v.IsNone() {
		l.settings.noCalls = v.AsBool()
	}
	return tl.Bool(true), nil
}

// accountResetAuthorization follows
// https://core.telegram.org/method/account.resetAuthorization.
func accountResetAuthorization(c *call) (tl.Value, error) {
	l := c.byHash(c.req.At("hash").AsLong())
	if l == nil {
		return tl.Value{}, bad("HASH_INVALID")
	}
	if err := c.fresh(); err != nil {
		return tl.Value{}, err
	}
	l.signOut(errRevoked)
	return tl.Bool(true), nil
}

// authResetAuthorizations follows
// https://core.telegram.org/method/auth.resetAuthorizations.
func authResetAuthorizations(c *call) (tl.Value, error) {
	if err := c.fresh(); err != nil {
		return tl.Value{}, err
	}
	for _, l := range c.authorizations() {
		if l != c.session.login {
			l.signOut(errRevoked)
		}
	}
	return tl.Bool(true), nil
}

// authDropTempAuthKeys follows
// https://core.telegram.org/method/auth.dropTempAuthKeys: the server knows the
// other temporary keys of the caller's lasting one no more.
func authDropTempAuthKeys(c *call) (tl.Value, error) {
	keep := map[int64]bool{c.id.key: true}
	for _, v := range c.req.At("except_auth_keys").Vector().Items {
		keep[v.AsLong()] = true
	}
	lasting := c.id.key
	if b, ok := c.s.bound[lasting]; ok {
		lasting = b.lasting
	}
	for id, b := range c.s.bound {
		if b.lasting == lasting && !keep[id] {
			delete(c.s.bound, id)
			delete(c.s.logins, id)
			c.s.dropKey(id)
		}
	}
	return tl.Bool(true), nil
}

// dropKey makes the sandbox know an auth key no more. mu is held.
func (s *Sandbox) dropKey(id int64) {
	s.keys.remove(id)
	for h := range s.hosts {
		h.server.DropKey(id)
	}
}

// accountGetWebAuthorizations follows
// https://core.telegram.org/method/account.getWebAuthorizations. There is no web
// here where anybody could be signed in.
func accountGetWebAuthorizations(c *call) (tl.Value, error) {
	return c.new("account.webAuthorizations").With("authorizations", c.vector("WebAuthorization", nil)).
		With("users", c.vector("User", nil)).Value(), nil
}

// accountResetWebAuthorizations follows
// https://core.telegram.org/method/account.resetWebAuthorizations.
func accountResetWebAuthorizations(*call) (tl.Value, error) { return tl.Bool(true), nil }
