package mediainfo

import (
	"encoding/binary"
	"time"
)

// fragments add up how long the pieces last of an MP4 file that is written piece
// by piece, whose index says nothing of that (ISO/IEC 14496-12, movie fragments).
type fragments struct {
	scale   map[uint32]uint64 // units a second, by the track
	usual   map[uint32]uint64 // units that a sample lasts where nothing else is said
	units   map[uint32]uint64 // so far
	track   uint32            // the one at hand
	inPiece uint64            // units of a sample in the piece at hand
}

// longest is how long the longest track lasts.
func (f *fragments) longest() (d time.Duration) {
	for track, n := range f.units {
		d = max(d, seconds(n, f.scale[track]))
	}
	return d
}

func put(m *map[uint32]uint64, track uint32, n uint64) {
	if *m == nil {
		*m = map[uint32]uint64{}
	}
	(*m)[track] = n
}

// extends reads trex: what holds for all pieces of a track.
func (f *fragments) extends(b []byte) {
	if len(b) >= 16 {
		put(&f.usual, binary.BigEndian.Uint32(b[4:]), uint64(binary.BigEndian.Uint32(b[12:])))
	}
}

// piece reads tfhd: what holds for one piece of a track.
func (f *fragments) piece(b []byte) {
	if len(b) < 8 {
		return
	}
	flags := binary.BigEndian.Uint32(b)
	f.track = binary.BigEndian.Uint32(b[4:])
	f.inPiece = f.usual[f.track]
	const offset, description, duration = 0x1, 0x2, 0x8
	at := 8
	if flags&offset != 0 {
		at += 8
	}
	if flags&description != 0 {
		at += 4
	}
	if flags&duration != 0 && len(b) >= at+4 {
		f.inPiece = uint64(binary.BigEndian.Uint32(b[at:]))
	}
}

// run reads trun: the samples of a piece.
func (f *fragments) run(b []byte) {
	if len(b) < 8 {
		return
	}
	flags, count := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	const offset, first, duration, size, kind, shift = 0x1, 0x4, 0x100, 0x200, 0x400, 0x800
	if flags&duration == 0 {
		put(&f.units, f.track, f.units[f.track]+uint64(count)*f.inPiece)
		return
	}
	at, step := 8, 4
	for _, bit := range [...]uint32{offset, first} {
		if flags&bit != 0 {
			at += 4
		}
	}
	for _, bit := range [...]uint32{size, kind, shift} {
		if flags&bit != 0 {
			step += 4
		}
	}
	n := f.units[f.track]
	for ; count > 0 && at+4 <= len(b); count-- {
		n += uint64(binary.BigEndian.Uint32(b[at:]))
		at += step
	}
	put(&f.units, f.track, n)
}
