package mediainfo

import (
	"encoding/binary"
	"unicode/utf16"
)

// skipID3 is how many bytes of tags stand before what a file holds
// (https://id3.org/id3v2.4.0-structure).
func (s source) skipID3() int64 {
	head := s.at(0, 10)
	if len(head) < 10 || string(head[:3]) != "ID3" {
		return 0
	}
	n := 10 + sevens(head[6:])
	const footer = 0x10
	if head[5]&footer != 0 {
		n += 10
	}
	return n
}

// sevens is a number of four bytes with seven bits each.
func sevens(b []byte) int64 {
	return int64(b[0]&0x7f)<<21 | int64(b[1]&0x7f)<<14 | int64(b[2]&0x7f)<<7 | int64(b[3]&0x7f)
}

// readMP3 reads MPEG sound: whole is the file, s what lies behind its tags.
func readMP3(whole, s source) Info {
	at, f, ok := firstFrame(s)
	if !ok {
		return Info{}
	}
	i := Info{Sound: true}
	i.id3(whole)
	if i.Title == "" && i.Performer == "" {
		i.id3v1(whole)
	}
	frames, ok := f.count(s.at(at, 256))
	if !ok {
		frames = scan(s, at)
	}
	i.Duration = seconds(frames*uint64(f.samples), uint64(f.rate))
	return i
}

// frame is the head of a frame of MPEG sound (ISO/IEC 11172-3, 13818-3).
type frame struct {
	rate    int // samples a second
	samples int // in the frame
	size    int // in bytes
	side    int // bytes of what stands between its head and a Xing head
}

// The kilobits a second of the layers, of MPEG 1 and of 2 and 2.5.
var bitrates = [2][3][15]int{
	{
		{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
		{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
	},
	{
		{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
		{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	},
}

func readFrame(b []byte) (f frame, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 {
		return f, false
	}
	version, layer := b[1]>>3&3, 4-int(b[1]>>1&3) // 3 is MPEG 1, 2 MPEG 2, 0 MPEG 2.5
	kbit, rate := int(b[2]>>4), int(b[2]>>2&3)
	if version == 1 || layer == 4 || kbit == 0 || kbit == 15 || rate == 3 {
		return f, false
	}
	first := version == 3
	f.rate = [3]int{44100, 48000, 32000}[rate]
	table := 0
	if !first {
		table = 1
		f.rate /= 2
		if version == 0 {
			f.rate /= 2
		}
	}
	bits, padding := bitrates[table][layer-1][kbit]*1000, int(b[2]>>1&1)
	mono := b[3]>>6 == 3
	f.samples = 1152
	switch {
	case layer == 1:
		f.samples = 384
		f.size = (12*bits/f.rate + padding) * 4
		return f, true
	case layer == 3 && !first:
		f.samples = 576
	}
	f.size = f.samples/8*bits/f.rate + padding
	switch {
	case first && !mono:
		f.side = 32
	case first || !mono:
		f.side = 17
	default:
		f.side = 9
	}
	return f, true
}

// firstFrame finds the first frame that another one of its kind follows.
func firstFrame(s source) (at int64, f frame, ok bool) {
	const far = 64 << 10
	b := s.at(0, far)
	for i := range b {
		f, ok := readFrame(b[i:])
		if !ok {
			continue
		}
		next := s.at(int64(i+f.size), 4)
		if g, ok := readFrame(next); ok && g.rate == f.rate && g.samples == f.samples {
			return int64(i), f, true
		}
	}
	return 0, f, false
}

// count is how many frames there are, where the first one says so: the heads of
// Xing (Info where the rate is constant) and of VBRI.
func (f frame) count(b []byte) (uint64, bool) {
	const head, vbri = 4, 36
	if at := head + f.side; len(b) >= at+12 {
		if kind := string(b[at : at+4]); (kind == "Xing" || kind == "Info") && b[at+7]&1 != 0 {
			return uint64(binary.BigEndian.Uint32(b[at+8:])), true
		}
	}
	if len(b) >= vbri+18 && string(b[vbri:vbri+4]) == "VBRI" {
		return uint64(binary.BigEndian.Uint32(b[vbri+14:])), true
	}
	return 0, false
}

// scan counts the frames from one on.
func scan(s source, at int64) (n uint64) {
	const window = 256 << 10
	var b []byte
	from := at
	for {
		if at < from || at+4 > from+int64(len(b)) {
			if from, b = at, s.at(at, window); len(b) < 4 {
				return n
			}
		}
		f, ok := readFrame(b[at-from:])
		if !ok || f.size <= 0 {
			return n
		}
		n++
		at += int64(f.size)
	}
}

// id3 reads the title and the performer of ID3v2 tags.
func (i *Info) id3(s source) {
	n := s.skipID3()
	if n == 0 {
		return
	}
	b := s.at(0, n)
	if len(b) < 10 {
		return
	}
	version, flags := b[3], b[5]
	b = b[10:]
	const unsynchronised, extended = 0x80, 0x40
	if flags&unsynchronised != 0 && version < 4 {
		b = synchronise(b)
	}
	if flags&extended != 0 && version >= 3 && len(b) >= 4 {
		size := int64(binary.BigEndian.Uint32(b)) + 4
		if version == 4 {
			size = sevens(b)
		}
		b = b[min(size, int64(len(b))):]
	}
	for {
		name, data, rest, ok := tagFrame(b, version)
		if !ok {
			return
		}
		b = rest
		switch name {
		case "TIT2", "TT2":
			i.Title = tagText(data)
		case "TPE1", "TP1":
			i.Performer = tagText(data)
		}
	}
}

// tagFrame takes the first frame off the tags of a version.
func tagFrame(b []byte, version byte) (name string, data, rest []byte, ok bool) {
	head, size := 10, int64(0)
	switch {
	case version == 2 && len(b) >= 6:
		head, size = 6, int64(b[3])<<16|int64(b[4])<<8|int64(b[5])
		name = string(b[:3])
	case version == 3 && len(b) >= head:
		name, size = string(b[:4]), int64(binary.BigEndian.Uint32(b[4:]))
	case version == 4 && len(b) >= head:
		name, size = string(b[:4]), sevens(b[4:])
	default:
		return "", nil, nil, false
	}
	if name[0] == 0 {
		return "", nil, nil, false // padding
	}
	data = b[head:]
	data = data[:min(size, int64(len(data)))]
	rest = b[head+len(data):]
	if version < 4 {
		return name, data, rest, true
	}
	const length, unsynchronised, packed = 0x01, 0x02, 0x0c
	flags := b[9]
	if flags&packed != 0 {
		return "", nil, rest, true // compressed or encrypted
	}
	if flags&length != 0 {
		data = data[min(4, len(data)):]
	}
	if flags&unsynchronised != 0 {
		data = synchronise(data)
	}
	return name, data, rest, true
}

// synchronise takes out the zeros that keep tags from looking like sound.
func synchronise(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i, c := range b {
		if c != 0 || i == 0 || b[i-1] != 0xff {
			out = append(out, c)
		}
	}
	return out
}

// tagText is a text of ID3v2: a byte says how it is written.
func tagText(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	const latin, utf16BOM, utf16BE = 0, 1, 2
	kind, b := b[0], b[1:]
	switch kind {
	case latin:
		return text(fromLatin(b))
	case utf16BOM, utf16BE:
		little := false
		if len(b) >= 2 && kind == utf16BOM {
			little = b[0] == 0xff && b[1] == 0xfe
			b = b[2:]
		}
		units := make([]uint16, 0, len(b)/2)
		for ; len(b) >= 2; b = b[2:] {
			u := binary.BigEndian.Uint16(b)
			if little {
				u = binary.LittleEndian.Uint16(b)
			}
			if u == 0 {
				break
			}
			units = append(units, u)
		}
		return text([]byte(string(utf16.Decode(units))))
	}
	return text(b)
}

func fromLatin(b []byte) []byte {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return []byte(string(out))
}

// id3v1 reads the tags at the end of a file (https://id3.org/ID3v1).
func (i *Info) id3v1(s source) {
	const size = 128
	b := s.at(s.size-size, size)
	if len(b) < size || string(b[:3]) != "TAG" {
		return
	}
	i.Title, i.Performer = text(fromLatin(b[3:33])), text(fromLatin(b[33:63]))
}
