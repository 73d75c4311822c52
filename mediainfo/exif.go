package mediainfo

import (
	"bytes"
	"encoding/binary"
)

// exifSegments is how many segments of a JPEG are looked at for one with EXIF, which
// stands before the picture itself, mostly first.
const exifSegments = 64

// orientation is how a JPEG says in its EXIF data that it is to be turned, 1 to 8;
// 0 where it says nothing of it.
func orientation(s source) int {
	off := int64(2)
	for range exifSegments {
		head := s.at(off, 4)
		const startOfScan, app1 = 0xda, 0xe1
		if len(head) < 4 || head[0] != 0xff || head[1] == startOfScan {
			return 0
		}
		size := int64(binary.BigEndian.Uint16(head[2:]))
		if head[1] == app1 {
			if tiff, ok := bytes.CutPrefix(s.at(off+4, size-2), []byte("Exif\x00\x00")); ok {
				return tiffOrientation(tiff)
			}
		}
		off += 2 + size
	}
	return 0
}

// tiffOrientation reads the tag Orientation of the first directory of a TIFF, which
// is what EXIF data are.
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 0
	}
	entries := b[at+2:]
	const entry, tagOrientation, typeShort = 12, 0x0112, 3
	for range order.Uint16(b[at:]) {
		if len(entries) < entry {
			return 0
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
		entries = entries[entry:]
	}
	return 0
}
