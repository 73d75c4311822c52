package mediainfo

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// oggPage is one page of an Ogg file (https://www.rfc-editor.org/rfc/rfc3533).
type oggPage struct {
	begins bool // a stream
	serial uint32
	sizes  []byte // of the pieces of packets: one below 255 ends its packet
	body   []byte
	next   int64
}

func readPage(s source, at int64) (p oggPage, ok bool) {
	const head = 27
	b := s.at(at, head+255)
	if len(b) < head || string(b[:4]) != "OggS" || len(b) < head+int(b[26]) {
		return p, false
	}
	p = oggPage{begins: b[5]&2 != 0, serial: binary.LittleEndian.Uint32(b[14:]), sizes: b[head : head+int(b[26])]}
	n := int64(0)
	for _, size := range p.sizes {
		n += int64(size)
	}
	p.body = s.at(at+head+int64(len(p.sizes)), n)
	p.next = at + head + int64(len(p.sizes)) + n
	return p, true
}

// readOgg reads the first two packets of the first stream: what it is, and its
// tags.
func readOgg(s source) Info {
	first, ok := readPage(s, 0)
	if !ok {
		return Info{}
	}
	var rate, skip uint64
	magic, voice := "", false
	switch b := first.body; {
	case len(b) >= 19 && string(b[:8]) == "OpusHead":
		// Its granules are 48,000 a second, whatever it was made of
		// (https://www.rfc-editor.org/rfc/rfc7845).
		rate, skip, magic, voice = 48_000, uint64(binary.LittleEndian.Uint16(b[10:])), "OpusTags", true
	case len(b) >= 16 && string(b[:7]) == "\x01vorbis":
		rate, magic = uint64(binary.LittleEndian.Uint32(b[12:])), "\x03vorbis"
	default:
		return Info{} // another stream: which is for nobody to hear alone
	}
	i := Info{Sound: true}
	if tags, ok := bytes.CutPrefix(secondPacket(s, first), []byte(magic)); ok {
		i.comments(tags)
	}
	// Music has a name; a voice message has none.
	i.Voice = voice && i.Title == "" && i.Performer == ""
	if end, ok := lastGranule(s, first.serial); ok && end > skip {
		i.Duration = seconds(end-skip, rate)
	}
	return i
}

// secondPacket puts together the packet behind the first page of a stream, or
// the beginning of a long one.
func secondPacket(s source, first oggPage) []byte {
	var packet []byte
	at := first.next
	for range 1000 {
		p, ok := readPage(s, at)
		if !ok || len(packet) > most {
			return packet
		}
		at = p.next
		if p.serial != first.serial {
			continue
		}
		body := p.body
		for _, size := range p.sizes {
			n := min(int(size), len(body))
			packet, body = append(packet, body[:n]...), body[n:]
			if size < 255 {
				return packet
			}
		}
	}
	return packet
}

// lastGranule is where a stream ends, by its last page.
func lastGranule(s source, serial uint32) (uint64, bool) {
	const longest = 27 + 255 + 255*255 // of a page
	tail := s.at(max(0, s.size-2*longest), 2*longest)
	for end := len(tail); ; {
		i := bytes.LastIndex(tail[:end], []byte("OggS"))
		if i < 0 {
			return 0, false
		}
		end = i
		if len(tail)-i < 18 || binary.LittleEndian.Uint32(tail[i+14:]) != serial {
			continue
		}
		if g := binary.LittleEndian.Uint64(tail[i+6:]); int64(g) >= 0 {
			return g, true
		}
	}
}

// comments reads the tags of Vorbis, Opus and FLAC
// (https://xiph.org/vorbis/doc/v-comment.html). What is cut off is left out.
func (i *Info) comments(b []byte) {
	word := func() (int, bool) {
		if len(b) < 4 {
			return 0, false
		}
		n := binary.LittleEndian.Uint32(b)
		b = b[4:]
		return int(n), uint64(n) <= uint64(len(b))
	}
	vendor, ok := word()
	if !ok {
		return
	}
	b = b[vendor:]
	if len(b) < 4 {
		return
	}
	count := binary.LittleEndian.Uint32(b)
	b = b[4:]
	for ; count > 0; count-- {
		n, ok := word()
		if !ok {
			return
		}
		name, value, _ := strings.Cut(string(b[:n]), "=")
		b = b[n:]
		switch {
		case strings.EqualFold(name, "TITLE") && i.Title == "":
			i.Title = text([]byte(value))
		case strings.EqualFold(name, "ARTIST") && i.Performer == "":
			i.Performer = text([]byte(value))
		}
	}
}
