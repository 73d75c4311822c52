package picture

import (
	"bytes"
	"image/jpeg"
	"os"
	"testing"
)

// A JPEG of another program, cut as Telegram cuts it, is read as it was.
func TestReadStripped(t *testing.T) {
	whole, err := os.ReadFile("testdata/small.jpg")
	if err != nil {
		t.Fatal(err)
	}
	want, err := jpeg.Decode(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	scan := bytes.Index(whole, []byte("\xff\xda"))
	body := whole[scan+2+int(whole[scan+2])<<8+int(whole[scan+3]) : len(whole)-2]
	size := want.Bounds()
	got, err := ReadStripped(append([]byte{1, byte(size.Dy()), byte(size.Dx())}, body...))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != size {
		t.Fatalf("it is %v, want %v", got.Bounds(), size)
	}
	for y := range size.Dy() {
		for x := range size.Dx() {
			if got.At(x, y) != want.At(x, y) {
				t.Fatalf("at %d, %d is %v, want %v", x, y, got.At(x, y), want.At(x, y))
			}
		}
	}
}

// What is none is an error.
func FuzzReadStripped(f *testing.F) {
	f.Add([]byte{1, 5, 24, 0})
	f.Add([]byte{})
	f.Add([]byte{2, 22, 40, 1, 2, 3})
	f.Add([]byte{1, 0, 0, 0xff, 0xd9})
	f.Fuzz(func(t *testing.T, b []byte) {
		if img, err := ReadStripped(b); err == nil && (img.Bounds().Dx() != int(b[2]) || img.Bounds().Dy() != int(b[1])) {
			t.Errorf("%x is %v", b, img.Bounds())
		}
	})
}
