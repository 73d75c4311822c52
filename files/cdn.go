package files

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"tlsh/client"
	"tlsh/tl"
)

// maxReuploads bounds how often the CDN is given a part anew.
const maxReuploads = 3

// fromCDN gets a part from where an upload.fileCdnRedirect leads: a server that
// is not trusted. What comes from there is deciphered, and checked by the hashes
// that the file's own data centre gives (https://core.telegram.org/cdn).
func (d *download) fromCDN(ctx context.Context, by way, redirect *tl.Object, offset int64) ([]byte, error) {
	site := client.Site{DC: int(redirect.At("dc_id").AsInt()), Kind: client.CDN}
	for range maxReuploads {
		req, err := d.mover.request("upload.getCdnFile")
		if err != nil {
			return nil, err
		}
		setNumber(req, "offset", offset)
		v, err := d.mover.Caller.CallAt(ctx, site, req.With("file_token", redirect.At("file_token")).With("limit", tl.Int(PartSize)))
		if err != nil {
			return nil, err
		}
		o := v.Object()
		switch {
		case o.Is("upload.cdnFile"):
			data, err := decipher(redirect, offset, o.At("bytes").AsBytes())
			if err != nil {
				return nil, err
			}
			if err := d.checkHashes(ctx, by, redirect, offset, data); err != nil {
				return nil, err
			}
			return data, nil
		case !o.Is("upload.cdnFileReuploadNeeded"):
			return nil, &Error{Msg: "the CDN's answer to upload.getCdnFile is no file"}
		}
		again, err := d.mover.request("upload.reuploadCdnFile")
		if err != nil {
			return nil, err
		}
		again.With("file_token", redirect.At("file_token")).With("request_token", o.At("request_token"))
		if _, err := d.mover.Caller.CallAt(ctx, client.Site{DC: by.dc, Kind: client.Media}, again); err != nil {
			return nil, err
		}
	}
	return nil, &Error{Msg: "the CDN asks again and again for the file to be uploaded to it"}
}

// checkHashes refuses data that is not what the file's own data centre says it
// is. The hashes are of the deciphered bytes, as TDLib and gotd take them.
func (d *download) checkHashes(ctx context.Context, by way, redirect *tl.Object, offset int64, data []byte) error {
	hashes := redirect.At("file_hashes")
	for from := offset; from < offset+int64(len(data)); {
		h := hashAt(hashes, from)
		if h == nil {
			req, err := d.mover.request("upload.getCdnFileHashes")
			if err != nil {
				return err
			}
			setNumber(req, "offset", from)
			hashes, err = d.mover.Caller.CallAt(ctx, client.Site{DC: by.dc, Kind: client.Media}, req.With("file_token", redirect.At("file_token")))
			if err != nil {
				return err
			}
			if h = hashAt(hashes, from); h == nil {
				return &Error{Msg: fmt.Sprintf("the server gives no hash for what its CDN has at %d", from)}
			}
		}
		start := from - offset
		piece := data[start:min(start+int64(h.At("limit").AsInt()), int64(len(data)))]
		if sum := sha256.Sum256(piece); !bytes.Equal(sum[:], h.At("hash").AsBytes()) {
			return &Error{Msg: fmt.Sprintf("what the CDN gave at %d is not the file: its hash is another", from)}
		}
		from += int64(len(piece))
	}
	return nil
}

// hashAt is the FileHash that begins at an offset, nil when there is none.
func hashAt(hashes tl.Value, offset int64) *tl.Object {
	vec := hashes.Vector()
	if vec == nil {
		return nil
	}
	for _, it := range vec.Items {
		if h := it.Object(); h.At("offset").AsLong() == offset && h.At("limit").AsInt() > 0 {
			return h
		}
	}
	return nil
}

// decipher reads AES-256-CTR, whose counter ends in the number of the block.
func decipher(redirect *tl.Object, offset int64, data []byte) ([]byte, error) {
	iv := bytes.Clone(redirect.At("encryption_iv").AsBytes())
	block, err := aes.NewCipher(redirect.At("encryption_key").AsBytes())
	if err != nil || len(iv) != aes.BlockSize {
		return nil, &Error{Msg: "the server's key for what its CDN has is none"}
	}
	binary.BigEndian.PutUint32(iv[len(iv)-4:], uint32(offset/aes.BlockSize))
	out := make([]byte, len(data))
	cipher.NewCTR(block, iv).XORKeyStream(out, data)
	return out, nil
}
