package signin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// sent is a code on its way (https://core.telegram.org/constructor/auth.sentCode).
type sent struct {
	phone, hash string
	how         *tl.Object // auth.SentCodeType
	next        string     // the name of the auth.CodeType that can come instead; "" for none
	from        time.Time  // when that can be asked for
}

// Phone signs in with a code that is sent to a phone number, and with the
// two-step password where there is one.
func (l *Login) Phone(ctx context.Context) (*Authorization, error) {
	settings, err := l.settings()
	if err != nil {
		return nil, err
	}
	var s *sent
	var done *Authorization
	q := Question{Item: Phone, Text: "Phone number, with its country code"}
	err = l.ask(ctx, q, func(phone string) error {
		if phone == "" {
			return &askAgain{}
		}
		o, err := l.call(ctx, "auth.sendCode", "phone_number", tl.String(phone), "api_id", tl.Int(l.APIID), "api_hash", tl.String(l.APIHash), "settings", settings.Value())
		if err != nil {
			return err
		}
		s, done, err = l.sentCode(phone, o)
		return err
	}, "PHONE_NUMBER_INVALID")
	if err != nil || done != nil {
		return done, err
	}
	return l.code(ctx, s)
}

// settings are the codeSettings: no way for a code to come that only an app on a
// phone can receive, and the tokens that may make one needless.
func (l *Login) settings() (*tl.Object, error) {
	o, err := l.request("codeSettings")
	if err != nil || len(l.Tokens) == 0 || o.Def().Param("logout_tokens") == nil {
		return o, err
	}
	list := make([]tl.Value, len(l.Tokens))
	for i, t := range l.Tokens {
		list[i] = tl.Bytes(t)
	}
	return o.With("logout_tokens", tl.VectorOf(nil, list...)), nil
}

// sentCode reads an auth.SentCode: a code is on its way, or somebody is signed
// in already.
func (l *Login) sentCode(phone string, o *tl.Object) (*sent, *Authorization, error) {
	switch o.Def().Name {
	case "auth.sentCodeSuccess":
		a, err := l.authorization(o.At("authorization").Object())
		if err == nil {
			l.Person.Tell("no code was needed: a token that Telegram gave for this sign-in was kept")
		}
		return nil, a, err
	case "auth.sentCodePaymentRequired":
		return nil, nil, &Error{Msg: "Telegram wants to be paid for a code to this number, which only an official app can do",
			Fix: "sign in there first, and here with login --qr"}
	case "auth.sentCode":
	default:
		return nil, nil, &Error{Msg: "this answer to auth.sendCode is not known here: " + o.Def().Name}
	}
	s := &sent{phone: phone, hash: o.At("phone_code_hash").AsString(), how: o.At("type").Object(), from: l.Now()}
	if next := o.At("next_type").Object(); next != nil {
		s.next = next.Def().Name
		s.from = s.from.Add(time.Duration(o.At("timeout").AsInt()) * time.Second)
	}
	return s, nil, nil
}

// code asks for the code and signs in with it. An empty answer asks for another
// way to send it.
func (l *Login) code(ctx context.Context, s *sent) (a *Authorization, err error) {
	if s.how.Is("auth.sentCodeTypeSetUpEmailRequired") {
		if s, a, err = l.setUpEmail(ctx, s); err != nil || a != nil {
			return a, err
		}
	}
	if s.how.Is("auth.sentCodeTypeFirebaseSms") {
		l.Person.Tell("Telegram would send this code through Google's or Apple's servers, which only an official app can receive: another way is asked for")
		if err := l.resend(ctx, &s, &a); err != nil || a != nil {
			return a, err
		}
	}
	err = l.ask(ctx, Question{Item: Code, Text: s.question(l.Now())}, func(code string) error {
		if code == "" {
			if err := l.resend(ctx, &s, &a); err != nil || a != nil {
				return err
			}
			return &askAgain{s.question(l.Now())}
		}
		if code == resetWord && s.how.Is("auth.sentCodeTypeEmailCode") {
			o, err := l.call(ctx, "auth.resetLoginEmail", "phone_number", tl.String(s.phone), "phone_code_hash", tl.String(s.hash))
			if err != nil {
				return err
			}
			if s, a, err = l.sentCode(s.phone, o); err != nil || a != nil {
				return err
			}
			return &askAgain{s.question(l.Now())}
		}
		a, err = l.signIn(ctx, s, code)
		return err
	}, "PHONE_CODE_INVALID", "PHONE_CODE_EMPTY", "EMAIL_VERIFY_EXPIRED", "CODE_INVALID", "EMAIL_NOT_ALLOWED", "SEND_CODE_UNAVAILABLE")
	if err != nil {
		return nil, err
	}
	return a, nil
}

// resetWord asks for a code by phone in place of an e-mail that cannot be read.
const resetWord = "reset"

// signIn signs in with a code, and goes on with what the account wants besides.
// Source: https://core.telegram.org/method/auth.signIn.
func (l *Login) signIn(ctx context.Context, s *sent, code string) (*Authorization, error) {
	params := []any{"phone_number", tl.String(s.phone), "phone_code_hash", tl.String(s.hash)}
	if s.how.Is("auth.sentCodeTypeEmailCode") {
		proof, err := l.request("emailVerificationCode", "code", tl.String(code))
		if err != nil {
			return nil, err
		}
		params = append(params, "email_verification", proof.Value())
	} else {
		params = append(params, "phone_code", tl.String(code))
	}
	o, err := l.call(ctx, "auth.signIn", params...)
	switch {
	case tgerr.Is(err, "SESSION_PASSWORD_NEEDED"):
		return l.password(ctx)
	case tgerr.Is(err, "PHONE_NUMBER_UNOCCUPIED"):
		return l.signUp(ctx, s, nil)
	case err != nil:
		return nil, err
	case o.Is("auth.authorizationSignUpRequired"):
		return l.signUp(ctx, s, o.At("terms_of_service").Object())
	}
	return l.authorization(o)
}

// resend asks for the code by the next way, if its time has come.
// Source: https://core.telegram.org/method/auth.resendCode.
func (l *Login) resend(ctx context.Context, s **sent, a **Authorization) error {
	old := *s
	if wait := old.from.Sub(l.Now()).Round(time.Second); wait > 0 && old.next != "" {
		l.Person.Tell(fmt.Sprintf("another code can be asked for in %s", wait))
		return nil
	}
	o, err := l.call(ctx, "auth.resendCode", "phone_number", tl.String(old.phone), "phone_code_hash", tl.String(old.hash))
	if err != nil {
		return err
	}
	next, done, err := l.sentCode(old.phone, o)
	if *a = done; next != nil {
		*s = next
	}
	return err
}

// question says where the code went, and how another one is had.
func (s *sent) question(now time.Time) string {
	o := s.how
	length := o.At("length").AsInt()
	digits := ""
	if length > 0 {
		digits = fmt.Sprintf("%d digits, ", length)
	}
	var text string
	switch o.Def().Name {
	case "auth.sentCodeTypeApp":
		text = "Code (" + digits + "sent to your other Telegram apps"
	case "auth.sentCodeTypeSms":
		text = "Code (" + digits + "sent by SMS"
	case "auth.sentCodeTypeCall":
		text = "Code (" + digits + "a voice calls and says it"
	case "auth.sentCodeTypeFlashCall":
		text = "Number that calls and hangs up (it looks like " + o.At("pattern").AsString()
	case "auth.sentCodeTypeMissedCall":
		text = fmt.Sprintf("Last %d digits of the number that calls and hangs up (it begins with %s", length, o.At("prefix").AsString())
	case "auth.sentCodeTypeEmailCode":
		text = "Code (" + digits + "sent to the e-mail address " + o.At("email_pattern").AsString()
		if !o.At("reset_available_period").IsNone() {
			text += "; the word reset, where that cannot be read any more, asks for one by phone"
		}
	case "auth.sentCodeTypeFragmentSms":
		text = "Code (" + digits + "it is shown at " + o.At("url").AsString()
	case "auth.sentCodeTypeSmsWord", "auth.sentCodeTypeSmsPhrase":
		text = "Words of the SMS (sent now"
		if b := o.At("beginning").AsString(); b != "" {
			text += ", they begin with " + b
		}
	default:
		text = "Code (sent as " + o.Def().Name
	}
	if s.next != "" {
		text += "; an empty line asks for one by " + nextWay(s.next)
		if wait := s.from.Sub(now).Round(time.Second); wait > 0 {
			text += fmt.Sprintf(", in %s", wait)
		}
	}
	return text + ")"
}

// nextWay is an auth.CodeType in words.
func nextWay(name string) string {
	switch name {
	case "auth.codeTypeSms":
		return "SMS"
	case "auth.codeTypeCall":
		return "a voice call"
	case "auth.codeTypeFlashCall", "auth.codeTypeMissedCall":
		return "a call that hangs up"
	case "auth.codeTypeFragmentSms":
		return "Fragment"
	}
	return strings.TrimPrefix(name, "auth.codeType")
}

// setUpEmail gives the account an e-mail address for its codes, which it must
// have. Source: https://core.telegram.org/api/auth#email-verification.
func (l *Login) setUpEmail(ctx context.Context, s *sent) (*sent, *Authorization, error) {
	purpose, err := l.request("emailVerifyPurposeLoginSetup", "phone_number", tl.String(s.phone), "phone_code_hash", tl.String(s.hash))
	if err != nil {
		return nil, nil, err
	}
	var where string
	q := Question{Item: Email, Text: "E-mail address (this account must have one for its codes)"}
	err = l.ask(ctx, q, func(address string) error {
		o, err := l.call(ctx, "account.sendVerifyEmailCode", "purpose", purpose.Value(), "email", tl.String(address))
		if err == nil {
			where = o.At("email_pattern").AsString()
		}
		return err
	}, "EMAIL_INVALID", "EMAIL_NOT_ALLOWED")
	if err != nil {
		return nil, nil, err
	}
	var next *sent
	var done *Authorization
	q = Question{Item: EmailCode, Text: "Code (sent to the e-mail address " + where + ")"}
	err = l.ask(ctx, q, func(code string) error {
		proof, err := l.request("emailVerificationCode", "code", tl.String(code))
		if err != nil {
			return err
		}
		o, err := l.call(ctx, "account.verifyEmail", "purpose", purpose.Value(), "verification", proof.Value())
		if err != nil {
			return err
		}
		if !o.Is("account.emailVerifiedLogin") {
			return &Error{Msg: "the server answered " + o.Def().Name + " where account.emailVerifiedLogin was wanted"}
		}
		next, done, err = l.sentCode(s.phone, o.At("sent_code").Object())
		return err
	}, "CODE_INVALID", "EMAIL_VERIFY_EXPIRED")
	return next, done, err
}

// errNoAccount tells that a new account is not made unless it is asked for.
var errNoAccount = errors.New("no account has this phone number")

// signUp makes an account for a number that has none, if that is wished.
// Source: https://core.telegram.org/method/auth.signUp.
func (l *Login) signUp(ctx context.Context, s *sent, terms *tl.Object) (a *Authorization, err error) {
	l.Person.Tell("nobody has an account with this number")
	if terms != nil {
		l.Person.Tell("making one means that you agree to these terms:\n" + terms.At("text").AsString())
		if age := terms.At("min_age_confirm").AsInt(); age > 0 {
			l.Person.Tell(fmt.Sprintf("and that you are at least %d years old", age))
		}
	}
	q := Question{Item: SignUp, Text: "First and last name for a new account (an empty line makes none)"}
	err = l.ask(ctx, q, func(name string) error {
		if name == "" {
			return &Error{Msg: errNoAccount.Error(), Fix: `check the number; login --sign-up "First Last" makes a new account`}
		}
		first, last, _ := strings.Cut(name, " ")
		o, err := l.call(ctx, "auth.signUp", "phone_number", tl.String(s.phone), "phone_code_hash", tl.String(s.hash),
			"first_name", tl.String(first), "last_name", tl.String(strings.TrimSpace(last)))
		if err != nil {
			return err
		}
		a, err = l.authorization(o)
		return err
	}, "FIRSTNAME_INVALID", "LASTNAME_INVALID")
	if err != nil || terms == nil {
		return a, err
	}
	_, err = l.acceptTerms(ctx, terms)
	return a, err
}

// acceptTerms tells that the terms were agreed to.
// Source: https://core.telegram.org/method/help.acceptTermsOfService.
func (l *Login) acceptTerms(ctx context.Context, terms *tl.Object) (tl.Value, error) {
	req, err := l.request("help.acceptTermsOfService", "id", terms.At("id"))
	if err != nil {
		return tl.Value{}, err
	}
	return l.Conn.Call(ctx, req)
}
