package sandbox

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tlsh/mtproto"
	"tlsh/schema"
	"tlsh/tl"
)

// raw sends bytes as they are and gives the answer or its error.
func (c *client) raw(body []byte) (string, error) {
	res, err := c.conn.Call(c.lab.t.Context(), body)
	if err != nil {
		return rpcError(err), err
	}
	return fmt.Sprintf("%08x", leading(res)), nil
}

func encode(t testing.TB, o *tl.Object) []byte {
	t.Helper()
	b, err := tl.Encode(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bare connects without wrapping the first call.
func (l *lab) bare(name string) *client {
	l.t.Helper()
	auth, err := l.SignIn(name)
	if err != nil {
		l.t.Fatal(err)
	}
	c := l.connect(mtproto.Config{Auth: &auth, Initialized: true, Wrap: func(q []byte) []byte { return bytes.Clone(q) }})
	c.who, _ = l.world.lookup(name)
	return c
}

func TestWrappers(t *testing.T) {
	l := newLab(t, Config{})
	s := l.schema
	dc := encode(t, tl.New(s.Method("help.getNearestDc")))
	answer := fmt.Sprintf("%08x", s.Constructor("nearestDc").ID)
	layer := int32(s.Layer)
	zipped := func(b []byte) []byte {
		var buf bytes.Buffer
		w := gzip.NewWriter(&buf)
		w.Write(b)
		w.Close()
		return encode(t, tl.New(schema.MTProto().Constructor("gzip_packed")).With("packed_data", tl.Bytes(buf.Bytes())))
	}
	c1 := l.bare("@sam") // one connection, so that an initConnection holds for what comes after it
	for _, c := range []struct {
		name string
		body []byte
		want string
	}{
		{"a first call that is not wrapped", dc, "400 CONNECTION_NOT_INITED"},
		{"a layer alone does not say who calls", append(binary.LittleEndian.AppendUint32(encodeID(t, s, "invokeWithLayer"), uint32(layer)), dc...), "400 CONNECTION_NOT_INITED"},
		{"another layer", wrapper(s, layer-1)(dc), "400 CONNECTION_LAYER_INVALID"},
		{"initConnection without a layer", wrapper(s, layer)(dc)[8:], "400 CONNECTION_LAYER_INVALID"},
		{"a truncated initConnection", wrapper(s, layer)(nil)[:20], "400 INPUT_FETCH_ERROR"},
		{"as it should be", wrapper(s, layer)(dc), answer},
		{"later calls are bare", dc, answer},
		{"packed inside", wrapper(s, layer)(zipped(dc)), answer},
		{"without updates", append(encodeID(t, s, "invokeWithoutUpdates"), dc...), answer},
		{"a takeout that there is not", append(append(encodeID(t, s, "invokeWithTakeout"), 1, 0, 0, 0, 0, 0, 0, 0), dc...), "400 TAKEOUT_INVALID"},
		{"a wrapper that is not simulated", append(append(encodeID(t, s, "invokeWithBusinessConnection"), 1, 'x', 0, 0), dc...), "501 SANDBOX_METHOD_NOT_SIMULATED"},
		{"no method of the layer", []byte{1, 2, 3, 4}, "400 INPUT_METHOD_INVALID_67305985_0"},
		{"a constructor", encodeID(t, s, "inputPeerSelf"), fmt.Sprintf("400 INPUT_METHOD_INVALID_%d_0", s.Constructor("inputPeerSelf").ID)},
		{"an unknown constructor inside", append(append(encodeID(t, s, "messages.readHistory"), 1, 2, 3, 4), 0, 0, 0, 0), "400 INPUT_CONSTRUCTOR_INVALID_67305985_0"},
		{"too few bytes", encodeID(t, s, "messages.readHistory"), "400 INPUT_FETCH_ERROR"},
		{"too many bytes", append(slices.Clone(dc), 0, 0, 0, 0), "400 INPUT_FETCH_ERROR"},
		{"wrappers without end", append(slices.Repeat(encodeID(t, s, "invokeWithoutUpdates"), 20), dc...), "400 INPUT_FETCH_ERROR"},
		{"not simulated", encodeID(t, s, "payments.getStarsTopupOptions"), "501 SANDBOX_METHOD_NOT_SIMULATED"},
	} {
		if got, _ := c1.raw(c.body); got != c.want {
			t.Errorf("%s: want %s, got %s", c.name, c.want, got)
		}
	}
}

func encodeID(t testing.TB, s *schema.Schema, name string) []byte {
	t.Helper()
	def := s.Method(name)
	if def == nil {
		def = s.Constructor(name)
	}
	if def == nil {
		t.Fatalf("no %s", name)
	}
	return binary.LittleEndian.AppendUint32(nil, def.ID)
}

// TestWithoutUpdates: a session whose requests are all wrapped in
// invokeWithoutUpdates gets none.
func TestWithoutUpdates(t *testing.T) {
	l := newLab(t, Config{})
	deaf := l.bare("@alice")
	layer := int32(l.schema.Layer)
	body := wrapper(l.schema, layer)(append(encodeID(t, l.schema, "invokeWithoutUpdates"), encodeID(t, l.schema, "updates.getState")...))
	if got, err := deaf.raw(body); err != nil {
		t.Fatal(got)
	}
	sam := l.as("@sam")
	sam.do("messages.sendMessage peer=@alice message=one")
	select {
	case v := <-deaf.pushed:
		t.Errorf("pushed: %s", show(v))
	default:
	}
	deaf.do("updates.getState")
	sam.do("messages.sendMessage peer=@alice message=two")
	want(t, deaf.next(), ".updates[0].message.message", `"two"`)
}

func TestConfig(t *testing.T) {
	l := newLab(t, Config{DC: 4})
	sam := l.as("@sam")
	res := sam.do("help.getConfig")
	want(t, res, ".this_dc", "4", ".dc_options[3].id", "4", ".dc_options[0].ip_address", `"127.0.0.1"`, ".message_length_max", "4096",
		".test_mode", "false", ".expires", "1772823600")
	if addr := fmt.Sprintf("127.0.0.1:%s", show(at(t, res, ".dc_options[0].port"))); addr != l.addr {
		t.Errorf("want %s, got %s", l.addr, addr)
	}
	want(t, sam.do("help.getNearestDc"), "", `nearestDc(country="XX" this_dc=4 nearest_dc=4)`)
}

func TestSignInAll(t *testing.T) {
	key, err := mtproto.GeneratePrivateKey(cryptoRand)
	if err != nil {
		t.Fatal(err)
	}
	l := newLab(t, Config{Keys: []mtproto.PrivateKey{key}, SignInAll: "@bob"})
	c := l.connect(mtproto.Config{Keys: []mtproto.PublicKey{key.Public()}})
	want(t, c.do("users.getUsers id=[inputUserSelf]"), "[0].first_name", `"Bob"`)
	if _, err := New(Config{SignInAll: "@bobb"}); err == nil || !strings.Contains(err.Error(), "did you mean @bob?") {
		t.Errorf("SignInAll of nobody: %v", err)
	}
}

func TestNames(t *testing.T) {
	l := newLab(t, Config{})
	for ref, id := range map[string]int64{"": 1001, "me": 1001, "@alice": 1002, "ALICE": 1002, "1003": 1003} {
		auth, err := l.SignIn(ref)
		if err != nil {
			t.Errorf("%q: %v", ref, err)
			continue
		}
		if got := l.logins[auth.Key.ID()].person.id; got != id {
			t.Errorf("%q: want %d, got %d", ref, id, got)
		}
	}
	for ref, want := range map[string]string{"@alise": "did you mean @alice?", "zzz": "there are @sam, @alice", "@harbour_news": "there are @sam", "-2001": "there are @sam"} {
		if _, err := l.SignIn(ref); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want %q, got %v", ref, want, err)
		}
	}
	if n := len(l.Methods()); n != len(methods()) || !slices.IsSorted(l.Methods()) {
		t.Errorf("%d methods: %v", n, l.Methods())
	}
	for _, m := range l.Methods() {
		if l.schema.Method(m) == nil {
			t.Errorf("the schema has no %s", m)
		}
		for heeds := l.methods[m].heeds; heeds != ""; {
			var name string
			if name, heeds = cut(heeds); l.schema.Method(m).Param(name) == nil || !l.schema.Method(m).Param(name).Optional() {
				t.Errorf("%s has no optional parameter %s", m, name)
			}
		}
	}
}

func TestListen(t *testing.T) {
	for _, bad := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "127.0.0.1", "example.com:1", "[::]:0"} {
		ln, err := Listen(t.Context(), bad)
		if err == nil {
			ln.Close()
			t.Errorf("%s: want an error", bad)
		}
	}
	for _, good := range []string{"127.0.0.1:0", "localhost:0"} {
		ln, err := Listen(t.Context(), good)
		if err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		ln.Close()
	}
}

// TestLatency: a slow network changes the order of nothing.
func TestLatency(t *testing.T) {
	l := newLab(t, Config{Faults: Faults{Latency: 3 * time.Millisecond}})
	sam, alice := l.as("@sam"), l.as("@alice")
	var bodies [][]byte
	for i := range 20 {
		bodies = append(bodies, encode(t, sam.bind(fmt.Sprintf("messages.sendMessage peer=@alice message=m%d", i))))
	}
	out, err := sam.conn.Batch(t.Context(), bodies, false)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range out {
		if o.Err != nil {
			t.Errorf("%d: %v", i, o.Err)
		}
		want(t, alice.next(), ".updates[0].message.message", fmt.Sprintf("%q", fmt.Sprint("m", i)))
	}
}

// TestUnknownKey: who comes with a key that is not known here is told so, over
// a slow network too.
func TestUnknownKey(t *testing.T) {
	for _, latency := range []time.Duration{0, time.Millisecond} {
		l := newLab(t, Config{Faults: Faults{Latency: latency}})
		key, err := mtproto.GenerateAuthKey(cryptoRand)
		if err != nil {
			t.Fatal(err)
		}
		c := l.connect(mtproto.Config{Auth: &mtproto.Auth{Key: key}})
		_, err = c.raw(encodeID(t, l.schema, "help.getConfig"))
		var te *mtproto.TransportError
		if !errors.As(err, &te) || te.Code != 404 {
			t.Errorf("latency %v: want the transport error 404, got %v", latency, err)
		}
	}
}

// TestServeAgain: the world outlives a listener.
func TestServeAgain(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		ln, err := Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error)
		go func() { served <- s.Serve(ctx, ln) }()
		l := &lab{Sandbox: s, t: t, clock: &clock{t: start}, addr: ln.Addr().String()}
		c := l.as("@sam")
		if i == 0 {
			c.do("messages.sendMessage peer=@alice message=first")
		} else {
			want(t, c.do("messages.getHistory @alice limit=1"), ".messages[0].message", `"first"`)
		}
		c.conn.Close()
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}
