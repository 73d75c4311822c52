package srp

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"testing"

	gotd "github.com/gotd/td/crypto/srp"

	"tlsh/dh"
)

// vectors are what other implementations publish.
//
//go:embed testdata/vectors.json
var vectors []byte

type hexed []byte

func (h *hexed) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

type vector struct {
	From, Password string
	Salt1, Salt2   hexed
	SRPB           hexed `json:"srp_B"`
	Random         hexed
	X, A, M1, Hash hexed
}

func load(t *testing.T) (group Params, checks, hashes, derived []vector) {
	t.Helper()
	var all struct {
		P                       hexed
		G                       int
		Checks, Hashes, Derived []vector
	}
	if err := json.Unmarshal(vectors, &all); err != nil {
		t.Fatal(err)
	}
	return Params{P: all.P, G: all.G}, all.Checks, all.Hashes, all.Derived
}

func (v vector) params(group Params) Params {
	group.Salt1, group.Salt2 = v.Salt1, v.Salt2
	return group
}

// TestVectors: what others publish is what comes out here.
func TestVectors(t *testing.T) {
	group, checks, hashes, derived := load(t)
	for _, v := range checks {
		p := v.params(group)
		x := p.derive([]byte(v.Password))
		a, gA, err := p.draw(bytes.NewReader(v.Random))
		if err != nil {
			t.Fatal(err)
		}
		got := p.answer(x, a, gA, new(big.Int).SetBytes(v.SRPB))
		if !bytes.Equal(got.A, v.A) || !bytes.Equal(got.M1, v.M1) {
			t.Errorf("%s: the proof is %x %x, want %x %x", v.From, got.A, got.M1, v.A, v.M1)
		}
		got, err = p.Prove(bytes.NewReader(v.Random), []byte(v.Password), v.SRPB)
		switch small := dh.CheckValue("A", gA, p.prime()) != nil; {
		case small && err == nil:
			t.Errorf("%s: an A that may not be used was", v.From)
		case !small && (err != nil || !bytes.Equal(got.M1, v.M1)):
			t.Errorf("%s: Prove gave %x, %v", v.From, got.M1, err)
		}
	}
	for _, v := range derived {
		if x := v.params(group).derive([]byte(v.Password)); !bytes.Equal(x.Bytes(), v.X) {
			t.Errorf("%s: x is %x, want %x", v.From, x, v.X)
		}
	}
	for _, v := range hashes {
		algo, hash, err := v.params(group).Renew(bytes.NewReader(v.Random), []byte(v.Password))
		if err != nil || !bytes.Equal(hash, v.Hash) || !bytes.Equal(algo.Salt1, append(v.Salt1, v.Random...)) {
			t.Errorf("%s: Renew gave %x with the salt %x, %v", v.From, hash, algo.Salt1, err)
		}
		if err := algo.CheckVerifier(hash); err != nil {
			t.Errorf("%s: %v", v.From, err)
		}
	}
}

// TestProof: who knows the password is believed, gotd's client as ours, and who
// does not is not.
func TestProof(t *testing.T) {
	group, checks, _, _ := load(t)
	p := checks[0].params(group)
	password := []byte("пароль \x00 with anything")
	p, verifier, err := p.Renew(rand.Reader, password)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(verifier, p.Verifier(password)) {
		t.Error("the verifier is another than that of the new password")
	}
	ask := func() *Challenge {
		c, err := p.Challenge(rand.Reader, verifier)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := ask()
	proof, err := p.Prove(rand.Reader, password, c.B())
	if err != nil || !c.Accepts(proof) {
		t.Errorf("the right password is refused (%v)", err)
	}
	if ask().Accepts(proof) {
		t.Error("a proof is accepted for another challenge")
	}
	var random [256]byte
	rand.Read(random[:])
	theirs, err := gotd.NewSRP(rand.Reader).Hash(password, c.B(), random[:], gotd.Input{Salt1: p.Salt1, Salt2: p.Salt2, G: p.G, P: p.P})
	if err != nil || !c.Accepts(Proof{theirs.A, theirs.M1}) {
		t.Errorf("gotd's proof is refused (%v)", err)
	}
	ours, err := p.Prove(bytes.NewReader(random[:]), password, c.B())
	if err != nil || !bytes.Equal(ours.A, theirs.A) || !bytes.Equal(ours.M1, theirs.M1) {
		t.Errorf("with gotd's random numbers the proof is another than gotd's (%v)", err)
	}
	wrong, err := p.Prove(rand.Reader, append(password, 'x'), c.B())
	if err != nil || c.Accepts(wrong) {
		t.Errorf("a wrong password is accepted (%v)", err)
	}
	for i := range proof.M1 {
		bad := bytes.Clone(proof.M1)
		bad[i] ^= 1
		if c.Accepts(Proof{proof.A, bad}) {
			t.Errorf("M1 with byte %d changed is accepted", i)
		}
	}
}

// TestRenewGotd: a password that gotd's client sets is the one that it proves.
func TestRenewGotd(t *testing.T) {
	group, checks, _, _ := load(t)
	p := checks[0].params(group)
	hash, salt, err := gotd.NewSRP(rand.Reader).NewHash([]byte("word"), gotd.Input{Salt1: p.Salt1, Salt2: p.Salt2, G: p.G, P: p.P})
	if err != nil {
		t.Fatal(err)
	}
	p.Salt1 = salt
	if !bytes.Equal(p.Verifier([]byte("word")), hash) {
		t.Error("gotd's new_password_hash is another")
	}
}

// bad are values that no honest side sends, by what they are.
func bad(prime *big.Int) map[string][]byte {
	edge := new(big.Int).Lsh(big.NewInt(1), 1984)
	less := func(a *big.Int, n int64) []byte { return new(big.Int).Sub(a, big.NewInt(n)).Bytes() }
	high := new(big.Int).Sub(prime, edge)
	return map[string][]byte{
		"nothing": nil, "0": {0}, "1": {1}, "p": prime.Bytes(), "p-1": less(prime, 1), "2p": new(big.Int).Lsh(prime, 1).Bytes(),
		"2^1984-1": less(edge, 1), "p-2^1984+1": less(high, -1), "2^4096": new(big.Int).Lsh(big.NewInt(1), 4096).Bytes(),
	}
}

// TestBounds: values that would make the secret known are refused by both sides.
func TestBounds(t *testing.T) {
	group, checks, _, _ := load(t)
	p := checks[0].params(group)
	verifier := p.Verifier([]byte("word"))
	c, err := p.Challenge(rand.Reader, verifier)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range bad(p.prime()) {
		if _, err := p.Prove(rand.Reader, []byte("word"), b); err == nil {
			t.Errorf("srp_B of %s is accepted", name)
		}
		// Of these A the secret is known without the password.
		gA := new(big.Int).SetBytes(b)
		known := new(big.Int).Mod(gA, p.prime())
		if gA.BitLen() <= 2048 && c.Accepts(Proof{b, p.proof(gA, c.gB, known)}) || c.Accepts(Proof{A: b}) {
			t.Errorf("A of %s is accepted", name)
		}
		if p.CheckVerifier(b) == nil {
			t.Errorf("a new_password_hash of %s is accepted", name)
		}
	}
	if _, err := p.Challenge(bytes.NewReader(nil), verifier); err == nil {
		t.Error("a challenge without random numbers")
	}
	if _, err := p.Prove(bytes.NewReader(nil), []byte("word"), c.B()); err == nil {
		t.Error("a proof without random numbers")
	}
	if _, _, err := p.Renew(bytes.NewReader(nil), []byte("word")); err == nil {
		t.Error("a salt without random numbers")
	}
}

// TestGroup: groups that are not safe are refused before anything is sent.
func TestGroup(t *testing.T) {
	group, checks, _, _ := load(t)
	for name, change := range map[string]func(*Params){
		"g 2":            func(p *Params) { p.G = 2 }, // no quadratic residue of this prime
		"g 1":            func(p *Params) { p.G = 1 },
		"g 0":            func(p *Params) { p.G = 0 },
		"g 8":            func(p *Params) { p.G = 8 },
		"no p":           func(p *Params) { p.P = nil },
		"p+2":            func(p *Params) { p.P = new(big.Int).Add(p.prime(), big.NewInt(2)).Bytes() },
		"half":           func(p *Params) { p.P = new(big.Int).Rsh(p.prime(), 1).Bytes() },
		"2^2047":         func(p *Params) { p.P = new(big.Int).Lsh(big.NewInt(1), 2047).Bytes() },
		"a leading zero": func(p *Params) { p.P = append([]byte{0}, p.P...) },
	} {
		p := checks[0].params(group)
		change(&p)
		if _, err := p.Prove(rand.Reader, []byte("word"), checks[0].SRPB); err == nil {
			t.Errorf("a proof with %s", name)
		}
		if _, _, err := p.Renew(rand.Reader, []byte("word")); err == nil {
			t.Errorf("a new password with %s", name)
		}
	}
}

func BenchmarkProve(b *testing.B) {
	p := Params{Salt1: make([]byte, 40), Salt2: make([]byte, 16), G: dh.G, P: dh.Prime().Bytes()}
	c, err := p.Challenge(rand.Reader, p.Verifier([]byte("word")))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.Prove(rand.Reader, []byte("word"), c.B()); err != nil {
			b.Fatal(err)
		}
	}
}
