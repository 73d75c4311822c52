package mediainfo

import "encoding/binary"

// readFLAC reads the blocks before the sound
// (https://www.rfc-editor.org/rfc/rfc9639).
func readFLAC(s source) Info {
	i := Info{Sound: true}
	at := int64(4)
	for range 1000 {
		head := s.at(at, 4)
		if len(head) < 4 {
			break
		}
		n := int64(binary.BigEndian.Uint32(head) & 0xffffff)
		const streamInfo, comment = 0, 4
		switch head[0] & 0x7f {
		case streamInfo:
			if b := s.at(at+4, n); len(b) >= 18 {
				rate := uint64(b[10])<<12 | uint64(b[11])<<4 | uint64(b[12])>>4
				samples := uint64(b[13]&0xf)<<32 | uint64(binary.BigEndian.Uint32(b[14:]))
				i.Duration = seconds(samples, rate)
			}
		case comment:
			i.comments(s.at(at+4, n))
		}
		at += 4 + n
		if head[0]&0x80 != 0 {
			break // the last one
		}
	}
	return i
}

// readWAV reads the chunks of a RIFF file: how many bytes a second has, and how
// many there are.
func readWAV(s source) Info {
	i := Info{Sound: true}
	var rate, length uint64
	at := int64(12)
	for range 1000 {
		head := s.at(at, 8)
		if len(head) < 8 {
			break
		}
		n := int64(binary.LittleEndian.Uint32(head[4:]))
		body := at + 8
		switch string(head[:4]) {
		case "fmt ":
			if b := s.at(body, n); len(b) >= 12 {
				rate = uint64(binary.LittleEndian.Uint32(b[8:]))
			}
		case "data":
			length = uint64(min(n, s.size-body)) // a writer that cannot go back says too much
		case "LIST":
			i.list(s.at(body, n))
		}
		at = body + n + n&1
	}
	i.Duration = seconds(length, rate)
	return i
}

// list reads the tags of a RIFF file.
func (i *Info) list(b []byte) {
	if len(b) < 4 || string(b[:4]) != "INFO" {
		return
	}
	for b = b[4:]; len(b) >= 8; {
		name, n := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		b = b[8:]
		value := text(b[:min(n, int64(len(b)))])
		switch name {
		case "INAM":
			i.Title = value
		case "IART":
			i.Performer = value
		}
		b = b[min(n+n&1, int64(len(b))):]
	}
}
