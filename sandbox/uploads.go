package sandbox

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// The limits of https://core.telegram.org/api/files#uploading-files.
const (
	maxPart  = 512 << 10 // bytes of a part; every part but the last divides it
	maxParts = 4000      // of one file, as help.getAppConfig says too
	// uploadTime is how long the parts of a file wait for its use, in seconds.
	uploadTime = 3600
	// maxPending bounds the parts of one account that wait, in bytes: above it
	// the oldest files are forgotten. It also bounds one file.
	maxPending = 256 << 20
)

// upload is a file whose parts arrive.
type upload struct {
	id    int64
	parts map[int32][]byte
	size  int   // of the parts so far
	unit  int   // the size of the parts but the last; 0: not known yet
	total int32 // told by saveBigFilePart; 0: not told
	used  int32 // when a part came last, in Unix time
}

// blob is a file with the name that its sender gave it.
type blob struct {
	name string
	data []byte
}

// uploadSaveFilePart follows
// https://core.telegram.org/method/upload.saveFilePart.
func uploadSaveFilePart(c *call) (tl.Value, error) {
	return tl.Bool(true), c.savePart(0)
}

// uploadSaveBigFilePart follows
// https://core.telegram.org/method/upload.saveBigFilePart. A total of -1 is
// that of a file whose size is not known yet.
func uploadSaveBigFilePart(c *call) (tl.Value, error) {
	total := c.req.At("file_total_parts").AsInt()
	if total < -1 || total == 0 || total > maxParts {
		return tl.Value{}, bad("FILE_PARTS_INVALID")
	}
	return tl.Bool(true), c.savePart(total)
}

// savePart keeps the part of a file. total is what a big file says of itself.
func (c *call) savePart(total int32) error {
	id, n, data := c.req.At("file_id").AsLong(), c.req.At("file_part").AsInt(), c.req.At("bytes").AsBytes()
	switch {
	case n < 0 || n >= maxParts || total > 0 && n >= total:
		return bad("FILE_PART_INVALID")
	case len(data) == 0:
		return bad("FILE_PART_EMPTY")
	case len(data) > maxPart:
		return bad("FILE_PART_TOO_BIG")
	}
	u := c.me.uploads.find(id)
	if u == nil {
		u = &upload{id: id, parts: map[int32][]byte{}}
	}
	if total > 0 && n < total-1 {
		// Of a small file nobody knows which part is the last; uploaded judges.
		if len(data)%1024 != 0 || maxPart%len(data) != 0 {
			return bad("FILE_PART_SIZE_INVALID")
		}
		if u.unit != 0 && u.unit != len(data) {
			return bad("FILE_PART_SIZE_CHANGED")
		}
		u.unit = len(data)
	}
	if u.size-len(u.parts[n])+len(data) > maxPending {
		return tgerr.New(501, "SANDBOX_FILE_TOO_BIG")
	}
	u.size += len(data) - len(u.parts[n])
	u.parts[n], u.total, u.used = data, total, c.now
	c.me.uploads.keep(u, c.now)
	return nil
}

// uploads are the files of one account that wait for their use, the one that
// grew last at the end.
type uploads []*upload

func (list uploads) find(id int64) *upload {
	for _, u := range list {
		if u.id == id {
			return u
		}
	}
	return nil
}

// keep puts u at the end, and forgets what is too old and what is too much.
func (list *uploads) keep(u *upload, now int32) {
	kept := make(uploads, 0, len(*list)+1)
	size := u.size
	for i := len(*list) - 1; i >= 0; i-- {
		if x := (*list)[i]; x != u && now-x.used <= uploadTime && size+x.size <= maxPending {
			size += x.size
			kept = append(kept, x)
		}
	}
	for i, j := 0, len(kept)-1; i < j; i, j = i+1, j-1 {
		kept[i], kept[j] = kept[j], kept[i]
	}
	*list = append(kept, u)
}

// uploaded is the file that an InputFile names, put together. Errors, which no
// method needs to declare: FILE_PARTS_INVALID, FILE_PART_X_MISSING,
// FILE_PART_LENGTH_INVALID, MD5_CHECKSUM_INVALID.
func (c *call) uploaded(v tl.Value) (blob, error) {
	in := v.Object()
	if !in.Is("inputFile") && !in.Is("inputFileBig") {
		return blob{}, tgerr.New(501, "SANDBOX_PARAMETER_NOT_SIMULATED: "+in.Def().Name)
	}
	parts := in.At("parts").AsInt()
	if parts <= 0 || parts > maxParts {
		return blob{}, bad("FILE_PARTS_INVALID")
	}
	u := c.me.uploads.find(in.At("id").AsLong())
	if u == nil || c.now-u.used > uploadTime {
		return blob{}, bad("FILE_PART_0_MISSING")
	}
	for n := range parts {
		if u.parts[n] == nil {
			return blob{}, bad(fmt.Sprintf("FILE_PART_%d_MISSING", n))
		}
	}
	var all bytes.Buffer
	for n := range parts {
		part, first := u.parts[n], len(u.parts[0])
		if n < parts-1 && (len(part) != first || first%1024 != 0 || maxPart%first != 0) || len(part) > first {
			return blob{}, bad("FILE_PART_LENGTH_INVALID")
		}
		all.Write(part)
	}
	if sum := in.At("md5_checksum"); !sum.IsNone() && sum.AsString() != "" {
		has := md5.Sum(all.Bytes())
		if !strings.EqualFold(sum.AsString(), hex.EncodeToString(has[:])) {
			return blob{}, bad("MD5_CHECKSUM_INVALID")
		}
	}
	return blob{name: in.At("name").AsString(), data: all.Bytes()}, nil
}

// messagesGetDocumentByHash follows
// https://core.telegram.org/method/messages.getDocumentByHash. A file that is not
// there is documentEmpty.
func messagesGetDocumentByHash(c *call) (tl.Value, error) {
	sum, size := c.req.At("sha256").AsBytes(), c.req.At("size").AsLong()
	if len(sum) != sha256.Size {
		return tl.Value{}, bad("SHA256_HASH_INVALID")
	}
	for _, d := range c.store.documents {
		if data := d.source.bytes(); d.mime == c.req.At("mime_type").AsString() && int64(len(data)) == size && sha256.Sum256(data) == [sha256.Size]byte(sum) {
			return c.documentOf(d), nil
		}
	}
	return c.new("documentEmpty").With("id", tl.Long(0)).Value(), nil
}
