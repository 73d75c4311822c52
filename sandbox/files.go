package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"tlsh/tl"
)

// filesArea is uploads, downloads and what is stored
// (https://core.telegram.org/api/files).
func filesArea() area {
	return area{
		methods: map[string]method{
			"messages.getDocumentByHash": {handle: messagesGetDocumentByHash, errors: "SHA256_HASH_INVALID"},
			"upload.getFile": {handle: uploadGetFile, anywhere: true, heeds: "precise cdn_supported",
				errors: "FILE_ID_INVALID LIMIT_INVALID LOCATION_INVALID OFFSET_INVALID"},
			"upload.getFileHashes": {handle: uploadGetFileHashes, anywhere: true,
				errors: "FILE_ID_INVALID LOCATION_INVALID OFFSET_INVALID"},
			"upload.saveBigFilePart": {handle: uploadSaveBigFilePart, anywhere: true,
				errors: "FILE_PARTS_INVALID FILE_PART_EMPTY FILE_PART_INVALID FILE_PART_SIZE_CHANGED FILE_PART_SIZE_INVALID FILE_PART_TOO_BIG"},
			"upload.saveFilePart": {handle: uploadSaveFilePart, anywhere: true,
				errors: "FILE_PART_EMPTY FILE_PART_INVALID FILE_PART_TOO_BIG"},
		},
		words: map[string]func(*arguments){"picture": pictureWord, "portrait": pictureWord, "document": documentWord, "stored": storedWord},
		save:  (*saver).files,
	}
}

// storage is every photo and document that there is. They are never deleted:
// old messages and their copies may name them.
type storage struct {
	photos    map[int64]*picture
	documents map[int64]*document
	last      int64 // the newest id given to either
}

// picture is a photo (https://core.telegram.org/constructor/photo). Where it
// stands in the world - in a message's media, in an action, as somebody's
// photo - it is stored as photoEmpty with its id; [viewer.files] puts in the
// rest.
type picture struct {
	id     int64
	dc     int // that keeps it; 0: that of the world
	date   int32
	square bool // a profile photo, in the sizes of these
	source source
	sizes  []size // made when they are first asked for
}

// document is a file (https://core.telegram.org/constructor/document). It is
// stored as documentEmpty with its id.
type document struct {
	id         int64
	dc         int // as a picture's
	date       int32
	mime       string
	attributes []tl.Value // DocumentAttribute
	source     source
	thumb      source // of a photo; the zero one: none
	thumbs     []size
}

// source is where the bytes of a file come from: they are at hand, or are
// painted.
type source struct {
	data []byte
	seed int64
	w, h int // of what is painted; 0: data has all
}

func (s source) bytes() []byte {
	if s.w > 0 {
		return paint(s.seed, s.w, s.h)
	}
	return s.data
}

func (s source) none() bool { return s.w == 0 && len(s.data) == 0 }

// newPicture stores a photo, or a portrait, which is cropped square. Errors:
// IMAGE_PROCESS_FAILED, PHOTO_INVALID_DIMENSIONS, PHOTO_SAVE_FILE_INVALID.
func (c *call) newPicture(f blob, square bool) (*picture, error) {
	p := &picture{dc: c.me.home, date: c.now, square: square, source: source{data: f.data}}
	if err := p.make(); err != nil {
		return nil, err
	}
	p.id = c.store.next()
	c.store.photos[p.id] = p
	return p, nil
}

// make makes the sizes.
func (p *picture) make() (err error) {
	if p.sizes != nil {
		return nil
	}
	data := p.source.bytes()
	if p.square {
		p.sizes, err = portraitSizes(data)
	} else {
		p.sizes, err = photoSizes(data)
	}
	return err
}

// newDocument stores a file; thumb may be the zero blob. An attribute that
// names the file is added if there is none. Errors: those of newPicture, for
// the thumb.
func (c *call) newDocument(f, thumb blob, mime string, attributes []tl.Value) (*document, error) {
	d := &document{dc: c.me.home, date: c.now, mime: mime, attributes: attributes, source: source{data: f.data}, thumb: source{data: thumb.data}}
	if err := d.make(); err != nil {
		return nil, err
	}
	named := false
	for _, a := range attributes {
		named = named || a.Object().Is("documentAttributeFilename")
	}
	if !named && f.name != "" {
		d.attributes = append(d.attributes, c.new("documentAttributeFilename").With("file_name", tl.String(f.name)).Value())
	}
	d.id = c.store.next()
	c.store.documents[d.id] = d
	return d, nil
}

// make makes the thumbs: that of the m box.
func (d *document) make() error {
	if d.thumb.none() || d.thumbs != nil {
		return nil
	}
	list, err := photoSizes(d.thumb.bytes())
	if err == nil {
		d.thumbs = list[:1]
	}
	return err
}

func (s *storage) next() int64 {
	s.last++
	return s.last
}

// photoRef is how the world keeps a photo.
func (w *world) photoRef(p *picture) tl.Value {
	return w.new("photoEmpty").With("id", tl.Long(p.id)).Value()
}

// documentRef is how the world keeps a document.
func (w *world) documentRef(d *document) tl.Value {
	return w.new("documentEmpty").With("id", tl.Long(d.id)).Value()
}

// files puts the photos and documents that a value keeps by their ids into it,
// as the viewer sees them. The value itself stays as it is.
func (v viewer) files(x tl.Value) tl.Value {
	if v.store.last == 0 {
		return x
	}
	if vec := x.Vector(); vec != nil {
		for i, it := range vec.Items {
			if seen := v.files(it); !tl.Equal(seen, it) {
				items := append([]tl.Value(nil), vec.Items...)
				for j := i; j < len(items); j++ {
					items[j] = v.files(items[j])
				}
				return tl.VectorOf(vec.Elem, items...)
			}
		}
		return x
	}
	o := x.Object()
	switch {
	case o == nil:
		return x
	case o.Is("photoEmpty"):
		if p := v.store.photos[o.At("id").AsLong()]; p != nil {
			return v.photoOf(p)
		}
	case o.Is("documentEmpty"):
		if d := v.store.documents[o.At("id").AsLong()]; d != nil {
			return v.documentOf(d)
		}
	}
	var copied *tl.Object
	for i, f := range o.Fields() {
		if f.Kind() != tl.KindObject && f.Kind() != tl.KindVector {
			continue
		}
		if seen := v.files(f); !tl.Equal(seen, f) {
			if copied == nil {
				copied = o.Clone()
			}
			copied.Set(i, seen)
		}
	}
	if copied != nil {
		return copied.Value()
	}
	return x
}

// photoOf is a photo as the viewer sees it.
func (v viewer) photoOf(p *picture) tl.Value {
	// A fixture's picture that cannot be read was refused when it was loaded.
	_ = p.make()
	return v.new("photo").With("id", tl.Long(p.id)).With("access_hash", tl.Long(accessHash(fileSeed(p.id), v.me))).
		With("file_reference", tl.Bytes(reference(p.id, v.me, v.now))).With("date", tl.Int(p.date)).
		With("sizes", v.sizes(p.sizes)).With("dc_id", v.fileDC(p.dc)).Value()
}

func (v viewer) sizes(list []size) tl.Value {
	items := make([]tl.Value, len(list))
	for i, s := range list {
		items[i] = v.new("photoSize").With("type", tl.String(s.kind)).With("w", tl.Int(int32(s.w))).
			With("h", tl.Int(int32(s.h))).With("size", tl.Int(int32(len(s.data)))).Value()
	}
	return v.vector("PhotoSize", items)
}

// documentOf is a document as the viewer sees it.
func (v viewer) documentOf(d *document) tl.Value {
	_ = d.make()
	o := v.new("document").With("id", tl.Long(d.id)).With("access_hash", tl.Long(accessHash(fileSeed(d.id), v.me))).
		With("file_reference", tl.Bytes(reference(d.id, v.me, v.now))).With("date", tl.Int(d.date)).
		With("mime_type", tl.String(d.mime)).With("size", tl.Long(int64(len(d.source.bytes())))).
		With("attributes", v.vector("DocumentAttribute", d.attributes)).With("dc_id", v.fileDC(d.dc))
	if len(d.thumbs) > 0 {
		o.With("thumbs", v.sizes(d.thumbs))
	}
	return o.Value()
}

func fileSeed(id int64) int64 { return id * 0x2545f4914f6cdd1d }

// referenceTime is how long a file reference is good, in seconds; a new one is
// given every hour (https://core.telegram.org/api/file-references).
const referenceTime = 24 * 3600

// reference is a file reference: the hour in which it was given, and a mark of
// the file and of who got it.
func reference(id int64, viewer *person, now int32) []byte {
	return mark(id, viewer, now-now%3600)
}

func mark(id int64, viewer *person, hour int32) []byte {
	var in [20]byte
	binary.BigEndian.PutUint32(in[:], uint32(hour))
	binary.BigEndian.PutUint64(in[4:], uint64(id))
	binary.BigEndian.PutUint64(in[12:], uint64(viewer.id))
	sum := sha256.Sum256(in[:])
	return append(append([]byte{0}, in[:4]...), sum[:16]...)
}

// refers checks a file reference. Errors: FILE_REFERENCE_EMPTY,
// FILE_REFERENCE_EXPIRED, FILE_REFERENCE_INVALID.
func (c *call) refers(id int64, ref []byte) error {
	if len(ref) == 0 {
		return bad("FILE_REFERENCE_EMPTY")
	}
	if len(ref) < 5 {
		return bad("FILE_REFERENCE_INVALID")
	}
	hour := int32(binary.BigEndian.Uint32(ref[1:]))
	switch {
	case !bytes.Equal(ref, mark(id, c.me, hour)):
		return bad("FILE_REFERENCE_INVALID")
	case c.now-hour > referenceTime:
		return bad("FILE_REFERENCE_EXPIRED")
	}
	return nil
}

// photoBy is the photo that an InputPhoto names, nil when there is none: then
// the method says what it calls that. Errors, which no method needs to declare:
// those of refers.
func (c *call) photoBy(v tl.Value) (*picture, error) {
	o := v.Object()
	if !o.Is("inputPhoto") {
		return nil, nil
	}
	p := c.store.photos[o.At("id").AsLong()]
	if p == nil || !c.knows(fileSeed(p.id), o) {
		return nil, nil
	}
	return p, c.refers(p.id, o.At("file_reference").AsBytes())
}

// documentBy is the document that an InputDocument names, as photoBy.
func (c *call) documentBy(v tl.Value) (*document, error) {
	o := v.Object()
	if !o.Is("inputDocument") {
		return nil, nil
	}
	d := c.store.documents[o.At("id").AsLong()]
	if d == nil || !c.knows(fileSeed(d.id), o) {
		return nil, nil
	}
	return d, c.refers(d.id, o.At("file_reference").AsBytes())
}

// fileType tells the storage.FileType by how the file begins.
func fileType(data []byte) string {
	head := string(data[:min(len(data), 12)])
	switch {
	case strings.HasPrefix(head, "\xff\xd8\xff"):
		return "storage.fileJpeg"
	case strings.HasPrefix(head, "\x89PNG\r\n\x1a\n"):
		return "storage.filePng"
	case strings.HasPrefix(head, "GIF8"):
		return "storage.fileGif"
	case strings.HasPrefix(head, "%PDF-"):
		return "storage.filePdf"
	case strings.HasPrefix(head, "ID3"), strings.HasPrefix(head, "\xff\xfb"):
		return "storage.fileMp3"
	case strings.HasPrefix(head, "RIFF") && strings.HasSuffix(head, "WEBP"):
		return "storage.fileWebp"
	case len(head) == 12 && head[4:] == "ftypqt  ":
		return "storage.fileMov"
	case len(head) == 12 && head[4:8] == "ftyp":
		return "storage.fileMp4"
	}
	return "storage.fileUnknown"
}

// location is the file that an InputFileLocation names. Errors:
// FILE_ID_INVALID, LOCATION_INVALID, those of refers, of call.target and of
// keptHere.
func (c *call) location(v tl.Value) ([]byte, error) {
	o := v.Object()
	switch o.Def().Name {
	case "inputPhotoFileLocation":
		p := c.store.photos[o.At("id").AsLong()]
		if p == nil || !c.knows(fileSeed(p.id), o) {
			return nil, bad("FILE_ID_INVALID")
		}
		if err := c.refers(p.id, o.At("file_reference").AsBytes()); err != nil {
			return nil, err
		}
		if err := c.keptHere(p.dc); err != nil {
			return nil, err
		}
		_ = p.make()
		return oneOf(p.sizes, o.At("thumb_size").AsString())
	case "inputDocumentFileLocation":
		d := c.store.documents[o.At("id").AsLong()]
		if d == nil || !c.knows(fileSeed(d.id), o) {
			return nil, bad("FILE_ID_INVALID")
		}
		if err := c.refers(d.id, o.At("file_reference").AsBytes()); err != nil {
			return nil, err
		}
		if err := c.keptHere(d.dc); err != nil {
			return nil, err
		}
		if kind := o.At("thumb_size").AsString(); kind != "" {
			_ = d.make()
			return oneOf(d.thumbs, kind)
		}
		return d.source.bytes(), nil
	case "inputPeerPhotoFileLocation":
		of, err := c.target(o.At("peer"))
		if err != nil {
			return nil, err
		}
		p := c.shownPhoto(of)
		if p == nil || p.id != o.At("photo_id").AsLong() {
			return nil, bad("LOCATION_INVALID")
		}
		if err := c.keptHere(p.dc); err != nil {
			return nil, err
		}
		_ = p.make()
		if o.At("big").AsBool() || !p.square {
			return p.sizes[len(p.sizes)-1].data, nil
		}
		return p.sizes[0].data, nil
	}
	return nil, bad("LOCATION_INVALID")
}

// shownPhoto is the picture that the viewer is shown of somebody; nil: none.
func (v viewer) shownPhoto(of peer) *picture {
	if p := v.byID[of.id]; of.kind == userPeer && p != nil {
		pic, _ := v.portrait(p)
		return pic
	}
	if r := v.room[of]; r != nil {
		return v.store.photos[r.photo.At("id").AsLong()]
	}
	return nil
}

func oneOf(list []size, kind string) ([]byte, error) {
	for _, s := range list {
		if s.kind == kind {
			return s.data, nil
		}
	}
	return nil, bad("LOCATION_INVALID")
}

// The rules of https://core.telegram.org/api/files#downloading-files.
const (
	maxDownload = 1 << 20 // bytes at once, all of one such piece of the file
	hashed      = 128 << 10
)

// uploadGetFile follows https://core.telegram.org/method/upload.getFile.
// mtime is when the file is asked for.
func uploadGetFile(c *call) (tl.Value, error) {
	offset, limit := c.req.At("offset").AsLong(), int64(c.req.At("limit").AsInt())
	unit := int64(4096)
	if c.req.At("precise").AsBool() {
		unit = 1024
	}
	switch {
	case offset < 0 || offset%unit != 0:
		return tl.Value{}, bad("OFFSET_INVALID")
	case limit <= 0 || limit%unit != 0 || limit > maxDownload,
		unit == 4096 && maxDownload%limit != 0,
		offset/maxDownload != (offset+limit-1)/maxDownload:
		return tl.Value{}, bad("LIMIT_INVALID")
	}
	data, err := c.location(c.req.At("location"))
	if err != nil {
		return tl.Value{}, err
	}
	if c.s.faults.CDN && c.req.At("cdn_supported").AsBool() {
		f, err := c.onCDN(c.req.At("location").Object(), data)
		if err != nil {
			return tl.Value{}, err
		}
		return c.cdnRedirect(f, offset), nil
	}
	kind := fileType(data)
	data = data[min(offset, int64(len(data))):]
	data = data[:min(limit, int64(len(data)))]
	return c.new("upload.file").With("type", c.new(kind).Value()).With("mtime", tl.Int(c.now)).With("bytes", tl.Bytes(data)).Value(), nil
}

// uploadGetFileHashes follows
// https://core.telegram.org/method/upload.getFileHashes: the hashes of the
// pieces of one mebibyte, from the one on in which the offset lies.
func uploadGetFileHashes(c *call) (tl.Value, error) {
	offset := c.req.At("offset").AsLong()
	if offset < 0 {
		return tl.Value{}, bad("OFFSET_INVALID")
	}
	data, err := c.location(c.req.At("location"))
	if err != nil {
		return tl.Value{}, err
	}
	return c.hashes(data, offset), nil
}

// hashes are the FileHash of the pieces of one mebibyte, from the one on in which
// the offset lies. The last one is as long as the file goes, and says the whole
// limit all the same, as on real servers.
func (c *call) hashes(data []byte, offset int64) tl.Value {
	var items []tl.Value
	for from := offset - offset%hashed; from < int64(len(data)) && from < offset+maxDownload; from += hashed {
		piece := data[from:min(from+hashed, int64(len(data)))]
		sum := sha256.Sum256(piece)
		items = append(items, c.new("fileHash").With("offset", tl.Long(from)).With("limit", tl.Int(hashed)).
			With("hash", tl.Bytes(sum[:])).Value())
	}
	return c.vector("FileHash", items)
}
