package sandbox

import (
	"encoding/hex"
	"io"
	"strconv"
	"strings"

	"tlsh/tl"
)

// accountArea is signing in and the account.
func accountArea() area {
	return area{methods: map[string]method{
		"auth.logOut": {handle: authLogOut},
		"auth.sendCode": {handle: authSendCode, anyone: true,
			errors: "API_ID_INVALID NETWORK_MIGRATE PHONE_MIGRATE PHONE_NUMBER_INVALID"},
		"auth.signIn": {handle: authSignIn, anyone: true, heeds: "phone_code",
			errors: "PHONE_CODE_EMPTY PHONE_CODE_EXPIRED PHONE_CODE_INVALID PHONE_NUMBER_INVALID PHONE_NUMBER_UNOCCUPIED"},
	}}
}

// sentCode is a login code on its way.
type sentCode struct {
	phone, hash string
	at          int32
}

// codeTime is how long a login code can be used, in seconds.
const codeTime = 300

// LoginCode is the code with which other clients sign in as any of the people,
// after auth.sendCode to the person's phone number: the data centre's number five
// times, as on Telegram's test servers
// (https://core.telegram.org/api/auth#test-accounts). It is no secret.
func (s *Sandbox) LoginCode() string { return strings.Repeat(strconv.Itoa(s.cfg.DC), 5) }

// phoned is the person with that phone number, in whatever way it is written.
func (w *world) phoned(number string) *person {
	number = digits(number)
	for _, p := range w.people {
		if has := p.def.At("phone").AsString(); has != "" && digits(has) == number {
			return p
		}
	}
	return nil
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// authSendCode follows https://core.telegram.org/method/auth.sendCode. Nothing
// is sent: the code is known (see [Sandbox.LoginCode]).
func authSendCode(c *call) (tl.Value, error) {
	number := digits(c.req.At("phone_number").AsString())
	switch {
	case c.req.At("api_id").AsInt() <= 0:
		return tl.Value{}, bad("API_ID_INVALID")
	case len(number) < 7 || len(number) > 15:
		return tl.Value{}, bad("PHONE_NUMBER_INVALID")
	}
	var hash [9]byte
	if _, err := io.ReadFull(c.s.cfg.Rand, hash[:]); err != nil {
		return tl.Value{}, err
	}
	if err := c.fromHere(); err != nil {
		return tl.Value{}, err
	}
	if p := c.phoned(number); p != nil && c.homeOf(p) != c.session.login.dc {
		return tl.Value{}, migrate("PHONE", c.homeOf(p))
	}
	sent := &sentCode{phone: number, hash: hex.EncodeToString(hash[:]), at: c.now}
	c.session.login.sent = sent
	kind := c.new("auth.sentCodeTypeApp").With("length", tl.Int(int32(len(c.s.LoginCode()))))
	return c.new("auth.sentCode").With("type", kind.Value()).With("phone_code_hash", tl.String(sent.hash)).Value(), nil
}

// authSignIn follows https://core.telegram.org/method/auth.signIn. There are no
// two-step passwords.
func authSignIn(c *call) (tl.Value, error) {
	sent := c.session.login.sent
	code := c.req.At("phone_code").AsString()
	switch {
	case digits(c.req.At("phone_number").AsString()) == "":
		return tl.Value{}, bad("PHONE_NUMBER_INVALID")
	case code == "":
		return tl.Value{}, bad("PHONE_CODE_EMPTY")
	case sent == nil || sent.hash != c.req.At("phone_code_hash").AsString() || sent.phone != digits(c.req.At("phone_number").AsString()) || c.now-sent.at > codeTime:
		return tl.Value{}, bad("PHONE_CODE_EXPIRED")
	case code != c.s.LoginCode():
		return tl.Value{}, bad("PHONE_CODE_INVALID")
	}
	p := c.phoned(sent.phone)
	if p == nil {
		return tl.Value{}, bad("PHONE_NUMBER_UNOCCUPIED")
	}
	c.session.login.sent = nil
	c.session.login.signIn(p)
	v := viewer{c.world, p}
	return c.new("auth.authorization").With("user", v.user(p)).Value(), nil
}

// authLogOut follows https://core.telegram.org/method/auth.logOut.
func authLogOut(c *call) (tl.Value, error) {
	c.session.login.signOut(nil)
	return c.new("auth.loggedOut").Value(), nil
}
