package profile

import (
	"errors"

	"tlsh/store"
)

// Info is what there is to tell of a profile, without its secrets.
type Info struct {
	Name        string
	Environment string // "telegram", "telegram test", "server HOST:PORT"
	store.Account
	Keys      int // auth keys
	Encrypted bool
	Damaged   []string // files that were put aside
	Err       error    // why it cannot be read
}

// List reads all profiles on Telegram, its test servers, and servers.
func (f Folder) List() ([]Info, error) {
	var out []Info
	for _, test := range []bool{false, true} {
		names, err := f.Accounts(test)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			environment := "telegram"
			if test {
				environment = "telegram test"
			}
			out = append(out, read(f.Telegram(test, name), name, environment))
		}
	}
	for _, s := range f.Servers() {
		out = append(out, read(f.Server(s[0], s[1]), s[1], "server "+s[0]))
	}
	return out, nil
}

func read(path, name, environment string) (in Info) {
	in = Info{Name: name, Environment: environment, Damaged: store.SetAside(path)}
	if !exists(path) {
		return in
	}
	st := store.Open(path)
	defer func() { in.Err = errors.Join(in.Err, st.Close()) }()
	var errs [3]error
	in.Account, _, errs[0] = st.Account()
	in.Keys, errs[1] = st.Keys()
	_, in.Encrypted, errs[2] = st.Lock()
	in.APIHash = nil
	if in.Account.Environment == "" {
		in.Account.Environment = environment
	}
	in.Environment = in.Account.Environment
	in.Err = errors.Join(errs[:]...)
	return in
}
