package signin

import (
	"context"
	"fmt"

	"tlsh/srp"
	"tlsh/tl"
)

// password proves that the person knows the two-step password. An empty answer
// recovers it, where the account has an e-mail address for that.
// Source: https://core.telegram.org/api/srp.
func (l *Login) password(ctx context.Context) (a *Authorization, err error) {
	settings, err := l.call(ctx, "account.getPassword")
	if err != nil {
		return nil, err
	}
	text := "Two-step password"
	if hint := settings.At("hint").AsString(); hint != "" {
		text += " (hint: " + hint + ")"
	}
	if settings.At("has_recovery").AsBool() {
		text += " (an empty line recovers it by e-mail)"
	}
	err = l.ask(ctx, Question{Item: Password, Text: text, Secret: true}, func(answer string) error {
		if answer == "" && settings.At("has_recovery").AsBool() {
			a, err = l.recover(ctx)
			return err
		}
		if a, err = l.checkPassword(ctx, settings, answer); err != nil {
			// What the server asked with is good for one proof.
			if again, e := l.call(ctx, "account.getPassword"); e == nil {
				settings = again
			}
		}
		return err
	}, "PASSWORD_HASH_INVALID", "SRP_ID_INVALID")
	return a, err
}

// algorithm is the one way there is to derive a proof from a password.
const algorithm = "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow"

// checkPassword makes the proof and sends it.
func (l *Login) checkPassword(ctx context.Context, settings *tl.Object, password string) (*Authorization, error) {
	algo := settings.At("current_algo").Object()
	if algo == nil || !algo.Is(algorithm) {
		return nil, &Error{Msg: "the account's password is kept in a way that is not known here", Fix: "a newer tlsh may know it; an official app does"}
	}
	params := srp.Params{Salt1: algo.At("salt1").AsBytes(), Salt2: algo.At("salt2").AsBytes(), G: int(algo.At("g").AsInt()), P: algo.At("p").AsBytes()}
	proof, err := params.Prove(l.Rand, []byte(password), settings.At("srp_B").AsBytes())
	if err != nil {
		return nil, &Error{Msg: fmt.Sprintf("the server's question about the password is not safe to answer: %v", err), Fix: "nothing was sent; somebody may stand between"}
	}
	check, err := l.request("inputCheckPasswordSRP", "srp_id", settings.At("srp_id"), "A", tl.Bytes(proof.A), "M1", tl.Bytes(proof.M1))
	if err != nil {
		return nil, err
	}
	o, err := l.call(ctx, "auth.checkPassword", "password", check.Value())
	if err != nil {
		return nil, err
	}
	return l.authorization(o)
}

// recover signs in with a code that comes to the recovery e-mail address; the
// account then has no password any more.
// Source: https://core.telegram.org/api/srp#password-recovery.
func (l *Login) recover(ctx context.Context) (a *Authorization, err error) {
	o, err := l.call(ctx, "auth.requestPasswordRecovery")
	if err != nil {
		return nil, err
	}
	q := Question{Item: Recovery, Text: "Recovery code (sent to " + o.At("email_pattern").AsString() + "; it takes the password off the account)"}
	err = l.ask(ctx, q, func(code string) error {
		o, err := l.call(ctx, "auth.recoverPassword", "code", tl.String(code))
		if err != nil {
			return err
		}
		a, err = l.authorization(o)
		return err
	}, "CODE_INVALID", "CODE_EMPTY", "PASSWORD_RECOVERY_EXPIRED")
	return a, err
}
