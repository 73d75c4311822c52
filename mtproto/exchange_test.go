package mtproto

import (
	"bytes"
	"context"
	"crypto/aes"
	crand "crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/crypto"
	"github.com/gotd/td/exchange"
	"github.com/gotd/td/mt"
	"github.com/gotd/td/proto"
	"github.com/gotd/td/transport"

	"tlsh/dh"
)

// testKey is made once a run: it costs some 100 ms.
var testKey = sync.OnceValue(func() PrivateKey {
	k, err := GeneratePrivateKey(crand.Reader)
	if err != nil {
		panic(err)
	}
	return k
})

func withKeys(s *Server) { s.Keys = []PrivateKey{testKey()} }

func TestExchange(t *testing.T) {
	store := &memStore{keys: map[int64]AuthKey{}}
	w := newWorld(t, func(s *Server) { withKeys(s); s.Store = store; s.DCs = []int{2} })
	var told Auth
	off := -3 * time.Hour
	change := func(c *Config) {
		c.Auth, c.DC, c.Keys = nil, 2, []PublicKey{testKey().Public()}
		c.OnAuth = func(a Auth) { told = a }
		c.Now = func() time.Time { return time.Now().Add(off) }
	}
	var tr traces
	c := w.connect(t, func(c *Config) { change(c); c.Trace = tr.add })
	echo(t, c, 1)
	if tr.frames() != 1 {
		t.Errorf("%d frames for one call: salt or time of the exchange were not used", tr.frames())
	}
	if !told.Key.Equal(c.Auth().Key) || told.Key.IsZero() {
		t.Error("OnAuth was not told the key")
	}
	if want := testKey().Public().Fingerprint(); told.Fingerprint != want || c.Auth().Fingerprint != want {
		t.Errorf("made with the RSA key %x, want %x", told.Fingerprint, want)
	}
	if d := (c.Auth().TimeOffset + off).Abs(); d > 2*time.Second {
		t.Errorf("time offset wrong by %v", d)
	}
	if k, _ := store.Load(told.Key.ID()); !k.Equal(told.Key) {
		t.Error("the server did not store the key")
	}
	// Another server that has the store knows the key.
	w2 := newWorld(t, func(s *Server) { s.Store = store })
	c2 := w2.connect(t, func(c *Config) { c.Auth = &told; c.Now = func() time.Time { return time.Now().Add(off) } })
	echo(t, c2, 2)
}

type memStore struct {
	mu   sync.Mutex
	keys map[int64]AuthKey
}

func (m *memStore) Load(id int64) (AuthKey, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys[id], nil
}

func (m *memStore) Save(k AuthKey, _ int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[k.ID()] = k
	return nil
}

func TestExchangeRefused(t *testing.T) {
	w := newWorld(t, func(s *Server) { withKeys(s); s.DCs = []int{2} })
	try := func(change func(*Config)) error {
		cfg := Config{Dial: w.dial, DC: 2, Keys: []PublicKey{testKey().Public()}}
		change(&cfg)
		c, err := Connect(context.Background(), cfg)
		if err == nil {
			c.Close()
		}
		return err
	}
	var te *TransportError
	var xe *ExchangeError
	if err := try(func(c *Config) { c.DC = 3 }); !errors.As(err, &te) || te.Code != 444 {
		t.Errorf("wrong data centre: %v", err)
	}
	if err := try(func(c *Config) { c.Keys = nil }); !errors.As(err, &xe) {
		t.Errorf("no keys: %v", err)
	}
	other, err := GeneratePrivateKey(crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := try(func(c *Config) { c.Keys = []PublicKey{other.Public()} }); !errors.As(err, &xe) || xe.Step != "resPQ" {
		t.Errorf("another key: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	cfg := Config{Dial: func(context.Context) (net.Conn, error) { return w.dial(context.Background()) }, Keys: []PublicKey{other.Public()}}
	if _, err := Connect(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

// gotd's client against our server: a key exchange (once: its search for the
// factors takes seconds), then a request in every framing.
func TestExchangeWithGotdClient(t *testing.T) {
	w := newWorld(t, func(s *Server) { withKeys(s); s.DCs = []int{2} })
	var r exchange.ClientExchangeResult
	for i, p := range []transport.Protocol{transport.PaddedIntermediate, transport.Abridged, transport.Intermediate, transport.Full} {
		t.Run([]string{"padded", "abridged", "intermediate", "full"}[i], func(t *testing.T) {
			nc, err := w.dial(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			conn, err := p.Handshake(nc)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				keys := []exchange.PublicKey{{RSA: testKey().pub.rsa}}
				r, err = exchange.NewExchanger(conn, 2).WithTimeout(time.Minute).Client(keys).Run(context.Background())
				if err != nil {
					t.Fatal(err)
				}
			}
			// One encrypted request over the same connection, sealed by gotd.
			cipher := crypto.NewClientCipher(crand.Reader)
			body := request(reqEcho, 42, 8)
			var b bin.Buffer
			id := int64(proto.NewMessageID(time.Now(), proto.MessageFromClient))
			if err := cipher.Encrypt(r.AuthKey, crypto.EncryptedMessageData{SessionID: int64(7 + i), Salt: r.ServerSalt, MessageID: id,
				SeqNo: 1, MessageDataLen: int32(len(body)), MessageDataWithPadding: body}, &b); err != nil {
				t.Fatal(err)
			}
			if err := conn.Send(context.Background(), &b); err != nil {
				t.Fatal(err)
			}
			if err := conn.Recv(context.Background(), &b); err != nil {
				t.Fatal(err)
			}
			m, err := cipher.DecryptFromBuffer(r.AuthKey, &b)
			if err != nil {
				t.Fatal(err)
			}
			var box proto.MessageContainer
			if err := box.Decode(&bin.Buffer{Buf: m.Data()}); err != nil || len(box.Messages) != 2 {
				t.Fatalf("container of %d: %v", len(box.Messages), err)
			}
			var hello mt.NewSessionCreated
			if err := hello.Decode(&bin.Buffer{Buf: box.Messages[0].Body}); err != nil || hello.FirstMsgID != id {
				t.Errorf("new_session_created: %v %v", hello, err)
			}
			var res proto.Result
			if err := res.Decode(&bin.Buffer{Buf: box.Messages[1].Body}); err != nil || res.RequestMessageID != id ||
				!bytes.Equal(res.Result, append(putID(nil, resEcho), body[4:]...)) {
				t.Errorf("rpc_result: %v %v", res, err)
			}
		})
	}
}

// Our client against gotd's server.
func TestExchangeWithGotdServer(t *testing.T) {
	for _, tr := range []Transport{Abridged, Intermediate, PaddedIntermediate, Full} {
		t.Run(tr.String(), func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			done := make(chan exchange.ServerExchangeResult, 1)
			go func() {
				defer close(done)
				conn, err := transport.Listen(ln).Accept()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				r, err := exchange.NewExchanger(conn, 4).Server(exchange.PrivateKey{RSA: testKey().rsa}).Run(context.Background())
				if err != nil {
					t.Error(err)
				}
				done <- r
			}()
			c, err := Connect(context.Background(), Config{
				Dial:      func(ctx context.Context) (net.Conn, error) { return net.Dial("tcp", ln.Addr().String()) },
				Transport: tr, DC: 4, Keys: []PublicKey{testKey().Public()},
			})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			r := <-done
			if !bytes.Equal(r.Key.Value[:], c.Auth().Key.Bytes()) || r.ServerSalt != c.Auth().Salt || r.Key.IntID() != c.Auth().Key.ID() {
				t.Error("the sides do not agree on key, id or salt")
			}
		})
	}
}

// The old padding, and inner data without a data centre, are taken too.
func TestExchangeOldPadding(t *testing.T) {
	s := &Server{Keys: []PrivateKey{testKey()}, DCs: []int{2}}
	for _, inner := range []uint32{idPQInner, idPQInnerDC, idPQInnerTemp, idPQInnerTempDC} {
		for _, old := range []bool{false, true} {
			x := &serverExchange{s: s}
			nonce := bytes.Repeat([]byte{7}, 16)
			answer, _, _, err := x.handle(append(putID(nil, idReqPQ), nonce...))
			if err != nil {
				t.Fatal(err)
			}
			serverNonce := answer[20:36]
			p, q, err := factor(context.Background(), x.pq)
			if err != nil {
				t.Fatal(err)
			}
			b := putID(nil, inner)
			for _, v := range []uint64{x.pq, p, q} {
				b = putBytes(b, minimal(v))
			}
			b = append(append(append(b, nonce...), serverNonce...), make([]byte, 32)...)
			if inner == idPQInnerDC || inner == idPQInnerTempDC {
				b = putInt(b, 10002) // test data centre 2
			}
			if inner == idPQInnerTemp || inner == idPQInnerTempDC {
				b = putInt(b, 86400)
			}
			var sealed []byte
			if old {
				sealed, err = crypto.RSAEncryptHashed(b, testKey().pub.rsa, crand.Reader)
			} else {
				sealed, err = crypto.RSAPad(b, testKey().pub.rsa, crand.Reader)
			}
			if err != nil {
				t.Fatal(err)
			}
			m := append(append(putID(nil, idReqDHParams), nonce...), serverNonce...)
			m = putBytes(putBytes(m, minimal(p)), minimal(q))
			if _, _, _, err := x.handle(putBytes(putLong(m, testKey().Fingerprint()), sealed)); err != nil {
				t.Errorf("%08x, old padding %v: %v", inner, old, err)
			}
		}
	}
}

func TestFactor(t *testing.T) {
	ctx := context.Background()
	for range 50 {
		pq, err := makePQ(crand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		p, q, err := factor(ctx, pq)
		if err != nil || p >= q || p*q != pq {
			t.Fatalf("%d = %d * %d, %v", pq, p, q, err)
		}
	}
	for pq, want := range map[uint64]uint64{6: 2, 15: 3, 0x17ED48941A08F981: 0x494C553B, 2 * 2147483647: 2, 3 * 1000000007: 3} {
		if p, q, err := factor(ctx, pq); err != nil || p != want || p*q != pq {
			t.Errorf("%d = %d * %d, %v", pq, p, q, err)
		}
	}
	big63 := uint64(9223372036854775783) // the largest prime below 2^63
	for _, bad := range []uint64{0, 1, 2, 3, 4, 5, 7, 9, 30, 8, 2147483647 * 2147483647, big63, 1 << 62, 1 << 63, 1<<64 - 1, 3 * 5 * 7 * 11} {
		if p, q, err := factor(ctx, bad); err == nil {
			t.Errorf("%d = %d * %d, want an error", bad, p, q)
		}
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := factor(canceled, 0x17ED48941A08F981); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

// lie is a server for one key exchange that lies where change says.
type lie struct {
	pq       []byte
	nonce    bool // resPQ with another nonce
	prints   []int64
	fail     bool // server_DH_params_fail
	g        int32
	prime    []byte
	gA       []byte
	inner    bool // inner data with another nonce
	garble   bool // the answer's hash does not match
	nonces   bool // dh_gen with another server_nonce
	gen      uint32
	hash     bool // dh_gen with another hash
	retries  int  // dh_gen_retry so many times first
	silent   int  // say nothing from this step on
	trailing bool // more padding than 15 bytes
}

func (l lie) serve(nc net.Conn) error {
	defer nc.Close()
	f, _, err := sniff(nc, Limits{}.withDefaults(), crand.Reader)
	if err != nil {
		return err
	}
	s := &Server{Keys: []PrivateKey{testKey()}}
	x := &serverExchange{s: s}
	ids := idGen{}
	next := func(step int) (*reader, error) {
		p, err := f.read()
		if err != nil {
			return nil, err
		}
		if l.silent == step {
			io.Copy(io.Discard, nc)
			return nil, io.EOF
		}
		body, err := plainBody(p, false)
		return &reader{b: body}, err
	}
	send := func(b []byte) error {
		_, err := f.write(putPlain(ids.next(time.Now(), lowResponse), b))
		return err
	}
	r, err := next(1)
	if err != nil {
		return err
	}
	r.uint32()
	x.nonce = r.int128()
	crand.Read(x.serverNonce[:])
	x.pq = 0x17ED48941A08F981
	pq := minimal(x.pq)
	if l.pq != nil {
		pq = l.pq
	}
	nonce := x.nonce
	nonce[3] ^= byte(b2i(l.nonce))
	prints := []int64{5, testKey().Fingerprint()}
	if l.prints != nil {
		prints = l.prints
	}
	send(putLongs(putBytes(append(append(putID(nil, idResPQ), nonce[:]...), x.serverNonce[:]...), pq), prints))
	if r, err = next(2); err != nil {
		return err
	}
	r.uint32()
	x.nonces(r)
	r.bytes()
	r.bytes()
	r.int64()
	if err := x.openInner(r.bytes(), testKey()); err != nil {
		return err
	}
	if l.fail {
		b := append(append(putID(nil, idServerDHFail), x.nonce[:]...), x.serverNonce[:]...)
		return send(append(b, make([]byte, 16)...))
	}
	x.prime = dh.Prime()
	secret, gA, err := dhSecret(crand.Reader, dh.G, x.prime)
	if err != nil {
		return err
	}
	g, prime, public, at := int32(dh.G), x.prime.Bytes(), gA.Bytes(), int32(time.Now().Unix())
	if l.g != 0 {
		g = l.g
	}
	if l.prime != nil {
		prime = l.prime
	}
	if l.gA != nil {
		public = l.gA
	}
	nonce = x.nonce
	nonce[3] ^= byte(b2i(l.inner))
	inner := append(append(putID(nil, idServerDHInner), nonce[:]...), x.serverNonce[:]...)
	inner = putInt(putBytes(putBytes(putInt(inner, g), prime), public), at)
	x.temp = newTempCipher(x.newNonce, x.serverNonce)
	answer, err := x.temp.seal(crand.Reader, inner)
	if err != nil {
		return err
	}
	if l.trailing {
		sum := sha1.Sum(inner)
		answer = append(sum[:], inner...)
		answer = append(answer, make([]byte, -len(answer)&15+16)...)
		block, err := aes.NewCipher(x.temp.key[:])
		if err != nil {
			return err
		}
		igeEncrypt(block, &x.temp.iv, answer)
	}
	if l.garble {
		answer[len(answer)-40] ^= 1
	}
	send(putBytes(append(append(putID(nil, idServerDHOK), x.nonce[:]...), x.serverNonce[:]...), answer))
	for try := 0; ; try++ {
		if r, err = next(3); err != nil {
			return err
		}
		r.uint32()
		x.nonces(r)
		var retry [8]byte
		var gB []byte
		if err := x.temp.open(r.bytes(), func(r *reader) {
			r.uint32()
			x.nonces(r)
			copy(retry[:], r.take(8))
			gB = r.bytes()
		}); err != nil {
			return err
		}
		if retry != x.retry {
			return errors.New("retry_id is wrong")
		}
		key, err := dhKey(new(big.Int).SetBytes(gB), secret, x.prime)
		if err != nil {
			return err
		}
		gen, number := uint32(idDHGenOK), byte(1)
		if try < l.retries {
			gen, number = idDHGenRetry, 2
			x.retry = key.auxHash()
		}
		if l.gen != 0 {
			gen, number = l.gen, 3
		}
		b := x.verdict(gen, number, key)
		if l.nonces {
			b[20] ^= 1
		}
		if l.hash {
			b[36] ^= 1
		}
		if send(b); gen != idDHGenRetry {
			return nil
		}
	}
}

// Whatever a server lies about in the key exchange is found at its step.
func TestExchangeLies(t *testing.T) {
	composite := dh.Prime()
	composite.Sub(composite, big.NewInt(4)) // of the right size, g allowed, not prime
	small, _ := crand.Prime(crand.Reader, 1024)
	minusOne := new(big.Int).Sub(dh.Prime(), big.NewInt(1))
	for name, c := range map[string]struct {
		lie  lie
		step string // "": the exchange succeeds
	}{
		"nothing":           {lie{}, ""},
		"retry twice":       {lie{retries: 2}, ""},
		"retry for ever":    {lie{retries: 1000}, "dh_gen_ok set_client_DH_params"},
		"pq 0":              {lie{pq: []byte{0}}, "resPQ"},
		"pq 1":              {lie{pq: []byte{1}}, "resPQ"},
		"pq prime":          {lie{pq: new(big.Int).SetUint64(9223372036854775783).Bytes()}, "resPQ"},
		"pq of 100 bits":    {lie{pq: make100bits()}, "resPQ"},
		"nonce":             {lie{nonce: true}, "resPQ"},
		"unknown key":       {lie{prints: []int64{1, 2}}, "resPQ"},
		"no key":            {lie{prints: []int64{}}, "resPQ"},
		"fail":              {lie{fail: true}, "server_DH_params"},
		"g 1":               {lie{g: 1}, "server_DH_inner_data"},
		"g 2 no residue":    {lie{g: 8}, "server_DH_inner_data"},
		"prime composite":   {lie{prime: composite.Bytes()}, "server_DH_inner_data"},
		"prime small":       {lie{prime: small.Bytes()}, "server_DH_inner_data"},
		"g_a 1":             {lie{gA: []byte{1}}, "server_DH_inner_data"},
		"g_a prime-1":       {lie{gA: minusOne.Bytes()}, "server_DH_inner_data"},
		"inner nonce":       {lie{inner: true}, "server_DH_inner_data"},
		"inner hash":        {lie{garble: true}, "server_DH_inner_data"},
		"inner padding":     {lie{trailing: true}, "server_DH_inner_data"},
		"server_nonce":      {lie{nonces: true}, "dh_gen_ok"},
		"hash":              {lie{hash: true}, "dh_gen_ok"},
		"dh_gen_fail":       {lie{gen: idDHGenFail}, "dh_gen_ok"},
		"another answer":    {lie{gen: idPong}, "dh_gen_ok"},
		"silent at first":   {lie{silent: 1}, "req_pq_multi"},
		"silent in between": {lie{silent: 2}, "req_DH_params"},
		"silent at last":    {lie{silent: 3}, "set_client_DH_params"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			served := make(chan error, 1)
			go func() {
				nc, err := ln.Accept()
				if err == nil {
					err = c.lie.serve(nc)
				}
				served <- err
			}()
			limits := Limits{Handshake: 20 * time.Second}
			if c.lie.silent > 0 {
				limits.Handshake = 300 * time.Millisecond
			}
			conn, err := Connect(context.Background(), Config{
				Dial: func(ctx context.Context) (net.Conn, error) { return net.Dial("tcp", ln.Addr().String()) },
				DC:   2, Keys: []PublicKey{testKey().Public()}, Limits: limits,
			})
			if err == nil {
				conn.Close()
			}
			server := <-served
			var xe *ExchangeError
			switch {
			case c.step == "" && err != nil:
				t.Errorf("client: %v; server: %v", err, server)
			case c.step != "" && (!errors.As(err, &xe) || !strings.Contains(c.step, xe.Step)):
				t.Errorf("client: %v, want an error at %s", err, c.step)
			}
		})
	}
}

// make100bits is a pq too long by bits above a good one.
func make100bits() []byte { return append([]byte{8, 0, 0, 0, 0}, minimal(0x17ED48941A08F981)...) }

// The server draws again when the key's id belongs to another key.
func TestExchangeServerRetries(t *testing.T) {
	taken := &takenStore{refuse: 2}
	w := newWorld(t, func(s *Server) { withKeys(s); s.Store = taken })
	c := w.connect(t, func(c *Config) { c.Auth, c.Keys = nil, []PublicKey{testKey().Public()} })
	echo(t, c, 1)
	if taken.refuse != 0 {
		t.Errorf("%d retries left", taken.refuse)
	}
}

// takenStore pretends for the first ids that they are taken.
type takenStore struct {
	mu     sync.Mutex
	refuse int
}

func (s *takenStore) Load(id int64) (AuthKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse > 0 {
		s.refuse--
		return GenerateAuthKey(crand.Reader)
	}
	return AuthKey{}, nil
}

func (s *takenStore) Save(AuthKey, int) error { return nil }

func TestKeysHideAndParse(t *testing.T) {
	key, err := GenerateAuthKey(crand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := Auth{Key: key}
	secret := hexOf(key.Bytes()[:16])
	for _, s := range printed(key, auth, &auth, Config{Auth: &auth}, testKey(), []PrivateKey{testKey()}) {
		if strings.Contains(strings.ToLower(s), secret) || strings.Contains(s, testKey().rsa.D.String()) {
			t.Errorf("a secret was printed: %.80s…", s)
		}
	}
	back, err := NewAuthKey(key.Bytes())
	if err != nil || !back.Equal(key) || back.ID() != key.ID() {
		t.Error("key does not survive storing")
	}
	for _, bad := range [][]byte{nil, make([]byte, 255), make([]byte, 256)} {
		if _, err := NewAuthKey(bad); err == nil {
			t.Errorf("%d bytes taken as a key", len(bad))
		}
	}
	pubs, err := ParsePublicKeys(append(testKey().Public().PEM(), testKey().Public().PEM()...))
	if err != nil || len(pubs) != 2 || pubs[1].Fingerprint() != testKey().Fingerprint() {
		t.Errorf("public keys: %v %v", pubs, err)
	}
	priv, err := ParsePrivateKey(testKey().PEM())
	if err != nil || priv.Fingerprint() != testKey().Fingerprint() {
		t.Errorf("private key: %v %v", priv, err)
	}
	for _, bad := range []string{"", "nonsense", "-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----\n"} {
		if _, err := ParsePublicKeys([]byte(bad)); err == nil {
			t.Errorf("%q taken as public keys", bad)
		}
		if _, err := ParsePrivateKey([]byte(bad)); err == nil {
			t.Errorf("%q taken as a private key", bad)
		}
	}
	if _, err := NewPublicKey(&rsa.PublicKey{N: big.NewInt(77), E: 65537}); err == nil {
		t.Error("a modulus of 7 bits was taken")
	}
}

// What a client lies about in the key exchange, the server refuses.
func TestExchangeServerRefuses(t *testing.T) {
	type client struct {
		nonce, serverNonce [16]byte
		newNonce           [32]byte
		pq, p, q           uint64
		temp               tempCipher
	}
	begin := func(t *testing.T) (*serverExchange, *client) {
		x := &serverExchange{s: &Server{Keys: []PrivateKey{testKey()}}}
		c := &client{}
		crand.Read(c.nonce[:])
		crand.Read(c.newNonce[:])
		answer, _, _, err := x.handle(append(putID(nil, idReqPQMulti), c.nonce[:]...))
		if err != nil {
			t.Fatal(err)
		}
		copy(c.serverNonce[:], answer[20:])
		c.pq = x.pq
		if c.p, c.q, err = factor(context.Background(), c.pq); err != nil {
			t.Fatal(err)
		}
		return x, c
	}
	ask := func(x *serverExchange, c *client, change func(inner []byte) []byte) error {
		b := putID(nil, idPQInner)
		for _, v := range []uint64{c.pq, c.p, c.q} {
			b = putBytes(b, minimal(v))
		}
		b = append(append(append(b, c.nonce[:]...), c.serverNonce[:]...), c.newNonce[:]...)
		sealed, err := crypto.RSAPad(change(b), testKey().pub.rsa, crand.Reader)
		if err != nil {
			return err
		}
		m := append(append(putID(nil, idReqDHParams), x.nonce[:]...), x.serverNonce[:]...)
		m = putBytes(putBytes(m, minimal(c.p)), minimal(c.q))
		_, _, _, err = x.handle(putBytes(putLong(m, testKey().Fingerprint()), sealed))
		c.temp = newTempCipher(c.newNonce, c.serverNonce)
		return err
	}
	same := func(b []byte) []byte { return b }
	set := func(x *serverExchange, c *client, retry int64, gB []byte, nonce [16]byte) error {
		inner := append(append(putID(nil, idClientDHInner), nonce[:]...), c.serverNonce[:]...)
		sealed, err := c.temp.seal(crand.Reader, putBytes(putLong(inner, retry), gB))
		if err != nil {
			return err
		}
		m := append(append(putID(nil, idSetClientDHParams), c.nonce[:]...), c.serverNonce[:]...)
		_, key, _, err := x.handle(putBytes(m, sealed))
		if err == nil && key.IsZero() {
			return errors.New("no key")
		}
		return err
	}
	_, gB, err := dhSecret(crand.Reader, dh.G, dh.Prime())
	if err != nil {
		t.Fatal(err)
	}
	minusOne := new(big.Int).Sub(dh.Prime(), big.NewInt(1)).Bytes()
	for name, try := range map[string]func(x *serverExchange, c *client) error{
		"nothing": func(x *serverExchange, c *client) error {
			if err := ask(x, c, same); err != nil {
				return err
			}
			if err := set(x, c, 0, gB.Bytes(), c.nonce); err != nil {
				return err
			}
			return errors.New("as it should be")
		},
		"factors":     func(x *serverExchange, c *client) error { c.p, c.q = c.p+2, c.q-2; return ask(x, c, same) },
		"one factor":  func(x *serverExchange, c *client) error { c.p, c.q = 1, c.pq; return ask(x, c, same) },
		"swapped":     func(x *serverExchange, c *client) error { c.p, c.q = c.q, c.p; return ask(x, c, same) },
		"another pq":  func(x *serverExchange, c *client) error { c.pq, c.p, c.q = 15, 3, 5; return ask(x, c, same) },
		"inner nonce": func(x *serverExchange, c *client) error { c.nonce[0] ^= 1; return ask(x, c, same) },
		"inner server_nonce": func(x *serverExchange, c *client) error {
			c.serverNonce[0] ^= 1
			return ask(x, c, same)
		},
		"inner cut": func(x *serverExchange, c *client) error { return ask(x, c, func(b []byte) []byte { return b[:8] }) },
		"inner id": func(x *serverExchange, c *client) error {
			return ask(x, c, func(b []byte) []byte { b[0] ^= 1; return b })
		},
		"dh at once": func(x *serverExchange, c *client) error { return set(x, c, 0, gB.Bytes(), c.nonce) },
		"g_b 1": func(x *serverExchange, c *client) error {
			return errors.Join(ask(x, c, same), set(x, c, 0, []byte{1}, c.nonce))
		},
		"g_b prime-1": func(x *serverExchange, c *client) error {
			return errors.Join(ask(x, c, same), set(x, c, 0, minusOne, c.nonce))
		},
		"retry_id": func(x *serverExchange, c *client) error {
			return errors.Join(ask(x, c, same), set(x, c, 7, gB.Bytes(), c.nonce))
		},
		"client inner nonce": func(x *serverExchange, c *client) error {
			other := c.nonce
			other[0] ^= 1
			return errors.Join(ask(x, c, same), set(x, c, 0, gB.Bytes(), other))
		},
		"twice": func(x *serverExchange, c *client) error {
			return errors.Join(ask(x, c, same), set(x, c, 0, gB.Bytes(), c.nonce), set(x, c, 0, gB.Bytes(), c.nonce))
		},
	} {
		x, c := begin(t)
		if err := try(x, c); err == nil {
			t.Errorf("%s: taken", name)
		} else if name == "nothing" && err.Error() != "as it should be" {
			t.Errorf("a good client was refused: %v", err)
		}
	}
	for _, bad := range [][]byte{nil, {1}, putID(nil, idPong), putID(nil, idReqPQ), putID(nil, idReqDHParams), putID(nil, idSetClientDHParams)} {
		x, _ := begin(t)
		if _, _, _, err := x.handle(bad); err == nil {
			t.Errorf("%x: taken", bad)
		}
	}
}
