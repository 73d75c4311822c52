package picture

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"strings"
)

// blocks draws two points a cell: the upper half in the colour of the text, the
// lower one in that of the background. What is transparent stays as it is.
func blocks(w io.Writer, img *image.NRGBA, trueColor bool) error {
	var line strings.Builder
	b := img.Bounds()
	for y := 0; y < b.Dy(); y += 2 {
		line.Reset()
		last := ""
		for x := range b.Dx() {
			upper, lower := img.NRGBAAt(x, y), color.NRGBA{}
			if y+1 < b.Dy() {
				lower = img.NRGBAAt(x, y+1)
			}
			style, block := cell(upper, lower, trueColor)
			if style != last {
				line.WriteString("\x1b[0" + style + "m")
				last = style
			}
			line.WriteString(block)
		}
		line.WriteString("\x1b[0m\n")
		if _, err := io.WriteString(w, line.String()); err != nil {
			return err
		}
	}
	return nil
}

// cell is how two points look: the parameters of their style and the block.
func cell(upper, lower color.NRGBA, trueColor bool) (style, block string) {
	const seen = 128
	switch {
	case upper.A < seen && lower.A < seen:
		return "", " "
	case upper.A < seen:
		return paint(38, lower, trueColor), "▄"
	case lower.A < seen:
		return paint(38, upper, trueColor), "▀"
	}
	return paint(38, upper, trueColor) + paint(48, lower, trueColor), "▀"
}

// paint is the parameter of a colour: 38 for the text, 48 for the background.
func paint(ground int, c color.NRGBA, trueColor bool) string {
	if trueColor {
		return fmt.Sprintf(";%d;2;%d;%d;%d", ground, c.R, c.G, c.B)
	}
	return fmt.Sprintf(";%d;5;%d", ground, index(c))
}

// index is the nearest of the 256 colours of xterm: 6 steps of red, green and
// blue, or one of 24 greys.
func index(c color.NRGBA) int {
	steps := [6]int{0, 95, 135, 175, 215, 255}
	nearest := func(v uint8) (i int) {
		for j, s := range steps {
			if abs(s-int(v)) < abs(steps[i]-int(v)) {
				i = j
			}
		}
		return i
	}
	r, g, b := nearest(c.R), nearest(c.G), nearest(c.B)
	grey := (int(c.R) + int(c.G) + int(c.B)) / 3
	k := min(max((grey-3)/10, 0), 23)
	away := func(x, y, z int) int {
		dx, dy, dz := x-int(c.R), y-int(c.G), z-int(c.B)
		return dx*dx + dy*dy + dz*dz
	}
	if v := 8 + 10*k; away(v, v, v) < away(steps[r], steps[g], steps[b]) {
		return 232 + k
	}
	return 16 + 36*r + 6*g + b
}

func abs(n int) int { return max(n, -n) }

// letters draws with letters that are the darker the less ink they have, as on a
// dark terminal.
func letters(w io.Writer, img *image.NRGBA) error {
	const ink = " .:-=+*#%@"
	b := img.Bounds()
	for y := range b.Dy() {
		line := make([]byte, 0, b.Dx()+1)
		for x := range b.Dx() {
			c := img.NRGBAAt(x, y)
			light := (299*int(c.R) + 587*int(c.G) + 114*int(c.B)) / 1000 * int(c.A) / 255
			line = append(line, ink[light*(len(ink)-1)/255])
		}
		line = append([]byte(strings.TrimRight(string(line), " ")), '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}
