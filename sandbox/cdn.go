package sandbox

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"

	"github.com/gotd/td/tgerr"

	"tlsh/tl"
)

// cdnArea is a data centre of others, which hands out files that it cannot read
// (https://core.telegram.org/cdn). The knob cdn turns it on.
func cdnArea() area {
	return area{methods: map[string]method{
		"help.getCdnConfig": {handle: helpGetCdnConfig, anyone: true},
		"upload.getCdnFile": {handle: uploadGetCdnFile, anyone: true, cdn: true,
			errors: "FILE_TOKEN_INVALID LIMIT_INVALID METHOD_INVALID OFFSET_INVALID"},
		"upload.getCdnFileHashes": {handle: uploadGetCdnFileHashes, anywhere: true,
			errors: "FILE_TOKEN_INVALID OFFSET_INVALID"},
		"upload.reuploadCdnFile": {handle: uploadReuploadCdnFile, anywhere: true,
			errors: "FILE_TOKEN_INVALID REQUEST_TOKEN_INVALID"},
	}}
}

// cdnFile is a file that the CDN hands out.
type cdnFile struct {
	data     []byte
	key      []byte // of AES-256, which the CDN does not know
	iv       []byte
	file     []byte // the token by which it is asked for there
	request  []byte // the token by which the CDN asks for it
	uploaded bool
}

// onCDN is the file of a location, on the CDN from now on.
func (c *call) onCDN(location *tl.Object, data []byte) (*cdnFile, error) {
	name := fmt.Sprint(location.Def().Name, location.At("id"), location.At("photo_id"), location.At("thumb_size"), location.At("big"))
	if f := c.s.cdn[name]; f != nil {
		return f, nil
	}
	b, err := c.random(32 + aes.BlockSize + 32 + 32)
	if err != nil {
		return nil, err
	}
	f := &cdnFile{data: data, key: b[:32], iv: b[32:48], file: b[48:80], request: b[80:]}
	if c.s.cdn == nil {
		c.s.cdn = map[string]*cdnFile{}
	}
	c.s.cdn[name] = f
	return f, nil
}

// cdnFile is the file of the request's token. Error: FILE_TOKEN_INVALID.
func (c *call) cdnFile() (*cdnFile, error) {
	token := string(c.req.At("file_token").AsBytes())
	for _, f := range c.s.cdn {
		if string(f.file) == token && c.s.faults.CDN {
			return f, nil
		}
	}
	return nil, bad("FILE_TOKEN_INVALID")
}

// cdnRedirect is where a file is to be had.
func (c *call) cdnRedirect(f *cdnFile, offset int64) tl.Value {
	return c.new("upload.fileCdnRedirect").With("dc_id", tl.Int(cdnDC)).With("file_token", tl.Bytes(f.file)).
		With("encryption_key", tl.Bytes(f.key)).With("encryption_iv", tl.Bytes(f.iv)).With("file_hashes", c.hashes(f.data, offset)).Value()
}

// uploadGetCdnFile follows https://core.telegram.org/method/upload.getCdnFile: a
// piece of the file in AES-256-CTR, whose counter ends in the number of the block.
// What the CDN has not got yet, it asks for.
func uploadGetCdnFile(c *call) (tl.Value, error) {
	if c.session.login.dc != cdnDC {
		return tl.Value{}, tgerr.New(404, "METHOD_INVALID")
	}
	f, err := c.cdnFile()
	if err != nil {
		return tl.Value{}, err
	}
	offset, limit := c.req.At("offset").AsLong(), int64(c.req.At("limit").AsInt())
	switch {
	case offset < 0 || offset%4096 != 0:
		return tl.Value{}, bad("OFFSET_INVALID")
	case limit <= 0 || limit%4096 != 0 || limit > maxDownload:
		return tl.Value{}, bad("LIMIT_INVALID")
	case !f.uploaded:
		return c.new("upload.cdnFileReuploadNeeded").With("request_token", tl.Bytes(f.request)).Value(), nil
	}
	size := int64(len(f.data))
	piece := append([]byte(nil), f.data[min(offset, size):min(offset+limit, size)]...)
	block, err := aes.NewCipher(f.key)
	if err != nil {
		return tl.Value{}, err
	}
	iv := append([]byte(nil), f.iv...)
	binary.BigEndian.PutUint32(iv[12:], uint32(offset/aes.BlockSize))
	cipher.NewCTR(block, iv).XORKeyStream(piece, piece)
	if c.s.faults.CDNLies && len(piece) > 0 {
		piece[0] ^= 1
	}
	return c.new("upload.cdnFile").With("bytes", tl.Bytes(piece)).Value(), nil
}

// uploadReuploadCdnFile follows
// https://core.telegram.org/method/upload.reuploadCdnFile.
func uploadReuploadCdnFile(c *call) (tl.Value, error) {
	f, err := c.cdnFile()
	switch {
	case err != nil:
		return tl.Value{}, err
	case string(f.request) != string(c.req.At("request_token").AsBytes()):
		return tl.Value{}, bad("REQUEST_TOKEN_INVALID")
	}
	f.uploaded = true
	return c.hashes(f.data, 0), nil
}

// uploadGetCdnFileHashes follows
// https://core.telegram.org/method/upload.getCdnFileHashes: those of the bytes as
// they are once deciphered.
func uploadGetCdnFileHashes(c *call) (tl.Value, error) {
	f, err := c.cdnFile()
	if err != nil {
		return tl.Value{}, err
	}
	offset := c.req.At("offset").AsLong()
	if offset < 0 {
		return tl.Value{}, bad("OFFSET_INVALID")
	}
	return c.hashes(f.data, offset), nil
}

// helpGetCdnConfig follows https://core.telegram.org/method/help.getCdnConfig: the
// CDN has the same keys here as the other data centres.
func helpGetCdnConfig(c *call) (tl.Value, error) {
	var keys []tl.Value
	if c.s.faults.CDN {
		for _, k := range c.s.cfg.Keys {
			keys = append(keys, c.new("cdnPublicKey").With("dc_id", tl.Int(cdnDC)).With("public_key", tl.String(string(k.Public().PEM()))).Value())
		}
	}
	return c.new("cdnConfig").With("public_keys", c.vector("CdnPublicKey", keys)).Value(), nil
}

// setCDN does the knob of that name.
func setCDN(s *Sandbox, args []string) (string, error) {
	lies := len(args) == 1 && args[0] == "lies"
	if len(args) != 1 || args[0] != "on" && !lies {
		return "", fmt.Errorf("sandbox: cdn wants on, lies or off")
	}
	return "", s.change(func(f *Faults) error { f.CDN, f.CDNLies = true, lies; return nil })
}

// cdnState is how the knob stands.
func cdnState(f Faults) string {
	if f.CDNLies {
		return "lies"
	}
	return "on"
}
