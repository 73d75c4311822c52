// Package mediainfo reads what a picture, a video or a piece of sound says of
// itself: its size, how long it lasts, what it is called. It looks at what is in
// the file, never at its name, and decodes nothing.
package mediainfo

import (
	"bytes"
	"io"
	"time"
)

// Info is what a file says of itself. What it does not say is zero.
type Info struct {
	// Picture, Moving and Sound say what there is: a picture, which moves where it
	// is an animation, a video, something to be heard.
	Picture, Moving, Sound bool
	Width, Height          int // in points, as it is shown
	// Orientation is how a JPEG has to be turned to be upright, 1 to 8 as EXIF has it
	// (https://www.cipa.jp/e/std/std-sec.html, DC-008, the tag Orientation); 0 where
	// nothing is said of it.
	Orientation      int
	Duration         time.Duration
	Title, Performer string
	// Voice says that it is Opus in Ogg, as voice messages are.
	Voice bool
	// Streams says that a video can be shown before all of it is there.
	Streams bool
}

// Read reads the header of a file of size bytes; the zero Info is what it gives
// of a file that it does not know. It reads what is needed, a megabyte of tags
// at most, and of sound without a length the heads of all its frames.
func Read(r io.ReaderAt, size int64) Info {
	s := source{r, size}
	s = s.from(s.skipID3())
	head := s.at(0, 16)
	has := func(at int, magic string) bool {
		return len(head) >= at+len(magic) && string(head[at:at+len(magic)]) == magic
	}
	switch {
	case has(4, "ftyp"), has(4, "moov"):
		return readMP4(s)
	case has(0, "\x1a\x45\xdf\xa3"):
		return readMatroska(s)
	case has(0, "OggS"):
		return readOgg(s)
	case has(0, "fLaC"):
		return readFLAC(s)
	case has(0, "RIFF") && has(8, "WAVE"):
		return readWAV(s)
	case has(0, "GIF8"), has(0, "\xff\xd8\xff"), has(0, "\x89PNG"), has(0, "RIFF") && has(8, "WEBP"):
		return readPicture(s)
	}
	return readMP3(source{r, size}, s)
}

// source is a file, or what of it lies behind some place.
type source struct {
	r    io.ReaderAt
	size int64
}

// most is how much of a file is held at once.
const most = 1 << 20

// at gives n bytes from a place on, fewer where the file ends before.
func (s source) at(off, n int64) []byte {
	if off < 0 || off >= s.size || n <= 0 {
		return nil
	}
	b := make([]byte, min(n, most, s.size-off))
	got, _ := s.r.ReadAt(b, off)
	return b[:got]
}

// from is what lies behind a place.
func (s source) from(off int64) source {
	off = min(max(off, 0), s.size)
	return source{io.NewSectionReader(s.r, off, s.size-off), s.size - off}
}

// seconds is how long so many units last, of which one second has per.
func seconds(units, per uint64) time.Duration {
	if per == 0 {
		return 0
	}
	sec := units / per
	const longest = 1 << 31 // seconds: what fits into every field that takes it
	if sec >= longest {
		return 0
	}
	return time.Duration(sec)*time.Second + time.Duration(float64(units%per)/float64(per)*float64(time.Second))
}

// text is what stands before the first zero, without white space around it.
func text(b []byte) string {
	b, _, _ = bytes.Cut(b, []byte{0})
	return string(bytes.TrimSpace(bytes.ToValidUTF8(b, []byte("\uFFFD"))))
}
