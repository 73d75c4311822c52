package mtproto

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"testing"
)

// vectors are what other implementations have published of key exchanges
// (testdata/keyexchange.json).
type vectors struct {
	Exchange struct {
		NewNonce        string `json:"new_nonce"`
		ServerNonce     string `json:"server_nonce"`
		TmpAESKey       string `json:"tmp_aes_key"`
		TmpAESIV        string `json:"tmp_aes_iv"`
		EncryptedAnswer string `json:"encrypted_answer"`
		Answer          string `json:"answer"` // server_DH_inner_data
		B               string `json:"b"`
		GB              string `json:"g_b"`
	}
	AuthKey struct {
		AuxHash       string `json:"aux_hash"`
		ID            string `json:"id"`
		NewNonceHash1 string `json:"new_nonce_hash1"`
		NewNonceHash2 string `json:"new_nonce_hash2"`
	} `json:"auth_key"`
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	b, err := os.ReadFile("testdata/keyexchange.json")
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil || len(b) == 0 {
		t.Fatalf("%q is no vector: %v", s, err)
	}
	return b
}

// The published exchange: the keys that the nonces give, what the server's answer
// decrypts to, and g_b of the published b.
func TestExchangeVectors(t *testing.T) {
	v := readVectors(t).Exchange
	c := newTempCipher([32]byte(unhex(t, v.NewNonce)), [16]byte(unhex(t, v.ServerNonce)))
	if !bytes.Equal(c.key[:], unhex(t, v.TmpAESKey)) || !bytes.Equal(c.iv[:], unhex(t, v.TmpAESIV)) {
		t.Errorf("tmp_aes_key %x, tmp_aes_iv %x", c.key, c.iv)
	}
	var g, at int32
	var prime []byte
	err := c.open(unhex(t, v.EncryptedAnswer), func(r *reader) {
		whole := r.b
		r.want(idServerDHInner)
		r.int128()
		if serverNonce := r.int128(); !bytes.Equal(serverNonce[:], unhex(t, v.ServerNonce)) {
			t.Errorf("server_nonce %x", serverNonce)
		}
		g, prime, _, at = r.int32(), r.bytes(), r.bytes(), r.int32()
		if got := whole[:len(whole)-len(r.b)]; !bytes.Equal(got, unhex(t, v.Answer)) {
			t.Errorf("server_DH_inner_data %x", got)
		}
	})
	p := new(big.Int).SetBytes(prime)
	if err != nil || g != 2 || at != 1373993675 {
		t.Fatalf("g %d, server_time %d, %v", g, at, err)
	}
	_, gB, err := dhSecret(bytes.NewReader(unhex(t, v.B)), g, p)
	if err != nil || gB.Cmp(new(big.Int).SetBytes(unhex(t, v.GB))) != 0 {
		t.Errorf("g_b %x, %v", gB, err)
	}
}

// What a key is called, and how each side proves that it has it.
func TestAuthKeyVectors(t *testing.T) {
	v := readVectors(t).AuthKey
	value := make([]byte, 256)
	for i := range value {
		value[i] = byte(i)
	}
	key, err := NewAuthKey(value)
	if err != nil {
		t.Fatal(err)
	}
	aux := key.auxHash()
	nonce := [32]byte(value)
	one, two := newNonceHash(nonce, 1, aux), newNonceHash(nonce, 2, aux)
	id := putLong(nil, key.ID())
	for name, c := range map[string][2][]byte{
		"auth_key_aux_hash": {aux[:], unhex(t, v.AuxHash)}, "auth_key_id": {id, unhex(t, v.ID)},
		"new_nonce_hash1": {one[:], unhex(t, v.NewNonceHash1)}, "new_nonce_hash2": {two[:], unhex(t, v.NewNonceHash2)},
	} {
		if !bytes.Equal(c[0], c[1]) {
			t.Errorf("%s: %x, want %x", name, c[0], c[1])
		}
	}
}
