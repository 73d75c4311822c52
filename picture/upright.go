package picture

import (
	"image"
	"image/color"
)

// Upright turns a picture as its EXIF data say, orientation 1 to 8: 2 is mirrored, 3
// upside down, 6 to be turned to the right, 8 to the left, 4, 5 and 7 are these
// mirrored. Any other leaves it as it is.
func Upright(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	return &turned{img, orientation}
}

// turned is a picture seen in another way: its points are looked up where they lie.
type turned struct {
	image.Image
	orientation int
}

// Bounds begins at 0, 0.
func (t *turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.orientation >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At is the colour of a point of the upright picture.
func (t *turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	right, down := b.Dx()-1, b.Dy()-1 // of the picture as it lies
	switch t.orientation {
	case 2:
		x = right - x
	case 3:
		x, y = right-x, down-y
	case 4:
		y = down - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, down-x
	case 7:
		x, y = right-y, down-x
	case 8:
		x, y = right-y, x
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}

// RGBA64At is At in the one form that x/image/draw scales from into any picture: of
// one without it, it draws nothing.
func (t *turned) RGBA64At(x, y int) color.RGBA64 {
	return color.RGBA64Model.Convert(t.At(x, y)).(color.RGBA64)
}
