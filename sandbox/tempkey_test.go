package sandbox

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/gotd/td/crypto"

	"tlsh/mtproto"
	"tlsh/tl"
)

// keyed is a session under an auth key, with ids of its own.
type keyed struct {
	*mate
	key mtproto.AuthKey
	id  requestID
}

func (k *keyed) ask(req *tl.Object) (tl.Value, error) {
	k.id.msg += 4
	body, err := tl.Encode(req)
	if err != nil {
		k.t.Fatal(err)
	}
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	res, err := k.s.answer(k.sess, k.id, body)
	if err != nil {
		return tl.Value{}, err
	}
	v, err := tl.Decode(k.s.schema, res, req.Def().Result)
	if err != nil {
		k.t.Fatal(err)
	}
	return v, nil
}

// keyed makes a session under a new key of nobody's, or of a person's.
func newKeyed(t *testing.T, s *Sandbox, person string) *keyed {
	key, err := mtproto.GenerateAuthKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s.keys.add(key, s.cfg.DC)
	k := &keyed{mate: &mate{t: t, s: s}, key: key, id: requestID{key.ID(), 77, 4_000_000}}
	s.mu.Lock()
	defer s.mu.Unlock()
	k.sess = &session{carrier: k.mate, login: s.login(key.ID())}
	k.sess.login.layer = s.schema.Layer
	if p, err := s.world.lookup(person); person != "" && err == nil {
		k.sess.login.signIn(p)
	}
	return k
}

// TestTemporaryKey: a temporary key acts for the lasting one that it is bound
// to, until it expires.
func TestTemporaryKey(t *testing.T) {
	s, err := New(Config{World: village, Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	s.watch = watchOutcome(t)
	state := tl.New(s.schema.Method("updates.getState"))
	lasting, other := newKeyed(t, s, "@sam"), newKeyed(t, s, "@bob")
	temp := newKeyed(t, s, "")
	until := int32(time.Now().Add(time.Hour).Unix())
	bind := func(k *keyed, to mtproto.AuthKey, change func(*crypto.BindAuthKeyInner), late int64) error {
		inner := crypto.BindAuthKeyInner{Nonce: 5, TempAuthKeyID: k.key.ID(), PermAuthKeyID: to.ID(), TempSessionID: k.id.session, ExpiresAt: int(until)}
		if change != nil {
			change(&inner)
		}
		var secret crypto.Key
		copy(secret[:], to.Bytes())
		sealed, err := crypto.EncryptBindMessage(rand.Reader, secret.WithID(), k.id.msg+4+late, &inner)
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.ask(tl.New(s.schema.Method("auth.bindTempAuthKey")).With("perm_auth_key_id", tl.Long(to.ID())).
			With("nonce", tl.Long(5)).With("expires_at", tl.Int(until)).With("encrypted_message", tl.Bytes(sealed)))
		return err
	}
	wants := func(err error, want string) {
		t.Helper()
		if err == nil && want != "" || err != nil && rpcError(err) != want {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	_, err = temp.ask(state)
	wants(err, "401 AUTH_KEY_UNREGISTERED")
	wants(bind(temp, temp.key, nil, 0), "400 TEMP_AUTH_KEY_EMPTY")
	wants(bind(temp, lasting.key, nil, 4), "400 ENCRYPTED_MESSAGE_INVALID")
	for _, change := range []func(*crypto.BindAuthKeyInner){
		func(i *crypto.BindAuthKeyInner) { i.Nonce++ }, func(i *crypto.BindAuthKeyInner) { i.TempAuthKeyID++ },
		func(i *crypto.BindAuthKeyInner) { i.TempSessionID++ }, func(i *crypto.BindAuthKeyInner) { i.ExpiresAt++ },
		func(i *crypto.BindAuthKeyInner) { i.PermAuthKeyID++ },
	} {
		wants(bind(temp, lasting.key, change, 0), "400 ENCRYPTED_MESSAGE_INVALID")
	}
	unknown, _ := mtproto.GenerateAuthKey(rand.Reader)
	wants(bind(temp, unknown, nil, 0), "400 ENCRYPTED_MESSAGE_INVALID")

	wants(bind(temp, lasting.key, nil, 0), "")
	_, err = temp.ask(state)
	wants(err, "")
	s.mu.Lock()
	if who := temp.sess.login.person; who == nil || who.id != 1001 || temp.sess.login != lasting.sess.login {
		t.Errorf("the temporary key is %v's", who)
	}
	s.mu.Unlock()
	wants(bind(temp, other.key, nil, 0), "400 TEMP_AUTH_KEY_ALREADY_BOUND")
	wants(bind(temp, lasting.key, nil, 0), "") // once more

	// Another temporary key takes the place of the first.
	second := newKeyed(t, s, "")
	wants(bind(second, lasting.key, nil, 0), "")
	_, err = temp.ask(state)
	if err == nil || !strings.Contains(rpcError(err), "CONNECTION_NOT_INITED") {
		t.Errorf("the first key is nobody's again: %v", err)
	}
	s.skew.Store(int64(2 * time.Hour))
	_, err = second.ask(state)
	wants(err, "401 AUTH_KEY_PERM_EMPTY")
	_, err = lasting.ask(state)
	wants(err, "")
}

// TestDropTemporaryKeys: the other temporary keys of the same lasting one are not
// known any more.
func TestDropTemporaryKeys(t *testing.T) {
	s, err := New(Config{World: village, Now: (&clock{t: start}).now})
	if err != nil {
		t.Fatal(err)
	}
	s.watch = watchOutcome(t)
	sam, bob := newKeyed(t, s, "@sam"), newKeyed(t, s, "@bob")
	until := int32(time.Now().Add(time.Hour).Unix())
	temps := make([]*keyed, 3)
	for i, of := range []*keyed{sam, sam, bob} {
		temps[i] = newKeyed(t, s, "")
		s.mu.Lock()
		s.bound[temps[i].key.ID()] = binding{of.key.ID(), until}
		s.logins[temps[i].key.ID()] = of.sess.login
		s.mu.Unlock()
	}
	drop := tl.New(s.schema.Method("auth.dropTempAuthKeys")).With("except_auth_keys", tl.VectorOf(s.schema.TypeOf("long"), tl.Long(temps[0].key.ID())))
	if _, err := sam.ask(drop); err != nil {
		t.Fatal(err)
	}
	for i, known := range []bool{true, false, true} {
		if key, _ := s.keys.find(temps[i].key.ID()); key.IsZero() == known {
			t.Errorf("temporary key %d is known: %v, want %v", i, !key.IsZero(), known)
		}
	}
	// Asked with a temporary key, that one stays.
	if _, err := temps[0].ask(drop.Clone().With("except_auth_keys", tl.VectorOf(s.schema.TypeOf("long")))); err != nil {
		t.Fatal(err)
	}
	if key, _ := s.keys.find(temps[0].key.ID()); key.IsZero() {
		t.Error("the key that asked is dropped")
	}
}
