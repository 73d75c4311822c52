package mtproto

import (
	"crypto/rsa"
	"crypto/sha1"
	"crypto/subtle"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"github.com/gotd/td/crypto"
)

// AuthKey is an authorization key: 2048 bits shared by one client and one
// server, and their 64-bit id. The zero value is "no key". It is a small
// handle, cheap to copy; printing or marshalling it never shows the key.
//
// Source: https://core.telegram.org/mtproto/auth_key.
type AuthKey struct {
	secret *authSecret // behind a pointer, so that not even %+v of a struct around it prints it
}

type authSecret struct {
	value [256]byte
	id    uint64
}

// NewAuthKey makes a key of its 256 bytes (big-endian, as the key exchange
// leaves it). Any other length, and 256 zero bytes, are errors.
func NewAuthKey(value []byte) (AuthKey, error) {
	if len(value) != 256 {
		return AuthKey{}, fmt.Errorf("auth key: want 256 bytes, got %d", len(value))
	}
	s := &authSecret{}
	copy(s.value[:], value)
	if s.value == ([256]byte{}) {
		return AuthKey{}, errors.New("auth key: all 256 bytes are zero")
	}
	sum := sha1.Sum(s.value[:])
	s.id = binary.LittleEndian.Uint64(sum[12:])
	return AuthKey{s}, nil
}

// GenerateAuthKey reads a key from rand, for a client and a server in one
// process that need no exchange. rand is usually crypto/rand's Reader.
func GenerateAuthKey(rand io.Reader) (AuthKey, error) {
	var v [256]byte
	if _, err := io.ReadFull(rand, v[:]); err != nil {
		return AuthKey{}, fmt.Errorf("auth key: %w", err)
	}
	return NewAuthKey(v[:])
}

// ID is auth_key_id: the lower 64 bits of the key's SHA1; 0 for no key.
func (k AuthKey) ID() int64 {
	if k.secret == nil {
		return 0
	}
	return int64(k.secret.id)
}

// Bytes is a copy of the 256 secret bytes, for storing; nil for no key.
func (k AuthKey) Bytes() []byte {
	if k.secret == nil {
		return nil
	}
	return append([]byte(nil), k.secret.value[:]...)
}

// IsZero tells whether this is no key at all.
func (k AuthKey) IsZero() bool { return k.secret == nil }

// Equal tells whether both are the same key, in constant time.
func (k AuthKey) Equal(o AuthKey) bool {
	if k.secret == nil || o.secret == nil {
		return k.secret == o.secret
	}
	return subtle.ConstantTimeCompare(k.secret.value[:], o.secret.value[:]) == 1
}

// String names the key by its id alone.
func (k AuthKey) String() string {
	if k.secret == nil {
		return "no auth key"
	}
	return fmt.Sprintf("auth key %016x", k.secret.id)
}

// auxHash is auth_key_aux_hash, the higher 64 bits of the key's SHA1.
func (k AuthKey) auxHash() [8]byte {
	sum := sha1.Sum(k.secret.value[:])
	return [8]byte(sum[:8])
}

// PublicKey is a server's RSA key, by which a client recognises the server
// during the key exchange. The zero value is no key.
type PublicKey struct {
	rsa         *rsa.PublicKey
	fingerprint int64
}

// rsaBits is the only modulus size that the exchange's padding allows: both
// paddings make exactly 256 bytes.
const rsaBits = 2048

// NewPublicKey takes a 2048-bit RSA key; other sizes and an even or tiny
// exponent are errors.
func NewPublicKey(key *rsa.PublicKey) (PublicKey, error) {
	switch {
	case key == nil || key.N == nil:
		return PublicKey{}, errors.New("RSA key: missing modulus")
	case key.N.BitLen() != rsaBits:
		return PublicKey{}, fmt.Errorf("RSA key: want a %d-bit modulus, got %d bits", rsaBits, key.N.BitLen())
	case key.E < 3 || key.E&1 == 0:
		return PublicKey{}, fmt.Errorf("RSA key: want an odd exponent of at least 3, got %d", key.E)
	}
	return PublicKey{key, crypto.RSAFingerprint(key)}, nil
}

// ParsePublicKeys reads every PEM block ("RSA PUBLIC KEY" or "PUBLIC KEY") of
// the text. Text without any is an error, and so is a block that is no RSA key.
func ParsePublicKeys(text []byte) ([]PublicKey, error) {
	var keys []PublicKey
	for n := 1; ; n++ {
		block, rest := pem.Decode(text)
		if block == nil {
			break
		}
		text = rest
		parsed, err := crypto.ParseRSA(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("PEM block %d (%q): %w", n, block.Type, err)
		}
		key, err := NewPublicKey(parsed)
		if err != nil {
			return nil, fmt.Errorf("PEM block %d: %w", n, err)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, errors.New("RSA key: no PEM block found; want -----BEGIN RSA PUBLIC KEY-----")
	}
	return keys, nil
}

// Fingerprint is the 64 lower bits of the SHA1 of the bare
// rsa_public_key(n, e), by which resPQ names the key; 0 for no key.
func (k PublicKey) Fingerprint() int64 { return k.fingerprint }

// IsZero tells whether this is no key at all.
func (k PublicKey) IsZero() bool { return k.rsa == nil }

// PEM writes the key as an "RSA PUBLIC KEY" (PKCS #1) block, the form in which
// clients publish Telegram's keys. nil for no key.
func (k PublicKey) PEM() []byte {
	if k.rsa == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(k.rsa)})
}

// String names the key by its fingerprint.
func (k PublicKey) String() string { return fmt.Sprintf("RSA key %016x", uint64(k.fingerprint)) }

// PrivateKey is the server's half of a [PublicKey]. Printing it shows the
// fingerprint alone. The zero value is no key.
type PrivateKey struct {
	rsa *rsa.PrivateKey
	pub PublicKey
}

// GeneratePrivateKey makes a new 2048-bit key (takes some 100 ms).
func GeneratePrivateKey(rand io.Reader) (PrivateKey, error) {
	key, err := rsa.GenerateKey(rand, rsaBits)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("RSA key: %w", err)
	}
	return NewPrivateKey(key)
}

// NewPrivateKey takes a 2048-bit RSA key.
func NewPrivateKey(key *rsa.PrivateKey) (PrivateKey, error) {
	if key == nil {
		return PrivateKey{}, errors.New("RSA key: none given")
	}
	pub, err := NewPublicKey(&key.PublicKey)
	if err != nil {
		return PrivateKey{}, err
	}
	return PrivateKey{key, pub}, nil
}

// ParsePrivateKey reads one PEM block, "RSA PRIVATE KEY" (PKCS #1) or
// "PRIVATE KEY" (PKCS #8).
func ParsePrivateKey(text []byte) (PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return PrivateKey{}, errors.New("RSA key: no PEM block found; want -----BEGIN RSA PRIVATE KEY-----")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return NewPrivateKey(key)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("PEM block %q: not an RSA private key", block.Type)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return PrivateKey{}, fmt.Errorf("PEM block %q: want an RSA key, got %T", block.Type, parsed)
	}
	return NewPrivateKey(key)
}

// Public is the half that clients need.
func (k PrivateKey) Public() PublicKey { return k.pub }

// Fingerprint is that of the public half.
func (k PrivateKey) Fingerprint() int64 { return k.pub.fingerprint }

// IsZero tells whether this is no key at all.
func (k PrivateKey) IsZero() bool { return k.rsa == nil }

// PEM writes the secret key as an "RSA PRIVATE KEY" (PKCS #1) block, for
// storing. nil for no key.
func (k PrivateKey) PEM() []byte {
	if k.rsa == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k.rsa)})
}

// String names the key by its fingerprint.
func (k PrivateKey) String() string { return k.pub.String() + " (private)" }

// GoString is [PrivateKey.String], so that %#v keeps the secret too.
func (k PrivateKey) GoString() string { return k.String() }
