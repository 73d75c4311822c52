package mtproto

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/gotd/td/crypto"

	"tlsh/dh"
)

// dhRetries is how often a server may ask for another b with dh_gen_retry.
const dhRetries = 5

// clientExchange is the client's side of one key exchange.
type clientExchange struct {
	f    *framer
	cfg  *Config
	ids  idGen
	step string // the TL name of what is sent or awaited, for errors

	nonce, serverNonce [16]byte
	newNonce           [32]byte
	temp               tempCipher
	g                  int32
	prime, gA          *big.Int
	offset             time.Duration
}

// exchangeKeys makes an auth key with the server at the other end of f.
// ctx ends it early if its owner closes the connection then.
func exchangeKeys(ctx context.Context, f *framer, cfg *Config) (Auth, error) {
	x := &clientExchange{f: f, cfg: cfg}
	auth, err := x.run(ctx)
	if err == nil {
		err = f.conn.SetReadDeadline(time.Time{})
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return Auth{}, &ExchangeError{x.step, err}
	}
	return auth, nil
}

func (x *clientExchange) run(ctx context.Context) (Auth, error) {
	if len(x.cfg.Keys) == 0 {
		x.step = "req_pq_multi"
		return Auth{}, errors.New("no RSA key of the server is known, so none can be trusted")
	}
	pq, key, err := x.askPQ()
	if err != nil {
		return Auth{}, err
	}
	p, q, err := factor(ctx, pq)
	if err != nil {
		return Auth{}, err
	}
	if err := x.askDH(pq, p, q, key); err != nil {
		return Auth{}, err
	}
	authKey, err := x.setDH()
	if err != nil {
		return Auth{}, err
	}
	return Auth{Key: authKey, Salt: firstSalt(x.newNonce, x.serverNonce), TimeOffset: x.offset, Fingerprint: key.fingerprint}, nil
}

// ask sends one request in the clear and gives its answer's reader.
func (x *clientExchange) ask(body []byte) (*reader, error) {
	id := x.ids.next(x.cfg.Now().Add(x.offset), lowClient)
	if _, err := x.f.write(putPlain(id, body)); err != nil {
		return nil, err
	}
	if err := x.f.conn.SetReadDeadline(time.Now().Add(x.cfg.Limits.Handshake)); err != nil {
		return nil, err
	}
	payload, err := x.f.read()
	if err != nil {
		return nil, err
	}
	if len(payload) == 4 {
		return nil, transportError(payload)
	}
	answer, err := plainBody(payload, true)
	return &reader{b: answer}, err
}

// nonces takes the two nonces that every answer begins with.
func (x *clientExchange) nonces(r *reader) error {
	nonce, serverNonce := r.int128(), r.int128()
	switch {
	case nonce != x.nonce:
		return errors.New("nonce is not the one sent")
	case serverNonce != x.serverNonce:
		return errors.New("server_nonce has changed")
	}
	return nil
}

func (x *clientExchange) askPQ() (pq uint64, key PublicKey, err error) {
	x.step = "req_pq_multi"
	if _, err := io.ReadFull(x.cfg.Rand, x.nonce[:]); err != nil {
		return 0, key, err
	}
	r, err := x.ask(append(putID(nil, idReqPQMulti), x.nonce[:]...))
	if err != nil {
		return 0, key, err
	}
	x.step = "resPQ"
	r.want(idResPQ)
	if r.int128() != x.nonce {
		return 0, key, errors.New("nonce is not the one sent")
	}
	x.serverNonce = r.int128()
	raw := r.bytes()
	prints := r.longs()
	if !r.end() {
		return 0, key, errors.New("malformed")
	}
	v := new(big.Int).SetBytes(raw)
	if v.BitLen() > 63 {
		return 0, key, fmt.Errorf("pq has %d bits, at most 63 are allowed", v.BitLen())
	}
	for _, k := range x.cfg.Keys {
		for _, print := range prints {
			if print == k.fingerprint && !k.IsZero() {
				return v.Uint64(), k, nil
			}
		}
	}
	return 0, key, fmt.Errorf("none of the server's %d RSA keys is known here (it offers %x)", len(prints), prints[:min(len(prints), 8)])
}

func (x *clientExchange) askDH(pq, p, q uint64, key PublicKey) error {
	x.step = "req_DH_params"
	if _, err := io.ReadFull(x.cfg.Rand, x.newNonce[:]); err != nil {
		return err
	}
	inner := putID(nil, idPQInnerDC)
	for _, v := range []uint64{pq, p, q} {
		inner = putBytes(inner, minimal(v))
	}
	inner = append(append(append(inner, x.nonce[:]...), x.serverNonce[:]...), x.newNonce[:]...)
	inner = putInt(inner, int32(x.cfg.DC))
	sealed, err := crypto.RSAPad(inner, key.rsa, x.cfg.Rand)
	if err != nil {
		return err
	}
	b := append(append(putID(nil, idReqDHParams), x.nonce[:]...), x.serverNonce[:]...)
	b = putBytes(putBytes(b, minimal(p)), minimal(q))
	r, err := x.ask(putBytes(putLong(b, key.fingerprint), sealed))
	if err != nil {
		return err
	}
	now := x.cfg.Now()
	x.step = "server_DH_params"
	id := r.uint32()
	if err := x.nonces(r); err != nil {
		return err
	}
	switch id {
	case idServerDHOK:
	case idServerDHFail:
		return errors.New("the server refused (server_DH_params_fail)")
	default:
		return fmt.Errorf("unexpected constructor %#08x", id)
	}
	answer := r.bytes()
	if !r.end() {
		return errors.New("malformed")
	}
	return x.openDH(answer, now)
}

// openDH reads server_DH_inner_data, checks its parameters and keeps the
// server's time against now.
func (x *clientExchange) openDH(answer []byte, now time.Time) error {
	x.step = "server_DH_inner_data"
	x.temp = newTempCipher(x.newNonce, x.serverNonce)
	var nonces error
	var primeBytes, gA []byte
	var at int32
	if err := x.temp.open(answer, func(r *reader) {
		r.want(idServerDHInner)
		nonces = x.nonces(r)
		x.g = r.int32()
		primeBytes, gA = r.bytes(), r.bytes()
		at = r.int32()
	}); err != nil {
		return err
	}
	if nonces != nil {
		return nonces
	}
	x.prime, x.gA = new(big.Int).SetBytes(primeBytes), new(big.Int).SetBytes(gA)
	if err := dh.Check(int(x.g), x.prime); err != nil {
		return err
	}
	if err := dh.CheckValue("g_a", x.gA, x.prime); err != nil {
		return err
	}
	// The server's time is cut to whole seconds; add what it lost on average.
	x.offset = time.Unix(int64(at), 5e8).Sub(now)
	if x.offset.Abs() < time.Second {
		x.offset = 0
	}
	return nil
}

// setDH sends g_b until the server takes it, and checks its proof that it has
// the same key.
func (x *clientExchange) setDH() (AuthKey, error) {
	var retryID [8]byte
	for range dhRetries {
		x.step = "set_client_DH_params"
		secret, gB, err := dhSecret(x.cfg.Rand, x.g, x.prime)
		if err != nil {
			return AuthKey{}, err
		}
		key, err := dhKey(x.gA, secret, x.prime)
		if err != nil {
			return AuthKey{}, err
		}
		inner := append(append(putID(nil, idClientDHInner), x.nonce[:]...), x.serverNonce[:]...)
		inner = putBytes(append(inner, retryID[:]...), gB.Bytes())
		sealed, err := x.temp.seal(x.cfg.Rand, inner)
		if err != nil {
			return AuthKey{}, err
		}
		b := append(append(putID(nil, idSetClientDHParams), x.nonce[:]...), x.serverNonce[:]...)
		r, err := x.ask(putBytes(b, sealed))
		if err != nil {
			return AuthKey{}, err
		}
		again, err := x.judge(r, key)
		if err != nil {
			return AuthKey{}, err
		}
		if !again {
			return key, nil
		}
		retryID = key.auxHash()
	}
	return AuthKey{}, fmt.Errorf("the server asked for another value %d times", dhRetries)
}

// judge reads dh_gen_ok, dh_gen_retry or dh_gen_fail.
func (x *clientExchange) judge(r *reader, key AuthKey) (again bool, err error) {
	x.step = "dh_gen_ok"
	id := r.uint32()
	if err := x.nonces(r); err != nil {
		return false, err
	}
	proof := r.int128()
	if !r.end() {
		return false, errors.New("malformed")
	}
	number := map[uint32]byte{idDHGenOK: 1, idDHGenRetry: 2, idDHGenFail: 3}[id]
	if number == 0 {
		return false, fmt.Errorf("unexpected constructor %#08x", id)
	}
	want := newNonceHash(x.newNonce, number, key.auxHash())
	if !bytes.Equal(proof[:], want[:]) {
		return false, fmt.Errorf("new_nonce_hash%d does not match", number)
	}
	if id == idDHGenFail {
		return false, errors.New("the server refused (dh_gen_fail)")
	}
	return id == idDHGenRetry, nil
}

// transportError reads the 4 bytes that a server sends in place of a message.
func transportError(payload []byte) error {
	code := intAt(payload, 0)
	if code >= 0 {
		return &CheckError{"frame", "a message or a negative number", fmt.Sprint(code)}
	}
	return &TransportError{Code: -int(code)}
}
