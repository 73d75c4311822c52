package sandbox

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"tlsh/tl"
)

// put uploads a file in parts of that size and gives its InputFile.
func (c *client) put(id int64, name string, data []byte, part int) string {
	c.lab.t.Helper()
	n := 0
	for ; n*part < len(data); n++ {
		c.do(fmt.Sprintf("upload.saveFilePart %d %d hex:%x", id, n, data[n*part:min((n+1)*part, len(data))]))
	}
	return fmt.Sprintf("inputFile(%d %d %q %x)", id, n, name, md5.Sum(data))
}

// call makes what handlers work with, for the tests of what several of them
// share. The world's lock is held until the test's function returns.
func (c *client) within(do func(*call)) {
	c.lab.mu.Lock()
	defer c.lab.mu.Unlock()
	now := c.lab.cfg.Now()
	c.lab.world.now = int32(now.Unix())
	do(&call{viewer: viewer{c.lab.world, c.who}, s: c.lab.Sandbox, session: &session{}, at: now, now: int32(now.Unix())})
}

func TestSaveFilePart(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	sam.do("upload.saveFilePart 7 0 hex:00")
	sam.do("upload.saveBigFilePart 8 0 2 hex:" + repeat("00", 1024))
	sam.do("upload.saveBigFilePart 8 1 2 hex:00")
	sam.do("upload.saveBigFilePart 9 0 -1 hex:00")
	for line, err := range map[string]string{
		`upload.saveFilePart 7 0 ""`:                                  "400 FILE_PART_EMPTY",
		"upload.saveFilePart 7 -1 hex:00":                             "400 FILE_PART_INVALID",
		"upload.saveFilePart 7 4000 hex:00":                           "400 FILE_PART_INVALID",
		"upload.saveFilePart 7 0 hex:" + repeat("00", maxPart+1):      "400 FILE_PART_TOO_BIG",
		`upload.saveBigFilePart 8 0 2 ""`:                             "400 FILE_PART_EMPTY",
		"upload.saveBigFilePart 8 2 2 hex:00":                         "400 FILE_PART_INVALID",
		"upload.saveBigFilePart 8 0 0 hex:00":                         "400 FILE_PARTS_INVALID",
		"upload.saveBigFilePart 8 0 4001 hex:00":                      "400 FILE_PARTS_INVALID",
		"upload.saveBigFilePart 8 0 2 hex:00":                         "400 FILE_PART_SIZE_INVALID",
		"upload.saveBigFilePart 8 0 2 hex:" + repeat("00", 3*1024):    "400 FILE_PART_SIZE_INVALID",
		"upload.saveBigFilePart 8 0 2 hex:" + repeat("00", 2*1024):    "400 FILE_PART_SIZE_CHANGED",
		"upload.saveBigFilePart 8 0 2 hex:" + repeat("00", maxPart+1): "400 FILE_PART_TOO_BIG",
	} {
		sam.fails(line, err)
	}
}

func TestUploaded(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	data := bytes.Repeat([]byte("0123456789abcdef"), 200) // 3200 bytes
	in := sam.put(1, "notes.txt", data, 1024)
	sam.put(2, "odd", data, 1000)
	for _, n := range []string{"0", "2"} {
		sam.do("upload.saveFilePart 3 " + n + " hex:" + repeat("00", 1024))
	}
	check := func(in, want string) {
		t.Helper()
		f := sam.bind("messages.uploadMedia peer=me media=inputMediaUploadedPhoto(file=" + in + ")").At("media").Object().At("file")
		sam.within(func(c *call) {
			b, err := c.uploaded(f)
			switch {
			case err == nil && want != "":
				t.Errorf("%s: want %s", in, want)
			case err == nil && (!bytes.Equal(b.data, data) || b.name != "notes.txt"):
				t.Errorf("%s: got %d bytes called %s", in, len(b.data), b.name)
			case err != nil && rpcError(err) != want:
				t.Errorf("%s: want %q, got %v", in, want, err)
			}
		})
	}
	check(in, "")
	check(`inputFile(1 4 notes.txt "")`, "")
	check(`inputFileBig(1 4 notes.txt)`, "")
	check(`inputFile(1 0 x "")`, "400 FILE_PARTS_INVALID")
	check(`inputFile(1 4001 x "")`, "400 FILE_PARTS_INVALID")
	check(`inputFile(1 5 x "")`, "400 FILE_PART_4_MISSING")
	check(`inputFile(3 3 x "")`, "400 FILE_PART_1_MISSING")
	check(`inputFile(77 1 x "")`, "400 FILE_PART_0_MISSING")
	check(`inputFile(2 4 x "")`, "400 FILE_PART_LENGTH_INVALID")
	check(`inputFile(1 4 x "00")`, "400 MD5_CHECKSUM_INVALID")
	check(`inputFileStoryDocument(inputDocumentEmpty)`, "501 SANDBOX_PARAMETER_NOT_SIMULATED: inputFileStoryDocument")
	// Parts do not wait for ever, and each account has its own.
	l.clock.add(2 * time.Hour)
	check(in, "400 FILE_PART_0_MISSING")
	sam = l.as("@alice")
	check(in, "400 FILE_PART_0_MISSING")
}

// TestPending: what waits is bounded, the oldest goes first.
func TestPending(t *testing.T) {
	var list uploads
	for i := range 5 {
		list.keep(&upload{id: int64(i), size: maxPending / 4, used: int32(i)}, int32(i))
	}
	if list.find(0) != nil || len(list) != 4 || list[0].id != 1 || list[3].id != 4 {
		t.Errorf("%d files wait", len(list))
	}
	list.keep(&upload{id: 9, size: 1, used: 2 + uploadTime}, 2+uploadTime)
	if list.find(1) != nil || list.find(2) == nil {
		t.Error("what is too old is kept")
	}
}

func pngOf(w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestPictures(t *testing.T) {
	l := newLab(t, Config{})
	sam := l.as("@sam")
	sizes := func(p *picture) (text string) {
		for _, s := range p.sizes {
			cfg, _, err := image.DecodeConfig(bytes.NewReader(s.data))
			if err != nil || cfg.Width != s.w || cfg.Height != s.h {
				t.Errorf("size %s says %dx%d and is %dx%d, %v", s.kind, s.w, s.h, cfg.Width, cfg.Height, err)
			}
			text += fmt.Sprintf("%s %dx%d ", s.kind, s.w, s.h)
		}
		return strings.TrimSpace(text)
	}
	broken := pngOf(300, 300)
	for _, c := range []struct {
		data   []byte
		square bool
		want   string
	}{
		{pngOf(90, 50), false, "s 90x50"},
		{pngOf(320, 200), false, "m 320x200"},
		{pngOf(640, 200), false, "m 320x100 x 640x200"},
		{pngOf(500, 1000), false, "m 160x320 x 400x800 y 500x1000"},
		{pngOf(2000, 1000), false, "m 320x160 x 800x400 w 2000x1000"},
		{pngOf(400, 300), true, "a 160x160 b 300x300 c 300x300"},
		{paint(3, 800, 640), true, "a 160x160 b 320x320 c 640x640"},
		{[]byte("no picture"), false, "400 IMAGE_PROCESS_FAILED"},
		{broken[:len(broken)/2], false, "400 IMAGE_PROCESS_FAILED"},
		{broken[:len(broken)/2], true, "400 IMAGE_PROCESS_FAILED"},
		{pngOf(9990, 20), false, "400 PHOTO_INVALID_DIMENSIONS"},
		{pngOf(420, 20), true, "400 PHOTO_INVALID_DIMENSIONS"},
		{append(pngOf(20, 20), make([]byte, maxPhoto)...), false, "400 PHOTO_SAVE_FILE_INVALID"},
		{[]byte("RIFF....WEBP"), false, "501 SANDBOX_PARAMETER_NOT_SIMULATED: WebP photos"},
	} {
		sam.within(func(x *call) {
			got := ""
			if p, err := x.newPicture(blob{"a.png", c.data}, c.square); err != nil {
				got = rpcError(err)
			} else {
				got = sizes(p)
			}
			if got != c.want {
				t.Errorf("want %s, got %s", c.want, got)
			}
		})
	}
	if !bytes.Equal(paint(1, 100, 80), paint(1, 100, 80)) || bytes.Equal(paint(1, 100, 80), paint(2, 100, 80)) {
		t.Error("a painted picture does not follow from its seed alone")
	}
}

const filedWorld = two + `picture 50 2026-01-02 paint 4 900 600
portrait 51 2026-01-02 paint 5 640 640
document 52 2026-01-02 "text/plain" [documentAttributeFilename(file_name="a.txt")] "hello, file" paint 1 400 300
document 53 2026-01-02 "application/octet-stream" [] base64:AP_-
photo "room" photoEmpty(id=51)
message(id=2 from_id=@berta peer_id=@anna date=6 message="" media=messageMediaPhoto(photo=photoEmpty(id=50)))
message(id=3 from_id=@berta peer_id=@anna date=7 message="" media=messageMediaDocument(document=documentEmpty(id=52)))
`

// place is an InputFileLocation of a photo or document.
func place(v tl.Value, size string) string {
	o := v.Object()
	kind := "inputPhotoFileLocation"
	if o.Is("document") {
		kind = "inputDocumentFileLocation"
	}
	return fmt.Sprintf("%s(%d %d %s %q)", kind, o.At("id").AsLong(), o.At("access_hash").AsLong(), show(o.At("file_reference")), size)
}

func TestDownload(t *testing.T) {
	l := newLab(t, Config{World: filedWorld})
	anna, berta := l.as("@anna"), l.as("@berta")
	res := anna.do("messages.getHistory @berta")
	doc, photo := at(t, res, ".messages[0].media.document"), at(t, res, ".messages[1].media.photo")
	want(t, photo, ".id", "50", ".sizes[2].type", `"y"`, ".sizes[2].w", "900", ".dc_id", "2")
	want(t, doc, ".size", "11", ".mime_type", `"text/plain"`, ".thumbs[0].type", `"m"`)

	file := anna.do("upload.getFile location=" + place(doc, "") + " offset=0 limit=4096")
	want(t, file, ".type", "storage.fileUnknown()", ".bytes", "hex:"+hex.EncodeToString([]byte("hello, file")))
	sizes := at(t, photo, ".sizes").Vector().Items
	for _, s := range sizes {
		file := anna.do("upload.getFile location=" + place(photo, s.Object().At("type").AsString()) + " offset=0 limit=524288")
		data := at(t, file, ".bytes").AsBytes()
		cfg, kind, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || kind != "jpeg" || int32(cfg.Width) != s.Object().At("w").AsInt() || len(data) != int(s.Object().At("size").AsInt()) {
			t.Errorf("%s: %s of %d bytes, %v", show(s), kind, len(data), err)
		}
		want(t, file, ".type", "storage.fileJpeg()")
	}
	want(t, anna.do("upload.getFile location="+place(doc, "m")+" offset=0 limit=4096"), ".type", "storage.fileJpeg()")
	// Behind its end a file is empty.
	want(t, anna.do("upload.getFile location="+place(doc, "")+" offset=4096 limit=4096"), ".bytes", `""`)
	want(t, anna.do("upload.getFile precise=true location="+place(doc, "")+" offset=0 limit=3072"), ".type", "storage.fileUnknown()")

	for line, err := range map[string]string{
		"offset=-4096 limit=4096":                "400 OFFSET_INVALID",
		"offset=1024 limit=4096":                 "400 OFFSET_INVALID",
		"precise=true offset=512 limit=1024":     "400 OFFSET_INVALID",
		"offset=0 limit=0":                       "400 LIMIT_INVALID",
		"offset=0 limit=5000":                    "400 LIMIT_INVALID",
		"offset=0 limit=12288":                   "400 LIMIT_INVALID",
		"offset=0 limit=2097152":                 "400 LIMIT_INVALID",
		"offset=1044480 limit=8192":              "400 LIMIT_INVALID",
		"precise=true offset=1047552 limit=2048": "400 LIMIT_INVALID",
	} {
		anna.fails("upload.getFile location="+place(doc, "")+" "+line, err)
	}
	get := func(location string) string { return "upload.getFile location=" + location + " offset=0 limit=4096" }
	anna.fails(get(place(doc, "q")), "400 LOCATION_INVALID")
	anna.fails(get(place(photo, "")), "400 LOCATION_INVALID")
	anna.fails(get("inputTakeoutFileLocation"), "400 LOCATION_INVALID")
	anna.fails(get(`inputPhotoFileLocation(50 1 hex:00 y)`), "400 FILE_ID_INVALID")
	anna.fails(get(`inputDocumentFileLocation(99 1 hex:00 "")`), "400 FILE_ID_INVALID")
	// References and hashes are one's own, and do not last.
	berta.fails(get(place(photo, "y")), "400 FILE_ID_INVALID")
	for _, o := range []*tl.Object{photo.Object(), doc.Object()} {
		anna.fails(get(place(o.Clone().With("file_reference", tl.Bytes(nil)).Value(), "m")), "400 FILE_REFERENCE_EMPTY")
		anna.fails(get(place(o.Clone().With("file_reference", tl.Bytes([]byte("no"))).Value(), "m")), "400 FILE_REFERENCE_INVALID")
		anna.fails(get(place(o.Clone().With("file_reference", tl.Bytes([]byte("no reference"))).Value(), "m")), "400 FILE_REFERENCE_INVALID")
	}
	l.clock.add(26 * time.Hour)
	anna.fails(get(place(photo, "y")), "400 FILE_REFERENCE_EXPIRED")
	anna.fails(get(place(doc, "")), "400 FILE_REFERENCE_EXPIRED")
	res = anna.do("messages.getHistory @berta")
	anna.do(get(place(at(t, res, ".messages[0].media.document"), "")))

	// A room's photo, small and big.
	want(t, anna.do("messages.getChats [5]"), ".chats[0].photo.photo_id", "51")
	small := anna.do(get("inputPeerPhotoFileLocation(peer=room photo_id=51)"))
	if cfg, _, err := image.DecodeConfig(bytes.NewReader(at(t, small, ".bytes").AsBytes())); err != nil || cfg.Width != 160 {
		t.Errorf("%v, %v", cfg, err)
	}
	anna.do("upload.getFile location=inputPeerPhotoFileLocation(peer=room big=true photo_id=51) offset=0 limit=1048576")
	anna.fails(get("inputPeerPhotoFileLocation(peer=room photo_id=50)"), "400 LOCATION_INVALID")
	anna.fails(get("inputPeerPhotoFileLocation(peer=@berta! photo_id=50)"), "400 PEER_ID_INVALID")
}

func TestFileHashes(t *testing.T) {
	l := newLab(t, Config{World: filedWorld})
	anna := l.as("@anna")
	doc := at(t, anna.do("messages.getHistory @berta"), ".messages[0].media.document")
	sum := sha256.Sum256([]byte("hello, file"))
	want(t, anna.do("upload.getFileHashes "+place(doc, "")+" offset=0"), "[0].limit", "131072", "[0].hash", "hex:"+hex.EncodeToString(sum[:]))
	want(t, anna.do("upload.getFileHashes "+place(doc, "")+" offset=200000"), "", "[]")
	anna.fails("upload.getFileHashes "+place(doc, "")+" offset=-1", "400 OFFSET_INVALID")
	anna.fails("upload.getFileHashes "+place(doc, "q")+" offset=0", "400 LOCATION_INVALID")
	anna.fails(`upload.getFileHashes inputDocumentFileLocation(99 1 hex:00 "") offset=0`, "400 FILE_ID_INVALID")
}

func TestFileWords(t *testing.T) {
	l := newLab(t, Config{World: filedWorld})
	first := saved(t, l)
	if again := saved(t, newLab(t, Config{World: first})); again != first || !strings.Contains(first, "base64:AP_-") || !strings.Contains(first, `"hello, file" paint 1 400 300`) {
		t.Errorf("files are not saved as they were read:\n%s\nagain:\n%s", first, again)
	}
	// What is uploaded is saved too.
	l.as("@anna").within(func(c *call) {
		if _, err := c.newDocument(blob{"b.png", pngOf(20, 20)}, blob{"t.png", pngOf(30, 30)}, "image/png", nil); err != nil {
			t.Fatal(err)
		}
		if p, err := c.newPicture(blob{"b.png", pngOf(20, 20)}, false); err != nil || p.id != 55 {
			t.Fatal(p, err)
		}
		if _, err := c.newDocument(blob{"b.png", nil}, blob{"t.png", []byte("no")}, "image/png", nil); rpcError(err) != "400 IMAGE_PROCESS_FAILED" {
			t.Error(err)
		}
	})
	first = saved(t, l)
	if again := saved(t, newLab(t, Config{World: first})); again != first || !strings.Contains(first, "picture 55 ") {
		t.Errorf("files are not saved as they were read:\n%s\nagain:\n%s", first, again)
	}
	for src, want := range map[string]string{
		"picture 0 2026-01-01 paint 1 1 1":                                     "want the id of a file",
		"picture 50 2026-01-01 paint 1 1 1\npicture 50 2026-01-01 paint 1 1 1": "there is a file 50 already",
		"picture 50 2026-01-01 paint 1 0 1":                                    "a picture is painted in 1 to 2560 pixels",
		"picture 50 2026-01-01 base64:!":                                       "these are no bytes in base64",
		"picture 50 2026-01-01 hex:0":                                          "these are no bytes in hex",
		"picture 50 2026-01-01 hex:00":                                         "this is no picture",
		"picture 50 2026-01-01 file:x":                                         "want base64:…",
		"document 50 2026-01-01 a/b [peerUser(1)] hex:00":                      "want a DocumentAttribute",
		"document 50 2026-01-01 a/b [] hex:00 hex:00":                          "the thumb is no picture",
	} {
		if _, err := New(Config{World: two + src + "\n"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %s, got %v", src, want, err)
		}
	}
}
