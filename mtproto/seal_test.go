package mtproto

import (
	"bytes"
	"crypto/aes"
	crand "crypto/rand"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func printed(list ...any) (out []string) {
	for _, v := range list {
		out = append(out, fmt.Sprint(v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), fmt.Sprintf("%x", v))
	}
	return out
}

func newTestKey(t testing.TB) (AuthKey, crypto.AuthKey) {
	key, err := GenerateAuthKey(crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key, crypto.Key(key.Bytes()).WithID()
}

// sealed is a frame's payload as our sealer makes it.
func sealed(t testing.TB, s *sealer, h header, body []byte) []byte {
	buf, err := s.seal(append(make([]byte, bodyStart), body...), h)
	if err != nil {
		t.Fatal(err)
	}
	return buf[frameRoom:]
}

// What we seal, gotd opens; what gotd seals, we open; in both directions.
func TestSealAgainstGotd(t *testing.T) {
	key, theirs := newTestKey(t)
	if key.ID() != theirs.IntID() {
		t.Fatalf("id %d, want %d", key.ID(), theirs.IntID())
	}
	for _, dir := range []struct {
		x          int
		seal, open crypto.Cipher
	}{
		{fromClient, crypto.NewClientCipher(crand.Reader), crypto.NewServerCipher(crand.Reader)},
		{fromServer, crypto.NewServerCipher(crand.Reader), crypto.NewClientCipher(crand.Reader)},
	} {
		ours := newSealer(key.secret, dir.x, crand.Reader)
		for n := 4; n < 400; n += 4 {
			body := make([]byte, n)
			crand.Read(body)
			h := header{salt: 1, session: -2, msgID: 3 << 32, seqno: int32(n)}
			m, err := dir.open.DecryptFromBuffer(theirs, &bin.Buffer{Buf: sealed(t, ours, h, body)})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(m.Data(), body) || m.Salt != 1 || m.SessionID != -2 || m.MessageID != 3<<32 || m.SeqNo != int32(n) {
				t.Fatalf("gotd read %v", m)
			}
			var b bin.Buffer
			if err := dir.seal.Encrypt(theirs, crypto.EncryptedMessageData{Salt: 1, SessionID: -2, MessageID: 3 << 32,
				SeqNo: int32(n), MessageDataLen: int32(n), MessageDataWithPadding: body}, &b); err != nil {
				t.Fatal(err)
			}
			got, opened, err := ours.open(b.Buf)
			if err != nil || got != h || !bytes.Equal(opened, body) {
				t.Fatalf("we read %v %x: %v", got, opened, err)
			}
		}
	}
}

// craft seals any header and padding, also forbidden ones.
func craft(key *authSecret, x int, h header, size int32, plain []byte) []byte {
	s := newSealer(key, x, crand.Reader)
	buf := append(make([]byte, cryptoHead+plainHead), plain...)
	setLong(buf, cryptoHead, h.salt)
	setLong(buf, cryptoHead+8, h.session)
	setLong(buf, cryptoHead+16, h.msgID)
	setInt(buf, cryptoHead+24, h.seqno)
	setInt(buf, cryptoHead+28, size)
	setLong(buf, 0, int64(key.id))
	s.msgKey(buf[8:24], buf[cryptoHead:])
	k, iv := key.derive((*[16]byte)(buf[8:24]), x)
	block, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err)
	}
	igeEncrypt(block, &iv, buf[cryptoHead:])
	return buf
}

func TestOpenRefuses(t *testing.T) {
	key, _ := newTestKey(t)
	other, _ := newTestKey(t)
	open := func(p []byte) error {
		_, _, err := newSealer(key.secret, fromServer, nil).open(bytes.Clone(p))
		return err
	}
	good := craft(key.secret, fromServer, header{}, 16, make([]byte, 32))
	if err := open(good); err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	flippedKey := bytes.Clone(good)
	flippedKey[8] ^= 1
	wrongID := bytes.Clone(good)
	wrongID[0] ^= 1
	first := open(flipped)
	for name, p := range map[string][]byte{
		"flipped bit": flipped, "flipped msg_key": flippedKey, "auth_key_id": wrongID, "empty": nil, "short": good[:40],
		"no whole block": good[:len(good)-4], "cut by a block": good[:len(good)-16],
		"own direction":  craft(key.secret, fromClient, header{}, 16, make([]byte, 32)),
		"another's key":  craft(other.secret, fromServer, header{}, 16, make([]byte, 32)),
		"cut to nothing": good[:24],
	} {
		if err := open(p); err == nil || err.Error() != first.Error() {
			t.Errorf("%s: %v, want the one error %v", name, err, first)
		}
	}
	for name, c := range map[string]struct {
		size  int32
		plain int
		check string
	}{
		"padding 11":      {21 &^ 3, 20&^15 + 16, ""}, // 20 of 32: 12, allowed
		"padding 8":       {24, 32, "padding"},
		"padding 0":       {32, 32, "padding"},
		"padding 1028":    {12, 1040, "padding"},
		"padding 1024":    {16, 1040, ""},
		"length -4":       {-4, 32, "length"},
		"length 3":        {3, 32, "length"},
		"length too long": {36, 32, "length"},
		"length huge":     {1<<31 - 4, 32, "length"},
	} {
		err := open(craft(key.secret, fromServer, header{}, c.size, make([]byte, c.plain)))
		check, _ := err.(*CheckError)
		if c.check == "" && err != nil || c.check != "" && (check == nil || check.Check != c.check) {
			t.Errorf("%s: %v, want %q", name, err, c.check)
		}
	}
}

func FuzzOpen(f *testing.F) {
	value := bytes.Repeat([]byte{5}, 256)
	key, err := NewAuthKey(value)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{}, int32(0), false)
	f.Add(craft(key.secret, fromServer, header{1, 2, 3, 4}, 16, make([]byte, 32)), int32(16), false)
	f.Add(make([]byte, 64), int32(-4), true)
	f.Add(make([]byte, 2000), int32(1), true)
	f.Fuzz(func(t *testing.T, data []byte, size int32, good bool) {
		if good { // under a good msg_key
			data = craft(key.secret, fromServer, header{}, size, data[:len(data)&^15])
		}
		n := len(data)
		_, body, err := newSealer(key.secret, fromServer, nil).open(data)
		if err != nil {
			return
		}
		if pad := n - cryptoHead - plainHead - len(body); pad < minPadding || pad > maxPadding || len(body)&3 != 0 {
			t.Errorf("body of %d bytes with padding %d taken", len(body), pad)
		}
	})
}

func BenchmarkSealOpen(b *testing.B) {
	for _, n := range []int{64, 1024, 65536} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			key, _ := newTestKey(b)
			s := newSealer(key.secret, fromClient, crand.Reader)
			buf := make([]byte, bodyStart+n)
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if buf, err = s.seal(buf[:bodyStart+n], header{}); err != nil {
					b.Fatal(err)
				}
				if _, _, err = s.open(buf[frameRoom:]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The same by gotd's cipher, for comparison.
func BenchmarkSealOpenGotd(b *testing.B) {
	_, key := newTestKey(b)
	c, s := crypto.NewClientCipher(crand.Reader), crypto.NewServerCipher(crand.Reader)
	body := make([]byte, 1024)
	b.SetBytes(1024)
	b.ReportAllocs()
	var buf bin.Buffer
	for b.Loop() {
		if err := c.Encrypt(key, crypto.EncryptedMessageData{MessageDataLen: 1024, MessageDataWithPadding: body}, &buf); err != nil {
			b.Fatal(err)
		}
		if _, err := s.DecryptFromBuffer(key, &buf); err != nil {
			b.Fatal(err)
		}
	}
}
