package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"

	"tlsh/syntax"
	"tlsh/tl"
)

// authArea is signing in and out (https://core.telegram.org/api/auth).
func authArea() area {
	return area{
		methods: map[string]method{
			"auth.cancelCode": {handle: authCancelCode, anyone: true,
				errors: "PHONE_CODE_EXPIRED PHONE_NUMBER_INVALID"},
			"auth.importBotAuthorization": {handle: authImportBotAuthorization, anyone: true,
				errors: "ACCESS_TOKEN_INVALID API_ID_INVALID NETWORK_MIGRATE USER_MIGRATE"},
			"auth.logOut": {handle: authLogOut, anywhere: true},
			"auth.resendCode": {handle: authResendCode, anyone: true, heeds: "reason",
				errors: "PHONE_CODE_EXPIRED PHONE_CODE_HASH_EMPTY PHONE_NUMBER_INVALID SEND_CODE_UNAVAILABLE"},
			"auth.sendCode": {handle: authSendCode, anyone: true,
				errors: "API_ID_INVALID FLOOD_WAIT NETWORK_MIGRATE PHONE_MIGRATE PHONE_NUMBER_INVALID"},
			"auth.signIn": {handle: authSignIn, anyone: true, heeds: "phone_code email_verification",
				errors: "FLOOD_WAIT PHONE_CODE_EMPTY PHONE_CODE_EXPIRED PHONE_CODE_INVALID PHONE_NUMBER_INVALID SESSION_PASSWORD_NEEDED"},
			"auth.signUp": {handle: authSignUp, anyone: true, heeds: "no_joined_notifications",
				errors: "FIRSTNAME_INVALID LASTNAME_INVALID PHONE_CODE_EMPTY PHONE_CODE_EXPIRED PHONE_CODE_INVALID PHONE_NUMBER_INVALID PHONE_NUMBER_OCCUPIED"},
		},
		words: map[string]func(*arguments){"token": tokenWord},
		save:  (*saver).tokens,
	}
}

// maxFuture is how many future auth tokens of somebody are good, the latest.
const maxFuture = 20

// authLogOut follows https://core.telegram.org/method/auth.logOut: who has no
// two-step password gets a token, with which a later auth.sendCode asks for no
// code (https://core.telegram.org/api/auth#future-auth-tokens).
func authLogOut(c *call) (tl.Value, error) {
	o := c.new("auth.loggedOut")
	if p := c.me; p.secret == nil && c.session.login.parent == nil && p.bot == nil {
		token, err := c.random(32)
		if err != nil {
			return tl.Value{}, err
		}
		p.future = append(p.future, string(token))
		p.future = p.future[max(0, len(p.future)-maxFuture):]
		o.With("future_auth_token", tl.Bytes(token))
	}
	c.session.login.signOut(nil)
	return o.Value(), nil
}

// authorize signs the caller's key in as p, who has proved who they are, but for
// the two-step password where there is one: SESSION_PASSWORD_NEEDED.
func (c *call) authorize(p *person) (tl.Value, error) {
	l := c.session.login
	l.sent, l.token = nil, nil
	if p.secret != nil {
		l.signOut(nil)
		l.pending = p
		return tl.Value{}, errPassword
	}
	return c.signedIn(p), nil
}

// authImportBotAuthorization follows
// https://core.telegram.org/method/auth.importBotAuthorization.
func authImportBotAuthorization(c *call) (tl.Value, error) {
	if c.req.At("api_id").AsInt() <= 0 {
		return tl.Value{}, bad("API_ID_INVALID")
	}
	if err := c.fromHere(); err != nil {
		return tl.Value{}, err
	}
	token := c.req.At("bot_auth_token").AsString()
	i := slices.IndexFunc(c.people, func(p *person) bool { return p.bot != nil && !p.deleted() && p.botToken() == token })
	if i < 0 || token == "" {
		return tl.Value{}, bad("ACCESS_TOKEN_INVALID")
	}
	bot := c.people[i]
	if home := c.homeOf(bot); home != c.session.login.dc {
		return tl.Value{}, migrate("USER", home)
	}
	return c.signedIn(bot), nil
}

func (p *person) deleted() bool { return p.def.At("deleted").AsBool() }

// botToken is the token with which a bot signs in; unless the fixture says it, it
// follows from the bot's seed.
func (p *person) botToken() string {
	if p.token != "" || p.bot == nil {
		return p.token
	}
	sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("bot token"), uint64(p.seed)))
	return strconv.FormatInt(p.id, 10) + ":AA" + base64.RawURLEncoding.EncodeToString(sum[:])[:33]
}

// tokenWord reads `token BOT "TOKEN"`.
func tokenWord(a *arguments) {
	p := a.person()
	if a.bad {
		return
	}
	if p.bot == nil {
		a.fail("only bots have tokens")
		a.bad = true
	}
	if s, _ := a.text("a token"); !a.bad {
		p.token = s
	}
}

func (s *saver) tokens() {
	for _, p := range s.people {
		if p.token != "" {
			s.line("token %s %s", s.ref(p.peer), syntax.Quote(p.token))
		}
	}
}
