package mtproto

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"

	"github.com/gotd/td/crypto"

	"tlsh/dh"
)

// serverExchange is the server's side of one connection's key exchanges: a
// state machine that takes one unencrypted message at a time, so that a client
// may begin anew whenever it likes.
type serverExchange struct {
	s *Server

	nonce, serverNonce [16]byte
	pq                 uint64
	newNonce           [32]byte
	temp               tempCipher
	secret             *big.Int
	prime              *big.Int
	retry              [8]byte // retry_id awaited
	tries              int
	dc                 int  // that the client named; 0: none
	ready              bool // server_DH_params_ok was sent
}

// errWrongDC makes the connection answer -444.
var errWrongDC = &TransportError{Code: 444}

// handle answers one unencrypted body. key is set when the exchange is done.
func (x *serverExchange) handle(body []byte) (answer []byte, key AuthKey, salt int64, err error) {
	r := &reader{b: body}
	var step string
	switch id := r.uint32(); id {
	case idReqPQ, idReqPQMulti:
		step = "req_pq_multi"
		answer, err = x.resPQ(r)
	case idReqDHParams:
		step = "req_DH_params"
		answer, err = x.dhParams(r)
	case idSetClientDHParams:
		step = "set_client_DH_params"
		answer, key, err = x.setDH(r)
		salt = firstSalt(x.newNonce, x.serverNonce)
	case idMsgsAck: // some clients ack what they get in the clear
		return nil, key, 0, nil
	default:
		step, err = "req_pq_multi", fmt.Errorf("unexpected constructor %#08x", id)
	}
	if err != nil {
		err = &ExchangeError{step, err}
	}
	return answer, key, salt, err
}

func (x *serverExchange) resPQ(r *reader) ([]byte, error) {
	nonce := r.int128()
	if !r.end() {
		return nil, errors.New("malformed")
	}
	if len(x.s.Keys) == 0 {
		return nil, errors.New("this server has no RSA key")
	}
	if x.pq == 0 || nonce != x.nonce {
		x.nonce, x.ready = nonce, false
		if _, err := io.ReadFull(x.s.rand(), x.serverNonce[:]); err != nil {
			return nil, err
		}
		pq, err := makePQ(x.s.rand())
		if err != nil {
			return nil, err
		}
		x.pq = pq
	}
	b := append(append(putID(nil, idResPQ), x.nonce[:]...), x.serverNonce[:]...)
	b = putBytes(b, minimal(x.pq))
	prints := make([]int64, len(x.s.Keys))
	for i, k := range x.s.Keys {
		prints[i] = k.Fingerprint()
	}
	return putLongs(b, prints), nil
}

// nonces takes the two nonces that every later request begins with.
func (x *serverExchange) nonces(r *reader) error {
	nonce, serverNonce := r.int128(), r.int128()
	if nonce != x.nonce || serverNonce != x.serverNonce || x.pq == 0 {
		return errors.New("nonce or server_nonce is not that of resPQ")
	}
	return nil
}

func (x *serverExchange) dhParams(r *reader) ([]byte, error) {
	if err := x.nonces(r); err != nil {
		return nil, err
	}
	r.bytes() // p and q stand in the inner data too, and those count
	r.bytes()
	print := r.int64()
	sealed := r.bytes()
	if !r.end() {
		return nil, errors.New("malformed")
	}
	i := slices.IndexFunc(x.s.Keys, func(k PrivateKey) bool { return k.Fingerprint() == print })
	if i < 0 {
		return nil, fmt.Errorf("no RSA key %016x here", uint64(print))
	}
	if err := x.openInner(sealed, x.s.Keys[i]); err != nil {
		return nil, err
	}
	x.prime = dh.Prime()
	secret, gA, err := dhSecret(x.s.rand(), dh.G, x.prime)
	if err != nil {
		return nil, err
	}
	x.secret = secret
	inner := append(append(putID(nil, idServerDHInner), x.nonce[:]...), x.serverNonce[:]...)
	inner = putBytes(putBytes(putInt(inner, dh.G), x.prime.Bytes()), gA.Bytes())
	inner = putInt(inner, int32(x.s.now().Unix()))
	x.temp = newTempCipher(x.newNonce, x.serverNonce)
	answer, err := x.temp.seal(x.s.rand(), inner)
	if err != nil {
		return nil, err
	}
	x.ready, x.tries, x.retry = true, 0, [8]byte{}
	b := append(append(putID(nil, idServerDHOK), x.nonce[:]...), x.serverNonce[:]...)
	return putBytes(b, answer), nil
}

// openInner decrypts p_q_inner_data, padded by RSA_PAD or in the old way (SHA1
// in front), with or without a data centre, for a lasting or a temporary key.
func (x *serverExchange) openInner(sealed []byte, key PrivateKey) error {
	if len(sealed) != rsaBits/8 {
		return fmt.Errorf("encrypted_data has %d bytes, want %d", len(sealed), rsaBits/8)
	}
	plain, err := crypto.DecodeRSAPad(sealed, key.rsa)
	if err != nil {
		if plain, err = crypto.RSADecryptHashed(sealed, key.rsa); err != nil {
			return errors.New("encrypted_data is not RSA_PAD, nor the padding before it")
		}
	}
	r := &reader{b: plain}
	id := r.uint32()
	pq, p, q := r.bytes(), r.bytes(), r.bytes()
	same := x.nonces(r)
	newNonce := r.int256()
	var dc int32
	switch id {
	case idPQInner:
	case idPQInnerTemp:
		r.int32()
	case idPQInnerDC:
		dc = r.int32()
	case idPQInnerTempDC:
		dc = r.int32()
		r.int32()
	default:
		return fmt.Errorf("unexpected constructor %#08x in encrypted_data", id)
	}
	switch {
	case r.bad:
		return errors.New("p_q_inner_data is malformed")
	case same != nil:
		return same
	case !x.proves(pq, p, q):
		return errors.New("p and q are not the factors of pq")
	case (id == idPQInnerDC || id == idPQInnerTempDC) && !x.s.serves(int(dc)):
		return errWrongDC
	}
	x.newNonce, x.dc = newNonce, int(dc)
	return nil
}

// proves tells whether p and q are what the proof of work asked for.
func (x *serverExchange) proves(pq, p, q []byte) bool {
	bp, bq := new(big.Int).SetBytes(p), new(big.Int).SetBytes(q)
	return bytes.Equal(pq, minimal(x.pq)) && bp.BitLen() < 64 && bq.BitLen() < 64 && bp.BitLen() > 1 &&
		bp.Cmp(bq) < 0 && bp.Uint64()*bq.Uint64() == x.pq && x.pq%bp.Uint64() == 0
}

func (x *serverExchange) setDH(r *reader) (answer []byte, key AuthKey, err error) {
	if err := x.nonces(r); err != nil {
		return nil, key, err
	}
	sealed := r.bytes()
	if !r.end() {
		return nil, key, errors.New("malformed")
	}
	if !x.ready {
		return nil, key, errors.New("came before req_DH_params")
	}
	var same error
	var retry [8]byte
	var gB []byte
	if err := x.temp.open(sealed, func(r *reader) {
		r.want(idClientDHInner)
		same = x.nonces(r)
		copy(retry[:], r.take(8))
		gB = r.bytes()
	}); err != nil {
		return nil, key, err
	}
	if same != nil {
		return nil, key, same
	}
	if retry != x.retry {
		return nil, key, errors.New("retry_id is not that of the attempt before")
	}
	public := new(big.Int).SetBytes(gB)
	if err := dh.CheckValue("g_b", public, x.prime); err != nil {
		return nil, key, err
	}
	if key, err = dhKey(public, x.secret, x.prime); err != nil {
		return nil, key, err
	}
	if x.tries++; x.s.takes(key) {
		x.ready = false
		return x.verdict(idDHGenOK, 1, key), key, nil
	}
	if x.tries < dhRetries { // the id belongs to another key: both sides draw again
		x.retry = key.auxHash()
		return x.verdict(idDHGenRetry, 2, key), AuthKey{}, nil
	}
	x.ready = false
	return x.verdict(idDHGenFail, 3, key), AuthKey{}, nil
}

func (x *serverExchange) verdict(id uint32, number byte, key AuthKey) []byte {
	b := append(append(putID(nil, id), x.nonce[:]...), x.serverNonce[:]...)
	hash := newNonceHash(x.newNonce, number, key.auxHash())
	return append(b, hash[:]...)
}
