// Package srp is the arithmetic of Telegram's two-step passwords, in both roles:
// a client proves that it knows a password ([Params.Prove]) and makes a new one
// ([Params.Renew]); a server keeps of a password what does not tell it
// ([Params.Verifier]) and examines proofs ([Params.Challenge]).
//
// It is version 6a of the Secure Remote Password protocol with a key derivation
// of Telegram's own. gotd's crypto/srp has the client's role alone, does not
// check srp_B, and checks even the known prime anew each time, for most of a
// second; the tests hold this one against it.
//
// Source: https://core.telegram.org/api/srp.
package srp

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"math/big"

	"tlsh/dh"
)

// iterations are those of PBKDF2: some 50 ms.
const iterations = 100_000

// Params are the fields of
// passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow, the one
// algorithm that there is.
type Params struct {
	Salt1, Salt2 []byte
	G            int
	P            []byte // big-endian
}

// Proof is what a client sends in inputCheckPasswordSRP: A and M1.
type Proof struct {
	A, M1 []byte // 256 and 32 bytes
}

// Check refuses a group that is not safe; see [dh.Check].
func (p Params) Check() error {
	if len(p.P) != dh.Size {
		return fmt.Errorf("srp: p has %d bytes, want %d", len(p.P), dh.Size)
	}
	if err := dh.Check(p.G, p.prime()); err != nil {
		return fmt.Errorf("srp: p and g: %w", err)
	}
	return nil
}

// Prove makes the proof that its maker knows the password, to a server that has
// sent srp_B. Errors: a group that is not safe, an srp_B that cannot be honest.
func (p Params) Prove(rand io.Reader, password, srpB []byte) (Proof, error) {
	if err := p.Check(); err != nil {
		return Proof{}, err
	}
	prime, gB := p.prime(), new(big.Int).SetBytes(srpB)
	if err := dh.CheckValue("srp_B", gB, prime); err != nil {
		return Proof{}, fmt.Errorf("srp: %w", err)
	}
	x := p.derive(password)
	for range attempts {
		a, gA, err := p.draw(rand)
		if err != nil {
			return Proof{}, err
		}
		if dh.CheckValue("A", gA, prime) == nil { // but for one in 2^63
			return p.answer(x, a, gA, gB), nil
		}
	}
	return Proof{}, errRandom
}

// answer is the proof with the client's secret a.
func (p Params) answer(x, a, gA, gB *big.Int) Proof {
	base := new(big.Int).Mul(p.multiplier(), p.power(x))
	base.Sub(gB, base).Mod(base, p.prime())
	exp := new(big.Int).Mul(scramble(gA, gB), x)
	secret := base.Exp(base, exp.Add(exp, a), p.prime())
	return Proof{A: pad(gA), M1: p.proof(gA, gB, secret)}
}

// Renew makes of the new_algo of account.getPassword what account.
// updatePasswordSettings wants for a new password: the algorithm with 32 more
// random bytes in salt1, and new_password_hash.
func (p Params) Renew(rand io.Reader, password []byte) (algo Params, hash []byte, err error) {
	if err := p.Check(); err != nil {
		return Params{}, nil, err
	}
	salt := make([]byte, len(p.Salt1)+32)
	if _, err := io.ReadFull(rand, salt[copy(salt, p.Salt1):]); err != nil {
		return Params{}, nil, err
	}
	p.Salt1 = salt
	return p, p.Verifier(password), nil
}

// Verifier is what a server keeps of a password, new_password_hash: 256 bytes,
// of which the password does not follow.
func (p Params) Verifier(password []byte) []byte { return pad(p.power(p.derive(password))) }

// CheckVerifier refuses a new_password_hash that no password gives.
func (p Params) CheckVerifier(hash []byte) error {
	if len(hash) != dh.Size {
		return fmt.Errorf("srp: new_password_hash has %d bytes, want %d", len(hash), dh.Size)
	}
	return dh.CheckValue("new_password_hash", new(big.Int).SetBytes(hash), p.prime())
}

// Challenge is a server's question about a password. It is good for one proof.
type Challenge struct {
	params   Params
	verifier *big.Int
	b, gB    *big.Int
}

// Challenge asks for a proof that somebody knows the password of which verifier
// was made.
func (p Params) Challenge(rand io.Reader, verifier []byte) (*Challenge, error) {
	prime, v := p.prime(), new(big.Int).SetBytes(verifier)
	kv := new(big.Int).Mul(p.multiplier(), v)
	for range attempts {
		b, gB, err := p.draw(rand)
		if err != nil {
			return nil, err
		}
		gB.Add(gB, kv).Mod(gB, prime)
		if dh.CheckValue("srp_B", gB, prime) == nil {
			return &Challenge{params: p, verifier: v, b: b, gB: gB}, nil
		}
	}
	return nil, errRandom
}

// B is srp_B, 256 bytes.
func (c *Challenge) B() []byte { return pad(c.gB) }

// Accepts reports whether the proof is that of who knows the password.
func (c *Challenge) Accepts(proof Proof) bool {
	prime, gA := c.params.prime(), new(big.Int).SetBytes(proof.A)
	if dh.CheckValue("A", gA, prime) != nil {
		return false
	}
	secret := new(big.Int).Exp(c.verifier, scramble(gA, c.gB), prime)
	secret.Mul(secret, gA).Mod(secret, prime)
	secret.Exp(secret, c.b, prime)
	return subtle.ConstantTimeCompare(proof.M1, c.params.proof(gA, c.gB, secret)) == 1
}

// attempts bounds how often a secret is drawn anew whose public value may not
// be used.
const attempts = 10

var errRandom = errors.New("srp: the random source gives no usable exponent")

func (p Params) prime() *big.Int { return new(big.Int).SetBytes(p.P) }

// power is g^e.
func (p Params) power(e *big.Int) *big.Int {
	return new(big.Int).Exp(big.NewInt(int64(p.G)), e, p.prime())
}

// draw gives a secret exponent and its public value.
func (p Params) draw(rand io.Reader) (secret, public *big.Int, err error) {
	var b [dh.Size]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return nil, nil, err
	}
	secret = new(big.Int).SetBytes(b[:])
	return secret, p.power(secret), nil
}

// multiplier is k = H(p | g).
func (p Params) multiplier() *big.Int {
	return new(big.Int).SetBytes(hash(pad(p.prime()), pad(big.NewInt(int64(p.G)))))
}

// scramble is u = H(g_a | g_b).
func scramble(gA, gB *big.Int) *big.Int { return new(big.Int).SetBytes(hash(pad(gA), pad(gB))) }

// derive is x = PH2(password, salt1, salt2).
func (p Params) derive(password []byte) *big.Int {
	salted := func(data, salt []byte) []byte { return hash(salt, data, salt) }
	first := salted(salted(password, p.Salt1), p.Salt2)
	long, err := pbkdf2.Key(sha512.New, string(first), p.Salt1, iterations, sha512.Size)
	if err != nil {
		panic(err) // of FIPS 140 mode alone, which refuses other hashes than this
	}
	return new(big.Int).SetBytes(salted(long, p.Salt2))
}

// proof is M1 = H(H(p) xor H(g) | H(salt1) | H(salt2) | g_a | g_b | H(s)).
func (p Params) proof(gA, gB, secret *big.Int) []byte {
	both := hash(pad(p.prime()))
	subtle.XORBytes(both, both, hash(pad(big.NewInt(int64(p.G)))))
	return hash(both, hash(p.Salt1), hash(p.Salt2), pad(gA), pad(gB), hash(pad(secret)))
}

func hash(parts ...[]byte) []byte {
	h := sha256.New()
	for _, b := range parts {
		h.Write(b)
	}
	return h.Sum(nil)
}

// pad writes a number below 2^2048 big-endian.
func pad(v *big.Int) []byte { return v.FillBytes(make([]byte, dh.Size)) }
