package sandbox

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// sentCode is a code on its way: to sign in, or to change a phone number.
type sentCode struct {
	phone, hash string
	at          int32
	way         way
	email       string // to which it was sent, where its way is that
	proved      bool   // it was given rightly, by who has no account yet
	wrong       int    // how often another one was given in its place
}

// way is how a code is sent.
type way int

const (
	byApp way = iota
	bySMS
	byCall
	byEmail
	setUpEmail // not sent: an e-mail address is wanted first
)

// codeTime is how long a code can be used, resendTime after how long another way
// is offered, in seconds.
const (
	codeTime   = 300
	resendTime = 60
)

// LoginCode is the code with which other clients sign in as any of the people who
// are at home in [Sandbox.DC], after auth.sendCode to the person's phone number:
// the data centre's number five times, as on Telegram's test servers
// (https://core.telegram.org/api/auth#test-accounts). [Sandbox.People] has those
// of the others. It is no secret.
func (s *Sandbox) LoginCode() string { return loginCode(s.cfg.DC) }

// loginCode is the code of a data centre, emailCode the one that e-mails bring.
func loginCode(dc int) string { return strings.Repeat(strconv.Itoa(dc), 5) }

func emailCode(dc int) string { return strings.Repeat(strconv.Itoa(dc), 6) }

// right is the code that was sent.
func (c *call) right(sent *sentCode) string {
	if sent.way == byEmail {
		return emailCode(c.session.login.dc)
	}
	return loginCode(c.session.login.dc)
}

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

// isPhone reports what can be a number, in digits.
func isPhone(number string) bool { return len(number) >= 7 && len(number) <= 15 }

// errPhone is the error for what cannot be a phone number.
var errPhone = tgerr.New(406, "PHONE_NUMBER_INVALID")

// newCode makes a code for a number. By SMS and calls nothing is sent: the code is
// known.
func (c *call) newCode(number string, how way) (*sentCode, error) {
	hash, err := c.random(9)
	return &sentCode{phone: number, hash: hex.EncodeToString(hash), at: c.now, way: how}, err
}

// told is what the client learns of a code that was sent: how, and which way is
// next.
func (c *call) told(sent *sentCode) tl.Value {
	length := tl.Int(int32(len(c.right(sent))))
	o := c.new("auth.sentCode").With("phone_code_hash", tl.String(sent.hash))
	next := ""
	switch sent.way {
	case byApp:
		o.With("type", c.new("auth.sentCodeTypeApp").With("length", length).Value())
		next = "auth.codeTypeSms"
	case bySMS:
		o.With("type", c.new("auth.sentCodeTypeSms").With("length", length).Value())
		next = "auth.codeTypeCall"
	case byCall:
		o.With("type", c.new("auth.sentCodeTypeCall").With("length", length).Value())
	case byEmail:
		kind := c.new("auth.sentCodeTypeEmailCode").With("email_pattern", tl.String(pattern(sent.email))).With("length", length)
		if p := c.phoned(sent.phone); p != nil && p.emailReset != 0 {
			kind.With("reset_pending_date", tl.Int(p.emailReset))
		} else {
			kind.With("reset_available_period", tl.Int(0))
		}
		o.With("type", kind.Value())
	case setUpEmail:
		o.With("type", c.new("auth.sentCodeTypeSetUpEmailRequired").Value())
	}
	if next != "" {
		o.With("next_type", c.new(next).Value()).With("timeout", tl.Int(resendTime))
	}
	return o.Value()
}

// authSendCode follows https://core.telegram.org/method/auth.sendCode. Who has an
// account gets the code in the app, else by SMS; who signs in by e-mail there. A
// future auth token spares it.
func authSendCode(c *call) (tl.Value, error) {
	number := digits(c.req.At("phone_number").AsString())
	switch {
	case c.req.At("api_id").AsInt() <= 0:
		return tl.Value{}, bad("API_ID_INVALID")
	case !isPhone(number):
		return tl.Value{}, errPhone
	}
	if err := c.fromHere(); err != nil {
		return tl.Value{}, err
	}
	if err := c.guessing(number); err != nil {
		return tl.Value{}, err
	}
	p := c.phoned(number)
	how := bySMS
	if p != nil {
		if home := c.homeOf(p); home != c.session.login.dc {
			return tl.Value{}, migrate("PHONE", home)
		}
		if c.future(p) {
			res := c.signedIn(p)
			return c.new("auth.sentCodeSuccess").With("authorization", res).Value(), nil
		}
		c.resetEmail(p)
		switch how = byApp; {
		case p.email != "":
			how = byEmail
		case p.emailWanted:
			how = setUpEmail
		}
	}
	sent, err := c.newCode(number, how)
	if err != nil {
		return tl.Value{}, err
	}
	if p != nil {
		sent.email = p.email
	}
	c.session.login.sent = sent
	if how == byApp {
		c.noticeCode(p, sent)
	}
	return c.told(sent), nil
}

// future takes a future auth token of p's out of the request.
func (c *call) future(p *person) bool {
	tokens := c.req.At("settings").Object().At("logout_tokens").Vector()
	if tokens == nil || p.secret != nil {
		return false
	}
	for _, v := range tokens.Items {
		for i, have := range p.future {
			if have == string(v.AsBytes()) {
				p.future = append(p.future[:i:i], p.future[i+1:]...)
				return true
			}
		}
	}
	return false
}

// sentTo gives a code back if it was sent to the request's number, and is good
// still. Errors: PHONE_NUMBER_INVALID, PHONE_CODE_EXPIRED.
func (c *call) sentTo(sent *sentCode) (*sentCode, error) {
	number := digits(c.req.At("phone_number").AsString())
	switch {
	case number == "":
		return nil, errPhone
	case sent == nil || sent.hash != c.req.At("phone_code_hash").AsString() || sent.phone != number || c.now-sent.at > codeTime:
		return nil, bad("PHONE_CODE_EXPIRED")
	}
	return sent, nil
}

// authResendCode follows https://core.telegram.org/method/auth.resendCode: the
// same code by the next way.
func authResendCode(c *call) (tl.Value, error) {
	if c.req.At("phone_code_hash").AsString() == "" {
		return tl.Value{}, bad("PHONE_CODE_HASH_EMPTY")
	}
	sent, err := c.sentTo(c.underWay())
	if err != nil {
		return tl.Value{}, err
	}
	if sent.way != byApp && sent.way != bySMS {
		return tl.Value{}, tgerr.New(406, "SEND_CODE_UNAVAILABLE")
	}
	sent.way++
	sent.at = c.now
	return c.told(sent), nil
}

// authCancelCode follows https://core.telegram.org/method/auth.cancelCode.
func authCancelCode(c *call) (tl.Value, error) {
	sent, err := c.sentTo(c.underWay())
	if err != nil {
		return tl.Value{}, err
	}
	if l := c.session.login; sent == l.change {
		l.change = nil
	} else {
		l.sent = nil
	}
	return tl.Bool(true), nil
}

// underWay is the code that the request's hash names, to sign in or for another
// number; nil: none.
func (c *call) underWay() *sentCode {
	l, hash := c.session.login, c.req.At("phone_code_hash").AsString()
	if l.change != nil && l.change.hash == hash {
		return l.change
	}
	return l.sent
}

// authSignIn follows https://core.telegram.org/method/auth.signIn. Who has no
// account may make one with auth.signUp.
func authSignIn(c *call) (tl.Value, error) {
	if digits(c.req.At("phone_number").AsString()) == "" {
		return tl.Value{}, errPhone
	}
	code := c.req.At("phone_code").AsString()
	byMail := c.req.At("email_verification").Object()
	if byMail != nil {
		code = byMail.At("code").AsString()
	}
	if code == "" {
		return tl.Value{}, bad("PHONE_CODE_EMPTY")
	}
	sent, err := c.sentTo(c.session.login.sent)
	switch {
	case err != nil:
		return tl.Value{}, err
	case sent.way == setUpEmail || (sent.way == byEmail) != (byMail != nil):
		return tl.Value{}, bad("PHONE_CODE_INVALID")
	}
	if err := c.matched(sent, code); err != nil {
		return tl.Value{}, err
	}
	if p := c.phoned(sent.phone); p != nil {
		return c.authorize(p)
	}
	sent.proved = true
	return c.new("auth.authorizationSignUpRequired").With("terms_of_service", c.terms()).Value(), nil
}

// maxWrong is how often a code can be given wrongly before it is void, and
// maxGuesses how many wrong codes a number can have within guessTime, in seconds,
// before nobody can sign in with it for the rest of that time.
const (
	maxWrong   = 5
	maxGuesses = 15
	guessTime  = 3600
)

// guesses are the wrong codes for a number.
type guesses struct {
	n     int
	since int32
}

// guessing refuses a number for which too many wrong codes were given. Error:
// FLOOD_WAIT.
func (c *call) guessing(number string) error {
	g := c.s.guesses[number]
	if left := g.since + guessTime - c.now; g.n >= maxGuesses && left > 0 {
		return tgerr.New(420, fmt.Sprintf("FLOOD_WAIT_%d", left))
	}
	return nil
}

// matched compares what was given with a code, and counts mistakes. Errors:
// PHONE_CODE_INVALID, PHONE_CODE_EXPIRED, FLOOD_WAIT.
func (c *call) matched(sent *sentCode, given string) error {
	if err := c.guessing(sent.phone); err != nil {
		return err
	}
	if sent.wrong >= maxWrong {
		return bad("PHONE_CODE_EXPIRED")
	}
	if given == c.right(sent) {
		delete(c.s.guesses, sent.phone)
		return nil
	}
	g := c.s.guesses[sent.phone]
	if c.now-g.since >= guessTime {
		g = guesses{since: c.now}
	}
	g.n++
	sent.wrong++
	c.s.guesses[sent.phone] = g
	return bad("PHONE_CODE_INVALID")
}

// terms are the terms of service that who signs up has to accept.
func (c *call) terms() tl.Value {
	return c.new("help.termsOfService").With("id", c.new("dataJSON").With("data", tl.String(`{"sandbox":1}`)).Value()).
		With("text", tl.String("This is a sandbox. What you write here stays on this machine.")).
		With("entities", c.vector("MessageEntity", nil)).Value()
}

// maxName is how long a first or last name can be.
const maxName = 64

// authSignUp follows https://core.telegram.org/method/auth.signUp. The new
// account is at home in the data centre where it was made.
func authSignUp(c *call) (tl.Value, error) {
	if c.req.At("phone_code_hash").AsString() == "" {
		return tl.Value{}, bad("PHONE_CODE_EMPTY")
	}
	sent, err := c.sentTo(c.session.login.sent)
	if err != nil {
		return tl.Value{}, err
	}
	first, last := strings.TrimSpace(c.req.At("first_name").AsString()), strings.TrimSpace(c.req.At("last_name").AsString())
	switch {
	case c.phoned(sent.phone) != nil:
		return tl.Value{}, bad("PHONE_NUMBER_OCCUPIED")
	case !sent.proved:
		return tl.Value{}, bad("PHONE_CODE_INVALID")
	case first == "" || units(first) > maxName:
		return tl.Value{}, bad("FIRSTNAME_INVALID")
	case units(last) > maxName:
		return tl.Value{}, bad("LASTNAME_INVALID")
	}
	p := c.newcomer(sent.phone, first, last)
	if dc := c.session.login.dc; dc != int(c.dc) {
		p.home = dc
	}
	return c.signedIn(p), nil
}

// newcomer puts somebody into the world.
func (c *call) newcomer(phone, first, last string) *person {
	id := int64(0)
	for _, p := range c.people {
		if p.id != serviceID {
			id = max(id, p.id)
		}
	}
	if id++; id == serviceID {
		id++
	}
	def := c.new("user").With("id", tl.Long(id)).With("first_name", tl.String(first)).With("phone", tl.String(phone)).
		With("status", c.new("userStatusOnline").With("expires", tl.Int(c.now+onlineTime)).Value())
	if last != "" {
		def.With("last_name", tl.String(last))
	}
	return c.addPerson(def)
}
