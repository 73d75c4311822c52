package signin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/schema"
	"tlsh/tl"
)

// Conn is what signing in needs of a connection; *account.Conn is one. Call
// follows PHONE_MIGRATE and its like; Move goes to the data centre that a QR code
// names.
type Conn interface {
	Call(ctx context.Context, req *tl.Object) (tl.Value, error)
	Move(ctx context.Context, dc int) error
}

// Item is what a Question asks for.
type Item string

// The items. As words they are also the names of the options that answer them.
const (
	Phone     Item = "phone"
	Code      Item = "code"
	Password  Item = "password"
	Recovery  Item = "recovery-code" // of the password, sent by e-mail
	Email     Item = "email"         // to which codes are to come from now on
	EmailCode Item = "email-code"
	SignUp    Item = "sign-up" // the name for a new account; "" for none
)

// Question is what a Person is asked.
type Question struct {
	Item   Item
	Text   string // what is wanted, with what helps to find it
	Secret bool   // not to be shown while it is typed
	// Wrong is why the answer before was not taken; nil for the first.
	Wrong error
}

// Person answers questions and is told what goes on.
type Person interface {
	// Answer gives the answer to a question. Who cannot give another answer than
	// the one that was wrong gives q.Wrong back as the error.
	Answer(ctx context.Context, q Question) (string, error)
	// Tell says something that is no question.
	Tell(text string)
	// ShowQR shows a link as a QR code, until it is replaced by the next one.
	ShowQR(link string, until time.Time)
}

// Login is one sign-in. All fields but Tokens are needed.
type Login struct {
	Schema  *schema.Schema
	Conn    Conn
	Person  Person
	APIID   int32
	APIHash string
	Rand    io.Reader
	Now     func() time.Time // the clock by which codes come and expire
	// Tokens are the future auth tokens that there are: one that is this person's
	// spares the code (https://core.telegram.org/api/auth#future-auth-tokens).
	Tokens [][]byte
}

// Authorization is what signing in gives.
type Authorization struct {
	User  *tl.Object // a user of the API's
	In    tl.Value   // the auth.Authorization that it came in
	Token []byte     // a future auth token; nil where it came with none
}

// Error tells why somebody cannot sign in in a way that the server did not
// refuse.
type Error struct{ Msg, Fix string }

// Error is what is wrong, and what to do.
func (e *Error) Error() string {
	if e.Fix == "" {
		return e.Msg
	}
	return e.Msg + " (" + e.Fix + ")"
}

// tries is how often a person may give a wrong answer in a row.
const tries = 5

// request makes a request or an object of the schema by name, with names and
// values of parameters; *Error where the layer has none of that name.
func (l *Login) request(name string, params ...any) (*tl.Object, error) {
	def := l.Schema.Method(name)
	if def == nil {
		def = l.Schema.Constructor(name)
	}
	if def == nil {
		return nil, &Error{Msg: name + " is not in this layer", Fix: "sign in with the embedded one, without --schema"}
	}
	o := tl.New(def)
	for i := 0; i < len(params); i += 2 {
		o.With(params[i].(string), params[i+1].(tl.Value))
	}
	return o, nil
}

// call sends a request made by name.
func (l *Login) call(ctx context.Context, name string, params ...any) (*tl.Object, error) {
	req, err := l.request(name, params...)
	if err != nil {
		return nil, err
	}
	v, err := l.Conn.Call(ctx, req)
	if err != nil {
		return nil, err
	}
	return v.Object(), nil
}

// ask asks until take accepts the answer. An error of take that retry knows is
// the person's mistake, and they may try again.
func (l *Login) ask(ctx context.Context, q Question, take func(answer string) error, mistakes ...string) error {
	for n := 0; ; n++ {
		answer, err := l.Person.Answer(ctx, q)
		if err != nil {
			return err
		}
		err = take(strings.TrimSpace(answer))
		var again *askAgain
		switch {
		case errors.As(err, &again):
			if again.text != "" {
				q.Text = again.text
			}
			q.Wrong = nil
		case err == nil || !tgerr.Is(err, mistakes...) || n+1 == tries:
			return err
		default:
			q.Wrong = err
		}
	}
}

// askAgain says that the question stands, though the answer was no mistake; text
// is how it is put now, "" as before.
type askAgain struct{ text string }

func (*askAgain) Error() string { return "asked again" }

// Bot signs a bot in with the token that @BotFather gave.
// Source: https://core.telegram.org/method/auth.importBotAuthorization.
func (l *Login) Bot(ctx context.Context, token string) (*Authorization, error) {
	o, err := l.call(ctx, "auth.importBotAuthorization", "flags", tl.Int(0), "api_id", tl.Int(l.APIID), "api_hash", tl.String(l.APIHash), "bot_auth_token", tl.String(token))
	if err != nil {
		return nil, err
	}
	return l.authorization(o)
}

// authorization reads an auth.authorization.
func (l *Login) authorization(o *tl.Object) (*Authorization, error) {
	user := o.At("user").Object()
	if !o.Is("auth.authorization") || user == nil {
		return nil, &Error{Msg: fmt.Sprintf("the server answered %s where auth.authorization was wanted", o.Def().Name)}
	}
	if days := o.At("otherwise_relogin_days").AsInt(); o.At("setup_password_required").AsBool() && days > 0 {
		l.Person.Tell(fmt.Sprintf("set a two-step password in an official app: without one this sign-in ends in %d days", days))
	}
	return &Authorization{User: user, In: o.Value(), Token: o.At("future_auth_token").AsBytes()}, nil
}
