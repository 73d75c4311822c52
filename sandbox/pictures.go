package sandbox

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	_ "image/gif" // what photos may be sent as
	"image/jpeg"
	_ "image/png"
	"math/rand/v2"

	"github.com/gotd/td/tgerr"
)

// The limits of photos (https://core.telegram.org/api/files#photos and the page
// of messages.sendMedia).
const (
	maxPhoto     = 10 << 20 // bytes
	maxPhotoSide = 10000    // width and height together
	maxPhotoLean = 20       // width to height, or the other way round
	// maxScaled is up to how many pixels smaller sizes of a photo are made.
	maxScaled = 1 << 24
)

// size is one of the sizes of a picture, with its file
// (https://core.telegram.org/api/files#image-thumbnail-types).
type size struct {
	kind string
	w, h int
	data []byte
}

// boxes are the sizes into which photos are fitted; what is larger than the
// last is of the kind w.
var boxes = [...]struct {
	kind string
	side int
}{{"s", 100}, {"m", 320}, {"x", 800}, {"y", 1280}}

// squares are the sizes of portraits, which are cropped.
var squares = [...]struct {
	kind string
	side int
}{{"a", 160}, {"b", 320}, {"c", 640}}

// checkPhoto reads the header of what is to be a photo. Errors:
// IMAGE_PROCESS_FAILED, PHOTO_SAVE_FILE_INVALID, PHOTO_INVALID_DIMENSIONS.
func checkPhoto(data []byte) (image.Config, error) {
	if fileType(data) == "storage.fileWebp" {
		return image.Config{}, tgerr.New(501, "SANDBOX_PARAMETER_NOT_SIMULATED: WebP photos")
	}
	cfg, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return cfg, bad("IMAGE_PROCESS_FAILED")
	case len(data) > maxPhoto:
		return cfg, bad("PHOTO_SAVE_FILE_INVALID")
	case cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width+cfg.Height > maxPhotoSide,
		cfg.Width > maxPhotoLean*cfg.Height || cfg.Height > maxPhotoLean*cfg.Width:
		return cfg, bad("PHOTO_INVALID_DIMENSIONS")
	}
	return cfg, nil
}

// photoSizes are the sizes of a photo: the file as it is, and those of the m
// and x boxes that are smaller, made anew. The largest comes last.
func photoSizes(data []byte) ([]size, error) {
	cfg, err := checkPhoto(data)
	if err != nil {
		return nil, err
	}
	own := size{"w", cfg.Width, cfg.Height, data}
	for i := len(boxes) - 1; i >= 0 && max(cfg.Width, cfg.Height) <= boxes[i].side; i-- {
		own.kind = boxes[i].kind
	}
	if cfg.Width*cfg.Height > maxScaled {
		return []size{own}, nil
	}
	src, err := pixels(data)
	if err != nil {
		return nil, err
	}
	var list []size
	for _, b := range boxes {
		side := max(cfg.Width, cfg.Height)
		if b.kind != "m" && b.kind != "x" || b.side >= side {
			continue
		}
		w, h := max(1, cfg.Width*b.side/side), max(1, cfg.Height*b.side/side)
		list = append(list, size{b.kind, w, h, jpegOf(scale(src, src.Bounds(), w, h))})
	}
	return append(list, own), nil
}

// portraitSizes are the sizes of a profile photo: the middle square of the
// picture.
func portraitSizes(data []byte) ([]size, error) {
	cfg, err := checkPhoto(data)
	if err != nil {
		return nil, err
	}
	src, err := pixels(data)
	if err != nil {
		return nil, err
	}
	side := min(cfg.Width, cfg.Height)
	x, y := (cfg.Width-side)/2, (cfg.Height-side)/2
	var list []size
	for _, sq := range squares {
		n := min(sq.side, side)
		list = append(list, size{sq.kind, n, n, jpegOf(scale(src, image.Rect(x, y, x+side, y+side), n, n))})
	}
	return list, nil
}

func pixels(data []byte) (*image.RGBA, error) {
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, bad("IMAGE_PROCESS_FAILED")
	}
	b := img.Bounds()
	rgba := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(rgba, rgba.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(rgba, rgba.Bounds(), img, b.Min, draw.Over)
	return rgba, nil
}

// jpegOf writes a JPEG; a picture in memory always can be one.
func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 87})
	return b.Bytes()
}

// scale gives the part of a picture in w times h pixels, each the mean of
// those that it covers.
func scale(src *image.RGBA, from image.Rectangle, w, h int) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		y0 := from.Min.Y + y*from.Dy()/h
		y1 := max(y0+1, from.Min.Y+(y+1)*from.Dy()/h)
		for x := range w {
			x0 := from.Min.X + x*from.Dx()/w
			x1 := max(x0+1, from.Min.X+(x+1)*from.Dx()/w)
			var sum [3]int
			for sy := y0; sy < y1; sy++ {
				row := src.Pix[src.PixOffset(x0, sy) : src.PixOffset(x1-1, sy)+4]
				for i := 0; i < len(row); i += 4 {
					sum[0] += int(row[i])
					sum[1] += int(row[i+1])
					sum[2] += int(row[i+2])
				}
			}
			n := (x1 - x0) * (y1 - y0)
			i := dst.PixOffset(x, y)
			dst.Pix[i], dst.Pix[i+1], dst.Pix[i+2], dst.Pix[i+3] = byte(sum[0]/n), byte(sum[1]/n), byte(sum[2]/n), 255
		}
	}
	return dst
}

// paint makes a picture out of a number: a sky, hills before each other and a
// sun, always the same for the same seed.
func paint(seed int64, w, h int) []byte {
	r := rand.New(rand.NewPCG(uint64(seed), 0x7f4a7c15))
	tint := func(low, span int) color.RGBA {
		return color.RGBA{byte(low + r.IntN(span)), byte(low + r.IntN(span)), byte(low + r.IntN(span)), 255}
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	top, bottom := tint(90, 120), tint(150, 100)
	mix := func(a, b byte, y int) byte { return byte((int(a)*(h-y) + int(b)*y) / h) }
	set := func(x, y int, c color.RGBA) {
		p := img.Pix[y*img.Stride+4*x:]
		p[0], p[1], p[2], p[3] = c.R, c.G, c.B, c.A
	}
	for y := range h {
		line := color.RGBA{mix(top.R, bottom.R, y), mix(top.G, bottom.G, y), mix(top.B, bottom.B, y), 255}
		for x := range w {
			set(x, y, line)
		}
	}
	sun, sx, sy, radius := tint(215, 40), r.IntN(w), h/8+r.IntN(h/4+1), min(w, h)/12+1
	for y := max(0, sy-radius); y < min(h, sy+radius); y++ {
		for x := max(0, sx-radius); x < min(w, sx+radius); x++ {
			if (x-sx)*(x-sx)+(y-sy)*(y-sy) < radius*radius {
				set(x, y, sun)
			}
		}
	}
	for hill := range 4 {
		shade := tint(30+20*(3-hill), 60)
		// A ridge wanders up and down in steps; its height lies lower with each.
		base, level := h*(4+hill)/9, 0
		for x := range w {
			if x%max(1, w/40) == 0 {
				level = min(h/8, max(-h/8, level+r.IntN(h/12+1)-h/24))
			}
			for y := max(0, base+level); y < h; y++ {
				set(x, y, shade)
			}
		}
	}
	return jpegOf(img)
}
