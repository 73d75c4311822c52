package picture

import (
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"
)

// Of a picture whose points are told apart by their letters, each orientation shows
// what the EXIF standard says: the first row and the first column of the file lie at
// the top and the left, the top and the right, the bottom and the right, and so on.
func TestUpright(t *testing.T) {
	const lies = "abc\ndef\n"
	for orientation, want := range []string{
		lies, lies,
		"cba\nfed\n",
		"fed\ncba\n",
		"def\nabc\n",
		"ad\nbe\ncf\n",
		"da\neb\nfc\n",
		"fc\neb\nda\n",
		"cf\nbe\nad\n",
		lies,
	} {
		src := image.NewGray(image.Rect(10, 20, 13, 22)) // begins nowhere near 0
		for i, c := range "abcdef" {
			src.SetGray(10+i%3, 20+i/3, color.Gray{uint8(c)})
		}
		up := Upright(src, orientation)
		got, b := "", up.Bounds()
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				got += string(rune(color.GrayModel.Convert(up.At(x, y)).(color.Gray).Y))
			}
			got += "\n"
		}
		if got != want {
			t.Errorf("orientation %d shows\n%swant\n%s", orientation, got, want)
		}
	}
}

// What was turned is drawn as what was made so, in every way that there is.
func TestUprightDrawn(t *testing.T) {
	lying, made := image.NewGray(image.Rect(0, 0, 60, 20)), image.NewGray(image.Rect(0, 0, 20, 60))
	for y := range 20 {
		for x := range 60 {
			c := color.Gray{uint8(4 * x)}
			lying.SetGray(x, y, c)
			made.SetGray(19-y, x, c)
		}
	}
	for _, way := range []Way{Letters, Blocks256, Blocks, ITerm, Kitty} {
		var got, want strings.Builder
		if err := errors.Join(Draw(&got, Upright(lying, 6), way, 10, 10), Draw(&want, made, way, 10, 10)); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() || got.Len() == 0 {
			t.Errorf("way %d draws\n%q\nwant\n%q", way, got.String(), want.String())
		}
	}
}
