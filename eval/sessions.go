package eval

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/gotd/td/tgerr"

	"tlsh/bind"
	"tlsh/syntax"
	"tlsh/tl"
)

// logout ends the sign-in on the server and forgets its keys; with --local it
// forgets them alone, where the server cannot be asked any more. With --forget it
// keeps no token either that would spare a code at the next login.
func (r *run) logout(ctx context.Context, call *syntax.Call) Status {
	local, forget, st := r.logoutOptions(call)
	if st != OK {
		return st
	}
	var token []byte
	if !local {
		def := r.cfg.Schema.Method("auth.logOut")
		if def == nil {
			return r.usage(call, "auth.logOut is not in this layer")
		}
		if err := r.account.signedIn(); err != nil {
			return r.failed(ctx, &bind.Info{}, err)
		}
		if st := r.may(ctx, call, def.Name); st != OK {
			return st
		}
		v, err := caller{r.Shell}.Call(ctx, tl.New(def))
		if err != nil && !tgerr.Is(err, "AUTH_KEY_UNREGISTERED", "SESSION_REVOKED") {
			return r.failed(ctx, &bind.Info{}, err)
		}
		if o := v.Object(); err == nil && o != nil && !forget { // in older layers it is a Bool
			token = o.At("future_auth_token").AsBytes()
		}
	}
	if r.cfg.DryRun {
		return r.failed(ctx, &bind.Info{}, errNowhere)
	}
	a := r.account
	if a.conn != nil {
		_ = a.conn.Close()
		a.conn, a.listening = nil, nil
	}
	if a.Profile == nil {
		return r.nobody(ctx, a)
	}
	if err := a.Profile.SignedOut(r.cfg.Now(), token); err != nil {
		return r.here(ctx, err)
	}
	if forget {
		if err := a.Profile.File.DropTokens(); err != nil {
			return r.here(ctx, err)
		}
	}
	r.refreshAccount()
	r.note("signed out: profile %q has no keys any more, and keeps its api_id for the next login", a.Profile.Name)
	if token != nil {
		r.note("a token of Telegram's is kept, too: it spares the next login its code (logout --forget keeps none)")
	}
	return OK
}

// logoutOptions reads what follows logout.
func (r *run) logoutOptions(call *syntax.Call) (local, forget bool, st Status) {
	words, err := r.optionWords(call)
	if err != nil {
		return false, false, r.wrongLogin(err)
	}
	for _, w := range words {
		switch {
		case w.name == "local" && !w.has:
			local = true
		case w.name == "forget" && !w.has:
			forget = true
		default:
			return false, false, r.usage(call, "want logout; with --local it forgets the keys without asking the server, with --forget it keeps no token that spares the next login its code")
		}
	}
	return local, forget, OK
}

// nobody makes an account of which nothing is kept one that nobody is signed in with.
func (r *run) nobody(ctx context.Context, a *account) Status {
	fresh, err := r.cfg.Login("")
	if err != nil {
		return r.here(ctx, err)
	}
	a.Connect, a.Where, a.Short, a.DC, a.Self, a.nobody = fresh.Connect, fresh.Where, fresh.Short, fresh.DC, nil, true
	r.note("signed out: login signs in again, and use NAME is anybody of the sandbox")
	return OK
}

// refreshAccount has the account say of itself what its profile says now.
func (s *Shell) refreshAccount() {
	if s.cfg.Login == nil || s.account.Profile == nil {
		return
	}
	if fresh, err := s.cfg.Login(s.account.Profile.Name); err == nil && fresh.Profile == s.account.Profile {
		s.account.Where, s.account.Short, s.account.DC = fresh.Where, fresh.Short, fresh.DC
	}
}

// ended keeps that the server has ended the account's sign-in, and says what to
// do. Nothing is replaced by itself.
// Source: https://core.telegram.org/api/errors#401-unauthorized.
func (r *run) ended(rpc *tgerr.Error) {
	if r.Place() == PlaceSandbox && rpc.Code == 401 {
		r.note("in the sandbox, sandbox people lists what each signs in with, and use NAME is one of them without")
		return
	}
	if r.account.Profile == nil || r.Place() != PlaceTelegram && r.Place() != PlaceTest {
		return
	}
	if !rpc.IsOneOf("AUTH_KEY_UNREGISTERED", "AUTH_KEY_INVALID", "AUTH_KEY_DUPLICATED", "SESSION_REVOKED", "SESSION_EXPIRED", "USER_DEACTIVATED", "USER_DEACTIVATED_BAN") {
		return
	}
	name := r.account.Profile.Name
	if err := r.account.Profile.Ended(r.cfg.Now()); err != nil {
		r.errorf("%v", err)
		return
	}
	r.refreshAccount()
	if rpc.IsOneOf("USER_DEACTIVATED", "USER_DEACTIVATED_BAN") {
		r.note("the account of profile %q is gone", name)
		return
	}
	r.note(`profile %q is signed out: "login" signs in again, with a new key`, name)
}

// sessions lists where the account is signed in, or ends some of that.
// Source: https://core.telegram.org/method/account.getAuthorizations.
func (r *run) sessions(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	switch {
	case len(words) == 0:
		return r.listSessions(ctx, call)
	case len(words) == 2 && words[0] == "end":
		return r.endSession(ctx, call, words[1])
	}
	return r.usage(call, "want sessions, sessions end HASH, or sessions end others")
}

func (r *run) listSessions(ctx context.Context, call *syntax.Call) Status {
	def := r.cfg.Schema.Method("account.getAuthorizations")
	if def == nil {
		return r.usage(call, "account.getAuthorizations is not in this layer")
	}
	v, err := caller{r.Shell}.Call(ctx, tl.New(def))
	if err != nil {
		return r.failed(ctx, &bind.Info{}, err)
	}
	r.result(v)
	if !r.tabular() {
		return r.finish(ctx, r.stmt, v)
	}
	return r.showTable(ctx, v)
}

// tabular reports that a command's list is for people to read: a table.
func (r *run) tabular() bool {
	st := r.stmt.Stmt
	return r.cfg.Format == Tree && st.Assign == nil && len(st.Pipes) == 0
}

// endSession ends one of the account's sessions by its hash, or all but this
// one.
func (r *run) endSession(ctx context.Context, call *syntax.Call, which string) Status {
	name, hash := "auth.resetAuthorizations", int64(0)
	if which != "others" {
		var err error
		if hash, err = strconv.ParseInt(which, 10, 64); err != nil || hash == 0 {
			return r.usage(call.Args[1], "want the hash of a session, as sessions lists it, or others; logout ends this one")
		}
		name = "account.resetAuthorization"
	}
	def := r.cfg.Schema.Method(name)
	if def == nil {
		return r.usage(call, "%s is not in this layer", name)
	}
	if st := r.may(ctx, call, name); st != OK {
		return st
	}
	req := tl.New(def)
	if hash != 0 {
		req.With("hash", tl.Long(hash))
	}
	if _, err := (caller{r.Shell}).Call(ctx, req); err != nil {
		return r.failed(ctx, &bind.Info{}, err)
	}
	if hash == 0 {
		r.note("all other sessions are ended")
	} else {
		r.note("session %d is ended", hash)
	}
	return OK
}

// errNoPassphrase refuses to encrypt with nothing.
var errNoPassphrase = errors.New("a passphrase has at least one character")

// newPassphrase asks for a passphrase twice where somebody types it.
func (r *run) newPassphrase(ctx context.Context, name string) (string, error) {
	first, err := r.passphrase(ctx, name)
	if err != nil {
		return "", err
	}
	if first == "" {
		return "", errNoPassphrase
	}
	if _, set := r.Getenv("TLSH_PASSPHRASE"); set {
		return first, nil
	}
	again, err := r.Ask(ctx, Question{Text: "The same once more: ", Secret: true})
	if err == nil && again != first {
		err = fmt.Errorf("the two passphrases differ: nothing was changed")
	}
	return first, err
}
