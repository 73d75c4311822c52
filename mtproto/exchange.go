package mtproto

import (
	"crypto/aes"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"

	"tlsh/dh"
)

// What both sides of a key exchange need.
//
// Source: https://core.telegram.org/mtproto/auth_key.

// dhSecret draws a secret exponent and its public value.
func dhSecret(rand io.Reader, g int32, prime *big.Int) (secret, public *big.Int, err error) {
	for range 100 {
		var b [256]byte
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			return nil, nil, err
		}
		secret = new(big.Int).SetBytes(b[:])
		public = new(big.Int).Exp(big.NewInt(int64(g)), secret, prime)
		if dh.CheckValue("", public, prime) == nil {
			return secret, public, nil
		}
	}
	return nil, nil, errors.New("the random source gives no usable exponent")
}

// dhKey is the auth key: theirs^secret mod prime.
func dhKey(theirs, secret, prime *big.Int) (AuthKey, error) {
	var b [256]byte
	new(big.Int).Exp(theirs, secret, prime).FillBytes(b[:])
	return NewAuthKey(b[:])
}

// tempCipher encrypts the exchange's inner data under the two nonces.
type tempCipher struct{ key, iv [32]byte }

func newTempCipher(newNonce [32]byte, serverNonce [16]byte) tempCipher {
	sum := func(parts ...[]byte) []byte {
		h := sha1.New()
		for _, p := range parts {
			h.Write(p)
		}
		return h.Sum(nil)
	}
	n, s := newNonce[:], serverNonce[:]
	ns, sn, nn := sum(n, s), sum(s, n), sum(n, n)
	var c tempCipher
	copy(c.key[:], ns)
	copy(c.key[20:], sn[:12])
	copy(c.iv[:], sn[12:])
	copy(c.iv[8:], nn)
	copy(c.iv[28:], n[:4])
	return c
}

// seal is SHA1(data) + data + up to 15 random bytes, encrypted.
func (c tempCipher) seal(rand io.Reader, data []byte) ([]byte, error) {
	sum := sha1.Sum(data)
	out := append(sum[:], data...)
	pad := make([]byte, -len(out)&15)
	if _, err := io.ReadFull(rand, pad); err != nil {
		return nil, err
	}
	out = append(out, pad...)
	block, err := aes.NewCipher(c.key[:])
	if err != nil {
		return nil, err
	}
	igeEncrypt(block, &c.iv, out)
	return out, nil
}

// open decrypts and gives data and padding; the hash must fit data cut after
// the value that parse reads, which returns what is left.
func (c tempCipher) open(sealed []byte, parse func(*reader)) error {
	if len(sealed) < sha1.Size+4 || len(sealed)%aes.BlockSize != 0 {
		return fmt.Errorf("encrypted data of %d bytes is not whole blocks", len(sealed))
	}
	block, err := aes.NewCipher(c.key[:])
	if err != nil {
		return err
	}
	plain := append([]byte(nil), sealed...)
	igeDecrypt(block, &c.iv, plain)
	r := reader{b: plain[sha1.Size:]}
	whole := r.b
	parse(&r)
	if r.bad || len(r.b) > 15 {
		return errors.New("encrypted data does not hold what it should")
	}
	sum := sha1.Sum(whole[:len(whole)-len(r.b)])
	if subtle.ConstantTimeCompare(sum[:], plain[:sha1.Size]) != 1 {
		return errors.New("encrypted data does not match its SHA1")
	}
	return nil
}

// newNonceHash is new_nonce_hash1, 2 or 3: the lower 128 bits of
// SHA1(new_nonce + number + auth_key_aux_hash).
func newNonceHash(newNonce [32]byte, number byte, aux [8]byte) [16]byte {
	in := append(newNonce[:], number)
	sum := sha1.Sum(append(in, aux[:]...))
	return [16]byte(sum[4:])
}

// firstSalt is the server salt that both sides derive from the nonces.
func firstSalt(newNonce [32]byte, serverNonce [16]byte) int64 {
	return int64(binary.LittleEndian.Uint64(newNonce[:]) ^ binary.LittleEndian.Uint64(serverNonce[:]))
}

// putPlain makes an unencrypted message of body, in an outgoing buffer.
//
// Source: description#unencrypted-message.
func putPlain(msgID int64, body []byte) []byte {
	buf := make([]byte, frameRoom, frameRoom+20+len(body)+32)
	buf = putLong(buf, 0)
	buf = putLong(buf, msgID)
	buf = putInt(buf, int32(len(body)))
	return append(buf, body...)
}

// plainBody is the body of an unencrypted message from the other side, whose
// low bits of msg_id are low (a server may use either of its own).
func plainBody(payload []byte, server bool) ([]byte, error) {
	r := reader{b: payload}
	key, id, n := r.int64(), r.int64(), r.int32()
	body := r.take(int(n))
	switch {
	case r.bad || len(r.b) != 0 || n&3 != 0:
		return nil, &CheckError{"unencrypted message", "a length that fits", fmt.Sprintf("%d in %d bytes", n, len(payload))}
	case key != 0:
		return nil, &CheckError{"unencrypted message", "auth_key_id 0", fmt.Sprintf("%016x", uint64(key))}
	case server && id&1 == 0, !server && id&3 != lowClient:
		return nil, &CheckError{"unencrypted message", "the sender's parity of msg_id", fmt.Sprint(id)}
	}
	return body, nil
}

// minimal is v big-endian without leading zeros, as pq, p and q travel.
func minimal(v uint64) []byte { return new(big.Int).SetUint64(v).Bytes() }
