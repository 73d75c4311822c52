package mtproto

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
)

// An obfuscated stream's first 64 bytes: key and counter of both directions,
// then, encrypted already, the framing's tag and the data centre.
//
// Source: https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation.
const (
	obfHead = 64
	obfTag  = 56
	obfDC   = 60
)

// obfuscate makes the client's opening bytes and ciphers.
func (f *framer) obfuscate(dc int) error {
	head := make([]byte, obfHead)
	for tries := 0; ; tries++ {
		if tries == 100 {
			return errors.New("obfuscation: the random source gives no usable bytes")
		}
		if _, err := io.ReadFull(f.rand, head); err != nil {
			return fmt.Errorf("obfuscation: %w", err)
		}
		if _, taken := recognise(head); !taken && head[0] != 0xef && !foreign(head) {
			break
		}
	}
	tag := byte(0xef)
	switch f.kind {
	case Intermediate:
		tag = 0xee
	case PaddedIntermediate:
		tag = 0xdd
	}
	for i := obfTag; i < obfDC; i++ {
		head[i] = tag
	}
	binary.LittleEndian.PutUint16(head[obfDC:], uint16(dc))
	out, in, err := obfStreams(head)
	if err != nil {
		return err
	}
	sealed := make([]byte, obfHead)
	out.XORKeyStream(sealed, head)
	copy(head[obfTag:], sealed[obfTag:])
	f.tag, f.enc, f.dec = head, out, in
	return nil
}

// obfStreams are the ciphers of the side that made the head: forward for what
// it sends, reversed for what it gets.
func obfStreams(head []byte) (out, in cipher.Stream, err error) {
	stream := func(b []byte) (cipher.Stream, error) {
		block, err := aes.NewCipher(b[:32])
		if err != nil {
			return nil, err
		}
		return cipher.NewCTR(block, b[32:48]), nil
	}
	forward := slices.Clone(head[8:56])
	if out, err = stream(forward); err != nil {
		return nil, nil, err
	}
	slices.Reverse(forward)
	in, err = stream(forward)
	return out, in, err
}

// recognise tells a framing by the first 8 bytes of a stream.
func recognise(b []byte) (t Transport, ok bool) {
	switch {
	case binary.LittleEndian.Uint32(b) == 0xeeeeeeee:
		return Intermediate, true
	case binary.LittleEndian.Uint32(b) == 0xdddddddd:
		return PaddedIntermediate, true
	case binary.LittleEndian.Uint32(b[4:]) == 0: // the first frame's number
		return Full, true
	}
	return 0, false
}

// foreign tells the beginnings of HTTP and TLS, which an obfuscated stream
// never has.
func foreign(b []byte) bool {
	switch string(b[:4]) {
	case "HEAD", "POST", "GET ", "OPTI", "\x16\x03\x01\x02":
		return true
	}
	return false
}

// sniff is the server's side of a new connection: it learns framing and
// obfuscation from the client's first bytes. dc is what an obfuscated client
// named, else 0.
func sniff(conn net.Conn, l Limits, rand io.Reader) (f *framer, dc int, err error) {
	f = &framer{conn: conn, server: true, maxIn: l.FrameBytes, rand: rand, writeLimit: l.Write}
	head, err := f.peek(1)
	if err != nil {
		return nil, 0, err
	}
	if head[0] == 0xef {
		f.r++
		f.kind = Abridged
		return f, 0, nil
	}
	if head, err = f.peek(4); err != nil {
		return nil, 0, err
	}
	if foreign(head) {
		return nil, 0, fmt.Errorf("not MTProto: the client began with %q", head)
	}
	if t, ok := recognise(append(slices.Clone(head), 1, 1, 1, 1)); ok {
		f.r += 4
		f.kind = t
		return f, 0, nil
	}
	if head, err = f.peek(8); err != nil {
		return nil, 0, err
	}
	if t, ok := recognise(head); ok {
		f.kind = t
		return f, 0, nil
	}
	if head, err = f.take(obfHead); err != nil {
		return nil, 0, noEOF(err)
	}
	client, own, err := obfStreams(head)
	if err != nil {
		return nil, 0, err
	}
	plain := make([]byte, obfHead)
	client.XORKeyStream(plain, head)
	switch binary.LittleEndian.Uint32(plain[obfTag:]) {
	case 0xefefefef:
		f.kind = Abridged
	case 0xeeeeeeee:
		f.kind = Intermediate
	case 0xdddddddd:
		f.kind = PaddedIntermediate
	default:
		return nil, 0, errors.New("not MTProto: no transport has such a beginning")
	}
	f.dec, f.enc = client, own
	rest := f.in[f.r:f.w]
	f.dec.XORKeyStream(rest, rest)
	return f, int(int16(binary.LittleEndian.Uint16(plain[obfDC:]))), nil
}
