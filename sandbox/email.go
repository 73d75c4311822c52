package sandbox

import (
	"strings"
	"unicode/utf8"

	"tlsh/syntax"
	"tlsh/tl"
)

// emailArea is signing in by e-mail
// (https://core.telegram.org/api/auth#email-verification).
func emailArea() area {
	return area{
		methods: map[string]method{
			"account.sendVerifyEmailCode": {handle: accountSendVerifyEmailCode, anyone: true,
				errors: "AUTH_KEY_UNREGISTERED EMAIL_INVALID EMAIL_NOT_ALLOWED EMAIL_NOT_SETUP PHONE_HASH_EXPIRED"},
			"account.verifyEmail": {handle: accountVerifyEmail, anyone: true,
				errors: "CODE_INVALID EMAIL_NOT_ALLOWED EMAIL_VERIFY_EXPIRED PHONE_CODE_EXPIRED"},
			"auth.resetLoginEmail": {handle: authResetLoginEmail, anyone: true,
				errors: "EMAIL_INSTALL_MISSING PHONE_CODE_EXPIRED PHONE_NUMBER_INVALID TASK_ALREADY_EXISTS"},
		},
		words: map[string]func(*arguments){"email": emailWord},
		save: func(s *saver) {
			for _, p := range s.people {
				switch {
				case p.email != "":
					s.line("email %s %s", s.ref(p.peer), syntax.Quote(p.email))
				case p.emailWanted:
					s.line("email %s wanted", s.ref(p.peer))
				}
			}
		},
	}
}

// mail is a code that has gone to an e-mail address, and for what.
type mail struct {
	email string
	until int32
	sent  *sentCode // of the sign-in for which it was wanted
	owner *person   // whose login e-mail it shall be; nil: it is only verified
}

func isEmail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(s, " \t\r\n") &&
		!strings.Contains(host, "@") && len(s) <= 254 && utf8.ValidString(s)
}

// pattern is what is shown of an e-mail address to who has not proved to know it.
func pattern(email string) string {
	name, host, _ := strings.Cut(email, "@")
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + "***@" + host
}

// accountSendVerifyEmailCode follows
// https://core.telegram.org/method/account.sendVerifyEmailCode. An address can be
// the login e-mail of one account.
func accountSendVerifyEmailCode(c *call) (tl.Value, error) {
	purpose, m := c.req.At("purpose").Object(), &mail{email: c.req.At("email").AsString(), until: c.now + emailTime}
	switch {
	case purpose.Is("emailVerifyPurposeLoginSetup"):
		m.sent = c.session.login.sent
		if m.sent == nil || m.sent.hash != purpose.At("phone_code_hash").AsString() || m.sent.phone != digits(purpose.At("phone_number").AsString()) {
			return tl.Value{}, bad("PHONE_HASH_EXPIRED")
		}
		m.owner = c.phoned(m.sent.phone)
	case c.me == nil:
		return tl.Value{}, errUnregistered
	case purpose.Is("emailVerifyPurposeLoginChange"):
		if c.me.email == "" {
			return tl.Value{}, bad("EMAIL_NOT_SETUP")
		}
		m.owner = c.me
	}
	if !isEmail(m.email) {
		return tl.Value{}, bad("EMAIL_INVALID")
	}
	for _, p := range c.people {
		if m.owner != nil && p != m.owner && strings.EqualFold(p.email, m.email) {
			return tl.Value{}, bad("EMAIL_NOT_ALLOWED")
		}
	}
	c.session.login.mail = m
	return c.new("account.sentEmailCode").With("email_pattern", tl.String(pattern(m.email))).
		With("length", tl.Int(int32(len(emailCode(c.session.login.dc))))).Value(), nil
}

// accountVerifyEmail follows https://core.telegram.org/method/account.verifyEmail.
// Of Apple and Google nobody here can tell anything: EMAIL_NOT_ALLOWED.
func accountVerifyEmail(c *call) (tl.Value, error) {
	m, given := c.session.login.mail, c.req.At("verification").Object()
	switch {
	case m == nil || c.now > m.until:
		return tl.Value{}, bad("EMAIL_VERIFY_EXPIRED")
	case !given.Is("emailVerificationCode"):
		return tl.Value{}, bad("EMAIL_NOT_ALLOWED")
	case given.At("code").AsString() != emailCode(c.session.login.dc):
		return tl.Value{}, bad("CODE_INVALID")
	case m.sent != nil && (m.sent != c.session.login.sent || c.now-m.sent.at > codeTime):
		return tl.Value{}, bad("PHONE_CODE_EXPIRED")
	}
	c.session.login.mail = nil
	if m.owner != nil {
		m.owner.email, m.owner.emailWanted, m.owner.emailReset = m.email, false, 0
	}
	if m.sent == nil {
		return c.new("account.emailVerified").With("email", tl.String(m.email)).Value(), nil
	}
	m.sent.way, m.sent.email, m.sent.at = byEmail, m.email, c.now
	return c.new("account.emailVerifiedLogin").With("email", tl.String(m.email)).With("sent_code", c.told(m.sent)).Value(), nil
}

// resetEmail takes away a login e-mail whose reset is due.
func (c *call) resetEmail(p *person) {
	if p.emailReset != 0 && p.emailReset <= c.now {
		p.email, p.emailReset = "", 0
	}
}

// authResetLoginEmail follows
// https://core.telegram.org/method/auth.resetLoginEmail: the address goes at once
// for who is premium, else in a week, and then the code comes by SMS.
func authResetLoginEmail(c *call) (tl.Value, error) {
	sent, err := c.sentTo(c.session.login.sent)
	if err == errPhone {
		return tl.Value{}, bad("PHONE_NUMBER_INVALID")
	} else if err != nil {
		return tl.Value{}, err
	}
	p := c.phoned(sent.phone)
	if p == nil || p.email == "" || sent.way != byEmail {
		return tl.Value{}, bad("EMAIL_INSTALL_MISSING")
	}
	switch {
	case p.def.At("premium").AsBool():
		p.emailReset = c.now
	case p.emailReset > c.now:
		return tl.Value{}, bad("TASK_ALREADY_EXISTS")
	case p.emailReset == 0:
		p.emailReset = c.now + resetWait
	}
	if c.resetEmail(p); p.email == "" {
		sent.way, sent.email, sent.at = bySMS, "", c.now
	}
	return c.told(sent), nil
}

// emailWord reads `email PERSON "ADDRESS"` and `email PERSON wanted`.
func emailWord(a *arguments) {
	p := a.person()
	if len(a.rest) > 0 && syntax.Text(a.rest[0].Value) == "wanted" {
		a.rest = a.rest[1:]
		if !a.bad {
			p.emailWanted = true
		}
		return
	}
	if address := a.email(); !a.bad {
		p.email = address
	}
}

// email reads an address.
func (a *arguments) email() string {
	s, n := a.text("an e-mail address")
	if !a.bad && !isEmail(s) {
		a.failAt(n, "want an e-mail address, as sam@example.org")
		a.bad = true
	}
	return s
}
