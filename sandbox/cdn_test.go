package sandbox

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"
)

// TestCDN: a file comes from a data centre that cannot read it, enciphered, and
// with hashes that the file's own gives.
func TestCDN(t *testing.T) {
	l := newLabWithKey(t, Config{World: village + `
document 901 2026-03-01T10:00 "application/octet-stream" [] "` + repeat("harbour ", 20_000) + `"
message(id=901 from_id=@alice peer_id=@sam date=2026-03-06T17:50:00 message="" media=messageMediaDocument(document=documentEmpty(id=901)))
`})
	data := []byte(repeat("harbour ", 20_000))
	sam := l.as("@sam")
	doc := at(t, sam.do("messages.getHistory @alice limit=1"), ".messages[0].media.document").Object()
	file := fmt.Sprintf("upload.getFile location=inputDocumentFileLocation(id=901 access_hash=%d file_reference=hex:%x thumb_size=\"\") offset=0 limit=131072",
		doc.At("access_hash").AsLong(), doc.At("file_reference").AsBytes())
	want(t, sam.do("help.getCdnConfig"), ".public_keys", "[]")
	if v := sam.do(file + " cdn_supported=true").Object(); !v.Is("upload.file") {
		t.Errorf("while the CDN is off: %s", v.Def().Name)
	}
	if out, err := l.Command([]string{"cdn", "on"}); err != nil || out != "cdn on\n" {
		t.Errorf("%q, %v", out, err)
	}
	if v := sam.do(file).Object(); !v.Is("upload.file") {
		t.Errorf("for a client that knows no CDN: %s", v.Def().Name)
	}
	keys := sam.do("help.getCdnConfig")
	want(t, keys, ".public_keys[0].dc_id", "203")
	if pem := at(t, keys, ".public_keys[0].public_key").AsString(); pem != string(rsaKey().Public().PEM()) {
		t.Error(pem)
	}
	options := at(t, sam.do("help.getConfig"), ".dc_options").Vector().Items
	want(t, options[len(options)-1], ".id", "203", ".cdn", "true")
	to := sam.do(file + " cdn_supported=true")
	want(t, to, ".dc_id", "203")
	token, request := at(t, to, ".file_token").AsBytes(), []byte(nil)

	cdn := l.newcomer(203)
	want(t, cdn.do("help.getConfig"), ".this_dc", "203")
	cdn.fails("updates.getState", "400 CDN_METHOD_INVALID")
	get := func(offset, limit int) string {
		return fmt.Sprintf("upload.getCdnFile file_token=hex:%x offset=%d limit=%d", token, offset, limit)
	}
	sam.fails(get(0, 4096), "404 METHOD_INVALID")
	cdn.fails("upload.getCdnFile file_token=hex:00 offset=0 limit=4096", "400 FILE_TOKEN_INVALID")
	cdn.fails(get(5, 4096), "400 OFFSET_INVALID")
	cdn.fails(get(0, 5), "400 LIMIT_INVALID")
	request = at(t, cdn.do(get(0, 4096)), ".request_token").AsBytes()
	again := "upload.reuploadCdnFile file_token=hex:%x request_token=hex:%x"
	sam.fails(fmt.Sprintf(again, "x", request), "400 FILE_TOKEN_INVALID")
	sam.fails(fmt.Sprintf(again, token, "x"), "400 REQUEST_TOKEN_INVALID")
	want(t, sam.do(fmt.Sprintf(again, token, request)), "[1].offset", "131072")
	sam.fails(fmt.Sprintf("upload.getCdnFileHashes file_token=hex:%x offset=-1", token), "400 OFFSET_INVALID")
	sam.fails("upload.getCdnFileHashes file_token=hex:00 offset=0", "400 FILE_TOKEN_INVALID")

	hashes := sam.do(fmt.Sprintf("upload.getCdnFileHashes file_token=hex:%x offset=131072", token))
	piece := at(t, cdn.do(get(131072, 131072)), ".bytes").AsBytes()
	if bytes.Equal(piece, data[131072:]) {
		t.Error("the CDN can read the file")
	}
	iv := bytes.Clone(at(t, to, ".encryption_iv").AsBytes())
	binary.BigEndian.PutUint32(iv[12:], 131072/16)
	block, err := aes.NewCipher(at(t, to, ".encryption_key").AsBytes())
	if err != nil {
		t.Fatal(err)
	}
	plain := make([]byte, len(piece))
	cipher.NewCTR(block, iv).XORKeyStream(plain, piece)
	sum := sha256.Sum256(plain)
	if !bytes.Equal(plain, data[131072:]) || !bytes.Equal(sum[:], at(t, hashes, "[0].hash").AsBytes()) {
		t.Error("what the CDN gives is not the file")
	}
	if out, err := l.Command([]string{"cdn", "lies"}); err != nil || out != "cdn lies\n" {
		t.Errorf("%q, %v", out, err)
	}
	if lie := at(t, cdn.do(get(131072, 131072)), ".bytes").AsBytes(); bytes.Equal(lie, piece) {
		t.Error("the CDN does not lie")
	}
	if _, err := l.Command([]string{"cdn", "maybe"}); err == nil {
		t.Error("cdn maybe")
	}
	l.Command([]string{"cdn", "off"})
	cdn.fails(get(0, 4096), "400 FILE_TOKEN_INVALID")
}
