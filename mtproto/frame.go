package mtproto

import (
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"time"
)

// framer cuts a TCP stream into frames and makes frames of payloads. One
// goroutine may read while another writes.
//
// Source: https://core.telegram.org/mtproto/mtproto-transports.
type framer struct {
	conn       net.Conn
	kind       Transport
	server     bool // then the peer may ask for quick acks, which are not given
	maxIn      int  // bytes of a payload received
	rand       io.Reader
	writeLimit time.Duration // for one frame
	writeUntil time.Time

	enc, dec cipher.Stream // transport obfuscation; nil without
	tag      []byte        // the stream's first bytes, sent with the first frame
	outSeq   uint32        // full: frames sent
	inSeq    uint32        // full: frames received

	in   []byte // received and not yet consumed: in[r:w]
	r, w int
}

const (
	firstRead  = 1 << 14 // the buffer's first size
	keepBuffer = 1 << 20 // a larger one is given back once it is empty
	fullHead   = 8       // length, number
	fullExtra  = 12      // and the CRC32
)

// newFramer is the client's side of a new connection.
func newFramer(conn net.Conn, kind Transport, obfuscate bool, dc int, l Limits, rand io.Reader) (*framer, error) {
	f := &framer{conn: conn, kind: kind, maxIn: l.FrameBytes, rand: rand, writeLimit: l.Write}
	if obfuscate {
		if kind == Full {
			return nil, &FrameError{kind, "cannot be obfuscated"}
		}
		return f, f.obfuscate(dc)
	}
	switch kind {
	case Abridged:
		f.tag = []byte{0xef}
	case Intermediate:
		f.tag = []byte{0xee, 0xee, 0xee, 0xee}
	case PaddedIntermediate:
		f.tag = []byte{0xdd, 0xdd, 0xdd, 0xdd}
	case Full:
	default:
		return nil, &FrameError{kind, fmt.Sprintf("no such transport: %d", int(kind))}
	}
	return f, nil
}

// write sends buf[frameRoom:] as one frame in one write and returns buf's
// storage for reuse. buf is destroyed.
func (f *framer) write(buf []byte) ([]byte, error) {
	n := len(buf) - frameRoom
	start := frameRoom
	switch f.kind {
	case Abridged:
		if n&3 != 0 || n>>2 >= 1<<24 {
			return buf, &FrameError{f.kind, fmt.Sprintf("cannot carry %d bytes", n)}
		}
		if n>>2 < 0x7f {
			start--
			buf[start] = byte(n >> 2)
		} else {
			start -= 4
			binary.LittleEndian.PutUint32(buf[start:], 0x7f|uint32(n>>2)<<8)
		}
	case Intermediate:
		start -= 4
		setInt(buf, start, int32(n))
	case PaddedIntermediate:
		var pad [16]byte
		if _, err := io.ReadFull(f.rand, pad[:]); err != nil {
			return buf, err
		}
		extra := int(pad[15] & 3) // up to 15 are allowed, but some clients only cut off 3
		buf = append(buf, pad[:extra]...)
		start -= 4
		setInt(buf, start, int32(n+extra))
	case Full:
		start -= fullHead
		setInt(buf, start, int32(n+fullExtra))
		setInt(buf, start+4, int32(f.outSeq))
		f.outSeq++
		buf = binary.LittleEndian.AppendUint32(buf, crc32.ChecksumIEEE(buf[start:]))
	}
	if f.enc != nil {
		f.enc.XORKeyStream(buf[start:], buf[start:])
	}
	out := buf[start:]
	if f.tag != nil {
		out = append(f.tag, out...)
		f.tag = nil
	}
	// Setting a deadline costs as much as a small message: not for each.
	if now := time.Now(); f.writeLimit > 0 && f.writeUntil.Sub(now) < f.writeLimit {
		f.writeUntil = now.Add(f.writeLimit + f.writeLimit/4)
		if err := f.conn.SetWriteDeadline(f.writeUntil); err != nil {
			return buf, err
		}
	}
	_, err := f.conn.Write(out)
	return buf, err
}

// read is the next frame's payload, valid and the caller's to change until the
// next read. A payload of 4 bytes is a transport error or a quick ack.
func (f *framer) read() ([]byte, error) {
	if f.r == f.w && len(f.in) > keepBuffer {
		f.in, f.r, f.w = nil, 0, 0
	}
	switch f.kind {
	case Abridged:
		return f.readAbridged()
	case Full:
		return f.readFull()
	}
	head, err := f.take(4)
	if err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint32(head)
	if f.server {
		n &^= 1 << 31 // the wish for a quick ack
	}
	if f.kind == Intermediate && n&3 != 0 {
		return nil, &FrameError{f.kind, fmt.Sprintf("length %d is not a multiple of 4", n)}
	}
	payload, err := f.payload(n)
	if err == nil && f.kind == PaddedIntermediate {
		return f.unpad(payload)
	}
	return payload, err
}

func (f *framer) readAbridged() ([]byte, error) {
	head, err := f.take(1)
	if err != nil {
		return nil, err
	}
	n := uint32(head[0])
	if n >= 0x80 && !f.server {
		return nil, &FrameError{f.kind, "a quick ack came that was not asked for"}
	}
	if n &= 0x7f; n == 0x7f {
		if head, err = f.take(3); err != nil {
			return nil, noEOF(err)
		}
		n = uint32(head[0]) | uint32(head[1])<<8 | uint32(head[2])<<16
	}
	return f.payload(n << 2)
}

func (f *framer) readFull() ([]byte, error) {
	head, err := f.peek(fullHead)
	if err != nil {
		return nil, err
	}
	n, seq := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
	switch {
	case n < fullExtra+4 || n&3 != 0 || n > uint32(f.maxIn)+fullExtra:
		return nil, &FrameError{f.kind, fmt.Sprintf("length %d is not a multiple of 4 from 16 to %d", n, f.maxIn+fullExtra)}
	case seq != f.inSeq && n != fullExtra+4: // errors may come unnumbered
		return nil, &FrameError{f.kind, fmt.Sprintf("number %d came, want %d", seq, f.inSeq)}
	}
	whole, err := f.take(int(n))
	if err != nil {
		return nil, noEOF(err)
	}
	body := whole[:n-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(whole[n-4:]) {
		return nil, &FrameError{f.kind, "CRC32 does not match"}
	}
	f.inSeq++
	return body[fullHead:], nil
}

func (f *framer) payload(n uint32) ([]byte, error) {
	if n < 4 || n > uint32(f.maxIn) {
		return nil, &FrameError{f.kind, fmt.Sprintf("length %d is not from 4 to %d", n, f.maxIn)}
	}
	p, err := f.take(int(n))
	return p, noEOF(err)
}

// unpad cuts off the random bytes of padded intermediate: what comes before
// them tells its own length.
func (f *framer) unpad(p []byte) ([]byte, error) {
	const plain = 8 + 8 + 4 // auth_key_id 0, msg_id, length
	switch {
	case len(p) < plain:
		return p[:4], nil
	case binary.LittleEndian.Uint64(p) == 0:
		n := int(intAt(p, 16))
		if n < 0 || n > len(p)-plain {
			return nil, &FrameError{f.kind, fmt.Sprintf("plain message of %d bytes in a frame of %d", n, len(p))}
		}
		return p[:plain+n], nil
	case len(p) < cryptoHead:
		return p, nil
	}
	return p[:cryptoHead+(len(p)-cryptoHead)&^15], nil
}

// take consumes n bytes; they stay valid until the next take or peek.
func (f *framer) take(n int) ([]byte, error) {
	p, err := f.peek(n)
	if err == nil {
		f.r += n
	}
	return p, err
}

// peek waits for n bytes. The buffer grows only as bytes arrive: a length
// alone makes nobody allocate.
func (f *framer) peek(n int) ([]byte, error) {
	for f.w-f.r < n {
		if f.r == f.w {
			f.r, f.w = 0, 0
		}
		if f.w == len(f.in) || f.r+n > len(f.in) && f.r > 0 {
			f.room(n)
		}
		got, err := f.conn.Read(f.in[f.w:])
		if f.dec != nil {
			f.dec.XORKeyStream(f.in[f.w:f.w+got], f.in[f.w:f.w+got])
		}
		f.w += got
		if f.w-f.r >= n {
			break
		}
		if err != nil {
			if f.w > f.r {
				err = noEOF(err)
			}
			return nil, err
		}
	}
	return f.in[f.r : f.r+n : f.r+n], nil
}

// room moves what is there to the front, in a buffer of twice the size if it
// is full already.
func (f *framer) room(n int) {
	have := f.w - f.r
	if have < len(f.in) {
		copy(f.in, f.in[f.r:f.w])
	} else {
		bigger := make([]byte, max(firstRead, min(2*len(f.in), n)))
		copy(bigger, f.in[f.r:f.w])
		f.in = bigger
	}
	f.r, f.w = 0, have
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
