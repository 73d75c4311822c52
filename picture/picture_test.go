package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flag is a picture of two rows of two points: red and green, blue and nothing.
func flag() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 2))
	img.Set(0, 0, color.NRGBA{255, 0, 0, 255})
	img.Set(1, 0, color.NRGBA{0, 255, 0, 255})
	img.Set(0, 1, color.NRGBA{0, 0, 255, 255})
	return img
}

func drawn(t *testing.T, img image.Image, way Way, columns, rows int) string {
	t.Helper()
	var b strings.Builder
	if err := Draw(&b, img, way, columns, rows); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDraw(t *testing.T) {
	for _, c := range []struct {
		name string
		way  Way
		want string
	}{
		{"24 bits", Blocks, "\x1b[0;38;2;255;0;0;48;2;0;0;255m▀\x1b[0;38;2;0;255;0m▀\x1b[0m\n"},
		{"256 colours", Blocks256, "\x1b[0;38;5;196;48;5;21m▀\x1b[0;38;5;46m▀\x1b[0m\n"},
	} {
		if diff := cmp.Diff(c.want, drawn(t, flag(), c.way, 80, 24)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// A picture fits into the cells there are, keeps its shape and is not made larger.
func TestFit(t *testing.T) {
	for _, c := range []struct{ w, h, columns, rows, wide, high int }{
		{100, 100, 80, 24, 48, 24},
		{400, 100, 80, 24, 80, 10},
		{100, 1000, 80, 24, 5, 24},
		{10, 10, 80, 24, 10, 5},
		{1, 1, 80, 24, 1, 1},
		{3, 3, 80, 24, 3, 2},
		{5000, 1, 80, 24, 80, 1},
		{640, 400, 1, 1, 1, 1},
	} {
		lines := strings.Split(strings.TrimSuffix(drawn(t, image.NewNRGBA(image.Rect(0, 0, c.w, c.h)), Blocks, c.columns, c.rows), "\n"), "\n")
		text := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(lines[0], "")
		if len(lines) != c.high || len([]rune(text)) != c.wide {
			t.Errorf("%d × %d in %d × %d cells: %d × %d, want %d × %d", c.w, c.h, c.columns, c.rows, len([]rune(text)), len(lines), c.wide, c.high)
		}
	}
}

func TestLetters(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	for x := range 4 {
		v := uint8(85 * x)
		img.Set(x, 0, color.NRGBA{v, v, v, 255})
		img.Set(x, 1, color.NRGBA{v, v, v, 255})
	}
	if got, want := drawn(t, img, Letters, 80, 24), " -*@\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What a terminal with graphics is sent is a picture again, in pieces that it takes.
func TestGraphics(t *testing.T) {
	noise := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	for i := range noise.Pix {
		noise.Pix[i] = byte(i*i/7) | 1
	}
	kitty := drawn(t, noise, Kitty, 80, 24)
	var data strings.Builder
	pieces := regexp.MustCompile("\x1b_G([^;]*);([^\x1b]*)\x1b\\\\").FindAllStringSubmatch(kitty, -1)
	for i, p := range pieces {
		last := i == len(pieces)-1
		if len(p[2]) > 4096 || strings.HasSuffix(p[1], "m=0") != last || strings.HasPrefix(p[1], "a=T,f=100,q=2,c=30,r=10,") != (i == 0) {
			t.Errorf("piece %d of %d: %s with %d bytes", i, len(pieces), p[1], len(p[2]))
		}
		data.WriteString(p[2])
	}
	iterm := drawn(t, noise, ITerm, 80, 24)
	m := regexp.MustCompile("^\x1b]1337;File=inline=1;size=[0-9]+;width=30;height=10:([^\a]*)\a\n$").FindStringSubmatch(iterm)
	if m == nil {
		t.Fatalf("%.80q", iterm)
	}
	for _, text := range []string{data.String(), m[1]} {
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if img, err := png.Decode(bytes.NewReader(b)); err != nil || img.Bounds() != noise.Bounds() {
			t.Errorf("%v", err)
		}
	}
}

func TestWayOf(t *testing.T) {
	for _, c := range []struct {
		env  string
		want Way
	}{
		{"TERM=xterm", Blocks256},
		{"TERM=xterm-256color COLORTERM=truecolor", Blocks},
		{"TERM=xterm-direct", Blocks},
		{"TERM=xterm-kitty", Kitty},
		{"TERM=xterm-256color KITTY_WINDOW_ID=1 TMUX=/tmp/x COLORTERM=24bit", Blocks},
		{"TERM=screen-256color TERM_PROGRAM=iTerm.app", Blocks256},
		{"TERM=xterm-256color TERM_PROGRAM=WezTerm", ITerm},
		{"TERM=xterm-ghostty", Kitty},
	} {
		get := func(name string) (string, bool) {
			for _, f := range strings.Fields(c.env) {
				if k, v, _ := strings.Cut(f, "="); k == name {
					return v, true
				}
			}
			return "", false
		}
		if got := WayOf(get, true); got != c.want {
			t.Errorf("%s: %d, want %d", c.env, got, c.want)
		}
		if WayOf(get, false) != Letters {
			t.Errorf("%s without colours", c.env)
		}
	}
}

// A file that claims to be huge is refused before memory is made for it.
func TestBomb(t *testing.T) {
	var file bytes.Buffer
	if err := png.Encode(&file, flag()); err != nil {
		t.Fatal(err)
	}
	b := file.Bytes()
	binary.BigEndian.PutUint32(b[16:], 20000)
	binary.BigEndian.PutUint32(b[20:], 20000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	if _, err := Read(b); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
}

// Whatever a file holds, reading it ends in a picture or an error.
func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	if err := png.Encode(&file, flag()); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Add([]byte("\xff\xd8\xff\xe0"))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\r\x00\x00\x00/\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Read(b)
		if err != nil || img.Bounds().Dx()*img.Bounds().Dy() > 1_000_000 {
			return
		}
		for _, way := range []Way{Letters, Blocks256, Blocks} {
			drawn(t, img, way, 40, 10)
		}
	})
}
