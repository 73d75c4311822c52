package signin

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/tgerr"

	"tlsh/dh"
	"tlsh/schema"
	"tlsh/tl"
)

// server answers requests by their names, each from its list.
type server struct {
	t       *testing.T
	answers map[string][]any // *tl.Object or error
	sent    []*tl.Object
	moved   []int
}

func (s *server) Call(_ context.Context, req *tl.Object) (tl.Value, error) {
	name := req.Def().Name
	s.sent = append(s.sent, req)
	if _, err := tl.Encode(req); err != nil {
		s.t.Errorf("%s: %v", name, err)
	}
	list := s.answers[name]
	if len(list) == 0 {
		return tl.Value{}, tgerr.New(501, "NOT_IN_THIS_TEST")
	}
	s.answers[name] = list[1:]
	if err, ok := list[0].(error); ok {
		return tl.Value{}, err
	}
	return list[0].(*tl.Object).Value(), nil
}

func (s *server) Move(_ context.Context, dc int) error { s.moved = append(s.moved, dc); return nil }

// names are the requests that were sent.
func (s *server) names() string {
	var list []string
	for _, r := range s.sent {
		list = append(list, r.Def().Name)
	}
	return strings.Join(list, " ")
}

// guest answers from a list, and remembers what it was asked and told.
type guest struct {
	answers []string
	said    []string
	links   []string
}

func (g *guest) Answer(_ context.Context, q Question) (string, error) {
	text := string(q.Item) + ": " + q.Text
	if q.Wrong != nil {
		text += " (" + q.Wrong.Error() + ")"
	}
	g.said = append(g.said, text)
	if len(g.answers) == 0 {
		return "", errors.New("no more answers")
	}
	a := g.answers[0]
	g.answers = g.answers[1:]
	return a, nil
}

func (g *guest) Tell(text string)                    { g.said = append(g.said, text) }
func (g *guest) ShowQR(link string, until time.Time) { g.links = append(g.links, link) }

func object(name string, params ...any) *tl.Object {
	o := tl.New(schema.Current().Constructor(name))
	for i := 0; i < len(params); i += 2 {
		v, ok := params[i+1].(tl.Value)
		if !ok {
			v = params[i+1].(*tl.Object).Value()
		}
		o.With(params[i].(string), v)
	}
	return o
}

func granted() *tl.Object {
	return object("auth.authorization", "user", object("user", "id", tl.Long(5), "first_name", tl.String("Sam")))
}

// code is an auth.sentCode, with a next way that can be asked for after so many
// seconds.
func code(how *tl.Object, next string, timeout int32) *tl.Object {
	o := object("auth.sentCode", "type", how, "phone_code_hash", tl.String("hash"))
	if next != "" {
		o.With("next_type", object(next).Value()).With("timeout", tl.Int(timeout))
	}
	return o
}

func app() *tl.Object { return object("auth.sentCodeTypeApp", "length", tl.Int(5)) }

func begin(t *testing.T, answers map[string][]any, said ...string) (*Login, *server, *guest) {
	s, g := &server{t: t, answers: answers}, &guest{answers: said}
	return &Login{Schema: schema.Current(), Conn: s, Person: g, APIID: 1, APIHash: "h", Rand: rand.Reader, Now: time.Now}, s, g
}

// Every way that a code can come says where to look for it.
func TestWays(t *testing.T) {
	for name, c := range map[string]struct {
		how  *tl.Object
		next string
		want string
	}{
		"app":      {app(), "auth.codeTypeSms", "5 digits, sent to your other Telegram apps; an empty line asks for one by SMS)"},
		"sms":      {object("auth.sentCodeTypeSms", "length", tl.Int(6)), "auth.codeTypeCall", "6 digits, sent by SMS; an empty line asks for one by a voice call)"},
		"call":     {object("auth.sentCodeTypeCall", "length", tl.Int(5)), "", "a voice calls and says it)"},
		"flash":    {object("auth.sentCodeTypeFlashCall", "pattern", tl.String("+1555*")), "", "it looks like +1555*"},
		"missed":   {object("auth.sentCodeTypeMissedCall", "prefix", tl.String("1555"), "length", tl.Int(4)), "", "Last 4 digits of the number that calls and hangs up (it begins with 1555"},
		"email":    {object("auth.sentCodeTypeEmailCode", "email_pattern", tl.String("s*@x.org"), "length", tl.Int(6), "reset_available_period", tl.Int(0)), "", "e-mail address s*@x.org; the word reset"},
		"fragment": {object("auth.sentCodeTypeFragmentSms", "url", tl.String("https://fragment.com/x"), "length", tl.Int(5)), "", "shown at https://fragment.com/x"},
		"word":     {object("auth.sentCodeTypeSmsWord", "beginning", tl.String("ha")), "", "they begin with ha"},
		"phrase":   {object("auth.sentCodeTypeSmsPhrase"), "auth.codeTypeMissedCall", "Words of the SMS (sent now; an empty line asks for one by a call that hangs up"},
	} {
		l, _, g := begin(t, map[string][]any{"auth.sendCode": {code(c.how, c.next, 0)}, "auth.signIn": {granted()}}, "+15551234", "12345")
		a, err := l.Phone(t.Context())
		if err != nil || a.User.At("id").AsLong() != 5 {
			t.Fatalf("%s: %v", name, err)
		}
		if q := g.said[len(g.said)-1]; !strings.Contains(q, c.want) {
			t.Errorf("%s: asked %q, want %q", name, q, c.want)
		}
	}
}

// An empty answer asks for the code by the next way, but not before its time.
func TestResend(t *testing.T) {
	l, s, g := begin(t, map[string][]any{
		"auth.sendCode":   {code(app(), "auth.codeTypeSms", 0)},
		"auth.resendCode": {code(object("auth.sentCodeTypeSms", "length", tl.Int(5)), "auth.codeTypeCall", 1000)},
		"auth.signIn":     {granted()},
	}, "+15551234", "", "", "12345")
	if _, err := l.Phone(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.names() != "auth.sendCode auth.resendCode auth.signIn" {
		t.Errorf("sent %s", s.names())
	}
	if text := strings.Join(g.said, "\n"); !strings.Contains(text, "sent by SMS; an empty line asks for one by a voice call, in 16m40s") || !strings.Contains(text, "another code can be asked for in 16m40s") {
		t.Errorf("%s", text)
	}
}

// Codes that only official apps can receive are asked for in another way; a
// number for which Telegram wants money is told; a code that is not needed is not
// asked for.
func TestOtherAnswers(t *testing.T) {
	l, s, _ := begin(t, map[string][]any{
		"auth.sendCode":   {code(object("auth.sentCodeTypeFirebaseSms", "length", tl.Int(6)), "auth.codeTypeSms", 0)},
		"auth.resendCode": {code(object("auth.sentCodeTypeSms", "length", tl.Int(5)), "", 0)},
		"auth.signIn":     {granted()},
	}, "+15551234", "12345")
	if _, err := l.Phone(t.Context()); err != nil || s.names() != "auth.sendCode auth.resendCode auth.signIn" {
		t.Errorf("%v; sent %s", err, s.names())
	}
	l, _, _ = begin(t, map[string][]any{"auth.sendCode": {object("auth.sentCodePaymentRequired", "store_product", tl.String("x"), "phone_code_hash", tl.String("h"),
		"support_email_address", tl.String(""), "support_email_subject", tl.String(""), "premium_days", tl.Int(7), "currency", tl.String("USD"), "amount", tl.Long(1))}}, "+15551234")
	var own *Error
	if _, err := l.Phone(t.Context()); !errors.As(err, &own) || !strings.Contains(err.Error(), "login --qr") {
		t.Errorf("%v", err)
	}
	l, _, g := begin(t, map[string][]any{"auth.sendCode": {object("auth.sentCodeSuccess", "authorization", granted())}}, "+15551234")
	if a, err := l.Phone(t.Context()); err != nil || a.User.At("id").AsLong() != 5 || a.Token != nil || len(g.said) != 2 || !strings.Contains(g.said[1], "no code was needed") {
		t.Errorf("%v; asked %q", err, g.said)
	}
}

// The tokens that are kept go with the request for a code, and the one that comes
// with an authorization is handed on.
func TestTokens(t *testing.T) {
	l, s, _ := begin(t, map[string][]any{"auth.sendCode": {code(app(), "", 0)}, "auth.signIn": {granted().With("future_auth_token", tl.Bytes([]byte("next")))}}, "+15551234", "12345")
	l.Tokens = [][]byte{[]byte("one"), []byte("two")}
	a, err := l.Phone(t.Context())
	if err != nil || string(a.Token) != "next" {
		t.Fatalf("%v, %q", err, a.Token)
	}
	sent := s.sent[0].At("settings").Object().At("logout_tokens").Vector()
	if sent == nil || len(sent.Items) != 2 || string(sent.Items[0].AsBytes()) != "one" || string(sent.Items[1].AsBytes()) != "two" {
		t.Errorf("sent %v", sent)
	}
}

// A person may be wrong a few times and not for ever; other errors end it at
// once.
func TestMistakes(t *testing.T) {
	wrong := tgerr.New(400, "PHONE_CODE_INVALID")
	many := []any{wrong, wrong, wrong, wrong, wrong, wrong, wrong}
	l, s, g := begin(t, map[string][]any{"auth.sendCode": {code(app(), "", 0)}, "auth.signIn": many}, "+15551234", "1", "2", "3", "4", "5", "6", "7")
	if _, err := l.Phone(t.Context()); !tgerr.Is(err, "PHONE_CODE_INVALID") || len(s.sent) != 1+tries {
		t.Errorf("%v after %d requests", err, len(s.sent))
	}
	if !strings.Contains(g.said[2], "PHONE_CODE_INVALID") {
		t.Errorf("asked again with %q", g.said[2])
	}
	l, s, _ = begin(t, map[string][]any{"auth.sendCode": {code(app(), "", 0)}, "auth.signIn": {tgerr.New(400, "PHONE_CODE_EXPIRED"), granted()}}, "+15551234", "1", "2")
	if _, err := l.Phone(t.Context()); !tgerr.Is(err, "PHONE_CODE_EXPIRED") || len(s.sent) != 2 {
		t.Errorf("%v", err)
	}
}

// A server whose question about the password is not safe learns nothing: neither
// with a B that gives the proof away nor with a group that is none.
func TestHostilePassword(t *testing.T) {
	good := bytes.Repeat([]byte{0x55}, 256)
	prime := dh.Prime().Bytes()
	for name, c := range map[string]struct{ p, b []byte }{
		"B of 0": {prime, make([]byte, 256)}, "B of 1": {prime, append(make([]byte, 255), 1)}, "B of p": {prime, prime},
		"a p that is no prime": {append(bytes.Clone(prime[:255]), 1), good}, "a short p": {prime[:128], good},
	} {
		algo := object(algorithm, "salt1", tl.Bytes([]byte("a")), "salt2", tl.Bytes([]byte("b")), "g", tl.Int(3), "p", tl.Bytes(c.p))
		settings := object("account.password", "has_password", tl.Bool(true), "current_algo", algo, "srp_B", tl.Bytes(c.b), "srp_id", tl.Long(9),
			"new_algo", algo, "new_secure_algo", object("securePasswordKdfAlgoUnknown"), "secure_random", tl.Bytes([]byte{1}))
		l, s, _ := begin(t, map[string][]any{
			"auth.sendCode": {code(app(), "", 0)}, "auth.signIn": {tgerr.New(401, "SESSION_PASSWORD_NEEDED")},
			"account.getPassword": {settings, settings}, "auth.checkPassword": {granted()},
		}, "+15551234", "12345", "the password")
		_, err := l.Phone(t.Context())
		var own *Error
		if !errors.As(err, &own) || strings.Contains(s.names(), "auth.checkPassword") {
			t.Errorf("%s: %v; sent %s", name, err, s.names())
		}
	}
}

// A QR code is replaced when it expires, and again when the server has news; a
// token of another data centre is taken there.
func TestQR(t *testing.T) {
	token := func(text string) *tl.Object {
		return object("auth.loginToken", "expires", tl.Int(1), "token", tl.Bytes([]byte(text)))
	}
	l, s, g := begin(t, map[string][]any{
		"auth.exportLoginToken": {token("one"), token("two\xff\xfe"), object("auth.loginTokenMigrateTo", "dc_id", tl.Int(4), "token", tl.Bytes([]byte("three")))},
		"auth.importLoginToken": {object("auth.loginTokenSuccess", "authorization", granted())},
	})
	if a, err := l.QR(t.Context(), make(chan struct{})); err != nil || a.User.At("id").AsLong() != 5 {
		t.Fatal(err)
	}
	if len(g.links) != 2 || g.links[0] != "tg://login?token=b25l" || g.links[1] != "tg://login?token=dHdv__4" {
		t.Errorf("shown: %q", g.links)
	}
	if last := s.sent[len(s.sent)-1]; len(s.moved) != 1 || s.moved[0] != 4 || string(last.At("token").AsBytes()) != "three" {
		t.Errorf("moved to %v with %v", s.moved, last)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l, _, _ = begin(t, map[string][]any{"auth.exportLoginToken": {token("one")}})
	if _, err := l.QR(ctx, make(chan struct{})); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Terms are shown before an account is made, and agreed to afterwards.
func TestSignUp(t *testing.T) {
	terms := object("help.termsOfService", "id", object("dataJSON", "data", tl.String("{}")), "text", tl.String("Be kind."), "entities",
		tl.VectorOf(schema.Current().TypeOf("MessageEntity")), "min_age_confirm", tl.Int(16))
	required := object("auth.authorizationSignUpRequired", "terms_of_service", terms)
	l, s, g := begin(t, map[string][]any{"auth.sendCode": {code(app(), "", 0)}, "auth.signIn": {required}, "auth.signUp": {granted()},
		"help.acceptTermsOfService": {object("boolTrue")}}, "+15551234", "12345", "Nora van den Berg")
	if _, err := l.Phone(t.Context()); err != nil {
		t.Fatal(err)
	}
	up := s.sent[2]
	if up.At("first_name").AsString() != "Nora" || up.At("last_name").AsString() != "van den Berg" || !strings.HasSuffix(s.names(), "auth.signUp help.acceptTermsOfService") {
		t.Errorf("%v; sent %s", up, s.names())
	}
	if text := strings.Join(g.said, "\n"); !strings.Contains(text, "Be kind.") || !strings.Contains(text, "16 years") {
		t.Errorf("%s", text)
	}
	l, s, _ = begin(t, map[string][]any{"auth.sendCode": {code(app(), "", 0)}, "auth.signIn": {required}}, "+15551234", "12345", "")
	if _, err := l.Phone(t.Context()); err == nil || !strings.Contains(err.Error(), "--sign-up") || strings.Contains(s.names(), "signUp") {
		t.Errorf("%v; sent %s", err, s.names())
	}
}
