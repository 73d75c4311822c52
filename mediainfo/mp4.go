package mediainfo

import (
	"encoding/binary"
	"math"
)

// maxBoxes bounds how many boxes of one file are looked at.
const maxBoxes = 200_000

// mp4 reads the boxes of an MP4 or QuickTime file (ISO/IEC 14496-12).
type mp4 struct {
	Info
	s             source
	boxes         int
	moov, mdat    int64  // where they begin; -1: not seen
	scale         uint64 // units a second of the whole
	units         uint64 // that it lasts
	width, height int    // of the track at hand
	handler       string
	id            uint32
	fragments     fragments
}

func readMP4(s source) Info {
	m := &mp4{s: s, moov: -1, mdat: -1}
	m.walk(0, s.size)
	if !m.Moving && !m.Sound {
		return Info{}
	}
	if m.Duration = seconds(m.units, m.scale); m.Duration == 0 {
		m.Duration = m.fragments.longest()
	}
	m.Streams = m.Moving && (m.mdat < 0 || m.moov < m.mdat)
	return m.Info
}

// walk visits the boxes between two places.
func (m *mp4) walk(from, to int64) {
	for from < to && m.boxes < maxBoxes {
		m.boxes++
		head := m.s.at(from, 16)
		if len(head) < 8 {
			return
		}
		size, body := int64(binary.BigEndian.Uint32(head)), from+8
		switch {
		case size == 0:
			size = to - from
		case size == 1 && len(head) == 16:
			size, body = int64(binary.BigEndian.Uint64(head[8:])), from+16
		}
		if size < body-from || size > to-from {
			size = to - from // cut off, or damaged: what is there
		}
		m.box(string(head[4:8]), from, body, from+size)
		from += size
	}
}

// box reads one box that lies between body and end.
func (m *mp4) box(kind string, from, body, end int64) {
	switch kind {
	case "moov":
		m.moov = from
		m.walk(body, end)
	case "mdat":
		if m.mdat < 0 {
			m.mdat = from
		}
	case "trak":
		m.width, m.height, m.handler, m.id = 0, 0, "", 0
		m.walk(body, end)
		m.track()
	case "mdia", "udta", "mvex", "ilst", "moof", "traf":
		m.walk(body, end)
	case "meta":
		// QuickTime has no version before the boxes.
		if b := m.s.at(body, 8); len(b) == 8 && string(b[4:]) != "hdlr" {
			body += 4
		}
		m.walk(body, end)
	case "mvhd":
		m.scale, m.units = m.clock(body, end, 12)
	case "mehd":
		if _, n := m.clock(body, end, 0); m.units == 0 {
			m.units = n
		}
	case "mdhd":
		scale, _ := m.clock(body, end, 12)
		put(&m.fragments.scale, m.id, scale)
	case "trex":
		m.fragments.extends(m.s.at(body, min(end-body, 32)))
	case "tfhd":
		m.fragments.piece(m.s.at(body, min(end-body, 64)))
	case "trun":
		m.fragments.run(m.s.at(body, end-body))
	case "hdlr":
		if b := m.s.at(body, min(12, end-body)); len(b) == 12 && m.handler == "" {
			m.handler = string(b[8:])
		}
	case "tkhd":
		m.head(m.s.at(body, min(end-body, 128)))
	case "\xa9nam":
		m.Title = m.data(body, end)
	case "\xa9ART":
		m.Performer = m.data(body, end)
	}
}

// clock reads how many units there are a second and in all. skip is where the
// units a second stand in a box of version 0; 0 where the box has none.
func (m *mp4) clock(body, end, skip int64) (scale, units uint64) {
	b := m.s.at(body, min(36, end-body))
	if len(b) < 8 {
		return 0, 0
	}
	wide := b[0] == 1
	at := int64(4)
	if skip > 0 {
		at = skip
		if wide {
			at += 8
		}
		if at+4 > int64(len(b)) {
			return 0, 0
		}
		scale = uint64(binary.BigEndian.Uint32(b[at:]))
		at += 4
	}
	switch {
	case wide && at+8 <= int64(len(b)):
		if units = binary.BigEndian.Uint64(b[at:]); units == math.MaxUint64 {
			units = 0 // not known
		}
	case !wide && at+4 <= int64(len(b)):
		if n := binary.BigEndian.Uint32(b[at:]); n != math.MaxUint32 {
			units = uint64(n)
		}
	}
	return scale, units
}

// head reads the id of a track and its size, as it is shown: its matrix may turn
// it.
func (m *mp4) head(b []byte) {
	id, at := 12, 40
	if len(b) > 0 && b[0] == 1 {
		id, at = 20, 52
	}
	const matrix = 36
	if len(b) < at+matrix+8 {
		return
	}
	m.id = binary.BigEndian.Uint32(b[id:])
	word := func(i int) uint32 { return binary.BigEndian.Uint32(b[at+4*i:]) }
	w, h := int(word(9)>>16), int(word(10)>>16)
	if word(0) == 0 && word(4) == 0 && word(1) != 0 && word(3) != 0 {
		w, h = h, w // by a quarter
	}
	m.width, m.height = w, h
}

// track takes in the track that was read.
func (m *mp4) track() {
	switch m.handler {
	case "vide":
		if m.width > 0 && m.height > 0 && !m.Moving {
			m.Moving, m.Width, m.Height = true, m.width, m.height
		}
	case "soun":
		m.Sound = true
	}
}

// data is the text of a box of the list of tags.
func (m *mp4) data(body, end int64) string {
	b := m.s.at(body, min(end-body, 4096))
	const head = 16 // size, data, kind, locale
	if len(b) < head || string(b[4:8]) != "data" {
		return ""
	}
	n := min(int(binary.BigEndian.Uint32(b)), len(b))
	if n < head {
		return ""
	}
	return text(b[head:n])
}
