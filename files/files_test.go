package files_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gotd/td/tgerr"
	"go.uber.org/goleak"

	"tlsh/client"
	"tlsh/files"
	"tlsh/schema"
	"tlsh/tl"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

var s = schema.Current()

func object(name string) *tl.Object { return tl.New(s.Constructor(name)) }

// storage is Telegram with one file: it lies in data centre 4, under the
// reference "new", and perhaps on the CDN.
type storage struct {
	t    *testing.T
	data []byte
	cdn  bool // the file is on the CDN, data centre 203
	lies bool // the CDN gives something else
	fail map[string]error
	void bool // the server says false to a part

	mu       sync.Mutex
	parts    map[int32][]byte
	total    int32
	asked    map[string]int
	now      int // requests at this moment
	most     int
	uploaded bool // the CDN was given the file
}

func (f *storage) CallAt(ctx context.Context, at client.Site, req *tl.Object) (tl.Value, error) {
	f.mu.Lock()
	if f.asked == nil {
		f.asked, f.parts = map[string]int{}, map[int32][]byte{}
	}
	f.now++
	f.most = max(f.most, f.now)
	f.asked[fmt.Sprintf("%s %d", req.Def().Name, at.DC)]++
	f.mu.Unlock()
	defer func() { f.mu.Lock(); f.now--; f.mu.Unlock() }()
	if _, err := tl.Encode(req); err != nil {
		f.t.Error(err)
	}
	if err := f.fail[req.Def().Name]; err != nil {
		return tl.Value{}, err
	}
	if err := ctx.Err(); err != nil {
		return tl.Value{}, err
	}
	return f.answer(at, req)
}

func (f *storage) answer(at client.Site, req *tl.Object) (tl.Value, error) {
	offset := req.At("offset").AsLong()
	switch req.Def().Name {
	case "upload.saveFilePart", "upload.saveBigFilePart":
		f.mu.Lock()
		defer f.mu.Unlock()
		f.parts[req.At("file_part").AsInt()] = bytes.Clone(req.At("bytes").AsBytes())
		f.total = req.At("file_total_parts").AsInt()
		return tl.Bool(!f.void), nil
	case "upload.getFile":
		switch loc := req.At("location").Object(); {
		case at.DC != 4:
			return tl.Value{}, tgerr.New(303, "FILE_MIGRATE_4")
		case string(loc.At("file_reference").AsBytes()) != "new":
			return tl.Value{}, tgerr.New(400, "FILE_REFERENCE_EXPIRED")
		case f.cdn && req.At("cdn_supported").AsBool():
			return object("upload.fileCdnRedirect").With("dc_id", tl.Int(203)).With("file_token", tl.Bytes([]byte("token"))).
				With("encryption_key", tl.Bytes(key)).With("encryption_iv", tl.Bytes(iv)).With("file_hashes", f.hashes(0)).Value(), nil
		}
		return object("upload.file").With("type", object("storage.fileUnknown").Value()).With("mtime", tl.Int(0)).
			With("bytes", tl.Bytes(f.cut(f.data, offset))).Value(), nil
	case "upload.getCdnFile":
		f.mu.Lock()
		defer f.mu.Unlock()
		if at.DC != 203 || at.Kind != client.CDN {
			return tl.Value{}, &client.SiteError{Site: at, Reason: "cannot be reached"}
		}
		if !f.uploaded {
			return object("upload.cdnFileReuploadNeeded").With("request_token", tl.Bytes([]byte("please"))).Value(), nil
		}
		data := f.cut(f.enciphered(), offset)
		if f.lies {
			data = bytes.Clone(data)
			data[len(data)-1]++
		}
		return object("upload.cdnFile").With("bytes", tl.Bytes(data)).Value(), nil
	case "upload.reuploadCdnFile":
		f.mu.Lock()
		defer f.mu.Unlock()
		f.uploaded = at.DC == 4 && string(req.At("request_token").AsBytes()) == "please"
		return f.hashes(0), nil
	case "upload.getCdnFileHashes":
		return f.hashes(offset), nil
	}
	return tl.Value{}, tgerr.New(400, "METHOD_INVALID")
}

var (
	key = bytes.Repeat([]byte{7}, 32)
	iv  = append(bytes.Repeat([]byte{9}, 12), 0, 0, 0, 0)
)

func (f *storage) enciphered() []byte {
	block, _ := aes.NewCipher(key)
	start := bytes.Clone(iv)
	binary.BigEndian.PutUint32(start[12:], 0)
	out := make([]byte, len(f.data))
	cipher.NewCTR(block, start).XORKeyStream(out, f.data)
	return out
}

// hashes are those of four pieces of 128 KiB from the offset on.
func (f *storage) hashes(offset int64) tl.Value {
	const piece = 128 << 10
	all := f.data
	var items []tl.Value
	for from := offset - offset%piece; from < int64(len(all)) && len(items) < 4; from += piece {
		sum := sha256.Sum256(all[from:min(from+piece, int64(len(all)))])
		items = append(items, object("fileHash").With("offset", tl.Long(from)).With("limit", tl.Int(piece)).With("hash", tl.Bytes(sum[:])).Value())
	}
	return tl.VectorOf(s.TypeOf("FileHash"), items...)
}

func (f *storage) cut(data []byte, offset int64) []byte {
	data = data[min(offset, int64(len(data))):]
	return data[:min(files.PartSize, len(data))]
}

func (f *storage) mover() *files.Mover {
	return &files.Mover{Schema: s, Caller: f, Rand: rand.New(rand.NewSource(1))}
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.New(rand.NewSource(2)).Read(b)
	return b
}

func location(reference string) *tl.Object {
	return object("inputDocumentFileLocation").With("id", tl.Long(1)).With("access_hash", tl.Long(2)).
		With("file_reference", tl.Bytes([]byte(reference))).With("thumb_size", tl.String(""))
}

func TestUpload(t *testing.T) {
	for _, size := range []int{1, files.PartSize - 1, files.PartSize, files.PartSize + 1, files.Big - 1, files.Big, files.Big + 5} {
		data := random(size)
		f := &storage{t: t}
		m := f.mover()
		var last int64
		m.Progress = func(done, total int64) {
			if done < last || total != int64(size) {
				t.Errorf("progress %d of %d after %d", done, total, last)
			}
			last = done
		}
		in, err := m.Upload(context.Background(), bytes.NewReader(data), "a.bin", int64(size))
		if err != nil {
			t.Fatal(err)
		}
		var all []byte
		for n := range int32(len(f.parts)) {
			all = append(all, f.parts[n]...)
		}
		if !bytes.Equal(all, data) || int(in.At("parts").AsInt()) != len(f.parts) || last != int64(size) || in.At("name").AsString() != "a.bin" {
			t.Errorf("%d bytes: %d parts of %d arrived, %d bytes, progress %d", size, len(f.parts), in.At("parts").AsInt(), len(all), last)
		}
		if big := size >= files.Big; big != in.Is("inputFileBig") || big && f.total != in.At("parts").AsInt() ||
			!big && in.At("md5_checksum").AsString() != fmt.Sprintf("%x", md5.Sum(data)) {
			t.Errorf("%d bytes: %s, %d in total, checksum %s", size, in.Def().Name, f.total, in.At("md5_checksum").AsString())
		}
		if f.most > files.Together {
			t.Errorf("%d parts were on their way at once", f.most)
		}
	}
}

func TestUploadRefused(t *testing.T) {
	ctx := context.Background()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		f    *storage
		size int64 // that is said; the reader has 1,500,000 bytes
		want string
	}{
		{"empty", ctx, &storage{}, 0, "is empty"},
		{"too large", ctx, &storage{}, files.MaxParts*files.PartSize + 1, "the largest file"},
		{"shrunk", ctx, &storage{}, 2_000_000, "was changed while it was read"},
		{"an error", ctx, &storage{fail: map[string]error{"upload.saveFilePart": tgerr.New(400, "FILE_PARTS_INVALID")}}, 1_500_000, "FILE_PARTS_INVALID"},
		{"false", ctx, &storage{void: true}, 1_500_000, "did not take part"},
		{"cancelled", gone, &storage{}, 1_500_000, "canceled"},
	} {
		c.f.t = t
		_, err := c.f.mover().Upload(c.ctx, bytes.NewReader(random(1_500_000)), "a.bin", c.size)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A file comes whole, from wherever it lies, whatever its size is said to be.
func TestDownload(t *testing.T) {
	for _, size := range []int{0, 1, files.PartSize, 3*files.PartSize + 77} {
		for _, known := range []bool{true, false} {
			for _, cdn := range []bool{true, false} {
				f := &storage{t: t, data: random(size), cdn: cdn}
				remote := &files.Remote{Location: location("old"), DC: 2, Size: -1, Refresh: func(context.Context) (*tl.Object, error) { return location("new"), nil }}
				if known {
					remote.Size = int64(size)
				}
				var got bytes.Buffer
				n, err := f.mover().Download(context.Background(), remote, &got, 0)
				if err != nil || n != int64(size) || !bytes.Equal(got.Bytes(), f.data) {
					t.Errorf("%d bytes, known %v, CDN %v: %d came, %v", size, known, cdn, n, err)
				}
				if cdn && size > 0 && f.asked["upload.getCdnFile 203"] == 0 {
					t.Errorf("%d bytes: the CDN was not asked: %v", size, f.asked)
				}
			}
		}
	}
}

// What is there already is not asked for again.
func TestDownloadOn(t *testing.T) {
	f := &storage{t: t, data: random(3*files.PartSize + 77)}
	var got bytes.Buffer
	var first int64 = -1
	m := f.mover()
	m.Progress = func(done, total int64) {
		if first < 0 {
			first = done
		}
	}
	n, err := m.Download(context.Background(), &files.Remote{Location: location("new"), DC: 4, Size: int64(len(f.data))}, &got, 2*files.PartSize)
	if err != nil || n != files.PartSize+77 || !bytes.Equal(got.Bytes(), f.data[2*files.PartSize:]) || first != 2*files.PartSize {
		t.Errorf("%d came, progress from %d, %v", n, first, err)
	}
	if f.asked["upload.getFile 4"] != 2 {
		t.Errorf("asked %v", f.asked)
	}
}

func TestDownloadRefused(t *testing.T) {
	ctx := context.Background()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	broken := errors.New("the disk is full")
	fresh := func(reference string) func(context.Context) (*tl.Object, error) {
		return func(context.Context) (*tl.Object, error) { return location(reference), nil }
	}
	for _, c := range []struct {
		name string
		ctx  context.Context
		f    *storage
		file files.Remote
		disk error
		want string
	}{
		{"no new reference", ctx, &storage{}, files.Remote{Location: location("old"), Size: 1_500_000}, nil, "FILE_REFERENCE_EXPIRED"},
		{"it expires for ever", ctx, &storage{}, files.Remote{Location: location("old"), Size: 1_500_000, Refresh: fresh("old")}, nil, "FILE_REFERENCE_EXPIRED"},
		{"longer than it is", ctx, &storage{}, files.Remote{Location: location("new"), Size: 2_000_000}, nil, "where the file of 2000000"},
		{"a hash that is another", ctx, &storage{cdn: true, lies: true, uploaded: true}, files.Remote{Location: location("new"), Size: 1_500_000}, nil, "its hash is another"},
		{"a full disk", ctx, &storage{}, files.Remote{Location: location("new"), Size: 1_500_000}, broken, "disk is full"},
		{"cancelled", gone, &storage{}, files.Remote{Location: location("new"), Size: 1_500_000}, nil, "canceled"},
		{"another error", ctx, &storage{fail: map[string]error{"upload.getFile": tgerr.New(400, "LOCATION_INVALID")}}, files.Remote{Location: location("new"), Size: 5}, nil, "LOCATION_INVALID"},
		{"it moves to where it is not", ctx, &storage{fail: map[string]error{"upload.getFile": tgerr.New(303, "FILE_MIGRATE_4")}}, files.Remote{Location: location("new"), Size: 5}, nil, "FILE_MIGRATE"},
	} {
		c.f.t, c.f.data = t, random(1_500_000)
		w := &disk{err: c.disk}
		n, err := c.f.mover().Download(c.ctx, &c.file, w, 0)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if n != int64(w.Len()) || !bytes.Equal(w.Bytes(), c.f.data[:n]) {
			t.Errorf("%s: %d bytes are said to be right, and they are not", c.name, n)
		}
	}
}

// Parts wait for a slow disk: what is on its way, and so in memory, is bounded.
func TestDownloadWaits(t *testing.T) {
	f := &storage{t: t, data: random(40 * files.PartSize)}
	w := &slowDisk{f: f}
	n, err := f.mover().Download(context.Background(), &files.Remote{Location: location("new"), DC: 4, Size: int64(len(f.data))}, w, 0)
	if err != nil || n != int64(len(f.data)) {
		t.Fatalf("%d came, %v", n, err)
	}
	// One is written, one has been taken off the queue and waits for its place in it.
	if w.ahead > files.Together+2 {
		t.Errorf("%d parts were asked for ahead of what was written", w.ahead)
	}
}

// slowDisk notes how many parts were asked for before each is written.
type slowDisk struct {
	f       *storage
	written int
	ahead   int
}

func (d *slowDisk) Write(b []byte) (int, error) {
	for range 1000 {
		runtime.Gosched() // whoever can run ahead, does
	}
	d.f.mu.Lock()
	d.ahead = max(d.ahead, d.f.asked["upload.getFile 4"]-d.written)
	d.f.mu.Unlock()
	d.written++
	return len(b), nil
}

// A CDN that cannot be reached is done without.
func TestWithoutCDN(t *testing.T) {
	f := &storage{t: t, data: random(5000), cdn: true, fail: map[string]error{"upload.getCdnFile": &client.SiteError{Site: client.Site{DC: 203, Kind: client.CDN}, Reason: "no"}}}
	var got bytes.Buffer
	n, err := f.mover().Download(context.Background(), &files.Remote{Location: location("new"), DC: 4, Size: 5000}, &got, 0)
	if err != nil || n != 5000 {
		t.Errorf("%d came, %v", n, err)
	}
}

type disk struct {
	bytes.Buffer
	err error
}

func (d *disk) Write(b []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	return d.Buffer.Write(b)
}
