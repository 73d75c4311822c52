package picture

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
)

// strippedQuality is the quality of the JPEG that a stripped thumbnail was: it
// says which tables it needs.
const strippedQuality = 20

// ReadStripped reads a stripped thumbnail: a JPEG without its head, which is
// always the same but for the size
// (https://core.telegram.org/api/files#stripped-thumbnails).
func ReadStripped(b []byte) (image.Image, error) {
	const version, height, width, head = 1, 1, 2, 3
	if len(b) <= head || b[0] != version || b[height] == 0 || b[width] == 0 {
		return nil, errors.New("it is no stripped thumbnail")
	}
	// An empty picture of that size has the same head.
	like := image.NewYCbCr(image.Rect(0, 0, int(b[width]), int(b[height])), image.YCbCrSubsampleRatio420)
	var file bytes.Buffer
	if err := jpeg.Encode(&file, like, &jpeg.Options{Quality: strippedQuality}); err != nil {
		return nil, err
	}
	scan := bytes.Index(file.Bytes(), []byte("\xff\xda"))
	if scan < 0 {
		return nil, errors.New("it is no stripped thumbnail")
	}
	// The segment says how long it is; what follows is the picture.
	file.Truncate(scan + 2 + int(file.Bytes()[scan+2])<<8 + int(file.Bytes()[scan+3]))
	file.Write(b[head:])
	file.WriteString("\xff\xd9")
	return jpeg.Decode(&file)
}
