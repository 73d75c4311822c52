package oracle

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	gotdsrp "github.com/gotd/td/crypto/srp"
	"github.com/gotd/td/tg"
	"github.com/gotd/td/tgerr"
	"github.com/gotd/td/tgtest"
	"go.uber.org/goleak"

	"tlsh/account"
	"tlsh/client"
	"tlsh/profile"
	"tlsh/schema"
	"tlsh/signin"
	"tlsh/srp"
	"tlsh/tl"
)

// The account that gotd's servers know.
const (
	samsPhone    = "9996621001"
	samsCode     = "31415"
	samsPassword = "harbour lights"
	botToken     = "17:AAtoken"
	samsHome     = 4
	samsHash     = "the hash of a code"
)

// decode reads a request of gotd's.
func decode[T bin.Decoder](t *testing.T, req *tgtest.Request, q T) T {
	if err := q.Decode(req.Buf); err != nil {
		t.Errorf("gotd cannot read it: %v", err)
	}
	return q
}

// signsIn has a server of gotd's let people sign in: in the data centre where
// the account is at home, or by sending them there.
func (s *gotdServer) signsIn(t *testing.T, home bool, params srp.Params, challenge *srp.Challenge) {
	me := &tg.User{Self: true, ID: 2001, FirstName: "Sam"}
	me.SetUsername("sam")
	granted := &tg.AuthAuthorization{User: me}
	algo := &tg.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow{Salt1: params.Salt1, Salt2: params.Salt2, G: params.G, P: params.P}
	s.methods.HandleFunc(tg.AuthSendCodeRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		q := decode(t, req, &tg.AuthSendCodeRequest{})
		if q.PhoneNumber != samsPhone || q.APIID != 17 || q.APIHash != "hash of 17" {
			t.Errorf("gotd saw %+v", q)
		}
		if !home {
			return tgerr.New(303, "PHONE_MIGRATE_"+strconv.Itoa(samsHome))
		}
		return srv.SendResult(req, &tg.AuthSentCode{Type: &tg.AuthSentCodeTypeApp{Length: 5}, PhoneCodeHash: samsHash})
	})
	s.methods.HandleFunc(tg.AuthSignInRequestTypeID, func(_ *tgtest.Server, req *tgtest.Request) error {
		q := decode(t, req, &tg.AuthSignInRequest{})
		if code, _ := q.GetPhoneCode(); code != samsCode || q.PhoneCodeHash != samsHash || q.PhoneNumber != samsPhone {
			return tgerr.New(400, "PHONE_CODE_INVALID")
		}
		return tgerr.New(401, "SESSION_PASSWORD_NEEDED")
	})
	s.methods.HandleFunc(tg.AccountGetPasswordRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		p := &tg.AccountPassword{HasPassword: true, SRPB: challenge.B(), SRPID: 99, NewAlgo: algo, NewSecureAlgo: &tg.SecurePasswordKdfAlgoUnknown{}, SecureRandom: []byte{1}}
		p.SetCurrentAlgo(algo)
		p.SetHint("what the pier is full of")
		p.SetFlags()
		return srv.SendResult(req, p)
	})
	s.methods.HandleFunc(tg.AuthCheckPasswordRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		q := decode(t, req, &tg.AuthCheckPasswordRequest{})
		in, ok := q.Password.(*tg.InputCheckPasswordSRP)
		if !ok || in.SRPID != 99 || !challenge.Accepts(srp.Proof{A: in.A, M1: in.M1}) {
			return tgerr.New(400, "PASSWORD_HASH_INVALID")
		}
		return srv.SendResult(req, granted)
	})
	s.methods.HandleFunc(tg.AuthImportBotAuthorizationRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		q := decode(t, req, &tg.AuthImportBotAuthorizationRequest{})
		switch {
		case q.BotAuthToken != botToken:
			return tgerr.New(400, "ACCESS_TOKEN_INVALID")
		case !home:
			return tgerr.New(303, "USER_MIGRATE_"+strconv.Itoa(samsHome))
		}
		return srv.SendResult(req, &tg.AuthAuthorization{User: &tg.User{Self: true, Bot: true, ID: 2017, FirstName: "A bot"}})
	})
	token := []byte("a token that an app accepts \xff\x00")
	s.methods.HandleFunc(tg.AuthExportLoginTokenRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		decode(t, req, &tg.AuthExportLoginTokenRequest{})
		s.mu.Lock()
		s.inner++ // how often it was asked for
		first := s.inner == 1
		s.mu.Unlock()
		if first {
			return srv.SendResult(req, &tg.AuthLoginToken{Expires: int(time.Now().Add(30 * time.Second).Unix()), Token: token})
		}
		return srv.SendResult(req, &tg.AuthLoginTokenMigrateTo{DCID: samsHome, Token: token})
	})
	s.methods.HandleFunc(tg.AuthImportLoginTokenRequestTypeID, func(srv *tgtest.Server, req *tgtest.Request) error {
		q := decode(t, req, &tg.AuthImportLoginTokenRequest{})
		if !home || !bytes.Equal(q.Token, token) {
			return tgerr.New(400, "AUTH_TOKEN_INVALIDX")
		}
		return srv.SendResult(req, &tg.AuthLoginTokenSuccess{Authorization: granted})
	})
}

// scripted answers what signing in asks from a list.
type scripted struct {
	t       *testing.T
	answers map[signin.Item][]string
	asked   []string
	link    chan string
}

func (p *scripted) Answer(_ context.Context, q signin.Question) (string, error) {
	p.asked = append(p.asked, string(q.Item)+": "+q.Text)
	if list := p.answers[q.Item]; len(list) > 0 {
		p.answers[q.Item] = list[1:]
		return list[0], nil
	}
	return "", q.Wrong
}

func (p *scripted) Tell(text string) { p.t.Log(text) }

func (p *scripted) ShowQR(link string, _ time.Time) { p.link <- link }

// Our client signs in on gotd's servers: by a code and a password that gotd's
// arithmetic made the verifier of, by a QR code, and as a bot, and goes to the
// data centre where the account is at home.
func TestOursSignsInOnGotdServers(t *testing.T) {
	key := newKey(t)
	group := gotdsrp.NewSRP(rand.Reader)
	known, _ := new(big.Int).SetString("C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F"+
		"48198A0AA7C14058229493D22530F4DBFA336F6E0AC925139543AED44CCE7C37"+
		"20FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64"+
		"2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4"+
		"A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754"+
		"FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4"+
		"E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F"+
		"0D8115F635B105EE2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B", 16)
	in := gotdsrp.Input{Salt1: []byte("some salt"), Salt2: []byte("more salt"), G: 3, P: known.Bytes()}
	verifier, salt, err := group.NewHash([]byte(samsPassword), in)
	if err != nil {
		t.Fatal(err)
	}
	params := srp.Params{Salt1: salt, Salt2: in.Salt2, G: in.G, P: in.P}
	challenge, err := params.Challenge(rand.Reader, verifier)
	if err != nil {
		t.Fatal(err)
	}
	for name, flow := range map[string]func(*signin.Login, context.Context, chan struct{}, *scripted) (*signin.Authorization, error){
		"code and password": func(l *signin.Login, ctx context.Context, _ chan struct{}, _ *scripted) (*signin.Authorization, error) {
			return l.Phone(ctx)
		},
		"QR code": func(l *signin.Login, ctx context.Context, updated chan struct{}, p *scripted) (*signin.Authorization, error) {
			go func() {
				link := strings.TrimPrefix(<-p.link, "tg://login?token=")
				if token, err := base64.RawURLEncoding.DecodeString(link); err != nil || !bytes.HasPrefix(token, []byte("a token")) {
					t.Errorf("the QR code holds %q (%v)", link, err)
				}
				updated <- struct{}{}
			}()
			return l.QR(ctx, updated)
		},
		"bot": func(l *signin.Login, ctx context.Context, _ chan struct{}, _ *scripted) (*signin.Authorization, error) {
			return l.Bot(ctx, botToken)
		},
	} {
		t.Run(name, func(t *testing.T) { oursSignsIn(t, key, params, challenge, flow) })
	}
}

func oursSignsIn(t *testing.T, key *rsa.PrivateKey, params srp.Params, challenge *srp.Challenge,
	flow func(*signin.Login, context.Context, chan struct{}, *scripted) (*signin.Authorization, error)) {
	env := &account.Environment{Name: "gotd", DC: gotdID, Keys: publicKeys(t, key)}
	t.Cleanup(func() { goleak.VerifyNone(t) })
	for dc, home := range map[int]bool{gotdID: false, samsHome: true} {
		s := runOneMore(t, key, false, dc)
		s.signsIn(t, home, params, challenge)
		host, port, _ := net.SplitHostPort(s.addr)
		n, _ := strconv.Atoi(port)
		env.Addresses = append(env.Addresses, account.Address{DC: dc, Host: host, Port: n, OnePort: true})
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	kept := profile.Open(filepath.Join(t.TempDir(), "p", "x.db"), "x", env.Name, 1)
	defer kept.Close()
	c, err := account.Connect(ctx, account.Config{Environment: env, Keyring: kept, Client: client.Config{
		Schema: schema.Current(), App: client.App{ID: 17, Device: "a device", System: "a system", Version: "0.1", Lang: "en"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	p := &scripted{t: t, link: make(chan string, 1), answers: map[signin.Item][]string{
		signin.Phone: {samsPhone}, signin.Code: {"00000", samsCode}, signin.Password: {"not this", samsPassword},
	}}
	l := &signin.Login{Schema: schema.Current(), Conn: c, Person: p, APIID: 17, APIHash: "hash of 17", Rand: rand.Reader, Now: time.Now}
	got, err := flow(l, ctx, make(chan struct{}, 1), p)
	if err != nil {
		t.Fatalf("%v; asked %q", err, p.asked)
	}
	if id := got.User.At("id").AsLong(); id != 2001 && id != 2017 {
		t.Errorf("signed in as %v", got.User)
	}
	if home, err := kept.Home(); c.Home() != samsHome || home != samsHome || err != nil {
		t.Errorf("the home is %d, and %d is kept (%v)", c.Home(), home, err)
	}
	for dc := range map[int]bool{gotdID: true, samsHome: true} {
		if a, err := kept.Key(dc, []int64{env.Keys[0].Fingerprint()}); err != nil || a == nil {
			t.Errorf("no key is kept for data centre %d (%v)", dc, err)
		}
	}
	if _, err := c.Call(ctx, tl.New(schema.Current().Method("help.getNearestDc"))); err != nil {
		t.Error(err)
	}
}
