package mtproto

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/gotd/td/bin"
	"github.com/gotd/td/proto"
)

func TestContainerAgainstGotd(t *testing.T) {
	want := []message{{4, 1, make([]byte, 4)}, {8, 2, bytes.Repeat([]byte{7}, 400)}}
	var b bin.Buffer
	theirs := proto.MessageContainer{}
	for _, m := range want {
		theirs.Messages = append(theirs.Messages, proto.Message{ID: m.id, SeqNo: int(m.seqno), Bytes: len(m.body), Body: m.body})
	}
	if err := theirs.Encode(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Buf, box(want...)) {
		t.Error("containers differ")
	}
	got, err := unpack(nil, b.Buf)
	if err != nil || len(got) != 2 || got[1].id != 8 || got[1].seqno != 2 || !bytes.Equal(got[1].body, want[1].body) {
		t.Errorf("%v %v", got, err)
	}
}

func TestUnzip(t *testing.T) {
	body := bytes.Repeat([]byte("abcd"), 5000)
	var z zipper
	packed := z.pack(body, 100)
	if packed == nil || len(packed) >= len(body) {
		t.Fatal("not packed")
	}
	var theirs proto.GZIP
	if err := theirs.Decode(&bin.Buffer{Buf: bytes.Clone(packed)}); err != nil || !bytes.Equal(theirs.Data, body) {
		t.Errorf("gotd unpacked %d bytes: %v", len(theirs.Data), err)
	}
	for _, limit := range []int{len(body), len(body) - 1} {
		got, err := Unzip(packed, limit)
		if ok := limit >= len(body); ok != (err == nil) || ok && !bytes.Equal(got, body) {
			t.Errorf("limit %d: %d bytes, %v", limit, len(got), err)
		}
	}
	if got, err := Unzip(body, 1); err != nil || !bytes.Equal(got, body) {
		t.Error("what is not packed was changed")
	}
	random := make([]byte, 5000)
	crand.Read(random)
	for _, b := range [][]byte{random, make([]byte, 96)} {
		if z.pack(b, 100) != nil {
			t.Errorf("%d bytes packed", len(b))
		}
	}
	if z.pack(body, -1) != nil {
		t.Error("packed though switched off")
	}
}

func TestIDs(t *testing.T) {
	var g idGen
	at := time.Unix(1700000000, 999999999)
	last := int64(0)
	for i := range 10000 {
		low := []int64{lowClient, lowResponse, lowServer}[i%3]
		id := g.next(at, low)
		if id <= last || id&3 != low {
			t.Fatalf("%d after %d, low bits %d", id, last, low)
		}
		last = id
		if d := idTime(id).Sub(at).Abs(); d > time.Millisecond {
			t.Fatalf("%v off", d)
		}
		if i%100 == 0 {
			at = at.Add(-time.Microsecond) // a clock that goes back
		}
	}
}

// The window against a plain model: everything in any order, once.
func TestWindow(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := window{size: 50}
		var all []int64 // accepted, sorted
		for range 3000 {
			id := int64(len(all)/2) + r.Int64N(100)
			has := slices.Contains(all, id)
			old := w.old(id)
			if got := w.add(id, 0, 0); got != (!has && !old) {
				t.Fatalf("add(%d) = %v; there: %v, old: %v", id, got, has, old)
			}
			if old && len(all) >= 50 && id > all[len(all)-50] {
				t.Fatalf("%d refused as old within the last 50", id)
			}
			if !has && !old {
				all = append(all, id)
				slices.Sort(all)
			}
			if !w.old(id) && w.get(id) == nil {
				t.Fatalf("%d forgotten", id)
			}
		}
	}
}

// FuzzMessage gives any bytes, under a good key, to a client and to a server
// with a request in flight.
func FuzzMessage(f *testing.F) {
	pushed := func(n int) []byte { return request(0x77777777, n, 0) }
	for _, b := range [][]byte{
		nil, pushed(1), result(4, putID(nil, resEcho)), result(4, rpcErr(400, "X")), result(4, zipped(pushed(1))), zipped(pushed(1)),
		box(message{8, 1, pushed(1)}, message{12, 0, putAck(nil, []int64{4, 8})}), putContainerHead(nil, 1<<20),
		zipped(box(message{8, 1, pushed(1)})), putLong(putLong(putLong(putID(nil, idNewSession), 4), 1), 2),
		putInt(putInt(putLong(putID(nil, idBadMsg), 4), 1), 16), putInt(putInt(putLong(putID(nil, idBadMsg), 4), 1), 64),
		putLong(putInt(putInt(putLong(putID(nil, idBadSalt), 4), 1), 48), 7), putLongs(putID(nil, idMsgsStateReq), []int64{4, 1}),
		putInt(putInt(putLong(putID(nil, idMsgDetailed), 4), 8), 0), putInt(putInt(putLong(putID(nil, idFutureSalts), 4), 0), 1<<30),
		putLong(putID(nil, idPing), 1), putInt(putLong(putID(nil, idPingDelay), 1), 60), putInt(putID(nil, idGetFutureSalts), 1<<30),
		putLongs(putID(nil, idMsgResendReq), []int64{4}), putLong(putID(nil, idDropAnswer), 4), putLong(putID(nil, idDestroySession), 4),
		append(putLong(putID(nil, idInvokeAfterMsg), 4), pushed(1)...), putID(nil, idInvokeAfterMsg),
		append(putLong(putID(nil, idInvokeAfterMsg), 4), zipped(pushed(1))...),
	} {
		f.Add(b, int32(1), false)
		f.Add(b, int32(0), true)
	}
	value := bytes.Repeat([]byte{5}, 256)
	key, err := NewAuthKey(value)
	if err != nil {
		f.Fatal(err)
	}
	at := time.Unix(1700000000, 0)
	now := func() time.Time { return at }
	f.Fuzz(func(t *testing.T, body []byte, seqno int32, server bool) {
		body = bytes.Clone(body[:len(body)&^3])
		var g idGen
		if server {
			s := &Server{Handler: HandlerFunc(func(_ context.Context, x *ServerSession, id int64, b []byte) ([]byte, error) {
				if len(b) > 8 {
					return nil, ErrLater
				}
				return putID(nil, resEcho), nil
			}), Now: now, Rand: crand.Reader, limits: Limits{UnzippedBytes: 1 << 16}.withDefaults()}
			k := s.addKey(key)
			c := &serverConn{s: s, key: k, f: &framer{conn: &wire{in: bytes.NewReader(nil)}, maxIn: 1 << 20}}
			h := header{salt: k.salt(at), session: 1, msgID: g.next(at, lowClient), seqno: seqno}
			for range 2 {
				if err := c.receive(context.Background(), h, body); err != nil {
					t.Fatalf("a client's message ended the connection: %v", err)
				}
				if err := c.flush(); err != nil {
					t.Fatal(err)
				}
				h.msgID = g.next(at, lowClient)
				h.seqno += 2
			}
			for _, x := range s.Sessions(key.ID()) { // no timer is left behind
				for id := range x.waiting {
					x.mu.Lock()
					x.released(id)
					x.mu.Unlock()
				}
			}
			return
		}
		cfg := Config{Now: now, Rand: crand.Reader, Limits: Limits{UnzippedBytes: 1 << 16}}.withDefaults()
		c := &Conn{cfg: cfg, key: key.secret, wake: make(chan struct{}, 1), done: make(chan struct{}), began: now()}
		c.s = session{id: 1, auth: Auth{Key: key}, limit: 100, pending: map[int64]*call{}, asleep: map[*call]struct{}{}, chains: map[*chain]struct{}{}}
		c.in.seen.size = 1000
		c.ups.init(cfg.Limits)
		b := newBatch(1)
		k := &b.calls[0]
		k.body, k.session = request(reqEcho, 1, 0), 1
		k.state, k.msgID, k.top = callFlying, 4, 4
		c.s.pending[4] = k
		s := newSealer(key.secret, fromServer, crand.Reader)
		c.in.open = newSealer(key.secret, fromServer, nil)
		for range 2 {
			if err := c.receive(sealed(t, s, header{session: 1, msgID: g.next(at, lowServer), seqno: seqno}, body)); err != nil {
				return
			}
		}
		if k.state == callFinished && k.outcome.State == Done && len(k.outcome.Body) == 0 && len(body) > 12 {
			t.Errorf("an empty result of %x", body)
		}
	})
}
