package sandbox

import (
	"fmt"

	"tlsh/tl"
)

// recoveryArea is the recovery e-mail of two-step passwords, and doing without
// (https://core.telegram.org/api/srp#email-verification,
// https://core.telegram.org/api/srp#password-reset).
func recoveryArea() area {
	return area{methods: map[string]method{
		"account.cancelPasswordEmail":  {handle: accountCancelPasswordEmail, errors: "EMAIL_HASH_EXPIRED"},
		"account.confirmPasswordEmail": {handle: accountConfirmPasswordEmail, errors: "CODE_INVALID EMAIL_HASH_EXPIRED"},
		"account.declinePasswordReset": {handle: accountDeclinePasswordReset, errors: "RESET_REQUEST_MISSING"},
		"account.resendPasswordEmail":  {handle: accountResendPasswordEmail, errors: "EMAIL_HASH_EXPIRED"},
		"account.resetPassword":        {handle: accountResetPassword, pending: true, errors: "PASSWORD_EMPTY"},
		"auth.checkRecoveryPassword":   {handle: authCheckRecoveryPassword, pending: true, errors: recoveryErrors},
		"auth.recoverPassword": {handle: authRecoverPassword, pending: true, heeds: "new_settings",
			errors: "NEW_SALT_INVALID NEW_SETTINGS_INVALID " + recoveryErrors},
		"auth.requestPasswordRecovery": {handle: authRequestPasswordRecovery, pending: true, errors: "PASSWORD_EMPTY PASSWORD_RECOVERY_NA"},
	}}
}

// recoveryErrors are what call.recovers gives.
const recoveryErrors = "CODE_EMPTY CODE_INVALID PASSWORD_RECOVERY_EXPIRED"

// emailTime is how long a code in an e-mail is good; resetWait how long it takes
// to do without a password that is forgotten, and resetRetry how long after that
// was declined it can be asked for again; in seconds.
const (
	emailTime  = 3600
	resetWait  = 7 * 24 * 3600
	resetRetry = 24 * 3600
)

// unconfirmed is the error that says how long the code is that went to a new
// recovery e-mail.
func (c *call) unconfirmed() error {
	return bad(fmt.Sprintf("EMAIL_UNCONFIRMED_%d", len(emailCode(c.session.login.dc))))
}

// confirming refuses where no new recovery e-mail waits for its code.
func (c *call) confirming() error {
	if c.me.unconfirmed == nil || c.now > c.me.confirmBy {
		return bad("EMAIL_HASH_EXPIRED")
	}
	return nil
}

// accountConfirmPasswordEmail follows
// https://core.telegram.org/method/account.confirmPasswordEmail.
func accountConfirmPasswordEmail(c *call) (tl.Value, error) {
	if err := c.confirming(); err != nil {
		return tl.Value{}, err
	}
	if c.req.At("code").AsString() != emailCode(c.session.login.dc) {
		return tl.Value{}, bad("CODE_INVALID")
	}
	c.me.setSecret(c.me.unconfirmed)
	return tl.Bool(true), nil
}

// accountResendPasswordEmail follows
// https://core.telegram.org/method/account.resendPasswordEmail.
func accountResendPasswordEmail(c *call) (tl.Value, error) {
	if err := c.confirming(); err != nil {
		return tl.Value{}, err
	}
	c.me.confirmBy = c.now + emailTime
	return tl.Bool(true), nil
}

// accountCancelPasswordEmail follows
// https://core.telegram.org/method/account.cancelPasswordEmail.
func accountCancelPasswordEmail(c *call) (tl.Value, error) {
	if err := c.confirming(); err != nil {
		return tl.Value{}, err
	}
	c.me.unconfirmed = nil
	return tl.Bool(true), nil
}

// authRequestPasswordRecovery follows
// https://core.telegram.org/method/auth.requestPasswordRecovery.
func authRequestPasswordRecovery(c *call) (tl.Value, error) {
	s := c.owner().secret
	switch {
	case s == nil:
		return tl.Value{}, bad("PASSWORD_EMPTY")
	case s.email == "":
		return tl.Value{}, bad("PASSWORD_RECOVERY_NA")
	}
	c.session.login.recoverBy = c.now + emailTime
	return c.new("auth.passwordRecovery").With("email_pattern", tl.String(pattern(s.email))).Value(), nil
}

// recovers checks the code that went to the recovery e-mail.
func (c *call) recovers() error {
	switch code := c.req.At("code").AsString(); {
	case code == "":
		return bad("CODE_EMPTY")
	case c.owner().secret == nil || c.now > c.session.login.recoverBy:
		return bad("PASSWORD_RECOVERY_EXPIRED")
	case code != emailCode(c.session.login.dc):
		return bad("CODE_INVALID")
	}
	return nil
}

// authCheckRecoveryPassword follows
// https://core.telegram.org/method/auth.checkRecoveryPassword.
func authCheckRecoveryPassword(c *call) (tl.Value, error) { return tl.Bool(true), c.recovers() }

// authRecoverPassword follows
// https://core.telegram.org/method/auth.recoverPassword.
func authRecoverPassword(c *call) (tl.Value, error) {
	if err := c.recovers(); err != nil {
		return tl.Value{}, err
	}
	var next *secret
	if in := c.req.At("new_settings").Object(); in != nil {
		var err error
		if next, err = c.newSecret(nil, in); err != nil {
			return tl.Value{}, err
		}
	}
	p := c.owner()
	c.session.login.recoverBy = 0
	p.setSecret(next)
	if c.me != nil {
		return c.new("auth.authorization").With("user", c.user(c.me)).Value(), nil
	}
	return c.signedIn(p), nil
}

// resetDue takes away a password whose time is over.
func (c *call) resetDue(p *person) {
	if p.resetAt != 0 && p.resetAt <= c.now {
		p.setSecret(nil)
	}
}

// accountResetPassword follows
// https://core.telegram.org/method/account.resetPassword.
func accountResetPassword(c *call) (tl.Value, error) {
	p := c.owner()
	switch {
	case p.secret == nil:
		return tl.Value{}, bad("PASSWORD_EMPTY")
	case p.resetAt == 0 && p.declined != 0 && c.now < p.declined+resetRetry:
		return c.new("account.resetPasswordFailedWait").With("retry_date", tl.Int(p.declined+resetRetry)).Value(), nil
	case p.resetAt == 0:
		p.resetAt = c.now + resetWait
	case p.resetAt <= c.now:
		p.setSecret(nil)
		return c.new("account.resetPasswordOk").Value(), nil
	}
	return c.new("account.resetPasswordRequestedWait").With("until_date", tl.Int(p.resetAt)).Value(), nil
}

// accountDeclinePasswordReset follows
// https://core.telegram.org/method/account.declinePasswordReset.
func accountDeclinePasswordReset(c *call) (tl.Value, error) {
	if c.me.resetAt == 0 {
		return tl.Value{}, bad("RESET_REQUEST_MISSING")
	}
	c.me.resetAt, c.me.declined = 0, c.now
	return tl.Bool(true), nil
}
