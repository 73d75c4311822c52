package sandbox

import (
	"slices"

	"tlsh/tl"
)

// qrArea is signing in by a token, which one client shows as a QR code and
// another accepts (https://core.telegram.org/api/qr-login).
func qrArea() area {
	return area{methods: map[string]method{
		"auth.acceptLoginToken": {handle: authAcceptLoginToken,
			errors: "AUTH_TOKEN_ALREADY_ACCEPTED AUTH_TOKEN_EXCEPTION AUTH_TOKEN_EXPIRED AUTH_TOKEN_INVALIDX"},
		"auth.exportLoginToken": {handle: authExportLoginToken, anyone: true,
			errors: "API_ID_INVALID NETWORK_MIGRATE SESSION_PASSWORD_NEEDED"},
		"auth.importLoginToken": {handle: authImportLoginToken, anyone: true,
			errors: "AUTH_TOKEN_ALREADY_ACCEPTED AUTH_TOKEN_EXPIRED AUTH_TOKEN_INVALID AUTH_TOKEN_INVALIDX SESSION_PASSWORD_NEEDED"},
	}}
}

// loginToken is one that a client shows.
type loginToken struct {
	bytes   string
	expires int32
	login   *login  // of that client
	except  []int64 // who must not accept it
	by      *person // who has; nil: nobody yet
	used    bool    // for signing in
}

// qrTime is how long a token can be accepted, qrKept how long it is known,
// in seconds.
const (
	qrTime = 30
	qrKept = 600
)

// loginToken finds a token that the request names; nil: there is none.
func (c *call) loginToken() *loginToken {
	i := slices.IndexFunc(c.s.tokens, func(t *loginToken) bool { return t.bytes == string(c.req.At("token").AsBytes()) })
	if i < 0 {
		return nil
	}
	return c.s.tokens[i]
}

// authExportLoginToken follows
// https://core.telegram.org/method/auth.exportLoginToken: a token, the same until
// its time is over, and once it is accepted what comes of it.
func authExportLoginToken(c *call) (tl.Value, error) {
	if c.req.At("api_id").AsInt() <= 0 {
		return tl.Value{}, bad("API_ID_INVALID")
	}
	l := c.session.login
	if c.me != nil {
		return c.tokenSuccess(c.new("auth.authorization").With("user", c.user(c.me)).Value()), nil
	}
	if err := c.fromHere(); err != nil {
		return tl.Value{}, err
	}
	t := l.token
	if t != nil && t.by != nil {
		return c.tokenGives(t)
	}
	if t == nil || t.expires <= c.now {
		b, err := c.random(32)
		if err != nil {
			return tl.Value{}, err
		}
		t = &loginToken{bytes: string(b), expires: c.now + qrTime, login: l}
		l.token = t
		c.s.tokens = append(slices.DeleteFunc(c.s.tokens, func(t *loginToken) bool { return t.expires+qrKept < c.now }), t)
	}
	t.except = nil
	for _, v := range c.req.At("except_ids").Vector().Items {
		t.except = append(t.except, v.AsLong())
	}
	return c.new("auth.loginToken").With("expires", tl.Int(t.expires)).With("token", tl.Bytes([]byte(t.bytes))).Value(), nil
}

func (c *call) tokenSuccess(authorization tl.Value) tl.Value {
	return c.new("auth.loginTokenSuccess").With("authorization", authorization).Value()
}

// tokenGives is what comes of a token that was accepted: who has is signed in,
// or the client is sent to their data centre.
func (c *call) tokenGives(t *loginToken) (tl.Value, error) {
	if home := c.homeOf(t.by); home != c.session.login.dc {
		return c.new("auth.loginTokenMigrateTo").With("dc_id", tl.Int(int32(home))).With("token", tl.Bytes([]byte(t.bytes))).Value(), nil
	}
	t.used, t.login.token = true, nil
	authorization, err := c.authorize(t.by)
	if err != nil {
		return tl.Value{}, err
	}
	return c.tokenSuccess(authorization), nil
}

// authImportLoginToken follows
// https://core.telegram.org/method/auth.importLoginToken, in the data centre to
// which auth.loginTokenMigrateTo has sent the client.
func authImportLoginToken(c *call) (tl.Value, error) {
	t := c.loginToken()
	switch {
	case t == nil:
		return tl.Value{}, bad("AUTH_TOKEN_INVALIDX")
	case t.used:
		return tl.Value{}, bad("AUTH_TOKEN_ALREADY_ACCEPTED")
	case t.by == nil && t.expires <= c.now:
		return tl.Value{}, bad("AUTH_TOKEN_EXPIRED")
	case t.by == nil:
		return tl.Value{}, bad("AUTH_TOKEN_INVALID")
	}
	return c.tokenGives(t)
}

// authAcceptLoginToken follows
// https://core.telegram.org/method/auth.acceptLoginToken. The client that shows
// the token is told by updateLoginToken.
func authAcceptLoginToken(c *call) (tl.Value, error) {
	t := c.loginToken()
	switch {
	case t == nil:
		return tl.Value{}, bad("AUTH_TOKEN_INVALIDX")
	case t.by != nil:
		return tl.Value{}, bad("AUTH_TOKEN_ALREADY_ACCEPTED")
	case t.expires <= c.now:
		return tl.Value{}, bad("AUTH_TOKEN_EXPIRED")
	case slices.Contains(t.except, c.me.id):
		return tl.Value{}, bad("AUTH_TOKEN_EXCEPTION")
	}
	t.by = c.me
	t.login.created, t.login.active, t.login.hash = c.now, c.now, c.serialHash()
	c.sendTo(t.login, transient, &parcel{make: func() *tl.Object {
		return c.new("updateShort").With("update", c.new("updateLoginToken").Value()).With("date", tl.Int(c.now))
	}})
	return c.authorization(t.login), nil
}
