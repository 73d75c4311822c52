package files_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gotd/td/tgerr"

	"tlsh/client"
	"tlsh/files"
	"tlsh/tl"
)

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"photo.jpg":                    "photo.jpg",
		"my holiday (1).png":           "my holiday (1).png",
		"été 夏.txt":                    "été 夏.txt",
		"../../etc/passwd":             "passwd",
		`C:\windows\system32\evil.dll`: "evil.dll",
		"/":                            "",
		"..":                           "",
		". . .":                        "",
		"":                             "",
		".bashrc":                      "bashrc",
		"...hidden":                    "hidden",
		"-rf":                          "_rf",
		"a\nb\x1b[31mc\x00d":           "a_b_[31mc_d",
		"gpj.\u202eexe":                "gpj._exe",
		"nul\u200b\ufeffl":             "nul__l",
		"bad\xffutf8":                  "bad_utf8",
		"con:stream":                   "con_stream",
		"trailing. ":                   "trailing",
	} {
		if got := files.SafeName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if got := files.SafeName(strings.Repeat("é", 300) + ".jpeg"); len(got) > 200 || !strings.HasSuffix(got, ".jpeg") || !utf8.ValidString(got) {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

func FuzzSafeName(f *testing.F) {
	f.Add("a/../b\\c\x1b]0;x\a.png")
	f.Add(strings.Repeat(".", 300))
	f.Fuzz(func(t *testing.T, s string) {
		name := files.SafeName(s)
		if name == "" {
			return
		}
		if filepath.Base(name) != name || len(name) > 250 || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-") || !utf8.ValidString(name) {
			t.Errorf("%q becomes %q", s, name)
		}
		for _, r := range name {
			if r < ' ' || r == 0x7f || r == '\u202e' {
				t.Errorf("%q becomes %q", s, name)
			}
		}
	})
}

func photoSize(kind string, w, size int32) tl.Value {
	return object("photoSize").With("type", tl.String(kind)).With("w", tl.Int(w)).With("h", tl.Int(w)).With("size", tl.Int(size)).Value()
}

// A file has the size and the name that what it was found in says.
func TestFind(t *testing.T) {
	sizes := tl.VectorOf(s.TypeOf("PhotoSize"),
		object("photoStrippedSize").With("type", tl.String("i")).With("bytes", tl.Bytes([]byte{1})).Value(),
		photoSize("m", 320, 9000),
		object("photoSizeProgressive").With("type", tl.String("x")).With("w", tl.Int(800)).With("h", tl.Int(500)).
			With("sizes", tl.VectorOf(s.TypeOf("int"), tl.Int(100), tl.Int(5000), tl.Int(70000))).Value())
	photo := object("photo").With("id", tl.Long(7)).With("dc_id", tl.Int(4)).With("sizes", sizes)
	at := object("inputPhotoFileLocation").With("id", tl.Long(7)).With("thumb_size", tl.String("x"))
	f := files.Find(photo, at)
	if f.Size != 70000 || f.DC != 4 || f.Name != "photo_7.jpg" || f.ID != 7 || f.MIME != "image/jpeg" {
		t.Errorf("%+v", f)
	}
	for across, want := range map[int]string{1: "m", 320: "m", 321: "x", 5000: "x"} {
		if s := f.Smaller(across); s.Location.At("thumb_size").AsString() != want {
			t.Errorf("for %d points across: %s", across, s.Location.At("thumb_size").AsString())
		}
	}
	if at.At("thumb_size").AsString() != "x" {
		t.Error("the location of the file itself was changed")
	}

	named := func(mime string, attributes ...tl.Value) *tl.Object {
		return object("document").With("id", tl.Long(8)).With("dc_id", tl.Int(2)).With("size", tl.Long(5_000_000_000)).
			With("mime_type", tl.String(mime)).With("attributes", tl.VectorOf(s.TypeOf("DocumentAttribute"), attributes...)).
			With("thumbs", tl.VectorOf(s.TypeOf("PhotoSize"), photoSize("m", 320, 4000)))
	}
	called := func(name string) tl.Value {
		return object("documentAttributeFilename").With("file_name", tl.String(name)).Value()
	}
	for _, c := range []struct {
		doc  *tl.Object
		want string
	}{
		{named("application/pdf", called("a.pdf")), "a.pdf"},
		{named("application/pdf", called("..")), "document_8.pdf"},
		{named("video/mp4", object("documentAttributeVideo").Value()), "video_8.mp4"},
		{named("audio/ogg", object("documentAttributeAudio").With("voice", tl.Bool(true)).Value()), "voice_8.ogg"},
		{named("x/unknown"), "document_8"},
	} {
		f := files.Find(c.doc, object("inputDocumentFileLocation").With("thumb_size", tl.String("")))
		if f.Name != c.want || f.Size != 5_000_000_000 || f.DC != 2 {
			t.Errorf("%s: %+v", c.want, f)
		}
		if s := f.Smaller(100); s == nil || s.Size != 4000 || s.MIME != "image/jpeg" {
			t.Errorf("%s: the thumbnail is %+v", c.want, s)
		}
	}
}

// webFile is a file of the web, which one data centre hands on.
type webFile struct{ data []byte }

// CallAt gives a part of it.
func (w webFile) CallAt(_ context.Context, at client.Site, req *tl.Object) (tl.Value, error) {
	location := req.At("location").Object()
	if !req.Is("upload.getWebFile") || at.DC != 4 || location.At("url").AsString() != "https://example.org/a%20map.jpg?v=1" || location.At("access_hash").AsLong() != 7 {
		return tl.Value{}, tgerr.New(400, "WEBFILE_NOT_AVAILABLE")
	}
	from := int(req.At("offset").AsInt())
	part := w.data[from:min(len(w.data), from+int(req.At("limit").AsInt()))]
	return object("upload.webFile").With("size", tl.Int(int32(len(w.data)))).With("bytes", tl.Bytes(part)).Value(), nil
}

func TestWebFile(t *testing.T) {
	data := make([]byte, files.PartSize+5)
	for i := range data {
		data[i] = byte(i * 7)
	}
	of := object("webDocument").With("url", tl.String("https://example.org/a%20map.jpg?v=1")).With("access_hash", tl.Long(7)).
		With("size", tl.Int(int32(len(data)))).With("mime_type", tl.String("image/jpeg"))
	f := files.Find(of, object("inputWebFileLocation").With("url", of.At("url")).With("access_hash", tl.Long(7)))
	f.DC = 4
	if f.Name != "a map.jpg" || f.MIME != "image/jpeg" || f.Size != int64(len(data)) {
		t.Errorf("%+v", f)
	}
	m := &files.Mover{Schema: s, Caller: webFile{data}}
	var got bytes.Buffer
	if n, err := m.Download(t.Context(), &f.Remote, &got, 0); err != nil || n != int64(len(data)) || !bytes.Equal(got.Bytes(), data) {
		t.Errorf("%d bytes, %v", n, err)
	}
}
