package mediainfo

import (
	"encoding/binary"
	"math"
	"math/bits"
	"time"
)

// The elements of Matroska and WebM that are read
// (https://www.rfc-editor.org/rfc/rfc9559).
const (
	mkSegment       = 0x18538067
	mkInfo          = 0x1549a966
	mkScale         = 0x2ad7b1
	mkDuration      = 0x4489
	mkTitle         = 0x7ba9
	mkTracks        = 0x1654ae6b
	mkTrack         = 0xae
	mkTrackType     = 0x83
	mkVideo         = 0xe0
	mkWidth         = 0xb0
	mkHeight        = 0xba
	mkDisplayWidth  = 0x54b0
	mkDisplayHeight = 0x54ba
	mkDisplayUnit   = 0x54b2
	mkCluster       = 0x1f43b675
)

type matroska struct {
	Info
	s        source
	elements int
	scale    uint64 // nanoseconds a unit
	units    float64
	// of the track at hand
	kind, unit    uint64
	width, height [2]int // of its points, and as it is shown
}

func readMatroska(s source) Info {
	m := &matroska{s: s, scale: 1_000_000}
	m.walk(0, s.size)
	if !m.Moving && !m.Sound {
		return Info{}
	}
	if ns := m.units * float64(m.scale); ns > 0 && ns < math.MaxInt64 {
		m.Duration = time.Duration(ns)
	}
	m.Streams = m.Moving
	return m.Info
}

// walk visits the elements between two places; false ends the walk.
func (m *matroska) walk(from, to int64) bool {
	for from < to {
		if m.elements++; m.elements > maxBoxes {
			return false
		}
		id, n := m.number(from, true)
		if n == 0 {
			return false
		}
		size, k := m.number(from+n, false)
		if k == 0 {
			return false
		}
		body := from + n + k
		if size == math.MaxUint64 || size > uint64(max(to-body, 0)) {
			size = uint64(max(to-body, 0)) // to the end
		}
		if !m.element(id, body, body+int64(size)) {
			return false
		}
		from = body + int64(size)
	}
	return true
}

// number reads a number of variable length: an id with its marker, or a size,
// which is MaxUint64 where it is not known. n is how many bytes it has, 0 where
// there is none.
func (m *matroska) number(at int64, id bool) (v uint64, n int64) {
	b := m.s.at(at, 8)
	if len(b) == 0 || b[0] == 0 {
		return 0, 0
	}
	n = int64(bits.LeadingZeros8(b[0])) + 1
	if int64(len(b)) < n {
		return 0, 0
	}
	for _, c := range b[:n] {
		v = v<<8 | uint64(c)
	}
	if !id {
		v &^= 1 << (7 * n)
		if v == 1<<(7*n)-1 {
			v = math.MaxUint64
		}
	}
	return v, n
}

func (m *matroska) element(id uint64, body, end int64) bool {
	switch id {
	case mkSegment, mkInfo, mkTracks, mkVideo:
		return m.walk(body, end)
	case mkTrack:
		m.kind, m.unit, m.width, m.height = 0, 0, [2]int{}, [2]int{}
		m.walk(body, end)
		m.track()
	case mkCluster:
		return false // what is before it is what is read
	case mkScale:
		m.scale = m.uint(body, end)
	case mkDuration:
		m.units = m.float(body, end)
	case mkTitle:
		m.Title = text(m.s.at(body, min(end-body, 4096)))
	case mkTrackType:
		m.kind = m.uint(body, end)
	case mkDisplayUnit:
		m.unit = m.uint(body, end)
	case mkWidth, mkDisplayWidth:
		m.width[shown(id == mkDisplayWidth)] = m.points(body, end)
	case mkHeight, mkDisplayHeight:
		m.height[shown(id == mkDisplayHeight)] = m.points(body, end)
	}
	return true
}

func shown(is bool) int {
	if is {
		return 1
	}
	return 0
}

// track takes in the track that was read.
func (m *matroska) track() {
	const video, audio = 1, 2
	switch m.kind {
	case video:
		if m.Moving {
			return
		}
		i := shown(m.unit == 0 && m.width[1] > 0 && m.height[1] > 0)
		m.Width, m.Height = m.width[i], m.height[i]
		m.Moving = m.Width > 0 && m.Height > 0
	case audio:
		m.Sound = true
	}
}

func (m *matroska) uint(body, end int64) (v uint64) {
	for _, c := range m.s.at(body, min(end-body, 8)) {
		v = v<<8 | uint64(c)
	}
	return v
}

// points is a length in points that a picture can have.
func (m *matroska) points(body, end int64) int {
	if n := m.uint(body, end); n <= math.MaxInt32 {
		return int(n)
	}
	return 0
}

func (m *matroska) float(body, end int64) float64 {
	b := m.s.at(body, min(end-body, 8))
	switch len(b) {
	case 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	case 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return 0
}
