package mtproto

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
)

// An outgoing buffer: room for the frame's head, then auth_key_id and msg_key,
// then the plaintext header, then the body. Everything is built in place, so
// that a message is copied once.
const (
	frameRoom  = 16
	cryptoHead = 8 + 16            // auth_key_id, msg_key
	plainHead  = 8 + 8 + 8 + 4 + 4 // salt, session_id, msg_id, seqno, length
	plainStart = frameRoom + cryptoHead
	bodyStart  = plainStart + plainHead
	minPadding = 12
	maxPadding = 1024
	fromClient = 0 // x of the key derivation for what a client sends
	fromServer = 8 // and for what a server sends
	fixedPad   = 12
)

// header is what stands, encrypted, before a message's body.
type header struct {
	salt, session, msgID int64
	seqno                int32
}

// sealer encrypts one direction of one auth key. Not for concurrent use.
type sealer struct {
	key  *authSecret
	x    int
	rand io.Reader
	hash hash.Hash
	sum  [sha256.Size]byte
}

func newSealer(key *authSecret, x int, rand io.Reader) *sealer {
	return &sealer{key: key, x: x, rand: rand, hash: sha256.New()}
}

// seal turns buf, whose body starts at bodyStart, into a frame's payload from
// frameRoom on, appending the padding. buf's storage is reused.
//
// Source: description#defining-aes-key-and-initialization-vector.
func (s *sealer) seal(buf []byte, h header) ([]byte, error) {
	body := len(buf) - bodyStart
	setLong(buf, plainStart, h.salt)
	setLong(buf, plainStart+8, h.session)
	setLong(buf, plainStart+16, h.msgID)
	setInt(buf, plainStart+24, h.seqno)
	setInt(buf, plainStart+28, int32(body))
	pad := fixedPad + -(plainHead+body+fixedPad)&15
	end := len(buf)
	buf = append(buf, make([]byte, pad)...)
	if _, err := io.ReadFull(s.rand, buf[end:]); err != nil {
		return buf, fmt.Errorf("padding: %w", err)
	}
	plain := buf[plainStart:]
	msgKey := buf[frameRoom+8 : plainStart]
	s.msgKey(msgKey, plain)
	binary.LittleEndian.PutUint64(buf[frameRoom:], s.key.id)
	key, iv := s.key.derive((*[16]byte)(msgKey), s.x)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return buf, err
	}
	igeEncrypt(block, &iv, plain)
	return buf, nil
}

// msgKey puts the middle 16 bytes of SHA256(32 bytes of the key + plain) into dst.
func (s *sealer) msgKey(dst, plain []byte) {
	s.hash.Reset()
	s.hash.Write(s.key.value[88+s.x : 120+s.x])
	s.hash.Write(plain)
	copy(dst, s.hash.Sum(s.sum[:0])[8:24])
}

// open decrypts payload in place and returns the body within it. Until the
// msg_key is known to be good there is one error for everything that may be
// wrong.
//
// Source: security_guidelines, "Checking SHA256 hash value of msg_key" and
// "Checking message length".
func (s *sealer) open(payload []byte) (header, []byte, error) {
	n := len(payload) - cryptoHead
	if n < plainHead+minPadding || n%aes.BlockSize != 0 ||
		binary.LittleEndian.Uint64(payload) != s.key.id {
		return header{}, nil, &CheckError{Check: "msg_key"}
	}
	msgKey, plain := payload[8:cryptoHead], payload[cryptoHead:]
	key, iv := s.key.derive((*[16]byte)(msgKey), s.x)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return header{}, nil, err
	}
	igeDecrypt(block, &iv, plain)
	var want [16]byte
	s.msgKey(want[:], plain)
	if subtle.ConstantTimeCompare(want[:], msgKey) != 1 {
		return header{}, nil, &CheckError{Check: "msg_key"}
	}
	size := int(intAt(plain, 28))
	switch pad := n - plainHead - size; {
	case size < 0 || size&3 != 0 || size > n-plainHead:
		return header{}, nil, &CheckError{"length", fmt.Sprintf("a multiple of 4 up to %d", n-plainHead), fmt.Sprint(size)}
	case pad < minPadding || pad > maxPadding:
		return header{}, nil, &CheckError{"padding", fmt.Sprintf("%d to %d bytes", minPadding, maxPadding), fmt.Sprint(pad)}
	}
	h := header{longAt(plain, 0), longAt(plain, 8), longAt(plain, 16), intAt(plain, 24)}
	return h, plain[plainHead : plainHead+size : plainHead+size], nil
}

// derive is the key and initialisation vector of one message.
func (k *authSecret) derive(msgKey *[16]byte, x int) (key, iv [32]byte) {
	var in [52]byte
	copy(in[:], msgKey[:])
	copy(in[16:], k.value[x:x+36])
	a := sha256.Sum256(in[:])
	copy(in[:], k.value[40+x:40+x+36])
	copy(in[36:], msgKey[:])
	b := sha256.Sum256(in[:])
	copy(key[:], a[:8])
	copy(key[8:], b[8:24])
	copy(key[24:], a[24:])
	copy(iv[:], b[:8])
	copy(iv[8:], a[8:24])
	copy(iv[24:], b[24:])
	return key, iv
}

// igeEncrypt encrypts whole blocks in place in AES-IGE: each is XORed with the
// ciphertext before it, encrypted, and XORed with the plaintext before it.
func igeEncrypt(block cipher.Block, iv *[32]byte, buf []byte) {
	le := binary.LittleEndian
	c0, c1 := le.Uint64(iv[:]), le.Uint64(iv[8:])
	p0, p1 := le.Uint64(iv[16:]), le.Uint64(iv[24:])
	for ; len(buf) >= 16; buf = buf[16:] {
		b := buf[:16:16]
		x0, x1 := le.Uint64(b), le.Uint64(b[8:])
		le.PutUint64(b, x0^c0)
		le.PutUint64(b[8:], x1^c1)
		block.Encrypt(b, b)
		c0, c1 = le.Uint64(b)^p0, le.Uint64(b[8:])^p1
		le.PutUint64(b, c0)
		le.PutUint64(b[8:], c1)
		p0, p1 = x0, x1
	}
}

// igeDecrypt undoes igeEncrypt.
func igeDecrypt(block cipher.Block, iv *[32]byte, buf []byte) {
	le := binary.LittleEndian
	c0, c1 := le.Uint64(iv[:]), le.Uint64(iv[8:])
	p0, p1 := le.Uint64(iv[16:]), le.Uint64(iv[24:])
	for ; len(buf) >= 16; buf = buf[16:] {
		b := buf[:16:16]
		x0, x1 := le.Uint64(b), le.Uint64(b[8:])
		le.PutUint64(b, x0^p0)
		le.PutUint64(b[8:], x1^p1)
		block.Decrypt(b, b)
		p0, p1 = le.Uint64(b)^c0, le.Uint64(b[8:])^c1
		le.PutUint64(b, p0)
		le.PutUint64(b[8:], p1)
		c0, c1 = x0, x1
	}
}
