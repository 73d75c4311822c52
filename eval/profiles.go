package eval

import (
	"context"
	"fmt"
	"strings"

	"tlsh/bind"
	"tlsh/profile"
	"tlsh/schema"
	"tlsh/syntax"
	"tlsh/tl"
)

// Profiles are the accounts that are kept.
type Profiles interface {
	List() ([]profile.Info, error)
	Named(name string) (*profile.Profile, error)
}

// profiles lists the accounts that are kept, or encrypts the keys of one.
func (r *run) profiles(ctx context.Context, call *syntax.Call) Status {
	words := r.words(call)
	switch {
	case r.cfg.Profiles == nil:
		return r.usage(call.Name, "no accounts are kept here")
	case len(words) == 0:
		return r.listProfiles(ctx)
	case len(words) <= 2 && (words[0] == "encrypt" || words[0] == "decrypt"):
		prof := r.account.Profile
		if len(words) == 2 {
			var err error
			if prof, err = r.cfg.Profiles.Named(words[1]); err != nil {
				return r.usage(call.Args[1], "%s", err)
			}
		}
		if prof == nil {
			return r.usage(call, "whose? want profiles %s NAME", words[0])
		}
		return r.relock(ctx, prof, words[0] == "encrypt")
	}
	return r.usage(call, "want profiles, profiles encrypt [NAME], or profiles decrypt [NAME]")
}

func (r *run) listProfiles(ctx context.Context) Status {
	list, err := r.cfg.Profiles.List()
	if err != nil {
		return r.here(ctx, err)
	}
	items := make([]tl.Value, len(list))
	for i, in := range list {
		items[i] = r.profileValue(in)
	}
	v := tl.VectorOf(schema.Shell().TypeOf("KeptProfile"), items...)
	if !r.tabular() {
		return r.finish(ctx, r.stmt, v)
	}
	if len(items) == 0 {
		r.note("none yet: login makes one")
		return OK
	}
	return r.showTable(ctx, v)
}

// profileValue is a profile as a document.
func (r *run) profileValue(in profile.Info) tl.Value {
	o := tl.New(schema.Shell().Constructor("profile")).
		With("name", tl.String(in.Name)).With("environment", tl.String(in.Environment)).With("keys", tl.Int(int32(in.Keys))).
		With("signed_in", tl.Bool(in.In())).With("bot", tl.Bool(in.Bot)).With("encrypted", tl.Bool(in.Encrypted)).
		With("current", tl.Bool(r.isCurrent(in)))
	text := func(name, v string) {
		if v != "" {
			o.With(name, tl.String(v))
		}
	}
	number := func(name string, v int32) {
		if v != 0 {
			o.With(name, tl.Int(v))
		}
	}
	text("user", in.Account.Name)
	text("username", in.Username)
	text("phone", in.Phone)
	number("dc", int32(in.DC))
	number("api_id", in.APIID)
	if in.User != 0 {
		o.With("user_id", tl.Long(in.User))
	}
	if in.In() {
		number("since", int32(in.SignedIn.Unix()))
	}
	text("note", profileNote(in))
	return o.Value()
}

// isCurrent reports that a profile is the one at hand.
func (r *run) isCurrent(in profile.Info) bool {
	p := r.account.Profile
	return p != nil && p.Name == in.Name && p.Environment() == in.Environment
}

// profileNote is what stands in the way of using a profile.
func profileNote(in profile.Info) string {
	switch {
	case in.Err != nil:
		return in.Err.Error()
	case len(in.Damaged) > 0 && in.Keys == 0:
		return "was damaged; kept as " + strings.Join(in.Damaged, ", ")
	case !in.SignedOut.IsZero() && in.User != 0:
		return "ended by the server; login signs in again"
	}
	return ""
}

// here tells why something failed that has nothing to do with a connection.
func (r *run) here(ctx context.Context, err error) Status {
	if interrupted(ctx, err) {
		r.errorf("interrupted")
		return Interrupted
	}
	st := r.failed(ctx, &bind.Info{}, err)
	if st == NoConnection {
		return Failed
	}
	return st
}

// relock encrypts or decrypts the keys of a profile.
func (r *run) relock(ctx context.Context, prof *profile.Profile, encrypt bool) Status {
	err := prof.Unlock(ctx, r.passphrase)
	var pass string
	if err == nil && encrypt {
		if was, e := prof.Encrypted(); e != nil {
			err = e
		} else if was {
			r.note("profile %q is encrypted already: profiles decrypt comes before another passphrase", prof.Name)
			return Failed
		}
		pass, err = r.newPassphrase(ctx, prof.Name)
	}
	switch {
	case err != nil:
	case encrypt:
		err = prof.Encrypt(pass)
	default:
		err = prof.Decrypt()
	}
	if err != nil {
		return r.here(ctx, err)
	}
	what := "are encrypted: TLSH_PASSPHRASE or the prompt gives the passphrase when the profile is used"
	if !encrypt {
		what = "are no longer encrypted: only the file's permissions protect them"
	}
	r.note("%s", fmt.Sprintf("the auth keys, the api_hash and the tokens of profile %q %s", prof.Name, what))
	return OK
}
