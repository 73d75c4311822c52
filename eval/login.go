package eval

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/bind"
	"tlsh/client"
	"tlsh/profile"
	"tlsh/render"
	"tlsh/signin"
	"tlsh/syntax"
	"tlsh/tl"
)

// login signs in. What its options do not say is asked for.
func (r *run) login(ctx context.Context, call *syntax.Call) Status {
	opt, err := r.loginOptions(call)
	if err != nil {
		return r.wrongLogin(err)
	}
	if r.cfg.DryRun {
		return r.failed(ctx, &bind.Info{}, errNowhere)
	}
	if r.cfg.Login == nil {
		return r.usage(call.Name, "nobody can sign in here: the shell is connected to %s", r.account.Where)
	}
	if st := r.may(ctx, call, "auth.signIn"); st != OK {
		return st
	}
	if opt.profile == "" && r.account.Profile != nil {
		opt.profile = r.account.Profile.Name
	}
	acc, err := r.cfg.Login(opt.profile)
	if err != nil {
		return r.wrongLogin(err)
	}
	if acc.Profile != nil && acc.Profile.Exists() {
		kept, err := acc.Profile.Account()
		switch {
		case err != nil:
			return r.failed(ctx, &bind.Info{}, err)
		case kept.In():
			return r.wrongLogin(fmt.Errorf("profile %q is signed in as %s: logout first, or login --profile NAME for another account", acc.Profile.Name, profile.PersonName(kept.Name, kept.Username)))
		case kept.User != 0: // that is over, and so are its keys
			if err := acc.Profile.Anew(); err != nil {
				return r.failed(ctx, &bind.Info{}, err)
			}
		}
	}
	a := newAccount(acc)
	got, err := r.signIn(ctx, a, opt)
	if err == nil {
		err = r.keep(a, got)
	}
	if err != nil {
		if a.conn != nil {
			_ = a.conn.Close() // err is the one to tell
		}
		return r.loginFailed(ctx, err)
	}
	if fresh, err := r.cfg.Login(opt.profile); err == nil && a.Profile != nil {
		a.Where, a.Short, a.DC = fresh.Where, fresh.Short, fresh.DC
	} else if name := mainUsername(got.User); name != "" {
		a.Name = "@" + name
		a.Short += " " + a.Name
	}
	r.enter(a)
	r.note("signed in as %s", r.signedInAs(a, got.User))
	return OK
}

// signIn connects for nobody, and has the flow that the options choose make
// somebody of it.
func (r *run) signIn(ctx context.Context, a *account, opt *loginOptions) (*signin.Authorization, error) {
	who := &person{run: r, given: opt.given}
	id, hash, err := r.app(ctx, a, who, opt)
	if err != nil {
		return nil, err
	}
	hooks, updated := r.hooks(a), make(chan struct{}, 1)
	arrived := hooks.Update
	hooks.Update = func(u client.Update) {
		if o := u.Value.Object(); o != nil && o.Is("updateLoginToken") {
			select {
			case updated <- struct{}{}:
			default:
			}
		}
		arrived(u)
	}
	if a.conn, err = a.Connect(ctx, hooks); err != nil {
		return nil, err
	}
	conn, ok := a.conn.(signin.Conn)
	if !ok {
		return nil, &signin.Error{Msg: "nobody can sign in here"}
	}
	l := &signin.Login{Schema: r.cfg.Schema, Conn: patientConn{r.Shell, conn}, Person: who, APIID: id, APIHash: hash, Rand: rand.Reader, Now: r.cfg.Now}
	var got *signin.Authorization
	switch {
	case opt.bot != "":
		got, err = l.Bot(ctx, opt.bot)
	case opt.qr:
		got, err = l.QR(ctx, updated)
	default:
		if a.Place == PlaceSandbox && opt.given[signin.Phone] == "" && r.cfg.Ask != nil {
			r.note("sandbox people lists everybody's number and code. Ctrl-C gives up.")
		}
		if a.Profile != nil {
			if l.Tokens, err = a.Profile.Tokens(); err != nil {
				return nil, err
			}
		}
		got, err = l.Phone(ctx)
	}
	if tgerr.Is(err, "API_ID_INVALID", "API_ID_PUBLISHED_FLOOD") && a.Profile != nil {
		err = errors.Join(err, a.Profile.SetApp(0, ""))
	}
	return got, err
}

// patientConn sleeps flood waits as every request does.
type patientConn struct {
	s    *Shell
	conn signin.Conn
}

func (p patientConn) Call(ctx context.Context, req *tl.Object) (tl.Value, error) {
	return p.s.retry(ctx, func(ctx context.Context) (tl.Value, error) { return p.conn.Call(ctx, req) })
}

func (p patientConn) Move(ctx context.Context, dc int) error { return p.conn.Move(ctx, dc) }

// keep keeps who has signed in.
func (r *run) keep(a *account, got *signin.Authorization) error {
	a.cache.Learn(got.In)
	if a.Profile == nil {
		return nil
	}
	u, home := got.User, 0
	if c, ok := a.conn.(interface{ Home() int }); ok {
		home = c.Home()
	}
	if len(got.Token) > 0 {
		if err := a.Profile.AddToken(got.Token); err != nil {
			return err
		}
	}
	return a.Profile.SignedIn(profile.Person{
		ID: u.At("id").AsLong(), Name: strings.TrimSpace(u.At("first_name").AsString() + " " + u.At("last_name").AsString()),
		Username: mainUsername(u), Phone: u.At("phone").AsString(), Bot: u.At("bot").AsBool(), DC: home,
	}, r.cfg.Now())
}

// mainUsername is a user's username, or the first active one of several.
func mainUsername(u *tl.Object) string {
	if name := u.At("username").AsString(); name != "" {
		return name
	}
	if list := u.At("usernames").Vector(); list != nil {
		for _, v := range list.Items {
			if o := v.Object(); o.At("active").AsBool() {
				return o.At("username").AsString()
			}
		}
	}
	return ""
}

// enter makes an account that has signed in the one that lines are run for, in
// the place of what was there of its profile before.
func (r *run) enter(a *account) {
	r.Shell.accounts = slices.DeleteFunc(r.Shell.accounts, func(old *account) bool {
		same := old.Profile != nil && old.Profile == a.Profile || old.Name == a.Name
		if same && old.conn != nil && old.conn != a.conn {
			_ = old.conn.Close() // it was nobody's
		}
		return same
	})
	r.Shell.accounts = append(r.Shell.accounts, a)
	r.become(a)
}

func (r *run) signedInAs(a *account, u *tl.Object) string {
	text := profile.PersonName(strings.TrimSpace(u.At("first_name").AsString()+" "+u.At("last_name").AsString()), mainUsername(u))
	if a.Profile != nil {
		text += fmt.Sprintf(", profile %q", a.Profile.Name)
	}
	return text
}

// app is the api_id and api_hash: those of the options, the environment, or the
// profile, else they are asked for, and kept. Only Telegram cares which they are.
func (r *run) app(ctx context.Context, a *account, who *person, opt *loginOptions) (id int32, hash string, err error) {
	text, hash := opt.given[itemAPIID], opt.given[itemAPIHash]
	if text == "" {
		if text, _ = r.cfg.Getenv("TLSH_API_ID"); text != "" && !isAppID(text) {
			return 0, "", &signin.Error{Msg: "TLSH_API_ID in the environment is no api_id: that is a number, as 12345"}
		}
	}
	if hash == "" {
		hash, _ = r.cfg.Getenv("TLSH_API_HASH")
	}
	if text == "" && a.Profile != nil && a.Profile.Exists() {
		if id, hash, err = a.Profile.App(ctx, r.passphrase); err != nil || id != 0 && hash != "" {
			return id, hash, err
		}
	}
	if text == "" && a.Place != PlaceTelegram && a.Place != PlaceTest {
		return 1, "any", nil
	}
	if text == "" {
		r.whatForAnApp(a)
	}
	if id, err = who.appID(ctx, text); err != nil {
		return 0, "", err
	}
	if hash == "" {
		if hash, err = who.appHash(ctx); err != nil {
			return 0, "", err
		}
	}
	if hash = strings.TrimSpace(hash); a.Profile != nil {
		err = a.Profile.SetApp(id, hash)
	}
	return id, hash, err
}

// whatForAnApp tells who has never had an api_id where it comes from.
// Source: https://core.telegram.org/api/obtaining_api_id.
func (r *run) whatForAnApp(a *account) {
	if r.cfg.Ask == nil {
		r.note("api_id and api_hash name your program to Telegram:")
		r.note("https://my.telegram.org gives them, under API development tools")
		return
	}
	r.note("Telegram wants to know which program signs in: by an api_id and an api_hash. They are yours, cost nothing, and are the same for all of your accounts:")
	r.note("1. sign in at https://my.telegram.org with your phone number;")
	r.note("2. open API development tools; any title and short name will do;")
	r.note("3. copy App api_id and App api_hash from there to here.")
	if a.Profile != nil {
		r.note("Profile %q keeps them, and they are not asked for again. Ctrl-C gives up.", a.Profile.Name)
	}
}

// isAppID reports that a text is an api_id.
func isAppID(text string) bool {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	return err == nil && n > 0
}

// appID reads an api_id; "" asks for it, until it is one.
func (p *person) appID(ctx context.Context, text string) (int32, error) {
	q := signin.Question{Item: itemAPIID, Text: "api_id"}
	for !isAppID(text) {
		var err error
		if text, err = p.Answer(ctx, q); err != nil {
			return 0, err
		}
		q.Wrong = &signin.Error{Msg: "api_id is a number, as 12345"}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	return int32(n), err
}

// hashDigits is how many hexadecimal digits an api_hash has.
const hashDigits = 32

// appHash asks for an api_hash, until it can be one.
func (p *person) appHash(ctx context.Context) (string, error) {
	q := signin.Question{Item: itemAPIHash, Text: "api_hash (what you type is not shown)", Secret: true}
	for {
		hash, err := p.Answer(ctx, q)
		if err != nil {
			return "", err
		}
		hash = strings.TrimSpace(hash)
		if _, bad := hex.DecodeString(hash); bad == nil && len(hash) == hashDigits {
			return hash, nil
		}
		q.Wrong = &signin.Error{Msg: fmt.Sprintf("an api_hash has %d digits, 0-9 and a-f: this was something else", hashDigits)}
	}
}

// wrongLogin tells a wrong use of login without the line that holds its secrets.
func (r *run) wrongLogin(err error) Status {
	r.errorf("%v", err)
	return Usage
}

// loginFailed tells why nobody has signed in.
func (r *run) loginFailed(ctx context.Context, err error) Status {
	var missing *missingAnswer
	var own *signin.Error
	switch {
	case interrupted(ctx, err):
		r.errorf("interrupted: nobody is signed in")
		return Interrupted
	case errors.As(err, &missing):
		return r.wrongLogin(err)
	case errors.As(err, &own):
		r.errorf("%v", err)
		return Failed
	}
	var rpc *tgerr.Error
	if errors.As(err, &rpc) {
		err = rpc
		if rpc.Code == 401 {
			// Nobody is signed in anyway: what the answer was is a failure of login.
			r.rpcFailure(rpc)
			return Failed
		}
	}
	return r.failed(ctx, &bind.Info{}, err)
}

// rpcFailure tells an error of the server, in prose and, for machines, as a
// document.
func (r *run) rpcFailure(rpc *tgerr.Error) {
	if r.cfg.Format == JSON || r.cfg.Format == JSONL {
		r.show(rpcValue(rpc))
	}
	r.errln(render.Failure(nil, rpc, r.cfg.ErrView))
}
