package main

import (
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"

	"tlsh/account"
	"tlsh/eval"
	"tlsh/mtproto"
	"tlsh/profile"
	"tlsh/schema"
)

// server is an MTProto server of one's own, and the profiles that are kept for it.
type server struct {
	*profiles
	env     *account.Environment
	address string
	first   string // the profile that is named, else the default one
}

// serverTarget connects to an MTProto server whose public key is in a file. The
// auth keys made with it and the people met there are kept in the profile's file.
func (p *program) serverTarget(s *schema.Schema, name string) (*target, error) {
	if p.serverKey == "" {
		return nil, fmt.Errorf("--server wants --server-key FILE: the server is known by its public key")
	}
	b, err := os.ReadFile(p.serverKey)
	if err != nil {
		return nil, fmt.Errorf("--server-key: %w", err)
	}
	keys, err := mtproto.ParsePublicKeys(b)
	if err != nil {
		return nil, fmt.Errorf("--server-key %s: %w", p.serverKey, err)
	}
	host, port, err := net.SplitHostPort(p.server)
	number, bad := strconv.ParseUint(port, 10, 16)
	if err != nil || bad != nil {
		return nil, fmt.Errorf("--server %s: want HOST:PORT", p.server)
	}
	if name == "" {
		name = profile.Default
	}
	at := &server{profiles: p.profiles(s), address: p.server, first: name, env: &account.Environment{Name: "server " + p.server, DC: p.dc, Keys: keys,
		Addresses: []account.Address{{DC: p.dc, Host: host, Port: int(number), OnePort: true}}}}
	first, err := at.account(name)
	if err != nil {
		return nil, err
	}
	return &target{account: first, use: at.use, others: at.others, profiles: at, close: at.close, login: at.login}, nil
}

// file opens a profile of the server.
func (s *server) file(name string) *profile.Profile {
	return s.open(s.folder.Server(s.address, name), name, s.env.Name)
}

// account is that of a profile on the server. Its data centre is the one that is
// named, until somebody who has signed in is at home in another.
func (s *server) account(name string) (eval.Account, error) {
	if err := profile.CheckName(name); err != nil {
		return eval.Account{}, err
	}
	prof, dc, who := s.file(name), s.p.dc, ""
	if prof.Exists() {
		kept, err := prof.Account()
		if err == nil && kept.In() {
			dc, who = kept.DC, ": "+profile.PersonName(kept.Name, kept.Username)
		}
	}
	short := s.address
	if name != profile.Default {
		short += " " + name
	}
	return s.remote(prof, s.env, eval.Account{
		Name: name, Place: eval.PlaceServer, Short: short, DC: dc, Where: fmt.Sprintf("%s, data centre %d%s", s.address, dc, who), InFlight: serverInFlight,
		KeyLost: fmt.Sprintf("if the server was made anew, begin anew here too: remove %s, or name another --profile", prof.File.Path()),
	}), nil
}

// names are the profiles that the server has.
func (s *server) names() []string { return s.folder.At(s.address) }

// use is another profile of the server, or one on Telegram.
func (s *server) use(name string) (eval.Account, error) {
	names := s.names()
	if slices.Contains(names, name) {
		return s.account(name)
	}
	if a, err := s.profiles.use(name); err == nil {
		return a, nil
	}
	return eval.Account{}, noProfile(name, names)
}

// others are the profiles that use knows.
func (s *server) others() []eval.Choice {
	var out []eval.Choice
	for _, n := range s.names() {
		out = append(out, eval.Choice{Word: n, Description: "profile at " + s.address})
	}
	return append(out, s.profiles.others()...)
}

// login is the account of the profile to sign in with; "" is the one at hand.
func (s *server) login(name string) (eval.Account, error) {
	if name == "" {
		name = s.first
	}
	return s.account(name)
}

// Named is a profile of the server by its name (eval.Profiles), or one on Telegram.
func (s *server) Named(name string) (*profile.Profile, error) {
	if slices.Contains(s.names(), name) {
		return s.file(name), nil
	}
	return s.profiles.Named(name)
}
