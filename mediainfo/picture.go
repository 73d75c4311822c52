package mediainfo

import (
	"bufio"
	"image"
	_ "image/gif" // the formats whose size is read
	_ "image/jpeg"
	_ "image/png"
	"io"

	_ "golang.org/x/image/webp"
)

func readPicture(s source) Info {
	c, format, err := image.DecodeConfig(io.NewSectionReader(s.r, 0, s.size))
	if err != nil {
		return Info{}
	}
	i := Info{Picture: true, Width: c.Width, Height: c.Height}
	if format == "jpeg" {
		if i.Orientation = orientation(s); i.Orientation >= 5 { // on its side
			i.Width, i.Height = i.Height, i.Width
		}
	}
	if format == "gif" {
		i.Moving = frames(bufio.NewReader(io.NewSectionReader(s.r, 0, s.size))) > 1
	}
	return i
}

// frames counts the pictures of a GIF, up to two of them.
// https://www.w3.org/Graphics/GIF/spec-gif89a.txt
func frames(r *bufio.Reader) int {
	skip := func(n int) bool { got, _ := r.Discard(n); return got == n }
	table := func(packed byte) int {
		if packed&0x80 == 0 {
			return 0
		}
		return 3 << (packed&7 + 1)
	}
	blocks := func() bool {
		for {
			n, err := r.ReadByte()
			if err != nil || n == 0 {
				return err == nil
			}
			if !skip(int(n)) {
				return false
			}
		}
	}
	var head [13]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || !skip(table(head[10])) {
		return 0
	}
	n := 0
	for n < 2 {
		kind, err := r.ReadByte()
		switch {
		case err != nil:
			return n
		case kind == '!':
			if !skip(1) || !blocks() {
				return n
			}
		case kind == ',':
			var d [9]byte
			if _, err := io.ReadFull(r, d[:]); err != nil || !skip(table(d[8])+1) || !blocks() {
				return n
			}
			n++
		default:
			return n
		}
	}
	return n
}
