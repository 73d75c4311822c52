// Package picture draws pictures on a terminal: with the graphics of those that
// have some, else with half blocks in colours, else with letters. Only what was
// decoded is drawn, so that nothing in a file acts on the terminal.
package picture

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // the formats that are read
	_ "image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// MaxPixels bounds the pictures that are read: a small file can claim a large
// one.
const MaxPixels = 50_000_000

// Read reads a JPEG, PNG, GIF (its first picture) or WebP.
func Read(b []byte) (image.Image, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	switch {
	case errors.Is(err, image.ErrFormat):
		return nil, errors.New("it is no picture")
	case err != nil:
		return nil, err
	}
	if int64(c.Width)*int64(c.Height) > MaxPixels {
		return nil, fmt.Errorf("a picture of %d × %d is too large to be drawn", c.Width, c.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	return img, err
}

// Way is how a terminal shows pictures.
type Way uint8

// The ways, from the plainest on.
const (
	Letters Way = iota // without colours
	Blocks256
	Blocks // half blocks in 24 bits of colour
	ITerm  // https://iterm2.com/documentation-images.html
	Kitty  // https://sw.kovidgoyal.net/kitty/graphics-protocol/
)

// WayOf is the way of the terminal that the environment describes. It is not
// asked: its answer could be lost among what is typed. color says whether
// colours are wanted at all.
func WayOf(getenv func(string) (string, bool), color bool) Way {
	get := func(name string) string { v, _ := getenv(name); return v }
	term, program := get("TERM"), get("TERM_PROGRAM")
	inside := get("TMUX") != "" || strings.HasPrefix(term, "screen") || strings.HasPrefix(term, "tmux")
	switch {
	case !color:
		return Letters
	case inside:
		// A terminal inside another one does not pass graphics on.
	case term == "xterm-kitty" || term == "xterm-ghostty" || get("KITTY_WINDOW_ID") != "" || program == "ghostty":
		return Kitty
	case program == "iTerm.app" || program == "WezTerm" || program == "mintty" || get("LC_TERMINAL") == "iTerm2":
		return ITerm
	}
	if ct := get("COLORTERM"); ct == "truecolor" || ct == "24bit" || strings.HasSuffix(term, "-direct") {
		return Blocks
	}
	return Blocks256
}

// Draw writes a picture that is at most so many cells wide and high, and no
// larger than it is. Each of its lines ends in a newline.
func Draw(w io.Writer, img image.Image, way Way, columns, rows int) error {
	columns, rows = max(columns, 1), max(rows, 1)
	switch way {
	case Kitty, ITerm:
		// A cell has some 10 by 20 pixels.
		scaled, c, r := fit(img, columns, rows, 10, 20)
		return graphics(w, scaled, way, c, r)
	case Letters:
		scaled, _, _ := fit(img, columns, rows, 1, 1)
		return letters(w, scaled)
	}
	scaled, _, _ := fit(img, columns, rows, 1, 2)
	return blocks(w, scaled, way == Blocks)
}

// fit scales a picture into cells of cw by ch points of it, which are twice as
// high as they are wide. It gives the cells that it needs, too.
func fit(img image.Image, columns, rows, cw, ch int) (scaled *image.NRGBA, c, r int) {
	b := img.Bounds()
	// Of the points of a cell, cw go beside each other and ch above each other; as
	// it is 1 wide and 2 high, a point is 1/cw by 2/ch.
	wide, high := float64(b.Dx()), float64(b.Dy())
	points := float64(ch) / (2 * float64(cw)) // points down for one point across, of the same length
	scale := min(1, float64(columns*cw)/wide, float64(rows*ch)/(high*points))
	w, h := max(1, int(wide*scale+0.5)), max(1, int(high*scale*points+0.5))
	scaled = image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.ApproxBiLinear.Scale(scaled, scaled.Bounds(), img, b, draw.Src, nil)
	return scaled, (w + cw - 1) / cw, (h + ch - 1) / ch
}

// graphics sends the picture to a terminal that draws it itself.
func graphics(w io.Writer, img *image.NRGBA, way Way, columns, rows int) error {
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return err
	}
	data := base64.StdEncoding.EncodeToString(file.Bytes())
	if way == ITerm {
		_, err := fmt.Fprintf(w, "\x1b]1337;File=inline=1;size=%d;width=%d;height=%d:%s\a\n", file.Len(), columns, rows, data)
		return err
	}
	const most = 4096 // of one escape sequence
	head := fmt.Sprintf("a=T,f=100,q=2,c=%d,r=%d,", columns, rows)
	for len(data) > 0 {
		n, more := min(most, len(data)), 1
		if n == len(data) {
			more = 0
		}
		if _, err := fmt.Fprintf(w, "\x1b_G%sm=%d;%s\x1b\\", head, more, data[:n]); err != nil {
			return err
		}
		data, head = data[n:], ""
	}
	_, err := io.WriteString(w, "\n")
	return err
}
