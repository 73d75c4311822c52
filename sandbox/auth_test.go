package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// guarded is the village with what people need to sign in besides their number:
// passwords, e-mails, a bot's token.
var guarded = village + `
password @alice "the blue gate" hint "where we met" email "alice@example.org"
password @dave_builds "nail"
email @carol "carol@harbour.example"
email @erin wanted
home @bob 4
user(id=1050 first_name="Tide" username="tide_bot" bot=true bot_info_version=1)
token @tide_bot "1050:tide"
user(id=1051 first_name="Gull" username="gull_bot" bot=true bot_info_version=1)
`

// code asks for a code and gives its hash, quoted.
func (c *client) code(phone string) string {
	c.lab.t.Helper()
	return show(at(c.lab.t, c.do(fmt.Sprintf(sendCode, phone)), ".phone_code_hash"))
}

// signInLine is auth.signIn, with more after number and hash.
func signInLine(phone, hash, more string) string {
	return fmt.Sprintf(`auth.signIn phone_number="%s" phone_code_hash=%s %s`, phone, hash, more)
}

// TestSignIn goes the whole way of another client: a key exchange, then a phone
// number and a code.
func TestSignIn(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	c := l.newcomer(2)
	c.who = l.world.byID[1001]
	c.fails("updates.getState", "401 AUTH_KEY_UNREGISTERED")
	c.fails("messages.getHistory @alice", "401 AUTH_KEY_UNREGISTERED")
	c.fails(strings.Replace(fmt.Sprintf(sendCode, "9996621001"), "api_id=1", "api_id=0", 1), "400 API_ID_INVALID")
	c.fails(fmt.Sprintf(sendCode, "12"), "406 PHONE_NUMBER_INVALID")
	c.fails(fmt.Sprintf(sendCode, "1234567890123456"), "406 PHONE_NUMBER_INVALID")
	sent := c.do(fmt.Sprintf(sendCode, "+999 66 2 1001"))
	want(t, sent, ".type", "auth.sentCodeTypeApp(length=5)", ".next_type", "auth.codeTypeSms()", ".timeout", "60")
	hash := show(at(t, sent, ".phone_code_hash"))
	c.fails(signInLine("", hash, `phone_code="22222"`), "406 PHONE_NUMBER_INVALID")
	c.fails(signInLine("9996621001", hash, ""), "400 PHONE_CODE_EMPTY")
	c.fails(signInLine("9996621001", `"xx"`, `phone_code="22222"`), "400 PHONE_CODE_EXPIRED")
	c.fails(signInLine("9996621002", hash, `phone_code="22222"`), "400 PHONE_CODE_EXPIRED")
	c.fails(signInLine("9996621001", hash, `phone_code="12345"`), "400 PHONE_CODE_INVALID")
	c.fails(signInLine("9996621001", hash, `email_verification=emailVerificationCode("22222")`), "400 PHONE_CODE_INVALID")

	other := l.as("@sam")
	want(t, c.do(signInLine("+9996621001", hash, `phone_code="`+l.LoginCode()+`"`)), ".user.first_name", `"Sam"`, ".user.self", "true")
	news := other.next()
	want(t, news, "", show(news), ".update.unconfirmed", "true", ".update.device", `"test"`, ".update.date", fmt.Sprint(start.Unix()))
	want(t, c.do("users.getUsers id=[inputUserSelf]"), "[0].first_name", `"Sam"`)
	c.fails(signInLine("9996621001", hash, `phone_code="22222"`), "400 PHONE_CODE_EXPIRED")
	l.as("@carol").do("messages.sendMessage peer=@sam message=hello")
	want(t, c.next(), ".updates[0].message.message", `"hello"`)
}

// TestCodeWays: the next way to get a code, until there is none, and that a code
// ends.
func TestCodeWays(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	c := l.newcomer(2)
	hash := c.code("9996621001")
	again := fmt.Sprintf(`auth.resendCode phone_number="9996621001" phone_code_hash=%s`, hash)
	want(t, c.do(again), ".type", "auth.sentCodeTypeSms(length=5)", ".next_type", "auth.codeTypeCall()", ".phone_code_hash", hash)
	last := c.do(again)
	want(t, last, ".type", "auth.sentCodeTypeCall(length=5)")
	if !last.Object().At("next_type").IsNone() {
		t.Error("there is a way after the last one")
	}
	c.fails(again, "406 SEND_CODE_UNAVAILABLE")
	c.fails(`auth.resendCode phone_number="9996621001" phone_code_hash=""`, "400 PHONE_CODE_HASH_EMPTY")
	c.fails(`auth.resendCode phone_number="9996621001" phone_code_hash="x"`, "400 PHONE_CODE_EXPIRED")
	c.fails(`auth.resendCode phone_number="" phone_code_hash="x"`, "406 PHONE_NUMBER_INVALID")
	l.clock.add(codeTime*time.Second + time.Second)
	c.fails(signInLine("9996621001", hash, `phone_code="22222"`), "400 PHONE_CODE_EXPIRED")

	hash = c.code("9996621001")
	cancel := `auth.cancelCode phone_number="%s" phone_code_hash=%s`
	c.fails(fmt.Sprintf(cancel, "", hash), "406 PHONE_NUMBER_INVALID")
	want(t, c.do(fmt.Sprintf(cancel, "9996621001", hash)), "", "true")
	c.fails(fmt.Sprintf(cancel, "9996621001", hash), "400 PHONE_CODE_EXPIRED")
	c.fails(signInLine("9996621001", hash, `phone_code="22222"`), "400 PHONE_CODE_EXPIRED")
}

// TestSignUp: who has no account may make one, and is there for everybody.
func TestSignUp(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	c := l.newcomer(3)
	sent := c.do(fmt.Sprintf(sendCode, "9996630042"))
	want(t, sent, ".type", "auth.sentCodeTypeSms(length=5)")
	hash := show(at(t, sent, ".phone_code_hash"))
	up := func(phone, hash, first, last string) string {
		return fmt.Sprintf(`auth.signUp phone_number="%s" phone_code_hash=%s first_name="%s" last_name="%s"`, phone, hash, first, last)
	}
	c.fails(up("9996630042", hash, "Nina", ""), "400 PHONE_CODE_INVALID")
	c.fails(signInLine("9996630042", hash, `phone_code="22222"`), "400 PHONE_CODE_INVALID")
	required := c.do(signInLine("9996630042", hash, `phone_code="33333"`))
	want(t, required, ".terms_of_service.text", `"This is a sandbox. What you write here stays on this machine."`)
	c.fails(up("", hash, "Nina", ""), "406 PHONE_NUMBER_INVALID")
	c.fails(up("9996630042", `""`, "Nina", ""), "400 PHONE_CODE_EMPTY")
	c.fails(up("9996630042", `"x"`, "Nina", ""), "400 PHONE_CODE_EXPIRED")
	c.fails(up("9996630042", hash, " ", ""), "400 FIRSTNAME_INVALID")
	c.fails(up("9996630042", hash, "Nina", long(65)), "400 LASTNAME_INVALID")
	done := c.do(up("9996630042", hash, "Nina", "Brandt"))
	want(t, done, ".user.self", "true", ".user.phone", `"9996630042"`, ".user.id", "1052")
	want(t, c.do("help.getConfig"), ".this_dc", "3")
	want(t, c.do("messages.getDialogs offset_peer=inputPeerEmpty"), ".dialogs", "[]")
	c.who = l.world.byID[1052]
	c.do("messages.sendMessage peer=@alice message=hi")

	late := l.newcomer(3)
	late.session(func(lg *login) {
		lg.sent = &sentCode{phone: "9996630042", hash: "h", at: int32(start.Unix()), proved: true}
	})
	late.fails(up("9996630042", `"h"`, "Nina", ""), "400 PHONE_NUMBER_OCCUPIED")
	l.newcomer(2).fails(fmt.Sprintf(sendCode, "9996630042"), "303 PHONE_MIGRATE_3")

	var saved strings.Builder
	if err := l.Save(&saved); err != nil {
		t.Fatal(err)
	}
	again, err := New(Config{World: saved.String()})
	if err != nil {
		t.Fatal(err)
	}
	if p := again.world.phoned("9996630042"); p == nil || p.name() != "Nina Brandt" || again.world.homeOf(p) != 3 {
		t.Errorf("a saved world has lost who signed up: %v", p)
	}
}

// session lets a test look at what the sandbox keeps of the client's key.
func (c *client) session(do func(*login)) {
	c.lab.mu.Lock()
	defer c.lab.mu.Unlock()
	do(c.lab.login(c.conn.Auth().Key.ID()))
}

// TestFutureToken: who has signed out can come back without a code, once; a
// two-step password takes that away.
func TestFutureToken(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	sam, alice := l.as("@sam"), l.as("@alice")
	token := at(t, sam.do("auth.logOut"), ".future_auth_token").AsBytes()
	sam.fails("updates.getState", "401 AUTH_KEY_UNREGISTERED")
	if out := alice.do("auth.logOut"); !out.Object().At("future_auth_token").IsNone() {
		t.Errorf("a token beside a password: %s", show(out))
	}
	with := func(phone string) string {
		return strings.Replace(fmt.Sprintf(sendCode, phone), "settings=codeSettings", fmt.Sprintf("settings=codeSettings(logout_tokens=[hex:00 hex:%x])", token), 1)
	}
	c := l.newcomer(2)
	want(t, c.do(with("9996621002")), ".type", "auth.sentCodeTypeApp(length=5)")
	want(t, c.do(with("9996621001")), ".authorization.user.first_name", `"Sam"`)
	want(t, l.newcomer(2).do(with("9996621001")), ".type", "auth.sentCodeTypeApp(length=5)")
}

// TestBotSignIn: bots sign in by their tokens, at home.
func TestBotSignIn(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded + "home @gull_bot 5\n"})
	c := l.newcomer(2)
	sign := `auth.importBotAuthorization flags=0 api_id=%d api_hash=x bot_auth_token="%s"`
	c.fails(fmt.Sprintf(sign, 0, "1050:tide"), "400 API_ID_INVALID")
	c.fails(fmt.Sprintf(sign, 1, "1050:ebb"), "400 ACCESS_TOKEN_INVALID")
	c.fails(fmt.Sprintf(sign, 1, ""), "400 ACCESS_TOKEN_INVALID")
	var gull string
	for _, p := range l.People() {
		switch p.Username {
		case "gull_bot":
			gull = p.Token
		case "tide_bot":
			if p.Token != "1050:tide" || p.Code != "" {
				t.Errorf("%+v", p)
			}
		case "bob":
			if p.Code != "44444" || p.DC != 4 {
				t.Errorf("%+v", p)
			}
		case "alice":
			if p.Password != "the blue gate" || p.Code != "22222" {
				t.Errorf("%+v", p)
			}
		case "carol":
			if p.Email != "carol@harbour.example" || p.Code != "222222" {
				t.Errorf("%+v", p)
			}
		}
	}
	if !strings.HasPrefix(gull, "1051:AA") || len(gull) != 40 {
		t.Errorf("the token of who has none in the fixture: %q", gull)
	}
	c.fails(fmt.Sprintf(sign, 1, gull), "303 USER_MIGRATE_5")
	want(t, c.do(fmt.Sprintf(sign, 1, "1050:tide")), ".user.username", `"tide_bot"`, ".user.bot", "true")
	want(t, l.newcomer(5).do(fmt.Sprintf(sign, 1, gull)), ".user.username", `"gull_bot"`)
	if _, err := l.Command([]string{"network", "3"}); err != nil {
		t.Fatal(err)
	}
	l.newcomer(2).fails(fmt.Sprintf(sign, 1, "1050:tide"), "303 NETWORK_MIGRATE_3")
}

// TestQR: a token that one client shows and another accepts.
func TestQR(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	ask := "auth.exportLoginToken api_id=1 api_hash=x except_ids=[%s]"
	c, sam := l.newcomer(2), l.as("@sam")
	c.fails(strings.Replace(fmt.Sprintf(ask, ""), "api_id=1", "api_id=0", 1), "400 API_ID_INVALID")
	first := c.do(fmt.Sprintf(ask, "1004"))
	want(t, first, ".expires", fmt.Sprint(start.Unix()+30))
	token := at(t, first, ".token").AsBytes()
	want(t, c.do(fmt.Sprintf(ask, "1004")), ".token", fmt.Sprintf("hex:%x", token))
	accept := func(token []byte) string { return fmt.Sprintf("auth.acceptLoginToken token=hex:%x", token) }
	take := func(token []byte) string { return fmt.Sprintf("auth.importLoginToken token=hex:%x", token) }
	sam.fails(accept([]byte("x")), "400 AUTH_TOKEN_INVALIDX")
	c.fails(take([]byte("x")), "400 AUTH_TOKEN_INVALIDX")
	c.fails(take(token), "400 AUTH_TOKEN_INVALID")
	l.as("@carol").fails(accept(token), "400 AUTH_TOKEN_EXCEPTION")
	want(t, sam.do(accept(token)), ".device_model", `"test"`, ".date_created", fmt.Sprint(start.Unix()))
	want(t, c.next(), ".update", "updateLoginToken()")
	sam.fails(accept(token), "400 AUTH_TOKEN_ALREADY_ACCEPTED")
	want(t, c.do(fmt.Sprintf(ask, "")), ".authorization.user.first_name", `"Sam"`)
	want(t, c.do(fmt.Sprintf(ask, "")), ".authorization.user.first_name", `"Sam"`)
	l.newcomer(2).fails(take(token), "400 AUTH_TOKEN_ALREADY_ACCEPTED")

	// A token that nobody accepts in time.
	c = l.newcomer(2)
	token = at(t, c.do(fmt.Sprintf(ask, "")), ".token").AsBytes()
	l.clock.add(31 * time.Second)
	sam.fails(accept(token), "400 AUTH_TOKEN_EXPIRED")
	c.fails(take(token), "400 AUTH_TOKEN_EXPIRED")
	next := at(t, c.do(fmt.Sprintf(ask, "")), ".token").AsBytes()
	if string(next) == string(token) {
		t.Error("a token is given again after its time")
	}

	// Accepted by somebody who is at home elsewhere, and by who has a password.
	l.as("@bob").do(accept(next))
	want(t, c.do(fmt.Sprintf(ask, "")), "", fmt.Sprintf("auth.loginTokenMigrateTo(dc_id=4 token=hex:%x)", next))
	want(t, l.newcomer(3).do(take(next)), ".dc_id", "4")
	four := l.newcomer(4)
	want(t, four.do(take(next)), ".authorization.user.first_name", `"Bob"`)
	c = l.newcomer(2)
	token = at(t, c.do(fmt.Sprintf(ask, "")), ".token").AsBytes()
	l.as("@alice").do(accept(token))
	c.fails(fmt.Sprintf(ask, ""), "401 SESSION_PASSWORD_NEEDED")
	want(t, c.do("account.getPassword"), ".hint", `"where we met"`)
	far := l.newcomer(4)
	token = at(t, far.do(fmt.Sprintf(ask, "")), ".token").AsBytes()
	l.as("@dave_builds").do(accept(token))
	want(t, far.do(fmt.Sprintf(ask, "")), ".dc_id", "2")
	l.newcomer(2).fails(take(token), "401 SESSION_PASSWORD_NEEDED")
	if _, err := l.Command([]string{"network", "3"}); err != nil {
		t.Fatal(err)
	}
	l.newcomer(2).fails(fmt.Sprintf(ask, ""), "303 NETWORK_MIGRATE_3")
}

// TestLoginEmail: codes that go to an e-mail address, an address that is wanted
// first, and one that is lost.
func TestLoginEmail(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	c := l.newcomer(2)
	sent := c.do(fmt.Sprintf(sendCode, "9996621004"))
	want(t, sent, ".type", `auth.sentCodeTypeEmailCode(email_pattern="c***@harbour.example" length=6 reset_available_period=0)`)
	hash := show(at(t, sent, ".phone_code_hash"))
	c.fails(fmt.Sprintf(`auth.resendCode phone_number="9996621004" phone_code_hash=%s`, hash), "406 SEND_CODE_UNAVAILABLE")
	c.fails(signInLine("9996621004", hash, `phone_code="22222"`), "400 PHONE_CODE_INVALID")
	c.fails(signInLine("9996621004", hash, `email_verification=emailVerificationCode("123456")`), "400 PHONE_CODE_INVALID")
	want(t, c.do(signInLine("9996621004", hash, `email_verification=emailVerificationCode("222222")`)), ".user.first_name", `"Carol"`)

	// Another address for one that is there.
	mail, verify := `account.sendVerifyEmailCode purpose=%s email="%s"`, `account.verifyEmail purpose=%s verification=%s`
	const change = "emailVerifyPurposeLoginChange"
	l.newcomer(2).fails(fmt.Sprintf(mail, change, "a@b.example"), "401 AUTH_KEY_UNREGISTERED")
	l.as("@sam").fails(fmt.Sprintf(mail, change, "a@b.example"), "400 EMAIL_NOT_SETUP")
	for _, no := range []string{"", "a", "@b.example", "a@b", "a b@c.example", "a@b@c.example"} {
		c.fails(fmt.Sprintf(mail, change, no), "400 EMAIL_INVALID")
	}
	c.fails(fmt.Sprintf(verify, change, `emailVerificationCode("222222")`), "400 EMAIL_VERIFY_EXPIRED")
	want(t, c.do(fmt.Sprintf(mail, change, "new@harbour.example")), "", `account.sentEmailCode(email_pattern="n***@harbour.example" length=6)`)
	c.fails(fmt.Sprintf(verify, change, `emailVerificationCode("1")`), "400 CODE_INVALID")
	c.fails(fmt.Sprintf(verify, change, `emailVerificationGoogle("1")`), "400 EMAIL_NOT_ALLOWED")
	want(t, c.do(fmt.Sprintf(verify, change, `emailVerificationCode("222222")`)), "", `account.emailVerified(email="new@harbour.example")`)
	want(t, c.do("account.getPassword"), ".login_email_pattern", `"n***@harbour.example"`)

	// One that is wanted before the code is sent.
	e := l.newcomer(2)
	sent = e.do(fmt.Sprintf(sendCode, "9996621006"))
	want(t, sent, ".type", "auth.sentCodeTypeSetUpEmailRequired()")
	hash = show(at(t, sent, ".phone_code_hash"))
	e.fails(signInLine("9996621006", hash, `phone_code="22222"`), "400 PHONE_CODE_INVALID")
	setup := fmt.Sprintf(`emailVerifyPurposeLoginSetup(phone_number="9996621006" phone_code_hash=%s)`, hash)
	e.fails(fmt.Sprintf(mail, `emailVerifyPurposeLoginSetup("9996621006" "x")`, "erin@example.org"), "400 PHONE_HASH_EXPIRED")
	e.fails(fmt.Sprintf(mail, setup, "New@harbour.example"), "400 EMAIL_NOT_ALLOWED")
	e.do(fmt.Sprintf(mail, setup, "erin@example.org"))
	verified := e.do(fmt.Sprintf(verify, setup, `emailVerificationCode("222222")`))
	want(t, verified, ".email", `"erin@example.org"`, ".sent_code.type.length", "6", ".sent_code.phone_code_hash", hash)
	want(t, e.do(signInLine("9996621006", hash, `email_verification=emailVerificationCode("222222")`)), ".user.first_name", `"Erin"`)
	e = l.newcomer(2)
	hash = e.code("9996621006")
	e.session(func(lg *login) { lg.sent.way = setUpEmail })
	setup = fmt.Sprintf(`emailVerifyPurposeLoginSetup(phone_number="9996621006" phone_code_hash=%s)`, hash)
	e.do(fmt.Sprintf(mail, setup, "erin@example.org"))
	l.clock.add(codeTime*time.Second + time.Second)
	e.fails(fmt.Sprintf(verify, setup, `emailVerificationCode("222222")`), "400 PHONE_CODE_EXPIRED")

	// One that is lost: premium accounts are rid of it at once, others in a week.
	reset := `auth.resetLoginEmail phone_number="%s" phone_code_hash=%s`
	hash = e.code("9996621006")
	want(t, e.do(fmt.Sprintf(reset, "9996621006", hash)), ".type", "auth.sentCodeTypeSms(length=5)")
	want(t, e.do(signInLine("9996621006", hash, `phone_code="22222"`)), ".user.first_name", `"Erin"`)
	hash = c.code("9996621004")
	c.fails(fmt.Sprintf(reset, "", hash), "400 PHONE_NUMBER_INVALID")
	c.fails(fmt.Sprintf(reset, "9996621004", `"x"`), "400 PHONE_CODE_EXPIRED")
	due := l.clock.now().Unix() + resetWait
	want(t, c.do(fmt.Sprintf(reset, "9996621004", hash)), ".type.reset_pending_date", fmt.Sprint(due))
	c.fails(fmt.Sprintf(reset, "9996621004", hash), "400 TASK_ALREADY_EXISTS")
	l.clock.add(resetWait * time.Second)
	want(t, c.do(fmt.Sprintf(sendCode, "9996621004")), ".type", "auth.sentCodeTypeApp(length=5)")
	hash = c.code("9996621004")
	c.fails(fmt.Sprintf(reset, "9996621004", hash), "400 EMAIL_INSTALL_MISSING")
}

// TestSignInWords: what a fixture says of signing in, and that a saved world says
// the same.
func TestSignInWords(t *testing.T) {
	s, err := New(Config{World: guarded, Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	var first, second strings.Builder
	s.Save(&first)
	for _, line := range []string{"\npassword @alice \"the blue gate\" hint \"where we met\" email \"alice@example.org\"\n", "\npassword @dave_builds \"nail\"\n",
		"\nemail @carol \"carol@harbour.example\"\n", "\nemail @erin wanted\n", "\ntoken @tide_bot \"1050:tide\"\n"} {
		if !strings.Contains(first.String(), line) {
			t.Errorf("the saved world has no line %s", line)
		}
	}
	again, err := New(Config{World: first.String(), Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	if again.Save(&second); first.String() != second.String() {
		t.Error("a saved world is saved otherwise")
	}
	for line, want := range map[string]string{
		`password @alice`: "want a password", `password @alice ""`: "a password is not empty", `password @alice "x" hist "y"`: `want hint "TEXT" or email "ADDRESS"`,
		`password @alice "x" email "y"`: "want an e-mail address", `token @alice "x"`: "only bots have tokens", `email @alice "x"`: "want an e-mail address",
		`verifier @alice hex:00 hex:00 hex:00`: "this is no verifier of a password",
	} {
		if _, err := New(Config{World: village + line}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", line, want, err)
		}
	}
}
