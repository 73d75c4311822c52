package sandbox

import "tlsh/mtproto"

// Key makes a key that a client in this process shares with one of the data
// centres without a key exchange. Nobody is signed in with it. Auth.Salt is valid
// now.
func (s *Sandbox) Key(dc int) (mtproto.Auth, error) {
	key, err := mtproto.GenerateAuthKey(s.cfg.Rand)
	if err != nil {
		return mtproto.Auth{}, err
	}
	s.keys.add(key, dc)
	// A salt follows from its key and the time, whichever server tells it.
	teller := mtproto.Server{Now: s.clock}
	return mtproto.Auth{Key: key, Salt: teller.AddKey(key)}, nil
}

// Home is the data centre where a person is at home, named as for
// [Sandbox.SignIn].
func (s *Sandbox) Home(person string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.world.lookup(person)
	if err != nil {
		return 0, err
	}
	return s.world.homeOf(p), nil
}

// DCs are the numbers of its data centres.
func (s *Sandbox) DCs() []int { return s.centres() }
