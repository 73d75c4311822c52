package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tlsh/srp"
	"tlsh/tl"
)

// kdfOf reads an algorithm.
func kdfOf(o *tl.Object) srp.Params {
	return srp.Params{Salt1: o.At("salt1").AsBytes(), Salt2: o.At("salt2").AsBytes(), G: int(o.At("g").AsInt()), P: o.At("p").AsBytes()}
}

// proof answers the question that the client is asked now, as source.
func (c *client) proof(password string) string {
	c.lab.t.Helper()
	v := c.do("account.getPassword").Object()
	if !v.At("has_password").AsBool() {
		return "inputCheckPasswordEmpty"
	}
	p, err := kdfOf(v.At("current_algo").Object()).Prove(cryptoRand, []byte(password), v.At("srp_B").AsBytes())
	if err != nil {
		c.lab.t.Fatal(err)
	}
	return fmt.Sprintf("inputCheckPasswordSRP(srp_id=%d A=hex:%x M1=hex:%x)", v.At("srp_id").AsLong(), p.A, p.M1)
}

// settings makes account.passwordInputSettings for a new password, with more.
func (c *client) settings(password, more string) string {
	c.lab.t.Helper()
	algo, hash, err := kdfOf(at(c.lab.t, c.do("account.getPassword"), ".new_algo").Object()).Renew(cryptoRand, []byte(password))
	if err != nil {
		c.lab.t.Fatal(err)
	}
	return fmt.Sprintf("account.passwordInputSettings(new_algo=passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(salt1=hex:%x salt2=hex:%x g=%d p=hex:%x) new_password_hash=hex:%x %s)",
		algo.Salt1, algo.Salt2, algo.G, algo.P, hash, more)
}

const checkPasswordLine = "auth.checkPassword password=%s"

// TestPassword: the code alone does not sign in who has a two-step password.
func TestPassword(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	c := l.newcomer(2)
	hash := c.code("9996621002")
	c.fails("account.getPassword", "401 AUTH_KEY_UNREGISTERED")
	c.fails(signInLine("9996621002", hash, `phone_code="22222"`), "401 SESSION_PASSWORD_NEEDED")
	c.fails("updates.getState", "401 SESSION_PASSWORD_NEEDED")
	c.fails("account.getPasswordSettings password=inputCheckPasswordEmpty", "401 SESSION_PASSWORD_NEEDED")
	want(t, c.do("account.getPassword"), ".hint", `"where we met"`, ".has_recovery", "true", ".has_password", "true")

	c.fails(fmt.Sprintf(checkPasswordLine, "inputCheckPasswordEmpty"), "400 PASSWORD_HASH_INVALID")
	c.fails(fmt.Sprintf(checkPasswordLine, "inputCheckPasswordSRP(srp_id=1 A=hex:00 M1=hex:00)"), "400 SRP_ID_INVALID")
	c.fails(fmt.Sprintf(checkPasswordLine, c.proof("the blue gats")), "400 PASSWORD_HASH_INVALID")
	old := c.proof("the blue gate")
	fresh := c.proof("the blue gate")
	c.fails(fmt.Sprintf(checkPasswordLine, old), "400 SRP_ID_INVALID")
	alice := l.as("@alice")
	want(t, c.do(fmt.Sprintf(checkPasswordLine, fresh)), ".user.first_name", `"Alice"`, ".user.self", "true")
	want(t, alice.next(), ".update.unconfirmed", "true")
	c.do("updates.getState")
	want(t, c.do(fmt.Sprintf(checkPasswordLine, c.proof("the blue gate"))), ".user.first_name", `"Alice"`)
	want(t, c.do("account.getPasswordSettings password="+c.proof("the blue gate")), ".email", `"alice@example.org"`)
	c.fails("account.getPasswordSettings password="+c.proof("x"), "400 PASSWORD_HASH_INVALID")
	c.fails("account.getPasswordSettings password=inputCheckPasswordSRP(srp_id=1 A=hex:00 M1=hex:00)", "400 SRP_ID_INVALID")
}

// TestChangePassword: a first password, another one, and none.
func TestChangePassword(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	sam, second := l.as("@sam"), l.as("@sam")
	update := func(password, settings string) string {
		return fmt.Sprintf("account.updatePasswordSettings password=%s new_settings=%s", password, settings)
	}
	change := func(from, to, more string) {
		settings := sam.settings(to, more)
		sam.do(update(sam.proof(from), settings))
	}
	const none = "inputCheckPasswordEmpty"
	if v := sam.do("account.getPassword"); !v.Object().At("current_algo").IsNone() {
		t.Errorf("a password of who has none: %s", show(v))
	}
	sam.fails(update(none, "account.passwordInputSettings()"), "400 NEW_SETTINGS_EMPTY")
	right := sam.settings("oar", `hint="wood"`)
	sam.fails(update(none, strings.Replace(right, "salt1=hex:", "salt1=hex:00", 1)), "400 NEW_SALT_INVALID")
	sam.fails(update(none, strings.Replace(right, "g=3", "g=2", 1)), "400 NEW_SETTINGS_INVALID")
	sam.fails(update(none, right[:strings.Index(right, "new_password_hash")]+`new_password_hash=hex:01 hint="")`), "400 NEW_SETTINGS_INVALID")
	sam.fails(update(none, `account.passwordInputSettings(new_algo=passwordKdfAlgoUnknown new_password_hash=hex:01 hint="")`), "400 NEW_SETTINGS_INVALID")
	sam.fails(update(none, sam.settings("oar", `hint="" email="x"`)), "400 EMAIL_INVALID")
	want(t, sam.do(update(none, right)), "", "true")
	want(t, sam.do("account.getPassword"), ".hint", `"wood"`, ".has_password", "true")
	sam.fails(update(none, right), "400 PASSWORD_HASH_INVALID")

	stale := second.proof("oar")
	change("oar", "sail", `hint=""`)
	second.fails("account.getPasswordSettings password="+stale, "400 SRP_PASSWORD_CHANGED")
	second.fails(update(sam.proof("oar"), right), "400 SRP_ID_INVALID")
	stale = second.proof("sail")
	change("sail", "keel", `hint=""`)
	second.fails(update(stale, right), "400 SRP_PASSWORD_CHANGED")
	c := l.newcomer(2)
	c.fails(signInLine("9996621001", c.code("9996621001"), `phone_code="22222"`), "401 SESSION_PASSWORD_NEEDED")
	stale = c.proof("keel")
	change("keel", "mast", `hint="x"`)
	c.fails(fmt.Sprintf(checkPasswordLine, stale), "400 SRP_PASSWORD_CHANGED")
	c.do(fmt.Sprintf(checkPasswordLine, c.proof("mast")))

	// A saved world keeps what only its owner knows.
	var saved strings.Builder
	l.Save(&saved)
	if strings.Contains(saved.String(), "mast") {
		t.Error("a password that was set by a client stands in the saved world")
	}
	l2 := newLabWithKey(t, Config{World: saved.String()})
	c2 := l2.newcomer(2)
	c2.fails(signInLine("9996621001", c2.code("9996621001"), `phone_code="22222"`), "401 SESSION_PASSWORD_NEEDED")
	want(t, c2.do("account.getPassword"), ".hint", `"x"`)
	c2.do(fmt.Sprintf(checkPasswordLine, c2.proof("mast")))

	sam.do(update(sam.proof("mast"), `account.passwordInputSettings(new_algo=passwordKdfAlgoUnknown new_password_hash="" hint="")`))
	if v := sam.do("account.getPassword"); v.Object().At("has_password").AsBool() {
		t.Errorf("the password is still there: %s", show(v))
	}
}

// TestRecovery: a recovery e-mail, and a password that is forgotten.
func TestRecovery(t *testing.T) {
	l := newLabWithKey(t, Config{World: guarded})
	sam := l.as("@sam")
	for _, m := range []string{`account.confirmPasswordEmail code="222222"`, "account.resendPasswordEmail", "account.cancelPasswordEmail"} {
		sam.fails(m, "400 EMAIL_HASH_EXPIRED")
	}
	set := func() string {
		settings := sam.settings("oar", `hint="" email="sam@example.org"`)
		return "account.updatePasswordSettings password=" + sam.proof("oar") + " new_settings=" + settings
	}
	sam.fails(set(), "400 EMAIL_UNCONFIRMED_6")
	waiting := sam.do("account.getPassword")
	want(t, waiting, ".email_unconfirmed_pattern", `"s***@example.org"`)
	if waiting.Object().At("has_password").AsBool() {
		t.Error("a password holds before its e-mail is confirmed")
	}
	sam.do("account.cancelPasswordEmail")
	sam.fails(set(), "400 EMAIL_UNCONFIRMED_6")
	sam.fails(`account.confirmPasswordEmail code="1"`, "400 CODE_INVALID")
	l.clock.add(emailTime * time.Second)
	sam.do("account.resendPasswordEmail")
	l.clock.add(emailTime * time.Second)
	want(t, sam.do(`account.confirmPasswordEmail code="222222"`), "", "true")
	want(t, sam.do("account.getPassword"), ".has_password", "true", ".has_recovery", "true")

	// Forgotten, with an e-mail.
	c := l.newcomer(2)
	c.fails("auth.requestPasswordRecovery", "401 AUTH_KEY_UNREGISTERED")
	c.fails(signInLine("9996621001", c.code("9996621001"), `phone_code="22222"`), "401 SESSION_PASSWORD_NEEDED")
	c.fails(`auth.checkRecoveryPassword code=""`, "400 CODE_EMPTY")
	c.fails(`auth.checkRecoveryPassword code="222222"`, "400 PASSWORD_RECOVERY_EXPIRED")
	want(t, c.do("auth.requestPasswordRecovery"), "", `auth.passwordRecovery(email_pattern="s***@example.org")`)
	c.fails(`auth.checkRecoveryPassword code="1"`, "400 CODE_INVALID")
	want(t, c.do(`auth.checkRecoveryPassword code="222222"`), "", "true")
	c.fails(`auth.recoverPassword code=""`, "400 CODE_EMPTY")
	c.fails(`auth.recoverPassword code="1"`, "400 CODE_INVALID")
	c.fails(`auth.recoverPassword code="222222" new_settings=account.passwordInputSettings(new_algo=passwordKdfAlgoUnknown new_password_hash=hex:01 hint="")`, "400 NEW_SETTINGS_INVALID")
	c.fails(`auth.recoverPassword code="222222" new_settings=`+strings.Replace(c.settings("x", `hint=""`), "salt2=hex:", "salt2=hex:00", 1), "400 NEW_SALT_INVALID")
	want(t, c.do(`auth.recoverPassword code="222222" new_settings=`+c.settings("new", `hint="n"`)), ".user.first_name", `"Sam"`)
	c.fails(`auth.recoverPassword code="222222"`, "400 PASSWORD_RECOVERY_EXPIRED")
	c.do("account.getPasswordSettings password=" + c.proof("new"))
	c.fails("auth.requestPasswordRecovery", "400 PASSWORD_RECOVERY_NA")
	l.as("@bob").fails("auth.requestPasswordRecovery", "400 PASSWORD_EMPTY")
	alice := l.as("@alice")
	alice.do("auth.requestPasswordRecovery")
	want(t, alice.do(`auth.recoverPassword code="222222"`), ".user.first_name", `"Alice"`)
	alice.fails("account.resetPassword", "400 PASSWORD_EMPTY")

	// Forgotten, without one.
	dave := l.newcomer(2)
	dave.fails(signInLine("9996621005", dave.code("9996621005"), `phone_code="22222"`), "401 SESSION_PASSWORD_NEEDED")
	due := l.clock.now().Unix() + resetWait
	want(t, dave.do("account.resetPassword"), "", "account.resetPasswordRequestedWait(until_date="+date(due)+")")
	want(t, dave.do("account.getPassword"), ".pending_reset_date", fmt.Sprint(due))
	owner := l.as("@dave_builds")
	want(t, owner.do("account.declinePasswordReset"), "", "true")
	owner.fails("account.declinePasswordReset", "400 RESET_REQUEST_MISSING")
	want(t, dave.do("account.resetPassword"), "", "account.resetPasswordFailedWait(retry_date="+date(l.clock.now().Unix()+resetRetry)+")")
	l.clock.add(resetRetry * time.Second)
	dave.do("account.resetPassword")
	l.clock.add(resetWait * time.Second)
	want(t, dave.do("account.resetPassword"), "", "account.resetPasswordOk()")
	want(t, dave.do(signInLine("9996621005", dave.code("9996621005"), `phone_code="22222"`)), ".user.first_name", `"Dave"`)
}

// date is a date as show writes it.
func date(unix int64) string { return time.Unix(unix, 0).UTC().Format(dateLayout) }
