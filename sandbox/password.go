package sandbox

import (
	"bytes"
	"encoding/hex"

	"tlsh/dh"
	"tlsh/srp"
	"tlsh/syntax"
	"tlsh/tl"
)

// passwordArea is two-step passwords (https://core.telegram.org/api/srp).
func passwordArea() area {
	return area{
		methods: map[string]method{
			"account.getPassword": {handle: accountGetPassword, pending: true},
			"account.getPasswordSettings": {handle: accountGetPasswordSettings,
				errors: passwordErrors},
			"account.updatePasswordSettings": {handle: accountUpdatePasswordSettings,
				errors: "EMAIL_INVALID EMAIL_UNCONFIRMED NEW_SALT_INVALID NEW_SETTINGS_EMPTY NEW_SETTINGS_INVALID " + passwordErrors},
			"auth.checkPassword": {handle: authCheckPassword, pending: true,
				errors: passwordErrors},
		},
		words: map[string]func(*arguments){"password": passwordWord, "verifier": verifierWord},
		save:  (*saver).passwords,
	}
}

// passwordErrors are what call.checkPassword gives.
const passwordErrors = "PASSWORD_HASH_INVALID SRP_ID_INVALID SRP_PASSWORD_CHANGED"

// secret is a two-step password: what a server keeps of it. It is replaced,
// never changed.
type secret struct {
	text     string // of a fixture, from which the rest is made when it is first wanted
	algo     srp.Params
	verifier []byte
	hint     string
	email    string // by which it can be recovered; "": by none
}

// challenge is what was asked of a client about a password.
type challenge struct {
	*srp.Challenge
	id int64
	of *secret
}

// owner is who the caller is, or will be once they have given their password.
func (c *call) owner() *person {
	if c.me != nil {
		return c.me
	}
	return c.session.login.pending
}

// group is the algorithm with the salts of a new password: 8 and 16 bytes, to
// the first of which the client appends.
func (c *call) group() (srp.Params, error) {
	salts, err := c.random(24)
	return srp.Params{Salt1: salts[:8:8], Salt2: salts[8:], G: dh.G, P: dh.Prime().Bytes()}, err
}

// derive makes a fixture's password into what a server keeps of it. That takes
// as long as it takes everybody who tries one.
func (c *call) derive(s *secret) error {
	if s.verifier != nil {
		return nil
	}
	group, err := c.group()
	if err == nil {
		s.algo, s.verifier, err = group.Renew(c.s.cfg.Rand, []byte(s.text))
	}
	return err
}

func (c *call) kdf(p srp.Params) tl.Value {
	return c.new("passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow").With("salt1", tl.Bytes(p.Salt1)).
		With("salt2", tl.Bytes(p.Salt2)).With("g", tl.Int(int32(p.G))).With("p", tl.Bytes(p.P)).Value()
}

// accountGetPassword follows
// https://core.telegram.org/method/account.getPassword.
func accountGetPassword(c *call) (tl.Value, error) {
	p, l := c.owner(), c.session.login
	c.resetDue(p)
	if len(l.group.Salt1) == 0 {
		var err error
		if l.group, err = c.group(); err != nil {
			return tl.Value{}, err
		}
	}
	random, err := c.random(256)
	if err != nil {
		return tl.Value{}, err
	}
	o := c.new("account.password").With("new_algo", c.kdf(l.group)).With("secure_random", tl.Bytes(random)).
		With("new_secure_algo", c.new("securePasswordKdfAlgoPBKDF2HMACSHA512iter100000").With("salt", tl.Bytes(random[:8:8])).Value())
	if p.unconfirmed != nil {
		o.With("email_unconfirmed_pattern", tl.String(pattern(p.unconfirmed.email)))
	}
	if p.email != "" {
		o.With("login_email_pattern", tl.String(pattern(p.email)))
	}
	s := p.secret
	if s == nil {
		return o.Value(), nil
	}
	if err := c.derive(s); err != nil {
		return tl.Value{}, err
	}
	asked, err := s.algo.Challenge(c.s.cfg.Rand, s.verifier)
	if err != nil {
		return tl.Value{}, err
	}
	l.challenge = &challenge{Challenge: asked, of: s}
	if l.challenge.id, err = c.randomLong(); err != nil {
		return tl.Value{}, err
	}
	o.With("has_password", tl.Bool(true)).With("has_recovery", tl.Bool(s.email != "")).With("current_algo", c.kdf(s.algo)).
		With("srp_B", tl.Bytes(asked.B())).With("srp_id", tl.Long(l.challenge.id))
	if s.hint != "" {
		o.With("hint", tl.String(s.hint))
	}
	if p.resetAt != 0 {
		o.With("pending_reset_date", tl.Int(p.resetAt))
	}
	return o.Value(), nil
}

// checkPassword examines an InputCheckPasswordSRP for p's password: a challenge
// of account.getPassword is good for one answer.
func (c *call) checkPassword(p *person, v tl.Value) error {
	o, l := v.Object(), c.session.login
	switch {
	case o.Is("inputCheckPasswordEmpty") && p.secret == nil:
		return nil
	case o.Is("inputCheckPasswordEmpty"):
		return bad("PASSWORD_HASH_INVALID")
	case l.challenge == nil || l.challenge.id != o.At("srp_id").AsLong():
		return bad("SRP_ID_INVALID")
	}
	asked := l.challenge
	l.challenge = nil
	switch {
	case asked.of != p.secret:
		return bad("SRP_PASSWORD_CHANGED")
	case !asked.Accepts(srp.Proof{A: o.At("A").AsBytes(), M1: o.At("M1").AsBytes()}):
		return bad("PASSWORD_HASH_INVALID")
	}
	return nil
}

// authCheckPassword follows https://core.telegram.org/method/auth.checkPassword.
func authCheckPassword(c *call) (tl.Value, error) {
	p := c.owner()
	if err := c.checkPassword(p, c.req.At("password")); err != nil {
		return tl.Value{}, err
	}
	if c.me != nil {
		return c.new("auth.authorization").With("user", c.user(c.me)).Value(), nil
	}
	return c.signedIn(p), nil
}

// accountGetPasswordSettings follows
// https://core.telegram.org/method/account.getPasswordSettings. Nobody keeps
// Telegram Passport documents here.
func accountGetPasswordSettings(c *call) (tl.Value, error) {
	if err := c.checkPassword(c.me, c.req.At("password")); err != nil {
		return tl.Value{}, err
	}
	o := c.new("account.passwordSettings")
	if s := c.me.secret; s != nil && s.email != "" {
		o.With("email", tl.String(s.email))
	}
	return o.Value(), nil
}

// accountUpdatePasswordSettings follows
// https://core.telegram.org/method/account.updatePasswordSettings. With a new
// recovery e-mail nothing holds before the code that went there is given to
// account.confirmPasswordEmail.
func accountUpdatePasswordSettings(c *call) (tl.Value, error) {
	p := c.me
	if err := c.checkPassword(p, c.req.At("password")); err != nil {
		return tl.Value{}, err
	}
	next, err := c.newSecret(p.secret, c.req.At("new_settings").Object())
	if err != nil {
		return tl.Value{}, err
	}
	had := ""
	if p.secret != nil {
		had = p.secret.email
	}
	if next != nil && next.email != "" && next.email != had {
		p.unconfirmed, p.confirmBy = next, c.now+emailTime
		return tl.Value{}, c.unconfirmed()
	}
	p.setSecret(next)
	c.session.login.group = srp.Params{}
	return tl.Bool(true), nil
}

// setSecret changes the password; what was under way for the one before ends.
func (p *person) setSecret(s *secret) {
	p.secret, p.unconfirmed, p.resetAt = s, nil, 0
	if s != nil {
		p.future = nil
	}
}

// newSecret is what account.passwordInputSettings makes of a password; nil:
// none. Errors: EMAIL_INVALID, NEW_SALT_INVALID, NEW_SETTINGS_EMPTY,
// NEW_SETTINGS_INVALID.
func (c *call) newSecret(had *secret, in *tl.Object) (*secret, error) {
	next := secret{}
	if had != nil {
		next = *had
	}
	algo, email := in.At("new_algo").Object(), in.At("email")
	switch {
	case !in.At("new_secure_settings").IsNone():
		return nil, notSimulated("new_secure_settings")
	case algo == nil && email.IsNone(), algo == nil && had == nil:
		return nil, bad("NEW_SETTINGS_EMPTY")
	case algo != nil && (algo.Is("passwordKdfAlgoUnknown") || len(in.At("new_password_hash").AsBytes()) == 0):
		if len(in.At("new_password_hash").AsBytes()) > 0 {
			return nil, bad("NEW_SETTINGS_INVALID")
		}
		return nil, nil
	case algo != nil:
		want := c.session.login.group
		got := srp.Params{Salt1: algo.At("salt1").AsBytes(), Salt2: algo.At("salt2").AsBytes(), G: int(algo.At("g").AsInt()), P: algo.At("p").AsBytes()}
		if len(want.Salt1) == 0 || !bytes.HasPrefix(got.Salt1, want.Salt1) || len(got.Salt1) < len(want.Salt1)+32 || !bytes.Equal(got.Salt2, want.Salt2) {
			return nil, bad("NEW_SALT_INVALID")
		}
		hash := in.At("new_password_hash").AsBytes()
		if got.G != want.G || !bytes.Equal(got.P, want.P) || got.CheckVerifier(hash) != nil {
			return nil, bad("NEW_SETTINGS_INVALID")
		}
		next = secret{algo: got, verifier: hash, hint: in.At("hint").AsString(), email: next.email}
	}
	if !email.IsNone() {
		if next.email = email.AsString(); next.email != "" && !isEmail(next.email) {
			return nil, bad("EMAIL_INVALID")
		}
	}
	return &next, nil
}

// passwordWord reads `password PERSON "TEXT" [hint "TEXT"] [email "ADDRESS"]`.
func passwordWord(a *arguments) {
	p := a.person()
	text, n := a.text("a password")
	if !a.bad && text == "" {
		a.failAt(n, "a password is not empty")
		a.bad = true
	}
	a.secret(p, &secret{text: text})
}

// verifierWord reads `verifier PERSON SALT1 SALT2 VERIFIER [hint …] [email …]`,
// a password that only its owner knows.
func verifierWord(a *arguments) {
	p := a.person()
	s := &secret{algo: srp.Params{G: dh.G, P: dh.Prime().Bytes()}}
	s.algo.Salt1, s.algo.Salt2, s.verifier = a.source().data, a.source().data, a.source().data
	if !a.bad && s.algo.CheckVerifier(s.verifier) != nil {
		a.fail("this is no verifier of a password")
		a.bad = true
	}
	a.secret(p, s)
}

// secret reads what both end with, and sets the password.
func (a *arguments) secret(p *person, s *secret) {
	for a.more() {
		word, n := a.text(`hint "TEXT" or email "ADDRESS"`)
		switch {
		case a.bad:
		case word == "hint":
			s.hint, _ = a.text("a hint")
		case word == "email":
			s.email = a.email()
		default:
			a.failAt(n, `want hint "TEXT" or email "ADDRESS"`)
			a.bad = true
		}
	}
	if !a.bad {
		p.secret = s
	}
}

func hexed(b []byte) string { return "hex:" + hex.EncodeToString(b) }

func (s *saver) passwords() {
	for _, p := range s.people {
		x := p.secret
		if x == nil {
			continue
		}
		if x.text != "" {
			s.buf = append(s.buf, "password "+s.ref(p.peer)+" "+syntax.Quote(x.text)...)
		} else {
			s.buf = append(s.buf, "verifier "+s.ref(p.peer)+" "+hexed(x.algo.Salt1)+" "+hexed(x.algo.Salt2)+" "+hexed(x.verifier)...)
		}
		if x.hint != "" {
			s.buf = append(s.buf, " hint "+syntax.Quote(x.hint)...)
		}
		if x.email != "" {
			s.buf = append(s.buf, " email "+syntax.Quote(x.email)...)
		}
		s.line("")
	}
}
