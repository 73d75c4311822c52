package mediainfo

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What other programs wrote is read as ffprobe reads it, to a tenth of a second.
func TestRead(t *testing.T) {
	const ms = time.Millisecond
	for name, want := range map[string]Info{
		"streams.mp4": {Moving: true, Sound: true, Width: 48, Height: 32, Duration: 1500 * ms, Streams: true},
		"late.mp4":    {Moving: true, Width: 48, Height: 32, Duration: 1500 * ms},
		"turned.mp4":  {Moving: true, Width: 32, Height: 48, Duration: 1500 * ms},
		"pieces.mp4":  {Moving: true, Sound: true, Width: 48, Height: 32, Duration: 1564 * ms, Streams: true},
		"clip.mov":    {Moving: true, Sound: true, Width: 48, Height: 32, Duration: 1500 * ms},
		"clip.webm":   {Moving: true, Sound: true, Width: 48, Height: 32, Duration: 1508 * ms, Streams: true},
		"clip.mkv":    {Moving: true, Width: 48, Height: 32, Duration: 1500 * ms, Streams: true, Title: "Harbour"},
		"song.m4a":    {Sound: true, Duration: 1500 * ms, Title: "Harbour", Performer: "Séamus"},
		"song.mp3":    {Sound: true, Duration: 1584 * ms, Title: "Harbour", Performer: "Séamus"},
		"plain.mp3":   {Sound: true, Duration: 1584 * ms, Title: "Harbour", Performer: "Séamus"},
		"song.ogg":    {Sound: true, Duration: 1500 * ms, Title: "Harbour", Performer: "Séamus"},
		"song.opus":   {Sound: true, Duration: 1500 * ms, Title: "Harbour", Performer: "Séamus"},
		"voice.ogg":   {Sound: true, Duration: 1500 * ms, Voice: true},
		"song.flac":   {Sound: true, Duration: 750 * ms, Title: "Harbour", Performer: "Séamus"},
		"song.wav":    {Sound: true, Duration: 500 * ms, Title: "Harbour", Performer: "Séamus"},
		"moving.gif":  {Picture: true, Moving: true, Width: 24, Height: 16},
		"still.gif":   {Picture: true, Width: 24, Height: 16},
		"still.webp":  {Picture: true, Width: 32, Height: 32},
		"turned.jpg":  {Picture: true, Width: 16, Height: 48, Orientation: 6},
		"README.md":   {},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, name)
			if d := got.Duration - want.Duration; d.Abs() > 100*ms {
				t.Errorf("lasts %s, want %s", got.Duration, want.Duration)
			}
			got.Duration, want.Duration = 0, 0
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func read(t *testing.T, name string) Info {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return Read(f, st.Size())
}

// Whatever is in a file, reading it ends, and says nothing that cannot be.
// EXIF data have either order of bytes, and may say what makes no sense.
func TestTIFFOrientation(t *testing.T) {
	for data, want := range map[string]int{
		"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00": 8,
		"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x03\x00\x00": 3,
		"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x09\x00\x00": 0, // no such orientation
		"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x04\x00\x00\x00\x01\x00\x03\x00\x00": 0, // of another type
		"MM\x00*\x00\x00\x00\x08\x00\x02\x01\x12\x00\x03":                                 0, // cut off
		"MM\x00*\xff\xff\xff\xff\x00\x01":                                                 0,
		"MM\x00*\x00\x00\x00\x07\x00":                                                     0,
		"XX":                                                                              0,
		"":                                                                                0,
	} {
		if got := tiffOrientation([]byte(data)); got != want {
			t.Errorf("%q says %d, want %d", data, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	f.Add([]byte("\x1a\x45\xdf\xa3\xff\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x00\x00\x01ftyp\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		i := Read(bytes.NewReader(b), int64(len(b)))
		if i.Width < 0 || i.Height < 0 || i.Duration < 0 || i.Voice && !i.Sound || i.Streams && !i.Moving ||
			i.Orientation < 0 || i.Orientation > 8 {
			t.Errorf("%+v", i)
		}
		if !i.Picture && !i.Moving && !i.Sound && i != (Info{}) {
			t.Errorf("nothing is there, and yet %+v", i)
		}
	})
}
