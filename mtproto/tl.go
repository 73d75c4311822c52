package mtproto

import "encoding/binary"

// Constructor ids of MTProto's own schema, from
// https://core.telegram.org/schema/mtproto, and of the two wrappers of the API
// that are a matter of the protocol.
const (
	idVector = 0x1cb5c415

	idReqPQ             = 0x60469778
	idReqPQMulti        = 0xbe7e8ef1
	idResPQ             = 0x05162463
	idPQInner           = 0x83c95aec
	idPQInnerDC         = 0xa9f55f95
	idPQInnerTemp       = 0x3c6a84d4
	idPQInnerTempDC     = 0x56fddf88
	idReqDHParams       = 0xd712e4be
	idServerDHFail      = 0x79cb045d
	idServerDHOK        = 0xd0e8075c
	idServerDHInner     = 0xb5890dba
	idClientDHInner     = 0x6643b654
	idSetClientDHParams = 0xf5045f1f
	idDHGenOK           = 0x3bcbf734
	idDHGenRetry        = 0x46dc1fb9
	idDHGenFail         = 0xa69dae02

	idContainer         = 0x73f1f8dc
	idMsgCopy           = 0xe06046b2
	idGzipPacked        = 0x3072cfa1
	idRPCResult         = 0xf35c6d01
	idRPCError          = 0x2144ca19
	idMsgsAck           = 0x62d6b459
	idBadMsg            = 0xa7eff811
	idBadSalt           = 0xedab447b
	idMsgsStateReq      = 0xda69fb52
	idMsgsStateInfo     = 0x04deb57d
	idMsgsAllInfo       = 0x8cc0d131
	idMsgDetailed       = 0x276d3ec6
	idMsgNewDetailed    = 0x809db6df
	idMsgResendReq      = 0x7d861a08
	idMsgResendAns      = 0x8610baeb
	idNewSession        = 0x9ec20908
	idPing              = 0x7abe77ec
	idPingDelay         = 0xf3427b8c
	idPong              = 0x347773c5
	idGetFutureSalts    = 0xb921bd04
	idFutureSalts       = 0xae500895
	idDestroySession    = 0xe7512126
	idDestroyOK         = 0xe22045fc
	idDestroyNone       = 0x62d350c9
	idDropAnswer        = 0x58e4a740
	idAnswerUnknown     = 0x5e2ad36e
	idAnswerDropRunning = 0xcd78e586
	idAnswerDropped     = 0xa43ad8b7
	idHTTPWait          = 0x9299359f

	idInvokeAfterMsg = 0xcb9f372d // invokeAfterMsg#cb9f372d msg_id:long query:!X = X
)

// reader takes TL values from the front of b. After the first value that is
// not there, bad is set and everything reads as zero: callers check once.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.b) {
		r.bad = true
		return nil
	}
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) uint32() uint32 {
	if v := r.take(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

func (r *reader) int32() int32 { return int32(r.uint32()) }

func (r *reader) int64() int64 {
	if v := r.take(8); v != nil {
		return int64(binary.LittleEndian.Uint64(v))
	}
	return 0
}

func (r *reader) int128() (v [16]byte) { copy(v[:], r.take(16)); return }
func (r *reader) int256() (v [32]byte) { copy(v[:], r.take(32)); return }

// want takes a constructor id, which must be this one.
func (r *reader) want(id uint32) {
	if r.uint32() != id {
		r.bad = true
	}
}

// bytes takes a TL string: its length, itself, zero bytes up to a multiple of 4.
func (r *reader) bytes() []byte {
	head := r.take(1)
	if head == nil {
		return nil
	}
	n, used := int(head[0]), 1
	switch {
	case n == 255:
		r.bad = true
	case n == 254:
		long := r.take(3)
		if long == nil {
			return nil
		}
		n, used = int(long[0])|int(long[1])<<8|int(long[2])<<16, 4
	}
	v := r.take(n)
	if pad := -(used + n) & 3; pad > 0 {
		r.take(pad)
	}
	return v
}

// longs takes a boxed Vector<long>; the count is believed only as far as bytes
// are there.
func (r *reader) longs() []int64 {
	r.want(idVector)
	n := int(r.int32())
	if r.bad || n < 0 || n > len(r.b)/8 {
		r.bad = true
		return nil
	}
	v := make([]int64, n)
	for i := range v {
		v[i] = r.int64()
	}
	return v
}

// end tells that everything was there and nothing is left.
func (r *reader) end() bool { return !r.bad && len(r.b) == 0 }

// peekID is the constructor id in front; 0 when there is none.
func peekID(b []byte) uint32 {
	if len(b) < 4 {
		return 0
	}
	return binary.LittleEndian.Uint32(b)
}

func putID(b []byte, id uint32) []byte  { return binary.LittleEndian.AppendUint32(b, id) }
func putInt(b []byte, v int32) []byte   { return binary.LittleEndian.AppendUint32(b, uint32(v)) }
func putLong(b []byte, v int64) []byte  { return binary.LittleEndian.AppendUint64(b, uint64(v)) }
func setLong(b []byte, at int, v int64) { binary.LittleEndian.PutUint64(b[at:], uint64(v)) }
func setInt(b []byte, at int, v int32)  { binary.LittleEndian.PutUint32(b[at:], uint32(v)) }
func longAt(b []byte, at int) int64     { return int64(binary.LittleEndian.Uint64(b[at:])) }
func intAt(b []byte, at int) int32      { return int32(binary.LittleEndian.Uint32(b[at:])) }
func bytesLen(n int) (size int)         { return (n + 1 + 3*b2i(n >= 254) + 3) &^ 3 }
func b2i(v bool) int {
	if v {
		return 1
	}
	return 0
}

func putBytes(b, v []byte) []byte {
	start := len(b)
	if n := len(v); n < 254 {
		b = append(b, byte(n))
	} else {
		b = append(b, 254, byte(n), byte(n>>8), byte(n>>16))
	}
	b = append(b, v...)
	for (len(b)-start)&3 != 0 {
		b = append(b, 0)
	}
	return b
}

func putLongs(b []byte, v []int64) []byte {
	b = putInt(putID(b, idVector), int32(len(v)))
	for _, x := range v {
		b = putLong(b, x)
	}
	return b
}
